"""Claims, disputes, contradictions, sources and the coding sheet on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from standoff.text.sentences import count, days_in_words, fold, listing, number
from standoff.text.table_printer import Number, table

if TYPE_CHECKING:
    from standoff.case.claims import Claim
    from standoff.case.model import Case
    from standoff.evidence.backing import Backing
    from standoff.evidence.coding_sheet import CodedRow
    from standoff.evidence.contradictions import Pair
    from standoff.evidence.library import Excerpt

ADDRESS = re.compile(r"https?://([^/\s)]+)[^\s)]*")
STATES = ("covered", "left out", "missing")


def claim_lines(
    case: Case,
    claims: Sequence[Claim],
    excerpts: Mapping[str, Sequence[Excerpt]],
    width: int,
    *,
    in_place: bool = False,
) -> Iterator[str]:
    """Yield the table of claims, each with its chain and days; below it the sentences it comes from, where they are.

    With ``in_place``, the words around each anchor stand there instead, and anchors that are lost.
    """
    from standoff.evidence.contradictions import published
    from standoff.evidence.corrections import corrections
    from standoff.evidence.listing import day_spoken_of, in_words

    rows = []
    struck = corrections(case)
    for claim in claims:
        where = claim.document or claim.citation
        if claim.at:
            paragraphs = sorted({anchor.paragraph for anchor in claim.at})
            where += f", paragraph {', '.join(map(str, paragraphs))}"
        days = days_in_words(published(case, claim), day_spoken_of(claim))
        text = [f"{claim.text} [{in_words(claim)}]", f"{' > '.join(claim.chain)}; {days}; {where}"]
        if claim.id in struck:
            text.insert(0, f"CORRECTED by {listing(struck[claim.id])}; it no longer counts.")
        if claim.supersedes:
            text.append(f"Corrects {listing(claim.supersedes)}.")
        if not in_place:
            text += [f'"{s}"' for s in dict.fromkeys(e.sentence for e in excerpts.get(claim.id, ())) if s]
        for p in excerpts.get(claim.id, ()) if in_place else ():
            place = f"...{p.before}>>{p.words}<<{p.after}..." if p.words else f"not found in your copy: {p.how}"
            text.append(f"line {p.paragraph}: {place}")
        rows += [(f"{claim.id}\n{claim.realis}", "\n".join(text)), ("", "")]
    if rows:
        yield from table(("claim", "says, and through whom"), rows[:-1], width)
        yield ""
    total = count(len(case.claims), "claim")
    corrected = sum(claim.id in struck for claim in claims)
    left = f", {corrected} of them corrected by another" if corrected else ""
    yield from fold(f"{len(claims)} of {total}{left}; a claim is what its source says, not what is so.", width)


def dispute_lines(records: Sequence[Mapping[str, Any]], width: int) -> Iterator[str]:
    """Yield each question with a table of its answers and who stands behind them."""
    for record in records:
        yield from fold(f"{record['id']} ({record['kind']}): {record['question']}", width, hang="  ")
        rows = []
        for answer in record["answers"]:
            sources = f"{answer['independent']}{'' if answer['exact'] else '+'}"
            struck = {c["claim"]: f"{c['claim']} (corrected by {listing(c['by'])})" for c in answer["corrected"]}
            claims = ", ".join(struck.get(c, c) for c in answer["claims"]) or f"assumed: {answer['assumed']}"
            rows.append((answer["id"], sources, ", ".join(answer["accounts"]) or "-", f"{answer['text']} [{claims}]"))
        yield from table(("answer", Number("n"), "accounts", "says; claims"), rows, width)
        yield from _merged(record, width)
        if record["unmodelled"]:
            yield from fold(f"Sets nothing in the model: {record['unmodelled']}", width)
        elif record["moves"]:
            yield from fold(f"Moves: {record['moves']}", width)
            for answer in record["answers"]:
                yield from fold(f"{answer['id']} sets: {sets_words(answer['sets'])}", width, indent="  ", hang="    ")
        if said := record.get("in_run", {}).get("said"):
            yield from fold(f"In the run: {said}", width)
        yield ""
    yield from fold(
        f"{count(len(records), 'dispute')}. n counts independent sources: whose word it is, not on how many pages. Two "
        "that relay one voice count once; what was corrected does not count.",
        width,
    )


def sets_words(sets: Mapping[str, Any]) -> str:
    """Return what an answer sets in the record or the model, in one sentence."""
    verbs = {
        "asserts": "holds {} to have happened",
        "denies": "holds {} not to have happened",
        "commitments_on": "puts {} in force",
        "commitments_off": "takes {} out of force",
    }
    parts = [verb.format(listing(sets[key])) for key, verb in verbs.items() if sets.get(key)]
    parts += [f"reads {name} as {reading}" for name, reading in sets.get("readings", {}).items()]
    parts += [f"{name} is {number(value)}" for name, value in sets.get("parameters", {}).items()]
    return "; ".join(parts) or "nothing"


def _merged(record: Mapping[str, Any], width: int) -> Iterator[str]:
    copies = [
        f"{also['claim']} with {witness['claim']} ({also['reason']} {also['shared']})"
        for answer in record["answers"]
        for witness in answer["witnesses"]
        for also in witness["also"]
    ]
    if copies:
        yield from fold(f"One source: {'; '.join(copies)}.", width)


def contradiction_lines(
    pairs: Sequence[Pair], tense: Sequence[Pair], differing: Sequence[Pair], width: int
) -> Iterator[str]:
    """Yield the pairs that cannot both hold, those that need a person, and those that only seem to clash, with why."""
    free = [pair for pair in pairs if not pair.dispute]
    tables = (
        (free, "Cannot both hold, and in no dispute yet"),
        ([pair for pair in pairs if pair.dispute], "Cannot both hold, and already in a dispute"),
        (tense, "Can both hold, but one rests on what the other denies: a person has to look"),
        (differing, "Only seem to clash"),
    )
    for some, title in tables:
        if not some:
            continue
        yield from fold(f"{title} ({len(some)})", width)
        rows = []
        for pair in some:
            why = pair.why + ("" if pair.certain or pair.relation == "tension" else " (possibly)")
            if pair.same_witness:  # the host of an address is enough in a table
                why += "; one source: " + ADDRESS.sub(r"\1", pair.same_witness)
            near = f"none yet; near: {', '.join(pair.near)}" if pair.near else "none yet"
            rows.append((f"{pair.first}\n{pair.second}", pair.reason, why, pair.dispute or near))
        yield from table(("claims", "reason", "why", "dispute"), rows, width)
        yield ""
    look = f"; {count(len(tense), 'pair')} for a person to look at" if tense else ""
    yield from fold(
        f"{count(len(pairs), 'pair')} that cannot both hold: {len(pairs) - len(free)} already in a dispute, "
        f"{len(free)} in none yet{look}.",
        width,
    )
    yield from fold("Prose is not compared: a person may see contradictions that this list does not.", width)


def corroboration_lines(backings: Sequence[Backing], width: int, *, every: bool = False) -> Iterator[str]:
    """Yield what several independent sources say, with who they are; with ``every``, also what one voice repeats."""
    shown = [b for b in backings if every or b.independent > 1]
    rows = []
    for backing in shown:
        heads = [f"{source.origin or 'nobody named'} ({source.claim})" for source in backing.sources]
        text = [f"{backing.says}", "; ".join(heads)]
        again = [f"{claim}: {link}" for source in backing.sources for claim, link in source.also]
        if again:
            text.append("adds nothing: " + ADDRESS.sub(r"\1", "; ".join(again)))
        if backing.answers:
            text.append("behind " + listing(f"{dispute} = {answer}" for dispute, answer in backing.answers))
        rows += [(f"{backing.independent}{'' if backing.exact else '+'}", "\n".join(text)), ("", "")]
    if rows:
        yield from table((Number("n"), "what they say, and who"), rows[:-1], width)
        yield ""
    single = sum(b.independent == 1 for b in backings)
    yield from fold(
        f"{count(len(backings) - single, 'statement')} with two or more independent sources; "
        f"{count(single, 'other')} that one voice repeats. n counts independent sources.",
        width,
    )
    yield from fold("Rival answers of a dispute never back each other; what was corrected backs nothing.", width)


def source_lines(records: Iterable[Mapping[str, Any]], width: int) -> Iterator[str]:
    """Yield the table of sources, those that carry most first, and how many are unnamed or graded."""
    records = sorted(records, key=lambda r: (-r["origin_of"] - r["relays"], r["id"]))
    rows = []
    for r in records:
        grade = f" ({r['reliability']}, by {r['graded_by']})" if r["graded_by"] else ""
        by = ", ".join(r["relayed_by"]) if len(r["relayed_by"]) < 4 else f"{len(r['relayed_by'])} sources"
        rows.append((r["id"] + grade, r["kind"], r["of"] or "-", str(r["relays"]), str(r["origin_of"]), by or "-"))
    heads = ("source", "kind", "of", Number("relays"), Number("origin"), "relayed by")
    yield from table(heads, rows, width)
    yield ""
    yield from fold("relays: claims it passes on; origin: claims that begin with it; of: its owner.", width)
    unnamed = sum(r["kind"] == "anonymous" for r in records)
    graded = sum(r["graded_by"] is not None for r in records)
    yield from fold(
        f"{count(len(records), 'source')}, {unnamed} of them unnamed; {graded} graded by a person, the others F6: "
        "reliability cannot be judged. No program sets a grade.",
        width,
    )


def coverage_lines(rows: Sequence[CodedRow], width: int, *, every: bool = False) -> Iterator[str]:
    """Yield counts by section of the coding sheet, then the rows that are not covered, or ``every`` one."""
    sections: dict[str, list[str]] = {}
    for row in rows:
        sections.setdefault(row.section, []).append(row.state)
    counts = [
        (section, str(len(states)), *(str(states.count(s)) for s in STATES)) for section, states in sections.items()
    ]
    yield from table(("section", Number("rows"), *map(Number, STATES)), counts, width)
    yield ""
    listed = [row for row in rows if every or row.state != "covered"]
    if listed:
        cells = [(row.id, row.title, ", ".join(row.covered_by) or row.left_out or "missing") for row in listed]
        yield from table(("row", "what", "covered by, or why left out"), cells, width)
        yield ""
    covered, left, missing = (sum(row.state == s for row in rows) for s in STATES)
    yield from fold(
        f"{count(len(rows), 'row')}: {covered} covered, {left} left out with a reason, {missing} missing.", width
    )
