"""Many members of a Flee scenario: the same result to the bit whatever the number of workers."""

from __future__ import annotations

import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence
from numpy.typing import NDArray

from standoff.world.displacement.flee_process import FleeProcess
from standoff.world.displacement.flee_rules import FleeRules, FleeScenario

Floats = NDArray[np.float64]
BATCH = 500  # most members at once
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
) -> Arrivals:
    """Run ``members`` in even batches of at most 500, each with an SFC64 stream of its own seeded by (seed, batch).

    Workers write into one file, which goes when the run is done: sent from process to process, the counts would be in
    memory four times over.
    """
    cuts = np.linspace(0, members, -(-members // BATCH) + 1).astype(np.int64).tolist()
    ranges = list(pairwise(cuts))
    shape = (scenario.days, len(scenario.names), members)
    if workers < 2 or len(ranges) < 2:
        counts = np.empty(shape, dtype=np.int32)
        process = FleeProcess(scenario, rules)
        road = [process.run(stream(seed, b), j - i, out=counts[:, :, i:j]) for b, (i, j) in enumerate(ranges)]
        return _summary(scenario.names, counts, [run.travelling for run in road])
    with tempfile.TemporaryDirectory(prefix="standoff-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "counts.npy"
        shared = np.lib.format.open_memmap(file, mode="w+", dtype=np.int32, shape=shape)
        tasks = [(scenario, rules, file, i, j, seed, batch) for batch, (i, j) in enumerate(ranges)]
        with ProcessPoolExecutor(workers) as pool:
            travelling = list(pool.map(_batch, tasks))
        return _summary(scenario.names, shared, travelling)


def stream(seed: int, batch: int) -> Generator:
    """Return the random numbers of a batch."""
    return Generator(SFC64(SeedSequence([seed & (2**64 - 1), batch])))


def _batch(task: tuple[FleeScenario, FleeRules, Path, int, int, int, int]) -> NDArray[np.int32]:
    scenario, rules, file, begin, end, seed, batch = task
    shared = np.lib.format.open_memmap(file, mode="r+")
    return FleeProcess(scenario, rules).run(stream(seed, batch), end - begin, out=shared[:, :, begin:end]).travelling


def _summary(names: tuple[str, ...], counts: NDArray[np.int32], travelling: list[NDArray[np.int32]]) -> Arrivals:
    days, places, members = counts.shape
    mean, quantiles = np.zeros((days, places)), np.zeros((len(QUANTILES), days, places))
    for day in range(days):  # a day at a time keeps memory small
        mean[day] = counts[day].mean(axis=1)
        quantiles[:, day] = np.quantile(counts[day], QUANTILES, axis=1)
    road = np.concatenate(travelling, axis=1).mean(axis=1)
    return Arrivals(names=names, mean=mean, quantiles=quantiles, travelling=road, members=members)
