"""The arrays of the automaton: what schedule and state hold, how a state starts, closes a slot and reads as codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.engine.rules import Holds, Rule, parts
from standoff.commitments.engine.states import CANCELLED, CLAIMED, CONDITIONAL, DETACHED, NOT_YET, SUSPENDED, VIOLATED

FOREVER = 2**14  # a day number after every run
ROLES = ("when", "then", "bad", "while", "suspend", "resume", "release", "cancel", "verify", "reopen", "early", "undo")
HARMFUL = frozenset(("when", "bad", "while", "resume", "cancel", "reopen", "undo"))
KINDS = ("achieve", "maintain", "quantity", "recurrent", "permission")
NUMBERS = (  # the arrays of a schedule with one number a slot
    "opens", "closes", "latest", "due", "within", "every", "within_months", "every_months", "anchor", "conditional",
    "owed", "peak", "part_day", "verified", "absent", "evented", "agreed", "early", "spent",
)  # fmt: skip
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Slot:
    """One commitment in one reading, for one key. ``span`` is ``low`` or ``high`` at an end of an assumed deadline."""

    commitment: str
    reading: str
    key: str
    span: str
    kind: str
    adverse: bool
    debtor: tuple[str, ...]
    creditor: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Schedule:
    """Commitments as arrays over C slots, sorted by kind. Days are numbers from ``first``; FOREVER is not a limit.

    ``opens``: first day in force. ``closes``: last day (inclusive). ``latest``: last day for a trigger. ``due``: last
    day to perform by date. ``within``: days after the trigger (-1: none). ``every``: length of a period (0: none); of
    spans of calendar months (``within_months``, ``every_months``: how many) these are the most days they can have.
    ``anchor``: day of the month on which periods begin (0: that of the trigger).
    ``conditional``: has a trigger. ``owed``: amount of a ``quantity``; ``peak``: the largest counts, not the sum.
    ``part_day``: 1 where ``within`` is given in hours that are no whole days, and rounded up. ``verified``: a second
    act proves the first. ``absent``: the condition is the absence of an event by a day. ``evented``: the condition is
    an event, which may come before or after another of its day. ``chained`` pairs a slot that is called in by states
    with the node of its rule; ``several`` has (slot, node, how many are needed; 0: all) of joint and distinct duties.
    ``early``: 1 where what was done before the call leaves open whether the duty is met, 2 where it counts, each from
    day ``agreed`` on; ``spent``: such an act meets one call. ``early_parts`` has (slot, node of the parts, node of what
    undoes them or -1, how many are needed) of joint and distinct duties; ``early_signals`` are what counts for these,
    ``early_always``: some of them counts when it is called in. ``reads_late``: some rule asks whether what was missed
    was made up for.
    ``plain[role]`` pairs slots with a single signal; ``rules[role]`` lists the others, and
    ``needs[role]`` the signals one of which each needs to be true (None: it is looked at every day). ``succeeds`` pairs
    a slot with the slot that replaces it from the latter's first day on. ``signals`` says which (slot, role) a signal
    serves.
    """

    first: date
    slots: tuple[Slot, ...]
    blocks: dict[str, slice]
    opens: NDArray[np.int16]
    closes: NDArray[np.int16]
    latest: NDArray[np.int16]
    due: NDArray[np.int16]
    within: NDArray[np.int16]
    every: NDArray[np.int16]
    within_months: NDArray[np.int16]
    every_months: NDArray[np.int16]
    anchor: NDArray[np.int16]
    conditional: Mask
    owed: NDArray[np.float32]
    peak: Mask
    part_day: NDArray[np.int16]
    verified: Mask
    absent: Mask
    evented: Mask
    agreed: NDArray[np.int16]
    early: NDArray[np.int16]
    spent: Mask
    plain: dict[str, tuple[NDArray[np.intp], NDArray[np.intp]]]
    rules: dict[str, tuple[tuple[int, Rule], ...]]
    needs: dict[str, tuple[frozenset[int] | None, ...]]
    succeeds: tuple[tuple[int, int], ...]
    signals: tuple[tuple[int, str], ...]
    watch: dict[str, tuple[NDArray[np.intp], NDArray[np.intp]]]
    units: tuple[str, ...] = ()  # of the amount of each slot; empty: whatever is counted
    of_people: frozenset[int] = frozenset()  # slots that owe an amount of people
    matchers: tuple[Any, ...] = ()  # the pattern behind each signal, opaque here
    edges: tuple[tuple[int, str, int, int], ...] = ()  # (slot, from, until or by, day, minute) where a text gives hours
    spans_in_hours: Mapping[int, int] = field(default_factory=dict)  # slot -> hours after what calls it in
    chained: tuple[tuple[int, int], ...] = ()
    several: tuple[tuple[int, int, int], ...] = ()
    early_parts: tuple[tuple[int, int, int, int], ...] = ()
    ranges: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # slot -> itself and the ends of its range
    early_signals: frozenset[int] = frozenset()
    early_always: bool = False
    reads_late: bool = False

    def __repr__(self) -> str:
        return f"<Schedule from {self.first}: {len(self.slots)} slots, {len(self.signals)} signals>"

    def day(self, when: date) -> int:
        """Return the number of a calendar day."""
        return (when - self.first).days

    def date(self, day: int) -> date:
        """Return the calendar day of a number."""
        return self.first + timedelta(days=int(day))

    def ends_of(self, slot: int) -> tuple[int, ...]:
        """Return the slot and those of both ends of a deadline, or of a first or last day, that is not exact."""
        return self.ranges.get(slot, (slot,))

    def of(self, commitment: str, reading: str | None = None) -> tuple[int, ...]:
        """Return the slots of a commitment, all readings or one; assumed deadlines at their best value only."""
        return tuple(
            i
            for i, s in enumerate(self.slots)
            if s.commitment == commitment and not s.span and reading in (None, s.reading)
        )


@dataclass(slots=True, weakref_slot=True, repr=False)
class State:
    """Where every slot stands in every column, [K, C]; changed in place by ``step``.

    ``state``: code of states.py. ``since``: day of the last change of it. ``live``: still monitored. ``waiting``: open
    instances. ``begun``, ``kept``, ``broken``: instances so far (periods for ``recurrent``). ``breaches``: bad events
    counted. ``first_broken``, ``remedied``: day, or -1. ``ends``: last day of the open instance. ``paused``: suspended
    days so far. ``achieved``: amount, and ``afterwards`` what came after the last day. ``first_call``: day of the first
    open call. ``claimed``: instances that are done and not verified (-1: after its last day). ``young``: the first
    period is not over; ``overdue``: it is, and its last day of grace runs (2: with a day that nobody watched).
    ``struck``, ``keeps``: breaches and kept instances when states were last read; ``acted``: day on
    which what is owed was last done, ``brought`` how much.
    ``reached``: day of the act before a call that may meet it, or -1; ``before``: how much of an amount; ``spared``:
    the day of such an act that left the latest deadline open; ``credited``: instances to which what was before them
    was added.
    ``pending`` and ``hidden`` [K, C, words] are bit sets by age in days: instances that wait, and those of them with a
    day that nobody watched. ``own_reading``: the reading this column holds.
    """

    active: Mask
    own_reading: Mask
    state: NDArray[np.int8]
    since: NDArray[np.int16]
    live: Mask
    suspended: Mask
    shut: Mask
    waiting: NDArray[np.int16]
    begun: NDArray[np.int16]
    kept: NDArray[np.int16]
    broken: NDArray[np.int16]
    breaches: NDArray[np.int32]
    first_broken: NDArray[np.int16]
    remedied: NDArray[np.int16]
    ends: NDArray[np.int16]
    paused: NDArray[np.int16]
    clock: NDArray[np.int16]
    last: NDArray[np.int8]
    soiled: Mask
    unwatched: Mask
    achieved: NDArray[np.float32]
    afterwards: NDArray[np.float32]
    first_call: NDArray[np.int16]
    claimed: NDArray[np.int16]
    young: Mask
    overdue: NDArray[np.int8]
    struck: NDArray[np.int32]
    keeps: NDArray[np.int16]
    acted: NDArray[np.int16]
    brought: NDArray[np.float32]
    reached: NDArray[np.int16]
    before: NDArray[np.float32]
    spared: NDArray[np.int16]
    credited: NDArray[np.int16]
    pending: NDArray[np.uint64]
    hidden: NDArray[np.uint64]
    memory: dict[int, NDArray[Any]] = field(default_factory=dict)
    harsh: Mask | None = None  # [K]: pessimistic completions; None when every column is complete
    partner: NDArray[np.intp] | None = None  # [K]: the other completion of the same account
    views: dict[str, Any] = field(default_factory=dict, repr=False)  # those of blocks.py, made once

    def __repr__(self) -> str:
        columns, slots = self.state.shape
        return f"<State: {columns} columns of {slots} slots>"

    def __getstate__(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "views"}

    def __setstate__(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.views = {}  # views must look at these arrays, not at copies of others

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return int(self.state.shape[0])

    def take(self, rows: NDArray[np.intp]) -> State:
        """Return a state with the given columns (repeats allowed), as complete columns: for a run from the record.

        The columns of one slot lie side by side in memory: a kind's slots are then one block, and inner loops long.
        """
        arrays: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        for name, value in arrays.items():
            if isinstance(value, np.ndarray):
                arrays[name] = np.ascontiguousarray(value.T).take(rows, axis=-1).T
        arrays["memory"] = {node: value[rows].copy() for node, value in self.memory.items()}
        return State(**{**arrays, "harsh": None, "partner": None, "views": {}})

    def repeat(self, columns: int) -> State:
        """Return ``columns`` copies of a state of one column."""
        return self.take(np.zeros(columns, np.intp))


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed today: column, slot, code before and code after, each [changes]."""

    column: NDArray[np.intp]
    slot: NDArray[np.intp]
    old: NDArray[np.int8]
    new: NDArray[np.int8]


