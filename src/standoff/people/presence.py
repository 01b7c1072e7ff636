"""Where people are: whole counts, never single people. The total is conserved exactly, every day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.errors import StandoffError
from standoff.people.network import Network

Counts = NDArray[np.float64]  # whole numbers when sampled


@dataclass(slots=True, repr=False)
class Presence:
    """Where the people of one batch of trajectories are; the functions of this package change it in place.

    ``residents`` [n, P] live at home; ``displaced`` [n, P] stay at a place away from home; ``moving`` [D, n, P] will
    reach place p when the ring comes round to slot d; ``away`` [n, P] is how many from p are not at home, so that
    its sum is that of ``displaced`` and ``moving`` less those who were already displaced at the start.
    """

    residents: Counts
    displaced: Counts
    moving: Counts
    away: Counts
    day: int = 0

    # Arrays are laid out with the trajectories of one place side by side (their transposes are contiguous).

    def __repr__(self) -> str:
        """Return one line."""
        n, places = self.residents.shape
        home, away = self.residents.sum() / n, self.displaced.sum() / n
        return (
            f"<Presence: day {self.day}, {n} trajectories, {places} places, {home:.0f} at home, {away:.0f} displaced>"
        )

    def total(self) -> Counts:
        """Return everybody in the model by trajectory [n]."""
        return np.asarray(self.residents.sum(axis=1) + self.displaced.sum(axis=1) + self.moving.sum(axis=(0, 2)))

    def stocks(self, network: Network) -> tuple[Counts, Counts]:
        """Return displaced people staying inside the country and refugees abroad, by trajectory ([n], [n])."""
        inside = self.displaced[:, ~network.abroad].sum(axis=1)
        return np.asarray(inside), np.asarray(self.displaced[:, network.abroad].sum(axis=1))


@dataclass(frozen=True, slots=True, repr=False)
class Moves:
    """What one day did. All [n, P] but ``flows`` [n, L], the people who set out along each directed link.

    ``flows`` is [n, 0] where nobody asked for it. ``streams``, where asked for, has for each hop of the day how many
    set out from each place to each other, summed over the trajectories [P, P].
    ``departed`` left home today; ``arrived`` came today from elsewhere and stay the night; ``returned`` went home.
    """

    departed: Counts
    arrived: Counts
    returned: Counts
    flows: Counts
    streams: tuple[Counts, ...] = ()

    def __repr__(self) -> str:
        """Return one line, means over the trajectories."""
        n = self.departed.shape[0]
        left, came, back = (x.sum() / n for x in (self.departed, self.arrived, self.returned))
        return f"<Moves: {left:.0f} left home, {came:.0f} arrived, {back:.0f} returned, {n} trajectories>"


def people_at(
    network: Network,
    residents: Sequence[float],
    displaced: Sequence[float] | None = None,
    *,
    trajectories: int = 1,
    mean: bool = False,
) -> Presence:
    """Place people at the start of a run; ``mean``, for the mean-only mode, lets counts have fractions.

    ``residents`` and ``displaced`` are by place [P]. Where the displaced of the start came from is not known, so they
    are away from no place of the model and do not return.
    """
    kind: Any = np.float64 if mean else np.int64
    at_home = np.array(residents, dtype=kind).astype(np.float64)
    nobody = np.zeros(network.places)
    away_from_home = nobody if displaced is None else np.array(displaced, dtype=kind).astype(np.float64)
    if at_home.shape != (network.places,) or away_from_home.shape != (network.places,):
        raise ValueError(f"expected {network.places} counts, one for each place")
    if (at_home < 0).any() or (away_from_home < 0).any():
        raise ValueError("a count of people is below 0")
    n = trajectories
    return Presence(
        residents=np.repeat(at_home, n).reshape(-1, n).T,
        displaced=np.repeat(away_from_home, n).reshape(-1, n).T,
        moving=np.zeros((network.longest + 1, network.places, n)).transpose(0, 2, 1),
        away=np.zeros((network.places, n)).T,
    )


def by_class(rng: Generator, counts: NDArray[np.int64], shares: Mapping[str, float]) -> dict[str, NDArray[np.int64]]:
    """Split counts of any shape over classes by their shares of the population; whole people, the sum unchanged.

    People of all classes (age and sex, say) of a place leave and go by the same chances here, so that class is
    independent of where a person is, given where that person came from. One split at the end is then the same as moving
    every class apart.

    Raises `StandoffError` unless the shares are 0 or more and sum to 1 (to 1e-6).
    """
    values = np.array(list(shares.values()), dtype=np.float64)
    if values.size == 0 or (values < 0).any() or abs(values.sum() - 1.0) > 1e-6:
        listed = ", ".join(f"{k} {v:g}" for k, v in shares.items())
        raise StandoffError.of(f"shares of classes: {listed or 'none'}", expected="shares of 0 or more that sum to 1")
    parts = rng.multinomial(counts, values / values.sum())
    return {name: parts[..., i] for i, name in enumerate(shares)}
