"""Calendar months: deadlines and periods fall on the day of the month, through short months and leap days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from interpreter import Interpreter
from ledger_case import Tells, case, records
from record_state import daily_counts
from test_oracle import FIRST, Record, commitments, logs
from thorough import examples

from standoff.case.model import Case, Event
from standoff.case.terms import Commitment
from standoff.commitments.engine.arrays import initial
from standoff.commitments.engine.automaton import step
from standoff.commitments.engine.states import STATES
from standoff.commitments.ledger import ledger
from standoff.commitments.patterns.compiler import compile_schedule, follow
from standoff.commitments.patterns.pattern import Matcher
from standoff.values import Duration, longest, months_on

DAYS = 120
STARTS = (
    date(2019, 12, 28),
    date(2020, 1, 29),
    date(2023, 1, 27),
)  # before 29, 30 and 31 January, in and out of leap years


def build(terms: list[Record], rows: list[Record]) -> Case:
    empty = case()
    last = max(STARTS) + timedelta(days=DAYS)
    about = replace(empty.about, period=type(empty.about.period).parse(f"2019-12-01/{last}"))
    return replace(empty, about=about, commitments=records(Commitment, terms), events=records(Event, rows))


def spread(record: Any, start: date) -> Any:
    """Put the days of a record four times as far apart from a new first day, and its spans into months."""
    if isinstance(record, dict):
        made = {k: spread(v, start) for k, v in record.items()}
        for key in ("within", "every"):
            if isinstance(made.get(key), str) and (found := re.fullmatch(r"(\d+)d", made[key])):
                made[key] = f"{1 + int(found[1]) % 2}m"
        return made
    if isinstance(record, list):
        return [spread(item, start) for item in record]
    if isinstance(record, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", record):
        return (start + 4 * (date.fromisoformat(record) - FIRST)).isoformat()
    return record


def by_automaton(made: Case, first: date) -> list[dict[str, tuple[str, int, int, int, int]]]:
    plan = compile_schedule(made, first=first)
    counts = daily_counts(plan, Matcher(made), list(made.events.values()), DAYS)
    active, told = follow(plan, [Tells()])
    state = initial(plan, 1, active=active, own_reading=told)
    out = []
    for n in range(DAYS):
        step(plan, state, n, counts[n][None])
        out.append({
            s.commitment: (
                STATES[state.state[0, i]],
                *(int(getattr(state, k)[0, i]) for k in ("begun", "kept", "broken", "breaches")),
            )
            for i, s in enumerate(plan.slots)
        })  # fmt: skip
    return out


@settings(
    max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(commitments(), logs(), st.sampled_from(STARTS))
def test_every_day_stands_as_the_prose_says(terms: list[Record], rows: list[Record], start: date) -> None:
    made = build(spread(terms, start), spread(rows, start))
    expected = Interpreter(made, start).run(made.events.values(), DAYS)
    found = by_automaton(made, start)
    for n in range(DAYS):
        assert found[n] == {name: one[:5] for name, one in expected[n].items()}, start + timedelta(days=n)
    for row in ledger(made, "red-tells", on=start + timedelta(days=DAYS - 1)):  # rests on quiet days
        assert (row.state, row.begun, row.kept, row.broken) == expected[-1][row.commitment][:4]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ((1996, 1, 31), 1, (1996, 2, 29)),
        ((1995, 1, 31), 1, (1995, 2, 28)),
        ((1996, 2, 29), 12, (1997, 2, 28)),
        ((2031, 11, 30), 3, (2032, 2, 29)),
        ((1995, 8, 20), 6, (1996, 2, 20)),
        ((9999, 12, 1), 1, (9999, 12, 31)),
    ],
)
def test_a_day_some_months_on(day: tuple[int, int, int], months: int, expected: tuple[int, int, int]) -> None:
    assert months_on(date(*day), months) == date(*expected)


def test_the_longest_is_never_exceeded_and_is_met() -> None:
    days = [date(1995, 1, 1) + timedelta(days=n) for n in range(4 * 366)]
    for months in (1, 2, 3, 6, 12, 24):
        found = {(months_on(day, months) - day).days for day in days}
        assert max(found) == longest(months)
        assert longest(months) - min(found) <= 4


def test_spans_of_months_are_read() -> None:
    assert [Duration.parse(text).months for text in ("1m", "6 months", "1y", "2 years", "7d")] == [1, 6, 12, 24, 0]
    assert str(Duration.parse("1m")) == "1 month"
    assert str(Duration.parse("1y")) == "12 months"
    assert Duration.parse("72h") == Duration(3, 3, 3, hours=72)
    assert Duration.parse("36h") == Duration(2, 2, 2, hours=36)
    for bad, said in (
        ("0m", "at least a month"),
        ({"assumed": "1m"}, "no text gives its months"),
    ):
        with pytest.raises(ValueError, match=said):
            Duration.parse(bad)


MONTHLY = [{
    "id": "reports", "title": "A report a month", "kind": "recurrent", "debtor": "red", "from": "2020-01-31",
    "until": "2020-07-31", "every": "1m", "then": {"type": ["statement"], "actor": "red"},
}]  # fmt: skip


def test_monthly_duties_keep_their_day_through_february() -> None:
    events = [
        {"id": "e1", "date": "2020-02-28", "type": "statement", "actor": "red"},  # first: 31 January to 28 February
        {"id": "e2", "date": "2020-03-30", "type": "statement", "actor": "red"},  # second: 29 February to 30 March
        {"id": "e3", "date": "2020-05-30", "type": "statement", "actor": "red"},  # fourth: 30 April to 30 May
    ]
    made = build(MONTHLY, events)
    (row,) = ledger(made, "red-tells", on=date(2020, 5, 31))
    assert (row.kept, row.broken, str(row.due)) == (3, 1, "2020-06-29")
    assert row.rule == "1 of 4 periods of 1 month without it"


def test_a_month_after_the_trigger_ends_on_its_day_of_the_month() -> None:
    terms = [{
        "id": "leaves", "title": "Leaves a month after", "kind": "achieve", "debtor": "red", "from": "2020-01-01",
        "when": {"type": ["offensive"], "actor": "blue"}, "then": {"type": ["withdrawal"], "actor": "red"},
        "within": "1m",
    }]  # fmt: skip
    made = build(terms, [{"id": "e1", "date": "2020-01-30", "type": "offensive", "actor": "blue"}])
    (row,) = ledger(made, "red-tells", on=date(2020, 2, 29))
    assert (row.verdict, str(row.due)) == ("detached", "2020-02-29")
    (row,) = ledger(made, "red-tells", on=date(2020, 3, 1))
    assert row.verdict == "violated"
    both = build(terms, [
        {"id": f"e{d}", "date": f"2020-01-{d}", "type": "offensive", "actor": "blue"} for d in (28, 30, 31)
    ])  # fmt: skip
    (row,) = ledger(both, "red-tells", on=date(2020, 3, 1))
    assert (row.begun, row.broken) == (2, 2)  # of the 30th and the 31st, which fall due on one day, one instance


CALLED_IN = """
- {id: truce, title: T, kind: maintain, debtor: blue, from: 2020-01-01, forbid: {type: shelling}}
- {id: act, title: T, kind: achieve, debtor: red, from: 2020-01-01, within: 1m,
   when: {commitment: truce, state: violated}, then: {type: withdrawal}}
