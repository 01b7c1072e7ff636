"""How fighting at each place rises with events and fades: ``I(t + 1) = decay * I(t) + sum of the day's events``.

The unit is one recorded day of ground offensive. Recorded events drive it before the cut-off and simulated ones after,
so the daily chances of simulated events are those at which such events were *recorded*, not those at which they happen.
Intensity is kept by sector (a group of places that hostilities reach together) and, for the record, by place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.case.vocabulary import lineage

if TYPE_CHECKING:
    from standoff.case.model import Case, Event

Floats = NDArray[np.float64]


def nearest_kind(kind: str, table: Iterable[str]) -> str:
    """Return the entry of ``table`` that an event type is a kind of, the nearest one; empty when there is none."""
    entries = set(table)
    return next((step for step in lineage(kind) if step in entries), "")


def gain(kind: str, table: Mapping[str, float]) -> float:
    """Return what one event of a type adds: the entry of its nearest kind in ``table``, 0 where there is none."""
    return table.get(nearest_kind(kind, table), 0.0)


def intensity_table(case: Case, parameters: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the table of gains of a case: its parameters ``intensity.TYPE``, or ``parameters`` where given."""
    gains = parameters or {}
    prefix = "intensity."
    return {
        name.removeprefix(prefix): gains.get(name, p.value)
        for name, p in case.parameters.items()
        if name.startswith(prefix)
    }


def event_reach(case: Case, event: Event, around: float = 0.5) -> dict[str, float]:
    """Return place id -> share of the event's intensity that reaches it.

    An event with places reaches those in full and the other places of their sectors at the share ``around``; one with
    sectors alone reaches all their places at that share. Places outside every sector are reached only when named.
    """
    named = {name for name in event.place if name in case.places}
    sectors = set(event.sector)
    sectors |= {case.places[name].sector for name in named if case.places[name].sector}
    shares: dict[str, float] = {}
    for name, place in case.places.items():
        if name in named:
            shares[name] = 1.0
        elif place.sector and place.sector in sectors:
            shares[name] = around
    return shares


def recorded_intensity(
    case: Case,
    events: Iterable[Event],
    first: date,
    days: int,
    decay: float,
    table: Mapping[str, float],
    around: float = 0.5,
) -> Floats:
    """Return the intensity [days, P] that recorded events give at each place, in the order of ``case.places``.

    An event whose date is an interval adds its gain on every day of it, up to seven days; one known to a month or
    less well adds it once, in the middle. Events before ``first`` count, faded.
    """
    some = list(events)
    every = np.ones((1, len(some)), np.bool_)
    return np.asarray(intensity_of_choices(case, some, every, first, days, decay, table, around)[0])


def intensity_of_choices(
    case: Case,
    events: Sequence[Event],
    choices: NDArray[np.bool_],
    first: date,
    days: int,
    decay: float,
    table: Mapping[str, float],
    around: float = 0.5,
) -> Floats:
    """Return the same for each of ``choices`` [choices, events] of the events that hold: [choices, days, P]."""
    order = {name: i for i, name in enumerate(case.places)}
    lead = 90  # days before the first, so that what happened earlier has faded in
    added = np.zeros((len(choices), days + lead, len(order)))
    for number, event in enumerate(events):
        strength = gain(event.type, table)
        if strength <= 0.0 or event.date.start is None or event.date.end is None:
            continue
        begin, end = (event.date.start - first).days, (event.date.end - first).days
        if end - begin > 6:
            begin = end = (begin + end) // 2
        begin, end = max(begin, -lead), min(end, days - 1)
        if begin > end:
            continue
        shares = event_reach(case, event, around)
        reached = np.zeros(len(order))
        reached[[order[name] for name in shares]] = [strength * share for share in shares.values()]
        added[choices[:, number], begin + lead : end + lead + 1] += reached
    level = np.zeros((len(choices), len(order)))
    out = np.empty((len(choices), days, len(order)))
    for day in range(days + lead):
        level = decay * level + added[:, day]
        if day >= lead:
            out[:, day - lead] = level
    return out


def fade(level: Floats, decay: Floats | float, added: Floats) -> Floats:
    """Return the next day's intensity ``decay * level + added`` (arrays of one shape; ``decay`` may be by row)."""
    return decay * level + added


def by_sector(level: Floats, sector: NDArray[np.int64], sectors: int) -> Floats:
    """Average the intensity of places [..., P] over each sector [..., S]; ``sector`` is -1 outside the model."""
    inside = np.equal(sector[:, None], np.arange(sectors)).astype(np.float64)
    return np.asarray(level @ (inside / np.maximum(inside.sum(axis=0), 1.0)))
