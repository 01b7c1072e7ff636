"""What to expect by area as a figure: the level, its 80 % range, and what is usual."""

from __future__ import annotations

from datetime import timedelta

from standoff.levels.forecast import Level, Levels
from standoff.text.sentences import count, day
from standoff.views.charts import Figure, figure
from standoff.views.lines.levels import gain_sentence, level_answer

MOST_AREAS = 20
USUAL_LEAST = 1.0  # incidents below which a ratio to what is usual says nothing


def times_words(one: Level) -> str:
    """Return how many times what is usual a level is, in words; empty where next to nothing is usual."""
    return "" if one.ratio is None or one.usual < USUAL_LEAST else f"{one.ratio:.1f} times usual"


def level_words(one: Level) -> str:
    """Return a level with its range, and how many times what is usual that is."""
    times = times_words(one)
    return f"{one.median:,} ({one.low:,} to {one.high:,}){'; ' + times if times else ''}"


def levels_figure(levels: Levels, horizon: int, *, name: str = "", most: int = MOST_AREAS) -> Figure:
    """Return the figure of a horizon: areas with their level, its range and what is usual, the highest first."""
    every = levels.of(horizon)
    top = every[:most]
    counts = levels.counts
    first, last = counts.last + timedelta(days=1), counts.end_of(horizon)
    rows = [
        {
            "name": one.area,
            "low": one.low,
            "high": one.high,
            "middle": one.median,
            "usual": one.usual,
            "words": level_words(one),
        }
        for one in top
    ]
    more = f" {count(len(every) - most, 'more area')} in the table." if len(every) > most else ""
    return figure(
        f"levels-{horizon}{name}",
        "ranges",
        title=level_answer(levels, horizon),
        definition=f"Incidents from {day(first)} to {day(last)} by area, as they are counted: {counts.what}. "
        f"{gain_sentence(horizon, levels.scores[horizon])} A level goes on as it did: it is not a warning.{more}",
        source=counts.source,
        as_of=day(counts.last),
        n=f"n = {count(int(counts.values.sum()), 'incident')} since {day(counts.first)}",
        columns=("area", "expected", "low", "high", "last", "usual", "times usual"),
        rows=[
            [
                one.area,
                one.median,
                one.low,
                one.high,
                one.last,
                round(one.usual, 1),
                None if one.ratio is None or one.usual < USUAL_LEAST else round(one.ratio, 1),
            ]
            for one in every
        ],
        data={
            "rows": rows,
            "key": "Dot: the median. Line: the range that holds eight times of ten. Upright line: as many days at the "
            "mean of the last 90.",
        },
    )
