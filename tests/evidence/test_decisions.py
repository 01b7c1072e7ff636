"""Decisions as lines of a file that is only added to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from standoff.errors import StandoffError
from standoff.evidence.anchors import Selector
from standoff.evidence.decisions import (
    DECISIONS,
    Act,
    agreement,
    decisions,
    disagreements,
    new_decision,
    overlaps,
    read_decisions,
    record_decision,
)

PLACE = Selector("a few words", "before ", " after", 7, 18)


def put(folder: Path, by: str, act: Act, item: str = "x", **more: object) -> str:
    decision = new_decision(by, act, item, "doc", PLACE, "event:shelling", **more)
    record_decision(folder, decision)
    return decision.id


def test_what_is_written_is_read(tmp_path: Path) -> None:
    put(tmp_path, "Mary", Act.EDIT, values={"date": "2024-02-26"})
    put(tmp_path, "Mary", Act.REJECT, reason="misread «twice»\nover")
    several, problems = read_decisions(tmp_path)
    assert [d.act for d in several] == [Act.EDIT, Act.REJECT] and problems == ()
    assert several[0].values == {"date": "2024-02-26"} and several[0].selector == PLACE
    assert several[1].reason == "misread «twice»\nover"
    assert (tmp_path / DECISIONS).read_bytes().count(b"\n") == 2


@pytest.mark.parametrize("cut", [1, 20, 150])
def test_a_torn_last_line_is_told_and_passed_over(tmp_path: Path, cut: int) -> None:
    put(tmp_path, "Mary", Act.REJECT, "x", reason="one")
    put(tmp_path, "Mary", Act.REJECT, "y", reason="two")
    path = tmp_path / DECISIONS
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"\n") + 1 + cut])
    several, problems = read_decisions(tmp_path)
    assert [d.item for d in several] == ["x"]
    assert [(p.line, p.severity) for p in problems] == [(2, "warning")] and "cut off" in problems[0].what
    put(tmp_path, "Mary", Act.REJECT, "z", reason="three")
    several, problems = read_decisions(tmp_path)
    assert [d.item for d in several] == ["x", "z"] and [p.line for p in problems] == [2]


@pytest.mark.parametrize("line", ["[]", "{}", "null", '{"id": 1}', "\x00", '{"act": "fly"}', "[" * 3000])
def test_a_line_that_is_no_decision_is_passed_over(tmp_path: Path, line: str) -> None:
    put(tmp_path, "Mary", Act.REJECT, reason="one")
    with (tmp_path / DECISIONS).open("a") as file:
        file.write(f"{line}\n")
    several, problems = read_decisions(tmp_path)
    assert len(several) == 1 and [p.line for p in problems] == [2]


def test_what_is_undone_does_not_stand_and_undoing_can_be_undone(tmp_path: Path) -> None:
    first = put(tmp_path, "Mary", Act.REJECT, reason="one")
    back = put(tmp_path, "Mary", Act.UNDO, undoes=first)
    assert decisions(tmp_path).standing == ()
    put(tmp_path, "Mary", Act.UNDO, undoes=back)
    assert [d.id for d in decisions(tmp_path).standing] == [first]


def test_accepted_and_never_written_does_not_stand(tmp_path: Path) -> None:
    put(tmp_path, "Mary", Act.ACCEPT, claim="c-1")
    log = decisions(tmp_path)
    assert log.standing == () and [d.claim for d in log.unfinished] == ["c-1"]


def test_nobody_decides_nothing(tmp_path: Path) -> None:
    with pytest.raises(StandoffError, match="nobody is named"):
        put(tmp_path, " ", Act.REJECT, reason="one")
    with pytest.raises(StandoffError, match="cannot be written"):
        put(tmp_path / "nowhere", "Mary", Act.REJECT, reason="one")


def test_two_reviewers_differ_by_their_last_words(tmp_path: Path) -> None:
    put(tmp_path, "Mary", Act.ACCEPT, "x", values={"text": "one way", "date": "2024-02-26"})
    put(tmp_path, "Paul", Act.ACCEPT, "x", values={"text": "other words", "date": "2024-02-26"})
    put(tmp_path, "Mary", Act.ACCEPT, "y", values={"date": "2024-02-26"})
    put(tmp_path, "Paul", Act.ACCEPT, "y", values={"date": "2024-02-27"})
    put(tmp_path, "Mary", Act.REJECT, "z", reason="misread")
    last = put(tmp_path, "Paul", Act.ACCEPT, "z", values={})
    put(tmp_path, "Mary", Act.REJECT, "alone", reason="misread")
    standing = decisions(tmp_path).standing
    assert [(d.item, d.kind) for d in disagreements(standing)] == [
        ("y", "accepted with another date"),
        ("z", "accepted and rejected"),
    ]
    assert agreement(standing) == (3, 1)
    put(tmp_path, "Paul", Act.UNDO, undoes=last)
    assert [d.item for d in disagreements(decisions(tmp_path).standing)] == ["y"]


def test_places_are_one_where_half_of_the_shorter_lies_in_both() -> None:
    assert overlaps((0, 10), (5, 30)) and overlaps((0, 100), (40, 50))
    assert not overlaps((0, 10), (6, 30)) and not overlaps((0, 10), (10, 20))


def test_lines_are_json_that_others_can_read(tmp_path: Path) -> None:
    put(tmp_path, "Mary", Act.REJECT, reason="one")
    (line,) = (tmp_path / DECISIONS).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["selector"] == {"exact": "a few words", "prefix": "before ", "suffix": " after",
                                            "start": 7, "end": 18}  # fmt: skip
