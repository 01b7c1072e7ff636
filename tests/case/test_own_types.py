"""Event types of a case's own: declared, checked wherever a type is named, and a kind of what their id says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.case.read import load
from standoff.case.vocabulary import EVENT_TYPES, coded, is_a, lineage
from standoff.commitments.stories import play, stories
from standoff.errors import StandoffError
from standoff.intake.batch import read_events

Problems = Callable[[Path], list[str]]
OWN = "- {id: shelling/in-truce-hours, title: Shells between 10 and 14 hours}\n"


def put(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_own_type_is_a_kind_of_what_its_id_says() -> None:
    assert lineage("shelling/in-truce-hours/by-mortar") == (
        "shelling/in-truce-hours/by-mortar", "shelling/in-truce-hours", "shelling", "assault",
    )  # fmt: skip
    assert is_a("shelling/in-truce-hours", "assault")
    assert not is_a("shelling", "shelling/in-truce-hours")
    assert not is_a("shelling/in-truce-hours", "airstrike")
    assert coded("shelling/in-truce-hours").plover == EVENT_TYPES["shelling"].plover
    with pytest.raises(KeyError):
        coded("shouting/loud")


def test_every_parent_is_a_type() -> None:
    assert {t.parent for t in EVENT_TYPES.values()} - {None} <= set(EVENT_TYPES)


def test_an_own_type_must_be_declared_wherever_it_is_named(folder: Path, problems: Problems) -> None:
    put(folder, "events.csv", ",shelling,red", ",shelling/in-truce-hours,red")
    put(folder, "outcomes.yaml", "{type: shelling, actor: red", "{type: shelling/in-truce-hour, actor: red")
    put(folder, "coverage.csv", "observer,shelling,", "observer,shelling/in-truce-hours,")
    found = problems(folder)
    assert len(found) == 3
    assert (
        "events.csv:3: the event type 'shelling/in-truce-hours' is not declared; expected a record of types.yaml"
        in found
    )
    (folder / "types.yaml").write_text(OWN, encoding="utf-8")
    (left,) = problems(folder)
    assert left.startswith("outcomes.yaml:5: the event type 'shelling/in-truce-hour' is not declared")
    assert left.endswith("(did you mean 'shelling/in-truce-hours'?)")


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("- {id: truce, title: no kind}\n", "types.yaml:1: the id is 'truce'; expected TYPE/WORD"),
        ("- {id: shelling/Truce Hours, title: blank}\n", "in small letters"),
        ("- {id: sheling/x, title: slip}\n", "is a kind of 'sheling', which is not an event type"),
    ],
)
def test_an_own_type_that_is_no_kind_of_any_is_refused(
    folder: Path, problems: Problems, own: str, expected: str
) -> None:
    (folder / "types.yaml").write_text(own, encoding="utf-8")
    assert any(expected in problem for problem in problems(folder))


def test_a_promise_about_an_own_type_is_broken_by_it_alone(folder: Path) -> None:
    (folder / "types.yaml").write_text(OWN, encoding="utf-8")
    with (folder / "commitments.yaml").open("a", encoding="utf-8") as file:
        file.write("""- id: truce-hours
  title: No shells from 10 to 14 hours
  kind: maintain
  debtor: red
  creditor: blue
  from: 2024-02-20
  forbid: {type: shelling/in-truce-hours, actor: red}
  claims: c-ceasefire
""")
    (folder / "tests" / "hours.yaml").write_text(
        """- name: Only shells in the truce hours break the truce
  commitments: [truce-hours, red-holds-fire]
  events:
    - {date: 2024-02-25, type: shelling, actor: red, target: blue, place: town}
    - {date: 2024-02-27, type: shelling/in-truce-hours, actor: red, target: blue, place: town}
  expect:
    truce-hours: {2024-02-26: detached, 2024-02-27: violated}
    red-holds-fire: {2024-02-25: violated}
""",
        encoding="utf-8",
    )
    case = load(folder)
    (story,) = [s for s in stories(case) if s.name.startswith("Only shells")]
    found = play(case, story)
    assert [f.got for f in found] == ["detached", "violated", "violated"]
    assert all(f.passed for f in found)


def test_a_log_of_ones_own_may_use_it_and_no_unknown_type(folder: Path, tmp_path: Path) -> None:
    (folder / "types.yaml").write_text(OWN, encoding="utf-8")
    case = load(folder)
    log = tmp_path / "log.csv"
    log.write_text("id,date,type,actor\nx1,2024-03-01,shelling/in-truce-hours,red\n", encoding="utf-8")
    assert read_events(log, case).events[0].type == "shelling/in-truce-hours"
    log.write_text("id,date,type,actor\nx1,2024-03-01,sheling,red\nx2,2024-03-01,shelling,rde\n", encoding="utf-8")
    with pytest.raises(StandoffError, match=r"log.csv:2: the event type 'sheling' is unknown.*did you mean 'shelling'"):
        read_events(log, case)
    loaded = read_events(log, case, skip_bad=True)
    assert (loaded.left_out, loaded.unknown_actors) == (1, {"rde": 1})


def test_names_in_the_local_script_have_one_key_and_its_former_name(folder: Path) -> None:
    put(folder, "actors.yaml", "kind: civilians}", "kind: civilians, name_ar: አማርኛ}")
    put(folder, "places.csv", "id,name,kind", "id,name,name_local,kind")
    for name, local in (("Rivertown", "Место"), ("Marketplace", "市場"), ("Hill camp", "")):
        put(folder, "places.csv", f"{name} (invented),", f"{name} (invented),{local},")
    case = load(folder)
    assert case.actors["civilians"].name_local == "አማርኛ"
    assert [p.name_local for p in case.places.values()] == ["Место", "市場", ""]
