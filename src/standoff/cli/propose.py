"""Command on a draft agreement: which of its clauses the model can play, who complies, what changes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from standoff.cli.options import print_json, print_lines
from standoff.text.table_printer import terminal_width


@click.command()
@click.argument("case_name", metavar="CASE")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("-n", "trajectories", default=500, show_default=True, help="Simulated runs per account.")
@click.option("--seed", default=1, show_default=True, help="Same seed, same result.")
@click.option("--days", type=int, help="Days to play [default: the case's].")
@click.option(
    "--start",
    metavar="DATE",
    help="First day [default: the latest on which a clause begins]; later clauses come in on their days.",
)
@click.option("--account", "accounts", multiple=True, metavar="A", help="May be given several times.")
@click.option("--each", is_flag=True, help="Also leave out each clause in turn.")
@click.option("--workers", default=2, show_default=True, help="Processes; the result does not depend on it.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def propose(
    case_name: str,
    file: Path,
    trajectories: int,
    seed: int,
    days: int | None,
    start: str | None,
    accounts: tuple[str, ...],
    each: bool,
    workers: int,
    as_json: bool,
) -> None:
    """Play a draft agreement: FILE has its clauses, as for `standoff clause CASE --answers FILE`.

    A clause without `template` is a commitment as the case would hold it. First and loudly it says which clauses the
    model cannot play; then which options meet, keep or break the others, how often they are broken in runs by account,
    and what changes with the draft. Nothing is written.
    """
    from standoff.case.read import load
    from standoff.cli.run import check_workers, ensemble_arguments
    from standoff.runs import ensemble
    from standoff.runs.compare import paired_differences
    from standoff.runs.drafts import draft_of_file
    from standoff.runs.proposal import play_draft
    from standoff.views.lines.proposal import draft_play_lines

    check_workers(workers)
    case, clauses, title = draft_of_file(load(case_name), file)
    first = ensemble_arguments(start=start)["start"]
    with ensemble.workers(workers) as pool:
        proposal = play_draft(
            case,
            clauses,
            title=title,
            accounts=tuple(dict.fromkeys(accounts)),
            start=first,
            days=days,
            trajectories=trajectories,
            seed=seed,
            each=each,
            executor=pool,
        )
    if as_json:
        runs = [run for run in (proposal.run, proposal.without) if run is not None]
        differences = [asdict(d) for run in runs for d in paired_differences(run) if d.kind == "scenario"]
        print_json({**proposal.as_json(), "differences": differences}, 2, escaped=True)
    else:
        print_lines(draft_play_lines(proposal, title, terminal_width()))
