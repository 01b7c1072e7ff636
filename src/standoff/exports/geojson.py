"""GeoJSON (RFC 7946, WGS84): places, zones, recorded events and arrivals, for any GIS. Boundaries: ``boundaries``.

The same input gives the same bytes. Coordinates have no more decimals than their accuracy bears: rounding never moves
a point further than it may be off already. Events stand at the settlement they are told of and nothing finer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from standoff.case.claims import RECORD
from standoff.case.geography import Place, Zone
from standoff.case.model import Case, Event
from standoff.case.vocabulary import coded
from standoff.evidence.accounts import kind_of
from standoff.runs.results import Arrivals, Run

NOTE = "Boundaries and names shown do not imply endorsement."
MODELLED = "Results of a model, conditional on its coded claims and assumptions; not observations."
KM_PER_DEGREE = 111.2
FINEST = 4  # decimals: 11 m
SETTLEMENT = 2  # decimals: 1.1 km


def decimals(accuracy_km: float, settlement: bool = False) -> int:
    """Return how many decimals of a degree a coordinate bears that may be ``accuracy_km`` off; 0 km means not told.

    The fewest whose rounding (half a step) stays within the accuracy; ``settlement`` allows two at most.
    """
    most = SETTLEMENT if settlement else FINEST
    if accuracy_km <= 0:
        return most
    return next((d for d in range(most) if KM_PER_DEGREE / 2 * 10.0**-d <= accuracy_km), most)


def rounded_point(place: Place, settlement: bool = False) -> tuple[float, float]:
    """Return (longitude, latitude) of a place in degrees, rounded to what its accuracy bears."""
    digits = decimals(place.accuracy_km, settlement)
    return round(place.lon, digits), round(place.lat, digits)


def feature(geometry: Mapping[str, Any] | None, properties: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    """Return one Feature; properties without a value are left out, and tuples become lists."""
    values = {k: list(v) if isinstance(v, tuple) else v for k, v in properties.items() if v not in (None, "", ())}
    item: dict[str, Any] = {"type": "Feature"}
    if name:
        item["id"] = name
    return item | {"geometry": geometry, "properties": values}


def collection(features: Iterable[Mapping[str, Any]], **members: str) -> str:
    """Return a FeatureCollection as text, one feature a line; ``members`` are further texts such as ``title``."""
    head = json.dumps({"type": "FeatureCollection", **members}, ensure_ascii=False)[:-1]
    lines = [json.dumps(f, ensure_ascii=False, allow_nan=False) for f in features]
    body = ",\n".join(lines)
    return f'{head}, "features": [\n{body}\n]}}\n' if lines else f'{head}, "features": []}}\n'


def _point(place: Place) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(rounded_point(place))}


def places(case: Case) -> list[dict[str, Any]]:
    """Return every place with the people a run starts from and how far off its coordinates may be."""
    return [
        feature(
            _point(p),
            {
                "name": p.name,
                "name_local": p.name_local,
                "kind": p.kind,
                "country": p.country,
                "pcode": p.pcode,
                "adm3": p.adm3,
                "residents": p.residents,
                "displaced": p.displaced,
                "capacity": p.capacity or None,
                "accuracy_km": p.accuracy_km or None,
                "source": p.source,
            },
            p.id,
        )
        for p in case.places.values()
    ]


def _area(ring: Sequence[Sequence[float]]) -> float:
    """Twice the signed area of a ring in degrees (shoelace formula); above zero where it runs counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def _right_handed(polygon: Sequence[Any]) -> list[Any]:
    turned = []
    for number, ring in enumerate(polygon):
        counter_clockwise = _area(ring) > 0
        turned.append(list(ring) if counter_clockwise == (number == 0) else list(reversed(ring)))
    return turned


def wound(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """Return a geometry whose outer rings run counter-clockwise and whose holes run clockwise (RFC 7946, 3.1.6)."""
    kind, coordinates = geometry["type"], geometry.get("coordinates")
    if kind == "Polygon":
        return {"type": kind, "coordinates": _right_handed(coordinates or ())}
    if kind == "MultiPolygon":
        return {"type": kind, "coordinates": [_right_handed(polygon) for polygon in coordinates or ()]}
    return dict(geometry)


def _holds(zone: Zone, on: date | None) -> bool:
    after = zone.from_ is None or on is None or (zone.from_.start or date.min) <= on
    return after and (zone.until is None or on is None or on <= (zone.until.end or date.max))


def zones(case: Case, on: date | None = None) -> list[dict[str, Any]]:
    """Return the zones that hold on a day, or every version of every zone."""
    return [
        feature(
            wound(z.geometry),
            {
                "zone": z.id,
                "title": z.title,
                "certainty": z.certainty,
                "from": z.from_.text if z.from_ else None,
                "until": z.until.text if z.until else None,
                "basis": z.basis,
                "claims": z.claims,
            },
        )
        for z in case.zones
        if _holds(z, on)
    ]


def events(case: Case, stances: Iterable[tuple[Event, str]], account: str = RECORD.id) -> list[dict[str, Any]]:
    """Return events with how they stand in an account, at the settlement; no geometry without a place.

    ``stances`` is what ``hxl.stances`` gives for the account.
    """
    features = []
    kind = kind_of(case, account)
    for e, how in stances:
        at = [case.places[p] for p in e.place if p in case.places]
        points = [list(rounded_point(p, settlement=True)) for p in at]
        geometry: dict[str, Any] | None = None
        if points:
            several = len(points) > 1
            geometry = {"type": "MultiPoint", "coordinates": points} if several else _single(points[0])
        features.append(
            feature(
                geometry,
                {
                    "title": e.title,
                    "type": e.type,
                    "plover": coded(e.type).plover,
                    "acled": coded(e.type).acled,
                    "date": e.date.text,
                    "start": e.date.start.isoformat() if e.date.start else None,
                    "end": e.date.end.isoformat() if e.date.end else None,
                    "known": e.known.text if e.known else None,
                    "actor": _actors(case, e.actor),
                    "target": _actors(case, e.target),
                    "place": tuple(p.name for p in at),
                    "zone": e.zone,
                    "accuracy_km": max((p.accuracy_km for p in at), default=0.0) or None,
                    "low": e.low,
                    "high": e.high,
                    "counted": e.counted,
                    "account": account,
                    "account_kind": kind,
                    "told": how,
                    "variant_of": e.variant_of,
                    "claims": e.claims,
                    "source": e.source,
                },
                e.id,
            )
        )
    return features


def _actors(case: Case, ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(case.actors[i].name if i in case.actors else i for i in ids)


def _single(point: list[float]) -> dict[str, Any]:
    return {"type": "Point", "coordinates": point}


def arrivals(case: Case, run: Run, arrival_rows: Iterable[Arrivals]) -> list[dict[str, Any]]:
    """Return people arriving at each place in the model by a day; a place the case does not have has no geometry."""
    spec = run.meta["spec"]
    features = []
    for a in arrival_rows:
        place = case.places.get(a.place)
        features.append(
            feature(
                _point(place) if place else None,
                {
                    "place": a.place,
                    "name": place.name if place else None,
                    "name_local": place.name_local if place else None,
                    "pcode": place.pcode if place else None,
                    "accuracy_km": (place.accuracy_km or None) if place else None,
                    "account": a.account,
                    "scenario": a.scenario,
                    "start": spec["start"],
                    "date": a.date,
                    "mean": a.mean,
                    "q05": a.q05,
                    "q50": a.q50,
                    "q95": a.q95,
                    "n": spec["trajectories"],
                },
            )
        )
    return features
