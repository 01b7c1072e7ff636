"""Incidents: which reports may tell one happening and why, what its versions share and differ in, what became of it.

A proposal is a pair of happenings with a score and its reasons in words; it decides nothing. A person decides, and the
decision (joined or apart, by whom, on which day, why) is a record of incidents.yaml, so that nobody is asked again. Of
what is joined exactly one version is true: the number that each gives and the party that each names are kept.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from standoff.case.checks import at, register
from standoff.case.claims import Claim, EventSaid
from standoff.case.model import Case, Event, Kind, bare, is_unknown, party_name, refuse_errors
from standoff.case.reports import Incident, Status, alike, cites, incidents_of
from standoff.case.restrictions import RESTRICTED, free, is_free
from standoff.case.vocabulary import NOT_TOLD, is_a, lineage
from standoff.errors import Problem, StandoffError, nearest
from standoff.evidence.independence import linker, origin
from standoff.evidence.standing import standing_of
from standoff.oneline import OneLine
from standoff.record_list import RecordList
from standoff.text.sentences import count, listing, when
from standoff.values import When

# What may tell one happening. A score adds up points and is not a probability: it orders what a person looks at.


PLACED_KM = 5.0  # accuracy up to which two places near each other say much
NEAR_KM = 2.0  # between what two reports call the place: a village has a size
LONGEST = 7  # days of an interval that is compared with others than its equal
PROPOSED = 0.5  # proposals below this score are left out
MOST = 125.0  # points that a pair can have
CLOSE, FAR = 1.5, 3.0  # ratios of two numbers


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MergeProposal(OneLine):
    """Two happenings that may be one: the events on each side, the score from 0 to 1, what speaks for it and against.

    ``pair`` are the two events that were compared, one of each side.
    """

    pair: tuple[str, str]
    reports: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]


Points = tuple[float, str]  # points, and why in words


def proposals(case: Case, events: Iterable[Event] = (), *, least: float = PROPOSED) -> tuple[MergeProposal, ...]:
    """Return the pairs of happenings that may be one, the likeliest first; none with what may not be passed on.

    Parameters
    ----------
    case
        Its events are compared; what is joined or decided apart is not proposed again.
    events
        Events of a log beside the record, compared with the record and with each other.
    least
        Proposals below this score are left out.
    """
    record = {e.id: e for e in free([*case.events.values(), *events])}
    names = incidents_of(case)
    apart = _Apart(case, names)
    weigh = _Weigher(case)
    best: dict[tuple[str, str], MergeProposal] = {}
    members: dict[str, list[str]] = defaultdict(list)
    for name in record:
        members[names.get(name, name)].append(name)
    for one, other in _near_in_time(record.values()):
        a, b = names.get(one.id, one.id), names.get(other.id, other.id)
        key = (a, b) if a < b else (b, a)
        if a == b or key in apart:
            continue
        points = weigh(one, other)
        if points is None:
            continue
        score = min(max(sum(value for value, _ in points) / MOST, 0.0), 1.0)
        if score < least or (key in best and best[key].score >= score):
            continue
        best[key] = MergeProposal(
            pair=(one.id, other.id),
            reports=(*members[a], *members[b]),
            score=round(score, 2),
            reasons=tuple(text for value, text in points if value > 0),
            against=tuple(text for value, text in points if value <= 0),
        )
    return tuple(sorted(best.values(), key=lambda p: (-p.score, p.pair)))


class _Apart:
    """Happenings that somebody decided to be several: those that one decision names are apart from each other."""

    def __init__(self, case: Case, names: Mapping[str, str]) -> None:
        self._decisions: dict[str, list[frozenset[str]]] = defaultdict(list)  # of each happening
        for incident in case.incidents.values():
            if incident.apart:
                happenings = frozenset(names.get(report, report) for report in incident.reports)
                for name in happenings:
                    self._decisions[name].append(happenings)

    def __contains__(self, pair: tuple[str, str]) -> bool:
        one, other = pair
        return any(other in decision for decision in self._decisions.get(one, ()))

    def undecided(self, happenings: Collection[str]) -> list[str]:
        """Return which of several happenings are not decided to be apart from all others of them, in alphabet order."""
        every = frozenset(happenings)
        among: dict[frozenset[str], frozenset[str]] = {}  # of each decision, those it names of them

        def is_open(name: str) -> bool:
            apart: frozenset[str] = frozenset((name,))
            for decision in self._decisions.get(name, ()):
                if decision not in among:
                    among[decision] = decision & every
                apart = among[decision] if len(apart) == 1 else apart | among[decision]
            return len(apart) < len(every)

        return sorted(filter(is_open, every))


def _near_in_time(events: Iterable[Event]) -> Iterator[tuple[Event, Event]]:
    """Yield pairs of events of which one may have happened on the day of the other, or on the next day."""
    short: list[tuple[date, date, Event]] = []
    long: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        start, end = event.date.start, event.date.end
        if start is None or end is None or (end - start).days >= LONGEST:
            long[event.date.text].append(event)
        else:
            short.append((start, end, event))
    for same in long.values():
        yield from combinations(same, 2)
    short.sort(key=lambda item: (item[0], item[2].id))
    open_: list[tuple[date, date, Event]] = []
    for item in short:
        open_ = [other for other in open_ if other[1] >= item[0] - timedelta(days=1)]
        yield from ((other[2], item[2]) for other in open_)
        open_.append(item)


class _Weigher:
    """Points of a pair of events, or None where they cannot be one happening."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.claims = _claims_by_event(case)
        self.link = linker(case)
        self.carriers: dict[str, tuple[str, ...]] = {}

    def __call__(self, a: Event, b: Event) -> list[Points] | None:
        kind = _type_points(a.type, b.type)
        if kind is None:
            return None
        place = self._place(a, b)
        if place is None:
            return None
        return [_day_points(a.date, b.date), place, kind, *_number_points(a, b), *self._parties(a, b), *self._way(a, b)]

    def _place(self, a: Event, b: Event) -> Points | None:
        if a.place and b.place:
            if both := [p for p in a.place if p in b.place]:
                return 30, f"both at {self._names(both)}"
            ways = ((_apart(self.case, p, q), p, q) for p in a.place for q in b.place)
            km, p, q = min(((km, p, q) for km, p, q in ways if km is not None), default=(math.inf, "", ""))
            if km == math.inf or km > NEAR_KM + _slack(self.case, p, q):
                return None
            points = 20 if _slack(self.case, p, q) <= PLACED_KM else 10
            return points, f"{self._names([p])} and {self._names([q])}: {km:.1f} km apart, within the accuracy"
        areas = [x for x in _areas(self.case, a) if x in _areas(self.case, b)]
        if areas:
            return 10, f"both in {listing(areas)}, and one names no nearer place"
        if _areas(self.case, a) and _areas(self.case, b):
            return None
        if alike_places(a, b):
            return 4, "neither names a place"
        return 4, "one names no place"

    def _names(self, places: Sequence[str]) -> str:
        return listing(self.case.places[p].name if p in self.case.places else p for p in places)

    def _parties(self, a: Event, b: Event) -> Iterator[Points]:
        for one, other, word in ((a.actor, b.actor, "who did it"), (a.target, b.target, "to whom")):
            mine, theirs = _parties_of(one), _parties_of(other)
            if mine and theirs:
                who = listing(party_name(p, self.case.actors) for p in sorted(mine & theirs))
                if mine == theirs:
                    yield 8, f"the same of {word}: {who}"
                elif mine & theirs:
                    yield 4, f"partly the same of {word}: {who}"
                else:
                    names = (listing(party_name(p, self.case.actors) for p in sorted(side)) for side in (mine, theirs))
                    yield -4, f"they differ in {word}: {' / '.join(names)}"
            elif mine or theirs:
                yield 2, f"one does not say {word}"

    def _way(self, a: Event, b: Event) -> Iterator[Points]:
        """Yield what their sources share: a report that relays another tells it again, a list tells each once."""
        if cites(a.source, b.source) or cites(b.source, a.source):
            yield 25, "the source of one says that it cites that of the other"
            return
        links = [
            link
            for x in self.claims.get(a.id, ())
            for y in self.claims.get(b.id, ())
            if x.id != y.id and (link := self.link(x.id, y.id))
        ]
        shared = next((link for link in links if link.reason not in ("document", "author", "office")), None)
        pages = _addresses(a.source) & _addresses(b.source)
        if shared is not None and not pages:
            name = self.case.sources[shared.shared].name if shared.shared in self.case.sources else shared.shared
            yield 20, f"both go back to {name}"
        elif pages or any(link.reason == "document" for link in links):
            yield -25, "both stand on one page, which may list two events"
        elif a.source and a.source == b.source:
            yield -30, "both come from one list, which may tell each happening once"


