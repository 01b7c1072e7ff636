"""Rows of the event logs of others, in the case's words: the columns of ACLED and UCDP GED, names and coordinates.

Names are matched whole, and nothing is guessed: a name the case does not know is nobody of the case. What a source does
not tell (who began a battle, what "Other" was) is not told here either.
"""

from __future__ import annotations

import calendar
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from standoff.case.geography import SPOT
from standoff.case.model import Case, Place
from standoff.case.parties import UNKNOWN, as_sides
from standoff.case.values import BY_DAY, When, is_timed
from standoff.errors import nearest
from standoff.exchange.country_names import STATES


@dataclass(frozen=True, slots=True)
class Coding:
    """How a type of a source is read: our type, and whether the source tells who of the two began."""

    type: str
    one_sided: bool = False


# ACLED sub-event types (codebook of 2021). Battles have no initiator there: the order of actor1 and actor2 tells none.
# In protests and riots actor1 are those in the street, whoever used force. A transfer is made by actor1, who gains the
# place; "Other" may be a closed school, "Disrupted weapons use" a bomb that was defused: none of them is an attack.
ACLED_TYPES = {
    "Government regains territory": Coding("territorial-change"),
    "Non-state actor overtakes territory": Coding("territorial-change"),
    "Armed clash": Coding("clash"),
    "Air/drone strike": Coding("strike", one_sided=True),
    "Shelling/artillery/missile attack": Coding("shelling", one_sided=True),
    "Remote explosive/landmine/IED": Coding("bombing", one_sided=True),
    "Grenade": Coding("bombing", one_sided=True),
    "Suicide bomb": Coding("bombing", one_sided=True),
    "Chemical weapon": Coding("chemical-attack", one_sided=True),
    "Attack": Coding("violence-against-civilians", one_sided=True),
    "Abduction/forced disappearance": Coding("abduction", one_sided=True),
    "Sexual violence": Coding("sexual-violence", one_sided=True),
    "Agreement": Coding("agreement"),
    "Arrests": Coding("arrest", one_sided=True),
    "Headquarters or base established": Coding("development"),
    "Non-violent transfer of territory": Coding("development"),
    "Change to group/activity": Coding("development"),
    "Peaceful protest": Coding("protest", one_sided=True),
    "Protest with intervention": Coding("protest", one_sided=True),
    "Excessive force against protesters": Coding("violence-against-civilians"),
    "Violent demonstration": Coding("protest", one_sided=True),
    "Mob violence": Coding("assault"),
    "Disrupted weapons use": Coding("development"),
    "Looting/property destruction": Coding("property-damage", one_sided=True),
    "Other": Coding("development"),
}
# UCDP GED type_of_violence: 1 state-based, 2 non-state (both list sides, and tell no initiator), 3 one-sided
GED_TYPES = {
    "1": Coding("assault"),
    "2": Coding("assault"),
    "3": Coding("violence-against-civilians", one_sided=True),
}
# kilometres by which coordinates may be off: ACLED geo_precision, UCDP GED where_prec (both: 1 is the place itself)
ACLED_KM = {"1": 2.0, "2": 15.0, "3": 50.0}
GED_KM = {"1": 2.0, "2": 25.0, "3": 30.0, "4": 60.0, "5": 60.0, "6": 300.0, "7": 300.0}
ACLED_NEEDS = ("event_id_cnty", "event_date", "sub_event_type", "actor1", "actor2", "latitude", "longitude")
GED_NEEDS = ("id", "date_start", "date_end", "type_of_violence", "side_a", "side_b")

_YEARS = re.compile(r"\(\s*(?:\d{4}\s*[-–]\s*(?:\d{4})?|[-–]\s*\d{4}|\d{4})\s*\)")
_LAST = re.compile(r"\s*\(([^()]*)\)\s*$")
_OF_STATE = re.compile(r"(?:government|military forces|police forces) of (?:the )?(.+)$")
_SHORT = re.compile(r"([A-Z][\w/&.-]{1,11}):\s+(\S.*)$")


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", name.casefold()).split())


_STATE_NAMES = {_plain(name): {_plain(n) for n in names} for names in STATES for name in names}


