"""The page of a backcast: methods are compared on the questions that both answered."""

from __future__ import annotations

import pytest

from standoff.runs.backcast import Backcast, Forecast
from standoff.views.lines.backcast import _losses, _of


def made(**briers: tuple[float | None, ...]) -> Backcast:
    """Two or more methods' Brier scores by question; None where a method gives no answer."""
    forecasts = [
        Forecast(
            question=f"q{i}",
            cutoff="2024-01-01",
            method=method,
            kind="model" if method == "model" else "baseline",
            p=0.5,
            n=10,
            basis="",
            brier=score,
            log=score,
        )
        for method, scores in briers.items()
        for i, score in enumerate(scores)
        if score is not None
    ]
    return Backcast(questions=(), forecasts=tuple(forecasts), people=(), n=10, seed=1, frozen="")


def test_a_method_that_answers_fewer_is_set_beside_the_model_on_those() -> None:
    # over all it answered the other has the worse mean (0.5 against 0.4), but not on those two questions
    one = made(model=(0.6, 0.6, 0.0), votes=(0.5, 0.5, None), uniform=(0.5, 0.5, 0.5))
    assert one.mean("model", "brier", shared="votes") == (pytest.approx(0.6), 2)
    assert list(_losses(one))[1:] == ["  model (0.400) does no better than: votes (0.500 beside 0.600 on 2 of 3)"]
    assert _of("votes", 2, 3) == "votes (2 of 3)"
    assert _of("uniform", 3, 3) == "uniform"
