"""Rows of the event logs of others, in the case's words: the columns of ACLED and UCDP GED, names and coordinates."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import Any

from standoff.case.model import Case, Place
from standoff.case.values import BY_DAY, When, is_timed
from standoff.errors import nearest

# ACLED sub-event types (codebook of 2021) -> event types of the vocabulary
ACLED_TYPES = {
    "Government regains territory": "territorial-change",
    "Non-state actor overtakes territory": "territorial-change",
    "Armed clash": "clash",
    "Air/drone strike": "airstrike",
    "Shelling/artillery/missile attack": "shelling",
    "Remote explosive/landmine/IED": "bombing",
    "Grenade": "bombing",
    "Suicide bomb": "bombing",
    "Chemical weapon": "chemical-attack",
    "Attack": "violence-against-civilians",
    "Abduction/forced disappearance": "abduction",
    "Sexual violence": "sexual-violence",
    "Agreement": "agreement",
    "Arrests": "arrest",
    "Headquarters or base established": "post-established",
    "Non-violent transfer of territory": "withdrawal",
    "Change to group/activity": "deployment",
    "Peaceful protest": "protest",
    "Protest with intervention": "protest",
    "Excessive force against protesters": "violence-against-civilians",
    "Violent demonstration": "protest",
    "Mob violence": "violence-against-civilians",
    "Disrupted weapons use": "assault",
    "Looting/property destruction": "looting",
    "Other": "assault",
}
# UCDP GED type_of_violence: 1 state-based, 2 non-state, 3 one-sided
GED_TYPES = {"1": "assault", "2": "clash", "3": "violence-against-civilians"}
# kilometres by which coordinates may be off: ACLED geo_precision, UCDP GED where_prec (both: 1 is the place itself)
ACLED_KM = {"1": 2.0, "2": 15.0, "3": 50.0}
GED_KM = {"1": 2.0, "2": 25.0, "3": 30.0, "4": 60.0, "5": 60.0, "6": 300.0, "7": 300.0}
ACLED_NEEDS = ("event_id_cnty", "event_date", "sub_event_type", "actor1", "actor2", "latitude", "longitude")
GED_NEEDS = ("id", "date_start", "date_end", "type_of_violence", "side_a", "side_b")


class Names:
    """Names as others write them to the ids of the case's actors."""

    def __init__(self, case: Case) -> None:
        self.known: dict[str, str] = {}
        self.unknown: dict[str, int] = {}
        for actor in case.actors.values():
            for name in (actor.id, actor.name, *actor.aliases):
                self.known.setdefault(_plain(name), actor.id)

    def of(self, text: str) -> tuple[str, ...]:
        """Return the actors that a cell names, parted by ``;``; a name the case does not know stays, and is counted."""
        found = []
        for name in (part.strip() for part in text.split(";")):
            if not name:
                continue
            plain = _plain(re.sub(r"\(\d{4}-?(\d{4})?\)", "", name))
            actor = self.known.get(plain)
            if actor is None:  # "Military Forces of Turkey (2016-)": the name of a party inside a longer one
                inside = [k for k in self.known if len(k) >= 3 and re.search(rf"\b{re.escape(k)}\b", plain)]
                actor = self.known[max(inside, key=len)] if inside else None
            if actor is None:
                self.unknown[name] = self.unknown.get(name, 0) + 1
                actor = plain.replace(" ", "-") or "unknown"
            found.append(actor)
        return tuple(dict.fromkeys(found))


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", name.lower()).split())


class Spots:
    """Places for coordinates: one for each spot and accuracy, in the sector of the nearest place within 10 km."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.made: dict[str, Place] = {}

    def at(self, row: dict[str, str], kilometres: float) -> str:
        """Return the id of the place of a row's coordinates, made when new; empty where it gives none."""
        latitude, longitude = row.get("latitude", "").strip(), row.get("longitude", "").strip()
        if not latitude or not longitude:
            return ""
        lat, lon = float(latitude), float(longitude)
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise ValueError(f"the coordinates are {latitude}, {longitude}; expected degrees, latitude first")
        name = f"at-{lat:.4f}-{lon:.4f}-{kilometres:.0f}km"
        if name not in self.made:
            self.made[name] = Place(
                id=name,
                name=row.get("location", row.get("where_coordinates", "")).strip() or name,
                kind="site",
                lat=lat,
                lon=lon,
                country=row.get("iso", "")[:2],
                sector=self._sector(lat, lon) if kilometres <= 15 else "",
                accuracy_km=kilometres,
            )
        return name

    def _sector(self, lat: float, lon: float) -> str:
        def distance(place: Place) -> float:  # kilometres, on a plane: good enough to choose a neighbour within 10
            return 111.2 * math.hypot(place.lat - lat, (place.lon - lon) * math.cos(math.radians(lat)))

        near = [(distance(p), p.sector) for p in self.case.places.values() if p.sector]
        found = min(near, default=(99.0, ""))
        return found[1] if found[0] <= 10 else ""


_FORMS = ("%d %B %Y", "%d-%B-%Y", "%m/%d/%Y")  # ACLED's, by year of export
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


def acled(row: dict[str, str], names: Names) -> tuple[dict[str, Any], float]:
    """Return the fields of an event from a row of ACLED, and by how many kilometres its place may be off.

    Raises ValueError, with the value and what was expected.
    """
    kind = ACLED_TYPES.get(row["sub_event_type"].strip())
    if kind is None:
        hint = nearest(row["sub_event_type"], ACLED_TYPES)
        raise ValueError(
            f"the sub_event_type is {row['sub_event_type']!r}; expected a sub-event type of ACLED {hint}".strip()
        )
    day = _day(row["event_date"])
    deaths = row.get("fatalities", "").strip()
    count = float(deaths) if deaths else None
    made = {
        "id": row["event_id_cnty"].strip(),
        "date": When.parse(day),
        "type": kind,
        "actor": names.of(row["actor1"]),
        "target": names.of(row["actor2"]),
        "low": count,
        "high": count,
        "counted": "deaths" if count is not None else "",
        "title": f"{row['sub_event_type'].strip()}, {row.get('location', '').strip() or 'no place given'}",
        "source": row.get("source", "").strip() or "ACLED",
    }
    return made, ACLED_KM.get(row.get("geo_precision", "").strip(), 50.0)


def ged(row: dict[str, str], names: Names) -> tuple[dict[str, Any], float]:
    """Return the fields of an event from a row of UCDP GED, and by how many kilometres its place may be off.

    Raises ValueError, with the value and what was expected.
    """
    kind = GED_TYPES.get(row["type_of_violence"].strip())
    if kind is None:
        raise ValueError(f"the type_of_violence is {row['type_of_violence']!r}; expected 1, 2 or 3")
    first, last = _day(row["date_start"]), _day(row["date_end"])
    if last < first:
        raise ValueError(f"date_end {last} lies before date_start {first}")
    low, high = (row.get(k, "").strip() for k in ("low", "high"))
    made = {
        "id": f"ged-{row['id'].strip()}",
        "date": When.parse(first if first == last else f"{first}/{last}"),
        "type": kind,
        "actor": names.of(row["side_a"]),
        "target": names.of(row["side_b"]),
        "low": float(low) if low else None,
        "high": float(high) if high else None,
        "counted": "deaths",
        "title": f"{row['side_a'].strip()} and {row['side_b'].strip()}, fatal event",
        "source": row.get("source_article", "").strip()[:120] or "UCDP GED",
    }
    return made, GED_KM.get(row.get("where_prec", "").strip(), 300.0)
