"""Checks of the map: the coordinate system that distances are measured in, and the zones drawn in it."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.case.model import Case
from standoff.commitments.geography import crs_of
from standoff.commitments.wording import PATTERNS, everything, text_and_readings
from standoff.errors import Problem


def check_crs(case: Case) -> Iterator[Problem]:
    """A coordinate system that is given measures in metres and is made for the region."""
    given = case.about.crs
    if not given:
        return
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        system = CRS.from_user_input(given)
    except CRSError:
        what = f"crs is {given!r}, which is no coordinate system"
        yield Problem("case.yaml", 0, what, f"{crs_of(case.about.region)}, or no crs", "", "crs")
        return
    units = {axis.unit_name for axis in system.axis_info}
    if not system.is_projected or units != {"metre"}:
        what = f"crs is {given!r}, which measures in {', '.join(sorted(units))}"
        yield Problem("case.yaml", 0, what, f"a system in metres: {crs_of(case.about.region)}, or no crs", "", "crs")
        return
    made_for = system.area_of_use
    west, south, east, north = case.about.region
    lon, lat = ((west + east) / 2 + 180) % 360 - 180, (south + north) / 2
    if made_for is not None and not (
        made_for.south <= lat <= made_for.north
        and (
            made_for.west <= lon <= made_for.east
            or (made_for.west > made_for.east and not made_for.east < lon < made_for.west)
        )
    ):
        what = f"crs is {given!r}, made for {made_for.name or 'another area'}: distances of this region come out wrong"
        yield Problem("case.yaml", 0, what, f"{crs_of(case.about.region)}, or no crs", "", "crs", "warning")


def check_zones(case: Case) -> Iterator[Problem]:
    """Zones that cross themselves, end before they start, or have no area; loads the geometry library."""
    if not case.zones:
        return
    from shapely.errors import ShapelyError
    from shapely.geometry import shape
    from shapely.validation import explain_validity

    patterns = [
        getattr(term, role)
        for c in case.commitments.values()
        for term in text_and_readings(c).values()
        for role in PATTERNS
    ]
    asked = {name for p in patterns if p is not None for q in everything(p) for name in (q.within, q.beyond)}
    for zone in case.zones:
        try:
            geometry = shape(zone.geometry)
        except (ShapelyError, ValueError, TypeError, KeyError, AttributeError):
            yield Problem("zones.geojson", 0, f"{zone.id}: this is no geometry", "a GeoJSON polygon", "", "zones")
            continue
        if not geometry.is_valid:
            what = f"{zone.id}: the zone is not valid: {explain_validity(geometry)}"
            yield Problem("zones.geojson", 0, what, "an outline that does not cross itself", "", "zones")
        elif geometry.area == 0 and not zone.buffer_km and zone.id in asked:
            what = f"{zone.id}: a commitment asks what lies within this line, which has no area"
            yield Problem("zones.geojson", 0, what, "a polygon, or buffer_km beside the line", "", "zones")
        if zone.buffer_km < 0:
            yield Problem("zones.geojson", 0, f"{zone.id}: buffer_km is {zone.buffer_km}", "0 or more", "", "zones")
        first = zone.from_.start if zone.from_ else None
        last = zone.until.end if zone.until else None
        if first and last and last < first:
            what = f"{zone.id}: until {zone.until} lies before from {zone.from_}"
            yield Problem("zones.geojson", 0, what, "a zone that ends on or after its start", "", "zones")
