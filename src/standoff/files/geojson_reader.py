"""GeoJSON (RFC 7946) that people give: one reader and one checker for zones, outlines and boundaries.

A `Layer` is a file that was opened: its features as they stand in it, the line of each, and the coordinate system.
`Layer.shape` makes of a feature a geometry that everything else can draw, measure and write: WGS84, longitude first, no
heights, closed rings that do not cross, none across the 180th meridian. What cannot be made so is refused in words,
and what was done to it is said.
"""

from __future__ import annotations

import io
import json
import math
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from standoff.errors import StandoffError
from standoff.files.opener import decoded, parse_json, read_bytes

COLLECTION = "a GeoJSON FeatureCollection (RFC 7946)"
POLYGONS = ("Polygon", "MultiPolygon")
# type of geometry: how deep its positions lie
DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
WGS84 = "WGS84 (EPSG:4326), longitude first"
Region = tuple[float, float, float, float]  # west, south, east, north in degrees
Box = tuple[float, float, float, float]

_SLACK = 1e-6  # degrees that rounding may put a position beyond a pole or the 180th meridian
_SAVE = "save the layer in EPSG:4326"
_CONVERT = "save the layer as GeoJSON in EPSG:4326, in a GIS or with: ogr2ogr -t_srs EPSG:4326 out.geojson"
_EPSG = re.compile(r"EPSG\D+?(?:\d+(?:\.\d+)+\D+|0\D+)?(\d{4,6})(?!\d)", re.IGNORECASE)
_CRS84 = re.compile(r"(^|[:/])CRS:?84h?/?\Z|^(GCS_)?WGS[ _]?(19)?84\Z|^OGC:CRS84", re.IGNORECASE)
_ALSO = {900913: 3857, 102100: 3857, 102113: 3857, 4979: 4326}  # other numbers of the same system
_FAR = 10.0  # degrees beyond the area a coordinate system is made for
_MOST_MEMBERS = 1000  # of a zip
_MANY_DEEP = 20  # collections of geometries in collections


class GeometryError(ValueError):
    """What is wrong with a geometry: what it is, what was expected, and a way on."""

    def __init__(self, what: str, expected: str, hint: str = "") -> None:
        super().__init__(what)
        self.what, self.expected, self.hint = what, expected, hint


