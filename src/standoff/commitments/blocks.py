"""The arrays of one kind of commitment: a view of plan and state on the block of slots of that kind.

A line over a view reads like the rule it stands for: ``V.live & (V.waiting > 0)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.values import months_on
from standoff.commitments.arrays import Mask, Plan, State

Word = np.uint64


class View:
    """The arrays of a state or plan on one block of slots: ``V.waiting`` is ``state.waiting[:, block]``."""

    def __init__(self, plan: Plan, state: State, block: slice) -> None:
        self._plan, self._state, self._block = plan, state, block
        self.pessimistic: Mask | bool = False if state.harsh is None else state.harsh[:, None]
        self.lenient: Mask | bool = False if state.harsh is None else ~state.harsh[:, None]
        self.last_trigger = np.minimum(plan.latest, plan.closes)[block].astype(np.int32)

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        whole = getattr(self._plan, name)[self._block] if name in Plan.__slots__ else None
        part = np.asarray(getattr(self._state, name)[:, self._block] if whole is None else whole)
        self.__dict__[name] = part  # looked up once; the arrays of a state are only ever changed in place
        return part

    def leads(self, name: str, day: int) -> NDArray[np.int16]:
        """Return how far spans of calendar months that begin today fall short of the longest (see `leads`)."""
        return leads(self._plan, name, day, self._block)


def leads(plan: Plan, name: str, day: int, block: slice = slice(None)) -> NDArray[np.int16]:
    """By how many days a span of calendar months that begins today falls short of the longest, for each slot.

    An instance starts with so many days on its clock, so that it falls due in time; spans of days have none.
    """
    months = getattr(plan, f"{name}_months")[block]
    made = np.zeros(len(months), np.int16)
    if not months.any():
        return made
    today = plan.date(day)
    for slot in np.flatnonzero(months).tolist():
        anchor = int(plan.anchor[block][slot]) if name == "every" else 0
        if today != months_on(today, 0, anchor):  # suspended days have moved the beginning of periods
            anchor = 0
        made[slot] = getattr(plan, name)[block][slot] - (months_on(today, int(months[slot]), anchor) - today).days
    return made


def views(plan: Plan, state: State) -> dict[str, View]:
    """Return the view of each kind that has slots, made once for a state."""
    if not state.views:
        state.views |= {kind: View(plan, state, b) for kind, b in plan.blocks.items() if b.stop > b.start}
    return state.views


def older(bits: NDArray[Word], ages: Mask) -> None:
    """Shift bit sets one day older where ``ages`` [K, C] is true, carrying between words."""
    by = ages.astype(Word)
    last = bits.shape[2] - 1
    for word in range(last, -1, -1):
        bits[..., word] <<= by
        if word:
            bits[..., word] |= (bits[..., word - 1] >> Word(63)) * by
