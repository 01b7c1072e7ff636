"""One file of others, opened, recognised and read: its records, what was supposed, and everything that was left.

A batch writes nothing. Rows outside the period or the region of the case are counted; a file with bad rows is refused
(how many there are, and the first twenty) unless the caller asks to leave them out; names that the case does not know
are counted and stay nobody of the case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from standoff.case.geography import Place
from standoff.case.model import NO_NAME, Case, Event, bare, is_unknown
from standoff.case.parsing import keys_of, record
from standoff.case.reports import Report
from standoff.case.vocabulary import EVENT_TYPES, NOT_TOLD, is_a
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.opener import read_bytes, read_standard_input
from standoff.files.table_reader import (
    GZIP,
    MOST_BYTES,
    MOST_IN_MEMORY,
    Aside,
    Table,
    read_table_file,
    unpacked,
)
from standoff.files.yaml import Lines
from standoff.intake.columns import Days, Numbers, days_of, formula_errors, numbers_of
from standoff.intake.figure_rows import FigureFrame, figure_rows, wide_rows
from standoff.intake.log_rows import Waiting
from standoff.intake.mapping import NameMap, mapping_of
from standoff.intake.parts import (
    FieldColumns,
    Hands,
    LeftOut,
    cells_seen,
    reports_in_parts,
    reports_of,
    seen_in_parts,
    without_collection,
)
from standoff.intake.party_names import PartyNames
from standoff.intake.recognise import Recognition, is_known_header, other_way, plain_name, recognise
from standoff.intake.rows import (
    EXACT_KM,
    Frame,
    RowReader,
    RowsReader,
    Settled,
    Spots,
    acled_rows,
    agreement_reader,
    counted,
    future,
    ged_rows,
    incident_table_rows,
    kilometres_written,
)
from standoff.oneline import OneLine
from standoff.values import When

MOST_LISTED = 20
COUNTED = "counted"  # rows of a log that are counted, and not kept
_TITLES = {"acled": "ACLED", "ged": "UCDP GED"}  # feeds that are named in a line
_DISTRICT = 2  # of the areas of a report: country, province, district, the smallest last
_PEOPLE = {"whole": True, "high": 1e12, "noun": "a number of people such as 3 or 1,000"}
_NORTH = {"low": -90.0, "high": 90.0, "noun": "degrees"}
_EAST = {"low": -180.0, "high": 180.0, "noun": "degrees"}
_KILOMETRES = {"high": 1000.0, "noun": "kilometres such as 2 or 0.5"}
_COUNTS = {  # of every measure that a figure may be of
    "lat": _NORTH,
    "lon": _EAST,
}


@dataclass(frozen=True, repr=False)
class Feed(OneLine):
    """A source of tables: what its rows become, which fields are days and numbers, and its licence."""

    kind: str
    days: tuple[str, ...] = ()
    numbers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rows: Callable[[Settled], RowReader] | None = None
    several: Callable[..., RowsReader] | None = None  # where a row gives several records
    licence: str = ""
    restricted: bool = False


FEEDS = {
    "acled": Feed(
        "reports",
        ("date",),
        {"deaths": _PEOPLE, "lat": _NORTH, "lon": _EAST},
        acled_rows,
        licence="ACLED, terms of use and attribution policy",
        restricted=True,
    ),
    "ged": Feed(
        "reports",
        ("date", "date_end"),
        {
            **dict.fromkeys(
                ("low", "high", "best", "deaths_a", "deaths_b", "deaths_civilian", "deaths_unknown"), _PEOPLE
            ),
            "lat": _NORTH,
            "lon": _EAST,
        },
        ged_rows,
        licence="CC BY 4.0",
    ),
    "own": Feed("events", ("date",), {"deaths": _PEOPLE, "lat": _NORTH, "lon": _EAST, "accuracy": _KILOMETRES}),
    "hapi-events": Feed("figures", ("from", "to"), _COUNTS, several=figure_rows),
    "hapi-idps": Feed("figures", ("from", "to"), _COUNTS, several=figure_rows),
    "hapi-refugees": Feed("figures", ("from", "to"), _COUNTS, several=figure_rows),
    "hapi-population": Feed("figures", ("from", "to"), _COUNTS, several=figure_rows),
    "acled-months": Feed("figures", (), _COUNTS, several=figure_rows),
    "dtm": Feed("figures", ("date",), _COUNTS, several=figure_rows),
    "unhcr-days": Feed("figures", ("date",), _COUNTS, several=figure_rows),
    "unhcr-portal": Feed("figures", ("date",), _COUNTS, several=figure_rows),
    "unhcr-years": Feed("figures", (), _COUNTS, several=figure_rows),
    "idmc-updates": Feed("figures", ("date", "from", "to"), _COUNTS, several=figure_rows),
    "idmc-years": Feed("figures", (), _COUNTS, several=figure_rows),
    "idmc-months": Feed("figures", ("month_of",), _COUNTS, several=wide_rows),
    "people": Feed("figures", ("date",), _COUNTS, several=figure_rows),
    "incidents": Feed(
        "reports",
        ("date",),
        {"deaths": _PEOPLE, "wounded": _PEOPLE, "lat": _NORTH, "lon": _EAST, "accuracy": _KILOMETRES},
        incident_table_rows,
    ),
    "ucdp-agreements": Feed("agreements", ("date",), several=agreement_reader, licence="CC BY 4.0"),
    "pax-agreements": Feed("agreements", ("date",), several=agreement_reader),
    "agreements": Feed("agreements", ("date",), several=agreement_reader),
}


class Records(Sequence[Any]):
    """The records of a file: held where there are few, made again whenever they are asked for where there are many."""

    def __init__(self, count: int, make: Callable[[], Iterator[Any]], kept: list[Any] | None) -> None:
        self._count = count
        self._make = make
        self._kept = kept

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept) if self._kept is not None else self._make()

    def __getitem__(self, index: Any) -> Any:
        if self._kept is None:
            self._kept = list(self._make())
        return self._kept[index]


@dataclass(frozen=True, repr=False)
class EventLog(OneLine):
    """What a log held: events, the places made for their coordinates, and what is not an event or nobody of the case.

    ``unknown_actors`` counts the rows of each name that the case does not know; ``nobody_known`` are the events that
    name no actor of the case at all. ``left_out`` are bad rows; rows outside the period or the region of the case are
    good rows that are no events.
    """

    events: tuple[Event, ...]
    places: dict[str, Place]
    unknown_actors: dict[str, int]
    left_out: int
    format: str
    outside_period: int = 0
    outside_region: int = 0
    nobody_known: int = 0
    assumptions: tuple[str, ...] = ()
    areas: Mapping[str, str] = field(default_factory=dict)  # the area that a source names, by event

    def in_a_line(self) -> str:
        """Say in a line how many events there are, and what of the log is not an event or names nobody of the case."""
        parts = [_many(len(self.events), "event") + (f" of {_TITLES[self.format]}" if self.format in _TITLES else "")]
        if self.left_out:
            parts.append(f"{_many(self.left_out, 'row')} left out")
        if self.outside_period:
            parts.append(f"{_many(self.outside_period, 'row')} outside the period of the case")
        if self.outside_region:
            parts.append(f"{_many(self.outside_region, 'row')} outside its region")
        if self.unknown_actors:
            names = len(self.unknown_actors)
            parts.append(f"{_many(names, 'name')} {'is' if names == 1 else 'are'} not known to the case")
        if self.nobody_known:
            parts.append(f"{_many(self.nobody_known, 'event')} {_verb(self.nobody_known)} no party of the case")
        return ", ".join(parts)

    def names(self) -> list[dict[str, Any]]:
        """Return every name the case does not know, with the number of its events, the most frequent first."""
        most = sorted(self.unknown_actors.items(), key=lambda item: (-item[1], item[0]))
        return [{"name": name, "rows": rows} for name, rows in most]

    def summary(self) -> dict[str, Any]:
        """Return what the log held as plain data: counts, a line that says them, and every unknown name."""
        return {
            "said": self.in_a_line(),
            "format": self.format,
            "title": _TITLES.get(self.format, ""),
            "events": len(self.events),
            "left_out": self.left_out,
            "outside_period": self.outside_period,
            "outside_region": self.outside_region,
            "nobody_known": self.nobody_known,
            "unknown_names": self.names(),
            "assumptions": list(self.assumptions),
        }

    def added_to(self, case: Case) -> Case:
        """Return the case with the places of the log, so that its events can be put on the map."""
        return replace(case, places={**case.places, **self.places})


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _verb(number: int) -> str:
    return "names" if number == 1 else "name"


@dataclass(repr=False)
class Batch(OneLine):
    """What a file holds for a case, before anything is written.

    ``kind`` says what its records are: reports (rows of a feed), events (our own table), figures, agreements, places.
    ``columns`` is the column of each field, ``left`` the columns from which nothing is read. ``undecided`` counts the
    rows of each name that the case does not know. ``left_out`` are bad rows, ``asides`` rows that are no records.
    """

    name: str
    kind: str
    source: str
    title: str
    version: str
    why: str
    format: str
    header: tuple[str, ...]
    columns: dict[str, str]
    left: tuple[str, ...]
    records: Sequence[Any] = ()
    places: dict[str, Place] = field(default_factory=dict)
    undecided: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    outside_period: int = 0
    outside_region: int = 0
    nobody_known: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    bad: int = 0
    asides: tuple[Aside, ...] = ()
    assumptions: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    own_types: tuple[str, ...] = ()
    notes: list[dict[str, Any]] = field(default_factory=list)  # of other tools, of which a person may make claims
    licence: str = ""
    log_rows: Waiting | None = None  # of reports that are to become a log
    whole: str = ""  # the text of a file that is kept as one: boundaries
    ids_begin: str = ""  # how the ids of its figures begin: with the source, or with the file of somebody's own

    def events(self, area_of: Callable[[Report], str] | None = None) -> EventLog:
        """Return what the ledger reads; ``area_of`` names the area of a report, by default as its source does.

        Raises StandoffError where the file holds no events.
        """
        if self.kind not in ("reports", "events"):
            what = f"this is {self.title}, which holds no events"
            raise StandoffError.of(what, file=self.name, expected="ACLED, UCDP GED or our own table of events")
        areas: dict[str, str] = {}
        if self.kind == "events":
            events = tuple(self.records)
        else:
            named, found = area_of or district_of, []
            for report in self.records:  # once: the records of a large file are made again for every pass
                found.append(self._event(report))
                if label := named(report):
                    areas[report.id] = label
            events = tuple(found)
        used = {p for event in events for p in event.place}
        return EventLog(
            events,
            {name: place for name, place in self.places.items() if name in used},
            dict(self.undecided),
            self.bad,
            self.source,
            self.outside_period,
            self.outside_region,
            self.nobody_known,
            tuple(self.assumptions),
            areas,
        )

    def _event(self, report: Report) -> Event:
        return event_of(report, self.own_types)


def district_of(report: Report) -> str:
    """Return the area of a report that is counted: the district where the source names one, else the larger one."""
    return area_name(report.areas)


def area_name(areas: Sequence[str]) -> str:
    """Return which of the areas that a source names, the largest first, is counted: the district, or the smallest."""
    return areas[: _DISTRICT + 1][-1] if areas else ""


def event_of(report: Report, own_types: Sequence[str] = ()) -> Event:
    """Return the event that the ledger reads of a report; ``own_types`` are the case's own types."""
    type_ = report.type
    if any(is_a(type_, own.partition("/")[0]) or is_a(own, type_) for own in own_types):
        type_ += NOT_TOLD
    known = None
    if report.known_from and report.known_by:
        same = report.known_from == report.known_by
        known = When.parse(report.known_by if same else f"{report.known_from}/{report.known_by}")
    return Event(
        id=report.id,
        date=report.date,
        hour=report.hour,
        known=known,
        type=type_,
        actor=report.actor,
        target=report.target,
        place=(report.place,) if report.place else (),
        title=report.title,
        source=report.others.get("told_by", "")[:120] or report.source,
        licence=report.licence,
        restricted=report.restricted,
        **counted(report),
    )


