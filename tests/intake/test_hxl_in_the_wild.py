"""HXL as people publish it: whatever libhxl reads is read here with the same rows, and becomes figures or a question."""
# ruff: noqa: E501

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import examples

from standoff.errors import StandoffError
from standoff.intake.hxl import read_hxl, read_observed
from standoff.values import When

FETCHED = Path(__file__).parents[3] / "shared" / "data" / "fetched" / "displacement"
HEAD = ["When", "Where", "Name", "People"]
TAGS = ["#date", "#adm3+code", "#adm3+name", "#affected+idps"]
ROWS = [["2021-02-28", "QQ010101", "Qala", "1200"], ["2021-03-31", "QQ010102", "Qasr, Old", "35"]]


def table(delimiter: str = ",", rows: list[list[str]] | None = None, end: str = "\n") -> str:
    import csv

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows or [HEAD, TAGS, *ROWS])
    return out.getvalue()


def archive(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(name, data)
    return out.getvalue()


def workbook() -> bytes:
    """A workbook of two sheets, written by hand after ECMA-376: the second has the hashtags, and numbers as numbers."""

    def sheet(rows: list[list[str]]) -> str:
        cells = [
            f'<c t="n"><v>{c}</v></c>' if c.isdigit() else f'<c t="inlineStr"><is><t>{c}</t></is></c>'
            for row in rows for c in row
        ]  # fmt: skip
        width = len(rows[0]) if rows else 0
        lines = ["".join(cells[k : k + width]) for k in range(0, len(cells), width or 1)]
        body = "".join(f'<row r="{n}">{line}</row>' for n, line in enumerate(lines, 1))
        return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>'

    ns = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships {ns}><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{office}"><sheets><sheet name="About" sheetId="1" r:id="r1"/><sheet name="Data" sheetId="2" r:id="r2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {ns}><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{office}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet([["About this file"]]),
        "xl/worksheets/sheet2.xml": sheet([HEAD, TAGS, *ROWS]),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return out.getvalue()


VARIANTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "commas": ("a.csv", lambda: table().encode()),
    "semicolons": ("a.csv", lambda: table(";").encode()),
    "tabs": ("a.tsv", lambda: table("\t").encode()),
    "bars": ("a.csv", lambda: table("|").encode()),
    "byte order mark": ("a.csv", lambda: b"\xef\xbb\xbf" + table().encode()),
    "line ends of Windows": ("a.csv", lambda: table(end="\r\n").encode()),
    "everything in quotes": ("a.csv", lambda: "\n".join(",".join(f'"{c}"' for c in r) for r in [HEAD, TAGS, *ROWS]).encode()),
    "tags first": ("a.csv", lambda: table(rows=[TAGS, *ROWS]).encode()),
    "titles above": ("a.csv", lambda: table(rows=[["Displacement, 2021", "", "", ""], ["", "", "", ""], HEAD, TAGS, *ROWS]).encode()),
    "tags on line 24": ("a.csv", lambda: table(rows=[*[["about", "", "", str(n)] for n in range(22)], HEAD, TAGS, *ROWS]).encode()),
    "capitals and blanks in tags": ("a.csv", lambda: table(rows=[HEAD, ["#DATE", " #adm3 +code", "#Adm3+Name ", "#AFFECTED +idps"], *ROWS]).encode()),
    "a column without a tag": ("a.csv", lambda: table(rows=[["no", *HEAD], ["", *TAGS], *[[str(n), *r] for n, r in enumerate(ROWS)]]).encode()),
    "a note in the row of tags": ("a.csv", lambda: table(rows=[["no", *HEAD], ["tags", *TAGS], *[[str(n), *r] for n, r in enumerate(ROWS)]]).encode()),
    "short and blank rows": ("a.csv", lambda: (table() + "\n,,,\n2021-04-30,QQ010103\n").encode()),
    "more commas than tags": ("a.csv", lambda: table().replace("\n", ",,\n").encode()),
    "lists of lists": ("a.json", lambda: json.dumps([HEAD, TAGS, *ROWS]).encode()),
    "lists of lists without a header": ("a.json", lambda: json.dumps([TAGS, *ROWS]).encode()),
    "objects by tag": ("a.json", lambda: json.dumps([dict(zip(TAGS, r, strict=True)) for r in ROWS]).encode()),
    "a workbook": ("a.xlsx", workbook),
    "a zip": ("a.zip", lambda: archive("inside.csv", table().encode())),
    "another alphabet": ("a.csv", lambda: table().replace("Qala", "قلعة").encode()),
    "an accent in cp1252": ("a.csv", lambda: table().replace("Qala", "Bafoulabé").encode("cp1252")),
}  # fmt: skip


