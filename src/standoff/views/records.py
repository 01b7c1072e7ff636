"""The records behind the numbers as plain dicts: claims, disputes, commitments, parameters, sources and documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from standoff.case.as_dict import as_dict, grade_mark, pick, places_of_claim
from standoff.case.claims import Claim
from standoff.case.model import Case, Parameter, party_name
from standoff.case.strategy import Stake
from standoff.case.terms import Commitment
from standoff.evidence.contradictions import published
from standoff.evidence.corrections import corrections, in_place_of, uncorrected
from standoff.evidence.independence import corroboration
from standoff.evidence.listing import day_spoken_of
from standoff.text.sentences import count, days_in_words, listing, number, when
from standoff.values import When
from standoff.views.accounts import title
from standoff.world.parameters import model_defaults

_REALIS = {
    "asserted": "said to be so",
    "denied": "denied",
    "threatened": "a threat",
    "promised": "a promise",
    "demanded": "a demand",
    "requested": "a request",
    "offered": "an offer",
    "refused": "a refusal",
    "predicted": "a prediction",
    "alleged": "an allegation",
    "conditional": "said under a condition",
}


_CLAIM = (
    "id", "text", "chain", "chain_ids", "realis", "realis_words", "voice", "grade", "graded_by", "document",
    "document_title", "published", "of_day", "days", "at", "citation", "link", "denies", "supersedes", "corrected_by",
    "note",
)  # fmt: skip
_COMMITMENT = (
    "id", "title", "kind", "adverse", "form", "debtor", "debtor_ids", "creditor", "creditor_ids", "agreement",
    "provision", "from", "deadline", "readings", "claims", "citation", "link", "assumed", "observable", "duty",
)  # fmt: skip
_DOCUMENT = (
    "id", "title", "author", "outlet", "published", "language", "url", "link", "claims", "stance", "note",
)  # fmt: skip


def web(address: str) -> str:
    """Return an address that may become a link: http or https with a host; anything else is an empty string."""
    text = address.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc and " " not in text else ""


def source_name(case: Case, source: str) -> str:
    """Return the name of a source of the case."""
    entry = case.sources.get(source)
    return entry.name if entry else source


def through(chain: Sequence[str]) -> str:
    """Return a chain of names, outermost first, from its origin on: ``C, through B and A``."""
    *relays, origin = chain or ("nobody named",)
    return f"{origin}, through {listing(relays[::-1])}" if relays else origin


def claim_record(case: Case, claim: Claim) -> dict[str, Any]:
    """Return one claim as a person reads it: who says it through whom, where, and in which voice."""
    document = case.documents.get(claim.document)
    words = {
        "chain": [source_name(case, s) for s in claim.chain],
        "chain_ids": list(claim.chain),
        "realis_words": _REALIS.get(claim.realis, claim.realis),
        "grade": grade_mark(claim),
        "graded_by": claim.grade.by,
        "document_title": document.title if document else "",
        "published": when(published(case, claim)),
        "of_day": when(day_spoken_of(claim)),
        "days": days_in_words(published(case, claim), day_spoken_of(claim)),
        "corrected_by": list(corrections(case).get(claim.id, ())),
        "at": places_of_claim(claim),
        "link": web(claim.citation.split()[-1]) if claim.citation else "",
    }
    return pick(as_dict(claim) | words, _CLAIM)


def claim_records(case: Case, ids: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Return claims in the order of the case; all of them unless ``ids`` are given."""
    chosen = case.claims.values() if ids is None else [case.claims[i] for i in ids if i in case.claims]
    return [claim_record(case, claim) for claim in chosen]


def dispute_records(case: Case) -> list[dict[str, Any]]:
    """Return the disputes with their answers, the claims behind each, and which account gives which answer."""
    accounts_by_answer: dict[tuple[str, str], list[str]] = {}
    for account in case.accounts.values():
        for dispute, answer in account.answers.items():
            accounts_by_answer.setdefault((dispute, answer), []).append(title(case, account.id))
    return [
        {
            **pick(as_dict(d), ("id", "question", "kind", "moves", "unmodelled", "note")),
            "moves": d.moves.rstrip("."),
            "unmodelled": d.unmodelled.rstrip("."),
            "answers": [
                {
                    **pick(as_dict(a), ("id", "text", "claims", "assumed")),
                    "claims": [c for c in a.claims if c in case.claims],
                    "told_by": accounts_by_answer.get((d.id, a.id), []),
                    "witnesses": witnesses(case, a.claims),
                    "corrected": {c: list(in_place_of(case, c)) for c in a.claims if c in corrections(case)},
                }
                for a in d.answers
            ],
        }
        for d in case.disputes.values()
    ]


def witnesses(case: Case, claims: Iterable[str]) -> str:
    """Return the number of independent sources in words; what another claim corrects does not count."""
    claims = tuple(claims)
    sources = corroboration(case, uncorrected(case, claims))
    if sources.count == 0:
        return "no claim that stands" if claims else "no claim"
    return ("" if sources.exact else "at least ") + count(sources.count, "independent source")


def actor_names(case: Case, actors: Iterable[str]) -> list[str]:
    """Return the names of actors."""
    return [party_name(a, case.actors) for a in actors]


def date_words(value: object) -> str:
    """Return a date of a commitment in words; what is not a date, such as a reference to a provision, as it stands."""
    return when(value) if isinstance(value, When) else str(value)


def term_words(c: Commitment) -> str:
    """Return from when, by when, within what and until when a commitment holds, in words."""
    parts = (("from", c.from_), ("due by", c.by), ("within", c.within), ("until", c.until))
    return ", ".join(f"{word} {date_words(value)}" for word, value in parts if value)


