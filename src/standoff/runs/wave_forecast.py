"""A wave forecast told nothing after a cut-off, beside one told the fighting: samples and their scores.

`told nothing`: the ensemble of a case as it could be known on the cut-off, and the rates of earlier waves. What each
method is told is part of its row, because the difference between them is mostly that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, Observation
from standoff.errors import StandoffError
from standoff.runs.ensemble import plan, run, values_of
from standoff.runs.known import known
from standoff.runs.margins import FEAR
from standoff.runs.observed import earlier_waves
from standoff.runs.rolling import digest
from standoff.runs.spec import default_accounts, make_spec
from standoff.runs.waves import WaveFit
from standoff.scoring.scores import crps

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wave:
    """People displaced since ``start`` by the end of each day [n, T], as one method says. ``frozen`` hashes what was
    estimated, before anything is scored."""

    method: str
    told: str
    start: date
    people: Floats
    frozen: str = ""
    fear: Floats | None = None  # [n] how much fear weighs in each trajectory, where the method has it

    def at(self, on: date) -> Floats:
        """Return the sample [n] for the end of a day."""
        return np.asarray(self.people[:, (on - self.start).days], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class WaveSkill:
    """One method over all dates: error of the median as a share of what was reported, mean CRPS, 80 % intervals."""

    method: str
    told: str
    error: float
    crps: float  # people
    inside: int
    n: int
    point: bool  # a single number: no interval, and its CRPS is its absolute error


def untold(case: Case, start: date, days: int, *, trajectories: int = 500, seed: int = 1) -> Wave:
    """Play the case from ``start`` with what was known the day before, under its pooled account.

    Its parameters are estimated from what was known by then (`standoff.runs.known`). Raises `StandoffError` where
    the case has no account or the start is out of bounds.
    """
    before = start - timedelta(days=1)
    accounts = default_accounts(case)
    if not accounts:
        raise StandoffError.of("the case has no account to play under", file="accounts.yaml", expected="an account")
    spec = make_spec(
        case, accounts=accounts[-1:], start=start, days=days, trajectories=trajectories, seed=seed, as_of=before
    )
    made = plan(case, spec)
    (batch,) = run(made).values()
    at, (stretch, *_) = made.openings[accounts[-1]], made.stretches[spec.scenarios[0]]
    weights = [
        np.broadcast_to(values_of(made.setting, at, spec, number, stretch).get(FEAR), size)
        for number, size in enumerate(spec.sizes)
    ]
    return Wave(
        "model, told nothing",
        _nothing(before),
        start,
        batch.displaced.astype(np.float64),
        digest({start: made}),
        np.concatenate(weights),
    )


def rates(case: Case, fit: WaveFit, start: date, days: int) -> list[Wave]:
    """Return what the rates of earlier waves say: their spread (Student's t on the log), and three single numbers."""
    then = known(case, start - timedelta(days=1))
    told = _nothing(start - timedelta(days=1))
    ends = [start + timedelta(days=day) for day in range(days)]
    spread = np.stack([earlier_waves(then, start, end) for end in ends], axis=1)
    made = [Wave("rates of earlier waves", told, start, spread)] if spread.size else []
    pace = [w.people / ((w.last - w.first).days + 1) for w in fit.waves]
    points = {"mean rate": float(np.mean(pace)), "rate of the last wave": pace[-1], "highest rate": max(pace)}
    points["nobody"] = 0.0
    return made + [Wave(name, told, start, rate * np.arange(1.0, days + 1)[None, :]) for name, rate in points.items()]


def wave_skill(wave: Wave, reports: Sequence[Observation]) -> WaveSkill:
    """Score a method on the reports that lie within its days. Raises `StandoffError` where none does."""
    pairs = [(wave.at(on), seen.value) for seen, on in due(wave, reports)]
    if not pairs:
        raise StandoffError.of("no report of people displaced lies within the wave", file="observed.csv")
    point = wave.people.shape[0] == 1
    inside = [np.quantile(s, 0.1) <= v <= np.quantile(s, 0.9) for s, v in pairs]
    return WaveSkill(
        method=wave.method,
        told=wave.told,
        error=sum(abs(float(np.median(s)) - v) for s, v in pairs) / sum(v for _, v in pairs),
        crps=float(np.mean([crps(s, v) for s, v in pairs])),
        inside=0 if point else int(sum(inside)),
        n=len(pairs),
        point=point,
    )


def due(wave: Wave, reports: Sequence[Observation]) -> list[tuple[Observation, date]]:
    """Return the reports within a wave's days, with the day each is for."""
    found = [(seen, seen.to.end or seen.to.start) for seen in reports]
    return [(s, on) for s, on in found if on is not None and 0 <= (on - wave.start).days < wave.people.shape[1]]


def _nothing(before: date) -> str:
    return f"nothing after {before.day} {before:%b %Y}"
