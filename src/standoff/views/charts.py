"""Chart-ready figures of a run as plain dicts: fan, quantile dots, accounts side by side, first break, what matters.

Every function returns a figure of :mod:`standoff.views.figures`, or None when the run holds nothing to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from standoff.case.model import Case
from standoff.experiment.results import Fan, Matters, Outlook, Run
from standoff.views.figures import Figure, figure
from standoff.views.runs import (
    DISPLACED,
    account_titles,
    base_scenario,
    displaced,
    first_day,
    first_to_break,
    how_broken,
    last_day,
    main_account,
    quantile,
    trajectories,
    twenty,
)
from standoff.views.words import chance, count, day, in_twenty, number, percent, percents, quoted, rounded, span

IN_MODEL = "in this model"
_PARAMETERS = [("the parameters", "parameters"), ("the claims", "claims")]
_QUANTILES = ("q05", "q25", "q50", "q75", "q95")


def source_line(case: Case, run: Run) -> str:
    """Return what a run's figures rest on: case, edition, seed and digest."""
    digest = str(run.meta["case"].get("digest", ""))[:12]
    return f"{case.about.title}, edition {case.about.edition}, seed {run.meta['spec']['seed']}, case {digest}"


def frame(case: Case, run: Run) -> dict[str, Any]:
    """Return source, as-of and n of a figure of a run."""
    many = len(run.accounts)
    runs = f"n = {count(trajectories(run), 'run')}" + (f" for each of {many} accounts" if many > 1 else "")
    as_of = run.meta["spec"].get("as_of") or first_day(run)
    return {"source": source_line(case, run), "as_of": day(as_of), "n": runs}


def fan(case: Case, run: Run, scenario: str = "") -> Figure | None:
    """Return newly displaced people over time: median, 50 % and 90 % bands, one panel per account."""
    panels: list[dict[str, Any]] = []
    rows: list[list[Any]] = []
    for account, title in account_titles(case, run).items():
        found = run.fan(account, DISPLACED, scenario=scenario)
        if not found:
            continue
        points = [[r.date, *(rounded(getattr(r, q), 4) for q in _QUANTILES)] for r in found]
        panels.append({"account": account, "title": title, "points": points})
        rows += [[title, r.date, *(int(rounded(getattr(r, q), 3)) for q in _QUANTILES)] for r in weekly(found)]
    if not panels:
        return None
    main = next((p for p in panels if p["account"] == main_account(run)), panels[0])
    last = run.fan(main["account"], DISPLACED, scenario=scenario)[-1]
    return figure(
        "displacement",
        "fan",
        title=f"{number(last.q50)} people newly displaced by {day(last.date)} {IN_MODEL} "
        f"(90 % of runs: {span(last.q05, last.q95)})",
        definition=f"People displaced since {day(first_day(run))}, each counted once. Line: median; bands: 50 % "
        f"and 90 % of runs. The title speaks of the account {quoted([main['title']])}.",
        columns=["account", "date", "5 %", "25 %", "median", "75 %", "95 %"],
        rows=rows,
        data={"panels": panels, "observed": observed(case, run), "unit": "people"},
        rests=_PARAMETERS,
        **frame(case, run),
    )


def weekly(rows: Sequence[Fan]) -> list[Fan]:
    """Return every seventh day and the last, for a table a person can read."""
    return [r for i, r in enumerate(rows) if i % 7 == 0 or i == len(rows) - 1]


def observed(case: Case, run: Run) -> list[dict[str, object]]:
    """Return observed figures that measure what the fan shows: same measure, whole region, counted from its start."""
    start, end = first_day(run), last_day(run)
    shown: list[dict[str, object]] = []
    for o in case.observed.values():
        if o.measure != "people-displaced" or o.place or o.from_.start is None or o.to.end is None:
            continue
        if abs((o.from_.start - start).days) <= 3 and start <= o.to.end <= end and not o.contested:
            told = {"date": o.to.end.isoformat(), "value": o.value, "bound": o.bound, "title": o.title or o.origin}
            shown.append(told)
    return shown


