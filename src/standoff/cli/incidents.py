"""Command on incidents: list, propose, join, keep apart, take back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standoff.cli.ledger import open_case
from standoff.cli.options import DayParam, json_option, print_json, print_lines, reading_options
from standoff.errors import StandoffError, nearest
from standoff.text.table_printer import terminal_width

if TYPE_CHECKING:
    from standoff.case.model import Case, Event


@click.command()
@click.argument("case")
@click.option("--propose", is_flag=True, help="Show reports that may tell one happening, with a score and why.")
@click.option(
    "--least", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Lowest score that is proposed."
)
@click.option("--all", "every", is_flag=True, help="List incidents that one report tells, too.")
@click.option("--merge", metavar="IDS", help="Decide that these reports (ids with commas) tell one happening.")
@click.option("--apart", metavar="IDS", help="Decide that these reports tell several happenings.")
@click.option("--undo", metavar="ID", help="Take a decision back: the id of a record of incidents.yaml.")
@click.option("--by", default="", help="Who decides: a name or a role.")
@click.option("--why", default="", help="The reason, in a sentence.")
@click.option("--on", type=DayParam(), help="The day of the decision. Default: today.")
@click.option("--events", "log", type=click.Path(path_type=Path), help="Add a log: ACLED, UCDP GED or our own CSV.")
@reading_options
@click.option("--skip-bad", is_flag=True, help="Leave out rows of the log that cannot be read.")
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="Write the incidents as a workbook.")
@json_option
def incidents(
    case: str,
    propose: bool,
    least: float,
    every: bool,
    merge: str | None,
    apart: str | None,
    undo: str | None,
    by: str,
    why: str,
    on: date | None,
    log: Path | None,
    skip_bad: bool,
    xlsx: Path | None,
    as_json: bool,
) -> None:
    """Happenings of CASE that several reports tell: where they differ, their status, and who joined them.

    With --propose the reports that may tell one happening; --merge and --apart keep the decision of a person in
    incidents.yaml of the case.
    """
    from standoff.case.reports import incidents_of
    from standoff.case.restrictions import is_free, refuse_files
    from standoff.commitments.incidents import happenings, proposals
    from standoff.views.lines.incidents import hidden_lines, incident_lines, incident_record, merge_lines

    if sum(bool(x) for x in (merge, apart, undo, propose)) > 1:
        raise click.UsageError("--propose, --merge, --apart and --undo are given one at a time")
    opened, loaded = open_case(case, log, skip_bad)
    events = loaded.events if loaded else ()
    if merge or apart or undo:
        _keep(opened, merge, apart, undo, by, why, on or date.today(), events, case)
        return
    width = terminal_width()
    hidden = sum(not is_free(event) for event in (*opened.events.values(), *events))
    if propose:
        pairs = proposals(opened, events, least=least)
        if as_json:
            print_json([asdict(pair) for pair in pairs])
            return
        print_lines(merge_lines(opened, pairs, width, {**opened.events, **{e.id: e for e in events}}))
        print_lines(hidden_lines(hidden, width))
        ids = ",".join(pairs[0].pair) if pairs else "ID,ID"
        click.echo(f"next: standoff incidents {case} --merge {ids} --by WHO --why REASON (or --apart)")
        return
    table = happenings(opened, events, every=every)
    if xlsx is not None:
        from standoff.exports.xlsx import write_incidents

        refuse_files("the workbook")

        write_incidents(xlsx, opened, table)
        click.echo(str(xlsx))
    elif as_json:
        print_json([incident_record(row) for row in table])
    else:
        names = incidents_of(opened)
        total = len({names.get(e, e) for e in (*opened.events, *(e.id for e in events))})
        print_lines(incident_lines(opened, table, total, width, hidden))
        click.echo(f"next: standoff incidents {case} --propose")


def _keep(
    opened: Case,
    merge: str | None,
    apart: str | None,
    undo: str | None,
    by: str,
    why: str,
    on: date,
    events: Iterable[Event],
    name: str,
) -> None:
    from standoff.case.model import Kind
    from standoff.case.write import Amendment
    from standoff.commitments.incidents import decide
    from standoff.text.sentences import listing

    amendment = Amendment(opened.root)
    if undo:
        if undo not in opened.incidents:
            what = f"there is no decision {undo!r}"
            expected = ", ".join(opened.incidents) or "a record of incidents.yaml: there is none"
            raise StandoffError.of(what, file="--undo", expected=expected, hint=nearest(undo, opened.incidents))
        amendment.remove(Kind.INCIDENTS, undo)
        said = f"{undo} is taken out"
    else:
        ids = [part.strip() for part in (merge or apart or "").split(",") if part.strip()]
        record = decide(opened, ids, apart=bool(apart), by=by, why=why, on=on, events=events)
        amendment.add(Kind.INCIDENTS, record)
        word = "several happenings" if apart else "one happening"
        said = f"{record.id} keeps that {listing(record.reports)} tell {word}"
    files = amendment.save(what="decision on incidents", by=by, why=why)
    click.echo(f"{', '.join(files)}: {said}")
    click.echo(f"next: standoff incidents {name}")
