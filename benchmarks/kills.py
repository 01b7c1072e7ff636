"""Kill ``standoff run --force`` at random moments, and see what is left: nothing may be lost or half-written.

    python benchmarks/kills.py [--kills 200] [--seed 1]

Two runs that differ in their seed replace each other by turns, each killed (SIGKILL, the program alone) at a random
moment up to a little past its usual end. After every kill the folder must load, and hold the bytes of one of the two.
After every tenth the run is resumed without a kill, and must have the bytes of one that was never stopped.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from standoff.runs.folder import load_run

SIZE = ["-n", "150", "--days", "20", "--workers", "2", "--no-report"]


def start(case: Path, out: Path, seed: int) -> subprocess.Popen[bytes]:
    words = ["run", str(case), *SIZE, "--seed", str(seed), "--out", str(out), "--force"]
    return subprocess.Popen(
        [sys.executable, "-m", "standoff", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    chance = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        case, out = root / "case", root / "out"
        subprocess.run([sys.executable, "-m", "standoff", "new", str(case)], check=True, stdout=subprocess.DEVNULL)
        whole, seconds = {}, 1.0
        for seed in (1, 2):
            begun = time.monotonic()
            if start(case, out, seed).wait():
                raise SystemExit("the run itself fails")
            whole[seed], seconds = contents(out), max(seconds, time.monotonic() - begun)
        killed = lost = half = changed = stale = 0
        now = 2
        while killed < args.kills:
            now = 3 - now
            process = start(case, out, now)
            time.sleep(chance.uniform(0.0, 1.2 * seconds))
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
            process.wait()
            if not out.is_dir() and not any(p.name.endswith("-old") for p in root.iterdir()):
                lost += 1
            try:
                load_run(out)
            except Exception as error:
                print(f"after {killed} kills: {error}")
                half += 1
            half += contents(out) not in whole.values() if out.is_dir() else 1
            if killed % 10 == 0:
                start(case, out, now).wait()
                changed += contents(out) != whole[now]
                left = [
                    p.name for p in root.iterdir() if p.name not in ("case", "out") and not p.name.endswith(".parts")
                ]
                stale += len(left)
                print(
                    f"{killed} kills: {lost} lost, {half} half-written, {changed} of other bytes, {stale} left over",
                    flush=True,
                )
    print(f"{killed} kills of a run of {seconds:.1f} s: {lost} lost, {half} half-written, {changed} of other bytes")
    return lost + half + changed + stale


if __name__ == "__main__":
    sys.exit(main())
