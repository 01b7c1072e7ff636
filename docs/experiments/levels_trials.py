"""Run the trials of ``levels-trials.md``: do ledger states or the calendar improve a level?

Run ``python docs/experiments/levels_trials.py FOLDER``, the folder with ``ged_syria_2018_2019.csv`` and
``yemen_air_raids_2015_2018.csv``. Rules were written down before it was run.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import cos, pi, sin
from pathlib import Path

import numpy as np

import standoff as so
from standoff.levels.counts import count_log
from standoff.levels.forecast import WARM, Backtest, backtest, crps_of, origins_of

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from levels import sets

HORIZONS = (7, 28, 84)
BLOCK, SAMPLES = 12, 1000
RAMADAN = [  # first and last day
    (date(2015, 6, 18), date(2015, 7, 16)), (date(2016, 6, 6), date(2016, 7, 5)),
    (date(2017, 5, 27), date(2017, 6, 24)), (date(2018, 5, 16), date(2018, 6, 14)),
    (date(2019, 5, 6), date(2019, 6, 3)),
]  # fmt: skip


def ledger_terms(first: date, days: int) -> np.ndarray:
    """Return what the ledger of the record says at the end of the day before each origin [origins, 5]."""
    case = so.load("idlib")
    spans = [
        span
        for span in so.history(case, "record", on=first + timedelta(days=days))
        if not span.reading and span.from_ is not None
    ]
    truces = [a.date.start for a in case.agreements.values() if a.kind == "ceasefire" and a.date.start]
    rows = []
    for origin in origins_of(days):
        day = first + timedelta(days=int(origin) - 1)
        now = [s for s in spans if s.from_ <= day and (s.to is None or s.to > day)]
        adverse = {name for name, c in case.commitments.items() if c.adverse}
        rows.append(
            [
                sum(s.commitment not in adverse and s.state in ("detached", "violated") for s in now),
                sum(s.state == "violated" and day - timedelta(days=28) < s.from_ <= day for s in spans),
                any(day - timedelta(days=28) < start <= day for start in truces),
                sum(s.commitment in adverse and s.state == "detached" for s in now),
                sum(day - timedelta(days=14) < s.from_ <= day for s in spans),
            ]
        )
    return np.array(rows, dtype=np.float64)


def calendar_terms(first: date, days: int, horizon: int) -> np.ndarray:
    """Return the season at the middle of each window, and its share in Ramadan [origins, 3]."""
    rows = []
    for origin in origins_of(days):
        begin = first + timedelta(days=int(origin))
        angle = 2 * pi * (begin + timedelta(days=horizon // 2)).timetuple().tm_yday / 365.25
        window = [begin + timedelta(days=k) for k in range(horizon)]
        fasting = sum(a <= day <= b for day in window for a, b in RAMADAN) / horizon
        rows.append([sin(angle), cos(angle), fasting])
    return np.array(rows)


def by_origin(test: Backtest) -> np.ndarray:
    """Return the score of the mixture at each scored origin, over all areas."""
    use = ~np.isnan(test.outcome[:, 0]) & (test.origins >= WARM)
    return crps_of(test.mixture[use], test.grid, test.outcome[use]).mean(1)


def gain(plain: np.ndarray, more: np.ndarray) -> tuple[float, float, float]:
    """Return the gain and its 90 % range from blocks of origins."""
    rng = np.random.Generator(np.random.Philox(1))
    n = len(plain)
    starts = rng.integers(0, n, (SAMPLES, -(-n // BLOCK)))
    rows = ((starts[:, :, None] + np.arange(BLOCK)) % n).reshape(SAMPLES, -1)[:, :n]
    low, high = np.quantile(1 - more[rows].mean(1) / plain[rows].mean(1), [0.05, 0.95])
    return float(1 - more.mean() / plain.mean()), float(low), float(high)


def trials(folder: Path) -> Iterator[tuple[str, str, int, np.ndarray, np.ndarray]]:
    """Yield the trial, the set, the horizon, the counts and the terms."""
    counts, _ = count_log(so.load("idlib"))
    days = counts.values.shape[1]
    states = ledger_terms(counts.first, days)
    for horizon in HORIZONS:
        yield "ledger", "Idlib", horizon, counts.values, states
    with (folder / "yemen_air_raids_2015_2018.csv").open(encoding="utf-8", newline="") as file:
        raids = datetime.strptime(next(csv.DictReader(file))["Date"], "%d/%m/%Y").date()
    firsts = (date(2018, 1, 1), date(2018, 1, 1), raids)
    for (name, values), first in zip(sets(folder), firsts, strict=True):
        for horizon in HORIZONS:
            yield "calendar", name, horizon, values, calendar_terms(first, values.shape[1], horizon)


def main(folder: Path) -> None:
    """Run both, and print the table."""
    print("| trial | set | days | n | gain | 90 % |\n| --- | --- | --- | --- | --- | --- |")
    for trial, name, horizon, values, terms in trials(folder):
        plain, more = by_origin(backtest(values, horizon)), by_origin(backtest(values, horizon, terms))
        middle, low, high = gain(plain, more)
        n = f"{len(plain) * len(values):,}"
        print(f"| {trial} | {name} | {horizon} | {n} | {middle:+.1%} | {low:+.1%} to {high:+.1%} |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
