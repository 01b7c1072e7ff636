"""The registry of the brief: rooms bring sections, each an answer for one day, in plain sentences.

A section without data says what is missing. The first of its sentences is its answer; ``headline`` is that answer in a
sentence that can stand alone, on top of the brief.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from standoff.case.model import Case, Event
from standoff.errors import StandoffError
from standoff.oneline import OneLine

DAYS = 14  # back and ahead
ROOMS: tuple[str, ...] = (
    "standoff.commitments.brief",
    "standoff.levels.brief",
    "standoff.views.brief",
    "standoff.views.known_people",
    "standoff.views.talks",
)


@dataclass(frozen=True, slots=True, repr=False)
class BriefItem(OneLine):
    """One entry: a sentence, what it rests on, and the record it is about."""

    text: str
    rests: str = ""  # who reports it, and the answer of who is accused
    kind: str = ""  # commitment, event, dispute, ...
    id: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class BriefSection(OneLine):
    """One section of the brief: ``items`` are the first few, ``more`` says how many others there are."""

    id: str
    title: str
    headline: str = ""
    items: tuple[BriefItem, ...] = ()
    more: int = 0
    note: str = ""  # what the reader must know of it
    missing: str = ""  # what it would need, where there is nothing to say
    way_on: str = ""  # the command that lists all of it
    rows: tuple[tuple[str, ...], ...] = ()  # a table, with its heads first
    counts: tuple[dict[str, Any], ...] = ()  # areas with their number now and before, for a figure
    total: int = 0  # of what is counted


@dataclass(repr=False)
class BriefDay(OneLine):
    """The day of a brief, and what its sections share: work that several need is done once, in ``shared``."""

    case: Case
    on: date
    days: int = DAYS
    events: Sequence[Event] | None = None  # of a log beside the record
    most: int = 3  # items of a section
    areas: Mapping[str, str] = field(default_factory=dict)  # of the events of a log, as its source names them
    log: str = ""  # how the log is called, for the ways on
    shared: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def first(self) -> date:
        """The first of the days that end on this one."""
        return self.on - timedelta(days=self.days - 1)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what ``make`` gives, made when first asked for."""
        if name not in self.shared:
            self.shared[name] = make()
        return self.shared[name]


Writer = Callable[[BriefDay], BriefSection]
_SECTIONS: dict[str, tuple[int, Writer]] = {}


def brief_section(place: int) -> Callable[[Writer], Writer]:
    """Register a function as a section of the brief; those with a smaller ``place`` come first.

    Raises ValueError where another section has its name.
    """

    def add(writer: Writer) -> Writer:
        name = writer.__name__
        other = _SECTIONS.setdefault(name, (place, writer))[1]
        if other.__module__ != writer.__module__:
            raise ValueError(f"two sections of the brief are called {name}")
        return writer

    return add


def sections_on(day: BriefDay) -> list[BriefSection]:
    """Return every section of the brief, in order. Raises StandoffError for a day on which nothing can be said."""
    if day.days < 1 or day.days > 366:
        raise StandoffError.of(f"the period has {day.days} days", file="--days", expected="from 1 to 366 days")
    for module in ROOMS:
        importlib.import_module(module)
    ordered = sorted(_SECTIONS.items(), key=lambda entry: (entry[1][0], entry[0]))
    return [writer(day) for _, (_, writer) in ordered]
