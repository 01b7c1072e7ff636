"""Broken inputs by the thousand: every reader refuses or reads them, and never ends in another way.

``make fuzz`` breaks sound files of every kind in turn (bytes, tokens, lines, structure, members of archives), reads
them, and runs commands on what was accepted, with every warning an error. It prints how many were read, refused and
failed, and exits 1 after a failure. Input number k of a reader depends on the seed, the reader and k alone:
``--reader WORD --from k -n 1 --show`` repeats it. With ``--state FILE`` a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from broken_input import Reader, Workbench, play

EVERY = 50  # inputs after which the state is written


def _stop(_: int, __: FrameType | None) -> None:
    raise TimeoutError("this takes too long")


def clock(seconds: float) -> None:
    """Let what follows take so many seconds of the processor; 0: any."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def megabytes() -> int:
    """Return the most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def broken_in(reader: Reader, seed: int, first: int, last: int, state: dict[str, Any], save: Any, show: bool) -> None:
    """Play inputs ``first`` to ``last`` (exclusive) of a reader, and count in ``state`` what came of them."""
    for number in range(first, last):
        dice = random.Random(f"{seed} {reader.name} {number}")
        begun = time.process_time()
        try:
            state[play(reader, dice, clock)] += 1
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            state["failed"] += 1
            frames = traceback.extract_tb(error.__traceback__)
            ours = [f for f in frames if "standoff" in f.filename and "broken_input" not in f.filename] or frames
            where = f"{type(error).__name__} {Path(ours[-1].filename).name}:{ours[-1].lineno}: {str(error)[:100]}"
            state["places"].setdefault(where, []).append(number)
            if show:
                traceback.print_exc()
        state["slowest"] = max(state["slowest"], time.process_time() - begun)
        state["next"] = number + 1
        if state["next"] % EVERY == 0:
            save()


def main() -> int:
    """Break and read, and print a line a reader; 1 after a failure."""
    options = argparse.ArgumentParser()
    options.add_argument("-n", type=int, default=200, help="inputs a reader")
    options.add_argument("--from", type=int, default=0, dest="first", help="number of the first")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--reader", default="", help="only readers with this in their name")
    options.add_argument("--state", type=Path, help="a file that keeps how far it came")
    options.add_argument("--show", action="store_true", help="print tracebacks")
    asked = options.parse_args()
    kept: dict[str, Any] = json.loads(asked.state.read_text()) if asked.state and asked.state.is_file() else {}
    resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, 6 * 2**30))
    failed = 0

    def save() -> None:
        if asked.state:
            asked.state.parent.mkdir(parents=True, exist_ok=True)
            asked.state.write_text(json.dumps(kept, indent=1))

    with tempfile.TemporaryDirectory() as folder:
        bench = Workbench(Path(folder))
        signal.signal(signal.SIGPROF, _stop)
        for reader in bench.readers():
            if asked.reader not in reader.name:
                continue
            state = kept.setdefault(
                f"{asked.seed} {reader.name}",
                {"next": asked.first, "read": 0, "refused": 0, "failed": 0, "slowest": 0.0, "places": {}},
            )
            broken_in(reader, asked.seed, state["next"], asked.first + asked.n, state, save, asked.show)
            save()
            counts = ", ".join(f"{state[word]:,} {word}" for word in ("read", "refused", "failed"))
            total = state["next"] - asked.first
            print(f"{reader.name}: {total:,} inputs, {counts}; slowest {state['slowest']:.1f} s; {megabytes()} MB")
            places: Counter[str] = Counter({where: len(numbers) for where, numbers in state["places"].items()})
            for where, many in places.most_common():
                print(f"  {many} times {where} (input {state['places'][where][0]})", flush=True)
            failed += state["failed"]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
