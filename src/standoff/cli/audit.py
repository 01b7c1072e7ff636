"""The command audit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from standoff.cli.ledger import events_option, open_case, skip_option
from standoff.cli.options import (
    DayParam,
    json_option,
    print_json,
    print_lines,
    reading_options,
    refuse_before_record,
)


@click.command()
@click.argument("case")
@click.option("--on", type=DayParam(), help="The day the verdicts stand at. Default: the last of the case.")
@click.option("--all", "every", is_flag=True, help="List every id and every host.")
@events_option
@reading_options
@skip_option
@json_option
def audit(case: str, on: date | None, every: bool, log: Path | None, skip_bad: bool, as_json: bool) -> None:
    """Whom CASE accuses, on what sources, with what answer, and which verdicts rest on one voice."""
    import sys
    from dataclasses import asdict

    from standoff.case.restrictions import without_ids
    from standoff.commitments import audit as accusations
    from standoff.text.table_printer import terminal_width
    from standoff.views.lines.audit import MOST, audit_lines

    opened, loaded = open_case(case, log, skip_bad)
    refuse_before_record(opened, on=on)
    events = loaded.events if loaded else ()
    result = accusations.audit(opened, on=on, events=events)
    rows = {**{e.id: e for e in events}, **opened.events}
    if as_json:
        print_json(without_ids(asdict(result), rows))
        return
    print_lines(audit_lines(result, terminal_width(), sys.maxsize if every else MOST, rows))
    click.echo(f"next: standoff audit {case} {'--json' if every else '--all'}")