def kept(folder: Path, variant: str) -> Path:
    name, data = VARIANTS[variant]
    path = folder / name
    path.write_bytes(data())
    return path


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_dialect_gives_the_same_figures(variant: str, tmp_path: Path) -> None:
    figures = read_observed(kept(tmp_path, variant)).observations
    assert [(f.from_.text, f.pcode, f.value, f.measure) for f in figures] == [
        ("2021-02-28", "QQ010101", 1200.0, "idps-stock"),
        ("2021-03-31", "QQ010102", 35.0, "idps-stock"),
    ]
    assert figures[1].place == "Qasr, Old"


@pytest.mark.oracle
@pytest.mark.parametrize("variant", VARIANTS)
def test_rows_are_those_of_libhxl(variant: str, tmp_path: Path) -> None:
    libhxl = pytest.importorskip("hxl")
    path = kept(tmp_path, variant)
    with libhxl.data(str(path), libhxl.InputOptions(allow_local=True)) as source:
        tags = [str(column.display_tag) for column in source.columns]
        rows = [[str(value) for value in row.values] for row in source]
    wanted = [k for k, tag in enumerate(tags) if tag.startswith("#")]
    sheet = read_hxl(path)
    if variant == "an accent in cp1252":  # libhxl takes the bytes for UTF-8
        rows = [[c.replace("Bafoulab\ufffd", "Bafoulabé") for c in row] for row in rows]
    assert [list(row) for row in sheet.rows] == [
        [(row[k] if k < len(row) else "") for k in wanted] for row in rows if any(cell.strip() for cell in row)
    ]
    ours = [(tag.lower().replace(" ", "")) for tag in (c.tag for c in sheet.columns)]
    assert ours == [tags[k].lower() for k in wanted]


def wild(folder: Path, head: str, tags: str, *rows: str) -> Path:
    path = folder / "w.csv"
    path.write_text("\n".join([head, tags, *rows]) + "\n", encoding="utf-8")
    return path


def test_unknown_tags_are_left_alone_and_named(tmp_path: Path) -> None:
    path = wild(
        tmp_path, "op,code,n,when,round,why,m,from",
        "#operation+name,#country+code,#affected+idps,#date+reported,#round+code,#cause+type,#affected+idps+m,#adm1+name+origin",
        "Survey,QQQ,410,2017-12-31T00:00:00,3,Conflict,nan,North", "Survey,QQQ,520,2018-12-31T00:00:00,7,,200,",
    )  # fmt: skip
    figures = read_observed(path, source="a survey")
    one, two = figures.observations
    assert (one.from_, one.pcode, one.value, one.qualifier, one.origin) == (
        When.parse("2017-12-31"), "QQQ", 410.0, "round 3", "North",
    )  # fmt: skip
    assert (two.value, two.origin, two.source) == (520.0, "", "a survey")
    assert figures.unknown == ("#operation+name",)
    assert figures.left_out == ("#affected+idps+m",)


