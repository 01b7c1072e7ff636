"""Where people of a case go in runs: to the places that draw most of them, by the rule of `standoff arrivals`.

Where a case knows who lives or is displaced where, the journeys from each place (`standoff.people.network.journeys`)
are weighed by `standoff.people.destinations.destination_shares` on the roads as they are with everything open. What is
shut, full or on the front line of a day gets nobody while it is so, and the others get its share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from standoff.case.geography import Place
from standoff.people.destinations import FITTED, destination_shares
from standoff.people.network import Bools, Floats, Network

_PASSED = ("town", "site")  # kinds that take in people only where the case knows of somebody there


def takes_people(places: Sequence[Place], roads: Network) -> Bools:
    """Return which places people stay at [P]: not those with a pull of 0, crossings, and towns without people."""
    people = np.array([float(p.residents + p.displaced) for p in places])
    lived_in = (people > 0) | np.array([p.kind not in _PASSED for p in places])
    usable = lived_in if people.any() else np.ones(len(places), dtype=np.bool_)
    return np.asarray((roads.draw > 0) & ~roads.gate & usable, dtype=np.bool_)


def journey_shares(places: Sequence[Place], roads: Network, draw: Mapping[str, float]) -> Floats | None:
    """Return the share [P, P] of those who leave each place that goes to each other; None where no people are known.

    ``places`` are those of the network in its order. ``draw``, the pull of single places, is set against that of their
    kind: twice as much draws twice as many.
    """
    displaced, residents = (np.array([float(getattr(p, what)) for p in places]) for what in ("displaced", "residents"))
    if not (displaced + residents).any():
        return None
    length: NDArray[np.float64] = np.full((roads.places,) * 2, np.inf)
    np.minimum.at(length, (roads.source, roads.target), roads.km)
    from scipy.sparse import csr_array  # when first needed: a ledger or a check walks no roads
    from scipy.sparse.csgraph import dijkstra

    km = np.asarray(dijkstra(csr_array(np.where(np.isfinite(length), length, 0.0))))
    np.fill_diagonal(km, np.inf)
    km[:, ~takes_people(places, roads)] = np.inf
    s = roads.settings
    shares = destination_shares(km, displaced, residents, replace(FITTED, near_km=s.softening_km))
    usual = [s.draw[p.kind] for p in places]
    own = [draw.get(p.id, pull) / pull if pull > 0 else 1.0 for p, pull in zip(places, usual, strict=True)]
    return np.asarray(shares * np.array(own))
