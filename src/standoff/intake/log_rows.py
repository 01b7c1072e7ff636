"""Rows of a log in our columns: the cells of a report, and many rows that wait on disk."""

from __future__ import annotations

import json
import marshal
import tempfile
from collections.abc import Iterator
from typing import IO

from standoff.case.model import NO_NAME, SIDE
from standoff.case.reports import Report
from standoff.case.write import as_cell

COLUMNS = (
    "id", "date", "hour", "type", "subtype", "two_sided", "actor", "target", "place", "place_written", "lat", "lon",
    "accuracy_km", "areas", "tolls", "title", "source", "said", "known_from", "known_by", "licence", "restricted",
    "feed", "row", "origin", "others",
)  # fmt: skip
_AT = {name: number for number, name in enumerate(COLUMNS)}
ID, DATE, ACTOR, TARGET, PLACE_WRITTEN, LAT, LON, ACCURACY, AREAS, KNOWN_BY, FEED, ROW = (
    _AT[name]
    for name in ("id", "date", "actor", "target", "place_written", "lat", "lon", "accuracy_km", "areas", "known_by",
                 "feed", "row")
)  # fmt: skip
MOST_IN_MEMORY = 50_000  # rows that are held in memory

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
        as_cell(is_two_sided(report.actor, report.target)),
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
    return any(party.startswith(SIDE) or party == NO_NAME for cell in cells for party in cell)


class Waiting:
    """Rows in the order in which they come: held while they are few, on disk while they are many."""

    def __init__(self) -> None:
        self._rows: list[Cells] = []
        self._file: IO[bytes] | None = None
        self.count = 0

    def add(self, cells: Cells) -> None:
        """Add a row."""
        self._rows.append(cells)
        self.count += 1
        if len(self._rows) >= MOST_IN_MEMORY:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="standoff-log-")  # noqa: SIM115 - goes with the object
            dump_rows(self._rows, self._file)
            self._rows = []

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Cells]:
        if self._file is not None:
            yield from load_rows(self._file)
        yield from self._rows


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
