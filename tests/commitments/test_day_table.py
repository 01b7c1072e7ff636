"""The day of the ledger as tables: each kind, each event, on the days before, on and after each boundary."""

from __future__ import annotations

from datetime import date

import pytest
from ledger_case import Tells, case

from standoff.commitments.engine.states import CODE, degree_score, record_words, settle, words
from standoff.commitments.ledger import Row, rows
from standoff.commitments.monitor import evaluate
from standoff.commitments.patterns.compiler import compile_schedule, follow

HEAD = "id: c, title: C, debtor: red, from: 2020-01-03"
KINDS = {
    "by": "kind: achieve, by: 2020-01-10, then: {type: protest}",
    "within": "kind: achieve, within: 7d, when: {type: shelling}, then: {type: protest}",
    "maintain": "kind: maintain, until: 2020-01-10, forbid: {type: shelling}",
    "quantity": "kind: quantity, by: 2020-01-10, amount: {value: 2, unit: ''}, then: {type: protest}",
    "recurrent": "kind: recurrent, every: 4d, until: 2020-01-10, then: {type: protest}",
    "permission": "kind: permission, until: 2020-01-10, then: {type: protest}",
    "released": "kind: achieve, by: 2020-01-10, then: {type: protest}, release: {type: ceasefire-declared}",
    "cancelled": "kind: achieve, by: 2020-01-10, then: {type: protest}, cancel: {type: ceasefire-declared}",
    "paused": "kind: achieve, by: 2020-01-10, then: {type: protest}, suspend: {type: shelling}, "
    "resume: {type: ceasefire-declared}",
    "paused-hold": "kind: maintain, until: 2020-01-10, forbid: {type: protest}, suspend: {type: shelling}, "
    "resume: {type: ceasefire-declared}",
    "then-by": "kind: achieve, then: {type: protest, by: 2020-01-10}",
    "span": "kind: achieve, within: 7d, then: {type: protest}",
    "never": "kind: maintain, until: 2020-01-10, then: {not: {type: shelling}}",
    "reopened": "kind: maintain, until: 2020-01-20, forbid: {type: shelling}, release: {type: notice}, "
    "reopen: {type: agreement}",
    "quantity-called": "kind: quantity, within: 7d, when: {type: shelling}, amount: {value: 2, unit: ''}, "
    "then: {type: protest}",
    "recurrent-called": "kind: recurrent, every: 4d, until: 2020-01-20, when: {type: shelling}, then: {type: protest}",
    "maintain-called": "kind: maintain, within: 5d, when: {type: protest}, forbid: {type: shelling}",
    "verified": "kind: achieve, by: 2020-01-10, then: {type: protest}, verify: {type: statement}",
    "threshold": "kind: achieve, within: 3d, when: {type: shelling, at_least: 3, per: 5d}, then: {type: protest}",
    "absent": "kind: achieve, within: 3d, when: {not: {type: protest}, by: 2020-01-08}, then: {type: offer}",
    "permission-called": "kind: permission, within: 5d, when: {type: shelling}, then: {type: protest}",
    "quantity-verified": "kind: quantity, by: 2020-01-10, amount: {value: 2, unit: ''}, then: {type: protest}, "
    "verify: {type: statement}",
}


def row(kind: str, log: str, on: int) -> Row:
    """The row on a day of January, of a log of ``type day`` pairs."""
    pairs = [pair.split() for pair in log.split(",") if pair.strip()]
    events = "\n".join(
        f"- {{id: e{n}, date: 2020-01-{int(day):02}, type: {type_}, actor: red, sector: north}}"
        for n, (type_, day) in enumerate(pairs)
    )
    made = case(f"- {{{HEAD}, {KINDS[kind]}}}", events)
    return rows(evaluate(made, ["red-tells"], on=date(2020, 1, on)))[0]