@without_collection()
def read_file(
    path: str | Path | bytes,
    case: Case,
    *,
    name: str = "",
    kind: str | None = None,
    columns: Mapping[str, str] | None = None,
    dates: str | None = None,
    numbers: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    mapping: NameMap | None = None,
    released: date | None = None,
    skip_bad: bool = False,
    today: date | None = None,
    log_rows: bool | str = False,
    workers: int = 1,
) -> Batch:
    """Read a file of others for a case.

    Parameters
    ----------
    path : str, Path or bytes
        A file, ``-`` for standard input, or what is in a file.
    case : Case
        Whose actors, places, period and region the rows are compared with.
    name : str
        How the user calls the file; by default its path.
    kind : str, optional
        The source, where the columns do not say it (``--as``).
    columns : mapping, optional
        For our fields or columns, those of the file (``--map``).
    dates, numbers, sheet, encoding : str, optional
        What the file itself does not decide: dmy or mdy; point or comma; a sheet; an encoding.
    mapping : NameMap, optional
        What persons decided of names; by default the case's mapping.yaml.
    released : date, optional
        The day on which the file was published, for sources that do not say it.
    skip_bad : bool
        Leave rows out that cannot be read.
    today : date, optional
        The last day that a row may have. Default: the day of the clock.
    log_rows : bool or str
        Whether the rows of a log are made of reports on the way, for an import; ``counted`` counts what is in them for
        a look at a file, and keeps none.
    workers : int
        How many processes may read a large text. What they give does not depend on it.

    Raises
    ------
    StandoffError
        When the file cannot be read, is of no known source, lacks columns, can be read in two ways, or (unless
        ``skip_bad``) has bad rows.
    """
    if isinstance(path, str) and path == "-":
        path, name = read_standard_input(MOST_IN_MEMORY), name or "standard input"
    name = name or ("the file" if isinstance(path, bytes) else str(path))
    head = path[:8192] if isinstance(path, bytes) else read_bytes(Path(path), name, MOST_BYTES, part=8192)
    if head.startswith(GZIP) and other_way(head, name) is None:
        data = path if isinstance(path, bytes) else read_bytes(Path(path), name, MOST_BYTES)
        path = unpacked(data, name)
        head, name = path[:8192], name.removesuffix(".gz")
    if way := other_way(head, name):
        raise StandoffError.of(way[0], file=name, expected="a table", hint=way[1])
    table = read_table_file(path, name, sheet=sheet, encoding=encoding, is_header=is_known_header, two_rows=True)
    try:
        sort = recognise(table.header, name, table.header_line or 1, kind=kind, columns=columns)
    except StandoffError:
        if kind is None and not columns and table.tags:  # no source that is known by its columns, but by its hashtags
            return _read_tagged(table, case, name, dates, numbers)
        raise
    if sort.source == "people" and kind is None and not columns and _tags_measure(table):
        return _read_tagged(table, case, name, dates, numbers)  # hashtags say more exactly who is counted than a header
    batch = Batch(
        name, FEEDS[sort.source].kind, sort.source, sort.title, sort.version, sort.why, table.format,
        table.header, sort.columns, sort.left,
    )  # fmt: skip
    _refuse_doubles(table, sort)
    names = PartyNames(case, mapping_of(case) if mapping is None else mapping, sort.source)
    source = FEEDS[sort.source]
    batch.ids_begin = stem_of(name) if sort.source == "people" else sort.source
    if source.several is not None:
        setup = _setup(batch, table, sort, case, names, dates, numbers, released, today)
        _read_several(batch, table, sort, setup, skip_bad)
    elif sort.source == "own":
        _read_own(batch, table, sort, case, names, skip_bad, today, dates, numbers)
    else:
        counts_only = log_rows == COUNTED
        hands = Hands(workers)
        try:
            setup = _setup(batch, table, sort, case, names, dates, numbers, released, today, hands)
            rows = lambda: Waiting(keeps_text=not counts_only) if log_rows else None  # noqa: E731
            _read_reports(batch, table, sort, setup, skip_bad, rows, hands)
        finally:
            hands.close()
    batch.asides, batch.licence = tuple(table.asides), source.licence
    batch.assumptions[:0] = table.assumptions
    if table.is_kept:
        batch.assumptions += formula_errors(table, sorted(set(sort.at.values())))
    return batch


