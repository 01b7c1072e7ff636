"""A Flee input folder: locations, routes, conflicts, closures, period and corrections, as people have them.

Files are read line by line (`csv_rows`), and every problem is collected in `Finds` instead of stopping at the first.
Columns stand where Flee reads them, or where the header names them. Without conflicts.csv fighting begins by
``conflict_date``; without sim_period.csv the period is asked for, or that of the reports. What is read otherwise than
it is written is a warning; what Flee models and this does not is an error, or a warning where it is to be left out.

Flee passes over a place or a country that locations.csv does not have. So does this, with a warning, unless a place of
nearly that name exists: then it is more likely misspelt, and refused. Names that differ in case, accents, blanks,
underscores and hyphens alone are one name.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from pathlib import Path

from standoff.errors import Problem, StandoffError, nearest
from standoff.files.opener import is_there, read_text
from standoff.oneline import OneLine
from standoff.people.flee.omissions import FLOODS, NEAR_NAMES, difference
from standoff.values import MOST_AT_ALL, MOST_PEOPLE, YEARS, is_year

MAX_BYTES = 64 * 2**20
LONGEST = 40  # letters of a number, and of a cell in a message
MOST_DAYS = 36_600  # of a simulation
MOST_ALIKE = 20  # errors of one kind in one file that are told one by one
KINDS = ("conflict_zone", "town", "camp", "idpcamp", "forwarding_hub", "marker")
CLOSURES = ("country", "location", "link", "camp", "idpcamp", "remove_forced_redirection")
_PAIRS = ("country", "link", "remove_forced_redirection")


@dataclass(frozen=True, slots=True, repr=False)
class FleePlace(OneLine):
    """A line of locations.csv; ``population`` is the capacity of a camp (0 = no limit) and else its residents."""

    name: str
    region: str
    country: str
    lat: float
    lon: float
    kind: str
    conflict_date: int
    population: int
    line: int
    deactivation: float = 0.0


@dataclass(frozen=True, slots=True, repr=False)
class FleeRoute(OneLine):
    """A line of routes.csv: an undirected link; ``forced`` 1 sends everybody from a to b, 2 from b to a."""

    a: str
    b: str
    km: float
    forced: int
    line: int


@dataclass(frozen=True, slots=True, repr=False)
class FleeClosure(OneLine):
    """A line of closures.csv: shut from day ``start``, open again on day ``end`` (-1 = never)."""

    kind: str
    a: str
    b: str
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True, repr=False)
class FleeChange(OneLine):
    """A line of location_changes.csv: a place is of another kind from a day on."""

    name: str
    kind: str
    day: int
    line: int


@dataclass(frozen=True, slots=True, repr=False)
class FleeFolder:
    """A whole input folder. ``conflict`` maps a place to its intensity on each day, as written."""

    path: Path
    places: tuple[FleePlace, ...]
    routes: tuple[FleeRoute, ...]
    conflict: dict[str, tuple[float, ...]]
    closures: tuple[FleeClosure, ...]
    start: date
    days: int
    corrections: tuple[tuple[str, date, int], ...]
    warnings: tuple[Problem, ...]
    without: frozenset[str] = frozenset()  # what is left out on request (`standoff.people.flee.omissions`)
    changes: tuple[FleeChange, ...] = ()
    ignore_forced_routes: bool = False  # forced redirections are read as other routes, as in Flee

    def __repr__(self) -> str:
        """Return one line."""
        what = f"{len(self.places)} places, {len(self.routes)} routes, {len(self.camps)} camps, {self.days} days"
        return f"<FleeFolder {self.path.name}: {what} from {self.start}>"

    @property
    def camps(self) -> tuple[str, ...]:
        """Names of camps and camps for internally displaced people, in the order of the file; also of later ones."""
        later = {c.name for c in self.changes if "camp" in c.kind}
        return tuple(p.name for p in self.places if "camp" in p.kind or p.name in later)


def read_folder(
    path: Path,
    days: int = 0,
    *,
    start: date | None = None,
    reported: tuple[date, date] | None = None,
    without: frozenset[str] = frozenset(),
    ignore_forced_routes: bool = False,
) -> FleeFolder:
    """Read a Flee input folder.

    Parameters
    ----------
    path
        The folder, with locations.csv and routes.csv at the least.
    days
        Length, instead of that in sim_period.csv.
    start
        First day, instead of that in sim_period.csv.
    reported
        The first and last day of the reported counts: the period of a folder that gives none.
    without
        What is left out on request (`standoff.people.flee.omissions`).
    ignore_forced_routes
        Read forced redirections as other routes: Flee 3.1 stores them and never uses them.

    Raises
    ------
    StandoffError
        With every problem found: bad numbers, unknown names, duplicates, links from a place to itself, no route,
        closures that end before they begin, what is not modelled. Fighting at a place without routes, parallel routes,
        fewer days of fighting than the period has, unused settings of a line, and what Flee passes over are warnings.
    """
    finds = Finds(without=without)
    if not path.is_dir():
        finds.error(str(path), 0, "no such folder", "a folder with locations.csv and routes.csv")
        finds.raise_errors()
    first, length = _period(path, finds, start, days, reported)
    if first and length > (date.max - first).days:
        finds.error(str(path / _period_file(path)), 0, f"{length} days from {first} pass the year 9999", "fewer")
    places = _places(path, finds)
    if not places:
        finds.raise_errors()  # every name in the other files would be unknown: the cause alone is told
    names = [p.name for p in places]
    routes = _routes(path, names, finds)
    by_date = not is_there(path / "conflicts.csv")
    changes = _changes(path, names, first, finds, by_date=by_date)
    if by_date:
        conflict = _by_date(path, places, changes, length, finds)
    else:
        conflict, length = read_conflict(path, names, length, finds, by_user=bool(days))
    links = {frozenset((r.a, r.b)) for r in routes}
    closures = read_closures(path, names, {p.country for p in places}, links, finds)
    corrections = read_corrections(path, finds)
    _unreachable(path, places, routes, conflict, finds)
    _beyond_flee(path, routes, closures, finds, ignored=ignore_forced_routes)
    if ignore_forced_routes:
        routes = [replace(r, forced=0) for r in routes]
    for name in ("flood_level.csv", "agents.csv"):
        if (path / name).exists():
            finds.warn(str(path / name), 0, "is not read: not modelled here")
    finds.raise_errors()
    return FleeFolder(
        path=path,
        places=tuple(places),
        routes=tuple(routes),
        conflict=conflict,
        closures=tuple(closures),
        start=first or date.min,
        days=length,
        corrections=tuple(corrections),
        warnings=finds.warnings,
        without=without,
        changes=tuple(changes),
        ignore_forced_routes=ignore_forced_routes,
    )


def _period(
    path: Path, finds: Finds, wish: date | None, days: int, reported: tuple[date, date] | None
) -> tuple[date | None, int]:
    """Return the first day and the length: as asked for, as in the file, or those of the reports; 0 is yet to come."""
    start, length = None, 0
    keys: set[str] = set()
    name = _period_file(path)
    there = is_there(path / name)
    for row in csv_rows(path, name, finds, needed=False):
        key = row.cell(0).lstrip("#").lower()
        if key in keys and key in ("startdate", "length"):
            finds.error(row.file, row.line, f"{row.cell(0)} is given twice", "one line each")
            continue
        keys.add(key)
        if key == "startdate":
            start = date_cell(row, 1, "StartDate", finds)
        elif key == "length":
            length = whole_cell(row, 1, "Length", finds, least=1, most=MOST_DAYS)
        else:
            finds.warn(row.file, row.line, f"{row.cell(0)!r} is not read", nearest(key, ["startdate", "length"]))
    for key, word in (("startdate", "StartDate"), ("length", "Length")):
        if key not in keys and there:
            finds.error(str(path / name), 0, f"{word} is missing", f"a line {word},...")
    if there:
        return wish or start, days or length
    file = str(path / name)
    if wish is None and reported is None:
        beside = [p.name for p in path.glob("*.csv") if "period" in p.name]
        expected = "a file with StartDate,2020-03-01 and Length,120, or --start DATE (and --days N)"
        finds.error(file, 0, "no such file, and no reports to take the period from", expected, nearest(name, beside))
        return None, days
    start = wish or (reported[0] if reported else None)
    if wish is None:
        finds.warn(file, 0, f"no such file: the first day is that of the reports, {start}", "or give --start DATE")
    if days or is_there(path / "conflicts.csv") or reported is None or start is None:
        return start, days  # 0: as many days as conflicts.csv has
    length = (reported[1] - start).days + 1
    finds.warn(file, 0, f"no such file: {length} days until the last report, {reported[1]}", "or give --days N")
    return start, max(length, 1)


def _period_file(path: Path) -> str:
    """Return the name that the period's file has here: it was called otherwise in earlier editions of Flee."""
    names = ("sim_period.csv", "conflict_period.csv")
    return next((n for n in names if (path / n).exists()), names[0])


