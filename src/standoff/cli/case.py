"""Commands on the files of a case: check, new and upgrade; and test, which plays its stories."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from standoff.cli.options import shipped_names
from standoff.errors import Problem, StandoffError, digest, nearest
from standoff.text.sentences import fold
from standoff.text.table_printer import terminal_width

if TYPE_CHECKING:
    from standoff.case.model import Case
    from standoff.commitments.stories import Story, StoryResult


@click.command()
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def check(case: str, as_json: bool, strict: bool) -> None:
    """Show every problem of CASE with file and line; exit status 1 if there is an error."""
    from standoff.case.read import read

    whole, problems = read(case)
    if whole is not None and not whole.errors:
        problems += _trial(whole)
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


def _trial(case: Case) -> list[Problem]:
    """Try the scenarios of a case that has any; what runs need is imported only then."""
    if not case.options:
        return []
    from standoff.runs.trial import try_scenarios

    return try_scenarios(case)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--region", metavar="W,S,E,N", help="In degrees; or the name of a country.")
@click.option("--period", metavar="FIRST/LAST", help="Days of the record, such as 2019-01-01/2020-03-05.")
@click.option(
    "--actor", "actors", multiple=True, metavar="NAME[: KIND]", help="A party, such as 'Mali: state'; again for more."
)
@click.option("--title", help="What the case is called; else as its folder.")
@click.option("--from", "source", help=f"empty (an invented example), or {' or '.join(shipped_names())} to copy.")
@click.option(
    "--for", "file", help="A file of incidents: its parties, and its period, region and title where these are not said."
)
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="How days such as 05/03/2020 are meant.")
@click.option("--sheet", help="The sheet of a workbook.")
def new(
    folder: Path,
    region: str | None,
    period: str | None,
    actors: tuple[str, ...],
    title: str | None,
    source: str | None,
    file: str | None,
    dates: str | None,
    sheet: str | None,
) -> None:
    """Start a case in FOLDER that passes check.

    It asks for region, period and actors, in a terminal or line by line from standard input, and writes these and
    nothing else. With --from it copies a case that came with the program; the example `empty` is what there is too
    where nobody can be asked.
    """
    from standoff.case.new_case import new_folder, parse_period
    from standoff.case.read import start
    from standoff.text.sentences import count, listing

    own = {"--region": region, "--period": period, "--actor": actors, "--title": title}
    used = [name for name, value in own.items() if value]
    if file is not None and source is not None:
        raise StandoffError.of("--from copies a case, --for starts one", file="--for", expected="one of them")
    barred = used if source is not None else ["--actor"] if file is not None and actors else []
    if barred:
        other = "--from" if source is not None else "--for"
        what = (
            f"{other} does not go with {listing(barred)}: {'the copy' if source is not None else 'the file'} has them"
        )
        raise StandoffError.of(what, file=other, expected=f"{other} without {listing(barred)}")
    if file is None and (source is not None or not (used or _is_answered())):
        start(folder, source or "empty")
        click.echo(f"started {folder}" + ("" if source else ", an invented example: nobody was there to ask"))
        click.echo(f"next: standoff check {folder}")
        return
    if file is None:
        new_folder(folder)
        _start_small(folder, region, period, actors, title or "")
        return
    from standoff.intake.first_case import start_for

    counts = start_for(
        folder,
        file,
        name="" if file != "-" else "standard input",
        title=title or "",
        period=_reply("--period", period, "", parse_period) if period else None,
        region=_reply("--region", region, "", _region) if region else None,
        dates=dates,
        sheet=sheet,
    )
    parties = count(counts["actors"], "party", "parties")
    click.echo(f"started {folder} for {count(counts['rows'], 'report')}: {parties}, under the names of the file")
    click.echo(f"next: standoff import {file} --into {folder}")


_lines: list[str] = []  # the first answer, where standard input is no terminal and had to be looked at


def _is_answered() -> bool:
    """Whether somebody answers: at a terminal, or in lines of standard input."""
    _lines.clear()
    if sys.stdin is None or sys.stdin.closed:
        return False
    try:
        if sys.stdin.isatty():
            return True
        first = sys.stdin.readline()
    except (OSError, ValueError):
        return False
    _lines.append(first.rstrip("\n"))
    return bool(first)


def _answer(question: str) -> str | None:
    """Ask, and return the answer; None where nobody answers any more."""
    if sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty():
        return str(click.prompt(question, default="", show_default=False))
    try:
        line = _lines.pop(0) + "\n" if _lines else sys.stdin.readline()
    except (OSError, ValueError, AttributeError):
        line = ""
    if line:
        click.echo(f"{question}: {line.strip()}")
    return line.strip() if line else None


T = TypeVar("T")


def _reply(option: str, value: str | None, question: str, parse: Callable[[str], T]) -> T:
    """Return what an option says, or the answer to its question; in a terminal one that does not fit is asked again."""
    while True:
        answer = value if value is not None else _answer(question)
        if answer is None:
            raise StandoffError.of("it is not said", file=option, expected=f"{option}, or a line of standard input")
        try:
            return parse(answer)
        except ValueError as error:
            expected = getattr(error, "expected", "") or str(error).removeprefix("expected ")
            what, hint = f"{answer[:80]!r} does not fit", getattr(error, "hint", "")
            if value is not None or not sys.stdin.isatty():
                raise StandoffError.of(what, file=option, expected=expected, hint=hint) from None
            click.echo(f"  {what}; expected {expected}{f' ({hint})' if hint else ''}", err=True)


def _region(text: str) -> tuple[float, float, float, float]:
    from standoff.case.new_case import parse_region
    from standoff.values import RefusedValueError
    from standoff.views.base_map import country_extent, country_names

    if (extent := country_extent(text)) is not None:
        return extent
    try:
        return parse_region(text)
    except ValueError as error:
        raise RefusedValueError(str(error).removeprefix("expected "), nearest(text, country_names())) from None


def _start_small(folder: Path, region: str | None, period: str | None, actors: tuple[str, ...], title: str) -> None:
    from standoff.case.new_case import parse_actor, parse_period, start_small
    from standoff.text.sentences import count

    question = "Region: a country, or west, south, east, north in degrees"
    where = _reply("--region", region, question, _region)
    when = _reply("--period", period, "Period: first/last day, such as 2019-01-01/2020-03-05", parse_period)
    who = [_reply("--actor", text, "", parse_actor) for text in actors]
    while not actors and (more := _answer("An actor, as NAME or NAME: KIND; empty: no more")):
        try:
            who.append(parse_actor(more))
        except ValueError as error:
            raise StandoffError.of(f"{more[:80]!r} does not fit", file="--actor", expected=str(error)) from None
    start_small(folder, region=where, period=when, actors=who, title=title)
    many = count(len(who), "actor")
    click.echo(f"started {folder}: {when[0]} to {when[1]}, {many}, region {', '.join(f'{x:g}' for x in where)}")
    click.echo(f"next: standoff serve {folder}   (page Edit), or standoff add-document {folder} FILE")


@click.command()
@click.argument("case")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
def upgrade(case: str, dry_run: bool) -> None:
    """Rewrite CASE in the words of this edition; comments and order stay.

    Renamed keys, kinds of accounts that are readings today, and the format where the case passes its checks. What a
    person has to decide is left and listed with its line, and so are errors of other kinds; exit status 1 then.
    """
    from standoff.case.upgrade import upgrade as rewrite
    from standoff.text.sentences import count

    result = rewrite(case, write=not dry_run)
    for edit in result.edits:
        click.echo(str(edit))
    for problem in result.left:
        click.echo(f"left: {problem}", err=True)
    for line in digest(result.errors):
        click.echo(line, err=True)
    done = "to make" if dry_run else "made"
    more = f", {count(len(result.errors), 'error')} to mend" if result.errors else ""
    click.echo(f"{case}: {count(len(result.edits), 'change')} {done}, {len(result.left)} left to you{more}")
    if result.errors:
        click.echo(f"next: mend what is named, and call standoff upgrade {case} again: the format waits for it")
    if result.left or result.errors:
        sys.exit(1)
    click.echo(f"next: standoff {'upgrade' if dry_run and result.edits else 'check'} {case}")


@click.command()
@click.argument("case")
@click.option("--only", metavar="NAME", help="Play the stories whose name holds these words.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def test(case: str, only: str | None, as_json: bool) -> None:
    """Play the stories in the tests/ folder of CASE: events in, verdicts out; exit status 1 if one fails."""
    from standoff.case.read import load
    from standoff.commitments.stories import play, stories

    opened = load(case)
    every_story = stories(opened)
    if not every_story:
        raise StandoffError.of("there are no stories", file="tests", expected="tests/*.yaml with name and expect")
    chosen = [s for s in every_story if only is None or only.lower() in s.name.lower()]
    if not chosen:
        hint = nearest(only or "", [s.name for s in every_story])
        raise StandoffError.of(
            f"no story has {only!r} in its name", file="--only", expected="words of a story's name", hint=hint
        )
    played = [(story, play(opened, story)) for story in chosen]
    failed = [story for story, results in played if not all(f.passed for f in results)]
    if as_json:
        click.echo(json.dumps([_plain(*one) for one in played], indent=1, ensure_ascii=False))
    else:
        for story, results in played:
            _show(story, results)
        many = f"{len(played)} stor{'y' if len(played) == 1 else 'ies'}"
        click.echo(f"{many}: {len(played) - len(failed)} passed, {len(failed)} failed.")
    if failed:
        sys.exit(1)


def _show(story: Story, results: tuple[StoryResult, ...]) -> None:
    bad, width = [f for f in results if not f.passed], terminal_width()
    lines = fold(story.name, width, indent="FAIL  " if bad else "pass  ", hang="      ")
    for f in bad:
        teller = "" if story.events is not None else f", according to {f.account}"
        what = (
            f"{story.file}:{f.expected.line}: {f.expected.row} on {f.expected.day}{teller}: expected "
            f"{f.expected_words} ({f.expected.verdict}), got {f.got_words} ({f.got})"
        )
        lines += fold(what, width, indent="      ", hang="        ")
    click.echo("\n".join(lines))


def _plain(story: Story, results: tuple[StoryResult, ...]) -> dict[str, object]:
    return {
        "name": story.name,
        "file": story.file,
        "line": story.line,
        "passed": all(f.passed for f in results),
        "expected": [
            {
                "row": f.expected.row,
                "account": f.account,
                "day": f.expected.day.isoformat(),
                "line": f.expected.line,
                "expected": f.expected.verdict,
                "got": f.got,
                "passed": f.passed,
            }
            for f in results
        ],
    }
