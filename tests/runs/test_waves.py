"""Waves: what is fitted reproduces the reports it was fitted to, and a prediction knows nothing of its own wave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from format_runs import idlib

from standoff.errors import StandoffError
from standoff.people import Network
from standoff.runs import waves
from standoff.runs.ensemble import fear_by_day
from standoff.world.setting import movement_settings

WAVES = ("d017", "d052", "d108")  # winter 2017-18, September 2018, summer 2019
START = date(2019, 12, 1)


@pytest.fixture(scope="module")
def case():
    return idlib()


@pytest.fixture(scope="module")
def network(case) -> Network:
    made = movement_settings(case)
    return waves.wave_network(case, made["moving"], "SY", made["draw"])


@pytest.fixture(scope="module")
def past(case):
    spans = {name: waves.span_of(case, name) for name in WAVES}
    return {name: fear_by_day(case, a, (b - a).days + 1, trajectories=40) for name, (a, b) in spans.items()}


def _predict(case, network: Network, fit, start: date, fear: np.ndarray, n: int, nu: float = 1.0):
    return waves.predict_wave(case, network, fit, start, len(fear), fear=fear, nu=np.full(n, nu))


@pytest.mark.thorough
@pytest.mark.parametrize("nu", [0.0, 0.4, 2.0])
def test_a_run_with_a_fitted_value_gives_back_its_wave(case, network: Network, past, nu: float) -> None:
    """The fit and the day of a run are one: told the fighting and the fear, as many leave as were reported."""
    fit = waves.fit_waves(case, network, WAVES, past)
    for k, wave in enumerate(fit.waves):
        logs = tuple(np.log(wave.phi).tolist())
        told = replace(fit, log_phi=logs, spread=(1e-9,) * len(logs))
        made = _predict(case, network, told, wave.first, past[WAVES[k]], 40, nu)
        assert made.people[:, -1].mean() == pytest.approx(wave.people, rel=0.04)


@pytest.mark.thorough
def test_the_more_fear_weighs_the_less_does_fighting(case, network: Network, past) -> None:
    fit = waves.fit_waves(case, network, WAVES, past)
    for wave in fit.waves:
        assert (np.diff(wave.phi) < 0).all()
        assert wave.at(0.0) == pytest.approx(wave.phi[0])
    nobody = {name: np.zeros_like(fear) for name, fear in past.items()}
    for wave in waves.fit_waves(case, network, WAVES, nobody).waves:
        assert wave.phi == pytest.approx([wave.phi[0]] * len(wave.phi))
        dose = waves.fighting(case, network, wave.first, (wave.last - wave.first).days + 1).sum(axis=0)
        left = waves.residents_of(case, network) @ -np.expm1(-wave.phi[0] * dose)  # in closed form
        assert left == pytest.approx(wave.people, rel=1e-6)


@pytest.mark.thorough
def test_reports_of_the_wave_itself_do_not_change_its_prediction(case, network: Network, past) -> None:
    fit = waves.fit_waves(case, network, WAVES, past)
    fear = past["d052"]
    made = _predict(case, network, fit, START, fear, 20)
    blind = replace(case, observed={k: v for k, v in case.observed.items() if k in WAVES})
    again = _predict(blind, network, waves.fit_waves(blind, network, WAVES, past), START, fear, 20)
    assert (made.people == again.people).all()
    assert made.fit.digest == again.fit.digest


def test_people_once_displaced_are_counted_once(case, network: Network, past) -> None:
    fit = waves.fit_waves(case, network, WAVES, past)
    many = replace(fit, log_phi=(5.0,) * len(fit.log_phi), spread=(1e-9,) * len(fit.spread))
    made = _predict(case, network, many, START, past["d017"], 2)
    assert (made.people[:, -1] <= waves.residents_of(case, network).sum()).all()
    assert (np.diff(made.people, axis=1) >= 0).all()
    shares = waves.arrivals_at(made)
    assert sum(s[0] for s in shares.values()) == pytest.approx(1.0, abs=0.02)


def test_movements_are_refused_where_people_are_wanted(case, network: Network, past) -> None:
    with pytest.raises(StandoffError, match="displacement-movements"):
        waves.fit_waves(case, network, ("d002", "d108"), past)
    with pytest.raises(StandoffError, match="no observation 'd01x'"):
        waves.fit_waves(case, network, ("d01x", "d108"), past)
    with pytest.raises(StandoffError, match="one wave"):
        waves.fit_waves(case, network, ("d108",), past)


def test_what_was_feared_is_what_runs_of_those_days_fear(case, past) -> None:
    """Nothing later than the day before counts, and a day's fear is that of a run's own days."""
    first, last = waves.span_of(case, "d052")
    later = {k: e for k, e in case.events.items() if e.date.start is None or e.date.start < first}
    assert len(later) < len(case.events)
    observed = {k: replace(o, value=o.value * 9) for k, o in case.observed.items()}
    parameters = {k: replace(p, fitted=()) for k, p in case.parameters.items()}
    blind = replace(case, events=later, observed=observed, parameters=parameters)
    again = fear_by_day(blind, first, (last - first).days + 1, trajectories=40)
    assert (again == past["d052"]).all()
    assert again.max() > 0.05
    assert not (again == again[0]).all()
