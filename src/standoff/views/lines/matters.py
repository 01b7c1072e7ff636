"""Differences between scenarios, and the ranking of disputed questions and parameters, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from standoff.case.model import Case
from standoff.runs.compare import Difference
from standoff.runs.results import Run
from standoff.runs.sensitivity import DisputeRanking, Influence, ParameterRanking, Ranking, Stock
from standoff.text.sentences import count, fold, number, percent, percents, span
from standoff.text.table_printer import Column, Number, Row, table

MOST_ACCOUNTS = 4  # beside one another
KINDS = {"combinations": "for every combination", "pairs": "one by one and in pairs", "one by one": "one by one"}
UNITS = {"share": "percentage points of runs", "people": "thousand people", "incidents": "incidents"}
RANKED: tuple[Column, ...] = ("question", *map(Number, ("Brier gain (90 %)", "first", "total", "Shapley", "top")))


def comparison_lines(case: Case, run: Run, differences: Sequence[Difference], width: int) -> Iterator[str]:
    """Yield the page of a comparison of scenarios and accounts."""
    yield from fold(case.about.title, width, hang="  ")
    yield f"{run.meta['spec']['days']} days from {run.meta['spec']['start']}"
    yield from contrast_lines(differences, {s["id"]: s["title"] for s in run.meta["scenarios"]}, width)


def contrast_lines(differences: Sequence[Difference], titles: Mapping[str, str], width: int) -> Iterator[str]:
    """Yield one block a contrast: outcomes in rows, accounts in columns; what is the same in every run goes below.

    ``titles`` are the titles of scenarios by id.
    """
    moved = sum(d.differ > 0 for d in differences)
    n = differences[0].n
    yield from fold(f"Differences in this model, {n:,} paired runs each: mean +- 90 % sampling error", width, hang="  ")
    yield from _indented("= the same in every pair of runs;  * beyond sampling error", width)
    chance = round(moved / 10)
    yield from _indented(
        f"{chance} of the {moved} that differ would be starred by chance alone if none had an effect", width
    )
    by = groupby(differences, key=lambda d: (d.kind, d.scenario if d.kind == "scenario" else ""))
    for (kind, scenario), group in by:
        rows = list(group)
        yield ""
        if kind == "scenario":
            head = f"{titles[scenario]}, less {rows[0].against} ({scenario})"
        else:
            head = f"Accounts, less {rows[0].against} ({rows[0].scenario})"
        yield from fold(head, width, hang="  ")
        yield from _contrast(rows, width)


def _contrast(rows: Sequence[Difference], width: int) -> Iterator[str]:
    accounts = list(dict.fromkeys(d.account for d in rows))
    outcomes = {k: {d.account: d for d in v} for k, v in groupby(rows, key=lambda d: d.outcome)}
    first = {k: next(iter(ds.values())) for k, ds in outcomes.items()}
    moving = [k for k, ds in outcomes.items() if any(d.differ > 0 for d in ds.values())]
    for unit, head in UNITS.items():
        names = [k for k in moving if first[k].unit == unit]
        for at in range(0, len(accounts) if names else 0, MOST_ACCOUNTS):
            some = accounts[at : at + MOST_ACCOUNTS]
            cells = [(first[k].title, *(_cell(outcomes[k].get(a)) for a in some)) for k in names]
            yield from table((head, *map(Number, some)), cells, width, indent="  ")
    same = [first[k].title for k in outcomes if k not in moving]
    if same and moving:
        others = "; ".join(same) if len(same) < 3 else f"the other {len(same)} outcomes"
        yield from _indented(f"the same in every run: {others}", width)
    elif same:
        yield from _indented("every outcome is the same in every run", width)


def _cell(d: Difference | None) -> str:
    if d is None:
        return ""
    if d.differ == 0:
        return "= "
    star = "*" if d.clear else " "
    half = (d.high - d.low) / 2
    if d.unit == "people":
        return _with_error(d.mean / 1000, half / 1000, 0 if half >= 10_000 else 1) + star
    if d.unit == "incidents":
        return _with_error(d.mean, half, 0 if half >= 10 else 1) + star
    return _with_error(100 * d.mean, 100 * half, 0 if half >= 0.005 else 1) + star


def _with_error(mean: float, half: float, digits: int) -> str:
    text = f"{mean:+,.{digits}f}"
    return f"{'0' if float(text.replace(',', '')) == 0 else text} +-{half:,.{digits}f}"


def ranking_lines(case: Case, report: DisputeRanking, width: int) -> Iterator[str]:
    """Yield the page of a ranking of disputed questions, and what their answers are worth for a stock."""
    how = report.account if report.together else f"{report.account}, answers drawn apart"
    yield from _head(report, how, width)
    yield ""
    yield from rank_lines(case, report.ranking, report.chance, width)
    if report.stock is not None:
        yield from stock_lines(case, report.stock, width)


def _head(report: DisputeRanking | ParameterRanking, how: str, width: int) -> Iterator[str]:
    spec = report.spec
    yield from fold(f"Sensitivity of this model: {report.title}", width, hang="  ")
    yield from fold(f"in this model, account {how},", width, hang="  ")
    yield from fold(f"{spec.days} days from {spec.start}, n = {spec.trajectories:,}", width, hang="  ")


def rank_lines(case: Case, ranking: Ranking, p: float, width: int, *, most: int = 8) -> Iterator[str]:
    """Yield how much is disputed fact, and the disputes with most to gain, each with its question."""
    if ranking.variance == 0.0:
        often = "every one" if p else "none"
        text = f"It comes about in {often} of the {ranking.n:,} runs: it hangs on no disputed question."
        yield from fold(text, width)
        return
    yield from fold(f"It comes about in {percent(p)} of runs. Of the variance between runs", width)
    disputed = f"{percent(ranking.share_disputed)} (90 %: {percents(ranking.low, ranking.high)})"
    parts = [("disputed fact", disputed), ("chance", percent(ranking.share_chance))]
    yield from table(("", ""), parts, width, indent="  ")
    if not ranking.ranked:
        yield "No disputed question has more than one answer here."
        return
    best = ranking.ranked[: max(most, 1)]
    yield ""
    text = (
        f"Brier gain: by how much one settled question lowers the expected score; {ranking.variance:.3f} is the score "
        "of one who knows the share alone. first, total, Shapley: of the disputed part; answers are fitted "
        f"{KINDS[ranking.fitted]}. top: bootstrap samples in which it is the largest."
    )
    yield from fold(text, width, hang="  ")
    yield ""
    rows: list[Row] = []
    for r in best:
        gain = f"{r.brier:.4f} ({r.low:.4f} to {r.high:.4f})"
        rows.append((r.name, gain, *map(_part, (r.first_order, r.total, r.shapley)), percent(r.p_top)))
        rows.append(f"    {case.disputes[r.name].question}")
    yield from table(RANKED, rows, width, indent="  ")
    if len(ranking.ranked) > len(best):
        rest = count(len(ranking.ranked) - len(best), "question")
        yield f"  and {rest} with less to gain"
    clear = [r.name for r in ranking.ranked if round(r.low, 4) > 0]
    if clear:
        yield from fold(f"Beyond sampling error: {', '.join(clear)}.", width, hang="  ")
    else:
        yield from fold(f"With {ranking.n:,} runs no question stands out from sampling error.", width)


def _part(share: float) -> str:
    """Return a share of the disputed part; an estimate that noise puts below nothing is told as nothing."""
    return "-" if share != share else percent(min(max(share, 0.0), 1.0))


def influence_lines(report: ParameterRanking, width: int, *, most: int = 15) -> Iterator[str]:
    """Yield the parameters that an outcome hangs on most, each with its error and the range it was drawn over."""
    yield from _head(report, report.account, width)
    if not report.influences:
        often = "every one" if report.chance else "none"
        yield from fold(f"It comes about in {often} of the runs: it hangs on no parameter that was drawn.", width)
        return
    yield from fold("first-order share of all variance, chance included +- its error (RBD-FAST)", width, hang="  ")
    yield ""
    rows = [(i.name, _estimate(i), f"{i.low:g} to {i.high:g}") for i in report.influences[:most]]
    yield from table(("parameter", Number("share"), "drawn over"), rows, width, indent="  ")
    if any(i.error != i.error for i in report.influences[:most]):
        often = f"It comes about in {percent(report.chance)} of the runs"
        yield from fold(f"{often}: too few of either kind to tell the errors; the order may be noise.", width)


def _estimate(influence: Influence) -> str:
    if influence.first_order != influence.first_order:
        return "not known"
    error = "error not known" if influence.error != influence.error else f"+- {100 * influence.error:.0f}"
    return f"{percent(influence.first_order)} {error}"


def stock_lines(case: Case, worth: Stock, width: int) -> Iterator[str]:
    """Yield the stock that is best, its expected loss, and what an answer saves."""
    yield ""
    yield from fold(f"Stock set aside at {worth.cost:g} a person, {worth.penalty:g} for each person without", width)
    yield from _indented(f"best stock {number(worth.stock)} people, expected loss {number(worth.loss)}", width)
    clear = [w for w in worth.worth if w.low > 0]
    for w in clear[:5]:
        yield from _indented(f"knowing {w.name} saves {number(w.evppi)} (90 %: {span(w.low, w.high)})", width)
        yield from fold(case.disputes[w.name].question, width, indent="      ", hang="        ")
    if not clear:
        most = max((w.high for w in worth.worth), default=0.0)
        yield from _indented(f"no answer is worth more than sampling error: at most {number(most)} (95 %)", width)


def _indented(text: str, width: int) -> list[str]:
    return fold(text, width, indent="  ", hang="    ")
