"""The day of the ledger: every commitment stepped through one day, as arrays, for recorded and simulated logs alike.

A *slot* is one commitment in one reading (and one key, such as a post). A *column* is one version of what happens: an
account in one of its two completions, or a simulated trajectory. Everything below is ``[columns, slots]``.

The order of a day, and of this file: (1) what starts today opens, successors close what they replace, deadlines that
ended yesterday are decided; (2) signals and states of other commitments are read, states as they were before the day;
(3) suspension; (4) release and cancellation; (5) triggers, then (6) consequents and breaches, kind by kind. A deadline
is inclusive: a promise due on the 10th is broken on the 11th. "Within 7 days" starts the day after the trigger.
Suspended days stop the clock. What two events of one day do to each other hangs on their order: where hours tell it
(``Clock``) it is known, else the pessimistic completion takes the order that harms and the optimistic one the other; a
complete column takes the order above.

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

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
from standoff.commitments.engine.blocks import View, Word, leads, older, views
from standoff.commitments.engine.rules import Holds, Today, count_true, signals_of
from standoff.commitments.engine.states import (
    CANCELLED,
    CONDITIONAL,
    EXPIRED,
    NOT_YET,
    RELEASED,
    SATISFIED,
    STATES,
    SUPERSEDED,
    VIOLATED,
)

Counts = dict[str, NDArray[Any] | None]


@dataclass(frozen=True, slots=True)
class Clock:
    """What hours tell of one day.

    ``order`` says of two roles, by slot [C], which came first: 1 the former, -1 the latter, 0 not told. ``short`` has,
    by slot, by how many days the deadline of what is called in today lies before ``within``.
    """

    order: Mapping[tuple[str, str], NDArray[np.int8]] = field(default_factory=dict)
    short: Mapping[int, int] = field(default_factory=dict)


def step(
    schedule: Schedule,
    state: State,
    day: int,
    high: NDArray[Any],
    low: NDArray[Any] | None = None,
    *,
    unseen: Mask | None = None,
    amounts: NDArray[Any] | None = None,
    clock: Clock | None = None,
) -> Changes:
    """Step every slot of every column through one day, in place, and return what changed.

    ``high`` [K, S] counts the events of each signal that possibly happened today, ``low`` those that certainly did
    (None: the same). ``unseen`` [S]: nobody is known to have watched today. ``amounts`` [K, S]: how much the events of
    a ``quantity`` add today (default: their count). ``clock``: what hours tell.
    """
    before = state.state.copy(order="K")
    harm, help_ = _lean(high, high if low is None else low, state.harsh)
    ended = _counted(state) if schedule.chained else None
    open_and_decide(schedule, state, day)
    today = Today(day, harm, help_, unseen, state.harsh, _reader(state), state.memory)
    today.permits = clock.order.get(("permit", "bad")) if clock is not None else None
    if ended is not None:
        today.yesterday, today.struck = _reader(state, before), _strikes(state, ended)
    busy_signals = high.any(axis=0)
    if low is not None:
        busy_signals |= low.any(
            axis=0
        )  # what happened on some day of an interval is certain on its last day, and new on none
    busy = frozenset(np.flatnonzero(busy_signals).tolist())
    early = schedule.early_always or not busy.isdisjoint(schedule.early_signals)
    roles = ROLES if early else ROLES[: ROLES.index("early")]
    counts_by_role = {role: _role(schedule, state, today, role, busy) for role in roles}
    waited = (state.waiting > 0, state.kept.copy(order="K")) if early else None
    watched = {role: _unwatched(schedule, unseen, role) for role in ("then", "bad")}
    owed = _gather(schedule, help_ if amounts is None else amounts, "then", state.columns)
    order = _Order(state.harsh, clock or Clock())
    _jointly(schedule, state, day, counts_by_role, owed)
    if counts_by_role["reopen"] is not None and (told := order.clock.order.get(("release", "reopen"))) is not None:
        _reopen(schedule, state, day, counts_by_role, state.live.copy(order="K"), order, told < 0)
    _before_the_end(schedule, state, day, counts_by_role, owed, order)
    _suspend(schedule, state, counts_by_role, order)
    released = state.live.copy(order="K") if counts_by_role["reopen"] is not None else None
    _end(schedule, state, day, counts_by_role["release"], RELEASED)
    _end(schedule, state, day, counts_by_role["cancel"], CANCELLED)
    if released is not None:
        _reopen(schedule, state, day, counts_by_role, released, order)
    perform(schedule, state, day, counts_by_role, watched, owed, order)
    if waited is not None:
        told = _gather(schedule, help_ if amounts is None else amounts, "early", state.columns)
        _done_early(schedule, state, day, counts_by_role, told, waited[0] | (state.kept > waited[1]))
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
    np.copyto(state.first_call, np.int16(day), where=start)
    np.copyto(state.young, True, where=start)
    np.copyto(state.clock, np.int16(1) + leads(schedule, "every", day), where=start)
    np.copyto(state.ends, np.minimum(schedule.closes, schedule.due), where=start)
    limited = start & (schedule.within >= 0)
    if not limited.any():
        return
    short = schedule.part_day * _of_harsh(state)
    state.pending[..., 0] |= limited.astype(Word) << short.astype(Word)
    last = np.minimum(np.int32(day) + schedule.within - short, state.ends)
    np.copyto(state.ends, last, where=limited, casting="unsafe")


def _of_harsh(state: State) -> NDArray[np.int16]:
    """1 in the columns of pessimistic completions [K, 1]: a part of a day that is not known ends before it."""
    if state.harsh is None:
        return np.zeros((1, 1), np.int16)
    return np.asarray(state.harsh[:, None], np.int16)


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
        if v.any_early:
            hidden |= _met_before(v, over, v.reached >= 0)
        spared = over & hidden & v.lenient
        if spared.any():
            v.kept[...] += spared * count
            np.copyto(v.last, np.int8(SATISFIED), where=spared)
        _fail(v, over & ~spared, count, day)
        v.waiting[...] -= count
        np.copyto(v.live, False, where=over & ~v.conditional & (v.claimed <= 0))
    _lapse(v, day)


def _run_out(v: View, go: Mask) -> tuple[Mask, Mask]:
    """Return where the time after a trigger ran out yesterday [K, C], and where a day of it was not watched."""
    over, hidden = np.zeros_like(go), np.zeros_like(go)
    slots, words, marks = v.limits
    if not len(slots) or not (v.pending.any() or v.hidden.any()):
        return over, hidden
    due = ((v.pending[:, slots, words] & marks) != 0) & go[:, slots]
    if due.any():
        over[:, slots] = due
        v.pending[:, slots, words] &= ~(due * marks)
    hidden[:, slots] = (v.hidden[:, slots, words] & marks) != 0
    return over, hidden


def _met_before(v: View, over: Mask, done: Mask) -> Mask:
    """Return which deadlines an act before the call may have met, in the completion that helps the debtor."""
    met = np.asarray(over & done & (v.early > 0) & v.lenient)
    np.copyto(v.spared, v.reached, where=met)
    np.copyto(v.spared, np.int16(-1), where=over & ~met)
    once = met & v.spent
    np.copyto(v.reached, np.int16(-1), where=once)
    np.copyto(v.before, np.float32(0), where=once)
    return met


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
        if v.any_early:
            told = np.where(v.spent, v.achieved + v.before, v.before)
            met = _met_before(v, over, (v.reached >= 0) & (told >= v.owed))
            np.copyto(v.achieved, np.maximum(told, v.achieved), where=met)
            spared |= met
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
    over = _ended(v, day)
    graced = go & (v.overdue > 0)
    if graced.any():  # the first period counts as "within" does: from the day after
        done = graced & (v.achieved > 0)
        _period(v, day, graced, done, graced & ~done & ((v.overdue == 2) | v.unwatched) & v.lenient)
        v.overdue[graced] = 0
    if turn.any():
        done = turn & (v.achieved > 0)
        wait = turn & ~done & v.young & ~over
        v.overdue[wait] = 1 + v.unwatched[wait]
        _period(v, day, turn & ~wait, done, turn & ~done & v.unwatched & v.lenient)
        v.young[turn] = False
        v.achieved[turn] = 0
        v.unwatched[turn] = False
        np.copyto(v.clock, v.leads("every", day), where=turn)
    if over.any():
        v.last[over] = np.where(v.soiled, VIOLATED, SATISFIED)[over]
        _close_instance(v, over)
    _lapse(v, day)
    v.clock[...] += v.live & ~v.suspended & (v.waiting > 0)


def _period(v: View, day: int, ended: Mask, done: Mask, spared: Mask) -> None:
    """Decide periods that are over: kept, or missed, which soils what holds over time."""
    missed = ended & ~done & ~spared
    v.kept[...] += ended & ~missed
    v.broken[...] += missed
    v.breaches[...] += missed
    v.first_broken[missed & (v.first_broken < 0)] = day
    v.soiled[missed] = True


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
    v.overdue[over] = 0
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
    closed = v.live & v.conditional & (v.waiting == 0) & (v.claimed <= 0)
    closed &= (v.last_trigger < FOREVER) & (day > v.last_trigger + v.paused)
    np.copyto(v.last, np.int8(EXPIRED), where=closed & (v.begun == 0))
    np.copyto(v.live, False, where=closed)


# (2) Signals and states of other commitments are read


def _lean(high: NDArray[Any], low: NDArray[Any], harsh: Mask | None) -> tuple[NDArray[Any], NDArray[Any]]:
    if harsh is None:
        return high, high
    return np.where(harsh[:, None], high, low), np.where(harsh[:, None], low, high)


def _reader(state: State, states: NDArray[np.int8] | None = None) -> Callable[[Holds, bool], Mask]:
    """Return what says whether slots are in a state: as they stand now, or as ``states`` [K, C] has them."""
    codes, own = state.state.copy(order="K") if states is None else states, state.own_reading
    cache: dict[tuple[Holds, bool], Mask] = {}

    def holds(rule: Holds, harmful: bool) -> Mask:
        if (rule, harmful) not in cache:
            slots = list(rule.slots)
            table = np.zeros(len(STATES), np.bool_)
            table[list(rule.codes)] = True
            each = table[codes.T[slots]]
            if rule.late:
                missed = (codes.T[slots] == VIOLATED) & (state.broken.T[slots] == 1)
                each |= missed & (state.remedied.T[slots] >= 0)
            now = np.asarray((each & own.T[slots]).any(axis=0))
            if state.harsh is not None and state.partner is not None:
                other = now[state.partner]
                now = np.where(state.harsh == harmful, now | other, now & other)
            cache[rule, harmful] = now
        return cache[rule, harmful]

    return holds


def _counted(state: State) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
    return np.add(state.broken, state.breaches, dtype=np.int32), state.kept.copy(order="K")


def _strikes(
    state: State, ended: tuple[NDArray[np.int32], NDArray[np.int16]]
) -> Callable[[Holds, bool], tuple[Mask, Mask]]:
    """Return what says where slots were broken (or kept) once more, by yesterday's events and by today's deadlines.

    ``ended`` are the counts at the end of yesterday. A breach is possible where the pessimistic completion has it and
    certain where the optimistic one has; with what is kept it is the other way round.
    """
    now = _counted(state)
    by_events = ended[0] > state.struck, ended[1] > state.keeps
    by_days = now[0] > ended[0], now[1] > ended[1]
    state.struck[:], state.keeps[:] = now
    own, harsh, partner = state.own_reading, state.harsh, state.partner
    cache: dict[tuple[Holds, bool], tuple[Mask, Mask]] = {}

    def strikes(rule: Holds, harmful: bool) -> tuple[Mask, Mask]:
        if (rule, harmful) not in cache:
            slots = list(rule.slots)
            out = [np.zeros(state.columns, np.bool_), np.zeros(state.columns, np.bool_)]
            for which, code in ((0, VIOLATED), (1, SATISFIED)):
                if code not in rule.codes:
                    continue
                for side, part in enumerate((by_events[which], by_days[which])):
                    one = np.asarray((part[:, slots] & own[:, slots]).any(axis=1))
                    if harsh is not None and partner is not None and harmful == bool(which):
                        one = one[partner]
                    out[side] |= one
            cache[rule, harmful] = out[0], out[1]
        return cache[rule, harmful]

    return strikes


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


# The order of a day: what comes before the end that an event of the same day makes


class _Order:
    """Which of two events of a day comes first: what hours tell; else as it harms, or helps, the debtor."""

    def __init__(self, harsh: Mask | None, clock: Clock) -> None:
        self.harsh, self.clock = harsh, clock
        self.is_open = harsh is not None or bool(clock.order)

    def first(
        self, one: str, other: str, harmful: bool | None, block: slice = slice(None), *, usual: bool = False
    ) -> Mask:
        """Return where ``one`` comes before ``other`` [K or 1, C or 1]; ``harmful``: that it does harms the debtor.

        ``usual`` is the order in complete columns; with ``harmful`` None in all of them.
        """
        told = self.clock.order.get((one, other))
        if self.harsh is None or harmful is None:
            open_ = np.full((1, 1), usual)
        else:
            open_ = np.asarray(self.harsh == harmful)[:, None]
        if told is None:
            return open_
        return np.asarray(np.where(told[None, block] == 0, open_, told[None, block] > 0))


def _before_the_end(
    schedule: Schedule, state: State, day: int, counts: Counts, owed: NDArray[Any], order: _Order
) -> None:
    """Let what comes before a suspension, release or cancellation of the same day take effect first, and take it out.

    Calls, breaches and performance of the day are taken out of ``counts`` and ``owed`` where they are dealt with here.
    What was suspended and is resumed today runs from then on: what comes after that and before an end counts, too.
    """
    ends = {role: c > 0 for role in ("suspend", "release", "cancel") if (c := counts[role]) is not None and c.any()}
    if not ends or not order.is_open:
        return
    resume = counts["resume"]
    resumed = state.shut & (resume > 0) if resume is not None else np.zeros_like(state.shut)
    if "suspend" in ends:  # one that comes before the resumption ends nothing
        ends["suspend"] &= ~state.shut | (resumed & order.first("resume", "suspend", harmful=False))
    running = state.live & (~state.suspended | resumed)
    since = {role: ~resumed | order.first("resume", role, harmful=True, usual=True) for role in ("when", "bad")}
    if (while_ := counts["while"]) is not None:
        for slot, _ in schedule.rules["while"]:
            running[:, slot] &= while_[:, slot] > 0
    state.suspended &= ~(resumed & running)  # until `_suspend` says what holds at the end of the day
    when, bad, then = counts["when"], counts["bad"], counts["then"]
    if when is not None:  # a release ends what is called in before it as well as what is not
        called = np.zeros_like(running)
        for role in ("suspend", "cancel"):
            if role in ends:
                called |= ends[role] & order.first("when", role, harmful=True)
        called &= running & since["when"] & (when > 0) & schedule.evented
        if called.any():
            if then is not None and order.clock.order:  # done before the call, which comes before the end
                _take_out(schedule, state, day, counts, owed, called & ~order.first("when", "then", None, usual=True))
                then = counts["then"]
            for kind, v in views(schedule, state).items():
                block = schedule.blocks[kind]
                _call(v, day, np.where(called[:, block], when[:, block], 0), _back(schedule, state, order, block))
            counts["when"] = np.where(called, 0, when)
    if bad is not None and "maintain" in views(schedule, state):
        struck = np.zeros_like(running)
        for role, ended in ends.items():
            first = ended & order.first("bad", role, harmful=True)
            if role == "release":  # what a state releases is released before the events of the day
                first[:, [slot for slot, rule in schedule.rules[role] if not signals_of(rule)]] = False
            struck |= first
        struck &= running & since["bad"] & (bad > 0) & (state.waiting > 0)
        if struck.any():
            block, v = schedule.blocks["maintain"], views(schedule, state)["maintain"]
            _break(v, day, np.where(struck[:, block], bad[:, block], 0))
            counts["bad"] = np.where(struck, 0, bad)
    if then is None:
        return
    if "suspend" in ends:  # acts of a period, and uses of a permission, that came before it count
        used = ends["suspend"] & order.first("then", "suspend", harmful=False) & running & (then > 0)
        used &= (~resumed | order.first("resume", "then", harmful=False, usual=True)) & (state.waiting > 0)
        for kind in ("recurrent", "permission") if used.any() else ():
            if kind in views(schedule, state):
                block, v = schedule.blocks[kind], views(schedule, state)[kind]
                if kind == "recurrent":
                    v.achieved[...] += np.where(used[:, block], then[:, block], 0)
                else:
                    v.kept[...] += used[:, block].astype(np.int16)
    done = np.zeros_like(running)
    for role in ("release", "cancel"):
        if role in ends:
            done |= ends[role] & order.first("then", role, harmful=False)
    _take_out(schedule, state, day, counts, owed, done & state.live)


def _take_out(schedule: Schedule, state: State, day: int, counts: Counts, owed: NDArray[Any], where: Mask) -> None:
    """Let what is owed and done today take effect now, and take it out of the day."""
    then = counts["then"]
    assert then is not None  # noqa: S101 (asked for only where something is owed)
    done = where & (then > 0)
    if not done.any():
        return
    for kind, v in views(schedule, state).items():
        block = schedule.blocks[kind]
        if kind == "achieve":
            _achieved(v, day, np.where(done[:, block], then[:, block], 0))
        elif kind == "quantity":
            _delivered(v, day, np.where(done[:, block], owed[:, block], 0))
    counts["then"] = np.where(done, 0, then)
    owed[done] = 0


# (3) Suspension


def _suspend(schedule: Schedule, state: State, counts: Counts, order: _Order) -> None:
    suspend, resume, while_ = (counts[role] for role in ("suspend", "resume", "while"))
    if suspend is None and resume is None and while_ is None:
        return
    if suspend is not None:
        state.shut |= suspend > 0
    if resume is not None:
        opened = state.shut & (resume > 0)
        if opened.any():
            _not_before(counts, "bad", opened, order.first("resume", "bad", harmful=True, usual=True))
            _not_before(counts, "when", opened, order.first("resume", "when", harmful=True, usual=True))
        ends = resume > 0
        if suspend is not None:  # both on one day: which of them holds from then on hangs on their order
            ends = ends & ~((suspend > 0) & order.first("resume", "suspend", harmful=False))
        state.shut &= ~ends
    stopped = state.shut.copy(order="K")
    if while_ is not None:
        for slot, _ in schedule.rules["while"]:
            stopped[:, slot] |= while_[:, slot] == 0
    state.suspended[:] = stopped & state.live
    state.paused += state.suspended


def _not_before(counts: Counts, role: str, where: Mask, comes_first: Mask) -> None:
    """Take events of a role out of the day where they came before what let them count."""
    events = counts[role]
    if events is not None:
        counts[role] = np.where(where & ~comes_first, 0, events)


# (4) Release, cancellation and re-opening


def _end(schedule: Schedule, state: State, day: int, counts: NDArray[Any] | None, code: int) -> None:
    if counts is None:
        return
    ended = state.live & (counts > 0)
    if ended.any():
        end(state, ended, code, day, free=schedule.blocks["permission"])


def _reopen(
    schedule: Schedule, state: State, day: int, counts: Counts, live: Mask, order: _Order, early: Mask | None = None
) -> None:
    """Put what was released in force again; ``live`` says what was before today's release.

    ``early`` [C]: only where hours tell that it comes before today's release, which then ends it once more.
    """
    reopen, release = counts["reopen"], counts["release"]
    assert reopen is not None  # noqa: S101 (asked for only where some slot has one)
    again = (reopen > 0) & ~state.live & (state.last == RELEASED)
    if early is not None:
        again &= early
    elif release is not None:  # both on one day: which of them holds hangs on their order
        again &= (release == 0) | order.first("release", "reopen", harmful=True)
    if not again.any():
        return
    state.live |= again
    for array in (state.soiled, state.unwatched, state.achieved, state.afterwards):  # a clean slate
        array[again] = 0
    np.copyto(state.last, np.int8(CONDITIONAL), where=again)
    _begin(schedule, state, again & ~schedule.conditional, day)
    fresh = again & ~live
    _not_before(counts, "bad", fresh, order.first("reopen", "bad", harmful=True, usual=True))
    _not_before(counts, "when", fresh, order.first("reopen", "when", harmful=True, usual=True))


# (5) Triggers and (6) consequents and breaches


def perform(
    schedule: Schedule,
    state: State,
    day: int,
    counts: Counts,
    unwatched: dict[str, Mask | None],
    amounts: NDArray[Any],
    order: _Order,
) -> None:
    """Let the day's triggers, consequents and breaches take effect, kind by kind."""
    nothing = np.zeros((1, 1), np.float32)
    for kind, v in views(schedule, state).items():
        block = schedule.blocks[kind]
        when, then, bad, verify = (
            nothing if a is None else a[:, block] for a in (counts[r] for r in ("when", "then", "bad", "verify"))
        )
        blind = {role: None if mask is None else mask[block] for role, mask in unwatched.items()}
        back = _back(schedule, state, order, block) if when.any() else None
        if kind == "achieve":
            _do_achieve(v, day, when, then, blind["then"], back, order, block)
        elif kind == "maintain":
            _do_maintain(v, day, when, bad, blind["bad"], back, order, block)
        elif kind == "quantity":
            _do_quantity(v, day, when, amounts[:, block], blind["then"], back, order, block)
        elif kind == "recurrent":
            _do_recurrent(v, day, when, then, blind["then"], back)
        else:
            _call(v, day, when, back)
            v.kept[...] += (v.live & ~v.suspended & (v.waiting > 0) & (then > 0)).astype(np.int16)
        if verify.any():
            _verified(v, day, verify)
        if v.any_absent:
            _met_in_time(v, day)
    _remember(schedule, state, day, counts["then"], amounts)


