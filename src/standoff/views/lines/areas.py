"""Arrivals by administrative area on the terminal: of a run, and of a predicted wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from standoff.runs.areas import AreaArrivals, Placed, by_area
from standoff.text.sentences import number, visible

SHOWN = 12


def of_run(made: Any, batches: Mapping[tuple[str, str], Any], placed: Mapping[str, Placed]) -> list[AreaArrivals]:
    """Return the arrivals by area of every account and scenario of a run."""
    on = (made.spec.start + timedelta(days=made.spec.days)).isoformat()
    places = made.setting.network.ids
    rows: list[AreaArrivals] = []
    for (account, scenario), batch in batches.items():
        if (account, scenario) in made.columns and account in made.spec.accounts:
            rows += by_area(batch.arrived, places, placed, account=account, scenario=scenario, date=on)
    return rows


def area_lines(rows: Sequence[AreaArrivals]) -> list[str]:
    """Return the largest areas of one account, one line each, within 80 columns."""
    if not rows:
        return []
    first = rows[0]
    told = f", account {first.account}" if first.account else ""
    made = [f"ARRIVALS BY AREA by {first.date}{told}, n = {first.n:,}, in this model"]
    for row in [r for r in rows if r.scenario == first.scenario][:SHOWN]:
        name = visible(f"{row.area} {row.pcode}".strip())
        span = f"{number(row.q50):>9} (90 %: {number(row.q05)} to {number(row.q95)})"
        doubt = f"  {row.unsure:.0%} unsure" if row.unsure >= 0.005 else ""
        made.append(f"  {name[:28]:28} {span}{doubt}")
    made.append("  who moves on is counted again; unsure: at places that may lie across the border")
    return made
