"""Forecasts that need no model of the standoff: the recorded rate, no change, and which outcome a question means."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp

from standoff.case.model import Case, Event
from standoff.case.strategy import Outcome, Question
from standoff.case.terms import Pattern
from standoff.case.vocabulary import is_a
from standoff.errors import Problem, StandoffError, nearest

RECENT = 30  # days that "no change" looks back
EPISODE = 30  # days within which recorded events of a kind count as one
SURE = 0.95  # what "no change" says of what goes on


def outcome_of(case: Case, question: Question) -> Outcome:
    """Return the outcome that answers a question: one of the case, ``event:TYPE[:ACTOR[:TARGET]]`` or ``people:...``.

    Raises StandoffError when it is none of these.
    """
    name = question.outcome
    if name in case.outcomes:
        return case.outcomes[name]
    kind, _, rest = name.partition(":")
    parts = rest.split(":") if rest else []
    if kind == "event" and 1 <= len(parts) <= 3:
        actor, target = (parts[1:2] or [""])[0], (parts[2:3] or [""])[0]
        pattern = Pattern(type=(parts[0],), actor=(actor,) if actor else (), target=(target,) if target else ())
        return Outcome(id=question.id, title=question.text, event=pattern)
    if kind == "people" and question.threshold is not None:
        return Outcome(id=question.id, title=question.text, people=rest, threshold=question.threshold)
    where = case.written.get(("questions", question.id))
    raise StandoffError(
        Problem(
            where.file if where else "questions.yaml",
            where.line if where else 0,
            f"{question.id}: {name!r} is no outcome",
            "an outcome of the case, event:TYPE:ACTOR:TARGET, or people:newly-displaced with a threshold",
            nearest(name, case.outcomes),
        )
    )


def recorded_episodes(case: Case, outcome: Outcome, until: date) -> list[date]:
    """Return the days on which recorded episodes of an outcome began, up to ``until``; [] where no event tells it."""
    days = sorted(
        event.date.start
        for event in case.events.values()
        if event.date.start is not None and event.date.start <= until and _matches(outcome, event)
    )
    begun: list[date] = []
    last = date.min
    for day in days:
        if (day - last).days > EPISODE:
            begun.append(day)
        last = day
    return begun


def _matches(outcome: Outcome, event: Event) -> bool:
    pattern = outcome.event or (Pattern(type=(f"border-{_opened(outcome)}",)) if outcome.border else None)
    if pattern is None:
        return False
    kind = any(is_a(event.type, wanted) for wanted in pattern.type)
    actor = not pattern.actor or bool(set(pattern.actor) & set(event.actor))
    return kind and actor and (not pattern.target or bool(set(pattern.target) & set(event.target)))


def _opened(outcome: Outcome) -> str:
    return "opened" if outcome.border == "open" else "closed"


def base_rate(case: Case, question: Question, outcome: Outcome, cutoff: date) -> tuple[float, str]:
    """Return the rate of the reference class as a probability by the deadline, and where it comes from.

    The case's own ``base_rate`` where it gives one; else ``1 - exp(-(k + 1/2) / days on record * days to go)`` for k
    recorded episodes by the cut-off (a Poisson rate with Jeffreys' prior).
    """
    if question.base_rate is not None:
        return question.base_rate, question.base_rate_source
    first = case.about.period.start or cutoff - timedelta(days=365)
    length = (question.deadline.end or cutoff) - cutoff
    exposure = max((cutoff - first).days, 1)
    found = len(recorded_episodes(case, outcome, cutoff))
    p = 1.0 - exp(-(found + 0.5) / exposure * length.days)
    return p, f"{found} on record in {exposure} days"


def persistence(case: Case, outcome: Outcome, cutoff: date) -> float:
    """Return what "no change" says: likely if recorded in the last 30 days, else not."""
    recent = [
        event
        for event in case.events.values()
        if event.date.end is not None
        and cutoff - timedelta(days=RECENT) <= event.date.end <= cutoff
        and _matches(outcome, event)
    ]
    return SURE if recent else 1.0 - SURE
