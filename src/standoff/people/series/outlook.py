"""A table's forecast as a whole: its kind, its sites, areas and total, how such forecasts did, and what is doubtful.

Middle numbers add up: an area is the sum of its sites. Ranges do not, since sites do not all err at once and one way;
those of an area come from how such sums did in its own past.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from standoff.errors import StandoffError, nearest
from standoff.intake.inexact import InexactCell
from standoff.intake.series import PeopleTable, read_figures
from standoff.intake.totals import TotalRow, folded, total_in_words
from standoff.oneline import OneLine
from standoff.people.series.doubts import (
    Oddity,
    crossing,
    new_names,
    oddities,
    quiet_days,
    stacked_levels,
    sum_of_others,
)
from standoff.people.series.experts import CountKind, Floats
from standoff.people.series.forecaster import (
    LEAST,
    Course,
    Errors,
    Forecaster,
    LeadTime,
    Rolled,
    Series,
    SeriesScore,
    Spread,
    log_errors,
    positions,
    report_at,
    stack_of,
    usual_change,
)
from standoff.record_list import RecordList
from standoff.text.sentences import listing
from standoff.values import as_day

if TYPE_CHECKING:
    from pandas import DataFrame

RANGES = (50, 80, 90)
HORIZONS = (LeadTime(30), LeadTime(90))
_MOST_DAYS = 300  # on which sums are rolled
_LONGEST = 730  # days that may be forecast
_CUMULATIVE = ("cumul", "so far", "to date", "since", "total arrivals", "ytd")
_FLOW = (
    "new ",
    "newly",
    "daily",
    "weekly",
    "monthly",
    "arrival",
    "crossing",
    "flow",
    "influx",
    "movements",
    "departure",
    "per day",
    "per month",
    "displacements",
    "returned",
    "returnees",
)
_STOCK = ("present", "stock", "current", "residing", "remaining", "idps", "refugees", "hosted", "in camp", "in site")
_MEASURES = {
    "border-crossings": CountKind.FLOW,
    "displacement-movements": CountKind.FLOW,
    "movements-partial": CountKind.FLOW,
    "people-returned": CountKind.FLOW,
    "people-displaced": CountKind.CUMULATIVE,
    "idps-stock": CountKind.STOCK,
    "refugees-stock": CountKind.STOCK,
    "people-stock": CountKind.STOCK,
    "people-in-sites": CountKind.STOCK,
}
_IN_WORDS = {
    CountKind.STOCK: "people who are there (stock)",
    CountKind.CUMULATIVE: "people counted so far (cumulative)",
    CountKind.FLOW: "people of a period (flow)",
}


@dataclass(frozen=True, slots=True, repr=False)
class DayForecast(OneLine):
    """What to expect on a day: the middle, ranges by per cent, and the chance of more than each planning figure."""

    horizon: str
    day: date
    value: float
    ranges: Mapping[int, tuple[float, float]]
    above: Mapping[float, float]


@dataclass(frozen=True, slots=True, repr=False)
class SiteForecast(OneLine):
    """A site, an area or the total: its last report and what to expect."""

    name: str
    areas: tuple[str, ...]
    code: str
    level: str  # "site", the column of an area, or "total"
    reports: int
    last_day: date
    last: float
    expected: tuple[DayForecast, ...]
    fan: tuple[tuple[date, tuple[float, ...]], ...] = ()  # days with the bounds of 90, 50, middle, 50, 90 %
    past: tuple[tuple[date, float], ...] = ()
    doubtful: bool = False
    last_words: str = ""  # where the last report is not exact: about 90, or 340 to 400; of a sum, about its number


@dataclass(frozen=True, slots=True, repr=False)
class PeopleForecast(OneLine):
    """A table's forecast. ``scores`` are of its sites by horizon, ``sums`` of its total; both None without targets."""

    name: str
    title: str
    column: str
    kind: CountKind
    reason: str
    origin: date
    horizons: tuple[LeadTime, ...]
    above: tuple[float, ...]
    sites: tuple[SiteForecast, ...]
    areas: tuple[SiteForecast, ...]
    total: SiteForecast | None
    scores: Mapping[str, SeriesScore | None]
    sums: Mapping[str, SeriesScore | None]
    with_left: Mapping[str, SeriesScore]  # with the targets of sites that ended, and across large falls
    doubts: tuple[Oddity, ...]
    notes: tuple[str, ...]
    levels: tuple[str, ...] = ()
    experts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    inexact: tuple[InexactCell, ...] = ()  # cells that are about a number, ranges or bounds
    totals: tuple[TotalRow, ...] = ()  # totals of the table, each beside the sum of its sites on that day

    def rows(self) -> RecordList[ExpectedPeople]:
        """Return what to expect, a row for each site, area and total, and each horizon."""
        every = (*self.sites, *self.areas, *((self.total,) if self.total else ()))
        return RecordList(
            ExpectedPeople(one.name, one.level, one.code, one.last_day, one.last, e.horizon, e.day, e.value,
                           e.ranges[50], e.ranges[80], e.ranges[90])
            for one in every
            for e in one.expected
        )  # fmt: skip

    def frame(self) -> DataFrame:
        """Return the rows as a data frame (`standoff.record_list.RecordList.frame`)."""
        return self.rows().frame()


