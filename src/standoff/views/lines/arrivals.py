"""Where more people would arrive: on a terminal, as rows for files and pages, and as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from standoff.people.arrivals import COVER, ArrivalRow, ExpectedArrivals, arrival_rows, caution_of
from standoff.text.sentences import count, day, fold, listing, number, people, rounded, span
from standoff.text.table_printer import Number, table

MOST = 15


def arrivals_answer(result: ExpectedArrivals) -> str:
    """Return the answer in a sentence."""
    first = result.areas[:3]
    if not first or first[0].mean < 0.5:
        return f"None of the {people(result.people)} people finds an open way to a place that takes people in."
    parts = [f"{r.name} {people(rounded(r.mean, 2))} ({span(r.q10, r.q90)})" for r in first if r.mean >= 0.5]
    return (
        f"Of {people(result.people)} people who leave {result.from_title} from {day(result.on)}, over "
        f"{count(result.days, 'day')}, most are expected in {listing(parts)}; ranges of 80 %."
    )


def arrivals_lines(result: ExpectedArrivals, width: int, *, every: bool = False) -> Iterator[str]:
    """Yield the answer, what was asked, areas and places, and what the numbers are not."""
    yield from fold(arrivals_answer(result), width)
    if result.changes:
        yield from fold(f"Asked: {listing(result.changes)}.", width)
    for note in result.notes:
        yield from fold(f"note: {note}", width, hang="  ")
    if result.stay >= 0.5:
        yield from fold(f"{people(rounded(result.stay, 3))} find no open way and stay where they are.", width)
    closed = bool(result.changes)
    for title, rows in (("AREAS", result.areas), ("PLACES", result.places)):
        shown = rows if every else rows[:MOST]
        asked = [] if every else [row for row in rows[MOST:] if row.state and not row.state.startswith("front")]
        yield ""
        yield from fold(f"{title}, people expected to arrive by {day(_last(result))}", width)
        heads: list[Any] = [
            title[:-1].lower(),
            Number("there before"),
            Number("expected"),
            Number("80 %"),
            Number("95 % below"),
        ]
        if closed:
            heads.append(Number("compared with open"))
        yield from table(heads, [_cells(row, closed) for row in (*shown, *asked)], width, indent="  ")
        if len(shown) + len(asked) < len(rows):
            yield f"  and {count(len(rows) - len(shown) - len(asked), 'other')}; all with --all or --json"
    yield ""
    yield from fold(caution_of(result), width)


def _last(result: ExpectedArrivals) -> Any:
    from datetime import timedelta

    return result.on + timedelta(days=result.days - 1)


def _cells(row: ArrivalRow, closed: bool) -> tuple[str, ...]:
    name = f"{row.name} {row.area_code}".strip() if row.id == row.area_code else row.name
    more = f" ({row.state})" if row.state else ""
    cells = (
        f"{name}{more}",
        number(row.present, 3) if row.present else "",
        number(row.mean),
        span(row.q10, row.q90) if row.q90 else "0",
        number(row.q95),
    )
    change = f"{'+' if row.change > 0 else '-'}{number(abs(row.change))}" if abs(row.change) >= 0.5 else "0"
    return (*cells, change) if closed else cells


def arrivals_data(result: ExpectedArrivals) -> dict[str, Any]:
    """Return the whole answer as plain data."""
    return {
        "title": result.title,
        "people": result.people,
        "from": list(result.origins),
        "from_title": result.from_title,
        "on": result.on.isoformat(),
        "days": result.days,
        "stock_of": result.as_of.isoformat() if result.as_of else None,
        "asked": list(result.changes),
        "notes": list(result.notes),
        "stay": round(result.stay),
        "n": result.n,
        "seed": result.seed,
        "caution": caution_of(result),
        "covered80": list(COVER),
        "rows": arrival_rows(result),
        "daily": {name: [round(v, 1) for v in days] for name, days in result.daily.items()},
    }
