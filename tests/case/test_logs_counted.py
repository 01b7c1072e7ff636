"""Logs that case.yaml names to be counted: there, named once, with a first and a last day."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.case.read import read, start
from standoff.case.write import Amendment

ENTRY = "- {id: shots, use: counts, title: Shots, period: 2001-01-01/2001-12-31}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    start(tmp_path / "case")
    (tmp_path / "case" / "logs").mkdir()
    (tmp_path / "case" / "logs" / "shots.csv").write_text("id\n", encoding="utf-8")
    return tmp_path / "case"


def with_logs(folder: Path, *entries: str) -> list[str]:
    """Return the errors of a case that names these logs."""
    text = (folder / "case.yaml").read_text(encoding="utf-8").rstrip()
    lines = "".join(f"\n  {entry}" for entry in entries)
    (folder / "case.yaml").write_text(f"{text}\nlogs:{lines}\n", encoding="utf-8")
    return [str(p) for p in read(folder)[1] if p.severity == "error"]


def test_a_log_that_is_there_is_fine_and_stays_so_when_the_case_is_written(folder: Path) -> None:
    assert with_logs(folder, ENTRY) == []
    case = read(folder)[0]
    assert case is not None and case.about.logs[0].use == "counts"
    assert Amendment(folder).problems() == []


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((ENTRY.replace("shots,", "shot,"),), ["no log 'shot'", "shots"]),
        ((ENTRY, ENTRY), ["named twice"]),
        ((ENTRY.replace("/2001-12-31", "/.."),), ["a first and a last day"]),
        ((ENTRY.replace("counts", "ledger"),), ["counts"]),
        (("- {id: shots, use: counts, title: Shots}",), ["period"]),
    ],
)
def test_what_is_wrong_is_told(folder: Path, entries: tuple[str, ...], expected: list[str]) -> None:
    errors = with_logs(folder, *entries)
    assert len(errors) == 1 and "case.yaml" in errors[0]
    assert all(text in errors[0] for text in expected), errors
