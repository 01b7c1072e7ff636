"""What every folder of tests may ask for; and in ``make check`` no comparison with another program is skipped."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from functools import cache
from pathlib import Path

import pytest
from format_runs import idlib as shipped
from thorough import THOROUGH

from standoff.case import read
from standoff.case.model import Case
from standoff.errors import Problem

# Many tests start the program anew: it is compiled once, not each time, whatever the caller's environment says.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ONE_FILE = 1000  # tests; fewer are a choice of somebody, who wants them all
REQUIRED = os.environ.get("STANDOFF_ORACLES") == "required"


@pytest.fixture(scope="session")
def idlib() -> Case:
    """The shipped case, read once a worker. It is frozen: to change it, replace what you need in a copy."""
    return shipped()


@pytest.fixture(scope="session", autouse=True)
def shipped_cases_are_read_once() -> Generator[None, None, None]:
    """Read the files of a shipped case once a worker: hundreds of commands name it, and no test writes to it."""
    original = read.read_records
    once = cache(original)

    def records(name: str | Path) -> tuple[Case | None, list[Problem]]:
        if str(name) not in read.shipped():
            return original(name)
        case, problems = once(str(name))
        return case, list(problems)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "read_records", records)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long comparisons run where everything does (``make check``), or where one is named."""
    if THOROUGH or len(items) < ONE_FILE:
        return
    for item in items:
        if item.get_closest_marker("thorough") is not None:
            item.add_marker(pytest.mark.skip(reason="a long comparison: make check, or STANDOFF_THOROUGH=1"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    wants_data = item.get_closest_marker("fetched") is not None
    if REQUIRED and report.skipped and item.get_closest_marker("oracle") is not None and not wants_data:
        report.outcome = "failed"
        report.longrepr = f"skipped, where the oracles are required: {report.longrepr}"
    return report
