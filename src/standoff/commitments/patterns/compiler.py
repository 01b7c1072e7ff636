"""From the words of a case to the arrays of the automaton: slots, their days, and which events each signal counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, bare, is_unknown, may_have_begun, two_sided
from standoff.case.terms import Commitment, Pattern
from standoff.case.vocabulary import is_a
from standoff.commitments.engine.arrays import FOREVER, KINDS, NUMBERS, ROLES, Mask, Schedule, Slot
from standoff.commitments.engine.rules import (
    Absent,
    AllOf,
    AnyOf,
    Entered,
    Holds,
    Not,
    OpensToday,
    PatternCount,
    Rule,
    Several,
    SumOf,
    Threshold,
    needs_event,
    parts,
    signals_of,
)
from standoff.commitments.engine.states import CODE, CONDITIONAL, DETACHED, DONE, EXPIRED
from standoff.commitments.patterns.pattern import Emitted, Log, Matcher, Names, log_of_emissions
from standoff.commitments.patterns.wording import (
    SHARE,
    TEXT,
    alternatives,
    at_end,
    distinct_of,
    duties_of,
    early_of,
    in_the_hours_of,
    is_about_events,
    is_spent,
    names_event,
    says_actor,
    text_and_readings,
    undoing,
    vague_days,
)
from standoff.commitments.patterns.zones import is_spot
from standoff.evidence.what_is_counted import is_of_people
from standoff.oneline import OneLine
from standoff.values import Duration, after_hours, clock_minutes, months_on

# What is forbidden and yet allowed


MOST_MEETINGS = 64  # sets of exceptions that one event may meet; each is counted apart


def forbidden_by(term: Commitment) -> Pattern | None:
    """Return what a ``maintain`` forbids, with its debtors as actors where it names none; None for other kinds."""
    if term.kind != "maintain":
        return None
    forbidden = term.forbid
    if forbidden is None and term.then is not None and term.then.not_ is not None and not names_event(term.then):
        forbidden = term.then.not_
    if forbidden is None or says_actor(forbidden) or forbidden.commitment:
        return forbidden
    return replace(forbidden, actor=term.debtor)


def split_exception(exception: Pattern) -> tuple[Pattern | None, Pattern]:
    """Part an exception into the events it names, if any, and the state of things it asks for."""
    events = replace(exception, commitment=(), state=(), all=tuple(p for p in exception.all if is_about_events(p)))
    rest = replace(
        Pattern(),
        commitment=exception.commitment,
        state=exception.state,
        all=tuple(p for p in exception.all if not is_about_events(p)),
    )
    return (events if names_event(events) or events.all else None), rest


def permissions_for(term: Commitment, commitments: Iterable[Commitment]) -> list[tuple[Commitment, Pattern]]:
    """Return the permissions of the same agreement, or that amend the term or it, with the events they allow."""
    pairs = []
    for p in commitments:
        if p.kind != "permission" or p.then is None:
            continue
        if (p.agreement and p.agreement == term.agreement) or p.amends in (term.id, term.agreement or "-"):
            pairs.append((p, p.then if says_actor(p.then) else replace(p.then, actor=p.debtor)))
    return pairs


def by_state(term: Commitment, commitments: Iterable[Commitment]) -> list[Pattern]:
    """Return the events of the exceptions and permissions of a term that hold only in some state of things."""
    parts = [split_exception(e)[0] for e in alternatives(term.except_) if not is_about_events(e)]
    return [p for p in parts if p is not None] + [p for _, p in permissions_for(term, commitments)]


def meetings(forbidden: Pattern, exceptions: Sequence[Pattern]) -> Iterator[tuple[int, ...]]:
    """Yield the sets of exceptions, by position, that one forbidden event may match, none of them first.

    An event has one type. So two patterns with types can match the same event only where a type of the one is a kind of
    a type of the other.
    """
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        met = waiting.pop(0)
        yield met
        for n in range(met[-1] + 1 if met else 0, len(exceptions)):
            if all(_may_meet(exceptions[n], p) for p in (forbidden, *(exceptions[m] for m in met))):
                waiting.append((*met, n))


def _may_meet(one: Pattern, other: Pattern) -> bool:
    return not (one.type and other.type) or any(is_a(t, u) or is_a(u, t) for t in one.type for u in other.type)


# Which events each signal counts, in a recorded log and among the events the world can produce


@dataclass(frozen=True, slots=True, repr=False)
class SignalSource(OneLine):
    """The events one signal counts: those of ``pattern`` but not of ``excluded``, at ``key`` when the slot has one.

    Only events that match every pattern of ``sure`` beyond doubt are counted.
    """

    pattern: Pattern
    excluded: tuple[Pattern, ...]
    answers: Mapping[str, Names]
    key_kind: str = ""
    key: str = ""
    sure: tuple[Pattern, ...] = ()

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Every pattern that is looked at."""
        return (self.pattern, *self.excluded, *self.sure)


