"""Tension: two claims that can both hold, of which one rests on what the other denies. A person has to look.

Only what is written in fields is compared: a toll rests on violence at its place and day; a word that a promise was
broken rests on an act that breaks it; a judgement of an event, on the event; a word on a promise, on the promise; and
what says the same as a claim rests on what is denied of that claim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator

from standoff.case.claims import AssessmentSaid, Claim, CommitmentSaid, EventSaid, QuantitySaid
from standoff.case.model import Case, refuse_errors
from standoff.case.vocabulary import lineage
from standoff.evidence.backing import likeness
from standoff.evidence.claim_places import place_id
from standoff.evidence.contradictions import (
    UNDATED_DAYS,
    Comparison,
    Pair,
    PairMaker,
    compare_claims,
    confirms,
    happening_of,
    negative,
    overlap,
    published,
    realis_class,
)
from standoff.evidence.corrections import corrections
from standoff.evidence.quantities import worded
from standoff.evidence.what_is_counted import subject_of

VIOLENCE = "assault"
_TOLLS = ("deaths", "wounded")


def tension(case: Case, a: Claim, b: Claim) -> str:
    """Return why a person must look at two claims that do not contradict each other, or an empty string.

    The order of the claims makes no difference.
    """
    for claim, denial in ((a, b), (b, a)):
        if negative(denial) and not negative(claim) and (why := _rests_on(case, claim, denial)):
            return why if compare_claims(case, a, b).relation != "contradicts" else ""
    return ""


def _rests_on(case: Case, claim: Claim, denial: Claim) -> str:
    says, denied = claim.says, denial.says
    match says, denied:
        case QuantitySaid(), EventSaid():
            return _toll(case, claim, says, denial, denied)
        case CommitmentSaid(), EventSaid():
            return _breach(case, claim, says, denial, denied)
        case AssessmentSaid(), EventSaid():
            name = happening_of(case, denied)
            if name and says.of and says.of in case.events and happening_of_event(case, says.of) == name:
                return f"{claim.id} judges {name}, which {denial.id} denies"
        case CommitmentSaid(), CommitmentSaid():
            if says.commitment == denied.commitment and says.standing and not denied.standing:
                return f"{claim.id} says how {says.commitment} stands, and {denial.id} denies that it was made"
        case EventSaid(), EventSaid():
            return _expected(case, claim, says, denial, denied)
    return ""


def happening_of_event(case: Case, event: str) -> str:
    """Return the happening that a recorded event tells a version of."""
    return happening_of(case, EventSaid(event=case.events[event].type, recorded=event))


def _toll(case: Case, claim: Claim, says: QuantitySaid, denial: Claim, denied: EventSaid) -> str:
    if realis_class(claim) != "fact" or subject_of(case, says).base not in _TOLLS:
        return ""
    when = says.window or says.as_of
    if when is None or when.start is None or when.start != when.end or denied.date is None:
        return ""
    if VIOLENCE not in lineage(denied.event) or place_id(case, says.of) != place_id(case, denied.at) or not says.of:
        return ""
    if not when.certainly_within(denied.date.start, denied.date.end):
        return ""
    who = f" by {', '.join(denied.actor)}" if denied.actor else ""
    return (
        f"{worded(says)} {says.counted or says.measure} at {says.of} on {when} rest on an attack there, "
        f"and {denial.id} denies {denied.event}{who}"
    )


def _breach(case: Case, claim: Claim, says: CommitmentSaid, denial: Claim, denied: EventSaid) -> str:
    commitment = case.commitments.get(says.commitment)
    if says.standing not in ("broken", "justified") or commitment is None or commitment.forbid is None:
        return ""
    types = commitment.forbid.type
    if not any(t in lineage(denied.event) or denied.event in lineage(t) for t in types):
        return ""
    by = says.by or commitment.debtor
    if not denied.actor or not overlap(case, denied.actor, by):
        return ""
    day = says.date or published(case, claim)
    if day is None or day.start is None or denied.date is None or denied.date.start is None:
        return ""
    apart = (day.start - denied.date.start).days
    if not 0 <= apart <= UNDATED_DAYS:
        return ""
    return (
        f"{claim.id} says that {says.commitment} was broken by {', '.join(by)}, "
        f"and {denial.id} denies {denied.event} by {', '.join(denied.actor)} on {denied.date}"
    )


def _expected(case: Case, claim: Claim, says: EventSaid, denial: Claim, denied: EventSaid) -> str:
    """Say so where one expects, or makes depend on something, what the other denies to plan."""
    if claim.realis not in ("predicted", "conditional") or denied.event not in lineage(says.event):
        return ""
    if not denied.actor or not says.actor or not overlap(case, says.actor, denied.actor):
        return ""
    places = place_id(case, says.at), place_id(case, denied.at)
    if all(places) and places[0] != places[1]:
        return ""
    out, day = published(case, denial), denied.date or says.date
    if day is not None and out is not None and day.end is not None and out.start is not None and day.end < out.start:
        return ""
    dates = says.date, denied.date
    if dates[0] is not None and dates[1] is not None and not dates[0].possibly_within(dates[1].start, dates[1].end):
        return ""
    return f"{says.event} by {', '.join(says.actor)} is {claim.realis}, and {denial.id} denies it"


def _second_hand(case: Case) -> Iterator[tuple[Claim, Claim, str]]:
    """Yield claims that say the same as one that is denied by name, with the denial and why."""
    denied = {name for claim in case.claims.values() for name in claim.denies if name in case.claims}
    if not denied:
        return
    denials = [(c, name) for c in case.claims.values() for name in c.denies if name in denied]
    at: dict[Hashable, list[Claim]] = {key: [] for name in denied for key in likeness(case, case.claims[name])}
    for claim in case.claims.values():
        for key in likeness(case, claim):
            if key in at:
                at[key].append(claim)
    like: dict[str, list[Claim]] = {}
    for name in denied:
        near = {c.id: c for key in likeness(case, case.claims[name]) for c in at[key]}
        like[name] = [c for c in near.values() if c.id != name and confirms(case, c, case.claims[name])]
    for denial, name in denials:
        for claim in like[name]:
            if claim.id != denial.id and compare_claims(case, claim, denial).relation != "contradicts":
                yield claim, denial, f"{claim.id} says the same as {name}, which {denial.id} denies"


def tensions(case: Case) -> tuple[Pair, ...]:
    """Return every pair of claims that a person must look at though both can hold, in the order of the case's files."""
    refuse_errors(case)
    order = {name: number for number, name in enumerate(case.claims)}
    struck, maker = corrections(case), PairMaker(case)
    pairs: dict[tuple[str, str], Pair] = {}
    by_pair = ((a, b, tension(case, a, b)) for a, b in _candidates(case))
    for source in (by_pair, _second_hand(case)):
        for one, other, why in source:
            a, b = (one, other) if order[one.id] < order[other.id] else (other, one)
            if not why or (a.id, b.id) in pairs or {a.id, b.id} & struck.keys():
                continue
            pairs[a.id, b.id] = maker.pair(a, b, Comparison("tension", "premise", why, False))
    return tuple(sorted(pairs.values(), key=lambda p: (order[p.first], order[p.second])))


