"""The second shipped case: each row has address, day and words, no accusation lacks its answer, its stories pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from standoff.case.read import load
from standoff.commitments.audit import audit
from standoff.commitments.stories import Story, play, stories

CASE = load("hodeidah")
STORIES = stories(CASE)
READ = re.compile(r'read (\d{4}-\d\d-\d\d): "([^"]+)"')
ADDRESS = re.compile(r"https?://[^\s;]+\.[^\s;]+")


def rows() -> Iterator[tuple[str, str, str]]:
    """Id, where it was read, and the words with the day: of every row that states a fact."""
    for event in CASE.events.values():
        yield event.id, event.source, event.basis
    for records in (CASE.claims, CASE.commitments, CASE.agreements):
        for record in records.values():
            yield record.id, record.citation, record.note
    for figure in CASE.observed.values():
        yield figure.id, figure.url, figure.note
    for number, row in enumerate(CASE.coverage):
        yield f"coverage {number}", row.note, row.note


def test_every_row_has_an_address_a_day_and_at_most_eight_words() -> None:
    def sound(address: str, words: str) -> bool:
        found = READ.search(words)
        if not ADDRESS.search(address) or found is None:
            return False
        return date.fromisoformat(found[1]) >= date(2026, 11, 1) and 1 <= len(found[2].split()) <= 8

    assert [name for name, address, words in rows() if not sound(address, words)] == []


def test_places_say_where_their_coordinates_are_from() -> None:
    said = re.compile(r"GeoNames, CC BY 4\.0 \[\d+\]|^coordinates of |^stands for ")
    assert [p.id for p in CASE.places.values() if not said.search(p.source)] == []
    assert sum(bool(p.pcode) for p in CASE.places.values()) >= 12
    assert all(re.fullmatch(r"YE\d\d(\d\d)?", p.pcode) for p in CASE.places.values() if p.pcode)


def test_it_holds_what_it_promises() -> None:
    told = {event.variant_of or event.id for event in CASE.events.values()}
    assert len(told) >= 70
    provisions = {c.id for c in CASE.commitments.values() if c.provision}
    assert len(provisions) >= 30
    with_story = {name for story in STORIES if story.events is not None for name in story.commitments}
    assert len(with_story & provisions) >= 15
    assert len(CASE.disputes) >= 8
    statements = {account.party for account in CASE.accounts.values() if account.kind == "statement"}
    assert {"goy", "aa", "coalition", "unmha", "un-secretary-general", "osesgy"} <= statements


def test_nobody_is_accused_without_a_source_and_an_answer() -> None:
    found = audit(CASE, on=date(2020, 12, 31))
    assert len(found.accusing) >= 10
    assert (found.unanswered, found.uncitable, found.unsourced) == ((), (), ())
    assert dict(found.hosts) == {}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_story(story: Story) -> None:
    assert [(f.expected.row, f.account, f.expected.verdict, f.got) for f in play(CASE, story) if not f.passed] == []
