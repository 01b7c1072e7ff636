"""Maps of a case: zones.geojson to records, and the outlines of background.geojson, each feature's fault with its line.

A case is in WGS84, as RFC 7946 says: another coordinate system is refused by name. `read_zones` also reads a file of
somebody else's, whose system is honoured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from standoff.case.geography import Zone
from standoff.case.model import Case
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.geojson_reader import COLLECTION, POLYGONS, GeometryError, Layer, Region, open_layer, short
from standoff.files.opener import is_there
from standoff.files.yaml import MAX_YAML_BYTES
from standoff.values import Bounds, When

# What lies behind a case's map: background.geojson, countries and governorates as polygons, rivers and roads as lines.


FILE = "background.geojson"
LINES = ("LineString", "MultiLineString")
LINE_KINDS = ("river", "road")
MAX_BYTES = 30 * 2**20


def background(case: Case) -> tuple[dict[str, Any], ...]:
    """Return the outlines of a case, nothing where it has none: ``name``, ``kind``, ``type`` and ``coordinates``.

    Raises StandoffError when the file cannot be read.
    """
    outlines, problems = _outlines(case)
    if any(problem.severity == "error" for problem in problems):
        raise StandoffError(problems)
    return tuple(outlines)


def sound_background(case: Case) -> tuple[dict[str, Any], ...]:
    """Return the outlines of a case; nothing where their file has a fault, which is for ``check`` to tell."""
    try:
        return background(case)
    except StandoffError:
        return ()


def check_outlines(case: Case) -> Iterator[Problem]:
    """The file is a GeoJSON FeatureCollection of polygons, or lines of rivers and roads, with a name and a kind."""
    yield from _outlines(case)[1]


def _outlines(case: Case) -> tuple[list[dict[str, Any]], list[Problem]]:
    path = case.root / FILE
    if not is_there(path):
        return [], []
    try:
        layer = open_layer(path, FILE, MAX_BYTES, within=case.root, region=case.about.region)
    except StandoffError as error:
        binary = any("UTF-" in p.what for p in error.problems)  # of such a file no line helps
        problem = Problem(FILE, 0, "this is not UTF-8 text", COLLECTION)
        return [], [problem] if binary else list(error.problems)
    outlines, problems = [], []
    for number, feature in enumerate(layer.features, 1):
        line, parts = layer.line(number), feature if isinstance(feature, dict) else {}
        properties = x if isinstance(x := parts.get("properties"), dict) else {}
        words = {key: properties.get(key) for key in ("name", "kind")}
        for key in (k for k, word in words.items() if not isinstance(word, str)):
            what = f"feature {number} has no {key}"
            problems.append(Problem(FILE, line, what, "the properties name and kind, as text"))
        wanted = LINES if words["kind"] in LINE_KINDS else POLYGONS
        if wanted is POLYGONS and (kind := _line_of(parts)):
            hint = nearest(str(words["kind"]), LINE_KINDS)
            what = f"feature {number} is a {kind} of the kind {short(words['kind'])}"
            problems.append(Problem(FILE, line, what, f"lines of the kind {' or '.join(LINE_KINDS)}", hint))
            continue
        try:
            shape, notes = layer.shape(parts.get("geometry"), wanted, close=True, valid=False)
        except GeometryError as error:
            problems.append(Problem(FILE, line, f"feature {number}: {error.what}", error.expected, error.hint))
            continue
        problems += _notes_as_warnings(FILE, line, f"feature {number}", notes)
        outlines.append({**words, **shape})
    return outlines, problems


def _line_of(feature: Mapping[str, Any]) -> str:
    """Return the type of a feature's geometry where that is a line."""
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else ""
    return kind if isinstance(kind, str) and kind in LINES else ""


def _notes_as_warnings(file: str, line: int, where: str, notes: list[str]) -> list[Problem]:
    """Return what was done to a geometry as warnings; a ring cut along the 180th meridian is as it was meant."""
    kept = dict.fromkeys(note for note in notes if "180th meridian" not in note)
    return [Problem(file, line, f"{where}: {note}", severity="warning") for note in kept]


