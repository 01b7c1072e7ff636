"""Rebuild places.csv and routes.csv of the Idlib case from a table of places. Anybody can redo it.

    python examples/idlib_places.py COMPILED_PLACES.csv [CASE_FOLDER]

Kept by hand in places.csv: id, name, name_local, adm3, sector, side, aliases (in this order, the others after).
Written by this script: coordinates, accuracy, source, residents, displaced, and all of routes.csv.

People. Totals are as published; how they lie over places is assumed and follows this rule.

1. Places held by opposition groups hold 2,987,916 people (UNHCR, September 2018, areas of non-state armed groups), of
   whom 1,400,000 displaced (OCHA, 12 September 2018, about 3.0 million people and 1.4 million displaced).
2. Fixed for a group of places: 712,000 people in Dana sub-district before the winter of 2019 (OCHA, 20 February 2020);
   163,800 in and around Maarat al-Numan (OCHA, November 2019); displaced people in Atarib (133,000) and Salqin
   (87,000) sub-districts (REACH/CCCM, November 2018, assessed places only).
3. Residents elsewhere: in proportion to the GeoNames population. A town or camp area without one counts as the median
   of the opposition-held towns that have one; a camp area has no residents.
4. Displaced people elsewhere: in proportion to the same weights.
5. In Dana sub-district residents follow rule 3 and the displaced are the rest, in equal parts over its places.
6. Turkey-held places: residents are the GeoNames population (the median where none is given); displaced people are
   168,000 around Azaz and 96,000 around Al-Bab (REACH/CCCM, November 2018), elsewhere none.
7. Government-held places and Turkish towns start at zero: the model follows people of the opposition-held areas.

Rounding is by largest remainder, so that totals are exact.

Routes. A road is assumed to be 1.3 times as long as the geodesic (range 1.1 to 1.6). Within each side, two places are
linked when no third lies in the circle over them (a Gabriel graph). Sides are linked only through crossings and
corridors.
"""

from __future__ import annotations

import csv
import itertools
import re
import statistics
import sys
from pathlib import Path

from pyproj import Geod, Transformer

CASE = Path(__file__).parent.parent / "src/standoff/cases/idlib"
COLUMNS = (
    "id,name,name_local,kind,lat,lon,country,pcode,adm3,sector,side,residents,displaced,capacity,"
    "accuracy_km,quality,source,aliases"
)
PEOPLE, DISPLACED = 2_987_916, 1_400_000
DANA, DANA_PEOPLE = ("dana", "sarmada", "atma", "qah", "deir-hassan", "kafr-lusin"), 712_000
MAARAT_PEOPLE = 163_800
FIXED_DISPLACED = {("atarib", "batabo", "mezanaz"): 133_000, ("salqin",): 87_000}
NORTH_DISPLACED = {("azaz", "azaz-camps"): 168_000, ("al-bab", "al-bab-camps"): 96_000}
LIVED_IN = ("town", "camp_area")
DETOUR = 1.3
# What lies beyond the region: country, latitude, longitude, how far off in kilometres; all typed.
BEYOND = {
    "pazarkule": ("GR", 41.64, 26.48, 5),
    "eastern-ghouta": ("SY", 33.53, 36.42, 10),
    "daraa-qunaytra": ("SY", 32.85, 36.05, 40),
    "north-east-syria": ("SY", 36.60, 39.60, 90),
}
# Links between sides: (a, b, why).
THROUGH = [
    ("bab-al-hawa", "reyhanli", "border crossing"),
    ("kafr-lusin-crossing", "reyhanli", "border crossing"),
    ("khirbet-al-joz", "yayladagi", "border crossing"),
    ("bab-al-salama", "kilis", "border crossing"),
    ("al-rai-crossing", "elbeyli", "border crossing"),
    ("jarablus-crossing", "elbeyli", "border crossing; the town on the Turkish side is not listed"),
    ("deir-ballut", "atma", "between Idlib and Afrin"),
    ("darat-izza", "jindayris", "between Idlib and Afrin; the crossing itself is not listed"),
    ("morek-crossing", "hish", "line of contact"),
    ("abu-al-duhur-corridor", "lislamin", "corridor across the line of contact"),
    ("qalaat-al-madiq-crossing", "ihsim", "line of contact"),
]


def apportion(total: int, weights: dict[str, float]) -> dict[str, int]:
    """Split ``total`` in proportion to ``weights``; whole people, by largest remainder, ties by id."""
    whole = sum(weights.values())
    exact = {k: total * w / whole for k, w in weights.items()}
    shares = {k: int(x) for k, x in exact.items()}
    left = total - sum(shares.values())
    for key in sorted(exact, key=lambda k: (shares[k] - exact[k], k))[:left]:
        shares[key] += 1
    return shares


def accuracy(quality: str, kind: str) -> float:
    """Return how far off the coordinates may be, in kilometres, from the letter and the figure of the table."""
    found = re.search(r"±\s*(\d+)", quality)
    if found:
        return float(found[1])
    return {"A": 1.0, "B": 2.0}.get(quality[:1], 5.0) if kind != "site" else 3.0


