"""Corroboration as a list: who says the same independently, never rivals, whatever the order of the files."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations

import pytest
from claim_pairs import claim, with_claims
from evidence_case import unchanged
from hypothesis import given, settings
from hypothesis import strategies as st
from test_contradictions import dense
from thorough import examples

from standoff.case.claims import Answer, Claim, CommitmentSaid, Dispute, EventSaid, QuantitySaid
from standoff.case.model import Case
from standoff.evidence.backing import backings
from standoff.evidence.contradictions import compare_claims, confirms, contradictions
from standoff.evidence.reconcile import meet
from standoff.evidence.tensions import tension, tensions
from standoff.values import When

DAY = When.parse("2001-02-28")
TOLL = QuantitySaid(quantity="killed", measure="deaths", value=20, of="a", window=DAY)
STRIKE = EventSaid(event="airstrike", actor=("red",), at="a", date=DAY)


def of(name: str, says: object, chain: tuple[str, ...], **more: object) -> Claim:
    return replace(claim(name, says), chain=chain, **more)  # type: ignore[arg-type]


def test_two_bodies_in_one_article_are_two_sources_and_two_papers_of_one_are_one(case: Case) -> None:
    there = [
        of("p", TOLL, ("bob", "counters")),
        of("q", TOLL, ("bob", "red-command")),
        of("r", TOLL, ("ann", "counters"), document="one-1"),
    ]
    (backing,) = backings(with_claims(case, there))
    assert (backing.independent, backing.claims) == (2, ("p", "q", "r"))
    assert backing.says == "20 people, deaths at a, 2001-02-28"
    (alone,) = backings(with_claims(case, [there[0], there[2]]))
    assert (alone.independent, [link.reason for source in alone.sources for _, link in source.also]) == (1, ["origin"])


def test_a_loose_number_backs_those_it_fits_and_they_do_not_back_each_other(case: Case) -> None:
    there = [
        claim("p", TOLL),
        claim("q", replace(TOLL, value=25)),
        claim("r", replace(TOLL, bound="at-least", value=15)),
    ]
    assert [b.claims for b in backings(with_claims(case, there))] == [("p", "r"), ("q", "r")]


def test_rival_answers_of_a_dispute_never_back_each_other(case: Case) -> None:
    crowd = with_claims(case, [claim("p", TOLL), of("q", TOLL, ("ann", "red-command"), document="one-1")])
    assert [b.claims for b in backings(crowd)] == [("p", "q")]
    answers = (Answer(id="one", text="", claims=("p",)), Answer(id="two", text="", claims=("q",)))
    dispute = Dispute(id="d", question="?", kind="value", answers=answers)
    rivals = replace(crowd, disputes={"d": dispute})
    assert backings(rivals) == ()
    assert not [m for m in meet(rivals, rivals.claims["p"]) if m.kind == "corroborates"]
    together = replace(dispute, answers=(replace(answers[0], claims=("p", "q")),))
    (backing,) = backings(replace(crowd, disputes={"d": together}))
    assert backing.answers == (("d", "one"),)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (STRIKE, STRIKE, True),
        (STRIKE, replace(STRIKE, event="strike"), True),
        (STRIKE, replace(STRIKE, actor=()), True),
        (STRIKE, replace(STRIKE, at="b"), False),
        (STRIKE, replace(STRIKE, date=None), False),
        (STRIKE, replace(STRIKE, event="summit"), False),
        (TOLL, replace(TOLL, value=None, low=None), False),
        (TOLL, STRIKE, False),
        (CommitmentSaid(commitment="gate"), CommitmentSaid(commitment="gate"), True),
        (CommitmentSaid(commitment="gate"), CommitmentSaid(commitment="gate", standing="kept"), False),
        (CommitmentSaid(commitment="gate", standing="broken"), CommitmentSaid(commitment="gate"), False),
    ],
)  # fmt: skip
def test_what_confirms_what(case: Case, one: object, other: object, agree: bool) -> None:
    a, b = claim("p", one), claim("q", other)
    assert bool(confirms(case, a, b)) == bool(confirms(case, b, a)) == agree
    assert confirms(case, a, b) == confirms(case, b, a)


def crowded(seed: int, n: int = 40) -> list[Claim]:
    """Dense claims, half of whose numbers go by names that say nothing but what is counted."""
    rng = random.Random(seed)
    claims = []
    for one in dense(rng, n):
        assert isinstance(one, Claim)
        says = one.says
        if isinstance(says, QuantitySaid) and rng.random() < 0.6:
            name = rng.choice(["killed", "men-killed", "killed-at-a", "women"])
            measure = rng.choice(["deaths", "deaths-civilian", "deaths-military"])
            says = replace(says, quantity=name, measure=measure, unit="")
        chain = rng.choice([("ann",), ("bob",), ("bob", "counters"), ("ann", "wire"), ("bob", "red-command")])
        realis = rng.choice(["threatened", one.realis, one.realis])
        claims.append(replace(one, says=says, chain=chain, realis=realis))
    return claims


@settings(max_examples=examples(25))
@given(seed=st.integers(0, 10**6))
def test_lists_are_what_comparing_every_pair_gives_whatever_the_order(seed: int) -> None:
    claims = crowded(seed)
    case = with_claims(unchanged(), claims)
    against, tense, like = set(), set(), set()
    for a, b in combinations(claims, 2):
        pair = frozenset((a.id, b.id))
        found, back = compare_claims(case, a, b), compare_claims(case, b, a)
        assert (found.relation, found.reason, found.certain) == (back.relation, back.reason, back.certain)
        if found.relation == "contradicts":
            against.add(pair)
        if why := tension(case, a, b):
            assert why == tension(case, b, a)
            tense.add(pair)
        if confirms(case, a, b):
            assert confirms(case, b, a)
            like.add(pair)
    assert {frozenset((p.first, p.second)) for p in contradictions(case)} == against
    assert tense <= {frozenset((p.first, p.second)) for p in tensions(case)}
    assert not like & (against | tense)
    backed = {frozenset(pair) for b in backings(case) for pair in combinations(b.claims, 2)}
    assert backed <= like
    assert {name for pair in like for name in pair} == {name for b in backings(case) for name in b.claims}
    mixed = claims[:]
    random.Random(seed + 1).shuffle(mixed)
    other = claim("unrelated", EventSaid(event="protest", actor=("green",), at="far away", date=DAY))
    crowd = with_claims(unchanged(), [other, *mixed])
    assert backings(crowd) == backings(case)
    assert {frozenset((p.first, p.second)) for p in contradictions(crowd)} == against
    for one in claims[:4]:
        assert meet(crowd, one) == meet(case, one)
        for meeting in meet(case, one):
            if meeting.kind in ("contradicts", "corroborates"):
                back_kinds = {m.kind for m in meet(case, case.claims[meeting.claim]) if m.claim == one.id}
                assert meeting.kind in back_kinds
