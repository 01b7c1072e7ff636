"""What hours tell: on which side of a deadline an event lies, and which of two events of a day came first.

The grid of the ledger stays by day. An hour of an event, where it is told, decides three things: whether it lies
before or after an hour that the text gives, whether it comes within so many hours, and its order among events of its
day. An event without an hour may lie on either side: then it counts only possibly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.engine.arrays import Mask, Schedule
from standoff.commitments.engine.automaton import Clock
from standoff.commitments.patterns.pattern import Log
from standoff.values import MINUTES, after_hours

# of which two events of a day it matters which came first
ORDERS = (
    ("bad", "suspend"), ("bad", "release"), ("bad", "cancel"), ("when", "suspend"), ("when", "cancel"),
    ("then", "release"), ("then", "cancel"), ("then", "suspend"),
    ("resume", "bad"), ("resume", "when"), ("resume", "then"), ("resume", "suspend"),
    ("release", "reopen"), ("reopen", "bad"), ("reopen", "when"), ("when", "bad"), ("when", "then"),
    ("permit", "bad"),
)  # fmt: skip
_BEFORE_IT_OPENS = ("suspend", "resume", "undo")
_DONE = ("then", "verify", "early")

Pairs = tuple[NDArray[np.int32], NDArray[np.int32], Mask]  # (event, signal, certain)


class Shifts(NamedTuple):
    """What hours change: pairs that count no more, or only possibly, and those that count a day later."""

    dropped: set[tuple[int, int]]
    doubtful: set[tuple[int, int]]
    later: set[tuple[int, int]]


def touched(schedule: Schedule, log: Log) -> Mask:
    """Return which events have to be looked at one by one: those of a day with an edge, and those with an hour."""
    out = np.zeros(log.size, np.bool_)
    zero = schedule.first.toordinal()
    for _, _, day, _ in schedule.edges:
        out |= (log.first <= day + zero) & (log.last >= day + zero)
    if log.minute is not None:
        out |= log.minute >= 0
        for hours in set(schedule.spans_in_hours.values()):  # and those of days on which such a span may end
            for start in np.flatnonzero(log.minute >= 0).tolist():
                end = int(log.first[start]) + after_hours(int(log.minute[start]), hours)[0]
                out |= (log.first <= end) & (log.last >= end)
    return out


def hour_shifts(schedule: Schedule, log: Log, pairs: Pairs) -> Shifts:
    """Return what hours change in the (event, signal) pairs of a log."""
    moves = Shifts(set(), set(), set())
    if not schedule.edges and not (log.minute is not None and schedule.spans_in_hours):
        return moves
    zero = schedule.first.toordinal()
    by_slot: dict[int, list[tuple[int, int]]] = {}
    for event, signal in zip(pairs[0].tolist(), pairs[1].tolist(), strict=True):
        by_slot.setdefault(schedule.signals[signal][0], []).append((event, signal))
    for slot, which, day, minute in schedule.edges:
        for pair in by_slot.get(slot, ()):
            role = schedule.signals[pair[1]][1]
            if role not in _BEFORE_IT_OPENS:
                _edge(moves, log, pair, role, (which, day + zero, minute))
    for slot, hours in schedule.spans_in_hours.items():
        ends = _ends(schedule, log, by_slot.get(slot, ()), hours)
        for pair in by_slot.get(slot, ()):
            day = int(log.first[pair[0]])
            if schedule.signals[pair[1]][1] in _DONE and day in ends:
                _edge(moves, log, pair, "then", ("by", day, ends[day]))
    return moves


def _ends(schedule: Schedule, log: Log, pairs: Sequence[tuple[int, int]], hours: int) -> dict[int, int]:
    """Return the days and minutes at which spans end that begin at hours that are told, one a day."""
    ends: dict[int, int] = {}
    for event, signal in pairs:
        minute = -1 if log.minute is None else int(log.minute[event])
        if schedule.signals[signal][1] == "when" and minute >= 0:
            days, end = after_hours(minute, hours)
            day = int(log.first[event]) + days
            ends[day] = max(ends.get(day, 0), end)  # two calls of a day are one: the later end is theirs
    return ends


def _edge(moves: Shifts, log: Log, pair: tuple[int, int], role: str, edge: tuple[str, int, int]) -> None:
    """Put an event on its side of a moment."""
    event = pair[0]
    which, day, minute = edge
    if not int(log.first[event]) <= day <= int(log.last[event]):
        return
    told = -1 if log.minute is None else int(log.minute[event])
    if which == "from" and role == "early":
        return  # it may have been done before
    if which == "from":
        if told < 0:
            if minute > 0:
                moves.doubtful.add(pair)
        elif told < minute:
            moves.dropped.add(pair)
    elif which == "until" and role not in _DONE:
        if told < 0:
            if minute < MINUTES:
                moves.doubtful.add(pair)
        elif told > minute:
            moves.dropped.add(pair)
    elif role in _DONE:
        if told < 0:
            if minute < MINUTES:
                moves.doubtful.add(pair)
        elif told > minute:
            moves.later.add(pair)


def clocks(schedule: Schedule, log: Log, pairs: Pairs) -> dict[int, Clock]:
    """Return, by day, what hours tell of the order of its events and of the deadlines of what they call in."""
    if log.minute is None:
        return {}
    zero = schedule.first.toordinal()
    days = set(log.first[log.minute >= 0].tolist())
    cells: dict[int, dict[int, dict[str, list[int]]]] = {}  # day -> slot -> role -> minutes
    for event, signal in zip(pairs[0].tolist(), pairs[1].tolist(), strict=True):
        for day in range(int(log.first[event]), int(log.last[event]) + 1):
            if day in days:
                slot, role = schedule.signals[signal]
                alone = log.first[event] == log.last[event]
                told = int(log.minute[event]) if alone else -1
                cells.setdefault(day, {}).setdefault(slot, {}).setdefault(role, []).append(told)
    out: dict[int, Clock] = {}
    for day, slots in cells.items():
        order: dict[tuple[str, str], NDArray[np.int8]] = {}
        short: dict[int, int] = {}
        for slot, roles in slots.items():
            for one, other in ORDERS:
                sign = _sign(roles.get(one, ()), roles.get(other, ()))
                if sign:
                    order.setdefault((one, other), np.zeros(len(schedule.slots), np.int8))[slot] = sign
            hours, called = schedule.spans_in_hours.get(slot, 0), roles.get("when", ())
            ends = {after_hours(minute, hours)[0] for minute in called if minute >= 0}
            if hours and called and min(called) >= 0 and len(ends) == 1:
                short[slot] = max(int(schedule.within[slot]) - ends.pop(), 0)
        if order or short:
            out[day - zero] = Clock(order, short)
    return out


def _sign(ones: Sequence[int], others: Sequence[int]) -> int:
    """Return 1 where the former all came first, -1 where the latter did, 0 where that is not told of all of them."""
    if not ones or not others or min(*ones, *others) < 0:
        return 0
    if max(ones) < min(others):
        return 1
    return -1 if max(others) < min(ones) else 0


def shifted(pairs: Any, moves: Shifts) -> list[tuple[int, int, bool, int]]:
    """Return (event, signal, certain, days later) of the pairs that count, as hours put them."""
    out = []
    for event, signal, certain in zip(*(column.tolist() for column in pairs), strict=True):
        pair = (event, signal)
        if pair not in moves.dropped:
            out.append((event, signal, certain and pair not in moves.doubtful, int(pair in moves.later)))
    return out
