"""What the levels give to the brief of a day: incidents to expect in the 28 days ahead, and how such forecasts did."""

from __future__ import annotations

from datetime import date

from standoff.case.sections import BriefDay, BriefItem, BriefSection, brief_section
from standoff.levels.counts import binned
from standoff.levels.forecast import FIRST, Counts, Level, LevelScore, expect
from standoff.text.sentences import count, number, percent

AHEAD = 28
EVERYWHERE = "everywhere"


def _counts(day: BriefDay) -> Counts | None:
    """Count the log beside the record, from its first day to the day of the brief; None without a log long enough."""
    rows = [(day.areas.get(e.id, "no area named"), e.date.start) for e in day.events or () if e.date.start]
    days = [d for _, d in rows if d <= day.on]
    if not days or (day.on - min(days)).days + 1 < FIRST:
        return None
    kept = [(area, d) for area, d in rows if d <= day.on]
    return binned([a for a, _ in kept], [d for _, d in kept], min(days), day.on, what="incidents", source="the log")


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
    counts = _counts(day)
    if counts is None:
        missing = f"it needs a log of at least {FIRST} days up to this one, since the record is a selection"
        return BriefSection("level", "What to expect", missing=missing, way_on="standoff import FILE --into CASE")
    whole = Counts((EVERYWHERE,), counts.first, counts.values.sum(0, keepdims=True))
    total = expect(whole, (AHEAD,))
    by_area = expect(counts, (AHEAD,))
    items = [BriefItem(f"{AHEAD} days, all areas: {_in_words(total.levels[0])}")]
    ranked = sorted(by_area.levels, key=lambda one: -one.mean)
    if len(ranked) > 1:
        items += [BriefItem(f"{one.area}: {_in_words(one)}") for one in ranked[: day.most - 1]]
    note = _how_good(by_area.scores[AHEAD])
    if day.on < date.today():
        note += " The log is counted as it stands now, which knows more of past days than was known then."
    headline = f"{number(total.levels[0].median)} incidents are expected in {count(AHEAD, 'day')}"
    return BriefSection("level", "What to expect", headline, tuple(items), max(0, len(ranked) - day.most + 1), note)
