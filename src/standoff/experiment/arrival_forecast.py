"""Forecasts of people in camps from a rolling origin: only the reports known at the origin, never the total to come.

The last report stands for the level (persistence), which is hard to beat. A trend is added only as far as the last 120
days ran one way: its slope is multiplied by how much of the movement was in one direction and not a single jump, it
dies away with a time of 120 days, and it never more than halves or adds half. Intervals come from past errors of the
same camps at the same horizon, each measured in units of the camp's own recent unrest. Constants were chosen on Mali,
the Central African Republic and Syria; docs/explanation/displacement.md says what each part adds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reports = Sequence[tuple[int, float]]  # (day, people), by day
Floats = NDArray[np.float64]

WINDOW = 120  # days that a trend is read from
DAMPING = 120.0  # days in which a trend dies away to 1/e
MOST = 0.5  # of the level, that a trend may add or take
LEVELS = np.arange(0.1, 0.95, 0.1)  # central intervals that a forecast holds
UNREST = 0.15  # log change in 30 days that a camp without a history is taken to have
_FLOOR = 20.0  # people added before logarithms, so that an empty camp has one
_PRIOR = 20  # made-up past errors, that a case without a history starts from
_PRIOR_SCALE = 0.6
_MEMORY = 180.0  # days in which a past error loses half its weight
_COVER = 3.0  # how fast intervals that covered too often get narrower


@dataclass(frozen=True, slots=True)
class Forecast:
    """People in ``place`` on ``day``, forecast ``horizon`` days before; ``quantiles`` go with `probabilities`."""

    place: str
    day: int
    horizon: int
    level: float  # last report known at the origin
    value: float
    quantiles: Floats

    def interval(self, level: float = 0.8) -> tuple[float, float]:
        """Return the central interval of a level that is in `LEVELS`."""
        at = int(np.argmin(np.abs(LEVELS - level)))
        middle = LEVELS.size
        return float(self.quantiles[middle - 1 - at]), float(self.quantiles[middle + 1 + at])


def probabilities() -> Floats:
    """Return the probabilities of a forecast's quantiles, from low to high, the median in the middle."""
    return np.concatenate([(1 - LEVELS[::-1]) / 2, [0.5], (1 + LEVELS) / 2])


def known(reports: Reports, origin: int) -> list[tuple[int, float]]:
    """Return the reports up to and with the day of the origin."""
    return [r for r in reports if r[0] <= origin]


def persistence(reports: Reports, origin: int, horizon: int) -> float:
    """Return the last report known at the origin."""
    return known(reports, origin)[-1][1]


def plain_trend(reports: Reports, origin: int, horizon: int, *, window: int = 60, damping: float = 0.8) -> float:
    """Return the level plus a damped share of the last ``window`` days' slope, as a simple extrapolation does."""
    past = known(reports, origin)
    day, level = past[-1]
    first = ([r for r in past if r[0] <= day - window] or past)[-1 if past[0][0] <= day - window else 0]
    slope = (level - first[1]) / (day - first[0]) if day - first[0] >= 7 else 0.0
    return max(level + damping * slope * (origin + horizon - day), 0.0)


def direction(reports: Reports) -> float:
    """Return how far a series ran one way without being a single jump: 0 (no) to below 1 (steadily)."""
    steps = np.diff([v for _, v in reports])
    moved = float(np.abs(steps).sum())
    if len(reports) < 4 or moved <= 0.0:
        return 0.0
    return float(abs(steps.sum()) / moved * (1.0 - np.abs(steps).max() / moved))


def gated_trend(reports: Reports, origin: int, horizon: int, *, gate: bool = True, damp: bool = True) -> float:
    """Return the forecast of this module; without ``gate`` or ``damp`` it lacks that part (for the ablation)."""
    past = known(reports, origin)
    day, level = past[-1]
    recent = [r for r in past if r[0] >= day - WINDOW]
    if len(recent) < 4:
        return level
    slope = (level - recent[0][1]) / (day - recent[0][0])
    ahead = float(origin + horizon - day)
    if gate:
        slope *= direction(recent)
    if not damp:
        return max(level + slope * ahead, 0.0)
    most = MOST * max(level, 1.0)
    change = slope * DAMPING * (1.0 - np.exp(-ahead / DAMPING))
    return max(level + float(most * np.tanh(change / most)), 0.0)


def unrest(reports: Reports, origin: int, horizon: int) -> float:
    """Return the log change to expect over a horizon, from the last 120 days' steps and a month of `UNREST` before."""
    recent = [r for r in known(reports, origin) if r[0] >= origin - WINDOW]
    steps = (
        np.minimum(np.abs(np.diff(np.log([v + _FLOOR for _, v in recent]))), 0.7) if len(recent) > 1 else np.zeros(0)
    )
    days = recent[-1][0] - recent[0][0] if len(recent) > 1 else 0
    return float(np.sqrt((UNREST**2 + float((steps**2).sum())) / (30.0 + days) * horizon))


Method = Callable[[Reports, int, int], float]


