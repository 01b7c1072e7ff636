"""Cells: where a day of Flee's process can end, with room everywhere; draws of whole people from that, and its means.

In Flee's process somebody who reaches place p with c kilometres behind them today goes on deciding while c is below the
day's budget. All that matters of c is which sums of further links still fit, so that all c with the same number of
fitting sums are one *cell* of p (`Chains`). The lumping is exact, and makes cost independent of the number of people.
`Rows` holds where the day of each cell can end while the same links are open.

A cell's day has up to a hundred possible ends, most of which a handful of people reach. `scatter` draws the ends that
more than `FEW` people are expected at one after another as binomials; those left over are drawn person by person from a
guide table, which costs less than a draw for every end. All cells go together, because a small NumPy call costs as much
as hundreds of numbers.

NumPy's own binomial costs 50 to 220 ns a draw, most where 5 to 30 people are expected, because it prepares itself anew
for every draw. From a variance of 8 on, a normal variate put through the Cornish-Fisher expansion and rounded has the
binomial's distribution function to within 1e-4 (see the tests), for 20 ns.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.sparse import csr_array

from standoff.people.flee.rules import Bools, Epoch, FleeRules, FleeScenario, Floats, Ints, decay

UNIT = 100  # links are compared in units of 10 metres
END = -1  # the step ends the day at the link's target
LONG = -2  # the step is onto a link that takes more than a day
LEAST_VARIANCE = 8.0  # the expansion is used from here on
FEW = 8.0
PERSONS = 1 << 16  # drawn at once, so that the arrays stay in cache
MOST_DENSE = 5_000_000  # numbers in maps of means that are kept with their zeros
_BITS, _SHIFT = 10, 22  # of 32 random bits the first ten choose a bucket of the guide


@dataclass(frozen=True, slots=True, repr=False)
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

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Chains: {self.place.size} cells of {self.start.size} places>"


class TooManyCells(ValueError):
    """A network so dense that the ways to spend a day in it are past counting."""


def compile_chains(
    places: int, source: Ints, target: Ints, km: Floats, budget_km: float, most: int | None = None
) -> Chains:
    """Lump the (place, kilometres today) states of a network with a daily budget; exact to 10 metres a link.

    Raises TooManyCells where there are more than ``most``.
    """
    length = np.rint(km * UNIT).astype(np.int64)
    budget = round(budget_km * UNIT)
    days = length // budget + 1  # Flee arrives when the distance covered is above, not at, the link's length
    out: list[list[int]] = [[] for _ in range(places)]
    for link in range(source.size):
        out[int(source[link])].append(link)
    sums = _sums(out, target, length, budget)
    fits: dict[int, list[int]] = {}
    number: dict[tuple[int, int], int] = {}
    place: list[int] = []
    steps: list[tuple[tuple[int, int], ...]] = []

    def cell(p: int, covered: int) -> int:
        """Number the cell and all that follow from it, depth first; a stack, since a day can pass 10^4 short links."""
        waiting: list[tuple[int, int, Iterator[int], list[tuple[int, int]]]] = []

        def enter(at: int, so_far: int) -> int:
            if at not in fits:
                fits[at] = _bits(sums[at])
            key = (at, bisect_left(fits[at], budget - so_far))
            if key not in number:
                if len(place) == most:
                    raise TooManyCells
                number[key] = len(place)
                place.append(at)
                steps.append(())
                waiting.append((number[key], so_far, iter(out[at]), []))
            return number[key]

        mine = enter(p, covered)
        while waiting:
            here, so_far, links, moves = waiting[-1]
            link = next(links, -1)
            if link < 0:
                steps[here] = tuple(moves)
                waiting.pop()
            elif days[link] > 1:
                moves.append((link, LONG))
            elif so_far + int(length[link]) >= budget:
                moves.append((link, END))
            else:
                moves.append((link, enter(int(target[link]), so_far + int(length[link]))))
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
    positions, at = [], text.find("1")
    while at >= 0:
        positions.append(at)
        at = text.find("1", at + 1)
    return positions


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


class Rows:
    """Where a day can end for each cell under one epoch, with room everywhere: [C, P + long links], and its draws."""

    def __init__(self, scenario: FleeScenario, chains: Chains, slot: Ints, epoch: Epoch) -> None:
        self.epoch = epoch
        self.links: list[tuple[tuple[int, int, float], ...]] = []  # by cell: (link, next, share of those who move)
        places, width = len(scenario.names), len(scenario.names) + int((chains.days > 1).sum())
        self.ends = np.zeros((chains.place.size, width))
        for steps in chains.steps:
            total = sum(epoch.weight[link] for link, _ in steps)
            if total > 0:
                parts = [(link, then, float(epoch.weight[link] / total)) for link, then in steps]
                self.links.append(tuple(x for x in parts if x[2] > 0))
            else:
                self.links.append(())
        for c in reversed(chains.order):
            p = int(chains.place[c])
            row, move = self.ends[c], (float(epoch.move[p]) if self.links[c] else 0.0)
            row[p] += 1.0 - move
            for link, then, share in self.links[c]:
                if then == END:
                    row[scenario.target[link]] += move * share
                elif then == LONG:
                    row[places + slot[link]] += move * share
                else:
                    row += (move * share) * self.ends[then]
        self._tables: dict[int, tuple[Ints, Floats]] = {}
        self._guides: dict[tuple[int, int], Guide] = {}
        self._reach: dict[frozenset[int], Bools] = {}

    def table(self, cell: int) -> tuple[Ints, Floats]:
        """Return the possible ends of a cell's day, likeliest first, and their chances given that none before was."""
        if cell not in self._tables:
            row = self.ends[cell]
            order = np.argsort(-row, kind="stable")[: int((row > 0).sum())]
            chance = row[order]
            self._tables[cell] = (order, chance / np.cumsum(chance[::-1])[::-1])
        return self._tables[cell]

    def guide(self, cell: int, head: int) -> Guide:
        """Return the guide table of the ends of a cell's day after the ``head`` likeliest."""
        if (cell, head) not in self._guides:
            where, chances = self.table(cell)
            self._guides[cell, head] = Guide(where[head:], chances[head:])
        return self._guides[cell, head]

    def reaching(self, chains: Chains, target: Ints, full: frozenset[int]) -> Bools:
        """Return [C], True for cells from which somebody may today have to choose beside a place of ``full``."""
        if full not in self._reach:
            mark = np.zeros(chains.place.size, dtype=np.bool_)
            for c in reversed(chains.order):
                mark[c] = any(int(target[k]) in full or (then >= 0 and mark[then]) for k, then, _ in self.links[c])
            self._reach[full] = mark
        return self._reach[full]


