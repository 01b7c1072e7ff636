"""HXL sheets: columns with a header and a hashtag (HXL 1.1), written as UTF-8 CSV and read back with line numbers.

A cell that a spreadsheet would run as a formula gets a leading apostrophe, which reading takes off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from standoff.case import files
from standoff.errors import Problem, StandoffError, nearest

MAX_BYTES = 64 * 2**20
SEARCHED = 25  # HXL 1.1: the hashtag row is one of the first 25 rows
HASHTAGS = (
    "access", "activity", "adm1", "adm2", "adm3", "adm4", "adm5", "affected", "beneficiary", "capacity", "cause",
    "channel", "contact", "country", "crisis", "currency", "date", "delivery", "description", "event", "frequency",
    "geo", "group", "impact", "indicator", "inneed", "item", "loc", "meta", "modality", "need", "operations", "org",
    "output", "population", "reached", "region", "sector", "service", "severity", "status", "subsector", "targeted",
    "value",
)  # fmt: skip
_TAG = re.compile(r"\s*#([A-Za-z]\w*)((?:\s*\+\s*[A-Za-z]\w*)*)\s*\Z", re.ASCII)
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column:
    """A header and its hashtag; an ``optional`` column is left out where no row fills it."""

    header: str
    tag: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with hashtags: every row has a text for every column, and ``lines`` where each stands in its file."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...] = ()

    def index(self, tag: str) -> int | None:
        """Return the first column with exactly this hashtag and these attributes, in whatever order."""
        wanted = parts(tag)
        return next((i for i, column in enumerate(self.columns) if parts(column.tag) == wanted), None)


def parts(tag: str) -> tuple[str, frozenset[str]]:
    """Return hashtag and attributes in lower case. Raises ValueError for a text that is not a hashtag."""
    found = _TAG.match(tag)
    if not found:
        raise ValueError(f"{tag!r} is not a hashtag; expected one such as #affected+idps")
    return found[1].lower(), frozenset(a.strip().lower() for a in found[2].split("+") if a.strip())


def text_of(value: Any) -> str:
    """Write one value: days in ISO 8601, whole numbers without a point, lists with ``;``, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return "; ".join(text_of(part) for part in value)
    return str(value)


def sheet(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Sheet:
    """Make a sheet of values; optional columns that no row fills are left out."""
    texts = [[text_of(value) for value in row] for row in rows]
    kept = [i for i, column in enumerate(columns) if not column.optional or any(row[i] for row in texts)]
    return Sheet(tuple(columns[i] for i in kept), tuple(tuple(row[i] for i in kept) for row in texts))


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def to_csv(made: Sheet) -> str:
    """Return the sheet as CSV: headers, hashtags, rows; ``\\n`` ends a line."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.header for column in made.columns])
    writer.writerow([column.tag for column in made.columns])
    writer.writerows([_guarded(cell) for cell in row] for row in made.rows)
    return out.getvalue()


def _is_hashtag_row(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and all(_TAG.match(cell) for cell in filled)


def _records(text: str, shown: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise StandoffError.of(
            f"this is not CSV: {error}", file=shown, line=reader.line_num, expected="comma-separated cells"
        ) from None


def read_text(text: str, shown: str) -> Sheet:
    """Read HXL from a text; columns without a hashtag are left out.

    Raises StandoffError when there is no hashtag row in the first 25, for a hashtag that HXL 1.1 does not have (except
    ``#x_...``) and for rows with more cells than hashtags.
    """
    records = _records(text, shown)
    header: list[str] = []
    for tag_line, tags in islice(records, SEARCHED):  # noqa: B007 - the loop looks for them
        if _is_hashtag_row(tags):
            break
        header = tags
    else:
        what = f"no row of hashtags in the first {SEARCHED} rows"
        raise StandoffError.of(what, file=shown, expected="HXL: a row such as #date,#adm3+code,#affected+idps")
    tags = [tag.strip() for tag in tags]
    problems = list(_wrong_tags(tags, shown, tag_line))
    kept = [i for i, tag in enumerate(tags) if tag]
    columns = tuple(Column(header[i].strip() if i < len(header) else "", tags[i]) for i in kept)
    rows, lines = [], []
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(tags):
            problems.append(Problem(shown, line, f"{len(cells)} cells", f"at most {len(tags)}, as in the hashtag row"))
            continue
        padded = [*cells, *[""] * (len(tags) - len(cells))]
        rows.append(tuple(_plain(padded[i].strip()) for i in kept))
        lines.append(line)
    if problems:
        raise StandoffError(problems)
    return Sheet(columns, tuple(rows), tuple(lines))


def _wrong_tags(tags: Sequence[str], shown: str, line: int) -> Iterator[Problem]:
    for tag in filter(None, tags):
        name, _ = parts(tag)
        if name not in HASHTAGS and not name.startswith("x_"):
            hint = nearest(name, HASHTAGS)
            yield Problem(shown, line, f"HXL 1.1 has no hashtag #{name}", "a core hashtag, or #x_...", hint)


def read_file(path: Path) -> Sheet:
    """Read an HXL file of at most 64 MB. Raises StandoffError when it cannot be read, as ``read_text`` does."""
    shown = str(path)
    return read_text(files.read_text(path, shown, MAX_BYTES, expected="a text file"), shown)