def matched_pairs(schedule: Schedule, matcher: Matcher, log: Log) -> tuple[NDArray[np.int32], NDArray[np.int32], Mask]:
    """Return (event, signal, certain) for every pair in which an event of the log possibly counts for a signal.

    Keyed signals share one look at their pattern, and are then told apart by where (or by whom) the event is. The last
    answer is kept: verdicts, disputes and reasons ask for the same. Nobody may write into it.
    """
    last = matcher.last_pairs
    if last is not None and last[0] is schedule and last[1] is log:
        return last[2]
    pairs = _matched_pairs(schedule, matcher, log)
    for column in pairs:
        column.setflags(write=False)
    matcher.last_pairs = (schedule, log, pairs)
    return pairs


def _matched_pairs(schedule: Schedule, matcher: Matcher, log: Log) -> tuple[NDArray[np.int32], NDArray[np.int32], Mask]:
    groups: dict[Any, list[int]] = {}
    for index, source in enumerate(schedule.matchers):
        alike = (source.pattern, source.excluded, source.sure, _dated(source.answers), source.key_kind)
        groups.setdefault(alike, []).append(index)
    events, signals, sure = [], [], []
    for indices in groups.values():
        certain, possible = source_matches(matcher, schedule.matchers[indices[0]], log)
        hits = np.flatnonzero(possible).astype(np.int32)
        plain = [i for i in indices if not schedule.matchers[i].key]
        for index in plain:
            events.append(hits)
            signals.append(np.full(len(hits), index, np.int32))
            sure.append(certain[hits])
        if keyed := [i for i in indices if schedule.matchers[i].key]:
            rows, which, at_key = _keyed(schedule, matcher, log, hits, keyed)
            events.append(rows)
            signals.append(which)
            sure.append(certain[rows] & at_key)
    if not events:
        none = np.zeros(0, np.int32)
        return none, none, np.zeros(0, np.bool_)
    return np.concatenate(events), np.concatenate(signals), np.concatenate(sure)


def _dated(answers: Mapping[str, Names]) -> tuple[Any, ...]:
    """Return who answers for whom, and when: ties of one actor are the same text whatever their days."""
    spans = {
        name: tuple((t, getattr(t, "from_", None), getattr(t, "until", None)) for t in answers[name])
        for name in answers
    }
    return tuple(spans.items())


