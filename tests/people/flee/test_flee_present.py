"""People present in a run of a Flee folder: they sum to everybody, and to where they came from."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.people import flee
from standoff.people.flee.present import EVERYBODY, ROAD, Origins, fitted_to

MADE_UP = Path(__file__).parent / "made_up"


@pytest.fixture(scope="module", params=["flee", "standoff"])
def run(request: pytest.FixtureRequest) -> tuple[flee.FleeResult, Origins]:
    result = flee.read(MADE_UP / "input", MADE_UP / "data").run(20, 3, profile=request.param)
    return result, result.origins()


def test_places_and_the_road_sum_to_everybody_who_was_there_or_arose(run: tuple[flee.FleeResult, Origins]) -> None:
    result, origins = run
    arose = np.cumsum(result.scenario.spawn) + result.scenario.start.sum()
    rows = result.present(origins)
    for day in range(result.scenario.days):
        mine = [one for one in rows if one.day == day]
        whole = next(one.present for one in mine if one.place == EVERYBODY)
        assert sum(one.present for one in mine if one.place != EVERYBODY) == pytest.approx(whole)
        assert whole == pytest.approx(arose[day])
        assert all(one.low <= one.high for one in mine if one.low is not None and one.high is not None)


def test_origins_sum_to_who_is_present_and_nobody_comes_twice(run: tuple[flee.FleeResult, Origins]) -> None:
    result, origins = run
    assert origins.names and origins.names[-1] == ""
    for day, people in origins.people.items():
        present = np.append(result.arrivals.mean[day], result.arrivals.travelling[day])
        assert np.allclose(people.sum(axis=1), present, rtol=1e-6)
        assert people[:, -1].sum() == pytest.approx(result.scenario.start.sum(), rel=1e-3)
        assert np.allclose(origins.newcomers[day], people[:, :-1].sum(axis=1))


def test_the_last_report_stands_beside_and_the_files_say_the_same(
    run: tuple[flee.FleeResult, Origins], tmp_path: Path
) -> None:
    result, origins = run
    result.write(tmp_path, origins)
    with (tmp_path / "present.csv").open() as handle:
        table = list(csv.DictReader(handle))
    last = [row for row in table if row["date"] == table[-1]["date"]]
    assert last[-2]["place"] == ROAD and last[-1]["place"] == EVERYBODY
    assert result.series is not None
    for name, reports in result.series.camps.items():
        known = [value for day, value in reports if day < result.scenario.days]
        assert float(next(row["reported"] for row in last if row["place"] == name)) == pytest.approx(known[-1], abs=0.5)
    with (tmp_path / "origins.csv").open() as handle:
        parts = [row for row in csv.DictReader(handle) if row["date"] == table[-1]["date"]]
    for row in last[:-1]:
        mine = sum(float(part["people"]) for part in parts if part["place"] == row["place"])
        assert mine == pytest.approx(float(row["present"]), abs=1.5)


@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 10**6))
def test_what_is_fitted_sums_to_who_is_present(places: int, origins: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    expected = rng.exponential(100.0, (places, origins)) * (rng.random((places, origins)) < 0.7)
    present = rng.exponential(100.0, places) * (rng.random(places) < 0.8)
    out = fitted_to(expected, present)
    if expected.sum() > 0 and present.sum() > 0:
        assert np.allclose(out.sum(axis=1), present, rtol=1e-9) and (out >= 0).all()
    else:
        assert not out.any()
