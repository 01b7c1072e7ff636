"""What a file of others would change in a case, before anything is written: a log, figures, places, agreements, names.

Rows of a feed go to ``logs/`` (`standoff.intake.logs`). Everything is known by its id: the same file again changes
nothing, and a newer one adds and amends.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process

from standoff.case.as_dict import as_written
from standoff.case.model import Case, Kind, Observation, bare, is_other, is_unknown
from standoff.case.read import LOGS, MAPPING
from standoff.case.terms import Agreement
from standoff.case.vocabulary import EVENT_TYPES
from standoff.case.write import Amendment, amended_list, as_cell
from standoff.errors import Problem, StandoffError
from standoff.files.yaml import parse_yaml
from standoff.intake.areas import case_areas
from standoff.intake.batch import FEEDS, Batch, area_name
from standoff.intake.log_rows import MOST_POINTS, NameCounts, Waiting, log_cells
from standoff.intake.logs import LOG_NAME, SIDED, Join
from standoff.intake.mapping import (
    RULE,
    ForeignName,
    NameMap,
    decision_problem,
    entry,
    ids_of,
    read_mapping,
    tidy,
)
from standoff.intake.party_names import PartyNames
from standoff.intake.rows import EXACT_KM, AgreementDraft, Spots, plain_place, type_named
from standoff.oneline import OneLine
from standoff.values import When

IMPORT = "the import of"  # how the journal of a case calls one, before the names of its files
KEPT_KINDS: dict[str, tuple[Kind, str]] = {  # kinds of records that become records of the case, and their file
    "figures": (Kind.OBSERVED, "observed.csv"),
    "places": (Kind.PLACES, "places.csv"),
    "agreements": (Kind.AGREEMENTS, "agreements.yaml"),
    "claims": (Kind.CLAIMS, "claims.yaml"),
}


_OF_LOGS = ("actor", "place", "area")
WORDS_OF_KINDS = ("incidents",)  # sources whose kinds of events are words of their own, and no list of codes


class LogNames:
    """The names in the rows of a log: how often each stands there, and where what it names lies."""

    def __init__(self, source: str, *, has_boundaries: bool) -> None:
        self.source, self.has_boundaries = source, has_boundaries
        self.counts = NameCounts()

    def parties(self) -> Iterator[tuple[str, int]]:
        """Yield each cell of parties with its rows."""
        return ((cell, number) for cell, number in self.counts.parties.items() if cell and number)

    def places(self) -> Counter[str]:
        """Return the rows of each name of a place."""
        counts: Counter[str] = Counter()
        for (name, *_), number in self.counts.spots.items():
            counts[name] += number
        tidied: Counter[str] = Counter()
        for name, number in counts.items():
            if name:
                tidied[tidy(name)] += number
        return tidied

    def spots(self) -> Iterator[tuple[str, float, float, float]]:
        """Yield the names of places that are known to lie at the place itself, with where and how far off."""
        seen = set()
        for name, lat, lon, far in self.counts.spots:
            if name and lat and lon and far and float(far) <= EXACT_KM and (name, lat, lon) not in seen:
                seen.add((name, lat, lon))
                yield name, float(lat), float(lon), float(far)

    def areas(self) -> dict[str, NamedArea]:
        """Return each name of an area with its rows, the areas around it, and some of its points."""
        named: dict[str, NamedArea] = {}
        rows: Counter[str] = Counter()
        for areas, number in self.counts.areas.items():
            path = tuple(filter(None, areas.split(";")))
            if name := tidy(self._area(path)):
                one = named.setdefault(name, NamedArea(0, set(), set()))
                one.paths.add(path)
                rows[name] += number
                for lat, lon, far in self.counts.points.get(areas, ()):
                    if lat and lon and len(one.points) < MOST_POINTS:
                        one.points.add((float(lat), float(lon), float(far or 0)))
        return {name: one._replace(rows=rows[name]) for name, one in named.items()}

    def _area(self, path: Sequence[str]) -> str:
        """Return the area that is asked about: the smallest, or where the case has no boundaries the one counted."""
        return (path[-1] if len(path) > 1 else "") if self.has_boundaries else area_name(path)


class NamedArea(NamedTuple):
    """A name of an area in a log: its rows, the names around it (country first), and some of its points."""

    rows: int
    paths: set[tuple[str, ...]]
    points: set[tuple[float, float, float]]


def is_new_log(case: Case, log: str) -> bool:
    """Whether a case has no log yet with which rows would be joined: of a name, or of any source of reports."""
    logs = [log] if log else [source for source, feed in FEEDS.items() if feed.kind == "reports"]
    return not any((case.root / LOGS / f"{one}.csv").exists() for one in logs)


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
    _added: dict[Kind, dict[str, Any]] = field(default_factory=dict, repr=False)  # by the files before

    def add(self, batch: Batch, digest: str = "", *, log: str = "") -> FileDraft:
        """Add what a file holds, whose hash is ``digest``. Raises StandoffError where a case keeps none of its kind."""
        draft = FileDraft(batch)
        if batch.kind == "reports":
            self._add_reports(draft, digest, log or batch.source)
        elif batch.kind == "events":
            self._add_events(draft, digest, log)
        elif batch.kind in KEPT_KINDS:
            self._add_records(draft, *KEPT_KINDS[batch.kind], log=log)
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
        names = ", ".join(Path(draft.batch.name).name for draft in self.drafts)  # a case names no folder of yours
        return self.amendment.save(what=f"{IMPORT} {names}")

    def _add_reports(self, draft: FileDraft, digest: str, log: str) -> None:
        if not LOG_NAME.fullmatch(log):
            expected = "small letters, digits and hyphens"
            raise StandoffError.of(f"the name of the log is {log!r}", file="--name", expected=expected)
        draft.file = f"{LOGS}/{log}.csv"
        join = Join(self.amendment.path(draft.file), draft.file)
        source = draft.batch.source
        of_file = LogNames(source, has_boundaries=bool(case_areas(self.case)))
        rows = draft.batch.log_rows
        if rows is None:
            rows = Waiting()
            for report in draft.batch.records:
                rows.add(log_cells(report, source))
        join.add_all(rows)
        of_file.counts.join(rows.counts)
        draft.added, draft.changed, draft.same, draft.older = join.added, join.changed, join.same, join.older
        draft.amended = dict(join.amended)
        if join.path is not None:
            draft.missing = join.missing(*rows.extent())
        if join.is_changed:
            self.amendment.put_large(draft.file, join.write)
        self._note_original(draft, digest, log)
        of_log = of_file
        if join.path is not None:
            of_log = LogNames(source, has_boundaries=of_file.has_boundaries)
            of_log.counts.add_rows(join.rows())
        self._names_of_log(draft, of_file, of_log)

    def _names_of_log(self, draft: FileDraft, of_file: LogNames, of_log: LogNames) -> None:
        source, decided = of_log.source, self._mapping()
        parties, sided = PartyNames(self.case, decided, source), source in SIDED
        counts: Counter[str] = Counter()
        for cell, number in of_log.parties():
            counts.update({tidy(name): number for name in parties.parts(cell, sides=sided)})
        every = [self._name(parties, "actor", name, source, number) for name, number in counts.items()]
        places = of_log.places()
        every += self._place_names(of_log, places)
        if source in WORDS_OF_KINDS:
            every += self._type_names(of_log)
        areas = of_log.areas()
        every += self._area_names(source, areas)
        draft.names = every
        if of_log is not of_file:
            in_file = {("actor", tidy(n)) for cell, _ in of_file.parties() for n in parties.parts(cell, sides=sided)}
            in_file |= {("place", name) for name in of_file.places()} | {("area", name) for name in of_file.areas()}
            in_file |= {("type", tidy(word)) for word in of_file.counts.types}
            draft.names = [one for one in every if (one.kind, one.name) in in_file]
        known = {one.key for one in every}
        left = [one for one in decided.names.values() if one.source == source and one.kind in _OF_LOGS]
        rows = {"place": places, "area": Counter({name: one.rows for name, one in areas.items()})}
        gone = [replace(o, count=rows[o.kind][o.key[2]] if o.kind in rows else 0) for o in left if o.key not in known]
        self._map([*every, *gone])

    def _place_names(self, names: LogNames, counts: Mapping[str, int]) -> Iterator[ForeignName]:
        """Yield the names of places that are places of the case by rule, or that may be: they lie where one does."""
        spots = Spots(self.case, NameMap(), names.source)
        found: dict[str, tuple[str, str, str]] = {}  # name: decision by rule, proposal, reason
        for name, lat, lon, far in names.spots():
            if found.get(name, ("",))[0]:
                continue
            where = spots.at(lat, lon, far, name, exact=True)
            if where in self.case.places:
                found[name] = where, "", "the whole name, within the accuracy of both"
            elif name not in found and (proposal := spots.proposal(name, lat, lon, far))[0]:
                found[name] = ("", *proposal)
        for name, (decision, proposal_, reason) in found.items():
            yield self._decided("place", tidy(name), names.source, counts[tidy(name)], decision, proposal_, reason)

    def _type_names(self, names: LogNames) -> Iterator[ForeignName]:
        """Yield the words of a source for kinds of events, with the type of ours that each is, or may be."""
        types = [*EVENT_TYPES, *self.case.types]
        for word, number in names.counts.types.items():
            if not word or not number:
                continue
            decision = type_named(word, self.case.types)
            best = None if decision else process.extractOne(word.casefold(), types, scorer=fuzz.ratio, score_cutoff=75)
            proposal, reason = (best[0], f"{best[1]:.0f} of 100 like it") if best else ("", "")
            reason = "the whole word" if decision else reason
            yield self._decided("type", tidy(word), names.source, number, decision, proposal, reason)

    def _area_names(self, source: str, names: Mapping[str, NamedArea]) -> Iterator[ForeignName]:
        """Yield the names of areas that are areas of the case by rule, or that may be."""
        areas = case_areas(self.case)
        own = {plain_place(one): one for one in ids_of(self.case, "area") if one not in self.case.places}
        for name, one in names.items():
            decision = proposal = reason = ""
            if areas:
                found = {area.pcode for path in one.paths if (area := areas.named_last(path))}
                if len(found) == 1:
                    decision, reason = found.pop(), "the whole name or code of one area"
                else:
                    level = max(map(len, one.paths)) - 1
                    proposal, reason = areas.proposal(name, level, one.points)
            elif known := own.get(plain_place(name)):
                decision, reason = known, "the whole name or code of one area"
            if decision or proposal:
                yield self._decided("area", name, source, one.rows, decision, proposal, reason)

    def _decided(
        self, kind: str, name: str, source: str, count: int, decision: str, proposal: str, reason: str
    ) -> ForeignName:
        """Return a name with what a rule decides of it, or proposes; what a person decided stays."""
        one = self._mapping().names.get((kind, source, name)) or ForeignName(name=name, kind=kind, source=source)
        one = replace(one, count=count)
        if one.by_person or (decision and one.decision == decision and one.by == RULE):
            return one
        if before := self._mapping().decision(kind, name, source):  # decided for every source
            return replace(one, decision=before, by=RULE, reason="decided for every source", on=_day(self.today))
        by, on = (RULE, _day(self.today)) if decision else ("", None)
        return replace(one, decision=decision, by=by, on=on, proposal=proposal, reason=reason)

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
            spots = [place for name in event.place if (place := draft.batch.places.get(name))]
            if spots:  # made for its coordinates: a log has those, and the name as it is written
                values |= {"lat": spots[0].lat, "lon": spots[0].lon, "accuracy_km": spots[0].accuracy_km}
                values["place"] = [] if spots[0].name == f"{spots[0].lat:.2f}, {spots[0].lon:.2f}" else [spots[0].name]
            new = {column: as_cell(values.get(column)) for column in columns}
            _join(draft, old, new, weighed=columns)
        if draft.added or draft.changed:
            used = [c for c in columns if c in _EVENT_COLUMNS[:3] or any(row.get(c) for row in old.values())]
            self.amendment.put(draft.file, _csv_text(used, sorted(old.values(), key=_order)))
        self._note_original(draft, digest, stem)
        parties = PartyNames(self.case, self._mapping(), stem)
        draft.names = [self._name(parties, "actor", n, stem, c) for n, c in draft.batch.undecided.items()]
        self._map(draft.names)

    def _add_records(self, draft: FileDraft, kind: Kind, file: str, *, log: str = "") -> None:
        draft.file = file
        before = {**self.case.records(kind), **self._added.get(kind, {})}
        figures = _FiguresThere(before, draft.batch, log) if kind is Kind.OBSERVED else None
        added: list[Any] = []
        amended: list[Any] = []
        changed: dict[str, dict[str, Any]] = {}
        for item in draft.batch.records:
            record = _without_strangers(item)
            if figures is not None:
                record = figures.named(record)
            old = before.get(record.id)
            if old is None:
                draft.added += 1
                added.append(record)
                continue
            now, was = as_written(record), as_written(old)
            changes = {key: value for key, value in now.items() if key != "id" and was.get(key) != value}
            if figures is not None and not changes.keys() - {"note"}:  # another file, or another line of it
                changes = {}
            if not changes:
                draft.same += 1
                continue
            draft.changed += 1
            for key in changes.keys() - ({"note"} if figures is not None else set()):
                draft.amended[key] = draft.amended.get(key, 0) + 1
            changed[record.id] = changes
            amended.append(record)
        self.amendment.change_all(kind, changed)
        self._added.setdefault(kind, {}).update({one.id: one for one in (*added, *amended)})
        if added:
            self.amendment.add(kind, added)
        if figures is not None and (note := figures.doubles(added)):
            draft.notes.append(note)
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
        held = parse_yaml(known, file)[0] if known else None
        rows = [row if isinstance(row, dict) else {} for row in held] if isinstance(held, list) else []
        there = {str(row.get("id")): k for k, row in enumerate(rows)}
        new = [note for note in draft.batch.notes if str(note["id"]) not in there]
        changes = {
            k: {"text": note.get("text", "")}
            for note in draft.batch.notes
            if (k := there.get(str(note["id"]))) is not None and _words(rows[k]) != _words(note)
        }
        if new or changes:
            self.amendment.put(file, amended_list(known or _NOTES_HEAD, changes=changes, added=new, file=file))
        many = len(draft.batch.notes)
        told = "1 note of another tool is not a claim" if many == 1 else f"{many} notes of another tool are not claims"
        other = f", {len(changes)} with another text" if changes else ""
        draft.notes.append(f"{told}; {len(new)} new for {file}{other}")

    def _note_original(self, draft: FileDraft, digest: str, log: str) -> None:
        """Note the file a log comes from, by its hash, beside the log."""
        if not digest or not (draft.added or draft.changed):
            return
        file = f"{LOGS}/{log}.yaml"
        text = self.amendment.text(file)
        if digest in text:
            return
        licences = [draft.batch.licence] if draft.batch.licence else []
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


class _FiguresThere:
    """The figures that a case has: under which id a figure of a file stands there already.

    A source that is known begins the ids of its figures whatever its file is called; a table of somebody's own begins
    them with its file, or with the name that the user says.
    """

    def __init__(self, before: Mapping[str, Observation], batch: Batch, name: str) -> None:
        if name and not LOG_NAME.fullmatch(name):
            expected = "small letters, digits and hyphens"
            raise StandoffError.of(f"the name of the figures is {name!r}", file="--name", expected=expected)
        self._before, self._begin = before, batch.ids_begin
        self._name = name or batch.ids_begin
        self._is_known = batch.source not in _OWN_FIGURES
        self._file = Path(batch.name).name
        self._tails: dict[int, dict[str, Observation]] = {}
        self._contents = {_as_content(one): one.id for one in before.values()}

    def named(self, record: Observation) -> Observation:
        """Return a figure of the file under the id that it has, or is to have, in the case."""
        tail = record.id.removeprefix(self._begin)
        if tail == record.id or not self._begin:
            return record  # with an id of its own
        if self._name + tail in self._before:
            return replace(record, id=self._name + tail)
        if len(tail) not in self._tails:
            self._tails[len(tail)] = {id_[-len(tail) :]: one for id_, one in self._before.items()}
        old = self._tails[len(tail)].get(tail)
        # as earlier versions of the program named it, after the file
        if old is not None and old.source == record.source and (self._is_known or old.id == self._file + tail):
            return replace(record, id=old.id)
        if same := self._contents.get(_as_content(record)):
            return replace(record, id=same)
        return replace(record, id=self._name + tail)

    def doubles(self, added: Sequence[Observation]) -> str:
        """Say of how many new figures the case has another one of the same kind, area and days; empty where of none."""
        there: dict[tuple[Any, ...], str] = {}
        for one in self._before.values():
            there.setdefault(_what(one), one.id)
        others = [there[_what(one)] for one in added if _what(one) in there]
        if not others or self._is_known:
            return ""
        many = "1 figure is" if len(others) == 1 else f"{len(others)} figures are"
        way = f"a newer state of a table takes the place of the older one under its name (--name, here {self._name})"
        return (
            f"{many} of an area and day of which the case has one that differs, such as {others[0]}: both stand; {way}"
        )


_OWN_FIGURES = ("people", "hxl")


def _what(one: Observation) -> tuple[Any, ...]:
    return one.measure, one.from_, one.to, one.place, one.pcode, one.title, one.origin, one.qualifier


def _as_content(one: Observation) -> tuple[Any, ...]:
    return *_what(one), one.value, one.bound, one.indicator, one.source


_HEAD = """\
# Names of other people's files, and who of this case each is. A decision is an id of the case, nobody (a party that is
# nobody of the case), none (a type that is not an event), or empty: nobody has decided, and the name stays unknown.
# Whoever decides writes their name behind by and the day behind on. A proposal decides nothing.
"""
_EVENT_COLUMNS = (
    "id", "date", "type", "actor", "target", "place", "sector", "zone", "title", "known", "low", "high", "counted",
    "claims", "source", "basis", "contested", "answer", "sourcing", "variant_of", "coverage", "lat", "lon",
    "accuracy_km",
)  # fmt: skip


_NOTES_HEAD = "# Notes of other tools on texts. None of them is a claim until a person writes one.\n"


def _stem(name: str, default: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", Path(name).stem.casefold()).strip("-")[:60] or default


def _words(note: Mapping[str, Any]) -> str:
    """Return the words of a note of another tool, without the way in which lines are broken."""
    return " ".join(str(note.get("text") or "").split())


def _without_strangers(record: Any) -> Any:
    """Return an agreement without parties that nobody decided, or that are nobody of the case; others as they are."""
    record = record.agreement if isinstance(record, AgreementDraft) else record
    if not isinstance(record, Agreement):
        return record
    return replace(record, parties=tuple(p for p in record.parties if not is_unknown(p) and not is_other(p)))


def _day(day: date) -> When:
    return When.parse(day)


def _join(draft: FileDraft, rows: dict[str, Any], new: dict[str, str], weighed: Sequence[str]) -> None:
    """Put a row among those of a log of our own table: new, the same, or amended."""
    old = rows.get(new["id"])
    if old is None:
        draft.added += 1
        rows[new["id"]] = new
        return
    differ = [c for c in weighed if (old.get(c) or "") != new.get(c, "")]
    if not differ:
        draft.same += 1
        return
    draft.changed += 1
    for column in differ:
        draft.amended[column] = draft.amended.get(column, 0) + 1
    rows[new["id"]] = {**old, **new}


def _order(row: Mapping[str, str]) -> tuple[str, str]:
    return row["date"], row["id"]


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
        amendment.save(what="decisions on names", by=by)
    return words