def initial(
    schedule: Schedule,
    columns: int,
    *,
    active: Mask | None = None,
    own_reading: Mask | None = None,
    harsh: Mask | None = None,
    partner: NDArray[np.intp] | None = None,
) -> State:
    """Return the state before day 0: nothing is in force yet.

    ``active`` [columns, C] says which slots a column follows (all, when None) and ``own_reading`` which of them is the
    reading the column holds, for rules that read another commitment's state (``active``, when None).
    """
    size = (columns, len(schedule.slots))
    words = int(max(schedule.within.max(initial=0), 0) + 1) // 64 + 1
    follows = np.ones(size, np.bool_) if active is None else active.copy()

    def zeros(kind: type, fill: int = 0) -> NDArray[Any]:
        return np.full(size, fill, kind)

    return State(
        active=follows,
        own_reading=follows.copy() if own_reading is None else own_reading.copy(),
        state=zeros(np.int8, NOT_YET),
        since=zeros(np.int16),
        live=zeros(np.bool_),
        suspended=zeros(np.bool_),
        shut=zeros(np.bool_),
        waiting=zeros(np.int16),
        begun=zeros(np.int16),
        kept=zeros(np.int16),
        broken=zeros(np.int16),
        breaches=zeros(np.int32),
        first_broken=zeros(np.int16, -1),
        remedied=zeros(np.int16, -1),
        ends=zeros(np.int16, -1),
        paused=zeros(np.int16),
        clock=zeros(np.int16),
        last=zeros(np.int8, CONDITIONAL),
        soiled=zeros(np.bool_),
        unwatched=zeros(np.bool_),
        achieved=zeros(np.float32),
        afterwards=zeros(np.float32),
        first_call=zeros(np.int16, -1),
        claimed=zeros(np.int16),
        young=zeros(np.bool_),
        overdue=zeros(np.int8),
        struck=zeros(np.int32),
        keeps=zeros(np.int16),
        acted=zeros(np.int16, -1),
        brought=zeros(np.float32),
        reached=zeros(np.int16, -1),
        before=zeros(np.float32),
        spared=zeros(np.int16, -1),
        credited=zeros(np.int16),
        pending=np.zeros((*size, words), np.uint64),
        hidden=np.zeros((*size, words), np.uint64),
        harsh=harsh,
        partner=partner,
    )


