"""A day beside near-full camps: decisions in Flee's order, with the counts of the moment."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

from standoff.world.displacement.chains import END, LONG
from standoff.world.displacement.flee_rows import Rows
from standoff.world.displacement.flee_rules import Bools, Floats, Ints, crowding

if TYPE_CHECKING:
    from standoff.world.displacement.flee_process import State


Steps = tuple[tuple[int, int, float], ...]  # (link, next, share of those who move)


class Crowd:
    """One day of those who may have to choose beside a near-full place."""

    def __init__(
        self, state: State, rows: Rows, full: frozenset[int], mark: Bools, ends: Ints, plain: dict[int, Ints]
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
                if (p := int(process.chains.place[cell])) in self.full:
                    coming[p] = coming[p] + todo[cell] if p in coming else todo[cell]
            unseen = {}
            for p, count in coming.items():
                seen = self._seen(p, evening[p], count, todo)
                unseen[p] = evening[p] + count - seen
                evening[p] = seen
            heap = [(self.rank[c], c) for c in todo]
            heapq.heapify(heap)
            while heap:
                cell = heapq.heappop(heap)[1]
                count = todo.pop(cell)
                p = int(process.chains.place[cell])
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
            p, steps = int(process.chains.place[cell]), self.rows.links[cell]
            if p in busy:
                mixed.append((cell, count))
            elif p in self.full and any(int(process.scenario.target[k]) not in self.full for k, _, _ in steps):
                gone = self.state.rng.binomial(count, float(move[p]))
                ends[p] += count - gone
                base[p] = base[p] - count
                leaving.append((cell, gone))
            else:
                others.append((cell, count))
        people = {p: base[p] + ends[p] for p in self.full}
        opening = {} if busy else self._opening(people)
        for cell, gone in leaving:
            self._in_turn(cell, gone, people, opening, waiting, direct, moved=True)
        for b in range(batches):
            people = {p: base[p] + ends[p] for p in self.full}
            for cell, count in (*mixed, *others):
                part = count if batches == 1 else count * (b + 1) // batches - count * b // batches
                if (p := int(process.chains.place[cell])) in self.full:
                    base[p] = base[p] - part
                self._in_turn(cell, part, people, opening, waiting, direct)

    def _opening(self, after: dict[int, Ints]) -> dict[int, Floats]:
        """Return, by camp that stops refusing this morning, the share [n] of its people older than who makes the room.

        It is 0 in members where nothing changes. ``after`` are the people when all have left who leave today.
        """
        state, found = self.state, {}
        for p, left in after.items():
            most, here = state.process.refusing[p], state.here[p]
            opened = np.flatnonzero((here > most) & (left <= most))
            if opened.size and self.rows.epoch.camp[p]:
                last = here[opened] - most  # which of the leavers, in order of age
                found[p] = np.zeros(here.size)
                found[p][opened] = state.rng.beta(last, here[opened] - left[opened] + 1 - last)
        return found

    def _in_turn(
        self,
        cell: int,
        count: Ints,
        people: dict[int, Ints],
        opening: dict[int, Floats],
        onward: dict[int, Ints],
        stop: dict[int, Ints],
        *,
        moved: bool = False,
    ) -> None:
        """Let those decide who are older than the leaver that opens a camp beside them, then the others."""
        process, state = self.state.process, self.state
        p = int(process.chains.place[cell])
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
                self._decide(cell, first, shut, onward, stop, moved=moved)
                count = count - first
        self._decide(cell, count, people, onward, stop, moved=moved)

    def _seen(self, place: int, here: Ints, coming: Ints, todo: dict[int, Ints]) -> Ints:
        """Return how many people [n] are at a place when those who choose it on the way begin to.

        ``coming`` [n] have chosen it before and come mixed with them. So half are there on the average; a camp that
        will fill up has room for its part of each.
        """
        seen = here + coming // 2
        room = self.state.process.refusing[place] + 1 - here
        mixed = np.flatnonzero((room > 0) & (coming > 0))
        if not mixed.size or not self.rows.epoch.camp[place]:
            return seen
        choosing = np.zeros(mixed.size)
        for cell, count in todo.items():
            chance = float(self.rows.ends[cell, place])
            if chance > 0.0 and int(self.state.process.chains.place[cell]) != place:
                choosing += chance * count[mixed]
        choosing *= crowding(self.state.process.rules, here[mixed], self.full[place])
        room, both = room[mixed], coming[mixed] + choosing
        fills = both > room
        theirs = np.rint(room * choosing / both).astype(np.int64)
        seen[mixed[fills]] = (here[mixed] + room - theirs)[fills]
        return seen

    def _batches(self, direct: dict[int, Ints], landings: list[tuple[int, Ints]]) -> int:
        """Return how many batches keep each one's inflow under a quarter of the room between the buffer and full."""
        place = self.state.process.chains.place
        most = 0.0
        for p, capacity in self.full.items():
            known = [n for q, n in direct.items() if q == p] + [n for c, n in landings if place[c] == p]
            today = max(sum(float(n.mean()) for n in known), float(self.state.inflow[p]))
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
        moved: bool = False,
        live: bool = False,
    ) -> None:
        """Draw who moves (all if ``moved``) and where to: a next cell, a stop, a long link, or no further.

        ``people`` are those at the near-full places. When ``live`` they follow at once, and a camp that fills up on
        the way refuses the rest.
        """
        process, rows, rng = self.state.process, self.rows, self.state.rng
        s, chains, epoch = process.scenario, process.chains, rows.epoch
        p, steps = int(chains.place[cell]), rows.links[cell]
        if not steps or not count.any():
            self.ends[p] += count
            return
        move = 1.0 if moved else float(epoch.move[p])
        near = [(j, int(s.target[link])) for j, (link, _, _) in enumerate(steps) if int(s.target[link]) in self.full]
        chance, refused = self._chances(steps, near, move, people, slice(None))
        drawn = rng.multinomial(count, chance).T
        for j, full in refused:  # the camp is as good as full: they stay where they are
            drawn[0] += np.where(full, drawn[j + 1], 0)
            drawn[j + 1][full] = 0
        if live:
            if p in self.full:
                people[p] -= count - drawn[0]
            today = [(j, q) for j, q in near if steps[j][1] != LONG]
            for j, q in today:
                self._fill(j, q, drawn, (steps, near, move, people))
            for j, q in today:
                people[q] += drawn[j + 1]
        self.ends[p] += drawn[0]
        for (link, then, _), some in zip(steps, drawn[1:], strict=True):
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
            room = crowding(self.state.process.rules, people[q][members], self.full[q])
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
        self, j: int, q: int, drawn: Ints, given: tuple[Steps, list[tuple[int, int]], float, dict[int, Ints]]
    ) -> None:
        """Where camp ``q``, which step ``j`` leads to, fills up on the way, let those who come later choose anew."""
        if not self.rows.epoch.camp[q]:
            return
        steps, near, move, people = given
        rng, room = self.state.rng, self.state.process.refusing[q] + 1 - people[q]
        over = np.flatnonzero((drawn[j + 1] > room) & (room > 0))
        if not over.size:
            return
        mine, room = drawn[:, over], room[over]
        first = rng.binomial(mine, room / mine[j + 1])
        first[j + 1] = room
        then = {x: people[x] for _, x in near} | {q: people[q].copy()}
        then[q][over] += room
        chance, refused = self._chances(steps, near, move, then, over)
        again = rng.multinomial((mine - first).sum(axis=0), chance).T
        for i, full in refused:
            again[0] += np.where(full, again[i + 1], 0)
            again[i + 1][full] = 0
        drawn[:, over] = first + again
