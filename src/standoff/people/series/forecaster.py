"""One table's forecasts: experts weighted by their own past, ranges from past errors, and how good both were.

At an origin each expert's errors on targets reported by then, over all series of the table, become weights; they
begin from what was learned on other crises. Stocks take the weighted mean of the experts, counts and flows their
weighted median. Ranges are errors of the logarithm in units of a series' own unrest, signed, so that both tails are
held apart: the table's past ones, younger ones counting more, beside a pool from other crises.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.oneline import OneLine
from standoff.people.series.experts import APART, EXPERTS, FLOOR, CountKind, Floats, Indices, Stack, last_values

LEAST = 4  # reports that a series needs to be scored
MOST = 20_000  # targets that are scored; of more, evenly spread ones
_SHARP = {
    CountKind.STOCK: 40.0,
    CountKind.CUMULATIVE: 8.0,
    CountKind.FLOW: 20.0,
}  # how fast an expert that errs more loses weight
_PRIOR = 40.0  # targets that what was learned elsewhere counts as
_YEAR = 365.0  # days in which a past error of an expert loses half its weight
_HALF = 180.0  # the same of an error that ranges are made of
_UNREST, _MONTH = 0.15, 30.0  # log change in a month that a series without history is taken to have
_WINDOW = 8  # steps that unrest is read from; of flows `_PERIODS`
_PERIODS = 12
_CHUNK = 40_000  # forecasts that are made at once
WIDEST = 3.0  # log change of a bound: twenty times as many says that nobody knows
GRID: Floats = np.round(np.arange(0.005, 1.0, 0.01), 3)  # probabilities of a pool of errors
CLASSES = (7, 14, 30, 90, 180)  # days ahead that something was learned of


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Series(OneLine):
    """Reports of a site, from old to new: ``days`` as `date.toordinal` counts; ``areas`` it lies in, largest first."""

    name: str
    days: Floats
    values: Floats
    areas: tuple[str, ...] = ()
    code: str = ""

    def __len__(self) -> int:
        """Return the number of reports."""
        return int(self.days.size)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LeadTime(OneLine):
    """How far ahead: so many days, or so many calendar months."""

    size: int
    months: bool = False

    @property
    def days(self) -> float:
        """About how many days it has."""
        return self.size * 30.4375 if self.months else float(self.size)

    def __str__(self) -> str:
        """Return it in words."""
        unit = "month" if self.months else "day"
        return f"{self.size} {unit}{'' if self.size == 1 else 's'}"

    def moved(self, days: Floats, sign: int) -> Floats:
        """Return days moved by the horizon; the end of a month stays the end of a month."""
        if not self.months:
            return days + sign * self.size
        stamps = (np.asarray(days, np.int64) - _EPOCH).astype("datetime64[D]")
        month = stamps.astype("datetime64[M]")
        end = (month + 1).astype("datetime64[D]") - 1
        other = month + sign * self.size
        length = ((other + 1).astype("datetime64[D]") - other.astype("datetime64[D]")).astype(np.int64)
        at = np.where(stamps == end, 31, (stamps - month.astype("datetime64[D]")).astype(np.int64) + 1)
        moved = other.astype("datetime64[D]") + (np.minimum(at, length) - 1)
        return np.asarray(moved.astype(np.int64) + _EPOCH, np.float64)


_EPOCH = 719163  # the ordinal of 1970-01-01


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Learned(OneLine):
    """What was learned on other crises for a kind and a horizon.

    ``ratios`` are each expert's mean errors over those of the last report, ``pool`` errors of forecasts in units of
    unrest, by `GRID`.
    """

    ratios: Floats
    pool: Floats


@cache
def learned_file() -> dict[str, Any]:
    """Return learned.json: what was learned, on which crises, and how."""
    text = files("standoff.people.series").joinpath("learned.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def nothing_learned(kind: CountKind) -> Learned:
    """Return what stands where nothing was learned: all experts alike, errors of a double exponential."""
    tails = np.sign(GRID - 0.5) * -np.log(1.0 - np.abs(2.0 * GRID - 1.0)) * 0.7
    return Learned(np.ones(len(EXPERTS[kind])), tails)


def learned(kind: CountKind, horizon: LeadTime) -> Learned:
    """Return what was learned for a kind at the nearest horizon."""
    table = learned_file()["kinds"][kind]
    near = min(map(int, table), key=lambda days: abs(np.log(days / max(horizon.days, 1.0))))
    row = table[str(near)]
    return Learned(np.array([row["experts"][name] for name in EXPERTS[kind]]), np.array(row["errors"]))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rolled(OneLine):
    """Targets of a table with what was known before each: arrays [n] by day of the target, experts [n, experts]."""

    of: Indices  # number of the series
    target: Floats
    origin: Floats
    value: Floats
    level: Floats  # the last report at the origin
    unrest: Floats
    experts: Floats

    def __len__(self) -> int:
        """Return the number of targets."""
        return int(self.target.size)


def usual_change(stack: Stack, at: Indices, ahead: Floats, kind: CountKind) -> Floats:
    """Return the log change to expect: from a series' own last steps, and a month of `_UNREST` before them.

    It grows with the root of time; of flows it is how far the last periods lie from their median.
    """
    if kind is CountKind.FLOW:
        periods = last_values(stack, stack.logs, at, _PERIODS)
        squares = np.nansum((periods - np.nanmedian(periods, axis=1, keepdims=True)) ** 2, axis=1)
        return np.asarray(np.sqrt((squares + 4.0) / (np.isfinite(periods).sum(1) + 4.0)))
    total, before = stack.squares, stack.back(at, _WINDOW)
    a_day = (_UNREST**2 + total[at] - total[before]) / (_MONTH + stack.days[at] - stack.days[before])
    return np.asarray(np.sqrt(a_day * np.maximum(ahead, 1.0)))


def stack_of(table: Sequence[Series]) -> Stack:
    """Return series end to end."""
    return Stack([one.days for one in table], [one.values for one in table])


def report_at(stack: Stack, of: Indices, day: Floats) -> Indices:
    """Return the number of the last report of each series up to a day; the one before its first where there is none."""
    return np.searchsorted(stack.days, day + of * APART, side="right") - 1


def looks(stack: Stack, at: Indices, of: Indices, target: Floats, kind: CountKind) -> tuple[Floats, Floats]:
    """Return, for last reports and targets, the usual change and the experts [n, experts]."""
    ahead = target - (stack.days[at] - of * APART)
    with np.errstate(all="ignore"):
        columns = [expert(stack, at, ahead) for expert in EXPERTS[kind].values()]
        return usual_change(stack, at, ahead, kind), np.stack(columns, axis=1)


def rolled_targets(
    table: Sequence[Series], horizon: LeadTime, kind: CountKind, stack: Stack | None = None
) -> Rolled | None:
    """Return every target that has a report a horizon before it, or `MOST` evenly spread ones; None without any.

    Series of fewer than `LEAST` reports have no targets.
    """
    sizes = np.array([len(one) for one in table], np.int64)
    if not sizes.size:
        return None
    stack = stack or stack_of(table)
    of = np.repeat(np.arange(sizes.size), sizes)
    chosen = np.flatnonzero(sizes[of] >= LEAST)
    chosen = chosen[:: max(-(-chosen.size // MOST), 1)]
    of = of[chosen]
    target = stack.days[chosen] - of * APART
    origin = horizon.moved(target, -1)
    at = report_at(stack, of, origin)
    old = at >= stack.first[chosen]
    if not old.any():
        return None
    order = np.flatnonzero(old)[np.argsort(target[old], kind="stable")]
    of, at, target = of[order], at[order], target[order]
    moves, experts = looks(stack, at, of, target, kind)
    return Rolled(of, target, origin[order], stack.values[chosen[order]], stack.values[at], moves, experts)


class Weights:
    """How much each expert counts at an origin: by its own past errors in the table, from what was learned before."""

    def __init__(self, rolled: Rolled | None, kind: CountKind, learned: Learned) -> None:
        self.kind, self.learned = kind, learned
        self.days: Floats = np.zeros(0)
        self.sums: Floats = np.zeros((1, learned.ratios.size + 1))
        self.zero = 0.0
        self.usual = 1.0
        if rolled is not None:
            size = np.sqrt((rolled.level + FLOOR) * (rolled.level.mean() + FLOOR))
            errors = np.abs(rolled.experts - rolled.value[:, None]) / size[:, None]
            self.days, self.zero = rolled.target, float(rolled.target[-1])
            weight = 0.5 ** ((self.zero - rolled.target) / _YEAR)
            whole = np.concatenate([errors, np.ones((len(rolled), 1))], axis=1) * weight[:, None]
            self.sums = np.concatenate([np.zeros((1, whole.shape[1])), np.cumsum(whole, axis=0)])

    def at(self, origin: Floats) -> Floats:
        """Return the weights [n, experts] at origins."""
        sums = self.sums[np.searchsorted(self.days, origin, side="right")]
        fresh = 0.5 ** np.clip((origin - self.zero) / _YEAR, -40.0, 40.0)  # what a past error counts by now
        errors, number = sums[:, :-1] * fresh[:, None], sums[:, -1:] * fresh[:, None]
        base = errors[:, :1]  # the last report's
        ratio = self.learned.ratios + np.zeros_like(errors)
        known = (base[:, 0] > 0) & (number[:, 0] > 0)
        own = errors[known] / base[known] * number[known]
        ratio[known] = (own + _PRIOR * self.learned.ratios) / (number[known] + _PRIOR)
        return np.asarray(np.exp(-_SHARP[self.kind] * (ratio - ratio.min(axis=1, keepdims=True))))


def combined(experts: Floats, weights: Floats, level: Floats, kind: CountKind) -> Floats:
    """Return what the experts say together; a cumulative count never falls."""
    if kind is CountKind.STOCK:
        return np.asarray((experts * weights).sum(1) / weights.sum(1))
    order = np.argsort(experts, axis=1, kind="stable")
    ranked = np.take_along_axis(experts, order, axis=1)
    share = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    value = ranked[np.arange(len(ranked)), (share >= 0.5 * share[:, -1:]).argmax(axis=1)]
    return np.asarray(np.maximum(value, level) if kind is CountKind.CUMULATIVE else value)


def nobody_there(level: Floats, value: Floats) -> NDArray[np.bool_]:
    """Whether nobody was reported last, and nobody is expected.

    Such series mostly go on so. Beside their errors of nothing those of others would seem small, and the ranges of all
    too narrow; and how full a site opens that was empty is known from such sites alone.
    """
    return np.asarray((level < 0.5) & (value < 0.5))


class Errors:
    """The errors that ranges are made of at an origin: a table's past ones beside a pool of other crises."""

    def __init__(self, target: Floats, errors: Floats, pool: Floats) -> None:
        every = np.concatenate([errors, pool])
        self.order = np.argsort(every, kind="stable")
        self.sorted = every[self.order]
        self.target, self.size = target, pool.size

    def shares(self, origin: float) -> Floats:
        """Return the share of errors up to each of ``sorted`` at an origin."""
        fresh = np.where(self.target <= origin, 0.5 ** (np.maximum(origin - self.target, 0.0) / _HALF), 0.0)
        weight = np.concatenate([fresh, np.full(self.size, _PRIOR / self.size)])[self.order]
        total = np.cumsum(weight)
        return np.asarray((total - weight / 2) / total[-1])


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Spread(OneLine):
    """What may be reported instead of ``value``: chances and quantiles, never below ``floor``."""

    value: float
    unrest: float
    floor: float
    errors: Floats
    shares: Floats

    def quantile(self, probability: float) -> float:
        """Return the number that is not passed with a probability; the middle is the forecast itself."""
        error = float(np.interp(probability, self.shares, self.errors))
        number = max((self.value + FLOOR) * float(np.exp(min(error * self.unrest, WIDEST))) - FLOOR, self.floor)
        if probability == 0.5:
            return self.value
        return min(number, self.value) if probability < 0.5 else max(number, self.value)

    def chance_above(self, number: float) -> float:
        """Return the probability that more than a number is reported."""
        if number < self.floor:
            return 1.0
        error = float(np.log((max(number, 0.0) + FLOOR) / (self.value + FLOOR))) / self.unrest
        return 1.0 - float(np.interp(error, self.errors, self.shares))


