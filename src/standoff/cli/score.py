"""Commands that score: questions at past cut-offs, and the displacement of a run beside what was observed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from standoff.cli.options import DayParam
from standoff.cli.run import case_of_run, check_workers
from standoff.errors import StandoffError
from standoff.text.sentences import fold


@click.command()
@click.argument("case_name", metavar="CASE")
@click.option("--cutoff", metavar="DATE", help="One cut-off [default: all].")
@click.option("--rolling", is_flag=True, help="Ask by rule, at the first of every month.")
@click.option("--recalibrated", is_flag=True, help="Also mix in base rate and one half, by earlier months.")
@click.option("--fixed-parameters", is_flag=True, help="Do not draw parameters from their ranges.")
@click.option("-n", "trajectories", type=int, help="Simulated runs per account [default: 500; 100 with --rolling].")
@click.option("--seed", default=1, show_default=True, help="Same seed, same result.")
@click.option("--workers", default=2, show_default=True, help="Processes; the result does not depend on it.")
@click.option("--json", "as_json", is_flag=True, help="Print every forecast as JSON.")
def backcast(
    case_name: str,
    cutoff: str | None,
    rolling: bool,
    recalibrated: bool,
    fixed_parameters: bool,
    trajectories: int | None,
    seed: int,
    workers: int,
    as_json: bool,
) -> None:
    """Answer questions at past cut-offs with what was known by then, and score the answers.

    Every method is scored on the same questions: the model under each account, the model without commitments and with
    shuffled ones, and forecasts that need no model. With --rolling the questions are those that a rule makes and the
    record answers: each outcome within 30 and 90 days, from the first of every month.
    """
    from standoff.case.read import load
    from standoff.runs import ensemble
    from standoff.runs.backcast import backcast as ask
    from standoff.runs.backcast import cutoffs
    from standoff.runs.rolling import roll
    from standoff.runs.spec import default_accounts
    from standoff.values import When

    trajectories = (100 if rolling else 500) if trajectories is None else trajectories
    parameters = "fixed" if fixed_parameters else "drawn"
    check_workers(workers)
    if trajectories < 1:
        raise StandoffError.of(f"{trajectories} is out of bounds", file="-n", expected="at least 1")
    only = None
    if cutoff is not None:
        try:
            only = When.parse(cutoff).end
        except ValueError as error:
            wanted = str(error).removeprefix("expected ")
            raise StandoffError.of(f"{cutoff!r} is no date", file="--cutoff", expected=wanted) from None
    case = load(case_name)
    if rolling:
        if only is not None:
            what = "--rolling has origins of its own"
            raise StandoffError.of(what, file="--cutoff", expected="no --cutoff with --rolling")
        _roll(case, workers, as_json, trajectories=trajectories, seed=seed, parameters=parameters)
        return
    with ensemble.workers(workers) as pool:
        earlier = None
        if recalibrated:
            until, account = max(cutoffs(case, only)), default_accounts(case)[-1:]
            earlier = roll(
                case,
                until=until,
                accounts=account,
                trajectories=min(trajectories, 100),
                seed=seed,
                parameters=parameters,
                executor=pool,
                tell=_say,
            )
        made = ask(
            case,
            only=only,
            earlier=earlier,
            parameters=parameters,
            trajectories=trajectories,
            seed=seed,
            executor=pool,
            tell=_say,
        )
    if as_json:
        told = {"n": made.n, "seed": made.seed, "frozen": made.frozen}
        told["forecasts"] = [asdict(f) for f in made.forecasts]
        click.echo(json.dumps({**told, "people": [asdict(p) for p in made.people]}, indent=2))
        return
    from standoff.views.lines.backcast import backcast_lines as lines

    _show(lines(case, made))


def _show(found: Iterable[str]) -> None:
    """Print lines within 80 columns; what is longer goes on further in."""
    for line in found:
        inner = " " * (len(line) - len(line.lstrip()) + 2)
        click.echo("\n".join(fold(line, hang=inner)))


def _say(text: str) -> None:
    click.echo(text, err=True)


def _roll(case: Any, workers: int, as_json: bool, **given: Any) -> None:
    from standoff.runs import ensemble
    from standoff.runs.rolling import roll
    from standoff.views.lines.backcast import rolling_lines as page

    with ensemble.workers(workers) as pool:
        made = roll(case, executor=pool, tell=_say, **given)
    if as_json:
        asked = [{**asdict(a), "origin": a.origin.isoformat()} for a in made.asked]
        shares = {day.isoformat(): share for day, share in made.shares.items()}
        told = {"n": made.n, "seed": made.seed, "frozen": made.frozen, "shares": shares, "asked": asked}
        click.echo(json.dumps({**told, "forecasts": [asdict(f) for f in made.forecasts]}, indent=2))
        return
    _show(page(case, made))


@click.command()
@click.argument("run_folder", metavar="RUN_OR_CASE", type=click.Path(path_type=Path))
@click.option("--case", "case_name", help="With a run: its case [default: the one it names].")
@click.option(
    "--from",
    "begun",
    type=DayParam(),
    metavar="DATE",
    help="With a case: first day of the wave [default: the case's start].",
)
@click.option("-n", "trajectories", type=click.IntRange(1), help="With a case: trajectories [default: 500].")
@click.option("--seed", type=int, help="With a case: same seed, same result [default: 1].")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option(
    "--boundaries",
    type=click.Path(path_type=Path),
    help="With a case: your GeoJSON of areas with P-codes, such as COD-AB; adds arrivals by area.",
)
def score(
    run_folder: Path,
    case_name: str | None,
    begun: date | None,
    trajectories: int | None,
    seed: int | None,
    as_json: bool,
    boundaries: Path | None,
) -> None:
    """Show the displacement of a run beside what was observed, and naive baselines.

    Of a case a wave is shown, predicted from the waves that ended before it: told the fighting, and told nothing.
    """

    if _is_case(run_folder):
        _waves(str(run_folder), case_name, begun, trajectories, seed, boundaries, as_json)
        return
    if run_folder.is_dir() and not (run_folder / "run.json").is_file():
        what = "there is neither run.json nor case.yaml"
        raise StandoffError.of(what, file=str(run_folder), expected="a folder written by standoff run, or a case")
    for name, value in (("--from", begun), ("-n", trajectories), ("--seed", seed)):
        if value is not None:
            raise StandoffError.of(f"{name} goes with a case", file=name, expected="a case in place of a run folder")
    if boundaries is not None:
        what = "arrivals by area of a run are written when it is played"
        raise StandoffError.of(
            what, file="--boundaries", expected="a case here, or `standoff run CASE --boundaries FILE`"
        )
    from standoff.runs.folder import load_run
    from standoff.runs.observed import score_run

    run = load_run(run_folder)
    case = case_of_run(run, case_name)
    found = score_run(case, run)
    if not found:
        raise StandoffError.of(
            "nothing observed can be compared with this run",
            file=str(run_folder),
            expected="observed.csv with people displaced since the start of the run",
        )
    if as_json:
        click.echo(json.dumps([asdict(row) for row in found], indent=2))
        return
    click.echo("People newly displaced since the start, in this model and as observed")
    click.echo("low, high: the range; loss: mean pinball loss; *: observed is outside\n")
    day = ""
    for row in found:
        if row.date != day:
            day = row.date
            click.echo(f"{day}  observed {row.value:,.0f} {row.bound}".rstrip())
            click.echo(f"  {'':25} {'median':>10} {'low':>10} {'high':>10} {'loss':>10}")
        low, high = f"{row.low:,.0f}", f"{row.high:,.0f}{'' if row.inside else '*'}"
        click.echo(f"  {row.method[:25]:25} {row.median:10,.0f} {low:>10} {high:>10} {row.loss:10,.0f}")


def _is_case(path: Path) -> bool:
    """Whether a path is a case, shipped or a folder with case.yaml, and not a run folder."""
    from standoff.case.read import shipped

    return (path / "case.yaml").is_file() or (str(path) in shipped() and not path.exists())


def _waves(
    name: str,
    case_name: str | None,
    begun: date | None,
    trajectories: int | None,
    seed: int | None,
    boundaries: Path | None,
    as_json: bool,
) -> None:
    """Show a wave of a case."""
    from standoff.case.read import load
    from standoff.cli.waves import show_waves

    if case_name is not None:
        raise StandoffError.of("--case goes with a run folder", file="--case", expected="no --case with a case")
    case = load(name)
    start = begun or case.about.start.start
    if start is None:
        raise StandoffError.of("the wave needs a first day", file="--from", expected="a date such as 2019-12-01")
    placed = None
    if boundaries is not None:
        from standoff.runs.areas import read_areas

        placed = read_areas(case, boundaries)
    given = {"trajectories": trajectories, "seed": seed}
    show_waves(case, start, placed=placed, as_json=as_json, **{k: v for k, v in given.items() if v is not None})
