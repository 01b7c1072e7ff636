"""Flee's own folders run unmodified; and, where flee is installed, a run of it beside ours."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from standoff.people import flee
from standoff.people.flee.direct import score_table
from standoff.people.flee.folder import read_folder
from standoff.people.flee.process import FleeProcess
from standoff.people.flee.rules import FleeRules
from standoff.people.flee.scenario import scenario_of
from standoff.people.flee.series import read_series

ROOT = Path(__file__).parents[3]
FETCHED = ROOT.parent / "shared" / "data" / "fetched" / "flee"
CASES = {"mali": "mali2012", "car": "car2013", "syria": "syria2013"}
needs_fetched = pytest.mark.skipif(not FETCHED.is_dir(), reason=f"{FETCHED} is absent: Flee's folders are not shipped")


@pytest.mark.fetched
@needs_fetched
@pytest.mark.parametrize("name", CASES)
def test_a_folder_of_flee_runs_unmodified(name: str) -> None:
    folder = read_folder(FETCHED / "conflict_input" / name)
    series = read_series(FETCHED / "conflict_validation" / CASES[name], folder)
    scenario = scenario_of(folder, series, FleeRules(), capacities=False)
    course = FleeProcess(scenario, FleeRules()).means().course()
    assert course.shape == (folder.days, len(scenario.names))
    assert course[-1].sum() <= scenario.start.sum() + scenario.spawn.sum() + 1e-6
    camps = [c for c in folder.camps if c in series.camps]
    means = course[:, [scenario.names.index(c) for c in camps]]
    found, _ = score_table(folder, series, FleeRules(), means, camps, capacities=False)
    assert {s.method for s in found} >= {"this run", "equal split", "nearest camp", "shares 30 days old"}
    assert all(np.isfinite(s.ard_reports) for s in found)


@pytest.mark.fetched
@needs_fetched
@pytest.mark.thorough
def test_mali_scores_what_flee_scores() -> None:
    folder = read_folder(FETCHED / "conflict_input/mali")
    series = read_series(FETCHED / "conflict_validation/mali2012", folder)
    scenario = scenario_of(folder, series, FleeRules())
    run = FleeProcess(scenario, FleeRules()).run(np.random.default_rng(1), 8)
    camps = list(folder.camps)
    means = run.counts[:, [scenario.names.index(c) for c in camps]].mean(axis=2)
    found, leaks = score_table(folder, series, FleeRules(), means, camps, capacities=True)
    assert found[0].ard_flee == pytest.approx(0.276, abs=0.012)  # a full run of Flee
    assert found[0].leak
    assert len(leaks) == 7


@pytest.mark.fetched
@needs_fetched
def test_forecasts_beat_persistence_over_the_three_cases() -> None:
    gains = {}
    for name, data in CASES.items():
        for ours, last in flee.forecast_camps(FETCHED / "conflict_validation" / data).skills:
            if ours is not last:
                gains[name, ours.horizon] = 1 - ours.ard / last.ard
                assert 0.55 < ours.coverage < 0.90
    for horizon, least in ((30, 0.11), (90, 0.10)):
        assert np.mean([g for (_, h), g in gains.items() if h == horizon]) > least
    assert min(gains.values()) > -0.03


@pytest.mark.oracle
@pytest.mark.skipif(importlib.util.find_spec("flee") is None, reason="flee 3.1 is not installed (extra 'oracles')")
def test_flee_itself_agrees(tmp_path: Path) -> None:
    made_up = Path(__file__).parent / "made_up"
    script = ROOT / "benchmarks/oracles/flee31.py"
    out = tmp_path / "flee.npz"
    command = [sys.executable, str(script), str(made_up / "input"), str(made_up / "data"), str(out)]
    subprocess.run([*command, "--seeds", "4", "--hasten", "1"], check=True)
    theirs = np.load(out)["counts"].mean(axis=0)[-1]
    stored = np.load(made_up / "flee31.npz")["counts"][:, -1]
    assert (np.abs(theirs - stored.mean(axis=0)) < 4 * stored.std(axis=0) / 2).all()


@pytest.mark.fetched
@needs_fetched
def test_choice_by_road_reaches_its_goal_without_later_reports() -> None:
    plain, late = [], []
    for name, data in CASES.items():
        folder = read_folder(FETCHED / "conflict_input" / name)
        series = read_series(FETCHED / "conflict_validation" / data, folder)
        camps = [c for c in folder.camps if c in series.camps]
        found, _ = score_table(
            folder, series, FleeRules(), np.zeros((folder.days, len(camps))), camps, capacities=False
        )
        ard = {s.method: s.ard_days for s in found}
        plain.append(ard["country, then camp"])
        late.append((ard["... 30, rest by choice"], ard["shares 30 days old"]))
    assert np.mean(plain) < 0.41
    assert all(ours < shares for ours, shares in late)
