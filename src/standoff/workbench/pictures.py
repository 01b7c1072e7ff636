"""Figures by address: ``/figure/ID.svg``, ``.png`` and ``.csv`` of every figure that a page shows, for anybody's text.

The query is that of the page, and the picture that of the page, the brief and the report: it is drawn once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from standoff.case.model import refuse_errors
from standoff.case.restrictions import refuse_files
from standoff.errors import StandoffError, nearest
from standoff.text.sentences import visible
from standoff.views.charts import Figure, csv_text
from standoff.views.figures import svg_file
from standoff.views.press import png_of
from standoff.workbench import arrivals, desk, forecasts, futures, ledgers, levels, now, talks
from standoff.workbench.page import Page, arguments
from standoff.workbench.workspace import Workspace

Draws = Callable[[Workspace, dict[str, Any]], Figure | None]
TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}


def _map(ws: Workspace, terms: dict[str, Any]) -> Figure | None:
    return now.now_figure(now.sight(ws, **terms))


def _timeline(ws: Workspace, terms: dict[str, Any]) -> Figure | None:
    return now.report_histogram(now.sight(ws, **terms))


def _bars(ws: Workspace, terms: dict[str, Any]) -> Figure | None:
    figure: Figure | None = ledgers.bars_page(ws, **terms).data["figure"]
    return figure


def _of_brief(ws: Workspace, terms: dict[str, Any]) -> list[Figure]:
    """Return the figures of a brief."""
    opened, sections = desk.brief_day(ws, **terms)
    return [figure for some in desk.brief_figures(opened, sections).values() for figure in some]


def _brief_map(ws: Workspace, terms: dict[str, Any]) -> Figure | None:
    return next((f for f in _of_brief(ws, terms) if f["id"] == "brief-map"), None)


def _brief_areas(ws: Workspace, terms: dict[str, Any]) -> Figure | None:
    return next((f for f in _of_brief(ws, terms) if f["id"] == "brief-areas"), None)


def _network(ws: Workspace, terms: dict[str, Any]) -> Figure | None:
    figure: Figure = ledgers.owed_page(ws, **terms).data["figure"]
    return figure


def _of_page(page: Callable[..., Page], name: str) -> tuple[Callable[..., Any], Draws]:
    """Return the first figure of a page whose id is a name, or begins with it, as an entry of `FIGURES`."""

    def draw(ws: Workspace, terms: dict[str, Any]) -> Figure | None:
        data = page(ws, **terms).data
        figures = filter(None, (*data.get("figures", ()), data.get("figure")))
        return next((f for f in figures if f"{f['id']}-".startswith(f"{name}-")), None)

    return page, draw


# id, or how it begins -> the function whose parameters are the query, and what draws it
FIGURES: dict[str, tuple[Callable[..., Any], Draws]] = {
    "map": (now.sight, _map),
    "timeline": (now.sight, _timeline),
    "bars": (ledgers.bars_page, _bars),
    "network": (ledgers.owed_page, _network),
    "brief-map": (desk.brief_day, _brief_map),
    "arrivals": _of_page(arrivals.arrivals_page, "arrivals"),
    "brief-areas": (desk.brief_day, _brief_areas),
    "talks": _of_page(talks.talks_page, "talks"),
    "signals": _of_page(talks.talks_page, "signals"),
    "harm": _of_page(talks.harm_page, "harm"),
    "relations": _of_page(talks.network_page, "relations"),
    "levels": _of_page(levels.levels_page, "levels"),
    "people-ahead": _of_page(forecasts.forecast_page, "people-ahead"),
}


def _of_run(
    ws: Workspace, run: str = "", scenario: str = "", account: str = "", on: date | None = None
) -> list[Figure]:
    """Return the figures of a kept run."""
    return list(futures.futures_page(ws, account, run, scenario).data["figures"])


def figure_by_id(ws: Workspace, name: str, query: list[tuple[str, str]]) -> Figure:
    """Return a figure by its id and the query of its page: of the case, or with ``run`` of a kept run.

    Raises StandoffError, with the nearest name, for a figure that there is not.
    """
    entry = FIGURES.get(name) or next((one for key, one in FIGURES.items() if name.startswith(f"{key}-")), None)
    if entry is not None:
        asks, draw = entry
        figure = draw(ws, arguments(asks, query))
        if figure is None or (name not in FIGURES and figure["id"] != name):
            raise StandoffError.of("there is nothing to draw", file=f"figure/{name}")
        return figure
    figures = {f["id"]: f for f in _of_run(ws, **arguments(_of_run, query))} if dict(query).get("run") else {}
    if name not in figures:
        names = [*FIGURES, *figures]
        what, hint = f"there is no figure {name[:80]!r}", nearest(name, names)
        raise StandoffError.of(
            what, file="figure", expected=f"{', '.join(names)}; those of a run with ?run=", hint=hint
        )
    return figures[name]


def figure_answer(ws: Workspace, name: str, kind: str, query: list[tuple[str, str]]) -> Response:
    """Return a figure as a file."""
    refuse_errors(ws.case)
    refuse_files("a figure")
    figure = figure_by_id(ws, name, query)
    headers = {"Content-Disposition": f'inline; filename="{figure["id"]}.{kind}"'}
    if kind == "csv":
        data: bytes = csv_text(figure["columns"], figure["rows"]).encode()
    else:
        key = ("figure", name, kind, urlencode(query), ws.snapshot.version)
        svg = ws.kept((*key[:2], "svg", *key[3:]), lambda: visible(svg_file(figure)))
        data = svg.encode() if kind == "svg" else ws.kept(key, lambda: png_of(svg))
    return Response(data, media_type=TYPES[kind], headers=headers)


def figure_routes(ws: Workspace) -> list[Route]:
    """Return where figures are."""

    async def answer(request: Request) -> Response:
        name, kind = request.path_params["name"], request.path_params["kind"]
        if kind not in TYPES:
            raise StandoffError.of(f"a figure is no {kind[:10]!r}", file="figure", expected=", ".join(TYPES))
        query = list(request.query_params.multi_items())
        return await anyio.to_thread.run_sync(lambda: figure_answer(ws, name, kind, query))

    return [Route("/figure/{name}.{kind}", answer, methods=["GET"])]
