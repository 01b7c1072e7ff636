"""A monitor's daily report as plain data: what is new, what it bears on, the trend, what is disputed or unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from standoff.case.claims import AccountKind
from standoff.case.model import NO_NAME, Case, Event, is_unknown, may_have_begun, party_name, two_sided
from standoff.case.reports import Status, incidents_of
from standoff.case.restrictions import FEW, NO_AREA, areas_to_name, is_free
from standoff.case.terms import Commitment, CommitmentKind
from standoff.case.vocabulary import MEASURES, NOT_TOLD, is_a, parent_of
from standoff.commitments.engine.states import CONTESTED, STATES, UNKNOWN, pooled_verdict, words
from standoff.commitments.ledger import Bar, Row, bars, duty_of, rows
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.observance import observance_data, observances
from standoff.commitments.patterns.zones import EARLIEST, LATEST, Geography, Version, is_spot
from standoff.commitments.reasons import doubt, events_counting, is_late
from standoff.evidence.accounts import known_by
from standoff.evidence.independence import origin
from standoff.evidence.standing import UNSOURCED, accuses, carrier_names, doubt_in_words, speaks_for
from standoff.evidence.statements import denials_of
from standoff.intake.logs import log_alone, open_log
from standoff.text.sentences import count, listing, when
from standoff.values import When, as_day, clock_minutes, moment

_SAYS = {"when": "meets the condition of", "then": "does what is owed by", "bad": "forbidden by"}
_LATE_THREAT = "is such an act, after the last day of"
_AGAINST = "against the result of the effort owed by"


def daily(
    case: Case,
    accounts: Sequence[str] | None = None,
    *,
    on: date | str | None = None,
    as_of: date | str | None = None,
    days: int = 1,
    ahead: int = 14,
    events: Sequence[Event] | str | Path | None = None,
    areas: Mapping[str, str] | None = None,
    evaluation: Evaluation | None = None,
) -> dict[str, Any]:
    """Return the report of the ``days`` that end on ``on``, as known at the end of that day unless ``as_of`` is later.

    Parameters
    ----------
    case
        With the places of the log, where one is given as records.
    accounts
        Whose verdicts are reported; by default the record and whoever speaks.
    on, days, ahead
        The last day (default: the last with a report), how many days are reported, and how many ahead are looked at
        for what falls due.
    as_of
        The day up to which reports are known.
    events
        A log beside the record: a file of others, a log of the case by its name, or records. Its rows alone are then
        counted: the record may tell the same happenings. Default: the log of a case that holds no event of its own.
    areas
        The area of each row of the log, as its source names it.
    evaluation
        A finished run on the same day that holds these accounts: then none is made.

    Raises
    ------
    StandoffError
        For an unknown account, a file that cannot be read, or when ``as_of`` lies before ``on``.

    Returns
    -------
    dict
        As ``standoff daily --json`` prints it.

    Examples
    --------
    >>> import standoff as so
    >>> sheet = so.daily(so.load("idlib"), on="2020-02-10")
    >>> str(sheet["from"]), str(sheet["on"])
    ('2020-02-10', '2020-02-10')
    """
    if events is None:
        events = log_alone(case)
    if isinstance(events, str | Path):
        log = open_log(case, events)
        case, events, areas = log.added_to(case), log.events, log.areas
    as_of, last = as_day(as_of, "as_of"), as_day(on, "on")
    on = last if last is not None else last_report(case, events or ())
    if evaluation is None:
        evaluation = evaluate(
            case, accounts, on=on, as_of=on if as_of is None else as_of, events=as_read_now(events, as_of)
        )
    own = [a for a in evaluation.accounts if accounts is None or a in accounts] or list(evaluation.accounts)
    speaking = [a for a in evaluation.statements if accounts is None or a in accounts]
    first, before = on - timedelta(days=days - 1), on - timedelta(days=2 * days - 1)
    events_by_id = {r.event.id: r.event for a in own for r in evaluation.reports[a] if r.asserted}
    on_days = {name: day_of_report(case, event) for name, event in events_by_id.items()}
    now = [e for e in events_by_id.values() if on_days[e.id].possibly_within(first, on)]
    counts = _Counts(evaluation, _once(case, _counted_rows(evaluation, events_by_id.values())), on, days, areas or {})
    table = [
        row
        for row in rows(evaluation)
        if row.account_kind != AccountKind.STATEMENT and row.account in own  # statements have no deadlines
    ]
    bears = _provisions(evaluation, own, {e.id for e in now})
    versions = _Versions(evaluation, own, speaking)
    return {
        "case": case.about.title,
        "on": on.isoformat(),
        "as_of": (as_of or on).isoformat(),
        "from": first.isoformat(),
        "days": days,
        "ahead": ahead,
        "cutoff": case.about.day_ends,
        "zone": case.about.timezone,
        "before": {"from": before.isoformat(), "to": (first - timedelta(days=1)).isoformat()},
        "accounts": [{"id": a, "title": case.accounts[a].title, "kind": _kind(case, a)} for a in (*own, *speaking)],
        "events": [
            {**versions.event(e), **counts.of_event(e), "bears_on": bears.get(e.id, [])}
            for e in sorted(now, key=lambda e: _order(case, e))
        ],
        "trend": _trend(counts.within(first, on), counts.within(before, first - timedelta(days=1))),
        "counted": bool(events) or _covered(case, before, on),
        "compared": counts.compared(bool(events)),
        "log_ends": counts.log_end(bool(events)),
        "by_sector": _sectors(
            evaluation.matcher.geography,
            [e for e in counts.within(first, on) if is_incident(e.type)],
            [e for e in counts.within(before, first - timedelta(days=1)) if is_incident(e.type)],
        ),
        "incidents": counts.incidents(),
        "areas": counts.by_area(),
        "explosions": counts.explosions(),
        "parties": counts.parties(),
        "acts": counts.acts(),
        "tellers": counts.tellers(),
        "asks": bool(case.commitments),
        "weapons": counts.of_kinds((WEAPONS,)),
        "access": counts.of_kinds(ACCESS),
        "promises": len(case.commitments),
        "bearing": _bearing(bears),
        "casualties": counts.casualties(),
        "chart": counts.chart(),
        "changed": _changed([bar for bar in bars(evaluation) if bar.account in own], first, on, evaluation, table),
        "due": _due(case, table, on, ahead),
        "disputed": _open(case, table, CONTESTED),
        "unknown": [o for o in _open(case, table, UNKNOWN) if not o["undecidable"]],
        "undecidable_titles": {o["commitment"]: o["title"] for o in _open(case, table, UNKNOWN) if o["undecidable"]},
        "undecidable": sorted({o["commitment"] for o in _open(case, table, UNKNOWN) if o["undecidable"]}),
        "observance": _observance(evaluation),
        "unwatched": _unwatched(case, first, on),
        "credits": credits_of(case, now),
        "disclaimer": case.about.disclaimer,
        **({"caution": case.caution} if case.warnings else {}),
    }


def _order(case: Case, event: Event) -> tuple[str, int, str]:
    """Return what puts events in order: day, hour of the case where one is given, id."""
    if not event.hour or event.date.start is None:
        return str(event.date), 24 * 60 + 1, event.id
    day, minute = moment(event.date.start, event.hour, case.about.timezone, case.about.timezone)
    return day.isoformat(), minute, event.id


def as_read_now(events: Sequence[Event] | None, as_of: date | None) -> Sequence[Event] | None:
    """Return the rows of a log as it stands now; when each was known counts where a day is asked for."""
    return [replace(e, known=None) for e in events] if as_of is None and events else events


def last_report(case: Case, events: Iterable[Event] = ()) -> date:
    """Return the last day of reports: of those that name a day, else of any; the last of the period where none is.

    Of a log, where one is given: its day is asked for, and the record may go on for longer. Of a record only what was
    known by the end of its own day counts: a report of that day holds nothing else.
    """
    rows_of_log = list(events)
    own = [e for e in case.events.values() if e.date.end and known_by(e, e.date.end) and e.sourcing != UNSOURCED]
    days = [day_of_report(case, e) for e in rows_of_log or own]
    exact = [d.end for d in days if d.is_day and d.end]
    any_ = exact or [d.end for d in days if d.end]
    last = max(any_, default=case.about.period.end or case.about.start.start or date.min)
    return min(last, case.about.period.end or last)


def credits_of(case: Case, events: Iterable[Event]) -> list[str]:
    """Return whose licences ask to be named: that of the case, and those of the rows that are counted."""
    own = [case.about.licence] if case.about.licence else []
    return [*own, *sorted({e.licence for e in events if e.licence} - set(own))]


# What is counted: each happening once, on the day that its source gives, and apart from it what may lie in the period.


EXPLOSIVE = ("shelling", "strike", "bombing")  # with their kinds: what explodes
VIOLENT = ("assault", "border-incident")
WEAPONS = "heavy-weapons-presence"
ACCESS = ("obstruction", "border-closed", "encirclement", "access-granted", "corridor-opened", "transit-restored")
ACCUSES = (*VIOLENT, "breach", "encirclement", "arrest", "property-damage", "border-closed")
# what is told and is no incident: talk, agreements and what is done under them, posture, protest without violence
NOT_INCIDENTS = (
    "summit", "talks-failed", "statement", "diplomacy", "agreement", "ceasefire-end", "deadline", "compliance",
    "suspension", "operation-postponed", "deployment", "withdrawal", "recruitment", "arms-transfer", "sanction", "aid",
    "aid-cut", "border-opened", "road-opened", "displacement", "return", "development", "protest",
)  # fmt: skip
NO_PLACE = "no place told"
BUT_INCIDENTS = ("violent-demonstration",)
CASUALTIES = tuple(m for m in MEASURES if m.startswith(("deaths", "wounded", "injuries")))
CHART_DAYS = 90
DECIMALS = 2  # of degrees: 1.1 km
SLACK = timedelta(days=7)  # a log that begins or ends within a week of a period spans it
NOBODY, NOT_KNOWN = "nobody is named", "not known to the case"


def is_any(kind: str, kinds: Iterable[str]) -> bool:
    """Whether a type of event is one of some kinds."""
    return any(is_a(kind.removesuffix(NOT_TOLD), k) for k in kinds)


def is_incident(kind: str) -> bool:
    """Whether an event of a type is counted as an incident; a type that the list does not have is."""
    return is_any(kind, BUT_INCIDENTS) or not is_any(kind.removesuffix(NOT_TOLD), NOT_INCIDENTS)


def weapon_of(kind: str) -> str:
    """Return with what an explosion was made, as a type of event; empty for what does not explode."""
    kind = kind.removesuffix(NOT_TOLD)
    return kind.partition("/")[0] if is_any(kind, EXPLOSIVE) else ""


def _counted_rows(evaluation: Evaluation, events: Iterable[Event]) -> list[Event]:
    """Return the rows of the log where one is read, else those of the record."""
    return [e for e in events if not evaluation.logged or e.id in evaluation.logged]


class _Counts:
    """Counts of a period and of the one before, of happenings that certainly lie in it and of those that may."""

    def __init__(
        self, evaluation: Evaluation, events: Sequence[Event], on: date, days: int, areas: Mapping[str, str]
    ) -> None:
        self.case, self.evaluation, self.events, self.areas = evaluation.case, evaluation, events, areas
        self.on, self.first = on, on - timedelta(days=days - 1)
        self.before = self.first - timedelta(days=days)
        self.day = {e.id: day_of_report(self.case, e) for e in events}
        self.ids = {e.id for e in events}
        self.names = incidents_of(self.case)
        self.denied = {r.event.id for a in evaluation.accounts for r in evaluation.reports[a] if r.denied} | {
            e.id for e in events if e.contested
        }
        self.status = {i: d for d in self.case.incidents.values() if not d.apart for i in d.reports}
        self.sectors = _sector_names(evaluation.matcher.geography)
        self.counted_under = areas_to_name(self.within(self.before, on), self.areas_of)

    def within(self, first: date, last: date) -> list[Event]:
        """Return what may have happened in a period."""
        return [e for e in self.events if self.day[e.id].possibly_within(first, last)]

    def _certainly(self, event: Event, first: date, last: date) -> bool:
        day = self.day[event.id]
        return bool(day.start and day.end and first <= day.start and day.end <= last)

    def _split(self, some: Iterable[Event]) -> dict[str, int]:
        """Count events of both periods, those of a certain day and the others."""
        counts = dict.fromkeys(("now", "now_possible", "before", "before_possible"), 0)
        for event in some:
            for name, first, last in (
                ("now", self.first, self.on),
                ("before", self.before, self.first - timedelta(days=1)),
            ):
                if self.day[event.id].possibly_within(first, last):
                    counts[name if self._certainly(event, first, last) else f"{name}_possible"] += 1
        return counts

    def compared(self, logged: bool) -> bool:
        """Whether the period before was watched, or the log reaches back to it."""
        if not logged:
            return _covered(self.case, self.before, self.on)
        # a row of a week or a month does not show that its first day was watched
        exact = [e.date.start for e in self.events if e.date.start and e.date.is_day]
        first = min(exact or [e.date.start for e in self.events if e.date.start], default=self.on)
        gap = min(SLACK, timedelta(days=(self.first - self.before).days // 7))
        return first - gap <= self.before and self.log_end(logged) is None

    def log_end(self, logged: bool) -> str | None:
        """Return the last day of a log that ends before the period does; None where it reaches its end."""
        last = max((e.date.start for e in self.events if e.date.start), default=None) if logged else None
        return last.isoformat() if last is not None and last + SLACK < self.on else None

    def incidents(self) -> dict[str, Any]:
        """Return how many happened, and how many of them gave no hour where a reporting day ends at one."""
        hours = sum(not e.hour for e in self.within(self.first, self.on)) if self.case.about.day_ends else 0
        aside = len(_once(self.case, [e for e in self._asserted() if e.id not in self.ids]))
        others = self._split(e for e in self.events if not is_incident(e.type))
        return {
            **self._split(e for e in self.events if is_incident(e.type)),
            "other_reports": others["now"] + others["now_possible"],
            "without_hour": hours,
            "of_the_case": aside,
        }

    def _asserted(self) -> list[Event]:
        if not self.evaluation.logged:
            return []
        telling = self.evaluation.reports[self.evaluation.accounts[0]]
        own = [r.event for r in telling if r.asserted and r.event.id not in self.evaluation.logged]
        return [e for e in own if day_of_report(self.case, e).possibly_within(self.first, self.on)]

    def areas_of(self, event: Event) -> list[str]:
        """Return the areas of a happening: as its source names it, else the area of the case it lies in."""
        named = self.areas.get(event.id)
        if named:
            return [named]
        found = [self.sectors(p) for p in event.place if p in self.case.places]
        found += [_area_name(s) for s in event.sector]
        titles = {z.id: z.title for z in self.case.zones}
        if not any(found):
            found = [titles.get(z.removeprefix("not "), z) for z in event.zone if not z.startswith("not ")]
        return list(dict.fromkeys(name for name in found if name)) or [NO_AREA]

    def by_area(self) -> list[dict[str, Any]]:
        """Return the counts of each area, the most first; what lies in two counts in both."""
        by: dict[str, list[Event]] = {}
        for event in self.within(self.before, self.on):
            for area in self.counted_under(event) if is_incident(event.type) else ():
                by.setdefault(area, []).append(event)
        return self._ordered(by, "area")

    def _ordered(self, by: Mapping[str, list[Event]], key: str) -> list[dict[str, Any]]:
        lines = [{key: name, **self._split(some)} for name, some in by.items()]
        return sorted(
            lines, key=lambda r: (r[key] in (FEW, NO_AREA), -r["now"], -r["now_possible"], -r["before"], str(r[key]))
        )

    def explosions(self) -> list[dict[str, Any]]:
        """Return the incidents with explosive weapons by weapon, and the explosions that sources count."""
        by: dict[str, list[Event]] = {}
        for event in self.within(self.before, self.on):
            if weapon := weapon_of(event.type):
                by.setdefault(weapon, []).append(event)
        lines = self._ordered(by, "weapon")
        for line in lines:
            numbered = [
                e
                for e in by[line["weapon"]]
                if e.counted in ("explosions", "explosion") and self._certainly(e, self.first, self.on)
            ]
            line["counted"] = (
                [_sum(e.low for e in numbered), _sum(e.high for e in numbered), len(numbered)] if numbered else None
            )
        return lines

    def of_kinds(self, kinds: Sequence[str]) -> dict[str, int]:
        """Return the counts of what is one of some kinds."""
        return self._split(e for e in self.within(self.before, self.on) if is_any(e.type, kinds))

    def parties(self) -> list[dict[str, Any]]:
        """Return, for each area and party, what it certainly did, as its source says, and what it possibly did.

        Certain: the source names it as who acted, and the day. Possible: a fight of which no source says who began
        it, a name that nobody has decided, a day that is not exact, or what somebody denies.
        """
        counts: dict[tuple[str, str], list[int]] = {}
        for event, doers in self._acts_within(self.first, self.on):
            for area in self.counted_under(event):
                for name, sure in doers.items():
                    counts.setdefault((area, name), [0, 0])[not sure] += 1
        totals: Counter[str] = Counter()
        for (area, _), (sure_, possible) in counts.items():
            totals[area] += sure_ + possible
        order = sorted(
            counts, key=lambda k: (k[0] in (FEW, NO_AREA), -totals[k[0]], k[0], k[1] == NOBODY, -sum(counts[k]), k[1])
        )
        return [{"area": a, "party": p, "certain": counts[a, p][0], "possible": counts[a, p][1]} for a, p in order]

    def acts(self) -> list[dict[str, Any]]:
        """Return, for each party, the acts of `parties` in this period and the one before, each act once."""
        counts: dict[str, list[int]] = {}
        for at, first, last in ((0, self.first, self.on), (2, self.before, self.first - timedelta(days=1))):
            for _, doers in self._acts_within(first, last):
                for name, sure in doers.items():
                    counts.setdefault(name, [0, 0, 0, 0])[at + (not sure)] += 1
        keys = ("certain", "possible", "certain_before", "possible_before")
        lines = [{"party": name, **dict(zip(keys, cells, strict=True))} for name, cells in counts.items()]
        return sorted(
            lines,
            key=lambda r: (r["party"] == NOBODY, -r["certain"] - r["possible"], -r["certain_before"], str(r["party"])),
        )

    def _acts_within(self, first: date, last: date) -> Iterator[tuple[Event, dict[str, bool]]]:
        """Yield each act of violence and breach of a period, with who did it, and whether that is certain."""
        for event in self.within(first, last):
            if not is_any(event.type, ACCUSES):
                continue
            sides = two_sided(event.actor, event.target)
            doers = dict.fromkeys(may_have_begun(event.actor, event.target) if sides else event.actor)
            names = {party_name(p, self.case.actors): is_unknown(p) for p in doers if p != NO_NAME} or {NOBODY: True}
            sure = not sides and self._certainly(event, first, last) and event.id not in self.denied
            yield event, {name: sure and not unknown for name, unknown in names.items()}

    def tellers(self) -> list[dict[str, Any]]:
        """Return who tells the acts of a log that are laid to one side: sources, whom they speak for, and how many.

        ``alone`` are those of its acts that no other source tells.
        """
        counts: dict[str, list[int]] = {}
        for event in self.within(self.first, self.on):
            if (
                event.id not in self.evaluation.logged
                or two_sided(event.actor, event.target)
                or not is_any(event.type, ACCUSES)
                or not event.actor
            ):
                continue
            names = own_sources(event)
            for name in names:
                cell = counts.setdefault(name, [0, 0])
                cell[0] += 1
                cell[1] += len(names) == 1
        voices = {
            name.casefold(): source.party
            for key, source in self.case.sources.items()
            for name in (key, source.name, *source.aliases)
        }
        return [
            {
                "source": name,
                "party": party_name(party, self.case.actors) if (party := voices.get(name.casefold())) else "",
                "known": name.casefold() in voices,
                "acts": acts,
                "alone": alone,
            }
            for name, (acts, alone) in sorted(counts.items(), key=lambda entry: (-entry[1][0], entry[0]))
        ]

    def casualties(self) -> list[dict[str, Any]]:
        """Return people killed and wounded in the period, confirmed (of incidents that were verified) and reported."""
        by: dict[tuple[str, str], dict[bool, list[tuple[float, float | None]]]] = {}
        groups: dict[str, list[Event]] = {}
        every = [r.event for r in self.evaluation.reports[self.evaluation.accounts[0]] if r.asserted]
        for event in _counted_rows(self.evaluation, every):
            groups.setdefault(self.names.get(event.id, event.id), []).append(event)
        for event in self.within(self.first, self.on):
            versions = groups.get(self.names.get(event.id, event.id), [event])
            measures = dict.fromkeys(e.counted for e in versions if e.counted in CASUALTIES)
            for measure in measures:
                same = [e for e in versions if e.counted == measure]
                low = min(e.low or 0 for e in same) if len(same) == len(versions) else 0
                highs = [e.high for e in same]
                high = None if None in highs else max(h for h in highs if h is not None)
                incident = self.status.get(event.id)
                verified = incident is not None and incident.status == Status.VERIFIED
                sure = self._certainly(event, self.first, self.on)
                by.setdefault((measure, "certain" if sure else "possible"), {}).setdefault(verified, []).append(
                    (low, high)
                )
        lines = []
        for measure in CASUALTIES:
            for day in ("certain", "possible"):
                cells = by.get((measure, day))
                if cells:
                    line = {"measure": measure, "day": day}
                    for verified, name in ((True, "confirmed"), (False, "reported")):
                        some = cells.get(verified, [])
                        line[name] = [_sum(low for low, _ in some), _sum(high for _, high in some), len(some)]  # type: ignore[assignment]
                    lines.append(line)
        return lines

    def chart(self) -> dict[str, Any]:
        """Return the incidents of each of 90 days: with explosive weapons, other violence, and the rest."""
        start = self.on - timedelta(days=CHART_DAYS - 1)
        layers: dict[date, list[int]] = {start + timedelta(days=n): [0, 0, 0] for n in range(CHART_DAYS)}
        inexact = 0
        for event in filter(lambda one: is_incident(one.type), self.within(start, self.on)):
            day = self.day[event.id]
            if not day.is_day or day.start is None:
                inexact += 1
                continue
            layers[day.start][0 if weapon_of(event.type) else 1 if is_any(event.type, VIOLENT) else 2] += 1
        return {"days": [[d.isoformat(), *counts] for d, counts in layers.items()], "inexact": inexact}

    def of_event(self, event: Event) -> dict[str, Any]:
        """Return what the annex says of an event beside its own words: where it lies, and how it is counted."""
        incident = self.status.get(event.id)
        day = self.day.get(event.id) or day_of_report(self.case, event)
        return {
            "areas": self.areas_of(event),
            "in_counts": event.id in self.ids,
            "incident": is_incident(event.type),
            "exact": bool(day.start and day.end and self.first <= day.start and day.end <= self.on),
            "status": incident.status.value if incident else Status.ALLEGED.value,
            "withdrawn": str(incident.withdrawn or "") if incident else "",
            "weapon": weapon_of(event.type),
            "group": "weapons" if is_any(event.type, (WEAPONS,)) else "access" if is_any(event.type, ACCESS) else "",
        }


def _area_name(sector: str) -> str:
    """Return an area of the case, which has an id and no title, as a name."""
    return sector.replace("-", " ").title() if sector == sector.lower() else sector


def _sum(values: Iterable[float | None]) -> float | None:
    """Return a sum; None where one of the values is open."""
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _sector_names(geography: Geography) -> Callable[[str], str]:
    areas = {s: (Version(s, EARLIEST, LATEST, None, None, sector=True),) for s in geography.sectors}

    @cache
    def name(place: str) -> str:
        if not is_spot(place):
            record = geography.case.places[place]
            return _area_name(geography.sector_of(place) or record.adm3 or "")
        near = [s for s in geography.sectors if any(geography.place_inside(v, place)[1] for v in areas[s])]
        words_near = " or ".join(map(_area_name, near))
        return f"near {words_near}" if near else ""

    return name


def _observance(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return how each prohibition in force is observed."""
    titles = {name: record.title for name, record in evaluation.case.commitments.items()}
    return [
        {"title": titles[name], **(observance_data(one) or {})}
        for name, one in observances(evaluation).items()
        if one.age <= (one.end - one.start).days
    ]


