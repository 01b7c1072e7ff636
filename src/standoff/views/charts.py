"""Chart-ready figures of a run as plain dicts: fan, quantile dots, accounts side by side, first break, what matters.

Every figure has one frame: finding, definition, source, as-of, n, a table of the same numbers, and its CSV. Where a run
holds nothing to show there is none.
"""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from standoff.case.claims import AccountKind
from standoff.case.model import Case
from standoff.evidence.accounts import Doubt, doubts, kind_of
from standoff.runs.as_of import case_as_of
from standoff.runs.results import Break, Fan, Matters, Outlook, Run
from standoff.runs.scenario import scenario_names
from standoff.text.sentences import (
    count,
    day,
    in_twenty,
    listing,
    number,
    percent,
    percents,
    quoted,
    rounded,
    span,
)
from standoff.views.accounts import KINDS, title

# Okabe-Ito, one meaning in every view; each colour is repeated by a shape, a texture or a word.
NEUTRAL, DUE, VIOLATED, SATISFIED = "#0072B2", "#E69F00", "#D55E00", "#009E73"
IN_FORCE, CONTESTED, UNKNOWN, INK = "#56B4E9", "#CC79A7", "#8A8A8A", "#1A1A1A"

BOUNDARIES = "Boundaries and names shown do not imply endorsement."

Figure = dict[str, Any]


def figure(
    id: str,  # noqa: A002
    kind: str,
    *,
    title: str,
    definition: str,
    source: str,
    as_of: str,
    n: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    data: Mapping[str, Any],
    rests: Sequence[tuple[str, str]] = (),
) -> Figure:
    """Return a figure as a plain dict.

    ``title`` is the finding in words, ``definition`` says what is counted, ``n`` how many runs or records stand behind
    it. ``columns`` and ``rows`` are the same numbers for a table and the CSV; ``data`` is what the chart draws.
    ``rests`` names what the numbers come from, as pairs of a label and the id of a section or record.
    """
    body = [list(row) for row in rows]
    return {
        "id": id,
        "kind": kind,
        "title": title,
        "definition": definition,
        "source": source,
        "as_of": as_of,
        "n": n,
        "columns": list(columns),
        "rows": body,
        "data": dict(data),
        "rests": [list(pair) for pair in rests],
    }


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as CSV (RFC 4180, UTF-8).

    A cell that a spreadsheet would run as a formula gets a leading apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_inert(cell) for cell in row])
    return out.getvalue()


def csv_link(figure: Figure) -> str:
    """Return the figure's table as a ``data:`` address, so that a file without a server can offer a download."""
    text = csv_text(figure["columns"], figure["rows"])
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()


def _inert(cell: Any) -> Any:
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell


# The few questions every view asks of a run: its main account, its days, how many runs, people displaced in each.


DISPLACED = "displaced-people"
# columns of outcomes.csv that hold the number of newly displaced people on the last day, in order of preference
_PEOPLE = ("displaced-people", "newly-displaced", "displaced")


def main_account(run: Run) -> str:
    """Return the account that headlines speak of: ``pooled`` where the run has it, else the first."""
    return "pooled" if "pooled" in run.accounts else run.accounts[0]


def base_scenario(run: Run) -> str:
    """Return the scenario that others are compared with: the first."""
    return run.scenarios[0]


def trajectories(run: Run) -> int:
    """Return the number of trajectories per account and scenario."""
    return int(run.meta["spec"]["trajectories"])


def run_start(run: Run) -> date:
    """Return the day a run starts."""
    return date.fromisoformat(str(run.meta["spec"]["start"]))


def known_day(run: Run) -> date:
    """Return the day up to which a run knows what was published."""
    return date.fromisoformat(str(run.meta["spec"].get("as_of") or run.meta["spec"]["start"]))


def run_end(run: Run) -> date:
    """Return the last simulated day."""
    return run_start(run) + timedelta(days=int(run.meta["spec"]["days"]))


