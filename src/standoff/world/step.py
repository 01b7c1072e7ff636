"""A day of the world, in the order of its eight phases; everything else in this package is one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.commitments.engine.automaton import step as step_ledger
from standoff.oneline import OneLine
from standoff.people import kernel
from standoff.people.network import Ways
from standoff.people.presence import Moves
from standoff.world.actors import pick_rows
from standoff.world.choice import Beliefs, Mode, Observer, choose
from standoff.world.dials import Dials
from standoff.world.hostilities import fade
from standoff.world.incident_level import brought_by
from standoff.world.random_streams import Phase
from standoff.world.setting import Setting
from standoff.world.state import World, believe, moved_odds, same_record

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Daily(OneLine):
    """What phases need and no day changes: links that are open with the border shut and open, records that spill."""

    links: Bools  # [L]
    links_abroad: Bools  # [L] with the border of an option open
    together: Floats
    ledger_signals: NDArray[np.float32]  # [signals, E]
    sector: NDArray[np.int64]  # [P]; S outside


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Day:
    """What one day did: what was taken up anew [n, A], what happened [n, E], what broke [n, C], who moved."""

    new: Bools
    happened: Bools
    broke: Bools
    moves: Moves

    def __repr__(self) -> str:
        """Return one line."""
        return (
            f"<Day: {int(self.new.sum())} choices, {int(self.happened.sum())} events, {int(self.broke.sum())} breaches>"
        )


def daily_constants(setting: Setting, shut: tuple[tuple[str, str, str], ...] | None = None) -> Daily:
    """Return the constants of a run; ``shut`` replaces the closures of the case (a scenario)."""
    closed = setting.shut if shut is None else shut
    lifted = tuple(item for item in closed if item not in setting.foreign_shut)
    return Daily(
        links=setting.network.open_links(closed),
        links_abroad=setting.network.open_links(lifted),
        together=same_record(setting),
        ledger_signals=np.ascontiguousarray(setting.signals.T.astype(np.float32)),
        sector=np.where(setting.sector_of >= 0, setting.sector_of, len(setting.sectors)),
    )


def play_day(
    setting: Setting,
    dials: Dials,
    daily: Daily,
    world: World,
    stream: Callable[[int, Phase], Generator],
    *,
    mode: Mode = "simultaneous",
    witness: Observer | None = None,
    beliefs: Beliefs = "adaptive",
    streams: bool = False,
) -> Day:
    """Play one day of every trajectory, in place; return what it did."""
    today = world.day
    # 1. dated changes were made by the caller (a scenario); 2. what falls due is decided first thing in the ledger's
    #    step, and actors see what is owed and how soon
    revise, take = stream(today, "revise"), stream(today, "choose")
    new = choose(setting, dials, world, revise, take, mode, witness, beliefs)  # 3.
    happened = emit(setting, dials, world, new, stream(today, "events"))  # 4.
    some = np.flatnonzero(happened.any(axis=1))  # on most days little happens in most trajectories
    events = happened[some]
    note_alarm(setting, world, some, events)
    changed = keep_ledger(setting, dials, daily, world, some, events)  # 5.
    show_signals(setting, dials, world, some, events)
    drift_issues(setting, dials, world)
    if world.tally is not None:
        truce = some[events[:, setting.truces].any(axis=1)]
        world.tally.note(today, brought_by(dials.brings, world.pursued), truce)
    added = np.zeros(world.intensity.shape)
    added[some] = (pick_rows(dials.strength, some) * events) @ setting.reach
    world.intensity = fade(world.intensity, dials.decay[:, None], added)  # 6.
    moves = move_people(setting, dials, daily, world, stream(today, "people"), streams=streams)  # 7.
    note_outcomes(setting, world, some, events, changed)  # 8.
    world.arrived += moves.arrived
    world.day += 1
    return Day(new=new, happened=happened, broke=changed, moves=moves)


def emit(setting: Setting, dials: Dials, world: World, new: Bools, rng: Generator) -> Bools:
    """Return which emissions happen today [n, E]: those of pursued options, some only on the day it is taken up."""
    shape = world.size, len(setting.emitted)
    hits = np.flatnonzero(rng.random(shape) < dials.chance)
    row, emission = np.divmod(hits, shape[1] or 1)
    option = setting.option[emission]
    maker = setting.maker[option]
    does = world.pursued[row, maker] == option
    does &= ~setting.first[emission] | new[row, maker]
    happened = np.zeros(shape, dtype=np.bool_)
    happened.ravel()[hits[does]] = True
    return happened


def note_alarm(setting: Setting, world: World, some: Ints, events: Bools) -> None:
    """Take down in which trajectories today made a crisis, and whom its violence touched.

    Here and below ``some`` [r] are the trajectories in which something happened, and ``events`` [r, E] what.
    """
    world.alarm[some[events[:, setting.pace.alarms].any(axis=1)]] = world.day
    for a in range(len(setting.actors)):
        world.touched[some[events[:, setting.pace.touches[:, a]].any(axis=1)], a] = world.day


def keep_ledger(setting: Setting, dials: Dials, daily: Daily, world: World, some: Ints, events: Bools) -> Bools:
    """Step the ledger through today's events and let beliefs follow it; return what was broken today [n, C].

    A promise to refrain that was broken before can be broken again: each further breach counts as broken today.
    """
    ledger = world.ledger
    kept, broken, breaches = (a.copy(order="K") for a in (ledger.kept, ledger.broken, ledger.breaches))
    counts = np.zeros((daily.ledger_signals.shape[0], world.size), dtype=np.float32)
    counts[:, some] = daily.ledger_signals @ events.T.astype(np.float32)
    if setting.delays.any():
        keep_clocks(setting, world, some, events)
    step_ledger(setting.plan, ledger, setting.day + world.day, counts.T)
    newly_kept = (ledger.kept - kept) * ledger.own_reading
    newly_broken = (ledger.broken - broken) * ledger.own_reading
    world.alpha, world.beta = believe(
        world.alpha, world.beta, newly_kept, newly_broken, together=daily.together, spill=dials.spill, keep=dials.keep
    )
    world.tested |= (ledger.waiting > 0) & ledger.own_reading
    world.tested |= (newly_kept > 0) | (newly_broken > 0)
    return np.asarray((newly_broken > 0) | ((ledger.breaches > breaches) & ledger.own_reading))


def keep_clocks(setting: Setting, world: World, some: Ints, events: Bools) -> None:
    """Let the clocks of delayed commitments run again when their time is over, and note what is delayed today.

    That they stand still is the ledger's doing: the event that delays a commitment suspends it.
    """
    over = world.resumes == world.day
    if over.any():
        world.ledger.shut &= ~over
        world.resumes[over] = -1
    for e in np.flatnonzero(setting.delays):
        hit = some[events[:, e]]
        if hit.size:
            until = world.day + int(setting.delays[e])
            slots = np.flatnonzero(setting.delayed[e])
            world.resumes[hit[:, None], slots] = np.maximum(world.resumes[hit[:, None], slots], until)


def show_signals(setting: Setting, dials: Dials, world: World, some: Ints, events: Bools) -> None:
    """Let beliefs follow the signals that options sent today, each the first time in a run."""
    for e in np.flatnonzero(setting.backs.any(axis=1)):
        hit = some[events[:, e]]
        hit = hit[~world.signalled[hit, e]]
        if not hit.size:
            continue
        world.signalled[hit, e] = True
        logs = pick_rows(dials.evidence[setting.shows[e]], hit)[:, None] * setting.backs[e]
        logs = np.broadcast_to(logs, (hit.size, setting.slots))
        world.alpha[hit], world.beta[hit] = moved_odds(world.alpha[hit], world.beta[hit], logs)


def drift_issues(setting: Setting, dials: Dials, world: World) -> None:
    """Move the issues by a day's share of what each pursued option moves; those that follow people follow them."""
    daily = dials.drift.take(world.pursued[:, 0], axis=1)
    for actor in range(1, len(setting.actors)):
        daily += dials.drift.take(world.pursued[:, actor], axis=1)
    world.issues = np.clip(world.issues + daily.T * dials.pace, 0.0, 1.0)
    follows = np.isfinite(dials.reference)
    if follows.any():
        for k in np.flatnonzero(follows.any(axis=0)):
            mine = follows[:, k]
            people = -np.expm1(-world.displaced / np.where(mine, dials.reference[:, k], 1.0))
            world.issues[:, k] = np.where(mine, people, world.issues[:, k])
        most = np.where(follows, dials.reference, np.inf).min(axis=1)
        world.loss = dials.kappa * np.log1p(world.displaced / most)[:, None] / np.log(2.0)


