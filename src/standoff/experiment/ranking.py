"""What an outcome hangs on, from one ensemble: disputes, model parameters, and what stock set aside would be worth.

Disputes are drawn per trajectory by the account. Parameters are those that every trajectory draws (margins.py), and are
analysed with SALib's RBD-FAST (Tarantola, Gatelli and Mara 2006; Plischke 2010), which needs no design.
The worth of an answer for one humanitarian decision, how much to set aside for the newly displaced before they arrive,
is the expected value of partial perfect information (EVPPI) of a newsvendor: ``cost * stock + penalty * max(people -
stock, 0)`` (Strong and Oakley 2013 for EVPPI; the loss is the textbook's).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.experiment.batch import Batch, run_batch, values_of
from standoff.experiment.ensemble import Plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What settling one dispute is worth to whoever sets stock aside: EVPPI in units of cost, noise taken out."""

    name: str
    evppi: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocked:
    """The stock that is best under all uncertainty, its expected loss, and what each answer would save."""

    cost: float
    penalty: float
    stock: float
    loss: float
    worth: tuple[Worth, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """First-order share of the whole variance of an outcome (chance included) due to one parameter."""

    name: str
    title: str
    low: float
    high: float
    first_order: float
    error: float


def best_stock(people: Floats, cost: float, penalty: float) -> tuple[float, float]:
    """Return the stock that minimises the mean of ``cost S + penalty max(D - S, 0)`` and that mean.

    The critical fractile: the ``1 - cost / penalty`` quantile of demand D (Arrow, Harris and Marschak 1951).
    """
    if not 0.0 < cost < penalty:
        raise StandoffError.of(
            f"cost {cost:g}, penalty {penalty:g}", file="--stock", expected="0 < cost < penalty, such as 1:5"
        )
    stock = float(np.quantile(people, 1.0 - cost / penalty, method="inverted_cdf"))
    return stock, float((cost * stock + penalty * np.maximum(people - stock, 0.0)).mean())


def evppi(people: Floats, group: Ints, cost: float, penalty: float) -> float:
    """Return how much knowing the group lowers the expected loss; biased upwards where groups are small."""
    _, without = best_stock(people, cost, penalty)
    share = 0.0
    for value in np.unique(group):
        mine = people[group == value]
        share += mine.size / people.size * best_stock(mine, cost, penalty)[1]
    return without - share


def stocked(
    people: Floats, answers: Ints, names: Sequence[str], cost: float, penalty: float, rng: Generator, shuffles: int = 20
) -> Stocked:
    """Return the best stock and the EVPPI of every dispute, less what shuffled answers would seem to be worth."""
    stock, loss = best_stock(people, cost, penalty)
    worth = []
    for k, name in enumerate(names):
        group = answers[:, k]
        if np.unique(group).size < 2:
            continue
        noise = np.mean([evppi(people, rng.permutation(group), cost, penalty) for _ in range(shuffles)])
        boots = []
        for _ in range(shuffles):
            pick = rng.integers(0, people.size, people.size)
            boots.append(evppi(people[pick], group[pick], cost, penalty) - 2.0 * float(noise))
        low, high = np.quantile(boots, (0.05, 0.95))
        found = evppi(people, group, cost, penalty) - float(noise)
        worth.append(Worth(name=name, evppi=max(found, 0.0), low=max(float(low), 0.0), high=max(float(high), 0.0)))
    worth.sort(key=lambda w: (-w.evppi, w.name))
    return Stocked(cost=cost, penalty=penalty, stock=stock, loss=loss, worth=tuple(worth))


def drawn(made: Plan, account: str) -> tuple[list[str], Floats]:
    """Return the names of the drawn parameters and what each trajectory of an account drew [n, names].

    Those that an answer of the account sets for some trajectories are left out.
    """
    at, spec = made.openings[account], made.spec
    taken = {name for one in at.parameters for name in one}
    names = [m.name for m in at.margins if m.name not in taken]
    stretch = made.stretches[spec.scenarios[0]][0]
    batches = [values_of(made.setting, at, spec, number, stretch).own for number in range(len(spec.sizes))]
    columns = [np.concatenate([batch[name] for batch in batches]) for name in names]
    return names, np.stack(columns, axis=1) if columns else np.zeros((spec.trajectories, 0))


def influences(case: Case, names: Sequence[str], points: Floats, y: Floats, seed: int) -> tuple[Influence, ...]:
    """Return first-order shares of parameters by RBD-FAST, largest first. Raises StandoffError without SALib."""
    try:
        from SALib.analyze import rbd_fast
    except ImportError:
        raise StandoffError.of(
            "SALib is not installed", file="--parameters", expected="pip install 'standoff[analysis]'"
        ) from None
    ranges = [list(case.parameters[name].range) for name in names]
    problem = {"num_vars": len(names), "names": list(names), "bounds": ranges}
    if y.std() == 0.0:
        return ()
    found = rbd_fast.analyze(problem, points, y, M=4, num_resamples=50, seed=seed)
    made = [
        Influence(
            name=name,
            title=case.parameters[name].title,
            low=ranges[i][0],
            high=ranges[i][1],
            first_order=max(float(found["S1"][i]), 0.0),
            error=float(found["S1_conf"][i]),
        )
        for i, name in enumerate(names)
    ]
    return tuple(sorted(made, key=lambda r: (-r.first_order, r.name)))


def rerun(made: Plan, account: str) -> Sequence[Batch]:
    """Run the batches of one account in this process."""
    scenario = made.spec.scenarios[0]
    at, stretches = made.openings[account], made.stretches[scenario]
    return [run_batch(made.setting, at, made.spec, stretches, b) for b in range(len(made.spec.sizes))]
