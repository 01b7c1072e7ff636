"""Draws of whole people: how many of a count, and a count split over alternatives.

Three modes, chosen by the arguments, so that one kernel serves all:

- ``rng`` and ``exact=True``: binomial and multinomial, every person independent (Flee's process);
- ``rng`` and ``exact=False``: the expectation, rounded at random to whole people so that it stays unbiased. A count is
  then at most one person from its expectation; the noise of a run comes from the Beta day factor of departures and from
  the world. Families and villages move together, so that independent persons are no better a description, and it is
  ten times faster;
- ``rng=None``: the expectation itself.

Counts are whole numbers in float64 (exact below 2**53): converting integers back and forth took longer than the
arithmetic. Arrays are place-major: [P, n].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Counts = NDArray[np.float64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

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


def beta_binomial(rng: Generator | None, n: Counts, p: Floats, dispersion: float, *, exact: bool) -> Counts:
    """Return Beta-binomial counts with mean ``n p`` and variance ``n p (1 - p) (1 + (n - 1) dispersion)``.

    ``dispersion`` is the correlation between two people of one place on one day (0 = binomial), so that the Beta has
    a + b = 1 / dispersion - 1. Without ``exact`` the binomial part is rounding only.
    """
    if rng is None or dispersion <= 0.0:
        return binomial(rng, n, p, exact=exact)
    out = np.zeros(n.shape)
    some = (n > 0) & (p > 0.0)
    number = n[some]
    if number.size:
        mean = np.minimum(p[some], 1.0 - 1e-12)
        size = 1.0 / dispersion - 1.0
        out[some] = binomial(rng, number, rng.beta(mean * size, (1.0 - mean) * size), exact=exact)
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
    total = whole(upto)
    if exact and rng is not None:
        yield from _multinomial(rng, n, upto, total)
        return
    # a little more than 1 / total, so that all of the people are reached in spite of rounding
    scale = np.divide(1.0 + 2.0**-44, total, out=np.zeros_like(total), where=total > 0.0)
    scale *= n
    capped = rng is None or n.max(initial=0.0) > LARGE
    if offset is not None:
        offset = offset * (1.0 - 2.0**-20)  # so that the little more and it never come to one person
    before = None
    for ends in upto:
        some = ends.shape[0]
        ends *= scale[:some]
        if rng is not None and offset is not None:
            ends += offset[:some]
            np.floor(ends, out=ends)
        if capped:
            np.minimum(ends, n[:some], out=ends)
        yield ends if before is None else ends - before[:some]
        before = ends


def whole(upto: Sequence[Floats]) -> Floats:
    """Return the last running sum of every row [R, m]; see `split`."""
    if all(one.shape == upto[0].shape for one in upto):
        return upto[-1].copy()
    total = np.empty_like(upto[0])
    for running in upto:
        total[: running.shape[0]] = running
    return total


def _multinomial(rng: Generator, n: Counts, upto: Sequence[Floats], total: Floats) -> Iterator[Counts]:
    """Conditional binomials, one alternative after another; nobody left, no draw."""
    left = n.astype(np.int64)
    before = np.zeros(n.shape)
    inverse = np.divide(1.0 + 2.0**-44, total, out=np.zeros_like(total), where=total > 0.0)
    for running in upto:
        some = running.shape[0]
        now, then, many = np.minimum(running * inverse[:some], 1.0), before[:some], left[:some]
        drawn = np.where((now >= 1.0) & (then < 1.0), many, 0)
        draw = np.nonzero((now > then) & (now < 1.0) & (many > 0))
        if draw[0].size:
            drawn[draw] = rng.binomial(many[draw], (now[draw] - then[draw]) / (1.0 - then[draw]))
        left[:some] -= drawn
        before[:some] = now
        yield drawn.astype(np.float64)


def take(rng: Generator | None, wanted: Counts, stock: Counts, *, exact: bool) -> Counts:
    """Take ``wanted`` [m] people from ``stock`` [P, m] in proportion, never more than there are; returns [P, m]."""
    total = stock.sum(axis=0)
    wanted = np.minimum(wanted, total)
    ratio = np.divide(wanted, total, out=np.zeros(total.shape), where=total > 0)
    if rng is None:
        return np.asarray(stock * ratio)
    if not exact:
        upto = np.cumsum(stock, axis=0)
        upto *= ratio
        upto += rng.random(total.shape)
        np.floor(upto, out=upto)
        upto[-1] = wanted
        np.minimum(upto, wanted, out=upto)
        out = upto.copy()
        out[1:] -= upto[:-1]
        return np.asarray(np.minimum(out, stock, out=out))
    out = np.zeros_like(stock)
    left, after = wanted.astype(np.int64), total.astype(np.int64)
    for p in range(stock.shape[0]):  # sequential hypergeometric draws are a multivariate one
        here = stock[p].astype(np.int64)
        after = after - here
        drawn = rng.hypergeometric(here, after, left)
        out[p] = drawn
        left = left - drawn
    return out
