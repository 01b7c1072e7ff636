"""Run the trial of ``old-shares-trial.md``: how many newcomers go where displaced people are already?

Run ``python docs/experiments/old_shares_trial.py FOLDER``, the folder of fetched files. Rules came before it.
With ``--own-rule`` it prints halves alone, over the series that ``standoff forecast`` scores, and which it leaves out.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from standoff.people import flee
from standoff.people.destinations import choice_shares
from standoff.people.flee.direct import camps_by_day, camps_of_country
from standoff.people.flee.output import daily_reports
from standoff.people.flee.rules import FleeRules
from standoff.people.flee.scenario import scenario_of
from standoff.people.series.doubts import oddities
from standoff.people.series.experts import CountKind
from standoff.people.series.outlook import flee_series

FOLDERS = {
    "Mali 2012": ("flee/conflict_input/mali", "flee/conflict_validation/mali2012"),
    "Central African Republic 2013": ("flee/conflict_input/car", "flee/conflict_validation/car2013"),
    "Syria 2013": ("flee/conflict_input/syria", "flee/conflict_validation/syria2013"),
    **{
        name: (f"flee_more/{folder}/input_csv", f"flee_more/{folder}/source_data")
        for name, folder in (
            ("Mali 2017", "mali2017_adm1"),
            ("Ukraine 2022", "ukraine2022"),
            ("Nigeria 2016", "nigeria2016"),
            ("Nigeria 2024", "nigeria2024"),
            ("Ethiopia 2020", "ethiopia2020"),
        )
    },
}
LAGS = (30, 90)
EIGHTHS = tuple(np.arange(9) / 8)
SETTINGS = {
    "halves": [(0.5,)],
    "old shares alone": [(1.0,)],
    "fixed": [(w,) for w in EIGHTHS],
    "by rise": list(product(EIGHTHS[::2], (-1.0, -0.5, 0.5, 1.0))),
    "by its own past": [("past", w, s) for w, s in product(EIGHTHS, (0.01, 0.03, 0.1, 0.3, 1.0))],
}


@dataclass
class Told:
    """One crisis at one lag: reports known [T, J], the day's counts [T, J], and shares by choice [T, J]."""

    known: np.ndarray
    counts: np.ndarray
    choice: np.ndarray
    reported: np.ndarray  # [T] a day on which a camp reports
    lag: int
    good: np.ndarray  # [J] series that are counts
    first: int  # the first day on which a report is known
    odd: list[str]  # series that are no counts, and why

    def parts(self, setting: tuple) -> np.ndarray:
        """Return the part that follows those who went before, by day [T]."""
        days = len(self.counts)
        if setting[0] != "past":
            rise = self.rise / np.maximum(self.counts.sum(1), 1.0)
            return np.clip(setting[0] + (setting[1] * rise if len(setting) > 1 else 0.0), 0.0, 1.0) * np.ones(days)
        _, prior, strength = setting
        scale = np.maximum(self.counts.sum(1), 1.0)[:, None]
        pull = self.rise[:, None] * (self.shares - self.choice) / scale
        rest = (self.counts - self.known - self.rise[:, None] * self.choice) / scale
        use = self.reported & (self.rise > 0) & (self.known.sum(1) > 0)
        up, down = (np.cumsum(np.where(use, (pull * other).sum(1), 0.0)) for other in (rest, pull))
        before = np.arange(days) - self.lag
        up, down = (np.where(before >= 0, x[np.maximum(before, 0)], 0.0) for x in (up, down))
        return np.clip((up + strength * prior) / (down + strength), 0.0, 1.0)

    @property
    def rise(self) -> np.ndarray:
        """Return how many more there are than the known reports say [T]."""
        return np.maximum(self.counts.sum(1) - self.known.sum(1), 0.0)

    @property
    def shares(self) -> np.ndarray:
        """Return the shares of the known reports [T, J], 0 where none is."""
        whole = self.known.sum(1, keepdims=True)
        return np.divide(self.known, whole, out=np.zeros(self.known.shape), where=whole > 0)

    def ard(self, part: np.ndarray, *, strict: bool = False, scored: bool = False) -> float:
        """Return the mean ARD by days: ``scored`` of series that are counts, ``strict`` from a report that is known."""
        total, whole = self.counts.sum(1), self.known.sum(1)
        old = np.where(whole > 0, part, 0.0)[:, None]
        more = self.known + self.rise[:, None] * (old * self.shares + (1 - old) * self.choice)
        made = np.where((total < whole)[:, None], self.shares * total[:, None], more)
        off = np.abs(made - self.counts)
        if strict or scored:
            off, total = off[:, self.good], self.counts[:, self.good].sum(1)
        use = (total > 0) & (np.arange(len(total)) >= (self.first if strict else 0))
        return float((off.sum(1)[use] / total[use]).mean())


