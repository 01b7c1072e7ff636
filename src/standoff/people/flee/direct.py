"""The profile ``standoff``: people of a Flee folder choose a country and a camp by road, instead of walking at random.

A country draws by the mean over its camps of 1 / road distance, and each camp of it in the same proportion. So it does
not matter into how many camps a host divides the same people: camps of one country are close substitutes (a nested
logit whose inner alternatives are as alike as can be; Ben-Akiva and Lerman 1985, ch. 10). Nothing is fitted and no
capacity is used; decision 68 says what else was tried.

The scenario is rewritten (`direct_scenario`) so that the same process runs it: from every place that people may leave
there is one link to each camp, as long as the shortest road with the day's links open, and weighed so that the chances
are those of `camp_choice`. People stay where they have arrived. Places of fighting send people alike: by population,
large cities that see little of the fighting would send most. `score_table` puts a run beside naive ways to split the
same total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from standoff.people.flee import scores as arrivals
from standoff.people.flee.folder import FleeFolder
from standoff.people.flee.output import daily_reports, excess
from standoff.people.flee.rules import Bools, FleeRules, FleeScenario, Floats, Ints
from standoff.people.flee.scenario import scenario_of
from standoff.people.flee.scores import Score, distances
from standoff.people.flee.series import FleeSeries

Reports = Sequence[tuple[int, float]]
NEAR = 1.0  # km, the least distance


def camps_of_country(countries: Sequence[str]) -> Floats:
    """Return for each camp how many camps its country has [camps]."""
    return np.array([countries.count(c) for c in countries], dtype=np.float64)


def camp_choice(km: Floats, countries: Sequence[str]) -> Floats:
    """Return the share [origins, camps] of people who choose each camp, by road distance ``km`` [origins, camps].

    Infinite distances are camps that cannot be reached; a row without any camp in reach is 0.
    """
    pull = np.where(np.isfinite(km), 1.0 / np.maximum(km, NEAR), 0.0) / camps_of_country(list(countries))
    total = pull.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(pull, total, out=np.zeros(pull.shape), where=total > 0))


def newcomer_shares(fighting: NDArray[np.bool_], shares: Mapping[int, Floats], countries: Sequence[str]) -> Floats:
    """Return the share of each day's newcomers that goes to each camp [T, camps].

    ``fighting`` [T, origins] are the places that people leave, alike; ``shares`` are those of `camp_choice` by the day
    from which they hold. On a day without fighting, or without a way, every country draws alike.
    """
    even = 1.0 / camps_of_country(list(countries))
    out = np.zeros((fighting.shape[0], even.size))
    now = shares[min(shares)]
    for day in range(fighting.shape[0]):
        now = shares.get(day, now)
        pull = fighting[day].astype(np.float64) @ now
        out[day] = pull if pull.sum() > 0 else even
    return np.asarray(out / out.sum(axis=1, keepdims=True))


def counts_by_share(start: Floats, rises: Floats, share: Floats) -> Floats:
    """Return counts [T, camps]: first counts, then each rise [T] by ``share``; a fall takes from all camps alike."""
    out, now = np.zeros(share.shape), start.astype(np.float64)
    for day in range(share.shape[0]):
        whole = now.sum()
        if day and rises[day] >= 0:
            now = now + rises[day] * share[day]
        elif day and whole > 0:
            now = now * max(1.0 + rises[day] / whole, 0.0)
        out[day] = now
    return out


def counts_with_reports(
    total: Floats, reports: Mapping[str, Reports], camps: Sequence[str], lag: int, start: Floats, share: Floats
) -> Floats:
    """Return counts [T, camps] from reports at least ``lag`` days old and the day's total.

    Each camp keeps its last report (``start`` before there is one). What the total has above the sum of these goes half
    as those reports are divided and half by ``share`` [T, camps]; what it has below is taken from all alike.
    """
    out = np.zeros(share.shape)
    for day in range(total.size):
        old = [[v for d, v in reports.get(c, ()) if d <= day - lag] for c in camps]
        last = np.array([r[-1] if r else first for r, first in zip(old, start, strict=True)], dtype=np.float64)
        whole = last.sum()
        rest = total[day] - whole
        if rest < 0:
            out[day] = last * total[day] / whole
        else:
            as_before = last / whole if whole > 0 else share[day]
            out[day] = last + rest * (as_before + share[day]) / 2
    return out


def direct_scenario(scenario: FleeScenario, rules: FleeRules) -> FleeScenario:
    """Return the scenario with direct links to camps, open by day; forced redirection has no place in it."""
    steps = list(camps_by_day(scenario))
    ever = np.array([camp for _, _, camp in steps]).any(axis=0)
    leave = (scenario.conflict > 0).any(axis=0) | ~np.array([camp for _, _, camp in steps]).all(axis=0) & ever
    at = np.flatnonzero(ever)
    many = camps_of_country([scenario.country[i] for i in at])
    pairs: dict[tuple[int, int, float], int] = {}
    open_on: dict[int, set[int]] = {}
    for day, mask, camp in steps:
        km = road_distances(scenario, mask)
        open_on[day] = set()
        for p in np.flatnonzero(leave):
            for j in at[camp[at]]:
                if j != p and np.isfinite(km[p, j]):
                    link = (int(p), int(j), float(max(km[p, j], NEAR)))
                    open_on[day].add(pairs.setdefault(link, len(pairs)))
    source: Ints = np.array([a for a, _, _ in pairs], dtype=np.int64)
    target: Ints = np.array([b for _, b, _ in pairs], dtype=np.int64)
    length: Floats = np.array([d for _, _, d in pairs], dtype=np.float64)
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
        open_links={day: np.isin(np.arange(len(pairs)), sorted(links)) for day, links in open_on.items()},
        forced={},
    )


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


def road_distances(scenario: FleeScenario, mask: Bools) -> Floats:
    """Return the shortest distances by road [P, P] over the links that are open."""
    ends = (scenario.source[mask].tolist(), scenario.target[mask].tolist(), scenario.km[mask].tolist())
    return distances(len(scenario.names), *ends)


def camp_shares(scenario: FleeScenario, at: list[int]) -> dict[int, Floats]:
    """Return the shares of `camp_choice` [P, camps] by the day from which they hold; ``at`` are the camps' places."""
    countries = [scenario.country[i] for i in at]
    out = {}
    for day, mask, camp in camps_by_day(scenario):
        km = road_distances(scenario, mask)[:, at]
        out[day] = camp_choice(np.where(camp[at], km, np.inf), countries)
    return out


