"""Sheets as people draw them: merged cells, headers in two rows, hidden sheets, points on a map. Rows are made up."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from standoff.case.model import Case
from standoff.case.read import TEMPLATE, load
from standoff.errors import StandoffError
from standoff.files.table_reader import read_table_file
from standoff.intake.batch import Batch
from standoff.intake.importer import open_batch

Cells = Sequence[Sequence[Any]]
TOP = ["Date", "Place", "Incident", "Casualties", None]
BELOW = [None, None, None, "Killed", "Injured"]


@pytest.fixture(scope="module")
def template() -> Case:
    return load(TEMPLATE)


def book(sheets: Mapping[str, Cells], merged: Sequence[str] = (), hidden: Sequence[str] = ()) -> bytes:
    out = io.BytesIO()
    work = xlsxwriter.Workbook(out, {"in_memory": True})
    day = work.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = work.add_worksheet(name)
        for cells in merged:
            sheet.merge_range(cells, "")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                elif value is not None:
                    sheet.write(number, column, value)
        if name in hidden:
            sheet.hide()
        else:
            sheet.activate()
            sheet.set_first_sheet()
    work.close()
    return out.getvalue()


def read(case: Case, data: bytes | str, name: str) -> Batch:
    return open_batch(case, data.encode() if isinstance(data, str) else data, name)[0]


ROWS = [
    [date(2024, 2, 13), "Rivertown", "Ambush", 2, 1], [date(2024, 2, 14), None, "Shelling", 3, 4],
    [date(2024, 2, 15), "Hilltown", "Raid", 5, 6],
]  # fmt: skip


def test_a_header_in_two_rows_is_read_as_it_is_drawn(template: Case) -> None:
    merged = ("A1:E1", "D2:E2", "A2:A3", "B2:B3", "C2:C3", "B4:B5")
    batch = read(template, book({"S": [["Log of 2024"], TOP, BELOW, *ROWS]}, merged), "log.xlsx")
    assert [r.place_written for r in batch.records] == ["Rivertown", "Rivertown", "Hilltown"]
    assert [[t.low for t in r.tolls] for r in batch.records] == [[2, 1], [3, 4], [5, 6]]
    assert "the header is on lines 2 and 3" in batch.assumptions


def test_a_header_in_two_rows_of_a_text_needs_no_merged_cells(template: Case) -> None:
    text = "Date,Place,Incident,Casualties,\n,,,Killed,Injured\n2024-02-13,Rivertown,Ambush,2,1\n"
    batch = read(template, text, "log.csv")
    assert [(t.measure, t.low) for t in batch.records[0].tolls] == [("deaths", 2.0), ("wounded", 1.0)]


@pytest.mark.parametrize("below", ["2024-02-13,Rivertown,Ambush,2,1", ",,,2,1", "2024-02-13,,,x,y"])
def test_a_row_of_cells_is_no_half_of_a_header(below: str) -> None:
    table = read_table_file(f"Date,Place,Incident,Casualties,\n{below}\n2024-02-13,A,B,2,1\n".encode(), "t.csv")
    assert table.header_line == 1


def test_a_number_of_several_rows_is_of_none_of_them_alone(template: Case) -> None:
    day = date(2024, 2, 13)
    rows = [["Date", "Site", "IDPs"], [day, "A", 100], [day, "B", None], [day, "C", 7]]
    batch = read(template, book({"S": rows}, ("C2:C3",)), "sites.xlsx")
    assert [one.value for one in batch.records] == [7.0]
    assert "rows 2 to 3 have one number for all, 100: none of them has it alone" in batch.assumptions


def test_a_row_drawn_over_two_lines_is_one_row(template: Case) -> None:
    day = date(2024, 2, 13)
    rows = [["Date", "Site", "IDPs"], [day, "A", 100], [None, None, None], [day, "C", 7]]
    batch = read(template, book({"S": rows}, ("A2:A3", "B2:B3", "C2:C3")), "sites.xlsx")
    assert [one.value for one in batch.records] == [100.0, 7.0]


def test_a_hidden_sheet_is_no_second_table(template: Case) -> None:
    rows = [["Date", "Site", "IDPs"], [date(2024, 2, 13), "A", 100]]
    older = [["Date", "Site", "IDPs"], [date(2023, 2, 13), "A", 90]]
    batch = read(template, book({"older": older, "now": rows}, hidden=("older",)), "sites.xlsx")
    assert [one.value for one in batch.records] == [100.0]


def layer(*features: tuple[dict[str, Any], str, Any]) -> str:
    listed = [
        {"type": "Feature", "properties": own, "geometry": {"type": kind, "coordinates": spot}}
        for own, kind, spot in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": listed})


def test_points_on_a_map_are_a_table_with_coordinates(template: Case) -> None:
    own = {"date": "2024-02-13", "incident": "Ambush", "place": "Rivertown", "killed": 2}
    (report,) = read(template, layer((own, "Point", [11.0, 41.0])), "incidents.geojson").records
    assert (report.lat, report.lon, report.place_written) == (41.0, 11.0, "Rivertown")


def test_points_that_say_nothing_are_named(template: Case) -> None:
    with pytest.raises(StandoffError, match="name, latitude, longitude"):
        read(template, layer(({"name": "Camp"}, "Point", [11.0, 41.0])), "camps.geojson")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n\0", "this is a picture"),
        ("a.pptx", b"PK\x03\x04....ppt/presentation.xml", "this is a presentation"),
        ("a.numbers", b"PK\x03\x04....Index/Document.iwa", "this is a file of Numbers"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "this is a file of Word, PowerPoint or Outlook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "this workbook has a password"),
        ("a.ics", b"BEGIN:VCALENDAR\n", "this is a calendar"),
        ("a.gpx", b'<?xml version="1.0"?><gpx></gpx>', "this is a file of a GIS"),
        ("a.por", b"ASCII SPSS PORT FILE", "this is a file of another program"),
        ("a.yaml", b"- a: 1\n", "this is a file of settings"),
        ("a.txt", b"The parties met on Monday. They agreed to stop.\nNothing else.\n", "this is running text"),
    ],
)
def test_what_is_no_table_is_told_by_name(template: Case, name: str, data: bytes, said: str) -> None:
    with pytest.raises(StandoffError, match=said) as caught:
        read(template, data, name)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].hint


def test_a_text_has_no_sheets(template: Case) -> None:
    with pytest.raises(StandoffError, match="which has no sheets"):
        open_batch(template, b"Date,Site,IDPs\n2024-02-13,A,1\n", "a.csv", sheet="Data")


def test_a_layer_alone_in_an_archive_is_boundaries(template: Case) -> None:
    ring = [[10.5, 40.5], [11.5, 40.5], [11.5, 41.5], [10.5, 40.5]]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("adm1.geojson", layer(({"ADM1_EN": "North", "ADM1_PCODE": "XX01"}, "Polygon", [ring])))
    (area,) = read(template, out.getvalue(), "adm1.zip").records
    assert (area.pcode, area.name) == ("XX01", "North")


def test_the_rows_of_hypothesis_alone_are_annotations(template: Case) -> None:
    row = {"id": "a", "user": "acct:x", "uri": "https://example.org", "text": "Sixty.", "tags": ["t"], "target": [{}]}
    batch = read(template, json.dumps([row]), "notes.json")
    assert [note["text"] for note in batch.notes] == ["Sixty."]


def test_days_as_columns_are_told(template: Case) -> None:
    with pytest.raises(StandoffError, match="its columns are days") as caught:
        read(template, "Site,2024-01-31,2024-02-28\nCamp,10,12\n", "wide.csv")
    assert "standoff forecast" in caught.value.problems[0].hint
