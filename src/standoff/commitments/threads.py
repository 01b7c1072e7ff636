"""Threads: requests, offers, demands, threats and summits, how they were answered, and how each source tells it.

A thread is decided by those who were asked. What another party says of it stands beside the answer and decides nothing.
Where tellers disagree on one party's answer, the record is contested, unless the party's own public words decide. A day
is that of the claims and events which the thread points to; what is published later is not known before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from standoff.case.checks import at, register
from standoff.case.claims import RECORD, OfferSaid
from standoff.case.model import Case, Event, Kind, party_name, refuse_errors
from standoff.case.talks import ReplyState, Thread, ThreadKind, last_day
from standoff.errors import Problem
from standoff.evidence.accounts import find_account
from standoff.evidence.contradictions import overlap
from standoff.evidence.independence import origin
from standoff.evidence.standing import carrier_names
from standoff.evidence.statements import is_statement, said_on, speakers
from standoff.oneline import OneLine
from standoff.record_list import RecordList
from standoff.text.sentences import listing
from standoff.values import When, as_day

OPEN, GRANTED, IN_PART, REFUSED = (state.value for state in ReplyState)
OVERTAKEN, CONTESTED, DIVIDED = "overtaken", "contested", "divided"
STATES = {  # in words
    OPEN: "open",
    GRANTED: "granted",
    IN_PART: "granted in part",
    REFUSED: "refused",
    OVERTAKEN: "overtaken",
    CONTESTED: "contested: sources differ on the answer",
    DIVIDED: "divided: those asked answer differently",
}
OUTCOMES = {  # of a summit, in words
    OPEN: "no outcome is told",
    GRANTED: "agreed",
    IN_PART: "agreed in part",
    REFUSED: "no agreement",
    OVERTAKEN: "overtaken",
    CONTESTED: "contested: sources differ on the outcome",
    DIVIDED: "divided: those who met tell it differently",
}


@dataclass(frozen=True, slots=True, repr=False)
class Turn(OneLine):
    """One step of a thread: who asks or answers, what it comes to, in whose words, and what tells it.

    ``by`` who asks or answers; ``state`` empty for the asking; ``teller`` the innermost source of the claim, or those
    who publish the event; ``through`` the sources that pass it on, the outermost first. ``on`` is the day it happened
    as far as it is told, ``published`` the day it was.
    """

    by: tuple[str, ...]
    state: str
    text: str
    on: When | None
    published: date | None
    teller: str
    through: tuple[str, ...]
    claim: str = ""
    event: str = ""
    decides: bool = True  # whether those who answer are among those who were asked

    @property
    def is_reply(self) -> bool:
        """Whether this is an answer."""
        return bool(self.state)


@dataclass(frozen=True, slots=True, repr=False)
class TalkVersion(OneLine):
    """How one teller has a thread stand: ``teller`` a source, ``accounts`` those of the case it speaks in.

    ``state`` is empty where it tells no answer by those who were asked; ``beside`` are answers of others.
    """

    teller: str
    accounts: tuple[str, ...]
    state: str
    by: tuple[str, ...]
    beside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Talk(OneLine):
    """A thread on a day: its state in the record, since when, what each party answered, and how each teller has it.

    ``answers`` maps each party that was asked to its state; ``beside`` holds answers of others. ``late`` says that the
    day for an answer has passed without one.
    """

    thread: Thread
    state: str
    since: date | None
    answers: Mapping[str, str]
    beside: tuple[tuple[str, str], ...]
    late: bool
    turns: tuple[Turn, ...]
    versions: tuple[TalkVersion, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.state == OPEN

    @property
    def differs(self) -> bool:
        """Whether tellers have it stand differently, or somebody who was not asked says otherwise."""
        states = {version.state for version in self.versions if version.state}
        return self.state == CONTESTED or len(states) > 1 or any(state != self.state for _, state in self.beside)


def turns_of(case: Case, thread: Thread) -> tuple[Turn, ...]:
    """Return the steps of a thread, the asking and then each answer, in the order of their days.

    An event that must not be passed on is left out (``restricted``).
    """
    answers = {name for reply in thread.replies for name in (*reply.claims, *reply.events)}
    turns = [  # a claim that tells the asking and the answer at once is shown with its words beside the answer
        replace(turn, text=thread.title) if {turn.claim, turn.event} & answers else turn
        for turn in _tellings(case, thread.by, "", "", thread.on, thread.claims, thread.events, decides=True)
    ]
    for reply in thread.replies:
        decides = thread.kind == ThreadKind.SUMMIT or overlap(case, reply.by, thread.of)
        turns += _tellings(
            case, reply.by, reply.state.value, reply.text, reply.date, reply.claims, reply.events, decides=decides
        )
    latest = date.max
    return tuple(sorted(turns, key=lambda t: ((t.on and t.on.start) or t.published or latest, t.is_reply)))


def _tellings(
    case: Case,
    by: tuple[str, ...],
    state: str,
    text: str,
    day: When | None,
    claims: Iterable[str],
    events: Iterable[str],
    *,
    decides: bool,
) -> Iterator[Turn]:
    """Yield a step as each claim and event tells it."""
    days = [case.events[name].date for name in events if name in case.events]
    for name in claims:
        claim = case.claims[name]
        published = said_on(case, claim)
        told = claim.says.date if isinstance(claim.says, OfferSaid) and not state else None
        on = day or (days[0] if days else None) or told
        teller = origin(case, claim)
        through = tuple(n for n in claim.chain if n != teller)
        yield Turn(by, state, text or claim.text, on, published, teller, through, claim=name, decides=decides)
    for name in events:
        event = case.events[name]
        if event.restricted or set(event.claims) & set(claims):
            continue
        names = "; ".join(carrier_names(case, event))
        yield Turn(
            by,
            state,
            text or event.title,
            day or event.date,
            _publication(event),
            names,
            (),
            event=name,
            decides=decides,
        )


def _publication(event: Event) -> date | None:
    when = event.known or event.date
    return when.end or when.start


def last_of(when: When | None) -> date | None:
    """Return the last day that a date may mean, or its first where it has no end."""
    return None if when is None else when.end or when.start


def _day(turn: Turn) -> date | None:
    """Return the day a step counts from: when it is certain to have happened, or was published."""
    if turn.on is not None:
        return turn.on.end or turn.on.start
    return turn.published


def _is_by(turn: Turn, on: date | None, as_of: date | None) -> bool:
    day = (turn.on.start if turn.on else None) or turn.published
    happened = on is None or day is None or day <= on
    return happened and (as_of is None or turn.published is None or turn.published <= as_of)


def _answer(case: Case, turns: Iterable[Turn], party: str) -> str:
    """Return what a party answers in the record: its own public words decide, else the tellers where they agree."""
    turns = list(turns)
    own = [
        turn
        for turn in turns
        if turn.is_reply
        and party in turn.by
        and turn.claim
        and any(a.party == party and is_statement(case, a, case.claims[turn.claim]) for a in speakers(case))
    ]
    if own:
        return own[-1].state
    # an answer that came later and is told by nobody otherwise takes the place of an earlier one
    replies = [turn for turn in turns if turn.is_reply and party in turn.by]
    if not replies:
        return ""
    last = max((_day(turn) or date.min for turn in replies), default=date.min)
    states = {turn.state for turn in replies if (_day(turn) or date.min) == last}
    return states.pop() if len(states) == 1 else CONTESTED


def _state(
    case: Case, thread: Thread, turns: Iterable[Turn], on: date | None
) -> tuple[str, dict[str, str], tuple[tuple[str, str], ...], date | None]:
    """Return state, answers of those asked, answers of others, and since when, for some turns."""
    turns = list(turns)
    replies = [turn for turn in turns if turn.is_reply and turn.decides]
    parties = list(dict.fromkeys(p for turn in replies for p in turn.by))
    answers = {party: _answer(case, replies, party) for party in parties}
    others = [turn for turn in turns if turn.is_reply and not turn.decides]
    beside = tuple(
        (party, _answer(case, others, party)) for party in dict.fromkeys(p for turn in others for p in turn.by)
    )
    days = [day for turn in replies if (day := _day(turn)) is not None]
    decided = {state for state in answers.values() if state != OPEN}
    if CONTESTED in decided:
        return CONTESTED, answers, beside, max(days, default=None)
    if len(decided) > 1:
        return DIVIDED, answers, beside, max(days, default=None)
    if decided:
        return decided.pop(), answers, beside, max(days, default=None)
    end = last_of(thread.overtaken)
    if end is not None and (on is None or end <= on):
        return OVERTAKEN, answers, beside, end
    return OPEN, answers, beside, None


def _accounts(case: Case, claims: Iterable[str]) -> tuple[str, ...]:
    """Return the accounts in which claims are told: readings of their voice, and statements of a party itself."""
    names: dict[str, None] = {}
    for name in claims:
        claim = case.claims[name]
        document = case.documents.get(claim.document)
        for account in case.accounts.values():
            if account.is_record or account.is_pool:
                continue
            own = is_statement(case, account, claim) if account.is_statement else False
            voice = bool(document and document.voice == account.id) or claim.chain[:1] in [(v,) for v in account.voices]
            if own or (not account.is_statement and voice):
                names[account.id] = None
    return tuple(names)


def talks(
    case: Case, *, on: date | str | None = None, as_of: date | str | None = None, account: str = RECORD.id
) -> RecordList[Talk]:
    """Return the threads of a case as they stand on a day, in the order in which they begin.

    Parameters
    ----------
    case
        A case without errors.
    on
        The day; a thread that begins later is left out. Default: the end of the record.
    as_of
        Leave out what was published after this day.
    account
        ``record``, or an account: then only what that account tells counts.

    Returns
    -------
    RecordList of Talk

    Raises
    ------
    StandoffError
        The case has no such account, or has errors.

    Examples
    --------
    >>> import standoff as so
    >>> so.talks(so.load("idlib"), on="2018-09-15").where(state="refused")
    <3 of Talk>
    """
    refuse_errors(case)
    on, as_of = as_day(on, "on"), as_day(as_of, "as_of")
    chosen = find_account(case, account)
    standing = []
    for thread in case.threads.values():
        turns = [turn for turn in turns_of(case, thread) if _is_by(turn, on, as_of)]
        if not chosen.is_record:
            turns = [turn for turn in turns if turn.claim and chosen.id in _accounts(case, [turn.claim])]
        if not turns or (chosen.is_record and all(turn.is_reply for turn in turns) and thread.claims + thread.events):
            turns = turns if turns and not chosen.is_record else []
        if turns:
            standing.append(_talk(case, thread, turns, on))
    return RecordList(sorted(standing, key=lambda t: (_first(t), t.thread.id)))


def _first(talk: Talk) -> date:
    return min((day for turn in talk.turns if (day := (turn.on and turn.on.start) or turn.published)), default=date.max)


def _talk(case: Case, thread: Thread, turns: list[Turn], on: date | None) -> Talk:
    state, answers, beside, since = _state(case, thread, turns, on)
    versions = []
    for teller in dict.fromkeys(turn.teller for turn in turns if turn.claim):
        own = [turn for turn in turns if turn.teller == teller and turn.claim]
        one, by, others, _ = _state(case, replace(thread, overtaken=None), own, on)
        accounts = _accounts(case, (turn.claim for turn in own))
        versions.append(TalkVersion(teller, accounts, one if by else "", tuple(by), others))
    due = last_of(thread.due)
    late = state == OPEN and due is not None and on is not None and due < on
    return Talk(thread, state, since, answers, beside, late, tuple(turns), tuple(versions))


def tellings_of(case: Case, thread: str) -> tuple[str, ...]:
    """Return the threads that tell one request, in whichever way they name each other, in file order."""
    group, grown = {thread}, True
    while grown:
        more = {
            name
            for name, one in case.threads.items()
            if name in group or group & set(one.same_as) or any(name in case.threads[g].same_as for g in group)
        }
        grown, group = more != group, group | more
    return tuple(name for name in case.threads if name in group)


@register("commitments")
def check_threads(case: Case) -> Iterator[Problem]:
    """A thread is told by somebody, answers come from somebody and not before it is asked, and claims agree with it."""
    for key, thread in case.threads.items():
        if not thread.by:
            yield at(case, Kind.THREADS, key, "nobody asks", "by", expected="an actor, or several")
        if not thread.of and thread.kind != ThreadKind.SUMMIT:
            yield at(case, Kind.THREADS, key, "nobody is asked", "of", expected="an actor, or several")
        if not thread.claims and not thread.events and not any(r.claims or r.events for r in thread.replies):
            yield at(case, Kind.THREADS, key, "nothing tells it", expected="claims or events of the case")
        yield from _parties_differ(case, key, thread)
        askings = [t for t in turns_of(case, thread) if not t.is_reply]
        first = min((d for t in askings if (d := (t.on and t.on.start) or t.published)), default=None)
        for number, reply in enumerate(thread.replies):
            if not reply.by:
                yield at(case, Kind.THREADS, key, "nobody answers", "replies", number, expected="the key by: an actor")
            if not (reply.claims or reply.events):
                what = "nothing tells the answer"
                yield at(case, Kind.THREADS, key, what, "replies", number, expected="claims or events of the case")
            end = last_of(reply.date)
            if first is not None and end is not None and end < first:
                what = f"it is answered on {reply.date}, and asked on {first}"
                yield at(case, Kind.THREADS, key, what, "replies", number, "date", expected="a day after it is asked")
        for number, move in enumerate(thread.moves):
            commitment = case.commitments.get(move.commitment)
            if commitment is not None and last_day(commitment) is None:
                what = f"{move.commitment!r} has no last day that could be moved"
                expected = "a commitment with the key by, or a condition with one"
                yield at(case, Kind.THREADS, key, what, "moves", number, "commitment", expected=expected)
        if thread.overtaken and not thread.overtaken_by:
            what = "it is overtaken, and nothing is named that overtook it"
            yield at(case, Kind.THREADS, key, what, "overtaken", expected="the key overtaken_by", severity="warning")


def _parties_differ(case: Case, key: str, thread: Thread) -> Iterator[Problem]:
    """Yield where a claim names others as those who ask or are asked."""
    for number, name in enumerate(thread.claims):
        claim = case.claims.get(name)
        if claim is None or not isinstance(claim.says, OfferSaid):
            continue
        for said, field_name, parties in ((claim.says.from_, "by", thread.by), (claim.says.to, "of", thread.of)):
            if said and parties and not overlap(case, said, parties):
                who = listing(party_name(p, case.actors) for p in said)
                what = f"the claim {name!r} names {who}, the thread others"
                yield at(case, Kind.THREADS, key, what, "claims", number, expected=f"the same parties in {field_name}")
