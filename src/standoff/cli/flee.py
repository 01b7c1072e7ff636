"""``standoff flee``: run Flee's folders unmodified, score beside naive baselines, forecast from a rolling origin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standoff.errors import Problem, StandoffError
from standoff.text.sentences import count, day, fold
from standoff.text.table_printer import Column, Number, table, terminal_width

if TYPE_CHECKING:
    from standoff.people.flee import CampScores
    from standoff.people.flee.present import PeopleAtPlace, PeopleFrom


FOLDER = click.Path(path_type=Path)
WITHOUT = click.option(
    "--without",
    multiple=True,
    metavar="WORDS",
    help="Leave out what is not modelled, such as flood,awareness,start-on-foot; may be repeated.",
)


@click.group()
def flee() -> None:
    """Run, score and forecast Flee folders (github.com/djgroen/flee)."""


@flee.command()
@click.argument("input_dir", type=FOLDER)
@click.option("--data", type=FOLDER, help="Folder with data_layout.csv and the reported counts.")
@click.option("-n", "members", type=click.IntRange(1), default=100, show_default=True, help="Number of runs.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--settings", type=FOLDER, help="Flee's simsetting.yml; by default the settings that Flee ships.")
@click.option(
    "--profile",
    type=click.Choice(["flee", "standoff"]),
    default="flee",
    show_default=True,
    help="standoff: no capacities, since they come from the series; a country is chosen, then a camp, by road.",
)
@click.option("--days", type=click.IntRange(0), default=0, help="Length, instead of that in sim_period.csv.")
@click.option("--start", metavar="DATE", help="First day, instead of that in sim_period.csv.")
@WITHOUT
@click.option(
    "--ignore-forced-routes", is_flag=True, help="Read forced redirections as other routes, as Flee 3.1 does."
)
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes; same result.")
@click.option("-o", "--out", type=FOLDER, required=True, help="Folder to write.")
def run(
    input_dir: Path,
    data: Path | None,
    members: int,
    seed: int,
    settings: Path | None,
    profile: str,
    days: int,
    start: str | None,
    without: tuple[str, ...],
    ignore_forced_routes: bool,
    workers: int,
    out: Path,
) -> None:
    """Run INPUT_DIR many times and write out.csv, present.csv, origins.csv, scores.json and run.json.

    What Flee models and this does not (flood zones, starting on foot, awareness levels) is refused, unless --without
    names it: the run then says how it differs.
    """
    from standoff.people import flee as library

    rules, omitted = library.rules_and_warnings(settings, without)
    folder = library.read(
        input_dir,
        data,
        days=days,
        start=_first_day(start),
        without=without,
        ignore_forced_routes=ignore_forced_routes,
    )
    _warn((*omitted, *folder.warnings))
    result = folder.run(members, seed, rules=rules, profile=profile, workers=workers)
    _warn(result.warnings)
    if settings and profile == library.Profile.STANDOFF:
        _warn([Problem(str(settings), 0, "its move rules are not used with --profile standoff", "--profile flee")])
    origins = result.origins()
    result.write(out, origins)
    days_run, places = result.scenario.days, len(result.scenario.names)
    click.echo(f"{members} runs of {days_run} days, {places} places: {out / 'out.csv'}")
    _print_present(*result.present_at_end(origins), out)
    scores = result.score()
    if scores is not None:
        scores.write(out)
        _print_scores(scores)


@flee.command()
@click.argument("out", type=FOLDER)
@click.option("--data", type=FOLDER, required=True, help="Folder with data_layout.csv and the reported counts.")
@click.option("--input", "input_dir", type=FOLDER, help="The input folder, if it has moved since the run.")
def score(out: Path, data: Path, input_dir: Path | None) -> None:
    """Score the run in OUT beside naive ways to split the same total."""
    from standoff.people.flee import score_folder

    scores = score_folder(out, data, input_dir)
    _warn(scores.warnings)
    scores.write(out)
    _print_scores(scores)


@flee.command()
@click.argument("folder", type=FOLDER, required=False)
@click.option("--data", type=FOLDER, help="Folder with data_layout.csv and the reported counts.")
@click.option("--horizon", "horizons", type=click.IntRange(1, 730), multiple=True, help="Days ahead; may be repeated.")
@click.option("-o", "--out", type=FOLDER, required=True, help="Folder to write.")
def forecast(folder: Path | None, data: Path | None, horizons: tuple[int, ...], out: Path) -> None:
    """Forecast people in each camp from every report date, using only what was known then.

    Only data_layout.csv and the files it names are read: in --data, or else in FOLDER, in a folder of it, or beside it.
    """
    from standoff.people import flee as library

    where = data or folder
    if where is None:
        raise StandoffError.of("no folder is named", file="--data", expected="a folder with data_layout.csv")
    forecasts = library.forecast_camps(where, horizons or (30, 90))
    _warn(forecasts.warnings)
    forecasts.write(out)
    rows = []
    for one, base in forecasts.skills:
        if one.n:
            gain, sharper = 1 - one.ard / base.ard if base.ard else 0, 1 - one.crps / base.crps if base.crps else 0
            numbers = f"{one.ard:.4f}", f"{gain:+.1%}", f"{one.crps:.0f}", f"{sharper:+.1%}", f"{one.coverage:.0%}"
            rows.append([one.method, str(one.horizon), str(one.n), *numbers])
        elif one is base:
            click.echo(f"No report stands {one.horizon} days after an earlier one: nothing to score at that horizon.")
    width = terminal_width()
    if rows:
        heads: list[Column] = ["method", *map(Number, ("days", "n", "ARD", "gain", "CRPS", "gain", "80 %"))]
        click.echo("\n".join(table(heads, rows, width)))
    note = (
        f"Counted: {forecasts.kind}. Gains are over persistence of levels; 80 %: how often the 80 % interval held the "
        "report. All intervals are made in one way. No method is told the total to come, or anything after its origin. "
        "Each forecast, and those not due yet:"
    )
    click.echo("\n".join(fold(note, width)))
    click.echo(f"{out / 'forecasts.csv'}")


def _warn(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(f"warning: {problem}", err=True)


MOST_PLACES = 12  # of a table


def _print_present(rows: Sequence[PeopleAtPlace], origins: Sequence[PeopleFrom], out: Path) -> None:
    """Print who is where on the last day, the largest first: people present, never arrivals."""
    *places, road, everybody = rows
    largest = sorted((one for one in places if one.present >= 0.5), key=lambda one: -one.present)
    heads: list[Column] = ["place", *map(Number, ("at start", "present", "80 %", "came and stay", "reported"))]
    heads.append("from")
    lines = []
    for one in (*largest[:MOST_PLACES], road, everybody):
        span = f"{one.low:,.0f} to {one.high:,.0f}" if one.low is not None and one.high is not None else ""
        came = "" if one.newcomers is None else f"{one.newcomers:,.0f}"
        told = f"{one.reported:,.0f} ({day(one.reported_on)})" if one.reported is not None else ""
        some = [part for part in origins if part.place == one.place and part.origin]
        names = ", ".join(f"{part.origin} {part.people / max(one.present, 1e-9):.0%}" for part in some[:2])
        lines.append([one.place, f"{one.start:,.0f}", f"{one.present:,.0f}", span, came, told, names])
    width = terminal_width()
    click.echo(f"\nPeople present on {day(everybody.on)}")
    click.echo("\n".join(table(heads, lines, width)))
    hidden = len(largest) - MOST_PLACES
    more = f"{count(hidden, 'more place')}. " if hidden > 0 else ""
    origin_words = "where they came from (expected)" if origins else ""
    missing = "" if origins else "Where they came from is not known for this network. "
    files = f"every day: {out / 'present.csv'}" + (f"; {origin_words}: {out / 'origins.csv'}" if origins else "")
    note = f"{more}{missing}A place and the road count each person once: they sum to everybody. For {files}."
    click.echo("\n".join(fold(note, width)) + "\n")


def _print_scores(scores: CampScores) -> None:
    width = terminal_width()
    heads: list[Column] = ["method", *(Number(head) for head in ("ARD", "by day", "Flee")), "told"]
    rows = [
        [
            s.method,
            *("-" if x != x else f"{x:.3f}" for x in (s.ard_reports, s.ard_days, s.ard_flee)),
            s.knowledge + (" (LEAK)" if s.leak else ""),
        ]
        for s in scores.scores
    ]
    click.echo("\n".join(table(heads, rows, width)))
    note = f"ARD on {scores.scores[0].n} reports, true denominator; 'Flee' is as published numbers are."
    click.echo("\n".join(fold(note, width)))
    if scores.leaks:
        whole = f"LEAK: capacity equals the most that the later reports reach, in {', '.join(scores.leaks)}."
        click.echo("\n".join(fold(whole, width)))


# ``standoff convert``: a Flee folder to the tables of a case, and a case to a Flee folder.


@click.group()
def convert() -> None:
    """Read and write other people's formats."""


