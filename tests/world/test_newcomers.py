"""Runs send people where the rule of arrivals sends them, and nobody to places without people beyond the lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from standoff.case.geography import Place, Route
from standoff.people import Settings
from standoff.world.newcomers import journey_shares, takes_people
from standoff.world.setting import network_of_case

PLACES = [
    Place(id="left", name="L", kind="town", country="X", lat=0.0, lon=0.0, residents=9000),
    Place(id="near", name="N", kind="town", country="X", lat=0.0, lon=0.1, residents=1000, displaced=500),
    Place(id="far", name="F", kind="camp", country="X", lat=0.0, lon=0.5, displaced=5000),
    Place(id="empty", name="E", kind="town", country="X", lat=0.0, lon=0.2),
]
ROUTES = [Route(a="left", b="near", km=10), Route(a="near", b="far", km=40), Route(a="left", b="empty", km=5)]


def shares(places: list[Place], **draw: float) -> np.ndarray:
    roads = network_of_case(places, ROUTES, home="X", settings=Settings(journeys=0))
    by_id = {p.id: p for p in places}
    made = journey_shares([by_id[name] for name in roads.ids], roads, draw)
    assert made is not None
    return made[roads.index["left"]][[roads.index[name] for name in ("near", "far", "empty")]]


def test_people_go_where_displaced_people_are_and_not_to_towns_without_anybody() -> None:
    near, far, empty = shares(PLACES)
    assert far > near > 0 == empty
    assert near + far == pytest.approx(1.0)


def test_a_pull_of_one_place_is_set_against_its_kind() -> None:
    near, far, _ = shares(PLACES)
    more, same, _ = shares(PLACES, near=2.0)
    assert (more / same) == pytest.approx(2.0 * near / far)


def test_without_people_known_the_kind_of_place_decides() -> None:
    nobody = [replace(p, residents=0, displaced=0) for p in PLACES]
    roads = network_of_case(nobody, ROUTES, home="X", settings=Settings())
    assert journey_shares(nobody, roads, {}) is None
    assert takes_people(nobody, roads).all()
    made = network_of_case(nobody, ROUTES, home="X", settings=Settings(journeys=4))
    assert made.draw[made.index["far"]] == 2.0
