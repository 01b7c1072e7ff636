"""Which source a table is of, by the names of its columns; what it lacks, and what is left alone.

The names stand in headers.csv: a source, a version of it, a column, the field it gives, and whether it is needed. They
are compared without regard to case, spaces, underscores and other marks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from standoff.errors import Problem, StandoffError, nearest
from standoff.oneline import OneLine

TITLES = {
    "acled": "ACLED",
    "ged": "UCDP GED",
    "own": "our own table of events",
}


@dataclass(frozen=True, slots=True, repr=False)
class HeaderMap(OneLine):
    """The columns of one version of a source: for each its name, its field, and whether it is needed."""

    source: str
    version: str
    columns: tuple[tuple[str, str, bool], ...]

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields without which nothing can be read."""
        return tuple(dict.fromkeys(field for _, field, needed in self.columns if needed))

    def name_of(self, field: str) -> str:
        """Return the column that gives a field, by the name the source gives it."""
        return next((name for name, of, _ in self.columns if of == field), field)


@dataclass(frozen=True, slots=True, repr=False)
class Recognition(OneLine):
    """What a table is: the place of each field among its columns, and the columns that are left alone."""

    source: str
    version: str
    why: str
    at: dict[str, int]
    header: tuple[str, ...]

    @property
    def title(self) -> str:
        """The source as people call it."""
        return TITLES[self.source]

    @property
    def columns(self) -> dict[str, str]:
        """The column of each field."""
        return {field: self.header[k] for field, k in self.at.items()}

    @property
    def left(self) -> tuple[str, ...]:
        """The columns that nothing is read from."""
        used = set(self.at.values())
        return tuple(name for k, name in enumerate(self.header) if k not in used and name)


def plain_name(name: str) -> str:
    """Return the name of a column without case, spaces and marks."""
    return re.sub(r"[\W_]+", "", name.casefold())


@cache
def header_maps() -> tuple[HeaderMap, ...]:
    """Return the columns of every source, in the order of headers.csv."""
    text = files("standoff.intake").joinpath("headers.csv").read_text(encoding="utf-8")
    columns: dict[tuple[str, str], list[tuple[str, str, bool]]] = {}
    for row in csv.DictReader(text.splitlines()):
        of = columns.setdefault((row["source"], row["version"]), [])
        of.append((row["column"], row["field"], row["needed"] == "yes"))
    return tuple(HeaderMap(source, version, tuple(rows)) for (source, version), rows in columns.items())


def _fields(map_: HeaderMap, header: Sequence[str], own_names: Mapping[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for k, name in enumerate(header):
        places.setdefault(plain_name(name), k)
    taken = {plain_name(theirs) for theirs in own_names.values()}
    at: dict[str, int] = {}
    for name, field, _ in map_.columns:
        theirs = own_names.get(field, own_names.get(name))
        if theirs is not None:
            at.setdefault(field, places[plain_name(theirs)])
        elif field not in at and plain_name(name) in places and plain_name(name) not in taken:
            at[field] = places[plain_name(name)]
    return at


def is_known_header(cells: Sequence[str]) -> bool:
    """Whether a row has every needed column of some source."""
    if sum(1 for cell in cells if cell) < 2:
        return False
    return any(all(f in _fields(m, cells, {}) for f in m.needed) for m in header_maps())


def recognise(
    header: Sequence[str],
    file: str,
    line: int = 1,
    *,
    kind: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Recognition:
    """Return what a table is, by the names of its columns.

    ``kind`` is a source that the user names; ``columns`` gives the names of the table's columns for fields or columns
    of ours. Raises StandoffError, with the nearest names, for columns that lack and for a table of no source.
    """
    own_names = dict(columns or {})
    maps = header_maps()
    if kind is not None and kind not in TITLES:
        hint = nearest(kind, TITLES)
        raise StandoffError.of(f"the kind {kind!r} is unknown", file="--as", expected=", ".join(TITLES), hint=hint)
    maps = tuple(m for m in maps if kind in (None, m.source))
    _check_given(own_names, maps, header)
    scored = []
    for order, one in enumerate(maps):
        at = _fields(one, header, own_names)
        needed = sum(1 for field in one.needed if field in at)
        scored.append((needed == len(one.needed), needed / len(one.needed), len(at), -order, one, at))
    whole, share, _, _, best, at = max(scored, key=lambda item: item[:4])
    if whole:
        more = len(at) - len(best.needed)
        why = f"it has the {len(best.needed)} columns that {TITLES[best.source]} needs, and {more} more of its columns"
        return Recognition(best.source, best.version, why, at, tuple(header))
    if kind is None and (share < 0.5 or len(at) < 2):
        names = ", ".join(name for name in header if name)
        what = f"these columns are of no source that is known: {names[:200] or 'none'}"
        expected = f"the columns of {', '.join(TITLES.values())}"
        raise StandoffError.of(
            what, file=file, line=line, expected=expected, hint="name the source with --as, and columns with --map"
        )
    used = {header[k] for k in at.values()}
    spare = [name for name in header if name and name not in used]
    problems = []
    for field in (f for f in best.needed if f not in at):
        name = best.name_of(field)
        what = f"the column {name!r} is missing"
        hint = nearest(name, spare) or f"if it has another name, say --map {name}=THEIRS"
        problems.append(Problem(file, line, what, f"the columns of {TITLES[best.source]}", hint))
    raise StandoffError(problems)


def _check_given(own_names: Mapping[str, str], maps: Iterable[HeaderMap], header: Sequence[str]) -> None:
    ours = {word for m in maps for name, field, _ in m.columns for word in (name, field)}
    there = {plain_name(name) for name in header}
    problems = []
    for mine, theirs in own_names.items():
        if mine not in ours:
            what = f"no source that fits has a column {mine!r}"
            problems.append(Problem("--map", 0, what, "ours=theirs", nearest(mine, ours)))
        if plain_name(theirs) not in there:
            what = f"the table has no column {theirs!r}"
            problems.append(Problem("--map", 0, what, f"one of {', '.join(header)[:200]}", nearest(theirs, header)))
    if problems:
        raise StandoffError(problems)