def short(value: Any) -> str:
    """Return a value as a message shows it."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."


@dataclass(frozen=True, repr=False)
class Layer:
    """A file of features: ``features`` are as in the file, ``system`` is its coordinate system, empty for WGS84.

    ``region`` (west, south, east, north) is where they should lie, where that is known.
    """

    file: str
    text: str
    features: Sequence[Any]
    system: str = ""
    region: Region | None = None
    sequence: Sequence[int] = field(default=())  # the line of each, where each feature stands on a line of its own

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Layer {self.file}: {len(self.features)} features>"

    def line(self, number: int) -> int:
        """Return the line on which a feature begins, counted from 1; 0 where it cannot be told."""
        lines = self._lines
        return lines[number - 1] if number <= len(lines) else 0

    @cached_property
    def _lines(self) -> Sequence[int]:
        return self.sequence or _lines(self.text, len(self.features))

    @cached_property
    def _to_wgs84(self) -> Any:
        return _transformer(self.file, self.system) if self.system else None

    def shape(
        self,
        geometry: Any,
        kinds: Collection[str] = tuple(DEPTH),
        *,
        repair: bool = False,
        close: bool = False,
        valid: bool = True,
    ) -> tuple[dict[str, Any], list[str]]:
        """Return a geometry of the layer as one in WGS84 that can be drawn and measured, and what was done to it.

        Parameters
        ----------
        geometry
            The ``geometry`` of a feature.
        kinds
            Types of geometry that are wanted; a GeometryCollection of one kind becomes a Multi... of it.
        repair
            Whether to mend polygons that cross themselves (`shapely.make_valid`) and close rings left open.
        close
            Whether to close rings left open, and nothing else.
        valid
            Whether polygons must not cross themselves: not needed of what is only drawn.

        Raises
        ------
        GeometryError
            In one line.
        """
        kind, coordinates = _member(geometry, kinds)
        notes: list[str] = []
        try:
            value = self._positions(coordinates, DEPTH[kind])
        except RecursionError:
            raise GeometryError("its coordinates lie too deep", "positions such as [36.6, 35.9]") from None
        parts = value if kind.startswith("Multi") else [value]
        if kind.endswith("Polygon"):
            many = self._polygons(parts, notes, repair, repair or close, valid)
        elif kind.endswith("LineString"):
            many = self._line_strings(parts, notes)
        else:
            many = [self._in_turn([p], [p])[0] for p in parts]
        single = kind.removeprefix("Multi")
        if len(many) == 1 and not kind.startswith("Multi"):
            return {"type": single, "coordinates": many[0]}, notes
        return {"type": f"Multi{single}", "coordinates": many}, notes

    def _positions(self, value: Any, depth: int) -> Any:
        if depth:
            if not isinstance(value, list) or not value:
                what = f"its coordinates hold {short(value)}: a list is missing or empty"
                raise GeometryError(what, "positions such as [36.6, 35.9], longitude first")
            if _is_position(value):
                what = f"its coordinates hold {short(value)} where a list of positions belongs: one list too few"
                raise GeometryError(what, "a Polygon has rings in it, and a ring positions")
            return [self._positions(part, depth - 1) for part in value]
        return self._position(value)

    def _position(self, value: Any) -> list[float]:
        if not isinstance(value, list) or not 2 <= len(value) <= 4 or not all(_is_number(v) for v in value):
            many = isinstance(value, list) and bool(value) and isinstance(value[0], list)
            what = f"a position is {short(value)}{': one list too many' if many else ''}"
            raise GeometryError(what, "two numbers in degrees (WGS84), longitude first", _written(value))
        x, y = value[:2]
        if self.system:
            return self._reprojected(x, y)
        most = 360.0 if self._beyond else 180.0
        if not (-180 - _SLACK <= x <= most + _SLACK and abs(y) <= 90 + _SLACK):
            raise GeometryError(f"a position is {short(value)}", "degrees (WGS84), longitude first", _guess(x, y))
        return [min(max(x, -180.0), most), min(max(y, -90.0), 90.0)]

    def _reprojected(self, x: float, y: float) -> list[float]:
        transform, projected, area = self._to_wgs84
        if projected and abs(x) <= 360 and abs(y) <= 90:
            what = f"a position is [{x:g}, {y:g}], in degrees, and the file says {self.system}"
            raise GeometryError(what, f"positions in {self.system}, or no 'crs' in the file")
        lon, lat = transform(x, y)
        away = area and not (area[1] - _FAR <= lat <= area[3] + _FAR)
        if not (math.isfinite(lon) and math.isfinite(lat)) or away:
            what = f"a position is [{x:g}, {y:g}]"
            raise GeometryError(what, f"one in the area of {self.system}", "x comes first, then y")
        return [round(lon, 9), round(lat, 9)]

    def _polygons(
        self, parts: list[list[list[list[float]]]], notes: list[str], repair: bool, close: bool, valid: bool
    ) -> list[Any]:
        out: list[Any] = []
        for rings in parts:
            closed = [_closed(ring, notes, close) for ring in rings]
            crosses = any(_jumps(ring) for ring in closed)
            if crosses:
                closed = _unwrapped(closed)
            polygons = _sound(closed, notes, repair) if valid or crosses else [closed]
            for polygon in polygons:
                out += self._cut(polygon, notes) if crosses else [self._in_turn(polygon[0], polygon)]
        if valid and len(parts) > 1:
            out = _apart(out, notes, repair)
        return out

    def _line_strings(self, parts: list[list[list[float]]], notes: list[str]) -> list[Any]:
        out: list[Any] = []
        for line in parts:
            if len({(x, y) for x, y in line}) < 2:
                raise GeometryError("a line has fewer than two positions", "two or more that differ")
            if not _jumps(line):
                out.append(self._in_turn(line, [line])[0])
                continue
            whole = _unwrap(line)
            if self._beyond:
                out.append(self._in_turn(whole, [whole])[0])
                continue
            from shapely.geometry import LineString

            notes.append("a line crosses the 180th meridian: cut there")
            for piece in _pieces(LineString(whole), "LineString"):
                out.append([list(p) for p in piece.coords])
        return out

    @property
    def _beyond(self) -> bool:
        """Whether the region itself lies across the 180th meridian: longitudes then go on beyond 180."""
        return self.region is not None and self.region[2] > 180

    def _in_turn(self, outline: list[list[float]], parts: list[Any]) -> list[Any]:
        """Return parts with whole turns added where they then lie in a region across the 180th meridian."""
        if not self._beyond or self.region is None:
            return parts
        west, _, east, _ = self.region
        low, high = min(p[0] for p in outline), max(p[0] for p in outline)
        turns = [t for t in (0, 360, -360) if low + t >= -180 and high + t <= 360]
        turn = next((t for t in turns if low + t <= east and west <= high + t), 0)
        return parts if not turn else _moved(parts, turn)

    def _cut(self, polygon: list[Any], notes: list[str]) -> list[Any]:
        """Return a polygon across the 180th meridian in parts on either side of it (RFC 7946, 3.1.9)."""
        from shapely.geometry import Polygon

        low, high = min(p[0] for p in polygon[0]), max(p[0] for p in polygon[0])
        if self._beyond and high - low < 360:
            return [self._in_turn(polygon[0], _moved(polygon, 360) if low < -180 else polygon)]
        notes.append("a ring crosses the 180th meridian: cut there")
        return [_rings(piece) for piece in _pieces(Polygon(polygon[0], polygon[1:]), "Polygon")]


def _member(geometry: Any, kinds: Collection[str]) -> tuple[str, Any]:
    """Return the type and the coordinates of a geometry; those of a collection of one kind as one of many parts."""
    if not isinstance(geometry, dict):
        raise GeometryError("there is no 'geometry'", " or ".join(kinds))
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        flat = list(_flattened(geometry))
        singles = {str(k).removeprefix("Multi") for k, _ in flat}
        if len(singles) == 1 and (many := f"Multi{singles.pop()}") in kinds:
            return many, [c for k, part in flat for c in (part if k == many and isinstance(part, list) else [part])]
        expected = f"{', '.join(kinds)}, or a collection of one of them"
        raise GeometryError("the geometry is 'GeometryCollection'", expected, "one feature for each geometry")
    if not isinstance(kind, str) or kind not in kinds:
        raise GeometryError(f"the geometry is {short(kind)}", " or ".join(kinds))
    if "coordinates" not in geometry:
        raise GeometryError("the geometry has no 'coordinates': the list is missing or empty", "a list of positions")
    return kind, geometry["coordinates"]


def _flattened(geometry: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    if not isinstance(geometry, dict) or depth > _MANY_DEEP:
        yield "", None
    elif geometry.get("type") == "GeometryCollection":
        parts = geometry.get("geometries")
        for part in parts if isinstance(parts, list) else [None]:
            yield from _flattened(part, depth + 1)
    else:
        yield str(geometry.get("type")), geometry.get("coordinates")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_position(value: list[Any]) -> bool:
    return all(_is_number(v) for v in value)


def _written(value: Any) -> str:
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        return "write numbers without quotes"
    if isinstance(value, str):
        return "write numbers in a list, without quotes"
    return ""


def _guess(x: float, y: float) -> str:
    if abs(x) > 360 or abs(y) > 360:
        return f"these look like metres: {_SAVE}"
    if 180 < x <= 360 and abs(y) <= 90:
        return f"west of the 180th meridian write {x - 360:g}"
    return "latitude and longitude are the wrong way round" if abs(x) <= 90 < abs(y) else ""


def _closed(ring: list[list[float]], notes: list[str], close: bool) -> list[list[float]]:
    if ring[0] != ring[-1]:
        if not close:
            raise GeometryError(
                "a ring is not closed",
                "4 or more positions, the last equal to the first",
                "repeat the first at its end",
            )
        notes.append("a ring was left open: closed from its last position to its first")
        ring = [*ring, ring[0]]
    if len({(x, y) for x, y in ring}) < 3:
        raise GeometryError("a ring has fewer than three positions", "three or more that differ, the first once more")
    return ring


def _jumps(ring: Sequence[Sequence[float]]) -> bool:
    """Whether a ring or line crosses the 180th meridian: half a turn or more between two positions.

    From -180 to 180 exactly is the edge of a map, not a step across it.
    """
    return any(180 < abs(b[0] - a[0]) < 360 for a, b in pairwise(ring))


def _unwrap(line: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return a line with longitudes that go on beyond 180 where it crosses the meridian."""
    out, turn = [list(line[0])], 0.0
    for a, b in pairwise(line):
        step = b[0] - a[0]
        turn += -360 if 180 < step < 360 else 360 if -360 < step < -180 else 0
        out.append([b[0] + turn, b[1]])
    return out