def expected_intensity(setting: Setting, dials: Dials, world: World) -> Floats:
    """Return the intensity of sectors [n, S] that people expect of what actors may take up next and do not do yet."""
    lifted = world.chances.copy()
    lifted[np.arange(world.size)[:, None], world.pursued] = 0.0
    if dials.lasting.shape[0] == 1:  # the same for all: what each option adds to each sector
        adds = np.zeros((len(setting.options), len(setting.sectors)))
        np.add.at(adds, setting.option, dials.lasting[0][:, None] * setting.reach)
        return np.asarray(lifted @ adds)
    return np.asarray((lifted.take(setting.option, axis=1) * dials.lasting) @ setting.reach)


def move_people(
    setting: Setting, dials: Dials, daily: Daily, world: World, rng: Generator, *, streams: bool = False
) -> Moves:
    """Move people for a day: they leave, go on and come back by the intensity of sectors and what they fear."""
    outside = np.zeros((world.size, 1))  # of places in no sector
    level = np.hstack([world.intensity, outside])
    fear = np.hstack([expected_intensity(setting, dials, world), outside])
    ways = Ways(daily.links, daily.links_abroad, world.open_border)
    phi: Any = float(dials.phi[0]) if dials.phi.size == 1 else dials.phi[:, None]
    nu: Any = float(dials.nu[0]) if dials.nu.size == 1 else dials.nu[:, None]
    moves = kernel.move_day(
        rng,
        world.people,
        setting.network,
        level,
        fear=fear,
        sector=daily.sector,
        open_links=ways,
        phi=phi,
        nu=nu,
        flows=False,
        streams=streams,
    )
    world.displaced += moves.departed.sum(axis=1).astype(np.int64)
    return moves


def note_outcomes(setting: Setting, world: World, some: Ints, events: Bools, broke: Bools) -> None:
    """Note on which day, counted from 1, outcomes first came about and commitments were first broken."""
    today = np.int16(world.day + 1)
    world.open_border = np.asarray(setting.opens[world.pursued].any(axis=1), dtype=np.bool_)
    for k, outcome in enumerate(setting.outcomes):
        if outcome.event is not None:
            now = some[events[:, setting.hits[k]].any(axis=1)]
        elif outcome.border:
            now = np.flatnonzero(world.open_border == (outcome.border == "open"))
        else:
            now = np.flatnonzero(world.displaced >= (outcome.threshold or 0.0))
        world.first[now[world.first[now, k] == 0], k] = today
    np.copyto(world.broke, today, where=broke & (world.broke == 0))