@dataclass(frozen=True, slots=True, repr=False)
class SeriesScore(OneLine):
    """How forecasts of a table's own past did at a horizon; shares are of targets within and beside the 80 % range.

    ``gain`` is how much smaller the errors are than the last report's; None where nothing was reported.
    """

    horizon: str
    n: int
    ard: float
    persistence: float
    gain: float | None
    covered: float
    above: float
    below: float


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Course(OneLine):
    """A table's targets with forecasts, and where each report lies within its own (``low`` to ``high``: a lump)."""

    rolled: Rolled
    value: Floats
    low: Floats
    high: Floats

    def score(self, horizon: LeadTime, chosen: NDArray[np.bool_] | None = None) -> SeriesScore:
        """Score all targets, or the chosen ones."""
        keep = np.ones(len(self.rolled), bool) if chosen is None else chosen
        actual, level = self.rolled.value[keep], self.rolled.level[keep]
        error, rival = np.abs(self.value[keep] - actual).sum(), np.abs(level - actual).sum()
        total = max(float(actual.sum()), 1.0)
        low, high = self.low[keep], self.high[keep]
        return SeriesScore(
            str(horizon),
            int(keep.sum()),
            float(error / total),
            float(rival / total),
            float(1.0 - error / rival) if rival > 0 else None,
            _within(low, high, 0.1, 0.9),
            _within(low, high, 0.9, 1.0),
            _within(low, high, 0.0, 0.1),
        )


