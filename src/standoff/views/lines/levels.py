"""What to expect by area, on a terminal and as plain data: how such forecasts did first, then what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from standoff.levels.forecast import MONTH
from standoff.text.sentences import count, day, fold, listing, number, percent
from standoff.text.table_printer import Column, Number, table

if TYPE_CHECKING:
    from standoff.levels.forecast import Counts, Level, Levels, LevelScore

MOST = 20  # areas of a table
MANY = 30  # surges, fewer than which say nothing
LEAST_GAIN = 0.02  # gain over each area's own rate below which no chances are given
NOTE = (
    "last: the same number of days just past. usual: that many days at the mean of the last 90. expected: median; "
    "80 %: the range that holds eight times of ten. A level is what goes on as it did: it says nothing of what anybody "
    "intends."
)
HEADS: tuple[Column, ...] = ("area", *map(Number, ("last", "usual", "expected", "80 %", "times usual")))


def levels_lines(levels: Levels, width: int) -> Iterator[str]:
    """Yield the lines of a forecast, none wider than ``width``."""
    counts = levels.counts
    areas, days = areas_words(counts), f"{day(counts.first)} to {day(counts.last)}"
    yield from fold(f"{counts.source}: {count(int(counts.values.sum()), 'incident')} in {areas}, {days}", width)
    for sentence in counted_sentences(levels):
        yield from fold(sentence, width)
    yield ""
    yield from fold("How such forecasts did on the past of this record", width)
    for horizon, score in levels.scores.items():
        for sentence in score_sentences(horizon, score, span_words(counts, horizon)):
            yield from fold(f"- {sentence}", width, hang="  ")
    for horizon in levels.scores:
        yield ""
        mine = levels.of(horizon)
        span = span_words(counts, horizon).removeprefix("1 ")
        yield from fold(f"Expected in the {span} from {day(_next(levels))}", width)
        yield from table(HEADS, map(_row, mine[:MOST]), width)
        if len(mine) > MOST:
            rest = sum(one.mean for one in mine[MOST:])
            yield from fold(f"{count(len(mine) - MOST, 'more area')}, together {number(rest)} expected.", width)
    yield ""
    yield from fold(NOTE, width)


def span_words(counts: Counts, horizon: int) -> str:
    """Return a horizon in words: days, or months where the file counts by month."""
    return count(horizon // MONTH, "month") if counts.months else count(horizon, "day")


def areas_words(counts: Counts) -> str:
    """Return how many areas were counted, and how many of them stand together."""
    if not counts.together:
        return count(len(counts.areas), "area")
    every = len(counts.areas) - 1 + counts.together
    return f"{count(every, 'area')} (the {counts.together:,} smallest as one)"


def counted_sentences(levels: Levels) -> list[str]:
    """Return what was counted, what was not, and what had to be supposed, in sentences."""
    counts, left = levels.counts, levels.left
    sentences = [f"Counted: {counts.what}."]
    not_counted = [
        count(n, one, many)
        for n, one, many in (
            (left.no_area, "row names no area", "rows name no area"),
            (left.no_day, "row names no day", "rows name no day"),
            (left.outside, "row is outside these days", "rows are outside these days"),
            (left.others, "row is of another party or type", "rows are of another party or type"),
            (left.unknown, "row was not known for certain then", "rows were not known for certain then"),
        )
        if n
    ] if left else []  # fmt: skip
    if not_counted:
        sentences.append(f"Not counted: {listing(not_counted)}.")
    return sentences + [f"Note: {note}." for note in counts.notes]


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


def _near(mean: float) -> str:
    return f"near {percent(mean)}" if 0.01 <= mean <= 0.99 else percent(mean)


NAMES = {
    "persistence": "“as many as lately”",
    "long-run": "the long-run rate",
    "conflictology": "the windows of the last year",
}


def gain_sentence(horizon: int, score: LevelScore | None) -> str:
    """Return how forecasts of a horizon did before, in a sentence or two."""
    if score is None:
        return "The record is too short to say how good such forecasts are."
    if score.nothing:
        return "There was hardly an incident in the past of this record: nothing to be scored on."
    against = listing([_against(gain, NAMES.get(rival, f"the baseline {rival}")) for rival, gain in score.gain.items()])
    share = f"{percent(score.covered)} of their 80 % ranges held"
    return f"Forecasts of {horizon} days on the past of this record were {against}; {share} (n = {score.n:,})."


def level_answer(levels: Levels, horizon: int) -> str:
    """Return what to expect of a horizon in a sentence: the area with the highest level, and the one furthest up."""
    every = levels.of(horizon)
    top = every[0]
    span = span_words(levels.counts, horizon)
    words = f"{top.area}: {top.median:,} incidents expected in {span} ({top.low:,} to {top.high:,})"
    ratios = [one for one in every if one.ratio is not None and one.usual >= 1]
    up = max(ratios, key=lambda one: one.ratio or 0.0, default=None)
    if up is not None and (up.ratio or 0.0) >= 1.2:
        same = up is top
        words += (
            f", {up.ratio:.1f} times what is usual" if same else f"; {up.area} at {up.ratio:.1f} times what is usual"
        )
    return words


def score_sentences(horizon: int, score: LevelScore | None, span: str = "") -> list[str]:
    """Return how forecasts of a horizon (in words: ``span``) did, in sentences; the first is the answer."""
    span = span or count(horizon, "day")
    if score is None:
        return [f"{span}: the record is too short to say."]
    if score.nothing:
        return [f"{span}: there was hardly an incident in {score.n:,} windows: nothing to be scored on."]
    against = listing([_against(gain, NAMES.get(rival, f"the baseline {rival}")) for rival, gain in score.gain.items()])
    sentences = [
        f"{span}: {against} (continuous ranked probability score; n = {score.n:,} forecasts from "
        f"{score.origins:,} days). Of the 80 % ranges {percent(score.covered)} held, {percent(score.below)} fell below "
        f"and {percent(score.above)} above; as printed, in whole incidents, {percent(score.inside)} held.",
    ]
    if score.surges < MANY:
        sentences.append(f"{span}, surges (1.5 times the last window and 3 more): {score.surges}, too few to say.")
    elif score.surge < LEAST_GAIN:
        sentences.append(f"{span}, surges: no skill was shown (n = {score.surges}); no chances are given.")
    else:
        heights = "; ".join(
            f"of {count(n, 'chance')} {_near(mean)} came true {percent(true)}" for _, _, n, mean, true in score.heights
        )
        sentences.append(
            f"{span}, surges: {percent(score.surge)} better than each area's own rate (n = {score.surges}). "
            f"How often chances came true: {heights}."
        )
    return sentences


def surge_chance(one: Level, score: LevelScore | None) -> float | None:
    """Return the chance of a surge where such chances were better than each area's own rate; else None."""
    able = score is not None and score.surges >= MANY and score.surge >= LEAST_GAIN
    return round(one.surge, 4) if able else None


