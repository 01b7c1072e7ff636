"""Claims, disputes and sources as plain dictionaries with stable field names, for ``--json``, tables and pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from standoff.case.as_dict import as_dict, payload, payload_kind, pick, places_of_claim
from standoff.case.claims import AssessmentSaid, Claim, Dispute, EventSaid, QuantitySaid, Sets
from standoff.case.model import Case, Kind, refuse_errors
from standoff.case.reports import incidents_of
from standoff.case.vocabulary import REALIS
from standoff.errors import StandoffError, nearest
from standoff.evidence.backing import Backing
from standoff.evidence.claim_places import claim_place, find_place, lies_in
from standoff.evidence.contradictions import published
from standoff.evidence.corrections import corrections, in_place_of, uncorrected
from standoff.evidence.independence import IndependentSource, corroboration, institutions, origin
from standoff.evidence.quantities import find_convention, switch, worded
from standoff.record_list import RecordList
from standoff.text.sentences import days_in_words
from standoff.values import When

# Kinds of records that list claims as their own, and kinds that --about takes by id.
_LISTING = (
    Kind.AGREEMENTS,
    Kind.COMMITMENTS,
    Kind.PARAMETERS,
    Kind.ISSUES,
    Kind.STAKES,
    Kind.OPTIONS,
    Kind.ACTORS,
    Kind.EVENTS,
    Kind.THREADS,
    Kind.SIGNALS,
)
_NAMED = (
    Kind.CLAIMS,
    Kind.ACTORS,
    Kind.PLACES,
    Kind.DISPUTES,
    Kind.COMMITMENTS,
    Kind.EVENTS,
    Kind.AGREEMENTS,
    Kind.DOCUMENTS,
    Kind.PARAMETERS,
    Kind.ISSUES,
    Kind.STAKES,
    Kind.OPTIONS,
)


def answers_of(case: Case) -> dict[str, list[tuple[str, str]]]:
    """Return, for each claim, the (dispute, answer) pairs it stands behind."""
    answers: dict[str, list[tuple[str, str]]] = {}
    for dispute in case.disputes.values():
        for answer in dispute.answers:
            for claim in answer.claims:
                answers.setdefault(claim, []).append((dispute.id, answer.id))
    return answers


_SOURCE = (
    "id", "name", "kind", "of", "party", "reliability", "graded_by", "tells", "relays", "origin_of", "relayed_by",
    "documents", "republishes",
)  # fmt: skip
_CLAIM = (
    "id", "text", "document", "citation", "published", "spoken_of", "days", "at", "chain", "origin", "voice", "realis",
    "says", "denies", "supersedes", "corrected_by", "grade", "disputes", "row",
)  # fmt: skip


def day_spoken_of(claim: Claim) -> When | None:
    """Return the day or days that a claim speaks of, or None where it names none; not the day on which it was said."""
    says = claim.says
    if isinstance(says, QuantitySaid):
        return says.as_of or says.window
    return getattr(says, "by", None) if isinstance(says, AssessmentSaid) else getattr(says, "date", None)


def claim_entry(case: Case, claim: Claim, answers: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    """Return one claim for ``standoff claims --json``; ``answers`` is ``answers_of(case)``."""
    record, out = as_dict(claim), published(case, claim)
    evidence = {
        "document": claim.document or None,
        "citation": claim.citation or None,
        "published": str(out) if out else None,
        "spoken_of": str(about) if (about := day_spoken_of(claim)) else None,
        "days": days_in_words(out, about),
        "corrected_by": list(corrections(case).get(claim.id, ())),
        "at": places_of_claim(claim),
        "origin": origin(case, claim),
        "says": payload(claim),
        "grade": {**record["grade"], "by": claim.grade.by or None},
        "disputes": [{"dispute": d, "answer": a} for d, a in answers.get(claim.id, [])],
    }
    return pick(record | evidence, _CLAIM)


def _named(case: Case, claim: Claim) -> Iterator[str]:
    """Every id or name a claim's payload mentions."""
    for field in fields(claim.says):
        value = getattr(claim.says, field.name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, str) and item:
                yield item
    if isinstance(claim.says, EventSaid) and claim.says.recorded in case.events:
        yield incidents_of(case)[claim.says.recorded]


def _listed(case: Case, about: str) -> set[str]:
    """Claims that a record of this id lists as its own."""
    claims: set[str] = set()
    for kind in _LISTING:
        record = case.records(kind).get(about)
        claims |= set(record.claims) if record else set()
    if about in case.commitments:
        claims |= {claim for reading in case.commitments[about].readings for claim in reading.claims}
    if about in case.disputes:
        claims |= {claim for answer in case.disputes[about].answers for claim in answer.claims}
    return claims


