"""The Starlette application: each page as HTML, ``.json`` and ``.csv``; static files; events that follow the files."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import anyio
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from standoff.case.model import refuse_errors
from standoff.case.restrictions import refuse_files
from standoff.errors import StandoffError
from standoff.evidence.accounts import kind_of
from standoff.evidence.relations import LineKind
from standoff.exports.xlsx import Cell, Sheet, about_sheet, write_sheets
from standoff.version import VERSION
from standoff.views import accounts, maps
from standoff.views.charts import BOUNDARIES, csv_text
from standoff.views.pages import STATIC, render
from standoff.workbench import (
    api,
    arrivals,
    desk,
    edit,
    forecasts,
    futures,
    incidents,
    intake,
    ledgers,
    levels,
    now,
    pictures,
    review,
    talks,
    uploads,
)
from standoff.workbench.jobs import Jobs
from standoff.workbench.page import Page, arguments
from standoff.workbench.security import Guard
from standoff.workbench.workspace import Watcher, Workspace

log = logging.getLogger("standoff.workbench")
VIEWS = (  # by the four doors: agreement, dispute, what if; then the case itself
    ("now", "/", "Now"),
    ("brief", "/brief", "Brief"),
    ("ledger", "/ledger", "Ledger"),
    ("incidents", "/incidents", "Incidents"),
    ("levels", "/levels", "Levels"),
    ("forecast", "/forecast", "Forecast"),
    ("arrivals", "/arrivals", "Arrivals"),
    ("talks", "/talks", "Talks"),
    ("harm", "/harm", "Harm"),
    ("network", "/network", "Network"),
    ("evidence", "/evidence", "Evidence"),
    ("review", "/review", "Review"),
    ("futures", "/futures", "What if"),
    ("import", "/import", "Import"),
    ("edit", "/edit", "Edit"),
    ("about", "/about", "About"),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Endpoint = Callable[..., Page]
# page -> (path of the HTML, path before .json and .csv, end-point)
PAGES: dict[str, tuple[str, str, Endpoint]] = {
    "now": ("/", "/now", now.now_page),
    "evidence": ("/evidence", "/evidence", api.evidence_page),
    "ledger": ("/ledger", "/ledger", ledgers.ledger_page),
    "incidents": (incidents.PATH, incidents.PATH, incidents.incidents_page),
    "levels": (levels.PATH, levels.PATH, levels.levels_page),
    "forecast": (forecasts.PATH, forecasts.PATH, forecasts.forecast_page),
    "arrivals": (arrivals.PATH, arrivals.PATH, arrivals.arrivals_page),
    "talks": ("/talks", "/talks", talks.talks_page),
    "harm": ("/harm", "/harm", talks.harm_page),
    "import": (intake.PATH, intake.PATH, intake.import_page),
    "review": (review.PATH, review.PATH, review.review_page),
    "brief": ("/brief", "/brief", desk.brief_of_day),
    "search": ("/search", "/search", desk.search_page),
    "without": ("/ledger/without", "/ledger/without", ledgers.without_page),
    "futures": ("/futures", "/futures", futures.futures_page),
    "network": ("/network", "/network", talks.network_page),
    "edit": (edit.PATH, edit.PATH, edit.edit_page),
    "journal": (edit.JOURNAL, edit.JOURNAL, edit.journal_page),
    "problems": ("/problems", "/problems", api.problems_page),
    "about": ("/about", "/about", api.about_page),
}
FOR_BROWSERS: dict[str, Endpoint] = {"now": now.opening_page}  # where a reader of pages is not to wait for it all
OF_FILES = (api.problems_page, edit.edit_page, edit.journal_page)  # give no verdict: a case with errors has them, too
# data that pages ask for when they are open
DATA: dict[str, Endpoint] = {
    "/now/day": now.day_page,
    "/now/ledger": now.now_ledger_page,
    "/ledger/bars": ledgers.bars_page,
    "/ledger/changes": ledgers.changes_page,
}
LARGER = {**uploads.LIMITS, **intake.LIMITS, **review.LIMITS, **forecasts.LIMITS, **edit.LIMITS}  # bytes by path
HEADINGS = {
    "now": "Now",
    "evidence": "Evidence",
    "ledger": "Ledger",
    "levels": "How many incidents to expect",
    "forecast": "How many people to expect",
    "arrivals": "Where more people would arrive",
    "import": "Import",
    "review": "Review",
    "incidents": "Incidents",
    "talks": "Talks and signals",
    "harm": "Harm to civilians",
    "without": "Without one report",
    "futures": "What if",
    "brief": "Brief",
    "search": "Search",
    "network": "Network",
    "edit": "Edit",
    "journal": "Journal",
    "problems": "Problems",
    "about": "About this model",
}


@dataclass(frozen=True, slots=True)
class Bench:
    """What every request can reach."""

    workspace: Workspace
    jobs: Jobs
    watcher: Watcher
    beside: bool = False  # whether this is one of several cases, which a page lists


def application(bench: Bench, *, hosts: frozenset[str], origins: Iterable[str] = (), token: str = "") -> Starlette:
    """Return the ASGI application for a workspace.

    ``hosts`` are the Host headers it answers to, ``origins`` the addresses of proxies before it.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(follow_case, bench)
            yield
            bench.watcher.close()
            await bench.jobs.close()
            tasks.cancel_scope.cancel()

    guard = Middleware(
        Guard,
        hosts=hosts,
        origins=tuple(origins),
        token=token,
        larger=LARGER,
        read_only=bench.workspace.read_only,
    )
    return Starlette(
        routes=case_routes(bench), middleware=[guard], exception_handlers=case_handlers(bench), lifespan=lifespan
    )