DAYS = [
    # kind, log, day -> verdict, begun, kept, broken
    ("by", "", 2, "not-yet", 0, 0, 0),
    ("by", "", 3, "detached", 1, 0, 0),
    ("by", "", 10, "detached", 1, 0, 0),
    ("by", "", 11, "violated", 1, 0, 1),
    ("by", "protest 2", 3, "detached", 1, 0, 0),
    ("by", "protest 3", 3, "satisfied", 1, 1, 0),
    ("by", "protest 10", 10, "satisfied", 1, 1, 0),
    ("by", "protest 10", 20, "satisfied", 1, 1, 0),
    ("by", "protest 11", 11, "violated", 1, 0, 1),
    ("by", "shelling 5", 5, "detached", 1, 0, 0),
    ("within", "", 30, "conditional", 0, 0, 0),
    ("within", "shelling 2", 30, "conditional", 0, 0, 0),
    ("within", "shelling 3", 3, "detached", 1, 0, 0),
    ("within", "shelling 3", 10, "detached", 1, 0, 0),
    ("within", "shelling 3", 11, "violated", 1, 0, 1),
    ("within", "shelling 3, protest 3", 3, "satisfied", 1, 1, 0),
    ("within", "shelling 3, protest 10", 11, "satisfied", 1, 1, 0),
    ("within", "shelling 3, protest 11", 11, "violated", 1, 0, 1),
    ("within", "shelling 3, shelling 5, protest 9", 12, "satisfied", 2, 2, 0),
    ("within", "shelling 3, shelling 5", 11, "detached", 2, 0, 1),
    ("within", "shelling 3, shelling 5", 13, "violated", 2, 0, 2),
    ("within", "shelling 3, shelling 20, protest 21", 22, "violated", 2, 1, 1),
    ("maintain", "", 10, "detached", 1, 0, 0),
    ("maintain", "", 11, "satisfied", 1, 1, 0),
    ("maintain", "shelling 2", 11, "satisfied", 1, 1, 0),
    ("maintain", "shelling 3", 3, "violated", 1, 0, 1),
    ("maintain", "shelling 10", 10, "violated", 1, 0, 1),
    ("maintain", "shelling 11", 11, "satisfied", 1, 1, 0),
    ("maintain", "shelling 4, shelling 5", 11, "violated", 1, 0, 1),
    ("quantity", "protest 10", 10, "detached", 1, 0, 0),
    ("quantity", "protest 9, protest 10", 10, "satisfied", 1, 1, 0),
    ("quantity", "protest 2, protest 10", 11, "violated", 1, 0, 1),
    ("quantity", "protest 10, protest 11", 11, "violated", 1, 0, 1),
    ("recurrent", "protest 3, protest 10", 11, "satisfied", 1, 2, 0),
    ("recurrent", "protest 6, protest 7", 11, "satisfied", 1, 2, 0),
    ("recurrent", "protest 3", 6, "detached", 1, 0, 0),
    ("recurrent", "protest 3", 7, "detached", 1, 1, 0),
    ("recurrent", "protest 2", 7, "detached", 1, 0, 0),
    ("recurrent", "protest 2", 8, "violated", 1, 0, 1),
    ("recurrent", "protest 2, protest 7", 8, "detached", 1, 1, 0),
    ("recurrent", "protest 6", 11, "violated", 1, 1, 1),
    ("permission", "", 10, "detached", 1, 0, 0),
    ("permission", "protest 10", 10, "detached", 1, 1, 0),
    ("permission", "protest 10", 11, "expired", 1, 1, 0),
    ("permission", "protest 2, protest 11", 11, "expired", 1, 0, 0),
    ("released", "ceasefire-declared 10", 10, "released", 1, 0, 0),
    ("released", "ceasefire-declared 10, protest 10", 10, "unknown", 1, 0, 0),
    ("released", "ceasefire-declared 11", 11, "violated", 1, 0, 1),
    ("cancelled", "ceasefire-declared 10", 10, "violated", 1, 0, 1),
    ("cancelled", "ceasefire-declared 2", 3, "detached", 1, 0, 0),
    ("cancelled", "protest 9, ceasefire-declared 10", 10, "satisfied", 1, 1, 0),
    ("paused", "shelling 5", 5, "suspended", 1, 0, 0),
    ("paused", "shelling 5", 20, "suspended", 1, 0, 0),
    ("paused", "shelling 5, ceasefire-declared 8", 8, "detached", 1, 0, 0),
    ("paused", "shelling 5, ceasefire-declared 8", 13, "detached", 1, 0, 0),
    ("paused", "shelling 5, ceasefire-declared 8", 14, "violated", 1, 0, 1),
    ("paused", "shelling 5, ceasefire-declared 8, protest 13", 14, "satisfied", 1, 1, 0),
    ("paused-hold", "shelling 5, protest 6", 6, "suspended", 1, 0, 0),
    ("paused-hold", "shelling 5, ceasefire-declared 8, protest 6", 8, "detached", 1, 0, 0),
    ("paused-hold", "shelling 5, ceasefire-declared 8, protest 8", 8, "unknown", 1, 0, 0),
    ("then-by", "", 10, "detached", 1, 0, 0),
    ("then-by", "", 11, "violated", 1, 0, 1),
    ("then-by", "protest 10", 10, "satisfied", 1, 1, 0),
    ("then-by", "protest 11", 11, "violated", 1, 0, 1),
    ("span", "", 10, "detached", 1, 0, 0),
    ("span", "", 11, "violated", 1, 0, 1),
    ("span", "protest 10", 10, "satisfied", 1, 1, 0),
    ("span", "protest 2", 11, "violated", 1, 0, 1),
    ("never", "", 10, "detached", 1, 0, 0),
    ("never", "", 11, "satisfied", 1, 1, 0),
    ("never", "shelling 4", 4, "violated", 1, 0, 1),
    ("never", "shelling 11", 11, "satisfied", 1, 1, 0),
    ("reopened", "notice 5", 4, "detached", 1, 0, 0),
    ("reopened", "notice 5", 5, "released", 1, 0, 0),
    ("reopened", "notice 5", 20, "released", 1, 0, 0),
    ("reopened", "notice 5, agreement 8", 7, "released", 1, 0, 0),
    ("reopened", "notice 5, agreement 8", 8, "detached", 2, 0, 0),
    ("reopened", "notice 5, agreement 8", 20, "detached", 2, 0, 0),
    ("reopened", "notice 5, agreement 8", 21, "satisfied", 2, 1, 0),
    ("reopened", "notice 5, shelling 6, agreement 8", 8, "detached", 2, 0, 0),
    ("reopened", "notice 5, shelling 6, agreement 8", 21, "satisfied", 2, 1, 0),
    ("reopened", "notice 5, agreement 8, shelling 9", 8, "detached", 2, 0, 0),
    ("reopened", "notice 5, agreement 8, shelling 9", 9, "violated", 2, 0, 1),
    ("reopened", "notice 5, agreement 8, shelling 9", 21, "violated", 2, 0, 1),
    ("reopened", "agreement 4, notice 5", 6, "released", 1, 0, 0),
    ("reopened", "notice 5, agreement 5", 5, "unknown", 1, 0, 0),
    ("reopened", "shelling 4, notice 5, agreement 8", 4, "violated", 1, 0, 1),
    ("reopened", "shelling 4, notice 5, agreement 8", 5, "violated", 1, 0, 1),
    ("reopened", "shelling 4, notice 5, agreement 8", 8, "detached", 2, 0, 1),
    ("reopened", "shelling 4, notice 5, agreement 8", 21, "violated", 2, 1, 1),
    ("reopened", "notice 5, agreement 22", 22, "detached", 2, 0, 0),
    ("reopened", "notice 5, agreement 8, notice 9, agreement 12", 9, "released", 2, 0, 0),
    ("reopened", "notice 5, agreement 8, notice 9, agreement 12", 12, "detached", 3, 0, 0),
    ("reopened", "notice 5, agreement 8, notice 9, agreement 12", 21, "satisfied", 3, 1, 0),
    ("quantity-called", "protest 2, shelling 3, protest 5", 10, "detached", 1, 0, 0),
    ("quantity-called", "protest 2, shelling 3, protest 5", 11, "violated", 1, 0, 1),
    ("quantity-called", "shelling 3, protest 3, protest 10", 10, "satisfied", 1, 1, 0),
    ("quantity-called", "shelling 3, shelling 5, protest 4, protest 12", 11, "detached", 1, 0, 0),
    ("quantity-called", "shelling 3, shelling 5, protest 4, protest 12", 12, "satisfied", 1, 1, 0),
    ("quantity-called", "shelling 3, shelling 5, protest 4, protest 12", 13, "satisfied", 1, 1, 0),
    ("quantity-called", "shelling 3, shelling 5", 12, "detached", 1, 0, 0),
    ("quantity-called", "shelling 3, shelling 5", 13, "violated", 1, 0, 1),
    ("quantity-called", "shelling 3, protest 4, protest 5, shelling 6, protest 7", 5, "satisfied", 1, 1, 0),
    ("quantity-called", "shelling 3, protest 4, protest 5, shelling 6, protest 7", 6, "detached", 2, 1, 0),
    ("quantity-called", "shelling 3, protest 4, protest 5, shelling 6, protest 7", 7, "detached", 2, 1, 0),
    ("quantity-called", "shelling 3, protest 4, protest 5, shelling 6, protest 7", 13, "detached", 2, 1, 0),
    ("quantity-called", "shelling 3, protest 4, protest 5, shelling 6, protest 7", 14, "violated", 2, 1, 1),
    ("quantity-called", "shelling 3, protest 4, protest 12", 11, "violated", 1, 0, 1),
    ("quantity-called", "shelling 3, protest 4, protest 12", 12, "violated", 1, 0, 1),
    ("recurrent-called", "", 20, "conditional", 0, 0, 0),
    ("recurrent-called", "", 21, "expired", 0, 0, 0),
    ("recurrent-called", "shelling 5", 8, "detached", 1, 0, 0),
    ("recurrent-called", "shelling 5", 9, "detached", 1, 0, 0),
    ("recurrent-called", "shelling 5", 10, "violated", 1, 0, 1),
    ("recurrent-called", "shelling 5, protest 9", 9, "detached", 1, 0, 0),
    ("recurrent-called", "shelling 5, protest 9", 10, "detached", 1, 1, 0),
    ("recurrent-called", "shelling 5, protest 6, protest 11", 9, "detached", 1, 1, 0),
    ("recurrent-called", "shelling 5, protest 6, protest 11", 12, "detached", 1, 1, 0),
    ("recurrent-called", "shelling 5, protest 6, protest 11", 13, "detached", 1, 2, 0),
    (
        "recurrent-called",
        "shelling 5, protest 6, protest 9, shelling 11, protest 13, protest 17",
        20,
        "detached",
        1,
        3,
        0,
    ),
    (
        "recurrent-called",
        "shelling 5, protest 6, protest 9, shelling 11, protest 13, protest 17",
        21,
        "satisfied",
        1,
        4,
        0,
    ),
    ("maintain-called", "shelling 4", 20, "conditional", 0, 0, 0),
    ("maintain-called", "protest 4, shelling 5", 5, "violated", 1, 0, 1),
    ("maintain-called", "protest 4, shelling 9", 8, "detached", 1, 0, 0),
    ("maintain-called", "protest 4, shelling 9", 9, "violated", 1, 0, 1),
    ("maintain-called", "protest 4, shelling 10", 9, "detached", 1, 0, 0),
    ("maintain-called", "protest 4, shelling 10", 10, "satisfied", 1, 1, 0),
    ("maintain-called", "protest 4, protest 7, shelling 12", 11, "detached", 1, 0, 0),
    ("maintain-called", "protest 4, protest 7, shelling 12", 12, "violated", 1, 0, 1),
    ("maintain-called", "protest 4, protest 12, shelling 13", 10, "satisfied", 1, 1, 0),
    ("maintain-called", "protest 4, protest 12, shelling 13", 12, "detached", 2, 1, 0),
    ("maintain-called", "protest 4, protest 12, shelling 13", 13, "violated", 2, 1, 1),
    ("maintain-called", "protest 4, protest 12, shelling 13", 18, "violated", 2, 1, 1),
    ("maintain-called", "protest 4, shelling 5, protest 12", 12, "detached", 2, 0, 1),
    ("maintain-called", "protest 4, shelling 5, protest 12", 18, "violated", 2, 1, 1),
    ("verified", "protest 5", 5, "claimed", 1, 0, 0),
    ("verified", "protest 5", 11, "claimed", 1, 0, 0),
    ("verified", "protest 5, statement 7", 6, "claimed", 1, 0, 0),
    ("verified", "protest 5, statement 7", 7, "satisfied", 1, 1, 0),
    ("verified", "protest 5, statement 20", 19, "claimed", 1, 0, 0),
    ("verified", "protest 5, statement 20", 20, "satisfied", 1, 1, 0),
    ("verified", "statement 4, protest 5", 5, "claimed", 1, 0, 0),
    ("verified", "protest 12, statement 13", 12, "violated", 1, 0, 1),
    ("verified", "protest 12, statement 13", 13, "violated", 1, 0, 1),
    ("verified", "statement 5", 11, "violated", 1, 0, 1),
    ("threshold", "shelling 3, shelling 4", 9, "conditional", 0, 0, 0),
    ("threshold", "shelling 3, shelling 4, shelling 7", 6, "conditional", 0, 0, 0),
    ("threshold", "shelling 3, shelling 4, shelling 7", 7, "detached", 1, 0, 0),
    ("threshold", "shelling 3, shelling 4, shelling 7", 10, "detached", 1, 0, 0),
    ("threshold", "shelling 3, shelling 4, shelling 7", 11, "violated", 1, 0, 1),
    ("threshold", "shelling 3, shelling 4, shelling 8", 8, "conditional", 0, 0, 0),
    ("threshold", "shelling 2, shelling 3, shelling 4", 4, "conditional", 0, 0, 0),
    ("threshold", "shelling 3, shelling 4, shelling 7, protest 10", 11, "satisfied", 1, 1, 0),
    ("absent", "", 8, "conditional", 0, 0, 0),
    ("absent", "", 9, "detached", 1, 0, 0),
    ("absent", "", 11, "detached", 1, 0, 0),
    ("absent", "", 12, "detached", 1, 0, 0),
    ("absent", "protest 8", 8, "conditional", 0, 0, 0),
    ("absent", "protest 8", 9, "expired", 0, 0, 0),
    ("absent", "protest 2", 8, "conditional", 0, 0, 0),
    ("absent", "protest 2", 9, "detached", 1, 0, 0),
    ("absent", "protest 9", 9, "detached", 1, 0, 0),
    ("absent", "offer 11", 11, "satisfied", 1, 1, 0),
    ("absent", "offer 11", 12, "satisfied", 1, 1, 0),
    ("absent", "offer 8", 9, "detached", 1, 0, 0),
    ("absent", "offer 8", 12, "detached", 1, 0, 0),
    ("permission-called", "protest 4", 4, "conditional", 0, 0, 0),
    ("permission-called", "shelling 4, protest 5, protest 9, protest 10", 3, "conditional", 0, 0, 0),
    ("permission-called", "shelling 4, protest 5, protest 9, protest 10", 4, "detached", 1, 0, 0),
    ("permission-called", "shelling 4, protest 5, protest 9, protest 10", 9, "detached", 1, 2, 0),
    ("permission-called", "shelling 4, protest 5, protest 9, protest 10", 10, "expired", 1, 2, 0),
    ("permission-called", "shelling 4", 10, "expired", 1, 0, 0),
    ("permission-called", "shelling 4, shelling 7, protest 12", 12, "detached", 1, 1, 0),
    ("permission-called", "shelling 4, shelling 7, protest 12", 13, "expired", 1, 1, 0),
    ("quantity-verified", "protest 4, protest 5", 5, "claimed", 1, 0, 0),
    ("quantity-verified", "protest 4, protest 5", 11, "claimed", 1, 0, 0),
    ("quantity-verified", "protest 4, protest 5, statement 8", 7, "claimed", 1, 0, 0),
    ("quantity-verified", "protest 4, protest 5, statement 8", 8, "satisfied", 1, 1, 0),
    ("quantity-verified", "protest 4, statement 8, protest 9", 9, "claimed", 1, 0, 0),
]


