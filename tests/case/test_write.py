"""Records written back: what is changed reads as it should, and what is not changed keeps every byte it has."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from thorough import examples

from standoff.case.model import Actor, Kind
from standoff.case.read import SHIPPED, load, read, start
from standoff.case.write import Amendment, amended_list, amended_record, amended_table
from standoff.errors import StandoffError
from standoff.files.atomic import WORK, recover, replace_files

CLAIMS = min((SHIPPED / "idlib" / "claims").glob("*.yaml"), key=lambda path: path.stat().st_size)
LIST = """\
# the parties
- id: red        # the first
  name: "Red: of the bank"
  # its words
  aliases: [R,  "Reds"]   # both
  note: >
    of two
    lines
- {id: blue, name: Blue, kind: 'state'}   # in braces

# the others
- id: green
  name: Green
  persons:   # who speaks
    - one
    - two
"""


@pytest.mark.parametrize(
    ("index", "values", "old", "new"),
    [
        (0, {"name": "Rood"}, 'name: "Red: of the bank"', "name: Rood"),
        (0, {"aliases": ["R"]}, 'aliases: [R,  "Reds"]   # both', "aliases: [R]   # both"),
        (0, {"aliases": None}, '  aliases: [R,  "Reds"]   # both\n', ""),
        (0, {"note": "short"}, ">\n    of two\n    lines", "short"),
        (0, {"note": None}, "  note: >\n    of two\n    lines\n", ""),
        (0, {"kind": "state"}, "    lines\n", "    lines\n  kind: state\n"),
        (0, {"id": None}, "id: red        # the first\n  ", ""),
        (1, {"name": "B, and more"}, "name: Blue", "name: 'B, and more'"),
        (1, {"kind": None}, ", kind: 'state'", ""),
        (1, {"note": "x"}, "'state'}", "'state', note: x}"),
        (2, {"persons": ["three"]}, "   # who speaks\n    - one\n    - two\n", " [three]   # who speaks\n"),
        (2, {"name": "no, and"}, "name: Green", "name: 'no, and'"),
        (2, {"name": "2024-02-20/2024-03-01"}, "name: Green", "name: 2024-02-20/2024-03-01"),
        (1, {"name": {"a": ["b"]}}, "name: Blue", "name: {a: [b]}"),
        (2, {"name": ""}, "name: Green", 'name: ""'),
    ],
)
def test_a_key_is_set_and_all_else_stays(index: int, values: dict[str, Any], old: str, new: str) -> None:
    assert old in LIST
    changed = amended_list(LIST, changes={index: values})
    expected = yaml.load(LIST, Loader=yaml.BaseLoader)  # noqa: S506
    for key, value in values.items():
        expected[index].pop(key, None)
        if value is not None:
            expected[index][key] = value
    assert yaml.load(changed, Loader=yaml.BaseLoader) == expected  # noqa: S506
    assert changed == LIST.replace(old, new)


def test_records_are_added_and_removed_and_comments_above_stay() -> None:
    added = amended_list(LIST, added=[{"id": "white", "name": "White", "row": ["1", "2"], "on": "2024-02-20"}])
    assert added.startswith(LIST)
    assert added.endswith("- id: white\n  name: White\n  row: ['1', '2']\n  on: 2024-02-20\n")
    removed = amended_list(LIST, removed=[1])
    assert removed == LIST.replace("- {id: blue, name: Blue, kind: 'state'}   # in braces\n", "")
    assert amended_list("", added=[{"id": "a"}]) == "- id: a\n"
    assert amended_list("# none yet\n", added=[{"id": "a"}]) == "# none yet\n- id: a\n"
    assert amended_list("[]\n", added=[{"id": "a"}]) == "- id: a\n"
    assert amended_list("- id: a\r\n", added=[{"id": "b"}]) == "- id: a\r\n- id: b\r\n"


def test_a_form_that_cannot_be_written_to_is_refused_and_nothing_is_guessed() -> None:
    for text, index in (("[{id: a}, {id: b}]\n", 0), ("id: a\n", 0)):
        with pytest.raises(StandoffError, match=r"expected a (record a line|list of records)"):
            amended_list(text, changes={index: {"id": "c"}}, file="x.yaml")


WORDS = st.text("abé: #,[]{}'\"-\n0", max_size=20).map(str.strip)
VALUES = st.recursive(WORDS, lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(st.sampled_from("pq"), inner, min_size=1), max_leaves=4)  # fmt: skip  # noqa: E501


@settings(max_examples=examples(60), deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.integers(0, 60), st.dictionaries(st.sampled_from(["text", "note", "at", "says", "own"]), VALUES, min_size=1))
def test_of_a_real_file_only_the_record_is_touched(index: int, values: dict[str, Any]) -> None:
    text = CLAIMS.read_text(encoding="utf-8")
    index %= len(yaml.load(text, Loader=yaml.CBaseLoader))  # noqa: S506
    changed = amended_list(text, changes={index: values})  # raises where another record would be read differently
    before, after = text.splitlines(), changed.splitlines()
    if before == after:
        return
    same_start = next(i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
    same_end = next(i for i, (a, b) in enumerate(zip(before[::-1], after[::-1], strict=False)) if a != b)
    starts = [i for i, line in enumerate(before) if line.startswith("- ")] + [len(before)]
    assert starts[index] <= same_start
    assert len(before) - same_end <= starts[index + 1]
    read_back = yaml.load(changed, Loader=yaml.CBaseLoader)[index]  # noqa: S506
    assert {key: read_back[key] for key in values} == values


if not CLAIMS.is_file():
    CLAIMS = sorted((SHIPPED / "idlib" / "claims").glob("*.yaml"))[0]


NESTED = """\
- id: a
  answers:   # both
    # the first
    - id: one   # theirs
      text: 'One'
      claims: [c1, c2]   # two
    # the second
    - id: two
      text: Two
  when:
    type: clash   # any
    any:
      - {actor: red}   # its own
      - {actor: blue}
  names:
    - x   # first
    - y   # second
