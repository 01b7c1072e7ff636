"""The futures page: runs that are kept, what they show, and starting, following and cancelling a new one."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import anyio
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from standoff.case.claims import RECORD, AccountKind
from standoff.case.model import Case, refuse_errors
from standoff.errors import StandoffError, nearest
from standoff.evidence.accounts import kind_of
from standoff.files.opener import inside
from standoff.files.whole import recover_folders
from standoff.runs.folder import load_run
from standoff.runs.results import Run
from standoff.runs.spec import default_accounts, make_spec
from standoff.text.sentences import count, day, label
from standoff.views import charts, comparing
from standoff.views.accounts import title
from standoff.views.charts import Figure, accounts_line, doubt_line, scenario_title
from standoff.views.findings import Finding, findings, scored_line, spoken_of
from standoff.views.present import present_map
from standoff.workbench.jobs import Jobs
from standoff.workbench.page import Page, arguments
from standoff.workbench.workspace import Workspace

MOST = 5000
log = logging.getLogger("standoff.workbench")
_NAME = re.compile(r"[\w][\w.-]*")


def readable(ws: Workspace) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Return the runs of this case in the runs folder, the latest first, and the folders that cannot be read, with why.

    What is no run at all, or one of another case, is left out.
    """
    summaries: list[tuple[float, dict[str, Any]]] = []
    unread: list[dict[str, str]] = []
    if not ws.runs.is_dir():
        return [], []
    recover_folders(ws.runs)
    for folder in sorted(ws.runs.iterdir()):
        file = inside(ws.runs, f"{folder.name}/run.json")
        if file is None or folder.name.startswith("."):
            continue
        try:
            run = _load(ws, folder.name)
            if run.meta["case"]["id"] == ws.case.about.id:
                summaries.append((file.stat().st_mtime, _summary(ws.case, folder.name, run)))
        except StandoffError as error:
            more = f" (and {count(len(error.problems) - 1, 'more problem')})" if error.problems[1:] else ""
            unread.append({"name": folder.name, "why": f"{_inside(ws, str(error.problems[0]))}{more}"})
        except Exception as error:
            log.exception("the run folder %s cannot be read", folder.name)
            unread.append({"name": folder.name, "why": f"{type(error).__name__}: {str(error)[:200]}"})
    return [summary for _, summary in sorted(summaries, key=lambda pair: -pair[0])], unread


def _inside(ws: Workspace, text: str) -> str:
    """Return a message without the path to the runs folder."""
    return text.replace(f"{ws.runs}/", "")


def _load(ws: Workspace, name: str) -> Run:
    folder = ws.runs / name
    stamp = (folder / "run.json").stat().st_mtime_ns
    return ws.kept(("run", name, stamp), lambda: load_run(folder))


def _summary(case: Case, name: str, run: Run) -> dict[str, Any]:
    spec = run.meta["spec"]
    return {
        "name": name,
        "title": f"{count(int(spec['trajectories']), 'run')}, {spec['days']} days from {day(str(spec['start']))}, "
        f"seed {spec['seed']}",
        "accounts": [label(name, "record" if name == RECORD.id else "reading") for name in run.accounts],
        "scenarios": [scenario_title(case, s) for s in run.scenarios],
        "same_case": run.meta["case"].get("digest") == case.digest,
    }


def open_run(ws: Workspace, name: str) -> Run:
    """Return a kept run by its name. Raises StandoffError when there is none, or when it lies elsewhere."""
    names = [p.name for p in ws.runs.iterdir()] if ws.runs.is_dir() else []
    if not _NAME.fullmatch(name) or name not in names or inside(ws.runs, f"{name}/run.json") is None:
        what, hint = f"there is no run {name[:80]!r}", nearest(name, names)
        raise StandoffError.of(what, file="?run", expected="the name of a kept run", hint=hint)
    return _load(ws, name)


