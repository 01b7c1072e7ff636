"""The command levels."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from standoff.cli.options import DayParam, json_option, print_json, print_lines


def horizon_days(context: click.Context, param: click.Parameter, value: str) -> tuple[int, ...]:
    """Read days such as 7,28,84; anything else is a usage error that says what was expected."""
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part[:4]) <= 365 for part in parts):
        text = f"{value!r} is not read; expected days from 1 to 365, such as 7,28,84"
        raise click.BadParameter(text, context, param)
    return tuple(dict.fromkeys(map(int, parts)))


@click.command()
@click.argument("what", metavar="CASE|FILE")
@click.option(
    "--by",
    default="",
    help="The area: a column of the file; admin1 to admin3 or country of a log; sector, adm3 or country of a record.",
)
@click.option(
    "--horizon",
    "horizons",
    callback=horizon_days,
    metavar="DAYS",
    default="7,28,84",
    show_default=True,
    help="Days ahead.",
)
@click.option("--party", default="", help="Only what this party did, or what was done to it.")
@click.option("--type", "kind", default="", help="Only incidents of this type.")
@click.option("--on", type=DayParam(), help="The last day that is counted. Default: the last of the file or case.")
@click.option("--as-of", type=DayParam(), help="Of a case: only what was known for certain on this day.")
@click.option(
    "--log",
    "--events",
    "log",
    default="",
    help="Of a case: the log to count, or record. Default: the one it ships for counting.",
)
@click.option("--count", "number", default="", help="Of a file: the column that says how many incidents a row is.")
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="How days such as 05/03/2020 are meant.")
@click.option("--sheet", help="The sheet of a workbook.")
@click.option(
    "--boundaries",
    type=click.Path(path_type=Path),
    help="Your GeoJSON of areas, such as sub-districts: rows count where their coordinates lie.",
)
@click.option("--repair", is_flag=True, help="Mend or leave out what is not valid in --boundaries.")
@json_option
def levels(
    what: str,
    by: str,
    horizons: tuple[int, ...],
    party: str,
    kind: str,
    on: date | None,
    as_of: date | None,
    log: str,
    number: str,
    dates: str | None,
    sheet: str | None,
    boundaries: Path | None,
    repair: bool,
    as_json: bool,
) -> None:
    """How many incidents to expect by area, scored beside simple rivals.

    A FILE is any table of incidents with a day and an area (ACLED, UCDP GED, your own); ``-`` is standard input. Of a
    CASE the log is counted that it ships for counting, else its record, which is a selection.
    """
    from standoff.errors import StandoffError
    from standoff.files.opener import read_standard_input
    from standoff.files.table_reader import MOST_IN_MEMORY
    from standoff.levels.counts import incident_levels as count_and_expect
    from standoff.text.table_printer import terminal_width
    from standoff.views.lines.levels import levels_data, levels_lines

    if repair and boundaries is None:
        raise StandoffError.of("--repair goes with --boundaries", file="--repair", expected="--boundaries FILE")
    result = count_and_expect(
        read_standard_input(MOST_IN_MEMORY) if what == "-" else what,
        by=by,
        horizons=horizons,
        party=party,
        kind=kind,
        on=on,
        as_of=as_of,
        log=log,
        number=number,
        dates=dates,
        sheet=sheet,
        boundaries=boundaries,
        repair=repair,
        name="standard input" if what == "-" else what,
    )
    if as_json:
        print_json(levels_data(result))
        return
    print_lines(levels_lines(result, terminal_width()))
