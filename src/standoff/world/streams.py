"""Random numbers by address: one Philox stream for each (seed, batch, day, phase).

A stream never depends on what ran before it, so results do not depend on the number of workers, and accounts and
scenarios that use the same address share their random numbers (common random numbers: contrasts are paired).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.random import Generator, Philox

Phase = Literal["answers", "revise", "choose", "events", "people", "parameters"]
_NUMBER = {"answers": 0, "revise": 1, "choose": 2, "events": 3, "people": 4, "parameters": 5}


def stream(seed: int, batch: int, day: int, phase: Phase) -> Generator:
    """Return the generator of one address; ``day`` counts from 0 and ``seed`` is any integer of 64 bits."""
    address = (batch << 24) | (day << 8) | _NUMBER[phase]
    return Generator(Philox(key=np.array([seed & (2**64 - 1), address], dtype=np.uint64)))
