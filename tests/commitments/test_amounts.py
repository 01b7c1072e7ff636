"""Amounts: what is counted must be what is owed, what came too late is called late, and the told amount is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ledger_case import case, records

from standoff.case.model import Case, Event
from standoff.case.terms import Commitment
from standoff.commitments.checks import check_consequents
from standoff.commitments.daily import daily
from standoff.commitments.ledger import ledger
from standoff.commitments.monitor import evaluate
from standoff.commitments.why import explain

OWED = """
- id: releases
  title: Red releases 400 prisoners
  kind: quantity
  debtor: red
  from: 2020-02-01
  by: 2020-02-29
  then: {type: prisoner-release, actor: red}
  amount: {value: 400, unit: prisoners}
"""
TOLD = """
- {id: e1, date: 2020-02-10, type: prisoner-release, actor: red, low: 250, high: 260, counted: prisoners, source: s}
- {id: e2, date: 2020-02-20, type: prisoner-release, actor: red, low: 9, high: 9, counted: buses, source: s}
- {id: e3, date: 2020-02-21, type: prisoner-release, actor: red, source: s}
- {id: e4, date: 2020-03-02, type: prisoner-release, actor: red, low: 160, high: 160, counted: prisoners, source: s}
"""


def made(terms: str = OWED) -> Case:
    return replace(case(), commitments=records(Commitment, terms), events=records(Event, TOLD))


def test_people_whose_number_is_not_told_are_at_least_one_and_at_most_all() -> None:
    (row,) = ledger(made(), "red-tells", on=date(2020, 2, 29))
    assert row.degree == (252 / 400, 1)  # 250 to 260; how many in the buses, or in what has no number, nobody says
    assert row.rule.endswith("told: at least 252 of 400 prisoners")
    (warning,) = check_consequents(made())
    assert (warning.severity, "e2 counts 'buses' and not 'prisoners'" in warning.what) == ("warning", True)


def test_an_amount_without_a_unit_takes_whatever_is_counted() -> None:
    (row,) = ledger(made(OWED.replace(", unit: prisoners", "")), "red-tells", on=date(2020, 2, 29))
    assert row.degree == (260 / 400, 270 / 400)


def test_what_comes_after_the_deadline_is_late_and_not_in_the_amount() -> None:
    whole = made()
    (row,) = ledger(whole, "red-tells", on=date(2020, 3, 10))
    assert (row.verdict, row.degree) == ("unknown", (252 / 400, 1))
    found = explain(evaluate(whole, ["red-tells"], on=date(2020, 3, 10)), "releases")
    roles = {event["id"]: event["role"] for event in found["rows"][0]["events"]}
    assert roles == dict.fromkeys(("e1", "e2", "e3"), "does what was owed") | {"e4": "does what was owed, late"}
    report = daily(whole, ["red-tells"], on=date(2020, 3, 3), days=7)
    assert [b["role"] for e in report["events"] for b in e["bears_on"]] == ["does, late, what was owed by"]