def day_of_report(case: Case, event: Event) -> When:
    """Return the day of the report that an event belongs to: the next one where its hour is after ``day_ends``.

    So mission reports count that run from evening to evening. An event without an hour stays on its day.
    """
    zone, ends = case.about.timezone, case.about.day_ends
    if not event.hour or not event.date.is_day or event.date.start is None:
        return event.date
    day, minute = moment(event.date.start, event.hour, zone, zone)
    late = bool(ends) and minute > clock_minutes(ends)
    return When.parse(day + timedelta(days=1) if late else day)


def _kind(case: Case, account: str) -> str:
    kind = case.accounts[account].kind
    return kind if kind in (AccountKind.RECORD, AccountKind.STATEMENT) else AccountKind.READING


def _provisions(evaluation: Evaluation, accounts: Sequence[str], ids: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what each event bears on; only what is beyond doubt for some account is stated, the rest is possible."""
    by_event: dict[str, dict[tuple[str, str], str]] = {}
    for slot, own in enumerate(evaluation.schedule.slots):
        if own.span or own.reading or evaluation.schedule.opens[slot] > evaluation.today:
            continue
        effort = duty_of(evaluation, slot) == "effort"
        for account, telling in zip(evaluation.accounts, evaluation.tellings, strict=True):
            if own.commitment in telling.off or account not in accounts:
                continue
            for c in events_counting(evaluation, slot, account):
                if c.event not in ids or c.role not in _SAYS:
                    continue
                late = is_late(evaluation, slot, account, c)  # what makes up for it comes when nothing is open
                if late or _stood(evaluation, slot, account, c.last, c.role):
                    role = "permitted by" if own.kind == CommitmentKind.PERMISSION else _SAYS[c.role]
                    role = _AGAINST if effort and c.role == "bad" else role
                    role = (_LATE_THREAT if own.adverse else "does, late, what was owed by") if late else role
                    roles, line = by_event.setdefault(c.event, {}), (own.commitment, role)
                    if roles.get(line) != "":
                        roles[line] = doubt(evaluation, slot, account, c)
    return {
        event: [
            {
                "commitment": name,
                "title": evaluation.case.commitments[name].title,
                "role": f"possibly {role}" if why else role,
                "certain": not why,
                "doubt": why,
            }
            for (name, role), why in some.items()
        ]
        for event, some in by_event.items()
    }


def _bearing(bears: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Return how many events bear on each commitment, those that certainly do apart from those that possibly do."""
    counts: dict[tuple[str, str, str], list[int]] = {}
    for some in bears.values():
        for one in some:
            key = (one["commitment"], one["title"], one["role"].removeprefix("possibly "))
            counts.setdefault(key, [0, 0])[not one["certain"]] += 1
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1][0], -entry[1][1], entry[0]))
    return [
        {"commitment": name, "title": title, "role": role, "certain": sure, "possible": possible}
        for (name, title, role), (sure, possible) in ordered
    ]


