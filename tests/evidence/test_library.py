"""The reader's own copies: anchors verified, quoted in place, and never read from outside library/."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from evidence_case import FILES

from standoff.case.model import Case
from standoff.evidence.library import Text, check_texts, document_text, excerpts, own_copy, selectors, texts

ONE = "Then seven soldiers died, they say.\nLater red shelled A again.\nNothing.\nAnd the gate may shut.\n"
TWO = "Words.\nThere at least twenty died.\nThat blue shelled A is plain.\nGreen: the gate stays open.\n"
SHA = hashlib.sha256(ONE.encode()).hexdigest()
DOCUMENTS = FILES["documents.yaml"].replace(
    "voice: one, paragraphs: 5}\n- {id: one-2", f"sha256: {SHA}}}\n- {{id: one-2"
)


@pytest.fixture
def library(make: Callable[..., Case]) -> Callable[..., Case]:
    def build(one: str = ONE, two: str = TWO, **files: str) -> Case:
        return make({"documents.yaml": DOCUMENTS, "library/one-1.txt": one, "library/two-1.txt": two, **files})

    return build


def told(case: Case) -> list[tuple[str, str]]:
    return [(p.severity, p.what) for p in check_texts(case)]


def test_anchors_of_the_coded_copy_hold(library: Callable[..., Case]) -> None:
    assert told(library()) == []


def test_without_copies_there_is_nothing_to_say(case: Case) -> None:
    assert check_texts(case) == []
    assert excerpts(case, case.claims["c-one-killed"]) == ()
    assert selectors(case, case.claims["c-one-killed"]) == (None,)


def test_a_passage_is_shown_in_place(library: Callable[..., Case]) -> None:
    case = library()
    (found,) = excerpts(case, case.claims["c-one-red-did"])
    assert (found.before, found.words, found.after, found.paragraph, found.how) == (
        "Later ", "red shelled A", " again.", 2, "exact",
    )  # fmt: skip
    (selector,) = selectors(case, case.claims["c-one-red-did"])
    assert selector is not None
    assert selector.exact == "red shelled A"
    assert ONE[selector.start : selector.end] == "red shelled A"


def test_another_copy_is_said_to_be_one_and_moved_anchors_are_found(library: Callable[..., Case]) -> None:
    case = library(one="A new first line.\n" + ONE)
    assert told(case) == [
        ("warning", "the anchor 'seven soldiers died' has moved: it is in paragraph 2"),
        ("warning", "the anchor 'red shelled A' has moved: it is in paragraph 3"),
        ("warning", "the anchor 'the gate may shut' has moved: it is in paragraph 5"),
        ("warning", "this copy is not the one the case was coded from"),
    ]
    (found,) = excerpts(case, case.claims["c-one-red-did"])
    assert (found.paragraph, found.how) == (3, "moved")


def test_an_anchor_of_another_document_is_an_error(library: Callable[..., Case]) -> None:
    claims = FILES["claims.yaml"].replace('"at least twenty died"', '"seven soldiers died"')
    case = library(**{"claims.yaml": claims})
    (problem,) = check_texts(case)
    assert problem.severity == "error"
    assert problem.what == "the anchor 'seven soldiers died' is in the wrong document"
    assert problem.hint == "these words stand in one-1, paragraph 1"
    assert problem.line == 10


def test_words_missing_from_the_coded_copy_are_an_error(library: Callable[..., Case]) -> None:
    case = library(**{"claims.yaml": FILES["claims.yaml"].replace('"red shelled A"', '"red bombed A"')})
    assert told(case) == [("error", "the anchor 'red bombed A' is missing")]


def test_a_wrong_paragraph_names_the_right_one(library: Callable[..., Case]) -> None:
    claims = FILES["claims.yaml"].replace('paragraph: 2, anchor: "red', 'paragraph: 3, anchor: "red')
    (problem,) = check_texts(library(**{"claims.yaml": claims}))
    assert (problem.severity, problem.hint) == ("error", "it is in paragraph 2")


def test_words_that_stand_twice_need_a_prefix(library: Callable[..., Case]) -> None:
    twice = TWO.replace("That blue shelled A is plain", "blue shelled A, yes, blue shelled A")
    assert told(library(two=twice)) == [("error", "the anchor 'blue shelled A' stands there more than once")]


def test_lost_words_of_another_copy_are_a_warning(library: Callable[..., Case]) -> None:
    case = library(two=TWO.replace("at least twenty died", "many are dead"))
    assert told(case) == [("warning", "the anchor 'at least twenty died' is missing")]
    (found,) = excerpts(case, case.claims["c-two-killed"])
    assert (found.words, found.how) == ("", "missing")


def test_a_file_outside_the_library_is_not_read(make: Callable[..., Case], tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("seven soldiers died")
    documents = FILES["documents.yaml"].replace("voice: one, paragraphs: 5}", "file: ../../secret.txt}", 1)
    case = make({"documents.yaml": documents, "library/x": ""})
    found, problems = texts(case)
    assert found == {}
    assert [p.what for p in problems] == ["the file '../../secret.txt' lies outside library/"]


def test_a_file_may_be_named_with_its_folder(make: Callable[..., Case]) -> None:
    documents = FILES["documents.yaml"].replace("voice: one, paragraphs: 5}", "file: library/mine.txt}", 1)
    case = make({"documents.yaml": documents, "library/mine.txt": "seven soldiers died\n"})
    document = next(d for d in case.documents.values() if d.file)
    text = document_text(case, document)
    assert isinstance(text, Text) and text.text.strip() == (own_copy(case, document) or "").strip() != ""


def test_a_link_out_of_the_library_is_not_followed(make: Callable[..., Case], tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("seven soldiers died")
    case = make({"library/x": ""})
    (case.root / "library" / "one-1.txt").symlink_to(tmp_path / "secret.txt")
    assert [p.what for p in check_texts(case)] == ["the file 'one-1.txt' lies outside library/"]


def test_bytes_that_are_no_text_are_a_problem(make: Callable[..., Case]) -> None:
    case = make()
    (case.root / "library").mkdir()
    (case.root / "library" / "one-1.txt").write_bytes(b"ab\xff")
    (problem,) = check_texts(case)
    assert problem.what.startswith("byte 2 is not UTF-8")
