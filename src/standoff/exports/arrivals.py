"""Where more people would arrive, as a workbook and as HXL; every number is tagged as modelled."""

from __future__ import annotations

from pathlib import Path

from standoff.exports.hxl import area_tags, sheet, to_csv
from standoff.exports.xlsx import Cell, Sheet, write_sheets
from standoff.files.whole import write_whole
from standoff.intake.hxl import Column
from standoff.people.arrivals import CAUTION, COLUMNS, ExpectedArrivals, arrival_rows, caution_of

_HEADS = {
    "present": "there before",
    "mean": "expected",
    "change": "compared with nothing closed",
    "area_code": "area code",
}


def write_arrivals(path: Path, result: ExpectedArrivals, form: str) -> None:
    """Write the answer as ``xlsx`` or ``hxl``."""
    rows = arrival_rows(result)
    if form == "hxl":
        write_whole(path, arrivals_hxl(result))
        return
    heads = [_HEADS.get(name, name) for name in COLUMNS]
    about: list[tuple[Cell, ...]] = [
        ("where", result.title),
        ("people", result.people),
        ("leave", result.from_title),
        ("from", result.on),
        ("days", result.days),
        ("stock of", result.as_of or "not known"),
        ("find no way", round(result.stay)),
        ("draws", result.n),
        ("seed", result.seed),
        ("caution", caution_of(result)),
        *(("asked", text) for text in result.changes),
        *(("note", text) for text in result.notes),
    ]
    sheets = [
        Sheet(f"{level}s", heads, [tuple(row[name] for name in COLUMNS) for row in rows if row["level"] == level])
        for level in ("area", "place")
    ]
    write_sheets(path, [*sheets, Sheet("about", ("what", "value"), about)])


def arrivals_hxl(result: ExpectedArrivals) -> str:
    """Return areas and places as CSV with hashtags."""
    rows = arrival_rows(result)
    area_tag, code_tag = area_tags(r["area_code"] for r in rows)
    columns = [
        Column("level", "#loc+type"),
        Column("name", "#loc+name"),
        Column("area", area_tag),
        Column("area code", code_tag),
        Column("from", "#date+start"),
        Column("there before", "#affected+idps+reported", True),
        Column("expected", "#affected+modelled+new"),
        *(Column(q, f"#affected+modelled+new+{q}") for q in ("q05", "q10", "q25", "q50", "q75", "q90", "q95")),
        Column("state", "#status", True),
        Column("caution", "#meta+caution"),
    ]
    body = [
        [r["level"], r["name"], r["area"], r["area_code"], result.on, r["present"], r["mean"],
         *(r[q] for q in ("q05", "q10", "q25", "q50", "q75", "q90", "q95")), r["state"], CAUTION]
        for r in rows
    ]  # fmt: skip
    return to_csv(sheet(columns, body))
