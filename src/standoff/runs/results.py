"""What a run found, as frozen records: one kind a table of the run folder, and `Run`, which holds them all."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standoff.errors import StandoffError, nearest
from standoff.oneline import OneLine
from standoff.record_list import RecordList
from standoff.text.sentences import count

if TYPE_CHECKING:
    from standoff.runs.compare import Difference


@dataclass(frozen=True, slots=True, repr=False)
class Outlook(OneLine):
    """How often an outcome came about: share ``p`` of ``n`` trajectories, with a 90 % Monte-Carlo interval."""

    account: str
    scenario: str
    outcome: str
    title: str
    n: int
    p: float
    low: float
    high: float
    by: str


@dataclass(frozen=True, slots=True, repr=False)
class Fan(OneLine):
    """Quantiles over trajectories of one series on one day; an empty ``place`` is the whole region."""

    account: str
    scenario: str
    series: str
    place: str
    date: str
    mean: float
    q05: float
    q10: float
    q25: float
    q50: float
    q75: float
    q90: float
    q95: float


@dataclass(frozen=True, slots=True, repr=False)
class Arrivals(OneLine):
    """People who arrived at a place over the run, quantiles over trajectories; ``date`` is the last day."""

    account: str
    scenario: str
    place: str
    date: str
    mean: float
    q05: float
    q50: float
    q95: float


@dataclass(frozen=True, slots=True, repr=False)
class AreaIncidents(OneLine):
    """Incidents in an area from the start over so many days, quantiles over ``n`` trajectories.

    ``level`` is the forecast of the counts alone, which the mean over the baseline equals; ``last`` what was counted in
    as many days before the start. The area ``everywhere`` is the sum.
    """

    account: str
    scenario: str
    area: str
    days: int
    n: int
    mean: float
    q10: float
    q50: float
    q90: float
    level: float
    last: int


@dataclass(frozen=True, slots=True, repr=False)
class OptionDays(OneLine):
    """Days of a run on which an option is pursued, mean over ``n`` trajectories, and how many more than in the first
    scenario: mean of the paired differences with its 90 % Monte-Carlo interval; all 0 in the first scenario.
    """

    account: str
    scenario: str
    option: str
    title: str
    actor: str
    n: int
    days: float
    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, repr=False)
class AnswerEffect(OneLine):
    """What one answer to a dispute changes: share ``p`` of the ``n`` trajectories that hold it, less that of others.

    The trajectories are those whose answers are drawn dispute by dispute (the last account where there are none), in
    the first scenario; the interval of the difference is 90 %. Where it is ``paired`` the others are the same ``n``
    trajectories with another answer to this dispute, and all else, luck included, the same.
    """

    dispute: str
    answer: str
    outcome: str
    n: int
    p: float
    others: int
    p_others: float
    difference: float
    low: float
    high: float
    paired: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Break(OneLine):
    """How a commitment fared: shares of ``n`` trajectories in which it was tested, broken, and the first to be broken.

    Promises and threats run apart; of several broken on the first day each counts. ``median_day`` counts from the start
    over the trajectories that broke it; empty when none did. ``sound`` is the share in which it stood unbroken at the
    start: where it is 0, the commitment had been broken before and is broken again. ``fresh`` is the share in which it
    was the first to be broken of those that stood unbroken at the start; None in a run folder of an older edition.
    """

    account: str
    scenario: str
    commitment: str
    title: str
    debtor: str
    adverse: bool
    n: int
    detached: float
    broken: float
    first: float
    median_day: float | None
    sound: float
    fresh: float | None = None


@dataclass(frozen=True, slots=True, repr=False)
class LedgerSpan(OneLine):
    """A stretch of days during which a recorded commitment was in one state, as one account has it."""

    commitment: str
    key: str
    account: str
    reading: str
    from_: str
    to: str
    state: str
    verdict: str
    breaches: int


@dataclass(frozen=True, slots=True, repr=False)
class Matters(OneLine):
    """How much an outcome hangs on a dispute: shares of variance and the expected Brier reduction once settled."""

    outcome: str
    dispute: str
    question: str
    n: int
    share_chance: float
    share_disputed: float
    first_order: float
    low: float
    high: float
    p_top: float
    brier: float
    total: float | None = None
    shapley: float | None = None
    account: str = "pooled"


@dataclass(frozen=True, slots=True, repr=False)
class Present(OneLine):
    """People in an area at the end of a day, quantiles over trajectories.

    ``measure`` is ``present`` (everybody), ``displaced`` (away from home and staying there) or ``newcomers`` (those of
    them who came since the start). ``start`` is how many there were on the first morning. ``reported`` is the last
    stock of displaced people that was reported for the area by then, with its day; empty where there is none. The area
    ``on the road`` are those who travel overnight: with it the means of ``present`` sum to everybody.
    """

    account: str
    scenario: str
    pcode: str
    area: str
    date: str
    measure: str
    start: float
    mean: float
    q05: float
    q10: float
    q25: float
    q50: float
    q75: float
    q90: float
    q95: float
    reported: float | None = None
    reported_on: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class CameFrom(OneLine):
    """Mean displaced people staying in an area on the last day, by the area they left (empty: displaced before)."""

    account: str
    scenario: str
    pcode: str
    area: str
    date: str
    from_pcode: str
    from_area: str
    mean: float


TABLES: dict[str, type] = {
    "outlook": Outlook,
    "quantiles": Fan,
    "arrivals": Arrivals,
    "incidents": AreaIncidents,
    "options": OptionDays,
    "answers": AnswerEffect,
    "breaks": Break,
    "ledger": LedgerSpan,
    "matters": Matters,
    "present": Present,
    "origins": CameFrom,
}


@dataclass(frozen=True, slots=True, repr=False)
class Run:
    """Everything a run folder holds. ``meta`` is run.json; ``outcomes`` maps a column to one value a trajectory.

    An outcome's value is the day, counted from 1, on which it first came about, and None where it never did.
    """

    meta: Mapping[str, Any]
    outlook: tuple[Outlook, ...] = ()
    quantiles: tuple[Fan, ...] = ()
    arrivals: tuple[Arrivals, ...] = ()
    breaks: tuple[Break, ...] = ()
    ledger: tuple[LedgerSpan, ...] = ()
    matters: tuple[Matters, ...] = ()
    present: tuple[Present, ...] = ()
    origins: tuple[CameFrom, ...] = ()
    outcomes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    root: Path | None = None
    incidents: tuple[AreaIncidents, ...] = ()
    options: tuple[OptionDays, ...] = ()
    answers: tuple[AnswerEffect, ...] = ()
    case: Any = field(default=None, compare=False)  # what it was run on, where it was run here

    def __repr__(self) -> str:
        spec = self.meta["spec"]
        columns = f"{count(len(self.accounts), 'account')} x {count(len(self.scenarios), 'scenario')}"
        columns += f", n = {spec['trajectories']:,}"
        return f"<Run {self.meta['case']['id']}: {columns}, {spec['days']} days from {spec['start']}>"

    @property
    def accounts(self) -> tuple[str, ...]:
        """Accounts in the order of the spec."""
        return tuple(self.meta["spec"]["accounts"])

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Scenarios in the order of the spec."""
        return tuple(self.meta["spec"]["scenarios"])

    @property
    def warnings(self) -> tuple[str, ...]:
        """What checks warned of the case when it was run."""
        return tuple(self.meta.get("warnings", ()))

    def fan(self, account: str, series: str, *, scenario: str = "", place: str = "") -> tuple[Fan, ...]:
        """Return one series by day; ``scenario`` empty is the first of the run."""
        key = (account, scenario or self.scenarios[0], series, place)
        return tuple(row for row in self.quantiles if (row.account, row.scenario, row.series, row.place) == key)

    def compare(self, scenario: str = "", *, account: str = "") -> RecordList[Difference]:
        """Return what scenarios change beside the first one, trajectory by trajectory, with 90 % intervals.

        Parameters
        ----------
        scenario, account
            Those of one scenario or account; empty: of all.

        Raises
        ------
        StandoffError
            For a name that the run does not have, with the nearest.
        """
        for name, names in ((scenario, self.scenarios), (account, self.accounts)):
            if name and name not in names:
                raise StandoffError.of(f"the run has no {name!r}", expected=", ".join(names), hint=nearest(name, names))
        every = importlib.import_module("standoff.runs.compare").paired_differences(self)
        wanted = (d for d in every if d.kind == "scenario" and scenario in ("", d.scenario))
        return RecordList(d for d in wanted if account in ("", d.account))

    def plot(self, kind: str = "displacement", *, scenario: str = "", case: Any = None) -> Any:
        """Return a picture of the run (`standoff.views.plots.plot_of_run`), which a notebook shows."""
        return importlib.import_module("standoff.views.plots").plot_of_run(self, kind, scenario=scenario, case=case)

    def values(self, account: str, outcome: str, *, scenario: str = "") -> tuple[Any, ...]:
        """Return one column of outcomes.csv for an account, in the order of trajectories."""
        where = scenario or self.scenarios[0]
        rows = zip(self.outcomes["account"], self.outcomes["scenario"], self.outcomes[outcome], strict=True)
        return tuple(value for a, s, value in rows if a == account and s == where)
