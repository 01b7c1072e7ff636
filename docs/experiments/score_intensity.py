"""Add to ``src/standoff/runs/scored.json`` how the incidents that runs play rank districts and months.

Run ``python docs/experiments/score_intensity.py`` after ``score_outcomes.py``. At the first of each month that the log
of the Idlib case covers, with half a year before it and 28 days after: the incidents of 60 runs of the pooled account
in the 28 days ahead, the level forecast, and the incidents of the 28 days past, each beside the incidents that came,
for all areas together (over months) and by district and month.
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
from standoff.runs.incidents import incidents_by_area
from standoff.runs.rolling import origins
from standoff.runs.scored import MECHANICS
from standoff.runs.spec import make_spec

DAYS = 28


def main() -> None:
    """Play, compare, and write the table."""
    case = so.load("idlib")
    counts, _ = count_log(case)
    fear = fear_in_waves(case, every=True)
    played, level, last, came, inside, months = [], [], [], [], [], 0
    by_month = []
    for day in origins(case, counts.last):
        at = (day - counts.first).days
        if at < 182 or at + DAYS > counts.values.shape[1]:
            continue
        spec = make_spec(
            case, accounts=("pooled",), start=day, days=DAYS, trajectories=60, seed=1, as_of=day - timedelta(days=1)
        )
        plan = make_plan(case, spec, fear, level=True)
        (mine,) = incidents_by_area(plan, run_plan(plan)).values()
        if plan.level is None:
            raise SystemExit(plan.no_level)
        rows = [counts.areas.index(area) for area in plan.level.areas]
        months += 1
        played.append(mine[:, :, 0].mean(axis=0))
        level.append(plan.level.mean[:, 0])
        last.append(counts.values[rows, at - DAYS : at].sum(axis=1))
        came.append(counts.values[rows, at : at + DAYS].sum(axis=1))
        low, high = np.quantile(mine[:, :, 0], (0.1, 0.9), axis=0)
        inside.append((came[-1] >= low) & (came[-1] <= high))
        by_month.append([float(one[-1].sum()) for one in (played, level, last, came)])
        print(day, *(round(v, 1) for v in by_month[-1]), flush=True)
    truth, total = np.concatenate(came), np.array(by_month).T
    ranks = [round(float(spearmanr(np.concatenate(x), truth).statistic), 2) for x in (played, level, last)]
    monthly = [round(float(spearmanr(total[k], total[3]).statistic), 2) for k in range(3)]
    target = Path(__file__).parents[2] / "src/standoff/runs/scored.json"
    table = json.loads(target.read_text(encoding="utf-8"))
    table.setdefault("idlib", {})["ranks"] = [months, monthly[0], monthly[2]]
    table["idlib"]["ranks_mechanics"] = MECHANICS
    table["idlib"]["districts"] = [truth.size, ranks[0], ranks[2]]
    target.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print("months", months, monthly, "districts", truth.size, ranks, "inside 80 %", np.concatenate(inside).mean())


if __name__ == "__main__":
    main()
