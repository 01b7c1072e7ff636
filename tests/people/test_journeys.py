"""Journeys: the shortest road, shut with any link of it, nobody lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import examples

from standoff.case.geography import Place, Route
from standoff.people import Settings, compile_network, move_day, people_at
from standoff.people.network import journeys, thinned
from standoff.world.setting import network_of_case

IDS = ["front", "a", "b", "camp", "gate", "abroad"]
ROUTES = [("front", "a", 10.0), ("a", "b", 10.0), ("b", "camp", 10.0), ("front", "camp", 50.0), ("b", "gate", 5.0)]
ROUTES += [("gate", "abroad", 5.0)]


def roads(**change: object):
    kinds = ["town", "town", "town", "camp", "crossing", "beyond"]
    made = replace(Settings(dispersion=0.0, return_chance=0.0, phi=0.5), **change)
    return compile_network(IDS, kinds, ["X"] * 5 + ["Y"], ROUTES, home="X", settings=made)


def test_a_journey_takes_the_shortest_road_and_is_shut_with_any_link_of_it() -> None:
    made = journeys(roads())
    to_camp = made.link("front", "camp")
    assert made.km[to_camp] == 30.0
    abroad = made.link("front", "abroad")
    for shut, closed in [
        ([("route", "a", "b")], {to_camp, abroad}),
        ([("border", "X", "Y")], {abroad}),
        ([("place", "gate", "")], {abroad}),
        ([("route", "front", "camp")], set()),
    ]:
        mask = made.open_links(shut)
        assert {k for k in (to_camp, abroad) if not mask[k]} == closed
    assert all(made.target[k] != made.index["gate"] for k in range(made.links))  # crossings are passed, not chosen


def test_a_full_place_takes_in_nobody_and_is_passed() -> None:
    made = journeys(roads())
    closed = ~made.open_links([("into", "b", "")])
    assert closed.any()
    assert all((made.target[k] == made.index["b"]) == closed[k] for k in range(made.links))
    walked = ~roads().open_links([("into", "b", "")])
    assert [roads().ids[t] for t in roads().target[walked]] == ["b"] * 3


def test_a_crossing_is_open_through_a_border_that_is_shut() -> None:
    made = journeys(roads())
    abroad = made.link("front", "abroad")
    assert not made.open_links([("border", "X", "Y")])[abroad]
    assert made.open_links([("border", "X", "Y"), ("through", "gate", "")])[abroad]
    assert not made.open_links([("border", "X", "Y"), ("through", "camp", "")])[abroad]


def test_people_go_straight_to_where_they_choose() -> None:
    made = journeys(roads(exact=True), choices=4)
    people = people_at(made, [40_000, 0, 0, 0, 0, 0])
    moves = move_day(np.random.default_rng(1), people, made, np.array([20.0, 0, 0, 0, 0, 0]))
    share = moves.arrived[0] / moves.arrived[0].sum()
    pull = {"a": 1 / 20, "b": 1 / 30, "camp": 2 / 40, "abroad": 2 / 40}
    for name, weight in pull.items():
        assert abs(share[made.index[name]] - weight / sum(pull.values())) < 0.015
    shut = people_at(made, [1000, 0, 0, 0, 0, 0])
    move_day(
        np.random.default_rng(2),
        shut,
        made,
        np.array([9.0, 0, 0, 0, 0, 0]),
        open_links=made.open_links([("place", "front", "")]),
    )
    assert shut.residents[0, 0] == 1000


@settings(max_examples=examples(25))
@given(seed=st.integers(0, 2**31), exact=st.booleans(), speed=st.sampled_from([12.0, 120.0]))
def test_nobody_is_lost_on_a_journey(seed: int, exact: bool, speed: float) -> None:
    rng = np.random.default_rng(seed)
    made = journeys(roads(exact=exact, speed_km=speed, return_chance=0.1), choices=int(rng.integers(1, 6)))
    people = people_at(made, rng.integers(0, 500, 6), rng.integers(0, 50, 6), trajectories=3)
    before = people.total()
    for _ in range(10):
        mask = np.tile(made.open_links(), (3, 1)) & (rng.random((3, made.links)) < 0.8)
        move_day(rng, people, made, rng.exponential(1.0, (3, 6)) * (rng.random((3, 6)) < 0.4), open_links=mask)
        assert (people.total() == before).all()
        assert (people.displaced >= 0).all()
        assert (people.moving >= 0).all()


def test_the_pull_of_a_place_of_a_case_is_its_own_where_it_is_given_and_else_that_of_its_kind() -> None:
    kinds = {"a": "town", "b": "camp", "c": "camp", "alone": "camp"}
    places = [Place(id=k, name=k, kind=kind, lat=1.0, lon=1.0, country="XX", capacity=7) for k, kind in kinds.items()]
    routes = [Route(a="a", b="b", km=10.0), Route(a="a", b="c", km=10.0)]
    made = network_of_case(places, routes, home="XX", draw={"c": 5.5})
    usual = Settings().draw
    assert made.draw.tolist() == [usual["town"], usual["camp"], 5.5]  # a place that no route touches is left out
    assert made.capacity.tolist() == [7.0, 7.0, 7.0]
    assert network_of_case(places, routes, home="XX").draw.tolist() == [usual["town"], usual["camp"], usual["camp"]]


@given(
    shares=st.lists(st.floats(0.001, 1.0), min_size=5, max_size=40),
    choices=st.integers(3, 12),
    offset=st.floats(0.0, 0.999),
)
def test_places_that_stand_for_all_have_the_shares_of_all(shares: list[float], choices: int, offset: float) -> None:
    share = np.array(shares) / sum(shares)
    km = np.arange(share.size, dtype=float)
    picked, weight = thinned(share, km, choices, offset)
    assert len(picked) in {min(choices, share.size) + more for more in (-1, 0, 1)}
    assert (weight >= share - 1e-9).all()
    every = np.zeros(share.size)
    for step in np.arange(400) / 400:
        some, stand = thinned(share, km, choices, step)
        every[some] += stand[some] / 400
    assert np.allclose(every, share, atol=0.02 * stand.max() + 1e-6)


def test_nobody_makes_for_the_front_line_and_with_no_other_place_they_stay() -> None:
    made = journeys(roads(front=0.5))
    people = people_at(made, [1000.0, 0, 0, 0, 0, 0], trajectories=2, mean=True)
    calm = np.array([2.0, 0.0, 0.6, 0.0, 0.0, 0.0])
    move_day(None, people, made, calm)
    assert people.displaced[:, 2].max() == 0.0 < people.displaced[:, 1].min()
    people = people_at(made, [1000.0, 0, 0, 0, 0, 0], trajectories=1, mean=True)
    move_day(None, people, made, np.full(6, 0.5))
    assert people.residents[0, 0] == 1000.0


def test_shares_are_the_weights_of_journeys() -> None:
    shares = np.zeros((6, 6))
    shares[0, [1, 3]] = 0.25, 0.75
    made = journeys(roads(), 12, shares)
    out = {made.ids[made.target[i]]: made.weight[i] for i in range(made.first[0], made.first[1])}
    assert out == {"a": 0.25, "camp": 0.75}
