"""Tables as a workbook for a spreadsheet (xlsx): numbers as numbers, days as days, no text is a formula."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from standoff.case.model import Case
from standoff.commitments.incidents import Happening
from standoff.errors import StandoffError
from standoff.oneline import OneLine

WIDEST = 60  # letters of a column
MOST_LETTERS = 32_000  # of a cell
Cell = str | float | date | None


@dataclass(frozen=True, slots=True, repr=False)
class Sheet(OneLine):
    """One table of a workbook: its name, its heads and its rows."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def write_sheets(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write tables as one workbook, all or nothing; the head row stays in view and filters.

    Raises StandoffError where the library is not installed or the file cannot be written.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        what = "xlsx is written by XlsxWriter, which is not installed"
        raise StandoffError.of(what, file="--xlsx", expected="pip install 'standoff[print]', or --json") from None
    handle, temporary = -1, ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".xlsx", dir=path.absolute().parent)
        os.close(handle)
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with Workbook(temporary, {**options, "in_memory": True}) as book:
            bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            wrap = book.add_format({"text_wrap": True, "valign": "top"})
            day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
            for sheet in sheets:
                _write(book.add_worksheet(sheet.name[:31]), sheet, bold, wrap, day)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        what = f"the workbook cannot be written: {error.strerror or error}"
        raise StandoffError.of(what, file=str(path), expected="a folder you may write in") from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _write(page: Any, sheet: Sheet, bold: Any, wrap: Any, day: Any) -> None:
    for column, head in enumerate(sheet.heads):
        page.write_string(0, column, head, bold)
        longest = max([len(head), *(len(str(row[column])) for row in sheet.rows if row[column] is not None)])
        page.set_column(column, column, min(longest + 2, WIDEST))
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, date) and cell.year >= 1900:
                page.write_datetime(number, column, cell, day)
            elif isinstance(cell, int | float) and not isinstance(cell, bool):
                page.write_number(number, column, cell, wrap)
            elif cell is not None and cell != "":
                page.write_string(number, column, str(cell)[:MOST_LETTERS], wrap)
    page.freeze_panes(1, 1)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.heads) - 1)


def about_sheet(case: Case, lines: Sequence[tuple[str, Cell]] = ()) -> Sheet:
    """Return the sheet that says of which case a workbook is, of which day, and under what licence."""
    about = case.about
    rows: list[tuple[str, Cell]] = [
        ("case", about.title),
        ("edition", about.edition),
        ("licence", about.licence),
        ("disclaimer", about.disclaimer),
        *lines,
        ("caution", case.caution),
    ]
    return Sheet("about", ("what", "value"), [row for row in rows if row[1] not in ("", None)])


INCIDENT_HEADS = (
    "incident", "days", "title", "type", "place", "reports", "told by", "low", "high", "counted", "status", "found by",
    "attributed to", "class of violation", "withdrawn", "asked", "answered", "differences", "decision", "note",
)  # fmt: skip


def write_incidents(path: Path, case: Case, incidents: Sequence[Happening]) -> None:
    """Write incidents as a workbook: one row each, and a sheet of what their reports differ in."""
    rows: list[tuple[Cell, ...]] = []
    apart: list[tuple[Cell, ...]] = []
    for one in incidents:
        differences = "; ".join(f"{what}: {' / '.join(v.value for v in vs)}" for what, vs in one.differences.items())
        rows.append(
            (
                one.id, ", ".join(one.dates), one.title, ", ".join(one.types), ", ".join(filter(None, one.places)),
                ", ".join(one.reports), ", ".join(one.by), one.low, one.high, ", ".join(one.counted),
                one.status, one.found_by,
                ", ".join(one.attributed), one.violation, one.withdrawn, one.response_asked, one.response_given,
                differences, "; ".join(one.decision), one.note,
            )
        )  # fmt: skip
        for what, versions in one.differences.items():
            apart += [(one.id, what, v.value, ", ".join(v.by), ", ".join(v.reports)) for v in versions]
    sheets = [
        Sheet("incidents", INCIDENT_HEADS, rows),
        Sheet("differences", ("incident", "what", "value", "according to", "reports"), apart),
        about_sheet(case),
    ]
    write_sheets(path, sheets)
