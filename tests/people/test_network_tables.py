"""A network from plain tables: what is left out, what is refused, and that the room knows no case."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import standoff.people
from standoff.errors import StandoffError
from standoff.people import Network, Settings, compile_network, move_day, people_at

PLACES = [
    {"id": "town", "kind": "town", "country": "A", "note": "passed over"},
    {"id": "camp", "kind": "camp", "country": "A", "capacity": 300},
    {"id": "far", "kind": "camp", "country": "B", "draw": 7.5},
    {"id": "lonely", "kind": "town", "country": "B"},
]
ROUTES = [{"a": "town", "b": "camp", "km": 40}, {"a": "camp", "b": "far", "km": 250.0}]


def test_tables_are_the_same_network_as_columns() -> None:
    network = Network.from_tables(PLACES, ROUTES, home="A")
    usual = Settings().draw
    plain = compile_network(
        ["town", "camp", "far"],
        ["town", "camp", "camp"],
        ["A", "A", "B"],
        [("town", "camp", 40.0), ("camp", "far", 250.0)],
        home="A",
        capacity=[0.0, 300.0, 0.0],
        draw=[usual["town"], usual["camp"], 7.5],
    )
    assert network.ids == ("town", "camp", "far")  # no route touches the fourth
    for name in ("draw", "move", "drift", "capacity", "km", "source", "target", "first", "nights", "weight", "abroad"):
        assert np.array_equal(getattr(network, name), getattr(plain, name)), name


def test_home_is_the_country_of_most_places_and_a_pull_of_0_counts() -> None:
    network = Network.from_tables([PLACES[0], PLACES[1], {**PLACES[2], "draw": 0.0}], ROUTES)
    assert network.abroad.tolist() == [False, False, True]
    assert network.draw[2] == 0.0


def test_with_journeys_the_links_are_direct() -> None:
    network = Network.from_tables(PLACES, ROUTES, home="A", settings=Settings(journeys=2))
    assert network.km[network.link("town", "far")] == 290.0
    assert network.settings.hops == 1


def test_what_is_wrong_with_a_table_is_refused_with_all_of_it() -> None:
    bad = [{**PLACES[0], "kind": "castle"}, *PLACES[1:]]
    with pytest.raises(StandoffError) as error:
        Network.from_tables(bad, [*ROUTES, {"a": "town", "b": "cmp", "km": 0}], home="A")
    text = "\n".join(str(p) for p in error.value.problems)
    assert "castle" in text
    assert "unknown place 'cmp'" in text
    assert "distance 0.0 km" in text


def test_a_place_takes_no_more_than_its_room_and_keeps_who_is_there() -> None:
    network = Network.from_tables(PLACES[:2], ROUTES[:1], home="A", settings=Settings(phi=0.01, dispersion=0.0))
    people = people_at(network, [5000, 0], trajectories=40)
    rng = np.random.default_rng(4)
    for _ in range(12):
        move_day(rng, people, network, np.array([3.0, 0.0]))
        assert (people.total() == 5000).all()
        assert people.displaced[:, 1].max() < 300 + 38  # some 148 leave a day, a quarter of them before anybody looks
    full = people.displaced.copy()
    assert full[:, 1].min() >= 300
    move_day(rng, people, network, np.array([3.0, 0.0]))
    assert (people.displaced[:, 1] <= full[:, 1]).all()  # nobody more


def test_what_a_user_holds_is_shown_on_one_line() -> None:
    network = Network.from_tables(PLACES, ROUTES, home="A")
    people = people_at(network, [100, 0, 0], trajectories=3)
    moves = move_day(np.random.default_rng(1), people, network, np.zeros(3))
    assert repr(network) == "<Network: 3 places, 4 links>"
    assert repr(people) == "<Presence: day 1, 3 trajectories, 3 places, 100 at home, 0 displaced>"
    assert repr(moves) == "<Moves: 0 left home, 0 arrived, 0 returned, 3 trajectories>"


def test_people_know_no_case_not_even_as_a_type() -> None:
    for path in Path(standoff.people.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not str(node.module).startswith(("standoff.case", "standoff.evidence", "standoff.world")), path
