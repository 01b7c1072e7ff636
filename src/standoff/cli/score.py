"""Commands that score: questions at past cut-offs, and the displacement of a run beside what was observed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standoff.cli.options import DayParam, print_json, print_lines
from standoff.cli.run import areas_in, case_of_run, check_workers
from standoff.errors import StandoffError
from standoff.text.table_printer import terminal_width

if TYPE_CHECKING:
    from standoff.runs.backcast import Backcast
    from standoff.runs.rolling import Rolling


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
    from standoff.runs.backcast import backcast as backcast_case
    from standoff.runs.rolling import roll
    from standoff.values import When
    from standoff.views.lines.backcast import backcast_lines, rolling_lines

    check_workers(workers)
    trajectories = (100 if rolling else 500) if trajectories is None else trajectories
    if trajectories < 1:
        raise StandoffError.of(f"{trajectories} is out of bounds", file="-n", expected="at least 1")
    only = None
    if cutoff is not None:
        try:
            only = When.parse(cutoff).end
        except ValueError as error:
            expected = str(error).removeprefix("expected ")
            raise StandoffError.of(f"{cutoff!r} is not a date", file="--cutoff", expected=expected) from None
        if rolling:
            what = "--rolling has origins of its own"
            raise StandoffError.of(what, file="--cutoff", expected="no --cutoff with --rolling")
    case = load(case_name)
    parameters = "fixed" if fixed_parameters else "drawn"
    arguments: dict[str, Any] = {"trajectories": trajectories, "seed": seed, "parameters": parameters, "tell": _say}
    with ensemble.workers(workers) as pool:
        if rolling:
            report: Rolling | Backcast = roll(case, executor=pool, **arguments)
        else:
            report = backcast_case(case, only=only, recalibrated=recalibrated, executor=pool, **arguments)
    if as_json:
        print_json(report.as_json(), 2, escaped=True)
    else:
        print_lines((rolling_lines if rolling else backcast_lines)(case, report, terminal_width()))


def _say(text: str) -> None:
    click.echo(text, err=True)


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
    help="With a case: your GeoJSON of areas, such as COD-AB or geoBoundaries; adds arrivals by area.",
)
@click.option("--repair", is_flag=True, help="Mend or leave out what is not valid in --boundaries, and say what.")
def score(
    run_folder: Path,
    case_name: str | None,
    begun: date | None,
    trajectories: int | None,
    seed: int | None,
    as_json: bool,
    boundaries: Path | None,
    repair: bool,
) -> None:
    """Show the displacement of a run beside what was observed, and naive baselines.

    Of a case a wave is shown, predicted from the waves that ended before it: told the fighting, and told nothing.
    """

    if _is_case(run_folder):
        _waves(str(run_folder), case_name, begun, trajectories, seed, boundaries, as_json, repair=repair)
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
    from standoff.views.lines.waves import observed_lines

    run = load_run(run_folder)
    case = case_of_run(run, case_name)
    rows = score_run(case, run)
    if as_json:
        print_json([asdict(row) for row in rows], 2, escaped=True)
    else:
        print_lines(observed_lines(rows, terminal_width()))


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
    *,
    repair: bool,
) -> None:
    """Show a wave of a case."""
    from standoff.case.read import load
    from standoff.runs.wave_forecast import score_wave
    from standoff.views.lines.waves import wave_lines

    if case_name is not None:
        raise StandoffError.of("--case goes with a run folder", file="--case", expected="no --case with a case")
    case = load(name)
    areas = areas_in(case, boundaries, repair)
    options = {"trajectories": trajectories, "seed": seed}
    report = score_wave(case, begun, areas=areas, **{k: v for k, v in options.items() if v is not None})
    if as_json:
        print_json(report.as_json(), 2, escaped=True)
    else:
        print_lines(wave_lines(case, report, terminal_width()))
