"""Reports and incidents: what one row of a feed, or one telling, says; and the happening that several reports tell.

A report keeps what its source wrote beside what the case makes of it, and what is not certain stays apart from what is.
An incident is one happening: the reports that tell it, of which exactly one version is true, who joined them and why,
and what became of it. The ledger counts incidents: `Event` is the one it reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar

from standoff.values import Kilometres, Line, NonNegative, When

_STRICT: dict[str, str] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """How many, of what: ``measure`` is a word such as deaths, wounded, injuries, deaths-civilian, weapons."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    measure: str
    low: NonNegative | None = None  # at least
    high: NonNegative | None = None  # at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
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
    said: When | None = None  # the day it was published, where the source tells one
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """incidents.yaml: reports that tell one happening, or that somebody decided tell two; and what became of it.

    ``apart`` keeps a decision that these are several happenings, so that nobody is asked again.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    reports: tuple[str, ...]  # ids of events or of rows of a log of the case; the first gives its name
    apart: bool = False
    title: str = ""
    by: str = ""  # who decided
    on: When | None = None  # when
    why: str = ""
    status: Status = Status.ALLEGED
    found_by: str = ""  # the body whose inquiry gives the status
    attributed: tuple[str, ...] = ()  # to whom that body attributes it; empty: to nobody
    violation: str = ""  # the class of violation, as the agreement has it
    response_asked: str = ""  # what was asked of a party, in words
    response_given: str = ""
    claims: tuple[str, ...] = ()
    note: str = ""
