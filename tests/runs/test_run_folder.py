from __future__ import annotations

import errno
import json
import os
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from small_run import small_run

from standoff.errors import StandoffError
from standoff.runs import ensemble, results
from standoff.runs import folder as run_folder
from standoff.runs.folder import load_run, write_run


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = small_run(scenarios=("baseline", "crossing-opened"))
    again = load_run(write_run(run, tmp_path / "run"))
    assert again.meta == run.meta
    for table in results.TABLES:
        assert getattr(again, table) == getattr(run, table), table
    assert again.outcomes == run.outcomes


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_run(small_run(), tmp_path / name)
    first = {p.name: p.read_bytes() for p in (tmp_path / "a").iterdir()}
    assert first == {p.name: p.read_bytes() for p in (tmp_path / "b").iterdir()}
    assert {"datapackage.json", "ro-crate-metadata.json", "outlook.csv"} <= set(first)


def test_the_package_names_every_column(tmp_path: Path) -> None:
    root = write_run(small_run(), tmp_path / "run")
    package = json.loads((root / "datapackage.json").read_text())
    for resource in package["resources"]:
        header = (root / resource["path"]).read_text().splitlines()[0].split(",")
        assert [f["name"] for f in resource["schema"]["fields"]] == header


def test_a_run_is_not_replaced_without_force(tmp_path: Path) -> None:
    root = write_run(small_run(), tmp_path / "run")
    with pytest.raises(StandoffError, match="already"):
        write_run(small_run(), root)
    write_run(small_run(), root, force=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("do not touch")
    with pytest.raises(StandoffError, match="not a run folder"):
        write_run(small_run(), tmp_path / "mine", force=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine", "run"]


def test_an_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(run_folder, "crate", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_run(small_run(), tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_a_run_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StandoffError, match="no such folder"):
        load_run(tmp_path / "absent")
    with pytest.raises(StandoffError, match=r"no run\.json"):
        load_run(tmp_path)
    root = write_run(small_run(), tmp_path / "run")
    (root / "breaks.csv").unlink()
    (root / "outlook.csv").write_text("account,scenarioo\n")
    with pytest.raises(StandoffError) as caught:
        load_run(root)
    assert [p.file for p in caught.value.problems] == ["breaks.csv", "outlook.csv"]
    assert "scenario" in caught.value.problems[1].hint


def test_a_table_that_was_changed_is_told_by_its_hash(tmp_path: Path) -> None:
    root = write_run(small_run(), tmp_path / "run")
    text = (root / "quantiles.csv").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    (root / "quantiles.csv").write_text("".join(lines[:-1]), encoding="utf-8")  # the disk lost the last line
    with pytest.raises(StandoffError, match=r"quantiles\.csv: this is not what the run wrote"):
        load_run(root)
    spreadsheet = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    (root / "quantiles.csv").write_bytes(spreadsheet)
    load_run(root)
    (root / "quantiles.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    (root / "datapackage.json").unlink()
    load_run(root)
    (root / "datapackage.json").write_text("[]")
    load_run(root)


def test_a_full_disk_names_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(ensemble, "write_synced", full)
    arrays = {f.name: np.zeros((1, 1)) for f in fields(ensemble.Trajectories)}
    with pytest.raises(StandoffError, match=r"b~0\.npz: a finished batch cannot be kept: No space left on device"):
        ensemble.Trajectories(**arrays).save(tmp_path / "b~0.npz")
    assert list(tmp_path.iterdir()) == []
