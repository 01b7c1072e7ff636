"""Where people go by road: first a country, then a camp in it; and what late reports add to that.

A country draws by the mean over its camps of 1 / road distance, and each camp of it in the same proportion. So it does
not matter into how many camps a host divides the same people: camps of one country are close substitutes (a nested
logit whose inner alternatives are as alike as can be; Ben-Akiva and Lerman 1985, ch. 10). Nothing is fitted and no
capacity is used; decision 68 says what else was tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Reports = Sequence[tuple[int, float]]
Floats = NDArray[np.float64]
NEAR = 1.0  # km, the least distance


def crowd(countries: Sequence[str]) -> Floats:
    """Return for each camp how many camps its country has [camps]."""
    return np.array([countries.count(c) for c in countries], dtype=np.float64)


def choice(km: Floats, countries: Sequence[str]) -> Floats:
    """Return the share [origins, camps] of people who choose each camp, by road distance ``km`` [origins, camps].

    Infinite distances are camps that cannot be reached; a row without any camp in reach is 0.
    """
    pull = np.where(np.isfinite(km), 1.0 / np.maximum(km, NEAR), 0.0) / crowd(list(countries))
    total = pull.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(pull, total, out=np.zeros(pull.shape), where=total > 0))


def chosen(fighting: NDArray[np.bool_], shares: Mapping[int, Floats], countries: Sequence[str]) -> Floats:
    """Return the share of each day's newcomers that goes to each camp [T, camps].

    ``fighting`` [T, origins] are the places that people leave, alike; ``shares`` are those of `choice` by the day from
    which they hold. On a day without fighting, or without a way, every country draws alike.
    """
    even = 1.0 / crowd(list(countries))
    out = np.zeros((fighting.shape[0], even.size))
    now = shares[min(shares)]
    for day in range(fighting.shape[0]):
        now = shares.get(day, now)
        pull = fighting[day].astype(np.float64) @ now
        out[day] = pull if pull.sum() > 0 else even
    return np.asarray(out / out.sum(axis=1, keepdims=True))


def allocated(start: Floats, rises: Floats, share: Floats) -> Floats:
    """Return counts [T, camps]: first counts, then each rise [T] by ``share``; a fall takes from all camps alike."""
    out, now = np.zeros(share.shape), start.astype(np.float64)
    for day in range(share.shape[0]):
        whole = now.sum()
        if day and rises[day] >= 0:
            now = now + rises[day] * share[day]
        elif day and whole > 0:
            now = now * max(1.0 + rises[day] / whole, 0.0)
        out[day] = now
    return out


def assimilated(
    total: Floats, reports: Mapping[str, Reports], camps: Sequence[str], lag: int, start: Floats, share: Floats
) -> Floats:
    """Return counts [T, camps] from reports at least ``lag`` days old and the day's total.

    Each camp keeps its last report (``start`` before there is one). What the total has above the sum of these goes half
    as those reports are divided and half by ``share`` [T, camps]; what it has below is taken from all alike.
    """
    out = np.zeros(share.shape)
    for day in range(total.size):
        old = [[v for d, v in reports.get(c, ()) if d <= day - lag] for c in camps]
        last = np.array([r[-1] if r else first for r, first in zip(old, start, strict=True)], dtype=np.float64)
        whole = last.sum()
        rest = total[day] - whole
        if rest < 0:
            out[day] = last * total[day] / whole
        else:
            as_before = last / whole if whole > 0 else share[day]
            out[day] = last + rest * (as_before + share[day]) / 2
    return out
