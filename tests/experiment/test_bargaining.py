"""The car-emissions example: the first position of the bargaining model is the weighted median of ten states."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from standoff.experiment.bargaining import winner

FETCHED = Path(__file__).parents[2].parent / "shared" / "data" / "fetched" / "actors" / "ec_emissions.csv"


@pytest.mark.fetched
def test_the_weighted_median_of_the_emissions_example() -> None:
    if not FETCHED.is_file():
        pytest.skip("../shared/data/fetched is not here")
    with FETCHED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    position = np.array([float(r["Position"]) for r in rows])
    weight = np.array([float(r["Capability"]) * float(r["Salience"]) for r in rows])
    assert winner(position, weight) == 7.0  # the published median before the first round
