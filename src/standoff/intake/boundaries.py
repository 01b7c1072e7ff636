"""Administrative boundaries of a user's own GeoJSON file, such as OCHA's COD-AB from HDX, as plain records for maps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from standoff.errors import Problem, StandoffError, nearest
from standoff.files.opener import read_json

MAX_BYTES = 16 * 2**20
MOST_LISTED = 50  # problems listed in full
_LEVELS = range(4, -1, -1)
_WGS84 = re.compile(r"(CRS:?:?84|EPSG:+4326)\Z", re.IGNORECASE)
_LOCAL = ("ar", "name1")  # a name in the local script: ADM3_AR, NAME_AR, adm3_name1


@dataclass(frozen=True, slots=True)
class Boundary:
    """One administrative area: its P-code, names, level (0 country to 4), the P-code above it, and its shape.

    ``geometry`` is a GeoJSON Polygon or MultiPolygon in WGS84.
    """

    pcode: str
    name: str
    name_local: str
    level: int
    parent: str
    geometry: Mapping[str, Any]


class _Bad(ValueError):
    def __init__(self, what: str, expected: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what, self.expected, self.hint = what, expected, hint


def _in_words(what: str) -> str:
    if " is too large for a number" in what:
        return f"a position is {what.replace(' is too large', ', too large')}"
    return f"this cannot be read as JSON: {what}" if "too deep" in what or "number" in what else what


def read_boundaries(path: Path, region: tuple[float, float, float, float] | None = None) -> tuple[Boundary, ...]:
    """Read a FeatureCollection of areas with ``ADM3_PCODE``, ``ADM3_EN``, ``ADM3_AR`` (or lower-case, or plain) keys.

    ``region`` (west, south, east, north) is where they should lie. Raises StandoffError with every problem: not JSON,
    over 16 MB, another coordinate system, not degrees, rings left open or crossing themselves, P-codes missing or
    given twice.
    """
    file = str(path)
    areas: dict[str, Boundary] = {}
    problems: list[Problem] = []
    bad = 0
    for number, feature in enumerate(_features(path, file), 1):
        where = f"feature {number}"
        try:
            one = _boundary(feature)
            where += f" ({one.pcode})"
            if one.pcode in areas:
                raise _Bad("its P-code is given twice", "each P-code once")
            one = replace(one, geometry=_checked(one.geometry))
        except _Bad as error:
            bad += 1
            if len(problems) < MOST_LISTED:
                problems.append(Problem(file, 0, f"{where}: {error.what}", error.expected, error.hint))
            continue
        areas[one.pcode] = one
    if bad > len(problems):
        problems.append(Problem(file, 0, f"{bad - len(problems)} more features cannot be read"))
    if not problems and region is not None:
        problems += _elsewhere(list(areas.values()), region, file)
    if problems:
        raise StandoffError(problems)
    return tuple(areas.values())


def _features(path: Path, file: str) -> list[Any]:
    expected = "a GeoJSON FeatureCollection (RFC 7946)"
    try:
        data = read_json(path, file, MAX_BYTES, expected=expected)
    except StandoffError as error:
        large = "MB" in error.problems[0].what
        hint = "simplify it, or cut it to the region" if large else ""
        raise StandoffError([replace(p, what=_in_words(p.what), hint=hint) for p in error.problems]) from None
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        raise StandoffError.of("this is no FeatureCollection", file=file, expected=expected)
    features = data.get("features")
    if not isinstance(features, list) or not features:
        raise StandoffError.of("there is no feature in it", file=file, expected=expected)
    crs = data.get("crs")
    properties = crs.get("properties", {}) if isinstance(crs, dict) else {}
    system = str(properties.get("name", crs)) if isinstance(properties, dict) else str(crs)
    if crs is not None and not _WGS84.search(system):
        what = f"the coordinate system is {system}"
        raise StandoffError.of(what, file=file, expected="WGS84 (EPSG:4326), longitude first")
    return features


def _boundary(feature: Any) -> Boundary:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise _Bad("there are no properties", "a Feature with properties")
    properties = {str(k).lower(): str(v).strip() for k, v in feature["properties"].items() if v is not None}
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        kind = geometry.get("type") if isinstance(geometry, dict) else geometry
        raise _Bad(f"the geometry is {kind}", "a Polygon or a MultiPolygon")
    levels = [n for n in _LEVELS if properties.get(f"adm{n}_pcode")]
    if properties.get("pcode"):
        above = levels[0] if levels else (-1 if len(properties["pcode"]) == 2 else 0)
        pcode, level, prefix = properties["pcode"], above + 1, "name"
        parent = properties.get(f"adm{above}_pcode", "")
        keys = ("name_en", "name")
        local = tuple(f"{prefix}_{k}" for k in _LOCAL)
    elif levels:
        level = levels[0]
        pcode, prefix = properties[f"adm{level}_pcode"], f"adm{level}"
        parent = properties.get(f"adm{level - 1}_pcode", "")
        keys = (f"{prefix}_en", f"{prefix}_name")
        local = tuple(f"{prefix}_{k}" for k in _LOCAL)
    else:
        codes = [*(f"adm{n}_pcode" for n in _LEVELS), "pcode"]
        hints = filter(None, (nearest(key, codes) for key in properties))
        raise _Bad("there is no P-code", "a property such as ADM3_PCODE", next(hints, ""))
    name = next((properties[k] for k in keys if properties.get(k)), "")
    if not name:
        raise _Bad(f"{pcode} has no name", f"a property such as {keys[0].upper()}")
    name_local = next((properties[k] for k in local if properties.get(k)), "")
    return Boundary(pcode, name, name_local, level, parent, geometry)


def _listed(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _Bad(f"{what} is missing or empty", "a Polygon or MultiPolygon with rings of positions")
    return value


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    coordinates = _listed(geometry.get("coordinates"), "the list of coordinates")
    return coordinates if geometry["type"] == "MultiPolygon" else [coordinates]


def _checked(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the geometry without heights. Raises _Bad where it is not one that can be drawn."""
    from shapely import is_valid_reason
    from shapely.geometry import shape

    flat = []
    for polygon in _polygons(geometry):
        rings = [[_position(p) for p in _listed(ring, "a ring")] for ring in _listed(polygon, "a polygon")]
        if any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
            raise _Bad("a ring is not closed", "4 or more positions, the last equal to the first")
        flat.append(rings)
    flattened = {"type": geometry["type"], "coordinates": flat if geometry["type"] == "MultiPolygon" else flat[0]}
    area = shape(flattened)
    if not area.is_valid:
        raise _Bad(f"the shape is not valid: {is_valid_reason(area)}", "rings that do not cross", "repair it in a GIS")
    return flattened


