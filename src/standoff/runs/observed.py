"""The displaced people of a run beside observed totals, and beside what no model would say.

Only people counted since the start of the run, in the whole region, are compared: movements, stocks and parts of the
region are other measures. Baselines know only what was observed before the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, Observation, refuse_errors
from standoff.errors import StandoffError
from standoff.oneline import OneLine
from standoff.runs.margins import next_one, normal_or_student
from standoff.runs.results import Fan, Run
from standoff.runs.waves import reported_waves
from standoff.scoring.scores import pinball

Floats = NDArray[np.float64]

LEVELS = {"q05": 0.05, "q10": 0.10, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q90": 0.90, "q95": 0.95}
SERIES = "displaced-people"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FigureScore(OneLine):
    """One method beside one observed figure. ``loss`` is the mean pinball loss over the quantiles, in people."""

    observed: str
    date: str
    value: float
    bound: str
    method: str
    median: float
    low: float
    high: float
    inside: bool
    loss: float


def totals(case: Case, start: date) -> list[Observation]:
    """Return observed totals of people newly displaced in the region since ``start`` (a day off is allowed)."""
    observations = [
        o
        for o in case.observed.values()
        if o.measure == "people-displaced"
        and o.indicator == "people displaced"
        and o.from_.start is not None
        and abs((o.from_.start - start).days) <= 1
        and o.to.end is not None
        and not o.contested
        and not o.restricted  # a score prints the figure
    ]
    if not observations:
        return []
    names = [(o.place, o.source if not o.origin else "") for o in observations]
    place = max(names, key=lambda n: (names.count(n), n))[0]
    return sorted((o for o in observations if o.place == place), key=lambda o: o.to.end or start)


def naive(case: Case, start: date, end: date) -> float | None:
    """Return what the last wave of at least 30 days that was over before ``start`` would give in the same time."""
    past = [
        o
        for o in case.observed.values()
        if o.measure == "people-displaced"
        and o.indicator == "people displaced"
        and o.from_.start is not None
        and o.to.end is not None
        and o.to.end < start
        and (o.to.end - o.from_.start).days >= 30
        and not o.contested
        and not o.restricted
    ]
    if not past:
        return None
    last = max(past, key=lambda o: (o.to.end or start, o.value))
    days = ((last.to.end or start) - (last.from_.start or start)).days
    return last.value / days * (end - start).days


def earlier_waves(case: Case, start: date, end: date, draws: int = 1000) -> Floats:
    """Return people displaced from ``start`` to ``end`` at the rates of waves reported before [draws]; [0] for none.

    ``case`` is the case as known. The waves are those that phi is fitted on; evenly spread quantiles of Student's t on
    the log of their people a day. It takes a wave to run all the time, and nobody to be counted twice.
    """
    parameter = case.parameters.get("displacement.phi")
    waves = [case.observed[name] for name in reported_waves(case, parameter.fitted)] if parameter else []
    logs = [
        float(np.log(o.value / ((o.to.end - o.from_.start).days + 1)))
        for o in waves
        if o.to.end is not None and o.from_.start is not None and o.value > 0
    ]
    if not logs:
        return np.zeros(0)
    margin = next_one("rate", logs, "")
    unit = (np.arange(draws) + 0.5) / draws
    everybody = sum(p.residents + p.displaced for p in case.places.values())
    return np.minimum(margin.at(normal_or_student(unit, margin.freedom)) * ((end - start).days + 1), everybody)


def score_run(case: Case, run: Run) -> list[FigureScore]:
    """Compare the people displaced in a run with what was observed, beside nobody at all and the last wave's pace.

    Parameters
    ----------
    case : Case
        A case with observed figures.
    run : Run
        As `simulate` or `load_run` returns it; its first scenario is compared.

    Returns
    -------
    list of FigureScore
        For each account and each rival: errors and scores against the observed totals.

    Raises
    ------
    StandoffError
        Where nothing that was observed can be compared with the run.

    Examples
    --------
    >>> import standoff as so
    >>> case = so.load("idlib")
    >>> run = so.simulate(case, accounts="pooled", trajectories=4, days=60)
    >>> len(so.score(case, run)) > 1
    True
    """
    refuse_errors(case)
    start = date.fromisoformat(str(run.meta["spec"]["start"]))
    fans: dict[tuple[str, str], Fan] = {
        (row.account, row.date): row
        for row in run.quantiles
        if row.series == SERIES and not row.place and row.scenario == run.scenarios[0]
    }
    rows = []
    for o in totals(case, start):
        end = o.to.end or start
        for account in run.accounts:
            fan = fans.get((account, end.isoformat()))
            if fan is not None:
                levels = {name: float(getattr(fan, name)) for name in LEVELS}
                rows.append(_compared(o, f"model: {account}", levels))
        if not rows or rows[-1].observed != o.id:
            continue
        points = {"nobody": 0.0, "pace of the last wave": naive(case, start, end)}
        for name, value in points.items():
            if value is not None:
                rows.append(_compared(o, name, dict.fromkeys(LEVELS, value)))
    if not rows:
        raise StandoffError.of(
            "nothing observed can be compared with this run",
            file="observed.csv",
            expected="people displaced since the start of the run, by a day of the run",
        )
    return rows


def _compared(o: Observation, method: str, levels: dict[str, float]) -> FigureScore:
    loss = sum(pinball(levels[name], level, o.value) for name, level in LEVELS.items()) / len(LEVELS)
    return FigureScore(
        observed=o.id,
        date=(o.to.end or date.min).isoformat(),
        value=o.value,
        bound=o.bound,
        method=method,
        median=levels["q50"],
        low=levels["q05"],
        high=levels["q95"],
        inside=levels["q05"] <= o.value <= levels["q95"],
        loss=loss,
    )
