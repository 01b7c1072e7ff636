"""The command arrivals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from standoff.cli.options import DayParam, json_option, print_json, print_lines
from standoff.errors import Problem, StandoffError

WRITTEN = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("where", metavar="CASE|FOLDER")
@click.option("--people", "number", required=True, metavar="N", help="How many more people leave.")
@click.option("--from", "origin", required=True, metavar="AREA", help="Which place or area they leave, or all.")
@click.option(
    "--close", multiple=True, metavar="NAME[@DATE]", help="A crossing, camp, route:A:B or border:X:Y that is shut."
)
@click.option("--open", "opened", multiple=True, metavar="NAME[@DATE]", help="One that is opened.")
@click.option("--full", multiple=True, metavar="NAME[@DATE]", help="A camp or place that takes in nobody more.")
@click.option("--on", type=DayParam(), help="First day [default: the case's, or that of the last report].")
@click.option("--days", default=30, show_default=True, help="Over how many days they leave.")
@click.option("--data", type=click.Path(path_type=Path), help="With a Flee folder: the folder of reported counts.")
@click.option("-n", "draws", default=2000, show_default=True, help="Draws behind the ranges.")
@click.option("--seed", default=1, show_default=True, help="Same seed, same numbers.")
@click.option("--all", "every", is_flag=True, help="Show every area and place.")
@click.option("--xlsx", type=WRITTEN, help="Write a workbook.")
@click.option("--hxl", type=WRITTEN, help="Write HXL (CSV with hashtags).")
@json_option
def arrivals(
    where: str,
    number: str,
    origin: str,
    close: tuple[str, ...],
    opened: tuple[str, ...],
    full: tuple[str, ...],
    on: date | None,
    days: int,
    data: Path | None,
    draws: int,
    seed: int,
    every: bool,
    xlsx: Path | None,
    hxl: Path | None,
    as_json: bool,
) -> None:
    """Where so many more people would arrive, by area and place, with ranges.

    WHERE is a case or a Flee folder. People go half by where displaced people are already, half by distance and size,
    never to the front line of the day; what is shut or full gets nobody from its day on.
    """
    from standoff.people.arrivals import asked_ways, expect_arrivals, origins_named, people_number, unmoved
    from standoff.text.table_printer import terminal_width
    from standoff.views.lines.arrivals import arrivals_data, arrivals_lines

    grounds = grounds_of(where, on, data)
    told = [_or_problems(work) for work in (
        lambda: people_number(number),
        lambda: origins_named(grounds, origin),
        lambda: asked_ways(grounds, close, opened, full),
    )]  # fmt: skip
    if problems := [problem for _, some in told for problem in some]:
        raise StandoffError(problems)
    how_many, (origins, title), (closures, words) = (value for value, _ in told)
    result = expect_arrivals(
        grounds, how_many, origins, from_title=title, closures=closures, days=days, n=draws, seed=seed, changes=words
    )
    for line in unmoved(grounds, closures):
        click.echo(f"note: {line}", err=True)
    for path, form in ((xlsx, "xlsx"), (hxl, "hxl")):
        if path is not None:
            from standoff.exports.arrivals import write_arrivals

            write_arrivals(path, result, form)
            click.echo(f"written: {path}", err=True)
    if as_json:
        print_json(arrivals_data(result))
        return
    print_lines(arrivals_lines(result, terminal_width(), every=every))


def _or_problems(work: Callable[[], Any]) -> tuple[Any, list[Problem]]:
    """Return what some work gives, or its problems, so that all of a command's are told at once."""
    try:
        return work(), []
    except StandoffError as error:
        return None, list(error.problems)


def grounds_of(where: str, on: date | None, data: Path | None) -> Any:
    """Return what a case or a Flee folder says of a day; a folder is one with locations.csv in it, or in input_csv."""
    path = Path(where)
    inside = next((p for p in (path, path / "input_csv", path / "input") if (p / "locations.csv").is_file()), None)
    if inside is None:
        from standoff.case.model import refuse_errors
        from standoff.case.read import load
        from standoff.runs.grounds import case_grounds

        if data is not None:
            raise StandoffError.of(f"{where!r} is a case", file="--data", expected="--data with a Flee folder only")
        case = load(where)
        refuse_errors(case)
        return case_grounds(case, on)
    from standoff.people import flee
    from standoff.people.flee.grounds import folder_grounds

    beside = [p for p in (inside.parent / "source_data", inside.parent / "data") if (p / "data_layout.csv").is_file()]
    if data is None and inside.name in ("input_csv", "input") and beside:
        data = beside[0]
        click.echo(f"note: reports of {data}; another folder with --data", err=True)
    folder = flee.read(inside, data)
    for problem in folder.warnings[:3]:
        click.echo(str(problem), err=True)
    if len(folder.warnings) > 3:
        click.echo(f"and {len(folder.warnings) - 3} more; all with standoff flee check {inside}", err=True)
    return folder_grounds(folder.folder, folder.series, on)
