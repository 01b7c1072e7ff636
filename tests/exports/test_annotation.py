"""W3C annotations: what we write is what we read, the model's own fields are right, and other tools' become notes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from evidence_case import FILES, read_case, unchanged
from hypothesis import given
from hypothesis import strategies as st

from standoff.case.as_dict import as_written
from standoff.case.claims import Anchor, Claim, EventSaid, Grade, OfferSaid, QuantitySaid
from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.exports.annotation import to_annotations
from standoff.intake.annotations import Note, from_annotations, read_annotations
from standoff.values import When

LIBRARY = {"library/one-1.txt": "So seven soldiers died.\nThen red shelled A, all say.\nx\nBut the gate may shut.\n"}


@pytest.fixture
def case() -> Case:
    return unchanged()


def test_reading_what_was_written_gives_the_same_claims(case: Case) -> None:
    page = json.loads(json.dumps(to_annotations(case)))
    assert from_annotations(page).claims == tuple(case.claims.values())
    assert from_annotations(page).notes == ()


def test_the_shipped_case_survives_the_round_trip(tmp_path: Path) -> None:
    from standoff.case.read import load

    shipped = load("idlib")
    (tmp_path / "claims.jsonld").write_text(json.dumps(to_annotations(shipped)), encoding="utf-8")
    assert read_annotations(tmp_path / "claims.jsonld").claims == tuple(shipped.claims.values())


DATES = st.sampled_from(["2001-02-03", "2001-02", "2001-02~", "2001-01-01/2001-02-01", "../2001-02-03"]).map(When.parse)
IDS = st.lists(st.sampled_from(["red", "blue", "green"]), max_size=3, unique=True).map(tuple)
NUMBERS = st.one_of(st.none(), st.floats(-1e9, 1e9))
SAYINGS: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        QuantitySaid,
        quantity=st.text(min_size=1), measure=st.just("deaths"), value=NUMBERS, low=NUMBERS, high=NUMBERS,
        bound=st.sampled_from(["exact", "about"]), counted=st.text(), as_of=st.one_of(st.none(), DATES),
    ),
    st.builds(
        EventSaid, event=st.just("shelling"), actor=IDS, target=IDS, at=st.text(), date=st.one_of(st.none(), DATES),
    ),
    st.builds(OfferSaid, offer=st.text(min_size=1), from_=IDS, to=IDS, answer=st.text()),
)  # fmt: skip
ANCHORS = st.builds(Anchor, paragraph=st.integers(1, 99), anchor=st.text(min_size=1), prefix=st.text())
CLAIMS = st.builds(
    Claim,
    id=st.text(min_size=1), text=st.text(), chain=IDS, says=SAYINGS, document=st.sampled_from(["one-1", ""]),
    at=st.lists(ANCHORS, max_size=3).map(tuple),
    realis=st.sampled_from(["asserted", "denied"]), denies=IDS, citation=st.text(),
    published=st.one_of(st.none(), DATES), row=IDS,
    grade=st.builds(Grade, reliability=st.sampled_from("AF"), by=st.text()),
)  # fmt: skip


@given(CLAIMS)
def test_any_claim_survives_the_round_trip(claim: Claim) -> None:
    page = json.loads(json.dumps(to_annotations(unchanged(), [claim])))
    assert from_annotations(page).claims == (claim,)


def test_an_annotation_has_the_fields_of_the_model(case: Case) -> None:
    (item,) = to_annotations(case, [case.claims["c-one-red-did"]])["items"]
    assert item["type"] == "Annotation"
    assert item["id"] == "urn:standoff:invented:claim:c-one-red-did"
    assert item["body"] == {
        "type": "TextualBody", "value": "Red shelled A.", "format": "text/plain", "purpose": "describing",
    }  # fmt: skip
    quote = {"type": "TextQuoteSelector", "exact": "red shelled A"}
    assert item["target"] == {
        "source": "urn:standoff:invented:document:one-1",
        "selector": [
            quote,
            {
                "type": "FragmentSelector",
                "conformsTo": "http://tools.ietf.org/rfc/rfc5147",
                "value": "line=1,2",
                "refinedBy": quote,
            },
        ],
    }
    assert item["standoff:claim"]["says"]["recorded"] == "e2-red"


def test_positions_in_code_points_come_from_the_readers_copy(tmp_path: Path) -> None:
    case = read_case(tmp_path, LIBRARY)
    (item,) = to_annotations(case, [case.claims["c-one-red-did"]], in_text=True)["items"]
    quote, position, _ = item["target"]["selector"]
    text = LIBRARY["library/one-1.txt"]
    assert text[position["start"] : position["end"]] == quote["exact"] == "red shelled A"
    assert text[: position["start"]].endswith(quote["prefix"])
    plain = to_annotations(case, [case.claims["c-one-red-did"]])
    assert "all say" not in json.dumps(plain), "no words of the text beyond the anchor unless asked for"


def test_annotations_of_other_tools_become_notes_about_the_document(tmp_path: Path) -> None:
    documents = FILES["documents.yaml"].replace("voice: one,", "url: https://example.org/one, voice: one,", 1)
    case = read_case(tmp_path, {"documents.yaml": documents})
    foreign = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "https://example.org/anno/7",
        "type": "Annotation",
        "body": [{"type": "TextualBody", "value": "Is that so?"}],
        "target": {
            "source": "https://example.org/one",
            "selector": [
                {"type": "TextPositionSelector", "start": 3, "end": 10},
                {"type": "TextQuoteSelector", "exact": "seven soldiers", "prefix": "So ", "suffix": " died"},
            ],
        },
    }
    expected = Note(
        "https://example.org/anno/7", "https://example.org/one", "one-1", "Is that so?",
        "seven soldiers", "So ", " died", 0, 3, 10,
    )  # fmt: skip
    for data in (foreign, [foreign], {"type": "AnnotationCollection", "first": {"items": [foreign]}}):
        assert from_annotations(data, case).notes == (expected,)
    assert from_annotations({"type": "Annotation", "bodyValue": "x", "target": "https://a.b"}).notes[0].text == "x"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "this is not JSON"),
        ("[" * 100_000, "not JSON|too deep"),
        ("{}", "there are no annotations"),
        ("7", "there are no annotations"),
        ("[7]", "item 1 is not an annotation"),
        ('[{"type": "Annotation"}]', "item 1 is not an annotation"),
        ('[{"target": "x", "standoff:claim": {"id": "a", "texxt": "b"}}]', "item 1: the key 'texxt' is unknown"),
        ('[{"target": "x", "standoff:claim": 3}]', "item 1: an int stands where a record should"),
    ],
)
def test_bad_files_are_told(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(StandoffError, match=what):
        read_annotations(path)


def test_a_missing_file_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(StandoffError, match="no such file"):
        read_annotations(tmp_path / "none.json")
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StandoffError, match="this is a text in UTF-16"):
        read_annotations(tmp_path / "b.json")


@given(st.recursive(st.one_of(st.none(), st.integers(), st.text()), lambda inner: st.one_of(
    st.lists(inner, max_size=3),
    st.dictionaries(st.sampled_from(["type", "target", "body", "selector", "source", "items", "refinedBy", "start",
                                     "standoff:claim", "says", "id"]), inner, max_size=4),
), max_leaves=12))  # fmt: skip
def test_any_json_gives_annotations_or_a_told_problem(data: Any) -> None:
    try:
        from_annotations(data)
    except StandoffError as error:
        assert error.problems


def test_a_claim_as_written_leaves_out_what_is_at_its_default(case: Case) -> None:
    assert as_written(case.claims["c-two-blue-did"]) == {
        "id": "c-two-blue-did",
        "text": "Blue shelled A itself.",
        "chain": ["bob"],
        "says": {
            "event": "shelling", "actor": ["blue"], "target": ["blue"], "at": "a", "date": "2001-02-28",
            "recorded": "e2-blue",
        },
        "document": "two-1",
        "at": [{"paragraph": 3, "anchor": "blue shelled A"}],
    }  # fmt: skip


def test_annotations_of_hypothesis_keep_their_text_and_tags() -> None:
    target = [
        {"source": "https://example.org/a", "selector": [{"type": "TextQuoteSelector", "exact": "held the road"}]}
    ]
    row = {
        "id": "r1",
        "uri": "https://example.org/a",
        "text": "Who says so?",
        "tags": ["road", "ask"],
        "target": target,
    }
    page_note = {"id": "r2", "uri": "https://example.org/b", "text": "of the page", "tags": []}
    for data in ([row, page_note], {"total": 2, "rows": [row, page_note]}, {"annotations": [row, page_note]}):
        one, two = from_annotations(data).notes
        assert (one.text, one.tags, one.exact, one.source) == (
            "Who says so?", ("road", "ask"), "held the road", "https://example.org/a",
        )  # fmt: skip
        assert (two.text, two.tags, two.source) == ("of the page", (), "https://example.org/b")
    bodies = [{"type": "TextualBody", "value": "note"}, {"type": "TextualBody", "value": "t", "purpose": "tagging"}]
    (note,) = from_annotations({"type": "Annotation", "body": bodies, "target": "https://example.org/a"}).notes
    assert (note.text, note.tags) == ("note", ("t",))