@pytest.mark.parametrize(("kind", "log", "on", "verdict", "begun", "kept", "broken"), DAYS)
def test_a_kind_on_a_day(kind: str, log: str, on: int, verdict: str, begun: int, kept: int, broken: int) -> None:
    one = row(kind, log, on)
    assert (one.verdict, one.begun, one.kept, one.broken) == (verdict, begun, kept, broken)


@pytest.mark.parametrize(
    ("worst", "best", "disputed", "same", "verdict"),
    [
        ("satisfied", "satisfied", False, True, "satisfied"),
        ("satisfied", "satisfied", False, False, "unknown"),
        ("satisfied", "satisfied", True, False, "contested"),
        ("violated", "violated", False, True, "violated"),
        ("violated", "violated", True, False, "violated"),  # broken in both, however often
        ("violated", "satisfied", False, True, "unknown"),
        ("violated", "satisfied", True, True, "contested"),
        ("detached", "conditional", True, True, "contested"),
        ("not-yet", "not-yet", True, True, "not-yet"),
    ],
)
def test_a_verdict_from_two_completions(worst: str, best: str, disputed: bool, same: bool, verdict: str) -> None:
    assert settle(CODE[worst], CODE[best], disputed, same) == verdict


@pytest.mark.parametrize(
    ("verdict", "adverse", "kept", "broken", "text"),
    [
        ("violated", False, 2, 1, "kept 2 of 3"),
        ("violated", True, 2, 1, "carried out 2 of 3"),
        ("violated", False, 0, 1, "broken"),
        ("violated", False, 1, 0, "broken"),
        ("violated", True, 0, 1, "not carried out"),
        ("satisfied", False, 2, 1, "kept"),
        ("satisfied", True, 1, 0, "carried out"),
        ("contested", False, 1, 1, "contested"),
    ],
)
def test_a_mixed_record_says_how_often(verdict: str, adverse: bool, kept: int, broken: int, text: str) -> None:
    assert record_words(verdict, adverse, kept, broken) == text