def alike_places(a: Event, b: Event) -> bool:
    """Whether neither of two events names a place, sector or zone."""
    return not any((a.place, b.place, a.sector, b.sector, a.zone, b.zone))


def _day_points(a: When, b: When) -> Points:
    if a == b and a.is_day:
        return 30, f"the same day, {when(a)}"
    if a.possibly_within(b.start, b.end):
        return 18, f"days that meet: {when(a)} and {when(b)}"
    return 8, f"a day apart: {when(a)} and {when(b)}"


def _type_points(a: str, b: str) -> Points | None:
    a, b = a.removesuffix(NOT_TOLD), b.removesuffix(NOT_TOLD)
    if a == b:
        return 20, f"the same type, {a}"
    if is_a(a, b) or is_a(b, a):
        return 16, f"{a} and {b}: one is a kind of the other"
    common = next((kind for kind in lineage(a) if kind in lineage(b)), None)
    return (6, f"{a} and {b}: both {common}") if common else None


def _number_points(a: Event, b: Event) -> Iterator[Points]:
    one, other = _number(a), _number(b)
    if one is None or other is None:
        return
    if a.counted != b.counted and a.counted and b.counted:
        yield 0, f"they count different things: {a.counted} and {b.counted}"
        return
    words = f"{_amount(a)} and {_amount(b)}"
    if one == other:
        yield 12, f"the same number, {_amount(a)}"
    elif one[0] <= other[1] and other[0] <= one[1]:
        yield 10, f"numbers that meet: {words}"
    else:
        low, high = sorted((sum(one) / 2, sum(other) / 2))
        ratio = high / low if low > 0 else math.inf
        if ratio <= CLOSE:
            yield 8, f"numbers near each other: {words}"
        else:
            yield (-20 if ratio > FAR else -6), f"numbers far apart: {words}"


