"""A trial of every scenario: compiled, and played for a day on each stretch of its changes, before anybody runs it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace

from standoff.case.claims import RECORD
from standoff.case.model import Case, Kind
from standoff.errors import Problem, StandoffError
from standoff.runs.ensemble import Plan, make_plan, play_batch
from standoff.runs.scenario import BASELINE
from standoff.runs.spec import make_spec

CHECK = "trial"


def try_scenarios(case: Case) -> list[Problem]:
    """Compile each scenario of a case and play a few of its days; return what is wrong, in the words of the run.

    A case without options is not played, and has nothing to try.

    Parameters
    ----------
    case : Case
        A case that passes the checks of its records.

    Returns
    -------
    list of Problem
        Everything for which a run would stop, and every number that overflows or is none.
    """
    if not case.options:
        return []
    names = tuple(case.scenarios) or (BASELINE.id,)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            asked = {"accounts": (RECORD.id,), "scenarios": names, "trajectories": 2, "parameters": "fixed"}
            plan = make_plan(case, make_spec(case, **asked))  # type: ignore[arg-type]
        except StandoffError as error:
            return [problem if problem.check else replace(problem, check=CHECK) for problem in error.problems]
        except (ArithmeticError, RuntimeWarning) as error:
            return [_overflow(case, names[0], error)]
        return [problem for name in names for problem in _played(plan, case, name)]


def _played(plan: Plan, case: Case, name: str) -> Iterator[Problem]:
    """Play a day of each stretch of a scenario, one after the other."""
    days = tuple(replace(stretch, start=k, end=k + 1) for k, stretch in enumerate(plan.stretches[name]))
    try:
        for _ in play_batch(plan.setting, plan.openings[RECORD.id], plan.spec, days, 0):
            pass
    except StandoffError as error:
        yield from (replace(problem, check=CHECK) for problem in error.problems)
    except (ArithmeticError, RuntimeWarning) as error:
        yield _overflow(case, name, error)


def _overflow(case: Case, name: str, error: Exception) -> Problem:
    where = case.written.get((Kind.SCENARIOS, name))
    file, line = (where.file, where.line) if where else (f"scenarios/{name}.yaml", 0)
    return Problem(
        file, line, f"the scenario cannot be played: {error}", "numbers that the model can count with", "", CHECK
    )
