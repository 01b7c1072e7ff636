"""A claim meets what is there: the same, a second voice, a contradiction, a correction, a tension, or nothing yet.

The claim may be one of the case or one that is only proposed. Nothing here decides: each meeting says in a sentence why
it is one, and a person does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from standoff.case.claims import Claim, QuantitySaid
from standoff.case.model import Case
from standoff.evidence.contradictions import (
    compare_claims,
    confirms,
    disputed_pairs,
    published,
)
from standoff.evidence.independence import Link, linker, origin
from standoff.oneline import OneLine


class MeetingKind(StrEnum):
    """What a claim is to one that is there; in the order in which a person should look at them."""

    CONTRADICTS = "contradicts"
    SUPERSEDES = "supersedes"
    TENSION = "tension"
    CORROBORATES = "corroborates"
    SAME = "same"
    NEW = "new"


@dataclass(frozen=True, slots=True, repr=False)
class Meeting(OneLine):
    """What a claim is to another: the kind, the id of the claim met (empty when new), and the reason in one sentence.

    ``dispute`` names the dispute in which the two stand behind different answers, where both are of the case.
    """

    kind: MeetingKind
    claim: str
    reason: str
    dispute: str = ""


_ORDER = list(MeetingKind)


def meet(case: Case, claim: Claim) -> tuple[Meeting, ...]:
    """Return what a claim meets in a case: contradictions first, then corrections, tensions, second voices, the same.

    Parameters
    ----------
    case
        What is there.
    claim
        A claim of the case, or one that is only proposed; one of the case with the same id is passed over.

    Returns
    -------
    tuple of Meeting
        Never empty: a claim that meets nothing is ``new``. The order of the case's files makes no difference, and
        neither do claims about other things.
    """
    others = {name: other for name, other in case.claims.items() if name != claim.id}
    linked = linker(replace(case, claims={**others, claim.id: claim}))
    disputed = disputed_pairs(case)
    meetings = [
        replace(meeting, dispute=disputed.get(frozenset((claim.id, other.id)), ""))
        for other in others.values()
        for meeting in _meetings(case, claim, other, linked, disputed)
    ]
    if not meetings:
        return (Meeting(MeetingKind.NEW, "", "Nothing in the case is about the same thing, place and time."),)
    return tuple(sorted(meetings, key=lambda m: (_ORDER.index(m.kind), m.claim)))


def _meetings(
    case: Case,
    claim: Claim,
    other: Claim,
    linked: Callable[[str, str], Link | None],
    disputed: dict[frozenset[str], str],
) -> Iterator[Meeting]:
    compared = compare_claims(case, claim, other)
    if compared.reason == "supersedes":
        yield Meeting(MeetingKind.SUPERSEDES, other.id, _sentence(compared.why))
    elif compared.relation == "contradicts":
        if compared.reason == "value" and (later := _later(case, claim, other)):
            yield Meeting(MeetingKind.SUPERSEDES, other.id, _sentence(f"{compared.why}; {later}"))
        else:
            possibly = "" if compared.certain else "possibly, "
            yield Meeting(MeetingKind.CONTRADICTS, other.id, _sentence(possibly + compared.why))
    elif frozenset((claim.id, other.id)) not in disputed and (about := confirms(case, claim, other)):
        link = linked(claim.id, other.id)
        if link is None:
            yield Meeting(MeetingKind.CORROBORATES, other.id, _sentence(f"another source says the same: {about}"))
        else:
            yield Meeting(MeetingKind.SAME, other.id, _sentence(f"{about}; no second voice, {link}"))


def _later(case: Case, claim: Claim, other: Claim) -> str:
    """Say which claim of one source came later, or nothing: a source that gives a new number may correct itself."""
    if not isinstance(claim.says, QuantitySaid) or origin(case, claim) != origin(case, other):
        return ""
    one, two = published(case, claim), published(case, other)
    if one is None or two is None or one.start is None or two.start is None:
        return ""
    if two.end is not None and two.end < one.start:
        return f"{origin(case, claim)} says so later, on {one}, and may correct itself"
    if one.end is not None and one.end < two.start:
        return f"{origin(case, claim)} says otherwise later, on {two}, and may correct itself"
    return ""


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
