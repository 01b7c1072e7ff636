"""From the words of a case to the arrays of the automaton: slots, their days, and which events each signal counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.case.terms import Commitment
from standoff.case.values import Span, months_on
from standoff.commitments.arrays import FOREVER, KINDS, NUMBERS, ROLES, Mask, Plan, Slot
from standoff.commitments.compiler import Compiler
from standoff.commitments.rules import Rule, Signal, needs_event, signals_of
from standoff.commitments.wording import TEXT


class Told(Protocol):
    """What the ledger needs of an account's telling (evidence.telling.Telling)."""

    @property
    def readings(self) -> Mapping[str, str]:
        """Commitment -> reading that the account holds."""

    @property
    def off(self) -> frozenset[str]:
        """Commitments not in force in this account."""


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
    made = Compiler(case, [case.commitments[name] for name in names], first)
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
        units=tuple(term.amount.unit if term.amount else "" for _, term in made.slots),
        **_arrays(made),
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


def _arrays(made: Compiler) -> dict[str, NDArray[Any]]:
    of: dict[str, list[Any]] = {k: [] for k in NUMBERS}
    for slot, term in made.slots:
        for name, value in _numbers(made, slot, term).items():
            of[name].append(value)
    kinds = {"conditional": np.bool_, "peak": np.bool_, "owed": np.float32}
    return {k: np.array(v, kinds.get(k, np.int16)) for k, v in of.items()}


def _numbers(made: Compiler, slot: Slot, term: Commitment) -> dict[str, Any]:
    opens = made.day(term.from_.start, 0)
    closes = made.day(term.until.end if term.until else None)
    due = made.day(term.by.end if term.by else None)
    if term.then is not None and term.then.by is not None and term.then.not_ is None:
        due = min(due, made.day(term.then.by.end))
    begins = term.from_.start or made.first
    within, months = -1, 0
    if term.within is not None:
        within, months = _days(term.within, slot.span), term.within.months
        if months and term.when is None:  # it runs from a known day
            within, months = (months_on(begins, months) - begins).days, 0
    latest = closes
    if term.when is not None and term.when.by is not None:
        latest = min(latest, made.day(term.when.by.end))
        if term.when.not_ is not None:
            latest = made.day(term.when.by.end) + 1
            closes = max(closes, latest)
    if term.kind in ("maintain", "recurrent", "permission"):
        closes = min(closes, due)
        if term.when is None and within >= 0:
            closes = min(closes, opens + within)
    elif due == FOREVER and within < 0:
        due = closes
    if term.then is None and term.forbid is None:  # nothing that could be observed is owed
        due, within, months = FOREVER, -1, 0
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
        "peak": amount is not None and amount.unit == "share",
    }


def _days(span: Span, end: str) -> int:
    return {"": span.days, "low": span.low, "high": span.high}[end]
