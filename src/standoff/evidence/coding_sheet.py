"""The coding sheet: which rows of ``coding.csv`` the case covers, and why the others are left out.

Columns: ``id``, ``section``, ``title``, ``left_out`` (the reason, empty when the row is covered). A row is covered when
a record of the case names it in ``row``, or is its namesake: an event, commitment, agreement or dispute of that id.
Ids are compared without regard to capitals. Records other than claims may name rows of other tables too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from standoff.case.model import Case, Kind, refuse_errors
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.opener import is_there, read_text
from standoff.oneline import OneLine

COLUMNS = ("id", "section", "title", "left_out")
MOST_BYTES = 16 * 2**20
_WITH_ROWS = (
    Kind.CLAIMS, Kind.DISPUTES, Kind.COMMITMENTS, Kind.AGREEMENTS, Kind.ACTORS, Kind.THREADS, Kind.SIGNALS,
)  # fmt: skip
_NAMESAKES = (Kind.EVENTS, Kind.COMMITMENTS, Kind.AGREEMENTS, Kind.DISPUTES)


@dataclass(frozen=True, slots=True, repr=False)
class CodedRow(OneLine):
    """One row of the coding sheet: what it is, the records that cover it, or why it is left out."""

    id: str
    section: str
    title: str
    covered_by: tuple[str, ...]  # kind:id
    left_out: str
    line: int

    @property
    def state(self) -> str:
        """covered, left out, or missing."""
        return "covered" if self.covered_by else "left out" if self.left_out else "missing"


def _read(case: Case) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    path = case.root / "coding.csv"
    try:
        text = read_text(path, path.name, MOST_BYTES, within=case.root)
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            what = f"the columns are {', '.join(header) or 'missing'}"
            return [], [Problem(path.name, 1, what, ", ".join(COLUMNS), check="coverage")]
        rows, problems, line = [], [], reader.line_num + 1
        for cells in reader:
            if any(cells):
                if len(cells) == len(header):
                    rows.append((line, dict(zip(header, (c.strip() for c in cells), strict=True))))
                else:
                    what = f"{len(cells)} cells"
                    problems.append(
                        Problem(path.name, line, what, f"{len(header)}, as in the header", check="coverage")
                    )
            line = reader.line_num + 1
    except csv.Error as error:
        return [], [Problem(path.name, reader.line_num, f"this is not CSV: {error}", "comma-separated cells in UTF-8")]
    except StandoffError as error:
        return [], list(error.problems)
    return rows, problems


def _covering(case: Case) -> dict[str, list[str]]:
    covering: dict[str, list[str]] = {}
    for kind in _WITH_ROWS:
        for key, record in case.records(kind).items():
            for row in record.row:
                covering.setdefault(row.lower(), []).append(f"{kind.removesuffix('s')}:{key}")
    for kind in _NAMESAKES:
        for key in case.records(kind):
            name = f"{kind.removesuffix('s')}:{key}"
            if name not in covering.setdefault(key.lower(), []):
                covering[key.lower()].append(name)
    return covering


def coverage(case: Case) -> tuple[CodedRow, ...]:
    """Return every row of the coding sheet of a case, with the records that cover it.

    Parameters
    ----------
    case : Case
        A case with ``coding.csv``.

    Returns
    -------
    tuple of CodedRow
        In the order of the sheet; ``state`` is covered, left out or missing.

    Raises
    ------
    StandoffError
        When there is no sheet, or it is broken.

    Examples
    --------
    >>> import standoff as so
    >>> {row.state for row in so.coverage(so.load("idlib"))} <= {"covered", "left out"}
    True
    """
    refuse_errors(case)
    if not (case.root / "coding.csv").is_file():
        raise StandoffError.of("the case has no coding sheet", file="coding.csv", expected="a table of coded rows")
    rows, problems = _read(case)
    if problems:
        raise StandoffError(problems)
    covering = _covering(case)
    return tuple(
        CodedRow(r["id"], r["section"], r["title"], tuple(covering.get(r["id"].lower(), ())), r["left_out"], line)
        for line, r in rows
    )


def check_coverage(case: Case) -> Iterator[Problem]:
    """Every row of the coding sheet is covered or left out with a reason, once, and records name rows that exist."""
    if not is_there(case.root / "coding.csv"):
        return
    rows, problems = _read(case)
    yield from problems
    if problems:
        return
    lines: dict[str, int] = {}
    for line, row in rows:
        name = row["id"].lower()
        if name in lines:
            what = f"the row {row['id']!r} is given twice"
            yield Problem("coding.csv", line, what, "each row once", f"first at line {lines[name]}", "coverage")
        lines.setdefault(name, line)
    for coded in coverage(case):
        if coded.state == "missing":
            what = f"the row {coded.id!r} is neither covered nor left out"
            expected = "a record with it in 'row', or a reason in left_out"
            yield Problem("coding.csv", coded.line, what, expected, check="coverage", severity="warning")
    for key, claim in case.claims.items():
        for number, named in enumerate(claim.row):
            if named.lower() not in lines:
                where = case.written.get((Kind.CLAIMS, key))
                file, line = (where.file, where.at("row", number)) if where else ("claims.yaml", 0)
                what = f"the coding sheet has no row {named!r}"
                hint = nearest(named.lower(), lines)
                yield Problem(file, line, what, "a row of coding.csv", hint, "coverage", "warning")
