"""Step a state over daily facts, resting on the days on which nothing can happen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.engine.arrays import FOREVER, Mask, Schedule, State
from standoff.commitments.engine.automaton import Clock, step
from standoff.commitments.engine.rules import Absent, parts

Amounts = dict[int, dict[int, NDArray[np.float32]]]  # day -> signal -> [certain or possible, accounts]
Marks = dict[tuple[int, int], list["Mark"]]


@dataclass(frozen=True, slots=True, repr=False)
class Facts:
    """Sparse daily facts, sorted by day: row r holds ``low[r, a]`` certain and ``high[r, a]`` possible events.

    ``clocks`` has what hours tell of a day, where they tell anything.
    """

    day: NDArray[np.int32]
    signal: NDArray[np.int32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    amounts: Amounts
    clocks: Mapping[int, Clock] = field(default_factory=dict)

    def __repr__(self) -> str:
        rows, accounts = self.low.shape
        return f"<Facts: {rows} counts on {len(np.unique(self.day))} days, {accounts} accounts>"


class Mark(NamedTuple):
    """Where one slot of one column stood at the end of a day on which something changed.

    ``back``: what was called in on the day counts from so many days before it. ``claimed``: done and not verified.
    """

    day: int
    state: int
    begun: int
    kept: int
    broken: int
    breaches: int
    back: int = 0
    claimed: int = 0


def run_facts(
    schedule: Schedule,
    state: State,
    facts: Facts,
    days: int,
    *,
    unwatched: Mask | None = None,
    marks: Marks | None = None,
    rest: bool = True,
) -> None:
    """Step ``state`` from the first day to before day ``days``, in place; columns are accounts, pessimistic ones first.

    ``marks`` receives, by (column, slot), where the slot stood at the end of each day on which it changed. ``rest``
    skips days that have no event and on which no deadline ends and nothing opens; the result is the same.
    """
    shape = (state.columns, len(schedule.signals))
    high, low = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    busy = _set_days(schedule, (*facts.amounts, *np.unique(facts.day).tolist()), days)
    if unwatched is not None and days:
        busy[1:days] |= (unwatched[1:days] != unwatched[: days - 1]).any(1)
    before = _counts(state)
    edges = np.searchsorted(facts.day, np.arange(days + 1)).tolist()
    for day in _waking(schedule, state, busy if rest else np.ones_like(busy), days):
        rows = slice(edges[day], edges[day + 1])
        signals = facts.signal[rows]
        for part, source in ((high, facts.high[rows]), (low, facts.low[rows])):
            np.add.at(part.T, signals, np.concatenate([source, source], axis=1))
        amounts = _amounts_today(facts, day, shape)
        blind = None if unwatched is None else unwatched[day]
        step(schedule, state, day, high, low, unseen=blind, amounts=amounts, clock=facts.clocks.get(day))
        high[:, signals] = 0
        low[:, signals] = 0
        now = _counts(state)
        if marks is not None:
            columns, slots = np.nonzero((now != before).any(0))
            stood = now[:, columns, slots].T.tolist()
            chained = dict(schedule.chained)
            for column, slot, values in zip(columns.tolist(), slots.tolist(), stood, strict=True):
                node = chained.get(slot)
                back = int(state.memory[node][column, 1]) if node is not None and node in state.memory else 0
                claimed = max(int(state.claimed[column, slot]), 0)
                marks.setdefault((column, slot), []).append(Mark(day, *values)._replace(back=back, claimed=claimed))
        before = now


def run_counts(schedule: Schedule, state: State, counts: Mapping[int, NDArray[np.float32]], days: int) -> None:
    """Step a ``state`` of complete columns from the first day to before day ``days``, in place.

    ``counts`` maps the days on which something happened to the events of each signal [K, S]. Days on which nothing can
    change are skipped, as in `run_facts`.
    """
    nothing = np.zeros((state.columns, len(schedule.signals)), np.float32)
    for day in _waking(schedule, state, _set_days(schedule, counts, days), days):
        step(schedule, state, day, counts.get(day, nothing))


def _waking(schedule: Schedule, state: State, busy: NDArray[np.bool_], days: int) -> Iterator[int]:
    """Yield the days to step, and let the others pass: those not ``busy`` on which no deadline ends."""
    deep = _deep(schedule, state)
    due, skipped = 0, 0
    for day in range(days):
        if not busy[day] and day < due:
            skipped += 1
            continue
        if skipped:
            _rest(schedule, state, skipped)
            skipped = 0
        yield day
        inner = _deep(schedule, state)
        # states are read strictly before the day, so a change can have consequences tomorrow
        due = day + 1 if (inner != deep).any() else _next_due(schedule, state, day)
        deep = inner
    if skipped:
        _rest(schedule, state, skipped)


def _counts(state: State) -> NDArray[np.int32]:
    return np.stack([state.state, state.begun, state.kept, state.broken, state.breaches]).astype(np.int32)


def _deep(schedule: Schedule, state: State) -> NDArray[Any]:
    """What can have consequences tomorrow; where states call in duties, every breach and every kept one can."""
    parts: list[NDArray[Any]] = [state.state, state.waiting, state.live, state.suspended, state.begun, state.broken]
    if schedule.chained:
        parts += [state.breaches, state.kept]
    if schedule.reads_late:
        parts.append(state.remedied)
    return np.stack(parts)


def _set_days(schedule: Schedule, events: Iterable[int], days: int) -> NDArray[np.bool_]:
    """Days known beforehand on which something may happen: events, openings, days by which something is absent."""
    busy = np.zeros(days + 2, np.bool_)
    fixed = [*events, *schedule.opens.tolist()]
    for rules in schedule.rules.values():
        for _, rule in rules:
            fixed += [d for part in parts(rule) if isinstance(part, Absent) for d in (part.since, part.by, part.by + 1)]
    busy[[d for d in set(fixed) if 0 <= d < days]] = True
    busy[0] = True
    return busy


def _next_due(schedule: Schedule, state: State, day: int) -> int:
    """Return the first day after ``day`` on which a deadline, a period or a window may have ended."""
    runs = state.live & ~state.suspended
    owed = runs & (state.waiting > 0)
    paused = state.paused.astype(np.int32)
    days = [FOREVER]

    def add(where: Mask, when: NDArray[Any]) -> None:
        if where.any():
            days.append(int(np.broadcast_to(when, where.shape)[where].min()))

    add(owed & (schedule.due < FOREVER), schedule.due + paused + 1)
    add(owed & (state.ends >= 0) & (state.ends < FOREVER), state.ends + paused + 1)
    add(owed & (schedule.every > 0), day + schedule.every.astype(np.int32) - state.clock + 1)
    add(runs & (state.overdue > 0), np.full(owed.shape, day + 1))
    last = np.minimum(schedule.latest, schedule.closes).astype(np.int32)
    add(state.live & schedule.conditional & (state.waiting == 0) & (last < FOREVER), last + paused + 1)
    if state.pending.any():
        age = np.full(owed.shape, -1, np.int32)
        for word in range(state.pending.shape[2]):
            bits = np.frexp(state.pending[..., word].astype(np.float64))[1]
            age = np.where(bits > 0, 64 * word + bits - 1, age)
        add(runs & (age >= 0), day + schedule.within.astype(np.int32) + 1 - age)
    return max(min(days), day + 1)


def _rest(schedule: Schedule, state: State, days: int) -> None:
    """Let ``days`` quiet days pass: instances age, periods run, and suspended clocks stand still."""
    runs = state.live & ~state.suspended
    for bits in (state.pending, state.hidden):
        if bits.any():
            _much_older(bits, runs, days)
    state.paused += (state.suspended * days).astype(np.int16)
    state.clock += (runs & (state.waiting > 0) & (schedule.every > 0)) * np.int16(days)


def _much_older(bits: NDArray[np.uint64], ages: Mask, days: int) -> None:
    """Shift bit sets so many days older where ``ages`` [K, C] is true: what `blocks.older` does day by day."""
    words, by = divmod(days, 64)
    for word in range(bits.shape[2] - 1, -1, -1):
        moved = bits[..., word - words] << np.uint64(by) if word >= words else np.zeros_like(bits[..., word])
        if by and word > words:
            moved |= bits[..., word - words - 1] >> np.uint64(64 - by)
        np.copyto(bits[..., word], moved, where=ages)


def _amounts_today(facts: Facts, day: int, shape: tuple[int, int]) -> NDArray[np.float32] | None:
    if not facts.amounts:
        return None
    amounts = np.zeros(shape, np.float32)
    for signal, both in facts.amounts.get(day, {}).items():
        amounts[:, signal] = both.reshape(-1)  # certain for the pessimistic columns, possible for the optimistic
    return amounts
