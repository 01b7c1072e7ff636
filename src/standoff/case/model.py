"""The records of a case, as frozen data. Field names are the keys of the files; ``from_`` is written ``from``.

Who says what is in claims.py, where they disagree in disputes.py, what was promised in terms.py, what actors want in
strategy.py, and places in geography.py.
"""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from standoff.case.claims import Account, Answer, Claim, Dispute, Document, Source
from standoff.case.geography import Closure, Place, Route, Zone
from standoff.case.groups import CountedGroup
from standoff.case.reports import Incident
from standoff.case.strategy import Issue, Option, Outcome, Question, Scenario, Stake
from standoff.case.talks import Signal, Thread
from standoff.case.terms import Agreement, Commitment
from standoff.errors import Problem, StandoffError, caution, nearest
from standoff.oneline import OneLine
from standoff.values import (
    Clock,
    Days,
    Edition,
    Format,
    Hour,
    Latitude,
    ListMark,
    Longitude,
    NonNegative,
    Number,
    Tie,
    TimeZone,
    When,
)

if TYPE_CHECKING:
    from standoff.levels.forecast import Levels

_STRICT: dict[str, str] = {"extra": "forbid"}


class Kind(StrEnum):
    """The kinds of records of a case, by the names of their files; ``case`` is case.yaml, which is one record."""

    CASE = "case"
    SOURCES = "sources"
    DOCUMENTS = "documents"
    CLAIMS = "claims"
    DISPUTES = "disputes"
    ACCOUNTS = "accounts"
    ACTORS = "actors"
    TYPES = "types"
    GROUPS = "groups"
    AGREEMENTS = "agreements"
    COMMITMENTS = "commitments"
    PARAMETERS = "parameters"
    ISSUES = "issues"
    STAKES = "stakes"
    OPTIONS = "options"
    OUTCOMES = "outcomes"
    SCENARIOS = "scenarios"
    QUESTIONS = "questions"
    PLACES = "places"
    ROUTES = "routes"
    CLOSURES = "closures"
    EVENTS = "events"
    INCIDENTS = "incidents"
    THREADS = "threads"
    SIGNALS = "signals"
    OBSERVED = "observed"
    COVERAGE = "coverage"
    PUBLISHERS = "publishers"
    ZONES = "zones"


