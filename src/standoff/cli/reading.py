"""The command read: claims proposed from a text, for a person to write, change or drop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standoff.cli.ledger import Day

if TYPE_CHECKING:
    from datetime import date

    from standoff.reading.propose import Proposal

WIDTH = 80
SHOWN = 60  # letters of a condition or consequence in the table


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--case", "case", metavar="CASE", help="Match sources and actors of this case.")
@click.option("--document", metavar="ID", help="The document of the case this text is; fills in the chain.")
@click.option("--published", type=Day(), metavar="DATE", help="The day it was published, if it is no document.")
@click.option("--yaml", "as_yaml", is_flag=True, help="Print drafts for claims.yaml; their text is yours to write.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def read(
    file: Path, case: str | None, document: str | None, published: date | None, as_yaml: bool, as_json: bool
) -> None:
    """Propose claims from a text FILE by rules. Nothing is accepted or written: a person decides.

    English prose in UTF-8. About four proposals in five rightly tell who says what; two in five statements are not
    found. Days without a year need the day of publication. Places are left to you.
    """
    from dataclasses import asdict

    from standoff.case.read import load
    from standoff.errors import StandoffError, nearest
    from standoff.reading.propose import as_claims, propose
    from standoff.reading.texts import open_text

    text = open_text(file)
    opened = load(case) if case else None
    if document is not None and (opened is None or document not in opened.documents):
        known = opened.documents if opened else {}
        expected = "the id of a document of --case" if opened else "--case CASE beside it"
        hint = nearest(document, known)
        raise StandoffError.of(f"there is no document {document!r}", file="--document", expected=expected, hint=hint)
    whose = opened.documents[document] if opened and document else None
    if whose is not None and published is not None:
        expected = f"one of the two: {document} was published {whose.published}"
        raise StandoffError.of("given beside --document", file="--published", expected=expected)
    found = propose(text, opened, whose.published.end if whose else published)
    drafts = as_claims(found, whose)
    if as_json:
        records = [asdict(p) | {"draft": draft} for p, draft in zip(found.proposals, drafts, strict=True)]
        click.echo(json.dumps({"proposals": records, "dropped": found.dropped}, indent=1, ensure_ascii=False))
        return
    if as_yaml:
        import yaml

        click.echo("# Proposed by rules. Write each text in your own words, correct the rest, or drop the claim.")
        click.echo("# End the chain of a quote or paraphrase with whom it quotes; the note has the name as printed.")
        click.echo(yaml.safe_dump(drafts, sort_keys=False, allow_unicode=True, width=118), nl=False)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name, width in (("line", 4), ("realis", 12), ("who", 18), ("anchor; what it may say", 40)):
        table.add_column(name, width=width, overflow="fold")
    for p in found.proposals:
        printed = f"{p.source_words} ({p.named}?)" if p.named else p.source_words
        who = p.source or printed or "the author"
        table.add_row(str(p.anchor.paragraph), p.realis, who, f"{p.anchor.anchor}\n[{_said(p)}]{_terms(p, text)}")
    if found.proposals:
        Console(width=WIDTH, highlight=False, markup=False).print(table)
    click.echo(f"{len(found.proposals)} proposals, none accepted; {found.dropped} dropped for want of an anchor.")
    if found.proposals:
        click.echo(f"next: standoff read {file}{f' --case {case}' if case else ''} --yaml")
    else:
        why = "Every place is there more than once" if found.dropped else "No statement, number or act was found"
        click.echo(f"{why}; write the claims by hand.")


def _said(p: Proposal) -> str:
    """What a proposal may say, on one line."""
    says = p.says
    if "event" in says:
        sides = " -> ".join(", ".join(says[side]) for side in ("actor", "target") if side in says)
        told = f" {says['date']}" if "date" in says else ""
        return f"{says['event']}?" + (f" {sides if 'actor' in says else '-> ' + sides}" if sides else "") + told
    if "quantity" not in says:
        return "statement"
    ends = [says["value"]] if "value" in says else [says["low"], says["high"]]
    value = " to ".join(f"{end:,.10g}" for end in ends)
    bound = "" if says.get("bound", "exact") in ("exact", "range") else f"{says['bound'].replace('-', ' ')} "
    words = " ".join(w for w in (says.get("unit", ""), says.get("counted", "")) if w)
    told = says.get("window", says.get("as_of", ""))
    return f"{bound}{value}{f' {words}' if words else ''}; {says['measure']}?{f' {told}' if told else ''}"


def _terms(p: Proposal, text: str) -> str:
    """Condition and consequence of a proposal, each shortened, or an empty string."""
    if p.terms is None or p.terms.condition is None:
        return ""

    def short(words: str) -> str:
        return words if len(words) <= SHOWN else words[: SHOWN - 1].rsplit(" ", 1)[0] + " …"

    return f"\nif: {short(p.terms.condition.of(text))}\nthen: {short(p.terms.consequence.of(text))}"