def _stood(evaluation: Evaluation, slot: int, account: str, day: int, role: str) -> bool:
    """Whether a commitment was monitored at the start of a day: open, and not yet closed for good."""
    # what is owed may be done after the last day of triggers
    grace = max(int(evaluation.schedule.within[slot]), 0) if role == "then" else 0
    if (
        not evaluation.schedule.opens[slot]
        <= day
        <= min(evaluation.today, int(evaluation.schedule.closes[slot]) + grace)
    ):
        return False
    states = [mark.state for mark in evaluation.marks.get((evaluation.columns(account)[1], slot), ()) if mark.day < day]
    return not states or STATES[states[-1]] not in ("superseded", "released", "cancelled", "expired")


class _Versions:
    """How accounts have an event: who denies it, and for whom it is open."""

    def __init__(self, evaluation: Evaluation, own: Sequence[str], speaking: Sequence[str]) -> None:
        self.evaluation = evaluation
        self.case = evaluation.case
        self.speaking = speaking
        self.denied: dict[str, list[str]] = {}
        self.silent: dict[str, list[str]] = {}
        for account in own:
            for r in evaluation.reports[account]:
                if r.denied:
                    self.denied.setdefault(r.event.id, []).append(account)
                if not r.asserted:
                    self.silent.setdefault(r.event.id, []).append(account)

    def _answer(self, event: Event) -> str:
        """Return what the accused answer; of a row of a log, for which nobody looked, only what is there."""
        words = answer_words(self.case, event) if is_free(event) else ""
        return "" if event.id in self.evaluation.logged and words == NO_ANSWER else words

    def event(self, event: Event) -> dict[str, Any]:
        """Return an event as plain data."""
        denied, silent = self.denied.get(event.id, []), self.silent.get(event.id, [])
        parties = [a for a in self.speaking if self.evaluation.statements[a].denied(event.id)]
        carriers = list(carrier_names(self.case, event))
        return {
            "id": event.id,
            "date": str(event.date),
            "hour": event.hour,
            "when": when(event.date),
            "type": event.type.removesuffix(NOT_TOLD),
            "title": event.title or event.type.replace("-", " "),
            "actor": [party_name(party, self.case.actors) for party in event.actor],
            "target": [party_name(party, self.case.actors) for party in event.target],
            "two_sided": two_sided(event.actor, event.target),
            "place": [_place(self.case, place) for place in event.place or event.sector or event.zone],
            "at": _rough(self.case, event),
            "place_names": [self.case.places[p].name for p in event.place if p in self.case.places],
            "local_names": [self.case.places[p].name_local for p in event.place if p in self.case.places],
            "low": event.low,
            "high": event.high,
            "measure": event.counted,
            "source": event.source,
            "carriers": carriers,
            "contested": doubt_in_words(self.case, event),
            "answer": self._answer(event),
            "denied_by": [*(a for a in denied if a in silent), *parties],
            "open_for": [a for a in denied if a not in silent],
            "restricted": not is_free(event),
        }


