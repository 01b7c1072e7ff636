"""Checks of one key against another: a row for what is refused, and one for the nearest that is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.case.read import read

CLOSURES = "kind,a,b,from,until,source\n"
OBSERVED = "id,from,to,measure,indicator,value,published\n"
ZONE = (
    '{{"type": "FeatureCollection", "features": [{{"type": "Feature", "properties": {{"id": "z", "title": "Z"{more}}},'
    ' "geometry": {{"type": "Polygon", "coordinates": [[[{x}, 41], [{x}.5, 41], [{x}.5, 41.5], [{x}, 41]]]}}}}]}}'
)
RED = "\n  forbid: {type: [shelling, airstrike, ground-assault], actor: red"
NEWER = """
- id: river-second
  title: A second ceasefire (invented)
  parties: [red, blue]
  date: {day}
  supersedes: river-ceasefire
  reference: Text of the second (invented)
  claims: c-ceasefire
"""
CORRECTION = """
- id: c-corrected
  text: The Observer corrects the day.
  chain: observer
  supersedes: c-ceasefire
  says: {{event: ceasefire, actor: [red, blue], date: 2024-02-21}}
  citation: https://observer.example/correction
  published: {day}
"""
LATER = """
- id: red-holds-longer
  title: Red does not fire in spring
  kind: maintain
  debtor: red
  creditor: blue
  from: {day}
  supersedes: red-holds-fire
  forbid: {{type: shelling, actor: red, target: blue}}
  assumed: invented
