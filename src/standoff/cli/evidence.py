"""Commands on the evidence: claims, disputes, contradictions, corroboration, sources, coverage."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from standoff.case.vocabulary import REALIS
from standoff.cli.options import json_option, print_json, print_lines
from standoff.errors import StandoffError
from standoff.text.sentences import fold
from standoff.text.table_printer import terminal_width

FEW = 12  # so many claims are shown with the sentences they come from, where the text is in library/


@click.command()
@click.argument("case")
@click.option(
    "--about", metavar="ID", help="Only about this claim, actor, place, dispute, commitment, event or quantity."
)
@click.option("--source", metavar="ID", help="Only what goes through this source.")
@click.option("--place", metavar="NAME", help="Only of this place, or of places inside this sector or zone.")
@click.option("--realis", metavar="WORD", help=f"Only claims so told: {', '.join(REALIS)}.")
@click.option("--vague", metavar="NAME", help="Reread vague number words: acled, plural or open.")
@click.option("--in-place", is_flag=True, help="Show the words around each anchor, from your copies in library/.")
@json_option
def claims(
    case: str,
    about: str | None,
    source: str | None,
    place: str | None,
    realis: str | None,
    vague: str | None,
    in_place: bool,
    as_json: bool,
) -> None:
    """Who says what, through whom: every claim of CASE with its chain, how it is told, and its two days.

    A few claims are shown with the sentence they come from, where your copy of the document is in library/.
    """
    from standoff.case.read import load
    from standoff.evidence.library import excerpts
    from standoff.evidence.listing import answers_of, claim_entry, select_claims
    from standoff.views.lines.evidence import claim_lines

    opened = load(case)
    chosen = select_claims(opened, about=about, source=source, realis=realis, vague=vague, place=place)
    answers = answers_of(opened)
    if as_json:
        records = [claim_entry(opened, claim, answers) for claim in chosen]
        for record, claim in zip(records, chosen, strict=True):
            record["sentences"] = list(dict.fromkeys(e.sentence for e in excerpts(opened, claim) if e.sentence))
        if in_place:
            for record, claim in zip(records, chosen, strict=True):
                record["in_place"] = [asdict(excerpt) for excerpt in excerpts(opened, claim)]
        print_json(records)
        return
    few = len(chosen) <= FEW
    around = {claim.id: excerpts(opened, claim, 60) for claim in chosen} if in_place or few else {}
    print_lines(claim_lines(opened, chosen, around, terminal_width(), in_place=in_place))
    dispute = next((d for claim in chosen for d, _ in answers.get(claim.id, [])), None)
    more = f"standoff claims {case} --about {dispute}" if dispute and dispute != about else ""
    click.echo(f"next: {more or f'standoff disputes {case}'}")


def _told_in_run(case: Any, folder: Path | None, records: list[dict[str, Any]]) -> str:
    """Add to ``records`` what their answers changed in a run; return which run it is, or how to have one."""
    path = folder or Path("runs") / case.about.id
    how = f"standoff run {case.about.id} --answers"
    if folder is None and not (path / "run.json").exists():
        return f"What answers change is told by: {how}" if any(r["moves"] for r in records) else ""
    from standoff.runs.folder import load_run
    from standoff.views.whatif import answer_sentences

    run = load_run(path)
    if str(run.meta["case"]["id"]) != case.about.id:
        what = f"the run is of {run.meta['case']['id']!r}"
        raise StandoffError.of(what, file=str(path), expected=f"a run of {case.about.id!r}: {how}")
    told = answer_sentences(case, run, run.answers)
    for record in records:
        rows = [asdict(row) for row in run.answers if row.dispute == record["id"]]
        record["in_run"] = {"run": str(path), "said": told.get(record["id"], ""), "effects": rows}
    old = "" if run.meta["case"]["digest"] == case.digest else " The case has changed since this run."
    paired = any(row.paired for row in run.answers)
    kind = "in pairs of runs that differ in one answer" if paired else f"unpaired; in pairs by: {how}"
    return f"Changes are those of the run in {path}, {kind}.{old}"


@click.command()
@click.argument("case")
@click.option("--about", metavar="ID", help="Only this dispute, or those a claim, event or commitment is part of.")
@click.option(
    "--run",
    "folder",
    metavar="RUN",
    type=click.Path(path_type=Path),
    help="Folder of a run: what each answer changed in it [default: runs/CASE, where there is one].",
)
@json_option
def disputes(case: str, about: str | None, folder: Path | None, as_json: bool) -> None:
    """Where the sources of CASE disagree: each question, its answers, and the independent sources behind each.

    What answers set in the model, and what that changed in the last run, stands below them. `standoff run CASE
    --answers` tells it in pairs of runs that differ in one answer alone.
    """
    from standoff.case.read import load
    from standoff.evidence.listing import dispute_entry, select_disputes
    from standoff.views.lines.evidence import dispute_lines

    opened = load(case)
    records = [dispute_entry(opened, dispute) for dispute in select_disputes(opened, about)]
    where = _told_in_run(opened, folder, records)
    if as_json:
        print_json(records)
        return
    print_lines(dispute_lines(records, terminal_width()))
    if where:
        print_lines(fold(where, terminal_width()))
    click.echo(f"next: standoff contradictions {case}")


@click.command()
@click.argument("case")
@click.option("--differences", "others", is_flag=True, help="Also show pairs that only seem to clash, and why not.")
@json_option
def contradictions(case: str, others: bool, as_json: bool) -> None:
    """Pairs of claims of CASE that cannot both hold, with the reason, and whether a dispute holds them already.

    Below them stand pairs of which one rests on what the other denies: a person has to look. Claims of another date,
    window, place or measure are not a contradiction: --differences shows them.
    """
    from standoff.case.read import load
    from standoff.evidence import contradictions as comparing
    from standoff.evidence.tensions import tensions
    from standoff.views.lines.evidence import contradiction_lines

    opened = load(case)
    pairs = comparing.contradictions(opened)
    tense = tensions(opened)
    differing = comparing.differences(opened) if others else ()
    if as_json:
        print_json([asdict(pair) for pair in (*pairs, *tense, *differing)])
        return
    print_lines(contradiction_lines(pairs, tense, differing, terminal_width()))
    click.echo(
        f"next: standoff corroboration {case}" if others else f"next: standoff contradictions {case} --differences"
    )


@click.command()
@click.argument("case")
@click.option("--about", metavar="ID", help="Only what a claim about this says, as of `claims --about`.")
@click.option("--all", "every", is_flag=True, help="Also what one voice repeats.")
@json_option
def corroboration(case: str, about: str | None, every: bool, as_json: bool) -> None:
    """What several sources of CASE say of one thing, place and time, and how many of them are independent.

    Independent are sources, not pages: two bodies quoted in one article are two, two papers that relay one are one.
    """
    from standoff.case.read import load
    from standoff.evidence.backing import backings
    from standoff.evidence.listing import backing_entry, select_claims
    from standoff.views.lines.evidence import corroboration_lines

    opened = load(case)
    chosen = {claim.id for claim in select_claims(opened, about=about)} if about else None
    some = [b for b in backings(opened) if chosen is None or chosen & set(b.claims)]
    if as_json:
        print_json([backing_entry(backing) for backing in some])
        return
    print_lines(corroboration_lines(some, terminal_width(), every=every))
    click.echo(f"next: standoff disputes {case}" if every else f"next: standoff corroboration {case} --all")


@click.command()
@click.argument("case")
@json_option
def sources(case: str, as_json: bool) -> None:
    """The sources of CASE, what they belong to, and how many claims they tell, relay and originate."""
    from standoff.case.read import load
    from standoff.evidence.listing import source_entries
    from standoff.views.lines.evidence import source_lines

    records = source_entries(load(case))
    if as_json:
        print_json(records)
        return
    print_lines(source_lines(records, terminal_width()))
    most = max(records, key=lambda r: r["relays"], default=None)
    click.echo(f"next: standoff claims {case} --source {most['id'] if most else 'ID'}")


@click.command()
@click.argument("case")
@click.option("--all", "every", is_flag=True, help="Also list the rows that are covered.")
@json_option
def coverage(case: str, every: bool, as_json: bool) -> None:
    """Which rows of the coding sheet CASE covers, and why the others are left out."""
    from standoff.case.read import load
    from standoff.evidence import coding_sheet
    from standoff.views.lines.evidence import coverage_lines

    rows = coding_sheet.coverage(load(case))
    if as_json:
        print_json([{"id": r.id, "state": r.state} | asdict(r) for r in rows])
        return
    print_lines(coverage_lines(rows, terminal_width(), every=every))
    click.echo(f"next: standoff {f'claims {case}' if every else f'coverage {case} --all'}")
