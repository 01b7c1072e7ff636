"""Waves: what is fitted reproduces the reports it was fitted to, and a prediction knows nothing of its own wave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from standoff.case.read import load
from standoff.errors import StandoffError
from standoff.experiment import arrival_waves as waves
from standoff.experiment.ensemble import moving
from standoff.world.displacement import Network

WAVES = ("d017", "d052", "d108")  # winter 2017-18, September 2018, summer 2019
START = date(2019, 12, 1)


@pytest.fixture(scope="module")
def case():
    return load("idlib")


@pytest.fixture(scope="module")
def network(case) -> Network:
    made = moving(case)
    return waves.wave_network(case, made["moving"], "SY", made["draw"])


def test_each_fitted_value_gives_back_its_wave(case, network: Network) -> None:
    fit = waves.fit_waves(case, network, WAVES)
    people = waves.there(case, network)
    for wave in fit.waves:
        dose = waves.fighting(case, network, wave.first, (wave.last - wave.first).days + 1).sum(axis=0)
        assert people @ -np.expm1(-wave.phi * dose) == pytest.approx(wave.people, rel=1e-6)
    told = replace(fit, log_phi=float(np.log(fit.waves[0].phi)), spread=1e-9)
    days = (fit.waves[0].last - fit.waves[0].first).days + 1
    made = waves.predict_wave(case, network, told, fit.waves[0].first, days, trajectories=30)
    assert np.median(made.people[:, -1]) == pytest.approx(fit.waves[0].people, rel=0.1)


def test_reports_of_the_wave_itself_do_not_change_its_prediction(case, network: Network) -> None:
    fit = waves.fit_waves(case, network, WAVES)
    made = waves.predict_wave(case, network, fit, START, 40, trajectories=20)
    blind = replace(case, observed={k: v for k, v in case.observed.items() if k in WAVES})
    again = waves.predict_wave(blind, network, waves.fit_waves(blind, network, WAVES), START, 40, trajectories=20)
    assert (made.people == again.people).all()
    assert made.fit.digest == again.fit.digest


def test_people_once_displaced_are_counted_once(case, network: Network) -> None:
    fit = waves.fit_waves(case, network, WAVES)
    made = waves.predict_wave(case, network, replace(fit, log_phi=5.0, spread=1e-9), START, 60, trajectories=2)
    assert (made.people[:, -1] <= waves.there(case, network).sum()).all()
    assert (np.diff(made.people, axis=1) >= 0).all()
    shares = waves.arrivals_at(made)
    assert sum(s[0] for s in shares.values()) == pytest.approx(1.0, abs=0.02)


def test_scores_stand_beside_naive_rates(case, network: Network) -> None:
    fit = waves.fit_waves(case, network, WAVES)
    made = waves.predict_wave(case, network, fit, START, 90, trajectories=50)
    reports = waves.reported_since(case, START)
    assert len(reports) >= 6
    assert all(r.measure == waves.MEASURE for r in reports)
    for row in waves.score_wave(case, made, reports):
        assert list(row.quantiles) == sorted(row.quantiles)
        assert dict(row.naive)["highest rate"] >= dict(row.naive)["mean rate of the waves"]


def test_movements_are_refused_where_people_are_wanted(case, network: Network) -> None:
    with pytest.raises(StandoffError, match="displacement-movements"):
        waves.fit_waves(case, network, ("d002", "d108"))
    with pytest.raises(StandoffError, match="no observation 'd01x'"):
        waves.fit_waves(case, network, ("d01x", "d108"))
    with pytest.raises(StandoffError, match="one wave"):
        waves.fit_waves(case, network, ("d108",))
