"""Forecasts of incidents beside their rivals, on real files: how much better, how honest the ranges, how long it takes.

Run ``python benchmarks/levels.py FOLDER``, the folder with ``ged_syria_2018_2019.csv`` (UCDP GED) and
``yemen_air_raids_2015_2018.csv`` (Yemen Data Project). Pooled gains are geometric means over the three sets.
"""

from __future__ import annotations

import csv
import importlib.util
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from standoff.levels.counts import binned
from standoff.levels.forecast import RIVALS, Counts, backtest, expect, level_score

NORTH_WEST = ("Idlib", "Hamah", "Aleppo", "Latakia")


def counted(rows: list[tuple[str, date]], first: date, last: date) -> np.ndarray:
    areas = {area: number for number, area in enumerate(sorted({area for area, _ in rows}))}
    values = np.zeros((len(areas), (last - first).days + 1), dtype=np.int64)
    for area, day in rows:
        if first <= day <= last:
            values[areas[area], (day - first).days] += 1
    return values


def sets(folder: Path) -> Iterator[tuple[str, np.ndarray]]:
    north_west, rest = [], []
    with (folder / "ged_syria_2018_2019.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["adm_2"]:
                inside = row["adm_1"].split(" Governorate")[0] in NORTH_WEST
                (north_west if inside else rest).append((row["adm_2"], date.fromisoformat(row["date_start"][:10])))
    yield "Syria, north-west, by district", counted(north_west, date(2018, 1, 1), date(2019, 11, 30))
    yield "Syria, the rest, by district", counted(rest, date(2018, 1, 1), date(2019, 11, 30))
    with (folder / "yemen_air_raids_2015_2018.csv").open(encoding="utf-8", newline="") as file:
        raids = [
            (row["Governorate"].strip(), datetime.strptime(row["Date"], "%d/%m/%Y").date())
            for row in csv.DictReader(file)
        ]
    yield "Yemen, by governorate", counted(raids, raids[0][1], max(day for _, day in raids))


def main(folder: Path) -> None:
    every = list(sets(folder))
    for horizon in (7, 28, 84):
        ratios = []
        for name, values in every:
            outcome = level_score(backtest(values, horizon))
            assert outcome is not None
            ratios.append([1.0 - outcome.gain[rival] for rival in RIVALS])
            gains = ", ".join(f"{rival} {100 * outcome.gain[rival]:+.1f} %" for rival in RIVALS)
            tails = f"{100 * outcome.below:.1f} % below, {100 * outcome.above:.1f} % above"
            print(f"{horizon:3} days  {name:32} n={outcome.n:5}  {gains};  80 % range {100 * outcome.covered:.1f} % "
                  f"({tails});  surges {100 * outcome.surge:+.1f} % (n={outcome.surges})")  # fmt: skip
        pooled = 1.0 - np.exp(np.log(ratios).mean(0))
        means = ", ".join(f"{rival} {100 * gain:+.1f} %" for rival, gain in zip(RIVALS, pooled, strict=True))
        print(f"{horizon:3} days  pooled: {means}")
    rng = np.random.default_rng(1)
    values = rng.negative_binomial(1.0, 0.5, (15, 182 + 150 * 7))
    start = time.process_time()
    expect(Counts(tuple(map(str, range(15))), date(2018, 1, 1), values))
    print(f"15 areas, 150 origins, 3 horizons: {time.process_time() - start:.1f} s of processor")
    bin_a_million()


def bin_a_million() -> None:
    """Print how long a million rows take, beside a plain loop and, where it is installed, pandas; all must agree."""
    rng = np.random.default_rng(2)
    names = [f"area {k}" for k in range(200)]
    days = [date(2018, 1, 1) + timedelta(days=k) for k in range(1000)]
    areas = [names[k] for k in rng.integers(0, 200, 1_000_000)]
    when = [days[k] for k in rng.integers(0, 1000, 1_000_000)]
    start = time.process_time()
    counts = binned(areas, when, days[0], days[-1], what="incidents", source="made up")
    ours = time.process_time() - start
    start = time.process_time()
    loop: dict[tuple[str, date], int] = {}
    for key in zip(areas, when, strict=True):
        loop[key] = loop.get(key, 0) + 1
    plain = time.process_time() - start
    place = {name: k for k, name in enumerate(counts.areas)}
    assert all(counts.values[place[a], (d - days[0]).days] == n for (a, d), n in loop.items())
    print(f"1,000,000 rows binned: {ours:.1f} s of processor; a plain loop {plain:.1f} s")
    if importlib.util.find_spec("pandas"):
        import pandas as pd

        start = time.process_time()
        table = pd.DataFrame({"area": areas, "day": pd.to_datetime(when)}).groupby(["area", "day"]).size()
        peer = time.process_time() - start
        assert int(table.sum()) == int(counts.values.sum())
        print(f"1,000,000 rows by pandas, groupby: {peer:.1f} s of processor")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