"""


ONE, TWO = {"id": "one", "text": "One", "claims": ["c1", "c2"]}, {"id": "two", "text": "Two"}
RED, BLUE = {"actor": "red"}, {"actor": "blue"}


@pytest.mark.parametrize(
    ("values", "old", "new"),
    [
        ({"answers": [{**ONE, "text": "Other"}, TWO]}, "'One'", "Other"),
        ({"answers": [{**ONE, "claims": ["c1"]}, TWO]}, "[c1, c2]", "[c1]"),
        ({"answers": [ONE]}, "    - id: two\n      text: Two\n", ""),
        ({"when": {"type": "clash", "any": [RED, {"actor": "green"}]}}, "{actor: blue}", "{actor: green}"),
        ({"when": {"type": "clash", "any": [RED, BLUE], "by": "2024"}}, "blue}\n", "blue}\n    by: '2024'\n"),
        ({"names": ["x", "z"]}, "- y ", "- z "),
        ({"names": ["x", "y", "z"]}, "# second\n", "# second\n    - z\n"),
        ({"names": ["w", "x", "y"]}, "    - x ", "    - w\n    - x "),
    ],
)
def test_inside_a_record_only_what_is_another_is_written(values: dict[str, Any], old: str, new: str) -> None:
    assert NESTED.count(old) == 1
    assert amended_list(NESTED, changes={0: values}) == NESTED.replace(old, new)


def test_an_empty_last_key_is_set_with_others_behind_it() -> None:
    text = "- id: a\n  decision:\n- id: b\n  decision:\n"
    changed = amended_list(text, changes={0: {"decision": "red", "by": "A", "on": "2024-01-01"}})
    assert changed == "- id: a\n  decision: red\n  by: A\n  on: 2024-01-01\n- id: b\n  decision:\n"


def test_one_record_a_file() -> None:
    text = "id: a   # its name\nsets: {x: 1}\n"
    assert amended_record(text, {"sets": {"x": 2}}) == "id: a   # its name\nsets: {x: 2}\n"


TABLE = 'id,name,note\r\na,"A, the first",  x \r\nb,"B ""two""",""\r\n'


