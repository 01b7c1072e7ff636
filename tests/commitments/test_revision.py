"""Resting on quiet days changes nothing but the time; a report withdrawn changes what a ledger without it says."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from ledger_case import records
from test_completions import LAST, build, imprecise, pinned
from test_oracle import DAYS, FIRST, Record
from thorough import examples

from standoff.case.model import Case, Event
from standoff.commitments import revision
from standoff.commitments.engine.run import run_facts
from standoff.commitments.ledger import Row, rows
from standoff.commitments.monitor import Evaluation, evaluate, opening_state
from standoff.commitments.patterns.coverage import unseen
from standoff.commitments.revision import ChangeKind, without_report
from standoff.errors import StandoffError

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


@settings(max_examples=examples(12), suppress_health_check=list(HealthCheck), phases=QUICK)
@given(imprecise())
def test_days_that_are_rested_on_change_nothing(given_: Given) -> None:
    terms, log, disputed = given_
    made = pinned(build(terms, log, disputed))
    made = replace(made, coverage=(replace(made.coverage[0], to=made.about.period),) if len(log) % 2 else ())
    run = evaluate(made, on=LAST)
    slow, marks = opening_state(run.schedule, run.tellings), {}
    blind = unseen(run.schedule, made, run.matcher.geography, DAYS)
    run_facts(run.schedule, slow, run.facts, DAYS, unwatched=blind, marks=marks, rest=False)
    for name in FIELDS:
        assert (getattr(slow, name) == getattr(run.state, name)).all(), name
    assert marks == run.marks


def without(made: Case, event: str) -> Case:
    return replace(made, events={k: v for k, v in made.events.items() if k != event})


@settings(max_examples=examples(20), suppress_health_check=list(HealthCheck), phases=QUICK)
@given(imprecise())
def test_a_report_withdrawn_changes_what_a_ledger_without_it_says(given_: Given) -> None:
    terms, log, disputed = given_
    case = pinned(build(terms, log, disputed))
    before = {key(row): row for row in rows(evaluate(case, on=LAST))}
    for event in list(case.events)[:3]:
        after = {key(row): row for row in rows(evaluate(without(case, event), on=LAST))}
        changes = without_report(case, event, on=LAST).changes
        assert [key(c.row) for c in changes] == [
            *(name for name in before if before[name] != after.get(name)),
            *(name for name in after if name not in before),
        ]
        for change in changes:
            assert change.before == before.get(key(change.row))
            assert change.after == after.get(key(change.row))
            assert (change.kind == ChangeKind.APPEARS) == (change.before is None)
            assert (change.kind == ChangeKind.DISAPPEARS) == (change.after is None)
            if change.before and change.after:
                assert (change.kind == ChangeKind.VERDICT) == (
                    (change.before.verdict, change.before.words) != (change.after.verdict, change.after.words)
                )


def key(row: Row) -> tuple[str, str, str, str]:
    return row.commitment, row.account, row.reading, row.key


def test_of_idlib_each_report_withdrawn_leaves_the_whole_ledger_without_it(
    idlib: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reports of 2017 and 2018, drawn with a seed; each ledger is run once, whoever asks for it."""
    on = date(2018, 12, 31)
    early = {name: one for name, one in idlib.events.items() if one.date.certainly_within(None, on)}
    case = replace(idlib, events=early)
    ledgers: dict[frozenset[str], Evaluation] = {}
    tables: dict[int, list[Row]] = {}

    def once(case: Case, *args: Any, **options: Any) -> Evaluation:
        if frozenset(case.events) not in ledgers:
            ledgers[frozenset(case.events)] = evaluate(case, *args, **options)
        return ledgers[frozenset(case.events)]

    def table(ledger: Evaluation) -> list[Row]:
        if id(ledger) not in tables:
            tables[id(ledger)] = list(rows(ledger))
        return tables[id(ledger)]

    monkeypatch.setattr(revision, "evaluate", once)
    monkeypatch.setattr(revision, "rows", table)
    whole = once(case, ("record",), on=on)
    before = {key(row): row for row in table(whole)}
    moved = 0
    bearing = sorted({event for row in before.values() for event in row.because} & set(early))
    others = sorted(set(early) - set(bearing))
    bearing = bearing[: examples(12)]
    drawn = [*bearing, *random.Random(13).sample(others, examples(20) - len(bearing))]
    for event in drawn:
        after = {key(row): row for row in table(once(without(case, event), ("record",), on=on))}
        changed = revision.withdraw(whole, event).changes
        rebuilt = before | {key(c.row): c.after for c in changed}
        assert {name: row for name, row in rebuilt.items() if row is not None} == after, event
        assert all(c.before == before.get(key(c.row)) and c.before != c.after for c in changed), event
        moved += bool(changed)
    assert len(ledgers) == len(drawn) + 1
    assert moved >= len(bearing) > 3


TRUCE = {"id": "truce", "title": "T", "kind": "maintain", "debtor": "red", "from": FIRST.isoformat(),
         "forbid": {"type": ["shelling"]}}  # fmt: skip


def shelling(name: str, day: int, **more: Any) -> Record:
    when = (FIRST + timedelta(days=day)).isoformat()
    return {"id": name, "date": when, "type": "shelling", "actor": "red", "target": "blue", **more}


def test_one_breach_of_two_leaves_the_verdict_and_changes_the_count() -> None:
    case = pinned(build([TRUCE], [shelling("e0", 5, sector="north"), shelling("e1", 9, sector="north")]))
    first = without_report(case, "e0", account="silent", on=LAST)
    assert [(c.kind, c.before and c.before.breaches, c.after and c.after.breaches) for c in first.changes] == [
        (ChangeKind.COUNTS, 2, 1)
    ]
    assert {"breaches", "first_breach", "since"} <= set(first.changes[0].fields)
    assert (first.report.id, first.accounts, first.on, first.rows) == ("e0", ("silent",), LAST, 1)
    assert repr(first) == f"<Withdrawal of e0 on {LAST}: 1 of 1 rows change>"


def test_the_only_breach_withdrawn_changes_the_verdict_in_each_account_asked_for() -> None:
    case = pinned(build([TRUCE], [shelling("e0", 5, sector="north")]))
    found = without_report(case, "e0", on=LAST)
    assert {(c.row.account, c.kind, c.before and c.before.verdict) for c in found.changes} == {
        (account, ChangeKind.VERDICT, "violated") for account in case.accounts
    }
    assert all(c.after and c.after.verdict != "violated" for c in found.changes)


def test_a_row_kept_by_place_goes_with_the_only_report_from_there() -> None:
    posts = TRUCE | {"id": "posts", "key": "place"}
    case = build([posts], [shelling("e0", 3, place="post-1"), shelling("e1", 4, place="post-2")])
    found = without_report(case, "e1", account="silent", on=LAST)
    assert [(c.kind, c.row.key) for c in found.changes] == [(ChangeKind.DISAPPEARS, "post-2")]


def test_a_report_of_a_log_can_be_withdrawn_and_one_that_is_not_there_cannot() -> None:
    case = pinned(build([TRUCE], [shelling("e0", 5, sector="north")]))
    log = list(records(Event, [shelling("log-1", 7, sector="north")]).values())
    found = without_report(case, "log-1", account="silent", on=LAST, events=log)
    assert [(c.before and c.before.breaches, c.after and c.after.breaches) for c in found.changes] == [(2, 1)]
    with pytest.raises(StandoffError, match=r"there is no report 'log-2'.*did you mean 'log-1'"):
        without_report(case, "log-2", on=LAST, events=log)