def _candidates(case: Case) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of a denial and what may rest on it: tolls at its place, words on promises, judgements, expectations."""
    tolls: dict[str, list[Claim]] = defaultdict(list)
    words: list[Claim] = []
    judged: list[Claim] = []
    expected: dict[str, list[Claim]] = defaultdict(list)
    promised: dict[str, list[Claim]] = defaultdict(list)
    for claim in case.claims.values():
        match claim.says:
            case QuantitySaid() as x if x.of and subject_of(case, x).base in _TOLLS:
                tolls[place_id(case, x.of)].append(claim)
            case CommitmentSaid() as x if x.standing:
                words.append(claim)
                promised[x.commitment].append(claim)
            case AssessmentSaid() as x if x.of in case.events:
                judged.append(claim)
            case EventSaid() as x if claim.realis in ("predicted", "conditional"):
                for kind in lineage(x.event):
                    expected[kind].append(claim)
    for denial in case.claims.values():
        if not negative(denial):
            continue
        if isinstance(denial.says, EventSaid):
            at, kind = place_id(case, denial.says.at), denial.says.event
            some = (*tolls.get(at, ()), *words, *judged, *expected.get(kind, ()))
            yield from ((claim, denial) for claim in some)
        elif isinstance(denial.says, CommitmentSaid) and not denial.says.standing:
            yield from ((claim, denial) for claim in promised.get(denial.says.commitment, ()))
