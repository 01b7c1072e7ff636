"""What an actor sees when it reconsiders: how commitments stand, what is legal, and what each option is worth to it.

Nothing here is drawn and nothing changes the world; who reconsiders, and what they take up, is in choice.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.engine.arrays import FOREVER
from standoff.world.actors import Prospect, option_values, pick_rows
from standoff.world.choice_rules import chances_by_rule
from standoff.world.dials import Dials
from standoff.world.pace import WINDOW
from standoff.world.setting import Setting
from standoff.world.state import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Mode = Literal["simultaneous", "sequential", "equilibrium"]
Beliefs = Literal["adaptive", "consistent"]


def standing(setting: Setting, world: World, period: float) -> Prospect:
    """Return how every commitment stands for everybody [n, C]: believed, open to be met, due, to be kept."""
    ledger, plan = world.ledger, setting.plan
    today = setting.day + world.day
    live = (ledger.live & ~ledger.suspended & ledger.own_reading).T
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
        ends = np.minimum(ledger.since.T[slot] + np.where(span >= 0, span, FOREVER), deadline) + ledger.paused.T[slot]
        share = np.minimum(1.0, period / np.maximum(ends - today, 1))
        share *= owed[slot]
        due[slot] = share * (ends < FOREVER)
    weight = np.ascontiguousarray(world.alpha.T + world.beta.T)
    open_ = np.zeros(owed.shape)
    can = plan.conditional & (today <= until)
    open_[can] = (live & ~owed)[can]
    return Prospect(belief=(world.alpha.T / weight).T, open=open_.T, due=due.T, kept=kept.T, weight=weight.T)


def owes_now(setting: Setting, world: World, period: float) -> Bools | None:
    """Return who holds a commitment to do something that fell due within the last period and is owed [n, A], if any."""
    ledger, block = world.ledger, setting.plan.blocks["achieve"]
    owed = (
        ledger.live[:, block]
        & ~ledger.suspended[:, block]
        & ledger.own_reading[:, block]
        & (ledger.waiting[:, block] > 0)
    )
    if not owed.any():
        return None
    owed &= setting.day + world.day - ledger.since[:, block].astype(np.int64) <= period
    return np.asarray(owed.astype(np.float32) @ setting.holder[block].astype(np.float32) > 0)


def legal(setting: Setting, pursued: Ints, spared: Bools | None = None) -> Bools:
    """Return which options are open [r, O], given what everybody pursues [r, A].

    An option with ``needs`` is open while one of them is pursued, and none is while one of its ``bars`` is. An
    operation under way needs nothing to go on, and where it is ``spared`` [r, A] it goes on in spite of its bars.
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
            shut = one_of(bars)
            if spared is not None and setting.goes_on[option]:
                shut &= ~(spared[:, setting.maker[option]] & (pursued[:, setting.maker[option]] == option))
            may[:, option] &= ~shut
    return may


def _care(setting: Setting, dials: Dials, world: World, actor: int, pick: Ints) -> Floats | None:
    """Return a host's saliences after feedback [r, K], or None when there is none: softmax(log s + swing * loss)."""
    loss = world.loss[pick, actor]
    if not loss.any():
        return None
    follows = np.isfinite(pick_rows(dials.reference, pick))
    usual = np.atleast_2d(dials.minds[actor].salience)
    usual = pick_rows(usual, pick)
    raised = usual * np.exp(pick_rows(dials.swing, pick)[:, None] * loss[:, None] * follows)
    return np.asarray(raised * (usual.sum(axis=1, keepdims=True) / raised.sum(axis=1, keepdims=True)))


def steps_of(setting: Setting, dials: Dials, pick: Ints) -> Floats:
    """Return how each option moves the issues over a period [r or 1, O, K], but for those that follow people."""
    return np.asarray(setting.moves * _pace(dials, pick)[:, None, :])


def _pace(dials: Dials, pick: Ints) -> Floats:
    """Return the pace of each issue [r or 1, K], 0 for those that follow people."""
    return np.asarray(pick_rows(dials.pace, pick) * ~np.isfinite(pick_rows(dials.reference, pick)))


def moves_of(setting: Setting, dials: Dials, pursued: Ints, pick: Ints) -> list[Floats]:
    """Return for each actor how the option that it pursues moves the issues over a period [K, r]."""
    table = np.ascontiguousarray(setting.moves.T)
    pace = _pace(dials, pick).T
    moved = [table.take(pursued[:, a], axis=1) for a in range(pursued.shape[1])]
    for one in moved:
        one *= pace
    return moved


def sum_moves(moves: list[Floats]) -> Floats:
    """Return the sum over actors of what `moves_of` gives [K, r]."""
    total = moves[0].copy()
    for one in moves[1:]:
        total += one
    return total


def prospect_of(outlook: Prospect, pick: Ints) -> Prospect:
    """Return the outlook of some trajectories [r]."""
    if pick.size == outlook.belief.shape[0]:
        return outlook
    return Prospect(
        belief=outlook.belief.T.take(pick, axis=1).T,
        open=outlook.open.T.take(pick, axis=1).T,
        due=outlook.due.T.take(pick, axis=1).T,
        kept=outlook.kept.T.take(pick, axis=1).T,
        weight=outlook.weight.T.take(pick, axis=1).T,
    )


def option_chances(
    setting: Setting,
    dials: Dials,
    world: World,
    outlook: Prospect,
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
    value = option_values(
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
    value = (value.T + pick_rows(dials.inertia, pick) * stays).T
    if dials.echo.any():
        crisis = (world.day - world.alarm[pick] <= WINDOW).astype(np.int64)
        odds = pick_rows(dials.echo / mind.rationality, pick) * setting.pace.tilt[:, mind.own].T[:, crisis]
        value = (value.T + odds).T
    return value, chances_by_rule(setting.rule, value, pick_rows(mind.rationality, pick), may[:, mind.own])


def own_chances(setting: Setting, dials: Dials, world: World, outlook: Prospect, may: Bools) -> Floats:
    """Return the model's own chance that each commitment is kept [n, C], were it due in full today.

    The holder's logit choice with that commitment due, and the chance that what it takes up keeps it within a period
    (or does not break it). In the holder's eyes other beliefs are the counted ones: exact where it moves last.
    """
    belief = np.array(outlook.belief)
    everyone = np.arange(world.size)
    moved = moves_of(setting, dials, world.pursued, everyone)
    total = sum_moves(moved)
    maintain = setting.plan.blocks["maintain"]
    for a in range(len(dials.minds)):
        near = dials.scopes[a]
        for h, c in enumerate(near.mine):
            kept = maintain.start <= c < maintain.stop
            acts = pick_rows(near.breaches if kept else near.fulfils, everyone)[:, :, h]
            if not acts.any():
                continue
            only = np.zeros_like(outlook.due)
            only[:, c] = 1.0
            prospect = replace(outlook, kept=only, due=outlook.due * 0.0) if kept else replace(outlook, due=only)
            _, chance = option_chances(setting, dials, world, prospect, a, everyone, total - moved[a], may)
            done = (chance * acts).sum(axis=1)
            belief[:, c] = 1.0 - done if kept else done
    return belief
