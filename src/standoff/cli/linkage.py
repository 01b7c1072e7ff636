"""Command on linked disputes: what the other arenas of a case change in this model."""

from __future__ import annotations

from dataclasses import asdict

import click

from standoff.cli.options import print_json, print_lines
from standoff.text.table_printer import terminal_width


@click.command()
@click.argument("case_name", metavar="CASE")
@click.option("--arena", "arenas", multiple=True, metavar="TITLE", help="Leave out this one [default: each in turn].")
@click.option("-n", "trajectories", default=500, show_default=True, help="Simulated runs per account.")
@click.option("--seed", default=1, show_default=True, help="Same seed, same result.")
@click.option("--days", type=int, help="Days to play [default: the case's].")
@click.option("--start", metavar="DATE", help="First day [default: the case's].")
@click.option("--account", "accounts", multiple=True, metavar="A", help="May be given several times.")
@click.option("--workers", default=2, show_default=True, help="Processes; the result does not depend on it.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def linkage(
    case_name: str,
    arenas: tuple[str, ...],
    trajectories: int,
    seed: int,
    days: int | None,
    start: str | None,
    accounts: tuple[str, ...],
    workers: int,
    as_json: bool,
) -> None:
    """Leave out other disputes between the same actors, one by one: paired differences in this model.

    Arenas are issues of the case with `arena:`, such as Libya beside Idlib. Nothing is written.
    """
    from standoff.case.read import load
    from standoff.cli.run import check_workers, ensemble_arguments
    from standoff.runs import ensemble
    from standoff.runs.compare import paired_differences
    from standoff.runs.linkage import play_linkage
    from standoff.views.lines.linkage import linkage_lines

    check_workers(workers)
    case = load(case_name)
    first = ensemble_arguments(start=start)["start"]
    with ensemble.workers(workers) as pool:
        play = play_linkage(
            case,
            arenas,
            accounts=tuple(dict.fromkeys(accounts)),
            start=first,
            days=days,
            trajectories=trajectories,
            seed=seed,
            executor=pool,
        )
    if as_json:
        differences = [asdict(d) for d in paired_differences(play.run) if d.kind == "scenario"]
        print_json(
            {"spec": play.run.meta["spec"], "arenas": [asdict(a) for a in play.arenas], "differences": differences},
            2,
            escaped=True,
        )
    else:
        print_lines(linkage_lines(play, terminal_width()))