- {id: guns, title: T, kind: quantity, debtor: red, from: 2020-01-01, within: 1m, amount: {value: 3, unit: guns},
   when: {commitment: truce, state: violated}, then: {type: weapons-withdrawn}}
- {id: report, title: T, kind: recurrent, debtor: red, from: 2020-01-01, every: 1m,
   when: {commitment: truce, state: violated}, then: {type: statement}}
"""


@pytest.mark.parametrize(
    "broken_on",
    ["2020-01-28", "2020-01-29", "2020-01-30", "2020-01-31", "2020-02-01", "2020-02-28", "2020-02-29", "2020-03-31"],
)
def test_a_month_after_a_breach_counts_from_the_day_of_the_breach(broken_on: str) -> None:
    empty = build([], [])
    row = {"id": "e1", "date": broken_on, "type": "shelling", "actor": "blue"}
    made = replace(empty, commitments=records(Commitment, CALLED_IN), events=records(Event, [row]))
    last = months_on(date.fromisoformat(broken_on), 1)
    in_time = {r.commitment: r.broken for r in ledger(made, "red-tells", on=last)}
    late = {r.commitment: r.broken for r in ledger(made, "red-tells", on=last + timedelta(days=1))}
    assert (in_time["act"], in_time["guns"], in_time["report"]) == (0, 0, 0)
    assert (late["act"], late["guns"], late["report"]) == (1, 1, 1)
