"""Counts by class of people (age and sex, say), where classes move alike.

People of all classes of a place leave and go by the same chances here, so that class is independent of where a person
is, given where that person came from. One split at the end is then the same as moving every class apart.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.errors import StandoffError


def by_class(rng: Generator, counts: NDArray[np.int64], shares: Mapping[str, float]) -> dict[str, NDArray[np.int64]]:
    """Split counts of any shape over classes by their shares of the population; whole people, the sum unchanged.

    Raises `StandoffError` unless the shares are 0 or more and sum to 1 (to 1e-6).
    """
    values = np.array(list(shares.values()), dtype=np.float64)
    if values.size == 0 or (values < 0).any() or abs(values.sum() - 1.0) > 1e-6:
        told = ", ".join(f"{k} {v:g}" for k, v in shares.items())
        raise StandoffError.of(f"shares of classes: {told or 'none'}", expected="shares of 0 or more that sum to 1")
    parts = rng.multinomial(counts, values / values.sum())
    return {name: parts[..., i] for i, name in enumerate(shares)}
