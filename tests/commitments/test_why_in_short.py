from __future__ import annotations

from typing import Any

import pytest

import standoff as so
from standoff.commitments import daily, explain
from standoff.commitments.monitor import evaluate


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    case = so.load("idlib")
    return explain.explain(evaluate(case, ("turkey", "russia", "un"), on=None, as_of=None), "sochi-6")


def test_the_answer_stands_below_the_title(told: dict[str, Any]) -> None:
    lines = explain.text(told).splitlines()
    assert lines[0].startswith("sochi-6: ")
    answer = " ".join(lines[:5])
    assert "kept as told by turkey; broken as told by russia; contested as told by un" in answer


def test_accounts_that_agree_are_told_as_one() -> None:
    case = so.load("idlib")
    made = evaluate(case, ("turkey", "russia"), on=None, as_of=None)
    lines = explain.text(explain.explain(made, "sochi-8")).splitlines()
    assert "broken as told by every account" in lines[:3]
    many = explain.text(explain.explain(made, "sochi-1")).splitlines()
    assert any(line.startswith("in force at 9 places as told by every account") for line in many[:3])


def test_a_daily_report_names_what_changed_and_who_says_so() -> None:
    case = so.load("idlib")
    report = daily.daily(case, ("turkey", "russia"), on=case.about.start.start, as_of=None, days=90)
    lines = daily.text(report).splitlines()
    titles = {c["title"] for c in report["changed"]} | {o["title"] for o in report["disputed"]}
    assert titles
    page = " ".join(" ".join(lines).split())
    for title in titles:
        assert title in page
    assert "[all]" in page
