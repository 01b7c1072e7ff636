"""Timelines: one row for each teller, party or threat, with what it tells as bars over its days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from standoff.case.model import Case
from standoff.commitments.signals import SeenSignal
from standoff.commitments.threads import Talk
from standoff.evidence.harm import HarmFigure
from standoff.text.sentences import count, day, shortlist
from standoff.views.charts import NEUTRAL, VIOLATED, Figure, figure
from standoff.views.drawing import Drawing, Scale, day_ticks, text_width, wrap
from standoff.views.lines.harm import TITLES, figure_words, teller_of
from standoff.views.lines.talks import asking_words, names_of, outcome_words, signal_words, state_of

SMALL = 560.0  # below this width names stand above their rows
ROW = 22.0
SINGLE = 3  # days; what is shorter is one happening, and stands in a row with others


def paint_timeline(drawing: Drawing, data: Mapping[str, Any]) -> None:
    """Draw rows of bars over days; a label stands beside its bar where there is room, and always in its title."""
    rows = data["rows"]
    first, last = date.fromisoformat(data["first"]), date.fromisoformat(data["last"])
    narrow = drawing.width < SMALL
    left = 0.0 if narrow else min(drawing.width * 0.36, max(text_width(row["name"], 11.5) for row in rows) + 14)
    across = Scale(0, max((last - first).days, 1), left + 4, drawing.width - 8)
    y = 8.0
    for row in rows:
        if narrow:
            y = drawing.lines(0, y + 10, wrap(row["name"], 11.5, drawing.width), 11.5, fill="soft") - 6
            names: list[str] = []
        else:
            names = wrap(row["name"], 11.5, left - 10, 2)
        drawing.lines(0, y + 14, names, 11.5)
        y = max(_bars(drawing, row, across, first, y), y + 15 * len(names) + 6)
        drawing.line(left, y + 2, drawing.width, y + 2)
        y += 6
    for on, label in day_ticks(first, last, 4 if narrow else 6):
        x = across.at((on - first).days)
        drawing.line(x, 4, x, y, stroke_dasharray="1 4")
        anchor = "start" if x < left + 30 else "end" if x > drawing.width - 40 else "middle"
        drawing.text(x, y + 14, label, 11, fill="soft", text_anchor=anchor)
    y += 24
    if any(mark["contested"] for row in rows for mark in row["marks"]):
        drawing.rect(left + 4, y, 18, 7, fill="none", stroke=VIOLATED, stroke_width=1.5)
        drawing.text(left + 28, y + 7, "contested, or told otherwise", 11, fill="soft")
        y += 16
    drawing.height = y


def _bars(drawing: Drawing, row: Mapping[str, Any], across: Scale, first: date, y: float) -> float:
    """Draw the bars of a row, on as many lines as keep their labels apart; return where the next row starts."""
    free: list[float] = []  # how far each line is taken
    for mark in row["marks"]:
        start = across.at((date.fromisoformat(mark["first"]) - first).days)
        end = max(across.at((date.fromisoformat(mark["last"]) - first).days), start + 5)
        label = mark["label"]
        before = end + 6 + text_width(label, 11) > across.end and start - 6 - text_width(label, 11) > across.start
        low = start - 6 - text_width(label, 11) if before else start
        high = end if before else end + 6 + text_width(label, 11)
        line = next((n for n, taken in enumerate(free) if taken < low), len(free))
        if line == len(free):
            free.append(0.0)
        free[line] = high + 6
        top = y + line * ROW + 6
        colours: dict[str, Any] = {"fill": NEUTRAL}
        if mark["contested"]:
            colours = {"fill": "none", "stroke": VIOLATED, "stroke_width": 1.5}
        drawing.mark("rect", x=start, y=top, width=end - start, height=8, title=mark["title"], **colours)
        anchor, x = ("end", start - 6) if before else ("start", end + 6)
        drawing.text(x, top + 8, label, 11, text_anchor=anchor)
    return y + max(1, len(free)) * ROW


def _window(one: HarmFigure) -> tuple[date, date]:
    start = (one.when.start if one.when else None) or one.day
    return start, max(one.day, start)


def harm_timeline(case: Case, figures: list[HarmFigure], measure: str) -> Figure | None:
    """Return figures of one measure over time, a row for each teller; None where there is none with a day."""
    rows: dict[str, list[dict[str, Any]]] = {}
    chosen = [one for one in figures if one.measure == measure and one.day != date.max]
    for one in sorted(chosen, key=lambda f: _window(f)[0]):
        first, last = _window(one)
        single = (last - first).days < SINGLE
        name = "Single happenings, as reported" if single else teller_of(case, one).split(", through ")[0]
        mark = {
            "first": first.isoformat(),
            "last": last.isoformat(),
            "label": figure_words(one),
            "title": f"{one.text} {figure_words(one)}",
            "contested": bool(one.contested or one.against),
        }
        rows.setdefault(name, []).append(mark)
    rows = dict(sorted(rows.items(), key=lambda entry: entry[0].startswith("Single happenings")))
    return _figure_of(
        f"harm-{measure}",
        rows,
        title=f"{TITLES[measure]}, as each source counts",
        definition="Each bar is one figure over its window. Figures are never added; windows overlap.",
        source=shortlist(rows, 6),
        noun="figure",
        columns=("teller", "first", "last", "number", "contested"),
        last="contested",
    )


def signal_timeline(case: Case, signals: list[SeenSignal]) -> Figure | None:
    """Return signals over time, a row for each who sends them; None where there is none with a day."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for one in signals:
        if one.first == date.max:
            continue
        first, last = one.first, one.last if one.last != date.max else one.first
        mark = {
            "first": first.isoformat(),
            "last": last.isoformat(),
            "label": one.signal.kind.value,
            "title": signal_words(case, one),
            "contested": False,
        }
        rows.setdefault(names_of(case, one.signal.by), []).append(mark)
    return _figure_of(
        "signals",
        rows,
        title="Signals, by who sends them",
        definition="What was moved, shown or said for others to see, over its days as far as they are told.",
        source=case.about.title,
        noun="signal",
        columns=("by", "first", "last", "kind", "signal"),
        last="title",
    )


