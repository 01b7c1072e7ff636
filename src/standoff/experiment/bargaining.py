"""A baseline from positions alone: weighted voting between alternatives, as in the first round of the bargaining model.

Votes of actor i between alternatives a and b on one issue are ``capability_i salience_i (|x_i - b| - |x_i - a|)``, and
the chance that a beats b is the share of the votes cast for it (Bueno de Mesquita 1994, as set out by Scholz, Calbert
and Smith 2011; Black 1948 for the median voter). The later rounds of that model, in which actors offer and give way,
are left out: no version written from the published mathematics gave the published positions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.case.strategy import Outcome
from standoff.commitments.pattern import Emitted
from standoff.world.setting import fits

Floats = NDArray[np.float64]


def votes(position: Floats, weight: Floats, a: float, b: float) -> Floats:
    """Return each actor's vote for ``a`` over ``b`` (negative: against); ``weight`` is capability times salience."""
    return np.asarray(weight * (np.abs(position - b) - np.abs(position - a)))


def success(position: Floats, weight: Floats, a: float, b: float) -> float:
    """Return the share of the votes cast that goes to ``a`` over ``b``; one half when nobody minds."""
    cast = votes(position, weight, a, b)
    total = float(np.abs(cast).sum())
    return float(cast[cast > 0].sum()) / total if total > 0 else 0.5


def winner(position: Floats, weight: Floats, alternatives: Sequence[float] | None = None) -> float:
    """Return the alternative that no other beats (the weighted median); the lowest where several do not lose."""
    options = sorted(set(position if alternatives is None else alternatives))
    for a in options:
        if all(float(votes(position, weight, a, b).sum()) >= -1e-12 for b in options):
            return float(a)
    return float(options[0])


def forecast(case: Case, outcome: Outcome | None) -> float | None:
    """Return the vote share of the way an outcome would move its issue, all actors counting alike; None without one.

    The issue is the one that the options which bring the outcome about move most; the alternatives are its end in that
    direction and where it stands.
    """
    if outcome is None:
        return None
    moved = dict.fromkeys(case.issues, 0.0)
    for option in case.options.values():
        hit = outcome.border and option.sets_border == outcome.border
        for e in option.emits:
            emitted = Emitted(type=e.type, actor=e.actor or (option.actor,), target=e.target, sector=e.sector)
            hit = hit or (outcome.event is not None and e.chance >= 0.5 and fits(outcome.event, emitted))
        if hit:
            for issue, step in option.moves.items():
                moved[issue] += step
    if not any(moved.values()):
        return None
    issue = max(moved, key=lambda name: abs(moved[name]))
    stakes = [s for s in case.stakes.values() if s.issue == issue]
    if not stakes:
        return None
    position = np.array([s.position for s in stakes])
    weight = np.array([s.salience for s in stakes])
    return success(position, weight, 1.0 if moved[issue] > 0 else 0.0, case.issues[issue].start)
