"""Choice of a country and a camp by road, against sums done by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.people.flee import direct as c

COUNTRIES = ["A", "B", "B"]


def test_a_country_draws_by_the_mean_over_its_camps() -> None:
    km = np.array([[100.0, 50.0, 100.0], [200.0, np.inf, 100.0], [np.inf] * 3])
    share = c.camp_choice(km, COUNTRIES)
    pull = np.array([1 / 100, 1 / 100, 1 / 200])  # 1/km over the camps of the country
    assert share[0] == pytest.approx(pull / pull.sum())
    assert share[1] == pytest.approx([0.5, 0.0, 0.5])
    assert share[2].tolist() == [0, 0, 0]


@given(st.integers(1, 9), st.floats(1, 900), st.floats(1, 900))
def test_dividing_a_camp_in_place_changes_nothing_for_other_countries(parts: int, near: float, far: float) -> None:
    whole = c.camp_choice(np.array([[near, far]]), ["A", "B"])
    cut = c.camp_choice(np.array([[near] + [far] * parts]), ["A"] + ["B"] * parts)
    assert cut[0, 0] == pytest.approx(whole[0, 0])
    assert cut[0, 1:].sum() == pytest.approx(whole[0, 1])


def test_shares_of_the_day_follow_the_fighting_and_the_closures() -> None:
    fighting = np.array([[True, False], [True, True], [False, False], [True, False]])
    east, west = np.array([[1.0, 0, 0], [0, 0.5, 0.5]]), np.array([[0, 1.0, 0], [0, 0, 0]])
    share = c.newcomer_shares(fighting, {0: east, 3: west}, COUNTRIES)
    assert share.tolist() == [[1, 0, 0], [0.5, 0.25, 0.25], [0.5, 0.25, 0.25], [0, 1, 0]]


def test_rises_go_by_share_and_falls_take_from_all_alike() -> None:
    share = np.array([[1.0, 0], [0.25, 0.75], [1, 0]])
    made = c.counts_by_share(np.array([10.0, 30.0]), np.array([40.0, 40.0, -40.0]), share)
    assert made.tolist() == [[10, 30], [20, 60], [10, 30]]


def test_late_reports_are_kept_and_the_rest_is_divided_by_halves() -> None:
    reports = {"a": [(0, 10.0), (2, 30.0)], "b": [(0, 30.0), (3, 70.0)]}
    share = np.tile([1.0, 0.0], (5, 1))
    total = np.array([40.0, 50, 60, 80, 30])
    made = c.counts_with_reports(total, reports, ["a", "b"], 2, np.array([10.0, 30.0]), share)
    assert made[1] == pytest.approx([10 + 10 * (0.25 + 1) / 2, 30 + 10 * 0.75 / 2])
    assert made[4] == pytest.approx([30 * 0.5, 30 * 0.5])  # 30 and 30 known, 30 in all
    assert made.sum(axis=1) == pytest.approx(total)


@given(st.integers(0, 4), st.floats(1, 1e6))
def test_nothing_younger_than_the_lag_is_used(lag: int, wrong: float) -> None:
    day, total, share = 5, np.full(6, 100.0), np.full((6, 2), 0.5)
    told = {"a": [(0, 10.0), (day - lag, 20.0)], "b": [(0, 30.0)]}
    later = {"a": [*told["a"], (day - lag + 1, wrong)], "b": told["b"]}
    one, two = (c.counts_with_reports(total, r, ["a", "b"], lag, np.array([10.0, 30.0]), share) for r in (told, later))
    assert (one[: day + 1] == two[: day + 1]).all()
