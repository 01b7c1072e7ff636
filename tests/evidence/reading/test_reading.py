"""The reader proposes who says what, how it is told, and numbers; every anchor is found again; nothing is accepted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_case import FILES, unchanged
from measured import act_scores, attribution_scores, fetched, quantity_scores, realis_scores

from standoff.case.model import Case
from standoff.case.vocabulary import EVENT_TYPES
from standoff.cli.reading import read
from standoff.errors import StandoffError
from standoff.evidence.anchors import Found, locate, normal
from standoff.evidence.check import check_evidence
from standoff.evidence.reading.acts import _STEMS, act_word
from standoff.evidence.reading.attribution import attributions
from standoff.evidence.reading.blocks import is_apart
from standoff.evidence.reading.conditions import terms
from standoff.evidence.reading.numbers import measure_of, numbers, value_of
from standoff.evidence.reading.propose import as_claims, propose
from standoff.evidence.reading.realis import act_realis, realis_of
from standoff.evidence.reading.sentences import Span, paragraphs, quotations, sentences


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
        ("The minister said:\nNobody crossed the river at all.", "Nobody crossed the river at all.", "The minister"),
    ],
)
def test_who_says_what(text: str, content: str, source: str) -> None:
    (found,) = attributions(text)
    assert found.content.of(text).strip('“”".,') == content.strip(".")
    assert found.source is not None
    assert found.source.of(text) == source


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


def test_nobody_is_named_where_nobody_was() -> None:
    (found,) = attributions("She said that the bridge was open.")
    assert found.named is None


@pytest.mark.parametrize(
    ("text", "condition", "consequence", "debtor"),
    [
        ("If blue comes nearer, red will answer.", "blue comes nearer", "red will answer", "red"),
        ("Red would close the border if blue attacked.", "blue attacked", "Red would close the border", "Red"),
        ("We will stay unless blue leaves.", "blue leaves", "We will stay", None),
    ],
)
def test_conditions_have_two_ends(text: str, condition: str, consequence: str, debtor: str | None) -> None:
    found = terms(text, Span(0, len(text)), "conditional")
    assert found is not None
    assert found.condition is not None
    assert (found.condition.of(text), found.consequence.of(text)) == (condition, consequence)
    assert (found.debtor.of(text) if found.debtor else None) == debtor


def test_what_binds_nobody_has_no_terms() -> None:
    text = "The bridge was open."
    assert terms(text, Span(0, len(text)), "asserted") is None


@pytest.mark.parametrize(
    "line",
    ["# The bridge", "By Ann Red", "Monday, 3 May 2021", "<https://example.org/a>", "Copyright The Invented Wire",
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


@pytest.mark.parametrize(
    ("cue", "content", "realis"),
    [
        ("said", "blue shelled the town", "asserted"),
        ("said", "blue would shell the town", "conditional"),
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


@pytest.mark.parametrize(
    ("text", "low", "high", "bound", "unit", "counted"),
    [
        ("at least 20 soldiers were killed", 20, 20, "at-least", "", "soldiers"),
        ("between 2.5 and 3 million people", 2.5e6, 3e6, "range", "", "people"),
        ("more than 30,000 displaced people fled", 30000, 30000, "more-than", "", "displaced people fled"),
        ("half a million refugees", 5e5, 5e5, "exact", "", "refugees"),
        ("dozens of tanks", 12, 12, "exact", "", "tanks"),
        ("tens of thousands of people", 10000, 10000, "exact", "", "people"),
        ("some 60 percent of the town", 60, 60, "about", "percent", ""),
        ("$12.4 billion in aid", 12.4e9, 12.4e9, "exact", "usd", ""),
        ("thirty-five posts", 35, 35, "exact", "", "posts"),
        ("nearly two million civilians", 2e6, 2e6, "almost", "", "civilians"),
        ("up to four weeks", 4, 4, "at-most", "", "weeks"),
    ],
)
def test_numbers(text: str, low: float, high: float, bound: str, unit: str, counted: str) -> None:
    (found,) = numbers(text)
    assert (found.low, found.high, found.bound, found.unit, found.counted) == (low, high, bound, unit, counted)


@pytest.mark.parametrize(
    "text",
    ["in 2018", "on 14 September 2018", "September 14, 2018", "at 10:30", "the 3rd corps", "S-400", "Force 50, he said",
     "no one came", "one of them", "under Resolution 2254, they"],
)  # fmt: skip
def test_dates_names_and_pronouns_are_no_numbers(text: str) -> None:
    assert numbers(f"It was {text}") == []


@pytest.mark.parametrize(
    ("words", "value"), [("twelve", 12), ("two hundred thousand", 2e5), ("1,234.5", 1234.5), ("a million", 1e6)]
)
def test_values(words: str, value: float) -> None:
    assert value_of(words) == value


def test_measures_are_guessed_from_what_is_counted() -> None:
    (found,) = numbers("seven soldiers")
    assert measure_of(found, "seven soldiers were killed") == "deaths-military"
    assert measure_of(found, "seven soldiers arrived") == "troops"
    (share,) = numbers("60 percent")
    assert measure_of(share, "") == "share"


TEXT = """Red moves on B
Red said on Monday that blue had shelled A and killed at least seven soldiers.
“If blue comes nearer, we will answer with artillery,” a red officer told The Invented Wire.
Some 20 people fled. The weather was fine.
"""


def test_proposals_are_anchored_and_matched_with_the_case(case: Case) -> None:
    found = propose(TEXT, case)
    assert found.dropped == 0
    told = [
        (p.anchor.paragraph, p.realis, p.voice, p.says.get("event"), p.says.get("measure")) for p in found.proposals
    ]
    assert told == [
        (2, "asserted", "paraphrase", None, "deaths-military"),
        (3, "conditional", "quote", "shelling", None),
        (4, "asserted", "narrator", None, "people-displaced"),
    ]
    for p in found.proposals:
        place = locate(normal(TEXT), p.anchor)
        assert isinstance(place, Found)
        assert p.span.start <= place.start < place.end <= p.span.end
        assert len(p.anchor.anchor.split()) <= 8


def test_a_proposal_is_refused_by_the_check_until_a_person_writes_it(make: Callable[..., Case]) -> None:
    base = unchanged()
    drafts = as_claims(propose(TEXT, base), base.documents["one-1"])
    claims = FILES["claims.yaml"] + yaml.safe_dump(drafts, sort_keys=False, allow_unicode=True)
    problems = check_evidence(make({"claims.yaml": claims}))
    assert [p.what for p in problems] == ["the claim is only proposed: its text is not written"] * len(drafts)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='ab ,."“”\n12%$Iif said', max_size=120))
def test_any_text_gives_proposals_that_are_found_again(text: str) -> None:
    for p in propose(text, unchanged()).proposals:
        assert isinstance(locate(normal(text), p.anchor), Found)


def test_the_command_shows_drafts_and_writes_nothing(tmp_path: Path, write: Callable[..., Path]) -> None:
    path = tmp_path / "text.txt"
    path.write_text(TEXT)
    root = write()
    before = sorted(p.name for p in tmp_path.rglob("*"))
    table = CliRunner().invoke(read, [str(path), "--case", str(root)])
    assert table.exit_code == 0, table.exception
    assert "3 proposals, none accepted; 0 dropped" in table.output
    assert max(len(line.rstrip()) for line in table.output.splitlines()[:-1]) <= 80
    drafts = yaml.safe_load(
        CliRunner().invoke(read, [str(path), "--case", str(root), "--document", "one-1", "--yaml"]).output
    )
    assert drafts[0]["chain"][:2] == ["outlet-one", "ann"]
    data = json.loads(CliRunner().invoke(read, [str(path), "--json"]).output)
    assert [p["realis"] for p in data["proposals"]] == ["asserted", "conditional", "asserted"]
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("options", "what"),
    [(("--document", "one-1"), "there is no document"), (("--case", "{root}", "--document", "one-9"), "did you mean")],
)
def test_bad_options_are_told(tmp_path: Path, write: Callable[..., Path], options: tuple[str, ...], what: str) -> None:
    (tmp_path / "text.txt").write_text(TEXT)
    result = CliRunner().invoke(read, [str(tmp_path / "text.txt"), *(o.format(root=write()) for o in options)])
    assert isinstance(result.exception, StandoffError)
    assert what in str(result.exception)


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (None, "there is no such file"),
        (b"", "the text is empty"),
        (b" \n\n", "the text is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "this is no plain text"),
        (b"One line.\nThe caf\xe9 was shut.\n", "line 2: byte 17 is not UTF-8"),
        ("قال متحدث إن القوات قصفت المدينة.\n".encode(), "only English is read: 100% of the letters"),
        (
            b"Le ministre a dit que les forces ont attaque la ville hier soir, puis la presse a parle.\n" * 3,
            "common words",
        ),
        (b"Red said that blue had left. " * 8000, "line 1 has 232,000 letters"),
    ],
)
def test_files_that_cannot_be_read_are_told(tmp_path: Path, raw: bytes | None, what: str) -> None:
    path = tmp_path / "text.txt"
    if raw is not None:
        path.write_bytes(raw)
    result = CliRunner().invoke(read, [str(path)])
    assert result.exit_code != 0
    assert isinstance(result.exception, StandoffError)
    assert what in str(result.exception)
    assert "text.txt" in str(result.exception)


def test_short_notes_and_foreign_names_are_read(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("Hay’at Tahrir al-Sham (هيئة تحرير الشام) said that it had left.\n", encoding="utf-8")
    assert "1 proposals" in CliRunner().invoke(read, [str(path)]).output


def test_the_table_is_80_columns_and_shows_the_terms(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(
        "A spokesman of the red ministry of long and winding words said that red will shell the town if blue comes.\n"
    )
    shown = CliRunner().invoke(read, [str(path)]).output
    assert "if: blue comes" in shown
    assert "conditional" in shown
    assert max(len(line.rstrip()) for line in shown.splitlines()[:-1]) <= 80


def test_numbers_of_a_span_are_those_of_the_text() -> None:
    text = "In May 2021 seven soldiers fell. " * 40 + "At least 20 tanks came. " * 3
    whole = numbers(text)
    (paragraph,) = paragraphs(text)
    assert [n for s in sentences(text, paragraph) for n in numbers(text, s)] == whole


def test_nothing_is_proposed_twice() -> None:
    made = propose(TEXT * 2).proposals
    assert len({(p.anchor, repr(p.says)) for p in made}) == len(made)


@pytest.mark.fetched
def test_attributions_on_news_that_others_marked() -> None:
    found = attribution_scores("held")
    assert found.score().f1 >= 0.64
    assert found.score().precision >= 0.75
    assert found.sourced_score().f1 >= 0.54
    assert found.quoted_right / found.quoted >= 0.88
    assert found.follow_sourced / found.follow >= 0.85


@pytest.mark.fetched
def test_acts_only_spoken_of_are_seldom_told_as_facts() -> None:
    found = realis_scores()
    assert found.wrong <= 0.05 * found.told
    assert found.kept >= 0.80 * found.actual


@pytest.mark.fetched
def test_quantities_on_reports_that_others_marked() -> None:
    assert quantity_scores().recall >= 0.90


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Red shelled the town before the talks", "shelling"),
        ("warplanes struck", "airstrike"),
        ("troops were sent back and forces withdrew", "withdrawal"),
        ("thousands fled", "displacement"),
        ("the weather was fine", None),
    ],
)
def test_the_first_word_for_an_act_decides(words: str, kind: str | None) -> None:
    found = act_word(words)
    assert (found[0] if found else None) == kind


def test_every_type_of_the_word_list_is_in_the_vocabulary() -> None:
    assert set(_STEMS) <= set(EVENT_TYPES)


@pytest.mark.fetched
def test_acts_in_sentences_that_others_marked() -> None:
    assert act_scores().recall >= 0.50


@pytest.mark.fetched
def test_every_proposal_on_real_reports_is_found_again() -> None:
    n = 0
    for path in sorted((fetched("polnear_dev") / "text").glob("*.txt"))[:20]:
        text = normal(path.read_text(encoding="utf-8"))
        found = propose(text)
        n += len(found.proposals)
        assert all(isinstance(locate(text, p.anchor), Found) for p in found.proposals)
        assert found.dropped <= 0.05 * len(found.proposals)
    assert n > 200
