"""Independent readers accept what is written: libhxl, frictionless and rocrate (extra ``oracles``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from format_runs import idlib, invented_run

from standoff.cli import cli
from standoff.commitments.ledger import ledger
from standoff.exports import hxl
from standoff.exports.hxl import observed, to_csv
from standoff.intake.hxl import HxlSheet
from standoff.runs.folder import write_run

pytestmark = pytest.mark.oracle

SHEETS: dict[str, Callable[[], HxlSheet]] = {
    "observed": lambda: observed(idlib().observed.values()),
    "events": lambda: hxl.events(idlib(), "daher"),
    "places": lambda: hxl.places(idlib()),
    "ledger": lambda: hxl.ledger(ledger(idlib(), "daher", on=date(2020, 2, 14)), date(2020, 2, 14)),
    "arrivals": lambda: hxl.arrivals(idlib(), invented_run(), invented_run().arrivals),
    "displaced": lambda: hxl.displaced(idlib(), invented_run(), invented_run().quantiles),
    "run ledger": lambda: hxl.run_ledger(invented_run()),
}


def complaints(path: Path) -> list[str]:
    """Return what libhxl's built-in schema (the default schema of the HXL Proxy) finds wrong, notices left out."""
    libhxl = pytest.importorskip("hxl")
    found: list[str] = []

    def note(issue: object) -> None:
        severity = issue.rule.severity  # type: ignore[attr-defined]
        if severity in ("error", "warning"):
            found.append(f"{severity}: {issue}")

    local = libhxl.InputOptions(allow_local=True)
    libhxl.schema(None, callback=note).validate(libhxl.data(str(path), local))
    return found


@pytest.mark.parametrize("table", SHEETS)
def test_hxl_passes_the_default_schema(table: str, tmp_path: Path) -> None:
    pytest.importorskip("hxl")
    path = tmp_path / "table.csv"
    path.write_text(to_csv(SHEETS[table]()), encoding="utf-8")
    assert complaints(path) == []


@pytest.mark.parametrize("table", SHEETS)
def test_libhxl_reads_the_same_cells(table: str, tmp_path: Path) -> None:
    libhxl = pytest.importorskip("hxl")
    made = SHEETS[table]()
    path = tmp_path / "table.csv"
    path.write_text(to_csv(made), encoding="utf-8")
    data = libhxl.data(str(path), libhxl.InputOptions(allow_local=True))
    assert [c.header for c in data.columns] == [c.header for c in made.columns]
    assert [sorted(c.display_tag.split("+")) for c in data.columns] == [sorted(c.tag.split("+")) for c in made.columns]
    rows = [tuple(row.values) for row in data]
    assert len(rows) == len(made.rows)
    assert [row for row in rows if "'" not in "".join(row)] == [
        row for row in made.rows if "'" not in "".join(row) and not any(c[:1] in tuple("=+-@") for c in row)
    ]


def test_the_schema_does_find_a_bad_date_and_a_bad_number(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("d,n\n#date,#affected+idps\n2020-02-01,12\nsoon,many\n", encoding="utf-8")
    assert len([c for c in complaints(path) if c.startswith("error")]) == 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder as the command writes it, report included; small, and under two accounts."""
    made = tmp_path_factory.mktemp("runs") / "idlib"
    options = ["-n", "8", "--days", "10", "--account", "daher", "--account", "pooled", "--workers", "1"]
    done = CliRunner().invoke(cli, ["run", "idlib", *options, "--out", str(made)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return made


@pytest.mark.thorough
def test_frictionless_accepts_the_run_folder(folder: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.flatten(["type", "message"]) == []
    assert report.valid
    assert {f"{task.name}.csv" for task in report.tasks} == {p.name for p in folder.glob("*.csv")}
    rows = {task.name: task.stats.get("rows", 0) for task in report.tasks}  # frictionless counts none in an empty table
    assert min(rows["quantiles"], rows["outcomes"], rows["present"], rows["ledger"]) > 10


def test_frictionless_finds_a_table_that_was_changed(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    made = write_run(invented_run(), tmp_path / "run")
    assert frictionless.validate(str(made / "datapackage.json")).valid
    table = made / "arrivals.csv"
    table.write_text(table.read_text().replace("5000.25", "several"))
    assert not frictionless.validate(str(made / "datapackage.json")).valid


def test_rocrate_reads_every_file_of_the_run_folder(folder: Path) -> None:
    module = pytest.importorskip("rocrate.rocrate")
    crate = module.ROCrate(str(folder))
    files = {e.id for e in crate.data_entities if e.type == "File"}
    assert files == {p.name for p in folder.iterdir()} - {"ro-crate-metadata.json"}
    (action,) = [e for e in crate.contextual_entities if e.type == "CreateAction"]
    assert action["instrument"]["name"] == "Standoff"
    assert crate.root_dataset.get("name") and crate.root_dataset.get("license")
