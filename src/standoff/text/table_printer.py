"""The one printer of tables: text folds, numbers never break, and what fits no table becomes a block a row."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from standoff.oneline import OneLine
from standoff.text.sentences import fold, glue, refold, unglue, visible

NARROWEST, WIDEST, UNSEEN = 40, 200, 80  # columns of a terminal; of a pipe, so that a page in the docs is stable
_WORDS = (20, 14, 10)  # a text column is as wide as its longest word up to here: the first of them that fits
_ROOMY = 60  # in fewer columns a table of three and more that does not fit whole is read better as blocks
_SPAN = "\ue001"  # stands for a line across the table while it is laid out


@dataclass(frozen=True, slots=True, repr=False)
class Number(OneLine):
    """The head of a column of numbers: right-aligned, never broken."""

    head: str


Column = str | Number  # a text column is its head
Row = Sequence[str] | str  # a row of cells, or a line across the whole table


def terminal_width() -> int:
    """Return the columns to write in: those of the terminal (or ``COLUMNS``), 80 where nobody looks."""
    return min(max(shutil.get_terminal_size((UNSEEN, 24)).columns, NARROWEST), WIDEST)


def table(columns: Sequence[Column], rows: Iterable[Row], width: int, *, indent: str = "", least: int = 0) -> list[str]:
    """Return the lines of a table, none wider than ``width``.

    Parameters
    ----------
    columns
        A head for each column: a text, or a `Number`. Where all are empty no heads are written.
    rows
        Cells, where a line break starts a new line; or one text, written across the table.
    width
        Columns of the terminal.
    indent
        Stands before every line.
    least
        What the first column must have, and no head be broken: a block a row where there is no room for that.
    """
    heads = [column if isinstance(column, str) else column.head for column in columns]
    numeric = [isinstance(column, Number) for column in columns]
    body = [_cells(row) for row in rows]
    room = width - len(indent)
    widths = _widths(heads, numeric, [row for row in body if not isinstance(row, str)], room)
    if (
        least
        and widths is not None
        and (widths[0] < least or any(len(h) > w for head, w in zip(heads, widths, strict=True) for h in head.split()))
    ):
        widths = None
    lines = list(_blocks(heads, body, room)) if widths is None else _laid_out(heads, numeric, body, widths, room)
    return [(indent + line).rstrip() for line in lines]


def _cells(row: Row) -> Row:
    return visible(row) if isinstance(row, str) else tuple(visible(str(cell)) for cell in row)


def _widths(heads: Sequence[str], numeric: Sequence[bool], rows: Sequence[Row], room: int) -> list[int] | None:
    """Share the room among the columns; None where it is too little for the numbers and a few words."""
    natural, longest = [], []
    for i, head in enumerate(heads):
        lines = [line for row in rows for line in row[i].split("\n")]
        natural.append(max([1, len(head), *map(len, lines)]))
        unbroken = lines if numeric[i] else [word for line in lines for word in glue(line).split()]
        longest.append(max([1, *map(len, head.split()), *map(len, unbroken)]))
    gaps = len(heads) - 1
    if sum(natural) + 2 * gaps <= room:
        return natural
    if room < _ROOMY and gaps > 1:
        return None
    for most in _WORDS:
        widths = [wide if number else min(wide, most) for wide, number in zip(longest, numeric, strict=True)]
        if sum(widths) + gaps <= room:
            break
    else:
        return None
    for _ in range(room - sum(widths) - gaps):
        tight = [i for i in range(len(heads)) if widths[i] < natural[i]]
        if not tight:
            break
        widths[max(tight, key=lambda i: natural[i] / widths[i])] += 1
    return widths


def _laid_out(
    heads: Sequence[str], numeric: Sequence[bool], rows: Sequence[Row], widths: Sequence[int], room: int
) -> list[str]:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    roomy = sum(widths) + 2 * (len(widths) - 1) <= room
    grid = Table(
        box=box.SIMPLE_HEAD, show_edge=False, show_header=any(heads), pad_edge=False, padding=(0, int(roomy), 0, 0)
    )
    for head, right, wide in zip(heads, numeric, widths, strict=True):
        grid.add_column(Text(head), width=wide, justify="right" if right else "left", overflow="fold", vertical="top")
    across = [row for row in rows if isinstance(row, str)]
    for row in rows:
        cells = (
            [_SPAN]
            if isinstance(row, str)
            else [
                Text(glue(cell if number else at_joints(cell, wide)))
                for cell, wide, number in zip(row, widths, numeric, strict=True)
            ]
        )
        grid.add_row(*cells)
    out = StringIO()
    Console(file=out, width=room, color_system=None, highlight=False, legacy_windows=False).print(grid)
    lines: list[str] = []
    for line in unglue(out.getvalue()).splitlines():
        lines += refold([across.pop(0)], room) if line.startswith(_SPAN) else [line]
    return lines


_JOINTS = "-/_."  # of an id or an address: what stands before one is a word


def at_joints(cell: str, wide: int) -> str:
    """Return a cell whose words that are too long for their column go on in a new line after a joint, where one is.

    Examples
    --------
    >>> at_joints("by international-viewpoint", 18)
    'by international-\\nviewpoint'
    """
    lines = []
    for line in cell.split("\n"):
        words = []
        for word in line.split(" "):
            rest = word
            while len(rest) > wide and (at := max(rest.rfind(joint, 0, wide) for joint in _JOINTS) + 1) > wide // 3:
                words.append(f"{rest[:at]}\n")
                rest = rest[at:]
            words.append(f"{rest} ")
        lines.append("".join(words)[:-1])
    return "\n".join(lines)


def _blocks(heads: Sequence[str], rows: Iterable[Row], room: int) -> Iterator[str]:
    """Yield a block a row: the first cell, and below it each other cell behind the head of its column."""
    for row in rows:
        if isinstance(row, str):
            yield from refold([row], room)
            continue
        first, *others = row
        if first:
            for line in first.split("\n"):
                yield from fold(line, room, hang="  ")
        for head, cell in zip(heads[1:], others, strict=True):
            text = re.sub(r"\s*\n\s*", "; ", cell.strip())
            if text:
                yield from fold(f"{head}: {text}" if head else text, room, indent="  ", hang="    ")
