"""Corroboration counts independent origins: whose word a claim is, not on which page it stands.

Two ministries quoted in one article are two sources; two papers that relay one ministry are one. Two claims are
*linked* when their innermost sources are one, belong to one outlet or office, or one outlet republished the other. What
a newsroom or an author says in its own words is linked with all that the same page says, and with those whose words it
passes on: it may have it from them. So is an unnamed source, for whom only that page vouches.

The number of independent sources of a set of claims is the size of the largest subset in which no two claims are
linked: A and C may be independent of each other although B is linked with both.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from standoff.case.claims import Claim
from standoff.case.model import Case, refuse_errors
from standoff.errors import Problem, StandoffError, nearest
from standoff.oneline import OneLine

_NEWS = ("outlet", "republisher", "agency")  # kinds of sources that pass on the words of others
EXACT_UP_TO = 24  # distinct chains; beyond it the count is a lower bound found greedily
_ORDER = ("document", "citation", "author", "outlet", "republished", "origin", "relay", "office")
_WORDS = {
    "document": "the same document",
    "citation": "the same report",
    "author": "the same author",
    "outlet": "the same outlet",
    "republished": "a republication",
    "origin": "the same origin",
    "relay": "one passes on the other's words",
    "office": "the same office",
}


@dataclass(frozen=True, slots=True, repr=False)
class Link(OneLine):
    """Why two claims are one witness: the reason and the id of what they share."""

    reason: str  # document, citation, author, outlet, republished, origin, relay, office
    shared: str

    def __str__(self) -> str:
        return f"{_WORDS[self.reason]} ({self.shared})"


@dataclass(frozen=True, slots=True, repr=False)
class IndependentSource(OneLine):
    """One independent witness: the claim that stands for it, and the claims that add nothing to it, with the reason."""

    claim: str
    origin: str
    also: tuple[tuple[str, Link], ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Corroboration(OneLine):
    """How many independent sources stand behind some claims. ``exact`` is false when the count is a lower bound."""

    count: int
    sources: tuple[IndependentSource, ...]
    exact: bool = True


def institutions(case: Case, source: str) -> tuple[str, ...]:
    """Return what a source belongs to, innermost first (an author's outlet, an official's government)."""
    owners: list[str] = []
    step = case.sources[source].of if source in case.sources else ""
    while step and step not in owners and step != source:
        owners.append(step)
        step = case.sources[step].of if step in case.sources else ""
    return tuple(owners)


def origin(case: Case, claim: Claim) -> str:
    """Return the innermost source of a claim, whose word it is; its author or citation when no chain is told."""
    if claim.chain:
        return claim.chain[-1]
    document = case.documents.get(claim.document)
    return document.author[0] if document and document.author else claim.citation


def circle(case: Case, claims: Iterable[str]) -> tuple[str, ...]:
    """Return the tellers of some claims who only relay each other, so that nobody is told to have seen it; sorted.

    A teller with its authors and offices is one. Whoever speaks for itself, or relays somebody who tells none of the
    claims, ends a circle, and so does whoever relays one who does.
    """
    relays: dict[str, set[str]] = {}
    for name in claims:
        chain = case.claims[name].chain if name in case.claims else ()
        if chain:
            teller, source = ((end, *institutions(case, end))[-1] for end in (chain[0], chain[-1]))
            relays.setdefault(teller, set()).add(source)
    grounded: set[str] = set()
    while more := {
        teller
        for teller, sources in relays.items()
        if teller not in grounded and any(s == teller or s not in relays or s in grounded for s in sources)
    }:
        grounded |= more
    return tuple(sorted(relays.keys() - grounded))


def _kind(case: Case, source: str) -> str:
    return case.sources[source].kind if source in case.sources else ""


def _unnamed(case: Case, claim: Claim) -> bool:
    """Whether the innermost source is unnamed, so that nobody but who passes it on can vouch for it."""
    return bool(claim.chain) and _kind(case, origin(case, claim)) == "anonymous"


def _own_word(case: Case, claim: Claim) -> bool:
    """Whether a claim is a newsroom's or an author's own word."""
    voice = origin(case, claim)
    document = case.documents.get(claim.document)
    if not claim.chain or (document is not None and voice in (*document.author, document.outlet)):
        return True
    return _kind(case, voice) in _NEWS


def ties(case: Case, claim: Claim) -> dict[str, str]:
    """Return what makes another claim the same voice: its innermost source and what that belongs to -> kind of tie.

    The own word of a document has its authors and its outlet, too.
    """
    voice = origin(case, claim)
    ties: dict[str, str] = {}
    document = case.documents.get(claim.document)
    if document is not None and _own_word(case, claim):
        ties |= dict.fromkeys(document.author, "author")
        if document.outlet:
            ties.setdefault(document.outlet, "outlet")
    if voice and (claim.chain or document is not None):
        ties.setdefault(voice, "outlet" if _kind(case, voice) in _NEWS else "origin")
    for name in list(ties):
        for owner in institutions(case, name):
            ties.setdefault(owner, "outlet" if _kind(case, owner) in _NEWS else "office")
    return ties


def _passed(case: Case, claim: Claim) -> dict[str, str]:
    """Return through whom and where a claim comes: its document or citation, and everybody who passes it on."""
    passed: dict[str, str] = {}
    document = case.documents.get(claim.document)
    if document is not None:
        passed[document.id] = "document"
        passed |= dict.fromkeys(document.author, "relay")
        if document.outlet:
            passed[document.outlet] = "relay"
    elif claim.citation:
        passed[claim.citation.strip()] = "citation"
    for name in claim.chain[:-1]:
        passed[name] = "relay"
    for name in list(passed):
        for owner in institutions(case, name):
            if _kind(case, owner) in _NEWS:
                passed.setdefault(owner, "relay")
    return passed


def _republished(case: Case, claim: Claim) -> frozenset[str]:
    document = case.documents.get(claim.document)
    return frozenset(document.republished) if document else frozenset()


@dataclass(frozen=True, slots=True)
class _Chain:
    ties: Mapping[str, str]
    passed: Mapping[str, str]
    own: bool
    unnamed: bool
    republished: frozenset[str]

    @property
    def key(self) -> tuple[Hashable, ...]:
        return frozenset(self.ties.items()), frozenset(self.passed.items()), self.own, self.unnamed, self.republished


def _chain(case: Case, claim: Claim) -> _Chain:
    own = _own_word(case, claim)
    republished = _republished(case, claim) if own else frozenset[str]()
    return _Chain(ties(case, claim), _passed(case, claim), own, _unnamed(case, claim), republished)


def _link(a: _Chain, b: _Chain) -> Link | None:
    links = []
    for name in a.ties.keys() & b.ties.keys():
        both = {a.ties[name], b.ties[name]}
        reason = next(r for r in _ORDER if r in both)
        links.append((_ORDER.index(reason), name, reason))
    for name in a.passed.keys() & b.passed.keys():
        page = a.passed[name] in ("document", "citation")
        if (page and (a.own or b.own or a.unnamed or b.unnamed)) or (a.unnamed and b.unnamed):
            links.append((_ORDER.index(a.passed[name]), name, a.passed[name]))
    for one, other in ((a, b), (b, a)):
        if one.own:
            for name in one.ties.keys() & other.passed.keys():
                reason = one.ties[name] if one.ties[name] in ("author", "outlet") else "relay"
                links.append((_ORDER.index(reason), name, reason))
        for name in sorted(one.republished & other.ties.keys()):
            links.append((_ORDER.index("republished"), name, "republished"))
    if not links:
        return None
    _, name, reason = min(links)
    return Link(reason, name)


def linked(case: Case, first: str, second: str) -> Link | None:
    """Return why two claims are one witness, or None when they are independent."""
    return _link(_chain(case, case.claims[first]), _chain(case, case.claims[second]))


def linker(case: Case) -> Callable[[str, str], Link | None]:
    """Return ``linked`` for one case: chains are worked out once a claim, links once a pair of distinct chains."""
    kinds: dict[Hashable, int] = {}
    chains: list[_Chain] = []
    kind_of: dict[str, int] = {}
    links: dict[tuple[int, int], Link | None] = {}

    def kind(name: str) -> int:
        if name not in kind_of:
            chain = _chain(case, case.claims[name])
            number = kinds.setdefault(chain.key, len(chains))
            if number == len(chains):
                chains.append(chain)
            kind_of[name] = number
        return kind_of[name]

    def link(first: str, second: str) -> Link | None:
        pair = kind(first), kind(second)
        if pair not in links:
            links[pair] = _link(chains[pair[0]], chains[pair[1]])
        return links[pair]

    return link


def _independent(adjacent: Sequence[frozenset[int]]) -> tuple[list[int], bool]:
    """Return a largest set of nodes no two of which are adjacent (first in order among equals), and whether exact."""
    if len(adjacent) > EXACT_UP_TO:
        chosen: list[int] = []
        for node in sorted(range(len(adjacent)), key=lambda k: (len(adjacent[k]), k)):
            if not adjacent[node] & set(chosen):
                chosen.append(node)
        return sorted(chosen), False
    best: list[int] = []

    def search(left: list[int], chosen: list[int]) -> None:
        nonlocal best
        if len(chosen) > len(best):
            best = chosen
        for position, node in enumerate(left):
            if len(chosen) + len(left) - position <= len(best):
                return
            search([k for k in left[position + 1 :] if k not in adjacent[node]], [*chosen, node])

    search(list(range(len(adjacent))), [])
    return best, True


def corroboration(case: Case, claims: Iterable[str]) -> Corroboration:
    """Count the independent sources behind some claims, and say which claims are one witness and why.

    Denied claims count like any other: give the claims of one answer. Claims with identical ties are merged first;
    the count is exact up to 24 distinct chains and a lower bound beyond.

    Parameters
    ----------
    case : Case
        A case without errors.
    claims : iterable of str
        The ids of the claims.

    Returns
    -------
    Corroboration
        ``count`` and ``sources``: of each its claim, its origin, and which claims add nothing to it.

    Raises
    ------
    StandoffError
        For a claim that the case does not have, with the nearest.

    Examples
    --------
    >>> import standoff as so
    >>> case = so.load("idlib")
    >>> so.corroboration(case, case.disputes["dis-01"].answers[0].claims).count
    1
    """
    refuse_errors(case)
    ids = list(dict.fromkeys(claims))
    if lost := [claim for claim in ids if claim not in case.claims]:
        raise StandoffError(
            Problem("claims", 0, f"there is no claim {claim!r}", "the id of a claim", nearest(claim, case.claims))
            for claim in lost
        )
    chains = {name: _chain(case, case.claims[name]) for name in ids}
    distinct: dict[Hashable, str] = {}
    for name in ids:
        distinct.setdefault(chains[name].key, name)
    nodes = list(distinct.values())
    adjacent = [
        frozenset(k for k, other in enumerate(nodes) if other != node and _link(chains[node], chains[other]))
        for node in nodes
    ]
    chosen, exact = _independent(adjacent)
    heads = [nodes[k] for k in chosen]
    also: dict[str, list[tuple[str, Link]]] = {head: [] for head in heads}
    for name in ids:
        if name in also:
            continue
        for head in heads:
            if (link := _link(chains[name], chains[head])) is not None:
                also[head].append((name, link))
                break
    witnesses = tuple(IndependentSource(head, origin(case, case.claims[head]), tuple(also[head])) for head in heads)
    return Corroboration(len(witnesses), witnesses, exact)