def _back(schedule: Schedule, state: State, order: _Order, block: slice) -> NDArray[np.int16] | None:
    """Return by how many days an instance that is called in today is older than today, at its deadline [K, C].

    One day where events of yesterday brought about the state that calls it in; a part of a day where a span of hours
    is rounded up, as hours tell or else in the pessimistic completion. None where no instance is.
    """
    mine = [(slot, node) for slot, node in schedule.chained if block.start <= slot < block.stop]
    if not mine and not schedule.part_day[block].any() and not order.clock.short:
        return None
    back = np.zeros(state.live[:, block].shape, np.int16) + (schedule.part_day * _of_harsh(state))[:, block]
    for slot, days in order.clock.short.items():
        if block.start <= slot < block.stop:
            back[:, slot - block.start] = days
    for slot, node in mine:
        if node in state.memory:
            back[:, slot - block.start] += state.memory[node][:, 1]
    return back


def _jointly(schedule: Schedule, state: State, day: int, counts: Counts, amounts: NDArray[Any]) -> None:
    """Of duties with several parts: how many were done since the first open call; of joint ones, whether all were."""
    then, when = counts["then"], counts["when"]
    for slot, node, needed in schedule.several:
        if then is None or not then[:, slot].any():  # what is true today was remembered today
            continue
        called = (state.waiting[:, slot] > 0) | (state.last[:, slot] == VIOLATED)
        if when is not None:  # what is called in today counts from today
            called &= (state.waiting[:, slot] > 0) | (when[:, slot] == 0)
        since = np.where(called, state.first_call[:, slot], np.int16(day))
        many = (state.memory[node] > since[:, None]).sum(axis=1)
        if needed:
            amounts[:, slot] = many
        else:
            then[:, slot] = many == state.memory[node].shape[1]


