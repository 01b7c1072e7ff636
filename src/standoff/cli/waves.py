"""Show a wave of displacement, told the fighting and told nothing, beside what was reported and beside naive rates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from standoff.text.sentences import count, fold, percent

if TYPE_CHECKING:
    from standoff.case.model import Case
    from standoff.runs.wave_forecast import WaveReport

SHOWN = 3  # methods with a range: the model twice, and the rates
PLACES = 8


def wave_lines(case: Case, report: WaveReport) -> Iterator[str]:
    """Yield the page of a wave, its answer first."""
    yield from _in_short(report)
    yield ""
    yield f"How strongly fighting drove people out (phi), by wave, where fear weighs {report.nu:g}:"
    for w in report.fit.waves:
        yield f"  {w.observation}  {w.first} to {w.last}  {w.people:9,.0f} people  phi {w.at(report.nu):.3f}"
    informed, blind = report.forecasts[:2]
    yield f"  frozen before scoring: sha256 {informed.frozen[:16]} (phi of these waves)"
    yield f"                         sha256 {blind.frozen[:16]} (model told nothing)"
    yield from _dates(report)
    yield from _scores(report)
    yield f"\nWhere people spend nights to {report.last}, share of arrivals (not fitted):"
    for name, (share, low, high) in list(report.nights.items())[:PLACES]:
        yield f"  {case.places[name].name[:44]:44} {share:5.1%}  ({low:.1%} to {high:.1%})"
    if report.areas is not None:
        from standoff.views.lines.areas import area_lines

        yield ""
        yield from area_lines(report.areas)
    yield f"\nNobody had the fighting on {report.start}, and how closely it is recorded differs"
    yield "from wave to wave: see docs/explanation/limits.md."


def _in_short(report: WaveReport) -> list[str]:
    """Return how far each method's median is off what was reported, in a sentence."""
    skills = report.skills[:SHOWN]
    errors = ", ".join(f"{s.method.removeprefix('model, ')} {percent(s.error)}" for s in skills)
    head = f"People displaced from {report.start}, {count(skills[0].n, 'report')}, n = {report.n:,}: the median is off"
    return fold(f"{head}, of what was reported, by: {errors}", hang="  ")


def _dates(report: WaveReport) -> Iterator[str]:
    """Yield each date: what was reported, and each method's median and 80 % interval, in thousands."""
    from standoff.runs.wave_forecast import reports_within

    yield f"\nPeople displaced since {report.start}, in this model (n = {report.n:,}; thousands; median"
    yield "and 80 % range), by what each was told"
    forecasts = report.forecasts[:SHOWN]
    heads = ("the fighting", "nothing later", "only the rates")
    yield f"  {'':10} {'reported':>8}" + "".join(f"{h:>19}" for h in heads[: len(forecasts)])
    for seen, on in reports_within(forecasts[0], report.reports):
        cells = ""
        for forecast in forecasts:
            low, median, high = (f"{q / 1000:,.0f}" for q in forecast.range_at(on))
            cells += f"{f'{median} ({low}-{high})':>19}"
        yield f"  {on} {seen.value / 1000:8,.0f}{cells}"


def _scores(report: WaveReport) -> Iterator[str]:
    """Yield how far each method is off; CRPS of a single number is its absolute error."""
    yield "\nError of the median as a share of what was reported; mean CRPS, thousands;"
    yield "reports inside the 80 % range (of one wave: they are not independent)"
    yield f"  {'method':25} {'error':>5} {'CRPS':>5} {'inside':>7}  told"
    for s in report.skills:
        inside = "-" if s.point else f"{s.inside} of {s.n}"
        yield f"  {s.method:25} {s.error:5.2f} {s.crps / 1000:5,.0f} {inside:>7}  {s.knows}"
