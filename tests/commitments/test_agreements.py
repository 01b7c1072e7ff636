"""The state of whole agreements: made up, in any order, over time, and in the record of the Idlib case."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_case import case
from thorough import examples

from standoff.case.read import load
from standoff.commitments.agreements import AgreementRow, Stand, agreements, combine, name

PACT = "- {id: pact, title: The pact, parties: [red, blue], date: 2020-01-01}"
TRUCE = (
    "{id: truce, title: no attacks, kind: maintain, debtor: red, agreement: pact, from: 2020-01-01, "
    "forbid: {type: attack}"
)
AID = (
    "{id: aid, title: bring aid, kind: achieve, debtor: red, agreement: pact, from: 2020-01-01, "
    "by: 2020-01-10, then: {type: aid, actor: red}"
)
REPLY = (
    "{id: reply, title: pay if aid is missed, kind: achieve, debtor: blue, agreement: pact, from: 2020-01-01, "
    "when: {commitment: aid, state: violated}, then: {type: compliance, actor: blue}"
)

CALLS = (
    "{id: calls, title: a patrol for each offer, kind: achieve, debtor: red, agreement: pact, from: 2020-01-01, "
    "until: 2020-01-20, within: 2d, when: {type: offer}, then: {type: patrol, actor: red}"
)


def event(what: str, day: str, who: str = "red", n: int = 0) -> dict[str, Any]:
    return {"id": f"e-{what}-{day}-{n}", "date": day, "type": what, "actor": who}


def whole(terms: list[str], events: list[dict[str, Any]], on: str, more: str = "", **kind: Any) -> AgreementRow:
    made = case("\n".join(f"- {t}}}" for t in terms), events, agreements=PACT + more, **kind)
    return agreements(made, "red-tells", on=date.fromisoformat(on))[0]


def test_a_broken_ceasefire_is_in_force() -> None:
    row = whole([TRUCE], [event("attack", "2020-01-05")], "2020-03-01")
    assert (row.state, row.broken, row.in_force, row.provisions) == ("in force", 1, 1, 1)


@pytest.mark.parametrize(
    ("terms", "events", "on", "state"),
    [
        ([AID], [], "2019-12-20", "not yet in force"),
        ([AID], [event("aid", "2020-01-05")], "2020-01-04", "in force"),
        ([AID], [event("aid", "2020-01-05")], "2020-01-05", "fulfilled"),
        ([AID, TRUCE], [event("aid", "2020-01-05")], "2020-02-05", "in force"),
        ([AID, TRUCE + ", until: 2020-01-31"], [event("aid", "2020-01-05")], "2020-02-05", "fulfilled"),
        ([TRUCE + ", until: 2020-01-31"], [event("attack", "2020-01-05")], "2020-01-31", "in force"),
        ([TRUCE + ", until: 2020-01-31"], [event("attack", "2020-01-05")], "2020-02-01", "ended"),
        ([TRUCE + ", cancel: {type: ceasefire-end}"], [event("ceasefire-end", "2020-01-05")], "2020-01-06", "ended"),
        ([AID], [], "2020-06-01", "in force"),  # the duty was missed, and nobody ended the pact
        ([AID], [event("aid", "2020-01-20")], "2020-06-01", "ended"),  # done late: over, and not fulfilled
        ([AID, REPLY], [event("aid", "2020-01-05")], "2020-02-01", "fulfilled"),  # the reply can no longer be called in
        ([AID, REPLY], [event("compliance", "2020-01-15", "blue")], "2020-02-01", "in force"),
        ([AID, TRUCE + ", release: {type: agreement}"], [event("agreement", "2020-01-05")], "2020-02-01", "in force"),
        ([AID, TRUCE + ", release: {type: agreement}"], [event("agreement", "2020-01-15")], "2020-02-01", "ended"),
        ([TRUCE], [], "2020-01-01", "in force"),  # on its first day
        (
            [AID, REPLY],
            [event("aid", "2020-01-20")],
            "2020-06-01",
            "in force",
        ),  # done late, and the reply is still owed
        ([CALLS], [event("offer", "2020-01-02"), event("patrol", "2020-01-03")], "2020-02-01", "fulfilled"),
        (
            [CALLS],
            [event("offer", "2020-01-02"), event("offer", "2020-01-10"), event("patrol", "2020-01-11")],
            "2020-02-01",
            "ended",  # kept the second time, after it was broken the first
        ),
    ],
)
def test_the_states_of_a_made_up_pact(terms: list[str], events: list[dict[str, Any]], on: str, state: str) -> None:
    assert whole(terms, events, on).state == state


def test_a_successor_is_named() -> None:
    newer = "\n- {id: newer, title: Newer, parties: [red, blue], date: 2020-02-01}"
    second = TRUCE.replace("id: truce", "id: second").replace("pact", "newer").replace("2020-01-01", "2020-02-01")
    for day in ("2020-02-01", "2020-02-10"):
        row = whole([TRUCE, second + ", supersedes: [truce]"], [], day, newer)
        assert (row.state, row.successors) == ("superseded", ("newer",))


def test_an_agreement_is_replaced_from_the_first_day_of_the_one_that_says_so() -> None:
    newer = "\n- {id: newer, title: Newer, parties: [red, blue], date: 2020-02-01, supersedes: [pact]}"
    stood = [whole([TRUCE], [], day, newer) for day in ("2020-01-31", "2020-02-01")]
    assert [row.successors for row in stood] == [(), ("newer",)]


def test_what_is_decided_is_not_among_the_undecided() -> None:
    row = whole([AID, TRUCE], [event("aid", "2020-01-05")], "2020-02-01")
    assert (row.undecided, row.possible) == ((), ("in force",))


def test_silence_leaves_it_unknown_only_where_it_would_differ() -> None:
    alone = whole([AID], [], "2020-02-01", coverage=[])
    assert (alone.state, alone.possible, alone.undecided) == ("unknown", ("fulfilled", "in force"), ("aid",))
    both = whole([AID, TRUCE], [], "2020-02-01", coverage=[])
    assert (both.state, both.unknown) == ("in force", 1)


STANDS = [
    Stand(frozenset({mark}), missed=day if mark == "missed" else -1, act=day if mark == "act" else -1)
    for mark in ("later", "open", "kept", "over", "missed", "act", "lapsed", "free")
    for day in (3, 5)
]
WAYS = st.frozensets(st.sampled_from(STANDS), min_size=1, max_size=3)


@settings(max_examples=examples(150))
@given(st.lists(WAYS, min_size=1, max_size=5), st.randoms())
def test_the_order_of_provisions_is_irrelevant_and_every_combination_is_tried(ways: list[Any], shuffle: Any) -> None:
    slow = set()
    for choice in product(*ways):
        total = choice[0]
        for one in choice[1:]:
            total |= one
        slow.add(name(total))
    mixed = list(ways)
    shuffle.shuffle(mixed)
    assert combine(mixed) == combine(ways) == slow


EVENTS = st.lists(
    st.builds(
        event,
        st.sampled_from(["aid", "attack", "compliance", "agreement", "ceasefire-end"]),
        st.integers(0, 40).map(lambda n: (date(2020, 1, 1) + timedelta(days=n)).isoformat()),
        st.sampled_from(["red", "blue"]),
        st.integers(0, 10**9),
    ),
    max_size=6,
    unique_by=lambda e: e["id"],
)
TERMS = st.permutations(
    [AID, REPLY, TRUCE + ", until: 2020-01-20, cancel: {type: ceasefire-end}, release: {type: agreement}"]
)


@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(TERMS, st.integers(1, 3), EVENTS, st.sampled_from(["2020-01-02", "2020-01-09", "2020-01-15"]))
def test_time_alone_never_takes_fulfilled_back(
    terms: list[str], many: int, events: list[dict[str, Any]], aided: str
) -> None:
    events = [*events, event("aid", aided, n=-1)]  # mostly in time, so that many of these pacts are fulfilled
    chosen = terms[:many] if AID in terms[:many] else [AID, *terms[:many]]
    days = [(date(2020, 1, 1) + timedelta(days=n)).isoformat() for n in range(0, 60, 4)]
    seen = [whole(chosen, events, day) for day in days]
    states = [row.state for row in seen]
    first = states.index("fulfilled") if "fulfilled" in states else len(states)
    assert set(states[first:]) <= {"fulfilled"}
    assert whole(chosen[::-1], events, days[-1]).state == states[-1]


def test_sochi_stands_broken_and_moscow_stands_in_the_record() -> None:
    idlib = load("idlib")
    found = {r.agreement: r for r in agreements(idlib, "record", on=date(2018, 12, 31))}
    sochi = found["sochi-2018"]  # the radicals had to leave by October; the motorways have this last day
    assert (sochi.state, sochi.kept, sochi.broken, sochi.contested) == ("in force", 0, 1, 1)
    assert found["moscow-2020"].state == found["truce-2019-06-12"].state == "not yet in force"
    later = {r.agreement: r for r in agreements(idlib, "record", on=date(2020, 4, 1))}
    assert later["sochi-2018"].state == later["moscow-2020"].state == "in force"
    assert later["sochi-2018"].broken == 2  # articles 5 and 8; article 2 owes an effort, which nobody has judged
    assert (later["truce-2019-06-12"].state, later["truce-2019-06-12"].broken) == ("ended", 1)
    assert later["truce-2020-01"].successors == ("moscow-2020",)
    assert later["truce-2019-05-18"].state == "unknown"  # what is denied was denied after its last day


def test_what_a_party_said_makes_no_state_of_an_agreement() -> None:
    assert agreements(load("idlib"), ["turkey", "russia"], on=date(2020, 4, 1)) == ()
