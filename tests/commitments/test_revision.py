"""Resting on quiet days and revising one report change nothing but the time it takes."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ledger_case import records
from test_completions import LAST, build, imprecise, pinned
from test_oracle import DAYS, FIRST, Record

from standoff.case.model import Case, Event
from standoff.commitments.engine.run import run_facts
from standoff.commitments.ledger import rows
from standoff.commitments.monitor import Evaluation, evaluate, judge, start
from standoff.commitments.patterns.coverage import unseen
from standoff.commitments.revision import Revision

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
    "suspended",
)


@settings(max_examples=12, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(imprecise())
def test_days_that_are_rested_on_change_nothing(given_: Given) -> None:
    terms, log, disputed = given_
    made = pinned(build(terms, log, disputed))
    made = replace(made, coverage=(replace(made.coverage[0], to=made.about.period),) if len(log) % 2 else ())
    run = evaluate(made, on=LAST)
    slow, marks = start(run.schedule, run.tellings), {}
    blind = unseen(run.schedule, made, run.matcher.geography, DAYS)
    run_facts(run.schedule, slow, run.facts, DAYS, unwatched=blind, marks=marks, rest=False)
    for name in FIELDS:
        assert (getattr(slow, name) == getattr(run.state, name)).all(), name
    assert marks == run.marks


def plain(run: Evaluation) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows(run)]


def without(made: Case, event: str) -> Case:
    return replace(made, events={k: v for k, v in made.events.items() if k != event})


@settings(max_examples=12, suppress_health_check=list(HealthCheck), phases=QUICK)
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


@settings(max_examples=12, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(imprecise())
def test_one_report_added_equals_a_full_run(given_: Given) -> None:
    terms, log, _ = given_
    made = pinned(build(terms, log))
    if not log:
        return
    run = evaluate(without(made, "e0"), on=LAST)
    Revision(run).add(made.events["e0"])
    assert plain(run) == plain(evaluate(made, on=LAST))


Change = tuple[str, int, str, bool, bool]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["withdraw", "restore", "regrade", "add"]),
        st.integers(0, 30),
        st.sampled_from(["red-tells", "blue-tells", "silent"]),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=20, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(imprecise(), CHANGES)
def test_any_row_of_revisions_equals_a_full_run_on_the_reports_they_leave(given_: Given, changes: list[Change]) -> None:
    terms, log, disputed = given_
    if not log:
        return
    made = pinned(build(terms, log, disputed))
    run = evaluate(made, on=LAST)
    revision, gone = Revision(run), set[str]()
    for n, (kind, which, account, asserted, denied) in enumerate(changes):
        event = f"e{which % len(log)}"
        if kind == "withdraw" and event not in gone:
            revision.withdraw(event)
            gone.add(event)
        elif kind == "restore" and event in gone:
            revision.restore(event)
            gone.remove(event)
        elif kind == "regrade" and account in run.accounts:
            revision.regrade(event, account, asserted=asserted, denied=denied)
        elif kind == "add":
            revision.add(replace(made.events[event], id=f"more-{n}"))
    fresh = judge(made, run.reports, on=run.on, as_of=None, names=list(made.commitments))
    assert plain(run) == plain(fresh)
    assert run.marks == fresh.marks


def test_a_report_before_the_first_day_or_at_a_new_place_is_as_in_a_full_run() -> None:
    posts = {"id": "posts", "title": "P", "kind": "maintain", "debtor": "red", "key": "place",
             "from": FIRST.isoformat(), "forbid": {"type": ["shelling"]}}  # fmt: skip
    shell = {"type": "shelling", "actor": "red", "target": "blue"}
    day = (FIRST + timedelta(days=3)).isoformat()
    made = build([posts], [{"id": "e0", "date": day, "place": "post-1", **shell}])
    for place, when in (("post-2", day), ("post-1", (FIRST - timedelta(days=30)).isoformat())):
        run = evaluate(made, on=LAST)
        new = records(Event, [{"id": "e1", "date": when, "place": place, **shell}])
        Revision(run).add(new["e1"])
        assert plain(run) == plain(evaluate(replace(made, events=made.events | new), on=LAST))


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
