"""Simple forecasts of one series, each from every report of it at once, and which of them a kind of table has.

An expert is called with all days and values of a series, the numbers of the last reports that are known (``at``) and
the days from each of them to its target (``ahead``), and looks at nothing behind ``at``. Slopes are read over reports,
not days, so that weekly, monthly and irregular rounds are read alike; a slope dies away, and counts the less the more a
series turned about.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Expert = Callable[[Floats, Floats, Indices, Floats], Floats]
SPAN = 30.0  # days that a slope is spread over at the least: a steep week is no trend of months
LOSS = 0.5  # of the level, that a falling trend may take
FLOOR = 20.0  # people added before logarithms
GROWTH = 0.25  # a young site grows as its age to this power
YOUNG = 60.0  # days added to its age


class CountKind(StrEnum):
    """What a table counts: people who are there, people counted so far, or people of a period."""

    STOCK = "stock"
    CUMULATIVE = "cumulative"
    FLOW = "flow"


def latest_report(days: Floats, values: Floats, at: Indices, ahead: Floats) -> Floats:
    """Return the last report: persistence, against which everything is scored."""
    return values[at]


def _back(at: Indices, steps: int) -> Indices:
    return np.maximum(at - steps, 0)


def one_way(values: Floats, at: Indices, steps: int) -> Floats:
    """Return how far the last steps ran one way without being a single jump, from 0 (no) to 1 (steadily).

    The net movement over all movement, times how far the largest step is from being all of it; 0 under three steps.
    """
    moves = np.zeros((at.size, steps))
    for k in range(steps):
        here = at - k
        there = here >= 1
        moves[there, k] = values[here[there]] - values[here[there] - 1]
    size = np.minimum(at, steps)
    moved, largest, net = np.abs(moves).sum(1), np.abs(moves).max(1), np.abs(moves.sum(1))
    share = np.divide(1.0, moved, out=np.zeros_like(moved), where=moved > 0)
    return np.where(size >= 3, net * share * (1.0 - largest * share) / (1.0 - 1.0 / np.maximum(size, 2)), 0.0)


def _damped(slope: Floats, ahead: Floats, fades: float) -> Floats:
    return slope * fades * (1.0 - np.exp(-ahead / fades))


def _changed(level: Floats, change: Floats) -> Floats:
    """Return a level after a change; a fall takes at most `LOSS` of it."""
    most = LOSS * np.maximum(level, 1.0)
    return np.maximum(level + np.where(change < 0, most * np.tanh(change / most), change), 0.0)


def trend(
    days: Floats, values: Floats, at: Indices, ahead: Floats, *, steps: int, fades: float = 120.0, part: float = 1.0
) -> Floats:
    """Return the level plus the slope over the last steps, as far as they ran one way, dying away."""
    before = _back(at, steps)
    slope = (values[at] - values[before]) / np.maximum(days[at] - days[before], SPAN)
    return _changed(values[at], _damped(slope * one_way(values, at, steps) * part, ahead, fades))


def _recent_slope(days: Floats, values: Floats, at: Indices, window: float) -> Floats:
    before = np.searchsorted(days, days[at] - window, side="right") - 1
    before = np.minimum(np.maximum(before, 0), np.maximum(at - 1, 0))
    return (values[at] - values[before]) / np.maximum(days[at] - days[before], 1.0)


def capped(days: Floats, values: Floats, at: Indices, ahead: Floats, *, steps: int, fades: float = 120.0) -> Floats:
    """Return the trend, but never steeper than the last 14 days, and none where these ran the other way."""
    before = _back(at, steps)
    slope = (values[at] - values[before]) / np.maximum(days[at] - days[before], SPAN) * one_way(values, at, steps)
    lately = _recent_slope(days, values, at, 14.0)
    same = np.sign(slope) == np.sign(lately)
    slope = np.where(same, np.sign(slope) * np.minimum(np.abs(slope), np.abs(lately)), 0.0)
    return _changed(values[at], _damped(slope, ahead, fades))


def recent_rate(days: Floats, values: Floats, at: Indices, ahead: Floats, *, window: float, fades: float) -> Floats:
    """Return the level plus the rate of the last days, dying away: how a wave ends."""
    return np.maximum(values[at] + _damped(_recent_slope(days, values, at, window), ahead, fades), 0.0)


def saturation(days: Floats, values: Floats, at: Indices, ahead: Floats) -> Floats:
    """Return the level plus a rate that goes on to die away as it did from four steps to the next four."""
    middle, before = _back(at, 4), _back(at, 8)
    new, old = np.maximum(days[at] - days[middle], 1.0), np.maximum(days[middle] - days[before], 1.0)
    late, early = (values[at] - values[middle]) / new, (values[middle] - values[before]) / old
    known = (late > 0) & (early > 0) & (middle > before)
    decay = np.log(np.maximum(early, 1e-9) / np.maximum(late, 1e-9)) / ((new + old) / 2)
    decay = np.where(known, np.clip(decay, 1 / 120, 1 / 7), 1 / 30)
    rest = np.maximum(late, 0.0) * (1.0 - np.exp(-decay * ahead)) / decay
    return np.maximum(values[at] + rest * np.where(known, 1.0, 0.5), 0.0)


def holt(
    days: Floats,
    values: Floats,
    at: Indices,
    ahead: Floats,
    *,
    level: float = 0.8,
    slope: float = 0.2,
    damp: float = 0.98,
) -> Floats:
    """Return Holt's smoothed level and slope, damped by the day."""
    levels, slopes = values.tolist(), [0.0] * values.size
    gaps = np.maximum(np.diff(days), 1.0)
    for n, keep, value in zip(range(1, values.size), (damp**gaps).tolist(), values[1:].tolist(), strict=True):
        expected = levels[n - 1] + slopes[n - 1] * (1.0 - keep) / (1.0 - damp)
        levels[n] = expected + level * (value - expected)
        slopes[n] = (1.0 - slope) * slopes[n - 1] * keep + slope * (levels[n] - levels[n - 1]) / gaps[n - 1]
    reach = (1.0 - damp**ahead) / (1.0 - damp)
    return np.maximum(np.asarray(levels)[at] + np.asarray(slopes)[at] * reach, 0.0)


