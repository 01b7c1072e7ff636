"""Find the pairs of claims that cannot both hold, and the pairs that only seem to clash.

Claims are put in blocks by what they are about, so that only claims that could clash are compared: a quantity by its
thing, measure, place and time; an event by its type (and the types above it) and place, or by the recorded happening.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from standoff.case.model import Case, Claim
from standoff.case.saying import EventSaid, QuantitySaid
from standoff.case.values import When
from standoff.case.vocabulary import lineage
from standoff.evidence.compare import Comparison, compare, happening, negative, realis_class, thing
from standoff.evidence.independence import Link, linker
from standoff.evidence.quantities import interval

NEAREST = 5  # differences shown for each denial


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims that contradict or differ, the reason, and whether they are one witness or already a dispute.

    ``same_witness`` says why the two are one witness (one source against itself), or is empty. ``dispute`` names the
    first dispute in which they stand behind different answers, or is empty: nobody has made it a question yet.
    """

    first: str
    second: str
    relation: str
    reason: str
    why: str
    certain: bool
    same_witness: str
    dispute: str


_Linked = Callable[[str, str], Link | None]


def _pair(a: Claim, b: Claim, found: Comparison, linked: _Linked, disputed: Mapping[frozenset[str], str]) -> Pair:
    link = linked(a.id, b.id)
    return Pair(
        first=a.id,
        second=b.id,
        relation=found.relation,
        reason=found.reason,
        why=found.why,
        certain=found.certain,
        same_witness=str(link) if link else "",
        dispute=disputed.get(frozenset((a.id, b.id)), ""),
    )


def disputed_pairs(case: Case) -> dict[frozenset[str], str]:
    """Return the pairs of claims that stand behind different answers of a dispute -> the first such dispute."""
    found: dict[frozenset[str], str] = {}
    for dispute in case.disputes.values():
        for one, other in combinations(dispute.answers, 2):
            for a in one.claims:
                for b in other.claims:
                    if a != b:
                        found.setdefault(frozenset((a, b)), dispute.id)
    return found


def _span(when: When | None) -> tuple[date | None, date | None] | None:
    return None if when is None else (when.start, when.end)


def _quantity_frame(claim: Claim, said: QuantitySaid) -> tuple[Hashable, ...]:
    return (said.quantity, said.measure, said.of, _span(said.window), _span(said.as_of), realis_class(claim))


