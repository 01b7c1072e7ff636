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

Arrays have the trajectory as first axis; an array that is the same for all has length 1 there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mind:
    """What one actor weighs. J own options, Q options it looks at (its own first), K issues, C commitments.

    ``harm`` [n or 1, Q]: what an option costs this actor (its cost, and its share of what it does to others).
    ``triggers`` [n or 1, J, C]: chance that an own option meets another's condition within a period; 0 for own ones.
    ``fulfils`` and ``breaches`` [n or 1, J, C]: chances that it keeps or breaks an own commitment. ``answer`` [Q, C]:
    weights (columns sum to 1, or 0) of the options by which the holder keeps c. ``held`` [C]: commitments of its own.
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
    held: Bools
    rationality: Floats
    audience: Floats
    reputation: Floats
    spill: Floats
    rho: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
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


def rows(values: NDArray[Any], pick: Ints | slice) -> NDArray[Any]:
    """Return the rows of an array whose first axis is the trajectory, or 1 for all alike."""
    return values if values.shape[0] == 1 else values[pick]


def utility(x: Floats, position: Floats, salience: Floats, rho: float = 1.0) -> Floats:
    """Return ``- sum_k salience_k |x_k - position_k|^rho`` [r]; ``x`` [r, K], ``salience`` [K] or [r, K]."""
    distance = np.abs(x - position)
    if rho != 1.0:
        distance = distance**rho
    return np.asarray(-(distance * salience).sum(axis=-1))


def gains(mind: Mind, x: Floats, pick: Ints | slice, salience: Floats | None = None) -> Floats:
    """Return what each option looked at is worth to the actor over a period [r, Q]: stakes less harm."""
    care = mind.salience if salience is None else salience
    out = -rows(mind.harm, pick) - utility(x, mind.position, care, mind.rho)[:, None]
    for k in np.flatnonzero(mind.salience):  # issue by issue: long inner loops, and most actors care about few
        after = x[:, k, None] + mind.moves[:, k]
        np.minimum(after, 1.0, out=after)
        np.maximum(after, 0.0, out=after)
        after -= mind.position[k]
        np.abs(after, out=after)
        if mind.rho != 1.0:
            after **= mind.rho
        after *= care[k] if care.ndim == 1 else care[:, k, None]
        out -= after
    return out


def cascade(belief: Floats, worth: Floats, chain: Floats, discount: float, lookahead: int) -> Floats:
    """Return W [r, C]: what meeting the condition of each commitment leads to, ``lookahead`` steps deep.

    ``belief`` (0 where a condition cannot be met now) and ``worth`` (L) are [r, C]; ``chain`` (B) is [1 or r, C, C].
    """
    reached = np.zeros_like(worth)
    for depth in range(lookahead):
        if depth == 0:
            reached = belief * worth
        elif chain.shape[0] == 1:
            reached = belief * (worth + discount * (reached @ chain[0].T))
        else:
            reached = belief * (worth + discount * np.matmul(chain, reached[:, :, None])[:, :, 0])
    return reached


def reneging(mind: Mind, outlook: Outlook, worth: Floats, pick: Ints | slice) -> Floats:
    """Return R [r, H]: what going back on each own commitment costs, audience and reputation together.

    ``outlook`` and ``worth`` hold the H own commitments only.
    """
    value = np.abs(worth)
    spill = rows(mind.spill, pick)[:, None]
    lost = outlook.belief / (outlook.weight + 1.0) * value
    if spill.any() and value.shape[1] > 1:
        drop_other = outlook.belief * spill / (outlook.weight + spill) * value
        lost = lost + drop_other.sum(axis=1, keepdims=True) - drop_other
    return np.asarray(rows(mind.audience, pick)[:, None] * outlook.belief + rows(mind.reputation, pick)[:, None] * lost)


def _apply(matrix: Floats, vector: Floats) -> Floats:
    """Return ``matrix`` [1 or r, J, C] times ``vector`` [r, C] as [r, J]."""
    if matrix.shape[0] == 1:
        return np.asarray(vector @ matrix[0].T)
    return np.asarray(np.matmul(matrix, vector[:, :, None])[:, :, 0])


def values(
    mind: Mind,
    outlook: Outlook,
    x: Floats,
    pick: Ints | slice,
    *,
    chain: Floats,
    discount: float,
    lookahead: int,
    deterrence: Floats | float = 0.0,
    salience: Floats | None = None,
) -> Floats:
    """Return V [r, J], the worth of every own option of one actor to it.

    ``x`` [r, K] is where the issues would stand if the actor did nothing. ``deterrence`` [C] is what keeping each own
    commitment is worth as a warning to others, in units of their core issues (used for reputation alone).
    """
    looked = gains(mind, x, pick, salience)
    worth = looked @ mind.answer  # L_jc
    own = looked[:, : mind.own.size]
    if lookahead > 0:
        led_to = cascade(outlook.belief * outlook.open, worth, chain, discount, lookahead)
        own = own + _apply(rows(mind.triggers, pick), led_to)
    mine = np.flatnonzero(mind.held)
    if mine.size:
        about = Outlook(
            belief=outlook.belief[:, mine],
            open=outlook.open[:, mine],
            due=outlook.due[:, mine],
            kept=outlook.kept[:, mine],
            weight=outlook.weight[:, mine],
        )
        warning = np.broadcast_to(np.asarray(deterrence, dtype=np.float64), (worth.shape[1],))[mine]
        cost = reneging(mind, about, warning[None, :], pick)
        owed = cost * about.due
        own = own - owed.sum(axis=1, keepdims=True) + _apply(rows(mind.fulfils, pick)[:, :, mine], owed)
        own = own - _apply(rows(mind.breaches, pick)[:, :, mine], cost * about.kept)
    return own


def logit(value: Floats, rationality: Floats, legal: Bools | None = None) -> Floats:
    """Return choice chances [r, J] from values [r, J]; options that are not legal have none, ties split evenly."""
    score = np.multiply(value.T, rationality, order="C")  # options first: long inner loops
    if legal is not None:
        score[~legal.T] = -np.inf
    score -= score.max(axis=0)
    np.exp(score, out=score)
    score /= score.sum(axis=0)
    return score.T


def draw(chances: Floats, uniform: Floats) -> Ints:
    """Return the column each row [r] draws, by inverting the distribution function; chance 0 is never drawn."""
    total = np.cumsum(chances.T, axis=0)
    picked = (total <= uniform * total[-1]).sum(axis=0)
    return np.asarray(np.minimum(picked, chances.shape[1] - 1))
