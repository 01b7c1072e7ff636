"""Every pattern of the daily report that holds a number: the number is counted again here, from the events alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_daily import HEAD, KINDS, own_case  # noqa: F401 - the case is a fixture

from standoff import ledger
from standoff.case.model import Case, Event
from standoff.case.read import TEMPLATE, load
from standoff.case.restrictions import FEW, LEAST
from standoff.commitments.daily import ACCESS, WEAPONS, daily, is_any, is_incident
from standoff.intake.logs import open_log
from standoff.views.daily import daily_document
from standoff.views.lines.daily import daily_paper, headlines
from standoff.views.paper import Grid
from standoff.views.words import Words, _file

# n of these is no count of the record: a legend, days ahead, an end of a range; or a page of the brief says it
NO_COUNTS = {"and-more", "shade", "map-largest", "due-head", "at-least", "more"}
# what a log held, held by tests/cli/test_ledger_logs.py and tests/intake/test_events.py
OF_THE_LOG = {key for key in _file("en")["phrases"] if key.startswith("log-")}


@dataclass
class Told:
    """One report, the numbers that its sentences hold by the pattern that says them, and the events beneath."""

    report: Mapping[str, Any]
    said: list[tuple[str, int]]
    events: list[Event]
    own: list[Event]
    areas: Mapping[str, str]
    changed: tuple[int, int]

    @property
    def first(self) -> date:
        return date.fromisoformat(self.report["from"])

    @property
    def on(self) -> date:
        return date.fromisoformat(self.report["on"])

    def within(self, first: date, last: date, *, exactly: bool, of: list[Event] | None = None) -> list[Event]:
        """The events that certainly lie in a period, or else those that only may."""
        some = self.events if of is None else of
        spans = [(e, e.date.start or date.min, e.date.end or date.max) for e in some]
        meets = [(e, first <= start and end <= last) for e, start, end in spans if start <= last and end >= first]
        return [e for e, is_sure in meets if is_sure == exactly]

    @property
    def now(self) -> list[Event]:
        return self.within(self.first, self.on, exactly=True)

    @property
    def maybe(self) -> list[Event]:
        return self.within(self.first, self.on, exactly=False)

    def by_area(self) -> dict[str, int]:
        """How many incidents of exact days each area has; those that may not be passed on from three on."""
        days = (self.on - self.first).days + 1
        start = self.first - timedelta(days=days)
        both = [*self.within(start, self.on, exactly=True), *self.within(start, self.on, exactly=False)]
        hidden = Counter(self.areas[e.id] for e in both if e.restricted)
        names = {e.id: FEW if e.restricted and hidden[self.areas[e.id]] < LEAST else self.areas[e.id] for e in both}
        every = dict.fromkeys(names[e.id] for e in both if is_incident(e.type))
        counts = Counter(names[e.id] for e in self.now if is_incident(e.type))
        return {name: counts[name] for name in every}

    def counted(self, key: str) -> set[int]:
        """The numbers that a pattern may say."""
        every = [*self.now, *self.maybe]
        if key.startswith("incidents"):
            return {sum(is_incident(e.type) for e in self.now)}
        if key == "possible":
            return {sum(is_incident(e.type) for e in self.maybe)}
        if key == "other-reports":
            return {sum(not is_incident(e.type) for e in every)}
        if key in ("area-count", "area-compared"):
            return set(self.by_area().values())
        if key == "areas-more":
            counts = self.by_area()
            apart = counts.pop(FEW, 0)
            return {sum(sorted(counts.values(), reverse=True)[3:]) + apart}
        if key == "other-areas":
            return {len(set(self.by_area()) - {FEW}) - 19}
        if key == "whole-table":
            return {len(self.by_area()), len({(p["area"], p["party"]) for p in self.report["parties"]})}
        if key in ("explosions", "explosions-alone"):
            return {sum(is_any(e.type, ("shelling", "strike", "bombing")) for e in self.now)}
        if key in ("weapons-short", "access-short"):
            kinds = (WEAPONS,) if key == "weapons-short" else ACCESS
            return {sum(is_any(e.type, kinds) for e in self.now)}
        if key in ("changes", "changes-broken"):
            return {self.changed[0]}
        if key == "left-out":
            return {sum(e.restricted for e in [*every, *self.aside])}
        if key in ("withheld", "grouped"):
            groups = [[e for e in every if is_any(e.type, kinds)] for kinds in ((WEAPONS,), ACCESS)]
            return {sum(e.restricted == (key == "withheld") for e in group) for group in groups}
        if key == "own-rows":
            return {len(self.aside)}
        if key == "no-hour":
            return {sum(not e.hour for e in every)}
        if key == "tellers-more":
            named = {e.source for e in every if e.actor and e.target and is_any(e.type, ("assault",))}
            return {len(named) - 12}
        if key in ("chart-note", "chart-said", "chart-recorded"):
            span = self.on - timedelta(days=89), self.on
            some = [*self.within(*span, exactly=True), *self.within(*span, exactly=False)]
            some = [e for e in some if is_incident(e.type)]
            return {sum(e.date.is_day == (key != "chart-note") for e in some)} | ({0} if key == "chart-note" else set())
        if key in ("map-said", "map-at"):
            shown = [e for e in every if is_incident(e.type) and not e.restricted]
            at = Counter(e.place for e in shown if e.place)
            return {sum(at.values())} if key == "map-said" else set(at.values())
        raise AssertionError(f"{key} says a number that nothing here counts again")

    @property
    def aside(self) -> list[Event]:
        """The events of the case that stand beside a log."""
        return [] if self.own == self.events else [
            e for exactly in (True, False) for e in self.within(self.first, self.on, exactly=exactly, of=self.own)
        ]  # fmt: skip


def listen(monkeypatch: pytest.MonkeyPatch, case: Case, report: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The numbers that the patterns of a report say, as it is written with its pictures."""
    said: list[tuple[str, int]] = []
    plain = Words.say

    def say(self: Words, key: str, n: int | None = None, **values: object) -> Any:
        if n is not None and "{n}" in str(_file("en")["phrases"][key]):
            said.append((key, n))
        return plain(self, key, n, **values)

    with monkeypatch.context() as patch:
        patch.setattr(Words, "say", say)
        daily_document(case, report)
    return said


