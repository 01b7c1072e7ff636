"""What commands share: options, days, the account rules, and printing lines or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standoff.errors import Problem, StandoffError
from standoff.text.console import writes_unicode

if TYPE_CHECKING:
    from standoff.case.model import Case


class DayParam(click.ParamType):  # type: ignore[type-arg] # older click has no type argument
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


def shipped_names() -> list[str]:
    """Return the names of the cases that are inside the package."""
    return sorted(file.parent.name for file in (Path(__file__).parent.parent / "cases").glob("*/case.yaml"))


_READING = "standoff.reading"  # of the context: how a log is to be read


def _keeper(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        if value:
            ctx.meta.setdefault(_READING, {})[name] = column_pairs(value) if name == "columns" else value

    return keep


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what a log itself does not decide; `how_to_read` returns what was given."""
    several: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (
            "--dates",
            "dates",
            {"type": click.Choice(["dmy", "mdy"]), "help": "How 05/03/2020 is meant in it."},
        ),
        ("--numbers", "numbers", {"type": click.Choice(["point", "comma"]), "help": "Its decimal mark."}),
        ("--sheet", "sheet", {"metavar": "S", "help": "Its sheet, where it is a workbook."}),
        ("--encoding", "encoding", {"metavar": "E", "help": "Of a text that is not UTF-8, such as cp1256."}),
        ("--map", "columns", {"multiple": True, "metavar": "OURS=THEIRS", "help": "Which of its columns is which."}),
    )
    for option, name, more in reversed(several):
        command = click.option(option, f"log_{name}", expose_value=False, callback=_keeper(name), **more)(command)
    return command


def how_to_read() -> dict[str, Any]:
    """Return how the user wants a log to be read, as options of `standoff.intake.batch.read_file`."""
    ctx = click.get_current_context(silent=True)
    return dict(ctx.meta.get(_READING, {})) if ctx else {}


def column_pairs(several: Iterable[str]) -> dict[str, str]:
    """Return what ``--map ours=theirs`` says. Raises StandoffError of what has no ``=``."""
    problems = [Problem("--map", 0, f"{pair!r} has no '='", "ours=theirs") for pair in several if "=" not in pair]
    if problems:
        raise StandoffError(problems)
    return {ours.strip(): theirs.strip() for ours, _, theirs in (pair.partition("=") for pair in several)}


json_option = click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")


def print_json(value: Any, indent: int = 1, *, escaped: bool = False) -> None:
    """Print a value as JSON; letters that the code page lacks, or all beyond ASCII if ``escaped``, as escapes."""
    escapes = escaped or not writes_unicode()
    click.echo(json.dumps(value, indent=indent, ensure_ascii=escapes, default=str))


def print_passed_on(value: dict[str, Any]) -> None:
    """Print plain data as JSON without the rows that may not be passed on, and with how many these are."""
    from standoff.case.restrictions import passed_on

    free, left_out = passed_on(value)
    print_json({**free, "restricted_left_out": left_out} if left_out else free)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        click.echo(line)


def refuse_statements(case: Case, accounts: Iterable[str], why: str) -> None:
    """Refuse statement accounts where only a version of all that happened will do."""
    for name in accounts:
        if name in case.accounts and case.accounts[name].is_statement:
            what = f"{name!r} is a statement account ({case.accounts[name].title}): it {why}"
            able = [a.id for a in case.accounts.values() if not a.is_statement]
            raise StandoffError.of(what, file="--account", expected=", ".join(able))


def refuse_before_record(case: Case, *, on: date | None, as_of: date | None = None) -> None:
    """Refuse a day before anything in the case: nothing was known, and nothing stood, which reads like a verdict."""
    from standoff.commitments.monitor import first_day

    first = min(filter(None, [first_day(case), case.about.period.start]))
    for option, day in (("--on", on), ("--as-of", as_of)):
        if day is not None and day < first:
            raise StandoffError.of(f"{day} is before the record", file=option, expected=f"a day from {first} on")
