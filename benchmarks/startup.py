"""How long ``standoff --help`` takes, beside starting Python alone and importing NumPy."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time


def median(code: list[str], n: int = 15) -> float:
    times = []
    for _ in range(n):
        start = time.perf_counter()
        subprocess.run([sys.executable, *code], stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    bare = median(["-c", "pass"])
    shown = median(["-m", "standoff", "--help"])
    numpy = median(["-c", "import numpy"])
    print(f"python -c pass      {bare:6.3f} s   (medians of 15)")
    print(f"standoff --help     {shown:6.3f} s   {shown / bare:4.1f} x bare Python")
    print(f"python import numpy {numpy:6.3f} s   {numpy / bare:4.1f} x bare Python")


if __name__ == "__main__":
    main()
