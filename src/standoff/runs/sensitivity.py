"""Which disputed question an outcome hangs on: shares of variance, Shapley effects, and the Brier score to be gained.

Let Y be 1 where the outcome came about and q the answers a trajectory was drawn under. With a quadratic score the
expected Brier reduction from learning q is Var(E[Y|q]), the numerator of the first-order Sobol index; one ensemble with
answers drawn per trajectory ranks all disputes. Var(Y) = E[Var(Y|q)] (chance) + Var(E[Y|q]) (disputed facts).

The variance of conditional means is the sum of squares between groups of a one-way analysis of variance less what
chance alone would give it, so that Monte-Carlo noise is taken out: it is unbiased, and told as 0 where it comes out
below. Intervals and rank chances come from a bootstrap over trajectories. Shapley effects for dependent inputs follow
Song, Nelson and Staum (2016).

With many disputes almost every trajectory has a combination of answers of its own, and such groups hold nothing to
average. What several disputes explain together is then fitted with fewer terms (`Fit`): each answer's own effect and
those of pairs, or each answer's own effect alone. The richest fit with at least ``ROOM`` trajectories a term is taken,
and the same for every set of disputes, so that sets can be compared.

What stock set aside for the newly displaced would gain from an answer is the expected value of partial perfect
information (EVPPI) of a newsvendor: ``cost * stock + penalty * max(people - stock, 0)`` (Strong and Oakley 2013 for
EVPPI; the loss is the textbook's). Model parameters are analysed with SALib's RBD-FAST (Tarantola, Gatelli and Mara
2006; Plischke 2010), which needs no design.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.case.model import Case, refuse_errors
from standoff.errors import StandoffError, nearest
from standoff.evidence.accounts import answers_by_effect
from standoff.oneline import OneLine
from standoff.runs.ensemble import Plan, Tell, make_plan, run_plan, values_of
from standoff.runs.opening import MIXED
from standoff.runs.spec import Spec, make_spec
from standoff.values import as_day
from standoff.world.random_streams import stream

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROOM = 8  # trajectories for each term that is fitted
MOST = 400  # terms of a fit with pairs
EXACT = 10  # disputes up to which all subsets are taken for Shapley effects
MOST_AT_ONCE = 200_000  # outcomes of bootstrap samples that are looked at together
ENDS = 60  # bootstrap samples for the interval of the disputed share


def between(y: Floats, group: Ints) -> float:
    """Return the variance of the group means of ``y`` [n], weighted by group size, less the share that is noise.

    With G groups and within-group mean square M it is ``(SS_between - (G - 1) M) / n``; 0 for a single group.
    """
    return _between(y, group)[0]


def _between(y: Floats, group: Ints) -> tuple[float, float]:
    value, noise = _between_each(y[None], group[None])
    return float(value[0]), float(noise[0])


def _between_each(y: Floats, group: Ints) -> tuple[Floats, Floats]:
    """Return `between` and the noise of each of many samples [B]: ``y`` and ``group`` [B, n] go together."""
    many, n = y.shape
    groups = int(group.max(initial=0)) + 1
    key = (group + groups * np.arange(many)[:, None]).ravel()
    size = np.bincount(key, minlength=many * groups).reshape(many, groups)
    total = np.bincount(key, weights=y.ravel(), minlength=many * groups).reshape(many, groups)
    mean = np.divide(total, size, out=np.zeros(total.shape), where=size > 0)
    there = (size > 0).sum(axis=1)
    enough = (there >= 2) & (n > there)
    free = np.where(enough, n - there, 1)
    within = ((y * y).sum(axis=1) - (size * mean * mean).sum(axis=1)) / free
    among = (size * (mean - y.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    noise = (there - 1) * within / n
    return np.where(enough, among / n - noise, 0.0), np.where(enough, noise, 0.0)


def code(answers: Ints, columns: Sequence[int]) -> Ints:
    """Return one group number for each distinct combination of the given columns of ``answers`` [n, D]."""
    key = np.zeros(answers.shape[0], dtype=np.int64)
    for column in columns:
        _, value = np.unique(answers[:, column], return_inverse=True)
        _, key = np.unique(key * (int(value.max(initial=0)) + 1) + value, return_inverse=True)
    return key


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fit(OneLine):
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
        """Return the variance of ``y`` [n] that the disputes ``players`` explain, and the noise taken out of it."""
        return self.explainer(y)(players)

    def explainer(self, y: Floats) -> Callable[[frozenset[int]], tuple[float, float]]:
        """Return `explained` of one ``y`` [n] for any set of disputes; the products of terms are taken once.

        With R terms of full rank and the residual mean square M the noise is ``R M / n``, as in ``between``.
        """
        if self.kind == "combinations":
            return lambda players: _between(y, code(self.answers, sorted(players)))
        n = y.size
        centred = self.terms - self.terms.mean(axis=0)
        gram, cross = centred.T @ centred / n, centred.T @ (y - y.mean()) / n
        variance = float(y.var())

        def explained(players: frozenset[int]) -> tuple[float, float]:
            mine = [j for j, owner in enumerate(self.owners) if owner <= players]
            if not mine:
                return 0.0, 0.0
            values, vectors = np.linalg.eigh(gram[np.ix_(mine, mine)])
            sound = values > 1e-9 * max(float(values[-1]), 1e-300)  # answers that go together give no term of their own
            rank = int(sound.sum())
            if n <= rank + 1:
                return 0.0, 0.0
            along = vectors[:, sound].T @ cross[mine]
            raw = float((along * along / values[sound]).sum())
            noise = rank * (variance - raw) / (n - 1 - rank)
            return raw - noise, noise

        return explained


def _dummies(answer: Ints) -> Floats:
    """Return an indicator of each answer but the first [n, answers - 1], less its mean."""
    values = np.unique(answer)[1:]
    indicators = (answer[:, None] == values[None, :]).astype(np.float64)
    return np.asarray(indicators - indicators.mean(axis=0))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DisputeRank(OneLine):
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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ranking(OneLine):
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
    ranked: tuple[DisputeRank, ...]


def shapley(count: int, worth: Callable[[frozenset[int]], float], rng: Generator, permutations: int = 40) -> Floats:
    """Return Shapley values of ``count`` players; exact up to ``EXACT`` of them, else from random permutations.

    Each permutation is taken with its reverse, so that what two players do together is halved exactly.
    """
    memo: dict[frozenset[int], float] = {frozenset(): 0.0}

    def of(players: frozenset[int]) -> float:
        if players not in memo:
            memo[players] = worth(players)
        return memo[players]

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


def rank_disputes(
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
    explained = fit.explainer(y)
    together, noise = explained(whole)
    disputed = min(max([together, 0.0, *point.values()]), variance)  # no part is above the whole
    samples = np.zeros((bootstrap, len(varied)))
    step = max(1, MOST_AT_ONCE // max(n, 1))
    for first in range(0, bootstrap, step):
        picks = np.stack([rng.integers(0, n, n) for _ in range(min(step, bootstrap - first))])
        for i, k in enumerate(varied):
            samples[first : first + step, i] = _between_each(y[picks], groups[k][picks])[0]
    top = np.bincount(samples.argmax(axis=1), minlength=len(varied)) / bootstrap if varied else np.zeros(0)
    total, share = np.full(len(varied), np.nan), np.full(len(varied), np.nan)
    ends = (0.0, 0.0) if effects else (float("nan"), float("nan"))
    if effects and variance > 0:
        ends = _ends(y, fit, noise, variance, rng)
    if effects and varied and disputed > 0:

        def worth(players: frozenset[int]) -> float:
            part = max([explained(players)[0], 0.0, *(point[varied[i]] for i in players)])
            return min(part, disputed)

        share = shapley(len(varied), worth, rng) / disputed
        others = [whole - {i} for i in range(len(varied))]
        total = np.array([1.0 - worth(rest) / disputed for rest in others])
    low, high = np.quantile(samples, (0.05, 0.95), axis=0) if varied else (np.zeros(0), np.zeros(0))
    ranks = [
        DisputeRank(
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
    ranks.sort(key=lambda r: (-r.brier, r.name))
    return Ranking(
        n=n,
        variance=variance,
        share_chance=1.0 - disputed / variance if variance > 0 else 1.0,
        share_disputed=disputed / variance if variance > 0 else 0.0,
        low=ends[0],
        high=ends[1],
        fitted=fit.kind,
        ranked=tuple(ranks),
    )


def _ends(y: Floats, fit: Fit, noise: float, variance: float, rng: Generator) -> tuple[float, float]:
    """Return the 90 % bootstrap interval of the disputed share.

    A sample drawn from the trajectories takes their noise for effect once more, so that it is taken off once more.
    """
    shares = []
    for _ in range(ENDS):
        pick = rng.integers(0, y.size, y.size)
        shares.append(fit.take(pick).explained(y[pick], frozenset(range(fit.disputes)))[0] - noise)
    low, high = np.quantile(shares, (0.05, 0.95)) / variance
    return min(max(float(low), 0.0), 1.0), min(max(float(high), 0.0), 1.0)


def _share(part: float, whole: float) -> float:
    return min(max(part, 0.0) / whole, 1.0) if whole > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Worth(OneLine):
    """What settling one dispute is worth to whoever sets stock aside: EVPPI in units of cost, noise taken out."""

    name: str
    evppi: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Stock(OneLine):
    """The stock that is best under all uncertainty, its expected loss, and what each answer would save."""

    cost: float
    penalty: float
    stock: float
    loss: float
    worth: tuple[Worth, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Influence(OneLine):
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
    check_prices(cost, penalty)
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


def stock_worth(
    people: Floats, answers: Ints, names: Sequence[str], cost: float, penalty: float, rng: Generator, shuffles: int = 20
) -> Stock:
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
        gain = evppi(people, group, cost, penalty) - float(noise)
        worth.append(Worth(name=name, evppi=max(gain, 0.0), low=max(float(low), 0.0), high=max(float(high), 0.0)))
    worth.sort(key=lambda w: (-w.evppi, w.name))
    return Stock(cost=cost, penalty=penalty, stock=stock, loss=loss, worth=tuple(worth))


def parameter_draws(ensemble: Plan, account: str) -> tuple[list[str], Floats]:
    """Return the names of the drawn parameters and what each trajectory of an account drew [n, names].

    Those that an answer of the account sets for some trajectories are left out.
    """
    at, spec = ensemble.openings.draws[account], ensemble.spec
    fixed = set(at.values_set())
    names = [m.name for m in at.margins if m.name not in fixed]
    stretch = ensemble.stretches[spec.scenarios[0]][0]
    batches = [values_of(ensemble.setting, at, spec, number, stretch).own for number in range(len(spec.sizes))]
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
    indices = rbd_fast.analyze(problem, points, y, M=4, num_resamples=50, seed=seed)
    shares = [
        Influence(
            name=name,
            title=case.parameters[name].title,
            low=ranges[i][0],
            high=ranges[i][1],
            first_order=float(np.maximum(indices["S1"][i], 0.0)),
            error=float(indices["S1_conf"][i]),
        )
        for i, name in enumerate(names)
    ]
    return tuple(sorted(shares, key=lambda r: (-r.first_order, r.name)))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DisputeRanking:
    """What an outcome hangs on, of an ensemble of a case under one account.

    ``chance`` is the share of trajectories in which the outcome came about. ``together`` says that the answers are
    those that a voice holds together; else every dispute was drawn by itself. ``stock`` is the worth of answers for
    stock set aside, where prices were given.
    """

    outcome: str
    title: str
    account: str
    together: bool
    chance: float
    ranking: Ranking
    stock: Stock | None
    spec: Spec

    def __repr__(self) -> str:
        return f"<DisputeRanking {self.outcome}: {len(self.ranking.ranked)} disputes, n = {self.ranking.n:,}>"

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        stock = asdict(self.stock) if self.stock else None
        return {"ranking": asdict(self.ranking), "stock": stock, "spec": self.spec.as_json()}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ParameterRanking:
    """How much of an outcome's variance each drawn parameter explains, largest first."""

    outcome: str
    title: str
    account: str
    chance: float  # share of trajectories in which the outcome came about
    influences: tuple[Influence, ...]  # empty where it came about in none or in all of them
    spec: Spec

    def __repr__(self) -> str:
        return f"<ParameterRanking {self.outcome}: {len(self.influences)} parameters, n = {self.spec.trajectories:,}>"

    def as_json(self) -> list[dict[str, Any]]:
        """Return the rows as plain values, with None for what too few runs bear out."""
        rows = [asdict(influence) for influence in self.influences]
        return [{key: None if value != value else value for key, value in row.items()} for row in rows]


