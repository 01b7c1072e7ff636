"""The command read: claims proposed from a text, for a person to write, change or drop."""

from __future__ import annotations

import json
from pathlib import Path

import click

WIDTH = 80


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--case", "case", metavar="CASE", help="Match sources and actors of this case.")
@click.option("--document", metavar="ID", help="The document of the case this text is; fills in the chain.")
@click.option("--yaml", "as_yaml", is_flag=True, help="Print drafts for claims.yaml; their text is yours to write.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def read(file: Path, case: str | None, document: str | None, as_yaml: bool, as_json: bool) -> None:
    """Propose claims from a text FILE by rules. Nothing is accepted or written: a person decides.

    English prose, one paragraph a line. About three proposals in four rightly tell who says what.
    """
    from dataclasses import asdict

    from standoff.case.read import load
    from standoff.errors import StandoffError, nearest
    from standoff.evidence.library import MAX_TEXT_BYTES
    from standoff.evidence.reading.propose import as_claims, propose

    if not file.is_file():
        raise StandoffError.of("there is no such file", file=str(file), expected="a plain text in UTF-8")
    if file.stat().st_size > MAX_TEXT_BYTES:
        raise StandoffError.of("the text is too large", file=str(file), expected="at most 16 MB")
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        what = f"byte {error.start} is not UTF-8"
        raise StandoffError.of(what, file=str(file), expected="a plain text in UTF-8") from None
    opened = load(case) if case else None
    if document is not None and (opened is None or document not in opened.documents):
        known = opened.documents if opened else {}
        expected = "the id of a document of --case" if opened else "--case CASE beside it"
        hint = nearest(document, known)
        raise StandoffError.of(f"there is no document {document!r}", file="--document", expected=expected, hint=hint)
    found = propose(text, opened)
    drafts = as_claims(found, opened.documents[document] if opened and document else None)
    if as_json:
        records = [asdict(p) | {"draft": draft} for p, draft in zip(found.proposals, drafts, strict=True)]
        click.echo(json.dumps({"proposals": records, "dropped": found.dropped}, indent=1, ensure_ascii=False))
        return
    if as_yaml:
        import yaml

        click.echo("# Proposed by rules. Write each text in your own words, correct the rest, or drop the claim.")
        click.echo(yaml.safe_dump(drafts, sort_keys=False, allow_unicode=True, width=118), nl=False)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name, width in (("line", 4), ("realis", 11), ("who", 20), ("anchor; what it may say", 34)):
        table.add_column(name, width=width, overflow="fold")
    for p in found.proposals:
        says = ", ".join(f"{k} {v}" for k, v in p.says.items())
        who = p.source or p.source_words or "the author"
        table.add_row(str(p.anchor.paragraph), p.realis, who, f"{p.anchor.anchor}\n[{says}]")
    if found.proposals:
        Console(width=WIDTH, highlight=False, markup=False).print(table)
    click.echo(f"{len(found.proposals)} proposals, none accepted; {found.dropped} dropped for want of an anchor.")
    click.echo(f"next: standoff read {file}{f' --case {case}' if case else ''} --yaml")
