"""Dense scoring: a forecast that knows scores best, one that copies a rival scores as it does, and errors say where."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from standoff.errors import StandoffError
from standoff.levels.dense import OWN, dense_score
from standoff.levels.forecast import RIVALS, Counts, backtest, crps_of

FIRST = date(2001, 1, 1)


@pytest.fixture(scope="module")
def counts() -> Counts:
    rng = np.random.default_rng(4)
    rates = np.array([0.2, 1.0, 3.0, 6.0])[:, None] * np.exp(np.cumsum(rng.normal(0, 0.04, (4, 300)), axis=1))
    return Counts(tuple("abcd"), FIRST, rng.poisson(rates))


def windows(counts: Counts, days: tuple[int, ...]) -> dict[date, np.ndarray]:
    return {FIRST + timedelta(days=d): counts.values[:, d : d + 28].sum(1, keepdims=True) * 1.0 for d in days}


def test_who_knows_what_comes_beats_all(counts: Counts) -> None:
    came = {day: np.repeat(one, 50, axis=1) for day, one in windows(counts, (100, 150, 200)).items()}
    score = dense_score(counts, 28, came)
    assert score.crps == 0 and set(score.gain) == {*RIVALS, OWN} and all(gain == 1 for gain in score.gain.values())
    assert (score.n, score.origins, score.covered) == (12, 3, 1.0) and score.rank == pytest.approx(1.0)
    wrong = dense_score(counts, 28, {day: one[::-1] + 40 for day, one in came.items()})
    assert wrong.crps > 20 and all(gain < 0 for gain in wrong.gain.values()) and wrong.covered == 0
    assert wrong.rank is not None and wrong.rank < 0


def test_rivals_are_those_of_a_backtest_that_ends_at_the_origin(counts: Counts) -> None:
    (day,) = windows(counts, (200,))
    score = dense_score(counts, 28, windows(counts, (200,)))
    test = backtest(counts.values[:, :200], 28)
    came = counts.values[:, 200:228].sum(1).astype(float)
    assert day == FIRST + timedelta(days=200)
    assert score.rivals[OWN] == pytest.approx(float(crps_of(test.mixture[-1], test.grid, came).mean()))
    later = counts.values.copy()
    later[:, 228:] += 100  # what comes after the window changes nothing
    assert dense_score(Counts(counts.areas, FIRST, later), 28, windows(counts, (200,))) == score


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ({}, "no forecast"),
        ({FIRST: np.zeros((4, 5))}, "2001-01-29"),
        ({FIRST + timedelta(days=290): np.zeros((4, 5))}, "do not cover"),
        ({FIRST + timedelta(days=100): np.zeros((3, 5))}, r"\[4, n\]"),
        ({FIRST + timedelta(days=100): np.full((4, 5), np.nan)}, "finite"),
    ],
)
def test_what_cannot_be_scored_is_told(counts: Counts, samples: dict[date, np.ndarray], expected: str) -> None:
    with pytest.raises(StandoffError, match=expected):
        dense_score(counts, 28, samples)
