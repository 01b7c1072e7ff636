"""Whether the machinery holds: reductions, recovery, counts beside the record, the weight of what was assumed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from standoff.case.model import Case, refuse_errors
from standoff.errors import StandoffError, nearest
from standoff.runs.ensemble import make_plan
from standoff.runs.opening import pooled_of
from standoff.runs.predictive import Predictive, predictive
from standoff.runs.prior_sensitivity import Overlap, TornadoBar, belief_overlaps, fitted_overlaps, tornado
from standoff.runs.reductions import Alike, Recovery, Reduction, indistinguishable, recoveries, reductions
from standoff.runs.spec import make_spec


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Verification:
    """Everything that was checked, of a case under one account from ``start`` on.

    ``days`` are those of the tornado; ``outcomes`` the columns of its bars.
    """

    case: str
    account: str
    n: int
    seed: int
    start: date
    days: int
    outcomes: tuple[str, ...]
    reductions: tuple[Reduction, ...]
    recoveries: tuple[Recovery, ...]
    indistinguishable: tuple[Alike, ...]
    predictive: Predictive
    fitted: tuple[Overlap, ...]
    beliefs: tuple[Overlap, ...]
    tornado: tuple[TornadoBar, ...]

    def __repr__(self) -> str:
        reductions = f"{sum(r.holds for r in self.reductions)} of {len(self.reductions)} reductions"
        recoveries = f"{sum(r.holds for r in self.recoveries)} of {len(self.recoveries)} recoveries"
        return f"<Verification {self.case}, account {self.account}: {reductions} and {recoveries} hold>"

    def check(self) -> None:
        """Raise StandoffError where a reduction or a recovery does not hold."""
        if not all(r.holds for r in self.reductions):
            expected = "deviations within what is allowed"
            raise StandoffError.of("a reduction does not hold", file=self.case, expected=expected)
        if not all(r.holds for r in self.recoveries):
            expected = "even ranks, and intervals that hold the truth"
            raise StandoffError.of("a parameter is not found again", file=self.case, expected=expected)

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "case": self.case,
            "account": self.account,
            "n": self.n,
            "seed": self.seed,
            "start": self.start.isoformat(),
            "days": self.days,
            "outcomes": list(self.outcomes),
            "reductions": [{**asdict(r), "holds": r.holds} for r in self.reductions],
            "recoveries": [{**asdict(r), "holds": r.holds} for r in self.recoveries],
            "indistinguishable": [asdict(a) for a in self.indistinguishable],
            "predictive": self.predictive.as_json(),
            "overlaps": [asdict(o) for o in (*self.fitted, *self.beliefs)],
            "tornado": [{**asdict(b), "swing": b.swing} for b in self.tornado],
        }


def verify(
    case: Case,
    *,
    account: str | None = None,
    trajectories: int = 100,
    days: int = 60,
    spell: int = 180,
    seed: int = 1,
    executor: Executor | None = None,
    tell: Callable[[str], None] | None = None,
) -> Verification:
    """Check the machinery on a case: reductions to textbook models, recovery, counts beside the record.

    Parameters
    ----------
    case : Case
        A case with options.
    account : str, optional
        Default: the pooled one.
    trajectories, days : int
        Played for each end of each parameter.
    spell : int
        Days for each spell of the record.
    seed : int
        The same seed gives the same numbers.
    executor, tell
        As of `standoff.runs.ensemble.run`.

    Returns
    -------
    Verification
        What holds, what misses the record, and what hangs on an assumption; ``.check()`` raises where it does not hold.

    Raises
    ------
    StandoffError
        For an account that there is not, or numbers out of bounds.

    Examples
    --------
    >>> import standoff as so
    >>> so.verify(so.load("idlib"), trajectories=2, days=3, spell=10)
    <Verification idlib, account pooled: 5 of 5 reductions and 3 of 3 recoveries hold>
    """
    refuse_errors(case)
    who = account or pooled_of(case)
    if who not in case.accounts:
        hint = nearest(who, case.accounts)
        what = f"there is no account {who!r}"
        raise StandoffError.of(what, file="--account", expected=", ".join(case.accounts), hint=hint)
    spec = make_spec(case, accounts=(who,), trajectories=trajectories, days=days, seed=seed, parameters="fixed")

    def count(done: int, whole: int) -> None:
        if tell and (done == whole or done % 20 == 0):
            tell(f"tornado: {done} of {whole} runs")

    counts = predictive(
        case, account=who, start=spec.start, days=spell, trajectories=trajectories, seed=seed, tell=tell
    )
    ensemble = make_plan(case, spec)
    return Verification(
        case=case.about.id,
        account=who,
        n=trajectories,
        seed=seed,
        start=spec.start,
        days=days,
        outcomes=tuple(ensemble.case.outcomes),
        reductions=reductions(),
        recoveries=recoveries(),
        indistinguishable=indistinguishable(),
        predictive=counts,
        fitted=fitted_overlaps(ensemble),
        beliefs=belief_overlaps(ensemble, who),
        tornado=tornado(ensemble, who, executor=executor, tell=count),
    )
