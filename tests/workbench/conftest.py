from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from page_case import make_run, write_case

from standoff.runs.folder import write_run
from standoff.views.report import report
from standoff.workbench.app import Bench, application
from standoff.workbench.jobs import Jobs
from standoff.workbench.workspace import Watcher, Workspace

HOSTS = frozenset({"testserver", "127.0.0.1:8765"})


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The made-up case in a folder of its own, with one kept run."""
    write_case(tmp_path / "case")
    ws = Workspace(str(tmp_path / "case"), tmp_path / "runs")
    ws.runs.mkdir()
    run = make_run(ws.case, n=100)
    write_run(run, ws.runs / "first", extra={"report.html": report(ws.case, run)})
    return ws


@pytest.fixture
def serve(workspace: Workspace) -> Iterator[Callable[..., Any]]:
    """Return a client of the application; options are those of ``application``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

    opened: list[TestClient] = []

    def client(jobs: Jobs | None = None, **options: Any) -> TestClient:
        bench = Bench(workspace, jobs or Jobs(), Watcher(workspace))
        made = TestClient(application(bench, hosts=HOSTS, **options), follow_redirects=False)
        made.__enter__()
        opened.append(made)
        return made

    yield client
    for made in opened:
        made.__exit__(None, None, None)
