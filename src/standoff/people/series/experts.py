"""Simple forecasts of one series, each from every report of it at once, and which of them a kind of table has.

An expert is called with all series of a table end to end, the numbers of the last reports known (``at``) and the days
from each of them to its target (``ahead``), and looks at nothing behind ``at`` nor into another series. Slopes are read
over reports, not days, so that weekly, monthly and irregular rounds are read alike; a slope dies away, and counts the
less the more a series turned about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
SPAN = 30.0  # days that a slope is spread over at the least: a steep week is no trend of months
LOSS = 0.5  # of the level, that a falling trend may take
FLOOR = 20.0  # people added before logarithms
GROWTH = 0.25  # a young site grows as its age to this power
APART = 2.0**21  # days between the first days of series that stand end to end
STEP = 0.7  # most that one step of the logarithm counts as unrest
_DAMP = 0.98
YOUNG = 60.0  # days added to its age


class CountKind(StrEnum):
    """What a table counts: people who are there, people counted so far, or people of a period."""

    STOCK = "stock"
    CUMULATIVE = "cumulative"
    FLOW = "flow"


class Stack:
    """Series end to end: days (those of each series moved apart), values, where its own series begins for each report.

    ``begun`` is the number of the first report above 0 of the series, behind its end where there is none.
    """

    def __init__(self, days: Sequence[Floats], values: Sequence[Floats]) -> None:
        sizes = np.array([one.size for one in days], np.int64)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        self.days: Floats = np.concatenate([one + k * APART for k, one in enumerate(days)])
        self.values: Floats = np.concatenate(list(values))
        self.first: Indices = np.repeat(starts, sizes)
        number = np.where(self.values > 0, np.arange(self.values.size), self.values.size)
        self.begun: Indices = np.repeat(np.minimum.reduceat(number, starts), sizes)

    @cached_property
    def smoothed(self) -> tuple[Floats, Floats]:
        """Holt's level and slope a day after each report; a level of 0.8 and a slope of 0.2, damped by the day."""
        levels, slopes = self.values.tolist(), [0.0] * self.values.size
        gaps = np.maximum(np.diff(self.days), 1.0)
        starts = set(self.first.tolist())
        keeps, days = (_DAMP**gaps).tolist(), gaps.tolist()
        for n in range(1, len(levels)):
            if n in starts:
                continue
            expected = levels[n - 1] + slopes[n - 1] * (1.0 - keeps[n - 1]) / (1.0 - _DAMP)
            levels[n] = expected + 0.8 * (levels[n] - expected)
            slopes[n] = 0.8 * slopes[n - 1] * keeps[n - 1] + 0.2 * (levels[n] - levels[n - 1]) / days[n - 1]
        return np.asarray(levels), np.asarray(slopes)

    @cached_property
    def logs(self) -> Floats:
        """The logarithms of values and `FLOOR`."""
        return np.log(self.values + FLOOR)

    @cached_property
    def squares(self) -> Floats:
        """The sums of squared steps of `logs` up to each report; no step counts more than `STEP`."""
        return np.cumsum(np.minimum(np.abs(np.diff(self.logs, prepend=self.logs[:1])), STEP) ** 2)

    def back(self, at: Indices, steps: int) -> Indices:
        """Return the numbers of reports some steps before, or the first of the series."""
        return np.maximum(at - steps, self.first[at])


Expert = Callable[[Stack, Indices, Floats], Floats]


def latest_report(stack: Stack, at: Indices, ahead: Floats) -> Floats:
    """Return the last report: persistence, against which everything is scored."""
    return stack.values[at]


def one_way(stack: Stack, at: Indices, steps: int) -> Floats:
    """Return how far the last steps ran one way without being a single jump, from 0 (no) to 1 (steadily).

    The net movement over all movement, times how far the largest step is from being all of it; 0 under three steps.
    """
    moves = np.zeros((at.size, steps))
    first = stack.first[at]
    for k in range(steps):
        here = at - k
        there = here > first
        moves[there, k] = stack.values[here[there]] - stack.values[here[there] - 1]
    size = np.minimum(at - first, steps)
    moved, largest, net = np.abs(moves).sum(1), np.abs(moves).max(1), np.abs(moves.sum(1))
    share = np.divide(1.0, moved, out=np.zeros_like(moved), where=moved > 0)
    return np.where(size >= 3, net * share * (1.0 - largest * share) / (1.0 - 1.0 / np.maximum(size, 2)), 0.0)


def _damped(slope: Floats, ahead: Floats, fades: float) -> Floats:
    return slope * fades * (1.0 - np.exp(-ahead / fades))


def _changed(level: Floats, change: Floats) -> Floats:
    """Return a level after a change; a fall takes at most `LOSS` of it."""
    most = LOSS * np.maximum(level, 1.0)
    return np.maximum(level + np.where(change < 0, most * np.tanh(change / most), change), 0.0)


def _slope(stack: Stack, at: Indices, steps: int) -> Floats:
    before = stack.back(at, steps)
    slope = (stack.values[at] - stack.values[before]) / np.maximum(stack.days[at] - stack.days[before], SPAN)
    return slope * one_way(stack, at, steps)


def trend(stack: Stack, at: Indices, ahead: Floats, *, steps: int, fades: float = 120.0, part: float = 1.0) -> Floats:
    """Return the level plus the slope over the last steps, as far as they ran one way, dying away."""
    return _changed(stack.values[at], _damped(_slope(stack, at, steps) * part, ahead, fades))


def _recent_slope(stack: Stack, at: Indices, window: float) -> Floats:
    first = stack.first[at]
    before = np.searchsorted(stack.days, stack.days[at] - window, side="right") - 1
    before = np.minimum(np.maximum(before, first), np.maximum(at - 1, first))
    return (stack.values[at] - stack.values[before]) / np.maximum(stack.days[at] - stack.days[before], 1.0)


