"""A split into classes loses nobody and keeps the shares."""

from __future__ import annotations

import numpy as np
import pytest

from standoff.errors import StandoffError
from standoff.people import by_class

SHARES = {"girls": 0.24, "boys": 0.26, "women": 0.27, "men": 0.23}


def test_everybody_has_one_class() -> None:
    counts = np.array([[0, 7, 90_000], [1, 0, 12]])
    parts = by_class(np.random.default_rng(1), counts, SHARES)
    assert (sum(parts.values()) == counts).all()
    assert list(parts) == list(SHARES)
    assert parts["women"][0, 2] == pytest.approx(0.27 * 90_000, rel=0.02)


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    for shares in ({}, {"women": 0.5}, {"women": 1.2, "men": -0.2}):
        with pytest.raises(StandoffError, match="shares of classes"):
            by_class(np.random.default_rng(1), np.array([3]), shares)
