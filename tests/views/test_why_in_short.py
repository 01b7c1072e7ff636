from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

import standoff as so
from standoff.case.model import Case
from standoff.commitments import daily
from standoff.commitments import why as explain
from standoff.commitments.monitor import evaluate
from standoff.evidence.standing import accuses
from standoff.views.lines.daily import daily_lines
from standoff.views.lines.why import explanation_lines


@pytest.fixture(scope="module")
def case() -> Case:
    return so.load("idlib")


@pytest.fixture(scope="module")
def whole(case: Case) -> dict[str, Any]:
    accounts = ("record", "turkey", "russia", "damascus", "ocha", "daher")
    return explain.explain(evaluate(case, accounts, on=date(2018, 12, 1), as_of=None), "sochi-6")


def test_the_answer_stands_below_the_title(whole: dict[str, Any]) -> None:
    lines = explanation_lines(whole)
    assert lines[0].startswith("sochi-6: ")
    answer = " ".join(lines[:5])
    assert "kept according to turkey" in answer  # its ministry on 10 October
    assert "broken according to damascus" in answer  # its minister on 29 October
    assert "russia and ocha say nothing" in answer  # what Russia said of the weapons it said in 2019 and 2020
    assert "contested in the record" in answer or "contested according to the record" in answer


def test_a_reading_is_called_one(whole: dict[str, Any]) -> None:
    page = " ".join(" ".join(explanation_lines(whole)).split())
    assert "daher (reading)" in page
    assert "daher" not in page.replace("daher (reading)", "")


def test_accounts_that_agree_share_a_part(case: Case) -> None:
    made = evaluate(case, ("wsws", "magnier"), on=None, as_of=None)
    lines = explanation_lines(explain.explain(made, "sochi-8"))
    assert "broken according to everybody" in lines[:3]
    assert "\n".join(lines).count("BROKEN") == 1


def test_an_effort_of_which_only_the_result_is_known_is_not_called_broken(case: Case) -> None:
    found = explain.explain(evaluate(case, ("record", "coi"), on=None, as_of=None), "sochi-2")
    answer = " ".join(explanation_lines(found)[:5])
    assert "effort not judged; result broken in the record" in answer
    assert "result broken according to coi" in answer  # it found attacks, and said nothing of Russia's measures


def test_a_daily_report_names_what_changed_and_in_which_account(case: Case) -> None:
    report = daily.daily(case, ("wsws", "daher"), on=case.about.start.start, as_of=None, days=90)
    lines = daily_lines(report)
    titles = {c["title"] for c in report["changed"]} | {o["title"] for o in report["disputed"]}
    assert titles
    page = " ".join(" ".join(lines).split())
    for title in titles:
        assert title in page
    assert "in daher (reading)" in page


def test_what_came_later_is_no_reason_of_a_change(case: Case) -> None:
    changed = daily.daily(case, on=date(2020, 2, 28), as_of=None, days=14)["changed"]
    first = next(c for c in changed if (c["date"], c["now"]) == ("2020-02-20", "contested"))
    assert first["title"].startswith("If one more soldier")
    assert "Balyun" not in first["why"] and (first["why"] or first["rule"])  # that was on the 27th
    page = " ".join(str(so.brief(case, "2020-02-28")).split())
    assert "contested since 1 Jan 2020. [27 Jun 2019: Artillery fire" in page  # an event of another day has its own


def test_whoever_is_accused_stands_with_the_answer(case: Case) -> None:
    report = daily.daily(case, on=date(2020, 2, 28), as_of=None, days=14)
    page = " ".join(" ".join(daily_lines(report, width=400)).split())
    for event in report["events"]:
        if accuses(case.events[event["id"]]):
            assert event["answer"], event["id"]
    assert "answer of the accused: none found" in page and "answer: " in page
    page = " ".join(str(so.brief(case, "2020-02-20")).split())
    assert "alarabiya.net, voaindonesia.com; answer of the accused: none found" in page


def test_a_row_names_its_own_source_where_that_is_no_address(case: Case) -> None:
    event = replace(case.events["t110-post"], source="a tribal source; AFP", claims=())
    assert daily.carrier_words(replace(case, claims={}), event) == "according to a tribal source and AFP"


def test_a_disputed_figure_says_how_many_answers_there_are(case: Case) -> None:
    page = " ".join(str(so.brief(case, "2020-02-28")).split())
    assert "according to OCHA; disputed, with 3 answers in the record (set-c06)" in page


def test_a_table_has_no_row_of_nothing(case: Case) -> None:
    lines = daily_lines(daily.daily(case, on=date(2020, 2, 28), as_of=None, days=1))
    assert not [line for line in lines if line.split()[-2:] == ["0", "0"]]
    assert "Incidents by area" not in lines and "Reports by kind, all that may lie in the period" in lines
