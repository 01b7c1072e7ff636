"""Texts and boundaries a user keeps in the case's ``library/`` folder; nothing outside that folder is ever opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from standoff.case.model import Case, Document

MAX_TEXT = 4 * 2**20
MAX_BOUNDARIES = 30 * 2**20


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


def text_of(case: Case, document: Document) -> str | None:
    """Return the user's own copy of a document, or None: ``file`` of its record, else ``<id>.txt``, in ``library/``."""
    path = inside(case.root / "library", text_name(document))
    if path is None or path.stat().st_size > MAX_TEXT:
        return None
    return path.read_text(encoding="utf-8", errors="replace")


def boundaries(case: Case) -> list[dict[str, Any]]:
    """Return sub-districts from ``library/boundaries.geojson`` for the map, or nothing where the user has none.

    Polygons outside the region are left out; coordinates are rounded to about 100 m.
    """
    path = inside(case.root / "library", "boundaries.geojson")
    if path is None or path.stat().st_size > MAX_BOUNDARIES:
        return []
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return [shape for feature in features if (shape := _shape(feature, case.about.region)) is not None]
    except (ValueError, KeyError, TypeError):
        return []


def _shape(feature: dict[str, Any], region: tuple[float, float, float, float]) -> dict[str, Any] | None:
    geometry = feature["geometry"]
    if not geometry or geometry["type"] not in ("Polygon", "MultiPolygon"):
        return None
    given = {str(k).lower(): str(v) for k, v in (feature.get("properties") or {}).items()}
    name = next((given[k] for k in ("adm3_en", "adm3", "adm3_name", "name") if given.get(k)), "")
    coordinates = _rounded(geometry["coordinates"])
    rings = coordinates if geometry["type"] == "Polygon" else [ring for part in coordinates for ring in part]
    west, south, east, north = region
    if not any(west <= x <= east and south <= y <= north for ring in rings for x, y, *_ in ring):
        return None
    return {"name": name, "kind": "subdistrict", "type": geometry["type"], "coordinates": coordinates}


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, int | float) else [_rounded(v) for v in value]
