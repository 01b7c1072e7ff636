"""Flee's process as whole counts: exact in distribution where no camp is near full, in small batches where one is.

A day: fighting and closures change, new people arise, everybody decides, everybody travels. In Flee each agent decides
in turn and sees the counts of that moment. Here people of one cell (place, distance still possible today) decide
together. Where nothing they can reach today is near full their whole day is one multinomial over where it can end;
elsewhere cells are drawn in the order of the day's distance, in batches small beside the room that is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.world.displacement.chains import compile_chains
from standoff.world.displacement.flee_ages import Ages
from standoff.world.displacement.flee_crowd import Crowd
from standoff.world.displacement.flee_rows import Means, Rows, rate
from standoff.world.displacement.flee_rules import (
    Bools,
    FleeRules,
    FleeScenario,
    Floats,
    Ints,
    decay,
    epochs,
    most_taken,
)
from standoff.world.displacement.flee_scatter import scatter

MOST_BATCHES = 8


@dataclass(frozen=True, slots=True)
class FleeRun:
    """Counts at the end of each day [T, P, n] and people on the road [T, n]; ``lost`` [n] left the model in camps."""

    counts: NDArray[np.int32]
    travelling: NDArray[np.int32]
    lost: Ints


class FleeProcess:
    """A scenario compiled for runs of any number of members."""

    def __init__(self, scenario: FleeScenario, rules: FleeRules) -> None:
        self.scenario, self.rules = scenario, rules
        s = scenario
        self.chains = compile_chains(len(s.names), s.source, s.target, s.km, rules.max_move_speed)
        self.long = np.flatnonzero(self.chains.days > 1)
        self.slot = np.full(s.source.size, -1, dtype=np.int64)
        self.slot[self.long] = np.arange(self.long.size)
        self.landings = [
            (int(self.chains.landing[link]), k, int(self.chains.days[link]) - 2, int(s.source[link]))
            for k, link in enumerate(self.long)
        ]
        self.rows = [Rows(s, self.chains, self.slot, e) for e in epochs(s, rules)]
        self.limited = np.flatnonzero(s.capacity >= 1)
        self.refusing = {int(p): most_taken(rules, float(s.capacity[p])) for p in self.limited}
        self.rank = {cell: i for i, cell in enumerate(self.chains.order)}

    def run(
        self,
        rng: Generator,
        members: int,
        progress: Callable[[int], None] | None = None,
        *,
        sub_batches: int = MOST_BATCHES,
        out: NDArray[np.int32] | None = None,
    ) -> FleeRun:
        """Run ``members`` trajectories; ``sub_batches`` is the most parts of a day's travel beside a near-full camp.

        ``out`` [T, P, n] takes the counts, where they are to be elsewhere than in new memory.
        """
        s, rules = self.scenario, self.rules
        state = State(self, rng, members, sub_batches)
        counts = np.empty((s.days, len(s.names), members), dtype=np.int32) if out is None else out
        travelling = np.zeros((s.days, members), dtype=np.int32)
        coming = {rows.epoch.day: rows for rows in self.rows}
        rows = self.rows[0]
        before = np.zeros(len(s.names))
        began = np.zeros(len(s.names), dtype=np.int64)
        for day in range(s.days):
            if day in coming:
                rows = coming[day]
                shut = self.long[~rows.epoch.opened[self.long]]
                state.turn_back(self.slot[shut])
            began = np.where((s.conflict[day] > 0) & (before <= 0), day, began)
            before = s.conflict[day]
            state.arise(day, before * decay(rules, day - began))
            state.step(rows)
            if rules.camps_are_sinks:
                state.sink(rows.epoch.camp)
            counts[day] = state.here
            travelling[day] = state.road.sum(axis=(0, 1)) + state.back.sum(axis=(0, 1))
            if progress is not None:
                progress(day)
        return FleeRun(counts=counts, travelling=travelling, lost=state.lost)

    def means(self) -> Means:
        """Return the mean-only mode of this process; it knows no capacities."""
        return Means(self.scenario, self.rules, self.chains, self.long, self.rows)


class State:
    """The people of a run: ``here`` [P, n], ``road`` and ``back`` [span, long links, n] with their days done."""

    def __init__(self, process: FleeProcess, rng: Generator, members: int, sub_batches: int) -> None:
        self.process, self.rng, self.sub_batches = process, rng, sub_batches
        s, chains = process.scenario, process.chains
        self.here = np.repeat(s.start, members).reshape(-1, members)
        shape = (int(chains.days.max(initial=1)), process.long.size, members)
        self.road, self.back = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        self.left = np.repeat(s.population, members).reshape(-1, members)  # residents, when they are used up
        self.lost = np.zeros(members, dtype=np.int64)
        self.ages = Ages(s, *shape[:2]) if process.limited.size else None
        self.inflow = np.zeros(len(s.names))  # mean arrivals of yesterday, to choose the number of batches

    def turn_back(self, slots: Ints) -> None:
        """Send those under way on links now shut back to where they came from, as far as they still had to go."""
        self.back[:, slots] += self.road[:, slots]
        self.road[:, slots] = 0
        if self.ages:
            self.ages.turn_back(slots)

    def arise(self, day: int, conflict: Floats) -> None:
        """Add the day's new people at the places of fighting, by population times intensity."""
        rules, members, number = self.process.rules, self.here.shape[1], int(self.process.scenario.spawn[day])
        if rules.spawn_mode:
            daily = np.repeat(rate(rules, conflict, self.process.scenario.population), members).reshape(-1, members)
            new = self.rng.poisson(daily) if rules.spawn_mode == "poisson" else daily.astype(np.int64)
        elif number <= 0 or not (conflict > 0).any():
            return
        else:
            weight = (self.left if rules.take_from_population else self.left[:, :1]) * conflict[:, None]
            total = weight.sum(axis=0)
            share = np.divide(weight, total, out=np.zeros(weight.shape), where=total > 0)
            each = np.broadcast_to(np.where(total > 0, number, 0), members)  # every member draws its own
            new = self.rng.multinomial(each, share.T).T
        if rules.take_from_population:
            new = np.minimum(new, self.left)
            self.left -= new
        self.here += new
        if self.ages:
            self.ages.arise(day, new.mean(axis=1))

    def sink(self, camp: Bools) -> None:
        """Let people in camps leave the model with the place's deactivation chance."""
        for p in np.flatnonzero(camp & (self.process.scenario.deactivation > 0)):
            gone = self.rng.binomial(self.here[p], self.process.scenario.deactivation[p])
            self.here[p] -= gone
            self.lost += gone

    def step(self, rows: Rows) -> None:
        """Let everybody decide and travel for one day."""
        process = self.process
        chains, s = process.chains, process.scenario
        sources = [(int(chains.start[p]), self.here[p]) for p in range(len(s.names))]
        landings = []
        for cell, k, last, _ in process.landings:
            landings.append((cell, self.road[last, k].copy()))
            self.road[last, k] = 0
        ends = np.zeros((rows.ends.shape[1], self.here.shape[1]), dtype=np.int64)
        for _, k, last, source in process.landings:
            ends[source] += self.back[last, k]
            self.back[last, k] = 0
        full = self._near_full(rows, landings)
        mark = rows.reaching(chains, s.target, full) if full else np.zeros(chains.place.size, dtype=np.bool_)
        plain: dict[int, Ints] = {}  # people with room everywhere they can reach
        beside: tuple[list[tuple[int, Ints]], list[tuple[int, Ints]]] = ([], [])
        for later, groups in enumerate((sources, landings)):
            for cell, count in groups:
                if mark[cell] or int(chains.place[cell]) in full:
                    beside[later].append((cell, count))
                else:
                    plain[cell] = plain[cell] + count if cell in plain else count
        if full:
            Crowd(self, rows, full, mark, ends, plain).day(*beside)
        scatter(self.rng, rows, plain, ends)
        self.road = np.roll(self.road, 1, axis=0)
        self.back = np.roll(self.back, 1, axis=0)
        self.here = ends[: len(s.names)]
        if self.ages:
            self.ages.pass_day(rows, chains.start, process.landings, self.here.mean(axis=1))
        self.road[0] += ends[len(s.names) :]

    def _near_full(self, rows: Rows, landings: list[tuple[int, Ints]]) -> frozenset[int]:
        """Return the places that could today pass the buffer in some member (a generous bound)."""
        process = self.process
        limited, s = process.limited, process.scenario
        if not limited.size:
            return frozenset()
        into = rows.ends[process.chains.start][:, limited].T
        into[np.arange(limited.size), limited] = 0.0
        inflow = into @ self.here
        for cell, count in landings:
            inflow += np.outer(rows.ends[cell, limited], count)
        most = self.here[limited] + 2.0 * inflow + 6.0 * np.sqrt(inflow) + 3.0
        room = process.rules.capacity_buffer * process.rules.capacity_scaling * s.capacity[limited]
        return frozenset(int(p) for p in limited[(most > room[:, None]).any(axis=1)])
