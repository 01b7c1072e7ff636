"""Event logs of others as records of a case: ACLED exports, UCDP GED exports, and our own table of events.

Columns are read by their published names. Names of actors are matched whole, and nothing is guessed: a name the case
does not know is nobody of the case; it is kept as it stands, and counted. What a source does not tell (who began a
battle, what "Other" was) is not told here either. Coordinates become places whose accuracy is that of the source's
precision code, so that zones are met certainly, possibly or not at all. Our own table names actors by id.

A row outside the period or the region of the case is counted and is no event. A log with bad rows is refused: how many
there are, and the first twenty, unless the caller asks to leave them out.
"""

from __future__ import annotations

import calendar
import csv
import io
import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from standoff.case.geography import SPOT, Place
from standoff.case.model import NO_NAME, Case, Event, as_sides, bare, is_unknown
from standoff.case.shape import read_table, record
from standoff.case.vocabulary import EVENT_TYPES, NOT_TOLD, is_a
from standoff.errors import Problem, StandoffError, nearest
from standoff.intake.names import PartyNames
from standoff.values import BY_DAY, When, is_timed


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
OWN_NEEDS = ("id", "date", "type")
MORE = "\0more"  # the key of cells beyond the header
MOST_LISTED = 20
MAX_BYTES = 2**31


