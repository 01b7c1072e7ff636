"""How completions, accounts and ends of a deadline come together in a verdict, and what makes it contested."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from ledger_case import case, records
from test_completions import ACCOUNTS, disputes

from standoff.case.claims import Account, Dispute
from standoff.case.model import Case, Coverage
from standoff.commitments.engine.states import over_range, pooled_verdict
from standoff.commitments.ledger import rows, verdict_at
from standoff.commitments.monitor import evaluate
from standoff.commitments.patterns.facts import Matches
from standoff.commitments.patterns.pattern import log_of
from standoff.errors import StandoffError
from standoff.values import When


@pytest.mark.parametrize(
    ("verdicts", "settled"),
    [
        (["violated", "violated"], "violated"),
        (["contested", "contested"], "contested"),
        (["satisfied", "violated"], "unknown"),
        (["satisfied", "unknown"], "unknown"),
        (["contested", "satisfied"], "contested"),
        (["unknown", "contested"], "contested"),
    ],
)
def test_over_the_range_of_a_deadline_only_one_and_the_same_verdict_is_firm(verdicts: list[str], settled: str) -> None:
    assert over_range(verdicts) == settled


@pytest.mark.parametrize(
    ("verdicts", "settled"),
    [
        (["contested"], "contested"),
        (["violated"], "violated"),
        (["satisfied", "satisfied"], "satisfied"),
        (["unknown", "unknown"], "unknown"),
        (["contested", "violated"], "contested"),
        (["unknown", "contested"], "contested"),
        (["unknown", "violated"], "unknown"),
        (["violated", "satisfied", "unknown"], "contested"),
    ],
)
def test_accounts_are_pooled_to_what_all_of_them_say(verdicts: list[str], settled: str) -> None:
    assert pooled_verdict(verdicts) == (settled, tuple(dict.fromkeys(verdicts)))


TRUCE = "- {id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-03, forbid: {type: shelling}}"


def told(events: str, disputed: int = 1) -> Case:
    """A case in which the first event is disputed: red denies it, blue asserts it, and one account is silent."""
    made = case(TRUCE, events, accounts=ACCOUNTS)
    answers = {
        k: replace(v, answers={d: a for d, a in v.answers.items() if int(d[1:]) < disputed})
        for k, v in made.accounts.items()
    }
    return replace(made, disputes=records(Dispute, disputes(disputed)), accounts=answers)


def test_a_dispute_makes_contested_only_for_the_account_that_leaves_it_open_and_only_from_its_day_on() -> None:
    made = told("""
- {id: e0, date: 2020-01-10, type: shelling, actor: red, target: blue, sector: north}
- {id: e1, date: 2020-01-02/2020-01-04, type: shelling, actor: red, target: blue, sector: north}""")
    run = evaluate(made, ["red-tells", "silent", "blue-tells"], on=date(2020, 1, 20))
    slot = run.schedule.of("truce")[0]

    def at(account: str, day: int) -> str:
        return verdict_at(run, slot, account, run.schedule.day(date(2020, 1, day)))

    assert [at("silent", d) for d in (3, 9, 10, 20)] == ["unknown", "unknown", "contested", "contested"]
    assert [at("red-tells", d) for d in (9, 20)] == ["unknown", "unknown"]
    assert [at("blue-tells", d) for d in (9, 20)] == ["unknown", "violated"]


def test_an_event_that_may_lie_before_the_first_day_is_no_certain_breach() -> None:
    log = "- {{id: e0, date: {}, type: shelling, actor: red, target: blue, sector: north}}"
    for when, verdict in (("2020-01-02/2020-01-04", "unknown"), ("2020-01-03/2020-01-04", "violated")):
        run = evaluate(told(log.format(when), disputed=0), ["silent"], on=date(2020, 1, 20))
        assert rows(run)[0].verdict == verdict


def test_an_amount_nobody_watched_for_is_unknown_and_its_two_ends_are_kept_and_broken() -> None:
    guns = """
- {id: guns, title: G, kind: quantity, debtor: red, from: 2020-01-01, by: 2020-01-10, then: {type: weapons-withdrawn},
   amount: {value: 2, unit: guns}}"""
    row = rows(evaluate(case(guns, coverage=()), ["red-tells"], on=date(2020, 1, 20)))[0]
    assert (row.verdict, row.state, row.worst, row.disputed) == ("unknown", "satisfied", "violated", 2)


def test_keys_that_no_text_names_are_the_places_at_which_it_is_called_in_or_broken() -> None:
    answer = """
