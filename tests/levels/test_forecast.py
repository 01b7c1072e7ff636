"""Forecasts of counts: nothing of the future enters, distributions are distributions, scores are what they say."""

from __future__ import annotations

import tracemalloc
from datetime import date

import numpy as np
import pytest
import scoringrules
from scipy.stats import nbinom

from standoff.errors import StandoffError
from standoff.levels.forecast import (
    DISPERSIONS,
    MEMBERS,
    MOST,
    RIVALS,
    Counts,
    _spread,
    backtest,
    count_grid,
    crps_of,
    expect,
    level_score,
    negative_binomial,
    quantile,
)
from standoff.views.lines.levels import score_sentences


def counts(areas: int = 4, days: int = 420, seed: int = 1) -> np.ndarray:
    """Return days that cluster: a level that wanders, and a gamma of its own for each day."""
    rng = np.random.default_rng(seed)
    level = np.exp(np.cumsum(rng.normal(0, 0.06, (areas, days)), axis=1) - np.arange(areas)[:, None])
    return rng.poisson(level * rng.gamma(2.0, 0.5, level.shape))


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    return counts()


@pytest.mark.parametrize("horizon", [7, 28, 84])
def test_a_change_of_the_future_moves_no_earlier_forecast(values: np.ndarray, horizon: int) -> None:
    """Whatever comes after an origin, the forecast made there stays as it was, to the bit."""
    before = backtest(values, horizon)
    changed = values.copy()
    changed[:, 300:] = counts(seed=2)[:, 300:] * 3
    after = backtest(changed, horizon)
    earlier = before.origins <= 300
    assert earlier.sum() > 20
    assert np.array_equal(before.mixture[earlier], after.mixture[earlier])
    assert np.array_equal(before.weight[earlier], after.weight[earlier])
    assert not np.array_equal(before.mixture[~earlier], after.mixture[~earlier])


def test_distributions_rise_from_zero_to_one(values: np.ndarray) -> None:
    """Every distribution lies between 0 and 1, never falls, and holds nearly all chance inside the grid."""
    test = backtest(values, 28)
    for name in (*MEMBERS, "mixture"):
        chance = test.mixture if name == "mixture" else test.members[name]
        assert chance.min() >= 0 and chance.max() <= 1 + 1e-12
        assert (np.diff(chance, axis=-1) >= -1e-12).all(), name
        assert (chance[..., -1] > 0.999).all(), name
    assert np.allclose(test.weight.sum(1), 1)


def test_order_of_areas_does_not_matter(values: np.ndarray) -> None:
    """Areas in another order get the same forecasts."""
    order = [2, 0, 3, 1]
    one, other = backtest(values, 28), backtest(values[order], 28)
    assert np.allclose(one.mixture[:, order], other.mixture, atol=1e-9)


def test_the_negative_binomial_is_scipys() -> None:
    """Mean, and variance of mean + dispersion * mean^2, as SciPy counts them."""
    grid = count_grid(50)
    for mean, dispersion in ((0.3, 0.02), (4.0, 0.6), (70.0, 3.0)):
        own = negative_binomial(grid, np.array([mean]), np.array([dispersion]))[0]
        size = 1 / dispersion
        assert np.allclose(own, nbinom.cdf(grid, size, size / (size + mean)), atol=1e-10)
        assert nbinom.var(size, size / (size + mean)) == pytest.approx(mean + dispersion * mean**2)


def test_the_score_is_that_of_another_program() -> None:
    """On the exact part of the grid the score equals scoringrules' for a sample of the same distribution."""
    rng = np.random.default_rng(3)
    sample = rng.poisson(3.0, 4000)
    sample = sample[sample <= 15]
    grid = count_grid(10)
    chance = np.searchsorted(np.sort(sample), grid, side="right") / len(sample)
    for came in (0.0, 2.0, 9.0):
        rival = scoringrules.crps_ensemble(came, sample.astype(float))
        assert crps_of(chance, grid, np.array(came)) == pytest.approx(float(rival), abs=1e-3)


def test_scores_on_counts_that_are_what_they_are_forecast_as() -> None:
    """Independent negative binomials of one rate: the range holds, and nothing beats the long run by much."""
    rng = np.random.default_rng(5)
    still = rng.negative_binomial(2.0, 2.0 / (2.0 + 0.4), (12, 700))
    outcome = level_score(backtest(still, 7))
    assert outcome is not None
    assert 0.74 < outcome.covered < 0.86
    assert 0.05 < outcome.below < 0.15 and 0.05 < outcome.above < 0.15
    assert outcome.covered + outcome.below + outcome.above == pytest.approx(1.0)
    assert abs(outcome.gain["long-run"]) < 0.03
    assert outcome.inside >= outcome.covered - 0.01, "the printed range is wider than the randomised one"
    assert outcome.n == 12 * outcome.origins