def futures_page(
    ws: Workspace,
    account: str = "",
    run: str = "",
    scenario: str = "",
    job: str = "",
    trajectories: int = 0,
    days: int = 0,
    seed: int = 0,
    accounts: tuple[str, ...] = (),
    scenarios: tuple[str, ...] = (),
) -> Page:
    """Start scenarios, open a kept run, and see fan, dots, people present, comparison, and what matters.

    ``trajectories`` to ``scenarios`` are what the form shows as chosen: what was started, else what the open run had.
    """
    case = ws.case
    account = ws.account(account)
    runs, unread = readable(ws)
    figures: list[Figure] = []
    sentences: list[Finding] = []
    chosen: Run | None = None
    # Without a run that is asked for, the latest that can be shown; one that cannot be must not hide the page.
    for name in [run] if run else [str(r["name"]) for r in runs if not job]:
        one = open_run(ws, name)
        if scenario and scenario not in one.scenarios:
            what, hint = f"this run has no scenario {scenario!r}", nearest(scenario, one.scenarios)
            raise StandoffError.of(what, file="?scenario", expected=", ".join(one.scenarios), hint=hint)
        try:
            figures, sentences = _figures(ws, name, one, account, scenario)
        except StandoffError as error:
            if run:
                raise
            unread.append({"name": name, "why": _inside(ws, str(error.problems[0]))})
            continue
        chosen, run = one, name
        break
    table = figures[0] if figures else None
    spec: dict[str, Any] = chosen.meta["spec"] if chosen and not job else {}
    ticked = accounts or tuple(spec.get("accounts", ()))
    return Page(
        f"{count(len(runs), 'kept run')}",
        table["columns"] if table else ("run",),
        table["rows"] if table else [[r["name"]] for r in runs],
        {
            "account": account,
            "account_kind": kind_of(case, account),
            "run": run,
            "scenario": scenario or (chosen.scenarios[0] if chosen else ""),
            "scenarios": [(s, scenario_title(case, s)) for s in chosen.scenarios] if chosen else [],
            "runs": runs,
            "unread": unread,
            "findings": [f.text for f in sentences],
            "see": [f.figure for f in sentences],
            "spoken_of": spoken_of(case, chosen) if chosen else "",
            "scored": scored_line(case),
            "accounts_run": accounts_line(case, chosen) if chosen else "",
            "drawn": doubt_line(case, chosen) if chosen else "",
            "figures": figures,
            "job": job,
            "choices": {
                "accounts": [(*one[:3], one[0] in ticked if ticked else one[3]) for one in runnable(case)],
                "scenarios": [(*one, one[0] in (scenarios or spec.get("scenarios", ()))) for one in _scenarios(case)],
                "days": days or spec.get("days") or case.about.days,
                "trajectories": trajectories or spec.get("trajectories") or 200,
                "seed": seed or spec.get("seed") or 1,
                "most": MOST,
                "able": bool(case.options),
            },
            "has_report": bool(run and inside(ws.runs, f"{run}/report.html")),
        },
    )


def _figures(ws: Workspace, name: str, run: Run, account: str, scenario: str) -> tuple[list[Figure], list[Finding]]:
    """Return figures and findings of a run. Raises StandoffError, with the run's name, where it cannot be drawn."""
    try:
        return run_figures(ws.case, run, account, scenario), findings(ws.case, run)
    except StandoffError:
        raise
    except Exception as error:
        log.exception("the run %s cannot be drawn", name)
        what = f"this run cannot be drawn: {type(error).__name__}: {str(error)[:200]}"
        expected = "a complete run folder, as standoff run writes it"
        raise StandoffError.of(what, file=f"{name}/", expected=expected) from None


def runnable(case: Case) -> list[tuple[str, str, str, bool]]:
    """Return the accounts that can be run, the record and the readings: id, title, kind, and whether it is ticked.

    What parties and bodies said cannot be run: nobody tells all that happened. Ticked is what a run takes that names
    none.
    """
    able = [name for name in case.accounts if kind_of(case, name) != AccountKind.STATEMENT]
    usual = default_accounts(case)
    return [(name, title(case, name), kind_of(case, name), name in usual) for name in able]


def _scenarios(case: Case) -> list[tuple[str, str, str]]:
    return [(s.id, s.title, s.lever) for s in case.scenarios.values() if s.id != "baseline"]