def _unwrapped(rings: list[list[list[float]]]) -> list[list[list[float]]]:
    whole = [_unwrap(ring) for ring in rings]
    if any(ring[0] != ring[-1] for ring in whole):
        raise GeometryError("a ring goes round a pole", "a ring that is cut along the 180th meridian")
    low, high = min(p[0] for p in whole[0]), max(p[0] for p in whole[0])
    holes = []
    for ring in whole[1:]:
        middle = (min(p[0] for p in ring) + max(p[0] for p in ring)) / 2
        turn = next((t for t in (0, 360, -360) if low <= middle + t <= high), 0)
        holes.append(_moved(ring, turn))
    return [whole[0], *holes]


def _moved(value: Any, turn: float) -> Any:
    """Return positions at any depth with degrees added to each longitude."""
    if isinstance(value[0], list):
        return [_moved(part, turn) for part in value]
    return [value[0] + turn, value[1]]


def _pieces(shape: Any, kind: str) -> Iterator[Any]:
    """Yield what of a shape lies between one crossing of the 180th meridian and the next, moved into -180 to 180."""
    from shapely import box, get_parts
    from shapely.affinity import translate

    for turn in (-360, 0, 360):
        part = shape.intersection(box(turn - 180, -91, turn + 180, 91))
        for one in get_parts(part):
            if one.geom_type == kind and not one.is_empty:
                yield translate(one, -turn)


