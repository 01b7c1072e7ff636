"""Many members of a Flee scenario: the same result to the bit whatever the number of workers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from standoff.world.displacement.flee_process import FleeProcess
from standoff.world.displacement.flee_rules import FleeRules, FleeScenario

Floats = NDArray[np.float64]
BATCH = 250
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Counts over the members of a run: mean [T, P] and `QUANTILES` [3, T, P] by place, mean on the road [T]."""

    names: tuple[str, ...]
    mean: Floats
    quantiles: Floats
    travelling: Floats
    members: int


def run_members(
    scenario: FleeScenario,
    rules: FleeRules,
    members: int,
    seed: int,
    workers: int = 1,
    executor: Executor | None = None,
) -> Arrivals:
    """Run ``members`` in batches of 250, each with its own Philox stream keyed by (seed, batch)."""
    sizes = [min(BATCH, members - at) for at in range(0, members, BATCH)]
    tasks = [(scenario, rules, size, seed, batch) for batch, size in enumerate(sizes)]
    if executor is not None:
        parts = list(executor.map(_batch, tasks))
    elif workers > 1 and len(tasks) > 1:
        with ProcessPoolExecutor(workers) as pool:
            parts = list(pool.map(_batch, tasks))
    else:
        parts = [_batch(task) for task in tasks]
    return _summary(scenario.names, [p[0] for p in parts], [p[1] for p in parts], members)


def _batch(task: tuple[FleeScenario, FleeRules, int, int, int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    scenario, rules, size, seed, batch = task
    rng = Generator(Philox(key=np.array([seed & (2**64 - 1), batch], dtype=np.uint64)))
    run = FleeProcess(scenario, rules).run(rng, size)
    return run.counts, run.travelling


def _summary(
    names: tuple[str, ...], counts: Sequence[NDArray[np.int32]], travelling: Sequence[NDArray[np.int32]], members: int
) -> Arrivals:
    days, places = counts[0].shape[:2]
    mean, quantiles = np.zeros((days, places)), np.zeros((len(QUANTILES), days, places))
    for day in range(days):  # a day at a time keeps memory small
        now = np.concatenate([c[day] for c in counts], axis=1)
        mean[day] = now.mean(axis=1)
        quantiles[:, day] = np.quantile(now, QUANTILES, axis=1)
    road = np.concatenate(travelling, axis=1).mean(axis=1)
    return Arrivals(names=names, mean=mean, quantiles=quantiles, travelling=road, members=members)