def _places(path: Path, finds: Finds) -> list[FleePlace]:
    places: list[FleePlace] = []
    first: dict[str, tuple[int, tuple[str, ...]]] = {}
    extra: list[str] = []
    order: list[int] | None = None
    for i, row in enumerate(csv_rows(path, "locations.csv", finds)):
        if row.cell(0).startswith("#") or (i == 0 and header_of(row, (0, 3, 4, 6, 7), _PLACE_COLUMNS[0])):
            if i == 0:
                order = _order(row, _PLACE_COLUMNS, finds)
                extra = list(_in_order(row, order).cells[8:])
                for name in extra:
                    if name and name != "deactivation_probability":
                        finds.warn(row.file, row.line, f"column {name!r} has no effect here")
            continue
        row = _in_order(row, order)
        name = row.cell(0)
        if not name:
            finds.error(row.file, row.line, "a place has no name", "name,region,country,latitude,longitude,...")
            continue
        if name in first:
            line, cells = first[name]
            if cells == row.cells:
                finds.warn(row.file, row.line, f"place {name!r} is given twice, in the same words", "read once")
            else:
                what = f"place {name!r} is given twice, in other words"
                finds.error(row.file, row.line, what, "one line for each place", f"first on line {line}")
            continue
        first[name] = row.line, row.cells
        kind = _kind(row, finds)
        zone = kind == "conflict_zone"
        people = whole_cell(row, 7, "population", finds, least=0 if zone else None, blank=0)
        sink = extra.index("deactivation_probability") + 8 if "deactivation_probability" in extra else 0
        places.append(
            FleePlace(
                name=name,
                region=row.cell(1),
                country=row.cell(2) or "unknown",
                lat=_degrees(row, 3, "latitude", finds),
                lon=_degrees(row, 4, "longitude", finds),
                kind=kind,
                conflict_date=whole_cell(row, 6, "conflict_date", finds, least=None) if zone else 0,
                population=max(people, 0),  # a camp of -1 has no limit in Flee
                line=row.line,
                deactivation=decimal_cell(row, sink, "deactivation_probability", finds, 0, 1, blank=0.0)
                if sink
                else 0.0,
            )
        )
    file = str(path / "locations.csv")
    if not places and (path / "locations.csv").exists() and not finds.errors_in(file):
        finds.error(file, 0, "holds no place")
    people = sum(p.population for p in places)
    if people > MOST_AT_ALL:
        finds.error(file, 0, f"{people:,} people", f"up to {MOST_AT_ALL:,} in all places together")
    off = [p.name for p in places if abs(p.lat) > 90 or abs(p.lon) > 180]
    if off:
        what = f"{name_list(off)}: no latitude and longitude on Earth"
        finds.warn(file, 0, what, "runs do not use them; latitude comes first, in degrees")
    return places