@dataclass(frozen=True, slots=True, repr=False)
class ExpectedPeople(OneLine):
    """A row of a forecast as a table: a site, an area or the total on a day."""

    name: str
    level: str
    code: str
    last_day: date
    last: float
    horizon: str
    day: date
    median: float
    range_50: tuple[float, float]
    range_80: tuple[float, float]
    range_90: tuple[float, float]


def series_of(table: PeopleTable) -> list[Series]:
    """Return a table's figures as series."""
    out = []
    for path, values in table.figures.items():
        days = sorted(values)
        if days:
            name = next((part for part in reversed(path) if part), table.name)
            figures = np.array([values[day] for day in days], float)
            out.append(Series(name, np.array(days, float), figures, path[:-1], table.codes.get(path, "")))
    return out


def flee_series(data: Path, corrections: Path | None = None) -> tuple[list[Series], list[str], list[str]]:
    """Return the camps of a folder of Flee: data_layout.csv and its files; with their files and what was odd.

    Nothing else of the folder is needed. ``corrections`` may hold registration_corrections.csv, which is obeyed.
    """
    from standoff.people.flee.series import camp_reports

    camps, names, warnings = camp_reports(data, corrections)
    series = [
        Series(name, np.array([d for d, _ in reports], float), np.array([v for _, v in reports], float))
        for name, reports in camps.items()
        if reports
    ]
    return series, [names[one.name] for one in series], warnings


def usable_series(table: Sequence[Series], kind: CountKind = CountKind.STOCK, *, ended: bool = True) -> list[Series]:
    """Return the series that are scored; those that end before the table does only if ``ended``."""
    some = oddities(table, kind)
    out = {d.site for d in some if not d.scored and (d.what != "ended" or not ended)}
    return [one for one in table if one.name not in out]


def count_kind(column: str, measure: str, table: Sequence[Series]) -> tuple[CountKind, str]:
    """Return what a table counts, and the reason: its source, the words of its column, else the shape of its series."""
    base, _, more = measure.partition("+")
    if more == "so-far":
        return CountKind.CUMULATIVE, f"the source counts in {column!r} from the beginning on"
    if base in _MEASURES:
        return _with_shape(_MEASURES[base], f"the source says that {column!r} is {base.replace('-', ' ')}", table)
    words = f" {column.casefold().replace('_', ' ')} "
    for kind, some in ((CountKind.CUMULATIVE, _CUMULATIVE), (CountKind.FLOW, _FLOW), (CountKind.STOCK, _STOCK)):
        if word := next((w for w in some if w in words), ""):
            return _with_shape(kind, f"the column {column!r} says {word.strip()!r}", table)
    kind, shape = _shape(table)
    return kind, f"by the shape of the series only: {shape}; if that is wrong, say --kind"


def _with_shape(kind: CountKind, reason: str, table: Sequence[Series]) -> tuple[CountKind, str]:
    likely, shape = _shape(table)
    if likely is not kind and CountKind.CUMULATIVE in (likely, kind):
        reason += f" (but {shape}: if it is {_IN_WORDS[likely]}, say --kind {likely})"
    return kind, reason


