"""R13 against a clock: where hours are told, the ledger says what somebody with a watch would say.

The interpreter here knows no days: it walks events minute by minute.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_case import case, records
from thorough import examples

from standoff.case.model import Case, Event
from standoff.commitments.ledger import Row, ledger

FIRST = datetime(2020, 1, 1)
DAYS = 12
ZONE = timedelta(hours=3)  # of the case, Asia/Aden
TERMS = """
- {id: holds, title: T, kind: maintain, debtor: red, from: 2020-01-03, from_hour: "06:00", until: 2020-01-09,
   until_hour: "18:00", forbid: {type: shelling, actor: red}, release: {type: notice}}
- {id: pauses, title: T, kind: maintain, debtor: red, from: 2020-01-01, forbid: {type: shelling, actor: red},
   suspend: {type: suspension}, resume: {type: agreement}}
- {id: leaves, title: T, kind: achieve, debtor: red, from: 2020-01-01, by: 2020-01-06, by_hour: "12:00",
   then: {type: withdrawal, actor: red}}
- {id: lets-out, title: T, kind: achieve, debtor: red, from: 2020-01-01, within: 30h, when: {type: request},
   then: {type: evacuation, actor: red}}
"""
TYPES = ("shelling", "shelling", "notice", "suspension", "agreement", "withdrawal", "request", "evacuation")
AFTER = date(2020, 1, 20)
LAST = datetime(2020, 1, 16)


def minute(when: str) -> datetime:
    return datetime.fromisoformat(when)


@st.composite
def logs(draw: st.DrawFn) -> list[tuple[datetime, str]]:
    """Events at minutes of their own; of one type at most one a day, so that hours tell every order."""
    some = draw(st.lists(st.tuples(st.integers(0, DAYS * 96 - 1), st.sampled_from(TYPES)), max_size=10))
    used: set[tuple[date, str]] = set()
    log = {}
    for quarter, kind in some:
        at = FIRST + timedelta(minutes=15 * quarter)
        # a suspension and a resumption of one day: another rule
        name = "pause" if kind in ("suspension", "agreement") else kind
        if (at.date(), name) not in used:
            used.add((at.date(), name))
            log[at] = kind
    return sorted(log.items())


def told(log: list[tuple[datetime, str]], in_utc: list[bool]) -> Case:
    rows: list[dict[str, Any]] = []
    for n, ((at, kind), utc) in enumerate(zip(log, in_utc, strict=False)):
        here = at - ZONE if utc else at
        hour = f"{here:%H:%M}{'Z' if utc else ''}"
        rows.append({"id": f"e{n}", "date": f"{here:%Y-%m-%d}", "hour": hour, "type": kind, "actor": "red"})
    rows.append({"id": "e99", "date": "2019-12-30", "type": "protest", "actor": "green"})
    made = case(TERMS)
    return replace(made, about=replace(made.about, timezone="Asia/Aden"), events=records(Event, rows))


def by_the_watch(log: list[tuple[datetime, str]]) -> dict[str, tuple[int, int]]:
    """Return (kept, broken) of each commitment after the last day, breaches for what forbids."""
    live = [at for at, kind in log if kind == "notice" and at >= minute("2020-01-03T06:00")]
    ended = min(live, default=datetime.max)
    begins, ends = minute("2020-01-03T06:00"), minute("2020-01-09T18:00")
    shells = [at for at, kind in log if kind == "shelling"]
    holds = sum(begins <= at <= ends and at < ended for at in shells)
    shut, pauses = False, 0
    for _, kind in log:
        shut = kind == "suspension" or (shut and kind != "agreement")
        pauses += kind == "shelling" and not shut
    leaves = any(kind == "withdrawal" and at <= minute("2020-01-06T12:00") for at, kind in log)
    out = [at for at, kind in log if kind == "evacuation"]
    kept = broken = 0
    for called in (at for at, kind in log if kind == "request"):
        due = called + timedelta(hours=30)
        kept += any(called <= at <= due for at in out)
        broken += not any(called <= at <= due for at in out)
    return {
        "holds": (0, holds),
        "pauses": (0, pauses),
        "leaves": (int(leaves), int(not leaves)),
        "lets-out": (kept, broken),
    }


def found(row: Row) -> tuple[int, int]:
    return (0, row.breaches) if row.kind == "maintain" else (row.kept, row.broken)


@settings(max_examples=examples(120), deadline=None)
@given(logs(), st.lists(st.booleans(), min_size=10, max_size=10))
def test_what_hours_tell_is_told(log: list[tuple[datetime, str]], in_utc: list[bool]) -> None:
    expected = by_the_watch(log)
    for row in ledger(told(log, in_utc), "red-tells", on=AFTER):
        if row.kind == "maintain" or row.disputed == 0:
            assert found(row) == expected[row.commitment], (row.commitment, row.rule)
        if row.kind == "maintain":
            assert row.breaches == row.breaches_possible, (row.commitment, row.rule)
        else:
            assert row.disputed == 0, (row.commitment, row.rule)


OPENS = """
- {id: opens, title: T, kind: achieve, debtor: red, from: 2020-01-02, from_hour: "20:00", within: 30h,
   then: {type: evacuation, actor: red}}