def stem_of(name: str) -> str:
    """Return the name of a file as ids begin with it."""
    return re.sub(r"[\W_]+", "-", Path(name).stem.casefold()).strip("-")[:60] or "file"


def _refuse_doubles(table: Table, sort: Recognition) -> None:
    """Refuse a table two columns of which have the same name and say different things, where one of them is read."""
    plain = [plain_name(name) for name in table.header]
    doubles = {f: [k for k, n in enumerate(plain) if n and n == plain[at]] for f, at in sort.at.items() if f != "text"}
    several = {f: columns for f, columns in doubles.items() if len(columns) > 1}
    for line, cells in table if several else ():
        for field_, columns in several.items():
            said = dict.fromkeys(cells[k] for k in columns)
            if len(said) > 1:
                name = table.header[columns[0]]
                what = f"two columns are named {name!r}, and say {' and '.join(map(repr, list(said)[:2]))}"
                expected = f"one column for {field_}"
                raise StandoffError.of(what, file=table.name, line=line, expected=expected, hint="rename one of them")


def _tags_measure(table: Table) -> bool:
    from standoff.intake.hxl import measure_of_tag

    return any(tag and measure_of_tag(tag) for tag in table.tags)


def _read_tagged(table: Table, case: Case, name: str, dates: str | None, numbers: str | None) -> Batch:
    """Return the figures of a table that says by hashtags what its columns are (HXL)."""
    from standoff.intake.hxl import figures_of, sheet_of

    sheet = sheet_of(table)
    stem = stem_of(name)
    figures = figures_of(sheet, name, stem, dates=dates, numbers=numbers)
    frame = FigureFrame(None, case, "hxl")
    inside = [one for one in figures.observations if frame.holds_figure(one)]
    columns = {column.tag: column.header or column.tag for column in sheet.columns if column.tag}
    return Batch(
        name=name,
        kind="figures",
        source="hxl",
        title="HXL",
        version="",
        why=f"it has a row of hashtags ({_many(len(columns), 'column')})",
        format=table.format,
        header=table.header,
        columns=columns,
        left=tuple(figures.left_out),
        records=tuple(inside),
        ids_begin=stem,
        rows=len(sheet.rows),
        outside_period=frame.outside_period,
        outside_region=frame.outside_region,
        asides=tuple(table.asides),
        assumptions=[*figures.notes, *frame.notes(), *formula_errors(table, range(len(table.header)))],
    )


