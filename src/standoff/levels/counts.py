"""Incidents by area and day: from a file of anyone, from a log of a case, or from its record.

A file or log is counted as it stands: a row is one incident (or as many as its column of counts says) on the first day
it may mean, in the area of one column or the one its coordinates lie in. A log that a case ships with ``use: counts``
is counted unasked, whatever the day on which its rows were known. The record of a case is a selection by whoever made
it, and says so: it is not a count of what happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import compress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from standoff.case.model import Case, CountedLog, Event, bare, refuse_errors
from standoff.case.read import LOGS, load, shipped
from standoff.case.reports import Report, incidents_of
from standoff.case.restrictions import LEAST, is_free
from standoff.case.vocabulary import is_a
from standoff.errors import Problem, StandoffError, nearest
from standoff.evidence.accounts import known_by as event_known_by
from standoff.files.table_reader import Table, read_table_file
from standoff.intake.boundaries import Boundary, read_boundaries
from standoff.intake.columns import code_of, days_of, is_blank, numbers_of
from standoff.intake.logs import log_reports
from standoff.intake.recognise import is_known_header, plain_name, recognise
from standoff.levels.forecast import FIRST, HORIZONS, MONTH, Baseline, Counts, Levels, expect
from standoff.text.sentences import count
from standoff.text.sentences import day as day_words
from standoff.values import as_day

MOST_AREAS = 2000
MOST_SHOWN = 100  # areas that are forecast one by one; smaller ones stand together
AREAS = ("admin2", "admin1", "country")  # of a feed, the first that it has
DEPTHS = {"country": 0, "admin1": 1, "admin2": 2, "admin3": 3}  # of the areas that a report names, the largest first
PARTIES = ("actor", "target")
FEWEST = 6  # days from which on it shows that a file counts by week or month
BY_MONTH = (
    "every row is of the same day of a month: the file counts by month; 28 days stand for one month and 84 for three, "
    "and shorter horizons are left out"
)
COUNTING = ("incidents", "events", "count", "counts", "numberofevents", "numberofincidents", "noofincidents")
VAGUE = "3"  # the code of both ACLED and UCDP GED from which a row names an area and no place
VAGUE_KM = 30.0  # the same, in a log
RECORD_WORD = "record"
UNNAMED = ", no district named"
SELECTION = "recorded events of every kind, a selection by whoever made the case and no count of what happened"
COMPILED = "incidents as the file counts them now: past days may have been filled in later"
SECTOR = "sector"


class Left(NamedTuple):
    """What of a file or record was not counted: rows without an area or a day, outside the days, of other parties."""

    no_area: int
    outside: int
    others: int
    unknown: int = 0  # not known for certain by the day that was asked for
    no_day: int = 0  # the cell of the day is blank


def binned(
    areas: Sequence[str],
    days: Sequence[date],
    first: date,
    last: date,
    *,
    what: str,
    source: str,
    weights: Sequence[int] | None = None,
) -> Counts:
    """Return counts of incidents given by area and day; days before ``first`` or after ``last`` are left out.

    ``weights`` say how many incidents each entry stands for, one where they are not given.

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
    many = None if weights is None else np.asarray(weights, dtype=np.float64)[inside]
    flat = np.bincount(rows[inside] * width + columns[inside], weights=many, minlength=len(names) * width)
    return Counts(tuple(names), first, flat.reshape(len(names), width).astype(np.int64), what, source)


