"""Simulation-based calibration: are parameters found again in what the model itself makes, and which cannot be?

A true value is drawn from a prior, data from the model given the value, and the posterior is worked out on a grid. If
the likelihood is the model's own, the rank of the truth among posterior draws is uniform (Talts et al. 2018), and 80 %
intervals hold the truth in 80 % of trials. What gives the same data for different values cannot be found at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import lgamma, sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.experiment.reductions import chances_of, mind_of
from standoff.world.actors import Outlook, draw, logit, scope, values
from standoff.world.displacement.departures import departures, leave_chance
from standoff.world.state import believe

Floats = NDArray[np.float64]
TRIALS, DRAWS, BINS = 500, 99, 5
WORTH = np.array([0.0, 0.12, -0.2])  # what three options of a lone actor are worth
GRID = 40  # values of a parameter between the ends of its prior


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """How well a parameter is found again: of ``trials``, the share of 80 % intervals that hold the truth.

    ``p`` is the chance of ranks at least this uneven if the posterior is right (chi-squared, 4 degrees of freedom);
    ``shrinks`` is the posterior's standard deviation as a share of the prior's, median over trials.
    """

    name: str
    data: str
    trials: int
    inside: float
    p: float
    shrinks: float

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the posterior, at 1 in 1,000."""
        return self.p > 0.001 and abs(self.inside - 0.8) < 3.3 * sqrt(0.16 / self.trials)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Two settings that give the same chances of choice: the largest difference between them."""

    names: str
    why: str
    deviation: float


def calibrate(
    name: str,
    data: str,
    grid: Floats,
    trial: Callable[[Generator, float], Floats],
    *,
    trials: int = TRIALS,
    seed: int = 1,
) -> Recovery:
    """Draw the truth evenly from ``grid`` [G] and rank it among draws of the posterior.

    ``trial`` makes data from the truth and returns their log-likelihood over the grid, [G].
    """
    rng = np.random.default_rng([seed, len(name)])
    ranks, inside, shrinks = np.zeros(trials), 0, np.zeros(trials)
    step = float(grid[1] - grid[0])
    for t in range(trials):
        true = float(rng.choice(grid))
        fit = trial(rng, true)
        weight = np.exp(fit - fit.max())
        weight /= weight.sum()
        # within a step of the grid nothing is known: truth and draws are spread over it alike
        sample = rng.choice(grid, DRAWS, p=weight) + step * rng.random(DRAWS)
        placed = true + step * rng.random()
        ranks[t] = (sample < placed).sum()
        inside += int(0.1 * (DRAWS + 1) <= ranks[t] < 0.9 * (DRAWS + 1))
        mean = float((grid * weight).sum())
        shrinks[t] = sqrt(float(((grid - mean) ** 2 * weight).sum()))
    seen = np.histogram(ranks, bins=BINS, range=(0, DRAWS + 1))[0]
    chi2 = float(((seen - trials / BINS) ** 2 / (trials / BINS)).sum())
    return Recovery(
        name=name,
        data=data,
        trials=trials,
        inside=inside / trials,
        p=_tail(chi2),
        shrinks=float(np.median(shrinks)) / float(grid.std()),
    )


def _tail(chi2: float) -> float:
    """Return the upper tail of chi-squared with 4 degrees of freedom."""
    return float(np.exp(-chi2 / 2.0) * (1.0 + chi2 / 2.0))


def _rationality(trials: int, seed: int) -> Recovery:
    grid = np.linspace(0.5, 12.0, GRID)
    chance = chances_of(mind_of(-WORTH[None, :].repeat(GRID, axis=0), 3, rationality=grid), 0.5, 0)

    def trial(rng: Generator, true: float) -> Floats:
        rows = chance[[int(np.argmin(np.abs(grid - true)))]].repeat(60, axis=0)
        counts = np.bincount(draw(rows, rng.random(60)), minlength=3)
        return np.asarray((np.log(chance) * counts).sum(axis=1))

    return calibrate("rationality of an actor", "60 choices of three", grid, trial, trials=trials, seed=seed)


def _kept(trials: int, seed: int) -> Recovery:
    grid = (np.arange(GRID) + 0.5) / GRID

    def trial(rng: Generator, true: float) -> Floats:
        alpha, beta = np.ones((1, 1)), np.ones((1, 1))  # the even prior of the grid
        for kept in rng.random(25) < true:
            one = np.array([[float(kept)]])
            alpha, beta = believe(
                alpha, beta, one, 1.0 - one, together=np.zeros((1, 1)), spill=np.zeros(1), keep=np.ones(1)
            )
        return np.asarray((alpha[0, 0] - 1.0) * np.log(grid) + (beta[0, 0] - 1.0) * np.log(1.0 - grid))

    return calibrate("chance of keeping a commitment", "25 cases, as beliefs", grid, trial, trials=trials, seed=seed)


def _departures(trials: int, seed: int) -> Recovery:
    grid = np.linspace(0.005, 0.1, GRID)
    intensity = np.array([[0.2, 0.5, 1.0, 2.0]])
    dispersion, days, people = 0.02, 10, 5000.0
    chance = np.stack([leave_chance(intensity[0], 0.0, phi, 1.0) for phi in grid])  # [G, P]
    scale = 1.0 / dispersion - 1.0

    def trial(rng: Generator, true: float) -> Floats:
        home = np.full((1, 4), people)
        fit = np.zeros(GRID)
        for _ in range(days):
            left = departures(rng, home, leave_chance(intensity, 0.0, true, 1.0), dispersion)
            fit += sum(_beta_binomial(float(k), float(n), chance[:, p] * scale, (1.0 - chance[:, p]) * scale)
                       for p, (k, n) in enumerate(zip(left[0], home[0], strict=True)))  # fmt: skip
            home = home - left
        return fit

    return calibrate("departures (displacement.phi)", "10 days, 4 places", grid, trial, trials=trials, seed=seed)


def _beta_binomial(k: float, n: float, a: Floats, b: Floats) -> Floats:
    """Return the log-likelihood of ``k`` of ``n`` at each (a, b), but for a constant."""
    return np.array([
        lgamma(k + i) + lgamma(n - k + j) - lgamma(n + i + j) + lgamma(i + j) - lgamma(i) - lgamma(j)
        for i, j in zip(a.tolist(), b.tolist(), strict=True)
    ])  # fmt: skip


def recoveries(trials: int = TRIALS, seed: int = 1) -> tuple[Recovery, ...]:
    """Calibrate each parameter that data of its kind can identify."""
    return tuple(make(trials, seed) for make in (_rationality, _kept, _departures))


def _breaker(audience: float, reputation: float) -> Floats:
    """Return the chances of keeping and breaking a commitment, by what breaking costs: audience, or a worse name."""
    zero, one = np.zeros((1, 1)), np.ones((1, 1))
    mind = mind_of(
        np.zeros((1, 2)),
        2,
        breaches=np.array([[[0.0], [1.0]]]),
        answer=np.zeros((2, 1)),
        held=np.array([True]),
        audience=np.array([audience]),
        reputation=np.array([reputation]),
        rationality=np.array([5.0]),
    )
    view = Outlook(belief=one / 2.0, open=one, due=zero, kept=one, weight=one * 4.0)
    near = scope(mind, np.zeros((1, 1, 1)), 1)
    return logit(
        values(mind, view, zero, slice(None), near=near, discount=1.0, deterrence=np.ones(1)), mind.rationality
    )


def indistinguishable() -> tuple[Alike, ...]:
    """Return the settings that no data on choices can tell apart, each with how far the chances of choice differ."""
    sharp = chances_of(mind_of(-WORTH[None, :], 3, rationality=np.array([4.0])), 0.5, 0)
    strong = chances_of(mind_of(-2.0 * WORTH[None, :], 3, rationality=np.array([2.0])), 0.5, 0)
    # a breach costs belief / (weight + 1) of its worth in reputation: 0.5 / 5; and 0.2 of belief before an audience
    return (
        Alike(
            names="rationality and the scale of utility",
            why="only their product enters a choice; a core issue is worth 1 by convention",
            deviation=float(np.abs(sharp - strong).max()),
        ),
        Alike(
            names="audience cost and reputation",
            why="both are paid at the breach; apart only where beliefs differ",
            deviation=float(np.abs(_breaker(0.2, 0.0) - _breaker(0.0, 1.0)).max()),
        ),
    )
