"""Texts and boundaries a user keeps in the case's ``library/`` folder; nothing outside that folder is ever opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from standoff.case.checks import register
from standoff.case.claims import Document
from standoff.case.maps import COLLECTION
from standoff.case.model import Case
from standoff.errors import Problem, StandoffError
from standoff.files.geojson import wrong_geometry
from standoff.files.opener import read_json

MAX_TEXT = 4 * 2**20
MAX_BOUNDARIES = 30 * 2**20
MOST_TOLD = 20  # problems of one file of boundaries
BOUNDARIES = "library/boundaries.geojson"
_POLYGONS = ("Polygon", "MultiPolygon")


def inside(folder: Path, name: str) -> Path | None:
    """Return the file ``name`` of a folder if it is a file that lies in it, also after links are followed."""
    if not name or "\0" in name or Path(name).is_absolute():
        return None
    path = folder / name
    try:
        resolved = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return resolved if resolved.is_file() and resolved.is_relative_to(folder.resolve()) else None


def text_name(document: Document) -> str:
    """Return the name of the user's copy of a document inside ``library/``: ``file`` of its record, else its id."""
    return document.file.removeprefix("library/") or f"{document.id}.txt"


def own_copy(case: Case, document: Document) -> str | None:
    """Return the user's own copy of a document, or None: ``file`` of its record, else ``<id>.txt``, in ``library/``."""
    path = inside(case.root / "library", text_name(document))
    if path is None or path.stat().st_size > MAX_TEXT:
        return None
    return path.read_text(encoding="utf-8", errors="replace")


def boundaries(case: Case) -> list[dict[str, Any]]:
    """Return sub-districts from ``library/boundaries.geojson`` for the map, or nothing where the user has none.

    Polygons outside the region are left out; coordinates are rounded to about 100 m. What cannot be drawn is left out
    too, and told by ``check_boundaries``.
    """
    return _read(case)[0]


@register("workbench")
def check_boundaries(case: Case) -> list[Problem]:
    """Return warnings of what cannot be drawn of ``library/boundaries.geojson``."""
    return _read(case)[1]


def _read(case: Case) -> tuple[list[dict[str, Any]], list[Problem]]:
    path = inside(case.root / "library", "boundaries.geojson")
    if path is None:
        return [], []
    try:
        whole = read_json(path, BOUNDARIES, MAX_BOUNDARIES, expected=COLLECTION)
    except StandoffError as error:
        return [], [replace(problem, severity="warning") for problem in error.problems]
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list):
        return [], [Problem(BOUNDARIES, 0, "there is no list of features", COLLECTION, severity="warning")]
    shapes, problems = [], []
    for number, feature in enumerate(features, 1):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if isinstance(geometry, dict) and geometry.get("type") not in _POLYGONS:
            continue  # points and lines are no sub-districts
        if wrong := wrong_geometry(geometry, _POLYGONS):
            problems.append(Problem(BOUNDARIES, 0, f"feature {number}: {wrong[0]}", *wrong[1:], severity="warning"))
        elif isinstance(geometry, dict) and (shape := _shape(feature, geometry, case.about.region)) is not None:
            shapes.append(shape)
    return shapes, problems[:MOST_TOLD]


def _shape(
    feature: dict[str, Any], geometry: dict[str, Any], region: tuple[float, float, float, float]
) -> dict[str, Any] | None:
    properties = feature.get("properties")
    labels = {str(k).lower(): str(v) for k, v in properties.items()} if isinstance(properties, dict) else {}
    name = next((labels[k] for k in ("adm3_en", "adm3", "adm3_name", "name") if labels.get(k)), "")
    coordinates = _rounded(geometry["coordinates"])
    rings = coordinates if geometry["type"] == "Polygon" else [ring for part in coordinates for ring in part]
    west, south, east, north = region
    if not any(west <= x <= east and south <= y <= north for ring in rings for x, y, *_ in ring):
        return None
    return {"name": name, "kind": "subdistrict", "type": geometry["type"], "coordinates": coordinates}


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, int | float) else [_rounded(v) for v in value]
