"""FLEE: its folders (github.com/djgroen/flee, BSD-3), its process as whole counts, and forecasts of people in camps.

>>> from standoff.people import flee
>>> mali = flee.read("mali/input", "mali/data")         # doctest: +SKIP
>>> run = mali.run(n=100)                               # doctest: +SKIP
>>> run.score().scores[0].ard_reports                   # doctest: +SKIP
>>> run.write("out"); mali.forecast().write("out")      # doctest: +SKIP

`read` gives a `FleeInput`, `FleeInput.run` a `FleeResult`, `FleeInput.forecast` `CampForecasts`; `score_folder` scores
a run that was written before. Each raises `StandoffError` with every problem found, and carries its warnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.errors import Problem, StandoffError
from standoff.people.flee import output
from standoff.people.flee.ahead import CampForecast, Skill, camps_ahead
from standoff.people.flee.direct import direct_rules, direct_scenario, score_table
from standoff.people.flee.folder import Finds, FleeFolder, once_alike, read_folder
from standoff.people.flee.present import HEADS, Origins, PeopleAtPlace, PeopleFrom, people_present, where_from
from standoff.people.flee.rules import FleeRules, FleeScenario
from standoff.people.flee.scenario import CampArrivals, left_out, run_members, scenario_of
from standoff.people.flee.scores import Score
from standoff.people.flee.series import FleeSeries, hastened, must_fall_within, read_series, reported_period
from standoff.people.flee.settings import left_out_by, read_settings
from standoff.people.series.outlook import data_folder, flee_series
from standoff.values import calendar_day

__all__ = [
    "CampForecasts",
    "CampScores",
    "FleeInput",
    "FleeResult",
    "Profile",
    "forecast_camps",
    "read",
    "read_rules",
    "rules_and_warnings",
    "score_folder",
]


class Profile(StrEnum):
    """Which process runs a folder: Flee's own, or people who choose a country, then a camp, by road (direct.py)."""

    FLEE = "flee"
    STANDOFF = "standoff"


@dataclass(frozen=True, slots=True, repr=False)
class FleeInput:
    """An input folder and, perhaps, the counts that were reported: what a run and a forecast start from."""

    folder: FleeFolder
    series: FleeSeries | None
    data: Path | None
    warnings: tuple[Problem, ...]

    def __repr__(self) -> str:
        """Return one line."""
        folder = self.folder
        what = (
            f"{len(folder.places)} places, {len(folder.routes)} routes, {len(folder.camps)} camps, {folder.days} days"
        )
        return f"<FleeInput {folder.path.name}: {what}{'' if self.series else ', no reports'}>"

    def run(
        self,
        n: int = 100,
        seed: int = 1,
        *,
        rules: FleeRules | None = None,
        profile: Profile | str = Profile.FLEE,
        workers: int = 1,
    ) -> FleeResult:
        """Run the folder ``n`` times; the same ``n`` and ``seed`` give the same counts whatever the ``workers``.

        ``rules`` are Flee's settings (`read_rules`; default: those that Flee ships). ``profile`` ``standoff`` knows no
        capacities, since they come from the later reports, and does not use the move rules.
        """
        rules, kind = rules or FleeRules(), Profile(profile)
        if self.series is not None:
            must_fall_within(self.series, self.folder, self.folder.days, str(self.data))
        series = hastened(self.series, rules.hasten) if self.series else None
        limits = kind is Profile.FLEE
        scenario = scenario_of(self.folder, series, rules, capacities=limits)
        warnings = left_out(self.folder, scenario)
        if not limits:
            scenario, rules = direct_scenario(scenario, rules), direct_rules(rules)
        arrivals = run_members(scenario, rules, n, seed, workers)
        return FleeResult(self, series, scenario, rules, arrivals, seed, kind, warnings)

    def forecast(self, horizons: Sequence[int] = (30, 90)) -> CampForecasts:
        """Return `standoff.people.flee.forecast_camps` of the folder of reports."""
        if self.data is None:
            raise StandoffError.of("no camp has a report to forecast from", file="--data", expected="counts by date")
        return forecast_camps(self.data, horizons)


