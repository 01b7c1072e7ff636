"""One page of terminal output at 80 columns: outlook, displacement, first break, what matters, what we do not know."""

from __future__ import annotations

from standoff.case.model import Case, refuse_errors
from standoff.errors import caution
from standoff.runs.results import Run
from standoff.text.sentences import chance, count, day, fold, listing, number, percent, percents, visible
from standoff.views import records
from standoff.views.charts import (
    account_title,
    base_scenario,
    doubt_line,
    first_day,
    last_day,
    main_account,
    quantile,
    trajectories,
)
from standoff.views.comparing import changes, told
from standoff.views.findings import breaking, breaking_anew, displacement_line, most_telling, ranked_outlook

WIDTH = 80


def page(case: Case, run: Run) -> str:
    """Return the page as text; no line is longer than 80 columns."""
    refuse_errors(case)
    start, end = day(first_day(run)), day(last_day(run))
    blocks = [
        [*_wrap(case.about.title), f"{start} to {end}, {count(trajectories(run), 'run')} for each account"],
        [line for told in account_key(case, run) for line in _wrap(told, "  ")],
        _outlook(case, run),
        _displacement(case, run, end),
        _breaks(run),
        _scenarios(run),
        _matters(run),
        _unknown(case, run),
        _wrap("In this model; not a prediction. Ranges: 90 % of runs for people, sampling error for shares."),
    ]
    return "\n\n".join("\n".join(visible(line) for line in block) for block in blocks if block) + "\n"


def _wrap(text: str, indent: str = "") -> list[str]:
    return fold(text, WIDTH, indent=indent, hang=indent + "  ")


def _row(name: str, value: str, column: int) -> list[str]:
    if len(name) <= column and len(value) <= WIDTH - column - 4:
        return [f"  {name:<{column}}  {value}"]
    return [*_wrap(name, "  "), *_wrap(value, "      ")]


def _heading(text: str) -> str:
    return text.upper()


def _outlook(case: Case, run: Run) -> list[str]:
    main = main_account(run)
    others = [a for a in run.accounts if a != main]
    told = {(o.account, o.outcome): o for a in run.accounts for o in ranked_outlook(run, a)}
    lines = [_heading("Outlook") + f": share of runs in which it happens, n = {trajectories(run):,} each"]
    for o in ranked_outlook(run, main):
        lines += _wrap(f"{o.title}: {chance(o.p)[:-1]}; {percents(o.low, o.high)})", "  ")
        beside = [told[a, o.outcome] for a in others if (a, o.outcome) in told]
        if beside:
            shares = [f"{r.account} {percent(r.p)} ({percents(r.low, r.high).removesuffix(' %')})" for r in beside]
            lines += _wrap(", ".join(shares), "      ")
    if len(lines) == 1:
        return []
    if others:
        lines.insert(1, f"  in words: {main}; below it the other accounts")
    return lines


def _displacement(case: Case, run: Run, end: str) -> list[str]:
    column = max(len(a) for a in run.accounts)
    lines: list[str] = []
    for account in run.accounts:
        if line := displacement_line(run, account):
            lines += _row(account, line, column)
    if not lines:
        return []
    return [_heading("People newly displaced") + f" by {end}, median", *lines]


def _breaks(run: Run) -> list[str]:
    if not run.breaks:
        return []
    lines: list[str] = []
    for a in run.accounts:
        lines += _wrap(f"{a}: {breaking(run, a)}", "  ")
        if anew := breaking_anew(run, a):
            lines += _wrap(anew, "      ")
    return [_heading("Most likely to break first"), *lines]


def _scenarios(run: Run) -> list[str]:
    lines: list[str] = []
    for scenario in run.scenarios[1:]:
        for account in run.accounts:
            change = changes(run, account, scenario)
            if change:
                low, high = (
                    f"{'+' if q > 0 else ''}{number(q)}" for q in (quantile(change, 0.05), quantile(change, 0.95))
                )
                lines += _wrap(f"{scenario}, {account}: {told(run, account, change)} (90 %: {low} to {high})", "  ")
    base = base_scenario(run)
    note = [] if base == "baseline" else _wrap("what nothing changed would give is not among them", "  ")
    return [_heading("Scenarios against " + base), *note, *lines] if lines else []


def _matters(run: Run) -> list[str]:
    if not run.matters:
        return []
    telling = most_telling(run)
    lines = [_heading("Disputes that matter most")]
    if not telling:
        return [*lines, *_wrap(f"none stands out from chance with {count(trajectories(run), 'run')}", "  ")]
    outcomes = {str(o["id"]): str(o["title"]) for o in run.meta["outcomes"]}
    first = telling[0][0]
    lines += _wrap(f"for: {outcomes.get(first.outcome, first.outcome)}", "  ")
    lines += _wrap(f"{percent(first.share_disputed)} of the spread is disputed fact, the rest is chance", "  ")
    for group in telling:
        m = group[0]
        others = f" (with {count(len(group) - 1, 'other')} answered together)" if len(group) > 1 else ""
        lines += _wrap(f"{m.dispute}: {m.question}{others} {percent(m.first_order)} ({percents(m.low, m.high)})", "  ")
    return lines


def _unknown(case: Case, run: Run) -> list[str]:
    found = records.unknowns(case)
    lines = [_heading("What we do not know")]
    if warned := caution(run.warnings):
        lines += _wrap(warned, "  ")
    if drawn := doubt_line(case, run):
        lines += _wrap(drawn, "  ")
    assumed = f"assumed: {found['parameters']} of {count(found['of_parameters'], 'parameter')}"
    lines += _wrap(f"{assumed}{', ' + listing(found['counted']) if found['counted'] else ''}", "  ")
    if found["left"]:
        lines += _wrap(f"left to the model's own values: {count(len(found['left']), 'parameter')}", "  ")
    if found["unmodelled"]:
        lines += _wrap(f"left out of the model: {count(len(found['unmodelled']), 'dispute')}", "  ")
    lines += _wrap(f"{count(found['weak_places'], 'place')} of {found['places']} may be 2 km or more off", "  ")
    lines += _wrap("not shown by any range: whether the form of the model is right", "  ")
    return lines


def account_key(case: Case, run: Run) -> list[str]:
    """Return one line per account of a run with its title, for a page that uses the short ids."""
    return [f"{account}: {account_title(case, account)}" for account in run.accounts]