def score_table(
    folder: FleeFolder, series: FleeSeries, rules: FleeRules, counts: Floats, camps: list[str], *, capacities: bool
) -> tuple[list[Score], list[str]]:
    """Return the run's score and the baselines', and the camps whose capacity is known only from the later series.

    ``counts`` [T, camps] are the run's means. Every split is told the daily total, as the run is by its own rules.
    """
    scenario = scenario_of(folder, series, rules)
    days = min(folder.days, counts.shape[0])
    data = daily_reports(series, camps, days)
    at = [scenario.names.index(c) for c in camps]
    capacity = scenario.capacity[at].astype(np.float64)
    leaks = arrivals.leaky([float(c) for c in capacity], series.camps, camps)
    extra = excess(series, camps)
    total = data.sum(axis=1)

    def one(name: str, knowledge: str, split: Floats, leak: bool = False) -> Score:
        return arrivals.score(name, knowledge, split[:days], data, series.camps, camps, extra, leak=leak)

    totals = "daily total" if not rules.spawn_mode else "fighting"
    ways = "daily total, fighting, roads, closures"
    knowledge = (ways if totals == "daily total" else "fighting, roads, closures") + (
        ", capacities" if capacities else ""
    )
    table = [one("this run", knowledge, counts, capacities and bool(leaks))]
    table.append(one("equal split", "daily total", arrivals.equal_split(total, len(camps))))
    countries = [scenario.country[i] for i in at]
    even = np.ones((days, len(camps))) / camps_of_country(countries)
    by_country = total[:, None] * even / even.sum(axis=1, keepdims=True)
    table.append(one("equal by country", "daily total", by_country))
    if capacity.any():
        split = arrivals.capacity_split(total, capacity)
        table.append(one("split by capacity", "daily total, capacities", split, bool(leaks)))
    km = arrivals.distances(
        len(scenario.names), scenario.source.tolist(), scenario.target.tolist(), scenario.km.tolist()
    )[:, at]
    weight = (scenario.conflict * scenario.population)[:days]
    rises = np.diff(total, prepend=total[:1])
    for power in (1.0, 2.0):
        split = arrivals.arrivals_split(data[0], rises, arrivals.gravity_pull(weight, km, power))
        table.append(one(f"gravity, distance^-{power:g}", "daily total, fighting, roads", split))
    split = arrivals.arrivals_split(data[0], rises, arrivals.nearest_pull(weight, km))
    table.append(one("nearest camp", "daily total, fighting, roads", split))
    share = newcomer_shares(scenario.conflict[:days] > 0, camp_shares(scenario, at), countries)
    table.append(one("country, then camp", ways, counts_by_share(data[0], rises, share)))
    for lag in (30, 90):
        split = arrivals.lagged_shares(total, series.camps, camps, lag)
        table.append(one(f"shares {lag} days old", f"daily total, reports {lag} days old", split))
        split = counts_with_reports(total, series.camps, camps, lag, data[0], share)
        table.append(one(f"... {lag}, rest by choice", f"{ways}, reports {lag} days old", split))
    return table, leaks
