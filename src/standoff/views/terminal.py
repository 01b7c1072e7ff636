"""One page of terminal output: promises broken and intact, scenarios, what matters, what is not known; chances last."""

from __future__ import annotations

from collections.abc import Iterable

from standoff.case.model import Case, refuse_errors
from standoff.errors import caution
from standoff.runs.incidents import EVERYWHERE
from standoff.runs.results import Run
from standoff.text.sentences import WIDTH, count, day, percent, percents, refold, visible
from standoff.text.table_printer import table
from standoff.views import records
from standoff.views.charts import (
    account_title,
    doubt_line,
    main_account,
    run_end,
    run_start,
    trajectories,
)
from standoff.views.findings import (
    breaking,
    broken_words,
    displacement_line,
    most_telling,
    ranked_outlook,
    scored_line,
)
from standoff.views.whatif import anew_lines, answer_lines, unplayed_line, whatif_lines


def page_lines(case: Case, run: Run, width: int = WIDTH) -> list[str]:
    """Return the lines of the page, none wider than ``width``."""
    return page(case, run, width).splitlines()


def page(case: Case, run: Run, width: int = WIDTH) -> str:
    """Return the outlook of a run as text.

    Parameters
    ----------
    case : Case
        Of which the run is.
    run : Run
        As `standoff.simulate` or `standoff.load_run` returns it.
    width : int
        No line is wider, in letters.

    Returns
    -------
    str

    Examples
    --------
    >>> import standoff as so
    >>> case = so.load("idlib")
    >>> run = so.simulate(case, accounts="record", trajectories=2, days=3)
    >>> max(len(line) for line in so.page(case, run, width=60).splitlines()) <= 60
    True
    """
    refuse_errors(case)
    start, end = day(run_start(run)), day(run_end(run))
    blocks = [
        [case.about.title, f"{start} to {end}, {count(trajectories(run), 'run')} for each account"],
        [f"  {line}" for line in account_key(case, run)],
        ["HOW SUCH RUNS SCORED", f"  {scored_line(case)}"],
        _breaks(run),
        whatif_lines(case, run),
        _incidents(run, width),
        _agreements(run),
        _matters(case, run),
        _displacement(run, end, width),
        _unknown(case, run),
        _outlook(case, run),
        ["In this model; not a prediction. Ranges: 90 % of runs for people, sampling error for shares."],
    ]
    return "\n\n".join("\n".join(refold(map(visible, block), width)) for block in blocks if block) + "\n"


def _outlook(case: Case, run: Run) -> list[str]:
    main = main_account(run)
    others = [a for a in run.accounts if a != main]
    outlook = {(o.account, o.outcome): o for a in run.accounts for o in ranked_outlook(run, a)}
    lines = []
    for o in ranked_outlook(run, main):
        beside = [outlook[a, o.outcome] for a in others if (a, o.outcome) in outlook]
        alike = beside and all((r.p, r.low, r.high) == (o.p, o.low, o.high) for r in beside)
        lines.append(f"  {o.title}: {percent(o.p)} ({percents(o.low, o.high)}){' in every account' if alike else ''}")
        if beside and not alike:
            shares = [f"{r.account} {percent(r.p)} ({percents(r.low, r.high).removesuffix(' %')})" for r in beside]
            lines.append(f"      {', '.join(shares)}")
    if not lines:
        return []
    head = [f"WHAT IF THE MODEL HELD: share of runs in which it happens, n = {trajectories(run):,} each"]
    if others:
        head.append(f"  {main}; below it the other accounts")
    return [*head, *lines]


def _displacement(run: Run, end: str, width: int) -> list[str]:
    rows = [(account, line) for account in run.accounts if (line := displacement_line(run, account))]
    if not rows:
        return []
    return [f"PEOPLE NEWLY DISPLACED by {end}: where 90 % of runs lie", *table(("", ""), rows, width, indent="  ")]


def _breaks(run: Run) -> list[str]:
    if not run.breaks:
        return []
    before = _by_words([(account, broken_words(run, account)) for account in run.accounts])
    first = _by_words([(account, breaking(run, account)) for account in run.accounts])
    head = ["BROKEN AS THE RUNS BEGIN", *before] if before else []
    return [*head, "OF THE PROMISES INTACT, MOST OFTEN FIRST TO BREAK", *first]


def _by_words(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Return a line for each text that accounts have, with all accounts that have it."""
    whose: dict[str, list[str]] = {}
    for account, words in rows:
        if words:
            whose.setdefault(words, []).append(account)
    return [f"  {', '.join(accounts)}: {words}" for words, accounts in whose.items()]


def _incidents(run: Run, width: int) -> list[str]:
    """Return incidents in all areas, scenario by scenario, of the main account."""
    rows = [r for r in run.incidents if r.area == EVERYWHERE and r.account == main_account(run)]
    if not rows:
        return []
    level = run.meta.get("level", {})
    kind = "the record, which is a selection" if level.get("selection") else str(level.get("counted", ""))
    lines = [f"INCIDENTS, all areas: the baseline is the level forecast of {kind}"]
    for r in rows:
        mean = f"{r.mean:,.0f} in {r.days} days (80 %: {r.q10:,.0f} to {r.q90:,.0f})"
        lines.append(f"  {r.scenario}: {mean}; {r.last:,} in as many days before")
    return lines


def _agreements(run: Run) -> list[str]:
    lines = anew_lines(run)
    return ["AGREEMENTS MADE IN RUNS", *(f"  {line}" for line in lines)] if lines else []


def _matters(case: Case, run: Run) -> list[str]:
    if not run.matters:
        return []
    telling = most_telling(run)
    head = "SENSITIVITY OF THIS MODEL: the disputes that move it most"
    if not telling:
        return [head, f"  none stands out from chance with {count(trajectories(run), 'run')}"]
    titles = {str(o["id"]): str(o["title"]) for o in run.meta["outcomes"]}
    first = telling[0][0]
    lines = [
        head,
        f"  for: {titles.get(first.outcome, first.outcome)}",
        f"  {percent(first.share_disputed)} of the spread is disputed fact, the rest is chance",
    ]
    for group in telling:
        m = group[0]
        others = f" (with {count(len(group) - 1, 'other')} answered together)" if len(group) > 1 else ""
        share = f"{percent(m.first_order)} ({percents(m.low, m.high)})"
        lines.append(f"  {m.dispute}: {m.question}{others} {share}")
    return [*lines, *(f"  {text}" for text in answer_lines(case, run, 3))]


def _unknown(case: Case, run: Run) -> list[str]:
    unknown = records.unknowns(case)
    counted = "".join(f", {one}" for one in unknown["counted"])
    lines = [
        caution(run.warnings),
        doubt_line(case, run),
        f"assumed: {unknown['parameters']} of {count(unknown['of_parameters'], 'parameter')}{counted}",
    ]
    left = []
    if unknown["unmodelled"]:
        left.append(f"left out of the model: {count(len(unknown['unmodelled']), 'dispute')}")
    if unknown["left"]:
        left.append(f"left to its own values: {count(len(unknown['left']), 'parameter')}")
    lines.append("; ".join(left))
    lines.append(f"{count(unknown['weak_places'], 'place')} of {unknown['places']} may be 2 km or more off")
    lines.append(unplayed_line(run))
    lines.append("not shown by any range: whether the form of the model is right")
    return ["WHAT WE DO NOT KNOW", *(f"  {line}" for line in lines if line)]


def account_key(case: Case, run: Run) -> list[str]:
    """Return one line per account of a run with its title, for a page that uses the short ids."""
    return [f"{account}: {account_title(case, account)}" for account in run.accounts]