def _degrees(row: CsvRow, column: int, label: str, finds: Finds) -> float:
    text = row.cell(column)
    try:
        value = float(text or 0.0)
        if not isfinite(value) or abs(value) > 1e6:
            raise ValueError
    except ValueError:
        finds.error(row.file, row.line, f"{label} {cell_in_short(text)}", "a number of degrees", _with_point(text))
        return 0.0
    return value


def _kind(row: CsvRow, finds: Finds, column: int = 5) -> str:
    text = row.cell(column).lower()
    for part, kind in (
        ("idp", "idpcamp"),
        ("camp", "camp"),
        ("conflict", "conflict_zone"),
        ("forward", "forwarding_hub"),
    ):
        if part in text and (part != "idp" or "camp" in text):
            return kind
    if "marker" in text:
        return "marker"
    if "town" in text or "default" in text:
        return "town"
    if "flood" in text:
        finds.unmodelled(FLOODS, row.file, row.line, f"location_type {row.cell(column)!r}", ", ".join(KINDS))
    else:
        what = f"location_type {cell_in_short(row.cell(column))}"
        finds.error(row.file, row.line, what, ", ".join(KINDS), nearest(text, KINDS))
    return "town"


def _routes(path: Path, names: list[str], finds: Finds) -> list[FleeRoute]:
    routes: list[FleeRoute] = []
    first: dict[frozenset[str], int] = {}
    known, pool = Names(names), set(names)
    order: list[int] | None = None
    rows = list(csv_rows(path, "routes.csv", finds))
    for i, row in enumerate(rows):
        if row.cell(0).startswith("#") or (i == 0 and header_of(row, (0, 2, 3), _ROUTE_COLUMNS[0])):
            if i == 0:
                order = _order(row, _ROUTE_COLUMNS, finds, _is_forced(row, rows[1:]))
                for column in _in_order(row, order).cells[4:]:
                    if column:
                        finds.warn(row.file, row.line, f"column {column!r} has no effect here")
            continue
        row = _in_order(row, order)
        a, b = (known.written(row, row.cell(c), finds) for c in (0, 1))
        good = [is_name(row, x, pool, "place", finds) for x in (a, b)]
        km = decimal_cell(row, 2, "distance", finds, 0, 20000)
        forced = whole_cell(row, 3, "forced_redirection", finds, blank=0)
        if forced not in (0, 1, 2):
            finds.error(row.file, row.line, f"forced_redirection {forced}", "0, 1 or 2")
        if a == b:
            finds.error(row.file, row.line, f"a route from {a!r} to itself")
        if frozenset((a, b)) in first:
            hint = f"also on line {first[frozenset((a, b))]}; both count, people travel the first one's distance"
            finds.warn(row.file, row.line, f"a second route between {a!r} and {b!r}", hint)
        first.setdefault(frozenset((a, b)), row.line)
        if all(good):
            routes.append(FleeRoute(a, b, km, forced, row.line))
    file = str(path / "routes.csv")
    if not first and (path / "routes.csv").exists() and not finds.errors_in(file):
        finds.error(file, 0, "holds no route", "name1,name2,distance")
    return routes