def rolling(
    series: Mapping[str, Reports], horizon: int, method: Method = gated_trend, *, since: int | None = None
) -> list[tuple[Forecast, float]]:
    """Forecast every report from ``horizon`` days before it; return (forecast, what was reported), by day.

    The forecast and its interval use reports and errors known at the origin only. ``since`` leaves out targets before
    that day.
    """
    targets = sorted((day, place, value) for place, reports in series.items() for day, value in reports)
    errors: list[tuple[int, float]] = []
    covered: list[tuple[int, bool]] = []
    out = []
    for day, place, value in targets:
        origin = day - horizon
        if not known(series[place], origin):
            continue
        made = forecast(series[place], place, origin, horizon, errors, covered, method)
        error = abs(np.log((value + _FLOOR) / (made.value + _FLOOR))) / _scale(series[place], origin, horizon)
        low, high = made.interval()
        errors.append((day, float(error)))
        covered.append((day, bool(low <= value <= high)))
        if since is None or day >= since:
            out.append((made, value))
    return out


def forecast(
    reports: Reports,
    place: str,
    origin: int,
    horizon: int,
    errors: Sequence[tuple[int, float]] = (),
    covered: Sequence[tuple[int, bool]] = (),
    method: Method = gated_trend,
) -> Forecast:
    """Forecast one place from an origin; ``errors`` and ``covered`` are those of earlier forecasts, by target day."""
    value = method(reports, origin, horizon)
    past = [(d, e) for d, e in errors if d <= origin]
    prior = -_PRIOR_SCALE * np.log(1.0 - (np.arange(_PRIOR) + 0.5) / _PRIOR)
    size = np.concatenate([[e for _, e in past], prior])
    weight = np.concatenate([[0.5 ** ((origin - d) / _MEMORY) for d, _ in past], np.ones(_PRIOR)])
    order = np.argsort(size, kind="stable")
    rank = np.cumsum(weight[order]) / weight.sum()
    hits = [c for d, c in covered if d <= origin]
    share = (sum(hits) + 0.8 * _PRIOR) / (len(hits) + _PRIOR)
    stretch = np.exp(_COVER * (0.8 - share)) * _scale(reports, origin, horizon)
    half = np.minimum(np.interp(LEVELS, rank, size[order]) * stretch, 1.5)
    logs = np.concatenate([-half[::-1], [0.0], half])
    return Forecast(
        place=place,
        day=origin + horizon,
        horizon=horizon,
        level=persistence(reports, origin, horizon),
        value=value,
        quantiles=np.maximum((value + _FLOOR) * np.exp(logs) - _FLOOR, 0.0),
    )


def _scale(reports: Reports, origin: int, horizon: int) -> float:
    return unrest(reports, origin, horizon + origin - known(reports, origin)[-1][0])


@dataclass(frozen=True, slots=True)
class Skill:
    """How good a method's rolling forecasts are; ``n`` is the number of reports forecast."""

    method: str
    horizon: int
    n: int
    ard: float  # sum of absolute errors over sum of reports
    crps: float  # mean, people
    coverage: float  # of the 80 % intervals


def skill(name: str, horizon: int, made: Sequence[tuple[Forecast, float]]) -> Skill:
    """Score rolling forecasts: ARD of the median, CRPS from the quantiles, coverage of the 80 % interval."""
    if not made:
        return Skill(name, horizon, 0, float("nan"), float("nan"), float("nan"))
    error = sum(abs(f.value - v) for f, v in made)
    inside = [low <= v <= high for f, v in made for low, high in [f.interval()]]
    return Skill(
        method=name,
        horizon=horizon,
        n=len(made),
        ard=error / max(sum(v for _, v in made), 1.0),
        crps=float(np.mean([crps(f.quantiles, v) for f, v in made])),
        coverage=float(np.mean(inside)),
    )


def crps(quantiles: Floats, value: float) -> float:
    """Return the continuous ranked probability score: twice the mean pinball loss over the forecast's quantiles."""
    p = probabilities()
    return float(2.0 * np.mean(np.where(value >= quantiles, p * (value - quantiles), (1 - p) * (quantiles - value))))


def methods(total: Reports = ()) -> dict[str, Method]:
    """Return what forecasts are compared with, by name, simplest first; ``total`` is the series of the whole."""

    def shares(reports: Reports, origin: int, horizon: int) -> float:
        day, level = known(reports, origin)[-1]
        then, now = known(total, day), known(total, origin)
        return level * now[-1][1] / then[-1][1] if then and then[-1][1] > 0 else level

    found: dict[str, Method] = {"persistence of levels": persistence}
    if total:
        found["persistence of shares"] = shares
    found["damped trend, 60 days"] = plain_trend
    found["trend, 120 days"] = lambda r, o, h: gated_trend(r, o, h, gate=False, damp=False)
    found["... gated by direction"] = lambda r, o, h: gated_trend(r, o, h, damp=False)
    found["standoff: ... gated and damped"] = gated_trend
    return found
