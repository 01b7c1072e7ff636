"""From the patterns of a commitment to rules of a day: what is about one event is a signal, the rest is read daily."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import count

from standoff.case.model import Case
from standoff.case.terms import Commitment, Pattern
from standoff.commitments.arrays import FOREVER, KINDS, Slot
from standoff.commitments.exceptions import forbidden_by, meetings, parted, permissions_for
from standoff.commitments.rules import (
    Absent,
    AllOf,
    AnyOf,
    Entered,
    Holds,
    Not,
    Rule,
    Signal,
    SumOf,
    Threshold,
    parts,
    signals_of,
)
from standoff.commitments.sources import Source
from standoff.commitments.states import CODE, DETACHED
from standoff.commitments.wording import alternatives, is_about_events, names_event, says_actor, text_and_readings


class Compiler:
    """Slots of the chosen commitments, and the rules of their roles; each signal met on the way is kept as a source."""

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
        """Return the number of a calendar day, at most FOREVER either way; ``default`` where there is none."""
        return default if when is None else max(min((when - self.first).days, FOREVER), -FOREVER)

    def enumerate(self, keys: Mapping[str, Sequence[str]], spans: bool, readings: bool) -> None:
        """Make the slots, sorted by kind: a slot for each reading, end of an assumed deadline and key."""
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

    def _signal(self, pattern: Pattern, excluded: tuple[Pattern, ...], sure: tuple[Pattern, ...]) -> Signal:
        slot, term = self.slots[self.at]
        answers = term.answers_for
        self.sources.append(Source(pattern, excluded, answers, term.key if slot.key else "", slot.key, sure))
        self.served.append((self.at, self.role))
        return Signal(len(self.sources) - 1)

    def rule(self, pattern: Pattern, excluded: tuple[Pattern, ...] = (), sure: tuple[Pattern, ...] = ()) -> Rule:
        """Turn a pattern into a rule: what is about one event becomes one signal, the rest is read day by day.

        Events that match one of ``excluded``, or that do not match all of ``sure`` beyond doubt, do not count.
        """
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
            found.append(self._signal(own, excluded, sure))
        if pattern.commitment:
            slots = tuple(s for name in pattern.commitment for s in self.by_commitment.get(name, ()))
            found.append(Holds(slots, tuple(CODE[s] for s in pattern.state or ("violated",) if s in CODE)))
        if pattern.any and not any_events:
            found.append(AnyOf(tuple(self.rule(p, excluded, sure) for p in pattern.any)))
        found += [self.rule(p, excluded, sure) for p in day_level]
        if turned is not None and absent and pattern.by is not None:
            opens = self.day(self.slots[self.at][1].from_.start, 0)
            found.append(Absent(self.rule(turned), opens, self.day(pattern.by.end), next(self.nodes)))
        elif turned is not None and not per_event:
            found.append(Not(self.rule(turned)))
        return self._often(found[0] if len(found) == 1 else AllOf(tuple(found)), pattern)

    def role_rule(self, role: str, slot: int) -> Rule | None:
        """Return the rule of a role (arrays.ROLES) of a slot, or None where the commitment has none."""
        self.at, self.role = slot, role
        term = self.slots[slot][1]
        if role == "bad":
            return self._breach(term)
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
            events, rest = parted(part)
            if events is None:
                lifted.append(self.rule(rest))
            else:
                gated.append((events, self.rule(rest)))
        permitted = permissions_for(term, self.chosen)
        gated += [(pattern, Holds(self.by_commitment[p.id], (DETACHED,))) for p, pattern in permitted]
        each = replace(forbidden, at_least=1, per=None)
        rules: list[Rule] = []
        for met in meetings(each, [p for p, _ in gated]):
            others = tuple(p for n, (p, _) in enumerate(gated) if n not in met)
            rule = self.rule(each, (*always, *others), tuple(gated[n][0] for n in met))
            off = (*lifted, *(gated[n][1] for n in met))
            rules.append(AllOf((rule, *(Not(gate) for gate in off))) if off else rule)
        return self._often(rules[0] if len(rules) == 1 else SumOf(tuple(rules)), forbidden)

    def _often(self, rule: Rule, pattern: Pattern) -> Rule:
        """Ask for as many events as a pattern does, within its span."""
        if pattern.at_least < 2:
            return rule
        return Threshold(rule, pattern.at_least, pattern.per.days if pattern.per else 0, next(self.nodes))