class Tables(Protocol):
    """Ends by cell."""

    def table(self, cell: int) -> tuple[Ints, Floats]:
        """Return the possible ends of a cell's day, likeliest first, and their chances given that none before was."""

    def guide(self, cell: int, head: int) -> Guide:
        """Return the guide table of the ends of ``cell`` after the first ``head``."""


def scatter(rng: Generator, tables: Tables, waiting: Mapping[int, Ints], ends: Ints) -> None:
    """Add to ``ends`` [E, M] where the day ends of the people ``waiting`` in cells: [M] by cell."""
    groups = []
    for cell, count in waiting.items():
        mean = float(count.mean())
        if mean > 0.0:
            where, chances = tables.table(cell)
            expected, head = mean, 0
            while head < where.size - 1 and expected * chances[head] > FEW:
                expected *= 1.0 - chances[head]
                head += 1
            groups.append((head, cell, where, chances))
    if not groups:
        return
    groups.sort(key=lambda x: -x[0])  # so that those with a j-th likely end are the first rows
    rest = np.stack([waiting[cell] for _, cell, _, _ in groups])
    for j in range(groups[0][0]):
        rows = sum(head > j for head, _, _, _ in groups)
        chance = np.array([[chances[j]] for _, _, _, chances in groups[:rows]])
        numbers = binomials(rng, rest[:rows], chance)
        rest[:rows] -= numbers
        for (_, _, where, _), some in zip(groups, numbers, strict=False):
            ends[where[j]] += some
    alone = [i for i, (head, _, where, _) in enumerate(groups) if where.size - head == 1]
    for i in alone:
        ends[groups[i][2][-1]] += rest[i]
    others = [i for i in range(len(groups)) if i not in set(alone)]
    if others:
        _persons(rng, [tables.guide(groups[i][1], groups[i][0]) for i in others], rest[others], ends)


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


