"""Event logs of others as records of a case: ACLED exports, UCDP GED exports, and our own table of events.

Columns are read by their published names. Names of actors are matched to the case's actors by name and alias; a name
the case does not know is kept as it stands, and counted. Coordinates become places whose accuracy is that of the
source's precision code, so that zones are met certainly, possibly or not at all. Our own table names actors by id. A
log with bad rows is refused: how many there are, and the first twenty, unless the caller asks to leave them out.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from standoff.case.model import Case, Event, Place
from standoff.case.shape import record
from standoff.case.tables import read_table
from standoff.case.values import When
from standoff.case.vocabulary import EVENT_TYPES
from standoff.errors import Problem, StandoffError, nearest
from standoff.exchange.event_rows import ACLED_NEEDS, GED_NEEDS, Names, Spots, acled, ged

SHOWN = 20
MAX_BYTES = 2**31
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


def _own(file: Path, shown: str, case: Case, header: list[str], skip_bad: bool, today: date | None) -> Loaded:
    _missing(header, OWN_NEEDS, shown, "our own table of events (id, date, type, ...)")
    rows, lines, problems = read_table(file, shown, Event)
    if any(p.line <= 1 for p in problems):
        raise StandoffError(problems)
    events, seen, bad = [], set(), len(problems)
    types = dict.fromkeys((*EVENT_TYPES, *case.types))
    strangers: Counter[str] = Counter()
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
        events.append(made)
        seen.add(made.id)
        strangers.update(name for name in (*made.actor, *made.target) if name not in case.actors)
    _refuse(problems, bad, shown, skip_bad)
    return Loaded(tuple(events), {}, dict(strangers), bad, "own")


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
    names, spots = Names(case), Spots(case)
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