def _names(case: Case) -> dict[str, str]:
    """Every name ``--about`` takes, in lower case -> the id it stands for."""
    names: dict[str, str] = {}
    for kind in _NAMED:
        names |= {key.lower(): key for key in case.records(kind)}
    for claim in case.claims.values():
        if isinstance(claim.says, QuantitySaid):
            names.setdefault(claim.says.quantity.lower(), claim.says.quantity)
    for place in case.places.values():
        names.setdefault(place.name.lower(), place.id)
    for incident in incidents_of(case).values():
        names.setdefault(incident.lower(), incident)
    return names


def _about(case: Case, about: str) -> set[str]:
    names = _names(case)
    if about.lower() not in names:
        expected = "the id of a claim, actor, place, dispute, commitment, event, document or quantity"
        hint = nearest(about.lower(), names)
        raise StandoffError.of(f"nothing in the case is called {about!r}", file="--about", expected=expected, hint=hint)
    name = names[about.lower()]
    itself = {name, case.places[name].name} if name in case.places else {name}
    claims = _listed(case, name)
    for claim in case.claims.values():
        related = {claim.id, claim.document, *claim.denies, *claim.supersedes}
        if itself & related or itself & set(_named(case, claim)):
            claims.add(claim.id)
    if name in case.claims:
        claims |= {*case.claims[name].denies, *case.claims[name].supersedes}
    return claims


def tellers(case: Case, claim: Claim) -> frozenset[str]:
    """Return every source a claim goes through, with the authors and outlet of its document and what they belong to."""
    document = case.documents.get(claim.document)
    names = {*claim.chain, *(document.author if document else ()), document.outlet if document else ""} - {""}
    return frozenset(names | {owner for name in names for owner in institutions(case, name)})


def select_claims(
    case: Case,
    *,
    about: str | None = None,
    source: str | None = None,
    realis: str | None = None,
    vague: str | None = None,
    place: str | None = None,
) -> RecordList[Claim]:
    """Return the claims that pass every filter, in file order.

    Parameters
    ----------
    case : Case
        A case without errors.
    about : str, optional
        The id of anything in the case, or the name of a place.
    source : str, optional
        One of the sources that a claim goes through.
    realis : str, optional
        How a claim puts it: ``asserted``, ``denied`` and so on.
    vague : str, optional
        Another convention to read number words such as "dozens" by.
    place : str, optional
        A place or an area, by id or name; it takes in the places inside it.

    Returns
    -------
    RecordList of Claim
        ``.where(source="turkey")`` chooses among them, ``.frame()`` is a data frame.

    Raises
    ------
    StandoffError
        For an unknown name, with the nearest valid one.

    Examples
    --------
    >>> import standoff as so
    >>> so.claims(so.load("idlib"), about="sochi-5")
    <15 of Claim>
    """
    refuse_errors(case)
    if source is not None and source not in case.sources:
        hint = nearest(source, case.sources)
        raise StandoffError.of(
            f"there is no source {source!r}", file="--source", expected="the id of a source", hint=hint
        )
    if realis is not None and realis not in REALIS:
        hint = nearest(realis, REALIS)
        raise StandoffError.of(f"realis is {realis!r}", file="--realis", expected=", ".join(REALIS), hint=hint)
    if vague is not None:
        find_convention(vague)
    among = None if about is None else _about(case, about)
    area = None if place is None else find_place(case, place)
    chosen = []
    for claim in case.claims.values():
        if among is not None and claim.id not in among:
            continue
        if source is not None and source not in tellers(case, claim):
            continue
        if realis is not None and claim.realis != realis:
            continue
        if area is not None and not lies_in(case, claim_place(case, claim), area):
            continue
        if vague is not None and isinstance(claim.says, QuantitySaid):
            claim = replace(claim, says=switch(claim.says, vague))
        chosen.append(claim)
    return RecordList(chosen)


def sources_entry(sources: Iterable[IndependentSource]) -> list[dict[str, Any]]:
    """Return independent sources for ``--json``: the claim of each, its origin, and what adds nothing to it."""
    return [
        {
            "claim": source.claim,
            "origin": source.origin,
            "also": [{"claim": claim, "reason": link.reason, "shared": link.shared} for claim, link in source.also],
        }
        for source in sources
    ]


