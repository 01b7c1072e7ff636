"""What commands share: options, days, the account rules, and printing lines or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standoff.errors import StandoffError
from standoff.text.streams import writes_unicode

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


json_option = click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")


def print_json(value: Any, indent: int = 1, *, escaped: bool = False) -> None:
    """Print a value as JSON; letters that the code page lacks, or all beyond ASCII if ``escaped``, as escapes."""
    escapes = escaped or not writes_unicode()
    click.echo(json.dumps(value, indent=indent, ensure_ascii=escapes, default=str))


def print_passed_on(value: dict[str, Any]) -> None:
    """Print plain data as JSON without the rows that may not be passed on, and with how many these are."""
    from standoff.case.passing import passed_on

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