def settled_columns(
    table: Table, sort: Recognition, dates: str | None, numbers: str | None, hands: Hands | None = None
) -> tuple[dict[str, Days], dict[str, Numbers]]:
    """Read the columns of days and numbers as a whole, and settle how their cells are meant.

    Raises StandoffError with every column that can be read in two ways.
    """
    source = FEEDS[sort.source]
    options_of = {**source.numbers, **dict.fromkeys(sort.figures, _PEOPLE)}
    if sort.source == "idmc-months":  # one number for all columns
        options_of["figure:displacement-movements"] = _PEOPLE
    at = sort.at
    wanted = FieldColumns({f: at[f] for f in source.days if f in at}, {f: at[f] for f in options_of if f in at})
    seen = (seen_in_parts(table, wanted, hands) if hands else None) or cells_seen(table, wanted)
    days: dict[str, Days] = {}
    settled: dict[str, Numbers] = {}
    problems: list[Problem] = []
    header = sort.header
    for name in wanted.days:
        try:
            days[name] = days_of(seen[name], header[sort.at[name]], table.name, dates)
        except StandoffError as error:
            problems += error.problems
    hint = table.decimal_comma_likely
    for name in sorted(options_of, key=lambda f: f not in ("lat", "lon")):
        options = options_of[name]
        if name not in sort.at:
            settled[name] = Numbers(name, "point", **options)
            continue
        try:
            settled[name] = numbers_of(seen[name], header[sort.at[name]], table.name, numbers, hint=hint, **options)
            hint = hint or settled[name].mark == "comma"
        except StandoffError as error:
            problems += error.problems
    if problems:
        raise StandoffError(problems)
    return days, settled


