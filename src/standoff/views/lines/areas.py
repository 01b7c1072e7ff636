"""Arrivals by administrative area on the terminal: of a run, and of a predicted wave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from standoff.runs.areas import AreaArrivals, AreaOfPlace, by_area
from standoff.text.sentences import fold, number, percent, span
from standoff.text.table_printer import Number, table

MOST = 12
HEADS = ("area", Number("people"), Number("90 % of runs"), Number("unsure"))


def areas_of_run(
    ensemble: Any, batches: Mapping[tuple[str, str], Any], placed: Mapping[str, AreaOfPlace]
) -> list[AreaArrivals]:
    """Return the arrivals by area of every account and scenario of a run."""
    on = (ensemble.spec.start + timedelta(days=ensemble.spec.days)).isoformat()
    places = ensemble.setting.network.ids
    rows: list[AreaArrivals] = []
    for (account, scenario), batch in batches.items():
        if (account, scenario) in ensemble.columns and account in ensemble.spec.accounts:
            rows += by_area(batch.arrived, places, placed, account=account, scenario=scenario, date=on)
    return rows


def area_lines(rows: Sequence[AreaArrivals], width: int) -> Iterator[str]:
    """Yield the largest areas of one account."""
    if not rows:
        return
    first = rows[0]
    of = f", account {first.account}" if first.account else ""
    yield from fold(f"ARRIVALS BY AREA by {first.date}{of}, n = {first.n:,}, in this model", width)
    cells = [
        (
            f"{row.area} {row.pcode}".strip(),
            number(row.q50),
            span(row.q05, row.q95),
            percent(row.unsure) if row.unsure >= 0.005 else "",
        )
        for row in rows
        if row.scenario == first.scenario
    ]
    yield from table(HEADS, cells[:MOST], width, indent="  ")
    text = "who moves on is counted again; unsure: at places that may lie across the border"
    yield from fold(text, width, indent="  ", hang="  ")
