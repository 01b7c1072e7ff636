"""Forecasts of people in camps from a rolling origin, with intervals: never told the total, nor anything later.

The last report (persistence) is hard to beat. `camp_trend` adds the slope of the last 120 days only as far as the
movement ran one way and was not a single jump, lets it die away, trusts it less the longer the camp has been silent,
and leaves what the trend does not claim to the growth of young camps, as far as they are seen to grow. Every part can
be left out, for the ablation; decisions 53, 67 and 80 say what each adds and how the constants were chosen, 78 what
else was tried at 90 days.

Any point forecast is given intervals in the same way, persistence too: from the errors that it made before the origin
at the same horizon, over all camps of the case, each in units of its camp's own recent unrest. They are symmetric on
the log scale. Signed errors, each camp's own errors, and intervals wider upwards did no better (decision 67).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from standoff.oneline import OneLine
from standoff.scoring.scores import quantile_crps

Reports = Sequence[tuple[int, float]]  # (day, people), by day
Method = Callable[[Reports, int, int], float]  # (reports, origin, horizon) -> people
Floats = NDArray[np.float64]
WINDOW = 120  # days that a trend is read from
SPAN = 30  # days that it is spread over at the least: a steep week is no trend of months
DAMPING = 120.0  # days in which a trend dies away to 1/e
LOSS = 0.5  # of the level, that a trend may take
SILENCE = 60.0  # days without a report in which what was seen before it loses its weight to 1/e
GROWTH = 0.25  # a camp without a trend grows as its age to this power
YOUNG = 60.0  # days added to a camp's age, at the least
LEVELS = np.arange(0.1, 0.95, 0.1)  # central intervals that a forecast holds
UNREST = 0.15  # log change in 30 days that a camp without a history is taken to have
FLOOR = 20.0  # people added before logarithms, so that an empty camp has one
_STEADY = 0.5  # of the unrest that a steady movement one way leaves
_PRIOR = 20  # made-up past errors, that a case without a history starts from
_PRIOR_ERRORS = -0.6 * np.log(1.0 - (np.arange(_PRIOR) + 0.5) / _PRIOR)
_MEMORY = 180.0  # days in which a past error loses half its weight
_COVER = 2.0  # how fast intervals that covered too often get narrower
_WIDEST = 1.5  # half-width on the log scale


def methods(total: Reports = ()) -> dict[str, Method]:
    """Return what forecasts are compared with, by name, simplest first; ``total`` is the series of the whole."""

    def shares(reports: Reports, origin: int, horizon: int) -> float:
        day, level = reports_until(reports, origin)[-1]
        then, now = reports_until(total, day), reports_until(total, origin)
        return level * now[-1][1] / then[-1][1] if then and then[-1][1] > 0 else level

    table: dict[str, Method] = {"persistence of levels": persistence}
    if total:
        table["persistence of shares"] = shares
    plain = {"gate": False, "damp": False, "silence": False, "growth": False}
    table["damped trend, 60 days"] = plain_trend
    table["trend, 120 days"] = lambda r, o, h: camp_trend(r, o, h, **plain)
    table["... gated by direction"] = lambda r, o, h: camp_trend(r, o, h, damp=False, silence=False, growth=False)
    table["... and damped"] = lambda r, o, h: camp_trend(r, o, h, silence=False, growth=False)
    table["... less so after silence"] = lambda r, o, h: camp_trend(r, o, h, growth=False)
    table["standoff: ... growth by age"] = camp_trend
    return table


def persistence(reports: Reports, origin: int, horizon: int) -> float:
    """Return the last report known at the origin."""
    return reports_until(reports, origin)[-1][1]


def plain_trend(reports: Reports, origin: int, horizon: int, *, window: int = 60, damping: float = 0.8) -> float:
    """Return the level plus a damped share of the last ``window`` days' slope, as a simple extrapolation does."""
    past = reports_until(reports, origin)
    day, level = past[-1]
    first = ([r for r in past if r[0] <= day - window] or past)[-1 if past[0][0] <= day - window else 0]
    slope = (level - first[1]) / (day - first[0]) if day - first[0] >= 7 else 0.0
    return max(level + damping * slope * (origin + horizon - day), 0.0)


