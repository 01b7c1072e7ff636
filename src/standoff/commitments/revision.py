"""One report added, withdrawn or graded anew: only the commitments it can touch are run again.

A report touches the slots whose patterns it matches; these touch the slots that read their state. Their histories are
run again over the record, on a plan cut down to them and to what they read, and put into the place of the old ones. The
result equals a full run on the changed record.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Event
from standoff.commitments.arrays import Plan, State
from standoff.commitments.facts import Facts, Reports, gather, revised
from standoff.commitments.monitor import Evaluation, disputed, reported, start
from standoff.commitments.reasons import pairs_of
from standoff.commitments.restrict import closure, restrict
from standoff.commitments.run import Marks, run_facts
from standoff.commitments.sources import matched_pairs
from standoff.errors import StandoffError, nearest
from standoff.evidence.telling import Report

_PER_SLOT = frozenset(State.__slots__) - {"memory", "harsh", "partner", "views"}


class Revision:
    """Revises a finished run in place, one report at a time; ``made`` always equals a full run on its reports."""

    def __init__(self, made: Evaluation) -> None:
        self.made = made
        pairs_of(made)  # what matches what is worked out once, before the first change
        self._withdrawn: dict[str, dict[str, Report]] = {}
        self._cut: dict[tuple[int, ...], tuple[Plan, NDArray[np.intp], NDArray[np.intp]]] = {}

    def withdraw(self, event: str) -> tuple[str, ...]:
        """Take one report out of every account; return the commitments that were run again."""
        self._known(event)
        self._withdrawn[event] = {a: r for a, found in self.made.reports.items() for r in found if r.event.id == event}
        return self._set(event, dict.fromkeys(self.made.accounts))

    def restore(self, event: str) -> tuple[str, ...]:
        """Put a withdrawn report back."""
        if event not in self._withdrawn:
            raise StandoffError.of(
                f"the report {event!r} was not withdrawn", file="restore", expected="a withdrawn one"
            )
        return self._set(event, dict(self._withdrawn.pop(event)))

    def regrade(self, event: str, account: str, *, asserted: bool, denied: bool) -> tuple[str, ...]:
        """Let one account assert, deny, do both or neither of one report."""
        old = next(r for r in self.made.reports[account] if r.event.id == self._known(event))
        return self._set(event, {account: replace(old, asserted=asserted, denied=denied, why="graded anew")})

    def add(self, event: Event) -> tuple[str, ...]:
        """Add one report to the common record of every account."""
        said = Report(event, True, False, "added", event.claims)
        for account, found in self.made.reports.items():
            self.made.reports[account] = (*found, Report(event, False, False, "added", event.claims))
        return self._set(event.id, dict.fromkeys(self.made.accounts, said))

    def _known(self, event: str) -> str:
        names = [r.event.id for r in next(iter(self.made.reports.values()))]
        if event not in names:
            what = f"there is no report {event!r}"
            raise StandoffError.of(what, file="revision", expected="the id of an event", hint=nearest(event, names))
        return event

    def _set(self, event: str, said: dict[str, Report | None]) -> tuple[str, ...]:
        made = self.made
        number = next(i for i, r in enumerate(made.reports[made.accounts[0]]) if r.event.id == event)
        before = self._alone(number)
        for account, new in said.items():
            found = list(made.reports[account])
            found[number] = replace(found[number], asserted=False, denied=False) if new is None else new
            made.reports[account] = tuple(found)
        direct = self._touched(number)
        touched = closure(made.plan, direct)
        if not touched:
            return ()
        self._run(tuple(sorted(touched)), direct, before, self._alone(number))
        return tuple(dict.fromkeys(made.plan.slots[s].commitment for s in sorted(touched)))

    def _alone(self, number: int) -> Reports:
        return reported({a: (found[number],) for a, found in self.made.reports.items()})

    def _touched(self, number: int) -> set[int]:
        """The slots whose patterns a report matches; what it matches is added to what the run knows."""
        made, pairs = self.made, pairs_of(self.made)
        log = self._alone(number).log
        _, signal, certain = matched_pairs(made.plan, made.matcher, log)
        for s, sure in zip(signal.tolist(), certain.tolist(), strict=True):
            known = pairs.setdefault(made.plan.signals[s][0], [])
            if (number, s, sure) not in known:
                known.append((number, s, sure))
        return {made.plan.signals[s][0] for s in signal.tolist()}

    def _run(self, chosen: tuple[int, ...], direct: set[int], before: Reports, after: Reports) -> None:
        made = self.made
        if chosen not in self._cut:
            self._cut[chosen] = restrict(made.plan, chosen)
        plan, slots, signals = self._cut[chosen]
        reports = reported(made.reports)
        facts = self._facts(plan, signals, reports, before, after)
        state = start(plan, made.tellings)
        blind = None if made.unwatched is None else made.unwatched[:, signals]
        marks: Marks = {}
        run_facts(plan, state, facts, max(made.today + 1, 0), unwatched=blind, marks=marks)
        _put_back(made, state, slots, np.array(chosen), marks)
        bear = [(e, s) for slot in direct for e, s, _ in pairs_of(made)[slot]]
        columns = sorted(direct)
        made.disputed_from[:, columns] = disputed(made.plan, made.matcher, reports, bear)[:, columns]

    def _facts(self, plan: Plan, signals: NDArray[np.intp], reports: Reports, before: Reports, after: Reports) -> Facts:
        """Return the facts of the cut plan after the change, and let the run have the change as well."""
        made = self.made
        if any(slot.kind == "quantity" for slot in plan.slots):  # amounts do not simply add up
            made.facts = gather(made.plan, made.matcher, reports)
            return gather(plan, made.matcher, reports)
        changes = [(-1.0, gather(plan, made.matcher, before)), (1.0, gather(plan, made.matcher, after))]
        place = np.full(len(made.plan.signals), -1, np.int32)
        place[signals] = np.arange(len(signals), dtype=np.int32)
        kept = place[made.facts.signal] >= 0
        old = made.facts
        cut = Facts(old.day[kept], place[old.signal[kept]], old.low[kept], old.high[kept], {})
        back = [(w, replace(f, signal=signals[f.signal].astype(np.int32))) for w, f in changes]
        made.facts = revised(old, back)
        return revised(cut, changes)


def _put_back(
    made: Evaluation,
    state: State,
    slots: NDArray[np.intp],
    chosen: NDArray[np.intp],
    marks: Marks,
) -> None:
    keep = [(new, int(old)) for new, old in enumerate(slots) if old in chosen]
    new, old = [k[0] for k in keep], [k[1] for k in keep]
    for name in _PER_SLOT:
        whole, part = getattr(made.state, name), getattr(state, name)
        if name in ("pending", "hidden"):
            whole[:, old] = 0
            whole[:, old, : part.shape[2]] = part[:, new]
        else:
            whole[:, old] = part[:, new]
    for column in range(made.state.columns):
        for to, source in zip(old, new, strict=True):
            made.marks.pop((column, to), None)
            if found := marks.get((column, source)):
                made.marks[column, to] = found
