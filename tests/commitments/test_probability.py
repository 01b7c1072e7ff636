"""A chance is a range with its factors, and none where no source has been graded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from made_up import case, records

from standoff.case.model import Case, Claim
from standoff.commitments.monitor import evaluate
from standoff.commitments.probability import Chance, chance

TRUCE = (
    "- {id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-03, forbid: {type: shelling, within: north}}"
)
SOURCES = """
- {id: good, name: Good, kind: monitor, reliability: A}
- {id: fair, name: Fair, kind: outlet, reliability: C}
- {id: other, name: Other, kind: outlet, reliability: C}
- {id: unknown, name: Unknown, kind: outlet}
"""


def found(event: str, *claims: str) -> Chance:
    made: Case = case(TRUCE, f"- {{id: e1, date: 2020-01-05, type: shelling, {event}}}", sources=SOURCES)
    made = replace(made, claims=records(Claim, "\n".join(claims)))
    run = evaluate(made, ["red-tells"], on=date(2020, 2, 1))
    result = chance(run, run.plan.of("truce")[0])
    assert result is not None
    return result


def claim(name: str, source: str, more: str = "") -> str:
    return (
        f"- {{id: {name}, text: Shelling., chain: [{source}], citation: {name}, "
        f"says: {{event: shelling, actor: red, recorded: e1}}{more}}}"
    )


FULL = "actor: red, sector: north, claims: [c1, c2]"


def test_ungraded_sources_give_no_range() -> None:
    result = found(FULL, claim("c1", "unknown"))
    assert (result.low, result.high) == (0.0, 1.0)
    assert "no chance can be given" in result.said


def test_a_graded_source_gives_a_range_and_its_factors() -> None:
    result = found(FULL, claim("c1", "good"))
    assert 0 < result.low < result.high < 1
    factors = result.factors[0]
    assert (factors.attributed, factors.located, factors.not_excepted) == ((1, 1), (1, 1), (1, 1))
    assert factors.happened == (pytest.approx(0.25 * 19 / (1 + 0.25 * 19)), pytest.approx(4 * 99 / (1 + 4 * 99)))


def test_a_second_independent_witness_counts_and_a_dependent_one_does_not() -> None:
    one = found(FULL, claim("c1", "fair"))
    two = found(FULL, claim("c1", "fair"), claim("c2", "other"))
    same = found(FULL, claim("c1", "fair"), claim("c2", "fair"))
    assert two.low > one.low
    assert (same.low, same.high) == (one.low, one.high)
    assert [r.factors[0].asserting for r in (one, two, same)] == [1, 2, 1]


def test_a_denial_lowers_it() -> None:
    one = found(FULL, claim("c1", "fair"))
    denied = found(FULL, claim("c1", "fair"), claim("d1", "other", ", realis: denied, denies: [c1]"))
    assert denied.low < one.low
    assert denied.high < one.high
    assert denied.factors[0].denying == 1


def test_an_unnamed_actor_or_place_leaves_the_low_end_at_nothing() -> None:
    for event in ("sector: north, claims: [c1]", "actor: red, claims: [c1]"):
        result = found(event, claim("c1", "good"))
        assert result.low == 0
        assert result.high < 1
