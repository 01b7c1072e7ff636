"""What ``standoff ledger CASE --agreements`` prints: the state of each agreement, per account."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from standoff.commitments.agreements import AgreementRow, agreement_rows
from standoff.commitments.monitor import Evaluation

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
