"""What tests of runs share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from thorough import THOROUGH

from standoff.runs import ensemble


@pytest.fixture(scope="package", autouse=True)
def fear_of_few_runs() -> Iterator[None]:
    """Measure fear in a tenth of the runs, but in ``make check``: its use is the same."""
    with pytest.MonkeyPatch.context() as patch:
        if not THOROUGH:
            patch.setattr(ensemble, "RUNS", ensemble.RUNS // 10)
        yield
