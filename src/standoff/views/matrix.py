"""Who backs and who opposes whom, as a table of marks: rows are who does, columns towards whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from standoff.case.model import Case, party_name
from standoff.evidence.relations import LineKind, RelationLine
from standoff.text.sentences import count
from standoff.views.charts import NEUTRAL, VIOLATED, Figure, figure
from standoff.views.drawing import Drawing, text_width, wrap
from standoff.views.lines.harm import relation_words
from standoff.views.lines.talks import teller_words

BACKS, OPPOSES = LineKind.BACKS.value, LineKind.OPPOSES.value
MOST = 14  # rows and columns; the others are counted
SMALL = 560.0  # below this width names are cut sooner


def paint_matrix(drawing: Drawing, data: Mapping[str, Any]) -> None:
    """Draw a dot where somebody says that a row backs a column, a cross where it opposes it, both where both."""
    rows, columns, cells = data["rows"], data["columns"], data["cells"]
    size = 10.0 if drawing.width < SMALL else 11.5
    left = min(drawing.width * 0.42, max(text_width(name, size) for name in rows.values()) + 10)
    step = max(15.0, min(34.0, (drawing.width - left - 6) / max(len(columns), 1)))
    above = min(150.0, max(text_width(name, size) for name in columns.values()) + 12)
    for number, name in enumerate(columns.values()):
        x = left + step * (number + 0.5)
        label = wrap(name, size, above, 1)[0]
        drawing.text(x + 4, above - 4, label, size, transform=f"rotate(-90 {x + 4:.1f} {above - 4:.1f})")
    y = above
    for key, name in rows.items():
        drawing.line(0, y, left + step * len(columns), y)
        drawing.text(0, y + step * 0.5 + 4, wrap(name, size, left - 6, 1)[0], size)
        for number, other in enumerate(columns):
            kinds = cells.get(f"{key} {other}")
            if kinds:
                _cell(drawing, left + step * (number + 0.5), y + step / 2, kinds)
        y += step
    drawing.line(0, y, left + step * len(columns), y)
    y += 16
    drawing.mark("circle", cx=6, cy=y - 4, r=4.5, fill=NEUTRAL)
    drawing.text(18, y, "backs", 11, fill="soft")
    _cross(drawing, 70, y - 4)
    drawing.text(82, y, "is against", 11, fill="soft")
    drawing.height = y + 8


def _cell(drawing: Drawing, x: float, y: float, kinds: Mapping[str, str]) -> None:
    both = len(kinds) > 1
    if BACKS in kinds:
        drawing.mark("circle", cx=x - (4 if both else 0), cy=y, r=4.5, fill=NEUTRAL, title=kinds[BACKS])
    if OPPOSES in kinds:
        _cross(drawing, x + (5 if both else 0), y, kinds[OPPOSES])


def _cross(drawing: Drawing, x: float, y: float, title: str = "") -> None:
    path = f"M{x - 4:.1f} {y - 4:.1f}L{x + 4:.1f} {y + 4:.1f}M{x - 4:.1f} {y + 4:.1f}L{x + 4:.1f} {y - 4:.1f}"
    drawing.mark("path", d=path, fill="none", stroke=VIOLATED, stroke_width=2.2, title=title)


def relation_matrix(case: Case, lines: Iterable[RelationLine]) -> Figure | None:
    """Return who backs and opposes whom; None where no line is of either kind."""
    pairs = [line for line in lines if line.target and line.kind in (LineKind.BACKS, LineKind.OPPOSES)]
    if not pairs:
        return None
    rows = [name for name, _ in Counter(line.source for line in pairs).most_common(MOST)]
    columns = [name for name, _ in Counter(line.target for line in pairs).most_common(MOST)]
    cells: dict[str, dict[str, str]] = {}
    table = []
    for line in pairs:
        tellers = "; ".join(teller_words(case, name) for name in line.tellers) or "as the case has it"
        table.append([line.source, line.relation, line.target, tellers])
        if line.source in rows and line.target in columns:
            cell = cells.setdefault(f"{line.source} {line.target}", {})
            words = f"{relation_words(case, line)} ({tellers})"
            cell[line.kind.value] = f"{cell[line.kind.value]}; {words}" if line.kind.value in cell else words
    both = sum(len(cell) > 1 for cell in cells.values())
    few = f"; the {len(rows)} and {len(columns)} most often told are drawn"
    drawn = few if len(cells) < len(pairs) else ""
    split = f"; {count(both, 'pair is', 'pairs are')} called both" if both else ""
    return figure(
        "relations",
        "matrix",
        title=f"Who backs and who opposes whom: {count(len(pairs), 'line')}{split}",
        definition=f"A row backs (dot) or opposes (cross) a column, as somebody says{drawn}.",
        source=case.about.title,
        as_of=str(case.about.issued or case.about.edition),
        n=f"n = {count(len(pairs), 'line')}",
        columns=("from", "relation", "to", "according to"),
        rows=table,
        data={
            "rows": {name: party_name(name, case.actors) for name in rows},
            "columns": {name: party_name(name, case.actors) for name in columns},
            "cells": cells,
        },
    )