def told(inputs: Path, data: Path) -> dict[int, Told]:
    """Read one folder."""
    read = flee.read(inputs, data)
    folder, series = read.folder, read.series
    scenario = scenario_of(folder, series, FleeRules())
    camps = [c for c in folder.camps if c in scenario.names]
    at, days = [scenario.names.index(c) for c in camps], folder.days
    counts = daily_reports(series, camps, days)
    parts = camps_of_country([scenario.country[i] for i in at])
    table, files, _ = flee_series(data, inputs)
    doubts = [one for one in oddities(table, CountKind.STOCK, files) if not one.scored and one.what != "ended"]
    odd = {one.site for one in doubts}
    reports = [sorted(series.camps.get(c, ())) for c in camps]
    out = {}
    for lag in LAGS:
        known = np.array([
            [next((v for d, v in reversed(one) if d <= day - lag), counts[0, j]) for j, one in enumerate(reports)]
            for day in range(days)
        ])  # fmt: skip
        steps = {d: (m, c) for d, m, c in camps_by_day(scenario)}
        choice, km = np.zeros(counts.shape), np.zeros((0, 0))
        for day in range(days):
            if day in steps:
                mask, camp = steps[day]
                length = np.full((len(scenario.names),) * 2, np.inf)
                np.minimum.at(length, (scenario.target[mask], scenario.source[mask]), scenario.km[mask])
                graph = np.where(np.isfinite(length), np.maximum(length, 1e-9), 0.0)
                km = np.where(camp[at], dijkstra(csr_array(graph), indices=at).T, np.inf)
            made = choice_shares(km[scenario.conflict[day] > 0], known[day], parts=parts)
            made = made[made.sum(axis=1) > 0]
            choice[day] = made.mean(axis=0) if made.size else (1 / parts) / (1 / parts).sum()
        reported = np.isin(np.arange(days), [d for one in reports for d, _ in one])
        first = min((d for one in reports for d, v in one if v > 0), default=0) + lag
        good = np.array([c not in odd for c in camps])
        out[lag] = Told(
            known,
            counts,
            choice,
            reported,
            lag,
            good,
            max(first, 0),
            [f"{d.site} {d.words}" for d in doubts if d.site in camps],
        )
    return out


def own_rule(folder: Path) -> None:
    """Print what halves do over the series that the program scores, for the record: nothing is chosen by it."""
    rows = []
    for name, (a, b) in FOLDERS.items():
        crisis = told(folder / a, folder / b)
        every, scored = (
            [crisis[lag].ard(crisis[lag].parts((0.5,)), scored=only) for lag in LAGS] for only in (False, True)
        )
        rows.append((*every, *scored))
        left = crisis[LAGS[0]].odd
        print(f"{name}: all {every[0]:.3f}, {every[1]:.3f}; scored {scored[0]:.3f}, {scored[1]:.3f}", flush=True)
        print(f"    left out {len(left)} of {len(crisis[LAGS[0]].good)}: {'; '.join(left) or 'none'}", flush=True)
    means = np.mean(rows, axis=0)
    print(f"mean of {len(rows)}: all {means[0]:.3f}, {means[1]:.3f}; scored {means[2]:.3f}, {means[3]:.3f}")


def main(folder: Path) -> None:
    """Print ARD by crisis, each judged with it left out."""
    crises = {name: told(folder / a, folder / b) for name, (a, b) in FOLDERS.items()}
    names = list(crises)
    for strict in (False, True):
        print(
            "\nwithout series that are no counts, from the first known report on" if strict else "\nall camps and days"
        )
        print("| rule | " + " | ".join(names) + " | mean |")
        print("| --- |" + " --- |" * (len(names) + 1))
        for rule, settings in SETTINGS.items():
            table = np.array([
                [[one[lag].ard(one[lag].parts(s), strict=strict) for lag in LAGS] for one in crises.values()]
                for s in settings
            ])  # [settings, crises, lags]  # fmt: skip
            chosen = [int(np.delete(table, i, 1).mean((1, 2)).argmin()) for i in range(len(names))]
            got = np.array([table[s, i] for i, s in enumerate(chosen)])
            cells = " | ".join(f"{a:.3f}, {b:.3f}" for a, b in got)
            print(f"| {rule} | {cells} | {got[:, 0].mean():.3f}, {got[:, 1].mean():.3f} |")
            if len(settings) > 1:
                best = settings[int(table.mean((1, 2)).argmin())]
                print(f"    chosen over all {best}; left out: {sorted({settings[s] for s in chosen}, key=str)}")


if __name__ == "__main__":
    (own_rule if "--own-rule" in sys.argv else main)(Path(sys.argv[1]))
