"""A Flee input folder: locations, routes, conflicts, closures, period and corrections, read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path

from standoff.case.check import MOST_AT_ALL
from standoff.errors import Problem, nearest
from standoff.exchange.flee.dated import FleeClosure, read_closures, read_conflict
from standoff.exchange.flee.rows import Finds, Row, day_of, header_of, known, number, rows, shortened, shown, whole

MOST_DAYS = 36_600  # of a simulation
KINDS = ("conflict_zone", "town", "camp", "idpcamp", "forwarding_hub", "marker")


@dataclass(frozen=True, slots=True)
class FleePlace:
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


@dataclass(frozen=True, slots=True)
class FleeRoute:
    """A line of routes.csv: an undirected link; ``forced`` 1 sends everybody from a to b, 2 from b to a."""

    a: str
    b: str
    km: float
    forced: int
    line: int


@dataclass(frozen=True, slots=True)
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

    @property
    def camps(self) -> tuple[str, ...]:
        """Names of camps and camps for internally displaced people, in the order of the file."""
        return tuple(p.name for p in self.places if "camp" in p.kind)


def read_folder(path: Path, days: int = 0) -> FleeFolder:
    """Read a Flee input folder; ``days`` above 0 overrides the length in sim_period.csv.

    Raises `StandoffError` with every problem found: bad numbers, unknown names, duplicates, links from a place to
    itself, no route, too few days of fighting, closures that end before they begin. Fighting at a place without routes,
    parallel routes, unused settings of a line, and what Flee passes over are warnings.
    """
    finds = Finds()
    if not path.is_dir():
        finds.error(str(path), 0, "no such folder", "a folder with locations.csv and routes.csv")
        finds.raise_errors()
    start, length = _period(path, finds)
    if start and (days or length) > (date.max - start).days:
        finds.error(
            str(path / _period_file(path)), 0, f"{days or length} days from {start} pass the year 9999", "fewer"
        )
    places = _places(path, finds)
    if not places:
        finds.raise_errors()  # every name in the other files would be unknown: the cause alone is told
    names = [p.name for p in places]
    routes = _routes(path, names, finds)
    conflict = read_conflict(path, names, days or length, finds)
    links = {frozenset((r.a, r.b)) for r in routes}
    closures = read_closures(path, names, {p.country for p in places}, links, finds)
    corrections = _corrections(path, finds)
    _unreachable(path, places, routes, conflict, finds)
    _beyond_flee(path, routes, closures, finds)
    if (path / "location_changes.csv").exists():
        finds.warn(
            str(path / "location_changes.csv"), 0, "is not read", "use a closure of type camp to open or close one"
        )
    finds.raise_errors()
    return FleeFolder(
        path=path,
        places=tuple(places),
        routes=tuple(routes),
        conflict=conflict,
        closures=tuple(closures),
        start=start or date.min,
        days=days or length,
        corrections=tuple(corrections),
        warnings=finds.warnings,
    )


def _period(path: Path, finds: Finds) -> tuple[date | None, int]:
    start, length = None, 0
    seen: set[str] = set()
    name = _period_file(path)
    for row in rows(path, name, finds):
        key = row.cell(0).lstrip("#").lower()
        if key in seen and key in ("startdate", "length"):
            finds.error(row.file, row.line, f"{row.cell(0)} is given twice", "one line each")
            continue
        seen.add(key)
        if key == "startdate":
            start = day_of(row, 1, "StartDate", finds)
        elif key == "length":
            length = whole(row, 1, "Length", finds, least=1, most=MOST_DAYS)
        else:
            finds.warn(row.file, row.line, f"{row.cell(0)!r} is not read", nearest(key, ["startdate", "length"]))
    for key, word in (("startdate", "StartDate"), ("length", "Length")):
        if key not in seen and (path / name).exists():
            finds.error(str(path / name), 0, f"{word} is missing", f"a line {word},...")
    return start, length


def _period_file(path: Path) -> str:
    """Return the name that the period's file has here: it was called otherwise in earlier editions of Flee."""
    names = ("sim_period.csv", "conflict_period.csv")
    return next((n for n in names if (path / n).exists()), names[0])