class Guide:
    """Ends by bucket of a 32-bit random number; where a bucket holds a limit between two ends, -1."""

    def __init__(self, where: Ints, chances: Floats) -> None:
        """Take ends [K] and their chances given that none before was; chances hold to 2^-32."""
        left = np.concatenate([[1.0], np.cumprod(1.0 - chances[:-1])])
        limits = np.rint((1.0 - left[1:]) * 2.0**32).astype(np.uint64)
        first = np.arange(1 << _BITS, dtype=np.uint64) << np.uint64(_SHIFT)
        low = np.searchsorted(limits, first, side="right")
        high = np.searchsorted(limits, first + np.uint64((1 << _SHIFT) - 1), side="right")
        self.where, self.limits = where, limits
        self.bucket = np.where(low == high, where[low], -1).astype(np.int32)


def binomials(rng: Generator, n: Ints, p: Floats) -> Ints:
    """Draw Binomial(n, p) for ``n`` [G, M] and ``p`` [G, 1] or [G, M]; those of small variance are drawn exactly."""
    small = n * (p * (1.0 - p)) < LEAST_VARIANCE
    if not small.any():
        return _hold(binomial_quantile(rng.standard_normal(n.shape), n, p), n)
    few = small.all(axis=1)
    if few.all():
        return rng.binomial(n, p)
    sample = np.empty(n.shape, dtype=np.int64)
    if few.any():
        sample[few] = rng.binomial(n[few], p[few])
    rows = np.flatnonzero(~few)
    mine, chance, exact = n[rows], p[rows], np.flatnonzero(small[rows])
    with np.errstate(invalid="ignore", divide="ignore"):
        x = binomial_quantile(rng.standard_normal(mine.shape), mine, chance)
    if exact.size:
        x.ravel()[exact] = rng.binomial(mine.ravel()[exact], np.broadcast_to(chance, mine.shape).ravel()[exact])
    sample[rows] = _hold(x, mine)
    return sample


def binomial_quantile(z: Floats, n: Floats | Ints, p: Floats) -> Floats:
    """Return the whole number, not yet held to [0, n], that the standard normal ``z`` stands for in Binomial(n, p).

    All arguments broadcast. Cornish-Fisher to the third order (Cornish and Fisher 1938; Abramowitz and Stegun 26.2.49)
    with Sheppard's correction for the rounding; n p (1 - p) must be above 1/12.
    """
    skew, f = 1.0 - 2.0 * p, p * (1.0 - p)
    flat, twice = 1.0 - 6.0 * f, skew * skew
    variance = n * f - 1.0 / 12.0  # rounding adds the twelfth again
    square = z * z
    fourth = (1.0 - 12.0 * f) / 120.0 - flat / 24.0 + twice / 27.0
    second = 1.0 / 72.0 - (1.0 - 12.0 * f) / 20.0 + 5.0 * flat / 24.0 - 53.0 * twice / 324.0
    none = -1.0 / 72.0 + (1.0 - 12.0 * f) / 40.0 - flat / 12.0 + 17.0 * twice / 324.0
    x = square * (skew * fourth)
    x += skew * second
    x *= square
    x += skew * none
    x /= variance
    square_less = square - 1.0
    square_less *= skew / 6.0
    x += square_less
    deviation = np.sqrt(variance)
    square *= flat / 24.0 - twice / 18.0
    square += 5.0 * twice / 36.0 - flat / 8.0
    square /= deviation
    square += deviation
    square *= z
    x += square
    x += n * p
    x += 0.5
    return np.asarray(np.floor(x, out=x))


def _hold(x: Floats, n: Ints) -> Ints:
    whole = x.astype(np.int64)
    np.maximum(whole, 0, out=whole)
    return np.minimum(whole, n, out=whole)


