"""Observance: rates before and since, ranges for counts that cluster, and what is said where nothing is a count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_case import case
from thorough import examples

from standoff.case.model import Case, Coverage, Event
from standoff.case.reports import Incident
from standoff.commitments.ledger import ledger
from standoff.commitments.monitor import evaluate
from standoff.commitments.observance import Observance, Window, _ratio, observance_data, observances
from standoff.values import When
from standoff.views.lines.observance import observance_lines, observance_sentence

TRUCE = """
- {id: truce, title: Red holds its fire in the north, kind: maintain, debtor: red, creditor: blue, from: 2020-06-01,
   forbid: {type: shelling, actor: red, target: blue, within: north}}
"""
START = date(2020, 6, 1)


def shell(number: int, day: date, place: str = "northtown", actor: str = "red", **more: object) -> Event:
    base = {"type": "shelling", "actor": (actor,) if actor else (), "target": ("blue",), "place": (place,)}
    return Event(id=f"e{number}", date=When.parse(day), **{**base, **more})  # type: ignore[arg-type]


def weeks(*counts: int, first: date) -> list[Event]:
    """So many shells in each week from a day on."""
    days = [first + timedelta(7 * week + k % 7) for week, many in enumerate(counts) for k in range(many)]
    return [shell(n, day) for n, day in enumerate(days)]


def observed(one: Case, on: date = date(2020, 6, 28), log: list[Event] | None = None) -> Observance:
    return observances(evaluate(one, ["red-tells"], on=on, events=log))["truce"]


def with_events(events: list[Event], **more: object) -> Case:
    return replace(case(TRUCE, **more), events={e.id: e for e in events})  # type: ignore[arg-type]


def test_rates_since_and_before_with_the_last_breach() -> None:
    events = weeks(*[1] * 48, *[4] * 4, *[2] * 4, first=START - timedelta(364))
    one = observed(with_events(events))
    assert one.basis == "coverage"
    assert (one.since.incidents, one.before.incidents, one.year.incidents) == (8, 16, 64)
    assert (one.since.per_week, one.before.per_week) == (2.0, 4.0)
    assert [round(r.value or 0, 2) for r in one.ratios] == [0.5, 1.63]
    assert all(r.low is not None and r.low < (r.value or 0) < (r.high or 0) for r in one.ratios)
    assert (one.last_breach, one.quiet, one.age) == (date(2020, 6, 23), 5, 27)
    assert (one.areas, one.parties) == ({"north": (8, 16, 64)}, {"Red": (8, 16, 64)})


def test_a_selection_has_no_rate_and_says_so() -> None:
    one = observed(with_events(weeks(4, 4, first=START), coverage=[]))
    assert (one.basis, one.since.incidents, one.since.per_week, one.ratios) == ("selection", 8, None, ())
    words = observance_sentence(observance_data(one) or {})
    assert words.startswith("8 recorded since 1 Jun 2020, all certain: not a count; last certain breach 11 Jun 2020")
    assert any("a selection" in line for line in observance_lines(observance_data(one) or {}))


def test_a_change_of_coverage_is_said() -> None:
    later = Coverage(source="monitor", types=(), from_=When.parse("2020-05-25"), to=When.parse("2021-01-01"))
    one = observed(with_events(weeks(1, first=START), coverage=[later]))
    assert one.basis == "selection"
    assert any(note.startswith("coverage changes: 7 of the 365 days") for note in one.notes)


def test_a_log_that_spans_both_periods_is_counted_alone() -> None:
    log = [replace(e, id=f"log-{e.id}") for e in weeks(*[3] * 4, *[1] * 4, first=START - timedelta(28))]
    record = weeks(5, first=START)
    one = observed(with_events(record, coverage=[]), on=date(2020, 6, 26), log=log)
    assert (one.basis, one.since.incidents, one.before.incidents) == ("log", 4, 12)
    assert one.year.per_week is None
    assert "the log begins on 2020-05-04: the days from 2019-06-02 are not compared" in one.notes
    late = [e for e in log if (e.date.start or START) >= START]
    young = observed(with_events(record, coverage=[]), log=late)  # it is counted, and compared with nothing
    assert (young.basis, young.since.incidents, young.before.per_week, young.ratios) == ("log", 4, None, ())
    gap = START + timedelta(14)
    begun = observed(with_events(record, coverage=[]), log=[e for e in log if (e.date.start or START) >= gap])
    assert (begun.basis, begun.since.first, begun.since.incidents) == ("log", gap, 2)
    assert f"the log begins on {gap}: counted from then" in begun.notes


@pytest.mark.parametrize("kind", ["shelling", "assault"])
@pytest.mark.parametrize(("actor", "counted"), [("red", True), ("", True), ("blue", False)])
def test_a_log_that_never_names_who_is_bound_says_nothing_of_them(kind: str, actor: str, counted: bool) -> None:
    days = [START - timedelta(28) + timedelta(3 * n) for n in range(18)]
    log = [shell(n, day, actor=actor, type=kind, target=("green",)) for n, day in enumerate(days)]
    one = observed(with_events(weeks(5, first=START), coverage=[]), log=log)
    assert (one.basis == "log") == counted
    assert any(note.startswith("no row of the log names those whom this binds") for note in one.notes) != counted
    if not counted:
        assert observance_sentence(observance_data(one) or {}).startswith("5 recorded since 1 Jun 2020")


elsewhere = st.lists(
    st.tuples(
        st.integers(0, 500), st.sampled_from(["shelling", "protest", "clash"]), st.sampled_from(["red", "blue", ""])
    ),
    max_size=12,
)


@settings(max_examples=examples(40), deadline=None)
@given(elsewhere, st.booleans())
def test_a_log_of_another_area_changes_nothing(rows: list[tuple[int, str, str]], counted: bool) -> None:
    events = weeks(1, 0, 2, 1, first=START - timedelta(14))
    one = with_events(events, **({} if counted else {"coverage": []}))
    log = [
        replace(shell(n, date(2019, 6, 1) + timedelta(day), "southtown", actor, type=kind), id=f"log-{n}")
        for n, (day, kind, actor) in enumerate(rows)
    ]
    assert observed(one, log=log) == observed(one)


def test_versions_count_once_and_certainly_where_every_version_breaks_it() -> None:
    both = {"variant_of": "v"}
    one = with_events([shell(1, START, **both), shell(2, START + timedelta(1), **both)])
    assert (observed(one).since.incidents, observed(one).since.certain) == (1, 1)
    blue = with_events([shell(1, START, **both), shell(2, START, actor="blue", **both)])
    assert (observed(blue).since.incidents, observed(blue).since.certain) == (1, 0)
    assert observed(blue).last_breach is None


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=3))
def test_merging_takes_no_certain_breach_away_where_every_version_breaks_it(pairs: list[tuple[int, int]]) -> None:
    days = [START + timedelta(d) for pair in pairs for d in pair]
    apart = with_events([shell(n, day) for n, day in enumerate(days)])
    merges = {f"i{n}": Incident(id=f"i{n}", reports=(f"e{2 * n}", f"e{2 * n + 1}")) for n in range(len(pairs))}
    joined = replace(apart, incidents=merges)
    before, after = (next(r for r in ledger(c, "red-tells", on=date(2020, 7, 1))) for c in (apart, joined))
    assert before.verdict == after.verdict == "violated"
    assert after.breaches == len(pairs)
    assert observed(joined, on=date(2020, 7, 1)).since.certain == len(pairs)


def window(incidents: int, days: int) -> Window:
    return Window(
        first=START, last=START + timedelta(days - 1), incidents=incidents, certain=0, watched=True, per_week=1.0
    )


def test_the_range_holds_the_true_ratio_about_as_often_as_it_says() -> None:
    """Counts by week from a negative binomial with variance three times the mean, 26 weeks against 26."""
    from standoff.commitments.observance import _dispersion, _Incident

    rng = np.random.default_rng(7)
    hits = {"clustered": 0, "poisson": 0}
    for _ in range(600):
        counts = rng.negative_binomial(3, 1 / 3, 52)  # mean 6, variance 18
        first = START - timedelta(182)
        some = [_Incident(*[first + timedelta(7 * w)] * 3, True, ()) for w, n in enumerate(counts) for _ in range(n)]
        a = replace(window(int(counts[26:].sum()), 182), first=START)
        b = replace(window(int(counts[:26].sum()), 182), first=first, last=START - timedelta(1))
        for name, spread in (("clustered", _dispersion(some, a, b)), ("poisson", 1.0)):
            ratio = _ratio(a, b, spread)
            hits[name] += (ratio.low or 0) <= 1 <= (ratio.high or 0)
    assert 0.86 <= hits["clustered"] / 600 <= 0.94
    assert hits["poisson"] / 600 < 0.75


@pytest.mark.parametrize(("a", "b"), [(0, 0), (0, 5), (5, 0)])
def test_nothing_in_a_period_gives_no_false_ratio(a: int, b: int) -> None:
    ratio = _ratio(window(a, 28), window(b, 28), 1.0)
    assert (ratio.low is None) == (a == b == 0)
    assert ratio.value == (None if b == 0 else a / b)
