"""Flee's process hop by hop, for networks so dense that the ways to spend a day in them are past counting.

People of one place are a count; who moves on is drawn hop by hop as counts by place, kilometres today and member, and
as single people where a group is small. Kilometres are exact to 10 metres; cost grows with links and not with cells.
Where a camp is near full, people go in parts of the day that each see the counts of their moment, and those beyond the
room that is left choose anew. Ages are not followed: beside a camp that stops refusing today who is older decides at
random (`standoff.people.flee.process` follows them; tests hold both to each other).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from standoff.people.flee.cells import UNIT, binomials
from standoff.people.flee.rules import Bools, Epoch, FleeScenario, Floats, Ints

if TYPE_CHECKING:
    from standoff.people.flee.process import FleeState

FEW = 6  # people of a group up to which each is drawn alone
Groups = tuple[Ints, Ints, Ints, Ints]  # place, units of distance today, member, people


class Walks:
    """What holds in one epoch: chances to move on, and the links out of each place with their chances."""

    def __init__(self, scenario: FleeScenario, order: Ints, first: Ints, epoch: Epoch) -> None:
        """Take the links in ``order`` of their sources; ``first`` [P + 1] is where those of each place begin."""
        self.epoch = epoch
        places = len(scenario.names)
        weight = epoch.weight[order]
        source = scenario.source[order]
        total = np.bincount(source, weights=weight, minlength=places)
        self.move = np.where(total > 0, epoch.move, 0.0)
        share = np.divide(weight, total[source], out=np.zeros(weight.size), where=total[source] > 0)
        ends = np.cumsum(share)
        before = np.concatenate([[0.0], ends])[first[:-1]]
        self.upto = source + np.clip(ends - before[source], 0.0, 1.0)  # by place, then by chance
        last = np.flatnonzero(np.diff(first) > 0)
        self.upto[first[1:][last] - 1] = last + 1.0
        width = int(np.diff(first).max(initial=1))
        at = np.minimum(first[:-1, None] + np.arange(width), max(weight.size - 1, 0))
        within = np.arange(width) < np.diff(first)[:, None]
        self.columns: Ints = at  # [P, D] numbers of links in order
        self.weights: Floats = np.where(within, weight[at] if weight.size else 0.0, 0.0)
        left = np.cumsum(self.weights[:, ::-1], axis=1)[:, ::-1]
        self.chances: Floats = np.divide(self.weights, left, out=np.zeros(left.shape), where=left > 0)


class WalkDay:
    """One day of a state: everybody decides, then travels hop by hop."""

    def __init__(self, state: FleeState, walks: Walks) -> None:
        self.state, self.walks = state, walks
        process = state.process
        self.scenario, self.members = process.scenario, state.here.shape[1]
        self.order, self.target = process.order, process.scenario.target[process.order]
        self.length = process.length[process.order]
        self.budget = round(process.rules.max_move_speed * UNIT)
        self.slot = process.slot[process.order]
        self.limited = process.limited
        self.number = np.full(len(self.scenario.names), -1, dtype=np.int64)  # of the place among those with a limit
        self.number[self.limited] = np.arange(self.limited.size)
        self.most = np.array([process.refusing[int(p)] for p in self.limited], dtype=np.int64)
        self.ends = np.zeros((len(self.scenario.names) + process.long.size, self.members), dtype=np.int64)
        self.came = np.zeros(self.limited.size)

    def pass_day(self) -> Ints:
        """Return where the day ends [P + long links, n]."""
        state, rng = self.state, self.state.rng
        place, member = np.nonzero(state.here)
        count = state.here[place, member]
        people = state.here[self.limited].copy()
        leavers = _thinned(rng, count, self.walks.move[place])
        np.add.at(self.ends, (place, member), count - leavers)
        if self.limited.size:  # those who leave a camp decide in turn: on the average half of them have left
            people -= (people - self.ends[self.limited]) // 2
        some = np.flatnonzero(leavers)
        begun = self._hop((place[some], np.zeros(some.size, np.int64), member[some], leavers[some]), people)
        landed = self._landed()
        place, covered, member, count = (np.concatenate(pair) for pair in zip(begun, landed, strict=True))
        groups = place, covered, member, count
        parts = self._parts(groups)
        for b in range(parts):
            count = groups[3] if parts == 1 else groups[3] * (b + 1) // parts - groups[3] * b // parts
            some = np.flatnonzero(count)
            self._travel((groups[0][some], groups[1][some], groups[2][some], count[some]))
        state.inflow[self.limited] = self.came
        return self.ends

    def _landed(self) -> Groups:
        """Return those who finish a long link today, with what they have travelled of the day."""
        state = self.state
        parts: list[Groups] = []
        for rest, k, last, source in state.process.landings:
            count = state.road[last, k]
            some = np.flatnonzero(count)
            target = np.full(some.size, self.scenario.target[state.process.long[k]])
            parts.append((target, np.full(some.size, rest), some, count[some].copy()))
            self.ends[source] += state.back[last, k]
            state.road[last, k] = state.back[last, k] = 0
        none = np.zeros(0, np.int64)
        return tuple(np.concatenate([none, *(part[i] for part in parts)]) for i in range(4))  # type: ignore[return-value]

    def _parts(self, groups: Groups) -> int:
        """Return in how many parts people travel: each brings under a quarter of the room from the buffer to full."""
        process = self.state.process
        if not self.limited.size:
            return 1
        capacity = self.scenario.capacity[self.limited].astype(np.float64)
        today = np.bincount(groups[0], weights=groups[3], minlength=len(self.scenario.names))[self.limited]
        today = np.maximum(today / self.members, self.state.inflow[self.limited])
        here = self.ends[self.limited].max(axis=1)
        near = here + 2.0 * today > process.rules.capacity_buffer * process.rules.capacity_scaling * capacity
        room = capacity * max(1.0 - process.rules.capacity_buffer, 1e-9)
        most = float((today / room)[near].max(initial=0.0))
        return int(np.clip(np.ceil(4.0 * most), 1, self.state.sub_batches))

    def _travel(self, groups: Groups) -> None:
        rng = self.state.rng
        while groups[0].size:
            place, covered, member, count = groups
            limited = self.number[place]
            if (camps := limited >= 0).any():
                self.came += np.bincount(limited[camps], weights=count[camps], minlength=self.came.size) / self.members
            goers = np.where(covered >= self.budget, 0, _thinned(rng, count, self.walks.move[place]))
            self._stay(place, member, count - goers)
            some = np.flatnonzero(goers)
            rest = (place[some], covered[some], member[some], goers[some])
            groups = self._hop(rest, self.ends[self.limited], arriving=True)

    def _stay(self, place: Ints, member: Ints, count: Ints) -> None:
        flat = np.bincount(place * self.members + member, weights=count, minlength=self.ends.size)
        self.ends += flat.reshape(self.ends.shape).astype(np.int64)

    def _hop(self, groups: Groups, people: Ints, *, arriving: bool = False) -> Groups:
        """Let groups choose a link each, seeing ``people`` [limited, n]; return those who travel on today.

        ``arriving`` people fill a camp as they choose it, and those beyond its room choose anew.
        """
        place, covered, member, count = groups
        chosen, link = self._choose(place, member, count, people)
        place, covered, member, number = place[chosen[0]], covered[chosen[0]], member[chosen[0]], chosen[1]
        target = self.target[link]
        camp = self.number[target]
        to_camp = (camp >= 0) & self.walks.epoch.camp[target]
        if to_camp.any():
            room = camp_room(self, people)
            refused = to_camp.copy()
            refused[to_camp] = room[camp[to_camp], member[to_camp]] < 0.5
            if refused.any():  # the camp is as good as full: they stay where they are
                self._stay(place[refused], member[refused], number[refused])
                stay = ~refused
                place, covered, member, number = place[stay], covered[stay], member[stay], number[stay]
                link, target, camp, to_camp = link[stay], target[stay], camp[stay], to_camp[stay]
        again, filled = None, people
        if arriving and to_camp.any():
            again, number, filled = self._overflow((place, covered, member, number), link, camp, to_camp, people)
        long = self.slot[link] >= 0
        if long.any():
            self._stay(len(self.scenario.names) + self.slot[link[long]], member[long], number[long])
        keep = ~long & (number > 0)
        out = (target[keep], np.minimum(covered + self.length[link], self.budget)[keep], member[keep], number[keep])
        if again is None:
            return out
        more = self._hop(again, filled)
        return tuple(np.concatenate(pair) for pair in zip(out, more, strict=True))  # type: ignore[return-value]

    def _overflow(
        self, groups: Groups, link: Ints, camp: Ints, to_camp: Bools, people: Ints
    ) -> tuple[Groups | None, Ints, Ints]:
        """Return those for whom a camp that fills up has no room, the numbers of the others, and who is there then."""
        place, covered, member, number = groups
        today = to_camp & (self.slot[link] < 0)
        key = np.where(today, camp * self.members + member, 0)
        coming = np.bincount(key[today], weights=number[today], minlength=people.size).reshape(people.shape)
        room = self.most[:, None] + 1 - people
        over = (coming > room) & (room > 0)
        if not over.any():
            return None, number, people
        hit = np.flatnonzero(today & over.ravel()[key])
        chance = np.clip((room / np.maximum(coming, 1.0)).ravel()[key[hit]], 0.0, 1.0)
        kept = number.copy()
        kept[hit] = self.state.rng.binomial(number[hit], chance)
        left = number[hit] - kept[hit]
        some = np.flatnonzero(left)
        at = hit[some]
        again = (place[at], covered[at], member[at], left[some]) if some.size else None
        return again, kept, np.where(over, np.maximum(people, self.most[:, None] + 1), people)

    def _choose(self, place: Ints, member: Ints, count: Ints, people: Ints) -> tuple[tuple[Ints, Ints], Ints]:
        """Return groups (numbers of the given ones, and people) and the link, in order of sources, that each takes."""
        rng, walks = self.state.rng, self.walks
        hot = self._hot(people)
        beside = hot[place] if hot is not None else np.zeros(place.size, dtype=np.bool_)
        few = (count <= FEW) & ~beside
        many = ~few & ~beside
        at, links, numbers = [], [], []
        if few.any():
            which = np.repeat(np.flatnonzero(few), count[few])
            drawn = place[which] + rng.random(which.size)
            links.append(np.searchsorted(walks.upto, drawn, side="right"))
            at.append(which)
            numbers.append(np.ones(which.size, dtype=np.int64))
        for some, chances in (
            (np.flatnonzero(many), None),
            (np.flatnonzero(beside), self._crowded(place, member, np.flatnonzero(beside), people)),
        ):
            if not some.size:
                continue
            table = walks.chances[place[some]] if chances is None else chances
            rest = count[some].copy()
            for j in range(table.shape[1]):
                takers = _binomial(rng, rest, table[:, j])
                rest -= takers
                there = np.flatnonzero(takers)
                at.append(some[there])
                links.append(walks.columns[place[some[there]], j])
                numbers.append(takers[there])
        none = np.zeros(0, np.int64)
        return (np.concatenate([none, *at]), np.concatenate([none, *numbers])), np.concatenate([none, *links])

    def _hot(self, people: Ints) -> Bools | None:
        """Return the places beside one that is over its buffer in some member [P]."""
        if not self.limited.size:
            return None
        rules = self.state.process.rules
        over = people > (rules.capacity_buffer * rules.capacity_scaling * self.scenario.capacity[self.limited])[:, None]
        near = over.any(axis=1)
        if not near.any():
            return None
        out = np.zeros(len(self.scenario.names), dtype=np.bool_)
        out[self.scenario.source[np.isin(self.scenario.target, self.limited[near])]] = True
        return out

    def _crowded(self, place: Ints, member: Ints, some: Ints, people: Ints) -> Floats | None:
        """Return the chances of each link given that none before was taken, [n, D], with the room in camps."""
        if not some.size:
            return None
        walks = self.walks
        columns, weights = walks.columns[place[some]], walks.weights[place[some]].copy()
        camp = self.number[self.target[columns]]
        room = camp_room(self, people)
        weights *= np.where(camp >= 0, room[np.maximum(camp, 0), member[some][:, None]], 1.0)
        nothing = weights.sum(axis=1) <= 0.0  # nothing but full places: Flee then chooses evenly
        weights[nothing] = walks.weights[place[some[nothing]]] > 0
        left = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1]
        return np.asarray(np.divide(weights, left, out=np.zeros(left.shape), where=left > 0))


def camp_room(day: WalkDay, people: Ints) -> Floats:
    """Return the factors of room [limited, n]."""
    rules, capacity = day.state.process.rules, day.scenario.capacity[day.limited][:, None]
    full = people / (capacity * rules.capacity_scaling)
    return np.asarray(np.clip((1.0 - full) / (1.0 - rules.capacity_buffer), 0.0, 1.0))


def _thinned(rng: Generator, count: Ints, chance: Floats) -> Ints:
    """Return how many of each count are drawn with a chance."""
    out = np.where(chance >= 1.0, count, 0)
    unsure = np.flatnonzero((chance > 0.0) & (chance < 1.0) & (count > 0))
    out[unsure] = _binomial(rng, count[unsure], chance[unsure])
    return out


def _binomial(rng: Generator, count: Ints, chance: Floats) -> Ints:
    """Draw Binomial(count, chance), where most counts are small."""
    out = np.zeros(count.size, dtype=np.int64)
    sure = chance >= 1.0
    out[sure] = count[sure]
    one = np.flatnonzero((count == 1) & ~sure)
    out[one] = rng.random(one.size) < chance[one]
    more = np.flatnonzero((count > 1) & ~sure & (chance > 0.0))
    if more.size:
        out[more] = binomials(rng, count[more][None, :], chance[more][None, :])[0]
    return out
