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
    from standoff.reading.language_model import Endpoint


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--case", "case", metavar="CASE", help="Match sources and actors of this case.")
@click.option("--document", metavar="ID", help="The document of the case this text is; fills in the chain.")
@click.option("--published", type=DayParam(), metavar="DATE", help="The day it was published, if it is not a document.")
@click.option("--yaml", "as_yaml", is_flag=True, help="Print drafts for claims.yaml; their text is yours to write.")
@click.option("--llm", "url", metavar="URL", help="Ask a model at this address too (any OpenAI-compatible endpoint).")
@click.option("--model", metavar="NAME", help="The model to ask, with --llm.")
@click.option("--llm-timeout", type=click.FloatRange(1, 3600), default=120.0, metavar="SECONDS", help="Default 120.")
@json_option
def read(
    file: Path,
    case: str | None,
    document: str | None,
    published: date | None,
    as_yaml: bool,
    url: str | None,
    model: str | None,
    llm_timeout: float,
    as_json: bool,
) -> None:
    """Propose claims from a text FILE by rules. Nothing is accepted or written: a person decides.

    Text in UTF-8; the rules read English and count what is in another language. Of 57 proposals on wire sentences kept
    back 43 were right in who says it, how, what, where and when; a quarter of the claims was not found. A promise or
    threat comes with who is bound, to whom, if, then and by. Days without a year need the day of publication.

    With --llm a model reads the text too, in any language; what the text itself does not bear out is dropped. The text
    is sent to that address, and the key of STANDOFF_LLM_KEY with it.
    """
    from dataclasses import asdict

    from standoff.reading.propose import as_claims, propose, saying_day
    from standoff.reading.texts import open_text
    from standoff.text.console import writes_unicode
    from standoff.text.table_printer import terminal_width
    from standoff.views.lines.reading import proposal_lines, second_reader_lines

    endpoint = endpoint_of(url, model, llm_timeout)
    text = open_text(file, any_language=endpoint is not None)
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
    day = saying_day(record) if record else published
    reading = propose(text, opened, day)
    notes: list[str] = []
    if endpoint is not None:
        from standoff.reading.language_model import merged, read_with

        second = read_with(text, endpoint, opened, day)
        reading = merged(reading, second)
        notes = second_reader_lines(second)
    drafts = as_claims(reading, record)
    if as_json:
        records = [asdict(p) | {"draft": draft} for p, draft in zip(reading.proposals, drafts, strict=True)]
        told = {"proposals": records, "dropped": reading.dropped, "foreign": [asdict(p) for p in reading.foreign]}
        print_json(told | ({"dropped_of_model": dict(second.dropped)} if endpoint is not None else {}))
        return
    if as_yaml:
        import yaml

        click.echo("# Proposed by rules. Write each text in your own words, correct the rest, or drop the claim.")
        click.echo("# End the chain of a quote or paraphrase with whom it quotes; the note has the name as printed.")
        click.echo(yaml.safe_dump(drafts, sort_keys=False, allow_unicode=writes_unicode(), width=118), nl=False)
        return
    print_lines(proposal_lines(reading, text, terminal_width()))
    for note in notes:
        click.echo(note)
    if reading.proposals:
        click.echo(f"next: standoff read {file}{f' --case {case}' if case else ''} --yaml")


def endpoint_of(url: str | None, model: str | None, timeout: float) -> Endpoint | None:
    """The second reader that was asked for; None without one."""
    if url is None and model is None:
        return None
    if url is None or model is None:
        lacking, beside = ("--llm", "--model") if url is None else ("--model", "--llm")
        raise StandoffError.of(
            f"{beside} is given without it", file=lacking, expected="both --llm URL and --model NAME"
        )
    from standoff.reading.language_model import checked

    return checked(url, model, timeout)


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
