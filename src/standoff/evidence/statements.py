"""What a party or body itself said: which events it asserts or denies, and how it says that commitments stand.

A statement is a claim whose innermost source is a voice of a statement account: a named organ or official, speaking in
public, carried by a source that may carry its words (`standoff.evidence.standing`). What an unnamed source or a
commentator puts into a party's mouth is no statement of that party. Whoever has no statement is silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from standoff.case.claims import Account, Claim, CommitmentSaid, EventSaid
from standoff.case.geography import Place, Zone
from standoff.case.model import Case, Event
from standoff.case.vocabulary import is_a
from standoff.evidence.standing import blocs_of, carries_words, on_its_page
from standoff.oneline import OneLine
from standoff.values import When

DEGREES_PER_KM = 1 / 111.2


@dataclass(frozen=True, slots=True, repr=False)
class EventStatement(OneLine):
    """One public statement about one event: ``asserts`` or denies it; ``on`` is the day it was said.

    ``actor`` are those whom the statement itself names as who did it; nobody else did it according to it. ``target``
    are those whom it names as the target: it says of nobody else that they were struck.
    """

    claim: str
    event: str
    asserts: bool
    on: date
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class CommitmentStatement(OneLine):
    """One public statement of how a commitment stands: kept, partly, broken or in-force, ``by`` whom.

    ``reading`` is the reading of the text that it speaks of; empty: the text as it is written.
    """

    claim: str
    commitment: str
    says: str
    by: tuple[str, ...]
    on: date
    reading: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Statements(OneLine):
    """Everything that one account said, by event and by commitment, in the order in which it was said."""

    account: str
    events: Mapping[str, tuple[EventStatement, ...]]
    commitments: Mapping[str, tuple[CommitmentStatement, ...]]

    def asserted(self, event: str) -> bool:
        """Whether the account asserted the event, and did not deny it as well."""
        return self._word_on(event) == {True}

    def denied(self, event: str) -> bool:
        """Whether the account denied the event, and did not assert it as well."""
        return self._word_on(event) == {False}

    def named(self, event: str) -> tuple[str, ...]:
        """Return whom its assertions of an event name as who did it; empty where they name nobody."""
        return tuple(dict.fromkeys(a for one in self.events.get(event, ()) if one.asserts for a in one.actor))

    def struck(self, event: str) -> tuple[str, ...]:
        """Return whom its assertions of an event name as the target; empty where one of them names nobody."""
        said = [one.target for one in self.events.get(event, ()) if one.asserts]
        return tuple(dict.fromkeys(t for some in said for t in some)) if all(said) else ()

    def _word_on(self, event: str) -> set[bool]:
        return {one.asserts for one in self.events.get(event, ())}


def said_on(case: Case, claim: Claim) -> date | None:
    """Return the day on which a claim was said, or at the latest published; None where no day is given."""
    document = case.documents.get(claim.document)
    when = claim.published or (document.published if document else None)
    return None if when is None else (when.end or when.start)


def is_statement(case: Case, account: Account, claim: Claim) -> bool:
    """Whether a claim is a public statement of the party or body of a statement account."""
    return bool(claim.chain) and claim.chain[-1] in account.voices and carries_words(case, claim)


def speakers(case: Case) -> tuple[Account, ...]:
    """Return the statement accounts of a case, in file order."""
    return tuple(a for a in case.accounts.values() if a.is_statement)


def statements(case: Case, account: str, *, by: date | None = None, as_of: date | None = None) -> Statements:
    """Return what a statement account said up to day ``by`` (default: ever), in the order in which it was said.

    ``as_of`` leaves out what was published later; a word whose own day is told (``date``) may be older than its page.

    A claim that asserts or denies the event it names (``recorded``) speaks of that event. A denial that names none
    denies each recorded event that lies wholly inside its type, actor, target, place and window, and no other. Whoever
    says that somebody else did it does not assert the event as it is recorded.
    """
    record = case.accounts[account]
    events: dict[str, list[EventStatement]] = {}
    commitments: dict[str, list[CommitmentStatement]] = {}
    for claim in case.claims.values():
        if not claim.chain or claim.chain[-1] not in record.voices:
            continue
        day = said_on(case, claim)
        if day is None or (as_of is not None and day > as_of) or not is_statement(case, record, claim):
            continue
        for event in about(case, claim) if by is None or day <= by else ():
            actor, target = (claim.says.actor, claim.says.target) if isinstance(claim.says, EventSaid) else ((), ())
            asserts, recorded = claim.realis == "asserted", case.events[event].actor
            if (
                asserts
                and actor
                and recorded
                and not (_touches(case, actor, recorded) or _touches(case, recorded, actor))
            ):
                continue
            events.setdefault(event, []).append(EventStatement(claim.id, event, asserts, day, actor, target))
        if isinstance(claim.says, CommitmentSaid) and claim.says.standing and claim.realis == "asserted":
            says = claim.says
            when = says.date.end if says.date is not None and says.date.end else day
            if by is not None and when > by:
                continue
            standing = CommitmentStatement(claim.id, says.commitment, says.standing, says.by, when, says.reading)
            commitments.setdefault(says.commitment, []).append(standing)
    return Statements(
        account,
        {name: tuple(sorted(some, key=lambda s: (s.on, s.claim))) for name, some in events.items()},
        {name: tuple(sorted(some, key=lambda s: (s.on, s.claim))) for name, some in commitments.items()},
    )


def denials(case: Case, *, by: date | None = None) -> dict[str, tuple[str, ...]]:
    """Return the claims that deny each recorded event, said up to day ``by``: event -> claims, in file order.

    A denial counts whoever it is by, where the source that carries it may carry its words, or tells the event, too.
    """
    against: dict[str, list[str]] = {}
    for claim in case.claims.values():
        if claim.realis != "denied":
            continue
        day = said_on(case, claim)
        if by is not None and (day is None or day > by):
            continue
        for event in about(case, claim):
            if carries_words(case, claim) or on_its_page(case, claim, case.events[event]):
                against.setdefault(event, []).append(claim.id)
    return {event: tuple(claims) for event, claims in against.items()}


def claims_about(case: Case) -> dict[str, tuple[str, ...]]:
    """Return, for each recorded event, the claims that assert or deny it, in file order."""
    claims: dict[str, list[str]] = {}
    for claim in case.claims.values():
        for event in about(case, claim):
            claims.setdefault(event, []).append(claim.id)
    return {event: tuple(claims) for event, claims in claims.items()}


def denials_of(case: Case, event: Event) -> tuple[Claim, ...]:
    """Return the claims that deny one event, whoever they are by, in file order."""
    found = []
    for claim in case.claims.values():
        if claim.realis != "denied" or not (carries_words(case, claim) or on_its_page(case, claim, event)):
            continue
        says = [claim.says, *(case.claims[other].says for other in claim.denies if other in case.claims)]
        named = [one.recorded for one in says if isinstance(one, EventSaid) and one.recorded]
        general = isinstance(claim.says, EventSaid) and not named
        if event.id in named or (general and _inside(case, claim.says, event)):  # type: ignore[arg-type]
            found.append(claim)
    return tuple(found)


def about(case: Case, claim: Claim) -> tuple[str, ...]:
    """Return the recorded events that a claim asserts or denies; none for threats, promises and the like."""
    says = claim.says
    if claim.realis not in ("asserted", "denied"):
        return ()
    named = [says.recorded] if isinstance(says, EventSaid) and says.recorded else []
    if claim.realis == "denied":
        for other in claim.denies:
            theirs = case.claims[other].says if other in case.claims else None
            if isinstance(theirs, EventSaid) and theirs.recorded:
                named.append(theirs.recorded)
        if isinstance(says, EventSaid) and not named:
            kinds: dict[str, bool] = {}  # of events there are many, of their types few
            for event in case.events.values():
                if event.type not in kinds:
                    kinds[event.type] = is_a(event.type, says.event)
                if kinds[event.type] and _inside(case, says, event):
                    named.append(event.id)
    return tuple(dict.fromkeys(e for e in named if e in case.events))


def _inside(case: Case, says: EventSaid, event: Event) -> bool:
    """Whether an event lies wholly inside what a general denial speaks of."""
    if not is_a(event.type, says.event) or says.date is None or not _within(event.date, says.date):
        return False
    if not says.actor or not _touches(case, event.actor, says.actor):
        return False
    if says.target and not _touches(case, event.target, says.target):
        return False
    return not says.at or _at(case, says.at, event)


def _within(when: When, window: When) -> bool:
    if when.start is None or when.end is None:
        return False
    return (window.start is None or window.start <= when.start) and (window.end is None or when.end <= window.end)


def _touches(case: Case, names: Sequence[str], others: Sequence[str]) -> bool:
    return any(set(others) & {one, *blocs_of(case, one)} for one in names)


def _at(case: Case, name: str, event: Event) -> bool:
    """Whether an event lies wholly at a place, in a sector or in a zone: certainly, or not at all."""
    if name in case.places:
        return bool(event.place) and all(place == name for place in event.place)
    if name in event.zone and len(event.zone) == 1:
        return True
    places = [case.places[p] for p in event.place if p in case.places]
    if any(p.sector == name for p in case.places.values()):
        sectors = {p.sector for p in places} or set(event.sector)
        return sectors == {name}
    zones = [zone for zone in case.zones if zone.id == name]
    return bool(places) and any(all(_covers(zone, place) for place in places) for zone in _open(zones, event))


def _open(zones: Sequence[Zone], event: Event) -> Iterator[Zone]:
    for zone in zones:
        opens = zone.from_.start if zone.from_ else None
        closes = zone.until.end if zone.until else None
        first, last = event.date.start, event.date.end
        if first and last and (opens is None or opens <= first) and (closes is None or last <= closes):
            yield zone


def _covers(zone: Zone, place: Place) -> bool:
    """Whether a zone certainly holds the whole disc in which a place may lie; a buffered line holds none for certain.

    Degrees are good enough here: the disc is widened by the length of a degree at the equator, which asks for more.
    """
    if zone.certainty != "certain" or zone.buffer_km:
        return False
    import math

    from shapely.geometry import Point, shape

    area: Any = shape(zone.geometry)
    around = max(place.accuracy_km, 0.0) * DEGREES_PER_KM / max(math.cos(math.radians(place.lat)), 0.05)
    return bool(area.covers(Point(place.lon, place.lat).buffer(around) if around else Point(place.lon, place.lat)))
