"""``standoff convert``: a Flee folder to the tables of a case, and a case to a Flee folder."""

from __future__ import annotations

from pathlib import Path

import click

from standoff.errors import StandoffError

FOLDER = click.Path(path_type=Path)


@click.group()
def convert() -> None:
    """Read and write other people's formats."""


@convert.command("flee")
@click.argument("flee_dir", type=FOLDER)
@click.argument("case_dir", type=FOLDER)
@click.option("--data", type=FOLDER, help="Folder with data_layout.csv and the reported counts.")
def from_flee(flee_dir: Path, case_dir: Path, data: Path | None) -> None:
    """Write the tables of a case from a Flee folder.

    A Flee folder knows no parties, claims or promises: put the tables into a case that has them.
    """
    from standoff.exchange.flee.folder import read_folder
    from standoff.exchange.flee.series import read_series
    from standoff.exchange.flee.tables import case_tables

    _new(case_dir)
    folder = read_folder(flee_dir)
    series = read_series(data, folder) if data else None
    for problem in folder.warnings + (series.warnings if series else ()):
        click.echo(f"warning: {problem}", err=True)
    click.echo(f"{case_dir}: {', '.join(case_tables(folder, series, case_dir))}")


@convert.command("to-flee")
@click.argument("case_name", metavar="CASE")
@click.argument("flee_dir", type=FOLDER)
@click.option("--from", "start", metavar="DATE", help="First day [default: that of the case].")
@click.option("--days", type=click.IntRange(1, 3650), help="Length [default: that of the case].")
@click.option("--home", metavar="COUNTRY", help="Country that people are refugees from [default: of the first place].")
def to_flee(case_name: str, flee_dir: Path, start: str | None, days: int | None, home: str | None) -> None:
    """Write a case as a Flee folder with its settings."""
    from standoff.case.read import load
    from standoff.case.values import YEARS, calendar_day
    from standoff.exchange.flee.tables import flee_folder

    _new(flee_dir)
    case = load(case_name)
    try:
        first = calendar_day(start) if start else case.about.start.start
    except ValueError:
        expected = f"YYYY-MM-DD, {YEARS}"
        raise StandoffError.of(f"{start!r} is no date", file="--from", expected=expected) from None
    if first is None:
        raise StandoffError.of("the case has no first day", file="--from", expected="YYYY-MM-DD")
    country = home or next(p.country for p in case.places.values())
    click.echo(f"{flee_dir}: {', '.join(flee_folder(case, flee_dir, first, days or case.about.days, country))}")


def _new(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StandoffError.of("this exists and is not empty", file=str(folder), expected="a new or empty folder")
