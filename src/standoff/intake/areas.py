"""The areas of a case: the boundaries that were imported into its ``library/``, and in which of them a report lies.

An area is found by its P-code, by its whole name where one area alone has it, or by the point, whose accuracy counts:
a point near a border lies in both areas possibly, and in none for certain. What fits two areas is in none.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import cos, pi, radians, sin
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from standoff.case.model import Case, Event
from standoff.errors import Problem, StandoffError
from standoff.files.opener import read_bytes
from standoff.intake.boundaries import MAX_BYTES, Boundary, read_boundaries
from standoff.intake.mapping import tidy
from standoff.intake.rows import plain_place
from standoff.oneline import OneLine

FOLDER = "library"
OF_THE_CASE = "areas.geojson"  # boundaries that a case itself may hold
_OURS = {"pcode", "name", "level", "scheme"}  # properties of a feature that an import has written
_LEAST = 80.0  # of 100: names less alike than this are not proposed
_KM = 111.2  # of a degree
_CIRCLE = tuple((cos(2 * pi * n / 64), sin(2 * pi * n / 64)) for n in range(64))  # of radius 1, as shapely rounds one


@dataclass(frozen=True, repr=False)
class CaseAreas(OneLine):
    """The areas of a case, by code, by name and by place. ``problems`` tell which files could not be read.

    ``level`` is the deepest there is: reports are counted by its areas unless another level is asked for.
    """

    areas: tuple[Boundary, ...] = ()
    problems: tuple[Problem, ...] = ()
    _points: dict[tuple[float, float, float, int], tuple[Boundary, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.areas)

    @cached_property
    def level(self) -> int:
        """The deepest level."""
        return max((area.level for area in self.areas), default=0)

    @cached_property
    def by_code(self) -> Mapping[str, Boundary]:
        """The area of each code, in small letters."""
        return {area.pcode.casefold(): area for area in reversed(self.areas)}

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Boundary, ...]]:
        named: dict[str, list[Boundary]] = {}
        for area in self.areas:
            for name in {plain_place(name) for name in _names(area)}:
                named.setdefault(name, []).append(area)
        return {name: tuple(some) for name, some in named.items()}

    @cached_property
    def _plain_names(self) -> tuple[tuple[Boundary, list[str]], ...]:
        return tuple((area, [plain_place(name) for name in _names(area)]) for area in self.areas)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """By code, the name of each area; with its code where another area has the same name."""
        names = Counter((area.level, area.name) for area in self.areas)
        return {a.pcode: a.name if names[a.level, a.name] == 1 else f"{a.name} ({a.pcode})" for a in self.areas}

    def of_code(self, code: str) -> Boundary | None:
        """Return the area of a P-code, or None."""
        return self.by_code.get(code.strip().casefold()) if code.strip() else None

    def of_name(self, name: str, within: Sequence[str] = (), level: int | None = None) -> Boundary | None:
        """Return the one area of a whole name, or None; ``within`` names areas around it, which part equal names."""
        found = [a for a in self._by_name.get(plain_place(name), ()) if level is None or a.level == level]
        if len(found) > 1 and within:
            around = {plain_place(n) for n in within}
            found = [a for a in found if any(plain_place(n) in around for b in self.above(a) for n in _names(b))]
        deepest = [a for a in found if a.level == max(b.level for b in found)]
        return deepest[0] if len(deepest) == 1 else None

    def named_last(self, path: Sequence[str]) -> Boundary | None:
        """Return the area of the last of the names of a source, country first, by its code or whole name; or None."""
        return self.of_code(path[-1]) or self.of_name(path[-1], path[1:-1], level=len(path) - 1)

    def above(self, area: Boundary) -> tuple[Boundary, ...]:
        """Return the areas that an area is part of, the nearest first."""
        parents: list[Boundary] = []
        at = area
        while at.parent and (parent := self.of_code(at.parent)) and parent not in (*parents, area):
            parents.append(parent)
            at = parent
        return tuple(parents)

    @cached_property
    def _tree(self) -> Any:
        from shapely import STRtree
        from shapely.geometry import shape

        return STRtree([shape(area.geometry) for area in self.areas])

    def near(self, lat: float, lon: float, kilometres: float = 0.0, level: int | None = None) -> tuple[Boundary, ...]:
        """Return the areas of a level in which a point may lie that is up to so many kilometres off."""
        level = self.level if level is None else level
        key = (lat, lon, kilometres, level)
        if key not in self._points:
            import shapely

            tree = self._tree
            around: Any = shapely.Point(lon, lat)
            if kilometres > 0:
                high = kilometres / _KM
                wide = high / max(cos(radians(min(abs(lat), 89.0))), 0.02)
                around = shapely.polygons([[lon + wide * x, lat + high * y] for x, y in _CIRCLE])
            found = tree.query(around, predicate="intersects")
            inside = sorted(int(n) for n in found if self.areas[int(n)].level == level)
            self._points[key] = tuple(self.areas[n] for n in inside)
        return self._points[key]

    def at(self, lat: float, lon: float, kilometres: float = 0.0, level: int | None = None) -> Boundary | None:
        """Return the area in which a point lies for certain, or None."""
        found = self.near(lat, lon, kilometres, level)
        return found[0] if len(found) == 1 else None

    def _areas_at(self, level: int, points: Sequence[tuple[float, float]]) -> Counter[str]:
        """Return how many of the points lie for certain in each area of a level, by its code."""
        if not points or not self.areas:
            return Counter()
        from shapely import points as points_of

        numbers, found = self._tree.query(points_of([(lon, lat) for lat, lon in points]), predicate="intersects")
        inside: dict[int, list[Boundary]] = {}
        for number, area in zip(numbers.tolist(), found.tolist(), strict=True):
            if self.areas[area].level == level:
                inside.setdefault(number, []).append(self.areas[area])
        return Counter(areas[0].pcode for _, areas in sorted(inside.items()) if len(areas) == 1)

    def of(
        self,
        names: Sequence[str] = (),
        code: str = "",
        point: tuple[float, float, float] | None = None,
        decided: Mapping[str, str] | None = None,
    ) -> Boundary | None:
        """Return the area of a report by P-code, by what a person decided of its name, by its name, or by its point.

        ``names`` are the areas that the source names, from level 1 on: a province is no sub-district of its name.
        ``point`` is latitude, longitude and kilometres of accuracy. A decision that a name is none of the areas leaves
        it to the point.
        """
        for one in (code, *reversed(names)):
            if area := self.of_code(one):
                return area
        for number in reversed(range(len(names))):
            name = names[number]
            decision = (decided or {}).get(tidy(name), "")
            if area := self.of_code(decision):
                return area
            if not decision and (area := self.of_name(name, names[:number], level=number + 1)):
                deeper = point is not None and area.level < self.level
                return (self._inside(area, *point) if deeper and point is not None else None) or area
        return self.at(*point) if point is not None else None

    def _inside(self, area: Boundary, lat: float, lon: float, kilometres: float) -> Boundary | None:
        """Return the deeper area of a point, where it is part of an area that is named."""
        found = self.at(lat, lon, kilometres)
        return found if found is not None and area in self.above(found) else None

    def of_event(self, case: Case, event: Event) -> Boundary | None:
        """Return the one area in which an event of the record lies, by the places that it names; None for several."""
        found = [self.of_place(case, place) for place in event.place]
        return found[0] if found and all(one is found[0] for one in found) else None

    def of_place(self, case: Case, place: str) -> Boundary | None:
        """Return the area of a place of the case: by its P-codes, by the name of its area, or by its point."""
        one = case.places.get(place)
        if one is None:
            return None
        for code in (one.adm3, one.pcode):
            if area := self.of_code(code):
                return area
        if one.adm3 and (area := self.of_name(one.adm3)):
            return area
        return self.at(one.lat, one.lon, one.accuracy_km)

    def proposal(self, name: str, level: int, points: Iterable[tuple[float, float, float]] = ()) -> tuple[str, str]:
        """Return the area of a level that a person may mean by a name, and why; both empty where none is near.

        It decides nothing. Where most of the points of its rows lie in one area, it is that one; else the one whose
        name is most alike.
        """
        places = list(points)
        counts = self._areas_at(level, [point[:2] for point in places])
        if counts:
            (code, many), total = counts.most_common(1)[0], len(places)
            if many * 2 > total:
                return code, f"{many} of its {total} points lie in {self.labels[code]!r}"
        own = plain_place(name)
        scored = (
            (max(fuzz.token_sort_ratio(own, n) for n in names), a)
            for a, names in self._plain_names
            if a.level == level and names
        )
        score, area = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return (area.pcode, f"{score:.0f} of 100 like {area.name!r}") if area and score >= _LEAST else ("", "")


def _names(area: Boundary) -> list[str]:
    return [name for name in (area.name, area.name_local) if name]


NO_AREAS = CaseAreas()


def case_areas(case: Case) -> CaseAreas:
    """Return the areas of a case: every file of boundaries in its ``library/``, read once while it stays as it is.

    A case without any has those of its own ``areas.geojson``.
    """
    folder = case.root / FOLDER
    try:
        paths = sorted(path for path in folder.glob("*.geojson") if path.is_file() and not path.name.startswith("."))
    except OSError:
        return NO_AREAS
    own = case.root / OF_THE_CASE
    paths = paths or ([own] if own.is_file() else [])
    key = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
    return _areas(key, tuple(case.about.region)) if key else NO_AREAS


@lru_cache(maxsize=4)
def _areas(files: tuple[tuple[str, int, int], ...], region: tuple[float, ...]) -> CaseAreas:
    areas: dict[str, Boundary] = {}
    problems: list[Problem] = []
    for name, _, _ in files:
        try:
            for area in _of_file(Path(name), region):
                areas.setdefault(area.pcode, area)
        except StandoffError as error:
            problems += error.problems
    return CaseAreas(tuple(areas.values()), tuple(problems))


def _of_file(path: Path, region: tuple[float, ...]) -> Sequence[Boundary]:
    """Return the areas of a file that an import has written, or of one that a person put there."""
    data = read_bytes(path, f"{FOLDER}/{path.name}", MAX_BYTES)
    if b'"scheme"' in data[:4096]:
        try:
            features = json.loads(data)["features"]
            if all(set(one["properties"]) >= _OURS for one in features):
                return [Boundary(**one["properties"], geometry=one["geometry"]) for one in features]
        except (ValueError, KeyError, TypeError):
            pass  # changed by hand: read as any other
    west, south, east, north = region
    return read_boundaries(path, (west, south, east, north), repair=True).areas