def age(days: Floats, values: Floats, at: Indices, ahead: Floats) -> Floats:
    """Return the level grown as a young site grows, as far as it has been seen to grow."""
    begun = np.flatnonzero(values > 0)
    if not begun.size:
        return values[at]
    first = begun[0]
    years = np.maximum(days[at] - days[first], 0.0)
    if first > 0:  # it was reported empty before
        older = np.full(at.size, YOUNG)
    else:
        grown = np.maximum(values[at] / max(values[first], 1.0), 0.0) ** (1.0 / GROWTH) - 1.0
        ages = np.divide(years, grown, out=np.full(at.size, np.inf), where=grown > 0)
        older = np.where((grown > 0) & (years > 0), np.maximum(YOUNG, ages), np.inf)
    power = (1.0 - one_way(values, at, 5)) * GROWTH
    return np.where(at >= first, values[at] * (1.0 + ahead / (years + older)) ** power, values[at])


def trend_and_age(days: Floats, values: Floats, at: Indices, ahead: Floats) -> Floats:
    """Return the trend of five steps, grown by age."""
    grown = age(days, values, at, ahead) / np.maximum(values[at], 1.0)
    return trend(days, values, at, ahead, steps=5) * np.where(values[at] >= 1.0, grown, 1.0)


def line(
    days: Floats,
    values: Floats,
    at: Indices,
    ahead: Floats,
    *,
    reports: int,
    fades: float,
    blend: float = 1.0,
    power: float = 1.0,
) -> Floats:
    """Return a straight line through the last reports, its slope counting as far as it fits them: for noisy series.

    ``blend`` is the weight of the line's level against the last report's, ``power`` that of the fit.
    """
    x, y, weight = np.zeros((3, at.size, reports))
    for k in range(reports):
        here = at - k
        there = here >= 0
        x[there, k] = days[here[there]] - days[at[there]]
        y[there, k] = values[here[there]]
        weight[there, k] = 1.0
    size = weight.sum(1)
    mean_x, mean_y = (weight * x).sum(1) / size, (weight * y).sum(1) / size
    dx, dy = weight * (x - mean_x[:, None]), weight * (y - mean_y[:, None])
    xx, xy, yy = (dx * dx).sum(1), (dx * dy).sum(1), (dy * dy).sum(1)
    slope = np.divide(xy, xx, out=np.zeros_like(xy), where=xx > 0) * np.minimum(1.0, -x.min(1) / SPAN)
    fit = np.divide(xy * xy, xx * yy, out=np.zeros_like(xy), where=xx * yy > 0)
    level = blend * (mean_y - slope * mean_x) + (1.0 - blend) * values[at]
    return _changed(np.maximum(level, 0.0), _damped(slope * fit**power, ahead, fades))


