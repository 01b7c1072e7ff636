"""A table's forecast as a workbook and as HXL, so that it goes on into a spreadsheet or to HDX."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.exports.hxl import admin_tag, sheet
from standoff.exports.xlsx import Cell, Sheet, write_sheets
from standoff.intake.hxl import Column, HxlSheet
from standoff.intake.recognise import plain_name
from standoff.intake.series import LEVEL_OF

if TYPE_CHECKING:
    from standoff.people.series.outlook import PeopleForecast, SiteForecast

# a modelled number is never taken for a count: all tags say so
_TAGS = {"stock": "#affected+modelled", "cumulative": "#affected+modelled+cumulative", "flow": "#affected+modelled+new"}
_CAUTION = "forecast from the past of the table alone; no observation"


def _rows(forecast: PeopleForecast) -> list[SiteForecast]:
    return [*([forecast.total] if forecast.total else []), *forecast.areas, *forecast.sites]


def write_forecast(path: Path, forecast: PeopleForecast) -> None:
    """Write a forecast as a workbook: what to expect, how such forecasts did, what is doubtful, what was reported."""
    heads = [
        "site", "level", "in", "code", "last report", "people then", "horizon", "day", "middle",
        *(f"{end} {share} %" for share in (50, 80, 90) for end in ("low", "high")),
        *(f"chance over {a:,.0f}" for a in forecast.above), "doubtful", "last report as written",
    ]  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    past: list[tuple[Cell, ...]] = []
    for one in _rows(forecast):
        for e in one.expected:
            ends: list[Cell] = [round(end) for pair in e.ranges.values() for end in pair]
            chances: list[Cell] = [round(p, 3) for p in e.above.values()]
            where = ", ".join(filter(None, one.areas))
            rows.append(
                (one.name, one.level, where, one.code, one.last_day, one.last, e.horizon, e.day, round(e.value), *ends,
                 *chances, "yes" if one.doubtful else "", one.last_words)
            )  # fmt: skip
        if one.level == "site":
            past += [(one.name, ", ".join(filter(None, one.areas)), day, value) for day, value in one.past]
    scores: list[tuple[Cell, ...]] = []
    for of, table in (("sites", forecast.scores), ("total", forecast.sums)):
        for horizon, s in table.items():
            if s is not None:
                gain = None if s.gain is None else round(s.gain, 4)
                numbers = [round(x, 4) for x in (s.ard, s.persistence)]
                shares = [round(x, 4) for x in (s.covered, s.above, s.below)]
                scores.append((of, horizon, s.n, *numbers, gain, *shares))
    about: list[tuple[Cell, ...]] = [
        ("table", forecast.name),
        ("source", forecast.title),
        ("counted", forecast.kind.value),
        ("why", forecast.reason),
        ("forecast from", forecast.origin),
        ("caution", _CAUTION),
        *(("read so", note) for note in forecast.notes),
    ]
    people = {"people then", "middle", *(f"{end} {share} %" for share in (50, 80, 90) for end in ("low", "high"))}
    over = [head for head in heads if head.startswith("chance over ")]
    parts = ("error", "error of the last report", "gain", "80 % held", "above", "below")  # all are shares
    score_heads = ("of", "horizon", "n", "error", "error of the last report", "gain", "80 % held", "above", "below")
    sheets = [
        Sheet("scores", score_heads, scores, shares=parts),
        Sheet("expected", heads, rows, people=people, shares=over),
        Sheet(
            "doubts",
            ("site", "sort", "words", "scored"),
            [(d.site, d.what, d.words, str(d.scored).lower()) for d in forecast.doubts],
        ),
        Sheet("reported", ("site", "in", "day", "people"), past[:1_000_000], people={"people"}),
        Sheet("about", ("what", "value"), about),
    ]
    if forecast.inexact:
        inexact: list[tuple[Cell, ...]] = [
            (one.path[-1], date.fromordinal(one.day), one.line, one.cell.text, one.cell.sort, one.cell.low,
             one.cell.high, one.cell.used)
            for one in forecast.inexact
        ]  # fmt: skip
        sheets.append(Sheet("inexact", ("site", "day", "line", "cell", "sort", "low", "high", "used"), inexact))
    if forecast.totals:
        totals: list[tuple[Cell, ...]] = [
            (one.name, date.fromordinal(one.day), one.line or None, one.total, one.of_sites, one.difference, one.sites,
             one.absent)
            for one in forecast.totals
        ]  # fmt: skip
        columns = ("name", "day", "line", "total", "sum of sites", "difference", "sites", "sites without a figure")
        sheets.append(Sheet("totals", columns, totals, people={"total", "sum of sites", "difference"}))
    write_sheets(path, sheets)


def _area(forecast: PeopleForecast, k: int) -> tuple[str, str]:
    """Return the head and the hashtag of a column of areas: that of its level where its name says which."""
    head = forecast.levels[k] if k < len(forecast.levels) - 1 else f"area {k + 1}"
    level = LEVEL_OF.get(plain_name(head))
    tag = "#country+name" if level == 0 else f"#loc+area{k + 1}+name" if level is None else f"#adm{level}+name"
    return head, tag


def forecast_hxl(forecast: PeopleForecast) -> HxlSheet:
    """Return a forecast as HXL, a row for each site, area or total and horizon; every number is tagged as modelled."""
    tag = _TAGS[forecast.kind]
    codes = sorted({admin_tag(one.code) for one in forecast.sites if one.code})
    columns = [
        Column("site", "#loc+name"),
        Column("level", "#loc+type"),
        *(Column(*_area(forecast, k), True) for k in range(4)),
        *(Column("code", code, True) for code in codes),
        Column("day", "#date+forecast"),
        Column("middle", f"{tag}+median"),
        *(Column(f"{end} {share} %", f"{tag}+{end}+p{share}") for share in (50, 80, 90) for end in ("low", "high")),
        Column("last report", "#date+reported"),
        Column("people then", "#affected+reported"),
        Column("last report as written", "#meta+written", True),
        Column("caution", "#meta+caution"),
    ]
    rows = []
    for one in _rows(forecast):
        areas = [*one.areas, "", "", "", ""][:4]
        own = [one.code if one.code and admin_tag(one.code) == code else "" for code in codes]
        for e in one.expected:
            ends = [round(end) for pair in e.ranges.values() for end in pair]
            rows.append(
                [
                    one.name,
                    one.level,
                    *areas,
                    *own,
                    e.day,
                    round(e.value),
                    *ends,
                    one.last_day,
                    round(one.last),
                    one.last_words,
                    _CAUTION,
                ]
            )
    return sheet(columns, rows)
