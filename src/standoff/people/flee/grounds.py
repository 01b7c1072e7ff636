"""A Flee folder as grounds for `standoff.people.arrivals`: camps as destinations, the last reports as the stock."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from standoff.errors import StandoffError
from standoff.people.arrivals import Grounds
from standoff.people.flee.direct import camps_by_day, camps_of_country
from standoff.people.flee.folder import FleeFolder
from standoff.people.flee.rules import FleeRules
from standoff.people.flee.scenario import scenario_of
from standoff.people.flee.series import FleeSeries


def folder_grounds(folder: FleeFolder, series: FleeSeries | None, on: date | None = None) -> Grounds:
    """Return what a folder says of a day: the roads open, the camps, the places of fighting, and who is in each camp.

    Without a day it is that of the last report, or the first day of the folder where there are no reports. Only reports
    of that day and before are used. Raises StandoffError for a day outside the folder.
    """
    reports = series.raw if series else {}
    last = max((day for one in reports.values() for day, _ in one), default=0)
    day = min(max(last, 0), folder.days - 1) if on is None else (on - folder.start).days
    if not 0 <= day < folder.days:
        expected = f"from {folder.start} to {folder.start + timedelta(days=folder.days - 1)}"
        raise StandoffError.of(f"{on} lies outside the folder", file="--on", expected=expected)
    scenario = scenario_of(folder, None, FleeRules(spawn_mode="constant"), capacities=False)  # who arises is not asked
    mask, camp = next((m, c) for d, m, c in reversed(list(camps_by_day(scenario))) if d <= day)
    known = {name: [(d, v) for d, v in one if d <= day] for name, one in reports.items()}
    stock = np.array([known[n][-1][1] if known.get(n) else 0.0 for n in scenario.names])
    as_of = max((one[-1][0] for one in known.values() if one), default=None)
    camps = [i for i in range(len(scenario.names)) if camp[i]]
    parts = np.ones(len(scenario.names))
    parts[camps] = camps_of_country([scenario.country[i] for i in camps])
    places = {place.name: place for place in folder.places}
    fighting = scenario.conflict[day] > 0
    groups: dict[str, list[str]] = {}
    for place in folder.places:
        if place.name in scenario.names and not camp[scenario.names.index(place.name)]:
            for name in {place.region, place.country} - {"", place.name}:
                groups.setdefault(name, []).append(place.name)
    notes = () if stock.any() else ("no report is known by this day: people go by distance and country alone",)
    title = folder.path.parent.name if folder.path.name in ("input_csv", "input") else folder.path.name
    return Grounds(
        title=title,
        names=scenario.names,
        titles={name: name.replace("_", " ") for name in scenario.names},
        by_name={name: ((name, name.replace("_", " ")),) for name in scenario.names},
        kinds={name: ("camp" if camp[i] else "place of fighting" if fighting[i] else places[name].kind)
               for i, name in enumerate(scenario.names)},
        country=scenario.country,
        area=tuple(("", ", ".join(filter(None, (places[n].region, places[n].country))).replace("_", " "))
                   for n in scenario.names),
        groups={name: tuple(members) for name, members in groups.items()},
        source=scenario.source[mask],
        target=scenario.target[mask],
        km=scenario.km[mask],
        takes=camp,
        leaves=fighting,
        front=fighting & camp,
        shut=(),
        displaced=stock,
        residents=np.zeros(len(scenario.names)),
        parts=parts,
        on=folder.start + timedelta(days=day),
        as_of=None if as_of is None or not stock.any() else folder.start + timedelta(days=as_of),
        notes=notes,
    )  # fmt: skip
