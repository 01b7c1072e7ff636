"""Which disputed question an outcome hangs on: shares of variance, Shapley effects, and the Brier score to be gained.

Let Y be 1 where the outcome came about and q the answers a trajectory was drawn under. With a quadratic score the
expected Brier reduction from learning q is Var(E[Y|q]), the numerator of the first-order Sobol index; one ensemble with
answers drawn per trajectory ranks all disputes. Var(Y) = E[Var(Y|q)] (chance) + Var(E[Y|q]) (disputed facts).

The variance of conditional means is the sum of squares between groups of a one-way analysis of variance less what
chance alone would give it, so that Monte-Carlo noise is taken out: it is unbiased, and told as 0 where it comes out
below. Shapley effects for dependent inputs follow Song, Nelson and Staum (2016). Intervals and rank chances come from a
bootstrap over trajectories.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EXACT = 10  # disputes up to which all subsets are taken for Shapley effects


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
    """Shares of the variance of an outcome due to chance and to disputed facts, and the disputes, largest first."""

    n: int
    variance: float
    share_chance: float
    share_disputed: float
    ranked: tuple[Ranked, ...]


def between(y: Floats, group: Ints) -> float:
    """Return the variance of the group means of ``y`` [n], weighted by group size, less the share that is noise.

    With G groups and within-group mean square M it is ``(SS_between - (G - 1) M) / n``; 0 for a single group.
    """
    n = y.size
    size = np.bincount(group)
    total = np.bincount(group, weights=y)[size > 0]
    size = size[size > 0]
    if size.size < 2 or n <= size.size:
        return 0.0
    mean = total / size
    within = float((y * y).sum() - (size * mean * mean).sum()) / (n - size.size)
    among = float((size * (mean - y.mean()) ** 2).sum())
    return (among - (size.size - 1) * within) / n


def code(answers: Ints, columns: Sequence[int]) -> Ints:
    """Return one group number for each distinct combination of the given columns of ``answers`` [n, D]."""
    key = np.zeros(answers.shape[0], dtype=np.int64)
    for column in columns:
        _, value = np.unique(answers[:, column], return_inverse=True)
        _, key = np.unique(key * (int(value.max(initial=0)) + 1) + value, return_inverse=True)
    return key


def shapley(count: int, worth: Callable[[frozenset[int]], float], rng: Generator, permutations: int = 40) -> Floats:
    """Return Shapley values of ``count`` players; exact up to ``EXACT`` of them, else from random permutations."""
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
    for _ in range(permutations):
        order = rng.permutation(count)
        before = frozenset[int]()
        for i in order:
            now = before | {int(i)}
            out[i] += (of(now) - of(before)) / permutations
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
    everything = code(answers, varied)
    groups = {k: code(answers, [k]) for k in varied}
    point = {k: between(y, groups[k]) for k in varied}
    disputed = min(max([between(y, everything), 0.0, *point.values()]), variance)  # no part is above the whole
    samples = np.zeros((bootstrap, len(varied)))
    for b in range(bootstrap):
        pick = rng.integers(0, n, n)
        samples[b] = [between(y[pick], groups[k][pick]) for k in varied]
    top = np.bincount(samples.argmax(axis=1), minlength=len(varied)) / bootstrap if varied else np.zeros(0)
    total, share = np.full(len(varied), np.nan), np.full(len(varied), np.nan)
    if effects and varied and disputed > 0:

        def worth(players: frozenset[int]) -> float:
            columns = [varied[i] for i in sorted(players)]
            found = max([between(y, code(answers, columns)), 0.0, *(point[k] for k in columns)])
            return min(found, disputed)

        share = shapley(len(varied), worth, rng) / disputed
        others = [frozenset(range(len(varied))) - {i} for i in range(len(varied))]
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
        ranked=tuple(made),
    )


def _share(part: float, whole: float) -> float:
    return min(max(part, 0.0) / whole, 1.0) if whole > 0 else 0.0
