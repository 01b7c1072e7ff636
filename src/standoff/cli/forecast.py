"""The command forecast."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standoff.cli.options import DayParam, json_option, print_json, print_lines
from standoff.errors import StandoffError

if TYPE_CHECKING:
    from standoff.people.series.outlook import PeopleForecast

WRITTEN = click.Path(path_type=Path, dir_okay=False)


def pairs(texts: tuple[str, ...], option: str) -> dict[str, str]:
    """Return options of the form A=B. Raises StandoffError for another form."""
    out = {}
    for text in texts:
        left, mark, right = text.partition("=")
        if not (mark and left.strip() and right.strip()):
            raise StandoffError.of(f"{text!r} is not read", file=option, expected="two names with = between them")
        out[left.strip()] = right.strip()
    return out


@click.command()
@click.argument("file", metavar="FILE|FOLDER")
@click.option(
    "--kind",
    type=click.Choice(["stock", "cumulative", "flow"]),
    help="What is counted: people there, so far, or of a period.",
)
@click.option("--horizon", default="30,90", show_default=True, help="Days ahead, or months as 1m,3m.")
@click.option("--above", multiple=True, metavar="N", help="Give the chance of more than N people; may be repeated.")
@click.option("--site", "names", multiple=True, help="Show only this site or area; may be repeated.")
@click.option("--all", "every", is_flag=True, help="Show every site.")
@click.option("--on", type=DayParam(), help="Forecast from this day, without later reports.")
@click.option(
    "--map", "columns", multiple=True, metavar="OURS=THEIRS", help="A column: site=, date=, people=, admin1= ..."
)
@click.option("--only", multiple=True, metavar="COLUMN=VALUE", help="Take only rows with this value.")
@click.option("--repeats", type=click.Choice(["sum", "last"]), help="What several rows of one site and day mean.")
@click.option("--same", multiple=True, metavar="OLD=NEW", help="A site that was renamed; may be repeated.")
@click.option("--two", nargs=2, multiple=True, metavar="NAME NAME", help="Names alike of two sites; may be repeated.")
@click.option("--as", "source", metavar="SOURCE", help="The source, where the columns do not say it, such as dtm.")
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="How days such as 05/03/2020 are meant.")
@click.option("--numbers", type=click.Choice(["point", "comma"]), help="How numbers such as 1.200 are meant.")
@click.option("--sheet", help="The sheet of a workbook.")
@click.option("--encoding", help="The encoding of a text.")
@click.option("--skip-bad", is_flag=True, help="Leave out rows that cannot be read.")
@click.option("--xlsx", type=WRITTEN, help="Write a workbook.")
@click.option("--hxl", type=WRITTEN, help="Write HXL (CSV with hashtags).")
@click.option("--svg", type=WRITTEN, help="Write the fans as a picture.")
@json_option
def forecast(
    file: str,
    kind: str | None,
    horizon: str,
    above: tuple[str, ...],
    names: tuple[str, ...],
    every: bool,
    on: date | None,
    columns: tuple[str, ...],
    only: tuple[str, ...],
    repeats: str | None,
    same: tuple[str, ...],
    two: tuple[tuple[str, str], ...],
    source: str | None,
    dates: str | None,
    numbers: str | None,
    sheet: str | None,
    encoding: str | None,
    skip_bad: bool,
    xlsx: Path | None,
    hxl: Path | None,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Forecast people by site from a table of their past.

    FILE is any table of sites, days and people (CSV, xlsx, JSON, HXL; DTM, UNHCR, IDMC or your own; days or sites as
    columns), FOLDER one of Flee with data_layout.csv; ``-`` is standard input. How such forecasts did on the past of
    this very table is printed first.
    """
    from standoff.files.opener import read_standard_input
    from standoff.files.table_reader import MOST_IN_MEMORY
    from standoff.people.series.outlook import forecast as make
    from standoff.text.table_printer import terminal_width
    from standoff.views.lines.forecast import forecast_data, forecast_lines

    result = make(
        read_standard_input(MOST_IN_MEMORY) if file == "-" else file,
        name="standard input" if file == "-" else file,
        kind=kind,
        horizons=horizon,
        above=[_figure(text) for text in above],
        same=pairs(same, "--same"),
        two=two,
        on=on,
        columns=pairs(columns, "--map"),
        only=pairs(only, "--only"),
        repeats=repeats or "",
        dates=dates,
        numbers=numbers,
        sheet=sheet,
        encoding=encoding,
        skip_bad=skip_bad,
        feed=source,
    )
    _check_names(names, [one.name for one in (*result.sites, *result.areas, *([result.total] if result.total else []))])
    for path, write in ((xlsx, _workbook), (hxl, _hashtags), (svg, _picture)):
        if path is not None:
            write(path, result, names)
            click.echo(f"written: {path}", err=True)
    if as_json:
        print_json(forecast_data(result))
        return
    print_lines(forecast_lines(result, terminal_width(), every=every, names=names))


def _figure(text: str) -> float:
    plain = text.replace(",", "").replace(" ", "").replace("_", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 13):
        raise StandoffError.of(f"{text!r} is not read", file="--above", expected="a number of people such as 50000")
    return float(plain)


def _check_names(names: tuple[str, ...], rows: list[str]) -> None:
    from standoff.errors import nearest

    folded = {name.casefold() for name in rows}
    for name in names:
        if name.casefold() not in folded:
            raise StandoffError.of(
                f"there is no site {name!r}",
                file="--site",
                expected="a site or area of the table",
                hint=nearest(name, rows),
            )


def _workbook(path: Path, result: PeopleForecast, names: tuple[str, ...]) -> None:
    from standoff.exports.forecasts import write_forecast

    write_forecast(path, result)


def _hashtags(path: Path, result: PeopleForecast, names: tuple[str, ...]) -> None:
    from standoff.exports.forecasts import forecast_hxl
    from standoff.exports.hxl import to_csv
    from standoff.files.whole import write_whole

    write_whole(path, to_csv(forecast_hxl(result)))


def _picture(path: Path, result: PeopleForecast, names: tuple[str, ...]) -> None:
    from standoff.files.whole import write_whole
    from standoff.views.figures import svg_file
    from standoff.views.forecasts import fan_figure, ranked

    write_whole(path, svg_file(fan_figure(result, ranked(result, names))))