@dataclass(frozen=True, slots=True, repr=False)
class FleeResult:
    """A run of a folder: ``arrivals`` by day and place over its members, and what it was run with."""

    input: FleeInput
    series: FleeSeries | None  # the reports as the run read them, divided by ``rules.hasten``
    scenario: FleeScenario
    rules: FleeRules
    arrivals: CampArrivals
    seed: int
    profile: Profile
    warnings: tuple[Problem, ...]

    def __repr__(self) -> str:
        """Return one line."""
        name, days = self.input.folder.path.name, self.scenario.days
        return f"<FleeResult {name}: {self.arrivals.members} runs of {days} days, {len(self.scenario.names)} places>"

    def score(self) -> CampScores | None:
        """Return the run's score beside naive ways to split the same total; None without reports.

        Counts are rounded as ``out.csv`` has them, so that `score_folder` gives the same numbers later.
        """
        if self.series is None:
            return None
        camps = [c for c in self.input.folder.camps if c in self.series.camps]
        at = [self.arrivals.names.index(c) for c in camps]
        means = np.array([[float(f"{v:.1f}") for v in row] for row in self.arrivals.mean[:, at]])
        return _scores(self.input.folder, self.series, self.rules, means, self.profile is Profile.FLEE)

    def origins(self) -> Origins:
        """Return which share of those at each place arose where, by day: it is worked out anew."""
        return Origins(self)

    def present(self, origins: Origins | None = None) -> list[PeopleAtPlace]:
        """Return people present by day and place, on the road, and everybody, who is their sum."""
        return people_present(self, origins or self.origins())

    def present_at_end(self, origins: Origins | None = None) -> tuple[list[PeopleAtPlace], list[PeopleFrom]]:
        """Return people present on the last day, and where they came from."""
        known = origins or self.origins()
        rows = people_present(self, known, [self.scenario.days - 1])
        return rows, [one for one in where_from(self, known) if one.on == rows[0].on]

    def write(self, out: Path | str, origins: Origins | None = None) -> Path:
        """Write ``out.csv`` in Flee's shape, who is where, and ``run.json``; return the folder.

        ``present.csv`` has people present by day and place, ``origins.csv`` where they came from, ``run.json`` how to
        repeat the run. ``origins`` are those of `origins`, where they are known already.
        """
        out = Path(out)
        known = origins or self.origins()
        out.mkdir(parents=True, exist_ok=True)
        output.out_csv(out / "out.csv", self.input.folder, self.scenario, self.series, self.arrivals)
        output.write_table(out / "present.csv", HEADS, (one.cells() for one in people_present(self, known)))
        heads = ("date", "place", "from", "people")
        rows = ([one.on.isoformat(), one.place, one.origin, f"{one.people:.1f}"] for one in where_from(self, known))
        output.write_table(out / "origins.csv", heads, rows)
        output.run_json(
            out / "run.json",
            self.input.folder,
            self.input.data,
            self.rules,
            self.arrivals.members,
            self.seed,
            str(self.profile),
            capacities=self.profile is Profile.FLEE,
        )
        return out


@dataclass(frozen=True, slots=True, repr=False)
class CampScores:
    """A run's score and the baselines', and the camps whose capacity is known only from the later reports."""

    scores: tuple[Score, ...]
    leaks: tuple[str, ...]
    warnings: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        """Return one line."""
        return f"<CampScores: ARD {self.scores[0].ard_reports:.3f} on {self.scores[0].n} reports>"

    def write(self, out: Path | str) -> None:
        """Write ``scores.json``."""
        table = [
            {
                "method": s.method,
                "told": s.knowledge,
                "leak": s.leak,
                "ard_report_dates": s.ard_reports,
                "ard_days_true_denominator": s.ard_days,
                "ard_days_flee_denominator": s.ard_flee,
                "reports": s.n,
            }
            for s in self.scores
        ]
        record = {"scores": table, "capacities_from_later_reports": list(self.leaks)}
        output.write_json(Path(out) / "scores.json", record)


@dataclass(frozen=True, slots=True, repr=False)
class CampForecasts:
    """Forecasts of people in camps: ``rows`` with what was reported, ``skills`` with the simplest method's."""

    data: Path
    rows: tuple[CampForecast, ...]
    skills: tuple[tuple[Skill, Skill], ...]
    kind: str  # of the counts: stock, cumulative or flow
    warnings: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        """Return one line."""
        return f"<CampForecasts {self.data.name}: {len(self.rows)} forecasts, {len(self.skills)} scores>"

    def records(self) -> list[list[str | int]]:
        """Return the rows of ``forecasts.csv``."""
        out: list[list[str | int]] = []
        for f in self.rows:
            numbers = [f"{x:.0f}" for x in (f.level, f.value, f.low, f.high)]
            reported = "" if f.reported is None else f"{f.reported:.0f}"
            out.append([f.camp, f.origin.isoformat(), f.day.isoformat(), f.horizon, *numbers, reported])
        return out

    def write(self, out: Path | str) -> Path:
        """Write ``forecasts.csv`` and ``skill.json``; return the folder."""
        out = Path(out)
        out.mkdir(parents=True, exist_ok=True)
        header = ["camp", "origin", "date", "horizon", "last_report", "forecast", "low80", "high80", "reported"]
        output.write_table(out / "forecasts.csv", header, self.records())
        table: list[dict[str, Any]] = [
            {"method": s.method, "horizon": s.horizon, "n": s.n, "ard": s.ard, "crps": s.crps, "coverage80": s.coverage}
            for s, _ in self.skills
            if s.n
        ]
        output.write_json(out / "skill.json", table)
        return out


