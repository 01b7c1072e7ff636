"""Tables of a case from a Flee folder, and a Flee folder from a case.

A Flee folder knows places, routes, fighting, closures and counts; it knows no parties, claims or promises. So it
becomes the tables of a case and not a whole case. A case has fighting by degrees and people who flee from it; Flee
takes where fighting is, and how many flee from the settings file that is written along.
"""

from __future__ import annotations

import csv
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from standoff.case.geography import Place
from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.people.flee.folder import FleeFolder
from standoff.people.flee.scenario import NEAR
from standoff.people.flee.series import FleeSeries
from standoff.people.network import Settings
from standoff.world.hostilities import intensity_table, recorded_intensity
from standoff.world.parameters import usual

_TO_CASE = {"camp": "camp_area", "idpcamp": "camp_area", "forwarding_hub": "town", "marker": "site"}
_CLOSURES = {"country": "border", "location": "place", "link": "route"}
FIGHTING = 0.05  # intensity from which a place of a case counts as fought over


def slug(name: str, used: set[str]) -> str:
    """Return an id of small letters, digits and hyphens that is not taken yet, and take it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "place"
    candidate, n = stem, 2
    while candidate in used:
        candidate, n = f"{stem}-{n}", n + 1
    used.add(candidate)
    return candidate


def case_tables(folder: FleeFolder, series: FleeSeries | None, out: Path) -> list[str]:
    """Write places, routes, closures, events and observed as CSV tables of a case; return the files written.

    Fighting becomes one ``clash`` from its first to its last day. Reports are stocks of refugees, uncorrected. Camps
    opened and closed by date have no table in a case and are left out.
    """
    used: set[str] = set()
    ids = {p.name: slug(p.name, used) for p in folder.places}
    source = "Flee folder; licence and origin as there"
    day = [(folder.start + timedelta(days=d)).isoformat() for d in range(folder.days + 1)]
    out.mkdir(parents=True, exist_ok=True)
    places = []
    for p in folder.places:
        camp = "camp" in p.kind
        people = (0, p.population) if camp else (p.population, 0)
        places.append([ids[p.name], p.name, _TO_CASE.get(p.kind, "town"), p.lat, p.lon, p.country, *people, source])
    _write(out, "places", ["id", "name", "kind", "lat", "lon", "country", "residents", "capacity", "source"], places)
    routes: dict[frozenset[str], list[Any]] = {}
    for r in folder.routes:
        routes.setdefault(frozenset((r.a, r.b)), [ids[r.a], ids[r.b], r.km or NEAR, source])
    _write(out, "routes", ["a", "b", "km", "basis"], routes.values())
    closures = []
    for c in folder.closures:
        if c.kind in _CLOSURES and c.start < folder.days:
            ends = [c.a, c.b] if c.kind == "country" else [ids[c.a], ids.get(c.b, "")]
            until = day[c.end - 1] if c.start < c.end <= folder.days else ""
            closures.append([_CLOSURES[c.kind], *ends, day[c.start], until, source])
    _write(out, "closures", ["kind", "a", "b", "from", "until", "source"], closures)
    events = []
    for name, values in folder.conflict.items():
        for n, (first, last) in enumerate(_stretches(values)):
            when = day[first] if first == last else f"{day[first]}/{day[last]}"
            events.append([f"fighting-{ids[name]}-{n + 1}", when, "clash", ids[name], f"Fighting at {name}", source])
    _write(out, "events", ["id", "date", "type", "place", "title", "source"], events)
    observed = []
    for name, reports in (series.raw if series else {}).items():
        for d, value in reports:
            on = (folder.start + timedelta(days=d)).isoformat()
            row = [f"{ids.get(name, slug(name, used))}-{on}", on, on, "refugees-stock", "people registered"]
            observed.append([*row, f"{value:.0f}", name, source])
    _write(out, "observed", ["id", "from", "to", "measure", "indicator", "value", "place", "source"], observed)
    return [f"{name}.csv" for name in ("places", "routes", "closures", "events", "observed")]


def flee_folder(case: Case, out: Path, start: date, days: int, home: str) -> list[str]:
    """Write a case as a Flee input folder with a settings file; return the files written.

    Camp areas become camps with their capacity, places beyond the border camps without one, crossings forwarding hubs,
    everything else towns. Places without a route are left out. People arise from fighting as a share of residents,
    the case's ``displacement.phi``. Raises `StandoffError` when no place of the home country has a route.
    """
    ends = {x for r in case.routes for x in (r.a, r.b)}
    kept = sorted((p for p in case.places.values() if p.id in ends), key=lambda p: p.country != home)
    if not kept or kept[0].country != home:
        raise StandoffError.of(f"no place of {home!r} has a route", file="routes.csv")
    out.mkdir(parents=True, exist_ok=True)
    header = ["#name", "region", "country", "latitude", "longitude", "location_type", "conflict_date", "population"]
    rows = [[p.id, p.sector or p.adm3, p.country, p.lat, p.lon, *_kind(p)] for p in kept]
    _write(out, "locations", header, rows)
    distance = [[r.a, r.b, r.km, 0] for r in case.routes]
    _write(out, "routes", ["#name1", "name2", "distance", "forced_redirection"], distance)
    shut = []
    words = {"border": "country", "place": "location", "route": "link"}
    sites = {p.id for p in kept} | {p.country for p in kept}
    for c in case.closures:
        begin = (c.from_.start - start).days if c.from_.start else 0
        end = (c.until.end - start).days + 1 if c.until and c.until.end else -1
        if (end != -1 and end <= 0) or begin >= days or c.a not in sites or (c.b and c.b not in sites):
            continue
        shut.append([words[c.kind], c.a, c.b, max(begin, 0), end])
    _write(out, "closures", ["#closure_type", "name1", "name2", "closure_start", "closure_end"], shut)
    decay = _of(case, "hostilities.decay", usual("hostilities.decay"))
    level = recorded_intensity(case, case.events.values(), start, days, decay, intensity_table(case))
    at = [i for i, name in enumerate(case.places) if name in ends and level[:, i].max() >= FIGHTING]
    names = list(case.places)
    fought = [[t, *(f"{v:.3f}" if (v := level[t, i]) >= FIGHTING else 0 for i in at)] for t in range(days)]
    _write(out, "conflicts", ["#Day", *(names[i] for i in at)], fought)
    (out / "sim_period.csv").write_text(f"StartDate,{start.isoformat()}\nLength,{days}\n", encoding="utf-8")
    phi = _of(case, "displacement.phi", Settings().phi)
    text = "".join(f"# {line}\n" for line in textwrap.wrap(case.caution, 100))
    text += (
        "# People arise as a share of residents on each day of fighting.\nspawn_rules:\n  take_from_population: true\n"
    )
    text += f"  conflict_driven_spawning:\n    spawn_mode: pop_ratio\n    displaced_per_conflict_day: {phi:g}\n"
    (out / "simsetting.yml").write_text(text, encoding="utf-8")
    names = ["locations.csv", "routes.csv", "closures.csv", "conflicts.csv", "sim_period.csv"]
    return [*names, "simsetting.yml"]


def _of(case: Case, name: str, otherwise: float) -> float:
    return case.parameters[name].value if name in case.parameters else otherwise


def _kind(place: Place) -> tuple[str, str, int]:
    if place.kind in ("camp", "camp_area"):
        return "camp", "", place.capacity
    if place.kind == "beyond":
        return "camp", "", 0
    return ("forwarding_hub" if "crossing" in place.kind else "town"), "", place.residents


def _stretches(values: Sequence[float]) -> list[tuple[int, int]]:
    stretches: list[tuple[int, int]] = []
    for day, value in enumerate(values):
        if value > 0 and stretches and stretches[-1][1] == day - 1:
            stretches[-1] = (stretches[-1][0], day)
        elif value > 0:
            stretches.append((day, day))
    return stretches


def _write(out: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with (out / f"{name}.csv").open("w", newline="", encoding="utf-8") as handle:
        table = csv.writer(handle, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)
