"""A baseline from positions alone: the expected-utility bargaining model, round by round (Bueno de Mesquita).

Actors with a position on one scale, a capability and a salience challenge one another; who is in danger takes fewer
risks; who expects to lose gives way, in part or wholly. Source of the formulas: Bueno de Mesquita (1994), "Political
forecasting: an expected utility method", as set out by Scholz, Calbert and Smith (2011), J. Theoretical Politics 23.
Where the published descriptions differ, `Rule` says which is followed; see docs/decisions/0044-bargaining-rounds.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.case.strategy import Outcome
from standoff.commitments.patterns.pattern import Emitted
from standoff.oneline import OneLine
from standoff.world.setting import fits

Floats = NDArray[np.float64]
SAME = 1e-9  # positions closer than this share of the scale are one position
ROUNDS = 10


@dataclass(frozen=True, slots=True, repr=False)
class Rule(OneLine):
    """What the published descriptions leave open.

    ``contest``: a chance is a share of the votes cast on the ``pair`` of alternatives (both chances sum to 1), or of
    the votes cast on all pairs of actors (``group``). ``compromise``: of several, an actor takes the one of ``least``
    move, or the one whose weighted midpoint is ``lowest`` on the scale, which depends on the way the scale runs.
    """

    contest: Literal["pair", "group"] = "pair"
    compromise: Literal["least", "lowest"] = "least"


PUBLISHED = Rule("group", "lowest")  # gives the rounds of the public log of the car-emissions example


def votes(position: Floats, weight: Floats, a: float, b: float) -> Floats:
    """Return each actor's vote for ``a`` over ``b`` (negative: against); ``weight`` is capability times salience."""
    return np.asarray(weight * (np.abs(position - b) - np.abs(position - a)))


def success(position: Floats, weight: Floats, a: float, b: float) -> float:
    """Return the share of the votes cast that goes to ``a`` over ``b``; one half when nobody minds."""
    cast = votes(position, weight, a, b)
    total = float(np.abs(cast).sum())
    return float(cast[cast > 0].sum()) / total if total > 0 else 0.5


def positions_by_round(
    position: Floats, capability: Floats, salience: Floats, *, rounds: int = ROUNDS, rule: Rule | None = None
) -> Floats:
    """Return every actor's position before the first round and after each, [rounds + 1, A].

    ``position`` is on any scale, ``capability`` is at least 0 and ``salience`` between 0 and 1, all [A]. The scale
    is as long as the first positions are apart. In a round everybody moves at once. Raises ValueError where
    lengths differ, a number is out of bounds or ``rounds`` is negative.
    """
    x, c, s = (np.asarray(v, dtype=np.float64) for v in (position, capability, salience))
    if not x.shape == c.shape == s.shape or x.ndim != 1:
        raise ValueError("position, capability and salience: one number an actor each")
    if not np.all(np.isfinite(x)) or not np.all(c >= 0) or not np.all((s >= 0) & (s <= 1)) or rounds < 0:
        raise ValueError("finite positions, capability of at least 0, salience between 0 and 1, rounds of at least 0")
    length = float(np.ptp(x)) if x.size else 0.0
    path = [x]
    for _ in range(rounds):
        path.append(_round(path[-1], c * s, s, length, rule or Rule()) if length > 0 else x)
    return np.stack(path)


def _round(x: Floats, weight: Floats, salience: Floats, length: float, rule: Rule) -> Floats:
    """Return the positions after one round."""
    apart = np.round(np.abs(x[:, None] - x[None, :]) / length, 12)  # ties stay ties in any unit
    exponent = _risk(apart, weight, salience, rule)
    chance = _chances(apart, weight, exponent, rule)
    by_receiver = exponent[:, None]  # an offer is weighed by who receives it, both sides of it
    mine = _challenge(apart, chance, salience[None, :], by_receiver)
    theirs = _challenge(apart, chance.T, salience[:, None], by_receiver)
    return np.array([_answer(i, x, apart[i], mine[i], theirs[i], rule) for i in range(x.size)])


def _chances(apart: Floats, weight: Floats, exponent: Floats, rule: Rule) -> Floats:
    """Return the chance [A, A] that the row's position beats the column's; everybody votes, with their own exponent."""
    loss = weight[:, None] * apart ** exponent[:, None]  # [voter, position]
    cast = loss[:, None, :] - loss[:, :, None]  # [voter, for, against]
    all_cast = np.abs(cast).sum(axis=0)
    total = all_cast if rule.contest == "pair" else np.full_like(all_cast, all_cast.sum())
    won = np.maximum(cast, 0.0).sum(axis=0)
    return np.asarray(np.divide(won, total, out=np.full_like(total, 0.5), where=total > 0))


