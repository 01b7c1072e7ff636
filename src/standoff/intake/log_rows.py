"""Rows of a log in our columns: the cells of a report, and many rows that wait on disk."""

from __future__ import annotations

import csv
import json
import marshal
import mmap
import tempfile
import weakref
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, islice
from typing import IO

from standoff.case.model import NO_NAME, two_sided
from standoff.case.reports import Report
from standoff.case.write import as_cell

COLUMNS = (
    "id", "date", "hour", "type", "subtype", "two_sided", "actor", "target", "place", "place_written", "lat", "lon",
    "accuracy_km", "areas", "tolls", "title", "source", "said", "known_from", "known_by", "licence", "restricted",
    "feed", "row", "origin", "others",
)  # fmt: skip
FIRST = "first"  # in the column two_sided: only who stands first may have begun
_AT = {name: number for number, name in enumerate(COLUMNS)}
ID, DATE, SUBTYPE, ACTOR, TARGET, PLACE_WRITTEN, LAT, LON, ACCURACY, AREAS, KNOWN_BY, FEED, ROW = (
    _AT[name]
    for name in ("id", "date", "subtype", "actor", "target", "place_written", "lat", "lon", "accuracy_km", "areas",
                 "known_by", "feed", "row")
)  # fmt: skip
PLACED = (PLACE_WRITTEN, LAT, LON, ACCURACY, AREAS)  # columns of where
MOST_POINTS = 200  # of an area, by which one of the case's is proposed
MOST_ROWS = 4096  # that wait to be written out together
MOST_BYTES_IN_MEMORY = 16 * 2**20

Cells = list[str]


def log_cells(report: Report, origin: str = "") -> Cells:
    """Return a report as a row of a log: names as the source writes them, and nothing of its own text.

    ``origin`` is the source as recognised, such as ``acled``: whose names they are.
    """
    others = json.dumps(dict(report.others), ensure_ascii=False, sort_keys=True) if report.others else ""
    return [
        report.id,
        report.date.text,
        report.hour,
        report.type,
        report.subtype,
        sides_cell(report.actor, report.target),
        report.actor_written,
        report.target_written,
        report.place,
        report.place_written,
        as_cell(report.lat),
        as_cell(report.lon),
        as_cell(report.accuracy_km),
        ";".join(report.areas),
        ";".join(f"{t.measure}={as_cell(t.low)}..{as_cell(t.high)}" for t in report.tolls),
        report.title,
        report.source,
        str(report.published) if report.published else "",
        report.known_from.isoformat() if report.known_from else "",
        report.known_by.isoformat() if report.known_by else "",
        report.licence,
        "yes" if report.restricted else "",
        report.feed,
        str(report.row),
        origin,
        others,
    ]


def is_two_sided(*cells: tuple[str, ...]) -> bool:
    """Whether the parties of a row are sides, of which none is told to have begun; also where nobody is named."""
    return two_sided(*cells) or any(party == NO_NAME for cell in cells for party in cell)


def sides_cell(actor: tuple[str, ...], target: tuple[str, ...]) -> str:
    """Return the cell ``two_sided`` of a row: ``first`` where the second is told to have been hit, whoever did it."""
    if target and is_two_sided(actor) and not is_two_sided(target):
        return FIRST
    return as_cell(is_two_sided(actor, target))


class NameCounts:
    """The names in rows of a log: how often each stands there, and where what it names lies.

    ``types`` counts the rows of each kind in the source's words, ``parties`` those of each cell of parties, ``spots``
    those of each name of a place with its coordinates and accuracy, ``areas`` those of each list of areas; ``points``
    are the first points of each list of areas.
    """

    def __init__(self) -> None:
        self.types: Counter[str] = Counter()
        self.parties: Counter[str] = Counter()
        self.spots: Counter[tuple[str, str, str, str]] = Counter()
        self.areas: Counter[str] = Counter()
        self.points: dict[str, dict[tuple[str, str, str], None]] = {}

    def add_columns(self, columns: Mapping[int, Sequence[str]]) -> None:
        """Count the rows of some columns, by their numbers; ``PLACED``, kinds and both parties have to be there."""
        self.types.update(columns[SUBTYPE])
        actors, targets = columns[ACTOR], columns[TARGET]
        self.parties.update(actors)
        self.parties.update(targets)
        if twice := [one for one, other in zip(actors, targets, strict=True) if one == other]:
            self.parties.subtract(twice)  # a row counts once
        names, lats, lons, accuracies, areas = (columns[k] for k in PLACED)
        self.spots.update(zip(names, lats, lons, accuracies, strict=True))
        self.areas.update(areas)
        for area, *point in dict.fromkeys(zip(areas, lats, lons, accuracies, strict=True)):
            self._add_point(area, (point[0], point[1], point[2]))

    def _add_point(self, area: str, point: tuple[str, str, str]) -> None:
        points = self.points.setdefault(area, {})
        if len(points) < MOST_POINTS:
            points[point] = None

    def add_rows(self, rows: Iterator[Cells]) -> None:
        """Count rows."""
        while some := list(islice(rows, MOST_ROWS)):
            self.add_columns(dict(enumerate(zip(*some, strict=True))))

    def join(self, other: NameCounts) -> None:
        """Count rows that others have counted, which stand behind these."""
        for own, theirs in ((self.types, other.types), (self.parties, other.parties), (self.areas, other.areas)):
            own.update(theirs)
        self.spots.update(other.spots)
        for area, points in other.points.items():
            for point in points:
                self._add_point(area, point)


