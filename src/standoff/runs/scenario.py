"""Scenarios: named, dated changes with humanitarian, mediation and monitoring levers, cut into stretches of days.

Only levers that protect or inform people may be changed. There is no way to change what armed actors can do, want or
think: parameters outside ``LEVERS`` are refused.

A scenario need not be written down. ``close=bab-al-hawa@2020-01-15+full=atma`` is one: a crossing, camp, road or border
shut, opened or full from a day on, by its name. So a run can be told, kept and told again like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from standoff.case import checks
from standoff.case.checks import register, unknown_way
from standoff.case.model import Case, Kind, Written
from standoff.case.place_names import TAKES_IN, Way, way_title, written_way
from standoff.case.references import references
from standoff.case.strategy import Change, Scenario
from standoff.commitments import checks as clause_checks
from standoff.errors import Problem, StandoffError, nearest
from standoff.oneline import OneLine
from standoff.people.network import Network
from standoff.text.sentences import listing, when
from standoff.values import MOST_PEOPLE, When
from standoff.world.setting import Setting

BASELINE = Scenario(id="baseline", title="Nothing is changed", lever="none")
LEVERS = ("displacement.", "feedback.", "audience-cost", "reputation", "scale.attack-on-post", "response")
KINDS = ("none", "humanitarian", "mediation", "monitoring")
VERBS = ("close", "open", "full")
CLAUSE_CHECKS = (  # what a clause of a scenario has to pass, as a commitment of the case does
    lambda case: checks.dangling(case, references(case, (Kind.COMMITMENTS,))),
    lambda case: checks.check_words(replace(case, events={}, claims={})),  # those of the case have passed
    checks.check_commitments,
    clause_checks.check_joint_duties,
    clause_checks.check_hours,
    clause_checks.check_windows,
    clause_checks.check_succession,
    clause_checks.check_states_read,
    clause_checks.check_exceptions,
    clause_checks.check_consequents,
    clause_checks.check_patterns,
    clause_checks.check_readings,
)


@dataclass(frozen=True, slots=True, repr=False)
class Stretch(OneLine):
    """Days ``start`` to ``end`` (exclusive, counted from 0) of a run on which the same changes hold."""

    start: int
    end: int
    parameters: Mapping[str, float]
    shut: tuple[tuple[str, str, str], ...]
    capacity: Mapping[str, float]
    withdrawn: frozenset[str]
    unsent: frozenset[str] = frozenset()  # signals on record that are taken never to have been sent
    scenario: str = ""  # whose days they are, for messages


def scenario_named(case: Case, name: str) -> Scenario:
    """Return a scenario of the case, the baseline, or one of ways (`scenario_of_ways`).

    Raises StandoffError with the nearest name, of scenarios or of places.
    """
    if name in case.scenarios:
        return case.scenarios[name]
    if name == BASELINE.id:
        return BASELINE
    if name.partition("=")[0] in VERBS and "=" in name:
        return _of_ways(case, name)
    names = list(dict.fromkeys([BASELINE.id, *case.scenarios]))
    raise StandoffError.of(
        f"there is no scenario {name!r}", file="--scenario", expected=", ".join(names), hint=nearest(name, names)
    )


def scenario_of_ways(
    case: Case, close: Iterable[str] = (), open_: Iterable[str] = (), full: Iterable[str] = ()
) -> Scenario | None:
    """Return the scenario in which some ways are closed, opened or full, each ``NAME`` or ``NAME@DATE``.

    Parameters
    ----------
    case : the case whose places, roads and borders are meant
    close, open_ : crossings, camps, other places, roads (``route:A:B``) or borders (``border:XX:YY``), by id or name
    full : camps or places that take in nobody more; who is there stays

    Returns
    -------
    the scenario, whose id says all of it; None where nothing is asked

    Raises
    ------
    StandoffError
        With every name that the case has not, or has twice, and every date that is none.
    """
    problems: list[Problem] = []
    parts = []
    for verb, texts in zip(VERBS, (close, open_, full), strict=True):
        for text in texts:
            try:
                way, begin = dated_way(case, text, f"--{verb}", takes_in=verb == "full")
            except StandoffError as error:
                problems += error.problems
                continue
            ends = ":".join(filter(None, way[1:]))
            name = ends if way[0] in ("place", TAKES_IN) else f"{way[0]}:{ends}"
            parts.append(f"{verb}={name}" + (f"@{begin}" if begin else ""))
    if problems:
        raise StandoffError(problems)
    return _of_ways(case, "+".join(dict.fromkeys(parts))) if parts else None


def dated_way(case: Case, text: str, option: str, *, takes_in: bool = False) -> tuple[Way, date | None]:
    """Return what ``NAME@DATE`` means: a way, and the day from which, None without one.

    ``takes_in`` asks for a place that is full. Raises StandoffError naming ``option``.
    """
    name, mark, written = text.rpartition("@") if "@" in text else (text, "", "")
    problems: list[Problem] = []
    way: Way | None = None
    begin: When | None = None
    try:
        way = written_way(case, name, option, takes_in=takes_in)
    except StandoffError as error:
        problems += error.problems
    try:
        begin = When.parse(written.strip()) if mark else None
    except ValueError as error:
        problems.append(Problem(option, 0, f"{written!r} is not a date", str(error).removeprefix("expected ")))
    if begin is not None and (begin.start is None or begin.start != begin.end):
        problems.append(Problem(option, 0, f"{written!r} is not one day", "a day such as 2020-01-15"))
    if problems or way is None:
        raise StandoffError(problems)
    return way, begin.start if begin else None


def _of_ways(case: Case, name: str) -> Scenario:
    """Return the scenario that an id such as ``close=atma@2020-01-15+full=qah`` spells out."""
    changes, titles, problems = [], [], []
    for part in name.split("+"):
        verb, _, text = part.partition("=")
        if verb not in VERBS or not text:
            problems.append(Problem("--scenario", 0, f"{part!r} in {name!r}", "close=, open= or full= and a name"))
            continue
        try:
            way, begin = dated_way(case, text, f"--{verb}", takes_in=verb == "full")
        except StandoffError as error:
            problems += error.problems
            continue
        item = ":".join(filter(None, way))
        since = When.parse(begin.isoformat()) if begin else None
        is_open = verb == "open"
        changes.append(Change(from_=since, open=item if is_open else "", shut="" if is_open else item))
        state = {"close": "shut", "open": "open", "full": "full"}[verb]
        titles.append(f"{way_title(case, way)} is {state}" + (f" from {when(since)}" if since else ""))
    if problems:
        raise StandoffError(problems)
    note = "Asked on the command line or in a form, and not part of the case."
    return Scenario(id=name, title=listing(titles), lever="humanitarian", changes=tuple(changes), note=note)


def scenario_names(case: Case, names: Iterable[str]) -> dict[str, str]:
    """Return the title of each scenario by its id; one that the case no longer has goes by its id."""
    titles = {}
    for name in names:
        try:
            titles[name] = scenario_named(case, name).title
        except StandoffError:
            titles[name] = name
    return titles


@register("runs")
def check_scenarios(case: Case) -> Iterator[Problem]:
    """Every scenario changes what exists and may be changed."""
    for scenario in case.scenarios.values():
        yield from check_scenario(case, scenario)


def check_scenario(case: Case, scenario: Scenario) -> list[Problem]:
    """Return what is wrong with a scenario: unknown names, a lever that is none, something not to be changed."""
    where = case.written.get((Kind.SCENARIOS, scenario.id))
    file, line = (where.file, where.line) if where else ("scenarios", 0)
    problems = list(_problems_of_clauses(case, scenario, file))
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
            problems.append(Problem(file, line, what, f"zero or more: people up to {MOST_PEOPLE:,}; 0 is not a limit"))
        if change.withdraw and change.withdraw not in case.commitments:
            hint = nearest(change.withdraw, case.commitments)
            problems.append(Problem(file, line, f"there is no commitment {change.withdraw!r}", "a commitment", hint))
        if change.capacity and change.capacity not in case.places:
            hint = nearest(change.capacity, case.places)
            problems.append(Problem(file, line, f"there is no place {change.capacity!r}", "a place", hint))
        for item in (change.open, change.shut):
            way = _way(item)
            if item and way is None:
                what = f"{item!r} is not a way that can be shut or opened"
                expected = "place:ID, route:ID:ID, border:XX:YY (countries) or into:ID (takes in nobody more)"
                problems.append(Problem(file, line, what, expected))
            elif way is not None and (wrong := unknown_way(case, *way)):
                problems.append(Problem(file, line, f"{item}: {wrong[0]}", wrong[1], wrong[2]))
        if change.withdraw and change.until:
            what = f"{change.withdraw} is withdrawn until {change.until}"
            problems.append(Problem(file, line, what, "no until: what was taken back is given anew by a clause"))
        signal = case.signals.get(change.unsend) if change.unsend else None
        if change.unsend and signal is None:
            hint = nearest(change.unsend, case.signals)
            problems.append(Problem(file, line, f"there is no signal {change.unsend!r}", "a signal", hint))
        elif signal is not None and not signal.commitments:
            what = f"the signal {change.unsend!r} is said to stand for no commitment: the model cannot play it"
            problems.append(Problem(file, line, what, "a signal with `commitments`"))
        targets = [
            bool(x)
            for x in (change.parameter, change.open, change.shut, change.withdraw, change.unsend, change.capacity)
        ]
        if sum(targets) != 1:
            problems.append(Problem(file, line, "a change has no target, or several", "exactly one"))
        if change.reading:
            problems.append(
                Problem(file, line, "a scenario cannot change a reading", "an account, which holds readings")
            )
    return problems


def _problems_of_clauses(case: Case, scenario: Scenario, file: str) -> Iterator[Problem]:
    """Find what is wrong with the clauses of a scenario: ids that are taken, and what is wrong with a commitment."""
    where = case.written.get((Kind.SCENARIOS, scenario.id))
    lines = {c.id: where.at("clauses", n) if where else 0 for n, c in enumerate(scenario.clauses)}
    for name, many in Counter(c.id for c in scenario.clauses).items():
        if name in case.commitments or many > 1:
            what = f"a commitment {name!r} is in the case already" if many == 1 else f"{many} clauses are {name!r}"
            yield Problem(file, lines[name], what, "another id for the clause of the scenario")
    new = {c.id: c for c in scenario.clauses if c.id not in case.commitments}
    if not new:
        return
    written = {
        (Kind.COMMITMENTS, c.id): Written(
            file=file, line=lines[c.id], lines=_Within(where.lines, ("clauses", n)) if where and where.lines else None
        )
        for n, c in enumerate(scenario.clauses)
        if c.id in new
    }
    # Only what is wrong with a clause is told here, so that it is enough to know where the clauses stand.
    alone = replace(case, commitments={**case.commitments, **new}, scenarios={}, written=written)
    for rule in CLAUSE_CHECKS:
        yield from (problem for problem in rule(alone) if problem.file == file and problem.severity != "warning")


@dataclass(frozen=True, slots=True, repr=False)
class _Within(OneLine):
    """Lines of a record that stands inside another."""

    lines: Any
    prefix: tuple[str | int, ...]

    def at(self, path: tuple[str | int, ...]) -> int:
        """Return the line of a key inside the record."""
        return int(self.lines.at((*self.prefix, *path)))


def _way(text: str) -> tuple[str, str, str] | None:
    kind, _, rest = text.partition(":")
    a, _, b = rest.partition(":")
    if (kind in ("place", TAKES_IN) and a and not b) or (kind in ("route", "border") and a and b):
        return kind, a, b
    return None


def _same(x: tuple[str, str, str], y: tuple[str, str, str]) -> bool:
    return x[0] == y[0] and {x[1], x[2]} == {y[1], y[2]}


def _opens(way: tuple[str, str, str], item: tuple[str, str, str]) -> bool:
    """Whether opening a place also lets it take people in again."""
    return way[0] == "place" and item[0] == TAKES_IN and way[1] == item[1]


def _active(change: Change, first: date, day: int) -> bool:
    begin = (change.from_.start - first).days if change.from_ and change.from_.start else 0
    end = (change.until.end - first).days if change.until and change.until.end else 10**6
    return begin <= day <= end


def stretches(
    scenario: Scenario, setting: Setting, days: int, absent: frozenset[str] = frozenset()
) -> tuple[Stretch, ...]:
    """Cut a run of ``days`` days where the changes of the scenario begin or end.

    ``absent`` are the commitments of a setting that other scenarios add: in this one they are in force on no day.
    """
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
                shut = [item for item in shut if not (_same(item, way) or _opens(way, item))]
                if way[0] == "place":
                    shut.append(("through", way[1], ""))  # a crossing is open although its border is shut elsewhere
            if change.shut and (way := _way(change.shut)):
                shut = [item for item in shut if item != ("through", *way[1:])]
                shut.append(way)
        cut.append(
            Stretch(
                start=start,
                end=end,
                parameters={c.parameter: c.value for c in now if c.parameter and c.value is not None},
                shut=tuple(shut),
                capacity={c.capacity: c.value for c in now if c.capacity and c.value is not None},
                withdrawn=frozenset(c.withdraw for c in now if c.withdraw) | absent,
                unsent=frozenset(c.unsend for c in now if c.unsend),
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
