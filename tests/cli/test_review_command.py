"""Proposals decided by keys from standard input; a program that is killed loses the key that is being pressed."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from chat_server import ChatServer
from review_case import DOCUMENT, LINES, write_case

from standoff.case.history import entries
from standoff.case.read import load
from standoff.cli import main
from standoff.evidence.decisions import DECISIONS, MARK, Act, decisions, read_decisions
from standoff.reading.review import Review


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case(tmp_path_factory.mktemp("review") / "case")


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "case"))


def press(
    folder: Path, keys: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *more: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(keys))
    status = 0
    try:
        main(["review", str(folder), *(more or ("--by", "Mary"))])
    except SystemExit as stop:
        status = int(stop.code or 0)
    out, err = capsys.readouterr()
    return status, out, err


def test_keys_decide_one_by_one(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = "y\nr misread\nn\ne text=Red says so. | says=assessment\na\nu\na\ns\nu\nq\n"
    status, out, err = press(folder, keys, capsys, monkeypatch)
    assert (status, err) == (0, "")
    assert "rejected: misread" in out and f"accepted: {DOCUMENT}-1" in out and "|" in out
    assert "undone: accept of" in out and "2 accepted" not in out and "1 accepted, 1 rejected" in out
    assert out.splitlines()[-1] == f"next: standoff ledger {folder}"
    assert load(folder).claims[f"{DOCUMENT}-1"].text == "Red says so."


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("x", "there is no key 'x'"),
        ("r", "no reason"),
        ("e date", "has no '='"),
        ("e when=now", "no such field"),
        ("+ 20", "one to 8 words"),
        ("u", "nothing to undo"),
        ("u d-1", "nothing to undo"),
    ],
)
def test_a_key_that_fails_is_told_and_no_key_after_it_decides(
    folder: Path, key: str, words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, err = press(folder, f"{key}\ne text=Red says so. | says=assessment\na\n", capsys, monkeypatch)
    assert status == 1 and "0 accepted, 0 rejected" in out
    assert words in err and f"stopped at this key: {key}" in err
    assert not (folder / DECISIONS).exists()


def test_who_reviews_is_asked(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert press(folder, "", capsys, monkeypatch, "--second")[0] == 2
    assert press(folder, "", capsys, monkeypatch)[1].splitlines()[-1].endswith("--by Mary")


def test_the_queue_and_disagreements_as_data(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, _ = press(folder, "", capsys, monkeypatch, "--json")
    queue = json.loads(out)["queue"]
    assert queue[0]["words"] in queue[0]["sentence"] and set(queue[0]) >= {"fields", "writes", "to_do", "meets", "why"}
    press(folder, "r misread\n", capsys, monkeypatch)
    press(folder, "a text=It is so. | says=assessment\n", capsys, monkeypatch, "--by", "Paul", "--second")
    _, out, _ = press(folder, "", capsys, monkeypatch, "--disagreements")
    assert "1 proposal closed by two or more reviewers; they agree on 0" in out and "Paul: accept" in out
    _, out, _ = press(folder, "", capsys, monkeypatch, "--disagreements", "--json")
    (one,) = json.loads(out)["disagreements"]
    assert [(s["by"], s["act"]) for s in one["says"]] == [("Mary", "reject"), ("Paul", "accept")]


@pytest.mark.parametrize("columns", ["60", "120"])
def test_no_line_is_wider_than_the_terminal(
    folder: Path, columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    _, out, _ = press(folder, "y\nn\n" * 9, capsys, monkeypatch)
    told = [line for line in out.splitlines() if not line.startswith(("next:", "error"))]
    assert max(map(len, told)) <= int(columns)


def test_what_two_readers_read_otherwise_comes_first(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    claim = {"quote": LINES[2], "source": "The mayor", "realis": "alleged", "kind": "quantity", "value": 1500}
    server = ChatServer()
    try:
        server.answer = [claim | {"measure": "people-displaced", "counted": "people"}]
        _, out, _ = press(folder, "", capsys, monkeypatch, "--json", "--llm", server.url, "--model", "m")
    finally:
        server.close()
    first = json.loads(out)["queue"][0]
    assert first["why"].startswith("two readers read it otherwise") and first["fields"]["value"] == "1500"
    status, _, err = press(folder, "", capsys, monkeypatch, "--json", "--llm", "http://127.0.0.1:1")
    assert status == 1 and "--model" in err


MANY = tuple(f"The governor said that {k} houses were burnt in the town on 26 February." for k in range(20, 44))
SERIES = "".join("a\n" if k % 3 else "r misread\n" for k in range(len(MANY)))


@pytest.mark.thorough
def test_a_killed_review_loses_the_key_that_is_being_pressed(tmp_path: Path) -> None:
    """Kill it twice in the middle of a series; benchmarks/kill_review.py does it by the hundred."""
    folder = write_case(tmp_path / "case", MANY)
    for number in range(2):
        before = len(read_decisions(folder)[0])
        child = subprocess.Popen(
            [sys.executable, "-m", "standoff", "review", str(folder), "--by", "Mary"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert child.stdin is not None
        child.stdin.write(SERIES.encode())
        child.stdin.flush()
        while child.poll() is None and len(read_decisions(folder)[0]) <= before + 2 + number:
            time.sleep(0.005)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdin.close()
        assert len(read_decisions(folder)[0]) > before
        assert_whole(folder)


def assert_whole(folder: Path) -> None:
    """The case passes check; what stands was written, what was written stands; at most one key is lost."""
    case = load(folder)
    log = decisions(folder)
    accepted = {d.claim for d in log.standing if d.act is Act.ACCEPT}
    assert accepted == {name for name in case.claims if name.startswith(DOCUMENT)}
    marks = {e.why.partition(" ")[2] for e in entries(folder) if e.why.startswith(f"{MARK} d-")}
    assert marks == {d.id for d in log.standing if d.act is Act.ACCEPT}
    assert len(log.problems) <= 1
    assert len([d for d in log.unfinished if d == log.every[-1]]) <= 1
    Review(folder, "Mary")
