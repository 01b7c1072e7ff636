"""Pairs for a person: one claim rests on what the other denies. Each premise, and what is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from claim_pairs import claim, with_claims

from standoff.case.claims import AssessmentSaid, CommitmentSaid, EventSaid, QuantitySaid
from standoff.case.model import Case
from standoff.evidence.contradictions import compare_claims, contradictions
from standoff.evidence.reconcile import meet
from standoff.evidence.tensions import tension, tensions
from standoff.values import When

DAY = When.parse("2001-02-28")
TOLL = QuantitySaid(quantity="killed", measure="deaths", value=9, of="a", window=DAY)
STRIKE = EventSaid(event="airstrike", actor=("red",), at="a", date=DAY)
BROKEN = CommitmentSaid(commitment="gate", standing="broken", by=("green",), date=DAY)
SHUT = EventSaid(event="border-closed", actor=("green",), date=When.parse("2001-02-20"))

PAIRS: list[tuple[Any, str, Any, bool]] = [
    (TOLL, "asserted", STRIKE, True),
    (replace(TOLL, of="A"), "asserted", STRIKE, True),  # the place by its name
    (replace(TOLL, of="b"), "asserted", STRIKE, False),
    (replace(TOLL, window=When.parse("2001-02-27")), "asserted", STRIKE, False),
    (replace(TOLL, window=When.parse("2001-02")), "asserted", STRIKE, False),  # of more days than the denial
    (replace(TOLL, measure="people-displaced"), "asserted", STRIKE, False),
    (TOLL, "predicted", STRIKE, False),
    (TOLL, "asserted", replace(STRIKE, event="summit"), False),
    (TOLL, "asserted", replace(STRIKE, date=When.parse("2001-02")), True),  # a denial of the whole month
    (BROKEN, "asserted", SHUT, True),
    (replace(BROKEN, by=()), "asserted", SHUT, True),  # by whoever is bound
    (replace(BROKEN, standing="kept"), "asserted", SHUT, False),
    (BROKEN, "asserted", replace(SHUT, actor=("red",)), False),
    (BROKEN, "asserted", replace(SHUT, event="airstrike"), False),
    (BROKEN, "asserted", replace(SHUT, date=When.parse("2001-03-20")), False),  # after the word
    (BROKEN, "asserted", replace(SHUT, date=When.parse("2001-01-02")), False),  # long before it
    (BROKEN, "asserted", CommitmentSaid(commitment="gate"), True),
    (BROKEN, "asserted", CommitmentSaid(commitment="other"), False),
    (AssessmentSaid(assessment="cause", of="e3", value="spite"), "asserted", EventSaid(event="x", recorded="e3"), True),
    (AssessmentSaid(assessment="cause", of="war"), "asserted", EventSaid(event="x", recorded="e3"), False),
    (replace(STRIKE, date=When.parse("2001-04-01")), "predicted", replace(STRIKE, date=When.parse("2001-04")), True),
    (replace(STRIKE, date=None), "conditional", replace(STRIKE, date=None), True),
    (replace(STRIKE, date=None), "predicted", replace(STRIKE, date=None, at="b"), False),
    (replace(STRIKE, date=None), "predicted", replace(STRIKE, date=None, actor=("blue",)), False),
    (STRIKE, "predicted", STRIKE, False),  # denied afterwards: it is the strike that is denied, not the plan
]


@pytest.mark.parametrize(("says", "realis", "denied", "tense"), PAIRS)
def test_a_premise_that_is_denied(case: Case, says: Any, realis: str, denied: Any, tense: bool) -> None:
    one, denial = claim("x", says, realis=realis), claim("y", denied, realis="denied")
    crowd = with_claims(case, [one, denial])
    assert bool(tension(crowd, one, denial)) == bool(tension(crowd, denial, one)) == tense
    assert [(p.first, p.second, p.relation) for p in tensions(crowd)] == ([("x", "y", "tension")] if tense else [])
    kinds = {str(m.kind) for m in meet(crowd, one)}
    assert ("tension" in kinds) == tense
    assert contradictions(crowd) == ()


def test_what_says_the_same_as_a_denied_claim_is_for_a_person(case: Case) -> None:
    first, second = claim("p", TOLL, document="two-1"), claim("q", TOLL, document="one-1")
    denial = claim("d", AssessmentSaid(assessment="lie"), realis="denied", denies=("p",))
    crowd = with_claims(case, [first, second, denial])
    assert [(p.first, p.second) for p in contradictions(crowd)] == [("p", "d")]
    assert [(p.first, p.second, p.why) for p in tensions(crowd)] == [("q", "d", "q says the same as p, which d denies")]
    assert ("tension", "d") in [(str(m.kind), m.claim) for m in meet(crowd, second)]


@pytest.mark.parametrize(
    ("change", "contradicts"),
    [
        ({}, True),
        ({"event": "strike"}, True),  # a denial of the wider type
        ({"date": None}, True),
        ({"at": ""}, True),
        ({"at": "b"}, False),
        ({"actor": ("blue",)}, False),
        ({"target": ("green",)}, False),
        ({"event": "shelling"}, False),
        ({"date": When.parse("2001-06-01")}, False),
    ],
)
@pytest.mark.parametrize("realis", ["threatened", "promised"])
def test_a_threat_is_compared_with_its_denial(
    case: Case, realis: str, change: dict[str, object], contradicts: bool
) -> None:
    act = replace(STRIKE, target=("blue",), date=When.parse("2001-04-01"))
    vow, denial = claim("x", act, realis=realis), claim("y", replace(act, **change), realis="denied")
    for pair in ((vow, denial), (denial, vow)):
        found = compare_claims(case, *pair)
        assert (found.relation == "contradicts", found.reason) == (
            (True, "polarity") if contradicts else (False, found.reason)
        )
    assert bool(contradictions(with_claims(case, [vow, denial]))) == contradicts


def test_who_denies_afterwards_that_it_happened_does_not_deny_the_threat(case: Case) -> None:
    vow = claim("x", STRIKE, realis="threatened")  # of 28 February; the denial is printed on 2 March
    assert compare_claims(case, vow, claim("y", STRIKE, realis="denied")).relation == "differs"
