"""Forecasts know nothing after their origin, cover what they promise, and score as the textbook says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.experiment.arrival_forecast import (
    LEVELS,
    crps,
    direction,
    gated_trend,
    methods,
    persistence,
    probabilities,
    rolling,
    skill,
)


def a_walk(rng: np.random.Generator, n: int = 40, drift: float = 0.0) -> list[tuple[int, float]]:
    logs = np.cumsum(rng.normal(drift, 0.06, n)) + 8.0
    return [(int(day), float(v)) for day, v in zip(range(0, 12 * n, 12), np.exp(logs), strict=True)]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), horizon=st.sampled_from([15, 30, 90]), cut=st.integers(150, 400))
def test_nothing_after_the_origin_changes_a_forecast(seed: int, horizon: int, cut: int) -> None:
    rng = np.random.default_rng(seed)
    series = {name: a_walk(rng) for name in "ab"}
    spoiled = {k: [(d, v if d <= cut else v * 7 + 1) for d, v in r] for k, r in series.items()}
    for (one, _), (two, _) in zip(rolling(series, horizon), rolling(spoiled, horizon), strict=True):
        if one.day - horizon <= cut and one.day > cut:
            assert one.value == two.value
            assert (one.quantiles == two.quantiles).all()


def test_a_steady_series_is_followed_and_a_jump_is_not() -> None:
    steady = [(d, 1000.0 + 10 * d) for d in range(0, 200, 10)]
    assert 2900 < gated_trend(steady, 190, 30) < 3200
    jump = [(d, 1000.0 if d < 150 else 3000.0) for d in range(0, 200, 10)]
    assert direction(jump[-13:]) == 0.0
    assert gated_trend(jump, 190, 30) == persistence(jump, 190, 30) == 3000.0
    back_and_forth = [(d, 1000.0 + 300 * (d // 10 % 2)) for d in range(0, 200, 10)]
    assert abs(gated_trend(back_and_forth, 190, 30) - 1300) < 40


def test_a_forecast_never_more_than_halves_or_adds_half() -> None:
    rising = [(d, 10.0 * 1.3 ** (d / 10)) for d in range(0, 200, 10)]
    assert rising[-1][1] <= gated_trend(rising, 190, 365) <= 1.5 * rising[-1][1]
    falling = [(d, 10000.0 - 50 * d) for d in range(0, 200, 10)]
    assert 0.5 * falling[-1][1] <= gated_trend(falling, 190, 365) < falling[-1][1]


def test_intervals_cover_a_random_walk_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(2)
    series = {f"camp {i}": a_walk(rng, 60) for i in range(8)}
    for horizon in (30, 90):
        made = rolling(series, horizon, since=200)
        assert 0.73 < skill("x", horizon, made).coverage < 0.88


def test_crps_of_a_normal_forecast_is_the_known_one() -> None:
    from statistics import NormalDist

    quantiles = np.array([NormalDist(50, 10).inv_cdf(p) for p in probabilities()])
    known = 10 * (2 * NormalDist().pdf(0.8) + 0.8 * (2 * NormalDist().cdf(0.8) - 1) - 1 / np.sqrt(np.pi))
    assert crps(quantiles, 58.0) == pytest.approx(known, rel=0.06)  # 19 quantiles leave out the tails
    assert (np.diff(probabilities()) > 0).all()
    assert probabilities().size == 2 * LEVELS.size + 1


def test_every_method_can_forecast_from_a_single_report() -> None:
    for name, method in methods([(0, 10.0), (40, 30.0)]).items():
        value = method([(0, 100.0)], 20, 30)
        assert value == 100.0, name


def test_scores_of_no_forecast_are_not_a_number() -> None:
    assert np.isnan(skill("x", 30, []).ard)
