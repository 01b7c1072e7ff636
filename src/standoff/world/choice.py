"""Who reconsiders today, and what they take up: revision opportunities, what is legal, and the three orders of moves.

``simultaneous``: all who reconsider look at yesterday. ``sequential``: they move in the order of actors.yaml, and the
later see what the earlier took up and what of their own that makes due. ``equilibrium``: all who reconsider on one day
settle on logit answers to each other's chances (a quantal response equilibrium within the step, principal branch).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.commitments.arrays import FOREVER
from standoff.world.actors import Outlook, draw, logit, rows, values
from standoff.world.dials import Dials
from standoff.world.equilibrium import Chances, settle
from standoff.world.operations import ending
from standoff.world.pace import WINDOW
from standoff.world.setting import Setting
from standoff.world.state import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Mode = Literal["simultaneous", "sequential", "equilibrium"]
Beliefs = Literal["adaptive", "consistent"]


class Witness(Protocol):
    """Sees every choice: the day, the actor, the trajectories, values, chances and what was taken up."""

    def chose(self, day: int, actor: int, pick: Ints, value: Floats, chance: Floats, option: Ints) -> None:
        """Take note of the choices of one actor on one day; arrays are [r], [r, J], [r, J] and [r]."""


def standing(setting: Setting, world: World, period: float) -> Outlook:
    """Return how every commitment stands for everybody [n, C]: believed, open to be met, due, to be kept."""
    ledger, plan = world.ledger, setting.plan
    today = setting.day + world.day
    live = (ledger.live & ~ledger.held & ledger.told).T
    owed = live & (ledger.waiting > 0).T
    until = np.minimum(plan.latest, plan.closes).astype(np.int64)
    block = plan.blocks["maintain"]
    kept = np.zeros(owed.shape)
    kept[block] = owed[block] & ~ledger.soiled.T[block]
    due = np.zeros(owed.shape)
    slot = np.flatnonzero(owed.any(axis=1))  # few commitments are owed at a time
    slot = slot[(slot < block.start) | (slot >= block.stop)]
    if slot.size:
        deadline = np.minimum(plan.due.astype(np.int64), FOREVER)[slot, None]
        span = plan.within.astype(np.int64)[slot, None]
        ends = np.minimum(ledger.since.T[slot] + np.where(span >= 0, span, FOREVER), deadline)
        share = np.minimum(1.0, period / np.maximum(ends - today, 1))
        share *= owed[slot]
        due[slot] = share * (ends < FOREVER)
    weight = np.ascontiguousarray(world.alpha.T + world.beta.T)
    open_ = np.zeros(owed.shape)
    can = plan.conditional & (today <= until)
    open_[can] = (live & ~owed)[can]
    return Outlook(belief=(world.alpha.T / weight).T, open=open_.T, due=due.T, kept=kept.T, weight=weight.T)


def _called(setting: Setting, world: World, period: float) -> Bools | None:
    """Return who holds a commitment to do something that fell due within the last period and is owed [n, A], if any."""
    ledger, block = world.ledger, setting.plan.blocks["achieve"]
    owed = ledger.live[:, block] & ~ledger.held[:, block] & ledger.told[:, block] & (ledger.waiting[:, block] > 0)
    if not owed.any():
        return None
    owed &= setting.day + world.day - ledger.since[:, block].astype(np.int64) <= period
    return np.asarray(owed.astype(np.float32) @ setting.holder[block].astype(np.float32) > 0)


def legal(setting: Setting, pursued: Ints) -> Bools:
    """Return which options are open [r, O], given what everybody pursues [r, A].

    An option with ``needs`` is open while one of them is pursued, and none is while one of its ``bars`` is. An
    operation under way needs nothing to go on.
    """
    may = np.ones((pursued.shape[0], len(setting.options)), dtype=np.bool_)

    def one_of(options: Ints) -> Bools:
        """Return whether one of some options is pursued [r]."""
        on = pursued[:, setting.maker[options[0]]] == options[0]
        for other in options[1:]:
            on |= pursued[:, setting.maker[other]] == other
        return np.asarray(on, dtype=np.bool_)

    for option in np.flatnonzero(setting.needy | setting.bars.any(axis=1)):  # few
        needs, bars = np.flatnonzero(setting.needs[option]), np.flatnonzero(setting.bars[option])
        if setting.needy[option]:
            may[:, option] = one_of(needs) if needs.size else False
            if setting.goes_on[option]:
                may[:, option] |= pursued[:, setting.maker[option]] == option
        if bars.size:
            may[:, option] &= ~one_of(bars)
    return may


def _care(setting: Setting, dials: Dials, world: World, actor: int, pick: Ints) -> Floats | None:
    """Return a host's saliences after feedback [r, K], or None when there is none: softmax(log s + swing * loss)."""
    loss = world.loss[pick, actor]
    if not loss.any():
        return None
    follows = np.isfinite(rows(dials.reference, pick))
    raised = setting.salience[actor] * np.exp(rows(dials.swing, pick)[:, None] * loss[:, None] * follows)
    return np.asarray(raised * (setting.salience[actor].sum() / raised.sum(axis=1, keepdims=True)))


