"""The records behind the numbers as plain dicts: claims, disputes, commitments, parameters, sources and documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from standoff.case.claims import Claim
from standoff.case.model import Case, Parameter, shown
from standoff.case.strategy import Stake
from standoff.case.terms import Commitment
from standoff.evidence.independence import corroboration
from standoff.text.sentences import count, listing, number, when
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
    found = case.sources.get(source)
    return found.name if found else source


def through(chain: Sequence[str]) -> str:
    """Return a chain of names, outermost first, from its origin on: ``C, through B and A``."""
    *relays, origin = chain or ("nobody named",)
    return f"{origin}, through {listing(relays[::-1])}" if relays else origin


def claim_record(case: Case, claim: Claim) -> dict[str, Any]:
    """Return one claim as a person reads it: who says it through whom, where, and in which voice."""
    document = case.documents.get(claim.document)
    return {
        "id": claim.id,
        "text": claim.text,
        "chain": [source_name(case, s) for s in claim.chain],
        "chain_ids": list(claim.chain),
        "realis": claim.realis,
        "realis_words": _REALIS.get(claim.realis, claim.realis),
        "voice": claim.voice,
        "grade": f"{claim.grade.reliability}{claim.grade.credibility}",
        "graded_by": claim.grade.by,
        "document": claim.document,
        "document_title": document.title if document else "",
        "published": when(document.published if document else claim.published),
        "at": [{"paragraph": a.paragraph, "anchor": a.anchor} for a in claim.at],
        "citation": claim.citation,
        "link": web(claim.citation.split()[-1]) if claim.citation else "",
        "denies": list(claim.denies),
        "supersedes": list(claim.supersedes),
        "note": claim.note,
    }


def claim_records(case: Case, ids: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Return claims in the order of the case; all of them unless ``ids`` are given."""
    chosen = case.claims.values() if ids is None else [case.claims[i] for i in ids if i in case.claims]
    return [claim_record(case, claim) for claim in chosen]


def dispute_records(case: Case) -> list[dict[str, Any]]:
    """Return the disputes with their answers, the claims behind each, and which account gives which answer."""
    told: dict[tuple[str, str], list[str]] = {}
    for account in case.accounts.values():
        for dispute, answer in account.answers.items():
            told.setdefault((dispute, answer), []).append(title(case, account.id))
    return [
        {
            "id": d.id,
            "question": d.question,
            "kind": d.kind,
            "moves": d.moves.rstrip("."),
            "unmodelled": d.unmodelled.rstrip("."),
            "note": d.note,
            "answers": [
                {
                    "id": a.id,
                    "text": a.text,
                    "claims": [c for c in a.claims if c in case.claims],
                    "assumed": a.assumed,
                    "told_by": told.get((d.id, a.id), []),
                    "witnesses": witnesses(case, a.claims),
                }
                for a in d.answers
            ],
        }
        for d in case.disputes.values()
    ]


def witnesses(case: Case, claims: Iterable[str]) -> str:
    """Return the number of independent sources in words: chains that share an author, outlet or origin are one."""
    found = corroboration(case, claims)
    if found.count == 0:
        return "no claim"
    return ("" if found.exact else "at least ") + count(found.count, "independent source")


def names(case: Case, actors: Iterable[str]) -> list[str]:
    """Return the names of actors."""
    return [shown(a, case.actors) for a in actors]


def said(value: object) -> str:
    """Return a date of a commitment in words; what is no date, such as a reference to a provision, as it stands."""
    return when(value) if isinstance(value, When) else str(value)


def terms(c: Commitment) -> str:
    """Return from when, by when, within what and until when a commitment holds, in words."""
    parts = (("from", c.from_), ("due by", c.by), ("within", c.within), ("until", c.until))
    return ", ".join(f"{word} {said(value)}" for word, value in parts if value)


def commitment_records(case: Case) -> list[dict[str, Any]]:
    """Return the commitments with their parties, terms in short, and what they rest on."""
    shown = []
    for c in case.commitments.values():
        agreement = case.agreements.get(c.agreement)
        deadline = said(c.by) if c.by else f"within {c.within}" if c.within else ""
        shown.append(
            {
                "id": c.id,
                "title": c.title,
                "kind": c.kind,
                "adverse": c.adverse,
                "form": c.form,
                "debtor": names(case, c.debtor),
                "debtor_ids": list(c.debtor),
                "creditor": names(case, c.creditor),
                "creditor_ids": list(c.creditor),
                "agreement": agreement.title if agreement else "",
                "provision": c.provision,
                "from": when(c.from_),
                "deadline": deadline,
                "readings": [{"id": r.id, "title": r.title, "held_by": names(case, r.held_by)} for r in c.readings],
                "claims": [i for i in c.claims if i in case.claims],
                "citation": c.citation,
                "link": web(c.citation.split()[-1]) if c.citation else "",
                "assumed": c.assumed,
                "observable": c.observable,
                "duty": c.duty,
            }
        )
    return shown


def parameter_record(p: Parameter) -> dict[str, Any]:
    """Return one parameter with its range and where it comes from."""
    return {
        "id": p.id,
        "title": p.title,
        "value": number(p.value, 3),
        "low": number(p.range[0], 3),
        "high": number(p.range[1], 3),
        "unit": p.unit,
        "claims": list(p.claims),
        "citation": p.citation,
        "link": web(p.citation.split()[-1]) if p.citation else "",
        "assumed": p.assumed,
    }


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
    for kind, (records, told) in kinds.items():
        found = [r for r in records.values() if r.assumed]
        counted += [count(len(found), kind)] if found else []
        assumed += [{"what": told(r), "range": "", "why": r.assumed} for r in found]
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
    return [
        {
            "id": s.id,
            "name": s.name,
            "kind": s.kind,
            "of": source_name(case, s.of) if s.of else "",
            "party": ", ".join(names(case, [s.party])) if s.party else "",
            "reliability": s.reliability,
            "claims": passing.get(s.id, 0),
            "note": s.note,
        }
        for s in case.sources.values()
    ]


def document_records(case: Case) -> list[dict[str, Any]]:
    """Return the bibliographic records; texts are not shipped."""
    held: dict[str, int] = {}
    for claim in case.claims.values():
        held[claim.document] = held.get(claim.document, 0) + 1
    return [
        {
            "id": d.id,
            "title": d.title,
            "author": [source_name(case, a) for a in d.author],
            "outlet": source_name(case, d.outlet),
            "published": when(d.published),
            "language": d.language,
            "url": d.url,
            "link": web(d.url),
            "claims": held.get(d.id, 0),
            "stance": d.stance,
            "note": d.note,
        }
        for d in case.documents.values()
    ]
