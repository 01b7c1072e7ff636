"""One table however it is written down: the same records, and what had to be supposed is said."""

from __future__ import annotations

import json
import os
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from workbooks import ods, xlsx

from standoff.errors import StandoffError
from standoff.files import table_reader as tables
from standoff.files.sheet_layout import TypedNumber
from standoff.files.table_reader import Table, read_table_file

HEADER = ["place", "date", "people"]
ROWS = [["Rivertown", "2020-03-05", "1200"], ["Bafoulabé", "2020-03-06", "35"], ["Al Hawl; camp", "2020-03-07", "0"]]


def text(delimiter: str = ",", end: str = "\n", rows: list[list[str]] = ROWS) -> str:
    def cell(value: str) -> str:
        return f'"{value}"' if delimiter in value or '"' in value or ";" in value else value

    return end.join(delimiter.join(map(cell, row)) for row in [HEADER, *rows]) + end


def records(table: Table) -> list[list[str]]:
    return [cells for _, cells in table]


def same(data: bytes, **options: str) -> Table:
    table = read_table_file(data, "t", **options)
    assert (list(table.header), records(table)) == (HEADER, ROWS)
    assert table.count == 3
    return table


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_delimiter_and_an_end_of_line_are_found(delimiter: str, end: str) -> None:
    table = same(text(delimiter, end).encode())
    assert table.delimiter == delimiter
    assert [line for line, _ in table] == [2, 3, 4]
    assert any("parted by" in one for one in table.assumptions) == (delimiter != ",")


def test_cells_parted_by_spaces_are_read_where_nothing_else_parts_them() -> None:
    table = read_table_file(b"place  date people\nRivertown 2020-03-05  7\n'x' 2020-03-06 8\n", "t")
    assert records(table) == [["Rivertown", "2020-03-05", "7"], ["'x'", "2020-03-06", "8"]]
    assert list(read_table_file(b"one line of prose, and no table\n", "t").header) == [
        "one line of prose",
        "and no table",
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
)
def test_an_encoding_is_found_and_said(encoding: str) -> None:
    table = same(text().encode(encoding))
    assert bool(table.assumptions) == (encoding not in ("utf-8", "utf-8-sig"))


def test_composed_and_decomposed_letters_are_one() -> None:
    same(text().replace("é", "e\u0301").encode())


def test_a_separator_of_lines_that_is_none_does_not_split() -> None:
    rows = [["River\u2028south", "2020-03-05", "1\u0085"], ["a\x0bb", "2020-03-06", "2"]]
    table = read_table_file(text(rows=rows).encode(), "t")
    assert [line for line, _ in table] == [2, 3]
    assert records(table)[0][0] == "River\u2028south"


@pytest.mark.parametrize(
    ("word", "encoding", "both"),
    [("Şırnak", "cp1254", "Þýrnak"), ("Łódź", "cp1250", "£ódŸ"), ("Херсон", "cp1251", "Õåðñîí")],
)
def test_two_readings_of_a_text_are_asked_and_never_picked(word: str, encoding: str, both: str) -> None:
    data = f"place,people\n{word},3\n".encode(encoding)
    with pytest.raises(StandoffError) as caught:
        read_table_file(data, "t.csv")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("t.csv", 2)
    assert both in problem.what
    assert "--encoding" in problem.hint
    assert records(read_table_file(data, "t.csv", encoding=encoding)) == [[word, "3"]]


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"", 0, "empty"),
        (b"\xef\xbb\xbf \n\n", 0, "empty"),
        (b"\xff\xfe\x00", 1, "UTF-16"),
        (b"a,b\n1,\x002\n", 2, "zero bytes"),
        (b'a,b\n1,2\n3,"4\n5,6\n', 3, "open or stray"),
        (b'a,b\n1,2\n"3"x,4\n', 3, "open or stray"),
        (b'a,b\n1,"' + b"x\n" * 200_000, 2, "131,072 letters"),
        (b"a,b\n" + b"1," * 5000 + b"\n", 2, "cells"),
        (b'{"a": [1, 2', 1, "not JSON"),
        (b'{"a": 3}', 0, "no list of records"),
        (b"[1, 2]", 0, "no list of records"),
        (b'{"a": 1}\n{"a": \n', 2, "not JSON"),
        (b'{"a": [{"x": 1}], "b": [{"x": 1}]}', 0, "a, b"),
        (b"PK\x03\x04nonsense", 0, "archive cannot be read"),
        (b"\xd0\xcf\x11\xe0nonsense", 0, "not a workbook"),
    ],
)
def test_what_is_no_table_is_one_line(data: bytes, line: int, said: str) -> None:
    with pytest.raises(StandoffError) as caught:
        read_table_file(data, "t")
    (problem,) = caught.value.problems
    assert said in problem.what
    assert problem.line == line
    assert problem.expected
    assert len(str(problem)) < 300