def account_title(case: Case, account: str) -> str:
    """Return the title of an account, a reading labelled as one.

    A statement account was never run: where a run has its id, that was an account of an older case.
    """
    if kind_of(case, account) == AccountKind.STATEMENT:
        return f"{account} (a reading of an older edition of the case)"
    return title(case, account)


def doubts_in_run(case: Case, run: Run) -> tuple[Doubt, ...]:
    """Return what is contested outside disputes, as known when the run was made: each drawn at one half."""
    return doubts(case_as_of(case, known_day(run)))


def doubt_line(case: Case, run: Run) -> str:
    """Say what is contested and drawn at one half in the runs; nothing where nothing is."""
    run_doubts = doubts_in_run(case, run)
    if not run_doubts:
        return ""
    events = sum(len(one.events) for one in run_doubts)
    titled = [f"{one.title} ({len(one.events)})" for one in run_doubts if len(one.events) > 1]
    more = f"; all that one party denies together: {listing(titled)}" if titled else ""
    return f"contested and drawn at one half: {count(events, 'recorded event')}{more}"


def accounts_line(case: Case, run: Run) -> str:
    """Say which accounts were run, and of which kind each is."""
    kinds: dict[str, list[str]] = {}
    for name in run.accounts:
        kind = AccountKind.RECORD if kind_of(case, name) == AccountKind.RECORD else AccountKind.READING
        kinds.setdefault(KINDS[kind], []).append(account_title(case, name))
    parts = []
    if KINDS["record"] in kinds:
        parts.append("the record")
    if readings := kinds.get(KINDS["reading"]):
        parts.append(f"{count(len(readings), 'reading')} of it ({'; '.join(readings)})")
    return f"Run: {listing(parts)}. What parties and bodies said is not run: nobody tells all that happened."


def scenario_title(case: Case, scenario: str) -> str:
    """Return the title of a scenario as the case gives it, or as its ways are called (``close=NAME@DATE``)."""
    return scenario_names(case, [scenario])[scenario]


def account_titles(case: Case, run: Run) -> dict[str, str]:
    """Return the accounts of a run with their titles, in the run's order."""
    return {account: account_title(case, account) for account in run.accounts}


def people_displaced(run: Run, account: str, scenario: str = "") -> list[float]:
    """Return people newly displaced by the last day in every trajectory, or nothing where the run did not record it."""
    column = next((name for name in _PEOPLE if name in run.outcomes), None)
    if column is None:
        return []
    return [float(v) for v in run.values(account, column, scenario=scenario) if v is not None]


def twenty(values: Sequence[float]) -> list[float]:
    """Return 20 equally likely values: the quantiles at 2.5 %, 7.5 %, ... 97.5 %."""
    return [float(q) for q in np.quantile(values, (np.arange(20) + 0.5) / 20)]


INTACT = 0.5  # share of runs that begin with a promise unbroken, from which it is not said to be broken


def already_broken(run: Run, account: str, scenario: str = "") -> list[Break]:
    """Return the promises that stand broken as the runs of an account begin, those broken again most often first."""
    pair = (account, scenario or base_scenario(run))
    rows = [b for b in run.breaks if (b.account, b.scenario) == pair and not b.adverse and b.sound < INTACT]
    return sorted(rows, key=lambda b: (-b.first, -b.broken, b.commitment))


def intact_share(row: Break) -> float:
    """Return the share of runs in which a promise is the first to be broken of those intact; of a threat, of threats.

    It is 0 for what stands broken already. A run folder of an older edition has only the share among all.
    """
    if row.adverse:
        return row.first
    if row.sound < INTACT:
        return 0.0
    return row.first if row.fresh is None else row.fresh


def first_unbroken(run: Run, account: str, scenario: str = "") -> Break | None:
    """Return the promise most often first to be broken of those that stood unbroken at the start, else the threat."""
    pair = (account, scenario or base_scenario(run))
    candidates = [b for b in run.breaks if (b.account, b.scenario) == pair and intact_share(b) > 0]
    return max(candidates, key=lambda b: (not b.adverse, round(intact_share(b), 2), b.broken), default=None)