def _windows(values: Floats, at: Indices, size: int) -> Floats:
    """Return the last values before each report [n, size], NaN where there are none yet."""
    padded = np.concatenate([np.full(size - 1, np.nan), values])
    return np.lib.stride_tricks.sliding_window_view(padded, size)[at]


def median_of_periods(days: Floats, values: Floats, at: Indices, ahead: Floats, *, periods: int) -> Floats:
    """Return the median of the last periods."""
    return np.asarray(np.nanmedian(_windows(values, at, periods), axis=1))


def mean_of_periods(days: Floats, values: Floats, at: Indices, ahead: Floats, *, periods: int) -> Floats:
    """Return the mean of the last periods."""
    return np.asarray(np.nanmean(_windows(values, at, periods), axis=1))


_STOCK: dict[str, Expert] = {
    "last report": latest_report,
    "trend of 5 steps": partial(trend, steps=5),
    "trend of 8 steps": partial(trend, steps=8),
    "trend of 12 steps": partial(trend, steps=12, fades=240.0),
    "half the trend of 3 steps": partial(trend, steps=3, fades=180.0, part=0.5),
    "trend of 5 steps, capped": partial(capped, steps=5),
    "trend of 8 steps, capped": partial(capped, steps=8),
    "rate of 7 days": partial(recent_rate, window=7.0, fades=15.0),
    "rate of 14 days": partial(recent_rate, window=14.0, fades=60.0),
    "saturation": saturation,
    "Holt, damped": holt,
    "growth by age": age,
    "trend and growth": trend_and_age,
    "line of 6 reports": partial(line, reports=6, fades=120.0),
    "line of 8, half": partial(line, reports=8, fades=180.0, blend=0.5, power=0.5),
    "line of 12 reports": partial(line, reports=12, fades=240.0),
}
_CUMULATIVE: dict[str, Expert] = {
    "last report": latest_report,
    "trend of 8 steps": partial(trend, steps=8),
    "rate of 7 days": partial(recent_rate, window=7.0, fades=15.0),
    "rate of 7 days, slower": partial(recent_rate, window=7.0, fades=30.0),
    "rate of 14 days": partial(recent_rate, window=14.0, fades=60.0),
    "rate of 30 days": partial(recent_rate, window=30.0, fades=120.0),
    "saturation": saturation,
    "Holt, damped": holt,
}
_FLOW: dict[str, Expert] = {
    "last report": latest_report,
    "median of 3 periods": partial(median_of_periods, periods=3),
    "median of 6 periods": partial(median_of_periods, periods=6),
    "median of 12 periods": partial(median_of_periods, periods=12),
    "mean of 3 periods": partial(mean_of_periods, periods=3),
    "mean of 12 periods": partial(mean_of_periods, periods=12),
}
EXPERTS: dict[CountKind, dict[str, Expert]] = {
    CountKind.STOCK: _STOCK,
    CountKind.CUMULATIVE: _CUMULATIVE,
    CountKind.FLOW: _FLOW,
}
