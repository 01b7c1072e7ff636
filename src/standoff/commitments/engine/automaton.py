"""The day of the ledger: every commitment stepped through one day, as arrays, for recorded and simulated logs alike.

A *slot* is one commitment in one reading (and one key, such as a post). A *column* is one version of what happens: an
account in one of its two completions, or a simulated trajectory. Everything below is ``[columns, slots]``.

The order of a day, and of this file: (1) what starts today opens, successors close what they replace, deadlines that
ended yesterday are decided; (2) signals and states of other commitments are read, states as they were before the day;
(3) suspension; (4) release and cancellation; (5) triggers, then (6) consequents and breaches, kind by kind. A deadline
is inclusive: a promise due on the 10th is broken on the 11th. "Within 7 days" starts the day after the trigger.
Suspended days stop the clock.

Life cycle: Singh's commitments (conditional, detached, satisfied, violated, expired, cancelled, released) with the
suspension and succession of Symboleo. ``states.py`` has the codes.

How to use it (K columns, C slots, S signals; days are counted from ``schedule.first``, which is day 0)::

    schedule = compile_schedule(case, first=date(2017, 5, 4))
    state = initial(schedule, columns=K, active=None)       # active: bool [K, C]; which slots a column follows
    reach = emissions(schedule, Matcher(case), [Emitted(type=..., actor=(...), target=(...), sector=(...)), ...])
    for day in range(n):
        changes = step(schedule, state, day, counts)        # counts [K, S]: events of each signal on this day
        state.state, state.waiting, state.broken, ...       # read them; step changes ``state`` in place

``emissions`` gives bool [E, S]; a simulated day is ``counts = happened @ reach.astype(np.float32)`` with ``happened``
float32 [K, E]. ``follow(schedule, tellings)`` gives ``active`` and ``own_reading``, one telling a column. To go on from
the record, step one column over the recorded days and ``repeat`` it, or ``take`` one of several;
the schedule and its day numbers stay the same. Days must be stepped in order without gaps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.engine.arrays import (
    FOREVER,
    HARMFUL,
    ROLES,
    Changes,
    Mask,
    Schedule,
    State,
    end,
    headline,
)
from standoff.commitments.engine.rules import Holds, Today, count_true
from standoff.commitments.engine.states import (
    CANCELLED,
    EXPIRED,
    NOT_YET,
    RELEASED,
    SATISFIED,
    STATES,
    SUPERSEDED,
    VIOLATED,
)
from standoff.values import months_on

Word = np.uint64


def step(
    schedule: Schedule,
    state: State,
    day: int,
    high: NDArray[Any],
    low: NDArray[Any] | None = None,
    *,
    unseen: Mask | None = None,
    amounts: NDArray[Any] | None = None,
) -> Changes:
    """Step every slot of every column through one day, in place, and return what changed.

    ``high`` [K, S] counts the events of each signal that possibly happened today, ``low`` those that certainly did
    (None: the same). ``unseen`` [S]: nobody is known to have watched today. ``amounts`` [K, S]: how much the events of
    a ``quantity`` add today (default: their count).
    """
    before = state.state.copy(order="K")
    harm, help_ = _lean(high, high if low is None else low, state.harsh)
    open_and_decide(schedule, state, day)
    today = Today(day, harm, help_, unseen, state.harsh, _reader(state), state.memory)
    busy_signals = high.any(axis=0)
    if low is not None:
        busy_signals |= low.any(
            axis=0
        )  # what happened on some day of an interval is certain on its last day, and new on none
    busy = frozenset(np.flatnonzero(busy_signals).tolist())
    counts_by_role = {role: _role(schedule, state, today, role, busy) for role in ROLES}
    watched = {role: _unwatched(schedule, unseen, role) for role in ("then", "bad")}
    _suspend(schedule, state, counts_by_role)
    _end(schedule, state, day, counts_by_role["release"], RELEASED)
    _end(schedule, state, day, counts_by_role["cancel"], CANCELLED)
    owed = help_ if amounts is None else amounts
    perform(schedule, state, day, counts_by_role, watched, _gather(schedule, owed, "then", state.columns))
    state.state[:] = headline(state)
    changed = state.state != before
    np.copyto(state.since, np.int16(day), where=changed)
    column, slot = np.divmod(np.flatnonzero(changed), len(schedule.slots) or 1)
    return Changes(column, slot, before[column, slot], state.state[column, slot])


# (1) What starts today opens, and deadlines that ended yesterday are decided


def open_and_decide(schedule: Schedule, state: State, day: int) -> None:
    """Age what waits, decide deadlines that ended yesterday, open what starts today, and let successors take over."""
    ages = state.live & ~state.suspended
    if state.pending.any():
        older(state.pending, ages)
        if state.hidden.any():  # those of them with a day that nobody watched
            older(state.hidden, ages)
    for kind, view in views(schedule, state).items():
        _DECIDE[kind](view, day)
    if (schedule.opens == day).any():
        _open(schedule, state, day)
    state.state[:] = headline(state)


def _open(schedule: Schedule, state: State, day: int) -> None:
    opening = (schedule.opens == day) & state.active & (state.state == NOT_YET)
    for old, new in schedule.succeeds:
        if schedule.opens[new] == day:
            replaced = np.zeros_like(opening)
            replaced[:, old] = (state.live[:, old] | opening[:, old]) & state.active[:, new] & state.own_reading[:, new]
            if replaced.any():
                opening &= ~replaced
                end(state, replaced, SUPERSEDED, day)
    state.live |= opening
    _begin(schedule, state, opening & ~schedule.conditional, day)


def _begin(schedule: Schedule, state: State, start: Mask, day: int) -> None:
    state.waiting += start
    state.begun += start
    np.copyto(state.clock, np.int16(1) + leads(schedule, "every", day), where=start)
    np.copyto(state.ends, np.minimum(schedule.closes, schedule.due), where=start)
    limited = start & (schedule.within >= 0)
    state.pending[..., 0] |= limited.astype(Word)
    np.copyto(state.ends, np.minimum(np.int32(day) + schedule.within, state.ends), where=limited, casting="unsafe")


def _decide_achieve(v: View, day: int) -> None:
    go = v.live & ~v.suspended & (v.waiting > 0)
    if not go.any():
        _lapse(v, day)
        return
    over, hidden = _run_out(v, go)
    count = over.astype(np.int16)
    if (v.due < min(day, FOREVER)).any():
        dated = go & (v.due < FOREVER) & (day > v.due.astype(np.int32) + v.paused)
        if dated.any():
            np.copyto(count, v.waiting, where=dated)
            np.copyto(v.pending, Word(0), where=dated[:, :, None])
            hidden |= dated & v.unwatched
            np.copyto(v.unwatched, False, where=dated)
            over |= dated
    if over.any():
        spared = over & hidden & v.lenient
        if spared.any():
            v.kept[...] += spared * count
            np.copyto(v.last, np.int8(SATISFIED), where=spared)
        _fail(v, over & ~spared, count, day)
        v.waiting[...] -= count
        np.copyto(v.live, False, where=over & ~v.conditional)
    _lapse(v, day)


def _run_out(v: View, go: Mask) -> tuple[Mask, Mask]:
    """Return where the time after a trigger ran out yesterday [K, C], and where a day of it was not watched."""
    over, hidden = np.zeros_like(go), np.zeros_like(go)
    unseen = v.hidden.any()
    for slot in np.flatnonzero(v.within >= 0).tolist():
        word, bit = divmod(int(v.within[slot]) + 1, 64)
        mark = Word(1 << bit)
        due = (v.pending[:, slot, word] & mark) != 0
        due &= go[:, slot]
        if due.any():
            over[:, slot] = due
            v.pending[:, slot, word] &= ~(due * mark)
        if unseen:
            hidden[:, slot] = (v.hidden[:, slot, word] & mark) != 0
    return over, hidden


def _decide_maintain(v: View, day: int) -> None:
    over = _ended(v, day)
    if over.any():
        guess = over & ~v.soiled & v.unwatched & v.pessimistic
        _fail(v, guess, over.astype(np.int16), day)
        whole = over & ~v.soiled & ~guess
        v.kept[...] += whole
        v.last[whole] = SATISFIED
        v.last[over & v.soiled] = VIOLATED
        _close_instance(v, over)
    _lapse(v, day)


def _decide_quantity(v: View, day: int) -> None:
    over = _ended(v, day)
    if over.any():
        spared = over & v.unwatched & v.lenient
        v.kept[...] += spared
        v.last[spared] = SATISFIED
        _fail(v, over & ~spared, over.astype(np.int16), day)
        achieved = v.achieved.copy()
        _close_instance(v, over)
        v.achieved[over] = achieved[over]
    _lapse(v, day)


def _decide_recurrent(v: View, day: int) -> None:
    go = v.live & ~v.suspended & (v.waiting > 0)
    turn = go & (v.clock >= v.every)
    if turn.any():
        done = turn & (v.achieved > 0)
        spared = turn & ~done & v.unwatched & v.lenient
        missed = turn & ~done & ~spared
        v.kept[...] += done | spared
        v.broken[...] += missed
        v.breaches[...] += missed
        v.first_broken[missed & (v.first_broken < 0)] = day
        v.soiled[missed] = True
        v.achieved[turn] = 0
        v.unwatched[turn] = False
        np.copyto(v.clock, v.leads("every", day), where=turn)
    over = _ended(v, day)
    if over.any():
        v.last[over] = np.where(v.soiled, VIOLATED, SATISFIED)[over]
        _close_instance(v, over)
    _lapse(v, day)
    v.clock[...] += v.live & ~v.suspended & (v.waiting > 0)


def _decide_permission(v: View, day: int) -> None:
    over = _ended(v, day)
    if over.any():
        v.last[over] = EXPIRED
        _close_instance(v, over)
    _lapse(v, day)


_DECIDE = {
    "achieve": _decide_achieve,
    "maintain": _decide_maintain,
    "quantity": _decide_quantity,
    "recurrent": _decide_recurrent,
    "permission": _decide_permission,
}


def _ended(v: View, day: int) -> Mask:
    past = v.ends < min(day, FOREVER)
    if not past.any():
        return past
    return np.asarray(past & v.live & ~v.suspended & (v.waiting > 0) & (day > v.ends.astype(np.int32) + v.paused))


def _close_instance(v: View, over: Mask) -> None:
    v.waiting[over] = 0
    v.soiled[over] = False
    v.unwatched[over] = False
    v.achieved[over] = 0
    v.live[over & ~v.conditional] = False


def _fail(v: View, failed: Mask, count: NDArray[Any], day: int) -> None:
    v.broken[...] += failed * count.astype(np.int16)
    np.copyto(v.last, np.int8(VIOLATED), where=failed)
    np.copyto(v.first_broken, np.int16(day), where=failed & (v.first_broken < 0))


def _lapse(v: View, day: int) -> None:
    """Close what can no longer be triggered: it lapses when it never was."""
    past = np.flatnonzero(v.conditional & (v.last_trigger < min(day, FOREVER)))
    if not v.live[:, past].any():
        return
    closed = v.live & v.conditional & (v.waiting == 0) & (v.last_trigger < FOREVER) & (day > v.last_trigger + v.paused)
    np.copyto(v.last, np.int8(EXPIRED), where=closed & (v.begun == 0))
    np.copyto(v.live, False, where=closed)


# (2) Signals and states of other commitments are read


def _lean(high: NDArray[Any], low: NDArray[Any], harsh: Mask | None) -> tuple[NDArray[Any], NDArray[Any]]:
    if harsh is None:
        return high, high
    return np.where(harsh[:, None], high, low), np.where(harsh[:, None], low, high)


def _reader(state: State) -> Callable[[Holds, bool], Mask]:
    codes, own = state.state.copy(order="K"), state.own_reading
    cache: dict[tuple[Holds, bool], Mask] = {}

    def holds(rule: Holds, harmful: bool) -> Mask:
        if (rule, harmful) not in cache:
            slots = list(rule.slots)
            table = np.zeros(len(STATES), np.bool_)
            table[list(rule.codes)] = True
            now = np.asarray((table[codes.T[slots]] & own.T[slots]).any(axis=0))
            if state.harsh is not None and state.partner is not None:
                other = now[state.partner]
                now = np.where(state.harsh == harmful, now | other, now & other)
            cache[rule, harmful] = now
        return cache[rule, harmful]

    return holds


def _role(schedule: Schedule, state: State, today: Today, role: str, busy: frozenset[int]) -> NDArray[Any] | None:
    """Return how often each slot's rule of a role is true today [K, C], or None where no slot has such a rule."""
    if not schedule.rules[role] and not len(schedule.plain[role][0]):
        return None
    harmful = role in HARMFUL
    out = _gather(schedule, today.harm if harmful else today.help, role, state.columns)
    for (slot, rule), needed in zip(schedule.rules[role], schedule.needs[role], strict=True):
        if needed is None or not busy.isdisjoint(needed):
            out[:, slot] = count_true(rule, today, harmful)
    return out


