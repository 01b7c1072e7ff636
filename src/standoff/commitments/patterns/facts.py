"""Reports to daily facts: how many events count for each signal on each day, certainly and possibly, per account.

An account asserts an event, denies it, does both (contested) or neither (silent). What is asserted and not denied, and
matches beyond doubt on a known day, is certain; what is asserted at all may count. Reports are matched once per
distinct kind of report, and those of a known day are added up together.

An event dated to an interval happened on some day of it. What helps the debtor is possible on every day of the
interval; what harms is possible once, on the first day it can count; either is certain on the last day, and only if the
whole interval lies in the life of the commitment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.engine.arrays import HARMFUL, Mask, Schedule
from standoff.commitments.engine.automaton import Clock
from standoff.commitments.engine.run import Amounts, Facts
from standoff.commitments.patterns.compiler import matched_pairs
from standoff.commitments.patterns.hours import Shifts, clocks, hour_shifts, shifted, touched
from standoff.commitments.patterns.pattern import Log, Matcher, above
from standoff.commitments.patterns.wording import SHARE, everything
from standoff.evidence.what_is_counted import is_other_people
from standoff.oneline import OneLine

Bits = NDArray[np.uint64]  # one bit an account


@dataclass(frozen=True, slots=True, repr=False)
class Reports(OneLine):
    """A log and who says what of it: bit ``a`` of ``asserts[i]`` is set when account ``a`` asserts event ``i``.

    ``one_of`` has, by account and happening, the events of which exactly one is true, nobody knows which: whatever is
    true of each of them is certain, and together they count once.
    """

    log: Log
    asserts: Bits
    denies: Bits
    accounts: int
    one_of: tuple[tuple[int, tuple[int, ...]], ...] = ()  # (account, events)

    def alone(self) -> Reports:
        """Return the reports without those that are told together with others, in the accounts that do so."""
        if not self.one_of:
            return self
        together = np.zeros(self.log.size, np.uint64)
        for account, events in self.one_of:
            together[list(events)] |= np.uint64(1 << account)
        return Reports(self.log, self.asserts & ~together, self.denies, self.accounts)


def kinds_of_report(
    schedule: Schedule, log: Log, epochs: NDArray[np.int32], timed: Mask | None = None
) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Return (kind of each event, one event of each kind): events of a kind match the same signals.

    Events are of a kind when type, actors, targets, places and zone versions agree; an event that a pattern names by
    its id is a kind of its own, and so is one of ``timed``, which hours put on one side of a moment.
    """
    named = {e for source in schedule.matchers for p in source.patterns for q in everything(p) for e in q.event}
    key: NDArray[np.int64] = np.zeros(log.size, np.int64)
    for codes, size in (
        (log.type, len(log.types)),
        (log.actor, len(log.actors)),
        (log.target, len(log.targets)),
        (log.where, len(log.wheres)),
        (np.searchsorted(epochs, log.first, side="right"), len(epochs) + 1),
        (np.searchsorted(epochs, log.last, side="right"), len(epochs) + 1),
        (0 if log.sure is None else log.sure.astype(np.int64), 2),
    ):
        key = key * max(size, 1) + codes
    if named or timed is not None:
        alone = np.isin(log.id, list(named)) if named else np.zeros(log.size, np.bool_)
        alone = alone if timed is None else alone | timed
        key[alone] = key.max(initial=0) + 1 + np.arange(alone.sum())
    for limit in {p.above for s in schedule.matchers for q in s.patterns for p in everything(q) if p.above}:
        certain, possible = above(log, limit)
        key = key * 3 + certain + possible
    _, first, kind = np.unique(key, return_index=True, return_inverse=True)
    return kind.reshape(-1).astype(np.int32), first


def _subset(log: Log, rows: NDArray[np.intp]) -> Log:
    columns = {name: getattr(log, name)[rows] for name in ("type", "actor", "target", "where", "id", "first", "last")}
    for name in ("low", "high", "counted", "untold", "sure"):
        column = getattr(log, name)
        columns[name] = None if column is None else column[rows]
    return replace(log, **columns)


