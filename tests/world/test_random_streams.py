"""Streams by address."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import Generator, Philox

from standoff.world.random_streams import stream


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1, 2**64 + 5])
def test_a_stream_is_that_of_its_key(seed: int) -> None:
    key = np.array([seed % 2**64, (7 << 24) | (179 << 8) | 4], dtype=np.uint64)
    want, got = Generator(Philox(key=key)), stream(seed, 7, 179, "people")
    assert np.array_equal(want.random(1001), got.random(1001))
    assert np.array_equal(want.beta(0.1, 3.0, 1001), got.beta(0.1, 3.0, 1001))