def forecast_camps(data: Path | str, horizons: Sequence[int] = (30, 90)) -> CampForecasts:
    """Forecast people in each camp from every report date, ``horizons`` days ahead, by the reports until then.

    ``data`` is the folder with data_layout.csv and the files it names, or one that holds it or lies beside it; nothing
    else of a Flee folder is needed. Raises StandoffError for what cannot be read, and where no camp has a report.
    """
    where = data_folder(Path(data))
    table, files, odd = flee_series(where)
    ahead = camps_ahead(table, horizons, files)
    layout = str(where / "data_layout.csv")
    warnings = [Problem(str(where), 0, text, severity="warning") for text in odd]
    doubts = [Problem(layout, 0, f"{d.site!r} {d.words}", severity="warning") for d in ahead.doubts]
    return CampForecasts(where, ahead.rows, ahead.skills, str(ahead.kind), (*warnings, *once_alike(doubts)))


def read(
    path: Path | str,
    data: Path | str | None = None,
    *,
    days: int = 0,
    start: date | str | None = None,
    without: Iterable[str] = (),
    ignore_forced_routes: bool = False,
) -> FleeInput:
    """Read an input folder, and the folder of reported counts that goes with it.

    Parameters
    ----------
    path, data
        The folders.
    days, start
        Length and first day, instead of those in sim_period.csv. A folder without that file has the period of the
        reports, and says so.
    without
        What is not modelled here and is to be left out, such as ``["flood-zones", "start-on-foot"]``.
    ignore_forced_routes
        Read forced redirections as other routes, as Flee 3.1 does. Only then is such a folder's run Flee's.

    Raises
    ------
    StandoffError
        With every problem found.
    """
    where = Path(data) if data else None
    first = calendar_day(start) if isinstance(start, str) else start
    folder = read_folder(
        Path(path),
        days,
        start=first,
        reported=reported_period(where) if where and where.is_dir() else None,
        without=left_out_by(without),
        ignore_forced_routes=ignore_forced_routes,
    )
    series = read_series(where, folder) if where else None
    warnings = folder.warnings + (series.warnings if series else ())
    return FleeInput(folder, series, where, warnings)


def read_rules(path: Path | str | None = None, without: Iterable[str] = ()) -> FleeRules:
    """Read Flee's ``simsetting.yml``; without one, return the settings that Flee ships.

    ``without`` is as in `read`. Raises `StandoffError` with every problem found.
    """
    return rules_and_warnings(path, without)[0]


def rules_and_warnings(
    path: Path | str | None = None, without: Iterable[str] = ()
) -> tuple[FleeRules, tuple[Problem, ...]]:
    """Return what `read_rules` does, and as warnings what is left out of the settings on request."""
    finds = Finds(without=left_out_by(without))
    rules = read_settings(Path(path) if path else None, finds)
    finds.raise_errors()
    return rules, finds.warnings


def score_folder(out: Path | str, data: Path | str, path: Path | str | None = None) -> CampScores:
    """Score a run that was written to ``out``; ``path`` is its input folder, if that has moved since."""
    record = output.read_run(Path(out))
    values = dict(record["rules"])
    values["conflict_spawn_decay"] = tuple(values.get("conflict_spawn_decay", ()))
    rules = FleeRules(**values)
    first = calendar_day(record["start"]) if record.get("start") else None
    without = left_out_by(record.get("without", ()))
    folder = read_folder(
        Path(path or record["input"]),
        int(record["days"]),
        start=first,
        without=without,
        ignore_forced_routes=record["ignore_forced_routes"],
    )
    reported = read_series(Path(data), folder)
    must_fall_within(reported, folder, folder.days, str(data))
    series = hastened(reported, rules.hasten)
    means = output.read_means(Path(out), [c for c in folder.camps if c in series.camps])
    return _scores(folder, series, rules, means, bool(record["capacities"]), reported.warnings)


def _scores(
    folder: FleeFolder,
    series: FleeSeries,
    rules: FleeRules,
    means: NDArray[np.float64],
    capacities: bool,
    warnings: tuple[Problem, ...] = (),
) -> CampScores:
    camps = [c for c in folder.camps if c in series.camps]
    table, leaks = score_table(folder, series, rules, means, camps, capacities=capacities)
    return CampScores(tuple(table), tuple(leaks), warnings)
