"""GeoJSON: RFC 7946, the same bytes twice, coordinates no finer than they are known; boundary files read or refused."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from format_runs import idlib, invented_run
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from standoff.case.geography import Place
from standoff.errors import StandoffError
from standoff.exports import geojson, hxl
from standoff.intake import boundaries
from standoff.intake.boundaries import Boundary, read_boundaries

FETCHED = Path(__file__).parents[3] / "shared" / "data" / "fetched"
SQUARE = [[[36.5, 35.0], [37.5, 35.0], [37.5, 36.0], [36.5, 36.0], [36.5, 35.0]]]
NAMES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)


def collection(*features: dict[str, Any], **members: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **members, "features": list(features)})


def area(properties: dict[str, Any] | None = None, coordinates: Any = SQUARE, kind: str = "Polygon") -> dict[str, Any]:
    return geojson.feature(
        {"type": kind, "coordinates": coordinates}, properties or {"ADM3_PCODE": "SY070301", "ADM3_EN": "Dana"}
    )


def write(folder: Path, text: str) -> Path:
    path = folder / "areas.geojson"
    path.write_text(text, encoding="utf-8")
    return path


def all_features() -> dict[str, list[dict[str, Any]]]:
    case, run = idlib(), invented_run()
    return {
        "places": geojson.places(case),
        "zones": geojson.zones(case),
        "events": geojson.events(case, hxl.stances(case, "daher")),
        "arrivals": geojson.arrivals(case, run, run.arrivals),
    }


@pytest.mark.parametrize("table", ["places", "zones", "events", "arrivals"])
def test_every_feature_is_wgs84_and_valid(table: str) -> None:
    text = geojson.collection(all_features()[table], title="x")
    read = json.loads(text)
    assert read["type"] == "FeatureCollection"
    assert "crs" not in read
    assert read["features"]
    for feature in read["features"]:
        assert set(feature) <= {"type", "id", "geometry", "properties"}
        if feature["geometry"] is None:
            continue
        drawn = shape(feature["geometry"])
        assert drawn.is_valid
        west, south, east, north = drawn.bounds
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90
        if drawn.geom_type == "Polygon":
            assert drawn.exterior.is_ccw
    assert text == geojson.collection(all_features()[table], title="x")


@given(accuracy=st.floats(0.01, 200), lon=st.floats(-180, 180), lat=st.floats(-85, 85), settlement=st.booleans())
def test_rounding_moves_a_point_no_further_than_it_may_be_off(
    accuracy: float, lon: float, lat: float, settlement: bool
) -> None:
    digits = geojson.decimals(accuracy, settlement)
    assert 0 <= digits <= (geojson.SETTLEMENT if settlement else geojson.FINEST)
    place = Place(id="x", name="x", kind="town", lat=lat, lon=lon, country="", accuracy_km=accuracy)
    x, y = geojson.rounded_point(place, settlement)
    floor = geojson.KM_PER_DEGREE / 2 * 10.0 ** -(geojson.SETTLEMENT if settlement else geojson.FINEST)
    assert abs(y - lat) * geojson.KM_PER_DEGREE <= max(accuracy, floor) + 1e-9
    assert abs(x - lon) * geojson.KM_PER_DEGREE * math.cos(math.radians(lat)) <= max(accuracy, floor) + 1e-9
    if digits:  # one digit less would move it further than it may be off
        assert geojson.KM_PER_DEGREE / 2 * 10.0 ** -(digits - 1) > accuracy


@given(
    features=st.lists(
        st.dictionaries(
            NAMES,
            st.text(st.characters(exclude_categories=("Cs",)), min_size=1)
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.integers()
            | st.booleans()
            | st.lists(NAMES, min_size=1),
            max_size=5,
        ),
        max_size=5,
    ),
    title=NAMES,
)
def test_properties_come_back_as_they_went(features: list[dict[str, Any]], title: str) -> None:
    made = [geojson.feature({"type": "Point", "coordinates": [1.5, 2.25]}, p) for p in features]
    read = json.loads(geojson.collection(made, title=title))
    assert [f["properties"] for f in read["features"]] == features
    assert read["title"] == title
    assert read["features"] == made


def test_every_place_and_every_event_is_there() -> None:
    case, features = idlib(), all_features()
    assert [f["id"] for f in features["places"]] == list(case.places)
    for f in features["places"]:
        place, told = case.places[f["id"]], f["properties"]
        assert (told["name"], told["residents"], told["displaced"]) == (place.name, place.residents, place.displaced)
        assert told.get("accuracy_km", 0.0) == place.accuracy_km
    assert [f["id"] for f in features["events"]] == [e.id for e in case.events.values() if e.sourcing != "unsourced"]
    for f in features["events"]:
        at = [p for p in case.events[f["id"]].place if p in case.places]
        assert (f["geometry"] is None) == (not at)
        for value in [] if f["geometry"] is None else str(f["geometry"]["coordinates"]).strip("[]").split(","):
            assert len(value.strip(" []").partition(".")[2]) <= geojson.SETTLEMENT


def test_zones_of_a_day_are_those_that_hold_then() -> None:
    case, day = idlib(), date(2018, 9, 1)
    shown = {(f["properties"]["zone"], f["properties"].get("from")) for f in geojson.zones(case, day)}
    assert 0 < len(shown) < len(case.zones)
    for z in case.zones:
        holds = (z.from_ is None or str(z.from_.start) <= "2018-09-01") and (
            z.until is None or str(z.until.end) >= "2018-09-01"
        )
        assert ((z.id, z.from_.text if z.from_ else None) in shown) == holds


def test_arrivals_keep_their_numbers_and_places_unknown_have_no_point() -> None:
    run = invented_run()
    features = geojson.arrivals(idlib(), run, run.arrivals)
    got = [tuple(f["properties"][k] for k in ("account", "place", "mean", "q05", "q50", "q95")) for f in features]
    assert got == [(a.account, a.place, a.mean, a.q05, a.q50, a.q95) for a in run.arrivals]
    assert {f["properties"]["place"] for f in features if f["geometry"] is None} == {"nowhere-town"}
    places = {**idlib().places}
    places |= {a.place: replace(places[a.place], accuracy_km=3.0) for a in run.arrivals[:1]}
    for f in geojson.arrivals(replace(idlib(), places=places), run, run.arrivals):
        place = places.get(f["properties"]["place"])
        shown = tuple(f["properties"].get(key) for key in ("name", "name_local", "pcode", "accuracy_km"))
        known = place and (place.name, place.name_local or None, place.pcode or None, place.accuracy_km or None)
        assert shown == (known or (None,) * 4)


def test_rings_are_turned_as_the_rfc_asks() -> None:
    hole = [[36.7, 35.2], [37.3, 35.2], [37.3, 35.8], [36.7, 35.8], [36.7, 35.2]]
    outer = list(reversed(SQUARE[0]))
    made = shape(geojson.wound({"type": "MultiPolygon", "coordinates": [[outer, hole]]}))
    (polygon,) = made.geoms
    assert polygon.exterior.is_ccw
    assert not polygon.interiors[0].is_ccw
    assert polygon.area == pytest.approx(0.64)


@given(
    names=st.lists(st.tuples(NAMES, NAMES | st.just("")), min_size=1, max_size=4),
    level=st.integers(1, 4),
    style=st.sampled_from(["hdx", "lower", "new", "plain"]),
    size=st.floats(0.01, 0.5),
)
def test_boundaries_come_back_as_they_went(
    names: list[tuple[str, str]], level: int, style: str, size: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made, features = [], []
    parent = f"XX{'00' * (level - 1)}" if level > 1 else "XX"
    for number, (name, local) in enumerate(names):
        west = float(number)
        ring = [[west, 0.0], [west + size, 0.0], [west + size, size], [west, size], [west, 0.0]]
        one = Boundary(f"{parent}{number:02d}", name, local, level, parent, {"type": "Polygon", "coordinates": [ring]})
        made.append(one)
        keys = {
            "hdx": (f"ADM{level}_PCODE", f"ADM{level}_EN", f"ADM{level}_AR", f"ADM{level - 1}_PCODE"),
            "lower": (f"adm{level}_pcode", f"adm{level}_en", f"adm{level}_ar", f"adm{level - 1}_pcode"),
            "new": (f"adm{level}_pcode", f"adm{level}_name", f"adm{level}_name1", f"adm{level - 1}_pcode"),
            "plain": ("PCODE", "NAME_EN", "NAME_AR", f"ADM{level - 1}_PCODE"),
        }[style]
        features.append(geojson.feature(one.geometry, dict(zip(keys, (one.pcode, name, local, parent), strict=True))))
    path = write(tmp_path_factory.getbasetemp(), geojson.collection(features))
    assert list(read_boundaries(path)) == made


BOW = [[[36.5, 35.0], [37.5, 36.0], [37.5, 35.0], [36.5, 36.0], [36.5, 35.0]]]
TURNED = [[list(reversed(p)) for p in SQUARE[0]]]
UTM = [[[x * 10_000, y * 100_000] for x, y in SQUARE[0]]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"type":\n"FeatureCollection",', ["areas.geojson:2", "this is not JSON"]),
        ("[" * 100_000, ["too deep to be read"]),
        (collection(area()).replace("36.0", "NaN"), ["NaN is not a number of JSON"]),
        ('{"type": "Feature"}', ["not a FeatureCollection"]),
        (collection(), ["no feature in it"]),
        (collection(area(coordinates=UTM)), ["feature 1", "degrees", "EPSG:4326"]),
        (collection(area(), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}), ["32637"]),
        (collection(area(coordinates=BOW)), ["feature 1 (SY070301)", "Self-intersection[37 35.5]"]),
        (collection(area(coordinates=[SQUARE[0][:-1]])), ["a ring is not closed"]),
        (collection(area(coordinates=[[[1, 2], ["x", 3], [4, 5], [1, 2]]])), ["a position is ['x', 3]"]),
        (collection(area(coordinates=[[[1, 2], [10**400, 3], [4, 5], [1, 2]]])), ["too large for a number"]),
        (collection(area(coordinates=[])), ["missing or empty"]),
        (collection(area(coordinates=[SQUARE], kind="Polygon")), ["a position is"]),
        (collection(area(kind="LineString", coordinates=SQUARE[0])), ["the geometry is 'LineString'", "Polygon"]),
        (collection(area({"ADM3_PCOD": "SY07"})), ["there is no P-code", "did you mean 'adm3_pcode'"]),
        (collection(area({"ADM3_PCODE": "SY070301"})), ["SY070301 has no name", "ADM3_EN"]),
        (
            collection(area(), area({"ADM3_PCODE": "SY070301", "ADM3_EN": "Other"})),
            ["feature 2 (SY070301)", "given twice"],
        ),
        (collection({"type": "Feature"}), ["there are no properties"]),
        (collection(area(coordinates=TURNED)), ["0 of 1 areas", "the wrong way round"]),
        (collection(area(coordinates=[[[1, 2], [2, 2], [2, 3], [1, 2]]])), ["no area lies in the region"]),
    ],
)
def test_bad_boundary_files_are_refused_in_words(text: str, words: list[str], tmp_path: Path) -> None:
    with pytest.raises(StandoffError) as error:
        read_boundaries(write(tmp_path, text), region=idlib().about.region)
    for word in words:
        assert word in str(error.value)


def test_too_large_or_missing_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.geojson"
    with path.open("wb") as file:
        file.truncate(boundaries.MAX_BYTES + 1)
    for bad, word in ((path, "at most 64 MB"), (tmp_path / "none.geojson", "no such file"), (tmp_path, "plain file")):
        with pytest.raises(StandoffError, match=word):
            read_boundaries(bad)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    text = collection(area({"ADM3_PCODE": "A"}), area(coordinates=BOW), *[area({"x": "y"})] * 60)
    with pytest.raises(StandoffError) as error:
        read_boundaries(write(tmp_path, text))
    assert len(error.value.problems) == boundaries.MOST_LISTED + 1
    assert "12 more features" in str(error.value)


def test_heights_are_dropped_and_multipolygons_kept(tmp_path: Path) -> None:
    high = [[[x, y, 300.0] for x, y in SQUARE[0]]]
    (one,) = read_boundaries(write(tmp_path, collection(area(coordinates=[high], kind="MultiPolygon"))))
    assert one.geometry == {"type": "MultiPolygon", "coordinates": [SQUARE]}


@pytest.mark.fetched
@pytest.mark.parametrize(
    ("name", "level", "n"), [("cod_ab_nwsyria_adm3.geojson", 3, 110), ("cod_ab_syr_adm1.geojson", 1, 14)]
)
def test_boundaries_of_ocha_are_read(name: str, level: int, n: int) -> None:
    path = FETCHED / name
    if not path.is_file():
        pytest.skip(f"there is no {path.name} in ../shared/data/fetched")
    found = read_boundaries(path, region=idlib().about.region)
    assert len(found) == n
    assert {b.level for b in found} == {level}
    assert {len(b.pcode) for b in found} == {2 + 2 * level}
    assert all(b.name and b.name_local for b in found)
    assert all(b.pcode.startswith(b.parent) for b in found)
    if level == 3:
        assert next(b.name for b in found if b.pcode == "SY070301") == "Dana"
