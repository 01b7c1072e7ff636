"""The outlines behind a case's map: background.geojson, countries and governorates as polygons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from standoff.case.files import is_there, read_json
from standoff.case.geometry import wrong_geometry
from standoff.case.model import Case
from standoff.errors import Problem, StandoffError

FILE = "background.geojson"
MAX_BYTES = 30 * 2**20
_POLYGONS = ("Polygon", "MultiPolygon")


def background(case: Case) -> tuple[dict[str, Any], ...]:
    """Return the outlines of a case, nothing where it has none: ``name``, ``kind``, ``type`` and ``coordinates``.

    Raises StandoffError when the file cannot be read.
    """
    if problems := list(check_outlines(case)):
        raise StandoffError(problems)
    named = [(f["properties"], f["geometry"]) for f in _features(case)]
    return tuple({"name": p["name"], "kind": p["kind"], **{k: g[k] for k in ("type", "coordinates")}} for p, g in named)


def sound_background(case: Case) -> tuple[dict[str, Any], ...]:
    """Return the outlines of a case; nothing where their file has a fault, which is for ``check`` to tell."""
    try:
        return background(case)
    except StandoffError:
        return ()


def check_outlines(case: Case) -> Iterator[Problem]:
    """The file is a GeoJSON FeatureCollection of polygons with a name and a kind."""
    try:
        features = _features(case)
    except StandoffError as error:
        for problem in error.problems:
            binary = problem.what.endswith("is not UTF-8")  # of such a file no line helps
            yield Problem(FILE, 0, "this is not UTF-8 text", problem.expected) if binary else problem
        return
    if not isinstance(features, list):
        yield Problem(FILE, 0, "there is no list of features", "a GeoJSON FeatureCollection")
        return
    for number, feature in enumerate(features, 1):
        parts = feature if isinstance(feature, dict) else {}
        properties, geometry = (x if isinstance(x := parts.get(k), dict) else {} for k in ("properties", "geometry"))
        for key in ("name", "kind"):
            if not isinstance(properties.get(key), str):
                yield Problem(FILE, 0, f"feature {number} has no {key}", "the properties name and kind, as text")
        if geometry.get("type") not in _POLYGONS or not isinstance(geometry.get("coordinates"), list):
            what = f"the geometry of feature {number} is {geometry.get('type')!r}"
            yield Problem(FILE, 0, what, " or ".join(_POLYGONS) + ", with coordinates")
        elif wrong := wrong_geometry(geometry, _POLYGONS):
            yield Problem(FILE, 0, f"feature {number}: {wrong[0]}", *wrong[1:])


def _features(case: Case) -> Any:
    path = case.root / FILE
    if not is_there(path):
        return []
    whole = read_json(path, FILE, MAX_BYTES, within=case.root, expected="a GeoJSON FeatureCollection")
    return whole.get("features") if isinstance(whole, dict) else None
