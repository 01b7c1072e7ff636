"""The outlines behind a case's map: background.geojson, countries and governorates as polygons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from standoff.case.model import Case
from standoff.errors import Problem, StandoffError

FILE = "background.geojson"
_POLYGONS = ("Polygon", "MultiPolygon")


def background(case: Case) -> tuple[dict[str, Any], ...]:
    """Return the outlines of a case, nothing where it has none: ``name``, ``kind``, ``type`` and ``coordinates``.

    Raises StandoffError when the file cannot be read.
    """
    if problems := list(check_outlines(case)):
        raise StandoffError(problems)
    named = [(f["properties"], f["geometry"]) for f in _features(case)]
    return tuple({"name": p["name"], "kind": p["kind"], **{k: g[k] for k in ("type", "coordinates")}} for p, g in named)


def check_outlines(case: Case) -> Iterator[Problem]:
    """The file is a GeoJSON FeatureCollection of polygons with a name and a kind."""
    try:
        features = _features(case)
    except UnicodeDecodeError:
        yield Problem(FILE, 0, "this is not UTF-8 text", "a GeoJSON FeatureCollection")
        return
    except json.JSONDecodeError as error:
        yield Problem(FILE, error.lineno, f"this is not JSON: {error.msg}", "a GeoJSON FeatureCollection")
        return
    except RecursionError:
        yield Problem(FILE, 0, "lists lie in lists too deep to be read", "a GeoJSON FeatureCollection")
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


def _features(case: Case) -> Any:
    path = case.root / FILE
    if not path.is_file():
        return []
    whole = json.loads(path.read_text(encoding="utf-8"))
    return whole.get("features") if isinstance(whole, dict) else None
