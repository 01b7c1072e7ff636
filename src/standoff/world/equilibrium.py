"""Logit quantal response equilibria of normal-form games, along the principal branch from rationality 0.

McKelvey and Palfrey (1995). Used by the mode in which all actors that revise on one day settle on each other's
chances, and by itself in the tests against stored golden numbers. One branch only: at high rationality other
equilibria may exist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Chances = list[Floats]


def settle(
    answer: Callable[[Chances, float], Chances],
    start: Chances,
    *,
    steps: int = 20,
    damping: float = 0.5,
    tolerance: float = 1e-10,
    most: int = 5000,
) -> tuple[Chances, float]:
    """Return the fixed point of ``answer`` reached from ``start`` as the share of rationality goes from 0 to 1.

    ``answer(chances, share)`` gives each player's logit answer [.., J] to the others' chances, with every rationality
    multiplied by ``share``. Each stage is iterated with damping, lowered whenever the distance grows. Returns the
    chances and the largest distance left, so that the caller can tell whether it has settled.
    """
    now = [np.array(p, dtype=np.float64) for p in start]
    left = np.inf
    for share in np.linspace(0.0, 1.0, steps + 1)[1:]:
        weight, left = damping, np.inf
        for _ in range(most):
            new = answer(now, float(share))
            gap = max(float(np.abs(a - b).max(initial=0.0)) for a, b in zip(new, now, strict=True))
            if gap > left:
                weight = max(weight * 0.7, 0.01)
            left = gap
            now = [(1.0 - weight) * b + weight * a for a, b in zip(new, now, strict=True)]
            if gap < tolerance:
                break
    return now, left


def two_player(payoffs: Sequence[Floats], rationality: Sequence[float] | float) -> tuple[Floats, Floats]:
    """Return the logit equilibrium of a two-player game; ``payoffs[i]`` [rows, columns] is player i's.

    Raises ValueError when the iteration does not settle.
    """
    a, b = (np.asarray(p, dtype=np.float64) for p in payoffs)
    first, second = (rationality, rationality) if isinstance(rationality, float | int) else rationality

    def answer(chances: Chances, share: float) -> Chances:
        made = []
        for score in (share * first * (a @ chances[1]), share * second * (chances[0] @ b)):
            weight = np.exp(score - score.max())
            made.append(weight / weight.sum())
        return made

    start = [np.full(a.shape[0], 1.0 / a.shape[0]), np.full(a.shape[1], 1.0 / a.shape[1])]
    (p, q), left = settle(answer, start)
    if left > 1e-8:
        raise ValueError(f"the equilibrium did not settle: {left:.1e} is left")
    return p, q
