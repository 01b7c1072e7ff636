"""Spellings of Flee's files that others use: each is read, or refused by file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from standoff.errors import StandoffError
from standoff.exchange.flee.folder import read_folder

MADE_UP = Path(__file__).parent / "made_up" / "input"


def changed(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = tmp_path / "input"
    shutil.copytree(MADE_UP, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_a_date_needs_no_leading_zeros(tmp_path: Path) -> None:
    folder = changed(tmp_path, "sim_period.csv", "2031-03-01", "2031-3-1")
    assert read_folder(folder).start == read_folder(MADE_UP).start


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("conflicts.csv", "Birch", "Alder", "given twice"),
        ("locations.csv", "Mid", "M" * 200_000, "cannot be read"),
        ("sim_period.csv", "2031-03-01", "2031-13-01", "YYYY-MM-DD"),
        ("sim_period.csv", "2031-03-01", "20310301", "YYYY-MM-DD"),
        ("sim_period.csv", "2031-03-01", "9999-12-31", "pass the year 9999"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_file(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    with pytest.raises(StandoffError) as refused:
        read_folder(changed(tmp_path, file, old, new))
    assert said in str(refused.value)
    assert file in str(refused.value)
