"""Outlines behind the map belong to the case: no case shows those of another."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from standoff.case.map_files import background
from standoff.case.read import TEMPLATE, load
from standoff.errors import StandoffError
from standoff.views.figures import svg_file as drawn
from standoff.views.maps import region_map

OUTLINE = """{"type": "FeatureCollection", "features": [{"type": "Feature",
 "properties": {"name": "Riverland", "kind": "country"},
 "geometry": {"type": "Polygon", "coordinates": [[[10, 40], [12, 40], [12, 42], [10, 40]]]}}]}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATE, tmp_path / "case"))


def test_a_case_without_outlines_shows_none_and_credits_nobody(folder: Path) -> None:
    figure = region_map(load(folder))
    assert figure["data"]["background"] == ()
    assert "Natural Earth" not in figure["source"]


def test_a_case_shows_its_own(folder: Path) -> None:
    (folder / "background.geojson").write_text(OUTLINE, encoding="utf-8")
    assert [(f["name"], f["kind"], f["type"]) for f in background(load(folder))] == [
        ("Riverland", "country", "Polygon")
    ]
    assert {"Syria", "Idlib"} <= {f["name"] for f in background(load("idlib"))}
    credits_ = "outlines: Natural Earth; towns: GeoNames, CC BY 4.0; sub-districts: OCHA COD-AB, CC BY 3.0 IGO"
    assert region_map(load("idlib"))["source"].endswith(credits_)


LINES = """{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"name": "Long River", "kind": "river"},
  "geometry": {"type": "LineString", "coordinates": [[10, 40], [11, 41], [12, 42]]}},
 {"type": "Feature", "properties": {"name": "North Road", "kind": "road"},
  "geometry": {"type": "MultiLineString", "coordinates": [[[10, 41], [11, 41]], [[11, 41], [12, 40]]]}}]}"""


def test_rivers_and_roads_are_drawn_and_stand_in_the_key(folder: Path) -> None:
    (folder / "background.geojson").write_text(LINES, encoding="utf-8")
    case = load(folder)
    assert [(f["kind"], f["type"]) for f in background(case)] == [
        ("river", "LineString"), ("road", "MultiLineString")
    ]  # fmt: skip
    svg = drawn(region_map(case))
    assert all(words in svg for words in ("Long River", "North Road", ">rivers<", ">roads<"))


BLOB = '{"features": [{"properties": {"name": "R", "kind": "country"}, "geometry": {"type": "Blob"}}]}'


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b'{\n"features": [', "background.geojson:2: this is not JSON"),
        (b"\xff\xfe{", "background.geojson: this is not UTF-8 text"),
        (b"[]", "background.geojson: there is no list of features"),
        (b'{"features": 3}', "background.geojson: there is no list of features"),
        (b"[" * 200_000, "background.geojson: lists lie in lists too deep"),
        (b'{"features": [{"properties": {"kind": "country"}}]}', "feature 1 has no name"),
        (b'{"features": [null]}', "feature 1 has no kind"),
        (
            b'{"features": [{"properties": {"name": "R", "kind": "rver"}, "geometry": {"type": "LineString"}}]}',
            "a LineString of the kind 'rver'; expected lines of the kind river or road (did you mean 'river'?)",
        ),
        (
            b'{"features": [{"properties": {"name": "R", "kind": "river"}, "geometry": {"type": "Polygon"}}]}',
            "feature 1: the geometry is 'Polygon'; expected LineString or MultiLineString",
        ),
        (BLOB.encode(), "feature 1: the geometry is 'Blob'; expected Polygon or MultiPolygon"),
    ],
)
def test_outlines_that_cannot_be_read_are_refused_with_the_case(folder: Path, raw: bytes, told: str) -> None:
    (folder / "background.geojson").write_bytes(raw)
    with pytest.raises(StandoffError) as error:
        load(folder)
    assert told in str(error.value)
