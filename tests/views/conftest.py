from __future__ import annotations

from pathlib import Path

import pytest
from page_case import make_run, read_case

from standoff.case.model import Case
from standoff.runs.results import Run


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return read_case(Path(tmp_path_factory.mktemp("madeup")))


@pytest.fixture(scope="session")
def run(case: Case) -> Run:
    return make_run(case)
