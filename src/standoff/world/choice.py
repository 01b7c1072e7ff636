"""Who reconsiders today, and what they take up: revision opportunities, what is legal, and the three orders of moves.

``simultaneous``: all who reconsider look at yesterday. ``sequential``: they move in the order of actors.yaml, and the
later see what the earlier took up and what of their own that makes due. ``equilibrium``: all who reconsider on one day
settle on logit answers to each other's chances (a quantal response equilibrium within the step, principal branch).
"""

from __future__ import annotations

from typing import Literal, Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.commitments.arrays import FOREVER
from standoff.world.actors import Outlook, draw, logit, rows, values
from standoff.world.dials import Dials
from standoff.world.equilibrium import Chances, settle
from standoff.world.setting import Setting
from standoff.world.state import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Mode = Literal["simultaneous", "sequential", "equilibrium"]


class Witness(Protocol):
    """Sees every choice: the day, the actor, the trajectories, values, chances and what was taken up."""

    def chose(self, day: int, actor: int, pick: Ints, value: Floats, chance: Floats, option: Ints) -> None:
        """Take note of the choices of one actor on one day; arrays are [r], [r, J], [r, J] and [r]."""


def standing(setting: Setting, world: World, period: float) -> Outlook:
    """Return how every commitment stands for everybody [n, C]: believed, open to be met, due, to be kept."""
    ledger, plan = world.ledger, setting.plan
    today = setting.day + world.day
    live = ledger.live & ~ledger.held & ledger.told
    owed = live & (ledger.waiting > 0)
    until = np.minimum(plan.latest, plan.closes).astype(np.int64)
    maintain = np.zeros(setting.slots, dtype=np.bool_)
    maintain[plan.blocks["maintain"]] = True
    deadline = np.minimum(plan.due.astype(np.int64), FOREVER)
    by_span = ledger.since.astype(np.int64) + plan.within
    deadline = np.where(plan.within >= 0, np.minimum(by_span, deadline), deadline)
    left = np.maximum(deadline - today, 1)
    urgency = np.where(deadline >= FOREVER, 0.0, np.minimum(1.0, period / left))
    weight = world.alpha + world.beta
    return Outlook(
        belief=world.alpha / weight,
        open=(live & ~owed & plan.conditional & (today <= until)).astype(np.float64),
        due=np.where(owed & ~maintain, urgency, 0.0),
        kept=(owed & maintain & ~ledger.soiled).astype(np.float64),
        weight=weight,
    )


def _fresh(setting: Setting, world: World, period: float) -> Floats:
    """Return which commitments to do something fell due within the last period and are still owed [n, C]."""
    ledger = world.ledger
    achieve = np.zeros(setting.slots, dtype=np.bool_)
    achieve[setting.plan.blocks["achieve"]] = True
    recent = setting.day + world.day - ledger.since.astype(np.int64) <= period
    owed = ledger.live & ~ledger.held & ledger.told & (ledger.waiting > 0) & achieve & recent
    return np.asarray(owed, dtype=np.float64)


def legal(setting: Setting, pursued: Ints, own: Ints) -> Bools:
    """Return which of an actor's options are open [r, J], given what everybody pursues [r, A]."""
    now = np.zeros((pursued.shape[0], len(setting.options)), dtype=np.int64)
    np.put_along_axis(now, pursued, 1, axis=1)
    met = (now @ setting.needs[own].T.astype(np.int64)) > 0
    barred = (now @ setting.bars[own].T.astype(np.int64)) > 0
    return np.asarray((met | ~setting.needy[own]) & ~barred)


def _care(setting: Setting, dials: Dials, world: World, actor: int, pick: Ints) -> Floats | None:
    """Return a host's saliences after feedback [r, K], or None when there is none: softmax(log s + swing * loss)."""
    loss = world.loss[pick, actor]
    if not loss.any():
        return None
    follows = np.isfinite(rows(dials.reference, pick))
    raised = setting.salience[actor] * np.exp(rows(dials.swing, pick)[:, None] * loss[:, None] * follows)
    return np.asarray(raised * (setting.salience[actor].sum() / raised.sum(axis=1, keepdims=True)))


def _per_period(setting: Setting, dials: Dials, pick: Ints) -> Floats:
    """Return how each option moves the issues over a period [r or 1, O, K], apart from those that follow people."""
    pace = rows(dials.pace, pick)
    free = ~np.isfinite(rows(dials.reference, pick))
    return np.asarray(setting.moves[None, :, :] * (pace * free)[:, None, :])


def _select(outlook: Outlook, pick: Ints) -> Outlook:
    return Outlook(
        belief=outlook.belief[pick],
        open=outlook.open[pick],
        due=outlook.due[pick],
        kept=outlook.kept[pick],
        weight=outlook.weight[pick],
    )


def look(
    setting: Setting, dials: Dials, world: World, outlook: Outlook, actor: int, pick: Ints, around: Floats
) -> tuple[Floats, Floats]:
    """Return (values, chances) [r, J] of an actor's options while the others move the issues by ``around`` [r, K]."""
    mind = dials.minds[actor]
    ahead = np.clip(world.issues[pick] + around, 0.0, 1.0)
    value = values(
        mind,
        outlook,
        ahead,
        pick,
        chain=rows(dials.chain, pick),
        discount=dials.discount,
        lookahead=dials.lookahead,
        deterrence=dials.deterrence,
        salience=_care(setting, dials, world, actor, pick),
    )
    stays = mind.own[None, :] == world.pursued[pick, actor][:, None]
    value = value + rows(dials.inertia, pick)[:, None] * stays
    chance = logit(value, rows(mind.rationality, pick), legal(setting, world.pursued[pick], mind.own))
    return value, chance