def _gather(schedule: Schedule, counts: NDArray[Any], role: str, columns: int) -> NDArray[Any]:
    """Return the counts of the one signal of each slot of a role [K, C], laid out in memory as ``counts`` are."""
    slots, signals = schedule.plain[role]
    if counts.flags.c_contiguous:
        out = np.zeros((columns, len(schedule.slots)), counts.dtype)
        if len(slots):
            out[:, slots] = counts[:, signals]
        return out
    tall = np.zeros((len(schedule.slots), columns), counts.dtype)
    tall[slots] = counts.T[signals]
    return tall.T


def _unwatched(schedule: Schedule, unseen: Mask | None, role: str) -> Mask | None:
    if unseen is None:
        return None
    out = np.zeros(len(schedule.slots), np.bool_)
    slots, signals = schedule.watch[role]
    np.logical_or.at(out, slots, unseen[signals])
    return out


# (3) Suspension


def _suspend(schedule: Schedule, state: State, counts_by_role: dict[str, NDArray[Any] | None]) -> None:
    suspend, resume, while_ = (counts_by_role[role] for role in ("suspend", "resume", "while"))
    if suspend is None and resume is None and while_ is None:
        return
    if suspend is not None:
        state.shut |= suspend > 0
    if resume is not None:
        state.shut &= ~(resume > 0)
    stopped = state.shut.copy(order="K")
    if while_ is not None:
        for slot, _ in schedule.rules["while"]:
            stopped[:, slot] |= while_[:, slot] == 0
    state.suspended[:] = stopped & state.live
    state.paused += state.suspended