def _quantity_candidates(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of one frame whose values differ; claims that say the same number the same way are one group."""
    frames: dict[Hashable, dict[Hashable, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        if isinstance(claim.says, QuantitySaid):
            said = claim.says
            value = (interval(said), said.unit, said.counted, negative(claim))
            frames[_quantity_frame(claim, said)][value].append(claim)
    for groups in frames.values():
        yield from _across(groups)


def _across(groups: Mapping[Hashable, list[Claim]]) -> Iterator[tuple[Claim, Claim]]:
    for one, other in combinations(groups.values(), 2):
        for a in one:
            for b in other:
                yield a, b


def _event_candidates(case: Case, claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Pairs about one recorded happening, or of related types at one place with one asserted or of equal dates."""
    events = [(c, c.says) for c in claims if isinstance(c.says, EventSaid)]
    recorded: dict[str, dict[Hashable, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    at: dict[tuple[str, str], list[tuple[Claim, EventSaid]]] = defaultdict(list)
    dated: dict[tuple[str, str, Hashable], list[tuple[Claim, EventSaid]]] = defaultdict(list)
    for claim, said in events:
        if name := happening(case, said):
            recorded[name][said.event, said.actor, negative(claim)].append(claim)
        for kind in lineage(said.event):
            if not negative(claim):
                at[kind, said.at].append((claim, said))
        dated[said.event, said.at, _span(said.date)].append((claim, said))
    for groups in recorded.values():
        yield from _across(groups)
    for claim, said in events:
        if negative(claim):
            yield from ((claim, other) for other, _ in at[said.event, said.at])
        elif said.at and said.date is not None:
            for kind in lineage(said.event):
                for other, theirs in dated[kind, said.at, _span(said.date)]:
                    if set(theirs.actor) != set(said.actor) and not negative(other):
                        yield claim, other


def _candidates(case: Case) -> Iterator[tuple[Claim, Claim]]:
    claims = list(case.claims.values())
    for claim in claims:
        for other in (*claim.denies, *claim.supersedes):
            if other in case.claims:
                yield claim, case.claims[other]
    yield from _quantity_candidates(claims)
    yield from _event_candidates(case, claims)
    things: dict[Hashable, dict[Hashable, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        if not isinstance(claim.says, QuantitySaid | EventSaid):
            told = tuple(getattr(claim.says, name, "") for name in ("reading", "answer", "value"))
            things[thing(claim)][realis_class(claim), negative(claim), told].append(claim)
    for groups in things.values():
        yield from _across(groups)


def _sorted(pairs: Iterable[Pair], order: Mapping[str, int]) -> tuple[Pair, ...]:
    return tuple(sorted(pairs, key=lambda p: (order[p.first], order[p.second])))


def contradictions(case: Case) -> tuple[Pair, ...]:
    """Return every pair of claims that cannot both hold, each once, in the order of the case's files."""
    order = {name: number for number, name in enumerate(case.claims)}
    disputed, linked = disputed_pairs(case), linker(case)
    seen: set[tuple[str, str]] = set()
    found: list[Pair] = []
    for one, other in _candidates(case):
        a, b = (one, other) if order[one.id] < order[other.id] else (other, one)
        if a.id == b.id or (a.id, b.id) in seen:
            continue
        seen.add((a.id, b.id))
        compared = compare(case, a, b)
        if compared.relation == "contradicts":
            found.append(_pair(a, b, compared, linked, disputed))
    return _sorted(found, order)


def _near_quantities(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of frames of one thing that differ in one respect only, next to each other in that respect."""
    frames: dict[tuple[Hashable, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        if isinstance(claim.says, QuantitySaid) and not negative(claim):
            frames[_quantity_frame(claim, claim.says)].append(claim)
    for respect in range(1, 6):
        alike: dict[Hashable, list[tuple[Hashable, ...]]] = defaultdict(list)
        for frame in frames:
            alike[frame[:respect] + frame[respect + 1 :]].append(frame)
        for group in alike.values():
            group.sort(key=lambda frame: _sortable(frame[respect]))
            for one, other in pairwise(group):
                if pair := _clashing(frames[one], frames[other]):
                    yield pair


def _sortable(respect: Hashable) -> tuple[str, ...]:
    if isinstance(respect, tuple):
        return tuple(end.isoformat() if end else "" for end in respect)
    return ("",) if respect is None else (str(respect),)


def _clashing(one: list[Claim], other: list[Claim]) -> tuple[Claim, Claim] | None:
    for a in one[:NEAREST]:
        for b in other[:NEAREST]:
            if isinstance(a.says, QuantitySaid) and isinstance(b.says, QuantitySaid):  # noqa: SIM102  (for the types)
                if not interval(a.says).meets(interval(b.says)):
                    return a, b
    return None


def _near_denials(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Each denial of an event with the first few assertions of that type, of another place or time."""
    of_type: dict[str, list[Claim]] = defaultdict(list)
    denials = []
    for claim in claims:
        if isinstance(claim.says, EventSaid):
            if negative(claim):
                denials.append((claim, claim.says))
            else:
                for kind in lineage(claim.says.event):
                    of_type[kind].append(claim)
    for claim, said in denials:
        alike = [
            c for c in of_type[said.event] if isinstance(c.says, EventSaid) and set(c.says.actor) & set(said.actor)
        ]
        yield from ((claim, other) for other in alike[:NEAREST])


def differences(case: Case) -> tuple[Pair, ...]:
    """Return pairs that seem to clash and do not, with what sets them apart: another date, window, place or measure.

    Shown are claims that replace others, quantities of one thing whose values clash and which differ in one respect
    only (each with its neighbour in that respect), undated quantities published far apart, and denials beside the
    first assertions of such an event elsewhere or at another time.
    """
    order = {name: number for number, name in enumerate(case.claims)}
    disputed, linked = disputed_pairs(case), linker(case)
    claims = list(case.claims.values())
    replaced = ((c, case.claims[o]) for c in claims for o in c.supersedes if o in case.claims)
    undated = (
        (a, b)
        for a, b in _quantity_candidates(claims)
        if isinstance(a.says, QuantitySaid) and a.says.as_of is None and a.says.window is None
    )
    found: dict[tuple[str, str], Pair] = {}
    for source in (replaced, _near_quantities(claims), undated, _near_denials(claims)):
        for one, other in source:
            a, b = (one, other) if order[one.id] < order[other.id] else (other, one)
            if (a.id, b.id) not in found:
                compared = compare(case, a, b)
                if compared.relation == "differs":
                    found[a.id, b.id] = _pair(a, b, compared, linked, disputed)
    return _sorted(found.values(), order)
