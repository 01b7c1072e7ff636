"""How tables are laid out: headers on two rows, merged cells, records in JSON, and typed cells as text."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

Row = tuple[int, list[str]]
NUMERIC = re.compile(r"[-+]?[\d.,\s]*\d[\d.,\s]*%?$")
MOST_CELL = 131_072  # letters
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
# marks that nobody sees at the ends of a cell: of direction, of no width, of the order of bytes; and spaces
_UNSEEN = "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_MARGINS = f" \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000{_UNSEEN}" + "".join(
    map(chr, range(0x2000, 0x200B))
)


class TypedNumber(str):
    """A number that a workbook or JSON holds as a number: its text has a decimal point and no separators."""

    __slots__ = ()


def spanned_names(rows: Sequence[Row], at: int) -> tuple[int, int, list[str]] | None:
    """Return the lines and names of a header on two rows, of which the row ``at`` is one; None where it is on one.

    Two rows are a header where the upper leaves gaps, as merged cells do, and the lower has words there above numbers.
    """
    filled = [k for k, (_, cells) in enumerate(rows) if any(cells)]
    place = filled.index(at)
    for one, two in ((place - 1, place), (place, place + 1)):
        if one < 0 or two + 1 >= len(filled):
            continue
        (line, upper), (end, lower) = rows[filled[one]], rows[filled[two]]
        body = [rows[k][1] for k in filled[two + 1 : two + 13]]
        names = _names_of_two(upper, lower, body)
        if names is not None:
            return line, end, names
    return None


def _names_of_two(upper: Sequence[str], lower: Sequence[str], body: Sequence[Sequence[str]]) -> list[str] | None:
    width = max(len(upper), len(lower))
    above, names = ([*cells, *[""] * (width - len(cells))] for cells in (upper, lower))
    if sum(map(bool, above)) < 2 or sum(map(bool, names)) < 2 or any(NUMERIC.match(name) for name in names if name):
        return None
    numbers = 0
    for k in range(1, width):
        cells = [row[k] for row in body if k < len(row) and row[k]]
        of_numbers = cells and sum(1 for cell in cells if NUMERIC.match(cell)) * 2 > len(cells)
        spanned = not above[k] or above[k] == above[k - 1]
        numbers += bool(of_numbers and names[k] and spanned)
    if not numbers:
        return None
    own = [name for name in names if name]
    apart = len(set(own)) == len(own)
    out, over = [], ""
    for head, name in zip(above, names, strict=True):
        over = head or (over if name else "")
        if not name or not over or name == over:
            out.append(name or over)
        elif _YEAR.fullmatch(over):
            out.append(f"{name} {over}")
        else:
            out.append(name if apart else f"{over} {name}")
    return out


_YEAR = re.compile(r"(?:19|20)\d\d")


def fill_merged(
    grid: list[list[Any]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> tuple[list[int], list[str]]:
    """Write words and days of cells that are merged over rows into each of these rows; return the last row of each.

    A number of several rows is a sum, and of none of them alone: it is taken out, and told in the second list. Rows
    without a cell of their own are one row with the one above.
    """
    own = [any(cell not in ("", None) for cell in row) for row in grid]
    lasts, joint = [], []
    for (top, left), (bottom, _) in ranges:
        rows = [grid[k] for k in range(top + 1, min(bottom + 1, len(grid))) if own[k] and left < len(grid[k])]
        below = [row for row in rows if row[left] in ("", None)]
        value = grid[top][left] if top < len(grid) and left < len(grid[top]) else ""
        if not below or value in ("", None):
            continue
        if isinstance(value, int | float) and not _is_label(grid, top, left):
            grid[top][left] = ""
            what = f"rows {top + 1} to {bottom + 1} have one number for all, {text_of_cell(value)}"
            joint.append(f"{what}: none of them has it alone")
            continue
        for row in below:
            row[left] = value
        lasts.append(bottom + 1)
    return lasts, joint


_LABELS = re.compile(
    r"\b(?:year|month|round|week|code|no|id|année|mois|año|mes|ano|mês|год|рік|yıl|ay|سنة)\b", re.IGNORECASE
)


def _is_label(grid: Sequence[Sequence[Any]], top: int, left: int) -> bool:
    """Whether a number stands under a name such as year or round, and counts nothing."""
    heads = (row[left] for row in grid[:top] if left < len(row))
    return any(isinstance(head, str) and _LABELS.search(head) for head in heads)


_ERROR_CELL = re.compile(rb'(<(?:\w+:)?c\b[^>]*?\s)t="e"')
_ODS_ERROR = re.compile(rb'<table:table-cell\b[^>]*calcext:value-type="error"[^>]*>')
_ODS_STRING = re.compile(rb'\soffice:string-value="[^"]*"')


def with_errors_as_text(data: bytes) -> bytes:
    """Return a workbook (xlsx, ods) whose errors of formulas are texts such as #REF!: its reader takes them for blanks.

    Raises what zipfile raises of a broken archive.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        changes: dict[str, bytes] = {}
        for name in archive.namelist():
            is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
            if not (is_sheet or name == "content.xml"):
                continue
            text = archive.read(name)
            if is_sheet and b't="e"' in text:
                changes[name] = _ERROR_CELL.sub(rb'\1t="str"', text)
            elif not is_sheet and b'calcext:value-type="error"' in text:
                changes[name] = _ODS_ERROR.sub(lambda match: _ODS_STRING.sub(b"", match[0]), text)
        if not changes:
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as other:
            for info in archive.infolist():
                other.writestr(info, changes[info.filename] if info.filename in changes else archive.read(info))
        return out.getvalue()


