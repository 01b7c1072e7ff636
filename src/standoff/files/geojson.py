"""Geometries of GeoJSON (RFC 7946) that people give: whether they can be drawn, and how far they reach."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from standoff.values import Bounds

_LON, _LAT = Bounds(-180, 360, "degrees east"), Bounds(-90, 90, "degrees north")
# type of geometry: how deep its positions lie
DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


class _NoPosition(Exception):
    """A position that is not on Earth, or a list that holds none: what it is, what was expected, a hint."""


def short(value: Any) -> str:
    """Return a value as a message shows it."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."


def wrong_geometry(geometry: Any, allowed: Collection[str] = tuple(DEPTH)) -> tuple[str, str, str] | None:
    """Return what is wrong with a geometry, what was expected and a hint; None where it can be drawn."""
    if not isinstance(geometry, dict):
        return "there is no 'geometry'", " or ".join(allowed), ""
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        return f"the geometry is {short(kind)}", ", ".join(allowed), ""
    try:
        _positions(geometry.get("coordinates"), DEPTH[kind])
    except _NoPosition as error:
        what, expected, hint = error.args
        return what, expected, hint
    return None


def _positions(value: Any, depth: int) -> None:
    if not isinstance(value, list) or not value:
        raise _NoPosition(f"its coordinates hold {short(value)}", "positions such as [36.6, 35.9], longitude first", "")
    if depth:
        for part in value:
            _positions(part, depth - 1)
        return
    try:
        if len(value) not in (2, 3) or not all(_is_number(v) for v in value):
            raise ValueError
        _LON.parse(value[0])
        _LAT.parse(value[1])
    except ValueError:
        raise _NoPosition(f"a position is {short(value)}", "degrees (WGS84), longitude first", _guess(value)) from None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _guess(value: list[Any]) -> str:
    if len(value) < 2 or not all(_is_number(v) for v in value[:2]):
        return ""
    if any(abs(v) > 360 for v in value[:2]):
        return "these look like metres: save the layer in EPSG:4326"
    return "latitude and longitude are the wrong way round" if abs(value[0]) <= 90 < abs(value[1]) else ""


def extent(geometry: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a geometry in which `wrong_geometry` finds nothing."""
    positions = list(_flat(geometry["coordinates"], DEPTH[geometry["type"]]))
    lon, lat = [p[0] for p in positions], [p[1] for p in positions]
    return min(lon), min(lat), max(lon), max(lat)


def _flat(value: Any, depth: int) -> Iterator[Any]:
    if not depth:
        yield value
        return
    for part in value:
        yield from _flat(part, depth - 1)
