"""Resting on quiet days and revising one report change nothing but the time it takes."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from test_completions import LAST, build, imprecise, pinned
from test_oracle import DAYS, FIRST, Record

from standoff.case.model import Case
from standoff.commitments.coverage import unseen
from standoff.commitments.ledger import rows
from standoff.commitments.monitor import Evaluation, evaluate, start
from standoff.commitments.revision import Revision
from standoff.commitments.run import run_facts

QUICK = (Phase.reuse, Phase.generate)  # a failing log is short enough without minutes of shrinking
Given = tuple[list[Record], list[Record], int]
FIELDS = (
    "state",
    "waiting",
    "begun",
    "kept",
    "broken",
    "breaches",
    "first_broken",
    "remedied",
    "paused",
    "live",
    "held",
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(imprecise())
def test_days_that_are_rested_on_change_nothing(given_: Given) -> None:
    terms, log, disputed = given_
    made = pinned(build(terms, log, disputed))
    made = replace(made, coverage=(replace(made.coverage[0], to=made.about.period),) if len(log) % 2 else ())
    run = evaluate(made, on=LAST)
    slow, marks = start(run.plan, run.tellings), {}
    blind = unseen(run.plan, made, run.matcher.geography, DAYS)
    run_facts(run.plan, slow, run.facts, DAYS, unwatched=blind, marks=marks, rest=False)
    for name in FIELDS:
        assert (getattr(slow, name) == getattr(run.state, name)).all(), name
    assert marks == run.marks


def plain(run: Evaluation) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows(run)]


def without(made: Case, event: str) -> Case:
    return replace(made, events={k: v for k, v in made.events.items() if k != event})


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(imprecise())
def test_one_report_withdrawn_and_put_back_equals_a_full_run(given_: Given) -> None:
    terms, log, _ = given_
    made = pinned(build(terms, log))
    if not log:
        return
    run = evaluate(made, on=LAST)
    as_it_was = plain(run)
    revision = Revision(run)
    revision.withdraw("e0")
    fresh = evaluate(without(made, "e0"), on=LAST)
    assert plain(run) == plain(fresh)
    revision.restore("e0")
    assert plain(run) == as_it_was


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(imprecise())
def test_one_report_added_equals_a_full_run(given_: Given) -> None:
    terms, log, _ = given_
    made = pinned(build(terms, log))
    if not log:
        return
    run = evaluate(without(made, "e0"), on=LAST)
    Revision(run).add(made.events["e0"])
    assert plain(run) == plain(evaluate(made, on=LAST))


def test_one_report_graded_anew_touches_one_account_alone() -> None:
    made = pinned(
        build(
            [{"id": "truce", "title": "T", "kind": "maintain", "debtor": "red", "from": FIRST.isoformat(),
              "forbid": {"type": ["shelling"]}}],
            [{"id": "e0", "date": (FIRST + timedelta(days=5)).isoformat(), "type": "shelling", "actor": "red",
              "target": "blue", "sector": "north"}],
        )
    )  # fmt: skip
    run = evaluate(made, on=LAST)
    assert {r.account: r.verdict for r in rows(run)} == dict.fromkeys(made.accounts, "violated")
    assert Revision(run).regrade("e0", "silent", asserted=True, denied=True) == ("truce",)
    assert {r.account: r.verdict for r in rows(run)} == {
        "silent": "contested",
        "red-tells": "violated",
        "blue-tells": "violated",
    }
    assert np.unique(run.state.harsh).size == 2