def end(state: State, ended: Mask, code: int, day: int, free: slice = slice(0, 0)) -> None:
    """Close the slots of ``ended`` [K, C] for good; cancelling what is already owed is a breach.

    Not so of the slots that are ``free``: whoever gives up what is allowed breaks nothing.
    """
    if code == CANCELLED:
        owed = ended & (state.waiting > 0)
        owed[:, free] = False
        state.broken += np.where(owed & ~state.soiled, state.waiting, 0).astype(np.int16)
        state.first_broken[owed & (state.first_broken < 0)] = day
    for array, value in (
        (state.last, code), (state.live, False), (state.suspended, False), (state.waiting, 0), (state.claimed, 0),
        (state.overdue, 0),
    ):  # fmt: skip
        np.copyto(array, value, where=ended)
    for bits in (state.pending, state.hidden):
        np.copyto(bits, np.uint64(0), where=ended[:, :, None])


def headline(state: State) -> NDArray[np.int8]:
    """Return the state of every slot: suspended, else owed (or broken and still monitored), else the last result."""
    codes: NDArray[np.int8] = state.last.copy(order="K")
    owed = state.waiting > 0
    if state.claimed.any():
        _put(codes, CLAIMED, (state.claimed > 0) & state.live)
    _put(codes, DETACHED, owed)
    _put(codes, VIOLATED, owed & state.soiled)
    _put(codes, SUSPENDED, state.suspended & state.live)
    _put(codes, CONDITIONAL, state.live & ~owed & ~state.suspended & (state.begun == 0))
    _put(codes, NOT_YET, (state.state == NOT_YET) & ~state.live & (state.last == CONDITIONAL))
    return codes


def _put(codes: NDArray[np.int8], code: int, where: Mask) -> None:
    """Write a code where a mask is true: by arithmetic, several times faster than a masked copy where many are."""
    codes += (np.int8(code) - codes) * where


def reads(schedule: Schedule) -> dict[int, set[int]]:
    """Return, for each slot, the slots whose state its rules read."""
    sources: dict[int, set[int]] = {}
    for rules in schedule.rules.values():
        for slot, rule in rules:
            for part in parts(rule):
                if isinstance(part, Holds):
                    sources.setdefault(slot, set()).update(part.slots)
    return sources


def closure(by_read: Mapping[int, Collection[int]], slots: Iterable[int]) -> frozenset[int]:
    """Return the slots that a change of ``slots`` can reach: themselves, and all that read them, directly or not.

    ``by_read`` says by which slots each is read. The ends of an assumed deadline go with the slot they belong to.
    """
    reached, queue = set(), list(slots)
    while queue:
        slot = queue.pop()
        if slot not in reached:
            reached.add(slot)
            queue += by_read.get(slot, ())
    return frozenset(reached)
