"""Shares of destinations: they sum to one, a place that is shut has none, and people follow those who went before."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from standoff.people.destinations import FITTED, choice_shares, destination_shares, open_shares, people_there

KM = np.array([[10.0, 40.0, np.inf], [5.0, np.inf, np.inf], [np.inf, np.inf, np.inf]])


def test_shares_sum_to_one_where_there_is_a_way() -> None:
    made = destination_shares(KM, np.array([100.0, 300.0, 500.0]))
    assert np.allclose(made.sum(axis=1), [1.0, 1.0, 0.0])
    assert (made[~np.isfinite(KM)] == 0).all()


def test_without_a_stock_distance_alone_decides() -> None:
    made = choice_shares(KM, np.zeros(3))
    ratio = ((40 + FITTED.near_km) / (10 + FITTED.near_km)) ** FITTED.distance
    assert np.isclose(made[0, 0] / made[0, 1], ratio)
    assert np.array_equal(made, destination_shares(KM, np.zeros(3)))


def test_half_go_where_the_displaced_are() -> None:
    stock = np.array([0.0, 1000.0, 0.0])
    made, choice = destination_shares(KM, stock), choice_shares(KM, stock)
    assert np.isclose(made[0, 1], 0.5 + 0.5 * choice[0, 1])
    assert made[1, 0] == 1.0  # nobody is where it can be reached: the choice alone


def test_residents_count_a_quarter() -> None:
    assert people_there(np.array([100.0]), np.array([400.0]))[0] == 200.0


@given(
    shares=st.lists(st.floats(0, 1), min_size=2, max_size=6).filter(lambda s: sum(s) > 0),
    shut=st.integers(0, 5),
)
def test_what_is_shut_has_nothing_and_the_others_have_all(shares: list[float], shut: int) -> None:
    one = np.array([shares]) / sum(shares)
    closed = np.arange(one.size) == shut
    left = open_shares(one, closed)
    assert (left[0, closed] == 0).all()
    assert np.isclose(left.sum(), 1.0) or one[0, ~closed].sum() == 0
