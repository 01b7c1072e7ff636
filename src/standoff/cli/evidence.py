"""Commands on the evidence: claims, disputes, contradictions, sources, coverage."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import click

from standoff.case.vocabulary import REALIS

if TYPE_CHECKING:
    from rich.table import Table

WIDTH = 80

_json = click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")


def _dump(value: Any) -> None:
    click.echo(json.dumps(value, indent=1, ensure_ascii=False, default=str))


def _table(*columns: tuple[str, int, bool], title: str = "") -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name, width, right in columns:
        table.add_column(name, width=width, overflow="fold", justify="right" if right else "left")
    return table


def _print(*things: Any) -> None:
    import sys

    from rich.console import Console

    console = Console(width=WIDTH, file=sys.stdout, highlight=False, markup=False)
    for thing in things:
        console.print(thing)


def _short(text: str) -> str:
    """Leave only the host of an address, so that a table stays readable."""
    return re.sub(r"https?://([^/\s)]+)[^\s)]*", r"\1", text)


def _many(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


@click.command()
@click.argument("case")
@click.option(
    "--about", metavar="ID", help="Only about this claim, actor, place, dispute, commitment, event or quantity."
)
@click.option("--source", metavar="ID", help="Only what goes through this source.")
@click.option("--realis", metavar="WORD", help=f"Only claims so told: {', '.join(REALIS)}.")
@click.option("--vague", metavar="NAME", help="Reread vague number words: acled, plural or open.")
@click.option("--in-place", is_flag=True, help="Show the words around each anchor, from your copies in library/.")
@_json
def claims(
    case: str,
    about: str | None,
    source: str | None,
    realis: str | None,
    vague: str | None,
    in_place: bool,
    as_json: bool,
) -> None:
    """Who says what, through whom: every claim of CASE with its chain and how it is told."""
    from dataclasses import asdict

    from standoff.case.read import load
    from standoff.evidence.library import excerpts
    from standoff.evidence.listing import answers_of, claim_record, in_words, select_claims

    opened = load(case)
    found = select_claims(opened, about=about, source=source, realis=realis, vague=vague)
    answers = answers_of(opened)
    if as_json:
        records = [claim_record(opened, claim, answers) for claim in found]
        if in_place:
            for record, claim in zip(records, found, strict=True):
                record["in_place"] = [asdict(excerpt) for excerpt in excerpts(opened, claim)]
        _dump(records)
        return
    table = _table(("claim", 20, False), ("says, and through whom", 55, False))
    for claim in found:
        where = claim.document or claim.citation
        if claim.at:
            lines = sorted({anchor.paragraph for anchor in claim.at})
            where += f", paragraph {', '.join(map(str, lines))}"
        told = [f"{claim.text} [{in_words(claim)}]", f"{' > '.join(claim.chain)}; {where}"]
        if in_place:
            for p in excerpts(opened, claim, 60):
                shown = f"...{p.before}>>{p.words}<<{p.after}..." if p.words else f"not found in your copy: {p.how}"
                told.append(f"line {p.paragraph}: {shown}")
        table.add_row(f"{claim.id}\n{claim.realis}", "\n".join(told))
    if found:
        _print(table)
    total = len(opened.claims)
    click.echo(f"{len(found)} of {_many(total, 'claim')}; a claim is what its source says, not what is so.")
    shown_dispute = next((d for claim in found for d, _ in answers.get(claim.id, [])), None)
    more = f"standoff claims {case} --about {shown_dispute}" if shown_dispute and shown_dispute != about else ""
    click.echo(f"next: {more or f'standoff disputes {case}'}")


@click.command()
@click.argument("case")
@click.option("--about", metavar="ID", help="Only this dispute, or those a claim, event or commitment is part of.")
@_json
def disputes(case: str, about: str | None, as_json: bool) -> None:
    """Where the sources of CASE disagree: each question, its answers, and the independent witnesses behind each."""
    from standoff.case.read import load
    from standoff.evidence.listing import dispute_record, select_disputes

    opened = load(case)
    records = [dispute_record(opened, dispute) for dispute in select_disputes(opened, about)]
    if as_json:
        _dump(records)
        return
    for record in records:
        title = f"{record['id']} ({record['kind']}): {record['question']}"
        table = _table(
            ("answer", 15, False), ("n", 2, True), ("accounts", 12, False), ("says; claims", 42, False), title=title
        )
        for answer in record["answers"]:
            count = f"{answer['independent']}{'' if answer['exact'] else '+'}"
            claims_ = ", ".join(answer["claims"]) or f"assumed: {answer['assumed']}"
            row = answer["id"], count, ", ".join(answer["accounts"]) or "-", f"{answer['text']} [{claims_}]"
            table.add_row(*row)
        _print(table)
        merged = _merged(record)
        if merged:
            _print(merged)
        if record["unmodelled"]:
            _print(f"Sets nothing in the model: {record['unmodelled']}")
        elif record["moves"]:
            _print(f"Moves: {record['moves']}")
        click.echo()
    click.echo(f"{_many(len(records), 'dispute')}. n counts independent witnesses: chains that share no author,")
    click.echo("outlet, origin, office or republication. Two copies of one voice count once.")
    click.echo(f"next: standoff contradictions {case}")


def _merged(record: dict[str, Any]) -> str:
    said = []
    for answer in record["answers"]:
        for witness in answer["witnesses"]:
            for also in witness["also"]:
                said.append(f"{also['claim']} with {witness['claim']} ({also['reason']} {also['shared']})")
    return f"One witness: {'; '.join(said)}." if said else ""


@click.command()
@click.argument("case")
@click.option("--differences", "others", is_flag=True, help="Also show pairs that only seem to clash, and why not.")
@_json
def contradictions(case: str, others: bool, as_json: bool) -> None:
    """Pairs of claims of CASE that cannot both hold, with the reason.

    Claims of another date, window, place or measure are no contradiction: --differences shows them.
    """
    from dataclasses import asdict

    from standoff.case.read import load
    from standoff.evidence.contradictions import contradictions as find
    from standoff.evidence.contradictions import differences

    opened = load(case)
    found = find(opened)
    apart = differences(opened) if others else ()
    if as_json:
        _dump([asdict(pair) for pair in (*found, *apart)])
        return
    for pairs, title in ((found, "Cannot both hold"), (apart, "Only seem to clash")):
        if not pairs:
            continue
        table = _table(
            ("claims", 22, False), ("reason", 12, False), ("why", 29, False), ("dispute", 8, False), title=title
        )
        for pair in pairs:
            why = pair.why + ("" if pair.certain else " (possibly)")
            if pair.same_witness:
                why += f"; one witness: {_short(pair.same_witness)}"
            table.add_row(f"{pair.first}\n{pair.second}", pair.reason, why, pair.dispute or "none yet")
        _print(table)
    free = sum(not pair.dispute for pair in found)
    click.echo(f"{_many(len(found), 'pair')} that cannot both hold, {free} of them in no dispute yet.")
    click.echo("Prose is not compared: a person may see contradictions that this list does not.")
    click.echo(
        f"next: standoff {'disputes' if others else 'contradictions'} {case}{'' if others else ' --differences'}"
    )


@click.command()
@click.argument("case")
@_json
def sources(case: str, as_json: bool) -> None:
    """The sources of CASE, what they belong to, and how many claims they tell, relay and originate."""
    from standoff.case.read import load
    from standoff.evidence.listing import source_records

    records = source_records(load(case))
    if as_json:
        _dump(records)
        return
    table = _table(
        ("source", 20, False), ("kind", 12, False), ("of", 12, False), ("relays", 6, True), ("origin", 6, True),
        ("relayed by", 11, False),
    )  # fmt: skip
    for r in sorted(records, key=lambda r: (-r["origin_of"] - r["relays"], r["id"])):
        grade = f" ({r['reliability']}, by {r['graded_by']})" if r["graded_by"] else ""
        by = ", ".join(r["relayed_by"]) if len(r["relayed_by"]) < 4 else f"{len(r['relayed_by'])} sources"
        table.add_row(r["id"] + grade, r["kind"], r["of"] or "-", str(r["relays"]), str(r["origin_of"]), by or "-")
    _print(table)
    click.echo("relays: claims it passes on; origin: claims that begin with it; of: its owner.")
    unnamed = sum(r["kind"] == "anonymous" for r in records)
    graded = sum(r["graded_by"] is not None for r in records)
    click.echo(
        f"{_many(len(records), 'source')}, {unnamed} of them unnamed; {graded} graded by a person, the others F6:"
    )
    click.echo("reliability cannot be judged. No program sets a grade.")
    most = max(records, key=lambda r: r["relays"], default=None)
    click.echo(f"next: standoff claims {case} --source {most['id'] if most else 'ID'}")


@click.command()
@click.argument("case")
@click.option("--all", "every", is_flag=True, help="Also list the rows that are covered.")
@_json
def coverage(case: str, every: bool, as_json: bool) -> None:
    """Which rows of the coding sheet CASE covers, and why the others are left out."""
    from dataclasses import asdict

    from standoff.case.read import load
    from standoff.evidence.coding_sheet import coverage as rows_of

    rows = rows_of(load(case))
    if as_json:
        _dump([{"id": r.id, "state": r.state} | asdict(r) for r in rows])
        return
    totals = _table(
        ("section", 9, False), ("rows", 6, True), ("covered", 8, True), ("left out", 9, True), ("missing", 8, True)
    )
    for section in dict.fromkeys(row.section for row in rows):
        states = [row.state for row in rows if row.section == section]
        totals.add_row(section, str(len(states)), *(str(states.count(s)) for s in ("covered", "left out", "missing")))
    _print(totals)
    shown = [row for row in rows if every or row.state != "covered"]
    if shown:
        table = _table(("row", 13, False), ("what", 28, False), ("covered by, or why left out", 32, False))
        for row in shown:
            table.add_row(row.id, row.title, ", ".join(row.covered_by) or row.left_out or "missing")
        _print(table)
    states = [row.state for row in rows]
    covered, left, missing = (states.count(s) for s in ("covered", "left out", "missing"))
    click.echo(f"{_many(len(rows), 'row')}: {covered} covered, {left} left out with a reason, {missing} missing.")
    click.echo(f"next: standoff {'claims' if every else 'coverage'} {case}{'' if every else ' --all'}")
