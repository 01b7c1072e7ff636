"""Logs of others: what is read, what is refused, and that nothing is loaded of a log that is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from ledger_case import case
from thorough import examples

from standoff.commitments.ledger import ledger
from standoff.errors import StandoffError
from standoff.intake.batch import read_events
from standoff.values import When

ACLED = (
    "event_id_cnty,event_date,event_type,sub_event_type,actor1,actor2,latitude,longitude,geo_precision,location,source,"
    "fatalities"
)
ROWS = [
    "XXX1,05 January 2020,Battles,Armed clash,Military Forces of Red (1999-),Blue,35.50,36.50,1,Middle,Wire,3",
    "XXX2,2020-01-07,Explosions,Shelling/artillery/missile attack,Red militia,Civilians (Nowhere),35.9,36.6,2,N,Wire,0",
]
GED = "id,date_start,date_end,type_of_violence,side_a,side_b,low,high,latitude,longitude,where_prec,source_article"
TODAY = date(2021, 1, 1)
MANY = examples(100_000) // 10  # bad rows


def write(folder: Path, *lines: str) -> Path:
    path = folder / "log.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_an_acled_export_becomes_events_with_actors_places_and_accuracy(tmp_path: Path) -> None:
    loaded = read_events(write(tmp_path, ACLED, *ROWS), case(), today=TODAY)
    first, second = loaded.events
    assert (first.type, first.actor, str(first.date)) == ("clash", ("side:red",), "2020-01-05")
    assert first.target == ("side:blue",)
    assert (second.type, second.actor) == ("shelling", ("red-militia",))
    assert loaded.unknown_actors == {"Civilians (Nowhere)": 1}
    assert [loaded.places[e.place[0]].accuracy_km for e in loaded.events] == [2.0, 15.0]
    assert (first.low, first.counted, loaded.format) == (3.0, "deaths", "acled")


def test_a_ged_export_keeps_intervals_of_dates_and_deaths(tmp_path: Path) -> None:
    log = write(tmp_path, GED, "77,2020-01-03,2020-01-05,1,Red,Blue,2,9,35.5,36.5,1,Wire")
    event = read_events(log, case(), today=TODAY).events[0]
    assert (event.id, str(event.date), event.low, event.high) == ("ged-77", "2020-01-03/2020-01-05", 2.0, 9.0)


def test_our_own_table_is_read_as_a_case_reads_it(tmp_path: Path) -> None:
    log = write(tmp_path, "id,date,type,actor,target", "a,2020-01-05,shelling,red;blue,green")
    assert read_events(log, case(), today=TODAY).events[0].actor == ("red", "blue")


def test_the_log_joins_the_record_and_breaks_a_truce(tmp_path: Path) -> None:
    made = case("- {id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-01, forbid: {type: shelling}}")
    loaded = read_events(write(tmp_path, ACLED, *ROWS), made, today=TODAY)
    row = ledger(loaded.added_to(made), "red-tells", on=date(2020, 2, 1), events=loaded.events)[0]
    assert (row.verdict, row.because) == ("violated", ("1 restricted",))  # ACLED may not be passed on


def refused(path: Path) -> list[str]:
    with pytest.raises(StandoffError) as error:
        read_events(path, case(), today=TODAY)
    return [str(p) for p in error.value.problems]


def test_a_missing_column_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    header = ACLED.replace("sub_event_type", "sub_event_typ")
    found = refused(write(tmp_path, header, ROWS[0]))
    assert len(found) == 1
    assert "'sub_event_type' is missing" in found[0]
    assert "sub_event_typ" in found[0]


def test_many_bad_rows_are_counted_and_the_first_twenty_shown(tmp_path: Path) -> None:
    bad = [f"B{n},yesterday,Battles,Armed clash,Red,Blue,35.5,36.5,1,Middle,Wire,0" for n in range(MANY)]
    path = write(tmp_path, ACLED, ROWS[0], *bad)
    found = refused(path)
    assert len(found) == 21
    assert f"{MANY} bad rows; no event was loaded" in found[0]
    assert ":3:" in found[1]
    loaded = read_events(path, case(), skip_bad=True, today=TODAY)
    assert ([e.id for e in loaded.events], loaded.left_out) == (["XXX1"], MANY)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("X,2022-05-01,Battles,Armed clash,Red,Blue,35.5,36.5,1,M,W,0", "in the future"),
        ("X,2020-01-05,Battles,Armed clsh,Red,Blue,35.5,36.5,1,M,W,0", "did you mean 'Armed clash'?"),
        ("X,2020-01-05,Battles,Armed clash,Red,Blue,95.5,36.5,1,M,W,0", "degrees, latitude first"),
        ("X,2020-01-05,Battles,Armed clash,Red,Blue,35.5,36.5,1,M,W,many", "many"),
        ("X,2020-01-05T00:01 Nowhere/Zone,Battles,Armed clash,Red,Blue,35.5,36.5,1,M,W,0", "the ledger is by day"),
    ],
)
def test_a_bad_row_says_what_was_expected(tmp_path: Path, row: str, said: str) -> None:
    found = refused(write(tmp_path, ACLED, row))
    assert said in found[1]


def test_an_event_given_twice_is_bad(tmp_path: Path) -> None:
    assert "given twice" in refused(write(tmp_path, ACLED, ROWS[0], ROWS[0]))[1]
    own = write(tmp_path, "id,date,type", "a,2020-01-05,shelling", "a,2020-01-06,shelling")
    assert "given twice" in refused(own)[1]


@pytest.mark.parametrize(
    ("cell", "deaths"),
    [("", None), ("nan", None), ("NA", None), ("0", 0.0), ("1,000", 1000.0), ("12,345,678", 12345678.0), ("3.0", 3.0)],
)
def test_numbers_of_people_are_read_as_people_write_them(tmp_path: Path, cell: str, deaths: float | None) -> None:
    row = ROWS[1].removesuffix(",0") + f',"{cell}"'
    event = read_events(write(tmp_path, ACLED, row), case(), today=TODAY).events[0]
    assert (event.low, event.high) == (deaths, deaths)


@pytest.mark.parametrize("cell", ["inf", "-inf", "1e400", "-3", "1,00", "two", "3;4"])
def test_what_is_no_number_of_people_is_a_bad_row(tmp_path: Path, cell: str) -> None:
    found = refused(write(tmp_path, ACLED, ROWS[1].removesuffix(",0") + f',"{cell}"'))
    assert len(found) == 2
    assert f"the number in fatalities is '{cell}'; expected a number of people such as 3 or 1,000" in found[1]


@pytest.mark.parametrize("cells", ["-inf,36.5", "35.5,inf", "x,36.5", "95,36.5"])
def test_coordinates_that_are_none_are_a_bad_row(tmp_path: Path, cells: str) -> None:
    found = refused(write(tmp_path, ACLED, f"X,2020-01-05,Battles,Armed clash,Red,Blue,{cells},1,M,W,0"))
    assert "expected degrees, latitude first" in found[1]


@pytest.mark.parametrize(
    "row",
    [
        'X,2020-01-05,Battles,Armed clash,Red,Blue,35.5,36.5,1,M,"W,0',
        'X,2020-01-05,Battles,Armed clash,Red,"Bl"ue,35.5,36.5,1,M,W,0',
        'X,2020-01-05,Battles,Armed clash,Red,Blue,35.5,36.5,1,M,"' + "w" * 200_000,
    ],
)
def test_a_stray_quote_is_one_line_with_the_row_it_stands_in(tmp_path: Path, row: str) -> None:
    (found,) = refused(write(tmp_path, ACLED, ROWS[0], row, ROWS[1]))
    assert "log.csv:3: a quote" in found
    assert len(found) < 300


def test_a_row_with_more_cells_than_the_header_is_bad(tmp_path: Path) -> None:
    assert "more cells than the header" in refused(write(tmp_path, ACLED, ROWS[0] + ",7"))[1]


@pytest.mark.parametrize(
    ("day", "precision", "read"),
    [
        ("2020-02-14", "", "2020-02-14"),
        ("2020-02-14", "1", "2020-02-14"),
        ("2020-02-14", "2", "2020-02-08/2020-02-20"),
        ("2020-02-14", "3", "2020-02-01/2020-02-29"),
        ("14-Feb-20", "1", "2020-02-14"),
    ],
)
def test_an_imprecise_day_is_an_interval(tmp_path: Path, day: str, precision: str, read: str) -> None:
    row = f"X,{day},Battles,Armed clash,Red,Blue,35.5,36.5,1,M,W,0,{precision}"
    assert str(read_events(write(tmp_path, f"{ACLED},time_precision", row), case(), today=TODAY).events[0].date) == read


@pytest.mark.parametrize(
    ("row", "period", "region"),
    [
        ("X,1999-03-10,Battles,Armed clash,Red,Blue,35.5,36.5,1,M,W,0", 1, 0),
        ("X,2019-12-31,Battles,Armed clash,Red,Blue,35.5,36.5,1,M,W,0", 1, 0),
        ("X,2020-01-05,Battles,Armed clash,Red,Blue,15.5,44.5,1,M,W,0", 0, 1),
        ("X,2019-12-31,Battles,Armed clash,Red,Blue,15.5,44.5,1,M,W,0", 1, 0),
        ("X,2020-01-05,Battles,Armed clash,Red,Blue,34.95,36.5,2,M,W,0", 0, 0),  # within 15 km of the region
        ("X,2020-01-05,Battles,Armed clash,Red,Blue,,,1,M,W,0", 0, 0),  # no place is told
    ],
)
def test_a_row_outside_period_or_region_is_counted_and_no_event(
    tmp_path: Path, row: str, period: int, region: int
) -> None:
    loaded = read_events(write(tmp_path, ACLED, ROWS[0], row), case(), today=TODAY)
    assert (loaded.outside_period, loaded.outside_region) == (period, region)
    assert len(loaded.events) == 2 - period - region
    assert ("1 row outside the period of the case" in loaded.in_a_line()) == bool(period)
    assert ("1 row outside its region" in loaded.in_a_line()) == bool(region)


@pytest.mark.parametrize("day", ["1800-01-01", "1999-03-10", "2200-12-31"])
def test_a_day_at_the_end_of_the_calendar_neither_hangs_nor_fails(tmp_path: Path, day: str) -> None:
    truce = "- {id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-01, forbid: {type: shelling}}"
    made = case(truce)
    for about in (made.about, replace(made.about, period=When.parse("2020-01-01/.."))):
        told = replace(made, about=about)
        log = write(tmp_path, "id,date,type,actor", f"a,{day},shelling,red")
        loaded = read_events(log, told, today=date.max)
        row = ledger(told, "red-tells", on=date(2020, 2, 1), events=loaded.events)[0]
        assert (row.verdict, row.breaches, row.breaches_possible) == ("detached", 0, 0)


@pytest.mark.parametrize("day", ["0001-01-01", "0020-03-10", "9999-12-31"])
def test_a_year_that_cannot_be_meant_is_refused_with_its_line(tmp_path: Path, day: str) -> None:
    log = write(tmp_path, "id,date,type,actor", f"a,{day},shelling,red")
    with pytest.raises(StandoffError, match=r"log\.csv:2: .*a year from 1800 to 2200"):
        read_events(log, case(), today=date.max)


def test_an_own_table_may_name_strangers_and_they_are_unknown(tmp_path: Path) -> None:
    log = write(tmp_path, "id,date,type,actor,target", "a,2020-01-05,shelling,stranger;The band,green")
    loaded = read_events(log, case(), today=TODAY)
    assert loaded.events[0].actor == ("unknown:stranger", "band")
    assert loaded.unknown_actors == {"stranger": 1}


def test_there_is_no_such_file(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "nothing.csv")[0]


def test_a_file_whose_name_begins_with_a_sign_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("(1).csv", "-1.csv", "a.csv"):
        Path(name).write_text("id,date,type,actor\na,2020-01-05,shelling,red\n", encoding="utf-8")
        assert [event.id for event in read_events(name, case(), today=TODAY).events] == ["a"]


@pytest.mark.parametrize(("begins_in", "read"), [(-30, False), (0, False), (1, True)])
def test_of_an_exercise_in_the_future_alone_days_to_come_are_read(tmp_path: Path, begins_in: int, read: bool) -> None:
    today = date.today()
    first = today + timedelta(days=begins_in)
    made = case()
    made = replace(made, about=replace(made.about, period=When.parse(f"{first}/{first + timedelta(days=60)}")))
    log = write(tmp_path, "id,date,type,actor", f"a,{today + timedelta(days=3)},shelling,red")
    if read:
        assert len(read_events(log, made).events) == 1
    else:
        with pytest.raises(StandoffError, match="1 bad row"):
            read_events(log, made)
