"""Copies of a run's state before some of its days, so that a change is run from shortly before it to where it ends.

A changed report changes nothing before its first day. Some days after its last one a slot often stands as it would
have stood anyway, but for its counts (one breach fewer, say): from there on its history is the old one with the counts
moved by a constant. ``Checkpoints`` holds the copies, says which slots stand as they did, and keeps the copies true.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.arrays import Mask, Plan, State
from standoff.commitments.facts import Facts
from standoff.commitments.rules import Absent, Entered, Threshold, parts
from standoff.commitments.run import Mark, Marks, run_facts

BUDGET = 256 * 2**20  # bytes for all copies
MOST = 96
# what the further course of a slot depends on, and what only counts or notes
_COUNTS = ("begun", "kept", "broken", "breaches")
_ONCE = ("first_broken", "remedied")
_WHILE_OPEN = ("ends", "clock")
_NOTES = frozenset((*_COUNTS, *_ONCE, *_WHILE_OPEN, "since", "active", "told"))
PER_SLOT = tuple(f.name for f in fields(State) if f.name not in ("memory", "harsh", "partner", "views"))
_COURSE = tuple(name for name in PER_SLOT if name not in _NOTES)


def part_of(state: State, slots: NDArray[np.intp], words: int | None = None) -> State:
    """Return a copy of some slots of a state, with all of its memory; ``words`` cuts the sets of waiting instances."""
    made = {name: getattr(state, name)[:, slots] for name in PER_SLOT}
    for name in ("pending", "hidden"):
        made[name] = made[name][..., :words].copy()
    memory = {node: kept.copy() for node, kept in state.memory.items()}
    return State(**made, memory=memory, harsh=state.harsh, partner=state.partner)


def write_back(whole: State, slots: NDArray[np.intp], part: State, at: NDArray[np.intp], nodes: Iterable[int]) -> None:
    """Put the slots ``at`` of a part, and what the ``nodes`` of their rules remember, into the place of the whole's."""
    for name in PER_SLOT:
        into, source = getattr(whole, name), getattr(part, name)
        if source.ndim == 3:
            into[:, slots] = 0
            into[:, slots, : source.shape[2]] = source[:, at]
        else:
            into[:, slots] = source[:, at]
    whole.memory |= {node: part.memory[node].copy() for node in nodes if node in part.memory}


class Checkpoints:
    """The copies of one run; ``states[i]`` is how every slot stood before day ``days[i]``, the last after the run."""

    def __init__(self, plan: Plan, begin: State, final: State, facts: Facts, days: int, unwatched: Mask | None) -> None:
        size = sum(getattr(begin, name).nbytes for name in PER_SLOT)
        many = int(np.clip(BUDGET // max(size, 1), 4, MOST))
        busy = np.unique(facts.day[(facts.day > 0) & (facts.day < days)])
        chosen = busy[np.unique(np.linspace(0, len(busy) - 1, many).astype(np.intp))] if len(busy) else busy
        self.stops = frozenset(chosen.tolist())
        self.days: list[int] = [0]
        everything = np.arange(len(plan.slots), dtype=np.intp)
        self.states: list[State] = [part_of(begin, everything)]
        self.nodes = _nodes(plan)

        def keep(day: int) -> bool:
            self.days.append(day)
            self.states.append(part_of(begin, everything))
            return False

        run_facts(plan, begin, facts, days, unwatched=unwatched, stops=self.stops, at_stop=keep)
        self.states.append(final)

    def before(self, day: int) -> int:
        """Return the index of the last copy before or on a day."""
        return max(int(np.searchsorted(self.days, day, side="right")) - 1, 0)

    def nodes_of(self, slots: NDArray[np.intp]) -> list[int]:
        """Return the nodes of the rules of some slots that remember something."""
        return [node for slot in slots.tolist() for node, _ in self.nodes.get(slot, ())]

    def settled(self, index: int, slots: NDArray[np.intp], part: State, at: NDArray[np.intp]) -> Mask:
        """Return bool [slots]: which slots ``at`` of a part will go on as the copy's do, but for their counts."""
        old = self.states[index]
        same = np.ones(len(slots), np.bool_)
        for name in _COURSE:
            was, now = getattr(old, name)[:, slots], getattr(part, name)[:, at]
            if was.ndim == 3:
                words = now.shape[2]
                same &= ~was[..., words:].any((0, 2)) & (was[..., :words] == now).all((0, 2))
            else:
                same &= (was == now).all(0)
        idle = old.waiting[:, slots] == 0
        for name in _WHILE_OPEN:
            same &= (idle | (getattr(old, name)[:, slots] == getattr(part, name)[:, at])).all(0)
        same &= ((old.begun[:, slots] == 0) == (part.begun[:, at] == 0)).all(0)
        for name in _ONCE:
            same &= ((getattr(old, name)[:, slots] < 0) == (getattr(part, name)[:, at] < 0)).all(0)
        for i, slot in enumerate(slots.tolist()):
            same[i] &= all(
                _same(old, part, node) for node, ends in self.nodes.get(slot, ()) if self.days[index] <= ends
            )
        return same

    def move_on(
        self, index: int, slots: NDArray[np.intp], part: State, at: NDArray[np.intp]
    ) -> tuple[NDArray[np.int32], ...]:
        """Move the counts of settled slots from copy ``index`` on; return by how much, each [columns, slots]."""
        old = self.states[index]
        moves = tuple(
            getattr(part, name)[:, at].astype(np.int32) - getattr(old, name)[:, slots].astype(np.int32)
            for name in _COUNTS
        )
        since_was, since_now = old.since[:, slots].copy(), part.since[:, at]
        once = {name: (getattr(old, name)[:, slots].copy(), getattr(part, name)[:, at]) for name in _ONCE}
        for later in self.states[index:]:
            for name, move in zip(_COUNTS, moves, strict=True):
                counts = getattr(later, name)
                counts[:, slots] = (counts[:, slots] + move).astype(counts.dtype)
            for name, (was, now) in once.items():
                noted = getattr(later, name)
                noted[:, slots] = np.where(was >= 0, now, noted[:, slots])
            later.since[:, slots] = np.where(later.since[:, slots] == since_was, since_now, later.since[:, slots])
        return moves


def _same(old: State, part: State, node: int) -> bool:
    was, now = old.memory.get(node), part.memory.get(node)
    if was is None or now is None:
        other = now if was is None else was
        return other is None or not other.any()
    return bool((was == now).all())


def _nodes(plan: Plan) -> dict[int, list[tuple[int, int]]]:
    """Return, for each slot, what its rules remember: (node, last day on which it matters)."""
    found: dict[int, list[tuple[int, int]]] = {}
    for rules in plan.rules.values():
        for slot, rule in rules:
            for part in parts(rule):
                if isinstance(part, Absent | Entered | Threshold):
                    ends = part.by + 1 if isinstance(part, Absent) else 2**31
                    found.setdefault(slot, []).append((part.node, ends))
    return found


def moved(
    marks: Marks, key: tuple[int, int], from_: int, until: int, new: Sequence[Mark], by: tuple[int, int, int, int]
) -> None:
    """Replace the marks of one column and slot from day ``from_`` to before ``until``, and move the later counts."""
    old = marks.get(key, [])
    begun, kept, broken, breaches = by
    later = [m for m in old if m.day >= until]
    if any(by):
        later = [Mark(m.day, m.state, m.begun + begun, m.kept + kept, m.broken + broken, m.breaches + breaches)
                 for m in later]  # fmt: skip
    if found := [*(m for m in old if m.day < from_), *new, *later]:
        marks[key] = found
    else:
        marks.pop(key, None)
