"""The pictures of a daily report: incidents of 90 days, and where those of the period are reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from standoff.case.model import Case
from standoff.formats.geojson import SETTLEMENT
from standoff.text.sentences import count, day
from standoff.views import happenings, maps
from standoff.views.charts import BOUNDARIES, DUE, NEUTRAL, VIOLATED, Figure, figure
from standoff.views.lines.daily import daily_paper
from standoff.views.paper import Paper, paper_page
from standoff.views.words import Words
from standoff.views.world import CREDIT

MOST_MARKED = 600  # marks that a map holds and is still read
PLACE_KEY = [{"kind": "place", "shape": "circle", "label": "place"}]


def daily_document(case: Case, report: Mapping[str, Any], language: str = "en") -> Paper:
    """Return a daily report with its pictures. ``case`` holds the places of the log."""
    words = Words(language)
    pictures = {"chart": daily_chart(report, words)}
    if (drawn := daily_map(case, report)) is not None:
        pictures["map"] = drawn
    return daily_paper(report, words, pictures)


def daily_page(report: Mapping[str, Any], case: Case | None = None, language: str = "en") -> str:
    """Return the page of a report made by ``standoff.commitments.daily.daily``; with its case also the map."""
    if case is not None:
        return paper_page(daily_document(case, report, language))
    words = Words(language)
    return paper_page(daily_paper(report, words, {"chart": daily_chart(report, words)}))


def daily_chart(report: Mapping[str, Any], words: Words) -> Figure:
    """Return the incidents of 90 days as columns, the period of the report marked."""
    days = report["chart"]["days"]
    total = sum(sum(row[1:]) for row in days)
    names = [words.say(key) for key in ("layer-explosive", "layer-violence", "layer-other")]
    looks = [(VIOLATED, "plain"), (DUE, "hatch"), (NEUTRAL, "lines")]
    layers = [
        {"label": str(name), "colour": colour, "texture": texture}
        for name, (colour, texture) in zip(names, looks, strict=True)
    ]
    marks = [{"date": report["from"], "label": str(words.day(report["from"]))}]
    counted = "counted" if report["counted"] else "recorded; a selection, not a count"
    return figure(
        "daily-chart",
        "columns",
        title=f"{count(total, 'incident')} {counted}, by day, {day(days[0][0])} to {day(days[-1][0])}",
        definition="Incidents on the day that their source gives.",
        source=report["case"],
        as_of=day(report["as_of"]),
        n=f"n = {count(total, 'incident')}",
        columns=("day", *names),
        rows=days,
        data={"days": days, "layers": layers, "marks": marks},
    )


def daily_map(case: Case, report: Mapping[str, Any]) -> Figure | None:
    """Return where the incidents that may be passed on are reported, at the settlement; None where none has a place.

    What lies at one settlement is one mark, the larger the more there is.
    """
    centres = happenings.sector_centres(case)
    by: dict[tuple[float, float], list[Mapping[str, Any]]] = {}
    for event in report["events"]:
        if event["restricted"] or not event["in_counts"]:
            continue
        at = event["at"] or next((centres[s] for s in event["place"] if s in centres), None)
        if at:
            by.setdefault((round(at[0], SETTLEMENT), round(at[1], SETTLEMENT)), []).append(event)
    if not by:
        return None
    ordered = sorted(by.items(), key=lambda entry: -len(entry[1]))[:MOST_MARKED]
    marked = sum(len(events) for _, events in ordered)
    region = maps.region_map(case, None)
    events = [
        {
            "lon": lon,
            "lat": lat,
            "size": min(len(some), 6) ** 0.5,
            "corroborated": any(e["status"] == "verified" for e in some),
            "title": f"{next(iter(some[0]['place_names']), 'area')}: {count(len(some), 'incident')}",
        }
        for (lon, lat), some in reversed(ordered)
    ]
    spots = [{"lon": lon, "lat": lat, "n": sum(bool(e["at"]) for e in some)} for (lon, lat), some in by.items()]
    names = [{**p, "people": 0, "shape": "circle"} for p in region["data"]["places"][:24]]
    return figure(
        "daily-map",
        "map",
        title=f"{count(marked, 'incident')} at {count(len(ordered), 'place')}, to {day(report['on'])}",
        definition=f"At the settlement or the middle of the area, no finer. {BOUNDARIES}",
        source=f"{region['source']}; {CREDIT}",
        as_of=day(report["as_of"]),
        n=f"n = {count(marked, 'incident')}",
        columns=("place", "latitude", "longitude", "incidents"),
        rows=[[e["title"].partition(":")[0], e["lat"], e["lon"], len(by[e["lon"], e["lat"]])] for e in events],
        data={
            **region["data"],
            "places": names,
            "kinds": PLACE_KEY,
            "events": events,
            **maps.shaded_areas(maps.case_outlines(case), spots, "incident"),
        },
    )
