"""Logs of a case: rows of a feed in our columns, one row a report, on disk and back.

Parties, places and areas stand there as the source writes them, and are read with the mapping of the case each time. A
log is joined with a newer download by the ids of its rows, row by row: it is never held whole.
"""

from __future__ import annotations

import csv
import heapq
import io
import json
import re
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from standoff.case.geography import SPOT, Place
from standoff.case.model import NO_NAME, Case, as_sides, bare, is_unknown, refuse_errors
from standoff.case.read import LOGS
from standoff.case.reports import Report, Toll
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.opener import read_bytes
from standoff.intake.areas import CaseAreas, case_areas
from standoff.intake.batch import Batch, EventLog, district_of, event_of, read_file
from standoff.intake.log_rows import (
    AREAS,
    COLUMNS,
    DATE,
    FEED,
    FIRST,
    ID,
    KNOWN_BY,
    ROW,
    Cells,
    Waiting,
    dump_rows,
    load_rows,
)
from standoff.intake.mapping import NONE, NameMap, mapping_of, tidy
from standoff.intake.party_names import PartyNames
from standoff.intake.rows import EXACT_KM, Frame, Spots, first_was_hit, is_of_both_sides, tells_who_began
from standoff.values import When, calendar_day

_UNWEIGHED = ("known_by", "feed", "row")  # columns in which a row may differ without having been amended
_WEIGHED = tuple(number for number, name in enumerate(COLUMNS) if name not in _UNWEIGHED)
SIDED = ("ged",)  # sources whose cells are sides, parted at commas
MOST_BYTES = 2**31
LOG_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_MOST_IN_MEMORY = 100_000  # new rows of a log under way that are held in memory


# A row of text back to a report.


