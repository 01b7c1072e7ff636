"""Run the trial of ``places-trial.md``: do forecasts do better when corrected by where earlier outcomes fell in them?

Run ``python docs/experiments/places_trial.py FOLDER``, the folder of ``benchmarks/levels.py``. Rules came before it.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from standoff.levels.forecast import RIVALS, STEP, WARM, Backtest, at_most, backtest, level_score

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from levels import sets

BINS, PRIOR = 10, 10.0
BLOCK, SAMPLES = 12, 1000


def places(test: Backtest) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which windows have ended [origins], and the chances at one less than the outcome and at it."""
    over = ~np.isnan(test.outcome[:, 0])
    came = np.where(over[:, None], test.outcome, 0.0)
    return over, at_most(test.mixture, test.grid, came - 1), at_most(test.mixture, test.grid, came)


def corrected(test: Backtest) -> Backtest:
    """Return the forecasts put through the map of chances that earlier outcomes give."""
    over, lower, upper = places(test)
    edges = np.linspace(0.0, 1.0, BINS + 1)
    part = np.clip((edges - lower[..., None]) / np.maximum(upper - lower, 1e-12)[..., None], 0.0, 1.0)
    share = np.where(over[:, None], np.diff(part, axis=-1).mean(1), 0.0)  # [origins, bins], an origin counts once
    lag = -(-test.horizon // STEP)
    past = np.zeros_like(share)
    past[lag:] = np.cumsum(share, axis=0)[:-lag]
    weight = past / max(1.0, test.horizon / STEP) + PRIOR / BINS
    rising = np.cumsum(weight / weight.sum(1, keepdims=True), axis=1)
    maps = np.concatenate([np.zeros((len(rising), 1)), rising], axis=1)
    mixture = np.stack([np.interp(rows, edges, heights) for rows, heights in zip(test.mixture, maps, strict=True)])
    return replace(test, mixture=mixture)


def chance_ranges(test: Backtest) -> list[tuple[float, float]]:
    """Return the 90 % ranges of the tails below and above, over blocks of origins drawn with all their areas."""
    over, lower, upper = places(test)
    use = over & (test.origins >= WARM)
    place = lower[use] + np.random.Generator(np.random.Philox(1)).random(upper[use].shape) * (upper - lower)[use]
    rng = np.random.Generator(np.random.Philox(1))
    number = -(-len(place) // BLOCK)
    tails = []
    for _ in range(SAMPLES):
        starts = rng.integers(0, len(place) - BLOCK + 1, number)
        rows = (starts[:, None] + np.arange(BLOCK)).reshape(-1)[: len(place)]
        tails.append(((place[rows] < 0.1).mean(), (place[rows] >= 0.9).mean()))
    return [tuple(np.quantile(np.array(tails)[:, k], (0.05, 0.95))) for k in (0, 1)]


def main(folder: Path) -> None:
    """Print both, set by set and horizon by horizon, and the tails of all sets together."""
    print("| days | set | forecast | n | on persistence | on long-run | on conflictology | holds | below | above |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    chance = []
    every = list(sets(folder))
    for horizon in (7, 28, 84):
        pooled: dict[str, list[tuple[int, float, float, float]]] = {}
        for name, values in every:
            test = backtest(values, horizon)
            for kind, one in (("as it is", test), ("corrected", corrected(test))):
                score = level_score(one)
                if score is None:
                    raise SystemExit(f"{name}: too short to be scored")
                gains = " | ".join(f"{100 * score.gain[rival]:+.1f}%" for rival in RIVALS)
                shares = f"{100 * score.covered:.1f}% | {100 * score.below:.1f}% | {100 * score.above:.1f}%"
                print(f"| {horizon} | {name} | {kind} | {score.n:,} | {gains} | {shares} |", flush=True)
                pooled.setdefault(kind, []).append((score.n, score.covered, score.below, score.above))
            ranges = ", ".join(f"{100 * low:.1f} to {100 * high:.1f}%" for low, high in chance_ranges(test))
            chance.append(f"{horizon} days, {name}: tails below, above by chance {ranges}")
        for kind, rows in pooled.items():
            n = sum(row[0] for row in rows)
            shares = " | ".join(f"{100 * sum(r[0] * r[k] for r in rows) / n:.1f}%" for k in (1, 2, 3))
            print(f"| {horizon} | all together | {kind} | {n:,} | | | | {shares} |")
    print(*chance, sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
