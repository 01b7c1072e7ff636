"""Score a run of a Flee folder beside naive ways to split the same daily total."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from standoff.exchange.flee.direct import camp_shares
from standoff.exchange.flee.folder import FleeFolder
from standoff.exchange.flee.output import excess, interpolated
from standoff.exchange.flee.scenario import scenario_of
from standoff.exchange.flee.series import FleeSeries
from standoff.experiment import arrival_choice as choices
from standoff.experiment import arrival_scores as arrivals
from standoff.experiment.arrival_scores import Score
from standoff.world.displacement.flee_rules import FleeRules

Floats = NDArray[np.float64]


def scores(
    folder: FleeFolder, series: FleeSeries, rules: FleeRules, counts: Floats, camps: list[str], *, capacities: bool
) -> tuple[list[Score], list[str]]:
    """Return the run's score and the baselines', and the camps whose capacity is known only from the later series.

    ``counts`` [T, camps] are the run's means. Every split is told the daily total, as the run is by its own rules.
    """
    scenario = scenario_of(folder, series, rules)
    days = min(folder.days, counts.shape[0])
    data = interpolated(series, camps, days)
    at = [scenario.names.index(c) for c in camps]
    capacity = scenario.capacity[at].astype(np.float64)
    leaks = arrivals.leaky([float(c) for c in capacity], series.camps, camps)
    extra = excess(series, camps)
    total = data.sum(axis=1)

    def one(name: str, told: str, made: Floats, leak: bool = False) -> Score:
        return arrivals.score(name, told, made[:days], data, series.camps, camps, extra, leak=leak)

    totals = "daily total" if not rules.spawn_mode else "fighting"
    ways = "daily total, fighting, roads, closures"
    told = (ways if totals == "daily total" else "fighting, roads, closures") + (", capacities" if capacities else "")
    found = [one("this run", told, counts, capacities and bool(leaks))]
    found.append(one("equal split", "daily total", arrivals.equal_split(total, len(camps))))
    countries = [scenario.country[i] for i in at]
    even = np.ones((days, len(camps))) / choices.crowd(countries)
    by_country = total[:, None] * even / even.sum(axis=1, keepdims=True)
    found.append(one("equal by country", "daily total", by_country))
    if capacity.any():
        made = arrivals.capacity_split(total, capacity)
        found.append(one("split by capacity", "daily total, capacities", made, bool(leaks)))
    km = arrivals.distances(
        len(scenario.names), scenario.source.tolist(), scenario.target.tolist(), scenario.km.tolist()
    )[:, at]
    weight = (scenario.conflict * scenario.population)[:days]
    rises = np.diff(total, prepend=total[:1])
    for power in (1.0, 2.0):
        made = arrivals.arrivals_split(data[0], rises, arrivals.gravity_pull(weight, km, power))
        found.append(one(f"gravity, distance^-{power:g}", "daily total, fighting, roads", made))
    made = arrivals.arrivals_split(data[0], rises, arrivals.nearest_pull(weight, km))
    found.append(one("nearest camp", "daily total, fighting, roads", made))
    share = choices.chosen(scenario.conflict[:days] > 0, camp_shares(scenario, at), countries)
    found.append(one("country, then camp", ways, choices.allocated(data[0], rises, share)))
    for lag in (30, 90):
        made = arrivals.lagged_shares(total, series.camps, camps, lag)
        found.append(one(f"shares {lag} days old", f"daily total, reports {lag} days old", made))
        made = choices.assimilated(total, series.camps, camps, lag, data[0], share)
        found.append(one(f"... {lag}, rest by choice", f"{ways}, reports {lag} days old", made))
    return found, leaks
