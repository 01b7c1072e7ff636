"""Units, bounds and vague words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.case.claims import QuantitySaid
from standoff.errors import StandoffError
from standoff.evidence.quantities import (
    CONVENTIONS,
    Interval,
    comparable,
    exceeds,
    interval,
    read_vague,
    states_conversion,
    switch,
    unit,
    word_of,
    worded,
)


def said(**given_: object) -> QuantitySaid:
    return QuantitySaid(**({"quantity": "t", "measure": "deaths"} | given_))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("", "", 1.0)),
        ("percent", ("share", "", 0.01)),
        ("thousand people", ("", "", 1e3)),
        ("million usd", ("", "usd", 1e6)),
        ("miles", ("distance", "", 1.609344)),
        ("weeks", ("duration", "", 7.0)),
        *((word, ("share", "", 0.01)) for word in ("%", "per cent")),
        *((word, ("distance", "", 1.0)) for word in ("km", "kilometre", "kilometres", "kilometer")),
        *((word, ("distance", "", 0.001)) for word in ("metre", "meters")),
        *((word, ("duration", "", days)) for word, days in (("hours", 1 / 24), ("day", 1.0))),
        *((word, ("mass", "", tonnes)) for word, tonnes in (("tonnes", 1.0), ("kg", 0.001))),
        ("GRAD launchers", ("", "grad launchers", 1.0)),
    ],
)
def test_units(text: str, expected: tuple[str, str, float]) -> None:
    assert unit(text) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({"measure": "share", "unit": "percent"}, {"measure": "share"}, True),
        ({"measure": "distance", "unit": "miles"}, {"measure": "distance", "unit": "km"}, True),
        ({"measure": "distance", "unit": "miles"}, {"measure": "distance", "unit": "days"}, False),
        ({"unit": "percent"}, {}, False),
        ({"measure": "money", "unit": "usd"}, {"measure": "money", "unit": "eur"}, False),
        ({"measure": "money", "unit": "usd"}, {"measure": "money"}, True),
        ({"unit": "thousand people"}, {"unit": "people"}, True),
    ],
)
def test_which_units_compare(a: dict[str, str], b: dict[str, str], expected: bool) -> None:
    assert comparable(said(**a), said(**b)) is expected
    assert comparable(said(**b), said(**a)) is expected


@pytest.mark.parametrize(
    ("given_", "inside", "outside"),
    [
        ({"value": 20}, [20], [19.9, 20.1]),
        ({"value": 20, "bound": "at-least"}, [20, 10**9], [19]),
        ({"value": 20, "bound": "more-than"}, [20.01], [20]),
        ({"value": 20, "bound": "at-most"}, [20, -1], [21]),
        ({"value": 20, "bound": "almost"}, [18, 19.9], [20, 17.9]),
        ({"value": 20, "bound": "about"}, [18, 22], [17.9, 22.1]),
        ({"low": 2.5, "high": 3, "unit": "million"}, [2.5e6, 3e6], [2, 3.1e6]),
        ({"low": 20}, [20, 10**9], [19]),
        ({"value": 12, "convention": "acled"}, [12, 40], [11]),
        ({"value": 100, "convention": "acled: hundreds is 100"}, [100, 400], [99]),
        ({"value": 998, "convention": "a mile is 1.609 km"}, [998], [997, 999]),
        ({"bound": "almost"}, [0, 5], []),
    ],
)
def test_intervals(given_: dict[str, object], inside: list[float], outside: list[float]) -> None:
    found = interval(said(**given_))
    assert all(found.meets(Interval(v, v)) for v in inside)
    assert not any(found.meets(Interval(v, v)) for v in outside)


ENDS = st.integers(0, 6).map(float)


INTERVALS = st.builds(
    lambda a, b, low_open, high_open: Interval(min(a, b), max(a, b), low_open, high_open),
    ENDS, ENDS, st.booleans(), st.booleans(),
)  # fmt: skip


@given(one=INTERVALS, other=INTERVALS)
def test_intervals_meet_when_a_fine_grid_has_a_point_in_both(one: Interval, other: Interval) -> None:
    def holds(i: Interval, x: float) -> bool:
        return (x > i.low if i.low_open else x >= i.low) and (x < i.high if i.high_open else x <= i.high)

    grid = [k / 4 for k in range(-4, 32)]
    assert one.meets(other) == any(holds(one, x) and holds(other, x) for x in grid)
    assert one.meets(other) == other.meets(one)


@given(part=INTERVALS, whole=INTERVALS)
def test_a_part_exceeds_its_whole_where_each_of_its_points_lies_above_all_of_the_others(
    part: Interval, whole: Interval
) -> None:
    lowest = part.low + 0.25 * part.low_open
    highest = whole.high - 0.25 * whole.high_open
    assert exceeds(part, whole) is (lowest > highest)


@pytest.mark.parametrize(
    ("part", "whole", "more"),
    [
        (Interval(21, 21), Interval(20, 20), True),  # 21 of 20 people
        (Interval(20, 20), Interval(20, 20), False),
        (Interval(20, 30, low_open=True), Interval(10, 20), True),  # more than 20 of at most 20
        (Interval(20, 30), Interval(10, 20, high_open=True), True),
        (Interval(0.1 + 0.2, 1), Interval(0, 0.3), False),  # a difference of the last digit of a number is none
        (Interval(1e-9, 1), Interval(0, 0), True),
    ],
)
def test_what_is_more_than_the_whole(part: Interval, whole: Interval, more: bool) -> None:
    assert exceeds(part, whole) is more


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"value": 30000, "bound": "more-than"}, "more than 30,000"),
        ({"low": 2.5, "high": 3, "unit": "million"}, "2.5 to 3 million"),
        ({"value": 12, "convention": "acled"}, "12 (acled convention)"),
        ({"low": 5}, "at least 5"),
        ({}, "a number not told"),
        ({"value": 0.6, "bound": "about"}, "about 0.6"),
    ],
)
def test_quantities_in_words(given_: dict[str, object], words: str) -> None:
    assert worded(said(**given_)) == words


@pytest.mark.parametrize(
    ("word", "convention", "value"),
    [
        ("dozens", "acled", 12),
        ("tens", "acled", 10),
        ("hundreds", "acled", 100),
        ("Tens of thousands", "acled", 10_000),
        ("dozens", "plural", 24),
        ("a few hundreds", "acled", 100),
        ("dozens", "open", 2),
    ],
)
def test_vague_words(word: str, convention: str, value: float) -> None:
    assert read_vague(word, convention).value == value


def test_words_added_by_analogy_say_so() -> None:
    assert read_vague("thousands").extended
    assert not read_vague("dozens").extended


@pytest.mark.parametrize(
    ("word", "convention", "hint"),
    [("dozen", "acled", "'dozens'"), ("dozens", "acle", "'acled'"), ("", "acled", "tens")],
)
def test_unknown_words_get_the_nearest_one(word: str, convention: str, hint: str) -> None:
    with pytest.raises(StandoffError, match=hint):
        read_vague(word, convention)


def test_switching_the_convention_rereads_the_word() -> None:
    tens = said(value=10_000, convention="acled")
    assert word_of(10_000, "acled") == "tens of thousands"
    assert (switch(tens, "plural").value, switch(tens, "plural").convention) == (20_000, "plural")
    exact = said(value=10_000)
    assert switch(exact, "plural") is exact


@pytest.mark.parametrize("convention", ["acled", "plural"])
def test_every_word_of_a_convention_is_found_again_from_its_value(convention: str) -> None:
    for word, value in CONVENTIONS[convention].items():
        assert word_of(value, convention) == word
        assert math.isfinite(value)


@pytest.mark.parametrize(
    ("word", "unit"),
    [("tens", 10), ("dozens", 12), ("scores", 20), ("hundreds", 100), ("thousands", 1_000), ("millions", 1_000_000)],
)
def test_conventions_are_units_taken_once_and_twice(word: str, unit: int) -> None:
    """ACLED records "dozens" as one dozen; the plural at its word is at least two; neither goes beyond."""
    assert CONVENTIONS["plural"][word] == 2 * unit
    assert CONVENTIONS["open"][word] == 2
    assert CONVENTIONS["acled"].get(word, unit) == unit
    assert (word in CONVENTIONS["acled"]) is (word not in ("scores", "millions"))


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("a mile is 1.609 km", True), ("1 t = 1000 kg", True), ("acled", False), ("acled: dozens is 12", False),
        ("plural: tens=20", False), ("", False), ("as the source counts", False),
    ],
)  # fmt: skip
def test_a_conversion_of_its_own_has_an_is_and_no_name_of_a_convention(text: str, states: bool) -> None:
    assert states_conversion(text) is states
