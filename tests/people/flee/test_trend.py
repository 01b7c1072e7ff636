"""Point forecasts: what is followed, what is not, and how long silence and age change it."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.people.flee.forecast import camp_trend, direction, methods, persistence, rolling, skill, unseen_days

STEADY = [(d, 1000.0 + 10 * d) for d in range(0, 200, 10)]


def test_a_steady_series_is_followed_and_a_jump_is_not() -> None:
    assert 3100 < camp_trend(STEADY, 190, 30, growth=False) <= 2900 + 300
    jump = [(d, 1000.0 if d < 150 else 3000.0) for d in range(0, 200, 10)]
    assert direction(jump[-13:]) == 0.0
    assert camp_trend(jump, 190, 30, growth=False) == persistence(jump, 190, 30) == 3000.0
    back_and_forth = [(d, 1000.0 + 300 * (d // 10 % 2)) for d in range(0, 200, 10)]
    assert abs(camp_trend(back_and_forth, 190, 30, growth=False) - 1300) < 40


@pytest.mark.parametrize("every", [1, 7, 30])
def test_direction_does_not_depend_on_how_often_a_camp_reports(every: int) -> None:
    assert direction([(d, 500.0 + 3 * d) for d in range(0, 121, every)]) == pytest.approx(1.0)


def test_the_formula_by_hand() -> None:
    series = [(0, 0.0), (10, 100.0), (20, 300.0), (30, 600.0), (40, 700.0)]
    g = 1.0 * (1 - 300 / 700) / (1 - 1 / 4)
    w = exp(-20 / 60)
    trend = 700 + w * g * (700 / 40) * 120 * (1 - exp(-50 / 120))
    grown = trend * (1 + 50 / (30 + 60)) ** (w * (1 - g) * 0.25)
    assert camp_trend(series, 60, 30) == pytest.approx(grown)


def test_the_longer_the_silence_the_nearer_to_the_last_report() -> None:
    far = [camp_trend(STEADY, 190 + silent, 30) - 2900 for silent in (0, 60, 180, 700)]
    assert far == sorted(far, reverse=True)
    assert far[-1] < 1
    assert camp_trend(STEADY, 370, 30, silence=False) > camp_trend(STEADY, 370, 30)


def test_young_camps_grow_and_old_ones_hardly() -> None:
    young, old = [(0, 0.0), (5, 800.0)], [(d, 800.0 * (d > 0)) for d in range(0, 1000, 10)]
    assert camp_trend(young, 5, 90) > 1.15 * 800
    assert 800 < camp_trend(old, 990, 90) < 1.03 * 800
    assert camp_trend([(0, 0.0), (5, 0.0)], 5, 90) == 0.0


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=40), st.integers(1, 40), st.integers(1, 400))
def test_a_forecast_is_never_below_half_nor_above_a_few_times_what_is_known(
    counts: list[float], every: int, horizon: int
) -> None:
    series = [(every * i, v) for i, v in enumerate(counts)]
    last, origin = counts[-1], series[-1][0]
    made = camp_trend(series, origin, horizon)
    assert made >= 0.5 * last - 1
    assert made <= (last + 4 * last) * (1 + horizon / 60) ** 0.25 + 1


def test_every_method_can_forecast_from_a_single_report() -> None:
    for name, method in methods([(0, 10.0), (40, 30.0)]).items():
        assert method([(0, 100.0)], 20, 30) == pytest.approx(100.0), name


@pytest.mark.parametrize("age", [70, 240, 3000])
def test_the_age_before_the_first_report_is_that_which_gives_the_growth_seen(age: int) -> None:
    reports = [(day, 1000.0 * (1 + day / age) ** 0.25) for day in (0, 40, 400)]
    assert unseen_days(reports) == pytest.approx(age)


def test_a_camp_grows_as_far_as_it_was_seen_to() -> None:
    young = [(0, 0.0), (10, 900.0)]  # empty before: it opened
    assert unseen_days(young) == 60
    assert camp_trend(young, 10, 90) == pytest.approx(900 * (1 + 90 / 60) ** 0.25)
    for old in ([(10, 900.0)], [(0, 900.0), (10, 900.0)], [(0, 900.0), (10, 800.0)], [(0, 9.0), (10, 0.0)]):
        assert unseen_days(old) == float("inf")
        assert camp_trend(old, 10, 90) == old[-1][1]
    assert unseen_days([(0, 100.0), (200, 900.0)]) == 60  # at the least


def test_reports_that_begin_when_camps_have_long_stood_are_no_worse_than_persistence() -> None:
    rng = np.random.default_rng(1)
    camps = {
        f"camp {i}": tuple((int(d), round(20000 * (1 + (d + i) / 2000) ** 0.25 * rng.normal(1, 0.01))) for d in days)
        for i, days in enumerate([range(0, 300, 10)] * 8)
    }
    for horizon in (30, 90):
        ours = skill("ours", horizon, rolling(camps, horizon))
        last = skill("last", horizon, rolling(camps, horizon, persistence))
        assert ours.n == last.n > 100
        assert ours.crps < 1.25 * last.crps
        assert ours.ard < 1.25 * last.ard