class AreaFinder:
    """The area of the deepest level of a file of boundaries that coordinates lie in."""

    def __init__(self, path: Path, *, repair: bool = False, region: Any = None) -> None:
        """Read the boundaries. Raises StandoffError as `read_boundaries` does."""
        import shapely
        from shapely.geometry import shape

        every = read_boundaries(path, region, repair=repair)
        self.warnings: tuple[Problem, ...] = every.warnings
        deepest = max(one.level for one in every)
        chosen: list[Boundary] = [one for one in every if one.level == deepest]
        named = [one.name for one in chosen]
        self.names = [one.name if named.count(one.name) == 1 else f"{one.name} ({one.pcode})" for one in chosen]
        self._shapely = shapely
        self._tree = shapely.STRtree([shape(one.geometry) for one in chosen])
        self._cache: dict[tuple[float, float], str] = {}

    def of(self, lat: float, lon: float) -> str:
        """Return the name of the area, empty where coordinates lie in none; on a border the first of the file."""
        key = (lat, lon)
        if key not in self._cache:
            hits = self._tree.query(self._shapely.Point(lon, lat), predicate="intersects")
            self._cache[key] = self.names[min(hits)] if len(hits) else ""
        return self._cache[key]


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
    for ours in ("date", "from"):  # a table of counts by period counts on its first day
        if ours in columns:
            return _column(table, ours, "--by", columns)
    likely = [k for k, name in enumerate(table.header) if plain_name(name) in ("date", "day", "eventdate", "datestart")]
    if len(likely) == 1:
        return likely[0]
    what = f"{len(likely) or 'no'} columns look like the day"
    expected = "one column called date, day, event_date or date_start"
    raise StandoffError.of(what, file=table.name, line=table.header_line, expected=expected, hint="rename the column")


@dataclass
class _Rows:
    """Incidents on their way into counts: area, day and number of each, and what is left out."""

    areas: list[str] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    restricted: list[bool] = field(default_factory=list)  # whether each may not be passed on
    no_area: int = 0
    outside: int = 0
    others: int = 0
    unknown: int = 0
    no_day: int = 0

    def add(self, area: str, day: date, *, restricted: bool) -> None:
        self.areas.append(area)
        self.days.append(day)
        self.restricted.append(restricted)

    def drop_few(self) -> None:
        """Take rows that may not be passed on, where an area has fewer than three, as rows without an area."""
        hidden = Counter(area for area, is_hidden in zip(self.areas, self.restricted, strict=True) if is_hidden)
        keep = [not h or hidden[a] >= LEAST for a, h in zip(self.areas, self.restricted, strict=True)]
        self.no_area += keep.count(False)
        self.areas, self.days = list(compress(self.areas, keep)), list(compress(self.days, keep))

    def left(self) -> Left:
        return Left(self.no_area, self.outside, self.others, self.unknown, self.no_day)