class Waiting:
    """Rows of a log under way, in the order in which they come: written out at once, on disk where they are many.

    ``keeps_text=False`` counts them and keeps no row, for those who only look. ``goes_to_disk=False`` holds all of
    them, for a part of a file that another process reads.
    """

    def __init__(self, *, keeps_text: bool = True, goes_to_disk: bool = True) -> None:
        self.keeps_text, self._goes_to_disk = keeps_text, goes_to_disk
        self._counts = NameCounts()
        self._count = 0
        self._first, self._last = "9", ""
        self._ids: list[str] = []
        self._days: list[str] = []
        self._ends = array("Q")  # of the rows, in bytes
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._size = 0
        self._some: list[Sequence[str]] = []

    def add(self, cells: Sequence[str]) -> None:
        """Add a row."""
        self._some.append(cells)
        if len(self._some) >= MOST_ROWS:
            self._flush()

    def add_columns(self, columns: Mapping[int, Sequence[str]]) -> None:
        """Add rows by their columns: all of them, or the counted ones where no text is kept."""
        self._flush()
        self._write(columns)

    def join(self, other: Waiting) -> None:
        """Add the rows of another behind these; they were held."""
        self._flush()
        other._flush()
        self._counts.join(other._counts)
        self._count += other._count
        self._first, self._last = min(self._first, other._first), max(self._last, other._last)
        self._ids += other._ids
        self._days += other._days
        before = self._size
        self._ends.extend([before + end for end in other._ends])
        self._put(bytes(other._memory))

    @property
    def counts(self) -> NameCounts:
        """The names in the rows."""
        self._flush()
        return self._counts

    def extent(self) -> tuple[set[str], str, str]:
        """Return the countries of the rows, and the first and the last of their days; "9" and "" where none is."""
        countries = {areas.partition(";")[0] for areas in self.counts.areas}
        return countries, self._first, self._last

    def _flush(self) -> None:
        some, self._some = self._some, []
        if some:
            self._write(dict(enumerate(zip(*some, strict=True))))

    def _write(self, columns: Mapping[int, Sequence[str]]) -> None:
        days = columns[DATE]
        if not days:
            return
        self._count += len(days)
        self._counts.add_columns(columns)
        different = {day[:10] for day in set(days)}
        self._first, self._last = min(self._first, *different), max(self._last, *different)
        if not self.keeps_text:
            return
        rows = list(zip(*(columns[k] for k in range(len(COLUMNS))), strict=True))
        texts: list[str] = []
        writer = csv.writer(_Lines(texts), lineterminator="\n")
        writer.writerows(rows)
        whole = "".join(texts)
        if "\r" in whole:  # would end the row
            texts.clear()
            writer.writerows([cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows)
            whole = "".join(texts)
        coded = whole.encode("utf-8")
        sizes = map(len, texts) if coded.isascii() else (len(text.encode("utf-8")) for text in texts)
        self._ends.extend(islice(accumulate(sizes, initial=self._size), 1, None))
        self._ids += columns[ID]
        self._days += days
        self._put(coded)

    def _put(self, coded: bytes) -> None:
        self._size += len(coded)
        if self._file is None and self._goes_to_disk and self._size > MOST_BYTES_IN_MEMORY:
            self._file = tempfile.TemporaryFile(prefix="standoff-log-")  # noqa: SIM115 - goes with the object
            weakref.finalize(self, self._file.close)
            self._file.write(self._memory)
            self._memory = bytearray()
        if self._file is not None:
            self._file.write(coded)
        else:
            self._memory += coded

    def __len__(self) -> int:
        return self._count + len(self._some)

    def __iter__(self) -> Iterator[Cells]:
        """Yield the rows in the order in which they came. Raises ValueError where their text is not kept."""
        yield from csv.reader(line.decode("utf-8") for line in self._lines(range(len(self))))

    def in_order(self) -> Iterator[bytes]:
        """Yield the rows as they stand in a log, by day and id. Raises ValueError where their text is not kept."""
        self._flush()
        order = sorted(range(len(self._ids)), key=self._ids.__getitem__)
        order.sort(key=self._days.__getitem__)
        yield from self._lines(order)

    def _lines(self, order: Sequence[int]) -> Iterator[bytes]:
        self._flush()
        if not self.keeps_text:
            raise ValueError("these rows were counted only")
        ends = self._ends
        if self._file is None:
            for k in order:
                yield bytes(self._memory[ends[k - 1] if k else 0 : ends[k]])
            return
        self._file.flush()
        with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            for k in order:
                yield view[ends[k - 1] if k else 0 : ends[k]]


class _Lines:
    """What a writer of CSV writes to: a list of its rows."""

    def __init__(self, texts: list[str]) -> None:
        self.write = texts.append


def dump_rows(rows: list[Cells], file: IO[bytes]) -> None:
    """Write rows behind those of a file."""
    for begin in range(0, len(rows), 1000):
        some = rows[begin : begin + 1000]
        try:
            marshal.dump(some, file)
        except ValueError:  # a cell of a workbook is a text of its own class
            marshal.dump([list(map(str, cells)) for cells in some], file)


def load_rows(file: IO[bytes]) -> Iterator[Cells]:
    """Yield the rows of a file from its beginning."""
    file.seek(0)
    while True:
        try:
            some: list[Cells] = marshal.load(file)  # noqa: S302 - our own temporary file
        except EOFError:
            return
        yield from some