def _position(position: Any) -> list[float]:
    numbers = isinstance(position, list) and len(position) in (2, 3)
    if not numbers or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in position):
        raise _Bad(f"a position is {str(position)[:40]}", "[longitude, latitude]")
    lon, lat = position[:2]
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        metres = "these look like metres: save the layer in EPSG:4326" if abs(lon) > 360 or abs(lat) > 360 else ""
        raise _Bad(f"a position is {str(lon)[:20]}, {str(lat)[:20]}", "degrees (WGS84), longitude first", metres)
    return [lon, lat]


def _elsewhere(areas: Sequence[Boundary], region: tuple[float, float, float, float], file: str) -> Iterator[Problem]:
    """Tell of a file none of whose areas touches the region, or that fits it better the wrong way round."""
    west, south, east, north = region
    boxes = [_box(one.geometry) for one in areas]
    touching = sum(w <= east and west <= e and s <= north and south <= n for w, s, e, n in boxes)
    centres = [((w + e) / 2, (s + n) / 2) for w, s, e, n in boxes]
    inside = sum(west <= lon <= east and south <= lat <= north for lon, lat in centres)
    swapped = sum(west <= lon <= east and south <= lat <= north for lat, lon in centres)
    expected = f"longitude {west:g} to {east:g}, latitude {south:g} to {north:g}"
    if swapped > inside:
        what = f"{inside} of {len(areas)} areas lie in the region of the case, and {swapped} the other way round"
        yield Problem(file, 0, what, expected, "latitude and longitude are the wrong way round")
    elif not touching:
        yield Problem(file, 0, "no area lies in the region of the case", expected)


def _box(geometry: Mapping[str, Any]) -> tuple[float, float, float, float]:
    positions = [p for polygon in _polygons(geometry) for ring in polygon for p in ring]
    lon, lat = [p[0] for p in positions], [p[1] for p in positions]
    return min(lon), min(lat), max(lon), max(lat)
