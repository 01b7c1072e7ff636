"""Command on clauses: templates that ask, and write commitments with their stories."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standoff.cli.options import print_lines
from standoff.errors import StandoffError
from standoff.text.sentences import fold, shortlist
from standoff.text.table_printer import terminal_width

if TYPE_CHECKING:
    from standoff.case.model import Actor, Case
    from standoff.case.terms import Agreement

MOST_PARTIES = 20  # that are listed before who owes it is asked


@click.command()
@click.argument("case", default="")
@click.option("--list", "only_list", is_flag=True, help="List the templates and stop.")
@click.option("--template", metavar="ID", help="Answer the questions of this template.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=ANSWER", help="An answer; may be repeated.")
@click.option(
    "--answers", type=click.Path(path_type=Path, dir_okay=False), help="A YAML file with an agreement and its clauses."
)
@click.option("--agreement", default="", metavar="ID", help="The agreement of the case that holds the clause.")
@click.option("--questions", "only_questions", is_flag=True, help="Print a file of answers for --template.")
@click.option(
    "--ucdp",
    type=click.Path(path_type=Path, dir_okay=False),
    help="UCDP Peace Agreements: drafts one of its rows.",
)
@click.option("--row", "paid", metavar="PAID", help="Which row of --ucdp: its number in the column paid.")
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
def clause(
    case: str,
    only_list: bool,
    template: str | None,
    pairs: tuple[str, ...],
    answers: Path | None,
    agreement: str,
    only_questions: bool,
    ucdp: Path | None,
    paid: str | None,
    dry_run: bool,
) -> None:
    """Write a clause of an agreement into CASE by answering questions, with stories that test it.

    Without options it asks. --answers takes a file of clauses, --ucdp drafts such a file from a row of data.
    """
    from standoff.case.read import load
    from standoff.views.lines.clauses import questions_yaml, template_lines

    if only_list:
        print_lines(template_lines(terminal_width()))
        return
    if only_questions:
        from standoff.commitments.clauses import find_template

        click.echo(questions_yaml([find_template(template or "")], None), nl=False)
        return
    if not case:
        raise click.UsageError("Missing argument 'CASE'.")
    opened = load(case)
    if ucdp is not None:
        _print_ucdp(opened, ucdp, paid)
        return
    text: Agreement | None = None
    actors: tuple[Actor, ...] = ()
    if answers is not None:
        from standoff.runs.drafts import read_answers

        text, actors, clauses = read_answers(answers)
        for one in clauses:
            one["agreement"] = one.get("agreement") or agreement
    elif pairs:
        clauses = [_from_pairs(pairs, template, agreement)]
    else:
        clauses = [_ask(opened, template, agreement)]
    _write(opened, case, text, actors, clauses, dry_run)


def _from_pairs(pairs: tuple[str, ...], template: str | None, agreement: str) -> dict[str, Any]:
    clause: dict[str, Any] = {"template": template or "", "agreement": agreement}
    for pair in pairs:
        key, equals, answer = pair.partition("=")
        if not equals:
            raise click.UsageError(f"--set takes KEY=ANSWER, not {pair!r}")
        clause[key.strip()] = answer.strip()
    return clause


def _ask(case: Case, name: str | None, agreement: str) -> dict[str, Any]:
    """Ask what a template asks, and an answer that does not fit again."""
    from standoff.commitments.clause_answers import parse_answer
    from standoff.commitments.clauses import TEMPLATES, applies, find_template, questions_of
    from standoff.views.lines.clauses import template_lines

    if name is None:
        print_lines(template_lines(terminal_width()))
        name = click.prompt("Which template", type=click.Choice(list(TEMPLATES)), show_choices=False)
    template = find_template(name)
    if not agreement:
        names = ", ".join(case.agreements) or "none yet"
        agreement = click.prompt(f"Which agreement holds it ({names})", default="", show_default=False)
    words: dict[str, Any] = {"template": template.id, "agreement": agreement}
    parsed: dict[str, Any] = {}
    for question in questions_of(template):
        if not applies(question, parsed):
            continue
        if question.key == "who" and case.actors:
            print_lines(fold(f"Parties of this case: {shortlist(case.actors, MOST_PARTIES)}", terminal_width()))
        while True:
            more = f" [{question.default}]" if question.default else ""
            choices = f" ({' or '.join(question.choices)})" if question.choices else ""
            answer = click.prompt(f"{question.text}{choices}{more}", default=question.default or "", show_default=False)
            try:
                parsed[question.key] = parse_answer(case, question, answer)
            except StandoffError as error:
                for problem in error.problems:
                    click.echo(f"  {problem.what}; expected {problem.expected} {problem.hint}".rstrip(), err=True)
                continue
            words[question.key] = answer
            break
    return words


def _write(
    case: Case,
    name: str,
    text: Agreement | None,
    actors: tuple[Actor, ...],
    clauses: list[dict[str, Any]],
    dry_run: bool,
) -> None:
    from standoff.case.model import Kind
    from standoff.case.read import load
    from standoff.case.write import Amendment, amended_list
    from standoff.commitments.stories import play, stories
    from standoff.runs.drafts import drafts_of
    from standoff.text.sentences import count

    amendment = Amendment(case.root)
    if text is not None and text.id not in case.agreements:
        amendment.add(Kind.AGREEMENTS, text)
    new_actors = [actor for actor in actors if actor.id not in case.actors]
    amendment.add(Kind.ACTORS, new_actors)
    names: list[str] = []
    with_actors = replace(case, actors={**case.actors, **{actor.id: actor for actor in new_actors}})
    for draft in drafts_of(with_actors, text, clauses):
        amendment.add(Kind.COMMITMENTS, draft.commitments)
        names += [str(record["id"]) for record in draft.commitments]
        for story in draft.stories:
            file = f"tests/{story['commitments'][0]}.yaml"
            amendment.put(file, amended_list(amendment.text(file), added=[_plain(story)], file=file))
    if dry_run:
        for file, written in sorted(amendment.texts.items()):
            before = (case.root / file).read_text(encoding="utf-8") if (case.root / file).is_file() else ""
            click.echo(f"# {file}")
            click.echo((written or "").removeprefix(before).strip("\n"))
        return
    files = amendment.save(what="clauses of an agreement")
    main = [file for file in files if not file.startswith("tests/")]
    click.echo(f"wrote {count(len(names), 'commitment')} to {', '.join(main)}, stories to tests/")
    opened = load(case.root)
    new = [story for story in stories(opened) if set(story.commitments) & set(names)]
    results = [result for story in new for result in play(opened, story)]
    wrong = [result for result in results if not result.passed]
    met = f"{len(results) - len(wrong)} of {count(len(results), 'expectation')} met"
    click.echo(f"{count(len(new), 'story', 'stories')} played, {met}")
    for one in wrong:
        said = f"{one.expected.row} on {one.expected.day}: {one.got_words}, and the story has {one.expected_words}"
        click.echo(f"  {said}", err=True)
    click.echo(f"next: standoff ledger {name} --why {names[0]}")
    if wrong:
        raise click.exceptions.Exit(1)


def _plain(value: Any) -> Any:
    """Return a story as a file has it: days as texts."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else str(value)


