"""Talks, signals and harm as the brief and the pages show them."""

from __future__ import annotations

from datetime import date
from typing import Any

from standoff.case.brief_sections import BriefDay, BriefItem, BriefSection, brief_section
from standoff.case.model import Case
from standoff.commitments.signals import SeenSignal, signals
from standoff.commitments.threads import Talk, talks
from standoff.evidence.harm import harm
from standoff.text.sentences import count, day, listing, reported_in_words, shortlist
from standoff.views.lines.harm import answer_of, teller_of
from standoff.views.lines.talks import (
    asking_words,
    beside_words,
    outcome_words,
    signal_words,
    teller_words,
)


def _talks(day_of_brief: BriefDay) -> tuple[Talk, ...]:
    on = day_of_brief.on
    return day_of_brief.once("talks", lambda: talks(day_of_brief.case, on=on, as_of=on))  # type: ignore[no-any-return]


def _moved_in(talk: Talk, first: date, last: date) -> bool:
    """Whether something was asked or answered, or it was overtaken, in these days."""
    days = [(turn.on.start if turn.on and turn.on.is_day else None) or turn.published for turn in talk.turns]
    if talk.state == "overtaken":
        days.append(talk.since)
    return any(one is not None and first <= one <= last for one in days)


@brief_section(32)
def talks_open(day_of_brief: BriefDay) -> BriefSection:
    """What was asked and answered in these days, and how much waits for an answer."""
    title = "Talks and signals"
    case, first, on = day_of_brief.case, day_of_brief.first, day_of_brief.on
    if not case.threads and not case.signals:
        missing = "no request, offer or demand is recorded with its answers, and no signal"
        return BriefSection("talks", title, missing=missing, way_on=f"standoff talks {case.about.id}")
    every = _talks(day_of_brief)
    lately = [talk for talk in every if _moved_in(talk, day_of_brief.first, day_of_brief.on)]
    lately.reverse()
    open_now = sum(talk.is_open for talk in every)
    shown = [one for one in signals(case, on=on, as_of=on) if first <= one.first <= on or first <= one.last <= on]
    items = [_talk_item(case, talk) for talk in lately] + [_signal_item(case, one) for one in reversed(shown)]
    total = len(items)
    items = items[: day_of_brief.most]
    asked = count(open_now, "request, offer or demand has", "requests, offers and demands have")
    waits = f"{asked} no answer that is reported"
    moved = (
        f"{count(len(lately), 'thread') if lately else 'No thread'} moved in the {day_of_brief.days} days to {day(on)}"
    )
    headline = f"{moved}; {waits}" if open_now else moved
    return BriefSection(
        "talks",
        title,
        headline,
        tuple(items),
        total - len(items),
        note=f"{waits[:1].upper()}{waits[1:]}." if open_now and items else "",
        way_on=f"standoff talks {case.about.id} --on {day_of_brief.on}",
    )


def _talk_item(case: Case, talk: Talk) -> BriefItem:
    beside = beside_words(case, talk.beside)
    text = f"{asking_words(case, talk)}: {'; '.join([outcome_words(case, talk), *beside])}"
    turn = talk.turns[-1]
    names = teller_words(case, turn.teller, turn.through) if turn.claim else shortlist(turn.teller.split("; "), 2)
    return BriefItem(text, f"according to {names}" if names else "", "thread", talk.thread.id)


def _signal_item(case: Case, one: SeenSignal) -> BriefItem:
    names = listing(dict.fromkeys(teller_words(case, name) for name in one.tellers[:2]))
    return BriefItem(
        f"signal, {signal_words(case, one)}", f"according to {names}" if names else "", "signal", one.signal.id
    )


@brief_section(45)
def harm_lately(day_of_brief: BriefDay) -> BriefSection:
    """Figures of harm to civilians whose window ends in these days; never added."""
    case, on = day_of_brief.case, day_of_brief.on
    title = "Harm to civilians"
    every = harm(case, on=on, as_of=on)
    if not every:
        missing = "the case holds no figure of it"
        return BriefSection("harm", title, missing=missing, way_on=f"standoff harm {case.about.id}")
    lately = [one for one in every if day_of_brief.first <= one.day <= on]
    # what counts most people over the longest time first: a body's count says more than one strike
    lately.sort(key=lambda one: (one.kind == "event", -(one.low or one.high or 0)))
    items = []
    for one in lately[: day_of_brief.most]:
        contested = f"; contested: {one.contested}" if one.contested else ""
        text = f"{reported_in_words(one.when, one.published)}: {one.text.rstrip('.')}{contested}"
        answer = answer_of(case, one)
        why = f"according to {teller_of(case, one)}" + (f"; {answer}" if answer else "")
        items.append(BriefItem(text, why, one.kind, one.id))
    headline = f"{count(len(lately), 'figure')} of harm to civilians in the {day_of_brief.days} days to {day(on)}"
    return BriefSection(
        "harm",
        title,
        headline if lately else f"No figure of harm to civilians in the {day_of_brief.days} days to {day(on)}",
        tuple(items),
        len(lately) - len(items),
        note="Figures of different measures or windows are never added." if len(items) > 1 else "",
        way_on=f"standoff harm {case.about.id}",
    )


def talk_cells(case: Case, talk: Talk) -> list[Any]:
    """Return a thread as a row of a table: id, kind, by, of, what, state, since, who answered."""
    return [
        talk.thread.id,
        talk.thread.kind.value,
        "; ".join(talk.thread.by),
        "; ".join(talk.thread.of),
        talk.thread.title,
        talk.state,
        talk.since.isoformat() if talk.since else "",
        "; ".join(f"{party}: {state}" for party, state in talk.answers.items()),
    ]
