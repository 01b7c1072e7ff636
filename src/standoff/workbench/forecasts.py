"""The page /forecast: how many people to expect by site, from a table that is dropped on it; nothing of it is kept.

The table waits in memory, by a word that only its page knows. How such forecasts did on its own past stands first.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from standoff.errors import StandoffError
from standoff.people.series.outlook import PeopleForecast, forecast
from standoff.text.sentences import people
from standoff.views.forecasts import COUNTED, fan_figure, ranked
from standoff.views.lines.forecast import (
    COLUMNS,
    NOTE,
    figure_of,
    forecast_data,
    forecast_rows,
    oddity_lines,
    percent_words,
    score_lines,
)
from standoff.workbench.intake import MOST_BYTES, Upload, Uploads
from standoff.workbench.page import Page
from standoff.workbench.uploads import form_fields, redirect
from standoff.workbench.workspace import Workspace

PATH = "/forecast"
LIMITS = {f"{PATH}/file": MOST_BYTES + 16 * 1024}
KINDS = ("stock", "cumulative", "flow")
MOST_ROWS = 60  # of a table on the page; the others are in its CSV
MOST_FANS = 8
_READ = {"dates": ("dmy", "mdy"), "numbers": ("point", "comma"), "repeats": ("sum", "last")}
_uploads = Uploads()


def _figures(text: str) -> tuple[float, ...]:
    out = []
    for part in text.replace(";", " ").split():
        plain = part.replace(",", "")
        if not (plain.isascii() and plain.isdigit() and len(plain) < 13):
            what = f"{part[:40]!r} is not read"
            raise StandoffError.of(what, file="?above", expected="numbers of people such as 50000 80000")
        out.append(float(plain))
    return tuple(out[:6])


def _forecast(upload: Upload, kind: str, horizon: str, above: str) -> PeopleForecast:
    if kind and kind not in KINDS:
        raise StandoffError.of(f"there is no kind {kind[:40]!r}", file="?kind", expected=", ".join(KINDS))
    return forecast(
        upload.data,
        name=upload.name,
        kind=kind or None,
        horizons=horizon or "30,90",
        above=_figures(above),
        **upload.options,
    )


def forecast_page(
    ws: Workspace,
    account: str = "",
    table: str = "",
    kind: str = "",
    horizon: str = "",
    above: str = "",
    site: str = "",
) -> Page:
    """People to expect by site, from a table that was dropped on the page."""
    data: dict[str, Any] = {
        "account": ws.account(account),
        "table": table,
        "kind": kind,
        "kinds": {one: COUNTED[one] for one in KINDS},
        "horizon": horizon or "30,90",
        "above": above,
        "site": site,
        "note": NOTE,
        "forecast": None,
    }
    if not table:
        return Page("People to expect, from a table of sites, days and people", COLUMNS, [], {**data, "figures": []})
    upload = _uploads.get(table)
    key = ("forecast", table, kind, horizon, above)
    result: PeopleForecast = ws.kept(key, lambda: _forecast(upload, kind, horizon, above))
    rows = ranked(result)
    shown = ranked(result, [site] if site else [])[:MOST_ROWS]
    if site and not shown:
        raise StandoffError.of(f"there is no site {site[:80]!r}", file="?site", expected="a site or area of the table")
    plain = forecast_rows(result)
    columns = (*COLUMNS, *(f"chance over {a:.0f}" for a in result.above))
    return Page(
        f"{result.name}: {COUNTED[result.kind]}",
        columns,
        [
            [", ".join(row[c]) if c == "areas" else row[c] for c in COLUMNS] + list(row["chance_above"].values())
            for row in plain
        ],
        {
            **data,
            "reason": re.sub(r"say --kind( \w+)?", "choose another below", result.reason),
            "scored": score_lines(result),
            "names": [one.name for one in rows],
            "more": len(rows) - len(shown),
            "tables": [_table(result, shown, k) for k in range(len(result.horizons))],
            "oddities": list(oddity_lines(result.doubts)),
            "notes": list(result.notes),
            "figures": [fan_figure(result, shown[:MOST_FANS])],
            "forecast": forecast_data(result),
        },
    )


def _table(result: PeopleForecast, rows: list[Any], k: int) -> dict[str, Any]:
    """Return the table of a horizon: heads, and a row for each site."""
    heads = ["last report", "middle", "50 %", "80 %", "90 %", *(f"over {a:,.0f}" for a in result.above)]
    body = []
    for one in rows:
        e = one.expected[k]
        spans = [f"{figure_of(low)} to {figure_of(high)}" for low, high in e.ranges.values()]
        chances = [percent_words(p) for p in e.above.values()]
        level = "doubtful" if one.doubtful else "" if one.level == "site" else one.level
        body.append(
            {
                "name": one.name,
                "level": level,
                "cells": [one.last_words or people(one.last), figure_of(e.value), *spans, *chances],
            }
        )
    return {
        "horizon": str(result.horizons[k]),
        "day": rows[0].expected[k].day.isoformat(),
        "heads": heads,
        "rows": body,
    }


def forecast_routes(ws: Workspace) -> list[Route]:
    """Return where the form of the page is sent, and where its files are."""

    async def _in_thread(work: Callable[[], Any]) -> Any:
        return await anyio.to_thread.run_sync(work)

    async def file(request: Request) -> Response:
        form = form_fields(await request.body(), request.headers.get("content-type", ""))
        text = {key: one.text for key, one in form.items() if key != "file"}
        sent = form.get("file")
        if sent is None or not sent.data.strip():
            raise StandoffError.of("the file is empty", file=sent.filename if sent else "the file", expected="a table")
        options: dict[str, Any] = {}
        for key, allowed in _READ.items():
            if text.get(key):
                if text[key] not in allowed:
                    what = f"{text[key][:40]!r} does not fit"
                    raise StandoffError.of(what, file=f"?{key}", expected=" or ".join(allowed))
                options[key] = text[key]
        columns = {key: text[f"map-{key}"] for key in ("site", "date", "people") if text.get(f"map-{key}")}
        upload = Upload(
            sent.filename or "the table", sent.data, {**options, "columns": columns, "skip_bad": "skip_bad" in form}
        )
        kind, horizon, above = (text.get(key, "") for key in ("kind", "horizon", "above"))
        result = await _in_thread(lambda: _forecast(upload, kind, horizon, above))  # refuses here, before it waits
        word = _uploads.put(upload)
        ws.kept(("forecast", word, kind, horizon, above), lambda: result)
        return redirect(PATH, table=word, kind=kind, horizon=horizon, above=above, account=text.get("account", ""))

    async def download(request: Request) -> Response:
        query = request.query_params
        upload = _uploads.get(query.get("table", ""))
        kind, horizon, above = (query.get(key, "") for key in ("kind", "horizon", "above"))
        form = request.path_params["form"]
        key = ("forecast", query.get("table", ""), kind, horizon, above)
        result = await _in_thread(lambda: ws.kept(key, lambda: _forecast(upload, kind, horizon, above)))
        data = await _in_thread(lambda: _file(result, form))
        kinds = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "hxl.csv": "text/csv"}
        headers = {"Content-Disposition": f'attachment; filename="standoff-forecast.{form}"'}
        return Response(data, media_type=kinds[form], headers=headers)

    return [
        Route(f"{PATH}/file", file, methods=["POST"]),
        *(Route(f"{PATH}/as.{form}", _with(download, form), methods=["GET"]) for form in ("xlsx", "hxl.csv")),
    ]


def _with(download: Callable[[Request], Any], form: str) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        request.path_params["form"] = form
        response: Response = await download(request)
        return response

    return answer


def _file(result: PeopleForecast, form: str) -> bytes:
    from standoff.exports.forecasts import forecast_hxl, write_forecast
    from standoff.exports.hxl import to_csv

    if form == "hxl.csv":
        return to_csv(forecast_hxl(result)).encode()
    with tempfile.TemporaryDirectory(prefix="standoff-forecast-") as folder:
        path = Path(folder) / "forecast.xlsx"
        write_forecast(path, result)
        return path.read_bytes()