def _within(low: Floats, high: Floats, start: float, end: float) -> float:
    """Return the share of places between two probabilities; a lump counts for the part of it that lies between."""
    if not low.size:
        return float("nan")
    wide = high - low
    part = np.clip(np.minimum(high, end) - np.maximum(low, start), 0.0, None)
    point = ((low >= start) & (low <= end)).astype(float)
    return float(np.mean(np.where(wide > 1e-12, part / np.maximum(wide, 1e-12), point)))


def positions(rolled: Rolled, value: Floats, errors: Floats, pool: Floats, kind: CountKind) -> tuple[Floats, Floats]:
    """Return where each report lies within its forecast, made from errors until its origin: [n] low and high."""
    empty = nobody_there(rolled.level, value)
    floor = rolled.level if kind is CountKind.CUMULATIVE else np.zeros(len(rolled))
    at_floor = (np.log((floor + FLOOR) / (value + FLOOR))) / rolled.unrest
    on_floor = rolled.value <= floor
    low, high = np.zeros(len(rolled)), np.zeros(len(rolled))
    for group in (empty, ~empty):
        past = Errors(rolled.target[group], errors[group], pool)
        members = np.flatnonzero(group)
        order = members[np.argsort(rolled.origin[members], kind="stable")]
        days, starts = np.unique(rolled.origin[order], return_index=True)
        for day, mine in zip(days, np.split(order, starts[1:]) if order.size else [], strict=True):
            shares = past.shares(float(day))
            low[mine] = high[mine] = np.interp(errors[mine], past.sorted, shares)
            lump = mine[on_floor[mine]]
            low[lump], high[lump] = 0.0, np.interp(at_floor[lump], past.sorted, shares)
    return low, high


