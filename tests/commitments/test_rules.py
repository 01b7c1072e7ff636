"""Rules of duties that a story cannot tell: what a row says beside its verdict, and what holds for any record.

The numbers are those of docs/explanation/ledger.md, where most rules have their stories.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from interpreter import Interpreter
from ledger_case import case, records
from test_completions import OPEN, build, by_id, pinned
from test_oracle import DAYS, FIRST, Record, commitments, logs
from test_statements import KEPT, row, said, standoff
from thorough import examples

from standoff.case.model import Event
from standoff.commitments.daily import daily, day_of_report
from standoff.commitments.ledger import Row, ledger
from standoff.values import ListMark, Tie, When, after_hours, moment

ANSWER = """
- {id: a, title: T, kind: achieve, debtor: red, from: 2020-01-01, when: {type: request},
   then: {type: offer}, within: 7d}
"""
FREE = """
- {id: f, title: T, kind: quantity, debtor: red, from: 2020-01-01, by: 2020-01-10, then: {type: prisoner-release},
   amount: {value: 400, unit: prisoners}}"""
HOLD = """
- {id: h, title: T, kind: maintain, debtor: red, from: 2020-01-01, forbid: {type: shelling, actor: red},
   release: {type: notice}}"""


def one(terms: str, events: list[str], on: str) -> Row:
    rows = [f"- {{id: e{n}, {text}}}" for n, text in enumerate(events)]
    return ledger(case(terms, "\n".join(rows)), "red-tells", on=date.fromisoformat(on))[0]


def test_r3_each_call_shows_with_its_state_and_its_last_day() -> None:
    found = one(ANSWER, ["date: 2020-01-02, type: request", "date: 2020-01-20, type: request"], "2020-01-22")
    shown = [(i.state, i.start.day, i.due.day if i.due else 0) for i in found.instances]
    assert shown == [("violated", 2, 9), ("detached", 20, 27)]
    assert found.due == date(2020, 1, 27)
    assert (found.verdict, found.broken, found.words) == ("detached", 1, "in force; broken once before")


def test_r3_what_one_completion_alone_has_open_takes_no_breach_away() -> None:
    asks = ["date: 2020-01-02, type: request", "date: 2020-01-20/2020-01-25, type: request"]
    assert one(ANSWER, asks, "2020-01-22").verdict == "violated"


def test_r7_what_came_late_is_told_apart_and_makes_up_for_it() -> None:
    events = [
        "date: 2020-01-09, type: prisoner-release, low: 100, high: 100, counted: prisoners",
        "date: 2020-01-15, type: prisoner-release, low: 300, high: 300, counted: prisoners",
    ]
    late = one(FREE, events, "2020-01-20")
    assert (late.words, late.remedied, late.degree) == ("kept late", date(2020, 1, 15), (0.25, 0.25))
    assert late.rule.endswith("told: 100 of 400 prisoners in time, 300 after it")


def test_r12_the_row_says_which_order_is_not_told() -> None:
    found = one(HOLD, ["date: 2020-01-05, type: shelling, actor: red", "date: 2020-01-05, type: notice"], "2020-01-06")
    expected = "whether what is forbidden or the release came first on 2020-01-05 is not told"
    assert found.verdict == "unknown"
    assert found.rule.endswith(expected)


@pytest.mark.parametrize(("shell", "verdict"), [("08:00", "violated"), ("14:00", "released")])
def test_r13_hours_settle_it(shell: str, verdict: str) -> None:
    events = [
        f"date: 2020-01-05, hour: '{shell}', type: shelling, actor: red",
        "date: 2020-01-05, hour: '10:00', type: notice",
    ]
    assert one(HOLD, events, "2020-01-06").verdict == verdict


def test_r13_midnight_belongs_to_the_day_before_and_zones_move_the_day() -> None:
    assert after_hours(20 * 60, 36) == (2, 8 * 60)
    assert after_hours(0, 24) == (0, 24 * 60)
    assert moment(date(2018, 12, 17), "21:30Z", "", "Asia/Aden") == (date(2018, 12, 18), 30)
    assert moment(date(2018, 12, 18), "00:00", "Asia/Aden", "Asia/Aden") == (date(2018, 12, 18), 0)


def test_r14_a_tie_is_its_id_and_knows_its_days() -> None:
    tie = Tie.parse({"actor": "red", "from": "2020-01-05", "until": "2020-01-10"})
    day = date(2020, 1, 5).toordinal()
    assert tie == "red"
    assert (tie.holds(day, day + 5), tie.holds(day - 1, day), tie.holds(day + 6, day + 9)) == (
        (True, True), (False, True), (False, False),
    )  # fmt: skip
    mark = ListMark.parse([{"mark": "yes", "until": "2020-01-10"}])
    assert mark.marks(day, day + 5) == {"yes"}
    assert mark.marks(day, day + 6) == {"yes", "no"}


def test_r14_an_act_dated_astride_a_change_of_sides_counts_possibly() -> None:
    actors = """
