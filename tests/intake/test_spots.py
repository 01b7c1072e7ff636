"""Where a name of a source lies, and which place of the case is proposed for it: distances, accuracy, likeness."""

from __future__ import annotations

from datetime import date

import pytest
from ledger_case import case

from standoff.intake.mapping import ForeignName, NameMap
from standoff.intake.rows import (
    ACLED_TYPES,
    Spots,
    distance_km,
    kilometres_written,
    precise,
    sides_of,
    stamp_day,
    tells_who_began,
    type_named,
)


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


@pytest.mark.parametrize(
    ("lat", "lon", "kilometres"),
    [
        ("41", "11", 111.2), ("41.5", "11.5", 11.1), ("41.55", "11.5", 11.1), ("41.5", "11.55", 11.1),
        ("41.55", "11.55", 2.0), ("41.555555", "11.555555", 2.0), ("٤١٫٥", "11.5", 11.1), ("41,5", "11,55", 11.1),
        ("-41.", "11.5", 111.2), (" 41.5 ", "11.5", 11.1),
    ],
)  # fmt: skip
def test_coordinates_are_as_exact_as_they_are_written(lat: str, lon: str, kilometres: float) -> None:
    assert kilometres_written(lat, lon) == kilometres


@pytest.mark.parametrize(
    ("words", "type_"),
    [
        ("shelling", "shelling"), ("Shelling", "shelling"), (" attack on  civilians ", "attack-on-civilians"),
        ("attack_on_civilians", "attack-on-civilians"), ("attack-on-civilians", "attack-on-civilians"),
        ("ARMED  CLASH", "clash"), ("Air/drone strike", "strike"), ("shelling/by-night", "shelling/by-night"),
        ("clash/by-night", ""), ("Other", ""), ("a shell", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_kind_is_named_by_its_word_or_by_that_of_acled(words: str, type_: str) -> None:
    assert type_named(words, {"shelling/by-night"}) == type_


@pytest.mark.parametrize(
    ("day", "precision", "today", "days"),
    [
        ("2020-01-15", "1", "2021-01-01", "2020-01-15"), ("2020-01-15", "", "2021-01-01", "2020-01-15"),
        ("2020-01-15", "2", "2021-01-01", "2020-01-09/2020-01-21"),
        ("2020-01-15", "2", "2020-01-18", "2020-01-09/2020-01-18"),
        ("2020-01-15", "2", "2020-01-10", "2020-01-09/2020-01-15"),  # never before the day that is told
        ("2020-02-15", "3", "2021-01-01", "2020-02-01/2020-02-29"),
        ("2020-02-15", "3", "2020-02-20", "2020-02-01/2020-02-20"),
        ("2020-02-15", "3", "2020-02-01", "2020-02-01/2020-02-15"),
        ("2020-12-31", "2", "2022-01-01", "2020-12-25/2021-01-06"),
    ],
)  # fmt: skip
def test_a_precision_of_time_allows_days_up_to_today(day: str, precision: str, today: str, days: str) -> None:
    assert str(precise(date.fromisoformat(day), precision, date.fromisoformat(today))) == days


def decided(name: str, decision: str, by: str = "a person", source: str = "") -> NameMap:
    one = ForeignName(name=name, kind="place", source=source, decision=decision, by=by)
    return NameMap({one.key: one})


@pytest.mark.parametrize(
    ("names", "named", "at"),
    [
        (decided("Oldtown", "southtown"), "southtown", "southtown"),
        (decided("Oldtown", "none"), "", "at:35.3000,36.6000,2km"),
        (decided("Oldtown", "northtown"), "northtown", "at:35.3000,36.6000,2km"),  # but it does not lie there
        (decided("Oldtown", "southtown", source="ged"), "", "at:35.3000,36.6000,2km"),  # of another source
        (decided("Oldtown", "southtown", source="acled"), "southtown", "southtown"),
        (decided("Othertown", "southtown"), "", "at:35.3000,36.6000,2km"),
    ],
)
def test_what_a_person_decided_of_a_name_of_a_place(names: NameMap, named: str, at: str) -> None:
    spots = Spots(case(), names, "acled")
    assert spots.named("Oldtown") == named
    assert spots.at(35.3, 36.6, 2.0, "Oldtown", exact=True) == at
    assert spots.at(35.3, 36.6, 2.0, "Oldtown") == "at:35.3000,36.6000,2km"  # not told to be the place itself
    assert set(spots.places) == {"at:35.3000,36.6000,2km"}


def test_a_decision_goes_before_the_name_of_a_place_of_the_case() -> None:
    spots = Spots(case(), decided("Northtown", "southtown"), "acled")
    assert (spots.named("Northtown"), spots.named("Southtown")) == ("southtown", "southtown")
    assert Spots(case(), decided("Northtown", "none"), "acled").named("Northtown") == ""


@pytest.mark.parametrize(("name", "lat", "title"), [("A mill", 35.123456, "A mill"), ("", 35.123456, "35.12, 36.60")])
def test_a_place_that_is_made_for_coordinates_is_called_by_its_name_or_by_them(
    name: str, lat: float, title: str
) -> None:
    spots = Spots(case())
    (place,) = (spots.places[spots.at(lat, 36.6, 15.0, name, country="XXX")],)
    assert (place.id, place.name, place.kind, place.lat, place.lon, place.country, place.accuracy_km, place.sector) == (
        "at:35.1235,36.6000,15km", title, "site", lat, 36.6, "XX", 15.0, "",
    )  # fmt: skip
    spots.at(lat, 36.6, 15.0, "another name")
    assert [one.name for one in spots.places.values()] == [title]  # one place a spot: the first name stays