def case_routes(bench: Bench) -> list[BaseRoute]:
    """Return the pages of a case."""
    routes: list[BaseRoute] = []
    for name, (path, stem, endpoint) in PAGES.items():
        routes.append(Route(path, _html(bench, name, FOR_BROWSERS.get(name, endpoint)), methods=["GET"]))
        routes.append(Route(f"{stem}.json", _json(bench, endpoint), methods=["GET"]))
        routes.append(Route(f"{stem}.csv", _csv(bench, endpoint, name), methods=["GET"]))
        routes.append(Route(f"{stem}.xlsx", _xlsx(bench, endpoint, name), methods=["GET"]))
    for path, endpoint in DATA.items():
        routes.append(Route(f"{path}.json", _json(bench, endpoint), methods=["GET"]))
        routes.append(Route(f"{path}.csv", _csv(bench, endpoint, path.rsplit("/")[-1]), methods=["GET"]))
    routes += futures.run_routes(bench.workspace, bench.jobs)
    routes += uploads.upload_routes(bench.workspace)
    routes += intake.import_routes(bench.workspace)
    routes += review.review_routes(bench.workspace)
    routes += forecasts.forecast_routes(bench.workspace)
    routes += arrivals.arrivals_routes(bench.workspace)
    routes += incidents.incident_routes(bench.workspace)
    routes += pictures.figure_routes(bench.workspace)
    routes += edit.edit_routes(bench.workspace, _rendered(bench))
    routes += [Route(f"/relations{end}", _moved, methods=["GET"]) for end in ("", ".json", ".csv", ".xlsx")]
    routes.append(Route("/signals", _signals, methods=["GET"]))
    routes.append(Route("/events", bench.watcher.events, methods=["GET"]))
    return [*routes, *static_routes()]


def static_routes() -> list[BaseRoute]:
    """Return what every page loads: scripts, styles, fonts, the icon."""
    icon = Route("/favicon.ico", _icon, methods=["GET"])
    return [icon, Mount("/static", app=StaticFiles(directory=STATIC))]


def case_handlers(bench: Bench) -> dict[Any, Callable[[Request, Any], Response]]:
    """Return what answers where something is refused, missing or fails."""
    return {StandoffError: _refused(bench), 404: _missing(bench), 500: failed_answer}


async def follow_case(bench: Bench) -> None:
    """Read the case again as its files change, and compute what is slow before anyone asks, until told to stop."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(bench.watcher.watch)
        tasks.start_soon(_warm, bench.workspace)


async def _moved(request: Request) -> RedirectResponse:
    """Send who asks for the page of relations, as it was called, to the network that shows them."""
    query = {"show": LineKind.BACKS.value, **request.query_params}
    return RedirectResponse(
        f"/network{request.url.path.removeprefix('/relations')}?{urlencode(query)}", status_code=308
    )


async def _signals(request: Request) -> RedirectResponse:
    """Send who asks for signals to the page on which they stand below the talks."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/talks{query}#h-signals", status_code=308)


