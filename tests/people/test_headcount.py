"""People present by area: areas and the road sum to everybody every day, and origins to who stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import examples

from standoff.people import Settings, compile_network, move_day, people_at
from standoff.people.headcount import MEASURES, Areas, Headcount, days_shown, joined
from standoff.people.network import journeys

IDS = ["front", "a", "b", "camp", "gate", "abroad"]
KINDS = ["town", "town", "town", "camp", "crossing", "beyond"]
ROUTES = [("front", "a", 10.0), ("a", "b", 10.0), ("b", "camp", 10.0), ("front", "camp", 50.0), ("b", "gate", 5.0)]
ROUTES += [("gate", "abroad", 5.0)]
AREAS = Areas(("S", "N", ""), ("South", "North", "Y"), np.array([0, 0, 1, 1, 1, 2]))


def counted(seed: int, *, direct: bool, speed: float = 120.0, days: int = 8, back: float = 0.05):
    rng = np.random.default_rng(seed)
    roads = compile_network(
        IDS, KINDS, ["X"] * 5 + ["Y"], ROUTES, home="X", capacity=[0, 0, 0, 900.0, 0, 0],
        settings=Settings(speed_km=speed, return_chance=back, phi=0.3),
    )  # fmt: skip
    made = journeys(roads, 5) if direct else roads
    people = people_at(made, rng.integers(0, 900, 6), [0, 50, 0, 400, 0, 0], trajectories=4)
    count = Headcount(AREAS, people, days)
    whole = people.total()[0]
    for _ in range(days):
        moves = move_day(rng, people, made, rng.random((4, 6)), streams=True, flows=False)
        count.day(people, moves)
    return count, people, whole


@settings(max_examples=examples(20))
@given(seed=st.integers(0, 2**31), direct=st.booleans(), speed=st.sampled_from([12.0, 120.0]))
def test_people_are_conserved_and_origins_sum_to_who_stays(seed: int, direct: bool, speed: float) -> None:
    count, people, whole = counted(seed, direct=direct, speed=speed)
    means = dict(zip(MEASURES, count.table[:, 0], strict=True))
    assert np.allclose(means["present"].sum(axis=1), whole, rtol=1e-5)
    assert (means["newcomers"][:, :-1] <= means["displaced"][:, :-1] + 1e-3).all()
    assert (count.table[:, 0] >= 0).all()
    stay = AREAS.sums(people.displaced.T).mean(axis=1)
    assert np.allclose(count.came.sum(axis=1), stay, rtol=1e-4, atol=1e-2)
    low, high = count.table[:, 1], count.table[:, -1]
    assert (low <= high).all()


def test_who_left_one_place_is_told_to_come_from_there() -> None:
    made = journeys(
        compile_network(IDS, KINDS, ["X"] * 5 + ["Y"], ROUTES, home="X", settings=Settings(return_chance=0.0, phi=0.5)),
        5,
    )
    people = people_at(made, [4000, 0, 0, 0, 0, 0], [0, 0, 0, 700, 0, 0], trajectories=2)
    count = Headcount(AREAS, people, 3)
    rng = np.random.default_rng(1)
    for _ in range(3):
        count.day(people, move_day(rng, people, made, np.array([1.0, 0, 0, 0, 0, 0]), streams=True))
    left = 4000 - people.residents[:, 0].mean()
    assert left > 1000
    assert count.came[:, :2].sum() == pytest.approx(left, rel=1e-3)  # all of the newly displaced left the South
    assert count.came[:, 1].sum() == 0
    assert count.came[:, -1].sum() == pytest.approx(700, rel=1e-3)


def test_counting_streams_changes_nothing() -> None:
    for direct in (True, False):
        roads = compile_network(IDS, KINDS, ["X"] * 5 + ["Y"], ROUTES, home="X", settings=Settings(phi=0.3))
        made = journeys(roads, 5) if direct else roads
        ends = []
        for streams in (True, False):
            people = people_at(made, [900] * 6, trajectories=3)
            rng = np.random.default_rng(7)
            for _ in range(5):
                move_day(rng, people, made, np.full((3, 6), 0.4), streams=streams, flows=False)
            ends.append(people.displaced.copy())
        assert np.array_equal(*ends)


def test_days_shown_and_batches_of_unequal_size() -> None:
    assert days_shown(5) == [0, 1, 2, 3, 4]
    assert days_shown(40) == [6, 13, 20, 27, 34, 39]
    tables = np.array([[1.0, 10.0], [4.0, 40.0]], dtype=np.float32)
    assert joined(tables, [200, 100]).tolist() == [2.0, 20.0]
