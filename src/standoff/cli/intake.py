"""The command import: a file of others, looked at, mapped, and brought into a case when a person says so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from standoff.cli.options import column_pairs, json_option, print_json, print_lines
from standoff.text.table_printer import terminal_width


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=str))
@click.option("--into", "name", required=True, metavar="CASE", help="The case that is to have it.")
@click.option("--as", "kind", metavar="KIND", help="What the file is, where its columns do not say it.")
@click.option("--map", "columns", multiple=True, metavar="OURS=THEIRS", help="Which column is which; may be repeated.")
@click.option("--dates", type=click.Choice(("dmy", "mdy")), help="How days such as 05/03/2020 are meant.")
@click.option("--numbers", type=click.Choice(("point", "comma")), help="The decimal mark, where 1.200 may be either.")
@click.option("--sheet", metavar="S", help="The sheet of a workbook.")
@click.option("--encoding", metavar="E", help="Of a text that is not UTF-8, such as cp1256.")
@click.option(
    "--name",
    "log",
    metavar="LOG",
    help="The name of the log in logs/, or of the figures; by default that of the source.",
)
@click.option("--skip-bad", is_flag=True, help="Leave out rows that cannot be read.")
@click.option("--repair", is_flag=True, help="Mend shapes of boundaries that are not valid, or leave them out.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking. It decides no name.")
@json_option
def import_files(
    files: tuple[str, ...],
    name: str,
    kind: str | None,
    columns: tuple[str, ...],
    dates: str | None,
    numbers: str | None,
    sheet: str | None,
    encoding: str | None,
    log: str | None,
    skip_bad: bool,
    repair: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Bring FILES of others into a case: reports, figures, places, agreements, annotations; - is standard input.

    It says first what each file is and why, which columns are read, what was supposed, which names a person has to
    decide, and what would be written. Names are decided in mapping.yaml or on the page /import of the workbench.
    """
    from standoff.case.read import load
    from standoff.case.write import Amendment
    from standoff.cores import usable_cores
    from standoff.files.opener import read_standard_input
    from standoff.files.table_reader import MOST_IN_MEMORY
    from standoff.intake.batch import COUNTED
    from standoff.intake.importer import open_batch
    from standoff.intake.preview import Import, is_new_log
    from standoff.views.lines.intake import draft_lines, draft_record

    case = load(name)
    options: dict[str, Any] = {"kind": kind, "columns": column_pairs(columns), "dates": dates, "numbers": numbers}
    options |= {"sheet": sheet, "encoding": encoding, "skip_bad": skip_bad, "repair": repair, "workers": usable_cores()}
    is_look = dry_run and len(files) == 1 and is_new_log(case, log or "")  # one file's rows need not be kept
    options["log_rows"] = COUNTED if is_look else True
    whole = Import(case, Amendment(case.root))
    for file in files:
        if file == "-":
            content: Path | bytes = read_standard_input(MOST_IN_MEMORY)
        else:
            content = Path(file)
        batch, digest = open_batch(case, content, "standard input" if file == "-" else file, **options)
        whole.add(batch, digest, log=log or "")
    width = terminal_width()
    if not as_json:
        for draft in whole.drafts:
            print_lines(draft_lines(draft, width))
    writes = yes and not dry_run
    if whole.amendment and not dry_run and not yes and not as_json:
        if "-" in files or not sys.stdin.isatty():
            raise click.UsageError("nothing is written: add --yes to write it, or --dry-run to look only")
        writes = click.confirm(f"Write this into {name}?")
    written = whole.save() if writes else ()
    if as_json:
        print_json([draft_record(draft, written) for draft in whole.drafts])
        return
    if not whole.amendment:
        empty = not any(len(draft.batch.records) for draft in whole.drafts)
        why = "no row of it belongs into this case" if empty else f"{name} has all of this already"
        click.echo(f"{why}; nothing changes")
    elif written:
        click.echo(f"written: {', '.join(written)}")
    else:
        click.echo("nothing was written")
    if any(draft.undecided for draft in whole.drafts) and written:
        click.echo(f"next: names wait, in mapping.yaml or on /import: standoff serve {name}")
    elif written and (logs := [d.file for d in whole.drafts if d.file.startswith("logs/")]):
        click.echo(f"next: standoff ledger {name} --events {Path(logs[0]).stem}")
