"""Geometry as people have it: every kind of file is read as it is meant, or refused in one line with a way on."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from as_printed import as_printed
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import shape
from thorough import examples

from standoff.case.map_files import read_zones
from standoff.errors import Problem, StandoffError
from standoff.files.geojson_reader import GeometryError, Layer, extent, layer_of, open_layer
from standoff.intake.boundaries import read_boundaries

REGION = (20.0, 44.0, 24.0, 47.0)
SQUARE = [[[21.0, 45.0], [22.0, 45.0], [22.0, 46.0], [21.0, 46.0], [21.0, 45.0]]]
BOW = [[[21.0, 45.0], [22.0, 46.0], [22.0, 45.0], [21.0, 46.0], [21.0, 45.0]]]


def feature(coordinates: Any = SQUARE, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    words = properties or {"id": "z", "ADM2_PCODE": "QQ0101", "ADM2_EN": "Q"}
    return {"type": "Feature", "properties": words, "geometry": {"type": kind, "coordinates": coordinates}}


def collection(*features: Any, **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", **members, "features": list(features)}


def kept(folder: Path, whole: Any, name: str = "a.geojson") -> Path:
    path = folder / name
    path.write_bytes(whole if isinstance(whole, bytes) else json.dumps(whole).encode())
    return path


def zones_of(path: Path, **options: Any) -> tuple[list[Any], list[Problem]]:
    problems: list[Problem] = []
    return list(read_zones(path, problems, region=REGION, **options)), problems


@pytest.mark.parametrize(
    "crs",
    [
        None,
        {},
        "EPSG:4326",
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC::CRS84"}},
        {"type": "name", "properties": {"name": "OGC:CRS84"}},
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}},
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG:6.9:4326"}},
        {"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/EPSG/0/4326"}},
        {"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
        {"type": "name", "properties": {"name": "http://www.opengis.net/gml/srs/epsg.xml#4326"}},
        {"type": "name", "properties": {"name": "epsg:4326"}},
        {"type": "name", "properties": {"name": "WGS 84"}},
        {"type": "EPSG", "properties": {"code": 4326}},
        {"type": "EPSG", "properties": {"code": "4326"}},
        {"type": "link", "properties": {"href": "http://spatialreference.org/ref/epsg/4326/proj4/", "type": "proj4"}},
        {"type": "link", "properties": {"href": "https://epsg.io/4326"}},
    ],
)
def test_wgs84_is_known_however_it_is_spelt(crs: Any, tmp_path: Path) -> None:
    path = kept(tmp_path, collection(feature(), crs=crs))
    zones, problems = zones_of(path)
    assert not problems
    assert zones[0].geometry["coordinates"] == SQUARE
    assert not read_boundaries(path).warnings


@pytest.mark.parametrize(
    ("crs", "code"),
    [
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32634"}}, 32634),
        ({"type": "EPSG", "properties": {"code": 3857}}, 3857),
        ({"type": "name", "properties": {"name": "EPSG:900913"}}, 3857),
        ({"type": "link", "properties": {"href": "http://www.opengis.net/def/crs/EPSG/0/31467"}}, 31467),
    ],
)
def test_another_system_is_honoured_and_said_or_refused_by_name(crs: Any, code: int, tmp_path: Path) -> None:
    there = Transformer.from_crs(4326, code, always_xy=True).transform
    metres = [[list(there(*p)) for p in SQUARE[0]]]
    path = kept(tmp_path, collection(feature(metres), crs=crs))
    found = read_boundaries(path, REGION)
    assert shape(found[0].geometry).symmetric_difference(shape({"type": "Polygon", "coordinates": SQUARE})).area < 1e-5
    assert f"the coordinate system is EPSG:{code}: reprojected to WGS84" in str(found.warnings[0])
    zones, problems = zones_of(path)  # a case is in WGS84
    assert not zones
    assert f"the coordinate system is EPSG:{code}; expected WGS84" in str(problems[0])
    zones, problems = zones_of(path, reproject=True)
    assert extent(zones[0].geometry) == pytest.approx((21, 45, 22, 46), abs=1e-5)
    assert [p.severity for p in problems] == ["warning"]


@pytest.mark.parametrize(
    ("crs", "told"),
    [
        ({"type": "name", "properties": {"name": "urn:x:local-grid"}}, "the coordinate system is 'urn:x:local-grid'"),
        ({"type": "EPSG", "properties": {"code": 999999}}, "EPSG:999999, which is not known here"),
        ({"type": "EPSG", "properties": {"code": 4978}}, "EPSG:4978, which is not known here as one of a map"),
        ({"type": "EPSG", "properties": {"code": 32634}}, "in degrees, and the file says EPSG:32634"),
        (5, "the coordinate system is 5"),
        ({"type": "name", "properties": "x"}, "the coordinate system is 'x'"),
        ([[]], "the coordinate system is [[]]"),
    ],
)
def test_a_system_that_cannot_be_used_is_named(crs: Any, told: str, tmp_path: Path) -> None:
    with pytest.raises(StandoffError) as error:
        read_boundaries(kept(tmp_path, collection(feature(), crs=crs)), REGION)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("coordinates", "told"),
    [
        ([[[21, 45], [22, 45], [21, 45]]], "fewer than three positions"),
        ([[[21, 45], [21, 45], [21, 45], [21, 45]]], "fewer than three positions"),
        ([[["21", "45"], ["22", "45"], ["22", "46"], ["21", "45"]]], "write numbers without quotes"),
        ([["21 45", "22 45", "22 46", "21 45"]], "a position is '21 45'"),
        ([[[True, 45], [22, 45], [22, 46], [21, 45]]], "a position is [True, 45]"),
        ([[[None, 45], [22, 45], [22, 46], [21, 45]]], "a position is [None, 45]"),
        ([[[21], [22], [22], [21]]], "a position is [21]"),
        ([SQUARE], "one list too many"),
        (SQUARE[0], "one list too few"),
        ([21, 45], "one list too few"),
        ("abc", "its coordinates hold 'abc'"),
        (7, "its coordinates hold 7"),
        ({}, "its coordinates hold {}"),
        ([], "a list is missing or empty"),
        ([[]], "a list is missing or empty"),
        (
            [[[500_000, 5_000_000], [600_000, 5_000_000], [600_000, 5_100_000], [500_000, 5_000_000]]],
            "look like metres",
        ),
        ([[[45, 121], [46, 121], [46, 122], [45, 121]]], "latitude and longitude are the wrong way round"),
        ([[[200, 45], [201, 45], [201, 46], [200, 45]]], "west of the 180th meridian write -160"),
        (BOW, "the shape is not valid: Self-intersection"),
        ([[[0, 80], [120, 80], [-120, 80], [0, 80]]], "a ring goes round a pole"),
    ],
)
def test_coordinates_that_cannot_be_drawn_are_one_line(coordinates: Any, told: str, tmp_path: Path) -> None:
    path = kept(tmp_path, collection(feature(coordinates)))
    zones, problems = zones_of(path)
    assert not zones
    (problem,) = problems
    assert told in str(problem)
    assert problem.line == 1
    with pytest.raises(StandoffError) as error:
        read_boundaries(path, REGION)
    assert told in str(error.value)


def test_a_ring_across_the_180th_meridian_is_cut_there_or_goes_on_where_the_region_does(tmp_path: Path) -> None:
    ring = [[178.0, -20.0], [-178.0, -20.0], [-178.0, -18.0], [178.0, -18.0], [178.0, -20.0]]
    hole = [[179.0, -19.5], [179.0, -19.0], [-179.0, -19.0], [-179.0, -19.5], [179.0, -19.5]]
    path = kept(tmp_path, collection(feature([ring, hole])))
    (one,) = read_boundaries(path)
    assert one.geometry["type"] == "MultiPolygon"
    assert shape(one.geometry).area == pytest.approx(4 * 2 - 2 * 0.5)
    assert shape(one.geometry).is_valid
    assert extent(one.geometry) == (-180, -20, 180, -18)
    (one,) = read_boundaries(path, (170.0, -25.0, 190.0, -10.0))
    assert one.geometry["type"] == "Polygon"
    assert extent(one.geometry) == (178, -20, 182, -18)
    road = kept(tmp_path, collection(feature([[179.0, -17.0], [-179.0, -17.0]], "LineString")), "road.geojson")
    zones, _ = zones_of(road)
    assert zones[0].geometry == {
        "type": "MultiLineString",
        "coordinates": [[[179, -17], [180, -17]], [[-180, -17], [-179, -17]]],
    }
    world = [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]
    assert shape(read_boundaries(kept(tmp_path, collection(feature(world))))[0].geometry).area == 360 * 180


def test_what_lies_across_the_meridian_is_moved_into_a_region_that_does(tmp_path: Path) -> None:
    west = [[[-179.0, -17.0], [-178.0, -17.0], [-178.0, -16.0], [-179.0, -17.0]]]
    (one,) = read_boundaries(kept(tmp_path, collection(feature(west))), (170.0, -25.0, 190.0, -10.0))
    assert extent(one.geometry) == (181, -17, 182, -16)


def test_features_of_one_code_are_one_area_and_said(tmp_path: Path) -> None:
    island = [[[23.0, 45.0], [23.5, 45.0], [23.5, 45.5], [23.0, 45.0]]]
    found = read_boundaries(kept(tmp_path, collection(feature(), feature(island))))
    assert [a.pcode for a in found] == ["QQ0101"]
    assert shape(found[0].geometry).area == pytest.approx(1.125)
    assert "features 1, 2 have the code QQ0101 (Q): read as one area" in str(found.warnings[0])


def test_repair_mends_what_it_can_and_names_what_it_leaves_out(tmp_path: Path) -> None:
    bow = feature(BOW, ADM2_PCODE="QQ0102", ADM2_EN="Bow")
    left_open = feature([SQUARE[0][:-1]], ADM2_PCODE="QQ0103", ADM2_EN="Open")
    nothing = feature([[[21, 45], [22, 45], [23, 45], [21, 45]]], ADM2_PCODE="QQ0104", ADM2_EN="Flat")
    path = kept(tmp_path, collection(feature(), bow, left_open, nothing, feature(x=1)))
    with pytest.raises(StandoffError) as error:
        read_boundaries(path)
    assert [str(p).split(": ")[1] for p in error.value.problems] == [
        "feature 2 (QQ0102)", "feature 3 (QQ0103)", "feature 4 (QQ0104)", "feature 5",
    ]  # fmt: skip
    assert "read it with --repair" in as_printed(error.value)
    found = read_boundaries(path, repair=True)
    assert {a.pcode: shape(a.geometry).area for a in found} == {"QQ0101": 1.0, "QQ0102": 0.5, "QQ0103": 1.0}
    told = "\n".join(map(str, found.warnings))
    assert "feature 2 (QQ0102): the shape was not valid (Self-intersection[21.5 45.5]): repaired" in told
    assert "feature 3 (QQ0103): a ring was left open" in told
    assert "feature 4 (QQ0104): the shape is not valid" in told
    assert told.count("left out") == 2


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        ({"type": "Topology", "objects": {}, "arcs": []}, "this is TopoJSON"),
        ({"geometryType": "esriGeometryPolygon", "features": []}, "this is Esri JSON"),
        ({"version": 0.6, "elements": []}, "this is Overpass JSON"),
        ({"type": "Polygon", "coordinates": SQUARE}, "this is a Polygon alone"),
        (b'<?xml version="1.0"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"></kml>', "this is KML"),
        (b"\xef\xbb\xbf<gpx></gpx>", "this is GPX"),
        (b"<!DOCTYPE html><html></html>", "this is a page of HTML"),
        (b"SQLite format 3\0....", "this is a GeoPackage"),
        (b"\x00\x00\x27\x0a....", "this is a shapefile (.shp)"),
        (b"\x1f\x8b....", "unpack it first"),
        (b"PK\x03\x04....", "this zip cannot be read"),
        (b"name,lat,lon\n", "this is not JSON"),
        (b"", "this is not JSON"),
        ([], "there is no list of features"),
        ({"features": {}}, "there is no list of features"),
    ],
)
def test_what_is_not_geojson_is_named_with_a_way_on(whole: Any, told: str, tmp_path: Path) -> None:
    with pytest.raises(StandoffError) as error:
        read_boundaries(kept(tmp_path, whole))
    assert told in str(error.value)
    _, problems = zones_of(kept(tmp_path, whole))
    assert told in str(problems[0])


def zipped(folder: Path, *names: str) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, json.dumps(collection(feature())))
    return path


def test_a_zip_is_opened_for_its_one_file_of_geojson(tmp_path: Path) -> None:
    assert [a.name for a in read_boundaries(zipped(tmp_path, "README.txt", "layer.geojson"))] == ["Q"]
    for names, told in (
        (("a.shp", "a.dbf"), "this is a zipped shapefile"),
        (("doc.kml",), "this is KMZ"),
        (("a.geojson", "b.geojson"), "holds 2 files of GeoJSON"),
        (("a.txt",), "holds 0 files of GeoJSON"),
    ):
        with pytest.raises(StandoffError, match=told):
            read_boundaries(zipped(tmp_path, *names))


def test_other_ways_to_write_features_are_read(tmp_path: Path) -> None:
    lines = "".join(f"\x1e{json.dumps(feature(ADM2_PCODE=f'QQ010{n}', ADM2_EN='Q'))}\n" for n in range(3))
    found = read_boundaries(kept(tmp_path, lines.encode()))
    assert [a.pcode for a in found] == ["QQ0100", "QQ0101", "QQ0102"]
    with pytest.raises(StandoffError, match=r"a.geojson:4: this is not JSON"):
        read_boundaries(kept(tmp_path, (lines + '{"type"\n').encode()))
    assert len(read_boundaries(kept(tmp_path, feature()))) == 1
    assert len(read_boundaries(kept(tmp_path, b"\xef\xbb\xbf" + json.dumps(collection(feature())).encode()))) == 1
    parts = {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": SQUARE}]}
    zones, problems = zones_of(kept(tmp_path, collection({**feature(), "geometry": parts})))
    assert not problems
    assert zones[0].geometry == {"type": "MultiPolygon", "coordinates": [SQUARE]}
    parts["geometries"].append({"type": "Point", "coordinates": [21, 45]})  # type: ignore[attr-defined]
    _, problems = zones_of(kept(tmp_path, collection({**feature(), "geometry": parts})))
    assert "the geometry is 'GeometryCollection'" in str(problems[0])


def test_a_zone_is_given_once_or_in_versions(tmp_path: Path) -> None:
    early = feature(id="z", until="2020-03-05")
    late = feature(**{"id": "z", "from": "2020-03-05"})
    zones, problems = zones_of(kept(tmp_path, collection(early, late, feature(id="z", certainty="possible"))))
    assert len(zones) == 3
    assert not problems
    zones, problems = zones_of(kept(tmp_path, collection(early, feature(id="z", title="again"))))
    assert len(zones) == 1
    assert "feature 2: the zone 'z' is given twice, both certain and both at one time" in str(problems[0])


def test_a_ring_left_open_in_a_case_is_closed_and_said(tmp_path: Path) -> None:
    zones, problems = zones_of(kept(tmp_path, collection(feature([SQUARE[0][:-1]]))))
    assert zones[0].geometry["coordinates"] == SQUARE
    assert [(p.severity, p.what) for p in problems] == [
        ("warning", "feature 1: a ring was left open: closed from its last position to its first")
    ]


def test_a_file_of_somebody_else_names_zones_in_its_own_way(tmp_path: Path) -> None:
    path = kept(tmp_path, collection({**feature(Name="Safe area", x=1), "id": 7}, feature(Name="North")))
    assert [z.id for z in zones_of(path, reproject=True)[0]] == ["7", "North"]
    assert "there is no 'id'" in str(zones_of(path)[1][0])


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-400, 400)
    | st.floats(-400, 400)
    | st.sampled_from(["x", "Polygon", "1", ""]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "geometries", "properties", "id", "crs"]), inner, max_size=4
        )
    ),
    max_leaves=25,
)
POSITION = st.lists(st.floats(-190, 370) | st.integers(-91, 91) | JUNK, min_size=1, max_size=4)
RINGS = st.lists(st.lists(POSITION, min_size=1, max_size=6).map(lambda r: [*r, r[0]]), min_size=1, max_size=3)


@settings(max_examples=examples(150), deadline=None, derandomize=True)
@given(
    features=st.lists(
        st.fixed_dictionaries(
            {
                "properties": JUNK | st.fixed_dictionaries({"id": JUNK, "ADM1_PCODE": JUNK, "ADM1_EN": JUNK}),
                "geometry": JUNK
                | st.fixed_dictionaries(
                    {"type": st.sampled_from(["Polygon", "MultiPolygon", "LineString"]), "coordinates": RINGS | JUNK}
                ),
            }
        )
        | JUNK,
        max_size=3,
    ),
    crs=st.none() | JUNK | st.fixed_dictionaries({"type": st.just("EPSG"), "properties": st.just({"code": 3857})}),
    repair=st.booleans(),
    region=st.sampled_from([None, REGION, (170.0, -25.0, 190.0, -10.0)]),
)
def test_whatever_the_structure_a_file_is_read_or_refused_in_words(
    features: list[Any], crs: Any, repair: bool, region: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = kept(tmp_path_factory.getbasetemp(), collection(*features, crs=crs))
    problems: list[Problem] = []
    zones = read_zones(path, problems, region=region, repair=repair, reproject=True)
    try:
        areas = list(read_boundaries(path, region, repair=repair))
    except StandoffError as error:
        assert all("\n" not in str(p) for p in error.problems)
        areas = []
    for one in [*zones, *areas]:
        whole = shape(one.geometry)
        assert whole.is_valid
        assert not whole.is_empty


def test_a_layer_that_is_opened_knows_the_line_of_each_feature(tmp_path: Path) -> None:
    text = json.dumps(collection(feature(), feature(), feature()), indent=1)
    layer = open_layer(kept(tmp_path, text.encode()), "a", 10**6)
    lines = text.split("\n")
    assert [lines[layer.line(n) - 1].strip() for n in (1, 2, 3)] == ["{"] * 3
    assert layer.line(4) == 0
    assert isinstance(layer_of(text.encode(), "a", 10**6), Layer)
    with pytest.raises(GeometryError):
        layer.shape(None)