@pytest.mark.parametrize(
    ("state", "promise", "threat"),
    [
        ("not-yet", "not yet in force", "not yet in force"),
        ("conditional", "waiting for its condition", "not tested"),
        ("detached", "in force", "called: due"),
        ("satisfied", "kept", "carried out"),
        ("violated", "broken", "not carried out"),
        ("expired", "lapsed untested", "not tested"),
        ("suspended", "suspended", "suspended"),
        ("released", "released", "released"),
        ("superseded", "replaced", "replaced"),
        ("contested", "contested", "contested"),
        ("unknown", "unknown", "unknown"),
        ("result-broken", "effort not judged; result broken", "effort not judged; result broken"),
        ("partly", "kept in part", "carried out in part"),
        ("broken", "broken", "not carried out"),
        ("kept", "kept", "carried out"),
        ("in-force", "still in force", "still in force"),
        ("denies", "denies it", "denies it"),
        ("silent", "says nothing", "says nothing"),
        ("both", "says both", "says both"),
        ("own-act", "reports its own act", "reports its own act"),
    ],
)
def test_a_state_in_plain_words(state: str, promise: str, threat: str) -> None:
    assert (words(state, False), words(state, True)) == (promise, threat)


@pytest.mark.parametrize(
    ("degree", "score"), [(-0.1, 0), (0, 0), (0.01, 1), (0.49, 1), (0.5, 2), (0.99, 2), (1, 3), (1.2, 3)]
)
def test_a_degree_of_compliance_has_a_score_of_the_matrix(degree: float, score: int) -> None:
    assert degree_score(degree) == score


