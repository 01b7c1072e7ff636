"""A base map of every country, offline: land and borders, cut to a region.

The shapes are Natural Earth's at 1:50 million (public domain), as the npm package world-atlas 2.0.2 holds them in
TopoJSON: arcs of differences in whole numbers, which countries share (https://github.com/topojson/topojson-specification).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from shapely.errors import GEOSException
from shapely.geometry import MultiPolygon, Polygon, box, mapping
from shapely.validation import make_valid

NEAR, FAR = 5.0, 25.0  # degrees within which small and large parts of a country belong to its extent
CREDIT = "borders and coasts: Natural Earth, public domain"
Region = Sequence[float]  # west, south, east, north in degrees


@cache
def _countries() -> tuple[tuple[str, Any], ...]:
    text = files("standoff.views").joinpath("static/world/countries-50m.json").read_text(encoding="utf-8")
    world = json.loads(text)
    (x_scale, y_scale), (x_start, y_start) = world["transform"]["scale"], world["transform"]["translate"]
    arcs = []
    for arc in world["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * x_scale + x_start, y * y_scale + y_start))
        arcs.append(points)

    def ring(numbers: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for number in numbers:  # ~n is arc n backwards; its first point is the last of the one before
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += arc if not points else arc[1:]
        return points

    countries = []
    for shape in world["objects"]["countries"]["geometries"]:
        parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape.get("arcs", [])
        polygons = [Polygon(ring(part[0]), [ring(hole) for hole in part[1:]]) for part in parts]
        if polygons:
            countries.append((shape["properties"]["name"], polygons))
    return tuple(countries)


@cache
def _names() -> dict[str, dict[str, str]]:
    text = files("standoff.views").joinpath("static/world/names.json").read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def local_name(country: str, language: str) -> str:
    """Return the name of a country of the map in a language; its English name where there is none."""
    return _names().get(language, {}).get(country, country)


def country_names() -> list[str]:
    """Return the names of all countries of the map."""
    return sorted(name for name, _ in _countries())


def country_extent(name: str) -> tuple[float, float, float, float] | None:
    """Return the west, south, east and north of a country; None where there is none of this name.

    Large parts count within FAR degrees of the largest, small ones within NEAR: islands do, and what is overseas not.
    """
    polygons = next((some for one, some in _countries() if one.casefold() == name.strip().casefold()), None)
    if polygons is None:
        return None
    main = max(polygons, key=lambda p: p.area)
    large = MultiPolygon([p for p in polygons if p.area > main.area * 0.02 and p.distance(main) <= FAR])
    bounds = [p.bounds for p in polygons if p.distance(large) <= NEAR]
    west, south = min(b[0] for b in bounds), min(b[1] for b in bounds)
    east, north = max(b[2] for b in bounds), max(b[3] for b in bounds)
    return round(west, 2), round(south, 2), round(east, 2), round(north, 2)


def countries_in(region: Region) -> list[dict[str, Any]]:
    """Return the countries of a region as outlines cut to it: ``name``, ``kind``, ``type`` and ``coordinates``.

    A region across the 180th meridian goes on beyond 180 degrees, as a case's region may.
    """
    west, south, east, north = region
    outlines: list[dict[str, Any]] = []
    for shift in (0.0, 360.0) if east > 180 else (0.0,):
        frame = box(west - shift, south, east - shift, north)
        for name, polygons in _countries():
            near = [p for p in polygons if _meets(p, frame.bounds)]
            if not near:
                continue
            try:
                cut = MultiPolygon(near).intersection(frame)
            except GEOSException:  # a ring that touches itself at this scale
                cut = make_valid(MultiPolygon(near)).intersection(frame)
            shapes = [
                part for part in getattr(cut, "geoms", [cut]) if part.geom_type == "Polygon" and not part.is_empty
            ]
            for part in shapes:
                geometry = mapping(part)
                rings = [[(x + shift, y) for x, y in ring] for ring in geometry["coordinates"]]
                outlines.append({"name": name, "kind": "country", "type": "Polygon", "coordinates": rings})
    return outlines


def _meets(polygon: Polygon, bounds: tuple[float, float, float, float]) -> bool:
    west, south, east, north = polygon.bounds
    return bool(west <= bounds[2] and east >= bounds[0] and south <= bounds[3] and north >= bounds[1])
