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
from standoff.evidence.claim_places import place_id
from standoff.evidence.contradictions import (
    Comparison,
    compare_claims,
    confirms,
    disputed_pairs,
    negative,
    published,
    realis_class,
)
from standoff.evidence.corrections import corrections
from standoff.evidence.independence import Link, linker, origin
from standoff.evidence.quantities import comparable, worded
from standoff.evidence.tensions import tension
from standoff.evidence.what_is_counted import group_words, includes, subject_of
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
    whole = replace(case, claims={**others, claim.id: claim})
    linked, disputed, struck = linker(whole), disputed_pairs(case), corrections(whole)
    meetings = [
        replace(meeting, dispute=disputed.get(frozenset((claim.id, other.id)), ""))
        for other in others.values()
        if claim.id in other.supersedes or other.id in claim.supersedes or not {claim.id, other.id} & struck.keys()
        for meeting in _meetings(whole, claim, other, linked, disputed)
    ]
    meetings += _second_hand(whole, claim, {m.claim for m in meetings})
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
    elif why := tension(case, claim, other) or _perhaps_one(case, claim, other, compared):
        yield Meeting(MeetingKind.TENSION, other.id, _sentence(why))


def _second_hand(case: Case, claim: Claim, met: set[str]) -> Iterator[Meeting]:
    """Yield denials, by name, of a claim that says the same as this one."""
    denials: dict[str, list[Claim]] = {}
    for denial in case.claims.values():
        for name in denial.denies:
            if name in case.claims and name != claim.id and denial.id not in {claim.id, *met}:
                denials.setdefault(name, []).append(denial)
    struck = corrections(case)
    for name in sorted(denials):
        if name not in struck and confirms(case, claim, case.claims[name]):
            for denial in denials[name]:
                if denial.id not in met and denial.id not in struck:
                    met.add(denial.id)
                    why = f"{denial.id} denies {name}, which says the same"
                    yield Meeting(MeetingKind.TENSION, denial.id, _sentence(why))


def _perhaps_one(case: Case, claim: Claim, other: Claim, compared: Comparison) -> str:
    """Say what keeps two numbers from being compared, where a person may know that they are about one thing."""
    x, y = claim.says, other.says
    if not isinstance(x, QuantitySaid) or not isinstance(y, QuantitySaid):
        return ""
    if negative(claim) or negative(other) or realis_class(claim) != realis_class(other):
        return ""
    places = place_id(case, x.of), place_id(case, y.of)
    times = x.window or x.as_of, y.window or y.as_of
    same_place = places[0] == places[1] and bool(places[0])
    same_time = times[0] is not None and times[1] is not None and times[0].text == times[1].text
    if not same_place and not same_time:
        return ""
    one, two = subject_of(case, x), subject_of(case, y)
    if one.base != two.base or not comparable(x, y):
        return ""
    same = one.group == two.group
    if not (same or includes(case, one.group, two.group) or includes(case, two.group, one.group)):
        return ""
    why = ""
    if same_place and same_time:
        why = "" if same else compared.why or "one may be part of the other"
    elif same_place and None in times:
        why = "one gives no day, so that they may be one figure"
    elif same_time and "" in places:
        why = "one names no place, so that they may be one figure"
    return why and f"{worded(x)} {group_words(case, x)} and {worded(y)} {group_words(case, y)}: {why}"


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
