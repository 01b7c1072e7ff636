"""The sentence a claim comes from: whole, in any script, from the reader's copy only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from claim_pairs import claim

from standoff.case.claims import Anchor, EventSaid
from standoff.case.read import read_records
from standoff.evidence.library import excerpts, sentence_around
from standoff.text.sentences import days_in_words, reported_in_words
from standoff.values import When
from standoff.views.evidence import claim_card

TEXT = 'One. Gen. A. Red said at 5 p.m. that "red shelled Bet. It was bad." Nobody answered! Why?'


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (TEXT, "One", "One."),
        (TEXT, "red shelled B", 'Gen. A. Red said at 5 p.m. that "red shelled Bet.'),
        (TEXT, "Bet. It was", 'Gen. A. Red said at 5 p.m. that "red shelled Bet. It was bad."'),  # of two: both
        (TEXT, "Nobody", "Nobody answered!"),
        (TEXT, "Why", "Why?"),
        ("first line\nno mark here\nthird", "mark", "no mark here"),
        ("Они ушли. Красные обстреляли А. Потом тихо.", "обстреляли", "Красные обстреляли А. Потом тихо."),
        ("غادروا. قصف الأحمر ألف؟ ثم هدوء.", "قصف", "قصف الأحمر ألف؟"),
        ("It fell 3.5 km away. Done.", "3.5", "It fell 3.5 km away."),
    ],
)
def test_the_whole_sentence(text: str, words: str, expected: str) -> None:
    at = text.index(words)
    start, end = sentence_around(text, at, at + len(words))
    assert text[start:end] == expected


def test_a_claim_is_shown_with_its_sentence_where_there_is_a_copy(write: Callable[..., Path]) -> None:
    root = write()
    case, _ = read_records(root)
    assert case is not None
    told = replace(
        claim("c", EventSaid(event="shelling"), document="one-1"), at=(Anchor(paragraph=2, anchor="red shelled"),)
    )
    case = replace(case, claims={"c": told})
    assert claim_card(case, told)["sentences"] == []
    (root / "library").mkdir(exist_ok=True)
    (root / "library" / "one-1.txt").write_text("Title\nIt began. Then red shelled it, red shelled it again. End.\n")
    assert excerpts(case, told) == () or excerpts(case, told)[0].how == "ambiguous"
    (root / "library" / "one-1.txt").write_text("Title\nIt began. Then red shelled it. End.\n")
    assert claim_card(case, told)["sentences"] == [
        {"paragraph": 2, "before": "Then ", "words": "red shelled", "after": " it."}
    ]
    hidden = replace(case, documents={**case.documents, "one-1": replace(case.documents["one-1"], restricted=True)})
    assert claim_card(hidden, told)["sentences"] == []


@pytest.mark.parametrize(
    ("published", "about", "words"),
    [
        ("2018-09-12", "2018-09-10", "said 12 Sep 2018 of 10 Sep 2018"),
        ("2018-09-12", "2018-09-12", "said 12 Sep 2018 of the same day"),
        ("2018-09-12", "", "said 12 Sep 2018"),
        ("", "2018-09-10", "of 10 Sep 2018, day of saying not told"),
        ("", "", "no day told"),
        ("2018-09-12", "../2018-09-10", "said 12 Sep 2018 of the time until 10 Sep 2018"),
        ("2018-09", "2018-08-01/2018-08-05", "said Sep 2018 of 1 to 5 Aug 2018"),
    ],
)
def test_both_days_in_words(published: str, about: str, words: str) -> None:
    assert days_in_words(*(When.parse(d) if d else None for d in (published, about))) == words


@pytest.mark.parametrize(
    ("about", "published", "words"),
    [
        ("2020-02-03", "2020-02-05", "3 Feb 2020, reported 5 Feb 2020"),
        ("2020-02-03", "2020-02-03", "3 Feb 2020"),
        ("2020-02-03", "", "3 Feb 2020"),
        ("2020-02-03/2020-02-04", "2020-02-04", "3 to 4 Feb 2020, reported 4 Feb 2020"),
        ("", "2020-02-05", "reported 5 Feb 2020"),
    ],
)
def test_an_event_says_when_it_was_reported_if_on_another_day(about: str, published: str, words: str) -> None:
    first, second = (When.parse(d) if d else None for d in (about, published))
    assert reported_in_words(first, second) == words
    if second is not None:
        assert reported_in_words(first, second.start) == words


@pytest.mark.parametrize(
    ("about", "published", "words"),
    [
        ("2019-11-30", "2019-11-30/2026-11-30", "30 Nov 2019, reported by 30 Nov 2026"),
        ("2020-02", "2020-02-01/2020-03-09", "Feb 2020, reported by 9 Mar 2020"),
        ("2020-02-03", "2020-02-05/2020-02-09", "3 Feb 2020, reported 5 to 9 Feb 2020"),
    ],
)
def test_a_row_of_a_feed_is_reported_by_its_stamp(about: str, published: str, words: str) -> None:
    assert reported_in_words(When.parse(about), When.parse(published)) == words
