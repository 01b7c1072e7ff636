"""Forms of records: what nobody touches stays letter for letter; filled from nothing they say the same record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from filled_form import as_sent, other_text
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.case.history import JOURNAL
from standoff.case.journal import RecordChange, apply, undo
from standoff.case.model import Actor, Case, Kind
from standoff.case.parsing import record
from standoff.case.read import SHIPPED, TABLES, UNNAMED, load, read, start
from standoff.case.record_form import Layout, changed_keys, form_marks, meanings, moved, new_id, read_form, record_type
from standoff.case.write import Amendment, amended_list, records_in
from standoff.errors import StandoffError
from standoff.files.atomic import WORK
from standoff.files.yaml import Lines

CASES = {"idlib": 1, "hodeidah": 3}  # records of a kind; benchmarks/edits_undone.py takes them all


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return load(str(request.param))


def some(case: Case, ids: tuple[str, ...]) -> tuple[str, ...]:
    each = CASES.get(case.about.id, 1)
    return ids[len(ids) // 2 :][:each]


def test_a_form_that_nobody_touches_changes_nothing(case: Case) -> None:
    files = Amendment(case.root)
    for kind in Kind:
        for key in some(case, files.ids(kind)):
            base = files.values(kind, key)
            sent = as_sent(Layout(case, kind).blanks(base))
            assert changed_keys(read_form(kind, sent, base), base) == {}, (kind, key)


def test_a_form_filled_from_nothing_says_the_same_record(case: Case) -> None:
    files = Amendment(case.root)
    for kind in Kind:
        if kind is Kind.ZONES:
            continue
        for key in some(case, files.ids(kind)):
            sent = as_sent(Layout(case, kind).blanks(files.values(kind, key)))
            values = read_form(kind, sent, {})
            item, problems = record(record_type(kind), strings(values, kind in TABLES), "form", Lines(1))
            assert problems == [], (kind, key)
            assert item == case.records(kind)[key], (kind, key)


def strings(value: Any, is_row: bool) -> Any:
    """Return values as a reader of files gives them back: plain strings, yes or nothing in tables."""
    if isinstance(value, dict):
        return {k: text for k, v in value.items() if (text := strings(v, is_row)) != ""}
    if isinstance(value, list):
        return [strings(v, is_row) for v in value]
    if isinstance(value, bool):
        return ("yes" if value else "") if is_row else str(value).lower()
    return str(value)


def test_a_change_of_any_record_and_undo_leave_the_same_bytes(tmp_path: Path) -> None:
    """One record of each kind, through check and journal; texts of all others are put back by their lines alone."""
    folder = start(tmp_path / "case")
    before = state(folder)
    errors = [p for p in read(folder)[1] if p.severity == "error"]
    for kind in Kind:
        for key in Amendment(folder).ids(kind)[:1]:
            values = Amendment(folder).values(kind, key)
            if kind in UNNAMED or not set(other_text(values)) <= set(meanings(record_type(kind)) | values):
                continue
            entry = apply(folder, [RecordChange.change(kind, key, other_text(values))], by="A")
            assert [p for p in read(folder)[1] if p.severity == "error"] == errors
            assert state(folder) != before
            undo(folder, entry.id, by="A")
            assert state(folder) == before, (kind, key)


@pytest.mark.thorough
def test_every_record_taken_out_or_added_again_is_accepted_or_refused_whole(tmp_path: Path) -> None:
    folder = start(tmp_path / "case")
    before = state(folder)
    for kind in Kind:
        for key in Amendment(folder).ids(kind)[-1:] if kind is not Kind.CASE else ():
            try:
                entry = apply(folder, [RecordChange.remove(kind, key)], by="A")
            except StandoffError:
                assert state(folder) == before
                continue
            assert not load(folder).errors
            undo(folder, entry.id)
            assert state(folder) == before, (kind, key)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30).map(str.strip)


ACTORS = (SHIPPED / "hodeidah" / "actors.yaml").read_text(encoding="utf-8")


@settings(max_examples=30, deadline=None)
@given(note=WORDS, name=WORDS.filter(bool), aliases=st.lists(WORDS.filter(bool), max_size=3))
def test_any_text_of_a_form_is_read_back(note: str, name: str, aliases: list[str]) -> None:
    old = records_in(Kind.ACTORS, ACTORS, "actors.yaml")
    first = next(iter(old))
    sent = {"id": [first], "name": [name], "note": [f"{note}\r\n\r\n{name}"], "aliases": ["\r\n".join(aliases)]}
    changed = changed_keys(read_form(Kind.ACTORS, sent, old[first]), old[first])
    new = records_in(Kind.ACTORS, amended_list(ACTORS, changes={0: changed}), "actors.yaml")
    written = new.pop(first)
    assert (written["name"], written["note"]) == (name, f"{note}\n\n{name}".strip())
    several = written.get("aliases", [])
    assert ([several] if isinstance(several, str) else several) == aliases
    assert new == {key: value for key, value in old.items() if key != first}


def test_places_are_added_and_taken_out() -> None:
    _, many = form_marks("answers")
    sent = {many: ["2"], "answers.0.id": ["a"], "answers.1.id": ["b"], "answers.1.claims.0": ["c"]}
    assert moved(sent, "more:answers")[many] == ["3"]
    assert moved(sent, "drop:answers.0") == {many: ["1"], "answers.0.id": ["b"], "answers.0.claims.0": ["c"]}
    assert moved(sent, "more:answers.1.claims")["answers.1.claims.1"] == [""]
    here, _ = form_marks("when")
    assert moved(sent, "more:when")[here] == ["1"]
    assert moved({here: ["1"], "when.type.0": ["x"]}, "drop:when") == {}


def test_what_a_form_does_not_show_stays() -> None:
    base = {"id": "a", "name": "A", "kind": "state", "oddity": "x", "says": {"event": "clash", "own": "y"}}
    assert read_form(Kind.ACTORS, {"name": ["B"]}, base) == {**base, "name": "B"}


@pytest.mark.parametrize(
    ("kind", "values", "id_"),
    [
        (Kind.ACTORS, {"name": "Government of Mali (2020-)"}, "government-of-mali"),
        (Kind.CLAIMS, {"document": "paper", "text": "x"}, "paper-2"),
        (Kind.EVENTS, {"type": "clash", "date": "2020-02-01"}, "clash-2020-02-01"),
        (Kind.ACTORS, {}, ""),
    ],
)
def test_an_id_is_made_of_what_a_record_is_called(kind: Kind, values: dict[str, str], id_: str) -> None:
    assert new_id(kind, values, ("other",)) == id_


def test_help_is_the_comment_of_the_type() -> None:
    assert meanings(Actor)["aliases"] == "names under which logs and texts know it"


def state(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file() and WORK not in p.parts and p.name != JOURNAL)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}