def camp_trend(
    reports: Reports,
    origin: int,
    horizon: int,
    *,
    gate: bool = True,
    damp: bool = True,
    silence: bool = True,
    growth: bool = True,
) -> float:
    """Return people in a camp ``horizon`` days after the origin.

    With level L at the last report, d days before the origin, h days from it to the target, slope s of the last 120
    days, direction g and the camp's age a (days since its first report above 0)::

        w = exp(-d / SILENCE)
        (L + w g s DAMPING (1 - exp(-h / DAMPING))) (1 + h / (a + y))^(w (1 - g) GROWTH)

    where the trend may take at most half of L and y is that of `unseen_days`. Each keyword leaves out its part.
    """
    past = reports_until(reports, origin)
    day, level = past[-1]
    now = recent(reports, origin)
    ahead = float(origin + horizon - day)
    weight = float(np.exp(-(origin - day) / SILENCE)) if silence else 1.0
    one_way = direction(now) if gate else 1.0
    value = level
    if len(now) >= 4:
        slope = (level - now[0][1]) / max(now[-1][0] - now[0][0], SPAN) * one_way * weight
        change = slope * (DAMPING * (1.0 - np.exp(-ahead / DAMPING)) if damp else ahead)
        most = LOSS * max(level, 1.0)
        value = max(level + (float(most * np.tanh(change / most)) if damp and change < 0 else change), 0.0)
    begun = next((d for d, v in past if v > 0.0), None)
    if growth and begun is not None:
        spare = weight * (1.0 - direction(now))
        value *= float((1.0 + ahead / (day - begun + unseen_days(past))) ** (spare * GROWTH))
    return value


def direction(reports: Reports) -> float:
    """Return how far a series ran one way without being a single jump, from 0 (no) to 1 (steadily).

    The net movement over all movement, times how far the largest step is from being all of it. The latter is taken
    relative to equal steps, so that a monthly series can be as steady as a weekly one; under four reports it is 0.
    """
    steps = np.diff([v for _, v in reports])
    moved = float(np.abs(steps).sum())
    if len(reports) < 4 or moved <= 0.0:
        return 0.0
    return float(abs(steps.sum()) / moved * (1.0 - np.abs(steps).max() / moved) / (1.0 - 1.0 / steps.size))


def unseen_days(past: Reports) -> float:
    """Return the days to add to a camp's age: how old it was already when it was first reported.

    A camp that was reported empty before has `YOUNG`. Another may have stood for years when its reports begin. Its age
    is that at which growth with age to the power `GROWTH` gives what it grew since; without any growth, infinite
    (decision 80).
    """
    at = next(i for i, (_, v) in enumerate(past) if v > 0.0)
    if at > 0:
        return YOUNG
    (begun, first), (day, level) = past[at], past[-1]
    grown = (level / max(first, 1.0)) ** (1.0 / GROWTH) - 1.0
    return max(YOUNG, (day - begun) / grown) if grown > 0.0 and day > begun else float("inf")


def recent(reports: Reports, origin: int) -> list[tuple[int, float]]:
    """Return the reports of the `WINDOW` days before the last one that is known at the origin."""
    past = reports_until(reports, origin)
    return [r for r in past if r[0] >= past[-1][0] - WINDOW]


def reports_until(reports: Reports, origin: int) -> list[tuple[int, float]]:
    """Return the reports up to and with the day of the origin."""
    return [r for r in reports if r[0] <= origin]


@dataclass(frozen=True, slots=True, repr=False)
class CampForecast:
    """People in ``place`` on ``day``, forecast ``horizon`` days before; ``quantiles`` go with `probabilities`."""

    place: str
    day: int
    horizon: int
    level: float  # last report known at the origin
    value: float
    quantiles: Floats

    def __repr__(self) -> str:
        """Return one line."""
        low, high = self.interval()
        return f"<CampForecast {self.place}, day {self.day}: {self.value:.0f} ({low:.0f} to {high:.0f})>"

    def interval(self, level: float = 0.8) -> tuple[float, float]:
        """Return the central interval of a level that is in `LEVELS`."""
        at = int(np.argmin(np.abs(LEVELS - level)))
        middle = LEVELS.size
        return float(self.quantiles[middle - 1 - at]), float(self.quantiles[middle + 1 + at])


