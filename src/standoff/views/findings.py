"""The headline findings of a run as sentences: the same for the report and the terminal."""

from __future__ import annotations

from dataclasses import dataclass

from standoff.case.model import Case
from standoff.oneline import OneLine
from standoff.runs.results import Matters, Outlook, Run
from standoff.runs.scored import scored_case
from standoff.text.sentences import count, percent, quoted, span
from standoff.views.charts import (
    DISPLACED,
    account_title,
    already_broken,
    base_scenario,
    first_unbroken,
    how_broken,
    intact_share,
    listing_of,
    main_account,
    telling_outcomes,
    tied,
    trajectories,
)
from standoff.views.whatif import effects_of


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
    """Return in words what breaks first of what is intact, and whether it is a threat that is not carried out."""
    first_break = first_unbroken(run, account)
    if first_break is None:
        return "none breaks in these runs"
    return f"{first_break.title}{how_broken(first_break)}, in {percent(intact_share(first_break))} of runs"


def broken_words(run: Run, account: str) -> str:
    """Return in words which promises stand broken as the runs begin; nothing where none does."""
    rows = already_broken(run, account)
    return f"{count(len(rows), 'promise')}: {listing_of(rows)}" if rows else ""


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
    """Return the 90 % range of people newly displaced by the last day, or nothing if the run has none."""
    bands = run.fan(account, DISPLACED, scenario=scenario)
    return span(bands[-1].q05, bands[-1].q95) if bands else ""


def findings(case: Case, run: Run) -> list[Finding]:
    """Return the headline findings, each with the figure that shows it."""
    account = main_account(run)
    headlines: list[Finding] = []
    if before := broken_words(run, account):
        headlines.append(Finding(f"Broken as the runs begin: {before}.", "first-break"))
    if any(intact_share(b) > 0 for b in run.breaks):
        text = f"Of the promises intact, most often first to break in this model: {breaking(run, account)}."
        headlines.append(Finding(text, "first-break"))
    for one in effects_of(case, run):
        headlines.append(Finding(f"{one.title}: {one.clear[0] if one.clear else one.rest}", f"whatif-{one.scenario}"))
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
    return headlines


def scored_line(case: Case) -> str:
    """Return how runs of a case scored, in sentences: every page of runs says it."""
    scored = scored_case(case)
    levels = f"How many incidents to expect is scored on every use: standoff levels {case.about.id}."
    if scored is None:
        return f"Nobody has scored runs of this case: standoff backcast {case.about.id} --rolling. {levels}"
    ranks = ""
    if scored.ranks is not None:
        months, runs, last = scored.ranks
        by_district = ""
        if scored.districts is not None:
            rows, mine, theirs = scored.districts
            by_district = f", and {rows} districts and months with {mine:.2f} and {theirs:.2f}"
        ranks = (
            "Incidents of the baseline are those of the level forecast. They ranked "
            f"{months} months with a correlation of {runs:.2f} to what came, the count of the month before with "
            f"{last:.2f}{by_district}{_outdated(scored.outdated_ranks, scored.ranks_mechanics)}. "
        )
    base, (_, low, high) = min(scored.brier_base, scored.brier_decayed), scored.gap
    verdict = "better than" if high < 0 else "worse than" if low > 0 else "not shown to be better than"
    return (
        f"On {scored.n} questions of this case, made and answered by rule, chances of outcomes were {verdict} base "
        f"rates (mean squared miss {scored.brier:.3f} and {base:.3f}; 90 % of the difference: {low:+.3f} to "
        f"{high:+.3f}). They averaged {percent(scored.mean)}, and {percent(scored.yes / scored.n)} came about; of "
        f"{scored.high} above 40 % {scored.high_came} did{_outdated(scored.outdated, scored.mechanics)}. "
        f"{ranks}{levels}"
    )


def _outdated(changed: bool, release: str) -> str:
    """Return what to say of scores of an earlier release's runs."""
    return f" (runs of {release}; what runs play has changed since)" if changed else ""


def spoken_of(case: Case, run: Run) -> str:
    """Return of which account the findings speak, and how many runs stand behind them."""
    named = quoted([account_title(case, main_account(run))])
    return f"In the account {named} where no other is named; {count(trajectories(run), 'run')} for each account."
