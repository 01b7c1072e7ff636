"""Where a claim speaks of, and whether that is a place of the case, inside an area of it, or only a name.

A place is found by its id, its name, its name in its own script or an alias; an area is a sector, a zone or a
sub-district, and holds the places that lie in it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from standoff.case.claims import AssessmentSaid, Claim, EventSaid, QuantitySaid, RelationSaid
from standoff.case.geography import Place, Zone
from standoff.case.model import Case
from standoff.errors import StandoffError, nearest
from standoff.text.names import comparable_name

KM_OF_A_DEGREE = 111.32  # of latitude


@lru_cache(maxsize=1 << 14)
def _fold(text: str) -> str:
    return comparable_name(text) or text.strip().casefold()


class _Map:
    """The places and areas of cases that share these places and zones."""

    def __init__(self, places: Mapping[str, Place], zones: tuple[Zone, ...]) -> None:
        self.places, self.zones = places, zones
        self.ids: dict[str, str] = {}
        self.areas: dict[str, set[str]] = {}
        for place in places.values():
            for area in (place.sector, place.adm3):
                if area:
                    self.areas.setdefault(area, set()).add(place.id)
        self._unread = {zone.id for zone in zones}
        self.several: dict[
            str, list[str]
        ] = {}  # names that more than one place has: they mean none of them by themselves
        names: dict[str, dict[str, None]] = {}
        aliases: dict[str, dict[str, None]] = {}
        for zone in zones:
            names.setdefault(_fold(zone.title), {})[zone.id] = None
        for place in places.values():
            for label in (place.name, *place.name.split("/"), place.name_local):
                names.setdefault(_fold(label), {})[place.id] = None
            for label in place.aliases:
                aliases.setdefault(_fold(label), {})[place.id] = None
        for label, ids in (aliases | names).items():  # a name goes before an alias
            if len(ids) == 1:
                self.ids[label] = next(iter(ids))
            elif label:
                self.several[label] = list(ids)
        self.ids.pop("", None)
        self.ids |= {_fold(name): name for name in (*self._unread, *self.areas, *places)}
        for name in self.ids:
            self.several.pop(name, None)

    def inside(self, area: str) -> set[str]:
        """Return the ids of the places of an area; drawn zones are looked into when they are first asked for."""
        if area in self._unread:
            self._unread.discard(area)
            held = self.areas.setdefault(area, set())
            for zone in self.zones:
                if zone.id == area:
                    held |= _places_in(zone, tuple(self.places.values()))
        return self.areas.get(area, set())


def _places_in(zone: Zone, places: tuple[Place, ...]) -> set[str]:
    from shapely import Point, affinity
    from shapely.geometry import shape

    outline = shape(zone.geometry)
    if outline.is_empty:
        return set()
    narrow = math.cos(math.radians(outline.centroid.y))  # a degree of longitude, in degrees of latitude
    plane = affinity.scale(outline, narrow, 1.0, origin=(0, 0))
    if zone.buffer_km:
        ends: Literal["flat", "round"] = "flat" if plane.length else "round"  # a flat buffer of a point is empty
        plane = plane.buffer(zone.buffer_km / KM_OF_A_DEGREE, cap_style=ends)
    return {place.id for place in places if plane.covers(Point(place.lon * narrow, place.lat))}


_last: _Map | None = None


def _map(case: Case) -> _Map:
    global _last
    known = _last
    if known is None or known.places is not case.places or known.zones is not case.zones:
        known = _last = _Map(case.places, case.zones)
    return known


def place_id(case: Case, name: str) -> str:
    """Return the id of the place or area that is called so; other words as they are written."""
    return _map(case).ids.get(_fold(name), name) if name and name not in case.places else name


def claim_place(case: Case, claim: Claim) -> str:
    """Return where a claim speaks of: the id of a place or area of the case, else the name it gives; or nothing.

    A relation or a judgement may be ``of`` anything: only what is a place or an area of the case counts there.
    """
    says = claim.says
    if isinstance(says, EventSaid):
        name = says.at
    elif isinstance(says, QuantitySaid | RelationSaid | AssessmentSaid):
        name = says.of
    else:
        return ""
    known = _map(case).ids.get(_fold(name), "") if name else ""
    return known or (name if isinstance(says, EventSaid | QuantitySaid) else "")


def place_label(case: Case, name: str) -> str:
    """Return a place or area as a person calls it."""
    if name in case.places:
        return case.places[name].name
    return next((zone.title for zone in case.zones if zone.id == name and zone.title), name)


def find_place(case: Case, text: str, *, file: str = "--place") -> str:
    """Return the place or area that is meant: by id or name, or by a name that claims give.

    Raises StandoffError with the nearest name when there is none, and with all of them where several have this name.
    """
    known = _map(case)
    wanted = _fold(text)
    if (name := text.strip() if text.strip() in case.places else known.ids.get(wanted)) is not None:
        return name
    if wanted in known.several:
        names = [f"{key} ({case.places[key].kind})" for key in known.several[wanted] if key in case.places]
        raise StandoffError.of(f"{text!r} is the name of several", file=file, expected=f"one of {', '.join(names)}")
    by_claims = {_fold(place): place for place in (claim_place(case, c) for c in case.claims.values()) if place}
    if (name := by_claims.get(wanted)) is not None:
        return name
    hint = nearest(wanted, {*known.ids, *by_claims})
    expected = "the id or the name of a place, sector or zone, or a place that claims name"
    raise StandoffError.of(f"there is no place {text!r}", file=file, expected=expected, hint=hint)


def lies_in(case: Case, place: str, area: str) -> bool:
    """Whether a place, as `claim_place` gives it, is the place or area asked for, or lies inside that area."""
    return bool(place) and (place == area or place in _map(case).inside(area))
