"""People present by area as a workbook, as HXL and as GeoJSON; every number is tagged as modelled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from standoff.case.model import Case
from standoff.exports.geojson import MODELLED, collection
from standoff.exports.hxl import area_tags, sheet, to_csv
from standoff.exports.xlsx import Cell, Sheet, write_sheets
from standoff.intake.areas import case_areas
from standoff.intake.hxl import Column
from standoff.runs.results import Present, Run

CAUTION = "modelled, not counted; not a forecast shown to be right"
_QUANTILES = ("mean", "q05", "q10", "q25", "q50", "q75", "q90", "q95")
_TAGS = {
    "present": "#population+modelled",
    "displaced": "#affected+idps+modelled",
    "newcomers": "#affected+new+modelled",
}


def of_run(run: Run, account: str, scenario: str) -> list[Present]:
    """Return the rows of one account and scenario, by day."""
    return [r for r in run.present if (r.account, r.scenario) == (account, scenario)]


def present_sheets(path: Path, run: Run, account: str, scenario: str) -> None:
    """Write a workbook: areas on the last day, every day kept, where people came from, and what it is."""
    rows = of_run(run, account, scenario)
    last = max((r.date for r in rows), default="")
    heads = ("area", "code", "day", "measure", "at the start", *_QUANTILES, "last reported", "reported on")

    def cells(r: Present) -> tuple[Cell, ...]:
        numbers = [round(getattr(r, name)) for name in _QUANTILES]
        return (r.area, r.pcode, r.date, r.measure, round(r.start), *numbers, r.reported, r.reported_on)

    origins = [
        (o.area, o.pcode, o.from_area or "displaced before the start", o.from_pcode, round(o.mean))
        for o in run.origins
        if (o.account, o.scenario) == (account, scenario)
    ]
    spec = run.meta["spec"]
    about: list[tuple[Cell, ...]] = [
        ("case", run.meta["case"]["title"]), ("account", account), ("scenario", scenario),
        ("runs", spec["trajectories"]),
        ("start", spec["start"]), ("days", spec["days"]), ("seed", spec["seed"]), ("caution", CAUTION),
        ("present", "everybody who is in the area at the end of the day"),
        ("displaced", "those of them who are away from home and stay"),
        ("newcomers", "those of them who came since the start"),
    ]  # fmt: skip
    write_sheets(
        path,
        [
            Sheet("last day", heads, [cells(r) for r in rows if r.date == last]),
            Sheet("all days", heads, [cells(r) for r in rows]),
            Sheet("from", ("area", "code", "left", "code left", "people, mean"), origins),
            Sheet("about", ("what", "value"), about),
        ],
    )


def present_hxl(run: Run, account: str, scenario: str) -> str:
    """Return areas and days as CSV with hashtags, one measure a column."""
    rows = of_run(run, account, scenario)
    area_tag, code_tag = area_tags(r.pcode for r in rows)
    columns = [
        Column("area", area_tag),
        Column("code", code_tag, True),
        Column("day", "#date"),
        *(Column(f"{m} {q}", f"{tag}+{q}") for m, tag in _TAGS.items() for q in _QUANTILES),
        Column("last reported", "#affected+idps+reported", True),
        Column("reported on", "#date+reported", True),
        Column("caution", "#meta+caution"),
    ]
    found: dict[tuple[str, str, str], dict[str, Present]] = {}
    for r in rows:
        found.setdefault((r.area, r.pcode, r.date), {})[r.measure] = r
    body: list[list[Any]] = []
    for (area, code, on), measures in found.items():
        numbers = [round(getattr(measures[m], q)) if m in measures else 0 for m in _TAGS for q in _QUANTILES]
        stock = measures.get("displaced")
        body.append(
            [area, code, on, *numbers, stock.reported if stock else None, stock.reported_on if stock else "", CAUTION]
        )
    return to_csv(sheet(columns, body))


def present_geojson(case: Case, run: Run, account: str, scenario: str) -> str:
    """Return the areas of the last day with their shapes; one without a shape has none."""
    shapes = case_areas(case).by_code
    rows = of_run(run, account, scenario)
    last = max((r.date for r in rows), default="")
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for r in rows:
        if r.date == last:
            own = found.setdefault(
                (r.pcode, r.area), {"pcode": r.pcode, "area": r.area, "date": r.date, "caution": CAUTION}
            )
            own |= {f"{r.measure}_{q}": round(getattr(r, q)) for q in _QUANTILES} | {
                f"{r.measure}_start": round(r.start)
            }
            if r.reported is not None:
                own |= {"reported": r.reported, "reported_on": r.reported_on}
    features = [
        {
            "type": "Feature",
            "properties": own,
            "geometry": dict(shapes[code.casefold()].geometry) if code and code.casefold() in shapes else None,
        }
        for (code, _), own in found.items()
    ]
    return collection(features, title=f"People present by area, {case.about.title}", note=MODELLED)