CERTAINTY = ("certain", "possible")
_BUFFER = Bounds(0, 500, "kilometres")  # farther, what lies beside a line is a region and drawn as one


class _Bad(Exception):
    """What is wrong with a feature: what it is, what was expected, and perhaps the nearest name."""

    def __init__(self, what: str, expected: str, hint: str = "") -> None:
        super().__init__(what)
        self.what, self.expected, self.hint = what, expected, hint


def read_zones(
    path: Path,
    problems: list[Problem],
    *,
    region: Region | None = None,
    repair: bool = False,
    reproject: bool = False,
) -> tuple[Zone, ...]:
    """Return the zones of a GeoJSON file; what cannot be read is added to ``problems``, all of it.

    Parameters
    ----------
    path
        The file; messages name it without its folder.
    problems
        Takes the errors, one for each fault of a feature, and as warnings what was done to a geometry.
    region
        West, south, east and north of the case, in degrees.
    repair
        Whether to mend shapes that are not valid, each named.
    reproject
        Whether this is a file of somebody else: a coordinate system other than WGS84 is honoured, and a feature
        without ``properties.id`` has the ``id`` of the feature, or its name.
    """
    label = path.name
    try:
        layer = open_layer(path, label, MAX_YAML_BYTES, region=region, reproject=reproject)
    except StandoffError as error:
        problems += error.problems
        return ()
    if layer.system:
        what = f"the coordinate system is {layer.system}: reprojected to WGS84"
        problems.append(Problem(label, 0, what, severity="warning"))
    zones: list[Zone] = []
    first: dict[tuple[str, str], list[Zone]] = {}
    for number, feature in enumerate(layer.features, 1):
        line = layer.line(number)
        if reproject:
            feature = _named(feature)
        zone, bad, notes = _read(layer, feature, line, repair)
        problems += [Problem(label, line, f"feature {number}: {b.what}", b.expected, b.hint) for b in bad]
        problems += _notes_as_warnings(label, line, f"feature {number}", notes)
        if zone is None:
            continue
        others = first.setdefault((zone.id, zone.certainty), [])
        same = next((one for one in others if _at_once(one, zone)), None)
        others.append(zone)
        if same is not None:
            what = f"feature {number}: the zone {zone.id!r} is given twice, both {zone.certainty} and both at one time"
            expected = "each id once, or versions that differ in certainty, or in from and until"
            problems.append(Problem(label, line, what, expected, f"first at line {same.line}"))
            continue
        zones.append(zone)
    return tuple(zones)


def _named(feature: Any) -> Any:
    """Return a feature of somebody else's file with an id, where it has one in another place, or a name."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or _is_word(properties.get("id")):
        return feature
    plain = {str(key).lower(): value for key, value in properties.items()}
    names = (feature.get("id"), *(plain.get(key) for key in ("id", "zone", "name", "title")))
    name = next((value for value in names if _is_word(value)), None)
    return feature if name is None else {**feature, "properties": {**properties, "id": name}}


def _at_once(one: Zone, two: Zone) -> bool:
    """Whether two versions of a zone certainly hold on a common day, more than the one on which they change."""

    def before(a: Zone, b: Zone) -> bool:
        end = (a.until.start or a.until.end) if a.until else None
        start = (b.from_.end or b.from_.start) if b.from_ else None
        return end is not None and start is not None and end <= start

    return not (before(one, two) or before(two, one))


def _read(layer: Layer, feature: Any, line: int, repair: bool) -> tuple[Zone | None, list[_Bad], list[str]]:
    """Return a feature as a zone, or all that is wrong with it, and what was done to its geometry."""
    bad = list(_wrong(feature))
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return None, bad, []
    try:
        geometry, notes = layer.shape(feature.get("geometry"), repair=repair, close=True)
    except GeometryError as error:
        return None, [*bad, _Bad(error.what, error.expected, error.hint)], []
    return (None if bad else _zone(properties, geometry, line)), bad, notes


def _zone(properties: Mapping[str, Any], geometry: dict[str, Any], line: int) -> Zone:
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


def _is_word(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip() != ""


def _date(properties: Mapping[str, Any], key: str) -> When | None:
    return When.parse(properties[key]) if properties.get(key) else None
