"""How many examples a property is tried with: a third of them in ``make test``, all in ``make check``."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("STANDOFF_THOROUGH") == "1"


def examples(number: int) -> int:
    return number if THOROUGH else max(5, number // 3)