def _figure_of(
    name: str,
    rows: dict[str, list[dict[str, Any]]],
    *,
    title: str,
    definition: str,
    source: str,
    noun: str,
    columns: tuple[str, ...],
    last: str,
) -> Figure | None:
    """Return marks in rows as a figure, with some days before and after; None where there is none.

    ``last`` is the key of a mark that the last column of the table holds.
    """
    marks = [mark for some in rows.values() for mark in some]
    if not marks:
        return None
    begins, ends = min(m["first"] for m in marks), max(m["last"] for m in marks)
    return figure(
        name,
        "timeline",
        title=title,
        definition=definition,
        source=source,
        as_of=day(ends),
        n=f"n = {count(len(marks), noun)}",
        columns=columns,
        rows=[[row, m["first"], m["last"], m["label"], m[last]] for row, some in rows.items() for m in some],
        data={
            "rows": [{"name": row, "marks": some} for row, some in rows.items()],
            "first": _padded(begins, -20),
            "last": _padded(ends, 20),
        },
    )


def _padded(text: str, days: int) -> str:
    return (date.fromisoformat(text) + timedelta(days=days)).isoformat()


def talk_timeline(case: Case, talks: list[Talk]) -> Figure | None:
    """Return threads over time, a row for each who asks, with how they stand; None where there is none with a day."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for talk in talks:
        days = [d for turn in talk.turns if (d := (turn.on.start if turn.on else None) or turn.published)]
        if not days:
            continue
        first = min(days)
        last = max([talk.since or first, first])
        mark = {
            "first": first.isoformat(),
            "last": last.isoformat(),
            "label": state_of(talk).partition(":")[0],
            "title": f"{asking_words(case, talk)}: {outcome_words(case, talk)}",
            "contested": talk.state in ("contested", "divided"),
        }
        rows.setdefault(names_of(case, talk.thread.by), []).append(mark)
    return _figure_of(
        "talks",
        rows,
        title="Requests, offers, demands and summits, by who asks",
        definition="From the asking to the answer, as far as the days are told.",
        source=case.about.title,
        noun="thread",
        columns=("by", "first", "last", "state", "thread"),
        last="title",
    )