def _remember(schedule: Schedule, state: State, day: int, then: NDArray[Any] | None, amounts: NDArray[Any]) -> None:
    """Keep the day of what was owed, for what is called in tomorrow by something of today."""
    if then is not None:
        for slot, _ in schedule.chained:
            if (now := then[:, slot] > 0).any():
                state.acted[now, slot] = day
                state.brought[now, slot] = amounts[now, slot]


def _call(v: View, day: int, when: NDArray[Any], back: NDArray[Any] | None) -> Mask:
    """Start an instance where something calls it in; of kinds that hold over time one at a time. Return where."""
    triggered = _trigger(v, day, when)
    if not triggered.any():
        return triggered
    if v.any_joint:
        start = np.int16(day) if back is None else (day - back).astype(np.int16)
        np.copyto(v.first_call, start, where=triggered & (v.waiting == 0))
    if v.kind == "achieve":
        short = v.leads("within", day)
        if back is not None:
            back = np.minimum(back, np.where(v.within >= 0, v.within, back))
            # a month from yesterday is not a month from today
            short = np.where(back > 0, v.leads("within", day - 1) + back, short) if v.any_months else short + back
        if v.any_months:  # triggers of the 30th and 31st may fall due on one day: then they are one instance
            twice = ((v.pending[..., 0] >> short.astype(Word)) & Word(1)) != 0
            triggered &= ~(twice & (v.within_months > 0))
        v.waiting[...] += triggered
        v.begun[...] += triggered
        v.pending[..., 0] |= (triggered & (v.within >= 0)).astype(Word) << short.astype(Word)
        return triggered
    if v.kind == "quantity":
        fresh = triggered & (v.waiting == 0)
        v.achieved[fresh] = v.afterwards[fresh] = 0  # what was done before it was called in counts for nothing
    if v.kind == "recurrent":
        fresh = triggered & (v.waiting == 0)
        np.copyto(v.clock, np.int16(1) + v.leads("every", day), where=fresh)
        if back is not None:
            np.copyto(v.clock, (1 + back + v.leads("every", day - 1)).astype(np.int16), where=fresh & (back > 0))
        np.copyto(v.young, True, where=fresh)
    _extend(v, day, triggered, back)
    return triggered


