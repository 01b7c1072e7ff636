"""Scenarios: named, dated changes with humanitarian, mediation and monitoring levers, cut into stretches of days.

Only levers that protect or inform people may be changed. There is no way to change what armed actors can do, want or
think: parameters outside ``LEVERS`` are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np

from standoff.case.checks import register, unknown_way
from standoff.case.model import Case, Kind
from standoff.case.strategy import Change, Scenario
from standoff.errors import Problem, StandoffError, nearest
from standoff.oneline import OneLine
from standoff.people.network import Network
from standoff.values import MOST_PEOPLE
from standoff.world.setting import Setting

BASELINE = Scenario(id="baseline", title="Nothing is changed", lever="none")
LEVERS = ("displacement.", "feedback.", "audience-cost", "reputation", "scale.attack-on-post", "response")
KINDS = ("none", "humanitarian", "mediation", "monitoring")


@dataclass(frozen=True, slots=True, repr=False)
class Stretch(OneLine):
    """Days ``start`` to ``end`` (exclusive, counted from 0) of a run on which the same changes hold."""

    start: int
    end: int
    parameters: Mapping[str, float]
    shut: tuple[tuple[str, str, str], ...]
    capacity: Mapping[str, float]
    withdrawn: frozenset[str]
    scenario: str = ""  # whose days they are, for messages


def scenario_named(case: Case, name: str) -> Scenario:
    """Return a scenario of the case, or the baseline. Raises StandoffError with the nearest name."""
    if name in case.scenarios:
        return case.scenarios[name]
    if name == BASELINE.id:
        return BASELINE
    names = list(dict.fromkeys([BASELINE.id, *case.scenarios]))
    raise StandoffError.of(
        f"there is no scenario {name!r}", file="--scenario", expected=", ".join(names), hint=nearest(name, names)
    )


@register("runs")
def check_scenarios(case: Case) -> Iterator[Problem]:
    """Every scenario changes what exists and may be changed."""
    for scenario in case.scenarios.values():
        yield from check_scenario(case, scenario)


def check_scenario(case: Case, scenario: Scenario) -> list[Problem]:
    """Return what is wrong with a scenario: unknown names, a lever that is none, something not to be changed."""
    where = case.written.get((Kind.SCENARIOS, scenario.id))
    file, line = (where.file, where.line) if where else ("scenarios", 0)
    problems = []
    if scenario.lever not in KINDS:
        problems.append(Problem(file, line, f"the lever {scenario.lever!r}", ", ".join(KINDS)))
    for number, change in enumerate(scenario.changes):
        line = where.at("changes", number) if where else 0
        if change.parameter and change.parameter not in case.parameters:
            hint = nearest(change.parameter, case.parameters)
            problems.append(Problem(file, line, f"there is no parameter {change.parameter!r}", "a parameter", hint))
        elif change.parameter and not change.parameter.startswith(LEVERS):
            what = f"{change.parameter!r} is not a lever: what armed actors can do is not for a scenario to change"
            problems.append(Problem(file, line, what, f"a parameter that starts with {', '.join(LEVERS)}"))
        if (change.parameter or change.capacity) and change.value is None:
            problems.append(Problem(file, line, "a change has no value", "value: a number"))
        if change.capacity and change.value is not None and not 0 <= change.value <= MOST_PEOPLE:
            what = f"the capacity of {change.capacity} is {change.value:g}"
            line = where.at("changes", number, "value") if where else 0
            problems.append(Problem(file, line, what, f"zero or more: people up to {MOST_PEOPLE:,}; 0 is no limit"))
        if change.withdraw and change.withdraw not in case.commitments:
            hint = nearest(change.withdraw, case.commitments)
            problems.append(Problem(file, line, f"there is no commitment {change.withdraw!r}", "a commitment", hint))
        if change.capacity and change.capacity not in case.places:
            hint = nearest(change.capacity, case.places)
            problems.append(Problem(file, line, f"there is no place {change.capacity!r}", "a place", hint))
        for item in (change.open, change.shut):
            way = _way(item)
            if item and way is None:
                what = f"{item!r} is no way that can be shut or opened"
                problems.append(Problem(file, line, what, "place:ID, route:ID:ID or border:XX:YY (countries)"))
            elif way is not None and (wrong := unknown_way(case, *way)):
                problems.append(Problem(file, line, f"{item}: {wrong[0]}", wrong[1], wrong[2]))
        targets = [bool(x) for x in (change.parameter, change.open, change.shut, change.withdraw, change.capacity)]
        if sum(targets) != 1:
            problems.append(Problem(file, line, "a change has no target, or several", "exactly one"))
        if change.reading:
            problems.append(
                Problem(file, line, "a scenario cannot change a reading", "an account, which holds readings")
            )
    return problems


def _way(text: str) -> tuple[str, str, str] | None:
    kind, _, rest = text.partition(":")
    a, _, b = rest.partition(":")
    if (kind == "place" and a and not b) or (kind in ("route", "border") and a and b):
        return kind, a, b
    return None


def _same(x: tuple[str, str, str], y: tuple[str, str, str]) -> bool:
    return x[0] == y[0] and {x[1], x[2]} == {y[1], y[2]}


def _active(change: Change, first: date, day: int) -> bool:
    begin = (change.from_.start - first).days if change.from_ and change.from_.start else 0
    end = (change.until.end - first).days if change.until and change.until.end else 10**6
    return begin <= day <= end


def stretches(scenario: Scenario, setting: Setting, days: int) -> tuple[Stretch, ...]:
    """Cut a run of ``days`` days where the changes of the scenario begin or end."""
    cuts = {0, days}
    for change in scenario.changes:
        if change.from_ and change.from_.start:
            cuts.add((change.from_.start - setting.start).days)
        if change.until and change.until.end:
            cuts.add((change.until.end - setting.start).days + 1)
    edges = sorted(c for c in cuts if 0 <= c <= days)
    cut = []
    for start, end in pairwise(edges):
        now = [c for c in scenario.changes if _active(c, setting.start, start)]
        shut = list(setting.shut)
        for change in now:
            if change.open and (way := _way(change.open)):
                shut = [item for item in shut if not _same(item, way)]
            if change.shut and (way := _way(change.shut)):
                shut.append(way)
        cut.append(
            Stretch(
                start=start,
                end=end,
                parameters={c.parameter: c.value for c in now if c.parameter and c.value is not None},
                shut=tuple(shut),
                capacity={c.capacity: c.value for c in now if c.capacity and c.value is not None},
                withdrawn=frozenset(c.withdraw for c in now if c.withdraw),
                scenario=scenario.id,
            )
        )
    return tuple(cut)


def with_capacity(network: Network, capacity: Mapping[str, float]) -> Network:
    """Return the network with other capacities (people) at some places."""
    if not capacity:
        return network
    room = np.array(network.capacity)
    for name, people in capacity.items():
        room[network.index[name]] = people
    return replace(network, capacity=room)


def sound_scenarios(case: Case, names: Iterable[str]) -> list[Scenario]:
    """Return the scenarios by name. Raises StandoffError with everything that is wrong with them."""
    scenarios = [scenario_named(case, name) for name in names]
    problems = [p for scenario in scenarios for p in check_scenario(case, scenario)]
    if problems:
        raise StandoffError(problems)
    return scenarios
