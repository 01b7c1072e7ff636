"""The command export: every table of a case and of a run, written whole or not at all, refused in words."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from format_runs import invented_run

import standoff as so
from standoff.cli.export import NAMES, export
from standoff.errors import StandoffError
from standoff.exports.tables import EXPORTS
from standoff.intake.hxl import read_hxl, read_observed
from standoff.runs.folder import write_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_run(invented_run(), tmp_path_factory.mktemp("runs") / "run"))


def call(*args: str) -> Result:
    return CliRunner().invoke(export, list(args), catch_exceptions=True)


def problems(*args: str) -> str:
    error = call(*args).exception
    assert isinstance(error, StandoffError), error
    return "\n".join(map(str, error.problems))  # as the command line prints them


@pytest.mark.parametrize(("form", "is_run", "table"), [(e.form, e.of_run, e.table) for e in EXPORTS])
def test_every_table_is_written_and_can_be_read(form: str, is_run: bool, table: str, run: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = call(run if is_run else "idlib", "--to", form, "--table", table, "-o", str(out))
    assert done.exit_code == 0, done.exception
    (line,) = done.stdout.splitlines()
    what, count = line.removeprefix(f"{out}: ").replace(",", "").split()[:2]
    assert what == table
    if form == "hxl":
        assert len(read_hxl(out).rows) == int(count) > 0
    else:
        data = json.loads(out.read_text(encoding="utf-8"))
        assert len(data["features" if form == "geojson" else "items"]) == int(count) > 0
    first = out.read_bytes()
    assert call(run if is_run else "idlib", "--to", form, "--table", table, "-o", str(out), "--force").exit_code == 0
    assert out.read_bytes() == first


def test_every_table_can_be_asked_for() -> None:
    assert {e.table for e in EXPORTS} == set(NAMES)
    assert len({(e.form, e.of_run, e.table) for e in EXPORTS}) == len(EXPORTS)


def test_the_first_table_is_the_default(run: str, tmp_path: Path) -> None:
    assert "arrivals" in call(run, "--to", "geojson", "-o", str(tmp_path / "a")).stdout
    assert call("idlib", "--to", "hxl", "-o", str(tmp_path / "b")).stdout.startswith(f"{tmp_path / 'b'}: observed")
    assert read_observed(tmp_path / "b").observations


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "mine.csv"
    out.write_text("mine")
    assert "there already" in problems("idlib", "--to", "hxl", "-o", str(out))
    assert out.read_text() == "mine"
    assert call("idlib", "--to", "hxl", "-o", str(out), "--force").exit_code == 0
    assert out.read_text().startswith("id,from,to")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.csv"]


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "mine.csv"
    out.write_text("mine")

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    assert "No space left" in problems("idlib", "--to", "hxl", "-o", str(out), "--force")
    assert out.read_text() == "mine"
    assert [p.name for p in tmp_path.iterdir()] == ["mine.csv"]


def test_one_account_and_one_day(run: str, tmp_path: Path) -> None:
    out = tmp_path / "x"
    call(run, "--to", "hxl", "--table", "displaced", "--account", "daher", "--on", "2019-12-03", "-o", str(out))
    (row,) = read_hxl(out).rows
    assert row[:4] == ("daher", "baseline", "40", "2019-12-03")
    known = {
        day: json.loads((tmp_path / day).read_text())["features"]
        for day in ("2018-12-31", "2019-12-31")
        if call("idlib", "--to", "geojson", "--table", "events", "--on", day, "-o", str(tmp_path / day)).exit_code == 0
    }
    assert 0 < len(known["2018-12-31"]) < len(known["2019-12-31"])


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (
            ["CASE", "--to", "hxl", "--table", "arrivals"],
            ["--table", "no hxl of the arrivals of a case", "a run folder"],
        ),
        (["CASE", "--to", "geojson", "--table", "ledger"], ["places, zones, events"]),
        (["CASE", "--to", "hxl", "--table", "events", "--account", "dahr"], ["did you mean 'daher'"]),
        (["CASE", "--to", "geojson", "--table", "places", "--on", "2019-01-01"], ["--on", "no day"]),
        (["CASE", "--to", "hxl", "--table", "places", "--account", "daher"], ["--account", "same in every account"]),
        (["CASE", "--to", "hxl", "--case", "idlib"], ["--case", "is a case itself"]),
        (["RUN", "--to", "annotations"], ["a run has no annotations"]),
        (["RUN", "--to", "hxl", "--account", "magnir"], ["--account", "daher, pooled"]),
        (["RUN", "--to", "hxl", "--on", "2019-01-01"], ["no arrivals on 2019-01-01", "2020-05-29"]),
        (["RUN", "--to", "hxl", "--table", "ledger", "--on", "2019-01-01"], ["whole recorded history"]),
        (["RUN", "--to", "hxl", "--case", "idlip"], ["did you mean 'idlib'"]),
        (["idlip", "--to", "hxl"], ["did you mean 'idlib'"]),
    ],
)
def test_mistakes_are_told_in_words(args: list[str], words: list[str], run: str, tmp_path: Path) -> None:
    given = [{"CASE": "idlib", "RUN": run}.get(a, a) for a in args]
    text = problems(*given, "-o", str(tmp_path / "out"))
    for word in words:
        assert word in text
    assert list(tmp_path.iterdir()) == []


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    text = problems("idlib", "--to", "hxl", "--table", "zones", "-o", str(tmp_path / "none" / "out"))
    assert "no hxl of the zones" in text
    assert "there is no folder" in text
    with pytest.raises(StandoffError) as refused:
        so.export(so.load("idlib"), "hxl", "places", account="daher", on="2019-01-01")
    assert [p.file for p in refused.value.problems] == ["--account", "--on"]


def test_a_case_that_is_not_there_or_has_changed_is_told(tmp_path: Path) -> None:
    made = invented_run()
    changed = {**made.meta, "case": {**made.meta["case"], "digest": "0" * 64}}
    gone = {**made.meta, "case": {**made.meta["case"], "id": "my-own"}}
    for name, meta in (("changed", changed), ("gone", gone)):
        write_run(replace(made, meta=meta), tmp_path / name)
    done = call(str(tmp_path / "changed"), "--to", "hxl", "-o", str(tmp_path / "a"))
    assert done.exit_code == 0
    assert "the case has changed since this run" in done.stderr
    assert "expected the folder of the case" in problems(
        str(tmp_path / "gone"), "--to", "hxl", "-o", str(tmp_path / "b")
    )
    again = call(str(tmp_path / "gone"), "--to", "hxl", "--case", "idlib", "-o", str(tmp_path / "b"))
    assert again.exit_code == 0


def test_a_run_folder_somebody_cut_down_is_refused(tmp_path: Path) -> None:
    made = invented_run()
    spec = {k: v for k, v in made.meta["spec"].items() if k != "start"}
    write_run(replace(made, meta={**made.meta, "spec": spec}), tmp_path / "run")
    assert "run.json has no spec.start" in problems(str(tmp_path / "run"), "--to", "hxl", "-o", str(tmp_path / "a"))
