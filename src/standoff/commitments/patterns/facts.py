"""Reports to daily facts: how many events count for each signal on each day, certainly and possibly, per account.

An account asserts an event, denies it, does both (contested) or neither (silent). What is asserted and not denied, and
matches beyond doubt on a known day, is certain; what is asserted at all may count. Reports are matched once per
distinct kind of report, and those of a known day are added up together.

An event dated to an interval happened on some day of it. What helps the debtor is possible on every day of the
interval; what harms is possible once, on the first day it can count; either is certain on the last day, and only if the
whole interval lies in the life of the commitment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.engine.arrays import HARMFUL, Mask, Schedule
from standoff.commitments.engine.run import Amounts, Facts
from standoff.commitments.patterns.compiler import matched_pairs
from standoff.commitments.patterns.pattern import Log, Matcher
from standoff.oneline import OneLine

Bits = NDArray[np.uint64]  # one bit an account


@dataclass(frozen=True, slots=True, repr=False)
class Reports(OneLine):
    """A log and who says what of it: bit ``a`` of ``asserts[i]`` is set when account ``a`` asserts event ``i``."""

    log: Log
    asserts: Bits
    denies: Bits
    accounts: int


def kinds_of_report(
    schedule: Schedule, log: Log, epochs: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Return (kind of each event, one event of each kind): events of a kind match the same signals.

    Events are of a kind when type, actors, targets, places and zone versions agree; an event that a pattern names by
    its id is a kind of its own.
    """
    named = {e for source in schedule.matchers for p in source.patterns for e in _named(p)}
    key: NDArray[np.int64] = np.zeros(log.size, np.int64)
    for codes, size in (
        (log.type, len(log.types)),
        (log.actor, len(log.actors)),
        (log.target, len(log.targets)),
        (log.where, len(log.wheres)),
        (np.searchsorted(epochs, log.first, side="right"), len(epochs) + 1),
        (np.searchsorted(epochs, log.last, side="right"), len(epochs) + 1),
    ):
        key = key * max(size, 1) + codes
    if named:
        alone = np.isin(log.id, list(named))
        key[alone] = key.max(initial=0) + 1 + np.arange(alone.sum())
    _, first, kind = np.unique(key, return_index=True, return_inverse=True)
    return kind.reshape(-1).astype(np.int32), first


def _named(pattern: Any) -> Iterator[str]:
    yield from pattern.event
    for part in (*pattern.any, *pattern.all, *([pattern.not_] if pattern.not_ else [])):
        yield from _named(part)


def _subset(log: Log, rows: NDArray[np.intp]) -> Log:
    columns = {name: getattr(log, name)[rows] for name in ("type", "actor", "target", "where", "id", "first", "last")}
    return replace(log, **columns, low=None, high=None, counted=None)


def gather(schedule: Schedule, matcher: Matcher, reports: Reports) -> Facts:
    """Return the daily facts of a schedule; days are counted from its first, and what lies before counts for none."""
    log = reports.log
    kind, rows = kinds_of_report(schedule, log, matcher.geography.epochs)
    of_kind, signal, certain = matched_pairs(schedule, matcher, _subset(log, rows))
    first = log.first - np.int32(schedule.first.toordinal())
    last = log.last - np.int32(schedule.first.toordinal())
    known_day = (log.first == log.last) & (first >= 0)
    matched = (of_kind, signal, certain)
    exact = Reports(log, reports.asserts[known_day], reports.denies[known_day], reports.accounts)
    parts = [_known_days(schedule, exact, kind[known_day], first[known_day], matched)]
    parts += _intervals(schedule, reports, kind, (first, last), log.first != log.last, matched)
    day, signals, low, high = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((signals, day))
    kinds_used = {slot.kind for slot in schedule.slots}
    amounts = amounts_of(schedule, reports, matched_pairs(schedule, matcher, log)) if "quantity" in kinds_used else {}
    return Facts(day[order], signals[order], low[order], high[order], amounts)


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
    early = ("suspend", "resume")
    days = [0 if role in early else schedule.opens[slot] for slot, role in schedule.signals]
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
    by_kind: dict[int, list[tuple[int, bool]]] = {}
    for k, signal, sure in zip(*matched, strict=True):
        by_kind.setdefault(int(k), []).append((int(signal), bool(sure)))
    says = _bits(reports.asserts, reports.accounts)
    certainly = _bits(reports.asserts & ~reports.denies, reports.accounts)
    out: list[tuple[int, int, NDArray[np.float32], NDArray[np.float32]]] = []
    none = np.zeros(reports.accounts, np.float32)
    first_days = _opens(schedule)
    for i in np.flatnonzero(rows):
        first, last = int(days[0][i]), int(days[1][i])
        for signal, sure in by_kind.get(int(kind[i]), ()):
            slot, role = schedule.signals[signal]
            opens, closes = int(first_days[signal]), int(schedule.closes[slot])
            if last < opens:
                continue
            start = max(first, opens)
            if sure and (first == last or (first >= opens and last <= closes)):
                out.append((last, signal, certainly[i], none))
            stop = start if role in HARMFUL else max(start, min(last, closes, start + 3660))
            out += [(day, signal, none, says[i]) for day in range(start, stop + 1)]
    if out:
        day, signals, low, high = zip(*out, strict=True)
        yield np.array(day, np.int32), np.array(signals, np.int32), np.stack(low), np.stack(high)


def amounts_of(schedule: Schedule, reports: Reports, matched: Sequence[Sequence[Any] | NDArray[Any]]) -> Amounts:
    """Add up what the events of each ``quantity`` say: at least, certainly; and at most, possibly.

    What was delivered on some day of an interval is possible from the first of them in force on, and certain on the
    last if none of them lies before the commitment. An event whose number is not told, or counts something else than
    what is owed, counts as one.
    """
    owing = [
        i
        for i, (slot, role) in enumerate(schedule.signals)
        if role == "then" and schedule.slots[slot].kind == "quantity"
    ]
    if not owing:
        return {}
    log = reports.log
    event, signal, certain = matched
    says = _bits(reports.asserts, reports.accounts)
    certainly = _bits(reports.asserts & ~reports.denies, reports.accounts)
    zero = np.zeros(log.size, np.float32)
    low, high = (zero + 1 if log.low is None else log.low), (zero + 1 if log.high is None else log.high)
    by_day: Amounts = {}
    for i, s, sure in zip(event, signal, certain, strict=True):
        if s not in owing:
            continue
        first, last = (int(edge[i]) - schedule.first.toordinal() for edge in (log.first, log.last))
        opens = int(schedule.opens[schedule.signals[s][0]])
        if last < opens:
            continue
        unit, of = schedule.units[schedule.signals[s][0]], "" if log.counted is None else log.counted[i]
        least_told, most_told = (1.0, 1.0) if unit and of and unit != of else (low[i], high[i])
        for when, value, least in (
            (last, certainly[i] * least_told * (sure and first >= opens), True),
            (max(first, opens), says[i] * most_told, False),
        ):
            day = by_day.setdefault(when, {})
            both = day.setdefault(int(s), np.zeros((2, reports.accounts), np.float32))
            row = both[0 if least else 1]
            row[:] = np.maximum(row, value) if schedule.peak[schedule.signals[s][0]] else row + value
    return by_day
