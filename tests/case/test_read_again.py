"""A case that is read again: what changed is made anew, what did not is the same record, and the result is the same."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from standoff.case import checks
from standoff.case import read as reading
from standoff.case.model import Case
from standoff.case.read import load, read, start
from standoff.errors import Problem


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
    assert calls == ["events.csv"]  # one row of it
    assert second.events["e1"].title == "Ceasefire on the river"
    assert second.events["e2-red"] is first.events["e2-red"]
    calls.clear()
    put_in(case / "actors.yaml", "name: ", "name:  ")
    third = load(case)
    assert set(calls) == {"actors.yaml"}
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


def edited(text: str, chance: random.Random) -> str:
    """Return a file with a row less, twice or moved, or with one value in the place of another of its key or column."""
    values = list(re.finditer(r"\b([a-z_]+): ([\w.-]+)", text))
    if values:
        value = chance.choice(values)
        others = [other[2] for other in values if other[1] == value[1]] + ["nobody", "0.5", "2024-02-25"]
        return f"{text[: value.start(2)]}{chance.choice(others)}{text[value.end(2) :]}"
    head, *rows = text.splitlines()
    if not rows:
        return text
    at, other = chance.randrange(len(rows)), chance.randrange(len(rows))
    way = chance.choice(("less", "twice", "moved", "cell", "cell", "cell"))
    if way == "less":
        del rows[at]
    elif way == "twice":
        rows.insert(other, rows[at].replace(",", "-again,", 1))
    elif way == "moved":
        rows.insert(other, rows.pop(at))
    else:
        cells, others = rows[at].split(","), rows[other].split(",")
        column = chance.randrange(min(len(cells), len(others)))
        cells[column] = others[column]
        rows[at] = ",".join(cells)
    return "\n".join([head, *rows, ""])


def same_after_edits(case: Path, seed: int, many: int) -> tuple[int, int]:
    """Compare what was checked again with what is checked anew after random edits; count readings and verdicts."""
    chance = random.Random(seed)
    files = sorted(p for p in case.rglob("*") if p.suffix in (".yaml", ".csv", ".geojson") and p.stat().st_size)
    sound = {path: path.read_text(encoding="utf-8") for path in files}
    readings, verdicts = 0, set()
    for _ in range(many):
        if chance.random() < 0.25:
            for path, text in sound.items():
                path.write_text(text, encoding="utf-8")
        else:
            path = chance.choice(files)
            path.write_text(edited(path.read_text(encoding="utf-8") or sound[path], chance), encoding="utf-8")
        again, problems = read(case)
        if again is not None:
            readings += 1
            anew = checks.check(again)
            assert problems == anew
            verdicts.add(tuple(p.what for p in anew))
    return readings, len(verdicts)


def test_checked_again_is_what_it_is_when_checked_anew(case: Path) -> None:
    readings, verdicts = same_after_edits(case, 1, 25)
    assert readings > 8
    assert verdicts > 2


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(8))
def test_checked_again_is_checked_anew_after_many_edits(case: Path, seed: int) -> None:
    readings, verdicts = same_after_edits(case, 100 + seed, 100)
    assert readings > 30
    assert verdicts > 6


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the checks that run."""
    names: list[str] = []

    def counted(check: checks.Check) -> checks.Check:
        def rule(case: Case) -> Iterator[Problem]:
            names.append(check.name)
            yield from check.rule(case)

        rule.__module__ = check.rule.__module__
        return replace(check, rule=rule)

    checks.checks()
    monkeypatch.setattr(checks, "_REGISTRY", {key: counted(check) for key, check in checks._REGISTRY.items()})
    return names


def test_only_checks_that_look_at_what_changed_run_again(case: Path, calls: list[str]) -> None:
    load(case)
    every = len(calls)
    assert every == len(checks.checks())
    calls.clear()
    put_in(case / "stakes.yaml", "salience: ", "salience:  ")
    load(case)
    assert "references" in calls
    assert not {"routes", "dates", "anchors", "chains"} & set(calls)
    assert len(calls) < every / 2
    calls.clear()
    put_in(case / "stakes.yaml", "salience:  ", "salience: ")
    load(case)
    assert calls == []  # as it was once: the very same case


def test_a_file_beside_the_records_has_its_checks_run_again(case: Path, calls: list[str]) -> None:
    load(case)
    calls.clear()
    story = case / "tests" / "river.yaml"
    story.write_text(story.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    load(case)
    assert "stories" in calls
    assert "references" not in calls