def _steps(setting: Setting, dials: Dials, pick: Ints) -> Floats:
    """Return how each option moves the issues over a period [r or 1, O, K], but for those that follow people."""
    return np.asarray(setting.moves * _pace(dials, pick)[:, None, :])


def _pace(dials: Dials, pick: Ints) -> Floats:
    """Return the pace of each issue [r or 1, K], 0 for those that follow people."""
    return np.asarray(rows(dials.pace, pick) * ~np.isfinite(rows(dials.reference, pick)))


def _moved(setting: Setting, dials: Dials, pursued: Ints, pick: Ints) -> list[Floats]:
    """Return for each actor how the option that it pursues moves the issues over a period [K, r]."""
    table = np.ascontiguousarray(setting.moves.T)
    pace = _pace(dials, pick).T
    moved = [table.take(pursued[:, a], axis=1) for a in range(pursued.shape[1])]
    for one in moved:
        one *= pace
    return moved


def _sum(moved: list[Floats]) -> Floats:
    total = moved[0].copy()
    for one in moved[1:]:
        total += one
    return total


def _select(outlook: Outlook, pick: Ints) -> Outlook:
    if pick.size == outlook.belief.shape[0]:
        return outlook
    return Outlook(
        belief=outlook.belief.T.take(pick, axis=1).T,
        open=outlook.open.T.take(pick, axis=1).T,
        due=outlook.due.T.take(pick, axis=1).T,
        kept=outlook.kept.T.take(pick, axis=1).T,
        weight=outlook.weight.T.take(pick, axis=1).T,
    )


def look(
    setting: Setting,
    dials: Dials,
    world: World,
    outlook: Outlook,
    actor: int,
    pick: Ints,
    around: Floats,
    may: Bools,
) -> tuple[Floats, Floats]:
    """Return (values, chances) [r, J] of an actor's options while the others move the issues by ``around`` [K, r].

    ``may`` [r, O] says which options are open.
    """
    mind = dials.minds[actor]
    ahead = around + (world.issues if pick.size == world.size else world.issues[pick]).T
    ahead.clip(0.0, 1.0, out=ahead)
    value = values(
        mind,
        outlook,
        ahead.T,
        pick,
        near=dials.scopes[actor],
        discount=dials.discount,
        deterrence=dials.deterrence,
        salience=_care(setting, dials, world, actor, pick),
    )
    stays = mind.own[:, None] == world.pursued[pick, actor]
    value = (value.T + rows(dials.inertia, pick) * stays).T
    if dials.echo.any():
        crisis = (world.day - world.alarm[pick] <= WINDOW).astype(np.int64)
        odds = rows(dials.echo / mind.rationality, pick) * setting.pace.tilt[:, mind.own].T[:, crisis]
        value = (value.T + odds).T
    return value, logit(value, rows(mind.rationality, pick), may[:, mind.own])


