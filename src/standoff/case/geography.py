"""Where things are: places, routes between them, closures, and zones with versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from standoff.oneline import OneLine
from standoff.values import Kilometres, Latitude, Longitude, People, When

_STRICT: dict[str, str] = {"extra": "forbid"}


SPOT = "at:"  # begins the id of a place made for the coordinates of a log; no id of a case holds a colon


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Place(OneLine):
    """A town, camp, crossing, post or site. ``accuracy_km`` is how far off the coordinates may be."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    name: str
    kind: str  # a word of the list where a route leads to it
    lat: Latitude  # degrees north; south is negative
    lon: Longitude  # degrees east; west is negative
    country: str  # ISO 3166 alpha-2; the border between two countries can be shut
    name_local: str = ""  # in the script of the place
    pcode: str = ""
    adm3: str = ""  # sub-district
    sector: str = ""  # group of places that hostilities reach together; empty = outside the model
    side: str = ""  # who holds it at the start of a run
    residents: People = 0
    displaced: People = 0  # people displaced to it at the start
    capacity: People = 0  # people; 0: no limit
    accuracy_km: Kilometres = 0.0
    quality: str = ""  # of the coordinates
    source: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Route(OneLine):
    """An undirected link between two places, in kilometres by road as far as is known."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    a: str
    b: str
    km: Kilometres
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Closure(OneLine):
    """A route, place or border shut from a date on; ``until`` empty means until the end."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    kind: str  # route, place, border
    a: str  # a place, or a country of places.csv
    b: str = ""  # the other end; empty for a place
    from_: When
    until: When | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Zone(OneLine):
    """A polygon with versions: ``certainty`` tells the certain part from the possible one; dates say when it held.

    With ``buffer_km`` it is all that lies within so many kilometres of the geometry, such as of a road.
    """

    id: str
    title: str
    geometry: Mapping[str, Any]  # GeoJSON, WGS84
    certainty: str = "certain"
    from_: When | None = None
    until: When | None = None
    basis: str = ""
    claims: tuple[str, ...] = ()
    buffer_km: Kilometres = 0.0
    line: int = 0  # of zones.geojson on which the feature begins
