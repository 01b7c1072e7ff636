"""Areas of a case: boundaries that were imported, reports in them by code, name and point, and decisions on names."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from standoff.case.model import Case
from standoff.case.read import load, start
from standoff.case.write import Amendment
from standoff.intake.areas import CaseAreas, case_areas
from standoff.intake.boundaries import Boundary
from standoff.intake.importer import open_batch
from standoff.intake.logs import open_log
from standoff.intake.mapping import read_mapping
from standoff.intake.preview import FileDraft, Import, decide_names

HEAD = (
    "event_id_cnty,event_date,sub_event_type,actor1,actor2,country,admin1,admin2,location,latitude,longitude,"
    "geo_precision"
)


def square(west: float, south: float, wide: float = 0.5) -> dict[str, Any]:
    east, north = west + wide, south + wide
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def feature(code: str, name: str, above: str, shape: dict[str, Any]) -> dict[str, Any]:
    level = "2" if above else "1"
    properties = {f"ADM{level}_PCODE": code, f"ADM{level}_EN": name, **({"ADM1_PCODE": above} if above else {})}
    return {"type": "Feature", "properties": properties, "geometry": shape}


LEVEL_1 = [
    feature("XX01", "North", "", square(10.75, 40.75, 1.0)),
    feature("XX02", "South", "", square(10.75, 39.75, 1.0)),
]
LEVEL_2 = [
    feature("XX0101", "Rivershire", "XX01", square(10.75, 40.75)),  # holds the town at 41.0, 11.0
    feature("XX0102", "Hill", "XX01", square(11.25, 40.75)),
    feature("XX0201", "Hill", "XX02", square(10.75, 40.25)),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The template with boundaries of two levels, brought in from two files."""
    root = start(tmp_path / "case")
    for name, features in (("adm1", LEVEL_1), ("adm2", LEVEL_2)):
        path = tmp_path / f"{name}.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        bring(root, path)
    return root


def bring(root: Path, path: Path) -> FileDraft:
    case = load(root)
    whole = Import(case, Amendment(case.root))
    batch, digest = open_batch(case, path, path.name)
    draft = whole.add(batch, digest)
    whole.save()
    return draft


