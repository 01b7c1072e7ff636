"""The map as plain data: places by kind and people, zones and roads, events told or corroborated, and arrivals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from standoff.case.geography import SPOT, Place, Zone
from standoff.case.map_files import sound_background
from standoff.case.model import Case
from standoff.intake.areas import case_areas
from standoff.text.sentences import count, day, number, rounded
from standoff.views.charts import (
    BOUNDARIES,
    Figure,
    figure,
)
from standoff.views.words import Words

# kind of place -> (shape, what the key calls it); the shape tells the kind, the size tells the people
SHAPES: Mapping[str, tuple[str, str]] = {
    "town": ("circle", "town"),
    "camp_area": ("triangle", "camp area"),
    "camp": ("triangle", "camp"),
    "crossing": ("square", "border crossing"),
    "internal_crossing": ("diamond", "crossing between areas of control"),
    "observation_post": ("cross", "observation post"),
    "site": ("star", "other site"),
    "beyond": ("circle", "beyond the region"),
}


def people_at_start(place: Place) -> int:
    """People at a place at the start of a run: residents and displaced."""
    return place.residents + place.displaced


def holds(zone: Zone, on: date | None) -> bool:
    """Whether a zone holds on a day; without a day every version is shown."""
    if on is None:
        return True
    after = zone.from_ is None or zone.from_.start is None or zone.from_.start <= on
    return after and (zone.until is None or zone.until.end is None or on <= zone.until.end)


def zones_on(case: Case, on: date | None = None) -> list[dict[str, Any]]:
    """Return the zones and roads that hold on a day, rounded to about 100 m; lines are roads."""
    return [
        {
            "id": z.id,
            "title": z.title,
            "certainty": z.certainty,
            "road": "Line" in str(z.geometry["type"]),
            "basis": z.basis,
            "type": z.geometry["type"],
            "coordinates": _rounded(z.geometry["coordinates"]),
        }
        for z in case.zones
        if holds(z, on)
    ]


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, int | float) else [_rounded(v) for v in value]


def map_places(case: Case) -> list[dict[str, Any]]:
    """Return the places inside the region, the largest first, as the map draws them."""
    west, south, east, north = case.about.region
    inside = [
        p
        for p in case.places.values()
        if west <= p.lon <= east and south <= p.lat <= north and p.kind != "beyond" and not p.id.startswith(SPOT)
    ]
    return [
        {
            "id": p.id,
            "name": p.name,
            "ar": p.name_local,
            "kind": p.kind,
            "shape": SHAPES.get(p.kind, ("circle", p.kind))[0],
            "lon": round(p.lon, 4),
            "lat": round(p.lat, 4),
            "people": people_at_start(p),
            "sector": p.sector,
            "km": p.accuracy_km,
            "pcode": p.pcode,
        }
        for p in sorted(inside, key=lambda p: (-people_at_start(p), p.id))
    ]


def map_extent(case: Case) -> list[float]:
    """Return the part of the region the map shows: where people are, with a margin, cut to the region."""
    west, south, east, north = case.about.region
    peopled = [
        p for p in case.places.values() if people_at_start(p) and west <= p.lon <= east and south <= p.lat <= north
    ]
    if not peopled:
        return [west, south, east, north]
    return [
        round(max(west, min(p.lon for p in peopled) - 0.3), 3),
        round(max(south, min(p.lat for p in peopled) - 0.25), 3),
        round(min(east, max(p.lon for p in peopled) + 0.3), 3),
        round(min(north, max(p.lat for p in peopled) + 0.2), 3),
    ]


def kinds_shown(places: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the key of the shapes that are on the map."""
    kinds = {str(p["kind"]) for p in places}
    return [{"kind": k, "shape": shape, "label": label} for k, (shape, label) in SHAPES.items() if k in kinds]


