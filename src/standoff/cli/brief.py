"""The command brief."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from standoff.cli.options import DayParam, json_option, print_json, print_lines, refuse_before_record


@click.command()
@click.argument("case")
@click.option("--on", type=DayParam(), help="The day. Default: the last with a report.")
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="Days back and ahead.")
@click.option("--events", "log", help="A log beside the record, as for ledger.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write one HTML file.")
@json_option
def brief(case: str, on: date | None, days: int, log: str | None, out: Path | None, as_json: bool) -> None:
    """One page for a day of CASE: what changed, falls due and is contested, incidents by area, who is silent."""
    from standoff.case.model import refuse_errors
    from standoff.case.passing import refuse_files
    from standoff.case.read import load
    from standoff.case.sections import BriefDay, sections_on
    from standoff.errors import StandoffError
    from standoff.intake.logs import open_log
    from standoff.text.table import terminal_width
    from standoff.views.brief import brief_page
    from standoff.views.lines.brief import brief_data, brief_lines

    opened = load(case)
    refuse_errors(opened)
    if out is not None and out.suffix.lower() not in (".html", ".htm"):
        raise StandoffError.of(
            f"a brief is written as HTML, not {out.suffix or 'this'}", file=str(out), expected=".html"
        )
    events = None
    areas: Mapping[str, str] = {}
    if log is not None:
        read = open_log(opened, log)
        click.echo(f"{log}: {read.in_a_line()}", err=True)
        opened, events, areas = read.added_to(opened), read.events, read.areas
    last = [e.date.end for e in (*opened.events.values(), *(events or ())) if e.date.end]
    on = on or max(last, default=opened.about.period.end or date.today())
    refuse_before_record(opened, on=on)
    day = BriefDay(opened, on, days, events, areas=areas)
    sections = sections_on(day)
    if out is not None:
        refuse_files("the page")
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(brief_page(day, sections), encoding="utf-8")
    if as_json:
        print_json(brief_data(day, sections))
        return
    print_lines(brief_lines(day, sections, terminal_width()))
    if out is not None:
        click.echo(f"\n{out}")