def _number(event: Event) -> tuple[float, float] | None:
    if event.low is None and event.high is None:
        return None
    low = event.low if event.low is not None else event.high
    high = event.high if event.high is not None else event.low
    return float(low or 0), float(high or 0)


def _amount(event: Event) -> str:
    """Return the number an event tells, in words; empty where it tells none."""
    bounds = _number(event)
    if bounds is None:
        return ""
    low, high = (f"{value:,.0f}" if value == int(value) else f"{value:g}" for value in bounds)
    text = low if low == high else f"{low} to {high}"
    text = f"at least {low}" if event.high is None else f"at most {high}" if event.low is None else text
    return f"{text} {event.counted}".strip()


def _parties_of(parties: Iterable[str]) -> set[str]:
    return {bare(p) if not is_unknown(p) else p for p in parties}


def _areas(case: Case, event: Event) -> list[str]:
    """Return the sectors and zones of an event: those it names, and those of its places."""
    own = [case.places[p].sector for p in event.place if p in case.places]
    return list(dict.fromkeys(x for x in (*event.sector, *event.zone, *own) if x))


def _apart(case: Case, one: str, other: str) -> float | None:
    """Return how many kilometres lie between two places; None where one has no coordinates."""
    if one not in case.places or other not in case.places:
        return None
    a, b = case.places[one], case.places[other]
    lat1, lat2 = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


def _slack(case: Case, one: str, other: str) -> float:
    return case.places[one].accuracy_km + case.places[other].accuracy_km


def _addresses(source: str) -> set[str]:
    return {word.strip(".,;()") for word in source.split() if "://" in word}


