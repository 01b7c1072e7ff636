"""Forecasts of counts by area for the days ahead, scored on the days behind, beside their rivals.

Five forecasters look at the same counts, each from what was known on a day: *persistence* (as many as lately), the
*long-run* rate, *conflictology* (the windows of the last year, as they were; Hegre and Vesco), a *decaying rate*
(empirical Bayes: recent days weigh more, few of them lean on the long run) and an *autoregression* (log-linear in the
counts of 7, 28 and 91 days, of all areas and of the long run, shrunk towards persistence). All but conflictology are
negative binomials whose dispersion is learned by level from how far forecasts of that height were off. They are mixed
by weights that follow their past scores: half of it their distributions pooled, half their quantiles averaged.

Origins lie a week apart. At each of them only windows that had ended count: nothing of the future enters, and a change
of later days moves no earlier forecast. Every use scores all origins and says so before it says what to expect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from standoff.errors import StandoffError
from standoff.oneline import OneLine
from standoff.plugins import BASELINES, function_of, plugin_names
from standoff.record_list import RecordList

if TYPE_CHECKING:
    from pandas import DataFrame

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Baseline = Callable[[Ints, int], ArrayLike]  # counts [areas, days] up to an origin, days ahead; expected [areas]

HORIZONS = (7, 28, 84)  # days
STEP = 7  # days between origins
FIRST = 28  # days of record before the first origin
MOST = 520  # origins: ten years, so that a file of thirty years takes no longer than one of ten
WARM = 182  # days of record before origins are scored: half a year to learn in
YEAR = 365
MONTH = 28  # places that a month takes where a file counts by month
RIVALS = ("persistence", "long-run", "conflictology")
MEMBERS = ("persistence", "long-run", "decaying", "autoregression", "conflictology")
# The dispersion of a negative binomial: variance = mean + DISPERSIONS * mean^2
DISPERSIONS = np.geomspace(0.02, 20.0, 16)
USUAL, SPREAD = 0.6, 1.0  # where a dispersion lies before anything is learned, and by how many e-folds
HEIGHTS = np.array([0.25, 0.7, 1.5, 3, 6, 12, 25, 50, 100, 200])  # of forecasts, that learn their dispersion together
NEAR, ALL = 0.8, 0.1  # how far a height learns from its neighbours (in steps), and from all of them
HALF_LIVES = (7, 14, 28, 56, 112, 224)  # days
LEANS = (3.0, 14.0, 56.0)  # days of the long run that the decaying rate leans on
RIDGE = 20.0  # how hard the autoregression is drawn towards persistence
REFIT = 4  # origins
LEAST = 0.02  # incidents that a rate expects at least: after none there may be one
OFFSET = 0.5  # so that an empty window has a logarithm
WORKING = 0.4  # dispersion in the weights of the autoregression: many areas count, not one
SHARPNESS = 16.0  # of weights: score to the power of minus this at one week, less with longer windows
NODES = 25  # means in an e-fold at which distributions are worked out exactly
LEVELS = (np.arange(1, 200) - 0.5) / 199
SURGE_TIMES, SURGE_MORE = 1.5, 3.0
BLOCK = 1000  # forecasts whose distributions are laid out, or quantiles averaged, at a time
LONG = "the record is longer than ten years: forecasts are made, learned from and scored in the last ten of them"
TOP = 200_000  # counts are laid out exactly to 15, then in steps of about 15 %, up to here at least


@dataclass(frozen=True, slots=True, repr=False)
class CountOfDay(OneLine):
    """How many incidents one area had on one day, or in the month that begins on it."""

    area: str
    day: date
    count: int


@dataclass(frozen=True, eq=False, repr=False)
class Counts:
    """Incidents by area and day.

    ``values`` is [areas, days], whole numbers, its first day ``first``. ``compiled`` says that days were filled in
    after the fact, so that a forecast of a past day knows more than anybody knew then. Where a file counts by month
    (``months``), a month takes 28 places, whatever its length, and its count stands on the last: a horizon of 28 is one
    month, of 84 three.
    """

    areas: tuple[str, ...]
    first: date
    values: Ints
    what: str = "incidents"
    source: str = ""
    compiled: bool = True
    notes: tuple[str, ...] = ()  # what had to be supposed, in sentences
    months: bool = False
    together: int = 0  # areas that the last one stands for, where there were too many to forecast one by one

    def __post_init__(self) -> None:
        """Refuse arrays that are no counts. Raises ValueError."""
        shape = self.values.shape
        if len(shape) != 2 or shape[0] != len(self.areas) or (self.values < 0).any():
            raise ValueError(
                f"expected counts of {len(self.areas)} areas by day, none below zero; the array is {shape}"
            )

    @property
    def last(self) -> date:
        """The last day that is counted."""
        return self.end_of(0)

    def end_of(self, horizon: int) -> date:
        """Return the last day of a horizon."""
        places = self.values.shape[1] + horizon
        if not self.months:
            return self.first + timedelta(days=places - 1)
        month = self.first.year * 12 + self.first.month - 1 + places // MONTH
        return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)

    def frame(self) -> DataFrame:
        """Return the counts as a data frame of pandas (the extra ``tables``): one row an area and day, or month.

        Returns
        -------
        DataFrame
            Columns ``area``, ``day`` (or the first of a month) and ``count``.

        Raises
        ------
        StandoffError
            Where pandas is not installed.

        Examples
        --------
        >>> import standoff as so
        >>> counts = so.load("idlib").levels().counts
        >>> bool(counts.frame()["count"].sum() == counts.values.sum())
        True
        """
        values = self.values
        if self.months:
            values = values.reshape(len(self.areas), -1, MONTH).sum(2)
        place = range(values.shape[1])
        if self.months:
            month = self.first.year * 12 + self.first.month - 1
            days = [date((month + k) // 12, (month + k) % 12 + 1, 1) for k in place]
        else:
            days = [self.first + timedelta(days=k) for k in place]
        rows = (
            CountOfDay(area, day, int(n))
            for area, row in zip(self.areas, values, strict=True)
            for day, n in zip(days, row, strict=True)
        )
        return RecordList(rows).frame()

    def __repr__(self) -> str:
        return f"<Counts: {self.values.sum()} {self.what}, {len(self.areas)} areas, {self.first} to {self.last}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LevelScore(OneLine):
    """How forecasts of one horizon did on past origins; ``gain`` is the share by which they beat each rival.

    ``crps`` is the mean continuous ranked probability score of the mixture and of each member, in incidents;
    ``covered`` the share of outcomes inside the 80 % range by the randomised probability integral transform (Czado and
    others 2009), ``below`` and ``above`` those outside it; ``inside`` the share within the range as it is printed.
    ``surge`` is the gain in the Brier score of surges over each area's own rate, ``surges`` how many there were;
    ``heights`` say of chances between two bounds how many there were, their mean, and the share that came true.
    """

    horizon: int
    n: int
    origins: int
    crps: dict[str, float]
    gain: dict[str, float]
    covered: float
    below: float
    above: float
    inside: float
    surges: int
    surge: float
    heights: tuple[tuple[float, float, int, float, float], ...]
    weights: dict[str, float]

    @property
    def nothing(self) -> bool:
        """Whether every forecast missed by less than a hundredth of an incident: nothing to be right about."""
        return max(self.crps.values()) < 0.01


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Level(OneLine):
    """What to expect in one area over one horizon, beside what was."""

    area: str
    horizon: int
    mean: float
    median: int
    low: int  # of the 80 % range
    high: int
    last: int  # the window of the same length just past
    usual: float  # a window of this length at the mean of the last 90 days
    surge: float  # chance of at least 1.5 times the last window, and 3 more

    @property
    def ratio(self) -> float | None:
        """How many times the mean of the last 90 days the median is; None where nothing was counted then."""
        return self.median / self.usual if self.usual else None


@dataclass(frozen=True, eq=False, repr=False)
class Levels:
    """Forecasts of every area and horizon from the day after the last one counted, with their scores."""

    counts: Counts
    levels: tuple[Level, ...]
    scores: dict[int, LevelScore | None]  # by horizon; None where the record is too short to say
    left: Any = None  # what of the file or record was not counted

    def of(self, horizon: int) -> list[Level]:
        """Return the levels of a horizon, the highest first; smaller areas that stand together come last."""
        lumped = self.counts.areas[-1] if self.counts.together else None
        every = (one for one in self.levels if one.horizon == horizon)
        return sorted(every, key=lambda one: (one.area == lumped, -one.mean))

    def frame(self) -> DataFrame:
        """Return the levels as a data frame (`standoff.record_list.RecordList.frame`), one row an area and horizon."""
        return RecordList(self.levels).frame()

    def __repr__(self) -> str:
        return f"<Levels after {self.counts.last}: {len(self.counts.areas)} areas, {list(self.scores)} days>"


@dataclass(frozen=True, eq=False, repr=False)
class Backtest(OneLine):
    """Every forecast of one horizon, by origin and area: distributions of the mixture and of its members.

    ``grid`` [G] holds counts; a distribution [origins, areas, G] the chance of at most so many. ``outcome`` is what
    came, nan where its window has not ended. ``weight`` [origins, members].
    """

    horizon: int
    origins: Ints
    grid: Floats
    outcome: Floats
    last: Floats
    members: dict[str, Floats]
    mixture: Floats
    weight: Floats
    mean: Floats


def count_grid(largest: float) -> Floats:
    """Return the counts at which distributions are inside: 0 to 15, then steps of 15 %, to four times ``largest``."""
    grid = list(range(16))
    while grid[-1] < max(TOP, 4 * largest):
        grid.append(int(np.ceil(grid[-1] * 1.15)))
    return np.array(grid, dtype=np.float64)


def negative_binomial(grid: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Return the chance of at most each count of ``grid`` [..., G]; variance is mean + dispersion * mean^2."""
    from scipy.special import betainc  # when first needed: importing it takes a quarter of a second

    size = 1.0 / dispersion[..., None]
    return np.asarray(betainc(size, grid + 1.0, size / (size + np.maximum(mean, 1e-6)[..., None])))


