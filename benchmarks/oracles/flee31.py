"""Run flee 3.1 (from the package registry) on a Flee folder and store camp counts, to compare Standoff with.

It needs an environment of its own with ``pip install flee==3.1``; Standoff never imports it::

    python benchmarks/oracles/flee31.py INPUT_DIR DATA_DIR OUT.npz --seeds 16 --days 300 --hasten 100 [--no-capacity]

The file holds ``camps`` (names), ``counts`` [seed, day, camp], ``data`` [day, camp], ``cpu`` seconds for each seed, and
the arguments. Each seed runs in a process of its own, because flee keeps its state in module globals.
"""

from __future__ import annotations

import argparse
import csv
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

SETTINGS = """\
spawn_rules: {{take_from_population: False, insert_day0: True}}
move_rules: {{max_move_speed: 360.0, max_walk_speed: 35.0, foreign_weight: 1.0, camp_weight: 1.0,
  conflict_weight: 0.25, conflict_movechance: 1.0, camp_movechance: 0.001, default_movechance: 0.3,
  awareness_level: 1, avoid_short_stints: False, start_on_foot: False, weight_power: 1.0}}
optimisations: {{hasten: {hasten}}}
"""


def one_seed(inputs: Path, data: Path, out: Path, seed: int, days: int, hasten: int, capacity: bool) -> None:
    """Run one seed in this process and write its counts to ``out``."""
    from flee import InputGeography, flee, spawning  # type: ignore[import-not-found]
    from flee.datamanager import handle_refugee_data  # type: ignore[import-not-found]
    from flee.SimulationSettings import SimulationSettings  # type: ignore[import-not-found]

    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - flee draws from the global generators
    with tempfile.NamedTemporaryFile("w", suffix=".yml", delete=False) as handle:
        handle.write(SETTINGS.format(hasten=hasten))
    SimulationSettings.ReadFromYML(handle.name)
    SimulationSettings.ConflictInputFile = str(inputs / "conflicts.csv")
    period = dict(row[:2] for row in csv.reader((inputs / "sim_period.csv").open()) if len(row) > 1)
    period = {key.lower(): value for key, value in period.items()}
    world: Any = flee.Ecosystem()
    reader: Any = InputGeography.InputGeography()
    reader.ReadConflictInputCSV(SimulationSettings.ConflictInputFile)
    reader.ReadLocationsFromCSV(str(inputs / "locations.csv"))
    reader.ReadLinksFromCSV(str(inputs / "routes.csv"))
    reader.ReadClosuresFromCSV(str(inputs / "closures.csv"))
    world, places = reader.StoreInputGeographyInEcosystem(world)
    if not capacity:
        for place in world.locations:
            place.capacity = -1
    table = handle_refugee_data.RefugeeTable(
        csvformat="generic",
        data_directory=str(data),
        start_date=period["startdate"],
        data_layout="data_layout.csv",
        population_scaledown_factor=hasten,
    )
    table.ReadL1Corrections(str(inputs / "registration_corrections.csv"))
    camps = world.get_camp_names()
    for name in camps:
        spawning.add_initial_refugees(world, table, places[name])
    length = days or int(period["length"])
    counts, known = [], []
    start = time.process_time()
    for t in range(length):
        reader.AddNewConflictZones(world, t)
        spawning.spawn_daily_displaced(world, t, table, SumFromCamps=True)
        spawning.refresh_spawn_weights(world)
        world.enact_border_closures(t)
        world.evolve()
        counts.append([places[name].numAgents for name in camps])
        known.append([table.get_field(name, t) for name in camps])
    np.savez_compressed(
        out,
        camps=np.array(camps),
        counts=np.array(counts),
        data=np.array(known),
        cpu=time.process_time() - start,
        total=world.numAgents(),
    )


def main() -> None:
    """Read the arguments, run the seeds one after another, and join the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--days", type=int, default=0)
    parser.add_argument("--hasten", type=int, default=100)
    parser.add_argument("--no-capacity", action="store_true")
    parser.add_argument("--seed", type=int, help="run this one seed in this process")
    args = parser.parse_args()
    if args.seed is not None:
        one_seed(args.inputs, args.data, args.out, args.seed, args.days, args.hasten, not args.no_capacity)
        return
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, args.seeds + 1):
            part = Path(folder) / f"{seed}.npz"
            command = [sys.executable, __file__, str(args.inputs), str(args.data), str(part), "--seed", str(seed)]
            command += ["--days", str(args.days), "--hasten", str(args.hasten)]
            command += ["--no-capacity"] if args.no_capacity else []
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            parts.append(dict(np.load(part)))
    np.savez_compressed(
        args.out,
        camps=parts[0]["camps"],
        counts=np.stack([p["counts"] for p in parts]).astype(np.int32),
        data=parts[0]["data"].astype(np.int32),
        cpu=np.array([float(p["cpu"]) for p in parts]),
        total=np.array([int(p["total"]) for p in parts]),
        hasten=args.hasten,
        capacity=not args.no_capacity,
    )


if __name__ == "__main__":
    main()
