"""Scenarios side by side: what each changes run by run, and where people shift to; every scenario has the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from standoff.case.model import Case
from standoff.runs.compare import Difference, paired_differences
from standoff.runs.results import Run
from standoff.text.sentences import count, day, number, percent, points, quoted, rounded, signed
from standoff.views.charts import (
    IN_MODEL,
    Figure,
    account_title,
    account_titles,
    base_scenario,
    figure,
    frame,
    main_account,
    people_displaced,
    run_end,
    scenario_title,
    twenty,
)

SLIGHT = 0.01  # a change of less than this share of the base is told as next to none


def every(case: Case, run: Run, account: str = "") -> list[Figure]:
    """Return all figures that set scenarios side by side: people, every outcome, and where people shift to."""
    people = people_comparison(case, run, account)
    return [*([people] if people else []), *difference_figures(case, run, account), *shifts(case, run, account)]


def people_changes(run: Run, account: str, scenario: str) -> list[float]:
    """Return the difference to the base scenario in people displaced, trajectory by trajectory."""
    base, other = people_displaced(run, account), people_displaced(run, account, scenario)
    return [b - a for a, b in zip(base, other, strict=True)] if base and len(base) == len(other) else []


def change_words(run: Run, account: str, change: Sequence[float]) -> str:
    """Return what a scenario does to the number of people displaced, in words."""
    low, high = np.quantile(change, (0.05, 0.95))
    if max(abs(low), abs(high)) < SLIGHT * max(np.quantile(people_displaced(run, account), 0.5), 1):
        return "almost no difference to how many people are displaced"
    more, less = sum(c > 0 for c in change) / len(change), sum(c < 0 for c in change) / len(change)
    ways = {"more": more, "fewer": less, "as many": 1 - more - less}
    first, *rest = sorted((w for w in ways if ways[w] > 0), key=lambda w: -ways[w])
    others = "".join(f", {w} in {percent(ways[w])}" for w in rest)
    than = "as" if first == "as many" else "than"
    return f"{first} people displaced {than} in the base scenario in {percent(ways[first])} of runs{others}"


def people_comparison(case: Case, run: Run, account: str = "") -> Figure | None:
    """Return what each scenario changes, trajectory by trajectory on the same random numbers: 20 dots around zero."""
    account = account or main_account(run)
    panels: list[dict[str, Any]] = []
    rows: list[list[Any]] = []
    for scenario in run.scenarios[1:]:
        change = people_changes(run, account, scenario)
        if not change:
            continue
        more = sum(c > 0 for c in change) / len(change)
        less = sum(c < 0 for c in change) / len(change)
        name = scenario_title(case, scenario)
        panels.append({"account": scenario, "title": name, "values": twenty(change), "more": more, "less": less})
        rows.append(
            [
                name,
                *(int(rounded(q, 3)) for q in np.quantile(change, (0.05, 0.5, 0.95)).tolist()),
                more,
                less,
                len(change),
            ]
        )
    if not panels:
        return None
    widest = max(panels, key=lambda p: max(abs(p["values"][0]), abs(p["values"][-1])))
    finding = change_words(run, account, people_changes(run, account, widest["account"]))
    return figure(
        "comparison",
        "dots",
        title=f"{widest['title']}: {finding}, {IN_MODEL}",
        definition=f"Difference to the base scenario ({scenario_title(case, base_scenario(run))}) in people newly "
        f"displaced by {day(run_end(run))}, run by run with the same random numbers; each dot is one of 20 equally "
        f"likely differences. Account: {quoted([account_title(case, account)])}.",
        columns=["scenario", "q05", "median", "q95", "share with more", "share with fewer", "n"],
        rows=rows,
        data={"panels": panels, "mark": 0, "unit": "people, difference", "signed": True},
        rests=[("the parameters", "parameters")],
        **frame(case, run),
    )


def difference_figures(case: Case, run: Run, account: str = "") -> list[Figure]:
    """Return, per scenario, every outcome as the paired difference to the base scenario with its Monte-Carlo error."""
    account = account or main_account(run)
    names = account_titles(case, run)
    paired = [d for d in paired_differences(run) if d.kind == "scenario"] if run.outcomes else []
    figures: list[Figure] = []
    for scenario in run.scenarios[1:]:
        mine = [d for d in paired if d.scenario == scenario]
        if not mine:
            continue
        groups: dict[str, list[Difference]] = {}
        for d in mine:
            groups.setdefault(d.outcome, []).append(d)
        chance = round(len(mine) / 10)
        figures.append(
            figure(
                f"differences-{scenario}",
                "differences",
                title=f"{scenario_title(case, scenario)}: {clearest(mine, account)} {IN_MODEL}",
                definition=f"Every outcome by {day(run_end(run))}, less the same outcome in the base scenario "
                f"({scenario_title(case, base_scenario(run))}), run by run with the same random numbers. Dot: mean "
                "difference; line: its 90 % Monte-Carlo interval; filled: the interval leaves out zero. Of "
                f"{count(len(mine), 'interval')} about {chance or 1} would do so by chance alone. Shares in percentage "
                f"points of runs. The title speaks of the account {quoted([names[account]])}.",
                columns=[
                    "outcome",
                    "account",
                    "unit",
                    "mean difference",
                    "low",
                    "high",
                    "leaves out zero",
                    "share of runs that differ",
                    "n",
                ],
                rows=[
                    [
                        d.title,
                        names[d.account],
                        d.unit,
                        *(_figures(d, v) for v in (d.mean, d.low, d.high)),
                        d.clear,
                        round(d.differ, 4),
                        d.n,
                    ]
                    for d in mine
                ],
                data={
                    "groups": [
                        {"outcome": k, "title": ds[0].title, "unit": ds[0].unit, "points": [_point(d) for d in ds]}
                        for k, ds in groups.items()
                    ],
                    "accounts": names,
                },
                rests=[("the parameters", "parameters")],
                **frame(case, run),
            )
        )
    return figures


def clearest(figures: Sequence[Difference], account: str) -> str:
    """Return in words the difference of an account that stands out most from sampling error, or that none does."""
    mine = [d for d in figures if d.account == account and d.clear]
    if not mine:
        return "no outcome changes beyond sampling error"
    best = max(mine, key=lambda d: abs(d.mean) / (d.high - d.low))
    return f"{best.title}, {_sentence(best)},"


def _sentence(d: Difference) -> str:
    if d.differ == 0:
        return "the same in every run"
    if d.unit == "share":
        return f"{points(d.mean)} points ({points(d.low)} to {points(d.high)})"
    if d.unit == "incidents":
        return f"{d.mean:+.1f} incidents ({d.low:+.1f} to {d.high:+.1f})"
    return f"{signed(d.mean)} people ({signed(d.low)} to {signed(d.high)})"


def _figures(d: Difference, value: float) -> float:
    return round(value, 4) if d.unit == "share" else round(value, 2) if d.unit == "incidents" else rounded(value, 3)


def _point(d: Difference) -> dict[str, Any]:
    numbers = {k: _figures(d, getattr(d, k)) for k in ("mean", "low", "high")}
    return {"account": d.account, **numbers, "clear": d.clear, "same": d.differ == 0, "text": _sentence(d)}


def shifts(case: Case, run: Run, account: str = "", top: int = 8) -> list[Figure]:
    """Return, per scenario, the areas where people who came since the start and stay change most against the base."""
    account = account or main_account(run)

    def there(scenario: str) -> dict[tuple[str, str], float]:
        return {
            (r.pcode, r.area): r.mean
            for r in run.present  # the last day comes last
            if (r.account, r.scenario, r.measure) == (account, scenario, "newcomers")
        }

    base = there(base_scenario(run))
    figures: list[Figure] = []
    for scenario in run.scenarios[1:]:
        other = there(scenario)
        change = {a: other.get(a, 0.0) - base.get(a, 0.0) for a in {**base, **other}}
        ranked = sorted(change, key=lambda a: (-abs(change[a]), a))[:top]
        if not ranked or abs(change[ranked[0]]) < 1:
            continue
        first = ranked[0]
        way = "more" if change[first] > 0 else "fewer"
        title = scenario_title(case, scenario)
        numbers = {a: [int(rounded(v, 3)) for v in (base.get(a, 0.0), other.get(a, 0.0), change[a])] for a in ranked}
        figures.append(
            figure(
                f"shift-{scenario}",
                "shifts",
                title=f"{title}: {number(abs(change[first]))} {way} people have come to {first[1]} and stay "
                f"{IN_MODEL}, on average",
                definition=f"Change in people who came since the start and are there at the end of "
                f"{day(run_end(run))}, mean, against the base scenario, for the {len(ranked)} areas where it changes "
                f"most. Account: {quoted([account_title(case, account)])}.",
                columns=["area", "code", "base", "scenario", "change"],
                rows=[[name, code, *numbers[code, name]] for code, name in ranked],
                data={"points": [{"place": a[1], "change": rounded(change[a], 3)} for a in ranked]},
                rests=[("the parameters", "parameters")],
                **frame(case, run),
            )
        )
    return figures