def _keyed(
    schedule: Schedule, matcher: Matcher, log: Log, hits: NDArray[np.int32], indices: list[int]
) -> tuple[NDArray[np.int32], NDArray[np.int32], Mask]:
    """Return (event, signal, known) for events at, or by, the key of a signal; ``at_key`` is false where it may be."""
    by_key: dict[str, list[int]] = {}
    for index in indices:
        by_key.setdefault(schedule.matchers[index].key, []).append(index)
    by_actor = schedule.matchers[indices[0]].key_kind == "actor"
    codes = log.where[hits].astype(np.int64)
    if by_actor:
        codes = log.actor[hits].astype(np.int64) * max(len(log.targets), 1) + log.target[hits]
    used, place = np.unique(codes, return_inverse=True)
    lists: list[list[tuple[int, bool]]] = []
    for code in used.tolist():
        if by_actor:
            doer, target = divmod(code, max(len(log.targets), 1))
            keys = _doers(log.actors[doer], log.targets[target], by_key, log.simulated)
        else:
            keys = _places(matcher, log.wheres[code], by_key, log.simulated)
        lists.append([(index, sure) for key, sure in keys.items() for index in by_key[key]])
    lengths = np.array([len(hit) for hit in lists], np.intp)
    flat = np.array([index for hit in lists for index, _ in hit], np.int32)
    at_key = np.array([sure for hit in lists for _, sure in hit], np.bool_)
    starts = np.cumsum(lengths) - lengths
    many = lengths[place]
    rows = np.repeat(hits, many)
    offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    at = np.repeat(starts[place], many) + offset
    return rows, flat[at], at_key[at]


def _doers(doers: Names, targets: Names, keys: Iterable[str], simulated: bool) -> dict[str, bool]:
    """Return which keys may have done it, and which have; in a two-sided event either side may, and nobody surely."""
    if two_sided(doers, targets):
        return dict.fromkeys((k for k in keys if _may_be(k, may_have_begun(doers, targets))), False)
    if simulated:
        return dict.fromkeys((k for k in keys if k in doers), True)
    return {k: k in doers for k in keys if not doers or _may_be(k, doers)}


def _may_be(key: str, names: Names) -> bool:
    return any(is_unknown(name) or bare(name) == key for name in names)


def _places(
    matcher: Matcher, where: tuple[Names, Names, Names], keys: Iterable[str], simulated: bool
) -> dict[str, bool]:
    """Return at which keys it may have been, and at which it was: in a sector, it may be at each of its places."""
    places, sectors, _ = where
    geography = matcher.geography
    if places:
        spots = [p for p in places if is_spot(p)]
        return {k: k in places for k in keys if k in places or any(geography.reaches(s, k) for s in spots)}
    inside = {s for s in sectors if s}
    return dict.fromkeys((k for k in keys if geography.sector_of(k) in inside), simulated)


def source_matches(matcher: Matcher, source: SignalSource, log: Log) -> tuple[Mask, Mask]:
    """Return which events of a log count for one signal: (certainly, possibly), before keys are looked at."""
    certain, possible = matcher.match(source.pattern, log, source.answers)
    for pattern in source.excluded:
        left_certain, left_possible = matcher.match(pattern, log, source.answers)
        certain, possible = certain & ~left_possible, possible & ~left_certain
    for pattern in source.sure:
        beyond_doubt, _ = matcher.match(pattern, log, source.answers)
        certain, possible = certain & beyond_doubt, possible & beyond_doubt
    return certain, possible


def emissions(schedule: Schedule, matcher: Matcher, emitted: Iterable[Emitted]) -> Mask:
    """Return bool [emissions, signals]: which signals an event that the world can produce would count for."""
    log = log_of_emissions(emitted)
    out = np.zeros((log.size, len(schedule.signals)), np.bool_)
    event, signal, _ = matched_pairs(schedule, matcher, log)
    out[event, signal] = True
    return out


# Rules of a day: what is about one event is a signal, the rest is read daily