# (4) Release and cancellation


def _end(schedule: Schedule, state: State, day: int, counts: NDArray[Any] | None, code: int) -> None:
    if counts is None:
        return
    ended = state.live & (counts > 0)
    if ended.any():
        end(state, ended, code, day)


# (5) Triggers and (6) consequents and breaches


def perform(
    schedule: Schedule,
    state: State,
    day: int,
    counts_by_role: dict[str, NDArray[Any] | None],
    unwatched: dict[str, Mask | None],
    amounts: NDArray[Any],
) -> None:
    """Let the day's triggers, consequents and breaches take effect, kind by kind."""
    nothing = np.zeros((1, 1), np.float32)
    for kind, v in views(schedule, state).items():
        block = schedule.blocks[kind]
        when, then, bad = (
            nothing if a is None else a[:, block] for a in (counts_by_role[r] for r in ("when", "then", "bad"))
        )
        blind = {role: None if mask is None else mask[block] for role, mask in unwatched.items()}
        if kind == "achieve":
            _do_achieve(v, day, when, then, blind["then"])
        elif kind == "maintain":
            _do_maintain(v, day, when, bad, blind["bad"])
        elif kind == "quantity":
            _do_quantity(v, day, when, amounts[:, block], blind["then"])
        elif kind == "recurrent":
            _do_recurrent(v, day, when, then, blind["then"])
        else:
            _extend(v, day, _trigger(v, day, when))
            v.kept[...] += (v.live & ~v.suspended & (v.waiting > 0) & (then > 0)).astype(np.int16)


