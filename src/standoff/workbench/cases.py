"""Several cases in one workbench: a page that lists the cases of a folder, and each below an address of its own.

A case is opened when somebody asks for it, and lies below ``/cases/NAME/`` as it lies alone below ``/``: its pages are
the same, with every link moved down. One that cannot be opened is named with its faults, and takes no other down.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import anyio
from anyio.abc import TaskGroup
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from standoff.case.read import read
from standoff.errors import Problem, StandoffError
from standoff.files.opener import is_there
from standoff.oneline import OneLine
from standoff.version import VERSION
from standoff.views.charts import BOUNDARIES
from standoff.views.pages import render
from standoff.workbench.app import LARGER, Bench, case_handlers, case_routes, failed_answer, follow_case, static_routes
from standoff.workbench.jobs import Jobs
from standoff.workbench.second_reader import SecondReader
from standoff.workbench.security import Guard
from standoff.workbench.workspace import Watcher, Workspace

log = logging.getLogger("standoff.workbench")
ABOVE = "/cases"
BELOW = f"^{ABOVE}/[^/]+(?=/)"  # what stands before the paths of a case
MOST_OPEN = 12  # cases held in memory; the one asked for longest ago is let go of, where nobody looks at it
MOST_LISTED = 3  # problems of a case on the page of cases
# Every text of a case is escaped, so that such marks are always those of a page's own attributes.
_LINK = re.compile(rb'( (?:href|action|src|formaction|data-source)=")/(?!/|cases["/?])')


@dataclass(frozen=True, repr=False)
class Verdict(OneLine):
    """What reading a case came to: its title, how much it holds, what is wrong with it."""

    stamp: tuple[tuple[str, int, int], ...]  # of the files that were read
    title: str
    events: int
    problems: tuple[Problem, ...]
    opens: bool  # whether any page of it can be shown

    @property
    def errors(self) -> int:
        """How many of the problems are errors."""
        return sum(problem.severity == "error" for problem in self.problems)


@dataclass(eq=False)
class Open:
    """A case that somebody asked for, with what serves its pages."""

    bench: Bench
    app: ASGIApp
    tasks: anyio.CancelScope
    last: int = 0  # request, by number

    def is_busy(self) -> bool:
        """Whether a page of it is open or a run is on its way."""
        return bool(self.bench.watcher.listening) or self.bench.jobs.running() is not None


def case_folders(folder: Path) -> list[str]:
    """Return the names of the folders in a folder that hold a case."""
    return sorted(
        p.name for p in folder.iterdir() if not p.name.startswith(".") and p.is_dir() and is_there(p / "case.yaml")
    )


@dataclass
class Cases:
    """The cases of a folder: what is known of each, and those that are open."""

    folder: Path
    runs: Path
    read_only: bool = False
    second_reader: SecondReader | None = None
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    _open: dict[str, Open] = field(default_factory=dict)
    _opening: dict[str, anyio.Lock] = field(default_factory=dict)
    _looking: threading.Lock = field(default_factory=threading.Lock)
    _requests: int = 0
    _tasks: TaskGroup | None = None

    def look(self) -> None:
        """Read every case that was changed since it was last read, one after the other; keep what it came to."""
        with self._looking:
            names = case_folders(self.folder)
            self.verdicts = {name: v for name, v in self.verdicts.items() if name in names}
            for name in names:
                stamp = _stamp(self.folder / name)
                known = self.verdicts.get(name)
                if known is None or known.stamp != stamp:
                    self.verdicts[name] = _verdict(self.folder / name, stamp)

    def rows(self) -> list[dict[str, Any]]:
        """Return what is known of each case; nothing yet of those that are still to be read."""
        rows = []
        for name in case_folders(self.folder):
            verdict = self.verdicts.get(name)
            row: dict[str, Any] = {"name": name, "at": f"{ABOVE}/{quote(name)}/", "title": name, "state": "being read"}
            if verdict is not None:
                keys = ("file", "line", "what", "expected", "hint", "severity")
                first = sorted(verdict.problems, key=lambda p: p.severity != "error")[:MOST_LISTED]
                row["title"] = verdict.title or name
                row["state"] = "fault" if verdict.errors or not verdict.opens else "sound"
                row |= {"events": verdict.events, "errors": verdict.errors}
                row |= {"warnings": len(verdict.problems) - verdict.errors, "opens": verdict.opens}
                row["problems"] = [{key: getattr(p, key) for key in keys} for p in first]
            rows.append(row)
        return rows

    async def open_case(self, name: str) -> Open:
        """Return a case, opened where it is not. Raises StandoffError where there is none or it cannot be read."""
        self._requests += 1
        if name not in self._open:
            if "/" in name or name not in await anyio.to_thread.run_sync(case_folders, self.folder):
                raise KeyError(name)
            async with self._opening.setdefault(name, anyio.Lock()):
                if name not in self._open:
                    await self._start(name)
        self._open[name].last = self._requests
        return self._open[name]

    async def _start(self, name: str) -> None:
        def workspace() -> Workspace:
            return Workspace(
                str(self.folder / name), self.runs / name, read_only=self.read_only, second_reader=self.second_reader
            )

        space = await anyio.to_thread.run_sync(workspace)
        bench = Bench(space, Jobs(busy=self._running), Watcher(space), beside=True)
        app = ExceptionMiddleware(Router(case_routes(bench), redirect_slashes=False), handlers=case_handlers(bench))
        scope = anyio.CancelScope()
        assert self._tasks is not None  # noqa: S101 - from the start of the server to its end
        self._tasks.start_soon(_within, scope, bench)
        self._open[name] = Open(bench, moved_links(app, name), scope, self._requests)
        free = [one for one, case in self._open.items() if one != name and not case.is_busy()]
        if len(self._open) > MOST_OPEN and free:
            await self._close(min(free, key=lambda one: self._open[one].last))

    async def _close(self, name: str) -> None:
        case = self._open.pop(name)
        case.bench.watcher.close()
        await case.bench.jobs.close()
        case.tasks.cancel()

    def _running(self) -> bool:
        return any(case.bench.jobs.running() is not None for case in self._open.values())

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Follow the cases from the start of the server to its end."""
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            tasks.start_soon(self.look_again)
            yield
            for name in list(self._open):
                await self._close(name)
            tasks.cancel_scope.cancel()

    async def look_again(self) -> None:
        """Look at every case in a thread that a stop does not wait for."""
        try:
            await anyio.to_thread.run_sync(self.look, abandon_on_cancel=True)
        except OSError:
            log.exception("the folder of cases cannot be read")


