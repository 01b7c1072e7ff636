"""The brief of a day and the search over the case, as pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import urlencode

from standoff.case.brief_sections import BriefDay, BriefSection, sections_on
from standoff.case.catalogue import KINDS, Entry, event_entry
from standoff.case.restrictions import is_free
from standoff.commitments.daily import last_report
from standoff.errors import StandoffError
from standoff.evidence.search import SearchIndex, check_facets, search_index
from standoff.text.sentences import count, day
from standoff.views.brief import area_bars, brief_map
from standoff.views.charts import Figure
from standoff.views.lines.brief import brief_answers, brief_head
from standoff.workbench.page import Page, check_name
from standoff.workbench.uploads import LedgerSource, chosen_log, kept_logs, ledger_source
from standoff.workbench.workspace import Workspace

EACH = 20  # records of a page of hits
MOST_VALUES = 12  # of a facet


def _brief(ws: Workspace, on: date, days: int, source: LedgerSource) -> tuple[BriefDay, list[BriefSection]]:
    """Return the brief of a day, made once."""

    def make() -> tuple[BriefDay, list[BriefSection]]:
        areas = source.loaded.areas if source.loaded else {}
        opened = BriefDay(source.case, on, days, source.events or None, areas=areas, log=source.log)
        return opened, sections_on(opened)

    return ws.kept(("brief", on, days, *source.key), make)


def brief_day(
    ws: Workspace, account: str = "", on: date | None = None, days: int = 14, log: str = "", skip_bad: bool = False
) -> tuple[BriefDay, list[BriefSection]]:
    """Return the brief of a day, by default the last with a report, with its sections."""
    ws.account(account)
    source = ledger_source(ws, chosen_log(ws, log), skip_bad)
    first, last = ws.period()[0], source.last
    today = min(max(on or last_report(source.case, source.events), first), last)
    return _brief(ws, today, min(max(days, 1), 366), source)


def brief_figures(opened: BriefDay, sections: Sequence[BriefSection]) -> dict[str, list[Figure]]:
    """Return the figures of a brief by the section they stand in, drawn once; the map stands on top, under ``map``."""

    def draw() -> dict[str, list[Figure]]:
        top = brief_map(opened)
        figures = {s.id: [f for f in (area_bars(opened, s),) if f] for s in sections}
        return {"map": [top] if top else [], **figures}

    return opened.once("figures", draw)  # type: ignore[no-any-return]


def brief_of_day(
    ws: Workspace, account: str = "", on: date | None = None, days: int = 14, log: str = "", skip_bad: bool = False
) -> Page:
    """One page for a day: what changed, falls due and is contested, incidents by area, who is silent."""
    opened, sections = brief_day(ws, account, on, days, log, skip_bad)
    return Page(
        f"{opened.case.about.title}: {day(opened.on)}",
        ("section", "sentence", "rests on"),
        [[s.title, item.text, item.rests] for s in sections for item in s.items],
        {
            "account": ws.account(account),
            "on": opened.on.isoformat(),
            "days": opened.days,
            "log": opened.log,
            "logs": kept_logs(ws),
            "skip_bad": skip_bad,
            "as_known": brief_head(opened),
            "answers": brief_answers(sections),
            "sections": [asdict(section) for section in sections],
            "figures": brief_figures(opened, sections),
        },
    )


def _index(ws: Workspace, source: LedgerSource) -> SearchIndex:
    """Return the index of the case, and of the events of a log that may be passed on, made once."""

    def make() -> SearchIndex:
        return search_index(ws.case, (event_entry(source.case, event) for event in source.events if is_free(event)))

    return ws.kept(("search", *source.key), make)


def record_address(account: str, entry: Entry) -> str:
    """Return the page of a record."""
    query: dict[str, str] = {"account": account}
    path, place = "/search", ""
    if entry.kind in ("claims", "documents", "disputes"):
        path, key = "/evidence", entry.kind.removesuffix("s")
        query[key] = entry.id
        place = f"#{key}-{entry.id}" if key != "document" else ""
    elif entry.kind == "commitments":
        path, place = "/ledger", "#why"
        query["commitment"] = entry.id
    elif entry.kind == "agreements":
        path = "/ledger"
        query["agreement"] = entry.id
    elif entry.kind == "events":
        path = "/"
        query |= {"event": entry.id, "days": "30"} | ({"on": entry.day.isoformat()} if entry.day else {})
    elif entry.kind == "incidents":
        path, place = "/incidents", f"#i-{entry.id}"
    elif entry.kind == "actors":
        path = "/network"
        query["actor"] = entry.id
    elif entry.kind in ("places", "crossings"):
        path = "/"
        query["place"] = entry.id
    elif entry.kind == "sources":
        path = "/evidence"
        query["source"] = entry.id
    elif entry.kind == "parameters":
        path, place = "/about", "#parameters"
    elif entry.kind == "scenarios":
        path = "/futures"
    else:
        query |= {"q": f'"{entry.id}"', "kind": entry.kind}
    return f"{path}?{urlencode(query)}{place}"


def search_page(
    ws: Workspace,
    q: str = "",
    kind: str = "",
    party: str = "",
    place: str = "",
    year: str = "",
    log: str = "",
    page: int = 1,
    account: str = "",
) -> Page:
    """Every record that holds all the words, the best first, with counts by kind, party, place and year.

    ``log`` searches the events of a kept log too.
    """
    account = ws.account(account)
    check_name("kind", kind, list(KINDS))
    try:
        source = ledger_source(
            ws, chosen_log(ws, log), skip_bad=False
        )  # as other pages read it, so that it is read once
    except StandoffError:
        source = ledger_source(ws, chosen_log(ws, log), skip_bad=True)
    check_facets(source.case, kind=kind, party=party, place=place, year=year)
    asked, log = log, source.log
    result = _index(ws, source).find(q, kind=kind, party=party, place=place, year=year, page=page, each=EACH)
    hits: list[dict[str, Any]] = [
        {
            "kind": KINDS[hit.entry.kind].title.removesuffix("s"),
            "id": hit.entry.id,
            "title": [list(part) for part in hit.title],
            "words": [list(part) for part in hit.words],
            "facts": [fact for fact in hit.entry.facts if fact],
            "address": record_address(account, hit.entry),
        }
        for hit in result.hits
    ]
    chosen = {"kind": kind, "party": party, "place": place, "year": year}
    kept = {k: v for k, v in {"account": account, "q": q, **chosen, "log": asked}.items() if v}
    many = count(result.total, "record")
    return Page(
        f"{many} for “{q}”" if q else many,
        ("kind", "id", "title", "facts", "address"),
        [[h["kind"], h["id"], "".join(t for t, _ in h["title"]), "; ".join(h["facts"]), h["address"]] for h in hits],
        {
            "account": account,
            "q": q,
            "chosen": chosen,
            "log": log,
            "logs": kept_logs(ws),
            "total": result.total,
            "page": result.page,
            "pages": result.pages,
            "near": result.near,
            "hits": hits,
            "facets": _facets(source.case, result.facets, chosen, kept),
            "pages_at": f"/search?{urlencode(kept)}",
            "near_at": f"/search?{urlencode({**kept, 'q': result.near})}",
        },
    )


def _facets(
    case: Any, facets: dict[str, tuple[tuple[str, int], ...]], chosen: dict[str, str], kept: dict[str, str]
) -> list[dict[str, Any]]:
    """Return each facet with its values, their numbers, and the address that chooses one or lets it go."""
    titles = {"kind": "Kind", "party": "Party", "place": "Place", "year": "Year"}

    def name(facet: str, value: str) -> str:
        if facet == "kind":
            return KINDS[value].title
        records = {"party": case.actors, "place": case.places}.get(facet, {})
        return str(records[value].name) if value in records else value

    lists = []
    for facet, values in facets.items():
        rest = {k: v for k, v in kept.items() if k != facet}
        shown = values if facet in ("kind", "year") else values[:MOST_VALUES]
        lists.append(
            {
                "title": titles[facet],
                "more": len(values) - len(shown),
                "values": [
                    {
                        "name": name(facet, value),
                        "n": number,
                        "on": chosen[facet] == value,
                        "at": f"/search?{urlencode(rest if chosen[facet] == value else {**rest, facet: value})}",
                    }
                    for value, number in shown
                ],
            }
        )
    return lists
