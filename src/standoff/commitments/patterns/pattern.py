"""Which events a pattern matches: certainly, possibly or not, over a whole log at once.

A log is a few columns of codes: each distinct type, set of actors, set of targets and set of places is looked at once,
and an event is matched by gathering. Who did it, to whom and where may be unknown (empty): then a pattern that asks for
it matches possibly. Membership of a list may be disputed, and a village may lie astride a line: possibly again.

A name that the case does not know may be anybody's, so it matches possibly. Of a two-sided event no initiator is told:
either side may have acted on the other, and nobody else. An event of a wider type (an ``assault``) may have been of a
kind of it (an ``airstrike``). The place of a log's coordinates is in no sector: it may lie in one whose places are
near, and may be a town that its disc reaches.

An emission of the simulated world is an event with a sector instead of a place. It is complete, so its matches are yes
or no: an empty target fits any target, and a zone holds a sector when it holds at least half of the sector's places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, Event, bare, is_other, is_unknown, may_have_begun, two_sided
from standoff.case.terms import Amount, Pattern
from standoff.case.vocabulary import is_a, may_be
from standoff.commitments.patterns.zones import Geography, Version, geography_of, is_spot
from standoff.oneline import OneLine
from standoff.values import MINUTES, ListMark, Tie, moment

Mask = NDArray[np.bool_]
Pairs = tuple[NDArray[np.int32], NDArray[np.int32], Mask]  # event, signal, certain
Names = tuple[str, ...]
YES, MAYBE, NO = (True, True), (False, True), (False, False)
_MANY = 16  # places of a log from which on it is kept in which zones they lie
Party = Callable[[Names], tuple[bool, bool]]


@dataclass(frozen=True, slots=True, repr=False)
class Emitted(OneLine):
    """One kind of event that a simulated option can produce."""

    type: str
    actor: Names
    target: Names = ()
    sector: Names = ()
    place: Names = ()
    zone: Names = ()


@dataclass(frozen=True, slots=True, repr=False)
class Log(OneLine):
    """n events as codes into lists of distinct values; days are ordinals, ``first`` to ``last`` inclusive."""

    type: NDArray[np.int32]
    actor: NDArray[np.int32]
    target: NDArray[np.int32]
    where: NDArray[np.int32]
    id: NDArray[Any]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    types: tuple[str, ...]
    actors: tuple[Names, ...]
    targets: tuple[Names, ...]
    wheres: tuple[tuple[Names, Names, Names], ...]  # places, sectors, zones
    simulated: bool = False
    typed: bool = False  # types are as narrow as they get: an assault is no airstrike of untold kind
    low: NDArray[np.float32] | None = None  # how much an event says was counted; None: one each
    high: NDArray[np.float32] | None = None
    counted: NDArray[Any] | None = None  # what the number counts, in words
    untold: NDArray[np.bool_] | None = None  # whether no number is told; None: one each, or all are
    minute: NDArray[np.int16] | None = None  # of the day, where an hour is told; -1: not told. None: nowhere
    sure: NDArray[np.bool_] | None = None  # whether an event certainly belongs to what is read; None: all do

    @property
    def size(self) -> int:
        """How many events there are."""
        return len(self.type)


def _codes(values: Iterable[Any]) -> tuple[NDArray[np.int32], tuple[Any, ...]]:
    code_of: dict[Any, int] = {}
    codes = [code_of.setdefault(value, len(code_of)) for value in values]
    return np.array(codes, np.int32), tuple(code_of)


def _log(events: list[Any], first: list[int], last: list[int], ids: list[str], simulated: bool) -> Log:
    kind, kinds = _codes(e.type for e in events)
    actor, actors = _codes(e.actor for e in events)
    target, targets = _codes(e.target for e in events)
    where, wheres = _codes((e.place, e.sector, e.zone) for e in events)
    days = (np.array(first, np.int32), np.array(last, np.int32))
    columns = (kind, actor, target, where, np.array(ids, object), *days, kinds, actors, targets, wheres)
    return Log(*columns, simulated, typed=simulated)


def log_of(
    events: Iterable[Event], *, typed: bool = False, zone: str = "", sure: NDArray[np.bool_] | None = None
) -> Log:
    """Return recorded events as a log; an open end of a date is taken as its other end.

    ``typed`` takes types as they stand, so that a wider one is never a kind of it. ``zone`` is the time zone of the
    case: an hour that is told with another one may lie on another day. An event that is not ``sure`` (it may not have
    been known yet) matches possibly and never certainly.
    """
    rows = list(events)
    starts = [(e.date.start or e.date.end or date.min).toordinal() for e in rows]
    ends = [(e.date.end or e.date.start or date.min).toordinal() for e in rows]
    log = _log(rows, starts, ends, [e.id for e in rows], False)
    low = [e.low if e.low is not None else e.high if e.high is not None else 1 for e in rows]
    high = [e.high if e.high is not None else e.low if e.low is not None else 1 for e in rows]
    counted = np.array([e.counted for e in rows], object)
    untold = np.array([e.low is None and e.high is None for e in rows], np.bool_)
    log = replace(log, low=np.array(low, np.float32), high=np.array(high, np.float32), counted=counted, untold=untold)
    log = replace(log, typed=typed, sure=sure)
    return _with_hours(log, rows, zone) if any(e.hour for e in rows) else log


def _with_hours(log: Log, events: Sequence[Event], zone: str) -> Log:
    """Return a log with the minute of the day of what is told with an hour, on the day that it is in a time zone."""
    first, last = log.first.copy(), log.last.copy()
    minute = np.full(log.size, -1, np.int16)
    for n, event in enumerate(events):
        if event.hour and event.date.is_day and event.date.start is not None:
            day, told = moment(event.date.start, event.hour, zone, zone)
            if told == MINUTES:  # 24:00 is the end of its day
                told -= 1
            first[n] = last[n] = day.toordinal()
            minute[n] = told
    return replace(log, first=first, last=last, minute=minute)


def log_of_emissions(emitted: Iterable[Emitted]) -> Log:
    """Return simulated emissions as a log whose events are complete and have no date."""
    rows = list(emitted)
    return _log(rows, [0] * len(rows), [0] * len(rows), [""] * len(rows), True)


class Matcher:
    """Matches patterns against logs for one case; holds who belongs to whom and which place lies where.

    ``simulated_on`` is the day as of which ties and lists hold for emissions, which have no date (default: the start
    of the case's runs).
    """

    def __init__(self, case: Case, geography: Geography | None = None, *, simulated_on: date | None = None) -> None:
        self.case = case
        self.geography = geography or geography_of(case)
        self._above: dict[tuple[str, int | None], frozenset[str]] = {}
        marks = [m for a in case.actors.values() for m in a.listed.values()]
        self._edges = np.array(sorted(_edges((tie for _, tie in _ties(case)), marks)), np.int32)
        self._simulated_on = simulated_on or case.about.start.start
        self.last_pairs: tuple[Any, Log, Pairs] | None = None  # of `matched_pairs`: a schedule, a log, their pairs
        self._day: int | None = None  # on which ties are looked at; None: whenever
        self._sided: tuple[Any, Any, Sequence[tuple[Names, Names, NDArray[np.intp]]]] | None = None
        self._tables: dict[tuple[int, int, bool], tuple[Any, Any, Any]] = {}  # by version and places of a log

    @cached_property
    def epochs(self) -> NDArray[np.int32]:
        """Days (ordinals) on which a zone, a membership, an alliance or a list changes: between them nothing does."""
        return np.union1d(self.geography.epochs, self._edges).astype(np.int32)

    def counts_as(self, actor: str, named: str, answers: Mapping[str, Names]) -> bool:
        """Whether ``actor`` is ``named``, belongs to it, or is answered for by it."""
        day = self._day
        if (actor, day) not in self._above:
            self._above[actor, day] = _ancestors(self.case, actor, day)
        above = self._above[actor, day]
        return named in above or any(acting in above for acting in answers.get(named, ()) if _holds(acting, day))

    def listed(self, actors: Names, on: str) -> tuple[bool, bool]:
        """Whether all actors are on a list: certain when every one is, possible when every one may be."""
        if not actors:
            return MAYBE
        marks = [self._marks(a, on) for a in actors]
        return all(m == {"yes"} for m in marks), all(m != {"no"} for m in marks)

    def _marks(self, actor: str, on: str) -> set[str]:
        if is_unknown(actor) or is_other(actor):
            return {"not told"}
        record = self.case.actors.get(bare(actor))
        mark = record.listed.get(on) if record else None
        if mark is None:
            return {"no"}
        if not isinstance(mark, ListMark) or not mark.spans:
            return {str(mark)}
        return {str(mark)} if self._day is None else mark.marks(self._day, self._day)

    def match(self, pattern: Pattern, log: Log, answers: Mapping[str, Names] | None = None) -> tuple[Mask, Mask]:
        """Return (certain, possible), each [events], for the part of a pattern that is about single events.

        ``answers`` says who answers for whom. States of commitments, thresholds and absence are not looked at here.
        """
        answers = answers or {}
        certain, possible = np.ones(log.size, np.bool_), np.ones(log.size, np.bool_)
        if log.sure is not None:
            certain &= log.sure

        def keep(both: tuple[Mask, Mask]) -> None:
            np.logical_and(certain, both[0], out=certain)
            np.logical_and(possible, both[1], out=possible)

        for dimension in (self._type, self._parties, self._where, self._number):
            if (masks := dimension(pattern, log, answers, possible)) is not None:
                keep(masks)
                if not possible.any():
                    return certain, possible  # nothing is left to match, and what is certain is possible
        if pattern.event:
            named = np.isin(log.id, pattern.event)
            keep((named, named))
        for part in pattern.all:
            keep(self.match(part, log, answers))
        if pattern.any:
            each = [self.match(part, log, answers) for part in pattern.any]
            keep((np.logical_or.reduce([e[0] for e in each]), np.logical_or.reduce([e[1] for e in each])))
        if pattern.not_ is not None:
            inner = self.match(pattern.not_, log, answers)
            keep((~inner[1], ~inner[0]))
        return certain, possible

    def doubts(self, pattern: Pattern, event: Log, answers: Mapping[str, Names] | None = None) -> set[str]:
        """Return what keeps the one event of a log from matching a pattern beyond doubt.

        Of "actor", "target", "list", "sides" (two-sided: who began is not told), "place", "day" (a zone changed on it),
        "type", "number" and "exception".
        """
        answers = answers or {}
        certain, possible = self.match(pattern, event, answers)
        if certain[0] or not possible[0]:
            return set()
        doubts = set()
        for what, both in (
            ("type", self._type(pattern, event, answers, None)),
            ("parties", self._parties(pattern, event, answers, None)),
            ("place", self._where(pattern, event, answers, None)),
            ("number", self._number(pattern, event, answers, None)),
        ):
            if both is not None and not both[0][0]:
                doubts |= self._in_doubt(what, pattern, event, answers)
        for part in (*pattern.all, *pattern.any):
            doubts |= self.doubts(part, event, answers)
        if pattern.not_ is not None and self.doubts(pattern.not_, event, answers):
            doubts.add("exception")
        return doubts

    def _in_doubt(self, what: str, pattern: Pattern, event: Log, answers: Mapping[str, Names]) -> set[str]:
        if what in ("type", "number"):
            return {what}
        if what == "place":
            zones = [z for z in (pattern.within, pattern.beyond) if z]
            dated = event.first[0] != event.last[0] and any(len(self.geography.versions(z)) > 1 for z in zones)
            return {"day"} if dated and not any(self._vague(z, event) for z in zones) and not pattern.at else {"place"}
        doers, targets = event.actors[event.actor[0]], event.targets[event.target[0]]
        if two_sided(doers, targets):
            return {"sides"}
        doubts = set()
        if pattern.actor and not self._among(doers, pattern.actor, answers, NO, event)[0]:
            doubts.add("actor")
        if pattern.target and not self._among(targets, pattern.target, {}, YES, event)[0]:
            doubts.add("target")
        if pattern.listed and not self.listed(targets, pattern.listed)[0]:
            doubts.add("target" if not targets or any(map(is_unknown, targets)) else "list")
        return doubts

    def _vague(self, zone: str, event: Log) -> bool:
        where = event.wheres[event.where[0]]
        return any(self._inside(v, event.simulated, where) == MAYBE for v in self.geography.versions(zone))

    # Each dimension looks only at values that events ``among`` those still possible have (None: at all of them).

    def _type(self, pattern: Pattern, log: Log, _: Any, among: Mask | None) -> tuple[Mask, Mask] | None:
        if not pattern.type:
            return None
        table = np.array([any(is_a(t, types) for types in pattern.type) for t in log.types], np.bool_)
        if log.typed:
            return table[log.type], table[log.type]
        wider = np.array([any(may_be(t, types) for types in pattern.type) for t in log.types], np.bool_)
        return table[log.type], (table | wider)[log.type]

    def _parties(
        self, pattern: Pattern, log: Log, answers: Mapping[str, Names], among: Mask | None
    ) -> tuple[Mask, Mask] | None:
        """Match who did it and to whom, as memberships, alliances and lists stand on the day.

        What is dated to several days matches certainly where it does on each of them, and possibly where on one.
        """
        if not (pattern.actor or pattern.target or pattern.listed):
            return None
        if not len(self._edges):
            return self._parties_then(pattern, log, answers, among)
        if log.simulated:
            start = self._simulated_on
            return self._as_of(None if start is None else start.toordinal(), pattern, log, answers, among)
        first, last = (np.searchsorted(self._edges, days, side="right") for days in (log.first, log.last))
        certain, possible = np.ones(log.size, np.bool_), np.zeros(log.size, np.bool_)
        for stretch in range(int(first.min(initial=0)), int(last.max(initial=-1)) + 1):
            rows = (first <= stretch) & (stretch <= last)
            if among is not None:
                rows &= among
            if rows.any():
                day = int(self._edges[stretch - 1]) if stretch else int(self._edges[0]) - 1
                both = self._as_of(day, pattern, log, answers, rows)
                certain &= both[0] | ~rows
                possible |= both[1] & rows
        return certain, possible

    def _as_of(
        self, day: int | None, pattern: Pattern, log: Log, answers: Mapping[str, Names], among: Mask | None
    ) -> tuple[Mask, Mask]:
        self._day = day
        try:
            return self._parties_then(pattern, log, answers, among)
        finally:
            self._day = None

    def _parties_then(
        self, pattern: Pattern, log: Log, answers: Mapping[str, Names], among: Mask | None
    ) -> tuple[Mask, Mask]:
        """Match both parties together, as in a two-sided event either side may be either."""
        role_given = bool(pattern.actor), bool(pattern.target or pattern.listed)

        def acts(names: Names) -> tuple[bool, bool]:
            return self._among(names, pattern.actor, answers, NO, log) if role_given[0] else YES

        suffers = self._target_fits(pattern, log) if role_given[1] else lambda _: YES
        certain, possible = np.ones(log.size, np.bool_), np.ones(log.size, np.bool_)
        for values, codes, fits in ((log.actors, log.actor, acts), (log.targets, log.target, suffers)):
            masks = _gather(values, codes, fits, among)
            certain, possible = certain & masks[0], possible & masks[1]
        for first, second, rows in self._sides(log):
            if among is not None and not among[rows].any():
                continue
            either = any(
                may_have_begun(did) and acts(did)[1] and suffers(other)[1]
                for did, other in ((first, second), (second, first))
            )
            certain[rows], possible[rows] = False, either
        return certain, possible

    def _target_fits(self, pattern: Pattern, log: Log) -> Party:
        def fits(names: Names) -> tuple[bool, bool]:
            among = self._among(names, pattern.target, {}, YES, log) if pattern.target else YES
            on_list = self.listed(names, pattern.listed) if pattern.listed else YES
            if log.simulated and pattern.listed:
                on_list = (on_list[1] and bool(names),) * 2
            return among[0] and on_list[0], among[1] and on_list[1]

        return fits

    def _among(
        self, names: Names, names_asked: Names, answers: Mapping[str, Names], if_empty: tuple[bool, bool], log: Log
    ) -> tuple[bool, bool]:
        if not names:
            return if_empty if log.simulated else MAYBE
        if any(self.counts_as(bare(n), w, answers) for n in names if not is_unknown(n) for w in names_asked):
            return YES
        return MAYBE if any(map(is_unknown, names)) else NO

    def _sides(self, log: Log) -> Sequence[tuple[Names, Names, NDArray[np.intp]]]:
        """Return the sides of the two-sided events of a log; those of the last log are kept."""
        if self._sided is None or self._sided[0] is not log.actor or self._sided[1] is not log.target:
            self._sided = log.actor, log.target, tuple(sides(log))
        return self._sided[2]

    def _where(self, pattern: Pattern, log: Log, _: Any, among: Mask | None) -> tuple[Mask, Mask] | None:
        if not (pattern.at or pattern.within or pattern.beyond):
            return None
        certain, possible = np.ones(log.size, np.bool_), np.ones(log.size, np.bool_)
        if pattern.at:
            masks = _gather(log.wheres, log.where, lambda w: self._at(w, pattern.at, log.simulated), among)
            certain, possible = certain & masks[0], possible & masks[1]
        for zone, outside in ((pattern.within, False), (pattern.beyond, True)):
            if not zone:
                continue
            inside = self._zone(zone, log, among)
            if outside:
                inside = (~inside[1] & ~self._unplaced(zone, log), ~inside[0])
            certain, possible = certain & inside[0], possible & inside[1]
        return certain, possible

    def _number(self, pattern: Pattern, log: Log, _: Any, among: Mask | None) -> tuple[Mask, Mask] | None:
        """Match what is told to be more than a limit; a number that is not told, or of something else, may be."""
        return None if pattern.above is None else above(log, pattern.above)

    def _unplaced(self, zone: str, log: Log) -> Mask:
        """Which events stand at coordinates alone, when the zone is a sector: no line says where a sector ends."""
        sector = any(version.sector for version in self.geography.versions(zone))
        table = np.array([sector and any(map(is_spot, places)) for places, _, _ in log.wheres], np.bool_)
        return np.asarray(table[log.where], np.bool_)

    def _at(self, where: tuple[Names, Names, Names], places_asked: Names, simulated: bool) -> tuple[bool, bool]:
        places, sectors, zones = where
        if places:
            if any(p in places_asked for p in places):
                return YES
            return (
                MAYBE if any(self.geography.reaches(p, w) for p in places if is_spot(p) for w in places_asked) else NO
            )
        if not sectors:
            return self._at_zones(zones, places_asked) if zones else MAYBE
        near = any(self.geography.sector_of(p) in sectors or p in sectors for p in places_asked)
        return (near and simulated, near)

    def _at_zones(self, zones: Names, places_asked: Names) -> tuple[bool, bool]:
        return False, any(self.geography.place_may_be(zone, p) for zone in zones for p in places_asked)

    def _inside(self, version: Version, simulated: bool, where: tuple[Names, Names, Names]) -> tuple[bool, bool]:
        return self.geography.inside(version, *where, simulated=simulated)

    def _table(self, version: Version, log: Log, among: Mask | None) -> Mask:
        """Return whether what stands at each place of a log lies in a version of a zone [places, 2]; looked up once.

        Places of no event ``among`` those asked for may not be looked up yet: they are in none.
        """
        key = id(version), id(log.wheres), log.simulated
        wheres, known, table = self._tables.get(key, (None, None, None))
        if wheres is not log.wheres or known is None or table is None:
            known, table = np.zeros(len(log.wheres), np.bool_), np.zeros((len(log.wheres), 2), np.bool_)
            if len(log.wheres) >= _MANY:
                self._tables[key] = log.wheres, known, table
        for code in np.flatnonzero(_used(len(known), log.where, among) & ~known).tolist():
            table[code] = self._inside(version, log.simulated, log.wheres[code])
            known[code] = True
        pairs: NDArray[np.bool_] = table
        return pairs

    def _zone(self, zone: str, log: Log, among: Mask | None) -> tuple[Mask, Mask]:
        certain, possible = np.zeros(log.size, np.bool_), np.zeros(log.size, np.bool_)
        for version in self.geography.versions(zone):
            inside = self._table(version, log, among)[log.where].T
            if log.simulated:
                now_certain = now_possible = np.ones(log.size, np.bool_)
            else:
                now_certain = (log.first >= version.first) & (log.last <= version.last)
                now_possible = (log.last >= version.first) & (log.first <= version.last)
            certain |= inside[0] & now_certain
            possible |= inside[1] & now_possible
        return certain, possible


def above(log: Log, limit: Amount) -> tuple[Mask, Mask]:
    """Return which events tell of more than a limit: certainly, and possibly. What the world produces is one each."""
    if log.low is None or log.high is None:
        return (np.full(log.size, limit.value < 1),) * 2
    open_ = np.zeros(log.size, np.bool_) if log.untold is None else log.untold.copy()
    if log.counted is not None and limit.unit:
        open_ |= np.array([bool(word) and word != limit.unit for word in log.counted], np.bool_)
    return ~open_ & (log.low > limit.value), open_ | (log.high > limit.value)


def _used(size: int, codes: NDArray[np.int32], among: Mask | None) -> NDArray[np.bool_]:
    """Return which of so many values some event has."""
    used = np.zeros(size, np.bool_)
    used[codes if among is None else codes[among]] = True
    return used


def sides(log: Log) -> Iterator[tuple[Names, Names, NDArray[np.intp]]]:
    """Yield the two sides of two-sided events, and which events have them."""
    apart = [np.array([two_sided(names) for names in values], np.bool_) for values in (log.actors, log.targets)]
    if not any(part.any() for part in apart):
        return
    rows = np.flatnonzero(apart[0][log.actor] | apart[1][log.target])
    both, which = np.unique(
        log.actor[rows].astype(np.int64) * max(len(log.targets), 1) + log.target[rows], return_inverse=True
    )
    order = np.argsort(which, kind="stable")
    for code, part in zip(both.tolist(), np.split(rows[order], np.cumsum(np.bincount(which))[:-1]), strict=True):
        first, second = divmod(code, max(len(log.targets), 1))
        yield log.actors[first], log.targets[second], part


def _gather(
    values: tuple[Any, ...], codes: NDArray[np.int32], fits: Callable[[Any], tuple[bool, bool]], among: Mask | None
) -> tuple[Mask, Mask]:
    table = np.zeros((len(values), 2), np.bool_)
    for code in np.flatnonzero(_used(len(values), codes, among)).tolist():
        table[code] = fits(values[code])
    return table[codes, 0], table[codes, 1]


def _ancestors(case: Case, actor: str, day: int | None) -> frozenset[str]:
    above, queue = set(), [actor]
    while queue:
        name = queue.pop()
        if name not in above:
            above.add(name)
            queue += [t for t in case.actors[name].member_of if _holds(t, day)] if name in case.actors else ()
    return frozenset(above)


def _holds(tie: str, day: int | None) -> bool:
    """Whether a tie holds on a day; without a day, whether it ever does."""
    return day is None or not isinstance(tie, Tie) or tie.holds(day, day)[0]


def _acting(answers: Mapping[str, Names] | None) -> Iterator[str]:
    for names in (answers or {}).values():
        yield from names


def _ties(case: Case) -> Iterator[tuple[str, str]]:
    """Yield every membership and alliance of a case, with the actor or commitment that has it."""
    for actor in case.actors.values():
        yield from ((actor.id, tie) for tie in actor.member_of)
    for term in case.commitments.values():
        for answers in (term.answers_for, *(r.answers_for for r in term.readings)):
            yield from ((term.id, tie) for tie in _acting(answers))


def changing_ties(case: Case, first: date, last: date) -> list[str]:
    """Return in words each membership, alliance and mark of a list that changes after ``first`` and up to ``last``."""

    def changes(begins: date | None, ends: date | None) -> str:
        days = [f"from {begins}"] if begins and first < begins <= last else []
        days += [f"until {ends}"] if ends and first <= ends < last else []
        return " ".join(days)

    found = [(f"{owner}: {tie}", changes(tie.from_, tie.until)) for owner, tie in _ties(case) if isinstance(tie, Tie)]
    for actor in case.actors.values():
        for name, mark in actor.listed.items():
            if isinstance(mark, ListMark):
                found += [(f"{actor.id}: {one} on {name}", changes(begins, ends)) for one, begins, ends in mark.spans]
    return list(dict.fromkeys(f"{what} {days}" for what, days in found if days))


def _edges(ties: Iterable[str], marks: Iterable[str]) -> set[int]:
    """Return the days (ordinals) on which a tie or a mark begins to hold, or holds no more."""
    spans = [(t.from_, t.until) for t in ties if isinstance(t, Tie)]
    spans += [(first, last) for m in marks if isinstance(m, ListMark) for _, first, last in m.spans]
    begins = {first.toordinal() for first, _ in spans if first}
    return begins | {last.toordinal() + 1 for _, last in spans if last}
