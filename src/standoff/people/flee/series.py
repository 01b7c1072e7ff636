"""Refugee counts by camp, as reported: data_layout.csv and the files it names."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from pathlib import Path

from standoff.errors import Problem, StandoffError, nearest
from standoff.files.opener import is_there
from standoff.people.flee.folder import (
    CsvRow,
    Finds,
    FleeFolder,
    Names,
    csv_rows,
    date_cell,
    name_list,
    read_corrections,
    whole_cell,
)
from standoff.values import FIRST_YEAR, MOST_AT_ALL

Reports = tuple[tuple[int, float], ...]  # (day since the start, people), by day


@dataclass(frozen=True, slots=True, repr=False)
class FleeSeries:
    """Reports by camp and for the total: ``camps`` corrected for re-registration, ``raw`` as they were published."""

    total: Reports
    camps: dict[str, Reports]
    raw: dict[str, Reports]
    warnings: tuple[Problem, ...]

    def __repr__(self) -> str:
        """Return one line."""
        reports = sum(len(r) for r in self.camps.values())
        return f"<FleeSeries: {reports} reports of {len(self.camps)} camps>"


def read_series(path: Path, folder: FleeFolder) -> FleeSeries:
    """Read the reported counts that go with a folder.

    Raises `StandoffError` with every problem: files missing, dates that are not dates or run backwards, negative or
    broken numbers, camps without a series, corrections on days without a report. A series that is constant or tiny
    beside its camp's capacity is a warning.
    """
    finds = Finds(without=folder.without)
    known = Names(folder.camps)
    total: Reports = ()
    raw: dict[str, Reports] = {}
    lines: dict[str, int] = {}
    strays: list[CsvRow] = []
    layout = str(path / "data_layout.csv")
    for i, row in enumerate(r for r in csv_rows(path, "data_layout.csv", finds) if not r.cell(0).startswith("#")):
        merged: Reports = ()
        for j, name in enumerate(x for x in row.cells[1:] if x):
            part = _reports(path, name, folder.start, finds)
            merged = part if j == 0 else _join(merged, part)
        if i == 0:
            total = merged
            if row.cell(0) in folder.camps:
                finds.error(row.file, row.line, f"the first line is {row.cell(0)!r}", "total,refugees.csv")
            elif row.cell(0).lower() != "total":
                finds.warn(row.file, row.line, f"the first line is {row.cell(0)!r}", "read as the total, as in Flee")
            continue
        if not any(row.cells[1:]):
            continue  # Flee passes over it: a camp then has no series, which is told below
        camp = known.written(row, row.cell(0), finds)
        if camp in raw:
            finds.error(row.file, row.line, f"camp {camp!r} is given twice")
        raw[camp] = merged
        lines[camp] = row.line
        if camp not in folder.camps:
            strays.append(row)
    if strays:
        what = f"{name_list([r.cell(0) for r in strays])}: no camp of the folder"
        finds.warn(layout, strays[0].line, what, "counted in the total only")
    if not raw:
        if (path / "data_layout.csv").is_file():
            finds.error(layout, 0, "names no camp's series", "total,refugees.csv and a line for each camp")
        finds.raise_errors()  # that every camp lacks a series would be told for each
    for place in folder.places:
        if place.kind == "camp" and place.name not in raw:
            finds.error(layout, 0, f"camp {place.name!r} has no series", "a line for every camp of locations.csv")
        elif place.kind == "idpcamp" and place.name not in raw:
            finds.warn(layout, 0, f"camp {place.name!r} has no series: it is run but not scored")
        elif place.name in raw:
            _dummy(layout, lines[place.name], place.name, raw[place.name], place.population, finds)
    people = sum(max((count for _, count in reports), default=0) for reports in raw.values())
    if people > MOST_AT_ALL:
        finds.error(layout, 0, f"{people:,.0f} people", f"up to {MOST_AT_ALL:,} in all camps together")
    camps = _corrected(folder.path, folder.corrections, folder.start, raw, finds)
    finds.raise_errors()
    return FleeSeries(total=total, camps=camps, raw=raw, warnings=finds.warnings)


def reported_period(path: Path) -> tuple[date, date] | None:
    """Return the first and last day of the reports of the total, which data_layout.csv names first; None without one.

    What is wrong with them is for `read_series` to tell.
    """
    finds = Finds()
    row = next((r for r in csv_rows(path, "data_layout.csv", finds) if not r.cell(0).startswith("#")), None)
    start = date(FIRST_YEAR, 1, 1)
    days = [day for name in filter(None, row.cells[1:]) for day, _ in _reports(path, name, start, finds)] if row else []
    return (start + timedelta(days=min(days)), start + timedelta(days=max(days))) if days else None


def must_fall_within(series: FleeSeries, folder: FleeFolder, days: int, file: str) -> None:
    """Raise `StandoffError` where no camp of the folder has a report in the first ``days`` of the simulation."""
    if any(0 <= day < days for camp in folder.camps for day, _ in series.camps.get(camp, ())):
        return
    expected = f"dates from {folder.start} to {folder.start + timedelta(days=days - 1)}"
    raise StandoffError.of("no report of a camp falls within the simulated days", file=file, expected=expected)


def interpolate(reports: Reports, day: int) -> int:
    """Return Flee's count for a day: linear between reports, flat outside them, the fraction dropped."""
    if not reports:
        return 0
    if day <= reports[0][0]:
        return int(reports[0][1])
    at = bisect_right(reports, day, key=itemgetter(0))
    if at == len(reports):
        return int(reports[-1][1])
    (d0, v0), (d1, v1) = reports[at - 1], reports[at]
    return int(v0 + (day - d0) / (d1 - d0) * (v1 - v0))


