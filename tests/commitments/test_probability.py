"""A chance is a range with its factors, and none where no source has been graded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from ledger_case import case, records

from standoff.case.claims import Claim
from standoff.case.model import Case
from standoff.commitments.monitor import evaluate
from standoff.commitments.why import Chance, event_chance

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
    result = event_chance(run, run.schedule.of("truce")[0])
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
    assert "no chance can be given" in result.words


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


@pytest.mark.parametrize(("target", "left"), [("blue", (1, 1)), ("wing", (0, 1)), ("band", (0, 0))])
def test_what_an_exception_may_cover_counts_for_less(target: str, left: tuple[float, float]) -> None:
    terms = TRUCE.replace("forbid:", "except: {listed: the-list}, forbid:").replace(", within: north", "")
    made: Case = case(terms, f"- {{id: e1, date: 2020-01-05, type: shelling, actor: red, target: {target}}}")
    run = evaluate(made, ["red-tells"], on=date(2020, 2, 1))
    result = event_chance(run, run.schedule.of("truce")[0])
    if target == "band":
        assert result is None  # nothing counts
    else:
        assert result is not None
        assert result.factors[0].not_excepted == left


def test_what_anybody_may_do_is_attributed_whoever_did_it_and_a_breach_only_to_its_debtor() -> None:
    road = "- {id: road, title: R, kind: achieve, debtor: red, from: 2020-01-03, by: 2020-01-10, then: {type: aid}}"
    for terms, event, attributed in (
        (road, "type: aid, actor: green", (1, 1)),
        (road, "type: aid", (1, 1)),
        (TRUCE, "type: shelling, sector: north", (0, 1)),
    ):
        run = evaluate(case(terms, f"- {{id: e1, date: 2020-01-05, {event}}}"), ["red-tells"], on=date(2020, 2, 1))
        result = event_chance(run, 0)
        assert result is not None
        assert result.factors[0].attributed == attributed
        assert result.of == ("done" if terms == road else "broken")


def test_the_ends_of_a_range_take_the_witnesses_at_their_worst_and_best() -> None:
    result = found(FULL, claim("c1", "good"), claim("d1", "fair", ", realis: denied, denies: [c1]"))
    # A 0.95 to 0.99 for it, C 0.60 to 0.85 against it, 0.2 to 0.8 before
    low = 0.25 * (0.95 / 0.05) / (0.85 / 0.15)
    high = 4 * (0.99 / 0.01) / (0.60 / 0.40)
    assert (result.low, result.high) == (pytest.approx(low / (1 + low)), pytest.approx(high / (1 + high)))
