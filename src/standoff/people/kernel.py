"""One day of movement. `move_day` is the order of things; everything else is one step of it."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from standoff.people.draws import beta_binomial, binomial, binomial_rows, row_totals, split, take, uniform_rows
from standoff.people.network import Bools, Floats, Ints, Network, Ways
from standoff.people.presence import Counts, Moves, Presence

# Who leaves home, who goes on, and who goes back. Sources of the forms are in docs/explanation/displacement.md.


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


def departures_over(home: Counts, intensity: Floats, fear: Floats, phi: Floats, nu: Floats) -> Floats:
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
    people: Presence,
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
    demand = back.sum(axis=0)
    returnees = take(rng, demand, people.displaced.T, exact=s.exact)
    short = demand - returnees.sum(axis=0)  # those still on the road cannot go home today
    if (short > 0).any():
        back -= take(rng, short, back, exact=s.exact)
    people.displaced -= returnees.T
    people.residents += back.T
    people.away -= back.T
    return back.T


def move_day(
    rng: Generator | None,
    people: Presence,
    network: Network,
    intensity: Floats,
    *,
    fear: Floats | float = 0.0,
    sector: Ints | None = None,
    open_links: Bools | Ways | None = None,
    departed: Counts | None = None,
    may_return: Bools | bool = True,
    phi: Floats | float | None = None,
    nu: Floats | float | None = None,
    flows: bool = True,
    streams: bool = False,
) -> Moves:
    """Move everybody for one day; changes ``people`` and returns what happened.

    ``intensity`` and ``fear`` are [n, P] (or broadcast to it); with ``sector`` [P] they are [n, S] and it names the
    column of each place, which is less work. ``open_links`` is [L] or [n, L], or `Ways`; ``departed`` [n, P] gives
    the day's departures instead of drawing them; ``phi`` and ``nu`` may be [n, 1]. ``rng=None`` moves expectations
    (``people`` made with ``mean=True``). Without ``flows`` nobody counts how many take which link; with ``streams`` the
    sums over the trajectories are counted, hop by hop.
    """
    s = network.settings
    phi, nu = (s.phi if phi is None else phi), (s.nu if nu is None else nu)
    n = people.residents.shape[0]
    at = np.arange(network.places) if sector is None else sector
    level = _tall(np.asarray(intensity, dtype=np.float64), n)
    chance = _tall(leave_chance(np.asarray(intensity, dtype=np.float64), fear, phi, nu), n)
    is_open = np.ones(network.links, dtype=np.bool_) if open_links is None else open_links

    came = arrive(people)  # 1. travellers whose journey ends today
    if departed is None:  # 2. who leaves home, and who of the displaced goes on
        departed = departures(rng, people.residents, chance.T, s.dispersion, exact=s.exact, sector=at)
    again = onward(rng, people.displaced, network.drift, chance.T, exact=s.exact, sector=at)
    people.displaced -= again
    further = chance.take(at, axis=0).T if s.hops > 1 else 0.0
    counted: list[Counts] | None = [] if streams else None
    links, stayed, stuck = move(  # 3. they go
        rng, people, network, departed + again, level.T, is_open, further, sector=at, flows=flows, streams=counted
    )
    if stuck.max(initial=0.0) > 0.0:
        home_again = np.minimum(stuck, departed)  # 4. with every way shut, people stay where they were
        departed = np.asarray(departed - home_again)
        people.displaced += stuck - home_again
    people.residents -= departed
    people.away += departed
    people.displaced += stayed
    returned = returns(rng, people, network, level.T, may_return, sector=at)  # 5. who goes home
    people.day += 1
    came += stayed
    return Moves(departed=departed, arrived=came, returned=returned, flows=links, streams=tuple(counted or ()))


def _tall(values: Floats, n: int) -> Floats:
    """Return values by trajectory [n, S], or the same for all, as [S, n] in order in memory."""
    return np.ascontiguousarray(np.broadcast_to(values, (n, values.shape[-1])).T)


def arrive(people: Presence) -> Counts:
    """Let the travellers whose ring slot has come join the displaced; return them [n, P]."""
    slot = people.moving[people.day % people.moving.shape[0]].T
    came = np.zeros(slot.shape)
    some = np.flatnonzero(slot.max(axis=1, initial=0.0) > 0.0)  # faster than any(): counts are never below 0
    if some.size:
        came[some] = slot[some]
        people.displaced.T[some] += came[some]
        slot[some] = 0
    return came.T


def move(
    rng: Generator | None,
    people: Presence,
    network: Network,
    leaving: Counts,
    intensity: Floats,
    open_links: Bools | Ways,
    chance: Floats | float = 0.0,
    *,
    sector: Ints | None = None,
    flows: bool = True,
    streams: list[Counts] | None = None,
) -> tuple[Counts, Counts, Counts]:
    """Move ``leaving`` [n, P] for one day: up to ``settings.hops`` links, or onto a link that takes nights.

    ``intensity`` is [n, P], or [n, S] with ``sector`` [P]. Somebody who came to a place today goes on with the place's
    ``move`` chance, or from fighting with ``chance``. Those with nights to go enter ``people.moving``; the caller takes
    ``leaving`` out of its stock and adds the rest. ``streams`` takes the sums over trajectories [P, P] of each hop.

    Returns
    -------
    flows : [n, L] people who set out along each link; [n, 0] without ``flows``
    stayed : [n, P] people who came to a place today and stay the night
    stuck : [n, P] people who found no open way and are still where they set out
    """
    s = network.settings
    left = np.asarray(leaving, dtype=np.float64).T
    at = np.arange(network.places) if sector is None else sector
    roads = _Roads(people, network, intensity.T, at, open_links, flows)
    stayed = stuck = np.zeros(left.shape)
    if s.hops > 1:
        going = 1.0 - (1.0 - network.move[:, None]) * (1.0 - np.broadcast_to(chance, leaving.shape).T)
    for hop in range(s.hops):
        if not left.max(initial=0.0) > 0.0:
            break
        if streams is not None:
            streams.append(np.zeros((network.places, network.places)))
            roads.stream = streams[-1]
        here, lost = roads.hop(rng, left, stayed)
        if hop + 1 < s.hops:
            left = binomial(rng, here, going, exact=s.exact)
            here -= left
        stayed, stuck = (here, lost) if hop == 0 else (stayed + lost + here, stuck)
    return roads.flows.T, stayed.T, stuck.T


def crowding(network: Network, occupants: Counts) -> Floats:
    """Return the factor [P, n] by which crowding lowers pull: 1 up to ``buffer``, then linearly to 0 when full."""
    factor = np.ones(occupants.shape)
    limited = np.flatnonzero(network.capacity > 0)
    full = occupants[limited] / network.capacity[limited, None]
    factor[limited] = np.clip((1.0 - full) / (1.0 - network.settings.buffer), 0.0, 1.0)
    return factor


class _Roads:
    """One day's links: how strongly each draws people before crowding.

    ``calm`` [S, n] is the pull of the sectors of places and ``weight`` [L] what it is multiplied by on each link; where
    closures differ by trajectory, also by row ``partly`` [L] (-1: none) of ``share`` [V, n].
    """

    def __init__(
        self,
        people: Presence,
        network: Network,
        intensity: Floats,
        sector: Ints,
        open_links: Bools | Ways,
        flows: bool,
    ) -> None:
        self.people, self.network, self.sector = people, network, sector
        # not so low that an inverse overflows: only how places compare counts
        self.calm = np.maximum(np.exp(-network.settings.avoid * intensity), 1e-200)
        if network.roads is not None:  # a journey ends where people stay; who walks passes through
            self.calm[intensity >= network.settings.front] = 0.0
        usual, self.partly, self.share = _passable(network, open_links)
        self.weight = network.weight * network.draw[network.target] * usual
        self.flows = np.zeros((network.links if flows else 0, intensity.shape[1]))
        self.degree = np.diff(network.first)
        self.ends = list(zip(network.target.tolist(), network.nights.tolist(), strict=True))
        self.stream: Floats | None = None  # [P, P] of the present hop, where it is counted

    def hop(self, rng: Generator | None, leaving: Floats, stayed: Floats) -> tuple[Floats, Floats]:
        """Move ``leaving`` [P, n] along one link; return who arrived today [P, n] and who found no way [P, n]."""
        network, people = self.network, self.people
        here, stuck = np.zeros(leaving.shape), np.zeros(leaving.shape)
        everywhere = np.arange(network.places)
        tight = _tight(network, people.displaced.T, stayed, leaving)
        if not tight.any():
            self._send(rng, everywhere, leaving, self.calm, self.sector, here, stuck)
            return here, stuck
        close = np.zeros(network.places, dtype=np.bool_)
        close[network.source[tight[network.target]]] = True
        others = np.where(close[:, None], 0.0, leaving)
        self._send(rng, everywhere, others, self.calm, self.sector, here, stuck)
        places, batches = np.flatnonzero(close), network.settings.batches
        number = leaving[places]
        for b in range(batches):  # the later see what the earlier did
            pull = crowding(network, people.displaced.T + stayed + here)
            pull *= self.calm.take(self.sector, axis=0)
            some = number / batches if rng is None else number * (b + 1) // batches - number * b // batches
            self._send(rng, places, some, pull, everywhere, here, stuck)
        return here, stuck

    def _send(
        self,
        rng: Generator | None,
        places: Ints,
        number: Floats,
        pull: Floats,
        row: Ints,
        here: Floats,
        nowhere: Floats,
    ) -> None:
        """Split ``number`` [R, n] from ``places`` [R] over their links; book flows, arrivals and who found no way.

        The pull of place p is ``pull[row[p]]``. Places that nobody leaves are passed over.
        """
        network, exact = self.network, self.network.settings.exact
        busy = np.flatnonzero(number.max(axis=1, initial=0.0) > 0.0)
        offset = None if exact or rng is None else uniform_rows(rng, busy, (number.shape[0], number.shape[1]))
        if not busy.size:
            return
        order = np.argsort(-self.degree[places[busy]], kind="stable")
        if (order[1:] < order[:-1]).any():
            busy = busy[order]
            offset = None if offset is None else offset.take(order, axis=0)
        places, number = places[busy], number.take(busy, axis=0)
        upto, links = self._weights(places, pull, row)
        stuck = row_totals(upto) == 0.0
        if stuck.any():
            nowhere[places] += np.where(stuck, number, 0.0)
        rows = list(here)
        for along, parts in zip(links, split(rng, number, upto, offset, exact=exact), strict=True):
            if self.stream is not None:
                np.add.at(self.stream, (network.source[along], network.target[along]), parts.sum(axis=1))
            for link, some in zip(along.tolist(), parts, strict=True):
                self._land(link, some, rows)

    def _weights(self, places: Ints, pull: Floats, row: Ints) -> tuple[list[Floats], list[Ints]]:
        """Return running sums of weights [r, n] and the links [r] that they belong to, by rank; see `split`."""
        network, degree = self.network, self.degree[places]
        upto: list[Floats] = []
        links: list[Ints] = []
        for k in range(int(degree[0])):
            along = network.first[places[degree > k]] + k
            weights = pull.take(row[network.target[along]], axis=0)
            weights *= self.weight[along, None]
            for i in np.flatnonzero(self.partly[along] >= 0):
                weights[i] *= self.share[self.partly[along[i]]]
            if k:
                weights += upto[-1][: along.size]
            upto.append(weights)
            links.append(along)
        return upto, links

    def _land(self, link: int, some: Floats, rows: list[Floats]) -> None:
        """Book those [n] who take a link: on the road, or where they arrive today, ``rows`` being [P] of [n]."""
        to, wait = self.ends[link]
        if self.flows.size:
            self.flows[link] += some
        if wait == 0:
            np.add(rows[to], some, out=rows[to])
        else:
            moving = self.people.moving
            moving[(self.people.day + wait) % moving.shape[0], :, to] += some


def _tight(network: Network, occupants: Counts, stayed: Counts, leaving: Counts) -> Bools:
    """Return [P], True where in some trajectory the people leaving next door could fill a place past its buffer."""
    tight = np.zeros(network.places, dtype=np.bool_)
    limited = np.flatnonzero(network.capacity > 0)
    if not limited.size:
        return tight
    everybody = leaving.sum(axis=0)
    for p, room in zip(limited, network.settings.buffer * network.capacity[limited], strict=True):
        left = room - occupants[p] - stayed[p]
        if (everybody > left).any():  # a cheap bound first
            doors = network.target[network.first[p] : network.first[p + 1]]
            tight[p] = bool((leaving[doors].sum(axis=0) > left).any())
    return tight


def _passable(network: Network, open_links: Bools | Ways) -> tuple[Floats, Ints, Floats]:
    """Return links that are open in some trajectory (1, else 0) [L], the row of each that is not in all, and rows."""
    if isinstance(open_links, Ways):
        usual, other = (_drawing(network, mask[:, None])[:, 0] for mask in (open_links.usual, open_links.other))
        differ = np.flatnonzero(usual != other)
        share = np.where(open_links.when, other[differ, None], usual[differ, None])
        some: Bools = np.logical_or(usual, other)
    else:
        mask = _drawing(network, open_links[:, None] if open_links.ndim == 1 else open_links.T)
        some = np.asarray(mask.any(axis=1), dtype=np.bool_)
        differ = np.flatnonzero(some & ~mask.all(axis=1))
        share = mask[differ]
    partly = np.full(network.links, -1, dtype=np.int64)
    partly[differ] = np.arange(differ.size)
    return some.astype(np.float64), partly, share.astype(np.float64)


def _drawing(network: Network, mask: Bools) -> Bools:
    """Return ``mask`` [L, m] without links to a crossing whose own links into other countries are all shut."""
    gates = np.flatnonzero(network.gate)
    if not gates.size:
        return mask
    mask = np.array(mask)
    inviting = np.ones((network.places, mask.shape[1]), dtype=np.bool_)
    for p in gates:
        out = np.arange(network.first[p], network.first[p + 1])
        beyond = out[[network.country[t] != network.country[p] for t in network.target[out]]]
        if beyond.size:
            inviting[p] = mask[beyond].any(axis=0)
    return np.asarray(mask & inviting[network.target])
