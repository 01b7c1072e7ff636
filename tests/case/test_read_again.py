"""A case that is read again: what changed is made anew, what did not is the same record, and the result is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.case import read as reading
from standoff.case.read import load, read, start


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return start(tmp_path / "case")


def put_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_only_what_changed_is_made_again(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load(case)
    calls: list[str] = []
    record = reading.record
    monkeypatch.setattr(
        reading, "record", lambda cls, data, file, lines: (calls.append(file), record(cls, data, file, lines))[1]
    )
    put_in(case / "events.csv", "Ceasefire at the river", "Ceasefire on the river")
    second = load(case)
    assert calls == ["case.yaml", "events.csv"]  # one row of it
    assert second.events["e1"].title == "Ceasefire on the river"
    assert second.events["e2-red"] is first.events["e2-red"]
    calls.clear()
    put_in(case / "actors.yaml", "name: ", "name:  ")
    third = load(case)
    assert set(calls) == {"case.yaml", "actors.yaml"}
    assert third.claims == first.claims
    assert third.digest != second.digest != first.digest


def test_read_again_is_what_it_is_when_read_anew(case: Path) -> None:
    load(case)
    table = case / "events.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    steps = (
        [lines[0], lines[2], lines[1]],  # in another order
        [*lines, lines[1]],  # twice
        [*lines, lines[1].replace("e1,2024-02-20", "e9,2024-02-31")],  # with an error
        [lines[0].replace("title", "titel"), *lines[1:]],
        lines,
    )
    for step in steps:
        table.write_text("\n".join(step) + "\n", encoding="utf-8")
        again, problems = read(case)
        reading._files.clear()
        reading._cases.clear()
        anew, same = read(case)
        assert problems == same
        assert (again is None) == (anew is None)
        if again is not None and anew is not None:
            assert list(again.events.items()) == list(anew.events.items())
            assert again.written.keys() == anew.written.keys()
            assert [w.line for w in again.written.values()] == [w.line for w in anew.written.values()]


def test_a_file_that_goes_and_comes_back(case: Path) -> None:
    before = load(case)
    text = (case / "claims.yaml").read_bytes()
    (case / "claims.yaml").unlink()
    assert read(case)[0] is None or not read(case)[0].claims
    (case / "claims.yaml").write_bytes(text)
    assert load(case).claims == before.claims