# The columns that Flee reads, in its order, with the names that headers give them.
_PLACE_COLUMNS = (
    ("name", "location", "location_name", "city", "place"),
    ("region", "admin1"),
    ("country",),
    ("latitude", "lat", "gps_x"),
    ("longitude", "lon", "long", "lng", "gps_y"),
    ("location_type", "type", "loc_type"),
    ("conflict_date",),
    ("population", "pop/cap", "pop", "pop_cap", "population/capacity", "capacity"),
)
_ROUTE_COLUMNS = (
    ("name1", "location1", "name", "from", "endpoint1"),
    ("name2", "location2", "to", "endpoint2"),
    ("distance", "km", "distance_km", "length"),
    ("forced_redirection", "forced", "redirection"),
)


def _order(header: CsvRow, columns: Sequence[tuple[str, ...]], finds: Finds, last: bool = True) -> list[int] | None:
    """Return where each column stands by its name in the header, then the others; None where all stand as in Flee.

    ``last`` False: what stands in the place of the last column is another.
    """
    words = [cell.lstrip("#").strip().lower().replace(" ", "_") for cell in header.cells]
    found = [next((i for i, word in enumerate(words) if word in names), None) for names in columns]
    taken = {i for i in found if i is not None}
    order = []
    for k, at in enumerate(found):
        if at is None:  # without a name it stands where Flee reads it, unless another column stands there
            at = k if k not in taken and (last or k < len(columns) - 1) else -1
        order.append(at)
    if order == list(range(len(columns))):
        return None
    if all(at in (k, -1) for k, at in enumerate(order)):
        word = header.cell(len(columns) - 1)
        finds.warn(
            header.file, header.line, f"column {word!r} has no effect here", "Flee reads it as forced_redirection"
        )
        rest = range(len(columns), len(words))
    else:
        finds.warn(header.file, header.line, "columns stand in another order than in Flee", "read by their names")
        rest = range(len(words))
    return order + [i for i in rest if i not in order]


def _in_order(row: CsvRow, order: Sequence[int] | None) -> CsvRow:
    if order is None:
        return row
    return CsvRow(row.file, row.line, tuple(row.cell(i) if i >= 0 else "" for i in order))


def _is_forced(header: CsvRow, rows: Sequence[CsvRow]) -> bool:
    """Whether the fourth column of routes.csv is the forced redirection: by its name, or by what stands in it."""
    word = header.cell(3).lstrip("#").strip().lower()
    if not word or word in _ROUTE_COLUMNS[3]:
        return True
    return all(row.cell(3) in ("", "0", "1", "2") for row in rows if not row.cell(0).startswith("#"))


_CHANGE_COLUMNS = (
    ("name", "location", "location_name", "place"),
    ("location_type", "type", "kind", "new_type", "new_location_type"),
    ("day", "date", "time", "from", "start", "change_date"),
)


def _changes(path: Path, names: list[str], start: date | None, finds: Finds, *, by_date: bool) -> list[FleeChange]:
    """Read location_changes.csv: name, type and the day (or date) from which the place is of that type.

    ``by_date`` says that there is no conflicts.csv; where there is one, it alone says where fighting is.
    """
    known, pool = Names(names), set(names)
    order: list[int] | None = None
    out: list[FleeChange] = []
    for i, row in enumerate(csv_rows(path, "location_changes.csv", finds, needed=False)):
        if row.cell(0).startswith("#") or (i == 0 and not any(c.isdigit() for c in row.cell(2))):
            if i == 0:
                order = _order(row, _CHANGE_COLUMNS, finds)
                for column in filter(None, _in_order(row, order).cells[3:]):
                    finds.warn(row.file, row.line, f"column {column!r} has no effect here")
            continue
        row = _in_order(row, order)
        name = known.written(row, row.cell(0), finds)
        good = is_name(row, name, pool, "place", finds)
        kind = _kind(row, finds, 1)
        day: int | None
        if "-" in row.cell(2)[1:]:
            on = date_cell(row, 2, "day", finds)
            day = (on - start).days if on and start else None
        else:
            day = whole_cell(row, 2, "day", finds, least=None)
        if kind == "conflict_zone" and not by_date:
            finds.warn(
                row.file,
                row.line,
                f"{name!r} becomes a conflict_zone: no effect",
                "conflicts.csv says where fighting is",
            )
        elif kind == "marker":
            finds.error(row.file, row.line, f"{name!r} becomes a marker", ", ".join(k for k in KINDS if k != kind))
        elif good and day is not None:
            out.append(FleeChange(name, kind, day, row.line))
    return sorted(out, key=lambda c: (c.day, c.line))