def changes(case: Case, first: date, on: date, events: Any) -> tuple[int, int]:
    """How many commitments stand otherwise at the end of the last day than before the first."""
    days = first - timedelta(days=1), on
    tables = [ledger(case, "record", on=day, as_of=on, events=events) for day in days]
    before, after = ({(r.commitment, r.key): r.words for r in table if not r.reading} for table in tables)
    moved = {key for key, words in after.items() if before.get(key, "not yet in force") != words}
    return len(moved), sum(after[key] == "broken" for key in moved)


def many_rows() -> str:
    """A log of a whole country: 30 districts, 16 sources, exact days and weeks; made up."""
    kinds = list(KINDS)
    rows = []
    for n in range(260):
        area = n % 31 if n % 3 else n % 4
        day = date(2024, 3, 8) - timedelta(days=(n * 7) % 9)
        cells = (f"X{n}", day, "2" if n % 11 == 0 else "1", kinds[n % 5], "Red", "Blue", "Land", f"District {area}",
                 f"Town {area}", 41 + area / 100, 11, 1, f"Paper {n % 16}", 0, 1709900000)  # fmt: skip
        rows.append(",".join(map(str, cells)))
    return "\n".join([HEAD, *rows])


def reports_of(folder: Path, own: Path) -> Iterator[tuple[Case, Mapping[str, Any], list[Event], list[Event], Any]]:
    """A log of a country that may be passed on and one that may not; a record, with a cut-off; both together."""
    (log := folder / "log.csv").write_text(many_rows(), encoding="utf-8")
    last, later = date(2024, 3, 6), date(2024, 3, 17)
    for case, on, days in ((load(TEMPLATE), last, 4), (load(TEMPLATE), later, 14), (load(own), last, 2)):
        read = open_log(case, log)
        wide = read.added_to(case)
        for events in (read.events, tuple(replace(e, restricted=False) for e in read.events)):
            report = daily(wide, ["record"], on=on, days=days, events=events, areas=read.areas)
            yield wide, report, list(events), list(case.events.values()), read.areas
    case = load(own)
    for cut, days in (("", 2), ("23:59", 2), ("", 14)):
        shut = {
            k: replace(e, restricted=e.restricted or (days > 2 and is_any(e.type, (WEAPONS,))))
            for k, e in case.events.items()
        }
        shut |= {f"n3-{n}": replace(shut["n3"], id=f"n3-{n}") for n in range(13 if cut else 0)}
        zone = "UTC" if cut else ""
        then = replace(case, events=shut, about=replace(case.about, day_ends=cut, timezone=zone))
        report = daily(then, ["record"], on=last, days=days)
        some = list(then.events.values())
        yield then, report, some, some, {}


@pytest.fixture(scope="module")
def told(own_case: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Told]:  # noqa: F811
    every = []
    for case, report, events, own, areas in reports_of(tmp_path_factory.mktemp("told"), own_case):
        with pytest.MonkeyPatch.context() as patch:
            said = listen(patch, case, report)
        span = date.fromisoformat(report["from"]), date.fromisoformat(report["on"])
        moved = changes(case, *span, events if own is not events else None)
        every.append(Told(report, said, events, own, areas, moved))
    return every


def test_every_number_of_every_pattern_is_counted_again(told: list[Told]) -> None:
    for one in told:
        assert one.said
        for key, n in one.said:
            if key not in NO_COUNTS | OF_THE_LOG and not (key.startswith("area") and not one.areas):
                assert n in one.counted(key), (key, n, one.counted(key), one.report["from"])


def test_long_tables_are_grouped_and_whole_in_the_annex(told: list[Told]) -> None:
    one = max(told, key=lambda one: len(one.report["areas"]))
    grids = {b.id: b.rows for b in daily_paper(one.report).blocks if isinstance(b, Grid)}
    assert len(grids["all-areas"]) == len(one.report["areas"]) > len(grids["areas"]) >= 20
    for column in range(1, len(grids["areas"][0])):
        totals = [sum(int(row[column]) for row in grids[name]) for name in ("areas", "all-areas")]
        assert totals[0] == totals[1], column
    assert len(grids["all-parties"]) == len(one.report["parties"]) > 20
    assert {row[0] for row in grids["parties"]} == {row[1] for row in grids["all-parties"]}
    short = min(told, key=lambda one: len(one.report["areas"]))
    assert not {"all-areas", "all-parties"} & {b.id for b in daily_paper(short.report).blocks if isinstance(b, Grid)}


def test_what_is_broken_is_counted_again() -> None:
    case, on = load("idlib"), date(2018, 10, 20)
    report = daily(case, ["record"], on=on, days=14)
    moved, broken = changes(case, date(2018, 10, 7), on, None)
    said = [str(text) for text in headlines(report, Words())]
    assert f"{moved} promises or threats changed, {broken} of them broken." in said
    assert broken == 1


def test_every_pattern_is_said_somewhere(told: list[Told]) -> None:
    numbered = {key for key, pattern in _file("en")["phrases"].items() if "{n}" in str(pattern)}
    heard = {key for one in told for key, _ in one.said}
    assert numbered - heard - NO_COUNTS - OF_THE_LOG == {"changes-broken"}  # that is held above
