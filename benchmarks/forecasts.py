"""Forecasts of people by crisis, each judged with it left out: the experiment of docs/experiments/forecasts.md.

Run ``python benchmarks/forecasts.py FOLDER``, the folder of fetched files; ``--learn`` also writes
src/standoff/people/series/learned.json, from all of them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from standoff.people.series.experts import EXPERTS, CountKind
from standoff.people.series.forecaster import (
    CLASSES,
    GRID,
    Course,
    LeadTime,
    Learned,
    Rolled,
    Series,
    SeriesScore,
    Weights,
    combined,
    log_errors,
    nothing_learned,
    positions,
)
from standoff.people.series.outlook import usable_series

COUNTED = 20  # targets below which a crisis is printed and not counted
WIDER = 1.25  # errors of other crises, since no new one is quite like them
LEAST = 5  # below which nothing is learned from it
FOLDERS = {
    "Mali 2012": ("flee/conflict_validation/mali2012", "flee/conflict_input/mali"),
    "Central African Republic 2013": ("flee/conflict_validation/car2013", "flee/conflict_input/car"),
    "Syria 2013": ("flee/conflict_validation/syria2013", "flee/conflict_input/syria"),
    "Mali 2017": ("flee_more/mali2017_adm1/source_data", "flee_more/mali2017_adm1/input_csv"),
    "Nigeria 2016": ("flee_more/nigeria2016/source_data", "flee_more/nigeria2016/input_csv"),
    "Nigeria 2024": ("flee_more/nigeria2024/source_data", "flee_more/nigeria2024/input_csv"),
    "Ethiopia 2020": ("flee_more/ethiopia2020/source_data", "flee_more/ethiopia2020/input_csv"),
}
Crises = dict[str, tuple[CountKind, list[Series]]]


def crises(folder: Path) -> Crises:
    """Read every crisis with the readers that anybody's table goes through."""
    from standoff.intake.series import read_figures
    from standoff.people.series.outlook import flee_series, series_of

    def table(name: str, counts: CountKind, **options: str) -> list[Series]:
        return usable_series(series_of(read_figures(folder / "displacement" / name, **options)), counts)

    out: Crises = {}
    for name, (data, given) in FOLDERS.items():
        out[name] = CountKind.STOCK, usable_series(flee_series(folder / data, folder / given)[0])
    out["Afghanistan, DTM"] = CountKind.STOCK, table("iom_dtm_afghanistan_hdx.csv", CountKind.STOCK)
    ukraine = flee_series(folder / "flee_more/ukraine2022/source_data", folder / "flee_more/ukraine2022/input_csv")[0]
    ukraine = [one for one in ukraine if one.name not in ("Ocnita", "Palanca")]  # Moldova's count, in halves
    out["Ukraine 2022"] = CountKind.CUMULATIVE, usable_series(ukraine)
    out["Moldova 2022"] = CountKind.CUMULATIVE, table("unhcr_moldova.csv", CountKind.CUMULATIVE)
    out["Poland 2022"] = (
        CountKind.CUMULATIVE,
        table("unhcr_poland.csv", CountKind.CUMULATIVE, measure="cumulative_refugees"),
    )
    out["Idlib 2019"] = CountKind.CUMULATIVE, [idlib()]
    flows = table("idmc_monthly_128_countries.csv", CountKind.FLOW, feed="idmc-months")
    out["IDMC, countries"] = CountKind.FLOW, [s for s in flows if len(s) >= 24 and np.mean(s.values > 0) >= 0.5]
    return out


def idlib() -> Series:
    """OCHA's people displaced since 1 December 2019, from the shipped case."""
    from standoff.case.read import load

    days: dict[int, float] = {}
    for one in load("idlib").observed.values():
        since = (
            one.measure == "people-displaced" and str(one.from_) == "2019-12-01" and one.indicator == "people displaced"
        )
        if since and one.source.startswith("OCHA") and one.place == "NW Syria" and one.to.end and one.value:
            days[one.to.end.toordinal()] = one.value
    return Series("north-west Syria", np.array(sorted(days), float), np.array([days[d] for d in sorted(days)], float))


