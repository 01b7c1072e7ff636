"""Draws of whole people: how many of a count, and a count split over alternatives.

Three modes, chosen by the arguments, so that one kernel serves all:

- ``rng`` and ``exact=True``: binomial and multinomial, every person independent (Flee's process);
- ``rng`` and ``exact=False``: the expectation, rounded at random to whole people so that it stays unbiased. A count is
  then at most one person from its expectation; the noise of a run comes from the Beta day factor of departures and from
  the world. Families and villages move together, so that independent persons are no better a description, and it is
  ten times faster;
- ``rng=None``: the expectation itself (float64).

Counts are whole numbers in int64 or float64 (exact below 2**53). Arrays are place-major: [P, n] or [L, n].
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Counts = NDArray[Any]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def binomial(rng: Generator | None, n: Counts, p: Floats | float, *, exact: bool) -> Counts:
    """Return how many of ``n`` do it with chance ``p`` (broadcast to ``n``), in the type of ``n``."""
    if rng is None:
        return np.asarray(n * p)
    if not exact:
        return np.asarray(np.minimum(np.floor(n * p + rng.random(n.shape)), n).astype(n.dtype))
    chance = np.broadcast_to(np.asarray(p, dtype=np.float64), n.shape)
    out = np.zeros(n.shape, dtype=n.dtype)
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
    out = np.zeros(n.shape, dtype=n.dtype)
    some = np.nonzero((n > 0) & (p > 0.0))
    if some[0].size:
        mean = np.minimum(p[some], 1.0 - 1e-12)
        size = 1.0 / dispersion - 1.0
        out[some] = binomial(rng, n[some], rng.beta(mean * size, (1.0 - mean) * size), exact=exact)
    return out


def shares(weights: Floats, first: Ints, source: Ints, later: tuple[Ints, ...], work: Floats | None = None) -> Floats:
    """Turn ``weights`` [L, m] into running shares in place: in a row they rise to exactly 1, or stay 0 without weight.

    Alternatives of row s are ``first[s]:first[s + 1]`` of the L, at least one each; ``source[l]`` is the row of l;
    ``later[k]`` are the alternatives that come k + 2nd in their row. ``work`` [L, m] is a buffer to reuse.
    """
    for links in later:  # a running sum by row; faster than one over all rows, and without its rounding
        weights[links] += weights[links - 1]
    total = weights[first[1:] - 1]
    inverse = np.divide(1.0 + 2.0**-44, total, out=np.zeros_like(total), where=total > 0.0)
    weights *= gather(inverse, source, work)
    return np.minimum(weights, 1.0, out=weights)


def gather(rows: Floats, index: Ints, out: Floats | None = None) -> Floats:
    """Return ``rows[index]``, written to ``out`` if given."""
    return np.asarray(np.take(rows, index, axis=0, out=out, mode="clip"))


def split(
    rng: Generator | None,
    n: Floats,
    upto: Floats,
    first: Ints,
    source: Ints,
    *,
    exact: bool,
    work: tuple[Floats, Floats] | None = None,
) -> Floats:
    """Split ``n`` [S, m] over the alternatives with running shares ``upto`` [L, m]; returns parts [L, m].

    Rows without weight give nobody; every other row gives all of its people. ``work`` holds two buffers [L, m] to
    reuse; the answer is then one of them.
    """
    if exact and rng is not None:
        return _multinomial(rng, n, upto, first)
    ends, parts = work or (np.empty_like(upto), np.empty_like(upto))
    gather(n, source, ends)
    ends *= upto
    if rng is not None:  # systematic: one uniform a row; the running sum rounded down gives whole and unbiased parts
        offset = rng.random(n.shape)
        offset *= 1.0 - 2.0**-20  # so that n + offset never rounds up to n + 1
        ends += gather(offset, source, parts)
        np.floor(ends, out=ends)
    np.subtract(ends[1:], ends[:-1], out=parts[1:])
    parts[first[:-1]] = ends[first[:-1]]
    return parts


def _multinomial(rng: Generator, n: Floats, upto: Floats, first: Ints) -> Floats:
    """Conditional binomials, one alternative after another; nobody left, no draw."""
    parts = np.zeros(upto.shape)
    degree = np.diff(first)
    left = n.astype(np.int64)
    before = np.zeros(n.shape)
    for k in range(int(degree.max(initial=0))):
        rows = np.flatnonzero(degree > k)
        now, then, many = upto[first[rows] + k], before[rows], left[rows]
        drawn = np.where((now >= 1.0) & (then < 1.0), many, 0)
        some = np.nonzero((now > then) & (now < 1.0) & (many > 0))
        if some[0].size:
            drawn[some] = rng.binomial(many[some], (now[some] - then[some]) / (1.0 - then[some]))
        parts[first[rows] + k] = drawn
        left[rows] = many - drawn
        before[rows] = now
    return parts


def take(rng: Generator | None, wanted: Counts, stock: Counts, *, exact: bool) -> Counts:
    """Take ``wanted`` [m] people from ``stock`` [P, m] in proportion, never more than there are; returns [P, m]."""
    total = stock.sum(axis=0)
    wanted = np.minimum(wanted, total)
    ratio = np.divide(wanted, total, out=np.zeros(total.shape), where=total > 0)
    if rng is None:
        return np.asarray(stock * ratio)
    if not exact:
        upto = np.floor(np.cumsum(stock, axis=0) * ratio + rng.random(total.shape))
        upto[-1] = wanted
        np.minimum(upto, wanted, out=upto)
        out = upto.copy()
        out[1:] -= upto[:-1]
        return np.asarray(np.minimum(out, stock).astype(stock.dtype))
    out = np.zeros_like(stock)
    left, after = wanted.astype(np.int64), total.astype(np.int64)
    for p in range(stock.shape[0]):  # sequential hypergeometric draws are a multivariate one
        here = stock[p].astype(np.int64)
        after = after - here
        out[p] = rng.hypergeometric(here, after, left)
        left = left - out[p].astype(np.int64)
    return out
