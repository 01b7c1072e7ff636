"""A correction strikes the earlier value wherever it counts; taken out again, it leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from claim_pairs import claim, with_claims
from evidence_case import FILES

from standoff.case.claims import QuantitySaid
from standoff.case.model import Case
from standoff.case.read import read
from standoff.evidence.backing import backings
from standoff.evidence.contradictions import contradictions, differences
from standoff.evidence.corrections import corrections, in_place_of, uncorrected
from standoff.evidence.listing import claim_entry, dispute_entry
from standoff.evidence.reconcile import meet
from standoff.evidence.tensions import tensions
from standoff.values import When
from standoff.views.records import dispute_records

TOLL = QuantitySaid(
    quantity="killed", measure="deaths-military", value=20, of="a", window=When.parse("2001-02-28"), counted="soldiers"
)


def corrected(case: Case) -> Case:
    """The invented case, in which the second count of the dead corrects the first."""
    later = replace(case.claims["c-two-killed"], supersedes=("c-one-killed",))
    return replace(case, claims={**case.claims, later.id: later})


def test_a_corrected_value_is_in_no_contradiction_and_no_count(case: Case) -> None:
    changed = corrected(case)
    assert any("c-one-killed" in (p.first, p.second) for p in contradictions(case))
    assert not any("c-one-killed" in (p.first, p.second) for p in contradictions(changed))
    assert ("c-one-killed", "supersedes") in {(p.first, p.reason) for p in differences(changed)}
    before, after = (dispute_entry(c, c.disputes["dis-04"])["answers"] for c in (case, changed))
    assert [(a["independent"], a["corrected"]) for a in before] == [(1, []), (1, [])]
    assert [(a["independent"], a["corrected"]) for a in after] == [
        (0, [{"claim": "c-one-killed", "by": ["c-two-killed"]}]),
        (1, []),
    ]
    assert claim_entry(changed, changed.claims["c-one-killed"], {})["corrected_by"] == ["c-two-killed"]
    (card,) = (d for d in dispute_records(changed) if d["id"] == "dis-04")
    assert [(a["witnesses"], a["corrected"]) for a in card["answers"]] == [
        ("no claim that stands", {"c-one-killed": ["c-two-killed"]}),
        ("1 independent source", {}),
    ]


def test_a_correction_that_is_taken_out_leaves_all_as_it_was(case: Case) -> None:
    changed = corrected(case)
    restored = replace(changed, claims={**changed.claims, "c-two-killed": case.claims["c-two-killed"]})
    assert contradictions(restored) == contradictions(case)
    assert corrections(restored) == {}
    for dispute in case.disputes.values():
        assert dispute_entry(restored, dispute) == dispute_entry(case, dispute)


def test_the_last_correction_holds(case: Case) -> None:
    chain = [claim("a", TOLL), claim("b", TOLL, supersedes=("a",)), claim("c", TOLL, supersedes=("b",))]
    crowd = with_claims(case, [*chain, claim("d", TOLL)])
    assert in_place_of(crowd, "a") == ("c",)
    assert in_place_of(crowd, "d") == ("d",)
    assert uncorrected(crowd, crowd.claims) == ("c", "d")
    loop = with_claims(case, [claim("a", TOLL, supersedes=("b",)), claim("b", TOLL, supersedes=("a",))])
    assert in_place_of(loop, "a") == ()


def test_what_was_corrected_backs_nothing_and_meets_only_its_correction(case: Case) -> None:
    there = [claim("x", TOLL), claim("y", TOLL)]
    assert [b.claims for b in backings(with_claims(case, there))] == [("x", "y")]
    later = claim("z", replace(TOLL, value=25), supersedes=("x",))
    crowd = with_claims(case, [*there, later])
    assert backings(crowd) == ()
    assert [(str(m.kind), m.claim) for m in meet(crowd, there[0])] == [("supersedes", "z")]
    assert {m.claim for m in meet(crowd, there[1])} == {"z"}
    assert tensions(crowd) == ()


@pytest.mark.parametrize("circle", [("c-one-killed",), ("c-one-red-did", "c-one-killed")])
def test_corrections_in_a_circle_are_refused(write: Callable[..., Path], circle: tuple[str, ...]) -> None:
    text = FILES["claims.yaml"]
    for name, old in zip(circle, (*circle[1:], circle[0]), strict=True):
        text = text.replace(f"- id: {name}\n", f"- id: {name}\n  supersedes: {old}\n")
    _, problems = read(write({"claims.yaml": text}))
    assert any("supersedes itself" in p.what and p.severity == "error" for p in problems)
