"""The events of a day, kind by kind: triggers start instances, consequents keep them, breaches break them.

Array operations on [columns, slots of the kind]; a kind's function is ``_do_`` and its name.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.arrays import FOREVER, Mask, Plan, State
from standoff.commitments.blocks import View, Word, views
from standoff.commitments.states import SATISFIED, VIOLATED


def _trigger(v: View, day: int, when: NDArray[Any]) -> Mask:
    open_ = day <= v.last_trigger + v.paused
    return np.asarray(v.live & ~v.held & v.conditional & (when > 0) & open_)


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
        hit = v.live & ~v.held & (v.waiting > 0) & (bad > 0)
        v.breaches[...] += (hit * bad).astype(np.int32)
        new = hit & ~v.soiled
        v.broken[...] += new
        np.copyto(v.first_broken, np.int16(day), where=new & (v.first_broken < 0))
        v.soiled[...] |= new
    if blind is not None and blind.any():
        v.unwatched[...] |= blind & (v.waiting > 0) & ~v.held


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