class Names:
    """Names as others write them to the ids of the case's actors: whole names only, and never by guess.

    A name is known when it equals an id, a name or an alias of one actor, as it stands or after years and country are
    taken off both. Known too are "Government of X", "Military Forces of X" and "Police Forces of X" with nothing behind
    but years, X being the name of an actor of kind ``state``; and "ABC: Full Name", when the full name is known and the
    abbreviation is no other actor's. Whatever else it is, and whatever fits two actors, is unknown.
    """

    def __init__(self, case: Case) -> None:
        self._written: defaultdict[str, set[str]] = defaultdict(set)
        self._stripped: defaultdict[str, set[str]] = defaultdict(set)
        self._states: defaultdict[str, set[str]] = defaultdict(set)
        self._countries = set(_STATE_NAMES)
        named = {a.id: [n for n in (a.id, a.name, a.name_local, *a.aliases) if n] for a in case.actors.values()}
        states = [actor.id for actor in case.actors.values() if _plain(actor.kind) == "state"]
        for actor in states:
            self._countries.update(map(_plain, named[actor]))
        for actor, names in named.items():
            for name in names:
                self._written[_plain(name)].add(actor)
                self._stripped[self._bare(name)].add(actor)
        for actor in states:
            for name in map(self._bare, named[actor]):
                for other in {name, *_STATE_NAMES.get(name, ())}:
                    self._states[other].add(actor)

    def _bare(self, name: str) -> str:
        """Return a name without its years and without the country behind it; other brackets are part of the name."""
        bare = _YEARS.sub(" ", name)
        while (last := _LAST.search(bare)) and _plain(last[1]) in self._countries:
            bare = bare[: last.start()]
        return _plain(bare)

    def known(self, name: str) -> str | None:
        """Return the id of the one actor that a whole name means, or None."""
        for table, key in ((self._written, _plain(name)), (self._stripped, self._bare(name))):
            if found := table.get(key):
                return next(iter(found)) if key and len(found) == 1 else None
        if state := _OF_STATE.match(self._bare(name)):
            found = self._states.get(state[1], set())
            return next(iter(found)) if len(found) == 1 else None
        if short := _SHORT.match(name):
            actor = self.known(short[2])
            return actor if self._written.get(_plain(short[1]), {actor}) == {actor} else None
        return None

    def of(self, text: str) -> tuple[str, ...]:
        """Return the parties of a cell, parted by ``;``: ids of actors, and unknown names as they are written."""
        return self._parties(part.strip() for part in text.split(";"))

    def of_side(self, text: str) -> tuple[str, ...]:
        """Return the parties of a side of UCDP GED; a comma parts it only where each part is known, or a government."""
        parts = [part.strip() for part in text.split(",")]
        if len(parts) > 1 and self.known(text.strip()) is None and all(map(self._is_side, parts)):
            return self._parties(parts)
        return self._parties([text.strip()])

    def _is_side(self, part: str) -> bool:
        state = _OF_STATE.match(self._bare(part))
        return self.known(part) is not None or (state is not None and state[1] in _STATE_NAMES)

    def _parties(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.known(name) or UNKNOWN + name for name in names if name))


class Spots:
    """Places for coordinates: one for each spot and accuracy, in no sector of the record."""

    def __init__(self) -> None:
        self.made: dict[str, Place] = {}

    def at(self, row: dict[str, str], kilometres: float) -> str:
        """Return the id of the place of a row's coordinates, made when new; empty where it gives none."""
        latitude, longitude = row.get("latitude", "").strip(), row.get("longitude", "").strip()
        if not latitude or not longitude:
            return ""
        try:
            lat, lon = float(latitude), float(longitude)
        except ValueError:
            lat = lon = math.nan
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise ValueError(f"the coordinates are {latitude}, {longitude}; expected degrees, latitude first")
        name = f"{SPOT}{lat:.4f},{lon:.4f},{kilometres:.0f}km"
        if name not in self.made:
            self.made[name] = Place(
                id=name,
                name=row.get("location", row.get("where_coordinates", "")).strip() or f"{lat:.2f}, {lon:.2f}",
                kind="site",
                lat=lat,
                lon=lon,
                country=row.get("iso", "")[:2],
                accuracy_km=kilometres,
            )
        return name


_FORMS = ("%d %B %Y", "%d-%B-%Y", "%d-%b-%y", "%m/%d/%Y")  # ACLED's, by year of export; one as a spreadsheet saves it
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?: \d{2}:\d{2}:\d{2}(?:\.\d+)?)?$")


