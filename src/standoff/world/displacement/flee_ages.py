"""How old the people of each place are: Flee's agents decide in the order in which they arose.

It matters beside a camp that stops refusing: whoever decides before the leaver that makes the room finds it shut,
whoever decides after finds it open. Ages are means over the members of a run, by classes of equally many people, and
are followed with the chances of a day that has room everywhere; what camps take in is then held to what they did.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from standoff.world.displacement.flee_rows import Rows
from standoff.world.displacement.flee_rules import FleeScenario, Floats, Ints

CLASSES = 32


class Ages:
    """Mean people by age class: ``here`` [P, K]; ``road`` and ``back`` [span, long links, K], as in the run's state."""

    def __init__(self, scenario: FleeScenario, span: int, links: int) -> None:
        s = scenario
        first = np.flatnonzero(s.start)  # Flee puts the first people in place by place
        classes = first.size + CLASSES
        self.here = np.zeros((len(s.names), classes))
        self.here[first, np.arange(first.size)] = s.start[first]
        self.road, self.back = np.zeros((span, links, classes)), np.zeros((span, links, classes))
        arisen = np.cumsum(s.spawn if s.spawn[: s.days].any() else np.ones(s.days))[: s.days]
        self.of_day = first.size + np.minimum(CLASSES * arisen / arisen[-1], CLASSES - 1).astype(np.int64)

    def arise(self, day: int, new: Floats) -> None:
        """Add the mean people [P] who arise on a day."""
        self.here[:, self.of_day[day]] += new

    def turn_back(self, slots: Ints) -> None:
        """Follow those who turn back on long links now shut."""
        self.back[:, slots] += self.road[:, slots]
        self.road[:, slots] = 0.0

    def pass_day(self, rows: Rows, start: Ints, landings: Sequence[tuple[int, int, int, int]], people: Floats) -> None:
        """Follow a day that left ``people`` [P] at the places, as a mean.

        ``start`` [P] are the cells of the places; ``landings`` the long links' cells, slots, last days and sources.
        """
        places, camps = people.size, np.flatnonzero(rows.epoch.camp)
        stay = rows.ends[start[camps], camps][:, None] * self.here[camps]
        begun, moving = list(start), [*self.here]
        for cell, slot, last, _ in landings:
            begun.append(cell)
            moving.append(self.road[last, slot])
        ends = rows.ends[begun].T @ np.array(moving)
        for _, slot, last, source in landings:
            ends[source] += self.back[last, slot]
            self.road[last, slot] = self.back[last, slot] = 0.0
        came = ends[camps] - stay
        ends[camps] = stay + came * _ratio(np.maximum(people[camps] - stay.sum(axis=1), 0.0), came)
        self.here = ends[:places] * _ratio(people, ends[:places])
        self.road, self.back = np.roll(self.road, 1, axis=0), np.roll(self.back, 1, axis=0)
        self.road[0] += ends[places:]

    def older(self, place: int, other: int, share: Floats) -> Floats:
        """Return [n], which share of ``other`` is older than the person at ``share`` [n] of ``place``, oldest first.

        Within a class all are mixed.
        """
        own, others = (np.concatenate([[0.0], np.cumsum(self.here[p])]) for p in (place, other))
        if own[-1] <= 0.0 or others[-1] <= 0.0:
            return share
        edges = np.arange(float(own.size))
        age = np.interp(share, own / own[-1], edges)
        return np.asarray(np.interp(age, edges, others / others[-1]))


def _ratio(wanted: Floats, found: Floats) -> Floats:
    """Return the factors [n, 1] that bring the sums of ``found`` [n, K] to ``wanted`` [n]."""
    total = found.sum(axis=1)
    factor = np.divide(wanted, total, out=np.zeros(total.size), where=total > 0.0)
    return np.asarray(factor[:, None])
