"""Which disputed question an outcome hangs on: shares of variance, Shapley effects, and the Brier score to be gained.

Let Y be 1 where the outcome came about and q the answers a trajectory was drawn under. With a quadratic score the
expected Brier reduction from learning q is Var(E[Y|q]), the numerator of the first-order Sobol index; one ensemble with
answers drawn per trajectory ranks all disputes. Var(Y) = E[Var(Y|q)] (chance) + Var(E[Y|q]) (disputed facts).

The variance of conditional means is the sum of squares between groups of a one-way analysis of variance less what
chance alone would give it, so that Monte-Carlo noise is taken out: it is unbiased, and told as 0 where it comes out
below. What several disputes explain together is fitted as richly as the trajectories bear (explained.py). Shapley
effects for dependent inputs follow Song, Nelson and Staum (2016). Intervals and rank chances come from a bootstrap over
trajectories.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.experiment.explained import Fit, between, code

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EXACT = 10  # disputes up to which all subsets are taken for Shapley effects
ENDS = 60  # bootstrap samples for the interval of the disputed share


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """How much the outcome hangs on one dispute; shares are of the disputed part of the variance.

    ``brier`` is the expected reduction of the Brier score if the dispute were settled, with a 90 % bootstrap interval
    ``low`` to ``high``; ``p_top`` the share of bootstrap samples in which it is the largest.
    """

    name: str
    brier: float
    low: float
    high: float
    first_order: float
    first_low: float
    first_high: float
    total: float
    shapley: float
    p_top: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Shares of the variance of an outcome due to chance and to disputed facts, and the disputes, largest first.

    ``fitted`` says how answers were taken together (``Fit.kind``); ``low`` and ``high`` are the 90 % bootstrap interval
    of ``share_disputed``, nan without effects.
    """

    n: int
    variance: float
    share_chance: float
    share_disputed: float
    low: float
    high: float
    fitted: str
    ranked: tuple[Ranked, ...]


def shapley(count: int, worth: Callable[[frozenset[int]], float], rng: Generator, permutations: int = 40) -> Floats:
    """Return Shapley values of ``count`` players; exact up to ``EXACT`` of them, else from random permutations.

    Each permutation is taken with its reverse, so that what two players do together is halved exactly.
    """
    known: dict[frozenset[int], float] = {frozenset(): 0.0}

    def of(players: frozenset[int]) -> float:
        if players not in known:
            known[players] = worth(players)
        return known[players]

    out = np.zeros(count)
    if count <= EXACT:
        for mask in range(2**count):
            players = frozenset(i for i in range(count) if mask >> i & 1)
            rest = count - len(players)
            for i in set(range(count)) - players:
                weight = factorial(len(players)) * factorial(rest - 1) / factorial(count)
                out[i] += weight * (of(players | {i}) - of(players))
        return out
    orders = [order for _ in range(permutations // 2) for one in [rng.permutation(count)] for order in (one, one[::-1])]
    for order in orders:
        before = frozenset[int]()
        for i in order:
            now = before | {int(i)}
            out[i] += (of(now) - of(before)) / len(orders)
            before = now
    return out


def rank(
    y: Floats, answers: Ints, names: Sequence[str], *, rng: Generator, bootstrap: int = 200, effects: bool = True
) -> Ranking:
    """Rank disputes (columns of ``answers`` [n, D]) by how much outcome ``y`` [n] hangs on each of them.

    Disputes on which all trajectories agree are left out. ``effects=False`` skips total and Shapley effects (nan).
    """
    n = y.size
    varied = [k for k in range(answers.shape[1]) if np.unique(answers[:, k]).size > 1]
    variance = float(y.var())
    fit = Fit.of(answers, varied)
    whole = frozenset(range(len(varied)))
    groups = {k: code(answers, [k]) for k in varied}
    point = {k: between(y, groups[k]) for k in varied}
    together, noise = fit.explained(y, whole)
    disputed = min(max([together, 0.0, *point.values()]), variance)  # no part is above the whole
    samples = np.zeros((bootstrap, len(varied)))
    for b in range(bootstrap):
        pick = rng.integers(0, n, n)
        samples[b] = [between(y[pick], groups[k][pick]) for k in varied]
    top = np.bincount(samples.argmax(axis=1), minlength=len(varied)) / bootstrap if varied else np.zeros(0)
    total, share = np.full(len(varied), np.nan), np.full(len(varied), np.nan)
    ends = (0.0, 0.0) if effects else (float("nan"), float("nan"))
    if effects and variance > 0:
        ends = _ends(y, fit, noise, variance, rng)
    if effects and varied and disputed > 0:

        def worth(players: frozenset[int]) -> float:
            found = max([fit.explained(y, players)[0], 0.0, *(point[varied[i]] for i in players)])
            return min(found, disputed)

        share = shapley(len(varied), worth, rng) / disputed
        others = [whole - {i} for i in range(len(varied))]
        total = np.array([1.0 - worth(rest) / disputed for rest in others])
    low, high = np.quantile(samples, (0.05, 0.95), axis=0) if varied else (np.zeros(0), np.zeros(0))
    made = [
        Ranked(
            name=names[k],
            brier=max(point[k], 0.0),
            low=max(float(low[i]), 0.0),
            high=max(float(high[i]), 0.0),
            first_order=_share(point[k], disputed),
            first_low=_share(float(low[i]), disputed),
            first_high=_share(float(high[i]), disputed),
            total=float(total[i]),
            shapley=float(share[i]),
            p_top=float(top[i]),
        )
        for i, k in enumerate(varied)
    ]
    made.sort(key=lambda r: (-r.brier, r.name))
    return Ranking(
        n=n,
        variance=variance,
        share_chance=1.0 - disputed / variance if variance > 0 else 1.0,
        share_disputed=disputed / variance if variance > 0 else 0.0,
        low=ends[0],
        high=ends[1],
        fitted=fit.kind,
        ranked=tuple(made),
    )


def _ends(y: Floats, fit: Fit, noise: float, variance: float, rng: Generator) -> tuple[float, float]:
    """Return the 90 % bootstrap interval of the disputed share.

    A sample drawn from the trajectories takes their noise for effect once more, so that it is taken off once more.
    """
    found = []
    for _ in range(ENDS):
        pick = rng.integers(0, y.size, y.size)
        found.append(fit.take(pick).explained(y[pick], frozenset(range(fit.disputes)))[0] - noise)
    low, high = np.quantile(found, (0.05, 0.95)) / variance
    return min(max(float(low), 0.0), 1.0), min(max(float(high), 0.0), 1.0)


def _share(part: float, whole: float) -> float:
    return min(max(part, 0.0) / whole, 1.0) if whole > 0 else 0.0
