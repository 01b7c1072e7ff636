"""A slow and obvious displacement model: one Python object a person. The fast kernel must agree with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from standoff.people import Network


@dataclass
class Person:
    home: int
    at: int
    displaced: bool = False
    nights: int = 0  # nights still to travel before reaching ``at``


@dataclass
class Day:
    departed: Counter[int] = field(default_factory=Counter)
    arrived: Counter[int] = field(default_factory=Counter)
    flows: Counter[int] = field(default_factory=Counter)


def crowd(network: Network, place: int, occupants: int) -> float:
    capacity, buffer = network.capacity[place], network.settings.buffer
    if not capacity:
        return 1.0
    return float(np.clip((1.0 - occupants / capacity) / (1.0 - buffer), 0.0, 1.0))


def one_day(
    rng: np.random.Generator,
    people: list[Person],
    network: Network,
    intensity: np.ndarray,
    shut: set[int] | None = None,
) -> Day:
    """Move everybody once: binomial departures (dispersion 0), no returns, nobody stuck half-way."""
    s, out, shut = network.settings, Day(), shut or set()
    chance = 1 - np.exp(-s.phi * intensity)
    for person in people:
        if person.displaced and person.nights:
            person.nights -= 1
            if person.nights == 0:
                out.arrived[person.at] += 1
    staying = Counter(p.at for p in people if p.displaced and not p.nights)
    travellers = []
    for person in people:
        if person.displaced and person.nights:
            continue
        drift = network.drift[person.at] if person.displaced else 0.0
        if rng.random() < 1 - (1 - drift) * (1 - chance[person.at]):
            travellers.append(person)
            staying[person.at] -= person.displaced
    rng.shuffle(travellers)
    for hop in range(s.hops):
        onward = []
        for person in travellers:
            here = person.at
            links = [k for k in range(network.first[here], network.first[here + 1]) if k not in shut]
            pull = [
                network.weight[k]
                * network.draw[network.target[k]]
                * np.exp(-s.avoid * intensity[network.target[k]])
                * crowd(network, network.target[k], staying[network.target[k]])
                for k in links
            ]
            if sum(pull) <= 0:
                if hop or person.displaced:
                    staying[here] += 1
                    out.arrived[here] += bool(hop)
                continue
            link = links[int(rng.choice(len(links), p=np.array(pull) / sum(pull)))]
            out.departed[person.home] += not person.displaced
            out.flows[link] += 1
            person.displaced, person.at, person.nights = True, int(network.target[link]), int(network.nights[link])
            if person.nights:
                continue
            go_on = 1 - (1 - network.move[person.at]) * (1 - chance[person.at])
            if hop + 1 < s.hops and rng.random() < go_on:
                onward.append(person)
            else:
                staying[person.at] += 1
                out.arrived[person.at] += 1
        travellers = onward
    return out