@dataclass
class _LogReader:
    """Rows of a log back to reports, with what the mapping of the case gives their names today."""

    case: Case
    names: NameMap
    places: dict[str, Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._parties: dict[str, PartyNames] = {}
        self._cells: dict[tuple[str, str], tuple[str, ...]] = {}
        self._spots: dict[str, Spots] = {}
        self._where: dict[tuple[str, ...], str] = {}

    def reports(self, lines: Iterable[str], file: str) -> Iterator[tuple[Report, str]]:
        """Yield the reports of a log, and whose names theirs are. Raises StandoffError with the rows that are none."""
        problems: list[Problem] = []
        for line, row in _rows(lines, file):
            try:
                report = self.report(row)
            except (ValueError, TypeError) as error:
                problems.append(Problem(file, line, f"this row cannot be read: {error}", "a row as import writes it"))
                continue
            if report is not None:
                yield report, row["origin"]
        if problems:
            raise StandoffError(problems[:20])

    def report(self, row: Mapping[str, str]) -> Report | None:
        """Return the report of a row, or None where a person decided that its type is not an event."""
        origin = row["origin"]
        kind = self.names.decision("type", row["subtype"], origin)
        if kind == NONE:
            return None
        swapped = first_was_hit(origin, row["subtype"])
        only_first = swapped or (row["two_sided"] == FIRST and not is_of_both_sides(kind or row["type"]))
        two_sided = row["two_sided"] in ("yes", FIRST) or not tells_who_began(origin, row["type"], row["subtype"])
        actor, target = self._of(row["actor"], origin), self._of(row["target"], origin)
        if swapped:
            actor, target = target, actor
        if two_sided:
            actor, target = as_sides(actor), target if only_first else as_sides(target)
        lat, lon, accuracy = (float(row[key]) if row[key] else None for key in ("lat", "lon", "accuracy_km"))
        return Report(
            id=row["id"],
            source=row["source"],
            feed=row["feed"],
            row=int(row["row"] or 0),
            licence=row["licence"],
            restricted=row["restricted"] == "yes",
            published=When.parse(row["said"]) if row["said"] else None,
            known_from=calendar_day(row["known_from"]) if row["known_from"] else None,
            known_by=calendar_day(row["known_by"]) if row["known_by"] else None,
            date=When.parse(row["date"]),
            hour=row["hour"],
            type=kind or row["type"],
            subtype=row["subtype"],
            actor=actor,
            target=target,
            actor_written=row["actor"],
            target_written=row["target"],
            place=self._place(row, origin, lat, lon, accuracy),
            place_written=row["place_written"],
            lat=lat,
            lon=lon,
            accuracy_km=accuracy,
            areas=tuple(filter(None, row["areas"].split(";"))),
            tolls=tuple(map(_toll, filter(None, row["tolls"].split(";")))),
            title=row["title"],
            others=json.loads(row["others"]) if row["others"] else {},
        )

    def _of(self, cell: str, origin: str) -> tuple[str, ...]:
        key = cell, origin
        if key not in self._cells:
            if origin not in self._parties:
                self._parties[origin] = PartyNames(self.case, self.names, origin)
            parties = self._parties[origin]
            self._cells[key] = parties.of_side(cell) if origin in SIDED else parties.of(cell)
        return self._cells[key]

    def _place(
        self, row: Mapping[str, str], origin: str, lat: float | None, lon: float | None, accuracy: float | None
    ) -> str:
        """Return the place of a row: of the case where its name or a decision says so, else one for its coordinates."""
        key = (origin, row["place_written"], row["lat"], row["lon"], row["accuracy_km"])
        if key not in self._where:
            if origin not in self._spots:
                self._spots[origin] = Spots(self.case, self.names, origin)
            spots = self._spots[origin]
            name = row["place_written"]
            if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
                where = spots.decided(name) or (row["place"] if row["place"] in self.case.places else "")
            else:
                far = accuracy if accuracy is not None else 50.0
                where = spots.at(lat, lon, far, name, exact=far <= EXACT_KM)
            if where.startswith(SPOT):
                self.places.setdefault(where, spots.place(where))
            self._where[key] = where
        return self._where[key]


def _toll(text: str) -> Toll:
    measure, _, ends = text.partition("=")
    low, _, high = ends.partition("..")
    return Toll(measure=measure, low=float(low) if low else None, high=float(high) if high else None)


def _check_header(header: Sequence[str], file: str) -> None:
    if missing := [column for column in COLUMNS if header and column not in header]:
        raise StandoffError(
            Problem(file, 1, f"the column {column!r} is missing", "the columns of a log", nearest(column, header))
            for column in missing
        )


def _rows(lines: Iterable[str], file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells of a log. Raises StandoffError where a column of ours is missing."""
    reader = csv.DictReader(lines, restval="")
    _check_header(reader.fieldnames or (), file)
    begins = reader.line_num + 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise StandoffError.of(f"this row cannot be read: {error}", file=file, line=begins, expected="CSV") from None


def is_log(data: bytes) -> bool:
    """Whether a file is a log in our columns, by its header."""
    first = data.split(b"\n", 1)[0].decode("utf-8-sig", errors="replace").strip()
    return set(COLUMNS) <= set(first.split(","))


def read_reports(
    case: Case, file: str, lines: str | Iterable[str], names: NameMap | None = None
) -> tuple[list[Report], dict[str, Place]]:
    """Return the reports of a log in our columns, and the places made for them, with the mapping of the case.

    ``lines`` are the text of the log, or its lines. Raises StandoffError with the rows that cannot be read.
    """
    reader = _LogReader(case, mapping_of(case) if names is None else names)
    if isinstance(lines, str):
        lines = io.StringIO(lines.removeprefix("\ufeff"), newline="")

    return [report for report, _ in reader.reports(lines, file)], reader.places


def log_names(case: Case) -> list[str]:
    """Return the names of the logs of a case."""
    folder = case.root / LOGS
    return sorted(path.stem for path in folder.glob("*.csv")) if folder.is_dir() else []


def log_alone(case: Case) -> str | None:
    """Return the log that answers for a case without events of its own; None for any other case, or without a log.

    Raises StandoffError where such a case holds several: a person chooses.
    """
    names = [] if case.events else log_names(case)
    if len(names) > 1:
        what = "the case holds no event of its own, and several logs"
        raise StandoffError.of(what, file="--events", expected=f"one of {', '.join(names)}")
    return names[0] if names else None


def open_log(case: Case, log: str | Path, **options: Any) -> EventLog:
    """Return the events of a log for the ledger: a log of the case by its name, or any file, with the case's mapping.

    ``options`` are those of `read_file`. Raises StandoffError as it does, and with the nearest name of a log.
    """
    name = str(log)
    stem = name.removeprefix(f"{LOGS}/").removesuffix(".csv")
    path = Path(log)
    inside = case.root / LOGS / f"{stem}.csv"
    if not path.is_file() and LOG_NAME.fullmatch(stem) and inside.is_file():
        path = inside
    if name != "-" and path.is_file() and path.suffix == ".csv":
        with path.open("rb") as file:
            ours = is_log(file.read(64 * 1024))
        if ours:
            try:
                with path.open(encoding="utf-8-sig", newline="") as lines:
                    return _events_of_log(case, path.name, lines)
            except UnicodeDecodeError:
                raise StandoffError.of("this is not UTF-8", file=name, expected="a log as import writes it") from None
    if name != "-" and not path.exists() and log_names(case):
        what, logs = "there is no such file, and no log of the case has this name", log_names(case)
        raise StandoffError.of(
            what, file=name, expected=f"a file, or one of {', '.join(logs)}", hint=nearest(stem, logs)
        )
    return log_of_file(case, path if name != "-" else "-", name=name, **options)


def read_log(log: str | Path, case: Case, **options: Any) -> EventLog:
    """Return the events of a file of others, or of a log of a case by its name, as the ledger of the case reads them.

    Parameters
    ----------
    log
        ACLED, UCDP GED or our own table, in any of the forms that import reads; or ``acled`` for logs/acled.csv.
    case
        Whose mapping decides the names; names that nobody decided stay unknown.
    options
        How a file is read, as for import: ``dates="dmy"``, ``sheet="Data"``, ``skip_bad=True``.

    Returns
    -------
    EventLog
        ``.events`` for ``so.ledger(case, events=...)``, ``.unknown_actors`` with the rows of each name not decided.

    Raises
    ------
    StandoffError
        With file, line and value of all that cannot be read.

    Examples
    --------
    >>> import standoff as so
    >>> case = so.load("idlib")
    >>> len(so.read_log("fatal-events", case).events) > 2000
    True
    """
    refuse_errors(case)
    return open_log(case, log, **options)


def log_of_file(case: Case, file: str | Path | bytes, **options: Any) -> EventLog:
    """Return the events of a file of others, with all that persons of the case decided of its names.

    ``options`` are those of `read_file`. Raises StandoffError as it does.
    """
    names = mapping_of(case)
    batch = without_non_events(read_file(file, case, mapping=names, **options), names)
    if batch.kind != "reports":
        return batch.events()
    areas, decided = case_areas(case), _area_decisions(names, batch.source)
    return batch.events(lambda report: area_label(report, areas, decided))


def without_non_events(batch: Batch, names: NameMap) -> Batch:
    """Return a batch of reports with the types that persons decided of: no event, or another type."""
    if batch.kind != "reports" or not any(
        kind == "type" and one.by_person for (kind, _, _), one in names.names.items()
    ):
        return batch
    kept = []
    for report in batch.records:
        decision = names.decision("type", report.subtype, batch.source)
        if decision != NONE:
            kept.append(replace(report, type=decision) if decision else report)
    return replace(batch, records=tuple(kept))


def _area_decisions(names: NameMap, source: str) -> dict[str, str]:
    """Return what persons decided of the areas of a source."""
    decided: dict[str, str] = {}
    for of in ("", source):  # of this source goes before that of every source
        for (kind, by, name), one in names.names.items():
            if (kind, by) == ("area", of) and one.by_person:
                decided[name] = one.decision
    return decided


def area_label(report: Report, areas: CaseAreas, decided: Mapping[str, str]) -> str:
    """Return the area in which a report is counted: of the case where it has boundaries, else as the source names it.

    What a person decided of the name goes first; a decision may also name a sector or a zone of the case.
    """
    if areas:
        point = None
        if report.lat is not None and report.lon is not None:
            point = (report.lat, report.lon, report.accuracy_km or 0.0)
        if area := areas.of(report.areas[1:], point=point, decided=decided):
            return areas.labels[area.pcode]
    name = district_of(report)
    decision = decided.get(tidy(name), "")
    return decision if decision and decision != NONE else name


def _events_of_log(case: Case, file: str, lines: Iterable[str]) -> EventLog:
    names = mapping_of(case)
    reader = _LogReader(case, names)
    places = reader.places
    areas, decided = case_areas(case), dict[str, dict[str, str]]()
    frame = Frame(case)
    events = []
    labels: dict[str, str] = {}
    unknown: Counter[str] = Counter()
    nobody = 0
    for report, origin in reader.reports(lines, file):
        place = places.get(report.place) or case.places.get(report.place)
        if not frame.holds(report.date, [place] if place else []):
            continue
        parties = dict.fromkeys((*report.actor, *report.target))
        unknown.update(bare(p) for p in parties if is_unknown(p) and p != NO_NAME)
        nobody += all(map(is_unknown, parties))
        events.append(event_of(report, tuple(case.types)))
        if origin not in decided:
            decided[origin] = _area_decisions(names, origin)
        if label := area_label(report, areas, decided[origin]):
            labels[report.id] = label
    used = {p for event in events for p in event.place}
    return EventLog(
        tuple(events),
        {name: place for name, place in places.items() if name in used},
        dict(unknown),
        0,
        Path(file).stem,
        frame.outside_period,
        frame.outside_region,
        nobody,
        areas=labels,
    )


# A log under way: rows of a newer file joined with those that are there, and written in the order of days and ids.


class Join:
    """A log and the rows of a newer file, joined by id: what is new, the same, amended, or older than what is there.

    ``path`` is the log as it stands; None where there is none. Rows that are there are known by a hash of their cells
    and by where they stand; rows that are new wait on disk where there are many.
    """

    def __init__(self, path: Path | None, file: str) -> None:
        self.path, self.file = path, file
        self.added = self.changed = self.same = self.older = 0
        self.amended: Counter[str] = Counter()
        self.actors: Counter[str] = Counter()  # rows of each cell of parties, of the log as it will be
        self._numbers: dict[str, int] = {}
        self._hashes, self._at, self._rows = array("Q"), array("Q"), array("q")
        self._days: list[str] = []
        self._feeds: list[str] = []
        self._marks = bytearray()
        self._replacements: set[int] = set()  # rows of the log that are replaced
        self._patched: dict[int, tuple[str, str, str]] = {}  # feed, row and known_by of those that only gain these
        self._new = _Sorted()
        self._whole: Waiting | None = None  # the rows, where there is no log to join them with
        if path is not None:
            self._index(path)

    def _index(self, path: Path) -> None:
        words: dict[str, str] = {}
        with path.open("rb") as raw:
            for at, cells in _cells_at(raw, self.file):
                self._numbers[cells[ID]] = len(self._hashes)
                self._hashes.append(_hash(cells))
                self._at.append(at)
                self._rows.append(int(cells[ROW] or 0))
                self._days.append(words.setdefault(cells[KNOWN_BY], cells[KNOWN_BY]))
                self._feeds.append(words.setdefault(cells[FEED], cells[FEED]))
        self._marks = bytearray(len(self._hashes))

    def add_all(self, rows: Waiting) -> None:
        """Join all rows of the newer file."""
        if self.path is None and not self.added:
            self._whole, self.added = rows, len(rows)
            return
        for cells in rows:
            self.add(cells)

    def add(self, cells: Cells) -> None:
        """Join one row of the newer file."""
        number = self._numbers.get(cells[ID])
        if number is None:
            self.added += 1
            self._new.add(cells)
            return
        self._marks[number] = 1
        feed, row, known = self._feeds[number], self._rows[number], self._days[number]
        if self._hashes[number] == _hash(cells):
            self.same += 1
            patch = (feed, str(row), known)
            if (feed, row) > (cells[FEED], int(cells[ROW])):
                patch = (cells[FEED], cells[ROW], known)
            if cells[KNOWN_BY] < known:  # it was known when it was first brought
                patch = (*patch[:2], cells[KNOWN_BY])
            if patch != (feed, str(row), known):
                self._patched[number] = patch
        elif cells[KNOWN_BY] < known:
            self.older += 1
        else:
            self.changed += 1
            old = self._old(number)
            self.amended.update(COLUMNS[n] for n in _WEIGHED if old[n] != cells[n])
            self._replacements.add(number)
            self._new.add(cells)

    def _old(self, number: int) -> Cells:
        assert self.path is not None  # noqa: S101 - it has a row
        with self.path.open("rb") as raw:
            header = next(csv.reader([raw.readline().decode("utf-8-sig")]))
            raw.seek(self._at[number])
            row = dict(zip(header, next(csv.reader(io.TextIOWrapper(raw, encoding="utf-8", newline=""))), strict=False))
            return [row.get(name, "") for name in COLUMNS]

    def missing(self, countries: set[str], first: str, last: str) -> int:
        """Return how many rows of the log the newer file does not have, of its countries and days; they are kept."""
        return sum(
            not self._marks[number]
            and cells[AREAS].partition(";")[0] in countries
            and first <= cells[DATE][:10] <= last
            for number, cells in enumerate(self._standing())
        )

    def _standing(self) -> Iterator[Cells]:
        if self.path is not None:
            with self.path.open("rb") as raw:
                for _, cells in _cells_at(raw, self.file):
                    yield cells

    @property
    def is_changed(self) -> bool:
        """Whether the log would be another one."""
        return bool(self.added or self.changed or self._patched)

    def rows(self) -> Iterator[Cells]:
        """Yield the rows of the log as it will be, in the order of days and ids."""

        def old() -> Iterator[Cells]:
            for number, cells in enumerate(self._standing()):
                if number in self._replacements:
                    continue
                if number in self._patched:
                    cells[FEED], cells[ROW], cells[KNOWN_BY] = self._patched[number]
                yield cells

        if self._whole is not None:
            yield from csv.reader(line.decode("utf-8") for line in self._whole.in_order())
        else:
            yield from heapq.merge(old(), self._new, key=_order)

    def write(self, file: IO[bytes]) -> None:
        """Write the log as it will be."""
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        if self._whole is None:
            writer.writerows(self.rows())
        text.flush()
        text.detach()
        if self._whole is not None:
            file.writelines(self._whole.in_order())


def _order(cells: Sequence[str]) -> tuple[str, str]:
    return cells[DATE], cells[ID]


def _hash(cells: Cells) -> int:
    text = "\x1f".join([cells[n] for n in _WEIGHED])
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def _cells_at(raw: IO[bytes], file: str) -> Iterator[tuple[int, Cells]]:
    """Yield where each row of a log begins, and its cells in our order. Raises StandoffError of what is not a log."""
    begin = 0

    def lines() -> Iterator[str]:
        nonlocal begin
        for line in raw:
            begin += len(line)
            yield line.decode("utf-8-sig" if begin == len(line) else "utf-8")

    try:
        reader = csv.reader(lines())
        header = next(reader, None)
        if header is None:
            return
        _check_header(header, file)
        order = None if tuple(header) == COLUMNS else [header.index(name) for name in COLUMNS]
        at = begin
        for cells in reader:
            if order is None and len(cells) == len(COLUMNS):
                yield at, cells
            elif cells:
                cells += [""] * (len(header) - len(cells))
                yield at, [cells[n] for n in order or range(len(COLUMNS))]
            at = begin
    except (UnicodeDecodeError, csv.Error) as error:
        raise StandoffError.of(
            f"this is not a log as import writes it: {error}", file=file, expected="CSV in UTF-8"
        ) from None


class _Sorted:
    """Rows in the order of days and ids: held while they are few, in sorted parts on disk while they are many."""

    def __init__(self) -> None:
        self._memory: list[Cells] = []
        self._parts: list[IO[bytes]] = []

    def add(self, cells: Cells) -> None:
        self._memory.append(cells)
        if len(self._memory) >= _MOST_IN_MEMORY:
            self._memory.sort(key=_order)
            part = tempfile.TemporaryFile(prefix="standoff-log-")  # noqa: SIM115 - goes with the object
            dump_rows(self._memory, part)
            self._parts.append(part)
            self._memory = []

    def __iter__(self) -> Iterator[Cells]:
        self._memory.sort(key=_order)
        yield from heapq.merge(self._memory, *map(load_rows, self._parts), key=_order)


def log_reports(case: Case, name: str) -> list[Report]:
    """Return the reports of a log of a case, with the parties that its mapping gives their names today.

    Raises StandoffError where the case has no such log, with the nearest name, or it cannot be read.
    """
    file, names = f"{LOGS}/{name}.csv", log_names(case)
    if name not in names:
        expected = f"one of {', '.join(names)}" if names else "a log: standoff import FILE --into CASE"
        what = f"the case has no log {name!r}"
        raise StandoffError.of(what, file="--log", expected=expected, hint=nearest(name, names))
    path = case.root / LOGS / f"{name}.csv"
    key = path, path.stat().st_mtime_ns, case.digest
    if key not in _reports:
        data = read_bytes(path, file, MOST_BYTES)
        if not is_log(data):
            expected = "a log as `standoff import` writes it"
            raise StandoffError.of("this is not a log of reports", file=file, expected=expected)
        _reports.clear()
        _reports[key] = read_reports(case, file, data.decode("utf-8"))[0]
    return _reports[key]


_reports: dict[tuple[Path, int, str], list[Report]] = {}  # the log read last: a brief asks for it several times
