"""The command brief."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from standoff.cli.options import (
    DayParam,
    how_to_read,
    json_option,
    print_json,
    print_lines,
    reading_options,
)


@click.command()
@click.argument("case")
@click.option("--on", type=DayParam(), help="The day. Default: the last with a report.")
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="Days back and ahead.")
@click.option("--events", "log", help="A log beside the record, as for ledger.")
@reading_options
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write .html, .pdf, .docx or .xlsx, as it ends."
)
@json_option
def brief(case: str, on: date | None, days: int, log: str | None, out: Path | None, as_json: bool) -> None:
    """One page for a day of CASE: what changed, falls due and is contested, incidents by area, who is silent."""
    from standoff.case.read import load
    from standoff.intake.logs import log_alone, open_log
    from standoff.text.table_printer import terminal_width
    from standoff.views.brief import brief as brief_of
    from standoff.views.paper import check_ending

    opened = load(case)
    log = log or log_alone(opened)
    if out is not None:
        check_ending(out)
    events = None
    areas: Mapping[str, str] = {}
    if log is not None:
        read = open_log(opened, log, **how_to_read())
        click.echo(f"{log}: {read.in_a_line()}", err=True)
        opened, events, areas = read.added_to(opened), read.events, read.areas
    page = brief_of(opened, on, days=days, events=events, areas=areas, log=log or "")
    if out is not None:
        page.save(out)
    if as_json:
        print_json(page.record())
        return
    print_lines(page.lines(terminal_width()))
    if out is not None:
        click.echo(f"\n{out}")
