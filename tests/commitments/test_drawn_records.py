"""The automaton against the slow interpreter on dense records, every kind of commitment with every feature."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from drawn_records import ENDS, FEATURES, KINDS, Draw
from interpreter import Interpreter
from ledger_case import Tells
from record_state import daily_counts
from test_completions import LAST, pinned
from test_completions import build as build_disputed
from test_oracle import DAYS, FIRST, Standing, both_completions, build, by_automaton, standing
from thorough import THOROUGH

from standoff.case.model import Case
from standoff.commitments.engine.arrays import initial
from standoff.commitments.engine.automaton import step
from standoff.commitments.engine.blocks import older
from standoff.commitments.engine.run import _much_older, run_counts, run_facts
from standoff.commitments.monitor import evaluate, opening_state
from standoff.commitments.patterns.compiler import compile_schedule, follow
from standoff.commitments.patterns.coverage import unseen
from standoff.commitments.patterns.pattern import Matcher

HALF = len(KINDS) * len(FEATURES) // 2
SEEDS = range(24 if THOROUGH else 4)
LONG = 130  # days of a record with spans of months
Days = list[dict[str, Standing]]


def differences(found: Days, expected: Days) -> tuple[int, dict[str, tuple[Standing, Standing]]] | None:
    """Return the first day on which two tellings differ, and how."""
    for n, (one, other) in enumerate(zip(found, expected, strict=True)):
        if wrong := {name: (one[name], other[name]) for name in other if one[name] != other[name]}:
            return n, wrong
    return None


def dense(seed: int, events: int) -> Case:
    draw = Draw(seed, FIRST)
    return build(draw.commitments(HALF, offset=seed % 2 * HALF), draw.log(events, DAYS))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_day_of_a_dense_record_stands_as_the_prose_says(seed: int) -> None:
    made = dense(seed, 26)
    events = list(made.events.values())
    assert differences(by_automaton(made, events), Interpreter(made, FIRST).run(events, DAYS)) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_a_dense_day_is_never_assumed(seed: int) -> None:
    draw = Draw(100 + seed, FIRST)
    made = build(draw.commitments(HALF, features=ENDS), draw.log(40, DAYS))
    events = list(made.events.values())
    expected, found = Interpreter(made, FIRST, ("harsh", "lenient")).both(events, DAYS), both_completions(made, events)
    assert [differences(found[side], expected[side]) for side in expected] == [None, None]


@pytest.mark.parametrize("seed", range(200, 200 + len(SEEDS) // 2))
def test_a_long_record_with_spans_of_months_and_of_many_days_stands_as_the_prose_says(seed: int) -> None:
    first = date(2020, 1, 27) if seed % 2 else date(2023, 1, 28)  # before 30 and 31 January, in and out of leap years
    draw = Draw(seed, first, scale=13 if seed % 2 else 5, months=bool(seed % 2))
    made = build(draw.commitments(HALF // 2, offset=seed % 4 * (HALF // 2)), draw.log(40, LONG))
    events = list(made.events.values())
    plan = compile_schedule(made, first=first)
    counts = daily_counts(plan, Matcher(made), events, LONG)
    active, told = follow(plan, [Tells()])
    state, rested = (initial(plan, 1, active=active, own_reading=told) for _ in range(2))
    found: Days = []
    for n in range(LONG):
        step(plan, state, n, counts[n][None])
        found.append({s.commitment: standing(state, 0, i, first) for i, s in enumerate(plan.slots)})
    assert differences(found, Interpreter(made, first).run(events, LONG)) is None
    run_counts(plan, rested, {n: counts[n][None] for n in range(LONG) if counts[n].any()}, LONG)
    assert {s.commitment: standing(rested, 0, i, first) for i, s in enumerate(plan.slots)} == found[-1]


@pytest.mark.parametrize("seed", range(300, 300 + len(SEEDS)))
def test_days_of_a_dense_and_disputed_record_that_are_rested_on_change_nothing(seed: int) -> None:
    draw = Draw(seed, FIRST)
    terms, rows = draw.commitments(HALF, offset=seed % 2 * HALF), draw.log(9, DAYS)
    for row in rows[:4]:  # on some day of a few
        first = date.fromisoformat(row["date"])
        row["date"] = f"{first}/{min(first + timedelta(days=3), LAST)}"
    made = pinned(build_disputed(terms, rows, 3))
    if seed % 4 > 1:
        made = replace(made, coverage=(replace(made.coverage[0], to=type(made.about.period).parse("2020-01-12")),))
    run = evaluate(made, on=LAST)
    slow, marks = opening_state(run.schedule, run.tellings), {}
    blind = unseen(run.schedule, made, run.matcher.geography, DAYS)
    run_facts(run.schedule, slow, run.facts, DAYS, unwatched=blind, marks=marks, rest=False)
    for name in ("state", "since", "waiting", "begun", "kept", "broken", "breaches", "first_broken", "remedied",
                 "paused", "live", "suspended"):  # fmt: skip
        assert (getattr(slow, name) == getattr(run.state, name)).all(), name
    assert marks == run.marks
    assert marks


@pytest.mark.parametrize("offset", range(0, 2 * HALF, 2))
def test_a_few_promises_alone_that_are_rested_on_stand_where_stepping_leaves_them(offset: int) -> None:
    draw = Draw(400 + offset, FIRST)
    made = build(draw.commitments(2, offset=offset), draw.log(3, DAYS))
    plan = compile_schedule(made, first=FIRST)
    counts = daily_counts(plan, Matcher(made), list(made.events.values()), DAYS)
    slow, rested = initial(plan, 1), initial(plan, 1)
    for n in range(DAYS):
        step(plan, slow, n, counts[n][None])
    run_counts(plan, rested, {n: counts[n][None] for n in range(DAYS) if counts[n].any()}, DAYS)
    for name in ("state", "since", "waiting", "begun", "kept", "broken", "breaches", "first_broken", "remedied",
                 "paused", "live", "suspended", "pending"):  # fmt: skip
        assert (getattr(slow, name) == getattr(rested, name)).all(), name


@pytest.mark.parametrize("days", [1, 5, 63, 64, 65, 130, 200])
def test_many_days_older_at_once_is_a_day_older_so_many_times(days: int) -> None:
    rng = np.random.default_rng(days)
    bits = rng.integers(0, 2**64, (3, 4, 3), np.uint64)
    ages = rng.integers(0, 2, (3, 4)).astype(np.bool_)
    slow, fast = bits.copy(), bits.copy()
    for _ in range(days):
        older(slow, ages)
    _much_older(fast, ages, days)
    assert (slow == fast).all()
