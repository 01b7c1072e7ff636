"""The start of a day, kind by kind: deadlines that ended yesterday are decided, and what starts today opens.

Array operations on [columns, slots of the kind]; a kind's function is ``_decide_`` and its name.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.arrays import FOREVER, Mask, Plan, State, end, headline
from standoff.commitments.blocks import View, Word, leads, older, views
from standoff.commitments.states import EXPIRED, NOT_YET, SATISFIED, SUPERSEDED, VIOLATED


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
    state.state[:] = headline(state)


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
    np.copyto(state.clock, np.int16(1) + leads(plan, "every", day), where=start)
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
        np.copyto(v.clock, v.leads("every", day), where=turn)
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