def commitment_records(case: Case) -> list[dict[str, Any]]:
    """Return the commitments with their parties, terms in short, and what they rest on."""
    cards = []
    for c in case.commitments.values():
        agreement = case.agreements.get(c.agreement)
        words = {
            "adverse": c.adverse,
            "debtor": actor_names(case, c.debtor),
            "debtor_ids": list(c.debtor),
            "creditor": actor_names(case, c.creditor),
            "creditor_ids": list(c.creditor),
            "agreement": agreement.title if agreement else "",
            "from": when(c.from_),
            "deadline": date_words(c.by) if c.by else f"within {c.within}" if c.within else "",
            "readings": [{"id": r.id, "title": r.title, "held_by": actor_names(case, r.held_by)} for r in c.readings],
            "claims": [i for i in c.claims if i in case.claims],
            "link": web(c.citation.split()[-1]) if c.citation else "",
        }
        cards.append(pick(as_dict(c) | words, _COMMITMENT))
    return cards


def parameter_record(p: Parameter) -> dict[str, Any]:
    """Return one parameter with its range and where it comes from."""
    words = {
        "value": number(p.value, 3),
        "low": number(p.range[0], 3),
        "high": number(p.range[1], 3),
        "link": web(p.citation.split()[-1]) if p.citation else "",
    }
    return pick(
        as_dict(p) | words, ("id", "title", "value", "low", "high", "unit", "claims", "citation", "link", "assumed")
    )


def parameter_records(case: Case) -> list[dict[str, Any]]:
    """Return every parameter of the case."""
    return [parameter_record(p) for p in case.parameters.values()]


def unknowns(case: Case) -> dict[str, Any]:
    """Return what the case does not know: what is assumed and why, disputes left out of the model, weak positions."""
    assumed: list[dict[str, str]] = []
    for p in case.parameters.values():
        if p.assumed:
            text = f"{p.title}: {number(p.value, 3)} {p.unit}".strip()
            assumed.append(
                {"what": text, "range": f"{number(p.range[0], 3)} to {number(p.range[1], 3)}", "why": p.assumed}
            )

    def named(r: Any) -> str:
        return case.actors[r.actor].name if r.actor in case.actors else str(r.actor)

    def issue(r: Stake) -> str:
        return case.issues[r.issue].title if r.issue in case.issues else r.issue

    kinds: Mapping[str, tuple[Mapping[str, Any], Callable[[Any], str]]] = {
        "issue": (case.issues, lambda r: f"Issue, {r.title}: {number(r.start)} at the start"),
        "stake": (
            case.stakes,
            lambda r: f"Stake, {named(r)} in {issue(r)}: wants {number(r.position)}, weight {number(r.salience)}",
        ),
        "option": (case.options, lambda r: f"Option, {named(r)}: {r.title}"),
        "commitment": (case.commitments, lambda r: f"Commitment: {r.title}"),
    }
    counted = []
    for kind, (records, phrase) in kinds.items():
        rows = [r for r in records.values() if r.assumed]
        counted += [count(len(rows), kind)] if rows else []
        assumed += [{"what": phrase(r), "range": "", "why": r.assumed} for r in rows]
    actors = sorted({o.actor for o in case.options.values()})
    kept = model_defaults(case.parameters, actors, case.issues) if actors else ()
    return {
        "assumed": assumed,
        "parameters": sum(1 for p in case.parameters.values() if p.assumed),
        "left": [{"what": f"{_of(case, p.name)}: {number(p.value, 3)} {p.unit}".strip(), "why": p.why} for p in kept],
        "of_parameters": len(case.parameters),
        "counted": counted,
        "unmodelled": [
            {"id": d.id, "question": d.question, "why": d.unmodelled} for d in case.disputes.values() if d.unmodelled
        ],
        "weak_places": sum(1 for p in case.places.values() if p.accuracy_km >= 2),
        "places": len(case.places),
        "ungraded": sum(1 for s in case.sources.values() if s.reliability == "F"),
        "sources": len(case.sources),
    }


def _of(case: Case, name: str) -> str:
    """Return the name of a parameter with the actor or issue it is of."""
    member = name.partition(".")[2]
    whose = {**{i.id: i.title for i in case.issues.values()}, **{a.id: a.name for a in case.actors.values()}}
    return f"{name} ({whose[member]})" if member in whose else name


def source_records(case: Case) -> list[dict[str, Any]]:
    """Return the sources with how many claims pass through each."""
    passing: dict[str, int] = {}
    for claim in case.claims.values():
        for source in dict.fromkeys(claim.chain):
            passing[source] = passing.get(source, 0) + 1
    cards = []
    for s in case.sources.values():
        words = {
            "of": source_name(case, s.of) if s.of else "",
            "party": ", ".join(actor_names(case, [s.party])) if s.party else "",
            "claims": passing.get(s.id, 0),
        }
        cards.append(pick(as_dict(s) | words, ("id", "name", "kind", "of", "party", "reliability", "claims", "note")))
    return cards


def document_records(case: Case) -> list[dict[str, Any]]:
    """Return the bibliographic records; texts are not shipped."""
    coded: dict[str, int] = {}
    for claim in case.claims.values():
        coded[claim.document] = coded.get(claim.document, 0) + 1
    cards = []
    for d in case.documents.values():
        words = {
            "author": [source_name(case, a) for a in d.author],
            "outlet": source_name(case, d.outlet),
            "published": when(d.published),
            "link": web(d.url),
            "claims": coded.get(d.id, 0),
        }
        cards.append(pick(as_dict(d) | words, _DOCUMENT))
    return cards
