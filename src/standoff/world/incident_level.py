"""How many incidents a run plays: the level forecast, moved by what actors take up more or less than they usually do.

A forecast of incidents already holds what actors usually do, on average and in its range. So the world adds nothing to
it: what is played decides *where in that range* a trajectory lies. In each area and window, for trajectory i::

    m_i = lull_i * [ 1 - share_i + share_i * sum over sectors s of near_s * D_si / mean over the baseline of D_s ]
    s_i = log m_i + noise_i                      as wide, over the baseline, as the level is on the log scale
    N_i = Q( rank of s_i among the baseline )    Q are the quantiles of the level forecast

``D_s`` is the fighting that the pursued options are recorded to bring to a sector in a day, smoothed with the half-life
that the counts of the case themselves have shown (fighting does not stop when an order is given). ``share`` is how much
of that carries over to incidents: nothing in half of the trajectories, from nothing to all in the others. ``lull`` is
what a truce made in the run does: in half of the trajectories nothing, in the others what followed written ceasefires
elsewhere, month by month. A truce in force at the start is in the level already.

The baseline is that of the same account, and ranks are taken when all of it is played: an exact compensator. So with
actors playing the baseline has the mean and the range of the level, whatever options a case has. A scenario goes
through the same map. Where the level is about log-normal its incidents are to those of the baseline as its m is to
theirs; a scenario that only shuffles luck changes nothing on average.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.intake.logs import log_reports
from standoff.levels.counts import (
    MOST_SHOWN,
    VAGUE_KM,
    area_of_report,
    count_case,
    count_record,
    counted_log,
    largest,
)
from standoff.levels.forecast import LEVELS, YEAR, Counts, backtest, half_life_of, inverse
from standoff.levels.truces import reference_class
from standoff.oneline import OneLine
from standoff.text.sentences import day as day_words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WINDOWS = (28, 84)  # days from the start over which incidents are counted, besides the whole run
NEAR_KM = 20.0  # an incident further from any place of a sector is in none
A_MONTH = 30
NO_EFFECT = 0.5  # share of trajectories in which options, and truces, move no incident
Z90 = 1.6448536269514722
ALIKE = 0.95  # the most that areas are drawn alike
LEAST = 0.01  # of incidents that play can leave
AT_ONCE = 4096  # trajectories that are worked out together
LEAST_NOISE = 0.5  # of the spread of the level that play never decides


@dataclass(frozen=True, eq=False, slots=True, kw_only=True, repr=False)
class BaseLevel(OneLine):
    """What to expect of each of A areas from the start to the end of each of W windows.

    ``mean`` [A, W], ``low`` and ``high`` [A, W] the 80 % range, ``last`` [A, W] what was counted in as many days
    before; ``upto`` [A, W, 199] are the quantiles of the level, and rise from window to window. ``near`` [A, S] is
    the share of an area's incidents in each sector of the world; what is in none is moved by no option. ``alike`` is
    the correlation with which areas are drawn, ``half_life`` (days) that of the counts. ``selection`` says that the
    record was counted, which is a selection.
    """

    areas: tuple[str, ...]
    ends: tuple[int, ...]
    mean: Floats
    upto: Floats
    low: Ints
    high: Ints
    last: Ints
    near: Floats
    alike: float
    half_life: int
    selection: bool
    source: str
    until: date
    why: str = ""  # why the record was counted and no log


def windows_of(days: int) -> tuple[int, ...]:
    """Return the ends of the windows of a run of so many days; levels reach no further than a year."""
    return (*(w for w in WINDOWS if w < days), min(days, YEAR))


# ---- The level


def level_of(case: Case, sectors: Sequence[str], start: date, days: int, as_of: date) -> tuple[BaseLevel | None, str]:
    """Return what to expect from ``start`` on, from what is counted up to ``as_of``, or why there is nothing.

    ``case`` holds what was known then. The log that the case ships for counting is taken where it reaches the start,
    else its record, which is a selection.
    """
    until = min(as_of, start - timedelta(days=1))
    counts, selection, why = _counted(case, until)
    if counts is None:
        return None, why
    key = (counts.values.tobytes(), counts.areas, counts.first, start, days, tuple(sectors))
    if key not in _levels:
        while len(_levels) >= MOST_KEPT:
            _levels.pop(next(iter(_levels)))
        _levels[key] = _expected(case, counts, selection, why, sectors, start, days)
    return replace(_levels[key], why=why), ""


MOST_KEPT = 8
_levels: dict[tuple[Any, ...], BaseLevel] = {}  # of counts that runs of this process start from


def _counted(case: Case, until: date) -> tuple[Counts | None, bool, str]:
    """Return the counts up to a day, whether they are of the record, and why (or why there are none)."""
    log, why = counted_log(case), "the case ships no log of incidents to be counted"
    if log is not None and log.period.start is not None and log.period.end is not None:
        why = f"the log {log.id} covers {day_words(log.period.start)} to {day_words(log.period.end)}"
        if log.period.end >= until:
            try:
                return count_case(case, until=until)[0], False, ""
            except StandoffError as error:
                why = error.problems[0].what
    try:
        return count_record(case, until=until)[0], True, why
    except StandoffError as error:
        return None, True, f"{why}, and its record holds too little: {error.problems[0].what}"


def _expected(
    case: Case, counts: Counts, selection: bool, why: str, sectors: Sequence[str], start: date, days: int
) -> BaseLevel:
    counts = largest(counts, MOST_SHOWN)
    ends = windows_of(days)
    gap = (start - counts.last).days - 1  # days that are neither counted nor played
    horizons = [gap + end for end in ends]
    tests = [backtest(counts.values, h) for h in ([gap] if gap else []) + horizons]
    upto = np.stack([np.maximum(inverse(t.mixture[-1], t.grid + 0.5, LEVELS, -0.5), 0.0) for t in tests], axis=1)
    mean = np.maximum.accumulate(np.stack([t.mean[-1] for t in tests], axis=1), axis=1)
    upto *= (mean / np.maximum(upto.mean(-1), 1e-12))[:, :, None]
    if gap:  # what falls into the days before the start is not of the run
        mean = np.maximum(mean[:, 1:] - mean[:, :1], 0.01)
        upto = np.maximum(upto[:, 1:] - upto[:, :1], 0.0)
    steps = np.maximum(np.diff(upto, axis=1, prepend=0.0), 0.0)
    target = np.diff(mean, axis=1, prepend=0.0)
    steps *= (target / np.maximum(steps.mean(-1), 1e-12))[:, :, None]
    upto = steps.cumsum(axis=1)
    whole = backtest(counts.values.sum(0, keepdims=True), horizons[0])
    total = inverse(whole.mixture[-1], whole.grid + 0.5, LEVELS, -0.5)[0]
    return BaseLevel(
        areas=counts.areas,
        ends=ends,
        mean=mean,
        upto=upto,
        low=np.floor(np.quantile(upto, 0.1, axis=-1)).astype(np.int64),
        high=np.ceil(np.quantile(upto, 0.9, axis=-1)).astype(np.int64),
        last=np.stack([counts.values[:, -end:].sum(1) for end in ends], axis=1),
        near=_nearness(case, counts, selection, sectors),
        alike=_alike(upto[:, 0], float(whole.mean[-1, 0]), total),
        half_life=half_life_of(counts.values),
        selection=selection,
        source=counts.source,
        until=counts.last,
        why=why,
    )


def _alike(spreads: Floats, mean: float, total: Floats) -> float:
    """Return how alike areas are to be drawn, so that their sum spreads as the forecast of the whole does."""
    deviations = spreads.std(-1)
    own = float((deviations**2).sum())
    together = float(deviations.sum() ** 2) - own
    target = float((total.std() / max(mean, 1e-9) * spreads.mean(-1).sum()) ** 2)
    return float(np.clip((target - own) / together, 0.0, ALIKE)) if together > 0 else 0.0


def _nearness(case: Case, counts: Counts, selection: bool, sectors: Sequence[str]) -> Floats:
    """Return the share of each area's incidents that lie in each sector [A, S], by the place nearest to them."""
    number = {name: s for s, name in enumerate(sectors)}
    near = np.zeros((len(counts.areas), len(sectors)))
    if selection:
        for a, name in enumerate(counts.areas):
            if name in number:
                near[a, number[name]] = 1.0
        return near
    places = [p for p in case.places.values() if p.sector in number]
    if not places:
        return near
    lat, lon = (np.array([getattr(p, name) for p in places]) for name in ("lat", "lon"))
    sector = np.array([number[p.sector] for p in places])
    spots: Counter[tuple[str, float, float]] = Counter()
    log = counted_log(case)
    for report in log_reports(case, log.id) if log else ():
        if report.lat is None or report.lon is None or (report.accuracy_km or 0.0) >= VAGUE_KM:
            continue
        if report.date.start is not None and report.date.start <= counts.last:
            spots[area_of_report(case, report, "", None, ""), report.lat, report.lon] += 1
    row = {name: a for a, name in enumerate(counts.areas)}
    total = np.zeros(len(counts.areas))
    for (area, y, x), many in spots.items():
        if area not in row:
            continue
        total[row[area]] += many
        apart = np.hypot((lat - y) * 111.2, (lon - x) * 111.2 * np.cos(np.radians(y)))
        nearest = int(apart.argmin())
        if apart[nearest] <= NEAR_KM:
            near[row[area], sector[nearest]] += many
    return near / np.maximum(total, 1.0)[:, None]