def log_errors(value: Floats, actual: Floats, moves: Floats) -> Floats:
    """Return errors of the logarithm in units of unrest."""
    return np.asarray(np.log((actual + FLOOR) / (value + FLOOR)) / moves)


class Forecaster:
    """Forecasts of a table at one horizon, from any day on which something was reported before."""

    def __init__(
        self,
        table: Sequence[Series],
        horizon: LeadTime,
        kind: CountKind,
        before: Learned | None = None,
        scored: Sequence[int] | None = None,
    ) -> None:
        """Roll over the table's past.

        ``before`` is what was learned elsewhere (default: `learned`); ``scored`` the numbers of the series that
        weights, ranges and scores are made from (default: all).
        """
        self.table, self.horizon, self.kind = table, horizon, kind
        self.before = learned(kind, horizon) if before is None else before
        self.stack = stack_of(table)
        rolled = rolled_targets(table, horizon, kind, self.stack)
        if rolled is not None and scored is not None:
            keep = np.isin(rolled.of, np.asarray(scored, np.int64))
            columns = (getattr(rolled, name)[keep] for name in rolled.__dataclass_fields__)
            rolled = Rolled(*columns) if keep.any() else None
        self.rolled = rolled
        self.weights = Weights(rolled, kind, self.before)
        self.course: Course | None = None
        target, errors, empty = np.zeros(0), np.zeros(0), np.zeros(0, bool)
        if rolled is not None:
            value = combined(rolled.experts, self.weights.at(rolled.origin), rolled.level, kind)
            empty = nobody_there(rolled.level, value)
            target, errors = rolled.target, log_errors(value, rolled.value, rolled.unrest)
            low, high = positions(rolled, value, errors, self.before.pool, kind)
            self.course = Course(rolled, value, low, high)
        pool = self.before.pool
        self.errors = Errors(target[~empty], errors[~empty], pool), Errors(target[empty], errors[empty], pool)

    def points(self, of: Indices, origin: Floats, target: Floats) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
        """Return forecasts of series by their numbers, with the last reports, the usual changes, and which are empty.

        Each series must have a report by its origin.
        """
        parts = []
        for start in range(0, max(of.size, 1), _CHUNK):
            some = slice(start, start + _CHUNK)
            at = report_at(self.stack, of[some], origin[some])
            moves, experts = looks(self.stack, at, of[some], target[some], self.kind)
            level = self.stack.values[at]
            value = combined(experts, self.weights.at(origin[some]), level, self.kind)
            parts.append((value, level, moves, nobody_there(level, value)))
        value, level, moves = (np.concatenate([part[k] for part in parts]) for k in range(3))
        return value, level, moves, np.concatenate([part[3] for part in parts])

    def spreads(self, of: Sequence[int], origin: float, target: float) -> list[Spread]:
        """Return forecasts of series with their ranges."""
        numbers = np.asarray(of, np.int64)
        if not numbers.size:
            return []
        value, level, moves, empty = self.points(numbers, np.full(numbers.size, origin), np.full(numbers.size, target))
        floor = level if self.kind is CountKind.CUMULATIVE else np.zeros(numbers.size)
        past = [(some.sorted, some.shares(origin)) for some in self.errors]
        columns = zip(value.tolist(), moves.tolist(), floor.tolist(), empty.tolist(), strict=True)
        return [Spread(v, m, f, *past[s]) for v, m, f, s in columns]

    def expert_weights(self, origin: float) -> Mapping[str, float]:
        """Return the share of each expert at an origin."""
        weights = self.weights.at(np.array([origin]))[0]
        return dict(zip(EXPERTS[self.kind], (weights / weights.sum()).tolist(), strict=True))
