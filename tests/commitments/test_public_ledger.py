"""The ledger's public functions say what a finished run says, and who first broke an agreement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from ledger_case import case, records
from test_completions import ACCOUNTS, disputes

import standoff as so
from standoff.case.claims import Dispute
from standoff.case.model import Case
from standoff.commitments.ledger import bars, rows
from standoff.commitments.monitor import evaluate
from standoff.commitments.track import tracks
from standoff.commitments.why import explain
from standoff.errors import StandoffError
from standoff.views.lines.why import explanation_lines

ON = date(2020, 1, 20)
PACT = """
- {id: red-holds, title: Red holds, kind: maintain, agreement: pact, debtor: red, from: 2020-01-03,
   forbid: {type: shelling}}
- {id: blue-holds, title: Blue holds, kind: maintain, agreement: pact, debtor: blue, from: 2020-01-03,
   forbid: {type: shelling}}
- {id: other, title: Another matter, kind: maintain, debtor: green, from: 2020-01-01, forbid: {type: protest}}
- {id: threat, title: A threat, kind: maintain, adverse: true, agreement: pact, debtor: green, from: 2020-01-01,
   forbid: {type: protest}}"""
LOG = """
- {id: e0, date: 2020-01-05, type: shelling, actor: blue, target: red, sector: north}
- {id: e1, date: 2020-01-08, type: shelling, actor: red, target: blue, sector: north}
- {id: e2, date: 2020-01-04, type: protest, actor: green}"""


def told() -> Case:
    """Both sides fired, Blue first; red's account denies Blue's fire, and one account leaves it open."""
    made = case(
        PACT, LOG, accounts=ACCOUNTS, agreements="- {id: pact, title: Pact, parties: [red, blue], date: 2020-01-03}"
    )
    answers = {
        k: replace(v, answers={d: "asserted" if k == "red-tells" else "denied" for d in v.answers if d == "d0"})
        for k, v in made.accounts.items()
    }
    return replace(made, disputes=records(Dispute, disputes(1)), accounts=answers)


def test_who_first_broke_it_is_the_first_certain_breach_of_a_provision_in_each_account() -> None:
    found = explain(evaluate(told(), on=ON), "blue-holds")["first_breach"]
    red_later = {
        "commitment": "red-holds", "on": "2020-01-08", "debtor": ["red"], "by": ["red"], "in_doubt": {}
    }  # fmt: skip
    assert found == {
        "red-tells": {
            "commitment": "blue-holds",
            "on": "2020-01-05",
            "debtor": ["blue"],
            "by": ["blue"],
            "in_doubt": {},
        },
        "blue-tells": red_later,
        "silent": red_later
        | {"in_doubt": {"blue-holds": "2020-01-05"}},  # blue's fire is disputed, so that only red's is certain
    }
    assert explain(evaluate(told(), on=date(2020, 1, 7)), "blue-holds")["first_breach"]["silent"] is None
    alone = explain(evaluate(told(), on=ON), "other")["first_breach"]
    assert alone["silent"] == {
        "commitment": "other",
        "on": "2020-01-04",
        "debtor": ["green"],
        "by": ["green"],
        "in_doubt": {},
    }


def test_the_explanation_in_words_names_who_broke_it_and_the_events() -> None:
    said = "\n".join(explanation_lines(explain(evaluate(told(), ["red-tells"], on=ON), "blue-holds"))) + "\n"
    assert said.startswith("blue-holds: Blue holds\n")
    assert "\nblue to nobody named; maintain, from 2020-01-03\n" in said
    assert "Pact, no provision named" in said
    assert "According to red-tells (reading); the text" in said
    assert "BROKEN: 1 forbidden event while in force" in said
    assert "[e0]" in said
    assert "red-tells (reading): blue-holds, 2020-01-05, by blue" in said


def test_public_functions_say_what_a_finished_run_says() -> None:
    made = told()
    run = evaluate(made, ["silent"], on=ON)
    assert so.history(made, "silent", on=ON) == bars(run)
    assert so.track(made, "silent", on=ON) == tracks(run, "silent")
    assert so.why(made, "silent", "blue-holds", on=ON) == explain(run, "blue-holds")
    with pytest.raises(StandoffError, match=r"no commitment 'blue-hold'[\s\S]*blue-holds"):
        so.why(made, "silent", "blue-hold", on=ON)


def test_a_bar_lasts_until_the_day_before_the_next_and_the_last_one_is_open() -> None:
    spans = [b for b in so.history(told(), "blue-tells", on=ON) if b.commitment == "red-holds"]
    stood = [(b.from_, b.to, b.state, b.verdict, b.breaches) for b in spans]
    assert stood == [
        (date(2020, 1, 3), date(2020, 1, 7), "detached", "detached", 0),
        (date(2020, 1, 8), None, "violated", "violated", 1),
    ]


UNSEEN = """
- {id: secret, title: Nobody would see it, kind: maintain, debtor: red, from: 2020-01-03, observable: kept in secret}
- {id: seen, title: Everybody would, kind: maintain, debtor: red, from: 2020-01-03, forbid: {type: shelling}}
- {id: allowed, title: May, kind: permission, debtor: red, from: 2020-01-03}"""


@pytest.mark.parametrize(
    ("commitment", "verdict"), [("secret", "unknown"), ("seen", "detached"), ("allowed", "detached")]
)
def test_a_bar_of_what_no_report_could_decide_is_unknown_as_its_row_is(commitment: str, verdict: str) -> None:
    evaluation = evaluate(case(UNSEEN), on=ON)
    assert {r.verdict for r in rows(evaluation, commitment)} == {verdict}
    spans = {(b.from_, b.to, b.state, b.verdict) for b in bars(evaluation) if b.commitment == commitment}
    assert spans == {(date(2020, 1, 3), None, "detached", verdict)}


def test_what_a_user_may_hold_is_said_in_one_line() -> None:
    evaluation = evaluate(told(), on=ON)
    assert repr(evaluation) == "<Evaluation on 2020-01-20: 4 slots; silent, red-tells, blue-tells>"
    assert repr(evaluation.schedule) == "<Schedule from 2020-01-01: 4 slots, 4 signals>"
    assert repr(evaluation.state) == "<State: 6 columns of 4 slots>"
    assert repr(evaluation.facts) == "<Facts: 4 counts on 3 days, 3 accounts>"
    assert repr(rows(evaluation, "other")[0]) == "<Row other according to silent: broken>"


def test_the_history_says_on_a_day_what_the_ledger_says(idlib: Case) -> None:
    spans = so.history(idlib, "record")
    for on in (date(2018, 12, 1), date(2019, 8, 18), date(2019, 9, 1), date(2020, 3, 10)):
        there = {
            (b.commitment, b.key, b.reading): b.verdict for b in spans if b.from_ <= on and (b.to is None or on <= b.to)
        }
        asked = {
            (r.commitment, r.key, r.reading): r.verdict
            for r in so.ledger(idlib, "record", on=on, as_of="2020-12-31")
            if r.verdict != "not-yet"
        }
        assert len(asked) > 20
        assert {row: there.get(row) for row in asked} == asked


@pytest.mark.parametrize(
    ("kind", "day", "verdict"),
    [
        ("kind: maintain, until: 2020-01-05, forbid", "2020-01-05", "contested"),
        ("kind: maintain, until: 2020-01-05, forbid", "2020-01-06", "unknown"),  # over: it decides nothing
        ("kind: maintain, until: 2020-01-05, forbid", "2020-01-04/2020-01-06", "contested"),
        ("kind: achieve, by: 2020-01-05, then", "2020-01-06", "contested"),  # a duty may still be done late
    ],
)
def test_what_is_denied_after_the_last_day_of_a_prohibition_contests_nothing(kind: str, day: str, verdict: str) -> None:
    row = f"{{id: truce, title: T, debtor: red, from: 2020-01-03, {kind}: {{type: shelling, actor: red}}}}"
    event = f"{{id: e, date: {day}, known: 2020-01-07, type: shelling, actor: red, contested: red denies it}}"
    evaluation = evaluate(case(f"- {row}", f"- {event}", coverage=()), ["red-tells"], on=ON)
    assert rows(evaluation, "truce")[0].verdict == verdict
    assert bars(evaluation)[-1].verdict == verdict
