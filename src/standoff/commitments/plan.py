"""From the words of a case to the arrays of the automaton: slots, day rules, and which events each signal counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.case.terms import Commitment, Pattern
from standoff.case.values import Span
from standoff.commitments.arrays import FOREVER, KINDS, ROLES, Mask, Plan, Slot
from standoff.commitments.rules import (
    Absent,
    AllOf,
    AnyOf,
    Entered,
    Holds,
    Not,
    Rule,
    Signal,
    Threshold,
    needs_event,
    parts,
    signals_of,
)
from standoff.commitments.sources import Source
from standoff.commitments.states import CODE, DETACHED
from standoff.commitments.wording import (
    TEXT,
    alternatives,
    is_about_events,
    names_event,
    says_actor,
    text_and_readings,
)


class Told(Protocol):
    """What the ledger needs of an account's telling (evidence.telling.Telling)."""

    @property
    def readings(self) -> Mapping[str, str]:
        """Commitment -> reading that the account holds."""

    @property
    def off(self) -> frozenset[str]:
        """Commitments not in force in this account."""


class _Compiler:
    def __init__(self, case: Case, chosen: Sequence[Commitment], first: date) -> None:
        self.case, self.first = case, first
        self.chosen = chosen
        self.slots: list[tuple[Slot, Commitment]] = []
        self.sources: list[Source] = []
        self.served: list[tuple[int, str]] = []
        self.nodes = count()
        self.at = 0
        self.role = ""
        self.by_commitment: dict[str, tuple[int, ...]] = {}

    def day(self, when: date | None, default: int = FOREVER) -> int:
        return default if when is None else max(min((when - self.first).days, FOREVER), -FOREVER)

    def enumerate(self, keys: Mapping[str, Sequence[str]], spans: bool, readings: bool) -> None:
        for kind in KINDS:
            for c in (c for c in self.chosen if c.kind == kind):
                for reading, term in text_and_readings(c).items() if readings else [("", c)]:
                    varied = spans and any(s is not None and s.low < s.high for s in (term.within, term.every))
                    for span in ("", "low", "high") if varied else ("",):
                        for key in keys.get(c.id, ("",)):
                            slot = Slot(c.id, reading, key, span, kind, c.adverse, term.debtor, term.creditor)
                            self.slots.append((slot, term))
        for c in self.chosen:
            self.by_commitment[c.id] = tuple(
                i for i, (s, _) in enumerate(self.slots) if s.commitment == c.id and not s.span
            )

    def signal(self, pattern: Pattern, excluded: tuple[Pattern, ...] = ()) -> Signal:
        slot, term = self.slots[self.at]
        answers = term.answers_for
        self.sources.append(Source(pattern, excluded, answers, term.key if slot.key else "", slot.key))
        self.served.append((self.at, self.role))
        return Signal(len(self.sources) - 1)

    def rule(self, pattern: Pattern, excluded: tuple[Pattern, ...] = ()) -> Rule:
        """Turn a pattern into a rule: what is about one event becomes one signal, the rest is read day by day."""
        found: list[Rule] = []
        day_level = [p for p in pattern.all if not is_about_events(p)]
        any_events = all(is_about_events(p) for p in pattern.any)
        turned = pattern.not_
        absent = turned is not None and pattern.by is not None
        per_event = turned is not None and not absent and is_about_events(turned) and names_event(pattern)
        own = replace(
            pattern,
            commitment=(),
            state=(),
            at_least=1,
            per=None,
            by=None,
            not_=turned if per_event else None,
            all=tuple(p for p in pattern.all if is_about_events(p)),
            any=pattern.any if any_events else (),
        )
        if names_event(own) or own.all or own.any:
            found.append(self.signal(own, excluded))
        if pattern.commitment:
            slots = tuple(s for name in pattern.commitment for s in self.by_commitment.get(name, ()))
            found.append(Holds(slots, tuple(CODE[s] for s in pattern.state or ("violated",) if s in CODE)))
        if pattern.any and not any_events:
            found.append(AnyOf(tuple(self.rule(p, excluded) for p in pattern.any)))
        found += [self.rule(p, excluded) for p in day_level]
        if turned is not None and absent and pattern.by is not None:
            opens = self.day(self.slots[self.at][1].from_.start, 0)
            found.append(Absent(self.rule(turned), opens, self.day(pattern.by.end), next(self.nodes)))
        elif turned is not None and not per_event:
            found.append(Not(self.rule(turned)))
        made = found[0] if len(found) == 1 else AllOf(tuple(found))
        if pattern.at_least > 1:
            return Threshold(made, pattern.at_least, pattern.per.days if pattern.per else 0, next(self.nodes))
        return made

    def role_rule(self, role: str, slot: int) -> Rule | None:
        self.at, self.role = slot, role
        term = self.slots[slot][1]
        if role == "bad":
            return self.breach(term)
        pattern = {
            "when": term.when,
            "then": term.then,
            "while": term.while_,
            "suspend": term.suspend,
            "resume": term.resume,
            "release": term.release,
            "cancel": term.cancel,
        }[role]
        if pattern is None or (role == "then" and term.kind == "maintain"):
            return None
        if role == "then" and term.kind == "permission" and not says_actor(pattern):
            pattern = replace(pattern, actor=term.debtor)
        made = self.rule(pattern)
        if role == "when" and not signals_of(made) and not any(isinstance(p, Absent) for p in parts(made)):
            made = Entered(made, self.day(term.from_.start, 0), next(self.nodes))
        return made

    def breach(self, term: Commitment) -> Rule | None:
        """What breaks a ``maintain``: forbidden events of the debtors, without exceptions and what is permitted."""
        forbidden = term.forbid
        if term.kind != "maintain":
            return None
        if forbidden is None and term.then is not None and term.then.not_ is not None and not names_event(term.then):
            forbidden = term.then.not_
        if forbidden is None:
            return None
        if not says_actor(forbidden) and not forbidden.commitment:
            forbidden = replace(forbidden, actor=term.debtor)
        always: list[Pattern] = []
        gated: list[tuple[Pattern | None, Rule]] = []
        for part in alternatives(term.except_):
            if is_about_events(part):
                always.append(part)
            else:
                events, gate = self.split(part)
                gated.append((events, gate))
        for slots, pattern in self.permissions(term):
            gated.append((pattern, Holds(slots, (DETACHED,))))
        taken = (*always, *(p for p, _ in gated if p is not None))
        rules: list[Rule] = [self.rule(forbidden, taken)]
        for index, (events, gate) in enumerate(gated):
            if events is None:
                rules = [AllOf((rule, Not(gate))) for rule in rules]
                continue
            earlier = (*always, *(p for p, _ in gated[:index] if p is not None))
            both = replace(forbidden, all=(*forbidden.all, events))
            rules.append(AllOf((self.rule(both, earlier), Not(gate))))
        return rules[0] if len(rules) == 1 else AnyOf(tuple(rules))

    def split(self, pattern: Pattern) -> tuple[Pattern | None, Rule]:
        """Part an exception into the events it names and the state of things it asks for."""
        events = replace(pattern, commitment=(), state=(), all=tuple(p for p in pattern.all if is_about_events(p)))
        rest = replace(
            Pattern(),
            commitment=pattern.commitment,
            state=pattern.state,
            all=tuple(p for p in pattern.all if not is_about_events(p)),
        )
        return (events if names_event(events) or events.all else None), self.rule(rest)

    def permissions(self, term: Commitment) -> list[tuple[tuple[int, ...], Pattern]]:
        found = []
        for p in self.chosen:
            if p.kind != "permission" or p.then is None:
                continue
            if (p.agreement and p.agreement == term.agreement) or p.amends in (term.id, term.agreement or "-"):
                pattern = p.then if says_actor(p.then) else replace(p.then, actor=p.debtor)
                found.append((self.by_commitment[p.id], pattern))
        return found

    def arrays(self) -> dict[str, NDArray[Any]]:
        made: dict[str, list[Any]] = {
            k: [] for k in ("opens", "closes", "latest", "due", "within", "every", "conditional", "owed", "peak")
        }
        for slot, term in self.slots:
            for name, value in self.numbers(slot, term).items():
                made[name].append(value)
        kinds = {"conditional": np.bool_, "peak": np.bool_, "owed": np.float32}
        return {k: np.array(v, kinds.get(k, np.int16)) for k, v in made.items()}

    def numbers(self, slot: Slot, term: Commitment) -> dict[str, Any]:
        opens = self.day(term.from_.start, 0)
        closes = self.day(term.until.end if term.until else None)
        due = self.day(term.by.end if term.by else None)
        if term.then is not None and term.then.by is not None and term.then.not_ is None:
            due = min(due, self.day(term.then.by.end))
        within = -1
        if term.within is not None:
            within = _days(term.within, slot.span)
        latest = closes
        if term.when is not None and term.when.by is not None:
            latest = min(latest, self.day(term.when.by.end))
            if term.when.not_ is not None:
                latest = self.day(term.when.by.end) + 1
                closes = max(closes, latest)
        if term.kind in ("maintain", "recurrent", "permission"):
            closes = min(closes, due)
            if term.when is None and within >= 0:
                closes = min(closes, opens + within)
        elif due == FOREVER and within < 0:
            due = closes
        if self.unobservable(term):
            due, within = FOREVER, -1
        amount = term.amount
        return {
            "opens": opens,
            "closes": closes,
            "latest": latest,
            "due": due,
            "within": within,
            "every": _days(term.every, slot.span) if term.every else 0,
            "conditional": term.when is not None,
            "owed": amount.value if amount else 1.0,
            "peak": amount is not None and amount.unit == "share",
        }

    @staticmethod
    def unobservable(term: Commitment) -> bool:
        return term.then is None and term.forbid is None


