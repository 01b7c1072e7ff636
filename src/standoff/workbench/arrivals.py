"""The page /arrivals: so many more people leave, a crossing shuts, a camp is full: where do they go, with ranges.

It answers what `standoff arrivals` answers, from the case alone. Nothing is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from standoff.errors import Problem, StandoffError
from standoff.exports.arrivals import arrivals_hxl
from standoff.people.arrivals import (
    ArrivalRow,
    ExpectedArrivals,
    Grounds,
    asked_ways,
    expect_arrivals,
    origins_named,
    people_number,
    unmoved,
)
from standoff.runs.grounds import case_grounds
from standoff.text.sentences import number, people, rounded, span
from standoff.views.arrivals import FIELDS, arrivals_map
from standoff.views.lines.arrivals import arrivals_answer, arrivals_data
from standoff.workbench.page import Page, arguments
from standoff.workbench.workspace import Workspace

PATH = "/arrivals"
MOST_ROWS = 40  # of places on the page; the others are in the files


def _names(text: str, from_day: date | None) -> tuple[str, ...]:
    """Return what a field names, by comma or semicolon, each with the day of its field unless it has one itself."""
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    return tuple(part if "@" in part or from_day is None else f"{part}@{from_day}" for part in parts)


def _fields(error: StandoffError, fields: dict[str, str]) -> list[Problem]:
    """Return problems that name the fields of the page instead of the options of the command."""
    return [Problem(fields.get(p.file, p.file), p.line, p.what, p.expected, p.hint) for p in error.problems]


_FIELD = {
    "--people": "?number", "--from": "?origin", "--close": "?close", "--full": "?full", "--open": "?opened",
    "--on": "?on", "--days": "?days",
}  # fmt: skip


def _grounds(ws: Workspace, on: date | None) -> Grounds:
    try:
        return ws.kept(("grounds", on), lambda: case_grounds(ws.case, on))
    except StandoffError as error:
        raise StandoffError(_fields(error, _FIELD)) from None


def asked_arrivals(
    ws: Workspace,
    account: str = "",
    number: str = "",
    origin: str = "",
    close: str = "",
    close_on: date | None = None,
    full: str = "",
    full_on: date | None = None,
    opened: str = "",
    opened_on: date | None = None,
    on: date | None = None,
    days: int = 30,
) -> tuple[ExpectedArrivals, list[str]]:
    """Return the answer to what the fields ask, and what shutting does not do. Raises with every wrong field."""
    grounds = _grounds(ws, on)
    ways = [_names(*field) for field in ((close, close_on), (opened, opened_on), (full, full_on))]

    def answer() -> tuple[ExpectedArrivals, list[str]]:
        problems: list[Problem] = []
        read: list[Any] = []
        for work in (
            lambda: people_number(number),
            lambda: origins_named(grounds, origin),
            lambda: asked_ways(grounds, *ways),
        ):
            try:
                read.append(work())
            except StandoffError as error:
                problems += _fields(error, _FIELD)
        if problems:
            raise StandoffError(problems)
        many, (origins, title), (closures, words) = read
        try:
            result = expect_arrivals(
                grounds, many, origins, from_title=title, closures=closures, days=days, changes=words
            )
        except StandoffError as error:
            raise StandoffError(_fields(error, _FIELD)) from None
        return result, [text.replace(" (--full)", "") for text in unmoved(grounds, closures)]

    return ws.kept(("arrivals", on, number, origin, days, *ways), answer)


def arrivals_page(
    ws: Workspace,
    account: str = "",
    number: str = "",
    origin: str = "",
    close: str = "",
    close_on: date | None = None,
    full: str = "",
    full_on: date | None = None,
    opened: str = "",
    opened_on: date | None = None,
    on: date | None = None,
    days: int = 30,
) -> Page:
    """Where so many more people would arrive, with what is shut, full or open from a day on."""
    fields = {
        "number": number,
        "origin": origin,
        "close": close,
        "close_on": close_on,
        "full": full,
        "full_on": full_on,
        "opened": opened,
        "opened_on": opened_on,
        "on": on,
        "days": days,
    }
    data: dict[str, Any] = {
        "account": ws.account(account),
        "asked": {key: str(value or "") for key, value in fields.items()},
        "answer": None,
        "figures": [],
        "missing": "",
        "names": [],
        "areas": [],
    }
    try:
        grounds = _grounds(ws, on)
    except StandoffError as error:
        if on is not None:
            raise
        data["missing"] = "; ".join(p.what for p in error.problems)
        return Page("This case has no roads to send people along", FIELDS, [], data)
    data |= {
        "on": grounds.on.isoformat(),
        "names": sorted({grounds.titles[name] for name in grounds.names}),
        "areas": sorted(grounds.groups),
    }
    if not number and not origin:
        return Page("Where more people would arrive", FIELDS, [], data)
    result, said = asked_arrivals(
        ws, account, number, origin, close, close_on, full, full_on, opened, opened_on, on, days
    )
    answer = arrivals_data(result)
    tables = (("area", result.areas), ("place", result.places))
    return Page(
        arrivals_answer(result),
        FIELDS,
        [[row[name] for name in FIELDS] for row in answer["rows"]],
        {
            **data,
            "answer": answer,
            "said": said,
            "stay": people(rounded(result.stay, 3)) if result.stay >= 0.5 else "",
            "tables": [_table(what, rows, closed=bool(result.changes)) for what, rows in tables],
            "figures": [arrivals_map(ws.case, result)],
        },
    )


def _table(what: str, rows: Sequence[ArrivalRow], *, closed: bool) -> dict[str, Any]:
    """Return heads and rows of a table of the page: people there before, expected, ranges, and why nobody comes."""
    heads = ["there before", "expected", "80 %", "95 % below", *(["compared with open"] if closed else [])]
    shown = [row for i, row in enumerate(rows) if i < MOST_ROWS or (row.state and not row.state.startswith("front"))]
    body = []
    for row in shown:
        cells = [
            number(row.present, 3) if row.present else "",
            number(row.mean),
            span(row.q10, row.q90) if row.q90 else "0",
            number(row.q95),
        ]
        if closed:
            sign = "+" if row.change > 0 else "-"
            cells.append(f"{sign}{number(abs(row.change))}" if abs(row.change) >= 0.5 else "0")
        body.append({"name": row.name, "state": row.state, "cells": cells})
    return {"what": what, "heads": heads, "rows": body, "more": len(rows) - len(shown)}


def arrivals_routes(ws: Workspace) -> list[Route]:
    """Return where the answer is as HXL."""

    async def hxl(request: Request) -> Response:
        values = arguments(asked_arrivals, request.query_params.multi_items())
        data = await anyio.to_thread.run_sync(lambda: arrivals_hxl(asked_arrivals(ws, **values)[0]))
        headers = {"Content-Disposition": 'attachment; filename="standoff-arrivals.hxl.csv"'}
        return Response(data, media_type="text/csv; charset=utf-8", headers=headers)

    return [Route(f"{PATH}/as.hxl.csv", hxl, methods=["GET"])]
