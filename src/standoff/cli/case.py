"""Commands on the files of a case: check and new."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from standoff.errors import Problem


def every_problem(name: str) -> tuple[bool, list[Problem]]:
    """Read a case and run the checks of every layer; tell whether it could be read, and all problems.

    Raises StandoffError when there is no such case.
    """
    from standoff.case.check import check as check_case
    from standoff.case.read import read

    case, problems = read(name)
    if case is None:
        return False, problems
    problems = [*problems, *check_case(case)]
    if not any(p.severity == "error" for p in problems):
        from standoff.commitments.check import check_commitments
        from standoff.evidence.check import check_evidence

        problems += [*check_evidence(case), *check_commitments(case)]
    return True, sorted(problems, key=lambda p: p.sort_key)


@click.command()
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def check(case: str, as_json: bool, strict: bool) -> None:
    """Show every problem of CASE with file and line; exit status 1 if there is an error."""
    _, problems = every_problem(case)
    errors = [p for p in problems if p.severity == "error" or strict]
    if as_json:
        click.echo(json.dumps([asdict(p) for p in problems], indent=1, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(f"{problem.severity}: {problem}")
        warnings = len(problems) - len(errors)
        click.echo(f"{case}: {len(errors)} errors, {warnings} warnings")
        if not errors:
            click.echo(f"next: standoff ledger {case}")
    if errors:
        sys.exit(1)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--from", "source", default="empty", show_default=True, help="empty, or a shipped case to copy.")
def new(folder: Path, source: str) -> None:
    """Start a case in FOLDER that passes check."""
    from standoff.case.start import start

    start(folder, source)
    click.echo(f"started {folder}")
    click.echo(f"next: standoff check {folder}")
