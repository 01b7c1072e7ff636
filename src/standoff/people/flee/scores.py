"""How well allocated arrivals agree with reports, beside naive ways to split the same total and what each was told.

ARD (average relative difference) is the sum over camps of |simulated - reported| over the sum of the reported. Flee
publishes it with interpolated days and a denominator inflated by the first day's total; both are given, so that numbers
can be compared, but the score to read is that on report dates with the true denominator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.oneline import OneLine

Reports = Sequence[tuple[int, float]]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, repr=False)
class Score(OneLine):
    """One method's scores. ``knowledge`` says what it knew; ``leak`` that some of it came from the later reports."""

    method: str
    knowledge: str
    leak: bool
    ard_reports: float  # report dates only, pooled over camps and dates, true denominator
    ard_days: float  # mean over days, interpolated reports, true denominator
    ard_flee: float  # mean over days with the denominator that Flee prints
    n: int  # reports compared


def score(
    method: str,
    knowledge: str,
    counts: Floats,
    data: Floats,
    reports: Mapping[str, Reports],
    camps: Sequence[str],
    extra: float,
    *,
    leak: bool = False,
) -> Score:
    """Score counts [T, camps] against interpolated data [T, camps] and the reports themselves.

    ``extra`` is what Flee's denominator has too much from day 0 on: the first day's total and camps that are no places.
    """
    days = counts.shape[0]
    error = np.abs(counts - data).sum(axis=1)
    true = data.sum(axis=1)
    late = true > 0
    off = reported = 0.0
    n = 0
    for j, camp in enumerate(camps):
        for day, value in reports.get(camp, ()):
            if 0 <= day < days:
                off, reported, n = off + abs(counts[int(day), j] - value), reported + value, n + 1
    return Score(
        method=method,
        knowledge=knowledge,
        leak=leak,
        ard_reports=off / reported if reported else float("nan"),
        ard_days=float((error[late] / true[late]).mean()) if late.any() else float("nan"),
        ard_flee=float((error[late] / (true[late] + extra)).mean()) if late.any() else float("nan"),
        n=n,
    )


def leaky(capacity: Sequence[float], reports: Mapping[str, Reports], camps: Sequence[str]) -> list[str]:
    """Return the camps whose capacity is within a tenth of the most that the series later reaches."""
    names = []
    for camp, limit in zip(camps, capacity, strict=True):
        most = max((v for _, v in reports.get(camp, ())), default=0.0)
        if limit > 0 and most > 0 and abs(limit / most - 1.0) <= 0.1:
            names.append(camp)
    return names


def distances(places: int, source: Sequence[int], target: Sequence[int], km: Sequence[float]) -> Floats:
    """Return the shortest distances by road [P, P] (infinite where there is no way), by Floyd and Warshall."""
    out = np.full((places, places), np.inf)
    np.fill_diagonal(out, 0.0)
    for a, b, d in zip(source, target, km, strict=True):
        out[a, b] = min(out[a, b], d)
    by_way = np.empty_like(out)
    for k in range(places):
        np.add(out[:, k : k + 1], out[k], out=by_way)
        np.minimum(out, by_way, out=out)
    return out


def equal_split(total: Floats, camps: int) -> Floats:
    """Split the day's total evenly."""
    return np.repeat(total[:, None] / camps, camps, axis=1)


def capacity_split(total: Floats, capacity: Floats) -> Floats:
    """Split the day's total by capacity."""
    share = capacity / capacity.sum() if capacity.sum() > 0 else np.full(capacity.size, 1.0 / capacity.size)
    return np.asarray(total[:, None] * share)


def arrivals_split(start: Floats, rises: Floats, pull: Floats) -> Floats:
    """Add each day's rise [T] to the camps' first counts in proportion to ``pull`` [T, camps]."""
    total = pull.sum(axis=1, keepdims=True)
    even = np.full(pull.shape, 1.0 / pull.shape[1])
    share = np.divide(pull, total, out=even, where=total > 0)
    return np.asarray(start + np.cumsum(rises[:, None] * share, axis=0))


def gravity_pull(weight: Floats, km: Floats, power: float) -> Floats:
    """Return [T, camps] the sum over origins of weight [T, origins] over road distance [origins, camps] to a power."""
    return np.asarray(weight @ (1.0 / np.maximum(km, 1.0) ** power))


def nearest_pull(weight: Floats, km: Floats) -> Floats:
    """Return [T, camps] the weight of the origins to which each camp is nearest by road."""
    near = np.zeros(km.shape)
    reach = np.isfinite(km).any(axis=1)
    near[np.flatnonzero(reach), km[reach].argmin(axis=1)] = 1.0
    return np.asarray(weight @ near)


def lagged_shares(total: Floats, reports: Mapping[str, Reports], camps: Sequence[str], lag: int) -> Floats:
    """Split the day's total by each camp's last report at least ``lag`` days old (evenly before there is one)."""
    out = np.zeros((total.size, len(camps)))
    for day in range(total.size):
        last = [([v for d, v in reports.get(c, ()) if d <= day - lag] or [0.0])[-1] for c in camps]
        whole = sum(last)
        out[day] = [v / whole for v in last] if whole > 0 else [1.0 / len(camps)] * len(camps)
    return np.asarray(out * total[:, None])