def dots(case: Case, run: Run, scenario: str = "") -> Figure | None:
    """Return people displaced on the last day as 20 equally likely futures per account."""
    panels: list[dict[str, Any]] = []
    rows: list[list[Any]] = []
    for account, title in account_titles(case, run).items():
        values = displaced(run, account, scenario)
        if not values:
            continue
        panels.append({"account": account, "title": title, "values": [rounded(v, 4) for v in twenty(values)]})
        rows += [[title, i + 1, int(rounded(v, 3))] for i, v in enumerate(twenty(values))]
    if not panels:
        return None
    main = next((p for p in panels if p["account"] == main_account(run)), panels[0])
    values = displaced(run, main["account"], scenario)
    mark = rounded(quantile(values, 0.5), 1) or 1.0
    share = sum(v > mark for v in values) / len(values)
    finding = in_twenty(share, f"more than {number(mark)} people are newly displaced")
    return figure(
        "futures",
        "dots",
        title=finding[0].upper() + finding[1:],
        definition=f"Each dot is one of 20 equally likely outcomes on {day(last_day(run))} {IN_MODEL}. "
        f"The title speaks of the account {quoted([main['title']])}. Two groups of outcomes "
        "that lie apart show here and not in the bands above.",
        columns=["account", "dot", "people"],
        rows=rows,
        data={"panels": panels, "mark": mark, "unit": "people"},
        rests=_PARAMETERS,
        **frame(case, run),
    )


def outlook(case: Case, run: Run, scenario: str = "") -> Figure | None:
    """Return each yes-or-no outcome with its share of runs per account and the Monte-Carlo 90 % interval."""
    scenario = scenario or base_scenario(run)
    names = account_titles(case, run)
    found = [r for r in run.outlook if r.scenario == scenario and r.account in names]
    if not found:
        return None
    points: list[dict[str, Any]] = [
        {
            "account": r.account,
            "outcome": r.outcome,
            "title": r.title,
            "p": r.p,
            "low": r.low,
            "high": r.high,
            "words": f"{chance(r.p)[:-1]}; {percents(r.low, r.high)})",
        }
        for r in found
    ]
    spread: dict[str, list[float]] = {}
    for point in points:
        spread.setdefault(str(point["outcome"]), []).append(point["p"])
    widest = max(spread, key=lambda k: max(spread[k]) - min(spread[k]))
    low, high = min(spread[widest]), max(spread[widest])
    name = next(str(p["title"]) for p in points if p["outcome"] == widest)
    if high - low < 0.05:
        title = f"The accounts agree to within {percent(high - low)} on every outcome"
    else:
        title = f"The accounts differ most on: {name} ({percents(low, high)} of runs)"
    return figure(
        "accounts",
        "outlook",
        title=title,
        definition=f"Share of runs in which each thing happens {IN_MODEL}{_by(found)}, per account. "
        "Bar: 90 % range of sampling error, from the number of runs alone, not from what the model leaves out.",
        columns=["outcome", "account", "share of runs", "low", "high", "in words", "n", "by"],
        rows=[
            [r.title, names[r.account], r.p, r.low, r.high, p["words"], r.n, r.by]
            for r, p in zip(found, points, strict=True)
        ],
        data={"points": points, "accounts": names},
        rests=[*_PARAMETERS, ("the disputes", "disputes")],
        **frame(case, run),
    )


def _by(found: Sequence[Outlook]) -> str:
    days = {r.by for r in found}
    return f" by {day(next(iter(days)))}" if len(days) == 1 else " by its date"


_BROKEN = ("first", "fresh", "detached", "broken", "median_day", "n")


