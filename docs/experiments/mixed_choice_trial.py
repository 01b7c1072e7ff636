"""Run the trial of ``mixed-choice-trial.md``: told the total alone, do several rules together do better than one?

Run ``python docs/experiments/mixed_choice_trial.py FOLDER``, the folder of fetched files. Rules came before it.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

import numpy as np
from old_shares_trial import FOLDERS
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from standoff.people import flee
from standoff.people.destinations import allocate
from standoff.people.flee.direct import camp_choice, camps_by_day, camps_of_country, counts_by_share, newcomer_shares
from standoff.people.flee.output import daily_reports
from standoff.people.flee.rules import FleeRules
from standoff.people.flee.scenario import scenario_of
from standoff.people.series.doubts import oddities
from standoff.people.series.experts import CountKind
from standoff.people.series.outlook import flee_series

RULES = ("country, then camp", "choice of arrivals", "equal by country", "equal by camp", "nearest camp")
WEIGHTS = np.array([w for w in product(range(5), repeat=len(RULES)) if sum(w) == 4]) / 4.0


def by_rule(inputs: Path, data: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the counts of each rule [rules, T, camps], those reported [T, camps], and which series are counts."""
    read = flee.read(inputs, data)
    folder, series = read.folder, read.series
    scenario = scenario_of(folder, series, FleeRules())
    camps = [c for c in folder.camps if c in scenario.names]
    at = [scenario.names.index(c) for c in camps]
    counts = daily_reports(series, camps, folder.days)
    countries = [scenario.country[i] for i in at]
    parts = camps_of_country(countries)
    km: dict[int, np.ndarray] = {}
    for day, mask, camp in camps_by_day(scenario):
        length = np.full((len(scenario.names),) * 2, np.inf)
        np.minimum.at(length, (scenario.target[mask], scenario.source[mask]), scenario.km[mask])
        graph = np.where(np.isfinite(length), np.maximum(length, 1e-9), 0.0)
        km[day] = np.where(camp[at], dijkstra(csr_array(graph), indices=at).T, np.inf)
    fighting = scenario.conflict[: len(counts)] > 0
    total = counts.sum(axis=1)
    rises = np.diff(total, prepend=total[:1])
    even = np.ones(counts.shape)
    near = {}
    for day, length in km.items():
        near[day] = np.zeros(length.shape)
        some = np.flatnonzero(np.isfinite(length).any(axis=1))
        near[day][some, length[some].argmin(axis=1)] = 1.0
    made = [
        counts_by_share(
            counts[0],
            rises,
            newcomer_shares(fighting, {d: camp_choice(x, countries) for d, x in km.items()}, countries),
        ),
        allocate(counts[0], total, fighting, km, parts=parts),
        counts_by_share(counts[0], rises, even / parts / (1.0 / parts).sum()),
        counts_by_share(counts[0], rises, even / len(camps)),
        counts_by_share(counts[0], rises, newcomer_shares(fighting, near, countries)),
    ]
    table, files, _ = flee_series(data, inputs)
    odd = {one.site for one in oddities(table, CountKind.STOCK, files) if not one.scored and one.what != "ended"}
    return np.array(made), counts, np.array([c not in odd for c in camps])


def ard(made: np.ndarray, counts: np.ndarray, good: np.ndarray) -> float:
    """Return the mean ARD by days over some series."""
    total = counts[:, good].sum(axis=1)
    use = total > 0
    return float((np.abs(made - counts)[:, good].sum(axis=1)[use] / total[use]).mean())


def main(folder: Path) -> None:
    """Print ARD by crisis, each judged with it left out."""
    crises = {}
    for name, (a, b) in FOLDERS.items():
        crises[name] = by_rule(folder / a, folder / b)
        print(name, "read", flush=True)
    names = list(crises)
    print("| rule | " + " | ".join(names) + " | mean |")
    print("| --- |" + " --- |" * (len(names) + 1))
    for scored in (False, True):
        print(f"| *{'series that are counts' if scored else 'all series'}* |" + " |" * (len(names) + 1))

        def row(label: str, weights: list[np.ndarray], scored: bool = scored) -> None:
            some = []
            for weight, (made, counts, good) in zip(weights, crises.values(), strict=True):
                use = good if scored else np.ones(good.shape, dtype=bool)
                some.append(ard(np.tensordot(weight, made, 1), counts, use))
            print(f"| {label} | " + " | ".join(f"{x:.3f}" for x in some) + f" | **{np.mean(some):.3f}** |")

        table = np.array([
            [ard(np.tensordot(w, made, 1), counts, good if scored else np.ones(good.shape, dtype=bool))
             for made, counts, good in crises.values()] for w in WEIGHTS
        ])  # [weights, crises]  # fmt: skip
        for k, label in enumerate(RULES):
            row(label, [np.eye(len(RULES))[k]] * len(names))
        row("halves of the first two", [np.array([0.5, 0.5, 0, 0, 0])] * len(names))
        chosen = [int(np.delete(table, i, 1).mean(axis=1).argmin()) for i in range(len(names))]
        row("mean of rules, crisis left out", [WEIGHTS[k] for k in chosen])
        row("one weight for all, in sight", [WEIGHTS[table.mean(axis=1).argmin()]] * len(names))
        row("a weight for each, in sight", [WEIGHTS[k] for k in table.argmin(axis=0)])
        print("    weights left out:", [tuple(WEIGHTS[k].tolist()) for k in chosen])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
