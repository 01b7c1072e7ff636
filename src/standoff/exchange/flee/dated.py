"""What changes by day in a Flee folder: conflicts.csv and closures.csv.

Flee passes over a place or a country that locations.csv does not have. So does this, with a warning, unless a place of
nearly that name exists: then it is more likely misspelt, and refused.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from standoff.errors import nearest
from standoff.exchange.flee.rows import Finds, Row, header_of, known, misspelt, number, rows, shortened, whole

CLOSURES = ("country", "location", "link", "camp", "idpcamp", "remove_forced_redirection")
_PAIRS = ("country", "link", "remove_forced_redirection")


@dataclass(frozen=True, slots=True)
class FleeClosure:
    """A line of closures.csv: shut from day ``start``, open again on day ``end`` (-1 = never)."""

    kind: str
    a: str
    b: str
    start: int
    end: int
    line: int


def read_conflict(path: Path, names: Sequence[str], days: int, finds: Finds) -> dict[str, tuple[float, ...]]:
    """Read conflicts.csv: the intensity of each place by day, as written.

    Notes places given twice, numbers that are none or negative, misspelt places with fighting, and too few days.
    """
    header: Row | None = None
    columns: dict[str, list[float]] = {}
    count, odd = 0, None
    for row in rows(path, "conflicts.csv", finds):
        if header is None:
            header = row
            for name in filter(None, row.cells[1:]):
                if name in columns:
                    finds.error(row.file, row.line, f"place {name!r} is given twice")
                columns[name] = []
            continue
        if row.cell(0) != str(count) and odd is None:
            odd = row
            what = f"day {row.cell(0)!r} where day {count} was expected"
            finds.warn(row.file, row.line, what, "all lines are read by position")
        for i, name in enumerate(header.cells[1:], start=1):
            if name:
                columns[name].append(number(row, i, f"intensity of {name!r}", finds, 0, 1e6))
        count += 1
    file = str(path / "conflicts.csv")
    if header is None:
        if (path / "conflicts.csv").exists() and not finds.errors_in(file):
            finds.error(file, 0, "holds no day of fighting", "#Day,PLACE,... and a line for each day")
        return {}
    if count < days:
        finds.error(file, count + 1, f"{count} days of fighting", f"{days}, the length of the simulation")
    _strangers(header, columns, names, days, finds)
    return {name: tuple(values[:days]) for name, values in columns.items() if name in names}


def _strangers(header: Row, columns: dict[str, list[float]], names: Sequence[str], days: int, finds: Finds) -> None:
    """Refuse misspelt places of fighting; warn of those that the folder does not have."""
    fought, quiet = [], []
    free = [n for n in names if n not in columns]  # a place that has its own column is not meant by another
    for name in (n for n in columns if n not in names):
        meant = misspelt(name, free)
        if not any(columns[name][:days]):
            quiet.append(name)
        elif meant:
            finds.error(header.file, header.line, f"place {name!r} is not known", hint=f"did you mean {meant!r}?")
        else:
            fought.append(name)
    if fought:
        what = f"fighting at {shortened(fought)}: not in locations.csv"
        finds.warn(header.file, header.line, what, "left out, as in Flee")
    if quiet:
        what = f"{shortened(quiet)}: not in locations.csv"
        finds.warn(header.file, header.line, what, "nothing is left out: no fighting there")


def read_closures(
    path: Path,
    names: Collection[str],
    countries: Collection[str],
    links: Collection[frozenset[str]],
    finds: Finds,
) -> list[FleeClosure]:
    """Read closures.csv. What Flee passes over (no such place, no such link, before the first day) is a warning."""
    found = []
    for i, row in enumerate(rows(path, "closures.csv", finds, needed=False)):
        if row.cell(0).startswith("#") or (i == 0 and header_of(row, (0, 3, 4), ("closure_type", "type"))):
            continue
        kind, a, b = row.cell(0).lower(), row.cell(1), row.cell(2)
        if kind not in CLOSURES:
            finds.error(
                row.file, row.line, f"closure_type {row.cell(0)!r}", ", ".join(CLOSURES), nearest(kind, CLOSURES)
            )
            continue
        start = whole(row, 3, "closure_start", finds, least=None)
        end = whole(row, 4, "closure_end", finds, least=-1, blank=-1)
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
        found.append(FleeClosure(kind, a, b, start, end, row.line))
    return found


def _ends_known(
    row: Row, kind: str, ends: Sequence[str], names: Collection[str], countries: Collection[str], finds: Finds
) -> bool:
    pool, label = (countries, "country") if kind == "country" else (names, "place")
    strange = [x for x in ends if x not in pool]
    for x in strange:
        if misspelt(x, pool) or kind in ("camp", "idpcamp"):
            known(row, x, sorted(pool), label, finds)
        else:
            finds.warn(row.file, row.line, f"{label} {x!r} is not in locations.csv", "no effect, as in Flee")
    return not strange
