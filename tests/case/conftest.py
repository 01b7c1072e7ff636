"""A case folder to break: a copy of the template, which passes check."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.case.read import TEMPLATE, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATE, tmp_path / "case"))


@pytest.fixture
def problems() -> Callable[[Path], list[str]]:
    def run(folder: Path) -> list[str]:
        return [str(p) for p in read(folder)[1] if p.severity == "error"]

    return run
