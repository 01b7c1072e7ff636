"""Displacement beside what was reported, on a terminal: of a run, and of a wave told the fighting or told nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from standoff.runs.wave_forecast import reports_within
from standoff.text.sentences import count, fold, number, people, percent, span, thousands
from standoff.text.table_printer import Column, Number, Row, table

if TYPE_CHECKING:
    from standoff.case.model import Case
    from standoff.runs.areas import AreaArrivals
    from standoff.runs.wave_forecast import WaveReport

RANGED = ("the fighting", "nothing later", "only the rates")  # methods with a range: the model twice, and the rates
PLACES = 8
MOST_AREAS = 12
AREA_HEADS = ("area", Number("people"), Number("90 % of runs"), Number("unsure"))
OBSERVED: tuple[Column, ...] = ("method", *map(Number, ("median", "low", "high", "loss")))


def wave_lines(case: Case, report: WaveReport, width: int) -> Iterator[str]:
    """Yield the page of a wave, its answer first."""
    yield from _in_short(report, width)
    yield ""
    text = f"How strongly fighting drove people out (phi), by wave, where fear weighs {report.nu:g}:"
    yield from fold(text, width, hang="  ")
    waves = [
        (w.observation, f"{w.first} to {w.last}", people(w.people), f"{w.at(report.nu):.3f}") for w in report.fit.waves
    ]
    yield from table(("wave", "days", Number("people"), Number("phi")), waves, width, indent="  ")
    informed, blind = report.forecasts[:2]
    yield from fold(f"frozen before scoring: sha256 {informed.frozen[:16]} (phi of these waves)", width, indent="  ")
    yield from fold(f"and sha256 {blind.frozen[:16]} (model told nothing)", width, indent=" " * 4)
    yield ""
    yield from _dates(report, width)
    yield ""
    yield from _scores(report, width)
    yield ""
    yield from fold(f"Where people spend nights to {report.last}, share of arrivals (not fitted):", width, hang="  ")
    nights = [
        (case.places[name].name, f"{share:.1%}", f"{low:.1%} to {high:.1%}")
        for name, (share, low, high) in list(report.nights.items())[:PLACES]
    ]
    yield from table(("place", Number("share"), Number("80 %")), nights, width, indent="  ")
    if report.areas is not None:
        yield ""
        yield from area_lines(report.areas, width)
    yield ""
    text = (
        f"Nobody had the fighting on {report.start}, and how closely it is recorded differs from wave to wave: see "
        "docs/explanation/limits.md."
    )
    yield from fold(text, width)


def _in_short(report: WaveReport, width: int) -> list[str]:
    """Return how far each method's median is off what was reported, in a sentence."""
    skills = report.skills[: len(RANGED)]
    errors = ", ".join(f"{s.method.removeprefix('model, ')} {percent(s.error)}" for s in skills)
    head = f"People displaced from {report.start}, {count(skills[0].n, 'report')}, n = {report.n:,}: the median is off"
    return fold(f"{head}, of what was reported, by: {errors}", width, hang="  ")


def _dates(report: WaveReport, width: int) -> Iterator[str]:
    """Yield each date: what was reported, and each method's median and 80 % interval, in thousands."""
    text = (
        f"People displaced since {report.start}, in this model (n = {report.n:,}; thousands; median and 80 % range), "
        "by what each was told"
    )
    yield from fold(text, width)
    forecasts = report.forecasts[: len(RANGED)]
    rows = []
    for observation, on in reports_within(forecasts[0], report.reports):
        ranges = [tuple(map(thousands, forecast.range_at(on))) for forecast in forecasts]
        rows.append(
            (str(on), thousands(observation.value), *(f"{median} ({low}-{high})" for low, median, high in ranges))
        )
    yield from table(("date", *map(Number, ("reported", *RANGED[: len(forecasts)]))), rows, width, indent="  ")


def _scores(report: WaveReport, width: int) -> Iterator[str]:
    """Yield how far each method is off; CRPS of a single number is its absolute error."""
    text = (
        "Error of the median as a share of what was reported; mean CRPS, thousands; reports inside the 80 % range (of "
        "one wave: they are not independent)"
    )
    yield from fold(text, width)
    rows = [
        (s.method, f"{s.error:.2f}", thousands(s.crps), "-" if s.point else f"{s.inside} of {s.n}", s.knows)
        for s in report.skills
    ]
    heads = ("method", Number("error"), Number("CRPS"), Number("inside"), "told")
    yield from table(heads, rows, width, indent="  ")


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
    yield from table(OBSERVED, rows, width)


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
    yield from table(AREA_HEADS, cells[:MOST_AREAS], width, indent="  ")
    text = "who moves on is counted again; unsure: at places that may lie across the border"
    yield from fold(text, width, indent="  ", hang="  ")