def truce_sentences() -> list[str]:
    """Return what followed agreements, each class with its number and range: deaths, and how many still held."""
    from standoff.levels.truces import held_by_month, held_words, reference_class

    kinds_shown: tuple[dict[str, bool], ...] = (
        {"ceasefire": True},
        {"ceasefire": True, "all_parties": True},
        {"ceasefire": True, "third_party": True},
        {"ceasefire": False},
    )
    sentences = []
    for kinds in kinds_shown:
        like = reference_class(**kinds)
        month = like.months[0]
        sentences.append(
            f"Of {like.n} {like.words}, in {count(like.countries, 'country', 'countries')}: deaths in the month after "
            f"were {month.ratio:.2f} ({month.low:.2f} to {month.high:.2f}) of those to be expected; they were under "
            f"half of them in every month up to {held_words(held_by_month((1, 3, 6), **kinds))}."
        )
    return sentences


def levels_data(levels: Levels) -> dict[str, Any]:
    """Return a forecast as plain data, scores first; chances of surges only where skill was shown."""
    from dataclasses import asdict

    counts = levels.counts
    return {
        "source": counts.source,
        "counted": counts.what,
        "from": counts.first.isoformat(),
        "to": counts.last.isoformat(),
        "incidents": int(counts.values.sum()),
        "by_month": counts.months,
        "not_counted": levels.left._asdict() if levels.left else {},
        "notes": list(counts.notes),
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
                "surge": surge_chance(one, levels.scores[one.horizon]),
            }
            for one in levels.levels
        ],
    }
