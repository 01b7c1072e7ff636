"""The textbook models that the model of choice contains, worked out anew beside closed forms and stored numbers.

Each row gives the largest deviation found and what is allowed. The attacker-defender game is that of Zagare and Kilgour
(2000); its agent quantal response equilibrium (McKelvey and Palfrey 1998) has a closed form, since the defender moves
last. The equilibria of the constant-sum game are those that gambit's logit solver prints. Nothing here is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.world.actors import Mind, Outlook, logit, scope, values
from standoff.world.equilibrium import two_player
from standoff.world.state import believe

Floats = NDArray[np.float64]
GAMBIT = ((1.0, 0.643, 0.5883), (2.0, 0.7727, 0.6117), (3.0, 0.8595, 0.6038))  # rationality, and chances as printed
SQ, DC, DD = 0.0, 1.0, -1.0  # attacker: status quo, attack unresisted, attack resisted
TYPES = (0.5, -0.5)  # defender: what a hard and a soft one gain by resisting over giving way


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
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


def mind_of(harm: Floats, own: int, **given: Any) -> Mind:
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
        "held": np.zeros(1, dtype=np.bool_),
        "audience": np.zeros(1),
        "reputation": np.zeros(1),
        "spill": np.zeros(1),
    }
    return Mind(**{**usual, **given})


def chances_of(mind: Mind, belief: float, lookahead: int) -> Floats:
    """Return the chances [n, own] of a mind's options when it believes that the one commitment is kept so often."""
    rows = mind.harm.shape[0]
    one = np.ones((rows, 1))
    view = Outlook(belief=one * belief, open=one, due=one * 0.0, kept=one * 0.0, weight=one * 4.0)
    near = scope(mind, np.zeros((1, 1, 1)), lookahead)
    return logit(values(mind, view, np.zeros((rows, 1)), slice(None), near=near, discount=1.0), mind.rationality)


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
    made = chances_of(mind_of(harm, 5, rationality=np.array([1.7])), 0.5, 3)
    expected = np.exp(-1.7 * harm)
    expected /= expected.sum(axis=1, keepdims=True)
    off = float(np.abs(made - expected).max())
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
