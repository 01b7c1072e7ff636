"""The few questions every view asks of a run: its main account, its days, how many runs, people displaced in each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from standoff.case.model import Case
from standoff.evidence.stances import kind_of
from standoff.evidence.telling import Doubt, doubts
from standoff.experiment.known import known
from standoff.experiment.results import Break, Run
from standoff.views.accounts import KINDS, title
from standoff.views.words import count, listing

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


def first_day(run: Run) -> date:
    """Return the day a run starts."""
    return date.fromisoformat(str(run.meta["spec"]["start"]))


def known_day(run: Run) -> date:
    """Return the day up to which a run knows what was published."""
    return date.fromisoformat(str(run.meta["spec"].get("as_of") or run.meta["spec"]["start"]))


def last_day(run: Run) -> date:
    """Return the last simulated day."""
    return first_day(run) + timedelta(days=int(run.meta["spec"]["days"]))


def account_title(case: Case, account: str) -> str:
    """Return the title of an account, a reading labelled as one.

    A statement account was never run: where a run has its id, that was an account of an older case.
    """
    if kind_of(case, account) == "statement":
        return f"{account} (a reading of an older edition of the case)"
    return title(case, account)


def drawn_doubts(case: Case, run: Run) -> tuple[Doubt, ...]:
    """Return what is contested outside disputes, as known when the run was made: each drawn at one half."""
    return doubts(known(case, known_day(run)))


def doubt_line(case: Case, run: Run) -> str:
    """Say what is contested and drawn at one half in the runs; nothing where nothing is."""
    drawn = drawn_doubts(case, run)
    if not drawn:
        return ""
    events = sum(len(one.events) for one in drawn)
    titled = [f"{one.title} ({len(one.events)})" for one in drawn if len(one.events) > 1]
    more = f"; all that one party denies together: {listing(titled)}" if titled else ""
    return f"contested and drawn at one half: {count(events, 'recorded event')}{more}"


def accounts_line(case: Case, run: Run) -> str:
    """Say which accounts were run, and of which kind each is."""
    kinds: dict[str, list[str]] = {}
    for name in run.accounts:
        kind = "record" if kind_of(case, name) == "record" else "reading"
        kinds.setdefault(KINDS[kind], []).append(account_title(case, name))
    parts = []
    if KINDS["record"] in kinds:
        parts.append("the record")
    if readings := kinds.get(KINDS["reading"]):
        parts.append(f"{count(len(readings), 'reading')} of it ({'; '.join(readings)})")
    return f"Run: {listing(parts)}. What parties and bodies said is not run: nobody tells all that happened."


def scenario_title(case: Case, scenario: str) -> str:
    """Return the title of a scenario as the case gives it."""
    found = case.scenarios.get(scenario)
    return found.title if found else scenario


def account_titles(case: Case, run: Run) -> dict[str, str]:
    """Return the accounts of a run with their titles, in the run's order."""
    return {account: account_title(case, account) for account in run.accounts}


def displaced(run: Run, account: str, scenario: str = "") -> list[float]:
    """Return people newly displaced by the last day in every trajectory, or nothing where the run did not record it."""
    column = next((name for name in _PEOPLE if name in run.outcomes), None)
    if column is None:
        return []
    return [float(v) for v in run.values(account, column, scenario=scenario) if v is not None]


def quantile(values: Sequence[float], q: float) -> float:
    """Return the empirical quantile with linear interpolation (type 7)."""
    ordered = sorted(values)
    at = q * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


def twenty(values: Sequence[float]) -> list[float]:
    """Return 20 equally likely values: the quantiles at 2.5 %, 7.5 %, ... 97.5 %."""
    return [quantile(values, (i + 0.5) / 20) for i in range(20)]


def first_to_break(run: Run, account: str, scenario: str = "") -> Break | None:
    """Return the promise most often first to be broken in the runs of an account, else the threat not carried out.

    Of those level, one that stood unbroken at the start is named before one that is broken again.
    """
    wanted = (account, scenario or base_scenario(run))
    found = [b for b in run.breaks if (b.account, b.scenario) == wanted and b.first > 0]
    return max(found, key=lambda b: (not b.adverse, round(b.first, 2), b.sound, b.broken), default=None)


def first_unbroken(run: Run, account: str, scenario: str = "") -> Break | None:
    """Return the promise most often first to be broken of those that stood unbroken at the start."""
    wanted = (account, scenario or base_scenario(run))
    found = [b for b in run.breaks if (b.account, b.scenario) == wanted and not b.adverse and b.fresh]
    return max(found, key=lambda b: (round(b.fresh or 0.0, 2), b.broken), default=None)


def how_broken(found: Break) -> str:
    """Return in brackets what "broken" means of a commitment, where it is not simply a promise that stood."""
    if found.adverse:
        return " (threat, not carried out)"
    return " (broken before, and again)" if found.sound < 0.5 else ""
