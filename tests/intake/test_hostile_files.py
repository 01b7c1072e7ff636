"""Annotations, figures and boundaries that nobody means: refused in a line each, whatever they hold."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from standoff.case.checks import check
from standoff.case.read import TEMPLATE, load
from standoff.errors import StandoffError
from standoff.intake.annotations import from_annotations, read_annotations
from standoff.intake.boundaries import read_boundaries
from standoff.intake.hxl import read_observed

SQUARE = {"type": "Polygon", "coordinates": [[[10, 40], [11, 40], [11, 41], [10, 40]]]}
HEADER = "date,place,people\n#date,#loc+name,#affected+idps\n"


def claim(**says: Any) -> str:
    body = {"id": "c", "text": "made up", "chain": ["a"], "says": {"quantity": "people", "measure": "deaths", **says}}
    return json.dumps({"type": "Annotation", "target": "x", "standoff:claim": body})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (claim(value="nan"), "value is 'nan'"),
        (claim(value=1e30), "value is '1e+30'"),
        (claim(low="inf"), "low is 'inf'"),
        (claim(as_of="9999-12"), "a year from 1800 to 2200"),
        (claim(value=0).replace(": 0", ": NaN"), "NaN is not a number of JSON"),
        (claim(value=0).replace(": 0", ": 1e400"), "1e400 is too large for a number"),
        (claim(value=0).replace(": 0", ": " + "9" * 5000), "is too large for a number"),
        ("[" * 100_000, "too deep"),
        ("\xff", "not JSON"),
    ],
)
def test_annotations_that_cannot_be_meant_are_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(StandoffError) as caught:
        read_annotations(tmp_path / "a.json")
    assert said in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("line", ["9" * 5000, "9" * 10, "-1", "x", ""])
def test_a_line_of_an_annotation_that_is_none_is_no_place(line: str) -> None:
    chosen = {"type": "FragmentSelector", "value": f"line={line}"}
    found = from_annotations({"type": "Annotation", "target": {"source": "x", "selector": chosen}})
    assert [note.paragraph for note in found.notes] == [0]


def test_selectors_and_collections_within_themselves_come_to_an_end() -> None:
    chosen: dict[str, Any] = {"type": "FragmentSelector", "value": "line=4,5"}
    chosen["refinedBy"] = chosen
    (note,) = from_annotations({"type": "Annotation", "target": {"source": "x", "selector": chosen}}).notes
    assert note.paragraph == 5
    page: dict[str, Any] = {"type": "AnnotationCollection"}
    page["first"] = page
    with pytest.raises(StandoffError, match="there are no annotations"):
        from_annotations(page)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        *((f"{year},Rivertown,5", "a year from 1800 to 2200") for year in ("9999-12", "0025-03-10", "0000-01-01")),
        *((f"2024-02-14,Rivertown,{value}", "expected a number of zero or more") for value in
          ("inf", "-inf", "-1", "1e400", "1e30", "9" * 5000, "x")),
    ],
)  # fmt: skip
def test_figures_that_cannot_be_meant_are_told_with_their_line(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(f"{HEADER}2024-02-13,Rivertown,1200\n{row}\n")
    with pytest.raises(StandoffError) as caught:
        read_observed(path)
    assert [p.line for p in caught.value.problems] == [4]
    assert said in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e400", "9" * 400, "9" * 5000, '"x"', "true", "1e308", "181"])
def test_a_position_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    feature = {"type": "Feature", "properties": {"ADM3_PCODE": "XX0101", "ADM3_EN": "Made up"}, "geometry": SQUARE}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (tmp_path / "b.geojson").write_text(text)
    assert len(read_boundaries(tmp_path / "b.geojson")) == 1
    (tmp_path / "b.geojson").write_text(text.replace("[11, 40]", f"[{value}, 40]"))
    with pytest.raises(StandoffError) as caught:
        read_boundaries(tmp_path / "b.geojson")
    assert len(str(caught.value)) < 300


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("reader", [read_observed, read_boundaries, read_annotations])
def test_a_pipe_is_not_waited_for(tmp_path: Path, reader: Any) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StandoffError):
        reader(tmp_path / "pipe")
    with pytest.raises(StandoffError):
        reader(tmp_path)


def test_logs_and_texts_of_a_case_are_plain_files_of_it(tmp_path: Path) -> None:
    root = tmp_path / "case"
    shutil.copytree(TEMPLATE, root)
    for folder in ("logs", "library"):
        (root / folder).mkdir(exist_ok=True)
    (tmp_path / "out.csv").write_text("id,date,type\n", encoding="utf-8")
    (root / "logs" / "mine.csv").write_text("id,date,type\n", encoding="utf-8")
    (root / "logs" / "near.csv").symlink_to(root / "logs" / "mine.csv")
    assert not [p for p in check(load(root)) if p.severity == "error"]
    (root / "logs" / "far.csv").symlink_to(tmp_path / "out.csv")
    (root / "library" / "round.geojson").symlink_to(root / "library" / "round.geojson")
    os.mkfifo(root / "logs" / "pipe.csv")
    with pytest.raises(StandoffError) as caught:
        load(root)
    assert [(p.file, p.what) for p in caught.value.problems] == [
        ("library/round.geojson", "this link leaves the case folder"),
        ("logs/far.csv", "this link leaves the case folder"),
        ("logs/pipe.csv", "this is not a plain file and cannot be read"),
    ]
