"""Lines of a ledger and of track records for a terminal of 80 columns."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import zip_longest
from typing import TYPE_CHECKING

import click

from standoff.commitments.agreements import AgreementRow, agreement_rows
from standoff.commitments.engine.states import RESULT_BROKEN
from standoff.commitments.monitor import Evaluation
from standoff.text.sentences import fold, label

if TYPE_CHECKING:
    from rich.table import Table

    from standoff.case.model import Case
    from standoff.commitments.ledger import Row
    from standoff.commitments.track import Track


WIDTH = 80
_BY = ("broken", RESULT_BROKEN)  # words beside which it stands who did it


def wrapped(text: str, width: int, indent: str = "") -> str:
    """Fold a text to a width; lines after the first hang by ``indent``."""
    return "\n".join(fold(text, width, hang=indent))


def ledger_lines(found: Sequence[Row]) -> Iterator[str]:
    """Give each commitment a line with its id and title, and below it a line for each way in which it stands.

    The record comes first, then each party with its own words; who says nothing shares the last line.
    """
    columns = ((20, "<"), (16, "<"), (10, "<"), (5, ">"), (7, ">"), (17, "<"))

    def lines(*cells: str) -> Iterator[str]:
        folded = [wrapped(cell, width).split("\n") for cell, (width, _) in zip(cells, columns, strict=True)]
        for part in zip_longest(*folded, fillvalue=""):
            yield " ".join(f"{cell:{side}{width}}" for cell, (width, side) in zip(part, columns, strict=True)).rstrip()

    yield from lines("  which", "verdict", "since", "k/b", "B", "according to")
    yield "-" * WIDTH
    groups: dict[str, dict[tuple[str, str, str, str, str], list[Row]]] = {}
    for row in found:
        counts = f"{row.kept}/{row.broken}" if row.kept or row.broken else ""
        since = row.since.isoformat() if row.since else ""
        doers = f" by {', '.join(row.by)}" if row.by and row.says in _BY else ""
        stand = (row.reading, row.words + doers, since, counts, _share(row))
        groups.setdefault(row.commitment, {}).setdefault(stand, []).append(row)
    for name, stands in groups.items():
        title = next(rows[0].title for rows in stands.values())
        yield click.style(name, bold=True) + "  " + _cut(title, WIDTH - len(name) - 2)
        silent = [row for by in stands.values() for row in by if row.says == "silent"]
        for (reading, *line, share), by in stands.items():
            if by[0].says == "silent":
                continue
            keys = dict.fromkeys(r.key for r in by if r.key)
            which = ", ".join(part for part in (f"reading {reading}" if reading else "", share) if part)
            if keys:
                which += " at " + (", ".join(keys) if len(keys) < 4 else f"{len(keys)} places")
            low, high = min(r.breaches for r in by), max(r.breaches_possible for r in by)
            many = "" if not high else str(high) if low == high else f"{low}-{high}"
            cells = textwrap.indent(wrapped(which.strip(), 18), "  ").split("\n")
            first, *rest = lines("", *line, many, _accounts(by))
            for left, right in zip_longest(cells, (first, *rest), fillvalue=""):
                yield f"{left:<20}{right[20:]}".rstrip()
        if mute := _mute(stands.values(), silent):
            yield from fold(mute, WIDTH, indent=" " * 21, hang=" " * 23)


def _mute(stands: Iterable[Sequence[Row]], silent: Sequence[Row]) -> str:
    """Say who says nothing: by name those whom the commitment obliges or benefits, the others by number."""
    spoke = {row.account for by in stands for row in by if row.says not in ("", "silent")}
    names = [name for name in dict.fromkeys(row.account for row in silent) if name not in spoke]
    if not names:
        return ""
    concerned = {row.account for row in silent if row.party in (*row.debtor, *row.creditor)}
    first = [name for name in names if name in concerned]
    rest = len(names) - len(first)
    if not spoke:
        if not first:
            return f"nothing said by any of the {rest} who speak here" if rest > 1 else "nothing said"
        return f"nothing said: {', '.join(first)}{_others(rest)}"
    if first:
        return f"nothing said: {', '.join(first)}{_others(rest)}"
    return ""


def _others(rest: int) -> str:
    return f" and {rest} other{'' if rest == 1 else 's'}" if rest else ""


def _accounts(by: Sequence[Row]) -> str:
    """Name the accounts of some rows: the record, parties, readings."""
    names = (label(row.account, row.account_kind) if row.own_reading else "if it is read so" for row in by)
    return ", ".join(dict.fromkeys(names))


def _share(row: Row) -> str:
    """Say how much of an amount is reported; nothing for other kinds."""
    if row.degree is None:
        return ""
    low, high = (f"{int(1000 * part + 1e-6) / 10:g}" for part in row.degree)  # cut: 99.96 is not all
    return f"reported {low} %" if low == high else f"reported {low} to {high} %"


def _cut(text: str, width: int) -> str:
    """Shorten a text to a width, at a space, with an ellipsis."""
    return text if len(text) <= width else textwrap.shorten(text, width, placeholder=" ...")


def track_table(case: Case, found: Sequence[Track], title: str) -> Table:
    """Give each debtor a line for each record that is told of it, with mean, interval and of which account."""
    table = _table(
        ("debtor", 12, False),
        ("of", 14, False),
        ("record", 20, False),
        ("mean, 90 %", 15, False),
        ("according to", 14, False),
        title=title,
    )
    groups: dict[tuple[str, ...], list[str]] = {}
    for t in found:
        kind = f"{'threats' if t.adverse else 'promises'}, {t.kind}"
        mean = "" if t.mean is None else f"{t.mean:.2f} {t.low:.2f}-{t.high:.2f}"
        groups.setdefault((t.debtor, kind, t.words, mean), []).append(t.account)
    for line, by in groups.items():
        table.add_row(*line, ", ".join(label(name, case.accounts[name].kind) for name in by))
    return table


def _table(*columns: tuple[str, int, bool], title: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name, width, right in columns:
        table.add_column(name, width=width, overflow="fold", justify="right" if right else "left")
    return table


# What ``standoff ledger CASE --agreements`` prints: the state of each agreement, per account.


WIDTHS = (22, 17, 5, 5, 5, 5, 5, 9)
HEADS = ("agreement", "state", "held", "kept", "brok", "cont", "unkn", "account")


def show(made: Evaluation, as_json: bool) -> None:
    """Print the agreements of a finished run, as a table of 80 columns or as JSON."""
    found = agreement_rows(made)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in found], indent=1, ensure_ascii=False))
        return
    known = f", as known on {made.as_of}" if made.as_of else ""
    click.echo(f"Agreements on {made.on}{known}")
    click.echo(_line(HEADS))
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in found:
        groups.setdefault(_cells(row), []).append(row.account)
    for cells, by in groups.items():
        for line in _folded((*cells, ", ".join(by))):
            click.echo(line)
    without = len(made.case.agreements) - len({row.agreement for row in found})
    click.echo(f"n = {len({r.agreement for r in found})} agreements with provisions; {without} more have none here.")
    click.echo("held: provisions still owed or held, of all; a broken one may be among them.")
    click.echo("kept, broken, contested, unknown: provisions by verdict.")


def _cells(row: AgreementRow) -> tuple[str, ...]:
    state = row.state
    if row.state in ("contested", "unknown"):
        state += f": {' or '.join(row.possible)}"
    elif row.successors and row.state == "superseded":
        state += f" by {', '.join(row.successors)}"
    counts = (row.kept, row.broken, row.contested, row.unknown)
    return (row.agreement, state, f"{row.in_force}/{row.provisions}", *(str(n) if n else "" for n in counts))


def _folded(cells: tuple[str, ...]) -> list[str]:
    """Lines of a row; a cell wider than its column goes on below, broken at spaces where it can be."""
    import textwrap

    parts = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, WIDTHS, strict=True)]
    rows = max(map(len, parts))
    return [_line(tuple(p[i] if i < len(p) else "" for p in parts)) for i in range(rows)]


def _line(cells: tuple[str, ...]) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
