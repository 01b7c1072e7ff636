"""The machinery against what is known: textbook models that it contains, and parameters found again in its own data.

*Reductions* work the textbook models that the model of choice contains out anew, beside closed forms and stored
numbers. Each row gives the largest deviation and what is allowed. The attacker-defender game is that of Zagare and
Kilgour (2000); its agent quantal response equilibrium (McKelvey and Palfrey 1998) has a closed form, since the defender
moves last. The equilibria of the constant-sum game are those that gambit's logit solver prints. Nothing here is drawn.

*Recovery* is simulation-based calibration: a true value is drawn from a prior, data from the model with that value,
and the posterior is worked out on a grid. If the likelihood is the model's own, the rank of the truth among posterior
draws is uniform (Talts et al. 2018), and 80 % intervals hold the truth in 80 % of trials. What gives the same data for
different values cannot be found at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from math import sqrt
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import betaln, chdtrc

from standoff.oneline import OneLine
from standoff.people.kernel import departures, leave_chance
from standoff.world.actors import Mind, Prospect, draw, horizon_of, logit, option_values, two_player
from standoff.world.state import believe

Floats = NDArray[np.float64]
GAMBIT = ((1.0, 0.643, 0.5883), (2.0, 0.7727, 0.6117), (3.0, 0.8595, 0.6038))  # rationality, and chances as printed
SQ, DC, DD = 0.0, 1.0, -1.0  # attacker: status quo, attack unresisted, attack resisted
TRIALS, DRAWS, BINS = 500, 99, 5
WORTH = np.array([0.0, 0.12, -0.2])  # what three options of a lone actor are worth
GRID = 40  # values of a parameter between the ends of its prior
TYPES = (0.5, -0.5)  # defender: what a hard and a soft one gain by resisting over giving way


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reduction(OneLine):
    """One comparison: ``cases`` of it, the largest deviation among them, and what is allowed."""

    name: str
    source: str
    cases: int
    deviation: float
    allowed: float

    @property
    def holds(self) -> bool:
        """Whether the deviation is within what is allowed."""
        return self.deviation <= self.allowed


def mind_of(harm: Floats, own: int, **overrides: Any) -> Mind:
    """Return a mind content on its one issue; ``harm`` [n, Q] is its loss by option, the first ``own`` its own."""
    options = harm.shape[1]
    usual: dict[str, Any] = {
        "own": np.arange(own),
        "moves": np.zeros((options, 1)),
        "position": np.ones(1),
        "salience": np.ones(1),
        "harm": harm,
        "triggers": np.zeros((1, own, 1)),
        "fulfils": np.zeros((1, own, 1)),
        "breaches": np.zeros((1, own, 1)),
        "answer": np.zeros((options, 1)),
        "owns": np.zeros(1, dtype=np.bool_),
        "audience": np.zeros(1),
        "reputation": np.zeros(1),
        "spill": np.zeros(1),
    }
    return Mind(**{**usual, **overrides})


def chances_of(mind: Mind, belief: float, lookahead: int) -> Floats:
    """Return the chances [n, own] of a mind's options when it believes that the one commitment is kept so often."""
    rows = mind.harm.shape[0]
    one = np.ones((rows, 1))
    view = Prospect(belief=one * belief, open=one, due=one * 0.0, kept=one * 0.0, weight=one * 4.0)
    near = horizon_of(mind, np.zeros((1, 1, 1)), lookahead)
    return logit(option_values(mind, view, np.zeros((rows, 1)), slice(None), near=near, discount=1.0), mind.rationality)


def _resist(gain: float, rationality: float) -> float:
    return float(chances_of(mind_of(np.array([[-gain, 0.0]]), 2, rationality=np.array([rationality])), 0.5, 0)[0, 0])


def _attack(belief: float, rationality: float) -> float:
    attacker = mind_of(
        np.array([[-SQ, -DC, DC - DD]]),
        2,
        triggers=np.array([[[0.0], [1.0]]]),
        answer=np.array([[0.0], [0.0], [1.0]]),
        rationality=np.array([rationality]),
    )
    return float(chances_of(attacker, belief, 1)[0, 1])


def _logistic(x: float) -> float:
    return float(1.0 / (1.0 + np.exp(-x)))


def agent_equilibrium() -> Reduction:
    """Return how far a choice on consistent beliefs is from the agent equilibrium with private types."""
    off = []
    for p, lam in product((0.3, 0.5, 0.7), (0.5, 1.0, 2.0, 5.0, 20.0)):
        q = sum(w * _logistic(lam * gain) for w, gain in zip((p, 1.0 - p), TYPES, strict=True))
        belief = sum(w * _resist(gain, lam) for w, gain in zip((p, 1.0 - p), TYPES, strict=True))
        off += [abs(belief - q), abs(_attack(belief, lam) - _logistic(lam * ((1.0 - q) * DC + q * DD - SQ)))]
    return Reduction(
        name="agent quantal response equilibrium", source="closed form", cases=15, deviation=max(off), allowed=1e-9
    )


