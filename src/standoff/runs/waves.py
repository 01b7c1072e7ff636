"""Waves of displacement: departures fitted on earlier waves, frozen, and a later one predicted and scored.

A wave's reported people give one value of ``phi`` for each ``nu``: the one at which as many residents leave as were
reported, day by day, by the departures of a run (`standoff.people.kernel`), from the fighting recorded
in the wave and from what the model's own runs feared in it (`standoff.runs.ensemble`). Those at risk are the
residents who remain, as in runs. The spread of those few values is the prediction's uncertainty, by Student's t.

"People displaced since 1 December" counts everybody once, those displaced before too; the model counts residents, so
that ``phi`` stands for both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from standoff.case.model import Case, Kind, Observation
from standoff.errors import StandoffError, nearest
from standoff.oneline import OneLine
from standoff.people import Network, Settings, departures_over, move_day, people_at
from standoff.world.hostilities import intensity_table, recorded_intensity
from standoff.world.setting import network_of_case

Floats = NDArray[np.float64]
MEASURE = "people-displaced"  # movements and partial counts are other measures and are never compared with it
BOUNDS = (1e-6, 50.0)  # of phi: nobody leaves, and all leave on a day with hardly any fighting
WEIGHTS = np.expm1(np.linspace(0.0, np.log(21.0), 41))  # of fear (nu) that phi is fitted for, from 0 to 20


def along(nu: Floats, logs: Sequence[float] | Floats) -> Floats:
    """Return ``phi`` [n] where fear weighs ``nu`` [n], from its logarithms [G] at `WEIGHTS`."""
    return np.asarray(np.exp(np.interp(np.log1p(nu), np.log1p(WEIGHTS), logs)))


@dataclass(frozen=True, slots=True, repr=False)
class Wave(OneLine):
    """One reported wave with the ``phi`` at which just so many people leave: one for each of `WEIGHTS`."""

    observation: str
    first: date
    last: date
    people: float
    phi: tuple[float, ...]

    def at(self, nu: float) -> float:
        """Return ``phi`` where fear weighs ``nu``."""
        return float(along(np.array([nu]), np.log(self.phi))[0])


@dataclass(frozen=True, slots=True, repr=False)
class WaveFit(OneLine):
    """What waves say of ``phi`` for each of `WEIGHTS`: mean and spread on the log scale [G].

    ``digest`` is taken before anything is scored.
    """

    waves: tuple[Wave, ...]
    log_phi: tuple[float, ...]
    spread: tuple[float, ...]

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the fitted numbers and the waves they rest on."""
        waves = [[w.observation, w.first.isoformat(), w.last.isoformat(), w.people] for w in self.waves]
        fitted = [[f"{x:.9f}" for x in numbers] for numbers in (self.log_phi, self.spread)]
        return hashlib.sha256(json.dumps([waves, *fitted]).encode()).hexdigest()

    def draw(self, rng: Generator, nu: Floats) -> Floats:
        """Draw ``phi`` [n] for a wave not seen yet, where fear weighs ``nu`` [n].

        Student's t with one degree less than there are waves.
        """
        k = len(self.waves)
        wide = np.interp(np.log1p(nu), np.log1p(WEIGHTS), self.spread) * np.sqrt(1.0 + 1.0 / k)
        log_phi = np.log(along(nu, self.log_phi)) + wide * rng.standard_t(k - 1, nu.size)
        return np.asarray(np.exp(np.clip(log_phi, *np.log(BOUNDS))))


@dataclass(frozen=True, slots=True, repr=False)
class WavePrediction(OneLine):
    """Predicted people since ``start`` [n, T], and arrivals by place [n, P] at the end, in this model."""

    start: date
    people: NDArray[np.int64]
    arrived: NDArray[np.int64]
    places: tuple[str, ...]
    fit: WaveFit


def residents_of(case: Case, network: Network) -> Floats:
    """Return how many residents are at each place of the network [P]."""
    return np.array([case.places[p].residents for p in network.ids], dtype=np.float64)


def fighting(case: Case, network: Network, first: date, days: int) -> Floats:
    """Return the recorded intensity [days, P] at the network's places; events in dispute count as recorded."""
    decay = case.parameters["hostilities.decay"].value
    level = recorded_intensity(case, case.events.values(), first, days, decay, intensity_table(case))
    at = {name: i for i, name in enumerate(case.places)}
    return np.asarray(level[:, [at[p] for p in network.ids]])


def span_of(case: Case, name: str) -> tuple[date, date]:
    """Return the first and last day that an observation is for. Raises `StandoffError` where it has no dates."""
    observation = case.observed[name]
    first, last = observation.from_.start, observation.to.end or observation.to.start
    if first is None or last is None:
        raise StandoffError.of(f"observation {name!r} has no dates", file="observed.csv")
    return first, last


def fit_waves(case: Case, network: Network, observations: Sequence[str], fear: Mapping[str, Floats]) -> WaveFit:
    """Fit ``phi`` on reported waves (ids of observations) for each of `WEIGHTS`.

    ``feared`` is observation -> what was feared in it [days, P]. Raises `StandoffError` where an observation is unknown
    or not of people, or where no recorded fighting explains it.
    """
    waves = []
    for name in observations:
        observation = _observation(case, name)
        first, last = span_of(case, name)
        level = fighting(case, network, first, (last - first).days + 1)
        home = np.tile(residents_of(case, network), (WEIGHTS.size, 1))
        low, high = (np.full(WEIGHTS.size, bound) for bound in BOUNDS)
        if (departures_over(home, level, fear[name], high, WEIGHTS) < observation.value).any():
            raise StandoffError.of(f"no fighting on record explains {name!r}", file="observed.csv")
        for _ in range(45):
            middle = np.sqrt(low * high)
            short = departures_over(home, level, fear[name], middle, WEIGHTS) < observation.value
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        waves.append(Wave(name, first, last, observation.value, tuple(np.sqrt(low * high).tolist())))
    if len(waves) < 2:
        raise StandoffError.of("one wave says nothing about how waves differ", expected="two observations or more")
    logs = np.log([w.phi for w in waves])
    return WaveFit(tuple(waves), tuple(logs.mean(axis=0).tolist()), tuple(logs.std(axis=0, ddof=1).tolist()))


