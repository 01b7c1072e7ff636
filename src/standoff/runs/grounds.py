"""A case as grounds for `standoff.people.arrivals`: places and roads, who was displaced where, the front of the day.

The front line of a day are the places whose recorded intensity of fighting reaches `FRONT` by then, from the events
known on that day alone. Nobody is sent there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np

from standoff.case.model import Case, refuse_errors
from standoff.case.place_names import names_of_place
from standoff.errors import StandoffError
from standoff.people.arrivals import ExpectedArrivals, Grounds, asked_ways, expect_arrivals, origins_named
from standoff.people.destinations import FITTED
from standoff.people.flee import FleeInput
from standoff.people.flee.grounds import folder_grounds
from standoff.people.network import FRONT
from standoff.runs.areas import case_placed
from standoff.runs.as_of import case_as_of
from standoff.runs.waves import fighting
from standoff.text.sentences import count, listing
from standoff.text.sentences import day as day_words
from standoff.values import as_day
from standoff.world.newcomers import takes_people
from standoff.world.setting import closures_of, home_of, movement_settings, network_of_case

NEAR_KM = 10.0  # added to a distance between places of a case, whose roads are assumed
_DECAY = "hostilities.decay"


def case_grounds(case: Case, on: date | None = None) -> Grounds:
    """Return what a case says of a day: roads open, places, people there, and the front line.

    Parameters
    ----------
    case : a case with places and routes
    on : the day (default: that on which its runs start)

    Raises
    ------
    StandoffError
        Where the case has no routes, and for a day outside its period.
    """
    day = on or case.about.start.start
    first, last = case.about.period.start, case.about.period.end
    if day is None or (first and day < first) or (last and day > last):
        raise StandoffError.of(f"{day} lies outside the record", file="--on", expected=f"a day from {first} to {last}")
    if not case.routes:
        raise StandoffError.of(
            f"the case {case.about.id!r} has no roads", file="routes.csv",
            expected="routes.csv with a, b and km: which places are joined",
        )  # fmt: skip
    home = home_of(case)
    settings = replace(movement_settings(case)["moving"], journeys=0)
    roads = network_of_case(case.places.values(), case.routes, home=home, settings=settings)
    places = [case.places[name] for name in roads.ids]
    shut, _ = closures_of(case, day, home)
    known = {*roads.ids, *roads.country}
    level = np.zeros(len(places))
    notes = []
    if _DECAY in case.parameters and case.options:
        then = case_as_of(case, day)
        free = {name: event for name, event in then.events.items() if not event.restricted}  # the front is shown
        level = fighting(replace(then, events=free), roads, day, 1)[0]
    else:
        notes.append("no fighting is modelled in this case: no front line is known")
    draws = np.array([settings.draw.get(p.kind, 0.0) > 0 for p in places])
    placed = case_placed(case)
    area = [_area(case, name, placed) for name in roads.ids]
    displaced = np.array([float(p.displaced) for p in places])
    start = case.about.start.start
    as_of = start if displaced.any() else None
    if as_of is not None and day < as_of:
        notes.append(f"the stock of displaced people is that of {day_words(as_of)}, later than {day_words(day)}")
    front = level >= FRONT
    if front.any():
        shown = listing(p.name for p, at in zip(places, front, strict=True) if at and p.residents + p.displaced > 0)
        if shown:
            notes.append(f"on the front line of {day_words(day)}, where nobody is sent: {shown}")
    residents = np.array([float(p.residents) for p in places])
    takes = takes_people(places, roads)
    groups: dict[str, list[str]] = {}
    for place, (code, name) in zip(places, area, strict=True):
        if place.residents + place.displaced > 0:
            for key in {code, name, place.sector} - {"", place.id, place.name}:
                groups.setdefault(key, []).append(place.id)
    nobody = draws & ~roads.gate & ~takes
    if nobody.any():
        what = count(int(nobody.sum()), "town")
        notes.append(f"{what} for which the case has no people (beyond the lines, mostly): nobody is sent there")
    away = sorted({p.country for p in places} - {home})
    closed = [c for c in away if ("border", home, c) in shut or ("border", c, home) in shut]
    if closed:
        notes.append(f"{count(len(closed), 'border')} shut on this day: {listing(f'{home}-{c}' for c in closed)}")
    return Grounds(
        title=case.about.title,
        names=roads.ids,
        titles={p.id: p.name for p in places},
        by_name={p.id: (names_of_place(p), p.aliases) for p in places},
        kinds={p.id: p.kind.replace("_", " ") for p in places},
        country=roads.country,
        area=tuple(area),
        groups={name: tuple(members) for name, members in groups.items()},
        source=roads.source,
        target=roads.target,
        km=roads.km,
        takes=takes,
        leaves=(residents > 0) & (front if front.any() else True),
        front=front,
        shut=tuple(item for item in shut if item[1] in known),
        displaced=displaced,
        residents=residents,
        parts=np.ones(len(places)),
        on=day,
        as_of=as_of,
        notes=tuple(notes),
        weights=replace(FITTED, near_km=NEAR_KM),
    )


def _area(case: Case, name: str, placed: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """Return the code and name of a place's area: its sub-district, else its sector, else its country."""
    place = case.places[name]
    return placed.get(name) or (place.sector and ("", place.sector.replace("-", " "))) or ("", place.country)


def case_arrivals(
    where: Case | FleeInput,
    people: int,
    origin: str,
    *,
    close: Iterable[str] = (),
    reopen: Iterable[str] = (),
    full: Iterable[str] = (),
    on: date | str | None = None,
    days: int = 30,
    n: int = 2000,
    seed: int = 1,
) -> ExpectedArrivals:
    """Say where so many more people would arrive, by area and place, with ranges.

    They go half by where displaced people are already, half by distance and size, never to the front line of the day.

    Parameters
    ----------
    where : Case or FleeInput
        A case without errors, or a Flee folder as ``standoff.people.flee.read`` returns it.
    people : int
        How many leave.
    origin : str
        The area or place that they leave, or ``all``.
    close, reopen, full : iterable of str
        What is shut, open or full: each ``NAME`` or ``NAME@DATE``, where a name is a place, ``route:A:B`` or
        ``border:X:Y``.
    on : date or str, optional
        The day. Default: that on which runs of the case start, or the last report of the folder.
    days, n, seed : int
        Over how many days they leave; draws; the same seed gives the same numbers.

    Returns
    -------
    ExpectedArrivals
        ``areas`` and ``places`` with means and quantiles; with who finds no way (``stay``) they sum to the people.

    Raises
    ------
    StandoffError
        For a name that is none, with the nearest; a number out of bounds; a case without roads.

    Examples
    --------
    >>> import standoff as so
    >>> expected = so.arrivals(so.load("idlib"), 50_000, "Saraqab", close=["bab-al-hawa"], n=200)
    >>> round(sum(row.mean for row in expected.places) + expected.stay)
    50000
    """
    if isinstance(where, Case):
        refuse_errors(where)
    day = as_day(on, "on")
    grounds = case_grounds(where, day) if isinstance(where, Case) else folder_grounds(where.folder, where.series, day)
    origins, title = origins_named(grounds, origin, "origin")
    closures, words = asked_ways(grounds, close, reopen, full)
    return expect_arrivals(
        grounds, people, origins, from_title=title, closures=closures, days=days, n=n, seed=seed, changes=words
    )