def test_titles_totals_notes_blanks_and_a_second_header_are_left_aside_with_their_lines() -> None:
    lines = [
        "People displaced in Middle,,", "As of 5 March 2020,,", "", "place,date,people", "Rivertown,2020-03-05,1200",
        ",,", "Total,,1200", "place,date,people", "Hilltown,2020-03-05,3", "Grand total:,,1203", "Source: made up,,",
        "* includes camps,,",
    ]  # fmt: skip
    table = read_table_file("\n".join(lines).encode(), "t")
    assert records(table) == [["Rivertown", "2020-03-05", "1200"], ["Hilltown", "2020-03-05", "3"]]
    assert [(a.line, a.why) for a in table.asides] == [
        (1, "a title above the header"), (2, "a title above the header"), (6, "a blank row"), (7, "a total"),
        (8, "the header again"), (10, "a total"), (11, "a note below the table"), (12, "a note below the table"),
    ]  # fmt: skip
    assert "the header is on line 4, below 2 other rows" in table.assumptions


def test_a_row_with_one_cell_amid_the_table_is_a_record_and_no_note() -> None:
    table = read_table_file(b"place,date,people\na,2020-01-01,1\nSource: x,,\nb,2020-01-02,2\n", "t")
    assert [line for line, _ in table] == [2, 3, 4]
    assert table.asides == []


@pytest.mark.parametrize("name", ["Totale", "Totnes", "Sumy", "Notekamp", "Sourceville"])
def test_a_place_whose_name_begins_like_a_note_is_no_note(name: str) -> None:
    table = read_table_file(f"place,date,people\n{name} A,2020-01-01,1\n".encode(), "t")
    assert table.count == 1


def test_a_row_of_hashtags_is_known_with_and_without_a_header_above() -> None:
    tagged = "When,Where,People\n#date,#adm1 +name,#affected+idps\n2020-01-01,A,3\n"
    for data in (tagged, f"A title,,\n{tagged}"):
        table = read_table_file(data.encode(), "t")
        assert table.header == ("When", "Where", "People")
        assert table.tags == ("#date", "#adm1 +name", "#affected+idps")
        assert records(table) == [["2020-01-01", "A", "3"]]
    bare = read_table_file(tagged.split("\n", 1)[1].encode(), "t")
    assert (bare.header, bare.tags[0], bare.count) == (("", "", ""), "#date", 1)


def test_a_header_that_the_caller_knows_is_taken_wherever_it_stands() -> None:
    data = b"a,b,c\nx,y,z\nplace,date,people\nRivertown,2020-03-05,7\n"
    table = read_table_file(data, "t", is_header=lambda cells: "people" in cells)
    assert (table.header_line, table.header) == (3, ("place", "date", "people"))
    assert [a.line for a in table.asides] == [1, 2]


def test_short_rows_are_filled_and_long_rows_are_given_whole() -> None:
    table = read_table_file(b"a,b,c\n1,2\n1,2,3,,\n1,2,3,4\n", "t")
    assert records(table) == [["1", "2", ""], ["1", "2", "3"], ["1", "2", "3", "4"]]


@pytest.mark.parametrize("write", [xlsx, ods])
def test_workbooks_keep_numbers_and_days_as_what_they_are(write: type) -> None:
    rows = [["A title"], [None], [*HEADER], ["Rivertown", date(2020, 3, 5), 1200.0], ["Hill", "05/03/2020", 1.25]]
    table = read_table_file(write({"Data": rows}), "t")
    assert list(table.header) == HEADER
    assert records(table) == [["Rivertown", "2020-03-05", "1200"], ["Hill", "05/03/2020", "1.25"]]
    assert [type(cells[2]) for cells in records(table)] == [TypedNumber, TypedNumber]
    assert [line for line, _ in table] == [4, 5]


