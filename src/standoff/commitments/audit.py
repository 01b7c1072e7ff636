"""An audit of a case: whom its record accuses, on what sources, with what answer, and what rests on one voice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from standoff.case.claims import RECORD
from standoff.case.model import Case, Event
from standoff.case.restrictions import free
from standoff.case.terms import Commitment, CommitmentKind, Pattern
from standoff.case.vocabulary import is_a
from standoff.commitments.ledger import Row, rows
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.patterns.wording import everything
from standoff.commitments.reasons import EventMatch, events_counting
from standoff.evidence.checks import owned, silences
from standoff.evidence.standing import (
    ACCUSING,
    UNSOURCED,
    accuses,
    best,
    blocs_of,
    carriers_of,
    citable,
    doubt_in_words,
    event_carriers,
    standing_of,
    voices,
)
from standoff.evidence.statements import claims_about
from standoff.oneline import OneLine

NOT_JUDGED = "not judged"
NO_ADDRESS = "no address"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OneVoice(OneLine):
    """A verdict of the record that rests on one voice: every event that decides it goes back to that source alone."""

    commitment: str
    key: str
    verdict: str  # kept or broken; of a threat, carried out or not
    debtor: tuple[str, ...]
    by: tuple[str, ...]  # the debtors by whose acts it was broken; all, where no act decides it or it was kept
    events: tuple[str, ...]
    voice: str  # a source of the case, or a publisher


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Accused(OneLine):
    """What the record has against one actor: ids of rows.

    ``acts`` are the accusing rows that name it, ``shared`` those of them that name others beside it. ``uncitable`` are
    rows that no wire and no monitor carries, by the best standing that carries them.
    """

    actor: str
    name: str
    blocs: tuple[str, ...]
    members: tuple[str, ...]  # other accused actors that are part of it; their rows are not counted here
    acts: tuple[str, ...]
    shared: tuple[str, ...]
    contested: tuple[str, ...]
    unanswered: tuple[str, ...]
    uncitable: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unsourced: tuple[str, ...] = ()
    one_voice: tuple[OneVoice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Side(OneLine):
    """One side of a truce: rows by which it or a member of it did what the truce forbids.

    ``answered`` are rows that name others alone, for whom it answers: they are not its acts.
    """

    actor: str
    acts: tuple[str, ...]
    contested: tuple[str, ...]
    answered: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Truce(OneLine):
    """The acts that the record has of each side of a truce while it was in force; ``possible`` ones name no side."""

    id: str  # an agreement
    title: str
    sides: tuple[Side, ...]
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Audit(OneLine):
    """The audit of a case on a day. ``hosts`` and ``sources`` are those that nobody has judged, with their uses."""

    case: str
    on: date
    accusing: tuple[str, ...]
    unnamed: tuple[str, ...]  # violent acts that name nobody
    unanswered: tuple[str, ...]
    uncitable: tuple[str, ...]
    unsourced: tuple[str, ...]
    parties: tuple[Accused, ...]
    truces: tuple[Truce, ...]
    one_voice: tuple[OneVoice, ...]
    hosts: dict[str, int]
    sources: dict[str, int]


def audit(case: Case, *, on: date | str | None = None, events: Sequence[Event] = ()) -> Audit:
    """Say on what the accusations and verdicts of a case rest.

    Parameters
    ----------
    case : Case
        A case that passes its checks.
    on : date or str, optional
        The day at which the verdicts of the record stand. Default: the last of the case.
    events : sequence of Event
        Those of a log beside the record: its rows accuse too.

    Returns
    -------
    Audit
        Who is accused of what on which sources, acts by each side of each truce, verdicts of the record that rest on
        one voice, and the hosts and sources whose standing nobody has judged.

    Raises
    ------
    StandoffError
        For a case with errors, or a day that is none.

    Examples
    --------
    >>> import standoff as so
    >>> so.audit(so.load("idlib"), on="2020-02-20").unanswered
    ()
    """
    evaluation = evaluate(case, [RECORD.id], on=on, events=events or None)
    if events:
        case = replace(case, events={**{e.id: e for e in events}, **case.events})
        evaluation = replace(evaluation, case=case)
    denied = {r.event.id for r in evaluation.reports[RECORD.id] if r.denied}
    accusing = [event for event in case.events.values() if accuses(event)]
    single, voices_of = one_voice(evaluation), claims_about(case)
    hosts, sources = not_judged(case)
    return Audit(
        case=case.about.id,
        on=evaluation.on,
        accusing=_ids(accusing),
        unnamed=_ids(e for e in case.events.values() if not e.actor and is_violent(e.type)),
        unanswered=_ids(e for e in accusing if silences(case, e, voices_of)),
        uncitable=_ids(e for e in accusing if e.sourcing != UNSOURCED and not _backed(case, e, voices_of)),
        unsourced=_ids(e for e in case.events.values() if e.sourcing == UNSOURCED),
        parties=_parties(case, accusing, denied, single, voices_of),
        truces=_truces(evaluation, denied),
        one_voice=single,
        hosts=hosts,
        sources=sources,
    )


def _backed(case: Case, event: Event, voices_of: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a newsroom could cite what a row rests on, or everybody it accuses said in public that it did it."""
    return citable(case, event) or owned(case, event, voices_of)