"""

# name of the rule: file, what stands there (empty: put at the end), what is put there, and what is said of it
# ("": nothing, "warning: ..." for a warning, else an error). Rows of one rule stand together, good and bad.
ROWS: dict[str, list[tuple[str, str, str, str]]] = {
    "a run starts within the record, or in the year after": [
        ("case.yaml", "start: 2024-03-01\ndays: 60", "start: 2024-01-01\ndays: 90", ""),
        ("case.yaml", "start: 2024-03-01\ndays: 60", "start: 2023-12-31\ndays: 90", "start is 2023"),
        ("case.yaml", "start: 2024-03-01", "start: 2025-12-31", ""),
        ("case.yaml", "start: 2024-03-01", "start: 2026-01-05", "start is 2026-01-05"),
    ],
    "an event lies in the period": [
        ("events.csv", "e1,2024-02-20", "e1,2024-01-01", ""),
        ("events.csv", "e1,2024-02-20", "e1,2023-12-31", "lies before the period"),
        ("events.csv", "e1,2024-02-20", "e1,2023-12-20/2024-01-02", ""),  # it may have been in it
        ("events.csv", "e1,2024-02-20", "e1,2024-12-31", ""),
        ("events.csv", "e1,2024-02-20", "e1,2025-01-01", "lies after the period"),
    ],
    "violence is not known before it happens": [
        ("events.csv", "town,2024-02-26", "town,2024-02-25", ""),
        ("events.csv", "town,2024-02-26", "town,2024-02-24", "known on 2024-02-24, before it happens"),
    ],
    "other events are announced up to a month ahead": [
        ("events.csv", "Ceasefire at the river,,", "Ceasefire at the river,2024-01-20,", ""),
        ("events.csv", "Ceasefire at the river,,", "Ceasefire at the river,2024-01-19,", "long before it happens"),
    ],
    "a question ends on or after its cut-off": [
        ("questions.yaml", "deadline: 2024-02-29\n  outcome: red", "deadline: 2024-02-21\n  outcome: red", ""),
        ("questions.yaml", "deadline: 2024-02-29\n  outcome: red", "deadline: 2024-02-20\n  outcome: red", "deadline"),
    ],
    "a question is asked within the record": [
        ("questions.yaml", "- id: q1\n  cutoff: 2024-02-21", "- id: q1\n  cutoff: 2024-01-01", ""),
        ("questions.yaml", "- id: q1\n  cutoff: 2024-02-21", "- id: q1\n  cutoff: 2023-12-31", "cutoff is 2023-12-31"),
    ],
    "a question is resolved by yes, no or nothing": [
        ("questions.yaml", 'resolved: "yes"', 'resolved: ""', ""),
        ("questions.yaml", 'resolved: "yes"', "resolved: ys", "resolved is 'ys'"),
    ],
    "a place lies in the region": [
        ("places.csv", "town,41.0,11.0", "town,42.0,12.0", ""),
        ("places.csv", "town,41.0,11.0", "town,42.1,11.0", "lies outside the region"),
        ("places.csv", "town,41.0,11.0", "town,11.0,41.0", "lat and lon changed places"),
    ],
    "a zone touches the region": [
        ("zones.geojson", "", ZONE.format(x=11, more=""), ""),
        ("zones.geojson", "", ZONE.format(x=32, more=""), "outside the region"),
    ],
    "a zone ends on or after its start": [
        ("zones.geojson", "", ZONE.format(x=11, more=', "from": "2024-03-01", "until": "2024-03-01"'), ""),
        ("zones.geojson", "", ZONE.format(x=11, more=', "from": "2024-03-01", "until": "2024-02-29"'), "lies before"),
    ],
    "a closure ends on or after its start": [
        ("closures.csv", "", f"{CLOSURES}place,camp,,2024-03-01,2024-03-01,invented\n", ""),
        ("closures.csv", "", f"{CLOSURES}place,camp,,2024-03-01,2024-02-29,invented\n", "until 2024-02-29 lies before"),
    ],
    "coverage ends on or after its start": [
        ("coverage.csv", "2024-02-20,2024-03-31", "2024-02-20,2024-02-20", ""),
        ("coverage.csv", "2024-02-20,2024-03-31", "2024-02-20,2024-02-19", "to 2024-02-19 lies before from 2024-02-20"),
        ("coverage.csv", "2024-02-20,2024-03-31", "2024-02-20,2024-02", ""),  # some day of the month
    ],
    "an observation ends on or after its start": [
        ("observed.csv", "", f"{OBSERVED}o,2024-03-01,2024-03-01,people-displaced,people displaced,9,\n", ""),
        ("observed.csv", "", f"{OBSERVED}o,2024-03-01,2024-02-29,people-displaced,people displaced,9,\n", "to 2024-02"),
    ],
    "an observation is published once it has begun": [
        ("observed.csv", "", f"{OBSERVED}o,2024-03-01,2024-03-09,people-displaced,p,9,2024-03-01\n", ""),
        (
            "observed.csv",
            "",
            f"{OBSERVED}o,2024-03-01,2024-03-09,people-displaced,p,9,2024-02-29\n",
            "published 2024-02",
        ),
        ("observed.csv", "", f"{OBSERVED}o,2024-03-01,2024-03-09,people-displaced,p,9,soon\n", "published is 'soon'"),
    ],
    "a commitment ends on or after its start": [
        ("commitments.yaml", "  from: 2024-02-20\n  when", "  from: 2024-02-20\n  until: 2024-02-20\n  when", ""),
        (
            "commitments.yaml",
            "  from: 2024-02-20\n  when",
            "  from: 2024-02-20\n  until: 2024-02-19\n  when",
            "until 2024",
        ),
    ],
    "a deadline lies within the life of its commitment": [
        (
            "commitments.yaml",
            "  from: 2024-02-20\n  when",
            "  from: 2024-02-20\n  by: 2024-03-01\n  until: 2024-03-01\n  when",
            "",
        ),
        (
            "commitments.yaml",
            "  from: 2024-02-20\n  when",
            "  from: 2024-02-20\n  by: 2024-03-02\n  until: 2024-03-01\n  when",
            "warning: by 2024-03-02 lies after until 2024-03-01",
        ),
    ],
    "a clause binds from its agreement on": [
        ("agreements.yaml", "date: 2024-02-20", "date: 2024-02-19", ""),
        ("commitments.yaml", f"2024-02-20{RED}", f"2024-02-19{RED}", "warning: from 2024-02-19 lies before"),
        ("agreements.yaml", "date: 2024-02-20", "date: 2024-02", ""),
    ],
    "an agreement supersedes an earlier one": [
        ("agreements.yaml", "", NEWER.format(day="2024-02-20"), ""),
        ("agreements.yaml", "", NEWER.format(day="2024-02-19"), "lies before that of 'river-ceasefire'"),
    ],
    "a commitment supersedes an earlier one": [
        ("commitments.yaml", "", LATER.format(day="2024-02-20"), ""),
        ("commitments.yaml", "", LATER.format(day="2024-02-19"), "warning: red-holds-longer: it starts on 2024-02-19"),
    ],
    "a correction is published after what it corrects": [
        ("claims.yaml", "", CORRECTION.format(day="2024-02-28"), ""),
        (
            "claims.yaml",
            "",
            CORRECTION.format(day="2024-02-27"),
            "it was published on 2024-02-27, before 'c-ceasefire'",
        ),
    ],
    "a change of a scenario has its days in order": [
        ("scenarios/camp-enlarged.yaml", "from: 2024-03-05", "from: 2024-03-05, until: 2024-03-05", ""),
        ("scenarios/camp-enlarged.yaml", "from: 2024-03-05", "from: 2024-03-05, until: 2024-03-04", "until 2024-03-04"),
    ],
    "a change of a scenario falls into the run": [
        ("scenarios/camp-enlarged.yaml", "from: 2024-03-05", "from: 2024-04-29", ""),  # day 60 of 60
        ("scenarios/camp-enlarged.yaml", "from: 2024-03-05", "from: 2024-04-30", "warning: the change of 2024-04-30"),
        ("scenarios/camp-enlarged.yaml", "from: 2024-03-05", "until: 2024-02-29", "warning: the change of .. to 2024"),
        ("scenarios/camp-enlarged.yaml", "from: 2024-03-05", "until: 2024-03-01", ""),
    ],
}


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"), [row for rows in ROWS.values() for row in rows], ids=lambda value: value[:40]
)
def test_a_key_agrees_with_the_others(folder: Path, name: str, old: str, new: str, expected: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if old:
        assert text.count(old) == 1
    path.write_text(text.replace(old, new) if old else text + new, encoding="utf-8")
    _, problems = read(folder)
    if not expected:
        assert problems == []
        return
    severity = "warning" if expected.startswith("warning: ") else "error"
    problem, *_ = [p for p in problems if expected.removeprefix("warning: ") in str(p)]
    assert problem.severity == severity
    assert problem.file == name
    assert problem.line > 0
    assert all(p.severity == severity for p in problems)


def test_each_rule_has_a_row_that_passes_and_one_that_does_not() -> None:
    for rule, rows in ROWS.items():
        assert {bool(expected) for *_, expected in rows} == {True, False}, rule
