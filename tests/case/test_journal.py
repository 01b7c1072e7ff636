"""Changes of a case by record: told in its journal, taken back, refused where somebody was faster, safe from kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from standoff.case.history import JOURNAL
from standoff.case.journal import RecordChange, apply, entries, history_of, record_stamp, undo
from standoff.case.model import Actor, Kind
from standoff.case.read import load, read, start
from standoff.case.write import Amendment
from standoff.errors import StandoffError
from standoff.files.atomic import WORK, ConflictError, recover


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return start(tmp_path / "case")


def state(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file() and WORK not in p.parts and p.name != JOURNAL)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def test_records_of_several_files_are_changed_in_one_step_told_and_taken_back(folder: Path) -> None:
    before = state(folder)
    green = Actor(id="green", name="Green", kind="armed-group")
    entry = apply(
        folder,
        [
            RecordChange.add(Kind.ACTORS, green),
            RecordChange.add(Kind.SOURCES, {"id": "office", "name": "Office", "kind": "office", "party": "green"}),
            RecordChange.change(Kind.ACTORS, "red", {"note": "seen"}),
        ],
        by="A. Reader",
        why="they spoke",
    )
    case = load(folder)
    assert case.actors["green"] == green
    assert case.sources["office"].party == "green"
    assert entry.names == ("actors.yaml", "sources.yaml")
    assert entry.what == "add actors green; add sources office; change actors red"
    assert entries(folder) == (entry,)
    assert [e.id for e in history_of(folder, Kind.ACTORS, "red")] == [entry.id]
    assert history_of(folder, Kind.ACTORS, "blue") == ()
    back = undo(folder, entry.id, by="A. Reader")
    assert state(folder) == before
    assert (back.undoes, [e.id for e in entries(folder)]) == (entry.id, [entry.id, back.id])
    with pytest.raises(StandoffError, match="taken back already"):
        undo(folder, entry.id)
    undo(folder, back.id)  # and once more
    assert "green" in load(folder).actors


def test_an_older_change_is_taken_back_and_later_ones_stay(folder: Path) -> None:
    first = apply(folder, [RecordChange.change(Kind.ACTORS, "red", {"note": "one"})], by="A")
    apply(folder, [RecordChange.add(Kind.ACTORS, {"id": "green", "name": "Green", "kind": "state"})], by="B")
    apply(folder, [RecordChange.change(Kind.ACTORS, "blue", {"note": "two"})], by="B")
    (folder / "actors.yaml").write_text("# by hand\n" + (folder / "actors.yaml").read_text())
    undo(folder, first.id)
    actors = load(folder).actors
    assert (actors["red"].note, actors["blue"].note, "green" in actors) == ("", "two", True)


def test_what_later_changes_rest_on_is_not_taken_back(folder: Path) -> None:
    first = apply(folder, [RecordChange.add(Kind.ACTORS, {"id": "green", "name": "Green", "kind": "state"})], by="A")
    second = apply(folder, [RecordChange.change(Kind.ACTORS, "green", {"name": "The Greens"})], by="A")
    before = state(folder)
    with pytest.raises(StandoffError, match=rf"cannot be taken back; the last change there is .*{second.id}"):
        undo(folder, first.id)
    undo(folder, second.id)
    apply(folder, [RecordChange.change(Kind.ACTORS, "red", {"sponsors": ["green"]})], by="A")
    with pytest.raises(StandoffError, match=r"no actor .green(.|\n)*something in the case rests on it now"):
        undo(folder, first.id)
    assert {k: v for k, v in state(folder).items() if k != "actors.yaml"} == {
        k: v for k, v in before.items() if k != "actors.yaml"
    }


def test_what_would_bring_a_new_error_is_refused_and_old_errors_do_not_stand_in_the_way(folder: Path) -> None:
    before = state(folder)
    with pytest.raises(StandoffError, match="did you mean 'red'"):
        apply(folder, [RecordChange.change(Kind.COMMITMENTS, "red-holds-fire", {"debtor": "reed"})], by="A")
    assert state(folder) == before
    assert not (folder / JOURNAL).exists()
    text = (folder / "commitments.yaml").read_text()
    (folder / "commitments.yaml").write_text(text.replace("debtor: red", "debtor: reed"))
    old = [p for p in read(folder)[1] if p.severity == "error"]
    assert old
    apply(folder, [RecordChange.change(Kind.ACTORS, "red", {"note": "x"})], by="A")
    assert [p.what for p in read(folder)[1] if p.severity == "error"] == [p.what for p in old]
    with pytest.raises(StandoffError, match="blau"):
        apply(folder, [RecordChange.change(Kind.ACTORS, "red", {"sponsors": ["blau"]})], by="A")


def test_who_comes_second_is_told_and_overwrites_nothing(folder: Path) -> None:
    seen = record_stamp(Amendment(folder).values(Kind.ACTORS, "red"))
    apply(folder, [RecordChange.change(Kind.ACTORS, "blue", {"note": "another record"})], by="A")
    apply(folder, [RecordChange.change(Kind.ACTORS, "red", {"note": "first"}, stamp=seen)], by="A")
    with pytest.raises(ConflictError, match="'red' was changed by somebody since you opened it"):
        apply(folder, [RecordChange.change(Kind.ACTORS, "red", {"note": "second"}, stamp=seen)], by="B")
    with pytest.raises(ConflictError, match=r"actors\.yaml: this file was changed on disk"):
        third = RecordChange.change(Kind.ACTORS, "red", {"note": "second"})
        apply(folder, [third], by="B", hashes={"actors.yaml": "0" * 64})
    assert load(folder).actors["red"].note == "first"
    seen = record_stamp(Amendment(folder).values(Kind.SCENARIOS, next(iter(load(folder).scenarios))))
    apply(folder, [RecordChange.remove(Kind.SCENARIOS, next(iter(load(folder).scenarios)))], by="A")
    with pytest.raises(ConflictError, match="was taken out by somebody"):
        apply(folder, [RecordChange.change(Kind.SCENARIOS, "baseline", {"note": "x"}, stamp=seen)], by="B")


def test_a_file_that_is_changed_while_a_change_is_prepared_is_not_overwritten(folder: Path) -> None:
    amendment = Amendment(folder)
    amendment.change(Kind.ACTORS, "red", {"note": "mine"})
    (folder / "actors.yaml").write_text("# theirs\n" + (folder / "actors.yaml").read_text())
    with pytest.raises(ConflictError):
        amendment.save()
    assert (folder / "actors.yaml").read_text().startswith("# theirs")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda f: apply(f, [RecordChange.change(Kind.ACTORS, "red", {"note": "x"})], by=" "), "nobody is named"),
        (lambda f: apply(f, [RecordChange.change(Kind.ACTORS, "red", {})], by="A"), "nothing is changed"),
        (lambda f: apply("idlib", [RecordChange.change(Kind.CASE, "idlib", {"summary": "x"})], by="A"), "standoff new"),
        (lambda f: undo(f, "2024-01-01-abcd"), "there is no entry"),
        (lambda f: apply(f, [RecordChange.remove(Kind.ACTORS, "rad")], by="A"), "did you mean 'red'"),
    ],
)
def test_what_cannot_be_done_is_told(folder: Path, act: Callable[[Path], Any], words: str) -> None:
    with pytest.raises(StandoffError, match=words):
        act(folder)


def test_a_journal_that_was_cut_or_mended_by_hand_is_told_with_its_line(folder: Path) -> None:
    apply(folder, [RecordChange.change(Kind.ACTORS, "red", {"note": "x"})], by="A")
    path = folder / JOURNAL
    path.write_text(path.read_text() + '{"id": "half')
    with pytest.raises(StandoffError, match=r"journal\.jsonl:2: this is not an entry"):
        entries(folder)
    entry = apply(folder, [RecordChange.change(Kind.ACTORS, "red", {"note": "y"})], by="A")  # begins a line of its own
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if "half" not in line))
    assert entries(folder)[-1] == entry


def test_a_large_file_and_one_that_is_no_text_come_back(folder: Path) -> None:
    large = "\n".join(f"{n},2024-02-20,clash" for n in range(30_000))
    for file, data in (("logs/feed.csv", large.encode()), ("logs/feed.csv", (large + "\n1").encode())):
        amendment = Amendment(folder)
        amendment.put_large(file, lambda target, data=data: target.write(data))
        amendment.save(what="a feed")
    first, second = entries(folder)
    assert (folder / JOURNAL).stat().st_size < 2000
    with pytest.raises(StandoffError, match="put back whole or not at all"):
        undo(folder, first.id)
    undo(folder, second.id)
    assert (folder / "logs/feed.csv").read_bytes() == large.encode()
    undo(folder, first.id)
    assert not (folder / "logs/feed.csv").exists()


EDITS = """
import sys
from pathlib import Path
from standoff.case.journal import RecordChange, apply, entries, undo
from standoff.case.model import Kind
folder, number = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
while True:
    number += 1
    one = {"id": f"g{number}", "name": "G", "kind": "state"}
    changes = [RecordChange.add(Kind.ACTORS, one), RecordChange.change(Kind.CASE, "example", {"summary": f"n{number}"})]
    entry = apply(folder, changes, by="A")
    if number % 3 == 0:
        undo(folder, entry.id, by="A")
"""


def test_a_kill_at_any_moment_leaves_whole_changes_and_whole_lines(folder: Path) -> None:
    """Some kills here; benchmarks/kills.py makes hundreds."""
    for number in range(4):
        worker = subprocess.Popen(
            [sys.executable, "-c", EDITS, str(folder), str(number * 1000)], stdout=subprocess.PIPE
        )
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(0.07 + 0.05 * number)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        recover(folder)
        whole_state(folder)


def whole_state(folder: Path) -> None:
    """The files of a case are those that its journal tells: all changes of it, and none beside."""
    from standoff.case.history import undone_ids

    case, table = load(folder), entries(folder)
    gone = undone_ids(table)
    kept = [e for e in table if not e.undoes and e.id not in gone]
    ids = [t.id for e in kept for t in e.records if t.kind == "actors"]
    assert [key for key in case.actors if key[0] == "g" and key[1:].isdigit()] == ids
    assert case.about.summary == (f"n{ids[-1][1:]}" if ids else case.about.summary)
