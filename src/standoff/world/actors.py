"""How an actor chooses: stakes, the commitment cascade, its own commitments, and a logit over legal options.

The forms (m = 1 .. lookahead; j looks, c is a commitment, holder and consequent as in the ledger)::

    u_j(x) = - sum_k salience_jk |x_k - position_jk|^rho            best to worst on j's core issue is 1
    W_jc^0 = 0      W_jc^m = pi_c [ L_jc + delta * sum_c' B_cc' W_jc'^(m-1) ]
    V_j(a) = u_j(x + moves_a) - u_j(x) - cost_a - ties + sum_{c of others} T_ac W_jc^lookahead + own_j(a)
    own_j(a) = - sum_{c of j} (chance that a reneges on c) R_jc
    R_jc = audience * pi_c + reputation * sum_{c' of j} (drop of pi_c' on a breach of c) * worth_c'
    P_j(a) = exp(lambda_j V_j(a)) / sum_b exp(lambda_j V_j(b))      over legal options

``pi`` is the public belief that a commitment is kept, L the worth to j of the option by which its holder would keep
it, T and B the chances that an option, or a kept commitment, meets the condition of a commitment within one period.
Logit choice is McFadden's (1974); with beliefs that equal the model's own chances of keeping, and moves in sequence, it
is the agent quantal response equilibrium of McKelvey and Palfrey (1998). lambda and the scale of u are not identified
apart.

Arrays have the trajectory as first axis; an array that is the same for all has length 1 there. Inside, and in what
``gains`` and ``cascade`` give and take, it is the last, so that inner loops are long and lie in memory in order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.oneline import OneLine

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Chances = list[Floats]  # of each player, its options


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Mind:
    """What one actor weighs. J own options, Q options it looks at (its own first), K issues, C commitments.

    ``harm`` [n or 1, Q]: what an option costs this actor (its cost, and its share of what it does to others).
    ``triggers`` [n or 1, J, C]: chance that an own option meets another's condition within a period; 0 for own ones.
    ``fulfils`` and ``breaches`` [n or 1, J, C]: chances that it keeps or breaks an own commitment. ``answer`` [Q, C]:
    weights (columns sum to 1, or 0) of the options by which the holder keeps c. ``owns`` [C]: commitments of its own.
    ``salience`` is [K], or [n, K] where trajectories draw it.
    ``absent`` [C]: commitments whose condition is that something is *not* done, so that T is 1 less the chance of it.
    """

    own: Ints
    moves: Floats
    position: Floats
    salience: Floats
    harm: Floats
    triggers: Floats
    fulfils: Floats
    breaches: Floats
    answer: Floats
    owns: Bools
    rationality: Floats
    audience: Floats
    reputation: Floats
    spill: Floats
    rho: float = 1.0

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Mind: {self.own.size} options, {int(self.owns.sum())} commitments of its own>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Prospect:
    """The commitments as they stand for the trajectories that look: all [r, C].

    ``belief``: pi. ``open``: condition not yet met, so that an option may meet it. ``due``: the share of what is owed
    that falls due before the next revision (0 where nothing is owed). ``kept``: in force as something not to do,
    and not broken yet.
    ``weight``: cases behind the belief (alpha + beta).
    """

    belief: Floats
    open: Floats
    due: Floats
    kept: Floats
    weight: Floats

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Prospect: {self.belief.shape[1]} commitments, {self.belief.shape[0]} trajectories>"


def pick_rows(values: NDArray[Any], pick: Ints | slice) -> NDArray[Any]:
    """Return the rows of an array whose first axis is the trajectory, or 1 for all alike."""
    return values if values.shape[0] == 1 else values[pick]


def utility(x: Floats, position: Floats, salience: Floats, rho: float = 1.0) -> Floats:
    """Return ``- sum_k salience_k |x_k - position_k|^rho`` [r]; ``x`` [r, K], ``salience`` [K] or [r, K]."""
    distance = np.abs(x - position)
    if rho != 1.0:
        distance = distance**rho
    return np.asarray(-(distance * salience).sum(axis=-1))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OptionEffects(OneLine):
    """Options whose worth an actor weighs, picked out of its mind once for a batch: rows ``which`` [q].

    ``harm`` [q, n or 1] and, for each issue it cares about that some of them move: the issue, those that move it (None:
    all), and by how much as a column.
    """

    which: Ints
    harm: Floats
    shifts: tuple[tuple[int, Ints | None, Floats], ...]


def option_effects(mind: Mind, which: Ints) -> OptionEffects:
    """Return the options ``which`` of a mind, ready to be weighed."""
    moves = mind.moves[which]
    shifts: list[tuple[int, Ints | None, Floats]] = []
    for k in np.flatnonzero(np.atleast_2d(mind.salience).any(axis=0)).tolist():
        stirs = np.flatnonzero(moves[:, k])
        if stirs.size:
            shifts.append((k, None if stirs.size == which.size else stirs, moves[stirs, k][:, None]))
    return OptionEffects(which=which, harm=np.ascontiguousarray(mind.harm[:, which].T), shifts=tuple(shifts))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Horizon:
    """What of the commitments one actor has to look at, picked out of its mind once for a batch.

    ``layers[0]`` are the commitments that its options can trigger, ``layers[m + 1]`` those that keeping one of
    ``layers[m]`` can trigger, as positions in ``slots`` [U], their union; at most as many layers as lookahead.
    ``chains[m]`` [n or 1, layer m, layer m + 1] is B between them and ``triggers`` [n or 1, J, layer 0] is T.
    ``effects`` are the q options whose worth counts, the own ones first; ``answer`` [U, q] their weights. ``mine`` [H]
    are its own commitments; ``fulfils`` and ``breaches`` [n or 1, J, H] are theirs.
    """

    slots: Ints
    layers: tuple[Ints, ...]
    chains: tuple[Floats, ...]
    triggers: Floats
    effects: OptionEffects
    answer: Floats
    mine: Ints
    fulfils: Floats
    breaches: Floats

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Horizon: {self.slots.size} commitments in {len(self.layers)} layers>"


def horizon_of(mind: Mind, chain: Floats, lookahead: int) -> Horizon:
    """Return what an actor has to look at; ``chain`` (B) is [n or 1, C, C]."""
    linked = (chain != 0.0).any(axis=0)
    layers: list[Ints] = []
    if lookahead > 0:
        layers = [np.flatnonzero((mind.triggers != 0.0).any(axis=(0, 1)))]
        while layers[-1].size and len(layers) < lookahead:
            layers.append(np.flatnonzero(linked[layers[-1]].any(axis=0)))
        layers = [layer for layer in layers if layer.size]
    slots = np.unique(np.concatenate(layers)) if layers else np.zeros(0, dtype=np.int64)
    own = np.arange(mind.own.size)
    others = np.flatnonzero((mind.answer[:, slots] != 0.0).any(axis=1))
    which = np.concatenate([own, others[others >= own.size]])
    mine = np.flatnonzero(mind.owns)
    first = layers[0] if layers else slots
    return Horizon(
        slots=slots,
        layers=tuple(np.searchsorted(slots, layer) for layer in layers),
        chains=tuple(chain[:, a][:, :, b] for a, b in pairwise(layers)),
        triggers=mind.triggers[:, :, first],
        effects=option_effects(mind, which),
        answer=np.ascontiguousarray(mind.answer[which][:, slots].T),
        mine=mine,
        fulfils=mind.fulfils[:, :, mine],
        breaches=mind.breaches[:, :, mine],
    )


def option_gains(
    mind: Mind, effects: OptionEffects, x: Floats, pick: Ints | slice, salience: Floats | None = None
) -> Floats:
    """Return what each option looked at is worth to the actor over a period [q, r]: stakes less harm.

    ``x`` [r, K] lies between 0 and 1.
    """
    care = mind.salience if salience is None else salience
    if salience is None and care.ndim == 2:
        care = care[pick]
    harm = effects.harm if effects.harm.shape[1] == 1 else effects.harm[:, pick]
    out = np.empty((harm.shape[0], max(x.shape[0], harm.shape[1])))
    np.negative(harm, out=out)
    scratch = np.empty_like(out)
    start: Floats | None = None
    for k, stirs, step in effects.shifts:
        # distances from the position, scaled so that their power rho is already weighed: the bounds move with them
        weight = care[..., k] if mind.rho == 1.0 else care[..., k] ** (1.0 / mind.rho)
        position = mind.position[k]
        now = (x[:, k] - position) * weight
        after = np.add(step * weight, now, out=scratch[: step.shape[0]])
        after.clip(-position * weight, (1.0 - position) * weight, out=after)
        np.abs(after, out=after)
        np.abs(now, out=now)
        if mind.rho != 1.0:
            after **= mind.rho
            now **= mind.rho
        if stirs is None:  # what all of them start from is added once
            start = now if start is None else start + now
            out -= after
        else:
            np.subtract(now, after, out=after)
            out[stirs] += after
    if start is not None:
        out += start
    return out


def cascade(near: Horizon, belief: Floats, worth: Floats, discount: float, pick: Ints | slice) -> Floats:
    """Return W [layer 0, r]: what meeting the condition of each commitment that an actor can trigger leads to.

    ``belief`` (0 where a condition cannot be met now) and ``worth`` (L) are [U, r]. Only those commitments are worked
    out at each depth that the depth above asks for, which gives the same as the recursion over all of them.
    """
    deepest = near.layers[-1]
    reached = belief[deepest] * worth[deepest]
    for layer, chain in zip(near.layers[-2::-1], near.chains[::-1], strict=True):
        reached = _apply(pick_rows(chain, pick), reached)
        reached *= discount
        reached += worth[layer]
        reached *= belief[layer]
    return reached


def reneging(mind: Mind, belief: Floats, weight: Floats, warning: Floats, pick: Ints | slice) -> Floats:
    """Return R [H, r]: what going back on each own commitment costs, audience and reputation together.

    ``belief`` and ``weight`` (cases behind it) are [H, r]; ``warning`` [H] is what keeping each is worth as a warning.
    """
    value = np.abs(warning)[:, None]
    spill = pick_rows(mind.spill, pick)
    lost = belief / (weight + 1.0) * value
    if belief.shape[0] > 1 and spill.any():
        drop_other = belief * spill / (weight + spill) * value
        lost = lost + drop_other.sum(axis=0) - drop_other
    return np.asarray(pick_rows(mind.audience, pick) * belief + pick_rows(mind.reputation, pick) * lost)


def _apply(matrix: Floats, vector: Floats) -> Floats:
    """Return ``matrix`` [1 or r, J, C] times ``vector`` [C, r] as [J, r]."""
    if matrix.shape[0] == 1:
        return np.asarray(matrix[0] @ vector)
    return np.asarray(np.einsum("rjc,cr->jr", matrix, vector))


def option_values(
    mind: Mind,
    outlook: Prospect,
    x: Floats,
    pick: Ints | slice,
    *,
    near: Horizon,
    discount: float,
    deterrence: Floats | None = None,
    salience: Floats | None = None,
) -> Floats:
    """Return V [r, J], the worth of every own option of one actor to it.

    ``x`` [r, K] is where the issues would stand if the actor did nothing. ``near`` is its scope: it says how far it
    looks ahead. ``deterrence`` [C] is what keeping each own commitment is worth as a warning to others, in units of
    their core issues (used for reputation alone).
    """
    looked = option_gains(mind, near.effects, x, pick, salience)
    own = looked[: mind.own.size].copy() if near.layers else looked[: mind.own.size]
    if near.layers:
        believed = outlook.belief.T[near.slots] * outlook.open.T[near.slots]
        own += _apply(pick_rows(near.triggers, pick), cascade(near, believed, near.answer @ looked, discount, pick))
    mine = near.mine
    if mine.size:
        due, kept = outlook.due.T[mine], outlook.kept.T[mine]
        owing, keeping = due.any(), kept.any()
        if owing or keeping:
            warning = np.zeros(mine.size) if deterrence is None else deterrence[mine]
            cost = reneging(mind, outlook.belief.T[mine], outlook.weight.T[mine], warning, pick)
        if owing:
            due *= cost
            own += _apply(pick_rows(near.fulfils, pick), due) - due.sum(axis=0)
        if keeping:
            kept *= cost
            own -= _apply(pick_rows(near.breaches, pick), kept)
    return own.T


def logit(value: Floats, rationality: Floats, legal: Bools | None = None) -> Floats:
    """Return choice chances [r, J] from values [r, J]; options that are not legal have none, ties split evenly."""
    score = np.multiply(value.T, rationality, order="C")  # options first: long inner loops
    if legal is not None and not legal.all():
        score[~legal.T] = -np.inf
    score -= score.max(axis=0)
    np.exp(score, out=score)
    score /= score.sum(axis=0)
    return score.T


def draw(chances: Floats, uniform: Floats) -> Ints:
    """Return the column each row [r] draws, by inverting the distribution function; chance 0 is never drawn."""
    running = np.array(chances.T, order="C")
    for j in range(1, running.shape[0]):  # faster than cumsum over few and short columns
        running[j] += running[j - 1]
    picked = np.zeros(uniform.shape, dtype=np.int64)
    mark = uniform * running[-1]
    for reached in running[:-1]:
        picked += reached <= mark
    return picked


# Logit quantal response equilibria of normal-form games, along the principal branch from rationality 0 (McKelvey and
# Palfrey 1995): for actors that revise on one day and settle on each other's chances. One branch only: at high
# rationality other equilibria may exist.


NEWTON, HALVINGS = 50, 12  # steps at most, and halvings of one
NUDGE = 1e-7  # of a chance, for slopes


def fixed_point(
    answer: Callable[[Chances, float], Chances],
    start: Chances,
    *,
    steps: int = 20,
    damping: float = 0.5,
    tolerance: float = 1e-10,
    most: int = 5000,
) -> tuple[Chances, float]:
    """Return the fixed point of ``answer`` reached from ``start`` as the share of rationality goes from 0 to 1.

    ``answer(chances, share)`` gives each player's logit answer [.., J] to the others' chances, with every rationality
    multiplied by ``share``. Each stage is iterated with damping, lowered whenever the distance grows. Where that goes
    round in circles, as in Jordan's game of three players, Newton's method goes on from the stage before. Returns the
    chances and the largest distance left, so that the caller can tell whether it has settled.
    """
    now = [np.array(p, dtype=np.float64) for p in start]
    left = np.inf
    for share in np.linspace(0.0, 1.0, steps + 1)[1:]:
        weight, left, before = damping, np.inf, now
        for _ in range(most):
            new = answer(now, float(share))
            gap = max(float(np.abs(a - b).max(initial=0.0)) for a, b in zip(new, now, strict=True))
            if gap > left:
                weight = max(weight * 0.7, 0.01)
            left = gap
            now = [(1.0 - weight) * b + weight * a for a, b in zip(new, now, strict=True)]
            if gap < tolerance:
                break
        if left >= tolerance:
            nearer, gap = _by_newton(partial(_at, answer, float(share)), before, tolerance)
            if gap < left:
                now, left = nearer, gap
    return now, left


def _at(answer: Callable[[Chances, float], Chances], share: float, chances: Chances) -> Chances:
    return answer(chances, share)


def _by_newton(answer: Callable[[Chances], Chances], start: Chances, tolerance: float) -> tuple[Chances, float]:
    """Return where ``answer`` answers itself, sought from ``start`` by Newton's method, and the largest distance left.

    Slopes are differences of answers, one option at a time; a step that leads further away is halved.
    """
    sizes = np.cumsum([p.shape[-1] for p in start])
    lead = start[0].shape[:-1]

    def apart(flat: Floats) -> Floats:
        chances = [part.reshape(*lead, part.shape[-1]) for part in np.split(flat, sizes[:-1], axis=1)]
        return np.concatenate([a.reshape(len(flat), -1) for a in answer(chances)], axis=1) - flat

    now = np.concatenate([p.reshape(-1, p.shape[-1]) for p in start], axis=1)
    off = apart(now)
    for _ in range(NEWTON):
        if np.abs(off).max() < tolerance:
            break
        slope = np.empty((*now.shape, now.shape[1]))
        for option in range(now.shape[1]):
            moved = now.copy()
            moved[:, option] += NUDGE
            slope[:, :, option] = (apart(moved) - off) / NUDGE
        try:
            step = np.linalg.solve(slope, -off[..., None])[..., 0]
        except np.linalg.LinAlgError:  # a branch ends here: it has not settled, and the caller says so
            break
        for _ in range(HALVINGS):
            tried = np.clip(now + step, 0.0, 1.0)
            away = apart(tried)
            worse = np.abs(away).max(axis=1) > np.abs(off).max(axis=1)
            if not worse.any():
                break
            step = np.where(worse[:, None], step / 2.0, step)
        now, off = tried, away
    return [p.reshape(*lead, p.shape[-1]) for p in np.split(now, sizes[:-1], axis=1)], float(np.abs(off).max())


def two_player(payoffs: Sequence[Floats], rationality: Sequence[float] | float) -> tuple[Floats, Floats]:
    """Return the logit equilibrium of a two-player game; ``payoffs[i]`` [rows, columns] is player i's.

    Raises ValueError when the iteration does not settle.
    """
    a, b = (np.asarray(p, dtype=np.float64) for p in payoffs)
    first, second = (rationality, rationality) if isinstance(rationality, float | int) else rationality

    def answer(chances: Chances, share: float) -> Chances:
        replies = []
        for score in (share * first * (a @ chances[1]), share * second * (chances[0] @ b)):
            weight = np.exp(score - score.max())
            replies.append(weight / weight.sum())
        return replies

    start = [np.full(a.shape[0], 1.0 / a.shape[0]), np.full(a.shape[1], 1.0 / a.shape[1])]
    (p, q), left = fixed_point(answer, start)
    if left > 1e-8:
        raise ValueError(f"the equilibrium did not settle: {left:.1e} is left")
    return p, q
