"""Texts and boundaries a user keeps in the case's ``library/`` folder; nothing outside that folder is ever opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from standoff.case.checks import register
from standoff.case.claims import Document
from standoff.case.model import Case
from standoff.case.restrictions import is_free
from standoff.errors import Problem, StandoffError
from standoff.files.geojson_reader import POLYGONS, GeometryError, extent, open_layer, touches
from standoff.files.opener import read_bytes
from standoff.intake.boundaries import area_of

MAX_TEXT = 4 * 2**20
MAX_BOUNDARIES = 30 * 2**20
MOST_TOLD = 20  # problems of one file of boundaries
BOUNDARIES = "library/boundaries.geojson"


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
    """Return the user's own copy of a document, or None: ``file`` of its record, else ``<id>.txt``, in ``library/``.

    Words that may not be passed on are shown on no page.
    """
    if not is_free(document):
        return None
    path = inside(case.root / "library", text_name(document))
    if path is None:
        return None
    try:
        return read_bytes(path, path.name, MAX_TEXT).decode("utf-8", errors="replace")
    except StandoffError:  # too large, or gone since
        return None


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
    region, shapes, problems = case.about.region, list[dict[str, Any]](), list[Problem]()
    try:
        layer = open_layer(path, BOUNDARIES, MAX_BOUNDARIES, region=region, reproject=True)
    except StandoffError as error:
        return [], [replace(problem, severity="warning") for problem in error.problems]
    for number, feature in enumerate(layer.features, 1):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if isinstance(geometry, dict) and geometry.get("type") in ("Point", "MultiPoint", "LineString"):
            continue  # points and lines are no sub-districts
        try:
            shape, _ = layer.shape(geometry, POLYGONS, close=True, valid=False)
        except GeometryError as error:
            line, what = layer.line(number), f"feature {number}: {error.what}"
            problems.append(Problem(BOUNDARIES, line, what, error.expected, error.hint, severity="warning"))
            continue
        if touches(extent(shape), region):
            shapes.append(
                {"name": _name(feature), "kind": "subdistrict", **shape, "coordinates": _rounded(shape["coordinates"])}
            )
    if not shapes and not problems and layer.features:
        problems.append(Problem(BOUNDARIES, 0, "no area lies in the region of the case", severity="warning"))
    return shapes, problems[:MOST_TOLD]


def _name(feature: dict[str, Any]) -> str:
    try:
        return area_of(feature).name
    except ValueError:  # an outline without a code may be drawn
        properties = feature.get("properties")
        labels = {str(k).lower(): str(v) for k, v in properties.items()} if isinstance(properties, dict) else {}
        return next((labels[k] for k in ("adm3_en", "adm3", "adm3_name", "name") if labels.get(k)), "")


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, int | float) else [_rounded(v) for v in value]
