"""The invented case of the template, with outcomes to watch for and a scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from standoff.case.model import Case
from standoff.case.read import SHIPPED, read_records
from standoff.case.strategy import Change, Outcome, Question, Scenario
from standoff.case.terms import Pattern
from standoff.values import When

START = date(2024, 3, 1)


def invented() -> Case:
    case, problems = read_records(SHIPPED.parent / "case" / "template")
    assert case is not None, problems
    outcomes = {
        "red-shells": Outcome(id="red-shells", title="Red shells", event=Pattern(type=("shelling",), actor=("red",))),
        "blue-shells": Outcome(
            id="blue-shells", title="Blue shells", event=Pattern(type=("assault",), actor=("blue",))
        ),
        "thousand": Outcome(id="thousand", title="A thousand displaced", people="newly-displaced", threshold=1000.0),
    }
    scenarios = {
        "road-shut": Scenario(
            id="road-shut",
            title="The road to the camp is shut",
            lever="humanitarian",
            changes=(Change(shut="route:market:camp", from_=When.parse("2024-03-10")),),
        ),
        "threat-withdrawn": Scenario(
            id="threat-withdrawn",
            title="Blue takes its threat back",
            lever="mediation",
            changes=(Change(withdraw="blue-answers", from_=When.parse("2024-03-05")),),
        ),
    }
    questions = {
        "q1": Question(
            id="q1",
            cutoff=When.parse("2024-03-01"),
            text="Does Blue shell by 20 March?",
            deadline=When.parse("2024-03-20"),
            outcome="blue-shells",
            resolved="yes",
            resolution="invented",
            said={"observer": 0.6},
        ),
        "q2": Question(
            id="q2",
            cutoff=When.parse("2024-03-01"),
            text="Are a thousand people displaced by 31 March?",
            deadline=When.parse("2024-03-31"),
            outcome="people:newly-displaced",
            threshold=1000.0,
            resolved="no",
            resolution="invented",
        ),
    }
    return replace(case, outcomes=outcomes, scenarios=scenarios, questions=questions)