def log_likelihood(outcome: Floats, mean: Floats, dispersion: float) -> Floats:
    """Return the log probability of counts under negative binomials of one dispersion."""
    from scipy.special import gammaln

    size, mean = 1.0 / dispersion, np.maximum(mean, 1e-6)
    ways = gammaln(outcome + size) - gammaln(size) - gammaln(outcome + 1.0)
    return np.asarray(ways + size * np.log(size / (size + mean)) + outcome * np.log(mean / (size + mean)))


def crps_of(distribution: Floats, grid: Floats, outcome: Floats) -> Floats:
    """Return the continuous ranked probability score of distributions [..., G] at counts [...]; 0 is best.

    The sum over counts of the squared distance between the distribution and the step at what came (Gneiting and
    Raftery 2007), each point of the grid standing for those up to the next.
    """
    width = np.append(np.diff(grid), 1.0)
    return np.asarray((((distribution - (outcome[..., None] <= grid)) ** 2) * width).sum(-1))


def _past(values: Floats, lag: int) -> Floats:
    """Return the sums over origins whose windows had ended, by origin (the first axis)."""
    sums = np.zeros_like(values)
    if len(values) > lag:
        sums[lag:] = np.cumsum(values, axis=0)[:-lag]
    return sums


def _quantiles(distribution: Floats, grid: Floats) -> Floats:
    """Return the counts [..., 199] at which distributions [..., G] reach each of ``LEVELS``."""
    return inverse(distribution, grid + 0.5, LEVELS, -0.5)