def test_rows_keep_their_bytes() -> None:
    assert amended_table(TABLE, changes={0: {"note": "y"}}) == TABLE.replace("  x ", "y")
    assert amended_table(TABLE, changes={1: {"name": 'B "2"'}}) == TABLE.replace('B ""two""', 'B ""2""')
    assert amended_table(TABLE, removed=[0]) == TABLE.replace('a,"A, the first",  x \r\n', "")
    assert amended_table(TABLE, added=[{"id": "c", "note": ["p", "q"]}]) == TABLE + "c,,p;q\r\n"
    assert amended_table(TABLE[:-2], added=[{"id": "c"}]) == TABLE + "c,,\r\n"
    wider = amended_table(TABLE, added=[{"id": "c", "low": 3.0, "high": 4.5}], columns=["id", "high", "low"])
    assert wider == TABLE.replace("note\r", "note,high,low\r").replace("x \r", "x ,,\r").replace('""\r', '"",,\r') + "c,,,4.5,3\r\n"  # fmt: skip  # noqa: E501
    assert amended_table("", added=[{"id": "c", "note": 1}]) == "id,note\nc,1\n"


@given(
    st.lists(st.lists(st.text('ab,"\n\r é;', max_size=5), min_size=3, max_size=3).filter(any), min_size=1, max_size=5),
    st.data(),
)
def test_any_table_is_read_back_with_one_cell_changed(rows: list[list[str]], data: st.DataObject) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=data.draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])))
    writer.writerows([["p", "q", "r"], *rows])
    row, cell = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.text('ab,"\n', min_size=1, max_size=5))
    changed = amended_table(out.getvalue(), changes={row: {"q": cell}})
    rows[row][1] = cell
    assert list(csv.reader(io.StringIO(changed, newline="")))[1:] == rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return start(tmp_path / "case")


def state(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file() and WORK not in p.parts)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def test_records_of_every_kind_are_added_changed_and_removed(folder: Path) -> None:
    """Each record of each kind can be taken, changed by itself, and stays the same; and added again after removal."""
    case = load(folder)
    before = state(folder)
    for kind in Kind:
        for key in case.records(kind):
            if key == "record":
                continue  # the account of every case, in no file
            same = Amendment(folder)
            same.change(kind, key, {})
            assert not same, (kind, key)
            if kind is not Kind.CASE:
                gone = Amendment(folder)
                gone.remove(kind, key)
                assert gone
    assert state(folder) == before


def test_a_record_is_added_by_its_dataclass_and_read_back(folder: Path) -> None:
    change = Amendment(folder)
    actor = Actor(id="green", name="Green: of the hills", kind="armed-group", aliases=("G", "no"), note="a\nb")
    change.add(Kind.ACTORS, actor)
    change.change(Kind.ACTORS, "red", {"aliases": ["Reds"]})
    change.add(Kind.COVERAGE, {"source": "observer", "types": ["ceasefire"], "from": "2024-02-20", "to": "2024-03-01"})
    change.add(Kind.SCENARIOS, {"id": "other", "title": "Another", "lever": "none"})
    assert change.save() == ("actors.yaml", "coverage.csv", "scenarios/other.yaml")
    case = load(folder)
    assert case.actors["green"] == actor
    assert case.actors["red"].aliases == ("Reds",)
    assert len(case.coverage) == 2
    assert "other" in case.scenarios


def test_zones_are_written_one_by_one(folder: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[11, 41], [11.1, 41], [11.1, 41.1], [11, 41.1], [11, 41]]]}
    change = Amendment(folder)
    change.add(Kind.ZONES, {"id": "belt", "title": "The belt", "geometry": square})
    change.add(Kind.ZONES, {"id": "rim", "title": "The rim", "geometry": square})
    change.save()
    change = Amendment(folder)
    change.change(Kind.ZONES, "belt", {"title": "The wider belt"})
    change.remove(Kind.ZONES, "rim")
    change.save()
    assert [(z.id, z.title) for z in load(folder).zones] == [("belt", "The wider belt")]


