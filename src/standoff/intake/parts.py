"""The rows of a table of reports, read at once, or of a large text in parts by several processes.

Both give the same: parts are joined in their order, and lines are those of the whole file. Where parts cannot tell
what the whole says (an id that stands in two of them, quotes that are stray) the whole is read by one process.
"""

from __future__ import annotations

import gc
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, TypeVar

from standoff.case.geography import Place
from standoff.case.model import NO_NAME, UNKNOWN, bare, is_unknown
from standoff.case.reports import Report
from standoff.cores import begin_as_worker
from standoff.errors import StandoffError
from standoff.files.table_reader import NOTE_BELOW, Aside, Part, Table
from standoff.intake.acled_columns import AcledColumns
from standoff.intake.log_rows import Waiting, log_cells
from standoff.intake.rows import Brief, Frame, RowReader, Settled, future
from standoff.oneline import OneLine

PART_BYTES = 40 * 2**20  # of a text that several processes read
MOST_HELD = 30_000  # records; of a larger file they are made again whenever they are asked for
ReaderOf = Callable[[Settled], RowReader]
T = TypeVar("T")


@contextmanager
def without_collection() -> Iterator[None]:
    """Let no search for circles stop what makes millions of rows, in none of which there is one."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class LeftOut(NamedTuple):
    """A row that was not taken: where it stands, and why."""

    line: int
    why: str


CellLines = dict[str, dict[str, int]]  # by field its different cells, each with the line on which it stands first
_SURE = re.compile(r"-?\d+(?:\.\d+)?")
_THREE = re.compile(r"-?\d{1,3}\.\d{3}")


@dataclass(frozen=True, slots=True, repr=False)
class FieldColumns(OneLine):
    """Of which fields the cells are looked at before any is read: where the fields of days and of numbers stand."""

    days: Mapping[str, int]
    numbers: Mapping[str, int]

    @property
    def fields(self) -> dict[str, int]:
        """Where each field stands."""
        return {**self.days, **self.numbers}

    def add(self, name: str, cell: str, line: int, cell_lines: dict[str, int]) -> None:
        """Add a cell to those of a field, where it may say something that none of them does."""
        if cell in cell_lines:
            return
        if name in self.numbers:
            degrees = name in ("lat", "lon")
            if cell.isdigit() or not cell:
                return
            if "." in cell_lines and _SURE.fullmatch(cell) and (degrees or not _THREE.fullmatch(cell)):
                return
            if "." in cell and degrees:
                cell_lines[cell] = cell_lines["."] = line  # what follows adds no evidence; a lone point is a blank cell
        cell_lines[cell] = line


def cells_seen(table: Table, columns: FieldColumns) -> CellLines:
    """Return the different cells of fields of a table, each with the line on which it stands first."""
    cell_lines: CellLines = {name: {} for name in columns.fields}
    for block in table.blocks():
        for name, at in columns.fields.items():
            column, cells = block.column(at), cell_lines[name]
            if name in columns.numbers and table.format != "csv":  # a number of a workbook is one already
                column = [cell if type(cell) is str else "" for cell in column]
            if new := [cell for cell in dict.fromkeys(column) if cell not in cells]:
                first = dict(zip(reversed(column), reversed(block.lines), strict=True))
                for cell in new:
                    columns.add(name, cell, first[cell], cells)
    return cell_lines


class _UnpartedError(Exception):
    """The whole has to be read by one process."""


@dataclass(repr=False)
class ReportRows(OneLine):
    """What the rows of a table gave, or those of a part of it.

    ``wrong`` are the lines that give no record; ``few`` the reports where they are few and no log is made.
    """

    rows: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    wrong: set[int] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    undecided: Counter[str] = field(default_factory=Counter)
    nobody_known: int = 0
    outside_period: int = 0
    outside_region: int = 0
    places: dict[str, Place] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    log_rows: Waiting | None = None
    few: list[Report] | None = None

    def join(self, other: ReportRows) -> None:
        """Add what the rows behind these gave."""
        if not self.ids.isdisjoint(other.ids):  # the whole says which row is the second
            raise _UnpartedError
        self.rows += other.rows
        self.left_out += other.left_out
        self.wrong |= other.wrong
        self.ids |= other.ids
        self.undecided.update(other.undecided)
        self.nobody_known += other.nobody_known
        self.outside_period += other.outside_period
        self.outside_region += other.outside_region
        for name, place in other.places.items():
            self.places.setdefault(name, place)
        for note, many in other.notes.items():
            self.notes[note] = self.notes.get(note, 0) + many
        if self.log_rows is not None and other.log_rows is not None:
            self.log_rows.join(other.log_rows)


def reports_of(
    table: Table,
    reader: Callable[[Settled], RowReader],
    setup: Settled,
    source: str,
    rows: Waiting | None,
    *,
    hold: bool,
) -> ReportRows:
    """Return what the rows of a table give: rows of a log where some wait, reports where they are few and ``hold``."""
    done, frame, spots = ReportRows(log_rows=rows), Frame(setup.case), setup.spots
    read = reader(setup)
    width, ids, wrong, undecided = len(table.header), done.ids, done.wrong, done.undecided
    strangers: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[tuple[str, ...], bool]] = {}
    few: list[Report] | None = [] if hold and rows is None else None
    # thousands at a time where the file is a text, and its rows need not become reports
    columns = AcledColumns(setup, frame, rows, ids) if source == "acled" and table.format == "csv" else None

    def rest() -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that are read one by one."""
        for block in table.blocks():
            done.rows += len(block)
            if columns is None or few is not None or not columns.read(block):
                yield from block.rows

    for line, cells in rest():
        try:
            if len(cells) > width:
                raise ValueError("the row has more cells than the header")
            cells = [*cells, ""]
            report = read(line, cells, brief=few is None, log=rows is not None)
            if report.id in ids:
                raise ValueError(f"the event {report.id!r} is given twice; expected each id once")
            if why := future(report.date, setup.today):
                raise ValueError(why)
        except (ValueError, KeyError, TypeError) as error:
            wrong.add(line)
            done.left_out.append(LeftOut(line, str(error)))
            continue
        ids.add(report.id)
        if not frame.holds(report.date, [spots.place(report.place)] if report.place else []):
            wrong.add(line)
            continue
        sides = report.actor, report.target
        if sides not in strangers:
            parties = dict.fromkeys((*report.actor, *report.target))
            names = tuple(bare(p) for p in parties if p.startswith(UNKNOWN) and p != NO_NAME)
            strangers[sides] = names, all(map(is_unknown, parties))
        for name in strangers[sides][0]:
            undecided[name] += 1
        done.nobody_known += strangers[sides][1]
        if rows is not None:
            rows.add(report.row if isinstance(report, Brief) else log_cells(report, source))
        if few is not None:
            assert isinstance(report, Report)  # noqa: S101 - nothing less was asked for
            few.append(report)
            if len(few) > MOST_HELD:
                few = None
    if columns is not None:
        wrong.update(columns.wrong)
        undecided.update(columns.undecided)
        done.nobody_known += columns.nobody_known
    done.outside_period, done.outside_region = frame.outside_period, frame.outside_region
    done.places, done.notes, done.few = spots.places, setup.notes, few
    return done