- {id: red, name: Red, kind: state}
- {id: guard, name: Guard, kind: armed-group, member_of: [{actor: red, from: 2020-01-05}]}
"""
    for days, verdict in (("2020-01-06/2020-01-08", "violated"), ("2020-01-03/2020-01-06", "unknown")):
        event = f"- {{id: e0, date: {days}, type: shelling, actor: guard}}"
        (found,) = ledger(case(HOLD, event, actors=actors), "red-tells", on=date(2020, 1, 20))
        assert found.verdict == verdict


def test_r18_a_breach_that_a_party_calls_justified_stays_broken_in_the_record() -> None:
    told = standoff([said("red-ministry", {**KEPT, "standing": "justified"})])
    assert row(told, "red").words == "justified"
    record = row(told, "record")
    assert (record.verdict, record.justified_by) == ("violated", ("red",))
    assert row(told, "record", on=date(2020, 1, 9)).justified_by == ()  # said on the 10th


@settings(max_examples=examples(20), suppress_health_check=list(HealthCheck), deadline=None)
@given(commitments(), logs(6))
def test_r11_a_firm_verdict_holds_whichever_version_is_true(terms: list[Record], rows: list[Record]) -> None:
    versions = [{**row, "variant_of": "v"} for row in rows[:2]]
    made = pinned(build(terms, [*versions, *rows[2:]]))
    events = list(made.events.values())
    expected: dict[str, set[tuple[str, bool]]] = {name: set() for name in made.commitments}
    for left_out in [e for e in events if e.variant_of] if len(versions) == 2 else [None]:
        final = Interpreter(made, FIRST).run([e for e in events if e is not left_out], DAYS)[-1]
        for name, (state, _, _, broken, *_) in final.items():
            expected[name].add(("violated" if broken and state != "detached" else state, broken > 0))
    for name, found in by_id(made, "silent").items():
        if found.verdict not in OPEN:
            always_broken = all(broken for _, broken in expected[name])
            agrees = {state for state, _ in expected[name]} == {found.verdict}
            assert agrees or (found.verdict == "violated" and always_broken), (name, found.rule)


def test_versions_that_somebody_contests_are_not_one_of_which_one_is_true() -> None:
    rows = [
        {
            "id": f"e{n}",
            "date": f"2020-01-0{n + 4}",
            "type": "shelling",
            "actor": "red",
            "variant_of": "v",
            "contested": why,
        }
        for n, why in enumerate(("", "Red denies all of it"))
    ]
    open_ = replace(case(HOLD), events=records(Event, rows))
    assert ledger(open_, "red-tells", on=date(2020, 1, 9))[0].verdict == "contested"
    rows[1]["contested"] = ""
    sure = replace(case(HOLD), events=records(Event, rows))
    assert ledger(sure, "red-tells", on=date(2020, 1, 9))[0].verdict == "violated"


def test_r13_a_day_of_reports_may_end_in_the_evening() -> None:
    rows = [
        {"id": f"e{n}", "date": "2020-01-05", "type": "shelling", "actor": "red", **more}
        for n, more in enumerate(({"hour": "19:00"}, {"hour": "20:15"}, {"hour": "17:00Z"}, {}))
    ]
    made = case(HOLD, rows)
    mission = replace(made, about=replace(made.about, timezone="Europe/Kyiv", day_ends="19:30"))
    days = [str(day_of_report(mission, event)) for event in mission.events.values()]
    assert days == ["2020-01-05", "2020-01-06", "2020-01-05", "2020-01-05"]
    late = replace(made, about=replace(made.about, timezone="Europe/Kyiv", day_ends="18:30"))
    assert str(day_of_report(late, mission.events["e2"])) == "2020-01-06"
    assert [e["id"] for e in daily(mission, ["red-tells"], on=date(2020, 1, 5), days=1)["events"]] == ["e0", "e2", "e3"]


LEAVE = """
- {id: l, title: T, kind: achieve, debtor: red, from: 2020-01-01, when: {type: request}, within: 3d,
   then: {type: withdrawal, actor: red}MORE}"""


def test_r24_an_unknown_row_says_on_which_day_it_was_done_before_the_call() -> None:
    events = ["date: 2020-01-02, type: withdrawal, actor: red", "date: 2020-01-05, type: request"]
    found = one(LEAVE.replace("MORE", ""), events, "2020-01-09")
    assert (found.verdict, found.broken, found.disputed) == ("unknown", 0, 2)
    assert found.rule == (
        "kept or broken: what is owed was done by 2020-01-02, before it was called in; whether that counts is not told"
    )


def test_r24_of_an_amount_that_was_there_before_the_row_tells_how_much() -> None:
    terms = """
