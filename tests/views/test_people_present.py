"""People present: lines, table, map and two pages speak of who is there; days, accounts and files."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.exports.present import present_geojson, present_hxl, present_sheets
from standoff.runs.results import Run
from standoff.views.present import (
    COLUMNS,
    area_people,
    cluster_pdf,
    origin_words,
    present_answer,
    present_lines,
    present_map,
    table_rows,
    total_line,
)


def test_areas_of_the_last_day_come_with_most_newcomers_first(run: Run) -> None:
    rows = area_people(run)
    assert [a.name for a in rows] == ["border", "west"]
    assert rows[0].present.date == "2001-03-31"
    assert origin_words(rows[0]) == "west 21,000"
    assert present_answer(run, rows).startswith(
        "By 31 Mar 2001, people who came since 1 Mar 2001 and stay are most in border 21,000"
    )
    assert total_line(rows) == "In all 164,000 people, 64,000 of them displaced, on the mean."
    (first, *_) = table_rows(rows)
    assert dict(zip(COLUMNS, first, strict=True))["last reported"] == 28000.0


def test_another_day_another_scenario_and_what_there_is_not(run: Run) -> None:
    early = area_people(run, on="2001-03-08", scenario="stock")
    assert early[0].newcomers is not None
    assert early[0].newcomers.mean == pytest.approx(0.4 * 21000 * 1.2)
    for more, words in (
        ({"on": "2001-03-09"}, "not kept for 2001-03-09; expected one of 2001-03-08, 2001-03-31"),
        ({"account": "won"}, "the run has no 'won'; expected one, two"),
        ({"scenario": "stok"}, "did you mean 'stock'"),
    ):
        with pytest.raises(StandoffError, match=words):
            area_people(run, **more)
    assert area_people(replace(run, present=())) == []


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_fit(case: Case, run: Run, width: int) -> None:
    lines = list(present_lines(case, run, area_people(run), width))
    assert all(len(line) <= width for line in lines)
    assert "In this model, not counted" in " ".join(lines)
    assert list(present_lines(case, run, [], width)) == ["This run holds no people by area."]


def test_the_map_of_a_case_without_boundaries_has_marks(case: Case, run: Run) -> None:
    chart = present_map(case, run)
    assert chart is not None
    assert "border takes in most: 21,000 people who came since 1 Mar 2001 and stay" in chart["title"]
    assert [p["name"] for p in chart["data"]["places"]] == ["border", "west"]


def test_two_pages(case: Case, run: Run) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    pytest.importorskip("typst")
    document = pdfium.PdfDocument(cluster_pdf(case, run, area_people(run)))
    assert len(document) == 2
    text = document[1].get_textpage().get_text_range()
    assert "border" in text
    assert "28,000 (2001-02)" in text
    with pytest.raises(StandoffError, match="no people by area"):
        cluster_pdf(case, run, [])


def test_files_hold_the_same_numbers(case: Case, run: Run, tmp_path: Path) -> None:
    present_sheets(tmp_path / "p.xlsx", run, "one", "base")
    assert len([n for n in ZipFile(tmp_path / "p.xlsx").namelist() if "worksheets/sheet" in n]) == 4
    _, tags, *rows = csv.reader(present_hxl(run, "one", "base").splitlines())
    assert len(rows) == 4  # two areas, two days
    mean = tags.index("#affected+new+modelled+mean")
    assert [row[mean] for row in rows if row[0] == "border"] == ["8400", "21000"]
    features = json.loads(present_geojson(case, run, "one", "base"))["features"]
    own = {f["properties"]["area"]: f["properties"] for f in features}
    assert own["border"]["newcomers_mean"] == 21000
    assert own["border"]["reported"] == 28000.0
