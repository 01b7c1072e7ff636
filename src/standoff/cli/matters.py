"""Commands over ensembles that print tables: compare, rank, explain."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from standoff.cli.run import case_of_run, ensemble_options, play, prepare
from standoff.errors import StandoffError, nearest
from standoff.text.sentences import fold


@click.command()
@click.argument("case_name", metavar="CASE")
@ensemble_options
@click.option("--out", type=click.Path(path_type=Path), help="Also write a run folder.")
@click.option("--force", is_flag=True, help="Replace a run that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print every difference as JSON.")
def compare(case_name: str, workers: int, out: Path | None, force: bool, as_json: bool, **given: Any) -> None:
    """Compare scenarios and accounts, paired on common random numbers.

    Without --scenario all scenarios of the case are compared with the baseline.
    """
    from standoff.case.read import load
    from standoff.runs.compare import differences
    from standoff.runs.folder import refuse_existing, write_run
    from standoff.runs.summary import summarise
    from standoff.views.lines.matters import comparison

    if not given["scenarios"]:
        given["scenarios"] = tuple(s for s in load(case_name).scenarios if s != "baseline")
    given["scenarios"] = ("baseline", *(s for s in given["scenarios"] if s != "baseline"))
    case, made = prepare(case_name, **given)
    if out is not None:
        refuse_existing(out, force)
    run = summarise(case, made, play(made, workers))
    if out is not None:
        write_run(run, out, force=force)
    found = differences(run)
    if as_json:
        click.echo(json.dumps({"spec": run.meta["spec"], "differences": [asdict(d) for d in found]}, indent=2))
        return
    titles = {s["id"]: s["title"] for s in run.meta["scenarios"]}
    click.echo(case.about.title)
    click.echo(f"{made.spec.days} days from {made.spec.start}")
    for line in comparison(found, titles):
        click.echo(line)


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
    **given: Any,
) -> None:
    """Rank disputed questions by how much an outcome hangs on them, in units of the Brier score.

    The answers are those of the pooled account, drawn question by question; --together or --account keep together
    what one voice holds together, and questions that go together then cannot be told apart.
    """
    import numpy as np

    from standoff.case.read import load
    from standoff.runs.matters import drawn, influences, stocked
    from standoff.runs.matters import rank as rank_disputes
    from standoff.runs.opening import MIXED
    from standoff.runs.summary import effective
    from standoff.text.sentences import percent
    from standoff.views.lines.matters import ranking as ranking_lines
    from standoff.views.lines.matters import stock as stock_lines
    from standoff.world.streams import stream

    whole = load(case_name)
    together = together or bool(given["accounts"]) or parameters
    if not given["accounts"]:
        pooled = [a.id for a in whole.accounts.values() if a.is_pool]
        given["accounts"] = tuple((pooled or list(whole.accounts))[:1])
    if len(given["accounts"]) > 1:
        raise StandoffError.of("several accounts", file="--account", expected="one account to rank under")
    names = list(whole.outcomes)
    if not names:
        what = "the case watches for no outcome"
        raise StandoffError.of(what, file="outcomes.yaml", expected="an event, a border or people to watch for")
    given["mixed"] = not together
    chosen = names[0] if outcome is None else outcome
    if chosen not in names:
        hint = nearest(chosen, names)
        raise StandoffError.of(
            f"there is no outcome {chosen!r}", file="--outcome", expected=", ".join(names), hint=hint
        )
    if parameters and stock is not None:
        raise click.UsageError("--parameters and --stock do not go together: --stock is of disputed answers")
    prices = _prices(stock)
    case, made = prepare(case_name, **given)
    account, spec = made.spec.accounts[0], made.spec
    title = case.outcomes[chosen].title
    how = account if together else f"{account}, answers drawn apart"
    head = f"{title}\nin this model, account {how},\n{spec.days} days from {spec.start}, n = {spec.trajectories:,}"
    k = names.index(chosen)
    rng = stream(spec.seed, k, 0, "answers")
    if parameters:
        free, points = drawn(made, account)
        if not free:
            what = "no parameter is drawn"
            raise StandoffError.of(what, file="--parameters", expected="parameters with a range, not fixed")
        batch = play(made, workers)[account, spec.scenarios[0]]
        y = (batch.first[:, k] > 0).astype(np.float64)
        found = influences(case, free, points, y, spec.seed % 2**31)
        if as_json:
            click.echo(json.dumps([asdict(i) for i in found], indent=2))
            return
        click.echo(f"{head}\nfirst-order share of all variance, chance included +- its error (RBD-FAST)\n")
        click.echo(f"  {'parameter':36} {'share':>9}        drawn over")
        for i in found[:15]:
            share = f"{percent(i.first_order):>9} +- {100 * i.error:.0f}"
            click.echo(f"  {i.name[:36]:36} {share:16} {i.low:g} to {i.high:g}")
        return
    column = (account if together else MIXED, spec.scenarios[0])
    batch = play(made, workers, columns=[column])[column]
    answers = effective(made.case, batch.answers)
    y = (batch.first[:, k] > 0).astype(np.float64)
    ranking = rank_disputes(y, answers, list(made.case.disputes), rng=rng)
    worth = None
    if prices is not None:
        people = batch.displaced[:, -1].astype(np.float64)
        worth = stocked(people, answers, list(made.case.disputes), *prices, rng=rng)
    if as_json:
        told = {"ranking": asdict(ranking), "stock": asdict(worth) if worth else None, "spec": spec.as_json()}
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(head + "\n")
    for line in ranking_lines(case, ranking, float(y.mean())):
        click.echo(line)
    if worth is not None:
        for line in stock_lines(case, worth):
            click.echo(line)


def _prices(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    cost, _, penalty = text.partition(":")
    try:
        made = float(cost), float(penalty)
    except ValueError:
        made = (0.0, 0.0)
    if not 0.0 < made[0] < made[1] < float("inf"):
        expected = "COST:PENALTY with 0 < COST < PENALTY, such as 1:5"
        raise StandoffError.of(f"{text!r}", file="--stock", expected=expected)
    return made


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
    from standoff.runs.story import explain as tell
    from standoff.runs.story import plan_of
    from standoff.views.lines.story import story_lines as lines

    run = load_run(run_folder)
    case = case_of_run(run, case_name)
    for option, name, names in (("--account", account, run.accounts), ("--scenario", scenario, run.scenarios)):
        if name is not None and name not in names:
            what = f"the run has no {name!r}"
            raise StandoffError.of(what, file=option, expected=", ".join(names), hint=nearest(name, names))
    who = run.accounts[0] if account is None else account
    where = run.scenarios[0] if scenario is None else scenario
    story = tell(case, plan_of(case, run, who), who, where, trajectory)
    if as_json:
        click.echo(json.dumps(story, indent=2, ensure_ascii=False))
        return
    click.echo(f"{case.about.title}\nOne simulated run of many: trajectory {trajectory}, account {who}, {where}")
    click.echo("worth: of an option to its actor; 1 is from worst to best on its core issue")
    click.echo("chance: of being taken when the actor thinks again\n")
    for line in lines(case, story):
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        click.echo("\n".join(fold(line, hang=indent)))
