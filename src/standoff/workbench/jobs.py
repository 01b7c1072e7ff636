"""Runs in the background: started, followed, cancelled; one at a time, each in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from standoff.errors import StandoffError

KEPT = 20
BEAT = 15.0


@dataclass
class Job:
    """One run on its way. ``state`` is running, done, failed or cancelled."""

    id: str
    run: str
    title: str
    state: str = "running"
    stage: str = "starting"
    done: int = 0
    total: int = 0
    problems: list[str] = field(default_factory=list)
    version: int = 0
    process: asyncio.subprocess.Process | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def as_json(self) -> dict[str, Any]:
        """Return what a page shows of the job."""
        keys = ("id", "run", "title", "state", "stage", "done", "total", "problems")
        return {key: getattr(self, key) for key in keys}

    def tell(self) -> None:
        """Wake whoever follows the job."""
        self.version += 1
        self.changed.set()
        self.changed = asyncio.Event()


class Jobs:
    """The jobs of a case. ``command`` is what a worker process runs, ``busy`` says whether another case has a run."""

    def __init__(
        self,
        command: tuple[str, ...] = (sys.executable, "-m", "standoff.workbench.worker"),
        busy: Callable[[], bool] = bool,
    ) -> None:
        self.command = command
        self._busy = busy
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0

    def running(self) -> Job | None:
        """Return the job that runs now."""
        return next((job for job in self._jobs.values() if job.state == "running"), None)

    def recent(self) -> list[Job]:
        """Return the last jobs, the latest first."""
        return list(reversed(self._jobs.values()))

    def get(self, name: str) -> Job | None:
        """Return a job by its id."""
        return self._jobs.get(name)

    async def start(self, question: dict[str, Any], run: str, title: str) -> Job:
        """Start a run. Raises StandoffError while another is running."""
        if self.running() is not None:
            raise StandoffError.of("a run is on its way", file="futures", expected="one run at a time; cancel it first")
        if self._busy():
            what = "a run of another case is on its way"
            raise StandoffError.of(what, file="futures", expected="one run at a time: wait until it has ended")
        self._count += 1
        job = Job(str(self._count), run, title)
        self._jobs[job.id] = job
        while len(self._jobs) > KEPT:
            self._jobs.pop(next(iter(self._jobs)))
        task = asyncio.create_task(self._follow(job, question))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    async def _follow(self, job: Job, question: dict[str, Any]) -> None:
        try:
            # A session of its own, so that cancelling ends its worker processes too.
            job.process = process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
            if job.state == "cancelled":  # before the process was there to be ended
                _end(process)
            out, err, into = process.stdout, process.stderr, process.stdin
            assert out is not None and err is not None and into is not None  # noqa: S101 - all three are pipes
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                into.write(json.dumps(question).encode() + b"\n")
                await into.drain()
            errors = asyncio.create_task(err.read())
            async for line in out:
                self._hear(job, line)
            status = await process.wait()
            text = (await errors).decode(errors="replace").strip()
            into.close()  # not before: a worker whose input ends has lost its workbench, and ends
        except OSError as error:
            status, text = 1, str(error)
        finally:
            _end(job.process)
        if job.state == "cancelled":
            pass
        elif status == 0:
            job.state = "done"
        else:
            job.state = "failed"
            how = (
                f"it was ended by signal {-status}"
                if status < 0
                else text.splitlines()[-1]
                if text
                else "no reason told"
            )
            job.problems = job.problems or [f"the run stopped: {how}"[:500]]
        job.tell()

    def _hear(self, job: Job, line: bytes) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            return
        for key in ("stage", "done", "total", "problems"):
            if key in message:
                setattr(job, key, message[key])
        job.tell()

    def cancel(self, name: str) -> Job | None:
        """End a running job; nothing half-written is left, since a run folder appears in full or not at all."""
        job = self._jobs.get(name)
        if job is not None and job.state == "running":
            job.state, job.stage = "cancelled", "cancelled"
            _end(job.process)
            job.tell()
        return job

    async def close(self) -> None:
        """End whatever runs, and wait until it has ended."""
        for job in list(self._jobs.values()):
            self.cancel(job.id)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def follow(self, job: Job) -> AsyncIterator[str]:
        """Yield the job as server-sent events until it ends."""
        version = -1
        while True:
            # Taken together before the yield: what changes while the reader is served is told in the next round.
            changed, state, previous = job.changed, job.state, version
            version = job.version
            if version != previous:
                yield f"event: job\ndata: {json.dumps(job.as_json())}\n\n"
            if state != "running":
                return
            try:
                await asyncio.wait_for(changed.wait(), BEAT)
            except TimeoutError:
                yield ": still here\n\n"


def _end(process: asyncio.subprocess.Process | None) -> None:
    if process is None or process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