def _rough(case: Case, event: Event) -> list[float]:
    """Return (longitude, latitude) of the first place of an event, at the settlement and no finer; empty of none."""
    places = [case.places[p] for p in event.place if p in case.places]
    return [round(places[0].lon, DECIMALS), round(places[0].lat, DECIMALS)] if places else []


def _place(case: Case, place: str) -> str:
    """Return a place of the case by its id, and one made for coordinates by the name that the log has for it."""
    return case.places[place].name if is_spot(place) and place in case.places else place


def _family(kind: str) -> str:
    if is_any(kind, BUT_INCIDENTS):
        return kind
    step = kind
    while (parent := parent_of(step)) not in (None, "assault"):
        step = str(parent)
    return step


def _once(case: Case, events: Iterable[Event]) -> list[Event]:
    """Versions of one happening count once, as its first version."""
    first: dict[str, Event] = {}
    names = incidents_of(case)
    for event in events:
        first.setdefault(names.get(event.id, event.id), event)
    return list(first.values())


def _covered(case: Case, first: date, on: date) -> bool:
    """Whether a coverage record watched for everything, everywhere, on every day: then rows of the record are a count.

    Else they are a selection by whoever made the case.
    """
    return any(
        not r.types and not r.actor and not r.within and (r.from_.start or first) <= first and (r.to.end or on) >= on
        for r in case.coverage
    )


