"""Splits against a slow one, cell by cell; what is given by sector or in two ways equals what is given by place."""

from __future__ import annotations

from dataclasses import replace
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_kernel import random_network
from thorough import examples

from standoff.people import Ways, move_day, people_at
from standoff.people.draws import binomial, binomial_rows, split, take, uniform_rows


def slow_split(people: int, weights: list[float], offset: float) -> list[int]:
    """Round the running expectation down; the last alternative with weight takes the rest."""
    parts, running, before, last = [], 0.0, 0, max(i for i, w in enumerate(weights) if w > 0)
    for i, weight in enumerate(weights):
        running += weight
        reached = people if i >= last else floor(people * running / sum(weights) + offset)
        parts.append(reached - before)
        before = reached
    return parts


@settings(max_examples=examples(60))
@given(seed=st.integers(0, 2**32 - 1), most=st.sampled_from([3, 1000, 10**6, 2**23, 10**8]))
def test_a_split_is_that_of_the_slow_one_however_many_people_there_are(seed: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    degree = np.sort(rng.integers(1, 6, 4))[::-1]
    people = rng.integers(0, most + 1, (4, 3)).astype(np.float64)
    weights = rng.exponential(1.0, (5, 4, 3)) * (rng.random((5, 4, 3)) < 0.6)
    weights[0] += 1e-3  # so that every row has some weight
    offset = rng.random((4, 3))
    upto = [np.cumsum(weights, axis=0)[k, : (degree > k).sum()] for k in range(int(degree[0]))]
    parts = list(split(rng, people, [one.copy() for one in upto], offset, exact=False))
    for row in range(4):
        for column in range(3):
            mine = [float(parts[k][row, column]) for k in range(int(degree[row]))]
            given_weights = weights[: degree[row], row, column].tolist()
            wanted = slow_split(int(people[row, column]), given_weights, offset[row, column])
            assert sum(mine) == people[row, column]
            assert all(part >= 0 for part in mine)
            assert all(part == 0 for part, w in zip(mine, weights[:, row, column], strict=False) if w == 0)
            assert np.abs(np.array(mine) - np.array(wanted)).max() <= 1  # where rounding decides between two people


@pytest.mark.parametrize("exact", [True, False])
def test_sectors_and_two_ways_are_the_same_as_places_and_masks(exact: bool) -> None:
    rng = np.random.default_rng(8)
    made = random_network(rng, 12)
    network = replace(made, settings=replace(made.settings, exact=exact))
    n, sector = 7, rng.integers(0, 4, 12)
    level = rng.exponential(2.0, (n, 4)) * (rng.random((n, 4)) < 0.7)
    fear, when = rng.random((n, 4)), rng.random(n) < 0.5
    usual, other = rng.random(network.links) < 0.8, rng.random(network.links) < 0.8
    ends = []
    for short in (True, False):
        people = people_at(network, rng.integers(5, 6, 12) * 900, [60] * 12, trajectories=n)
        chance = np.random.default_rng(3)
        for _ in range(6):
            if short:
                moves = move_day(chance, people, network, level, fear=fear, sector=sector,
                            open_links=Ways(usual, other, when), flows=False)  # fmt: skip
                assert moves.flows.shape == (n, 0)
            else:
                mask = np.where(when[:, None], other, usual)
                moves = move_day(chance, people, network, level[:, sector], fear=fear[:, sector], open_links=mask)
        ends.append([people.residents, people.displaced, people.moving, people.away, moves.arrived, moves.departed])
    for a, b in zip(*ends, strict=True):
        assert (a == b).all()
    assert ends[0][1].any()


@settings(max_examples=examples(80))
@given(
    seed=st.integers(0, 2**32 - 1),
    skip=st.integers(0, 9),
    n=st.integers(1, 230),
    mask=st.lists(st.booleans(), min_size=0, max_size=12),
)
def test_rows_that_nobody_needs_are_passed_over(seed: int, skip: int, n: int, mask: list[bool]) -> None:
    one, other = (np.random.Generator(np.random.Philox(key=seed)) for _ in range(2))
    rows, shape = np.flatnonzero(mask), (len(mask), n)
    for rng in (one, other):
        rng.random(skip)
    assert np.array_equal(uniform_rows(one, rows, shape), other.random(shape)[rows])
    assert np.array_equal(one.random(7), other.random(7)), "and the stream goes on as if they had been drawn"


@pytest.mark.parametrize("exact", [True, False])
def test_draws_by_row_are_those_of_all(exact: bool) -> None:
    make = np.random.default_rng(3)
    people = make.integers(0, 900, (9, 120)) * (make.random((9, 1)) < 0.5).astype(np.float64)
    chance = make.random((9, 120)) * (make.random((9, 120)) < 0.7)
    one, other = (np.random.Generator(np.random.Philox(key=5)) for _ in range(2))
    mine = binomial_rows(one, people, lambda some: chance[some], exact=exact)
    assert mine.any()
    assert np.array_equal(mine, binomial(other, people, chance, exact=exact))
    assert one.random() == other.random()


@pytest.mark.parametrize("last", [0.0, 40.0])
def test_people_are_taken_by_rounding_the_running_sum(last: float) -> None:
    make = np.random.default_rng(4)
    stock = make.integers(0, 900, (6, 50)).astype(np.float64)
    stock[[1, 4]], stock[5] = 0.0, last
    wanted = make.integers(0, 2000, 50).astype(np.float64)
    one, other = (np.random.Generator(np.random.Philox(key=9)) for _ in range(2))
    mine, offset = take(one, wanted, stock, exact=False), other.random(50)
    for column in range(50):
        whole = stock[:, column].sum()
        most, before = min(wanted[column], whole), 0.0
        for place in range(6):
            share = most / whole * stock[: place + 1, column].sum()
            upto = most if place == 5 else min(floor(share + offset[column]), most)
            assert mine[place, column] == min(upto - before, stock[place, column])
            before = upto
