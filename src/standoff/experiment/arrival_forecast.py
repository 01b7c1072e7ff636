"""Forecasts of people in camps from a rolling origin, with intervals: never told the total, nor anything later.

Any point forecast (`standoff.experiment.arrival_trend`) is given intervals in the same way, persistence too: from the
errors that it made before the origin at the same horizon, over all camps of the case, each in units of its camp's own
recent unrest. They are symmetric on the log scale. Signed errors, each camp's own errors, and intervals wider
upwards did no better (decision 67).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from standoff.experiment.arrival_trend import Method, Reports, camp_trend, direction, known, persistence, recent

Floats = NDArray[np.float64]

LEVELS = np.arange(0.1, 0.95, 0.1)  # central intervals that a forecast holds
UNREST = 0.15  # log change in 30 days that a camp without a history is taken to have
FLOOR = 20.0  # people added before logarithms, so that an empty camp has one
_STEADY = 0.5  # of the unrest that a steady movement one way leaves
_PRIOR = 20  # made-up past errors, that a case without a history starts from
_PRIOR_ERRORS = -0.6 * np.log(1.0 - (np.arange(_PRIOR) + 0.5) / _PRIOR)
_MEMORY = 180.0  # days in which a past error loses half its weight
_COVER = 2.0  # how fast intervals that covered too often get narrower
_WIDEST = 1.5  # half-width on the log scale


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


@dataclass(slots=True)
class Past:
    """What became of earlier forecasts, by day of the report: errors in units of unrest, and whether 80 % covered."""

    days: list[int] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    covered: list[bool] = field(default_factory=list)

    def until(self, origin: int) -> tuple[Floats, Floats, Floats]:
        """Return days, errors and cover [n] of reports made by the day of an origin."""
        n = int(np.searchsorted(self.days, origin, side="right"))
        return np.asarray(self.days[:n], float), np.asarray(self.errors[:n], float), np.asarray(self.covered[:n], float)


def probabilities() -> Floats:
    """Return the probabilities of a forecast's quantiles, from low to high, the median in the middle."""
    return np.concatenate([(1 - LEVELS[::-1]) / 2, [0.5], (1 + LEVELS) / 2])


def unrest(reports: Reports, origin: int, horizon: int) -> float:
    """Return the log change to expect from the last report to the target.

    From the steps of the last 120 days and a month of `UNREST` before, growing with the root of time. What ran one way
    is half discounted: a steady rise is no unrest.
    """
    now = recent(reports, origin)
    steps = np.minimum(np.abs(np.diff(np.log([v + FLOOR for _, v in now]))), 0.7)
    days = now[-1][0] - now[0][0]
    variance = (UNREST**2 + float((steps**2).sum())) / (30.0 + days)
    ahead = origin + horizon - now[-1][0]
    return float(np.sqrt(variance * ahead) * (1.0 - _STEADY * direction(now)))


def rolling(
    series: Mapping[str, Reports], horizon: int, method: Method = camp_trend, *, since: int | None = None
) -> list[tuple[Forecast, float]]:
    """Forecast every report from ``horizon`` days before it; return (forecast, what was reported), by day.

    The forecast and its interval use reports and errors known at the origin only. ``since`` leaves out targets before
    that day.
    """
    made, _ = _roll(series, horizon, method)
    return [(f, v) for f, v in made if since is None or f.day >= since]


def ahead(series: Mapping[str, Reports], horizon: int, method: Method = camp_trend) -> list[Forecast]:
    """Forecast each camp from the last day on which any camp reported, with the errors made until then."""
    _, past = _roll(series, horizon, method)
    origin = max((r[-1][0] for r in series.values() if r), default=0)
    return [forecast(reports, place, origin, horizon, past, method) for place, reports in series.items() if reports]


def _roll(series: Mapping[str, Reports], horizon: int, method: Method) -> tuple[list[tuple[Forecast, float]], Past]:
    targets = sorted((day, place, value) for place, reports in series.items() for day, value in reports)
    past, out = Past(), []
    for day, place, value in targets:
        origin = day - horizon
        if not known(series[place], origin):
            continue
        made = forecast(series[place], place, origin, horizon, past, method)
        error = abs(np.log((value + FLOOR) / (made.value + FLOOR))) / unrest(series[place], origin, horizon)
        low, high = made.interval()
        past.days.append(day)
        past.errors.append(float(error))
        past.covered.append(bool(low <= value <= high))
        out.append((made, value))
    return out, past


def forecast(
    reports: Reports,
    place: str,
    origin: int,
    horizon: int,
    past: Past | None = None,
    method: Method = camp_trend,
) -> Forecast:
    """Forecast one place from an origin; of ``past`` only what was reported by then is used."""
    value = method(reports, origin, horizon)
    days, errors, covered = (past or Past()).until(origin)
    size = np.concatenate([errors, _PRIOR_ERRORS])
    weight = np.concatenate([0.5 ** ((origin - days) / _MEMORY), np.ones(_PRIOR)])
    order = np.argsort(size, kind="stable")
    rank = np.cumsum(weight[order]) / weight.sum()
    share = (covered.sum() + 0.8 * _PRIOR) / (covered.size + _PRIOR)
    stretch = np.exp(_COVER * (0.8 - share)) * unrest(reports, origin, horizon)
    half = np.minimum(np.interp(LEVELS, rank, size[order]) * stretch, _WIDEST)
    logs = np.concatenate([-half[::-1], [0.0], half])
    return Forecast(
        place=place,
        day=origin + horizon,
        horizon=horizon,
        level=persistence(reports, origin, horizon),
        value=value,
        quantiles=np.maximum((value + FLOOR) * np.exp(logs) - FLOOR, 0.0),
    )


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


def crps(quantiles: Floats, value: float, levels: Floats | None = None) -> float:
    """Return the continuous ranked probability score: twice the mean pinball loss over the forecast's quantiles."""
    p = probabilities() if levels is None else levels
    return float(2.0 * np.mean(np.where(value >= quantiles, p * (value - quantiles), (1 - p) * (quantiles - value))))
