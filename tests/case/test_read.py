"""Reading does not depend on the order of files or records, and the shipped case passes every check."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from standoff.case.read import load, read, shipped, start
from standoff.errors import StandoffError


def test_records_may_be_split_over_files_in_any_order(folder: Path) -> None:
    whole = load(folder)
    text = (folder / "claims.yaml").read_text()
    records = ["- id" + part for part in text.split("- id")[1:]]
    random.Random(3).shuffle(records)
    (folder / "claims.yaml").unlink()
    (folder / "claims").mkdir()
    for number, body in enumerate(records):
        (folder / "claims" / f"{number}.yaml").write_text(body)
    assert dict(load(folder).claims) == dict(whole.claims)


def test_every_record_knows_its_line(folder: Path) -> None:
    case = load(folder)
    for (kind, key), written in case.written.items():
        lines = (folder / written.file).read_text().splitlines()
        if kind not in ("routes", "closures", "coverage"):
            assert key in lines[written.line - 1], (kind, key)


def test_start_is_all_or_nothing(tmp_path: Path) -> None:
    made = start(tmp_path / "mine")
    assert load(made).about.id == "example"
    with pytest.raises(StandoffError, match="not empty"):
        start(made)
    with pytest.raises(StandoffError, match="did you mean"):
        start(tmp_path / "other", "idlb")
    with pytest.raises(StandoffError, match="parent"):
        start(tmp_path / "no" / "such")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine"]


@pytest.mark.parametrize("name", shipped())
def test_shipped_cases_are_clean(name: str) -> None:
    case = load(name)
    assert case.about.id == name
    _, problems = read(name)
    assert problems == []
