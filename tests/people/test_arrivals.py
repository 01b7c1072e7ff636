"""N more people arrive: they sum to N, none come to what is shut, full or at the front; one seed, one answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from as_printed import prints
from hypothesis import given
from hypothesis import strategies as st

from standoff.errors import StandoffError
from standoff.people.arrivals import Grounds, asked_ways, expect_arrivals, origins_named, unmoved

NAMES = ("front", "town", "camp", "gate", "abroad")
ROADS = [(0, 1, 10.0), (1, 2, 10.0), (0, 2, 40.0), (1, 3, 5.0), (3, 4, 5.0)]
BOTH = [*ROADS, *((b, a, km) for a, b, km in ROADS)]
PLACES = Grounds(
    title="made up",
    names=NAMES,
    titles={name: name.title() for name in NAMES},
    by_name={name: ((name.title(),), ("Camp One",) if name == "camp" else ()) for name in NAMES},
    kinds=dict(zip(NAMES, ("town", "town", "camp", "crossing", "beyond"), strict=True)),
    country=("X", "X", "X", "X", "Y"),
    area=(("X1", "South"), ("X2", "North"), ("X2", "North"), ("X2", "North"), ("", "Y")),
    groups={"South": ("front",), "X1": ("front",)},
    source=np.array([a for a, _, _ in BOTH]),
    target=np.array([b for _, b, _ in BOTH]),
    km=np.array([km for _, _, km in BOTH]),
    takes=np.array([True, True, True, False, True]),
    leaves=np.array([True, False, False, False, False]),
    front=np.zeros(5, dtype=np.bool_),
    shut=(),
    displaced=np.array([0.0, 100.0, 900.0, 0.0, 0.0]),
    residents=np.array([500.0, 400.0, 0.0, 0.0, 0.0]),
    parts=np.ones(5),
    on=date(2024, 3, 1),
    as_of=date(2024, 3, 1),
)


def came(grounds: Grounds = PLACES, *ways: str, full: tuple[str, ...] = (), opened: tuple[str, ...] = (), **more: int):
    closures, words = asked_ways(grounds, ways, opened, full)
    return expect_arrivals(grounds, 10_000, ("front",), closures=closures, changes=words, n=400, **more)


def shares(result) -> dict[str, float]:
    return {row.id: row.mean for row in result.places}


@given(
    close=st.sets(st.sampled_from(["town", "camp", "gate", "border:X:Y", "route:front:town"]), max_size=2),
    full=st.sets(st.sampled_from(["town", "camp", "abroad"]), max_size=1),
    day=st.sampled_from(["", "@2024-03-05"]),
)
def test_people_are_conserved(close: set[str], full: set[str], day: str) -> None:
    result = came(PLACES, *(f"{c}{day}" for c in sorted(close)), full=tuple(f"{f}{day}" for f in sorted(full)), days=10)
    assert np.isclose(sum(shares(result).values()) + result.stay, 10_000)
    assert np.isclose(sum(row.mean for row in result.areas), sum(shares(result).values()))
    assert all(row.q05 <= row.q10 <= row.q50 <= row.q90 <= row.q95 <= 10_000 for row in result.places)


def test_shares_to_a_closed_place_are_0_from_that_day() -> None:
    result = came(PLACES, "camp@2024-03-04", days=6)
    assert [v > 0 for v in result.daily["camp"]] == [True] * 3 + [False] * 3
    full = came(full=("camp@2024-03-04",), days=6)
    assert [v > 0 for v in full.daily["camp"]] == [True] * 3 + [False] * 3
    assert [row.state for row in full.places if row.id == "camp"] == ["full from 2024-03-04"]
    assert shares(came(PLACES, "camp"))["camp"] == 0.0


def test_a_way_round_is_taken_and_a_border_leaves_nobody_abroad() -> None:
    assert shares(came(PLACES, "town"))["camp"] > 0  # by the longer road
    assert shares(came(PLACES, "border:X:Y"))["abroad"] == 0.0
    shut = replace(PLACES, shut=(("border", "X", "Y"),))
    assert shares(came(shut)).get("abroad", 0.0) == 0.0
    assert shares(came(shut, opened=("gate",)))["abroad"] > 0
    assert "sends nobody elsewhere" in unmoved(shut, asked_ways(shut, ["gate"])[0])[0]


def test_nobody_is_sent_to_the_front_line() -> None:
    at_front = replace(PLACES, front=np.array([True, True, False, False, False]))
    result = came(at_front)
    assert shares(result)["town"] == 0.0
    assert next(row.state for row in result.places if row.id == "town") == "front line of the day"


def test_nobody_who_finds_a_way_out_is_told_so() -> None:
    alone = came(PLACES, "front")
    assert alone.stay == 10_000
    nowhere = replace(PLACES, shut=(("place", "front", ""),))
    with pytest.raises(StandoffError, match="reaches any place"):
        came(nowhere)


def test_the_seed_decides_and_closures_share_the_luck() -> None:
    assert came(seed=3) == came(seed=3)
    one, other = came(seed=3), came(seed=4)
    assert shares(one) == shares(other)  # what is expected has no luck in it
    assert [r.q90 for r in one.places] != [r.q90 for r in other.places]


def test_names_of_origins_and_ways() -> None:
    assert origins_named(PLACES, "south") == (("front",), "South")
    assert origins_named(PLACES, "all") == (("front",), "all places that people leave")
    assert asked_ways(PLACES, ["Camp One@2024-03-02"])[0] == (("shut", ("place", "camp", ""), date(2024, 3, 2)),)
    with pytest.raises(StandoffError) as refused:
        asked_ways(PLACES, ["kamp@2024", "border:X:Z"], ["route:front:abroad"], ["border:X:Y"])
    told = "\n".join(str(p) for p in refused.value.problems)
    for words in ("did you mean 'camp'", "'2024' is not one day", "no country 'Z'", "no road joins", "cannot be full"):
        assert words in told
    with pytest.raises(StandoffError, match="did you mean 'South'"):
        origins_named(PLACES, "sout")
    with prints("--people: 0; expected from 1 to"):
        expect_arrivals(PLACES, 0, ("front",))
    with pytest.raises(StandoffError, match="after the 5 days"):
        came(PLACES, "camp@2024-04-01", days=5)


def test_an_area_shared_out_evenly_is_told_from_counts_of_places() -> None:
    even = replace(PLACES, area=[("X1", "Alma")] * len(PLACES.names), displaced=np.full(len(PLACES.names), 500.0))
    (note,) = [note for note in came(even).notes if "shared out" in note]
    assert note.startswith("in 1 area all places have the same number there before (Alma: ")
    counted = replace(even, displaced=500.0 + 10 * np.arange(len(PLACES.names)))
    assert not [note for note in came(counted).notes if "shared out" in note]
