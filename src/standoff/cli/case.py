"""Commands on the files of a case: check and new."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click


@click.command()
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def check(case: str, as_json: bool, strict: bool) -> None:
    """Show every problem of CASE with file and line; exit status 1 if there is an error."""
    from standoff.errors import digest
    from standoff.experiment.checks import every_problem

    _, problems = every_problem(case)
    errors = [p for p in problems if p.severity == "error" or strict]
    if as_json:
        click.echo(json.dumps([asdict(p) for p in problems], indent=1, ensure_ascii=False))
    else:
        for line in digest(problems):
            click.echo(line)
        warnings = len(problems) - len(errors)
        counts = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in ((len(errors), "error"), (warnings, "warning"))]
        click.echo(f"{case}: {', '.join(counts)}")
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
