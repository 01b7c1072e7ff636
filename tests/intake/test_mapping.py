"""mapping.yaml: what persons decided of foreign names, what the rules decide, and what nobody has decided. Made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledger_case import case

from standoff.case.model import is_other, is_unknown, party_name
from standoff.case.read import MAPPING, read, start
from standoff.errors import StandoffError
from standoff.intake.mapping import ForeignName, NameMap, mapping_of
from standoff.intake.party_names import PartyNames
from standoff.values import When

ACTORS = """
- {id: peru, name: Peru, kind: state}
- {id: chile, name: Chile, kind: state}
- {id: front, name: Northern Front (Peru), kind: armed-group}
- {id: league, name: Coastal League, kind: armed-group}
"""


def person(name: str, decision: str, source: str = "ACLED", kind: str = "actor") -> ForeignName:
    day = When.parse("2026-03-01")
    return ForeignName(name=name, kind=kind, source=source, decision=decision, by="A. Clerk", on=day)


def names(*entries: ForeignName) -> NameMap:
    return NameMap().joined(entries)


@pytest.mark.parametrize(
    ("cell", "source", "parties"),
    [
        ("Coast Guard Veterans (Chile)", "ACLED", ("league",)),
        ("Coast  Guard Veterans (Chile) ", "ACLED", ("league",)),  # stray spaces are no other name
        ("Coast Guard Veterans (Chile) (2020-)", "ACLED", ("unknown:Coast Guard Veterans (Chile) (2020-)",)),
        ("Coast Guard Veterans (Chile)", "UCDP GED", ("unknown:Coast Guard Veterans (Chile)",)),
        ("Street Sellers (Peru)", "ACLED", ("other:Street Sellers (Peru)",)),
        ("Street Sellers (Peru)", "UCDP GED", ("other:Street Sellers (Peru)",)),  # decided for every source
        ("Peru; Coast Guard Veterans (Chile)", "ACLED", ("peru", "league")),
        ("Peru | Street Sellers (Peru)", "ACLED", ("peru", "other:Street Sellers (Peru)")),
        ("Front; League", "ACLED", ("front",)),  # decided as a whole
        ("Chile", "ACLED", ("peru",)),  # a person goes before the rule
        ("Some Unit, Government of Peru", "ACLED", ("unknown:Some Unit", "peru")),
    ],
)
def test_a_decision_holds_for_the_whole_name_of_its_source(cell: str, source: str, parties: tuple[str, ...]) -> None:
    table = names(
        person("Coast Guard Veterans (Chile)", "league"),
        person("Street Sellers (Peru)", "nobody", source=""),
        person("Front; League", "front"),
        person("Chile", "peru"),
        ForeignName(name="Some Unit", kind="actor", source="ACLED", proposal="front", reason="alike"),
    )
    assert PartyNames(case(actors=ACTORS), table, source).of(cell) == parties


def test_nobody_of_the_case_is_neither_unknown_nor_an_actor() -> None:
    party = "other:Street Sellers (Peru)"
    assert is_other(party)
    assert not is_unknown(party)
    assert party_name(party, {}) == "Street Sellers (Peru) (not a party of this case)"


@pytest.mark.parametrize(
    ("name", "proposal", "words"),
    [
        ("Northern Front Forces (Peru)", "front", "same country"),
        ("Northern Front Forces (Chile)", "", ""),  # another country
        ("Military Forces of Peru (2020-) Harbour Guard", "peru", "behind it"),
        ("Coastal Leagues", "league", "of 100"),
        ("Fishermen", "", ""),
    ],
)
def test_a_proposal_has_a_reason_and_decides_nothing(name: str, proposal: str, words: str) -> None:
    parties = PartyNames(case(actors=ACTORS))
    actor, reason = parties.proposal(name)
    assert actor == proposal
    assert words in reason
    assert parties.of(name) == (f"unknown:{name}",)


def problems(folder: Path, text: str) -> list[str]:
    start(folder)
    (folder / MAPPING).write_text(text, encoding="utf-8")
    return [str(p) for p in read(folder)[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- {name: A, kind: actor, decision: reds, by: me, on: 2026-01-01}", "did you mean 'red'"),
        ("- {name: A, kind: actor, decision: none, by: me, on: 2026-01-01}", "none is a decision on a type"),
        ("- {name: A, kind: type, decision: nobody, by: me, on: 2026-01-01}", "nobody is a decision on a party"),
        ("- {name: A, kind: type, decision: shellings, by: me, on: 2026-01-01}", "did you mean 'shelling'"),
        ("- {name: A, kind: place, decision: towm, by: me, on: 2026-01-01}", "did you mean 'town'"),
        ("- {name: A, kind: actr}", "did you mean 'actor'"),
        ("- {name: A, kind: actor, decision: red}", "by and on is empty"),
        ("- {name: A, kind: actor}\n- {name: ' A', kind: actor}", "is given twice"),
        ("- {name: A, kind: actor, decison: red}", "did you mean 'decision'"),
        ("name: A", "the file does not hold a list"),
        ("- {name: A, kind: actor, decision: red, by: rule, on: 2026-01-01}", "counts as undecided"),
        ("- {name: A, kind: actor, proposal: reed}", "did you mean 'red'"),
    ],
)
def test_check_names_the_line_and_the_nearest_id(tmp_path: Path, text: str, expected: str) -> None:
    lines = problems(tmp_path / "case", text)
    assert len(lines) == 1, lines
    assert lines[0].startswith(f"{MAPPING}:")
    assert expected in lines[0]


def test_a_sound_mapping_has_no_problem(tmp_path: Path) -> None:
    text = """\
- {name: Red (invented), kind: actor, source: ACLED, count: 3, decision: red, by: rule, on: 2026-01-01}
- {name: B, kind: actor, source: ACLED, decision: nobody, by: me, on: 2026-01-01}
- {name: Other, kind: type, source: ACLED, decision: none, by: me, on: 2026-01-01}
- {name: District, kind: area, source: ACLED, decision: front, by: me, on: 2026-01-01}
- {name: C, kind: actor, source: ACLED, decision: }
"""
    assert problems(tmp_path / "case", text) == []
    opened, _ = read(tmp_path / "case")
    assert opened is not None
    table = mapping_of(opened)
    assert table.decision("type", "Other", "ACLED") == "none"
    assert [one.name for one in table.undecided()] == ["C"]


def test_a_bad_mapping_is_refused_by_who_asks(tmp_path: Path) -> None:
    problems(tmp_path / "case", "- {name: A, kind: actor, decision: reds, by: me, on: 2026-01-01}")
    opened, _ = read(tmp_path / "case")
    assert opened is not None
    with pytest.raises(StandoffError, match=r"mapping\.yaml:1"):
        mapping_of(opened)
