"""Who backs whom: claims that say the same of one thing, place and time, and how many independent sources they are.

Rival answers of a dispute never back each other, and neither do a claim and its correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from standoff.case.as_dict import payload_kind
from standoff.case.claims import Claim, EventSaid, QuantitySaid
from standoff.case.model import Case, refuse_errors
from standoff.evidence.claim_places import place_id
from standoff.evidence.contradictions import (
    confirms,
    disputed_pairs,
    happening_of,
    negative,
    realis_class,
    thing,
)
from standoff.evidence.corrections import corrections
from standoff.evidence.independence import IndependentSource, corroboration
from standoff.evidence.quantities import interval
from standoff.evidence.what_is_counted import subject_of
from standoff.oneline import OneLine


@dataclass(frozen=True, slots=True, repr=False)
class Backing(OneLine):
    """Claims any two of which say the same, and the independent sources among them.

    ``says`` is what they say, in words; ``independent`` how many sources they are (``exact`` is false for a lower
    bound); ``sources`` one claim for each, with those that add nothing to it. ``answers`` names the dispute and the
    answer where all of them stand behind one.
    """

    says: str
    kind: str
    claims: tuple[str, ...]
    independent: int
    exact: bool
    sources: tuple[IndependentSource, ...]
    answers: tuple[tuple[str, str], ...] = ()


def backings(case: Case) -> tuple[Backing, ...]:
    """Return what more than one claim says, best backed first; one source that repeats itself counts as one.

    The order of the files and claims about other things make no difference to what backs what.
    """
    refuse_errors(case)
    disputed = disputed_pairs(case)
    struck = corrections(case)
    claims = [claim for name, claim in sorted(case.claims.items()) if name not in struck]
    backings = [_backing(case, clique) for group in _groups(case, claims) for clique in _cliques(case, group, disputed)]
    return tuple(sorted(backings, key=lambda b: (-b.independent, -len(b.claims), b.claims)))


def _backing(case: Case, clique: list[Claim]) -> Backing:
    names = [claim.id for claim in clique]
    behind = corroboration(case, names)
    answers = [
        (dispute.id, answer.id)
        for dispute in case.disputes.values()
        for answer in dispute.answers
        if set(names) <= set(answer.claims)
    ]
    says = confirms(case, clique[0], clique[1])
    kind = payload_kind(clique[0])
    return Backing(says, kind, tuple(names), behind.count, behind.exact, behind.sources, tuple(answers))


def likeness(case: Case, claim: Claim) -> Iterator[Hashable]:
    """Yield what two claims share at least one of where they say the same."""
    says = claim.says
    if isinstance(says, QuantitySaid):
        subject = subject_of(case, says)
        days = tuple((w.start, w.end) if w else None for w in (says.window, says.as_of))
        yield (
            "quantity",
            subject.base,
            subject.group,
            place_id(case, says.of),
            days,
            realis_class(claim),
            negative(claim),
        )
    elif isinstance(says, EventSaid):
        if name := happening_of(case, says):
            yield "happening", name, negative(claim)
        if says.at and says.date is not None:
            yield "event", place_id(case, says.at), says.date.start, says.date.end, negative(claim)
    else:
        yield "thing", thing(claim), realis_class(claim), negative(claim)


def _groups(case: Case, claims: Iterable[Claim]) -> Iterator[list[Claim]]:
    """Yield claims that are joined by what they are about, one after the other; nothing else can say the same."""
    at: dict[Hashable, list[Claim]] = defaultdict(list)
    keys: dict[str, list[Hashable]] = {}
    for claim in claims:
        keys[claim.id] = list(likeness(case, claim))
        for key in keys[claim.id]:
            at[key].append(claim)
    done: set[str] = set()
    for claim in claims:
        if claim.id in done:
            continue
        done.add(claim.id)
        group, ahead = [], [claim]
        while ahead:
            step = ahead.pop()
            group.append(step)
            for key in keys[step.id]:
                for other in at.pop(key, ()):
                    if other.id not in done:
                        done.add(other.id)
                        ahead.append(other)
        if len(group) > 1:
            yield sorted(group, key=lambda c: c.id)


def _cliques(case: Case, group: list[Claim], disputed: dict[frozenset[str], str]) -> Iterator[list[Claim]]:
    """Yield sets of claims any two of which say the same: what says it most exactly first, each claim in one at least.

    A loose claim ("at least 20") may back several that do not back each other.
    """
    like: dict[str, set[str]] = {claim.id: set() for claim in group}
    for a, b in combinations(group, 2):
        if frozenset((a.id, b.id)) not in disputed and confirms(case, a, b):
            like[a.id].add(b.id)
            like[b.id].add(a.id)
    order = sorted(group, key=lambda c: (_looseness(c), c.id))
    placed: set[str] = set()
    for claim in order:
        if claim.id in placed:
            continue
        clique = [claim]
        for other in order:
            if other.id != claim.id and all(other.id in like[member.id] for member in clique):
                clique.append(other)
        placed |= {member.id for member in clique}
        if len(clique) > 1:
            yield sorted(clique, key=lambda c: c.id)


def _looseness(claim: Claim) -> float:
    if not isinstance(claim.says, QuantitySaid):
        return 0.0
    values = interval(claim.says)
    return values.high - values.low