def _shape(table: Sequence[Series]) -> tuple[CountKind, str]:
    rising = long = wild = 0
    for one in table:
        steps = np.diff(one.values)
        if steps.size < 5:
            continue
        long += 1
        rising += bool((steps >= 0).all() and (steps > 0).sum() >= max(0.5 * steps.size, 10))
        logs = np.diff(np.log(one.values + 20.0))
        moves = logs[np.abs(logs) > 0.1]
        turning = moves.size >= 6 and float(np.mean(np.sign(moves[1:]) != np.sign(moves[:-1]))) > 0.45
        wild += bool(turning and float(np.median(np.abs(moves))) > 0.7)
    if not long:
        return CountKind.STOCK, "it is too short to tell, and is taken as people who are there"
    if rising >= 0.8 * long:
        return CountKind.CUMULATIVE, f"{rising:,} of {long:,} series never fall"
    if wild > 0.3 * long:
        return CountKind.FLOW, f"{wild:,} of {long:,} series jump up and down by half and more from report to report"
    return (
        CountKind.STOCK,
        f"{long - rising:,} of {long:,} series stand still or fall at times, and {long - wild:,} do not jump about",
    )


def horizons_of(text: str) -> tuple[LeadTime, ...]:
    """Return horizons such as 30,90 (days) or 1m,3m (months). Raises StandoffError for anything else."""
    out: dict[str, LeadTime] = {}
    for part in text.split(","):
        word = part.strip().lower()
        unit = word[-1:] if word[-1:] in "dwm" else ""
        digits = word[: len(word) - len(unit)].strip()
        if not (digits.isascii() and digits.isdigit() and int(digits[:6]) > 0 and unit != "w"):
            what = f"{part.strip()!r} is not read"
            raise StandoffError.of(what, file="--horizon", expected="days such as 30,90 or months such as 1m,3m")
        one = LeadTime(int(digits), unit == "m")
        if one.days > _LONGEST:
            raise StandoffError.of(f"{one} is too far", file="--horizon", expected=f"at most {_LONGEST} days")
        out.setdefault(str(one), one)
    return tuple(sorted(out.values(), key=lambda h: h.days))


def _monthly(table: Sequence[Series]) -> bool:
    gaps = np.concatenate([np.diff(one.days) for one in table if len(one) > 1] or [np.zeros(0)])
    return bool(gaps.size and np.mean((gaps >= 28) & (gaps <= 31)) > 0.9)


