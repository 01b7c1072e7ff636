"""People present in a run: the tables of its folder, and what they sum to."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import standoff as so
from standoff.case.model import Case
from standoff.case.read import TEMPLATE
from standoff.runs.areas import areas_of_network, case_placed
from standoff.runs.results import Run
from standoff.runs.summary import reported_stocks


@pytest.fixture(scope="module")
def run() -> Run:
    return so.simulate(so.load(TEMPLATE), trajectories=20, days=10, scenarios=("baseline", "full=camp@2024-03-05"))


def test_areas_sum_to_everybody_each_day(run: Run) -> None:
    for account in run.accounts:
        for scenario in run.scenarios:
            rows = [r for r in run.present if (r.account, r.scenario, r.measure) == (account, scenario, "present")]
            days = sorted({r.date for r in rows})
            assert len(days) == 10
            totals = [sum(r.mean for r in rows if r.date == day) for day in days]
            everybody = sum(r.start for r in rows if r.date == days[0])
            assert np.allclose(totals, everybody, atol=1.0)


def test_origins_sum_to_the_displaced(run: Run) -> None:
    last = max(r.date for r in run.present)
    for area in {r.area for r in run.origins}:
        stay = [r.mean for r in run.present if (r.area, r.date, r.measure) == (area, last, "displaced")]
        came = [r.mean for r in run.origins if r.area == area]
        if stay:  # one row of each an account and scenario
            assert sum(came) == pytest.approx(sum(stay), abs=2.0 * len(came))


def test_the_folder_holds_them(run: Run, tmp_path: Path) -> None:
    folder = so.write_run(run, tmp_path / "run")
    again = so.load_run(folder)
    assert len(again.present) == len(run.present) > 0
    assert again.origins == run.origins
    gone = ("present.csv", "origins.csv")
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    with pytest.raises(so.StandoffError, match="the table is missing"):
        so.load_run(folder)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [r for r in package["resources"] if r["path"] not in gone]
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert so.load_run(folder).present == ()  # as an earlier edition wrote it


def test_idlib_places_are_in_their_sub_districts(idlib: Case) -> None:
    placed = case_placed(idlib)
    assert placed["atma"] == ("SY070301", "Dana")
    areas = areas_of_network(idlib, ["atma", "qah", "saraqib"])
    assert [areas.names[k] for k in areas.of] == ["Dana", "Dana", "Saraqab"]
    assert reported_stocks(idlib)["SY070301"] == (234000.0, "2018-11-30")