class Compiler:
    """Slots of the chosen commitments, and the rules of their roles; each signal met on the way is kept as a source."""

    def __init__(self, case: Case, chosen: Sequence[Commitment], first: date) -> None:
        self.case, self.first = case, first
        self.chosen = chosen
        self.slots: list[tuple[Slot, Commitment]] = []
        self.sources: list[SignalSource] = []
        self.served: list[tuple[int, str]] = []
        self.nodes = count()
        self.at = 0
        self.role = ""
        self.answers: Mapping[str, Any] | None = None  # who answers for whom, where not as the term says
        self.by_commitment: dict[str, tuple[int, ...]] = {}
        self.keys: Mapping[str, Sequence[str]] = {}

    def day(self, when: date | None, default: int = FOREVER) -> int:
        """Return the number of a calendar day, at most FOREVER either way; ``default`` where there is none."""
        return default if when is None else max(min((when - self.first).days, FOREVER), -FOREVER)

    def enumerate(self, keys: Mapping[str, Sequence[str]], spans: bool, readings: bool) -> None:
        """Make the slots, sorted by kind: a slot for each reading, end of an assumed deadline and key."""
        self.keys = keys
        for kind in KINDS:
            for c in (c for c in self.chosen if c.kind == kind):
                for reading, written in text_and_readings(c).items() if readings else [("", c)]:
                    term = in_the_hours_of(self.case, written)
                    assumed = any(s is not None and s.low < s.high for s in (term.within, term.every))
                    varied = spans and (assumed or bool(vague_days(term)))
                    for span in ("", "low", "high") if varied else ("",):
                        for key in keys.get(c.id, ("",)) if c.key else ("",):
                            slot = Slot(c.id, reading, key, span, kind, c.adverse, term.debtor, term.creditor)
                            self.slots.append((slot, at_end(term, span)))
        for c in self.chosen:
            self.by_commitment[c.id] = tuple(
                i for i, (s, _) in enumerate(self.slots) if s.commitment == c.id and not s.span
            )

    def _signal(self, pattern: Pattern, excluded: tuple[Pattern, ...], sure: tuple[Pattern, ...]) -> PatternCount:
        slot, term = self.slots[self.at]
        answers = term.answers_for if self.answers is None else self.answers
        self.sources.append(SignalSource(pattern, excluded, answers, term.key if slot.key else "", slot.key, sure))
        self.served.append((self.at, self.role))
        return PatternCount(len(self.sources) - 1)

    def rule(self, pattern: Pattern, excluded: tuple[Pattern, ...] = (), sure: tuple[Pattern, ...] = ()) -> Rule:
        """Turn a pattern into a rule: what is about one event becomes one signal, the rest is read day by day.

        Events that match one of ``excluded``, or that do not match all of ``sure`` beyond doubt, do not count.
        """
        rules: list[Rule] = []
        day_level = [p for p in pattern.all if not is_about_events(p)]
        any_events = all(is_about_events(p) for p in pattern.any)
        negation = pattern.not_
        absent = negation is not None and pattern.by is not None
        per_event = negation is not None and not absent and is_about_events(negation) and names_event(pattern)
        own = replace(
            pattern,
            commitment=(),
            state=(),
            at_least=1,
            per=None,
            by=None,
            not_=negation if per_event else None,
            all=tuple(p for p in pattern.all if is_about_events(p)),
            any=pattern.any if any_events else (),
        )
        if names_event(own) or own.all or own.any:
            rules.append(self._signal(own, excluded, sure))
        if pattern.commitment:
            slots = tuple(s for name in pattern.commitment for s in self.by_commitment.get(name, ()))
            words = pattern.state or ("violated",)
            codes = (CODE["satisfied" if s == DONE else s] for s in words if s == DONE or s in CODE)
            rules.append(Holds(slots, tuple(dict.fromkeys(codes)), DONE in words))
        if pattern.any and not any_events:
            rules.append(AnyOf(tuple(self.rule(p, excluded, sure) for p in pattern.any)))
        rules += [self.rule(p, excluded, sure) for p in day_level]
        if negation is not None and absent and pattern.by is not None:
            opens = self.day(self.slots[self.at][1].from_.start, 0)
            rules.append(Absent(self.rule(negation), opens, self.day(pattern.by.end), next(self.nodes)))
        elif negation is not None and not per_event:
            rules.append(Not(self.rule(negation)))
        return self._often(rules[0] if len(rules) == 1 else AllOf(tuple(rules)), pattern)

    def role_rule(self, role: str, slot: int) -> Rule | None:
        """Return the rule of a role (arrays.ROLES) of a slot, or None where the commitment has none."""
        self.at, self.role = slot, role
        term = self.slots[slot][1]
        if role == "bad":
            return self._breach(term)
        if role in ("early", "undo"):
            return self._early(term, role)
        pattern = {
            "when": term.when,
            "then": term.then,
            "while": term.while_,
            "suspend": term.suspend,
            "resume": term.resume,
            "release": term.release,
            "cancel": term.cancel,
            "verify": term.verify,
            "reopen": term.reopen,
        }[role]
        if pattern is None or (role == "then" and term.kind == "maintain"):
            return None
        if role == "then" and term.kind == "permission" and not says_actor(pattern):
            pattern = replace(pattern, actor=term.debtor)
        if role == "then" and len(duties := duties_of(term, self.keys.get(term.id, ()))) > 1:
            return Several(tuple(self.rule(part) for part in duties), next(self.nodes))
        rule = self.rule(pattern)
        if role == "when" and not signals_of(rule) and not any(isinstance(p, Absent) for p in parts(rule)):
            rule = Entered(rule, self.day(term.from_.start, 0), next(self.nodes))
        return rule

    def _early(self, term: Commitment, role: str) -> Rule | None:
        """What may have been done before it was called in, or undoes it; None where no act lies before a call."""
        parts = early_of(term, self.keys.get(term.id, ()))
        if not parts or (term.when is None and self.agreed(term) == self.day(term.from_.start, 0)):
            return None
        if role == "undo":
            some = [undoing(part) for part in parts]
            parts = tuple(part for part in some if part is not None) if None not in some else ()
            if not parts:
                return None
        return self.rule(parts[0]) if len(parts) == 1 else Several(tuple(map(self.rule, parts)), next(self.nodes))

    def agreed(self, term: Commitment) -> int:
        """Return the day from which an act may lie before its call: that of the agreement, or the first in force."""
        opens = self.day(term.from_.start, 0)
        if term.agreement not in self.case.agreements:
            return opens
        return min(opens, self.day(self.case.agreements[term.agreement].date.start, opens))

    def _breach(self, term: Commitment) -> Rule | None:
        """What breaks a ``maintain``: forbidden events of the debtors, without exceptions and what is permitted."""
        forbidden = forbidden_by(term)
        if forbidden is None:
            return None
        always: list[Pattern] = []
        gated: list[tuple[Pattern, Rule]] = []  # exceptions that hold while a state of things does
        lifted: list[Rule] = []  # states of things in which nothing is forbidden
        for part in alternatives(term.except_):
            if is_about_events(part):
                always.append(part)
                continue
            events, rest = split_exception(part)
            if events is None:
                lifted.append(self.rule(rest))
            else:
                gated.append((events, self.rule(rest)))
        permitted = permissions_for(term, self.chosen)
        gated += [(pattern, self._permits(p)) for p, pattern in permitted]
        each = replace(forbidden, at_least=1, per=None)
        rules: list[Rule] = []
        for met in meetings(each, [p for p, _ in gated]):
            others = tuple(p for n, (p, _) in enumerate(gated) if n not in met)
            rule = self.rule(each, (*always, *others), tuple(gated[n][0] for n in met))
            off = (*lifted, *(gated[n][1] for n in met))
            rules.append(AllOf((rule, *(Not(gate) for gate in off))) if off else rule)
        return self._often(rules[0] if len(rules) == 1 else SumOf(tuple(rules)), forbidden)

    def _permits(self, permission: Commitment) -> Rule:
        """Whether a permission is in force: since before today, or called in by an event of today that came first."""
        slots = self.by_commitment[permission.id]
        holds = Holds(slots, (DETACHED,))
        term = in_the_hours_of(self.case, permission)
        if term.when is None or not names_event(term.when) or not is_about_events(term.when):
            return holds
        self.role, self.answers = "permit", term.answers_for
        called = self.rule(replace(term.when, by=None))
        self.role, self.answers = "bad", None
        ends = [self.day(when.end) for when in (term.until, term.by, term.when.by) if when is not None]
        ready = Holds(slots, (CONDITIONAL, EXPIRED))
        opens = self.day(term.from_.start, 0)
        return AnyOf((holds, OpensToday(called, ready, opens, min(ends, default=FOREVER), self.at)))

    def _often(self, rule: Rule, pattern: Pattern) -> Rule:
        """Ask for as many events as a pattern does, within its span."""
        if pattern.at_least < 2:
            return rule
        return Threshold(rule, pattern.at_least, pattern.per.days if pattern.per else 0, next(self.nodes))