def _do_achieve(
    v: View,
    day: int,
    when: NDArray[Any],
    then: NDArray[Any],
    blind: Mask | None,
    back: NDArray[Any] | None,
    order: _Order,
    block: slice,
) -> None:
    if when.any():
        if then.any() and order.clock.order:  # done on the day of the call counts, unless it came before
            early = (when > 0) & v.evented & ~order.first("when", "then", None, block, usual=True)
            if early.any():
                _achieved(v, day, np.where(early, then, 0))
                then = np.where(early, 0, then)
        triggered = _call(v, day, when, back)
        after = triggered & (back > 0) & (v.acted == day - 1) if back is not None else np.zeros((1, 1), np.bool_)
        if after.any():  # done on the day of the events that called it in
            _achieved(v, day, after)
    if then.any():
        _achieved(v, day, then)
    if blind is not None and blind.any():
        v.hidden[...] |= np.where(blind[None, :, None], v.pending, Word(0))
        v.unwatched[...] |= blind & (v.waiting > 0)


def _achieved(v: View, day: int, then: NDArray[Any]) -> None:
    came = (then > 0) & v.active
    late = came & (v.waiting == 0) & (v.claimed == 0) & (v.last == VIOLATED) & (v.remedied < 0)
    if v.any_verified:
        np.copyto(v.claimed, np.int16(-1), where=late & v.verified)  # shown once it is verified
        late &= ~v.verified
    np.copyto(v.remedied, np.int16(day), where=late)
    done = came & v.live & (v.waiting > 0)
    if not done.any():
        return
    proven = done
    if v.any_verified:
        claims = done & v.verified
        v.claimed[...] = np.where(claims, np.maximum(v.claimed, 0) + v.waiting, v.claimed)
        proven = done & ~v.verified
    v.kept[...] += proven * v.waiting
    np.copyto(v.last, SATISFIED, where=proven)
    np.copyto(v.waiting, 0, where=done)
    np.copyto(v.pending, Word(0), where=done[:, :, None])
    np.copyto(v.hidden, Word(0), where=done[:, :, None])
    np.copyto(v.unwatched, False, where=done)
    np.copyto(v.live, False, where=proven & ~v.conditional)


