"""Commands over ensembles that print tables: compare, rank, explain."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from standoff.cli.options import print_json, print_lines
from standoff.cli.run import case_of_run, ensemble_arguments, ensemble_options, prepare, progress
from standoff.errors import StandoffError
from standoff.text.table_printer import terminal_width


@click.command()
@click.argument("case_name", metavar="CASE")
@ensemble_options
@click.option("--out", type=click.Path(path_type=Path), help="Also write a run folder.")
@click.option("--force", is_flag=True, help="Replace a run that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print every difference as JSON.")
def compare(case_name: str, workers: int, out: Path | None, force: bool, as_json: bool, **options: Any) -> None:
    """Compare scenarios and accounts, paired on common random numbers.

    Without --scenario all scenarios of the case are compared with the baseline.
    """
    from standoff.case.read import load
    from standoff.runs.compare import paired_differences
    from standoff.runs.ensemble import run_plan
    from standoff.runs.folder import refuse_existing, write_run
    from standoff.runs.summary import summarise
    from standoff.views.lines.matters import comparison_lines

    if not (options["scenarios"] or options["close"] or options["opened"] or options["full"]):
        options["scenarios"] = tuple(s for s in load(case_name).scenarios if s != "baseline")
    options["scenarios"] = ("baseline", *(s for s in options["scenarios"] if s != "baseline"))
    with progress(workers) as playing:
        case, plan = prepare(case_name, **options)
        if out is not None:
            refuse_existing(out, force)
        run = summarise(case, plan, run_plan(plan, **playing))
    if out is not None:
        write_run(run, out, force=force)
    contrasts = paired_differences(run)
    if as_json:
        print_json({"spec": run.meta["spec"], "differences": [asdict(d) for d in contrasts]}, 2, escaped=True)
    else:
        print_lines(comparison_lines(case, run, contrasts, terminal_width()))


@click.command()
@click.argument("case_name", metavar="CASE")
@ensemble_options
@click.option("--outcome", help="An outcome of the case [default: the first].")
@click.option("--together", is_flag=True, help="Keep together the answers that a voice holds together.")
@click.option("--parameters", is_flag=True, help="Rank model parameters that trajectories draw (SALib).")
@click.option("--stock", metavar="COST:PENALTY", help="Worth of answers for stock set aside, a person.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def rank(
    case_name: str,
    workers: int,
    outcome: str | None,
    together: bool,
    parameters: bool,
    stock: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Sensitivity of this model: how much an outcome hangs on each disputed question, in units of the Brier score.

    The answers are those of the pooled account, drawn question by question; --together or --account keep together
    what one voice holds together, and questions that go together then cannot be told apart.
    """
    from standoff.case.read import load
    from standoff.runs.sensitivity import rank as rank_case
    from standoff.runs.sensitivity import rank_parameters
    from standoff.views.lines.matters import influence_lines, ranking_lines

    case = load(case_name)
    if parameters and stock is not None:
        raise click.UsageError("--parameters and --stock do not go together: --stock is of disputed answers")
    prices = _prices(stock)
    arguments = ensemble_arguments(case, **options)
    with progress(workers) as play:
        if parameters:
            influence = rank_parameters(case, outcome=outcome, **play, **arguments)
        else:
            report = rank_case(case, outcome=outcome, together=together, prices=prices, **play, **arguments)
    if as_json:
        print_json((influence if parameters else report).as_json(), 2, escaped=True)
    elif parameters:
        print_lines(influence_lines(influence, terminal_width()))
    else:
        print_lines(ranking_lines(case, report, terminal_width()))


def _prices(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    cost, _, penalty = text.partition(":")
    try:
        prices = float(cost), float(penalty)
    except ValueError:
        prices = (0.0, 0.0)
    if not 0.0 < prices[0] < prices[1] < float("inf"):
        expected = "COST:PENALTY with 0 < COST < PENALTY, such as 1:5"
        raise StandoffError.of(f"{text!r}", file="--stock", expected=expected)
    return prices


@click.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--trajectory", default=0, show_default=True, help="Number of the trajectory, from 0.")
@click.option("--account", help="Account [default: the first of the run].")
@click.option("--scenario", help="Scenario [default: the first of the run].")
@click.option("--case", "case_name", help="Case of the run [default: the one it names].")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def explain(
    run_folder: Path, trajectory: int, account: str | None, scenario: str | None, case_name: str | None, as_json: bool
) -> None:
    """Tell the day-by-day story of one simulated run, with what is behind each step."""
    from standoff.runs.folder import load_run
    from standoff.runs.story import story_of
    from standoff.views.lines.story import story_lines

    run = load_run(run_folder)
    case = case_of_run(run, case_name)
    story = story_of(case, run, account=account, scenario=scenario, trajectory=trajectory)
    if as_json:
        print_json(story.as_json(), 2)
    else:
        print_lines(story_lines(case, story, terminal_width()))