def own_chances(setting: Setting, dials: Dials, world: World, outlook: Outlook, may: Bools) -> Floats:
    """Return the model's own chance that each commitment is kept [n, C], were it due in full today.

    The holder's logit choice with that commitment due, and the chance that what it takes up keeps it within a period
    (or does not break it). In the holder's eyes other beliefs are the counted ones: exact where it moves last.
    """
    belief = np.array(outlook.belief)
    everyone = np.arange(world.size)
    moved = _moved(setting, dials, world.pursued, everyone)
    total = _sum(moved)
    maintain = setting.plan.blocks["maintain"]
    for a, mind in enumerate(dials.minds):
        for c in np.flatnonzero(mind.held):
            kept = maintain.start <= c < maintain.stop
            acts = rows(mind.breaches if kept else mind.fulfils, everyone)[:, :, c]
            if not acts.any():
                continue
            only = np.zeros_like(outlook.due)
            only[:, c] = 1.0
            asked = replace(outlook, kept=only, due=outlook.due * 0.0) if kept else replace(outlook, due=only)
            _, chance = look(setting, dials, world, asked, a, everyone, total - moved[a], may)
            done = (chance * acts).sum(axis=1)
            belief[:, c] = 1.0 - done if kept else done
    return belief


def choose(
    setting: Setting,
    dials: Dials,
    world: World,
    revising: Generator,
    choosing: Generator,
    mode: Mode = "simultaneous",
    witness: Witness | None = None,
    beliefs: Beliefs = "adaptive",
) -> Bools:
    """Let those who reconsider today choose; changes ``world`` and returns who took something up anew [n, A].

    ``beliefs`` are the counted record (adaptive), or the model's own chances of keeping (consistent).

    Who reconsiders: each actor at its Poisson rate, another one for a period after a violent event that touches it;
    with the chance ``response`` where a commitment of its own is owed; and always when what it pursues has become
    illegal; an actor with an operation under way only in the last two cases (see `operations`). On the first day
    everybody's chances are taken down, for what people fear. Every call uses the same n x A uniforms of each stream.
    """
    n, count = world.size, len(setting.actors)
    uniform, second = revising.random((n, count)), choosing.random((n, count))
    outlook = standing(setting, world, dials.period)
    called = _called(setting, world, dials.period)
    rate = np.where(world.day - world.touched <= dials.period, dials.alert, dials.revise)
    ends = ending(dials.ends, world.pursued)
    if ends is not None:
        rate = np.where(ends > 0.0, 0.0, rate)
    if called is not None:
        rate = np.where(called, np.maximum(rate, dials.response[:, None]), rate)
    lasts = setting.lasts[world.pursued]
    over = (lasts > 0) & (world.day - world.taken >= lasts)
    if ends is not None:
        over |= uniform < ends
    if over.any():
        world.pursued = np.where(over, setting.default, world.pursued)
    before = world.pursued.copy()
    may = open_now = legal(setting, world.pursued)
    revises = uniform < rate
    if not may.all():
        lost = ~may[np.arange(n)[:, None], world.pursued]
        if lost.any():
            world.pursued = np.where(lost, setting.default, world.pursued)
            revises |= lost
            open_now = legal(setting, world.pursued)
    if beliefs == "consistent":
        outlook = replace(outlook, belief=own_chances(setting, dials, world, outlook, may))
    if world.day == 0:
        everyone = np.arange(n)
        moved = _moved(setting, dials, before, everyone)
        total = _sum(moved)
        for a in range(count):
            _, chance = look(setting, dials, world, outlook, a, everyone, total - moved[a], may)
            world.chances[:, dials.minds[a].own] = chance
    if mode == "equilibrium":
        _together(setting, dials, world, outlook, revises, second, witness)
    else:
        _in_turn(setting, dials, world, outlook, revises, second, open_now, mode == "sequential", witness)
    new: Bools = np.not_equal(world.pursued, before)
    world.taken = np.where(new | over, world.day, world.taken)
    return new


