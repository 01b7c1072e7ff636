"""What a party or body itself says of a commitment: kept, broken, denies it, or nothing. Only its statements decide.

The events that bear on a commitment are those of the record. A party's word on each of them counts, and its word on the
commitment itself. Deadlines that pass and who watched decide nothing here; the clock (in force, due) is the record's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from standoff.case.terms import Commitment, CommitmentKind
from standoff.commitments.engine.states import RESULT_BROKEN, STATES
from standoff.commitments.monitor import Evaluation
from standoff.commitments.patterns.compiler import source_matches
from standoff.commitments.patterns.pattern import log_of
from standoff.commitments.patterns.wording import text_and_readings
from standoff.commitments.reasons import IN_TIME, LATE, EventMatch, events_counting, timing
from standoff.evidence.statements import CommitmentStatement, EventStatement, Statements
from standoff.oneline import OneLine

RECORD = "record"
WORD_TO_VERDICT = {"broken": "violated", "kept": "satisfied", "in-force": "detached"}
_DECIDED = ("satisfied", "violated")  # what only a finding of the record decides, and no clock


@dataclass(frozen=True, slots=True, repr=False)
class OwnWord(OneLine):
    """What one account says of one slot, up to the day of the ledger.

    ``says`` is one of `states.SAYS`; ``on`` the day of its latest word that decides it; ``late`` that what it says was
    done was done after its day; ``asserted`` and ``denied`` are events that bear on the slot, of ``of`` in the record;
    ``by`` whom it names as the one who broke or kept it; ``after`` acts of the kind that is threatened, which it
    reports after the last day of the threat.
    """

    says: str
    on: date | None
    late: bool
    asserted: tuple[str, ...]
    denied: tuple[str, ...]
    both: tuple[str, ...]
    of: int
    by: tuple[str, ...]
    claims: tuple[str, ...]
    after: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """What decides it, in a sentence."""
        acts = _many(len(self.asserted), "act")
        words = {
            "broken": f"asserts {acts} of others that it forbids" if self.asserted else "says so",
            "justified": "says that it was broken for a reason that allows it",
            "partly": "says that it was done in part",
            "kept": f"asserts {acts} by which it is kept" if self.asserted else "says so",
            "own-act": f"asserts {acts} of its own side that it forbids; does not call that a breach",
            RESULT_BROKEN: f"asserts {acts} against the result; says nothing of the effort that is owed",
            "both": f"asserts and denies {_many(len(self.both), 'act')}",
            "denies": f"denies {len(self.denied)} of {_many(self.of, 'recorded act')}",
            "in-force": "says that it is in force",
            "silent": "no statement of its own on the commitment or on what bears on it is in the record",
        }[self.says]
        if self.after:
            acts = f"asserts {_many(len(self.after), 'act')} of the kind after its last day, not that it is carried out"
            words = acts if self.says == "silent" else f"{words}; {acts}"
        if self.denied and self.says not in ("denies", "silent"):
            words += f"; denies {len(self.denied)} of {self.of}"
        return words


def _many(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def own_word(evaluation: Evaluation, slot: int, account: str) -> OwnWord:
    """Return what a statement account says of a slot, by its statements up to the day of the ledger.

    The first that applies: justified (it says that it was broken, and rightly), broken (it says so, or asserts an act
    of somebody else that breaks it), kept in part, kept,
    own-act (it reports an act of its own side that the text forbids), both (one act asserted and denied), denies, in
    force, silent. Of words on the commitment itself the latest counts. Where an effort is owed, acts alone break
    nothing: only words on the commitment do, and acts are ``result-broken``.

    What it reports as done counts where the record has it called in; what comes after the last day is late. A threat
    whose last day has passed is not carried out by a later act of the kind, unless the party says that it is.
    """
    own = evaluation.schedule.slots[slot]
    statements = evaluation.statements[account]
    deciding = ("bad", "cancel") if own.kind == CommitmentKind.MAINTAIN else ("then", "cancel")
    events = {
        c.event: c
        for c in events_counting(evaluation, slot, RECORD, asserted=False)
        if c.certain and c.role in deciding
    }
    asserted = tuple(e for e in events if statements.asserted(e))
    denied = tuple(e for e in events if statements.denied(e))
    both = tuple(e for e in events if e in statements.events and e not in asserted and e not in denied)
    harm = tuple(
        e
        for e in asserted
        if events[e].role != "then" and statements.named(e) and _so_said(evaluation, slot, events[e], statements)
    )  # naming nobody charges nobody
    times = {e: timing(evaluation, slot, RECORD, events[e]) for e in asserted if events[e].role == "then"}
    adverse = own.adverse
    done = tuple(e for e, when in times.items() if when == IN_TIME or (when == LATE and not adverse))
    after = tuple(e for e, when in times.items() if when == LATE and adverse)
    words = [w for w in statements.commitments.get(own.commitment, ()) if w.reading == own.reading]
    latest = words[-1] if words else None
    named = [latest.claim] if latest else []
    others, mine = _sides(evaluation, account, harm)
    effort = _term(evaluation, slot).duty == "effort"
    if latest and latest.says == "justified":  # it was broken, and rightly, as this party says
        return _word_of(statements, "justified", harm, denied, both, len(events), latest.by, named, latest)
    if latest and latest.says == "broken":
        by = latest.by if effort else tuple(dict.fromkeys((*latest.by, *_doers(statements, others))))
        return _word_of(statements, "broken", () if effort else others, denied, both, len(events), by, named, latest)
    if others and not effort:
        return _word_of(statements, "broken", others, denied, both, len(events), _doers(statements, others), [], None)
    if (latest and latest.says == "partly") or (done and not _enough(evaluation, slot, done)):
        return _word_of(
            statements, "partly", done, denied, both, len(events), latest.by if latest else (), named, latest
        )
    if done or (latest and latest.says == "kept"):
        late = bool(times) and all(when == LATE for when in times.values())
        by = latest.by if latest else ()
        return _word_of(statements, "kept", done, denied, both, len(events), by, named, latest, late=late)
    if harm:
        acts, word = (others or mine), "own-act" if not others else RESULT_BROKEN
        return _word_of(statements, word, acts, denied, both, len(events), _doers(statements, acts), [], None)
    if both or denied:
        return _word_of(statements, "both" if both else "denies", (), denied, both, len(events), (), [], None)
    if latest:
        answer = _word_of(statements, "in-force", (), denied, both, len(events), latest.by, named, latest)
    else:
        answer = _word_of(statements, "silent", (), denied, both, len(events), (), [], None)
    return replace(answer, after=after)


def _so_said(evaluation: Evaluation, slot: int, match: EventMatch, statements: Statements) -> bool:
    """Whether an act breaks a commitment with the targets that the party itself names, and not only as it is recorded.

    Whoever says that it struck a listed group does not say that it struck civilians.
    """
    said = statements.struck(match.event)
    event = evaluation.case.events.get(match.event)
    if not said or event is None or not event.target or set(said) == set(event.target):
        return True
    log = log_of((replace(event, target=said),))
    return any(
        served == (slot, match.role) and source_matches(evaluation.matcher, source, log)[0][0]
        for source, served in zip(evaluation.schedule.matchers, evaluation.schedule.signals, strict=True)
    )


def _sides(evaluation: Evaluation, account: str, events: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part acts into those of others and those in which the party of an account took part, or what it belongs to.

    A member that reports an act of its whole reports one of its own side, unless it says that it was itself the target.
    """
    party, statements = evaluation.case.accounts[account].party, evaluation.statements[account]
    counts_as = evaluation.matcher.counts_as

    def own(event: str) -> bool:
        doers = statements.named(event)
        if any(counts_as(name, party, {}) for name in doers):
            return True
        struck = any(counts_as(name, party, {}) for name in statements.struck(event))
        return not struck and any(counts_as(party, name, {}) for name in doers)

    mine = tuple(e for e in events if own(e))
    return tuple(e for e in events if e not in mine), mine