def _places(path: Path, finds: Finds) -> list[FleePlace]:
    found: list[FleePlace] = []
    first: dict[str, int] = {}
    extra: list[str] = []
    for i, row in enumerate(rows(path, "locations.csv", finds)):
        if row.cell(0).startswith("#") or (i == 0 and header_of(row, (0, 3, 4, 6, 7), ("name", "location"))):
            extra += row.cells[8:]
            for name in row.cells[8:]:
                if name and name != "deactivation_probability":
                    finds.warn(row.file, row.line, f"column {name!r} has no effect here")
            continue
        name = row.cell(0)
        if name in first:
            finds.error(row.file, row.line, f"place {name!r} is given twice", hint=f"first on line {first[name]}")
            continue
        first[name] = row.line
        kind = _kind(row, finds)
        zone = kind == "conflict_zone"
        people = whole(row, 7, "population", finds, least=0 if zone else None, blank=0)
        sink = extra.index("deactivation_probability") + 8 if "deactivation_probability" in extra else 0
        found.append(
            FleePlace(
                name=name,
                region=row.cell(1),
                country=row.cell(2) or "unknown",
                lat=_degrees(row, 3, "latitude", finds),
                lon=_degrees(row, 4, "longitude", finds),
                kind=kind,
                conflict_date=whole(row, 6, "conflict_date", finds, least=None) if zone else 0,
                population=max(people, 0),  # a camp of -1 has no limit in Flee
                line=row.line,
                deactivation=number(row, sink, "deactivation_probability", finds, 0, 1, blank=0.0) if sink else 0.0,
            )
        )
    file = str(path / "locations.csv")
    if not found and (path / "locations.csv").exists() and not finds.errors_in(file):
        finds.error(file, 0, "holds no place")
    people = sum(p.population for p in found)
    if people > MOST_AT_ALL:
        finds.error(file, 0, f"{people:,} people", f"up to {MOST_AT_ALL:,} in all places together")
    off = [p.name for p in found if abs(p.lat) > 90 or abs(p.lon) > 180]
    if off:
        what = f"{shortened(off)}: no latitude and longitude on Earth"
        finds.warn(file, 0, what, "runs do not use them; latitude comes first, in degrees")
    return found


def _degrees(row: Row, column: int, label: str, finds: Finds) -> float:
    text = row.cell(column)
    try:
        value = float(text or 0.0)
        if not isfinite(value) or abs(value) > 1e6:
            raise ValueError
    except ValueError:
        finds.error(row.file, row.line, f"{label} {shown(text)}", "a number of degrees")
        return 0.0
    return value


def _kind(row: Row, finds: Finds) -> str:
    text = row.cell(5).lower()
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
    why = "flood zones are not modelled" if "flood" in text else nearest(text, KINDS)
    finds.error(row.file, row.line, f"location_type {row.cell(5)!r}", ", ".join(KINDS), why)
    return "town"


def _routes(path: Path, names: list[str], finds: Finds) -> list[FleeRoute]:
    found: list[FleeRoute] = []
    first: dict[frozenset[str], int] = {}
    for i, row in enumerate(rows(path, "routes.csv", finds)):
        if row.cell(0).startswith("#") or (i == 0 and header_of(row, (0, 2, 3), ("name1", "location1", "name"))):
            for column in row.cells[4:]:
                if column:
                    finds.warn(row.file, row.line, f"column {column!r} has no effect here")
            continue
        a, b = row.cell(0), row.cell(1)
        good = [known(row, x, names, "place", finds) for x in (a, b)]
        km = number(row, 2, "distance", finds, 0, 20000)
        forced = whole(row, 3, "forced_redirection", finds, blank=0)
        if forced not in (0, 1, 2):
            finds.error(row.file, row.line, f"forced_redirection {forced}", "0, 1 or 2")
        if a == b:
            finds.error(row.file, row.line, f"a route from {a!r} to itself")
        if frozenset((a, b)) in first:
            hint = f"also on line {first[frozenset((a, b))]}; both count, people travel the first one's distance"
            finds.warn(row.file, row.line, f"a second route between {a!r} and {b!r}", hint)
        first.setdefault(frozenset((a, b)), row.line)
        if all(good):
            found.append(FleeRoute(a, b, km, forced, row.line))
    file = str(path / "routes.csv")
    if not first and (path / "routes.csv").exists() and not finds.errors_in(file):
        finds.error(file, 0, "holds no route", "name1,name2,distance")
    return found


def _corrections(path: Path, finds: Finds) -> list[tuple[str, date, int]]:
    """Read the dates of re-registration; whether a series of that name is there is for `read_series` to see."""
    found = []
    for row in rows(path, "registration_corrections.csv", finds, needed=False):
        if row.cell(0).startswith("#"):
            continue
        on = day_of(row, 1, "date", finds)
        if on is not None:
            found.append((row.cell(0), on, row.line))
    return found


def _beyond_flee(path: Path, routes: list[FleeRoute], closures: list[FleeClosure], finds: Finds) -> None:
    """Warn of what Flee reads and does nothing with, since the run then differs from Flee's."""
    forced = [r.line for r in routes if r.forced]
    if forced:
        what = f"{len(forced)} of the routes are forced: all who leave the one place take it"
        finds.warn(str(path / "routes.csv"), forced[0], what, "Flee 3.1 stores this and never reads it")
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
