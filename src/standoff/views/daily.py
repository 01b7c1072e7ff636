"""The pictures of a daily report: incidents of 90 days, and where those of the period are reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from standoff.case.model import Case
from standoff.exports.geojson import SETTLEMENT
from standoff.text.sentences import count
from standoff.views import happenings, maps
from standoff.views.base_map import CREDIT
from standoff.views.charts import BOUNDARIES, DUE, NEUTRAL, VIOLATED, Figure, figure
from standoff.views.lines.daily import daily_paper
from standoff.views.paper import Paper
from standoff.views.words import Words

MOST_MARKED = 600  # marks that a map holds and is still read
PLACE_KEY = {"kind": "place", "shape": "circle"}


def daily_document(case: Case, report: Mapping[str, Any], language: str = "en") -> Paper:
    """Return a daily report with its pictures. ``case`` holds the places of the log."""
    words = Words(language)
    pictures = {"chart": daily_chart(report, words)}
    if (drawn := daily_map(case, report, words)) is not None:
        pictures["map"] = drawn
    return daily_paper(report, words, pictures)


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
    title = words.say("chart-said" if report["counted"] else "chart-recorded", total, span=_span(days))
    return figure(
        "daily-chart",
        "columns",
        title=title,
        definition=words.say("chart-note", 0),
        source=report["case"],
        as_of=words.day(report["as_of"]),
        n=f"n = {count(total, 'incident')}",
        columns=("day", *names),
        rows=days,
        data={
            "days": days,
            "layers": layers,
            "marks": marks,
            "months": words.months,
            "day_words": {row[0]: words.day(row[0]) for row in days},
        },
    )


def _span(days: Sequence[Sequence[Any]]) -> tuple[date, date]:
    return date.fromisoformat(days[0][0]), date.fromisoformat(days[-1][0])


def daily_map(case: Case, report: Mapping[str, Any], words: Words | None = None) -> Figure | None:
    """Return where the incidents that may be passed on are reported, at the settlement; None where none has a place.

    What lies at one settlement is one mark, the larger the more there is.
    """
    say = words or Words()
    centres = happenings.sector_centres(case)
    by: dict[tuple[float, float], list[Mapping[str, Any]]] = {}
    for event in report["events"]:
        if event["restricted"] or not event["in_counts"] or not event["incident"]:
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
            "where": next(iter(some[0]["place_names"]), say.say("area")),
            "title": say.say("map-at", len(some), place=next(iter(some[0]["place_names"]), say.say("area"))),
        }
        for (lon, lat), some in reversed(ordered)
    ]
    spots = [{"lon": lon, "lat": lat, "n": sum(bool(e["at"]) for e in some)} for (lon, lat), some in by.items()]
    shaded = maps.shaded_areas(maps.case_outlines(case), spots, "incident")
    if shaded:
        shaded["shades"] = maps.shade_words(shaded["steps"], say)
    names = [
        {**p, "name": say.local(p["name"], p["ar"]), "people": 0, "shape": "circle"}
        for p in region["data"]["places"][:24]
    ]
    return figure(
        "daily-map",
        "map",
        title=say.say("map-said", marked, places=len(ordered), day=date.fromisoformat(report["on"])),
        definition=f"At the settlement or the middle of the area, no finer. {BOUNDARIES}",
        source=f"{region['source']}; {CREDIT}",
        as_of=say.day(report["as_of"]),
        n=f"n = {count(marked, 'incident')}",
        columns=("place", "latitude", "longitude", "incidents"),
        rows=[[e["where"], e["lat"], e["lon"], len(by[e["lon"], e["lat"]])] for e in events],
        data={
            **region["data"],
            "places": names,
            "kinds": [{**PLACE_KEY, "label": say.say("map-place")}] if names else [],
            "language": say.language,
            "events": events,
            **shaded,
        },
    )