def _ids(events: Iterable[Event]) -> tuple[str, ...]:
    return tuple(event.id for event in events)


def is_violent(name: str) -> bool:
    """Whether an event of this type accuses whoever did it (`standoff.evidence.standing.ACCUSING`)."""
    return any(is_a(name, kind) for kind in ACCUSING)


def _parties(
    case: Case,
    accusing: Sequence[Event],
    denied: set[str],
    single: Sequence[OneVoice],
    voices_of: Mapping[str, tuple[str, ...]],
) -> tuple[Accused, ...]:
    actors = dict.fromkeys(actor for event in accusing for actor in event.actor)
    actors |= dict.fromkeys(actor for verdict in single for actor in verdict.by)
    parties = []
    for actor in actors:
        acts = [event for event in accusing if actor in event.actor]
        sourced = [event for event in acts if event.sourcing != UNSOURCED]
        by_standing: dict[str, list[str]] = {}
        for event in sourced:
            if not _backed(case, event, voices_of):
                by_standing.setdefault(_standing(case, event), []).append(event.id)
        record = case.actors.get(actor)
        parties.append(
            Accused(
                actor=actor,
                name=record.name if record else actor,
                blocs=blocs_of(case, actor),
                members=tuple(one for one in actors if actor in blocs_of(case, one)),
                acts=_ids(acts),
                shared=_ids(e for e in acts if len(set(e.actor)) > 1),
                contested=_ids(e for e in acts if doubt_in_words(case, e) or e.id in denied),
                unanswered=_ids(e for e in acts if actor in silences(case, e, voices_of)),
                uncitable={standing: tuple(ids) for standing, ids in sorted(by_standing.items())},
                unsourced=_ids(e for e in acts if e.sourcing == UNSOURCED),
                one_voice=tuple(v for v in single if actor in v.by),
            )
        )
    return tuple(sorted(parties, key=lambda party: (-len(party.acts), party.actor)))


def _standing(case: Case, event: Event) -> str:
    carriers = event_carriers(case, event)
    return best(carriers) or (NOT_JUDGED if carriers else NO_ADDRESS)


def one_voice(evaluation: Evaluation) -> tuple[OneVoice, ...]:
    """Return the verdicts kept and broken of the record that events decide which all go back to one voice."""
    case = evaluation.case
    slots = {(s.commitment, s.reading, s.key): n for n, s in enumerate(evaluation.schedule.slots) if not s.span}
    verdicts = []
    for row in rows(evaluation):
        if row.account != RECORD.id or row.reading:
            continue
        end = _decided(row)
        role = {"satisfied": "then", "violated": "bad" if row.kind == CommitmentKind.MAINTAIN else "when"}.get(end, "")
        if not role:
            continue
        deciding = [
            c for c in events_counting(evaluation, slots[row.commitment, "", row.key], RECORD.id) if c.role == role
        ]
        events = tuple(dict.fromkeys(c.event for c in deciding if c.certain and c.event in case.events))
        origins = voices(case, [case.events[name] for name in events])
        if events and len(origins) == 1:
            verdicts.append(
                OneVoice(
                    commitment=row.commitment,
                    key=row.key,
                    verdict=_verdict_words(end, row.adverse),
                    debtor=row.debtor,
                    by=_breakers(case, row, end, events),
                    events=events,
                    voice=origins[0],
                )
            )
    return tuple(verdicts)


