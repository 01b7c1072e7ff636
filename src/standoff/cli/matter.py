"""Commands over ensembles that print tables: compare, rank, explain."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from standoff.cli.run import ensemble_options, play, prepare
from standoff.errors import StandoffError, nearest


def _share(value: float) -> str:
    return "under 1 %" if 0.0 < value < 0.01 else f"{100 * value:.0f} %".replace("-0 %", "0 %")


def _points(value: float) -> str:
    return f"{100 * value:+.0f}"


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
    from standoff.experiment.ensemble import one_thread_each

    one_thread_each()
    from standoff.case.read import load
    from standoff.experiment.compare import differences
    from standoff.experiment.results import refuse_existing, write_run
    from standoff.experiment.summary import summarise

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
    click.echo(
        f"{case.about.title}\nDifferences in this model, {found[0].n:,} paired runs each; * = beyond sampling error"
    )
    heading = ""
    for d in found:
        title = f"{titles[d.scenario]}, less baseline" if d.kind == "scenario" else f"accounts, less {d.against}"
        if title != heading:
            heading = title
            click.echo(f"\n{title}")
        if d.unit == "share":
            told = f"{_points(d.mean)} points ({_points(d.low)} to {_points(d.high)})"
        else:
            told = f"{d.mean:+,.0f} people ({d.low:+,.0f} to {d.high:+,.0f})"
        click.echo(f"  {d.title[:40]:40} {d.account:8} {told}{' *' if d.clear else ''}")


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
    from standoff.experiment.ensemble import one_thread_each

    one_thread_each()
    import numpy as np

    from standoff.case.read import load
    from standoff.experiment.opening import MIXED
    from standoff.experiment.ranking import drawn, influences, stocked
    from standoff.experiment.sensitivity import rank as rank_disputes
    from standoff.experiment.summary import effective
    from standoff.world.streams import stream

    whole = load(case_name)
    together = together or bool(given["accounts"]) or parameters
    if not given["accounts"]:
        pooled = [a.id for a in whole.accounts.values() if a.kind == "pooled"]
        given["accounts"] = tuple((pooled or list(whole.accounts))[:1])
    if len(given["accounts"]) > 1:
        raise StandoffError.of("several accounts", file="--account", expected="one account to rank under")
    names = list(whole.outcomes)
    given["mixed"] = not together
    chosen = outcome or names[0]
    if chosen not in names:
        hint = nearest(chosen, names)
        raise StandoffError.of(
            f"there is no outcome {chosen!r}", file="--outcome", expected=", ".join(names), hint=hint
        )
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
        click.echo(f"{head}\nfirst-order share of all variance, chance included (RBD-FAST, 90 % about +- error)\n")
        for i in found[:15]:
            click.echo(f"  {i.name:30} {_share(i.first_order):>9} +- {100 * i.error:.0f}  over {i.low:g} to {i.high:g}")
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
    click.echo(f"{head}\np = {y.mean():.2f}; of its variance {_share(ranking.share_disputed)} is disputed fact,")
    click.echo(f"{_share(ranking.share_chance)} is chance\n")
    click.echo("  dispute   Brier gain (90 %)          first  total  Shapley  top in")
    for r in ranking.ranked:
        gain = f"{r.brier:.4f} ({r.low:.4f} to {r.high:.4f})"
        click.echo(
            f"  {r.name:9} {gain:26} {_share(r.first_order):>5}  {_share(r.total):>5}  {_share(r.shapley):>6}"
            f"  {_share(r.p_top):>6}"
        )
    for r in ranking.ranked[:5]:
        click.echo(f"\n  {r.name}: {case.disputes[r.name].question}")
    if worth is not None:
        click.echo(f"\nStock set aside at {worth.cost:g} a person, {worth.penalty:g} for each without:")
        click.echo(f"  best stock {worth.stock:,.0f} people, expected loss {worth.loss:,.0f}")
        for w in worth.worth[:5]:
            click.echo(f"  knowing {w.name:9} saves {w.evppi:,.0f} ({w.low:,.0f} to {w.high:,.0f})")


def _prices(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    cost, _, penalty = text.partition(":")
    try:
        return float(cost), float(penalty)
    except ValueError:
        raise StandoffError.of(f"{text!r}", file="--stock", expected="COST:PENALTY, such as 1:5") from None


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
    from standoff.experiment.ensemble import one_thread_each

    one_thread_each()
    from standoff.case.read import load
    from standoff.experiment.explain import explain as tell
    from standoff.experiment.explain import lines, plan_of
    from standoff.experiment.results import load_run

    run = load_run(run_folder)
    case = load(case_name or str(run.meta["case"]["id"]))
    for option, name, names in (("--account", account, run.accounts), ("--scenario", scenario, run.scenarios)):
        if name is not None and name not in names:
            what = f"the run has no {name!r}"
            raise StandoffError.of(what, file=option, expected=", ".join(names), hint=nearest(name, names))
    who, where = account or run.accounts[0], scenario or run.scenarios[0]
    story = tell(case, plan_of(case, run, who), who, where, trajectory)
    if as_json:
        click.echo(json.dumps(story, indent=2, ensure_ascii=False))
        return
    click.echo(f"{case.about.title}\nOne simulated run of many: trajectory {trajectory}, account {who}, {where}\n")
    for line in lines(case, story):
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        told = textwrap.wrap(line, 80, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        click.echo("\n".join(told))
