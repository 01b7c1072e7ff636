"""What the words of a commitment amount to: readings, announcement, keys, and what its patterns are about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from standoff.case.model import Case
from standoff.case.terms import Commitment, Pattern
from standoff.case.vocabulary import SPENT, is_a, undone_by
from standoff.values import moment

TEXT = "text"  # how an answer names the text itself, as against a reading
SHARE = "share"  # the unit of an amount of which the largest report counts
PATTERNS = (
    "when", "then", "forbid", "while_", "except_", "verify", "release", "reopen", "cancel", "suspend", "resume",
)  # fmt: skip
_REPLACED = ("debtor", "creditor", "when", "then", "forbid", "while_", "within", "by", "except_", "answers_for", "duty")


def text_and_readings(commitment: Commitment) -> dict[str, Commitment]:
    """Return the commitment by reading: the text itself under an empty name, then each named interpretation."""
    terms = {"": commitment}
    for reading in commitment.readings:
        changes = {k: getattr(reading, k) for k in _REPLACED if getattr(reading, k) is not None}
        terms[reading.id] = replace(commitment, **changes)
    return terms


def in_the_hours_of(case: Case, term: Commitment) -> Commitment:
    """Return a commitment whose hours, and the days on which they lie, are those of the time zone of the case.

    The end of a day at Moscow is an hour of the next day at Baku. A day without an hour stays as it is written.
    """
    here = case.about.timezone
    agreement = case.agreements.get(term.agreement)
    zone = agreement.timezone if agreement is not None else ""
    if not zone or not here or zone == here:
        return term
    changes: dict[str, Any] = {}
    for key in ("from_", "until", "by"):
        when, hour = getattr(term, key), getattr(term, f"{key.strip('_')}_hour")
        if when is not None and when.is_day and hour:
            day, minute = moment(when.start, hour, zone, here)
            changes[key] = replace(when, start=day, end=day, text=day.isoformat())
            changes[f"{key.strip('_')}_hour"] = f"{minute // 60:02}:{minute % 60:02}"
    return replace(term, **changes)


def vague_days(term: Commitment) -> tuple[str, ...]:
    """Return which of the first and the last day in force are told as several days, such as a month."""
    days = (("from", term.from_), ("until", term.until))
    return tuple(name for name, when in days if when is not None and when.start and when.end and when.start < when.end)


def at_end(term: Commitment, span: str) -> Commitment:
    """Return a commitment at one end of what is not exact of its days: as early, or as late, as it may be in force."""
    changes: dict[str, Any] = {}
    for name in vague_days(term) if span else ():
        key = "from_" if name == "from" else "until"
        when = getattr(term, key)
        day = when.start if span == "low" else when.end
        changes[key] = replace(when, start=day, end=day, text=day.isoformat())
    return replace(term, **changes)


def announced(case: Case, commitment: Commitment) -> date:
    """Return the day a commitment became known: that of its agreement, else its own first day, whichever is earlier."""
    days = [commitment.from_.start or date.min]
    if commitment.agreement in case.agreements and (start := case.agreements[commitment.agreement].date.start):
        days.append(start)
    return min(days)


def is_about_events(pattern: Pattern) -> bool:
    """Whether a pattern can be decided on a single event: no states, no thresholds, no absence by a date."""
    inner = [*pattern.any, *pattern.all, *([pattern.not_] if pattern.not_ else [])]
    single = not pattern.commitment and pattern.at_least == 1 and not (pattern.not_ and pattern.by)
    return single and all(is_about_events(p) for p in inner)


def names_event(pattern: Pattern) -> bool:
    """Whether a pattern says anything about a single event itself."""
    keys = ("type", "actor", "target", "at", "within", "beyond", "listed", "event", "above")
    return any(getattr(pattern, key) for key in keys)


def says_actor(pattern: Pattern) -> bool:
    """Whether a pattern, or a part of it, says who acts."""
    return bool(pattern.actor) or any(says_actor(p) for p in (*pattern.any, *pattern.all))


def alternatives(pattern: Pattern | None) -> tuple[Pattern, ...]:
    """Return the alternatives of a pattern that is only an ``any``, else the pattern alone."""
    if pattern is None:
        return ()
    alone = replace(pattern, any=()) == Pattern()
    return pattern.any if pattern.any and alone else (pattern,)


def pattern_keys(case: Case, commitment: Commitment) -> tuple[str, ...]:
    """Return the keys a commitment names: the places (or actors) of its patterns; none named is one empty key."""
    if not commitment.key:
        return ("",)
    names: list[str] = []
    for pattern in (commitment.when, commitment.then, commitment.forbid):
        if pattern is not None:
            for p in everything(pattern):
                names += p.at if commitment.key == "place" else p.actor
    return tuple(dict.fromkeys(names)) or ("",)


PART_KEYS = {"actor": "actor", "place": "at", "type": "type"}  # what each and distinct go by -> key of a pattern


def distinct_of(term: Commitment) -> int:
    """Return how many different places, actors or types a quantity asks for; 0 where it adds up what is counted.

    A quantity that lists as many places as it owes asks for each of them, whether it says so or not.
    """
    if term.kind != "quantity" or term.amount is None or term.then is None:
        return 0
    listed = len(set(term.then.at)) > 1 and len(set(term.then.at)) == term.amount.value
    return -int(-term.amount.value // 1) if term.distinct or listed else 0


def duties_of(term: Commitment, names: Iterable[str] = ()) -> tuple[Pattern, ...]:
    """Return the parts of what is owed that count apart: of a joint duty, or each of what is counted once.

    ``names`` are those met in the record, where the text lists none. One part alone is the whole.
    """
    then = term.then
    if then is None:
        return ()
    if term.kind == "achieve" and not term.each and by_different_actors(then):
        return then.all
    by = term.each if term.kind == "achieve" else (term.distinct or "place") if distinct_of(term) else ""
    if not by:
        return (then,)
    key = PART_KEYS[by]
    listed = getattr(then, key) or tuple(name for part in then.any for name in getattr(part, key))
    if not listed and by == "actor" and not says_actor(then):
        listed = term.debtor
    parts = dict.fromkeys(listed or names)
    return tuple(_narrowed(then, key, name) for name in parts) or (then,)


def early_of(term: Commitment, names: Iterable[str] = ()) -> tuple[Pattern, ...]:
    """Return the parts of what is owed that may have been done before it was called in; none where it must be anew.

    What is done and lasts may have been: whoever has left need not leave again. So may whatever a text says counts.
    """
    if term.kind not in ("achieve", "quantity") or term.adverse or term.early == "anew":
        return ()
    parts = tuple(replace(part, by=None) for part in duties_of(term, names))
    if not all(is_about_events(part) for part in parts):
        return ()
    if term.early == "counts":
        return parts
    some = [_lasting(part) for part in parts]
    return tuple(part for part in some if part is not None) if None not in some else ()


def _lasting(pattern: Pattern) -> Pattern | None:
    """Return a pattern without the types of acts that do not last; None where nothing is left of it."""
    own = tuple(name for name in pattern.type if undone_by(name) is not None)
    if pattern.type and not own:
        return None
    if pattern.any and not pattern.type:
        some = tuple(part for part in map(_lasting, pattern.any) if part is not None)
        return replace(pattern, any=some) if some else None
    if not own and not any(_lasting(part) for part in pattern.all):
        return None
    return replace(pattern, type=own)


def undoing(pattern: Pattern) -> Pattern | None:
    """Return the acts that undo what a pattern asks for; None where nothing is known to."""
    own = tuple(dict.fromkeys(kind for name in pattern.type for kind in undone_by(name) or ()))
    some = tuple(part for part in map(undoing, (*pattern.any, *pattern.all)) if part is not None)
    if pattern.any and some:
        return replace(pattern, any=some, all=(), not_=None)
    return replace(pattern, type=own, any=(), all=(), not_=None) if own else some[0] if some else None


def is_spent(pattern: Pattern) -> bool:
    """Whether an act that a pattern asks for meets one call, as nobody is freed twice."""
    types = [name for part in everything(pattern) for name in part.type]
    return bool(types) and all(any(is_a(name, one) for one in SPENT) for name in types)


def _narrowed(pattern: Pattern, key: str, name: str) -> Pattern:
    """Return a pattern for one of the names that it, or an alternative of it, lists."""
    one: dict[str, Any] = {key: (name,)}
    if pattern.any and not getattr(pattern, key) and any(getattr(p, key) for p in pattern.any):
        return replace(pattern, any=tuple(replace(p, **one) for p in pattern.any if name in getattr(p, key)))
    return replace(pattern, **one)


def by_different_actors(then: Pattern) -> bool:
    """Whether the parts of an ``all`` are acts of different actors: acts of their own, which no one event does."""
    actors = [set(part.actor) for part in then.all]
    alone = replace(then, all=()) == Pattern()
    return alone and len(actors) > 1 and all(actors) and sum(map(len, actors)) == len(set().union(*actors))


def everything(pattern: Pattern) -> Iterable[Pattern]:
    """Yield a pattern and every pattern inside it."""
    yield pattern
    for part in (*pattern.any, *pattern.all, *([pattern.not_] if pattern.not_ else [])):
        yield from everything(part)


def with_what_they_read(case: Case, names: Iterable[str], *, replaced: bool = True) -> tuple[str, ...]:
    """Return commitments, in the order of the case, and those whose state they read.

    With ``replaced`` also permissions of their agreements and those that replace them, as the ledger has them.
    """
    needed, queue = set(), list(names)
    while queue:
        name = queue.pop()
        term = case.commitments.get(name)
        if term is None or name in needed:
            continue
        needed.add(name)
        for one in text_and_readings(term).values():
            for role in PATTERNS:
                pattern = getattr(one, role)
                for part in everything(pattern) if pattern is not None else ():
                    queue += part.commitment
        for other in case.commitments.values() if replaced else ():
            replaces = name in other.supersedes or name == other.amends
            permits = other.kind == "permission" and term.kind == "maintain"
            permits = permits and (other.amends == term.agreement != "" or other.agreement == term.agreement != "")
            if replaces or permits:
                queue.append(other.id)
    return tuple(name for name in case.commitments if name in needed)
