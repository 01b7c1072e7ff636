from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.errors import StandoffError
from standoff.runs.bargaining import success, votes
from standoff.runs.compare import paired
from standoff.runs.sensitivity import best_stock, evppi, stock_worth
from standoff.scoring.scores import brier, crps, logarithmic, pinball, quantile_crps, wilson


def test_scores_by_hand() -> None:
    assert brier(0.7, True) == pytest.approx(0.09)
    assert brier(0.7, False) == pytest.approx(0.49)
    assert logarithmic(0.5, True) == pytest.approx(log(2))
    assert logarithmic(0.0, True) == pytest.approx(-log(0.01))
    assert logarithmic(0.2, False) == pytest.approx(-log(0.8))
    assert logarithmic(1.0, False) == pytest.approx(-log(0.01))
    assert logarithmic(1.0, True) == pytest.approx(-log(0.99))
    assert crps([3.0], 5.0) == 2.0
    assert pinball(100.0, 0.9, 150.0) == pytest.approx(45.0)
    assert pinball(100.0, 0.9, 50.0) == pytest.approx(5.0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.floats(-1e6, 1e6))
def test_crps_is_the_slow_double_sum(sample: list[float], observed: float) -> None:
    n = len(sample)
    slow = sum(abs(x - observed) for x in sample) / n
    slow -= sum(abs(a - b) for a in sample for b in sample) / (2 * n * (n - 1))
    assert crps(sample, observed) == pytest.approx(slow, rel=1e-6, abs=1e-6)


@pytest.mark.oracle
def test_scores_agree_with_an_independent_program() -> None:
    scoringrules = pytest.importorskip("scoringrules")
    sample = np.random.default_rng(0).gamma(2.0, 1000.0, 200)
    assert crps(sample, 1500.0) == pytest.approx(float(scoringrules.crps_ensemble(1500.0, sample, estimator="fair")))
    levels = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
    quantiles = np.quantile(sample, levels)
    theirs = float(scoringrules.crps_quantile(1500.0, quantiles, levels))
    assert quantile_crps(quantiles, 1500.0, levels) == pytest.approx(theirs)
    for q, level in zip(quantiles, levels, strict=True):
        for value in (10.0, 1500.0, 9000.0):
            assert pinball(q, level, value) == pytest.approx(float(scoringrules.quantile_score(value, q, level)))
    for p, came in ((0.2, True), (0.2, False), (0.93, True), (1.0, False)):
        assert brier(p, came) == pytest.approx(float(scoringrules.brier_score(float(came), p)))
    for p, came in ((0.2, True), (0.2, False), (0.93, True)):
        assert logarithmic(p, came) == pytest.approx(float(scoringrules.log_score(float(came), p)))


def test_the_interval_of_a_share_is_the_one_of_scipy() -> None:
    from scipy.stats import binomtest

    for came, n in ((0, 10), (3, 10), (24, 24), (517, 1000)):
        theirs = binomtest(came, n).proportion_ci(confidence_level=0.9, method="wilson")
        assert wilson(came, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_interval_of_a_share_is_never_empty_and_stays_inside(came: int, more: int) -> None:
    n = came + more
    low, high = wilson(came, n)
    assert 0.0 <= low <= came / n <= high <= 1.0
    assert high - low > 0.0


def test_pairing_takes_out_what_two_columns_share() -> None:
    rng = np.random.default_rng(6)
    shared = rng.normal(0.0, 100.0, 400)
    mean, low, high = paired(shared + 1.0, shared)
    assert mean == pytest.approx(1.0)
    assert high - low < 1e-3
    one, other = rng.normal(1.0, 1.0, 400), rng.normal(0.0, 1.0, 400)
    mean, low, high = paired(one, other)
    assert high - low == pytest.approx(2 * 1.645 * np.sqrt(2 / 400), rel=0.15)


def test_no_difference_seen_is_not_no_difference_possible() -> None:
    mean, low, high = paired(np.zeros(50), np.zeros(50))
    assert mean == 0.0
    assert (low, high) == (pytest.approx(-1 / 50), pytest.approx(1 / 50))


def test_the_best_stock_is_the_critical_fractile() -> None:
    people = np.arange(1.0, 101.0)
    stock, loss = best_stock(people, 1.0, 5.0)
    assert stock == 80.0
    slow = min((np.mean(1.0 * s + 5.0 * np.maximum(people - s, 0.0)), s) for s in people)
    assert (loss, stock) == (pytest.approx(slow[0]), slow[1])


def test_knowing_which_of_two_worlds_it_is_is_worth_the_whole_difference() -> None:
    group = np.repeat([0, 1], 100)
    people = np.where(group == 0, 0.0, 1000.0)
    # without knowing: set aside 1000 (cost 1000); knowing: 0 or 1000, half each; saves 500
    assert evppi(people, group, 1.0, 5.0) == pytest.approx(500.0)
    rng = np.random.default_rng(2)
    answers = np.stack([group, rng.integers(0, 2, 200)], axis=1)
    found = stock_worth(people, answers, ["which", "other"], 1.0, 5.0, rng)
    assert found.worth[0].name == "which"
    assert found.worth[0].evppi == pytest.approx(500.0, rel=0.05)
    assert found.worth[1].evppi < 25.0


def test_prices_that_make_no_sense_are_refused() -> None:
    with pytest.raises(StandoffError, match="penalty"):
        best_stock(np.ones(3), 5.0, 1.0)


def test_weighted_votes_by_hand() -> None:
    position, weight = np.array([0.0, 4.0, 10.0]), np.array([1.0, 3.0, 2.0])
    assert votes(position, weight, 0.0, 10.0).tolist() == [10.0, 6.0, -20.0]
    assert success(position, weight, 0.0, 10.0) == pytest.approx(16.0 / 36.0)
    assert [a for a in position if all(votes(position, weight, a, b).sum() >= 0.0 for b in position)] == [4.0]
    assert success(position, weight, 1.0, 1.0) == 0.5
