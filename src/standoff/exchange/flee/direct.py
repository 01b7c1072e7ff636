"""The profile ``standoff``: people of a Flee folder choose a country and a camp by road, instead of walking at random.

The scenario is rewritten so that the same process runs it: from every place that people may leave there is one link to
each camp, as long as the shortest road with the day's links open, and weighed so that the chances are those of
`standoff.experiment.arrival_choice`. People stay where they have arrived. Places of fighting send people alike: by
population, large cities that see little of the fighting would send most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from standoff.experiment.arrival_choice import NEAR, choice, crowd
from standoff.experiment.arrival_scores import distances
from standoff.world.displacement.flee_rules import Bools, FleeRules, FleeScenario, Floats, Ints


def direct_rules(rules: FleeRules) -> FleeRules:
    """Return the rules with their move rules replaced: only the distance counts, and camps keep whom they have."""
    plain = FleeRules()
    return replace(
        rules,
        max_move_speed=plain.max_move_speed,
        foreign_weight=1.0,
        camp_weight=1.0,
        conflict_weight=1.0,
        conflict_movechance=1.0,
        camp_movechance=0.0,
        idpcamp_movechance=0.0,
        default_movechance=1.0,
        softening=0.0,
        weight_softening=0.0,
        distance_power=1.0,
        weight_power=1.0,
    )


def camps_by_day(scenario: FleeScenario) -> Iterator[tuple[int, Bools, Bools]]:
    """Yield the days on which roads or camps change, with the links open [L] and which places are camps [P]."""
    mask, kind = np.ones(scenario.source.size, dtype=np.bool_), scenario.kind
    for day in sorted({0, *scenario.open_links, *scenario.kinds}):
        mask, kind = scenario.open_links.get(day, mask), scenario.kinds.get(day, kind)
        yield day, mask, np.array(["camp" in k for k in kind], dtype=np.bool_)


def roads(scenario: FleeScenario, mask: Bools) -> Floats:
    """Return the shortest distances by road [P, P] over the links that are open."""
    ends = (scenario.source[mask].tolist(), scenario.target[mask].tolist(), scenario.km[mask].tolist())
    return distances(len(scenario.names), *ends)


def camp_shares(scenario: FleeScenario, at: list[int]) -> dict[int, Floats]:
    """Return the shares of `choice` [P, camps] by the day from which they hold; ``at`` are the camps' places."""
    countries = [scenario.country[i] for i in at]
    out = {}
    for day, mask, camp in camps_by_day(scenario):
        km = roads(scenario, mask)[:, at]
        out[day] = choice(np.where(camp[at], km, np.inf), countries)
    return out


def direct(scenario: FleeScenario, rules: FleeRules) -> FleeScenario:
    """Return the scenario with direct links to camps, open by day; forced redirection has no place in it."""
    steps = list(camps_by_day(scenario))
    ever = np.array([camp for _, _, camp in steps]).any(axis=0)
    leave = (scenario.conflict > 0).any(axis=0) | ~np.array([camp for _, _, camp in steps]).all(axis=0) & ever
    at = np.flatnonzero(ever)
    many = crowd([scenario.country[i] for i in at])
    found: dict[tuple[int, int, float], int] = {}
    open_on: dict[int, set[int]] = {}
    for day, mask, camp in steps:
        km = roads(scenario, mask)
        open_on[day] = set()
        for p in np.flatnonzero(leave):
            for j in at[camp[at]]:
                if j != p and np.isfinite(km[p, j]):
                    link = (int(p), int(j), float(max(km[p, j], NEAR)))
                    open_on[day].add(found.setdefault(link, len(found)))
    source: Ints = np.array([a for a, _, _ in found], dtype=np.int64)
    target: Ints = np.array([b for _, b, _ in found], dtype=np.int64)
    length: Floats = np.array([d for _, _, d in found], dtype=np.float64)
    camps = dict(zip(at.tolist(), many.tolist(), strict=True))
    people = scenario.population
    if not rules.spawn_mode and not rules.take_from_population:
        people = np.where(people > 0, 1000, 0)
    return replace(
        scenario,
        population=people,
        source=source,
        target=target,
        km=length,
        weighed_km=length * np.array([camps[int(j)] for j in target], dtype=np.float64),
        open_links={day: np.isin(np.arange(len(found)), sorted(links)) for day, links in open_on.items()},
        forced={},
    )
