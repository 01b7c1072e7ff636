"""Show a wave of displacement predicted from earlier ones beside what was reported and beside naive rates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from standoff.case.model import Case

if TYPE_CHECKING:
    from standoff.exchange.areas import Placed

FITTED = ("d017", "d052", "d108")  # winter 2017-18, September 2018, summer 2019
START, DAYS = date(2019, 12, 1), 100


def show_waves(case: Case, trajectories: int = 500, seed: int = 1, placed: Mapping[str, Placed] | None = None) -> None:
    """Fit on the three earlier waves of the Idlib case, freeze, predict the winter of 2019 to 2020, and score.

    Raises `StandoffError` where the case does not have those observations.
    """
    from standoff.experiment import arrival_waves as waves
    from standoff.experiment.ensemble import moving

    made = moving(case)
    network = waves.wave_network(case, made["moving"], "SY", made["draw"])
    fit = waves.fit_waves(case, network, FITTED)
    shut = [(c.kind, c.a, c.b) for c in case.closures if c.until is None]
    told = waves.predict_wave(case, network, fit, START, DAYS, trajectories=trajectories, seed=seed, shut=shut)
    click.echo("How strongly fighting drove people out (phi), by wave:")
    for wave in fit.waves:
        click.echo(f"  {wave.observation}  {wave.first} to {wave.last}  {wave.people:9,.0f} people  phi {wave.phi:.3f}")
    click.echo(f"  frozen before scoring: sha256 {fit.digest[:16]}")
    click.echo(f"\nPeople displaced since {START}, in this model, told the fighting on record")
    click.echo(f"(n = {trajectories:,}; thousands; 80 % range; naive: rates of the earlier waves)")
    click.echo(f"  {'':10} {'from':>7}{'median':>8}{'to':>7}{'reported':>10}{'mean':>9}{'last':>7}{'highest':>9}")
    rows = waves.score_wave(case, told, waves.reported_since(case, START))
    for row in rows:
        mean, last, highest = (value / 1000 for _, value in row.naive)
        low, median, high, told_ = (v / 1000 for v in (*row.quantiles[:3:2], row.quantiles[-1], row.reported))
        line = f"{low:7,.0f}{median:8,.0f}{high:7,.0f}{told_:10,.0f}{mean:9,.0f}{last:7,.0f}{highest:9,.0f}"
        click.echo(f"  {row.on} {line}")
    whole = sum(row.reported for row in rows)
    errors = [("median of the model", sum(abs(r.quantiles[2] - r.reported) for r in rows) / whole)]
    for i, (name, _) in enumerate(rows[0].naive if rows else ()):
        errors.append((name, sum(abs(r.naive[i][1] - r.reported) for r in rows) / whole))
    click.echo("\nError as a share of what was reported (0 is best):")
    for name, error in errors:
        click.echo(f"  {name:24} {error:.2f}")
    inside = sum(r.quantiles[0] <= r.reported <= r.quantiles[-1] for r in rows)
    click.echo(f"  80 % intervals hold {inside} of {len(rows)} reports, which are not independent of each other.")
    click.echo("\nWhere people spend nights, share of all arrivals (not fitted to where people went):")
    for name, (share, low, high) in list(waves.arrivals_at(told).items())[:8]:
        click.echo(f"  {case.places[name].name:24} {share:5.1%}  ({low:.1%} to {high:.1%})")
    if placed is not None:
        from standoff.cli.areas import lines
        from standoff.exchange.areas import by_area

        end = START + timedelta(days=DAYS)
        click.echo()
        click.echo("\n".join(lines(by_area(told.arrived, told.places, placed, date=end.isoformat()))))
    click.echo("\nThe fighting is recorded more closely in this winter than in the waves fitted on: see `limits`.")
