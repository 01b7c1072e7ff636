"""The automaton on small made-up logs, one question a test."""

from __future__ import annotations

import pickle
from datetime import date

import numpy as np
from ledger_case import Tells, case
from record_state import daily_counts

from standoff.case.model import Case
from standoff.commitments.engine.arrays import Schedule, State, initial
from standoff.commitments.engine.automaton import step
from standoff.commitments.engine.states import STATES
from standoff.commitments.patterns.compiler import compile_schedule, emissions, follow
from standoff.commitments.patterns.pattern import Emitted, Matcher

FIRST = date(2020, 1, 1)


def play(made: Case, days: int, columns: int = 1) -> tuple[Schedule, State]:
    schedule = compile_schedule(made, first=FIRST)
    counts = daily_counts(schedule, Matcher(made), list(made.events.values()), days)
    active, told = follow(schedule, [Tells()] * columns)
    state = initial(schedule, columns, active=active, own_reading=told)
    for day in range(days):
        step(schedule, state, day, np.repeat(counts[day][None], columns, 0))
    return schedule, state


def at(made: Case, day: int, commitment: str) -> str:
    """The state of the text of a commitment at the end of a day of January 2020."""
    schedule, state = play(made, day)
    return STATES[state.state[0, schedule.of(commitment, "")[0]]]


TRUCE = """
- {id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-03, until: 2020-01-20, forbid: {type: shelling}}
"""


def test_an_event_before_the_first_day_breaks_nothing_and_later_ones_are_counted() -> None:
    made = case(
        TRUCE,
        """
- {id: e1, date: 2020-01-02, type: shelling, actor: red}
- {id: e2, date: 2020-01-05, type: shelling, actor: red-militia}
- {id: e3, date: 2020-01-07, type: shelling, actor: blue}
- {id: e4, date: 2020-01-09, type: shelling, actor: red}
""",
    )
    assert [at(made, d, "truce") for d in (2, 3, 4, 5, 25)] == [
        "not-yet",
        "detached",
        "detached",
        "violated",
        "violated",
    ]
    schedule, state = play(made, 25)
    slot = schedule.of("truce")[0]
    assert (state.breaches[0, slot], state.broken[0, slot], state.kept[0, slot]) == (2, 1, 0)


def test_a_truce_nobody_breaks_is_satisfied_the_day_after_it_ends() -> None:
    made = case(TRUCE)
    assert [at(made, d, "truce") for d in (20, 21)] == ["detached", "satisfied"]


LINE = """
- id: line
  title: An attack on a post is answered
  kind: achieve
  adverse: true
  debtor: blue
  from: 2020-01-01
  when: {type: attack-on-post, target: blue}
  then: {type: strike, actor: blue}
  within: 2d
"""


def test_each_crossing_of_a_red_line_is_an_instance_of_its_own() -> None:
    made = case(
        LINE,
        """
- {id: e1, date: 2020-01-05, type: attack-on-post, actor: red, target: blue}
- {id: e2, date: 2020-01-06, type: airstrike, actor: blue, target: red}
- {id: e3, date: 2020-01-11, type: attack-on-post, actor: red, target: blue}
- {id: e4, date: 2020-01-13, type: attack-on-post, actor: red, target: blue}
- {id: e5, date: 2020-01-15, type: airstrike, actor: blue, target: red}
""",
    )
    days = (4, 5, 6, 11, 13, 14, 15)
    words = "conditional detached satisfied detached detached detached satisfied"
    assert [at(made, d, "line") for d in days] == words.split()
    schedule, state = play(made, 20)
    assert (state.begun[0, 0], state.kept[0, 0], state.broken[0, 0]) == (3, 2, 1)
    assert schedule.date(state.first_broken[0, 0]) == date(2020, 1, 14)


def test_an_ultimatum_falls_due_on_the_day_after_its_date_and_a_successor_closes_it() -> None:
    made = case("""
- id: first
  title: Withdraw by the 10th
  kind: achieve
  adverse: true
  debtor: blue
  from: 2020-01-01
  when: {not: {type: withdrawal, actor: red}, by: 2020-01-10}
  then: {type: offensive, actor: blue}
  within: 3d
""")
    assert [at(made, d, "first") for d in (10, 11, 14, 15)] == ["conditional", "detached", "detached", "violated"]
    moved = case(
        """
- id: first
  title: Withdraw by the 10th
  kind: achieve
  adverse: true
  debtor: blue
  from: 2020-01-01
  when: {not: {type: withdrawal, actor: red}, by: 2020-01-10}
  then: {type: offensive, actor: blue}
  within: 3d
- {id: second, title: At once, kind: achieve, adverse: true, debtor: blue, from: 2020-01-08, amends: first, within: 2d,
   then: {type: offensive, actor: blue}}
""",
        "- {id: e1, date: 2020-01-10, type: offensive, actor: blue, target: red}",
    )
    assert [at(moved, d, "first") for d in (7, 8, 20)] == ["conditional", "superseded", "superseded"]
    assert [at(moved, d, "second") for d in (7, 8, 10)] == ["not-yet", "detached", "satisfied"]


def test_a_demand_that_is_met_leaves_the_threat_untested() -> None:
    made = case(
        """
- {id: first, title: F, kind: achieve, adverse: true, debtor: blue, from: 2020-01-01, within: 3d,
   when: {not: {type: withdrawal, actor: red}, by: 2020-01-10}, then: {type: offensive, actor: blue}}
""",
        "- {id: e1, date: 2020-01-10, type: withdrawal, actor: red}",
    )
    assert at(made, 12, "first") == "expired"


def test_what_the_world_can_emit_is_matched_to_signals() -> None:
    made = case(TRUCE + LINE)
    schedule = compile_schedule(made, first=FIRST)
    roles = {(schedule.slots[slot].commitment, role): i for i, (slot, role) in enumerate(schedule.signals)}
    emitted = [
        Emitted("shelling", ("red",), ("blue",), ("south",)),
        Emitted("drone-attack", ("blue",), ("red",)),
        Emitted("attack-on-post", ("red",), ("blue",), ("south",)),
    ]
    reach = emissions(schedule, Matcher(made), emitted)
    expected = np.zeros_like(reach)
    expected[0, roles["truce", "bad"]] = True
    expected[1, roles["line", "then"]] = True
    expected[2, roles["line", "when"]] = True
    assert (reach == expected).all()


def test_a_state_that_was_sent_to_another_process_goes_on_as_if_it_had_stayed() -> None:
    made = case(TRUCE + LINE, "- {id: e1, date: 2020-01-05, type: shelling, actor: red}")
    schedule = compile_schedule(made, first=FIRST)
    counts = daily_counts(schedule, Matcher(made), list(made.events.values()), 30)
    stayed = initial(schedule, 1)
    for day in range(4):
        step(schedule, stayed, day, counts[day][None])
    sent = pickle.loads(pickle.dumps(stayed))  # noqa: S301 (our own bytes)
    copied = stayed.repeat(3)
    for state in (stayed, sent, copied):
        for day in range(4, 30):
            step(schedule, state, day, np.repeat(counts[day][None], state.columns, 0))
    assert (sent.state == stayed.state).all()
    assert (sent.broken == stayed.broken).all()
    assert (copied.state == stayed.state).all()
    assert STATES[sent.state[0, schedule.of("truce")[0]]] == "violated"
