from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from standoff.errors import StandoffError
from standoff.workbench import futures
from standoff.workbench.jobs import Job, Jobs
from standoff.workbench.workspace import Workspace

T = TypeVar("T")
SAME = {"origin": "http://testserver"}


def finished(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread of its own: the browser tests keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def worker(code: str) -> Jobs:
    """Jobs whose worker is a small program, so that its ways to end can be tried one by one."""
    return Jobs((sys.executable, "-c", code))


async def _within(work: Coroutine[Any, Any, T]) -> T:
    return await asyncio.wait_for(work, 60)


def play(jobs: Jobs, cancel_after: str = "") -> tuple[Job, list[dict[str, Any]]]:
    async def follow() -> tuple[Job, list[dict[str, Any]]]:
        job = await jobs.start({"asked": True}, "run-1", "a run")
        heard = []
        async for text in jobs.follow(job):
            if text.startswith("event: job"):
                heard.append(json.loads(text.split("data: ", 1)[1]))
                if cancel_after and heard[-1]["stage"] == cancel_after:
                    jobs.cancel(job.id)
        while job.process is not None and job.process.returncode is None:
            await asyncio.sleep(0.01)
        return job, heard

    return finished(_within(follow()))


def test_progress_is_heard_until_the_end() -> None:
    code = "import json; print(json.dumps({'stage': 'a'})); print(json.dumps({'done': 1, 'total': 2})); print('{')"
    job, heard = play(worker(code))
    assert job.state == "done"
    assert (job.done, job.total) == (1, 2)
    assert heard[-1]["state"] == "done"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise ValueError('broken inside')", "broken inside"),
        ("import os; os.abort()", "ended by signal 6"),
        ("import sys; sys.exit(3)", "no reason told"),
        ("import json, sys; print(json.dumps({'problems': ['-n: 0 is out of bounds']})); sys.exit(1)", "out of bounds"),
        ("import os; os.close(0); os.write(2, b'x' * 10**6); os._exit(9)", "the run stopped"),
    ],
)
def test_a_crash_of_a_run_is_told_and_takes_nothing_down(code: str, said: str) -> None:
    jobs = worker(code)
    job, _ = play(jobs)
    assert job.state == "failed"
    assert said in job.problems[0]
    assert jobs.running() is None


def test_cancel_ends_the_process() -> None:
    code = "import json, time; print(json.dumps({'stage': 'long'}), flush=True); time.sleep(60)"
    started = time.monotonic()
    job, _ = play(worker(code), cancel_after="long")
    assert job.state == "cancelled"
    assert job.process is not None
    assert job.process.returncode != 0
    assert time.monotonic() - started < 20


def test_a_worker_that_cannot_start_is_told() -> None:
    job, _ = play(Jobs(("/no/such/program",)))
    assert job.state == "failed"


def test_one_run_at_a_time() -> None:
    async def two() -> None:
        jobs = worker("import time; time.sleep(60)")
        await jobs.start({}, "a", "a")
        with pytest.raises(StandoffError, match="on its way"):
            await jobs.start({}, "b", "b")
        await jobs.close()

    started = time.monotonic()
    finished(two())
    assert time.monotonic() - started < 30


def test_a_form_is_checked_before_anything_starts(workspace: Workspace) -> None:
    with pytest.raises(StandoffError, match="too many"):
        futures.run_request(workspace, trajectories=10**6)
    with pytest.raises(StandoffError) as found:
        futures.run_request(workspace, accounts=("on",), scenarios=("stok",), days=5000)
    said = str(found.value)
    assert "there is no account 'on'" in said
    assert "5000 is out of bounds" in said


def test_a_run_that_is_kept_is_opened_instead_of_run_again(serve: Callable[..., Any], workspace: Workspace) -> None:
    asked = futures.run_request(workspace, trajectories=10, accounts=("one",), days=5)
    folder = Path(asked["out"])
    (workspace.runs / "first").rename(folder)
    form = {"trajectories": "10", "accounts": "one", "days": "5", "account": "one"}
    answer = serve(jobs=worker("raise SystemExit(1)")).post("/futures/runs", data=form, headers=SAME)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/futures?run={folder.name}&account=one")


def test_a_failed_run_is_shown_and_the_next_page_still_comes(serve: Callable[..., Any]) -> None:
    client = serve(jobs=worker("raise RuntimeError('out of luck')"))
    form = {"trajectories": "10", "accounts": "one", "days": "5"}
    answer = client.post("/futures/runs", data=form, headers=SAME)
    assert answer.headers["location"].startswith("/futures?job=1")
    with client.stream("GET", "/futures/jobs/1/events") as stream:
        text = "".join(stream.iter_text())
    assert '"state": "failed"' in text
    page = client.get("/futures", params={"job": "1"})
    assert page.status_code == 200
    assert "out of luck" in page.text
    assert client.get("/futures/jobs/99/events").status_code == 404
    assert client.post("/futures/jobs/99/cancel", headers=SAME).status_code == 400
