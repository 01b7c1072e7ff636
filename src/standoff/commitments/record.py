"""From the record to where a simulation starts: the state of every slot after the recorded days, a column a telling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, Event
from standoff.commitments.arrays import Plan, State, initial
from standoff.commitments.automaton import step
from standoff.commitments.pattern import Matcher, log_of
from standoff.commitments.plan import follow
from standoff.commitments.sources import matched_pairs
from standoff.evidence.telling import Telling, accepted


def first_day(case: Case) -> date:
    """Return the day a plan should start on: that of the earliest commitment or event of the case."""
    days = [c.from_.start for c in case.commitments.values() if c.from_.start]
    days += [e.date.start for e in case.events.values() if e.date.start]
    return min(days, default=case.about.start.start or date.min)


def daily_counts(plan: Plan, matcher: Matcher, events: Sequence[Event], days: int) -> NDArray[np.float32]:
    """Count the events of each signal on each day, [days, signals]; each event is taken as it is told, on its last day.

    A match that is only possible (a village on the line, an unnamed target) counts as one: the account tells it so. An
    event of a wider type than is asked for counts as none: no account tells that it was of that kind.
    """
    log = log_of(events, typed=True)
    counts = np.zeros((days, len(plan.signals)), np.float32)
    day = log.last - plan.first.toordinal()
    inside = (day >= 0) & (day < days)
    event, signal, _ = matched_pairs(plan, matcher, log)
    kept = inside[event]
    np.add.at(counts, (day[event[kept]], signal[kept]), 1)
    return counts


def recorded_state(
    case: Case,
    plan: Plan,
    tellings: Sequence[Telling],
    until: date,
    *,
    as_of: date | None = None,
    matcher: Matcher | None = None,
) -> State:
    """Step the recorded events of each telling up to and including the day before ``until``; one column a telling.

    ``as_of`` (default: the day before ``until``) drops events not known by then. The state can be repeated or taken for
    simulated trajectories, whose first day is ``plan.day(until)``.
    """
    known = until - timedelta(days=1) if as_of is None else as_of
    days = plan.day(until)
    look = matcher or Matcher(case)
    active, told = follow(plan, tellings)
    counts: NDArray[Any] = np.zeros((days, len(tellings), len(plan.signals)), np.float32)
    for column, telling in enumerate(tellings):
        counts[:, column] = daily_counts(plan, look, accepted(case, telling, as_of=known), days)
    state = initial(plan, len(tellings), active=active, told=told)
    for day in range(days):
        step(plan, state, day, counts[day])
    return state
