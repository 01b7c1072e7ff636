"""Boundaries of publishers beside OCHA. Properties are written after each one's documentation; shapes are made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from standoff.case.read import load
from standoff.errors import StandoffError
from standoff.intake.boundaries import read_boundaries
from standoff.intake.importer import open_batch

SQUARE = {"type": "Polygon", "coordinates": [[[36.0, 35.0], [37.0, 35.0], [37.0, 36.0], [36.0, 36.0], [36.0, 35.0]]]}
GADM = {"GID_0": "XXA", "COUNTRY": "Riverland", "GID_1": "XXA.2_1", "NAME_1": "North", "NL_NAME_1": "NA"}


@pytest.mark.parametrize(
    ("properties", "code", "name", "level", "parent", "scheme"),
    [
        (
            {"shapeName": "North", "shapeISO": "XX-N", "shapeID": "7B", "shapeGroup": "XXA", "shapeType": "ADM1"},
            "7B", "North", 1, "XXA", "geoboundaries",
        ),
        (
            {"shapeName": "Riverland", "shapeISO": "XXA", "shapeID": "9C", "shapeGroup": "XXA", "shapeType": "ADM0"},
            "9C", "Riverland", 0, "", "geoboundaries",
        ),
        (
            {**GADM, "GID_2": "XXA.2.5_1", "NAME_2": "Mill", "TYPE_2": "District", "ENGTYPE_2": "District"},
            "XXA.2.5_1", "Mill", 2, "XXA.2_1", "gadm",
        ),
        ({"GID_0": "XXA", "COUNTRY": "Riverland"}, "XXA", "Riverland", 0, "", "gadm"),
        (
            {"NUTS_ID": "XX21", "LEVL_CODE": 2, "CNTR_CODE": "XX", "NAME_LATN": "Nord", "NUTS_NAME": "Nørd"},
            "XX21", "Nord", 2, "XX2", "nuts",
        ),
        (
            {"adm0_a3": "XXA", "iso_a2": "XX", "iso_3166_2": "XX-N", "name": "North", "admin": "Riverland"},
            "XX-N", "North", 1, "XXA", "naturalearth",
        ),
        ({"ADM0_A3": "XXA", "ADMIN": "Riverland", "ISO_A3": "XXA"}, "XXA", "Riverland", 0, "", "naturalearth"),
    ],
)  # fmt: skip
def test_each_publishers_areas_have_their_own_codes(
    tmp_path: Path, properties: dict[str, object], code: str, name: str, level: int, parent: str, scheme: str
) -> None:
    path = tmp_path / "areas.geojson"
    feature = {"type": "Feature", "properties": properties, "geometry": SQUARE}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    (area,) = read_boundaries(path)
    assert (area.pcode, area.name, area.level, area.parent, area.scheme) == (code, name, level, parent, scheme)


@pytest.mark.parametrize(
    ("properties", "columns", "whose"),
    [
        (
            {**GADM, "GID_2": "XXA.2.5_1", "NAME_2": "Mill"},
            {"code": "GID_2", "name": "NAME_2", "code above": "GID_1"}, "GADM",
        ),
        (
            {"NUTS_ID": "XX21", "LEVL_CODE": 2, "NAME_LATN": "Nord", "NUTS_NAME": "Nørd"},
            {"code": "NUTS_ID", "name": "NAME_LATN", "local name": "NUTS_NAME"}, "NUTS",
        ),
        (
            {"ADM1_PCODE": "XX01", "ADM1_PT": "Norte", "ADM0_PCODE": "XX"},
            {"code": "ADM1_PCODE", "name": "ADM1_PT", "code above": "ADM0_PCODE"}, "",
        ),
    ],
)  # fmt: skip
def test_import_says_which_property_is_the_code_and_whose_it_is(
    tmp_path: Path, properties: dict[str, object], columns: dict[str, str], whose: str
) -> None:
    feature = {"type": "Feature", "properties": properties, "geometry": SQUARE}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    batch, _ = open_batch(load("idlib"), content, "areas.geojson")
    assert batch.columns == columns
    assert ([whose in text and "no P-codes" in text for text in batch.assumptions] or [False]) == [bool(whose)]


def test_a_feature_of_several_levels_says_the_level_of_each_property(tmp_path: Path) -> None:
    path = tmp_path / "areas.geojson"
    rows = [{"ADM1_PCODE": "XX01", "ADM1_FR": "Nord"}, {"ADM2_PCODE": "XX0101", "ADM2_FR": "Moulin"}]
    features = [{"type": "Feature", "properties": row, "geometry": SQUARE} for row in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    assert dict(read_boundaries(path).properties) == {
        "code of level 1": "ADM1_PCODE", "name of level 1": "ADM1_FR",
        "code of level 2": "ADM2_PCODE", "name of level 2": "ADM2_FR",
    }  # fmt: skip


def test_map_is_not_for_boundaries(tmp_path: Path) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": []}).encode()
    with pytest.raises(StandoffError, match="names of their publishers"):
        open_batch(load("idlib"), content, "areas.geojson", columns={"code": "LAU_ID"})


@pytest.mark.parametrize("key", ["shapeName", "GID_1"])
def test_what_a_publisher_leaves_out_is_named(tmp_path: Path, key: str) -> None:
    path = tmp_path / "areas.geojson"
    properties = {"shapeName": "North", "shapeGroup": "XXA"} if key == "shapeName" else {"GID_1": "XXA.2_1"}
    feature = {"type": "Feature", "properties": properties, "geometry": SQUARE}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    with pytest.raises(StandoffError) as raised:
        read_boundaries(path)
    assert ("shapeID" if key == "shapeName" else "NAME_1") in str(raised.value)
