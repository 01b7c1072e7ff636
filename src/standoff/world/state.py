"""The state of a batch of trajectories: what is pursued, where the issues stand, what is believed, owed and fought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.engine.arrays import State as Ledger
from standoff.people.presence import Presence, people_at
from standoff.world.dials import Dials
from standoff.world.incident_level import LevelTally
from standoff.world.setting import Setting

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(slots=True, repr=False)
class World:
    """The mutable state of n trajectories; step.py changes it in place.

    ``pursued`` [n, A] is the option each actor pursues and ``onset`` [n, A] the day it was taken up; ``chances`` [n, O]
    the choice chances at each actor's last look. ``alpha`` and ``beta`` [n, C] are the counts behind beliefs.
    ``intensity`` [n, S] is that of sectors. ``first`` [n, outcomes] is the day an outcome came about, counted from 1, 0
    if not yet. ``broke`` [n, C] is the day a commitment that was not broken at the start first broke, 0 if not.
    """

    day: int
    pursued: Ints
    onset: Ints
    chances: Floats
    issues: Floats
    alpha: Floats
    beta: Floats
    ledger: Ledger
    intensity: Floats
    people: Presence
    open_border: Bools
    displaced: Ints  # [n] cumulative newly displaced people
    arrived: Floats  # [n, P] cumulative people
    first: NDArray[np.int16]
    broke: NDArray[np.int16]
    tested: Bools  # [n, C] its condition was met, or it was in force, after the start
    sound: Bools  # [n, C] followed, and not broken at the start
    loss: Floats  # [n, A] of hosts
    alarm: Ints  # [n] day of the last event that makes a crisis
    touched: Ints  # [n, A] day of the last violent event that touched an actor
    spared: Bools  # [n, A] its operation goes on in spite of what bars it
    signalled: Bools  # [n, E] a signal was sent in this run: the same one tells nothing new
    resumes: Ints  # [n, C] the day on which the clock of a delayed commitment runs again; -1 where it runs
    tally: LevelTally | None = None  # what is kept for the level of incidents; None where there is none

    def __repr__(self) -> str:
        """Return one line."""
        return f"<World on day {self.day}: {self.size} trajectories, {self.pursued.shape[1]} actors>"

    @property
    def size(self) -> int:
        """Number of trajectories n."""
        return int(self.pursued.shape[0])


def opening(
    setting: Setting,
    dials: Dials,
    ledger: Ledger,
    record: tuple[Floats, Floats],
    intensity: Floats,
    pursued: Ints,
) -> World:
    """Return the world on the morning of the first day.

    ``ledger`` has a column for each trajectory, stepped over the record; ``record`` is (kept, broken) [n, C], the cases
    of each commitment's holder and kind on record; ``intensity`` is [n, S]; ``pursued`` [n, A] the course
    each actor is on.
    """
    n = ledger.columns
    kept, broken = record
    weight = dials.weight[:, None]
    sound = ledger.own_reading & (ledger.broken == 0)
    return World(
        day=0,
        pursued=np.array(pursued, dtype=np.int64),
        onset=np.full((n, len(setting.actors)), -(10**4), dtype=np.int64),
        chances=np.zeros((n, len(setting.options))),
        issues=np.tile(setting.start_issues, (n, 1)),
        alpha=np.asfortranarray(np.broadcast_to(dials.prior * weight, kept.shape) + kept),
        beta=np.asfortranarray(np.broadcast_to((1.0 - dials.prior) * weight, kept.shape) + broken),
        ledger=ledger,
        intensity=np.array(intensity, dtype=np.float64),
        people=people_at(setting.network, setting.residents.tolist(), setting.displaced.tolist(), trajectories=n),
        open_border=np.zeros(n, dtype=np.bool_),
        displaced=np.zeros(n, dtype=np.int64),
        arrived=np.zeros((setting.network.places, n)).T,
        first=np.zeros((n, len(setting.outcomes)), dtype=np.int16),
        broke=np.zeros((n, setting.slots), dtype=np.int16, order="F"),
        tested=np.zeros((n, setting.slots), dtype=np.bool_, order="F"),
        sound=sound,
        loss=np.zeros((n, len(setting.actors))),
        alarm=np.full(n, setting.pace.alarm, dtype=np.int64),
        touched=np.tile(setting.pace.touched, (n, 1)),
        spared=np.zeros((n, len(setting.actors)), dtype=np.bool_),
        signalled=np.zeros((n, len(setting.emitted)), dtype=np.bool_),
        resumes=np.full((n, setting.slots), -1, dtype=np.int64),
    )


def same_record(setting: Setting) -> Floats:
    """Return [C, C]: 1 where two different slots have a holder in common and are both threats or both promises."""
    shared = (setting.holder.astype(np.int64) @ setting.holder.T.astype(np.int64)) > 0
    alike = setting.adverse[:, None] == setting.adverse[None, :]
    table: Floats = np.asarray(shared & alike, dtype=np.float64)
    np.fill_diagonal(table, 0.0)
    return table


def moved_odds(alpha: Floats, beta: Floats, logs: Floats) -> tuple[Floats, Floats]:
    """Return the counts after the odds of keeping moved by the factor exp(``logs``) [n, C], by Bayes' rule.

    The number of cases behind a belief stays: a signal tells what is meant, and is no case of keeping or breaking.
    """
    weight = alpha + beta
    odds = np.log(np.maximum(alpha, 1e-12)) - np.log(np.maximum(beta, 1e-12)) + logs
    belief = 1.0 / (1.0 + np.exp(-np.clip(odds, -50.0, 50.0)))
    return np.where(logs == 0.0, alpha, belief * weight), np.where(logs == 0.0, beta, (1.0 - belief) * weight)


def believe(
    alpha: Floats,
    beta: Floats,
    kept: NDArray[Any],
    broken: NDArray[Any],
    *,
    together: Floats,
    spill: Floats,
    keep: Floats,
) -> tuple[Floats, Floats]:
    """Update Beta counts: an observed keeping or breach counts 1, and ``spill`` for the holder's others of its kind.

    ``keep`` is the share of the counts beyond one that is left after a day: ``alpha <- 1 + keep (alpha - 1)`` where
    alpha is above 1. All [n, C] but ``together`` [C, C] (same_record); ``spill`` and ``keep`` [n or 1].
    """
    if (keep != 1.0).any():
        alpha, beta = (np.minimum(a, 1.0) + keep[:, None] * np.maximum(a - 1.0, 0.0) for a in (alpha, beta))
    else:
        alpha, beta = alpha.copy(order="K"), beta.copy(order="K")
    for counts, new in ((alpha, kept), (beta, broken)):
        some = np.flatnonzero(new.any(axis=1))
        if some.size:
            few = new[some].astype(np.float64)
            part = spill if spill.size == 1 else spill[some]
            counts[some] = counts[some] + few + part[:, None] * (few @ together)
    return alpha, beta


def on_record(
    setting: Setting, slots: Sequence[int], kept: Floats, broken: Floats, holders: Bools, adverse: Bools
) -> tuple[Floats, Floats]:
    """Return (kept, broken) [K, C] for the setting's slots: all recorded cases with a holder in common and of one kind.

    ``kept`` and ``broken`` [K, F] are those of the slots of a fuller plan, ``holders`` [F, A] and ``adverse`` [F] who
    holds them and which are threats; ``slots`` are the rows of F that count.
    """
    pick = np.asarray(slots, dtype=np.int64)
    shared = (setting.holder.astype(np.int64) @ holders[pick].T.astype(np.int64)) > 0
    alike = setting.adverse[:, None] == adverse[pick][None, :]
    table = (shared & alike).astype(np.float64).T
    return kept[:, pick] @ table, broken[:, pick] @ table
