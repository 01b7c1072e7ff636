"""Which disputed question an outcome hangs on: shares of variance, Shapley effects, and the Brier score to be gained.

Let Y be 1 where the outcome came about and q the answers a trajectory was drawn under. With a quadratic score the
expected Brier reduction from learning q is Var(E[Y|q]), the numerator of the first-order Sobol index; one ensemble with
answers drawn per trajectory ranks all disputes. Var(Y) = E[Var(Y|q)] (chance) + Var(E[Y|q]) (disputed facts).

The variance of conditional means is the sum of squares between groups of a one-way analysis of variance less what
chance alone would give it, so that Monte-Carlo noise is taken out: it is unbiased, and told as 0 where it comes out
below. What several disputes explain together is fitted as richly as the trajectories bear (explained.py). Shapley
effects for dependent inputs follow Song, Nelson and Staum (2016). Intervals and rank chances come from a bootstrap over
trajectories.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.runs.ensemble import Batch, Plan, run_batch, values_of

# How much of an outcome's variance several disputes explain together, with the noise of fitting taken out.
#
# With many disputes almost every trajectory has a combination of answers of its own, and the groups of a one-way
# analysis
# of variance hold nothing to average. The answers are then fitted with fewer terms: each answer's own effect and
# those
# of pairs, or each answer's own effect alone. The richest fit with at least ``ROOM`` trajectories a term is taken,
# and
# the same for every set of disputes, so that sets can be compared.


Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROOM = 8  # trajectories for each term that is fitted
MOST = 400  # terms of a fit with pairs


def between(y: Floats, group: Ints) -> float:
    """Return the variance of the group means of ``y`` [n], weighted by group size, less the share that is noise.

    With G groups and within-group mean square M it is ``(SS_between - (G - 1) M) / n``; 0 for a single group.
    """
    return _between(y, group)[0]


def _between(y: Floats, group: Ints) -> tuple[float, float]:
    n = y.size
    size = np.bincount(group)
    total = np.bincount(group, weights=y)[size > 0]
    size = size[size > 0]
    if size.size < 2 or n <= size.size:
        return 0.0, 0.0
    mean = total / size
    within = float((y * y).sum() - (size * mean * mean).sum()) / (n - size.size)
    among = float((size * (mean - y.mean()) ** 2).sum())
    noise = (size.size - 1) * within / n
    return among / n - noise, noise


def code(answers: Ints, columns: Sequence[int]) -> Ints:
    """Return one group number for each distinct combination of the given columns of ``answers`` [n, D]."""
    key = np.zeros(answers.shape[0], dtype=np.int64)
    for column in columns:
        _, value = np.unique(answers[:, column], return_inverse=True)
        _, key = np.unique(key * (int(value.max(initial=0)) + 1) + value, return_inverse=True)
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Terms of a fit: ``terms`` [n, K] of numbers, ``owners`` the disputes (positions in ``varied``) of each term.

    ``kind`` is ``combinations`` (no terms: every combination of answers is a group of its own), ``pairs`` or
    ``one by one``. ``answers`` [n, D] holds the columns of the disputes that vary.
    """

    kind: str
    answers: Ints
    terms: Floats
    owners: tuple[frozenset[int], ...]

    @property
    def disputes(self) -> int:
        """How many disputes vary."""
        return int(self.answers.shape[1])

    @classmethod
    def of(cls, answers: Ints, varied: Sequence[int]) -> Fit:
        """Return the richest fit that the trajectories of ``answers`` [n, D] bear for the columns ``varied``."""
        mine = np.ascontiguousarray(answers[:, list(varied)])
        n, none = mine.shape[0], np.zeros((mine.shape[0], 0))
        if not len(varied) or (int(code(mine, range(mine.shape[1])).max(initial=0)) + 1) * ROOM <= n:
            return cls(kind="combinations", answers=mine, terms=none, owners=())
        blocks = [_dummies(mine[:, k]) for k in range(mine.shape[1])]
        columns = [b[:, j] for b in blocks for j in range(b.shape[1])]
        owners = [frozenset({k}) for k, b in enumerate(blocks) for _ in range(b.shape[1])]
        more = sum(blocks[a].shape[1] * blocks[b].shape[1] for a, b in combinations(range(len(blocks)), 2))
        kind = "one by one"
        if len(columns) + more <= min(n / ROOM, MOST):
            kind = "pairs"
            for a, b in combinations(range(len(blocks)), 2):
                for i in range(blocks[a].shape[1]):
                    for j in range(blocks[b].shape[1]):
                        columns.append(blocks[a][:, i] * blocks[b][:, j])
                        owners.append(frozenset({a, b}))
        return cls(kind=kind, answers=mine, terms=np.stack(columns, axis=1), owners=tuple(owners))

    def take(self, pick: Ints) -> Fit:
        """Return the same fit for the trajectories ``pick``."""
        return Fit(kind=self.kind, answers=self.answers[pick], terms=self.terms[pick], owners=self.owners)

    def explained(self, y: Floats, players: frozenset[int]) -> tuple[float, float]:
        """Return the variance of ``y`` [n] that the disputes ``players`` explain, and the noise taken out of it.

        With R terms of full rank and the residual mean square M the noise is ``R M / n``, as in ``between``.
        """
        if self.kind == "combinations":
            group = code(self.answers, sorted(players))
            return _between(y, group)
        mine = [j for j, owner in enumerate(self.owners) if owner <= players]
        if not mine:
            return 0.0, 0.0
        n = y.size
        terms = self.terms[:, mine] - self.terms[:, mine].mean(axis=0)
        gram, cross = terms.T @ terms / n, terms.T @ (y - y.mean()) / n
        values, vectors = np.linalg.eigh(gram)
        sound = values > 1e-9 * max(float(values[-1]), 1e-300)  # answers that go together give no term of their own
        rank = int(sound.sum())
        if n <= rank + 1:
            return 0.0, 0.0
        along = vectors[:, sound].T @ cross
        raw = float((along * along / values[sound]).sum())
        noise = rank * (float(y.var()) - raw) / (n - 1 - rank)
        return raw - noise, noise


