"""Where the day of many people ends: likely ends drawn as counts, unlikely ones person by person.

A cell's day has up to a hundred possible ends, most of which a handful of people reach. The ends that more than `FEW`
people are expected at are drawn one after another as binomials; those left over are drawn person by person from a guide
table, which costs less than a draw for every end. All cells go together, because a small NumPy call costs as much as
hundreds of numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.world.displacement.flee_draws import binomials
from standoff.world.displacement.flee_rules import Floats, Ints

FEW = 8.0
PERSONS = 1 << 16  # drawn at once, so that the arrays stay in cache
_BITS, _SHIFT = 10, 22  # of 32 random bits the first ten choose a bucket of the guide


class Tables(Protocol):
    """Ends by cell."""

    def table(self, cell: int) -> tuple[Ints, Floats]:
        """Return the possible ends of a cell's day, likeliest first, and their chances given that none before was."""

    def guide(self, cell: int, head: int) -> Guide:
        """Return the guide table of the ends of ``cell`` after the first ``head``."""


class Guide:
    """Ends by bucket of a 32-bit random number; where a bucket holds a limit between two ends, -1."""

    def __init__(self, where: Ints, given: Floats) -> None:
        """Take ends [K] and their chances given that none before was; chances hold to 2^-32."""
        left = np.concatenate([[1.0], np.cumprod(1.0 - given[:-1])])
        limits = np.rint((1.0 - left[1:]) * 2.0**32).astype(np.uint64)
        first = np.arange(1 << _BITS, dtype=np.uint64) << np.uint64(_SHIFT)
        low = np.searchsorted(limits, first, side="right")
        high = np.searchsorted(limits, first + np.uint64((1 << _SHIFT) - 1), side="right")
        self.where, self.limits = where, limits
        self.bucket = np.where(low == high, where[low], -1).astype(np.int32)


def scatter(rng: Generator, tables: Tables, waiting: Mapping[int, Ints], ends: Ints) -> None:
    """Add to ``ends`` [E, M] where the day ends of the people ``waiting`` in cells: [M] by cell."""
    found = []
    for cell, count in waiting.items():
        mean = float(count.mean())
        if mean > 0.0:
            where, given = tables.table(cell)
            expected, head = mean, 0
            while head < where.size - 1 and expected * given[head] > FEW:
                expected *= 1.0 - given[head]
                head += 1
            found.append((head, cell, where, given))
    if not found:
        return
    found.sort(key=lambda x: -x[0])  # so that those with a j-th likely end are the first rows
    rest = np.stack([waiting[cell] for _, cell, _, _ in found])
    for j in range(found[0][0]):
        rows = sum(head > j for head, _, _, _ in found)
        chance = np.array([[given[j]] for _, _, _, given in found[:rows]])
        taken = binomials(rng, rest[:rows], chance)
        rest[:rows] -= taken
        for (_, _, where, _), some in zip(found, taken, strict=False):
            ends[where[j]] += some
    alone = [i for i, (head, _, where, _) in enumerate(found) if where.size - head == 1]
    for i in alone:
        ends[found[i][2][-1]] += rest[i]
    others = [i for i in range(len(found)) if i not in set(alone)]
    if others:
        _persons(rng, [tables.guide(found[i][1], found[i][0]) for i in others], rest[others], ends)


def _persons(rng: Generator, guides: Sequence[Guide], rest: Ints, ends: Ints) -> None:
    """Draw the ends of single people, ``rest`` [G, M] of them by guide."""
    members = rest.shape[1]
    people = rest.sum(axis=1)
    cuts = np.unique(np.searchsorted(np.cumsum(people), np.arange(0, int(people.sum()), PERSONS)))
    for begin, end in pairwise([*cuts.tolist(), len(guides)]):
        mine, each = guides[begin:end], people[begin:end]
        number = rng.integers(0, 1 << 32, int(each.sum()), dtype=np.uint32)
        at = (number >> np.uint32(_SHIFT)).astype(np.int32)
        at += np.repeat(np.arange(len(mine), dtype=np.int32) << _BITS, each)
        code = np.concatenate([g.bucket for g in mine])[at].astype(np.int64)
        _between(mine, at, number, code)
        code *= members
        code += np.repeat(np.tile(np.arange(members), len(mine)), rest[begin:end].ravel())
        ends += np.bincount(code, minlength=ends.size).reshape(ends.shape)


def _between(guides: Sequence[Guide], at: NDArray[np.int32], number: NDArray[np.uint32], code: Ints) -> None:
    """Look up those whose bucket holds a limit between two ends."""
    unclear = np.flatnonzero(code < 0)
    guide = at[unclear] >> _BITS
    above = [np.uint64(i << 32) + g.limits for i, g in enumerate(guides)]
    key = (guide.astype(np.uint64) << np.uint64(32)) + number[unclear]
    # a guide has one limit less than ends, so that its ends begin its own number further on
    code[unclear] = np.concatenate([g.where for g in guides])[
        np.searchsorted(np.concatenate(above), key, side="right") + guide
    ]