def _setup(
    batch: Batch,
    table: Table,
    sort: Recognition,
    case: Case,
    names: PartyNames,
    dates: str | None,
    numbers: str | None,
    released: date | None,
    today: date | None,
    hands: Hands | None = None,
) -> Settled:
    source = FEEDS[sort.source]
    days, settled = settled_columns(table, sort, dates, numbers, hands)
    batch.assumptions += [note for one in days.values() for note in one.notes]
    batch.assumptions += [note for one in settled.values() for note in one.notes]
    return Settled(
        case,
        names,
        sort.at,
        days,
        settled,
        Spots(case, names.decisions, sort.source),
        Path(batch.name).name,
        today or date.today(),
        released,
        licence=source.licence,
        restricted=source.restricted,
        title=sort.title,
        begin=batch.ids_begin,
        source=sort.source,
    )


def _read_several(batch: Batch, table: Table, sort: Recognition, setup: Settled, skip_bad: bool) -> None:
    """Read rows of which each gives several records, or none: figures and agreements."""
    source = FEEDS[sort.source]
    several = source.several
    assert several is not None  # noqa: S101 - asked before
    read = several(setup, table.header) if several is wide_rows else several(setup)
    frame = FigureFrame(setup, setup.case, sort.source)
    if "date" in setup.days and any(field.endswith("+so-far") for field in sort.figures):
        setup.first = min(_first_days(table, sort.at["date"], setup.days["date"]), default=None)
    width, records = len(table.header), []
    for line, cells in table:
        batch.rows += 1
        try:
            if len(cells) > width:
                raise ValueError("the row has more cells than the header")
            found = list(read(line, [*cells, ""]))
        except (ValueError, KeyError, TypeError) as error:
            batch.bad += 1
            batch.left_out.append(LeftOut(line, str(error)))
            continue
        for one in found:
            if frame.holds(one.date, []) if source.kind == "agreements" else frame.holds_figure(one, cells):
                records.append(one)
    _refuse(batch, skip_bad, f"a row of {sort.title}")
    batch.records = tuple(records)
    batch.outside_period, batch.outside_region = frame.outside_period, frame.outside_region
    batch.assumptions += [f"{_many(n, 'row')}: {words}" for words, n in setup.notes.items()]
    batch.assumptions += frame.notes()
    if source.kind == "agreements":
        names: Counter[str] = Counter()
        for one in records:
            names.update(bare(p) for p in one.agreement.parties if is_unknown(p))
        batch.undecided = dict(names)


