"""The instances of a duty: each time it was called in, with the day, the last day to perform and what became of it.

Read off the days on which a row changed, in both completions. What the two have alike is certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from standoff.commitments.engine.arrays import FOREVER
from standoff.commitments.engine.run import Mark
from standoff.commitments.engine.states import STATES
from standoff.commitments.monitor import Evaluation
from standoff.oneline import OneLine
from standoff.values import months_on

_ONE_AT_A_TIME = ("maintain", "quantity", "permission")
MOST = 200  # instances that one row shows, the latest


@dataclass(frozen=True, slots=True, repr=False)
class Instance(OneLine):
    """One instance: ``state`` as for a row (``unknown`` where the completions differ), and three days.

    ``start``: the day that it counts from. ``due``: its last day, where it has one. ``decided``: the day on which it
    was kept or missed, or was first broken.
    """

    state: str
    start: date
    due: date | None
    decided: date | None


def instances(evaluation: Evaluation, slot: int, account: str) -> tuple[Instance, ...]:
    """Return the instances of a slot up to the day the ledger stands at, the first first; none of a ``recurrent``.

    Of what recurs the periods are counted in the row, and only the open one is due.
    """
    if evaluation.schedule.slots[slot].kind in ("recurrent", "permission"):
        return ()
    columns = [  # the optimistic one first, then both of each end of a range
        (column, end) for end in evaluation.schedule.ends_of(slot) for column in evaluation.columns(account)[::-1]
    ]
    by_day: dict[date, list[Instance]] = {}
    for column, end in columns:
        seen = set()
        for one in _of_column(evaluation, end, evaluation.marks.get((column, end), ())):
            if one.start not in seen:
                by_day.setdefault(one.start, []).append(one)
            seen.add(one.start)
    out = []
    for start, each in sorted(by_day.items()):
        alike = len(each) == len(columns) and len({one.state for one in each}) == 1
        out.append(each[0] if alike else Instance("unknown", start, each[0].due, None))
    return tuple(out[-MOST:])


def _of_column(evaluation: Evaluation, slot: int, marks: Sequence[Mark]) -> list[Instance]:
    """Return the instances of one column: deadlines are decided before what the day calls in, acts after it."""
    schedule, kind = evaluation.schedule, evaluation.schedule.slots[slot].kind
    out: list[Instance] = []
    open_: list[int] = []
    before = Mark(0, 0, 0, 0, 0, 0)
    for mark in marks:
        if mark.day > evaluation.today:
            break
        day = schedule.date(mark.day)
        begun, kept, broken = (now - was for now, was in zip(mark[2:5], before[2:5], strict=True))
        if kind == "maintain" and kept and open_:  # held to its last day, before a new call
            _decide(out, open_, "satisfied", day, len(open_))
        elif kind != "maintain" and broken:
            _decide(out, open_, "violated", day, broken)
            broken = 0
        for _ in range(max(begun, 0)):
            if kind in _ONE_AT_A_TIME:
                open_.clear()
            start = day - timedelta(days=mark.back)
            open_.append(len(out))
            out.append(Instance("detached", start, _due(evaluation, slot, start), None))
        if kind == "maintain" and broken and open_:
            out[open_[-1]] = _as(out[open_[-1]], "violated", day)
        elif kind != "maintain" and kept:
            _decide(out, open_, "satisfied", day, len(open_))
        if mark.claimed > before.claimed:
            for n in open_:
                out[n] = _as(out[n], "claimed", day)
        state = STATES[mark.state]
        if state in ("cancelled", "released", "superseded") and open_:
            for n in open_:
                if out[n].state == "detached":
                    out[n] = _as(out[n], state, day)
            open_.clear()
        before = mark
    return out


def _as(one: Instance, state: str, day: date) -> Instance:
    return Instance(state, one.start, one.due, day)


def _decide(out: list[Instance], open_: list[int], state: str, day: date, many: int) -> None:
    for n in open_[:many]:
        out[n] = _as(out[n], state, day)
    del open_[:many]


def _due(evaluation: Evaluation, slot: int, start: date) -> date | None:
    """Return the last day of an instance, without the days on which it was suspended."""
    schedule = evaluation.schedule
    months, within = int(schedule.within_months[slot]), int(schedule.within[slot])
    days = [schedule.date(int(schedule.due[slot]))] if schedule.due[slot] < FOREVER else []
    if months:
        days.append(months_on(start, months))
    elif within >= 0:
        days.append(start + timedelta(days=within))
    elif schedule.slots[slot].kind == "maintain" and schedule.closes[slot] < FOREVER:
        days.append(schedule.date(int(schedule.closes[slot])))
    return min(days, default=None)
