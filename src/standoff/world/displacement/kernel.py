"""One day of movement. `day` is the order of things; everything else is one step of it."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from standoff.world.displacement.departures import departures, leave_chance, onward, returns
from standoff.world.displacement.draws import binomial, shares, split
from standoff.world.displacement.network import Bools, Floats, Network, Part
from standoff.world.displacement.people import Counts, Moves, People


def day(
    rng: Generator | None,
    people: People,
    network: Network,
    intensity: Floats,
    *,
    fear: Floats | float = 0.0,
    open_links: Bools | None = None,
    departed: Counts | None = None,
    may_return: Bools | bool = True,
    phi: float | None = None,
    nu: float | None = None,
) -> Moves:
    """Move everybody for one day; changes ``people`` and returns what happened.

    ``intensity`` and ``fear`` are [n, P] (or broadcast to it), ``open_links`` [L] or [n, L]; ``departed`` [n, P] gives
    the day's departures instead of drawing them. ``rng=None`` moves expectations (``people`` made with ``mean=True``).
    """
    s = network.settings
    phi, nu = (s.phi if phi is None else phi), (s.nu if nu is None else nu)
    level = np.asfortranarray(np.broadcast_to(np.asarray(intensity, dtype=np.float64), people.residents.shape))
    is_open = np.ones(network.links, dtype=np.bool_) if open_links is None else open_links
    chance = np.asfortranarray(np.broadcast_to(leave_chance(level, fear, phi, nu), level.shape))

    came = arrive(people)  # 1. travellers whose journey ends today
    if departed is None:  # 2. who leaves home, and who of the displaced goes on
        departed = departures(rng, people.residents, level, fear, phi, nu, s.dispersion, exact=s.exact)
    again = onward(rng, people.displaced, network.drift, chance, exact=s.exact)
    people.displaced -= again
    flows, stayed, stuck = move(rng, people, network, departed + again, level, is_open, chance)  # 3. they go
    home_again = np.minimum(stuck, departed)  # 4. with every way shut, people stay where they were
    departed = np.asarray(departed - home_again)
    people.residents -= departed
    people.away += departed
    people.displaced += stayed + (stuck - home_again)
    returned = returns(rng, people, network, level, may_return)  # 5. who goes home
    people.day += 1
    return Moves(departed=departed, arrived=came + stayed, returned=returned, flows=flows)


def arrive(people: People) -> Counts:
    """Let the travellers whose ring slot has come join the displaced; return them [n, P]."""
    slot = people.moving[people.day % people.moving.shape[0]]
    came = np.array(slot)
    people.displaced += came
    slot[:] = 0
    return came


def move(
    rng: Generator | None,
    people: People,
    network: Network,
    leaving: Counts,
    intensity: Floats,
    open_links: Bools,
    chance: Floats | float = 0.0,
) -> tuple[Counts, Counts, Counts]:
    """Move ``leaving`` [n, P] for one day: up to ``settings.hops`` links, or onto a link that takes nights.

    Somebody who came to a place today goes on with the place's ``move`` chance, or from fighting with ``chance``.
    Those with nights to go enter ``people.moving``; the caller takes ``leaving`` out of its stock and adds the rest.

    Returns
    -------
    flows : [n, L] people who set out along each link
    stayed : [n, P] people who came to a place today and stay the night
    stuck : [n, P] people who found no open way and are still where they set out
    """
    s = network.settings
    calm = np.exp(-s.avoid * intensity.T) * network.draw[:, None] * _gates(network, open_links)
    is_open = open_links[:, None] if open_links.ndim == 1 else open_links.T
    pull = _Pull(network, calm, network.weight[:, None] * is_open)
    going = 1.0 - (1.0 - network.move[:, None]) * (1.0 - np.broadcast_to(chance, intensity.shape).T)
    left = leaving.T
    flows = np.zeros((network.links, left.shape[1]), dtype=left.dtype)
    stayed = np.zeros_like(left)
    stuck = np.zeros_like(left)
    for hop in range(s.hops):
        if not left.any():
            break
        here, lost = _hop(rng, people, network, left, stayed, pull, flows)
        if hop == 0:
            stuck = lost
        else:
            stayed += lost
        left = binomial(rng, here, going, exact=s.exact) if hop + 1 < s.hops else np.zeros_like(here)
        stayed += here - left
    return np.asarray(flows.T), np.asarray(stayed.T), np.asarray(stuck.T)


def crowding(network: Network, occupants: Counts) -> Floats:
    """Return the factor [P, n] by which crowding lowers pull: 1 up to ``buffer``, then linearly to 0 when full."""
    factor = np.ones(occupants.shape)
    limited = np.flatnonzero(network.capacity > 0)
    full = occupants[limited] / network.capacity[limited, None]
    factor[limited] = np.clip((1.0 - full) / (1.0 - network.settings.buffer), 0.0, 1.0)
    return factor


class _Pull:
    """What draws people today before crowding: by place (``calm`` [P, n]) and by link (``way`` [L, n] or [L, 1])."""

    def __init__(self, network: Network, calm: Floats, way: Floats) -> None:
        self.network, self.calm, self.way = network, calm, way
        weights = np.take(calm, network.target, axis=0)
        weights *= way
        self.today = shares(weights, network.first, network.source)  # where no camp is near full: once a day

    def crowded(self, part: Part, crowd: Floats) -> Floats:
        """Return the running shares of the links out of ``part`` with the crowding [P, n] of now."""
        weights = np.take(self.calm * crowd, self.network.target[part.links], axis=0)
        weights *= self.way[part.links]
        return shares(weights, part.first, part.source)


def _hop(
    rng: Generator | None,
    people: People,
    network: Network,
    leaving: Counts,
    stayed: Counts,
    pull: _Pull,
    flows: Counts,
) -> tuple[Counts, Counts]:
    """Move ``leaving`` [P, n] along one link; return who arrived today [P, n] and who found no way [P, n]."""
    here = np.zeros_like(leaving)
    lost = np.zeros_like(leaving)
    active = leaving.any(axis=1)
    close = np.zeros_like(active)
    tight = _tight(network, people.displaced.T + stayed, leaving)
    if tight.any():
        close[network.source[tight[network.target]]] = True
    far = np.flatnonzero(active & ~close)
    if far.size:
        part = network.part(far)
        _send(rng, people, network, part, leaving[far], pull.today[part.links], (flows, here, lost))
    near = np.flatnonzero(active & close)
    if near.size:
        part, number, batches = network.part(near), leaving[near], network.settings.batches
        for b in range(batches):  # the later see what the earlier did
            some = number / batches if rng is None else number * (b + 1) // batches - number * b // batches
            crowd = crowding(network, people.displaced.T + stayed + here)
            _send(rng, people, network, part, some, pull.crowded(part, crowd), (flows, here, lost))
    return here, lost


def _send(
    rng: Generator | None,
    people: People,
    network: Network,
    part: Part,
    number: Counts,
    upto: Floats,
    books: tuple[Counts, Counts, Counts],
) -> None:
    """Split ``number`` over the links out of ``part`` and book flows, arrivals of today and who found no way."""
    flows, here, lost = books
    gone = split(rng, number, upto, part.first, part.source, exact=network.settings.exact)
    gone = gone.astype(flows.dtype, copy=False)
    flows[part.links] += gone
    lost[part.places] += np.where(upto[part.first[1:] - 1] > 0.0, 0, number)
    for wait, order, begin, to in part.landings:
        into = here if wait == 0 else people.moving[(people.day + wait) % people.moving.shape[0]].T
        into[to] += np.add.reduceat(gone[order], begin, axis=0)


def _tight(network: Network, occupants: Counts, leaving: Counts) -> Bools:
    """Return [P], True where in some trajectory the people leaving next door could fill a place past its buffer."""
    tight = np.zeros(network.places, dtype=np.bool_)
    for p in np.flatnonzero(network.capacity > 0):
        doors = network.target[network.first[p] : network.first[p + 1]]
        most = occupants[p] + leaving[doors].sum(axis=0)
        tight[p] = bool((most > network.settings.buffer * network.capacity[p]).any())
    return tight


def _gates(network: Network, open_links: Bools) -> Floats:
    """Return 1 or 0 ([P, n] or [P, 1]): a crossing draws nobody while its links to other countries are all shut."""
    mask = open_links[None, :] if open_links.ndim == 1 else open_links
    factor = np.ones((network.places, mask.shape[0]))
    for p in np.flatnonzero(network.gate):
        out = np.arange(network.first[p], network.first[p + 1])
        beyond = out[[network.country[t] != network.country[p] for t in network.target[out]]]
        if beyond.size:
            factor[p] = mask[:, beyond].any(axis=1)
    return factor
