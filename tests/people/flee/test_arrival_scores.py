"""Scores and baselines of allocated arrivals against sums done by hand."""

from __future__ import annotations

import numpy as np
import pytest

from standoff.people.flee import scores as a

REPORTS = {"east": [(0, 100.0), (2, 300.0)], "west": [(0, 100.0), (1, 100.0)]}
DATA = np.array([[100.0, 100.0], [200.0, 100.0], [300.0, 100.0]])
COUNTS = np.array([[100.0, 100.0], [150.0, 150.0], [240.0, 160.0]])


def test_report_dates_days_and_flees_denominator_are_three_scores() -> None:
    found = a.score("x", "all", COUNTS, DATA, REPORTS, ["east", "west"], 200.0)
    assert found.n == 4
    assert found.ard_reports == pytest.approx((60 + 50) / 600)
    assert found.ard_days == pytest.approx(np.mean([0, 100 / 300, 120 / 400]))
    assert found.ard_flee == pytest.approx(np.mean([0, 100 / 500, 120 / 600]))


def test_capacity_that_equals_what_comes_later_is_a_leak() -> None:
    assert a.leaky([310.0, 500.0], REPORTS, ["east", "west"]) == ["east"]


def test_the_baselines_split_the_total_as_their_names_say() -> None:
    total = DATA.sum(axis=1)
    assert (a.equal_split(total, 2) == [[100, 100], [150, 150], [200, 200]]).all()
    assert (a.capacity_split(total, np.array([3.0, 1.0]))[:, 0] == [150, 225, 300]).all()
    assert a.lagged_shares(total, REPORTS, ["east", "west"], 2)[2].tolist() == [200.0, 200.0]
    km = np.array([[10.0, 30.0], [np.inf, 20.0]])  # from two origins to two camps
    weight = np.array([[1.0, 0.0], [0.0, 2.0]])
    assert a.nearest_pull(weight, km).tolist() == [[1, 0], [0, 2]]
    assert a.gravity_pull(weight, km, 1.0)[0] == pytest.approx([0.1, 1 / 30])
    split = a.arrivals_split(np.array([5.0, 5.0]), np.array([0.0, 8.0]), np.array([[1.0, 1.0], [3.0, 1.0]]))
    assert split[-1].tolist() == [11.0, 7.0]
    assert a.arrivals_split(np.zeros(2), np.array([4.0]), np.zeros((1, 2)))[-1].tolist() == [2.0, 2.0]


def test_road_distances_are_the_shortest() -> None:
    km = a.distances(4, [0, 1, 0, 1], [1, 2, 2, 0], [5.0, 6.0, 20.0, 5.0])
    assert km[0].tolist() == [0.0, 5.0, 11.0, np.inf]
