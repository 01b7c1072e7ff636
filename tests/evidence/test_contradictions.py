"""What contradicts what: every planted contradiction with its reason, and none where only date or scope differ."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations

import pytest
from claim_pairs import KINDS, Planted, claim, planted, with_claims
from evidence_case import unchanged
from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import examples

from standoff.case.claims import EventSaid, QuantitySaid
from standoff.case.model import Case
from standoff.evidence.contradictions import CONTRADICTIONS, DIFFERENCES, compare_claims, contradictions, differences
from standoff.values import When


@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_pair_is_judged_as_planted(case: Case, kind: str) -> None:
    for number in range(25):
        pair: Planted = planted(kind, number)
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            found = compare_claims(case, one, other)
            if pair.reason:
                assert (found.relation, found.reason) == ("contradicts", pair.reason), (kind, number, found)
            else:
                assert found.relation != "contradicts", (kind, number, found)
            if pair.difference:
                assert (found.relation, found.reason) == ("differs", pair.difference), (kind, number, found)


def test_all_planted_pairs_together_and_nothing_else(case: Case) -> None:
    pairs = [planted(kind, number) for kind in KINDS for number in range(20)]
    crowd = with_claims(case, [c for pair in pairs for c in (pair.first, pair.second)])
    found = {frozenset((p.first, p.second)): p.reason for p in contradictions(crowd)}
    assert found == {frozenset((p.first.id, p.second.id)): p.reason for p in pairs if p.reason}


def dense(rng: random.Random, n: int) -> list[object]:
    """Claims crowded onto few things, places and days, so that blocks overlap in every way."""
    claims = []
    for number in range(n):
        realis = rng.choice(["asserted", "asserted", "alleged", "denied", "predicted"])
        when = When.parse(rng.choice(["2001-02-03", "2001-02-04", "2001-02", "2001-02-03/2001-02-04", "2001-02-03~"]))
        if rng.random() < 0.5:
            says: object = QuantitySaid(
                quantity=rng.choice(["t", "u"]),
                measure=rng.choice(["deaths", "deaths", "people-displaced"]),
                value=rng.choice([None, 5.0, 10.0, 100.0]),
                bound=rng.choice(["exact", "at-least", "about", "almost", "more-than"]),
                of=rng.choice(["a", ""]),
                unit=rng.choice(["", "thousand", "percent"]),
                counted=rng.choice(["", "men", "women"]),
                as_of=rng.choice([None, when]),
                window=rng.choice([None, None, when]),
                convention=rng.choice(["", "", "acled"]),
            )
        else:
            says = EventSaid(
                event=rng.choice(["shelling", "assault", "airstrike", "strike", "summit"]),
                actor=tuple(rng.sample(["red", "blue", "red-guard"], rng.randint(0, 2))),
                target=rng.choice([(), ("blue",), ("red",)]),
                at=rng.choice(["a", "b", ""]),
                date=rng.choice([None, when]),
                recorded=rng.choice(["", "", "", "e2-red", "e2-blue", "e3"]),
            )
        document = rng.choice(["one-1", "two-1"])
        denies = (f"k{rng.randrange(number)}",) if number and rng.random() < 0.03 else ()
        claims.append(claim(f"k{number}", says, realis=realis, document=document, denies=denies))
    return claims


@settings(max_examples=examples(40))
@given(seed=st.integers(0, 10**6))
def test_the_blocks_lose_nothing_against_comparing_all_pairs(seed: int) -> None:
    case = with_claims(unchanged(), dense(random.Random(seed), 60))
    slow = {}
    for a, b in combinations(case.claims.values(), 2):
        found, back = compare_claims(case, a, b), compare_claims(case, b, a)
        assert (found.relation, found.reason) == (back.relation, back.reason)
        assert found.reason in {"contradicts": CONTRADICTIONS, "differs": DIFFERENCES}.get(found.relation, ("",))
        if found.relation == "contradicts":
            slow[a.id, b.id] = found.reason
    assert {(p.first, p.second): p.reason for p in contradictions(case)} == slow
    assert all(p.relation == "differs" for p in differences(case))


def test_pairs_say_who_is_one_witness_and_which_dispute_holds_them(case: Case) -> None:
    found = {(p.first, p.second): p for p in contradictions(case)}
    killed = found["c-one-killed", "c-two-killed"]
    assert (killed.reason, killed.dispute, killed.same_witness) == ("value", "dis-04", "")
    assert killed.why == "7 against at least 20: deaths-military at a as of 2001-02-28"
    shelled = found["c-one-red-did", "c-two-blue-did"]
    assert (shelled.reason, shelled.dispute) == ("perpetrator", "dis-01")
    assert found["c-two-open", "c-one-open"].reason == "definition"


def test_one_source_against_itself_is_marked(case: Case) -> None:
    said = QuantitySaid(quantity="t", measure="deaths", value=1, as_of=When.parse("2001-02-03"))
    pair = [claim("p", said, document="one-1"), claim("q", replace(said, value=2), document="one-2")]
    (found,) = contradictions(with_claims(case, pair))
    assert found.same_witness.startswith("the same")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"as_of": When.parse("2001-02-04")}, "as-of"),
        ({"as_of": None, "window": When.parse("2001-02-01/2001-02-03")}, "window"),
        ({"of": "b"}, "scope"),
        ({"measure": "people-displaced"}, "incomparable"),
    ],
)
def test_differences_show_what_sets_two_figures_apart(case: Case, change: dict[str, object], reason: str) -> None:
    said = QuantitySaid(quantity="t", measure="deaths", value=1, of="a", as_of=When.parse("2001-02-03"))
    pair = [claim("p", said), claim("q", replace(said, value=2, **change))]
    crowd = with_claims(case, pair)
    assert contradictions(crowd) == ()
    if reason != "window":  # that one differs in two respects: no date and a window
        (found,) = differences(crowd)
        assert found.reason == reason
    assert compare_claims(case, *pair).reason == reason


def test_undated_figures_clash_only_when_published_close_together(case: Case) -> None:
    said = QuantitySaid(quantity="t", measure="deaths", value=1)
    near = [claim("p", said, document="one-1"), claim("q", replace(said, value=2), document="two-1")]
    (found,) = contradictions(with_claims(case, near))
    assert not found.certain
    late = [near[0], replace(near[1], document="", published=When.parse("2001-06-01"))]
    assert contradictions(with_claims(case, late)) == ()
    (shown,) = differences(with_claims(case, late))
    assert (shown.reason, shown.why) == ("as-of", "neither gives a date, and they were published 92 days apart")


def test_prose_values_are_never_compared(case: Case) -> None:
    from standoff.case.claims import AssessmentSaid

    def pair(one: str, other: str) -> list[object]:
        return [claim(n, AssessmentSaid(assessment="cause", of="war", value=v)) for n, v in (("p", one), ("q", other))]

    assert contradictions(with_claims(case, pair("it was the drought", "it was the price of bread"))) == ()
    (found,) = contradictions(with_claims(case, pair("drought", "bread")))
    assert found.reason == "value"


@pytest.mark.parametrize(
    ("when", "other", "targets", "certain"),
    [
        ("2001-02-03", "2001-02-03", (("blue",), ("blue",)), True),
        ("2001-02-03", "2001-02-03~", (("blue",), ("blue",)), False),
        ("2001-02-03", "2001-02-03", (("blue",), ()), False),
    ],
)
def test_two_perpetrators_are_certain_only_of_one_target_on_one_exact_day(
    case: Case, when: str, other: str, targets: tuple[tuple[str, ...], tuple[str, ...]], certain: bool
) -> None:
    one = EventSaid(event="assault", actor=("red",), target=targets[0], at="a", date=When.parse(when))
    two = replace(one, actor=("green",), target=targets[1], date=When.parse(other))
    for first, second in ((one, two), (two, one)):
        found = compare_claims(case, claim("p", first), claim("q", second))
        assert (found.relation, found.reason, found.certain) == ("contradicts", "perpetrator", certain)
        assert found.why.startswith(" or ".join((first.actor[0], second.actor[0])))


def test_a_contradiction_says_in_words_who_denies_what(case: Case) -> None:
    said = EventSaid(event="shelling", at="a", date=When.parse("2001-02-03"))
    told, denial = claim("p", said), claim("q", said, realis="denied")
    for pair in ((told, denial), (denial, told)):
        assert compare_claims(case, *pair).why == "shelling by nobody named at a on 2001-02-03 said and denied"
    marked = claim("r", said, denies=("p",))
    for pair in ((told, marked), (marked, told)):
        assert compare_claims(case, *pair).why == "r denies p"
    newer = replace(marked, denies=(), supersedes=("p",))
    for pair in ((told, newer), (newer, told)):
        assert compare_claims(case, *pair).why == "r replaces p"
