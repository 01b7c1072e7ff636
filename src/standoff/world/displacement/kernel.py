"""One day of movement. `day` is the order of things; everything else is one step of it."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from standoff.world.displacement.departures import departures, leave_chance, onward, returns
from standoff.world.displacement.draws import binomial, gather, shares, split
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
    phi: Floats | float | None = None,
    nu: Floats | float | None = None,
) -> Moves:
    """Move everybody for one day; changes ``people`` and returns what happened.

    ``intensity`` and ``fear`` are [n, P] (or broadcast to it), ``open_links`` [L] or [n, L]; ``departed`` [n, P] gives
    the day's departures instead of drawing them; ``phi`` and ``nu`` may be [n, 1]. ``rng=None`` moves expectations
    (``people`` made with ``mean=True``).
    """
    s = network.settings
    phi, nu = (s.phi if phi is None else phi), (s.nu if nu is None else nu)
    level = np.asfortranarray(np.broadcast_to(np.asarray(intensity, dtype=np.float64), people.residents.shape))
    is_open = np.ones(network.links, dtype=np.bool_) if open_links is None else open_links
    chance = np.asfortranarray(np.broadcast_to(leave_chance(level, fear, phi, nu), level.shape))

    came = arrive(people)  # 1. travellers whose journey ends today
    if departed is None:  # 2. who leaves home, and who of the displaced goes on
        departed = departures(rng, people.residents, level, fear, phi, nu, s.dispersion, exact=s.exact, chance=chance)
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
    roads = _Roads(people, network, intensity.T, open_links)
    going = 1.0 - (1.0 - network.move[:, None]) * (1.0 - np.broadcast_to(chance, intensity.shape).T)
    left = leaving.T.astype(np.float64)
    stayed, stuck = np.zeros_like(left), np.zeros_like(left)
    for hop in range(s.hops):
        if not left.any():
            break
        here, lost = roads.hop(rng, left, stayed)
        if hop == 0:
            stuck = lost
        else:
            stayed += lost
        left = binomial(rng, here, going, exact=s.exact) if hop + 1 < s.hops else np.zeros_like(here)
        stayed += here - left
    kind = leaving.dtype
    return roads.flows.T.astype(kind), stayed.T.astype(kind), stuck.T.astype(kind)


def crowding(network: Network, occupants: Counts) -> Floats:
    """Return the factor [P, n] by which crowding lowers pull: 1 up to ``buffer``, then linearly to 0 when full."""
    factor = np.ones(occupants.shape)
    limited = np.flatnonzero(network.capacity > 0)
    full = occupants[limited] / network.capacity[limited, None]
    factor[limited] = np.clip((1.0 - full) / (1.0 - network.settings.buffer), 0.0, 1.0)
    return factor


class _Roads:
    """One day's links: what draws people along them before crowding, and the buffers to move them with."""

    def __init__(self, people: People, network: Network, intensity: Floats, open_links: Bools) -> None:
        self.people, self.network = people, network
        self.calm = np.exp(-network.settings.avoid * intensity) * network.draw[:, None] * _gates(network, open_links)
        if open_links.ndim == 1:
            self.way = (network.weight * open_links)[:, None]
        else:
            self.way = np.multiply(network.weight[:, None], open_links.T, order="C")
        shape = (network.links, intensity.shape[1])
        if people.work is None or people.work[0].shape != shape:
            people.work = (np.empty(shape), np.empty(shape), np.empty(shape), np.empty(shape))
        self.flows, self.today, *work = people.work
        self.work = (work[0], work[1])
        self.flows[:] = 0.0
        gather(self.calm, network.target, self.today)
        self.today *= self.way
        shares(
            self.today, network.first, network.source, network.whole.later, work[0]
        )  # where no camp is near full: once a day

    def hop(self, rng: Generator | None, leaving: Floats, stayed: Floats) -> tuple[Floats, Floats]:
        """Move ``leaving`` [P, n] along one link; return who arrived today [P, n] and who found no way [P, n]."""
        network, people = self.network, self.people
        here, lost = np.zeros_like(leaving), np.zeros_like(leaving)
        tight = _tight(network, people.displaced.T + stayed, leaving)
        if not tight.any():
            self._send(rng, network.whole, leaving, self.today, here, lost)
            return here, lost
        close = np.zeros(network.places, dtype=np.bool_)
        close[network.source[tight[network.target]]] = True
        self._send(rng, network.whole, np.where(close[:, None], 0.0, leaving), self.today, here, lost)
        part, batches = network.part(np.flatnonzero(close)), network.settings.batches
        number = leaving[part.places]
        for b in range(batches):  # the later see what the earlier did
            crowd = crowding(network, people.displaced.T + stayed + here)
            weights = gather(self.calm * crowd, network.target[part.links])
            weights *= self.way[part.links]
            upto = shares(weights, part.first, part.source, part.later)
            some = number / batches if rng is None else number * (b + 1) // batches - number * b // batches
            self._send(rng, part, some, upto, here, lost)
        return here, lost

    def _send(
        self, rng: Generator | None, part: Part, number: Floats, upto: Floats, here: Floats, lost: Floats
    ) -> None:
        """Split ``number`` over the links out of ``part``; book flows, arrivals of today and who found no way."""
        network, people, whole = self.network, self.people, part is self.network.whole
        exact = network.settings.exact
        gone = split(rng, number, upto, part.first, part.source, exact=exact, work=self.work if whole else None)
        self.flows[slice(None) if whole else part.links] += gone
        lost[part.places] += np.where(upto[part.first[1:] - 1] > 0.0, 0.0, number)
        for wait, links, to in part.landings:
            landed = gone[links]
            if wait == 0:
                here[to] += landed
            else:
                slot = people.moving[(people.day + wait) % people.moving.shape[0]].T
                slot[to] += landed.astype(slot.dtype)


def _tight(network: Network, occupants: Counts, leaving: Counts) -> Bools:
    """Return [P], True where in some trajectory the people leaving next door could fill a place past its buffer."""
    tight = np.zeros(network.places, dtype=np.bool_)
    limited = np.flatnonzero(network.capacity > 0)
    everybody = leaving.sum(axis=0)
    for p, room in zip(limited, network.settings.buffer * network.capacity[limited], strict=True):
        left = room - occupants[p]
        if (everybody > left).any():  # a cheap bound first
            doors = network.target[network.first[p] : network.first[p + 1]]
            tight[p] = bool((leaving[doors].sum(axis=0) > left).any())
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