def _first_days(table: Table, at: int, days: Days) -> Iterator[date]:
    for _, cells in table:
        try:
            yield days.moment(cells[at]).day
        except ValueError:
            continue


def _read_reports(
    batch: Batch,
    table: Table,
    sort: Recognition,
    setup: Settled,
    skip_bad: bool,
    rows: Callable[[], Waiting | None],
    hands: Hands,
) -> None:
    reader = FEEDS[sort.source].rows
    assert reader is not None  # noqa: S101 - a source of reports has a reader of rows
    done = reports_in_parts(table, reader, setup, sort.source, rows(), hands)
    if done is None:
        done = reports_of(table, reader, setup, sort.source, rows(), hold=True)
    batch.rows, batch.left_out, batch.bad = done.rows, done.left_out, len(done.left_out)
    _refuse(batch, skip_bad, f"a row of {sort.title}")
    batch.undecided, batch.nobody_known = dict(done.undecided), done.nobody_known
    batch.outside_period, batch.outside_region = done.outside_period, done.outside_region
    batch.places = done.places
    batch.own_types = tuple(setup.case.types)
    batch.assumptions += [f"{_many(n, 'row')}: {words}" for words, n in done.notes.items()]
    read, wrong = reader(setup), done.wrong

    def again() -> Iterator[Any]:
        for line, cells in table:
            if line not in wrong:
                yield read(line, [*cells, ""])

    batch.log_rows = done.log_rows
    batch.records = Records(batch.rows - len(wrong), again, done.few)


