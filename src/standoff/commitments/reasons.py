"""Why a row of the ledger stands as it does: the rule that fired, in a sentence, and the events that fired it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from standoff.case.model import NO_NAME, Event, bare, is_unknown
from standoff.case.terms import DONE_ONCE, Commitment, CommitmentKind
from standoff.case.vocabulary import NOT_TOLD, is_a
from standoff.commitments.engine.arrays import FOREVER
from standoff.commitments.engine.run import Mark
from standoff.commitments.engine.states import CONTESTED, STATES, UNKNOWN, words
from standoff.commitments.instances import instances
from standoff.commitments.monitor import Evaluation
from standoff.commitments.patterns.compiler import SignalSource
from standoff.commitments.patterns.hours import ORDERS
from standoff.commitments.patterns.pattern import Log, Matcher, log_of
from standoff.commitments.patterns.wording import SHARE, text_and_readings, vague_days
from standoff.evidence.accounts import known_by
from standoff.oneline import OneLine
from standoff.text.sentences import quoted

_BREAKABLE = ("detached", "violated")  # of what must not be done: it can be broken, or broken again
_STOPPED = ("released", "cancelled", "suspended")
ENDED = ("satisfied", "expired", "cancelled", "released", "superseded")  # nothing is counted after these
_MISSED = ("violated", "unknown", "detached")  # instances that what comes after their last day may still make up for
MOST_DOUBTS = 12  # events in doubt that are looked at for one row


class EventMatch(NamedTuple):
    """One event that counts for a role of a slot, and whether beyond doubt."""

    event: str
    role: str
    certain: bool
    asserted: bool
    denied: bool
    first: int
    last: int
    number: int  # of the report


@dataclass(frozen=True, slots=True, repr=False)
class Reason(OneLine):
    """The rule in words, the events of the latest change, their claims, and what cannot be seen."""

    rule: str
    because: tuple[str, ...]
    claims: tuple[str, ...]
    watched: bool
    unobservable: bool


def events_counting(
    evaluation: Evaluation, slot: int, account: str, *, asserted: bool = True
) -> tuple[EventMatch, ...]:
    """Return every event of the account's record that counts for a slot, by day, up to the day the ledger stands at.

    What lies before the commitment or after its end is left out, and with ``asserted`` what is only denied. An act can
    break only what was in force on its day.
    """
    key = "events", slot, account, asserted
    if key not in evaluation.worked_out:
        opens, over = int(evaluation.schedule.opens[slot]), _over(evaluation, slot, account)
        reports, spans = evaluation.reports[account], _breakable(evaluation, slot, account)
        closes = int(evaluation.schedule.closes[slot])
        matches = (
            EventMatch(event, role, certain, reports[number].asserted, reports[number].denied, first, last, number)
            for first, last, event, role, certain, number in _ordered(evaluation, slot)
            if (last >= opens or role == "early")
            and first <= over
            and (reports[number].asserted or not asserted)
            and (role != "bad" or _meets(spans, first, min(last, closes)))
        )
        evaluation.worked_out[key] = tuple(dict.fromkeys(matches))
    matches_of_slot: tuple[EventMatch, ...] = evaluation.worked_out[key]
    return matches_of_slot


def _breakable(evaluation: Evaluation, slot: int, account: str) -> list[tuple[int, int]]:
    """Return the spans of days, the last one not in them, on which a term could be broken, in either completion."""
    spans = []
    for column in evaluation.columns(account):
        marks = evaluation.marks.get((column, slot), ())
        # an event of the day on which it ended may have come after
        ends = [mark.day + (STATES[mark.state] in _STOPPED) for mark in marks[1:]] + [FOREVER]
        spans += [(m.day, end) for m, end in zip(marks, ends, strict=False) if STATES[m.state] in _BREAKABLE]
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((begin, end))
    return joined


def _meets(spans: Iterable[tuple[int, int]], first: int, last: int) -> bool:
    return first <= last and any(begin <= last and first < end for begin, end in spans)


def _ordered(evaluation: Evaluation, slot: int) -> list[tuple[int, int, str, str, bool, int]]:
    """Return (first day, last day, event, role, certain, number) of what counts for a slot, by day; kept for a run."""
    in_order = evaluation.ordered.get(slot)
    if in_order is None:
        log, zero = evaluation.report_arrays.log, evaluation.schedule.first.toordinal()
        events, signals, certain = evaluation.matches.of_slot(slot)
        roles = [evaluation.schedule.signals[signal][1] for signal in signals.tolist()]
        first, last = (log.first[events] - zero).tolist(), (log.last[events] - zero).tolist()
        in_order = list(
            zip(first, last, log.id[events].tolist(), roles, certain.tolist(), events.tolist(), strict=True)
        )
        if evaluation.schedule.early[slot]:
            opens, agreed = int(evaluation.schedule.opens[slot]), int(evaluation.schedule.agreed[slot])
            # an act before the call is the act itself; only what lies before the first day is no act of any other role
            in_order = [r for r in in_order if r[3] != "undo" and (r[3] != "early" or agreed <= r[1] < opens)]
        in_order.sort(key=lambda row: row[:3])
        evaluation.ordered[slot] = in_order
    return in_order


def _over(evaluation: Evaluation, slot: int, account: str) -> int:
    """Return the last day on which an event can count: that of the ledger, or the one on which all was over."""
    last = [evaluation.marks.get((column, slot), [])[-1:] for column in evaluation.columns(account)]
    ended = [m[0].day if m and STATES[m[0].state] in ENDED else evaluation.today for m in last]
    return min(max(ended), evaluation.today)


def _amount_words(evaluation: Evaluation, slot: int, account: str) -> str:
    low, high = sorted(float(evaluation.state.achieved[column, slot]) for column in evaluation.columns(account))
    return f"at least {low:,.10g}" if low < high and _number_untold(evaluation, slot) else _span_words(low, high)


def _number_untold(evaluation: Evaluation, slot: int) -> bool:
    """Whether what was done of an amount of people, or of a share, is somewhere told without its number."""
    schedule, log = evaluation.schedule, evaluation.report_arrays.log
    unit = schedule.units[slot]
    if log.untold is None or log.counted is None or not (unit == SHARE or slot in schedule.of_people):
        return False
    events, signals, _ = evaluation.matches.of_slot(slot)
    done = [e for e, s in zip(events.tolist(), signals.tolist(), strict=True) if schedule.signals[s][1] == "then"]
    return any(log.untold[e] or log.counted[e] not in ("", unit) for e in done)


def _span_words(low: float, high: float) -> str:
    low, high = sorted((low, high))
    return f"{low:,.10g}" if low == high else f"{low:,.10g} to {high:,.10g}"


IN_TIME, LATE, UNCALLED = "in time", "late", "not called in"


def timing(evaluation: Evaluation, slot: int, account: str, event: EventMatch) -> str:
    """Say whether what was owed is done while it is called in, after its last day, or while nothing is.

    By the instances of an account's reading of the record, in either completion; of what recurs, always in time.
    """
    schedule = evaluation.schedule
    if event.role != "then" or schedule.slots[slot].kind not in DONE_ONCE:
        return IN_TIME
    key = "spans", slot, account
    if key not in evaluation.worked_out:
        paused = timedelta(max(int(evaluation.state.paused[column, slot]) for column in evaluation.columns(account)))
        evaluation.worked_out[key] = [
            (one.start, None if one.due is None else one.due + paused, one.state)
            for one in instances(evaluation, slot, account)
        ]
    spans: list[tuple[date, date | None, str]] = evaluation.worked_out[key]
    first, last = schedule.date(event.first), schedule.date(event.last)
    if any(start <= last and (due is None or first <= due) for start, due, _ in spans):
        return IN_TIME
    missed = any(due is not None and due < first and state in _MISSED for _, due, state in spans)
    return LATE if missed else UNCALLED


def is_late(evaluation: Evaluation, slot: int, account: str, event: EventMatch) -> bool:
    """Whether an event does what was owed after its last day, in every completion."""
    return timing(evaluation, slot, account, event) == LATE


# what keeps an event from counting beyond doubt, the first that is true: who, to whom, where, when, what it was
_DOUBTS = ("actor", "sides", "target", "list", "place", "day", "type", "number", "exception", "known")


def doubt(evaluation: Evaluation, slot: int, account: str, match: EventMatch) -> str:
    """Say why an event counts only possibly for a slot; an empty text where it counts beyond doubt.

    A denial is no doubt of this kind: the account says of it what it says.
    """
    schedule = evaluation.schedule
    life = int(schedule.opens[slot]), int(schedule.closes[slot])
    astride = match.role not in ("suspend", "resume") and any(
        match.first < edge <= match.last for edge in (life[0], life[1] + 1)
    )
    if match.certain and not astride:
        return ""
    event = evaluation.reports[account][match.number].event
    return _cause(event, match.role, {"day"} if match.certain else _unsure(evaluation, slot, match.role, event))


def _unsure(evaluation: Evaluation, slot: int, role: str, event: Event) -> set[str]:
    """Return what is in doubt in the signal of a slot that an event is nearest to."""
    doubts = evaluation.doubts.get((slot, role, event.id))
    if doubts is None:
        log = log_of((event,))
        late = evaluation.as_of is not None and not known_by(event, evaluation.as_of)
        each = []
        for source, (own, part) in zip(evaluation.schedule.matchers, evaluation.schedule.signals, strict=True):
            if (own, part) == (slot, role) and evaluation.matcher.match(source.pattern, log, source.answers)[1][0]:
                each.append(_of_source(evaluation.matcher, source, log, late))
        doubts = evaluation.doubts[slot, role, event.id] = min(each, key=len, default=set())
    return doubts


def _of_source(matcher: Matcher, source: SignalSource, log: Log, late: bool) -> set[str]:
    doubts = matcher.doubts(source.pattern, log, source.answers)
    for pattern in source.sure:
        doubts |= matcher.doubts(pattern, log, source.answers)
    if any(matcher.match(pattern, log, source.answers)[1][0] for pattern in source.excluded):
        doubts.add("exception")
    if late:
        doubts.add("known")
    return doubts or {"actor" if source.key_kind == "actor" else "place"}


def _cause(event: Event, role: str, doubts: set[str]) -> str:
    first = next((d for d in _DOUBTS if d in doubts), "")
    doer = "the attacker" if is_a(event.type, "assault") else "who did it"
    place = event.place or event.sector or event.zone
    return {
        "": "reports are missing or imprecise",
        "actor": _unnamed(doer, event.actor),
        "sides": "who began it is not told",
        "target": _unnamed("the target", event.target),
        "list": "whether the target is on the list is not certain",
        "place": "the place is not exact" if place else "the place is not told",
        "day": "the day is not exact",
        "type": f"it is told as {event.type.removesuffix(NOT_TOLD).replace('-', ' ')}, no more exactly",
        "number": "how many there are is not told exactly",
        "exception": "an exception may hold",
        "known": "it may not have been known yet on that day",
    }[first]


def _unnamed(who: str, parties: tuple[str, ...]) -> str:
    names = [bare(p) for p in parties if is_unknown(p) and p != NO_NAME]
    return f"{who} is {', '.join(names)}, not known to the case" if names else f"{who} is not named"


def is_unobservable(term: Commitment) -> bool:
    """Whether no report could decide a commitment: it names no consequent and forbids nothing."""
    return term.then is None and term.forbid is None and term.kind != CommitmentKind.PERMISSION


def reason(evaluation: Evaluation, slot: int, account: str, verdict: str) -> Reason:
    """Explain a slot at the day the ledger stands at."""
    own = evaluation.schedule.slots[slot]
    term = text_and_readings(evaluation.case.commitments[own.commitment])[own.reading]
    marks = [evaluation.marks.get((column, slot), []) for column in evaluation.columns(account)]
    events = events_counting(evaluation, slot, account)
    unobservable = is_unobservable(term)
    watched = _watched(evaluation, slot)
    latest = max((m[-1] for m in marks if m), key=lambda m: m.day, default=None)
    because = _because(events, latest, evaluation.schedule.opens[slot])
    if unobservable and verdict != "not-yet":
        rule = f"no report could decide it: {term.observable or 'no consequent is given'}"
    else:
        rule = _sentence(evaluation, slot, account, verdict, watched, term, events)
        if own.kind == CommitmentKind.QUANTITY and term.amount is not None and verdict != "not-yet":
            owed = f"{term.amount.value:,.10g} {term.amount.unit}".rstrip()
            rule += f"; told: {_amount_words(evaluation, slot, account)} of {owed}"
            after = [float(evaluation.state.afterwards[c, slot]) for c in evaluation.columns(account)]
            if max(after):
                rule += f" in time, {_span_words(*after)} after it"
    claims = tuple(c for e in because for c in _claims(evaluation, account).get(e, ()))
    return Reason(rule, because, claims, watched, unobservable)


def _claims(evaluation: Evaluation, account: str) -> Mapping[str, tuple[str, ...]]:
    """Return event -> the claims behind it in an account, looked up once for a ledger."""
    key = "claims", account
    if key not in evaluation.worked_out:
        claims: dict[str, tuple[str, ...]] = {}
        for report in evaluation.reports[account]:
            claims[report.event.id] = (*claims.get(report.event.id, ()), *report.claims)
        evaluation.worked_out[key] = claims
    claims_by_event: Mapping[str, tuple[str, ...]] = evaluation.worked_out[key]
    return claims_by_event


def _watched(evaluation: Evaluation, slot: int) -> bool:
    if evaluation.unwatched is None:
        return True
    role = "bad" if evaluation.schedule.slots[slot].kind == CommitmentKind.MAINTAIN else "then"
    deciding = [i for i, (s, r) in enumerate(evaluation.schedule.signals) if s == slot and r in (role, "when")]
    opens = max(int(evaluation.schedule.opens[slot]), 0)
    last = min(int(evaluation.schedule.closes[slot]), evaluation.today)
    if not evaluation.schedule.conditional[slot]:
        last = min(last, int(evaluation.schedule.due[slot]))
    return not bool(evaluation.unwatched[opens : last + 1, deciding].any())


def _because(events: Iterable[EventMatch], latest: Mark | None, opens: int) -> tuple[str, ...]:
    if latest is None:
        return ()
    at = [c.event for c in events if c.first <= latest.day <= c.last and c.last >= opens]
    if not at:  # a deadline passed: what called it in is the reason
        before = [c for c in events if opens <= c.last < latest.day and c.role == "when"]
        at = [c.event for c in before[-1:]]
    return tuple(dict.fromkeys(at))


def _sentence(
    evaluation: Evaluation,
    slot: int,
    account: str,
    verdict: str,
    watched: bool,
    term: Commitment,
    events: Sequence[EventMatch],
) -> str:
    own, schedule = evaluation.schedule.slots[slot], evaluation.schedule
    harsh, lenient = (evaluation.marks.get((column, slot), []) for column in evaluation.columns(account))
    worst = harsh[-1] if harsh else Mark(0, 0, 0, 0, 0, 0)
    best = lenient[-1] if lenient else Mark(0, 0, 0, 0, 0, 0)
    if verdict in (CONTESTED, UNKNOWN):
        ends = " or ".join(
            dict.fromkeys(
                words("violated" if m.broken else STATES[m.state], own.adverse, own.kind) for m in (best, worst)
            )
        )
        if verdict == UNKNOWN and (together := _which_first(evaluation, slot, (worst, best), events)):
            return f"{ends}: {together}"
        if early := _done_before(evaluation, slot, account):
            return f"{ends}: {early}"
        limit = term.every if own.kind == CommitmentKind.RECURRENT else term.within
        if (worst.state, worst.broken) == (best.state, best.broken) and limit is not None and limit.assumed:
            span = f"{limit.days} d, {limit.low} to {limit.high} d"
            what = "the period" if own.kind == CommitmentKind.RECURRENT else "the deadline"
            return f"depends on {what}, which no text gives: assumed {span}"
        if (worst.state, worst.broken) == (best.state, best.broken) and (vague := vague_days(term)):
            days = {"from": ("begins", term.from_), "until": ("ends", term.until)}
            return (
                f"depends on {' and '.join(f'the day on which it {days[n][0]}, told as {days[n][1]}' for n in vague)}"
            )
        if verdict == CONTESTED:
            return f"{ends}: what decides it is asserted and denied"
        quiet = "reports are missing or imprecise" if watched else "nobody is known to have watched"
        return f"{ends}: {_why_unknown(evaluation, slot, account, (worst, best), events) or quiet}"
    return _plain(own.kind, worst, best, schedule.date(best.day).isoformat(), own.adverse, evaluation, slot, watched)


def _done_before(evaluation: Evaluation, slot: int, account: str) -> str:
    """Say that what is owed was done before it was called in, where that leaves a deadline open."""
    harsh, lenient = evaluation.columns(account)
    schedule, day = evaluation.schedule, int(evaluation.state.spared[lenient, slot])
    if day < 0 or evaluation.state.kept[lenient, slot] <= evaluation.state.kept[harsh, slot]:
        return ""
    told = "" if schedule.slots[slot].kind == CommitmentKind.ACHIEVE else "so much of "
    before = "before it was called in" if schedule.conditional[slot] else "before it was in force"
    return f"{told}what is owed was done by {schedule.date(day)}, {before}; whether that counts is not told"


_ACTS = {
    "bad": "what is forbidden", "then": "what is owed", "when": "what calls it in", "release": "the release",
    "cancel": "the cancellation", "suspend": "the suspension", "resume": "the resumption",
    "reopen": "what puts it in force again",
}  # fmt: skip


def _which_first(evaluation: Evaluation, slot: int, ends: tuple[Mark, Mark], events: Sequence[EventMatch]) -> str:
    """Say of which two events of one day the order decides and is not told; empty where no two are."""
    worst, best = ends
    if (worst.state, worst.broken, worst.kept) == (best.state, best.broken, best.kept):
        return ""
    by_day: dict[int, dict[str, set[str]]] = {}
    for event in events:
        if event.certain and not event.denied and event.first == event.last:
            by_day.setdefault(event.first, {}).setdefault(event.role, set()).add(event.event)
    idle = {("when", "then")}
    if evaluation.schedule.slots[slot].kind not in ("recurrent", "permission"):  # of others an act counts on the day
        idle |= {("then", "suspend"), ("resume", "then")}
    for day, roles in sorted(by_day.items(), key=lambda item: item[0]):
        clock = evaluation.facts.clocks.get(day)
        for one, other in ORDERS:
            told = clock.order.get((one, other)) if clock else None
            if (one, other) in idle or not {one, other} <= roles.keys() or len(roles[one] | roles[other]) < 2:
                continue  # of one event that is both, nothing came first
            if told is None or not told[slot]:
                when = evaluation.schedule.date(day).isoformat()
                return f"whether {_ACTS[one]} or {_ACTS[other]} came first on {when} is not told"
    return ""


def _why_unknown(
    evaluation: Evaluation, slot: int, account: str, ends: tuple[Mark, Mark], events: Sequence[EventMatch]
) -> str:
    """Return the doubt that parts the two ends, of the events that could; empty where no event is in doubt."""
    roles = _parting(evaluation.schedule.slots[slot].kind, *ends)
    last = int(evaluation.schedule.closes[slot]) + max(
        int(evaluation.schedule.within[slot]), 0
    )  # what is owed may be done after it
    mine = (e for e in events if e.role in roles and e.first <= last)
    doubts = (_first_doubt(evaluation, slot, account, event) for event in mine)
    causes = list(islice((cause for cause in doubts if cause), MOST_DOUBTS))
    return min(causes, key=lambda cause: cause[0])[1] if causes else ""


def _first_doubt(evaluation: Evaluation, slot: int, account: str, event: EventMatch) -> tuple[int, str] | None:
    text = doubt(evaluation, slot, account, event)
    if not text:
        return None
    of = {"day"} if event.certain else evaluation.doubts[slot, event.role, event.event]
    return min((_DOUBTS.index(d) for d in of), default=len(_DOUBTS)), text


def _parting(kind: str, worst: Mark, best: Mark) -> set[str]:
    """Return the roles of the events that can have parted the two completions."""
    roles_apart = {"when"} if worst.begun != best.begun else set()
    if kind == CommitmentKind.MAINTAIN and (worst.breaches, worst.broken) != (best.breaches, best.broken):
        roles_apart.add("bad")
    elif (worst.kept, worst.broken, worst.state) != (best.kept, best.broken, best.state):
        roles_apart.add("then")
    for state, roles in (("suspended", ("suspend", "resume")), ("released", ("release",)), ("cancelled", ("cancel",))):
        if (STATES[worst.state] == state) != (STATES[best.state] == state):
            roles_apart.update(roles)
    return roles_apart


def _period(evaluation: Evaluation, slot: int) -> str:
    months = int(evaluation.schedule.every_months[slot])
    return f"{months} month{'' if months == 1 else 's'}" if months else f"{evaluation.schedule.every[slot]} d"


def _plain(
    kind: str, worst: Mark, best: Mark, day: str, adverse: bool, evaluation: Evaluation, slot: int, watched: bool
) -> str:
    state = STATES[best.state]
    quiet = "" if watched else "; nobody is known to have watched"
    schedule = evaluation.schedule
    if state == "superseded":
        new = next(
            (schedule.slots[n].commitment for o, n in schedule.succeeds if o == slot and schedule.opens[n] == best.day),
            "",
        )
        before = f", after {best.breaches} breaches" if best.breaches else ""
        by = quoted([evaluation.case.commitments[new].title]) if new else "another"
        return f"replaced by {by} on {day}{before}"
    if kind == CommitmentKind.MAINTAIN and best.broken and best.breaches:
        many = f"{best.breaches} to {worst.breaches}" if worst.breaches != best.breaches else str(best.breaches)
        return f"{many} forbidden event{'' if many == '1' else 's'} while in force"
    if kind == CommitmentKind.RECURRENT and best.broken:
        return f"{best.broken} of {best.broken + best.kept} periods of {_period(evaluation, slot)} without it"
    if best.broken and not best.breaches and kind == CommitmentKind.MAINTAIN:
        return f"given up by its debtor on {day}"
    if best.broken and state == "detached":
        return f"in force again; not {'carried out' if adverse else 'done'} in time {best.broken} of {best.begun} times"
    if best.broken:
        done = "done" if not adverse else "carried out"
        if best.begun > 1:
            return f"not {done} in time {best.broken} of {best.broken + best.kept} times"
        return f"the last day passed without it being {done}"
    if kind == CommitmentKind.PERMISSION and state == "detached":
        return "in force; a permission cannot be broken"
    if kind == CommitmentKind.PERMISSION and state == "expired" and best.begun:
        if worst.kept:
            return "its time ended; it was used while it held"
        return "its time ended; it may have been used" if best.kept else f"its time ended without a use of it{quiet}"
    achieve = kind == CommitmentKind.ACHIEVE
    sentences = {
        "not-yet": "not yet in force",
        "conditional": f"no report that its condition was met{quiet}",
        "detached": f"in force, no breach reported{quiet}" if not achieve else "in force and not decided",
        "satisfied": f"held to its last day{quiet}" if kind == CommitmentKind.MAINTAIN else f"done on or before {day}",
        "expired": f"its time ended without its condition being met{quiet}",
        "suspended": f"suspended since {day}",
        "cancelled": f"cancelled by its debtor on {day}",
        "released": f"released on {day}",
        "claimed": f"done, as reported, by {day}; nobody is known to have verified it",
    }
    if state == "detached" and achieve and schedule.due[slot] >= FOREVER and schedule.within[slot] < 0:
        return "owed, and the text sets no last day"
    return sentences.get(state, state)