def test_the_deepest_p_code_is_kept_and_several_figures_of_a_row(tmp_path: Path) -> None:
    path = wild(
        tmp_path, "d,a1,a2,n2,idps,returnees,killed",
        "#date+occurred,#adm1+pcode,#adm2+pcode,#adm2+name,#affected+idps+ind,#affected+returnees+ind,#affected+killed",
        "28/02/2021,QQ01,QQ0101,Qala,\"1,200\",30,2", "31/03/2021,QQ01,,,\"2,400\",,",
    )  # fmt: skip
    figures = read_observed(path)
    assert [(f.from_.text, f.pcode, f.place, f.measure, f.value) for f in figures.observations] == [
        ("2021-02-28", "QQ0101", "Qala", "idps-stock", 1200.0),
        ("2021-02-28", "QQ0101", "Qala", "people-returned", 30.0),
        ("2021-02-28", "QQ0101", "Qala", "deaths", 2.0),
        ("2021-03-31", "QQ01", "", "idps-stock", 2400.0),
    ]
    assert len({f.id for f in figures.observations}) == 4
    assert any("commas in idps part thousands" in note for note in figures.notes)
    assert any("day, month, year" in note for note in figures.notes)


@pytest.mark.parametrize(
    ("head", "tags", "row", "said"),
    [
        ("d,n", "#date,#affected+idps", "2021-01-31,1.200", "which is 1.200 or 1200, and no row of the column decides"),
        ("d,n", "#date,#affected+idps", "05/03/2021,12", "which is 5 March or 3 May"),
        ("d,e,n", "#date+posted,#date+seen,#affected+idps", "2021-01-31,2021-02-01,4", "several dates: #date+posted"),
        ("d,n", "#date+updated,#affected+idps", "2021-01-31,4", "no column holds the date"),
        ("d,n", "#date,#affected+hh", "2021-01-31,4", "no column holds an observed figure"),
        ("d,n", "#date,#affected+idps", "2021-01-31,about 40", "the number in n is 'about 40'"),
        ("d,n", "#date,#affected+idps", "2021-13-31,40", "w.csv:3: the date in d is '2021-13-31'"),
    ],
)
def test_what_can_be_read_in_two_ways_or_none_is_asked(
    head: str, tags: str, row: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(StandoffError) as error:
        read_observed(wild(tmp_path, head, tags, row))
    assert said in str(error.value)


def test_the_user_decides_what_no_cell_does(tmp_path: Path) -> None:
    path = wild(tmp_path, "d,n", "#date,#affected+idps", "05/03/2021,1.200")
    (one,) = read_observed(path, dates="dmy", numbers="comma").observations
    assert (one.from_.text, one.value) == ("2021-03-05", 1200.0)


@pytest.mark.fetched
@pytest.mark.thorough
def test_a_file_of_dtm_on_hdx_is_read_whole() -> None:
    path = FETCHED / "iom_dtm_afghanistan_hdx.csv"
    if not path.is_file():
        pytest.skip("there is no such file in ../shared/data/fetched")
    figures = read_observed(path)
    assert len(figures.observations) > 30
    assert {f.measure for f in figures.observations} == {"idps-stock"}
    assert all(f.pcode and f.qualifier.startswith("round ") for f in figures.observations)


CELLS = st.sampled_from(
    ["", "nan", "1", "1,200", "1.5", "x", "2021-01-31", "31/01/2021", "#date", "'=1", "-1", "1e400"]
)
TAG = st.sampled_from(
    ["#date", "#date+start", "#affected+idps", "#adm1+code", "#x_a", "#nonsense+b", "", "#", "# a", "n"]
)


@settings(max_examples=examples(150), deadline=None, derandomize=True)
@given(
    tags=st.lists(TAG, min_size=1, max_size=5),
    rows=st.lists(st.lists(CELLS, max_size=6), max_size=5),
    delimiter=st.sampled_from([",", ";", "\t"]),
    form=st.sampled_from(["csv", "json"]),
)
def test_whatever_the_structure_a_file_is_read_or_refused_in_words(
    tags: list[str], rows: list[list[str]], delimiter: str, form: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    grid: list[Any] = [tags, *rows]
    path.write_text(json.dumps(grid) if form == "json" else table(delimiter, grid), encoding="utf-8")
    try:
        figures = read_observed(path)
    except StandoffError as error:
        assert all("\n" not in str(p) for p in error.problems)
        return
    assert all(0 <= f.value < 1e16 and f.from_.text for f in figures.observations)
