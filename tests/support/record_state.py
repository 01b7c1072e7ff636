"""The recorded events of an account stepped day by day, the slow and obvious way: what runs must agree with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, Event
from standoff.commitments.engine.arrays import Schedule, State, initial
from standoff.commitments.engine.automaton import step
from standoff.commitments.patterns.compiler import follow, matched_pairs
from standoff.commitments.patterns.pattern import Matcher, log_of
from standoff.evidence.accounts import Telling, accepted


def daily_counts(schedule: Schedule, matcher: Matcher, events: Sequence[Event], days: int) -> NDArray[np.float32]:
    """Count the events of each signal on each day, [days, signals]; each event is taken as it is told, on its last day.

    A match that is only possible (a village on the line, an unnamed target) counts as one: the account tells it so. An
    event of a wider type than is asked for counts as none: no account tells that it was of that kind.
    """
    log = log_of(events, typed=True)
    counts = np.zeros((days, len(schedule.signals)), np.float32)
    day = log.last - schedule.first.toordinal()
    inside = (day >= 0) & (day < days)
    event, signal, _ = matched_pairs(schedule, matcher, log)
    kept = inside[event]
    np.add.at(counts, (day[event[kept]], signal[kept]), 1)
    return counts


def recorded_state(
    case: Case,
    schedule: Schedule,
    tellings: Sequence[Telling],
    until: date,
    *,
    as_of: date | None = None,
    matcher: Matcher | None = None,
) -> State:
    """Step the recorded events of each telling up to and including the day before ``until``; one column a telling.

    ``as_of`` (default: the day before ``until``) drops events not known by then. The state can be repeated or taken for
    simulated trajectories, whose first day is ``schedule.day(until)``.
    """
    as_known = until - timedelta(days=1) if as_of is None else as_of
    days = schedule.day(until)
    look = matcher or Matcher(case)
    active, own_reading = follow(schedule, tellings)
    counts: NDArray[Any] = np.zeros((days, len(tellings), len(schedule.signals)), np.float32)
    for column, telling in enumerate(tellings):
        counts[:, column] = daily_counts(schedule, look, accepted(case, telling, as_of=as_known), days)
    state = initial(schedule, len(tellings), active=active, own_reading=own_reading)
    for day in range(days):
        step(schedule, state, day, counts[day])
    return state
