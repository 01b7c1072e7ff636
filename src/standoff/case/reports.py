"""Reports and incidents: what one row of a feed, or one telling, says; and the happening that several reports tell.

A report keeps what its source wrote beside what the case makes of it, and what is not certain stays apart from what is.
An incident is one happening: the reports that tell it, of which exactly one version is true, who joined them and why,
and what became of it. The ledger counts incidents: `Event` is the one it reads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from standoff.errors import Problem, nearest
from standoff.oneline import OneLine
from standoff.values import Kilometres, Line, NonNegative, When

if TYPE_CHECKING:
    from standoff.case.model import Case, Event

LOGS = "logs"  # a folder of a case with logs of events, whose rows incidents may name
_STRICT: dict[str, str] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Toll(OneLine):
    """How many, of what: ``measure`` is a word such as deaths, wounded, injuries, deaths-civilian, weapons."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    measure: str
    low: NonNegative | None = None  # at least
    high: NonNegative | None = None  # at most


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Report(OneLine):
    """What one row of a feed says, in the words of the case, with the words of the source beside them.

    ``actor`` and ``target`` hold parties as an event does: ids of actors; names nobody has decided, marked
    ``unknown:``; sides of a two-sided event, marked ``side:``. ``known_from`` is the first day on which it can have
    been known, ``known_by`` the day from which it certainly was.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    source: str  # who publishes it: ACLED, UCDP GED, a paper
    feed: str = ""  # the file it came from, by name
    row: Line = 0  # the line of that file
    licence: str = ""  # of the feed
    restricted: bool = False  # not to be passed on: counted in outputs, and left out of them
    published: When | None = None  # where the source tells the day; ``said`` in the files of a log
    known_from: date | None = None
    known_by: date | None = None
    date: When  # of the happening
    hour: str = ""  # HH:MM as the source gives it, in the time of the place
    type: str  # a word of the list
    subtype: str = ""  # the source's own word
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    actor_written: str = ""  # as the source writes it
    target_written: str = ""
    place: str = ""  # an id of places.csv, or of a place made for the coordinates
    place_written: str = ""  # as the source writes it
    lat: float | None = None
    lon: float | None = None
    accuracy_km: Kilometres | None = None
    areas: tuple[str, ...] = ()  # names or P-codes of the areas the source names, the largest first
    tolls: tuple[Toll, ...] = ()
    title: str = ""
    text: str = ""  # the source's own words: never passed on with the tables
    others: Mapping[str, str] = field(default_factory=dict)  # further columns that were taken, by their name


class Status(StrEnum):
    """How far an incident has been looked into."""

    ALLEGED = "alleged"
    INQUIRY = "under-inquiry"
    VERIFIED = "verified"
    UNVERIFIABLE = "not-verifiable"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Incident(OneLine):
    """Reports that tell one happening, or that somebody decided tell several; and what became of it.

    Of the reports that are joined exactly one version is true: who says what number and who names whom is kept, and
    shown. ``apart`` keeps a decision that these are several happenings, so that nobody is asked again.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    reports: tuple[str, ...]  # ids of events of the case, or of rows of a log
    apart: bool = False  # true: decided to be several happenings
    title: str = ""
    by: str = ""  # who decided
    on: When | None = None  # when
    why: str = ""  # the reason, in words
    status: Status = Status.ALLEGED  # alleged, under-inquiry, verified or not-verifiable
    found_by: str = ""  # the body whose inquiry gives the status: a source, actor or account
    attributed: tuple[str, ...] = ()  # to whom that body attributes it; empty: to nobody
    violation: str = ""  # the class of violation, as the agreement has it
    withdrawn: When | None = None  # for a weapon seen inside a line: when it was gone again
    response_asked: str = ""  # what was asked of a party, in words
    response_given: str = ""  # what the party answered or did
    claims: tuple[str, ...] = ()
    note: str = ""

    @property
    def joins(self) -> bool:
        """Whether it says of several reports that they tell one happening."""
        return len(self.reports) > 1 and not self.apart


def incidents_of(case: Case) -> Mapping[str, str]:
    """Return the happening that each event tells: event id -> name of the incident.

    Events are joined by the merges of incidents.yaml, by the key ``variant_of`` of events.csv, which is a merge
    without a decision, and by rule where a row says itself that it only cites another that is equal to it in day,
    place, parties, type and number ("The Paper, citing The Wire"). What is joined with the same event is one
    happening, in whatever order it was joined.

    A happening is called as the record that joins it: by the first of these names in the alphabet where there are
    several, and as the event itself where nothing joins it. Reports that are not events of the case (rows of a log)
    are in the answer too where a record names them.
    """
    global _last
    last = _last
    if last is None or last[0] is not case.events or last[1] is not case.incidents:
        last = _last = (case.events, case.incidents, MappingProxyType(_joined(case)))
    return last[2]


