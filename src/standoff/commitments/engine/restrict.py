"""A schedule cut down to some of its slots and to what they read; and which slots a change can reach."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.engine.arrays import NUMBERS, Schedule
from standoff.commitments.engine.rules import (
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
)


def reads(schedule: Schedule) -> dict[int, set[int]]:
    """Return, for each slot, the slots whose state its rules read."""
    found: dict[int, set[int]] = {}
    for rules in schedule.rules.values():
        for slot, rule in rules:
            for part in parts(rule):
                if isinstance(part, Holds):
                    found.setdefault(slot, set()).update(part.slots)
    return found


def readers(sources: Mapping[int, Collection[int]]) -> dict[int, set[int]]:
    """Return, for each slot, the slots that read its state: ``reads`` turned over."""
    found: dict[int, set[int]] = {}
    for slot, read in sources.items():
        for source in read:
            found.setdefault(source, set()).add(slot)
    return found


def closure(by_read: Mapping[int, Collection[int]], slots: Iterable[int]) -> frozenset[int]:
    """Return the slots that a change of ``slots`` can reach: themselves, and all that read them, directly or not.

    ``by_read`` is from ``readers``. The ends of an assumed deadline go with the slot they belong to.
    """
    reached, queue = set(), list(slots)
    while queue:
        slot = queue.pop()
        if slot not in reached:
            reached.add(slot)
            queue += by_read.get(slot, ())
    return frozenset(reached)


def restrict(
    schedule: Schedule, chosen: Collection[int], sources: Mapping[int, Collection[int]] | None = None
) -> tuple[Schedule, NDArray[np.intp], NDArray[np.intp]]:
    """Return (schedule, slots, signals): one cut to ``chosen`` and all they read, and what it kept of the old one.

    ``sources`` is ``reads(schedule)``, for callers that have it.
    """
    wanted, queue = set(), list(chosen)
    sources = reads(schedule) if sources is None else sources
    heirs: dict[int, set[int]] = {}
    for old, new in schedule.succeeds:
        heirs.setdefault(old, set()).add(new)
    while queue:
        slot = queue.pop()
        if slot not in wanted:
            wanted.add(slot)
            queue += [*sources.get(slot, ()), *heirs.get(slot, ())]
    slots = np.array(sorted(wanted), np.intp)
    place = {int(old): new for new, old in enumerate(slots)}
    signals = np.array([i for i, (slot, _) in enumerate(schedule.signals) if slot in place], np.intp)
    at = {int(old): new for new, old in enumerate(signals)}

    def pairs(pair: tuple[NDArray[np.intp], NDArray[np.intp]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        kept = [(place[int(s)], at[int(i)]) for s, i in zip(*pair, strict=True) if int(s) in place]
        return np.array([k[0] for k in kept], np.intp), np.array([k[1] for k in kept], np.intp)

    rules, needs = {}, {}
    for role, found in schedule.rules.items():
        kept = [(s, r, n) for (s, r), n in zip(found, schedule.needs[role], strict=True) if s in place]
        rules[role] = tuple((place[s], _moved(r, place, at)) for s, r, _ in kept)
        needs[role] = tuple(None if n is None else frozenset(at[i] for i in n) for _, _, n in kept)
    arrays = {n: getattr(schedule, n)[slots] for n in NUMBERS}
    blocks = {
        k: slice(int(np.searchsorted(slots, b.start)), int(np.searchsorted(slots, b.stop)))
        for k, b in schedule.blocks.items()
    }
    cut = replace(
        schedule,
        slots=tuple(schedule.slots[s] for s in slots),
        blocks=blocks,
        plain={role: pairs(pair) for role, pair in schedule.plain.items()},
        rules=rules,
        needs=needs,
        succeeds=tuple((place[o], place[n]) for o, n in schedule.succeeds if o in place and n in place),
        signals=tuple((place[schedule.signals[i][0]], schedule.signals[i][1]) for i in signals),
        watch={role: pairs(pair) for role, pair in schedule.watch.items()},
        matchers=tuple(schedule.matchers[i] for i in signals),
        units=tuple(schedule.units[s] for s in slots),
        **arrays,
    )
    return cut, slots, signals


def _moved(rule: Rule, place: dict[int, int], at: dict[int, int]) -> Rule:
    if isinstance(rule, Signal):
        return Signal(at[rule.index])
    if isinstance(rule, Holds):
        return Holds(tuple(place[s] for s in rule.slots), rule.codes)
    if isinstance(rule, AnyOf | AllOf | SumOf):
        return type(rule)(tuple(_moved(part, place, at) for part in rule.parts))
    assert isinstance(rule, Threshold | Absent | Entered | Not)  # noqa: S101 (the kinds that are left)
    return replace(rule, of=_moved(rule.of, place, at))
