"""The workbench goes on whatever is saved into the case, the runs folder or the library: the fault is told."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from standoff.intake.boundaries import MAP_FILE
from standoff.workbench import uploads as logs
from standoff.workbench import workspace as watch
from standoff.workbench import workspace as workspace_module
from standoff.workbench.workspace import Workspace

POLYGON = {"type": "Polygon", "coordinates": [[[10, 10], [11, 10], [11, 11], [10, 10]]]}


def told(ws: Workspace) -> str:
    return " | ".join(map(str, ws.refresh().problems))


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("zones.geojson", '{"features": 3}', "zones.geojson: there is no list of features"),
        ("zones.geojson", "[" * 100_000, "too deep"),
        ("zones.geojson", '{"features": [{"properties": {"id": "z", "claims": 3}, "geometry": null}]}', "claims is 3"),
        ("case.yaml", "period: 9999-12", "a year from 1800 to 2200"),
        ("background.geojson", '{"features": [{"properties": {"name": "a", "kind": "country"}, "geometry": '
         '{"type": "Polygon", "coordinates": ["xy"]}}]}', "feature 1: its coordinates hold 'xy'"),
    ],
)  # fmt: skip
def test_a_bad_save_is_a_problem_and_pages_go_on(
    workspace: Workspace, serve: Callable[..., Any], file: str, text: str, said: str
) -> None:
    at_first = workspace.snapshot.errors  # of the made-up case
    path = workspace.root / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if file == "case.yaml":
        assert before is not None
        lines = [text if line.startswith("period:") else line for line in before.splitlines()]
        text = "\n".join(lines)
    path.write_text(text, encoding="utf-8")
    assert said in told(workspace)
    assert workspace.snapshot.errors
    answer = serve().get("/")
    assert answer.status_code == 200
    assert "The case on disk has" in answer.text
    path.unlink() if before is None else path.write_text(before, encoding="utf-8")
    workspace.refresh()
    assert workspace.snapshot.current
    assert workspace.snapshot.errors == at_first


def test_a_fault_of_the_program_is_a_problem_of_the_reading(
    workspace: Workspace, serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> Any:
        raise ZeroDivisionError("made up")

    client = serve()
    with monkeypatch.context() as patch:
        patch.setattr(workspace_module, "read", fail)
        assert "by a fault of the program: ZeroDivisionError: made up" in told(workspace)
    page = client.get("/").text
    assert "The case on disk has a fault" in page
    assert ' id="stale" role="status" hidden' not in page
    assert "ZeroDivisionError" in client.get("/problems.json").text
    assert told(workspace).count("ZeroDivisionError") == 0
    assert ' id="stale" role="status" hidden' in client.get("/").text


def test_the_watcher_outlives_what_it_meets(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure while watching is told as a problem, and the folder is then watched again."""
    calls: list[int] = []

    async def awatch(*_: Any, stop_event: asyncio.Event, **__: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("made up")
        yield {("modified", "case.yaml")}
        await stop_event.wait()

    import watchfiles

    monkeypatch.setattr(watchfiles, "awatch", awatch)
    monkeypatch.setattr(watch, "AGAIN", 0.01)
    seen: list[str] = []
    tell = workspace.tell
    monkeypatch.setattr(workspace, "tell", lambda what: (seen.append(what), tell(what)))

    async def run() -> None:
        watcher = watch.Watcher(workspace)
        task = asyncio.create_task(watcher.watch())
        first = workspace.snapshot.version
        for _ in range(500):
            await asyncio.sleep(0.01)
            if len(calls) == 2 and workspace.snapshot.version >= first + 3:
                break
        watcher.close()
        await asyncio.wait_for(task, 10)

    with ThreadPoolExecutor(1) as pool:  # the browser of other tests has a loop of its own in this thread
        pool.submit(asyncio.run, run()).result(30)
    assert seen == ["the case folder cannot be watched at the moment: made up"]
    assert len(calls) == 2
    assert workspace.snapshot.current


def _latin(folder: Path) -> None:
    with (folder / "ledger.csv").open("ab") as file:
        file.write(b"\xe9")


def _record(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    found = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    change(found)
    (folder / "run.json").write_text(json.dumps(found), encoding="utf-8")


def _text(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


BAD_RUNS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "latin-1": (_latin, "ledger.csv"),
    "huge": (lambda f: _text(f, "run.json", '"trajectories": 100', '"trajectories": 1e400'), "too large for a number"),
    "true": (lambda f: _record(f, lambda r: r["spec"].update(trajectories=True)), "spec.trajectories is True"),
    "no case": (lambda f: _record(f, lambda r: r.pop("case")), "run.json has no case"),
    "no outcomes": (lambda f: _record(f, lambda r: r.pop("outcomes")), "run.json has no outcomes"),
    "accounts": (lambda f: _record(f, lambda r: r["spec"].update(accounts="one")), "spec.accounts is 'one'"),
    "start": (lambda f: _record(f, lambda r: r["spec"].update(start="9999-12-31")), "spec.start is '9999-12-31'"),
    "titles": (lambda f: _record(f, lambda r: r.update(outcomes=[3])), "outcomes is [3]"),
    "seed": (lambda f: _record(f, lambda r: r["spec"].pop("seed")), "run.json has no spec.seed"),
    "list": (lambda f: (f / "run.json").write_text("[]"), "not the run.json of a run"),
    "deep": (lambda f: (f / "run.json").write_text("[" * 100_000), "too deep"),
    "nan": (lambda f: _text(f, "outlook.csv", ",100,", ",nan,"), "outlook.csv"),
    "cells": (lambda f: _text(f, "arrivals.csv", "\n", "\n1,2,3,4,5,6,7,8,9,10\n"), "arrivals.csv:2"),
    "quote": (lambda f: _text(f, "breaks.csv", "\n", '\n"'), "breaks.csv"),
    "gone": (lambda f: (f / "matters.csv").unlink(), "matters.csv: the file is missing"),
    "date": (lambda f: _text(f, "quantiles.csv", "2001-03-01", "0001-13-01"), "quantiles.csv"),
}


@pytest.mark.parametrize("kind", BAD_RUNS)
def test_a_bad_run_folder_is_named_and_hides_no_other(
    kind: str, workspace: Workspace, serve: Callable[..., Any]
) -> None:
    break_it, said = BAD_RUNS[kind]
    bad = Path(shutil.copytree(workspace.runs / "first", workspace.runs / "bad"))
    break_it(bad)
    client = serve()
    for path in ("/futures.json", "/futures.json?run=first"):
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert found["run"] == "first"
        assert [run["name"] for run in found["runs"]] == ["first"]
        assert [one["name"] for one in found["unread"]] == ["bad"]
        assert said in found["unread"][0]["why"]
        assert str(workspace.runs) not in found["unread"][0]["why"]
    page = client.get("/futures")
    assert page.status_code == 200
    assert "cannot be read or shown" in page.text
    assert client.get("/futures?run=bad").status_code == 400


def test_a_run_that_can_be_read_but_not_drawn_is_named(
    workspace: Workspace, serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from standoff.workbench import futures

    shutil.copytree(workspace.runs / "first", workspace.runs / "second")
    os.utime(workspace.runs / "second" / "run.json", (2e9, 2e9))
    real = futures.findings
    monkeypatch.setattr(
        futures, "findings", lambda case, run: 1 / 0 if str(run.root).endswith("second") else real(case, run)
    )
    client = serve()
    found = client.get("/futures.json").json()
    assert found["run"] == "first"
    assert found["unread"] == [{"name": "second", "why": found["unread"][0]["why"]}]
    assert client.get("/futures?run=second").status_code == 400


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (json.dumps({"features": [{"properties": 3, "geometry": POLYGON}]}), ""),
        (json.dumps({"features": [{"properties": "x", "geometry": {"type": "Polygon", "coordinates": "xy"}}]}), "hold"),
        (json.dumps({"features": [3, None, "x"]}), "feature 1"),
        (json.dumps({"features": {"a": 1}}), "no list of features"),
        ("[]", "no list of features"),
        ('{"features": [' + "[" * 100_000, "too deep"),
        ('{"features": [NaN]}', "NaN is not a number of JSON"),
        ("\udce9".encode("utf-8", "surrogateescape").decode("latin-1"), "not JSON"),
    ],
)
def test_boundaries_with_odd_properties_never_take_the_map_down(
    workspace: Workspace, serve: Callable[..., Any], text: str, said: str
) -> None:
    folder = workspace.root / "library"
    folder.mkdir(exist_ok=True)
    (folder / "boundaries.geojson").write_text(text, encoding="utf-8")
    client = serve()
    workspace.refresh()
    assert client.get("/").status_code == 200
    warnings = [p for p in workspace.snapshot.problems if p.file == MAP_FILE]
    assert all(p.severity == "warning" for p in warnings)
    assert said in " | ".join(map(str, warnings))
    assert bool(warnings) == bool(said)


@pytest.mark.parametrize("error", [ZeroDivisionError("made up"), RecursionError(), OverflowError("made up")])
def test_whatever_a_reader_of_logs_raises_is_a_message(
    workspace: Workspace, serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(logs, "log_of_file", fail)
    sent = {"file": ("mine.csv", b"id,date,type\n", "text/csv")}
    answer = serve().post("/ledger/logs", files=sent, headers={"Origin": "http://testserver"})
    assert answer.status_code == 400
    assert "mine.csv" in answer.text
    assert "cannot be read as a log of events" in answer.text
    assert not (workspace.root / "library" / "logs").exists()


def test_a_log_with_a_stray_quote_is_a_message(workspace: Workspace, serve: Callable[..., Any]) -> None:
    header = "event_id_cnty,event_date,sub_event_type,actor1,actor2,latitude,longitude,notes\n"
    rows = "".join(f"X{n},2001-03-01,Armed clash,A,B,1,1,{chr(34) * (n == 3)}a line of notes\n" for n in range(9_001))
    sent = {"file": ("mine.csv", (header + rows).encode(), "text/csv")}
    answer = serve().post("/ledger/logs", files=sent, headers={"Origin": "http://testserver"})
    assert answer.status_code == 400
    assert "mine.csv" in answer.text
