"""CSV tables as rows of plain strings with their lines. Empty cells are absent; lists are separated by ``;``."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path
from typing import Any

from standoff.case.files import read_text
from standoff.case.lines import Lines
from standoff.case.shape import FORMER, _fields, keys_of
from standoff.errors import Problem, StandoffError, nearest

MAX_CSV_BYTES = 64 * 2**20


def read_table(path: Path, shown: str, kind: type) -> tuple[list[dict[str, Any]], list[Lines], list[Problem]]:
    """Read a table whose columns are the keys of ``kind``; problems come back instead of being raised."""
    try:
        text = read_text(path, shown, MAX_CSV_BYTES, kind="; give logs with --events")
    except StandoffError as error:
        return [], [], list(error.problems)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names = keys_of(kind)
    hints = _fields(kind)
    rows: list[dict[str, Any]] = []
    lines: list[Lines] = []
    problems: list[Problem] = []
    try:
        header = [FORMER.get(column, column) for column in next(reader, [])]
        for column in header:
            if column not in names:
                expected = f"columns {', '.join(names)}"
                problems.append(
                    Problem(shown, 1, f"the column {column!r} is unknown", expected, nearest(column, names))
                )
        if len(set(header)) != len(header):
            problems.append(Problem(shown, 1, "a column is given twice", "each column once"))
        if problems or not header:
            return [], [], problems
        listed = {c for c in header if str(hints.get(c, hints.get(f"{c}_"))).startswith("tuple")}
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(cells):
                continue
            if len(cells) != len(header):
                problems.append(Problem(shown, line, f"{len(cells)} cells", f"{len(header)}, as in the header"))
                continue
            row: dict[str, Any] = {}
            for column, cell in zip(header, cells, strict=True):
                value = cell.strip()
                if value:
                    row[column] = [part.strip() for part in value.split(";")] if column in listed else value
            rows.append(row)
            lines.append(Lines(line))
    except csv.Error as error:
        problems.append(Problem(shown, reader.line_num, f"this is not CSV: {error}", "comma-separated cells"))
    needed = [f.name for f in dataclasses.fields(kind) if f.default is f.default_factory is dataclasses.MISSING]
    if rows and (missing := [key for name in needed if (key := name.removesuffix("_")) not in header]):
        spare = [column for column in header if column not in needed]
        return (  # once, not again in every row
            [],
            [],
            [
                Problem(shown, 1, f"the column {key!r} is missing", f"a column {key}", nearest(key, spare))
                for key in missing
            ],
        )
    return rows, lines, problems
