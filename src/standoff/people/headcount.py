"""People present by area and day over a batch: who is there, who came since the start and stays, and where from.

Counts do not know who comes from where. So of the displaced people of an area those who were there at the start leave
it in proportion with the others, trajectory by trajectory; who moves within an area has not come to it, and who left
home in the area and stays in it has. Origins are followed in the means over the trajectories, through every journey, in
the same proportion. Areas and people on the road sum to everybody, every day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.oneline import OneLine
from standoff.people.presence import Moves, Presence

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MEASURES = ("present", "displaced", "newcomers")  # everybody; who is away from home; who came since the start
LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
ROAD = "on the road"
EVERY_DAY = 31  # days up to which tables by area hold every one


@dataclass(frozen=True, slots=True, repr=False)
class Areas(OneLine):
    """The areas that places are added up in: codes, names, and the number of the area of each place [P]."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    of: Ints

    @property
    def many(self) -> int:
        """Number of areas A."""
        return len(self.codes)

    def sums(self, values: Floats) -> Floats:
        """Return [A, ...] the sums over the places of each area of values [P, ...]."""
        out = np.zeros((self.many, *values.shape[1:]))
        np.add.at(out, self.of, values)
        return out


def days_shown(days: int) -> list[int]:
    """Return the days (from 0) of a run that tables by area hold: all of a month, else every seventh and the last."""
    return sorted({*range(6, days, 7), days - 1}) if days > EVERY_DAY else list(range(days))


class Headcount:
    """Counts of one batch, day by day: `day` after every `move_day`, then `levels` and `origins`.

    ``table`` is [measures, mean and quantiles, T, A + 1] for the days of `days_shown`; the last area is the road.
    ``came`` is [A, A + 1]: the people who stay in an area on the last day, by the area they left, and last who was
    displaced at the start.
    """

    def __init__(self, areas: Areas, people: Presence, days: int) -> None:
        self.areas, self.last = areas, days - 1
        self.columns = {day: i for i, day in enumerate(days_shown(days))}
        _, places = people.displaced.shape
        self.sums = np.zeros((areas.many, places))
        self.sums[areas.of, np.arange(places)] = 1.0
        self.before = people.displaced.T.copy()
        self.old = self.sums @ self.before  # [A, n] displaced at the start and still in the area
        self.same = areas.of[:, None] == areas.of[None, :]
        self.mix = np.zeros((places, places + 1))  # [where, from]; the last: displaced at the start
        self.mix[:, -1] = self.before.mean(axis=1)
        self.table = np.zeros((len(MEASURES), 1 + len(LEVELS), len(self.columns), areas.many + 1), dtype=np.float32)
        self.came = np.zeros((areas.many, areas.many + 1), dtype=np.float32)
        self.at = 0

    def day(self, people: Presence, moves: Moves) -> None:
        """Count one evening; ``moves`` are those of the day, with their streams."""
        now = people.displaced.T
        was = self.before + moves.arrived.T
        left = np.maximum(was - now, 0.0)
        if moves.streams:
            out = moves.streams[0].sum(axis=1)
            within = np.where(self.same, moves.streams[0], 0.0).sum(axis=1)
            left *= 1.0 - np.divide(within, out, out=np.zeros(out.size), where=out > 0)[:, None]
        held = self.sums @ was
        self.old *= np.divide(np.maximum(held - self.sums @ left, 0.0), held, out=np.zeros(held.shape), where=held > 0)
        np.minimum(self.old, self.sums @ now, out=self.old)
        self._follow(now, moves)
        self.before = now.copy()
        if self.at in self.columns:
            self._show(self.columns[self.at], people, now)
        if self.at == self.last:
            by_area = self.areas.sums(self.mix)
            np.add.at(self.came.T, self.areas.of, by_area[:, :-1].T)
            self.came[:, -1] = by_area[:, -1]
        self.at += 1

    def _show(self, i: int, people: Presence, now: Floats) -> None:
        here = self.sums @ now
        measures = (self.sums @ people.residents.T + here, here, here - self.old)
        road = people.moving.sum(axis=(0, 2))
        for k, values in enumerate(measures):
            every = np.vstack([values, road])
            self.table[k, 0, i] = every.mean(axis=1)
            self.table[k, 1:, i] = np.quantile(every, LEVELS, axis=1)

    def _follow(self, now: Floats, moves: Moves) -> None:
        """Move the mix of origins along the day's streams, hop by hop, and fit its rows to who is there now."""
        n = now.shape[1]
        home = moves.departed.mean(axis=0)
        going = np.zeros_like(self.mix)
        for hop, stream in enumerate(moves.streams):
            flow = stream / n
            out = flow.sum(axis=1)
            if hop == 0:
                whole = self.mix.sum(axis=1)
                again = np.minimum(np.maximum(out - home, 0.0), whole)
                part = self.mix * np.divide(again, whole, out=np.zeros(whole.size), where=whole > 0)[:, None]
                self.mix = self.mix - part
                going = part
                places = np.arange(whole.size)
                going[places, places] += np.minimum(home, out)
            else:
                whole = going.sum(axis=1)
                some = (
                    going * np.divide(np.minimum(out, whole), whole, out=np.zeros(whole.size), where=whole > 0)[:, None]
                )
                self.mix += going - some
                going = some
            total = going.sum(axis=1, keepdims=True)
            share = np.divide(going, total, out=np.zeros(going.shape), where=total > 0)
            going = flow.T @ share
        self.mix += going
        target, whole = now.mean(axis=1), self.mix.sum(axis=1)
        scale = np.divide(target, whole, out=np.zeros(whole.size), where=whole > 0)
        self.mix *= scale[:, None]
        rest = target - self.mix.sum(axis=1)
        self.mix[:, -1] += np.maximum(rest, 0.0)


def joined(tables: NDArray[np.float32], sizes: Sequence[int]) -> NDArray[np.float64]:
    """Return means and quantiles over batches [B, ...] of the given sizes: their mean, since batches are alike."""
    weights = np.asarray(sizes[: tables.shape[0]], dtype=np.float64)
    return np.asarray(np.tensordot(weights / weights.sum(), tables.astype(np.float64), axes=1))