def deterrence_threshold() -> Reduction:
    """Return how far the credibility at which a nearly rational attacker turns is from (DC - SQ) / (DC - DD)."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _attack(middle, 1000.0) > 0.5 else (low, middle)
    off = abs(low - (DC - SQ) / (DC - DD))
    return Reduction(name="perfect deterrence threshold", source="closed form", cases=1, deviation=off, allowed=1e-9)


def simultaneous_equilibrium() -> Reduction:
    """Return how far two players who settle on each other's chances are from gambit's printed numbers."""
    game = np.array([[1.0, 1.0], [0.0, 1.0]])
    off = []
    for lam, first, second in GAMBIT:
        p, q = two_player([game, 2.0 - game], lam)
        off += [abs(float(p[0]) - first), abs(float(q[0]) - second)]
    return Reduction(
        name="logit equilibrium of two players", source="gambit, as printed", cases=3, deviation=max(off), allowed=6e-4
    )


def lone_actor() -> Reduction:
    """Return how far one actor without commitments is from a multinomial logit of its costs."""
    harm = np.random.default_rng(1).normal(size=(50, 5))
    chances = chances_of(mind_of(harm, 5, rationality=np.array([1.7])), 0.5, 3)
    expected = np.exp(-1.7 * harm)
    expected /= expected.sum(axis=1, keepdims=True)
    off = float(np.abs(chances - expected).max())
    return Reduction(name="multinomial logit", source="closed form", cases=50, deviation=off, allowed=1e-9)


def conjugate_beliefs() -> Reduction:
    """Return how far beliefs after kept and broken cases are from the Beta posterior."""
    off = []
    for kept, broken in product((0, 1, 7), (0, 2, 5)):
        alpha, beta = np.array([[0.8]]), np.array([[1.2]])
        for good in [1.0] * kept + [0.0] * broken:
            one = np.array([[good]])
            alpha, beta = believe(
                alpha, beta, one, 1.0 - one, together=np.zeros((1, 1)), spill=np.zeros(1), keep=np.ones(1)
            )
        off.append(abs(float(alpha[0, 0] / (alpha[0, 0] + beta[0, 0])) - (0.8 + kept) / (2.0 + kept + broken)))
    return Reduction(name="Beta updates", source="closed form", cases=9, deviation=max(off), allowed=1e-9)


def reductions() -> tuple[Reduction, ...]:
    """Work out every reduction; none depends on a case."""
    return (
        agent_equilibrium(),
        deterrence_threshold(),
        simultaneous_equilibrium(),
        lone_actor(),
        conjugate_beliefs(),
    )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Recovery(OneLine):
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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Alike(OneLine):
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
        blurred = true + step * rng.random()
        ranks[t] = (sample < blurred).sum()
        inside += int(0.1 * (DRAWS + 1) <= ranks[t] < 0.9 * (DRAWS + 1))
        mean = float((grid * weight).sum())
        shrinks[t] = sqrt(float(((grid - mean) ** 2 * weight).sum()))
    counts = np.histogram(ranks, bins=BINS, range=(0, DRAWS + 1))[0]
    chi2 = float(((counts - trials / BINS) ** 2 / (trials / BINS)).sum())
    return Recovery(
        name=name,
        data=data,
        trials=trials,
        inside=inside / trials,
        p=float(chdtrc(BINS - 1, chi2)),
        shrinks=float(np.median(shrinks)) / float(grid.std()),
    )


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
    a, b = (part * (1.0 / dispersion - 1.0) for part in (chance, 1.0 - chance))  # of the beta-binomial

    def trial(rng: Generator, true: float) -> Floats:
        home = np.full((1, 4), people)
        fit = np.zeros(GRID)
        for _ in range(days):
            left = departures(rng, home, leave_chance(intensity, 0.0, true, 1.0), dispersion)
            k, n = left[0][None, :], home[0][None, :]
            fit += (betaln(k + a, n - k + b) - betaln(a, b)).sum(axis=1)  # but for a constant
            home = home - left
        return fit

    return calibrate("departures (displacement.phi)", "10 days, 4 places", grid, trial, trials=trials, seed=seed)


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
        owns=np.array([True]),
        audience=np.array([audience]),
        reputation=np.array([reputation]),
        rationality=np.array([5.0]),
    )
    view = Prospect(belief=one / 2.0, open=one, due=zero, kept=one, weight=one * 4.0)
    near = horizon_of(mind, np.zeros((1, 1, 1)), 1)
    return logit(
        option_values(mind, view, zero, slice(None), near=near, discount=1.0, deterrence=np.ones(1)), mind.rationality
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
