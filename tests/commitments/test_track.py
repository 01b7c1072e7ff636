"""Track records with disputes: whose breach it was, and an interval that is widened both ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from ledger_case import case, records
from test_completions import ACCOUNTS, disputes
from test_record import LINE, crossings

from standoff.case.claims import Dispute
from standoff.case.model import Case
from standoff.commitments.ledger import ledger
from standoff.commitments.monitor import evaluate
from standoff.commitments.track import Track, track, tracks

FIRST = date(2020, 1, 1)


def one_disputed(terms: str, log: str) -> Case:
    """A case whose event e0 is disputed; ``silent`` leaves it open, red denies it and blue asserts it."""
    made = case(terms, log, accounts=ACCOUNTS)
    answers = {
        k: replace(v, answers={d: a for d, a in v.answers.items() if d == "d0"}) for k, v in made.accounts.items()
    }
    return replace(made, disputes=records(Dispute, disputes(1)), accounts=answers)


def found(made: Case, account: str) -> dict[str, Track]:
    return {t.debtor: t for t in tracks(evaluate(made, [account], on=FIRST + timedelta(days=120)), account)}


def test_a_disputed_instance_widens_the_interval_both_ways_and_leaves_the_mean() -> None:
    day = FIRST + timedelta(days=15)
    log = crossings(3, 1) + f"\n- {{id: e0, date: {day}, type: airstrike, actor: blue, target: red}}"
    open_ = found(one_disputed(LINE, log), "silent")["blue"]
    assert (open_.n, open_.kept, open_.broken, open_.disputed) == (3, 3, 0, 1)
    assert open_.words == "carried out 3 of 3, 1 disputed"
    assert open_.mean == pytest.approx(4 / 5)
    assert open_.low == pytest.approx(0.3426, abs=1e-4)  # Beta(4, 2), as if it was not carried out
    assert open_.high == pytest.approx(0.95 ** (1 / 5))  # Beta(5, 1), as if it was
    assert found(one_disputed(LINE, log), "blue-tells")["blue"].words == "carried out 4 of 4"
    assert found(one_disputed(LINE, log), "red-tells")["blue"].words == "carried out 3 of 4"


def test_a_disputed_breach_counts_as_disputed_against_the_side_that_is_said_to_have_done_it() -> None:
    truce = """
- {id: truce, title: T, kind: maintain, debtor: [red, blue, green], from: 2020-01-01, until: 2020-01-20,
   forbid: {type: shelling}}"""
    log = """
- {id: e0, date: 2020-01-05, type: shelling, actor: red, target: blue}
- {id: e1, date: 2020-01-07, type: shelling, actor: blue, target: red}"""
    counts = {who: (t.kept, t.broken, t.disputed) for who, t in found(one_disputed(truce, log), "silent").items()}
    assert counts == {"red": (0, 0, 1), "blue": (0, 1, 0)}
    counts = {who: (t.kept, t.broken, t.disputed) for who, t in found(one_disputed(truce, log), "blue-tells").items()}
    assert counts == {"red": (0, 1, 0), "blue": (0, 1, 0)}


def test_what_hangs_on_a_deadline_that_no_text_gives_is_no_broken_word() -> None:
    terms = """
- {id: a, title: T, kind: achieve, debtor: red, from: 2020-01-01, within: {assumed: 30d, range: [7d, 90d]},
   then: {type: withdrawal, actor: red}}
- {id: m, title: T, kind: maintain, debtor: red, from: 2020-03, forbid: {type: shelling, actor: red}}"""
    made = case(terms, "- {id: e, date: 2020-03-05, type: shelling, actor: red}")
    (promise, ban) = track(made, "red-tells", on="2020-03-20")
    assert [(t.kept, t.broken, t.disputed) for t in (promise, ban)] == [(0, 0, 1), (0, 0, 1)]
    rows = ledger(made, "red-tells", on="2020-03-20")
    assert [(r.verdict, r.broken, r.disputed, r.breaches, r.breaches_possible) for r in rows] == [
        ("unknown", 0, 1, 0, 0),
        ("unknown", 0, 1, 0, 1),
    ]
    assert [[i.state for i in r.instances] for r in rows] == [["unknown"], ["unknown"]]
    assert rows["m"][0].rule == "depends on the day on which it begins, told as 2020-03"
    late = ledger(made, "red-tells", on="2020-05-01")["a"][0]
    assert (late.verdict, late.broken) == ("violated", 1)
