"""What is forbidden and yet allowed: permissions that bear on a prohibition, and which exceptions meet in one event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from standoff.case.terms import Commitment, Pattern
from standoff.case.vocabulary import is_a
from standoff.commitments.wording import alternatives, is_about_events, names_event, says_actor

MOST_MEETINGS = 64  # sets of exceptions that one event may meet; each is counted apart


def forbidden_by(term: Commitment) -> Pattern | None:
    """Return what a ``maintain`` forbids, with its debtors as actors where it names none; None for other kinds."""
    if term.kind != "maintain":
        return None
    forbidden = term.forbid
    if forbidden is None and term.then is not None and term.then.not_ is not None and not names_event(term.then):
        forbidden = term.then.not_
    if forbidden is None or says_actor(forbidden) or forbidden.commitment:
        return forbidden
    return replace(forbidden, actor=term.debtor)


def parted(exception: Pattern) -> tuple[Pattern | None, Pattern]:
    """Part an exception into the events it names, if any, and the state of things it asks for."""
    events = replace(exception, commitment=(), state=(), all=tuple(p for p in exception.all if is_about_events(p)))
    rest = replace(
        Pattern(),
        commitment=exception.commitment,
        state=exception.state,
        all=tuple(p for p in exception.all if not is_about_events(p)),
    )
    return (events if names_event(events) or events.all else None), rest


def permissions_for(term: Commitment, commitments: Iterable[Commitment]) -> list[tuple[Commitment, Pattern]]:
    """Return the permissions of the same agreement, or that amend the term or it, with the events they allow."""
    found = []
    for p in commitments:
        if p.kind != "permission" or p.then is None:
            continue
        if (p.agreement and p.agreement == term.agreement) or p.amends in (term.id, term.agreement or "-"):
            found.append((p, p.then if says_actor(p.then) else replace(p.then, actor=p.debtor)))
    return found


def by_state(term: Commitment, commitments: Iterable[Commitment]) -> list[Pattern]:
    """Return the events of the exceptions and permissions of a term that hold only in some state of things."""
    parts = [parted(e)[0] for e in alternatives(term.except_) if not is_about_events(e)]
    return [p for p in parts if p is not None] + [p for _, p in permissions_for(term, commitments)]


def meetings(forbidden: Pattern, exceptions: Sequence[Pattern]) -> Iterator[tuple[int, ...]]:
    """Yield the sets of exceptions, by position, that one forbidden event may match, none of them first.

    An event has one type. So two patterns with types can match the same event only where a type of the one is a kind of
    a type of the other.
    """
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        met = waiting.pop(0)
        yield met
        for n in range(met[-1] + 1 if met else 0, len(exceptions)):
            if all(_may_meet(exceptions[n], p) for p in (forbidden, *(exceptions[m] for m in met))):
                waiting.append((*met, n))


def _may_meet(one: Pattern, other: Pattern) -> bool:
    return not (one.type and other.type) or any(is_a(t, u) or is_a(u, t) for t in one.type for u in other.type)
