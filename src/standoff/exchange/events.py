"""Event logs of others as records of a case: ACLED exports, UCDP GED exports, and our own table of events.

Columns are read by their published names. Names of actors are matched whole to the names of the case's actors; a name
the case does not know is nobody of the case: it is kept as it stands, and counted. Coordinates become places whose
accuracy is that of the source's precision code, so that zones are met certainly, possibly or not at all. Our own table
names actors by id. A row outside the period or the region of the case is counted and is no event. A log with bad rows
is refused: how many there are, and the first twenty, unless the caller asks to leave them out.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from standoff.case.model import Case, Event, Place
from standoff.case.parties import NO_NAME, bare, is_unknown
from standoff.case.shape import record
from standoff.case.tables import read_table
from standoff.case.values import When
from standoff.case.vocabulary import EVENT_TYPES, NOT_TOLD, is_a
from standoff.errors import Problem, StandoffError, nearest
from standoff.exchange.event_rows import ACLED_NEEDS, GED_NEEDS, Names, Spots, acled, ged

SHOWN = 20
MAX_BYTES = 2**31
OWN_NEEDS = ("id", "date", "type")
MORE = "\0more"  # the key of cells beyond the header


@dataclass(frozen=True, slots=True)
class Loaded:
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

    def said(self) -> str:
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
            "said": self.said(),
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
    return _own(file, str(path), case, header, skip_bad, today)


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


def _loaded(events: Collection[Event], places: Mapping[str, Place], bad: int, format_: str, frame: Frame) -> Loaded:
    strangers: Counter[str] = Counter()
    nobody = 0
    for event in events:
        parties = dict.fromkeys((*event.actor, *event.target))
        strangers.update(bare(p) for p in parties if is_unknown(p) and p != NO_NAME)
        nobody += all(is_unknown(p) for p in parties)
    used = {p for event in events for p in event.place}
    kept = {name: place for name, place in places.items() if name in used}
    return Loaded(
        tuple(events), kept, dict(strangers), bad, format_, frame.outside_period, frame.outside_region, nobody
    )


def _own(file: Path, shown: str, case: Case, header: list[str], skip_bad: bool, today: date | None) -> Loaded:
    _missing(header, OWN_NEEDS, shown, "our own table of events (id, date, type, ...)")
    rows, lines, problems = read_table(file, shown, Event)
    if any(p.line <= 1 for p in problems):
        raise StandoffError(problems)
    events, seen, bad = [], set(), len(problems)
    types = dict.fromkeys((*EVENT_TYPES, *case.types))
    names, frame = Names(case), Frame(case)
    began = case.about.period.start
    if today is None and began is not None and began > date.today():
        today = case.about.period.end or date.max  # an exercise set in the future: its own days are none
    for row, where in zip(rows, lines, strict=True):
        made, found = record(Event, row, shown, where)
        if made is not None and made.id in seen:
            found = [Problem(shown, where.line, f"the event {made.id!r} is given twice", "each id once")]
        if made is not None and made.type not in types:
            what = f"the event type {made.type!r} is unknown"
            found = [
                Problem(shown, where.line, what, "a type of the word list or of the case", nearest(made.type, types))
            ]
        if made is not None and not found:
            found = _future(made.date, shown, where.line, today)
        if made is None or found:
            bad += 1
            problems += found[: max(SHOWN - len(problems), 0)]
            continue
        seen.add(made.id)
        if frame.holds(made.date, [case.places[p] for p in made.place if p in case.places]):
            doers, targets = (names.of(";".join(cell)) for cell in (made.actor, made.target))
            events.append(replace(made, actor=doers, target=targets))
    _refuse(problems, bad, shown, skip_bad)
    return _loaded(events, {}, bad, "own", frame)


def _future(when: When, shown: str, line: int, today: date | None) -> list[Problem]:
    now = today or date.today()  # in the user's own calendar
    if when.start is not None and when.start > now:
        return [Problem(shown, line, f"the event is dated {when}, in the future", f"a day up to {now}")]
    if "/" in when.text and when.end is not None and when.end > now:  # a year or month that is not over is no interval
        what = f"the event is dated {when}, which ends in the future"
        return [Problem(shown, line, what, f"a last day up to {now}")]
    return []


def _foreign(file: Path, shown: str, case: Case, format_: str, skip_bad: bool, today: date | None) -> Loaded:
    convert: Callable[[dict[str, str], Names], tuple[dict[str, Any], float]]
    convert, needs, title = (acled, ACLED_NEEDS, "ACLED") if format_ == "acled" else (ged, GED_NEEDS, "UCDP GED")
    names, spots, frame = Names(case), Spots(), Frame(case)
    events: list[Event] = []
    seen: set[str] = set()
    problems: list[Problem] = []
    bad = 0
    for line, row in _rows(file, shown, needs, title):
        try:
            if MORE in row:
                raise ValueError("the row has more cells than the header")
            made, kilometres = convert(row, names)
            if any(is_a(own, made["type"]) for own in case.types):
                made["type"] += NOT_TOLD
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
        if frame.holds(event.date, [spots.made[p] for p in event.place]):
            events.append(event)
    _refuse(problems, bad, shown, skip_bad)
    return _loaded(events, spots.made, bad, format_, frame)


def _rows(file: Path, shown: str, needs: Collection[str], title: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StandoffError.of(f"byte {error.start} is not UTF-8", file=shown, expected="a text file") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="", restkey=MORE, strict=True)
    begins = 1
    try:
        _missing(reader.fieldnames or (), needs, shown, title)
        begins = reader.line_num + 1
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error:
        what, expected = (
            'a quote (") in a cell of this row is open or stray',
            "quotes around a whole cell, doubled inside",
        )
        raise StandoffError([Problem(shown, begins, what, expected)]) from None
