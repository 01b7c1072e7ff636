"""Edges of the readers of others' tables: the cell that decides, the place that is meant, the row that lies inside."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from standoff.case.geography import Place
from standoff.case.model import Case, Event
from standoff.case.parsing import keys_of
from standoff.case.read import TEMPLATE, load
from standoff.errors import StandoffError
from standoff.intake.batch import EventLog, read_file
from standoff.intake.columns import days_of, numbers_of
from standoff.intake.rows import Frame, Spots
from standoff.values import When


@pytest.fixture(scope="module")
def case() -> Case:
    return load(TEMPLATE)


def place(name: str, lat: float, lon: float, **more: object) -> Place:
    return Place(id=name, name=name, kind="town", lat=lat, lon=lon, country="XX", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (("12/13/2020",), "mdy"),  # December: a month may be the twelfth
        (("13/12/2020",), "dmy"),
        (("12/12/2020", "01/31/2020"), "mdy"),
        (("05/03/2020", "25/03/2020"), "dmy"),
    ],
)
def test_the_cell_that_decides_the_order_of_days(cells: tuple[str, ...], order: str) -> None:
    days = days_of({cell: n + 2 for n, cell in enumerate(cells)}, "date", "t.csv")
    assert days.order == order
    (note,) = days.notes
    assert note.endswith(f": line {len(cells) + 1} has {cells[-1]}")  # the last of these is the one that decides


def test_thousands_of_people_are_asked_and_not_taken_for_decimals() -> None:
    with pytest.raises(StandoffError, match=r"1\.200, which is 1\.200 or 1200|'1\.200'"):
        numbers_of({"1.200": 2}, "people", "t.csv", whole=True, high=1e12, noun="people")
    assert numbers_of({"12,5": 2}, "lat", "t.csv", low=-90.0, high=90.0, noun="degrees").number("12,5") == 12.5


def test_a_place_is_named_by_its_code_first_and_never_where_two_share_a_name(case: Case) -> None:
    places = {p.id: p for p in (place("a", 41, 11, pcode="XX01"), place("b", 41.2, 11.2, aliases=("Twin",)),
                                place("c", 41.3, 11.3, aliases=("Twin",)))}  # fmt: skip
    spots = Spots(replace(case, places=places))
    assert spots.named("b", " xx01 ") == "a"
    assert spots.named("B") == "b"
    assert spots.named("Twin") == ""
    assert spots.named("nowhere", "XX99") == ""


@pytest.mark.parametrize(
    ("lat", "lon", "km", "inside"),
    [
        (41.0, 11.0, 0.0, True),
        (41.0, 9.9, 0.0, False),
        (41.0, 9.9, 15.0, True),  # 8 km west of the region, known to 15
        (41.0, 12.1, 0.0, False),
        (41.0, 12.1, 15.0, True),
        (39.95, 11.0, 0.0, False),
        (39.95, 11.0, 10.0, True),
        (42.05, 11.0, 0.0, False),
        (42.05, 11.0, 10.0, True),
    ],
)
def test_what_may_lie_in_the_region_is_in_it(case: Case, lat: float, lon: float, km: float, inside: bool) -> None:
    frame = Frame(case)
    assert frame.holds(When.parse("2024-03-01"), [place("p", lat, lon, accuracy_km=km)]) is inside
    assert frame.outside_region == (0 if inside else 1)


def test_a_region_across_the_meridian_holds_both_sides(case: Case) -> None:
    frame = Frame(replace(case, about=replace(case.about, region=(178.0, -20.0, 183.0, -10.0))))
    day = When.parse("2024-03-01")
    assert frame.holds(day, [place("east", -15, 179)]) and frame.holds(day, [place("west", -15, -178)])
    assert not frame.holds(day, [place("far", -15, -170)])


def test_a_day_outside_the_period_is_counted(case: Case) -> None:
    frame = Frame(case)
    assert not frame.holds(When.parse("2023-12-31"), [])
    assert frame.holds(When.parse("2023-12-31/2024-01-01"), [])
    assert frame.outside_period == 1


@pytest.mark.parametrize(
    ("lon", "inside"), [(-177.0, True), (-176.5, False), (-179.9, True), (177.9, False), (178.0, True)]
)
def test_the_other_side_of_the_meridian_is_a_whole_turn_away(case: Case, lon: float, inside: bool) -> None:
    frame = Frame(replace(case, about=replace(case.about, region=(178.0, -20.0, 183.0, -10.0))))
    assert frame.holds(When.parse("2024-03-01"), [place("p", -15, lon)]) is inside


@pytest.mark.parametrize(
    ("clock", "hour"),
    [
        ("12:30 AM", "00:30"), ("1:05 AM", "01:05"), ("11:15 AM", "11:15"),
        ("12:30 PM", "12:30"), ("1:05 PM", "13:05"), ("11:15 PM", "23:15"), ("17:45", "17:45"),
    ],
)  # fmt: skip
def test_hours_of_a_clock_of_twelve(clock: str, hour: str) -> None:
    cell = f"2020-03-25 {clock}"
    assert days_of({cell: 2}, "date", "t.csv").moment(cell).hour == hour


@pytest.mark.parametrize(("cell", "notes"), [("1,5", 1), ("1.5", 1), ("1,200", 1), ("15", 0), ("", 0)])
def test_a_decimal_mark_that_a_person_gives_is_noted_where_it_decides_something(cell: str, notes: int) -> None:
    given = numbers_of({cell: 2, "7": 3}, "lat", "t.csv", "comma" if "," in cell else "point", high=1e4)
    assert len(given.notes) == notes


OWN = "id,date,type,actor,target\n"


def test_a_table_of_our_own_counts_its_rows_and_what_lies_outside(case: Case) -> None:
    rows = "a,2024-03-01,shelling,red,blue\nb,2024-03-02,shelling,red,blue\n"
    batch = read_file((OWN + rows).encode(), case, name="t.csv")
    assert (batch.rows, batch.bad, batch.outside_period, batch.outside_region) == (2, 0, 0, 0)
    early = read_file((OWN + "a,1999-03-01,shelling,red,blue\n").encode(), case, name="t.csv")
    assert (early.rows, len(early.records)) == (1, 0)
    assert (early.outside_period, early.outside_region) == (1, 0)


def test_a_path_may_be_text(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(OWN + "a,2024-03-01,shelling,red,blue\n")
    one, other = read_file(path, case), read_file(str(path), case)
    assert [e.id for e in one.records] == [e.id for e in other.records] == ["a"]
    assert other.name == str(path)


@pytest.mark.parametrize(("bad", "words"), [(1, "1 bad row;"), (2, "2 bad rows;"), (21, "21 bad rows;")])
def test_bad_rows_are_counted_in_words(case: Case, bad: int, words: str) -> None:
    header = (
        "event_id_cnty,event_date,event_type,sub_event_type,actor1,actor2,latitude,longitude,geo_precision,location,"
        "source,fatalities\n"
    )
    rows = "".join(f"X{n},yesterday,Battles,Armed clash,Red,Blue,41,11,1,M,W,0\n" for n in range(bad))
    with pytest.raises(StandoffError) as refused:
        read_file((header + rows).encode(), case, name="t.csv")
    assert words in str(refused.value.problems[0])
    assert ("the first 20 follow" in str(refused.value.problems[0])) is (bad > 20)
    kept = read_file((header + rows).encode(), case, name="t.csv", skip_bad=True)
    assert (kept.bad, len(kept.records)) == (bad, 0)


def test_an_error_of_the_header_names_its_line(case: Case) -> None:
    with pytest.raises(StandoffError) as refused:
        read_file(
            b"A title of its own,,\n,,\nevent_id_cnty,event_date,event_type\nX1,2024-03-01,Battles\n",
            case,
            name="t.csv",
        )
    assert {p.line for p in refused.value.problems} == {3}


@pytest.mark.parametrize("first", ["event_type", "sub_event_type", "source"])
def test_a_column_counts_wherever_it_stands(case: Case, first: str) -> None:
    row = {
        "event_id_cnty": "X1", "event_date": "2024-03-01", "event_type": "Battles", "sub_event_type": "Armed clash",
        "actor1": "Red", "actor2": "Blue", "latitude": "41", "longitude": "11", "geo_precision": "1", "location": "M",
        "source": "W", "fatalities": "0",
    }  # fmt: skip
    order = [first, *(name for name in row if name != first)]
    text = ",".join(order) + "\n" + ",".join(row[name] for name in order) + "\n"
    (report,) = read_file(text.encode(), case, name="t.csv").records
    assert (report.subtype, report.others["event_type"]) == ("Armed clash", "Battles")


GED = (
    "id,date_start,date_end,type_of_violence,side_a,side_b,low,high,latitude,longitude,where_prec,where_coordinates,"
    "source_article,deaths_civilians"
)


@pytest.mark.parametrize(
    ("low", "high", "civilians", "tolls", "noted"),
    [
        ("2", "9", "", [("deaths", 2, 9)], False),
        ("9", "2", "", [("deaths", 2, 9)], True),  # the ends of a range, whichever stands first
        ("4", "4", "", [("deaths", 4, 4)], False),
        ("", "9", "", [("deaths", None, 9)], False),
        ("2", "", "", [("deaths", 2, None)], False),
        ("", "", "", [], False),
        ("", "", "3", [("deaths-civilian", 3, None)], False),  # of the best number: at least so many
        ("0", "0", "0", [("deaths", 0, 0), ("deaths-civilian", 0, None)], False),
    ],
)
def test_numbers_of_deaths_are_ends_of_a_range(
    case: Case, low: str, high: str, civilians: str, tolls: list[tuple[str, float, float]], noted: bool
) -> None:
    row = f"7,2024-03-01,2024-03-01,1,Red,Blue,{low},{high},41,11,1,M,W,{civilians}"
    batch = read_file(f"{GED}\n{row}\n".encode(), case, name="t.csv")
    (report,) = batch.records
    assert [(toll.measure, toll.low, toll.high) for toll in report.tolls] == tolls
    assert any("taken as the ends of a range" in note for note in batch.assumptions) is noted


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,2024-03-01,shelling,red,blue,9,9", "7 cells; expected 5, as in the header"),
        ("a,2024-03-01,shellling,red,blue", "'shellling' is unknown"),
        ("a,2024-03-01,shelling,red,blue\na,2024-03-02,shelling,red,blue", "'a' is given twice"),
    ],
)
def test_a_bad_row_of_a_table_of_our_own_says_what_is_wrong(case: Case, row: str, said: str) -> None:
    with pytest.raises(StandoffError) as refused:
        read_file((OWN + row + "\n").encode(), case, name="t.csv")
    assert len(refused.value.problems) == 2
    assert said in str(refused.value.problems[1])
    assert ("did you mean 'shelling'" in str(refused.value.problems[1])) is ("shellling" in row)


def test_a_column_that_is_unknown_is_told_with_the_nearest_one(case: Case) -> None:
    with pytest.raises(StandoffError) as refused:
        read_file(b"id,date,type,actor,target,plaec\na,2024-03-01,shelling,red,blue,M\n", case, name="t.csv")
    assert [problem.line for problem in refused.value.problems] == [1]
    assert "'plaec' is unknown" in str(refused.value)
    assert "did you mean 'place'" in str(refused.value)


def test_every_key_of_an_event_is_a_column_of_our_own_table(case: Case) -> None:
    header = ",".join(keys_of(Event))
    batch = read_file(f"{header}\na,2024-03-01{',' * header.count(',')}\n".encode(), case, skip_bad=True)
    assert (batch.source, batch.left, set(batch.columns.values())) == ("own", (), set(keys_of(Event)))


@pytest.mark.parametrize(
    ("cells", "hour"),
    [
        ("2024-03-01 14:30,", "14:30"), ("2024-03-01 14:30,08:00", "08:00"), ("2024-03-01,08:00", "08:00"),
        ("2024-03-01,", ""),
    ],
)  # fmt: skip
def test_the_hour_of_our_own_table_is_its_own_before_that_of_the_day(case: Case, cells: str, hour: str) -> None:
    text = f"id,date,hour,type,actor,target\na,{cells},shelling,red,blue\n"
    (event,) = read_file(text.encode(), case, name="t.csv", kind="own").records
    assert (str(event.date), event.hour) == ("2024-03-01", hour)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("3,2,4,", "deaths and low or high are both given"), ("3,,4,", "deaths and low or high are both given"),
        ("3,,,wounded", "counted is 'wounded'"), ("3,,,deaths", ""), ("3,,,", ""), (",2,4,wounded", ""),
    ],
)  # fmt: skip
def test_people_killed_are_given_once(case: Case, cells: str, said: str) -> None:
    text = f"id,date,type,actor,target,deaths,low,high,counted\na,2024-03-01,shelling,red,blue,{cells}\n"
    if said:
        with pytest.raises(StandoffError, match=said):
            read_file(text.encode(), case, name="t.csv")
    else:
        (event,) = read_file(text.encode(), case, name="t.csv").records
        assert (event.low, event.high, event.counted) == ((2, 4, "wounded") if cells[0] == "," else (3, 3, "deaths"))


def test_coordinates_of_our_own_table_are_of_one_place(case: Case) -> None:
    head = "id,date,type,actor,target,place,lat,lon,accuracy_km\n"

    def read(cells: str) -> list[tuple[str, ...]]:
        return [e.place for e in read_file(f"{head}a,2024-03-01,shelling,red,blue,{cells}\n".encode(), case).records]

    known = next(iter(case.places.values()))
    assert read(f"{known.id},41,11,5") == [(known.id,)]
    assert read("Elsewhere,41,11,5") == [("at:41.0000,11.0000,5km",)]
    assert read("Elsewhere,41,11,") == [("at:41.0000,11.0000,111km",)]  # as exact as it is written
    with pytest.raises(StandoffError, match="coordinates are given for 2 places; expected one"):
        read("Here;There,41,11,5")


def test_a_line_says_all_that_a_log_leaves_out() -> None:
    place = {"p": Place(id="p", name="P", kind="town", lat=41, lon=11, country="XX")}
    assert EventLog((), place, {}, 1, "own", 1, 1).in_a_line() == (
        "0 events, 1 row left out, 1 row outside the period of the case, 1 row outside its region"
    )
    assert (
        EventLog((), {}, {"A": 4}, 0, "own", nobody_known=1)
        .in_a_line()
        .endswith(", 1 name is not known to the case, 1 event names no party of the case")
    )
    assert (
        EventLog((), {}, {"A": 4, "B": 1}, 2, "own", nobody_known=3)
        .in_a_line()
        .endswith(", 2 rows left out, 2 names are not known to the case, 3 events name no party of the case")
    )


def test_figures_are_no_events(case: Case) -> None:
    batch = read_file(b"site,date,people\nA,2024-03-01,5\n", case, name="t.csv")
    with pytest.raises(StandoffError, match="which holds no events") as refused:
        batch.events()
    assert "t.csv" in str(refused.value)


def test_a_zipped_table_is_the_table(case: Case, tmp_path: Path) -> None:
    text = (OWN + "a,2024-03-01,shelling,red,blue\n").encode()
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(text))
    of_path, of_bytes = read_file(path, case), read_file(gzip.compress(text), case, name="t.csv.gz")
    assert [e.id for e in of_path.records] == [e.id for e in of_bytes.records] == ["a"]
    assert (of_path.name, of_bytes.name) == (str(path).removesuffix(".gz"), "t.csv")


@pytest.mark.parametrize(
    ("code", "pcode", "told"),
    [
        ("XX0101", "XX0101", ""),
        ("1204", "", "code: 1204"),  # a number is no P-code
        ("77", "77", ""),  # but where the case has it
    ],
)
def test_a_number_is_no_p_code_but_where_a_place_of_the_case_has_it(
    case: Case, code: str, pcode: str, told: str
) -> None:
    places = {"a": place("a", 41, 11, pcode="77")}
    batch = read_file(
        f"site,pcode,date,people\nB,{code},2024-03-01,5\n".encode(), replace(case, places=places), name="t.csv"
    )
    (figure,) = batch.records
    assert (figure.pcode, figure.qualifier, figure.place) == (pcode, told, "a" if code == "77" else "")
    assert any("not a P-code" in note for note in batch.assumptions) is bool(told)


LIMITS = [
    ("date,site,people", "people", "0", "1000000000000"),
    ("date,who,killed,injured,latitude,longitude", "killed", "0", "1000000000000"),
    ("date,who,killed,injured,latitude,longitude", "injured", "0", "1000000000000"),
    ("date,who,killed,injured,latitude,longitude", "latitude", "-90", "90"),
    ("date,who,killed,injured,latitude,longitude", "longitude", "-180", "180"),
    ("id,date,type,actor,deaths,lat,lon,accuracy_km", "deaths", "0", "1000000000000"),
    ("id,date,type,actor,deaths,lat,lon,accuracy_km", "lat", "-90", "90"),
    ("id,date,type,actor,deaths,lat,lon,accuracy_km", "lon", "-180", "180"),
    ("id,date,type,actor,deaths,lat,lon,accuracy_km", "accuracy_km", "0", "1000"),
]


@pytest.mark.parametrize(("header", "column", "low", "high"), LIMITS)
def test_numbers_at_their_limits_are_read_and_beyond_them_refused(
    case: Case, header: str, column: str, low: str, high: str
) -> None:
    anywhere = replace(case, about=replace(case.about, region=(-180.0, -90.0, 180.0, 90.0)))
    usual = {"date": "2024-03-01", "type": "shelling", "latitude": "41", "longitude": "11", "lat": "41", "lon": "11"}
    for cell, is_read in ((low, True), (high, True), (f"{int(low) - 1}", False), (f"{int(high) + 1}", False)):
        cells = [cell if name == column else usual.get(name, "1") for name in header.split(",")]
        batch = read_file(f"{header}\n{','.join(cells)}\n".encode(), anywhere, name="t.csv", skip_bad=True)
        assert (len(batch.records), len(batch.left_out)) == ((1, 0) if is_read else (0, 1)), cell


@pytest.mark.parametrize(
    ("killed", "lat", "people"),
    [("1,000", "41.5", None), ("1,000", "41,5", None), ("1.000", "41,5", None), ("1,200", "41,5", 1200),
     ("1 000", "41,5", 1000), ("1000", "41,5", 1000)],
)  # fmt: skip
def test_a_semicolon_between_cells_and_commas_elsewhere_are_evidence_for_decimal_commas(
    case: Case, killed: str, lat: str, people: float | None
) -> None:
    text = f"date;who;killed;latitude;longitude\n2024-03-01;Red;{killed};{lat};11\n".encode()
    if people is None:
        with pytest.raises(StandoffError, match="and no row of the column decides"):
            read_file(text, case, name="t.csv")
    else:
        (report,) = read_file(text, case, name="t.csv").records
        assert ([toll.low for toll in report.tolls], report.lat) == ([people], 41.5)


def test_all_that_can_be_read_in_two_ways_is_asked_at_once(case: Case) -> None:
    text = "date;who;killed;latitude\n05/03/2024;Red;1.200;1,200\n06/03/2024;Blue;1.300;\n"
    with pytest.raises(StandoffError) as refused:
        read_file(text.replace("latitude", "injured").encode(), case, name="t.csv")
    assert [problem.what.partition(" ")[0] for problem in refused.value.problems] == ["date", "killed"]
    assert [problem.line for problem in refused.value.problems] == [2, 2]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Sites (March).csv", "sites-march"), ("a/b/Sites.2.xlsx", "sites-2"), ("___.csv", "file"),
        ("x" * 70, "x" * 60),
        ("-a_b-.csv", "a-b"), ("Вода.csv", "вода"),
    ],
)  # fmt: skip
def test_ids_of_figures_begin_with_the_name_of_their_file(case: Case, name: str, stem: str) -> None:
    batch = read_file(b"site,date,people\nA,2024-03-01,5\n", case, name=name)
    assert (batch.ids_begin, next(iter(batch.records)).id.startswith(f"{stem}-2024-03-01-")) == (stem, True)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("Red,Red,a,b", ""),  # the same twice is one
        ("Red,Blue,a,b", "two columns are named 'who', and say 'Red' and 'Blue'; expected one column for party"),
    ],
)
def test_two_columns_of_one_name_are_one_where_they_say_the_same(case: Case, cells: str, said: str) -> None:
    text = f"date,who,who,notes,notes\n2024-03-01,Red,Red,a,b\n2024-03-02,{cells}\n".encode()
    if said:
        with pytest.raises(StandoffError) as refused:
            read_file(text, case, name="t.csv")
        (problem,) = refused.value.problems
        assert (problem.line, said in str(problem)) == (3, True)
    else:
        assert [report.actor_written for report in read_file(text, case, name="t.csv").records] == ["Red", "Red"]


@pytest.mark.parametrize(
    ("where", "inside"),
    [
        ("near,,", True), ("far,,", False), ("near;far,,", True), ("nowhere,,", True),  # no place: nowhere else
        (",41,11", True), (",21,11", False), ("far,41,11", False), ("Elsewhere,41,11", True),
        ("Elsewhere,21,11", False),
    ],
)  # fmt: skip
def test_a_row_of_our_own_lies_where_its_place_or_its_coordinates_do(case: Case, where: str, inside: bool) -> None:
    made = replace(case, places={"near": place("near", 41, 11), "far": place("far", 21, 11)})
    text = f"id,date,type,actor,target,place,lat,lon\na,2024-03-01,shelling,red,blue,{where}\n".encode()
    batch = read_file(text, made, name="t.csv", kind="own")
    assert (len(batch.records), batch.outside_region) == ((1, 0) if inside else (0, 1))


@pytest.mark.parametrize(("lat", "asked"), [("41,5", True), ("41.5", False), ("41", False)])
def test_a_column_of_decimal_commas_makes_thousands_of_another_a_question(case: Case, lat: str, asked: bool) -> None:
    text = f'date,who,killed,latitude,longitude\n2024-03-01,Red,"1,000","{lat}",11\n'.encode()
    if asked:
        with pytest.raises(StandoffError, match="killed is '1,000', which is 1000 or"):
            read_file(text, case, name="t.csv")
    else:
        (report,) = read_file(text, case, name="t.csv").records
        assert [toll.low for toll in report.tolls] == [1000]


def test_what_is_wrong_with_names_of_columns_stands_at_their_line(case: Case) -> None:
    row = {"id": "a", "date": "2024-03-01", "type": "shelling", "actor": "red", "target": "blue", "plaec": "M"}
    for data, line in (
        (json.dumps([row]), 1),
        (f"A title,,,,,\n,,,,,\n{','.join(row)}\n{','.join(row.values())}\n", 3),
    ):
        with pytest.raises(StandoffError) as refused:
            read_file(data.encode(), case, name="t", kind="own")
        assert [(problem.line, "'plaec' is unknown" in problem.what) for problem in refused.value.problems] == [
            (line, True)
        ]