def _refuse(batch: Batch, skip_bad: bool, expected: str) -> None:
    """Raise StandoffError for bad rows, unless they are to be left out."""
    shown = [Problem(batch.name, line, *_parted(why, expected)) for line, why in batch.left_out[:MOST_LISTED]]
    batch.problems += shown
    if batch.bad and not skip_bad:
        many = f"{batch.bad} bad rows" if batch.bad > 1 else "1 bad row"
        more = f"; the first {MOST_LISTED} follow" if batch.bad > MOST_LISTED else ""
        noun = "event" if batch.kind in ("reports", "events") else "row"
        what = f"{many}; no {noun} was loaded{more}"
        first = Problem(batch.name, 0, what, "rows that can be read", "use --skip-bad to leave them out")
        raise StandoffError([first, *shown])


def _parted(why: str, expected: str) -> tuple[str, str]:
    what, found, rest = why.partition("; expected ")
    return (what, rest) if found else (why, expected)


_CANONICAL = {plain_name(key): key for key in keys_of(Event)}


_OF_OWN = ("lat", "lon", "accuracy", "deaths")  # fields that an event of a case has in other words


def _is_day(cell: str) -> bool:
    try:
        return bool(When.parse(cell))
    except (ValueError, TypeError):
        return False


class _OwnCells:
    """Cells of our own table that a case writes otherwise: days of any form, coordinates, people killed."""

    def __init__(
        self, batch: Batch, table: Table, sort: Recognition, case: Case, names: NameMap, dates: str | None,
        numbers: str | None,
    ) -> None:  # fmt: skip
        self._at, self._spots = sort.at, Spots(case, names, sort.source)
        self.places = self._spots.places
        days: dict[str, int] = {}
        for line, cells in table:
            cell = cells[sort.at["date"]]
            if cell and not _is_day(cell):
                days.setdefault(cell, line)
        foreign = {f: k for f, k in sort.at.items() if f != "date"}
        _, self._numbers = settled_columns(table, replace(sort, at=foreign), None, numbers)
        self._days = days_of(days, table.header[sort.at["date"]], table.name, dates)
        batch.assumptions += self._days.notes + [n for one in self._numbers.values() for n in one.notes]

    def amend(self, row: dict[str, Any], cells: Sequence[str]) -> None:
        """Put a row into the words of a case. Raises ValueError with the value and what was expected."""
        if row.get("date") and not _is_day(row["date"]):
            moment = self._days.moment(row["date"])
            row["date"] = moment.when.text
            if moment.hour and not row.get("hour"):
                row["hour"] = moment.hour
        told = {f: self._numbers[f].number(cells[self._at[f]]) for f in _OF_OWN if f in self._at}
        if (deaths := told.get("deaths")) is not None:
            if any(row.get(key) for key in ("low", "high")):
                raise ValueError("deaths and low or high are both given; expected one of them")
            if row.get("counted", "deaths") != "deaths":
                raise ValueError(f"deaths are given, and counted is {row['counted']!r}; expected deaths, or no word")
            row |= {"low": deaths, "high": deaths, "counted": "deaths"}
        lat, lon = told.get("lat"), told.get("lon")
        if lat is not None and lon is not None:
            place = row.get("place") or []
            if len(place) > 1:
                raise ValueError(f"coordinates are given for {len(place)} places; expected one")
            accuracy = told.get("accuracy")
            written = kilometres_written(cells[self._at["lat"]], cells[self._at["lon"]])
            far = written if accuracy is None else max(accuracy, 0.1)
            known = place[0] if place and place[0] in self._spots.of_case else ""
            row["place"] = [known or self._spots.at(lat, lon, far, place[0] if place else "", exact=far <= EXACT_KM)]


