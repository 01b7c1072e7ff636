"""Add to ``src/standoff/runs/scored.json`` how the fighting that runs play ranks the months that were counted.

Run ``python docs/experiments/score_intensity.py`` after ``score_outcomes.py``. At the first of each month that the log
of the Idlib case covers, with half a year before it and 28 days after: the mean intensity of fighting in the 28 days
ahead, over 60 runs of the pooled account, and the incidents of the 28 days past, each beside the incidents that came.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

import standoff as so
from standoff.levels.counts import count_log
from standoff.runs.ensemble import fear_in_waves, make_plan, run_plan
from standoff.runs.rolling import origins
from standoff.runs.spec import make_spec

DAYS = 28


def main() -> None:
    """Play, compare, and write the table."""
    case = so.load("idlib")
    counts, _ = count_log(case)
    total = counts.values.sum(0)
    fear = fear_in_waves(case, every=True)
    rows = []
    for day in origins(case, counts.last):
        at = (day - counts.first).days
        if at < 182 or at + DAYS > len(total):
            continue
        spec = make_spec(
            case, accounts=("pooled",), start=day, days=DAYS, trajectories=60, seed=1, as_of=day - timedelta(days=1)
        )
        (batch,) = run_plan(make_plan(case, spec, fear)).values()
        played = float(batch.intensity[:, -DAYS:].mean())
        rows.append((played, int(total[at - DAYS : at].sum()), int(total[at : at + DAYS].sum())))
        print(day, *rows[-1], flush=True)
    played, last, came = np.array(rows, dtype=np.float64).T
    target = Path(__file__).parents[2] / "src/standoff/runs/scored.json"
    table = json.loads(target.read_text(encoding="utf-8"))
    table.setdefault("idlib", {})["ranks"] = [
        len(rows),
        round(float(spearmanr(played, came).statistic), 2),
        round(float(spearmanr(last, came).statistic), 2),
    ]
    target.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(table["idlib"]["ranks"])


if __name__ == "__main__":
    main()
