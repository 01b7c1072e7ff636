"""The five kinds of commitment, day by day, as array operations on [columns, slots of the kind].

Each kind has one function for the start of a day (deadlines that ended yesterday are decided) and one for the events of
the day. ``S`` is a view of the state on the kind's slots, so that a line reads like the rule it stands for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.arrays import FOREVER, Mask, Plan, State, end
from standoff.commitments.states import (
    CONDITIONAL,
    DETACHED,
    EXPIRED,
    NOT_YET,
    SATISFIED,
    SUPERSEDED,
    SUSPENDED,
    VIOLATED,
)

Word = np.uint64


class View:
    """The arrays of a state or plan on one block of slots: ``V.waiting`` is ``state.waiting[:, block]``."""

    def __init__(self, plan: Plan, state: State, block: slice) -> None:
        self._plan, self._state, self._block = plan, state, block
        self.pessimistic: Mask | bool = False if state.harsh is None else state.harsh[:, None]
        self.lenient: Mask | bool = False if state.harsh is None else ~state.harsh[:, None]
        self.last_trigger = np.minimum(plan.latest, plan.closes)[block].astype(np.int32)

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        whole = getattr(self._plan, name)[self._block] if name in Plan.__slots__ else None
        part = np.asarray(getattr(self._state, name)[:, self._block] if whole is None else whole)
        self.__dict__[name] = part  # looked up once; the arrays of a state are only ever changed in place
        return part


def views(plan: Plan, state: State) -> dict[str, View]:
    """Return the view of each kind that has slots, made once for a state."""
    if not state.views:
        state.views |= {kind: View(plan, state, b) for kind, b in plan.blocks.items() if b.stop > b.start}
    return state.views


def older(bits: NDArray[Word], ages: Mask) -> None:
    """Shift bit sets one day older where ``ages`` [K, C] is true, carrying between words."""
    by = ages.astype(Word)
    last = bits.shape[2] - 1
    for word in range(last, -1, -1):
        bits[..., word] <<= by
        if word:
            bits[..., word] |= (bits[..., word - 1] >> Word(63)) * by


def open_and_decide(plan: Plan, state: State, day: int) -> None:
    """Age what waits, decide deadlines that ended yesterday, open what starts today, and let successors take over."""
    ages = state.live & ~state.held
    if state.pending.any():
        older(state.pending, ages)
        if state.hidden.any():  # those of them with a day that nobody watched
            older(state.hidden, ages)
    for kind, view in views(plan, state).items():
        _DECIDE[kind](view, day)
    if (plan.opens == day).any():
        _open(plan, state, day)
    state.state[:] = headline(plan, state)


def _open(plan: Plan, state: State, day: int) -> None:
    opening = (plan.opens == day) & state.active & (state.state == NOT_YET)
    for old, new in plan.succeeds:
        if plan.opens[new] == day:
            replaced = np.zeros_like(opening)
            replaced[:, old] = (state.live[:, old] | opening[:, old]) & state.active[:, new] & state.told[:, new]
            if replaced.any():
                opening &= ~replaced
                end(state, replaced, SUPERSEDED, day)
    state.live |= opening
    _begin(plan, state, opening & ~plan.conditional, day)


def _begin(plan: Plan, state: State, start: Mask, day: int) -> None:
    state.waiting += start
    state.begun += start
    np.copyto(state.clock, np.int16(1), where=start)
    np.copyto(state.ends, np.minimum(plan.closes, plan.due), where=start)
    limited = start & (plan.within >= 0)
    state.pending[..., 0] |= limited.astype(Word)
    np.copyto(state.ends, np.minimum(np.int32(day) + plan.within, state.ends), where=limited, casting="unsafe")


# Deadlines that ended yesterday


def _fail(v: View, failed: Mask, count: NDArray[Any], day: int) -> None:
    v.broken[...] += failed * count.astype(np.int16)
    np.copyto(v.last, np.int8(VIOLATED), where=failed)
    np.copyto(v.first_broken, np.int16(day), where=failed & (v.first_broken < 0))


def _decide_achieve(v: View, day: int) -> None:
    go = v.live & ~v.held & (v.waiting > 0)
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


def _lapse(v: View, day: int) -> None:
    """Close what can no longer be triggered: it lapses when it never was."""
    past = np.flatnonzero(v.conditional & (v.last_trigger < min(day, FOREVER)))
    if not v.live[:, past].any():
        return
    closed = v.live & v.conditional & (v.waiting == 0) & (v.last_trigger < FOREVER) & (day > v.last_trigger + v.paused)
    np.copyto(v.last, np.int8(EXPIRED), where=closed & (v.begun == 0))
    np.copyto(v.live, False, where=closed)


def _ended(v: View, day: int) -> Mask:
    past = v.ends < min(day, FOREVER)
    if not past.any():
        return past
    return np.asarray(past & v.live & ~v.held & (v.waiting > 0) & (day > v.ends.astype(np.int32) + v.paused))


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


def _close_instance(v: View, over: Mask) -> None:
    v.waiting[over] = 0
    v.soiled[over] = False
    v.unwatched[over] = False
    v.achieved[over] = 0
    v.live[over & ~v.conditional] = False


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
    go = v.live & ~v.held & (v.waiting > 0)
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
        v.clock[turn] = 0
    over = _ended(v, day)
    if over.any():
        v.last[over] = np.where(v.soiled, VIOLATED, SATISFIED)[over]
        _close_instance(v, over)
    _lapse(v, day)
    v.clock[...] += v.live & ~v.held & (v.waiting > 0)


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


# The events of the day


def _trigger(v: View, day: int, when: NDArray[Any]) -> Mask:
    open_ = day <= v.last_trigger + v.paused
    return np.asarray(v.live & ~v.held & v.conditional & (when > 0) & open_)


def _extend(v: View, day: int, triggered: Mask) -> None:
    """Start an instance, or carry an open one on: it ends when the last of its triggers does."""
    if not triggered.any():
        return
    last = np.where(v.within >= 0, day + v.within.astype(np.int32) - v.paused, FOREVER)
    last = np.minimum(np.minimum(last, v.due), np.where(v.within >= 0, FOREVER, v.closes))
    v.ends[...] = np.where(triggered, np.maximum(np.where(v.waiting > 0, v.ends, -1), last), v.ends)
    fresh = triggered & (v.waiting == 0)
    v.waiting[fresh] = 1
    v.begun[...] += fresh


def _do_achieve(v: View, day: int, when: NDArray[Any], then: NDArray[Any], blind: Mask | None) -> None:
    if when.any():
        triggered = _trigger(v, day, when)
        v.waiting[...] += triggered
        v.begun[...] += triggered
        v.pending[..., 0] |= (triggered & (v.within >= 0)).astype(Word)
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
        hit = v.live & ~v.held & (v.waiting > 0) & (bad > 0)
        v.breaches[...] += (hit * bad).astype(np.int32)
        new = hit & ~v.soiled
        v.broken[...] += new
        np.copyto(v.first_broken, np.int16(day), where=new & (v.first_broken < 0))
        v.soiled[...] |= new
    if blind is not None and blind.any():
        v.unwatched[...] |= blind & (v.waiting > 0) & ~v.held


def _do_quantity(v: View, day: int, when: NDArray[Any], amount: NDArray[Any], blind: Mask | None) -> None:
    _extend(v, day, _trigger(v, day, when))
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
    v.clock[triggered & (v.waiting == 0)] = 1
    _extend(v, day, triggered)
    on = v.live & ~v.held & (v.waiting > 0)
    v.achieved[...] += np.where(on, then, 0)
    if blind is not None:
        v.unwatched[...] |= blind & on


def perform(
    plan: Plan,
    state: State,
    day: int,
    called: dict[str, NDArray[Any] | None],
    unwatched: dict[str, Mask | None],
    amounts: NDArray[Any],
) -> None:
    """Let the day's triggers, consequents and breaches take effect, kind by kind."""
    nothing = np.zeros((1, 1), np.float32)
    for kind, v in views(plan, state).items():
        block = plan.blocks[kind]
        when, then, bad = (nothing if a is None else a[:, block] for a in (called[r] for r in ("when", "then", "bad")))
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
            v.kept[...] += (v.live & ~v.held & (v.waiting > 0) & (then > 0)).astype(np.int16)


def headline(plan: Plan, state: State) -> NDArray[np.int8]:
    """Return the state of every slot: suspended, else owed (or broken and still monitored), else the last result."""
    made: NDArray[np.int8] = state.last.copy(order="K")
    owed = state.waiting > 0
    _put(made, DETACHED, owed)
    _put(made, VIOLATED, owed & state.soiled)
    _put(made, SUSPENDED, state.held & state.live)
    _put(made, CONDITIONAL, state.live & ~owed & ~state.held & (state.begun == 0))
    _put(made, NOT_YET, (state.state == NOT_YET) & ~state.live & (state.last == CONDITIONAL))
    return made


def _put(codes: NDArray[np.int8], code: int, where: Mask) -> None:
    """Write a code where a mask is true: by arithmetic, several times faster than a masked copy where many are."""
    codes += (np.int8(code) - codes) * where
