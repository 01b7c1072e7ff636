"""A Flee folder with its reports as a scenario of the process, and many members of it.

The members of a run are the same to the bit whatever the number of workers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence
from numpy.typing import NDArray

from standoff.cores import begin_as_worker
from standoff.errors import Problem, StandoffError
from standoff.people.flee.folder import FleeFolder, FleePlace, FleeRoute
from standoff.people.flee.process import FleeProcess, members_at_once
from standoff.people.flee.rules import Bools, FleeRules, FleeScenario, Floats, Ints
from standoff.people.flee.series import FleeSeries, interpolate

NEAR = 1.0  # km travelled on a route of 0 km, so that nobody goes to and fro without end in a day
LEAST = 0.01  # km that such a route has in its weight
QUANTILES = (0.1, 0.5, 0.9)


def scenario_of(
    folder: FleeFolder, series: FleeSeries | None, rules: FleeRules, *, capacities: bool = True
) -> FleeScenario:
    """Build the scenario: who is where on day 0, who arises each day, what is shut when.

    The given daily totals are the sums of the camps' interpolated reports (already divided by ``rules.hasten``); a
    fall is a debt that later rises pay first, as in Flee. ``capacities=False`` takes the limits away.
    """
    places = [p for p in folder.places if p.kind != "marker"]
    routes = _without_markers(folder)
    names = tuple(p.name for p in places)
    index = {n: i for i, n in enumerate(names)}
    source, target, km, weighed, forced = _links(routes, index)
    country = np.array([p.country for p in places])
    shut = _closures(folder, index, country, source, target, forced)
    home = folder.places[0].country
    camp = np.array(
        ["camp" in p.kind for p in places]
    )  # from the beginning on: a later camp has residents, and no limit
    people = np.array([p.population // rules.hasten for p in places], dtype=np.int64)
    if not rules.spawn_mode and series is None:
        raise StandoffError.of(
            "daily totals are needed",
            file="--data",
            expected="a folder with data_layout.csv, or conflict_driven_spawning",
        )
    reports = series.camps if series else {}
    start = [interpolate(reports.get(p.name, ()), 0) if "camp" in p.kind and rules.insert_day0 else 0 for p in places]
    kind = tuple("town" if p.kind == "conflict_zone" else p.kind for p in places)
    return FleeScenario(
        names=names,
        country=tuple(p.country for p in places),
        foreign=np.array([p.country != home for p in places]),
        kind=kind,
        population=np.where(camp, 0, people),
        capacity=np.where(camp & capacities, people, 0),
        source=source,
        target=target,
        km=km,
        weighed_km=weighed,
        conflict=in_force(places, folder.conflict, folder.days),
        open_links=shut[0],
        forced=shut[1],
        kinds=_kinds(folder, places, kind),
        spawn=daily_new(series, folder.days, rules),
        start=np.array(start, dtype=np.int64),
        deactivation=np.array([p.deactivation for p in places]),
    )


def in_force(places: Sequence[FleePlace], columns: dict[str, tuple[float, ...]], days: int) -> Floats:
    """Return the intensity in force [T, P]: as in Flee, only its beginning and its end count, not changes between."""
    out = np.zeros((days, len(places)))
    for p, place in enumerate(places):
        values = columns.get(place.name, (0.0,) * days)
        now = 1.0 if place.kind == "conflict_zone" and place.conflict_date <= 0 else 0.0
        for day in range(days):
            before = values[day - 1] if day else 0.0
            if values[day] > 1e-6 and before < 1e-6:
                now = values[day]
            elif day and values[day] < 1e-6 and before > 1e-6:
                now = 0.0
            out[day, p] = now
    return out


def daily_new(series: FleeSeries | None, days: int, rules: FleeRules) -> Ints:
    """Return how many people are given to arise on each day [T]: rises of the camps' sum, less the debt of falls."""
    new = np.zeros(days, dtype=np.int64)
    if series is None or rules.spawn_mode:
        return new
    debt = 0
    for day in range(days):
        now = sum(interpolate(r, day) for r in series.camps.values())
        rise = now - (sum(interpolate(r, day - 1) for r in series.camps.values()) if day else 0)
        rise = 0 if day == 0 and rules.insert_day0 else rise - debt
        debt = max(-rise, 0)
        new[day] = max(rise, 0)
    return new


