"""Observance: how often what a commitment forbids happens since it began, against the weeks before, beside the verdict.

A promise broken once and kept since is not one that has collapsed, and the verdict is the same word for both. So the
incidents that a prohibition forbids are counted: since its start, in the 28 days before, and in the year before (truces
are made at peaks, so the 28 days alone flatter them).

Incidents cluster: one begets others, and a day of fighting is told as one row or as ten. The ratio of two rates has
therefore a range for counts whose variance is above their mean: quasi-Poisson (Wedderburn 1974, Biometrika 61, 439),
the dispersion being Pearson's X2 over its degrees of freedom (McCullagh and Nelder 1989, Generalized Linear Models,
4.5), from counts by week; never below 1.

Rows that a case itself holds are a selection by whoever made it: "n recorded, not a count", without a rate. They are a
count where a coverage row watched the area in both periods, or where a log is named that has rows in the area and spans
both; then the rows of the log alone are counted. A log of another area changes nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.claims import RECORD
from standoff.case.model import Event, is_unknown, party_name, two_sided
from standoff.case.reports import incidents_of
from standoff.case.restrictions import NO_AREA, areas_to_name, is_free
from standoff.case.terms import Commitment, Pattern
from standoff.commitments.engine.states import CANCELLED, EXPIRED, RELEASED, SUPERSEDED
from standoff.commitments.monitor import Evaluation
from standoff.commitments.patterns.coverage import watched
from standoff.commitments.patterns.pattern import Log, log_of
from standoff.commitments.patterns.zones import is_spot
from standoff.oneline import OneLine

BEFORE, YEAR = 28, 365  # days
Z = 1.6449  # of a normal distribution: a range of 90 %
SLACK = timedelta(days=7)  # a log that begins or ends within a week of a period spans it
SELECTION, COVERAGE, LOG = "selection", "coverage", "log"
NOT_SAID = "who did it is not told"
BOTH = "either side"
ELSEWHERE = NO_AREA
ROUGH = "place not told nearer"
MOST_NEAR = 2  # sectors that a place may lie near, to be named


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Window(OneLine):
    """A period with its incidents: those that may count, and those that certainly do.

    ``watched`` says that the whole period was watched; ``per_week`` is None where it was not.
    """

    first: date
    last: date
    incidents: int
    certain: int
    watched: bool
    per_week: float | None

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ratio(OneLine):
    """The rate since against that of an earlier period, with a range of 90 %; None where a side has no incident."""

    against: int  # days of the earlier period
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Observance(OneLine):
    """How a prohibition is observed up to a day. ``basis`` says what is counted: a log, the record, or a selection.

    ``areas`` and ``parties`` give incidents since, in the 28 days and in the year before. ``last_breach`` is the day of
    the last certain breach, ``quiet`` the days since it. ``notes`` say what keeps the periods from being compared.
    """

    commitment: str
    account: str
    start: date
    end: date
    age: int
    basis: str
    since: Window
    before: Window
    year: Window
    ratios: tuple[Ratio, ...]
    dispersion: float | None
    areas: dict[str, tuple[int, int, int]]
    parties: dict[str, tuple[int, int, int]]
    last_breach: date | None
    quiet: int | None
    notes: tuple[str, ...]
    duty: str = "result"  # effort: what is forbidden speaks of the result alone

    @property
    def counted(self) -> bool:
        """Whether the figures are a count, and no selection of whoever made the case."""
        return self.basis != SELECTION


@dataclass(frozen=True, slots=True)
class _Incident:
    """One happening as the windows count it: its days, whether it certainly counts, and its rows.

    It is counted in the period in which the ``middle`` of its days lies, so that it is counted in one, and certainly
    where that has all of its days.
    """

    first: date
    last: date
    middle: date
    certain: bool
    events: tuple[Event, ...]

    def within(self, first: date, last: date) -> bool:
        """Whether it is counted in a period."""
        return first <= self.middle <= last


def observances(evaluation: Evaluation, account: str = RECORD.id, *, only: str = "") -> dict[str, Observance]:
    """Return how each prohibition of the ledger is observed up to its day, in the record or a reading.

    Commitments that forbid nothing, or have not begun, have none. Where ``account`` was not run the first that was run
    stands for it. ``only`` names one commitment.
    """
    if account not in evaluation.accounts:
        account = evaluation.accounts[0]
    counter = _Counter(evaluation, account)
    names = dict.fromkeys(s.commitment for s in evaluation.schedule.slots if only in ("", s.commitment))
    found = ((name, counter.observe(evaluation.case.commitments[name])) for name in names)
    return {name: one for name, one in found if one is not None}


def observance_data(one: Observance | None) -> dict[str, Any] | None:
    """Return how a prohibition is observed as plain data, days as texts."""
    if one is None:
        return None
    data = {**asdict(one), "counted": one.counted}
    for name in ("start", "end", "last_breach"):
        data[name] = str(data[name]) if data[name] else None
    for name in ("since", "before", "year"):
        window = getattr(one, name)
        data[name] |= {"first": str(window.first), "last": str(window.last), "days": window.days}
    return data


class _Counter:
    """Counts incidents of one account; the log of events is laid out once for all commitments."""

    def __init__(self, evaluation: Evaluation, account: str) -> None:
        self.evaluation, self.account, self.case = evaluation, account, evaluation.case
        self.reports = evaluation.reports[account]
        self.log = log_of(r.event for r in self.reports)
        self.logged = np.array([r.event.id in evaluation.logged for r in self.reports], np.bool_)
        self.asserted = np.array([r.asserted for r in self.reports], np.bool_)
        # versions of which exactly one is true are not denied as a whole: what holds of each is certain, as in a row
        self.denied = np.array([r.denied and not r.one_of for r in self.reports], np.bool_)
        self.first, self.last = self.log.first.tolist(), self.log.last.tolist()
        names = incidents_of(self.case)
        numbers: dict[str, int] = {}  # of happenings, each report's
        told = [numbers.setdefault(names.get(r.event.id, r.event.id), len(numbers)) for r in self.reports]
        self.names = np.array(told, np.intp)
        self.doers: dict[tuple[tuple[str, ...], ...], tuple[str, ...]] = {}
        self.places: dict[tuple[tuple[str, ...], ...], tuple[str, ...]] = {}

    def observe(self, commitment: Commitment) -> Observance | None:
        """Return how a commitment is observed; None where it forbids nothing or has not begun."""
        forbid = commitment.forbid
        start = commitment.from_.start or commitment.from_.end
        if forbid is None or start is None or start > self.evaluation.on:
            return None
        end = min(self.evaluation.on, _end(commitment) or self.evaluation.on, self._over(commitment) or date.max)
        if end < start:
            return None
        life = end
        certain, possible = self._matches(commitment, forbid, start)
        basis, spans = self._basis(forbid, start, end)
        notes = []
        if basis == LOG and not self._may_name(commitment, forbid):
            basis = COVERAGE
            notes.append(
                "no row of the log names those whom this binds: its rows are not counted, and say nothing of them"
            )
        if basis == LOG and spans[1] < end:
            end = spans[1]
            notes.append(f"the log ends on {end}: counted until then")
        since = start
        if basis == LOG and spans[0] > start + SLACK:
            since = spans[0]
            notes.append(f"the log begins on {since}: counted from then")
        chosen = possible & (self.logged if basis == LOG else ~self.logged)
        days = (start - timedelta(YEAR)).toordinal(), end.toordinal()
        incidents = self._incidents(chosen & (self.log.last >= days[0]) & (self.log.first <= days[1]), certain)
        periods = [
            (since, end),
            (start - timedelta(BEFORE), start - timedelta(1)),
            (start - timedelta(YEAR), start - timedelta(1)),
        ]
        windows = []
        for number, (first, last) in enumerate(periods):
            is_watched, note = self._watched(basis, forbid, first, last, spans)
            if note and not (number == 1 and not is_watched):
                notes.append(note)
            windows.append(_window(incidents, first, last, is_watched))
        if basis == COVERAGE and not (windows[0].watched and (windows[1].watched or windows[2].watched)):
            basis = SELECTION
            windows = [replace(w, per_week=None) for w in windows]
        dispersion = _dispersion(incidents, windows[0], windows[2] if windows[2].watched else windows[1])
        ratios = tuple(
            _ratio(windows[0], w, dispersion) for w in windows[1:] if basis != SELECTION and w.per_week is not None
        )
        breach = self._last_breach(certain, start, life)
        return Observance(
            commitment=commitment.id,
            account=self.account,
            start=start,
            end=end,
            age=(self.evaluation.on - start).days,
            basis=basis,
            since=windows[0],
            before=windows[1],
            year=windows[2],
            ratios=ratios,
            dispersion=dispersion if ratios else None,
            areas=_split(incidents, windows, self._counted_under(incidents, windows)),
            parties=_split(incidents, windows, self.parties_of),
            last_breach=breach,
            quiet=(self.evaluation.on - breach).days if breach else None,
            notes=tuple(dict.fromkeys(notes)),
            duty=commitment.duty,
        )

    def parties_of(self, event: Event) -> tuple[str, ...]:
        """Return who did it, by name: one side or the other where no initiator is told."""
        key = event.actor, event.target
        if key not in self.doers:
            known = [party_name(party, self.case.actors) for party in event.actor if not is_unknown(party)]
            both = two_sided(event.actor, event.target)
            self.doers[key] = (BOTH,) if both else tuple(dict.fromkeys(known)) or (NOT_SAID,)
        return self.doers[key]

    def areas_of(self, event: Event) -> tuple[str, ...]:
        """Return the areas of an event: sectors, else sub-districts, else places; of coordinates the sectors near."""
        key = (event.place, event.sector, event.zone, (str(is_free(event)),))
        if key not in self.places:
            self.places[key] = tuple(dict.fromkeys(self._areas(event))) or (ELSEWHERE,)
        return self.places[key]

    def _counted_under(
        self, incidents: Sequence[_Incident], windows: Sequence[Window]
    ) -> Callable[[Event], tuple[str, ...]]:
        inside = [one for one in incidents if any(one.within(w.first, w.last) for w in windows)]
        events = [event for one in inside for event in one.events]
        return areas_to_name(events, self.areas_of, (ELSEWHERE, ROUGH))

    def _areas(self, event: Event) -> list[str]:
        geography = self.evaluation.matcher.geography
        names = []
        for place in event.place:
            record = self.case.places.get(place)
            if is_spot(place):
                near = [sector for sector in geography.sectors if sector in geography.sectors_near(place)]
                rough = len(near) > MOST_NEAR
                names.append(ROUGH if rough else f"near {' or '.join(near)}" if near else ELSEWHERE)
            elif record is not None:
                names.append(record.sector or record.adm3 or (record.name if is_free(event) else ELSEWHERE))
        return names or [*event.sector, *event.zone]

    def _over(self, commitment: Commitment) -> date | None:
        """Return the day on which it ended for good in this account, by what its rows stand in."""
        slots = [
            i for i, s in enumerate(self.evaluation.schedule.slots) if s.commitment == commitment.id and not s.span
        ]
        days = []
        for slot in slots:
            marks = self.evaluation.marks.get((self.evaluation.columns(self.account)[1], slot), ())
            last = marks[-1] if marks else None
            if last is None or last.state not in _ENDED:
                return None
            days.append(self.evaluation.schedule.date(last.day))
        return max(days, default=None)

    def _matches(
        self, commitment: Commitment, forbid: Pattern, start: date
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which events are what a commitment forbids: zones as they were drawn when it began, for those before.

        Exceptions are taken out; thresholds and the states of other commitments are not looked at.
        """
        ordinal = start.toordinal()
        early = self.log.last < ordinal
        begun = np.int32(ordinal)
        moved = replace(
            self.log,
            first=np.where(early, begun, self.log.first).astype(np.int32),
            last=np.where(early, begun, self.log.last).astype(np.int32),
        )
        certain, possible = self._match(forbid, moved, commitment)
        if commitment.except_ is not None:
            excepted = self._match(commitment.except_, moved, commitment)
            certain, possible = certain & ~excepted[1], possible & ~excepted[0]
        return certain, possible

    def _match(self, pattern: Pattern, log: Log, commitment: Commitment) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        return self.evaluation.matcher.match(pattern, log, commitment.answers_for)

    def _basis(self, forbid: Pattern, start: date, end: date) -> tuple[str, tuple[date, date]]:
        """Return what is counted, and which days a log spans whose rows lie in the area."""
        spans = (date.max, date.min)
        if self.logged.any():
            match = self.evaluation.matcher.match
            inside = match(_area_alone(forbid), self.log)[0] & self.logged
            kinds = match(_types_alone(forbid), self.log)[1] & self.logged
            if inside.any() and kinds.any():  # it tells such things, and tells of the area
                spans = (
                    date.fromordinal(int(self.log.first[self.logged].min())),
                    date.fromordinal(int(self.log.last[self.logged].max())),
                )
                if spans[0] <= end and spans[1] >= start:
                    return LOG, (spans[0], spans[1] if spans[1] + SLACK < end else end)
        return COVERAGE, spans

    def _may_name(self, commitment: Commitment, forbid: Pattern) -> bool:
        """Whether a row of the log may name who is bound: else that it has no act of theirs is no count of zero."""
        return bool((self._match(_actors_alone(forbid), self.log, commitment)[1] & self.logged).any())

    def _watched(
        self, basis: str, forbid: Pattern, first: date, last: date, spans: tuple[date, date]
    ) -> tuple[bool, str]:
        """Return whether a whole period was watched, and what to say where only a part of it was."""
        if basis == LOG:
            if spans[0] <= first + SLACK and spans[1] + SLACK >= last:
                return True, ""
            return False, f"the log begins on {spans[0]}: the days from {first} are not compared"
        days = (last - first).days + 1
        mask = watched(self.case, self.evaluation.matcher.geography, forbid, first, days)
        if mask.all() or not mask.any():
            return bool(mask.all()), ""
        return False, f"coverage changes: {int(mask.sum())} of the {days} days from {first} to {last} were watched"

    def _incidents(self, chosen: NDArray[np.bool_], certain: NDArray[np.bool_]) -> list[_Incident]:
        """Return happenings of which a version is chosen, each once; certain where every version of it counts."""
        rows: dict[int, list[int]] = {}
        some = np.flatnonzero(chosen & self.asserted)
        for row, name in zip(some.tolist(), self.names[some].tolist(), strict=True):
            rows.setdefault(name, []).append(row)
        in_doubt = np.zeros(len(self.reports), np.bool_)
        in_doubt[self.names[~(certain & self.asserted & ~self.denied)]] = True
        incidents = []
        for name, versions in rows.items():
            first, last = self.first[versions[0]], self.last[versions[0]]
            for row in versions[1:]:
                first, last = min(first, self.first[row]), max(last, self.last[row])
            begin, end, middle = map(date.fromordinal, (first, last, first + (last - first) // 2))
            events = tuple(self.reports[row].event for row in versions)
            incidents.append(_Incident(begin, end, middle, bool(not in_doubt[name]), events))
        return incidents

    def _last_breach(self, certain: NDArray[np.bool_], start: date, end: date) -> date | None:
        """Return the day of the last certain breach, in the record and in a log alike."""
        every = self._incidents(certain, certain)
        days = (one.last for one in every if one.certain and start <= one.first and one.last <= end)
        return max(days, default=None)


_ENDED = (EXPIRED, CANCELLED, RELEASED, SUPERSEDED)


def _end(commitment: Commitment) -> date | None:
    return commitment.until.end if commitment.until else None


def _area_alone(pattern: Pattern) -> Pattern:
    """Return where a pattern asks for, whatever happens there and whoever does it."""
    return Pattern(
        at=pattern.at,
        within=pattern.within,
        beyond=pattern.beyond,
        any=tuple(_area_alone(part) for part in pattern.any),
        all=tuple(_area_alone(part) for part in pattern.all),
    )


def _types_alone(pattern: Pattern) -> Pattern:
    """Return what kinds of event a pattern asks for, wherever and whoever."""
    return Pattern(
        type=pattern.type,
        any=tuple(_types_alone(part) for part in pattern.any),
        all=tuple(_types_alone(part) for part in pattern.all),
    )


def _actors_alone(pattern: Pattern) -> Pattern:
    """Return who a pattern asks for, whatever they do and wherever."""
    return Pattern(
        actor=pattern.actor,
        any=tuple(_actors_alone(part) for part in pattern.any),
        all=tuple(_actors_alone(part) for part in pattern.all),
    )


def _window(incidents: Sequence[_Incident], first: date, last: date, is_watched: bool) -> Window:
    some = [one for one in incidents if one.within(first, last)]
    return Window(
        first=first,
        last=last,
        incidents=len(some),
        certain=sum(one.certain and first <= one.first and one.last <= last for one in some),
        watched=is_watched,
        per_week=7 * len(some) / ((last - first).days + 1) if is_watched else None,
    )


def _weekly(incidents: Sequence[_Incident], window: Window) -> list[int]:
    """Return counts of the whole weeks of a period."""
    weeks = [0] * (window.days // 7)
    for one in incidents:
        week = (one.middle - window.first).days // 7
        if 0 <= week < len(weeks):
            weeks[week] += 1
    return weeks


def _dispersion(incidents: Sequence[_Incident], *windows: Window) -> float:
    """Return Pearson's X2 of weekly counts about the mean of their own period, over the degrees of freedom; 1 at least.

    Fewer than two weeks to spare tell nothing: then 1, and the range is that of a Poisson count.
    """
    squares, freedom = 0.0, 0
    for window in windows:
        weeks = np.array(_weekly(incidents, window), float)
        if weeks.size and weeks.mean() > 0:
            squares += float(((weeks - weeks.mean()) ** 2).sum() / weeks.mean())
            freedom += weeks.size - 1
    return max(squares / freedom, 1.0) if freedom > 1 else 1.0


def _ratio(since: Window, earlier: Window, dispersion: float) -> Ratio:
    """Return a ratio of rates; its logarithm has the variance dispersion (1/a + 1/b). Half an incident stands for none.

    Where neither period has an incident there is no ratio; where the earlier one has none, no value either.
    """
    a, b = since.incidents, earlier.incidents
    if a == b == 0:
        return Ratio(against=earlier.days, value=None, low=None, high=None)
    exposure = earlier.days / since.days
    middle = math.log((a or 0.5) / (b or 0.5) * exposure)
    spread = Z * math.sqrt(dispersion * (1 / (a or 0.5) + 1 / (b or 0.5)))
    value = a / b * exposure if b else None
    return Ratio(against=earlier.days, value=value, low=math.exp(middle - spread), high=math.exp(middle + spread))


def _split(
    incidents: Sequence[_Incident], windows: Sequence[Window], names: Callable[[Event], tuple[str, ...]]
) -> dict[str, tuple[int, int, int]]:
    """Return incidents of each name in each period; one whose versions differ counts under each name it may have."""
    counts: list[Counter[str]] = [Counter() for _ in windows]
    for one in incidents:
        inside = [number for number, window in enumerate(windows) if one.within(window.first, window.last)]
        if not inside:
            continue
        own = names(one.events[0])
        if len(one.events) > 1:
            own = tuple(dict.fromkeys(name for event in one.events for name in names(event)))
        for number in inside:
            for name in own:
                counts[number][name] += 1
    every = sorted(set().union(*counts), key=lambda name: (-counts[0][name], -counts[2][name], name))
    return {name: (counts[0][name], counts[1][name], counts[2][name]) for name in every}
