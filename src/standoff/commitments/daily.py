"""A monitor's daily report as plain data: what is new, what it bears on, the trend, what is disputed or unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from standoff.case.claims import AccountKind
from standoff.case.model import Case, Event, party_name, two_sided
from standoff.case.reports import incidents_of
from standoff.case.terms import CommitmentKind
from standoff.case.vocabulary import NOT_TOLD, parent_of
from standoff.commitments.engine.states import CONTESTED, STATES, UNKNOWN, pooled_verdict, words
from standoff.commitments.ledger import Bar, Row, bars, duty_of, rows
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.observance import observance_data, observances
from standoff.commitments.patterns.geography import EARLIEST, LATEST, Geography, Version, is_spot
from standoff.commitments.reasons import doubt, events_counting, is_late
from standoff.values import When, clock_minutes, moment

_SAYS = {"when": "meets the condition of", "then": "does what is owed by", "bad": "forbidden by"}
_AGAINST = "against the result of the effort owed by"


def daily(
    case: Case,
    accounts: Sequence[str] | None = None,
    *,
    on: date,
    as_of: date | None = None,
    days: int = 7,
    ahead: int = 14,
    events: Sequence[Event] | None = None,
) -> dict[str, Any]:
    """Return the report of the ``days`` that end on ``on``, as known at the end of that day unless ``as_of`` is later.

    Raises StandoffError for an unknown account, or when ``as_of`` lies before ``on``.
    """
    if as_of is None and events:  # a log is read as it stands now; when each row was known counts where it is asked
        events = [replace(e, known=None) for e in events]
    evaluation = evaluate(case, accounts, on=on, as_of=on if as_of is None else as_of, events=events)
    first, before = on - timedelta(days=days - 1), on - timedelta(days=2 * days - 1)
    events_by_id = {r.event.id: r.event for reports in evaluation.reports.values() for r in reports if r.asserted}
    now = [e for e in events_by_id.values() if day_of_report(case, e).possibly_within(first, on)]
    then = [
        e for e in events_by_id.values() if day_of_report(case, e).possibly_within(before, first - timedelta(days=1))
    ]
    table = [
        row for row in rows(evaluation) if row.account_kind != AccountKind.STATEMENT
    ]  # statements have no deadlines
    bears = _provisions(evaluation, {e.id for e in now})
    return {
        "case": case.about.title,
        "on": on.isoformat(),
        "as_of": (as_of or on).isoformat(),
        "from": first.isoformat(),
        "days": days,
        "accounts": [
            {"id": a, "title": case.accounts[a].title, "kind": _kind(case, a)}
            for a in (*evaluation.accounts, *evaluation.statements)
        ],
        "events": [_event(evaluation, e, bears.get(e.id, [])) for e in sorted(now, key=lambda e: (str(e.date), e.id))],
        "trend": _trend(_once(case, now), _once(case, then)),
        "counted": bool(events) or _covered(case, before, on),
        "by_sector": _sectors(evaluation.matcher.geography, _once(case, now), _once(case, then)),
        "changed": _changed(bars(evaluation), first, on, case),
        "due": _due(table, on, ahead),
        "disputed": _open(case, table, CONTESTED),
        "unknown": [o for o in _open(case, table, UNKNOWN) if not o["undecidable"]],
        "undecidable": sorted({o["commitment"] for o in _open(case, table, UNKNOWN) if o["undecidable"]}),
        "observance": _observance(evaluation),
        "unwatched": _unwatched(case, first, on),
        "disclaimer": case.about.disclaimer,
        **({"caution": case.caution} if case.warnings else {}),
    }


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


def _provisions(evaluation: Evaluation, ids: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what each event bears on; only what is beyond doubt for some account is stated, the rest is possible."""
    by_event: dict[str, dict[tuple[str, str], str]] = {}
    for slot, own in enumerate(evaluation.schedule.slots):
        if own.span or own.reading or evaluation.schedule.opens[slot] > evaluation.today:
            continue
        effort = duty_of(evaluation, slot) == "effort"
        for account, telling in zip(evaluation.accounts, evaluation.tellings, strict=True):
            if own.commitment in telling.off:
                continue
            for c in events_counting(evaluation, slot, account):
                if c.event in ids and c.role in _SAYS and _stood(evaluation, slot, account, c.last, c.role):
                    role = "permitted by" if own.kind == CommitmentKind.PERMISSION else _SAYS[c.role]
                    role = _AGAINST if effort and c.role == "bad" else role
                    role = "does, late, what was owed by" if is_late(evaluation, slot, account, c) else role
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


def _event(evaluation: Evaluation, event: Event, bears: list[dict[str, Any]]) -> dict[str, Any]:
    denied = [a for a in evaluation.accounts for r in evaluation.reports[a] if r.event.id == event.id and r.denied]
    silent = [
        a for a in evaluation.accounts for r in evaluation.reports[a] if r.event.id == event.id and not r.asserted
    ]
    parties = [a for a, statements in evaluation.statements.items() if statements.denied(event.id)]
    return {
        "id": event.id,
        "date": str(event.date),
        "type": event.type.removesuffix(NOT_TOLD),
        "title": event.title or event.type.replace("-", " "),
        "actor": [party_name(party, evaluation.case.actors) for party in event.actor],
        "target": [party_name(party, evaluation.case.actors) for party in event.target],
        "two_sided": two_sided(event.actor, event.target),
        "place": [_place(evaluation.case, place) for place in event.place or event.sector or event.zone],
        "source": event.source,
        "contested": event.contested,
        "denied_by": [*(a for a in denied if a in silent), *parties],
        "open_for": [a for a in denied if a not in silent],
        "bears_on": bears,
        "restricted": event.restricted,
    }


def _place(case: Case, place: str) -> str:
    """Return a place of the case by its id, and one made for coordinates by the name that the log has for it."""
    return case.places[place].name if is_spot(place) and place in case.places else place


def _family(kind: str) -> str:
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

    def sectors(events: Iterable[Event]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for e in events:
            names = {sector(p) for p in e.place if p in geography.case.places}
            names |= {s or "elsewhere" for s in e.sector}
            counts.update(names or {"no place told"})
        return counts

    areas = {s: (Version(s, EARLIEST, LATEST, None, None, sector=True),) for s in geography.sectors}
    counts = sectors(now), sectors(then)
    names = sorted(set(counts[0]) | set(counts[1]), key=lambda k: (-counts[0][k], k))
    return [{"sector": n, "now": counts[0][n], "before": counts[1][n]} for n in names]


def _changed(spans: Iterable[Bar], first: date, on: date, case: Case) -> list[dict[str, Any]]:
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
    return [
        {
            "commitment": name,
            "title": case.commitments[name].title,
            "key": key,
            "date": day,
            "was": words(was, case.commitments[name].adverse),
            "now": words(now, case.commitments[name].adverse),
            "accounts": accounts,
        }
        for (name, key, _, day, was, now), accounts in sorted(out.items(), key=lambda item: (item[0][3], item[0][0]))
    ]


def _due(table: Iterable[Row], on: date, ahead: int) -> list[dict[str, Any]]:
    out: dict[tuple[str, str, str], list[str]] = {}
    for row in table:
        if (
            row.own_reading
            and row.due is not None
            and on <= row.due <= on + timedelta(days=ahead)
            and row.kind != CommitmentKind.RECURRENT
        ):
            out.setdefault((row.due.isoformat(), row.commitment, row.title), []).append(row.account)
    return [{"due": d, "commitment": c, "title": t, "accounts": a} for (d, c, t), a in sorted(out.items())]


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
            verdicts = [words(v, one.adverse) for v in credulous]
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