def _averaged(members: Sequence[Floats], weight: Floats, grid: Floats) -> Floats:
    """Return the distribution whose quantiles are the weighted means of the members' [origins, areas, G].

    A few origins at a time: quantiles of all of them would fill the memory of a small machine.
    """
    middle = np.empty_like(members[0])
    step = max(1, BLOCK // max(1, middle.shape[1]))
    for start in range(0, len(middle), step):
        block = slice(start, start + step)
        average: Any = sum(
            weight[block, number][:, None, None] * _quantiles(member[block], grid)
            for number, member in enumerate(members)
        )
        for place, rows in enumerate(average, start):
            for area, row in enumerate(rows):
                middle[place, area] = np.interp(grid + 0.5, row, LEVELS, left=0.0, right=1.0)
    return middle


def inverse(distribution: Floats, at: Floats, shares: Floats, start: float) -> Floats:
    """Return where distributions [..., G] over ``at`` [G] reach ``shares`` [S], straight between the points.

    Before the first point they rise from 0 at ``start``; a share that is not reached is at the last point.
    """
    flat = distribution.reshape(-1, len(at))
    below = (flat[:, :, None] < shares).sum(1) if len(shares) == 1 else _below(flat, shares)
    before = np.maximum(below - 1, 0)
    after = np.minimum(below, len(at) - 1)
    low = np.where(below > 0, np.take_along_axis(flat, before, 1), 0.0)
    high = np.take_along_axis(flat, after, 1)
    left, right = np.where(below > 0, at[before], start), at[after]
    part = np.clip((shares - low) / np.where(high > low, high - low, 1.0), 0.0, 1.0)
    return np.asarray(left + part * (right - left)).reshape(*distribution.shape[:-1], len(shares))


def _below(rows: Floats, shares: Floats) -> Ints:
    """Return how many values of each row, which rises, lie below each share."""
    return np.stack([np.searchsorted(row, shares, side="left") for row in rows])


def at_most(distribution: Floats, grid: Floats, count: Floats) -> Floats:
    """Return the chance of at most ``count`` [...] under distributions [..., G]; below zero it is 0."""
    upper = np.clip(np.searchsorted(grid, count, side="left"), 1, len(grid) - 1)
    part = np.clip((count - grid[upper - 1]) / (grid[upper] - grid[upper - 1]), 0.0, 1.0)
    low = np.take_along_axis(distribution, (upper - 1)[..., None], -1)[..., 0]
    high = np.take_along_axis(distribution, upper[..., None], -1)[..., 0]
    return np.where(count < 0, 0.0, low + part * (high - low))


class _Record:
    """Counts as sums of windows before each origin."""

    def __init__(self, values: Ints, horizon: int) -> None:
        self.horizon = horizon
        days = values.shape[1]
        self.values = values
        self.sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
        self.origins = origins_of(days)
        ends = self.origins + horizon
        self.over = (ends <= days)[:, None] & np.ones((1, len(values)), dtype=bool)
        came = (self.sums[:, np.minimum(ends, days)] - self.sums[:, self.origins]).T
        self.outcome = np.where(self.over, came, np.nan)
        self.came = np.where(self.over, came, 0.0)
        self.lag = -(-horizon // STEP)  # origins after which a window has ended

    def window(self, days: int) -> Floats:
        """Return the last ``days`` before each origin [origins, areas], scaled up while the record is shorter."""
        start = np.maximum(self.origins - days, 0)
        length = np.minimum(days, self.origins)
        return np.asarray((self.sums[:, self.origins] - self.sums[:, start]).T * (days / length)[:, None])


def _persistence(record: _Record) -> Floats:
    """As many as lately, over no less than four weeks; after none, what followed none before."""
    days = max(record.horizon, 28)
    last = record.window(days) * record.horizon / days
    none = (last == 0) & record.over
    followed = _past((record.came * none).sum(1), record.lag) + 0.1
    times = _past(none.sum(1).astype(np.float64), record.lag) + 1.0
    return np.maximum(last, (followed / times)[:, None])


def _long_run(record: _Record) -> Floats:
    return np.asarray((record.sums[:, record.origins] / record.origins).T * record.horizon)


def _decaying(record: _Record, long_run: Floats) -> Floats:
    """A rate in which days lose half their weight in so many days; which and how much prior is chosen on the past."""
    means, losses = _rates(record, long_run)
    return np.asarray(means[losses.argmin(0), np.arange(len(record.origins))])


def _rates(record: _Record, long_run: Floats) -> tuple[Floats, Floats]:
    """Return the decaying rate for each half-life and lean [tried, origins, areas], and what each has missed so far."""
    tried = []
    for half_life in HALF_LIVES:
        fade = 0.5 ** (1.0 / half_life)
        total = np.zeros(record.sums.shape)
        weight = np.zeros(record.sums.shape[1])
        for day in range(record.values.shape[1]):
            total[:, day + 1] = fade * total[:, day] + record.values[:, day]
            weight[day + 1] = fade * weight[day] + 1.0
        seen, days = total[:, record.origins].T, weight[record.origins][:, None]
        tried += [(seen + lean * long_run / record.horizon + 0.02) / (days + lean) * record.horizon for lean in LEANS]
    means = np.array(tried)
    miss = (np.sqrt(record.came + 0.375) - np.sqrt(means + 0.375)) ** 2 * record.over
    return means, np.array([_past(one, record.lag) for one in miss.sum(2)])


def half_life_of(values: Ints, horizon: int = 28) -> int:
    """Return the days in which counts [areas, days] lose half their weight in the rate that has missed least so far."""
    record = _Record(values, horizon)
    _, losses = _rates(record, _long_run(record))
    return HALF_LIVES[int(losses[:, -1].argmin()) // len(LEANS)]


def _autoregression(record: _Record, persistence: Floats, long_run: Floats, more: Floats | None) -> Floats:
    horizon = record.horizon
    base = np.log(persistence + OFFSET)
    share = long_run / np.maximum(long_run.sum(1, keepdims=True), 1e-9)
    elsewhere = record.window(28).sum(1, keepdims=True) / 28 * horizon * share
    looks = [record.window(days) / days * horizon for days in (7, 28, 91)] + [long_run, elsewhere]
    x = np.stack([np.ones_like(base), *(np.log(look + OFFSET) - base for look in looks)], axis=-1)
    if more is not None:  # the same for every area
        wide = np.repeat(standardised(more)[:, None, :], base.shape[1], axis=1)
        x = np.concatenate([x, wide], axis=-1)
    terms = x.shape[-1]
    slope = np.zeros(terms)
    means = persistence.copy()
    for origin in range(len(record.origins)):
        ended = origin - record.lag + 1
        if ended > 8 and (origin % REFIT == 0 or origin == len(record.origins) - 1):
            rows = x[:ended].reshape(-1, terms)
            came, start = record.came[:ended].reshape(-1), base[:ended].reshape(-1)
            for _ in range(4):  # Newton steps of the penalised quasi-likelihood
                mean = np.exp(np.clip(start + rows @ slope, -5.0, 14.0))
                weight = mean / (1.0 + WORKING * mean)
                push = rows.T @ (weight / mean * (came + OFFSET - mean)) - RIDGE * slope
                slope = slope + np.linalg.solve((rows * weight[:, None]).T @ rows + RIDGE * np.eye(terms), push)
        means[origin] = np.exp(np.clip(base[origin] + x[origin] @ slope, -5.0, 14.0)) - OFFSET
    return np.maximum(means, 0.02)


def _conflictology(record: _Record, grid: Floats) -> Floats:
    """The windows of the last year, each as likely as the other."""
    chances = np.zeros((*record.outcome.shape, len(grid)))
    for number, origin in enumerate(record.origins):
        ends = np.arange(min(max(record.horizon, origin - YEAR + record.horizon), origin), origin + 1)
        windows = np.sort(record.sums[:, ends] - record.sums[:, np.maximum(ends - record.horizon, 0)], axis=1)
        for area, row in enumerate(windows):
            chances[number, area] = np.searchsorted(row, grid, side="right") / len(ends)
    return chances


def _credence(record: _Record, mean: Floats) -> Floats:
    """How likely each dispersion is for forecasts of each height [origins, areas, dispersions], from earlier ones.

    Windows that overlap tell one thing several times, so their evidence is divided by how often. The distribution of a
    forecast is the mean over what its dispersion may be: little evidence leaves it wide.
    """
    height = np.digitize(mean, HEIGHTS)
    heights = len(HEIGHTS) + 1
    fit = np.stack([np.where(record.over, log_likelihood(record.came, mean, d), 0.0) for d in DISPERSIONS], axis=-1)
    by_height = np.stack([(fit * (height == h)[..., None]).sum(1) for h in range(heights)], axis=1)
    past = _past(by_height, record.lag) / max(1.0, record.horizon / STEP)
    apart = np.subtract.outer(np.arange(heights), np.arange(heights))
    near = np.einsum("ij,ojk->oik", np.exp(-0.5 * (apart / NEAR) ** 2), past)
    prior = -0.5 * (np.log(DISPERSIONS / USUAL) / SPREAD) ** 2
    belief = near + ALL * past.sum(1, keepdims=True) + prior
    belief = np.exp(belief - belief.max(-1, keepdims=True))
    belief /= belief.sum(-1, keepdims=True)
    return np.asarray(belief[np.arange(len(belief))[:, None], height])


def _spread(grid: Floats, mean: Floats, credence: Floats) -> Floats:
    """Return the distributions [origins, areas, G] of forecasts whose dispersion is known with ``credence``.

    They lie straight between those of the two nearest of means a twenty-fifth apart. A few origins at a time: laid out
    by dispersion, all of them fill the memory of a small machine.
    """
    place = np.log(np.maximum(mean, 1e-6)) * NODES
    low = np.floor(place).astype(np.int64)
    nodes, rows = np.unique(np.stack([low, low + 1]), return_inverse=True)
    rows = rows.reshape(2, *mean.shape)
    exact = negative_binomial(grid, np.exp(nodes / NODES)[:, None], DISPERSIONS[None])
    part = (place - low)[..., None]
    out = np.empty((*mean.shape, len(grid)))
    step = max(1, BLOCK // max(1, mean.shape[1]))
    for start in range(0, len(mean), step):
        block = slice(start, start + step)
        below, above = (np.einsum("oak,oakg->oag", credence[block], exact[rows[side, block]]) for side in (0, 1))
        out[block] = (1.0 - part[block]) * below + part[block] * above
    return out


def _weights(record: _Record, scores: Sequence[Floats]) -> Floats:
    """How much each member counts at each origin: the worse its past scores, fading over a year, the less."""
    means = np.stack([np.where(record.over, score, 0.0).mean(1) for score in scores], axis=1)
    fade = 0.5 ** (STEP / YEAR)
    past = np.zeros_like(means)
    so_far = np.zeros(means.shape[1])
    for origin in range(len(means)):
        if origin >= record.lag:
            so_far = fade * so_far + means[origin - record.lag]
        past[origin] = so_far
    worst = np.where(past.sum(1, keepdims=True) > 0, past / np.maximum(past.min(1, keepdims=True), 1e-12), 1.0)
    weight = np.maximum(worst, 1.0) ** (-SHARPNESS / (record.horizon / STEP) ** 0.4)
    return np.asarray(weight / weight.sum(1, keepdims=True))


def standardised(terms: Floats) -> Floats:
    """Return terms [origins, terms] less their mean and over their spread of the origins so far."""
    number = np.arange(1, len(terms) + 1)[:, None]
    mean = np.cumsum(terms, axis=0) / number
    spread = np.sqrt(np.maximum(np.cumsum(terms**2, axis=0) / number - mean**2, 0.0))
    return np.where(spread > 1e-9, (terms - mean) / np.maximum(spread, 1e-9), 0.0)


def origins_of(days: int) -> Ints:
    """Return the origins in so many days of counts, those of the last ten years: each the number of days known there.

    They lie a week apart.
    """
    return np.arange(days, FIRST - 1, -STEP)[:MOST][::-1]


def _forecasts_of(rule: Baseline, name: str, record: _Record) -> Floats:
    """Return what a baseline expects at each origin [origins, areas]; it is shown nothing after the origin."""
    means = np.zeros((len(record.origins), len(record.values)))
    expected = f"one expected count from 0 on for each of {len(record.values)} areas"
    for number, origin in enumerate(record.origins):
        past = record.values[:, :origin].copy()
        try:
            mean = np.asarray(rule(past, record.horizon), dtype=np.float64)
        except Exception as error:
            what = f"the baseline failed after {origin} days: {type(error).__name__}: {error}"
            raise StandoffError.of(what, file=name, expected=expected) from error
        if mean.shape != means[number].shape or not np.isfinite(mean).all() or (mean < 0).any():
            what = f"after {origin} days the baseline expects {np.array2string(mean, threshold=6)}"
            raise StandoffError.of(what, file=name, expected=expected)
        means[number] = mean
    return np.maximum(means, LEAST)


def baselines_of(own: Mapping[str, Baseline] | None = None) -> dict[str, Baseline]:
    """Return the baselines that forecasts are scored beside, besides our own: those of plug-ins, then those passed.

    Raises StandoffError for a plug-in that fails, and a name that one of ours has.
    """
    every: dict[str, Baseline] = {
        name: function_of(BASELINES, name, "counts, horizon") for name in plugin_names(BASELINES)
    }
    every |= own or {}
    for name in every:
        if name in (*MEMBERS, "mixture"):
            expected = f"a name other than {', '.join((*MEMBERS, 'mixture'))}"
            raise StandoffError.of(f"a baseline is called {name!r}", file=BASELINES, expected=expected)
    return every


def backtest(
    values: Ints, horizon: int, more: Floats | None = None, baselines: Mapping[str, Baseline] | None = None
) -> Backtest:
    """Return every forecast of ``horizon`` days, from each weekly origin, of counts [areas, days].

    The last origin is the day after the last one counted. ``more`` [origins, terms] is what else was known at each
    origin, which the autoregression then looks at, too: trials use it. ``baselines`` are forecast beside the members,
    with a dispersion fitted in the same way, and have no part in the mixture. Needs at least 28 days. Raises
    StandoffError.
    """
    if values.shape[1] < FIRST or not len(values):
        what = f"{values.shape[1]} days of {len(values)} areas are counted"
        raise StandoffError.of(what, expected=f"at least {FIRST} days and one area, or nothing can be learned")
    record = _Record(values, horizon)
    grid = count_grid(float(np.nanmax(np.append(record.outcome, record.window(horizon)))))
    persistence, long_run = _persistence(record), np.maximum(_long_run(record), LEAST)
    means = {
        "persistence": persistence,
        "long-run": long_run,
        "decaying": _decaying(record, _long_run(record)),
        "autoregression": _autoregression(record, persistence, _long_run(record), more),
    }
    members = {name: _spread(grid, mean, _credence(record, mean)) for name, mean in means.items()}
    members["conflictology"] = _conflictology(record, grid)
    others = {name: _forecasts_of(rule, name, record) for name, rule in (baselines or {}).items()}
    members |= {name: _spread(grid, mean, _credence(record, mean)) for name, mean in others.items()}
    weight = _weights(record, [crps_of(members[name], grid, record.came) for name in MEMBERS])
    shares = [weight[:, number][:, None, None] for number in range(len(MEMBERS))]
    pooled = sum(share * members[name] for share, name in zip(shares, MEMBERS, strict=True))
    middle = _averaged([members[name] for name in MEMBERS], weight, grid)
    mixture = 0.5 * np.asarray(pooled) + 0.5 * middle
    mean = ((1.0 - mixture) * np.append(np.diff(grid), 1.0)).sum(-1)
    last = record.window(horizon)
    return Backtest(horizon, record.origins, grid, record.outcome, last, members, mixture, weight, mean)


def quantile(test: Backtest, share: float, origin: int = -1) -> Ints:
    """Return the smallest counts [areas] that the mixture reaches with a chance of at least ``share``."""
    return reached(test.mixture[origin], test.grid, share)


def reached(distribution: Floats, grid: Floats, share: float) -> Ints:
    """Return the smallest counts [...] at which distributions [..., G] are at least ``share``."""
    exact = inverse(distribution, grid, np.array([share]), -1.0)[..., 0]
    return np.maximum(np.ceil(exact - 1e-9), 0).astype(np.int64)


def _surge_at(last: Floats) -> Floats:
    return np.ceil(SURGE_TIMES * last + SURGE_MORE)


def level_score(test: Backtest, *, warm: int = WARM, seed: int = 1) -> LevelScore | None:
    """Return how the forecasts of origins after ``warm`` days did; None where no window of them has ended."""
    over = ~np.isnan(test.outcome[:, 0])
    first = int(test.origins[0])  # of a record of more than ten years learning begins there, not at its first day
    use = over & (test.origins >= (warm if first < FIRST + STEP else first + warm - FIRST))
    if not use.any():
        return None
    came, grid, mixture = test.outcome[use], test.grid, test.mixture[use]
    crps = {name: float(crps_of(members[use], grid, came).mean()) for name, members in test.members.items()}
    rivals = (*RIVALS, *(name for name in test.members if name not in MEMBERS))
    crps["mixture"] = float(crps_of(mixture, grid, came).mean())
    upper, lower = at_most(mixture, grid, came), at_most(mixture, grid, came - 1)
    place = lower + np.random.Generator(np.random.Philox(seed)).random(upper.shape) * (upper - lower)
    low, high = reached(mixture, grid, 0.1), reached(mixture, grid, 0.9)
    # surges: each area's own rate as it was known at each origin is the rival
    lag = -(-test.horizon // STEP)
    surge = np.where(np.isnan(test.outcome), 0.0, test.outcome >= _surge_at(test.last))
    ended = (~np.isnan(test.outcome)).astype(np.float64)
    overall = (_past(surge.sum(1), lag) + 0.5) / (_past(ended.sum(1), lag) + 5.0)
    own = (_past(surge, lag) + 2.0 * overall[:, None]) / (_past(ended, lag) + 2.0)
    chance = 1.0 - at_most(mixture, grid, _surge_at(test.last[use]) - 1)
    brier, rival = float(((chance - surge[use]) ** 2).mean()), float(((own[use] - surge[use]) ** 2).mean())
    heights = []
    for bottom, top in ((0.0, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 1.01)):
        inside = (chance >= bottom) & (chance < top)
        if inside.any():
            true = float(surge[use][inside].mean())
            heights.append((bottom, min(top, 1.0), int(inside.sum()), float(chance[inside].mean()), true))
    return LevelScore(
        horizon=test.horizon,
        n=int(came.size),
        origins=int(use.sum()),
        crps=crps,
        gain={name: 1.0 - crps["mixture"] / crps[name] if crps[name] else 0.0 for name in rivals},
        covered=float(((place >= 0.1) & (place < 0.9)).mean()),
        below=float((place < 0.1).mean()),
        above=float((place >= 0.9).mean()),
        inside=float(((came >= low) & (came <= high)).mean()),
        surges=int(surge[use].sum()),
        surge=1.0 - brier / rival if rival else 0.0,
        heights=tuple(heights),
        weights=dict(zip(MEMBERS, map(float, test.weight[-1]), strict=True)),
    )


def _of_months(score: LevelScore) -> LevelScore:
    """Return a score with its numbers counted by month: of the four origins in a month each sees the same."""
    apart = MONTH // STEP
    heights = tuple((low, high, -(-n // apart), mean, true) for low, high, n, mean, true in score.heights)
    n, origins, surges = (-(-value // apart) for value in (score.n, score.origins, score.surges))
    return replace(score, n=n, origins=origins, surges=surges, heights=heights)


def expect(
    counts: Counts, horizons: Sequence[int] = HORIZONS, baselines: Mapping[str, Baseline] | None = None
) -> Levels:
    """Return what to expect of every area over each horizon of days, with how such forecasts did before.

    ``baselines`` are further rivals to score them beside (`Baseline`); those of plug-ins are there without being asked.
    Raises StandoffError for fewer than 28 days of counts, or a horizon that is not a number of days from 1 to 365.
    """
    wrong = [h for h in horizons if not 1 <= h <= YEAR]
    if wrong or not horizons:
        raise StandoffError.of(f"the horizon is {wrong or 'missing'}", expected="days from 1 to 365, such as 7,28,84")
    if counts.months:
        whole = [h for h in horizons if h % MONTH == 0]
        if not whole:
            what = f"the horizon is {list(horizons)}, and {counts.source} counts by month"
            expected = "28 for one month, 84 for three"
            raise StandoffError.of(what, file="--horizon", expected=expected)
        horizons = whole
    others = baselines_of(baselines)
    days = counts.values.shape[1]
    if days >= FIRST + STEP * MOST:
        counts = replace(counts, notes=(*counts.notes, LONG))
    levels: list[Level] = []
    scores: dict[int, LevelScore | None] = {}
    recent = 3 * MONTH if counts.months else 90
    usual = counts.values[:, -recent:].sum(1) / min(recent, days)
    for horizon in dict.fromkeys(horizons):
        test = backtest(counts.values, horizon, baselines=others)
        score = level_score(test)
        scores[horizon] = _of_months(score) if score and counts.months else score
        low, median, high = (quantile(test, share) for share in (0.1, 0.5, 0.9))
        last = counts.values[:, -horizon:].sum(1)
        surge = 1.0 - at_most(test.mixture[-1], test.grid, _surge_at(last.astype(np.float64)) - 1)
        levels += [
            Level(
                area=area,
                horizon=horizon,
                mean=float(test.mean[-1, n]),
                median=int(median[n]),
                low=int(low[n]),
                high=int(high[n]),
                last=int(last[n]),
                usual=float(usual[n] * horizon),
                surge=float(surge[n]),
            )
            for n, area in enumerate(counts.areas)
        ]
        del test  # or its distributions wait in memory while those of the next horizon are made
    return Levels(counts, tuple(levels), scores)