class Means:
    """The expected course of a scenario with room everywhere, as one matrix a day."""

    def __init__(self, scenario: FleeScenario, rules: FleeRules, chains: Chains, long: Ints, rows: list[Rows]) -> None:
        self.scenario, self.rules, self.chains, self.long, self.rows = scenario, rules, chains, long, rows
        self.maps, self.turns = self._matrices()
        self.arising = self._arising()

    def course(self) -> Floats:
        """Return the expected counts [T, P] with room everywhere, by propagating means: milliseconds, no draws.

        With ``take_from_population`` the places' shares of those who arise are those of the first day's residents.
        """
        s, places = self.scenario, len(self.scenario.names)
        matrices, turns, arising = self.maps, self.turns, self.arising
        here = np.zeros(matrices[self.rows[0].epoch.day].shape[0])
        here[:places] = s.start
        counts = np.zeros((s.days, places))
        matrix = matrices[self.rows[0].epoch.day]
        for day in range(s.days):
            if day in matrices:
                matrix = matrices[day]
                if day in turns:
                    road, back = turns[day]
                    here[back] += here[road]
                    here[road] = 0.0
            here[:places] += arising[day]
            here = np.asarray(here @ matrix)
            counts[day] = here[:places]
        return counts

    def origins(self) -> Ints:
        """Return the places where people arise."""
        return np.flatnonzero(self.arising.any(axis=0))

    def by_origin(self) -> Iterator[Floats]:
        """Yield for each day who is expected where at its end, with room everywhere: [P + 1, origins + 1].

        The last row are those on the road, the last column those who were there on the first day. Over the columns the
        rows sum to `course`.
        """
        s, places, origins = self.scenario, len(self.scenario.names), self.origins()
        matrix = self.maps[self.rows[0].epoch.day]
        here = np.zeros((origins.size + 1, matrix.shape[0]))
        here[-1, :places] = s.start
        for day in range(s.days):
            if day in self.maps:
                matrix = self.maps[day]
                if day in self.turns:
                    road, back = self.turns[day]
                    here[:, back] += here[:, road]
                    here[:, road] = 0.0
            here[np.arange(origins.size), origins] += self.arising[day, origins]
            here = np.asarray(here @ matrix)
            yield np.vstack([here[:, :places].T, here[:, places:].sum(axis=1)])

    def _matrices(self) -> tuple[dict[int, Floats | csr_array], dict[int, tuple[Ints, Ints]]]:
        """Return one day's map of means by epoch, and which states turn back as links shut.

        States are the places, then for each long link its days done on the way out, then the same on the way back.
        Where many links take days these maps are nearly empty, and only what is not 0 is kept.
        """
        chains, places = self.chains, len(self.scenario.names)
        spans = chains.days[self.long] - 1
        begin = places + np.concatenate([[0], np.cumsum(spans)]).astype(np.int64)
        road = int(begin[-1]) - places
        maps: dict[int, Floats | csr_array] = {}
        turns = {}
        size = places + 2 * road
        into = np.concatenate([np.arange(places), begin[:-1]])  # columns of the ends of a day
        last = begin[1:] - 1
        under_way = np.setdiff1d(np.arange(places, places + road), last)
        steps = np.concatenate([under_way, under_way + road])
        for rows in self.rows:
            ends = np.vstack([rows.ends[chains.start], rows.ends[chains.landing[self.long]]])
            at, end = np.nonzero(ends)
            begins = np.concatenate([np.arange(places), last])[at]
            source = np.concatenate([begins, steps, last + road])
            target = np.concatenate([into[end], steps + 1, self.scenario.source[self.long]])
            chance = np.concatenate([ends[at, end], np.ones(steps.size + last.size)])
            if size * size * len(self.rows) > MOST_DENSE:
                matrix: Floats | csr_array = csr_array((chance, (source, target)), shape=(size, size))
            else:
                matrix = np.zeros((size, size))
                matrix[source, target] = chance
            maps[rows.epoch.day] = matrix
            shut = [k for k, link in enumerate(self.long) if not rows.epoch.opened[link]]
            if shut:
                states = np.concatenate([np.arange(begin[k], begin[k + 1]) for k in shut])
                turns[rows.epoch.day] = (states, states + road)
        return maps, turns

    def _arising(self) -> Floats:
        """Return the expected number of people who arise by day and place [T, P]."""
        s, rules = self.scenario, self.rules
        fights = s.conflict > 0
        pull = s.conflict
        if rules.conflict_spawn_decay:
            began = np.zeros(fights.shape, dtype=np.int64)
            for day in range(s.days):
                begins = fights[day] & ~(fights[day - 1] if day else np.zeros(fights.shape[1], dtype=np.bool_))
                began[day] = np.where(begins, day, began[day - 1] if day else 0)
            pull = pull * decay(rules, np.arange(s.days)[:, None] - began)
        if rules.spawn_mode:
            return rate(rules, pull, s.population)
        weight = s.population * pull
        total = weight.sum(axis=1, keepdims=True)
        return np.asarray(s.spawn[:, None] * np.divide(weight, total, out=np.zeros_like(weight), where=total > 0))


def rate(rules: FleeRules, conflict: Floats, population: Ints) -> Floats:
    """Return how many people a day's fighting displaces at each place [P] (whole numbers unless drawn)."""
    per_day = rules.displaced_per_conflict_day
    if rules.spawn_mode == "pop_ratio":
        return np.floor(per_day * population * conflict)
    return per_day * conflict if rules.spawn_mode == "poisson" else np.floor(per_day * conflict)