def log_of(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "events.csv"
    kept = [f"E{k},2024-02-2{k},Armed clash,red,blue,Land,{row},1" for k, row in enumerate(rows, 1)]
    path.write_text("\n".join([HEAD, *kept]) + "\n", encoding="utf-8")
    return path


def test_an_area_is_found_by_code_name_and_point(folder: Path) -> None:
    areas = case_areas(load(folder))
    assert (len(areas.areas), areas.level, areas.problems) == (5, 2, ())
    assert areas.of(code="xx0101").name == "Rivershire"  # type: ignore[union-attr]
    assert areas.of(("North", "Hill")).pcode == "XX0102"  # type: ignore[union-attr]
    assert areas.of(("South", "hill")).pcode == "XX0201"  # type: ignore[union-attr]
    assert areas.of(("", "Hill")) is None  # two areas have the name
    assert areas.of(point=(41.0, 11.0, 2.0)).pcode == "XX0101"  # type: ignore[union-attr]
    assert areas.of(point=(41.0, 11.24, 2.0)) is None  # the border is nearer than the point is known
    assert areas.near(41.0, 11.24, 2.0)[1].pcode == "XX0102"
    assert areas.of(("North",), point=(41.0, 11.5, 2.0)).pcode == "XX0102"  # type: ignore[union-attr]
    assert areas.of(("South",), point=(41.0, 11.5, 2.0)).pcode == "XX02"  # type: ignore[union-attr]
    assert areas.labels["XX0101"] == "Rivershire"
    assert areas.labels["XX0102"] == "Hill (XX0102)"
    assert not areas.of(("Hill",))  # a province is no district of its name


def test_events_of_the_record_lie_in_the_areas_of_their_places(folder: Path) -> None:
    case = load(folder)
    areas = case_areas(case)
    assert areas.of_place(case, "town").pcode == "XX0101"  # type: ignore[union-attr]
    event = case.events["e2-red"]
    assert areas.of_event(case, event).name == "Rivershire"  # type: ignore[union-attr]
    assert areas.of_event(case, replace(event, place=("town", "market"))) is None
    town = replace(case.places["town"], adm3="XX0201")
    assert areas.of_place(replace(case, places={"town": town}), "town").pcode == "XX0201"  # type: ignore[union-attr]


def test_reports_of_a_log_are_counted_in_the_areas_of_the_case(folder: Path, tmp_path: Path) -> None:
    path = log_of(
        tmp_path,
        "North,Rivershire,Town A,41.0,11.0",
        "North,Hills,Town B,41.0,11.5",
        "South,Elsewhere,Town C,42.0,11.0",
    )
    draft = bring(folder, path)
    names = {one.name: one for one in draft.names if one.kind == "area"}
    assert (names["Rivershire"].decision, names["Rivershire"].by, names["Rivershire"].count) == ("XX0101", "rule", 1)
    assert (names["Hills"].decision, names["Hills"].proposal) == ("", "XX0102")
    assert names["Hills"].reason == "1 of its 1 points lie in 'Hill (XX0102)'"
    case = load(folder)
    for log in ("acled", path):
        assert open_log(case, log).areas == {"E1": "Rivershire", "E2": "Hill (XX0102)", "E3": "South"}
    decide_names(case, {("area", "acled", "Hills"): "XX0201"}, "A. Person")
    assert open_log(case, "acled").areas["E2"] == "Hill (XX0201)"
    assert open_log(case, path).areas["E2"] == "Hill (XX0201)"
    assert bring(folder, path).same == 3


def test_a_place_of_a_log_is_one_of_the_case_within_the_accuracy_or_when_a_person_says_so(
    folder: Path, tmp_path: Path
) -> None:
    path = log_of(
        tmp_path, "North,Rivershire,Rivertown (invented),41.0,11.0", "North,Rivershire,Rivertoun invented,41.005,11.0",
        "North,Rivershire,Rivertown (invented),41.2,11.0",
    )  # fmt: skip
    draft = bring(folder, path)
    places = {one.name: one for one in draft.names if one.kind == "place"}
    assert (places["Rivertown (invented)"].decision, places["Rivertown (invented)"].by) == ("town", "rule")
    assert places["Rivertown (invented)"].count == 2
    other = places["Rivertoun invented"]
    assert (other.decision, other.proposal) == ("", "town")
    assert other.reason.startswith("0.6 km away, within the accuracy;")
    case = load(folder)
    assert [e.place[0][:3] for e in open_log(case, "acled").events] == ["tow", "at:", "at:"]
    decide_names(case, {("place", "acled", "Rivertoun invented"): "town"}, "A. Person")
    for log in ("acled", path):
        assert [e.place[0][:3] for e in open_log(case, log).events] == ["tow", "tow", "at:"]
    decide_names(case, {("place", "acled", "Rivertown (invented)"): "none"}, "A. Person")
    assert [e.place[0][:3] for e in open_log(case, "acled").events] == ["at:", "tow", "at:"]
    assert {one.name: one.decision for one in read_mapping(folder)[0].names.values() if one.kind == "place"} == {
        "Rivertown (invented)": "none",
        "Rivertoun invented": "town",
    }


def test_a_case_without_boundaries_counts_by_the_names_of_the_source(tmp_path: Path) -> None:
    root = start(tmp_path / "case")
    path = log_of(tmp_path, "North,front,Town A,41.0,11.0", "North,Hills,Town B,41.0,11.5")
    draft = bring(root, path)
    assert [(one.name, one.decision, one.by) for one in draft.names if one.kind == "area"] == [
        ("front", "front", "rule")
    ]
    assert open_log(load(root), "acled").areas == {"E1": "front", "E2": "Hills"}


def test_boundaries_that_a_person_put_there_or_changed_are_read_too(folder: Path) -> None:
    raw = folder / "library" / "boundaries.geojson"
    features = [feature("XX0301", "Lake", "XX03", square(11.3, 41.0, 0.2))]
    raw.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    (folder / "library" / "notes.geojson").write_text("{}", encoding="utf-8")
    areas = case_areas(load(folder))
    assert areas.of_code("XX0301").name == "Lake"  # type: ignore[union-attr]
    assert [p.file.rpartition("/")[2] for p in areas.problems] == ["notes.geojson"]


def test_parents_that_are_each_other_end() -> None:
    areas = CaseAreas((Boundary("A", "One", "", 1, "B", square(0, 0)), Boundary("B", "Two", "", 1, "A", square(1, 0))))
    assert [one.pcode for one in areas.above(areas.areas[0])] == ["B"]
    assert not CaseAreas()


def test_a_decision_on_an_area_is_one_of_the_case(folder: Path, tmp_path: Path) -> None:
    from standoff.errors import StandoffError

    bring(folder, log_of(tmp_path, "North,Rivershore,Town A,41.0,11.0"))
    case: Case = load(folder)
    with pytest.raises(StandoffError, match="which is no area"):
        decide_names(case, {("area", "acled", "Rivershore"): "XX0999"}, "A. Person")
    decide_names(case, {("area", "acled", "Rivershore"): "none"}, "A. Person")
    assert open_log(case, "acled").areas == {"E1": "Rivershire"}  # by its point