def _claims_by_event(case: Case) -> dict[str, list[Claim]]:
    """Return the claims that tell each event, without denials of it."""
    by_event: dict[str, dict[str, Claim]] = defaultdict(dict)
    for event in case.events.values():
        by_event[event.id] |= {c: case.claims[c] for c in event.claims if c in case.claims}
    for claim in case.claims.values():
        if isinstance(claim.says, EventSaid) and claim.says.recorded and claim.realis in ("asserted", "alleged"):
            by_event[claim.says.recorded][claim.id] = claim
    return {name: [c for c in claims.values() if c.realis != "denied"] for name, claims in by_event.items()}


# What an incident is: its reports, what they share, where they differ and who says which, and what became of it.


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IncidentVersion(OneLine):
    """What some reports of an incident say of one thing: the value in words, the events, and who says it."""

    value: str
    reports: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Happening(OneLine):
    """An incident as a person reads it.

    ``differences`` holds what its reports do not agree on (day, type, place, who did it, to whom, number), each with
    its versions; ``low`` and ``high`` are the least and the most that one of them counts. ``decision`` is how they were
    joined: by whom, on which day and why, or by rule.
    """

    id: str
    title: str
    reports: tuple[str, ...]
    dates: tuple[str, ...]
    types: tuple[str, ...]
    places: tuple[str, ...]
    low: float | None
    high: float | None
    counted: tuple[str, ...]
    by: tuple[str, ...]  # who tells it
    differences: dict[str, tuple[IncidentVersion, ...]]
    status: str
    found_by: str
    attributed: tuple[str, ...]
    violation: str
    withdrawn: str
    response_asked: str
    response_given: str
    decision: tuple[str, ...]
    claims: tuple[str, ...]
    note: str


def who_reports(case: Case, event: Event, claims: Iterable[Claim]) -> tuple[str, ...]:
    """Return who tells an event, by name: the innermost sources of its claims, or what publishes its source."""
    names = [origin(case, claim) for claim in claims]
    names = [case.sources[name].name if name in case.sources else name for name in names]
    if not names:
        names = [
            case.sources[c.name].name if c.name in case.sources else c.name for c in standing_of(case, event.source)
        ]
    if not names and event.source.strip():
        names = [re.split(r"\s*[;(]", event.source.strip())[0][:60]]
    return tuple(dict.fromkeys(name for name in names if name))


def happenings(case: Case, events: Iterable[Event] = (), *, every: bool = False) -> RecordList[Happening]:
    """Return the incidents that several reports tell or that a record speaks of, by day.

    Reports that may not be passed on are counted and left out.

    Parameters
    ----------
    case : Case
        A case without errors.
    events : iterable of Event
        Those of a log beside the record.
    every : bool
        Also incidents that a single report tells.

    Returns
    -------
    RecordList of Happening

    Raises
    ------
    StandoffError
        For a case with errors.

    Examples
    --------
    >>> import standoff as so
    >>> so.incidents(so.load("idlib"))
    <7 of Happening>
    """
    refuse_errors(case)
    record = {**case.events, **{e.id: e for e in events}}
    names = incidents_of(case)
    groups: dict[str, list[Event]] = defaultdict(list)
    hidden: Counter[str] = Counter()
    for event in record.values():
        name = names.get(event.id, event.id)
        if is_free(event):
            groups[name].append(event)
        else:
            hidden[name] += 1
    decisions: dict[str, list[Incident]] = defaultdict(list)
    for incident in case.incidents.values():
        if not incident.apart and incident.reports:
            decisions[names.get(incident.reports[0], incident.reports[0])].append(incident)
    by_event = _claims_by_event(case)
    rows = [
        _happening(case, name, some, decisions.get(name, []), by_event, hidden[name])
        for name, some in groups.items()
        if every or len(some) + hidden[name] > 1 or name in decisions
    ]
    return RecordList(sorted(rows, key=lambda row: (row.dates[0], row.id)))


