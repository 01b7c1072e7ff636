"""What each word of ACLED and UCDP GED becomes: type, who did it, days, kilometres. One line for each word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ledger_case import case

from standoff.case.model import Event
from standoff.errors import StandoffError
from standoff.intake.batch import EventLog, read_events, read_file
from standoff.intake.rows import ACLED_KM, ACLED_TYPES, GED_KM, GED_TYPES

TODAY = date(2021, 1, 1)
ACLED = {
    "event_id_cnty": "X1", "event_date": "2020-01-15", "sub_event_type": "Armed clash", "actor1": "Red",
    "actor2": "Blue", "latitude": "35.5", "longitude": "36.5", "geo_precision": "1", "time_precision": "1",
    "location": "Middle", "fatalities": "3", "source": "Wire",
}  # fmt: skip
GED = {
    "id": "77", "date_start": "2020-01-03", "date_end": "2020-01-05", "type_of_violence": "1", "side_a": "Red",
    "side_b": "Blue", "low": "2", "high": "9", "latitude": "35.5", "longitude": "36.5", "where_prec": "1",
    "source_article": "Wire",
}  # fmt: skip
BY_ONE = (("red",), ("blue",))  # the source tells who did it to whom
HIT_FIRST = (("side:blue",), ("red",))  # the first was hit, and nobody tells by whom
BOTH = (("side:red",), ("side:blue",))  # two sides, and nobody tells who began


def log(folder: Path, row: dict[str, str], **cells: str) -> EventLog:
    path = folder / "log.csv"
    cells = {**row, **cells}
    path.write_text(f"{','.join(cells)}\n" + ",".join(f'"{cell}"' for cell in cells.values()) + "\n", encoding="utf-8")
    return read_events(path, case(), today=TODAY)


def event(folder: Path, row: dict[str, str], **cells: str) -> Event:
    (one,) = log(folder, row, **cells).events
    return one


SUB_EVENTS = [
    ("Government regains territory", "territory-regained", BOTH),
    ("Non-state actor overtakes territory", "territory-overtaken", BOTH),
    ("Armed clash", "clash", BOTH),
    ("Air/drone strike", "strike", BY_ONE),
    ("Shelling/artillery/missile attack", "shelling", BY_ONE),
    ("Remote explosive/landmine/IED", "remote-explosive", BY_ONE),
    ("Grenade", "grenade-attack", BY_ONE),
    ("Suicide bomb", "suicide-bombing", BY_ONE),
    ("Chemical weapon", "chemical-attack", BY_ONE),
    ("Attack", "attack-on-civilians", BY_ONE),
    ("Abduction/forced disappearance", "abduction", BY_ONE),
    ("Sexual violence", "sexual-violence", BY_ONE),
    ("Agreement", "agreement", BOTH),
    ("Arrests", "arrest", BY_ONE),
    ("Headquarters or base established", "base-established", BOTH),
    ("Non-violent transfer of territory", "territory-transfer", BOTH),
    ("Change to group/activity", "change-of-group", BOTH),
    ("Peaceful protest", "peaceful-protest", BY_ONE),
    ("Protest with intervention", "protest-with-intervention", BY_ONE),
    ("Excessive force against protesters", "force-against-protesters", HIT_FIRST),
    ("Violent demonstration", "violent-demonstration", BY_ONE),
    ("Mob violence", "mob-violence", BOTH),
    ("Disrupted weapons use", "disrupted-weapons-use", BOTH),
    ("Looting/property destruction", "property-damage", BY_ONE),
    ("Other", "development", BOTH),
]


@pytest.mark.parametrize(("word", "kind", "parties"), SUB_EVENTS)
def test_a_sub_event_type_of_acled(tmp_path: Path, word: str, kind: str, parties: tuple[tuple[str, ...], ...]) -> None:
    one = event(tmp_path, ACLED, sub_event_type=f" {word} ")
    assert (one.type, (one.actor, one.target)) == (kind, parties)
    assert one.title == f"{word}, Middle"


def test_every_sub_event_type_stands_in_the_table() -> None:
    assert [word for word, _, _ in SUB_EVENTS] == list(ACLED_TYPES)


@pytest.mark.parametrize(
    ("word", "kind", "parties"),
    [
        ("1", "assault", BOTH),
        ("2", "assault", BOTH),
        ("2.0", "assault", BOTH),
        ("3", "violence-against-civilians", BY_ONE),
    ],
)
def test_a_type_of_violence_of_ged(tmp_path: Path, word: str, kind: str, parties: tuple[tuple[str, ...], ...]) -> None:
    one = event(tmp_path, GED, type_of_violence=word)
    assert (one.type, (one.actor, one.target)) == (kind, parties)
    assert set(GED_TYPES) == {"1", "2", "3"}


@pytest.mark.parametrize(
    ("row", "column", "precision", "kilometres"),
    [
        *((ACLED, "geo_precision", code, km) for code, km in (("1", 2), ("2", 15), ("3", 50), ("1.0", 2))),
        *((ACLED, "geo_precision", code, 50) for code in ("", "9", "x")),
        *(
            (GED, "where_prec", code, km)
            for code, km in (("1", 2), ("2", 25), ("3", 30), ("4", 60), ("5", 60), ("6", 300), ("7", 300), ("4.0", 60))
        ),
        *((GED, "where_prec", code, 300) for code in ("", "9")),
    ],
)
def test_a_precision_is_kilometres_and_the_coarsest_where_it_is_not_told(
    tmp_path: Path, row: dict[str, str], column: str, precision: str, kilometres: float
) -> None:
    events = log(tmp_path, row, **{column: precision})
    (place,) = events.places.values()
    assert (place.accuracy_km, place.lat, place.lon, place.sector) == (kilometres, 35.5, 36.5, "")
    assert events.events[0].place == (place.id,)
    assert events.events[0].sector == ()  # no sector of the case is given to what is known to some kilometres
    assert f"{kilometres}km" in place.id


def test_every_precision_stands_in_the_tables() -> None:
    assert (sorted(ACLED_KM), sorted(GED_KM)) == (list("123"), list("1234567"))


@pytest.mark.parametrize(
    ("day", "precision", "when"),
    [
        ("2020-01-15", "1", "2020-01-15"),
        ("2020-01-15", "", "2020-01-15"),
        ("2020-01-15", "2", "2020-01-09/2020-01-21"),
        ("2020-01-15", "2.0", "2020-01-09/2020-01-21"),
        ("2020-02-15", "3", "2020-02-01/2020-02-29"),
        ("15 January 2020", "1", "2020-01-15"),
        ("15-January-2020", "1", "2020-01-15"),
        ("15-Jan-20", "1", "2020-01-15"),
        ("01/15/2020", "1", "2020-01-15"),
        ("2020-01-15 00:00:00.000", "1", "2020-01-15"),
    ],
)
def test_a_day_of_acled_and_its_precision(tmp_path: Path, day: str, precision: str, when: str) -> None:
    one = event(tmp_path, ACLED, event_date=day, time_precision=precision)
    assert str(one.date) == when
    assert str(one.known) == f"{one.date.start}/{TODAY}"  # no time stamp: in hand today, for certain


@pytest.mark.parametrize(
    ("stamp", "known"),
    [
        ("1579219200", "2020-01-15/2020-01-17"),
        ("2020-01-17 12:00:00", "2020-01-15/2020-01-17"),
        ("1579046400", "2020-01-15"),
        ("1500000000", "2020-01-15"),  # before the event: a slip of the source
        ("soon", f"2020-01-15/{TODAY}"),
    ],
)
def test_a_row_of_acled_is_known_from_the_event_and_for_certain_from_its_time_stamp(
    tmp_path: Path, stamp: str, known: str
) -> None:
    assert str(event(tmp_path, ACLED, timestamp=stamp).known) == known


def test_a_row_of_ged_is_known_for_certain_from_the_day_of_the_release(tmp_path: Path) -> None:
    path = tmp_path / "ged.csv"
    path.write_text(f"{','.join(GED)}\n{','.join(GED.values())}\n", encoding="utf-8")
    batch = read_file(path, case(), today=TODAY, released=date(2020, 6, 1))
    assert [str(e.known) for e in batch.events().events] == ["2020-01-03/2020-06-01"]
    assert batch.assumptions == []
    batch = read_file(path, case(), today=TODAY)
    assert [str(e.known) for e in batch.events().events] == [f"2020-01-03/{TODAY}"]
    assert "1 row: no day of publication" in batch.assumptions[0]


@pytest.mark.parametrize(("cell", "number"), [("3", 3.0), ("1,000", 1000.0), ("2.0", 2.0), ("", None), ("0", 0.0)])
def test_a_number_of_deaths(tmp_path: Path, cell: str, number: float | None) -> None:
    one = event(tmp_path, ACLED, fatalities=cell)
    assert (one.low, one.high, one.counted) == (number, number, "deaths" if number is not None else "")


@pytest.mark.parametrize("cell", ["1,00", "a few", "-3", "1e3", "3-5", "9999999999999"])
def test_a_cell_that_is_no_number_of_deaths_is_refused(tmp_path: Path, cell: str) -> None:
    with pytest.raises(StandoffError, match="expected a number of people"):
        log(tmp_path, ACLED, fatalities=cell)


@pytest.mark.parametrize(
    ("cells", "attribute", "text"),
    [
        ({"source": ""}, "source", "ACLED"),
        ({"source": " Wire "}, "source", "Wire"),
        ({"location": ""}, "title", "Armed clash, no place given"),
    ],
)
def test_what_acled_leaves_empty(tmp_path: Path, cells: dict[str, str], attribute: str, text: str) -> None:
    assert getattr(event(tmp_path, ACLED, **cells), attribute) == text


def test_ged_gives_deaths_a_title_and_its_article(tmp_path: Path) -> None:
    one = event(tmp_path, GED, source_article="")
    assert (one.id, one.low, one.high, one.counted) == ("ged-77", 2.0, 9.0, "deaths")
    assert (one.title, one.source) == ("Red and Blue, fatal event", "UCDP GED")
    assert str(event(tmp_path, GED, date_end="2020-01-03").date) == "2020-01-03"
    assert event(tmp_path, GED, source_article="w" * 200).source == "w" * 120
    with pytest.raises(StandoffError, match="date_end 2020-01-02 lies before date_start 2020-01-03"):
        log(tmp_path, GED, date_end="2020-01-02")


@pytest.mark.parametrize(
    ("latitude", "longitude", "good"),
    [
        ("91", "36", False), ("-91", "36", False), ("36", "181", False), ("36", "-181", False), ("36", "x", False),
        ("inf", "36", False), ("90", "180", True), ("-90", "-180", True),
    ],
)  # fmt: skip
def test_coordinates_that_are_none_are_refused(tmp_path: Path, latitude: str, longitude: str, good: bool) -> None:
    if good:
        assert log(tmp_path, ACLED, latitude=latitude, longitude=longitude).outside_region == 1
        return
    with pytest.raises(StandoffError, match="expected degrees, latitude first"):
        log(tmp_path, ACLED, latitude=latitude, longitude=longitude)


@pytest.mark.parametrize(("latitude", "longitude"), [("", "36"), ("36", ""), ("", ""), ("NA", "36"), ("nan", "nan")])
def test_a_row_without_coordinates_has_no_place(tmp_path: Path, latitude: str, longitude: str) -> None:
    events = log(tmp_path, ACLED, latitude=latitude, longitude=longitude)
    assert (events.events[0].place, events.places) == ((), {})


def test_two_rows_at_one_spot_are_one_place_and_another_accuracy_is_another(tmp_path: Path) -> None:
    rows = [{**ACLED, "event_id_cnty": f"X{k}", "geo_precision": p} for k, p in enumerate("112")]
    path = tmp_path / "log.csv"
    path.write_text("\n".join([",".join(ACLED), *(",".join(row.values()) for row in rows)]) + "\n", encoding="utf-8")
    events = read_events(path, case(), today=TODAY)
    assert [place.accuracy_km for place in events.places.values()] == [2.0, 15.0]
    assert events.events[0].place == events.events[1].place != events.events[2].place


@pytest.mark.parametrize(
    ("first", "last", "what"),
    [
        ("2021-01-02", "2021-01-02", "is dated 2021-01-02, in the future"),
        ("2021-01-02", "2021-01-05", "is dated 2021-01-02/2021-01-05, in the future"),
        ("2020-12-30", "2021-01-02", "which ends in the future"),
        ("2020-12-30", "2021-01-01", ""),
        ("2021-01-01", "2021-01-01", ""),
    ],
)
def test_what_is_dated_in_the_future_or_ends_there_is_refused(tmp_path: Path, first: str, last: str, what: str) -> None:
    own = tmp_path / "own.csv"
    own.write_text(
        f"id,date,type,actor\na,{first if first == last else f'{first}/{last}'},shelling,red\n", encoding="utf-8"
    )
    if what:
        for read in (
            lambda: log(tmp_path, GED, date_start=first, date_end=last),
            lambda: read_events(own, case(), today=TODAY),
        ):
            with pytest.raises(StandoffError, match=what):
                read()
        return
    events = [log(tmp_path, GED, date_start=first, date_end=last), read_events(own, case(), today=TODAY)]
    assert [len(one.events) + one.outside_period for one in events] == [1, 1]


def test_a_month_that_is_not_over_is_no_interval(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("id,date,type,actor\na,2020-01,shelling,red\n", encoding="utf-8")
    assert len(read_events(own, case(), today=date(2020, 1, 20)).events) == 1


@pytest.mark.parametrize(
    ("cells", "parts"),
    [
        ({}, "1 event of ACLED"),
        ({"actor1": "Nobody Here"}, "1 event of ACLED, 1 name is not known to the case"),
        (
            {"actor1": "Nobody Here", "actor2": "None Here"},
            "1 event of ACLED, 2 names are not known to the case, 1 event names no party of the case",
        ),
        ({"event_date": "1999-01-05"}, "0 events of ACLED, 1 row outside the period of the case"),
    ],
)
def test_a_log_says_in_a_line_what_it_held(tmp_path: Path, cells: dict[str, str], parts: str) -> None:
    events = log(tmp_path, ACLED, **cells)
    assert events.in_a_line() == parts
    assert events.summary()["said"] == parts
    assert events.summary()["events"] == len(events.events)
