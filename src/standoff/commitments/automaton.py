"""The automaton that holds commitments: pure arrays, stepped a day at a time, for recorded and simulated logs alike.

A *slot* is one commitment in one reading (and one key, such as a post). A *column* is one version of what happens: an
account in one of its two completions, or a simulated trajectory. Everything below is ``[columns, slots]``.

How to use it (K columns, C slots, S signals; days are counted from ``plan.first``, which is day 0)::

    plan = compile_plan(case, first=date(2017, 5, 4))          # plan.py: from the words of a case to arrays
    state = initial(plan, columns=K, active=None)              # active: bool [K, C]; which reading each column holds
    reach = emissions(plan, Matcher(case), [Emitted(type=..., actor=(...), target=(...), sector=(...)), ...])
    for day in range(n):
        changes = step(plan, state, day, counts)               # counts [K, S]: events of each signal on this day
        state.state, state.waiting, state.broken, ...          # read them; step changes ``state`` in place

``emissions`` (sources.py) gives bool [E, S]; a simulated day is ``counts = happened @ reach.astype(np.float32)`` with
``happened`` float32 [K, E]. ``follow(plan, tellings)`` (plan.py) gives ``active`` and ``told``, one telling a column.
To go on from the record, step one column over the recorded days (``record.recorded_state``) and ``repeat`` it, or
``take`` one of several; the plan and its day numbers stay the same. Days must be stepped in order without gaps.

The order of a day: (1) what starts today opens, successors close what they replace, deadlines that ended yesterday are
decided; (2) states of other commitments are read, so nobody reads a state of the same day; (3) suspension; (4) release
and cancellation; (5) triggers; (6) consequents and breaches. A deadline is inclusive: a promise due on the 10th is
broken on the 11th. "Within 7 days" starts the day after the trigger. Suspended days stop the clock.

Life cycle: Singh's commitments (conditional, detached, satisfied, violated, expired, cancelled, released) with the
suspension and succession of Symboleo. ``states.py`` has the codes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.arrays import HARMFUL, ROLES, Changes, Mask, Plan, Slot, State, end, headline, initial
from standoff.commitments.deadlines import open_and_decide
from standoff.commitments.effects import perform
from standoff.commitments.rules import Holds, Today, evaluate
from standoff.commitments.states import CANCELLED, RELEASED, STATES

__all__ = ["Changes", "Plan", "Slot", "State", "initial", "step"]


def step(
    plan: Plan,
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
    open_and_decide(plan, state, day)
    today = Today(day, harm, help_, unseen, state.harsh, _reader(state), state.memory)
    told = high.any(axis=0)
    if low is not None:
        told |= low.any(axis=0)  # what happened on some day of an interval is certain on its last day, and new on none
    busy = frozenset(np.flatnonzero(told).tolist())
    called = {role: _role(plan, state, today, role, busy) for role in ROLES}
    watched = {role: _unwatched(plan, unseen, role) for role in ("then", "bad")}
    _suspend(plan, state, called)
    _end(plan, state, day, called["release"], RELEASED)
    _end(plan, state, day, called["cancel"], CANCELLED)
    owed = help_ if amounts is None else amounts
    perform(plan, state, day, called, watched, _gather(plan, owed, "then", state.columns))
    state.state[:] = headline(state)
    changed = state.state != before
    np.copyto(state.since, np.int16(day), where=changed)
    column, slot = np.divmod(np.flatnonzero(changed), len(plan.slots) or 1)
    return Changes(column, slot, before[column, slot], state.state[column, slot])


def _lean(high: NDArray[Any], low: NDArray[Any], harsh: Mask | None) -> tuple[NDArray[Any], NDArray[Any]]:
    if harsh is None:
        return high, high
    return np.where(harsh[:, None], high, low), np.where(harsh[:, None], low, high)


def _reader(state: State) -> Callable[[Holds, bool], Mask]:
    codes, told = state.state.copy(order="K"), state.told
    known: dict[tuple[Holds, bool], Mask] = {}

    def holds(rule: Holds, harmful: bool) -> Mask:
        if (rule, harmful) not in known:
            slots = list(rule.slots)
            table = np.zeros(len(STATES), np.bool_)
            table[list(rule.codes)] = True
            now = np.asarray((table[codes.T[slots]] & told.T[slots]).any(axis=0))
            if state.harsh is not None and state.partner is not None:
                other = now[state.partner]
                now = np.where(state.harsh == harmful, now | other, now & other)
            known[rule, harmful] = now
        return known[rule, harmful]

    return holds


def _gather(plan: Plan, counts: NDArray[Any], role: str, columns: int) -> NDArray[Any]:
    """Return the counts of the one signal of each slot of a role [K, C], laid out in memory as ``counts`` are."""
    slots, signals = plan.plain[role]
    if counts.flags.c_contiguous:
        out = np.zeros((columns, len(plan.slots)), counts.dtype)
        if len(slots):
            out[:, slots] = counts[:, signals]
        return out
    tall = np.zeros((len(plan.slots), columns), counts.dtype)
    tall[slots] = counts.T[signals]
    return tall.T


def _role(plan: Plan, state: State, today: Today, role: str, busy: frozenset[int]) -> NDArray[Any] | None:
    """Return how often each slot's rule of a role is true today [K, C], or None where no slot has such a rule."""
    if not plan.rules[role] and not len(plan.plain[role][0]):
        return None
    harmful = role in HARMFUL
    out = _gather(plan, today.harm if harmful else today.help, role, state.columns)
    for (slot, rule), needed in zip(plan.rules[role], plan.needs[role], strict=True):
        if needed is None or not busy.isdisjoint(needed):
            out[:, slot] = evaluate(rule, today, harmful)
    return out


def _unwatched(plan: Plan, unseen: Mask | None, role: str) -> Mask | None:
    if unseen is None:
        return None
    out = np.zeros(len(plan.slots), np.bool_)
    slots, signals = plan.watch[role]
    np.logical_or.at(out, slots, unseen[signals])
    return out


def _suspend(plan: Plan, state: State, called: dict[str, NDArray[Any] | None]) -> None:
    suspend, resume, while_ = (called[role] for role in ("suspend", "resume", "while"))
    if suspend is None and resume is None and while_ is None:
        return
    if suspend is not None:
        state.shut |= suspend > 0
    if resume is not None:
        state.shut &= ~(resume > 0)
    held = state.shut.copy(order="K")
    if while_ is not None:
        for slot, _ in plan.rules["while"]:
            held[:, slot] |= while_[:, slot] == 0
    state.held[:] = held & state.live
    state.paused += state.held


def _end(plan: Plan, state: State, day: int, called: NDArray[Any] | None, code: int) -> None:
    if called is None:
        return
    ended = state.live & (called > 0)
    if ended.any():
        end(state, ended, code, day)
