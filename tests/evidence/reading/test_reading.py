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
from measured import act_scores, attribution_scores, fetched, quantity_scores

from standoff.case.model import Case
from standoff.case.vocabulary import EVENT_TYPES
from standoff.cli.reading import read
from standoff.errors import StandoffError
from standoff.evidence.anchors import Found, locate, normal
from standoff.evidence.check import check_evidence
from standoff.evidence.reading.acts import _STEMS, act_word
from standoff.evidence.reading.attribution import attributions
from standoff.evidence.reading.cues import act_realis, realis_of
from standoff.evidence.reading.numbers import measure_of, numbers, value_of
from standoff.evidence.reading.propose import as_claims, propose
from standoff.evidence.reading.sentences import paragraphs, quotations, sentences


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
    ],
)
def test_who_says_what(text: str, content: str, source: str) -> None:
    (found,) = attributions(text)
    assert found.content.of(text).strip('“”".,') == content
    assert found.source is not None
    assert found.source.of(text) == source


def test_a_quotation_without_a_cue_is_carried_from_the_speaker_before() -> None:
    text = '"Nobody crossed the river," said the mayor.\n"We watched it all night long."'
    first, second = attributions(text)
    assert not first.carried
    assert second.carried
    assert second.source == first.source


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


@pytest.mark.parametrize(
    "act", ["a planned offensive", "the threat of strikes", "to avert an attack", "postponed the strike"]
)
def test_acts_that_are_only_spoken_of_are_no_facts(act: str) -> None:
    assert act_realis("asserted", act) == "predicted"
    assert act_realis("asserted", "the strike") == "asserted"


@pytest.mark.parametrize(
    ("text", "low", "high", "bound", "unit", "counted"),
    [
        ("at least 20 soldiers were killed", 20, 20, "at-least", "", "soldiers"),
        ("between 2.5 and 3 million people", 2.5e6, 3e6, "range", "", "people"),
        ("more than 30,000 displaced people fled", 30000, 30000, "more-than", "", "displaced people fled"),
        ("half a million refugees", 5e5, 5e5, "exact", "", "refugees"),
        ("dozens of tanks", 12, 12, "exact", "", ""),
        ("tens of thousands of people", 10000, 10000, "exact", "", ""),
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


@pytest.mark.parametrize("raw", [None, b"\xff\xfe"])
def test_bad_files_are_told(tmp_path: Path, raw: bytes | None) -> None:
    if raw is not None:
        (tmp_path / "text.txt").write_bytes(raw)
    result = CliRunner().invoke(read, [str(tmp_path / "text.txt")])
    assert isinstance(result.exception, StandoffError)


@pytest.mark.fetched
def test_attributions_on_news_that_others_marked() -> None:
    content, sourced, quoted = attribution_scores()
    assert content.f1 >= 0.60
    assert sourced.f1 >= 0.48
    assert quoted >= 0.85


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
