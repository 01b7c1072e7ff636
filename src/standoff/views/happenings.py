"""Recorded events as one account has them: reported, denied, both or neither, and claimed or corroborated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from standoff.case.claims import AccountKind
from standoff.case.model import Case, Event
from standoff.case.restrictions import is_free
from standoff.evidence.accounts import EventTelling, kind_of, reports
from standoff.evidence.standing import carriers_of, doubt_in_words, reporting, standing_of, voices
from standoff.exports.geojson import SETTLEMENT, rounded_point
from standoff.text.sentences import count, reported_in_words, when
from standoff.views.accounts import speaker
from standoff.views.records import actor_names, web

RECORD_WORDS = {
    (True, False): "told",
    (False, True): "denied",
    (True, True): "contested",
    (False, False): "not told",
}
PARTY_WORDS = {
    (True, False): "asserted",
    (False, True): "denied",
    (True, True): "says both",
    (False, False): "says nothing",
}
_PLACE = {"record": "in the record", "reading": "in this reading"}


def publishers(source: str) -> set[str]:
    """Return who published what the ``source`` of an event cites: hosts of addresses, else the name it begins with."""
    names = set()
    for part in re.split(r"\s*;\s*", source.strip()):
        addresses = [word for word in part.split() if web(word)]
        if addresses:
            names |= {urlsplit(address).netloc.removeprefix("www.") for address in addresses}
        elif part:
            names.add(re.split(r"[\s,(]", part)[0].lower())
    return names


def backing(case: Case, report: EventTelling) -> tuple[int, bool]:
    """Return how many independent sources stand behind an event, and whether it is corroborated.

    Sources are its independent voices (`standoff.evidence.standing.voices`): a copy of a page, a page of many hands and
    a page that a row and its claim both cite add nothing; and whoever a row names without an address. Corroborated
    means two or more of them and no denial in this account.
    """
    claims = reporting(case, report.event)  # who denies it is no witness of it
    through = {name.casefold() for claim in claims for name in claim.chain}
    through |= {carrier.name.casefold() for claim in claims for carrier in carriers_of(case, claim)}
    parts = re.split(r"\s*;\s*", report.event.source.strip())
    plain = {name for part in parts if not standing_of(case, part) for name in publishers(part)}
    others = {name for name in plain if name.casefold() not in through}
    sources = len(voices(case, [report.event], unjudged=True)) + len(others)
    return sources, sources >= 2 and not report.denied


def _stands(case: Case, report: EventTelling, account: str) -> dict[str, Any]:
    """Return how an event stands in an account; ``tag`` says it in words where it is not simply reported."""
    bits = (report.asserted, report.denied)
    kind = kind_of(case, account)
    if kind == AccountKind.STATEMENT:
        words, who = PARTY_WORDS[bits], speaker(case, account)
        tag = {"says both": f"{who} says both", "says nothing": f"{who} says nothing"}.get(words, f"{words} by {who}")
        many = len(report.claims)
        sources = count(many, "statement") if many else "no statement"
        return {"told": words, "tag": tag, "mark": "", "solid": False, "witnesses": sources}
    number, solid = backing(case, report)
    word = RECORD_WORDS[bits]
    return {
        "told": word,
        "tag": "" if word == "told" else f"{'not reported' if word == 'not told' else word} {_PLACE[kind]}",
        "mark": "corroborated" if solid else "claimed",
        "solid": solid,
        "witnesses": count(number, "independent source") if number else "no source named",
    }


def event_record(case: Case, report: EventTelling, account: str = "record") -> dict[str, Any]:
    """Return one event as a person reads it; of a statement account only what it said of the event itself."""
    event = report.event
    statement = kind_of(case, account) == AccountKind.STATEMENT
    source = (
        "; ".join(case.claims[c].citation for c in report.claims if c in case.claims) if statement else event.source
    )
    start = event.date.start or event.date.end
    end = event.date.end or event.date.start
    return {
        "id": event.id,
        "date": start.isoformat() if start else "",
        "end": end.isoformat() if end else "",
        "when": when(event.date),
        "known": when(event.known),
        "days": reported_in_words(event.date, event.known),
        "type": event.type,
        "title": event.title or event.type,
        "actors": actor_names(case, event.actor),
        "targets": actor_names(case, event.target),
        "place": next(iter(event.place), ""),
        "places": [case.places[p].name if p in case.places else p for p in event.place],
        "sectors": list(event.sector),
        **_stands(case, report, account),
        "why": report.why,
        "claims": [c for c in report.claims if c in case.claims],
        "links": [part for part in re.split(r";?\s+", source.rstrip("; ")) if web(part)],
        "source": source,
        "contested": "" if statement else doubt_in_words(case, event),
    }


def event_records(case: Case, account: str, as_of: date | None = None) -> list[dict[str, Any]]:
    """Return every recorded event that may be passed on as an account has it, by date."""
    told = (report for report in reports(case, account, as_of=as_of) if is_free(report.event))
    records = [event_record(case, report, account) for report in told]
    return sorted(records, key=lambda h: (h["date"], h["id"]))


def within_window(records: Iterable[dict[str, Any]], first: date, last: date) -> list[dict[str, Any]]:
    """Return the events that may have happened on some day of a window, the latest first."""
    window = (first.isoformat(), last.isoformat())
    return [h for h in reversed(list(records)) if h["date"] <= window[1] and h["end"] >= window[0]]


def sector_centres(case: Case) -> dict[str, tuple[float, float]]:
    """Return a point for each sector: the mean of its places inside the region, for events told only by area."""
    west, south, east, north = case.about.region
    points: dict[str, list[tuple[float, float]]] = {}
    for p in case.places.values():
        if p.sector and west <= p.lon <= east and south <= p.lat <= north:
            points.setdefault(p.sector, []).append((p.lon, p.lat))
    return {s: (sum(x for x, _ in at) / len(at), sum(y for _, y in at) / len(at)) for s, at in points.items()}


def marks(case: Case, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the map draws of events: where, hatched or solid; an event told only by area stands at its middle.

    Events stand at the settlement they are told of and nothing finer, as in every exported table.
    Denied events and those of which an account says nothing are not drawn; nor are those with neither place nor area.
    """
    centres = sector_centres(case)
    points = []
    for h in records:
        if h["told"] not in ("told", "contested", "asserted", "says both"):
            continue
        place = case.places.get(h["place"])
        at = (
            rounded_point(place, settlement=True)
            if place
            else next((centres[s] for s in h["sectors"] if s in centres), None)
        )
        if at is None:
            continue
        points.append(
            {
                "id": h["id"],
                "date": h["date"],
                "end": h["end"],
                "title": h["title"],
                "when": h["when"],
                "lon": round(at[0], SETTLEMENT),
                "lat": round(at[1], SETTLEMENT),
                "area": place is None,
                "solid": h["solid"],
            }
        )
    return points


def log_record(case: Case, event: Event, log: str) -> dict[str, Any]:
    """Return an event of a log as pages show events of the record: nobody has checked it against claims."""
    start, end = event.date.start or event.date.end, event.date.end or event.date.start
    return {
        "id": event.id,
        "date": start.isoformat() if start else "",
        "end": end.isoformat() if end else "",
        "when": when(event.date),
        "known": when(event.known),
        "days": reported_in_words(event.date, event.known),
        "type": event.type,
        "title": event.title or event.type.replace("-", " "),
        "actors": actor_names(case, event.actor),
        "targets": actor_names(case, event.target),
        "place": next(iter(event.place), ""),
        "places": [case.places[p].name if p in case.places else p for p in event.place],
        "sectors": list(event.sector),
        "told": "told",
        "tag": f"log {log}",
        "mark": "claimed",
        "solid": False,
        "witnesses": "as the log has it",
        "why": "",
        "claims": [],
        "links": [],
        "source": event.source,
        "contested": "",
    }