def _happening(
    case: Case,
    name: str,
    events: list[Event],
    decisions: list[Incident],
    by_event: Mapping[str, list[Claim]],
    hidden: int = 0,
) -> Happening:
    by = {e.id: who_reports(case, e, by_event.get(e.id, ())) for e in events}
    bounds = [b for e in events if (b := _number(e)) is not None]
    latest = max(decisions, key=_last_word, default=None)
    spoken = [d for d in decisions if d.status != Status.ALLEGED or d.found_by]
    status = max(spoken, key=_last_word, default=latest)
    words = {k: next((v for d in reversed(decisions) if (v := getattr(d, k))), "") for k in _LIFE}
    return Happening(
        id=name if not hidden or any(e.id == name for e in events) else events[0].id,
        title=next((d.title for d in decisions if d.title), _title(case, events)),
        reports=(*(e.id for e in events), *([f"{hidden}{RESTRICTED}"] if hidden else [])),
        dates=tuple(sorted({str(e.date) for e in events})),
        types=tuple(dict.fromkeys(e.type for e in events)),
        places=tuple(dict.fromkeys(_where(case, e) for e in events)),
        low=min((b[0] for b in bounds), default=None),
        high=max((b[1] for b in bounds), default=None),
        counted=tuple(dict.fromkeys(e.counted for e in events if e.counted)),
        by=tuple(dict.fromkeys(who for names in by.values() for who in names)),
        differences=_differences(case, events, by) if len(events) > 1 else {},
        status=(status.status if status else Status.ALLEGED).value,
        found_by=status.found_by if status else "",
        attributed=status.attributed if status else (),
        violation=words["violation"],
        withdrawn=str(words["withdrawn"]),
        response_asked=words["response_asked"],
        response_given=words["response_given"],
        decision=tuple(_decision(d) for d in decisions if d.joins) or _rule(events),
        claims=tuple(dict.fromkeys(c for d in decisions for c in d.claims)),
        note=words["note"],
    )


def _title(case: Case, events: list[Event]) -> str:
    """Return the title of a happening that nobody gave one: what its versions have in common, and no version's words.

    The title of one version would take its side: it may name who did it where another names somebody else.
    """
    if len(events) == 1 or len({e.title for e in events}) == 1:
        return events[0].title
    types = list(dict.fromkeys(e.type for e in events))
    common = next((t for t in lineage(types[0]) if all(is_a(one, t) for one in types)), "")
    what = (common or "an event").removesuffix(NOT_TOLD).replace("-", " ")
    places = {_where(case, e) for e in events} - {""}
    where = f" at {places.pop()}" if len(places) == 1 else ""
    return f"{what[:1].upper()}{what[1:]}{where}, told in {len(events)} versions"


_LIFE = ("violation", "withdrawn", "response_asked", "response_given", "note")


def _last_word(incident: Incident) -> date:
    return (incident.on.end if incident.on else None) or date.min


def _decision(incident: Incident) -> str:
    who, day = incident.by or "nobody who is named", f" on {when(incident.on)}" if incident.on else ""
    return f"joined by {who}{day}{f': {incident.why}' if incident.why else ''}"


def _rule(events: list[Event]) -> tuple[str, ...]:
    if len(events) < 2:
        return ()
    if any(e.variant_of for e in events):
        return ("marked as versions of one happening (variant_of); nobody is named who decided it",)
    return ("by rule: the source of one row says that it cites the other, which is equal",)


def _where(case: Case, event: Event) -> str:
    names = [case.places[p].name if p in case.places else p for p in event.place]
    if names:
        return ", ".join(names)
    titles = {zone.id: zone.title for zone in case.zones if zone.title}
    return ", ".join([*event.sector, *(titles.get(zone, zone) for zone in event.zone)])


def _differences(
    case: Case, events: list[Event], by: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[IncidentVersion, ...]]:
    def named(parties: tuple[str, ...]) -> str:
        return listing(party_name(p, case.actors) for p in parties)

    ways: tuple[tuple[str, Callable[[Event], str]], ...] = (
        ("day", lambda e: when(e.date)),
        ("type", lambda e: e.type),
        ("place", lambda e: _where(case, e)),
        ("who did it", lambda e: named(e.actor)),
        ("to whom", lambda e: named(e.target)),
        ("number", _amount),
    )
    differences: dict[str, tuple[IncidentVersion, ...]] = {}
    for what, way in ways:
        values: dict[str, list[str]] = {}
        for event in events:
            values.setdefault(way(event) or "not said", []).append(event.id)
        if len(values) > 1:
            differences[what] = tuple(
                IncidentVersion(
                    value=value,
                    reports=tuple(ids),
                    by=tuple(dict.fromkeys(who for event in ids for who in by[event])),
                )
                for value, ids in values.items()
            )
    return differences