def _by_date(
    path: Path, places: Sequence[FleePlace], changes: Sequence[FleeChange], days: int, finds: Finds
) -> dict[str, tuple[float, ...]]:
    """Return fighting by ``conflict_date`` of locations.csv: from that day on, until the place changes."""
    file = str(path / "conflicts.csv")
    later: dict[str, list[FleeChange]] = {}
    for change in changes:
        later.setdefault(change.name, []).append(change)
    zones = [
        p for p in places if p.kind == "conflict_zone" or any(c.kind == "conflict_zone" for c in later.get(p.name, ()))
    ]
    if not zones:
        expected = "#Day,PLACE,... and a line for each day, or places of the type conflict_zone"
        finds.error(file, 0, "no such file, and no place of locations.csv is a conflict_zone", expected)
    if not days:
        finds.error(file, 0, "no such file: the number of days is not known", "--days N, or Length in sim_period.csv")
        return {}
    late = sum(p.kind == "conflict_zone" and p.conflict_date >= days for p in zones)
    what = (
        f"no such file: fighting begins by conflict_date in locations.csv (places: {len(zones)}) and goes on to the end"
    )
    finds.warn(file, 0, what, f"{late} of them after the last day" if late else "")
    out = {}
    for p in zones:
        before = min(max(p.conflict_date, 0), days) if p.kind == "conflict_zone" else days
        level = [0.0] * before + [1.0] * (days - before)
        for change in later.get(p.name, ()):
            on = max(change.day, 0)
            level[on:] = [1.0 if change.kind == "conflict_zone" else 0.0] * max(days - on, 0)
        out[p.name] = tuple(level)
    return out


def read_corrections(path: Path, finds: Finds) -> list[tuple[str, date, int]]:
    """Read the dates of re-registration; whether a series of that name is there is for `read_series` to see."""
    corrections = []
    for row in csv_rows(path, "registration_corrections.csv", finds, needed=False):
        if row.cell(0).startswith("#"):
            continue
        on = date_cell(row, 1, "date", finds)
        if on is not None:
            corrections.append((row.cell(0), on, row.line))
    return corrections


def read_conflict(
    path: Path, names: Sequence[str], days: int, finds: Finds, *, by_user: bool = False
) -> tuple[dict[str, tuple[float, ...]], int]:
    """Read conflicts.csv: the intensity of each place by day, as written, and how many days are run.

    ``days`` is the length of the period, 0 where it is not known; ``by_user`` says that the user gave it. Where a file
    has fewer days it is run as far as it goes, with a warning. Notes places given twice, numbers that are none or
    negative, and misspelt places with fighting.
    """
    header: CsvRow | None = None
    columns: dict[str, list[float]] = {}
    heads: list[str] = []
    count, odd = 0, None
    for row in csv_rows(path, "conflicts.csv", finds):
        if header is None:
            header = row
            known = Names(names)
            for name in row.cells[1:]:
                other = known.like(name)
                heads.append(other if other and other not in row.cells else name)
                if heads[-1] != name:
                    known.written(row, name, finds)
            for name in filter(None, heads):
                if name in columns:
                    finds.error(row.file, row.line, f"place {name!r} is given twice")
                columns[name] = []
            continue
        if row.cell(0) != str(count) and odd is None:
            odd = row
            what = f"day {row.cell(0)!r} where day {count} was expected"
            finds.warn(row.file, row.line, what, "all lines are read by position")
        for i, name in enumerate(heads, start=1):
            if name:
                columns[name].append(decimal_cell(row, i, f"intensity of {name!r}", finds, 0, 1e6))
        count += 1
    file = str(path / "conflicts.csv")
    if header is None:
        if not finds.errors_in(file):
            finds.error(file, 0, "holds no day of fighting", "#Day,PLACE,... and a line for each day")
        return {}, days
    if count < days:
        what = f"{count} days of fighting"
        if by_user or not count:
            finds.error(file, count + 1, what, f"{days}, the length of the simulation", f"run {count} days")
        else:
            finds.warn(file, count + 1, f"{what}, and a period of {days}", f"{count} days are run")
    days = min(days, count) or days or count
    _strangers(header, columns, names, days, finds)
    return {name: tuple(values[:days]) for name, values in columns.items() if name in names}, days


def _strangers(header: CsvRow, columns: dict[str, list[float]], names: Sequence[str], days: int, finds: Finds) -> None:
    """Refuse misspelt places of fighting; warn of those that the folder does not have."""
    fought, quiet = [], []
    free = [n for n in names if n not in columns]  # a place that has its own column is not meant by another
    for name in (n for n in columns if n not in names):
        meant = near_name(name, free)
        if not any(columns[name][:days]):
            quiet.append(name)
        elif meant and NEAR_NAMES not in finds.without:
            hint = f"did you mean {meant!r}? Flee leaves it out, as --without {NEAR_NAMES} does"
            finds.error(header.file, header.line, f"place {name!r} is not known", hint=hint)
        else:
            fought.append(name)
    if fought:
        what = f"fighting at {name_list(fought)}: not in locations.csv"
        finds.warn(header.file, header.line, what, "left out, as in Flee")
    if quiet:
        what = f"{name_list(quiet)}: not in locations.csv"
        finds.warn(header.file, header.line, what, "nothing is left out: no fighting there")


