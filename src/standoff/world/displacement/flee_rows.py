"""Where a day of Flee's process can end, from every cell, with room everywhere; and the means that follow from it."""

from __future__ import annotations

import numpy as np

from standoff.world.displacement.chains import END, LONG, Chains
from standoff.world.displacement.flee_rules import Bools, Epoch, FleeRules, FleeScenario, Floats, Ints, decay
from standoff.world.displacement.flee_scatter import Guide


class Rows:
    """Where a day can end for each cell under one epoch, with room everywhere: [C, P + long links], and its draws."""

    def __init__(self, scenario: FleeScenario, chains: Chains, slot: Ints, epoch: Epoch) -> None:
        self.epoch = epoch
        self.links: list[tuple[tuple[int, int, float], ...]] = []  # by cell: (link, next, share of those who move)
        places, width = len(scenario.names), len(scenario.names) + int((chains.days > 1).sum())
        self.ends = np.zeros((chains.place.size, width))
        for steps in chains.steps:
            total = sum(epoch.weight[link] for link, _ in steps)
            if total > 0:
                parts = [(link, then, float(epoch.weight[link] / total)) for link, then in steps]
                self.links.append(tuple(x for x in parts if x[2] > 0))
            else:
                self.links.append(())
        for c in reversed(chains.order):
            p = int(chains.place[c])
            row, move = self.ends[c], (float(epoch.move[p]) if self.links[c] else 0.0)
            row[p] += 1.0 - move
            for link, then, share in self.links[c]:
                if then == END:
                    row[scenario.target[link]] += move * share
                elif then == LONG:
                    row[places + slot[link]] += move * share
                else:
                    row += (move * share) * self.ends[then]
        self._tables: dict[int, tuple[Ints, Floats]] = {}
        self._guides: dict[tuple[int, int], Guide] = {}
        self._reach: dict[frozenset[int], Bools] = {}

    def table(self, cell: int) -> tuple[Ints, Floats]:
        """Return the possible ends of a cell's day, likeliest first, and their chances given that none before was."""
        if cell not in self._tables:
            row = self.ends[cell]
            order = np.argsort(-row, kind="stable")[: int((row > 0).sum())]
            chance = row[order]
            self._tables[cell] = (order, chance / np.cumsum(chance[::-1])[::-1])
        return self._tables[cell]

    def guide(self, cell: int, head: int) -> Guide:
        """Return the guide table of the ends of a cell's day after the ``head`` likeliest."""
        if (cell, head) not in self._guides:
            where, given = self.table(cell)
            self._guides[cell, head] = Guide(where[head:], given[head:])
        return self._guides[cell, head]

    def reaching(self, chains: Chains, target: Ints, full: frozenset[int]) -> Bools:
        """Return [C], True for cells from which somebody may today have to choose beside a place of ``full``."""
        if full not in self._reach:
            mark = np.zeros(chains.place.size, dtype=np.bool_)
            for c in reversed(chains.order):
                mark[c] = any(int(target[k]) in full or (then >= 0 and mark[then]) for k, then, _ in self.links[c])
            self._reach[full] = mark
        return self._reach[full]


class Means:
    """The expected course of a scenario with room everywhere, as one matrix a day."""

    def __init__(self, scenario: FleeScenario, rules: FleeRules, chains: Chains, long: Ints, rows: list[Rows]) -> None:
        self.scenario, self.rules, self.chains, self.long, self.rows = scenario, rules, chains, long, rows
        self.maps, self.turns = self._matrices()
        self.arising = self._arising()

    def course(self) -> Floats:
        """Return the expected counts [T, P] with room everywhere, by propagating means: milliseconds, no draws.

        With ``take_from_population`` the places' shares of those who arise are those of the first day's residents.
        """
        s, places = self.scenario, len(self.scenario.names)
        matrices, turns, arising = self.maps, self.turns, self.arising
        here = np.zeros(matrices[self.rows[0].epoch.day].shape[0])
        here[:places] = s.start
        counts = np.zeros((s.days, places))
        matrix = matrices[self.rows[0].epoch.day]
        for day in range(s.days):
            if day in matrices:
                matrix = matrices[day]
                if day in turns:
                    road, back = turns[day]
                    here[back] += here[road]
                    here[road] = 0.0
            here[:places] += arising[day]
            here = here @ matrix
            counts[day] = here[:places]
        return counts

    def _matrices(self) -> tuple[dict[int, Floats], dict[int, tuple[Ints, Ints]]]:
        """Return one day's map of means by epoch, and which states turn back as links shut.

        States are the places, then for each long link its days done on the way out, then the same on the way back.
        """
        chains, places = self.chains, len(self.scenario.names)
        spans = chains.days[self.long] - 1
        begin = places + np.concatenate([[0], np.cumsum(spans)]).astype(np.int64)
        road = int(begin[-1]) - places
        maps, turns = {}, {}
        for rows in self.rows:
            matrix = np.zeros((places + 2 * road, places + 2 * road))
            into = np.concatenate([np.arange(places), begin[:-1]])  # columns of the ends of a day
            matrix[np.ix_(np.arange(places), into)] = rows.ends[chains.start]
            for k, link in enumerate(self.long):
                last = int(begin[k] + spans[k] - 1)
                for state in range(int(begin[k]), last):
                    matrix[state, state + 1] = matrix[state + road, state + road + 1] = 1.0
                matrix[last, into] = rows.ends[chains.landing[link]]
                matrix[last + road, self.scenario.source[link]] = 1.0
            maps[rows.epoch.day] = matrix
            shut = [k for k, link in enumerate(self.long) if not rows.epoch.opened[link]]
            if shut:
                states = np.concatenate([np.arange(begin[k], begin[k + 1]) for k in shut])
                turns[rows.epoch.day] = (states, states + road)
        return maps, turns

    def _arising(self) -> Floats:
        """Return the expected number of people who arise by day and place [T, P]."""
        s, rules = self.scenario, self.rules
        fights = s.conflict > 0
        pull = s.conflict
        if rules.conflict_spawn_decay:
            began = np.zeros(fights.shape, dtype=np.int64)
            for day in range(s.days):
                begins = fights[day] & ~(fights[day - 1] if day else np.zeros(fights.shape[1], dtype=np.bool_))
                began[day] = np.where(begins, day, began[day - 1] if day else 0)
            pull = pull * decay(rules, np.arange(s.days)[:, None] - began)
        if rules.spawn_mode:
            return rate(rules, pull, s.population)
        weight = s.population * pull
        total = weight.sum(axis=1, keepdims=True)
        return np.asarray(s.spawn[:, None] * np.divide(weight, total, out=np.zeros_like(weight), where=total > 0))


def rate(rules: FleeRules, conflict: Floats, population: Ints) -> Floats:
    """Return how many people a day's fighting displaces at each place [P] (whole numbers unless drawn)."""
    per_day = rules.displaced_per_conflict_day
    if rules.spawn_mode == "pop_ratio":
        return np.floor(per_day * population * conflict)
    return per_day * conflict if rules.spawn_mode == "poisson" else np.floor(per_day * conflict)
