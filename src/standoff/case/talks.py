"""Talks and signals: who asked whom for what and how it was answered; and what was moved or shown for others to see.

Both point to claims and events, and copy nothing: days, words and sources are those of the claims and events.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from standoff.oneline import OneLine
from standoff.values import When

if TYPE_CHECKING:
    from standoff.case.model import Case
    from standoff.case.terms import Commitment

_STRICT: dict[str, str] = {"extra": "forbid"}


class ThreadKind(StrEnum):
    """What a thread begins with."""

    REQUEST = "request"
    OFFER = "offer"
    DEMAND = "demand"
    THREAT = "threat"
    SUMMIT = "summit"


class ReplyState(StrEnum):
    """What an answer comes to: ``open`` is an answer that decides nothing, such as that it is looked into."""

    OPEN = "open"
    GRANTED = "granted"
    IN_PART = "granted-in-part"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reply(OneLine):
    """An answer: by whom, what it comes to, and the claims or events that tell it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    state: ReplyState
    by: tuple[str, ...]  # who answers; it decides the thread where it is one of those who were asked
    claims: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    date: When | None = None  # where the claims and events do not tell the day
    text: str = ""  # the answer in our words; empty: those of the claim or event


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Move(OneLine):
    """What granting a request does to a commitment: another last day to perform."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    commitment: str
    by: When  # the new last day


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Thread(OneLine):
    """A request, offer, demand, threat or summit, with its answers and what it does to commitments.

    ``claims`` and ``events`` tell the asking; each answer has its own. ``same_as`` names threads that are other
    tellings of one request, ``follows`` those that it takes up again. Where it is granted, ``makes`` are commitments
    that come of it, ``ends`` those it ends, and ``moves`` those that get another last day.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    kind: ThreadKind
    title: str  # what is asked, in our words
    by: tuple[str, ...]  # who asks; of a summit: who meets
    of: tuple[str, ...] = ()  # who is asked
    via: tuple[str, ...] = ()  # who carries it between them
    on: When | None = None  # the day it was asked, where the claims and events do not tell the day
    due: When | None = None  # by when an answer was asked
    claims: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()
    overtaken: When | None = None  # the day from which no answer matters any more
    overtaken_by: tuple[str, ...] = ()  # events that overtook it
    makes: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    same_as: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    row: tuple[str, ...] = ()  # rows of the coding sheet
    note: str = ""


class SignalKind(StrEnum):
    """What is moved, shown or said for others to see."""

    DEPLOYMENT = "deployment"
    REINFORCEMENT = "reinforcement"
    EXERCISE = "exercise"
    SHIPMENT = "shipment"
    OVERFLIGHT = "overflight"
    MAP = "map"
    STATEMENT = "statement"


class SignalCost(StrEnum):
    """What a signal costs who sends it, as far as anything tells: words cost least, what cannot be undone most."""

    UNKNOWN = "unknown"
    LOW = "low"
    SOME = "some"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Signal(OneLine):
    """A deployment, exercise, shipment, overflight, map or statement: by whom, towards whom, seen by whom, meant how.

    ``claims`` and ``events`` tell it; ``means`` are claims of what it is said to mean, each with its own teller.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    kind: SignalKind
    title: str
    by: tuple[str, ...]
    towards: tuple[str, ...] = ()  # whom it is to reach; empty: not told
    claims: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    date: When | None = None  # where the claims and events do not tell the day
    cost: SignalCost = SignalCost.UNKNOWN
    cost_why: str = ""  # what the cost is judged by
    seen_by: tuple[str, ...] = ()  # actors that can see it, or 'public'; empty: not told
    means: tuple[str, ...] = ()  # claims of what it is said to mean
    commitments: tuple[str, ...] = ()  # promises and threats that it is said to stand for
    row: tuple[str, ...] = ()  # rows of the coding sheet
    note: str = ""


# A granted delay moves a last day. What comes of it is a commitment like any other: it lives in the accounts that tell
# that the delay was granted, and takes the place of the first from the day of the answer.


def moved_commitments(case: Case) -> dict[str, Commitment]:
    """Return the commitments that granted requests put in the place of others, with their new last day.

    One for each ``moves`` of a thread with an answer by one of those asked that grants it, called
    ``COMMITMENT-moved-by-THREAD``: what the first one is, from the day of the answer, due on the new day. It rests on
    the claims that tell the answer, or on the sources of the events that do. An answer after the last day moves
    nothing.
    """
    moved: dict[str, Commitment] = {}
    for thread in case.threads.values():
        for reply in thread.replies if thread.moves else ():
            day = _answer_day(case, reply)
            if reply.state != ReplyState.GRANTED or not set(reply.by) & set(thread.of) or day is None:
                continue
            for move in thread.moves:
                first = case.commitments.get(move.commitment)
                last = last_day(first) if first is not None else None
                if first is None or last is None or day > (last.end or last.start or date.max):
                    continue
                name = f"{first.id}-moved-by-{thread.id}"
                sources = [case.events[e].source for e in reply.events if e in case.events and case.events[e].source]
                moved.setdefault(
                    name,
                    replace(
                        first,
                        id=name,
                        title=f"{first.title} (last day moved to {move.by})",
                        from_=When.parse(day),
                        by=move.by if first.by is not None else None,
                        when=replace(first.when, by=move.by)
                        if first.by is None and first.when is not None
                        else first.when,
                        until=None,
                        agreement="",
                        supersedes=(first.id,),
                        claims=reply.claims,
                        citation="" if reply.claims else " ; ".join(sources),
                        same_as=(),
                        readings=(),
                        row=(),
                        note=f"moved by the thread {thread.id}",
                    ),
                )
    return moved


def last_day(commitment: Commitment) -> When | None:
    """Return the day that a request can move: the last to perform, or the last on which a condition can come true."""
    if commitment.by is not None or commitment.when is None:
        return commitment.by
    return commitment.when.by


def _answer_day(case: Case, reply: Reply) -> date | None:
    """Return the day from which an answer counts: the last that it may have come on, or that it was published on."""
    for when in (reply.date, *_days(case, reply)):
        if when is not None and (day := when.end or when.start) is not None:
            return day
    return None


def _days(case: Case, reply: Reply) -> Iterator[When | None]:
    yield from (case.events[name].date for name in reply.events if name in case.events)
    for name in reply.claims:
        claim = case.claims.get(name)
        document = case.documents.get(claim.document) if claim else None
        yield claim.published if claim else None
        yield document.published if document else None
