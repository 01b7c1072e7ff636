"""The reader proposes who says what, how it is told, and numbers; every anchor is found again; nothing is accepted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from evidence_case import FILES, unchanged
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_scores import fetched
from thorough import examples

from standoff.case.checks import check_room
from standoff.case.model import Case
from standoff.cli.reading import read
from standoff.errors import StandoffError
from standoff.evidence.anchors import Match, find_anchor, normal
from standoff.reading.propose import as_claims, propose

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
        (2, "asserted", "paraphrase", "shelling", None),
        (3, "threatened", "quote", None, None),
        (4, "asserted", "narrator", None, "people-displaced"),
    ]
    for p in found.proposals:
        place = find_anchor(normal(TEXT), p.anchor)
        assert isinstance(place, Match)
        assert p.span.start <= place.start < place.end <= p.span.end
        assert len(p.anchor.anchor.split()) <= 8


def with_commitments(drafts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drafts whose terms a person has written as a commitment of the case."""
    return [draft | ({"says": {"commitment": "gate"}} if "commitment" in draft["says"] else {}) for draft in drafts]


def test_a_promise_is_proposed_with_who_is_bound_and_on_which_condition() -> None:
    (p,) = (p for p in propose(TEXT, unchanged()).proposals if "commitment" in p.says)
    terms = {
        "form": "threat",
        "debtor": ["a red officer"],
        "if": "blue comes nearer",
        "then": "we will answer with artillery",
    }
    assert p.says == {"commitment": terms}
    assert p.sentence == "“If blue comes nearer, we will answer with artillery,” a red officer told The Invented Wire."


def test_a_proposal_is_refused_by_the_check_until_a_person_writes_it(make: Callable[..., Case]) -> None:
    base = unchanged()
    drafts = with_commitments(as_claims(propose(TEXT, base), base.documents["one-1"]))
    claims = FILES["claims.yaml"] + yaml.safe_dump(drafts, sort_keys=False, allow_unicode=True)
    problems = check_room(make({"claims.yaml": claims}), "evidence")
    told = [p.what for p in problems]
    assert told.count("the claim is only proposed: its text is not written") == len(drafts)
    relayed = [draft for draft in drafts if draft["voice"] != "narrator"]
    assert sum("is of nobody" in what for what in told) == len(relayed)
    assert len(told) == len(drafts) + len(relayed)
    assert [draft["id"] for draft in drafts] == [f"one-1-p{k}" for k in range(1, len(drafts) + 1)]


def test_a_proposal_passes_the_check_once_its_text_and_speaker_are_written(make: Callable[..., Case]) -> None:
    base = unchanged()
    drafts = with_commitments(as_claims(propose(TEXT, base), base.documents["one-1"]))
    speaker = next(name for name in base.sources if name not in drafts[0]["chain"])
    for number, draft in enumerate(drafts):
        draft["text"] = f"What is told here, in other words ({number})."
        draft["chain"] += [speaker] if draft["voice"] != "narrator" else []
    claims = FILES["claims.yaml"] + yaml.safe_dump(drafts, sort_keys=False, allow_unicode=True)
    assert check_room(make({"claims.yaml": claims}), "evidence") == []


@settings(max_examples=examples(150))
@given(st.text(alphabet='ab ,."“”\n12%$Iif said', max_size=120))
def test_any_text_gives_proposals_that_are_found_again(text: str) -> None:
    for p in propose(text, unchanged()).proposals:
        assert isinstance(find_anchor(normal(text), p.anchor), Match)


def test_the_command_shows_drafts_and_writes_nothing(tmp_path: Path, write: Callable[..., Path]) -> None:
    path = tmp_path / "text.txt"
    path.write_text(TEXT)
    root = write()
    before = sorted(p.name for p in tmp_path.rglob("*"))
    table = CliRunner().invoke(read, [str(path), "--case", str(root)])
    assert table.exit_code == 0, table.exception
    assert "4 proposals, none accepted; 0 dropped" in table.output
    assert max(len(line.rstrip()) for line in table.output.splitlines()[:-1]) <= 80
    drafts = yaml.safe_load(
        CliRunner().invoke(read, [str(path), "--case", str(root), "--document", "one-1", "--yaml"]).output
    )
    assert drafts[0]["chain"][:2] == ["outlet-one", "ann"]
    data = json.loads(CliRunner().invoke(read, [str(path), "--json"]).output)
    assert [p["realis"] for p in data["proposals"]] == ["asserted", "asserted", "threatened", "asserted"]
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--document", "one-1"), "there is no document"),
        (("--case", "{root}", "--document", "one-9"), "did you mean"),
        (("--case", "{root}", "--document", "one-1", "--published", "2020-01-01"), "--published: given beside"),
    ],
)
def test_bad_options_are_told(tmp_path: Path, write: Callable[..., Path], options: tuple[str, ...], what: str) -> None:
    (tmp_path / "text.txt").write_text(TEXT)
    result = CliRunner().invoke(read, [str(tmp_path / "text.txt"), *(o.format(root=write()) for o in options)])
    assert isinstance(result.exception, StandoffError)
    assert what in str(result.exception.problems[0])


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (None, "there is no such file"),
        (b"", "the text is empty"),
        (b" \n\n", "the text is empty"),
        (b"%PDF-1.4\n1 0 obj\n", "this is a PDF, not plain text"),
        (b"PK\x03\x04word", "this is a word processor's file"),
        (b"{\\rtf1 The guns were in the town.}", "this is rich text"),
        (b"<!DOCTYPE html>\n<p>The guns were in the town.</p>", "this is a web page"),
        (b"<p>The guns.</p>" * 6, "this is a web page or other markup"),
        (b'{"text": "The guns were in the town."}', "this is JSON"),
        ("The guns.\n".encode("utf-16"), "this is UTF-16"),
        (b"The guns.\nThe \x1b[31mguns\x1b[0m.\n", "line 2 holds the control character U+001B"),
        (b"\x89PNG\r\n\x1a\n\0\0", "this is not a plain text"),
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
    assert "1 proposal, none accepted" in CliRunner().invoke(read, [str(path)]).output


def test_the_table_is_80_columns_and_shows_the_terms(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(
        "A spokesman of the red ministry of long and winding words said that red will shell the town if blue comes.\n"
    )
    shown = CliRunner().invoke(read, [str(path)]).output
    assert "if: blue comes" in shown
    assert "conditional" in shown
    assert max(len(line.rstrip()) for line in shown.splitlines()[:-1]) <= 80


def test_nothing_is_proposed_twice() -> None:
    made = propose(TEXT * 2).proposals
    assert len({(p.anchor, repr(p.says)) for p in made}) == len(made)


@pytest.mark.thorough
@pytest.mark.fetched
def test_every_proposal_on_real_reports_is_found_again() -> None:
    n = 0
    for path in sorted((fetched("polnear_dev") / "text").glob("*.txt"))[:20]:
        text = normal(path.read_text(encoding="utf-8"))
        found = propose(text)
        n += len(found.proposals)
        assert all(isinstance(find_anchor(text, p.anchor), Match) for p in found.proposals)
        assert found.dropped <= 0.05 * len(found.proposals)
    assert n > 200


def test_a_drafted_commitment_has_an_id() -> None:
    (draft,) = as_claims(propose("Red undertook to leave the town within ten days."), None)[:1]
    assert draft["says"]["commitment"]["id"] == "commitment-1"