def _verified(v: View, day: int, verify: NDArray[Any]) -> None:
    """Prove what was claimed: from now on it counts as done."""
    came = (verify > 0) & v.active
    np.copyto(v.remedied, np.int16(day), where=came & (v.claimed < 0))
    proven = came & v.live & (v.claimed > 0)
    v.kept[...] += proven * v.claimed
    np.copyto(v.last, SATISFIED, where=proven)
    np.copyto(v.claimed, 0, where=came)
    np.copyto(v.live, False, where=proven & ~v.conditional & (v.waiting == 0))


def _done_early(
    schedule: Schedule, state: State, day: int, counts: Counts, amounts: NDArray[Any], waited: Mask
) -> None:
    """Remember what is done that a later call asks for, until it is undone; where that counts, let it count.

    ``waited``: what was owed before today's acts, or met by them; an act that meets one call alone was meant for that.
    """
    early, undo = counts["early"], counts["undo"]
    assert early is not None  # noqa: S101 (asked for only where something counts early)
    came, gone = early > 0, np.zeros_like(early, np.bool_) if undo is None else undo > 0
    for slot, node, undone, needed in schedule.early_parts:
        active = came[:, slot] | gone[:, slot]
        if not active.any():
            continue
        last = state.memory[node] if node in state.memory else np.zeros((state.columns, 1), np.int16)
        until = state.memory.get(undone, np.zeros(1, np.int16))
        lasts = (last > until) | ((last == until) & (last > 0) & ~_of_harsh(state).astype(np.bool_))
        many = lasts.sum(axis=1)
        came[:, slot] = active & (many >= (needed or last.shape[1]))
        gone[:, slot] = active & ~came[:, slot]
        state.before[active, slot], amounts[active, slot] = 0, many[active]
    came &= ~(schedule.spent & waited)
    if came.any() or gone.any():
        harsh = _of_harsh(state).astype(np.bool_)  # of an act and its undoing on one day the order is not told
        np.copyto(state.reached, np.int16(-1), where=gone & ~harsh)
        np.copyto(state.reached, np.int16(day), where=came)
        np.copyto(state.reached, np.int16(-1), where=gone & harsh)
        if undo is not None:
            state.before[:] = np.where(gone, np.maximum(state.before - undo, 0), state.before)
        more = np.where(schedule.peak, np.maximum(state.before, amounts), state.before + amounts)
        np.copyto(state.before, more, where=came, casting="unsafe")
    for kind, v in views(schedule, state).items():
        if not v.any_early or kind not in ("achieve", "quantity"):
            continue
        met = (v.early == 2) & (v.waiting > 0) & (v.reached >= 0)
        if kind == "quantity":
            met &= v.credited != v.begun
        if not met.any():
            continue
        if kind == "achieve":
            _achieved(v, day, met)
        else:
            np.copyto(v.credited, v.begun, where=met)
            # what a state holds so far has what was delivered today
            np.copyto(v.achieved, np.float32(0), where=met & ~v.spent)
            _delivered(v, day, np.where(met, v.before, 0))
        np.copyto(v.reached, np.int16(-1), where=met & v.spent)
        np.copyto(v.before, np.float32(0), where=met & v.spent)