async def _within(scope: anyio.CancelScope, bench: Bench) -> None:
    with scope:
        await follow_case(bench)


def _stamp(root: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what tells whether a file of a case was changed: names, sizes and times."""
    stamps = []
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if any(part.startswith(".") for part in parts) or parts[0] == "library":
            continue
        try:
            status = path.stat()
        except OSError:  # a link to nowhere
            stamps.append((path.name, -1, 0))
            continue
        if path.is_file():
            stamps.append(("/".join(parts), status.st_size, status.st_mtime_ns))
    return tuple(stamps)


def _verdict(root: Path, stamp: tuple[tuple[str, int, int], ...]) -> Verdict:
    try:
        case, problems = read(str(root))
    except StandoffError as error:
        return Verdict(stamp, "", 0, error.problems, False)
    except Exception as error:
        log.exception("the case cannot be read")
        what = f"the case cannot be read: {type(error).__name__}: {str(error)[:200]}"
        return Verdict(stamp, "", 0, (Problem(root.name, 0, what),), False)
    title, events = (case.about.title, len(case.events)) if case is not None else ("", 0)
    return Verdict(stamp, title, events, tuple(problems), case is not None)


def moved_links(app: ASGIApp, name: str) -> ASGIApp:
    """Return an application that lies below the address of a case: paths lose it, links and redirects gain it."""
    root = f"{ABOVE}/{quote(name)}"
    prefixed = rb"\g<1>" + root.encode() + b"/"

    async def below(scope: Scope, receive: Receive, send: Send) -> None:
        path = "/" + scope["path"].split("/", 3)[3]
        start: Message | None = None
        chunks: list[bytes] = []

        async def sending(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = [(k, _location(k, v, root)) for k, v in message["headers"]]
                message = {**message, "headers": headers}
                if dict(headers).get(b"content-type", b"").startswith(b"text/html"):
                    start = message
                    return
            elif start is not None and message["type"] == "http.response.body":
                chunks.append(message.get("body", b""))
                if message.get("more_body"):
                    return
                body = _LINK.sub(prefixed, b"".join(chunks))
                headers = [(k, v) for k, v in start["headers"] if k != b"content-length"]
                await send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await app({**scope, "path": path, "raw_path": quote(path).encode()}, receive, sending)

    return below


def _location(key: bytes, value: bytes, root: str) -> bytes:
    return root.encode() + value if key == b"location" and re.match(rb"/(?!/)", value) else value


def cases_application(
    cases: Cases, *, hosts: frozenset[str], origins: Iterable[str] = (), token: str = ""
) -> Starlette:
    """Return the ASGI application for the cases of a folder; its options are those of ``application`` for one."""

    async def page_of_cases(request: Request) -> Response:
        rows = await anyio.to_thread.run_sync(cases.rows)
        if cases._tasks is not None:
            cases._tasks.start_soon(cases.look_again)
        if request.url.path.endswith(".json"):
            return JSONResponse({"cases": rows, "read_only": cases.read_only})
        return HTMLResponse(_page(f"Cases in {cases.folder.resolve().name}", rows=rows, read_only=cases.read_only))

    async def one(scope: Scope, receive: Receive, send: Send) -> None:
        name = unquote(scope["path"].split("/", 3)[2])
        try:
            case = await cases.open_case(name)
        except KeyError:
            problem = {"file": name[:80], "line": 0, "what": "there is no such case", "expected": "one of the list"}
            answer = _refusal(scope, "Not found", [problem | {"hint": ""}], 404)
        except StandoffError as error:
            keys = ("file", "line", "what", "expected", "hint")
            problems = [{key: getattr(p, key) for key in keys} for p in error.problems]
            answer = _refusal(scope, f"The case {name} cannot be shown", problems, 400)
        else:
            await case.app(scope, receive, send)
            return
        await answer(scope, receive, send)

    async def home(_: Request) -> RedirectResponse:
        return RedirectResponse(ABOVE, status_code=307)

    async def below(request: Request) -> RedirectResponse:
        return RedirectResponse(f"{ABOVE}/{quote(request.path_params['name'])}/", status_code=307)

    class _One:
        """An application and not a function, so that the router hands requests of every method on."""

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await one(scope, receive, send)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with cases.at_work():
            yield

    guard = Middleware(
        Guard,
        hosts=hosts,
        origins=tuple(origins),
        token=token,
        larger=LARGER,
        read_only=cases.read_only,
        below=BELOW,
    )
    routes = [
        Route("/", home, methods=["GET"]),
        Route(ABOVE, page_of_cases, methods=["GET"]),
        Route(f"{ABOVE}.json", page_of_cases, methods=["GET"]),
        Route(ABOVE + "/{name}", below, methods=["GET"]),
        Route(ABOVE + "/{name}/{rest:path}", _One()),
        *static_routes(),
    ]
    return Starlette(routes=routes, middleware=[guard], exception_handlers={500: failed_answer}, lifespan=lifespan)


def _refusal(scope: Scope, heading: str, problems: list[dict[str, Any]], status: int) -> Response:
    if scope["path"].endswith(".json"):
        return JSONResponse({"problems": problems}, status_code=status)
    return HTMLResponse(_page(heading, problems=problems), status_code=status)


def _page(heading: str, **values: Any) -> str:
    around = {"heading": heading, "version": VERSION, "boundaries": BOUNDARIES, "rows": None, "problems": None}
    return render("workbench/cases.html.j2", **around | values)