def rank(
    case: Case,
    *,
    outcome: str | None = None,
    together: bool = False,
    prices: tuple[float, float] | None = None,
    executor: Executor | None = None,
    tell: Tell | None = None,
    **options: Any,
) -> DisputeRanking:
    """Play a case and rank its disputes by how much an outcome hangs on each of them: sensitivity of this model.

    The answers are those of the pooled account, drawn question by question.

    Parameters
    ----------
    case : Case
        A case with options and disputes.
    outcome : str, optional
        The outcome of the case, by id. Default: its first.
    together : bool
        Keep together what one voice holds together; so do several ``accounts`` among the options.
    prices : tuple of float, optional
        Cost and penalty: adds the worth of answers for stock set aside.
    executor, tell
        As of `standoff.runs.ensemble.run`.
    options
        ``trajectories``, ``days``, ``start``, ``seed`` and the others of `simulate`.

    Returns
    -------
    DisputeRanking
        The disputes, those first on which the outcome hangs most, in units of the Brier score.

    Raises
    ------
    StandoffError
        For an unknown outcome, several accounts, or options out of bounds.

    Examples
    --------
    >>> import standoff as so
    >>> so.rank(so.load("idlib"), trajectories=20, days=5)
    <DisputeRanking offensive: 20 disputes, n = 20>
    """
    refuse_errors(case)
    together = together or bool(options.get("accounts"))
    name = _outcome(case, outcome)
    if prices is not None:
        check_prices(*prices)
    ensemble = _ensemble(case, mixed=not together, **options)
    spec = ensemble.spec
    column = (spec.accounts[0] if together else MIXED, spec.scenarios[0])
    batch = run_plan(ensemble, executor=executor, tell=tell, columns=[column])[column]
    k = list(case.outcomes).index(name)
    y = (batch.first[:, k] > 0).astype(np.float64)
    rng = stream(spec.seed, k, 0, "answers")
    answers, disputes = answers_by_effect(ensemble.case, batch.answers), list(ensemble.case.disputes)
    ranking = rank_disputes(y, answers, disputes, rng=rng)
    stock = None
    if prices is not None:
        stock = stock_worth(batch.displaced[:, -1].astype(np.float64), answers, disputes, *prices, rng=rng)
    return DisputeRanking(
        outcome=name,
        title=case.outcomes[name].title,
        account=spec.accounts[0],
        together=together,
        chance=float(y.mean()),
        ranking=ranking,
        stock=stock,
        spec=spec,
    )