def _trend(now: Iterable[Event], then: Iterable[Event]) -> list[dict[str, Any]]:
    counts = Counter(_family(e.type) for e in now), Counter(_family(e.type) for e in then)
    kinds = sorted(set(counts[0]) | set(counts[1]), key=lambda k: (-counts[0][k], k))
    return [
        {"type": k, "now": counts[0][k], "before": counts[1][k], "change": counts[0][k] - counts[1][k]} for k in kinds
    ]


def _sectors(geography: Geography, now: Iterable[Event], then: Iterable[Event]) -> list[dict[str, Any]]:
    def sector(place: str) -> str:
        if is_spot(place):  # in no sector of the record
            near = [s for s in geography.sectors if any(geography.place_inside(v, place)[1] for v in areas[s])]
            return f"near {' or '.join(near)}" if near else "elsewhere"
        return geography.sector_of(place) or "elsewhere"

    def sectors_of(event: Event) -> list[str]:
        names = [sector(p) for p in event.place if p in geography.case.places]
        names += [s or "elsewhere" for s in event.sector]
        return list(dict.fromkeys(names)) or [NO_PLACE]

    areas = {s: (Version(s, EARLIEST, LATEST, None, None, sector=True),) for s in geography.sectors}
    every = list(now), list(then)
    counted_under = areas_to_name([*every[0], *every[1]], sectors_of, ("elsewhere", NO_PLACE))
    counts = tuple(Counter(name for e in some for name in counted_under(e)) for some in every)
    names = sorted(set(counts[0]) | set(counts[1]), key=lambda k: (-counts[0][k], k))
    return [{"sector": n, "now": counts[0][n], "before": counts[1][n]} for n in names]