def _word_of(
    statements: Statements,
    says: str,
    asserted: tuple[str, ...],
    denied: tuple[str, ...],
    both: tuple[str, ...],
    of: int,
    by: tuple[str, ...],
    claims: Sequence[str],
    latest: CommitmentStatement | None,
    *,
    late: bool = False,
) -> OwnWord:
    used: list[EventStatement] = []
    for event in asserted or (both if says == "both" else denied if says == "denies" else ()):
        used += statements.events.get(event, ())
    days = [one.on for one in used]
    if latest is not None:
        days.append(latest.on)
    names = tuple(dict.fromkeys((*claims, *(one.claim for one in used))))
    return OwnWord(says, max(days, default=None), late, asserted, denied, both, of, by, names)


def _doers(statements: Statements, events: Sequence[str]) -> tuple[str, ...]:
    """Return whom an account itself names as who did some acts."""
    return tuple(dict.fromkeys(name for event in events for name in statements.named(event)))


def _term(evaluation: Evaluation, slot: int) -> Commitment:
    own = evaluation.schedule.slots[slot]
    return text_and_readings(evaluation.case.commitments[own.commitment])[own.reading]


def _enough(evaluation: Evaluation, slot: int, done: Sequence[str]) -> bool:
    """Whether what an account says was done is all that was owed; only amounts can be done in part."""
    own = evaluation.schedule.slots[slot]
    if own.kind != CommitmentKind.QUANTITY:
        return True
    term = _term(evaluation, slot)
    events = {r.event.id: r.event for r in evaluation.reports[RECORD]}
    amounts = [events[e].low or events[e].high or 1.0 for e in done if e in events]
    owed = term.amount.value if term.amount else 1.0
    return (max(amounts, default=0.0) if evaluation.schedule.peak[slot] else sum(amounts)) >= owed


def clock(state: str) -> str:
    """Return the state that a row of statements shows: the record's clock, without what only a finding decides."""
    return "detached" if state in _DECIDED else state if state in STATES else "detached"


def bearing(evaluation: Evaluation, slot: int, account: str) -> tuple[EventMatch, ...]:
    """Return the record's events of a slot of which a statement account says anything, by day."""
    statements = evaluation.statements[account]
    return tuple(c for c in events_counting(evaluation, slot, RECORD, asserted=False) if c.event in statements.events)