class AccountReadings(Protocol):
    """What the ledger needs of an account's telling (evidence.telling.Telling)."""

    @property
    def readings(self) -> Mapping[str, str]:
        """Commitment -> reading that the account holds."""

    @property
    def off(self) -> frozenset[str]:
        """Commitments not in force in this account."""


def compile_schedule(
    case: Case,
    *,
    first: date,
    commitments: Iterable[str] | None = None,
    keys: Mapping[str, Sequence[str]] | None = None,
    spans: bool = False,
    readings: bool = True,
) -> Schedule:
    """Compile commitments (all of the case, unless named) to arrays whose day 0 is ``first``.

    ``keys`` gives the keys of keyed commitments (none: one slot each, which suits a simulated run); ``spans`` adds
    slots for both ends of an assumed deadline; ``readings`` adds a slot for each named reading.
    """
    names = list(case.commitments) if commitments is None else list(commitments)
    compiler = Compiler(case, [case.commitments[name] for name in names], first)
    compiler.enumerate(keys or {}, spans, readings)
    plain: dict[str, tuple[list[int], list[int]]] = {role: ([], []) for role in ROLES}
    rules: dict[str, list[tuple[int, Rule]]] = {role: [] for role in ROLES}
    needs: dict[str, list[frozenset[int] | None]] = {role: [] for role in ROLES}
    watch: dict[str, tuple[list[int], list[int]]] = {"then": ([], []), "bad": ([], [])}
    chained: list[tuple[int, int]] = []
    several: list[tuple[int, int, int]] = []
    nodes: dict[int, dict[str, int]] = {}  # of the parts of what may be done early
    for slot in range(len(compiler.slots)):
        for role in ROLES:
            rule = compiler.role_rule(role, slot)
            if rule is None:
                continue
            if isinstance(rule, Entered):
                chained.append((slot, rule.node))
            if isinstance(rule, Several) and role in ("early", "undo"):
                nodes.setdefault(slot, {})[role] = rule.node
            elif isinstance(rule, Several):
                several.append((slot, rule.node, distinct_of(compiler.slots[slot][1])))
            if isinstance(rule, PatternCount) and role != "while":
                plain[role][0].append(slot)
                plain[role][1].append(rule.index)
            else:
                rules[role].append((slot, rule))
                needs[role].append(frozenset(signals_of(rule)) if needs_event(rule) and role != "while" else None)
            if role in watch:
                for index in (i for i in signals_of(rule) if compiler.served[i][1] == role):
                    watch[role][0].append(slot)
                    watch[role][1].append(index)
    slots = tuple(slot for slot, _ in compiler.slots)
    succeeds = [
        (old, new)
        for c in compiler.chosen
        for name in dict.fromkeys((*c.supersedes, c.amends))
        for old, s in enumerate(slots)
        if s.commitment == name
        for new in compiler.by_commitment[c.id]
    ]
    early = {*plain["early"][0], *(slot for slot, _ in rules["early"])}
    arrays = _arrays(compiler, dict(rules["when"]), set(plain["when"][0]), early)
    return Schedule(
        first=first,
        slots=slots,
        blocks=_blocks(slots),
        plain={role: _pair(pair) for role, pair in plain.items()},
        rules={role: tuple(pairs) for role, pairs in rules.items()},
        needs={role: tuple(pairs) for role, pairs in needs.items()},
        succeeds=tuple(succeeds),
        signals=tuple(compiler.served),
        watch={role: _pair(pair) for role, pair in watch.items()},
        matchers=tuple(compiler.sources),
        units=tuple(term.amount.unit if term.amount else "" for _, term in compiler.slots),
        of_people=frozenset(
            index
            for index, (_, term) in enumerate(compiler.slots)
            if term.amount is not None and term.amount.unit and is_of_people(case, term.amount.unit)
        ),
        edges=tuple(edge for index, (_, term) in enumerate(compiler.slots) for edge in _hours(compiler, index, term)),
        spans_in_hours={
            index: term.within.hours
            for index, (_, term) in enumerate(compiler.slots)
            if term.within is not None and term.within.hours and term.when is not None
        },
        chained=tuple(chained),
        several=tuple(several),
        ranges=_ends(slots),
        early_signals=frozenset(n for n, (_, role) in enumerate(compiler.served) if role in ("early", "undo")),
        early_always=bool((arrays["early"] == 2).any()),
        reads_late=any(isinstance(p, Holds) and p.late for some in rules.values() for _, r in some for p in parts(r)),
        early_parts=tuple(
            (slot, of["early"], of.get("undo", -1), distinct_of(compiler.slots[slot][1])) for slot, of in nodes.items()
        ),
        **arrays,
    )


