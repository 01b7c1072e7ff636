"""How fast the displacement engine is, in CPU seconds, beside flee 3.1 where a Python that has it is named.

    python benchmarks/displacement.py [FOLDER DATA]... [--members 250]
    python benchmarks/displacement.py FOLDER DATA --peer PYTHON [--members 1000] [--repeats 3]
    python benchmarks/displacement.py --dense 1000

Without folders it runs the small made-up case of the tests. ``--peer`` times whole programs, each from start to end, by
turns on this machine: one run of flee 3.1 (benchmarks/oracles/flee31.py) and ``standoff flee run`` of many members; the
ratio is of the medians, a member of ours beside a run of theirs. CPU time is what the programs used, so that a busy
machine inflates it less than it does the wall clock. ``--dense`` makes a network of so many places, and runs 100
members for 200 days.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import statistics
import subprocess
import sys
import tempfile
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


def flee_case(inputs: Path, data: Path, members: int) -> None:
    folder = read_folder(inputs)
    series = read_series(data, folder)
    rules = FleeRules()
    print(f"{inputs.name}: {len(folder.places)} places, {folder.days} days, {members} members")
    for capacities in (True, False):
        scenario = scenario_of(folder, series, rules, capacities=capacities)
        start = time.process_time()
        process = FleeProcess(scenario, rules)
        compiled = time.process_time()
        process.run(batch_stream(1, 0), members)
        each = (time.process_time() - compiled) / members
        label = "capacities" if capacities else "no capacities"
        print(f"  {label:14} {1000 * each:8.1f} ms a run, {each * 1000:6.0f} s CPU for 1,000", end="")
        print(f" (compiled in {compiled - start:.2f} s)")
    if process.chains is not None:
        means = process.means()
        start = time.process_time()
        means.course()
        print(f"  mean-only      {1000 * (time.process_time() - start):8.1f} ms")


def timed(command: list[str]) -> tuple[float, float, float]:
    """Return the wall clock and CPU seconds of a whole program, and its most memory in MB."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def beside_flee(inputs: Path, data: Path, peer: str, members: int, repeats: int) -> None:
    """Time whole programs by turns: one run of flee 3.1, and many members of ours."""
    script = Path(__file__).parent / "oracles" / "flee31.py"
    theirs, ours = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repeats):
            words = [
                str(inputs),
                str(data),
                str(Path(folder) / "peer.npz"),
                "--hasten",
                "1",
                "--days",
                "0",
                "--seed",
                "1",
            ]
            theirs.append(timed([peer, str(script), *words]))
            words = [
                "flee",
                "run",
                str(inputs),
                "--data",
                str(data),
                "-n",
                str(members),
                "-o",
                str(Path(folder) / "out"),
            ]
            ours.append(timed([sys.executable, "-m", "standoff", *words]))
            print(f"  flee 3.1 {theirs[-1][1]:.0f} s CPU; {members} members {ours[-1][1]:.1f} s CPU", flush=True)
    for label, at in (("clock", 0), ("CPU", 1)):
        a, b = (statistics.median(x[at] for x in both) for both in (theirs, ours))
        print(f"{inputs.name}, {label}: flee 3.1 {a:.1f} s a run, {max(x[2] for x in theirs):.0f} MB; ", end="")
        print(f"{members} members {b:.1f} s, {max(x[2] for x in ours):.0f} MB; ", end="")
        print(f"a member {a / b * members:,.0f} times as fast")


def dense_case(places: int, members: int = 100, days: int = 200) -> None:
    """Write a network of towns, each with roads to its nearest, 14 camps and moving fighting, and time its run."""
    rng = generator(5)
    at = rng.random((places, 2)) * 900.0
    links = {}
    for i in range(places):
        apart = np.hypot(*(at - at[i]).T)
        for j in np.argsort(apart)[1:4]:
            links[min(i, int(j)), max(i, int(j))] = max(1.2 * float(apart[j]), 1.0)
    camps = set(rng.choice(places, 14, replace=False).tolist())
    fought = rng.choice([p for p in range(places) if p not in camps], places // 4, replace=False)
    begins = rng.integers(0, days, fought.size)
    with tempfile.TemporaryDirectory() as folder:
        inputs, data = Path(folder) / "input", Path(folder) / "data"
        inputs.mkdir()
        data.mkdir()
        head = ["#name", "region", "country", "latitude", "longitude", "location_type", "conflict_date", "population"]
        kinds = ["idpcamp,,7000" if p in camps else "town,,90000" for p in range(places)]
        rows = [
            f"p{p},r,Home,{y / 111:.4f},{x / 111:.4f},{k}" for p, ((x, y), k) in enumerate(zip(at, kinds, strict=True))
        ]
        (inputs / "locations.csv").write_text("\n".join([",".join(head), *rows]) + "\n")
        rows = [f"p{a},p{b},{km:.2f},0" for (a, b), km in links.items()]
        (inputs / "routes.csv").write_text("\n".join(["#name1,name2,distance,forced_redirection", *rows]) + "\n")
        with (inputs / "conflicts.csv").open("w", newline="") as handle:
            table = csv.writer(handle)
            table.writerow(["#Day", *(f"p{p}" for p in fought)])
            table.writerows([day, *(int(begin <= day) for begin in begins)] for day in range(days))
        (inputs / "sim_period.csv").write_text(f"StartDate,2031-01-01\nLength,{days}\n")
        layout = ["total,all.csv"]
        for n, camp in enumerate(sorted(camps)):
            layout.append(f"p{camp},c{n}.csv")
            (data / f"c{n}.csv").write_text(f"Date,Count\n2031-01-01,0\n2031-07-20,{1500 * (n + 1)}\n")
        (data / "data_layout.csv").write_text("\n".join(layout) + "\n")
        (data / "all.csv").write_text(f"Date,Count\n2031-01-01,0\n2031-07-20,{1500 * 105}\n")
        words = ["flee", "run", str(inputs), "--data", str(data), "-n", str(members), "--workers", "2"]
        clock, cpu, memory = timed([sys.executable, "-m", "standoff", *words, "-o", str(Path(folder) / "out")])
    print(f"{places} places, {len(links)} routes: {members} members of {days} days, 2 workers: ", end="")
    print(f"{clock:.0f} s, {cpu:.0f} s CPU, {memory:.0f} MB")


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
    parser.add_argument("--members", type=int)
    parser.add_argument("--peer", help="a Python that has flee 3.1")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--dense", type=int, help="places of a made-up network")
    args = parser.parse_args()
    folders = args.folders or [MADE_UP / "input", MADE_UP / "data"]
    pairs = list(zip(folders[::2], folders[1::2], strict=True))
    if args.dense:
        dense_case(args.dense)
        return
    if args.peer:
        for inputs, data in pairs:
            beside_flee(inputs, data, args.peer, args.members or 1000, args.repeats)
        return
    for inputs, data in pairs:
        flee_case(inputs, data, args.members or 250)
    people_curve(folders[0], folders[1])
    print("the world's kernel, 90 places:")
    world_days()
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
