"""The displacement of a run beside what was observed and naive baselines, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from standoff.text.sentences import fold, people
from standoff.text.table import Column, Number, Row, table

HEADS: tuple[Column, ...] = ("method", *map(Number, ("median", "low", "high", "loss")))


def observed_lines(scores: Sequence[Any], width: int) -> Iterator[str]:
    """Yield a line for each date with what was observed, and below it a row for each method."""
    yield from fold("People newly displaced since the start, in this model and as observed", width)
    yield from fold("low, high: the range; loss: mean pinball loss; *: observed is outside", width)
    yield ""
    rows: list[Row] = []
    date = ""
    for row in scores:
        if row.date != date:
            date = row.date
            rows.append(f"{date}  observed {people(row.value)} {row.bound}".rstrip())
        high = f"{people(row.high)}{'' if row.inside else '*'}"
        rows.append((f"  {row.method}", people(row.median), people(row.low), high, people(row.loss)))
    yield from table(HEADS, rows, width)