def _days(span: Span, end: str) -> int:
    return {"": span.days, "low": span.low, "high": span.high}[end]


def compile_plan(
    case: Case,
    *,
    first: date,
    commitments: Iterable[str] | None = None,
    keys: Mapping[str, Sequence[str]] | None = None,
    spans: bool = False,
    readings: bool = True,
) -> Plan:
    """Compile commitments (all of the case, unless named) to arrays whose day 0 is ``first``.

    ``keys`` gives the keys of keyed commitments (none: one slot each, which suits a simulated run); ``spans`` adds
    slots for both ends of an assumed deadline; ``readings`` adds a slot for each named reading.
    """
    names = list(case.commitments) if commitments is None else list(commitments)
    made = _Compiler(case, [case.commitments[name] for name in names], first)
    made.enumerate(keys or {}, spans, readings)
    plain: dict[str, tuple[list[int], list[int]]] = {role: ([], []) for role in ROLES}
    rules: dict[str, list[tuple[int, Rule]]] = {role: [] for role in ROLES}
    needs: dict[str, list[frozenset[int] | None]] = {role: [] for role in ROLES}
    watch: dict[str, tuple[list[int], list[int]]] = {"then": ([], []), "bad": ([], [])}
    for slot in range(len(made.slots)):
        for role in ROLES:
            rule = made.role_rule(role, slot)
            if rule is None:
                continue
            if isinstance(rule, Signal) and role != "while":
                plain[role][0].append(slot)
                plain[role][1].append(rule.index)
            else:
                rules[role].append((slot, rule))
                needs[role].append(frozenset(signals_of(rule)) if needs_event(rule) and role != "while" else None)
            if role in watch:
                for index in signals_of(rule):
                    watch[role][0].append(slot)
                    watch[role][1].append(index)
    slots = tuple(slot for slot, _ in made.slots)
    succeeds = [
        (old, new)
        for c in made.chosen
        for name in dict.fromkeys((*c.supersedes, c.amends))
        for old, s in enumerate(slots)
        if s.commitment == name
        for new in made.by_commitment[c.id]
    ]
    return Plan(
        first=first,
        slots=slots,
        blocks=_blocks(slots),
        plain={role: _pair(pair) for role, pair in plain.items()},
        rules={role: tuple(found) for role, found in rules.items()},
        needs={role: tuple(found) for role, found in needs.items()},
        succeeds=tuple(succeeds),
        signals=tuple(made.served),
        watch={role: _pair(pair) for role, pair in watch.items()},
        matchers=tuple(made.sources),
        **made.arrays(),
    )