class LogUse(StrEnum):
    """What a log of the case is used for without being named."""

    COUNTS = "counts"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CountedLog(OneLine):
    """A log that comes with the case (``logs/ID.csv``) and what it is for.

    ``use: counts``: levels and the brief count its rows by area and day, whatever the day on which they were known. The
    ledger reads it only where it is named.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str  # the name of the file in logs/
    use: LogUse
    title: str
    period: When  # the days it covers: a day within without a row had none
    credit: str = ""  # who made it, release and licence
    compiled: str = ""  # when it was put together, where that was after the events, and how


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class About(OneLine):
    """case.yaml: what the case is, its period, its region, and the days a run covers."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str  # names the case in runs and exports
    title: str
    edition: Edition  # a number or word of this edition
    period: When  # first and last day of the record
    start: When  # first day of a run unless a command says otherwise
    days: Days  # length of a run unless a command says otherwise
    region: tuple[Longitude, Latitude, Longitude, Latitude]  # west, south, east, north; degrees, WGS84
    format: Format = 1  # 2: accusing rows carry a citable source and an answer; older cases get warnings
    timezone: TimeZone = ""  # of the hours in events, such as Asia/Aden or +03:00
    day_ends: Clock = ""  # HH:MM at which a day of reports ends; what comes later is of the next
    crs: str = ""  # a system in metres, for buffers and distances; empty: the UTM zone of the region
    languages: tuple[str, ...] = ("en",)  # ISO 639 codes; the first is that of our own words
    licence: str = ""  # of the data
    issued: When | None = None  # day of this edition, for citations and provenance
    summary: str = ""
    disclaimer: str = ""
    map_credit: str = ""  # who made the outlines and coordinates of the map, as its line of sources says it
    logs: tuple[CountedLog, ...] = ()  # logs that are counted by area and day


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Actor(OneLine):
    """A party, guarantor, armed group, bloc, host or body; strategic actors have stakes and options."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    name: str
    kind: str  # in your words: state, armed-group, organisation, civilians, monitor, ...
    name_local: str = ""  # in its own script
    role: str = "context"  # in your words: strategic, guarantor, host, ...; whoever has options chooses
    aliases: tuple[str, ...] = ()  # names under which logs and texts know it
    persons: tuple[str, ...] = ()  # who speaks or acts for it
    member_of: tuple[Tie, ...] = ()  # what it is a part of: a pattern for the whole matches the part
    sponsors: tuple[str, ...] = ()  # who supports it; its acts are not theirs (see answers_for)
    listed: dict[str, ListMark] = field(default_factory=dict)  # list id -> "yes", "no" or "disputed"
    claims: tuple[str, ...] = ()
    row: tuple[str, ...] = ()  # rows of the coding sheet
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Parameter(OneLine):
    """A number of the model with its range and where it comes from: claims, a citation, or ``assumed`` and why.

    ``fitted`` names the observations it was fitted on; a run takes its spread from those reported by its as-of day.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str  # a name of the reference of parameters
    title: str
    value: Number
    range: tuple[Number, Number]  # central 90 %
    unit: str = ""  # empty for a plain number
    claims: tuple[str, ...] = ()
    citation: str = ""
    assumed: str = ""
    fitted: tuple[str, ...] = ()  # rows of observed.csv
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OwnType(OneLine):
    """An event type of the case's own: ``shelling/in-truce-hours`` is a kind of ``shelling``, as its id says.

    A pattern for ``shelling`` matches it; a pattern for it matches no other ``shelling``.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str  # TYPE/WORD: a type of the word list or of this file, and a word in small letters
    title: str  # what counts as one, in words
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Event(OneLine):
    """A recorded or simulated happening. ``known`` is when it was published (the second clock).

    Events that share ``variant_of`` are versions of one happening that cannot all be true. ``claims`` are those that
    tell it; disputes say which account asserts or denies it; ``source`` is where public reporting can be read. A row
    that says who did violence accuses: it carries a citable source and the ``answer`` of the accused.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    date: When
    hour: Hour = ""  # HH:MM in the time of the case, or with a zone (22:30Z, 22:30+03:00); empty: not told
    type: str  # a word of the list, or of types.yaml
    actor: tuple[str, ...] = ()  # who did it; empty: not reported
    target: tuple[str, ...] = ()  # to whom; empty: not reported
    place: tuple[str, ...] = ()  # ids of places.csv
    sector: tuple[str, ...] = ()  # where no place is reported
    zone: tuple[str, ...] = ()  # zones the source names as the place, when it names no town; 'not ZONE': outside it
    title: str = ""  # what happened, in our words
    known: When | None = None  # the day it was published; empty: the day it happened
    low: NonNegative | None = None  # the number reported, at least: people, weapons, ...
    high: NonNegative | None = None  # the number reported, at most
    counted: str = ""  # what is counted, such as prisoners or deaths-civilian
    claims: tuple[str, ...] = ()
    source: str = ""  # where it can be read, when no claim reports it
    basis: str = ""  # how the date or place was found
    contested: str = ""  # who contests it, in words: contests the record, speaks for nobody (a denial is a claim)
    answer: tuple[str, ...] = ()  # claims by which the accused answer; 'none found' for those who are not found to
    sourcing: str = ""  # 'unsourced': no citable source was found; shown by audit, read by no ledger
    variant_of: str = ""  # a name shared by versions of one happening: as a merge of incidents.yaml that nobody decided
    coverage: str = ""
    licence: str = ""  # of the source, where the row is not yours
    restricted: bool = False  # yes: not to be passed on; exports, pages and JSON count it and leave it out


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Observation(OneLine):
    """A dated figure to compare with: its measure is part of it, and different measures are never added."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    from_: When
    to: When
    measure: str  # a word of the list
    indicator: str  # what is counted, in words; 'people displaced' for totals that runs are scored on
    value: NonNegative
    bound: str = "exact"  # a word of the list
    place: str = ""  # an id of places.csv; empty: the whole region
    pcode: str = ""
    origin: str = ""  # where people came from
    source: str = ""
    title: str = ""
    published: str = ""  # day of publication
    url: str = ""
    qualifier: str = ""
    note: str = ""
    contested: str = ""  # who disputes it; then it is not scored on
    licence: str = ""  # of the source, where the row is not yours
    restricted: bool = False  # yes: not to be passed on; every output counts it and leaves it out


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Coverage(OneLine):
    """Where and when a source would have reported an event of these types; without it, silence is unknown.

    ``actor`` narrows it to what these actors do: everybody would report a strike by France, not each strike by Syria.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    source: str  # a source or an account
    types: tuple[str, ...] = ()  # empty: everything
    actor: tuple[str, ...] = ()
    from_: When
    to: When
    within: str = ""  # a zone or sector; empty: everywhere
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Publisher(OneLine):
    """Who publishes at an address, and what kind of source that is: a row of publishers.csv.

    ``id`` is a host (``reuters.com`` holds for every host that ends so) or the beginning of a document's symbol
    (``A/HRC/``). What each standing may carry is said in the reference.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str  # a host, or the beginning of a document's symbol
    name: str
    standing: str  # statement, wire, monitor, aggregator, commentary or copy
    party: str = ""  # whose organ it is, for a statement: an id or a name
    note: str = ""  # why it is judged so


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Written(OneLine):
    """Where a record stands, for messages: file relative to the case folder, its first line and those of its keys."""

    file: str
    line: int
    lines: Any = None

    def at(self, *path: str | int) -> int:
        """Return the line of a key inside the record, or of the nearest key that encloses it."""
        return int(self.lines.at(path)) if self.lines is not None else self.line


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Case:
    """Everything that is written down. Mappings keep the order of the files; nothing here changes after reading."""

    root: Path
    about: About
    sources: Mapping[str, Source]
    documents: Mapping[str, Document]
    claims: Mapping[str, Claim]
    disputes: Mapping[str, Dispute]
    accounts: Mapping[str, Account]
    actors: Mapping[str, Actor]
    agreements: Mapping[str, Agreement]
    commitments: Mapping[str, Commitment]
    parameters: Mapping[str, Parameter]
    issues: Mapping[str, Issue]
    stakes: Mapping[str, Stake]
    options: Mapping[str, Option]
    places: Mapping[str, Place]
    routes: tuple[Route, ...]
    closures: tuple[Closure, ...]
    events: Mapping[str, Event]
    observed: Mapping[str, Observation]
    coverage: tuple[Coverage, ...]
    zones: tuple[Zone, ...]
    scenarios: Mapping[str, Scenario]
    questions: Mapping[str, Question]
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    incidents: Mapping[str, Incident] = field(default_factory=dict)
    threads: Mapping[str, Thread] = field(default_factory=dict)
    signals: Mapping[str, Signal] = field(default_factory=dict)
    types: Mapping[str, OwnType] = field(default_factory=dict)
    groups: Mapping[str, CountedGroup] = field(default_factory=dict)
    publishers: Mapping[str, Publisher] = field(default_factory=dict)
    written: Mapping[tuple[Kind, str], Written] = field(default_factory=dict)
    digest: str = ""  # sha256 over the files, for provenance
    problems: tuple[Problem, ...] = ()  # errors and warnings of every check, as the folder was read

    def records(self, kind: Kind) -> Mapping[str, Any]:
        """Return the records of a kind by id; those without an id by where they are written, or by their number."""
        if kind is Kind.CASE:
            return {self.about.id: self.about}
        items: Mapping[str, Any] | tuple[Any, ...] = getattr(self, kind.value)
        if isinstance(items, Mapping):
            return items
        if kind is Kind.ZONES:
            return {zone.id: zone for zone in items}
        keys = [key for of, key in self.written if of == kind]
        return dict(zip(keys if len(keys) == len(items) else map(str, range(len(items))), items, strict=True))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems for which `check` refuses this case."""
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that every result on this case carries along."""
        return tuple(p for p in self.problems if p.severity == "warning")

    @property
    def caution(self) -> str:
        """How many warnings the case has and the first few, in one sentence; empty where there are none."""
        return caution(self.warnings)

    def set(self, parameter: str, value: float) -> Case:
        """Return this case with another value of a parameter of the model; runs then hold it fixed there.

        It holds in every account: what the answers to a dispute set of this parameter is this value, too.

        Parameters
        ----------
        parameter
            Its id, such as ``displacement.nu``; `standoff show parameters` lists them.
        value
            In the unit of the parameter.

        Raises
        ------
        StandoffError
            For a name that is no parameter, with the nearest, and for a value that check refuses.

        Examples
        --------
        >>> import standoff as so
        >>> so.load("idlib").set("displacement.nu", 0.4).parameters["displacement.nu"].value
        0.4
        """
        if parameter not in self.parameters:
            near = nearest(parameter, self.parameters)
            raise StandoffError.of(f"there is no parameter {parameter!r}", expected="the id of one", hint=near)
        own = self.parameters[parameter]
        number = float(value)
        changed = replace(own, value=number, range=(number, number), fitted=(), note=f"set to {number:g} by the caller")
        mark = hashlib.sha256(f"{self.digest}|{parameter}={number!r}".encode()).hexdigest()
        disputes = {
            name: replace(dispute, answers=tuple(_with_value(one, parameter, number) for one in dispute.answers))
            for name, dispute in self.disputes.items()
        }
        parameters = {**self.parameters, parameter: changed}
        case = replace(self, parameters=parameters, disputes=disputes, digest=mark)
        problems = importlib.import_module("standoff.case.checks").check(case)
        if wrong := [p for p in problems if p.severity == "error"]:
            raise StandoffError(wrong)
        return replace(case, problems=tuple(problems))

    def levels(self, **options: Any) -> Levels:
        """Return how many incidents to expect by area and horizon, with how such forecasts did before.

        ``options`` are those of `standoff.incident_levels`, such as ``by="admin1"`` or ``on="2019-06-30"``. Raises
        StandoffError where the case can not be counted.
        """
        result: Levels = importlib.import_module("standoff.levels.counts").incident_levels(self, **options)
        return result

    def __repr__(self) -> str:
        counts = (len(self.claims), "claim"), (len(self.commitments), "commitment"), (len(self.events), "event")
        parts = [*counts, (len(self.errors), "error"), (len(self.warnings), "warning")]
        words = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in parts)
        return f"<Case {self.about.id}: {words}>"


def _with_value(answer: Answer, parameter: str, value: float) -> Answer:
    """Return an answer that sets a parameter to a value, where it sets it at all."""
    if parameter not in answer.sets.parameters:
        return answer
    return replace(answer, sets=replace(answer.sets, parameters={**answer.sets.parameters, parameter: value}))


def labels_of(case: Case, kinds: str) -> dict[str, str]:
    """Return the ids of records by what they are called: name, title and aliases, folded; ``kinds`` are parted by |."""
    labels: dict[str, str] = {}
    for kind in (kind for kind in Kind if str(kind) in kinds.split("|")):
        for key, record in case.records(kind).items():
            for name in (getattr(record, "name", ""), getattr(record, "title", ""), *getattr(record, "aliases", ())):
                plain = re.sub(r"\s*\([^()]*\)$", "", name.casefold())  # Red (invented) is called Red, too
                labels |= {label: key for label in (name.casefold(), plain) if label and label not in labels}
    return labels


def refuse_errors(case: Case) -> None:
    """Raise StandoffError with all errors of a case: what `check` refuses has no verdict, run, export or report."""
    global _sound
    if case.problems is _sound:  # asked for row by row, of a case that may have a warning for each
        return
    if errors := case.errors:
        raise StandoffError(errors)
    _sound = case.problems


_sound: tuple[Problem, ...] | None = None  # the problems last seen that are warnings only


# Parties as an event log names them: actors of the case, names it does not know, and sides of which none is the doer.
#
# An actor of the case stands in an event by its id. A name that nobody has decided is kept as it was written, marked
# ``unknown:``; it is nobody's id, and anybody may be meant. A name of which a person has decided that it is nobody of
# the case is marked ``other:``; no actor of the case is meant. In a two-sided event (a battle, a conflict of which a
# source only lists the sides) the parties are marked ``side:``, after ``unknown:`` where they are: one side in the
# place of the actor, the other in that of the target, and either may have begun. No id holds a colon.


UNKNOWN, OTHER, SIDE = "unknown:", "other:", "side:"
NO_NAME = f"{UNKNOWN}not named"


def is_unknown(name: str) -> bool:
    """Whether the case does not know a party by this name."""
    return name.startswith(UNKNOWN)


def is_other(name: str) -> bool:
    """Whether a person has decided that this party is nobody of the case."""
    return name.removeprefix(SIDE).startswith(OTHER)


def bare(name: str) -> str:
    """Return the id of a party, or its name as it was written; that of nobody of the case keeps its mark."""
    return name.removeprefix(UNKNOWN).removeprefix(SIDE)


def as_sides(parties: Iterable[str]) -> tuple[str, ...]:
    """Return the parties as one side of a two-sided event; nobody named is one unknown party."""
    return tuple(map(_as_side, parties)) or (NO_NAME,)


def _as_side(party: str) -> str:
    if party == NO_NAME:
        return party
    return f"{UNKNOWN}{SIDE}{bare(party)}" if is_unknown(party) else SIDE + party.removeprefix(SIDE)


def two_sided(*cells: tuple[str, ...]) -> bool:
    """Whether the parties of an event are sides, of which none is told to have begun."""
    return any(party.removeprefix(UNKNOWN).startswith(SIDE) for cell in cells for party in cell)


def may_have_begun(*cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parties of a two-sided event that may have begun it: its sides, and who is not named.

    Whoever a source tells to have been hit stands there without the mark of a side, and is not among them.
    """
    return tuple(p for cell in cells for p in cell if p == NO_NAME or p.removeprefix(UNKNOWN).startswith(SIDE))


def party_name(party: str, actors: Mapping[str, Any]) -> str:
    """Return a party as a person reads it: the name of an actor, or the name as written and that nobody knows it."""
    name = bare(party)
    if is_other(party):
        return f"{name.removeprefix(OTHER)} (not a party of this case)"
    if is_unknown(party):
        return name if party == NO_NAME else f"{name} (not known to the case)"
    return str(actors[name].name) if name in actors else name
