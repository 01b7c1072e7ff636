"""How acts are told: realis, conditions and consequences, and the word that names an act."""

from __future__ import annotations

import pytest
from reading_scores import act_scores, realis_scores

from standoff.case.vocabulary import EVENT_TYPES
from standoff.reading.page import Passage
from standoff.reading.payloads import _STEMS, act_words
from standoff.reading.propose import propose, terms
from standoff.reading.realis import act_realis, realis_of


@pytest.mark.parametrize(
    ("text", "condition", "consequence", "debtor"),
    [
        ("If blue comes nearer, red will answer.", "blue comes nearer", "red will answer", "red"),
        ("Red would close the border if blue attacked.", "blue attacked", "Red would close the border", "Red"),
        ("We will stay unless blue leaves.", "blue leaves", "We will stay", None),
    ],
)
def test_conditions_have_two_ends(text: str, condition: str, consequence: str, debtor: str | None) -> None:
    found = terms(text, Passage(0, len(text)), "conditional")
    assert found is not None
    assert found.condition is not None
    assert (found.condition.of(text), found.consequence.of(text)) == (condition, consequence)
    assert (found.debtor.of(text) if found.debtor else None) == debtor


def test_what_binds_nobody_has_no_terms() -> None:
    text = "The bridge was open."
    assert terms(text, Passage(0, len(text)), "asserted") is None


@pytest.mark.parametrize(
    ("cue", "content", "realis"),
    [
        ("said", "blue shelled the town", "asserted"),
        ("said", "blue would shell the town", "predicted"),
        ("said", "blue could shell the town", "conditional"),
        ("says", "blue would shell the town", "conditional"),
        ("said", "blue could not say more", "asserted"),
        ("said", "guns could be heard in the town", "asserted"),
        ("said", "blue will stay and may shell the town", "predicted"),
        ("said", "the need to hold the town was clear", "asserted"),
        ("said", "blue leaves under the condition that red stays", "conditional"),
        ("said", "the deal requires blue to leave", "demanded"),
        ("said", "blue is expected to leave", "predicted"),
        ("said", "people were forced to leave", "asserted"),
        ("agreed", "to leave the town within two weeks", "promised"),
        ("agreed", "to a truce with blue", "asserted"),
        ("refused", "to leave the town", "refused"),
        ("warned", "that blue has left the bridge open", "asserted"),
        ("said", "if blue comes, red will answer", "conditional"),
        ("warned", "that red strikes back", "threatened"),
        ("vowed", "to hold the town", "promised"),
        ("denied", "that blue shelled the town", "denied"),
        ("said", "blue did not shell the town", "denied"),
        ("said", "blue will leave", "predicted"),
        ("said", "blue must leave", "demanded"),
        ("claimed", "blue left", "alleged"),
        ("", "Blue reportedly left", "alleged"),
    ],
)
def test_how_it_is_told(cue: str, content: str, realis: str) -> None:
    assert realis_of(cue, content) == realis


def test_who_looks_on_does_not_threaten() -> None:
    content = "that thousands would flee the town"
    assert realis_of("warned", content, "Red") == "threatened"
    assert realis_of("warned", content, "An aid agency") == "predicted"


def told_of(sentence: str, word: str) -> str:
    """The realis of the act a word tells, in a sentence of the author's own voice."""
    start = sentence.rindex(word)
    return act_realis(realis_of("", sentence), sentence, start, start + len(word))


@pytest.mark.parametrize(
    ("sentence", "word", "realis"),
    [
        ("Red spoke of a planned offensive.", "offensive", "predicted"),
        ("The threat of strikes hung over the town.", "strikes", "threatened"),
        ("Red acted to avert an attack.", "attack", "predicted"),
        ("Red postponed the strike.", "strike", "predicted"),
        ("Red called for an attack.", "attack", "demanded"),
        ("Red is ready to attack.", "attack", "predicted"),
        ("Red agreed to withdraw.", "withdraw", "promised"),
        ("An offensive on the town would drive out thousands.", "offensive", "conditional"),
        ("If blue is damaged or attacked, red will answer.", "attacked", "conditional"),
        ("Red did not attack the town.", "attack", "denied"),
        ("There is no plan to attack the town.", "attack", "denied"),
        ("The deal is a ban on deploying tanks.", "deploying", "demanded"),
        ("Red could not confirm the withdrawal.", "withdrawal", "alleged"),
        ("Red accuses blue of shelling the town.", "shelling", "alleged"),
        ("If blue goes on, red, as it has warned, will answer.", "warned", "conditional"),
        ("Any attack on the town is an attack on red.", "attack on the", "conditional"),
    ],
)
def test_acts_that_are_only_spoken_of_are_no_facts(sentence: str, word: str, realis: str) -> None:
    assert told_of(sentence, word) == realis


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("The strike killed seven.", "strike"),
        ("Red, which attacked the town, would talk.", "attacked"),
        ("The forces that killed seven may leave.", "killed"),
        ("After the attack on the town, red withdrew.", "attack"),
        ("Red continued to shell the town.", "shell"),
        ("Red reportedly shelled the town.", "shelled"),
    ],
)
def test_acts_that_were_done_stay_facts(sentence: str, word: str) -> None:
    assert told_of(sentence, word) in ("asserted", "alleged")


@pytest.mark.fetched
def test_acts_only_spoken_of_are_seldom_told_as_facts() -> None:
    found = realis_scores()
    assert found.wrong <= 0.05 * found.told
    assert found.kept >= 0.80 * found.actual


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Red shelled the town before the talks", "shelling"),
        ("warplanes struck", "airstrike"),
        ("troops were sent back and forces withdrew", "withdrawal"),
        ("thousands fled", "displacement"),
        ("the weather was fine", None),
        ("Red violated the truce", "breach"),
        ("twelve ceasefire violations", "breach"),
        ("Red called off the ceasefire", "ceasefire-end"),
        ("Red suspended peace talks with blue", "suspension"),
        ("Red opened fire", "assault"),
        ("Red sent warplanes to the coast", "deployment"),
        ("Red released two prisoners", "prisoner-release"),
        ("an army of national accord", None),
        ("its terms were not met by the deadline", None),
        ("a blue-backed village", None),
        ("the displaced families", None),
    ],
)
def test_the_first_word_for_an_act_decides(words: str, kind: str | None) -> None:
    assert next((name for name, _, _ in act_words(words)), None) == kind


def test_every_type_of_the_word_list_is_in_the_vocabulary() -> None:
    assert set(_STEMS) <= set(EVENT_TYPES)


@pytest.mark.fetched
def test_acts_in_sentences_that_others_marked() -> None:
    assert act_scores().recall >= 0.50


@pytest.mark.parametrize(
    ("words", "debtors"),
    [
        ("The rebels must leave the town, and Blue must lift the siege.", ["The rebels", "Blue"]),
        ("The rebels hope to stay in the town, and Blue must lift the siege.", ["Blue"]),
        ("The rebels must hand over their guns and the bridge, and leave the town.", ["The rebels"]),
    ],
)
def test_two_parties_bound_in_one_sentence_are_two_commitments(words: str, debtors: list[str]) -> None:
    said = [p.says["commitment"] for p in propose(words).proposals if "commitment" in p.says]
    assert [one["debtor"] for one in said] == [[debtor] for debtor in debtors]
    assert "Blue" not in said[0]["then"]