class Hands:
    """Processes that read the parts of a large text, begun when the first part is given to one."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._pool: ProcessPoolExecutor | None = None

    def parts(self, table: Table) -> list[Part]:
        """Return the parts of a table that is worth several processes; empty where it is not."""
        return table.parts(PART_BYTES) if self._number > 1 else []

    def each(self, work: Callable[[Part], T], parts: Collection[Part]) -> Iterator[T]:
        """Yield what the work gives of each part, in their order. Raises what the work raises."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(min(self._number, len(parts)), initializer=begin_as_worker)
        return self._pool.map(work, parts)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


class _First(NamedTuple):
    cell_lines: CellLines
    asides: list[Aside]
    more: int
    rows: int


def _first_pass(columns: FieldColumns, part: Part) -> _First:
    gc.collect()  # the part before has left circles, and nothing looks for them while a part is read
    table = part.table()
    with without_collection():
        cell_lines = cells_seen(table, columns)
    return _First(cell_lines, table.asides, table.more_asides, table.count)


def seen_in_parts(table: Table, columns: FieldColumns, hands: Hands) -> CellLines | None:
    """Return the same as `cells_seen` by several processes; None where one has to read the whole."""
    parts = hands.parts(table)
    if not parts:
        return None
    cell_lines: CellLines = {name: {} for name in columns.fields}
    asides: list[Aside] = []
    more = count = 0
    try:
        for number, one in enumerate(hands.each(partial(_first_pass, columns), parts), 1):
            if number < len(parts) and one.asides and one.asides[-1].why == NOTE_BELOW:
                return None  # records may follow it
            for name, cells in cell_lines.items():
                for cell, line in one.cell_lines[name].items():
                    columns.add(name, cell, line, cells)
            asides, more, count = asides + one.asides, more + one.more, count + one.rows
    except (StandoffError, BrokenProcessPool):  # the whole says what is wrong, and where
        return None
    table.passed(asides, more, count)
    return cell_lines


def _second_pass(reader: ReaderOf, setup: Settled, source: str, keeps_text: bool | None, part: Part) -> ReportRows:
    gc.collect()
    rows = None if keeps_text is None else Waiting(keeps_text=keeps_text, goes_to_disk=False)
    with without_collection():
        done = reports_of(part.table(), reader, setup, source, rows, hold=False)
    if rows is not None:
        rows.counts  # noqa: B018 - written out here, and not by the process that waits
    return done


def reports_in_parts(
    table: Table,
    reader: Callable[[Settled], RowReader],
    setup: Settled,
    source: str,
    rows: Waiting | None,
    hands: Hands,
) -> ReportRows | None:
    """Return the same as `reports_of` by several processes; None where one has to read the whole."""
    parts = hands.parts(table)
    if not parts:
        return None
    whole = ReportRows(log_rows=rows)
    work = partial(_second_pass, reader, setup, source, None if rows is None else rows.keeps_text)
    try:
        for one in hands.each(work, parts):
            whole.join(one)
    except (_UnpartedError, StandoffError, BrokenProcessPool):
        return None
    whole.ids.clear()  # they have served
    return whole