def _pair(pair: tuple[list[int], list[int]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return np.array(pair[0], np.intp), np.array(pair[1], np.intp)


def _blocks(slots: Sequence[Slot]) -> dict[str, slice]:
    kinds = [slot.kind for slot in slots]
    made = {}
    for kind in KINDS:
        start = kinds.index(kind) if kind in kinds else 0
        made[kind] = slice(start, start + kinds.count(kind))
    return made


def follow(plan: Plan, tellings: Sequence[Told], *, every_reading: bool = False) -> tuple[Mask, Mask]:
    """Return (active, told), each [columns, slots], for one telling per column.

    ``told`` is the reading a column holds of each commitment (the text, unless the account says otherwise); ``active``
    is the same, or with ``every_reading`` all of them, so that each reading gets its own verdict beside the text.
    """
    of: dict[str, list[int]] = {}
    for index, slot in enumerate(plan.slots):
        of.setdefault(slot.commitment, []).append(index)
    reading = np.array([slot.reading or TEXT for slot in plan.slots], dtype=object)
    plain = np.array([not slot.span for slot in plan.slots], np.bool_)
    active = np.tile(reading == TEXT, (len(tellings), 1))
    off = np.zeros_like(active)
    for column, telling in enumerate(tellings):
        for name, held in telling.readings.items():
            active[column, of.get(name, [])] = reading[of.get(name, [])] == held
        for name in telling.off:
            off[column, of.get(name, [])] = True
    told = active & plain & ~off
    return (active | every_reading) & ~off, told