def _rings(polygon: Any) -> list[Any]:
    return [[list(p[:2]) for p in ring.coords] for ring in (polygon.exterior, *polygon.interiors)]


def _sound(rings: list[Any], notes: list[str], repair: bool) -> list[Any]:
    """Return a polygon as it is where it is valid, and else repaired, in one or more parts."""
    from shapely import is_valid_reason
    from shapely.geometry import Polygon

    shape = Polygon(rings[0], rings[1:])
    if shape.is_valid:
        return [rings]
    return _mended(shape, is_valid_reason(shape), notes, repair)


def _apart(polygons: list[Any], notes: list[str], repair: bool) -> list[Any]:
    """Return the parts of a MultiPolygon, which must not overlap."""
    from shapely import is_valid_reason
    from shapely.geometry import MultiPolygon

    shape = MultiPolygon([(p[0], p[1:]) for p in polygons])
    if shape.is_valid:
        return polygons
    return _mended(shape, is_valid_reason(shape), notes, repair)


def _mended(shape: Any, reason: str, notes: list[str], repair: bool) -> list[Any]:
    from shapely import get_parts, make_valid

    if not repair:
        raise GeometryError(f"the shape is not valid: {reason}", "rings that do not cross", "repair it in a GIS")
    parts = [p for whole in get_parts(make_valid(shape)) for p in get_parts(whole) if p.geom_type == "Polygon"]
    if not parts:
        raise GeometryError(f"the shape is not valid: {reason}", "an area", "nothing is left of it when it is repaired")
    notes.append(f"the shape was not valid ({reason}): repaired")
    return [_rings(p) for p in parts]


