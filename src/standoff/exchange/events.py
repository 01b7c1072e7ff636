"""Event logs of others as records of a case: ACLED exports, UCDP GED exports, and our own table of events.

Columns are read by their published names. Names of actors are matched to the case's actors by name and alias; a name
the case does not know is kept as it stands, and counted. Coordinates become places whose accuracy is that of the
source's precision code, so that zones are met certainly, possibly or not at all. A log with bad rows is refused: how
many there are, and the first twenty, unless the caller asks to leave them out.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from standoff.case.model import Case, Event, Place
from standoff.case.shape import record
from standoff.case.tables import read_table
from standoff.case.values import BY_DAY, When, is_timed
from standoff.errors import Problem, StandoffError, nearest

SHOWN = 20
MAX_BYTES = 2**31

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
    "Abduction/forced disappearance": "violence-against-civilians",
    "Sexual violence": "violence-against-civilians",
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
    "Looting/property destruction": "violence-against-civilians",
    "Other": "assault",
}
# UCDP GED type_of_violence: 1 state-based, 2 non-state, 3 one-sided
GED_TYPES = {"1": "assault", "2": "clash", "3": "violence-against-civilians"}
# kilometres by which coordinates may be off: ACLED geo_precision, UCDP GED where_prec (both: 1 is the place itself)
ACLED_KM = {"1": 2.0, "2": 15.0, "3": 50.0}
GED_KM = {"1": 2.0, "2": 25.0, "3": 30.0, "4": 60.0, "5": 60.0, "6": 300.0, "7": 300.0}
ACLED_NEEDS = ("event_id_cnty", "event_date", "sub_event_type", "actor1", "actor2", "latitude", "longitude")
GED_NEEDS = ("id", "date_start", "date_end", "type_of_violence", "side_a", "side_b")
OWN_NEEDS = ("id", "date", "type")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a log held: events, the places made for their coordinates, names not known to the case, rows left out."""

    events: tuple[Event, ...]
    places: dict[str, Place]
    unknown_actors: dict[str, int]
    left_out: int
    format: str

    def added_to(self, case: Case) -> Case:
        """Return the case with the places of the log, so that its events can be put on the map."""
        return replace(case, places={**case.places, **self.places})


def read_events(path: str | Path, case: Case, *, skip_bad: bool = False, today: date | None = None) -> Loaded:
    """Read an ACLED, UCDP GED or own CSV file of events for a case.

    Raises StandoffError when the file cannot be read, a column is missing, or (unless ``skip_bad``) a row is bad; no
    event is loaded then. An event dated after ``today`` (default: the day of the clock) is a bad row.
    """
    file = Path(path)
    if not file.is_file():
        raise StandoffError.of("there is no such file", file=str(path), expected="a CSV file of events")
    if file.stat().st_size > MAX_BYTES:
        raise StandoffError.of("the file is larger than 2 GB", file=str(path), expected="a log split by year")
    header = _header(file, str(path))
    if "event_id_cnty" in header or "sub_event_type" in header:
        return _foreign(file, str(path), case, "acled", skip_bad, today)
    if "type_of_violence" in header or "where_prec" in header:
        return _foreign(file, str(path), case, "ged", skip_bad, today)
    return _own(file, str(path), header, skip_bad, today)


def _header(file: Path, shown: str) -> list[str]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return next(csv.reader(stream), [])
    except (UnicodeDecodeError, csv.Error):
        raise StandoffError.of("this is not CSV in UTF-8", file=shown, expected="comma-separated cells") from None


def _missing(header: Iterable[str], needs: Collection[str], shown: str, format_: str) -> None:
    names = list(header)
    others = [name for name in names if name not in needs]
    problems = [
        Problem(shown, 1, f"the column {need!r} is missing", f"the columns of {format_}", nearest(need, others))
        for need in needs
        if need not in names
    ]
    if problems:
        raise StandoffError(problems)


def _refuse(problems: list[Problem], total: int, shown: str, skip_bad: bool) -> None:
    if problems and not skip_bad:
        many = f"{total} bad rows" if total > 1 else "1 bad row"
        what = f"{many}; no event was loaded" + (f"; the first {SHOWN} follow" if total > SHOWN else "")
        first = Problem(shown, 0, what, "rows that can be read", "use --skip-bad to leave them out")
        raise StandoffError([first, *problems[:SHOWN]])


