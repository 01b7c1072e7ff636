"""Command export: a case or a run in the formats of HDX, a GIS, a spreadsheet, or an annotation tool."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standoff.cli.options import DayParam
from standoff.cli.run import case_of_run
from standoff.errors import Problem, StandoffError, nearest

if TYPE_CHECKING:
    from standoff.case.model import Case
    from standoff.runs.results import Run

# (format, is a run) -> tables, the first the default
TABLES: dict[tuple[str, bool], tuple[str, ...]] = {
    ("hxl", False): ("observed", "events", "ledger", "places"),
    ("hxl", True): ("arrivals", "displaced", "ledger"),
    ("geojson", False): ("places", "zones", "events"),
    ("geojson", True): ("arrivals",),
    ("annotations", False): ("claims",),
    ("annotations", True): (),
}
NAMES = ("arrivals", "displaced", "observed", "events", "ledger", "places", "zones", "claims")
BY_ACCOUNT = {("hxl", "events"), ("hxl", "ledger"), ("geojson", "events")}  # tables of a case that an account tells
DATED = BY_ACCOUNT | {("hxl", "observed"), ("geojson", "zones")}


@click.command()
@click.argument("source", metavar="SOURCE")
@click.option("--to", "form", type=click.Choice(("hxl", "geojson", "annotations")), required=True, help="The format.")
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
    kinds = TABLES[form, is_run]
    problems = list(_wrong_options(source, form, is_run, table, on, account, case_name))
    if out.exists() and not force:
        problems.append(Problem(str(out), 0, "the file is there already", "another -o, or --force to replace it"))
    if not out.parent.is_dir():
        problems.append(Problem(str(out), 0, f"there is no folder {out.parent}", "a folder that exists"))
    if problems:
        raise StandoffError(problems)
    chosen = table or kinds[0]
    if is_run:
        text, count = _from_run(source, form, chosen, on, account, case_name)
    else:
        text, count = _from_case(source, form, chosen, on, account)
    _write(out, text)
    things = {"hxl": "row", "geojson": "feature", "annotations": "annotation"}[form]
    click.echo(f"{out}: {chosen}, {count} {things}{'' if count == 1 else 's'}")


def _wrong_options(
    source: str,
    form: str,
    is_run: bool,
    table: str | None,
    on: date | None,
    account: str | None,
    case_name: str | None,
) -> Iterable[Problem]:
    kinds = TABLES[form, is_run]
    what = "a run" if is_run else "a case"
    if not kinds:
        yield Problem("--to", 0, f"{what} has no {form}", "hxl or geojson; annotations are of a case")
        return
    if table is not None and table not in kinds:
        other = "a case" if is_run else "a run folder"
        hint = f"it is a table of {other}" if table in TABLES[form, not is_run] else ""
        yield Problem("--table", 0, f"there is no {form} of the {table} of {what}", ", ".join(kinds), hint)
        return
    chosen = (form, table or kinds[0])
    if not is_run and on is not None and chosen not in DATED:
        yield Problem("--on", 0, f"the {chosen[1]} of a case have no day", "no --on")
    if not is_run and account is not None and chosen not in BY_ACCOUNT:
        yield Problem("--account", 0, f"the {chosen[1]} of a case are the same in every account", "no --account")
    if is_run and on is not None and chosen[1] == "ledger":
        yield Problem("--on", 0, "the ledger of a run is its whole recorded history", "no --on")
    if not is_run and case_name is not None:
        yield Problem("--case", 0, f"{source} is a case itself", "--case with a run only")


def _from_case(source: str, form: str, table: str, on: date | None, account: str | None) -> tuple[str, int]:
    from standoff.case.read import load

    case = load(source)
    if account is not None:
        from standoff.evidence.accounts import find_account

        find_account(case, account)
    if form == "annotations":
        from standoff.formats.annotation import to_annotations

        page = to_annotations(case)
        return json.dumps(page, ensure_ascii=False, indent=1) + "\n", len(page["items"])
    if form == "geojson":
        from standoff.case.claims import RECORD
        from standoff.formats import geojson
        from standoff.formats.hxl import stances

        if table == "events":
            features = geojson.events(case, stances(case, account, on), account or RECORD.id)
        else:
            features = geojson.zones(case, on) if table == "zones" else geojson.places(case)
        return _collection(case, table, features, geojson.NOTE)
    from standoff.formats import hxl
    from standoff.formats import hxl as hxl_figures
    from standoff.formats.hxl import to_csv

    if table == "observed":
        sheet = hxl_figures.observed(hxl_figures.observed_by(case, on))
    elif table == "events":
        sheet = hxl.events(case, account, on)
    elif table == "places":
        sheet = hxl.places(case)
    else:
        from standoff.commitments.ledger import ledger
        from standoff.commitments.monitor import default_day

        day = on or default_day(case)
        sheet = hxl.ledger(ledger(case, account, on=day, as_of=on), day)
    return to_csv(sheet), len(sheet.rows)


def _collection(case: Case, table: str, features: list[dict[str, Any]], note: str) -> tuple[str, int]:
    from standoff.formats.geojson import collection

    source = f"{case.about.title}, edition {case.about.edition}"
    note = " ".join(filter(None, (note, case.caution)))
    text = collection(features, title=f"{case.about.title}: {table}", source=source, note=note)
    return text, len(features)


def _from_run(
    source: str, form: str, table: str, on: date | None, account: str | None, case_name: str | None
) -> tuple[str, int]:
    from standoff.formats import geojson, hxl
    from standoff.formats.hxl import to_csv
    from standoff.runs.folder import load_run

    run = load_run(source)
    if account is not None and account not in run.accounts:
        hint = nearest(account, run.accounts)
        what = f"the run has no account {account!r}"
        if (note := _statement_note(run, account, case_name)) is not None:
            what = f"{account!r} is a statement account ({note}): what a party said is not run"
            hint = ""
        raise StandoffError.of(what, file="--account", expected=", ".join(run.accounts), hint=hint)
    if (form, table) == ("hxl", "ledger"):
        sheet = hxl.run_ledger(run, account)
        return to_csv(sheet), len(sheet.rows)
    recorded = [fan for fan in run.quantiles if fan.series in hxl.SERIES]
    days = sorted({row.date for row in (run.arrivals if table == "arrivals" else recorded)})
    if on is not None and on.isoformat() not in days:
        expected = f"a day from {days[0]} to {days[-1]}" if len(days) > 1 else ", ".join(days)
        raise StandoffError.of(f"the run has no {table} on {on}", file="--on", expected=expected)

    def of_account(row: Any) -> bool:
        return account in (None, row.account) and (on is None or on.isoformat() == row.date)

    case = case_of_run(run, case_name)
    if table == "displaced":
        sheet = hxl.displaced(case, run, filter(of_account, recorded))
    elif form == "hxl":
        sheet = hxl.arrivals(case, run, filter(of_account, run.arrivals))
    else:
        features = geojson.arrivals(case, run, filter(of_account, run.arrivals))
        return _collection(case, table, features, f"{geojson.MODELLED} {geojson.NOTE}")
    return to_csv(sheet), len(sheet.rows)


def _statement_note(run: Run, account: str, case_name: str | None) -> str | None:
    """Return the title of a statement account of the case of a run; None where there is none of this id."""
    try:
        entry = case_of_run(run, case_name).accounts.get(account)
    except StandoffError:
        return None
    return entry.title if entry is not None and entry.is_statement else None


def _write(out: Path, text: str) -> None:
    """Write beside the place and rename, so that the file is there in full or not at all."""
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(out)
    except OSError as error:
        what = f"the file cannot be written: {error.strerror}"
        raise StandoffError.of(what, file=str(out), expected="a folder you may write in") from None
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
