"""Whether something came about between two days, by rule: from events that all accounts share, and from who watched.

A question is answered only where somebody would have reported the thing on every day of its window (coverage.csv).
Without that, windows with an event would be answered and windows without one would not, and what is asked about would
seem to come about more often than it does. People displaced are reported when a wave is on and not when none is, so
that questions about them are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from standoff.case.model import Case
from standoff.case.strategy import Outcome
from standoff.commitments.coverage import covers
from standoff.experiment.baselines import matches, watched_for


@dataclass(frozen=True, slots=True)
class Resolution:
    """``came`` is None where the window cannot be answered; ``why`` names the event, or what is missing."""

    came: bool | None
    why: str


def disputed(case: Case) -> set[str]:
    """Return the events that some answer to a dispute asserts or denies: not all accounts have them."""
    return {
        event
        for dispute in case.disputes.values()
        for answer in dispute.answers
        for event in (*answer.sets.asserts, *answer.sets.denies)
    }


def _actors(case: Case, outcome: Outcome) -> set[str]:
    if outcome.border:
        return {o.actor for o in case.options.values() if o.sets_border == outcome.border}
    return set(outcome.event.actor) if outcome.event else set()


def unwatched(case: Case, outcome: Outcome, first: date, last: date) -> int:
    """Return on how many days from ``first`` to ``last`` nobody is known to have watched for an outcome's events.

    Coverage counts where it names a type of event or a broader one, all who are asked about (or nobody), and no area:
    the outcomes of a run have none.
    """
    pattern = watched_for(outcome)
    days = {first + timedelta(days=i) for i in range((last - first).days + 1)}
    if pattern is None:
        return len(days)
    missing: set[date] = set()
    actors = _actors(case, outcome)
    for kind in pattern.type:
        seen: set[date] = set()
        for record in case.coverage:
            whose = not record.actor or bool(actors and actors <= set(record.actor))
            if whose and not record.within and covers(record.types, kind):
                begin, end = record.from_.start or first, record.to.end or last
                seen |= {day for day in days if begin <= day <= end}
        missing |= days - seen
    return len(missing)


def resolve(case: Case, outcome: Outcome, first: date, last: date) -> Resolution:
    """Return whether an outcome came about from ``first`` to ``last``; ``case`` is the whole record."""
    if outcome.people:
        return Resolution(None, "whether people are not displaced is not reported")
    missing = unwatched(case, outcome, first, last)
    if missing:
        return Resolution(None, f"nobody is known to have watched on {missing} days")
    within: list[str] = []
    unsure: list[str] = []
    told = disputed(case)
    for event in case.events.values():
        if not event.date.possibly_within(first, last) or not matches(outcome, event):
            continue
        sure = event.date.certainly_within(first, last) and event.id not in told
        (within if sure else unsure).append(event.id)
    if within:
        return Resolution(True, _named(within))
    return Resolution(None, f"not told alike or not dated well: {_named(unsure)}") if unsure else Resolution(False, "")


def _named(events: Iterable[str]) -> str:
    return ", ".join(sorted(events)[:3])