def _do_achieve(v: View, day: int, when: NDArray[Any], then: NDArray[Any], blind: Mask | None) -> None:
    if when.any():
        triggered = _trigger(v, day, when)
        short = v.leads("within", day).astype(Word)
        if short.any():  # triggers of the 30th and 31st may fall due on one day: then they are one instance
            triggered &= ((v.pending[..., 0] >> short) & Word(1)) == 0
        v.waiting[...] += triggered
        v.begun[...] += triggered
        v.pending[..., 0] |= (triggered & (v.within >= 0)).astype(Word) << short
    if then.any():
        _achieved(v, day, then)
    if blind is not None and blind.any():
        v.hidden[...] |= np.where(blind[None, :, None], v.pending, Word(0))
        v.unwatched[...] |= blind & (v.waiting > 0)


def _achieved(v: View, day: int, then: NDArray[Any]) -> None:
    came = (then > 0) & v.active
    late = came & (v.waiting == 0) & (v.last == VIOLATED) & (v.remedied < 0)
    np.copyto(v.remedied, np.int16(day), where=late)
    done = came & v.live & (v.waiting > 0)
    if not done.any():
        return
    v.kept[...] += done * v.waiting
    np.copyto(v.last, SATISFIED, where=done)
    np.copyto(v.waiting, 0, where=done)
    np.copyto(v.pending, Word(0), where=done[:, :, None])
    np.copyto(v.hidden, Word(0), where=done[:, :, None])
    np.copyto(v.unwatched, False, where=done)
    np.copyto(v.live, False, where=done & ~v.conditional)


