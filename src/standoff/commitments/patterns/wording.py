"""What the words of a commitment amount to: readings, announcement, keys, and what its patterns are about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from standoff.case.model import Case
from standoff.case.terms import Commitment, Pattern

TEXT = "text"  # how an answer names the text itself, as against a reading
PATTERNS = ("when", "then", "forbid", "while_", "except_", "release", "cancel", "suspend", "resume")
_REPLACED = ("debtor", "creditor", "when", "then", "forbid", "while_", "within", "by", "except_", "answers_for", "duty")


def text_and_readings(commitment: Commitment) -> dict[str, Commitment]:
    """Return the commitment by reading: the text itself under an empty name, then each named interpretation."""
    terms = {"": commitment}
    for reading in commitment.readings:
        changes = {k: getattr(reading, k) for k in _REPLACED if getattr(reading, k) is not None}
        terms[reading.id] = replace(commitment, **changes)
    return terms


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
    keys = ("type", "actor", "target", "at", "within", "beyond", "listed", "event")
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


def everything(pattern: Pattern) -> Iterable[Pattern]:
    """Yield a pattern and every pattern inside it."""
    yield pattern
    for part in (*pattern.any, *pattern.all, *([pattern.not_] if pattern.not_ else [])):
        yield from everything(part)