def _take_up(
    dials: Dials,
    world: World,
    actor: int,
    pick: Ints,
    value: Floats,
    chance: Floats,
    uniform: Floats,
    witness: Witness | None,
) -> None:
    own = dials.minds[actor].own
    if pick.size == world.size:
        option = own[draw(chance, uniform[:, actor])]
        world.chances[:, own] = chance
        world.pursued[:, actor] = option
    else:
        option = own[draw(chance, uniform[pick, actor])]
        world.chances[pick[:, None], own] = chance
        world.pursued[pick, actor] = option
    if witness is not None:
        witness.chose(world.day, actor, pick, value, chance, option)


def _in_turn(
    setting: Setting,
    dials: Dials,
    world: World,
    outlook: Outlook,
    revises: Bools,
    uniform: Floats,
    may: Bools,
    in_sequence: bool,
    witness: Witness | None,
) -> None:
    made = []
    everyone = np.arange(world.size)
    moved = _moved(setting, dials, world.pursued, everyone)
    total = _sum(moved)
    for a in range(len(setting.actors)):
        pick = np.flatnonzero(revises[:, a])
        if not pick.size:
            continue
        mine = _select(outlook, pick)
        if in_sequence:
            mine = _after(setting, dials, world, mine, a, pick)
        around = (total - moved[a]) if pick.size == world.size else (total[:, pick] - moved[a][:, pick])
        value, chance = look(
            setting, dials, world, mine, a, pick, around, may if pick.size == world.size else may[pick]
        )
        if in_sequence:
            _take_up(dials, world, a, pick, value, chance, uniform, witness)
            moved = _moved(setting, dials, world.pursued, everyone)
            total = _sum(moved)
            may = legal(setting, world.pursued)
        else:
            made.append((a, pick, value, chance))
    for a, pick, value, chance in made:
        _take_up(dials, world, a, pick, value, chance, uniform, witness)


def _after(setting: Setting, dials: Dials, world: World, mine: Outlook, actor: int, pick: Ints) -> Outlook:
    """Return how things stand for an actor once those before it have moved: what they trigger of its own falls due."""
    coming = rows(dials.triggers, pick)
    coming = np.broadcast_to(coming, (pick.size, *coming.shape[1:]))
    due = mine.due
    for earlier in range(actor):
        caused = coming[np.arange(pick.size), world.pursued[pick, earlier]] * mine.open * setting.holder[:, actor]
        due = np.maximum(due, caused)
    return replace(mine, due=due)


def _together(
    setting: Setting,
    dials: Dials,
    world: World,
    outlook: Outlook,
    revises: Bools,
    uniform: Floats,
    witness: Witness | None,
) -> None:
    pick = np.flatnonzero(revises.any(axis=1))
    if not pick.size:
        return
    mine = _select(outlook, pick)
    step = _steps(setting, dials, pick)
    open_ = legal(setting, world.pursued[pick])
    start: Chances = []
    for a, mind in enumerate(dials.minds):
        now = (mind.own[None, :] == world.pursued[pick, a][:, None]).astype(np.float64)
        may = open_[:, mind.own]
        start.append(np.where(revises[pick, a][:, None], may / may.sum(axis=1, keepdims=True), now))
    found: list[Floats] = [np.zeros(0)] * len(dials.minds)

    def answer(chances: Chances, share: float) -> Chances:
        moved = [
            np.einsum("rj,rjk->kr", p, np.broadcast_to(step[:, m.own], (pick.size, *step[0, m.own].shape)))
            for p, m in zip(chances, dials.minds, strict=True)
        ]
        everyone = _sum(moved)
        made: Chances = []
        for a, mind in enumerate(dials.minds):
            found[a], _ = look(setting, dials, world, mine, a, pick, everyone - moved[a], open_)
            reply = logit(found[a] * share, rows(mind.rationality, pick), open_[:, mind.own])
            made.append(np.where(revises[pick, a][:, None], reply, chances[a]))
        return made

    chances, _ = settle(answer, start, steps=4, tolerance=1e-6, most=200)
    for a in range(len(dials.minds)):
        who = revises[pick, a]
        if who.any():
            _take_up(dials, world, a, pick[who], found[a][who], chances[a][who], uniform, witness)
