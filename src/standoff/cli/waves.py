"""Show a wave of displacement, told the fighting and told nothing, beside what was reported and beside naive rates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.text.sentences import count, fold, percent

if TYPE_CHECKING:
    from standoff.case.model import Observation
    from standoff.runs.areas import Placed
    from standoff.runs.wave_forecast import Wave


def show_waves(
    case: Case,
    start: date,
    trajectories: int = 500,
    seed: int = 1,
    placed: Mapping[str, Placed] | None = None,
    *,
    as_json: bool = False,
) -> None:
    """Fit on the waves of a case that ended before ``start``, freeze, predict the wave from then on, and score.

    The waves are those that ``displacement.phi`` is fitted on; the wave lasts until the last report of it. With
    ``as_json`` one JSON record is printed, people in whole persons.

    Raises `StandoffError` where the case has fewer than two waves before, or no report of people displaced since.
    """
    import numpy as np

    from standoff.runs import wave_forecast as untold
    from standoff.runs import waves
    from standoff.runs.ensemble import feared
    from standoff.runs.margins import FEAR
    from standoff.world.setting import home_of, movement_settings

    reports = waves.reported_since(case, start)
    if not reports:
        raise StandoffError.of(
            f"no report of people displaced since {start}",
            file="observed.csv",
            expected=f"rows with from {start}, measure people-displaced and indicator people displaced",
        )
    last = max(on for seen in reports if (on := seen.to.end or seen.to.start))
    days = (last - start).days + 1
    made = movement_settings(case)
    network = waves.wave_network(case, made["moving"], home_of(case), made["draw"])
    names = waves.fitted_before(case, start)
    spans = {name: waves.span_of(case, name) for name in names}
    past = {name: feared(case, first, (last - first).days + 1) for name, (first, last) in spans.items()}
    fit = waves.fit_waves(case, network, names, past)
    shut = [(c.kind, c.a, c.b) for c in case.closures if c.until is None]
    nothing = untold.untold(case, start, days, trajectories=trajectories, seed=seed)
    usual = case.parameters[FEAR].value if FEAR in case.parameters else made["moving"].nu
    fear = np.full(trajectories, usual) if nothing.fear is None else nothing.fear
    told = waves.predict_wave(
        case, network, fit, start, days, feared=feared(case, start, days), nu=fear, seed=seed, shut=shut
    )
    people = told.people.astype(np.float64)
    fighting = untold.Wave("model, told the fighting", "the fighting on record", start, people, fit.digest)
    others = untold.rates(case, fit, start, days)
    nights = waves.arrivals_at(told)
    areas = None
    if placed is not None:
        from standoff.runs.areas import by_area

        areas = by_area(told.arrived, told.places, placed, date=last.isoformat())
    if as_json:
        record = {
            "n": trajectories,
            "seed": seed,
            "nu": usual,
            "fitted": [{**asdict(w), "phi": w.at(usual)} for w in fit.waves],
            "frozen": {m.method: m.frozen for m in (fighting, nothing)},
            "dates": [
                {
                    "date": on,
                    "reported": seen.value,
                    "observation": seen.id,
                    "methods": _ranges((fighting, nothing, *others), on),
                }
                for seen, on in untold.due(fighting, reports)
            ],
            "scores": [asdict(untold.wave_skill(m, reports)) for m in (fighting, nothing, *others)],
            "nights": [{"place": k, "share": m, "low": low, "high": high} for k, (m, low, high) in nights.items()],
        }
        if areas is not None:
            record["areas"] = [asdict(a) for a in areas]
        click.echo(json.dumps(record, indent=2, default=str))
        return
    click.echo("\n".join([*_in_short((fighting, nothing, *others[:1]), reports, trajectories), ""]))
    click.echo(f"How strongly fighting drove people out (phi), by wave, where fear weighs {usual:g}:")
    for wave in fit.waves:
        click.echo(
            f"  {wave.observation}  {wave.first} to {wave.last}  {wave.people:9,.0f} people  phi {wave.at(usual):.3f}"
        )
    click.echo(f"  frozen before scoring: sha256 {fighting.frozen[:16]} (phi of these waves)")
    click.echo(f"                         sha256 {nothing.frozen[:16]} (model told nothing)")
    _table([fighting, nothing, *others[:1]], reports, trajectories)
    _scores([fighting, nothing, *others], reports)
    click.echo(f"\nWhere people spend nights to {last}, share of arrivals (not fitted):")
    for name, (share, low, high) in list(nights.items())[:8]:
        click.echo(f"  {case.places[name].name[:44]:44} {share:5.1%}  ({low:.1%} to {high:.1%})")
    if areas is not None:
        from standoff.views.lines.areas import area_lines as lines

        click.echo()
        click.echo("\n".join(lines(areas)))
    click.echo(f"\nNobody had the fighting on {start}, and how closely it is recorded differs")
    click.echo("from wave to wave: see docs/explanation/limits.md.")


def _in_short(shown: Sequence[Wave], reports: Sequence[Observation], n: int) -> list[str]:
    """Return how far each method's median is off what was reported, in a sentence."""
    from standoff.runs.wave_forecast import wave_skill

    skills = [wave_skill(m, reports) for m in shown]
    told = ", ".join(f"{s.method.removeprefix('model, ')} {percent(s.error)}" for s in skills)
    head = f"People displaced from {shown[0].start}, {count(skills[0].n, 'report')}, n = {n:,}: the median is off"
    return fold(f"{head}, of what was reported, by: {told}", hang="  ")


def _ranges(methods: Sequence[Wave], on: date) -> list[dict[str, Any]]:
    """Return each method's median and 80 % range on a date."""
    import numpy as np

    found = []
    for wave in methods:
        low, median, high = (float(q) for q in np.quantile(wave.at(on), (0.1, 0.5, 0.9)))
        found.append({"method": wave.method, "told": wave.told, "median": median, "low": low, "high": high})
    return found


def _table(shown: Sequence[Wave], reports: Sequence[Observation], n: int) -> None:
    """Print each date: what was reported, and each method's median and 80 % interval, in thousands."""
    import numpy as np

    from standoff.runs.wave_forecast import due

    click.echo(f"\nPeople displaced since {shown[0].start}, in this model (n = {n:,}; thousands; median")
    click.echo("and 80 % range), by what each was told")
    heads = ("the fighting", "nothing later", "only the rates")
    click.echo(f"  {'':10} {'reported':>8}" + "".join(f"{h:>19}" for h in heads[: len(shown)]))
    for seen, on in due(shown[0], reports):
        cells = ""
        for wave in shown:
            low, median, high = (f"{q / 1000:,.0f}" for q in np.quantile(wave.at(on), (0.1, 0.5, 0.9)))
            cells += f"{f'{median} ({low}-{high})':>19}"
        click.echo(f"  {on} {seen.value / 1000:8,.0f}{cells}")


def _scores(methods: Sequence[Wave], reports: Sequence[Observation]) -> None:
    """Print how far each method is off; CRPS of a single number is its absolute error."""
    from standoff.runs.wave_forecast import wave_skill

    click.echo("\nError of the median as a share of what was reported; mean CRPS, thousands;")
    click.echo("reports inside the 80 % range (of one wave: they are not independent)")
    click.echo(f"  {'method':25} {'error':>5} {'CRPS':>5} {'inside':>7}  told")
    for s in (wave_skill(m, reports) for m in methods):
        inside = "-" if s.point else f"{s.inside} of {s.n}"
        click.echo(f"  {s.method:25} {s.error:5.2f} {s.crps / 1000:5,.0f} {inside:>7}  {s.told}")
