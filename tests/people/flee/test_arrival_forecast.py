"""Forecasts know nothing after their origin, cover what they promise, and score as the textbook says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import examples

from standoff.people.flee.forecast import (
    LEVELS,
    Past,
    ahead,
    forecast_camp,
    persistence,
    probabilities,
    rolling,
    skill,
    unrest,
)
from standoff.scoring.scores import quantile_crps


def a_walk(rng: np.random.Generator, n: int = 40, drift: float = 0.0) -> list[tuple[int, float]]:
    logs = np.cumsum(rng.normal(drift, 0.06, n)) + 8.0
    return [(int(day), float(v)) for day, v in zip(range(0, 12 * n, 12), np.exp(logs), strict=True)]


@settings(max_examples=examples(40))
@given(seed=st.integers(0, 10**6), horizon=st.sampled_from([15, 30, 90]), cut=st.integers(150, 400))
def test_nothing_after_the_origin_changes_a_forecast(seed: int, horizon: int, cut: int) -> None:
    rng = np.random.default_rng(seed)
    series = {name: a_walk(rng) for name in "ab"}
    spoiled = {k: [(d, v if d <= cut else v * 7 + 1) for d, v in r] for k, r in series.items()}
    for (one, _), (two, _) in zip(rolling(series, horizon), rolling(spoiled, horizon), strict=True):
        if one.day - horizon <= cut and one.day > cut:
            assert one.value == two.value
            assert (one.quantiles == two.quantiles).all()


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
    assert quantile_crps(quantiles, 58.0, probabilities()) == pytest.approx(
        known, rel=0.06
    )  # 19 quantiles leave out the tails
    assert (np.diff(probabilities()) > 0).all()
    assert probabilities().size == 2 * LEVELS.size + 1


def test_scores_of_no_forecast_are_not_a_number() -> None:
    assert np.isnan(skill("x", 30, []).ard)


def test_forecasts_from_the_last_day_are_those_that_a_later_report_would_be_scored_on() -> None:
    rng = np.random.default_rng(4)
    series = {name: a_walk(rng) for name in "ab"}
    now = {f.place: f for f in ahead(series, 30)}
    longer = {k: [*r, (r[-1][0] + 30, 1.0)] for k, r in series.items()}
    later = {f.place: f for f, _ in rolling(longer, 30)[-2:]}
    for place in "ab":
        assert now[place].value == later[place].value
        assert (now[place].quantiles == later[place].quantiles).all()


def test_past_errors_are_counted_by_the_day_of_the_report() -> None:
    past = Past(days=[5, 9, 9, 12], errors=[0.1, 0.2, 0.3, 9.0], covered=[True, False, True, True])
    days, errors, covered = past.until(9)
    assert days.tolist() == [5, 9, 9]
    assert errors.tolist() == [0.1, 0.2, 0.3]
    assert covered.tolist() == [1, 0, 1]
    wide = Past(days=[1] * 200, errors=[8.0] * 200, covered=[False] * 200)
    walk = a_walk(np.random.default_rng(1))
    narrow = forecast_camp(walk, "a", 200, 30, method=persistence).interval()
    told = forecast_camp(walk, "a", 200, 30, wide, persistence).interval()
    assert told[0] < narrow[0] <= narrow[1] < told[1]


def test_a_steady_rise_is_half_the_unrest_of_one_that_jumps_about() -> None:
    rise = [(d, 1000.0 * 1.05 ** (d / 10)) for d in range(0, 130, 10)]
    about = [(d, 1000.0 * 1.05 ** (d // 10 % 2)) for d in range(0, 130, 10)]
    assert 0.45 < unrest(rise, 120, 30) / unrest(about, 120, 30) < 0.65
    assert unrest(rise, 120, 120) == pytest.approx(2 * unrest(rise, 120, 30))