# ---- What a trajectory draws


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LevelDraws(OneLine):
    """What n trajectories draw, the same under every account and scenario.

    ``share`` [n]: how much of what options bring carries over to incidents. ``lull`` [n, months + 1]: what a truce made
    in the run leaves of incidents, by month; 1 in the last. ``noise`` and ``part`` [n, A]: what else decides where
    in the level's range a trajectory lies, and how it is rounded.
    """

    share: Floats
    lull: Floats
    noise: Floats
    part: Floats


@cache
def _after_truces() -> Floats:
    """Return the log of what followed written ceasefires elsewhere, and how sure that is, by month [2, months]."""
    months = reference_class(ceasefire=True).months
    return np.asarray(np.log([[m.ratio, (m.high / m.low) ** (0.5 / Z90)] for m in months]).T)


def draw_levels(level: BaseLevel, rng: Generator, n: int) -> LevelDraws:
    """Draw what n trajectories need of the level."""
    areas = len(level.areas)
    touched, share = rng.random((2, n))
    works, shift = rng.random(n), rng.standard_normal(n)
    common, own = rng.standard_normal((n, 1)), rng.standard_normal((n, areas))
    noise = np.sqrt(level.alike) * common + np.sqrt(1.0 - level.alike) * own
    ratio = _after_truces()
    lull = np.ones((n, ratio.shape[1] + 1))
    lull[:, :-1] = np.where((works < NO_EFFECT)[:, None], 1.0, np.exp(ratio[0] + shift[:, None] * ratio[1]))
    return LevelDraws(
        share=np.where(touched < NO_EFFECT, 0.0, share), lull=lull, noise=noise, part=rng.random((n, areas))
    )


