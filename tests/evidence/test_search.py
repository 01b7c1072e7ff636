"""Search over the records of a case, in any script; and the list of records by kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_case import read_case
from thorough import examples

from standoff.case.catalogue import KINDS, entries_of, every_entry, written_fields
from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.evidence.search import SearchIndex, check_facets, plain_words, search_index


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    restricted = (
        "id,date,type,actor,target,place,title,known,claims,source,restricted\n"
        "e1,2001-02-10,shelling,freedonia,elbonia,mudville,Freedonia shells Mudville,2001-02-22,c-three,,\n"
        "e2,2001-02-20,border-closed,sylvania,,gatehouse,Sylvania shuts the gate for a day,,,a made-up gazette,\n"
        "e3,2001-02-21,shelling,freedonia,elbonia,mudville,A secret row about rockets,,,a feed,yes\n"
    )
    return read_case(tmp_path_factory.mktemp("search") / "case", {"events.csv": restricted})


@pytest.fixture(scope="module")
def index(case: Case) -> SearchIndex:
    return search_index(case)


def names(index: SearchIndex, words: str, **facets: str) -> list[tuple[str, str]]:
    return [(hit.entry.kind, hit.entry.id) for hit in index.find(words, each=100, **facets).hits]


def test_all_words_must_be_there_each_from_its_beginning(index: SearchIndex) -> None:
    assert names(index, "shell mudville", kind="events") == [("events", "e1")]
    assert names(index, "shell dryton") == []
    assert ("claims", "c-three") in names(index, "freedonia shelled")
    assert ("commitments", "gate") in names(index, "GATE")


def test_quoted_words_stand_together(index: SearchIndex) -> None:
    assert ("commitments", "gate") in names(index, '"the gate open"')
    assert names(index, '"open the gate"') == []
    assert names(index, '"gat"') == []  # a phrase is whole words


@pytest.mark.parametrize("word", ["مدينه الطين", "المدينة", "مَدِينَة", "الطين", "طين"])
def test_arabic_is_found_however_it_is_written(index: SearchIndex, word: str) -> None:
    assert ("places", "mudville") in names(index, word)


def test_one_form_of_each_letter() -> None:
    assert plain_words("إدلب أدلب آدلب ادلب") == ["ادلب"] * 4
    assert plain_words("علي على علی") == ["علي"] * 3
    assert plain_words("Çobanbey Übung") == ["cobanbey", "ubung"]
    assert plain_words("١٢ 12") == ["12", "12"]
    assert plain_words("الحديدة والحديدة حديدة") == ["حديده"] * 3


def test_facets_count_what_is_found(index: SearchIndex) -> None:
    result = index.find("freedonia")
    assert sum(number for _, number in result.facets["kind"]) == result.total
    for facet in ("kind", "party", "place", "year"):
        for value, number in result.facets[facet]:
            assert index.find("freedonia", **{facet: value}).total == number


def test_pages_hold_every_record_once(index: SearchIndex, case: Case) -> None:
    every = [
        (hit.entry.kind, hit.entry.id)
        for page in range(1, index.find("", each=7).pages + 1)
        for hit in index.find("", page=page, each=7).hits
    ]
    assert sorted(every) == sorted((e.kind, e.id) for e in every_entry(case))


def test_a_word_that_nothing_has_names_one_that_is_near(index: SearchIndex) -> None:
    assert index.find("mudvile").near == "mudville"
    assert index.find("zzzz").near == ""


def test_what_matches_is_marked_and_nothing_is_lost(index: SearchIndex) -> None:
    hit = next(h for h in index.find("shells").hits if h.entry.id == "e1")
    assert "".join(text for text, _ in hit.title) == hit.entry.title
    assert [text for text, match in hit.title if match] == ["shells"]


def test_rows_that_may_not_be_passed_on_are_counted_and_never_there(index: SearchIndex, case: Case) -> None:
    assert names(index, "rockets") == []
    entries, left_out = entries_of(case, "events")
    assert ([e.id for e in entries], left_out) == (["e1", "e2"], 1)
    with pytest.raises(StandoffError, match="may not be passed on"):
        written_fields(case, "events", "e3")


@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=40))
def test_no_text_is_a_command(index: SearchIndex, words: str) -> None:
    index.find(words)


def test_every_kind_is_listed_with_a_fact_for_each_head(case: Case) -> None:
    for name, kind in KINDS.items():
        entries, _ = entries_of(case, name)
        assert all(len(entry.facts) == len(kind.heads) for entry in entries)
        for entry in entries:
            assert written_fields(case, name, entry.id)["id"] == entry.id


def test_names_that_are_not_there_get_the_nearest(case: Case, tmp_path: Path) -> None:
    with pytest.raises(StandoffError, match="did you mean 'mudville'"):
        written_fields(case, "place", "mudvile")
    with pytest.raises(StandoffError, match="did you mean 'actors'"):
        entries_of(case, "acters")
    with pytest.raises(StandoffError, match="did you mean 'freedonia'"):
        check_facets(case, party="fredonia")
    with pytest.raises(StandoffError, match="four digits"):
        check_facets(case, year="20")