def place_rows(case: Case, places: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Return the table behind the map: place, local name, kind, people, and how far off the coordinates may be."""
    rows = []
    for point in places:
        place = case.places[str(point["id"])]
        rows.append(
            [
                place.name,
                place.name_local,
                SHAPES.get(place.kind, ("", place.kind))[1],
                people_at_start(place),
                place.lat,
                place.lon,
                place.accuracy_km,
                place.source,
            ]
        )
    return rows


PLACE_COLUMNS = ("place", "local name", "kind", "people at the start", "lat", "lon", "accuracy, km", "source")


def region_map(case: Case, on: date | None = None) -> Figure:
    """Return the region at a day: places sized by people, zones and roads that hold then."""
    places = map_places(case)
    total = sum(int(p["people"]) for p in places)
    doubtful = sum(1 for p in places if float(p["km"]) >= 2)
    sizes = "Size: residents and displaced people at the start of a run." if total else ""
    kinds = "Shape: kind of place." if places else ""
    off = f"{count(doubtful, 'place')} may be 2 km or more off." if doubtful else ""
    return figure(
        "map",
        "map",
        title=f"{number(total)} people live in or have fled to the {count(len(places), 'place')} of this map",
        definition=" ".join(filter(None, (sizes, kinds, off, BOUNDARIES))),
        source="; ".join(filter(None, (f"{case.about.title}, edition {case.about.edition}", case.about.map_credit))),
        as_of=day(on or case.about.start.start),
        n=f"n = {count(len(places), 'place')}",
        columns=PLACE_COLUMNS,
        rows=place_rows(case, places),
        data={
            "region": map_extent(case),
            "background": sound_background(case),
            "zones": zones_on(case, on or case.about.start.start),
            "places": places,
            "kinds": kinds_shown(places),
        },
    )


# Areas in shades.


class AreaIndex:
    """Which of some areas holds a point; built once for many points."""

    def __init__(self, areas: Sequence[Mapping[str, Any]]) -> None:
        """Take outlines with ``type`` and ``coordinates``."""
        from shapely import STRtree
        from shapely.geometry import shape
        from shapely.validation import make_valid

        self._shapes = [make_valid(shape({"type": a["type"], "coordinates": a["coordinates"]})) for a in areas]
        self._tree = STRtree(self._shapes)
        self._answers: dict[tuple[float, float], int | None] = {}

    def __repr__(self) -> str:
        return f"<AreaIndex of {len(self._shapes)} areas>"

    def at(self, lon: float, lat: float) -> int | None:
        """Return the number of the first area that holds a point; None outside all."""
        if (lon, lat) not in self._answers:
            from shapely.geometry import Point

            found = self._tree.query(Point(lon, lat), predicate="intersects")
            self._answers[lon, lat] = int(min(found)) if len(found) else None
        return self._answers[lon, lat]


def case_outlines(case: Case) -> list[dict[str, Any]]:
    """Return the outlines of the smallest areas that a case has boundaries of, as a map draws them."""
    areas = case_areas(case)
    return [
        {
            "name": areas.labels[one.pcode],
            "kind": "subdistrict",
            "type": one.geometry["type"],
            "coordinates": _rounded(one.geometry["coordinates"]),
        }
        for one in areas.areas
        if one.level == areas.level
    ]


def shaded_areas(
    outlines: Sequence[Mapping[str, Any]],
    marks: Iterable[Mapping[str, Any]],
    what: str,
    index: AreaIndex | None = None,
    steps: Sequence[float] = (),
) -> dict[str, Any]:
    """Return areas in shades by the marks that lie in them, for the data of a map; nothing without an area.

    A mark counts as often as its ``n`` says; one that stands at the middle of an area (``area``) lies nowhere exactly
    and is not counted. ``what`` is the noun of a mark, ``steps`` the upper ends of shades that are to be the same for
    other days, too.
    """
    if not outlines:
        return {}
    index = index or AreaIndex(outlines)
    tally: Counter[int] = Counter()
    for mark in marks:
        at = index.at(mark["lon"], mark["lat"])
        if at is not None and not mark.get("area"):
            tally[at] += mark.get("n", 1)
    steps = list(steps) or shade_steps(list(tally.values()))
    areas = [
        {**one, "value": tally[n], "title": f"{one['name']}: {count(tally[n], what)}"} for n, one in enumerate(outlines)
    ]
    return {"areas": areas, "steps": steps, "shades": shade_words(steps)}


NAMED = 8  # areas of a shaded map of people that are named on it, those of most people first


def shade_steps(values: Sequence[float]) -> list[float]:
    """Return the upper ends of all shades of counts but the last: 0 has a shade of its own, the others equal widths.

    From a hundred on ends are round numbers, of two digits.
    """
    top = max([*values, 1])
    ends = (float(-(-top * n // 4)) for n in (1, 2, 3))
    widths = sorted({0.0, *(rounded(end) if end > 100 else end for end in ends)})
    return [step for step in widths if step < top] or [0.0]


def shade_words(steps: Sequence[float], say: Words | None = None) -> list[str]:
    """Return what each shade stands for: ``0``, ``1 to 4``, ``5 and more``, in the language of ``say``."""
    say = say or Words()
    words = ["0"]
    for low, high in zip(steps, [*steps[1:], None], strict=True):
        first = int(low) + 1
        if high is None:
            words.append(str(say.say("and-more", first)))
        else:
            words.append(str(say.say("shade", first, last=int(high))) if high > first else say.number(first))
    return words
