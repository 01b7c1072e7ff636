"""Flee folders, settings and run folders that nobody means: one line each, no traceback, no waiting."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from standoff.cli import cli
from standoff.errors import StandoffError
from standoff.people.flee.folder import Finds, read_folder
from standoff.people.flee.output import read_means, read_run
from standoff.people.flee.rules import FleeRules
from standoff.people.flee.series import read_series
from standoff.people.flee.settings import read_settings, yaml_value

MADE_UP = Path(__file__).parent / "made_up"


@pytest.fixture
def flee(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MADE_UP, tmp_path / "flee"))


def laughs(levels: int) -> str:
    """Return a file that is small and, written out, has no end (made up)."""
    lines = ["a0: &a0 [1, 1]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, levels)]
    return "\n".join(lines) + f"\nmove_rules: *a{levels - 1}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"move_rules:\n  softening: 10.0 # \xe9\n", ":2: byte"),
        (b"move_rules: fast\n", ":1: move_rules is 'fast'; expected settings"),
        (b"move_rules: [1, 2]\n", ":1: move_rules is '[1, 2]'; expected settings"),
        (b"move_rules:\n  max_move_speed: 0000-01-01\n", ":2: max_move_speed: 0000-01-01; expected a number above 0"),
        (b"move_rules:\n  max_move_speed: 9999-99-99\n", ":2: max_move_speed: 9999-99-99; expected a number above 0"),
        (b"a: &a [*a]\n", ":1: anchors (&) and aliases (*) are not read"),
        (laughs(40).encode(), ":1: anchors (&) and aliases (*) are not read"),
        (b"[" * 3000, "nested deeper than 20 levels"),
        (b"move_rules:\n  softening: .nan\n", ":2: softening: nan; expected a number of 0 or more"),
        (b"move_rules:\n  softening: .inf\n", ":2: softening: inf; expected a number of 0 or more"),
        (b"move_rules:\n  softening: 1e400\n", ":2: softening: inf; expected a number of 0 or more"),
        (b"move_rules:\n  softening: 1e30\n", ":2: softening: 1e+30; expected a number of 0 or more"),
        (b"move_rules:\n  softening: " + b"9" * 5000, ":2: softening: inf; expected a number of 0 or more"),
        (
            b"move_rules:\n  conflict_spawn_decay: x\nspawn_rules:\n  conflict_spawn_decay: [.nan]\n",
            "a list of factors",
        ),
        (b"optimisations:\n  hasten: 1000000000000\n", ":2: hasten: 1000000000000; expected a whole number"),
        (b"move_rules:\n  softening: 1\n  softening: 2\n", ":3: the key 'softening' is given twice"),
        (b"? [1]\n: 2\n", "a key is not a word"),
    ],
)
def test_settings_that_cannot_be_read_are_one_line(flee: Path, text: bytes, message: str) -> None:
    path = flee / "simsetting.yml"
    path.write_bytes(text)
    began = time.process_time()
    asked = ["flee", "run", str(flee / "input"), "--settings", str(path), "-n", "1", "-o", str(flee / "out")]
    done = CliRunner().invoke(cli, asked)
    assert time.process_time() - began < 10
    finds = Finds()
    read_settings(path, finds)
    assert message in " | ".join(map(str, finds.problems))
    assert done.exit_code != 0
    assert isinstance(done.exception, SystemExit | StandoffError)
    assert not (flee / "out").exists()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("Yes", True), ("off", False), ("~", None), ("", None), ("null", None), ("3", 3), ("-3", -3),
        ("0.5", 0.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("constant", "constant"), (["1", "x"], [1, "x"]),
        ({"a": "1"}, {"a": 1}), ("1_000", "1_000"), ("0x10", "0x10"), ("2020-01-01", "2020-01-01"),
        (".inf", float("inf")),
    ],
)  # fmt: skip
def test_plain_values_of_settings_mean_what_flee_takes_them_for(text: object, value: object) -> None:
    found = yaml_value(text)
    assert found == value
    assert type(found) is type(value)


def test_settings_that_can_be_read_are_those_of_before(flee: Path) -> None:
    path = flee / "simsetting.yml"
    path.write_text(
        "log_levels:\n  agent: 0\nspawn_rules:\n  take_from_population: True\n  insert_day0: no\n"
        "  conflict_spawn_decay: [1.0, 1, 0.5]\n  conflict_driven_spawning:\n    spawn_mode: Poisson\n"
        "    displaced_per_conflict_day: 20\nmove_rules:\n  max_move_speed: 200.0\n  awareness_level: 1\n"
        "  avoid_short_stints: false\noptimisations:\n  hasten: 10\n"
    )
    finds = Finds()
    rules = read_settings(path, finds)
    assert finds.problems == []
    assert rules == FleeRules(
        take_from_population=True, insert_day0=False, conflict_spawn_decay=(1.0, 1.0, 0.5), spawn_mode="poisson",
        displaced_per_conflict_day=20.0, max_move_speed=200.0, hasten=10,
    )  # fmt: skip


def change(file: str, old: str, new: str) -> Callable[[Path], None]:
    def run(flee: Path) -> None:
        text = (flee / file).read_text()
        assert old in text, (file, old)
        (flee / file).write_text(text.replace(old, new, 1))

    return run


def cell(file: str, row: int, column: int, value: str) -> Callable[[Path], None]:
    def run(flee: Path) -> None:
        lines = (flee / file).read_text().splitlines()
        cells = lines[row].split(",")
        cells[column] = value
        lines[row] = ",".join(cells)
        (flee / file).write_text("\n".join(lines) + "\n")

    return run


CELLS = (("input/locations.csv", 1, 3), ("input/locations.csv", 1, 7), ("input/routes.csv", 1, 2),
         ("input/conflicts.csv", 1, 1), ("data/hazel.csv", 1, 1), ("data/hazel.csv", 1, 0))  # fmt: skip
VALUES = ("nan", "inf", "-inf", "1e400", "9" * 400, "9" * 5000, "1e30", "x")


@pytest.mark.parametrize(("file", "row", "column"), CELLS)
@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:6] + str(len(value)))
def test_a_cell_that_is_no_number_is_refused_with_its_line(
    flee: Path, file: str, row: int, column: int, value: str
) -> None:
    cell(file, row, column, value)(flee)
    with pytest.raises(StandoffError) as caught:
        read_series(flee / "data", read_folder(flee / "input"))
    found = [p for p in caught.value.problems if p.file.endswith(Path(file).name)]
    assert row + 1 in {p.line for p in found}
    assert all(len(p.what) < 200 for p in caught.value.problems)
    assert all(p.expected for p in found)


@pytest.mark.parametrize("value", ["9999-12-31", "0025-03-10", "0000-01-01", "9999-12", "10000-01-01"])
@pytest.mark.parametrize("file", ["input/sim_period.csv", "data/hazel.csv", "input/registration_corrections.csv"])
def test_a_year_that_cannot_be_meant_is_one_line(flee: Path, file: str, value: str) -> None:
    lines = (flee / file).read_text().splitlines()
    row = next(i for i, line in enumerate(lines) if "20" in line and "-" in line)
    cells = lines[row].split(",")
    at = next(i for i, c in enumerate(cells) if c.strip().startswith("20"))
    cell(file, row, at, value)(flee)
    with pytest.raises(StandoffError) as caught:
        read_series(flee / "data", read_folder(flee / "input"))
    assert row + 1 in {p.line for p in caught.value.problems if p.file.endswith(Path(file).name)}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize(
    "name", ["input/locations.csv", "input/closures.csv", "data/data_layout.csv", "data/hazel.csv"]
)
def test_pipes_devices_and_links_out_of_the_folder_are_refused(flee: Path, name: str) -> None:
    path = flee / name
    (flee / "outside.csv").write_text("2031-03-01,5\n")
    for message, make in (
        ("this is not a plain file", os.mkfifo),
        ("this is not a plain file", lambda p: Path(p).symlink_to("/dev/zero")),
        ("this leaves the folder", lambda p: Path(p).symlink_to(flee / "outside.csv")),
    ):
        path.unlink()
        make(path)
        with pytest.raises(StandoffError, match=message):
            read_series(flee / "data", read_folder(flee / "input"))


@pytest.mark.parametrize("name", ["/dev/zero", "../outside.csv", "/etc/hostname", "a" * 5000, ".", "nothing.csv"])
def test_a_layout_may_name_files_of_its_folder_alone(flee: Path, name: str) -> None:
    (flee / "outside.csv").write_text("2031-03-01,5\n")
    change("data/data_layout.csv", "hazel.csv", name)(flee)
    with pytest.raises(StandoffError):
        read_series(flee / "data", read_folder(flee / "input"))


@pytest.fixture
def done(flee: Path) -> Path:
    """A run of the made-up folder."""
    asked = ["flee", "run", str(flee / "input"), "--data", str(flee / "data"), "-n", "2", "-o", str(flee / "out")]
    assert CliRunner().invoke(cli, [*asked, "--days", "10"]).exit_code == 0
    return flee / "out"


RECORDS: list[tuple[str, object, str]] = [
    ("days", "ten", "days is 'ten'"),
    ("days", True, "days is True"),
    ("days", 10**20, "days is 100000000000000000000"),
    ("input", 3, "input is 3"),
    ("rules", [], "rules is []"),
    ("rules", {"hasten": 0}, "hasten is 0"),
    ("rules", {"softening": "far"}, "softening is 'far'"),
    ("rules", {"conflict_spawn_decay": 3}, "conflict_spawn_decay is 3"),
    ("rules", {"insert_day0": 1}, "insert_day0 is 1"),
    ("rules", {"softenin": 1.0}, "unknown setting 'softenin'"),
    ("capacities", "yes", "capacities is 'yes'"),
]


@pytest.mark.parametrize(("key", "value", "message"), RECORDS)
def test_the_record_of_a_run_holds_what_it_must(done: Path, key: str, value: object, message: str) -> None:
    found = json.loads((done / "run.json").read_text())
    (done / "run.json").write_text(json.dumps({**found, key: value}))
    with pytest.raises(StandoffError) as caught:
        read_run(done)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "[" * 100_000, '{"input": NaN}', "3", '{"days": 1e400}', "\x00"])
def test_what_is_no_record_of_a_run_is_told(done: Path, text: str) -> None:
    (done / "run.json").write_text(text)
    with pytest.raises(StandoffError, match="is not the folder of a Flee run"):
        read_run(done)


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "1e30", "", "x", "9" * 5000])
def test_a_mean_that_is_no_count_is_told_with_its_line(done: Path, value: str) -> None:
    lines = (done / "out.csv").read_text().splitlines()
    at = lines[0].split(",").index("Hazel sim")
    cells = lines[3].split(",")
    cells[at] = value
    lines[3] = ",".join(cells)
    (done / "out.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(StandoffError) as caught:
        read_means(done, ["Hazel"])
    assert [p.line for p in caught.value.problems] == [4]


def test_a_table_without_the_camp_or_without_a_day_is_told(done: Path) -> None:
    with pytest.raises(StandoffError, match="Nowhere sim"):
        read_means(done, ["Nowhere"])
    (done / "out.csv").write_bytes(b"Hazel sim\n\xe9\n")
    with pytest.raises(StandoffError, match="UTF-8"):
        read_means(done, ["Hazel"])
    (done / "out.csv").write_text("Hazel sim\n")
    with pytest.raises(StandoffError, match="holds no day"):
        read_means(done, ["Hazel"])
