"""The frame every figure has: finding, definition, source, as-of, n, a table of the same numbers, and its CSV."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# Okabe-Ito, one meaning in every view; each colour is repeated by a shape, a texture or a word.
NEUTRAL, DUE, VIOLATED, SATISFIED = "#0072B2", "#E69F00", "#D55E00", "#009E73"
IN_FORCE, CONTESTED, UNKNOWN, INK = "#56B4E9", "#CC79A7", "#8A8A8A", "#1A1A1A"

BOUNDARIES = "Boundaries and names shown do not imply endorsement."

Figure = dict[str, Any]


def figure(
    id: str,  # noqa: A002
    kind: str,
    *,
    title: str,
    definition: str,
    source: str,
    as_of: str,
    n: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    data: Mapping[str, Any],
    rests: Sequence[tuple[str, str]] = (),
) -> Figure:
    """Return a figure as a plain dict.

    ``title`` is the finding in words, ``definition`` says what is counted, ``n`` how many runs or records stand behind
    it. ``columns`` and ``rows`` are the same numbers for a table and the CSV; ``data`` is what the chart draws.
    ``rests`` names what the numbers come from, as pairs of a label and the id of a section or record.
    """
    body = [list(row) for row in rows]
    return {
        "id": id,
        "kind": kind,
        "title": title,
        "definition": definition,
        "source": source,
        "as_of": as_of,
        "n": n,
        "columns": list(columns),
        "rows": body,
        "data": dict(data),
        "rests": [list(pair) for pair in rests],
    }


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as CSV (RFC 4180, UTF-8).

    A cell that a spreadsheet would run as a formula gets a leading apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_inert(cell) for cell in row])
    return out.getvalue()


def csv_link(figure: Figure) -> str:
    """Return the figure's table as a ``data:`` address, so that a file without a server can offer a download."""
    text = csv_text(figure["columns"], figure["rows"])
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()


def _inert(cell: Any) -> Any:
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell
