"""Administrative boundaries of a user's own GeoJSON file, as plain records for maps and sums by area.

Read are OCHA's COD-AB in any language and with its older names (``ADM2_PCODE`` and ``ADM2_FR``, ``admin2Pcode`` and
``admin2Name_en``, ``adm2_pcode`` and ``adm2_name``), geoBoundaries (``shapeID``), GADM (``GID_2``), Natural Earth and
NUTS. ``Boundary.scheme`` says whose codes they are: those of geoBoundaries and GADM are no P-codes, and places of a
case are matched with such areas by their coordinates alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from standoff.case.checks import register
from standoff.case.model import Case
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.geojson_reader import (
    COLLECTION,
    POLYGONS,
    GeometryError,
    Layer,
    Region,
    extent,
    open_layer,
    other_way_round,
    short,
    touches,
)
from standoff.files.opener import inside
from standoff.intake.columns import is_like_pcode
from standoff.oneline import OneLine

MAX_BYTES = 64 * 2**20
MOST_LISTED = 50  # problems listed in full
MAP_FILE = "library/boundaries.geojson"  # boundaries that the map draws
_MOST_OF_MAP = 30 * 2**20
MOST_TOLD = 20  # problems of one file of boundaries
_LEVELS = range(5, -1, -1)
# How files name the area of level n: its P-code, and its name before the language. Case, "_" and blanks do not count.
_PCODES = ("adm{n}pcode", "admin{n}pcode", "admin{n}pcod")
_CODES = (*_PCODES, "adm{n}code", "admin{n}code", "adm{n}id", "admin{n}id")
_NAMES = ("adm{n}name", "admin{n}name", "adm{n}ref", "adm{n}refname", "admin{n}refname", "admin{n}refn", "adm{n}")
_LANGUAGE = r"(?:adm|admin)%d(?:name)?([a-z]{2})\d?\Z"
_FIRST = ("en", "fr", "es", "pt")  # of several languages the first of these is the name, the rest are local names
_PLAIN_CODES = ("pcode", "hrpcode", "pcodes")
_PLAIN_NAMES = ("name", "hrname", "featurename", "nameen", "namefr", "namees", "namept")


@dataclass(frozen=True, slots=True, repr=False)
class Boundary(OneLine):
    """One administrative area: its code, names, level (0 country to 5), the code above it, and its shape.

    ``geometry`` is a GeoJSON Polygon or MultiPolygon in WGS84. ``scheme`` says whose code ``pcode`` is: ``pcode``
    (OCHA's), ``geoboundaries``, ``gadm``, ``naturalearth`` or ``nuts``.
    """

    pcode: str
    name: str
    name_local: str
    level: int
    parent: str
    geometry: Mapping[str, Any]
    scheme: str = "pcode"


@dataclass(frozen=True, slots=True, repr=False)
class Boundaries(Sequence[Boundary]):
    """The areas of a file, and as ``warnings`` what was done to them: reprojected, repaired, merged, left out.

    ``properties`` says which property of the file gives what: ``code``, ``name``, ``local name``, ``code above``; of
    several levels each with its level.
    """

    areas: tuple[Boundary, ...]
    warnings: tuple[Problem, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Boundaries: {len(self.areas)} areas>"

    def __len__(self) -> int:
        return len(self.areas)

    def __getitem__(self, at: Any) -> Any:
        return self.areas[at]


class _Bad(ValueError):
    def __init__(self, what: str, expected: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what, self.expected, self.hint = what, expected, hint


def read_boundaries(path: Path, region: Region | None = None, *, repair: bool = False) -> Boundaries:
    """Read a file of areas, of whatever publisher and language.

    Parameters
    ----------
    path
        GeoJSON of at most 64 MB, also alone in a zip. A coordinate system with an EPSG code is honoured.
    region
        West, south, east and north of where they should lie, in degrees.
    repair
        Whether to mend shapes that cross themselves or are left open, and to leave out features that cannot be read.
        Each is named among the warnings.

    Returns
    -------
    Boundaries
        The areas; features with one code are merged.

    Raises
    ------
    StandoffError
        With every problem: what the file is where it is not GeoJSON, shapes that are not valid, areas without a code
        or a name, one code with two names, no area in the region.
    """
    file = str(path)
    hint = "simplify it, or cut it to the region"
    layer = open_layer(path, file, MAX_BYTES, region=region, reproject=True, hint=hint)
    if not layer.features:
        raise StandoffError.of("there is no feature in it", file=file, expected=COLLECTION)
    warnings: list[Problem] = []
    if layer.system:
        warnings.append(_warning(file, 0, f"the coordinate system is {layer.system}: reprojected to WGS84"))
    found: dict[str, list[tuple[Boundary, int]]] = {}
    sources: dict[tuple[int, str], list[str]] = {}
    problems: list[Problem] = []
    for number, feature in enumerate(layer.features, 1):
        where = f"feature {number}"
        try:
            one = area_of(feature)
            where += f" ({one.pcode})"
            _note_properties(sources, one, feature["properties"])
            shape, notes = _shape(layer, feature, repair)
            others = found.setdefault(one.pcode, [])
            if others and (others[0][0].name, others[0][0].level) != (one.name, one.level):
                name, line = others[0][0].name, layer.line(others[0][1])
                what = f"its code is given twice, for {name!r} and for {one.name!r}"
                raise _Bad(what, "each code for one area", f"first at line {line}")
        except _Bad as error:
            problems.append(Problem(file, layer.line(number), f"{where}: {error.what}", error.expected, error.hint))
            continue
        warnings += [_warning(file, layer.line(number), f"{where}: {note}") for note in dict.fromkeys(notes)]
        others.append((replace(one, geometry=shape), number))
    areas = []
    for parts in found.values():
        if parts:
            areas.append(_merged(parts, layer, warnings))
    if repair and areas:
        warnings += [replace(p, what=f"{p.what}: left out", severity="warning") for p in problems]
        problems = []
    if not problems and region is not None:
        problems += _elsewhere(areas, region, file)
    if len(problems) > MOST_LISTED:
        more = Problem(file, 0, f"{len(problems) - MOST_LISTED} more features cannot be read")
        problems = [*problems[:MOST_LISTED], more]
    if problems:
        raise StandoffError(problems)
    return Boundaries(tuple(areas), tuple(warnings), _in_words(sources))


def _note_properties(sources: dict[tuple[int, str], list[str]], area: Boundary, properties: Mapping[str, Any]) -> None:
    """Keep, for a level, the properties that gave the code and the names of every area so far."""
    gives = {"code": area.pcode, "name": area.name, "local name": area.name_local, "code above": area.parent}
    for what, value in gives.items():
        there = [str(key) for key, cell in properties.items() if value and str(cell).strip() == value]
        known = sources.get((area.level, what))
        if there and known is None:
            sources[area.level, what] = there
        elif there and known:
            sources[area.level, what] = [key for key in known if key in there] or known[:1]


def _in_words(sources: Mapping[tuple[int, str], Sequence[str]]) -> dict[str, str]:
    several = len({level for level, _ in sources}) > 1
    ordered = sorted(sources.items(), key=lambda item: item[0][0])
    return {f"{what} of level {level}" if several else what: keys[0] for (level, what), keys in ordered}


def _warning(file: str, line: int, what: str) -> Problem:
    return Problem(file, line, what, severity="warning")


def _shape(layer: Layer, feature: Any, repair: bool) -> tuple[dict[str, Any], list[str]]:
    try:
        return layer.shape(feature.get("geometry"), POLYGONS, repair=repair)
    except GeometryError as error:
        hint = error.hint
        if not repair and ("not valid" in error.what or "not closed" in error.what):
            hint = "read it with --repair, or repair it in a GIS"
        raise _Bad(error.what, error.expected, hint) from None


def _merged(parts: Sequence[tuple[Boundary, int]], layer: Layer, warnings: list[Problem]) -> Boundary:
    """Return the area that one or several features are: islands of a district may stand in features of their own."""
    first = parts[0][0]
    if len(parts) == 1:
        return first
    from shapely import get_parts, union_all
    from shapely.geometry import mapping, shape

    whole = union_all([shape(one.geometry) for one, _ in parts])
    polygons = [mapping(p)["coordinates"] for p in get_parts(whole) if p.geom_type == "Polygon"]
    listed = [[[list(p) for p in ring] for ring in polygon] for polygon in polygons]
    numbers = [str(number) for _, number in parts]
    shown = f"{', '.join(numbers[:5])}{', ...' if len(numbers) > 5 else ''}"
    what = f"features {shown} have the code {first.pcode} ({first.name}): read as one area"
    warnings.append(_warning(layer.file, layer.line(parts[0][1]), what))
    geometry = {"type": "MultiPolygon", "coordinates": listed}
    return replace(first, geometry=geometry if len(listed) > 1 else {"type": "Polygon", "coordinates": listed[0]})


def area_of(feature: Any) -> Boundary:
    """Return a feature as an area, its geometry unchecked. Raises ValueError that says which property is missing."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise _Bad("there are no properties", "a Feature with properties")
    cells = {k: str(v).strip() for k, v in feature["properties"].items() if _is_cell(v)}
    plain = {re.sub(r"[\W_]+", "", str(k)).lower(): v for k, v in reversed(cells.items()) if v}
    shape = feature.get("geometry")
    geometry: dict[str, Any] = shape if isinstance(shape, dict) else {}
    for reading in (_by_plain_code, _by_level, _geoboundaries, _gadm, _nuts, _natural_earth):
        area = reading(plain, geometry)
        if area is not None:
            return area
    if "osmid" in plain or "adminlevel" in plain or "boundary" in plain:
        what = (
            "this is a boundary of OpenStreetMap: there is no P-code, and its ids are not kept from edition to edition"
        )
        raise _Bad(what, "a property such as ADM3_PCODE", "take the country's COD-AB or geoBoundaries")
    if str(geometry.get("type", "")).endswith("LineString"):
        hint = "put lines into background.geojson of the case, with the properties name and kind (river or road)"
        raise _Bad("this is a line, not an area", "boundaries of areas", hint)
    codes = [*(f"adm{n}_pcode" for n in _LEVELS), "pcode", "shapeid", "gid_2"]
    hints = filter(None, (nearest(str(key).lower(), codes) for key in cells))
    keys = ", ".join(map(str, list(feature["properties"])[:8]))
    expected = "a property such as ADM3_PCODE (COD-AB), shapeID (geoBoundaries) or GID_3 (GADM)"
    raise _Bad(f"there is no P-code among the properties {short(keys)[1:-1] or 'of it'}", expected, next(hints, ""))


def _is_cell(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _by_level(cells: Mapping[str, str], geometry: Any) -> Boundary | None:
    """COD-AB: the deepest level with a P-code, or with another code and a name."""
    for n in _LEVELS:
        pcode = _first(cells, _keys(_CODES, n))
        name, local = _names(cells, n)
        if not pcode or (not name and not _first(cells, _keys(_PCODES, n))):
            continue
        if not name:
            raise _Bad(f"{pcode} has no name", f"a property such as ADM{n}_EN, ADM{n}_FR or adm{n}_name")
        parent = _first(cells, _keys(_CODES, n - 1)) if n else ""
        is_pcode = bool(_first(cells, _keys(_PCODES, n))) or is_like_pcode(pcode)
        return Boundary(pcode, name, local, n, parent, geometry, "pcode" if is_pcode else "other")
    return None


def _keys(patterns: Sequence[str], level: int) -> list[str]:
    return [pattern.format(n=level) for pattern in patterns]


def _names(cells: Mapping[str, str], level: int) -> tuple[str, str]:
    """Return the name of an area and its name in another language: that of the place, where the file has it."""
    spoken: dict[str, str] = {}
    for key, value in cells.items():
        if (match := re.match(_LANGUAGE % level, key)) and match[1] != "id":
            spoken.setdefault(match[1], value)
    plain = _first(cells, _keys(_NAMES, level))
    other = _first(cells, _keys(("adm{n}name1", "admin{n}name1", "adm{n}localname"), level))
    first = next((code for code in _FIRST if code in spoken), "")
    name = spoken.get(first) or plain or next(iter(spoken.values()), "") or other
    own = next((value for code, value in spoken.items() if code not in _FIRST), "")
    return name, own or other or next((value for code, value in spoken.items() if code != first), "")


def _by_plain_code(cells: Mapping[str, str], geometry: Any) -> Boundary | None:
    """A layer of one level: PCODE and NAME, with the codes of the levels above it."""
    pcode = _first(cells, _PLAIN_CODES)
    codes = {n: code for n in _LEVELS if (code := _first(cells, _keys(_CODES, n)))}
    if not pcode or pcode in codes.values():
        return None
    above = max(codes, default=None)
    if above is None:
        above = -1 if len(pcode) == 2 else 0
    name = _first(cells, ("nameen", *_PLAIN_NAMES))
    if not name:
        raise _Bad(f"{pcode} has no name", "a property such as NAME_EN")
    local = _first(cells, [k for k in cells if re.fullmatch(r"name[a-z]{2}\d?|name1", k) and k != "nameen"])
    parent = _first(cells, _keys(_CODES, above)) if above >= 0 else ""
    return Boundary(pcode, name, local, above + 1, parent or _first(cells, ("hrparent",)), geometry)


def _geoboundaries(cells: Mapping[str, str], geometry: Any) -> Boundary | None:
    if "shapeid" not in cells and not ("shapename" in cells and "shapegroup" in cells):
        return None
    pcode = _first(cells, ("shapeid", "shapeiso"))
    name = _first(cells, ("shapename",))
    if not pcode or not name:
        raise _Bad("this is of geoBoundaries, without an id or a name", "the properties shapeID and shapeName")
    level = re.search(r"ADM(\d)", _first(cells, ("shapetype",)) or pcode)
    depth = int(level[1]) if level else 1
    return Boundary(pcode, name, "", depth, _first(cells, ("shapegroup",)) if depth else "", geometry, "geoboundaries")


def _gadm(cells: Mapping[str, str], geometry: Any) -> Boundary | None:
    level = next((n for n in _LEVELS if cells.get(f"gid{n}")), None)
    if level is None:
        return None
    pcode = cells[f"gid{level}"]
    name = _first(cells, (f"name{level}", *(("country", "name0") if level == 0 else ())))
    if not name:
        raise _Bad(f"{pcode} has no name", f"a property such as NAME_{level}")
    parent = cells.get(f"gid{level - 1}", "") if level else ""
    return Boundary(pcode, name, cells.get(f"nlname{level}", ""), level, parent, geometry, "gadm")


def _nuts(cells: Mapping[str, str], geometry: Any) -> Boundary | None:
    pcode, name = cells.get("nutsid", ""), _first(cells, ("namelatn", "nutsname"))
    if not pcode or not name:
        return None
    level = len(pcode) - 2
    local = cells.get("nutsname", "")
    return Boundary(pcode, name, local if local != name else "", level, pcode[:-1] if level else "", geometry, "nuts")


def _natural_earth(cells: Mapping[str, str], geometry: Any) -> Boundary | None:
    if "iso31662" in cells and "name" in cells:
        parent = _first(cells, ("adm0a3", "isoa2"))
        return Boundary(
            cells["iso31662"], cells["name"], cells.get("namelocal", ""), 1, parent, geometry, "naturalearth"
        )
    if "admin" in cells and (code := _first(cells, ("adm0a3", "isoa3"))):
        return Boundary(code, cells["admin"], "", 0, "", geometry, "naturalearth")
    return None


def _first(cells: Mapping[str, str], keys: Sequence[str]) -> str:
    return next((cells[key] for key in keys if cells.get(key)), "")


def _elsewhere(areas: Sequence[Boundary], region: Region, file: str) -> Iterator[Problem]:
    """Tell of a file none of whose areas touches the region, or that fits it better the wrong way round."""
    west, south, east, north = region
    boxes = [extent(one.geometry) for one in areas]
    touching = sum(touches(box, region) for box in boxes)
    inside = sum(_middle_in(box, region) for box in boxes)
    swapped = sum(_middle_in(other_way_round(box), region) for box in boxes)
    expected = f"longitude {west:g} to {east:g}, latitude {south:g} to {north:g}"
    if swapped > inside or (not touching and any(touches(other_way_round(box), region) for box in boxes)):
        what = f"{inside} of {len(areas)} areas lie in the region of the case, and {swapped} the other way round"
        yield Problem(file, 0, what, expected, "latitude and longitude are the wrong way round")
    elif not touching:
        yield Problem(file, 0, "no area lies in the region of the case", expected)


def _middle_in(box: tuple[float, float, float, float], region: Region) -> bool:
    lon, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return touches((lon, lat, lon, lat), region)


# Boundaries that a user lays into the library for the map, without importing them.


def drawn_boundaries(case: Case) -> list[dict[str, Any]]:
    """Return sub-districts from ``library/boundaries.geojson`` for the map, or nothing where the user has none.

    Polygons outside the region are left out; coordinates are rounded to about 100 m. What cannot be drawn is left out
    too, and told by ``check_boundaries``.
    """
    return _outlines(case)[0]


@register("intake")
def check_boundaries(case: Case) -> list[Problem]:
    """Return warnings of what cannot be drawn of ``library/boundaries.geojson``."""
    return _outlines(case)[1]


def _outlines(case: Case) -> tuple[list[dict[str, Any]], list[Problem]]:
    path = inside(case.root / "library", "boundaries.geojson")
    if path is None:
        return [], []
    region, shapes, problems = case.about.region, list[dict[str, Any]](), list[Problem]()
    try:
        layer = open_layer(path, MAP_FILE, _MOST_OF_MAP, region=region, reproject=True)
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
            problems.append(Problem(MAP_FILE, line, what, error.expected, error.hint, severity="warning"))
            continue
        if touches(extent(shape), region):
            shapes.append(
                {
                    "name": _name_of(feature),
                    "kind": "subdistrict",
                    **shape,
                    "coordinates": _rounded(shape["coordinates"]),
                }
            )
    if not shapes and not problems and layer.features:
        problems.append(Problem(MAP_FILE, 0, "no area lies in the region of the case", severity="warning"))
    return shapes, problems[:MOST_TOLD]


def _name_of(feature: dict[str, Any]) -> str:
    try:
        return area_of(feature).name
    except ValueError:  # an outline without a code may be drawn
        properties = feature.get("properties")
        labels = {str(k).lower(): str(v) for k, v in properties.items()} if isinstance(properties, dict) else {}
        return next((labels[k] for k in ("adm3_en", "adm3", "adm3_name", "name") if labels.get(k)), "")


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, int | float) else [_rounded(v) for v in value]