def _ends(slots: Sequence[Slot]) -> dict[int, tuple[int, ...]]:
    """Return, of each slot whose deadline or days are not exact, itself and the slots of both ends."""
    alike: dict[tuple[str, str, str], list[int]] = {}
    for index, own in enumerate(slots):
        if own.span:
            alike.setdefault((own.commitment, own.reading, own.key), []).append(index)
    return {
        index: (index, *alike[own.commitment, own.reading, own.key])
        for index, own in enumerate(slots)
        if not own.span and (own.commitment, own.reading, own.key) in alike
    }


def _pair(pair: tuple[list[int], list[int]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return np.array(pair[0], np.intp), np.array(pair[1], np.intp)


def _blocks(slots: Sequence[Slot]) -> dict[str, slice]:
    kinds = [slot.kind for slot in slots]
    blocks = {}
    for kind in KINDS:
        start = kinds.index(kind) if kind in kinds else 0
        blocks[kind] = slice(start, start + kinds.count(kind))
    return blocks


def follow(
    schedule: Schedule, tellings: Sequence[AccountReadings], *, every_reading: bool = False
) -> tuple[Mask, Mask]:
    """Return (active, own), each [columns, slots], for one telling per column.

    ``own`` is the reading a column holds of each commitment (the text, unless the account says otherwise); ``active``
    is the same, or with ``every_reading`` all of them, so that each reading gets its own verdict beside the text.
    """
    of: dict[str, list[int]] = {}
    for index, slot in enumerate(schedule.slots):
        of.setdefault(slot.commitment, []).append(index)
    reading = np.array([slot.reading or TEXT for slot in schedule.slots], dtype=object)
    plain = np.array([not slot.span for slot in schedule.slots], np.bool_)
    active = np.tile(reading == TEXT, (len(tellings), 1))
    off = np.zeros_like(active)
    for column, telling in enumerate(tellings):
        for name, reading_id in telling.readings.items():
            active[column, of.get(name, [])] = reading[of.get(name, [])] == reading_id
        for name in telling.off:
            off[column, of.get(name, [])] = True
    own = active & plain & ~off
    return (active | every_reading) & ~off, own


def _hours(compiler: Compiler, index: int, term: Commitment) -> Iterator[tuple[int, str, int, int]]:
    """Yield (slot, which edge, day, minute) for the hours at which a commitment begins, ends or falls due.

    They are of the zone of the case, to which those of an agreement have been carried over.
    """
    for which, when, hour in (
        ("from", term.from_.start, term.from_hour),
        ("until", term.until.end if term.until else None, term.until_hour),
        ("by", term.by.end if term.by else None, term.by_hour),
    ):
        if when is not None and hour:
            yield index, which, compiler.day(when), clock_minutes(hour)
    if (first := _due_hour(term)) is not None:
        begins = compiler.day(term.from_.start, 0)
        yield index, "by", begins + first[0], first[1]


def _due_hour(term: Commitment) -> tuple[int, int] | None:
    """Return (days after the first, minute) on which a span of hours from an hour of the first day ends."""
    if term.within is None or not term.within.hours or term.when is not None or not term.from_hour:
        return None
    return after_hours(clock_minutes(term.from_hour), term.within.hours)


def _arrays(
    compiler: Compiler, when: Mapping[int, Rule], plain: Collection[int], early: Collection[int]
) -> dict[str, NDArray[Any]]:
    of: dict[str, list[Any]] = {k: [] for k in NUMBERS}
    for index, (slot, term) in enumerate(compiler.slots):
        rule = when.get(index)
        more = {
            "absent": isinstance(rule, Absent),
            "evented": index in plain or (rule is not None and needs_event(rule)),
            "verified": term.verify is not None,
            "agreed": compiler.agreed(term),
            "early": (1 + (term.early == "counts")) * (index in early),
            "spent": term.then is not None
            and (is_spent(term.then) or (term.kind == "quantity" and not distinct_of(term))),
        }
        for name, value in (_numbers(compiler, slot, term) | more).items():
            of[name].append(value)
    flags = ("conditional", "peak", "verified", "absent", "evented", "spent")
    kinds = dict.fromkeys(flags, np.bool_) | {"owed": np.float32}
    return {k: np.array(v, kinds.get(k, np.int16)) for k, v in of.items()}


def _numbers(compiler: Compiler, slot: Slot, term: Commitment) -> dict[str, Any]:
    opens = compiler.day(term.from_.start, 0)
    closes = compiler.day(term.until.end if term.until else None)
    due = compiler.day(term.by.end if term.by else None)
    if term.then is not None and term.then.by is not None and term.then.not_ is None:
        due = min(due, compiler.day(term.then.by.end))
    begins = term.from_.start or compiler.first
    within, months, part_day = -1, 0, 0
    if term.within is not None:
        within, months = _days(term.within, slot.span), term.within.months
        part_day = int(term.within.hours % 24 > 0)
        if (first := _due_hour(term)) is not None:
            within, part_day = first[0], 0
        if months and term.when is None:  # it runs from a known day
            within, months = (months_on(begins, months) - begins).days, 0
    latest = closes
    if term.when is not None and term.when.by is not None:
        latest = min(latest, compiler.day(term.when.by.end))
        if term.when.not_ is not None:
            latest = compiler.day(term.when.by.end) + 1
            closes = max(closes, latest)
    if term.kind in ("maintain", "recurrent", "permission"):
        closes = min(closes, due)
        if term.when is None and within >= 0 and term.reopen is None:  # re-opened it runs as long once more
            closes = min(closes, opens + within)
    elif due == FOREVER and within < 0:
        due = closes
    if term.then is None and term.forbid is None:  # nothing that could be observed is owed
        due, within, months, part_day = FOREVER, -1, 0, 0
    amount = term.amount
    return {
        "opens": opens,
        "closes": closes,
        "latest": latest,
        "due": due,
        "within": within,
        "every": _days(term.every, slot.span) if term.every else 0,
        "within_months": months,
        "every_months": term.every.months if term.every else 0,
        "anchor": begins.day if term.when is None else 0,
        "conditional": term.when is not None,
        "owed": amount.value if amount else 1.0,
        "peak": amount is not None and (amount.unit == SHARE or bool(distinct_of(term))),
        "part_day": part_day,
    }


def _days(span: Duration, end: str) -> int:
    return {"": span.days, "low": span.low, "high": span.high}[end]
