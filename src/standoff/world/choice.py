"""Who reconsiders today, and what they take up: revision opportunities, what is legal, and the three orders of moves.

``simultaneous``: all who reconsider look at yesterday. ``sequential``: they move in the order of actors.yaml, and the
later see what the earlier took up and what of their own that makes due. ``equilibrium``: all who reconsider on one day
settle on logit answers to each other's chances (a quantal response equilibrium within the step, principal branch).

Operations are options that, once begun, go on by themselves until they end. An option with a ``duration`` D (its mean,
in days) ends on each day after it was taken up with the chance 1/D, whatever day it is: its length is geometric. While
it goes on its actor does not weigh it anew at each ordinary occasion, and what it needs opens it but does not end it.
What bars it (a ceasefire agreed by others) halts it with the chance ``halting`` when it comes about, and otherwise not
at all; its actor's own choice may, where a commitment of that actor has fallen due. When it ends the actor is back on
its default. No random number is drawn for it: the uniform that would have decided whether the actor reconsiders
decides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.errors import StandoffError
from standoff.world.actor_view import (
    legal,
    moves_of,
    option_chances,
    owes_now,
    own_chances,
    prospect_of,
    standing,
    steps_of,
    sum_moves,
)
from standoff.world.actors import Chances, Prospect, draw, fixed_point, logit, pick_rows
from standoff.world.dials import Dials
from standoff.world.setting import Setting
from standoff.world.state import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
SETTLED = 1e-4  # the most by which chances may differ from the answer to them
Mode = Literal["simultaneous", "sequential", "equilibrium"]
Beliefs = Literal["adaptive", "consistent"]


class Observer(Protocol):
    """Sees every choice: the day, the actor, the trajectories, values, chances and what was taken up."""

    def chose(self, day: int, actor: int, pick: Ints, value: Floats, chance: Floats, option: Ints) -> None:
        """Take note of the choices of one actor on one day; arrays are [r], [r, J], [r, J] and [r]."""


def choose(
    setting: Setting,
    dials: Dials,
    world: World,
    revising: Generator,
    choosing: Generator,
    mode: Mode = "simultaneous",
    witness: Observer | None = None,
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
    owing = owes_now(setting, world, dials.period)
    rate = np.where(world.day - world.touched <= dials.period, dials.alert, dials.revise)
    ends = ending(dials.ends, world.pursued)
    if ends is not None:
        rate = np.where(ends > 0.0, 0.0, rate)
    if owing is not None:
        rate = np.where(owing, np.maximum(rate, dials.response[:, None]), rate)
    lasts = setting.lasts[world.pursued]
    over = (lasts > 0) & (world.day - world.onset >= lasts)
    if ends is not None:
        over |= uniform < ends
    if over.any():
        world.pursued = np.where(over, setting.default, world.pursued)
    before = world.pursued.copy()
    _spare(setting, dials, world, uniform, ends)
    may = open_now = legal(setting, world.pursued, world.spared)
    revises = uniform < rate
    if not may.all():
        lost = ~may[np.arange(n)[:, None], world.pursued]
        if lost.any():
            world.pursued = np.where(lost, setting.default, world.pursued)
            revises |= lost
            open_now = legal(setting, world.pursued, world.spared)
    if beliefs == "consistent":
        outlook = replace(outlook, belief=own_chances(setting, dials, world, outlook, may))
    if world.day == 0:
        everyone = np.arange(n)
        moved = moves_of(setting, dials, before, everyone)
        total = sum_moves(moved)
        for a in range(count):
            _, chance = option_chances(setting, dials, world, outlook, a, everyone, total - moved[a], may)
            world.chances[:, dials.minds[a].own] = chance
    if mode == "equilibrium":
        _together(setting, dials, world, outlook, revises, second, witness)
    else:
        _in_turn(setting, dials, world, outlook, revises, second, open_now, mode == "sequential", witness)
    new: Bools = np.not_equal(world.pursued, before)
    world.onset = np.where(new | over, world.day, world.onset)
    return new


def _spare(setting: Setting, dials: Dials, world: World, uniform: Floats, ends: Floats | None) -> None:
    """Decide which operations go on in spite of what has come to bar them; asked once each time that happens.

    ``uniform`` and ``ends`` [n, A] are those that have just decided whether they end by themselves.
    """
    barred_now = None if ends is None else barred(setting.bars, setting.goes_on, world.pursued)
    if ends is None or barred_now is None:
        world.spared[:] = False
        return
    either = 1.0 - (1.0 - ends) * (1.0 - dials.halting[:, None])
    world.spared = barred_now & (world.spared | (uniform >= either))


def ending(ends: Floats, pursued: Ints) -> Floats | None:
    """Return the chance that what each actor pursues ends today [n, A]; None where no option is an operation.

    ``ends`` is [n or 1, O] and ``pursued`` [n, A]. It is above 0 just where an operation is under way.
    """
    if not ends.any():
        return None
    return ends[0].take(pursued) if ends.shape[0] == 1 else np.take_along_axis(ends, pursued, axis=1)


def barred(bars: Bools, goes_on: Bools, pursued: Ints) -> Bools | None:
    """Return which operations under way are barred by what others pursue [n, A]; None where none is.

    ``bars`` [O, O] and ``goes_on`` [O] are those of the options, ``pursued`` [n, A].
    """
    on = goes_on[pursued]
    if not on.any():
        return None
    halted = np.zeros(on.shape, dtype=np.bool_)
    row, actor = np.nonzero(on)
    halted[row, actor] = bars[pursued[row, actor][:, None], pursued[row]].any(axis=1)
    return halted if halted.any() else None


def _take_up(
    dials: Dials,
    world: World,
    actor: int,
    pick: Ints,
    value: Floats,
    chance: Floats,
    uniform: Floats,
    witness: Observer | None,
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
    outlook: Prospect,
    revises: Bools,
    uniform: Floats,
    may: Bools,
    in_sequence: bool,
    witness: Observer | None,
) -> None:
    choices = []
    everyone = np.arange(world.size)
    moves = moves_of(setting, dials, world.pursued, everyone)
    total = sum_moves(moves)
    for a in range(len(setting.actors)):
        pick = np.flatnonzero(revises[:, a])
        if not pick.size:
            continue
        mine = prospect_of(outlook, pick)
        if in_sequence:
            mine = _after(setting, dials, world, mine, a, pick)
        around = (total - moves[a]) if pick.size == world.size else (total[:, pick] - moves[a][:, pick])
        value, chance = option_chances(
            setting, dials, world, mine, a, pick, around, may if pick.size == world.size else may[pick]
        )
        if in_sequence:
            _take_up(dials, world, a, pick, value, chance, uniform, witness)
            moves = moves_of(setting, dials, world.pursued, everyone)
            total = sum_moves(moves)
            may = legal(setting, world.pursued, world.spared)
        else:
            choices.append((a, pick, value, chance))
    for a, pick, value, chance in choices:
        _take_up(dials, world, a, pick, value, chance, uniform, witness)


def _after(setting: Setting, dials: Dials, world: World, mine: Prospect, actor: int, pick: Ints) -> Prospect:
    """Return how things stand for an actor once those before it have moved: what they trigger of its own falls due."""
    coming = pick_rows(dials.triggers, pick)
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
    outlook: Prospect,
    revises: Bools,
    uniform: Floats,
    witness: Observer | None,
) -> None:
    pick = np.flatnonzero(revises.any(axis=1))
    if not pick.size:
        return
    mine = prospect_of(outlook, pick)
    step = steps_of(setting, dials, pick)
    open_ = legal(setting, world.pursued[pick], world.spared[pick])
    start: Chances = []
    for a, mind in enumerate(dials.minds):
        now = (mind.own[None, :] == world.pursued[pick, a][:, None]).astype(np.float64)
        may = open_[:, mind.own]
        start.append(np.where(revises[pick, a][:, None], may / may.sum(axis=1, keepdims=True), now))
    worth: list[Floats] = [np.zeros(0)] * len(dials.minds)

    def answer(chances: Chances, share: float) -> Chances:
        moved = [
            np.einsum("rj,rjk->kr", p, np.broadcast_to(step[:, m.own], (pick.size, *step[0, m.own].shape)))
            for p, m in zip(chances, dials.minds, strict=True)
        ]
        everyone = sum_moves(moved)
        replies: Chances = []
        for a, mind in enumerate(dials.minds):
            worth[a], _ = option_chances(setting, dials, world, mine, a, pick, everyone - moved[a], open_)
            reply = logit(worth[a] * share, pick_rows(mind.rationality, pick), open_[:, mind.own])
            replies.append(np.where(revises[pick, a][:, None], reply, chances[a]))
        return replies

    chances, left = fixed_point(answer, start, steps=4, tolerance=1e-6, most=200)
    if left > SETTLED:
        raise StandoffError.of(
            f"day {world.day}: answers to answers do not settle, {left:.1e} is left between two rounds",
            file="--mode equilibrium",
            expected="chances that answer one another: lower rationality parameters, or --mode simultaneous",
        )
    for a in range(len(dials.minds)):
        who = revises[pick, a]
        if who.any():
            _take_up(dials, world, a, pick[who], worth[a][who], chances[a][who], uniform, witness)
