"""Random numbers by address: one Philox stream for each (seed, batch, day, phase).

A stream never depends on what ran before it, so results do not depend on the number of workers, and accounts and
scenarios that use the same address share their random numbers (common random numbers: contrasts are paired).
"""

from __future__ import annotations

from typing import Any, Literal, cast

import numpy as np
from numpy.random import Generator, Philox, SeedSequence
from numpy.random.bit_generator import ISeedSequence

Phase = Literal["answers", "revise", "choose", "events", "people", "parameters", "level"]
_NUMBER = {"answers": 0, "revise": 1, "choose": 2, "events": 3, "people": 4, "parameters": 5, "level": 6}


class _Key(ISeedSequence):
    """Hands a key to Philox as it is; ``Philox(key=...)`` asks the system for entropy first, in twice the time."""

    def __init__(self, key: list[int]) -> None:
        self.key = np.array(key, dtype=np.uint64)

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Any:
        """Return the key, two words of 64 bits: all that Philox asks for."""
        return self.key


def stream(seed: int, batch: int, day: int, phase: Phase) -> Generator:
    """Return the generator of one address; ``day`` counts from 0 and ``seed`` is any integer of 64 bits."""
    address = (batch << 24) | (day << 8) | _NUMBER[phase]
    key = _Key([seed & (2**64 - 1), address])
    return Generator(Philox(cast(SeedSequence, key)))  # NumPy takes any ISeedSequence