def _print_ucdp(case: Case, path: Path, paid: str | None) -> None:
    from standoff.commitments.clauses import TEMPLATES, clause_id, from_ucdp
    from standoff.files.opener import read_text
    from standoff.views.lines.clauses import questions_yaml, ucdp_lines

    rows = list(csv.DictReader(read_text(path, str(path), 64 * 2**20, kind="").splitlines(keepends=True)))
    if not rows or "paid" not in rows[0]:
        raise StandoffError.of("this is not a table of UCDP Peace Agreements", file=str(path), expected="a column paid")
    row = next((r for r in rows if paid and r["paid"] == paid), None)
    if row is None:
        if paid:
            what = f"there is no agreement {paid!r}"
            raise StandoffError.of(what, file="--row", expected="a number of the column paid; all without --row")
        print_lines(ucdp_lines(rows, terminal_width()))
        return
    names = [part.strip() for part in row.get("actor_name", "").split(",") if part.strip()]
    known = {label.casefold(): a.id for a in case.actors.values() for label in (a.id, a.name, *a.aliases)}
    missing = {name: clause_id(name) for name in names if name.casefold() not in known}
    parties = [known.get(name.casefold()) or missing[name] for name in names]
    agreement, calls, others = from_ucdp(row, list(dict.fromkeys(parties)))
    click.echo(questions_yaml([TEMPLATES[name] for name in calls], agreement, actors=missing, others=others), nl=False)
