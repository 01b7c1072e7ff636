"""Every check of every layer that can run on a case, in one call."""

from __future__ import annotations

from pathlib import Path

from standoff.case.checks import check
from standoff.case.model import Case
from standoff.case.read import read
from standoff.errors import Problem, StandoffError


def every_problem(name: str | Path) -> tuple[Case | None, list[Problem]]:
    """Read a case and check it; return it, or None where it cannot be read, and all problems in the order of lines.

    The checks of evidence, commitments, parameters, scenarios, questions and stories run once the records themselves
    are sound. Raises StandoffError when there is no such case.
    """
    case, problems = read(name)
    if case is None:
        return None, problems
    problems = [*problems, *check(case)]
    if not any(p.severity == "error" for p in problems):
        # they bring geometry and arrays, which a case that cannot be read does not need
        from standoff.commitments.checks import check_commitments
        from standoff.commitments.stories import check_stories
        from standoff.evidence.checks import check_evidence
        from standoff.runs.questions import outcome_of
        from standoff.runs.scenario import check_scenario
        from standoff.world.parameters import check_parameters

        problems += [*check_evidence(case), *check_commitments(case), *check_parameters(case), *check_stories(case)]
        problems += [p for scenario in case.scenarios.values() for p in check_scenario(case, scenario)]
        for question in case.questions.values():
            try:
                outcome_of(case, question)
            except StandoffError as error:
                problems += error.problems
    return case, sorted(problems, key=lambda p: p.sort_key)
