"""The recorded ledger under every version of the record that tellings hold, stepped once for what differs.

Commitments that read nothing of each other are stepped apart: a column holds the k-th version that each group of them
can tell apart, and the versions of the whole are put together afterwards. A thousand versions then take a few dozen
columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.commitments.arrays import Plan, State, initial
from standoff.commitments.automaton import step
from standoff.commitments.pattern import Matcher, log_of
from standoff.commitments.plan import follow
from standoff.commitments.restrict import closure, reads
from standoff.commitments.rules import Absent, Entered, Threshold, parts
from standoff.commitments.sources import matched_pairs
from standoff.evidence.telling import Telling

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Record:
    """The recorded days of a plan: which event serves which signal on which day, for any choice of events."""

    plan: Plan
    hits: Bools  # [signals, events]
    day: Ints  # [events], -1 outside
    days: int
    event: Ints  # [pairs] the event of each pair of event and signal served, in the order of
    served: Ints  # [pairs] day * signals + signal

    def key(self, held: Bools, signals: Bools | None = None) -> bytes:
        """Return the days and signals served, in order and as often as served: equal where `counts` are equal.

        ``held`` [events] are the events that hold; ``signals`` [signals] those that count (default: all).
        """
        used = held[self.event]
        if signals is not None:
            used = used & signals[self.served % len(signals)]
        return bytes(self.served[used].tobytes())

    def counts(self, held: Bools) -> NDArray[np.float32]:
        """Return the counts [days, signals] of the events that hold."""
        out = np.zeros((self.days, self.hits.shape[0]), np.float32)
        inside = np.flatnonzero(held & (self.day >= 0))
        np.add.at(out, self.day[inside], self.hits[:, inside].T.astype(np.float32))
        return out


def record_until(case: Case, plan: Plan, until: date, matcher: Matcher) -> Record:
    """Return which recorded events of a case serve which signals of a plan before ``until``."""
    log = log_of(case.events.values(), typed=True)
    hits = np.zeros((len(plan.signals), log.size), np.bool_)
    event, signal, _ = matched_pairs(plan, matcher, log)
    hits[signal, event] = True
    days = plan.day(until)
    day = log.last.astype(np.int64) - plan.first.toordinal()
    day = np.where((day >= 0) & (day < days), day, -1)
    signals, events = np.nonzero(hits & (day >= 0))
    served = day[events] * hits.shape[0] + signals
    order = np.argsort(served, kind="stable")
    return Record(plan, hits, day, days, events[order], served[order])


def groups_of(plan: Plan) -> list[list[int]]:
    """Return the slots in groups that neither read nor replace one another."""
    linked: dict[int, set[int]] = {}
    for slot, other in (*((s, o) for s, read in reads(plan).items() for o in read), *plan.succeeds):
        linked.setdefault(slot, set()).add(other)
        linked.setdefault(other, set()).add(slot)
    groups: list[list[int]] = []
    done: set[int] = set()
    for slot in range(len(plan.slots)):
        if slot not in done:
            groups.append(sorted(closure(linked, [slot])))
            done.update(groups[-1])
    return groups


def stepped(record: Record, told: Sequence[Telling], held: Bools, row: Ints) -> tuple[State, Ints]:
    """Step the record once for each version that differs for this plan; return the ledger and each telling's column.

    ``held`` [choices, events] are choices of events and ``row`` [tellings] the one that each telling has.
    """
    plan = record.plan
    active, own = follow(plan, told)
    seen: dict[tuple[bytes, bytes], int] = {}
    keys = [record.key(one) for one in held]
    column = np.array([seen.setdefault((keys[r], a.tobytes()), len(seen)) for r, a in zip(row, active, strict=True)])
    first = np.unique(column, return_index=True)[1]
    part = np.empty((first.size, len(plan.slots)), np.intp)  # the column of each version and slot among what is stepped
    owner = np.array([slot for slot, _ in plan.signals], np.intp)
    chosen: list[tuple[list[int], Bools, Ints]] = []
    for slots in groups_of(plan):
        signals = np.isin(owner, slots)
        served = [record.key(one, signals) for one in held]
        known: dict[tuple[bytes, bytes], int] = {}
        mine = active[first][:, slots]
        number = [known.setdefault((served[row[i]], a.tobytes()), len(known)) for i, a in zip(first, mine, strict=True)]
        part[:, slots] = np.array(number, np.intp)[:, None]
        chosen.append((slots, signals, first[np.unique(number, return_index=True)[1]]))
    many = max((one.size for _, _, one in chosen), default=0)
    follows, holds = np.zeros((2, many, len(plan.slots)), np.bool_)
    days = np.zeros((record.days, many, len(plan.signals)), np.float32)
    counts = [record.counts(one) for one in held]
    for slots, signals, pick in chosen:
        follows[: pick.size, slots], holds[: pick.size, slots] = active[pick][:, slots], own[pick][:, slots]
        for k, telling in enumerate(pick):
            days[:, k, signals] = counts[row[telling]][:, signals]
    state = initial(plan, many, active=follows, told=holds)
    for day in range(record.days):
        step(plan, state, day, days[day])
    return _assembled(plan, state, part), column


def _assembled(plan: Plan, state: State, part: NDArray[np.intp]) -> State:
    """Return the state whose column v has, for each slot c, column ``part[v, c]``."""
    every = np.arange(part.shape[1])
    made: dict[str, Any] = {f.name: getattr(state, f.name) for f in fields(state)}
    for name, value in made.items():
        if isinstance(value, np.ndarray):
            made[name] = value[part, every]
    owner = {
        one.node: slot
        for rules in plan.rules.values()
        for slot, rule in rules
        for one in parts(rule)
        if isinstance(one, Threshold | Absent | Entered)
    }
    made["memory"] = {node: kept[part[:, owner[node]]] for node, kept in state.memory.items()}
    return State(**{**made, "views": {}})
