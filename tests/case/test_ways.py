"""What can be shut: places, routes and borders that the case has; a check finds what a run would refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.case.read import read


def closures(folder: Path, *rows: str) -> list[str]:
    text = "\n".join(("kind,a,b,from,until,source", *rows)) + "\n"
    (folder / "closures.csv").write_text(text, encoding="utf-8")
    case, found = read(folder)
    assert case is not None
    return [str(p) for p in found]


def test_closures_name_what_the_case_has(folder: Path) -> None:
    assert closures(folder, "place,camp,,2024-03-01,,x", "route,market,town,2024-03-01,,x") == []
    rows = ("place,kamp,,2024-03-01,,x", "route,town,camp,2024-03-01,,x", "border,XX,YY,2024-03-01,,x")
    assert [found.partition("closures.csv:")[2] for found in closures(folder, *rows)] == [
        "2: there is no place 'kamp'; expected one of the places of the case (did you mean 'camp'?)",
        "3: no route joins 'town' and 'camp'; expected a row of routes.csv",
        "4: there is no country 'YY'; expected one of XX",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "{shut: camp}",
            "'camp' is not a way that can be shut or opened; expected place:ID, route:ID:ID,",
        ),
        ('{shut: "into:kamp"}', "into:kamp: there is no place 'kamp'; expected one of the places of the case"),
        ('{shut: "route:town:camp"}', "route:town:camp: no route joins 'town' and 'camp'"),
        ('{open: "border:XX:ZZ"}', "border:XX:ZZ: there is no country 'ZZ'; expected one of XX"),
        ("{capacity: camp}", "a change has no value; expected value: a number"),
    ],
)
def test_a_check_finds_what_a_run_would_refuse_of_a_scenario(folder: Path, change: str, expected: str) -> None:
    text = f"id: tried\ntitle: Tried\nlever: humanitarian\nchanges:\n  - {change}\n"
    (folder / "scenarios" / "tried.yaml").write_text(text, encoding="utf-8")
    _, found = read(folder)
    assert [str(p).partition("tried.yaml:5: ")[2][: len(expected)] for p in found] == [expected]


def test_a_check_finds_a_question_about_no_outcome(folder: Path) -> None:
    path = folder / "questions.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("outcome: red-shells", "outcome: red-shels"), encoding="utf-8"
    )
    _, found = read(folder)
    assert len(found) == 1
    assert "questions.yaml:2: q1: 'red-shels' is not an outcome" in str(found[0])
