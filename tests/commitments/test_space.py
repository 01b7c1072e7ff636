"""Distances are right wherever a case lies: the coordinate system of a region, and what is wrong with one given."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ledger_case import case as made_case
from pyproj import Geod

from standoff.commitments.checks import check_crs
from standoff.commitments.patterns.geography import Geography, crs_of

Region = tuple[float, float, float, float]
REGIONS: list[tuple[Region, str]] = [
    ((36.0, 34.9, 39.4, 37.2), "EPSG:32637"),
    ((-64.0, -19.0, -60.0, -15.0), "EPSG:32720"),
    ((176.0, -20.0, 182.0, -12.0), "EPSG:32760"),
    ((-6.0, 50.0, 0.0, 55.0), "EPSG:32630"),
]


@pytest.mark.parametrize(("region", "expected"), REGIONS)
def test_the_utm_zone_of_the_middle(region: Region, expected: str) -> None:
    assert crs_of(region) == expected


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
