"""What the levels give to the brief of a day: incidents to expect in the 28 days ahead, and how such forecasts did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from standoff.case.brief_sections import BriefDay, BriefItem, BriefSection, brief_section
from standoff.errors import StandoffError
from standoff.levels.counts import MOST_SHOWN, binned, count_log, counted_log, largest
from standoff.levels.forecast import FIRST, Counts, Level, Levels, LevelScore, expect
from standoff.levels.truces import (
    TRUCE,
    held_by_month,
    held_shares,
    held_words,
    observed_words,
    truces_of,
)
from standoff.text.sentences import count, number, percent, percents, quoted
from standoff.text.sentences import day as day_words

AHEAD = 28
SLACK = timedelta(days=7)  # a log that ends within a week of the day reaches it
ELSEWHERE = "day 30: {}, day 90: {} (UCDP, CC BY 4.0)."
EVERYWHERE = "everywhere"
LEVELS = "levels"  # under which the levels by area are shared with whoever draws them


def _counts(day: BriefDay) -> tuple[Counts | None, str]:
    """Count what there is to count up to the day of the brief: the log beside the record, else the one of the case.

    Without counts it says what is missing.
    """
    if day.events is None:
        log = counted_log(day.case)
        if log is None or log.period.end is None or log.period.start is None:
            return None, f"it needs a log of at least {FIRST} days up to this one, since the record is a selection"
        if day.on > log.period.end:
            return None, f"no counts after {day_words(log.period.end)}"
        if (day.on - log.period.start).days + 1 < FIRST:
            return None, f"no counts of {FIRST} days up to this one: they begin on {day_words(log.period.start)}"
        try:
            return count_log(day.case, log.id, until=day.on)[0], ""
        except StandoffError as error:
            return None, str(error)
    rows = [(day.areas.get(e.id, "no area named"), e.date.start) for e in day.events if e.date.start]
    kept = [(area, d) for area, d in rows if d <= day.on]
    first = min((d for _, d in kept), default=day.on)
    last = max((d for _, d in kept), default=day.on)
    if last + SLACK < day.on:  # nothing is known of the days after it: they are not days without an incident
        return None, f"the log ends on {day_words(last)}, and nothing is known of the days after it"
    if (day.on - first).days + 1 < FIRST:
        return None, f"the log holds fewer than {FIRST} days up to this one"
    counts = binned([a for a, _ in kept], [d for _, d in kept], first, day.on, what="incidents", source="the log")
    return counts, ""


def _in_words(one: Level) -> str:
    usual = f", {one.ratio:.1f} times the mean of the last 90 days" if one.ratio and one.usual >= 1 else ""
    return f"{one.median:,} expected (80 %: {one.low:,} to {one.high:,}){usual}; {one.last:,} in the {AHEAD} days past"


def _how_good(score: LevelScore | None) -> str:
    if score is None:
        return "The log is too short to say how good such forecasts are."
    gain = score.gain["persistence"]
    word = "better" if gain > 0 else "worse"
    return (
        f"On the past of this log: {percent(abs(gain))} {word} than “as many as lately”, n = {score.n:,}; "
        f"{percent(score.covered)} of the 80 % ranges held."
    )


@brief_section(60)
def level_ahead(day: BriefDay) -> BriefSection:
    """Incidents to expect in the 28 days ahead, from the log; without one there is nothing to expect from."""
    counts, missing = _counts(day)
    if counts is None:
        ships = counted_log(day.case) is not None
        way_on = f"standoff levels {day.case.about.id}" if ships else "standoff import FILE --into CASE"
        return BriefSection("level", "What to expect", missing=missing, way_on=way_on)
    whole = replace(counts, areas=(EVERYWHERE,), values=counts.values.sum(0, keepdims=True))
    total: Levels = expect(whole, (AHEAD,))
    by_area = day.once(LEVELS, lambda: expect(largest(counts, MOST_SHOWN), (AHEAD,)))
    items = [BriefItem(f"{AHEAD} days, all areas: {_in_words(total.levels[0])}")]
    ranked = by_area.of(AHEAD)
    if len(ranked) > 1:
        items += [BriefItem(f"{one.area}: {_in_words(one)}") for one in ranked[: day.most - 1]]
    note = _how_good(by_area.scores[AHEAD])
    if day.events is None:
        note += f" Counted: {counts.source}, as it was compiled afterwards."
    elif day.on < date.today():
        note += " The log is counted as it stands now, which knows more of past days than was known then."
    headline = f"{number(total.levels[0].median)} incidents are expected in {count(AHEAD, 'day')}"
    return BriefSection("level", "What to expect", headline, tuple(items), max(0, len(ranked) - day.most + 1), note)


def truces_beside(day: BriefDay) -> str:
    """Return how the youngest truce that the log covers is observed, and how many truces here and elsewhere held."""
    case = day.case
    covered = truces_of(case, until=day.on, forecasts=True)
    sentences = []
    open_log = counted_log(case)
    if covered and open_log is not None and open_log.period.end is not None and day.on <= open_log.period.end:
        names = {key: actor.name for key, actor in case.actors.items()}
        last = max(covered, key=lambda one: one.start)
        sentences.append(f"{quoted([last.title])}, as the log counts: {observed_words(last, names)}.")
    here = held_shares(covered)
    if here:
        sentences.append(f"Truces here, still held after {held_words(here[-2:])}.")
    if any(a.kind == TRUCE and a.date.start and a.date.start <= day.on for a in case.agreements.values()):
        like = held_by_month((1, 3), ceasefire=True)
        more = f"Of {like[0].n} written ceasefires elsewhere, under half of the deaths to be expected to {ELSEWHERE}"
        sentences.append(more.format(*(f"{one.still} ({percents(one.low, one.high)})" for one in like)))
    return " ".join(sentences)
