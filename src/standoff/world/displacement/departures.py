"""Who leaves home, who goes on, and who goes back. Sources of the forms are in docs/explanation/displacement.md."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from standoff.world.displacement.draws import beta_binomial, binomial_rows, take
from standoff.world.displacement.network import Bools, Floats, Ints, Network
from standoff.world.displacement.people import Counts, People


def leave_chance(intensity: Floats, fear: Floats | float, phi: Floats | float, nu: Floats | float) -> Floats:
    """Return the daily chance to leave home, ``1 - exp(-phi (intensity + nu fear))``.

    ``fear`` is the intensity expected under threats that are live: people leave before fighting comes.
    """
    return np.asarray(-np.expm1(-phi * (intensity + nu * np.asarray(fear))))


def departures(
    rng: Generator | None,
    residents: Counts,
    chance: Floats,
    dispersion: float,
    *,
    exact: bool = True,
    sector: Ints | None = None,
) -> Counts:
    """Return how many leave home today [n, P]: BetaBinomial(residents, chance), correlation ``dispersion``.

    ``chance`` [n, P] is `leave_chance`; with ``sector`` [P] it is [n, S] and that names the column of each place.
    """
    home, risk = residents.T, chance.T
    at = np.arange(home.shape[0]) if sector is None else sector
    somebody = np.flatnonzero(home.max(axis=1, initial=0.0) > 0.0)
    if somebody.size == home.shape[0] or rng is None or dispersion <= 0.0:
        return beta_binomial(rng, home, risk if sector is None else risk.take(at, axis=0), dispersion, exact=exact).T
    left = np.zeros(home.shape)
    left[somebody] = beta_binomial(
        rng, home.take(somebody, axis=0), risk.take(at[somebody], axis=0), dispersion, exact=exact
    )
    return left.T


def left_by(home: Counts, intensity: Floats, fear: Floats, phi: Floats, nu: Floats) -> Floats:
    """Return how many residents leave over some days, in expectation [n].

    The same departures as those of a day, of the residents who remain each day: ``home`` [n, P] on the first morning,
    ``intensity`` and ``fear`` [days, P], ``phi`` and ``nu`` [n].
    """
    remain = np.array(home, dtype=np.float64)
    for level, feared in zip(intensity, fear, strict=True):
        remain -= departures(None, remain, leave_chance(level, feared, phi[:, None], nu[:, None]), 0.0)
    return np.asarray((home - remain).sum(axis=1))


def onward(
    rng: Generator | None,
    displaced: Counts,
    drift: Floats,
    chance: Floats,
    *,
    exact: bool = True,
    sector: Ints | None = None,
) -> Counts:
    """Return how many of the displaced leave where they stay [n, P].

    They leave by themselves with chance ``drift`` [P] or, as residents do, from fighting with ``chance`` [n, P], or
    [n, S] with ``sector`` [P].
    """
    here, stays = displaced.T, 1.0 - chance.T
    at = np.arange(here.shape[0]) if sector is None else sector

    def leaves(some: Ints) -> Floats:
        stay = stays.take(at[some], axis=0)
        stay *= 1.0 - drift[some, None]
        return np.asarray(np.subtract(1.0, stay, out=stay))

    return binomial_rows(rng, here, leaves, exact=exact).T


def returns(
    rng: Generator | None,
    people: People,
    network: Network,
    intensity: Floats,
    may_return: Bools | bool = True,
    chance: float | None = None,
    *,
    sector: Ints | None = None,
) -> Counts:
    """Take people home and return how many came back to each place [n, P]; changes ``people``.

    From each place where intensity is at most ``settings.quiet`` and ``may_return`` ([P] or [n, P]) holds, each person
    away goes home with ``chance`` (default ``settings.return_chance``). They are drawn from the displaced wherever they
    stay, in proportion: counts do not know who comes from where. Returning takes no travel time. ``intensity`` is
    [n, P], or [n, S] with ``sector`` [P].
    """
    s = network.settings
    rate = s.return_chance if chance is None else chance
    quiet = np.ascontiguousarray((intensity <= s.quiet).T)
    if sector is not None:
        quiet = quiet.take(sector, axis=0)
    if not np.all(may_return):
        quiet = quiet & np.broadcast_to(may_return, people.away.shape).T

    def chances(some: Ints) -> Floats:
        return np.multiply(quiet.take(some, axis=0), rate, dtype=np.float64)

    back = binomial_rows(rng, people.away.T, chances, exact=s.exact)
    if not back.max(initial=0.0) > 0.0:
        return back.T
    wanted = back.sum(axis=0)
    gone = take(rng, wanted, people.displaced.T, exact=s.exact)
    short = wanted - gone.sum(axis=0)  # those still on the road cannot go home today
    if (short > 0).any():
        back -= take(rng, short, back, exact=s.exact)
    people.displaced -= gone.T
    people.residents += back.T
    people.away -= back.T
    return back.T
