"""Files as people have them: dialects, encodings, days, numbers, workbooks, archives; the rest is told by name."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import date
from functools import cache

import pytest
from as_printed import as_printed
from workbooks import ods, xlsx

from standoff.case.model import Case
from standoff.case.read import TEMPLATE, load
from standoff.errors import StandoffError
from standoff.intake.batch import Batch
from standoff.intake.importer import open_batch

HEAD = [
    "event_id_cnty", "event_date", "sub_event_type", "actor1", "actor2", "country", "location", "latitude", "longitude",
    "geo_precision", "fatalities", "notes",
]  # fmt: skip
ROW = ["A1", "2024-02-26", "Air/drone strike", "Red", "Blue", "Land", "Rivertown", "41.0", "11.0", "1", "3", "n"]
OTHER = ["A2", "2024-02-27", *ROW[2:]]
DAY, PLACE, DEAD = 1, 6, 10


@cache
def template() -> Case:
    return load(TEMPLATE)


def read(data: str | bytes, name: str = "file.csv", **options: object) -> Batch:
    data = data.encode() if isinstance(data, str) else data
    return open_batch(template(), data, name, **options)[0]


def text(rows: list[list[str]], head: list[str] = HEAD, mark: str = ",") -> str:
    return "".join(mark.join(f'"{c}"' if mark in c else c for c in row) + "\n" for row in [head, *rows])


def with_cell(at: int, cell: str, row: list[str] = ROW) -> list[str]:
    return [*row[:at], cell, *row[at + 1 :]]


def packed(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


BASE = text([ROW, OTHER])
CELLS = [HEAD, *([row[0], date(2024, 2, 26), *row[2:7], 41.0, 11.0, 1.0, 3.0, "n"] for row in (ROW, OTHER))]
RECORDS = [dict(zip(HEAD, row, strict=True)) for row in (ROW, OTHER)]
SAME: dict[str, str | bytes] = {
    "semicolons.csv": text([ROW, OTHER], mark=";"),
    "tabs.csv": text([ROW, OTHER], mark="\t"),
    "bars.csv": text([ROW, OTHER], mark="|"),
    "returns.csv": BASE.replace("\n", "\r"),
    "windows.csv": BASE.replace("\n", "\r\n"),
    "titles.csv": f"Report of incidents\nSource: monitor,,,\n\n{BASE}",
    "bom.csv": b"\xef\xbb\xbf" + BASE.encode(),
    "utf16.csv": BASE.encode("utf-16"),
    "utf16be.csv": BASE.encode("utf-16-be"),
    "total.csv": f"{BASE}Total,,,,,,,,,,6,\nSource: a monitor,,,,,,,,,,,\n* preliminary\n",
    "empty columns.csv": text([[*ROW, "", ""], [*OTHER, "", ""]], [*HEAD, "", ""]),
    "notes twice.csv": text([[*ROW, "x"], [*OTHER, "y"]], [*HEAD, "notes"]),
    "units.csv": text(
        [ROW, OTHER], [*HEAD[:7], "Latitude (°)", "Longitude [deg]", HEAD[9], "fatalities (dead)", "notes"]
    ),
    "spaced.csv": text([ROW, OTHER], [name.replace("_", " ").title() for name in HEAD]),
    "tags.csv": text([["#event+id", "#date+start", *[""] * 8, "#affected+killed", ""], ROW, OTHER]),
    "book.xlsx": xlsx({"S": CELLS}),
    "book.ods": ods({"S": CELLS}),
    "titled.xlsx": xlsx({"S": [["Incidents", *[None] * 11], [None] * 12, *CELLS]}),
    "grouped.xlsx": xlsx({"S": [["Event", None, None, "Parties", *[None] * 8], *CELLS]}),
    "readme.xlsx": xlsx({"Readme": [["about"], ["this"]], "S": CELLS}),
    "serial.xlsx": xlsx({"S": [HEAD, *([row[0], 45348.0, *row[2:]] for row in (ROW, OTHER))]}),
    "list.json": json.dumps(RECORDS),
    "answer.json": json.dumps({"status": 200, "count": 2, "data": RECORDS}),
    "deep.json": json.dumps({"result": {"records": RECORDS}}),
    "lines.jsonl": "\n".join(map(json.dumps, RECORDS)),
    "two lists.json": json.dumps({"fields": [{"id": "a", "type": "b"}], "result": {"records": RECORDS}}),
    "unseen marks.csv": text(
        [[f"\u200f{cell}\u200e\ufeff" for cell in row] for row in (ROW, OTHER)],
        [f"\u200f{name}\u200b" for name in HEAD],
    ),
    "one.zip": packed(a__csv=BASE),
    "readme.zip": packed(a__csv=BASE, README__txt="words"),
    "packed.csv.gz": gzip.compress(BASE.encode()),
    "packed.json.gz": gzip.compress(json.dumps(RECORDS).encode()),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_a_table_is_the_same_in_every_dress(name: str) -> None:
    batch = read(SAME[name], name)
    assert (batch.source, batch.rows, batch.bad) == ("acled", 2, 0)
    first = batch.records[0]
    assert (first.id, str(first.date), first.actor, first.target) == ("A1", "2024-02-26", ("red",), ("blue",))
    assert (first.lat, first.lon, [t.low for t in first.tolls]) == (41.0, 11.0, [3.0])


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        ("26 février 2024", ""),
        ("26 de febrero de 2024", ""),
        ("26. Februar 2024", ""),
        ("26 febbraio 2024", ""),
        ("26 лютого 2024", ""),
        ("٢٦ شباط ٢٠٢٤", ""),
        ("26-Feb-24", ""),
        ("Monday, 26 February 2024", ""),
        ("lundi 26 février 2024", ""),
        ("lunes, 26 de febrero de 2024", ""),
        ("Montag, 26. Februar 2024", ""),
        ("понеділок, 26 лютого 2024", ""),
        ("الاثنين 26 فبراير 2024", ""),
        ("26.02.2024", ""),
        ("26 / 02 / 2024", ""),
        ("20240226", ""),
        ("2024-02-26T00:00:00Z", ""),
        ("26/02/2024 14:30", "14:30"),
        ("2024-02-26T14:30:00+03:00", "14:30+03:00"),
        ("2024-02-26 22:30 UTC", "22:30Z"),
        ("2024-02-26T22:30:00-0400", "22:30-04:00"),
    ],
)
def test_a_day_is_read_as_people_write_it_and_an_hour_keeps_its_zone(cell: str, hour: str) -> None:
    batch = read(text([with_cell(DAY, cell)]))
    assert (str(batch.records[0].date), batch.records[0].hour) == ("2024-02-26", hour)
    assert batch.events().events[0].hour == hour


@pytest.mark.parametrize("cell", ["1,200", "1\u2009200", "1\u00a0200", "1'200", "١٢٠٠", "1200.0"])
def test_a_number_is_read_as_people_write_it(cell: str) -> None:
    (report,) = read(text([with_cell(DEAD, cell)])).records
    assert report.tolls[0].low == 1200.0


@pytest.mark.parametrize(("page", "name"), [("cp1256", "سراقب"), ("cp1251", "Славянск"), ("cp1252", "Peñón de Bogotá")])
def test_an_encoding_is_asked_with_every_reading_and_taken_when_it_is_said(page: str, name: str) -> None:
    data = text([with_cell(PLACE, name)]).encode(page)
    with pytest.raises(StandoffError) as caught:
        read(data)
    assert f"{name}" in str(caught.value) and f"as {page}" in str(caught.value)
    assert page in caught.value.problems[0].hint
    assert read(data, encoding=page).records[0].place_written == name


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (text([with_cell(DAY, "03/02/2024")]), "say --dates dmy for 3 February, or --dates mdy"),
        (text([with_cell(DAY, "13/02/2024"), with_cell(DAY, "02/14/2024", OTHER)]), "month first and day first"),
        (text([with_cell(DEAD, "1.200")]), "say --numbers point for 1.200, or --numbers comma for 1200"),
        (text([with_cell(DEAD, "3-5")]), "the number in fatalities is '3-5'"),
        (text([with_cell(DAY, "45348")]), "a spreadsheet's day number would be 2024-02-26"),
        (text([with_cell(DAY, "0024-02-26")]), "a year from 1800 to 2200"),
        (text([with_cell(7, "111.0")]), "expected degrees, latitude first"),
        (text([ROW, ROW]), "the event 'A1' is given twice"),
        (text([[*ROW, "2024-03-01"]], [*HEAD, "event_date"]), "two columns are named 'event_date', and say"),
        (BASE.strip() + ",more\n", "the row has more cells than the header"),
        (BASE.replace("n\n", '"n\n', 1), "is open or stray"),
        (BASE.replace("n\n", "\0\n", 1), "holds zero bytes"),
        (packed(a__csv=BASE, b__csv=BASE), "name the file with --sheet"),
        (xlsx({"A": CELLS, "B": CELLS}), "name the sheet with --sheet"),
        (gzip.compress(BASE.encode())[:-20], "cannot be unpacked"),
        (packed(x__shp="a", x__dbf="b"), "a zipped shapefile"),
        (packed(word_document__xml="x", **{"word/document__xml": "x"}), "a Word document"),
        ("<kml></kml>", "KML"),
        ('{"type": "Topology", "objects": {}}', "TopoJSON"),
        ('{"geometryType": "esriGeometryPolygon", "features": [{"attributes": {"a": 1}}]}', "f=geojson"),
        ('{"features": [{"attributes": {"a": 1}}], "fields": []}', "Esri JSON"),
        (text([with_cell(DAY, "before 26 February 2024")]), "expected a day"),
        ("From: a@b\nTo: c@d\nSubject: x\n\nwords", "an e-mail"),
        (b"RDX3\nX\n", "a file of R"),
        (b"%PDF-1.4", "a PDF"),
        ("\t".join(["1", "20240226", *["x"] * 56]) + "\n", "GDELT"),
        ('{"id": "x", "schema": "Event", "properties": {"name": ["x"]}}', "FollowTheMoney"),
        ("<html><body>words</body></html>", "a web page"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_in_one_way_is_asked_or_told_by_name(data: str | bytes, said: str) -> None:
    with pytest.raises(StandoffError) as caught:
        read(data)
    assert said in as_printed(caught.value)


def test_one_feature_is_told_as_that_whatever_its_file_is_called() -> None:
    shape = {"type": "Polygon", "coordinates": [[[10.2, 40.2], [11.2, 40.2], [11.2, 41.2], [10.2, 40.2]]]}
    data = json.dumps({"type": "Feature", "properties": {"ADM2_PCODE": "XX0101", "ADM2_EN": "Mill"}, "geometry": shape})
    for name in ("area.geojson", "area.json"):
        with pytest.raises(StandoffError) as caught:
            read(data, name)
        assert "one area alone: --as boundaries" in as_printed(caught.value)
        assert read(data, name, kind="boundaries").records[0].name == "Mill"


def test_a_bomb_of_zeros_is_told_as_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standoff.files.table_reader.MOST_IN_MEMORY", 2**20)
    with pytest.raises(StandoffError, match="too large"):
        read(gzip.compress(b"0" * 2**22), "zeros.csv.gz")
