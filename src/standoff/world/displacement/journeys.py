"""Journeys instead of steps: people choose where to go among many places and travel there by the shortest road.

A walk from neighbour to neighbour forgets where it was bound for, so that few reach a far camp that is known to take
people. With journeys the choice is over destinations: pull over distance to a power, as in gravity models.
"""

from __future__ import annotations

import heapq
from dataclasses import replace

import numpy as np

from standoff.world.displacement.network import Ints, Network


def journeys(roads: Network, choices: int = 12) -> Network:
    """Return a network whose links are direct journeys from each place to its ``choices`` strongest destinations.

    Strength is pull over (softening + road distance) to the power of the settings. A journey follows the shortest road
    with everything open, is shut while any link of that road is, and takes a night for each full day's travel.
    Crossings are passed and not chosen. A place that reaches nothing else keeps the links it has.
    """
    s = roads.settings
    found: list[tuple[int, int, float, list[int]]] = []
    for p in range(roads.places):
        km, way = _shortest(roads, p)
        draw = np.where(roads.gate, 0.0, roads.draw)
        with np.errstate(divide="ignore"):
            strength = np.where(np.isfinite(km), draw / (s.softening_km + km) ** s.distance_power, 0.0)
        strength[p] = 0.0
        best = [int(q) for q in np.argsort(-strength, kind="stable")[:choices] if strength[q] > 0.0]
        if not best:
            best = [int(q) for q in roads.target[roads.first[p] : roads.first[p + 1]]]
        found += [(p, q, float(km[q]), _links(roads, way, p, q)) for q in sorted(best)]
    source = np.array([x[0] for x in found], dtype=np.int64)
    target = np.array([x[1] for x in found], dtype=np.int64)
    km = np.array([x[2] for x in found])
    first = np.searchsorted(source, np.arange(roads.places + 1)).astype(np.int64)
    nights = np.floor(km / s.speed_km).astype(np.int64)
    lengths = np.array([len(x[3]) for x in found], dtype=np.int64)
    return replace(
        roads,
        gate=np.zeros(roads.places, dtype=np.bool_),
        km=km,
        source=source,
        target=target,
        first=first,
        nights=nights,
        weight=1.0 / (s.softening_km + km) ** s.distance_power,
        settings=replace(s, hops=1),
        roads=roads,
        path=np.array([link for x in found for link in x[3]], dtype=np.int64),
        path_first=np.concatenate([[0], np.cumsum(lengths)[:-1]]),
    )


def _shortest(roads: Network, start: int) -> tuple[np.ndarray, Ints]:
    """Return road distances from a place [P] and the link by which each place is reached [P] (Dijkstra)."""
    km = np.full(roads.places, np.inf)
    way = np.full(roads.places, -1, dtype=np.int64)
    km[start] = 0.0
    heap = [(0.0, start)]
    while heap:
        so_far, p = heapq.heappop(heap)
        if so_far > km[p]:
            continue
        for link in range(int(roads.first[p]), int(roads.first[p + 1])):
            q, there = int(roads.target[link]), so_far + float(roads.km[link])
            if there < km[q]:
                km[q], way[q] = there, link
                heapq.heappush(heap, (there, q))
    return km, way


def _links(roads: Network, way: Ints, start: int, end: int) -> list[int]:
    found = []
    while end != start:
        found.append(int(way[end]))
        end = int(roads.source[way[end]])
    return found[::-1]
