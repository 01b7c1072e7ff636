"""Who says what: cues, quotations, pronouns, and what is not a claim."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from reading_scores import attribution_scores

from standoff.reading.attribution import attributions
from standoff.reading.page import paragraphs, quotations, sentences
from standoff.reading.payloads import ActorNames
from standoff.reading.propose import propose
from standoff.reading.prose_lines import is_apart


@pytest.mark.parametrize(
    ("text", "content", "source"),
    [
        ("Red said that blue had crossed the river.", "that blue had crossed the river", "Red"),
        ("Blue crossed the river, a red officer said.", "Blue crossed the river", "a red officer"),
        ("“Blue crossed the river at dawn,” said the mayor.", "Blue crossed the river at dawn", "the mayor"),
        ("According to the Wire, blue crossed the river.", "blue crossed the river", "the Wire"),
        ("Blue crossed the river at dawn, according to the Wire.", "Blue crossed the river at dawn", "the Wire"),
        ("The mayor told the Wire that nobody had crossed.", "that nobody had crossed", "The mayor"),
        ('"Nobody at all crossed," the mayor added.', "Nobody at all crossed", "the mayor"),
        ('"Nobody crossed it," said Gen. B. Blue on Monday.', "Nobody crossed it", "Gen. B. Blue"),
        ("Ann, a witness, said the bridge was open.", "the bridge was open", "Ann"),
        ("The mayor of B, Ann Red, said the bridge was open.", "the bridge was open", "Ann Red"),
        ("Red left the town, saying that the war was over.", "that the war was over", "Red"),
        ("Red called for talks with the blue side.", "talks with the blue side", "Red"),
        ('Red has gone after blue as a "very bad neighbour".', "very bad neighbour", "Red"),
        ("Red (R-B.) said the bridge was open.", "the bridge was open", "Red"),
        ("ANN: Nobody crossed the river at all.", "Nobody crossed the river at all.", "ANN"),
        ("“Nobody crossed the river.” ― Ann Red", "Nobody crossed the river.", "Ann Red"),
        ("Blue has left the bridge, said the mayor.", "Blue has left the bridge", "the mayor"),
        ('"Blue has left," Ann Red, envoy to B, told the Wire.', "Blue has left", "Ann Red"),
        ('"Blue has left," the top envoy, Ann Red, told the Wire.', "Blue has left", "Ann Red"),
        ("Blue has left, the envoy to B, Ann Red, said.", "Blue has left", "Ann Red"),
        ("Ann Red, the envoy, on Monday said blue had left.", "blue had left", "Ann Red"),
        ("But on Monday the red army said blue had left.", "blue had left", "the red army"),
        ("Red issued a stark warning that blue had left.", "that blue had left", "Red"),
        ("Nobody crossed it, Ann Red told the Wire at night, and all was quiet.", "Nobody crossed it", "Ann Red"),
        ('"Nobody crossed the river," the statement reads.', "Nobody crossed the river", "the statement"),
        (
            "The envoy to B Ann Marie Red and the head of the mission and commander of the guard Lt. Gen. Bob Blue"
            " said nobody had crossed.",
            "nobody had crossed",
            "The envoy to B Ann Marie Red and the head of the mission and commander of the guard Lt. Gen. Bob Blue",
        ),
        ("The minister said:\nNobody crossed the river at all.", "Nobody crossed the river at all.", "The minister"),
    ],
)
def test_who_says_what(text: str, content: str, source: str) -> None:
    (found,) = attributions(text)
    assert found.content.of(text).strip('“”".,') == content.strip(".")
    assert found.source is not None
    assert found.source.of(text) == source


@pytest.mark.parametrize(
    ("text", "content", "source", "relay"),
    [
        ("Ann Red, quoted by the Wire, said blue had left the town.", "blue had left the town", "Ann Red", "the Wire"),
        ("Blue has left, Ann Red, an aide, cited by the Wire, said.", "Blue has left", "Ann Red", "the Wire"),
        ("The Wire quoted Ann Red as saying that blue had left.", "that blue had left", "Ann Red", "The Wire"),
        ("Ann Red was quoted by the Wire as saying that blue had left.", "that blue had left", "Ann Red", "the Wire"),
        ("Blue has left, according to Ann Red, quoted by the Wire.", "Blue has left", "Ann Red", "the Wire"),
        ("Blue has left the town, as quoted by the Wire.", "Blue has left the town", "the Wire", ""),
        ("Ann Red was quoted as saying that blue had left.", "that blue had left", "Ann Red", ""),
    ],
)  # fmt: skip
def test_who_passes_words_on_is_not_who_said_them(text: str, content: str, source: str, relay: str) -> None:
    (found,) = attributions(text)
    assert found.content.of(text).strip(".") == content and found.source is not None
    assert (found.source.of(text), found.relay.of(text) if found.relay else "") == (source, relay)


def test_a_quotation_without_a_cue_is_carried_from_the_speaker_before() -> None:
    text = '"Nobody crossed the river," said the mayor.\n"We watched it all night long."'
    first, second = attributions(text)
    assert not first.carried
    assert second.carried
    assert second.source == first.source


@pytest.mark.parametrize(
    "text",
    ['"Nobody crossed it," the mayor said. "We watched all night long."',
     '"Nobody has crossed," said the mayor, "and nobody ever will."',
     "The bridge was open, the mayor said, until it was shelled."],
)  # fmt: skip
def test_a_content_that_the_cue_interrupts_is_one(text: str) -> None:
    (found,) = attributions(text)
    assert found.source is not None
    assert found.source.of(text) == "the mayor"
    assert len(found.pieces) == 2


def test_one_sentence_may_tell_two_things() -> None:
    text = "Red said the bridge was open and warned that it would be shelled."
    first, second = attributions(text)
    assert (first.content.of(text), second.content.of(text)) == ("the bridge was open", "that it would be shelled")
    assert second.source == first.source


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Red says blue left, but Ann Blue denied that it had.", [("Red", "blue left"), ("Ann Blue", "that it had")]),
        ("Red said blue left, adding that it was late.", [("Red", "blue left"), ("Red", "it was late")]),
    ],
)
def test_a_second_speaker_ends_a_content(text: str, told: list[tuple[str, str]]) -> None:
    made = [(m.source.of(text), m.content.of(text).removeprefix("that ")) for m in attributions(text) if m.source]
    assert made == [(who, what.removeprefix("that ")) for who, what in told]


@pytest.mark.parametrize(
    "text",
    [
        "Red is expected to leave the town.",
        "Under the deal red was told to leave, with a truce expected to begin at noon.",
        "Red has not claimed the attack on the bridge.",
        "Red did not say that blue had left.",
        "Red called off the truce with blue on Monday.",
        "The so-called truce of the bridge was long over.",
        "The raids on the old town continued.",
    ],
)
def test_a_passive_a_silence_and_a_phrase_tell_nothing(text: str) -> None:
    assert attributions(text) == []


def test_not_to_believe_is_to_deny() -> None:
    (found,) = propose("Red does not believe that blue has left the town.\n").proposals
    assert (found.realis, found.source_words) == ("denied", "Red")


def test_what_was_not_claimed_is_no_act() -> None:
    (found,) = propose("Red has not claimed the attack on the bridge.\n").proposals
    assert (found.realis, found.says) == ("denied", {"assessment": "statement"})


def test_a_quotation_is_not_carried_past_another_speaker() -> None:
    text = 'Ann Red said nobody crossed.\nMany, as the envoys added there, thought "that all of it was lost".'
    assert all(m.source is None or not m.carried for m in attributions(text))


def test_a_long_quotation_is_told_once() -> None:
    text = '"Nobody crossed it. We watched all night," the mayor said.'
    assert len(attributions(text)) == 1


def test_a_quotation_before_a_sentence_with_its_own_content_is_not_of_its_speaker() -> None:
    text = '"We hope that nobody crosses." The red army acknowledged that the bridge was shut.'
    assert attributions(text)[0].source is None


@pytest.mark.parametrize(
    "text", ["His claims about the bridge were long.", "The United States has a long coast there."]
)
def test_nouns_are_no_cues(text: str) -> None:
    assert attributions(text) == []


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Ann Red said the bridge was open.\nShe said that it was long.", "Ann Red"),
        (
            "A red official said the bridge was open.\nBlue was quiet.\nThe official said that it was long.",
            "A red official",
        ),
        (
            "Red officials said the bridge was open.\nAnn said it was shut.\nThey said that it was long.",
            "Red officials",
        ),
    ],
)
def test_pronouns_and_offices_name_an_earlier_source(text: str, who: str) -> None:
    last = attributions(text)[-1]
    assert last.named is not None
    assert last.named.of(text) == who


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("The UN said the bridge was open.\nHe said that it was long.", None),
        ("Both sides said the bridge was open.\nHe said that it was long.", None),
        ("Ann Red watched.\nRed said it was open.\nShe said that it was long.", "Red"),
    ],
)
def test_a_person_is_no_institution(text: str, who: str | None) -> None:
    last = attributions(text)[-1]
    assert (last.named.of(text) if last.named else None) == who


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("Shelling reported near river crossing", []),
        ("Clashes reported in the old town", []),
        ("Explosions reported from the town, residents said.", ["residents"]),
        ("The Red Cross reported from Blue Town that the bridge was open.", ["The Red Cross"]),
        ("The ministry reported at least 12 dead near the town.", ["The ministry"]),
    ],
)
def test_what_is_reported_somewhere_is_said_by_nobody(line: str, who: list[str]) -> None:
    assert [a.source.of(line) for a in attributions(line)] == who


def test_nobody_is_named_where_nobody_was() -> None:
    (found,) = attributions("She said that the bridge was open.")
    assert found.named is None


@pytest.mark.parametrize(
    "line",
    ["# The bridge", "By Ann Red", "Monday, 3 May 2021", "<https://example.org/a>", "Copyright The Invented Wire",
     "2,022 views", "3 min read", "| a | b |",
     "Leave a Reply", "Source: The Invented Wire", "To contact the Wire visit:"],
)  # fmt: skip
def test_lines_around_an_article_are_no_claims(line: str) -> None:
    assert is_apart(line)
    assert propose(f"{line}\n").proposals == ()


@pytest.mark.parametrize(
    "line", ["Red shelled the town.", "In May red said it would leave.", "Near A, one strike hit a hut"]
)
def test_prose_is_no_notice(line: str) -> None:
    assert not is_apart(line)


def test_quotation_marks_left_open_run_to_the_end_of_the_paragraph() -> None:
    text = "“We watched it all night.\n“Nobody crossed,” he said."
    assert [q.of(text) for q in quotations(text)] == ["We watched it all night.", "Nobody crossed"]


def test_abbreviations_do_not_end_a_sentence() -> None:
    text = 'Gen. B. Blue met Mr. Red on Jan. 3. They parted. "Late," he said.'
    (paragraph,) = paragraphs(text)
    assert [s.of(text) for s in sentences(text, paragraph)] == [
        "Gen. B. Blue met Mr. Red on Jan. 3.", "They parted.", '"Late," he said.',
    ]  # fmt: skip


@pytest.mark.fetched
def test_attributions_on_news_that_others_marked() -> None:
    found = attribution_scores("held")
    assert found.score().f1 >= 0.64
    assert found.score().precision >= 0.75
    assert found.sourced_score().f1 >= 0.54
    assert found.quoted_right / found.quoted >= 0.88
    assert found.follow_sourced / found.follow >= 0.85


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("Blue", "blue"),
        ("the spokesman of Blue", "blue"),
        ("Blue's spokeswoman", "blue"),
        ("Blue's rival", ""),
        ("a critic of Blue", ""),
        ("an opponent of the Blue army", ""),
        ("residents of Blue-held Town", ""),
        ("Blue's neighbours", ""),
        ("people fleeing Blue", ""),
        ("two men close to Blue", ""),
        ("anti-Blue fighters", ""),
    ],
)
def test_a_name_in_a_longer_phrase_speaks_only_where_it_is_its_own_voice(words: str, source: str) -> None:
    names = ActorNames(None)
    names.sources = ActorNames._table({"blue": SimpleNamespace(name="Blue", aliases=(), kind="party")})
    assert names.source(words) == source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("On 7 August Ann Red, the vice president of Blue, said that it would march.", "Ann Red"),
        ("On August 8, 2019 the army said that nobody had crossed.", "the army"),
    ],
)
def test_a_day_before_a_name_is_no_part_of_it(text: str, source: str) -> None:
    (found,) = attributions(text)
    assert found.source is not None and found.source.of(text) == source


def test_a_time_is_no_party_of_a_clause() -> None:
    text = (
        "All forces that moved towards Riverton and Oldford since the beginning of August shall return within 15 days."
    )
    debtors = [p.says["commitment"].get("debtor") for p in propose(text).proposals if "commitment" in p.says]
    assert debtors == [["All forces"]]


def test_order_that_is_restored_is_no_demand() -> None:
    assert "demand" not in [p.says.get("event") for p in propose("The council said it had restored order.").proposals]
