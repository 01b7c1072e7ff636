"""The headline findings of a run as sentences: the same for the report and the terminal."""

from __future__ import annotations

from dataclasses import dataclass

from standoff.case.model import Case
from standoff.oneline import OneLine
from standoff.runs.results import Matters, Outlook, Run
from standoff.text.sentences import chance, chance_range, count, day, number, percent, quoted, span
from standoff.views.charts import (
    DISPLACED,
    account_title,
    base_scenario,
    first_to_break,
    first_unbroken,
    how_broken,
    main_account,
    run_end,
    telling_outcomes,
    tied,
    trajectories,
)
from standoff.views.comparing import contrasts


@dataclass(frozen=True, slots=True, repr=False)
class Finding(OneLine):
    """One sentence and the figure that shows it."""

    text: str
    figure: str


def ranked_outlook(run: Run, account: str, scenario: str = "") -> list[Outlook]:
    """Return the outcomes of an account in the order of the case."""
    pair = (account, scenario or base_scenario(run))
    return [o for o in run.outlook if (o.account, o.scenario) == pair]


def breaking(run: Run, account: str) -> str:
    """Return in words what breaks first in an account's runs, and whether it is a threat that is not carried out."""
    first_break = first_to_break(run, account)
    if first_break is None:
        return "nothing breaks in these runs"
    return f"{first_break.title}{how_broken(first_break)}, {chance(first_break.first)}"


def breaking_anew(run: Run, account: str) -> str:
    """Return in words what breaks first of what was never broken before; nothing where that is what breaks first."""
    first, fresh_break = first_to_break(run, account), first_unbroken(run, account)
    if first is None or first.sound >= 0.5 or first.fresh is None:
        return ""
    words = f"{fresh_break.title}, {chance(fresh_break.fresh or 0.0)}" if fresh_break else "none breaks in these runs"
    return f"of those unbroken before: {words}"


def most_telling(run: Run, top: int = 3) -> list[list[Matters]]:
    """Return, for the outcome with most to gain, the disputes (those answered together as one group) that matter most.

    Empty when no dispute stands out from chance at this number of runs.
    """
    outcomes = telling_outcomes(run)
    if not outcomes:
        return []
    groups = tied([m for m in run.matters if m.outcome == outcomes[0]])
    return [g for g in groups if g[0].low > 0][:top]


def displacement_line(run: Run, account: str, scenario: str = "") -> str:
    """Return people newly displaced by the last day with the 90 % range, or nothing if the run has none."""
    bands = run.fan(account, DISPLACED, scenario=scenario)
    return f"{number(bands[-1].q50)} (90 %: {span(bands[-1].q05, bands[-1].q95)})" if bands else ""


def findings(case: Case, run: Run) -> list[Finding]:
    """Return the headline findings, each with the figure that shows it."""
    account = main_account(run)
    headlines: list[Finding] = []
    fan = run.fan(account, DISPLACED)
    if fan:
        last = fan[-1]
        text = (
            f"About {number(last.q50)} people are newly displaced by {day(last.date)} in this model; "
            f"90 % of runs lie between {number(last.q05)} and {number(last.q95)}."
        )
        headlines.append(Finding(text, "displacement"))
    headlines += [Finding(text, figure) for figure, text in contrasts(case, run)]
    outlook = ranked_outlook(run, account)
    if outlook:
        least_sure = min(outlook, key=lambda o: abs(o.p - 0.5))
        share = chance_range(least_sure.p, least_sure.low, least_sure.high)
        text = f"Least sure in this model: {least_sure.title}, {share}."
        headlines.append(Finding(text, "accounts"))
    if any(b.first > 0 for b in run.breaks):
        anew = breaking_anew(run, account)
        text = f"Most likely to break first in this model: {breaking(run, account)}{anew and '; ' + anew}."
        headlines.append(Finding(text, "first-break"))
    telling = most_telling(run, 1)
    if telling:
        outcomes = {str(o["id"]): str(o["title"]) for o in run.meta["outcomes"]}
        best = telling[0][0]
        more = f" (with {count(len(telling[0]) - 1, 'other')} answered together with it)" if telling[0][1:] else ""
        named = outcomes.get(best.outcome, best.outcome)
        text = (
            f"Which dispute would change the answer: for {quoted([named])}, {percent(best.share_disputed)} of the "
            f"spread between runs is disputed fact, above all {quoted([best.question])}{more}; the rest is chance."
        )
        headlines.append(Finding(text, f"matters-{best.outcome.replace(':', '-')}"))
    differing = widest(case, run)
    if differing:
        headlines.append(Finding(differing, "accounts"))
    return headlines


def widest(case: Case, run: Run) -> str:
    """Return on which outcome the accounts of the run lie furthest apart, or nothing for a single account."""
    spread: dict[str, list[Outlook]] = {}
    for o in run.outlook:
        if o.scenario == base_scenario(run):
            spread.setdefault(o.outcome, []).append(o)
    far = max(spread.values(), key=lambda os: max(o.p for o in os) - min(o.p for o in os), default=[])
    if len(far) < 2:
        return ""
    low, high = min(far, key=lambda o: o.p), max(far, key=lambda o: o.p)
    if high.p - low.p < 0.05:
        return f"The accounts agree to within {percent(high.p - low.p)} on every outcome."
    return (
        f"The accounts lie furthest apart on: {low.title}: {percent(low.p)} of runs in the account "
        f"{quoted([account_title(case, low.account)])}, {percent(high.p)} in "
        f"{quoted([account_title(case, high.account)])} "
        f"(by {day(run_end(run))})."
    )


def spoken_of(case: Case, run: Run) -> str:
    """Return of which account the findings speak, and how many runs stand behind them."""
    named = quoted([account_title(case, main_account(run))])
    return f"In the account {named} where no other is named; {count(trajectories(run), 'run')} for each account."