def breaks(case: Case, run: Run, scenario: str = "", top: int = 8) -> Figure | None:
    """Return the promises most often the first to be broken, per account, then threats first not carried out."""
    scenario = scenario or base_scenario(run)
    names = account_titles(case, run)
    found = [r for r in run.breaks if r.scenario == scenario and r.account in names]
    main = main_account(run)
    shares: dict[str, dict[str, float]] = {}
    for r in found:
        shares.setdefault(r.commitment, {})[r.account] = float(r.first or 0)
    adverse = {r.commitment: r.adverse for r in found}
    ranked = sorted(shares, key=lambda c: (adverse[c], -shares[c].get(main, 0), -max(shares[c].values()), c))
    ranked = [c for c in ranked if max(shares[c].values()) > 0][:top]
    if not ranked:
        return None
    by = {(r.commitment, r.account): r for r in found}
    titles = {c: next(by[c, a].title + how_broken(by[c, a]) for a in (main, *names) if (c, a) in by) for c in shares}
    best = first_to_break(run, main, scenario)
    first = best.commitment if best else ranked[0]
    return figure(
        "first-break",
        "breaks",
        title=f"First to break {IN_MODEL}: {titles[first]}, {chance(shares[first].get(main, 0))}",
        definition=f"Share of runs, {day(first_day(run))} to {day(last_day(run))}, in which this promise is broken "
        "on the first day on which any is; several may be on one day. Threats are counted apart: the first that "
        "falls due and is not carried out. Broken before, and again: it stood broken when the run began. "
        f"The title speaks of the account {quoted([names[main]])}.",
        columns=["commitment", "account", "first to break", "first of unbroken", "tested", "broken", "median day", "n"],
        rows=[
            [titles[c], names[a], *(getattr(by[c, a], k) for k in _BROKEN)]
            for c in ranked
            for a in names
            if (c, a) in by
        ],
        data={
            "commitments": [{"id": c, "title": titles[c]} for c in ranked],
            "points": [{"commitment": c, "account": a, "share": s} for c in ranked for a, s in shares[c].items()],
            "accounts": names,
        },
        rests=[("the commitments and their claims", "commitments")],
        **frame(case, run),
    )


def telling_outcomes(run: Run) -> list[str]:
    """Return the outcomes for which some dispute stands out from chance, the most to be gained first."""
    best: dict[str, float] = {}
    for m in run.matters:
        if m.low > 0:
            best[m.outcome] = max(best.get(m.outcome, 0.0), m.brier)
    return sorted(best, key=lambda o: (-best[o], o))


def tied(rows: Sequence[Matters]) -> list[list[Matters]]:
    """Group disputes, largest share first; those that the voices answer together cannot be told apart: one group."""
    groups: dict[tuple[float, float, float], list[Matters]] = {}
    for m in sorted(rows, key=lambda m: (-m.first_order, m.dispute)):
        groups.setdefault((m.first_order, m.low, m.high), []).append(m)
    return list(groups.values())


def matters(case: Case, run: Run, top: int = 6, outcomes: int = 3) -> list[Figure]:
    """Return, for the outcomes with most to gain, which disputes would narrow the answer if they were settled."""
    titles = {str(o["id"]): str(o["title"]) for o in run.meta["outcomes"]}
    shown: list[Figure] = []
    for outcome in telling_outcomes(run)[:outcomes]:
        found = [r for r in run.matters if r.outcome == outcome]
        groups = [g for g in tied(found) if g[0].first_order > 0][:top]
        disputed = found[0].share_disputed
        shown.append(
            figure(
                f"matters-{outcome.replace(':', '-')}",
                "matters",
                title=f"{titles.get(outcome, outcome)}: {percent(disputed)} of the spread between runs is disputed "
                f"fact, above all {quoted([groups[0][0].question])}",
                definition="Spread: whether it happens varies from run to run, by disputed answers and by chance. "
                "Share: how much of the disputed part would go if this one question were settled (first-order share of "
                "the variance, which is the expected gain in Brier score). Bar: 90 % of resamples of the runs. "
                "Disputes that the voices of this case always answer together cannot be told apart: they share a line.",
                columns=["dispute", "share of the disputed part", "low", "high", "largest in resamples", "n"],
                rows=[[r.question, r.first_order, r.low, r.high, r.p_top, r.n] for r in found],
                data={"points": [_group(g) for g in groups], "disputed": disputed},
                rests=[("the disputes and their claims", "disputes")],
                **frame(case, run),
            )
        )
    return shown


def _group(group: Sequence[Matters]) -> dict[str, Any]:
    first = group[0]
    more = f" And {count(len(group) - 1, 'dispute')} answered together with it." if len(group) > 1 else ""
    return {
        "dispute": first.dispute,
        "question": first.question + more,
        "share": first.first_order,
        "low": first.low,
        "high": first.high,
        "top": min(1.0, sum(m.p_top or 0 for m in group)),
    }
