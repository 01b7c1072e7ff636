"""Why a row of the ledger stands as it does: the rule that fired, in a sentence, and the events that fired it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from standoff.case.terms import Commitment
from standoff.commitments.arrays import FOREVER
from standoff.commitments.monitor import Evaluation
from standoff.commitments.pattern import log_of
from standoff.commitments.run import Mark
from standoff.commitments.sources import matched_pairs
from standoff.commitments.states import STATES, words
from standoff.commitments.verdict import CONTESTED, UNKNOWN
from standoff.commitments.wording import text_and_readings
from standoff.evidence.telling import Report

_HELD = ("detached", "violated")  # of what must not be done: it can be broken, or broken again
ENDED = ("satisfied", "expired", "cancelled", "released", "superseded")  # nothing is counted after these


@dataclass(frozen=True, slots=True)
class Counted:
    """One event that counts for a role of a slot, and whether beyond doubt."""

    event: str
    role: str
    certain: bool
    asserted: bool
    denied: bool
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Reason:
    """The rule in words, the events of the latest change, their claims, and what cannot be seen."""

    rule: str
    because: tuple[str, ...]
    claims: tuple[str, ...]
    watched: bool
    unobservable: bool


def counted(made: Evaluation, slot: int, account: str, *, asserted: bool = True) -> tuple[Counted, ...]:
    """Return every event of the account's record that counts for a slot, by day, up to the day the ledger stands at.

    What lies before the commitment or after its end is left out, and with ``asserted`` what is only denied. An act can
    break only what was in force on its day.
    """
    opens, over = int(made.plan.opens[slot]), _over(made, slot, account)
    said = made.reports[account]
    every = (_counted(made, said[e], signal, certain) for e, signal, certain in pairs_of(made).get(slot, ()))
    found = [c for c in every if (c.asserted or not asserted) and c.last >= opens and c.first <= over]
    found = [c for c in found if c.role != "bad" or _in_force(made, slot, account, c.first, c.last)]
    found.sort(key=lambda c: (c.first, c.last, c.event))
    return tuple(dict.fromkeys(found))


def _in_force(made: Evaluation, slot: int, account: str, first: int, last: int) -> bool:
    """Whether a commitment was held on one of the days from ``first`` to ``last``, in either completion."""
    last = min(last, int(made.plan.closes[slot]))
    for column in made.columns(account):
        state = STATES[0]
        for mark in made.marks.get((column, slot), ()):
            if mark.day > last:
                break
            if mark.day > first and state in _HELD:
                return True
            state = STATES[mark.state]
            if mark.day >= first and state in _HELD:
                return True
        if first <= last and state in _HELD:
            return True
    return False


def _over(made: Evaluation, slot: int, account: str) -> int:
    """Return the last day on which an event can count: that of the ledger, or the one on which all was over."""
    last = [made.marks.get((column, slot), [])[-1:] for column in made.columns(account)]
    ended = [m[0].day if m and STATES[m[0].state] in ENDED else made.today for m in last]
    return min(max(ended), made.today)


def pairs_of(made: Evaluation) -> dict[int, list[tuple[int, int, bool]]]:
    """Return, for each slot, the (event, signal, certain) that count for it; worked out once for a run."""
    if made.pairs is None:
        log = log_of(r.event for r in next(iter(made.reports.values())))
        made.pairs = {}
        for event, signal, certain in zip(*matched_pairs(made.plan, made.matcher, log), strict=True):
            slot = made.plan.signals[signal][0]
            made.pairs.setdefault(slot, []).append((int(event), int(signal), bool(certain)))
    return made.pairs


def _told(made: Evaluation, slot: int, account: str) -> str:
    low, high = sorted(float(made.state.achieved[column, slot]) for column in made.columns(account))
    return f"{low:,.10g}" if low == high else f"{low:,.10g} to {high:,.10g}"


def is_late(made: Evaluation, slot: int, account: str, found: Counted) -> bool:
    """Whether an event does what was owed by a date after that date, in every completion."""
    plan = made.plan
    if found.role != "then" or plan.slots[slot].kind not in ("achieve", "quantity") or plan.due[slot] >= FOREVER:
        return False
    paused = max(int(made.state.paused[column, slot]) for column in made.columns(account))
    return found.first > int(plan.due[slot]) + paused


def _counted(made: Evaluation, report: Report, signal: int, certain: bool) -> Counted:
    when = report.event.date
    start, end = when.start or when.end, when.end or when.start
    assert start is not None and end is not None  # noqa: S101 (a When has an end)
    role = made.plan.signals[signal][1]
    first, last = made.plan.day(start), made.plan.day(end)
    return Counted(report.event.id, role, certain, report.asserted, report.denied, first, last)


def reason(made: Evaluation, slot: int, account: str, verdict: str) -> Reason:
    """Explain a slot at the day the ledger stands at."""
    own = made.plan.slots[slot]
    term = text_and_readings(made.case.commitments[own.commitment])[own.reading]
    marks = [made.marks.get((column, slot), []) for column in made.columns(account)]
    events = counted(made, slot, account)
    unobservable = term.then is None and term.forbid is None
    watched = _watched(made, slot)
    latest = max((m[-1] for m in marks if m), key=lambda m: m.day, default=None)
    because = _because(events, latest, made.plan.opens[slot])
    if unobservable and own.kind != "permission" and verdict != "not-yet":
        rule = f"no report could decide it: {term.observable or 'no consequent is given'}"
    else:
        rule = _sentence(made, slot, account, verdict, watched, term)
        if own.kind == "quantity" and term.amount is not None and verdict != "not-yet":
            rule += f"; told: {_told(made, slot, account)} of {term.amount.value:,.10g} {term.amount.unit}".rstrip()
    claims = tuple(c for e in because for r in made.reports[account] if r.event.id == e for c in r.claims)
    return Reason(rule, because, claims, watched, unobservable and own.kind != "permission")


def _watched(made: Evaluation, slot: int) -> bool:
    if made.unwatched is None:
        return True
    role = "bad" if made.plan.slots[slot].kind == "maintain" else "then"
    deciding = [i for i, (s, r) in enumerate(made.plan.signals) if s == slot and r in (role, "when")]
    opens = max(int(made.plan.opens[slot]), 0)
    last = min(int(made.plan.closes[slot]), made.today)
    if not made.plan.conditional[slot]:
        last = min(last, int(made.plan.due[slot]))
    return not bool(made.unwatched[opens : last + 1, deciding].any())


def _because(events: Iterable[Counted], latest: Mark | None, opens: int) -> tuple[str, ...]:
    if latest is None:
        return ()
    at = [c.event for c in events if c.first <= latest.day <= c.last and c.last >= opens]
    if not at:  # a deadline passed: what called it in is the reason
        before = [c for c in events if opens <= c.last < latest.day and c.role == "when"]
        at = [c.event for c in before[-1:]]
    return tuple(dict.fromkeys(at))


def _sentence(made: Evaluation, slot: int, account: str, verdict: str, watched: bool, term: Commitment) -> str:
    own, plan = made.plan.slots[slot], made.plan
    harsh, lenient = (made.marks.get((column, slot), []) for column in made.columns(account))
    worst = harsh[-1] if harsh else Mark(0, 0, 0, 0, 0, 0)
    best = lenient[-1] if lenient else Mark(0, 0, 0, 0, 0, 0)
    if verdict in (CONTESTED, UNKNOWN):
        given = term.every if own.kind == "recurrent" else term.within
        if (worst.state, worst.broken) == (best.state, best.broken) and given is not None and given.assumed:
            span = f"{given.days} d, {given.low} to {given.high} d"
            what = "the period" if own.kind == "recurrent" else "the deadline"
            return f"depends on {what}, which no text gives: assumed {span}"
        ends = " or ".join(
            dict.fromkeys(words("violated" if m.broken else STATES[m.state], own.adverse) for m in (best, worst))
        )
        cause = {
            CONTESTED: "what decides it is asserted and denied",
            UNKNOWN: "reports are missing or imprecise" if watched else "nobody is known to have watched",
        }[verdict]
        return f"{ends}: {cause}"
    return _plain(own.kind, worst, best, plan.date(best.day).isoformat(), own.adverse, made, slot, watched)


def _period(made: Evaluation, slot: int) -> str:
    months = int(made.plan.every_months[slot])
    return f"{months} month{'' if months == 1 else 's'}" if months else f"{made.plan.every[slot]} d"


def _plain(
    kind: str, worst: Mark, best: Mark, day: str, adverse: bool, made: Evaluation, slot: int, watched: bool
) -> str:
    state = STATES[best.state]
    quiet = "" if watched else "; nobody is known to have watched"
    plan = made.plan
    if state == "superseded":
        new = next((plan.slots[n].commitment for o, n in plan.succeeds if o == slot and plan.opens[n] == best.day), "")
        before = f", after {best.breaches} breaches" if best.breaches else ""
        return f"replaced by {new} on {day}{before}"
    if kind == "maintain" and best.broken and best.breaches:
        many = f"{best.breaches} to {worst.breaches}" if worst.breaches != best.breaches else str(best.breaches)
        return f"{many} forbidden event{'' if many == '1' else 's'} while in force"
    if kind == "recurrent" and best.broken:
        return f"{best.broken} of {best.broken + best.kept} periods of {_period(made, slot)} without it"
    if best.broken and not best.breaches and kind == "maintain":
        return f"given up by its debtor on {day}"
    if best.broken:
        done = "done" if not adverse else "carried out"
        if best.begun > 1:
            return f"not {done} in time {best.broken} of {best.broken + best.kept} times"
        return f"the last day passed without it being {done}"
    if kind == "permission" and state == "detached":
        return "in force; a permission cannot be broken"
    said = {
        "not-yet": "not yet in force",
        "conditional": f"no report that its condition was met{quiet}",
        "detached": "in force and not decided" if kind == "achieve" else f"in force, no breach reported{quiet}",
        "satisfied": f"done on or before {day}" if kind != "maintain" else f"held to its last day{quiet}",
        "expired": f"its time ended without its condition being met{quiet}",
        "suspended": f"suspended since {day}",
        "cancelled": f"cancelled by its debtor on {day}",
        "released": f"released on {day}",
    }
    if state == "detached" and kind == "achieve" and plan.due[slot] >= FOREVER and plan.within[slot] < 0:
        return "owed, and the text sets no last day"
    return said.get(state, state)
