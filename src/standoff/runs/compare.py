"""Scenarios and accounts side by side, paired on common random numbers.

Trajectory i of every account and scenario uses the same random numbers, so the difference of two columns is taken
trajectory by trajectory: what they share cancels, and the Monte-Carlo error is that of the differences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.oneline import OneLine
from standoff.runs.results import Run

Floats = NDArray[np.float64]
Z90 = 1.6448536269514722
INCIDENTS = "incidents-"  # and days
PEOPLE = {"newly-displaced": "People newly displaced", "in-sites": "Displaced people in camps and sites"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Difference(OneLine):
    """One column less another: ``mean`` with its 90 % Monte-Carlo interval over ``n`` paired trajectories.

    ``kind`` is ``scenario`` (same account) or ``account`` (same scenario); ``unit`` is ``share``, ``people`` or
    ``incidents``.
    ``differ`` is the share of trajectories in which the two columns are not the same.
    """

    kind: str
    account: str
    scenario: str
    against: str
    outcome: str
    title: str
    unit: str
    n: int
    mean: float
    low: float
    high: float
    differ: float
    base: float = 0.0  # mean of the other column

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero: more than sampling error, in this model."""
        return self.low > 0.0 or self.high < 0.0


def paired(one: Floats, other: Floats) -> tuple[float, float, float]:
    """Return the mean of ``one - other`` [n] and its 90 % interval by the normal approximation.

    Where all differences are equal the interval has the width of one trajectory (at least one run, or one person, in
    n), since none seen is not none possible.
    """
    gap = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    mean = float(gap.mean())
    error = float(gap.std(ddof=1) / np.sqrt(gap.size)) if gap.size > 1 else float("inf")
    if error == 0.0:
        scale = max(float(np.abs(one).max(initial=0.0)), float(np.abs(other).max(initial=0.0)), 1.0)
        error = scale / gap.size / Z90
    return mean, mean - Z90 * error, mean + Z90 * error


def paired_differences(run: Run) -> tuple[Difference, ...]:
    """Return each scenario less the first, by account, and each account less the last, in the first scenario."""
    values = _values(run)
    rows = []
    for kind, account, scenario, against, one, other in _contrasts(run):
        for name, title, unit in _columns(run):
            column, beside = values[*one, name], values[*other, name]
            mean, low, high = paired(column, beside)
            rows.append(
                Difference(
                    kind=kind,
                    account=account,
                    scenario=scenario,
                    against=against,
                    outcome=name,
                    title=title,
                    unit=unit,
                    n=column.size,
                    mean=mean,
                    low=low,
                    high=high,
                    differ=float((column != beside).mean()),
                    base=float(beside.mean()),
                )
            )
    order = {name: i for i, (name, _, _) in enumerate(_columns(run))}
    places = {scenario: i for i, scenario in enumerate(run.scenarios)}
    # Read outcome by outcome, the accounts of each beside one another; scenarios before accounts.
    return tuple(sorted(rows, key=lambda d: (d.kind != "scenario", places[d.scenario], order[d.outcome])))


def _columns(run: Run) -> Iterator[tuple[str, str, str]]:
    for outcome in run.meta["outcomes"]:
        if str(outcome["id"]) in run.outcomes:
            yield str(outcome["id"]), str(outcome["title"]), "share"
    for name, title in PEOPLE.items():
        if name in run.outcomes:
            yield name, title, "people"
    for name in run.outcomes:
        if name.startswith(INCIDENTS):
            yield name, f"Incidents in {name.removeprefix(INCIDENTS)} days", "incidents"


def _values(run: Run) -> Mapping[tuple[str, str, str], Floats]:
    accounts, scenarios = np.array(run.outcomes["account"]), np.array(run.outcomes["scenario"])
    columns = {}
    for name, _, unit in _columns(run):
        if unit == "share":
            column = np.array([float(v is not None) for v in run.outcomes[name]])
        else:
            column = np.array([float(v or 0) for v in run.outcomes[name]])
        for account in run.accounts:
            for scenario in run.scenarios:
                columns[account, scenario, name] = column[(accounts == account) & (scenarios == scenario)]
    return columns


def _contrasts(run: Run) -> Iterator[tuple[str, str, str, str, tuple[str, str], tuple[str, str]]]:
    """Yield kind, account, scenario and against of each contrast, with the (account, scenario) of its two columns."""
    base, last = run.scenarios[0], run.accounts[-1]
    for scenario in run.scenarios[1:]:
        for account in run.accounts:
            yield "scenario", account, scenario, base, (account, scenario), (account, base)
    for account in run.accounts[:-1]:
        yield "account", account, base, last, (account, base), (last, base)
