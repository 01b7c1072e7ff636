"""Run the trial of ``one-shape-trial.md``: does a beta of two numbers from its own past recalibrate the mixture?

Run ``python docs/experiments/one_shape_trial.py FOLDER``, the folder of ``benchmarks/levels.py``. Rules came before it.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.special import betainc

from standoff.levels import forecast
from standoff.levels.forecast import STEP, YEAR, Backtest, at_most, level_score

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from levels import sets

ENDS = np.geomspace(0.5, 2.0, 13)
SPREAD = 0.25
POINTS = np.linspace(0.0, 1.0, 2001)
SETTLED = 1e-9


def recalibrated(test: Backtest) -> Backtest:
    """Return the forecasts with the beta of each origin over their mixture."""
    a, b = (axis.ravel() for axis in np.meshgrid(ENDS, ENDS, indexing="ij"))
    shapes = betainc(a[:, None], b[:, None], POINTS)
    prior = -0.5 * ((np.log(a) / SPREAD) ** 2 + (np.log(b) / SPREAD) ** 2)
    over = ~np.isnan(test.outcome)
    came = np.where(over, test.outcome, 0.0)
    upper, lower = at_most(test.mixture, test.grid, came), at_most(test.mixture, test.grid, came - 1)
    fit = np.empty((len(test.origins), len(a)))
    for number, shape in enumerate(shapes):
        mass = np.interp(upper, POINTS, shape) - np.interp(lower, POINTS, shape)
        fit[:, number] = np.where(over, np.log(np.maximum(mass, SETTLED)), 0.0).sum(1)
    lag = -(-test.horizon // STEP)
    mixture = np.empty_like(test.mixture)
    so_far = np.zeros(len(a))
    for origin in range(len(test.origins)):
        if origin >= lag:
            so_far = 0.5 ** (STEP / YEAR) * so_far + fit[origin - lag]
        belief = so_far / max(1.0, test.horizon / STEP) + prior
        belief = np.exp(belief - belief.max())
        mixture[origin] = np.interp(test.mixture[origin], POINTS, belief / belief.sum() @ shapes)
    mean = ((1.0 - mixture) * np.append(np.diff(test.grid), 1.0)).sum(-1)
    return replace(test, mixture=mixture, mean=mean)


def main(folder: Path) -> None:
    """Print both, set by set and horizon by horizon, and the tails of all sets together."""
    pooled: dict[tuple[int, str], list[tuple[int, float, float, float]]] = {}
    print("| set | days | mixture | n | CRPS | holds | below | above | surges |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, values in sets(folder):
        for days in forecast.HORIZONS:
            test = forecast.backtest(values, days)
            for kind, one in (("as it is", test), ("recalibrated", recalibrated(test))):
                score = level_score(one)
                shares = f"{100 * score.covered:.1f}% | {100 * score.below:.1f}% | {100 * score.above:.1f}%"
                crps, surge = f"{score.crps['mixture']:.4f}", f"{100 * score.surge:+.1f}%"
                print(f"| {name} | {days} | {kind} | {score.n:,} | {crps} | {shares} | {surge} |", flush=True)
                pooled.setdefault((days, kind), []).append((score.n, score.covered, score.below, score.above))
    for (days, kind), rows in pooled.items():
        n = sum(row[0] for row in rows)
        shares = " | ".join(f"{100 * sum(r[0] * r[k] for r in rows) / n:.1f}%" for k in (1, 2, 3))
        print(f"| all together | {days} | {kind} | {n:,} | | {shares} | |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
