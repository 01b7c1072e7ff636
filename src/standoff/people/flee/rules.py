"""Flee's rules as numbers, and a scenario for them: places, links, and what changes on which day.

Names of settings are those of Flee's ``simsetting.yml``; the meaning is that of flee 3.1's code. What differs on
purpose is listed in docs/explanation/displacement.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from standoff.oneline import OneLine

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FleeRules(OneLine):
    """Flee's move and spawn rules; the defaults are those of the settings file that Flee ships."""

    max_move_speed: float = 360.0  # km a day
    foreign_weight: float = 1.0
    camp_weight: float = 1.0
    conflict_weight: float = 0.25
    conflict_movechance: float = 1.0
    camp_movechance: float = 0.001
    idpcamp_movechance: float = 0.1
    default_movechance: float = 0.3
    softening: float = 10.0  # km added to every link
    weight_softening: float = 0.0
    distance_power: float = 1.0
    weight_power: float = 1.0
    capacity_buffer: float = 0.9
    capacity_scaling: float = 1.0
    take_from_population: bool = False
    insert_day0: bool = True
    conflict_spawn_decay: tuple[float, ...] = ()  # factor by 30-day intervals since the fighting began
    spawn_mode: str = ""  # empty = given daily totals; constant, poisson or pop_ratio = from the fighting
    displaced_per_conflict_day: float = 500.0
    camps_are_sinks: bool = False
    hasten: int = 1  # people, populations and capacities divided by this


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FleeScenario:
    """Places and links with what changes by day. P places, L directed links, T days.

    ``kind`` is what each place is when no fighting is there: town, camp, idpcamp, forwarding_hub. ``conflict`` [T, P]
    is the intensity in force (0 = none); ``open_links`` and ``forced`` map a day to the mask [L] in force from it on,
    ``kinds`` a day to the kinds in force from it on (camps opened and closed). ``spawn`` [T] is how many new people
    arise on each day.
    """

    names: tuple[str, ...]
    country: tuple[str, ...]
    foreign: Bools
    kind: tuple[str, ...]
    population: Ints
    capacity: Ints  # 0 = no limit
    source: Ints
    target: Ints
    km: Floats  # [L] travelled
    weighed_km: Floats  # [L] in the weight of a link; another than ``km`` only for a second route between two places
    conflict: Floats
    open_links: Mapping[int, Bools]
    forced: Mapping[int, Bools]  # forced redirection: everybody who leaves the source takes such a link
    kinds: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    spawn: Ints
    start: Ints
    deactivation: Floats  # [P] chance that a person in a camp leaves the model (camps_are_sinks)

    def __repr__(self) -> str:
        """Return one line."""
        return f"<FleeScenario: {len(self.names)} places, {self.source.size} links, {self.days} days>"

    @property
    def days(self) -> int:
        """Number of days T."""
        return int(self.conflict.shape[0])


@dataclass(frozen=True, slots=True, repr=False)
class Epoch:
    """What holds from ``day`` on: chances to move, weights of links (0 = shut), which places refuse when full."""

    day: int
    move: Floats  # [P]
    weight: Floats  # [L] before crowding
    camp: Bools  # [P]
    opened: Bools  # [L]

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Epoch from day {self.day}: {int(self.opened.sum())} of {self.opened.size} links open>"


def epochs(scenario: FleeScenario, rules: FleeRules) -> tuple[Epoch, ...]:
    """Return the stretches of days with the same rules, in order; the first begins on day 0."""
    stretches: list[Epoch] = []
    mask = np.ones(scenario.source.size, dtype=np.bool_)
    forced = np.zeros(scenario.source.size, dtype=np.bool_)
    kind = scenario.kind
    began = np.zeros(len(kind), dtype=np.int64)
    before = np.zeros(len(kind))
    for day in range(scenario.days):
        now = scenario.conflict[day]
        began = np.where((now > 0) & (before <= 0), day, began)
        decays = (bool(rules.conflict_spawn_decay) and day % 30 == 0) or any(
            (day - b) % 30 == 0 for b in began[now > 0]
        )
        dated = day in scenario.open_links or day in scenario.kinds or day in scenario.forced
        new = day == 0 or dated or not np.array_equal(now, before)
        forced = scenario.forced.get(day, forced)
        mask = scenario.open_links.get(day, mask)
        kind = scenario.kinds.get(day, kind)
        if new or (rules.conflict_spawn_decay and decays):
            stretches.append(_epoch(day, scenario, rules, kind, now, decay(rules, day - began), mask, forced))
        before = now
    return tuple(stretches)


def decay(rules: FleeRules, age: Ints) -> Floats:
    """Return the factor on fighting that began ``age`` days ago, by 30-day intervals."""
    if not rules.conflict_spawn_decay:
        return np.ones(age.shape)
    steps = np.array(rules.conflict_spawn_decay)
    return np.asarray(steps[np.minimum(age // 30, steps.size - 1)])


def camp_crowding(rules: FleeRules, people: NDArray[np.int64], capacity: float) -> Floats:
    """Return the factor on the weight of a place with ``people`` in it: 1 up to the buffer, 0 when full."""
    full = people / (capacity * rules.capacity_scaling)
    return np.clip((1.0 - full) / (1.0 - rules.capacity_buffer), 0.0, 1.0)


def most_taken(rules: FleeRules, capacity: float) -> int:
    """Return the most people with whom a camp still takes in others: half way between the buffer and full."""
    most = int(capacity * rules.capacity_scaling * (1.0 + rules.capacity_buffer) / 2.0) + 2
    while most > 0 and camp_crowding(rules, np.array(most), capacity) < 0.5:
        most -= 1
    return most


def _epoch(
    day: int,
    s: FleeScenario,
    r: FleeRules,
    kind: tuple[str, ...],
    conflict: Floats,
    factor: Floats,
    mask: Bools,
    forced: Bools,
) -> Epoch:
    camp = np.array(["camp" in k for k in kind], dtype=np.bool_)
    fighting = conflict > 0.0
    chance = {
        "town": r.default_movechance,
        "camp": r.camp_movechance,
        "idpcamp": r.idpcamp_movechance,
        "forwarding_hub": 1.0,
    }
    move = np.where(fighting, r.conflict_movechance, [chance[k] for k in kind])
    score = np.where(s.foreign, r.foreign_weight, 1.0) * np.where(camp, r.camp_weight, 1.0)
    score = score * np.where(fighting, r.conflict_weight ** (factor * conflict), 1.0)
    pull = (r.weight_softening + score[s.target]) / (r.softening + s.weighed_km) ** r.distance_power
    weight = pull**r.weight_power * mask
    for p in np.unique(s.source[forced & mask]):  # a forced link takes everybody
        weight[(s.source == p) & ~forced] = 0.0
    return Epoch(day=day, move=np.asarray(move, dtype=np.float64), weight=weight, camp=camp, opened=mask)