"""


@pytest.mark.parametrize(
    ("day", "hour", "counts"),
    [
        ("2020-01-02", "19:45", (0, 1)),  # before the first hour nothing counts
        ("2020-01-02", "20:00", (1, 0)),
        ("2020-01-03", "24:00", (1, 0)),  # the end of its day, and of no other
        ("2020-01-04", "01:45", (1, 0)),
        ("2020-01-04", "02:00", (1, 0)),
        ("2020-01-04", "02:15", (0, 1)),
        ("2020-01-04", "24:00", (0, 1)),
        ("2020-01-05", "00:15", (0, 1)),
    ],
)
def test_a_span_of_hours_from_an_hour_of_the_first_day_ends_by_the_minute(
    day: str, hour: str, counts: tuple[int, int]
) -> None:
    rows = [{"id": "e1", "date": day, "hour": hour, "type": "evacuation", "actor": "red"}]
    made = case(OPENS)
    made = replace(made, about=replace(made.about, timezone="Asia/Aden"), events=records(Event, rows))
    (row,) = ledger(made, "red-tells", on=AFTER)
    assert (row.kept, row.broken) == counts


@pytest.mark.parametrize(("hour", "broken"), [("23:45", 1), ("24:00", 1), ("00:00", 0)])
def test_the_end_of_the_last_day_is_of_that_day(hour: str, broken: int) -> None:
    day = "2020-01-09" if hour != "00:00" else "2020-01-10"
    rows = [{"id": "e1", "date": day, "hour": hour, "type": "shelling", "actor": "red"}]
    made = case("""
- {id: holds, title: T, kind: maintain, debtor: red, from: 2020-01-03, until: 2020-01-09, forbid: {type: shelling}}""")
    made = replace(made, about=replace(made.about, timezone="Asia/Aden"), events=records(Event, rows))
    (row,) = ledger(made, "red-tells", on=AFTER)
    assert row.broken == broken


BEFORE = """
- {id: lets-out, title: T, kind: achieve, debtor: red, from: 2020-01-01, within: 3d, when: {type: request},
   then: {type: evacuation, actor: red}, suspend: {type: suspension}, resume: {type: agreement}}
- {id: gives, title: T, kind: quantity, debtor: red, from: 2020-01-01, within: 3d, when: {type: request},
   amount: {value: 1, unit: lists}, then: {type: evacuation, actor: red}, suspend: {type: suspension},
   resume: {type: agreement}}
"""


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (["08:00 evacuation", "10:00 request"], "violated"),
        (["10:00 request", "11:00 evacuation"], "satisfied"),
        (["08:00 evacuation", "10:00 request", "12:00 suspension"], "violated"),
        (["10:00 request", "11:00 evacuation", "12:00 suspension"], "satisfied"),
        (["08:00 suspension", "10:00 request", "11:00 evacuation"], "expired"),  # what is suspended is not called in
        (["08:00 evacuation", "12:00 suspension"], "expired"),
    ],
)
def test_what_was_done_before_the_call_fulfils_nothing_whatever_follows(day: list[str], verdict: str) -> None:
    rows = [
        {"id": f"e{n}", "date": "2020-01-03", "hour": told[:5], "type": told[6:], "actor": "red"}
        for n, told in enumerate(day)
    ]
    rows.append({"id": "e9", "date": "2020-01-06", "type": "agreement", "actor": "red"})
    made = case(BEFORE.replace("within: 3d", "until: 2020-01-15, within: 3d"))
    made = replace(made, about=replace(made.about, timezone="Asia/Aden"), events=records(Event, rows))
    assert [row.verdict for row in ledger(made, "red-tells", on=AFTER)] == [verdict, verdict]
