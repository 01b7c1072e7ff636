"""Files of a run of a Flee folder: ``out.csv`` in Flee's shape, quantiles, scores and forecasts."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.errors import Problem, StandoffError, nearest
from standoff.files.geojson_reader import short
from standoff.files.opener import read_json, read_text
from standoff.people.flee.folder import MAX_BYTES, MOST_DAYS, FleeFolder
from standoff.people.flee.rules import FleeRules, FleeScenario
from standoff.people.flee.scenario import QUANTILES, CampArrivals
from standoff.people.flee.series import FleeSeries, interpolate
from standoff.people.flee.settings import MOST, is_number
from standoff.values import MOST_PEOPLE, YEARS, calendar_day
from standoff.version import VERSION

Floats = NDArray[np.float64]


def daily_reports(series: FleeSeries | None, camps: Sequence[str], days: int) -> Floats:
    """Return the camps' reports interpolated as Flee does [T, camps]; 0 where a camp has no series."""
    reports = series.camps if series else {}
    return np.array([[interpolate(reports.get(c, ()), day) for c in camps] for day in range(days)], dtype=np.float64)


def excess(series: FleeSeries, camps: Sequence[str]) -> float:
    """Return what Flee's denominator has too much: the total of day 0 and the series that belong to no camp."""
    stray = sum(interpolate(r, 0) for name, r in series.camps.items() if name not in camps)
    return float(interpolate(series.total, 0) + stray)


def out_csv(
    path: Path, folder: FleeFolder, scenario: FleeScenario, series: FleeSeries | None, run: CampArrivals
) -> None:
    """Write Flee's table: the camps' mean, data and error by day, its totals, then the other places and 80 % ranges.

    ``Date`` is the day the counts are for; Flee's own file is one day ahead.
    """
    camps = [p for p in folder.camps if p in run.names]
    at = [run.names.index(c) for c in camps]
    rest = [i for i in range(len(run.names)) if i not in at]
    data = daily_reports(series, camps, folder.days)
    extra = excess(series, camps) if series else 0.0
    header = ["Day", "Date"]
    for camp in camps:
        header += [f"{camp} sim", f"{camp} data", f"{camp} error"]
    header += ["Total error", "refugees in camps (UNHCR)", "total refugees (simulation)", "raw UNHCR refugee count"]
    header += ["refugees in camps (simulation)", "refugee_debt"]
    header += [f"{run.names[i]} sim" for i in rest]
    header += [f"{name} q{round(100 * q):02d}" for name in run.names for q in (QUANTILES[0], QUANTILES[-1])]
    debt = _debt(series, folder.days)
    with path.open("w", newline="", encoding="utf-8") as handle:
        table = csv.writer(handle, lineterminator="\n")
        table.writerow(header)
        for day in range(folder.days):
            now, reports = run.mean[day, at], data[day]
            row: list[Any] = [day, (folder.start + timedelta(days=day)).isoformat()]
            for j in range(len(camps)):
                relative = abs(now[j] / reports[j] - 1.0) if reports[j] > 0 else 0.0
                row += [f"{now[j]:.1f}", int(reports[j]), f"{relative:.6f}"]
            raw = reports.sum() + extra
            error = np.abs(now - reports).sum() / raw if raw > 0 else 0.0
            whole = run.mean[day].sum() + run.travelling[day]
            row += [f"{error:.6f}", int(reports.sum()), f"{whole:.1f}", int(raw), f"{now.sum():.1f}", debt[day]]
            row += [f"{run.mean[day, i]:.1f}" for i in rest]
            row += [f"{run.quantiles[k, day, i]:.1f}" for i in range(len(run.names)) for k in (0, -1)]
            table.writerow(row)


def _debt(series: FleeSeries | None, days: int) -> list[int]:
    out, debt = [], 0
    for day in range(days):
        if series is not None:
            now = sum(interpolate(r, day) for r in series.camps.values())
            before = sum(interpolate(r, day - 1) for r in series.camps.values()) if day else now
            debt = max(debt - (now - before), 0)
        out.append(debt)
    return out