def _own(file: Path, shown: str, header: list[str], skip_bad: bool, today: date | None) -> Loaded:
    _missing(header, OWN_NEEDS, shown, "our own table of events (id, date, type, ...)")
    rows, lines, problems = read_table(file, shown, Event)
    if any(p.line <= 1 for p in problems):
        raise StandoffError(problems)
    events, seen, bad = [], set(), len(problems)
    for row, where in zip(rows, lines, strict=True):
        made, found = record(Event, row, shown, where)
        if made is not None and made.id in seen:
            found = [Problem(shown, where.line, f"the event {made.id!r} is given twice", "each id once")]
        if made is not None and not found:
            found = _future(made.date, shown, where.line, today)
        if found:
            bad += 1
            problems += found[: max(SHOWN - len(problems), 0)]
            continue
        events.append(made)
        seen.add(made.id)
    _refuse(problems, bad, shown, skip_bad)
    return Loaded(tuple(events), {}, {}, bad, "own")


def _future(when: When, shown: str, line: int, today: date | None) -> list[Problem]:
    now = today or date.today()  # in the user's own calendar
    if when.start is not None and when.start > now:
        return [Problem(shown, line, f"the event is dated {when}, in the future", f"a day up to {now}")]
    if "/" in when.text and when.end is not None and when.end > now:  # a year or month that is not over is no interval
        what = f"the event is dated {when}, which ends in the future"
        return [Problem(shown, line, what, f"a last day up to {now}")]
    return []


class _Names:
    """Names as others write them to the ids of the case's actors."""

    def __init__(self, case: Case) -> None:
        self.known: dict[str, str] = {}
        self.unknown: dict[str, int] = {}
        for actor in case.actors.values():
            for name in (actor.id, actor.name, *actor.aliases):
                self.known.setdefault(_plain(name), actor.id)

    def of(self, text: str) -> tuple[str, ...]:
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


def _acled(row: dict[str, str], names: _Names) -> tuple[dict[str, Any], float]:
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


def _ged(row: dict[str, str], names: _Names) -> tuple[dict[str, Any], float]:
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


def _foreign(file: Path, shown: str, case: Case, format_: str, skip_bad: bool, today: date | None) -> Loaded:
    convert: Callable[[dict[str, str], _Names], tuple[dict[str, Any], float]]
    convert, needs, title = (_acled, ACLED_NEEDS, "ACLED") if format_ == "acled" else (_ged, GED_NEEDS, "UCDP GED")
    names, spots = _Names(case), _Spots(case)
    events: list[Event] = []
    seen: set[str] = set()
    problems: list[Problem] = []
    bad = 0
    for line, row in _rows(file, shown, needs, title):
        try:
            made, kilometres = convert(row, names)
            if made["id"] in seen:
                raise ValueError(f"the event {made['id']!r} is given twice")
            if future := _future(made["date"], shown, line, today):
                raise ValueError(f"{future[0].what}; expected {future[0].expected}")
            place = spots.at(row, kilometres)
            event = Event(**made, place=(place,) if place else ())
        except (ValueError, KeyError, TypeError) as error:
            bad += 1
            if len(problems) < SHOWN:
                problems.append(Problem(shown, line, str(error), f"a row of {title}"))
            continue
        seen.add(event.id)
        events.append(event)
    _refuse(problems, bad, shown, skip_bad)
    return Loaded(tuple(events), spots.made, names.unknown, bad, format_)


def _rows(file: Path, shown: str, needs: Collection[str], title: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StandoffError.of(f"byte {error.start} is not UTF-8", file=shown, expected="a text file") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    _missing(reader.fieldnames or (), needs, shown, title)
    for row in reader:
        yield reader.line_num, row


class _Spots:
    """Places for coordinates: one for each spot and accuracy, in the sector of the nearest place within 10 km."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.made: dict[str, Place] = {}

    def at(self, row: dict[str, str], kilometres: float) -> str:
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