def _met_in_time(v: View, day: int) -> None:
    """Close what waited for the absence of an event that came in time: it lapses on the day that decides."""
    over = v.live & v.absent & (v.waiting == 0) & (v.begun == 0) & (v.last_trigger < FOREVER)
    over &= day >= v.last_trigger + v.paused
    np.copyto(v.last, np.int8(EXPIRED), where=over)
    np.copyto(v.live, False, where=over)


def _do_maintain(
    v: View,
    day: int,
    when: NDArray[Any],
    bad: NDArray[Any],
    blind: Mask | None,
    back: NDArray[Any] | None,
    order: _Order,
    block: slice,
) -> None:
    if when.any():
        idle = v.waiting == 0
        triggered = _call(v, day, when, back)
        if bad.any() and order.is_open:  # what comes before the call breaks nothing
            first = order.first("when", "bad", harmful=True, block=block, usual=True)
            bad = np.where(triggered & idle & v.evented & ~first, 0, bad)
    if bad.any():
        _break(v, day, bad)
    if blind is not None and blind.any():
        v.unwatched[...] |= blind & (v.waiting > 0) & ~v.suspended


def _break(v: View, day: int, bad: NDArray[Any]) -> None:
    hit = v.live & ~v.suspended & (v.waiting > 0) & (bad > 0)
    v.breaches[...] += (hit * bad).astype(np.int32)
    new = hit & ~v.soiled
    v.broken[...] += new
    np.copyto(v.first_broken, np.int16(day), where=new & (v.first_broken < 0))
    v.soiled[...] |= new