def run_json(
    path: Path,
    folder: FleeFolder,
    data: Path | None,
    rules: FleeRules,
    members: int,
    seed: int,
    profile: str,
    *,
    capacities: bool,
) -> None:
    """Write what is needed to repeat or to score the run."""
    record = {
        "program": f"standoff {VERSION}",
        "input": str(folder.path),
        "data": str(data) if data else None,
        "profile": profile,
        "capacities": capacities,
        "members": members,
        "seed": seed,
        "days": folder.days,
        "start": folder.start.isoformat(),
        "without": sorted(folder.without),
        "ignore_forced_routes": folder.ignore_forced_routes,
        "rules": asdict(rules),
    }
    path.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_run(out: Path) -> dict[str, Any]:
    """Read ``run.json`` of a run folder; raises `StandoffError` when it is not one."""
    expected = "a folder written by standoff flee run"
    file = str(out / "run.json")
    try:
        record = read_json(out / "run.json", file, MAX_BYTES, within=out, expected=expected)
    except StandoffError as error:
        raise StandoffError.of(
            "is not the folder of a Flee run", file=str(out), expected=expected, hint=error.problems[0].what
        ) from None
    if not isinstance(record, dict) or not {"input", "days", "rules"} <= record.keys():
        raise StandoffError.of("is not the folder of a Flee run", file=str(out), expected=expected)
    wrong = []
    if not isinstance(record["input"], str):
        wrong.append(Problem(file, 0, f"input is {short(record['input'])}", "the path of a Flee folder"))
    if type(record["days"]) is not int or not 1 <= record["days"] <= MOST_DAYS:
        wrong.append(Problem(file, 0, f"days is {short(record['days'])}", f"a whole number from 1 to {MOST_DAYS:,}"))
    if not isinstance(record.setdefault("capacities", True), bool):
        wrong.append(Problem(file, 0, f"capacities is {short(record['capacities'])}", "true or false"))
    if not isinstance(record.setdefault("ignore_forced_routes", False), bool):
        what = f"ignore_forced_routes is {short(record['ignore_forced_routes'])}"
        wrong.append(Problem(file, 0, what, "true or false"))
    try:
        calendar_day(record.setdefault("start", "") or "2000-01-01")
    except (TypeError, ValueError):
        wrong.append(Problem(file, 0, f"start is {short(record['start'])}", f"a day such as 2012-02-29, {YEARS}"))
    words = record.setdefault("without", [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        wrong.append(Problem(file, 0, f"without is {short(words)}", "a list of words"))
    wrong += _wrong_rules(record["rules"], file)
    if wrong:
        raise StandoffError(wrong)
    return record


def _wrong_rules(rules: Any, file: str) -> Iterator[Problem]:
    if not isinstance(rules, dict):
        yield Problem(file, 0, f"rules is {short(rules)}", "the settings of the run by name")
        return
    usual = {f.name: getattr(FleeRules(), f.name) for f in fields(FleeRules)}
    for key, value in rules.items():
        if key not in usual:
            yield Problem(file, 0, f"unknown setting {key[:40]!r} in rules", hint=nearest(key[:40], usual))
            continue
        if isinstance(usual[key], bool | str):
            good, expected = type(value) is type(usual[key]), "as standoff flee run writes it"
        elif isinstance(usual[key], tuple):
            good = isinstance(value, list) and all(is_number(x) and x >= 0 for x in value)
            expected = "a list of factors of 0 or more"
        elif isinstance(usual[key], int):
            good, expected = type(value) is int and 1 <= value <= MOST, "a whole number of 1 or more"
        else:
            good, expected = is_number(value) and value >= 0, "a number of 0 or more"
        if not good:
            yield Problem(file, 0, f"{key} is {short(value)}", expected)


def read_means(out: Path, camps: Sequence[str]) -> Floats:
    """Return the camps' mean counts [T, camps] of a run's ``out.csv``; any table in Flee's shape is read.

    Raises `StandoffError` where a camp has no column, or a cell is not a count of people.
    """
    path = out / "out.csv"
    if not path.is_file():
        raise StandoffError.of("no out.csv", file=str(out))
    means: list[list[float]] = []
    reader = csv.DictReader(io.StringIO(read_text(path, str(path), MAX_BYTES, within=out), newline=""))
    try:
        for row in reader:
            means.append([_count(row[f"{camp} sim"]) for camp in camps])
    except KeyError as problem:
        raise StandoffError.of(f"cannot read {problem}", file=str(path), expected="columns '<camp> sim'") from None
    except (ValueError, csv.Error) as problem:
        what = f"cannot read {problem}"
        raise StandoffError.of(what, file=str(path), line=reader.line_num, expected="columns '<camp> sim'") from None
    if not means:
        raise StandoffError.of("holds no day", file=str(path), expected="columns '<camp> sim' and a line a day")
    return np.array(means).reshape(len(means), len(camps))


def _count(text: str | None) -> float:
    try:
        number = float(text or "")
    except ValueError:
        number = math.nan
    if not 0 <= number <= MOST_PEOPLE:
        raise ValueError(f"the count {(text or '')[:40]!r}")
    return number


def write_json(path: Path, record: Any) -> None:
    """Write JSON with sorted keys, so that the same result has the same bytes."""
    path.write_text(json.dumps(record, indent=1, sort_keys=True, default=float) + "\n", encoding="utf-8")


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV table."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        table = csv.writer(handle, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)