class Matches:
    """What each event of a log counts for, looked up once for each kind of report.

    ``kind`` has the kind of each event, ``rows`` one event of each kind, ``timed`` which events hours tell apart.
    """

    def __init__(self, schedule: Schedule, matcher: Matcher, log: Log) -> None:
        self.schedule, self.log = schedule, log
        self.timed = touched(schedule, log) if schedule.edges or log.minute is not None else None
        self.kind, self.rows = kinds_of_report(schedule, log, matcher.epochs, self.timed)
        self.of_kinds = matched_pairs(schedule, matcher, _subset(log, self.rows))
        self._events = np.argsort(self.kind, kind="stable").astype(np.int32)
        self._edges = np.searchsorted(self.kind[self._events], np.arange(len(self.rows) + 1))
        self._slot = np.array([slot for slot, _ in schedule.signals], np.intp)

    def of_signals(self, signals: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int32], Mask]:
        """Return (event, signal, certain) of the events that may count for some signals, by signal and event."""
        chosen = signals[self.of_kinds[1]]
        kinds, of, sure = self.of_kinds[0][chosen], self.of_kinds[1][chosen], self.of_kinds[2][chosen]
        many = np.diff(self._edges)[kinds]
        pair = np.repeat(np.arange(len(kinds)), many)
        at = np.arange(len(pair)) - np.repeat(np.cumsum(many) - many, many)
        event = self._events[np.repeat(self._edges[kinds], many) + at]
        order = np.lexsort((event, of[pair]))
        return event[order], of[pair][order], sure[pair][order]

    def of_slot(self, slot: int) -> tuple[NDArray[np.int32], NDArray[np.int32], Mask]:
        """Return (event, signal, certain) of the events that may count for a slot."""
        return self.of_signals(self._slot == slot)

    def of_events(self, events: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return (event, signal) for what some events may count for."""
        some = np.flatnonzero(events)
        order = np.argsort(self.of_kinds[0], kind="stable")
        edges = np.searchsorted(self.of_kinds[0][order], np.arange(len(self.rows) + 1))
        many = np.diff(edges)[self.kind[some]]
        at = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        pair = order[np.repeat(edges[self.kind[some]], many) + at]
        return np.repeat(some, many).astype(np.int32), self.of_kinds[1][pair]


def gather(schedule: Schedule, matcher: Matcher, reports: Reports, matches: Matches | None = None) -> Facts:
    """Return the daily facts of a schedule; days are counted from its first, and what lies before counts for none.

    ``matches`` are those of the log of the reports, where they are at hand.
    """
    log, whole = reports.log, reports
    reports = reports.alone()
    matches = matches or Matches(schedule, matcher, log)
    timed, kind, rows, matched = matches.timed, matches.kind, matches.rows, matches.of_kinds
    first = log.first - np.int32(schedule.first.toordinal())
    last = log.last - np.int32(schedule.first.toordinal())
    moved: list[tuple[int, int, bool]] = []
    ticks: dict[int, Clock] = {}
    if timed is not None and timed.any():
        pairs = (rows[matched[0]].astype(np.int32), matched[1], matched[2])
        some = timed[pairs[0]]
        mine = (pairs[0][some], pairs[1][some], pairs[2][some])
        ticks = clocks(schedule, log, mine)
        matched, moved = _by_hours(hour_shifts(schedule, log, mine), pairs, matched)
    known_day = (log.first == log.last) & (first >= 0)
    exact = Reports(log, reports.asserts[known_day], reports.denies[known_day], reports.accounts)
    parts = [_known_days(schedule, exact, kind[known_day], first[known_day], matched)]
    parts += _intervals(schedule, reports, kind, (first, last), log.first != log.last, matched)
    parts += _together(schedule, whole, kind, (first, last), matched)
    parts += _a_day_later(reports, first, moved)
    day, signals, low, high = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((signals, day))
    kinds_used = {slot.kind for slot in schedule.slots}
    amounts: Amounts = {}
    if "quantity" in kinds_used:
        owing = [schedule.slots[slot].kind == "quantity" for slot, _ in schedule.signals]
        each = matches.of_signals(np.array(owing, np.bool_))
        moves = hour_shifts(schedule, log, each) if timed is not None else Shifts(set(), set(), set())
        amounts = amounts_of(schedule, whole, shifted(each, moves), _other_people(schedule, matcher, whole.log))
    return Facts(day[order], signals[order], low[order], high[order], amounts, ticks)


def _by_hours(
    moves: Shifts, pairs: tuple[Any, Any, Any], matched: tuple[Any, Any, Any]
) -> tuple[tuple[Any, Any, Any], list[tuple[int, int, bool]]]:
    """Return the matches of kinds without those that hours leave out, and those that count a day later."""
    if not any(moves):
        return matched, []
    keep, sure = np.ones(len(matched[0]), np.bool_), matched[2].copy()
    moved = []
    for n, pair in enumerate(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)):
        if pair in moves.dropped:
            keep[n] = False
        elif pair in moves.later:
            keep[n] = False
            moved.append((*pair, bool(sure[n])))
        elif pair in moves.doubtful:
            sure[n] = False
    return (matched[0][keep], matched[1][keep], sure[keep]), moved


def _a_day_later(reports: Reports, first: NDArray[np.int32], moved: Sequence[tuple[int, int, bool]]) -> Iterator[_Rows]:
    """Count what came after the hour at which it fell due on the day after."""
    if not moved:
        return
    says = _bits(reports.asserts, reports.accounts)
    certainly = _bits(reports.asserts & ~reports.denies, reports.accounts)
    event = np.array([m[0] for m in moved], np.intp)
    sure = np.array([m[2] for m in moved], np.float32)[:, None]
    signal = np.array([m[1] for m in moved], np.int32)
    yield (first[event] + 1).astype(np.int32), signal, certainly[event] * sure, says[event]


_Rows = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]


def _known_days(
    schedule: Schedule, reports: Reports, kind: NDArray[np.int32], day: NDArray[np.int32], matched: tuple[Any, Any, Any]
) -> _Rows:
    """Add up the events of a known day, by day and signal; each day meets a kind of report once."""
    of_kind, of_signal, sure = matched
    kinds, signals = int(kind.max(initial=0)) + 1, max(len(schedule.signals), 1)
    cells, cell_of = np.unique(day.astype(np.int64) * kinds + kind, return_inverse=True)
    cell_day, cell_kind = np.divmod(cells, kinds)
    order = np.argsort(of_kind, kind="stable")
    edges = np.searchsorted(of_kind[order], np.arange(kinds + 1))
    many = np.diff(edges)[cell_kind]  # how many signals the reports of a cell count for
    cell = np.repeat(np.arange(len(cells)), many)
    pair = order[np.arange(len(cell)) + np.repeat(edges[cell_kind] - (np.cumsum(many) - many), many)]
    in_time = cell_day[cell] >= _opens(schedule)[of_signal[pair]]
    cell, pair = cell[in_time], pair[in_time]
    keys, key_of = np.unique(cell_day[cell] * signals + of_signal[pair], return_inverse=True)

    def count(bits: Bits, weight: NDArray[Any] | int) -> NDArray[np.float32]:
        out = np.zeros((len(keys), reports.accounts), np.float32)
        for account in range(reports.accounts):
            each = np.bincount(cell_of, (bits >> np.uint64(account)) & np.uint64(1), len(cells))
            out[:, account] = np.bincount(key_of, each[cell] * weight, len(keys))
        return out

    low = count(reports.asserts & ~reports.denies, sure[pair])
    return (keys // signals).astype(np.int32), (keys % signals).astype(np.int32), low, count(reports.asserts, 1)


def _opens(schedule: Schedule) -> NDArray[np.int16]:
    """Return the first day on which each signal counts; how things stand at the opening may be reported before it."""
    first = {"suspend": 0 * schedule.opens, "resume": 0 * schedule.opens}
    first |= dict.fromkeys(("early", "undo"), schedule.agreed)  # what was done before it was owed
    days = [first.get(role, schedule.opens)[slot] for slot, role in schedule.signals]
    return np.array(days, np.int16)


def _bits(bits: Bits, accounts: int) -> NDArray[np.float32]:
    return ((bits[:, None] >> np.arange(accounts, dtype=np.uint64)) & np.uint64(1)).astype(np.float32)


def _intervals(
    schedule: Schedule,
    reports: Reports,
    kind: NDArray[np.int32],
    days: tuple[NDArray[np.int32], NDArray[np.int32]],
    rows: Mask,
    matched: tuple[Any, Any, Any],
) -> Iterator[_Rows]:
    some = np.flatnonzero(rows)
    by_kind = _by_kind(matched, kind[some])
    out: list[tuple[int, int, int, bool]] = []  # day, signal, event, whether it is certain then
    first_days = _opens(schedule).tolist()
    closing = schedule.closes.tolist()
    columns = (some, days[0][some], days[1][some], kind[some])
    for i, first, last, k in zip(*(column.tolist() for column in columns), strict=True):
        for signal, sure in by_kind.get(k, {}).items():
            slot, role = schedule.signals[signal]
            opens, closes = first_days[signal], closing[slot]
            if last < opens:
                continue
            start = max(first, opens)
            if sure and (first == last or (first >= opens and last <= closes)):
                out.append((last, signal, i, True))
            stop = start if role in HARMFUL else max(start, min(last, closes, start + 3660))
            out += [(day, signal, i, False) for day in range(start, stop + 1)]
    if out:
        day, signals, event, certain = (np.array(column) for column in zip(*out, strict=True))
        none = np.float32(0)
        low = np.where(certain[:, None], _bits(reports.asserts & ~reports.denies, reports.accounts)[event], none)
        high = np.where(certain[:, None], none, _bits(reports.asserts, reports.accounts)[event])
        yield day.astype(np.int32), signals.astype(np.int32), low, high


def _by_kind(matched: tuple[Any, Any, Any], kinds: NDArray[np.int32]) -> dict[int, dict[int, bool]]:
    """Return, for some kinds of report, the signals that each may count for, and whether it does so beyond doubt."""
    by_kind: dict[int, dict[int, bool]] = {}
    some = np.isin(matched[0], kinds)
    for k, signal, sure in zip(*(column[some].tolist() for column in matched), strict=True):
        by_kind.setdefault(k, {})[signal] = sure
    return by_kind


def _together(
    schedule: Schedule,
    reports: Reports,
    kind: NDArray[np.int32],
    days: tuple[NDArray[np.int32], NDArray[np.int32]],
    matched: tuple[Any, Any, Any],
) -> Iterator[_Rows]:
    """Count the events of which exactly one is true: as one, dated from the first day of them to the last."""
    if not reports.one_of:
        return
    events_told = [i for _, events in reports.one_of for i in events]
    by_kind, first_days = _by_kind(matched, kind[events_told]), _opens(schedule)
    out: list[tuple[int, int, NDArray[np.float32], NDArray[np.float32]]] = []
    none = np.zeros(reports.accounts, np.float32)
    for account, events in reports.one_of:
        one = none.copy()
        one[account] = 1
        counts = [by_kind.get(int(kind[i]), {}) for i in events]
        for signal in sorted({s for some in counts for s in some}):
            slot, role = schedule.signals[signal]
            opens, closes = int(first_days[signal]), int(schedule.closes[slot])
            spans = [(int(days[0][i]), int(days[1][i])) for i in events]
            last = max(end for _, end in spans)
            inside = all(first >= opens and (end <= closes or first == end) for first, end in spans)
            if inside and all(some.get(signal, False) for some in counts):
                out.append((last, signal, one, none))
            possible = [
                (max(first, opens), end)
                for (first, end), some in zip(spans, counts, strict=True)
                if signal in some and end >= opens
            ]
            if not possible:
                continue
            start = min(first for first, _ in possible)
            if role in HARMFUL:
                out.append((start, signal, none, one))
                continue
            when = {d for first, end in possible for d in range(first, max(first, min(end, closes, first + 3660)) + 1)}
            out += [(day, signal, none, one) for day in sorted(when)]
    if out:
        day, signals, low, high = zip(*out, strict=True)
        yield np.array(day, np.int32), np.array(signals, np.int32), np.stack(low), np.stack(high)


def _other_people(schedule: Schedule, matcher: Matcher, log: Log) -> frozenset[tuple[str, str]]:
    """Return units that count people, each with a word of the log that counts other people."""
    units = {schedule.units[slot] for slot in schedule.of_people}
    words = set() if log.counted is None else set(log.counted) - {""}
    return frozenset((unit, word) for unit in units for word in words if is_other_people(matcher.case, word, unit))


def amounts_of(
    schedule: Schedule,
    reports: Reports,
    matched: Sequence[tuple[int, int, bool, int]],
    others: Collection[tuple[str, str]] = (),
) -> Amounts:
    """Add up what the events of each ``quantity`` say: at least, certainly; and at most, possibly.

    What was delivered on some day of an interval is possible from the first of them in force on, and certain on the
    last if none of them lies before the commitment. ``matched`` has (event, signal, certain, days later). An event
    whose number is not told, or counts something else than what is owed, counts as one; but of a share it is at least
    nothing and at most all, and of people at least one and at most all that is owed. Other people than are owed
    (``others``: the unit, and the word that counts them) are one, as any other thing: so 500 detainees, where
    prisoners are owed.
    """
    owing = [
        i
        for i, (slot, role) in enumerate(schedule.signals)
        if role in ("then", "early") and schedule.slots[slot].kind == "quantity"
    ]
    if not owing:
        return {}
    log, together = reports.log, reports.one_of
    reports = reports.alone()
    says = _bits(reports.asserts, reports.accounts)
    certainly = _bits(reports.asserts & ~reports.denies, reports.accounts)
    zero = np.zeros(log.size, np.float32)
    low, high = (zero + 1 if log.low is None else log.low), (zero + 1 if log.high is None else log.high)
    by_day: Amounts = {}

    def number_of(i: int, s: int) -> tuple[float, float]:
        """How much an event adds, at least and at most; what counts something else than is owed is one."""
        slot = schedule.signals[s][0]
        unit, of = schedule.units[slot], "" if log.counted is None else log.counted[i]
        otherwise = bool(unit and of and unit != of)
        untold = otherwise or (log.untold is not None and bool(log.untold[i]))
        if untold and unit == SHARE:
            return 0.0, 1.0
        if untold and slot in schedule.of_people and not (otherwise and (unit, of) in others):
            return 1.0, max(1.0, float(schedule.owed[slot]))
        return (1.0, 1.0) if otherwise else (float(low[i]), float(high[i]))

    def add(when: int, s: int, value: NDArray[Any], *, least: bool) -> None:
        both = by_day.setdefault(when, {}).setdefault(int(s), np.zeros((2, reports.accounts), np.float32))
        row = both[0 if least else 1]
        row[:] = np.maximum(row, value) if schedule.peak[schedule.signals[s][0]] else row + value

    def span(i: int) -> tuple[int, int]:
        return int(log.first[i]) - zero_day, int(log.last[i]) - zero_day

    zero_day, first_days = schedule.first.toordinal(), _opens(schedule).tolist()
    sure_of: dict[tuple[int, int], bool] = {}
    for i, s, sure, later in matched:
        if s not in owing:
            continue
        sure_of[i, s] = sure
        (first, last), opens = span(i), first_days[s]
        first, last = first + later, last + later
        if last < opens:
            continue
        least_told, most_told = number_of(i, s)
        add(last, s, certainly[i] * least_told * (sure and first >= opens), least=True)
        add(max(first, opens), s, says[i] * most_told, least=False)
    one = np.eye(reports.accounts, dtype=np.float32)
    for account, events in together:  # of these exactly one is true
        for s in owing:
            opens = first_days[s]
            inside = [i for i in events if (i, s) in sure_of and span(i)[1] >= opens]
            if not inside:
                continue
            certain_of_all = all(sure_of.get((i, s), False) and span(i)[0] >= opens for i in events)
            least_told = min(number_of(i, s)[0] for i in events) if certain_of_all else 0.0
            add(max(span(i)[1] for i in events), s, one[account] * least_told, least=True)
            start = max(min(span(i)[0] for i in inside), opens)
            add(start, s, one[account] * max(number_of(i, s)[1] for i in inside), least=False)
    return by_day
