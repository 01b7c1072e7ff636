"""The page of incidents: what several reports tell, what may be one, and a form for the decision of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from standoff.case.model import Kind
from standoff.case.reports import incidents_of
from standoff.case.restrictions import is_free, restricted_words
from standoff.case.write import Amendment
from standoff.commitments.incidents import decide, happenings, proposals
from standoff.errors import StandoffError, nearest
from standoff.text.sentences import count, reported_in_words
from standoff.views.lines.incidents import STATUS, incident_facts
from standoff.workbench.page import Page
from standoff.workbench.uploads import FormField, chosen_log, form_fields, ledger_source, redirect
from standoff.workbench.workspace import Workspace

PATH = "/incidents"
EACH = 25  # incidents or proposals on a page


def incidents_page(
    ws: Workspace, account: str = "", status: str = "", log: str = "", skip_bad: bool = False, page: int = 1
) -> Page:
    """Happenings that several reports tell, with where they differ; and reports that may tell one."""
    account = ws.account(account)
    if status and status not in STATUS:
        hint = nearest(status, STATUS)
        raise StandoffError.of(f"there is no status {status!r}", file="?status", expected=", ".join(STATUS), hint=hint)
    source = ledger_source(ws, chosen_log(ws, log), skip_bad)
    case = source.case
    table = ws.kept(("incidents", *source.key), lambda: happenings(case, source.events))
    chosen = [one for one in table if status in ("", one.status)]
    pairs = ws.kept(("proposals", *source.key), lambda: proposals(case, source.events))
    events = {**case.events, **{e.id: e for e in source.events}}
    names = incidents_of(case)
    total = len({names.get(name, name) for name in events})
    pages = max(-(-max(len(chosen), len(pairs)) // EACH), 1)
    at = min(max(page, 1), pages)
    here = slice((at - 1) * EACH, at * EACH)
    decisions: dict[str, list[str]] = {}
    for record in case.incidents.values():
        for report in record.reports:
            decisions.setdefault(names.get(report, report), []).append(record.id)
    return Page(
        f"{count(total, 'incident')}, {len(table)} of them told by several reports or looked into; "
        f"{count(len(pairs), 'pair')} may be one",
        ("incident", "days", "title", "reports", "status", "found by", "attributed", "violation", "differences"),
        [
            [
                one.id,
                "; ".join(one.dates),
                one.title,
                "; ".join(one.reports),
                one.status,
                one.found_by,
                "; ".join(one.attributed),
                one.violation,
                "; ".join(f"{what}: {' / '.join(v.value for v in some)}" for what, some in one.differences.items()),
            ]
            for one in chosen
        ],
        {
            "account": account,
            "status": status,
            "statuses": STATUS,
            "log": source.log,
            "skip_bad": skip_bad,
            "page": at,
            "pages": pages,
            "total": total,
            "restricted": restricted_words(sum(not is_free(e) for e in events.values())),
            "found": len(chosen),
            "pairs": len(pairs),
            "incidents": [
                {
                    **asdict(one),
                    "facts": list(incident_facts(case, one)),
                    "records": list(dict.fromkeys(decisions.get(one.id, ()))),
                }
                for one in chosen[here]
            ],
            "proposals": [
                {
                    **asdict(pair),
                    "rows": [
                        {
                            "id": name,
                            "when": reported_in_words(events[name].date, events[name].known),
                            "title": events[name].title or events[name].type,
                        }
                        for name in pair.pair
                    ],
                }
                for pair in pairs[here]
            ],
            "apart": [
                asdict(record) | {"on": str(record.on or "")} for record in case.incidents.values() if record.apart
            ],
        },
    )


def keep_decision(ws: Workspace, form: Mapping[str, FormField]) -> None:
    """Write a decision that a form carries into the case, or take one back; the case is read again."""

    def text(name: str) -> str:
        return form[name].text if name in form else ""

    with ws.writing:
        case, amendment = ws.case, Amendment(ws.case.root)
        if undo := text("undo"):
            if undo not in case.incidents:
                hint = nearest(undo, case.incidents)
                raise StandoffError.of(
                    f"there is no decision {undo[:80]!r}", file="undo", expected="one of the case", hint=hint
                )
            amendment.remove(Kind.INCIDENTS, undo)
        else:
            decision = text("decision")
            if decision not in ("one", "apart"):
                raise StandoffError.of("no decision is given", file="decision", expected="one, or apart")
            source = ledger_source(ws, text("log"), "skip_bad" in form)
            reports = [part for part in text("reports").split(",") if part]
            apart = decision == "apart"
            record = decide(
                case, reports, apart=apart, by=text("by"), why=text("why"), on=date.today(), events=source.events
            )
            amendment.add(Kind.INCIDENTS, record)
        amendment.save(what="decision on incidents", by=text("by"), why=text("why"))
        ws.refresh()


def incident_routes(ws: Workspace) -> list[Route]:
    """Return where forms on incidents are sent."""

    async def decision(request: Request) -> Response:
        form = form_fields(await request.body(), request.headers.get("content-type", ""))
        await anyio.to_thread.run_sync(lambda: keep_decision(ws, form))
        log = form["log"].text if "log" in form else ""
        account = form["account"].text if "account" in form else ""
        skip = "yes" if "skip_bad" in form else ""
        return redirect(PATH, account=account if account in ws.case.accounts else "", log=log, skip_bad=skip)

    return [Route(PATH, decision, methods=["POST"])]
