"""The command arrivals: cases and Flee folders, names without YAML, files for others, and what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from standoff.cli import main

MADE_UP = Path(__file__).parent.parent / "people" / "flee" / "made_up"
ASK = ("arrivals", "idlib", "--people", "50,000", "--from", "Saraqib", "--on", "2020-01-10", "-n", "200")


def test_a_planner_asks_about_a_crossing_and_a_camp(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for width in ("60", "80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        main([*ASK, "--close", "bab-al-hawa@2020-01-15", "--full", "Atma"])
        said = capsys.readouterr()
        assert all(len(line) <= int(width) for line in said.out.splitlines())
        text = " ".join(said.out.split())
        assert text.startswith(
            "Of 50,000 people who leave Saraqib from 10 Jan 2020, over 30 days, most are expected in Dana"
        )
        assert "Atma (camp area) is full" in text
        assert "the border SY-TR is shut to people already" in said.err


def test_json_and_files_hold_the_same_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    xlsx, hxl = tmp_path / "a.xlsx", tmp_path / "a.csv"
    main([*ASK, "--full", "atma@2020-01-20", "--xlsx", str(xlsx), "--hxl", str(hxl), "--json"])
    data = json.loads(capsys.readouterr().out)
    places = [row for row in data["rows"] if row["level"] == "place"]
    assert abs(sum(row["mean"] for row in places) + data["stay"] - 50_000) < len(places)
    assert data["daily"]["atma"][10:] == [0.0] * 20
    assert data["daily"]["atma"][0] > 0
    rows = list(csv.DictReader(hxl.read_text(encoding="utf-8").splitlines()))
    assert rows[0]["expected"] == "#affected+modelled+new" and rows[0]["area"] == "#adm3+name"
    dana = next(row for row in rows if row["name"] == "Dana" and row["level"] == "area")
    assert dana["area code"] == "SY070301"
    assert sum(int(row["expected"]) for row in rows[1:] if row["level"] == "place") == sum(
        row["mean"] for row in places
    )
    assert "xl/worksheets/sheet3.xml" in ZipFile(xlsx).namelist()


def test_a_flee_folder_with_its_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["arrivals", str(MADE_UP / "input"), "--people", "900", "--from", "all", "--json"]
    main([*ask, "--hxl", str(tmp_path / "a.csv")])
    tags = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()[1]
    assert "#loc+area+name,#loc+area+code" in tags and "#adm" not in tags  # its regions are of no known level
    said = capsys.readouterr()
    assert "reports of" in said.err  # the folder beside it is found, and said
    first = json.loads(said.out)
    assert first["stock_of"]
    camp = next(row["id"] for row in first["rows"] if row["level"] == "place" and row["mean"] > 1)
    main([*ask, "--close", camp.upper()])
    shut = json.loads(capsys.readouterr().out)
    assert next(row["mean"] for row in shut["rows"] if row["id"] == camp) == 0
    assert sum(row["mean"] for row in shut["rows"] if row["level"] == "place") == pytest.approx(900, abs=4)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--people", "-5", "--from", "saraqib"), "a whole number of people above 0"),
        (("--people", "2.5", "--from", "saraqib"), "a whole number of people above 0"),
        (("--people", "9", "--from", "sarakib"), "did you mean 'saraqib'"),
        (("--people", "9", "--from", "saraqib", "--close", "babalhawa"), "did you mean 'bab-al-hawa'"),
        (("--people", "9", "--from", "saraqib", "--on", "2031-01-01"), "lies outside the record"),
        (("--people", "9", "--from", "saraqib", "--data", "x"), "with a Flee folder only"),
    ],
)
def test_what_is_refused(more: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["arrivals", "idlib", *more])
    said = capsys.readouterr()
    assert stopped.value.code == 1
    assert words in said.err
    assert said.out == ""
