"""Which administrative area each place lies in, and how surely; arrivals added up by area.

A case may hold its boundaries (``areas.geojson``, or what was imported into its library), and a user may bring a file
such as OCHA's COD-AB. Sums are by the deepest level, trajectory by trajectory, so that quantiles are those of the sums.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.errors import Problem
from standoff.intake.areas import case_areas
from standoff.intake.boundaries import Boundary, read_boundaries
from standoff.oneline import OneLine
from standoff.people.headcount import Areas
from standoff.world.setting import home_of

UNPLACED = "outside the boundaries"


@dataclass(frozen=True, slots=True, repr=False)
class AreaOfPlace(OneLine):
    """The area a place's coordinates lie in, and whether all of the disc they are known to lies in it too."""

    pcode: str
    name: str
    certain: bool


@dataclass(frozen=True, slots=True, repr=False)
class AreaArrivals(OneLine):
    """Arrivals in an area over a run, quantiles over ``n`` trajectories of the sum over its places.

    Who moves on and arrives at another place is counted there again, in the same area or not.
    ``unsure`` is the share of the mean that arrived at places whose disc of uncertainty reaches over the border.
    """

    account: str
    scenario: str
    pcode: str
    area: str
    date: str
    places: int
    mean: float
    q05: float
    q50: float
    q95: float
    unsure: float
    n: int


def areas_of(case: Case, boundaries: Sequence[Boundary]) -> dict[str, AreaOfPlace]:
    """Return the area of the deepest level for every place that lies in one.

    Distances are taken in the case's metric projection. Of areas that overlap at a place the first given counts.
    """
    from standoff.commitments.patterns.zones import Geography

    geography = Geography(case)
    deepest = max((b.level for b in boundaries), default=0)
    shapes = [(b, geography.in_metres(b.geometry)) for b in boundaries if b.level == deepest]
    areas: dict[str, AreaOfPlace] = {}
    for place in case.places:
        disc = geography.disc(place)
        point = disc.centroid
        for boundary, area in shapes:
            if area.covers(point):
                areas[place] = AreaOfPlace(boundary.pcode, boundary.name, bool(area.covers(disc)))
                break
    return areas


def read_areas(case: Case, path: Path, *, repair: bool = False) -> tuple[dict[str, AreaOfPlace], tuple[Problem, ...]]:
    """Read a boundary file for a case: the area of each place, and as warnings what was done to the file.

    Raises StandoffError with every problem of it.
    """
    boundaries = read_boundaries(path, case.about.region, repair=repair)
    return areas_of(case, boundaries.areas), boundaries.warnings


def case_placed(case: Case) -> dict[str, tuple[str, str]]:
    """Return the code and name of the sub-district of each place, as its record says (``adm3``) or where it lies.

    Names are those of the case's own boundaries; a code without a boundary goes by itself.
    """
    areas = case_areas(case)
    lies = areas_of(case, areas.areas) if areas else {}
    placed = {}
    for name, place in case.places.items():
        if place.adm3:
            shape = areas.by_code.get(place.adm3.casefold())
            placed[name] = (place.adm3, shape.name if shape else place.adm3)
        elif name in lies:
            placed[name] = (lies[name].pcode, lies[name].name)
    return placed


def areas_of_network(case: Case, places: Sequence[str], placed: Mapping[str, AreaOfPlace] | None = None) -> Areas:
    """Return the areas that the places of a network are added up in.

    They are the areas of ``placed`` (a user's boundaries), else the case's sub-districts; a place in none of them is in
    its sector, a place abroad in its country.
    """
    home = home_of(case)
    own = case_placed(case) if placed is None else {p: (a.pcode, a.name) for p, a in placed.items()}
    keys = []
    for name in places:
        place = case.places[name]
        if place.country == home and name in own:
            keys.append(own[name])
        elif place.country == home and place.sector:
            keys.append(("", place.sector.replace("-", " ")))
        else:
            keys.append(("", place.country))
    order = sorted(set(keys), key=lambda key: (not key[0], key))
    return Areas(
        tuple(code for code, _ in order),
        tuple(name for _, name in order),
        np.array([order.index(key) for key in keys], dtype=np.int64),
    )


def by_area(
    arrived: NDArray[Any],
    places: Sequence[str],
    areas: Mapping[str, AreaOfPlace],
    *,
    account: str = "",
    scenario: str = "",
    date: str = "",
) -> list[AreaArrivals]:
    """Add up arrivals [n, P] at ``places`` by area, largest median first; what lies in no area is told last."""
    groups: dict[tuple[str, str], list[int]] = {}
    for i, place in enumerate(places):
        area = areas.get(place)
        groups.setdefault((area.pcode, area.name) if area else ("", UNPLACED), []).append(i)
    rows = []
    for (pcode, name), members in groups.items():
        sums = arrived[:, members].sum(axis=1, dtype=np.int64)
        mean = float(sums.mean())
        if mean < 0.5:
            continue
        doubtful = [i for i in members if pcode and not areas[places[i]].certain]
        unsure = float(arrived[:, doubtful].sum(axis=1, dtype=np.int64).mean()) / mean
        low, middle, high = (round(float(v), 1) for v in np.quantile(sums, (0.05, 0.5, 0.95)))
        row = (len(members), round(mean, 1), low, middle, high, round(unsure, 3), len(sums))
        rows.append(AreaArrivals(account, scenario, pcode, name, date, *row))
    return sorted(rows, key=lambda a: (not a.pcode, -a.q50, a.pcode))


def areas_csv(rows: Sequence[AreaArrivals]) -> str:
    """Return the rows as CSV with a heading."""
    out = io.StringIO()
    names = [f.name for f in fields(AreaArrivals)]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([getattr(row, name) for name in names] for row in rows)
    return out.getvalue()


def areas_of_run(
    ensemble: Any, batches: Mapping[tuple[str, str], Any], placed: Mapping[str, AreaOfPlace]
) -> list[AreaArrivals]:
    """Return the arrivals by area of every account and scenario of a run."""
    on = (ensemble.spec.start + timedelta(days=ensemble.spec.days)).isoformat()
    places = ensemble.setting.network.ids
    rows: list[AreaArrivals] = []
    for (account, scenario), batch in batches.items():
        if (account, scenario) in ensemble.columns and account in ensemble.spec.accounts:
            rows += by_area(batch.arrived, places, placed, account=account, scenario=scenario, date=on)
    return rows