def _changed(
    spans: Iterable[Bar], first: date, on: date, evaluation: Evaluation, table: Iterable[Row]
) -> list[dict[str, Any]]:
    case = evaluation.case
    out: dict[tuple[str, str, str, str, str, str], list[str]] = {}
    previous: dict[tuple[str, str, str, str], Bar] = {}
    for bar in spans:
        line = (bar.commitment, bar.key, bar.reading, bar.account)
        old = previous.get(line)
        previous[line] = bar
        was = old.verdict if old else "not-yet"
        if first <= bar.from_ <= on and was != bar.verdict and not bar.reading:
            change = (bar.commitment, bar.key, bar.reading, bar.from_.isoformat(), was, bar.verdict)
            out.setdefault(change, []).append(bar.account)
    last = {(row.commitment, row.key, row.account): row for row in table if not row.reading}
    events = {r.event.id: r.event for r in evaluation.reports[evaluation.accounts[0]]}
    changes = []
    for (name, key, _, day, was, now), accounts in sorted(out.items(), key=lambda item: (item[0][3], item[0][0])):
        row = next((last[name, key, a] for a in accounts if (name, key, a) in last), None)
        # a row rests on what decided its latest change; an earlier one in the period has no such list
        because = [events[e] for e in row.because if e in events] if row and row.verdict == now else []
        of_day = date.fromisoformat(day)  # what came later can be no reason of it
        because = [event for event in because if (event.date.start or date.min) <= of_day]
        changes.append(
            {
                "commitment": name,
                "title": case.commitments[name].title,
                "key": key,
                "place": case.places[key].name if key in case.places else key,
                "debtor": [case.actors[p].name if p in case.actors else p for p in case.commitments[name].debtor],
                "adverse": case.commitments[name].adverse,
                "date": day,
                "was": words(was, case.commitments[name].adverse, case.commitments[name].kind),
                "now": words(now, case.commitments[name].adverse, case.commitments[name].kind),
                "accounts": accounts,
                "why": rests_on(case, because, day=of_day),
                "rule": row.rule if row and row.verdict == now and not because else "",
            }
        )
    return changes


