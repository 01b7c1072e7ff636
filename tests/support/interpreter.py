"""A slow interpreter of commitments that follows the prose of docs/reference/ledger.md rule by rule.

It shares no code with the automaton: it loops over days, commitments and single events, keeps instances as objects, and
decides a pattern on one event at a time. Events must be complete (one day, everybody named), and places are sectors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from single_events import about_event, fits, names, says_who

from standoff.case.model import Case, Event
from standoff.case.terms import Commitment, Pattern
from standoff.values import Duration

DAY = timedelta(days=1)


@dataclass
class Instance:
    begun: date
    age: int = 0  # days on which its clock ran
    broken: bool = False
    limit: int | None = None  # days in which to perform


@dataclass
class Account:
    """What is known of one commitment so far."""

    state: str = "not-yet"
    open: list[Instance] = field(default_factory=list)
    begun: int = 0
    kept: int = 0
    broken: int = 0
    breaches: int = 0
    suspended_days: int = 0
    ends: date | None = None
    period: int = 0
    length: int = 0  # of the period that runs
    done_in_period: bool = False
    delivered: float = 0.0  # of the amount owed, since it was called in
    closed: bool = False
    held: bool = False
    shut: bool = False
    last: str = "conditional"
    seen: dict[int, list[date]] = field(default_factory=dict)
    happened: set[int] = field(default_factory=set)
    was_true: bool = False


def later(day: date, span: Duration, like: int = 0) -> date:
    """The day a span after a day: calendar months keep the day of the month (or that of ``like``), or end with it."""
    if not span.months:
        return day + span.days * DAY
    months = day.month + span.months
    first = date(day.year + (months - 1) // 12, (months - 1) % 12 + 1, 1)
    wanted = first + ((like or day.day) - 1) * DAY
    while wanted.month != first.month:
        wanted -= DAY
    return wanted


class Interpreter:
    def __init__(self, case: Case, first: date) -> None:
        self.case, self.first = case, first
        self.accounts = {name: Account() for name in case.commitments}

    def run(self, events: Iterable[Event], days: int) -> list[dict[str, tuple[str, int, int, int, int]]]:
        log = list(events)
        out = []
        for n in range(days):
            today = self.first + n * DAY
            self.day(today, [e for e in log if e.date.start == today])
            out.append({c: (a.state, a.begun, a.kept, a.broken, a.breaches) for c, a in self.accounts.items()})
        return out

    def day(self, today: date, events: list[Event]) -> None:
        terms = self.case.commitments
        for name, a in self.accounts.items():
            self.decide(terms[name], a, today)
        starting = [name for name in terms if terms[name].from_.start == today]
        for name in starting:
            self.replace(terms[name], today)
        for name in starting:
            self.open(terms[name], self.accounts[name], today)
        for name, a in self.accounts.items():
            a.state = self.headline(terms[name], a)
        before = {name: a.state for name, a in self.accounts.items()}
        for name, a in self.accounts.items():
            self.happen(terms[name], a, today, events, before)
        for name, a in self.accounts.items():
            a.state = self.headline(terms[name], a)

    # (1) deadlines that ended yesterday, and what starts today

    def decide(self, c: Commitment, a: Account, today: date) -> None:
        if a.state == "not-yet" or a.closed:
            return
        if a.held:
            self.lapse(c, a, today)
            return
        for i in a.open:
            i.age += 1
        shift = a.suspended_days * DAY
        if c.kind == "achieve":
            by = c.by.end if c.by else None
            if by is None and c.within is None and c.until:
                by = c.until.end
            for i in list(a.open):
                late = i.limit is not None and i.age > i.limit
                late |= by is not None and today > by + shift
                if late:
                    a.open.remove(i)
                    a.broken += 1
                    a.last = "violated"
                    if c.when is None:
                        a.closed = True
        elif a.open:
            if c.kind == "recurrent":
                assert c.every is not None
                if a.period >= a.length:
                    if a.done_in_period:
                        a.kept += 1
                    else:
                        a.broken += 1
                        a.breaches += 1
                        a.open[0].broken = True
                    a.period, a.done_in_period = 0, False
                    a.length = self.length(c, today)
            if a.ends is not None and today > a.ends + shift:
                broken = a.open[0].broken
                a.open.clear()
                a.last = "violated" if broken else "satisfied"
                if c.kind == "permission":
                    a.last = "expired"
                if c.kind == "quantity":
                    a.last = "violated"
                    a.broken += 1
                if c.kind == "maintain" and not broken:
                    a.kept += 1
                if c.when is None:
                    a.closed = True
            elif c.kind == "recurrent":
                a.period += 1
        self.lapse(c, a, today)

    def length(self, c: Commitment, today: date) -> int:
        """How long the period is that begins today; those that began with the commitment keep its day of the month."""
        assert c.every is not None
        meant = c.from_.start.day if c.when is None and c.from_.start else 0
        tomorrow = today + DAY
        if meant and today.day != meant and not (tomorrow.month != today.month and today.day < meant):
            meant = 0  # suspended days have moved it
        return (later(today, c.every, meant) - today).days

    def lapse(self, c: Commitment, a: Account, today: date) -> None:
        last = self.last_trigger(c)
        if c.when is not None and not a.open and last is not None and today > last + a.suspended_days * DAY:
            if a.begun == 0 and not a.closed:
                a.last = "expired"
            a.closed = True

    def last_trigger(self, c: Commitment) -> date | None:
        ends = [c.until.end] if c.until and c.until.end else []
        if c.kind not in ("achieve", "quantity") and c.by and c.by.end:
            ends.append(c.by.end)
        if c.when is not None and c.when.by is not None and c.when.by.end is not None:
            if c.when.not_ is not None:
                return c.when.by.end + DAY
            ends.append(c.when.by.end)
        return min(ends, default=None)

    def replace(self, c: Commitment, today: date) -> None:
        """What a successor names is closed on the successor's first day, even if it would open on that day."""
        for other in (*c.supersedes, c.amends):
            b = self.accounts.get(other)
            if b is None or b.closed:
                continue
            if b.state != "not-yet" or self.case.commitments[other].from_.start == today:
                b.open.clear()
                b.closed, b.held, b.last, b.state = True, False, "superseded", "superseded"

    def open(self, c: Commitment, a: Account, today: date) -> None:
        if not a.closed:
            a.state = "conditional"
            if c.when is None:
                self.begin(c, a, today)

    def begin(self, c: Commitment, a: Account, today: date) -> None:
        """A new instance; of kinds that hold over time only one at a time, carried on by a later trigger."""
        limit = (later(today, c.within) - today).days if c.within is not None else None
        if c.kind == "achieve":
            due = {(i.limit or 0) - i.age for i in a.open}
            if c.within is not None and c.within.months and limit in due:
                return  # it falls due with one that is open: of the 30th and the 31st, with a short month
            a.open.append(Instance(today, limit=limit))
            a.begun += 1
            return
        limits = [c.until.end] if c.until and c.until.end else []
        limits += [c.by.end] if c.by and c.by.end else []
        end = min(limits, default=None)
        if c.within is not None:
            assert limit is not None
            own = today + (limit - a.suspended_days) * DAY
            if c.when is not None:
                end = min(own, *([c.by.end] if c.by and c.by.end else [own]))
            else:
                end = own if end is None else min(end, own)
        if a.open:
            a.ends = None if a.ends is None or end is None else max(a.ends, end)
            return
        a.open.append(Instance(today))
        a.begun += 1
        a.ends = end
        a.period, a.done_in_period, a.delivered = 1, False, 0.0
        if c.kind == "recurrent":
            a.length = self.length(c, today)

    # (2) to (6) the events of the day

    def happen(self, c: Commitment, a: Account, today: date, events: list[Event], before: dict[str, str]) -> None:
        live = a.state != "not-yet" and not a.closed

        def true(p: Pattern | None, node: int) -> int:
            return 0 if p is None else self.true(p, c, a, today, events, before, node)

        trigger = true(c.when, 100)
        if c.when is not None and self.only_states(c.when):
            now = trigger > 0 and c.from_.start is not None and today >= c.from_.start
            trigger, a.was_true = int(now and not a.was_true), now
        then = true(c.then, 200) if c.kind not in ("maintain", "permission") else 0
        if c.kind == "permission" and c.then is not None:
            mine = Pattern() if says_who(c.then) else Pattern(actor=c.debtor)
            used = [e for e in events if fits(self.case, mine, e, c.answers_for)]
            then = self.true(c.then, c, a, today, used, before, 200)
        if true(c.suspend, 300):
            a.shut = True
        if true(c.resume, 400):
            a.shut = False
        kept_while = c.while_ is None or true(c.while_, 500) > 0
        released, cancelled = true(c.release, 600), true(c.cancel, 700)
        a.held = live and (a.shut or not kept_while)
        if a.held:
            a.suspended_days += 1
        if live and released:
            self.end(a, "released")
            live = False
        if live and cancelled:
            a.broken += sum(1 for i in a.open if not i.broken)
            self.end(a, "cancelled")
            live = False
        last = self.last_trigger(c)
        open_ = last is None or today <= last + a.suspended_days * DAY
        if live and not a.held and c.when is not None and trigger and open_:
            self.begin(c, a, today)
        if c.kind == "achieve" and live and then and a.open:
            a.kept += len(a.open)
            a.open.clear()
            a.last = "satisfied"
            if c.when is None:
                a.closed = True
        if c.kind == "quantity" and live and a.open:
            assert c.amount is not None
            share = c.amount.unit == "share"
            a.delivered = max(a.delivered, then) if share else a.delivered + then
            if a.delivered >= c.amount.value:
                a.kept += 1
                a.open.clear()
                a.last = "satisfied"
                if c.when is None:
                    a.closed = True
        if c.kind == "maintain" and live and not a.held and a.open:
            bad = self.breaches(c, events, before)
            a.breaches += bad
            if bad and not a.open[0].broken:
                a.open[0].broken = True
                a.broken += 1
        if c.kind == "recurrent" and live and not a.held and a.open and then:
            a.done_in_period = True
        if c.kind == "permission" and live and not a.held and a.open and then:
            a.kept += 1

    def end(self, a: Account, word: str) -> None:
        a.open.clear()
        a.closed, a.held, a.last = True, False, word

    def breaches(self, c: Commitment, events: list[Event], before: dict[str, str]) -> int:
        """Forbidden events of the debtors or those they answer for, unless excepted or permitted."""
        assert c.forbid is not None
        found = 0
        for e in events:
            if not fits(self.case, c.forbid, e, c.answers_for):
                continue
            if not says_who(c.forbid) and not fits(self.case, Pattern(actor=c.debtor), e, c.answers_for):
                continue
            if c.except_ is not None and self.excepted(c, c.except_, e, before):
                continue
            permitted = False
            for p in self.case.commitments.values():
                same = p.agreement == c.agreement and bool(p.agreement)
                if p.kind == "permission" and same and before[p.id] == "detached" and p.then is not None:
                    mine = Pattern() if says_who(p.then) else Pattern(actor=p.debtor)
                    permitted |= fits(self.case, p.then, e, c.answers_for) and fits(self.case, mine, e, c.answers_for)
            found += not permitted
        return found

    def excepted(self, c: Commitment, p: Pattern, e: Event, before: dict[str, str]) -> bool:
        """Whether an exception covers an event: one of its alternatives fits it, and the state it asks for holds."""
        if p.any and not names(p) and not p.commitment:
            return any(self.excepted(c, q, e, before) for q in p.any)
        if p.commitment and not any(before[name] in p.state for name in p.commitment):
            return False
        return fits(self.case, p, e, c.answers_for)

    def only_states(self, p: Pattern) -> bool:
        inner = [*p.any, *p.all, *([p.not_] if p.not_ else [])]
        return not names(p) and not (p.not_ and p.by) and all(self.only_states(q) for q in inner)

    def true(
        self, p: Pattern, c: Commitment, a: Account, today: date, events: list[Event], before: dict[str, str], node: int
    ) -> int:
        """How often the pattern is true today."""
        if p.not_ is not None and p.by is not None:  # absent by a date: true on the day after it
            inside = c.from_.start is not None and c.from_.start <= today and p.by.end and today <= p.by.end
            if inside and self.true(p.not_, c, a, today, events, before, node + 1):
                a.happened.add(node)
            return int(p.by.end is not None and today == p.by.end + DAY and node not in a.happened)
        if p.at_least > 1:
            once = Pattern(**{f: getattr(p, f) for f in Pattern.__slots__ if f not in ("at_least", "per")})
            many = self.true(once, c, a, today, events, before, node + 1)
            window = a.seen.setdefault(node, [])
            window += [today] * many
            if p.per is not None:
                window[:] = [d for d in window if (today - d).days < p.per.days]
            if many and len(window) >= p.at_least:
                window.clear()
                return 1
            return 0
        if about_event(p):
            if names(p) or p.all or p.any:
                return sum(fits(self.case, p, e, c.answers_for) for e in events)
            assert p.not_ is not None
            return int(not any(fits(self.case, p.not_, e, c.answers_for) for e in events))
        parts: list[int] = []
        if p.commitment:
            parts.append(int(any(before[name] in (p.state or ("violated",)) for name in p.commitment)))
        if names(p):
            own = Pattern(
                type=p.type, actor=p.actor, target=p.target, within=p.within, beyond=p.beyond, event=p.event,
                listed=p.listed,
            )  # fmt: skip
            parts.append(sum(fits(self.case, own, e, c.answers_for) for e in events))
        if p.any:
            parts.append(max(self.true(q, c, a, today, events, before, node + 10 + n) for n, q in enumerate(p.any)))
        parts += [self.true(q, c, a, today, events, before, node + 20 + n) for n, q in enumerate(p.all)]
        if p.not_ is not None:
            parts.append(int(not self.true(p.not_, c, a, today, events, before, node + 30)))
        return max(parts) if all(parts) else 0

    def headline(self, c: Commitment, a: Account) -> str:
        if a.state == "not-yet" and not a.closed:
            return "not-yet"
        if a.held and not a.closed:
            return "suspended"
        if a.open:
            return "violated" if a.open[0].broken and c.kind in ("maintain", "recurrent") else "detached"
        if not a.closed and a.begun == 0:
            return "conditional"
        return a.last
