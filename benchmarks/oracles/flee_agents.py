"""Hold the counts of Flee's process to its agents, one by one: how far is the mean of each camp with a capacity off?

    python benchmarks/oracles/flee_agents.py INPUT_DIR DATA_DIR [--hasten 1] [--runs 100] [--members 1000]

Needs a C compiler (``cc``). A run of Mali with all its people takes 0.3 s instead of the two minutes of flee, so that
a bias of 0.1 % can be seen. Days are those of the last four fifths. ``--flee FILE`` holds the agents themselves to
samples that flee31.py stored.
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from standoff.people.flee.folder import read_folder
from standoff.people.flee.process import FleeProcess
from standoff.people.flee.rules import FleeRules, FleeScenario, epochs
from standoff.people.flee.scenario import batch_stream, scenario_of
from standoff.people.flee.series import hastened, read_series


class Case(ctypes.Structure):
    """The arguments of flee_agents.c."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("places", "links", "days", "epochs")),
        *((name, ctypes.c_void_p) for name in ("epoch_day", "move", "weight", "camp", "opened")),
        *((name, ctypes.c_void_p) for name in ("source", "target", "begin", "km", "capacity")),
        *((name, ctypes.c_double) for name in ("buffer", "speed")),
        *((name, ctypes.c_void_p) for name in ("arising", "number", "start")),
    ]


class Agents:
    """Runs of a scenario agent by agent."""

    def __init__(self, s: FleeScenario, rules: FleeRules, folder: Path) -> None:
        built = folder / "agents.so"
        source = Path(__file__).with_suffix(".c")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", built, source], check=True)
        self.lib = ctypes.CDLL(str(built))
        order, stretches = np.argsort(s.source, kind="stable"), epochs(s, rules)
        begin = np.searchsorted(s.source[order], np.arange(len(s.names) + 1))
        if np.diff(begin).max() > 64:
            raise SystemExit("more than 64 routes at one place")
        self.shape = (s.days, len(s.names))
        self.kept = {
            "epoch_day": np.array([e.day for e in stretches], dtype=np.int32),
            "move": np.array([e.move for e in stretches], dtype=np.float64),
            "weight": np.array([e.weight[order] for e in stretches], dtype=np.float64),
            "camp": np.array([e.camp for e in stretches], dtype=np.uint8),
            "opened": np.array([e.opened[order] for e in stretches], dtype=np.uint8),
            "source": s.source[order].astype(np.int32),
            "target": s.target[order].astype(np.int32),
            "begin": begin.astype(np.int32),
            "km": s.km[order].astype(np.float64),
            "capacity": s.capacity * rules.capacity_scaling,
            "arising": np.ascontiguousarray(s.conflict * s.population, dtype=np.float64),
            "number": s.spawn[: s.days].astype(np.int64),
            "start": s.start.astype(np.int64),
        }
        self.case = Case(len(s.names), order.size, s.days, len(stretches))
        self.case.buffer, self.case.speed = rules.capacity_buffer, rules.max_move_speed
        for name, values in self.kept.items():
            setattr(self.case, name, values.ctypes.data)

    def run(self, seed: int) -> NDArray[np.int32]:
        """Return the counts [T, P] at the end of each day."""
        counts = np.zeros(self.shape, dtype=np.int32)
        if self.lib.run(ctypes.byref(self.case), ctypes.c_uint64(seed), ctypes.c_void_p(counts.ctypes.data)):
            raise MemoryError("agents")
        return counts


def line(name: str, found: NDArray[np.float64], wanted: NDArray[np.float64]) -> str:
    """Compare two samples of a camp's mean over days."""
    error = np.sqrt(found.var() / found.size + wanted.var() / wanted.size)
    off, mean = found.mean() - wanted.mean(), wanted.mean()
    return f"  {name:24.24} {mean:12,.1f} {100 * off / mean:+7.2f} % (standard error {100 * error / mean:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--hasten", type=int, default=1)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--flee", type=Path)
    args = parser.parse_args()
    folder, rules = read_folder(args.inputs), FleeRules(hasten=args.hasten)
    scenario = scenario_of(folder, hastened(read_series(args.data, folder), args.hasten), rules)
    late = slice(scenario.days // 5, None)
    with tempfile.TemporaryDirectory() as built:
        agents = Agents(scenario, rules, Path(built))
        slow = np.stack([agents.run(seed)[late].mean(axis=0) for seed in range(args.runs)])
    if args.flee:
        stored = np.load(args.flee)
        print(f"agents against {len(stored['counts'])} runs of flee 3.1:")
        for i, name in enumerate(stored["camps"]):
            flee = stored["counts"][:, late, i].mean(axis=1)
            print(line(str(name), slow[:, scenario.names.index(str(name))], flee))
    fast = FleeProcess(scenario, rules).run(batch_stream(1, 0), args.members).counts[late].mean(axis=0)
    print(f"{args.members} members against {args.runs} runs of agents:")
    for place in np.flatnonzero((scenario.capacity > 0) & (slow.mean(axis=0) >= 1.0)):
        print(line(scenario.names[place], fast[place], slow[:, place]))


if __name__ == "__main__":
    main()
