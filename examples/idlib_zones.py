"""Rebuild zones.geojson of the Idlib case from its places. Anybody can redo it.

    python examples/idlib_zones.py [CASE_FOLDER]

No published line is used. A line of contact is drawn through points between an opposition-held and a government-held
place (the pairs below, with how far the point lies from the first to the second), a road through the places on it.
So every edge is approximate: about 5 km for lines of contact, about 3 km for roads. Buffers are made in UTM zone 37N.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import Transformer
from shapely import LineString, Point, Polygon, transform, union_all
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

CASE = Path(__file__).parent.parent / "src/standoff/cases/idlib"
TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:32637", always_xy=True).transform
TO_DEGREES = Transformer.from_crs("EPSG:32637", "EPSG:4326", always_xy=True).transform
Pair = tuple[str, str, float]

NORTH_WEST: list[Pair] = [
    ("jisr-al-shughur", "kinsabba", 0.5),
    ("bidama", "kinsabba", 0.5),
    ("bidama", "rabiah", 0.5),
    ("khirbet-al-joz", "rabiah", 0.4),
]
LINE_2018: list[Pair] = [
    ("op-qalaat-samaan", "nubl", 0.5),
    ("haritan", "nubl", 0.5),
    ("haritan", "kafr-saghir", 0.3),
    ("op-rashidin", "aleppo", 0.5),
    ("op-al-eis", "al-hadir", 0.5),
    ("op-tell-touqan", "abu-al-duhur", 0.5),
    ("op-surman", "sinjar", 0.5),
    ("al-tamanah", "sinjar", 0.3),
    ("morek", "suran-hama", 0.5),
    ("kafr-zita", "halfaya", 0.5),
    ("kafr-zita", "karnaz", 0.5),
    ("khan-shaykhun", "karnaz", 0.8),
    ("op-sher-mughar", "karnaz", 0.7),
    ("qalaat-al-madiq", "al-suqaylabiyah", 0.5),
    ("al-ziyarah", "shathah", 0.5),
    *NORTH_WEST,
]
LINE_2020: list[Pair] = [
    ("op-qalaat-samaan", "nubl", 0.5),
    ("darat-izza", "haritan", 0.5),
    ("atarib", "op-rashidin", 0.4),
    ("atarib", "al-zarbah", 0.5),
    ("taftanaz", "afis", 0.5),
    ("nayrab", "saraqib", 0.5),
    ("ariha", "maarat-al-numan", 0.5),
    ("ihsim", "kafr-nabl", 0.5),
    ("al-ziyarah", "qalaat-al-madiq", 0.4),
    ("al-ziyarah", "shathah", 0.5),
    *NORTH_WEST,
]
# The edge towards Turkey and Afrin, from the north-west end of the line back to its north-east end.
BORDER = ["khirbet-al-joz", "hacipasa", "reyhanli", "bab-al-hawa", "atma", "deir-ballut", "op-qalaat-samaan"]
# Places held by armed opposition groups in September 2018 that were in government hands at the start of a run.
HELD_2018 = ["khan-shaykhun", "morek", "kafr-zita", "al-tamanah", "qalaat-al-madiq", "op-morek"]
# Their typed positions lie on the edge or across the line.
ASTRIDE = ["op-zaytunah", "khirbet-al-joz"]
M4 = ["trumba", "ariha", "muhambal", "jisr-al-shughur", "bidama", "ain-al-hawr"]
M5 = ["hama", "suran-hama", "morek", "khan-shaykhun", "maarat-al-numan", "saraqib", "al-zarbah", "aleppo"]


def main(case: Path) -> None:
    """Rewrite zones.geojson of ``case``."""
    with (case / "places.csv").open(encoding="utf-8", newline="") as file:
        places = {row["id"]: row for row in csv.DictReader(file)}
    at = {name: TO_METRES(float(p["lon"]), float(p["lat"])) for name, p in places.items()}

    def between(a: str, b: str, share: float) -> tuple[float, float]:
        (ax, ay), (bx, by) = at[a], at[b]
        return ax + share * (bx - ax), ay + share * (by - ay)

    line_2018 = LineString([between(*pair) for pair in LINE_2018])
    line_2020 = LineString([between(*pair) for pair in LINE_2020])
    inside = [n for n, p in places.items() if p["side"] == "opposition" and n not in ASTRIDE]
    around = [
        Point(at[name]).buffer(float(places[name]["accuracy_km"]) * 1000 + 500, quad_segs=4)
        for name in [*inside, *HELD_2018]
    ]
    ring = Polygon([*line_2018.coords, *(at[name] for name in BORDER)])
    area = union_all([ring.buffer(0), *around])
    m4 = LineString([at[name] for name in M4])
    m5 = LineString([at[name] for name in M5])
    about_line = "the line runs between the listed places on both sides, +-5 km"
    made = [
        zone(
            "idlib-deescalation-area", "Idlib de-escalation area, as held in September 2018", area,
            {
                "from": "2017-05-06",
                "basis": f"approximate: {about_line}; the edge to Turkey and Afrin +-5 km; until "
                "February 2018 the area reached further east, to Abu al-Duhur",
            },
        ),
        zone(
            "sochi-dmz", "Sochi demilitarised zone, 15 km deep", line_2018.buffer(15_000, quad_segs=6) & area,
            {"from": "2018-09-17", "basis": f"approximate: within 15 km of the line of September 2018; {about_line}"},
        ),
        zone(
            "sochi-dmz", "Sochi demilitarised zone, 20 km deep", line_2018.buffer(20_000, quad_segs=6) & area,
            {
                "from": "2018-09-17", "certainty": "possible",
                "basis": "approximate: the text says 15 to 20 km and leaves the lines to later talks",
            },
        ),
        zone(
            "contact-line-2020", "Along the line of contact of March 2020, 10 km each side",
            line_2020.buffer(10_000, quad_segs=6),
            {"from": "2020-03-06", "basis": f"assumed width: the text says along the line of contact; {about_line}"},
        ),
        zone(
            "contact-line-2020", "Along the line of contact of March 2020, 20 km each side",
            line_2020.buffer(20_000, quad_segs=6),
            {
                "from": "2020-03-06", "certainty": "possible",
                "basis": "assumed width: the text says along the line of contact",
            },
        ),
        zone(
            "m4-corridor", "M4 security corridor, 6 km each side from Trumba to Ain al-Hawr",
            m4.buffer(6_000, quad_segs=6),
            {"from": "2020-03-05", "basis": "approximate: a road through the listed places, +-3 km; round ends"},
        ),
        zone(
            "m5", "M5 motorway from Hama to Aleppo, 3 km each side", m5.buffer(3_000, quad_segs=4),
            {"basis": "approximate: the road is drawn through the listed places, +-3 km"},
        ),
        *(
            zone(name, title, road, {"basis": "for the map only: a line through the listed places, +-3 km"})
            for name, title, road in (
                ("road-m4", "M4 motorway", LineString([at["saraqib"], *m4.coords])),
                ("road-m5", "M5 motorway", m5),
            )
        ),
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": made}, ensure_ascii=False, indent=1)
    (case / "zones.geojson").write_text(text + "\n", encoding="utf-8")


def zone(name: str, title: str, shape: BaseGeometry, more: dict[str, str]) -> dict[str, Any]:
    """Return a GeoJSON feature in WGS84, simplified to 100 m and rounded to about 10 m."""
    simple = shape.simplify(100)
    geometry = mapping(transform(simple, lambda xy: np.round(np.column_stack(TO_DEGREES(xy[:, 0], xy[:, 1])), 4)))
    return {
        "type": "Feature",
        "properties": {"id": name, "title": title, "certainty": "certain", **more},
        "geometry": geometry,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CASE)
