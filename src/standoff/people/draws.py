"""Draws of whole people: how many of a count, and a count split over alternatives.

Three modes, chosen by the arguments, so that one kernel serves all:

- ``rng`` and ``exact=True``: binomial and multinomial, every person independent (Flee's process);
- ``rng`` and ``exact=False``: the expectation, rounded at random to whole people so that it stays unbiased. A count is
  then at most one person from its expectation; the noise of a run comes from the Beta day factor of departures and from
  the world. Families and villages move together, so that independent persons are not a better description, and it is
  ten times faster;
- ``rng=None``: the expectation itself.

Counts are whole numbers in float64 (exact below 2**53): converting integers back and forth took longer than the
arithmetic. Arrays are place-major: [P, n].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

Counts = NDArray[np.float64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

LARGE = 2.0**23  # people; a split of fewer cannot round up to one too many


def binomial(rng: Generator | None, n: Counts, p: Floats | float, *, exact: bool) -> Counts:
    """Return how many of ``n`` do it with chance ``p`` (broadcast to ``n``)."""
    if rng is None:
        return np.asarray(n * p)
    if not exact:
        out = n * p
        out += rng.random(n.shape)
        np.floor(out, out=out)
        return np.asarray(np.minimum(out, n, out=out))
    chance = np.broadcast_to(np.asarray(p, dtype=np.float64), n.shape)
    out = np.zeros(n.shape)
    some = np.nonzero((n > 0) & (chance > 0.0))
    if some[0].size:
        out[some] = rng.binomial(n[some].astype(np.int64), np.minimum(chance[some], 1.0))
    return out


def binomial_rows(rng: Generator | None, n: Counts, p: Callable[[Ints], Floats], *, exact: bool) -> Counts:
    """Return `binomial` of ``n`` [P, m], with ``p(rows)`` the chances in some rows; rows of nobody are passed over."""
    if rng is None or exact:
        return binomial(rng, n, p(np.arange(n.shape[0])), exact=exact)
    some = np.flatnonzero(n.max(axis=1, initial=0.0) > 0.0)
    out = np.zeros(n.shape)
    here = n.take(some, axis=0)
    leavers = here * p(some)
    leavers += uniform_rows(rng, some, (n.shape[0], n.shape[1]))
    np.floor(leavers, out=leavers)
    out[some] = np.minimum(leavers, here, out=leavers)
    return out


def uniform_rows(rng: Generator, rows: Ints, shape: tuple[int, int]) -> Floats:
    """Return the rows ``rows`` (ascending) of ``rng.random(shape)``, and leave ``rng`` where that would leave it.

    Philox counts its draws in fours and can pass over what nobody needs; other generators draw it.
    """
    bits = rng.bit_generator
    many, n = shape
    if not isinstance(bits, Philox) or rows.size == many or n < 100:  # passing over costs as much as some 100 draws
        return rng.random(shape).take(rows, axis=0)
    out = np.empty((rows.size, n))
    left = 4 - bits.state["buffer_pos"]  # numbers of the present four that were not given out yet
    begin = np.flatnonzero(np.diff(rows, prepend=-2) != 1).tolist()
    at = 0
    for here, after in pairwise([*begin, rows.size]):
        first = int(rows[here])
        left = _pass_over(rng, bits, (first - at) * n, left)
        rng.random(out=out[here:after])
        left = (left - (after - here) * n) % 4
        at = first + after - here
    _pass_over(rng, bits, (many - at) * n, left)
    return out


def _pass_over(rng: Generator, bits: Philox, count: int, ready: int) -> int:
    """Move a generator on by ``count`` numbers, of which ``ready`` are made already; return how many are afterwards."""
    if count <= ready:
        rng.random(count)
        return ready - count
    rng.random(ready)
    fours, rest = divmod(count - ready, 4)
    if fours:
        bits.advance(fours)
    rng.random(rest)
    return -rest % 4


def beta_binomial(rng: Generator | None, n: Counts, p: Floats, dispersion: float, *, exact: bool) -> Counts:
    """Return Beta-binomial counts with mean ``n p`` and variance ``n p (1 - p) (1 + (n - 1) dispersion)``.

    ``dispersion`` is the correlation between two people of one place on one day (0 = binomial), so that the Beta has
    a + b = 1 / dispersion - 1. Without ``exact`` the binomial part is rounding only.
    """
    if rng is None or dispersion <= 0.0:
        return binomial(rng, n, p, exact=exact)
    out = np.zeros(n.shape)
    some = np.flatnonzero((n > 0) & (p > 0.0))  # places in a flat array: faster than a mask where many are true
    if some.size:
        number = n.ravel().take(some)
        mean = np.minimum(p.ravel().take(some), 1.0 - 1e-12)
        size = 1.0 / dispersion - 1.0
        out.ravel()[some] = binomial(rng, number, rng.beta(mean * size, (1.0 - mean) * size), exact=exact)
    return out


def split(
    rng: Generator | None, n: Counts, upto: Sequence[Floats], offset: Floats | None, *, exact: bool
) -> Iterator[Counts]:
    """Split ``n`` [R, m] over alternatives; yield those of each rank, [r, m] for the first r rows that have so many.

    ``upto[k]`` [r, m] are running sums of weights, overwritten here; rows are sorted by how many alternatives they
    have, most first. Rows without weight give nobody; every other row gives all of its people. ``offset`` [R, m] is
    uniform on [0, 1), one number a row: the running sum of people plus it, rounded down, gives whole and unbiased parts
    (systematic sampling). It is not used where ``rng`` is None or ``exact``.
    """
    total = row_totals(upto)
    if exact and rng is not None:
        yield from _multinomial(rng, n, upto, total)
        return
    # a little more than 1 / total, so that all of the people are reached in spite of rounding
    scale = np.divide(1.0 + 2.0**-44, total, out=np.zeros_like(total), where=total > 0.0)
    scale *= n
    capped = rng is None or n.max(initial=0.0) > LARGE
    if offset is not None:
        offset = offset * (1.0 - 2.0**-20)  # so that the little more and it never come to one person
    for ends in upto:
        some = ends.shape[0]
        ends *= scale[:some]
        if rng is not None and offset is not None:
            ends += offset[:some]
            np.floor(ends, out=ends)
        if capped:
            np.minimum(ends, n[:some], out=ends)
    for before, ends in zip(
        upto[-2::-1], upto[:0:-1], strict=True
    ):  # from the last one back: each needs the one before
        ends -= before[: ends.shape[0]]
    yield from upto


def row_totals(upto: Sequence[Floats]) -> Floats:
    """Return the last running sum of every row [R, m]; see `split`."""
    total = np.empty_like(upto[0])
    ended = 0
    for running in upto[::-1]:  # rows that end with this rank
        total[ended : running.shape[0]] = running[ended:]
        ended = running.shape[0]
    return total


def _multinomial(rng: Generator, n: Counts, upto: Sequence[Floats], total: Floats) -> Iterator[Counts]:
    """Conditional binomials, one alternative after another; nobody left, no draw."""
    left = n.astype(np.int64)
    before = np.zeros(n.shape)
    inverse = np.divide(1.0 + 2.0**-44, total, out=np.zeros_like(total), where=total > 0.0)
    for running in upto:
        some = running.shape[0]
        now, then, many = np.minimum(running * inverse[:some], 1.0), before[:some], left[:some]
        sample = np.where((now >= 1.0) & (then < 1.0), many, 0)
        draw = np.nonzero((now > then) & (now < 1.0) & (many > 0))
        if draw[0].size:
            sample[draw] = rng.binomial(many[draw], (now[draw] - then[draw]) / (1.0 - then[draw]))
        left[:some] -= sample
        before[:some] = now
        yield sample.astype(np.float64)


def take(rng: Generator | None, number: Counts, stock: Counts, *, exact: bool) -> Counts:
    """Take ``number`` [m] people from ``stock`` [P, m] in proportion, never more than there are; returns [P, m]."""
    total = stock.sum(axis=0)
    number = np.minimum(number, total)
    ratio = np.divide(number, total, out=np.zeros(total.shape), where=total > 0)
    if rng is None:
        return np.asarray(stock * ratio)
    if not exact:
        rows = np.flatnonzero(stock.max(axis=1) > 0.0)
        if not rows.size or rows[-1] + 1 < stock.shape[0]:
            rows = np.append(rows, stock.shape[0] - 1)  # what is left over by rounding belongs to the last place
        here = stock.take(rows, axis=0)
        upto = here.copy()
        for before, running in pairwise(upto):  # faster than cumsum
            running += before
        upto *= ratio
        upto += rng.random(total.shape)
        np.floor(upto, out=upto)
        upto[-1] = number
        np.minimum(upto, number, out=upto)
        out = np.zeros_like(stock)
        part = upto.copy()
        part[1:] -= upto[:-1]
        out[rows] = np.minimum(part, here, out=part)
        return out
    out = np.zeros_like(stock)
    left, after = number.astype(np.int64), total.astype(np.int64)
    for p in range(stock.shape[0]):  # sequential hypergeometric draws are a multivariate one
        here = stock[p].astype(np.int64)
        after = after - here
        sample = rng.hypergeometric(here, after, left)
        out[p] = sample
        left = left - sample
    return out
