"""Questions about outcomes: what a question means, forecasts that need no model, and answers by rule.

A question is answered only where somebody would have reported the thing on every day of its window (coverage.csv), and
from events that all accounts share. Without that, windows with an event would be answered and windows without one would
not, and what is asked about would seem to come about more often than it does. People displaced are reported when a wave
is on and not when none is, so that questions about them are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

import numpy as np

from standoff.case.checks import register
from standoff.case.model import Case, Event, Kind
from standoff.case.strategy import Outcome, Question
from standoff.case.terms import Pattern
from standoff.case.vocabulary import is_a
from standoff.commitments.patterns.coverage import covers
from standoff.errors import Problem, StandoffError, nearest
from standoff.oneline import OneLine
from standoff.world.pace import crisis_days, ratio

RECENT = 30  # days that "no change" looks back
EPISODE = 30  # days within which recorded events of a kind count as one
SURE = 0.95  # what "no change" says of what goes on


@register("runs", "outcomes-asked")
def check_question_outcomes(case: Case) -> Iterator[Problem]:
    """Every question asks for an outcome that exists."""
    for question in case.questions.values():
        try:
            outcome_of(case, question)
        except StandoffError as error:
            yield from error.problems


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
    where = case.written.get((Kind.QUESTIONS, question.id))
    raise StandoffError(
        Problem(
            where.file if where else "questions.yaml",
            where.line if where else 0,
            f"{question.id}: {name!r} is not an outcome",
            "an outcome of the case, event:TYPE:ACTOR:TARGET, or people:newly-displaced with a threshold",
            nearest(name, case.outcomes),
        )
    )


def recorded_episodes(case: Case, outcome: Outcome, until: date) -> list[date]:
    """Return the days on which recorded episodes of an outcome began, up to ``until``; [] where no event tells it."""
    days = sorted(
        event.date.start
        for event in case.events.values()
        if event.date.start is not None and event.date.start <= until and matches(outcome, event)
    )
    first_days: list[date] = []
    last = date.min
    for day in days:
        if (day - last).days > EPISODE:
            first_days.append(day)
        last = day
    return first_days


def pattern_of(outcome: Outcome) -> Pattern | None:
    """Return what an outcome watches for among recorded events; None for one about people."""
    return outcome.event or (Pattern(type=(f"border-{_opened(outcome)}",)) if outcome.border else None)


def matches(outcome: Outcome, event: Event) -> bool:
    """Whether a recorded event is what an outcome watches for.

    Of what several do together (an agreement) the others count as targets, since the record gives it none.
    """
    pattern = pattern_of(outcome)
    if pattern is None:
        return False
    kind = any(is_a(event.type, word) for word in pattern.type)
    actor = not pattern.actor or bool(set(pattern.actor) & set(event.actor))
    others = set(event.target) or set(event.actor) - set(pattern.actor)
    return kind and actor and (not pattern.target or bool(set(pattern.target) & others))


def _opened(outcome: Outcome) -> str:
    return "opened" if outcome.border == "open" else "closed"


def base_rate(case: Case, question: Question, outcome: Outcome, cutoff: date) -> tuple[float, str]:
    """Return the rate of the reference class as a probability by the deadline, and where it comes from.

    The case's own ``base_rate`` where it gives one; else ``1 - exp(-(k + 1/2) / days on record * days to go)`` for k
    recorded episodes by the cut-off (a Poisson rate with Jeffreys' prior).
    """
    if question.base_rate is not None:
        return question.base_rate, question.base_rate_source
    length = (question.deadline.end or cutoff) - cutoff
    episodes, exposure = len(recorded_episodes(case, outcome, cutoff)), days_on_record(case, cutoff)
    return by_then(episodes, exposure, length.days), f"{episodes} on record in {exposure} days"


def days_on_record(case: Case, cutoff: date) -> int:
    """Return how many days the record of a case has by the cut-off."""
    return max((cutoff - (case.about.period.start or cutoff - timedelta(days=365))).days, 1)


def by_then(episodes: int, exposure: int, days: int, factor: float = 1.0) -> float:
    """Return ``1 - exp(-factor (found + 1/2) / exposure * days)``: a Poisson rate with Jeffreys' prior."""
    return 1.0 - exp(-factor * (episodes + 0.5) / exposure * days)


def crisis_rate(case: Case, outcome: Outcome, cutoff: date, days: int) -> float:
    """Return the base rate given whether a crisis is on at the cut-off (see standoff.world.pace), as a probability.

    Episodes in and out of crises, shrunk towards the unconditional rate; the state is taken to last.
    """
    first = case.about.period.start or cutoff - timedelta(days=365)
    parties = {o.actor for o in case.options.values()} | {
        name for o in case.options.values() for e in o.emits for name in e.target
    }
    state = crisis_days(case, parties, first, cutoff + timedelta(days=2))
    episodes = recorded_episodes(case, outcome, cutoff)
    bouts = np.zeros(2)
    for day in episodes:
        bouts[int(state[max((day - first).days, 0)])] += 1.0
    spans = np.array([(~state[:-1]).sum(), state[:-1].sum()], dtype=np.float64)
    factor = float(ratio(bouts, spans)[int(state[-1])])
    return by_then(len(episodes), days_on_record(case, cutoff), days, factor)


def decayed_rate(case: Case, outcome: Outcome, cutoff: date, days: int) -> float:
    """Return the share of past windows of ``days`` in which an outcome came about, each year back weighing half.

    Windows begin on every day of the record and have ended by the cut-off; those that overlap count as one together.
    Half a window of each answer is added (Jeffreys' prior), so that nothing is sure.
    """
    first = case.about.period.start or cutoff - timedelta(days=365)
    begins = np.array([(day - first).days for day in recorded_episodes(case, outcome, cutoff)], dtype=np.int64)
    starts = np.arange(max((cutoff - first).days + 2 - days, 0))
    weight = 0.5 ** ((len(starts) - 1 - starts) / 365.0) / days
    came = ((begins[None, :] >= starts[:, None]) & (begins[None, :] < starts[:, None] + days)).any(1)
    return float(((weight * came).sum() + 0.5) / (weight.sum() + 1.0))


def no_change(case: Case, outcome: Outcome, cutoff: date) -> float:
    """Return what "no change" says: likely if recorded in the last 30 days, else not."""
    recent = [
        event
        for event in case.events.values()
        if event.date.end is not None
        and cutoff - timedelta(days=RECENT) <= event.date.end <= cutoff
        and matches(outcome, event)
    ]
    return SURE if recent else 1.0 - SURE


@dataclass(frozen=True, slots=True, repr=False)
class Resolution(OneLine):
    """``came`` is None where the window cannot be answered; ``why`` names the event, or what is missing."""

    came: bool | None
    why: str


def disputed_events(case: Case) -> set[str]:
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
    pattern = pattern_of(outcome)
    days = {first + timedelta(days=i) for i in range((last - first).days + 1)}
    if pattern is None:
        return len(days)
    missing: set[date] = set()
    actors = _actors(case, outcome)
    for kind in pattern.type:
        watched: set[date] = set()
        for record in case.coverage:
            whose = not record.actor or bool(actors and actors <= set(record.actor))
            if whose and not record.within and covers(record.types, kind):
                begin, end = record.from_.start or first, record.to.end or last
                watched |= {day for day in days if begin <= day <= end}
        missing |= days - watched
    return len(missing)


def resolve_outcome(case: Case, outcome: Outcome, first: date, last: date) -> Resolution:
    """Return whether an outcome came about from ``first`` to ``last``; ``case`` is the whole record."""
    if outcome.people:
        return Resolution(None, "whether people are not displaced is not reported")
    missing = unwatched(case, outcome, first, last)
    if missing:
        return Resolution(None, f"nobody is known to have watched on {missing} days")
    within: list[str] = []
    unsure: list[str] = []
    open_to_dispute = disputed_events(case)
    for event in case.events.values():
        if not event.date.possibly_within(first, last) or not matches(outcome, event):
            continue
        sure = event.date.certainly_within(first, last) and event.id not in open_to_dispute
        (within if sure else unsure).append(event.id)
    if within:
        return Resolution(True, _named(within))
    return Resolution(None, f"not told alike or not dated well: {_named(unsure)}") if unsure else Resolution(False, "")


def _named(events: Iterable[str]) -> str:
    return ", ".join(sorted(events)[:3])