async def _icon(_: Request) -> FileResponse:
    """Answer browsers that ask for an icon by its old name, as they do on JSON pages that cannot name one."""
    return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")


async def _warm(workspace: Workspace) -> None:
    """Compute what is slow before anyone asks, in a thread that a stop does not wait for."""
    if workspace.case.errors:
        return
    try:
        await anyio.to_thread.run_sync(api.warm, workspace, abandon_on_cancel=True)
    except Exception:
        log.exception("the first page will be slower: warming failed")


async def _answer(bench: Bench, request: Request, endpoint: Endpoint) -> Page:
    if endpoint not in OF_FILES:
        refuse_errors(bench.workspace.case)
    values = arguments(endpoint, request.query_params.multi_items())
    return await anyio.to_thread.run_sync(lambda: endpoint(bench.workspace, **values))


def _html(bench: Bench, name: str, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        answer = await _answer(bench, request, endpoint)
        return await anyio.to_thread.run_sync(lambda: HTMLResponse(page_html(bench, name, answer, request)))

    return page


def _rendered(bench: Bench) -> Callable[[str, Page, int], Response]:
    return lambda name, page, status: HTMLResponse(page_html(bench, name, page), status_code=status)


def page_html(bench: Bench, name: str, page: Page, request: Request | None = None) -> str:
    """Return the HTML of a page."""
    query = list(request.query_params.multi_items()) if request else []
    _, stem, _ = PAGES[name]
    query_text = urlencode(query)
    more: dict[str, Any] = {}
    if name == "now":
        more = now_values(bench, page)
    elif name == "network":
        more = {"actors": sorted(bench.workspace.case.actors.values(), key=lambda a: a.name)}
    elif name == "evidence":
        rest = urlencode([(k, v) for k, v in query if k not in ("page", "claim")])
        more = {"pages_at": f"/evidence?{rest}&" if rest else "/evidence?"}
    elif name == "brief":
        d = page.data
        on = date.fromisoformat(d["on"])
        _, sections = desk.brief_day(bench.workspace, d["account"], on, d["days"], d["log"], d["skip_bad"])
        more = {"sections": sections}
    elif name == "search":
        more = {"edit_kinds": edit.LISTED_KINDS}
    elif name in ("edit", "journal"):
        more = {"who": page.data.get("by") or edit.who_edits(request)}
    elif name == "futures":
        more = {"running": bench.jobs.running(), "jobs": bench.jobs.recent()}
    return render(
        f"workbench/{name}.html.j2",
        page=page,
        path_html=PAGES[name][0] + (f"?{query_text}" if query_text else ""),
        path_json=f"{stem}.json" + (f"?{query_text}" if query_text else ""),
        path_csv=f"{stem}.csv" + (f"?{query_text}" if query_text else ""),
        path_xlsx=f"{stem}.xlsx" + (f"?{query_text}" if query_text else ""),
        own_query=f"&{query_text}",
        kept=[(k, v) for k, v in query if k not in ("account", "token")],
        **page_frame(bench, name, str(page.data["account"])),
        **more,
    )


def now_values(bench: Bench, page: Page) -> dict[str, Any]:
    """Return what the map page needs beside its data: the stepper's span, the list, and the state its script reads."""
    data = page.data
    first, last, on = (date.fromisoformat(data[k]) for k in ("first", "last", "on"))
    log = data["log"]["name"] if data["log"] else ""
    keys = ("account", "on", "days", "first", "last", "place", "event")
    state = {k: data[k] for k in keys} | {"log": log, "skip_bad": "yes" if data["skip_bad"] else ""}
    view = now.sight(
        bench.workspace, data["account"], on, data["days"], data["place"], log or uploads.ALONE, data["skip_bad"]
    )
    values = {"span": (last - first).days, "at": (on - first).days, "state": state}
    values["places"] = (maps.PLACE_COLUMNS, maps.place_rows(view.ws.case, data["map"]["data"]["places"]))
    markup = {
        "list": now.events_html(view, data["event"]),
        "summary": data["summary"],
        "picture": now.live_picture(view, data["map"]),
        "histogram": now.timeline_picture(data["timeline"]),
    }
    return values | {name: Markup(text) for name, text in markup.items()}  # noqa: S704 - every text in it is escaped


def page_frame(bench: Bench, name: str, account: str) -> dict[str, Any]:
    """Return what every page shows around its own part."""
    snapshot = bench.workspace.snapshot
    return {
        "name": name,
        "heading": HEADINGS.get(name, "Standoff"),
        "path": PAGES[name][0] if name in PAGES else "/",
        "case": snapshot.case,
        "account": account,
        "account_groups": accounts.groups(snapshot.case),
        "account_kind": kind_of(snapshot.case, account),
        "account_scope": accounts.account_scope(snapshot.case, account),
        "views": [view for view in VIEWS if view[0] not in ("edit", "import") or not bench.workspace.read_only],
        "editable": bench.workspace.is_editable,
        "read_only": bench.workspace.read_only,
        "problem_count": len(snapshot.problems),
        "current": snapshot.current,
        "caution": snapshot.case.caution if snapshot.current else "",
        "boundaries": BOUNDARIES,
        "version": VERSION,
        "beside": bench.beside,
    }


def _json(bench: Bench, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        answer = await _answer(bench, request, endpoint)
        return await anyio.to_thread.run_sync(lambda: JSONResponse(answer.as_json()))

    return page


def _csv(bench: Bench, endpoint: Endpoint, name: str) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        answer = await _answer(bench, request, endpoint)
        text = csv_text(answer.columns, answer.rows)
        headers = {"Content-Disposition": f'attachment; filename="standoff-{name}.csv"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)

    return page


def _xlsx(bench: Bench, endpoint: Endpoint, name: str) -> Callable[[Request], Awaitable[Response]]:
    def workbook(answer: Page) -> bytes:
        refuse_files("the workbook")
        with tempfile.TemporaryDirectory(prefix="standoff-") as folder:
            path = Path(folder) / f"{name}.xlsx"
            if name == "ledger":
                ledgers.ledger_workbook(bench.workspace, answer, path)
            else:
                rows = [[_cell(value) for value in row] for row in answer.rows]
                about = about_sheet(bench.workspace.case, [("page", answer.title)])
                write_sheets(path, [Sheet("model" if name == about.name else name, answer.columns, rows), about])
            return path.read_bytes()

    async def page(request: Request) -> Response:
        answer = await _answer(bench, request, endpoint)
        data = await anyio.to_thread.run_sync(workbook, answer)
        headers = {"Content-Disposition": f'attachment; filename="standoff-{name}.xlsx"'}
        return Response(data, media_type=XLSX, headers=headers)

    return page


def _cell(value: Any) -> Cell:
    """Return a value of a table as a cell of a workbook."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is None or isinstance(value, int | float | date) else str(value)


def _wants_json(request: Request) -> bool:
    return request.url.path.endswith(".json")


def _error(
    bench: Bench, request: Request, status: int, problems: list[dict[str, Any]], heading: str, back: str = "/"
) -> Response:
    """Answer with what is wrong; a form that set ``request.state.form_again`` gets back what was typed into it."""
    if _wants_json(request):
        return JSONResponse({"problems": problems}, status_code=status)
    account = bench.workspace.account("")
    around = page_frame(bench, "error", account) | {"heading": heading}
    values = {
        "path_json": "/problems.json",
        "path_csv": "/problems.csv",
        "path_xlsx": "/problems.xlsx",
        "kept": [],
        "problems": problems,
        "back": back,
        "form_again": getattr(request.state, "form_again", None),
    }
    return HTMLResponse(render("workbench/error.html.j2", **around, **values), status_code=status)


def _refused(bench: Bench) -> Callable[[Request, Any], Response]:
    def answer(request: Request, error: StandoffError) -> Response:
        keys = ("file", "line", "what", "expected", "hint")
        problems = [{k: getattr(p, k) for k in keys} for p in error.problems]
        is_import = request.url.path.startswith("/import")
        heading = "Nothing was written" if is_import else "This cannot be shown"
        return _error(bench, request, 400, problems, heading, "/import" if is_import else "/")

    return answer


def _missing(bench: Bench) -> Callable[[Request, Any], Response]:
    def answer(request: Request, error: Any) -> Response:
        problem = {
            "file": request.url.path[:80],
            "line": 0,
            "what": "there is no such page",
            "expected": "",
            "hint": "",
        }
        return _error(bench, request, 404, [problem], "Not found")

    return answer


def failed_answer(request: Request, error: Exception) -> Response:
    """Answer where the program itself fails."""
    return Response("the workbench failed on this page; the log says why\n", status_code=500, media_type="text/plain")