def _do_maintain(v: View, day: int, when: NDArray[Any], bad: NDArray[Any], blind: Mask | None) -> None:
    if when.any():
        _extend(v, day, _trigger(v, day, when))
    if bad.any():
        hit = v.live & ~v.suspended & (v.waiting > 0) & (bad > 0)
        v.breaches[...] += (hit * bad).astype(np.int32)
        new = hit & ~v.soiled
        v.broken[...] += new
        np.copyto(v.first_broken, np.int16(day), where=new & (v.first_broken < 0))
        v.soiled[...] |= new
    if blind is not None and blind.any():
        v.unwatched[...] |= blind & (v.waiting > 0) & ~v.suspended


def _do_quantity(v: View, day: int, when: NDArray[Any], amount: NDArray[Any], blind: Mask | None) -> None:
    triggered = _trigger(v, day, when)
    v.achieved[triggered & (v.waiting == 0)] = 0  # what was done before it was called in again counts for nothing
    _extend(v, day, triggered)
    open_ = v.live & (v.waiting > 0)
    summed = np.where(v.peak, np.maximum(v.achieved, amount), v.achieved + amount)
    v.achieved[...] = np.where(open_, summed, v.achieved)
    done = open_ & (v.achieved >= v.owed)
    v.kept[...] += done
    v.last[done] = SATISFIED
    v.waiting[done] = 0
    v.live[done & ~v.conditional] = False
    if blind is not None:
        v.unwatched[...] |= blind & (v.waiting > 0)


