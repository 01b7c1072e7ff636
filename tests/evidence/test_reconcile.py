"""A claim that is proposed meets what is there: each kind of meeting, with its reason, and nothing of other things."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from claim_pairs import claim, with_claims
from evidence_case import unchanged

from standoff.case.claims import Claim, EventSaid, QuantitySaid
from standoff.case.model import Case
from standoff.evidence.reconcile import Meeting, meet
from standoff.values import When

DAY = When.parse("2001-02-03")
TOLL = QuantitySaid(
    quantity="soldiers-killed", measure="deaths-military", value=33, counted="soldiers", of="a", window=DAY
)
STRIKE = EventSaid(event="airstrike", actor=("red",), target=("blue",), at="a", date=DAY)


def met(case: Case, proposal: Claim, *there: Claim) -> list[tuple[str, str]]:
    return [(str(m.kind), m.claim) for m in meet(with_claims(case, list(there)), proposal)]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({}, "corroborates"),
        ({"bound": "at-least", "value": 30}, "corroborates"),
        ({"value": 36}, "contradicts"),
        ({"quantity": "killed-at-a", "value": 36}, "contradicts"),  # its words say nothing but the place
        ({"quantity": "killed-in-the-strike", "value": 36}, "contradicts"),
        ({"counted": "Armenian soldiers", "value": 36}, "contradicts"),
        ({"of": "A", "value": 36}, "contradicts"),  # the place by its name
        ({"measure": "deaths", "counted": "people", "value": 20}, "contradicts"),  # a part is not more than the whole
        ({"quantity": "killed-in-the-siege", "value": 20}, "tension"),  # words of its own: a part of them
        ({"measure": "deaths", "counted": "people", "value": 40}, "tension"),  # both can hold
        ({"window": None, "value": 36}, "tension"),  # perhaps the same day
        ({"of": "", "value": 36}, "tension"),  # perhaps the same place
        ({"counted": "civilians", "value": 36}, "new"),
        ({"of": "b", "value": 36}, "new"),
        ({"window": When.parse("2001-02-04"), "value": 36}, "new"),
        ({"measure": "wounded", "counted": "people", "value": 20}, "new"),
    ],
)
def test_two_tolls_of_one_place_and_day(case: Case, change: dict[str, object], kind: str) -> None:
    there, proposal = claim("x", TOLL), claim("y", replace(TOLL, **change))
    assert met(case, proposal, there) == [(kind, "x" if kind != "new" else "")]
    assert met(case, there, proposal) == [(kind, "y" if kind != "new" else "")]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ({"counted": "Turkish soldiers"}, {"value": 34, "bound": "at-least"}, "contradicts"),
        ({"counted": "Turkish soldiers", "quantity": "turkish-soldiers"}, {"value": 34}, "contradicts"),
        ({"counted": "Turkish soldiers"}, {"value": 34, "window": DAY}, "tension"),
        ({"counted": "Turkish soldiers"}, {"value": 34, "of": "b"}, "new"),
        ({"counted": "Turkish soldiers"}, {"value": 34, "of": ""}, "new"),
        ({}, {"bound": "at-least", "value": 20}, "corroborates"),
        ({}, {"value": 34, "quantity": "soldiers-of-the-third-brigade"}, "contradicts"),
    ],
)
def test_two_tolls_that_give_no_day_and_were_published_together(
    case: Case, one: dict[str, object], other: dict[str, object], kind: str
) -> None:
    bare = replace(TOLL, window=None, quantity="soldiers")
    there, proposal = claim("x", replace(bare, **one)), claim("y", replace(bare, **other))
    assert [k for k, _ in met(case, proposal, there)] == [kind]
    assert [k for k, _ in met(case, there, proposal)] == [kind]


def test_what_one_source_says_later_may_correct_it(case: Case) -> None:
    there = claim("p", TOLL, document="one-1")
    later = claim("q", replace(TOLL, value=36), document="one-2")
    assert met(case, later, there) == [("supersedes", "p")]
    assert met(case, there, later) == [("supersedes", "q")]
    (first,) = meet(with_claims(case, [there]), later)
    assert first.reason.endswith("wire says so later, on 2001-03-05, and may correct itself.")
    assert met(case, claim("q", replace(TOLL, value=36), supersedes=("p",)), there) == [("supersedes", "p")]


def test_the_same_source_is_no_second_voice(case: Case) -> None:
    there = claim("p", TOLL, document="one-1")
    assert met(case, claim("q", TOLL, document="one-2"), there) == [("same", "p")]


def test_two_denials_of_other_things_are_nothing_to_each_other(case: Case) -> None:
    there = claim("p", STRIKE, realis="denied")
    assert met(case, claim("y", replace(STRIKE, at="b"), realis="denied"), there) == [("new", "")]
    assert met(case, claim("yx", STRIKE, realis="denied"), replace(there, chain=("bob", "copier"))) == [
        ("corroborates", "p")
    ]
    assert met(case, claim("y", STRIKE), there) == [("contradicts", "p")]


def test_every_reason_is_one_sentence(case: Case) -> None:
    for one in case.claims.values():
        for meeting in meet(case, one):
            assert isinstance(meeting, Meeting)
            assert meeting.reason[0].isupper() or meeting.reason[0].isdigit() or meeting.reason.startswith("c-")
            assert meeting.reason.endswith(".")


def test_order_and_what_else_is_there_make_no_difference() -> None:
    case = unchanged()
    claims = list(case.claims.values())
    rng = random.Random(3)
    for one in claims:
        plain = meet(case, one)
        mixed = claims[:]
        rng.shuffle(mixed)
        other = claim("unrelated", EventSaid(event="protest", actor=("green",), at="far away", date=DAY))
        crowd = replace(case, claims={c.id: c for c in [*mixed, other]})
        assert meet(crowd, one) == plain