def test_a_period_that_nobody_watched_is_neither_kept_nor_broken() -> None:
    terms = f"- {{{HEAD}, {KINDS['recurrent']}}}"
    assert rows(evaluate(case(terms, coverage=()), ["red-tells"], on=date(2020, 1, 12)))[0].verdict == "unknown"
    assert rows(evaluate(case(terms), ["red-tells"], on=date(2020, 1, 12)))[0].verdict == "violated"


def test_a_telling_holds_the_text_or_its_reading_and_nothing_that_is_off() -> None:
    terms = f"""
- {{{HEAD}, {KINDS["by"]}, readings: [{{id: wide, title: W, then: {{type: shelling}}}}]}}
- {{id: d, title: D, debtor: red, from: 2020-01-03, {KINDS["maintain"]}}}"""
    schedule = compile_schedule(case(terms), first=date(2020, 1, 1))
    slots = [(s.commitment, s.reading) for s in schedule.slots]
    tellings = [Tells(), Tells(readings={"c": "wide"}), Tells(off=frozenset({"c"}))]
    _, own = follow(schedule, tellings, every_reading=True)
    readings = [{slot for slot, yes in zip(slots, column.tolist(), strict=True) if yes} for column in own]
    assert readings == [{("c", ""), ("d", "")}, {("c", "wide"), ("d", "")}, {("d", "")}]
