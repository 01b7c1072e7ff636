"""``standoff flee``: run Flee's folders unmodified, score beside naive baselines, forecast from a rolling origin."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standoff.errors import Problem, StandoffError

if TYPE_CHECKING:
    from standoff.people.flee.scores import Score


FOLDER = click.Path(path_type=Path)


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
    workers: int,
    out: Path,
) -> None:
    """Run INPUT_DIR many times and write out.csv, scores.json and run.json."""
    from standoff.people.flee import output
    from standoff.people.flee.direct import direct, direct_rules, scores
    from standoff.people.flee.folder import Finds, read_folder
    from standoff.people.flee.scenario import left_out, run_members, scenario_of
    from standoff.people.flee.series import hastened, must_fall_within, read_series
    from standoff.people.flee.settings import read_settings

    finds = Finds()
    rules = read_settings(settings, finds)
    finds.raise_errors()
    folder = read_folder(input_dir, days)
    raw = read_series(data, folder) if data else None
    _warn(folder.warnings + (raw.warnings if raw else ()))
    if raw is not None:
        must_fall_within(raw, folder, folder.days, str(data))
    series = hastened(raw, rules.hasten) if raw else None
    limits = profile == "flee"
    scenario = scenario_of(folder, series, rules, capacities=limits)
    _warn(left_out(folder, scenario))
    if not limits:
        if settings:
            _warn([Problem(str(settings), 0, "its move rules are not used with --profile standoff", "--profile flee")])
        scenario, rules = direct(scenario, rules), direct_rules(rules)
    result = run_members(scenario, rules, members, seed, workers)
    out.mkdir(parents=True, exist_ok=True)
    output.out_csv(out / "out.csv", folder, scenario, series, result)
    output.run_json(out / "run.json", folder, data, rules, members, seed, profile, capacities=limits)
    click.echo(f"{members} runs of {folder.days} days, {len(scenario.names)} places: {out / 'out.csv'}")
    if series is not None:
        camps = [c for c in folder.camps if c in series.camps]
        means = output.read_means(out, camps)  # as written, so that scoring again gives the same bytes
        found, leaks = scores(folder, series, rules, means, camps, capacities=limits)
        _write_scores(out, found, leaks)


@flee.command()
@click.argument("out", type=FOLDER)
@click.option("--data", type=FOLDER, required=True, help="Folder with data_layout.csv and the reported counts.")
@click.option("--input", "input_dir", type=FOLDER, help="The input folder, if it has moved since the run.")
def score(out: Path, data: Path, input_dir: Path | None) -> None:
    """Score the run in OUT beside naive ways to split the same total."""
    from standoff.people.flee import output
    from standoff.people.flee.direct import scores
    from standoff.people.flee.folder import read_folder
    from standoff.people.flee.rules import FleeRules
    from standoff.people.flee.series import hastened, must_fall_within, read_series

    record = output.read_run(out)
    values = dict(record["rules"])
    values["conflict_spawn_decay"] = tuple(values.get("conflict_spawn_decay", ()))
    rules = FleeRules(**values)
    folder = read_folder(input_dir or Path(record["input"]), int(record["days"]))
    raw = read_series(data, folder)
    _warn(raw.warnings)
    must_fall_within(raw, folder, folder.days, str(data))
    series = hastened(raw, rules.hasten)
    camps = [c for c in folder.camps if c in series.camps]
    means = output.read_means(out, camps)
    found, leaks = scores(folder, series, rules, means, camps, capacities=bool(record["capacities"]))
    _write_scores(out, found, leaks)


@flee.command()
@click.argument("input_dir", type=FOLDER)
@click.option("--data", type=FOLDER, required=True, help="Folder with data_layout.csv and the reported counts.")
@click.option("--horizon", "horizons", type=click.IntRange(1, 730), multiple=True, help="Days ahead; may be repeated.")
@click.option("-o", "--out", type=FOLDER, required=True, help="Folder to write.")
def forecast(input_dir: Path, data: Path, horizons: tuple[int, ...], out: Path) -> None:
    """Forecast people in each camp from every report date, using only what was known then."""
    from standoff.people.flee import forecast as forecasts
    from standoff.people.flee import output
    from standoff.people.flee.folder import read_folder
    from standoff.people.flee.forecast import methods
    from standoff.people.flee.series import read_series

    folder = read_folder(input_dir)
    series = read_series(data, folder)
    _warn(series.warnings)
    reports = {camp: r for camp, r in series.raw.items() if r}
    if not reports:
        raise StandoffError.of("no camp has a report to forecast from", file=str(data), expected="counts by date")
    rows, table = [], []

    def row(f: forecasts.CampForecast, reported: str) -> list[str | int]:
        days = [(folder.start + timedelta(days=d)).isoformat() for d in (f.day - f.horizon, f.day)]
        return [f.place, *days, f.horizon, *(f"{x:.0f}" for x in (f.level, f.value, *f.interval())), reported]

    for horizon in horizons or (30, 90):
        skills = []
        for name, method in methods(series.total).items():
            made = forecasts.rolling(reports, horizon, method)
            skills.append(forecasts.skill(name, horizon, made))
            if name.startswith("standoff"):
                rows += [row(f, f"{value:.0f}") for f, value in made]
                rows += [row(f, "") for f in forecasts.ahead(reports, horizon, method)]
        table += [(s, skills[0]) for s in skills]
    out.mkdir(parents=True, exist_ok=True)
    header = ["camp", "origin", "date", "horizon", "last_report", "forecast", "low80", "high80", "reported"]
    output.write_table(out / "forecasts.csv", header, rows)
    output.write_json(
        out / "skill.json",
        [
            {"method": s.method, "horizon": s.horizon, "n": s.n, "ard": s.ard, "crps": s.crps, "coverage80": s.coverage}
            for s, _ in table
            if s.n
        ],
    )
    if any(s.n for s, _ in table):
        click.echo(f"{'method':28} {'days':>4} {'n':>4} {'ARD':>7} {'gain':>7} {'CRPS':>8} {'gain':>7} {'80 %':>5}")
    for s, base in table:
        if s.n:
            gain, sharper = 1 - s.ard / base.ard if base.ard else 0, 1 - s.crps / base.crps if base.crps else 0
            line = f"{s.ard:7.4f} {gain:+7.1%} {s.crps:8.0f} {sharper:+7.1%} {s.coverage:5.0%}"
            click.echo(f"{s.method:28} {s.horizon:4} {s.n:4} {line}")
        elif s is base:
            click.echo(f"No report stands {s.horizon} days after an earlier one: nothing to score at that horizon.")
    click.echo("Gains are over persistence of levels; 80 %: how often the 80 % interval held the")
    click.echo("report. All intervals are made in one way. No method is told the total to come,")
    click.echo("or anything after its origin. Each forecast, and those not due yet:")
    click.echo(f"{out / 'forecasts.csv'}")


def _warn(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(f"warning: {problem}", err=True)


def _write_scores(out: Path, found: Sequence[Score], leaks: Sequence[str]) -> None:
    from standoff.people.flee import output

    record = {
        "scores": [
            {
                "method": s.method,
                "told": s.knowledge,
                "leak": s.leak,
                "ard_report_dates": s.ard_reports,
                "ard_days_true_denominator": s.ard_days,
                "ard_days_flee_denominator": s.ard_flee,
                "reports": s.n,
            }
            for s in found
        ],
        "capacities_from_later_reports": list(leaks),
    }
    output.write_json(out / "scores.json", record)
    click.echo(f"{'method':24} {'ARD':>6} {'by day':>6} {'Flee':>6}  told")
    for s in found:
        told = textwrap.wrap(s.knowledge + (" (LEAK)" if s.leak else ""), 80 - 47)
        click.echo(f"{s.method:24} {s.ard_reports:6.3f} {s.ard_days:6.3f} {s.ard_flee:6.3f}  {told[0]}")
        for line in told[1:]:
            click.echo(" " * 47 + line)
    click.echo(f"ARD on {found[0].n} reports, true denominator; 'Flee' is as published numbers are.")
    if leaks:
        whole = f"LEAK: capacity equals the most that the later reports reach, in {', '.join(leaks)}."
        click.echo("\n".join(textwrap.wrap(whole, 80)))


# ``standoff convert``: a Flee folder to the tables of a case, and a case to a Flee folder.


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
    from standoff.formats.flee_tables import case_tables
    from standoff.people.flee.folder import read_folder
    from standoff.people.flee.series import read_series

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
    from standoff.formats.flee_tables import flee_folder
    from standoff.values import YEARS, calendar_day

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