def test_a_workbook_in_the_old_format_is_read(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for n, row in enumerate([HEADER, *ROWS]):
        for k, cell in enumerate(row):
            sheet.write(n, k, cell)
    book.save(str(tmp_path / "t.xls"))
    same((tmp_path / "t.xls").read_bytes())


def test_of_several_sheets_the_one_that_is_known_is_read_and_else_it_is_asked() -> None:
    data = xlsx(
        {"Read me": [["About", "this"], ["x", "y"]], "Data": [HEADER, *ROWS], "Old": [["a", "b", "c"], ["1", "2", "3"]]}
    )
    with pytest.raises(StandoffError, match="several tables: Data, Old"):
        read_table_file(data, "t")
    assert same(data, sheet="data").sheet == "Data"
    with pytest.raises(StandoffError, match=r"no sheet 'Dta'.*did you mean 'Data'"):
        read_table_file(data, "t", sheet="Dta")
    table = read_table_file(data, "t", is_header=lambda cells: "people" in cells)
    assert (table.sheet, table.count) == ("Data", 3)


def test_json_of_every_shape_is_the_same_table() -> None:
    items = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    same(json.dumps(items).encode())
    same(json.dumps([HEADER, *ROWS]).encode())
    same("\n".join(map(json.dumps, items)).encode())
    table = same(json.dumps({"status": 200, "count": 3, "data": items}).encode())
    assert table.assumptions == ["the records are those of 'data'"]
    short = same(json.dumps({"count": 5000, "data": items}).encode())
    assert "5000 records and holds 3" in short.assumptions[1]
    same(json.dumps({"data": {"page": 1, "timeseries": items}}).encode())
    two = json.dumps({"a": items, "b": [{"x": 1}]}).encode()
    assert same(two, sheet="a").sheet == "a"
    numbers = read_table_file(b'[{"n": 1.25, "deep": {"x": [1, 2]}, "t": true, "z": null}]', "t")
    assert (numbers.header, records(numbers)) == (("n", "deep.x", "t", "z"), [["1.25", "1; 2", "true", ""]])


def archive(**members: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name.replace("_", "."), data)
    return out.getvalue()


def test_a_zip_file_with_one_table_is_read_and_with_two_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    table = same(archive(data_csv=text().encode(), readme_txt=b"about this"))
    assert table.assumptions[0] == "the file 'data.csv' of the archive is read"
    same(archive(data_xlsx=xlsx({"S": [HEADER, *ROWS]})))
    two = archive(a_csv=text().encode(), b_csv=text().encode())
    with pytest.raises(StandoffError, match=r"the archive holds a\.csv, b\.csv"):
        read_table_file(two, "t")
    same(two, sheet="b.csv")
    with pytest.raises(StandoffError, match="one table"):
        read_table_file(archive(a_png=b"x"), "t")
    with pytest.raises(StandoffError, match="holds an archive"):
        read_table_file(archive(a_csv=archive(b_csv=text().encode())), "t")
    monkeypatch.setattr(tables, "MOST_IN_MEMORY", 1000)
    with pytest.raises(StandoffError, match="too large"):
        read_table_file(archive(a_csv=b"a,b\n" + b"1,2\n" * 1000), "t")


def test_a_large_file_is_read_again_for_each_pass_and_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("A title,,\n" + text() + "Total,,1235\n", encoding="utf-8")
    monkeypatch.setattr(tables, "KEPT_BYTES", 10)
    table = read_table_file(path, "t.csv")
    assert table._kept is None
    assert [records(table), records(table)] == [ROWS, ROWS]
    assert [(a.line, a.why) for a in table.asides] == [(1, "a title above the header"), (6, "a total")]


def test_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(StandoffError, match="more than 2 rows"):
        read_table_file(text().encode(), "t")
    monkeypatch.setattr(tables, "MOST_COLUMNS", 2)
    with pytest.raises(StandoffError, match="different keys"):
        read_table_file(json.dumps([{"a": 1, "b": 2, "c": 3}]).encode(), "t")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_only_plain_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "none"):
        with pytest.raises(StandoffError):
            read_table_file(path, str(path))


def _changed(workbook: bytes, old: bytes, new: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old, new, 1))
    return out.getvalue()


SMALL = {"S": [["site", "day", "people"], ["a", "2020-01-01", 3.0], ["b", "2020-01-02", 4.0]]}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_changed(xlsx(SMALL), b'r="C3"', b'r="XFD1048576"'), "reaches to the cell XFD1048576: 1,048,576 rows"),
        (_changed(xlsx(SMALL), b'r="C3"', b'r="C4294967295"'), "reaches to the cell C4294967295"),
        (
            _changed(
                ods(SMALL), b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="4000000000" '
            ),
            "the same cells stand there 4,000,000,000 times",
        ),
        (
            _changed(ods(SMALL), b"<table:table-row", b'<table:table-row table:number-rows-repeated="4000000000"'),
            "the same cells stand there 4,000,000,000 times",
        ),
    ],
)
def test_a_sheet_that_would_fill_the_memory_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(StandoffError) as raised:
        read_table_file(data, "f.xlsx")
    assert said in str(raised.value)


def test_an_empty_cell_far_away_is_nothing() -> None:
    """A sheet of which a whole row or column was coloured has cells without anything in them at its far end."""
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    table = read_table_file(_changed(xlsx(SMALL), b"</sheetData>", far), "f.xlsx")
    assert [cells[0] for _, cells in table] == ["a", "b"]