def backing_entry(backing: Backing) -> dict[str, Any]:
    """Return what several claims say for ``standoff corroboration --json``."""
    return {
        "says": backing.says,
        "kind": backing.kind,
        "claims": list(backing.claims),
        "independent": backing.independent,
        "exact": backing.exact,
        "witnesses": sources_entry(backing.sources),
        "answers": [{"dispute": dispute, "answer": answer} for dispute, answer in backing.answers],
    }


def dispute_entry(case: Case, dispute: Dispute) -> dict[str, Any]:
    """Return one dispute for ``standoff disputes --json``, with the independent sources behind each answer."""
    answers = []
    for answer in dispute.answers:
        behind = corroboration(case, uncorrected(case, answer.claims))
        evidence = {
            "assumed": answer.assumed or None,
            "independent": behind.count,
            "exact": behind.exact,
            "witnesses": sources_entry(behind.sources),
            "corrected": [
                {"claim": name, "by": list(in_place_of(case, name))}
                for name in answer.claims
                if name in corrections(case)
            ],
            "accounts": [a.id for a in case.accounts.values() if a.answers.get(dispute.id) == answer.id],
            "sets": {name: value for name, value in as_dict(answer.sets).items() if value},
        }
        answers.append(pick(as_dict(answer) | evidence, ("id", "text", "claims", *evidence)))
    record = as_dict(dispute) | {
        "answers": answers,
        "moves": dispute.moves or None,
        "unmodelled": dispute.unmodelled or None,
    }
    return pick(record, ("id", "question", "kind", "answers", "moves", "unmodelled", "row"))


def source_entries(case: Case) -> list[dict[str, Any]]:
    """Return every source: what it belongs to and what rests on it.

    Parameters
    ----------
    case : Case
        A case without errors.

    Returns
    -------
    list of dict
        In the order of the case: ``id``, ``name``, ``kind``, ``of`` and ``party``, its reliability, and how many
        claims and disputes rest on it; the keys of ``standoff sources --json``.

    Examples
    --------
    >>> import standoff as so
    >>> so.sources(so.load("idlib"))[0]["kind"]
    'outlet'
    """
    refuse_errors(case)
    tells: Counter[str] = Counter()
    relays: Counter[str] = Counter()
    origins: Counter[str] = Counter()
    through: dict[str, set[str]] = {}
    for claim in case.claims.values():
        for position, name in enumerate(claim.chain):
            (origins if position == len(claim.chain) - 1 else relays)[name] += 1
            if position == 0:
                tells[name] += 1
            else:
                through.setdefault(name, set()).add(claim.chain[position - 1])
    entries = []
    for source in case.sources.values():
        evidence = {
            "of": source.of or None,
            "party": source.party or None,
            "graded_by": source.graded_by or None,
            "tells": tells[source.id],
            "relays": relays[source.id],
            "origin_of": origins[source.id],
            "relayed_by": sorted(through.get(source.id, ())),
            "documents": [d.id for d in case.documents.values() if source.id in (d.outlet, *d.author)],
            "republishes": [d.id for d in case.documents.values() if source.id in d.republished],
        }
        entries.append(pick(as_dict(source) | evidence, _SOURCE))
    return entries


def in_words(claim: Claim) -> str:
    """Say in a few words what a claim is about, after its text: the number with its bound, or the kind."""
    if not isinstance(claim.says, QuantitySaid):
        return payload_kind(claim)
    return f"{claim.says.measure}: {worded(claim.says)}"


def select_disputes(case: Case, about: str | None = None) -> RecordList[Dispute]:
    """Return the disputes that one thing is part of, in file order.

    Parameters
    ----------
    case : Case
        A case without errors.
    about : str, optional
        The id of a dispute, of one of its claims, or of what its answers set. Default: every dispute.

    Returns
    -------
    RecordList of Dispute

    Raises
    ------
    StandoffError
        When nothing in the case is called ``about``, with the nearest name.

    Examples
    --------
    >>> import standoff as so
    >>> so.disputes(so.load("idlib"), about="set-c04")
    <1 of Dispute>
    """
    refuse_errors(case)
    if about is None or about in case.disputes:
        return RecordList(d for d in case.disputes.values() if about in (None, d.id))
    claims = _about(case, about)
    return RecordList(
        dispute
        for dispute in case.disputes.values()
        if any(claims & set(answer.claims) or about in _set_by(answer.sets) for answer in dispute.answers)
    )


def _set_by(sets: Sets) -> set[str]:
    return {name for f in fields(sets) for name in getattr(sets, f.name)}
