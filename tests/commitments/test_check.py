"""What cannot be meant is found, and said with what was expected."""

from __future__ import annotations

import pytest
from ledger_case import case

from standoff.case.checks import check_room
from standoff.case.geography import Zone

GOOD = "id: c, title: T, debtor: red, from: 2020-01-05"
MAY = "title: T, kind: permission, agreement: pact, debtor: red, from: 2020-01-05"
THEN = "then: {type: patrol}"
CASES = {
    "dates": f"- {{{GOOD}, kind: achieve, by: 2020-01-04, {THEN}}}",
    "dates of a condition": f"- {{{GOOD}, kind: achieve, {THEN}, when: {{not: {{type: aid}}, by: 2020-01-01}}}}",
    "succession": f"- {{{GOOD}, kind: achieve, {THEN}, supersedes: c}}",
    "succession in a circle": f"""
- {{{GOOD}, kind: achieve, {THEN}, supersedes: d}}
- {{id: d, title: T, debtor: red, from: 2020-01-05, kind: achieve, {THEN}, amends: c}}""",
    "mutual-suspension": f"""
- {{{GOOD}, kind: maintain, forbid: {{type: shelling}}, while: {{commitment: d, state: detached}}}}
- {{id: d, title: T, debtor: red, from: 2020-01-05, kind: achieve, {THEN},
   while: {{commitment: c, state: detached}}}}""",
    "states": f"- {{{GOOD}, kind: achieve, {THEN}, when: {{commitment: truce, state: violated}}}}",
    "states that nobody knows": f"""
- {{{GOOD}, kind: achieve, {THEN}}}
- {{id: d, title: T, debtor: red, from: 2020-01-05, kind: achieve, {THEN}, when: {{commitment: c, state: broken}}}}""",
    "consequent": f"- {{{GOOD}, kind: achieve}}",
    "consequent without amount": f"- {{{GOOD}, kind: quantity, {THEN}}}",
    "consequent without period": f"- {{{GOOD}, kind: recurrent, {THEN}}}",
    "except": f"- {{{GOOD}, kind: maintain, agreement: pact, forbid: {{type: strike}}}}"
    + "".join(f"\n- {{id: p{n}, {MAY}, then: {{type: {t}}}}}" for n, t in enumerate(["strike", "airstrike"] * 4)),
    "patterns": f"- {{{GOOD}, kind: achieve, {THEN}, when: {{not: {{type: aid}}}}}}",
    "patterns that exclude each other": f"""
- {{{GOOD}, kind: achieve, then: {{all: [{{type: aid}}, {{type: patrol}}]}}}}""",
    "readings": f"""
- {{{GOOD}, kind: achieve, {THEN}, readings: [{{id: r, by: 2020-02-01}}, {{id: r, by: 2020-03-01}}]}}""",
}


@pytest.mark.parametrize("name", CASES)
def test_each_thing_that_cannot_be_meant_is_found(name: str) -> None:
    found = check_room(case(CASES[name]), "commitments")
    assert [p.check for p in found if p.severity == "error"] == [name.split()[0]] * len(found)
    assert found
    assert all(p.expected for p in found)


def test_what_can_be_meant_passes() -> None:
    fine = f"""
- {{{GOOD}, kind: achieve, by: 2020-01-10, {THEN}, readings: [{{id: r, by: 2020-02-01}}]}}
- {{id: d, title: T, debtor: red, from: 2020-01-05, kind: maintain, forbid: {{type: shelling}},
   while: {{not: {{commitment: e, state: violated}}}}}}
- {{id: e, title: T, debtor: blue, from: 2020-01-05, kind: maintain, forbid: {{type: shelling}},
   while: {{not: {{commitment: d, state: violated}}}}}}
- {{id: f, title: T, debtor: blue, from: 2020-02-05, kind: achieve, supersedes: c, observable: nobody would see it}}
"""
    assert check_room(case(fine), "commitments") == []


def zone(*points: tuple[float, float], **more: object) -> Zone:
    return Zone(id="zone", title="Z", geometry={"type": "Polygon", "coordinates": [[*points, points[0]]]}, **more)  # type: ignore[arg-type]


def test_a_zone_that_crosses_itself_is_found() -> None:
    crossed = zone((36.0, 35.0), (37.0, 36.0), (37.0, 35.0), (36.0, 36.0))
    found = check_room(case(zones=[crossed]), "commitments")
    assert [p.check for p in found] == ["zones"]
    assert "Self-intersection" in found[0].what
    plain = zone((36.0, 35.0), (37.0, 35.0), (37.0, 36.0), (36.0, 36.0))
    assert check_room(case(zones=[plain]), "commitments") == []


def test_a_line_has_no_inside() -> None:
    road = Zone(id="road", title="R", geometry={"type": "LineString", "coordinates": [[36.0, 35.0], [37.0, 36.0]]})
    asked = f"- {{{GOOD}, kind: maintain, forbid: {{type: shelling, within: road}}}}"
    assert [p.check for p in check_room(case(asked, zones=[road]), "commitments")] == ["zones"]
    assert check_room(case(zones=[road]), "commitments") == []


def test_permissions_about_other_things_are_no_exceptions() -> None:
    """Twenty permissions in one agreement, none of them about what another of its terms forbids."""
    others = "".join(f"\n- {{id: p{n}, {MAY}, then: {{type: aid}}}}" for n in range(20))
    given = f"- {{{GOOD}, kind: maintain, agreement: pact, forbid: {{type: shelling}}}}{others}"
    assert not [p for p in check_room(case(given), "commitments") if p.check == "except"]
