"""The command read: claims proposed from a text, for a person to write, change or drop."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standoff.cli.options import DayParam, json_option, print_json, print_lines
from standoff.errors import StandoffError, nearest

if TYPE_CHECKING:
    from standoff.case.model import Case


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--case", "case", metavar="CASE", help="Match sources and actors of this case.")
@click.option("--document", metavar="ID", help="The document of the case this text is; fills in the chain.")
@click.option("--published", type=DayParam(), metavar="DATE", help="The day it was published, if it is no document.")
@click.option("--yaml", "as_yaml", is_flag=True, help="Print drafts for claims.yaml; their text is yours to write.")
@json_option
def read(
    file: Path, case: str | None, document: str | None, published: date | None, as_yaml: bool, as_json: bool
) -> None:
    """Propose claims from a text FILE by rules. Nothing is accepted or written: a person decides.

    English prose in UTF-8. About four proposals in five rightly tell who says what; two in five statements are not
    found. Days without a year need the day of publication. Places are left to you.
    """
    from dataclasses import asdict

    from standoff.reading.propose import as_claims, propose
    from standoff.reading.texts import open_text
    from standoff.text.streams import writes_unicode
    from standoff.text.table import terminal_width
    from standoff.views.lines.reading import proposal_lines

    text = open_text(file)
    opened = _beside(case) if case else None
    if document is not None and (opened is None or document not in opened.documents):
        documents = opened.documents if opened else {}
        expected = "the id of a document of --case" if opened else "--case CASE beside it"
        hint = nearest(document, documents)
        raise StandoffError.of(f"there is no document {document!r}", file="--document", expected=expected, hint=hint)
    record = opened.documents[document] if opened and document else None
    if record is not None and published is not None:
        expected = f"one of the two: {document} was published {record.published}"
        raise StandoffError.of("given beside --document", file="--published", expected=expected)
    reading = propose(text, opened, record.published.end if record else published)
    drafts = as_claims(reading, record)
    if as_json:
        records = [asdict(p) | {"draft": draft} for p, draft in zip(reading.proposals, drafts, strict=True)]
        print_json({"proposals": records, "dropped": reading.dropped})
        return
    if as_yaml:
        import yaml

        click.echo("# Proposed by rules. Write each text in your own words, correct the rest, or drop the claim.")
        click.echo("# End the chain of a quote or paraphrase with whom it quotes; the note has the name as printed.")
        click.echo(yaml.safe_dump(drafts, sort_keys=False, allow_unicode=writes_unicode(), width=118), nl=False)
        return
    print_lines(proposal_lines(reading, text, terminal_width()))
    if reading.proposals:
        click.echo(f"next: standoff read {file}{f' --case {case}' if case else ''} --yaml")


def _beside(name: str) -> Case | None:
    """Return a case that may have errors, since a text may mend them; None where no record can be made."""
    from standoff.case.read import read as read_case
    from standoff.text.sentences import count

    case, problems = read_case(name)
    errors = [p for p in problems if p.severity == "error"]
    if errors:
        what = "its sources and actors are not matched" if case is None else "names are matched all the same"
        click.echo(f"warning: {name} has {count(len(errors), 'error')}; {what}. next: standoff check {name}", err=True)
    return case