def how_broken(first_break: Break) -> str:
    """Return in brackets what "broken" means of a threat."""
    return " (threat, not carried out)" if first_break.adverse else ""


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
    as_of = run.meta["spec"].get("as_of") or run_start(run)
    return {"source": source_line(case, run), "as_of": day(as_of), "n": runs}


def fan(case: Case, run: Run, scenario: str = "") -> Figure | None:
    """Return newly displaced people over time: median, 50 % and 90 % bands, one panel per account."""
    panels: list[dict[str, Any]] = []
    rows: list[list[Any]] = []
    for account, label in account_titles(case, run).items():
        bands = run.fan(account, DISPLACED, scenario=scenario)
        if not bands:
            continue
        points = [[r.date, *(rounded(getattr(r, q), 4) for q in _QUANTILES)] for r in bands]
        panels.append({"account": account, "title": label, "points": points})
        rows += [[label, r.date, *(int(rounded(getattr(r, q), 3)) for q in _QUANTILES)] for r in weekly(bands)]
    if not panels:
        return None
    main = next((p for p in panels if p["account"] == main_account(run)), panels[0])
    last = run.fan(main["account"], DISPLACED, scenario=scenario)[-1]
    return figure(
        "displacement",
        "fan",
        title=f"90 % of runs have {span(last.q05, last.q95)} people newly displaced by {day(last.date)} {IN_MODEL}",
        definition=f"People displaced since {day(run_start(run))}, each counted once. Line: median; bands: 50 % "
        "and 90 % of runs. The middle of the runs has not been shown to follow what happened. "
        f"The title speaks of the account {quoted([main['title']])}.",
        columns=["account", "date", "5 %", "25 %", "median", "75 %", "95 %"],
        rows=rows,
        data={"panels": panels, "observed": observations_beside(case, run), "unit": "people"},
        rests=_PARAMETERS,
        **frame(case, run),
    )


def weekly(rows: Sequence[Fan]) -> list[Fan]:
    """Return every seventh day and the last, for a table a person can read."""
    return [r for i, r in enumerate(rows) if i % 7 == 0 or i == len(rows) - 1]


def observations_beside(case: Case, run: Run) -> list[dict[str, object]]:
    """Return observed figures that measure what the fan shows: same measure, whole region, counted from its start."""
    start, end = run_start(run), run_end(run)
    points: list[dict[str, object]] = []
    for o in case.observed.values():
        if o.restricted or o.measure != "people-displaced" or o.place or o.from_.start is None or o.to.end is None:
            continue
        if abs((o.from_.start - start).days) <= 3 and start <= o.to.end <= end and not o.contested:
            point = {"date": o.to.end.isoformat(), "value": o.value, "bound": o.bound, "title": o.title or o.origin}
            points.append(point)
    return points


