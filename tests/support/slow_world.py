"""A slow and obvious world: one trajectory at a time, plain loops, no shared arithmetic with the fast one.

It reads the same compiled setting and the same random numbers (by address), and must come to the same choices and the
same events. The ledger's automaton and the movement of people have references of their own and are called as they are,
on one trajectory.
"""

from __future__ import annotations

from math import exp, log, log1p

import numpy as np

from standoff.commitments.engine.automaton import step as step_ledger
from standoff.world.dials import Dials, Values, within_period
from standoff.world.setting import Setting
from standoff.world.state import World

FOREVER = 2**14


def at(values: np.ndarray, row: int) -> np.ndarray:
    return values[row if values.shape[0] > 1 else 0]


class Slow:
    """One trajectory of a batch, started from the fast world's first morning."""

    def __init__(self, setting: Setting, dials: Dials, values: Values, world: World, row: int) -> None:
        self.s, self.d, self.v, self.row = setting, dials, values, row
        self.ledger = world.ledger.take(np.array([row]))
        self.pursued = [int(o) for o in world.pursued[row]]
        self.onset = [int(t) for t in world.onset[row]]
        self.spared = [False] * len(setting.actors)
        self.x = [float(v) for v in world.issues[row]]
        self.alpha = [float(v) for v in world.alpha[row]]
        self.beta = [float(v) for v in world.beta[row]]
        self.day = 0
        self.people = 0
        self.alarm = setting.pace.alarm
        self.touched = [int(t) for t in setting.pace.touched]
        self.shown: set[int] = set()
        self.resumes: dict[int, int] = {}
        self.meets = at(dials.triggers, row)
        self.keeps, self.breaks = (
            at(within_period(setting, dials.chance, which, dials.period), row)
            for which in (setting.keeps, setting.breaks)
        )
        every, slots = range(len(setting.options)), range(setting.slots)
        answers = {c: [(o, w) for o in every if (w := self.answers(o, c))] for c in slots}
        self.chain = [[sum(w * float(self.meets[o, e]) for o, w in answers[c]) for e in slots] for c in slots]

    # ---- what an actor sees
    def open_(self, c: int) -> bool:
        led, plan = self.ledger, self.s.plan
        live = led.live[0, c] and not led.suspended[0, c] and led.own_reading[0, c]
        until = min(int(plan.latest[c]), int(plan.closes[c]))
        return bool(live and led.waiting[0, c] == 0 and plan.conditional[c] and self.s.day + self.day <= until)

    def owed(self, c: int) -> bool:
        led = self.ledger
        return bool(led.live[0, c] and not led.suspended[0, c] and led.own_reading[0, c] and led.waiting[0, c] > 0)

    def kind(self, c: int) -> str:
        return self.s.plan.slots[c].kind

    def due(self, c: int) -> float:
        if not self.owed(c) or self.kind(c) == "maintain":
            return 0.0
        deadline = min(int(self.s.plan.due[c]), FOREVER)
        if self.s.plan.within[c] >= 0:
            deadline = min(deadline, int(self.ledger.since[0, c]) + int(self.s.plan.within[c]))
        if deadline >= FOREVER:
            return 0.0
        deadline += int(self.ledger.paused[0, c])
        return min(1.0, self.d.period / max(deadline - self.s.day - self.day, 1))

    def kept(self, c: int) -> bool:
        return self.owed(c) and self.kind(c) == "maintain" and not self.ledger.soiled[0, c]

    def belief(self, c: int) -> float:
        return self.alpha[c] / (self.alpha[c] + self.beta[c])

    def legal(self, option: int) -> bool:
        needs = [n for n in range(len(self.s.options)) if self.s.needs[option, n]]
        bars = [b for b in range(len(self.s.options)) if self.s.bars[option, b]]
        going_on = self.s.options[option].duration is not None and option in self.pursued
        if needs and not going_on and not any(n in self.pursued for n in needs):
            return False
        if going_on and self.spared[int(self.s.maker[option])]:
            return True
        return not any(b in self.pursued for b in bars)

    # ---- what an option is worth
    def utility(self, a: int, x: list[float], salience: list[float]) -> float:
        rho = self.d.minds[a].rho
        return -sum(w * abs(v - p) ** rho for w, v, p in zip(salience, x, self.s.position[a], strict=True))

    def salience(self, a: int) -> list[float]:
        base = [float(v) for v in self.s.salience[a]]
        for b, k in self.s.draws:
            name = f"salience.{self.s.actors[b]}.{self.s.issues[k]}"
            if b == a and name in self.v.own:
                base[k] = float(self.v.own[name][self.row]) / float(self.s.span[a])
        reference = at(self.d.reference, self.row)
        most = min(float(v) for v in reference)
        loss = float(at(self.d.kappa, self.row)[a]) * log1p(self.people / most) / log(2.0)
        if not any(np.isfinite(reference)) or loss == 0.0:
            return base
        swing = float(at(self.d.swing, self.row))
        raised = [w * (exp(swing * loss) if np.isfinite(r) else 1.0) for w, r in zip(base, reference, strict=True)]
        return [w * sum(base) / sum(raised) for w in raised]

    def worth(self, a: int, ahead: list[float]) -> dict[int, float]:
        """The value of each option this actor looks at, without commitments."""
        mind = self.d.minds[a]
        salience = self.salience(a)
        now = self.utility(a, ahead, salience)
        others = [o for o in range(len(self.s.options)) if self.s.maker[o] != a]
        answering = [o for o in others if any(self.answers(o, c) > 0 for c in range(self.s.slots))]
        looked = [int(o) for o in mind.own] + answering
        found = {}
        for k, o in enumerate(looked):
            after = [min(max(v + m, 0.0), 1.0) for v, m in zip(ahead, mind.moves[k], strict=True)]
            found[o] = self.utility(a, after, salience) - now - float(at(mind.harm, self.row)[k])
        return found

    def answers(self, option: int, c: int) -> float:
        """The weight of an option among those by which a commitment would be kept."""
        for a, mind in enumerate(self.d.minds):
            if self.s.maker[option] == a:
                return float(mind.answer[list(mind.own).index(option), c])
        raise AssertionError

    def value(self, a: int, moves: list[list[float]]) -> list[float]:
        s, d, mind = self.s, self.d, self.d.minds[a]
        around = [sum(moves[b][k] for b in range(len(s.actors)) if b != a) for k in range(len(s.issues))]
        ahead = [min(max(v + m, 0.0), 1.0) for v, m in zip(self.x, around, strict=True)]
        found = self.worth(a, ahead)
        loss = [sum(self.answers(o, c) * w for o, w in found.items()) for c in range(s.slots)]
        pi = [self.belief(c) * self.open_(c) for c in range(s.slots)]
        reached = [0.0] * s.slots
        for _ in range(d.lookahead):
            reached = [
                pi[c] * (loss[c] + d.discount * sum(self.chain[c][e] * reached[e] for e in range(s.slots)))
                for c in range(s.slots)
            ]
        total = []
        for o in map(int, mind.own):
            v = found[o]
            for c in range(s.slots):
                if d.lookahead and not mind.owns[c]:
                    v += float(self.meets[o, c]) * reached[c]
                cost = self.reneging(a, c)
                v -= cost * self.due(c) * (1.0 - float(self.keeps[o, c]))
                v -= cost * self.kept(c) * float(self.breaks[o, c])
            if o == self.pursued[a]:
                v += float(at(d.inertia, self.row))
            crisis = 1 if self.day - self.alarm <= 28 else 0
            v += float(at(d.echo, self.row)) * float(s.pace.tilt[crisis, o]) / float(at(mind.rationality, self.row))
            total.append(v)
        return total

    def reneging(self, a: int, c: int) -> float:
        mind = self.d.minds[a]
        if not mind.owns[c]:
            return 0.0
        spill = float(at(mind.spill, self.row))
        lost = 0.0
        for e in range(self.s.slots):
            if mind.owns[e]:
                weight, pi = self.alpha[e] + self.beta[e], self.belief(e)
                drop = pi / (weight + 1.0) if e == c else pi * spill / (weight + spill)
                lost += drop * abs(float(self.d.deterrence[e]))
        return float(at(mind.audience, self.row)) * self.belief(c) + float(at(mind.reputation, self.row)) * lost

    def end(self, option: int) -> float:
        """The chance that an operation ends today."""
        for name in (f"duration.{self.s.options[option].id}", "duration.offensive"):
            if name in self.v.own:
                return 1.0 / max(float(self.v.own[name][self.row]), 1.0)
        return 1.0 / self.s.options[option].duration.days

    # ---- a day
    def play(self, revise: np.ndarray, choosing: np.ndarray, chance: np.ndarray, people: int) -> list[int]:
        """Play a day with this row's uniforms [A], [A] and [E]; return which emissions happen."""
        s, d = self.s, self.d
        under_way = []
        for a, o in enumerate(self.pursued):
            under_way.append(s.options[o].duration is not None)
            if under_way[a] and revise[a] < self.end(o):
                self.pursued[a] = int(s.default[a])
            if s.lasts[o] > 0 and self.day - self.onset[a] >= s.lasts[o]:
                self.pursued[a] = int(s.default[a])
        before = list(self.pursued)
        for a, o in enumerate(self.pursued):
            bars = [b for b in range(len(s.options)) if s.bars[o, b]]
            if s.options[o].duration is None or not any(b in self.pursued for b in bars):
                self.spared[a] = False
            elif not self.spared[a]:
                halts = 1.0 - (1.0 - self.end(o)) * (1.0 - float(at(d.halting, self.row)))
                self.spared[a] = bool(revise[a] >= halts)
        illegal = [not self.legal(o) for o in before]
        for a in range(len(s.actors)):
            if illegal[a]:
                self.pursued[a] = int(s.default[a])
        pace, reference = at(d.pace, self.row), at(d.reference, self.row)
        moves = [
            [0.0 if np.isfinite(reference[k]) else float(s.moves[o, k] * pace[k]) for k in range(len(s.issues))]
            for o in self.pursued
        ]
        picked = {}
        for a in range(len(s.actors)):
            near = self.day - self.touched[a] <= d.period
            rate = 0.0 if under_way[a] else float(at(d.alert if near else d.revise, self.row)[a])
            fresh = [
                c
                for c in range(s.slots)
                if s.holder[c, a]
                and self.owed(c)
                and self.kind(c) == "achieve"
                and s.day + self.day - int(self.ledger.since[0, c]) <= d.period
            ]
            if fresh:
                rate = max(rate, float(at(d.response, self.row)))
            if not (illegal[a] or revise[a] < rate):
                continue
            own = [int(o) for o in d.minds[a].own]
            value = self.value(a, moves)
            lam = float(at(d.minds[a].rationality, self.row))
            best = max(v for v, o in zip(value, own, strict=True) if self.legal(o))
            weight = [exp(lam * (v - best)) if self.legal(o) else 0.0 for v, o in zip(value, own, strict=True)]
            mark, running = choosing[a] * sum(weight), 0.0
            for o, w in zip(own, weight, strict=True):
                running += w
                if running > mark:
                    picked[a] = o
                    break
        for a, o in picked.items():
            self.pursued[a] = o
        new = [self.pursued[a] != before[a] for a in range(len(s.actors))]
        for a in range(len(s.actors)):
            if new[a]:
                self.onset[a] = self.day
        happened = []
        for e in range(len(s.emitted)):
            o = int(s.option[e])
            a = int(s.maker[o])
            if self.pursued[a] == o and chance[e] < at(d.chance, self.row)[e] and (not s.first[e] or new[a]):
                happened.append(e)
        for e in happened:
            if s.emitted[e].type in ("offensive", "territorial-change", "attack-on-post"):
                self.alarm = self.day
            for a in range(len(s.actors)):
                if s.pace.touches[e, a]:
                    self.touched[a] = self.day
        self.note(happened)
        for k in range(len(s.issues)):
            drift = sum(
                float(s.moves[o, k]) / (float(s.lasts[o]) if s.lasts[o] > 0 else d.period) for o in self.pursued
            )
            self.x[k] = min(max(self.x[k] + drift * float(pace[k]), 0.0), 1.0)
            if np.isfinite(reference[k]):
                self.x[k] = 1.0 - exp(-self.people / float(reference[k]))
        self.people = people
        self.day += 1
        return happened

    def note(self, happened: list[int]) -> None:
        s, led = self.s, self.ledger
        kept, broken = led.kept[0].copy(), led.broken[0].copy()
        counts = np.zeros((1, s.signals.shape[1]), dtype=np.float32)
        for e in happened:
            counts[0] += s.signals[e]
        for c in [c for c, day in self.resumes.items() if day == self.day]:
            led.shut[0, c] = False
            del self.resumes[c]
        for e in happened:
            for c in range(s.slots):
                if s.delays[e] and s.delayed[e, c]:
                    self.resumes[c] = max(self.resumes.get(c, 0), self.day + int(s.delays[e]))
        step_ledger(s.plan, led, s.day + self.day, counts)
        spill = float(at(self.d.spill, self.row))
        left = float(at(self.d.keep, self.row))
        self.alpha = [1.0 + left * (v - 1.0) if v > 1.0 else v for v in self.alpha]
        self.beta = [1.0 + left * (v - 1.0) if v > 1.0 else v for v in self.beta]
        good = [float(led.kept[0, c] - kept[c]) * bool(led.own_reading[0, c]) for c in range(s.slots)]
        bad = [float(led.broken[0, c] - broken[c]) * bool(led.own_reading[0, c]) for c in range(s.slots)]
        for c in range(s.slots):
            for e in range(s.slots):
                shared = any(s.holder[c, a] and s.holder[e, a] for a in range(len(s.actors)))
                share = 1.0 if c == e else spill if shared and s.adverse[c] == s.adverse[e] else 0.0
                self.alpha[c] += share * good[e]
                self.beta[c] += share * bad[e]
        for e in happened:
            if e in self.shown or not s.backs[e].any():
                continue
            self.shown.add(e)
            ratio = exp(float(at(self.d.evidence[s.shows[e]], self.row)))
            for c in range(s.slots):
                if s.backs[e, c]:
                    cases = self.alpha[c] + self.beta[c]
                    odds = self.alpha[c] / self.beta[c] * ratio
                    self.alpha[c], self.beta[c] = cases * odds / (1.0 + odds), cases / (1.0 + odds)
