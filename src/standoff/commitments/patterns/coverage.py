"""Which days somebody would have reported an event: where nobody watched, silence is unknown and not a no."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np

from standoff.case.model import Case
from standoff.case.terms import Pattern
from standoff.case.vocabulary import is_a
from standoff.commitments.engine.arrays import Mask, Schedule
from standoff.commitments.patterns.zones import Geography


def types_of(pattern: Pattern) -> frozenset[str] | None:
    """Return the types of event a pattern asks for, or None when any type would do."""
    if pattern.type:
        return frozenset(pattern.type)
    for part in pattern.all:
        if (types := types_of(part)) is not None:
            return types
    each = [types_of(part) for part in pattern.any]
    if not each or any(types is None for types in each):
        return None
    return frozenset().union(*(types for types in each if types is not None))


def _areas(pattern: Pattern) -> list[tuple[str, tuple[str, ...]]]:
    """Return the (zone, places) that a pattern asks about: that of each alternative; an empty one is everywhere."""
    for part in (pattern, *pattern.all):
        if part.within or part.at:
            return [(part.within, part.at)]
    return list(dict.fromkeys(area for part in pattern.any for area in _areas(part))) or [("", ())]


def _doers(pattern: Pattern) -> set[str]:
    """Return who acts in what a pattern asks for, in each alternative; nobody when one does not say."""
    if own := {name for part in (pattern, *pattern.all) for name in part.actor}:
        return own
    each = [_doers(part) for part in pattern.any]
    return set().union(*each) if all(each) else set()


def covers(types: tuple[str, ...], type_: str) -> bool:
    """Whether coverage of ``types`` (none: of everything) holds a type of event, or one it is a kind of."""
    return not types or any(is_a(type_, t) for t in types)


def _in_area(geography: Geography, area: str, zone: str, places: tuple[str, ...]) -> bool:
    if not area or area == zone:
        return True
    versions = geography.versions(area)
    if zone and any(geography.zone_inside(v, zone)[0] for v in versions):
        return True
    return bool(places) and all(any(geography.place_inside(v, p)[0] for v in versions) for p in places)


def unseen(schedule: Schedule, case: Case, geography: Geography, days: int) -> Mask:
    """Return bool [days, signals]: nobody is known to have watched for the events of the signal on that day.

    A day is watched when, for each type of event the signal counts, some coverage record holds that type (or a broader
    one), that day, and the whole area. A signal that names its events by id needs no coverage.
    """
    out = np.ones((days, len(schedule.matchers)), np.bool_)
    cache: dict[Pattern, Mask] = {}
    for index, source in enumerate(schedule.matchers):
        pattern = source.pattern
        if pattern.event:
            out[:, index] = False
            continue
        if pattern not in cache:
            cache[pattern] = ~watched(case, geography, pattern, schedule.first, days)
        out[:, index] = cache[pattern]
    return out


def watched(case: Case, geography: Geography, pattern: Pattern, start: date, days: int) -> Mask:
    """Return bool [days] from ``start`` on: somebody is known to have watched for what a pattern counts."""
    doers = _doers(pattern)
    out = np.ones(days, np.bool_)
    for needs, (zone, places) in product(types_of(pattern) or ("",), _areas(pattern)):
        covered = np.zeros(days, np.bool_)
        for record in case.coverage:
            whose = not record.actor or bool(doers and doers <= set(record.actor))
            if whose and covers(record.types, needs) and _in_area(geography, record.within, zone, places):
                first = (record.from_.start - start).days if record.from_.start else 0
                last = (record.to.end - start).days if record.to.end else days
                covered[max(first, 0) : max(last + 1, 0)] = True
        out &= covered
    return out