- {id: answer, title: A, kind: achieve, adverse: true, debtor: blue, key: place, from: 2020-01-01, within: 2d,
   when: {type: attack-on-post}, then: {type: airstrike}}
- {id: quiet, title: Q, kind: maintain, debtor: red, key: place, from: 2020-01-01, forbid: {type: attack-on-post}}
- {id: visits, title: V, kind: achieve, debtor: green, key: place, from: 2020-01-01, by: 2020-01-20,
   then: {type: aid}}"""
    log = """
- {id: e0, date: 2020-01-05, type: attack-on-post, actor: red, target: blue, place: post-1}
- {id: e1, date: 2020-01-06, type: airstrike, actor: blue, target: red, place: northtown}
- {id: e2, date: 2020-01-07, type: aid, actor: green, place: post-2}"""
    run = evaluate(case(answer, log), ["red-tells"], on=date(2020, 1, 30))
    assert {(s.commitment, s.key) for s in run.schedule.slots} == {
        ("answer", "post-1"),
        ("quiet", "post-1"),
        ("visits", "post-2"),
    }


def test_more_accounts_than_bits_are_refused() -> None:
    many = {f"a{n}": Account(id=f"a{n}", title="A") for n in range(61)}
    made = replace(case(TRUCE), accounts=many)
    assert len(evaluate(made, list(many)[:60], on=date(2020, 1, 5)).accounts) == 60
    with pytest.raises(StandoffError, match="61 accounts"):
        evaluate(made, on=date(2020, 1, 5))


@pytest.mark.parametrize(
    ("terms", "events", "due"),
    [
        ("kind: achieve, by: 2020-01-20, then: {type: patrol}", "", date(2020, 1, 20)),
        ("kind: achieve, within: 30d, then: {type: patrol}", "", date(2020, 1, 31)),
        ("kind: achieve, within: 30d, by: 2020-01-20, then: {type: patrol}", "", date(2020, 1, 20)),
        ("kind: recurrent, every: 7d, then: {type: patrol}", "", date(2020, 1, 14)),
        ("kind: maintain, until: 2020-02-02, forbid: {type: patrol}", "", date(2020, 2, 2)),
        ("kind: maintain, forbid: {type: patrol}", "", None),
        ("kind: achieve, by: 2020-01-20, then: {type: patrol}", "type: patrol, actor: red", None),
        (
            "kind: achieve, by: 2020-01-20, then: {type: patrol}, suspend: {type: suspension}",
            "type: suspension",
            date(2020, 1, 24),  # suspended on the 9th and for the four days up to the 12th
        ),
    ],
)
def test_what_is_owed_falls_due_on_its_last_day(terms: str, events: str, due: date | None) -> None:
    log = f"- {{id: e0, date: 2020-01-09, {events}}}" if events else ""
    made = case(f"- {{id: it, title: I, debtor: red, from: 2020-01-01, {terms}}}", log)
    assert rows(evaluate(made, ["red-tells"], on=date(2020, 1, 12)))[0].due == due


def test_the_instance_that_was_called_in_first_falls_due_first() -> None:
    made = case(
        """
- {id: it, title: I, debtor: red, kind: achieve, from: 2020-01-01, within: 9d, when: {type: aid},
   then: {type: patrol}}""",
        "- {id: a, date: 2020-01-05, type: aid, actor: green}\n- {id: b, date: 2020-01-08, type: aid, actor: green}",
    )
    assert rows(evaluate(made, ["red-tells"], on=date(2020, 1, 12)))[0].due == date(2020, 1, 14)
    assert rows(evaluate(made, ["red-tells"], on=date(2020, 1, 15)))[0].due == date(2020, 1, 17)


def test_an_instance_older_than_a_word_of_bits_still_falls_due_on_its_day() -> None:
    made = case("- {id: it, title: I, debtor: red, kind: achieve, from: 2020-01-01, within: 80d, then: {type: patrol}}")
    for month, day in ((1, 12), (3, 10), (3, 21)):
        assert rows(evaluate(made, ["red-tells"], on=date(2020, month, day)))[0].due == date(2020, 3, 21)
    assert rows(evaluate(made, ["red-tells"], on=date(2020, 3, 22)))[0].verdict == "violated"


def test_an_event_that_a_permission_may_cover_is_told_once() -> None:
    terms = """
