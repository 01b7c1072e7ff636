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


def legal(setting: Setting, pursued: Ints) -> Bools:
    """Return which options are open [r, O], given what everybody pursues [r, A].

    An option with ``needs`` is open while one of them is pursued, and none is while one of its ``bars`` is.
    """
    now = np.zeros((pursued.shape[0], len(setting.options)), dtype=np.float32)
    np.put_along_axis(now, pursued, 1.0, axis=1)
    met = now @ setting.needs.T.astype(np.float32) > 0
    barred = now @ setting.bars.T.astype(np.float32) > 0
    return np.asarray((met | ~setting.needy) & ~barred)


def _care(setting: Setting, dials: Dials, world: World, actor: int, pick: Ints) -> Floats | None:
    """Return a host's saliences after feedback [r, K], or None when there is none: softmax(log s + swing * loss)."""
    loss = world.loss[pick, actor]
    if not loss.any():
        return None
    follows = np.isfinite(rows(dials.reference, pick))
    raised = setting.salience[actor] * np.exp(rows(dials.swing, pick)[:, None] * loss[:, None] * follows)
    return np.asarray(raised * (setting.salience[actor].sum() / raised.sum(axis=1, keepdims=True)))


def _moved(setting: Setting, dials: Dials, pursued: Ints, pick: Ints) -> Floats:
    """Return how the option that each actor pursues moves the issues over a period [r, A, K], but those of people."""
    pace = rows(dials.pace, pick) * ~np.isfinite(rows(dials.reference, pick))
    return np.asarray(setting.moves[pursued] * pace[:, None, :])


def _select(outlook: Outlook, pick: Ints) -> Outlook:
    if pick.size == outlook.belief.shape[0]:
        return outlook
    return Outlook(
        belief=outlook.belief[pick],
        open=outlook.open[pick],
        due=outlook.due[pick],
        kept=outlook.kept[pick],
        weight=outlook.weight[pick],
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
    """Return (values, chances) [r, J] of an actor's options while the others move the issues by ``around`` [r, K].

    ``may`` [r, O] says which options are open.
    """
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
    if dials.echo.any():
        crisis = (world.day - world.alarm[pick] <= WINDOW).astype(np.int64)
        odds = rows(dials.echo, pick)[:, None] * setting.pace.tilt[:, mind.own][crisis]
        value = value + odds / rows(mind.rationality, pick)[:, None]
    return value, logit(value, rows(mind.rationality, pick), may[:, mind.own])


def own_chances(setting: Setting, dials: Dials, world: World, outlook: Outlook, may: Bools) -> Floats:
    """Return the model's own chance that each commitment is kept [n, C], were it due in full today.

    The holder's logit choice with that commitment due, and the chance that what it takes up keeps it within a period
    (or does not break it). In the holder's eyes other beliefs are the counted ones: exact where it moves last.
    """
    belief = np.array(outlook.belief)
    everyone = np.arange(world.size)
    moved = _moved(setting, dials, world.pursued, everyone)
    total = moved.sum(axis=1)
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
            _, chance = look(setting, dials, world, asked, a, everyone, total - moved[:, a], may)
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
    illegal. On the first day everybody's chances are taken down, for what
    people fear. Every call uses the same n x A uniforms of each stream.
    """
    n, count = world.size, len(setting.actors)
    uniform, second = revising.random((n, count)), choosing.random((n, count))
    outlook = standing(setting, world, dials.period)
    called = (_fresh(setting, world, dials.period) @ setting.holder.astype(np.float64)) > 0
    rate = np.where(world.day - world.touched <= dials.period, dials.alert, dials.revise)
    rate = np.where(called, np.maximum(rate, dials.response[:, None]), rate)
    lasts = setting.lasts[world.pursued]
    over = (lasts > 0) & (world.day - world.taken >= lasts)
    world.pursued = np.where(over, setting.default, world.pursued)
    before = world.pursued.copy()
    may = legal(setting, world.pursued)
    lost = ~np.take_along_axis(may, world.pursued, axis=1)
    world.pursued = np.where(lost, setting.default, world.pursued)
    revises = (uniform < rate) | lost
    if beliefs == "consistent":
        outlook = replace(outlook, belief=own_chances(setting, dials, world, outlook, may))
    if world.day == 0:
        everyone = np.arange(n)
        moved = _moved(setting, dials, before, everyone)
        for a in range(count):
            around = moved.sum(axis=1) - moved[:, a]
            _, chance = look(setting, dials, world, outlook, a, everyone, around, may)
            world.chances[:, dials.minds[a].own] = chance
    if mode == "equilibrium":
        _together(setting, dials, world, outlook, revises, second, witness)
    else:
        _in_turn(setting, dials, world, outlook, revises, second, mode == "sequential", witness)
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
    in_sequence: bool,
    witness: Witness | None,
) -> None:
    made = []
    everyone = np.arange(world.size)
    moved = _moved(setting, dials, world.pursued, everyone)
    total = moved.sum(axis=1)
    may = legal(setting, world.pursued)
    for a in range(len(setting.actors)):
        pick = np.flatnonzero(revises[:, a])
        if not pick.size:
            continue
        mine = _select(outlook, pick)
        if in_sequence:
            mine = _after(setting, dials, world, mine, a, pick)
        value, chance = look(setting, dials, world, mine, a, pick, (total - moved[:, a])[pick], may[pick])
        if in_sequence:
            _take_up(dials, world, a, pick, value, chance, uniform, witness)
            moved = _moved(setting, dials, world.pursued, everyone)
            total = moved.sum(axis=1)
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
    every = np.broadcast_to(np.arange(len(setting.options)), (pick.size, len(setting.options)))
    step = _moved(setting, dials, every, pick)
    open_ = legal(setting, world.pursued[pick])
    start: Chances = []
    for a, mind in enumerate(dials.minds):
        now = (mind.own[None, :] == world.pursued[pick, a][:, None]).astype(np.float64)
        may = open_[:, mind.own]
        start.append(np.where(revises[pick, a][:, None], may / may.sum(axis=1, keepdims=True), now))
    found: list[Floats] = [np.zeros(0)] * len(dials.minds)

    def answer(chances: Chances, share: float) -> Chances:
        moved = [np.einsum("rj,rjk->rk", p, step[:, m.own]) for p, m in zip(chances, dials.minds, strict=True)]
        everyone = np.sum(moved, axis=0)
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
