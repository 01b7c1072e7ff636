"""Commands on the files of a case: check, new and upgrade; and test, which plays its stories."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standoff.cli.options import shipped_names
from standoff.errors import Problem, StandoffError, digest, nearest
from standoff.text.sentences import fold
from standoff.text.table import terminal_width

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
@click.option(
    "--from", "source", default="empty", show_default=True, help=f"empty, or {' or '.join(shipped_names())} to copy."
)
@click.option("--for", "file", help="A file of incidents: its period, region and parties, nothing invented.")
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="How days such as 05/03/2020 are meant.")
@click.option("--sheet", help="The sheet of a workbook.")
def new(folder: Path, source: str, file: str | None, dates: str | None, sheet: str | None) -> None:
    """Start a case in FOLDER that passes check."""
    from standoff.case.read import start
    from standoff.text.sentences import count

    if file is None:
        start(folder, source)
        click.echo(f"started {folder}")
        click.echo(f"next: standoff check {folder}")
        return
    from standoff.intake.first_case import start_for

    counts = start_for(folder, file, name="" if file != "-" else "standard input", dates=dates, sheet=sheet)
    parties = count(counts["actors"], "party", "parties")
    click.echo(f"started {folder} for {count(counts['rows'], 'report')}: {parties}, under the names of the file")
    click.echo(f"next: standoff import {file} --into {folder}")


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
        teller = "" if story.events is not None else f", as told by {f.account}"
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
