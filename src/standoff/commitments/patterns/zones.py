"""Where things are: dated versions of zones, certain and possible parts, places known to so many kilometres.

All distances are metric, in the case's projected coordinate system. A place is a disc: its radius is how far off its
coordinates may be. It is certainly inside a zone when the whole disc is inside the certain part, and possibly when some
of it touches the certain or the possible part.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from standoff.case.geography import SPOT, Zone
from standoff.case.model import Case
from standoff.oneline import OneLine

EDGE = 500.0  # metres
NEAR = 10_000.0  # metres; how far from a place of a sector what a log puts on the map may still be of the sector
EARLIEST, LATEST = date.min.toordinal(), date.max.toordinal()


@dataclass(frozen=True, slots=True, repr=False)
class Version(OneLine):
    """A zone from day ``first`` to ``last`` (ordinals); ``core`` is certain, ``reach`` adds what is possible."""

    zone: str
    first: int
    last: int
    core: Any  # shapely geometry in metres, or None
    reach: Any
    sector: bool = False


def crs_of(region: tuple[float, float, float, float]) -> str:
    """Return a coordinate system in metres for a region (west, south, east, north in degrees).

    The UTM zone of its middle; for what is wider than 9 degrees or near a pole, Lambert's equal-area projection
    around its middle.
    """
    west, south, east, north = region
    lon, lat = ((west + east) / 2 + 180) % 360 - 180, (south + north) / 2
    if east - west > 9 or max(abs(south), abs(north)) > 80:
        return f"+proj=laea +lat_0={lat:g} +lon_0={lon:g} +datum=WGS84 +units=m"
    return f"EPSG:{327 if lat < 0 else 326}{int((lon + 180) // 6) % 60 + 1:02d}"


OUTSIDE = "not "  # before a zone, in the cell of an event: somewhere outside it


def zones_of(case: Case) -> set[str]:
    """Return the names that may stand as a zone: zones of the map, and sectors of places."""
    return {zone.id for zone in case.zones} | {place.sector for place in case.places.values() if place.sector}


def is_spot(place: str) -> bool:
    """Whether a place was made for the coordinates of a log: it is in no sector, and no town."""
    return place.startswith(SPOT)


class Geography:
    """Places, sectors and zones of a case, projected once."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._versions: dict[str, tuple[Version, ...]] = {}
        self._inside: dict[tuple[int, str], tuple[bool, bool]] = {}
        self._gaps: dict[str, Any] = {}
        self._near: dict[str, frozenset[str]] = {}
        self._areas: dict[tuple[int, str], tuple[bool, bool]] = {}
        self._wheres: dict[tuple[Any, ...], tuple[bool, bool]] = {}

    @cached_property
    def _project(self) -> Any:
        from pyproj import Transformer

        return Transformer.from_crs(
            "EPSG:4326", self.case.about.crs or crs_of(self.case.about.region), always_xy=True
        ).transform

    def metric(self, zone: Zone) -> Any:
        """Return the area of a zone as a shapely geometry in metres: itself, or what lies within its buffer.

        A buffer ends flat where a line ends, and is a circle around a point.
        """
        shape = self.in_metres(zone.geometry)
        ends: Literal["flat", "round"] = "flat" if shape.length else "round"  # a flat buffer of a point is empty
        return shape.buffer(zone.buffer_km * 1000, cap_style=ends) if zone.buffer_km else shape

    def in_metres(self, geometry: Mapping[str, Any]) -> Any:
        """Return a GeoJSON geometry in WGS84 as a shapely geometry in metres."""
        import numpy as np
        from shapely import transform
        from shapely.geometry import shape

        return transform(shape(geometry), lambda at: np.column_stack(self._project(at[:, 0], at[:, 1])))

    def disc(self, place: str) -> Any:
        """Return the disc within which a place is known to lie, in metres; a point where it is exact."""
        return self._discs[place]

    @cached_property
    def epochs(self) -> Any:
        """Days (ordinals, int32) on which some zone starts or has just ended: membership is constant between them."""
        import numpy as np

        edges = {edge for zone in self.case.zones for edge in (_span(zone)[0], _span(zone)[1] + 1)}
        return np.array(sorted(edges), np.int32)

    @cached_property
    def _centres(self) -> dict[str, tuple[float, float, float]]:
        """Where each place stands, and by how much it may be off: metres east, metres north, metres."""
        names = list(self.case.places)
        if not names:
            return {}
        x, y = self._project([self.case.places[n].lon for n in names], [self.case.places[n].lat for n in names])
        return {
            name: (float(east), float(north), self.case.places[name].accuracy_km * 1000)
            for name, east, north in zip(names, x, y, strict=True)
        }

    @cached_property
    def _discs(self) -> dict[str, Any]:
        from shapely.geometry import Point

        discs = {}
        for name, (east, north, radius) in self._centres.items():
            discs[name] = Point(east, north).buffer(radius) if radius > 0 else Point(east, north)
        return discs

    @cached_property
    def _named(self) -> tuple[dict[str, int], Any]:
        """The places that were not made for a log, by their number, and their centres [places, 3]."""
        import numpy as np

        names = [name for name in self._centres if not is_spot(name)]
        table = np.array([self._centres[name] for name in names], np.float64).reshape(-1, 3)
        return {name: number for number, name in enumerate(names)}, table

    def _gaps_to(self, place: str) -> Any:
        """Return the metres from the disc of a place to that of each named place; below zero where they meet."""
        import numpy as np

        if place not in self._gaps:
            east, north, radius = self._centres[place]
            table = self._named[1]
            away = np.hypot(table[:, 0] - east, table[:, 1] - north)
            self._gaps[place] = away - table[:, 2] - radius
        return self._gaps[place]

    def sectors_near(self, place: str) -> frozenset[str]:
        """Return the sectors of which some place lies within ``NEAR`` metres of where a place may be."""
        if place not in self._near:
            numbers = self._named[0]
            near = (self._gaps_to(place) <= NEAR).tolist() if place in self._centres else []
            self._near[place] = frozenset(
                sector for sector, members in self.sectors.items() if near and any(near[numbers[p]] for p in members)
            )
        return self._near[place]

    def sector_of(self, place: str) -> str:
        """Return the sector of a place, or an empty text."""
        record = self.case.places.get(place)
        return record.sector if record else ""

    @cached_property
    def sectors(self) -> dict[str, tuple[str, ...]]:
        """The places of each sector."""
        shapes: dict[str, list[str]] = {}
        for place in self.case.places.values():
            if place.sector:
                shapes.setdefault(place.sector, []).append(place.id)
        return {sector: tuple(places) for sector, places in shapes.items()}

    def versions(self, zone: str) -> tuple[Version, ...]:
        """Return the dated versions of a zone, or the one of a sector of that name."""
        if zone not in self._versions:
            parts = [z for z in self.case.zones if z.id == zone]
            self._versions[zone] = tuple(self._version(zone, span, parts) for span in sorted({_span(p) for p in parts}))
            if not parts:
                self._versions[zone] = (Version(zone, EARLIEST, LATEST, None, None, sector=True),)
        return self._versions[zone]

    def _version(self, zone: str, span: tuple[int, int], parts: list[Zone]) -> Version:
        from shapely import union_all

        now = [p for p in parts if _span(p)[0] <= span[0] and _span(p)[1] >= span[1]]
        core = [self.metric(p) for p in now if p.certainty == "certain"]
        return Version(zone, *span, union_all(core) if core else None, union_all([self.metric(p) for p in now]))

    def place_inside(self, version: Version, place: str) -> tuple[bool, bool]:
        """Return whether a place lies in a zone: (certainly, possibly). Without coordinates, anywhere."""
        if version.sector and is_spot(place):
            if version.zone in self.sectors:
                return False, version.zone in self.sectors_near(place)
            return False, any(self.reaches(place, p, NEAR) for p in self._members(version.zone))
        if version.sector:
            inside = self.sector_of(place) == version.zone or place == version.zone
            return inside, inside
        key = (id(version), place)
        if key not in self._inside:
            disc = self._discs.get(place)
            if disc is None:
                self._inside[key] = (False, True)
            else:
                certain = version.core is not None and bool(version.core.covers(disc))
                self._inside[key] = (certain, certain or bool(version.reach.intersects(disc)))
        return self._inside[key]

    def _members(self, sector: str) -> tuple[str, ...]:
        """Return the places of a sector; a place that stands for itself is alone."""
        return self.sectors.get(sector, (sector,) if sector in self.case.places else ())

    def reaches(self, place: str, other: str, metres: float = 0.0) -> bool:
        """Whether the disc of a place comes within so many metres of another's; not where one is unknown."""
        if place not in self._centres or other not in self._centres:
            return False
        number = self._named[0].get(other)
        if number is not None:
            return bool(self._gaps_to(place)[number] <= metres)
        return bool(self._discs[place].distance(self._discs[other]) <= metres)

    def zone_inside(self, version: Version, zone: str) -> tuple[bool, bool]:
        """Return whether something told to be in ``zone``, no more exactly, lies in this version of a zone.

        Edges of zones that were drawn apart by no more than 500 m count as one.
        """
        key = (id(version), zone)
        if key not in self._areas:
            self._areas[key] = self._zone_inside(version, zone)
        return self._areas[key]

    def _zone_inside(self, version: Version, zone: str) -> tuple[bool, bool]:
        if zone.startswith(OUTSIDE):
            return False, self._may_be_outside(version, zone.removeprefix(OUTSIDE))
        if zone == version.zone:
            return True, True
        if version.sector:
            return False, True
        others = [v for v in self.versions(zone) if v.reach is not None and _overlap(v, version)]
        if not others:
            return False, True
        certain = version.core is not None and all(bool(version.core.buffer(EDGE).covers(v.reach)) for v in others)
        return certain, certain or any(bool(version.reach.intersects(v.reach)) for v in others)

    def _may_be_outside(self, version: Version, zone: str) -> bool:
        """Whether something outside ``zone`` may lie in a version of a zone: not where that is wholly inside it."""
        if version.zone == zone:
            return False
        others = [v for v in self.versions(zone) if _overlap(v, version)]
        if version.sector:
            members = self._members(version.zone)
            return not members or not all(any(self.place_inside(v, p)[0] for v in others) for p in members)
        return not any(v.core is not None and bool(v.core.covers(version.reach)) for v in others)

    def place_may_be(self, zone: str, place: str) -> bool:
        """Whether what a source puts into ``zone`` (or outside it), no more exactly, may have been at a place."""
        if zone.startswith(OUTSIDE):
            return not any(self.place_inside(v, place)[0] for v in self.versions(zone.removeprefix(OUTSIDE)))
        return any(self.place_inside(v, place)[1] for v in self.versions(zone))

    def inside(
        self,
        version: Version,
        places: tuple[str, ...],
        sectors: tuple[str, ...],
        zones: tuple[str, ...] = (),
        *,
        simulated: bool = False,
    ) -> tuple[bool, bool]:
        """Return whether something at these places, else sectors and zones, lies in a zone: (certainly, possibly).

        What is told to be in a sector and in a zone is where both are: certain if either is, possible if both are.
        """
        if any(map(is_spot, places)):  # of a log, which may have a hundred thousand of them
            return self._inside_of(version, places, sectors, zones, simulated)
        key = (id(version), places, sectors, zones, simulated)
        if key not in self._wheres:
            self._wheres[key] = self._inside_of(version, places, sectors, zones, simulated)
        return self._wheres[key]

    def _inside_of(
        self,
        version: Version,
        places: tuple[str, ...],
        sectors: tuple[str, ...],
        zones: tuple[str, ...],
        simulated: bool,
    ) -> tuple[bool, bool]:
        if places:
            each = [self.place_inside(version, place) for place in places]
            return any(e[0] for e in each), any(e[1] for e in each)
        if zones:
            each = [self.zone_inside(version, zone) for zone in zones]
            sure, may = any(e[0] for e in each), any(e[1] for e in each)
            if not sectors:
                return sure, may
            in_sector = self.inside(version, (), sectors, simulated=simulated)
            return may and (sure or in_sector[0]), may and (sure or in_sector[1])
        if version.sector and sectors:
            return (version.zone in sectors,) * 2
        if not sectors:
            return (True, True) if simulated else (False, True)
        each = [self.place_inside(version, p) for sector in sectors for p in self.sectors.get(sector, ())]
        if simulated:
            return (bool(each) and 2 * sum(e[1] for e in each) >= len(each),) * 2
        return bool(each) and all(e[0] for e in each), any(e[1] for e in each) or not each


_projected: deque[Geography] = deque(maxlen=4)


def geography_of(case: Case) -> Geography:
    """Return the places, sectors and zones of a case, projected once for all cases that share these very records.

    What could be known of a case on a day, and what another log adds to it, have the same places and zones.
    """
    for one in list(_projected):
        if one.case.places is case.places and one.case.zones is case.zones and one.case.about is case.about:
            return one
    geography = Geography(case)
    _projected.append(geography)
    return geography


def _overlap(a: Version, b: Version) -> bool:
    return a.first <= b.last and b.first <= a.last


def _span(zone: Zone) -> tuple[int, int]:
    first = zone.from_.start.toordinal() if zone.from_ and zone.from_.start else EARLIEST
    last = zone.until.end.toordinal() if zone.until and zone.until.end else LATEST
    return first, last