# ---- What a run keeps of what is played


@dataclass(slots=True, kw_only=True, repr=False)
class LevelTally(OneLine):
    """What actors bring to each sector, summed over the days of each window; changed in place.

    ``brought`` [n, S] is the smoothed fighting of what is pursued, ``truce`` [n] the day of the last truce made in the
    run (-1: none), ``lull`` [n, months + 1] what it leaves. ``pushes`` [n, W, S] and ``lulls`` [n, W] are sums over the
    days from the end of one window to that of the next; `means` has the mean day from the start to the end of each.
    """

    ends: tuple[int, ...]
    keep: float
    brought: Floats
    truce: Ints
    lull: Floats
    pushes: Floats
    lulls: Floats

    def note(self, day: int, brings: Floats, truce: Ints) -> None:
        """Take down a day: what is pursued brings ``brings`` [n, S], and trajectories ``truce`` [r] made a truce."""
        self.brought *= self.keep
        self.brought += (1.0 - self.keep) * brings
        self.truce[truce] = day
        window = int(np.searchsorted(self.ends, day, side="right"))
        if window >= len(self.ends):
            return
        months = self.lull.shape[1] - 1
        if (self.truce >= 0).any():
            since = np.where(self.truce >= 0, np.minimum((day - self.truce) // A_MONTH, months), months)
            calm = self.lull[np.arange(since.size), since]
            self.pushes[:, window] += calm[:, None] * self.brought
            self.lulls[:, window] += calm
        else:
            self.pushes[:, window] += self.brought
            self.lulls[:, window] += 1.0

    def means(self) -> tuple[Floats, Floats]:
        """Return ``pushes`` and ``lulls`` of the mean day from the start to the end of each window."""
        days = np.array(self.ends, dtype=np.float64)
        return self.pushes.cumsum(axis=1) / days[:, None], self.lulls.cumsum(axis=1) / days


def open_tally(level: BaseLevel, lull: Floats, brings: Floats) -> LevelTally:
    """Return the tally of the first morning, on which actors are on their course and bring ``brings`` [n, S]."""
    n, sectors = brings.shape
    return LevelTally(
        ends=level.ends,
        keep=0.5 ** (1.0 / level.half_life),
        brought=np.array(brings),
        truce=np.full(n, -1, dtype=np.int64),
        lull=lull,
        pushes=np.zeros((n, len(level.ends), sectors)),
        lulls=np.zeros((n, len(level.ends))),
    )


def brought_by(table: Floats, pursued: Ints) -> Floats:
    """Return what the pursued options [n, A] bring to each sector in a day [n, S]; ``table`` is [n or 1, O, S]."""
    n = pursued.shape[0]
    if table.shape[0] == 1:
        out = np.asarray(table[0].take(pursued[:, 0], axis=0))
        for a in range(1, pursued.shape[1]):
            out += table[0].take(pursued[:, a], axis=0)
        return out
    every = np.arange(n)
    out = np.asarray(table[every, pursued[:, 0]])
    for a in range(1, pursued.shape[1]):
        out += table[every, pursued[:, a]]
    return np.asarray(out)


# ---- Incidents


def usual_push(pushes: NDArray[Any], lulls: NDArray[Any]) -> Floats:
    """Return the mean over trajectories of what actors bring [W, S], of a baseline."""
    mean = pushes.mean(axis=0, dtype=np.float64)
    return np.asarray(mean / np.maximum(lulls.mean(axis=0, dtype=np.float64), 1e-12)[:, None])


def log_multipliers(
    level: BaseLevel, share: Floats, pushes: NDArray[Any], lulls: NDArray[Any], usual: Floats
) -> Floats:
    """Return log m [n, A, W]: what play makes of the level, against the ``usual`` [W, S]."""
    per_day = np.where(usual > 0.0, usual, 1.0)
    outside = 1.0 - level.near.sum(axis=1)
    out = np.empty((len(share), len(level.areas), usual.shape[0]))
    for low in range(0, len(share), AT_ONCE):  # the arrays on the way are several times what comes out
        some = slice(low, low + AT_ONCE)
        pushed, lulled = pushes[some].astype(np.float64), lulls[some].astype(np.float64)
        relative = np.where(usual > 0.0, pushed / per_day, lulled[:, :, None])  # [n, W, S]
        reached = np.einsum("as,nws->naw", level.near, relative)
        played = reached + outside[None, :, None] * lulled[:, None, :]
        part = share[some, None, None]
        out[some] = np.log(np.maximum((1.0 - part) * lulled[:, None, :] + part * played, LEAST))
    return out


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Placing(OneLine):
    """The map from where a trajectory stands to incidents, as the baseline of an account has it.

    ``spread`` [A, W] is that of the noise, ``order`` [A, W, n] where the baseline stands in rising order, ``counts``
    [A, W, n] the incidents that go with it, whose mean is that of the level.
    """

    spread: Floats
    order: Floats
    counts: Floats


def place_baseline(level: BaseLevel, noise: Floats, moved: Floats) -> Placing:
    """Return the map by which a baseline with log m ``moved`` [n, A, W] has the mean and the range of the level."""
    n = moved.shape[0]
    wide = np.log(level.upto + 0.5).std(axis=-1)
    spread = np.sqrt(np.maximum(wide**2 - moved.var(axis=0), (LEAST_NOISE * wide) ** 2))
    at = (np.arange(n) + 0.5) / n * LEVELS.size - 0.5
    low = np.clip(np.floor(at).astype(np.int64), 0, LEVELS.size - 1)
    high = np.minimum(low + 1, LEVELS.size - 1)
    part = np.clip(at - low, 0.0, 1.0)
    order, counts = np.empty((2, *moved.shape[1:], n))
    for a in range(moved.shape[1]):
        order[a] = np.sort((moved[:, a] + spread[a] * noise[:, a, None]).T, axis=-1)
        counts[a] = (1.0 - part) * level.upto[a][:, low] + part * level.upto[a][:, high]
    mean = counts.mean(axis=-1)
    counts *= np.where(mean > 0.0, level.mean / np.where(mean > 0.0, mean, 1.0), 1.0)[:, :, None]
    return Placing(spread=spread, order=order, counts=counts)


def incidents(placing: Placing, draws: LevelDraws, moved: Floats) -> NDArray[np.int32]:
    """Return the incidents [n, A, W] from the start to the end of each window, of trajectories with log m ``moved``."""
    out = np.empty(moved.shape, np.int32)
    for a in range(moved.shape[1]):
        stands = moved[:, a] + placing.spread[a] * draws.noise[:, a, None]
        mine = np.empty(stands.shape)
        for w in range(moved.shape[2]):
            order, counts, stand = placing.order[a, w], placing.counts[a, w], stands[:, w]
            beyond = np.exp(np.maximum(stand - order[-1], 0.0) - np.maximum(order[0] - stand, 0.0))
            mine[:, w] = np.interp(stand, order, counts) * beyond
        out[:, a] = np.floor(np.maximum.accumulate(mine, axis=1) + draws.part[:, a, None])
    return out
