from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from page_case import make_run, write_case

from standoff.case.read import load
from standoff.runs.folder import write_run
from standoff.views.report import report
from standoff.workbench.app import Bench, application
from standoff.workbench.jobs import Jobs
from standoff.workbench.workspace import Watcher, Workspace

HOSTS = frozenset({"testserver", "127.0.0.1:8765"})


@pytest.fixture(scope="session")
def with_a_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the made-up case and one kept run, made once; who uses it takes a copy."""
    folder = tmp_path_factory.mktemp("bench")
    write_case(folder / "case")
    (folder / "runs").mkdir()
    case = load(folder / "case")
    run = make_run(case, n=100)
    write_run(run, folder / "runs" / "first", extra={"report.html": report(case, run)})
    return folder


@pytest.fixture
def workspace(tmp_path: Path, with_a_run: Path) -> Workspace:
    """The made-up case in a folder of its own, with one kept run."""
    for name in ("case", "runs"):
        shutil.copytree(with_a_run / name, tmp_path / name)
    return Workspace(str(tmp_path / "case"), tmp_path / "runs")


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