def dots(case: Case, run: Run, scenario: str = "") -> Figure | None:
    """Return people displaced on the last day as 20 equally likely futures per account."""
    panels: list[dict[str, Any]] = []
    rows: list[list[Any]] = []
    for account, label in account_titles(case, run).items():
        values = people_displaced(run, account, scenario)
        if not values:
            continue
        panels.append({"account": account, "title": label, "values": [rounded(v, 4) for v in twenty(values)]})
        rows += [[label, i + 1, int(rounded(v, 3))] for i, v in enumerate(twenty(values))]
    if not panels:
        return None
    main = next((p for p in panels if p["account"] == main_account(run)), panels[0])
    values = people_displaced(run, main["account"], scenario)
    mark = rounded(float(np.quantile(values, 0.5)), 1) or 1.0
    share = sum(v > mark for v in values) / len(values)
    finding = in_twenty(share, f"more than {number(mark)} people are newly displaced")
    return figure(
        "futures",
        "dots",
        title=finding[0].upper() + finding[1:],
        definition=f"Each dot is one of 20 equally likely outcomes on {day(run_end(run))} {IN_MODEL}. "
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
    outlooks = [r for r in run.outlook if r.scenario == scenario and r.account in names]
    if not outlooks:
        return None
    points: list[dict[str, Any]] = [
        {
            "account": r.account,
            "outcome": r.outcome,
            "title": r.title,
            "p": r.p,
            "low": r.low,
            "high": r.high,
            "words": f"{percent(r.p)} ({percents(r.low, r.high)})",
        }
        for r in outlooks
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
        definition=f"Share of runs in which each thing happens {IN_MODEL}{_by(outlooks)}, per account. "
        "Bar: 90 % range of sampling error, from the number of runs alone, not from what the model leaves out.",
        columns=["outcome", "account", "share of runs", "low", "high", "in words", "n", "by"],
        rows=[
            [r.title, names[r.account], r.p, r.low, r.high, p["words"], r.n, r.by]
            for r, p in zip(outlooks, points, strict=True)
        ],
        data={"points": points, "accounts": names},
        rests=[*_PARAMETERS, ("the disputes", "disputes")],
        **frame(case, run),
    )


def _by(outlooks: Sequence[Outlook]) -> str:
    days = {r.by for r in outlooks}
    return f" by {day(next(iter(days)))}" if len(days) == 1 else " by its date"


def listing_of(rows: Sequence[Break], most: int = 3) -> str:
    """Return the titles of a few, and how many more there are."""
    more = [count(len(rows) - most, "other")] if len(rows) > most else []
    return listing([quoted([row.title]) for row in rows[:most]] + more)


_BROKEN = ("first", "fresh", "detached", "broken", "median_day", "n")


def breaks(case: Case, run: Run, scenario: str = "", top: int = 8) -> Figure | None:
    """Return the promises most often the first to be broken, per account, then threats first not carried out."""
    scenario = scenario or base_scenario(run)
    names = account_titles(case, run)
    first_breaks = [r for r in run.breaks if r.scenario == scenario and r.account in names]
    main = main_account(run)
    shares: dict[str, dict[str, float]] = {}
    for r in first_breaks:
        shares.setdefault(r.commitment, {})[r.account] = intact_share(r)
    before = already_broken(run, main, scenario)
    broken_before = f" Broken as the runs begin, and left out: {listing_of(before)}." if before else ""
    adverse = {r.commitment: r.adverse for r in first_breaks}
    ranked = sorted(shares, key=lambda c: (adverse[c], -shares[c].get(main, 0), -max(shares[c].values()), c))
    ranked = [c for c in ranked if max(shares[c].values()) > 0][:top]
    if not ranked:
        return None
    by = {(r.commitment, r.account): r for r in first_breaks}
    titles = {c: next(by[c, a].title + how_broken(by[c, a]) for a in (main, *names) if (c, a) in by) for c in shares}
    best = first_unbroken(run, main, scenario)
    first = best.commitment if best else ranked[0]
    return figure(
        "first-break",
        "breaks",
        title=f"Of the promises intact, first to break {IN_MODEL}: {titles[first]}, "
        f"in {percent(shares[first].get(main, 0))} of runs",
        definition=f"Share of runs, {day(run_start(run))} to {day(run_end(run))}, in which this promise is broken "
        "on the first day on which any intact one is; several may be on one day. Threats are counted apart: the first "
        f"that falls due and is not carried out.{broken_before} "
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
    figures: list[Figure] = []
    for outcome in telling_outcomes(run)[:outcomes]:
        rows = [r for r in run.matters if r.outcome == outcome]
        groups = [g for g in tied(rows) if g[0].first_order > 0][:top]
        disputed = rows[0].share_disputed
        figures.append(
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
                rows=[[r.question, r.first_order, r.low, r.high, r.p_top, r.n] for r in rows],
                data={"points": [_group(g) for g in groups], "disputed": disputed},
                rests=[("the disputes and their claims", "disputes")],
                **frame(case, run),
            )
        )
    return figures


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
