"""The arrays of one kind of commitment, and the clocks of what waits: views of a state on one block of its slots."""

from __future__ import annotations

from typing import Any
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.engine.arrays import Mask, Schedule, State
from standoff.values import months_on

Word = np.uint64


class View:
    """The arrays of a state or schedule on one block of slots: ``V.waiting`` is ``state.waiting[:, block]``."""

    def __init__(self, schedule: Schedule, state: State, kind: str) -> None:
        block = schedule.blocks[kind]
        self._schedule, self._block = schedule, block
        self._state = ref(state)  # which holds this view: two that hold each other wait for the collector
        self.kind = kind
        self.any_verified = bool(schedule.verified[block].any())
        self.any_months = bool(schedule.within_months[block].any())
        self.any_joint = any(block.start <= slot < block.stop for slot, _, _ in schedule.several)
        self.any_early = bool(schedule.early[block].any())
        self.any_absent = bool(schedule.absent[block].any())
        self.pessimistic: Mask | bool = False if state.harsh is None else state.harsh[:, None]
        self.lenient: Mask | bool = False if state.harsh is None else ~state.harsh[:, None]
        self.last_trigger = np.minimum(schedule.latest, schedule.closes)[block].astype(np.int32)
        slots = np.flatnonzero(schedule.within[block] >= 0)
        word, bit = np.divmod(schedule.within[block][slots].astype(np.int64) + 1, 64)
        # slots with a span after their trigger, and where in ``pending`` the day after its end stands
        self.limits = slots, word, Word(1) << bit.astype(Word)

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        whole = getattr(self._schedule, name)[self._block] if name in Schedule.__slots__ else None
        part = np.asarray(getattr(self._state(), name)[:, self._block] if whole is None else whole)
        self.__dict__[name] = part  # looked up once; the arrays of a state are only ever changed in place
        return part

    def leads(self, name: str, day: int) -> NDArray[np.int16]:
        """Return how far spans of calendar months that begin today fall short of the longest (see `leads`)."""
        return leads(self._schedule, name, day, self._block)


def views(schedule: Schedule, state: State) -> dict[str, View]:
    """Return the view of each kind that has slots, made once for a state."""
    if not state.views:
        state.views |= {kind: View(schedule, state, kind) for kind, b in schedule.blocks.items() if b.stop > b.start}
    return state.views


def leads(schedule: Schedule, name: str, day: int, block: slice = slice(None)) -> NDArray[np.int16]:
    """By how many days a span of calendar months that begins today falls short of the longest, for each slot.

    An instance starts with so many days on its clock, so that it falls due in time; spans of days have none.
    """
    months = getattr(schedule, f"{name}_months")[block]
    short = np.zeros(len(months), np.int16)
    if not months.any():
        return short
    today = schedule.date(day)
    for slot in np.flatnonzero(months).tolist():
        anchor = int(schedule.anchor[block][slot]) if name == "every" else 0
        if today != months_on(today, 0, anchor):  # suspended days have moved the beginning of periods
            anchor = 0
        short[slot] = getattr(schedule, name)[block][slot] - (months_on(today, int(months[slot]), anchor) - today).days
    return short


def older(bits: NDArray[Word], ages: Mask) -> None:
    """Shift bit sets one day older where ``ages`` [K, C] is true, carrying between words."""
    by = ages.astype(Word)
    last = bits.shape[2] - 1
    for word in range(last, -1, -1):
        bits[..., word] <<= by
        if word:
            bits[..., word] |= (bits[..., word - 1] >> Word(63)) * by
