"""Make ``src/standoff/runs/scored.json``: how the chances that runs give to outcomes scored, beside base rates.

Run ``python docs/experiments/score_outcomes.py``; it takes some minutes. Questions are those of
``standoff backcast CASE --rolling``, under the pooled account, with 60 runs at each origin.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

import standoff as so
from standoff.runs.rolling import DECAYED, RollingForecast, roll
from standoff.runs.scored import MECHANICS
from standoff.scoring.scores import ranged

CASES = ("idlib",)
HIGH = 0.4
BASES = ("base rate", DECAYED)


def mean(forecasts: list[RollingForecast]) -> float:
    """Return the mean Brier score."""
    return round(sum(f.brier for f in forecasts) / len(forecasts), 4)


def gap(model: list[RollingForecast], base: list[RollingForecast]) -> tuple[float, float, float]:
    """Return the mean score of the model less that of a base rate, with its 90 % range over months."""
    month = np.array([int(f.origin[:4]) * 12 + int(f.origin[5:7]) for f in model])
    return ranged(np.array([f.brier - b.brier for f, b in zip(model, base, strict=True)]), month)


def main() -> None:
    """Score, and write the table."""
    table = {}
    for name in CASES:
        case = so.load(name)
        rolling = roll(case, trajectories=60, accounts=("pooled",), tell=print)
        model = rolling.of("model: pooled")
        high = [f for f in model if f.p > HIGH]
        table[name] = {
            "edition": case.about.edition,
            "mechanics": MECHANICS,
            "n": len(model),
            "yes": sum(f.came for f in model),
            "brier": mean(rolling.of("model: pooled")),
            "brier_base": mean(rolling.of("base rate")),
            "brier_decayed": mean(rolling.of(DECAYED)),
            "mean": round(sum(f.p for f in model) / len(model), 4),
            "high": len(high),
            "high_came": sum(f.came for f in high),
            "gap": [round(x, 4) for x in gap(model, min((rolling.of(name) for name in BASES), key=mean))],
        }
    target = Path(__file__).parents[2] / "src/standoff/runs/scored.json"
    target.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