NAMES = 3  # publishers that one sentence names
ANSWER, NO_ANSWER = "answer: ", "answer of the accused: none found"
WITHHELD = "a report that its source does not allow to be passed on"


def own_sources(event: Event) -> list[str]:
    """Return the sources that a row names itself, which need not be addresses."""
    return [name.strip() for name in event.source.split(";") if name.strip()]


def carrier_words(case: Case, event: Event) -> str:
    """Return who reports an event, in words: ``according to A, B and 2 others``."""
    names = list(carrier_names(case, event)) or own_sources(event)
    if not names:
        return "no source is named"
    more = [count(len(names) - NAMES, "other")] if len(names) > NAMES else []
    return f"according to {listing([*names[:NAMES], *more])}"


def answer_words(case: Case, event: Event, *, denied: bool = True) -> str:
    """Return what the accused answer to an event, in words; empty where it accuses nobody.

    An answer stands in the row, or is a denial by who speaks for the accused; a denial by anybody else is named. With
    ``denied`` false none was known of yet.
    """
    if not accuses(event):
        return ""
    against = denials_of(case, event) if denied else ()
    own = [
        claim
        for claim in against
        if any(claim.chain[-1] == actor or speaks_for(case, claim.chain[-1], actor) for actor in event.actor)
    ]
    claims = [*(case.claims[c] for c in event.answer if c in case.claims), *own]
    if claims:
        return f"{ANSWER}{claims[0].text.rstrip('.')}"
    names = dict.fromkeys(origin(case, claim) for claim in against)
    others = f"denied by {listing([case.sources[n].name if n in case.sources else n for n in names])}" if names else ""
    known = [party for party in event.actor if not is_unknown(party)]
    return "; ".join(filter(None, (NO_ANSWER if known else "", others)))


