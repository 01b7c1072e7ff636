"""Flee's process as whole counts: exact in distribution where no camp is near full, in small batches where one is.

A day: fighting and closures change, new people arise, everybody decides, everybody travels. In Flee each agent decides
in turn and sees the counts of that moment. Here people of one cell (place, distance still possible today) decide
together. Where nothing they can reach today is near full their whole day is one multinomial over where it can end;
elsewhere (`Crowd`) cells are drawn in the order of the day's distance, in batches small beside the room that is left.

Flee's agents decide in the order in which they arose. It matters beside a camp that stops refusing: whoever decides
before the leaver that makes the room finds it shut, whoever decides after finds it open. `Ages` are means over the
members of a run, by classes of equally many people, and are followed with the chances of a day that has room
everywhere; what camps take in is then scaled to what they did.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.people.flee.cells import END, LONG, UNIT, Chains, Means, Rows, TooManyCells, compile_chains, rate, scatter
from standoff.people.flee.rules import (
    Bools,
    FleeRules,
    FleeScenario,
    Floats,
    Ints,
    camp_crowding,
    decay,
    epochs,
    most_taken,
)
from standoff.people.flee.walks import WalkDay, Walks

MOST_BATCHES = 8
MOST_BYTES = 3 * 10**8  # of tables of where a day ends
BATCH = 500  # most members at once
WALKERS = 25  # the same where the network is walked hop by hop
CLASSES = 32
Steps = tuple[tuple[int, int, float], ...]  # (link, next, share of those who move)


@dataclass(frozen=True, slots=True, repr=False)
class FleeRun:
    """Counts at the end of each day [T, P, n] and people on the road [T, n]; ``lost`` [n] left the model in camps."""

    counts: NDArray[np.int32]
    travelling: NDArray[np.int32]
    lost: Ints

    def __repr__(self) -> str:
        """Return one line."""
        days, places, members = self.counts.shape
        return f"<FleeRun: {members} members, {places} places, {days} days>"


class FleeProcess:
    """A scenario compiled for runs of any number of members."""

    def __init__(self, scenario: FleeScenario, rules: FleeRules) -> None:
        self.scenario, self.rules = scenario, rules
        s = scenario
        stretches = epochs(s, rules)
        budget = round(rules.max_move_speed * UNIT)
        self.length = np.rint(s.km * UNIT).astype(np.int64)
        self.days = self.length // budget + 1  # as in `compile_chains`
        self.long = np.flatnonzero(self.days > 1)
        self.slot = np.full(s.source.size, -1, dtype=np.int64)
        self.slot[self.long] = np.arange(self.long.size)
        self.chains = _chains(s, rules, len(stretches))
        self.order = np.argsort(s.source, kind="stable")  # of the links, for `Walks`
        ends: Ints | list[int]
        if self.chains is None:
            ends = (self.length - (self.days - 1) * budget).tolist()
            first = np.searchsorted(s.source[self.order], np.arange(len(s.names) + 1))
            self.rows: list[Rows] | list[Walks] = [Walks(s, self.order, first, e) for e in stretches]
        else:
            ends = self.chains.landing
            self.rows = [Rows(s, self.chains, self.slot, e) for e in stretches]
        self.landings = [
            (int(ends[link]), k, int(self.days[link]) - 2, int(s.source[link])) for k, link in enumerate(self.long)
        ]
        self.limited = np.flatnonzero(s.capacity >= 1)
        self.refusing = {int(p): most_taken(rules, float(s.capacity[p])) for p in self.limited}
        self.rank = {cell: i for i, cell in enumerate(self.chains.order)} if self.chains else {}

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
        state = FleeState(self, rng, members, sub_batches)
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
        """Return the mean-only mode of this process; it knows no capacities.

        Raises ValueError for a network that is walked hop by hop.
        """
        if self.chains is None:
            raise ValueError("a network walked hop by hop has no mean-only mode")
        rows = [one for one in self.rows if isinstance(one, Rows)]
        return Means(self.scenario, self.rules, self.chains, self.long, rows)

    @property
    def cells(self) -> Chains:
        """The cells of a network that has them; only those who go by cells ask."""
        assert self.chains is not None  # noqa: S101 - a network walked hop by hop has none
        return self.chains


def _chains(s: FleeScenario, rules: FleeRules, stretches: int) -> Chains | None:
    """Return the cells of a scenario; None where a table of their ends would not fit into memory."""
    long = int((s.km >= rules.max_move_speed).sum())
    most = MOST_BYTES // (8 * (len(s.names) + long) * stretches)
    if most < len(s.names):
        return None
    try:
        return compile_chains(len(s.names), s.source, s.target, s.km, rules.max_move_speed, max(most, 1))
    except TooManyCells:
        return None


def members_at_once(scenario: FleeScenario, rules: FleeRules) -> int:
    """Return how many members are drawn together: fewer where the network is walked hop by hop."""
    return BATCH if _chains(scenario, rules, len(epochs(scenario, rules))) else WALKERS


class FleeState:
    """The people of a run: ``here`` [P, n], ``road`` and ``back`` [span, long links, n] with their days done."""

    def __init__(self, process: FleeProcess, rng: Generator, members: int, sub_batches: int) -> None:
        self.process, self.rng, self.sub_batches = process, rng, sub_batches
        s = process.scenario
        self.here = np.repeat(s.start, members).reshape(-1, members)
        shape = (int(process.days.max(initial=1)), process.long.size, members)
        self.road, self.back = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        self.left = np.repeat(s.population, members).reshape(-1, members)  # residents, when they are used up
        self.lost = np.zeros(members, dtype=np.int64)
        self.ages = Ages(s, *shape[:2]) if process.limited.size and process.chains else None
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
            leavers = self.rng.binomial(self.here[p], self.process.scenario.deactivation[p])
            self.here[p] -= leavers
            self.lost += leavers

    def step(self, rows: Rows | Walks) -> None:
        """Let everybody decide and travel for one day."""
        process = self.process
        chains, s = process.chains, process.scenario
        if isinstance(rows, Walks) or chains is None:
            assert isinstance(rows, Walks)  # noqa: S101 - a process has cells or walks
            ends = WalkDay(self, rows).pass_day()
            self._night(ends)
            return
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
        self._night(ends)
        if self.ages:
            self.ages.pass_day(rows, chains.start, process.landings, self.here.mean(axis=1))

    def _night(self, ends: Ints) -> None:
        """Begin the next day from where this one ended [P + long links, n]."""
        self.road = np.roll(self.road, 1, axis=0)
        self.back = np.roll(self.back, 1, axis=0)
        self.here = ends[: len(self.process.scenario.names)]
        self.road[0] += ends[len(self.process.scenario.names) :]

    def _near_full(self, rows: Rows, landings: list[tuple[int, Ints]]) -> frozenset[int]:
        """Return the places that could today pass the buffer in some member (a generous bound)."""
        process = self.process
        limited, s = process.limited, process.scenario
        if not limited.size:
            return frozenset()
        into = rows.ends[process.cells.start][:, limited].T
        into[np.arange(limited.size), limited] = 0.0
        inflow = into @ self.here
        for cell, count in landings:
            inflow += np.outer(rows.ends[cell, limited], count)
        most = self.here[limited] + 2.0 * inflow + 6.0 * np.sqrt(inflow) + 3.0
        room = process.rules.capacity_buffer * process.rules.capacity_scaling * s.capacity[limited]
        return frozenset(int(p) for p in limited[(most > room[:, None]).any(axis=1)])


class Crowd:
    """One day of those who may have to choose beside a near-full place."""

    def __init__(
        self, state: FleeState, rows: Rows, full: frozenset[int], mark: Bools, ends: Ints, plain: dict[int, Ints]
    ) -> None:
        self.state, self.rows, self.mark, self.ends, self.plain = state, rows, mark, ends, plain
        self.full = {p: float(state.process.scenario.capacity[p]) for p in full}
        self.rank = state.process.rank

    def day(self, sources: list[tuple[int, Ints]], landings: list[tuple[int, Ints]]) -> None:
        """Decide with the counts of the morning, then travel in batches that see the counts of the moment."""
        process = self.state.process
        waiting: dict[int, Ints] = {}
        direct: dict[int, Ints] = {}
        self._morning(sources, waiting, direct)
        for cell, count in landings:
            waiting[cell] = waiting.get(cell, 0) + count
        batches = self._batches(direct, landings)
        evening = {p: self.ends[p].copy() for p in self.full}
        arrived = dict.fromkeys(self.full, 0.0)
        for b in range(batches):
            todo: dict[int, Ints] = {}
            coming: dict[int, Ints] = {}
            for p, count in direct.items():
                part = count if batches == 1 else count * (b + 1) // batches - count * b // batches
                self.ends[p] += part
                if p in self.full:
                    coming[p] = part
            for cell, count in waiting.items():
                todo[cell] = count if batches == 1 else count * (b + 1) // batches - count * b // batches
                if (p := int(process.cells.place[cell])) in self.full:
                    coming[p] = coming[p] + todo[cell] if p in coming else todo[cell]
            unseen = {}
            for p, count in coming.items():
                visible = self._view(p, evening[p], count, todo)
                unseen[p] = evening[p] + count - visible
                evening[p] = visible
            heap = [(self.rank[c], c) for c in todo]
            heapq.heapify(heap)
            while heap:
                cell = heapq.heappop(heap)[1]
                count = todo.pop(cell)
                p = int(process.cells.place[cell])
                if p in self.full:
                    arrived[p] += float(count.mean())
                elif not self.mark[cell]:
                    self.plain[cell] = self.plain[cell] + count if cell in self.plain else count
                    continue
                onward: dict[int, Ints] = {}
                stop: dict[int, Ints] = {}
                self._decide(cell, count, evening, onward, stop, live=True)
                for then, some in onward.items():
                    if then in todo:
                        todo[then] = todo[then] + some
                    else:
                        heapq.heappush(heap, (self.rank[then], then))
                        todo[then] = some
                for p, some in stop.items():
                    self.ends[p] += some
                    if p in self.full:
                        arrived[p] += float(some.mean())
            for p, rest in unseen.items():
                evening[p] += rest
        for p, count in direct.items():
            if p in self.full:
                arrived[p] += float(count.mean())
        self.state.inflow[:] = 0.0
        for p, mean in arrived.items():
            self.state.inflow[p] = mean

    def _morning(self, sources: list[tuple[int, Ints]], waiting: dict[int, Ints], direct: dict[int, Ints]) -> None:
        """Let everybody who is at a place decide.

        Flee's agents decide in order of age. A camp that few leave can stop refusing when one of its people leaves:
        those of other places who are older than that one still find it shut. In a place with much coming and going
        those who leave are mixed with the others, in parts of the day.
        """
        process, ends, move = self.state.process, self.ends, self.rows.epoch.move
        busy = {p for p in self.full if move[p] > 0.02}
        batches = self.state.sub_batches if busy else 1
        base = {p: self.state.here[p] - ends[p] for p in self.full}
        mixed, others, leaving = [], [], []
        for cell, count in sources:
            p, steps = int(process.cells.place[cell]), self.rows.links[cell]
            if p in busy:
                mixed.append((cell, count))
            elif p in self.full and any(int(process.scenario.target[k]) not in self.full for k, _, _ in steps):
                leavers = self.state.rng.binomial(count, float(move[p]))
                ends[p] += count - leavers
                base[p] = base[p] - count
                leaving.append((cell, leavers))
            else:
                others.append((cell, count))
        people = {p: base[p] + ends[p] for p in self.full}
        opening = {} if busy else self._opening(people)
        for cell, leavers in leaving:
            self._in_turn(cell, leavers, people, opening, waiting, direct, everybody=True)
        for b in range(batches):
            people = {p: base[p] + ends[p] for p in self.full}
            for cell, count in (*mixed, *others):
                part = count if batches == 1 else count * (b + 1) // batches - count * b // batches
                if (p := int(process.cells.place[cell])) in self.full:
                    base[p] = base[p] - part
                self._in_turn(cell, part, people, opening, waiting, direct)

    def _opening(self, after: dict[int, Ints]) -> dict[int, Floats]:
        """Return, by camp that stops refusing this morning, the share [n] of its people older than who makes the room.

        It is 0 in members where nothing changes. ``after`` are the people when all have left who leave today.
        """
        state, openings = self.state, {}
        for p, left in after.items():
            most, here = state.process.refusing[p], state.here[p]
            opened = np.flatnonzero((here > most) & (left <= most))
            if opened.size and self.rows.epoch.camp[p]:
                last = here[opened] - most  # which of the leavers, in order of age
                openings[p] = np.zeros(here.size)
                openings[p][opened] = state.rng.beta(last, here[opened] - left[opened] + 1 - last)
        return openings

    def _in_turn(
        self,
        cell: int,
        count: Ints,
        people: dict[int, Ints],
        opening: dict[int, Floats],
        onward: dict[int, Ints],
        stop: dict[int, Ints],
        *,
        everybody: bool = False,
    ) -> None:
        """Let those decide who are older than the leaver that opens a camp beside them, then the others."""
        process, state = self.state.process, self.state
        p = int(process.cells.place[cell])
        beside = opening.keys() & {int(process.scenario.target[k]) for k, _, _ in self.rows.links[cell]}
        if beside and state.ages:
            early = np.ones(count.size)
            shut = dict(people)
            for q in sorted(beside):
                changes = opening[q] > 0.0
                early = np.minimum(early, np.where(changes, state.ages.older(q, p, opening[q]), 1.0))
                shut[q] = np.where(changes, state.here[q], people[q])
            first = state.rng.binomial(count, np.where(early < 1.0, early, 0.0))
            if first.any():
                self._decide(cell, first, shut, onward, stop, everybody=everybody)
                count = count - first
        self._decide(cell, count, people, onward, stop, everybody=everybody)

    def _view(self, place: int, here: Ints, coming: Ints, todo: dict[int, Ints]) -> Ints:
        """Return how many people [n] are at a place when those who choose it on the way begin to.

        ``coming`` [n] have chosen it before and come mixed with them. So half are there on the average; a camp that
        will fill up has room for its part of each.
        """
        view = here + coming // 2
        room = self.state.process.refusing[place] + 1 - here
        mixed = np.flatnonzero((room > 0) & (coming > 0))
        if not mixed.size or not self.rows.epoch.camp[place]:
            return view
        choosing = np.zeros(mixed.size)
        for cell, count in todo.items():
            chance = float(self.rows.ends[cell, place])
            if chance > 0.0 and int(self.state.process.cells.place[cell]) != place:
                choosing += chance * count[mixed]
        choosing *= camp_crowding(self.state.process.rules, here[mixed], self.full[place])
        room, both = room[mixed], coming[mixed] + choosing
        fills = both > room
        theirs = np.rint(room * choosing / both).astype(np.int64)
        view[mixed[fills]] = (here[mixed] + room - theirs)[fills]
        return view

    def _batches(self, direct: dict[int, Ints], landings: list[tuple[int, Ints]]) -> int:
        """Return how many batches keep each one's inflow under a quarter of the room between the buffer and full."""
        place = self.state.process.cells.place
        most = 0.0
        for p, capacity in self.full.items():
            arrivals = [n for q, n in direct.items() if q == p] + [n for c, n in landings if place[c] == p]
            today = max(sum(float(n.mean()) for n in arrivals), float(self.state.inflow[p]))
            most = max(most, today / (capacity * (1.0 - self.state.process.rules.capacity_buffer)))
        return int(np.clip(np.ceil(4.0 * most), 1, self.state.sub_batches))

    def _decide(
        self,
        cell: int,
        count: Ints,
        people: dict[int, Ints],
        onward: dict[int, Ints],
        stop: dict[int, Ints],
        *,
        everybody: bool = False,
        live: bool = False,
    ) -> None:
        """Draw who moves (all if ``everybody``) and where to: a next cell, a stop, a long link, or no further.

        ``people`` are those at the near-full places. When ``live`` they follow at once, and a camp that fills up on
        the way refuses the rest.
        """
        process, rows, rng = self.state.process, self.rows, self.state.rng
        s, chains, epoch = process.scenario, process.cells, rows.epoch
        p, steps = int(chains.place[cell]), rows.links[cell]
        if not steps or not count.any():
            self.ends[p] += count
            return
        move = 1.0 if everybody else float(epoch.move[p])
        near = [(j, int(s.target[link])) for j, (link, _, _) in enumerate(steps) if int(s.target[link]) in self.full]
        chance, refused = self._chances(steps, near, move, people, slice(None))
        takers = rng.multinomial(count, chance).T
        for j, full in refused:  # the camp is as good as full: they stay where they are
            takers[0] += np.where(full, takers[j + 1], 0)
            takers[j + 1][full] = 0
        if live:
            if p in self.full:
                people[p] -= count - takers[0]
            today = [(j, q) for j, q in near if steps[j][1] != LONG]
            for j, q in today:
                self._fill(j, q, takers, (steps, near, move, people))
            for j, q in today:
                people[q] += takers[j + 1]
        self.ends[p] += takers[0]
        for (link, then, _), some in zip(steps, takers[1:], strict=True):
            if then == END:
                q = int(s.target[link])
                stop[q] = stop[q] + some if q in stop else some
            elif then == LONG:
                self.ends[len(s.names) + process.slot[link]] += some
            else:
                onward[then] = onward[then] + some if then in onward else some

    def _chances(
        self, steps: Steps, near: list[tuple[int, int]], move: float, people: dict[int, Ints], members: Ints | slice
    ) -> tuple[Floats, list[tuple[int, Bools]]]:
        """Return the chances to stay and of each step, [S + 1] or [n, S + 1]; and the steps refused, with where [n]."""
        plain: Floats = np.array([1.0 - move, *(move * share for _, _, share in steps)])
        if not near:
            return plain, []
        refused = []
        for i, (j, q) in enumerate(near):
            room = camp_crowding(self.state.process.rules, people[q][members], self.full[q])
            if i == 0:
                weights = np.empty((room.size, len(steps)))
                weights[:] = plain[1:]
            weights[:, j] *= room
            if self.rows.epoch.camp[q] and (full := room < 0.5).any():
                refused.append((j, full))
        total = weights.sum(axis=1)
        if (total <= 0.0).any():  # nothing but full places: Flee then chooses evenly
            weights[total <= 0.0] = 1.0
            total = weights.sum(axis=1)
        chance = np.empty((total.size, len(steps) + 1))
        chance[:, 0] = 1.0 - move
        np.multiply(weights, (move / total)[:, None], out=chance[:, 1:])
        return chance, refused

    def _fill(
        self, j: int, q: int, takers: Ints, alternatives: tuple[Steps, list[tuple[int, int]], float, dict[int, Ints]]
    ) -> None:
        """Where camp ``q``, which step ``j`` leads to, fills up on the way, let those who come later choose anew."""
        if not self.rows.epoch.camp[q]:
            return
        steps, near, move, people = alternatives
        rng, room = self.state.rng, self.state.process.refusing[q] + 1 - people[q]
        over = np.flatnonzero((takers[j + 1] > room) & (room > 0))
        if not over.size:
            return
        mine, room = takers[:, over], room[over]
        first = rng.binomial(mine, room / mine[j + 1])
        first[j + 1] = room
        then = {x: people[x] for _, x in near} | {q: people[q].copy()}
        then[q][over] += room
        chance, refused = self._chances(steps, near, move, then, over)
        again = rng.multinomial((mine - first).sum(axis=0), chance).T
        for i, full in refused:
            again[0] += np.where(full, again[i + 1], 0)
            again[i + 1][full] = 0
        takers[:, over] = first + again


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


def _ratio(target: Floats, counts: Floats) -> Floats:
    """Return the factors [n, 1] that bring the sums of ``counts`` [n, K] to ``target`` [n]."""
    total = counts.sum(axis=1)
    factor = np.divide(target, total, out=np.zeros(total.size), where=total > 0.0)
    return np.asarray(factor[:, None])
