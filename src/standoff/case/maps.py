"""Zones of a case: zones.geojson to records, with the line of each feature that cannot be read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standoff.case.geography import Zone
from standoff.case.model import Case
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.geojson import short, wrong_geometry
from standoff.files.opener import is_there, parse_json, read_json, read_text
from standoff.files.yaml import MAX_YAML_BYTES
from standoff.values import Bounds, When

# The outlines behind a case's map: background.geojson, countries and governorates as polygons.


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


COLLECTION = "a GeoJSON FeatureCollection"
CERTAINTY = ("certain", "possible")
_BUFFER = Bounds(0, 2000, "kilometres")


class _Bad(Exception):
    """What is wrong with a feature: what it is, what was expected, and perhaps the nearest name."""

    def __init__(self, what: str, expected: str, hint: str = "") -> None:
        super().__init__(what)
        self.what, self.expected, self.hint = what, expected, hint


def read_zones(path: Path, problems: list[Problem]) -> tuple[Zone, ...]:
    """Return the zones of a GeoJSON file; what cannot be read is added to ``problems``, all of it."""
    label = path.name
    try:
        text = read_text(path, label, MAX_YAML_BYTES, expected="GeoJSON in UTF-8")
        whole = parse_json(text, label, "GeoJSON (RFC 7946)")
    except StandoffError as error:
        problems += error.problems
        return ()
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list):
        problems.append(Problem(label, 0, "there is no list of features", COLLECTION))
        return ()
    zones = []
    for number, (feature, line) in enumerate(zip(features, _lines(text, len(features)), strict=True), 1):
        bad = list(_wrong(feature))
        problems += [Problem(label, line, f"feature {number}: {b.what}", b.expected, b.hint) for b in bad]
        if not bad:
            zones.append(_zone(feature["properties"], feature["geometry"], line))
    return tuple(zones)


def _zone(properties: dict[str, Any], geometry: dict[str, Any], line: int) -> Zone:
    claims = properties.get("claims") or ()
    name = str(properties["id"])
    return Zone(
        id=name,
        title=str(properties.get("title") or name),
        geometry=geometry,
        certainty=str(properties.get("certainty") or "certain"),
        from_=_date(properties, "from"),
        until=_date(properties, "until"),
        basis=str(properties.get("basis") or ""),
        claims=(claims,) if isinstance(claims, str) else tuple(claims),
        buffer_km=_BUFFER.parse(properties.get("buffer_km") or 0),
        line=line,
    )


def _wrong(feature: Any) -> Iterator[_Bad]:
    """Yield all that is wrong with a feature."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        yield _Bad("there are no properties", "properties.id and a geometry")
        return
    if not _is_word(properties.get("id")):
        yield _Bad("there is no 'id'", "properties.id and a geometry")
    for key in ("title", "certainty", "basis"):
        if properties.get(key) is not None and not isinstance(properties[key], str | int | float):
            yield _Bad(f"{key} is {short(properties[key])}", "a text")
    certainty = properties.get("certainty") or "certain"
    if isinstance(certainty, str) and certainty not in CERTAINTY:
        yield _Bad(f"certainty is {certainty[:40]!r}", " or ".join(CERTAINTY), nearest(certainty, CERTAINTY))
    for key in ("from", "until"):
        try:
            _date(properties, key)
        except ValueError as error:
            yield _Bad(f"{key} is {short(properties[key])}", str(error).removeprefix("expected "))
    claims = properties.get("claims") or ()
    if not isinstance(claims, str | list | tuple) or not all(isinstance(name, str) for name in claims):
        yield _Bad(f"claims is {short(claims)}", "a list of claims")
    try:
        _BUFFER.parse(properties.get("buffer_km") or 0)
    except ValueError as error:
        yield _Bad(f"buffer_km is {short(properties['buffer_km'])}", str(error).removeprefix("expected "))
    if wrong := wrong_geometry(feature.get("geometry")):
        yield _Bad(*wrong)


def _is_word(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip() != ""


def _date(properties: dict[str, Any], key: str) -> When | None:
    return When.parse(properties[key]) if properties.get(key) else None


def _lines(text: str, count: int) -> list[int]:
    """Return the line on which each feature of a FeatureCollection begins; 0 where it cannot be told."""
    decoder = json.JSONDecoder()
    for match in re.finditer(r'"features"\s*:\s*\[', text):
        at, lines = match.end(), list[int]()
        try:
            while len(lines) < count:
                begins = re.compile(r"[^\s,]").search(text, at)
                at = begins.start() if begins else len(text)
                lines.append(text.count("\n", 0, at) + 1)
                _, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            continue
        return lines
    return [0] * count