- {id: truce, title: T, kind: maintain, agreement: pact, debtor: [red, blue], from: 2020-01-01, forbid: {type: strike}}
- {id: answer, title: A, kind: permission, agreement: pact, debtor: blue, from: 2020-01-01, when: {type: aid},
   then: {type: strike, target: red}}"""
    made = case(terms, "- {id: e0, date: 2020-01-05, type: airstrike, actor: blue}")
    row = rows(evaluate(made, ["red-tells"], on=date(2020, 1, 20)))[0]
    assert (row.breaches, row.breaches_possible) == (0, 1)


LONG = """
- {{id: aid, title: T, kind: achieve, debtor: red, from: 2020-01-01, within: {days} days,
   when: {{type: withdrawal, actor: blue}}, then: {{type: aid, actor: red}}}}
- {{id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-03, forbid: {{type: shelling, actor: red}}}}
"""
CALLED = "- {id: e0, date: 2020-01-10, type: withdrawal, actor: blue, sector: north}\n"


@pytest.mark.parametrize("days", [3, 63, 64, 65, 127, 128, 129, 200])
@pytest.mark.parametrize("woken", [(), (1,), (64,), (66, 100, 127), (190,)])
def test_a_deadline_falls_due_on_its_day_whatever_happens_meanwhile(days: int, woken: tuple[int, ...]) -> None:
    called = date(2020, 1, 10)
    others = "".join(
        f"- {{id: s{n}, date: {called + timedelta(days=n)}, type: shelling, actor: red, sector: north}}\n"
        for n in woken
    )
    run = evaluate(case(LONG.format(days=days), CALLED + others), ["red-tells"], on=date(2020, 10, 1))
    slot = run.schedule.of("aid")[0]
    due = run.schedule.day(called) + days
    told = [verdict_at(run, slot, "red-tells", day) for day in (due - 1, due, due + 1, due + 2)]
    assert told == ["detached", "detached", "violated", "violated"]


def test_what_events_count_for_is_the_same_by_signal_by_slot_and_by_event() -> None:
    kinds = ("patrol", "shelling", "aid", "withdrawal", "aid", "shelling")
    events = [
        {"id": f"e{n}", "date": f"2020-01-{10 + n}", "type": kind, "actor": "blue" if kind == "withdrawal" else "red",
         "sector": "south" if n == 4 else "north"}
        for n, kind in enumerate(kinds)
    ]  # fmt: skip
    made = case(LONG.format(days=9), events)
    run = evaluate(made, ["red-tells"], on=date(2020, 2, 1))
    matches = Matches(run.schedule, run.matcher, log_of(list(made.events.values())))
    events, signals, _ = (array.tolist() for array in matches.of_signals(np.ones(len(run.schedule.signals), np.bool_)))
    pairs = set(zip(events, signals, strict=True))
    assert {event for event, _ in pairs} == {1, 2, 3, 4, 5}
    for slot in range(len(run.schedule.slots)):
        found = set(zip(*(array.tolist() for array in matches.of_slot(slot)[:2]), strict=True))
        assert found == {pair for pair in pairs if run.schedule.signals[pair[1]][0] == slot}
    for chosen in (
        [True] * 6,
        [False, True, False, True, True, False],
        [False] * 6,
        [True, True, False, False, True, True],
    ):
        found = set(zip(*(array.tolist() for array in matches.of_events(np.array(chosen))), strict=True))
        assert found == {pair for pair in pairs if chosen[pair[0]]}


def watched(*spans: tuple[str, str]) -> list[Coverage]:
    return [Coverage(source="monitor", types=(), from_=When.parse(a), to=When.parse(b)) for a, b in spans]


@pytest.mark.parametrize("span", ["by: 2020-01-10", "within: 9d"])
def test_what_nobody_watched_for_by_its_last_day_is_unknown_and_its_ends_are_kept_and_broken(span: str) -> None:
    aid = f"- {{id: aid, title: A, kind: achieve, debtor: red, from: 2020-01-01, {span}, then: {{type: aid}}}}"
    row = rows(evaluate(case(aid, coverage=()), ["red-tells"], on=date(2020, 1, 20)))[0]
    assert (row.verdict, row.state, row.worst, row.disputed) == ("unknown", "satisfied", "violated", 2)


@pytest.mark.parametrize(
    ("requests", "expected"),
    [
        (("2020-01-05",), ("unknown", 0, 2)),  # a day of its span was not watched
        (("2020-01-15",), ("violated", 1, 0)),
        (("2020-01-05", "2020-01-15"), ("violated", 1, 2)),  # the gap lies before the second, which is surely broken
    ],
)
def test_a_gap_before_the_last_day_excuses_nothing_that_is_called_in_after_it(
    requests: tuple[str, ...], expected: tuple[str, int, int]
) -> None:
    terms = """