def left_out(folder: FleeFolder, scenario: FleeScenario) -> tuple[Problem, ...]:
    """Return a warning where people are given to arise on days on which nobody lives in a place of fighting."""
    nowhere = (scenario.spawn > 0) & ((scenario.conflict * scenario.population).sum(axis=1) <= 0)
    if not nowhere.any():
        return ()
    people, first = int(scenario.spawn[nowhere].sum()), int(np.flatnonzero(nowhere)[0])
    what = f"{people} of {int(scenario.spawn.sum())} people do not arise: no place with residents has fighting on "
    what += f"{int(nowhere.sum())} days, the first day {first}"
    hint = "Flee stops there; a place needs a population in locations.csv"
    return (Problem(str(folder.path / "conflicts.csv"), 0, what, hint=hint, severity="warning"),)


def _without_markers(folder: FleeFolder) -> list[FleeRoute]:
    """Replace each marker by direct links between its neighbours: it is a bend in the road, never a destination."""
    routes = list(folder.routes)
    for marker in (p.name for p in folder.places if p.kind == "marker"):
        beside = [(r.b if r.a == marker else r.a, r.km, r.line) for r in routes if marker in (r.a, r.b)]
        routes = [r for r in routes if marker not in (r.a, r.b)]
        for i, (a, km_a, line) in enumerate(beside):
            routes += [FleeRoute(a, b, km_a + km_b, 0, line) for b, km_b, _ in beside[i + 1 :] if a != b]
    return routes


def _links(routes: list[FleeRoute], index: dict[str, int]) -> tuple[Ints, Ints, Floats, Floats, Bools]:
    """Return source, target, distance travelled, distance weighed and forced, [L] each (both directions of a route)."""
    travelled: dict[tuple[str, str], float] = {}
    out = []
    for a_to_b in (True, False):
        for r in routes:
            a, b = (r.a, r.b) if a_to_b else (r.b, r.a)
            km = travelled.setdefault((a, b), r.km or NEAR)
            out.append((index[a], index[b], km, r.km or LEAST, r.forced == (1 if a_to_b else 2)))
    source, target, km_, weighed, forced = zip(*out, strict=True) if out else ((), (), (), (), ())
    return (
        np.array(source, dtype=np.int64),
        np.array(target, dtype=np.int64),
        np.array(km_, dtype=np.float64),
        np.array(weighed, dtype=np.float64),
        np.array(forced, dtype=np.bool_),
    )


def _closures(
    folder: FleeFolder, index: dict[str, int], country: np.ndarray, source: Ints, target: Ints, forced: Bools
) -> tuple[dict[int, Bools], dict[int, Bools]]:
    """Return masks by day: which links are open, and which force everybody."""
    is_open, forces = np.ones(source.size, dtype=np.bool_), forced.copy()
    opened, forcing = {}, {0: forces.copy()}
    for day in range(folder.days):
        changed = False
        for c in folder.closures:
            if day not in (c.start, c.end) or (c.start == c.end):
                continue
            if c.kind == "country":
                ends = country[source], country[target]
                hit = ((ends[0] == c.a) & (ends[1] == c.b)) | ((ends[0] == c.b) & (ends[1] == c.a))
            elif c.kind == "location" and c.a in index:
                hit = (source == index[c.a]) | (target == index[c.a])
            elif c.a in index and c.b in index:
                a, b = index[c.a], index[c.b]
                hit = ((source == a) & (target == b)) | ((source == b) & (target == a))
            else:
                continue
            if c.kind == "remove_forced_redirection":
                forces = np.where(hit & forced, day == c.end, forces)
                forcing[day] = forces.copy()
            elif c.kind in ("country", "location", "link"):
                is_open = np.where(hit, day == c.end, is_open)
                changed = True
        if changed:
            opened[day] = is_open.copy()
    return opened, forcing