def test_a_level_that_lasts_is_forecast_better_than_by_the_long_run(values: np.ndarray) -> None:
    """Where the level wanders, the mixture beats the long run and does better than its members on average."""
    outcome = level_score(backtest(values, 28))
    assert outcome is not None
    assert outcome.gain["long-run"] > 0.1
    assert outcome.crps["mixture"] < sum(outcome.crps[name] for name in MEMBERS) / len(MEMBERS)
    assert set(outcome.gain) == set(RIVALS)
    assert sum(outcome.weights.values()) == pytest.approx(1)


def test_a_quantile_is_the_smallest_count_that_is_reached(values: np.ndarray) -> None:
    """At the quantile the chance is at least the share, one below it less."""
    test = backtest(values, 7)
    for share in (0.1, 0.5, 0.9):
        for area, count in enumerate(quantile(test, share)):
            row = test.mixture[-1, area]
            if count <= 15:
                assert row[count] >= share - 1e-9
                assert count == 0 or row[count - 1] < share


def test_expect_says_what_is_usual(values: np.ndarray) -> None:
    """A level is beside its last window and a window at the mean of the last 90 days; ranges are in order."""
    record = Counts(("a", "b", "c", "d"), date(2020, 1, 1), values)
    levels = expect(record, (7, 28))
    assert len(levels.levels) == 8 and list(levels.scores) == [7, 28]
    for level in levels.levels:
        area = record.areas.index(level.area)
        assert level.last == values[area, -level.horizon :].sum()
        assert level.usual == pytest.approx(values[area, -90:].mean() * level.horizon)
        assert level.low <= level.median <= level.high
        assert 0 <= level.surge <= 1
        assert level.ratio is None or level.ratio == pytest.approx(level.median / level.usual)
    assert "4 areas" in repr(levels) and "\n" not in repr(levels)


def test_a_short_record_is_not_scored() -> None:
    """Of 60 days something can be expected, and nothing be said of how good it is."""
    levels = expect(Counts(("a",), date(2020, 1, 1), counts(1, 60)), (7, 28))
    assert levels.scores == {7: None, 28: None}


def test_a_long_record_is_scored_on_its_last_ten_years() -> None:
    rows = np.random.default_rng(4).poisson(0.02, (1, 365 * 11))
    levels = expect(Counts(("a",), date(1990, 1, 1), rows), (84,))
    score = levels.scores[84]
    # of 520 origins half a year warms up, and the windows of the last twelve weeks have not ended
    assert score is not None and score.origins == 520 - 22 - 12
    assert any("ten years" in note for note in levels.counts.notes)
    assert 3 <= levels.levels[0].high <= 6 and levels.levels[0].low == 0


def test_nothing_to_be_right_about_is_no_score() -> None:
    score = level_score(backtest(np.zeros((2, 400), dtype=np.int64), 7))
    assert score is not None and score.nothing
    (sentence,) = score_sentences(7, score)
    assert "nothing to be scored on" in sentence and "better" not in sentence


def test_nothing_counted_is_nothing_expected_nearly() -> None:
    """A year without an incident: at most one in a week, most likely none."""
    levels = expect(Counts(("a", "b"), date(2020, 1, 1), np.zeros((2, 365), int)), (7,))
    assert all(level.median == 0 and level.high <= 1 for level in levels.levels)
    assert levels.levels[0].ratio is None


@pytest.mark.parametrize("horizons", [(), (0,), (366,)])
def test_horizons_are_days(values: np.ndarray, horizons: tuple[int, ...]) -> None:
    """No horizon, none of no days and none beyond a year."""
    with pytest.raises(StandoffError, match="horizon"):
        expect(Counts(tuple("abcd"), date(2020, 1, 1), values), horizons)


def test_too_few_days_are_refused() -> None:
    """Under four weeks nothing can be learned."""
    with pytest.raises(StandoffError, match="20 days"):
        backtest(counts(2, 20), 7)


def test_counts_are_counts() -> None:
    """Negative numbers and a shape that is not areas by days are no counts."""
    with pytest.raises(ValueError, match="below zero"):
        Counts(("a",), date(2020, 1, 1), np.array([[1, -1]]))
    with pytest.raises(ValueError, match="expected counts of 2 areas"):
        Counts(("a", "b"), date(2020, 1, 1), np.array([[1, 1]]))


def test_distributions_are_laid_out_a_few_origins_at_a_time() -> None:
    grid = count_grid(10.0)
    mean = np.random.default_rng(3).gamma(1.0, 1.0, (MOST, 40))
    credence = np.full((*mean.shape, len(DISPERSIONS)), 1.0 / len(DISPERSIONS))
    tracemalloc.start()
    try:
        spread = _spread(grid, mean, credence)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5 * spread.nbytes  # all at once took 17 times as much
    one = _spread(grid, mean[7:8, :3], credence[7:8, :3])
    np.testing.assert_allclose(one, spread[7:8, :3], atol=1e-12)
