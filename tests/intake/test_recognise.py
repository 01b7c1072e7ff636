"""Which source a table is of: by its columns, whatever their case; what lacks is named, and what is not taken too."""

from __future__ import annotations

import csv
from collections import Counter
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from as_printed import prints
from ledger_case import case

from standoff.case.vocabulary import MEASURES
from standoff.errors import StandoffError
from standoff.intake.batch import FEEDS, read_file
from standoff.intake.recognise import NAMED_ONLY, TITLES, header_maps, other_way, recognise

MAPS = [m for m in header_maps() if m.source not in NAMED_ONLY]


def test_every_source_has_a_title_a_reader_and_a_map() -> None:
    assert set(TITLES) == set(FEEDS) == {m.source for m in header_maps()}


def test_the_table_of_headers_is_whole() -> None:
    text = files("standoff.intake").joinpath("headers.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["needed"] for row in rows} == {"yes", ""}
    for row in rows:
        assert row["column"] and row["field"], row
        measure = row["field"].removeprefix("figure:").partition("+")[0]
        assert not row["field"].startswith("figure:") or measure in MEASURES, row
    twice = Counter((r["source"], r["version"], r["column"].casefold(), r["field"]) for r in rows)
    assert max(twice.values()) == 1


@pytest.mark.parametrize("one", MAPS, ids=lambda m: f"{m.source} {m.version}")
@pytest.mark.parametrize("change", [str, str.upper, str.title, lambda n: n.replace("_", " "), lambda n: f" {n} "])
def test_the_columns_of_a_source_are_known_in_any_case_and_order(one: object, change: object) -> None:
    others = ("type", "event date") if one.source == "incidents" else ()  # type: ignore[attr-defined]
    # beside all the other names these make it our own table, or a feed that lacks columns
    names = [change(name) for name, _, _ in one.columns if name not in others]  # type: ignore[attr-defined, operator]
    for header in (names, names[::-1], [*names, "another", ""]):
        assert recognise(header, "t").source == one.source  # type: ignore[attr-defined]


@pytest.mark.parametrize("one", MAPS, ids=lambda m: f"{m.source} {m.version}")
def test_the_columns_that_are_needed_are_enough_and_each_is_missed(one: object) -> None:
    needed = [next(n for n, f, _ in one.columns if f == field) for field in one.needed]  # type: ignore[attr-defined]
    assert recognise(needed, "t", kind=one.source).source == one.source  # type: ignore[attr-defined]
    for name in needed:
        with pytest.raises(StandoffError) as caught:
            recognise([n for n in needed if n != name], "t", 3, kind=one.source)  # type: ignore[attr-defined]
        assert any(p.line == 3 and "is missing" in p.what for p in caught.value.problems)


def test_a_source_that_lacks_a_column_is_named_with_the_nearest() -> None:
    header = ["event_id_cnty", "event_date", "sub_event_typ", "actor1", "actor2", "latitude", "longitude"]
    with pytest.raises(StandoffError) as caught:
        recognise(header, "t.csv")
    (problem,) = caught.value.problems
    assert str(problem) == (
        "t.csv:1: the column 'sub_event_type' is missing; expected the columns of ACLED (did you mean 'sub_event_typ'?)"
    )


def test_the_user_may_name_columns_and_slips_in_that_are_told() -> None:
    header = ["code", "event_date", "sub_event_type", "actor1", "actor2", "latitude", "longitude"]
    with prints("say --map event_id_cnty=THEIRS"):
        recognise(header, "t.csv")
    for ours in ("event_id_cnty", "id"):
        found = recognise(header, "t.csv", columns={ours: "Code"})
        assert (found.source, found.columns["id"], found.left) == ("acled", "code", ())
    with pytest.raises(StandoffError) as caught:
        recognise(header, "t.csv", columns={"idd": "cod"})
    assert ["no column 'cod'" in p.what or "a column 'idd'" in p.what for p in caught.value.problems] == [True, True]
    assert all(p.hint for p in caught.value.problems)
    with pytest.raises(StandoffError, match="did you mean 'acled'"):
        recognise(header, "t.csv", kind="acle")


def test_a_table_of_no_source_is_told_and_no_source_is_guessed() -> None:
    with pytest.raises(StandoffError, match="of no source that is known: a, b; expected the columns of one of: acled"):
        recognise(["a", "b"], "t.csv")
    with prints("say --as idmc-months"):
        recognise(["month", "AFG", "SYR", "YEM", "UKR", "MLI"], "t.csv")


def zipped(*names: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


GDELT = "\t".join(["1", "20200305", "202003", "2020", *["x"] * 54]) + "\n"


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"%PDF-1.7\n", "a.pdf", "a PDF"), (zipped("word/document.xml"), "a.docx", "a Word document"),
        (zipped("a.shp", "a.dbf"), "a.zip", "a zipped shapefile"), (b"\x00\x00\x27\x0a....", "a.shp", "a GIS"),
        (b"RDX3\nX\n", "a.RData", "a file of R"), (b"\x1f\x8b\x08", "a.rds", "a file of R"),
        (b'<?xml version="1.0"?><kml xmlns="x">', "a.kml", "KML"), (b"x", "a.kmz", "KML"),
        (b'{"type": "Topology", "objects": {}}', "a.json", "TopoJSON"),
        (b'{"type": "FeatureCollection", "features": []}', "a.json", "GeoJSON"),
        (b'{"id": "x", "schema": "Person", "properties": {"name": ["A"]}}\n', "a.jsonl", "FollowTheMoney"),
        (GDELT.encode(), "20200305.export.CSV", "GDELT"), (b"x", "a.eml", "an e-mail"),
        (b"From: a@example.org\nTo: b@example.org\nSubject: x\n\ntext\n", "mail", "an e-mail"),
        (b"<!DOCTYPE html><html>", "a.html", "a web page"), (b"<?xml version='1.0'?><a/>", "a.xml", "XML"),
        (b"BZh91", "a.csv.bz2", "packed"), (b"PAR1", "a.parquet", "another program"),
        (b'{"rows": [{"id": "x", "user": "u", "uri": "u", "target": []}]}', "h.json", "annotations of Hypothesis"),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_told_by_name_with_a_way_on(data: bytes, name: str, said: str, tmp_path: Path) -> None:
    what, way = other_way(data, name) or ("", "")
    assert said in what
    assert way
    (tmp_path / name).write_bytes(data)
    with pytest.raises(StandoffError) as caught:
        read_file(tmp_path / name, case())
    assert [p.what for p in caught.value.problems] == [what]


def test_features_on_lines_are_told_as_geojson() -> None:
    line = b'{"type":"Feature","properties":{"ADM1_PCODE":"XX01"},"geometry":null}\n'
    assert "one on each line" in (other_way(line * 2, "areas.json") or ("",))[0]


@pytest.mark.parametrize("data", [b"id,date,type\n", b'[{"id": 1}]', zipped("a.csv"), b"From: a\n1\n", b"a\tb\n1\t2\n"])
def test_a_table_is_not_taken_for_another_thing(data: bytes) -> None:
    assert other_way(data, "t.csv") is None


@pytest.mark.parametrize(
    ("header", "kind", "fields"),
    [
        ("date,type,actor1,actor2,place,latitude,longitude", "incidents", {"party": 2, "second": 3, "subtype": 1}),
        ("date,event,actor1,actor2,location,fatalities", "incidents", {"party": 2, "second": 3, "subtype": 1}),
        ("event_date,actor1,actor2,location,fatalities", "incidents", {"party": 1, "second": 2}),
        ("Date,Side A,Side B,deaths", "incidents", {"party": 1, "second": 2}),
        ("Date,Party 1,Party 2,Village", "incidents", {"party": 1, "second": 2}),
        ("id,date,type,party_1,party_2,place", "incidents", {"party": 3, "second": 4, "subtype": 2}),
        ("id,date,type,actor,target,place", "own", {"actor": 3}),
    ],
)
def test_two_columns_of_parties_are_a_table_of_incidents(header: str, kind: str, fields: dict[str, int]) -> None:
    one = recognise(header.split(","), "t")
    assert one.source == kind
    assert {field: one.at[field] for field in fields} == fields


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("event_date,sub_event_type,actor1,actor2,latitude,longitude", "the columns of ACLED"),
        ("date_start,side_a,side_b,latitude,longitude,best", "the columns of UCDP GED"),
    ],
)
def test_a_feed_that_lacks_columns_is_told_as_that(header: str, expected: str) -> None:
    with pytest.raises(StandoffError, match=expected):
        recognise(header.split(","), "t")