def hastened(series: FleeSeries, hasten: int) -> FleeSeries:
    """Divide every count by ``hasten``, as Flee's setting of that name does."""
    if hasten == 1:
        return series

    def less(reports: Reports) -> Reports:
        return tuple((d, v / hasten) for d, v in reports)

    return FleeSeries(
        total=less(series.total),
        camps={k: less(v) for k, v in series.camps.items()},
        raw={k: less(v) for k, v in series.raw.items()},
        warnings=series.warnings,
    )


def _reports(path: Path, name: str, start: date, finds: Finds) -> Reports:
    """Read one file, from old to new. What is out of order or given twice can be put right, and is a warning."""
    counts: dict[int, float] = {}
    blank, twice, late = [], [], []
    last: date | None = None
    for i, row in enumerate(csv_rows(path, name, finds)):
        if row.cell(0).startswith("#") or (i == 0 and _header(row)):
            continue
        if not row.cell(1):
            blank.append(row)
            continue
        on, count = date_cell(row, 0, "date", finds), whole_cell(row, 1, "count", finds)
        if on is None:
            continue
        if (on - start).days in counts:
            twice.append(row)
        elif last and on < last:
            late.append(row)
        counts[(on - start).days], last = float(count), on
    file = str(path / name)
    for odd, one, many, done in (
        (blank, "a date without a count", "dates without a count", "left out"),
        (twice, "a date for the second time", "dates for the second time", "the last count is read"),
        (late, "a date earlier than the one before", "dates earlier than the one before", "read in order of date"),
    ):
        if odd:
            what = f"{odd[0].cell(0)} is {one}" if len(odd) == 1 else f"{len(odd)} {many}, the first {odd[0].cell(0)}"
            finds.warn(file, odd[0].line, what, done)
    if not counts and is_there(path / name) and not finds.errors_in(file):
        finds.warn(file, 0, "holds no count")
    return tuple(sorted(counts.items()))


def _header(row: CsvRow) -> bool:
    """Return whether the first line is a header: those that Flee knows, or a line of words."""
    date_like, count = row.cell(0), row.cell(1)
    return date_like in ("", "Date", "DateTime") or not any(c.isdigit() for c in date_like + count)