@convert.command("flee")
@click.argument("flee_dir", type=FOLDER)
@click.argument("case_dir", type=FOLDER)
@click.option("--data", type=FOLDER, help="Folder with data_layout.csv and the reported counts.")
@click.option("--start", metavar="DATE", help="First day, instead of that in sim_period.csv.")
@click.option("--days", type=click.IntRange(0), default=0, help="Length, instead of that in sim_period.csv.")
@WITHOUT
def from_flee(
    flee_dir: Path, case_dir: Path, data: Path | None, start: str | None, days: int, without: tuple[str, ...]
) -> None:
    """Write the tables of a case from a Flee folder.

    A Flee folder knows no parties, claims or promises: put the tables into a case that has them.
    """
    from standoff.exports.flee_tables import case_tables
    from standoff.people import flee as library

    _new(case_dir)
    given = library.read(flee_dir, data, days=days, start=_first_day(start), without=without)
    _warn(given.warnings)
    click.echo(f"{case_dir}: {', '.join(case_tables(given.folder, given.series, case_dir))}")


@convert.command("to-flee")
@click.argument("case_name", metavar="CASE")
@click.argument("flee_dir", type=FOLDER)
@click.option("--from", "start", metavar="DATE", help="First day [default: that of the case].")
@click.option("--days", type=click.IntRange(1, 3650), help="Length [default: that of the case].")
@click.option("--home", metavar="COUNTRY", help="Country that people are refugees from [default: of the first place].")
def to_flee(case_name: str, flee_dir: Path, start: str | None, days: int | None, home: str | None) -> None:
    """Write a case as a Flee folder with its settings."""
    from standoff.case.read import load
    from standoff.exports.flee_tables import flee_folder

    _new(flee_dir)
    case = load(case_name)
    first = _first_day(start, "--from") or case.about.start.start
    if first is None:
        raise StandoffError.of("the case has no first day", file="--from", expected="YYYY-MM-DD")
    country = home or next(p.country for p in case.places.values())
    click.echo(f"{flee_dir}: {', '.join(flee_folder(case, flee_dir, first, days or case.about.days, country))}")


def _first_day(text: str | None, option: str = "--start") -> date | None:
    from standoff.values import YEARS, calendar_day

    try:
        return calendar_day(text) if text else None
    except ValueError:
        expected = f"YYYY-MM-DD, {YEARS}"
        raise StandoffError.of(f"{text!r} is not a date", file=option, expected=expected) from None


def _new(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StandoffError.of("this exists and is not empty", file=str(folder), expected="a new or empty folder")