def text_of_cell(value: Any) -> str:
    """Return a typed cell as text: numbers with a point, days and times as in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, str):
        return bare_cell(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return TypedNumber(value)
    if isinstance(value, float):
        return TypedNumber(int(value)) if value.is_integer() and abs(value) < 1e15 else TypedNumber(repr(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return TypedNumber(repr(value.total_seconds() / 86400))
    return json.dumps(value, ensure_ascii=False)[:MOST_CELL]


def lists_in(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """Yield each list of records in JSON, with the keys that lead to it."""
    if isinstance(value, list):
        if not value or all(isinstance(item, dict | list) for item in value):
            yield path, value
    elif isinstance(value, dict) and depth < 6:
        for key, item in value.items():
            yield from lists_in(item, f"{path}.{key}" if path else str(key), depth + 1)


def flat_cells(item: dict[str, Any], path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the cells of a record in JSON, records within it under the keys that lead to them."""
    for key, value in item.items():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict) and value and depth < 6:
            yield from flat_cells(value, name, depth + 1)
        elif isinstance(value, list):
            plain = all(isinstance(v, str | int | float) for v in value)
            yield name, ("; ".join(map(str, value)) if plain else json.dumps(value, ensure_ascii=False)[:MOST_CELL])
        else:
            yield name, text_of_cell(value)


def bare_cell(cell: str) -> str:
    """Return a cell in NFC, without spaces around and marks that nobody sees."""
    cell = cell.strip()
    return cell if cell.isascii() else unicodedata.normalize("NFC", cell.strip(_MARGINS))


def delimiter_of(text: str) -> str:
    """Return what parts the cells of a text: what gives the most columns alike in its first rows."""
    best, most = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        if delimiter == " " and most[1] > 1:
            break
        if delimiter not in text:
            continue
        widths: list[int] = []
        try:
            for cells in csv.reader(
                io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter == " "
            ):
                if any(cell.strip() for cell in cells):
                    widths.append(len(cells))
                if len(widths) >= 60:
                    break
        except csv.Error:
            pass
        if not widths:
            continue
        usual = max(set(widths), key=lambda w: (widths.count(w), w))
        share = sum(1 for w in widths if w == usual) / len(widths)
        if usual > 1 and (delimiter != " " or (share > 0.9 and len(widths) > 1)):
            score = (round(share * 4), usual)  # a few rows may be titles or notes
            if score > most:
                best, most = delimiter, score
    return best
