"""Chains of links that people walk within one day, lumped into cells that cannot be told apart.

In Flee's process somebody who reaches place p with c kilometres behind them today goes on deciding while c is below the
day's budget. All that matters of c is which sums of further links still fit, so that all c with the same number of
fitting sums are one *cell* of p. The lumping is exact, and makes cost independent of the number of people.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_UNIT = 100  # links are compared in units of 10 metres
END = -1  # the step ends the day at the link's target
LONG = -2  # the step is onto a link that takes more than a day


@dataclass(frozen=True, slots=True)
class Chains:
    """Cells with the steps out of them. C cells, L directed links.

    ``place`` [C]; ``steps[c]`` has, for each link out of the cell's place, (link, next cell or END or LONG);
    ``order`` is an order in which no cell comes before one it leads to; ``start`` [P] is the cell of somebody who has
    not moved today; ``landing`` [L] that of somebody who finishes a long link today (END where that cannot be).
    """

    place: Ints
    steps: tuple[tuple[tuple[int, int], ...], ...]
    order: tuple[int, ...]
    start: Ints
    landing: Ints
    days: Ints  # [L] days that the link takes; 1 = done within a day


def compile_chains(places: int, source: Ints, target: Ints, km: Floats, budget_km: float) -> Chains:
    """Lump the (place, kilometres today) states of a network with a daily budget; exact to 10 metres a link."""
    length = np.rint(km * _UNIT).astype(np.int64)
    budget = round(budget_km * _UNIT)
    days = length // budget + 1  # Flee arrives when the distance covered is above, not at, the link's length
    out: list[list[int]] = [[] for _ in range(places)]
    for link in range(source.size):
        out[int(source[link])].append(link)
    sums = _sums(out, target, length, budget)
    fits = [_bits(s) for s in sums]
    number: dict[tuple[int, int], int] = {}
    place: list[int] = []
    steps: list[tuple[tuple[int, int], ...]] = []

    def cell(p: int, covered: int) -> int:
        """Number the cell and all that follow from it, depth first; a stack, since a day can pass 10^4 short links."""
        waiting: list[tuple[int, int, Iterator[int], list[tuple[int, int]]]] = []

        def enter(at: int, so_far: int) -> int:
            key = (at, bisect_left(fits[at], budget - so_far))
            if key not in number:
                number[key] = len(place)
                place.append(at)
                steps.append(())
                waiting.append((number[key], so_far, iter(out[at]), []))
            return number[key]

        mine = enter(p, covered)
        while waiting:
            here, so_far, links, found = waiting[-1]
            link = next(links, -1)
            if link < 0:
                steps[here] = tuple(found)
                waiting.pop()
            elif days[link] > 1:
                found.append((link, LONG))
            elif so_far + int(length[link]) >= budget:
                found.append((link, END))
            else:
                found.append((link, enter(int(target[link]), so_far + int(length[link]))))
        return mine

    start = [cell(p, 0) for p in range(places)]
    landing = []
    for link in range(source.size):
        rest = int(length[link] - (days[link] - 1) * budget)
        landing.append(cell(int(target[link]), rest) if days[link] > 1 else END)
    return Chains(
        place=np.array(place, dtype=np.int64),
        steps=tuple(steps),
        order=tuple(_sorted(steps)),
        start=np.array(start, dtype=np.int64),
        landing=np.array(landing, dtype=np.int64),
        days=days,
    )


def _sums(out: list[list[int]], target: Ints, length: Ints, budget: int) -> list[int]:
    """Return, as a bit set by place, every sum of links below the budget that a walk from there can make."""
    mask = (1 << budget) - 1
    sums = [0] * len(out)
    changed = True
    while changed:
        changed = False
        for p, links in enumerate(out):
            now = sums[p]
            for link in links:
                step = int(length[link])
                if step < budget:
                    now |= ((1 | sums[int(target[link])]) << step) & mask
            if now != sums[p]:
                sums[p], changed = now, True
    return sums


def _bits(value: int) -> list[int]:
    text = bin(value)[:1:-1]
    found, at = [], text.find("1")
    while at >= 0:
        found.append(at)
        at = text.find("1", at + 1)
    return found


def _sorted(steps: Iterable[tuple[tuple[int, int], ...]]) -> list[int]:
    """Return the cells so that each comes before those it leads to (they form no circle: see the tests)."""
    following = [[then for _, then in s if then >= 0] for s in steps]
    waiting = [0] * len(following)
    for s in following:
        for then in s:
            waiting[then] += 1
    ready = [c for c, count in enumerate(waiting) if count == 0]
    order = []
    while ready:
        c = ready.pop()
        order.append(c)
        for then in following[c]:
            waiting[then] -= 1
            if waiting[then] == 0:
                ready.append(then)
    if len(order) != len(following):
        raise AssertionError("cells of a day form a circle")
    return order
