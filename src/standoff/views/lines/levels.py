"""What to expect by area, on a terminal and as plain data: how such forecasts did first, then what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from standoff.text.sentences import count, day, fold, listing, number, percent
from standoff.text.table import Column, Number, table

if TYPE_CHECKING:
    from standoff.levels.counts import Left
    from standoff.levels.forecast import Level, Levels, LevelScore

MOST = 20  # areas of a table
MANY = 30  # surges, fewer than which say nothing
LEAST_GAIN = 0.02  # gain over each area's own rate below which no chances are given
NOTE = (
    "last: the same number of days just past. usual: that many days at the mean of the last 90. expected: median; "
    "80 %: the range that holds eight times of ten. A level is what goes on as it did: it says nothing of what anybody "
    "intends."
)
HEADS: tuple[Column, ...] = ("area", *map(Number, ("last", "usual", "expected", "80 %", "times usual")))


def levels_lines(levels: Levels, left: Left, width: int) -> Iterator[str]:
    """Yield the lines of a forecast, none wider than ``width``."""
    counts = levels.counts
    areas, days = count(len(counts.areas), "area"), f"{day(counts.first)} to {day(counts.last)}"
    yield from fold(f"{counts.source}: {count(int(counts.values.sum()), 'incident')} in {areas}, {days}", width)
    yield from fold(f"Counted: {counts.what}.", width)
    not_counted = [
        count(n, one, many)
        for n, one, many in (
            (left.no_area, "row names no area", "rows name no area"),
            (left.outside, "row is outside these days", "rows are outside these days"),
            (left.others, "row is of another party or type", "rows are of another party or type"),
        )
        if n
    ]
    if not_counted:
        yield from fold(f"Not counted: {listing(not_counted)}.", width)
    yield ""
    yield from fold("How such forecasts did on the past of this record", width)
    for horizon, score in levels.scores.items():
        for sentence in score_sentences(horizon, score):
            yield from fold(f"- {sentence}", width, hang="  ")
    for horizon in levels.scores:
        yield ""
        mine = sorted((one for one in levels.levels if one.horizon == horizon), key=lambda one: -one.mean)
        yield from fold(f"Expected in the {horizon} days from {day(_next(levels))}", width)
        yield from table(HEADS, map(_row, mine[:MOST]), width)
        if len(mine) > MOST:
            rest = sum(one.mean for one in mine[MOST:])
            yield from fold(f"{count(len(mine) - MOST, 'more area')}, together {number(rest)} expected.", width)
    yield ""
    yield from fold(NOTE, width)


def _next(levels: Levels) -> str:
    from datetime import timedelta

    return str(levels.counts.last + timedelta(days=1))


def _row(one: Level) -> tuple[str, ...]:
    times = "-" if one.ratio is None or one.usual < 1 else f"{one.ratio:.1f}"  # of next to nothing it says nothing
    return one.area, f"{one.last:,}", number(one.usual), f"{one.median:,}", f"{one.low:,} to {one.high:,}", times


def _against(gain: float, rival: str) -> str:
    if abs(gain) < 0.005:
        return f"as good as {rival}"
    return f"{percent(abs(gain))} {'better' if gain > 0 else 'worse'} than {rival}"


NAMES = {
    "persistence": "“as many as lately”",
    "long-run": "the long-run rate",
    "conflictology": "the windows of the last year",
}


def score_sentences(horizon: int, score: LevelScore | None) -> list[str]:
    """Return how forecasts of a horizon did, in sentences; the first is the answer."""
    if score is None:
        return [f"{horizon} days: the record is too short to say."]
    against = listing([_against(score.gain[rival], words) for rival, words in NAMES.items()])
    sentences = [
        f"{horizon} days: {against} (continuous ranked probability score; n = {score.n:,} forecasts from "
        f"{score.origins:,} days). Of the 80 % ranges {percent(score.covered)} held, {percent(score.below)} fell below "
        f"and {percent(score.above)} above; as printed, in whole incidents, {percent(score.inside)} held.",
    ]
    if score.surges < MANY:
        sentences.append(
            f"{horizon} days, surges (1.5 times the last window and 3 more): {score.surges}, too few to say."
        )
    elif score.surge < LEAST_GAIN:
        sentences.append(f"{horizon} days, surges: no skill was shown (n = {score.surges}); no chances are given.")
    else:
        heights = "; ".join(
            f"of {n:,} chances near {percent(mean)} came true {percent(true)}" for _, _, n, mean, true in score.heights
        )
        sentences.append(
            f"{horizon} days, surges: {percent(score.surge)} better than each area's own rate (n = {score.surges}). "
            f"How often chances came true: {heights}."
        )
    return sentences


def levels_data(levels: Levels, left: Left) -> dict[str, Any]:
    """Return a forecast as plain data, scores first; chances of surges only where skill was shown."""
    from dataclasses import asdict

    counts = levels.counts
    shown = {h: s is not None and s.surges >= MANY and s.surge >= LEAST_GAIN for h, s in levels.scores.items()}
    return {
        "source": counts.source,
        "counted": counts.what,
        "from": counts.first.isoformat(),
        "to": counts.last.isoformat(),
        "incidents": int(counts.values.sum()),
        "not_counted": left._asdict(),
        "scores": [{"horizon": h, **(asdict(s) if s else {"n": 0})} for h, s in levels.scores.items()],
        "levels": [
            {
                "area": one.area,
                "horizon": one.horizon,
                "mean": round(one.mean, 3),
                "median": one.median,
                "low": one.low,
                "high": one.high,
                "last": one.last,
                "usual": round(one.usual, 3),
                "times_usual": None if one.ratio is None else round(one.ratio, 3),
                "surge": round(one.surge, 4) if shown[one.horizon] else None,
            }
            for one in levels.levels
        ],
    }