- {id: it, title: I, kind: achieve, debtor: red, from: 2020-01-01, by: 2020-01-10, until: 2020-01-30,
   when: {type: request}, then: {type: aid}}"""
    log = [{"id": f"e{n}", "date": day, "type": "request"} for n, day in enumerate(requests)]
    gap = watched(("2019-12-01", "2020-01-06"), ("2020-01-08", "2020-03-01"))
    row = rows(evaluate(case(terms, log, coverage=gap), ["red-tells"], on=date(2020, 1, 20)))[0]
    assert (row.verdict, row.broken, row.disputed) == expected


@pytest.mark.parametrize("released", ["2020-01-06", "2020-01-07", "2020-01-08"])
def test_what_is_in_force_again_owes_nothing_before_it_is_called_in_again(released: str) -> None:
    terms = """
- {id: it, title: I, kind: recurrent, debtor: red, from: 2020-01-01, every: 3d, when: {type: request},
   then: {type: aid}, release: {type: notice}, reopen: {type: agreement}}"""
    days = (("2020-01-05", "request"), (released, "notice"), ("2020-01-15", "agreement"))
    log = [{"id": f"e{n}", "date": day, "type": kind} for n, (day, kind) in enumerate(days)]
    row = rows(evaluate(case(terms, log), ["red-tells"], on=date(2020, 1, 20)))[0]
    assert (row.verdict, row.begun, row.broken) == ("conditional", 1, 0)


JOINTLY = (
    "kind: achieve, then: {all: [{type: withdrawal, actor: red}, {type: withdrawal, actor: blue}]}",
    "kind: achieve, each: actor, then: {type: withdrawal, actor: [red, blue]}",
)


@pytest.mark.parametrize("terms", JOINTLY)
@pytest.mark.parametrize(
    ("requests", "red", "blue", "verdict"),
    [
        ((5,), 6, 8, "satisfied"),
        ((5, 8), 6, 8, "satisfied"),  # asked once more on the day of the second part: the first counts as before
        ((5, 7), 6, 8, "satisfied"),
        ((7,), 6, 8, "detached"),  # done before it was called in
        ((5,), 6, None, "detached"),
    ],
)
def test_parts_count_from_the_first_call_that_is_open(
    terms: str, requests: tuple[int, ...], red: int, blue: int | None, verdict: str
) -> None:
    days = [*((day, "request", "green") for day in requests), (red, "withdrawal", "red")]
    days += [(blue, "withdrawal", "blue")] if blue else []
    made = case(
        f"- {{id: it, title: I, debtor: [red, blue], from: 2020-01-01, when: {{type: request}}, within: 9d, {terms}}}",
        [{"id": f"e{n}", "date": f"2020-01-{day:02d}", "type": kind, "actor": who}
         for n, (day, kind, who) in enumerate(days)],
    )  # fmt: skip
    assert rows(evaluate(made, ["red-tells"], on=date(2020, 1, 10)))[0].verdict == verdict


@pytest.mark.parametrize("terms", JOINTLY)
@pytest.mark.parametrize(
    ("red", "blue", "late"), [(5, 15, 15), (15, 5, 15), (12, 15, 15), (15, 15, 15), (None, 15, None), (5, None, None)]
)
def test_parts_on_either_side_of_the_last_day_make_up_for_it_together(
    terms: str, red: int | None, blue: int | None, late: int | None
) -> None:
    made = case(
        f"- {{id: it, title: I, debtor: [red, blue], from: 2020-01-01, by: 2020-01-10, {terms}}}",
        [
            {"id": f"of-{who}", "date": f"2020-01-{day:02d}", "type": "withdrawal", "actor": who}
            for who, day in (("red", red), ("blue", blue))
            if day is not None
        ],
    )
    row = rows(evaluate(made, ["red-tells"], on=date(2020, 1, 20)))[0]
    assert (row.verdict, row.broken, row.remedied) == ("violated", 1, late and date(2020, 1, late))


def by_hours(*told: str, on: str = "2020-01-05") -> list[dict[str, str]]:
    return [{"id": f"h{n}", "date": on, "hour": text[:5], "type": text[6:]} for n, text in enumerate(told)]


@pytest.mark.parametrize(
    ("told", "begun"),
    [
        (("08:00 request", "10:00 agreement", "12:00 suspension"), 0),  # suspended since the second
        (("10:00 agreement", "11:00 request", "12:00 suspension"), 1),
        (("10:00 agreement", "12:00 suspension", "13:00 request"), 0),
        (("08:00 request", "10:00 agreement"), 0),
        (("10:00 agreement", "11:00 request"), 1),
    ],
)
def test_only_what_comes_between_a_resumption_and_a_suspension_of_one_day_calls_in(
    told: tuple[str, ...], begun: int
) -> None:
    terms = """
