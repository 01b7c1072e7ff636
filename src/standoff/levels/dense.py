"""The yardstick of anything that claims to forecast incidents: every area, from many origins, beside simple rivals.

A few hundred questions about named outcomes cannot see an effect under a quarter. Counts by area from many origins can:
here samples of anybody's forecast are scored on the counts that came, beside persistence, the long run, conflictology
and the program's own levels, each from the same origins and knowing nothing after them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike

from standoff.errors import Problem, StandoffError
from standoff.levels.forecast import RIVALS, Counts, backtest, crps_of
from standoff.oneline import OneLine
from standoff.scoring.scores import crps

OWN = "levels"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DenseScore(OneLine):
    """How a forecast of counts did: mean continuous ranked probability score, in incidents, and the gain on each rival.

    ``gain`` is the share by which it beats persistence, long-run, conflictology and ``levels``; ``covered`` the share
    of counts inside its range from the 10th to the 90th percentile; ``rank`` the mean over origins of the rank
    correlation of its means with the counts over areas, None with fewer than three areas.
    """

    horizon: int
    n: int
    origins: int
    crps: float
    rivals: dict[str, float]
    gain: dict[str, float]
    covered: float
    rank: float | None


def dense_score(counts: Counts, horizon: int, samples: Mapping[date, ArrayLike]) -> DenseScore:
    """Score a forecast of counts by area, beside its rivals.

    Parameters
    ----------
    counts : Counts
        What came, by area and day.
    horizon : int
        Days ahead.
    samples : mapping of date to array
        By the first day of each window: samples of its incidents [areas, n], areas in the order of ``counts``.

    Returns
    -------
    DenseScore
        Mean scores, the gain on each rival, and how often the range held.

    Raises
    ------
    StandoffError
        With every origin that the counts do not cover, and every sample of another shape.
    """
    from scipy.stats import spearmanr

    problems: list[Problem] = []
    areas = len(counts.areas)
    own: list[float] = []
    rivals: dict[str, list[float]] = {name: [] for name in (*RIVALS, OWN)}
    inside: list[bool] = []
    ranks: list[float] = []
    arrays = {day: np.asarray(sample, dtype=np.float64) for day, sample in sorted(samples.items())}
    for day, sample in arrays.items():
        at = (day - counts.first).days
        if at < 28 or day + timedelta(days=horizon - 1) > counts.last:
            expected = f"days from {counts.first + timedelta(days=28)} to {counts.last - timedelta(days=horizon - 1)}"
            problems.append(Problem(f"samples of {day}", 0, "the counts do not cover this window", expected))
        elif sample.ndim != 2 or sample.shape[0] != areas or not sample.size or not np.isfinite(sample).all():
            what = f"the samples are {list(sample.shape)}"
            problems.append(Problem(f"samples of {day}", 0, what, f"finite numbers [{areas}, n]"))
    if problems or not arrays:
        raise StandoffError(problems or [Problem("samples", 0, "there is no forecast", "one origin or more")])
    for day, sample in arrays.items():
        at = (day - counts.first).days
        came = counts.values[:, at : at + horizon].sum(1).astype(np.float64)
        test = backtest(counts.values[:, :at], horizon)  # nothing after the origin
        own += [crps(row, value) for row, value in zip(sample, came.tolist(), strict=True)]
        for name in RIVALS:
            rivals[name] += crps_of(test.members[name][-1], test.grid, came).tolist()
        rivals[OWN] += crps_of(test.mixture[-1], test.grid, came).tolist()
        low, high = np.quantile(sample, (0.1, 0.9), axis=1)
        inside += ((came >= low) & (came <= high)).tolist()
        means = sample.mean(1)
        if areas > 2 and np.ptp(means) > 0 and np.ptp(came) > 0:
            ranks.append(float(spearmanr(means, came).statistic))
    mean = float(np.mean(own))
    others = {name: float(np.mean(scores)) for name, scores in rivals.items()}
    return DenseScore(
        horizon=horizon,
        n=len(own),
        origins=len(arrays),
        crps=mean,
        rivals=others,
        gain={name: 1.0 - mean / value if value else 0.0 for name, value in others.items()},
        covered=float(np.mean(inside)),
        rank=float(np.mean(ranks)) if ranks else None,
    )