def capped(stack: Stack, at: Indices, ahead: Floats, *, steps: int, fades: float = 120.0) -> Floats:
    """Return the trend, but never steeper than the last 14 days, and none where these ran the other way."""
    slope, lately = _slope(stack, at, steps), _recent_slope(stack, at, 14.0)
    same = np.sign(slope) == np.sign(lately)
    slope = np.where(same, np.sign(slope) * np.minimum(np.abs(slope), np.abs(lately)), 0.0)
    return _changed(stack.values[at], _damped(slope, ahead, fades))


def recent_rate(stack: Stack, at: Indices, ahead: Floats, *, window: float, fades: float) -> Floats:
    """Return the level plus the rate of the last days, dying away: how a wave ends."""
    return np.maximum(stack.values[at] + _damped(_recent_slope(stack, at, window), ahead, fades), 0.0)


def saturation(stack: Stack, at: Indices, ahead: Floats) -> Floats:
    """Return the level plus a rate that goes on to die away as it did from four steps to the next four."""
    days, values = stack.days, stack.values
    middle, before = stack.back(at, 4), stack.back(at, 8)
    new, old = np.maximum(days[at] - days[middle], 1.0), np.maximum(days[middle] - days[before], 1.0)
    late, early = (values[at] - values[middle]) / new, (values[middle] - values[before]) / old
    known = (late > 0) & (early > 0) & (middle > before)
    decay = np.log(np.maximum(early, 1e-9) / np.maximum(late, 1e-9)) / ((new + old) / 2)
    decay = np.where(known, np.clip(decay, 1 / 120, 1 / 7), 1 / 30)
    rest = np.maximum(late, 0.0) * (1.0 - np.exp(-decay * ahead)) / decay
    return np.maximum(values[at] + rest * np.where(known, 1.0, 0.5), 0.0)


def holt(stack: Stack, at: Indices, ahead: Floats) -> Floats:
    """Return Holt's smoothed level and slope, damped by the day."""
    levels, slopes = stack.smoothed
    return np.maximum(levels[at] + slopes[at] * (1.0 - _DAMP**ahead) / (1.0 - _DAMP), 0.0)


def age(stack: Stack, at: Indices, ahead: Floats) -> Floats:
    """Return the level grown as a young site grows, as far as it has been seen to grow."""
    values, begun = stack.values, stack.begun[at]
    open_ = begun <= at
    begin = np.where(open_, begun, at)
    years = stack.days[at] - stack.days[begin]
    grown = (values[at] / np.maximum(values[begin], 1.0)) ** (1.0 / GROWTH) - 1.0
    ages = np.divide(years, grown, out=np.full(at.size, np.inf), where=(grown > 0) & (years > 0))
    older = np.where(begin > stack.first[at], YOUNG, np.maximum(YOUNG, ages))  # else it was reported empty before
    power = (1.0 - one_way(stack, at, 5)) * GROWTH
    return np.where(open_, values[at] * (1.0 + ahead / (years + older)) ** power, values[at])


def trend_and_age(stack: Stack, at: Indices, ahead: Floats) -> Floats:
    """Return the trend of five steps, grown by age."""
    level = stack.values[at]
    grown = age(stack, at, ahead) / np.maximum(level, 1.0)
    return trend(stack, at, ahead, steps=5) * np.where(level >= 1.0, grown, 1.0)


def line(
    stack: Stack, at: Indices, ahead: Floats, *, reports: int, fades: float, blend: float = 1.0, power: float = 1.0
) -> Floats:
    """Return a straight line through the last reports, its slope counting as far as it fits them: for noisy series.

    ``blend`` is the weight of the line's level against the last report's, ``power`` that of the fit.
    """
    here = at[:, None] - np.arange(reports)
    weight = (here >= stack.first[at][:, None]).astype(float)
    here = np.maximum(here, stack.first[at][:, None])
    x, y = stack.days[here] - stack.days[at][:, None], stack.values[here]
    size = weight.sum(1)
    mean_x, mean_y = (weight * x).sum(1) / size, (weight * y).sum(1) / size
    dx, dy = weight * (x - mean_x[:, None]), weight * (y - mean_y[:, None])
    xx, xy, yy = (dx * dx).sum(1), (dx * dy).sum(1), (dy * dy).sum(1)
    slope = np.divide(xy, xx, out=np.zeros_like(xy), where=xx > 0) * np.minimum(1.0, -x.min(1) / SPAN)
    fit = np.divide(xy * xy, xx * yy, out=np.zeros_like(xy), where=xx * yy > 0)
    level = blend * (mean_y - slope * mean_x) + (1.0 - blend) * stack.values[at]
    return _changed(np.maximum(level, 0.0), _damped(slope * fit**power, ahead, fades))


def last_values(stack: Stack, values: Floats, at: Indices, size: int) -> Floats:
    """Return the last of some values before each report [n, size], NaN where its series has none yet."""
    here = at[:, None] - np.arange(size)[::-1]
    return np.where(here >= stack.first[at][:, None], values[np.maximum(here, 0)], np.nan)


def median_of_periods(stack: Stack, at: Indices, ahead: Floats, *, periods: int) -> Floats:
    """Return the median of the last periods."""
    return np.asarray(np.nanmedian(last_values(stack, stack.values, at, periods), axis=1))


def mean_of_periods(stack: Stack, at: Indices, ahead: Floats, *, periods: int) -> Floats:
    """Return the mean of the last periods."""
    return np.asarray(np.nanmean(last_values(stack, stack.values, at, periods), axis=1))


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
