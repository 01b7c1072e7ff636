"""How much is tried: in ``make test`` a part of the examples and rows, in ``make check`` all of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import pytest

THOROUGH = os.environ.get("STANDOFF_THOROUGH") == "1"


def examples(number: int) -> int:
    return number if THOROUGH else max(5, number // 3)


def some(rows: Sequence[Any], every: int = 4) -> list[Any]:
    """Return rows to try: one of so many always, the others in ``make check``."""
    long = pytest.mark.thorough
    return [
        row if k % every == 0 else pytest.param(*(row if isinstance(row, tuple) else (row,)), marks=long)
        for k, row in enumerate(rows)
    ]
