"""The audit: whom a record accuses, on what, with what answer, and what rests on one voice (made-up case)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from standoff.case.model import Case
from standoff.case.read import read, start
from standoff.commitments.audit import Audit, audit
from standoff.evidence.standing import voices

PUBLISHERS = """gazette.example,The Gazette,wire,,made up
count.example,The Counters,monitor,,made up
copy.example,Copies,copy,,made up
red.example,Red,statement,red,made up
"""
ACTORS = """- {id: east, name: Red of the east (invented), kind: armed-group, member_of: red}
- {id: guard, name: River guard (invented), kind: armed-group}
"""


def row(name: str, day: str, actor: str, source: str, answer: str = "none found", kind: str = "shelling") -> str:
    return f"{name},{day},{kind},{actor},blue,town,A made-up row,,,{source},,{answer}\n"


def river(folder: Path, rows: str = "", changes: dict[str, tuple[str, str]] | None = None) -> Case:
    start(folder)
    for name, text in (("events.csv", rows), ("publishers.csv", PUBLISHERS), ("actors.yaml", ACTORS)):
        with (folder / name).open("a", encoding="utf-8") as stream:
            stream.write(text)
    for name, (old, new) in (changes or {}).items():
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    case, problems = read(folder)
    assert case is not None, problems
    return case


def party(found: Audit, actor: str) -> dict[str, object]:
    (one,) = [p for p in found.parties if p.actor == actor]
    return {
        name: getattr(one, name) for name in ("acts", "shared", "contested", "unanswered", "uncitable", "unsourced")
    }


def test_a_new_case_accuses_one_party_once_which_denies_it(tmp_path: Path) -> None:
    found = audit(river(tmp_path / "river"))
    assert (found.accusing, found.unanswered, found.uncitable, found.unsourced) == (("e2-red",), (), (), ())
    assert [p.actor for p in found.parties] == ["red"]
    assert party(found, "red") == {
        "acts": ("e2-red",), "shared": (), "contested": ("e2-red",), "unanswered": (), "uncitable": {}, "unsourced": (),
    }  # fmt: skip
    (truce,) = found.truces
    assert truce.id == "river-ceasefire"
    assert [(s.actor, s.acts, s.contested) for s in truce.sides] == [
        ("red", ("e2-red",), ("e2-red",)),
        ("blue", (), ()),
    ]
    assert (found.hosts, found.sources) == ({}, {})


def test_rows_are_parted_by_what_carries_them_and_who_answered(tmp_path: Path) -> None:
    rows = (
        row("a", "2024-03-01", "red", "https://gazette.example/1")
        + row("b", "2024-03-02", "red", "https://copy.example/1", "")
        + row("c", "2024-03-03", "red;guard", "https://unknown.test/1", "")
        + row("d", "2024-03-04", "east", "https://red.example/1", "")
        + row("e", "2024-03-05", "", "https://gazette.example/2", "")
        + row("f", "2024-03-06", "red", "an article", "")
        + row("g", "2024-03-07", "red", "https://unknown.test/2", "", "withdrawal")
    )
    # of the older format, in which `check` warns where format 2 refuses
    old = {"case.yaml": ("format: 2", "format: 1")}
    found = audit(river(tmp_path / "river", rows, old))
    assert found.accusing == ("e2-red", "a", "b", "c", "d", "f")
    assert found.unnamed == ("e",)
    assert found.unanswered == ("b", "c", "d", "f")
    assert found.uncitable == ("b", "c", "d", "f")
    assert party(found, "red") == {
        "acts": ("e2-red", "a", "b", "c", "f"),
        "shared": ("c",),
        "contested": ("e2-red",),
        "unanswered": ("b", "c", "f"),
        "uncitable": {"copy": ("b",), "no address": ("f",), "not judged": ("c",)},
        "unsourced": (),
    }
    assert party(found, "guard")["acts"] == ("c",)
    assert party(found, "east")["uncitable"] == {"statement": ("d",)}
    by_name = {p.actor: p for p in found.parties}
    assert (by_name["east"].blocs, by_name["red"].members) == (("red",), ("east",))  # a bloc is not charged with them
    assert found.hosts == {"unknown.test": 2}


def test_a_row_marked_unsourced_is_counted_apart(tmp_path: Path) -> None:
    case = river(tmp_path / "river")
    head, *kept = (case.root / "events.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{head},sourcing", *(f"{line}," for line in kept)]
    lines.append(f"{row('x', '2024-03-01', 'red', 's', '').strip()},unsourced")
    (case.root / "events.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    again, problems = read(case.root)
    assert again is not None, problems
    found = audit(again)
    assert found.unsourced == ("x",)
    assert found.uncitable == found.unanswered == ()
    assert party(found, "red")["unsourced"] == ("x",)


ONE = row("s1", "2024-03-01", "blue", "https://gazette.example/1").replace(",blue,town", ",red,town")
SAME = row("s2", "2024-03-02", "blue", "https://gazette.example/2").replace(",blue,town", ",red,town")
OTHER = row("s3", "2024-03-03", "blue", "https://count.example/1").replace(",blue,town", ",red,town")
COPY = row("s4", "2024-03-04", "blue", "https://gazette.example/3 ; https://copy.example/1").replace(
    ",blue,town", ",red,town"
)


@pytest.mark.parametrize(
    ("rows", "events"),
    [
        ("", None),
        (ONE, ("s1",)),
        (ONE + SAME, ("s1", "s2")),  # two reports of one publisher are one voice
        (ONE + COPY, ("s1", "s4")),  # a copy adds nobody
        (ONE + OTHER, None),
    ],
)
def test_a_verdict_rests_on_one_voice(tmp_path: Path, rows: str, events: tuple[str, ...] | None) -> None:
    found = {v.commitment: v for v in audit(river(tmp_path / "river", rows)).one_voice}
    if events is None:
        assert "blue-holds-fire" not in found
        return
    one = found["blue-holds-fire"]
    assert (one.events, one.voice, one.verdict, one.by) == (events, "gazette.example", "broken", ("blue",))


def test_claims_of_one_witness_are_one_voice(tmp_path: Path) -> None:
    case = river(tmp_path / "river")
    # the observer's article, and the same article's address: one voice; Blue's own statement is by the same spokesman
    assert voices(case, [case.events["e2-red"]]) == ("blue-spokesman", "observer.example")
    assert voices(case, []) == ()


def test_verdicts_stand_at_a_day(tmp_path: Path) -> None:
    found = audit(river(tmp_path / "river", ONE), on=date(2024, 2, 28))
    assert found.on == date(2024, 2, 28)
    assert found.one_voice == ()


def test_a_truce_counts_own_acts_apart_from_those_answered_for(tmp_path: Path) -> None:
    rows = (
        row("a", "2024-03-01", "east", "https://gazette.example/1")
        + row("b", "2024-03-02", "guard", "https://gazette.example/2")
        + row("c", "2024-03-03", "", "https://gazette.example/3", "")
    )
    changes = {"commitments.yaml": ("  debtor: red\n", "  debtor: red\n  answers_for: {red: guard}\n")}
    (truce,) = audit(river(tmp_path / "river", rows, changes)).truces
    red = truce.sides[0]
    assert (red.actor, red.acts, red.answered) == ("red", ("e2-red", "a"), ("b",))
    assert truce.possible == ("c",)  # nobody is named: it is nobody's act
