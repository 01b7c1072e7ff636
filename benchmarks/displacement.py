"""How fast the displacement engine is, in CPU seconds, beside flee 3.1's own time where that has been measured.

    python benchmarks/displacement.py [FOLDER DATA]... [--members 250] [--flee REFERENCE.npz]

Without folders it runs the small made-up case of the tests. ``--flee`` names a file of benchmarks/oracles/flee31.py
whose CPU seconds are the peer's; without it no ratio is printed. CPU time is what this process used, so that a busy
machine inflates it less than it does the wall clock.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from standoff.people import Settings, compile_network, move_day, people_at
from standoff.people.flee.folder import read_folder
from standoff.people.flee.process import FleeProcess
from standoff.people.flee.rules import FleeRules
from standoff.people.flee.scenario import batch_stream, scenario_of
from standoff.people.flee.series import read_series

MADE_UP = Path(__file__).parent.parent / "tests" / "people" / "flee" / "made_up"


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def flee_case(inputs: Path, data: Path, members: int, reference: Path | None) -> None:
    folder = read_folder(inputs)
    series = read_series(data, folder)
    rules = FleeRules()
    peer = None
    if reference is not None:
        stored = np.load(reference)
        peer = float(stored["cpu"].mean()) if int(stored["hasten"]) == 1 else None
    print(f"{inputs.name}: {len(folder.places)} places, {folder.days} days, {members} members")
    for capacities in (True, False):
        scenario = scenario_of(folder, series, rules, capacities=capacities)
        start = time.process_time()
        process = FleeProcess(scenario, rules)
        compiled = time.process_time()
        process.run(batch_stream(1, 0), members)
        each = (time.process_time() - compiled) / members
        ratio = f", flee 3.1 {peer:.0f} s: {peer / each:,.0f} times" if peer and capacities else ""
        label = "capacities" if capacities else "no capacities"
        print(f"  {label:14} {1000 * each:8.1f} ms a run, {each * 1000:6.0f} s CPU for 1,000{ratio}", end="")
        print(f" (compiled in {compiled - start:.2f} s)")
    means = process.means()
    start = time.process_time()
    means.course()
    print(f"  mean-only      {1000 * (time.process_time() - start):8.1f} ms")


def people_curve(inputs: Path, data: Path) -> None:
    folder = read_folder(inputs)
    scenario = scenario_of(folder, read_series(data, folder), FleeRules(), capacities=False)
    print("cost by number of people (no capacities, 100 members):")
    for power in range(4, 9):
        share = 10**power / max(int(scenario.spawn.sum()), 1)
        grown = replace(scenario, spawn=np.rint(scenario.spawn * share).astype(np.int64), start=scenario.start * 0)
        process = FleeProcess(grown, FleeRules())
        start = time.process_time()
        process.run(generator(), 100)
        print(f"  10^{power} people {10 * (time.process_time() - start):8.1f} ms a run")


def world_days(trajectories: int = 200, days: int = 60) -> None:
    """Time the general kernel on a made-up network of 90 places with fighting moving about in it."""
    rng = generator(3)
    at = rng.random((88, 2)) * 100
    routes = {}
    for i in range(88):
        apart = np.hypot(*(at - at[i]).T)
        for j in np.argsort(apart)[1:4]:
            routes[min(i, int(j)), max(i, int(j))] = max(1.3 * float(apart[j]), 1.0)
    ids = [f"p{i}" for i in range(90)]
    links = [(ids[a], ids[b], km) for (a, b), km in routes.items()] + [("p86", "p88", 5.0), ("p87", "p89", 5.0)]
    kinds = ["town"] * 78 + ["camp_area"] * 8 + ["crossing"] * 2 + ["beyond"] * 2
    for exact in (False, True):
        network = compile_network(
            ids, kinds, ["X"] * 88 + ["Y"] * 2, links, home="X",
            capacity=[0.0] * 78 + [60000.0] * 8 + [0.0] * 4, settings=Settings(exact=exact),
        )  # fmt: skip
        people = people_at(network, [30000] * 78 + [0] * 12, [2000] * 86 + [0] * 4, trajectories=trajectories)
        intensity = np.zeros((trajectories, 90))
        start, chance = time.process_time(), generator(4)
        for _ in range(days):
            intensity *= 0.8
            hot = chance.integers(0, 30, (trajectories, 3))
            intensity[np.arange(trajectories)[:, None], hot] += chance.random((trajectories, 3)) * 0.5
            move_day(chance, people, network, intensity, fear=0.2 * intensity)
        each = (time.process_time() - start) / trajectories / days
        label = "every person drawn" if exact else "rounded at random"
        print(
            f"  {label:20} {1e6 * each:6.1f} microseconds a trajectory-day; 720,000 of them: {720e3 * each:.0f} s CPU"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--members", type=int, default=250)
    parser.add_argument("--flee", type=Path)
    args = parser.parse_args()
    folders = args.folders or [MADE_UP / "input", MADE_UP / "data"]
    reference = args.flee or (None if args.folders else MADE_UP / "flee31.npz")
    for inputs, data in zip(folders[::2], folders[1::2], strict=True):
        flee_case(inputs, data, args.members, reference)
    people_curve(folders[0], folders[1])
    print("the world's kernel, 90 places:")
    world_days()
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