# Decisions: a record for each, written below the others.


def decide(
    case: Case,
    reports: Sequence[str],
    *,
    apart: bool,
    by: str,
    why: str,
    on: date,
    events: Iterable[Event] = (),
) -> Incident:
    """Return the record of a decision that some reports tell one happening, or several (``apart``).

    Raises StandoffError where a report does not exist, nobody decides or no reason is given, or where an earlier
    decision says the opposite.
    """
    known = {*case.events, *(e.id for e in events)}
    option = "--apart" if apart else "--merge"
    problems = []
    for report in reports:
        if report not in known:
            problems.append(
                Problem(option, 0, f"there is no event {report!r}", "ids of events", nearest(report, known))
            )
    if len(set(reports)) < 2:
        problems.append(Problem(option, 0, f"{count(len(set(reports)), 'report')} given", "two or more ids of events"))
    for name, value, expected in (
        ("--by", by, "who decides: a name or a role"),
        ("--why", why, "the reason, in a sentence"),
    ):
        if not value.strip():
            problems.append(Problem(name, 0, "this is missing", expected))
    names = incidents_of(case)
    happenings_met = sorted({names.get(r, r) for r in reports})
    against = _Apart(case, names)
    if not problems and apart and len(happenings_met) < len(set(reports)):
        what = f"{listing(reports)} are joined, by {', '.join(n for n in happenings_met)}"
        problems.append(Problem(option, 0, what, "reports of several happenings; --undo ID takes a decision back"))
    elif not problems and not apart and len(happenings_met) < 2:
        problems.append(Problem(option, 0, f"{listing(reports)} are joined already", "reports of several happenings"))
    elif (
        not problems
        and not apart
        and (pair := next((p for p in combinations(happenings_met, 2) if p in against), None))
    ):
        what = f"{pair[0]} and {pair[1]} are decided to be apart"
        problems.append(Problem(option, 0, what, "others; --undo ID takes a decision back"))
    if problems:
        raise StandoffError(problems)
    return Incident(
        id=_free_name(case, "apart" if apart else "one", reports[0]),
        reports=tuple(dict.fromkeys(reports)),
        apart=apart,
        by=" ".join(by.split()),
        on=When.parse(on),
        why=" ".join(why.split()),
    )


def _free_name(case: Case, word: str, first: str) -> str:
    base = re.sub(r"[^a-z0-9-]+", "-", f"{word}-{first}".lower()).strip("-")
    taken = {*case.incidents, *case.events}
    return next(n for n in (base, *(f"{base}-{k}" for k in range(2, len(taken) + 3))) if n not in taken)


# What looks like one happening and is counted as several.


@register("commitments", "incidents-alike")
def check_alike(case: Case) -> Iterator[Problem]:
    """Rows that are equal in day, place, parties, type and number are joined, or decided to be apart."""
    rows: dict[tuple[object, ...], list[Event]] = defaultdict(list)
    for event in case.events.values():
        if event.date.is_day:
            rows[alike(event)].append(event)
    names = incidents_of(case)
    apart = _Apart(case, names)
    for some in rows.values():
        happening = {names[e.id]: e for e in some}
        if open_ := apart.undecided(happening):
            ids = [happening[name].id for name in open_]
            what = f"{listing(ids)} look like one happening: equal in day, place, parties, type and number"
            expected = "a decision, joined or apart"
            hint = (
                f"standoff incidents {case.root.name} --propose shows why, --merge or --apart {','.join(ids)} keeps it"
            )
            yield at(case, Kind.EVENTS, ids[-1], what, expected=expected, hint=hint, severity="warning")
