"""The evidence page as data: claims chosen by actor, place, measure and date; a document with its claims in place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from standoff.case.claims import (
    AssessmentSaid,
    Claim,
    CommitmentSaid,
    EventSaid,
    OfferSaid,
    PositionSaid,
    QuantitySaid,
    RelationSaid,
)
from standoff.case.model import Case
from standoff.evidence.anchors import Match, bounds, find_anchor, normal
from standoff.evidence.backing import backings
from standoff.evidence.claim_places import claim_place, find_place, lies_in, place_label
from standoff.evidence.contradictions import Pair, contradictions
from standoff.evidence.library import excerpts
from standoff.evidence.listing import backing_entry
from standoff.evidence.reconcile import MeetingKind, meet
from standoff.evidence.tensions import tensions
from standoff.oneline import OneLine
from standoff.text.sentences import when
from standoff.values import When
from standoff.views.records import claim_record


@dataclass(frozen=True, slots=True, repr=False)
class ClaimFilter(OneLine):
    """Which claims to show; an empty field chooses all. ``since`` and ``until`` are days the claim may speak of."""

    document: str = ""
    actor: str = ""
    place: str = ""
    measure: str = ""
    source: str = ""
    realis: str = ""
    since: date | None = None
    until: date | None = None


def actors_of(case: Case, claim: Claim) -> set[str]:
    """Return the actors a claim speaks of."""
    says = claim.says
    if isinstance(says, EventSaid):
        return {*says.actor, *says.target}
    if isinstance(says, RelationSaid):
        return {*says.from_, *says.to}
    if isinstance(says, PositionSaid | AssessmentSaid):
        return set(says.actor)
    if isinstance(says, OfferSaid):
        return {*says.from_, *says.to, *says.answered_by}
    if isinstance(says, CommitmentSaid) and says.commitment in case.commitments:
        commitment = case.commitments[says.commitment]
        return {*commitment.debtor, *commitment.creditor}
    return set()


def time_of(case: Case, claim: Claim) -> When | None:
    """Return when the thing a claim speaks of was; else when it was written."""
    says = claim.says
    moment: When | None = None
    if isinstance(says, EventSaid | RelationSaid | OfferSaid):
        moment = says.date
    elif isinstance(says, QuantitySaid):
        moment = says.as_of or says.window
    document = case.documents.get(claim.document)
    return moment or claim.published or (document.published if document else None)


def matching_claims(case: Case, choice: ClaimFilter) -> list[Claim]:
    """Return the claims that fit, in the order of the case."""
    claims = []
    place = find_place(case, choice.place, file="place") if choice.place else ""
    for claim in case.claims.values():
        if choice.document and claim.document != choice.document:
            continue
        if choice.actor and choice.actor not in actors_of(case, claim):
            continue
        if place and not lies_in(case, claim_place(case, claim), place):
            continue
        if choice.measure and getattr(claim.says, "measure", "") != choice.measure:
            continue
        if choice.source and choice.source not in claim.chain:
            continue
        if choice.realis and claim.realis != choice.realis:
            continue
        if choice.since or choice.until:
            moment = time_of(case, claim)
            if moment is None or not moment.possibly_within(choice.since, choice.until):
                continue
        claims.append(claim)
    return claims


def options(case: Case) -> dict[str, list[tuple[str, str]]]:
    """Return what the filters offer: only what some claim speaks of."""
    actors: set[str] = set()
    places: set[str] = set()
    measures: set[str] = set()
    for claim in case.claims.values():
        actors |= actors_of(case, claim)
        places |= {claim_place(case, claim)} - {""}
        measures.add(str(getattr(claim.says, "measure", "")))
    sources = {source for claim in case.claims.values() for source in claim.chain}
    return {
        "document": [(d.id, d.title) for d in case.documents.values()],
        "actor": [(a.id, a.name) for a in case.actors.values() if a.id in actors],
        "place": _place_options(case, places),
        "measure": [(m, m) for m in sorted(measures - {""})],
        "source": [(s.id, s.name) for s in case.sources.values() if s.id in sources],
        "realis": [(r, r) for r in sorted({c.realis for c in case.claims.values()})],
    }


def _place_options(case: Case, places: set[str]) -> list[tuple[str, str]]:
    """Return the areas that hold a place some claim speaks of, the places, and names that the case does not know."""
    areas = {p.sector for p in case.places.values()} | {zone.id for zone in case.zones}
    held = {a for a in areas - {""} if a in places or any(lies_in(case, p, a) for p in places)}
    rows = [(a, f"{place_label(case, a)} (area)") for a in held]
    rows += [(p, place_label(case, p)) for p in places - held if p in case.places]
    named = [(p, f"{p} (a name only)") for p in places - held if p not in case.places]
    return [*sorted(rows, key=lambda row: row[1].casefold()), *sorted(named, key=lambda row: row[1].casefold())]


def claim_on_page(case: Case, claim: Claim) -> dict[str, Any]:
    """Return a claim with what the page filters and links by."""
    record = claim_record(case, claim)
    moment = time_of(case, claim)
    disputes = [d.id for d in case.disputes.values() if any(claim.id in a.claims for a in d.answers)]
    record["time"] = str(moment) if moment else ""
    record["when"] = when(moment)
    record["actors"] = sorted(actors_of(case, claim))
    record["places"] = [place] if (place := claim_place(case, claim)) else []
    record["disputes"] = disputes
    return record


_MEETING_WORDS = {
    MeetingKind.CONTRADICTS: "contradicts",
    MeetingKind.SUPERSEDES: "corrects, or is corrected by",
    MeetingKind.TENSION: "a person has to look",
    MeetingKind.CORROBORATES: "an independent source says the same",
    MeetingKind.SAME: "the same source again",
    MeetingKind.NEW: "nothing yet",
}


def claim_card(case: Case, claim: Claim) -> dict[str, Any]:
    """Return one claim with the sentences it comes from, and what it meets among the other claims of the case.

    The sentences are those of the reader's copy: a list of ``before``, ``words``, ``after``; empty without a copy.
    """
    sentences = []
    for excerpt in excerpts(case, claim):
        if excerpt.sentence:
            at = excerpt.start - excerpt.sentence_at
            cut = at, at + len(excerpt.words)
            sentences.append(
                {
                    "paragraph": excerpt.paragraph,
                    "before": excerpt.sentence[: cut[0]],
                    "words": excerpt.sentence[cut[0] : cut[1]],
                    "after": excerpt.sentence[cut[1] :],
                }
            )
    meetings = [
        {
            "kind": str(m.kind),
            "words": _MEETING_WORDS[m.kind],
            "claim": m.claim,
            "text": case.claims[m.claim].text if m.claim in case.claims else "",
            "reason": m.reason,
            "dispute": m.dispute,
        }
        for m in meet(case, claim)
    ]
    return {**claim_on_page(case, claim), "sentences": sentences, "meetings": meetings}


def comparison_rows(case: Case) -> dict[str, Any]:
    """Return what the page lists of the whole case: contradictions, pairs for a person, and what several say."""

    def rows(pairs: Iterable[Pair]) -> list[dict[str, Any]]:
        return [
            {**asdict(p), "texts": [case.claims[p.first].text, case.claims[p.second].text], "near": list(p.near)}
            for p in pairs
        ]

    return {
        "contradictions": rows(sorted(contradictions(case), key=lambda p: bool(p.dispute))),
        "tensions": rows(tensions(case)),
        "corroboration": [backing_entry(b) for b in backings(case) if b.independent > 1],
    }


@dataclass(frozen=True, slots=True, repr=False)
class Piece(OneLine):
    """A stretch of a paragraph and the claims that stand on it."""

    text: str
    claims: tuple[str, ...]


def marked(text: str, claims: Iterable[Claim]) -> tuple[list[list[Piece]], list[str]]:
    """Return a text the user owns as paragraphs of pieces with the claims that stand on each, and the claims not found.

    One line is one paragraph, as anchors count them; an empty line is an empty paragraph.
    """
    text = normal(text)
    places: list[tuple[int, int, str]] = []
    lost = []
    for claim in claims:
        spots = [find_anchor(text, anchor) for anchor in claim.at]
        places += [(f.start, f.end, claim.id) for f in spots if isinstance(f, Match)]
        if not any(isinstance(f, Match) for f in spots):
            lost.append(claim.id)
    paragraphs = []
    for number in range(1, text.count("\n") + 2):
        first, last = bounds(text, number)
        inside = [p for p in places if p[0] < last and p[1] > first]
        cuts = sorted({first, last, *(max(first, p[0]) for p in inside), *(min(last, p[1]) for p in inside)})
        pieces = []
        for start, end in pairwise(cuts):
            on = tuple(dict.fromkeys(c for a, b, c in inside if a < end and b > start))
            pieces.append(Piece(text[start:end], on))
        paragraphs.append(pieces)
    return paragraphs, lost
