"""Commands on the ledger: ledger, track."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standoff.cli.options import (
    DayParam,
    how_to_read,
    json_option,
    print_json,
    print_lines,
    print_passed_on,
    reading_options,
    refuse_before_record,
    refuse_statements,
)
from standoff.text.table_printer import terminal_width

if TYPE_CHECKING:
    from standoff.case.model import Case
    from standoff.intake.batch import EventLog

accounts_option = click.option(
    "--account",
    "accounts",
    multiple=True,
    help="An account; may be repeated. Default: the record and whoever speaks for itself.",
)
as_of_option = click.option("--as-of", type=DayParam(), help="Use only what was known on this day.")
events_option = click.option(
    "--events", "log", type=click.Path(path_type=Path), help="Add a log: ACLED, UCDP GED or our own CSV."
)
skip_option = click.option("--skip-bad", is_flag=True, help="Leave out rows of the log that cannot be read.")
names_option = click.option(
    "--names", "only_names", is_flag=True, help="List every name in the log that the case does not know, and stop."
)


def open_case(name: str, log: Path | None, skip_bad: bool) -> tuple[Case, EventLog | None]:
    """Return a case, with the places of a log where one is given, and the log; says in a line what was read."""
    from standoff.case.read import load
    from standoff.intake.logs import log_alone, open_log

    case = load(name)
    if log is None:
        alone = log_alone(case)
        if alone is None:
            return case, None
        log = Path(alone)
    loaded = open_log(case, log, skip_bad=skip_bad, **how_to_read())
    more = "; --names lists them" if loaded.unknown_actors else ""
    click.echo(f"{log}: {loaded.in_a_line()}{more}", err=True)
    return loaded.added_to(case), loaded


def print_names(loaded: EventLog | None, as_json: bool) -> None:
    """Print every name of a log that the case does not know. Raises a usage error without a log."""
    from standoff.views.lines.ledger import name_lines

    if loaded is None:
        raise click.UsageError("--names lists the names of a log: give one with --events")
    names = loaded.names()
    if as_json:
        print_json(names)
    else:
        print_lines(name_lines(names, terminal_width()))


@click.command()
@click.argument("case")
@accounts_option
@click.option("--on", type=DayParam(), help="The day the ledger stands at. Default: the last of the case.")
@as_of_option
@click.option(
    "--why", "explained", metavar="ID", help="Explain one commitment: events, claims, places in the text, the rule."
)
@click.option("--readings", is_flag=True, help="Show the record under every reading too, whoever holds it.")
@click.option("--without", metavar="EVENT", help="What would change if this report were withdrawn; nothing is stored.")
@click.option("--agreement", default="", metavar="ID", help="Only the provisions of this agreement.")
@click.option("--party", default="", metavar="ID", help="Only what this party owes or is owed.")
@click.option("--state", default="", metavar="WORD", help="Only commitments of this verdict, such as violated.")
@click.option(
    "--by",
    "group",
    type=click.Choice(["agreement", "party", "state"]),
    help="Group the rows by agreement, obliged party or verdict.",
)
@click.option("--table", "as_table", is_flag=True, help="Provisions against versions: the record and each party.")
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="Write the rows as a workbook.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="With --table: write .docx, .pdf, .html or .xlsx."
)
@click.option("--agreements", "whole", is_flag=True, help="Show the state of whole agreements, not of commitments.")
@events_option
@reading_options
@skip_option
@names_option
@json_option
def ledger(
    case: str,
    accounts: tuple[str, ...],
    on: date | None,
    as_of: date | None,
    explained: str | None,
    readings: bool,
    without: str | None,
    agreement: str,
    party: str,
    state: str,
    group: str | None,
    as_table: bool,
    xlsx: Path | None,
    out: Path | None,
    whole: bool,
    log: Path | None,
    skip_bad: bool,
    only_names: bool,
    as_json: bool,
) -> None:
    """The state of every commitment of CASE, per account, at a date, as known at a date."""
    from standoff.commitments import agreements, why
    from standoff.commitments.ledger import rows
    from standoff.commitments.monitor import check_days, evaluate
    from standoff.commitments.observance import observance_data, observances
    from standoff.commitments.scores import scored_record
    from standoff.commitments.tables import chosen_rows, grouped_rows, provision_table
    from standoff.views.lines.ledger import agreement_lines, grouped_lines, ledger_lines, provision_lines

    if whole and explained is not None:
        raise click.UsageError("--agreements and --why do not go together: --why explains one commitment")
    if without is not None and (whole or readings or explained is not None):
        raise click.UsageError("--without goes with none of --why, --readings and --agreements")
    if out is not None and (not as_table or as_json):
        raise click.UsageError("--out writes provisions against versions: it goes with --table, and not with --json")
    if out is not None:
        from standoff.views.paper import check_ending

        check_ending(out)
    opened, loaded = open_case(case, log, skip_bad)
    if only_names:
        print_names(loaded, as_json)
        return
    check_days(on, as_of, opened)
    refuse_before_record(opened, on=on, as_of=as_of)
    if without is not None:
        from standoff.commitments.revision import without_report
        from standoff.views import withdrawal

        events = loaded.events if loaded else None
        answer = without_report(opened, without, account=accounts or None, on=on, as_of=as_of, events=events)
        print_json(withdrawal.withdrawal_record(opened, answer)) if as_json else print_lines(
            withdrawal.lines(opened, answer, terminal_width())
        )
        return
    if explained is not None:
        why.find_commitment(opened, explained)
    if whole:
        refuse_statements(opened, accounts, "judges no whole agreement")
    verdicts = evaluate(opened, accounts or None, on=on, as_of=as_of, events=loaded.events if loaded else None)
    width = terminal_width()
    if explained is not None:
        from standoff.views.lines.talks import around_lines
        from standoff.views.lines.why import explanation_lines

        reasons = why.explain(verdicts, explained)
        if as_json:
            print_passed_on(reasons)
            return
        print_lines(explanation_lines(reasons, width))
        print_lines(around_lines(opened, explained, width, on=on, as_of=as_of))
        return
    if whole:
        states = agreements.agreement_rows(verdicts)
        print_json([asdict(row) for row in states]) if as_json else print_lines(
            agreement_lines(verdicts, states, width)
        )
        return
    table = chosen_rows(opened, rows(verdicts, every_reading=readings), agreement=agreement, party=party, state=state)
    if as_table and not as_json and xlsx is None:
        title = opened.agreements[agreement].title if agreement in opened.agreements else opened.about.title
        matrix = provision_table(verdicts, table)
        if out is not None:
            from standoff.views.paper import write_paper
            from standoff.views.provisions import provision_paper

            write_paper(out, provision_paper(verdicts, matrix, title))
            click.echo(str(out))
            return
        print_lines(provision_lines(verdicts, matrix, title, width))
        click.echo(f"next: standoff ledger {case} --why ID")
        return
    found = observances(verdicts)
    if xlsx is not None:
        from standoff.case.restrictions import refuse_files
        from standoff.exports.xlsx import write_ledger

        refuse_files("the workbook")
        write_ledger(xlsx, verdicts, table, found)
        click.echo(str(xlsx))
        return
    observed = {name: observance_data(one) for name, one in found.items()}
    if as_json and as_table:
        print_json(asdict(provision_table(verdicts, table)))
        return
    if as_json:
        print_json([scored_record(verdicts, row, observed) for row in table])
        return
    beside = {name: one for name, one in observed.items() if one}
    if group is not None:
        print_lines(grouped_lines(verdicts, grouped_rows(opened, table, group), width, beside))
    else:
        print_lines(ledger_lines(verdicts, table, width, beside))
    click.echo(f"next: standoff ledger {case} --why ID" if opened.commitments else f"next: standoff clause {case}")


@click.command()
@click.argument("case")
@accounts_option
@click.option("--on", type=DayParam(), help="The day the ledger stands at. Default: the last of the case.")
@as_of_option
@json_option
def track(case: str, accounts: tuple[str, ...], on: date | None, as_of: date | None, as_json: bool) -> None:
    """Track records of the debtors of CASE: how often they kept their word when called in, with interval and n."""
    from standoff.case.read import load
    from standoff.commitments.monitor import evaluate
    from standoff.commitments.track import WARNING, tracks
    from standoff.views.lines.ledger import track_lines

    opened = load(case)
    refuse_before_record(opened, on=on, as_of=as_of)
    refuse_statements(opened, accounts, "decides no track record")
    verdicts = evaluate(opened, accounts or None, on=on, as_of=as_of)
    records = [record for account in verdicts.accounts for record in tracks(verdicts, account)]
    if as_json:
        print_json([asdict(record) for record in records])
    else:
        print_lines(track_lines(verdicts, records, WARNING, terminal_width()))