def open_layer(
    path: Path,
    name: str,
    most: int,
    *,
    region: Region | None = None,
    reproject: bool = False,
    within: Path | None = None,
    hint: str = "",
) -> Layer:
    """Open a file of GeoJSON: a FeatureCollection, a Feature, or features one a line (RFC 8142); also alone in a zip.

    Parameters
    ----------
    path, name, most, within
        As in `standoff.files.opener.read_bytes`.
    region
        Where the features should lie.
    reproject
        Whether a coordinate system other than WGS84 is honoured; it is refused by name otherwise.
    hint
        Said of a file that is too large.

    Raises
    ------
    StandoffError
        For what is not GeoJSON, with the name of what it is and the nearest way on; for an unknown coordinate system.
    """
    try:
        data = read_bytes(path, name, most, within=within)
    except StandoffError as error:
        if hint and "MB" in error.problems[0].what:
            problem = error.problems[0]
            raise StandoffError.of(problem.what, file=name, expected=problem.expected, hint=hint) from None
        raise
    return layer_of(data, name, most, region=region, reproject=reproject)


def layer_of(data: bytes, name: str, most: int, *, region: Region | None = None, reproject: bool = False) -> Layer:
    """Return the layer that bytes hold. Raises StandoffError as `open_layer` does."""
    if data.startswith(b"PK\x03\x04"):
        data = _unzipped(data, name, most)
    if what := _other_format(data):
        raise StandoffError.of(f"this is {what[0]}, which is not read", file=name, expected=COLLECTION, hint=what[1])
    text = decoded(data, name, "GeoJSON in UTF-8")
    lines: tuple[int, ...] = ()
    try:
        whole = parse_json(text, name, "GeoJSON (RFC 7946)")
    except StandoffError:
        whole, lines = _sequence(text, name)
        if whole is None:
            raise
    if not isinstance(whole, dict):
        raise StandoffError.of("there is no list of features", file=name, expected=COLLECTION)
    if what := _other_json(whole):
        raise StandoffError.of(f"this is {what[0]}, which is not read", file=name, expected=COLLECTION, hint=what[1])
    if whole.get("type") == "Feature" and "features" not in whole and isinstance(whole.get("geometry"), dict):
        whole = {"type": "FeatureCollection", "crs": whole.get("crs"), "features": [whole]}
    if isinstance(whole.get("type"), str) and whole["type"] in (*DEPTH, "GeometryCollection"):
        alone = f"this is a {whole['type']} alone: nothing says what it is"
        raise StandoffError.of(alone, file=name, expected=COLLECTION, hint="give it properties, as a Feature")
    features = whole.get("features")
    kind: Any = whole.get("type", "FeatureCollection")
    if kind != "FeatureCollection" and not (isinstance(features, list) and not isinstance(kind, str)):
        raise StandoffError.of(f"this is not a FeatureCollection but {short(kind)}", file=name, expected=COLLECTION)
    if not isinstance(features, list):
        raise StandoffError.of("there is no list of features", file=name, expected=COLLECTION)
    system = _system(whole.get("crs"), name)
    if system and not reproject:
        expected = f"{WGS84}: the only one of RFC 7946"
        raise StandoffError.of(f"the coordinate system is {system}", file=name, expected=expected, hint=_SAVE)
    layer = Layer(name, text, features, system, region, lines)
    if system:
        _transformer(name, system)  # an unknown one is told before any feature
    return layer


