"""How good forecasts were: proper scores, means with a block bootstrap over months, calibration, recalibration.

Questions of one month, and of months whose windows overlap, come out alike. So months are the clusters, and blocks of
three months are drawn together (a circular block bootstrap; Politis and Romano 1992). Ranges tell how much a mean hangs
on which months there were; they claim nothing about months to come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import ArrayLike, NDArray

from standoff.oneline import OneLine

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CLIP = 0.01  # a forecast of 0 or 1 is taken as 0.01 or 0.99 by the logarithmic score, or one miss would be infinite
BLOCK = 3  # months, as long as the longest window
SAMPLES = 1000
EDGES = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)  # finer where most forecasts are
FEW = 30  # earlier answers from which weights are learned; equal weights before


def brier(p: float, came: bool) -> float:
    """Return ``(p - outcome)^2``: 0 is best, 0.25 is what always saying one half gets (Brier 1950)."""
    return (p - float(came)) ** 2


def logarithmic(p: float, came: bool) -> float:
    """Return ``-ln`` of the probability given to what came about, clipped: 0 is best (Good 1952)."""
    p = min(max(p, CLIP), 1.0 - CLIP)
    return -log(p if came else 1.0 - p)


def crps(sample: ArrayLike, observed: float) -> float:
    """Return the continuous ranked probability score of a sample, in units of the quantity; 0 is best.

    ``E|X - y| - E|X - X'| / 2`` with the fair estimator of the second term (Gneiting and Raftery 2007; Ferro 2014).
    For a sample of one it is the absolute error.
    """
    x = np.sort(np.asarray(sample, dtype=np.float64))
    n = x.size
    error = float(np.abs(x - observed).mean())
    if n < 2:
        return error
    weight = 2.0 * np.arange(1, n + 1) - n - 1.0
    spread = float((weight * x).sum()) * 2.0 / (n * (n - 1))
    return error - spread / 2.0


def pinball(quantile: float, level: float, observed: float) -> float:
    """Return the loss of a quantile forecast (Koenker and Bassett 1978), in units of the quantity."""
    gap = observed - quantile
    return level * gap if gap >= 0 else (level - 1.0) * gap


def quantile_crps(quantiles: ArrayLike, observed: float, levels: ArrayLike) -> float:
    """Return the continuous ranked probability score of quantiles [K]: twice their mean pinball loss at ``levels``."""
    q, p = np.asarray(quantiles, dtype=np.float64), np.asarray(levels, dtype=np.float64)
    return float(2.0 * np.mean(np.where(observed >= q, p * (observed - q), (1.0 - p) * (q - observed))))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Bin(OneLine):
    """Forecasts between two probabilities: how many, their mean, and the share that came about."""

    low: float
    high: float
    n: int
    mean: float
    came: float


def resampled(month: Ints, seed: int = 1, samples: int = SAMPLES) -> Iterator[Ints]:
    """Yield the rows of each bootstrap sample: blocks of neighbouring months, with all rows of each month drawn."""
    months = np.unique(month)
    rows = [np.flatnonzero(month == m) for m in months]
    rng = Generator(Philox(key=seed))
    length = min(BLOCK, months.size)
    for _ in range(samples):
        starts = rng.integers(0, months.size, -(-months.size // length))
        blocks = ((starts[:, None] + np.arange(length)) % months.size).reshape(-1)[: months.size]
        yield np.concatenate([rows[i] for i in blocks])


def ranged(value: Floats, month: Ints, seed: int = 1) -> tuple[float, float, float]:
    """Return the mean of ``value`` [n] and its 90 % range over bootstrap samples of months [n]."""
    means = [float(value[pick].mean()) for pick in resampled(month, seed)]
    low, high = np.quantile(means, (0.05, 0.95))
    return float(value.mean()), float(low), float(high)


def wilson(successes: float, n: int, z: float = 1.6448536269514722) -> tuple[float, float]:
    """Return Wilson's score interval of a share (default 90 %), which stays inside 0 and 1 and is never empty."""
    if n == 0:
        return 0.0, 1.0
    p = successes / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return (0.0 if successes == 0 else low), (1.0 if successes == n else high)


def calibration(p: Floats, came: Floats) -> tuple[Bin, ...]:
    """Return the bins of ``EDGES`` that hold forecasts; 1 belongs to the last."""
    place = np.clip(np.searchsorted(EDGES, p, side="right") - 1, 0, len(EDGES) - 2)
    return tuple(
        Bin(
            low=EDGES[k],
            high=EDGES[k + 1],
            n=int((place == k).sum()),
            mean=float(p[place == k].mean()),
            came=float(came[place == k].mean()),
        )
        for k in range(len(EDGES) - 1)
        if (place == k).any()
    )


def simplex(parts: int = 10) -> Floats:
    """Return all weights (model, base rate, one half) in steps of one part that sum to 1 [k, 3]; equal ones first."""
    grid = [(i, j, parts - i - j) for i in range(parts + 1) for j in range(parts + 1 - i)]
    return np.vstack([np.full((1, 3), 1.0 / 3.0), np.array(grid) / parts])


def weights(model: Floats, base: Floats, came: Floats) -> Floats:
    """Return the weights [3] with the least Brier score on earlier answers; equal ones where they are few."""
    if came.size < FEW:
        return np.full(3, 1.0 / 3.0)
    grid = simplex()
    parts = np.stack([model, base, np.full_like(model, 0.5)])
    scores = ((grid @ parts - came) ** 2).mean(axis=1)
    return np.asarray(grid[int(scores.argmin())])


def mixed(share: Sequence[float] | Floats, model: float, base: float) -> float:
    """Return the mixture of a model's probability, a base rate and one half."""
    return float(share[0] * model + share[1] * base + share[2] * 0.5)


def gaps(own: Mapping[str, Floats], against: str, month: Ints) -> dict[str, tuple[float, float, float]]:
    """Return each method's mean score less that of ``against`` on the same questions, with its 90 % range."""
    return {name: ranged(value - own[against], month) for name, value in own.items() if name != against}
