"""Tables as a workbook for a spreadsheet (xlsx): numbers as numbers, days as days, no text is a formula."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from standoff.case.model import Case
from standoff.commitments.incidents import Happening
from standoff.commitments.ledger import Row
from standoff.commitments.monitor import Evaluation
from standoff.commitments.observance import Observance
from standoff.commitments.scores import score_of, score_words
from standoff.commitments.tables import provision_table
from standoff.errors import StandoffError
from standoff.files.whole import new_file
from standoff.oneline import OneLine

WIDEST = 60  # letters of a column
MOST_LETTERS = 32_000  # of a cell
Cell = str | float | date | None


@dataclass(frozen=True, slots=True, repr=False)
class Sheet(OneLine):
    """One table of a workbook: its name, its heads and its rows.

    ``people`` are the heads of columns of people, with thousands apart; ``shares`` those of shares, shown in per cent.
    """

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    people: Collection[str] = ()
    shares: Collection[str] = ()


def write_sheets(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write tables as one workbook, all or nothing; the head row stays in view and filters.

    Raises StandoffError where the library is not installed or the file cannot be written.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        what = "xlsx is written by XlsxWriter, which is not installed"
        raise StandoffError.of(what, file="--xlsx", expected="pip install 'standoff[print]', or --json") from None
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with new_file(path) as file, Workbook(file, {**options, "in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        people = book.add_format({"num_format": "#,##0", "valign": "top"})
        share = book.add_format({"num_format": "0.0%", "valign": "top"})
        for sheet in sheets:
            numbers = dict.fromkeys(sheet.people, people) | dict.fromkeys(sheet.shares, share)
            _write(book.add_worksheet(sheet.name[:31]), sheet, bold, wrap, day, numbers)


def _write(page: Any, sheet: Sheet, bold: Any, wrap: Any, day: Any, numbers: Mapping[str, Any]) -> None:
    page.set_landscape()
    page.fit_to_pages(1, 0)  # one page wide, as many as it takes
    page.repeat_rows(0)
    for column, head in enumerate(sheet.heads):
        page.write_string(0, column, head, bold)
        longest = max([len(head), *(len(str(row[column])) for row in sheet.rows if row[column] is not None)])
        page.set_column(column, column, min(longest + 2, WIDEST))
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, date) and cell.year >= 1900:
                page.write_datetime(number, column, cell, day)
            elif isinstance(cell, int | float) and not isinstance(cell, bool):
                page.write_number(number, column, cell, numbers.get(sheet.heads[column], wrap))
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


def write_ledger(path: Path, evaluation: Evaluation, rows: Sequence[Row], observed: Mapping[str, Observance]) -> None:
    """Write rows of the ledger as a workbook: provisions against versions, every row, and how truces are observed."""
    case = evaluation.case
    matrix = provision_table(evaluation, rows)
    names = {a: case.accounts[a].title if a in case.accounts else a for a in matrix.accounts}
    heads = ("commitment", "provision", "title", "place or party", "obliged party", "score 0 to 3", *names.values())
    provisions: list[tuple[Cell, ...]] = [
        (
            p.commitment, p.provision, p.title, p.key, ", ".join(p.debtor), p.score,
            *(p.words[a] or "says nothing" for a in matrix.accounts),
        )
        for p in matrix.provisions
    ]  # fmt: skip
    every: list[tuple[Cell, ...]] = [
        (
            r.commitment, r.title, r.agreement, r.provision, r.kind, r.account, r.account_kind, r.reading, r.key,
            r.words, r.since, r.due, r.kept, r.broken, r.breaches, r.breaches_possible,
            score_words(score_of(evaluation, r)), r.word_on, r.rule, "; ".join(r.because), "; ".join(r.claims),
        )
        for r in rows
    ]  # fmt: skip
    weeks: list[tuple[Cell, ...]] = [
        (
            o.commitment, case.commitments[o.commitment].title, o.start, o.end, o.age, o.basis, o.since.incidents,
            o.since.certain, o.before.incidents, o.year.incidents, o.since.per_week, o.before.per_week, o.year.per_week,
            *(value for ratio in _two(o) for value in ratio), o.last_breach, o.quiet, "; ".join(o.notes),
        )
        for o in (observed[name] for name in dict.fromkeys(r.commitment for r in rows) if name in observed)
    ]  # fmt: skip
    silent = ", ".join(case.accounts[a].title if a in case.accounts else a for a in matrix.silent)
    sheets = [
        Sheet("provisions", heads, provisions),
        Sheet("rows", LEDGER_HEADS, every),
        Sheet("observance", OBSERVANCE_HEADS, weeks),
        about_sheet(case, [("ledger on", evaluation.on), ("as known on", evaluation.as_of), ("say nothing", silent)]),
    ]
    write_sheets(path, sheets)


def _two(one: Observance) -> list[tuple[float | None, float | None, float | None]]:
    """Return the ratios against the 28 days and the year before, each with its range; empty where there is none."""
    ratios = {r.against: (r.value, r.low, r.high) for r in one.ratios}
    return [ratios.get(days, (None, None, None)) for days in (one.before.days, one.year.days)]


LEDGER_HEADS = (
    "commitment", "title", "agreement", "provision", "kind", "account", "kind of account", "reading", "place or party",
    "verdict", "since", "due", "kept", "broken", "breaches, certain", "breaches, all", "score 0 to 3", "said on",
    "rule", "events", "claims",
)  # fmt: skip
OBSERVANCE_HEADS = (
    "commitment", "title", "from", "to", "age in days", "counted from", "incidents since", "of them certain",
    "in the 28 days before", "in the year before", "a week since", "a week, 28 days", "a week, year",
    "ratio to 28 days", "low", "high", "ratio to the year", "low of it", "high of it", "last certain breach",
    "days since", "notes",
)  # fmt: skip