def test_what_check_would_refuse_is_not_written(folder: Path) -> None:
    before = state(folder)
    change = Amendment(folder)
    change.add(Kind.ACTORS, {"id": "green", "name": "Green", "kind": "state"})
    change.change(Kind.COMMITMENTS, "red-holds-fire", {"debtor": "reed"})
    with pytest.raises(StandoffError, match="did you mean 'red'"):
        change.save()
    assert state(folder) == before


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda c: c.change(Kind.ACTORS, "reed", {}), "did you mean 'red'"),
        (lambda c: c.add(Kind.ACTORS, {"id": "red", "name": "R", "kind": "x"}), "there is a record 'red' already"),
        (lambda c: c.add(Kind.ACTORS, {"name": "R", "kind": "x"}), "the record has no id"),
        (lambda c: c.remove(Kind.CASE, "example"), "cannot be removed"),
    ],
)
def test_a_wrong_id_names_the_nearest(folder: Path, act: Any, words: str) -> None:
    with pytest.raises(StandoffError, match=words):
        act(Amendment(folder))


def test_a_case_of_the_program_is_not_written_to() -> None:
    change = Amendment(SHIPPED / "idlib")
    change.change(Kind.CASE, "idlib", {"summary": "another"})
    with pytest.raises(StandoffError, match="standoff new FOLDER --from idlib"):
        change.save()


KILLED = """
import os, sys
from pathlib import Path
from standoff.files import atomic
real, left = os.replace, int(sys.argv[2])
def once(a, b):
    global left
    if left == 0:
        os._exit(9)
    left -= 1
    real(a, b)
atomic.os.replace = once
atomic.replace_files(Path(sys.argv[1]), {"one": b"new 1", "two": b"new 2", "sub/three": b"new 3", "gone": None})
"""


@pytest.mark.parametrize("renames", [0, 1, 2])
def test_a_kill_between_files_leaves_the_old_state(tmp_path: Path, renames: int) -> None:
    for name in ("one", "two", "gone"):
        (tmp_path / name).write_text(f"old {name}")
    before = state(tmp_path)
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(renames)], check=False)
    assert done.returncode == 9
    assert (state(tmp_path) != before) == (renames > 0)
    assert recover(tmp_path)
    assert state(tmp_path) == before
    assert not recover(tmp_path)
    replace_files(tmp_path, {"one": b"new 1"})
    assert (tmp_path / "one").read_bytes() == b"new 1"


def test_reading_a_case_puts_a_killed_change_right(folder: Path) -> None:
    before = state(folder)
    code = KILLED.replace('"one": b"new 1", "two": b"new 2"', '"actors.yaml": b"broken: [", "places.csv": b""')
    subprocess.run([sys.executable, "-c", code, str(folder), "1"], check=False)
    assert state(folder) != before
    assert not load(folder).errors
    assert state(folder) == before


def test_a_failed_write_leaves_the_old_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one").write_text("old")
    calls = []

    def full(a: Path, b: Path) -> None:
        calls.append(a)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        shutil.move(a, b)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StandoffError, match="No space left"):
        replace_files(tmp_path, {"one": b"new", "two": b"new"})
    assert state(tmp_path) == {"one": b"old"}


def test_names_outside_are_refused(tmp_path: Path) -> None:
    for name in ("../x", f"{WORK}/last/x", "."):
        with pytest.raises(StandoffError):
            replace_files(tmp_path, {name: b""})


def test_the_mode_of_a_file_stays(folder: Path) -> None:
    (folder / "actors.yaml").chmod(0o640)
    change = Amendment(folder)
    change.change(Kind.ACTORS, "red", {"note": "x"})
    change.save()
    assert (folder / "actors.yaml").stat().st_mode & 0o777 == 0o640
    assert read(folder)[1] == [] or not load(folder).errors
