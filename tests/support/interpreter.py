"""A slow interpreter of commitments that follows the prose of docs/reference/ledger.md rule by rule.

It shares no code with the automaton: it loops over days, commitments and single events, keeps instances as objects, and
decides a pattern on one event at a time. Events must be complete (one day, everybody named), and places are sectors.

With ``sides`` it follows both completions side by side. As events are complete these differ in one thing alone: which
of two events of a day came first (R12). ``harsh`` takes the order that harms the debtor, ``lenient`` the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from single_events import about_event, fits, names, says_who

from standoff.case.model import Case, Event
from standoff.case.terms import Commitment, Pattern
from standoff.case.vocabulary import ANEW, EVENT_TYPES, LASTING
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
    afterwards: float = 0.0  # and after its last day
    remedied: date | None = None  # when what was missed was made up for (R7)
    late_claim: bool = False  # made up for, as is said; not verified
    closed: bool = False
    held: bool = False
    shut: bool = False
    last: str = "conditional"
    seen: dict[int, list[date]] = field(default_factory=dict)
    happened: set[int] = field(default_factory=set)
    was_true: bool = False
    young: bool = False  # in its first period
    overdue: bool = False  # the first period is over, and its last day runs
    claimed: int = 0  # done, and not verified
    released: bool = False
    called: date | None = None  # day of the first open call
    parts: dict[int, date] = field(default_factory=dict)  # of a joint duty: when each was last done
    acted: tuple[date, float] | None = None  # when what is owed was last done, and how much
    counted: tuple[int, int] = (0, 0)  # breaches and kept instances when states were last read
    by_events: tuple[bool, bool] = (False, False)  # one more of each, by events of yesterday
    by_days: tuple[bool, bool] = (False, False)  # and by a deadline that ended
    yesterday: str = "not-yet"
    reached: bool = False  # done, and it lasts: a later call may find it met (R24)
    before: float = 0.0  # how much of an amount
    early: dict[int, date] = field(default_factory=dict)  # of a joint duty: when each part was last done, ever
    undone: dict[int, date] = field(default_factory=dict)  # and undone
    credited: int = 0  # instances to which what was before them was added


Standing = tuple[str, int, int, int, int, date | None]  # state, begun, kept, broken, breaches, made up for on
Holds = Callable[[Iterable[str], Iterable[str], bool], bool]


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


PEOPLE = ("prisoners", "detainees", "people")  # units that count people, in these tests


def lasts(kind: str) -> tuple[str, ...] | None:
    """What undoes an act of a type that lasts; None for what is done each time anew."""
    step: str | None = kind
    while step is not None:
        if step in ANEW:
            return None
        if step in LASTING:
            return LASTING[step]
        step = step.rpartition("/")[0] or EVENT_TYPES[step].parent
    return None


def lasting(p: Pattern) -> Pattern | None:
    """A pattern with those types alone that last; with alternatives, those alternatives."""
    if p.type:
        kept = tuple(t for t in p.type if lasts(t) is not None)
        return replace(p, type=kept) if kept else None
    if p.any:
        some = tuple(q for q in map(lasting, p.any) if q is not None)
        return replace(p, any=some) if some else None
    return p if any(lasting(q) for q in p.all) else None


def undoing(p: Pattern) -> Pattern | None:
    """What undoes it: acts of the same side in the same place, of the types that do."""
    inner = tuple(q for q in map(undoing, (*p.any, *p.all)) if q is not None)
    if p.any and inner:
        return replace(p, any=inner, all=(), not_=None)
    types = tuple(dict.fromkeys(t for own in p.type for t in lasts(own) or ()))
    if types:
        return replace(p, type=types, any=(), all=(), not_=None)
    return inner[0] if inner else None


class Interpreter:
    def __init__(self, case: Case, first: date, sides: tuple[str, ...] = ("complete",)) -> None:
        self.case, self.first, self.sides = case, first, sides
        self.books = {side: {name: Account() for name in case.commitments} for side in sides}
        self.side = sides[0]
        self.waited, self.kept_before = False, 0  # of the commitment at hand, this morning
        self.made_up: set[tuple[str, str]] = set()  # by side: missed once, and made up for before today

    @property
    def accounts(self) -> dict[str, Account]:
        return self.books[self.side]

    def run(self, events: Iterable[Event], days: int) -> list[dict[str, Standing]]:
        return self.both(events, days)[self.sides[0]]

    def both(self, events: Iterable[Event], days: int) -> dict[str, list[dict[str, Standing]]]:
        log = list(events)
        out: dict[str, list[dict[str, Standing]]] = {side: [] for side in self.sides}
        for n in range(days):
            today = self.first + n * DAY
            self.day(today, [e for e in log if e.date.start == today])
            for side in self.sides:
                book = self.books[side]
                out[side].append(
                    {c: (a.state, a.begun, a.kept, a.broken, a.breaches, a.remedied) for c, a in book.items()}
                )
        return out

    def standing(self, a: Account) -> Standing:
        return a.state, a.begun, a.kept, a.broken, a.breaches, a.remedied

    def day(self, today: date, events: list[Event]) -> None:
        for side in self.sides:
            self.side = side
            self.morning(today)
        before = {side: {name: a.state for name, a in self.books[side].items()} for side in self.sides}
        self.made_up = {
            (side, name) for side in self.sides for name, a in self.books[side].items() if a.broken == 1 and a.remedied
        }
        for side in self.sides:
            self.side = side
            for name, a in self.accounts.items():
                self.happen(self.case.commitments[name], a, today, events, before)
        for side in self.sides:
            for name, a in self.books[side].items():
                a.state = self.headline(self.case.commitments[name], a)

    def morning(self, today: date) -> None:
        terms = self.case.commitments
        ended = {name: (a.broken + a.breaches, a.kept) for name, a in self.accounts.items()}
        for name, a in self.accounts.items():
            a.yesterday = a.state
            self.decide(terms[name], a, today)
        starting = [name for name in terms if terms[name].from_.start == today]
        for name in starting:
            self.replace(terms[name], today)
        for name in starting:
            self.open(terms[name], self.accounts[name], today)
        for name, a in self.accounts.items():
            a.state = self.headline(terms[name], a)
            now = (a.broken + a.breaches, a.kept)
            a.by_events = (ended[name][0] > a.counted[0], ended[name][1] > a.counted[1])
            a.by_days = (now[0] > ended[name][0], now[1] > ended[name][1])
            a.counted = now

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
            over = [i for i in a.open if (i.limit is not None and i.age > i.limit) or (by and today > by + shift)]
            met = bool(over) and self.met_before(c, a)
            for i in over:
                a.open.remove(i)
                if met:
                    a.kept += 1
                    a.last = "satisfied"
                else:
                    a.broken += 1
                    a.last = "violated"
                if c.when is None:
                    a.closed = True
        elif a.open:
            over = a.ends is not None and today > a.ends + shift
            if c.kind == "recurrent":
                assert c.every is not None
                if a.overdue:
                    self.period(a, a.done_in_period)
                    a.overdue = False
                if a.period >= a.length:
                    if a.young and not a.done_in_period and not over:
                        a.overdue = True
                    else:
                        self.period(a, a.done_in_period)
                    a.period, a.done_in_period, a.young = 0, False, False
                    a.length = self.length(c, today)
            if over:
                broken = a.open[0].broken
                a.open.clear()
                a.last = "violated" if broken else "satisfied"
                if c.kind == "permission":
                    a.last = "expired"
                if c.kind == "quantity" and self.met_before(c, a):
                    a.last = "satisfied"
                    a.kept += 1
                elif c.kind == "quantity":
                    a.last = "violated"
                    a.broken += 1
                if c.kind == "maintain" and not broken:
                    a.kept += 1
                if c.when is None:
                    a.closed = True
            elif c.kind == "recurrent":
                a.period += 1
        self.lapse(c, a, today)

    def met_before(self, c: Commitment, a: Account) -> bool:
        """Whether what was done before the call may meet it, for the side that helps the debtor (R24)."""
        if self.side != "lenient" or not a.reached or not self.early_parts(c):
            return False
        if c.kind == "quantity":
            assert c.amount is not None
            told = a.before + a.delivered if self.spent(c) else a.before
            if told < c.amount.value:
                return False
            a.delivered = max(told, a.delivered)
        if self.spent(c):
            a.reached, a.before = False, 0.0
        return True

    def early_parts(self, c: Commitment) -> list[Pattern]:
        """What may have been done before the call: an act that lasts, or whatever the text lets count (R24)."""
        if c.kind not in ("achieve", "quantity") or c.adverse or c.early == "anew":
            return []
        if c.when is None and self.agreed(c) == c.from_.start:
            return []
        if c.early == "counts":
            return self.duties(c)
        parts = [lasting(p) for p in self.duties(c)]
        return [p for p in parts if p is not None] if None not in parts else []

    def agreed(self, c: Commitment) -> date:
        starts = [c.from_.start] if c.from_.start else []
        if c.agreement in self.case.agreements and self.case.agreements[c.agreement].date.start:
            starts.append(self.case.agreements[c.agreement].date.start)
        return min(starts)

    def spent(self, c: Commitment) -> bool:
        """Whether an act meets one call: whoever is freed is freed once, and so it is with amounts."""
        assert c.then is not None
        counted = c.kind == "quantity" and len(self.duties(c)) < 2 and not self.distinct(c)
        return counted or (bool(c.then.type) and set(c.then.type) == {"prisoner-release"})

    def distinct(self, c: Commitment) -> bool:
        return bool(c.distinct)

    def before_the_call(
        self, c: Commitment, a: Account, today: date, events: list[Event], true: Callable[[Pattern, int, bool], int]
    ) -> None:
        """Remember what is done that a later call asks for, until it is undone; what counts early counts now."""
        parts = self.early_parts(c)
        if not parts or today < self.agreed(c):
            return
        undo = [undoing(p) for p in parts]
        undo = [] if None in undo else undo
        done = [bool(true(p, 2000 + 50 * n, False)) for n, p in enumerate(parts)]
        gone = [int(true(p, 3000 + 50 * n, True)) for n, p in enumerate(undo) if p is not None]
        came, back, told = any(done), any(gone), 0.0
        if len(parts) > 1 or self.distinct(c):
            for days, now in ((a.early, done), (a.undone, gone)):
                days.update({n: today for n, one in enumerate(now) if one})
            last = [(a.early[n], a.undone.get(n, date.min)) for n in a.early]
            many = sum(one > other or (one == other and self.side != "harsh") for one, other in last)
            needed = c.amount.value if c.kind == "quantity" and c.amount else len(parts)
            active, told = came or back, float(many)
            came, back = active and many >= needed, active and many < needed
            if active:
                a.before = 0.0
        elif came and c.kind == "quantity":
            told = self.amount_of(c, parts[0], events)
        came = came and not (self.spent(c) and (self.waited or a.kept > self.kept_before))
        if back and self.side != "harsh":
            a.reached = False
        if back and gone:
            a.before = max(a.before - sum(gone[:1]), 0.0) if len(parts) == 1 else a.before
        if came:
            a.reached = True
            a.before = max(a.before, told) if c.kind == "quantity" and self.peak(c) else a.before + told
        if back and self.side == "harsh":
            a.reached = False
        if c.early != "counts" or not a.open or not a.reached:
            return
        if c.kind == "achieve":
            self.perform(c, a, 1)
        elif a.credited != a.begun:
            a.credited = a.begun
            if not self.spent(c):
                a.delivered = 0.0
            self.perform(c, a, a.before)
        else:
            return
        if self.spent(c):
            a.reached, a.before = False, 0.0

    def amount_of(self, c: Commitment, p: Pattern, events: list[Event]) -> float:
        """How much the events of a day add: at least in the harsh side, at most in the lenient one (R23)."""
        assert c.amount is not None
        some = [e for e in events if fits(self.case, p, e, c.answers_for)]
        if self.side == "complete":  # a day of a run, where each event is one
            return float(len(some))
        numbers = [self.number(c, e) for e in some]
        sides = [low if self.side == "harsh" else high for low, high in numbers]
        return float((max if self.peak(c) else sum)(sides)) if sides else 0.0

    def number(self, c: Commitment, e: Event) -> tuple[float, float]:
        """How much one event says, at least and at most; what is not told of people, or of a share, is open (R23)."""
        assert c.amount is not None
        unit, of, owed = c.amount.unit, e.counted, c.amount.value
        other = bool(unit and of) and of != unit
        if unit == "share" and (other or (e.low is None and e.high is None)):
            return 0.0, 1.0
        if other and {unit, of} == {"prisoners", "detainees"}:  # other people than are owed
            return 1.0, 1.0
        if unit in PEOPLE and (other or (e.low is None and e.high is None)):
            return 1.0, max(1.0, owed)
        if other or (e.low is None and e.high is None):
            return 1.0, 1.0
        low = e.low if e.low is not None else e.high
        high = e.high if e.high is not None else e.low
        assert low is not None and high is not None
        return low, high

    def period(self, a: Account, done: bool) -> None:
        """A period is over: the first has a day more than it is long, as "within" counts (R10)."""
        if done:
            a.kept += 1
        else:
            a.broken += 1
            a.breaches += 1
            a.open[0].broken = True

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
        waits = a.open or a.claimed > 0
        if c.when is not None and not waits and last is not None and today > last + a.suspended_days * DAY:
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
                b.claimed, b.released = 0, False

    def open(self, c: Commitment, a: Account, today: date) -> None:
        if not a.closed:
            a.state = "conditional"
            if c.when is None:
                self.begin(c, a, today)

    def begin(self, c: Commitment, a: Account, today: date, back: int = 0) -> bool:
        """A new instance; of kinds that hold over time only one at a time, carried on by a later trigger.

        ``back`` days ago it was that something called it in.
        """
        called = today - back * DAY
        limit = (later(called, c.within) - called).days if c.within is not None else None
        if not a.open:
            a.called = called
        if c.kind == "achieve":
            age = back if limit is None else min(back, limit)
            due = {(i.limit or 0) - i.age for i in a.open}
            if c.within is not None and c.within.months and limit is not None and limit - age in due:
                return False  # it falls due with one that is open: of the 30th and the 31st, with a short month
            a.open.append(Instance(today, age=age, limit=limit))
            a.begun += 1
            return True
        limits = [c.until.end] if c.until and c.until.end else []
        limits += [c.by.end] if c.by and c.by.end else []
        end = min(limits, default=None)
        if c.within is not None:
            assert limit is not None
            own = called + (limit - a.suspended_days) * DAY
            if c.when is not None:
                end = min(own, *([c.by.end] if c.by and c.by.end else [own]))
            else:
                end = own if end is None else min(end, own)
        if a.open:
            a.ends = None if a.ends is None or end is None else max(a.ends, end)
            return False
        a.open.append(Instance(today))
        a.begun += 1
        a.ends = end
        a.period, a.done_in_period, a.delivered, a.afterwards, a.young = 1 + back, False, 0.0, 0.0, True
        if c.kind == "recurrent":
            a.length = self.length(c, called)
        return True

    # (2) to (6) the events of the day

    def happen(
        self, c: Commitment, a: Account, today: date, events: list[Event], before: dict[str, dict[str, str]]
    ) -> None:
        live = a.state != "not-yet" and not a.closed
        holds = self.reader(before)

        def true(p: Pattern | None, node: int, harmful: bool) -> int:
            return 0 if p is None else self.true(p, c, a, today, events, holds, node, harmful)

        trigger, back = true(c.when, 100, True), 0
        chained = c.when is not None and self.only_states(c.when)
        evented = c.when is not None and self.needs_event(c.when)
        if chained:
            assert c.when is not None
            trigger, back = self.entered(c.when, c, a, today, before)
        self.waited, self.kept_before = bool(a.open), a.kept
        then: float = true(c.then, 200, False) if c.kind not in ("maintain", "permission") else 0
        if c.kind == "quantity" and c.then is not None and then:
            then = self.amount_of(c, c.then, events)
        duties = self.duties(c)
        if len(duties) > 1:
            then = self.jointly(c, a, duties, today, bool(trigger), lambda p, n: true(p, n, False))
        if c.kind == "permission" and c.then is not None:
            mine = Pattern() if says_who(c.then) else Pattern(actor=c.debtor)
            used = [e for e in events if fits(self.case, mine, e, c.answers_for)]
            then = self.true(c.then, c, a, today, used, holds, 200, False)
        stopped, resumed = true(c.suspend, 300, False), true(c.resume, 400, True)
        kept_while = c.while_ is None or true(c.while_, 500, True) > 0
        released, cancelled = true(c.release, 600, False), true(c.cancel, 700, True)
        verified, reopened = true(c.verify, 800, False), true(c.reopen, 900, True)
        bad = self.breaches(c, events, holds, today) if c.kind == "maintain" else 0
        last = self.last_trigger(c)
        delivered_today = float(then)

        def call() -> None:
            if not (live and not a.held and c.when is not None and trigger):
                return
            if last is None or today <= last + a.suspended_days * DAY:
                was_idle = not a.open
                new = self.begin(c, a, today, back)
                if new and back and a.acted and a.acted[0] == today - DAY:
                    if c.kind == "achieve":
                        self.perform(c, a, 1)
                    elif c.kind == "quantity" and was_idle:
                        self.perform(c, a, a.acted[1])

        # R12: what comes before the end that an event of the same day makes
        a.held = a.held and live and kept_while  # what suspends by states does so before the events of the day
        held_before = a.held or not kept_while
        if self.side != "complete" and live:
            stop = bool(stopped) and not a.shut
            woken = a.shut and bool(resumed) and kept_while  # what is resumed today runs from then on
            if self.side == "harsh" and (not held_before or woken):
                a.held = False
                if (stop or cancelled) and trigger and evented:
                    call()
                    trigger = 0
                by_event = released and not (c.release is not None and self.only_states(c.release))
                if (stop or by_event or cancelled) and bad and a.open:
                    self.hit(a, bad)
                    bad = 0
            if self.side == "lenient" and then and a.open and ((stop and not held_before) or (woken and stopped)):
                if c.kind == "recurrent":
                    a.done_in_period = True
                elif c.kind == "permission":
                    a.kept += 1
            if self.side == "lenient" and (released or cancelled) and then and c.kind in ("achieve", "quantity"):
                if not a.open:
                    self.make_up(c, a, then, today)
                self.perform(c, a, then)
                then = 0
        if stopped:
            a.shut = True
        if a.shut and resumed:
            if self.side == "lenient":
                bad, trigger = 0, 0
            a.shut = bool(stopped) and self.side == "lenient"  # suspended anew on the day: that may have come last
        live = live and not a.closed
        a.held = live and (a.shut or not kept_while)
        if a.held:
            a.suspended_days += 1
        was_live = live
        if live and released:
            self.end(a, "released")
            live = False
        if live and cancelled:
            a.broken += sum(1 for i in a.open if not i.broken) if c.kind != "permission" else 0
            self.end(a, "cancelled")
            live = False
        if reopened and a.released and not live and (not released or self.side == "harsh"):
            a.closed, a.released, a.last = False, False, "conditional"
            live = True
            if c.when is None:
                self.begin(c, a, today)
            if self.side == "lenient" and not was_live:
                bad, trigger = 0, 0
        idle = not a.open
        call()
        if c.kind == "maintain" and self.side == "lenient" and idle and trigger and a.open and evented:
            bad = 0  # R12: it may have come before the call
        if c.kind in ("achieve", "quantity") and a.state != "not-yet" and not a.open:
            self.make_up(c, a, then, today)
        if c.kind in ("achieve", "quantity") and live:
            self.perform(c, a, then)
        if c.kind == "maintain" and live and not a.held and a.open and bad:
            self.hit(a, bad)
        if c.kind == "recurrent" and live and not a.held and a.open and then:
            a.done_in_period = True
        if c.kind == "permission" and live and not a.held and a.open and then:
            a.kept += 1
        if verified and a.late_claim:
            a.remedied, a.late_claim = today, False
        if verified and live and a.claimed:
            a.kept += a.claimed
            a.claimed, a.last = 0, "satisfied"
            if c.when is None and not a.open:
                a.closed = True
        untested = not a.closed and a.state != "not-yet" and not a.open and a.begun == 0
        if self.absent(c) and untested and last is not None and today >= last + a.suspended_days * DAY:
            a.closed, a.last = True, "expired"  # R9
        if delivered_today:
            a.acted = (today, delivered_today)
        self.before_the_call(c, a, today, events, lambda p, node, harmful: true(p, node, harmful))

    def hit(self, a: Account, bad: int) -> None:
        a.breaches += bad
        if not a.open[0].broken:
            a.open[0].broken = True
            a.broken += 1

    def perform(self, c: Commitment, a: Account, then: float) -> None:
        """What is owed is done, or so much of it; with a second act to prove it, it is only claimed (R6)."""
        if c.kind == "achieve" and (not then or not a.open):
            return
        if c.kind == "quantity":
            if not a.open:
                return
            assert c.amount is not None
            a.delivered = max(a.delivered, then) if self.peak(c) else a.delivered + then
            if a.delivered < c.amount.value:
                return
        if c.verify is not None:
            a.claimed, a.late_claim = a.claimed + len(a.open), False
            a.open.clear()
            return
        a.kept += len(a.open)
        a.open.clear()
        a.last = "satisfied"
        if c.when is None:
            a.closed = True

    def make_up(self, c: Commitment, a: Account, then: float, today: date) -> None:
        """What is done after the last day of what was missed makes up for it, while nothing is open (R7)."""
        if not then or a.last != "violated" or a.claimed:
            return
        if c.kind == "quantity":
            assert c.amount is not None
            late = max(a.afterwards, then) if self.peak(c) else a.afterwards + then
            a.afterwards = late
            whole = max(a.delivered, late) if self.peak(c) else a.delivered + late
            if whole < c.amount.value:
                return
        if a.remedied is None and c.verify is None:
            a.remedied = today
        elif a.remedied is None:
            a.late_claim = True

    def peak(self, c: Commitment) -> bool:
        assert c.amount is not None
        return c.amount.unit == "share" or len(self.duties(c)) > 1

    def absent(self, c: Commitment) -> bool:
        return c.when is not None and c.when.not_ is not None and c.when.by is not None and not names(c.when)

    def duties(self, c: Commitment) -> list[Pattern]:
        """The parts of what is owed that count apart: of a joint duty (R4), or each of what is counted once (R5)."""
        then = c.then
        if then is None:
            return []
        if c.kind == "achieve" and not c.each and len(then.all) > 1 and not names(then):
            doers = [actor for part in then.all for actor in part.actor]
            if all(part.actor for part in then.all) and len(doers) == len(set(doers)):
                return list(then.all)
        by = c.each if c.kind == "achieve" else c.distinct if c.kind == "quantity" else ""
        if by == "actor" and then.actor:
            return [replace(then, actor=(one,)) for one in dict.fromkeys(then.actor)]
        if by == "type" and then.type:
            return [replace(then, type=(one,)) for one in dict.fromkeys(then.type)]
        return [then]

    def jointly(
        self,
        c: Commitment,
        a: Account,
        duties: list[Pattern],
        today: date,
        trigger: bool,
        true: Callable[[Pattern, int], int],
    ) -> float:
        """How many parts were done since the first open call, or whether all were; nothing on a day without one."""
        some = False
        for n, part in enumerate(duties):
            if true(part, 210 + n):
                a.parts[n] = today
                some = True
        if not some:
            return 0
        open_ = bool(a.open) or (a.last == "violated" and not trigger)
        since = a.called if open_ and a.called is not None else today
        many = sum(1 for day in a.parts.values() if day >= since)
        return many if c.kind == "quantity" else float(many == len(duties))

    def reader(self, before: dict[str, dict[str, str]], loud: bool = False, held: bool = False) -> Holds:
        """Say whether one of some commitments is in one of some states, for harm in either side and for help in both.

        With ``loud`` also where one was broken, or kept, once more; with ``held`` as it was at the end of yesterday.
        """

        def in_side(side: str, name: str, states: Iterable[str]) -> bool:
            state = self.books[side][name].yesterday if held else before[side][name]
            done = state == "satisfied" or (state == "violated" and (side, name) in self.made_up)
            return state in states or ("done" in states and done)

        def holds(commitments: Iterable[str], states: Iterable[str], harmful: bool) -> bool:
            listed, wanted = list(commitments), list(states)
            sides = [any(in_side(side, name, wanted) for name in listed) for side in self.sides]
            both = any(sides) if (self.side == "harsh") == harmful else all(sides)
            return both or (loud and any(self.struck(listed, wanted, harmful)))

        return holds

    def struck(self, commitments: Iterable[str], states: Iterable[str], harmful: bool) -> tuple[bool, bool]:
        """Whether one was broken or kept once more: by events of yesterday, and by a deadline that ended."""
        events = days = False
        for which, some in ((0, {"violated"}), (1, {"satisfied", "done"})):
            if some & set(states):
                side = self.side
                if len(self.sides) > 1 and harmful == bool(which):
                    side = next(s for s in self.sides if s != self.side)
                for name in commitments:
                    events |= self.books[side][name].by_events[which]
                    days |= self.books[side][name].by_days[which]
        return events, days

    def entered(
        self, p: Pattern, c: Commitment, a: Account, today: date, before: dict[str, dict[str, str]]
    ) -> tuple[int, int]:
        """Whether states call in a duty today, and how many days ago they came about (R1, R2)."""
        opens = c.from_.start
        if opens is None or today < opens:
            a.was_true = False
            return 0, 0

        def level(holds: Holds) -> bool:
            return self.true(p, c, a, today, [], holds, 100, True) > 0

        now = level(self.reader(before))
        read = list(self.positive(p, True))
        strikes = [self.struck(one.commitment, one.state or ("violated",), True) for one in read]
        by_events, by_days = any(s[0] for s in strikes), any(s[1] for s in strikes)
        anew = (by_events or by_days) and level(self.reader(before, loud=True))
        fired = (now and not a.was_true) or anew
        early = fired and today > opens
        early = early and ((level(self.reader(before, held=True)) and not a.was_true) or (anew and by_events))
        a.was_true = now
        return int(fired), int(early)

    def positive(self, p: Pattern, sign: bool) -> Iterable[Pattern]:
        if p.commitment and sign:
            yield p
        for q in (*p.any, *p.all):
            yield from self.positive(q, sign)
        if p.not_ is not None:
            yield from self.positive(p.not_, not sign)

    def end(self, a: Account, word: str) -> None:
        a.open.clear()
        a.closed, a.held, a.last, a.claimed, a.overdue = True, False, word, 0, False
        a.released = word == "released"

    def breaches(self, c: Commitment, events: list[Event], holds: Holds, today: date) -> int:
        """Forbidden events of the debtors or those they answer for, unless excepted or permitted."""
        assert c.forbid is not None
        found = 0
        for e in events:
            if not fits(self.case, c.forbid, e, c.answers_for):
                continue
            if not says_who(c.forbid) and not fits(self.case, Pattern(actor=c.debtor), e, c.answers_for):
                continue
            if c.except_ is not None and self.excepted(c, c.except_, e, holds):
                continue
            permitted = False
            for p in self.case.commitments.values():
                same = p.agreement == c.agreement and bool(p.agreement)
                if p.kind != "permission" or not same or p.then is None:
                    continue
                if holds([p.id], ["detached"], False) or self.just_called(p, events, today, holds):
                    mine = Pattern() if says_who(p.then) else Pattern(actor=p.debtor)
                    permitted |= fits(self.case, p.then, e, c.answers_for) and fits(self.case, mine, e, c.answers_for)
            found += not permitted
        return found

    def just_called(self, p: Commitment, events: list[Event], today: date, holds: Holds) -> bool:
        """Whether an event of the day may have called in a permission before what it permits (R12)."""
        if self.side != "lenient" or p.when is None or not (about_event(p.when) and names(p.when)):
            return False
        ends = [when.end for when in (p.until, p.by, p.when.by) if when is not None and when.end is not None]
        if p.from_.start is None or today < p.from_.start or any(today > end for end in ends):
            return False
        ready = holds([p.id], ["conditional", "expired"], False)
        return ready and any(fits(self.case, p.when, e, p.answers_for) for e in events)

    def excepted(self, c: Commitment, p: Pattern, e: Event, holds: Holds) -> bool:
        """Whether an exception covers an event: one of its alternatives fits it, and the state it asks for holds."""
        if p.any and not names(p) and not p.commitment:
            return any(self.excepted(c, q, e, holds) for q in p.any)
        if p.commitment and not holds(p.commitment, p.state, False):
            return False
        return fits(self.case, p, e, c.answers_for)

    def needs_event(self, p: Pattern) -> bool:
        """Whether a condition comes true by an event of the day alone, which another of the day may come before."""
        if names(p) or p.at_least > 1:
            return True
        if p.any and all(self.needs_event(q) for q in p.any):
            return True
        return any(self.needs_event(q) for q in p.all)

    def only_states(self, p: Pattern) -> bool:
        inner = [*p.any, *p.all, *([p.not_] if p.not_ else [])]
        return not names(p) and not (p.not_ and p.by) and all(self.only_states(q) for q in inner)

    def true(
        self,
        p: Pattern,
        c: Commitment,
        a: Account,
        today: date,
        events: list[Event],
        holds: Holds,
        node: int,
        harmful: bool,
    ) -> int:
        """How often the pattern is true today; ``harmful``: that it is harms the debtor."""

        def inner(q: Pattern, number: int, leaning: bool) -> int:
            return self.true(q, c, a, today, events, holds, node + number, leaning)

        if p.not_ is not None and p.by is not None:  # absent by a date: true on the day after it
            inside = c.from_.start is not None and c.from_.start <= today and p.by.end and today <= p.by.end
            if inside and inner(p.not_, 1, not harmful):
                a.happened.add(node)
            return int(p.by.end is not None and today == p.by.end + DAY and node not in a.happened)
        if p.at_least > 1:
            once = Pattern(**{f: getattr(p, f) for f in Pattern.__slots__ if f not in ("at_least", "per")})
            many = inner(once, 1, harmful)
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
            parts.append(int(holds(p.commitment, p.state or ("violated",), harmful)))
        if names(p):
            own = Pattern(
                type=p.type, actor=p.actor, target=p.target, within=p.within, beyond=p.beyond, event=p.event,
                listed=p.listed,
            )  # fmt: skip
            parts.append(sum(fits(self.case, own, e, c.answers_for) for e in events))
        if p.any:
            parts.append(max(inner(q, 10 + n, harmful) for n, q in enumerate(p.any)))
        parts += [inner(q, 20 + n, harmful) for n, q in enumerate(p.all)]
        if p.not_ is not None:
            parts.append(int(not inner(p.not_, 30, not harmful)))
        return max(parts) if all(parts) else 0

    def headline(self, c: Commitment, a: Account) -> str:
        if a.state == "not-yet" and not a.closed:
            return "not-yet"
        if a.held and not a.closed:
            return "suspended"
        if a.open:
            return "violated" if a.open[0].broken and c.kind in ("maintain", "recurrent") else "detached"
        if a.claimed and not a.closed:
            return "claimed"
        if not a.closed and a.begun == 0:
            return "conditional"
        return a.last
