"""Recovery from much data: the truth is found to within its spread (ranks: runs/test_verification.py)."""

from __future__ import annotations

import numpy as np
from world_case import mind, outlook, values

from standoff.world.actors import draw, logit
from standoff.world.state import believe

GRID = np.linspace(0.5, 12.0, 24)  # rationality
WORTH = np.array([0.0, 0.12, -0.2])


def _chances(rationality: np.ndarray, scale: float = 1.0) -> np.ndarray:
    actor = mind(np.zeros(3), harm=-(WORTH * scale)[None, :], rationality=rationality)
    value = values(
        actor, outlook(rationality.size), np.zeros((rationality.size, 1)), slice(None),
        chain=np.zeros((1, 1, 1)), discount=1.0, lookahead=1,
    )  # fmt: skip
    return logit(value, rationality)


def _posterior(counts: np.ndarray) -> np.ndarray:
    log_likelihood = (np.log(_chances(GRID)) * counts).sum(axis=1)
    weight = np.exp(log_likelihood - log_likelihood.max())
    return weight / weight.sum()


def test_rationality_is_recovered_from_many_choices() -> None:
    rng = np.random.default_rng(21)
    for true in (2.0, 6.0, 10.0):
        chance = np.repeat(_chances(np.array([true])), 4000, axis=0)
        weight = _posterior(np.bincount(draw(chance, rng.random(4000)), minlength=3))
        mean = float((GRID * weight).sum())
        spread = float(np.sqrt(((GRID - mean) ** 2 * weight).sum()))
        assert abs(mean - true) < 4 * max(spread, 0.2)


def test_the_chance_of_keeping_is_recovered_by_beliefs() -> None:
    rng = np.random.default_rng(22)
    inside, trials = 0, 300
    for _ in range(trials):
        true = rng.beta(1.6, 2.4)
        alpha, beta = np.array([[1.6]]), np.array([[2.4]])
        for kept in rng.random(25) < true:
            one = np.array([[float(kept)]])
            alpha, beta = believe(
                alpha, beta, one, 1.0 - one, together=np.zeros((1, 1)), spill=np.zeros(1), keep=np.ones(1)
            )
        sample = rng.beta(float(alpha[0, 0]), float(beta[0, 0]), 2000)
        low, high = np.quantile(sample, (0.05, 0.95))
        inside += low <= true <= high
    assert abs(inside / trials - 0.9) < 4 * np.sqrt(0.09 / trials)
