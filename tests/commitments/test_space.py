"""Distances are right wherever a case lies: the coordinate system of a region, and what is wrong with one given."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ledger_case import case as made_case
from pyproj import Geod

from standoff.case.geography import Zone
from standoff.commitments.checks import check_crs
from standoff.commitments.patterns.zones import Geography, crs_of
from standoff.values import When

Region = tuple[float, float, float, float]
REGIONS: list[tuple[Region, str]] = [
    ((36.0, 34.9, 39.4, 37.2), "EPSG:32637"),
    ((-64.0, -19.0, -60.0, -15.0), "EPSG:32720"),
    ((176.0, -20.0, 182.0, -12.0), "EPSG:32760"),
    ((-6.0, 50.0, 0.0, 55.0), "EPSG:32630"),
    ((14.0, 76.0, 16.0, 80.0), "EPSG:32633"),
    ((14.0, -80.0, 16.0, -76.0), "EPSG:32733"),
    ((12.0, 40.0, 21.0, 44.0), "EPSG:32633"),
]


@pytest.mark.parametrize(("region", "expected"), REGIONS)
def test_the_utm_zone_of_the_middle(region: Region, expected: str) -> None:
    assert crs_of(region) == expected


@pytest.mark.parametrize("region", [(12.0, 40.0, 21.1, 44.0), (14.0, 76.0, 16.0, 80.1), (14.0, -80.1, 16.0, -76.0)])
def test_what_no_utm_zone_holds_has_a_projection_of_its_own(region: Region) -> None:
    assert "+proj" in crs_of(region)


@pytest.mark.parametrize("region", [*[r for r, _ in REGIONS], (22.0, -12.0, 48.0, 15.0), (10.0, 70.0, 30.0, 84.0)])
def test_a_kilometre_is_a_kilometre(region: Region) -> None:
    case = made_case()
    geography = Geography(replace(case, about=replace(case.about, region=region, crs="")))
    lon, lat = (region[0] + region[2]) / 2, (region[1] + region[3]) / 2
    here = geography.in_metres({"type": "Point", "coordinates": [lon, lat]})
    for bearing in (0, 90, 225):
        east, north, _ = Geod(ellps="WGS84").fwd(lon, lat, bearing, 20_000)
        there = geography.in_metres({"type": "Point", "coordinates": [east, north]})
        assert here.distance(there) == pytest.approx(20_000, rel=0.002)


@pytest.mark.parametrize(
    ("crs", "severity", "said"),
    [
        ("EPSG:32637", "warning", "distances of this region come out wrong"),
        ("EPSG:4326", "error", "which measures in degree"),
        ("UTM 20 south", "error", "which is not a coordinate system"),
    ],
)
def test_a_system_that_does_not_fit_is_found(crs: str, severity: str, said: str) -> None:
    case = made_case()
    (found,) = check_crs(replace(case, about=replace(case.about, region=REGIONS[1][0], crs=crs)))
    assert (found.severity, said in found.what) == (severity, True)
    assert "EPSG:32720" in found.expected


def test_a_system_that_fits_is_no_problem() -> None:
    case = made_case()
    for region, crs in REGIONS:
        assert not list(check_crs(replace(case, about=replace(case.about, region=region, crs=crs))))


def box(name: str, south: float, north: float, first: str, last: str) -> Zone:
    ring = [[36.2, south], [36.9, south], [36.9, north], [36.2, north], [36.2, south]]
    ends = {"from_": When.parse(first), "until": When.parse(last)}
    return Zone(id=name, title=name, geometry={"type": "Polygon", "coordinates": [ring]}, **ends)


@pytest.mark.parametrize(
    ("lower", "upper", "north_in"),
    [
        (("2020-01-01", "2020-03-01"), ("2020-02-01", "2020-04-01"), [False, True]),  # each has days of its own
        (("2020-01-01", "2020-03-01"), ("2020-01-01", "2020-04-01"), [True, True]),  # the other lasts as long, too
        (("2020-01-01", "2020-04-01"), ("2020-02-01", "2020-03-01"), [False, True]),
        (("2020-01-01", "2020-03-01"), ("2020-01-01", "2020-03-01"), [True]),
    ],
)
def test_a_version_of_a_zone_has_the_parts_that_last_all_its_days(
    lower: tuple[str, str], upper: tuple[str, str], north_in: list[bool]
) -> None:
    made = made_case(zones=(box("z", 35.1, 35.6, *lower), box("z", 35.7, 36.1, *upper)))
    geography = Geography(made)
    assert [geography.place_inside(v, "northtown")[1] for v in geography.versions("z")] == north_in


@pytest.mark.parametrize(
    ("zone", "place", "inside"),
    [("north", "northtown", True), ("north", "southtown", False), ("post-1", "post-1", True),
     ("post-1", "post-2", False), ("south", "post-1", True)],
)  # fmt: skip
def test_a_sector_holds_its_places_and_a_place_itself(zone: str, place: str, inside: bool) -> None:
    geography = Geography(made_case())
    (version,) = geography.versions(zone)
    assert geography.place_inside(version, place) == (inside, inside)


@pytest.mark.parametrize(("south", "north", "inside"), [(35.1, 35.4, True), (35.31, 35.4, False), (35.1, 35.6, True)])
def test_what_is_simulated_in_a_sector_lies_where_half_of_its_places_do(
    south: float, north: float, inside: bool
) -> None:
    geography = Geography(made_case(zones=(box("z", south, north, "2020-01-01", "2020-12-31"),)))
    (version,) = geography.versions("z")  # southtown and post 1 are the sector of the south
    assert geography.inside(version, (), ("south",), simulated=True) == (inside, inside)


def test_a_place_that_nobody_knows_may_lie_in_a_zone_and_lies_in_no_sector() -> None:
    geography = Geography(made_case(zones=(box("z", 35.1, 35.6, "2020-01-01", "2020-12-31"),)))
    (zone,), (sector,) = geography.versions("z"), geography.versions("south")
    assert (geography.place_inside(zone, "nowhere"), geography.place_inside(sector, "nowhere")) == (
        (False, True), (False, False),
    )  # fmt: skip
    assert geography.place_may_be("z", "southtown") and not geography.place_may_be("z", "northtown")
    assert geography.place_may_be("not z", "northtown") and not geography.place_may_be("not z", "southtown")