@dataclass(slots=True, repr=False)
class Past(OneLine):
    """What became of earlier forecasts, by day of the report: errors in units of unrest, and whether 80 % covered."""

    days: list[int] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    covered: list[bool] = field(default_factory=list)

    def until(self, origin: int) -> tuple[Floats, Floats, Floats]:
        """Return days, errors and cover [n] of reports made by the day of an origin."""
        n = int(np.searchsorted(self.days, origin, side="right"))
        return np.asarray(self.days[:n], float), np.asarray(self.errors[:n], float), np.asarray(self.covered[:n], float)


def rolling(
    series: Mapping[str, Reports], horizon: int, method: Method = camp_trend, *, since: int | None = None
) -> list[tuple[CampForecast, float]]:
    """Forecast every report from ``horizon`` days before it; return (forecast, what was reported), by day.

    The forecast and its interval use reports and errors known at the origin only. ``since`` leaves out targets before
    that day.
    """
    pairs, _ = _roll(series, horizon, method)
    return [(f, v) for f, v in pairs if since is None or f.day >= since]


def ahead(series: Mapping[str, Reports], horizon: int, method: Method = camp_trend) -> list[CampForecast]:
    """Forecast each camp from the last day on which any camp reported, with the errors made until then."""
    _, past = _roll(series, horizon, method)
    origin = max((r[-1][0] for r in series.values() if r), default=0)
    return [
        forecast_camp(reports, place, origin, horizon, past, method) for place, reports in series.items() if reports
    ]


def forecast_camp(
    reports: Reports,
    place: str,
    origin: int,
    horizon: int,
    past: Past | None = None,
    method: Method = camp_trend,
) -> CampForecast:
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
    return CampForecast(
        place=place,
        day=origin + horizon,
        horizon=horizon,
        level=persistence(reports, origin, horizon),
        value=value,
        quantiles=np.maximum((value + FLOOR) * np.exp(logs) - FLOOR, 0.0),
    )


def _roll(series: Mapping[str, Reports], horizon: int, method: Method) -> tuple[list[tuple[CampForecast, float]], Past]:
    targets = sorted((day, place, value) for place, reports in series.items() for day, value in reports)
    past, out = Past(), []
    for day, place, value in targets:
        origin = day - horizon
        if not reports_until(series[place], origin):
            continue
        one = forecast_camp(series[place], place, origin, horizon, past, method)
        error = abs(np.log((value + FLOOR) / (one.value + FLOOR))) / unrest(series[place], origin, horizon)
        low, high = one.interval()
        past.days.append(day)
        past.errors.append(float(error))
        past.covered.append(bool(low <= value <= high))
        out.append((one, value))
    return out, past


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


def probabilities() -> Floats:
    """Return the probabilities of a forecast's quantiles, from low to high, the median in the middle."""
    return np.concatenate([(1 - LEVELS[::-1]) / 2, [0.5], (1 + LEVELS) / 2])


@dataclass(frozen=True, slots=True, repr=False)
class Skill(OneLine):
    """How good a method's rolling forecasts are; ``n`` is the number of reports forecast."""

    method: str
    horizon: int
    n: int
    ard: float  # sum of absolute errors over sum of reports
    crps: float  # mean, people
    coverage: float  # of the 80 % intervals


def skill(name: str, horizon: int, pairs: Sequence[tuple[CampForecast, float]]) -> Skill:
    """Score rolling forecasts: ARD of the median, CRPS from the quantiles, coverage of the 80 % interval."""
    if not pairs:
        return Skill(name, horizon, 0, float("nan"), float("nan"), float("nan"))
    error = sum(abs(f.value - v) for f, v in pairs)
    inside = [low <= v <= high for f, v in pairs for low, high in [f.interval()]]
    return Skill(
        method=name,
        horizon=horizon,
        n=len(pairs),
        ard=error / max(sum(v for _, v in pairs), 1.0),
        crps=float(np.mean([quantile_crps(f.quantiles, v, probabilities()) for f, v in pairs])),
        coverage=float(np.mean(inside)),
    )
