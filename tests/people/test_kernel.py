"""The displacement kernel: nobody is lost, shut ways are not taken, and the slow model agrees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people_one_by_one import Person, one_day
from thorough import examples

from standoff.errors import StandoffError
from standoff.people import Network, Settings, compile_network, move_day, people_at

PLACES = ["front", "market", "hill", "camp", "gate", "abroad"]
KINDS = ["town", "town", "town", "camp", "crossing", "beyond"]
ROUTES = [
    ("front", "market", 20.0),
    ("front", "hill", 35.0),
    ("market", "camp", 30.0),
    ("hill", "camp", 150.0),
    ("market", "gate", 25.0),
    ("gate", "abroad", 5.0),
]
INTENSITY = np.array([2.0, 0.3, 0.0, 0.0, 0.0, 0.0])


def a_network(capacity: float = 0.0, **change: object) -> Network:
    return compile_network(
        PLACES,
        KINDS,
        ["SY"] * 5 + ["TR"],
        ROUTES,
        home="SY",
        capacity=[0, 0, 0, capacity, 0, 0],
        settings=replace(Settings(phi=0.1, dispersion=0.0, return_chance=0.0), **change),
    )


def random_network(rng: np.random.Generator, n: int) -> Network:
    ids = [f"p{i}" for i in range(n)]
    routes = {(i - 1, i): float(rng.uniform(1, 400)) for i in range(1, n)}
    for _ in range(n):
        a, b = sorted(int(x) for x in rng.integers(0, n, 2))
        if a != b:
            routes[a, b] = float(rng.uniform(1, 400))
    return compile_network(
        ids,
        [str(k) for k in rng.choice(["town", "camp", "crossing", "site", "beyond"], n)],
        [str(c) for c in rng.choice(["SY", "TR"], n)],
        [(ids[a], ids[b], km) for (a, b), km in routes.items()],
        home="SY",
        capacity=[float(c) for c in rng.choice([0, 50, 500], n)],
        settings=Settings(exact=bool(rng.integers(2)), return_chance=0.05, dispersion=float(rng.choice([0.0, 0.1]))),
    )


@settings(max_examples=examples(60))
@given(seed=st.integers(0, 2**32 - 1), places=st.integers(2, 9), mean=st.booleans())
def test_nobody_is_lost_and_no_count_is_below_zero(seed: int, places: int, mean: bool) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng, places)
    n = 4
    people = people_at(network, rng.integers(0, 900, places), rng.integers(0, 90, places), trajectories=n, mean=mean)
    before, at_start = people.total(), people.displaced.sum(axis=1)
    for _ in range(12):
        mask = rng.random((n, network.links)) < 0.7
        moves = move_day(
            None if mean else rng,
            people,
            network,
            rng.exponential(2.0, (n, places)) * (rng.random((n, places)) < 0.5),
            fear=rng.random((n, places)),
            open_links=mask,
        )
        for counts in (people.residents, people.displaced, people.moving, people.away, moves.arrived, moves.flows):
            assert (counts >= (-1e-6 if mean else 0)).all()
        if mean:
            np.testing.assert_allclose(people.total(), before, rtol=1e-12)
        else:
            assert (people.total() == before).all()
            for counts in (people.residents, people.displaced, people.moving, people.away, moves.flows):
                assert (counts == np.floor(counts)).all()
            on_the_way = people.displaced.sum(axis=1) + people.moving.sum(axis=(0, 2))
            assert (people.away.sum(axis=1) == on_the_way - at_start).all()
        assert (moves.flows[~mask] == 0).all()


@pytest.mark.parametrize("exact", [True, False])
def test_each_trajectory_has_its_own_closures(exact: bool) -> None:
    network = a_network(exact=exact)
    people = people_at(network, [5000, 0, 0, 0, 0, 0], trajectories=2)
    mask = np.ones((2, network.links), dtype=bool)
    mask[1, network.link("gate", "abroad")] = False
    rng = np.random.default_rng(1)
    for _ in range(10):
        move_day(rng, people, network, INTENSITY, open_links=mask)
    abroad = people.displaced[:, network.index["abroad"]]
    assert abroad[0] > 100
    assert abroad[1] == 0
    assert people.displaced[1, network.index["gate"]] == 0  # a shut crossing draws nobody
    inside, refugees = people.stocks(network)
    assert refugees.tolist() == abroad.tolist()
    assert (inside + refugees == people.displaced.sum(axis=1)).all()


def test_with_every_way_shut_residents_stay_at_home() -> None:
    network = a_network()
    people = people_at(network, [5000, 10, 0, 0, 0, 0], [7, 0, 0, 0, 0, 0])
    shut = network.open_links([("place", "front", "")])
    for _ in range(5):
        move_day(np.random.default_rng(2), people, network, np.array([9.0, 0, 0, 0, 0, 0]), open_links=shut)
    assert people.residents[0, 0] == 5000
    assert people.displaced[0, 0] == 7


@pytest.mark.thorough
@pytest.mark.parametrize("capacity", [0.0, 400.0])
def test_the_kernel_agrees_with_a_model_of_single_people(capacity: float) -> None:
    network = a_network(capacity, exact=True, batches=16)
    residents, days, runs = [700, 300, 0, 0, 0, 0], 6, 60
    slow = np.zeros((runs, 6))
    for r in range(runs):
        rng = np.random.default_rng(100 + r)
        crowd = [Person(home=p, at=p) for p, count in enumerate(residents) for _ in range(count)]
        for _ in range(days):
            one_day(rng, crowd, network, INTENSITY)
        for person in crowd:
            slow[r, person.at] += person.displaced and not person.nights
    for exact in (True, False):
        fast = replace(network, settings=replace(network.settings, exact=exact))
        people = people_at(fast, residents, trajectories=400)
        rng = np.random.default_rng(5)
        for _ in range(days):
            move_day(rng, people, fast, INTENSITY)
        here = people.displaced
        error = np.sqrt(slow.var(axis=0) / runs + here.var(axis=0) / 400) + 1e-9
        limit = 4.0 * error + (0.02 * here.mean(axis=0) if capacity else 0.0)  # batches: a bound on the bias
        assert (np.abs(slow.mean(axis=0) - here.mean(axis=0)) <= limit + 0.2).all(), (exact, slow.mean(0), here.mean(0))
        if exact and not capacity:
            ratio = here.var(axis=0)[:4] / slow.var(axis=0)[:4]
            assert ((ratio > 0.55) & (ratio < 1.8)).all()


def test_expectations_are_the_mean_of_many_runs() -> None:
    network = a_network(exact=True)
    runs, one = people_at(network, [9000, 500, 0, 0, 0, 0], trajectories=500), None
    mean = people_at(network, [9000, 500, 0, 0, 0, 0], mean=True)
    rng = np.random.default_rng(11)
    for _ in range(15):
        move_day(rng, runs, network, INTENSITY)
        one = move_day(None, mean, network, INTENSITY)
    error = runs.displaced.std(axis=0) / np.sqrt(500)
    assert (np.abs(runs.displaced.mean(axis=0) - mean.displaced[0]) <= 4 * error + 1e-6).all()
    assert one is not None
    assert one.flows.dtype == np.float64


def test_a_full_camp_takes_nobody_and_a_day_does_not_overfill_it() -> None:
    network = a_network(300.0, batches=8)
    people = people_at(network, [40000, 0, 0, 0, 0, 0], trajectories=20)
    rng = np.random.default_rng(3)
    for _ in range(10):
        move_day(rng, people, network, INTENSITY)
    camp = people.displaced[:, 3]
    assert (camp >= 290).all()
    alone = people_at(network, [0, 0, 0, 0, 0, 0], [0, 900, 0, 300, 0, 0])
    before = alone.displaced[0, 3]
    moves = move_day(rng, alone, network, np.array([0, 9.0, 0, 0, 0, 0]))
    assert moves.arrived[0, 3] <= 300 - before + 3  # only what left the camp itself makes room


def test_people_go_home_only_where_it_is_quiet_and_allowed() -> None:
    network = a_network(return_chance=0.1)
    people = people_at(network, [4000, 3000, 0, 0, 0, 0])
    rng = np.random.default_rng(4)
    for _ in range(8):
        move_day(rng, people, network, np.array([5.0, 5.0, 0, 0, 0, 0]))
    away = people.away[0].copy()
    assert (away[:2] > 200).all()
    for _ in range(8):
        moves = move_day(rng, people, network, np.zeros(6), may_return=np.array([True, False, True, True, True, True]))
        assert moves.returned[0, 1] == 0
    assert people.away[0, 0] < away[0] / 2
    assert people.away[0, 1] == away[1]


def test_the_same_seed_gives_the_same_people() -> None:
    network = a_network(200.0)
    ends = []
    for _ in range(2):
        people = people_at(network, [4000, 300, 0, 0, 0, 0], trajectories=3)
        rng = np.random.Generator(np.random.Philox(7))
        for _ in range(9):
            move_day(rng, people, network, INTENSITY)
        ends.append(people.displaced.tobytes())
    assert ends[0] == ends[1]


def test_every_problem_of_a_network_is_told_at_once() -> None:
    with pytest.raises(StandoffError) as caught:
        compile_network(
            ["a", "b", "b", "alone"],
            ["town", "camp", "twon", "town"],
            ["SY"] * 4,
            [("a", "bb", 3.0), ("a", "a", 2.0), ("a", "b", -1.0), ("b", "a", 4.0)],
            home="SY",
        )
    told = str(caught.value)
    for part in ("given twice", "did you mean 'town'", "unknown place 'bb'", "to itself", "-1.0 km", "'alone'"):
        assert part in told


def test_an_unknown_place_or_country_in_a_closure_is_refused() -> None:
    network = a_network()
    for shut, part in [
        (("route", "front", "gate"), "no route"),
        (("place", "fromt", ""), "did you mean 'front'"),
        (("border", "SY", "TK"), "unknown country"),
        (("wall", "SY", "TR"), "closure kind"),
    ]:
        with pytest.raises(StandoffError, match=part):
            network.open_links([shut])
    assert network.open_links([("border", "SY", "TR")]).sum() == network.links - 2
