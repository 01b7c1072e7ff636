"""A run folder that is not as it was written is refused by StandoffError alone, with file and what was expected."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_run import small_run

from standoff.errors import StandoffError
from standoff.runs.folder import KEYS, load_run, write_run
from standoff.runs.results import TABLES

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    1.5,
    10**20,
    "",
    "x",
    [],
    [1],
    ["a", "a"],
    {},
    {"a": 1},
    "9999-12-31",
    [[["a"]]],
)
FITTING = {  # what of ODD a key may be after all
    "case": [{}, {"a": 1}],
    "spec": [{}, {"a": 1}],
    "outcomes": [[]],
    "scenarios": [[]],
    "spec.mixed": [True],
    "spec.as_of": [None],
    "case.edition": [None],
    "warnings": [[], ["a", "a"]],
}
TEXTS = {
    "case.id", "case.title", "case.digest", "case.edition", "standoff", "spec.mode", "spec.ablation", "spec.beliefs",
    "spec.parameters", "spec.choice_rule",
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_run(small_run(), tmp_path / "run")


def record(root: Path, change: Callable[[dict[str, Any]], object]) -> None:
    found = json.loads((root / "run.json").read_text())
    change(found)
    (root / "run.json").write_text(json.dumps(found))


@pytest.mark.parametrize("key", KEYS)
def test_each_key_of_the_record_is_of_its_kind_or_refused(root: Path, key: str) -> None:
    *way, last = key.split(".")

    def put(value: Any) -> Callable[[dict[str, Any]], None]:
        def change(found: dict[str, Any]) -> None:
            for step in way:
                found = found[step]
            found[last] = value

        return change

    before = (root / "run.json").read_text()
    for value in ODD:
        (root / "run.json").write_text(before)
        record(root, put(value))
        fits = value in FITTING.get(key, []) or (
            key in TEXTS and isinstance(value, str) and (value or key != "case.id")
        )
        try:
            load_run(root)
            assert fits, value
        except StandoffError as error:
            assert not fits or key in ("case", "spec", "spec.as_of"), (value, str(error))
            assert all(p.expected for p in error.problems)
            assert all(p.file.endswith(("run.json", "outcomes.csv")) for p in error.problems)
    (root / "run.json").write_text(before)
    load_run(root)


@pytest.mark.parametrize("key", [key for key, rule in KEYS.items() if rule[0]])
def test_each_key_that_is_needed_is_missed(root: Path, key: str) -> None:
    *way, last = key.split(".")

    def drop(found: dict[str, Any]) -> None:
        for step in way:
            found = found[step]
        del found[last]

    record(root, drop)
    with pytest.raises(StandoffError, match=f"run.json has no .*{last}|not the run.json"):
        load_run(root)


CELLS = ("nan", "inf", "-inf", "1e400", "1e308", "9" * 400, "9" * 5000, "x")


@pytest.mark.parametrize("table", [*TABLES, "outcomes"])
def test_a_cell_that_is_no_number_is_told_with_its_line(root: Path, table: str) -> None:
    path = root / f"{table}.csv"
    text = path.read_text()
    lines = text.splitlines()
    if len(lines) < 2:
        pytest.skip("this run has no row of it")
    cells = lines[1].split(",")
    numbers = [i for i, c in enumerate(cells) if c.replace(".", "").replace("-", "").isdigit() and c.count("-") < 2]
    assert numbers
    for at in numbers:
        for value in CELLS:
            changed = ",".join([*cells[:at], value, *cells[at + 1 :]])
            path.write_text("\n".join([lines[0], changed, *lines[2:]]) + "\n")
            with pytest.raises(StandoffError) as caught:
                load_run(root)
            assert [(p.file, p.line) for p in caught.value.problems] == [(path.name, 2)], (at, value)
            assert len(str(caught.value)) < 300
    path.write_text(text)
    load_run(root)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("ledger.csv", b"\xe9", "ledger.csv:1: byte 0 is not UTF-8"),
        ("outlook.csv", b'account,"', "outlook.csv"),
        ("outlook.csv", b"", "outlook.csv: the file is empty"),
        ("outcomes.csv", b"", "outcomes.csv: the file is empty"),
        ("outcomes.csv", b"account,scenario\n", "outcomes.csv: 0 rows"),
        ("outcomes.csv", b"scenario,x\na,1\n", "outcomes.csv:1: the columns account are missing"),
        ("breaks.csv", b"account,account\n", "breaks.csv:1: a column is given twice"),
        ("run.json", b"\xff", "byte 0 is not UTF-8"),
        ("run.json", b"[" * 100_000, "too deep"),
        ("run.json", b'{"spec": NaN}', "NaN is not a number of JSON"),
    ],
)
def test_a_file_that_is_none_is_told(root: Path, name: str, data: bytes, said: str) -> None:
    (root / name).write_bytes(data)
    with pytest.raises(StandoffError) as caught:
        load_run(root)
    assert said in str(caught.value)


def test_rows_of_another_account_are_told(root: Path) -> None:
    path = root / "outcomes.csv"
    lines = path.read_text().splitlines()
    cells = lines[1].split(",")
    cells[lines[0].split(",").index("account")] = "nobody"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")
    with pytest.raises(StandoffError, match=r"rows of account .* in scenario"):
        load_run(root)
