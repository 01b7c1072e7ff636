"""Incidents that a run plays, by area: the level on the mean of the baseline, and how far a scenario is from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from standoff.runs.ensemble import Plan, Trajectories
from standoff.runs.opening import is_inner
from standoff.runs.results import AreaIncidents
from standoff.world.incident_level import (
    BaseLevel,
    LevelDraws,
    draw_levels,
    incidents,
    log_multipliers,
    place_baseline,
    usual_push,
)
from standoff.world.random_streams import stream

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
EVERYWHERE = "everywhere"


def level_draws(plan: Plan) -> LevelDraws:
    """Return what all trajectories draw of the level of a plan, batch by batch. Raises ValueError where it has none."""
    if plan.level is None:
        raise ValueError(plan.no_level)
    level, spec = plan.level, plan.spec
    some = [draw_levels(level, stream(spec.seed, b, 0, "level"), n) for b, n in enumerate(spec.sizes)]
    return LevelDraws(
        share=np.concatenate([one.share for one in some]),
        lull=np.concatenate([one.lull for one in some]),
        noise=np.concatenate([one.noise for one in some]),
        part=np.concatenate([one.part for one in some]),
    )


def incidents_by_area(plan: Plan, results: Mapping[tuple[str, str], Trajectories]) -> dict[tuple[str, str], Ints]:
    """Return incidents [n, A, W] from the start to the end of each window, by account and scenario.

    Those of the first scenario of each account have the mean and the range of the level. Nothing where the plan has no
    level.
    """
    if plan.level is None:
        return {}
    draws = level_draws(plan)
    base = plan.spec.scenarios[0]
    out: dict[tuple[str, str], Ints] = {}
    for account in dict.fromkeys(account for account, _ in results):
        if is_inner(account) or (account, base) not in results:
            continue
        usual = usual_push(*_played(results[account, base]))
        mine = {scenario: batch for (name, scenario), batch in results.items() if name == account}
        shape = len(draws.share), len(plan.level.areas), usual.shape[0]
        out |= {(account, scenario): np.empty(shape, np.int32) for scenario in mine}
        for a in range(len(plan.level.areas)):  # area by area: those of all are many times what comes out
            level, drawn = _of_area(plan.level, draws, slice(a, a + 1))
            first = log_multipliers(level, drawn.share, *_played(mine[base]), usual)
            placing = place_baseline(level, drawn.noise, first)
            for scenario, batch in mine.items():
                same = scenario == base
                moved = first if same else log_multipliers(level, drawn.share, *_played(batch), usual)
                out[account, scenario][:, a : a + 1] = incidents(placing, drawn, moved)
        for batch in mine.values():
            batch.put_aside()
    return out


def _of_area(level: BaseLevel, draws: LevelDraws, area: slice) -> tuple[BaseLevel, LevelDraws]:
    """Return the level of one area, as far as play moves it, and what trajectories draw of it."""
    one = replace(level, areas=level.areas[area], mean=level.mean[area], upto=level.upto[area], near=level.near[area])
    return one, replace(draws, noise=draws.noise[:, area], part=draws.part[:, area])


def _played(batch: Trajectories) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return batch.pushes, batch.lulls


def incident_rows(
    plan: Plan, every: Mapping[tuple[str, str], Ints], account: str, scenario: str
) -> list[AreaIncidents]:
    """Return the table of incidents of one account and scenario: each area and window, and all areas together."""
    level = plan.level
    if level is None:
        return []
    mine = every[account, scenario]
    whole = mine.sum(axis=1, keepdims=True)
    rows = []
    for w, days in enumerate(level.ends):
        for a, area in enumerate((*level.areas, EVERYWHERE)):
            values = whole[:, 0, w] if area == EVERYWHERE and a == len(level.areas) else mine[:, a, w]
            one = a if a < len(level.areas) else slice(None)
            low, middle, high = (float(q) for q in np.quantile(values, (0.1, 0.5, 0.9)))
            rows.append(
                AreaIncidents(
                    account=account,
                    scenario=scenario,
                    area=area,
                    days=days,
                    n=values.size,
                    mean=float(values.mean()),
                    q10=low,
                    q50=middle,
                    q90=high,
                    level=float(level.mean[one, w].sum()),
                    last=int(level.last[one, w].sum()),
                )
            )
    return rows