def _unzipped(data: bytes, name: str, most: int) -> bytes:
    """Return the one file of GeoJSON in a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [m for m in archive.infolist()[:_MOST_MEMBERS] if not m.is_dir() and "__MACOSX" not in m.filename]
            endings = {Path(m.filename).suffix.lower() for m in members}
            if ".shp" in endings:
                what = "this is a zipped shapefile, which is not read"
                raise StandoffError.of(what, file=name, expected=COLLECTION, hint=f"{_CONVERT} {name}")
            if ".kml" in endings:
                what = "this is KMZ (zipped KML), which is not read"
                raise StandoffError.of(what, file=name, expected=COLLECTION, hint=f"{_CONVERT} {name}")
            inside = [m for m in members if Path(m.filename).suffix.lower() in (".geojson", ".json", ".geojsonl")]
            if len(inside) != 1:
                what = f"this zip holds {len(inside)} files of GeoJSON"
                raise StandoffError.of(what, file=name, expected="one", hint="unpack it and name the file")
            with archive.open(inside[0]) as file:
                out = file.read(most + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise StandoffError.of(f"this zip cannot be read: {error}", file=name, expected=COLLECTION) from None
    except Exception as error:  # zlib.error, lzma.LZMAError: a broken member
        if isinstance(error, StandoffError):
            raise
        raise StandoffError.of(f"this zip cannot be read: {error}", file=name, expected=COLLECTION) from None
    if len(out) > most:
        what = f"{inside[0].filename} in this zip is too large"
        raise StandoffError.of(what, file=name, expected=f"at most {most // 2**20} MB")
    return out


def _other_format(data: bytes) -> tuple[str, str] | None:
    """Return the name of a format of maps that is not GeoJSON, and the nearest way on."""
    for magic, what in (
        (b"SQLite format 3\0", "a GeoPackage or another SQLite database"),
        (b"\x00\x00\x27\x0a", "a shapefile (.shp)"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!", "a RAR archive"),
        (b"fgb", "FlatGeobuf"),
        (b"PAR1", "Parquet"),
    ):
        if data.startswith(magic):
            return what, "unpack it first" if "archive" in what else _CONVERT
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not head.startswith(b"<"):
        return None
    for mark, what in ((b"<kml", "KML"), (b"<gpx", "GPX"), (b"opengis.net/gml", "GML"), (b"<osm", "OSM XML")):
        if mark in head:
            return what, _CONVERT
    if b"<html" in head or b"<!doctype html" in head:
        return "a page of HTML", "the download may have been an error or a sign-in page: open it in a browser"
    return "XML", _CONVERT


def _other_json(whole: Mapping[str, Any]) -> tuple[str, str] | None:
    if whole.get("type") == "Topology":
        return "TopoJSON", "at mapshaper.org export it as GeoJSON, or: ogr2ogr out.geojson FILE"
    if "geometryType" in whole or ("spatialReference" in whole and "features" in whole):
        return "Esri JSON", "ask the server for f=geojson, or: ogr2ogr -t_srs EPSG:4326 out.geojson FILE"
    if "elements" in whole and "features" not in whole:
        return "Overpass JSON (OpenStreetMap)", "at overpass-turbo.eu export it as GeoJSON"
    return None


def _sequence(text: str, name: str) -> tuple[dict[str, Any] | None, tuple[int, ...]]:
    """Return features that stand one a line as a collection; None where the first line is no feature."""
    features, lines = list[Any](), list[int]()
    for number, line in enumerate(text.split("\n"), 1):
        record = line.strip("\x1e \t\r")
        if not record:
            continue
        if not features and not (record.startswith("{") and record.endswith("}")):
            return None, ()
        try:
            one = parse_json(record, name, "a Feature on each line")
        except StandoffError as error:
            if not features:
                return None, ()
            problem = error.problems[0]
            raise StandoffError.of(problem.what, file=name, line=number, expected=problem.expected) from None
        if not features and not (isinstance(one, dict) and one.get("type") == "Feature"):
            return None, ()
        features.append(one)
        lines.append(number)
    return ({"type": "FeatureCollection", "features": features}, tuple(lines)) if features else (None, ())


def _system(crs: Any, name: str) -> str:
    """Return the coordinate system that a member ``crs`` names, such as EPSG:32637; nothing for WGS84."""
    if crs is None or crs == {}:
        return ""
    text = crs if isinstance(crs, str) else ""
    if isinstance(crs, dict):
        properties = crs.get("properties")
        inner = properties if isinstance(properties, dict) else {"name": properties}
        named = next((inner[k] for k in ("name", "href", "code", "urn") if inner.get(k)), None)
        text = "" if named is None else str(named)
        if str(crs.get("type")).upper() == "EPSG" and text.strip().isdigit():
            text = f"EPSG:{text.strip()}"
    text = text.strip()
    if _CRS84.search(text):
        return ""
    if match := _EPSG.search(text):
        code = _ALSO.get(int(match[1]), int(match[1]))
        return "" if code == 4326 else f"EPSG:{code}"
    if re.fullmatch(r"ESRI:{1,2}1021(00|13)|urn:.*ESRI.*:1021(00|13)", text, re.IGNORECASE):
        return "EPSG:3857"
    what = f"the coordinate system is {short(text or crs)}"
    raise StandoffError.of(what, file=name, expected=f"{WGS84}, or an EPSG code", hint=_SAVE)


def _transformer(name: str, system: str) -> tuple[Any, bool, Box | None]:
    """Return the way from a coordinate system to WGS84, whether it is one in metres, and the area it is made for."""
    from pyproj import CRS, Transformer
    from pyproj.exceptions import ProjError

    try:
        crs = CRS.from_user_input(system)
        if not (crs.is_projected or crs.is_geographic):
            raise ProjError("it is not a system of a map")
        transform = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform
    except ProjError:
        what = f"the coordinate system is {system}, which is not known here as one of a map"
        raise StandoffError.of(what, file=name, expected=WGS84, hint=_SAVE) from None
    area = crs.area_of_use
    return transform, bool(crs.is_projected), area.bounds if area else None


def _lines(text: str, count: int) -> list[int]:
    """Return the line on which each feature of a FeatureCollection begins; 0 where it cannot be told."""
    decoder = json.JSONDecoder()
    begin = re.compile(r"[^\s,]")
    for match in re.finditer(r'"features"\s*:\s*\[', text):
        at, lines, line, counted = match.end(), list[int](), 1, 0
        try:
            while len(lines) < count:
                begins = begin.search(text, at)
                at = begins.start() if begins else len(text)
                line, counted = line + text.count("\n", counted, at), at
                lines.append(line)
                _, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            continue
        return lines
    if re.match(r"\s*\{", text) and count == 1:
        return [text.count("\n", 0, text.find("{")) + 1]
    return [0] * count


def extent(geometry: Mapping[str, Any]) -> Box:
    """Return west, south, east and north of a geometry that `Layer.shape` returned."""
    positions = list(_flat(geometry["coordinates"], DEPTH[geometry["type"]]))
    lon, lat = [p[0] for p in positions], [p[1] for p in positions]
    return min(lon), min(lat), max(lon), max(lat)


def _flat(value: Any, depth: int) -> Iterator[Any]:
    if not depth:
        yield value
        return
    for part in value:
        yield from _flat(part, depth - 1)


def touches(box: Box, region: Region) -> bool:
    """Return whether a box and a region have something in common, in whatever turn round the Earth."""
    west, south, east, north = region
    level = box[1] <= north and south <= box[3]
    return level and any(box[0] + turn <= east and west <= box[2] + turn for turn in (0, 360, -360))


def other_way_round(box: Box) -> Box:
    """Return a box with longitude and latitude the other way round."""
    return box[1], box[0], box[3], box[2]
