"""Whole claims on wire sentences and on the five articles stay above what is asked of the rules."""

from __future__ import annotations

import pytest
from wire_scores import PARTS, article_scores, commitment_scores, fresh, parties_case, whole_scores, wire

from standoff.case.vocabulary import EVENT_TYPES, MEASURES, REALIS


def test_the_marks_are_of_the_word_lists_and_each_page_has_an_address() -> None:
    rows = wire()
    assert len(rows) == 80
    assert [len(wire(part)) for part in PARTS] == [40, 40]
    claims = [claim for row in rows for claim in row["claims"]]
    assert {how for claim in claims for how in claim["r"]} <= set(REALIS)
    assert {kind for claim in claims for kind in claim.get("e", ())} <= set(EVENT_TYPES)
    named = {measure for claim in claims for measure in claim.get("q", ())}
    assert named - {"breaches"} <= set(MEASURES)
    assert all(row["page"]["url"].startswith("http") for row in rows)


@pytest.mark.parametrize("part", PARTS)
def test_whole_claims_on_wire_sentences(part: str) -> None:
    got = whole_scores(part)
    assert got.precision >= 0.55
    assert got.source >= 0.90 * got.proposals  # a wrong source is the worst error
    assert got.found >= 0.60 * got.asked


@pytest.mark.parametrize("name", ["wire", "second"])
def test_whole_claims_on_sentences_of_other_conflicts(name: str) -> None:
    rows = fresh(name)
    assert len(rows) == 40
    got = whole_scores(None, rows)
    assert got.precision >= 0.65
    assert got.source >= 0.90 * got.proposals
    assert got.found >= 0.60 * got.asked


def test_nobody_is_charged_with_what_a_sentence_does_not_say_of_them() -> None:
    rows = fresh("parties")
    assert len(rows) == 60
    got = whole_scores(None, rows, parties_case())
    assert not got.wrongly
    assert got.charged >= 20
    assert got.precision >= 0.85
    assert got.found >= 0.80 * got.asked
    later = whole_scores(None, fresh("parties_later"), parties_case())
    assert not later.wrongly
    assert later.precision >= 0.80


def test_commitments_are_proposed_and_only_where_somebody_is_bound() -> None:
    got = commitment_scores()
    assert got.right >= 0.90 * got.n
    assert not got.wrong, got.misses


@pytest.mark.fetched
@pytest.mark.thorough
def test_the_five_articles() -> None:
    scores = article_scores()
    every, counts = scores["all"], scores["quantity"]
    assert every.realis >= 0.60 * every.touched
    assert every.source >= 0.65 * every.touched
    assert counts.content >= 0.80 * counts.n
    assert scores["commitment"].content >= 0.60 * scores["commitment"].n