def _do_quantity(
    v: View,
    day: int,
    when: NDArray[Any],
    amount: NDArray[Any],
    blind: Mask | None,
    back: NDArray[Any] | None,
    order: _Order,
    block: slice,
) -> None:
    if when.any():
        if amount.any() and order.clock.order:  # delivered on the day of the call counts, unless it came before
            early = (when > 0) & v.evented & ~order.first("when", "then", None, block, usual=True)
            if early.any():
                _delivered(v, day, np.where(early, amount, 0))
                amount = np.where(early, 0, amount)
        idle = v.waiting == 0
        triggered = _call(v, day, when, back)
        after = triggered & idle & (back > 0) & (v.acted == day - 1) if back is not None else np.zeros((1, 1), np.bool_)
        if after.any():  # delivered on the day of the events that called it in
            _delivered(v, day, np.where(after, v.brought, 0))
    _delivered(v, day, amount)
    if blind is not None:
        v.unwatched[...] |= blind & (v.waiting > 0)


def _delivered(v: View, day: int, amount: NDArray[Any]) -> None:
    """Add up what is delivered; what comes after the last day is counted apart, and may make up for it."""
    open_ = v.live & (v.waiting > 0)
    summed = np.where(v.peak, np.maximum(v.achieved, amount), v.achieved + amount)
    v.achieved[...] = np.where(open_, summed, v.achieved)
    missed = ~open_ & v.active & (v.last == VIOLATED) & (amount > 0)
    if missed.any():
        v.afterwards[...] = np.where(
            missed, np.where(v.peak, np.maximum(v.afterwards, amount), v.afterwards + amount), v.afterwards
        )
        whole = np.where(v.peak, np.maximum(v.achieved, v.afterwards), v.achieved + v.afterwards)
        made_up = missed & (v.remedied < 0) & (v.claimed == 0) & (whole >= v.owed)
        if v.any_verified:
            np.copyto(v.claimed, np.int16(-1), where=made_up & v.verified)  # shown once it is verified
            made_up &= ~v.verified
        np.copyto(v.remedied, np.int16(day), where=made_up)
    done = open_ & (v.achieved >= v.owed)
    if not done.any():
        return
    if v.any_verified:
        v.claimed[...] += done & v.verified
        v.waiting[done & v.verified] = 0
        done &= ~v.verified
    v.kept[...] += done
    v.last[done] = SATISFIED
    v.waiting[done] = 0
    v.live[done & ~v.conditional] = False


