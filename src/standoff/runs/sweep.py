"""A parameter swept over values: one run each, on the same random numbers, so that what differs is the parameter."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from standoff.case.model import Case, refuse_errors
from standoff.errors import StandoffError
from standoff.oneline import OneLine
from standoff.record_list import RecordList
from standoff.runs.compare import PEOPLE
from standoff.runs.summary import simulate


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SweepPoint(OneLine):
    """What came of one value under one account: people in the middle of the runs and in 90 % of them, ``n`` runs."""

    parameter: str
    value: float
    unit: str
    account: str
    start: date
    days: int
    outcome: str
    title: str
    low: float
    median: float
    high: float
    n: int


class Sweep(RecordList[SweepPoint]):
    """The points of a sweep, by account, then by value; `plot` draws them."""

    __slots__ = ()

    def plot(self) -> Any:
        """Return the picture of the points: a line for each value, with 90 % of the runs and their middle."""
        return importlib.import_module("standoff.views.plots").plot_of_sweep(self)


def sweep(
    case: Case,
    parameter: str,
    values: Sequence[float],
    *,
    outcome: str = "newly-displaced",
    accounts: str | Sequence[str] = "record",
    **options: Any,
) -> Sweep:
    """Run a case with several values of a parameter, all else and the random numbers equal.

    It tells how this model reacts, not what would happen.

    Parameters
    ----------
    case
        A case without errors.
    parameter, values
        The id of a parameter, such as ``displacement.nu``, and its values in its unit (`Case.set`).
    outcome
        ``newly-displaced`` or ``in-sites``: people on the last day.
    accounts
        One account or several.
    options
        As for `standoff.simulate`: ``trajectories``, ``days``, ``start``, ``seed``, ``parameters``.

    Returns
    -------
    Sweep
        A point for each value, with median and range; ``.plot()`` draws them.

    Raises
    ------
    StandoffError
        For an unknown parameter or outcome, no values, or a value that check refuses.

    Examples
    --------
    >>> import standoff as so
    >>> points = so.sweep(so.load("idlib"), "displacement.phi", [0.01, 0.02], trajectories=4, days=10)
    >>> [point.value for point in points]
    [0.01, 0.02]
    """
    refuse_errors(case)
    if outcome not in PEOPLE:
        raise StandoffError.of(f"there is no outcome {outcome!r} of people", expected=" or ".join(PEOPLE))
    if not len(values):
        raise StandoffError.of("there are no values", file="values", expected="one at least, such as [0.2, 0.4]")
    points = []
    cases = [(float(value), case.set(parameter, value)) for value in values]  # all are checked before one is run
    for value, one in cases:
        run = simulate(one, accounts=accounts, **options)
        if outcome not in run.outcomes:
            raise StandoffError.of(f"the runs have no outcome {outcome!r}", expected="a case with places and routes")
        for account in run.accounts:
            people = np.array([float(v or 0) for v in run.values(account, outcome)])
            low, median, high = (float(q) for q in np.quantile(people, (0.05, 0.5, 0.95)))
            points.append(
                SweepPoint(
                    parameter=parameter,
                    value=value,
                    unit=case.parameters[parameter].unit,
                    account=account,
                    start=date.fromisoformat(run.meta["spec"]["start"]),
                    days=int(run.meta["spec"]["days"]),
                    outcome=outcome,
                    title=PEOPLE[outcome],
                    low=low,
                    median=median,
                    high=high,
                    n=people.size,
                )
            )
    order = {name: k for k, name in enumerate(dict.fromkeys(p.account for p in points))}
    return Sweep(sorted(points, key=lambda p: (order[p.account], p.value)))
