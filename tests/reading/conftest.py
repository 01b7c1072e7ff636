"""The invented case of the evidence tests, which texts are read beside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from evidence_case import read_case, unchanged, write_case

from standoff.case.model import Case


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write the invented case, with files replaced or added by name."""
    return lambda files=None: write_case(tmp_path / "invented", files)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Case]:
    """Write and read the invented case without the checks, so that tests can break it."""
    return lambda files=None: read_case(tmp_path / "invented", files)


@pytest.fixture
def case() -> Case:
    return unchanged()