def _observation(case: Case, name: str) -> Observation:
    if name not in case.observed:
        raise StandoffError.of(f"no observation {name!r}", file="observed.csv", hint=nearest(name, case.observed))
    observation = case.observed[name]
    if observation.measure != MEASURE:
        raise StandoffError.of(
            f"observation {name!r} is of {observation.measure}", file="observed.csv", expected=MEASURE
        )
    return observation


def wave_network(
    case: Case, settings: Settings, home: str, draw: dict[str, float] | None = None, choices: int = 25
) -> Network:
    """Return the case's network for a wave: journeys to ``choices`` places, and nobody goes home while it lasts."""
    options = replace(settings, return_chance=0.0, journeys=settings.journeys or choices)
    return network_of_case(case.places.values(), case.routes, home=home, settings=options, draw=draw)


def predict_wave(
    case: Case,
    network: Network,
    fit: WaveFit,
    start: date,
    days: int,
    *,
    fear: Floats,
    nu: Floats,
    seed: int = 1,
    shut: Sequence[tuple[str, str, str]] = (),
) -> WavePrediction:
    """Predict a wave from ``start``, told the fighting that is on record and nothing about people.

    ``feared`` [days, P] is what is feared, by runs begun on that day, and ``nu`` [n] how much it weighs in each
    trajectory; each draws one ``phi`` for the whole wave. ``shut`` are the closures in force (kind, a, b).
    """
    rng = Generator(Philox(key=np.array([seed & (2**64 - 1), 0], dtype=np.uint64)))
    level = fighting(case, network, start, days)
    phi = fit.draw(rng, nu)[:, None]
    displaced = [float(case.places[p].displaced) for p in network.ids]
    people = people_at(network, residents_of(case, network).tolist(), displaced, trajectories=nu.size)
    links = network.open_links(shut)
    left = np.zeros((nu.size, days), dtype=np.int64)
    arrived = np.zeros((nu.size, network.places), dtype=np.int64)
    for t in range(days):
        moves = move_day(rng, people, network, level[t], fear=fear[t], open_links=links, phi=phi, nu=nu[:, None])
        left[:, t] = moves.departed.sum(axis=1)
        arrived += moves.arrived.astype(np.int64)
    return WavePrediction(start, np.cumsum(left, axis=1), arrived, network.ids, fit)


def reported_waves(case: Case, names: Sequence[str]) -> list[str]:
    """Return which of the observations a case still holds, one for each wave: of those that overlap the last to end."""
    reports = [o for name in names if (o := case.observed.get(name)) is not None and not o.restricted]
    reports.sort(key=lambda o: (str(o.to.end), o.id), reverse=True)
    kept: list[str] = []
    first = None
    for o in reports:
        if o.from_.start is None or o.to.end is None or (first is not None and o.to.end >= first):
            continue
        kept.append(o.id)
        first = o.from_.start
    return kept[::-1]


def fitted_before(case: Case, start: date) -> list[str]:
    """Return the waves that ``displacement.phi`` names as fitted and that ended before ``start``, by date.

    Raises `StandoffError` where there are fewer than two.
    """
    parameter = case.parameters.get("displacement.phi")
    named = reported_waves(case, parameter.fitted) if parameter else []
    over = [name for name in named if (case.observed[name].to.end or start) < start]
    if len(over) < 2:
        where = case.written.get((Kind.PARAMETERS, "displacement.phi"))
        raise StandoffError.of(
            f"{len(over)} waves before {start} to fit on",
            file=str(where.file) if where else "parameters.yaml",
            line=where.line if where else 0,
            expected="displacement.phi with two observations of people displaced or more in `fitted`",
        )
    return over


def reported_since(case: Case, start: date) -> list[Observation]:
    """Return the reports of people displaced since ``start``, one a date, by the source that gave most dates."""
    by_source: dict[str, dict[date, Observation]] = {}
    for report in case.observed.values():
        first, until = report.from_.start, report.to.end or report.to.start
        if (
            not report.restricted
            and report.measure == MEASURE
            and report.indicator == "people displaced"
            and first == start
            and until is not None
        ):
            by_source.setdefault(report.source, {})[until] = report
    most = max(by_source.values(), key=len, default={})
    return [most[on] for on in sorted(most)]


def arrivals_at(prediction: WavePrediction) -> dict[str, tuple[float, float, float]]:
    """Return each place's share of all arrivals: median, 10 % and 90 % over the trajectories, largest first.

    A night's stay counts as an arrival, so that a person on a journey of days counts at each stop.
    """
    total = np.maximum(prediction.arrived.sum(axis=1), 1)
    shares = np.quantile(prediction.arrived / total[:, None], (0.5, 0.1, 0.9), axis=0)
    order = np.argsort(-shares[0], kind="stable")
    return {
        prediction.places[i]: (float(shares[0, i]), float(shares[1, i]), float(shares[2, i]))
        for i in order
        if shares[0, i] > 0.0
    }
