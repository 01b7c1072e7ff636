"""``standoff forecast``: scores first, tables that fit, files for others, and refusals that say what to do."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from standoff.cli import main

WIDTHS = (60, 80, 120)


@pytest.fixture(scope="module")
def camps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("forecast") / "camps.csv"
    rng = np.random.default_rng(2)
    lines = ["Date,Region,Camp,Individuals present"]
    for k in range(4):
        values = 2_000 * (k + 1) * np.exp(np.cumsum(rng.normal(0.02, 0.03, 24)))
        for n, value in enumerate(values):
            lines.append(f"{2022 + n // 12}-{n % 12 + 1:02d}-28,{'East' if k % 2 else 'West'},Camp {k},{value:.0f}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> tuple[str, str]:
    try:
        main(["forecast", *args])
        status = 0
    except SystemExit as stop:
        status = int(stop.code or 0)
    out = capsys.readouterr()
    assert status == code, out.err
    return out.out, out.err


@pytest.mark.parametrize("width", WIDTHS)
def test_scores_come_first_and_lines_fit(
    camps: Path, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.chdir(camps.parent)
    out, _ = run(capsys, camps.name, "--above", "50,000", "--horizon", "3m")
    assert max(map(len, out.splitlines())) <= width
    assert out.index("How such forecasts did") < out.index("Expected on")
    words = " ".join(out.split())
    assert "Counted: people who are there (stock); the column 'Individuals present' says 'present'" in words
    assert "over 50,000" in words and "last report (errors of" in words and "Camp 3" in words


def test_json_holds_scores_forecasts_doubts_and_experts(camps: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, str(camps), "--json", "--above", "9000", "--horizon", "30")
    data = json.loads(out)
    assert data["kind"] == "stock" and data["scores"][0]["n"] > 20
    assert {"gain", "covered", "above", "below", "ard", "persistence"} <= set(data["scores"][0])
    rows = {row["name"]: row for row in data["forecasts"]}
    assert set(rows) == {"all sites", "East", "West", "Camp 0", "Camp 1", "Camp 2", "Camp 3"}
    assert rows["all sites"]["chance_above"]["9000"] > 0.9
    assert sum(data["experts"]["1 month"].values()) == pytest.approx(1.0, abs=0.01)


def test_files_for_others(camps: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from python_calamine import CalamineWorkbook

    from standoff.intake.hxl import measure_of_tag

    book, tagged, picture = (tmp_path / n for n in ("f.xlsx", "f.csv", "f.svg"))
    run(capsys, str(camps), "--xlsx", str(book), "--hxl", str(tagged), "--svg", str(picture), "--site", "Camp 1")
    sheets = CalamineWorkbook.from_path(book)
    assert sheets.sheet_names == ["scores", "expected", "doubts", "reported", "about"]
    assert len(sheets.get_sheet_by_name("expected").to_python()) == 1 + 2 * 7
    rows = list(csv.reader(tagged.open(encoding="utf-8")))
    assert not [tag for tag in rows[1] if measure_of_tag(tag)]  # no tool takes a forecast for a count
    assert len(rows) == 2 + 2 * 7
    assert picture.read_text(encoding="utf-8").count("Camp 1") == 1


def test_a_table_by_standard_input(
    camps: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(camps.read_bytes())))
    assert "standard input: 96 reports" in run(capsys, "-", "--horizon", "30")[0]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--above", "many"), "'many' is not read"),
        (("--horizon", "soon"), "'soon' is not read"),
        (("--site", "Camp 9"), "there is no site 'Camp 9'"),
        (("--same", "Camp 1"), "two names with = between them"),
        (("--same", "Camp 9=Camp 1"), "there is no site 'Camp 9'"),
        (("--only", "Zone=East"), "the table has no column 'Zone'"),
        (("--map", "people=Heads"), "the table has no column 'Heads'"),
        (("--map", "heads=Camp"), "no column of ours is called 'heads'"),
        (("--as", "dtn"), "the kind 'dtn' is unknown"),
    ],
)
def test_refusals_say_what_was_expected(
    camps: Path, args: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = run(capsys, str(camps), *args, code=1)
    assert words in err and "expected" in err


def test_nothing_is_written_of_a_table_that_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, book = tmp_path / "bad.csv", tmp_path / "f.xlsx"
    bad.write_text("date,site,people\n2024-01-31,Alma,-5\n", encoding="utf-8")
    _, err = run(capsys, str(bad), "--xlsx", str(book), code=1)
    assert "below zero" in err and not book.exists()
    missing = run(capsys, str(tmp_path / "none.csv"), code=1)[1]
    assert "no such file" in missing


def test_few_past_reports_praise_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Seven forecasts of one site may be better or worse by luck: no gain is claimed of them."""
    path = tmp_path / "one.csv"
    values = (1000, 1100, 1250, 1300, 1500, 1550, 1700, 1900)
    rows = [f"Alma,2023-{n + 1:02d}-01,{value}" for n, value in enumerate(values)]
    path.write_text("\n".join(["site,date,people", *rows]), encoding="utf-8")
    out, _ = run(capsys, str(path), "--kind", "stock", "--horizon", "30")
    words = " ".join(out.split())
    assert "1 month: too few past reports to say how good this is (n = 7;" in words
    assert "better than the last report" not in words
