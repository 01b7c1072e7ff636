"""Daily facts that can be changed one report at a time and read signal by signal, without going through all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.facts import Amounts, Facts


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
