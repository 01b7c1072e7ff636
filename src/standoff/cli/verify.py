"""The command that checks the machinery: reductions, recovery, predictive counts, the weight of assumptions."""

from __future__ import annotations

import click

from standoff.cli.options import print_json, print_lines
from standoff.cli.run import check_workers
from standoff.text.table_printer import terminal_width


@click.command()
@click.argument("case_name", metavar="CASE")
@click.option("--account", help="Account [default: the pooled one].")
@click.option("-n", "trajectories", default=100, show_default=True, help="Simulated runs each.")
@click.option("--days", default=60, show_default=True, help="Days played, one parameter at a time.")
@click.option("--spell", default=180, show_default=True, help="Days of a spell of the record.")
@click.option("--seed", default=1, show_default=True, help="Same seed, same result.")
@click.option("--workers", default=2, show_default=True, help="Processes; the result does not depend on it.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def verify(
    case_name: str,
    account: str | None,
    trajectories: int,
    days: int,
    spell: int,
    seed: int,
    workers: int,
    as_json: bool,
) -> None:
    """Check the machinery: reductions, recovery, counts beside the record, priors.

    Exit status 1 when a reduction or a recovery does not hold. What misses the record, or hangs on an assumption, is
    printed and is not an error.
    """
    from standoff.case.read import load
    from standoff.runs import ensemble
    from standoff.runs.verification import verify as verify_case
    from standoff.views.lines.verification import verification_lines

    check_workers(workers)
    case = load(case_name)
    with ensemble.workers(workers) as pool:
        report = verify_case(
            case,
            account=account,
            trajectories=trajectories,
            days=days,
            spell=spell,
            seed=seed,
            executor=pool,
            tell=lambda text: click.echo(text, err=True),
        )
    if as_json:
        print_json(report.as_json(), 2, escaped=True)
    else:
        print_lines(verification_lines(case, report, terminal_width()))
    report.check()
