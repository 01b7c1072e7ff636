"""Incidents by area and day: from a file of anyone, or from the record of a case and logs beside it.

A file is counted as it stands: every row is one incident on the first day it may mean, in the area of one column. The
record of a case is a selection by whoever made it, and says so: it is no count of what happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from standoff.case.model import Case, Event, bare
from standoff.case.vocabulary import is_a
from standoff.errors import StandoffError, nearest
from standoff.files.table import Table, read_table_file
from standoff.intake.columns import days_of, is_blank
from standoff.intake.recognise import is_known_header, plain_name, recognise
from standoff.levels.forecast import FIRST, Counts

MOST_AREAS = 400
AREAS = ("admin2", "admin1", "country")  # of a feed, the first that it has
PARTIES = ("actor", "target")
SELECTION = "recorded incidents, a selection by whoever made the case and no count of what happened"
COMPILED = "incidents as the file counts them now: past days may have been filled in later"
SECTOR = "sector"


class Left(NamedTuple):
    """What of a file or record was not counted: rows without an area, outside the days, of another party or type."""

    no_area: int
    outside: int
    others: int


def binned(areas: Sequence[str], days: Sequence[date], first: date, last: date, *, what: str, source: str) -> Counts:
    """Return counts of incidents given by area and day; days before ``first`` or after ``last`` are left out.

    Raises StandoffError where there is nothing to count or there are more areas than can be shown.
    """
    names = sorted(set(areas))
    if not names:
        raise StandoffError.of("there is nothing to count", file=source, expected="incidents with a day and an area")
    if len(names) > MOST_AREAS:
        text = f"there are {len(names)} areas"
        raise StandoffError.of(text, file=source, expected=f"at most {MOST_AREAS}; choose larger ones with --by")
    number = {name: k for k, name in enumerate(names)}
    rows = np.fromiter((number[area] for area in areas), dtype=np.int64, count=len(areas))
    start = first.toordinal()
    columns = np.fromiter((day.toordinal() - start for day in days), dtype=np.int64, count=len(days))
    width = (last - first).days + 1
    inside = (columns >= 0) & (columns < width)
    flat = np.bincount(rows[inside] * width + columns[inside], minlength=len(names) * width)
    return Counts(tuple(names), first, flat.reshape(len(names), width), what, source)


def _column(table: Table, column: str, kind: str, columns: Mapping[str, str]) -> int:
    """Return the place of a column that the user names, by its own name or ours. Raises StandoffError."""
    names = [plain_name(name) for name in table.header]
    theirs = columns.get(column, column)
    if plain_name(theirs) in names:
        return names.index(plain_name(theirs))
    known = [*columns, *table.header]
    what = f"there is no column {column!r}"
    expected = f"one of {', '.join(filter(None, dict.fromkeys(known)))}"[:300]
    raise StandoffError.of(what, file=f"{table.name}, {kind}", expected=expected, hint=nearest(column, known))


def _day_column(table: Table, columns: Mapping[str, str]) -> int:
    if "date" in columns:
        return _column(table, "date", "--by", columns)
    likely = [k for k, name in enumerate(table.header) if plain_name(name) in ("date", "day", "eventdate", "datestart")]
    if len(likely) == 1:
        return likely[0]
    what = f"{len(likely) or 'no'} columns look like the day"
    expected = "one column called date, day, event_date or date_start"
    raise StandoffError.of(what, file=table.name, line=table.header_line, expected=expected, hint="rename the column")


def count_file(
    path: str | Path | bytes,
    *,
    name: str = "",
    by: str = "",
    party: str = "",
    type: str = "",  # noqa: A002 - the field's word
    dates: str | None = None,
    sheet: str | None = None,
    until: date | None = None,
) -> tuple[Counts, Left]:
    """Count the rows of a file by area and day.

    Parameters
    ----------
    path : str, Path or bytes
        A table of incidents: ACLED, UCDP GED, or any with a column of days and one of areas.
    name : str
        How the user calls the file; by default its path.
    by : str
        The column of areas, by its own name or ours (``admin1``). Default: the district, else the province.
    party, type : str
        Count only rows whose actor or target, or whose type, holds this text as the file writes it.
    dates, sheet : str, optional
        ``dmy`` or ``mdy`` where no cell decides; the sheet of a workbook.
    until : date, optional
        The last day that is counted. Default: the last day of the file.

    Raises
    ------
    StandoffError
        When the file cannot be read, a column is missing, a day cannot be read, or nothing is left to count.
    """
    name = name or ("the file" if isinstance(path, bytes) else str(path))
    table = read_table_file(path, name, sheet=sheet, is_header=is_known_header)
    columns: Mapping[str, str] = {}
    if is_known_header(table.header):
        columns = recognise(table.header, name, table.header_line or 1).columns
    area = _column(table, by, "--by", columns) if by else None
    if area is None:
        ours = next((field for field in AREAS if field in columns), "")
        if not ours:
            what = "the file does not say which of its columns is the area"
            expected = f"--by with one of {', '.join(filter(None, table.header))}"[:300]
            raise StandoffError.of(what, file=name, line=table.header_line, expected=expected)
        area = _column(table, ours, "--by", columns)
    day = _day_column(table, columns)
    parties = [_column(table, field, "--party", columns) for field in PARTIES if field in columns] if party else []
    if party and not parties:
        raise StandoffError.of(
            "the file has no column of parties", file=name, expected="columns of actors, or no --party"
        )
    of_type = -1
    if type:
        of_type = _column(table, "subtype" if "subtype" in columns else "type", "--type", columns)
    cells: dict[str, int] = {}
    rows: list[tuple[str, str]] = []
    no_area = others = 0
    for line, row in table:
        if (parties and not any(party.casefold() in row[k].casefold() for k in parties)) or (
            type and type.casefold() not in row[of_type].casefold()
        ):
            others += 1
        elif is_blank(row[area]):
            no_area += 1
        else:
            cells.setdefault(row[day], line)
            rows.append((row[area], row[day]))
    if not rows:
        expected = "rows with an area" + (f" of {party or type}" if party or type else "")
        raise StandoffError.of("no row can be counted", file=name, expected=expected)
    reader = days_of(cells, table.header[day], name, dates)
    days: dict[str, date] = {}
    wrong: list[StandoffError] = []
    for cell, line in cells.items():
        try:
            days[cell] = reader.day(cell)
        except ValueError as error:
            wrong.append(StandoffError.of(str(error), file=name, line=line, expected="a day in every row"))
    if wrong:
        raise StandoffError([problem for error in wrong for problem in error.problems])
    when = [days[cell] for _, cell in rows]
    first, last = min(when), until or max(when)
    counts = binned([a for a, _ in rows], when, first, last, what=COMPILED, source=name)
    return counts, Left(no_area, sum(day > last for day in when), others)


def _areas_of(case: Case, event: Event, by: str) -> tuple[str, ...]:
    """Return the areas of an event: of its places, and of the sectors it names."""
    areas = [getattr(case.places[p], by) for p in event.place if p in case.places]
    if by == SECTOR:
        areas += event.sector
    return tuple(dict.fromkeys(filter(None, areas)))


def count_events(case: Case, events: Iterable[Event], by: str, first: date, last: date) -> tuple[Counts, Left]:
    """Count events of a case by sector, adm3 or country of their places; one in two areas counts in neither.

    Raises StandoffError where nothing can be counted.
    """
    rows: list[tuple[str, date]] = []
    no_area = outside = 0
    for event in events:
        areas = _areas_of(case, event, by)
        if event.date.start is None or not first <= event.date.start <= last:
            outside += 1
        elif len(areas) != 1:
            no_area += 1
        else:
            rows.append((areas[0], event.date.start))
    counts = binned([a for a, _ in rows], [d for _, d in rows], first, last, what=SELECTION, source=case.about.title)
    return counts, Left(no_area, outside, 0)


def count_case(
    case: Case,
    *,
    by: str = SECTOR,
    party: str = "",
    type: str = "",  # noqa: A002 - the field's word
    until: date | None = None,
) -> tuple[Counts, Left]:
    """Count the recorded incidents of a case by area and day, from the start of its period to ``until`` or its end.

    ``party`` is an actor of the case, who did it or to whom it was done; ``type`` a type of the word list, which its
    own kinds are counted under. Raises StandoffError for unknown names and where nothing can be counted.
    """
    if by not in (SECTOR, "adm3", "country"):
        raise StandoffError.of(f"there is no area {by!r}", file="--by", expected="sector, adm3 or country")
    if party and party not in case.actors:
        hint = nearest(party, case.actors)
        raise StandoffError.of(f"no actor of the case is {party!r}", file="--party", expected="an actor", hint=hint)
    events = [
        e
        for e in case.events.values()
        if (not party or party in map(bare, (*e.actor, *e.target))) and (not type or is_a(e.type, type))
    ]
    days = [e.date.start for e in events if e.date.start]
    if not days:
        raise StandoffError.of("no event of the case can be counted", file="events.csv", expected="events with a day")
    first = case.about.period.start or min(days)
    last = until or case.about.period.end or max(days)
    if (last - first).days + 1 < FIRST:
        raise StandoffError.of(f"{first} to {last} is too short", file="--on", expected=f"at least {FIRST} days")
    counts, left = count_events(case, events, by, first, last)
    return counts, left._replace(others=len(case.events) - len(events))


def largest(counts: Counts, most: int) -> Counts:
    """Return the areas with most incidents, and the others as one."""
    if len(counts.areas) <= most:
        return counts
    order = np.argsort(-counts.values.sum(1), kind="stable")
    top, rest = np.sort(order[: most - 1]), order[most - 1 :]
    values = np.concatenate([counts.values[top], counts.values[rest].sum(0, keepdims=True)])
    names = (*(counts.areas[k] for k in top), f"{len(rest)} other areas")
    return replace(counts, areas=names, values=values)
