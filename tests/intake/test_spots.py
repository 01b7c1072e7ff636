"""Where a name of a source lies, and which place of the case is proposed for it: distances, accuracy, likeness."""

from __future__ import annotations

import pytest
from ledger_case import case

from standoff.intake.rows import ACLED_TYPES, Spots, distance_km, sides_of, stamp_day, tells_who_began


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        ((0, 0), (0, 1), 111.19),
        ((0, 0), (1, 0), 111.19),
        ((60, 10), (60, 11), 55.6),  # a degree of longitude is half as long at 60 degrees north
        ((-60, 10), (-60, 11), 55.6),
        ((35.9, 36.6), (35.3, 36.6), 66.72),
        ((0, 0), (0, 180), 20015.1),
        ((50, 179.5), (50, -179.5), 71.5),
        ((12, 34), (12, 34), 0),
    ],
)
def test_kilometres_on_a_sphere(one: tuple[float, float], other: tuple[float, float], kilometres: float) -> None:
    assert distance_km(*one, *other) == pytest.approx(kilometres, rel=1e-3)
    assert distance_km(*other, *one) == pytest.approx(kilometres, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "lat", "lon", "off", "place", "why"),
    [
        ("Northtown", 35.9, 36.6, 2, "northtown", "0.0 km away, within the accuracy; 100 of 100 like 'Northtown'"),
        ("Nortown", 35.91, 36.6, 2, "northtown", "1.1 km away, within the accuracy; 88 of 100 like 'Northtown'"),
        ("North Town", 35.9, 36.6, 2, "northtown", "0.0 km away, within the accuracy; 71 of 100 like 'Northtown'"),
        ("Northtown", 35.95, 36.6, 2, "", ""),  # farther than both accuracies
        ("Northtown", 35.95, 36.6, 15, "northtown", "5.6 km away, within the accuracy; 100 of 100 like 'Northtown'"),
        ("Quarry", 35.9, 36.6, 2, "", ""),  # near, and called otherwise
        ("Southtown", 35.6, 36.6, 50, "southtown", "33.4 km away, within the accuracy; 100 of 100 like 'Southtown'"),
    ],
)
def test_a_place_is_proposed_where_it_lies_and_is_called_alike(
    name: str, lat: float, lon: float, off: float, place: str, why: str
) -> None:
    assert Spots(case()).proposal(name, lat, lon, off) == (place, why)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2020-03-06", "2020-03-06"),
        ("2020-03-06T10:00:00Z", "2020-03-06"),
        ("2020-03-0", "None"),
        ("1583452800", "2020-03-06"),
        ("1583452799", "2020-03-05"),
        ("0099-01-01", "None"),
        ("tomorrow, or so", "None"),
        ("", "None"),
    ],
)
def test_the_day_of_a_time_stamp(cell: str, day: str) -> None:
    assert str(stamp_day(cell)) == day


def test_only_where_a_source_tells_who_began_is_one_side_the_doer() -> None:
    assert sides_of(True, ("red",), ("blue",)) == (("red",), ("blue",))
    doers, suffer = sides_of(False, ("red",), ("blue",))
    assert (doers, suffer) == (("side:red",), ("side:blue",))


@pytest.mark.parametrize(
    ("origin", "kind", "subtype", "tells"),
    [
        *(("acled", coding.type, name, coding.one_sided) for name, coding in ACLED_TYPES.items()),
        ("acled", "clash", "ARMED CLASH", False),
        ("acled", "clash", "no sub-event type of theirs", True),
        ("ged", "assault", "state-based", False),
        ("ged", "assault", "non-state", False),
        ("ged", "violence-against-civilians", "one-sided", True),
        ("", "assault", "state-based", True),
        ("", "clash", "Armed clash", True),
    ],
)
def test_whether_a_row_of_a_log_tells_who_began(origin: str, kind: str, subtype: str, tells: bool) -> None:
    assert tells_who_began(origin, kind, subtype) is tells
