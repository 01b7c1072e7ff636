"""A table's forecast as figures: a fan for each site, with what was reported before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from standoff.text.sentences import count
from standoff.views.charts import Figure, figure

if TYPE_CHECKING:
    from standoff.people.series.outlook import PeopleForecast, SiteForecast

COUNTED = {
    "stock": "people who are there (stock)",
    "cumulative": "people counted so far (cumulative)",
    "flow": "people of a period (flow)",
}
PANELS = 24  # sites of a figure
_LEAST = 10  # reports that are shown, where there are so many
_BEFORE = 3.0  # times as long as the forecast, that the past is shown
KEY = (
    "Line: middle of the forecast. Dark band: half of the times. Light band: nine times of ten. Dots: reported, which "
    "is all that the forecast is made from."
)


def ranked(forecast: PeopleForecast, names: Iterable[str] = ()) -> list[SiteForecast]:
    """Return the total, the areas and the sites, the largest first; or those that are named."""
    rows = [*([forecast.total] if forecast.total else []), *_large(forecast.areas), *_large(forecast.sites)]
    chosen = {name.casefold() for name in names}
    return [one for one in rows if one.expected and (not chosen or one.name.casefold() in chosen)]


def _large(rows: Iterable[SiteForecast]) -> list[SiteForecast]:
    return sorted(rows, key=lambda one: -max([one.last, *(e.value for e in one.expected)]))


def fan_figure(forecast: PeopleForecast, rows: Iterable[SiteForecast]) -> Figure:
    """Return a figure with a fan for each row; each has its own scale."""
    some = [one for one in rows if one.expected][:PANELS]
    panels: list[dict[str, Any]] = []
    for one in some:
        last, end = one.fan[0][0], one.fan[-1][0]
        span = max((end - last).days * _BEFORE, 120.0)
        past = [[day.isoformat(), value] for day, value in one.past if (last - day).days <= span]
        if len(past) < _LEAST:
            past = [[day.isoformat(), value] for day, value in one.past[-_LEAST:]]
        panels.append(
            {
                "title": one.name,
                "points": [[day.isoformat(), *bounds] for day, bounds in one.fan],
                "past": past[-200:],
                "doubtful": one.doubtful,
            }
        )
    horizon = forecast.horizons[-1]
    return figure(
        "people-ahead",
        "fan",
        title=f"People to expect in {horizon}, from the past of {forecast.name} alone",
        definition=f"Counted: {COUNTED[forecast.kind]}; each panel has its own scale.",
        source=f"{forecast.title}: {forecast.name}",
        as_of=forecast.origin.isoformat(),
        n=count(len(some), "series", "series"),
        columns=("site", "day", "5 %", "25 %", "middle", "75 %", "95 %"),
        rows=[[one.name, day.isoformat(), *map(round, bounds)] for one in some for day, bounds in one.fan],
        data={"panels": panels, "key": KEY, "unit": "people", "apart": True},
    )
