"""The automaton against the slow interpreter, on made-up commitments and logs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from interpreter import Interpreter
from ledger_case import Tells, case, records
from numpy.typing import NDArray
from record_state import daily_counts
from thorough import examples

from standoff.case.model import Case, Event
from standoff.case.terms import Commitment
from standoff.commitments.engine.arrays import Schedule, State, initial
from standoff.commitments.engine.automaton import step
from standoff.commitments.engine.states import STATES
from standoff.commitments.patterns.compiler import compile_schedule, follow
from standoff.commitments.patterns.facts import Reports, gather
from standoff.commitments.patterns.pattern import Matcher, log_of

FIRST = date(2020, 1, 1)
DAYS = 26
Record = dict[str, Any]
ALLIES: tuple[Record, ...] = (
    {},
    {"red": ["band"]},
    {"blue": ["blue-militia", "wing"]},
    {"red": [{"actor": "wing", "from": "2020-01-06", "until": "2020-01-15"}]},
)

KINDS = ("achieve", "achieve", "maintain", "maintain", "quantity", "recurrent", "permission")
TYPES = ("shelling", "airstrike", "withdrawal", "patrol", "offensive", "statement", "prisoner-release")
WHO = ("red", "blue", "red-militia", "band", "wing")


def day(n: int) -> str:
    return (FIRST + timedelta(days=n)).isoformat()


def drop_none(given_: Record) -> Record:
    return {k: v for k, v in given_.items() if v is not None}


def patterns(depth: int = 1) -> st.SearchStrategy[Record]:
    """Patterns of single events, some with alternatives, parts or a negation inside."""
    own = st.fixed_dictionaries(
        {"type": st.lists(st.sampled_from(TYPES), min_size=1, max_size=2, unique=True)},
        optional={
            "actor": st.sampled_from(("red", "blue")),
            "target": st.sampled_from(("red", "blue", "band")),
            "within": st.sampled_from(("north", "south")),
        },
    )
    if depth == 0:
        return own
    inner = patterns(depth - 1)
    more = st.tuples(own, inner).map(lambda p: {**p[0], "not": p[1]})
    either = st.tuples(inner, inner).map(lambda p: {"any": list(p)})
    return st.one_of(own, own, more, either)


def conditions(names: tuple[str, ...]) -> st.SearchStrategy[Record]:
    """Conditions: events, thresholds, absence by a day, states of other commitments, and both together."""
    threshold = st.tuples(patterns(0), st.integers(2, 3), st.integers(2, 9)).map(
        lambda p: {**p[0], "at_least": str(p[1]), "per": f"{p[2]}d"}
    )
    absent = st.tuples(patterns(0), st.integers(3, 15)).map(lambda p: {"not": p[0], "by": day(p[1])})
    kinds = [patterns(), patterns(), threshold, absent]
    if names:
        state = st.tuples(
            st.sampled_from(names), st.sampled_from(("violated", "satisfied", "done", "detached", "superseded"))
        ).map(lambda p: {"commitment": p[0], "state": p[1]})
        kinds += [state, st.tuples(state, patterns(0)).map(lambda p: {"all": list(p)})]
    return st.one_of(*kinds)


def exceptions(names: tuple[str, ...]) -> st.SearchStrategy[Record]:
    """Exceptions: events, a list, and, where there are other commitments, what holds only in a state of theirs."""
    plain = st.one_of(patterns(0), st.just({"listed": "the-list"}))
    if not names:
        return plain
    state = st.tuples(st.sampled_from(names), st.sampled_from(("violated", "satisfied", "detached"))).map(
        lambda p: {"commitment": p[0], "state": p[1]}
    )
    gated = st.one_of(state, st.tuples(state, patterns(0)).map(lambda p: {**p[1], **p[0]}))
    return st.one_of(plain, gated, st.lists(st.one_of(plain, gated), min_size=2, max_size=3).map(lambda p: {"any": p}))


def _listed() -> st.SearchStrategy[Record]:
    """What several owe, or several kinds of it."""
    return st.fixed_dictionaries(
        {
            "type": st.lists(st.sampled_from(TYPES), min_size=2, max_size=3, unique=True),
            "actor": st.lists(st.sampled_from(("red", "blue", "band")), min_size=2, max_size=3, unique=True),
        }
    )


@st.composite
def commitments(draw: st.DrawFn) -> list[Record]:
    made: list[Record] = []
    for n in range(draw(st.integers(1, 4))):
        others = tuple(c["id"] for c in made)
        kind = draw(st.sampled_from(KINDS))
        start = draw(st.integers(0, 6))
        one: Record = {
            "id": f"c{n}",
            "title": "T",
            "kind": kind,
            "debtor": draw(st.sampled_from(("red", "blue"))),
            "agreement": draw(st.sampled_from(("", "pact"))),
            "from": day(start),
            "when": draw(st.one_of(st.none(), conditions(others))),
            "until": draw(st.one_of(st.none(), st.integers(start, 22).map(day))),
        }
        if kind in ("achieve", "maintain", "quantity"):
            one["within"] = draw(st.one_of(st.none(), st.integers(0, 8).map(lambda d: f"{d}d")))
        if kind == "quantity":
            unit = draw(st.sampled_from(("guns", "share", "prisoners")))
            value = draw(st.sampled_from(("0.5", "1"))) if unit == "share" else str(draw(st.integers(1, 3)))
            one["amount"] = {"value": value, "unit": unit}
        if kind in ("achieve", "quantity"):
            one["early"] = draw(st.sampled_from((None, None, "counts", "anew")))
            one["adverse"] = draw(st.sampled_from((None, None, None, "true"))) if one["early"] is None else None
            one["by"] = draw(st.one_of(st.none(), st.integers(start, 20).map(day)))
            one["then"] = draw(patterns())
        elif kind == "maintain":
            one["forbid"] = draw(patterns())
            one["except"] = draw(st.one_of(st.none(), exceptions(others)))
            one["answers_for"] = draw(st.sampled_from(ALLIES))
        else:
            one["then"] = draw(patterns())
            one["every"] = f"{draw(st.integers(1, 6))}d"
        if others:
            one["while"] = draw(
                st.one_of(
                    st.none(),
                    st.sampled_from(others).map(lambda o: {"not": {"commitment": o, "state": "violated"}}),
                )
            )
            one["supersedes"] = draw(st.one_of(st.none(), st.sampled_from(others)))
        if kind in ("achieve", "quantity") and draw(st.integers(0, 3)) == 0:
            one["then"] = draw(_listed())
            one["each" if kind == "achieve" else "distinct"] = draw(st.sampled_from(("actor", "type")))
        elif kind == "achieve" and draw(st.integers(0, 5)) == 0:
            one["then"] = {"all": [{"type": ["withdrawal"], "actor": a} for a in ("red", "blue")]}
        if kind in ("achieve", "quantity") and draw(st.integers(0, 3)) == 0:
            one["verify"] = draw(patterns(0))
        for role in ("suspend", "resume", "release", "cancel"):
            if draw(st.integers(0, 3)) == 0:
                one[role] = draw(patterns(0))
        if "release" in one and draw(st.booleans()):
            one["reopen"] = draw(patterns(0))
        made.append(drop_none(one))
    return made


def logs(most: int = 14) -> st.SearchStrategy[list[Record]]:
    event = st.fixed_dictionaries(
        {
            "date": st.integers(0, DAYS - 1).map(day),
            "type": st.sampled_from(TYPES),
            "actor": st.sampled_from(WHO),
            "target": st.sampled_from(WHO),
            "sector": st.sampled_from(("north", "south")),
        }
    )
    return st.lists(event, max_size=most).map(lambda rows: [{"id": f"e{n}", **row} for n, row in enumerate(rows)])


def numbered_logs(most: int = 14) -> st.SearchStrategy[list[Record]]:
    """Logs of which some reports tell a number, or a range, and what it counts."""
    number = st.one_of(
        st.just({}),
        st.tuples(st.sampled_from((0.25, 0.5, 1, 2)), st.sampled_from((0, 0.5, 1))).map(
            lambda p: {"low": str(p[0]), "high": str(p[0] + p[1])}
        ),
        st.sampled_from((1, 2)).map(lambda low: {"low": str(low)}),
    )
    words = st.sampled_from(("", "", "guns", "prisoners", "detainees", "people"))
    told = st.lists(st.tuples(number, words), min_size=most, max_size=most)
    return st.tuples(logs(most), told).map(
        lambda p: [
            {**row, **more, "counted": counted} for row, (more, counted) in zip(p[0], p[1][: len(p[0])], strict=True)
        ]
    )


EMPTY = case(agreements="- {id: pact, title: Pact, parties: [red, blue], date: 2020-01-03}")


def build(terms: list[Record], rows: list[Record]) -> Case:
    return replace(EMPTY, commitments=records(Commitment, terms), events=records(Event, rows))


Standing = tuple[str, int, int, int, int, date | None]  # state, begun, kept, broken, breaches, made up for on (R7)


def standing(state: State, column: int, slot: int, first: date = FIRST) -> Standing:
    counts = (int(getattr(state, k)[column, slot]) for k in ("begun", "kept", "broken", "breaches"))
    day = int(state.remedied[column, slot])
    return STATES[state.state[column, slot]], *counts, None if day < 0 else first + timedelta(days=day)  # type: ignore[return-value]


def by_automaton(made: Case, events: list[Event]) -> list[dict[str, Standing]]:
    plan = compile_schedule(made, first=FIRST)
    counts = daily_counts(plan, Matcher(made), events, DAYS)
    active, told = follow(plan, [Tells()])
    state = initial(plan, 1, active=active, own_reading=told)
    out = []
    for n in range(DAYS):
        step(plan, state, n, counts[n][None])
        out.append({s.commitment: standing(state, 0, i) for i, s in enumerate(plan.slots)})
    return out


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(commitments(), logs())
def test_every_day_stands_as_the_prose_says(terms: list[Record], rows: list[Record]) -> None:
    made = build(terms, rows)
    events = list(made.events.values())
    expected = Interpreter(made, FIRST).run(events, DAYS)
    found = by_automaton(made, events)
    for n in range(DAYS):
        assert found[n] == expected[n], day(n)


def amounts_by_day(plan: Schedule, matcher: Matcher, events: list[Event]) -> NDArray[np.float32]:
    """How much the events of each signal add on each day, at least and at most: [days, 2, signals]."""
    log, everyone = log_of(events), np.ones(len(events), np.uint64)
    reports = Reports(log, everyone, np.zeros(len(events), np.uint64), 1)
    out = np.zeros((DAYS, 2, len(plan.signals)), np.float32)
    for n, by_signal in gather(plan, matcher, reports).amounts.items() if events else ():
        for signal, both in by_signal.items():
            out[n, :, signal] = both[:, 0]
    return out


def both_completions(made: Case, events: list[Event]) -> dict[str, list[dict[str, Standing]]]:
    plan = compile_schedule(made, first=FIRST)
    matcher = Matcher(made)
    counts = daily_counts(plan, matcher, events, DAYS)
    amounts = amounts_by_day(plan, matcher, events)
    active, told = follow(plan, [Tells(), Tells()])
    harsh, partner = np.array([True, False]), np.array([1, 0], np.intp)
    state = initial(plan, 2, active=active, own_reading=told, harsh=harsh, partner=partner)
    out: dict[str, list[dict[str, Standing]]] = {"harsh": [], "lenient": []}
    for n in range(DAYS):
        today = np.stack([counts[n], counts[n]])
        step(plan, state, n, today, today.copy(), amounts=amounts[n])
        for column, side in enumerate(out):
            out[side].append({s.commitment: standing(state, column, i) for i, s in enumerate(plan.slots)})
    return out


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(commitments(), numbered_logs())
def test_the_order_of_a_day_is_never_assumed(terms: list[Record], rows: list[Record]) -> None:
    made = build(terms, rows)
    events = list(made.events.values())
    expected = Interpreter(made, FIRST, ("harsh", "lenient")).both(events, DAYS)
    found = both_completions(made, events)
    for n in range(DAYS):
        for side in ("harsh", "lenient"):
            assert found[side][n] == expected[side][n], (side, day(n))


@settings(max_examples=examples(10))
@given(commitments(), logs(), st.randoms(use_true_random=False))
def test_the_order_of_reports_does_not_matter(terms: list[Record], rows: list[Record], random: Any) -> None:
    made = build(terms, rows)
    events = list(made.events.values())
    shuffled = events.copy()
    random.shuffle(shuffled)
    assert by_automaton(made, shuffled) == by_automaton(made, events)


@settings(max_examples=examples(12))
@given(commitments(), logs())
def test_time_alone_never_takes_a_breach_back(terms: list[Record], rows: list[Record]) -> None:
    made = build(terms, rows)
    found = by_automaton(made, list(made.events.values()))
    for before, after in pairwise(found):
        for name in before:
            assert all(after[name][k] >= before[name][k] for k in (1, 2, 3, 4)), name


def test_the_interpreter_and_the_automaton_are_not_the_same_code() -> None:
    import interpreter
    import single_events

    used = [*vars(interpreter).values(), *vars(single_events).values()]
    assert not any("standoff.commitments" in getattr(v, "__module__", "") for v in used)


@pytest.mark.parametrize("columns", [1, 5])
def test_columns_do_not_touch_each_other(columns: int) -> None:
    rng = np.random.default_rng(7)
    made = build(
        [
            {"id": "c0", "title": "T", "kind": "maintain", "debtor": "red", "from": day(0),
             "forbid": {"type": ["shelling"]}},
            {"id": "c1", "title": "T", "kind": "achieve", "debtor": "blue", "from": day(0), "within": "2d",
             "when": {"commitment": "c0", "state": "violated"}, "then": {"type": ["airstrike"]}},
        ],
        [],
    )  # fmt: skip
    plan = compile_schedule(made, first=FIRST)
    counts = rng.integers(0, 2, (DAYS, columns, len(plan.signals))).astype(np.float32)
    together = initial(plan, columns)
    apart = [initial(plan, 1) for _ in range(columns)]
    for n in range(DAYS):
        step(plan, together, n, counts[n])
        for k, one in enumerate(apart):
            step(plan, one, n, counts[n, k : k + 1])
    for k, one in enumerate(apart):
        assert (together.state[k] == one.state[0]).all()
        assert (together.broken[k] == one.broken[0]).all()