def run_figures(case: Case, run: Run, account: str, scenario: str) -> list[Figure]:
    """Return the figures of a run; people present and comparison speak of the account if the run has it."""
    mine = account if account in run.accounts else ""
    figures = [
        *comparing.every(case, run, mine),
        charts.breaks(case, run, scenario),
        charts.fan(case, run, scenario),
        charts.dots(case, run, scenario),
        present_map(case, run, mine, scenario),
        *charts.matters(case, run),
        charts.outlook(case, run, scenario),
    ]
    return [f for f in figures if f is not None]


def run_request(
    ws: Workspace,
    trajectories: int = 200,
    days: int = 0,
    seed: int = 1,
    accounts: tuple[str, ...] = (),
    scenarios: tuple[str, ...] = (),
    account: str = "",
) -> dict[str, Any]:
    """Check what a form asks for and return it for the worker. Raises StandoffError with everything that is wrong."""
    case = ws.case
    refuse_errors(case)
    if trajectories > MOST:
        limit = f"at most {MOST:,}; for more use standoff run on the command line"
        raise StandoffError.of(f"{trajectories:,} runs are too many here", file="?trajectories", expected=limit)
    spec = make_spec(
        case,
        accounts=accounts,
        scenarios=("baseline", *(s for s in scenarios if s != "baseline")),
        trajectories=trajectories,
        days=days or None,
        seed=seed,
        batch=50,
    )
    return {
        "case": str(ws.root),
        "out": str((ws.runs / f"{case.about.id}-{spec.digest(case)}").absolute()),
        "accounts": list(spec.accounts),
        "scenarios": list(spec.scenarios),
        "trajectories": spec.trajectories,
        "days": spec.days,
        "seed": spec.seed,
        "workers": 2,
    }


def run_routes(ws: Workspace, jobs: Jobs) -> list[Route]:
    """Return what changes something or streams: start, cancel, follow, and the report of a run."""

    async def start(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", errors="replace")
        values = arguments(run_request, parse_qsl(body))
        order = await anyio.to_thread.run_sync(lambda: run_request(ws, **values))
        name = Path(order["out"]).name
        account = str(values.get("account", ""))
        suffix = f"&account={account}" if account in ws.case.accounts else ""
        kept = {k: v for k, v in values.items() if k != "account"}
        suffix += f"&{urlencode(kept, doseq=True)}" if kept else ""
        if inside(ws.runs, f"{name}/run.json") is not None:
            return RedirectResponse(f"/futures?run={name}{suffix}", status_code=303)
        ws.runs.mkdir(parents=True, exist_ok=True)
        heading = f"{count(order['trajectories'], 'run')} for each of {count(len(order['accounts']), 'account')}"
        job = await jobs.start(order, name, heading)
        return RedirectResponse(f"/futures?job={job.id}{suffix}", status_code=303)

    async def cancel(request: Request) -> Response:
        job = jobs.cancel(request.path_params["job"])
        if job is None:
            raise StandoffError.of("there is no such job", file="futures", expected="a job of this workbench")
        return RedirectResponse(f"/futures?job={job.id}", status_code=303)

    async def follow(request: Request) -> Response:
        job = jobs.get(request.path_params["job"])
        if job is None:
            return JSONResponse({"problems": [{"what": "there is no such job"}]}, status_code=404)
        return StreamingResponse(jobs.follow(job), media_type="text/event-stream")

    async def report(request: Request) -> Response:
        name = request.path_params["run"]
        await anyio.to_thread.run_sync(open_run, ws, name)
        file = inside(ws.runs, f"{name}/report.html")
        if file is None:
            raise StandoffError.of("this run has no report", file="?run", expected="a run written with its report")
        return FileResponse(file, filename=f"{name}.html", content_disposition_type="attachment")

    return [
        Route("/futures/runs", start, methods=["POST"]),
        Route("/futures/jobs/{job}/cancel", cancel, methods=["POST"]),
        Route("/futures/jobs/{job}/events", follow, methods=["GET"]),
        Route("/futures/runs/{run}/report.html", report, methods=["GET"]),
    ]
