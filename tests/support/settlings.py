"""Every way in which reports that are not told exactly may be settled, one event at a time: slow and obvious.

An event becomes each complete event that it may have been: one of several versions (R11), on each day of its interval,
in each place outside a zone (R15), of each kind of a wider type (R17). A disputed list is settled either way (R16).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product

from single_events import is_kind

from standoff.case.model import Case, Event
from standoff.values import When

SECTORS = ("north", "south", "elsewhere")


def versions(events: list[Event]) -> list[list[Event]]:
    names = sorted({e.variant_of for e in events if e.variant_of})
    groups = [[e for e in events if e.variant_of == name] for name in names]
    alone = [e for e in events if not e.variant_of]
    return [[*alone, *choice] for choice in product(*groups)]


def ways(event: Event, kinds: tuple[str, ...]) -> list[Event]:
    first, last = event.date.start, event.date.end
    assert first is not None
    assert last is not None
    days = [When.parse(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    places = [event.sector]
    if event.zone:
        outside = event.zone[0].removeprefix("not ")
        places = [(sector,) for sector in SECTORS if sector != outside]
    types = [event.type, *(kind for kind in kinds if kind != event.type and is_kind(kind, event.type))]
    return [
        replace(event, date=day, sector=place, zone=(), type=kind) for day, place, kind in product(days, places, types)
    ]


def settlings(case: Case, kinds: tuple[str, ...]) -> Iterator[tuple[Case, list[Event]]]:
    """Yield each way of settling, as a case in which it is so and the events that then happened."""
    doubtful = [(a.id, name) for a in case.actors.values() for name, mark in a.listed.items() if mark == "disputed"]
    for marks in product(("yes", "no"), repeat=len(doubtful)):
        actors = dict(case.actors)
        for (actor, name), mark in zip(doubtful, marks, strict=True):
            actors[actor] = replace(actors[actor], listed={**actors[actor].listed, name: mark})
        settled = replace(case, actors=actors)
        for some in versions(list(case.events.values())):
            for events in product(*(ways(event, kinds) for event in some)):
                yield settled, list(events)
