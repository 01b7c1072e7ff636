"""One call from a case to the results of an ensemble."""

from __future__ import annotations

from concurrent.futures import Executor
from datetime import date

from standoff.case.model import Case
from standoff.experiment.ensemble import plan, run
from standoff.experiment.results import Run
from standoff.experiment.spec import make_spec
from standoff.experiment.summary import summarise


def simulate(
    case: Case,
    *,
    accounts: tuple[str, ...] = (),
    scenarios: tuple[str, ...] = (),
    start: date | None = None,
    days: int | None = None,
    trajectories: int = 1000,
    seed: int = 1,
    parameters: str = "drawn",
    executor: Executor | None = None,
) -> Run:
    """Play ``trajectories`` futures for each account and scenario and summarise them.

    Without accounts: the voices and the pooled account. Without scenarios: the baseline. ``executor`` is any
    `concurrent.futures.Executor`; the result does not depend on it. ``parameters`` are ``drawn`` for each trajectory
    from their ranges, or ``fixed`` at their values. Raises StandoffError with everything out of bounds or unknown.
    """
    spec = make_spec(
        case,
        accounts=accounts,
        scenarios=scenarios,
        start=start,
        days=days,
        trajectories=trajectories,
        seed=seed,
        parameters=parameters,
    )
    made = plan(case, spec)
    return summarise(case, made, run(made, executor=executor))
