"""The evidence of the Idlib case: coded rows are covered, answers rest on claims, anchors stand in the texts."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest

from standoff.case.claims import (
    AssessmentSaid,
    CommitmentSaid,
    EventSaid,
    OfferSaid,
    PositionSaid,
    QuantitySaid,
    RelationSaid,
    Sets,
)
from standoff.case.model import Case
from standoff.case.read import read
from standoff.case.vocabulary import is_a

ARTICLES = Path(__file__).parents[2].parent / "shared" / "articles"
VOICES = ("wsws", "daher", "magnier")
REAL = ("asserted", "alleged", "denied")


@pytest.fixture(scope="module")
def idlib() -> Case:
    case, problems = read("idlib")
    assert case is not None, "\n".join(map(str, problems))
    return case


@pytest.fixture(scope="module")
def coding(idlib: Case) -> dict[str, dict[str, str]]:
    with (idlib.root / "coding.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert len({row["id"] for row in rows}) == len(rows)
    return {row["id"]: row for row in rows}


def test_counts(idlib: Case) -> None:
    from_documents = [c for c in idlib.claims.values() if c.document]
    compiled = [c for c in idlib.claims.values() if not c.document]
    assert len(from_documents) >= 300
    assert len(compiled) >= 63
    assert {c.document for c in from_documents} == set(idlib.documents)
    kinds = {type(c.says) for c in idlib.claims.values()}
    assert kinds == {
        QuantitySaid, EventSaid, CommitmentSaid, RelationSaid, PositionSaid, AssessmentSaid, OfferSaid,
    }  # fmt: skip


def test_every_row_of_the_coding_sheet_is_covered_or_left_out_with_a_reason(
    idlib: Case, coding: dict[str, dict[str, str]]
) -> None:
    assert Counter(row["section"] for row in coding.values()) == Counter(
        {"1": 35, "2": 27, "3": 18, "4": 59, "5": 14, "6": 38, "7": 11, "8": 41, "9": 23, "10": 22, "12": 8}
    )
    covered = {
        row.lower()
        for kind in ("claims", "actors", "agreements", "commitments", "disputes")
        for record in getattr(idlib, kind).values()
        for row in record.row
    }
    open_rows = [key for key, row in coding.items() if key not in covered and not row["left_out"]]
    assert not open_rows
    assert not [row for claim in idlib.claims.values() for row in claim.row if row not in coding]


def test_every_dispute_says_what_it_sets_or_why_it_sets_nothing(idlib: Case) -> None:
    assert [f"dis-{n:02}" for n in range(1, 23)] == [d for d in idlib.disputes if d.startswith("dis-")]
    assert sum(d.startswith("set-") for d in idlib.disputes) == 21
    for key, dispute in idlib.disputes.items():
        assert len(dispute.answers) >= 2, key
        assert all(answer.claims or answer.assumed for answer in dispute.answers), key
        sets = any(answer.sets != Sets() for answer in dispute.answers)
        assert sets != bool(dispute.unmodelled), key


def test_answers_set_parameters_within_their_range(idlib: Case) -> None:
    for key, dispute in idlib.disputes.items():
        for answer in dispute.answers:
            for name, value in answer.sets.parameters.items():
                low, high = idlib.parameters[name].range
                assert low <= value <= high, f"{key} {answer.id} sets {name} to {value}"


def test_no_two_disputes_set_the_same_thing(idlib: Case) -> None:
    owner: dict[str, str] = {}
    for key, dispute in idlib.disputes.items():
        for answer in dispute.answers:
            sets = answer.sets
            for name in (*sets.parameters, *sets.readings, *sets.asserts, *sets.denies, *sets.commitments_on):
                assert owner.setdefault(name, key) == key, f"{name} is set by {owner[name]} and by {key}"


def test_every_answer_of_an_account_rests_on_a_claim_of_one_of_its_sources(idlib: Case) -> None:
    for account in idlib.accounts.values():
        for dispute, chosen in account.answers.items():
            answer = next(a for a in idlib.disputes[dispute].answers if a.id == chosen)
            tellers = {source for claim in answer.claims for source in idlib.claims[claim].chain}
            assert tellers & set(account.voices), f"{account.id} on {dispute}"


def test_each_voice_answers_every_dispute_it_speaks_to(idlib: Case) -> None:
    for voice in VOICES:
        account = idlib.accounts[voice]
        documents = {d.id for d in idlib.documents.values() if d.voice == voice}
        silent = [d for d in idlib.disputes if d not in account.answers]
        for dispute in silent:
            claims = [c for a in idlib.disputes[dispute].answers for c in a.claims]
            spoken = [c for c in claims if idlib.claims[c].document in documents]
            # wsws tells of a party's answer to a set without taking one; only a set may be left so
            assert not spoken or dispute.startswith("set-"), f"{voice} speaks to {dispute}: {spoken}"


def test_the_pool_weighs_the_three_voices_equally_and_says_that_it_is_not_neutral(idlib: Case) -> None:
    pooled = idlib.accounts["pooled"]
    assert set(pooled.credence) == set(VOICES)
    assert sum(pooled.credence.values()) == pytest.approx(1.0)
    assert max(pooled.credence.values()) - min(pooled.credence.values()) < 1e-5
    assert "not neutral" in pooled.note


def test_acts_that_have_not_happened_are_not_asserted(idlib: Case) -> None:
    for claim in idlib.claims.values():
        said = claim.says
        document = idlib.documents.get(claim.document)
        published = claim.published or (document.published if document else None)
        if isinstance(said, EventSaid) and claim.realis in REAL and said.date and published and published.end:
            start = said.date.start
            later = start is not None and start > published.end
            announced = is_a(said.event, "ceasefire")  # a truce is announced before it begins
            assert not later or announced, f"{claim.id} is {claim.realis} but lies after {published}"


def test_predictions_can_be_scored(idlib: Case, coding: dict[str, dict[str, str]]) -> None:
    rows = {key for key, row in coding.items() if row["section"] == "12"}
    for row in rows:
        claim = idlib.claims[f"c-{row}"]
        assert isinstance(claim.says, AssessmentSaid) and claim.says.assessment == "prediction"
        # "could" and "is said to be ready" are kept as possible: no score counts them
        assert claim.says.by is not None and claim.says.value in ("yes", "no", "possible")
        assert claim.realis == "predicted"


def test_nobody_has_been_graded_by_a_machine(idlib: Case) -> None:
    assert {s.reliability for s in idlib.sources.values() if not s.graded_by} == {"F"}
    assert {(c.grade.reliability, c.grade.credibility) for c in idlib.claims.values() if not c.grade.by} == {("F", "6")}


def _article(idlib: Case, document: str) -> str:
    path = ARTICLES / idlib.documents[document].file
    if not path.is_file():
        pytest.skip(f"the text of {document} is not at hand in ../shared/articles")
    return path.read_bytes().decode("utf-8")


DOCUMENTS = ("wsws-2018-09-15", "daher-2018-09-14", "wsws-2020-03-06", "magnier-2018-09-14", "magnier-2018-08-31")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_anchors_stand_once_on_their_line_of_the_text(idlib: Case, document: str) -> None:
    text = _article(idlib, document)
    record = idlib.documents[document]
    assert hashlib.sha256(text.encode("utf-8")).hexdigest() == record.sha256
    lines = text.split("\n")
    assert len(lines) == record.paragraphs
    for claim in idlib.claims.values():
        for anchor in claim.at if claim.document == document else ():
            assert lines[anchor.paragraph - 1].count(anchor.anchor) == 1, f"{claim.id}: {anchor.anchor}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_run_of_eight_words_of_a_text_is_in_what_we_wrote(idlib: Case, document: str) -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"[a-z0-9]+", text.lower().replace("’", "'"))

    def runs(text: str) -> set[tuple[str, ...]]:
        found = words(text)
        return {tuple(found[k : k + 8]) for k in range(len(found) - 7)}

    theirs = runs(_article(idlib, document))
    ours = [(c.id, f"{c.text}\n{c.note}") for c in idlib.claims.values()]
    ours += [
        (d.id, f"{d.question}\n{d.note}\n" + "\n".join(a.text for a in d.answers)) for d in idlib.disputes.values()
    ]
    ours += [(s.id, s.note) for s in (*idlib.sources.values(), *idlib.actors.values(), *idlib.accounts.values())]
    assert not [key for key, text in ours if runs(text) & theirs]
