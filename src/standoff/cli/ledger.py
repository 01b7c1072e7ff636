"""Commands on the ledger: ledger, daily, track."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standoff.errors import StandoffError
from standoff.views.lines.ledger import WIDTH, ledger_lines, track_table, wrapped

if TYPE_CHECKING:
    from standoff.case.model import Case
    from standoff.intake.events import Loaded


class Day(click.ParamType):  # type: ignore[type-arg] # older click has no type argument
    """A day as YYYY-MM-DD."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day; anything else is a usage error that says what was expected."""
        if isinstance(value, date):
            return value
        from standoff.values import YEARS, calendar_day, is_timed

        try:
            return calendar_day(str(value))
        except ValueError as error:
            if YEARS in str(error):
                self.fail(f"{value!r} is not read; {error}", param, ctx)
            more = "; the ledger is by day and takes no time or time zone" if is_timed(str(value)) else ""
            self.fail(f"{value!r} is not a day; expected one such as 2020-02-14{more}", param, ctx)


_accounts = click.option(
    "--account",
    "accounts",
    multiple=True,
    help="An account; may be repeated. Default: the record and whoever speaks for itself.",
)
_as_of = click.option("--as-of", type=Day(), help="Use only what was known on this day.")
_events = click.option(
    "--events", "log", type=click.Path(path_type=Path), help="Add a log: ACLED, UCDP GED or our own CSV."
)
_skip = click.option("--skip-bad", is_flag=True, help="Leave out rows of the log that cannot be read.")
_names = click.option(
    "--names", "only_names", is_flag=True, help="List every name in the log that the case does not know, and stop."
)
_json = click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")


def _open(name: str, log: Path | None, skip_bad: bool) -> tuple[Case, Loaded | None]:
    from standoff.case.read import load
    from standoff.commitments.checks import check_commitments

    case = load(name)
    if wrong := [p for p in check_commitments(case) if p.severity == "error"]:
        raise StandoffError(wrong)  # what cannot be meant has no verdict
    if log is None:
        return case, None
    from standoff.intake.events import read_events

    loaded = read_events(log, case, skip_bad=skip_bad)
    more = "; --names lists them" if loaded.unknown_actors else ""
    click.echo(f"{log}: {loaded.said()}{more}", err=True)
    return loaded.added_to(case), loaded


def _list_names(loaded: Loaded | None, as_json: bool) -> None:
    if loaded is None:
        raise click.UsageError("--names lists the names of a log: give one with --events")
    names = loaded.names()
    if as_json:
        _dump(names)
        return
    click.echo("events  name, as the log writes it")
    for found in names:
        click.echo(f"{found['rows']:>6}  {found['name']}")
    click.echo(
        f"n = {len(names)} names that are no name of an actor of the case; an alias in actors.yaml makes one known."
    )


def _no_statements(case: Case, accounts: tuple[str, ...], why: str) -> None:
    """Refuse statement accounts where only a version of all that happened will do."""
    for name in accounts:
        if name in case.accounts and case.accounts[name].is_statement:
            what = f"{name!r} is a statement account ({case.accounts[name].title}): it {why}"
            able = [a.id for a in case.accounts.values() if not a.is_statement]
            raise StandoffError.of(what, file="--account", expected=", ".join(able))


def _within_record(case: Case, *days: date | None) -> None:
    """Refuse a day before anything in the case: nothing was known, and nothing stood, which reads like a verdict."""
    from standoff.commitments.monitor import first_day

    first = min(filter(None, [first_day(case), case.about.period.start]))
    for option, day in zip(("--on", "--as-of"), days, strict=True):
        if day is not None and day < first:
            raise StandoffError.of(f"{day} is before the record", file=option, expected=f"a day from {first} on")


def _dump(value: Any) -> None:
    click.echo(json.dumps(value, indent=1, ensure_ascii=False, default=str))


def _print(*things: Any) -> None:
    import sys

    from rich.console import Console

    console = Console(width=WIDTH, file=sys.stdout, highlight=False)
    for thing in things:
        console.print(thing)


