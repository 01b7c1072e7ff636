"""What a party says of a commitment, rule by rule, on a made-up case: red, blue and their spokesmen do not exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from ledger_case import case as made_up_case
from ledger_case import records

from standoff.case.claims import RECORD, Account, Claim
from standoff.case.model import Case, Publisher
from standoff.commitments.ledger import Row, ledger
from standoff.commitments.monitor import evaluate
from standoff.commitments.revision import without_report
from standoff.commitments.track import track
from standoff.commitments.why import explain
from standoff.errors import StandoffError
from standoff.evidence.accounts import doubts, reports
from standoff.runs.spec import make_spec
from standoff.views.lines.why import explanation_lines

ON = date(2020, 2, 1)
SOURCES = """
- {id: red-ministry, name: The ministry of Red, kind: office, party: red}
- {id: red-officer, name: an officer of Red who is not named, kind: anonymous, party: red}
- {id: blue-ministry, name: The ministry of Blue, kind: office, party: blue}
- {id: blue-agency, name: Agency of Blue, kind: agency, party: blue, standing: statement}
- {id: wire, name: The wire, kind: agency}
- {id: essay, name: The essay, kind: outlet, standing: commentary}
- {id: panel, name: The panel, kind: monitor}
- {id: monitor, name: A monitor, kind: monitor}
"""
ACCOUNTS = """
- {id: red, title: What Red said, kind: statement, party: red, voices: [red-ministry]}
- {id: blue, title: What Blue said, kind: statement, party: blue, voices: [blue-ministry]}
- {id: panel, title: What the panel found, kind: statement, party: panel, standard: reasonable grounds, voices: [panel]}
- {id: essay, title: The record read with the essay, kind: reading, voices: [essay]}
"""
TRUCE = """
- {id: truce, title: Red holds fire, kind: maintain, debtor: red, creditor: blue, from: 2020-01-01, until: 2020-01-31,
   forbid: {type: [shelling, airstrike], actor: red}, citation: https://wire.example/1}
"""
EVENTS = """
- {id: e1, date: 2020-01-05, type: shelling, actor: red, target: blue, place: northtown, source: s}
- {id: e2, date: 2020-01-09, type: airstrike, actor: red, target: blue, place: southtown, source: s}
- {id: e3, date: 2020-02-05, type: shelling, actor: red, target: blue, place: northtown, source: s}
"""


def said(
    voice: str,
    says: dict[str, Any],
    *,
    name: str = "c1",
    realis: str = "asserted",
    day: str = "2020-01-10",
    carrier: str = "wire",
    at: str = "https://wire.example/2",
) -> dict[str, Any]:
    return {
        "id": name, "text": "t", "chain": [carrier, voice], "realis": realis, "says": says,
        "citation": at, "published": day,
    }  # fmt: skip


def standoff(claims: list[dict[str, Any]], commitments: str = TRUCE, events: str = EVENTS) -> Case:
    case = made_up_case(commitments, events, sources=SOURCES, accounts=ACCOUNTS)
    publishers = {
        "wire.example": Publisher(id="wire.example", name="The wire", standing="wire"),
        "blog.example": Publisher(id="blog.example", name="A blog", standing="commentary"),
        "blue.example": Publisher(id="blue.example", name="Agency of Blue", standing="statement", party="blue"),
    }
    accounts: dict[str, Account] = {RECORD.id: RECORD, **case.accounts}
    return replace(case, claims=records(Claim, claims), publishers=publishers, accounts=accounts)


def row(case: Case, account: str, on: date = ON, commitment: str = "truce") -> Row:
    (found,) = (r for r in ledger(case, account, on=on) if r.commitment == commitment and not r.reading)
    return found


E1 = {"event": "shelling", "actor": ["red"], "recorded": "e1"}
KEPT = {"commitment": "truce", "standing": "kept"}


@pytest.mark.parametrize(
    ("claims", "account", "says", "words"),
    [
        ([], "red", "silent", "says nothing"),
        ([said("red-ministry", E1, realis="denied")], "red", "denies", "denies 1 of 2"),
        ([said("red-ministry", E1, realis="denied")], "blue", "silent", "says nothing"),
        ([said("blue-ministry", E1)], "blue", "broken", "broken"),
        ([said("red-ministry", E1)], "red", "own-act", "reports its own act"),
        ([said("red-ministry", E1), said("red-ministry", E1, name="c2", realis="denied")], "red", "both", "says both"),
        ([said("blue-ministry", {**KEPT, "standing": "partly"})], "blue", "partly", "kept in part"),
        ([said("blue-ministry", KEPT)], "blue", "kept", "kept"),
        ([said("blue-ministry", {**KEPT, "standing": "in-force"})], "blue", "in-force", "still in force"),
        ([said("red-ministry", {**KEPT, "standing": "justified"})], "red", "justified", "justified"),
        # a word on the commitment does not undo an act that it charges somebody else with
        ([said("blue-ministry", KEPT), said("blue-ministry", E1, name="c2")], "blue", "broken", "broken"),
        # of words on the commitment the latest counts
        (
            [said("blue-ministry", KEPT, day="2020-01-02"),
             said("blue-ministry", {**KEPT, "standing": "broken", "by": ["red"]}, name="c2", day="2020-01-20")],
            "blue", "broken", "broken",
        ),
        # nobody unnamed speaks for a party, nor does an essay, nor another party's agency
        ([said("red-officer", E1, realis="denied")], "red", "silent", "says nothing"),
        ([said("red-ministry", E1, realis="denied", at="https://blog.example/1")], "red", "silent", "says nothing"),
        ([said("red-ministry", E1, realis="denied", at="https://blue.example/1")], "red", "silent", "says nothing"),
        ([said("blue-ministry", E1, carrier="blue-agency", at="https://blue.example/1")], "blue", "broken", "broken"),
        # a threat, a promise or an alleged thing asserts nothing
        ([said("blue-ministry", E1, realis="threatened")], "blue", "silent", "says nothing"),
        ([said("blue-ministry", E1, realis="alleged")], "blue", "silent", "says nothing"),
        # whoever names nobody charges nobody; whoever names another did not assert this act
        ([said("blue-ministry", {"event": "shelling", "recorded": "e1"})], "blue", "silent", "says nothing"),
        ([said("blue-ministry", {**E1, "actor": ["green"]})], "blue", "silent", "says nothing"),
        ([said("blue-ministry", {**E1, "actor": ["red-militia"]})], "blue", "broken", "broken"),
        # what was said after the day is not heard on it
        ([said("blue-ministry", E1, day="2020-02-02")], "blue", "silent", "says nothing"),
        # an act after the last day breaks nothing, whoever asserts it
        ([said("blue-ministry", {**E1, "recorded": "e3"}, day="2020-02-01")], "blue", "silent", "says nothing"),
    ],
)  # fmt: skip
def test_a_party_says_only_what_it_said(claims: list[dict[str, Any]], account: str, says: str, words: str) -> None:
    found = row(standoff(claims), account)
    assert (found.says, found.words) == (says, words)
    assert found.account_kind == "statement"
    assert found.state == "detached"  # the clock of the record, and no verdict of it


@pytest.mark.parametrize(
    ("window", "denied"),
    [
        ({"date": "2020-01-01/2020-01-31"}, {"e1"}),
        ({"date": "2020-01-01/2020-01-31", "at": "northtown"}, {"e1"}),
        ({"date": "2020-01-01/2020-01-31", "at": "southtown"}, set()),
        ({"date": "2020-01-01/2020-01-31", "at": "north"}, {"e1"}),
        ({"date": "2020-01-06/2020-01-31"}, set()),
        ({"date": "2020-01-01/2020-02-28"}, {"e1", "e3"}),
        ({}, set()),  # without days it speaks of no row
        ({"date": "2020-01-01/2020-02-28", "event": "assault"}, {"e1", "e2", "e3"}),
        ({"date": "2020-01-01/2020-02-28", "actor": ["blue"]}, set()),
        ({"date": "2020-01-01/2020-02-28", "target": ["green"]}, set()),
    ],
)
def test_a_denial_touches_what_it_names_and_nothing_else(window: dict[str, Any], denied: set[str]) -> None:
    says = {"event": "shelling", "actor": ["red"], **window}
    case = standoff([said("red-ministry", says, realis="denied", day="2020-03-01")])
    assert {r.event.id for r in reports(case, "red") if r.denied} == denied
    assert {r.event.id for r in reports(case, "record") if r.denied} == denied
    assert not any(r.asserted or r.denied for r in reports(case, "blue"))


def test_a_denied_breach_is_contested_in_the_record_and_the_other_stands() -> None:
    case = standoff([said("red-ministry", E1, realis="denied")])
    assert (row(case, "record").verdict, row(case, "record").breaches) == ("violated", 1)
    alone = replace(case, events={k: e for k, e in case.events.items() if k != "e2"})
    assert row(alone, "record").verdict == "contested"
    assert [d.events for d in doubts(case)] == [("e1",)]


def test_words_that_contest_a_row_contest_the_record_and_speak_for_nobody() -> None:
    case = standoff([], events=EVENTS.replace("source: s}", "source: s, contested: who did it}"))
    assert row(case, "record").verdict == "contested"
    assert row(case, "red").says == row(case, "blue").says == "silent"


@pytest.mark.parametrize(
    ("claims", "source", "verdict"),
    [
        ([said("blue-ministry", E1)], "s", "contested"),
        ([said("blue-ministry", E1)], "https://wire.example/2", "contested"),  # the page of that claim, and no other
        ([said("blue-ministry", E1)], "https://blog.example/1", "contested"),  # a page that may not carry a charge
        ([said("blue-ministry", E1)], "https://other.example/1", "violated"),
        ([said("blue-ministry", E1), said("monitor", E1, name="c2")], "s", "violated"),
        ([said("monitor", E1)], "s", "violated"),
        ([said("blue-ministry", E1), said("red-ministry", E1, name="c2")], "s", "violated"),  # Red said so itself
        ([], "s", "violated"),
    ],
)
def test_a_charge_by_the_opponent_alone_is_contested(claims: list[dict[str, Any]], source: str, verdict: str) -> None:
    case = standoff(claims, events=EVENTS.replace("source: s}", f'source: "{source}"}}'))
    other = Publisher(id="other.example", name="Another wire", standing="wire")
    first = {"e1": case.events["e1"]}
    case = replace(case, events=first, publishers={**case.publishers, "other.example": other})
    assert row(case, "record").verdict == verdict
    assert len(doubts(case)) == (verdict == "contested")


@pytest.mark.parametrize(
    ("page", "voice", "verdict"),
    [
        ("https://nobody.example/1", "red-ministry", "contested"),  # where the charge stands, its denial stands as well
        ("https://nobody.example/2", "red-ministry", "violated"),
        ("https://nobody.example/1", "red-officer", "violated"),  # nobody knows who that is
    ],
)
def test_the_page_of_a_charge_carries_its_denial(page: str, voice: str, verdict: str) -> None:
    charge = said("monitor", E1, at="https://nobody.example/1")
    denial = said(voice, E1, name="c2", realis="denied", at=page)
    case = standoff([charge, denial])
    assert row(replace(case, events={"e1": case.events["e1"]}), "record").verdict == verdict


def test_what_is_unsourced_is_read_by_no_account() -> None:
    case = standoff([], events=EVENTS.replace("source: s}", "source: s, sourcing: unsourced}"))
    assert row(case, "record").verdict == "satisfied"
    assert all(not reports(case, name) for name in case.accounts)


def test_an_effort_is_broken_by_a_finding_alone_and_the_result_stands_beside() -> None:
    effort = TRUCE.replace("citation:", "duty: effort, citation:")
    charge = said("blue-ministry", E1)
    seen = said("monitor", E1, name="c3")  # not Blue alone
    found = row(standoff([charge, seen], effort), "record")
    assert (found.verdict, found.words, found.breaches) == (
        "result-broken", "effort not judged; result broken", 2,
    )  # fmt: skip
    assert row(standoff([charge, seen], effort), "blue").says == "result-broken"
    finding = said("panel", {"commitment": "truce", "standing": "broken", "by": ["red"]}, name="c2")
    assert row(standoff([charge, seen, finding], effort), "record").verdict == "violated"
    later = date(2020, 1, 7)
    assert row(standoff([charge, seen, finding], effort), "record", on=later).verdict == "result-broken"
    assert track(standoff([charge, seen], effort), "record", on=ON) == ()


ONE_VOICE = """
- {id: hearsay, title: Red leaves, kind: achieve, debtor: red, creditor: blue, from: 2020-01-01, by: 2020-01-15,
   then: {type: withdrawal, actor: red}, claims: [c1]}
"""


def test_what_one_voice_reports_lives_in_its_account_alone() -> None:
    report = said("essay", {"commitment": "hearsay"}, carrier="essay", at="https://blog.example/1")
    case = standoff([report], ONE_VOICE)
    every = ledger(case, list(case.accounts), on=ON)
    assert [r.account for r in every if r.commitment == "hearsay"] == ["essay"]
    own = standoff([said("red-ministry", {"commitment": "hearsay"}, realis="promised")], ONE_VOICE)
    assert {r.account for r in ledger(own, list(own.accounts), on=ON)} == set(own.accounts)
    put_into_its_mouth = said("red-ministry", {"commitment": "hearsay"}, carrier="essay", at="https://blog.example/1")
    case = standoff([put_into_its_mouth], ONE_VOICE)
    assert [r.account for r in ledger(case, list(case.accounts), on=ON)] == ["essay"]


def test_one_promise_described_twice_counts_once() -> None:
    twice = TRUCE + TRUCE.replace("id: truce", "id: again, same_as: truce")
    case = standoff([], twice)
    assert [r.commitment for r in ledger(case, "record", on=ON)] == ["truce"]
    (record,) = track(case, "record", on=ON)
    assert (record.n, record.commitments) == (1, ("truce",))


def test_an_outdated_word_is_no_breach_since_the_replacement() -> None:
    new = TRUCE.replace("id: truce", "id: next").replace("from: 2020-01-01", "from: 2020-01-20, supersedes: truce")
    old = row(standoff([], TRUCE + new), "record")
    assert (old.verdict, old.since) == ("violated", date(2020, 1, 5))
    quiet = row(standoff([], TRUCE + new, "[]"), "record")
    assert (quiet.verdict, quiet.since) == ("superseded", date(2020, 1, 1))


def test_runs_and_track_records_refuse_a_statement_account() -> None:
    case = standoff([])
    with pytest.raises(StandoffError, match="'red' is a statement account"):
        make_spec(case, accounts=("red",))
    with pytest.raises(StandoffError, match="'red' is a statement account"):
        track(case, "red", on=ON)


def test_the_explanation_says_who_denies_and_names_nobody_who_is_silent_as_a_witness() -> None:
    case = standoff([said("red-ministry", E1, realis="denied")])
    page = "\n".join(explanation_lines(explain(evaluate(case, ["record", "red", "blue"], on=ON), "truce"))) + "\n"
    assert "denied by The ministry of Red" in page
    assert "According to red; the text\n  DENIES 1 OF 2, 2020-01-10: denies 1 of 2 recorded acts" in page
    assert "Nothing said of it by blue" in page


def test_who_says_that_it_struck_one_target_does_not_say_that_it_struck_another() -> None:
    truce = TRUCE.replace("actor: red}", "actor: red, target: blue}")
    events = EVENTS.replace("target: blue", "target: [blue, green]")
    for target, says in ((["green"], "silent"), (["blue", "green"], "own-act"), ([], "own-act")):
        told = standoff([said("red-ministry", {**E1, "target": target})], truce, events)
        assert row(told, "red").says == says


THREAT = """
- {id: strikes, title: Red strikes unless Blue leaves, kind: achieve, adverse: "true", debtor: red, creditor: blue,
   from: 2020-01-01, by: 2020-01-15, then: {type: airstrike, actor: red}, citation: https://wire.example/1}
- {id: answers, title: Red strikes within three days of a shell, kind: achieve, adverse: "true", debtor: red,
   creditor: blue, from: 2020-01-01, within: 3d, when: {type: shelling, actor: blue},
   then: {type: airstrike, actor: red}, citation: https://wire.example/1}
- {id: leaves, title: Red leaves by the 15th, kind: achieve, debtor: red, creditor: blue, from: 2020-01-01,
   by: 2020-01-15, then: {type: withdrawal, actor: red}, citation: https://wire.example/1}
"""
ACTS = """
- {id: early, date: 2020-01-10, type: airstrike, actor: red, target: blue, place: northtown, source: s}
- {id: shell, date: 2020-01-12, type: shelling, actor: blue, target: red, place: northtown, source: s}
- {id: late, date: 2020-01-28, type: airstrike, actor: red, target: blue, place: northtown, source: s}
- {id: leave, date: 2020-01-28, type: withdrawal, actor: red, place: northtown, source: s}
"""


@pytest.mark.parametrize(
    ("commitment", "event", "words", "rule"),
    [
        ("strikes", "early", "carried out", "asserts 1 act by which it is kept"),
        ("strikes", "late", "says nothing", "asserts 1 act of the kind after its last day, not that it is carried out"),
        ("answers", "early", "says nothing", "no statement of its own"),  # nothing had called it in
        ("answers", "late", "says nothing", "asserts 1 act of the kind after its last day, not that it is carried out"),
        ("leaves", "leave", "kept late", "asserts 1 act by which it is kept"),  # a promise may be kept late
    ],
)
def test_an_act_after_its_last_day_carries_no_threat_out(commitment: str, event: str, words: str, rule: str) -> None:
    kind = "withdrawal" if event == "leave" else "airstrike"
    claim = said("red-ministry", {"event": kind, "actor": ["red"], "recorded": event}, day="2020-01-29")
    events = "\n".join(line for line in ACTS.splitlines() if event == "early" or "id: early" not in line)
    told = row(standoff([claim], THREAT, events), "red", commitment=commitment)
    assert (told.words, told.rule[: len(rule)]) == (words, rule)


def test_a_party_may_say_itself_that_a_later_act_carries_its_threat_out() -> None:
    claims = [
        said("red-ministry", {"event": "airstrike", "actor": ["red"], "recorded": "late"}, day="2020-01-29"),
        said("red-ministry", {"commitment": "strikes", "standing": "kept"}, name="c2", day="2020-01-29"),
    ]
    case = standoff(
        claims,
        THREAT,
        ACTS.replace("early, date: 2020-01-10, type: airstrike", "early, date: 2020-01-10, type: patrol"),
    )
    assert row(case, "red", commitment="strikes").words == "carried out late"


def test_the_record_says_of_a_threat_that_its_time_passed() -> None:
    events = ACTS.replace("2020-01-10", "2020-01-29")
    case = standoff([], THREAT, events)
    told = row(case, RECORD.id, commitment="strikes")
    assert (told.words, told.late, told.verdict) == ("not carried out in time", True, "violated")
    roles = {e["id"]: e["role"] for e in explain(evaluate(case, ["record"], on=ON), "strikes")["rows"][0]["events"]}
    assert roles == dict.fromkeys(("early", "late"), "is such an act, after the last day")


READ = """
- {id: truce, title: Red holds fire, kind: maintain, debtor: red, creditor: blue, from: 2020-01-01, until: 2020-01-31,
   forbid: {type: airstrike, actor: red}, citation: https://wire.example/1,
   readings: [{id: wide, title: Shells too, forbid: {type: [shelling, airstrike], actor: red}}]}
"""


def test_a_word_on_a_reading_says_nothing_of_the_text() -> None:
    words = {"commitment": "truce", "reading": "wide", "standing": "broken", "by": ["red"]}
    told = {r.reading: r for r in ledger(standoff([said("blue-ministry", words)], READ), "blue", on=ON)}
    assert {reading: r.says for reading, r in told.items()} == {"": "silent", "wide": "broken"}
    assert told["wide"].claims == ("c1",)


MEMBER = "- {id: wing, title: What the wing said, kind: statement, party: red-militia, voices: [wing-spokesman]}\n"


@pytest.mark.parametrize(
    ("target", "says", "by"),
    [(["blue"], "own-act", ("red",)), ([], "own-act", ("red",)), (["red-militia"], "broken", ("red",))],
)
def test_a_member_that_reports_an_act_of_its_whole_accuses_only_as_its_target(
    target: list[str], says: str, by: tuple[str, ...]
) -> None:
    events = EVENTS.replace("target: blue", "target: [blue, red-militia]", 1)
    made = made_up_case(
        TRUCE, events, accounts=ACCOUNTS + MEMBER,
        sources=SOURCES + "- {id: wing-spokesman, name: A spokesman of the wing, kind: office, party: red-militia}",
    )  # fmt: skip
    told = said("wing-spokesman", {**E1, "target": target} if target else E1)
    case = replace(standoff([told], TRUCE, events), sources=made.sources, accounts={RECORD.id: RECORD, **made.accounts})
    one = row(case, "wing")
    assert (one.says, one.by) == (says, by)


E2 = {"event": "airstrike", "actor": ["red"], "recorded": "e2"}
ALL_OF_JANUARY = {"event": "assault", "actor": ["red"], "date": "2020-01-01/2020-01-31"}


@pytest.mark.parametrize(
    ("claims", "verdict", "words"),
    [  # verdicts written down before the first play
        ([said("red-ministry", E1, realis="denied")], "violated", "denies 1 of 2"),
        (
            [said("red-ministry", E1, realis="denied"), said("red-ministry", E2, name="c2", realis="denied")],
            "contested", "denies 2 of 2",
        ),
        ([said("red-ministry", ALL_OF_JANUARY, realis="denied")], "contested", "denies 2 of 2"),
        ([said("red-ministry", {**ALL_OF_JANUARY, "at": "northtown"}, realis="denied")], "violated", "denies 1 of 2"),
        # whoever speaks for another denies nothing for Red, and Blue's word for Red is no word of Red
        ([said("blue-ministry", ALL_OF_JANUARY, realis="denied")], "contested", "says nothing"),
        (
            [said("red-ministry", E1), said("red-ministry", E2, name="c2", realis="denied")],
            "violated", "reports its own act",
        ),
    ],
)  # fmt: skip
def test_a_denial_of_a_part_contests_that_part(claims: list[dict[str, Any]], verdict: str, words: str) -> None:
    made = standoff(claims)
    assert (row(made, "record").verdict, row(made, "red").words) == (verdict, words)


def test_a_denial_contests_from_the_day_on_which_it_was_known() -> None:
    made = standoff([said("red-ministry", ALL_OF_JANUARY, realis="denied", day="2020-01-20")])
    then = ledger(made, "record", on="2020-01-15", as_of="2020-01-15")["truce"][0]
    now = ledger(made, "record", on="2020-01-15", as_of="2020-01-25")["truce"][0]
    assert (then.verdict, now.verdict) == ("violated", "contested")


def test_without_the_one_report_that_nobody_denies_the_rest_is_contested() -> None:
    made = standoff([said("red-ministry", E1, realis="denied")])
    change = next(c for c in without_report(made, "e2").changes if c.after is not None and c.after.account == "record")
    assert change.before is not None
    assert (change.before.verdict, change.after.verdict) == ("violated", "contested")
