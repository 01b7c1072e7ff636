"""The counts have the distribution of flee 3.1's agents: against samples that benchmarks/oracles/flee31.py made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from standoff.people.flee import process as process_module
from standoff.people.flee.folder import read_folder
from standoff.people.flee.process import FleeProcess
from standoff.people.flee.rules import FleeRules
from standoff.people.flee.scenario import scenario_of
from standoff.people.flee.series import interpolate, read_series

MADE_UP = Path(__file__).parent / "made_up"


def kolmogorov_smirnov(a: np.ndarray, b: np.ndarray) -> float:
    """Return the two-sample statistic times sqrt(nm / (n + m)); 1.63 is its 1 % point, 1.95 its 0.1 % point."""
    both = np.sort(np.concatenate([a, b]))
    apart = np.searchsorted(np.sort(a), both, "right") / a.size - np.searchsorted(np.sort(b), both, "right") / b.size
    return float(np.abs(apart).max() * np.sqrt(a.size * b.size / (a.size + b.size)))


@pytest.mark.thorough
@pytest.mark.parametrize("engine", ["cells", "walks"])
@pytest.mark.parametrize("capacities", [True, False])
def test_camps_and_days_are_distributed_as_in_flee(
    capacities: bool, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "walks":
        monkeypatch.setattr(process_module, "MOST_BYTES", 0)
    members = 300 if engine == "cells" else 100
    stored = np.load(MADE_UP / ("flee31.npz" if capacities else "flee31_no_capacity.npz"))
    folder = read_folder(MADE_UP / "input")
    series = read_series(MADE_UP / "data", folder)
    process = FleeProcess(scenario_of(folder, series, FleeRules(), capacities=capacities), FleeRules())
    assert (process.chains is None) is (engine == "walks")
    run = process.run(np.random.Generator(np.random.Philox(1)), members)
    names = [str(c) for c in stored["camps"]]
    at = [process.scenario.names.index(c) for c in names]
    assert (run.counts.sum(axis=1) + run.travelling)[-1].tolist() == [int(stored["total"][0])] * members
    statistics, shifts, ratios = [], [], []
    for day in range(9, 120, 10):
        theirs, ours = stored["counts"][:, day], run.counts[day, at].T
        for j in range(len(names)):
            statistics.append(kolmogorov_smirnov(theirs[:, j].astype(float), ours[:, j].astype(float)))
            error = np.sqrt(theirs[:, j].var(ddof=1) / len(theirs) + ours[:, j].var(ddof=1) / members + 0.02)
            shifts.append((theirs[:, j].mean() - ours[:, j].mean()) / error)
            if ours[:, j].var() > 5:
                ratios.append(theirs[:, j].var(ddof=1) / ours[:, j].var(ddof=1))
    if engine == "cells" or not capacities:  # walks follow no ages: beside a full camp their days differ a little
        assert np.mean(np.array(statistics) > 1.358) < 0.15  # 5 % of tests pass this by chance
        assert max(statistics) < 2.2
        assert np.sqrt(np.mean(np.square(shifts))) < (1.6 if capacities else 1.4)
    assert 0.8 < np.median(ratios) < 1.25
    close = np.abs(stored["counts"].mean(axis=0) - run.counts[:, at].mean(axis=2))[30:].mean(axis=0)
    assert (close < 0.01 * stored["counts"].mean(axis=0)[30:].mean(axis=0) + 1.5).all()  # no camp is off by 1 %


def test_interpolated_reports_are_those_flee_reads() -> None:
    stored = np.load(MADE_UP / "flee31.npz")
    folder = read_folder(MADE_UP / "input")
    series = read_series(MADE_UP / "data", folder)
    ours = [[interpolate(series.camps[str(c)], day) for c in stored["camps"]] for day in range(120)]
    assert ours == stored["data"].tolist()


def test_the_mean_only_mode_is_the_mean_of_runs_without_capacities() -> None:
    folder = read_folder(MADE_UP / "input")
    series = read_series(MADE_UP / "data", folder)
    process = FleeProcess(scenario_of(folder, series, FleeRules(), capacities=False), FleeRules())
    run = process.run(np.random.default_rng(3), 400)
    course = process.means().course()
    error = run.counts.std(axis=2) / 20
    assert (np.abs(run.counts.mean(axis=2) - course) <= 5 * error + 0.3).all()