def count_file(
    path: str | Path | bytes,
    *,
    name: str = "",
    by: str = "",
    party: str = "",
    kind: str = "",
    number: str = "",
    dates: str | None = None,
    sheet: str | None = None,
    until: date | None = None,
    finder: AreaFinder | None = None,
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
    party, kind : str
        Count only rows whose actor or target, or whose type, holds this text as the file writes it.
    number : str
        The column that says how many incidents a row stands for. Default: one, but for tables known to hold counts.
    dates, sheet : str, optional
        ``dmy`` or ``mdy`` where no cell decides; the sheet of a workbook.
    until : date, optional
        The last day that is counted. Default: the last day of the file.
    finder : AreaFinder, optional
        Boundaries in which the coordinates of a row are looked up, in the place of a column of areas.

    Returns
    -------
    tuple of Counts and Left
        The counts, and what was not counted.

    Raises
    ------
    StandoffError
        When the file cannot be read, a column is missing, a day or number cannot be read, or nothing is left to count.
    """
    name = name or ("the file" if isinstance(path, bytes) else str(path))
    table = read_table_file(path, name, sheet=sheet, is_header=is_known_header)
    columns: Mapping[str, str] = {}
    figures: Mapping[str, str] = {}
    if is_known_header(table.header):
        recognised = recognise(table.header, name, table.header_line or 1)
        columns = recognised.columns
        figures = {f: c for f, c in columns.items() if f.startswith("figure:")}
    if figures and not number:
        number = _counted_figure(figures, name, table.header_line or 1)
    area = -1 if finder else _area_column(table, by, columns, name)
    spots = [_column(table, each, "--boundaries", columns) for each in ("lat", "lon")] if finder else []
    vague = columns.get("place_precision")
    vague_at = _column(table, vague, "--boundaries", {}) if finder and vague else -1
    day = _day_column(table, columns)
    parties = [_column(table, each, "--party", columns) for each in PARTIES if each in columns] if party else []
    if party and not parties:
        raise StandoffError.of(
            "the file has no column of parties", file=name, expected="columns of actors, or no --party"
        )
    of_type = -1
    if kind:
        of_type = _column(table, "subtype" if "subtype" in columns else "type", "--type", columns)
    many = _column(table, number, "--count", columns) if number else -1
    days: dict[str, int] = {}
    numbers: dict[str, int] = {}
    kept: list[tuple[str, str, str]] = []
    rows = _Rows()
    for line, row in table:
        if is_blank(row[day]):
            rows.no_day += 1
            continue
        days.setdefault(row[day], line)  # of every row: who is asked for decides nothing on what the file covers
        if (parties and not any(party.casefold() in row[k].casefold() for k in parties)) or (
            kind and kind.casefold() not in row[of_type].casefold()
        ):
            rows.others += 1
            continue
        where = row[area] if finder is None else _area_at(finder, row, spots, vague_at)
        if is_blank(where):
            rows.no_area += 1
            continue
        if number:
            numbers.setdefault(row[many], line)
        kept.append((where, row[day], row[many] if number else ""))
    if not kept:
        expected = "rows with an area and a day" + (f" of {party or kind}" if party or kind else "")
        raise StandoffError.of("no row can be counted", file=name, expected=expected)
    reader = days_of(days, table.header[day], name, dates)
    when = _each(days, reader.day, name, "a day in every row")
    how_many: dict[str, int] = {}
    if number:
        counter = numbers_of(numbers, table.header[many], name, whole=True, noun="a whole number")
        how_many = _each(numbers, lambda cell: int(counter.number(cell) or 0), name, "a number in every row")
    every = [when[cell] for _, cell, _ in kept]
    covered = set(when.values())
    first, last = min(covered), until or max(covered)
    months = _by_month(covered)
    if months and until:  # a month that is not over is not counted
        last = (until + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    weights = [how_many[cell] for _, _, cell in kept] if number else None
    rows.outside = sum(d > last for d in every)
    notes = [BY_MONTH] if months else _steps(covered)
    if last > max(covered) and not (months and (last.year, last.month) == (max(covered).year, max(covered).month)):
        notes.append(_quiet(max(covered), last))
    if months and last >= first:
        every, last, first = [_place(d, first) for d in every], _place(last, first), first.replace(day=1)
    _check_length(first, last, name)
    counts = binned([w for w, _, _ in kept], every, first, last, what=COMPILED, source=name, weights=weights)
    if number:
        notes.append(f"a row stands for as many incidents as its column {table.header[many]!r} says")
    else:
        alike = [column for column in table.header if plain_name(column) in COUNTING]
        notes += [f"a row counts as one incident; where {c!r} says how many it is, give --count {c}" for c in alike]
    return replace(counts, notes=tuple(notes), months=months), rows.left()


def _by_month(days: set[date]) -> bool:
    """Whether every row is of the same day of its month, or of the last one."""
    same = len({d.day for d in days}) == 1 or all((d + timedelta(days=1)).day == 1 for d in days)
    return len(days) >= FEWEST and same


def _place(day: date, first: date) -> date:
    """Return the place of the count of a month, where months take 28 places each (`Counts.months`)."""
    months = (day.year - first.year) * 12 + day.month - first.month
    return first.replace(day=1) + timedelta(days=(months + 1) * MONTH - 1)


def _counted_figure(figures: Mapping[str, str], name: str, line: int) -> str:
    """Return the column of a table of figures that counts incidents. Raises StandoffError where there is none."""
    if "figure:count" in figures:
        return "figure:count"
    what = f"the file holds figures ({', '.join(figures.values())}) and no incidents"
    raise StandoffError.of(what, file=name, line=line, expected="a table of incidents, or --count with a column")


def _each(cells: Mapping[str, int], read: Callable[[str], Any], name: str, expected: str) -> dict[str, Any]:
    """Return what each cell means. Raises StandoffError with every cell that cannot be read."""
    values: dict[str, Any] = {}
    wrong: list[Problem] = []
    for cell, line in cells.items():
        try:
            values[cell] = read(cell)
        except ValueError as error:
            wrong.append(Problem(name, line, str(error), expected))
    if wrong:
        raise StandoffError(wrong)
    return values


def _area_column(table: Table, by: str, columns: Mapping[str, str], name: str) -> int:
    if by:
        return _column(table, by, "--by", columns)
    ours = next((area for area in AREAS if area in columns), "")
    if not ours:
        what = "the file does not say which of its columns is the area"
        expected = f"--by with one of {', '.join(filter(None, table.header))}"[:300]
        raise StandoffError.of(what, file=name, line=table.header_line, expected=expected)
    return _column(table, ours, "--by", columns)


def _area_at(finder: AreaFinder, row: Sequence[str], spots: Sequence[int], vague_at: int) -> str:
    """Return the area of a row by its coordinates; none where they are missing or stand for a larger area."""
    if vague_at >= 0 and code_of(row[vague_at]) >= VAGUE:
        return ""
    try:
        lat, lon = (float(row[at]) for at in spots)
    except ValueError:
        return ""
    return finder.of(lat, lon)


def _steps(days: set[date]) -> list[str]:
    """Say it where days are the first of months: then the file counts months, and no horizon below says anything."""
    if _by_month(days):
        return [
            "every row is of the same day of a month: the file counts by month, so that only horizons of 28 days and "
            "more mean anything"
        ]
    if len(days) >= FEWEST and len({d.weekday() for d in days}) == 1:
        return [
            "every row is of the same weekday: the file counts by week, so that only whole weeks mean anything, "
            "and where that day is the first of its week, what is ahead begins after the last week, not after that day"
        ]
    return []


def _quiet(last: date, until: date) -> str:
    days = (until - last).days
    return f"the file ends on {day_words(last)}: the {days} days after it are counted as without incidents"


# A case: the log that it ships for counting, another log of it, or its record.


def counted_log(case: Case) -> CountedLog | None:
    """Return the log that a case ships to be counted; None where it ships none."""
    return next((log for log in case.about.logs), None)


def _kept_logs(case: Case) -> list[str]:
    return sorted(path.stem for path in (case.root / "logs").glob("*.csv"))


def _areas_of(case: Case, event: Event, by: str) -> tuple[str, ...]:
    """Return the areas of an event: of its places, and of the sectors it names."""
    areas = [getattr(case.places[p], by) for p in event.place if p in case.places]
    if by == SECTOR:
        areas += event.sector
    return tuple(dict.fromkeys(filter(None, areas)))


def _check_party(case: Case, party: str) -> None:
    if party and party not in case.actors:
        hint = nearest(party, case.actors)
        raise StandoffError.of(f"no actor of the case is {party!r}", file="--party", expected="an actor", hint=hint)


def count_record(
    case: Case,
    *,
    by: str = SECTOR,
    party: str = "",
    kind: str = "",
    until: date | None = None,
    as_of: date | None = None,
    finder: AreaFinder | None = None,
) -> tuple[Counts, Left]:
    """Count the recorded incidents of a case by area and day, from the start of its period to ``until`` or its end.

    ``by`` is sector, adm3 or country of their places; an incident in two areas counts in neither, one that several
    rows tell counts once. ``party`` is an actor of the case, who did it or to whom it was done; ``type`` a type of the
    word list, which its own kinds are counted under. Raises StandoffError for unknown names and where nothing can be
    counted.
    """
    kept = _kept_logs(case)
    hint = f"the case has a log that can be counted: --log {' or '.join(kept)}" if kept else ""
    if by not in (SECTOR, "adm3", "country"):
        expected = "sector, adm3 or country"
        raise StandoffError.of(f"the record has no area {by!r}", file="--by", expected=expected, hint=hint)
    _check_party(case, party)
    first, last = case.about.period.start, until or case.about.period.end
    days = [e.date.start for e in case.events.values() if e.date.start]
    if not days:
        what = "no event of the case can be counted"
        raise StandoffError.of(what, file="events.csv", expected="events with a day", hint=hint)
    first, last = first or min(days), last or max(days)
    _check_length(first, last, "events.csv")
    rows, happened = _Rows(), set[str]()
    incident = incidents_of(case)
    for event in case.events.values():
        if (party and party not in map(bare, (*event.actor, *event.target))) or (kind and not is_a(event.type, kind)):
            rows.others += 1
            continue
        if as_of is not None and not event_known_by(event, as_of):
            rows.unknown += 1
            continue
        if incident[event.id] in happened:
            continue
        happened.add(incident[event.id])
        if finder is not None:
            spots = [case.places[p] for p in event.place if p in case.places]
            areas = tuple(dict.fromkeys(filter(None, (finder.of(s.lat, s.lon) for s in spots))))
        else:
            areas = _areas_of(case, event, by)
        if event.date.start is None or not first <= event.date.start <= last:
            rows.outside += 1
        elif len(areas) != 1:
            rows.no_area += 1
        else:
            rows.add(areas[0], event.date.start, restricted=not is_free(event))
    rows.drop_few()
    counts = binned(rows.areas, rows.days, first, last, what=SELECTION, source=case.about.title)
    return replace(counts, compiled=False), rows.left()


def _check_length(first: date, last: date, name: str) -> None:
    if last < first:
        raise StandoffError.of(f"{last} lies before the first day, {first}", file=name, expected="a later --on")
    if (last - first).days + 1 < FIRST:
        what = f"{first} to {last} is {count((last - first).days + 1, 'day')}"
        raise StandoffError.of(what, file=name, expected=f"at least {FIRST} days, or nothing can be learned")


def count_log(
    case: Case,
    log: str = "",
    *,
    by: str = "",
    party: str = "",
    kind: str = "",
    until: date | None = None,
    as_of: date | None = None,
    finder: AreaFinder | None = None,
) -> tuple[Counts, Left]:
    """Count a log of a case by area and day, whatever the day on which its rows were known unless ``as_of`` is given.

    Parameters
    ----------
    case : Case
        The case that has the log.
    log : str
        Its name. Default: the one that the case ships to be counted.
    by : str
        ``admin1``, ``admin2``, ``admin3`` or ``country`` as the source names them, ``sector`` or ``adm3`` of places of
        the case, or one of the further columns that the log kept. Default: the district, else the larger area.
    party : str
        An actor of the case, who did it or to whom it was done; or a part of a name as the source writes it.
    kind : str
        A type of the word list, or a part of the source's own word.
    until : date, optional
        The last day that is counted. Default: the last that the log covers.
    as_of : date, optional
        Count only rows that were known for certain on this day.
    finder : AreaFinder, optional
        Boundaries in which coordinates are looked up.

    Raises
    ------
    StandoffError
        For an unknown name, a day that the log does not cover, and where nothing can be counted.
    """
    about = next((one for one in case.about.logs if log in ("", one.id)), None)
    name = log or (about.id if about else "")
    file = f"{LOGS}/{name}.csv"
    reports = log_reports(case, name)
    rows = _Rows()
    for report in reports:
        if not _counts_in(case, report, party, kind):
            rows.others += 1
            continue
        if as_of is not None and (report.known_by is None or report.known_by > as_of):
            rows.unknown += 1
            continue
        area = area_of_report(case, report, by, finder, file)
        if report.date.start is None:
            rows.outside += 1
        elif not area:
            rows.no_area += 1
        else:
            rows.add(area, report.date.start, restricted=not is_free(report))
    rows.drop_few()
    if not rows.days:
        what = "no row of the log can be counted"
        if rows.unknown:
            certain = [r.known_by for r in reports if r.known_by]
            what += f": nothing in it was known for certain{f' on {day_words(as_of)}' if as_of else ''}"
            hint = (
                f"its first rows were on {day_words(min(certain))}" if certain else "it does not say when it was known"
            )
            raise StandoffError.of(what, file=file, expected="a later day, or no --as-of", hint=hint)
        asked = " and ".join(filter(None, (party and "of this party", kind and "of this type")))
        expected = f"rows with an area{asked and f', {asked}'}"
        raise StandoffError.of(what, file=file, expected=expected, hint=_ways_to_count(reports, by))
    first, end = (about.period.start, about.period.end) if about else (None, None)
    first, end = first or min(rows.days), end or max(rows.days)
    last = until or end
    if last > end:
        what = f"there are no counts after {day_words(end)}"
        raise StandoffError.of(what, file=file, expected=f"a day up to {end}")
    _check_length(first, last, file)
    rows.outside += sum(not first <= d <= last for d in rows.days)
    source = f"{about.title} ({about.credit.rstrip('.')})" if about and about.credit else f"{case.about.title}, {name}"
    what = f"incidents of the log {name}. {about.compiled}".rstrip(". ") if about and about.compiled else COMPILED
    counts = binned(rows.areas, rows.days, first, last, what=what, source=source)
    return replace(counts, notes=tuple(_steps(set(rows.days)))), rows.left()


def _counts_in(case: Case, report: Report, party: str, kind: str) -> bool:
    if kind and not is_a(report.type, kind) and kind.casefold() not in report.subtype.casefold():
        return False
    if not party:
        return True
    if party in case.actors:
        return party in map(bare, (*report.actor, *report.target))
    return any(party.casefold() in text.casefold() for text in (report.actor_written, report.target_written))


def area_of_report(case: Case, report: Report, by: str, finder: AreaFinder | None, file: str) -> str:
    """Return the area in which a report counts; empty where it names none of that size."""
    if finder is not None:
        if report.lat is None or report.lon is None or (report.accuracy_km or 0.0) >= VAGUE_KM:
            return ""
        return finder.of(report.lat, report.lon)
    if not by:
        names = report.areas[: DEPTHS["admin2"] + 1]
        return names[-1] + ("" if len(names) > DEPTHS["admin2"] else UNNAMED) if names else ""
    if by in DEPTHS:
        return report.areas[DEPTHS[by]] if len(report.areas) > DEPTHS[by] else ""
    if by in (SECTOR, "adm3"):
        place = case.places.get(report.place)
        return str(getattr(place, by)) if place else ""
    if by in report.others:
        return str(report.others[by])
    if report.others and by not in report.others:
        return ""
    expected = ", ".join((*DEPTHS, SECTOR, "adm3"))
    raise StandoffError.of(f"there is no area {by!r}", file="--by", expected=expected, hint=nearest(by, DEPTHS))


def _ways_to_count(reports: Sequence[Report], by: str) -> str:
    """Say by which areas a log can be counted, where it cannot be by the one that was asked for."""
    able = [name for name, depth in DEPTHS.items() if any(len(r.areas) > depth for r in reports)]
    return f"its rows name {', '.join(able)}, not {by}" if able and by and by not in able else ""


def count_case(
    case: Case,
    *,
    log: str = "",
    by: str = "",
    party: str = "",
    kind: str = "",
    until: date | None = None,
    as_of: date | None = None,
    finder: AreaFinder | None = None,
) -> tuple[Counts, Left]:
    """Count the incidents of a case: of the log it ships to be counted, of the ``log`` that is named, or its record.

    A case without events of its own that holds one log has that counted. ``log="record"`` asks for the record, which
    is a selection. Raises StandoffError as `count_log` and `count_record`.
    """
    options: dict[str, Any] = {"party": party, "kind": kind, "until": until, "as_of": as_of, "finder": finder}
    kept = _kept_logs(case)
    if not log and counted_log(case) is None and not case.events and len(kept) == 1:
        log = kept[0]
    if log == RECORD_WORD or (not log and counted_log(case) is None):
        return count_record(case, by=by or SECTOR, **options)
    return count_log(case, log, by=by, **options)


def incident_levels(
    what: Case | str | Path | bytes,
    *,
    by: str = "",
    horizons: Sequence[int] = HORIZONS,
    party: str = "",
    kind: str = "",
    on: date | str | None = None,
    as_of: date | str | None = None,
    log: str = "",
    number: str = "",
    dates: str | None = None,
    sheet: str | None = None,
    boundaries: str | Path | None = None,
    repair: bool = False,
    name: str = "",
    baselines: Mapping[str, Baseline] | None = None,
) -> Levels:
    """Return how many incidents to expect by area and horizon, with how such forecasts did on the past of the record.

    Parameters
    ----------
    what : Case, str, Path or bytes
        A case, or the name or folder of one; or a file of incidents with a day and an area (ACLED, UCDP GED, your own).
    by : str
        The area: a column of the file; of a log its ``admin1``, ``admin2``, ``admin3`` or ``country``; of the record
        of a case ``sector``, ``adm3`` or ``country``.
    horizons : sequence of int
        Days ahead.
    party, kind : str
        Only what this party did or suffered; only incidents of this type.
    on : date or str, optional
        The last day that is counted. Default: the last of the file, the log or the case.
    as_of : date or str, optional
        Of a case: only what was known for certain on this day.
    log : str
        Of a case: the log that is counted, or ``record``. Default: the log that it ships for that, else the record.
    number : str
        Of a file: the column that says how many incidents a row stands for.
    dates, sheet : str, optional
        Of a file: ``dmy`` or ``mdy`` where no cell decides; the sheet of a workbook.
    boundaries : str or Path, optional
        GeoJSON of areas, such as sub-districts: rows count in the one their coordinates lie in.
    repair : bool
        Mend or leave out what is not valid in the boundaries.
    name : str
        How the user calls what is counted.
    baselines : mapping of str to function, optional
        Forecasts of your own to score ours beside: each gets the counts [areas, days] before an origin and the days
        ahead, and returns what it expects [areas]. Plug-ins of the group ``standoff.baselines`` are scored unasked.

    Returns
    -------
    Levels
        What to expect, the scores, the counts, and as ``left`` what was not counted.

    Raises
    ------
    StandoffError
        For what cannot be read or counted, with what was expected.

    Examples
    --------
    >>> import standoff as so
    >>> so.incident_levels("idlib", by="admin1", horizons=[28])
    <Levels after 2019-11-30: 4 areas, [28] days>
    """
    last, certain = as_day(on, "on"), as_day(as_of, "as_of")
    case = _case_of(what)
    if boundaries is not None and by:
        text = "--by and --boundaries both say what the areas are"
        raise StandoffError.of(text, file="--by", expected="one of them")
    finder = None
    if boundaries is not None:
        region = case.about.region if case is not None else None
        finder = AreaFinder(Path(boundaries), repair=repair, region=region)
    if case is not None:
        for option, value in (("--count", number), ("--dates", dates), ("--sheet", sheet)):
            if value:
                raise StandoffError.of(f"{option} goes with a file", file=option, expected="a file in place of a case")
        refuse_errors(case)
        counts, left = count_case(
            case, log=log, by=by, party=party, kind=kind, until=last, as_of=certain, finder=finder
        )
    else:
        for option, is_there in (("--as-of", certain is not None), ("--log", bool(log))):
            if is_there:
                raise StandoffError.of(f"{option} goes with a case", file=option, expected="a case in place of a file")
        file = what if isinstance(what, bytes) else Path(str(what))
        counts, left = count_file(
            file,
            name=name,
            by=by,
            party=party,
            kind=kind,
            number=number,
            dates=dates,
            sheet=sheet,
            until=last,
            finder=finder,
        )
    if finder is not None and finder.warnings:
        counts = replace(counts, notes=(*counts.notes, *map(str, finder.warnings[:3])))
    return replace(expect(largest(counts, MOST_SHOWN), horizons, baselines), left=left)


def _case_of(what: Case | str | Path | bytes) -> Case | None:
    """Return the case that is meant; None where it is a file."""
    if isinstance(what, Case):
        return what
    if isinstance(what, bytes) or Path(what).is_file():
        return None
    if not Path(what).exists() and str(what) not in shipped() and Path(what).suffix:
        expected = f"a file, a case folder, or a shipped case: {', '.join(shipped())}"
        raise StandoffError.of("there is no such file", file=str(what), expected=expected)
    return load(what)


def largest(counts: Counts, most: int) -> Counts:
    """Return the areas with most incidents, and the others as one."""
    if len(counts.areas) <= most:
        return counts
    order = np.argsort(-counts.values.sum(1), kind="stable")
    top, rest = np.sort(order[: most - 1]), order[most - 1 :]
    values = np.concatenate([counts.values[top], counts.values[rest].sum(0, keepdims=True)])
    names = (*(counts.areas[k] for k in top), f"{len(rest)} other areas")
    return replace(counts, areas=names, values=values, together=len(rest))
