"""Command export: a case or a run in the formats of HDX, a GIS, a spreadsheet, or an annotation tool."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standoff.cli.options import DayParam
from standoff.cli.run import case_of_run
from standoff.errors import Problem, StandoffError
from standoff.exports.tables import EXPORTS, THINGS, check_choice, exports_of, refuse_account
from standoff.files.whole import write_whole
from standoff.text.sentences import count

if TYPE_CHECKING:
    from standoff.runs.results import Run

FORMS = tuple(dict.fromkeys(one.form for one in EXPORTS))
NAMES = tuple(sorted({one.table for one in EXPORTS}))


@click.command()
@click.argument("source", metavar="SOURCE")
@click.option("--to", "form", type=click.Choice(FORMS), required=True, help="The format.")
@click.option("--table", type=click.Choice(NAMES), help="What to write [default: the first SOURCE has].")
@click.option("--on", type=DayParam(), help="As of this day: what had happened and was known by then.")
@click.option(
    "--account",
    metavar="A",
    help="The record, what a party said, or a reading [default: the record; of a ledger also all who speak].",
)
@click.option("--case", "case_name", metavar="CASE", help="Case of a run [default: the one it names].")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File to write.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def export(
    source: str,
    form: str,
    table: str | None,
    on: date | None,
    account: str | None,
    case_name: str | None,
    out: Path,
    force: bool,
) -> None:
    """Write a table of SOURCE, a case or a run folder, in other people's formats."""
    is_run = (Path(source) / "run.json").is_file()
    problems = list(check_choice(form, table or "", is_run, account, on))
    if not is_run and case_name is not None:
        problems.append(Problem("--case", 0, f"{source} is a case itself", "--case with a run only"))
    if out.exists() and not force:
        problems.append(Problem(str(out), 0, "the file is there already", "another -o, or --force to replace it"))
    if not out.parent.is_dir():
        problems.append(Problem(str(out), 0, f"there is no folder {out.parent}", "a folder that exists"))
    if problems:
        raise StandoffError(problems)
    tables = exports_of(form, is_run)
    chosen = tables[table] if table else next(iter(tables.values()))
    if is_run:
        from standoff.runs.folder import load_run

        run = load_run(source)
        refuse_account(run, account, lambda name: _statement_note(run, name, case_name))
        text, many = chosen.write(run, lambda: case_of_run(run, case_name), account, on)
    else:
        from standoff.case.read import load
        from standoff.evidence.accounts import find_account

        case = load(source)
        if account is not None:
            find_account(case, account)
        text, many = chosen.write(case, account, on)
    write_whole(out, text)
    click.echo(f"{out}: {chosen.table}, {count(many, THINGS[form])}")
    if chosen.table in ("events", "observed") and not is_run:
        left_out = sum(row.restricted for row in getattr(case, chosen.table).values())
        if left_out:
            click.echo(f"left out: {left_out} of sources that may not be passed on")


def _statement_note(run: Run, account: str, case_name: str | None) -> str | None:
    """Return the title of a statement account of the case of a run; None where there is none of this id."""
    try:
        entry = case_of_run(run, case_name).accounts.get(account)
    except StandoffError:
        return None
    return entry.title if entry is not None and entry.is_statement else None
