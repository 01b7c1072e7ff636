"""The state of a whole agreement, derived from where its provisions stand, per account, at a date.

An agreement is in force while something in it is owed or held. It is fulfilled when every provision that could be kept
was kept and nothing is owed (Symboleo's successful termination). It has ended when nothing is owed and it was not
fulfilled (unsuccessful termination), and it is superseded where a successor took its place. A breach ends nothing: a
broken ceasefire that still binds is in force, and so is an agreement of which a duty was missed, until the duty is done
late or something else in the agreement is released, cancelled or replaced on the day of the miss or later.
Permissions bind nobody: they count only where there is nothing else.

A provision whose course is open may stand in several ways. The agreement is judged in every combination of them, and
its state is ``contested`` or ``unknown`` only where the combinations differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from standoff.case.model import Case
from standoff.case.terms import DONE_ONCE, CommitmentKind
from standoff.commitments.engine.rules import AllOf, Entered, Holds
from standoff.commitments.engine.states import (
    CANCELLED,
    CODE,
    CONTESTED,
    EXPIRED,
    NOT_YET,
    RELEASED,
    RESULT_BROKEN,
    SATISFIED,
    SUPERSEDED,
    UNKNOWN,
    VIOLATED,
)
from standoff.commitments.ledger import verdict_at
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.patterns.wording import text_and_readings
from standoff.commitments.reasons import is_unobservable
from standoff.oneline import OneLine

IN_FORCE, FULFILLED, ENDED, REPLACED, LATER = "in force", "fulfilled", "ended", "superseded", "not yet in force"
NEVER_MADE = "never made"
_OPEN_VERDICTS = frozenset(("conditional", "detached", "suspended"))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AgreementRow(OneLine):
    """Where one agreement stands, as one account tells it.

    ``state`` is one of ``possible`` if there is only one, else ``contested`` or ``unknown``; ``undecided`` names the
    provisions that could stand in more than one way. ``provisions`` counts those the account holds; ``kept``,
    ``broken``, ``contested`` and ``unknown`` count their verdicts (over all places, of one held at several), and
    ``in_force`` those still owed or held, broken ones among them. ``successors`` are the agreements that
    took its place.
    """

    agreement: str
    title: str
    account: str
    state: str
    possible: tuple[str, ...]
    provisions: int
    kept: int
    broken: int
    contested: int
    unknown: int
    in_force: int
    successors: tuple[str, ...]
    undecided: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Stand(OneLine):
    """How a provision, or several together, stand in one completion.

    ``marks`` are among later, open, kept, over (its time ran out, or done late, after a breach), missed, act (released,
    cancelled or replaced), replaced, lapsed and free (a permission that stands). ``missed`` and ``act`` are the latest
    day numbers of either, -1 for none.
    """

    marks: frozenset[str]
    missed: int = -1
    act: int = -1

    def __or__(self, other: Stand) -> Stand:
        """Both together: the order does not matter."""
        return Stand(self.marks | other.marks, max(self.missed, other.missed), max(self.act, other.act))


def name(together: Stand) -> str:
    """Return the state of an agreement whose provisions stand so."""
    marks = together.marks
    bound = marks & {"kept", "missed", "over", "act"}
    if "open" in marks:
        return IN_FORCE
    if "later" in marks:
        return IN_FORCE if bound else LATER
    if "kept" in bound and bound == {"kept"}:
        return FULFILLED
    if together.missed > together.act or ("free" in marks and not bound):
        return IN_FORCE
    return REPLACED if "replaced" in marks else ENDED


def combine(provisions: Iterable[frozenset[Stand]], start: Stand = Stand(frozenset())) -> frozenset[str]:
    """Return every state that some choice of one stand for each provision gives."""
    together = {start}
    for ways in provisions:
        together = {one | other for one in together for other in ways}
    return frozenset(name(one) for one in together)


def agreements(
    case: Case, account: str | Sequence[str] | None = None, *, on: date | None = None, as_of: date | None = None
) -> tuple[AgreementRow, ...]:
    """Return the state of every agreement that has provisions in the ledger.

    Raises StandoffError as ``ledger`` does.
    """
    accounts = [account] if isinstance(account, str) else account
    return agreement_rows(evaluate(case, accounts, on=on, as_of=as_of))


def agreement_rows(evaluation: Evaluation) -> tuple[AgreementRow, ...]:
    """Return the agreements of a finished run at its day, in the order of the case, then of accounts."""
    slots: dict[str, list[int]] = {}
    for index, slot in enumerate(evaluation.schedule.slots):
        own = evaluation.case.commitments[slot.commitment]
        if not slot.span and not own.adverse:
            slots.setdefault(own.agreement, []).append(index)
    return tuple(
        _row(evaluation, a, slots[a], account)
        for a in evaluation.case.agreements
        if a in slots
        for account in evaluation.accounts
        if account in evaluation.row_accounts
    )


def _row(evaluation: Evaluation, agreement: str, slots: Sequence[int], account: str) -> AgreementRow:
    harsh, lenient = evaluation.columns(account)
    own = [s for s in slots if evaluation.state.own_reading[harsh, s]]
    ways = {s: _ways(evaluation, s, account) for s in own}
    named = [
        a.id
        for a in evaluation.case.agreements.values()
        if agreement in a.supersedes and a.date.start and a.date.start <= evaluation.on
    ]
    possible = combine(ways.values(), Stand(frozenset({"replaced"} if named else ())))
    open_ = [s for s in own if len(ways[s]) > 1]
    index = evaluation.accounts.index(account)
    if not own:
        state = NEVER_MADE
    elif len(possible) == 1:
        (state,) = possible
    else:
        state = CONTESTED if any(evaluation.disputed_from[index, s] <= evaluation.today for s in open_) else UNKNOWN
    by: dict[str, list[int]] = {}
    for s in own:
        by.setdefault(evaluation.schedule.slots[s].commitment, []).append(s)
    verdicts = [_verdict({_of_slot(evaluation, s, account) for s in group}) for group in by.values()]
    live = [any("open" in way.marks or "free" in way.marks for s in group for way in ways[s]) for group in by.values()]
    successors = [_successor(evaluation, s, harsh) for s in own if evaluation.state.last[lenient, s] == SUPERSEDED]
    return AgreementRow(
        agreement=agreement,
        title=evaluation.case.agreements[agreement].title,
        account=account,
        state=state,
        possible=tuple(sorted(possible)) if own else (),
        provisions=len(by),
        kept=verdicts.count("satisfied"),
        broken=verdicts.count("violated"),
        contested=verdicts.count(CONTESTED),
        unknown=verdicts.count(UNKNOWN),
        in_force=sum(live),
        successors=tuple(sorted({*named, *successors} - {"", agreement})),
        undecided=tuple(dict.fromkeys(evaluation.schedule.slots[s].commitment for s in open_)),
    )


def _of_slot(evaluation: Evaluation, slot: int, account: str) -> str:
    if _unobservable(evaluation, slot):
        return UNKNOWN
    verdict = verdict_at(evaluation, slot, account, evaluation.today)
    return "detached" if verdict == RESULT_BROKEN else verdict  # of an effort no more is known than that it is owed


def _verdict(verdicts: set[str]) -> str:
    """One verdict for a provision held at several places: a firm breach first, then what is open."""
    for first in ("violated", CONTESTED, UNKNOWN):
        if first in verdicts:
            return first
    return next(iter(sorted(verdicts & _OPEN_VERDICTS)), min(verdicts, key=lambda v: CODE[v]))


def _unobservable(evaluation: Evaluation, slot: int) -> bool:
    own = evaluation.schedule.slots[slot]
    return is_unobservable(text_and_readings(evaluation.case.commitments[own.commitment])[own.reading])


def _ways(evaluation: Evaluation, slot: int, account: str) -> frozenset[Stand]:
    own = evaluation.schedule.slots[slot]
    stands = {
        _stand(evaluation, s, c, evaluation.columns(account))
        for s in evaluation.schedule.ends_of(slot)
        for c in evaluation.columns(account)
    }
    if _unobservable(evaluation, slot):  # nobody could have reported it done, or broken
        if any("open" in way.marks for way in stands) and own.kind in DONE_ONCE:
            stands.add(Stand(frozenset({"kept"})))
        elif any("kept" in way.marks for way in stands):
            stands.add(Stand(frozenset({"over"})))
    return frozenset(stands)


def _stand(evaluation: Evaluation, slot: int, column: int, pair: tuple[int, int]) -> Stand:
    state, schedule = evaluation.state, evaluation.schedule
    kind, code = schedule.slots[slot].kind, int(state.state[column, slot])
    since = int(state.since[column, slot])
    if code == NOT_YET or schedule.opens[slot] > evaluation.today:
        return Stand(frozenset({"later"}))
    if kind == CommitmentKind.PERMISSION:
        after = "over" if state.kept[column, slot] else "lapsed"
        return Stand(frozenset({"free" if state.live[column, slot] else after}))
    if state.live[column, slot] and not _spent(evaluation, slot, column, pair):
        return Stand(frozenset({"open"}))
    last = int(state.last[column, slot])
    if last in (RELEASED, CANCELLED, SUPERSEDED):
        replaced = last == SUPERSEDED and _successor(evaluation, slot, column) not in ("", _agreement(evaluation, slot))
        return Stand(frozenset({"act", "replaced"} if replaced else {"act"}), act=since)
    if last == EXPIRED or state.begun[column, slot] == 0:
        return Stand(frozenset({"lapsed"}))
    if last == SATISFIED and state.broken[column, slot] == 0:
        return Stand(frozenset({"kept"}))
    if last == VIOLATED and kind in DONE_ONCE and state.remedied[column, slot] < 0:
        return Stand(frozenset({"missed"}), missed=since)
    return Stand(frozenset({"over"}))


def _spent(evaluation: Evaluation, slot: int, column: int, pair: tuple[int, int]) -> bool:
    """Whether a conditional provision can never be called in again: it waits for a state that can no longer come."""
    state, rules = evaluation.state, dict(evaluation.schedule.rules["when"])
    if state.waiting[column, slot] > 0 or state.suspended[column, slot] or slot not in rules:
        return False
    rule = rules[slot]
    once = isinstance(rule, Entered)
    inner = rule.of if isinstance(rule, Entered) else rule
    for part in inner.parts if isinstance(inner, AllOf) else (inner,):
        if isinstance(part, Holds):
            targets = [t for t in part.slots if state.own_reading[column, t]]
            over = all(not state.live[c, t] and state.state[c, t] != NOT_YET for c in pair for t in targets)
            reached = any(state.state[c, t] in part.codes for c in pair for t in targets)
            alone = part is inner and once and state.begun[column, slot] > 0
            if over and (alone or not reached):
                return True
    return False


def _agreement(evaluation: Evaluation, slot: int) -> str:
    return evaluation.case.commitments[evaluation.schedule.slots[slot].commitment].agreement


def _successor(evaluation: Evaluation, slot: int, column: int) -> str:
    """Return the agreement of the provision that took the place of this one, or nothing."""
    schedule = evaluation.schedule
    news = [
        n
        for old, n in schedule.succeeds
        if old == slot and evaluation.state.own_reading[column, n] and schedule.opens[n] <= evaluation.today
    ]
    return next((a for n in sorted(news, key=lambda n: int(schedule.opens[n])) if (a := _agreement(evaluation, n))), "")
