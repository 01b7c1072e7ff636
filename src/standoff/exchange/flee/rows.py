"""Reading Flee's CSV files line by line, collecting every problem instead of stopping at the first."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from standoff.case.files import is_there, read_text
from standoff.case.values import MOST_PEOPLE, YEARS, is_year
from standoff.errors import Problem, StandoffError, nearest

MAX_BYTES = 64 * 2**20
LONGEST = 40  # letters of a number, and of a cell in a message


@dataclass(slots=True)
class Finds:
    """What was found wrong so far; `raise_errors` stops the reading if anything is an error."""

    problems: list[Problem] = field(default_factory=list)

    def error(self, file: str, line: int, what: str, expected: str = "", hint: str = "") -> None:
        """Note something that has to be mended before the folder can be used."""
        self.problems.append(Problem(file, line, what, expected, hint))

    def warn(self, file: str, line: int, what: str, hint: str = "") -> None:
        """Note something that can be used but is likely not meant."""
        self.problems.append(Problem(file, line, what, hint=hint, severity="warning"))

    def raise_errors(self) -> None:
        """Raise `StandoffError` with all errors if there is one; warnings are shown when nothing else is wrong."""
        errors = [p for p in self.problems if p.severity == "error"]
        if errors:
            raise StandoffError(errors)

    def errors_in(self, file: str) -> bool:
        """Return whether an error of this file was noted."""
        return any(p.file == file and p.severity == "error" for p in self.problems)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return the warnings, by file and line."""
        return tuple(sorted((p for p in self.problems if p.severity == "warning"), key=lambda p: p.sort_key))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file, with its cells stripped of blanks."""

    file: str
    line: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """Return a cell, empty when the line is too short."""
        return self.cells[column] if column < len(self.cells) else ""


def rows(folder: Path, name: str, finds: Finds, *, needed: bool = True) -> Iterator[Row]:
    """Yield the lines of ``folder/name`` that hold anything, comments included; notes a missing or unreadable file.

    Only plain files that lie in the folder are opened, also where a file of it names others.
    """
    path = folder / name
    if not is_there(path):
        if needed:
            beside = [p.name for p in folder.glob("*.csv")] if folder.is_dir() else []
            finds.error(str(path)[:300], 0, "no such file", hint=nearest(name, beside))
        return
    try:
        text = read_text(path, str(path), MAX_BYTES, within=folder)
    except StandoffError as error:
        finds.problems += error.problems
        return
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            found = tuple(c.strip() for c in cells)
            if any(found):
                yield Row(str(path), reader.line_num, found)
    except csv.Error as problem:
        finds.error(str(path), reader.line_num, f"cannot be read: {problem}", "cells separated by commas")


def header_of(row: Row, columns: Sequence[int], words: Collection[str]) -> bool:
    """Return whether a file's first line is a header without its ``#``: words in place of all that must be numbers.

    ``columns`` are that of the name, which must be one of ``words``, and those of numbers.
    """
    first, *numbers = (row.cell(c) for c in columns)
    return first.lower() in words and not any(re.search(r"\d", x) for x in numbers)


def misspelt(name: str, names: Iterable[str]) -> str:
    """Return the one of ``names`` that is a letter off (two in names of eight or more), or an empty string."""
    found = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    if not found:
        return ""
    longest = max(len(name), len(found[0]))
    same = sum(
        b.size for b in difflib.SequenceMatcher(None, name.casefold(), found[0].casefold()).get_matching_blocks()
    )
    return found[0] if longest - same <= (2 if longest >= 8 else 1) else ""


def shortened(names: Sequence[str], most: int = 5) -> str:
    """Return the first names of a list, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(repr(n) for n in names[:most]) + more


def whole(
    row: Row,
    column: int,
    label: str,
    finds: Finds,
    *,
    least: int | None = 0,
    most: int = MOST_PEOPLE,
    blank: int | None = None,
) -> int:
    """Return the whole number in a cell (or ``blank`` for an empty one), noting anything else."""
    text = row.cell(column)
    if not text and blank is not None:
        return blank
    try:
        value = int(text) if len(text) <= LONGEST else most + 1
    except ValueError:
        finds.error(row.file, row.line, f"{label} {shown(text)}", "a whole number")
        return least or 0
    if least is not None and value < least:
        finds.error(row.file, row.line, f"{label} {value}", f"a whole number of {least} or more")
        return least
    if abs(value) > most:
        finds.error(row.file, row.line, f"{label} {shown(text)}", f"a whole number of up to {most:,}")
        return most
    return value


def number(
    row: Row, column: int, label: str, finds: Finds, low: float, high: float, *, blank: float | None = None
) -> float:
    """Return the number in a cell, noting what is not one between ``low`` and ``high``."""
    text = row.cell(column)
    if not text and blank is not None:
        return blank
    try:
        value = float(text)
    except ValueError:
        finds.error(row.file, row.line, f"{label} {shown(text)}", f"a number between {low:g} and {high:g}")
        return max(low, 0.0)
    if not low <= value <= high:  # nan is not, either
        finds.error(row.file, row.line, f"{label} {text[:LONGEST]}", f"a number between {low:g} and {high:g}")
        return max(low, 0.0)
    return value


def day_of(row: Row, column: int, label: str, finds: Finds) -> date | None:
    """Return the date in a cell, noting anything but YYYY-MM-DD, and years that no date may have."""
    text = row.cell(column)
    try:
        if not re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text, re.ASCII):  # Flee reads 2012-2-9 too
            raise ValueError
        found = date(*map(int, text.split("-")))
    except ValueError:
        finds.error(row.file, row.line, f"{label} {shown(text)}", "a date as YYYY-MM-DD, such as 2012-02-29")
        return None
    if not is_year(found.year):
        finds.error(row.file, row.line, f"{label} {text}", f"a date as YYYY-MM-DD, {YEARS}")
    return found


def shown(text: str) -> str:
    """Return a cell as a message shows it."""
    return repr(text) if len(text) <= LONGEST else f"{text[:LONGEST]!r}..."


def known(row: Row, name: str, names: Iterable[str], label: str, finds: Finds) -> bool:
    """Return whether ``name`` is one of ``names``, noting the nearest one when it is not."""
    names = list(names)
    if name in names:
        return True
    finds.error(row.file, row.line, f"{label} {name!r} is not known", hint=nearest(name, names))
    return False
