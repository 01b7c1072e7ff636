"""Where people go: shares of all places that can be reached, from distance, people there already, and openness.

From each place that people leave, a destination draws by ::

    choice ~ (share of people there + spare / number of places)^size / (distance + near)^distance

where people there are those displaced to it and a part of its residents (`DestinationWeights`), and by ::

    old * (share of people there) + (1 - old) * choice

where it is known how many displaced people are where: people follow those who went before. Camps that divide the
people of one country are close substitutes: each draws by its part of the country (``parts``).

The weights are fitted over seven crises (decision 133 prints the fit, and what a crisis left out says of it). They are
few on purpose: over many more forms nothing gained on crises left out. Nobody is sent to a
place that is shut, full, or on the front line of the day, and a share that cannot be had goes to the other places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.oneline import OneLine

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DestinationWeights(OneLine):
    """What draws people, as fitted.

    ``size`` and ``distance`` are powers, ``spare`` a share that places without anybody have, ``residents`` how much a
    resident counts beside a displaced person, ``near_km`` is added to every distance, ``old`` is the part of newcomers
    who go by where displaced people are already.
    """

    size: float = 0.25
    distance: float = 0.5
    spare: float = 0.3
    residents: float = 0.25
    near_km: float = 1.0
    old: float = 0.5


FITTED = DestinationWeights()


def people_there(displaced: Floats, residents: Floats | None = None, weights: DestinationWeights = FITTED) -> Floats:
    """Return how much draws people to each place [J]: displaced people and a part of the residents."""
    there = np.asarray(displaced, dtype=np.float64)
    return there if residents is None else there + weights.residents * np.asarray(residents, dtype=np.float64)


def choice_shares(
    km: Floats, there: Floats, weights: DestinationWeights = FITTED, *, parts: Floats | None = None
) -> Floats:
    """Return the share [O, J] of people from each origin who choose each destination.

    ``km`` [O, J] is infinite where a destination cannot be reached or is the origin itself; ``there`` [J] is
    `people_there`; ``parts`` [J] says into how many destinations the people of its country are divided. A row without
    any destination in reach is 0.
    """
    reach = np.isfinite(km)
    size = np.where(reach, there, 0.0)
    whole, many = size.sum(axis=1, keepdims=True), reach.sum(axis=1, keepdims=True)
    share = np.divide(size, whole, out=np.zeros(km.shape), where=whole > 0) + weights.spare / np.maximum(many, 1)
    pull = share**weights.size / np.maximum(np.where(reach, km, 1.0) + weights.near_km, 1.0) ** weights.distance
    pull = np.where(reach, pull, 0.0)
    return _even(pull if parts is None else pull / parts)


def destination_shares(
    km: Floats, displaced: Floats, residents: Floats | None = None, weights: DestinationWeights = FITTED, *,
    parts: Floats | None = None,
) -> Floats:  # fmt: skip
    """Return the share [O, J] of newcomers from each origin to each destination: old shares and choice.

    Where nobody displaced is known to be anywhere in reach it is the choice alone. Arguments as in `choice_shares`;
    ``displaced`` [J] and ``residents`` [J] are people.
    """
    there = people_there(displaced, residents, weights)
    choice = choice_shares(km, there, weights, parts=parts)
    old = _even(np.where(np.isfinite(km), there, 0.0))
    there = old.sum(axis=1, keepdims=True) > 0
    return np.where(there, weights.old * old + (1.0 - weights.old) * choice, choice)


def open_shares(shares: Floats, shut: Bools) -> Floats:
    """Return shares [O, J] with 0 at what is ``shut`` [J] or [O, J]; who would have gone there goes to the others."""
    return _even(np.where(shut, 0.0, shares))


def _even(pull: Floats) -> Floats:
    """Return rows that sum to 1, or to 0 where nothing draws."""
    total = pull.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(pull, total, out=np.zeros(pull.shape), where=total > 0))