- {id: q, title: T, kind: quantity, debtor: red, from: 2020-01-01, when: {type: request}, within: 3d,
   then: {type: prisoner-release}, amount: {value: 50, unit: prisoners}}"""
    freed = "date: 2020-01-02, type: prisoner-release, low: 50, high: 50, counted: prisoners"
    found = one(terms, [freed, "date: 2020-01-05, type: request"], "2020-01-09")
    assert (found.verdict, found.degree, found.score) == ("unknown", (0.0, 1.0), (0, 3))
    assert "so much of what is owed was done by 2020-01-02" in found.rule
    enough = one(
        terms.replace("amount:", "early: counts, amount:"), [freed, "date: 2020-01-05, type: request"], "2020-01-09"
    )
    assert (enough.verdict, enough.degree) == ("satisfied", (1.0, 1.0))


def test_r24_what_was_done_between_the_agreement_and_its_first_day_is_no_breach() -> None:
    terms = """
- {id: l, title: T, kind: achieve, agreement: pact, debtor: red, from: 2020-01-10, by: 2020-01-20,
   then: {type: withdrawal, actor: red}}"""
    made = case(
        terms,
        "- {id: e, date: 2020-01-07, type: withdrawal, actor: red}",
        agreements="- {id: pact, title: Pact, parties: [red], date: DAY}".replace("DAY", "2020-01-05"),
    )
    row = ledger(made, "red-tells", on=date(2020, 1, 25))[0]
    assert (row.verdict, row.broken) == ("unknown", 0)
    assert "before it was in force" in row.rule
    later = replace(made, agreements={"pact": replace(made.agreements["pact"], date=When.parse("2020-01-08"))})
    assert ledger(later, "red-tells", on=date(2020, 1, 25))[0].verdict == "violated"


def test_r24_a_threat_is_carried_out_after_it_was_called_in_alone() -> None:
    events = ["date: 2020-01-02, type: withdrawal, actor: red", "date: 2020-01-05, type: request"]
    assert one(LEAVE.replace("MORE", ", adverse: true"), events, "2020-01-09").words == "not carried out"


def test_r25_a_permission_reads_used_or_not_used() -> None:
    terms = """
- {id: p, title: T, kind: permission, debtor: red, from: 2020-01-01, until: 2020-01-10, then: {type: overflight}}"""
    flights = ["date: 2020-01-02, type: overflight, actor: red", "date: 2020-01-03, type: overflight, actor: red"]
    assert one(terms, flights, "2020-01-05").words == "in force; used 2 times"
    assert one(terms, flights, "2020-01-12").words == "used 2 times"
    assert one(terms, flights, "2020-01-12").rule == "its time ended; it was used while it held"
    assert one(terms, [], "2020-01-12").words == "over, no use known"
    unnamed = one(terms, ["date: 2020-01-02, type: overflight"], "2020-01-12")
    assert (unnamed.words, unnamed.rule) == ("over, no use known", "its time ended; it may have been used")


def test_r25_what_waits_for_the_end_of_a_permission_begins_whether_it_was_used_or_not() -> None:
    terms = """
- {id: p, title: T, kind: permission, debtor: red, from: 2020-01-01, until: 2020-01-10, then: {type: overflight}}
- {id: h, title: T, kind: maintain, debtor: red, from: 2020-01-01, forbid: {type: shelling, actor: red},
   release: {commitment: p, state: expired}}"""
    for flights in ([], ["date: 2020-01-02, type: overflight, actor: red"]):
        rows = [f"- {{id: e{n}, {text}}}" for n, text in enumerate(flights)]
        row = ledger(case(terms, "\n".join(rows)), "red-tells", on=date(2020, 1, 20))["h"][0]
        assert row.verdict == "released"


def test_r26_why_a_limit_may_be_passed_is_told() -> None:
    terms = """
- {id: m, title: T, kind: maintain, debtor: red, from: 2020-01-01,
   forbid: {type: deployment, actor: red, above: {value: 2000, unit: troops}}}"""
    many = one(
        terms, ["date: 2020-01-02, type: deployment, actor: red, low: 1500, high: 2500, counted: troops"], "2020-01-03"
    )
    assert many.verdict == "unknown"
    assert many.rule == "in force or broken: how many there are is not told exactly"
    few = one(
        terms, ["date: 2020-01-02, type: deployment, actor: red, low: 2000, high: 2000, counted: troops"], "2020-01-03"
    )
    assert (few.verdict, few.breaches_possible) == ("detached", 0)
