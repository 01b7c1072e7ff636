"""Who is where in a run of a Flee folder: people present by place and day, who came since the start, and where from.

Counts are of people present, never of arrivals: who passes through a place on the way is counted on that evening only.
Over the places and the road they sum to everybody in the run. Flee follows no person, so that origins are expected
ones: with room everywhere (`cells.Means.by_origin`), then fitted to who is where and how many arose at each origin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.oneline import OneLine
from standoff.people.flee.process import FleeProcess

if TYPE_CHECKING:
    from standoff.people.flee import FleeResult

Floats = NDArray[np.float64]
ROAD, EVERYBODY = "on the road", "everybody"
MONTH = 30  # days between those of which origins are told
MOST_ORIGINS = 200  # beyond which they are told by region
HEADS = (
    "day", "date", "place", "region", "country", "kind", "start", "present", "q10", "q90", "came_and_stay", "reported",
    "reported_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class PeopleAtPlace(OneLine):
    """People at a place at the end of a day: the mean of the members and their 80 % range.

    ``start`` is how many were there on the first day, ``newcomers`` those present who were not (an expected share;
    None where no shares are known), ``reported`` the last count that was reported by then.
    """

    day: int
    on: date
    place: str
    region: str
    country: str
    kind: str
    start: float
    present: float
    low: float | None
    high: float | None
    newcomers: float | None
    reported: float | None = None
    reported_on: date | None = None

    def cells(self) -> list[str | int]:
        """Return its row of present.csv."""
        numbers = (self.start, self.present, self.low, self.high, self.newcomers)
        shown = ["" if x is None else f"{x:.1f}" for x in numbers]
        reported = "" if self.reported is None else f"{self.reported:.0f}"
        on = self.reported_on.isoformat() if self.reported_on else ""
        return [self.day, self.on.isoformat(), self.place, self.region, self.country, self.kind, *shown, reported, on]


@dataclass(frozen=True, slots=True, repr=False)
class PeopleFrom(OneLine):
    """People present at a place of whom so many arose at ``origin``, as expected; empty: there at the start."""

    on: date
    place: str
    origin: str
    people: float


class Origins:
    """Where those at each place arose: expected with room everywhere, then fitted to who is where in the run.

    ``names`` are those of the origins, the last of whom (``""``) were there at the start; ``people`` [P + 1, origins]
    by day of `days`, the last row on the road; ``newcomers`` [T, P + 1] those who were not there at the start. All are
    empty for a network that is walked hop by hop, and where nobody arises.
    """

    def __init__(self, result: FleeResult) -> None:
        s, run = result.scenario, result.arrivals
        self.names: tuple[str, ...] = ()
        self.people: dict[int, Floats] = {}
        self.newcomers: Floats = np.zeros((0, 0))
        process = FleeProcess(s, result.rules)
        if process.chains is None:
            return
        means = process.means()
        at = means.origins()
        if not at.size:
            return
        names = [s.names[p] for p in at]
        if len(names) > MOST_ORIGINS:
            regions = {place.name: place.region for place in result.input.folder.places}
            names = [regions.get(name, "") or name for name in names]
        self.names = (*dict.fromkeys(names), "")
        groups = np.array([*map(self.names.index, names), len(self.names) - 1])
        join = np.zeros((groups.size, len(self.names)))
        join[np.arange(groups.size), groups] = 1.0
        self.newcomers = np.zeros((s.days, len(s.names) + 1))
        for day, expected in enumerate(means.by_origin()):
            present = np.append(run.mean[day], run.travelling[day])
            people = fitted_to(expected @ join, present)
            self.newcomers[day] = people[:, :-1].sum(axis=1)
            if day % MONTH == 0 or day == s.days - 1:
                self.people[day] = people


def fitted_to(expected: Floats, present: Floats, rounds: int = 50) -> Floats:
    """Return expected people by place and origin, raked until those of each place sum to who is ``present`` there.

    Of each origin there are as many as are expected in all, in proportion to everybody: nobody comes twice.
    """
    of_origin = expected.sum(axis=0)
    everybody = present.sum()
    if everybody <= 0 or of_origin.sum() <= 0:
        return np.zeros(expected.shape)
    of_origin = of_origin * (everybody / of_origin.sum())
    out = expected + 1e-9 * of_origin  # a place that is only reached when others are full
    for _ in range(rounds):
        out *= np.divide(of_origin, out.sum(axis=0), out=np.zeros_like(of_origin), where=of_origin > 0)
        sums = out.sum(axis=1)
        factor = np.divide(present, sums, out=np.zeros_like(present), where=sums > 0)
        out *= factor[:, None]
        if np.abs(out.sum(axis=0) - of_origin).max() < 1e-6 * everybody:
            break
    return np.asarray(out)


def people_present(result: FleeResult, origins: Origins, days: Sequence[int] | None = None) -> list[PeopleAtPlace]:
    """Return people by place for every day (or for ``days``), then those on the road and everybody: their sum."""
    run, folder = result.arrivals, result.input.folder
    about = {place.name: place for place in folder.places}
    reports = result.series.camps if result.series else {}
    out = []
    for day in range(result.scenario.days) if days is None else days:
        on = folder.start + timedelta(days=day)
        for k, name in enumerate(run.names):
            place, present = about[name], float(run.mean[day, k])
            known = [report for report in reports.get(name, ()) if report[0] <= day]
            last = max(known) if known else None
            newcomers = float(origins.newcomers[day, k]) if origins.names else None
            out.append(
                PeopleAtPlace(
                    day, on, name, place.region, place.country, place.kind, float(result.scenario.start[k]), present,
                    float(run.quantiles[0, day, k]), float(run.quantiles[-1, day, k]), newcomers,
                    float(last[1]) if last else None, folder.start + timedelta(days=int(last[0])) if last else None,
                )
            )  # fmt: skip
        road, all_start = float(run.travelling[day]), float(result.scenario.start.sum())
        everybody = float(run.mean[day].sum()) + road
        came = (
            (float(origins.newcomers[day, -1]), float(origins.newcomers[day].sum())) if origins.names else (None, None)
        )
        out.append(PeopleAtPlace(day, on, ROAD, "", "", "", 0.0, road, None, None, came[0]))
        out.append(PeopleAtPlace(day, on, EVERYBODY, "", "", "", all_start, everybody, None, None, came[1]))
    return out


def where_from(result: FleeResult, origins: Origins) -> list[PeopleFrom]:
    """Return where those at each place came from, on a day a month and the last: half a person and more."""
    out = []
    for day, table in origins.people.items():
        on = result.input.folder.start + timedelta(days=day)
        for name, people in zip((*result.arrivals.names, ROAD), table, strict=True):
            order = np.argsort(-people, kind="stable")
            out += [PeopleFrom(on, name, origins.names[j], float(people[j])) for j in order if people[j] >= 0.5]
    return out