def _others(setting: Setting, dials: Dials, pursued: Ints, actor: int, pick: Ints) -> Floats:
    """Return how the others' pursued options move the issues over a period [r, K]."""
    step = np.broadcast_to(_per_period(setting, dials, pick), (pick.size, *setting.moves.shape))
    total = np.zeros((pick.size, setting.moves.shape[1]))
    for other in range(len(setting.actors)):
        if other != actor:
            total += step[np.arange(pick.size), pursued[pick, other]]
    return total


def choose(
    setting: Setting,
    dials: Dials,
    world: World,
    revising: Generator,
    choosing: Generator,
    mode: Mode = "simultaneous",
    witness: Witness | None = None,
) -> Bools:
    """Let those who reconsider today choose; changes ``world`` and returns who took something up anew [n, A].

    Who reconsiders: each actor at its Poisson rate; with the chance ``response`` where a commitment of its own is owed;
    and always when what it pursues has become illegal. On the first day everybody's chances are taken down, for what
    people fear. Every call uses the same n x A uniforms of each stream.
    """
    n, count = world.size, len(setting.actors)
    uniform, second = revising.random((n, count)), choosing.random((n, count))
    outlook = standing(setting, world, dials.period)
    called = (_fresh(setting, world, dials.period) @ setting.holder.astype(np.float64)) > 0
    rate = np.where(called, np.maximum(dials.revise, dials.response[:, None]), dials.revise)
    lasts = setting.lasts[world.pursued]
    over = (lasts > 0) & (world.day - world.taken >= lasts)
    world.pursued = np.where(over, setting.default, world.pursued)
    before = world.pursued.copy()
    for a in range(count):
        own = dials.minds[a].own
        may = legal(setting, world.pursued, own)
        column = np.searchsorted(own, world.pursued[:, a])
        lost = ~may[np.arange(n), column]
        world.pursued[lost, a] = setting.default[a]
        uniform[lost, a] = 0.0
    revises = uniform < rate
    if world.day == 0:
        for a in range(count):
            everyone = np.arange(n)
            _, chance = look(setting, dials, world, outlook, a, everyone, _others(setting, dials, before, a, everyone))
            world.chances[:, dials.minds[a].own] = chance
    if mode == "equilibrium":
        _together(setting, dials, world, outlook, revises, second, witness)
    else:
        seen = world.pursued if mode == "sequential" else world.pursued.copy()
        _in_turn(setting, dials, world, outlook, revises, second, seen, mode == "sequential", witness)
    new: Bools = np.not_equal(world.pursued, before)
    world.taken = np.where(new | over, world.day, world.taken)
    return new


def _take_up(
    setting: Setting,
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
    option = own[draw(chance, uniform[pick, actor])]
    world.chances[pick[:, None], own[None, :]] = chance
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
    seen: Ints,
    in_sequence: bool,
    witness: Witness | None,
) -> None:
    made = []
    for a in range(len(setting.actors)):
        pick = np.flatnonzero(revises[:, a])
        if not pick.size:
            continue
        mine = _select(outlook, pick)
        if in_sequence:
            coming = rows(dials.triggers, pick)
            coming = np.broadcast_to(coming, (pick.size, *coming.shape[1:]))
            for earlier in range(a):
                caused = coming[np.arange(pick.size), world.pursued[pick, earlier]] * mine.open * setting.holder[:, a]
                mine = Outlook(
                    belief=mine.belief,
                    open=mine.open,
                    due=np.maximum(mine.due, caused),
                    kept=mine.kept,
                    weight=mine.weight,
                )
        value, chance = look(setting, dials, world, mine, a, pick, _others(setting, dials, seen, a, pick))
        if in_sequence:
            _take_up(setting, dials, world, a, pick, value, chance, uniform, witness)
        else:
            made.append((a, pick, value, chance))
    for a, pick, value, chance in made:
        _take_up(setting, dials, world, a, pick, value, chance, uniform, witness)


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
    step = np.broadcast_to(_per_period(setting, dials, pick), (pick.size, *setting.moves.shape))
    start: Chances = []
    for a, mind in enumerate(dials.minds):
        now = (mind.own[None, :] == world.pursued[pick, a][:, None]).astype(np.float64)
        may = legal(setting, world.pursued[pick], mind.own)
        start.append(np.where(revises[pick, a][:, None], may / may.sum(axis=1, keepdims=True), now))
    found: list[Floats] = [np.zeros(0)] * len(dials.minds)

    def answer(chances: Chances, share: float) -> Chances:
        moved = [np.einsum("rj,rjk->rk", p, step[:, m.own]) for p, m in zip(chances, dials.minds, strict=True)]
        everyone = np.sum(moved, axis=0)
        made: Chances = []
        for a, mind in enumerate(dials.minds):
            found[a], _ = look(setting, dials, world, mine, a, pick, everyone - moved[a])
            may = legal(setting, world.pursued[pick], mind.own)
            reply = logit(found[a] * share, rows(mind.rationality, pick), may)
            made.append(np.where(revises[pick, a][:, None], reply, chances[a]))
        return made

    chances, _ = settle(answer, start, steps=4, tolerance=1e-6, most=200)
    for a in range(len(dials.minds)):
        who = revises[pick, a]
        if who.any():
            _take_up(setting, dials, world, a, pick[who], found[a][who], chances[a][who], uniform, witness)
