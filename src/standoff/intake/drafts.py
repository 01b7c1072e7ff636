"""What a file of others would change in a case, before anything is written: a log, figures, places, agreements, names.

Rows of a feed go to ``logs/`` in our columns, one row a report, with the licence, both days and the row of the
original; their parties stand there as the source writes them, and are read with the mapping of the case each time.
Everything is known by its id: the same file again changes nothing, and a newer one adds and amends.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from standoff.case.as_dict import as_written
from standoff.case.geography import SPOT, Place
from standoff.case.model import NO_NAME, SIDE, Case, Kind, as_sides, bare, is_other, is_unknown
from standoff.case.read import LOGS, MAPPING
from standoff.case.reports import Report, Toll
from standoff.case.terms import Agreement
from standoff.case.write import Amendment, amended_list, as_cell
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.opener import read_bytes
from standoff.intake.batch import Batch, EventLog, district_of, event_of, read_file
from standoff.intake.mapping import (
    NONE,
    RULE,
    ForeignName,
    NameMap,
    decision_problem,
    entry,
    mapping_of,
    read_mapping,
    tidy,
)
from standoff.intake.names import PartyNames
from standoff.intake.rows import AgreementDraft, Frame
from standoff.oneline import OneLine
from standoff.values import When

COLUMNS = (
    "id", "date", "hour", "type", "subtype", "two_sided", "actor", "target", "place", "place_written", "lat", "lon",
    "accuracy_km", "areas", "tolls", "title", "source", "said", "known_from", "known_by", "licence", "restricted",
    "feed", "row", "origin", "others",
)  # fmt: skip
_UNWEIGHED = ("known_by", "feed", "row")  # columns in which a row may differ without having been amended
_SIDED = ("ged",)  # sources whose cells are sides, parted at commas
MOST_BYTES = 2**31
_LOG_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
KEPT_KINDS: dict[str, tuple[Kind, str]] = {  # kinds of records that become records of the case, and their file
    "figures": (Kind.OBSERVED, "observed.csv"),
    "places": (Kind.PLACES, "places.csv"),
    "agreements": (Kind.AGREEMENTS, "agreements.yaml"),
    "claims": (Kind.CLAIMS, "claims.yaml"),
}


# A log in our columns: a row of text for a report, and back.


def log_row(report: Report, place_written: str = "", origin: str = "") -> dict[str, str]:
    """Return a report as a row of a log: parties as the source writes them, and nothing of its own text.

    ``origin`` is the source as recognised, such as ``acled``: whose names its parties are.
    """
    tolls = ";".join(f"{t.measure}={as_cell(t.low)}..{as_cell(t.high)}" for t in report.tolls)
    values: dict[str, Any] = {
        "said": report.published or "",
        "two_sided": any(p.startswith(SIDE) or p == NO_NAME for p in (*report.actor, *report.target)),
        "actor": report.actor_written,
        "target": report.target_written,
        "place_written": place_written,
        "origin": origin,
        "tolls": tolls,
        "others": json.dumps(dict(report.others), ensure_ascii=False, sort_keys=True) if report.others else "",
    }
    return {column: as_cell(_plain(values.get(column, getattr(report, column, "")))) for column in COLUMNS}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, When | date) else value


@dataclass
class _LogReader:
    """Rows of a log back to reports, with the parties that the mapping of the case gives their names today."""

    case: Case
    names: NameMap
    file: str
    places: dict[str, Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._parties: dict[str, PartyNames] = {}
        self._cells: dict[tuple[str, str], tuple[str, ...]] = {}

    def report(self, row: Mapping[str, str], line: int) -> Report | None:
        """Return the report of a row, or None where a person decided that its type is no event."""
        origin = row["origin"]
        kind = self.names.decision("type", row["subtype"], origin)
        if kind == NONE:
            return None
        two_sided = row["two_sided"] == "yes"
        actor, target = self._of(row["actor"], origin), self._of(row["target"], origin)
        if two_sided:
            actor, target = as_sides(actor), as_sides(target)
        lat, lon, accuracy = (float(row[key]) if row[key] else None for key in ("lat", "lon", "accuracy_km"))
        place = row["place"]
        if place.startswith(SPOT) and lat is not None and lon is not None and place not in self.places:
            self.places[place] = Place(
                id=place,
                name=row["place_written"] or f"{lat:.2f}, {lon:.2f}",
                kind="site",
                lat=lat,
                lon=lon,
                country="",
                accuracy_km=accuracy or 0.0,
            )
        if place and place not in self.places and place not in self.case.places:
            place = ""
        return Report(
            id=row["id"],
            source=row["source"],
            feed=row["feed"],
            row=int(row["row"] or 0),
            licence=row["licence"],
            restricted=row["restricted"] == "yes",
            published=When.parse(row["said"]) if row["said"] else None,
            known_from=date.fromisoformat(row["known_from"]) if row["known_from"] else None,
            known_by=date.fromisoformat(row["known_by"]) if row["known_by"] else None,
            date=When.parse(row["date"]),
            hour=row["hour"],
            type=kind or row["type"],
            subtype=row["subtype"],
            actor=actor,
            target=target,
            actor_written=row["actor"],
            target_written=row["target"],
            place=place,
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
            self._cells[key] = parties.of_side(cell) if origin in _SIDED else parties.of(cell)
        return self._cells[key]


def _toll(text: str) -> Toll:
    measure, _, ends = text.partition("=")
    low, _, high = ends.partition("..")
    return Toll(measure=measure, low=float(low) if low else None, high=float(high) if high else None)


def _rows(text: str, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells of a log. Raises StandoffError where a column of ours is missing."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), restval="")
    header = list(reader.fieldnames or ())
    if missing := [column for column in COLUMNS if header and column not in header]:
        raise StandoffError(
            Problem(file, 1, f"the column {column!r} is missing", "the columns of a log", nearest(column, header))
            for column in missing
        )
    begins = reader.line_num + 1
    for row in reader:
        yield begins, row
        begins = reader.line_num + 1


def is_log(data: bytes) -> bool:
    """Whether a file is a log in our columns, by its header."""
    first = data.split(b"\n", 1)[0].decode("utf-8-sig", errors="replace").strip()
    return set(COLUMNS) <= set(first.split(","))


def read_reports(
    case: Case, file: str, text: str, names: NameMap | None = None
) -> tuple[list[Report], dict[str, Place]]:
    """Return the reports of a log in our columns and the places made for them, with the mapping of the case.

    Raises StandoffError with every row that cannot be read.
    """
    reader = _LogReader(case, mapping_of(case) if names is None else names, file)
    reports: list[Report] = []
    problems: list[Problem] = []
    for line, row in _rows(text, file):
        try:
            report = reader.report(row, line)
        except (ValueError, TypeError) as error:
            problems.append(Problem(file, line, f"this row cannot be read: {error}", "a row as import writes it"))
            continue
        if report is not None:
            reports.append(report)
    if problems:
        raise StandoffError(problems[:20])
    return reports, reader.places


def log_names(case: Case) -> list[str]:
    """Return the names of the logs of a case."""
    folder = case.root / LOGS
    return sorted(path.stem for path in folder.glob("*.csv")) if folder.is_dir() else []


def open_log(case: Case, log: str | Path, **options: Any) -> EventLog:
    """Return the events of a log for the ledger: a log of the case by its name, or any file, with the case's mapping.

    ``options`` are those of `read_file`. Raises StandoffError as it does, and with the nearest name of a log.
    """
    name = str(log)
    stem = name.removeprefix(f"{LOGS}/").removesuffix(".csv")
    path = Path(log)
    inside = case.root / LOGS / f"{stem}.csv"
    if not path.exists() and _LOG_NAME.fullmatch(stem) and inside.is_file():
        path = inside
    if name != "-" and path.is_file() and path.suffix == ".csv":
        with path.open("rb") as file:
            ours = is_log(file.read(64 * 1024))
        if ours:
            text = read_bytes(path, name, MOST_BYTES).decode("utf-8")
            return _events_of_log(case, path.name, text)
    if name != "-" and not path.exists() and log_names(case):
        what, logs = "there is no such file, and no log of the case has this name", log_names(case)
        raise StandoffError.of(
            what, file=name, expected=f"a file, or one of {', '.join(logs)}", hint=nearest(stem, logs)
        )
    batch = read_file(path if name != "-" else "-", case, name=name, mapping=mapping_of(case), **options)
    return without_non_events(case, batch).events()


def without_non_events(case: Case, batch: Batch, names: NameMap | None = None) -> Batch:
    """Return a batch of reports with the types that persons decided of: no event, or another type."""
    names = mapping_of(case) if names is None else names
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


def _events_of_log(case: Case, file: str, text: str) -> EventLog:
    reports, places = read_reports(case, file, text)
    frame = Frame(case)
    events = []
    unknown: Counter[str] = Counter()
    nobody = 0
    for report in reports:
        place = places.get(report.place) or case.places.get(report.place)
        if not frame.holds(report.date, [place] if place else []):
            continue
        parties = dict.fromkeys((*report.actor, *report.target))
        unknown.update(bare(p) for p in parties if is_unknown(p) and p != NO_NAME)
        nobody += all(map(is_unknown, parties))
        events.append(event_of(report, tuple(case.types)))
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
        areas={r.id: district_of(r) for r in reports if r.areas},
    )


# What would be written.


@dataclass(repr=False)
class FileDraft(OneLine):
    """What one file would change in a case.

    ``amended`` counts, by column, the rows that a newer file changes; ``missing`` are rows of the log in the days and
    countries of the file that it does not have: they are kept. ``older`` are rows of which the log has a newer state.
    """

    batch: Batch
    file: str = ""  # where its records go
    added: int = 0
    changed: int = 0
    same: int = 0
    older: int = 0
    missing: int = 0
    amended: dict[str, int] = field(default_factory=dict)
    names: list[ForeignName] = field(default_factory=list)  # every name of the file, with what is decided of it
    notes: list[str] = field(default_factory=list)

    @property
    def undecided(self) -> list[ForeignName]:
        """The names of the file that wait for a person, the most frequent first."""
        waiting = [one for one in self.names if not one.decision]
        return sorted(waiting, key=lambda one: (-one.count, one.kind, one.name))


@dataclass(repr=False)
class Import(OneLine):
    """Files of others on their way into a case: a draft for each, and one amendment for all."""

    case: Case
    amendment: Amendment
    drafts: list[FileDraft] = field(default_factory=list)
    today: date = field(default_factory=date.today)

    def add(self, batch: Batch, digest: str = "", *, log: str = "") -> FileDraft:
        """Add what a file holds, whose hash is ``digest``. Raises StandoffError where a case keeps none of its kind."""
        draft = FileDraft(batch)
        if batch.kind == "reports":
            self._add_reports(draft, digest, log or batch.source)
        elif batch.kind == "events":
            self._add_events(draft, digest, log)
        elif batch.kind in KEPT_KINDS:
            self._add_records(draft, *KEPT_KINDS[batch.kind])
            if batch.notes:
                self._add_notes(draft)
        elif batch.whole:
            self._add_whole(draft)
        else:
            expected = f"one of reports, events, {', '.join(KEPT_KINDS)}"
            raise StandoffError.of(f"a case keeps no {batch.kind}", file=batch.name, expected=expected)
        self.drafts.append(draft)
        return draft

    def save(self) -> tuple[str, ...]:
        """Write everything, or nothing; return the names of the files. Raises StandoffError as `Amendment.save`."""
        names = ", ".join(draft.batch.name for draft in self.drafts)
        return self.amendment.save(undo=f"the import of {names}")

    def _add_reports(self, draft: FileDraft, digest: str, log: str) -> None:
        if not _LOG_NAME.fullmatch(log):
            expected = "small letters, digits and hyphens"
            raise StandoffError.of(f"the name of the log is {log!r}", file="--name", expected=expected)
        draft.file = f"{LOGS}/{log}.csv"
        rows = {row["id"]: row for _, row in _rows(self.amendment.text(draft.file), draft.file)}
        ids, countries, days = set(), set(), []
        for report in draft.batch.records:
            place = draft.batch.places.get(report.place) or self.case.places.get(report.place)
            new = log_row(report, place.name if place else "", draft.batch.source)
            ids.add(report.id)
            countries.add(new["areas"].partition(";")[0])
            days.append(report.date.start or report.date.end or date.min)
            _join(draft, rows, new)
        first, last = (min(days).isoformat(), max(days).isoformat()) if days else ("", "")
        draft.missing = sum(
            key not in ids and row["areas"].partition(";")[0] in countries and first <= row["date"][:10] <= last
            for key, row in rows.items()
        )
        if draft.added or draft.changed or self.amendment.text(draft.file):
            self.amendment.put(draft.file, _log_text(rows.values()))
        self._note_original(draft, digest, log)
        self._names_of_log(draft, rows.values(), draft.batch.source)

    def _names_of_log(self, draft: FileDraft, rows: Iterable[Mapping[str, str]], source: str) -> None:
        parties, sided = PartyNames(self.case, self._mapping(), source), source in _SIDED
        cells: Counter[str] = Counter()
        for row in rows:
            cells.update({cell for cell in (row["actor"], row["target"]) if cell})
        counts: Counter[str] = Counter()
        for cell, number in cells.items():
            counts.update({tidy(name): number for name in parties.parts(cell, sides=sided)})
        of_file: set[str] = set()
        for report in draft.batch.records:
            of_file.update((report.actor_written, report.target_written))
        in_file = {tidy(n) for cell in of_file if cell for n in parties.parts(cell, sides=sided)}
        every = [self._name(parties, "actor", name, source, number) for name, number in counts.items()]
        draft.names = [one for one in every if one.name in in_file]
        before = self._mapping().names.values()
        left = [one for one in before if one.source == source and one.kind == "actor" and one.key[2] not in counts]
        self._map([*every, *(replace(one, count=0) for one in left)])

    def _name(self, parties: PartyNames, kind: str, name: str, source: str, count: int) -> ForeignName:
        one = self._mapping().names.get((kind, source, name)) or ForeignName(name=name, kind=kind, source=source)
        one = replace(one, count=count)
        if one.by_person:
            return one
        if decision := self._mapping().decision(kind, name, source):  # decided for every source
            return replace(one, decision=decision, by=RULE, reason="decided for every source", on=_day(self.today))
        if kind == "actor" and (actor := parties.by_rule(name)):
            if one.decision == actor and one.by == RULE:
                return one
            reason = "the whole name, without years and country"
            return replace(one, decision=actor, by=RULE, on=_day(self.today), reason=reason, proposal="")
        proposal, reason = parties.proposal(name) if kind == "actor" else ("", "")
        return replace(one, decision="", by="", on=None, proposal=proposal, reason=reason)

    def _add_events(self, draft: FileDraft, digest: str, log: str) -> None:
        """Add our own table of events as a log in the columns of events.csv, names as they are written."""
        stem = log or _stem(draft.batch.name, "events")
        draft.file = f"{LOGS}/{stem}.csv"
        old = {row["id"]: row for row in csv.DictReader(io.StringIO(self.amendment.text(draft.file), newline=""))}
        columns = list(dict.fromkeys([*(next(iter(old.values()), {})), *_EVENT_COLUMNS]))
        for event in draft.batch.records:
            values = as_written(event)
            for key in ("actor", "target"):
                values[key] = [bare(party).removeprefix("other:") for party in values.get(key, ())]
            new = {column: as_cell(values.get(column)) for column in columns}
            _join(draft, old, new, weighed=columns)
        if draft.added or draft.changed:
            used = [c for c in columns if c in _EVENT_COLUMNS[:3] or any(row.get(c) for row in old.values())]
            self.amendment.put(draft.file, _csv_text(used, sorted(old.values(), key=_order)))
        self._note_original(draft, digest, stem)
        parties = PartyNames(self.case, self._mapping(), stem)
        draft.names = [self._name(parties, "actor", n, stem, c) for n, c in draft.batch.undecided.items()]
        self._map(draft.names)

    def _add_records(self, draft: FileDraft, kind: Kind, file: str) -> None:
        draft.file = file
        before = self.case.records(kind)
        added = []
        for item in draft.batch.records:
            record = _without_strangers(item)
            old = before.get(record.id)
            if old is None:
                draft.added += 1
                added.append(record)
                continue
            now, was = as_written(record), as_written(old)
            changes = {key: value for key, value in now.items() if was.get(key) != value}
            if not changes:
                draft.same += 1
                continue
            draft.changed += 1
            for key in changes:
                draft.amended[key] = draft.amended.get(key, 0) + 1
            self.amendment.change(kind, record.id, changes)
        if added:
            self.amendment.add(kind, added)
        source = draft.batch.source
        parties = PartyNames(self.case, self._mapping(), source)
        draft.names = [self._name(parties, "actor", n, source, c) for n, c in draft.batch.undecided.items()]
        self._map(draft.names)

    def _add_whole(self, draft: FileDraft) -> None:
        """Keep boundaries as one file, beside the texts that the user owns."""
        draft.file = f"library/{_stem(draft.batch.name, draft.batch.kind)}.geojson"
        before = self.amendment.text(draft.file)
        self.amendment.put(draft.file, draft.batch.whole)
        many = len(draft.batch.records)
        draft.same, draft.changed, draft.added = (
            (many, 0, 0) if before == draft.batch.whole else (0, many, 0) if before else (0, 0, many)
        )

    def _add_notes(self, draft: FileDraft) -> None:
        """Keep notes of other tools beside the texts: a person may make claims of them."""
        file = f"library/{_stem(draft.batch.name, 'notes')}-notes.yaml"
        known = self.amendment.text(file)
        new = [note for note in draft.batch.notes if f"id: {note['id']}" not in known.replace("'", "")]
        if new:
            self.amendment.put(file, amended_list(known or _NOTES_HEAD, added=new, file=file))
        draft.notes.append(f"{len(draft.batch.notes)} notes of another tool are no claims; {len(new)} go to {file}")

    def _note_original(self, draft: FileDraft, digest: str, log: str) -> None:
        """Note the file a log comes from, by its hash, beside the log."""
        if not digest or not (draft.added or draft.changed):
            return
        file = f"{LOGS}/{log}.yaml"
        text = self.amendment.text(file)
        if digest in text:
            return
        licences = sorted({r.licence for r in draft.batch.records if getattr(r, "licence", "")})
        original = {
            "file": Path(draft.batch.name).name,
            "sha256": digest,
            "rows": draft.batch.rows,
            "taken": len(draft.batch.records),
            "licence": licences[0] if len(licences) == 1 else licences,
            "on": self.today.isoformat(),
        }
        head = "# The files that this log comes from. They stay where they are: a case keeps their hash.\n"
        self.amendment.put(file, amended_list(text or head, added=[original], file=file))

    def _mapping(self) -> NameMap:
        if not hasattr(self, "_names"):
            names, problems = read_mapping(self.case.root)
            if problems:
                raise StandoffError(problems)
            self._names = names
        return self._names

    def _map(self, several: Sequence[ForeignName]) -> None:
        """Put names into mapping.yaml, with what the rules decide; what persons decided stays."""
        names = self._mapping()
        index = {key: number for number, key in enumerate(names.names)}
        changes: dict[int, dict[str, Any]] = {}
        added = []
        ordered = sorted(several, key=lambda one: (-one.count, one.kind, one.name))
        for one in ordered:
            old = names.names.get(one.key)
            if old is None:
                added.append(entry(one))
            elif old != one:
                now, was = entry(one), entry(old)
                changes[index[one.key]] = {k: now.get(k) for k in {*now, *was} if now.get(k) != was.get(k)}
        if changes or added:
            text = self.amendment.text(MAPPING) or _HEAD
            self.amendment.put(MAPPING, amended_list(text, changes=changes, added=added, file=MAPPING))
            self._names = names.joined(ordered)  # in the order of the file: names are changed by their number


_HEAD = """\
# Names of other people's files, and who of this case each is. A decision is an id of the case, nobody (a party that is
# nobody of the case), none (a type that is no event), or empty: nobody has decided, and the name stays unknown.
# Whoever decides writes their name behind by and the day behind on. A proposal decides nothing.
"""
_EVENT_COLUMNS = (
    "id", "date", "type", "actor", "target", "place", "sector", "zone", "title", "known", "low", "high", "counted",
    "claims", "source", "basis", "contested", "answer", "sourcing", "variant_of", "coverage",
)  # fmt: skip


_NOTES_HEAD = "# Notes of other tools on texts. None of them is a claim until a person writes one.\n"


def _stem(name: str, default: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", Path(name).stem.casefold()).strip("-")[:60] or default


def _without_strangers(record: Any) -> Any:
    """Return an agreement without parties that nobody decided, or that are nobody of the case; others as they are."""
    record = record.agreement if isinstance(record, AgreementDraft) else record
    if not isinstance(record, Agreement):
        return record
    return replace(record, parties=tuple(p for p in record.parties if not is_unknown(p) and not is_other(p)))


def _day(day: date) -> When:
    return When.parse(day)


def _join(draft: FileDraft, rows: dict[str, Any], new: dict[str, str], weighed: Sequence[str] = COLUMNS) -> None:
    """Put a row among those of a log: new, the same, amended, or older than what the log has."""
    old = rows.get(new["id"])
    if old is None:
        draft.added += 1
        rows[new["id"]] = new
        return
    differ = [c for c in weighed if c not in _UNWEIGHED and (old.get(c) or "") != new.get(c, "")]
    if not differ:
        draft.same += 1
        if "row" in new and (old["feed"], int(old["row"] or 0)) > (new["feed"], int(new["row"] or 0)):
            rows[new["id"]] = {**old, "feed": new["feed"], "row": new["row"]}
        if "known_by" in new and new["known_by"] < old["known_by"]:  # it was known when it was first brought
            rows[new["id"]]["known_by"] = new["known_by"]
        return
    if new.get("known_by", "") < (old.get("known_by") or ""):
        draft.older += 1
        return
    draft.changed += 1
    for column in differ:
        draft.amended[column] = draft.amended.get(column, 0) + 1
    rows[new["id"]] = {**old, **new}


def _order(row: Mapping[str, str]) -> tuple[str, str]:
    return row["date"], row["id"]


def _log_text(rows: Iterable[Mapping[str, str]]) -> str:
    return _csv_text(COLUMNS, sorted(rows, key=_order))


def _csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def decide_names(
    case: Case, decisions: Mapping[tuple[str, str, str], str], by: str, today: date | None = None
) -> list[str]:
    """Write what a person decided of names into mapping.yaml, with who and when; return what was decided.

    Parameters
    ----------
    case
        Whose mapping.yaml is written.
    decisions
        By kind, source and name: an id of the case, ``nobody``, ``none``, or empty to take a decision back.
    by
        The person who decides.
    today
        The day of the decision; the clock's by default.

    Raises
    ------
    StandoffError
        Nobody is named, a name is not in the mapping, or a decision is no id of the case; nothing is written then.
    """
    if not by.strip() or by.strip().casefold() == RULE:
        raise StandoffError.of("nobody is named who decides", file="by", expected="the name of a person")
    names, problems = read_mapping(case.root)
    index = {key: number for number, key in enumerate(names.names)}
    changes: dict[int, dict[str, Any]] = {}
    words = []
    for key, decision in decisions.items():
        old = names.names.get(key)
        if old is None:
            problems.append(Problem(MAPPING, 0, f"there is no name {key[2]!r}", "a name of the mapping"))
        elif decision and (wrong := decision_problem(case, key[0], decision)):
            problems.append(Problem(f"{MAPPING}: {old.name}", 0, *wrong))
        elif decision != old.decision:
            day = (today or date.today()).isoformat()
            taken_back = {"decision": "", "by": None, "on": None}
            changes[index[key]] = {"decision": decision, "by": by.strip(), "on": day} if decision else taken_back
            words.append(f"{old.name}: {decision or 'not decided'}")
    if problems:
        raise StandoffError(problems)
    if changes:
        amendment = Amendment(case.root)
        amendment.put(MAPPING, amended_list(amendment.text(MAPPING), changes=changes, file=MAPPING))
        amendment.save()
    return words