def _join(one: Reports, two: Reports) -> Reports:
    """Add two files of one camp as Flee does, so that daily totals are the same.

    Flee walks through the second file; a date that only one of them has takes the first file's *next* value or the
    second file's *last*, and what the first file has after the end of the second is dropped. Dates that would repeat
    are kept once.
    """
    if not one or not two:
        return one or two
    out: dict[int, float] = {}
    at, last = 0, 0.0
    for day, value in two:
        while day > one[at][0]:
            out[one[at][0]] = last + one[at][1]
            if at == len(one) - 1:
                break
            at += 1
        if day == one[at][0]:
            out[day] = value + one[at][1]
            at = min(at + 1, len(one) - 1)
            last = value
        elif day < one[at][0]:
            out[day] = value + one[at][1]
            last = value
    return tuple(sorted(out.items()))


def camp_reports(data: Path, corrections: Path | None) -> tuple[dict[str, Reports], dict[str, str], list[str]]:
    """Return the reports of each camp that data_layout.csv names, with its files, and what was odd; no more is needed.

    Days are ordinals. ``corrections`` is a folder with registration_corrections.csv. Raises `StandoffError` for what
    cannot be read; a correction of a camp or day without a report is only said.
    """
    finds = Finds()
    start = date.fromordinal(1)
    raw: dict[str, Reports] = {}
    names: dict[str, str] = {}
    rows = [row for row in csv_rows(data, "data_layout.csv", finds) if not row.cell(0).startswith("#")]
    for row in rows[1:] if rows and rows[0].cell(0).lower() == "total" else rows:
        merged: Reports = ()
        for j, name in enumerate(filter(None, row.cells[1:])):
            part = _reports(data, name, start, finds)
            merged = part if j == 0 else _join(merged, part)
        raw[row.cell(0)] = merged
        names[row.cell(0)] = ", ".join(filter(None, row.cells[1:]))
    finds.raise_errors()
    odd = Finds()
    if corrections is not None:
        raw = _corrected(corrections, read_corrections(corrections, odd), start, raw, odd)
    camps = {name: tuple((day + 1, value) for day, value in reports) for name, reports in raw.items()}
    return camps, names, [str(problem) for problem in (*finds.problems, *odd.problems)]


def _corrected(
    path: Path, corrections: Sequence[tuple[str, date, int]], start: date, raw: dict[str, Reports], finds: Finds
) -> dict[str, Reports]:
    """Scale what was reported before a re-registration by the step that it made."""
    out = dict(raw)
    file = str(path / "registration_corrections.csv")
    known = Names(out)
    for written, on, line in corrections:
        name = known.like(written) or written
        if name not in out:
            near = nearest(name, out)
            finds.error(file, line, f"camp {name!r} is not known: data_layout.csv has no series of it", hint=near)
            continue
        reports = out[name]
        day = (on - start).days
        at = next((i for i, (d, _) in enumerate(reports) if d == day), None)
        if at is None:
            beside = min((d for d, _ in reports), key=lambda d: abs(d - day), default=None)
            hint = "" if beside is None else f"the nearest report of {name} is {abs(beside - day)} days away"
            finds.error(file, line, f"no report of {name!r} on {on}", "the date of a report", hint)
        elif at > 0 and reports[at - 1][1] > 0:
            step = reports[at][1] / reports[at - 1][1]
            out[name] = (*((d, v * step) for d, v in reports[:at]), *reports[at:])
    return out


def _dummy(file: str, line: int, name: str, reports: Reports, capacity: int, finds: Finds) -> None:
    values = [v for _, v in reports]
    if len(values) >= 3 and len(set(values)) == 1:
        finds.warn(file, line, f"the series of {name!r} is the same number {values[0]:.0f} on all dates: no data?")
    elif values and capacity >= 1000 and max(values) < 0.01 * capacity:
        finds.warn(
            file, line, f"the series of {name!r} never passes {max(values):.0f}, its capacity is {capacity}: no data?"
        )
