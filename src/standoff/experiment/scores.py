"""Proper scores of forecasts: Brier and logarithmic for yes or no, CRPS for a number from a sample."""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import ArrayLike

CLIP = 0.01  # a forecast of 0 or 1 is taken as 0.01 or 0.99 by the logarithmic score, or one miss would be infinite


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