def _day(text: str) -> date:
    said = text.strip()
    try:
        if iso := _ISO.match(said):
            return date.fromisoformat(iso[1])
        for form in _FORMS if said[:1].isdigit() and len(said) < 25 else ():
            try:
                return datetime.strptime(said, form).date()
            except ValueError:
                continue
    except ValueError:
        pass
    expected = BY_DAY if is_timed(said) else "a day such as 2020-03-05 or 05 March 2020"
    raise ValueError(f"the date is {text!r}; expected {expected}")


def _number(row: dict[str, str], column: str) -> float | None:
    """Return how many people a cell counts, or None where it is empty. Raises ValueError."""
    said = row.get(column, "").strip()
    if not said:
        return None
    plain = said.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", said) else said
    if not re.fullmatch(r"\d{1,12}(\.\d+)?", plain):
        raise ValueError(f"the number in {column} is {said!r}; expected a number of people such as 3 or 1,000")
    return float(plain)


def _code(row: dict[str, str], column: str) -> str:
    """Return a whole number used as a code, as it is written without decimals."""
    return re.sub(r"\.0+$", "", row.get(column, "").strip())


def _parties(coding: Coding, first: tuple[str, ...], second: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    if coding.one_sided:
        return {"actor": first, "target": second}
    return {"actor": as_sides(first), "target": as_sides(second)}


def _when(day: date, precision: str) -> When:
    """Return the days that ACLED's time precision allows: 1 the day itself, 2 a week that holds it, 3 its month."""
    if precision == "2":
        return When.parse(f"{_shifted(day, -6)}/{min(_shifted(day, 6), max(day, date.today()))}")
    if precision == "3":
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        return When.parse(f"{day.replace(day=1)}/{min(last, max(day, date.today()))}")
    return When.parse(day)


def _shifted(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def acled(row: dict[str, str], names: Names) -> tuple[dict[str, Any], float]:
    """Return the fields of an event from a row of ACLED, and by how many kilometres its place may be off.

    Raises ValueError, with the value and what was expected.
    """
    coding = ACLED_TYPES.get(row["sub_event_type"].strip())
    if coding is None:
        hint = nearest(row["sub_event_type"], ACLED_TYPES)
        raise ValueError(
            f"the sub_event_type is {row['sub_event_type']!r}; expected a sub-event type of ACLED {hint}".strip()
        )
    count = _number(row, "fatalities")
    day = _day(row["event_date"])
    made = {
        "id": row["event_id_cnty"].strip(),
        "date": _when(day, _code(row, "time_precision")),
        "known": When.parse(day),  # as of a row with a precise day; not the last day on which it may have been
        "type": coding.type,
        **_parties(coding, names.of(row["actor1"]), names.of(row["actor2"])),
        "low": count,
        "high": count,
        "counted": "deaths" if count is not None else "",
        "title": f"{row['sub_event_type'].strip()}, {row.get('location', '').strip() or 'no place given'}",
        "source": row.get("source", "").strip() or "ACLED",
    }
    return made, ACLED_KM.get(_code(row, "geo_precision"), 50.0)


def ged(row: dict[str, str], names: Names) -> tuple[dict[str, Any], float]:
    """Return the fields of an event from a row of UCDP GED, and by how many kilometres its place may be off.

    Raises ValueError, with the value and what was expected.
    """
    coding = GED_TYPES.get(_code(row, "type_of_violence"))
    if coding is None:
        raise ValueError(f"the type_of_violence is {row['type_of_violence']!r}; expected 1, 2 or 3")
    first, last = _day(row["date_start"]), _day(row["date_end"])
    if last < first:
        raise ValueError(f"date_end {last} lies before date_start {first}")
    made = {
        "id": f"ged-{row['id'].strip()}",
        "date": When.parse(first if first == last else f"{first}/{last}"),
        "type": coding.type,
        **_parties(coding, names.of_side(row["side_a"]), names.of_side(row["side_b"])),
        "low": _number(row, "low"),
        "high": _number(row, "high"),
        "counted": "deaths",
        "title": f"{row['side_a'].strip()} and {row['side_b'].strip()}, fatal event",
        "source": row.get("source_article", "").strip()[:120] or "UCDP GED",
    }
    return made, GED_KM.get(_code(row, "where_prec"), 300.0)