def _read_own(
    batch: Batch, table: Table, sort: Recognition, case: Case, names: PartyNames, skip_bad: bool, today: date | None,
    dates: str | None, numbers: str | None,
) -> None:  # fmt: skip
    """Read our own table of events as a case reads it; its actors may be names as well as ids."""
    fields = {k: f for f, k in sort.at.items()}
    own = _OwnCells(batch, table, sort, case, names.decisions, dates, numbers)
    batch.places = own.places
    unknown = [n for k, n in enumerate(table.header) if n and k not in fields]
    line = table.header_line or 1
    if unknown:
        keys = [*_CANONICAL.values(), "lat", "lon", "accuracy_km", "deaths"]
        raise StandoffError(
            Problem(table.name, line, f"the column {n!r} is unknown", f"columns {', '.join(keys)}", nearest(n, keys))
            for n in unknown
        )
    plain = [plain_name(n) for n in table.header if n]
    if len(set(plain)) != len(plain):
        raise StandoffError.of("a column is given twice", file=table.name, line=line, expected="each column once")
    types = dict.fromkeys((*EVENT_TYPES, *case.types))
    frame = Frame(case)
    first = case.about.period.start
    if today is None:
        today = date.today()
        if first is not None and first > today:
            today = case.about.period.end or date.max  # an exercise set in the future: its own days are none
    ids: set[str] = set()
    events: list[Event] = []
    undecided: Counter[str] = Counter()
    width = len(table.header)
    for line, cells in table:
        batch.rows += 1
        row: dict[str, Any] = {}
        for k, key in fields.items():
            if cells[k] and key not in _OF_OWN:
                row[key] = [p.strip() for p in cells[k].split(";")] if key in _LISTS else cells[k]
        event, faults = None, []
        if len(cells) > width:
            faults = [Problem(table.name, line, f"{len(cells)} cells", f"{width}, as in the header")]
        else:
            try:
                own.amend(row, cells)
            except ValueError as error:
                faults = [Problem(table.name, line, *_parted(str(error), "a row of our own table"))]
            else:
                event, faults = record(Event, row, table.name, Lines(line))
        if event is not None and not faults:
            if event.id in ids:
                faults = [Problem(table.name, line, f"the event {event.id!r} is given twice", "each id once")]
            elif event.type not in types:
                what = f"the event type {event.type!r} is unknown"
                expected = "a type of the word list or of the case"
                faults = [Problem(table.name, line, what, expected, nearest(event.type, types))]
            elif why := future(event.date, today):
                faults = [Problem(table.name, line, *_parted(why, ""))]
        if event is None or faults:
            batch.bad += 1
            batch.problems += faults[: max(MOST_LISTED - len(batch.problems), 0)]
            batch.left_out += [LeftOut(line, f"{p.what}; expected {p.expected}") for p in faults[:1]]
            continue
        ids.add(event.id)
        if frame.holds(event.date, [p for name in event.place if (p := case.places.get(name) or own.places.get(name))]):
            doers, targets = (names.of(";".join(cell)) for cell in (event.actor, event.target))
            event = replace(event, actor=doers, target=targets)
            events.append(event)
            parties = dict.fromkeys((*doers, *targets))
            undecided.update(bare(p) for p in parties if is_unknown(p) and p != NO_NAME)
            batch.nobody_known += all(map(is_unknown, parties))
    if batch.bad and not skip_bad:
        many = f"{batch.bad} bad rows" if batch.bad > 1 else "1 bad row"
        more = f"; the first {MOST_LISTED} follow" if batch.bad > MOST_LISTED else ""
        what = f"{many}; no event was loaded{more}"
        top = Problem(table.name, 0, what, "rows that can be read", "use --skip-bad to leave them out")
        raise StandoffError([top, *batch.problems])
    batch.records = tuple(events)
    batch.undecided = dict(undecided)
    batch.outside_period, batch.outside_region = frame.outside_period, frame.outside_region


_LISTS = frozenset(("actor", "target", "place", "sector", "zone", "claims", "answer"))


def read_events(path: str | Path | bytes, case: Case, *, skip_bad: bool = False, today: date | None = None) -> EventLog:
    """Read a file of events for a ledger: ACLED, UCDP GED or our own table. Raises StandoffError as `read_file`."""
    return read_file(path, case, skip_bad=skip_bad, today=today).events()
