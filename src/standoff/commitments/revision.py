"""One report added, withdrawn or graded anew: only what it can touch is run again, and only as long as it differs.

A report touches the slots whose patterns it matches; these touch the slots that read their state. They are run again on
a schedule cut down to them and to what they read, from a copy of the state before the report's first day until they
stand as they did before but for their counts. The result equals a full run on the changed record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Event
from standoff.commitments.engine.arrays import Mask, Schedule, State
from standoff.commitments.engine.restrict import closure, readers, reads, restrict
from standoff.commitments.engine.rules import Absent, Entered, Threshold, parts
from standoff.commitments.engine.run import Amounts, Facts, Mark, Marks, run_facts
from standoff.commitments.monitor import NEVER, Evaluation, discovered_keys, disputed, disputed_lists, judge, start
from standoff.commitments.patterns.compiler import matched_pairs
from standoff.commitments.patterns.facts import amounts_of, of_report
from standoff.commitments.patterns.pattern import joined, log_of, row_of
from standoff.commitments.patterns.wording import everything
from standoff.commitments.reasons import pairs_of
from standoff.errors import StandoffError, nearest
from standoff.evidence.accounts import Report

# Daily facts that can be changed one report at a time and read signal by signal, without going through all of them.


class FactIndex:
    """The facts of a run, by signal. A row that a change adds is kept beside them; facts of a day simply add up."""

    def __init__(self, facts: Facts, signals: int) -> None:
        self.facts = facts
        self._order = np.lexsort((facts.day, facts.signal))
        self._starts = np.searchsorted(facts.signal[self._order], np.arange(signals + 1))
        self._more: dict[int, dict[int, tuple[NDArray[np.float32], NDArray[np.float32]]]] = {}  # signal -> day -> both

    def change(self, before: Facts, after: Facts) -> list[int]:
        """Take the facts of one report out and put others in their place; return the days that this changes."""
        sums: dict[tuple[int, int], list[NDArray[np.float32]]] = {}
        for weight, part in ((-1.0, before), (1.0, after)):
            for day, signal, low, high in zip(
                part.day.tolist(), part.signal.tolist(), part.low, part.high, strict=True
            ):
                both = sums.setdefault((signal, day), [np.zeros_like(low), np.zeros_like(high)])
                both[0] += np.float32(weight) * low
                both[1] += np.float32(weight) * high
        changed = {key: both for key, both in sums.items() if both[0].any() or both[1].any()}
        for (signal, day), (low, high) in changed.items():
            self._add(signal, day, low, high)
        return sorted({day for _, day in changed})

    def _add(self, signal: int, day: int, low: NDArray[np.float32], high: NDArray[np.float32]) -> None:
        rows = self._order[self._starts[signal] : self._starts[signal + 1]]
        place = int(np.searchsorted(self.facts.day[rows], day))
        if place < len(rows) and self.facts.day[rows[place]] == day:
            self.facts.low[rows[place]] += low
            self.facts.high[rows[place]] += high
            return
        more = self._more.setdefault(signal, {})
        old = more.get(day)
        more[day] = (low, high) if old is None else (old[0] + low, old[1] + high)

    def of(self, signals: NDArray[np.intp], first: int, amounts: Amounts) -> Facts:
        """Return the facts of some signals from day ``first`` on; signals are numbered as they stand in ``signals``."""
        found = []
        for s in signals.tolist():
            rows = self._order[self._starts[s] : self._starts[s + 1]]
            found.append(rows[np.searchsorted(self.facts.day[rows], first) :])
        rows = np.concatenate(found) if found else np.zeros(0, np.intp)
        signal = np.repeat(np.arange(len(found), dtype=np.int32), [len(part) for part in found])
        day, low, high = self.facts.day[rows], self.facts.low[rows], self.facts.high[rows]
        added = [
            (d, i, *both)
            for i, s in enumerate(signals.tolist())
            for d, both in self._more.get(s, {}).items()
            if d >= first
        ]
        if added:
            day = np.append(day, np.array([a[0] for a in added], np.int32))
            signal = np.append(signal, np.array([a[1] for a in added], np.int32))
            low = np.concatenate([low, np.stack([a[2] for a in added])])
            high = np.concatenate([high, np.stack([a[3] for a in added])])
        order = np.lexsort((signal, day))
        place = {s: i for i, s in enumerate(signals.tolist())}
        own = {
            d: {place[s]: both for s, both in today.items() if s in place} for d, today in amounts.items() if d >= first
        }
        return Facts(
            day[order], signal[order], low[order], high[order], {d: today for d, today in own.items() if today}
        )


# Copies of a run's state before some of its days, so that a change is run from shortly before it to where it ends.
#
# A changed report changes nothing before its first day. Some days after its last one a slot often stands as it would
# have stood anyway, but for its counts (one breach fewer, say): from there on its history is the old one with the
# counts
# moved by a constant. ``Checkpoints`` holds the copies, says which slots stand as they did, and keeps the copies
# true.


BUDGET = 256 * 2**20  # bytes for all copies
MOST = 96
# what the further course of a slot depends on, and what only counts or notes
_COUNTS = ("begun", "kept", "broken", "breaches")
_ONCE = ("first_broken", "remedied")
_WHILE_OPEN = ("ends", "clock")
_NOTES = frozenset((*_COUNTS, *_ONCE, *_WHILE_OPEN, "since", "active", "own_reading"))
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

    def __init__(
        self, schedule: Schedule, begin: State, final: State, facts: Facts, days: int, unwatched: Mask | None
    ) -> None:
        size = sum(getattr(begin, name).nbytes for name in PER_SLOT)
        many = int(np.clip(BUDGET // max(size, 1), 4, MOST))
        busy = np.unique(facts.day[(facts.day > 0) & (facts.day < days)])
        chosen = busy[np.unique(np.linspace(0, len(busy) - 1, many).astype(np.intp))] if len(busy) else busy
        self.stops = frozenset(chosen.tolist())
        self.days: list[int] = [0]
        everything = np.arange(len(schedule.slots), dtype=np.intp)
        self.states: list[State] = [part_of(begin, everything)]
        self.nodes = _nodes(schedule)

        def keep(day: int) -> bool:
            self.days.append(day)
            self.states.append(part_of(begin, everything))
            return False

        run_facts(schedule, begin, facts, days, unwatched=unwatched, stops=self.stops, at_stop=keep)
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


def _nodes(schedule: Schedule) -> dict[int, list[tuple[int, int]]]:
    """Return, for each slot, what its rules remember: (node, last day on which it matters)."""
    found: dict[int, list[tuple[int, int]]] = {}
    for rules in schedule.rules.values():
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


Slots = NDArray[np.intp]
SMALL = 20_000  # reports, up to which all that matches is held


class Revision:
    """Revises a finished run in place, one report at a time; ``made`` always equals a full run on its reports.

    A withdrawn report stays in the log as one that nobody asserts. Making the revision costs about one full run.
    """

    def __init__(self, made: Evaluation) -> None:
        self.made = made
        self._withdrawn: dict[str, dict[str, Report]] = {}
        self._prepare()

    def _prepare(self) -> None:
        made = self.made
        self._said = {account: list(found) for account, found in made.reports.items()}
        made.reports = dict(self._said)
        self._number = {r.event.id: i for i, r in enumerate(self._said[made.accounts[0]])}
        self._matched: dict[str, tuple[tuple[int, bool], ...]] = {}
        if len(self._number) <= SMALL:
            self._matched = self._all_matches()
        self._reads = reads(made.schedule)
        self._readers = readers(self._reads)
        self._reach: dict[frozenset[int], Slots] = {}
        self._cut: dict[tuple[int, ...], tuple[Schedule, Slots, Slots]] = {}
        self._facts = FactIndex(made.facts, len(made.schedule.signals))
        asked = [s.patterns for s in made.schedule.matchers]
        self._lists = [frozenset(p.listed for q in some for p in everything(q) if p.listed) for some in asked]
        self._copies = Checkpoints(
            made.schedule,
            start(made.schedule, made.tellings),
            made.state,
            made.facts,
            max(made.today + 1, 0),
            made.unwatched,
        )

    def withdraw(self, event: str) -> tuple[str, ...]:
        """Take one report out of every account; return the commitments it can touch."""
        number = self._known(event)
        self._withdrawn[event] = {a: found[number] for a, found in self._said.items()}
        silent = {a: replace(r, asserted=False, denied=False) for a, r in self._withdrawn[event].items()}
        return self._set(event, silent)

    def restore(self, event: str) -> tuple[str, ...]:
        """Put a withdrawn report back."""
        if event not in self._withdrawn:
            raise StandoffError.of(
                f"the report {event!r} was not withdrawn", file="restore", expected="a withdrawn one"
            )
        return self._set(event, self._withdrawn.pop(event))

    def regrade(self, event: str, account: str, *, asserted: bool, denied: bool) -> tuple[str, ...]:
        """Let one account assert, deny, do both or neither of one report."""
        old = self._said[account][self._known(event)]
        return self._set(event, {account: replace(old, asserted=asserted, denied=denied, why="graded anew")})

    def add(self, event: Event) -> tuple[str, ...]:
        """Add one report to the common record of every account. Raises StandoffError when its id is taken."""
        if event.id in self._number:
            raise StandoffError.of(
                f"there is a report {event.id!r} already", file="revision", expected="a new id for a new event"
            )
        made = self.made
        silent = Report(event, False, False, "added", event.claims)
        for found in self._said.values():
            found.append(silent)
        said = {a: replace(silent, asserted=True) for a in made.accounts}
        number = self._number[event.id] = len(self._number)
        alone = log_of((event,))
        if self._needs_slots(event):
            for account, one in said.items():
                self._said[account][number] = one
            self._afresh()
            return tuple(made.case.commitments)
        none = np.zeros(1, np.uint64)
        made.report_arrays = replace(
            made.report_arrays,
            log=joined(made.report_arrays.log, alone),
            asserts=np.append(made.report_arrays.asserts, none),
            denies=np.append(made.report_arrays.denies, none),
        )
        if made.pairs is not None:
            for signal, sure in self._matches(event.id):
                made.pairs.setdefault(made.schedule.signals[signal][0], []).append((number, signal, sure))
        return self._set(event.id, said)

    def _needs_slots(self, event: Event) -> bool:
        """Whether an event comes before the first day, or at a place for which a keyed commitment has no slot yet."""
        made, alone = self.made, log_of((event,))
        if int(alone.first[0]) < made.schedule.first.toordinal():
            return True
        known: dict[str, set[str]] = {}
        for slot in made.schedule.slots:
            if made.case.commitments[slot.commitment].key:
                known.setdefault(slot.commitment, set()).add(slot.key)
        asked = discovered_keys(made.case, made.matcher, alone, list(known))
        return any(key and key not in known[name] for name, keys in asked.items() for key in keys)

    def _afresh(self) -> None:
        made = self.made
        names = list(dict.fromkeys(s.commitment for s in made.schedule.slots))
        order = [name for name in made.case.commitments if name in names]
        new = judge(made.case, self._said, on=made.on, as_of=made.as_of, names=order, logged=made.logged)
        for field in fields(Evaluation):
            setattr(made, field.name, getattr(new, field.name))
        self._prepare()

    def _known(self, event: str) -> int:
        if event not in self._number:
            what = f"there is no report {event!r}"
            hint = nearest(event, self._number)
            raise StandoffError.of(what, file="revision", expected="the id of an event", hint=hint)
        return self._number[event]

    def _all_matches(self) -> dict[str, tuple[tuple[int, bool], ...]]:
        """What each report of a small log counts for, worked out once."""
        found: dict[int, list[tuple[int, bool]]] = {}
        for some in pairs_of(self.made).values():
            for number, signal, sure in some:
                found.setdefault(number, []).append((signal, sure))
        return {event: tuple(sorted(found.get(number, ()))) for event, number in self._number.items()}

    def _matches(self, event: str) -> tuple[tuple[int, bool], ...]:
        """The (signal, certain) that a report counts for."""
        if event not in self._matched:
            made = self.made
            _, signal, certain = matched_pairs(
                made.schedule, made.matcher, row_of(made.report_arrays.log, self._number[event])
            )
            self._matched[event] = tuple(zip(signal.tolist(), certain.tolist(), strict=True))
        return self._matched[event]

    def _set(self, event: str, said: Mapping[str, Report]) -> tuple[str, ...]:
        made, number = self.made, self._number[event]
        matched = self._matches(event)
        before = of_report(made.schedule, made.report_arrays, number, matched)
        for account, new in said.items():
            self._said[account][number] = new
            one = np.uint64(1 << made.accounts.index(account))
            for bits, yes in ((made.report_arrays.asserts, new.asserted), (made.report_arrays.denies, new.denied)):
                bits[number] = bits[number] | one if yes else bits[number] & ~one
        after = of_report(made.schedule, made.report_arrays, number, matched)
        direct = frozenset(made.schedule.signals[s][0] for s, _ in matched)
        if not direct:
            return ()
        if direct not in self._reach:
            self._reach[direct] = np.array(sorted(closure(self._readers, direct)), np.intp)
        touched = self._reach[direct]
        self._dispute(number, matched)
        days = self._facts.change(before, after)
        if any(made.schedule.slots[s].kind == "quantity" for s in direct):
            days += self._amounts(direct, number)
        days = [d for d in days if 0 <= d <= made.today]
        if days:
            self._run(touched, min(days), max(days))
        return tuple(dict.fromkeys(made.schedule.slots[s].commitment for s in touched))

    def _amounts(self, direct: frozenset[int], number: int) -> list[int]:
        """Add up anew what the reports of the touched quantities say; return the days that may have changed."""
        made, zero = self.made, self.made.schedule.first.toordinal()
        owing = [s for s in sorted(direct) if made.schedule.slots[s].kind == "quantity"]
        schedule, _, signals = self._restricted(tuple(owing))
        event, signal, certain = matched_pairs(schedule, made.matcher, made.report_arrays.log)
        amounts = amounts_of(
            made.schedule, made.report_arrays, (event.tolist(), signals[signal].tolist(), certain.tolist())
        )
        own = set(signals.tolist())
        for today in made.facts.amounts.values():
            for s in own & set(today):
                del today[s]
        for day, found in amounts.items():
            made.facts.amounts.setdefault(day, {}).update(found)
        first, last = (int(edge[number]) - zero for edge in (made.report_arrays.log.first, made.report_arrays.log.last))
        return [first, *(day for s in owing if first < (day := int(made.schedule.opens[s])) <= last), last]

    def _dispute(self, number: int, matched: tuple[tuple[int, bool], ...]) -> None:
        """Keep the first day of a disputed report true for the slots this report bears on."""
        made, given = self.made, self.made.report_arrays
        marks = disputed_lists(made.matcher, given.log.targets[given.log.target[number]])
        zero = made.schedule.first.toordinal()
        first, last = int(given.log.first[number]) - zero, int(given.log.last[number]) - zero
        asserted, denied = int(given.asserts[number]), int(given.denies[number])
        again: set[int] = set()
        for s, _ in matched:
            slot = made.schedule.signals[s][0]
            opens = int(made.schedule.opens[slot])
            if last < opens:
                continue
            day = max(first, opens)
            both = asserted if self._lists[s] & marks else asserted & denied
            for account in range(given.accounts):
                known = int(made.disputed_from[account, slot])
                if both >> account & 1:
                    made.disputed_from[account, slot] = min(known, day)
                elif known == day:
                    again.add(slot)
        if again:
            schedule, slots, _ = self._restricted(tuple(sorted(again)))
            pairs = matched_pairs(schedule, made.matcher, given.log)[:2]
            found = disputed(schedule, made.matcher, given, pairs)
            keep = np.isin(slots, list(again))
            made.disputed_from[:, slots[keep]] = np.minimum(found[:, keep], NEVER)

    def _restricted(self, chosen: tuple[int, ...]) -> tuple[Schedule, Slots, Slots]:
        if chosen not in self._cut:
            if len(self._cut) > 2000:
                self._cut.clear()
            self._cut[chosen] = restrict(self.made.schedule, chosen, self._reads)
        return self._cut[chosen]

    def _run(self, touched: Slots, first: int, last: int) -> None:
        """Run the touched slots from the copy before ``first``; those that stand as they did after ``last`` drop."""
        here = self._copies.before(first)
        while len(touched):
            here, touched = self._stretch(touched, here, last)

    def _stretch(self, touched: Slots, here: int, last: int) -> tuple[int, Slots]:
        """Run the touched slots from copy ``here`` until half of them settled; return the copy and what is left."""
        made, copies = self.made, self._copies
        schedule, slots, signals = self._restricted(tuple(touched.tolist()))
        state = part_of(copies.states[here], slots, _words(schedule))
        at, nodes = np.searchsorted(slots, touched), copies.nodes_of(touched)
        begun, marks, left = copies.days[here], Marks(), touched

        def look(day: int) -> bool:
            nonlocal left
            if day <= begun:
                return False
            place = copies.before(day)
            if day > last:
                same = copies.settled(place, touched, state, at)
                left = touched[np.isin(touched, list(closure(self._readers, touched[~same].tolist())))]
                if 2 * len(left) <= len(touched):
                    return True
            write_back(copies.states[place], touched, state, at, nodes)
            return False

        facts = self._facts.of(signals, begun, made.facts.amounts)
        blind = None if made.unwatched is None else made.unwatched[:, signals]
        end = run_facts(schedule, state, facts, made.today + 1, unwatched=blind, marks=marks, start=begun,
                        stops=copies.stops, at_stop=look)  # fmt: skip
        if end > made.today:
            write_back(made.state, touched, state, at, nodes)
            self._mark(touched, at, marks, begun, end, None)
            return here, touched[:0]
        place = copies.before(end)
        gone = ~np.isin(touched, left)
        moves = copies.move_on(place, touched[gone], state, at[gone])
        self._mark(touched[gone], at[gone], marks, begun, end, moves)
        self._mark(touched[~gone], at[~gone], marks, begun, end, None)
        write_back(copies.states[place], left, state, at[~gone], copies.nodes_of(left))
        return place, left

    def _mark(
        self,
        slots: Slots,
        at: Slots,
        marks: Marks,
        first: int,
        end: int,
        moves: tuple[NDArray[np.int32], ...] | None,
    ) -> None:
        """Replace the marks from ``first`` to before ``end``; later ones are kept, their counts moved."""
        for i, (slot, place) in enumerate(zip(slots.tolist(), at.tolist(), strict=True)):
            for column in range(self.made.state.columns):
                begun, kept, broken, breaches = (0,) * 4 if moves is None else (int(m[column, i]) for m in moves)
                new = marks.get((column, place), ())
                moved(self.made.marks, (column, slot), first, end, new, (begun, kept, broken, breaches))


def _words(schedule: Schedule) -> int:
    return int(max(schedule.within.max(initial=0), 0) + 1) // 64 + 1
