"""A wave of displacement forecast from earlier ones: told the fighting, told nothing, and by naive rates, with scores.

Told nothing is the ensemble of a case as it could be known on the day before, and the rates of earlier waves. What
each method knows is part of its row, because the difference between them is mostly that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, Observation
from standoff.errors import StandoffError
from standoff.oneline import OneLine
from standoff.runs.areas import AreaArrivals, AreaOfPlace, by_area
from standoff.runs.as_of import case_as_of
from standoff.runs.ensemble import fear_by_day, make_plan, run_plan, values_of
from standoff.runs.margins import FEAR
from standoff.runs.observed import earlier_waves
from standoff.runs.rolling import estimates_digest
from standoff.runs.spec import default_accounts, make_spec
from standoff.runs.waves import (
    WaveFit,
    arrivals_at,
    fit_waves,
    fitted_before,
    predict_wave,
    reported_since,
    span_of,
    wave_network,
)
from standoff.scoring.scores import crps
from standoff.world.setting import home_of, movement_settings

Floats = NDArray[np.float64]
RANGE = (0.1, 0.5, 0.9)  # of the sample: the median, and the ends of its 80 % range
INFORMED = "model, told the fighting"
BLIND = "model, told nothing"


@dataclass(frozen=True, slots=True, repr=False)
class WaveForecast(OneLine):
    """People displaced since ``start`` by the end of each day [n, T], as one method says.

    ``knows`` says what the method was told, and ``frozen`` hashes what was estimated, before anything is scored.
    """

    method: str
    knows: str
    start: date
    people: Floats = field(repr=False)
    frozen: str = ""
    fear: Floats | None = field(default=None, repr=False)  # [n] how much fear weighs, where the method has it

    def at(self, on: date) -> Floats:
        """Return the sample [n] for the end of a day."""
        return np.asarray(self.people[:, (on - self.start).days], dtype=np.float64)

    def range_at(self, on: date) -> tuple[float, float, float]:
        """Return the low end, the median and the high end of the 80 % range for the end of a day."""
        low, median, high = (float(q) for q in np.quantile(self.at(on), RANGE))
        return low, median, high


@dataclass(frozen=True, slots=True, repr=False)
class WaveSkill(OneLine):
    """One method over all dates: error of the median as a share of what was reported, mean CRPS, 80 % intervals."""

    method: str
    knows: str
    error: float
    crps: float  # people
    inside: int
    n: int
    point: bool  # a single number: no interval, and its CRPS is its absolute error

    def as_json(self) -> dict[str, Any]:
        """Return the row as plain values."""
        return {("told" if name == "knows" else name): value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True, repr=False)
class WaveReport:
    """A wave as each method forecasts it, beside what was reported.

    ``forecasts`` are the model told the fighting, the model told nothing, and the rates; ``nu`` is the case's weight of
    fear. ``nights`` are each place's share of arrivals with its 80 % range, largest first; ``areas`` the arrivals by
    area, where boundaries were given.
    """

    start: date
    last: date
    n: int
    seed: int
    nu: float
    fit: WaveFit
    forecasts: tuple[WaveForecast, ...]
    reports: tuple[Observation, ...]
    nights: Mapping[str, tuple[float, float, float]]
    areas: tuple[AreaArrivals, ...] | None = None

    def __repr__(self) -> str:
        return f"<WaveReport {self.start} to {self.last}: {len(self.forecasts)} methods, {len(self.reports)} reports>"

    @property
    def skills(self) -> tuple[WaveSkill, ...]:
        """Every method's scores, in the order of ``forecasts``."""
        return tuple(wave_skill(forecast, self.reports) for forecast in self.forecasts)

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values, people in whole persons."""
        record: dict[str, Any] = {
            "n": self.n,
            "seed": self.seed,
            "nu": self.nu,
            "fitted": [
                {**asdict(w), "first": w.first.isoformat(), "last": w.last.isoformat(), "phi": w.at(self.nu)}
                for w in self.fit.waves
            ],
            "frozen": {forecast.method: forecast.frozen for forecast in self.forecasts[:2]},
            "dates": [
                {
                    "date": on.isoformat(),
                    "reported": report.value,
                    "observation": report.id,
                    "methods": [_row(forecast, on) for forecast in self.forecasts],
                }
                for report, on in reports_within(self.forecasts[0], self.reports)
            ],
            "scores": [skill.as_json() for skill in self.skills],
            "nights": [
                {"place": place, "share": share, "low": low, "high": high}
                for place, (share, low, high) in self.nights.items()
            ],
        }
        if self.areas is not None:
            record["areas"] = [asdict(area) for area in self.areas]
        return record


def _row(forecast: WaveForecast, on: date) -> dict[str, Any]:
    low, median, high = forecast.range_at(on)
    return {"method": forecast.method, "told": forecast.knows, "median": median, "low": low, "high": high}


def score_wave(
    case: Case,
    start: date | None = None,
    *,
    trajectories: int = 500,
    seed: int = 1,
    areas: Mapping[str, AreaOfPlace] | None = None,
) -> WaveReport:
    """Fit on the waves of a case that ended before ``start``, freeze, predict the wave from then on, and score.

    ``start`` is the case's where none is given. The waves are those that ``displacement.phi`` is fitted on; the wave
    lasts until the last report of it. ``areas`` says which area of a boundary file each place lies in
    (`standoff.runs.areas.read_areas`). Raises `StandoffError` where the case has fewer than two waves before, or no
    report of people displaced since.
    """
    start = start or case.about.start.start
    if start is None:
        raise StandoffError.of("the wave needs a first day", file="--from", expected="a date such as 2019-12-01")
    reports = reported_since(case, start)
    if not reports:
        raise StandoffError.of(
            f"no report of people displaced since {start}",
            file="observed.csv",
            expected=f"rows with from {start}, measure people-displaced and indicator people displaced",
        )
    last = max(on for report in reports if (on := report.to.end or report.to.start))
    days = (last - start).days + 1
    dispersal = movement_settings(case)
    network = wave_network(case, dispersal["moving"], home_of(case), dispersal["draw"])
    names = fitted_before(case, start)
    spans = {name: span_of(case, name) for name in names}
    fear = {name: fear_by_day(case, first, (end - first).days + 1) for name, (first, end) in spans.items()}
    fit = fit_waves(case, network, names, fear)
    blind = blind_forecast(case, start, days, trajectories=trajectories, seed=seed)
    usual = case.parameters[FEAR].value if FEAR in case.parameters else dispersal["moving"].nu
    prediction = predict_wave(
        case,
        network,
        fit,
        start,
        days,
        fear=fear_by_day(case, start, days),
        nu=np.full(trajectories, usual) if blind.fear is None else blind.fear,
        seed=seed,
        shut=[(c.kind, c.a, c.b) for c in case.closures if c.until is None],
    )
    informed = WaveForecast(INFORMED, "the fighting on record", start, prediction.people.astype(np.float64), fit.digest)
    arrivals = None if areas is None else by_area(prediction.arrived, prediction.places, areas, date=last.isoformat())
    return WaveReport(
        start=start,
        last=last,
        n=trajectories,
        seed=seed,
        nu=usual,
        fit=fit,
        forecasts=(informed, blind, *rate_forecasts(case, fit, start, days)),
        reports=tuple(reports),
        nights=arrivals_at(prediction),
        areas=None if arrivals is None else tuple(arrivals),
    )


def blind_forecast(case: Case, start: date, days: int, *, trajectories: int = 500, seed: int = 1) -> WaveForecast:
    """Play the case from ``start`` with what was known the day before, under its pooled account.

    Its parameters are estimated from what was known by then (`standoff.runs.as_of`). Raises `StandoffError` where
    the case has no account or the start is out of bounds.
    """
    before = start - timedelta(days=1)
    accounts = default_accounts(case)
    if not accounts:
        raise StandoffError.of("the case has no account to play under", file="accounts.yaml", expected="an account")
    spec = make_spec(
        case, accounts=accounts[-1:], start=start, days=days, trajectories=trajectories, seed=seed, as_of=before
    )
    ensemble = make_plan(case, spec)
    (batch,) = run_plan(ensemble).values()
    at, (stretch, *_) = ensemble.openings.draws[accounts[-1]], ensemble.stretches[spec.scenarios[0]]
    weights = [
        np.broadcast_to(values_of(ensemble.setting, at, spec, number, stretch).get(FEAR), size)
        for number, size in enumerate(spec.sizes)
    ]
    return WaveForecast(
        BLIND,
        _nothing(before),
        start,
        batch.displaced.astype(np.float64),
        estimates_digest({start: ensemble}),
        np.concatenate(weights),
    )


def rate_forecasts(case: Case, fit: WaveFit, start: date, days: int) -> list[WaveForecast]:
    """Return what the rates of earlier waves say: their spread (Student's t on the log), and three single numbers."""
    then = case_as_of(case, start - timedelta(days=1))
    knows = _nothing(start - timedelta(days=1))
    ends = [start + timedelta(days=day) for day in range(days)]
    spread = np.stack([earlier_waves(then, start, end) for end in ends], axis=1)
    spreads = [WaveForecast("rates of earlier waves", knows, start, spread)] if spread.size else []
    pace = [w.people / ((w.last - w.first).days + 1) for w in fit.waves]
    points = {"mean rate": float(np.mean(pace)), "rate of the last wave": pace[-1], "highest rate": max(pace)}
    points["nobody"] = 0.0
    since = np.arange(1.0, days + 1)[None, :]
    return [*spreads, *(WaveForecast(name, knows, start, rate * since) for name, rate in points.items())]


def wave_skill(forecast: WaveForecast, reports: Sequence[Observation]) -> WaveSkill:
    """Score a method on the reports that lie within its days. Raises `StandoffError` where none does."""
    pairs = [(forecast.at(on), report.value) for report, on in reports_within(forecast, reports)]
    if not pairs:
        raise StandoffError.of("no report of people displaced lies within the wave", file="observed.csv")
    point = forecast.people.shape[0] == 1
    inside = [np.quantile(s, 0.1) <= v <= np.quantile(s, 0.9) for s, v in pairs]
    return WaveSkill(
        method=forecast.method,
        knows=forecast.knows,
        error=sum(abs(float(np.median(s)) - v) for s, v in pairs) / sum(v for _, v in pairs),
        crps=float(np.mean([crps(s, v) for s, v in pairs])),
        inside=0 if point else int(sum(inside)),
        n=len(pairs),
        point=point,
    )


def reports_within(forecast: WaveForecast, reports: Sequence[Observation]) -> list[tuple[Observation, date]]:
    """Return the reports within a forecast's days, with the day each is for."""
    dated = [(report, report.to.end or report.to.start) for report in reports]
    length = forecast.people.shape[1]
    return [(report, on) for report, on in dated if on is not None and 0 <= (on - forecast.start).days < length]


def _nothing(before: date) -> str:
    return f"nothing after {before.day} {before:%b %Y}"
