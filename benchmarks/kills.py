"""Kill `standoff run --force` and `standoff import` at random moments: nothing may be lost or half-written.

    python benchmarks/kills.py run [--kills 200] [--seed 1]
    python benchmarks/kills.py import

Each round forks a process that does what the command does, with its libraries loaded, and kills it (SIGKILL): every
other time at any moment of its whole life, else after it began to write, which is where something can break.

run: two runs that differ in their seed replace each other by turns, with one worker and with two. After every kill the
folder must be there, load, and hold the bytes of one of the two. After every fifth the run is resumed without a kill,
must have the bytes of one that was never stopped, and leave nothing beside it.

import: a log of 300 events and counts of people come into a case in one step. After every kill the case must pass its
checks, hold every file as before or every file as after, and a journal of whole lines that says which of the two. The
import is then made again: the files must be those of one that was never stopped.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from standoff.case.history import JOURNAL, entries
from standoff.case.read import load, start
from standoff.cli import main as command
from standoff.files.atomic import WORK
from standoff.runs.folder import load_run

ALONE = 5  # rounds until a run is resumed without a kill
DAYS = 15

EVENTS = "".join(
    f"n{number},2024-02-{1 + number % 28:02},shelling,Forces of Red,Blue,Shells at the river,https://observer.example/{number}\n"
    for number in range(300)
)
PEOPLE = "".join(f"Riverside,2024-02-{day:02},{4000 + 10 * day}\n" for day in range(1, 29))
FILES = {
    "watch.csv": "id,date,type,actor,target,title,source\n" + EVENTS,
    "people.csv": "place,date,people\n" + PEOPLE,
}


class Child:
    """A forked process that does what a command line does, silently."""

    def __init__(self, *words: str) -> None:
        self.began = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            os.setsid()
            with contextlib.suppress(BaseException):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, 1)
                if "KILLS_SHOW" not in os.environ:
                    os.dup2(nowhere, 2)
                sys.stdin = io.StringIO()
                try:
                    status = command(list(words)) or 0
                except SystemExit as end:
                    status = end.code if isinstance(end.code, int) else 1
            os._exit(status)

    def ended(self) -> bool:
        """Whether it is over, by itself."""
        return os.waitpid(self.pid, os.WNOHANG)[0] != 0

    def wait(self) -> float:
        """Let it end, and return the seconds it took. Raises RuntimeError where it failed."""
        _, status = os.waitpid(self.pid, 0)
        if status:
            raise RuntimeError(f"the command itself fails, with status {status}")
        return time.monotonic() - self.began

    def kill(self, within: float, chance: random.Random, begun: Callable[[], bool] | None) -> bool:
        """Kill it so many seconds after it began, or began to write; False where it was over before."""
        if begun is not None:
            while not begun():
                if self.ended():
                    return False
                time.sleep(0.001)
        last = time.monotonic() + chance.uniform(0.0, within)
        while time.monotonic() < last:
            if self.ended():
                return False
            time.sleep(min(0.002, within / 20))
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return True


class Count:
    """What was killed, and what was wrong after it."""

    def __init__(self) -> None:
        self.kills = self.writing = self.alone = 0
        self.faults: list[str] = []

    def told(self, what: str) -> str:
        """Return all of it in a line."""
        by = {
            k: sum(f.startswith(k) for f in self.faults) for k in ("lost", "half-written", "other bytes", "left over")
        }
        return (
            f"{what}: {self.kills} kills, {self.writing} of them after it began to write; "
            f"{self.alone} resumed without one; " + ", ".join(f"{number} {kind}" for kind, number in by.items())
        )


def contents(folder: Path, *without: str) -> dict[str, bytes]:
    """Return the files of a folder, but for those named and what a change under way keeps."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and WORK not in p.parts and p.name not in without)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def kill_runs(root: Path, kills: int, chance: random.Random) -> Count:
    """Kill runs that replace one another."""
    case, out = start(root / "case"), root / "out"
    size = ["-n", "60", "--days", str(DAYS), "--no-report", "--out", str(out), "--force"]
    whole, took = {}, {}
    for seed in (1, 2):
        for workers in (1, 2):
            took[workers] = Child("run", str(case), *size, "--seed", str(seed), "--workers", str(workers)).wait()
            if contents(out) != whole.setdefault(seed, contents(out)):
                raise SystemExit("a run has other bytes with another number of workers")
    count, seed = Count(), 2

    def writes() -> bool:
        return any(p.name.startswith(f".{out.name}-") for p in root.iterdir())

    while count.kills < kills:
        seed, workers = 3 - seed, 1 + (count.kills // 2) % 2
        words = ["run", str(case), *size, "--seed", str(seed), "--workers", str(workers)]
        late = count.kills % 2 == 1
        if Child(*words).kill(0.15 if late else 1.1 * took[workers], chance, writes if late else None):
            count.kills += 1
            count.writing += late or writes()
        if not out.is_dir():
            count.faults.append(f"lost after kill {count.kills}")
        try:
            load_run(out)
        except Exception as error:
            count.faults.append(f"half-written after kill {count.kills}: {error}")
        if contents(out) not in whole.values():
            count.faults.append(f"half-written after kill {count.kills}: neither of the two runs")
        if count.kills % ALONE == 0:
            took[workers] = Child(*words).wait()
            count.alone += 1
            if contents(out) != whole[seed]:
                count.faults.append(f"other bytes after kill {count.kills}")
            left = [p.name for p in root.iterdir() if p not in (case, out) and not p.name.endswith(".parts")]
            count.faults += [f"left over after kill {count.kills}: {name}" for name in left]
        if count.kills % 20 == 0:
            print(count.told("run"), flush=True)
    return count


def kill_imports(root: Path, kills: int, chance: random.Random) -> Count:
    """Kill imports of several files into a case."""
    files = []
    for name, text in FILES.items():
        (root / name).write_text(text, encoding="utf-8")
        files.append(str(root / name))
    before, case = start(root / "before"), root / "case"

    def anew() -> Child:
        shutil.rmtree(case, ignore_errors=True)
        shutil.copytree(before, case)
        return Child("import", *files, "--into", str(case), "--yes")

    took = anew().wait()
    old, new = contents(before, JOURNAL), contents(case, JOURNAL)
    if set(new) <= set(old) or len(entries(case)) != 1:
        raise SystemExit("the import itself writes nothing")
    print(f"each writes {', '.join(k for k in new if new[k] != old.get(k))}", flush=True)
    count = Count()

    def writes() -> bool:
        work = case / WORK
        return work.is_dir() and any(p.name.startswith(("draft-", "change", "done-")) for p in work.iterdir())

    while count.kills < kills:
        late = count.kills % 2 == 1
        child = anew()
        if not child.kill(0.12 if late else 1.1 * took, chance, writes if late else None):
            continue
        count.kills += 1
        count.writing += late or writes()
        try:
            load(case)  # as whoever opens it next; raises where it does not pass its checks
            lines = len(entries(case))
        except Exception as error:
            count.faults.append(f"half-written after kill {count.kills}: {error}")
            continue
        now = contents(case, JOURNAL)
        if now != (new if lines else old):
            count.faults.append(f"half-written after kill {count.kills}: {lines} lines in the journal")
        if (case / JOURNAL).is_file() and not all(map(json.loads, (case / JOURNAL).read_text("utf-8").splitlines())):
            count.faults.append(f"half-written after kill {count.kills}: the journal")
        count.alone += 1
        took = Child("import", *files, "--into", str(case), "--yes").wait()
        if contents(case, JOURNAL) != new or len(entries(case)) != 1:
            count.faults.append(f"other bytes after kill {count.kills}")
        left = [p.name for p in (case / WORK).iterdir() if p.name == "change"]
        count.faults += [f"left over after kill {count.kills}: {name}" for name in left]
        if count.kills % 20 == 0:
            print(count.told("import"), flush=True)
    return count


def main() -> int:
    """Kill, count, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("run", "import"))
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    kill = kill_runs if args.what == "run" else kill_imports
    with tempfile.TemporaryDirectory() as folder:
        count = kill(Path(folder), args.kills, random.Random(args.seed))
    print(*count.faults[:20], sep="\n")
    print(count.told(args.what))
    return 1 if count.faults else 0


if __name__ == "__main__":
    sys.exit(main())
