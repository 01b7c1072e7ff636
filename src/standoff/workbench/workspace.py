"""The case the workbench shows: read again when its files change, with what is slow to compute kept by its digest.

One watcher follows the files as they are saved and tells open pages, as server-sent events.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

import anyio
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from standoff.case.claims import RECORD
from standoff.case.model import Case
from standoff.case.read import locate, read
from standoff.case.write import is_shipped
from standoff.errors import Problem, StandoffError, nearest
from standoff.workbench.second_reader import SecondReader

T = TypeVar("T")
KEPT = 120
BEAT = 15.0  # seconds between signs of life to open pages
AGAIN = 5.0  # seconds until the folder is watched again, where it could not be
log = logging.getLogger("standoff.workbench")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One reading of the case folder. ``case`` is the last without errors, ``current`` tells whether it is this.

    Where the folder has had errors since the start there is none without: the case then carries them, and no page
    but that of problems shows it.
    """

    case: Case
    current: bool
    problems: tuple[Problem, ...]
    version: int

    @property
    def errors(self) -> int:
        """How many of the problems are errors."""
        return sum(problem.severity == "error" for problem in self.problems)


@dataclass
class Workspace:
    """A case folder, its runs folder, and what has been computed for the present reading of the case."""

    name: str
    runs: Path
    root: Path = field(init=False)
    snapshot: Snapshot = field(init=False)
    read_only: bool = False  # whether nobody may change the case here
    second_reader: SecondReader | None = None  # a model that proposes beside the rules
    writing: threading.Lock = field(default_factory=threading.Lock)  # one form at a time changes the case
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    _making: dict[tuple[Any, ...], threading.Lock] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the case. Raises StandoffError when it cannot be read at all."""
        self.root = locate(self.name)
        case, problems = read(self.name)
        if case is None:
            raise StandoffError([p for p in problems if p.severity == "error"])
        self.snapshot = Snapshot(case, not case.errors, tuple(problems), 1)

    @property
    def is_editable(self) -> bool:
        """Whether records of the case can be changed here."""
        return not self.read_only and not is_shipped(self.root)

    @property
    def case(self) -> Case:
        """The last reading that succeeded."""
        return self.snapshot.case

    def refresh(self) -> Snapshot:
        """Read the folder again; when it cannot be read the old case stays and the problems tell why.

        Nothing is raised: whatever goes wrong is a problem of the new reading.
        """
        case: Case | None = None
        try:
            case, problems = read(self.name)
        except StandoffError as error:
            problems = list(error.problems)
        except OSError as error:
            problems = [Problem(self.name, 0, f"the case cannot be read: {error.strerror or error}")]
        except Exception as error:
            log.exception("the case cannot be read")
            what = f"the case cannot be read, by a fault of the program: {type(error).__name__}: {str(error)[:200]}"
            problems = [Problem(self.name, 0, what, "", "undo the last change; the log of the server tells more")]
        with self._lock:
            old = self.snapshot
            if case is not None and not case.errors and case.digest != old.case.digest:
                self._kept.clear()
                self._making.clear()
            sound = case is not None and not case.errors
            visible_case = case if case is not None and (sound or old.case.errors) else old.case
            self.snapshot = Snapshot(visible_case, sound, tuple(problems), old.version + 1)
            return self.snapshot

    def tell(self, what: str) -> None:
        """Add a problem to the present reading, such as that the folder cannot be watched."""
        with self._lock:
            old = self.snapshot
            problems = (*old.problems, Problem(self.name, 0, what, "a folder that is there and can be read"))
            self.snapshot = Snapshot(old.case, False, problems, old.version + 1)

    def kept(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what was made for ``key`` on this reading of the case, making it once however many ask."""
        case = self.case
        key = (case.digest, *key)
        with self._lock:
            if key in self._kept:
                return cast(T, self._kept[key])
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    return cast(T, self._kept[key])
            value = make()
            with self._lock:
                if len(self._kept) >= KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[key] = value
                self._making.pop(key, None)
            return value

    def ready(self, key: tuple[Any, ...]) -> bool:
        """Whether ``key`` has been made for this reading of the case."""
        with self._lock:
            return (self.case.digest, *key) in self._kept

    def account(self, account: str) -> str:
        """Return the account asked for, else the record. Raises StandoffError with the nearest name."""
        accounts = self.case.accounts
        if not account:
            return RECORD.id
        if account not in accounts:
            raise StandoffError.of(
                f"there is no account {account!r}",
                file="?account",
                expected=", ".join(accounts),
                hint=nearest(account, accounts),
            )
        return account

    def period(self) -> tuple[date, date]:
        """Return the first and last day of the case's period that its events reach."""
        event_days = [d for e in self.case.events.values() for d in (e.date.start, e.date.end) if d]
        about = self.case.about
        days = [d for d in (about.period.start, about.period.end, about.start.start) if d] or [date(2000, 1, 1)]
        return min([*event_days, *days[:1]]), max([*event_days, *days])


class Watcher:
    """One watcher of the case folder, any number of listening pages."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.listening = 0  # pages that follow the case now
        self._changed = asyncio.Event()
        self._stop = asyncio.Event()

    def close(self) -> None:
        """Let listening pages go."""
        self._stop.set()
        self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def watch(self) -> None:
        """Read the case again whenever a file of its folder changes, until the server stops, whatever goes wrong."""
        from watchfiles import awatch

        while not self._stop.is_set():
            try:
                async for _ in awatch(self.workspace.root, stop_event=self._stop, recursive=True):
                    await anyio.to_thread.run_sync(self.workspace.refresh)
                    self._tell()
                return
            except Exception as error:
                log.exception("the case folder cannot be watched")
                self.workspace.tell(f"the case folder cannot be watched at the moment: {str(error)[:200]}")
                self._tell()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), AGAIN)
            await anyio.to_thread.run_sync(self.workspace.refresh)  # what was saved meanwhile
            self._tell()

    async def events(self, request: Request) -> Response:
        """Answer with the problems as they change, until the page goes away."""
        headers = {"X-Accel-Buffering": "no"}  # so that a proxy passes each on as it comes
        return StreamingResponse(self._stream(request), media_type="text/event-stream", headers=headers)

    async def _stream(self, request: Request) -> AsyncIterator[str]:
        self.listening += 1
        try:
            async for message in self._messages(request):
                yield message
        finally:
            self.listening -= 1

    async def _messages(self, request: Request) -> AsyncIterator[str]:
        version = 0
        while not self._stop.is_set():
            changed = self._changed
            snapshot = self.workspace.snapshot
            if snapshot.version != version:
                version = snapshot.version
                message = {
                    "version": version,
                    "problems": len(snapshot.problems),
                    "errors": snapshot.errors,
                    "current": snapshot.current,
                }
                yield f"event: case\ndata: {json.dumps(message)}\n\n"
            try:
                await asyncio.wait_for(changed.wait(), BEAT)
            except TimeoutError:
                yield ": still here\n\n"
            if await request.is_disconnected():
                return
