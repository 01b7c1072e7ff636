"""Forecasts of people in the camps of a Flee folder, from a rolling origin: never told the total, nor anything later.

The forecaster is that of any table (`standoff.people.series`); this reads the camps' reports, rolls over them, and puts
the last report beside it, with ranges made in the same way from its own past errors. Only ``data_layout.csv`` and the
files it names are needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from standoff.errors import StandoffError
from standoff.oneline import OneLine
from standoff.people.series.doubts import Oddity, oddities
from standoff.people.series.experts import FLOOR, CountKind
from standoff.people.series.forecaster import (
    WIDEST,
    Errors,
    Forecaster,
    LeadTime,
    Rolled,
    Series,
    log_errors,
    nobody_there,
)
from standoff.people.series.outlook import count_kind
from standoff.scoring.scores import quantile_crps

Floats = NDArray[np.float64]
LEVELS: Floats = np.round(np.arange(0.05, 1.0, 0.05), 2)  # probabilities of the quantiles that are scored
_LOW, _HIGH = 1, -2  # of these, the bounds of an 80 % interval
SIMPLEST, OURS = "persistence of levels", "standoff: experts by their past"


@dataclass(frozen=True, slots=True, repr=False)
class CampForecast(OneLine):
    """People in a camp on ``day``, forecast on ``origin``; ``low`` to ``high`` is the 80 % interval.

    ``level`` is the last report known at the origin, ``reported`` what came; None where nothing has been reported yet.
    """

    camp: str
    origin: date
    day: date
    horizon: int
    level: float
    value: float
    low: float
    high: float
    reported: float | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Skill(OneLine):
    """How good a method's rolling forecasts are; ``n`` is the number of reports forecast."""

    method: str
    horizon: int
    n: int
    ard: float  # sum of absolute errors over sum of reports
    crps: float  # mean, people
    coverage: float  # of the 80 % intervals


@dataclass(frozen=True, slots=True, repr=False)
class CampsAhead(OneLine):
    """All forecasts of some camps, the scores of ours beside the simplest's, and what was doubtful."""

    rows: tuple[CampForecast, ...]
    skills: tuple[tuple[Skill, Skill], ...]
    kind: CountKind
    doubts: tuple[Oddity, ...]


def camps_ahead(table: Sequence[Series], horizons: Sequence[int], files: Sequence[str] = ()) -> CampsAhead:
    """Forecast every report of a camp from ``horizons`` days before it, and what comes after the last one.

    Camps whose series is not a count (constants, placeholders, copies, dummies) or has fewer than four reports are left
    out of the scores. Raises StandoffError where no camp has a report.
    """
    table = [one for one in table if len(one)]
    if not table:
        raise StandoffError.of("no camp has a report to forecast from", file="--data", expected="counts by date")
    kind, _ = count_kind("", "", table)
    doubts = oddities(table, kind, files)
    unscored = {d.site for d in doubts if not d.scored and d.what != "ended"}
    good = [n for n, one in enumerate(table) if one.name not in unscored]
    last = float(max(one.days[-1] for one in table))
    rows: list[CampForecast] = []
    skills: list[tuple[Skill, Skill]] = []
    for size in horizons:
        horizon = LeadTime(size)
        maker = Forecaster(table, horizon, kind, scored=good)
        pool = maker.before.pool
        if maker.course is not None:
            rolled, value = maker.course.rolled, maker.course.value
            ours = _quantiles(rolled, value, pool, kind)
            rows += _past(table, rolled, value, ours, size)
            base = _skill(SIMPLEST, size, rolled, rolled.level, _quantiles(rolled, rolled.level, pool, kind))
            skills += [(base, base), (_skill(OURS, size, rolled, value, ours), base)]
        else:
            none = Skill(SIMPLEST, size, 0, float("nan"), float("nan"), float("nan"))
            skills.append((none, none))
        spreads = maker.spreads(range(len(table)), last, last + size)
        for one, spread in zip(table, spreads, strict=True):
            days = date.fromordinal(int(last)), date.fromordinal(int(last) + size)
            bounds = spread.quantile(LEVELS[_LOW]), spread.quantile(LEVELS[_HIGH])
            rows.append(CampForecast(one.name, *days, size, float(one.values[-1]), spread.value, *bounds))
    return CampsAhead(tuple(rows), tuple(skills), kind, tuple(doubts))


def _past(
    table: Sequence[Series], rolled: Rolled, value: Floats, quantiles: Floats, horizon: int
) -> list[CampForecast]:
    columns = zip(
        rolled.of.tolist(),
        rolled.origin.tolist(),
        rolled.target.tolist(),
        rolled.level.tolist(),
        value.tolist(),
        quantiles[:, _LOW].tolist(),
        quantiles[:, _HIGH].tolist(),
        rolled.value.tolist(),
        strict=True,
    )
    return [
        CampForecast(table[of].name, date.fromordinal(int(origin)), date.fromordinal(int(target)), horizon, *numbers)
        for of, origin, target, *numbers in columns
    ]


def _quantiles(rolled: Rolled, value: Floats, pool: Floats, kind: CountKind) -> Floats:
    """Return the quantiles [n, levels] of forecasts, each from the errors reported by its origin."""
    every, empty = log_errors(value, rolled.value, rolled.unrest), nobody_there(rolled.level, value)
    floor = rolled.level if kind is CountKind.CUMULATIVE else np.zeros(len(rolled))
    out = np.empty((len(rolled), LEVELS.size))
    for group in (np.flatnonzero(empty), np.flatnonzero(~empty)):
        past = Errors(rolled.target[group], every[group], pool)
        order = group[np.argsort(rolled.origin[group], kind="stable")]
        days, starts = np.unique(rolled.origin[order], return_index=True)
        for day, mine in zip(days, np.split(order, starts[1:]) if order.size else [], strict=True):
            errors = np.interp(LEVELS, past.shares(float(day)), past.sorted)
            steps = np.exp(np.minimum(errors * rolled.unrest[mine, None], WIDEST))
            out[mine] = np.maximum((value[mine, None] + FLOOR) * steps - FLOOR, floor[mine, None])
    middle = LEVELS == 0.5
    out[:, middle] = value[:, None]
    out[:, LEVELS < 0.5] = np.minimum(out[:, LEVELS < 0.5], value[:, None])
    out[:, LEVELS > 0.5] = np.maximum(out[:, LEVELS > 0.5], value[:, None])
    return out


def _skill(name: str, horizon: int, rolled: Rolled, value: Floats, quantiles: Floats) -> Skill:
    actual = rolled.value
    pairs = zip(quantiles, actual.tolist(), strict=True)
    inside = (quantiles[:, _LOW] <= actual) & (actual <= quantiles[:, _HIGH])
    return Skill(
        method=name,
        horizon=horizon,
        n=int(actual.size),
        ard=float(np.abs(value - actual).sum() / max(actual.sum(), 1.0)),
        crps=float(np.mean([quantile_crps(q, v, LEVELS) for q, v in pairs])),
        coverage=float(inside.mean()),
    )