def _breakers(case: Case, row: Row, end: str, events: Sequence[str]) -> tuple[str, ...]:
    """Return the debtors whose own acts, or those of whom they answer for, broke a row; all of them otherwise."""
    if end != "violated" or row.kind != CommitmentKind.MAINTAIN:
        return row.debtor
    record = case.commitments[row.commitment]
    acts = [case.events[name] for name in events]
    breakers = tuple(d for d in row.debtor if any(_acts(case, e, (d, *record.answers_for.get(d, ()))) for e in acts))
    return breakers or row.debtor


def _decided(row: Row) -> str:
    """Return whether a row was broken or kept, also where another commitment has taken its place since."""
    if row.verdict in ("satisfied", "violated"):
        return row.verdict
    if row.verdict == "superseded":
        return "violated" if row.broken or row.breaches else "satisfied" if row.kept else ""
    return ""


def _verdict_words(decided: str, adverse: bool) -> str:
    if adverse:
        return "carried out" if decided == "satisfied" else "not carried out"
    return "kept" if decided == "satisfied" else "broken"


def _forbids_violence(record: Commitment) -> bool:
    if record.kind != CommitmentKind.MAINTAIN or record.adverse:
        return False
    forbidden: Pattern | None = record.forbid or (record.then.not_ if record.then is not None else None)
    return forbidden is not None and any(is_violent(name) for part in everything(forbidden) for name in part.type)


def _truces(evaluation: Evaluation, denied: set[str]) -> tuple[Truce, ...]:
    case = evaluation.case
    groups: dict[str, list[Commitment]] = {}
    judged = {slot.commitment for slot in evaluation.schedule.slots}
    for record in case.commitments.values():
        if record.id in judged and record.agreement and _forbids_violence(record) and not record.same_as:
            groups.setdefault(record.agreement, []).append(record)
    return tuple(_truce(evaluation, name, records, denied) for name, records in groups.items())


def _truce(evaluation: Evaluation, name: str, records: Sequence[Commitment], denied: set[str]) -> Truce:
    case = evaluation.case
    own: dict[str, dict[str, None]] = {d: {} for record in records for d in record.debtor}
    answered: dict[str, dict[str, None]] = {d: {} for d in own}
    possible: dict[str, None] = {}
    for record in records:
        for one in _breaches(evaluation, record.id):
            event = case.events.get(one.event)
            if event is None or not one.certain:
                possible[one.event] = None
                continue
            for debtor in record.debtor:
                if _acts(case, event, (debtor,)):
                    own[debtor][one.event] = None
                elif _acts(case, event, record.answers_for.get(debtor, ())):
                    answered[debtor][one.event] = None
    agreement = case.agreements.get(name)
    return Truce(
        id=name,
        title=agreement.title if agreement else name,
        sides=tuple(
            Side(
                actor=actor,
                acts=tuple(ids),
                contested=tuple(e for e in ids if e in denied or doubt_in_words(case, case.events[e])),
                answered=tuple(answered[actor]),
            )
            for actor, ids in own.items()
        ),
        possible=tuple(possible),
    )


def _breaches(evaluation: Evaluation, commitment: str) -> list[EventMatch]:
    slots = [
        n
        for n, s in enumerate(evaluation.schedule.slots)
        if s.commitment == commitment and not s.reading and not s.span
    ]
    return [c for slot in slots for c in events_counting(evaluation, slot, RECORD.id) if c.role == "bad"]


def _acts(case: Case, event: Event, types: Iterable[str]) -> bool:
    """Whether a row names one of these actors, or a member of one, as who did it."""
    names = set(types)
    return any(names & {actor, *blocs_of(case, actor)} for actor in event.actor)


def not_judged(case: Case) -> tuple[dict[str, int], dict[str, int]]:
    """Return the hosts and the sources that nobody has judged, each with how many rows and claims it carries."""
    hosts: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    for text in (*(e.source for e in free(case.events.values())), *(c.citation for c in case.claims.values())):
        hosts.update(carrier.name for carrier in standing_of(case, text) if not carrier.standing)
    for claim in case.claims.values():
        if claim.document:
            sources.update(carrier.name for carrier in carriers_of(case, claim) if not carrier.standing)
    return dict(hosts.most_common()), dict(sources.most_common())