- {id: it, title: I, kind: achieve, debtor: red, from: 2020-01-01, within: 3d, when: {type: request},
   then: {type: aid}, suspend: {type: suspension}, resume: {type: agreement}}"""
    log = [{"id": "shut", "date": "2020-01-02", "type": "suspension"}, *by_hours(*told)]
    row = rows(evaluate(case(terms, log), ["red-tells"], on=date(2020, 1, 20)))[0]
    assert (row.begun, row.disputed) == (begun, 0)


@pytest.mark.parametrize(
    ("told", "shelled", "broken"),
    [
        (("08:00 request", "12:00 notice"), False, 1),  # cancelled once it was owed
        (("12:00 request", "08:00 notice"), False, 0),
        (("08:00 request", "12:00 notice"), True, 0),  # suspended while the truce is broken
    ],
)
def test_what_is_suspended_while_another_is_broken_is_not_called_in_before_it_is_cancelled(
    told: tuple[str, ...], shelled: bool, broken: int
) -> None:
    terms = """
- {id: truce, title: T, kind: maintain, debtor: blue, from: 2020-01-01, forbid: {type: shelling}}
- {id: it, title: I, kind: achieve, debtor: red, from: 2020-01-01, within: 3d, when: {type: request},
   then: {type: aid}, while: {not: {commitment: truce, state: violated}}, cancel: {type: notice}}"""
    shells = [{"id": "s", "date": "2020-01-04", "type": "shelling", "actor": "blue"}] * shelled
    found = {r.commitment: r for r in rows(evaluate(case(terms, [*shells, *by_hours(*told)]), ["red-tells"],
                                                    on=date(2020, 1, 20)))}  # fmt: skip
    assert (found["it"].broken, found["it"].begun, found["it"].disputed) == (broken, broken, 0)


@pytest.mark.parametrize("accounts", [("red-tells",), ("red-tells", "blue-tells")])
def test_a_permission_that_names_no_act_is_in_force_and_never_used(accounts: tuple[str, ...]) -> None:
    made = case(
        "- {id: may, title: M, kind: permission, debtor: red, from: 2020-01-02, when: {type: request}}",
        "- {id: a, date: 2020-01-05, type: request}",
    )
    for row in rows(evaluate(made, accounts, on=date(2020, 1, 20))):
        assert (row.verdict, row.begun, row.kept, row.disputed) == ("detached", 1, 0, 0)


@pytest.mark.parametrize(
    ("told", "begun"), [(("08:00 request", "12:00 notice"), 1), (("08:00 notice", "12:00 request"), 0)]
)
def test_what_only_forbids_is_called_in_before_it_is_cancelled_where_hours_say_so(
    told: tuple[str, ...], begun: int
) -> None:
    terms = """
- {id: it, title: I, kind: maintain, debtor: red, from: 2020-01-01, within: 9d, when: {type: request},
   forbid: {type: shelling}, cancel: {type: notice}}"""
    row = rows(evaluate(case(terms, by_hours(*told)), ["red-tells"], on=date(2020, 1, 20)))[0]
    assert (row.begun, row.broken, row.disputed) == (begun, begun, 0)
