"""The command levels."""

from __future__ import annotations

from datetime import date

import click

from standoff.cli.options import DayParam, json_option, print_json, print_lines


class Horizons(click.ParamType):  # type: ignore[type-arg] # older click has no type argument
    """Days, parted by commas."""

    name = "days"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """Read days such as 7,28,84; anything else is a usage error that says what was expected."""
        if isinstance(value, tuple):
            return value
        parts = [part.strip() for part in str(value).split(",")]
        if not all(part.isascii() and part.isdigit() and 1 <= int(part[:4]) <= 365 for part in parts):
            self.fail(f"{value!r} is not read; expected days from 1 to 365, such as 7,28,84", param, ctx)
        return tuple(dict.fromkeys(map(int, parts)))


@click.command()
@click.argument("what", metavar="CASE|FILE")
@click.option("--by", default="", help="The area: a column of the file, or sector, adm3 or country of a case.")
@click.option("--horizon", type=Horizons(), default=(7, 28, 84), show_default="7,28,84", help="Days ahead.")
@click.option("--party", default="", help="Only what this party did, or what was done to it.")
@click.option("--type", "of_type", default="", help="Only incidents of this type.")
@click.option("--on", type=DayParam(), help="The last day that is counted. Default: the last of the file or case.")
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="How days such as 05/03/2020 are meant.")
@click.option("--sheet", help="The sheet of a workbook.")
@json_option
def levels(
    what: str,
    by: str,
    horizon: tuple[int, ...],
    party: str,
    of_type: str,
    on: date | None,
    dates: str | None,
    sheet: str | None,
    as_json: bool,
) -> None:
    """How many incidents to expect by area, scored beside simple rivals.

    A FILE is any table of incidents with a day and an area (ACLED, UCDP GED, your own); ``-`` is standard input. Of a
    CASE the record is counted, which is a selection.
    """
    import sys
    from pathlib import Path

    from standoff.levels.counts import SECTOR, count_case, count_file, largest
    from standoff.levels.forecast import expect
    from standoff.text.table import terminal_width
    from standoff.views.lines.levels import levels_data, levels_lines

    path = Path(what)
    if what == "-" or path.is_file():
        source = sys.stdin.buffer.read() if what == "-" else path
        name = "standard input" if what == "-" else what
        counts, left = count_file(
            source, name=name, by=by, party=party, type=of_type, dates=dates, sheet=sheet, until=on
        )
    else:
        from standoff.case.model import refuse_errors
        from standoff.case.read import load

        case = load(what)
        refuse_errors(case)
        counts, left = count_case(case, by=by or SECTOR, party=party, type=of_type, until=on)
    result = expect(largest(counts, 100), horizon)
    if as_json:
        print_json(levels_data(result, left))
        return
    print_lines(levels_lines(result, left, terminal_width()))