def _kinds(folder: FleeFolder, places: list[FleePlace], kind: tuple[str, ...]) -> dict[int, tuple[str, ...]]:
    """Return the kinds of places by the day they change: a closed camp is a town, an opened one a camp.

    A place of fighting that becomes a town was one all the time: fighting is told apart from kinds.
    """
    now, out = list(kind), {}
    names = [p.name for p in places]
    for day in range(folder.days):
        for change in folder.changes:
            if max(change.day, 0) == day and change.name in names:
                now[names.index(change.name)] = "town" if change.kind == "conflict_zone" else change.kind
                out[day] = tuple(now)
        for c in folder.closures:
            if c.kind in ("camp", "idpcamp") and c.start != c.end and day in (c.start, c.end) and c.a in names:
                now[names.index(c.a)] = "town" if day == c.start else c.kind
                out[day] = tuple(now)
    return out


@dataclass(frozen=True, slots=True, repr=False)
class CampArrivals:
    """Counts over the members of a run: mean [T, P] and `QUANTILES` [3, T, P] by place, mean on the road [T]."""

    names: tuple[str, ...]
    mean: Floats
    quantiles: Floats
    travelling: Floats
    members: int

    def __repr__(self) -> str:
        """Return one line."""
        return f"<CampArrivals: {self.members} members, {len(self.names)} places, {self.mean.shape[0]} days>"


def run_members(
    scenario: FleeScenario,
    rules: FleeRules,
    members: int,
    seed: int,
    workers: int = 1,
) -> CampArrivals:
    """Run ``members`` in even batches (`members_at_once`), each with an SFC64 stream of its own, seeded by both.

    Workers write into one file, which goes when the run is done: sent from process to process, the counts would be in
    memory four times over.
    """
    cuts = np.linspace(0, members, -(-members // members_at_once(scenario, rules)) + 1).astype(np.int64).tolist()
    ranges = list(pairwise(cuts))
    shape = (scenario.days, len(scenario.names), members)
    if workers < 2 or len(ranges) < 2:
        counts = np.empty(shape, dtype=np.int32)
        process = FleeProcess(scenario, rules)
        road = [process.run(batch_stream(seed, b), j - i, out=counts[:, :, i:j]) for b, (i, j) in enumerate(ranges)]
        return _summary(scenario.names, counts, [run.travelling for run in road])
    with tempfile.TemporaryDirectory(prefix="standoff-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "counts.npy"
        shared = np.lib.format.open_memmap(file, mode="w+", dtype=np.int32, shape=shape)
        tasks = [(scenario, rules, file, i, j, seed, batch) for batch, (i, j) in enumerate(ranges)]
        with ProcessPoolExecutor(workers, initializer=begin_as_worker) as pool:
            travelling = list(pool.map(_batch, tasks))
        return _summary(scenario.names, shared, travelling)


def batch_stream(seed: int, batch: int) -> Generator:
    """Return the random numbers of a batch."""
    return Generator(SFC64(SeedSequence([seed & (2**64 - 1), batch])))


def _batch(task: tuple[FleeScenario, FleeRules, Path, int, int, int, int]) -> NDArray[np.int32]:
    scenario, rules, file, begin, end, seed, batch = task
    shared = np.lib.format.open_memmap(file, mode="r+")
    return (
        FleeProcess(scenario, rules).run(batch_stream(seed, batch), end - begin, out=shared[:, :, begin:end]).travelling
    )


def _summary(names: tuple[str, ...], counts: NDArray[np.int32], travelling: list[NDArray[np.int32]]) -> CampArrivals:
    days, places, members = counts.shape
    mean, quantiles = np.zeros((days, places)), np.zeros((len(QUANTILES), days, places))
    for day in range(days):  # a day at a time keeps memory small
        mean[day] = counts[day].mean(axis=1)
        quantiles[:, day] = np.quantile(counts[day], QUANTILES, axis=1)
    road = np.concatenate(travelling, axis=1).mean(axis=1)
    return CampArrivals(names=names, mean=mean, quantiles=quantiles, travelling=road, members=members)