def _dummies(answer: Ints) -> Floats:
    """Return an indicator of each answer but the first [n, answers - 1], less its mean."""
    values = np.unique(answer)[1:]
    found = (answer[:, None] == values[None, :]).astype(np.float64)
    centred: Floats = found - found.mean(axis=0)
    return centred


EXACT = 10  # disputes up to which all subsets are taken for Shapley effects
ENDS = 60  # bootstrap samples for the interval of the disputed share


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """How much the outcome hangs on one dispute; shares are of the disputed part of the variance.

    ``brier`` is the expected reduction of the Brier score if the dispute were settled, with a 90 % bootstrap interval
    ``low`` to ``high``; ``p_top`` the share of bootstrap samples in which it is the largest.
    """

    name: str
    brier: float
    low: float
    high: float
    first_order: float
    first_low: float
    first_high: float
    total: float
    shapley: float
    p_top: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Shares of the variance of an outcome due to chance and to disputed facts, and the disputes, largest first.

    ``fitted`` says how answers were taken together (``Fit.kind``); ``low`` and ``high`` are the 90 % bootstrap interval
    of ``share_disputed``, nan without effects.
    """

    n: int
    variance: float
    share_chance: float
    share_disputed: float
    low: float
    high: float
    fitted: str
    ranked: tuple[Ranked, ...]


def shapley(count: int, worth: Callable[[frozenset[int]], float], rng: Generator, permutations: int = 40) -> Floats:
    """Return Shapley values of ``count`` players; exact up to ``EXACT`` of them, else from random permutations.

    Each permutation is taken with its reverse, so that what two players do together is halved exactly.
    """
    known: dict[frozenset[int], float] = {frozenset(): 0.0}

    def of(players: frozenset[int]) -> float:
        if players not in known:
            known[players] = worth(players)
        return known[players]

    out = np.zeros(count)
    if count <= EXACT:
        for mask in range(2**count):
            players = frozenset(i for i in range(count) if mask >> i & 1)
            rest = count - len(players)
            for i in set(range(count)) - players:
                weight = factorial(len(players)) * factorial(rest - 1) / factorial(count)
                out[i] += weight * (of(players | {i}) - of(players))
        return out
    orders = [order for _ in range(permutations // 2) for one in [rng.permutation(count)] for order in (one, one[::-1])]
    for order in orders:
        before = frozenset[int]()
        for i in order:
            now = before | {int(i)}
            out[i] += (of(now) - of(before)) / len(orders)
            before = now
    return out


def rank(
    y: Floats, answers: Ints, names: Sequence[str], *, rng: Generator, bootstrap: int = 200, effects: bool = True
) -> Ranking:
    """Rank disputes (columns of ``answers`` [n, D]) by how much outcome ``y`` [n] hangs on each of them.

    Disputes on which all trajectories agree are left out. ``effects=False`` skips total and Shapley effects (nan).
    """
    n = y.size
    varied = [k for k in range(answers.shape[1]) if np.unique(answers[:, k]).size > 1]
    variance = float(y.var())
    fit = Fit.of(answers, varied)
    whole = frozenset(range(len(varied)))
    groups = {k: code(answers, [k]) for k in varied}
    point = {k: between(y, groups[k]) for k in varied}
    together, noise = fit.explained(y, whole)
    disputed = min(max([together, 0.0, *point.values()]), variance)  # no part is above the whole
    samples = np.zeros((bootstrap, len(varied)))
    for b in range(bootstrap):
        pick = rng.integers(0, n, n)
        samples[b] = [between(y[pick], groups[k][pick]) for k in varied]
    top = np.bincount(samples.argmax(axis=1), minlength=len(varied)) / bootstrap if varied else np.zeros(0)
    total, share = np.full(len(varied), np.nan), np.full(len(varied), np.nan)
    ends = (0.0, 0.0) if effects else (float("nan"), float("nan"))
    if effects and variance > 0:
        ends = _ends(y, fit, noise, variance, rng)
    if effects and varied and disputed > 0:

        def worth(players: frozenset[int]) -> float:
            found = max([fit.explained(y, players)[0], 0.0, *(point[varied[i]] for i in players)])
            return min(found, disputed)

        share = shapley(len(varied), worth, rng) / disputed
        others = [whole - {i} for i in range(len(varied))]
        total = np.array([1.0 - worth(rest) / disputed for rest in others])
    low, high = np.quantile(samples, (0.05, 0.95), axis=0) if varied else (np.zeros(0), np.zeros(0))
    made = [
        Ranked(
            name=names[k],
            brier=max(point[k], 0.0),
            low=max(float(low[i]), 0.0),
            high=max(float(high[i]), 0.0),
            first_order=_share(point[k], disputed),
            first_low=_share(float(low[i]), disputed),
            first_high=_share(float(high[i]), disputed),
            total=float(total[i]),
            shapley=float(share[i]),
            p_top=float(top[i]),
        )
        for i, k in enumerate(varied)
    ]
    made.sort(key=lambda r: (-r.brier, r.name))
    return Ranking(
        n=n,
        variance=variance,
        share_chance=1.0 - disputed / variance if variance > 0 else 1.0,
        share_disputed=disputed / variance if variance > 0 else 0.0,
        low=ends[0],
        high=ends[1],
        fitted=fit.kind,
        ranked=tuple(made),
    )


def _ends(y: Floats, fit: Fit, noise: float, variance: float, rng: Generator) -> tuple[float, float]:
    """Return the 90 % bootstrap interval of the disputed share.

    A sample drawn from the trajectories takes their noise for effect once more, so that it is taken off once more.
    """
    found = []
    for _ in range(ENDS):
        pick = rng.integers(0, y.size, y.size)
        found.append(fit.take(pick).explained(y[pick], frozenset(range(fit.disputes)))[0] - noise)
    low, high = np.quantile(found, (0.05, 0.95)) / variance
    return min(max(float(low), 0.0), 1.0), min(max(float(high), 0.0), 1.0)


def _share(part: float, whole: float) -> float:
    return min(max(part, 0.0) / whole, 1.0) if whole > 0 else 0.0


# What an outcome hangs on, from one ensemble: disputes, model parameters, and what stock set aside would be worth.
#
# Disputes are drawn per trajectory by the account. Parameters are those that every trajectory draws (margins.py),
# and are
# analysed with SALib's RBD-FAST (Tarantola, Gatelli and Mara 2006; Plischke 2010), which needs no design.
# The worth of an answer for one humanitarian decision, how much to set aside for the newly displaced before they
# arrive,
# is the expected value of partial perfect information (EVPPI) of a newsvendor: ``cost * stock + penalty *
# max(people -
# stock, 0)`` (Strong and Oakley 2013 for EVPPI; the loss is the textbook's).


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What settling one dispute is worth to whoever sets stock aside: EVPPI in units of cost, noise taken out."""

    name: str
    evppi: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocked:
    """The stock that is best under all uncertainty, its expected loss, and what each answer would save."""

    cost: float
    penalty: float
    stock: float
    loss: float
    worth: tuple[Worth, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """First-order share of the whole variance of an outcome (chance included) due to one parameter."""

    name: str
    title: str
    low: float
    high: float
    first_order: float
    error: float


def best_stock(people: Floats, cost: float, penalty: float) -> tuple[float, float]:
    """Return the stock that minimises the mean of ``cost S + penalty max(D - S, 0)`` and that mean.

    The critical fractile: the ``1 - cost / penalty`` quantile of demand D (Arrow, Harris and Marschak 1951).
    """
    if not 0.0 < cost < penalty:
        raise StandoffError.of(
            f"cost {cost:g}, penalty {penalty:g}", file="--stock", expected="0 < cost < penalty, such as 1:5"
        )
    stock = float(np.quantile(people, 1.0 - cost / penalty, method="inverted_cdf"))
    return stock, float((cost * stock + penalty * np.maximum(people - stock, 0.0)).mean())


def evppi(people: Floats, group: Ints, cost: float, penalty: float) -> float:
    """Return how much knowing the group lowers the expected loss; biased upwards where groups are small."""
    _, without = best_stock(people, cost, penalty)
    share = 0.0
    for value in np.unique(group):
        mine = people[group == value]
        share += mine.size / people.size * best_stock(mine, cost, penalty)[1]
    return without - share


def stocked(
    people: Floats, answers: Ints, names: Sequence[str], cost: float, penalty: float, rng: Generator, shuffles: int = 20
) -> Stocked:
    """Return the best stock and the EVPPI of every dispute, less what shuffled answers would seem to be worth."""
    stock, loss = best_stock(people, cost, penalty)
    worth = []
    for k, name in enumerate(names):
        group = answers[:, k]
        if np.unique(group).size < 2:
            continue
        noise = np.mean([evppi(people, rng.permutation(group), cost, penalty) for _ in range(shuffles)])
        boots = []
        for _ in range(shuffles):
            pick = rng.integers(0, people.size, people.size)
            boots.append(evppi(people[pick], group[pick], cost, penalty) - 2.0 * float(noise))
        low, high = np.quantile(boots, (0.05, 0.95))
        found = evppi(people, group, cost, penalty) - float(noise)
        worth.append(Worth(name=name, evppi=max(found, 0.0), low=max(float(low), 0.0), high=max(float(high), 0.0)))
    worth.sort(key=lambda w: (-w.evppi, w.name))
    return Stocked(cost=cost, penalty=penalty, stock=stock, loss=loss, worth=tuple(worth))


def drawn(made: Plan, account: str) -> tuple[list[str], Floats]:
    """Return the names of the drawn parameters and what each trajectory of an account drew [n, names].

    Those that an answer of the account sets for some trajectories are left out.
    """
    at, spec = made.openings[account], made.spec
    taken = {name for one in at.parameters for name in one}
    names = [m.name for m in at.margins if m.name not in taken]
    stretch = made.stretches[spec.scenarios[0]][0]
    batches = [values_of(made.setting, at, spec, number, stretch).own for number in range(len(spec.sizes))]
    columns = [np.concatenate([batch[name] for batch in batches]) for name in names]
    return names, np.stack(columns, axis=1) if columns else np.zeros((spec.trajectories, 0))


def influences(case: Case, names: Sequence[str], points: Floats, y: Floats, seed: int) -> tuple[Influence, ...]:
    """Return first-order shares of parameters by RBD-FAST, largest first. Raises StandoffError without SALib."""
    try:
        from SALib.analyze import rbd_fast
    except ImportError:
        raise StandoffError.of(
            "SALib is not installed", file="--parameters", expected="pip install 'standoff[analysis]'"
        ) from None
    ranges = [list(case.parameters[name].range) for name in names]
    problem = {"num_vars": len(names), "names": list(names), "bounds": ranges}
    if y.std() == 0.0:
        return ()
    found = rbd_fast.analyze(problem, points, y, M=4, num_resamples=50, seed=seed)
    made = [
        Influence(
            name=name,
            title=case.parameters[name].title,
            low=ranges[i][0],
            high=ranges[i][1],
            first_order=max(float(found["S1"][i]), 0.0),
            error=float(found["S1_conf"][i]),
        )
        for i, name in enumerate(names)
    ]
    return tuple(sorted(made, key=lambda r: (-r.first_order, r.name)))


def rerun(made: Plan, account: str) -> Sequence[Batch]:
    """Run the batches of one account in this process."""
    scenario = made.spec.scenarios[0]
    at, stretches = made.openings[account], made.stretches[scenario]
    return [run_batch(made.setting, at, made.spec, stretches, b) for b in range(len(made.spec.sizes))]