def forecast(
    source: str | Path | bytes | PeopleTable | Sequence[Series] | DataFrame,
    *,
    kind: str | CountKind | None = None,
    horizons: str | Sequence[LeadTime | int] = HORIZONS,
    above: Sequence[float] = (),
    same: Mapping[str, str] | None = None,
    two: Sequence[tuple[str, str]] = (),
    on: date | str | None = None,
    name: str = "",
    **reading: Any,
) -> PeopleForecast:
    """Forecast people by site, area and in total from a table of their past, and say how such forecasts did.

    Parameters
    ----------
    source : path, bytes, data frame, PeopleTable or series
        A table as people have it (CSV, xlsx, JSON, HXL), or a folder of Flee with data_layout.csv.
    kind : str, optional
        ``stock`` (people who are there), ``cumulative`` (counted so far) or ``flow`` (people of a period). Default:
        what the source or the shape says; `PeopleForecast.reason` tells which.
    horizons : str or sequence
        How far ahead: ``"30,90"`` or ``[30, 90]`` days, ``"3m"`` months.
    above : sequence of float
        Planning figures: the forecast has the chance of passing each.
    same : mapping, optional
        Old names of sites, and their new ones: each pair is read as one site.
    two : sequence of pairs, optional
        Names of sites that are alike and yet two sites: both are counted, and neither is taken for the other renamed.
    on : date, optional
        Forecast from this day: later reports are left out.
    name : str
        How the user calls the table.
    **reading
        Options of `standoff.intake.series.read_figures`.

    Raises
    ------
    StandoffError
        When the table cannot be read, holds bad rows, or no site has two reports.

    Returns
    -------
    PeopleForecast
        ``.frame()`` is a data frame of sites, horizons and quantiles; ``.scores`` says how such forecasts did.

    Examples
    --------
    >>> import standoff as so
    >>> rows = [["Camp A", f"2024-{month:02}-01", 900 + 10 * month] for month in range(1, 10)]
    >>> table = "\\n".join(["site,date,people", *(",".join(map(str, row)) for row in rows)])
    >>> so.forecast(table.encode(), kind="stock", horizons="30").origin
    datetime.date(2024, 9, 1)
    """
    if hasattr(source, "to_csv"):
        source, name = source.to_csv(index=False).encode(), name or "the data frame"
    on = as_day(on, "on")
    table, about = _read(source, name, reading)
    label = about["name"]
    ahead = (
        horizons_of(horizons)
        if isinstance(horizons, str)
        else tuple(LeadTime(one) if isinstance(one, int) else one for one in horizons)
    )
    notes: list[str] = list(about["notes"])
    apart = _apart(table, two, same or {}, notes)
    table = _joined(table, same or {}, notes, label)
    if on is not None:
        table = [
            replace(one, days=one.days[k], values=one.values[k])
            for one in table
            if (k := one.days <= on.toordinal()).any()
        ]
        notes.append(f"reports after {on} are left out, as you say")
    if not any(len(one) > 1 for one in table):
        what = f"there is one report of each of {len(table):,} sites" if len(table) > 1 else "there is one report"
        what = f"{what}, and nothing can be forecast from one"
        raise StandoffError.of(what, file=label, expected="two reports of a site at the least, better six")
    wrong = [one.name for one in table if not (np.isfinite(one.values).all() and (one.values >= 0).all())]
    if wrong:
        raise StandoffError.of(f"{wrong[0]} has a figure that is not a count", file=label, expected="people, 0 or more")
    totals = sum_of_others(table) if len(table) > 2 else []
    compared = list(about["compared"])
    odd: list[Oddity] = []
    for n in totals:
        beside = _beside_others(table, n, totals)
        compared += beside
        odd.append(Oddity(table[n].name, "total", total_in_words(beside)))
    table = [one for n, one in enumerate(table) if n not in set(totals)]
    stacked = stacked_levels(table)
    for n, members in stacked.items():
        names = listing([*(table[m].name for m in members[:3]), *([f"{len(members) - 3} more"] * (len(members) > 3))])
        odd.append(Oddity(table[n].name, "total", f"is the sum of {names} on every day: it is not added"))
    table = [one for n, one in enumerate(table) if n not in stacked]
    if kind is None:
        what, reason = count_kind(about["column"], about["measure"], table)
    else:
        if kind not in list(CountKind):
            raise StandoffError.of(
                f"there is no kind {kind!r}",
                file="--kind",
                expected=", ".join(CountKind),
                hint=nearest(str(kind), list(CountKind)),
            )
        what, reason = CountKind(kind), "as you say"
    odd += [*oddities(table, what, about["files"]), *new_names(table, apart)]
    if _monthly(table) and any(not h.months and h.days >= 28 and h.size % 30 == 0 for h in ahead):
        ahead = tuple(LeadTime(h.size // 30, True) if not h.months and h.size % 30 == 0 else h for h in ahead)
        notes.append("the table is by month, so 30 days are read as a month")
    unscored = {d.site for d in odd if not d.scored and d.what != "ended"}
    ended = {d.site for d in odd if d.what == "ended"}
    # perhaps the people of a later name: added once, under that
    former = {d.site for d in odd if d.what == "new name"} if what is CountKind.STOCK else set()
    good = [n for n, one in enumerate(table) if one.name not in unscored]
    origin = float(max(one.days[-1] for one in table))
    falls = [d for d in odd if d.what in ("re-registration", "fall") and d.day is not None]
    makers: dict[str, Forecaster] = {str(h): Forecaster(table, h, what, scored=good) for h in ahead}
    sites = _sites(table, makers, ahead, origin, above, unscored, ended | former)
    alive = [
        n
        for n, one in enumerate(table)
        if what is not CountKind.STOCK or (origin - one.days[-1] <= quiet_days(one) and one.name not in former)
    ]
    scores, with_left = {}, {}
    for h in ahead:
        scores[str(h)] = _score(makers[str(h)], h, falls, ended)
        if (falls or ended) and (course := makers[str(h)].course) is not None:
            with_left[str(h)] = course.score(h)
    areas, total, sums = _sums(table, alive, makers, ahead, origin, above, what, about["levels"])
    sites, areas, total = _last_in_words(about["inexact"], sites, areas, total, {table[n].name for n in alive})
    experts = {str(h): makers[str(h)].expert_weights(origin) for h in ahead}
    return PeopleForecast(
        label,
        about["title"],
        about["column"],
        what,
        reason,
        date.fromordinal(int(origin)),
        ahead,
        tuple(above),
        tuple(sites),
        tuple(areas),
        total,
        scores,
        sums,
        with_left,
        tuple(odd),
        tuple(notes),
        about["levels"],
        experts,
        tuple(about["inexact"]),
        tuple(compared),
    )


def _beside_others(table: Sequence[Series], n: int, totals: Collection[int]) -> list[TotalRow]:
    """Return the figures of a series that is the total of the others beside their sums, by day."""
    others = [dict(zip(one.days, one.values, strict=True)) for m, one in enumerate(table) if m not in totals]
    out = []
    for day, value in zip(table[n].days.tolist(), table[n].values.tolist(), strict=True):
        there = [one[day] for one in others if day in one]
        if there:
            absent = len(others) - len(there)
            out.append(TotalRow(0, table[n].name, int(day), value, float(sum(there)), len(there), absent))
    return out


def _read(source: Any, name: str, reading: Mapping[str, Any]) -> tuple[list[Series], dict[str, Any]]:
    about: dict[str, Any] = {
        "name": name or "the table",
        "title": "series",
        "column": "",
        "measure": "",
        "notes": [],
        "files": [],
        "levels": (),
        "compared": [],
        "inexact": (),
    }
    if isinstance(source, str | Path) and Path(source).is_dir():
        data, corrections = _flee_folders(Path(source))
        series, names, warnings = flee_series(data, corrections)
        if not series:
            raise StandoffError.of(
                "it holds no reports of camps", file=str(data), expected="files named in data_layout.csv"
            )
        return series, about | {
            "name": name or str(source),
            "title": "a folder of Flee",
            "column": "",
            "files": names,
            "notes": warnings,
            "measure": "",
        }
    if isinstance(source, str | Path | bytes):
        source = read_figures(source, name=name, **reading)
    if isinstance(source, PeopleTable):
        return series_of(source), about | {
            "name": source.name,
            "title": source.title,
            "column": source.column,
            "measure": source.measure,
            "notes": source.notes,
            "levels": source.levels,
            "compared": source.compared,
            "inexact": source.inexact,
        }
    return list(source), about


def data_folder(folder: Path) -> Path:
    """Return the folder with data_layout.csv: this one, one inside it, or source_data beside it.

    Raises StandoffError without one.
    """
    inside = sorted(p for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    likely = [folder, *inside, folder.parent / "source_data"]
    data = next((p for p in likely if (p / "data_layout.csv").is_file()), None)
    if data is None:
        what = "this folder has no data_layout.csv, which names the files of the camps"
        what = what if folder.is_dir() else "no such folder"
        raise StandoffError.of(what, file=str(folder), expected="the folder of reported counts, or a table")
    return data


def _flee_folders(folder: Path) -> tuple[Path, Path | None]:
    """Return the folder with data_layout.csv and that with the corrections, in or beside a folder of Flee."""
    data = data_folder(folder)
    beside = [data, folder, *sorted(p for p in data.parent.iterdir() if p.is_dir())]
    return data, next((p for p in beside if (p / "registration_corrections.csv").is_file()), None)


def _site_named(table: Sequence[Series], word: str, option: str, expected: str) -> Series:
    one = next((one for one in table if folded(one.name) == folded(word)), None)
    if one is None:
        hint = nearest(word, [s.name for s in table])
        raise StandoffError.of(f"there is no site {word!r}", file=option, expected=expected, hint=hint)
    return one


def _apart(
    table: Sequence[Series], two: Sequence[tuple[str, str]], same: Mapping[str, str], notes: list[str]
) -> set[frozenset[str]]:
    """Return the pairs of names that are two sites, as the user says."""
    joined = {frozenset(_site_named(table, word, "--same", "OLD=NEW").name for word in pair) for pair in same.items()}
    out = set()
    for pair in two:
        names = [_site_named(table, word, "--two", "the names of two sites").name for word in pair]
        one = frozenset(names)
        if len(one) == 1:
            what = f"{pair[0]!r} and {pair[1]!r} are one name"
            raise StandoffError.of(what, file="--two", expected="the names of two sites")
        if one in joined:
            what = f"{names[0]} and {names[1]} are one site by --same and two by --two"
            raise StandoffError.of(what, file="--two", expected="one of the two options")
        if one not in out:
            notes.append(f"{names[0]} and {names[1]} are read as two sites, as you say")
        out.add(one)
    return out


def _joined(table: list[Series], same: Mapping[str, str], notes: list[str], label: str) -> list[Series]:
    for old, new in same.items():
        first, second = (_site_named(table, word, "--same", "OLD=NEW") for word in (old, new))
        both = sorted(set(first.days.tolist()) & set(second.days.tolist()))
        if both:
            what = f"{old} and {new} both have a figure on {date.fromordinal(int(both[0]))}: they are two sites"
            raise StandoffError.of(what, file=label, expected="sites of which one ends before the other begins")
        days = np.concatenate([first.days, second.days])
        order = np.argsort(days)
        one = replace(second, days=days[order], values=np.concatenate([first.values, second.values])[order])
        table = [one if s is second else s for s in table if s is not first]
        notes.append(f"{old} and {new} are read as one site, as you say")
    return table


def _score(maker: Forecaster, horizon: LeadTime, falls: Sequence[Oddity], ended: Collection[str]) -> SeriesScore | None:
    course = maker.course
    if course is None:
        return None
    keep = np.ones(len(course.rolled), bool)
    if falls or ended:
        by_name: dict[str, list[Oddity]] = {}
        for doubt in falls:
            by_name.setdefault(doubt.site, []).append(doubt)
        for k, (of, origin, target) in enumerate(
            zip(course.rolled.of, course.rolled.origin, course.rolled.target, strict=True)
        ):
            name = maker.table[int(of)].name
            if name in ended or crossing(by_name.get(name, ()), origin, target):
                keep[k] = False
    return course.score(horizon, keep)


def _expected(horizon: LeadTime, day: float, spread: Spread, above: Sequence[float]) -> DayForecast:
    ranges = {r: (spread.quantile(0.5 - r / 200), spread.quantile(0.5 + r / 200)) for r in RANGES}
    chances = {float(a): spread.chance_above(a) for a in above}
    return DayForecast(str(horizon), date.fromordinal(int(day)), spread.value, ranges, chances)


def _sites(
    table: Sequence[Series],
    makers: Mapping[str, Forecaster],
    ahead: Sequence[LeadTime],
    origin: float,
    above: Sequence[float],
    doubtful: Collection[str],
    ended: Collection[str],
) -> list[SiteForecast]:
    """Return a forecast of each site; none of those that ended."""
    due = [n for n, one in enumerate(table) if one.name not in ended]
    expected: dict[int, list[DayForecast]] = {n: [] for n in range(len(table))}
    for h in ahead:
        day = float(h.moved(np.array([origin]), 1)[0])
        for n, spread in zip(due, makers[str(h)].spreads(due, origin, day), strict=True):
            expected[n].append(_expected(h, day, spread, above))
    out = []
    for n, one in enumerate(table):
        past = tuple((date.fromordinal(int(d)), float(v)) for d, v in zip(one.days, one.values, strict=True))
        (last_day, last), rows = past[-1], tuple(expected[n])
        fan, odd = _fan(past[-1], rows), one.name in doubtful
        out.append(SiteForecast(one.name, one.areas, one.code, "site", len(one), last_day, last, rows, fan, past, odd))
    return out


def _fan(last: tuple[date, float], expected: Sequence[DayForecast]) -> tuple[tuple[date, tuple[float, ...]], ...]:
    """Return the bounds of a fan: on the day of the last report, and on each day that is forecast."""
    start = (last[0], (last[1],) * 5)
    days = [(e.day, (e.ranges[90][0], e.ranges[50][0], e.value, e.ranges[50][1], e.ranges[90][1])) for e in expected]
    return (start, *days)


# ------------------------------------------------------------------ sums


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Sum(OneLine):
    """The sum of some sites: as a series, and its targets with what was expected of them."""

    series: Series
    rolled: Rolled | None
    value: Floats
    now: float  # of the sites that still report
    ahead: float  # of the same, expected


def _sum(
    members: Sequence[int],
    alive: Collection[int],
    maker: Forecaster,
    kind: CountKind,
    name: str,
    last: float,
    due: float,
) -> _Sum:
    """Return the sum of sites on the days of their reports, with the sum of their forecasts for each of these days.

    ``members`` and ``alive`` are numbers of series; of those alive what is expected on day ``due`` is added as well.
    """
    days = np.unique(np.concatenate([maker.table[n].days for n in members]))
    if days.size > _MOST_DAYS:
        days = days[np.unique(np.linspace(0, days.size - 1, _MOST_DAYS).round().astype(int))]
    origin = maker.horizon.moved(days, -1)
    actual, level, value = np.zeros((3, days.size))
    of: list[Floats] = []
    on_days: list[NDArray[np.int64]] = []
    now = 0.0
    for n in members:
        one = maker.table[n]
        quiet = quiet_days(one)
        for at_day, into in ((days, actual), (origin, level)):
            at = np.searchsorted(one.days, at_day, side="right") - 1
            gap = at_day - one.days[np.maximum(at, 0)]
            on = at >= 0
            if kind is CountKind.STOCK:
                on &= gap <= quiet
            elif kind is CountKind.FLOW and into is actual:
                on &= gap == 0
            into[on] += one.values[at[on]]
            if into is level:
                on_days.append(np.flatnonzero(on))
                of.append(np.full(int(on.sum()), n))
        now += float(one.values[-1]) if n in alive else 0.0
    where, numbers = np.concatenate(on_days), np.concatenate(of).astype(np.int64)
    living = np.array([n for n in members if n in alive], np.int64)
    points, _, _, _ = maker.points(
        np.concatenate([numbers, living]),
        np.concatenate([origin[where], np.full(living.size, last)]),
        np.concatenate([days[where], np.full(living.size, due)]),
    )
    np.add.at(value, where, points[: where.size])
    ahead = float(points[where.size :].sum())
    series = Series(name, days, actual)
    old = origin >= days[0]
    if not old.any() or days.size < LEAST:
        return _Sum(series, None, value, now, ahead)
    stack, chosen = stack_of([series]), np.flatnonzero(old)
    at = report_at(stack, np.zeros(chosen.size, np.int64), origin[old])
    moves = usual_change(stack, at, days[old] - days[at], kind)
    none = np.zeros((chosen.size, 1))
    rolled = Rolled(none[:, 0].astype(np.int64), days[old], origin[old], actual[old], level[old], moves, none)
    return _Sum(series, rolled, value[old], now, ahead)


def _level(
    groups: Mapping[tuple[str, ...], list[int]],
    alive: set[int],
    makers: Mapping[str, Forecaster],
    ahead: Sequence[LeadTime],
    origin: float,
    above: Sequence[float],
    kind: CountKind,
    level: str,
) -> tuple[list[SiteForecast], dict[str, SeriesScore | None]]:
    """Return the forecasts of sums of one level, whose past errors are pooled, and their scores."""
    expected: dict[tuple[str, ...], list[DayForecast]] = {path: [] for path in groups}
    lines: dict[tuple[str, ...], _Sum] = {}
    scores: dict[str, SeriesScore | None] = {}
    for h in ahead:
        one_maker = makers[str(h)]
        day = float(h.moved(np.array([origin]), 1)[0])
        sums = {path: _sum(some, alive, one_maker, kind, path[-1], origin, day) for path, some in groups.items()}
        parts = [(s.rolled, s.value) for s in sums.values() if s.rolled is not None]
        course: Course | None = None
        target, errors = np.zeros(0), np.zeros(0)
        if parts:
            columns = ("of", "target", "origin", "value", "level", "unrest", "experts")
            whole = [np.concatenate([getattr(r, c) for r, _ in parts]) for c in columns]
            value = np.concatenate([v for _, v in parts])
            order = np.argsort(whole[1], kind="stable")
            rolled = Rolled(*(column[order] for column in whole))
            value = value[order]
            target, errors = rolled.target, log_errors(value, rolled.value, rolled.unrest)
            course = Course(rolled, value, *positions(rolled, value, errors, one_maker.before.pool, kind))
        scores[str(h)] = course.score(h) if course is not None else None
        past = Errors(target, errors, one_maker.before.pool)
        shares = past.shares(origin)
        for path, one in sums.items():
            lines[path] = one
            series = one.series
            at = np.array([len(series) - 1])
            moves = float(usual_change(stack_of([series]), at, day - series.days[at], kind)[0])
            floor = one.now if kind is CountKind.CUMULATIVE else 0.0
            expected[path].append(_expected(h, day, Spread(one.ahead, moves, floor, past.sorted, shares), above))
    out = []
    for path, members in groups.items():
        line = lines[path]
        days = zip(line.series.days, line.series.values, strict=True)
        past_ = tuple((date.fromordinal(int(d)), float(v)) for d, v in days)
        ends = [makers[str(ahead[0])].table[n].days[-1] for n in members if n in alive]
        last_day = date.fromordinal(int(max(ends, default=origin)))
        rows, fan = tuple(expected[path]), _fan((last_day, line.now), expected[path])
        out.append(SiteForecast(path[-1], path[:-1], "", level, len(members), last_day, line.now, rows, fan, past_))
    return out, scores


def _sums(
    table: Sequence[Series],
    alive: Sequence[int],
    makers: Mapping[str, Forecaster],
    ahead: Sequence[LeadTime],
    origin: float,
    above: Sequence[float],
    kind: CountKind,
    levels: Sequence[str],
) -> tuple[list[SiteForecast], SiteForecast | None, dict[str, SeriesScore | None]]:
    """Return forecasts of areas and of the total, and how those of the total did."""
    on = set(alive)
    areas: list[SiteForecast] = []
    depth = max((len(one.areas) for one in table), default=0)
    for k in range(depth):
        groups: dict[tuple[str, ...], list[int]] = {}
        for n, one in enumerate(table):
            if len(one.areas) > k and one.areas[k]:
                groups.setdefault(one.areas[: k + 1], []).append(n)
        if len(groups) > 1 and len(groups) < len(table):
            name = levels[k] if k < len(levels) else "area"
            areas += _level(groups, on, makers, ahead, origin, above, kind, name)[0]
    if len(table) < 2:
        return areas, None, {}
    tops = {one.areas[0] for one in table if one.areas and one.areas[0]}
    name = tops.pop() if len(tops) == 1 and all(one.areas for one in table) else "all sites"
    (total,), scores = _level({(name,): list(range(len(table)))}, on, makers, ahead, origin, above, kind, "total")
    return areas, total, scores


def _last_in_words(
    cells: Sequence[InexactCell],
    sites: Sequence[SiteForecast],
    areas: Sequence[SiteForecast],
    total: SiteForecast | None,
    alive: Collection[str],
) -> tuple[list[SiteForecast], list[SiteForecast], SiteForecast | None]:
    """Mark last reports that are not exact, and the sums that they are in."""
    used = {(one.path, one.day): one.cell for one in cells if one.cell.used is not None}
    bounds = {one.path: one for one in sorted(cells, key=lambda one: one.day) if one.cell.used is None}
    out, inside = [], set[tuple[str, ...]]()
    for one in sites:
        path = (*one.areas, one.name)
        cell, later = used.get((path, one.last_day.toordinal())), bounds.get(path)
        words = "" if cell is None else cell.in_words() if cell.used == one.last else f"about {one.last:,.0f}"
        if words and one.name in alive:
            inside |= {one.areas[: k + 1] for k in range(len(one.areas))} | {()}
        if later is not None and later.day > one.last_day.toordinal():
            words = f"{words or f'{one.last:,.0f}'}, then {later.cell.in_words()}"
        out.append(replace(one, last_words=words))
    sums = [
        replace(one, last_words=f"about {one.last:,.0f}") if (*one.areas, one.name) in inside else one for one in areas
    ]
    if total is not None and () in inside:
        total = replace(total, last_words=f"about {total.last:,.0f}")
    return out, sums, total