def _challenge(apart: Floats, chance: Floats, resists: Floats, exponent: Floats) -> Floats:
    """Return what a challenge is expected to bring over leaving things as they are.

    The other gives in without a fight with chance 1 - ``resists``, its salience.
    """
    won = 2.0 - 4.0 * (0.5 - 0.5 * apart) ** exponent
    lost = 2.0 - 4.0 * (0.5 + 0.5 * apart) ** exponent
    kept = 2.0 - 4.0 * 0.5**exponent
    return np.asarray(resists * (chance * won + (1.0 - chance) * lost) + (1.0 - resists) * won - kept)


def _risk(apart: Floats, weight: Floats, salience: Floats, rule: Rule) -> Floats:
    """Return the risk exponents [A], from one half for who is most in danger to two for the safest.

    Danger is the sum of what the others expect from a challenge, with every exponent at one.
    """
    one = np.ones(weight.size)
    brings = _challenge(apart, _chances(apart, weight, one, rule), salience[None, :], one[:, None])
    danger = brings.sum(axis=0) - np.diagonal(brings)
    spread = float(np.ptp(danger))
    if spread <= SAME:
        return one
    relative = (2.0 * danger - danger.max() - danger.min()) / spread
    return np.asarray((1.0 - relative / 3.0) / (1.0 + relative / 3.0))


def _answer(i: int, x: Floats, apart: Floats, mine: Floats, theirs: Floats, rule: Rule) -> float:
    """Return where actor ``i`` moves: to the nearest it would lose to, else a compromise, else where it must, else not.

    ``mine`` is what it expects of challenging each other actor, ``theirs`` what it takes them to expect, [A].
    """
    other = apart > SAME
    if np.any(lost := other & (theirs > mine) & (mine > 0)):
        return float(x[_first(lost, apart)])
    if np.any(part := other & (theirs > -mine) & (mine < 0)):
        share = -mine[part] / theirs[part]
        offers = x[i] + (x[part] - x[i]) * share
        if rule.compromise == "least":
            return float(offers[np.argmin(share * apart[part])])
        middle = (-mine[part] * x[i] + theirs[part] * x[part]) / (theirs[part] - mine[part])
        return float(offers[np.argmin(middle)])
    if np.any(compelled := other & (theirs > 0) & (mine < 0) & (theirs < -mine)):
        return float(x[_first(compelled, apart)])
    return float(x[i])


def _first(among: NDArray[np.bool_], apart: Floats) -> int:
    """Return the nearest actor of those marked."""
    return int(np.argmin(np.where(among, apart, np.inf)))


def bargained_share(case: Case, outcome: Outcome | None, *, rounds: int = ROUNDS) -> float | None:
    """Return the vote share, after bargaining, of the way an outcome would move its issue; None without one.

    The issue is the one whose move, by the options that bring the outcome about, matters most to those whose options
    they are (move times salience); the alternatives are its end in that direction and where it stands. All actors
    count alike: a case has no capabilities. With no ``rounds`` it is the share before anybody gives way.
    """
    if outcome is None:
        return None
    cares = {(s.actor, s.issue): s.salience for s in case.stakes.values()}
    moved = dict.fromkeys(case.issues, 0.0)
    for option in case.options.values():
        hit = outcome.border and option.sets_border == outcome.border
        for e in option.emits:
            emitted = Emitted(type=e.type, actor=e.actor or (option.actor,), target=e.target, sector=e.sector)
            hit = hit or (outcome.event is not None and e.chance >= 0.5 and fits(outcome.event, emitted))
        if hit:
            for issue, step in option.moves.items():
                moved[issue] += step * cares.get((option.actor, issue), 0.0)
    if not any(moved.values()):
        return None
    issue = max(moved, key=lambda name: abs(moved[name]))
    stakes = [s for s in case.stakes.values() if s.issue == issue]
    salience = np.array([s.salience for s in stakes])
    settled = positions_by_round(np.array([s.position for s in stakes]), np.ones(len(stakes)), salience, rounds=rounds)[
        -1
    ]
    return success(settled, salience, 1.0 if moved[issue] > 0 else 0.0, case.issues[issue].start)