def read_closures(
    path: Path,
    names: Collection[str],
    countries: Collection[str],
    links: Collection[frozenset[str]],
    finds: Finds,
) -> list[FleeClosure]:
    """Read closures.csv. What Flee passes over (no such place, no such link, before the first day) is a warning."""
    closures = []
    places, lands = Names(names), Names(countries)
    for i, row in enumerate(csv_rows(path, "closures.csv", finds, needed=False)):
        if row.cell(0).startswith("#") or (i == 0 and header_of(row, (0, 3, 4), ("closure_type", "type"))):
            continue
        kind = row.cell(0).lower()
        of = lands if kind == "country" else places
        a, b = (of.written(row, row.cell(c), finds) for c in (1, 2))
        if kind not in CLOSURES:
            finds.error(
                row.file, row.line, f"closure_type {row.cell(0)!r}", ", ".join(CLOSURES), nearest(kind, CLOSURES)
            )
            continue
        start = whole_cell(row, 3, "closure_start", finds, least=None)
        end = whole_cell(row, 4, "closure_end", finds, least=-1, blank=-1)
        if not _ends_known(row, kind, (a, b) if kind in _PAIRS else (a,), names, countries, finds):
            continue
        if kind in ("link", "remove_forced_redirection") and frozenset((a, b)) not in links:
            finds.warn(row.file, row.line, f"no route between {a!r} and {b!r}", "no effect")
            continue
        if start < 0:
            what = f"begins on day {start}: never shut, as in Flee"
            finds.warn(row.file, row.line, what, "0 is the first day")
        elif end == 0 < start:
            finds.warn(row.file, row.line, "ends on day 0, before it begins: read as never", "-1 for never")
            end = -1
        elif end != -1 and end < start:
            finds.error(row.file, row.line, f"ends on day {end}, before it begins on day {start}", "-1 for never")
        elif end == start:
            finds.warn(row.file, row.line, "opens again on the day it shuts: no effect")
        closures.append(FleeClosure(kind, a, b, start, end, row.line))
    return closures


def _ends_known(
    row: CsvRow, kind: str, ends: Sequence[str], names: Collection[str], countries: Collection[str], finds: Finds
) -> bool:
    pool, label = (countries, "country") if kind == "country" else (names, "place")
    strange = [x for x in ends if x not in pool]
    for x in strange:
        if (near_name(x, pool) or kind in ("camp", "idpcamp")) and NEAR_NAMES not in finds.without:
            is_name(row, x, sorted(pool), label, finds)
        else:
            finds.warn(row.file, row.line, f"{label} {x!r} is not in locations.csv", "no effect, as in Flee")
    return not strange


def _beyond_flee(
    path: Path, routes: list[FleeRoute], closures: list[FleeClosure], finds: Finds, *, ignored: bool
) -> None:
    """Warn of what Flee reads and does nothing with, since the run then differs from Flee's."""
    forced = [r.line for r in routes if r.forced]
    if forced and ignored:
        what = f"{len(forced)} of the routes are forced, and are read as any other"
        finds.warn(str(path / "routes.csv"), forced[0], what, "as Flee 3.1 does, which stores this and never reads it")
    elif forced:
        what = f"{len(forced)} of the routes are forced: all who leave the one place take it, so the run is not Flee's"
        hint = "Flee 3.1 stores this and never reads it; --ignore-forced-routes runs as Flee does"
        finds.warn(str(path / "routes.csv"), forced[0], what, hint)
    links = [c.line for c in closures if c.kind == "link"]
    if links:
        what = f"{len(links)} of the closures are of single links, and shut them"
        finds.warn(str(path / "closures.csv"), links[0], what, "in Flee 3.1 they change nothing")


def _unreachable(
    path: Path, places: list[FleePlace], routes: list[FleeRoute], conflict: dict[str, tuple[float, ...]], finds: Finds
) -> None:
    linked = {x for r in routes for x in (r.a, r.b)}
    for place in places:
        fights = place.kind == "conflict_zone" or any(conflict.get(place.name, ()))
        if place.name not in linked:
            what = "fighting at" if fights else "nobody can reach or leave"
            finds.warn(str(path / "locations.csv"), place.line, f"{what} {place.name!r}, which no route touches")


