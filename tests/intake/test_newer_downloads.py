"""A table that comes again: nothing is doubled, a newer state amends, and what stays open is said. Rows are made up."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import NamedTuple

import pytest

import standoff as so
from standoff.case.read import load, start
from standoff.case.write import Amendment
from standoff.intake.importer import open_batch
from standoff.intake.preview import Import

DTM = "admin0Name,admin0Pcode,admin1Name,admin1Pcode,numPresentIdpInd,reportingDate,roundNumber\n"
HXL = "Day,Area,IDPs\n#date,#adm1+code,#affected+idps\n"
SITES = "Date,Site,IDPs\n"


class Change(NamedTuple):
    added: int
    amended: dict[str, int]
    same: int
    notes: list[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return start(tmp_path / "case")


def bring(folder: Path, *files: tuple[str, str], name: str = "") -> list[Change]:
    """Import files, each a name and a text, and say what each changed."""
    case = load(folder)
    whole = Import(case, Amendment(folder))
    for file, text in files:
        whole.add(*open_batch(case, text.encode(), file), log=name)
    whole.save()
    return [Change(d.added, d.amended, d.same, d.notes) for d in whole.drafts]


def values(folder: Path) -> list[float]:
    rows = csv.DictReader(io.StringIO((folder / "observed.csv").read_text(encoding="utf-8")))
    return sorted(float(row["value"]) for row in rows)


OLD = DTM + "Land,LA,North,LA01,1200,2024-04-30,7\nLand,LA,South,LA02,300,2024-04-30,7\n"
NEW = (
    DTM
    + "Land,LA,South,LA02,320,2024-06-30,8\nLand,LA,North,LA01,1250,2024-04-30,7\nLand,LA,South,LA02,300,2024-04-30,7\n"
)


def test_a_newer_download_of_a_feed_amends_whatever_it_is_called(folder: Path) -> None:
    (first,) = bring(folder, ("dtm_may.csv", OLD))
    assert first[:3] == (2, {}, 0)
    (second,) = bring(folder, ("dtm_july.csv", NEW))
    assert second[:3] == (1, {"value": 1}, 1)
    assert values(folder) == [300, 320, 1250]
    assert bring(folder, ("again.csv", NEW))[0][:3] == (0, {}, 3)


def test_two_files_in_one_import_meet_as_they_would_one_after_the_other(folder: Path) -> None:
    changes = bring(folder, ("a.csv", OLD), ("b.csv", NEW), ("c.csv", NEW))
    assert [one[:3] for one in changes] == [(2, {}, 0), (1, {"value": 1}, 1), (0, {}, 3)]
    assert values(folder) == [300, 320, 1250]


def test_figures_that_an_earlier_version_named_after_their_file_are_the_same(folder: Path) -> None:
    bring(folder, ("dtm.csv", OLD))
    path = folder / "observed.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("\ndtm-", "\ndtm.csv-"), encoding="utf-8")
    assert bring(folder, ("dtm_july.csv", NEW))[0][:3] == (1, {"value": 1}, 1)


@pytest.mark.parametrize(("head", "end"), [(HXL, ".hxl.csv"), (SITES, ".csv")])
def test_rows_on_other_lines_are_the_same_figures(folder: Path, head: str, end: str) -> None:
    bring(folder, (f"may{end}", f"{head}2024-05-31,LA01,340\n2024-06-30,LA01,1340\n"))
    newer = f"{head}2024-04-30,LA01,200\n2024-05-31,LA01,341\n2024-06-30,LA01,1340\n"
    assert bring(folder, (f"may{end}", newer))[0][:3] == (1, {"value": 1}, 1)
    assert values(folder) == [200, 341, 1340]


def test_a_table_of_nobody_that_is_known_amends_only_under_its_name(folder: Path) -> None:
    bring(folder, ("may.csv", f"{SITES}2024-05-31,Camp,340\n"))
    newer = f"{SITES}2024-05-31,Camp,341\n"
    (other,) = bring(folder, ("june.csv", newer))
    assert other[:3] == (1, {}, 0)
    assert "1 figure is of an area and day of which the case has one that differs" in other.notes[0]
    assert "--name" in other.notes[0]
    assert values(folder) == [340, 341]
    (named,) = bring(folder, ("july.csv", f"{SITES}2024-05-31,Camp,342\n"), name="may")
    assert named[:3] == (0, {"value": 1}, 0)
    assert values(folder) == [341, 342]


def test_what_a_person_wrote_beside_a_figure_stays(folder: Path) -> None:
    bring(folder, ("dtm.csv", OLD))
    path = folder / "observed.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [f"{line},{'contested' if n == 0 else 'by Red' if n == 1 else ''}" for n, line in enumerate(lines)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    bring(folder, ("dtm2.csv", NEW))
    assert [one.contested for one in load(folder).observed.values()] == ["by Red", "", ""]


def test_a_note_of_another_tool_that_was_rewritten_is_amended_and_told(tmp_path: Path) -> None:
    target = {"source": "https://example.org/a", "selector": [{"type": "TextQuoteSelector", "exact": "words"}]}
    row = {"id": "h1", "user": "a", "uri": "https://example.org/a", "text": "first: a\nnote", "target": [target]}
    folder = so.copy_case(tmp_path / "c")
    told = []
    for text in ("first: a\nnote", "first: a\nnote", "second"):
        file = tmp_path / "notes.json"
        file.write_text(json.dumps({"total": 1, "rows": [{**row, "text": text}]}), encoding="utf-8")
        told.append(so.import_file(so.load(folder), file, write=True).drafts[0].notes[0].partition("; ")[2])
    there = "for library/notes-notes.yaml"
    assert told == [f"1 new {there}", f"0 new {there}", f"0 new {there}, 1 with another text"]
    kept = (folder / "library" / "notes-notes.yaml").read_text(encoding="utf-8")
    assert "second" in kept
    assert "first" not in kept
