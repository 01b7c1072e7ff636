"""Which words may name somebody: a day or a text before a name is no part of it, and a torn phrase names nobody."""

from __future__ import annotations

import pytest

from standoff.reading.proposal_form import party_words


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("the council", "the council"),
        ("On 29 July 2020 the Southern Council", "the Southern Council"),
        ("on Friday the governor", "the governor"),
        ("In July, the mission", "the mission"),
        ("Since July 2020 the army", "the army"),
        ("Under the agreement both sides", "both sides"),
        ("Under the 2018 peace accord, the parties", "the parties"),
        ("Following the ceasefire the two armies", "the two armies"),
        ("27 April for an", ""),
        ("the end of", ""),
        ("by 31 August", ""),
        ("After the", ""),
        ("the 25th Division", "the 25th Division"),
        ("As-Safir", "As-Safir"),
        ("At-Tanf garrison", "At-Tanf garrison"),
        ("June Miller", "June Miller"),
        ("24 May Brigade", ""),  # a brigade called after a day is asked for, not guessed
        ("Ministry of Foreign Affairs", "Ministry of Foreign Affairs"),
    ],
)
def test_words_that_may_name_somebody(words: str, name: str) -> None:
    assert party_words(words) == name
