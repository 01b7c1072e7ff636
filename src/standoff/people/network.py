"""The network that people move on: places, directed links, and what draws people to a place.

Compiled once from tables (`Network.from_tables`) or plain sequences (`compile_network`); everything after that is array
work. `journeys` turns roads into direct links to the strongest destinations of each place.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.errors import Problem, StandoffError, nearest
from standoff.oneline import OneLine

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_GOLDEN = 0.6180339887498949
FRONT = 0.5  # intensity of one strike on the day
_KINDS = {  # kind: (chance to go on from a stop, daily chance to leave once settled, pull)
    "town": (0.3, 0.01, 1.0),
    "camp": (0.001, 0.001, 2.0),
    "camp_area": (0.001, 0.001, 2.0),
    "crossing": (1.0, 1.0, 1.0),
    "internal_crossing": (1.0, 1.0, 1.0),
    "observation_post": (1.0, 1.0, 0.0),
    "site": (1.0, 1.0, 0.0),
    "beyond": (0.0, 0.0, 2.0),
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settings(OneLine):
    """How people move. Chances are per day, distances in kilometres.

    By kind of place: ``move`` is the chance that somebody who came today goes on, ``drift`` the daily chance that
    somebody settled there leaves, ``draw`` the pull as a destination (0 = never chosen). ``avoid``: pull falls with the
    intensity of fighting as exp(-avoid x intensity). ``buffer`` is the occupancy from which a place with a capacity
    turns people away, linearly up to all of them at 1; where that is near, a day's inflow comes in ``batches``.
    ``hops`` is the most links a person travels in a day. ``journeys``
    above 0 lets people choose among that many destinations and travel there directly (see `journeys`), none
    of them where intensity is ``front`` or more: that is the front line of the day. ``exact`` draws every person apart
    (see `draws`). ``phi``, ``nu`` and ``dispersion`` drive departures,
    ``return_chance`` the daily chance to go home where intensity is at most ``quiet``.
    """

    move: Mapping[str, float] = field(default_factory=lambda: {k: v[0] for k, v in _KINDS.items()})
    drift: Mapping[str, float] = field(default_factory=lambda: {k: v[1] for k, v in _KINDS.items()})
    draw: Mapping[str, float] = field(default_factory=lambda: {k: v[2] for k, v in _KINDS.items()})
    speed_km: float = 120.0
    hops: int = 3
    journeys: int = 0
    front: float = FRONT
    exact: bool = False
    softening_km: float = 10.0
    distance_power: float = 1.0
    avoid: float = 1.5
    buffer: float = 0.85
    batches: int = 4
    phi: float = 0.05
    nu: float = 1.0
    dispersion: float = 0.02
    return_chance: float = 0.002
    quiet: float = 0.05


@dataclass(frozen=True, slots=True, repr=False)
class Ways(OneLine):
    """Which links are open: those of ``usual`` [L], but in the trajectories ``when`` [n] those of ``other`` [L]."""

    usual: Bools
    other: Bools
    when: Bools


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Network:
    """Frozen arrays. P places, L directed links (each route gives two).

    The links out of place p are ``first[p]:first[p + 1]`` (CSR). Every place has one at least.
    """

    ids: tuple[str, ...]
    kind: tuple[str, ...]
    index: Mapping[str, int]
    country: tuple[str, ...]
    abroad: Bools  # [P] in another country than the first-named home country: people there are refugees
    gate: Bools  # [P] a crossing: it draws people only while a link from it into another country is open
    draw: Floats  # [P] pull as a destination, before fighting and crowding
    move: Floats  # [P] chance that a person who came today goes on today
    drift: Floats  # [P] daily chance that a displaced person who settled leaves
    capacity: Floats  # [P] people; 0 = no limit
    km: Floats  # [L]
    source: Ints  # [L]
    target: Ints  # [L]
    first: Ints  # [P + 1]
    nights: Ints  # [L] nights on the road: 0 arrives the same day
    weight: Floats  # [L] 1 / (softening + km) ** power
    settings: Settings
    roads: Network | None = None  # of direct journeys (see `journeys`): the roads they follow,
    path: Ints | None = None  # [sum of lengths] their links along it, journey after journey,
    path_first: Ints | None = None  # [L] and where each journey begins in ``path``

    @classmethod
    def from_tables(
        cls,
        places: Iterable[Mapping[str, Any]],
        routes: Iterable[Mapping[str, Any]],
        *,
        home: str = "",
        settings: Settings | None = None,
    ) -> Network:
        """Compile a table of places and one of routes: rows as dicts, of a file or a data frame.

        Parameters
        ----------
        places : rows with ``id``, ``kind`` and ``country``, and perhaps ``capacity`` (0 or absent: no limit) and
            ``draw`` (absent: that of its kind); other columns are passed over, and places that no route touches too
        routes : rows with ``a``, ``b`` and ``km``; people travel both ways
        home : the country people are refugees from outside of it (default: the country of most places)
        settings : how people move; with ``journeys`` above 0 the links are direct journeys

        Raises
        ------
        StandoffError : with every unknown place or kind, duplicate, and distance that is not above zero

        Examples
        --------
        >>> places = [{"id": "town", "kind": "town", "country": "A"}, {"id": "camp", "kind": "camp", "country": "B"}]
        >>> Network.from_tables(places, [{"a": "town", "b": "camp", "km": 40}], home="A")
        <Network: 2 places, 2 links>
        """
        s = settings or Settings()
        links = [(str(r["a"]), str(r["b"]), float(r["km"])) for r in routes]
        ends = {x for a, b, _ in links for x in (a, b)}
        rows = [p for p in places if p["id"] in ends]
        countries = [str(p["country"]) for p in rows]
        network = compile_network(
            [str(p["id"]) for p in rows],
            [str(p["kind"]) for p in rows],
            countries,
            links,
            home=home or Counter(countries).most_common(1)[0][0] if countries else home,
            capacity=[float(p.get("capacity") or 0.0) for p in rows],
            draw=[float(p["draw"]) if p.get("draw") is not None else s.draw.get(p["kind"], 0.0) for p in rows],
            settings=s,
        )
        return journeys(network, s.journeys) if s.journeys > 0 else network

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Network: {self.places} places, {self.links} links>"

    @property
    def places(self) -> int:
        """Number of places P."""
        return len(self.ids)

    @property
    def links(self) -> int:
        """Number of directed links L."""
        return int(self.km.size)

    @property
    def longest(self) -> int:
        """Most nights on any link: the length of the ring of travellers."""
        return int(self.nights.max(initial=0))

    def link(self, a: str, b: str) -> int:
        """Return the directed link from ``a`` to ``b``; raises `StandoffError` when there is none."""
        for name in (a, b):
            if name not in self.index:
                raise StandoffError.of(f"no place {name!r}", hint=nearest(name, self.ids))
        start, end = self.first[self.index[a]], self.first[self.index[a] + 1]
        for link in range(int(start), int(end)):
            if self.target[link] == self.index[b]:
                return link
        raise StandoffError.of(f"no route between {a!r} and {b!r}")

    def place(self, name: str) -> int:
        """Return the number of a place that is closed; raises `StandoffError` where there is none of that name."""
        if name not in self.index:
            raise StandoffError.of(f"closure of unknown place {name!r}", hint=nearest(name, self.ids))
        return self.index[name]

    def open_links(self, shut: Iterable[tuple[str, str, str]] = ()) -> Bools:
        """Return a mask [L] with what is shut set to False.

        ``shut`` holds (kind, a, b): ``route`` shuts both directions between a and b, ``place`` every link in and out of
        a, ``border`` every link between country a and country b (both directions), and ``into`` every link into a,
        which takes in nobody more; with journeys people still pass through it. ``through`` opens the links at a that
        cross a border, where the border is shut elsewhere.
        """
        if self.roads is not None and self.path is not None and self.path_first is not None:
            shut = list(shut)
            full = [item for item in shut if item[0] == "into"]
            passable = self.roads.open_links(item for item in shut if item[0] != "into")[self.path]
            # a journey is open while every link of it is
            mask = np.asarray(np.logical_and.reduceat(passable, self.path_first), dtype=np.bool_)
            for _, a, _ in full:
                mask[self.target == self.place(a)] = False
            return mask
        mask = np.ones(self.links, dtype=np.bool_)
        country = np.array(self.country)
        opened: list[int] = []
        for kind, a, b in shut:
            if kind == "route":
                mask[self.link(a, b)] = mask[self.link(b, a)] = False
            elif kind == "place":
                mask[(self.source == self.place(a)) | (self.target == self.place(a))] = False
            elif kind == "into":
                mask[self.target == self.place(a)] = False
            elif kind == "through":
                opened.append(self.place(a))
            elif kind == "border":
                for name in (a, b):
                    if name not in self.country:
                        raise StandoffError.of(
                            f"closure of unknown country {name!r}", hint=nearest(name, set(self.country))
                        )
                ends = country[self.source], country[self.target]
                mask[((ends[0] == a) & (ends[1] == b)) | ((ends[0] == b) & (ends[1] == a))] = False
            else:
                raise StandoffError.of(f"closure kind {kind!r}", expected="route, place, border or into")
        if opened:
            at = np.isin(self.source, opened) | np.isin(self.target, opened)
            mask |= at & (country[self.source] != country[self.target])
        return mask


def compile_network(
    ids: Sequence[str],
    kinds: Sequence[str],
    countries: Sequence[str],
    routes: Sequence[tuple[str, str, float]],
    *,
    home: str,
    capacity: Sequence[float] | None = None,
    draw: Sequence[float] | None = None,
    move: Sequence[float] | None = None,
    drift: Sequence[float] | None = None,
    settings: Settings | None = None,
) -> Network:
    """Compile places and undirected routes (a, b, km) to a `Network`.

    ``draw``, ``move`` and ``drift`` override the settings' values by kind. Raises `StandoffError` with every unknown
    place, duplicate, self-loop, unknown kind, place without a route and distance that is not above zero.
    """
    s = settings or Settings()
    index = {name: i for i, name in enumerate(ids)}
    problems = _problems(ids, kinds, index, routes, s)
    if problems:
        raise StandoffError(problems)
    count = len(ids)
    both = sorted([(index[a], index[b], km) for a, b, km in routes] + [(index[b], index[a], km) for a, b, km in routes])
    source = np.array([x[0] for x in both], dtype=np.int64)
    target = np.array([x[1] for x in both], dtype=np.int64)
    km = np.array([x[2] for x in both], dtype=np.float64)
    first = np.searchsorted(source, np.arange(count + 1)).astype(np.int64)
    nights = np.floor(km / s.speed_km).astype(np.int64)
    pull = [s.draw[k] for k in kinds] if draw is None else list(draw)
    chance = [s.move[k] for k in kinds] if move is None else list(move)
    leave = [s.drift[k] for k in kinds] if drift is None else list(drift)
    room = [0.0] * count if capacity is None else list(capacity)
    return Network(
        ids=tuple(ids),
        kind=tuple(kinds),
        index=index,
        country=tuple(countries),
        abroad=np.array([c != home for c in countries], dtype=np.bool_),
        gate=np.array([k == "crossing" for k in kinds], dtype=np.bool_),
        draw=np.array(pull, dtype=np.float64),
        move=np.array(chance, dtype=np.float64),
        drift=np.array(leave, dtype=np.float64),
        capacity=np.array(room, dtype=np.float64),
        km=km,
        source=source,
        target=target,
        first=first,
        nights=nights,
        weight=1.0 / (s.softening_km + km) ** s.distance_power,
        settings=s,
    )


def _problems(
    ids: Sequence[str],
    kinds: Sequence[str],
    index: Mapping[str, int],
    routes: Sequence[tuple[str, str, float]],
    s: Settings,
) -> list[Problem]:
    problems = []
    for i, name in enumerate(ids):
        if index[name] != i:
            problems.append(Problem("places", i + 1, f"place {name!r} is given twice"))
    for i, kind in enumerate(kinds):
        if not (kind in s.move and kind in s.drift and kind in s.draw):
            problems.append(
                Problem("places", i + 1, f"unknown kind {kind!r}", ", ".join(sorted(s.move)), nearest(kind, s.move))
            )
    touched = {x for a, b, _ in routes for x in (a, b)}
    for i, name in enumerate(ids):
        if name not in touched:
            problems.append(Problem("places", i + 1, f"no route touches place {name!r}"))
    pairs: set[frozenset[str]] = set()
    for i, (a, b, km) in enumerate(routes):
        for name in (a, b):
            if name not in index:
                problems.append(Problem("routes", i + 1, f"unknown place {name!r}", hint=nearest(name, ids)))
        if a == b:
            problems.append(Problem("routes", i + 1, f"a route from {a!r} to itself"))
        if not km > 0:
            problems.append(Problem("routes", i + 1, f"distance {km} km", "a number above 0"))
        if frozenset((a, b)) in pairs:
            problems.append(Problem("routes", i + 1, f"route {a!r} to {b!r} is given twice"))
        pairs.add(frozenset((a, b)))
    return problems


def journeys(roads: Network, choices: int = 12, shares: Floats | None = None) -> Network:
    """Return a network whose links are direct journeys from each place to its ``choices`` strongest destinations.

    A walk from neighbour to neighbour forgets where it was bound for, so that few reach a far camp that is known to
    take people. Here the choice is over destinations: pull over distance to a power, as in gravity models, or by
    ``shares`` [P, P] of those who leave each place (`standoff.people.destinations`), which then are the weights.

    Strength is pull over (softening + road distance) to the power of the settings, or the share. A journey follows the
    shortest road with everything open, is shut while any link of that road is, and takes a night for each full day's
    travel. Crossings are passed and not chosen. A place that reaches nothing else keeps the links it has.
    """
    s = roads.settings
    trips: list[tuple[int, int, float, list[int]]] = []
    weight: list[Floats] = []
    for p in range(roads.places):
        km, way = _shortest(roads, p)
        near = 1.0 / (s.softening_km + np.where(np.isfinite(km), km, np.inf)) ** s.distance_power
        strength = (
            np.where(roads.gate, 0.0, roads.draw) * near if shares is None else np.where(km < np.inf, shares[p], 0)
        )
        strength[p] = 0.0
        best = [int(q) for q in np.argsort(-strength, kind="stable")[:choices] if strength[q] > 0.0]
        chosen = near if shares is None else strength
        if shares is not None and best:
            best, chosen = thinned(strength, km, choices, _GOLDEN * (p + 1) % 1.0)
        if not best:
            best, chosen = [int(q) for q in roads.target[roads.first[p] : roads.first[p + 1]]], near
        trips += [(p, q, float(km[q]), _links(roads, way, p, q)) for q in sorted(best)]
        weight.append(chosen[sorted(best)])
    source = np.array([x[0] for x in trips], dtype=np.int64)
    target = np.array([x[1] for x in trips], dtype=np.int64)
    km = np.array([x[2] for x in trips])
    first = np.searchsorted(source, np.arange(roads.places + 1)).astype(np.int64)
    nights = np.floor(km / s.speed_km).astype(np.int64)
    lengths = np.array([len(x[3]) for x in trips], dtype=np.int64)
    return replace(
        roads,
        gate=np.zeros(roads.places, dtype=np.bool_),
        draw=roads.draw if shares is None else (roads.draw > 0).astype(np.float64),
        km=km,
        source=source,
        target=target,
        first=first,
        nights=nights,
        weight=np.concatenate(weight),
        settings=replace(s, hops=1),
        roads=roads,
        path=np.array([link for x in trips for link in x[3]], dtype=np.int64),
        path_first=np.concatenate([[0], np.cumsum(lengths)[:-1]]),
    )


def thinned(shares: Floats, km: Floats, choices: int, offset: float) -> tuple[list[int], Floats]:
    """Return ``choices`` places that stand for all, and their shares [P]: systematic sampling in order of distance.

    A place is chosen with a chance in proportion to its share, for certain where that is large, and one that is chosen
    stands for those that are not. So over many origins every place has what it would have with all of them chosen, and
    near and far have so for each origin. ``offset`` from 0 to 1 says which are chosen.
    """
    chance = np.minimum(shares / shares.sum() * choices, 1.0)
    for _ in range(20):  # what is cut off at 1 goes to the others
        free = chance < 1.0
        rest = choices - float((~free).sum())
        if rest <= 0 or not (chance[free].sum() > 0):
            break
        scale = rest / float(chance[free].sum())
        if abs(scale - 1.0) < 1e-9:
            break
        chance[free] = np.minimum(chance[free] * scale, 1.0)
    order = np.argsort(km, kind="stable")
    upto = np.floor(np.cumsum(chance[order]) + offset)
    picked = order[np.diff(upto, prepend=np.floor(offset)) > 0]
    return picked.tolist(), np.divide(shares, chance, out=np.zeros(shares.shape), where=chance > 0)


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
    """Return the links of the shortest road, in the order of travel."""
    links = []
    while end != start:
        links.append(int(way[end]))
        end = int(roads.source[way[end]])
    return links[::-1]