def rests_on(case: Case, events: Sequence[Event], *, denied: bool = True, day: date | None = None) -> str:
    """Return what a change rests on, in words: the last event, who reports it, the answer of the accused.

    Of an event that may not be passed on nothing is said but that. An event that is not of the ``day`` of the change
    comes with its own day.
    """
    if not events:
        return ""
    event = next((e for e in reversed(events) if is_free(e)), events[-1])
    more = f" (and {count(len(events) - 1, 'other event')})" if len(events) > 1 else ""
    if not is_free(event):
        return WITHHELD + more
    title = (event.title or event.type.replace("-", " ")).rstrip(".")
    if day is not None and not event.date.start == event.date.end == day:
        title = f"{when(event.date)}: {title}"
    parts = [title, carrier_words(case, event), answer_words(case, event, denied=denied)]
    if denied and (doubt := doubt_in_words(case, event)):
        parts.append(f"contested: {doubt}")
    return "; ".join(filter(None, parts)) + more


def _due(case: Case, table: Iterable[Row], on: date, ahead: int) -> list[dict[str, Any]]:
    """Return what falls due, and the last days of what still waits for its condition, such as of a threat."""
    out: dict[tuple[str, str, str, bool], list[str]] = {}
    for row in table:
        if not row.own_reading or row.kind == CommitmentKind.RECURRENT:
            continue
        commitment = case.commitments[row.commitment]
        uncoded = commitment.then is None and commitment.forbid is None and row.state != "not-yet"
        waiting = row.due is None and (row.state == "conditional" or uncoded)
        last = _last_day(commitment) if waiting else row.due
        if last is not None and on <= last <= on + timedelta(days=ahead):
            out.setdefault((last.isoformat(), row.commitment, row.title, waiting), []).append(row.account)
    return [
        {"due": d, "commitment": c, "title": t, "waiting": waiting, "accounts": a}
        for (d, c, t, waiting), a in sorted(out.items())
    ]


def _last_day(commitment: Commitment) -> date | None:
    """Return the last day of a condition, or else of what then follows; None where none is set."""
    when = commitment.when.by if commitment.when is not None else None
    last = when or commitment.by
    return last.end if last is not None else None


def _open(case: Case, table: Iterable[Row], verdict: str) -> list[dict[str, Any]]:
    by: dict[tuple[str, str, str], dict[str, Row]] = {}
    for row in table:
        if not row.reading and row.state not in ("not-yet",):
            by.setdefault((row.commitment, row.key, row.title), {})[row.account] = row
    out = []
    for (name, key, title), group in by.items():
        skeptical, credulous = pooled_verdict(row.verdict for row in group.values())
        if skeptical == verdict:
            one = next((r for r in group.values() if r.verdict == verdict), next(iter(group.values())))
            verdicts = [words(v, one.adverse, one.kind) for v in credulous]
            rule = one.rule if len(credulous) == 1 else "accounts differ"
            none = case.commitments[name].then is None and case.commitments[name].forbid is None
            out.append(
                {"commitment": name, "key": key, "title": title, "said": verdicts, "rule": rule, "undecidable": none}
            )
    return out


def _unwatched(case: Case, first: date, on: date) -> list[str]:
    """Kinds of event that commitments ask about and that no coverage record watched on every day of the period."""
    from standoff.commitments.patterns.coverage import types_of

    asks: set[str] = set()
    for c in case.commitments.values():
        for pattern in (c.when, c.then, c.forbid):
            if pattern is not None:
                asks |= types_of(pattern) or frozenset()
    return sorted(t for t in asks if not _watched(case, t, first, on))


def _watched(case: Case, kind: str, first: date, on: date) -> bool:
    from standoff.commitments.patterns.coverage import covers

    return any(
        covers(r.types, kind) and (r.from_.start or first) <= first and (r.to.end or on) >= on for r in case.coverage
    )
