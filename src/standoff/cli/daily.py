"""The command daily."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standoff.cli.ledger import (
    accounts_option,
    as_of_option,
    events_option,
    names_option,
    open_case,
    print_names,
    skip_option,
)
from standoff.cli.options import DayParam, json_option, print_lines, print_passed_on, reading_options
from standoff.errors import StandoffError
from standoff.text.table_printer import terminal_width

if TYPE_CHECKING:
    from standoff.case.model import Case


@click.command()
@click.argument("case")
@click.option("--on", type=DayParam(), help="The last day of the report. Default: the last with a report.")
@click.option("--from", "first", type=DayParam(), help="The first day, in place of --days.")
@click.option("--days", type=click.IntRange(1, 366), help="Length of the period.  [default: 1]")
@accounts_option
@as_of_option
@events_option
@click.option("--cutoff", metavar="HH:MM", help="When a day of reports ends, in place of case.yaml's day_ends.")
@click.option("--zone", help="Time zone of the hours, such as Europe/Kyiv, in place of case.yaml's timezone.")
@click.option("--language", default="en", help="Of headings and fixed sentences: en, ar or fr.  [default: en]")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write .html, .pdf, .docx or .xlsx, as it ends."
)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="The same as --out, for a page.")
@reading_options
@skip_option
@names_option
@json_option
def daily(
    case: str,
    on: date | None,
    first: date | None,
    days: int | None,
    accounts: tuple[str, ...],
    as_of: date | None,
    log: Path | None,
    cutoff: str | None,
    zone: str | None,
    language: str,
    out: Path | None,
    html: Path | None,
    skip_bad: bool,
    only_names: bool,
    as_json: bool,
) -> None:
    """A mission's daily report of CASE: counts by area, weapon and party, what changed and why, and an annex."""
    from standoff.commitments import daily as reporting
    from standoff.views.words import Words

    file = out or html
    if file is not None and as_json:
        option = "--out" if out else "--html"
        raise click.UsageError(f"{option} and --json do not go together: one report is written")
    if out is not None and html is not None:
        raise click.UsageError("--out and --html do not go together: one report is written")
    if first is not None and days is not None:
        raise click.UsageError("--from and --days do not go together: both say how long the period is")
    Words(language)  # refuses a language before anything is worked out
    if file is not None:
        from standoff.case.restrictions import refuse_files
        from standoff.views.paper import check_ending

        refuse_files("the report")

        if out is not None:
            check_ending(out)
    opened, loaded = open_case(case, log, skip_bad)
    if only_names:
        print_names(loaded, as_json)
        return
    opened = _by_clock(opened, cutoff, zone)
    events = loaded.events if loaded else None
    on = on or reporting.last_report(opened, events or ())
    _refuse_outside(opened, on, logged=loaded is not None)
    if first is not None and first > on:
        raise StandoffError.of(f"{first} is after {on}", file="--from", expected="a day on or before --on")
    if first is not None and (on - first).days >= 366:
        raise StandoffError.of(f"{first} to {on} is more than a year", file="--from", expected="at most 366 days")
    report = reporting.daily(
        opened,
        accounts or None,
        on=on,
        as_of=as_of,
        days=(on - first).days + 1 if first is not None else days or 1,
        events=events,
        areas=loaded.areas if loaded else None,
    )
    if loaded is not None:
        report["log"] = {"file": str(log), **loaded.summary()}
    if file is not None:
        from standoff.views.daily import daily_document
        from standoff.views.paper import paper_page, write_file, write_paper

        document = daily_document(opened, report, language)
        if out is not None:
            write_paper(out, document)
        else:
            write_file(file, paper_page(document).encode())
        click.echo(str(file))
    elif as_json:
        print_passed_on(report)
    else:
        from standoff.views.lines.daily import daily_lines

        print_lines(daily_lines(report, terminal_width(), language))


def _by_clock(case: Case, cutoff: str | None, zone: str | None) -> Case:
    """Return a case whose days of reports end at another hour, or whose hours are of another zone."""
    from pydantic import TypeAdapter, ValidationError

    from standoff.values import Clock, TimeZone

    about = case.about
    for option, key, value, kind in (
        ("--cutoff", "day_ends", cutoff, Clock),
        ("--zone", "timezone", zone, TimeZone),
    ):
        if value is None:
            continue
        try:
            clean: str = TypeAdapter(kind).validate_python(value)
        except ValidationError as error:
            what, _, expected = str(error.errors()[0]["msg"]).removeprefix("Value error, ").partition("expected ")
            raise StandoffError.of(
                f"{value!r} is not read{f': {what}' if what else ''}", file=option, expected=expected
            ) from None
        about = replace(about, day_ends=clean) if key == "day_ends" else replace(about, timezone=clean)
    return case if about is case.about else replace(case, about=about)


def _refuse_outside(case: Case, on: date, *, logged: bool) -> None:
    period = case.about.period
    if (period.start or on) <= on <= (period.end or on):
        return
    what, expected = f"{on} lies outside the record", f"a day from {period.start} to {period.end}"
    hint = "a log is read within the period of case.yaml" if logged else ""
    raise StandoffError.of(what, file="--on", expected=expected, hint=hint)