def rank_parameters(
    case: Case,
    *,
    outcome: str | None = None,
    executor: Executor | None = None,
    tell: Tell | None = None,
    **options: Any,
) -> ParameterRanking:
    """Play a case and rank the parameters that trajectories draw, by how much an outcome hangs on each of them.

    Arguments are those of `rank`. Raises StandoffError as it does, where no parameter is drawn, and without SALib.
    """
    name = _outcome(case, outcome)
    ensemble = _ensemble(case, mixed=False, **options)
    account, spec = ensemble.spec.accounts[0], ensemble.spec
    free, points = parameter_draws(ensemble, account)
    if not free:
        what = "no parameter is drawn"
        raise StandoffError.of(what, file="--parameters", expected="parameters with a range, not fixed")
    column = (account, spec.scenarios[0])
    batch = run_plan(ensemble, executor=executor, tell=tell, columns=[column])[column]
    y = (batch.first[:, list(case.outcomes).index(name)] > 0).astype(np.float64)
    return ParameterRanking(
        outcome=name,
        title=case.outcomes[name].title,
        account=account,
        chance=float(y.mean()),
        influences=influences(ensemble.case, free, points, y, spec.seed % 2**31),
        spec=spec,
    )


def check_prices(cost: float, penalty: float) -> None:
    """Raise StandoffError where setting stock aside costs nothing, or as much as being without it."""
    if not 0.0 < cost < penalty < float("inf"):
        what, expected = f"cost {cost:g}, penalty {penalty:g}", "0 < cost < penalty, such as 1:5"
        raise StandoffError.of(what, file="--stock", expected=expected)


def _outcome(case: Case, name: str | None) -> str:
    names = list(case.outcomes)
    if not names:
        what = "the case watches for no outcome"
        raise StandoffError.of(what, file="outcomes.yaml", expected="an event, a border or people to watch for")
    if name is not None and name not in names:
        what, hint = f"there is no outcome {name!r}", nearest(name, names)
        raise StandoffError.of(what, file="--outcome", expected=", ".join(names), hint=hint)
    return names[0] if name is None else name


def _ensemble(case: Case, *, mixed: bool, accounts: str | Sequence[str] = (), **options: Any) -> Plan:
    """Return the ensemble of one account: the one given, else the pooled one, else the first."""
    names = (accounts,) if isinstance(accounts, str) else tuple(accounts)
    if len(names) > 1:
        raise StandoffError.of("several accounts", file="--account", expected="one account to rank under")
    if not names:
        pooled = [a.id for a in case.accounts.values() if a.is_pool]
        names = tuple((pooled or list(case.accounts))[:1])
    options["start"] = as_day(options.get("start"), "start")
    return make_plan(case, make_spec(case, accounts=names, mixed=mixed, **options))