_last: tuple[Mapping[str, Event], Mapping[str, Incident], Mapping[str, str]] | None = None  # asked for claim by claim


def _joined(case: Case) -> dict[str, str]:
    parent: dict[str, str] = {event: event for event in case.events}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = name = parent[parent[name]]
        return name

    groups: dict[str, list[str]] = {}
    for event in case.events.values():
        if event.variant_of:
            groups.setdefault(event.variant_of, []).append(event.id)
    joined = [
        *groups.items(),
        *_relayed(case),
        *((i.id, list(i.reports)) for i in case.incidents.values() if i.reports and not i.apart),
    ]
    for _, ids in joined:
        for other in ids[1:]:
            parent[root(other)] = root(ids[0])
    names: dict[str, str] = {}
    for name, ids in joined:
        key = root(ids[0])
        names[key] = min(names.get(key, name), name)
    return {event: names.get(root(event), event) for event in list(parent)}


_CITES = re.compile(r"\b(?:citing|cites|quoting|quotes|relaying|via|reprint of|copy of)\s+(.+)$", re.IGNORECASE)


def alike(event: Event) -> tuple[object, ...]:
    """Return what two rows share that look like one happening: day, place, parties, type and number."""
    where = (event.place, event.sector, event.zone)
    return event.date.text, event.type, *where, event.actor, event.target, event.low, event.high, event.counted


def cites(source: str, other: str) -> bool:
    """Whether the source of a row says that it cites the source of another."""
    return bool(other.strip() and _CITES.search(source.strip()) and _cited(source) == _bare_source(other))


def _cited(source: str) -> str:
    match = _CITES.search(source.strip())
    return _bare_source(match[1]) if match else ""


def _bare_source(source: str) -> str:
    return source.strip(" .,;()").lower()


def _relayed(case: Case) -> Iterator[tuple[str, list[str]]]:
    """Yield rows that say themselves that they only cite another, equal one: that row's id, and it with who cites it.

    All rows of one source that are equal and all rows that cite it are one happening: joined once each, not pairwise.
    """
    citing = {event.id: alike(event) for event in case.events.values() if _CITES.search(event.source.strip())}
    wanted = set(citing.values())
    rows: dict[tuple[object, ...], dict[str, tuple[list[str], list[str]]]] = {}  # by source: its rows, those citing it
    for event in case.events.values() if wanted else ():
        if event.source and (what := alike(event)) in wanted:
            by_source = rows.setdefault(what, {})
            by_source.setdefault(_bare_source(event.source), ([], []))[0].append(event.id)
            if event.id in citing:
                by_source.setdefault(_cited(event.source), ([], []))[1].append(event.id)
    apart: dict[str, list[frozenset[str]]] = {}  # decisions on each report
    for incident in case.incidents.values():
        decision = frozenset(incident.reports) if incident.apart else frozenset()
        for report in decision:
            apart.setdefault(report, []).append(decision)
    for by_source in rows.values():
        for source, (cited, citers) in by_source.items():
            if not (source and cited and citers):
                continue
            free = [name for name in citers if name not in apart]
            decided = [name for name in citers if name in apart]
            for number, other in enumerate(cited):
                more = [name for name in decided if not any(other in decision for decision in apart[name])]
                if some := [*(free if number == 0 else free[:1]), *more]:
                    yield other, [other, *some]


def versions_of(case: Case) -> dict[str, tuple[str, ...]]:
    """Return the happenings that several events of the case tell: name of the incident -> event ids, in file order."""
    names = incidents_of(case)
    several = {name for name, many in Counter(names.values()).items() if many > 1}
    groups: dict[str, list[str]] = {}
    for event, name in names.items() if several else ():
        if name in several and event in case.events:
            groups.setdefault(name, []).append(event)
    return {name: tuple(ids) for name, ids in groups.items() if len(ids) > 1}


def check_logs(case: Case) -> Iterator[Problem]:
    """Each log that case.yaml names is a file of the case, named once, with a first and a last day."""
    there = sorted(path.stem for path in (case.root / LOGS).glob("*.csv"))
    where = next((one for (kind, _), one in case.written.items() if kind == "case"), None)
    for number, log in enumerate(case.about.logs):
        wrong: list[tuple[str, str, str]] = []
        if log.id not in there:
            wrong.append(("id", f"there is no log {log.id!r}", f"the name of a file {LOGS}/NAME.csv"))
        if log.id in [other.id for other in case.about.logs[:number]]:
            wrong.append(("id", f"the log {log.id!r} is named twice", "each log once"))
        if log.period.start is None or log.period.end is None:
            expected = "a first and a last day, such as 2018-01-01/2019-11-30"
            wrong.append(("period", f"the log {log.id!r} covers {log.period}", expected))
        for key, what, expected in wrong:
            line = where.at("logs", number, key) if where else 0
            yield Problem("case.yaml", line, what, expected, nearest(log.id, there) if key == "id" else "")
