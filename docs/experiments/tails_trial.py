"""Run the trial of ``tails-trial.md``: does dispersion over 84 days that leans on 28 days mend the two tails?

Run ``python docs/experiments/tails_trial.py FOLDER``, the folder of ``benchmarks/levels.py``. Rules came before it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from standoff.levels import forecast
from standoff.levels.forecast import ALL, DISPERSIONS, HEIGHTS, NEAR, RIVALS, SPREAD, STEP, USUAL, level_score

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from levels import sets

SHORT, LONG = 28, 84


def evidence(record: forecast._Record, mean: np.ndarray) -> np.ndarray:
    """Return what past windows say of each dispersion, by origin and height [origins, heights, dispersions]."""
    height = np.digitize(mean, HEIGHTS)
    heights = len(HEIGHTS) + 1
    fit = np.stack(
        [np.where(record.over, forecast.log_likelihood(record.came, mean, d), 0.0) for d in DISPERSIONS], axis=-1
    )
    by_height = np.stack([(fit * (height == h)[..., None]).sum(1) for h in range(heights)], axis=1)
    past = forecast._past(by_height, record.lag) / max(1.0, record.horizon / STEP)
    apart = np.subtract.outer(np.arange(heights), np.arange(heights))
    near = np.einsum("ij,ojk->oik", np.exp(-0.5 * (apart / NEAR) ** 2), past)
    return near + ALL * past.sum(1, keepdims=True)


def leaning(shorter: dict[int, tuple[forecast._Record, list[np.ndarray]]], calls: list[int]):
    """Return a credence that adds the evidence of 28 days, member by member in the order in which they are asked."""

    def credence(record: forecast._Record, mean: np.ndarray) -> np.ndarray:
        short, means = shorter[0]
        member = calls[0] % len(means)
        calls[0] += 1
        rows = np.arange(len(mean))[:, None]
        mine = evidence(record, mean)[rows, np.digitize(mean, HEIGHTS)]
        other = evidence(short, means[member])[rows, np.digitize(mean * SHORT / LONG, HEIGHTS)]
        belief = mine + other - 0.5 * (np.log(DISPERSIONS / USUAL) / SPREAD) ** 2
        belief = np.exp(belief - belief.max(-1, keepdims=True))
        return belief / belief.sum(-1, keepdims=True)

    return credence


def main(folder: Path) -> None:
    """Print both, set by set, and the tails of all sets together."""
    usual = forecast._credence
    pooled: dict[str, list[tuple[int, float, float, float]]] = {}
    print("| set | dispersion | n | on persistence | on long-run | on conflictology | holds | below | above |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, values in sets(folder):
        short = forecast._Record(values, SHORT)
        persistence, long_run = forecast._persistence(short), np.maximum(forecast._long_run(short), 0.02)
        means = [
            persistence,
            long_run,
            forecast._decaying(short, forecast._long_run(short)),
            forecast._autoregression(short, persistence, forecast._long_run(short), None),
        ]
        for kind in ("its own", "leaning on 28 days"):
            forecast._credence = usual if kind == "its own" else leaning({0: (short, means)}, [0])
            try:
                score = level_score(forecast.backtest(values, LONG))
            finally:
                forecast._credence = usual
            gains = " | ".join(f"{100 * score.gain[rival]:+.1f}%" for rival in RIVALS)
            shares = f"{100 * score.covered:.1f}% | {100 * score.below:.1f}% | {100 * score.above:.1f}%"
            print(f"| {name} | {kind} | {score.n:,} | {gains} | {shares} |")
            pooled.setdefault(kind, []).append((score.n, score.covered, score.below, score.above))
    for kind, rows in pooled.items():
        n = sum(row[0] for row in rows)
        shares = " | ".join(f"{100 * sum(r[0] * r[k] for r in rows) / n:.1f}%" for k in (1, 2, 3))
        print(f"| all together | {kind} | {n:,} | | | | {shares} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
