"""A Dask cluster is one more executor: the same bytes as in one process."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from run_case import invented

from standoff.runs.ensemble import Trajectories, make_plan, run_plan
from standoff.runs.spec import make_spec


@pytest.mark.oracle
def test_dask_plays_the_same_batches() -> None:
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    case = invented()
    made = make_plan(case, make_spec(case, trajectories=20, batch=8, days=10, seed=7))
    alone = run_plan(made)
    with distributed.Client(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as client:
        there = run_plan(made, executor=client.get_executor())
    for key, batch in alone.items():
        assert all(np.array_equal(getattr(batch, f.name), getattr(there[key], f.name)) for f in fields(Trajectories)), (
            key
        )