class Judge:
    """What was rolled of every crisis, and what is learned from all but those that are left out."""

    def __init__(self, table: Crises) -> None:
        self.table = table
        self.rolled: dict[tuple[str, str], Rolled | None] = {}
        self.mean: dict[tuple[str, str], np.ndarray] = {}

    def of(self, name: str, horizon: LeadTime) -> Rolled | None:
        from standoff.people.series.forecaster import rolled_targets

        key = name, str(horizon)
        if key not in self.rolled:
            kind, series = self.table[name]
            self.rolled[key] = rolled_targets(series, horizon, kind)
            r = self.rolled[key]
            if r is not None:
                size = np.sqrt((r.level + 20.0) * (r.level.mean() + 20.0))
                self.mean[key] = (np.abs(r.experts - r.value[:, None]) / size[:, None]).mean(0)
        return self.rolled[key]

    def others(self, kind: CountKind, horizon: LeadTime, out: Sequence[str]) -> list[str]:
        names = [n for n, (k, _) in self.table.items() if k is kind and n not in out]
        return [n for n in names if (r := self.of(n, horizon)) is not None and len(r) >= LEAST]

    def ratios(self, kind: CountKind, horizon: LeadTime, out: Sequence[str]) -> np.ndarray:
        names = self.others(kind, horizon, out)
        means = [self.mean[n, str(horizon)] for n in names]
        return np.mean([m / m[0] for m in means if m[0] > 0], axis=0) if names else np.ones(len(EXPERTS[kind]))

    def forecasts(self, name: str, horizon: LeadTime, out: Sequence[str]) -> np.ndarray:
        kind, r = self.table[name][0], self.of(name, horizon)
        assert r is not None
        weights = Weights(r, kind, Learned(self.ratios(kind, horizon, out), GRID))
        return combined(r.experts, weights.at(r.origin), r.level, kind)

    def learn(self, kind: CountKind, horizon: LeadTime, out: Sequence[str]) -> Learned:
        """Errors of stocks and counts stand in one pool, those of the kind itself twice: surges are rare in each."""
        pool = []
        for other in (kind,) if kind is CountKind.FLOW else (CountKind.STOCK, CountKind.CUMULATIVE):
            for name in self.others(other, horizon, out):
                r = self.of(name, horizon)
                assert r is not None
                open_ = r.level > 0  # how full a site opens that was empty is not learned from others
                if open_.sum() < COUNTED:
                    continue
                value = self.forecasts(name, horizon, [*out, name])
                errors = np.quantile(log_errors(value, r.value, r.unrest)[open_], GRID)
                pool += [errors] * (2 if other is kind else 1)
        if not pool:
            return nothing_learned(kind)
        return Learned(self.ratios(kind, horizon, out), np.quantile(np.concatenate(pool), GRID) * WIDER)

    def judge(self, name: str, horizon: LeadTime) -> tuple[SeriesScore, Course] | None:
        kind, r = self.table[name][0], self.of(name, horizon)
        if r is None:
            return None
        learned = self.learn(kind, horizon, [name])
        value = self.forecasts(name, horizon, [name])
        low, high = positions(r, value, log_errors(value, r.value, r.unrest), learned.pool, kind)
        course = Course(r, value, low, high)
        return course.score(horizon), course


def horizon_of(kind: CountKind, days: int) -> LeadTime:
    """Months where a table is by month."""
    return LeadTime(max(round(days / 30), 1), True) if kind is CountKind.FLOW and days >= 30 else LeadTime(days)


def main(folder: Path, learn: bool) -> None:
    judge = Judge(crises(folder))
    for name, (kind, series) in judge.table.items():
        print(f"{name:30} {kind:10} {len(series):4} series, {sum(map(len, series)):5} reports")
    means: dict[int, Mapping[str, SeriesScore]] = {}
    for days in (14, 30, 90):
        print(f"\n{days} days: gain over the last report in ARD; 80 % ranges by PIT: held, above, below; n")
        scores = {}
        for name, (kind, _) in judge.table.items():
            if (answer := judge.judge(name, horizon_of(kind, days))) is not None:
                one = answer[0]
                scores[name] = one
                gain = "   -  " if one.gain is None else f"{100 * one.gain:+5.1f} %"
                counted = "" if one.n >= COUNTED else "  (too few, not counted)"
                held = " ".join(f"{100 * share:3.0f}" for share in (one.covered, one.above, one.below))
                print(f"  {name:30} {gain}  {held}  n={one.n}{counted}")
        means[days] = {n: s for n, s in scores.items() if s.n >= COUNTED and s.gain is not None}
        for label, kinds in (
            ("all", list(CountKind)),
            ("stocks", [CountKind.STOCK]),
            ("cumulative", [CountKind.CUMULATIVE]),
            ("flows", [CountKind.FLOW]),
        ):
            rows = [s for n, s in means[days].items() if judge.table[n][0] in kinds]
            if rows:
                gain, held, above, below = (
                    100 * float(np.mean([getattr(s, f) for s in rows])) for f in ("gain", "covered", "above", "below")
                )
                print(f"  mean of {label:22} {gain:+5.1f} %  {held:3.0f} {above:3.0f} {below:3.0f}  crises={len(rows)}")
    if learn:
        write(judge)


def write(judge: Judge) -> None:
    """Write what is learned from all crises."""
    kinds: dict[str, dict[str, object]] = {}
    for kind in CountKind:
        for days in CLASSES:
            horizon = horizon_of(kind, days)
            if not judge.others(kind, horizon, []):
                continue
            one = judge.learn(kind, horizon, [])
            experts = {n: round(float(x), 4) for n, x in zip(EXPERTS[kind], one.ratios, strict=True)}
            row = {"crises": judge.others(kind, horizon, []), "experts": experts}
            kinds.setdefault(kind, {})[str(days)] = {**row, "errors": [round(float(x), 4) for x in one.pool]}
    about = {
        "what": "by kind and days ahead: each expert's mean error over the last report's; errors of the logarithm of "
        "forecasts in units of unrest, at probabilities 0.005 to 0.995",
        "how": "python benchmarks/forecasts.py FOLDER --learn; docs/experiments/forecasts.md. Each crisis counts once",
        "licence": "CC BY 4.0, ours; numbers derived from published counts of UNHCR, IOM DTM, IDMC and OCHA",
        "on": "2026-11-29",
    }
    path = Path(__file__).parent.parent / "src/standoff/people/series/learned.json"
    path.write_text(json.dumps({"about": about, "kinds": kinds}, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten: {path.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--learn" in sys.argv)