@dataclass(slots=True, repr=False)
class Finds(OneLine):
    """What was found wrong so far; `raise_errors` stops the reading if anything is an error.

    ``without`` is what is left out on request; ``often`` is what is read otherwise than written, by file: it may stand
    in thousands of cells, and is one warning.
    """

    problems: list[Problem] = field(default_factory=list)
    without: frozenset[str] = frozenset()
    often: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)

    def error(self, file: str, line: int, what: str, expected: str = "", hint: str = "") -> None:
        """Note something that has to be mended before the folder can be used."""
        self.problems.append(Problem(file, line, what, expected, hint))

    def warn(self, file: str, line: int, what: str, hint: str = "") -> None:
        """Note something that can be used but is likely not meant."""
        self.problems.append(Problem(file, line, what, hint=hint, severity="warning"))

    def unmodelled(self, word: str, file: str, line: int, what: str, expected: str) -> None:
        """Note what Flee models and this does not: an error, or a warning where it is left out on request."""
        if word in self.without:
            self.warn(file, line, f"{what} is left out: {difference(word)}")
        else:
            self.error(file, line, what, expected, f"not modelled here; --without {word} runs without it")

    def again(self, file: str, line: int, text: str, done: str) -> None:
        """Note a cell that is read otherwise than it is written, together with others of its kind in the file."""
        self.often.setdefault((file, done), []).append((line, text))

    def raise_errors(self) -> None:
        """Raise `StandoffError` with all errors if there is one; warnings are shown when nothing else is wrong."""
        errors = [p for p in self.problems if p.severity == "error"]
        if errors:
            raise StandoffError(once_alike(errors, MOST_ALIKE) if len(errors) > MOST_ALIKE else errors)

    def errors_in(self, file: str) -> bool:
        """Return whether an error of this file was noted."""
        return any(p.file == file and p.severity == "error" for p in self.problems)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return the warnings, by file and line."""
        warnings = once_alike([p for p in self.problems if p.severity == "warning"])
        for (file, done), cells in self.often.items():
            line, text = cells[0]
            more = f" and {len(cells) - 1} more" if len(cells) > 1 else ""
            warnings.append(Problem(file, line, f"{cell_in_short(text)}{more} {done}", severity="warning"))
        return tuple(sorted(warnings, key=lambda p: p.sort_key))


def once_alike(problems: Sequence[Problem], most: int = 1) -> list[Problem]:
    """Return problems with those of a kind and file beyond the first ``most`` as a count: names and numbers differ."""
    kinds: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        what, hint = (re.sub(r"'[^']*'|\"[^\"]*\"|\d[\d.,-]*", "*", text) for text in (problem.what, problem.hint))
        kinds.setdefault((problem.file, what, hint), []).append(problem)
    out = []
    for alike in kinds.values():
        out += alike[:most]
        if (more := len(alike) - most) > 0:
            last = alike[most - 1]
            lines = [p.line for p in alike[most:] if p.line != last.line]
            until = f", the last on line {max(lines)}" if lines else ""
            out[-1] = replace(last, what=f"{last.what}, and {more:,} more such{until}")
    return out


@dataclass(frozen=True, slots=True, repr=False)
class CsvRow(OneLine):
    """One line of a file, with its cells stripped of blanks."""

    file: str
    line: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """Return a cell, empty when the line is too short."""
        return self.cells[column] if column < len(self.cells) else ""


def csv_rows(folder: Path, name: str, finds: Finds, *, needed: bool = True) -> Iterator[CsvRow]:
    """Yield the lines of ``folder/name`` that hold anything, comments included; notes a missing or unreadable file.

    Only plain files that lie in the folder are opened, also where a file of it names others.
    """
    path = folder / name
    if not is_there(path):
        if needed:
            beside = [p.name for p in folder.glob("*.csv")] if folder.is_dir() else []
            finds.error(str(path)[:300], 0, "no such file", hint=nearest(name, beside))
        return
    try:
        text = read_text(path, str(path), MAX_BYTES, within=folder)
    except StandoffError as error:
        finds.problems += error.problems
        return
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            texts = tuple(unicodedata.normalize("NFC", c).strip() if not c.isascii() else c.strip() for c in cells)
            if any(texts):
                yield CsvRow(str(path), reader.line_num, texts)
    except csv.Error as problem:
        finds.error(str(path), reader.line_num, f"cannot be read: {problem}", "cells separated by commas")


def header_of(row: CsvRow, columns: Sequence[int], words: Collection[str]) -> bool:
    """Return whether a file's first line is a header without its ``#``: words in place of all that must be numbers.

    ``columns`` are that of the name, which must be one of ``words``, and those of numbers.
    """
    first, *numbers = (row.cell(c) for c in columns)
    return first.lower() in words and not any(re.search(r"\d", x) for x in numbers)


def whole_cell(
    row: CsvRow,
    column: int,
    label: str,
    finds: Finds,
    *,
    least: int | None = 0,
    most: int = MOST_PEOPLE,
    blank: int | None = None,
) -> int:
    """Return the whole number in a cell (or ``blank`` for an empty one), noting anything else."""
    text = row.cell(column)
    if not text and blank is not None:
        return blank
    try:
        value = _whole(_plain(row, text, finds)) if len(text) <= LONGEST else most + 1
    except ValueError:
        hint = (
            f"write {text.replace('.', '')}, or without its decimals"
            if re.fullmatch(r"\d{1,3}(\.\d{3})+", text)
            else ""
        )
        finds.error(row.file, row.line, f"{label} {cell_in_short(text)}", "a whole number", hint)
        return least or 0
    if least is not None and value < least:
        finds.error(row.file, row.line, f"{label} {value}", f"a whole number of {least} or more")
        return least
    if abs(value) > most:
        finds.error(row.file, row.line, f"{label} {cell_in_short(text)}", f"a whole number of up to {most:,}")
        return most
    return value


_GROUPS = re.compile(r"[+-]?\d{1,3}(?:([,'’ \u00a0\u202f])\d{3})(?:\1\d{3})*(\.\d+)?", re.ASCII)


def _plain(row: CsvRow, text: str, finds: Finds) -> str:
    """Return a number without the separators between its thousands, where it is written with them."""
    match = _GROUPS.fullmatch(text)
    if match is None or text.startswith(("0", "-0", "+0")):
        return text
    finds.again(row.file, row.line, text, "with a separator of thousands: read without it")
    return text.replace(match[1], "")


def _whole(text: str) -> int:
    """Return a whole number, also one that a spreadsheet wrote as 600.0. Raises ValueError for anything else."""
    try:
        return int(text)
    except ValueError:
        value = float(text) if re.fullmatch(r"[+-]?\d+(\.(?!000\Z)0*)?([eE]\+?\d{1,2})?", text, re.ASCII) else 0.5
        if not value.is_integer():
            raise ValueError from None
        return int(value)


def _with_point(text: str) -> str:
    """Return a hint for a number with a decimal comma."""
    return f"write {text.replace(',', '.')}" if re.fullmatch(r"[+-]?\d+,\d+", text, re.ASCII) else ""


def decimal_cell(
    row: CsvRow, column: int, label: str, finds: Finds, low: float, high: float, *, blank: float | None = None
) -> float:
    """Return the number in a cell, noting what is not one between ``low`` and ``high``."""
    text = row.cell(column)
    if not text and blank is not None:
        return blank
    try:
        value = float(_plain(row, text, finds))
    except ValueError:
        expected = f"a number between {low:g} and {high:g}"
        finds.error(row.file, row.line, f"{label} {cell_in_short(text)}", expected, _with_point(text))
        return max(low, 0.0)
    if not low <= value <= high:  # nan is not, either
        finds.error(row.file, row.line, f"{label} {text[:LONGEST]}", f"a number between {low:g} and {high:g}")
        return max(low, 0.0)
    return value


def date_cell(row: CsvRow, column: int, label: str, finds: Finds) -> date | None:
    """Return the date in a cell, noting anything but YYYY-MM-DD, and years that no date may have."""
    text = row.cell(column)
    try:
        if not re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text, re.ASCII):  # Flee reads 2012-2-9 too
            raise ValueError
        day = date(*map(int, text.split("-")))
    except ValueError:
        finds.error(row.file, row.line, f"{label} {cell_in_short(text)}", "a date as YYYY-MM-DD, such as 2012-02-29")
        return None
    if not is_year(day.year):
        finds.error(row.file, row.line, f"{label} {text}", f"a date as YYYY-MM-DD, {YEARS}")
    return day


def is_name(row: CsvRow, name: str, names: Iterable[str], label: str, finds: Finds) -> bool:
    """Return whether ``name`` is one of ``names``, noting the nearest one when it is not."""
    names = names if isinstance(names, set) else list(names)
    if name in names:
        return True
    finds.error(row.file, row.line, f"{label} {cell_in_short(name)} is not known", hint=nearest(name, names))
    return False


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in letters if not unicodedata.combining(c)))


class Names:
    """Names of places or countries: one that differs in case, accents, blanks, underscores and hyphens is the same."""

    def __init__(self, names: Iterable[str]) -> None:
        self.exact = set(names)
        folded: dict[str, set[str]] = {}
        for name in self.exact:
            folded.setdefault(_folded(name), set()).add(name)
        self.alike: Mapping[str, str] = {k: v.pop() for k, v in folded.items() if k and len(v) == 1}

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Names: {len(self.exact)}>"

    def like(self, name: str) -> str:
        """Return the one name that this is, in other signs; empty where it is a name itself, or none is like it."""
        return "" if name in self.exact else self.alike.get(_folded(name), "")

    def written(self, row: CsvRow, name: str, finds: Finds) -> str:
        """Return a name as locations.csv has it, noting where it is written otherwise; one that is none as it is."""
        other = self.like(name)
        if not other:
            return name
        finds.again(row.file, row.line, name, f"read as {other!r}: Flee takes them for two places")
        return other


def near_name(name: str, names: Iterable[str]) -> str:
    """Return the one of ``names`` that is a letter off (two in names of eight or more), or an empty string."""
    matches = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    if not matches:
        return ""
    longest = max(len(name), len(matches[0]))
    same = sum(
        b.size for b in difflib.SequenceMatcher(None, name.casefold(), matches[0].casefold()).get_matching_blocks()
    )
    return matches[0] if longest - same <= (2 if longest >= 8 else 1) else ""


def name_list(names: Sequence[str], most: int = 5) -> str:
    """Return the first names of a list, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(repr(n) for n in names[:most]) + more


def cell_in_short(text: str) -> str:
    """Return a cell as a message shows it."""
    return repr(text) if len(text) <= LONGEST else f"{text[:LONGEST]!r}..."