class Spots:
    """Places for coordinates: one for each spot and accuracy, in no sector of the record."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}

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
        if name not in self.places:
            self.places[name] = Place(
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
    cell = text.strip()
    try:
        if iso := _ISO.match(cell):
            return date.fromisoformat(iso[1])
        for form in _FORMS if cell[:1].isdigit() and len(cell) < 25 else ():
            try:
                return datetime.strptime(cell, form).date()
            except ValueError:
                continue
    except ValueError:
        pass
    expected = BY_DAY if is_timed(cell) else "a day such as 2020-03-05 or 05 March 2020"
    raise ValueError(f"the date is {text!r}; expected {expected}")


def _number(row: dict[str, str], column: str) -> float | None:
    """Return how many people a cell counts, or None where it is empty. Raises ValueError."""
    cell = row.get(column, "").strip()
    if not cell:
        return None
    plain = cell.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", cell) else cell
    if not re.fullmatch(r"\d{1,12}(\.\d+)?", plain):
        raise ValueError(f"the number in {column} is {cell!r}; expected a number of people such as 3 or 1,000")
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


def acled(row: dict[str, str], names: PartyNames) -> tuple[dict[str, Any], float]:
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
    fields = {
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
    return fields, ACLED_KM.get(_code(row, "geo_precision"), 50.0)


def ged(row: dict[str, str], names: PartyNames) -> tuple[dict[str, Any], float]:
    """Return the fields of an event from a row of UCDP GED, and by how many kilometres its place may be off.

    Raises ValueError, with the value and what was expected.
    """
    coding = GED_TYPES.get(_code(row, "type_of_violence"))
    if coding is None:
        raise ValueError(f"the type_of_violence is {row['type_of_violence']!r}; expected 1, 2 or 3")
    first, last = _day(row["date_start"]), _day(row["date_end"])
    if last < first:
        raise ValueError(f"date_end {last} lies before date_start {first}")
    fields = {
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
    return fields, GED_KM.get(_code(row, "where_prec"), 300.0)


@dataclass(frozen=True, slots=True)
class EventLog:
    """What a log held: events, the places made for their coordinates, and what is no event or nobody of the case.

    ``unknown_actors`` counts the rows of each name that the case does not know; ``nobody_known`` are the events that
    name no actor of the case at all. ``left_out`` are bad rows; rows outside the period or the region of the case are
    good rows that are no events.
    """

    events: tuple[Event, ...]
    places: dict[str, Place]
    unknown_actors: dict[str, int]
    left_out: int
    format: str
    outside_period: int = 0
    outside_region: int = 0
    nobody_known: int = 0

    def in_a_line(self) -> str:
        """Say in a line how many events there are, and what of the log is no event or names nobody of the case."""
        parts = [f"{_many(len(self.events), 'event')} ({self.format})"]
        if self.left_out:
            parts.append(f"{_many(self.left_out, 'row')} left out")
        if self.outside_period:
            parts.append(f"{_many(self.outside_period, 'row')} outside the period of the case")
        if self.outside_region:
            parts.append(f"{_many(self.outside_region, 'row')} outside its region")
        if self.unknown_actors:
            names = len(self.unknown_actors)
            parts.append(f"{_many(names, 'name')} {'is' if names == 1 else 'are'} not known to the case")
        if self.nobody_known:
            parts.append(f"{_many(self.nobody_known, 'event')} {_verb(self.nobody_known)} nobody it knows")
        return ", ".join(parts)

    def names(self) -> list[dict[str, Any]]:
        """Return every name the case does not know, with the number of its events, the most frequent first."""
        most = sorted(self.unknown_actors.items(), key=lambda item: (-item[1], item[0]))
        return [{"name": name, "rows": rows} for name, rows in most]

    def summary(self) -> dict[str, Any]:
        """Return what the log held as plain data: counts, a line that says them, and every unknown name."""
        return {
            "said": self.in_a_line(),
            "format": self.format,
            "events": len(self.events),
            "left_out": self.left_out,
            "outside_period": self.outside_period,
            "outside_region": self.outside_region,
            "nobody_known": self.nobody_known,
            "unknown_names": self.names(),
        }

    def added_to(self, case: Case) -> Case:
        """Return the case with the places of the log, so that its events can be put on the map."""
        return replace(case, places={**case.places, **self.places})


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _verb(number: int) -> str:
    return "names" if number == 1 else "name"


def read_events(path: str | Path, case: Case, *, skip_bad: bool = False, today: date | None = None) -> EventLog:
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
    return _own(file, str(path), case, header, skip_bad, today)


def _header(file: Path, name: str) -> list[str]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return next(csv.reader(stream), [])
    except (UnicodeDecodeError, csv.Error):
        raise StandoffError.of("this is not CSV in UTF-8", file=name, expected="comma-separated cells") from None


def _missing(header: Iterable[str], needs: Collection[str], name: str, format_: str) -> None:
    columns = list(header)
    others = [name for name in columns if name not in needs]
    problems = [
        Problem(name, 1, f"the column {need!r} is missing", f"the columns of {format_}", nearest(need, others))
        for need in needs
        if need not in columns
    ]
    if problems:
        raise StandoffError(problems)


def _refuse(problems: list[Problem], total: int, name: str, skip_bad: bool) -> None:
    if problems and not skip_bad:
        many = f"{total} bad rows" if total > 1 else "1 bad row"
        what = f"{many}; no event was loaded" + (f"; the first {MOST_LISTED} follow" if total > MOST_LISTED else "")
        first = Problem(name, 0, what, "rows that can be read", "use --skip-bad to leave them out")
        raise StandoffError([first, *problems[:MOST_LISTED]])


class Frame:
    """The period and the region of a case: what lies outside is counted, and is no event of its ledger."""

    def __init__(self, case: Case) -> None:
        self.period = case.about.period
        self.region = case.about.region
        self.outside_period = 0
        self.outside_region = 0

    def holds(self, when: When, places: Collection[Place]) -> bool:
        """Whether an event may lie in the period and in the region; what has no place lies nowhere else."""
        if not when.possibly_within(self.period.start, self.period.end):
            self.outside_period += 1
            return False
        if places and not any(self._reaches(place) for place in places):
            self.outside_region += 1
            return False
        return True

    def _reaches(self, place: Place) -> bool:
        west, south, east, north = self.region
        up = place.accuracy_km / 111.2
        across = up / max(math.cos(math.radians(min(abs(place.lat) + up, 89.0))), 0.01)
        inside = any(west - across <= lon <= east + across for lon in (place.lon, place.lon + 360))
        return inside and south - up <= place.lat <= north + up


def _log(events: Collection[Event], places: Mapping[str, Place], bad: int, format_: str, frame: Frame) -> EventLog:
    strangers: Counter[str] = Counter()
    nobody = 0
    for event in events:
        parties = dict.fromkeys((*event.actor, *event.target))
        strangers.update(bare(p) for p in parties if is_unknown(p) and p != NO_NAME)
        nobody += all(is_unknown(p) for p in parties)
    used = {p for event in events for p in event.place}
    kept = {name: place for name, place in places.items() if name in used}
    return EventLog(
        tuple(events), kept, dict(strangers), bad, format_, frame.outside_period, frame.outside_region, nobody
    )


def _own(file: Path, name: str, case: Case, header: list[str], skip_bad: bool, today: date | None) -> EventLog:
    _missing(header, OWN_NEEDS, name, "our own table of events (id, date, type, ...)")
    rows, lines, problems = read_table(file, name, Event)
    if any(p.line <= 1 for p in problems):
        raise StandoffError(problems)
    events, ids, bad = [], set(), len(problems)
    types = dict.fromkeys((*EVENT_TYPES, *case.types))
    names, frame = PartyNames(case), Frame(case)
    first = case.about.period.start
    if today is None and first is not None and first > date.today():
        today = case.about.period.end or date.max  # an exercise set in the future: its own days are none
    for row, where in zip(rows, lines, strict=True):
        event, faults = record(Event, row, name, where)
        if event is not None and event.id in ids:
            faults = [Problem(name, where.line, f"the event {event.id!r} is given twice", "each id once")]
        if event is not None and event.type not in types:
            what = f"the event type {event.type!r} is unknown"
            faults = [
                Problem(name, where.line, what, "a type of the word list or of the case", nearest(event.type, types))
            ]
        if event is not None and not faults:
            faults = _future(event.date, name, where.line, today)
        if event is None or faults:
            bad += 1
            problems += faults[: max(MOST_LISTED - len(problems), 0)]
            continue
        ids.add(event.id)
        if frame.holds(event.date, [case.places[p] for p in event.place if p in case.places]):
            doers, targets = (names.of(";".join(cell)) for cell in (event.actor, event.target))
            events.append(replace(event, actor=doers, target=targets))
    _refuse(problems, bad, name, skip_bad)
    return _log(events, {}, bad, "own", frame)


def _future(when: When, name: str, line: int, today: date | None) -> list[Problem]:
    now = today or date.today()  # in the user's own calendar
    if when.start is not None and when.start > now:
        return [Problem(name, line, f"the event is dated {when}, in the future", f"a day up to {now}")]
    if "/" in when.text and when.end is not None and when.end > now:  # a year or month that is not over is no interval
        what = f"the event is dated {when}, which ends in the future"
        return [Problem(name, line, what, f"a last day up to {now}")]
    return []


def _foreign(file: Path, name: str, case: Case, format_: str, skip_bad: bool, today: date | None) -> EventLog:
    convert: Callable[[dict[str, str], PartyNames], tuple[dict[str, Any], float]]
    convert, needs, title = (acled, ACLED_NEEDS, "ACLED") if format_ == "acled" else (ged, GED_NEEDS, "UCDP GED")
    names, spots, frame = PartyNames(case), Spots(), Frame(case)
    events: list[Event] = []
    ids: set[str] = set()
    problems: list[Problem] = []
    bad = 0
    for line, row in _rows(file, name, needs, title):
        try:
            if MORE in row:
                raise ValueError("the row has more cells than the header")
            fields, kilometres = convert(row, names)
            if any(is_a(own, fields["type"]) for own in case.types):
                fields["type"] += NOT_TOLD
            if fields["id"] in ids:
                raise ValueError(f"the event {fields['id']!r} is given twice")
            if future := _future(fields["date"], name, line, today):
                raise ValueError(f"{future[0].what}; expected {future[0].expected}")
            place = spots.at(row, kilometres)
            event = Event(**fields, place=(place,) if place else ())
        except (ValueError, KeyError, TypeError) as error:
            bad += 1
            if len(problems) < MOST_LISTED:
                problems.append(Problem(name, line, str(error), f"a row of {title}"))
            continue
        ids.add(event.id)
        if frame.holds(event.date, [spots.places[p] for p in event.place]):
            events.append(event)
    _refuse(problems, bad, name, skip_bad)
    return _log(events, spots.places, bad, format_, frame)


def _rows(file: Path, name: str, needs: Collection[str], title: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StandoffError.of(f"byte {error.start} is not UTF-8", file=name, expected="a text file") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="", restkey=MORE, strict=True)
    begins = 1
    try:
        _missing(reader.fieldnames or (), needs, name, title)
        begins = reader.line_num + 1
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error:
        what, expected = (
            'a quote (") in a cell of this row is open or stray',
            "quotes around a whole cell, doubled inside",
        )
        raise StandoffError([Problem(name, begins, what, expected)]) from None