@click.command()
@click.argument("case")
@_accounts
@click.option("--on", type=Day(), help="The day the ledger stands at. Default: the last of the case.")
@_as_of
@click.option(
    "--why", "explained", metavar="ID", help="Explain one commitment: events, claims, places in the text, the rule."
)
@click.option("--readings", is_flag=True, help="Show the record under every reading too, whoever holds it.")
@click.option("--agreements", "whole", is_flag=True, help="Show the state of whole agreements, not of commitments.")
@_events
@_skip
@_names
@_json
def ledger(
    case: str,
    accounts: tuple[str, ...],
    on: date | None,
    as_of: date | None,
    explained: str | None,
    readings: bool,
    whole: bool,
    log: Path | None,
    skip_bad: bool,
    only_names: bool,
    as_json: bool,
) -> None:
    """The state of every commitment of CASE, per account, at a date, as known at a date."""
    from standoff.commitments import why as explaining
    from standoff.commitments.ledger import row_record, rows
    from standoff.commitments.monitor import check_days, evaluate

    if whole and explained is not None:
        raise click.UsageError("--agreements and --why do not go together: --why explains one commitment")
    opened, loaded = _open(case, log, skip_bad)
    if only_names:
        _list_names(loaded, as_json)
        return
    check_days(on, as_of, opened)
    _within_record(opened, on, as_of)
    if explained is not None:
        explaining.find_commitment(opened, explained)
    if whole:
        _no_statements(opened, accounts, "judges no whole agreement")
    made = evaluate(opened, accounts or None, on=on, as_of=as_of, events=loaded.events if loaded else None)
    if explained is not None:
        found = explaining.explain(made, explained)
        _dump(found) if as_json else click.echo(explaining.text(found, WIDTH), nl=False)
        return
    if whole:
        from standoff.views.lines.ledger import show

        show(made, as_json)
        return
    table = rows(made, every_reading=readings)
    if as_json:
        _dump([row_record(row) for row in table])
        return
    shown = [row for row in table if row.exists]
    begun = {row.commitment for row in shown if row.verdict != "not-yet"}
    known = f", as known on {made.as_of}" if made.as_of else ""
    for adverse, title in ((False, "Promises"), (True, "Threats, demands and red lines")):
        if part := [row for row in shown if row.adverse == adverse and row.commitment in begun]:
            click.echo(f"{title} on {made.on}{known}")
            for line in ledger_lines(part):
                click.echo(line)
            click.echo()
    if later := list(dict.fromkeys(row.commitment for row in shown if row.commitment not in begun)):
        click.echo(wrapped(f"not yet in force: {', '.join(later)}", WIDTH, "  "))
    tellers = "1 account" if len(made.row_accounts) == 1 else f"{len(made.row_accounts)} accounts"
    click.echo(f"n = {len(table)} rows, {len(made.schedule.signals)} patterns, {tellers}.")
    click.echo("k/b instances kept and broken, of those called in; B breaches, certain and all.")
    kinds = {row.account_kind for row in table}
    if "statement" in kinds:
        text = "A party's line holds only what it said itself, with the day of its latest word; others say nothing."
        click.echo(wrapped(text, WIDTH))
    if "reading" in kinds:
        click.echo(wrapped("A reading is the record read with one voice's answers where it is disputed.", WIDTH))
    click.echo(f"next: standoff ledger {case} --why ID")


@click.command()
@click.argument("case")
@click.option("--on", type=Day(), required=True, help="The last day of the report.")
@_accounts
@_as_of
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="Length of the period.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page that can be printed.")
@_events
@_skip
@_names
@_json
def daily(
    case: str,
    on: date,
    accounts: tuple[str, ...],
    as_of: date | None,
    days: int,
    html: Path | None,
    log: Path | None,
    skip_bad: bool,
    only_names: bool,
    as_json: bool,
) -> None:
    """A monitor's daily report of CASE: new events by provision, trend, what is disputed, what is unknown."""
    from standoff.commitments import daily as reporting

    if html is not None and as_json:
        raise click.UsageError("--html and --json do not go together: one report is written")
    opened, loaded = _open(case, log, skip_bad)
    if only_names:
        _list_names(loaded, as_json)
        return
    period = opened.about.period
    if not (period.start or on) <= on <= (period.end or on):
        what, expected = f"{on} lies outside the record", f"a day from {period.start} to {period.end}"
        hint = "a log is read within the period of case.yaml" if loaded else ""
        raise StandoffError.of(what, file="--on", expected=expected, hint=hint)
    events = loaded.events if loaded else None
    report = reporting.daily(opened, accounts or None, on=on, as_of=as_of, days=days, events=events)
    if loaded is not None:
        report["log"] = {"file": str(log), **loaded.summary()}
    if html is not None:
        from standoff.views.daily import page

        html.write_text(page(report), encoding="utf-8")
        click.echo(str(html))
    elif as_json:
        _dump(report)
    else:
        click.echo(reporting.text(report, WIDTH), nl=False)


@click.command()
@click.argument("case")
@_accounts
@click.option("--on", type=Day(), help="The day the ledger stands at. Default: the last of the case.")
@_as_of
@_json
def track(case: str, accounts: tuple[str, ...], on: date | None, as_of: date | None, as_json: bool) -> None:
    """Track records of the debtors of CASE: how often they kept their word when called in, with interval and n."""
    from standoff.commitments.monitor import evaluate
    from standoff.commitments.track import WARNING, tracks

    opened, _ = _open(case, None, False)
    _within_record(opened, on, as_of)
    _no_statements(opened, accounts, "decides no track record")
    made = evaluate(opened, accounts or None, on=on, as_of=as_of)
    found = [t for account in made.accounts for t in tracks(made, account)]
    if as_json:
        _dump([asdict(t) for t in found])
        return
    _print(track_table(opened, found, f"Track records on {made.on}"))
    _print(WARNING)
    _print("Mean and 90 % interval: Beta-binomial, uniform prior; disputed instances widen the interval.")