def _do_recurrent(
    v: View, day: int, when: NDArray[Any], then: NDArray[Any], blind: Mask | None, back: NDArray[Any] | None
) -> None:
    if when.any():
        _call(v, day, when, back)
    on = v.live & ~v.suspended & (v.waiting > 0)
    v.achieved[...] += np.where(on, then, 0)
    if blind is not None:
        v.unwatched[...] |= blind & on


def _trigger(v: View, day: int, when: NDArray[Any]) -> Mask:
    open_ = day <= v.last_trigger + v.paused
    return np.asarray(v.live & ~v.suspended & v.conditional & (when > 0) & open_)


def _extend(v: View, day: int, triggered: Mask, back: NDArray[Any] | None) -> None:
    """Start an instance, or carry an open one on: it ends when the last of its triggers does."""
    within = v.within.astype(np.int32) - v.leads("within", day)
    if back is not None:
        longer = v.within - v.leads("within", day - 1) - back if v.any_months else within - back
        within = np.where(back > 0, longer, within)
    last = np.where(v.within >= 0, day + within - v.paused, FOREVER)
    last = np.minimum(np.minimum(last, v.due), np.where(v.within >= 0, FOREVER, v.closes))
    v.ends[...] = np.where(triggered, np.maximum(np.where(v.waiting > 0, v.ends, -1), last), v.ends)
    fresh = triggered & (v.waiting == 0)
    v.waiting[fresh] = 1
    v.begun[...] += fresh