def _do_recurrent(v: View, day: int, when: NDArray[Any], then: NDArray[Any], blind: Mask | None) -> None:
    triggered = _trigger(v, day, when)
    np.copyto(v.clock, np.int16(1) + v.leads("every", day), where=triggered & (v.waiting == 0))
    _extend(v, day, triggered)
    on = v.live & ~v.suspended & (v.waiting > 0)
    v.achieved[...] += np.where(on, then, 0)
    if blind is not None:
        v.unwatched[...] |= blind & on


def _trigger(v: View, day: int, when: NDArray[Any]) -> Mask:
    open_ = day <= v.last_trigger + v.paused
    return np.asarray(v.live & ~v.suspended & v.conditional & (when > 0) & open_)


def _extend(v: View, day: int, triggered: Mask) -> None:
    """Start an instance, or carry an open one on: it ends when the last of its triggers does."""
    if not triggered.any():
        return
    within = v.within.astype(np.int32) - v.leads("within", day)
    last = np.where(v.within >= 0, day + within - v.paused, FOREVER)
    last = np.minimum(np.minimum(last, v.due), np.where(v.within >= 0, FOREVER, v.closes))
    v.ends[...] = np.where(triggered, np.maximum(np.where(v.waiting > 0, v.ends, -1), last), v.ends)
    fresh = triggered & (v.waiting == 0)
    v.waiting[fresh] = 1
    v.begun[...] += fresh


# The arrays of one kind, and the clocks of what waits


class View:
    """The arrays of a state or schedule on one block of slots: ``V.waiting`` is ``state.waiting[:, block]``."""

    def __init__(self, schedule: Schedule, state: State, block: slice) -> None:
        self._schedule, self._state, self._block = schedule, state, block
        self.pessimistic: Mask | bool = False if state.harsh is None else state.harsh[:, None]
        self.lenient: Mask | bool = False if state.harsh is None else ~state.harsh[:, None]
        self.last_trigger = np.minimum(schedule.latest, schedule.closes)[block].astype(np.int32)

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        whole = getattr(self._schedule, name)[self._block] if name in Schedule.__slots__ else None
        part = np.asarray(getattr(self._state, name)[:, self._block] if whole is None else whole)
        self.__dict__[name] = part  # looked up once; the arrays of a state are only ever changed in place
        return part

    def leads(self, name: str, day: int) -> NDArray[np.int16]:
        """Return how far spans of calendar months that begin today fall short of the longest (see `leads`)."""
        return leads(self._schedule, name, day, self._block)


def views(schedule: Schedule, state: State) -> dict[str, View]:
    """Return the view of each kind that has slots, made once for a state."""
    if not state.views:
        state.views |= {kind: View(schedule, state, b) for kind, b in schedule.blocks.items() if b.stop > b.start}
    return state.views


def leads(schedule: Schedule, name: str, day: int, block: slice = slice(None)) -> NDArray[np.int16]:
    """By how many days a span of calendar months that begins today falls short of the longest, for each slot.

    An instance starts with so many days on its clock, so that it falls due in time; spans of days have none.
    """
    months = getattr(schedule, f"{name}_months")[block]
    short = np.zeros(len(months), np.int16)
    if not months.any():
        return short
    today = schedule.date(day)
    for slot in np.flatnonzero(months).tolist():
        anchor = int(schedule.anchor[block][slot]) if name == "every" else 0
        if today != months_on(today, 0, anchor):  # suspended days have moved the beginning of periods
            anchor = 0
        short[slot] = getattr(schedule, name)[block][slot] - (months_on(today, int(months[slot]), anchor) - today).days
    return short


def older(bits: NDArray[Word], ages: Mask) -> None:
    """Shift bit sets one day older where ``ages`` [K, C] is true, carrying between words."""
    by = ages.astype(Word)
    last = bits.shape[2] - 1
    for word in range(last, -1, -1):
        bits[..., word] <<= by
        if word:
            bits[..., word] |= (bits[..., word - 1] >> Word(63)) * by
