"""Texts as they come: with a margin, with datelines and Markdown's marks; each proposal stands at its own line."""

from __future__ import annotations

import textwrap

import pytest
from evidence_case import unchanged

from standoff.case.model import Case
from standoff.evidence.anchors import Match, find_anchor
from standoff.reading.payloads import ActorNames
from standoff.reading.propose import Proposal, propose
from standoff.reading.prose_lines import as_read, is_heading, unwrapped

PROSE = """The red ministry said on Monday that blue had shelled the town of A and killed at least seven soldiers there.

“If blue comes any nearer to the old bridge,” a red officer told The Invented Wire, “our guns at the river will answer.”
An aid agency warned that some 20,000 people would flee the villages along the river if the road to the coast is shut.
Nobody has claimed the attack on the bridge of B, which was seen by the monitors who watch the river by night.
"""


def told(proposals: tuple[Proposal, ...]) -> list[tuple[str, str, str, dict[str, object]]]:
    return [(p.realis, p.source_words, p.words, p.says) for p in proposals]


@pytest.mark.parametrize("width", [44, 60, 72, 79])
def test_a_text_with_a_margin_is_read_as_without(width: int) -> None:
    paragraphs = PROSE.splitlines()
    wrapped = "\n".join(textwrap.fill(p, width) for p in paragraphs)
    found = propose(wrapped)
    assert told(found.proposals) == told(propose(PROSE).proposals)
    assert found.dropped == 0
    for p in found.proposals:
        place = find_anchor(wrapped, p.anchor)
        assert isinstance(place, Match)
        assert p.span.start <= place.start < place.end <= p.span.end


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "Red left.\nBlue stayed in the town.\nNobody came.\n",
        "red\nblue\ngreen\nwhite\nblack\n",
        "",
        "\n\n",
    ],
)
def test_a_text_without_a_margin_stays(text: str) -> None:
    assert unwrapped(text) == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Red **shelled** the *town*.", "Red   shelled   the  town ."),
        ("See [the town](https://example.org/a).", "See  the town                        ."),
        ("> Red shelled it.", "  Red shelled it."),
        ("- Red shelled it.", "  Red shelled it."),
        ("5 * 3 and a_b_c", "5 * 3 and a_b_c"),
        ("RIVERTOWN (Wire) - Red left.", "                   Red left."),
        ("Rivertown, May 4. /WIRE/. Red left.", "                          Red left."),
        ("RIVERTOWN, MAY 4, INVENTED. Red left.", "                            Red left."),
        ("The Red Front (RF) left.", "The Red Front (RF) left."),
        ("The truce - red says - is over.", "The truce - red says - is over."),
    ],
)
def test_marks_and_datelines_are_blank(text: str, read: str) -> None:
    assert as_read(text) == read


def test_a_heading_is_no_claim() -> None:
    assert is_heading("The battle of A")
    assert not is_heading("Red shelled A.")
    assert not is_heading("Red kills 12 in A")
    assert propose("The shelling of A\n").proposals == ()


def test_an_act_is_proposed_beside_a_number_unless_the_number_tells_it() -> None:
    made = propose("Red shelled the town for 12 hours.\nIn all 12 people were killed.\n").proposals
    assert [(p.says.get("event"), p.says.get("measure"), p.says.get("unit")) for p in made] == [
        (None, "duration", "days"),
        ("shelling", None, None),
        (None, "deaths", None),
    ]


def test_a_number_is_told_as_the_verb_beside_it() -> None:
    (said,) = propose("Red said posts where 12 people were killed could be shut.\n").proposals
    assert said.realis == "asserted"
    (feared, *_) = propose("Red said that 12 people could be killed there.\n").proposals
    assert feared.realis == "conditional"


def test_a_sentence_that_its_cue_interrupts_is_one_proposal_with_its_terms() -> None:
    (p,) = propose('"If blue stays at A," a red officer told the Wire, "our guns will answer."\n').proposals
    assert p.realis == "threatened"
    assert p.words == 'If blue stays at A," a red officer told the Wire, "our guns will answer.'
    assert p.terms is not None
    assert p.terms.condition is not None
    text = '"If blue stays at A," a red officer told the Wire, "our guns will answer."\n'
    assert (p.terms.condition.of(text), p.terms.consequence.of(text)) == ("blue stays at A", "our guns will answer")


def test_a_long_quotation_is_proposed_sentence_by_sentence() -> None:
    text = '"We hold the bridge. Blue shelled us all night. It was cold there. We will leave," the mayor said.\n'
    made = propose(text).proposals
    assert [(p.words, p.realis) for p in made] == [
        ("We hold the bridge.", "asserted"),
        ("Blue shelled us all night.", "asserted"),
        ("We will leave", "promised"),
    ]


def test_words_set_in_marks_are_no_saying() -> None:
    (p,) = propose('Under the deal red was expected to hand the bridge to "a guard of the town".\n').proposals
    assert (p.voice, p.realis) == ("narrator", "predicted")


def test_what_is_to_be_done_is_proposed() -> None:
    (p,) = propose("The deal requires red to leave the bridge.\n").proposals
    clause = {"form": "clause", "debtor": ["red"], "then": "to leave the bridge"}
    assert (p.voice, p.realis, p.says) == ("narrator", "demanded", {"commitment": clause})


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (
            "Red shelled the town of A at noon, after Ann Blue said that talks were over.\n",
            "Red shelled the town of A at noon",
        ),
        ("After the shelling of the town, Ann Blue said that talks were over.\n", None),
    ],
)
def test_the_author_tells_what_stands_before_a_content(text: str, own: str | None) -> None:
    assert [p.words for p in propose(text).proposals if p.voice == "narrator"] == ([own] if own else [])


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("The Invented Wire", "wire"),
        ("a report of The Invented Wire Journal", ""),
        ("the envoy to The Counters", ""),
        ("Writer One's driver", ""),
        ("a man of The Counters", "counters"),
    ],
)
def test_a_name_inside_another_is_not_that_source(words: str, source: str) -> None:
    case: Case = unchanged()
    assert ActorNames(case).source(words) == source