def source(row: dict[str, str]) -> str:
    """Say where the coordinates come from, with the row of the compiled table in brackets."""
    if row["source"].startswith("GeoNames CC BY"):
        return f"GeoNames, CC BY 4.0 [{row['id']}]"
    if row["id"].startswith("OP"):
        listed = "name and order: SOHR, https://www.syriahr.com/en/158239/"
        return f"{listed}; coordinates assumed: typed from general knowledge [{row['id']}]"
    if "GeoNames" in row["source"]:
        return f"from the GeoNames coordinates of the town, CC BY 4.0 [{row['id']}]"
    return f"assumed: typed from general knowledge [{row['id']}]"


def people(places: list[dict[str, str]], population: dict[str, float]) -> None:
    """Fill residents and displaced by the rule in the module's text."""
    held = {side: [p for p in places if p["side"] == side and p["sector"]] for side in ("opposition", "turkey-held")}
    stays: dict[str, int] = {}
    moved: dict[str, int] = {}

    def weights(side: str, kinds: tuple[str, ...]) -> dict[str, float]:
        median = statistics.median(population[p["id"]] for p in held[side] if p["id"] in population)
        return {p["id"]: population.get(p["id"], median) for p in held[side] if p["kind"] in kinds}

    towns, all_places = weights("opposition", ("town",)), weights("opposition", LIVED_IN)
    towns.pop("maarat-al-numan")
    stays |= apportion(PEOPLE - DISPLACED - MAARAT_PEOPLE, towns)
    stays["maarat-al-numan"] = MAARAT_PEOPLE
    dana_displaced = DANA_PEOPLE - sum(stays.get(p, 0) for p in DANA)
    moved |= apportion(dana_displaced, dict.fromkeys(DANA, 1.0))
    for group, count in FIXED_DISPLACED.items():
        moved |= apportion(count, {p: all_places[p] for p in group})
    rest = {p: w for p, w in all_places.items() if p not in moved and p != "maarat-al-numan"}
    moved |= apportion(DISPLACED - sum(moved.values()), rest)
    stays |= {p: round(w) for p, w in weights("turkey-held", ("town",)).items()}
    for group, count in NORTH_DISPLACED.items():
        moved |= apportion(count, dict.fromkeys(group, 1.0))
    for place in places:
        place["residents"] = str(stays.get(place["id"], 0))
        place["displaced"] = str(moved.get(place["id"], 0))
        place["capacity"] = "0"


def roads(places: list[dict[str, str]]) -> list[tuple[str, str, float, str]]:
    """Return undirected links (a, b, kilometres, basis), sorted by id."""
    geod = Geod(ellps="WGS84")
    project = Transformer.from_crs("EPSG:4326", "EPSG:32637", always_xy=True).transform
    at = {p["id"]: (float(p["lon"]), float(p["lat"])) for p in places}
    flat = {name: project(*xy) for name, xy in at.items()}

    def km(a: str, b: str) -> float:
        metres: float = geod.inv(*at[a], *at[b])[2]
        return max(round(metres * DETOUR / 1000, 1), 0.5)

    links: dict[tuple[str, str], tuple[float, str]] = {}
    about = "assumed: geodesic x 1.3 (1.1 to 1.6)"

    def add(a: str, b: str, why: str) -> None:
        links[min(a, b), max(a, b)] = (km(a, b), f"{about}; {why}")

    sides: dict[str, list[str]] = {}
    for p in places:
        if p["sector"] and p["kind"] not in ("observation_post", "beyond"):
            sides.setdefault(p["side"], []).append(p["id"])
    for side, names in sorted(sides.items()):
        for a, b in itertools.combinations(sorted(names), 2):
            (ax, ay), (bx, by) = flat[a], flat[b]
            mx, my, limit = (ax + bx) / 2, (ay + by) / 2, ((ax - bx) ** 2 + (ay - by) ** 2) / 4
            if all((flat[c][0] - mx) ** 2 + (flat[c][1] - my) ** 2 >= limit for c in names if c not in (a, b)):
                add(a, b, f"neighbours, {side} side")
    for a, b, why in THROUGH:
        add(a, b, why)
    add("antakya", "pazarkule", "across Turkey to the Greek border")
    return [(a, b, distance, basis) for (a, b), (distance, basis) in sorted(links.items())]


def main(compiled: Path, case: Path) -> None:
    """Rewrite the two tables of ``case``."""
    with compiled.open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    with (case / "places.csv").open(encoding="utf-8", newline="") as file:
        places = list(csv.DictReader(file))
    population: dict[str, float] = {}
    for place in places:
        if place["id"] in BEYOND:
            country, lat, lon, off = BEYOND[place["id"]]
            place |= {"kind": "beyond", "country": country, "lat": str(lat), "lon": str(lon), "quality": "C"}
            place |= {"accuracy_km": f"{off:.1f}", "source": "assumed: typed from general knowledge"}
            continue
        row = rows[place["source"].rpartition("[")[2].rstrip("]")]
        place |= {"lat": row["lat"], "lon": row["lon"], "quality": row["quality"][:1], "source": source(row)}
        place["kind"] = row["type"]
        place["country"] = row["country"][:2]
        place["accuracy_km"] = str(accuracy(row["quality"], row["type"]))
        if row["population"]:
            population[place["id"]] = float(row["population"])
    people(places, population)
    with (case / "places.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS.split(","), lineterminator="\n")
        table.writeheader()
        table.writerows(places)
    with (case / "routes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["a", "b", "km", "basis"])
        writer.writerows(roads(places))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit("usage: python examples/idlib_places.py COMPILED_PLACES.csv [CASE_FOLDER]")
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else CASE)
