"""Questions at past cut-offs, answered with what was known by then, scored beside forecasts that need no model.

Three cut-offs are three clusters of related questions: scores are raw, nothing is called significant, and what loses
is told as such. Those who wrote the model know the outcome; the as-of rule keeps the record of later days out of a
run, not out of its authors' heads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, Observation, refuse_errors
from standoff.case.strategy import Outcome, Question
from standoff.errors import StandoffError, nearest
from standoff.oneline import OneLine
from standoff.runs.as_of import case_as_of
from standoff.runs.bargaining import ROUNDS, bargained_share
from standoff.runs.ensemble import Plan, Trajectories, make_plan, run_plan
from standoff.runs.observed import earlier_waves, totals
from standoff.runs.questions import base_rate, no_change, outcome_of
from standoff.runs.rolling import MIXTURE, Rolling, estimates_digest, learn_weights, roll
from standoff.runs.spec import default_accounts, make_spec
from standoff.scoring.scores import brier, crps, logarithmic, mixed
from standoff.values import as_day

Floats = NDArray[np.float64]
WAVES = "earlier waves"
LEARNING = 100  # trajectories of each month from which weights are learned, at most
ABLATED = {"off": "commitments off", "shuffled": "commitments shuffled"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Forecast(OneLine):
    """One method's probability for one question, and its scores where the question is resolved."""

    question: str
    cutoff: str
    method: str
    kind: str  # model, ablation, baseline, voice
    p: float
    n: int
    basis: str
    brier: float | None
    log: float | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PeopleScore(OneLine):
    """The newly displaced by a day with an observed figure: median, 80 % interval and CRPS, in people.

    ``n`` is the number of trajectories, 0 without a model.
    """

    observed: str
    date: str
    value: float
    method: str
    median: float
    low: float
    high: float
    inside: bool
    crps: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Backcast:
    """Every forecast, the displacement scores, and the questions asked."""

    questions: tuple[Question, ...]
    forecasts: tuple[Forecast, ...]
    people: tuple[PeopleScore, ...]
    n: int
    seed: int
    frozen: str

    def __repr__(self) -> str:
        return f"<Backcast: {len(self.questions)} questions, {len(self.forecasts)} forecasts, n = {self.n:,}>"

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "n": self.n,
            "seed": self.seed,
            "frozen": self.frozen,
            "forecasts": [asdict(forecast) for forecast in self.forecasts],
            "people": [asdict(score) for score in self.people],
        }

    def methods(self) -> list[tuple[str, str]]:
        """Return (method, kind) in the order of first appearance."""
        return list(dict.fromkeys((f.method, f.kind) for f in self.forecasts))

    def mean(self, method: str, score: str, cutoff: str = "", *, shared: str = "") -> tuple[float, int]:
        """Return the mean ``brier`` or ``log`` of a method over what it answered, and how many that are.

        Only questions of one ``cutoff`` and those that another method (``shared``) answered as well, where given.
        """
        both = {f.question for f in self.forecasts if f.method == shared}
        scores = [
            float(getattr(f, score))
            for f in self.forecasts
            if f.method == method
            and getattr(f, score) is not None
            and cutoff in ("", f.cutoff)
            and (not shared or f.question in both)
        ]
        return (float(np.mean(scores)), len(scores)) if scores else (float("nan"), 0)


def cutoffs(case: Case, only: date | None = None) -> dict[date, list[Question]]:
    """Return the questions by cut-off. Raises StandoffError when there are none, or none at ``only``."""
    by_day: dict[date, list[Question]] = {}
    for question in case.questions.values():
        if question.cutoff.end is not None:
            by_day.setdefault(question.cutoff.end, []).append(question)
    if only is not None and only not in by_day:
        names = [d.isoformat() for d in sorted(by_day)]
        what, hint = f"no question has the cut-off {only}", nearest(only.isoformat(), names)
        raise StandoffError.of(what, file="--cutoff", expected=", ".join(names) or "questions.yaml", hint=hint)
    if not by_day:
        raise StandoffError.of("the case asks no questions", file="questions.yaml", expected="questions with a cut-off")
    return {day: by_day[day] for day in sorted(by_day) if only in (None, day)}


def backcast(
    case: Case,
    *,
    only: date | str | None = None,
    trajectories: int = 500,
    seed: int = 1,
    parameters: str = "drawn",
    recalibrated: bool = False,
    executor: Executor | None = None,
    tell: Callable[[str], None] | None = None,
) -> Backcast:
    """Answer the questions of a case at each cut-off with what was known by then, and score the answers.

    Parameters
    ----------
    case : Case
        A case with questions.
    only : date or str, optional
        One cut-off. Default: all of them.
    trajectories, seed : int
        Of each run; the same seed gives the same numbers.
    parameters : str
        ``drawn`` or ``fixed``.
    recalibrated : bool
        Add mixtures of the model, base rate and one half, with weights learned from the questions of a rolling
        backcast that were over by a cut-off.
    executor, tell
        As of `standoff.runs.ensemble.run`.

    Returns
    -------
    Backcast
        Every method's answers and Brier scores on the same questions, baselines among them.

    Raises
    ------
    StandoffError
        For a cut-off that no question has, and a case without questions.

    Examples
    --------
    >>> import standoff as so
    >>> so.backcast(so.load("idlib"), only="2020-02-27", trajectories=2).n
    2
    """
    refuse_errors(case)
    only = as_day(only, "only")
    earlier = None
    if recalibrated:
        earlier = roll(
            case,
            until=max(cutoffs(case, only)),
            accounts=default_accounts(case)[-1:],
            trajectories=min(trajectories, LEARNING),
            seed=seed,
            parameters=parameters,
            executor=executor,
            tell=tell,
        )
    forecasts: list[Forecast] = []
    people: list[PeopleScore] = []
    every: list[Question] = []
    estimates: dict[date, Plan] = {}
    for day, questions in cutoffs(case, only).items():
        every += questions
        outcomes = {q.id: replace(outcome_of(case, q), id=q.id) for q in questions}
        watching = replace(case, outcomes=outcomes)
        start = day + timedelta(days=1)
        last = max(q.deadline.end or start for q in questions)
        days = max((last - start).days + 1, 1)
        pooled = default_accounts(case)[-1]
        for ablation in ("none", *ABLATED):
            if tell:
                tell(f"{day}: {ABLATED.get(ablation, 'the accounts')}")
            accounts = default_accounts(case) if ablation == "none" else (pooled,)
            spec = make_spec(
                watching,
                accounts=accounts,
                start=start,
                days=days,
                trajectories=trajectories,
                seed=seed,
                as_of=day,
                ablation=ablation,
                parameters=parameters,
            )
            ensemble = make_plan(watching, spec)
            estimates[day] = ensemble
            results = run_plan(ensemble, executor=executor)
            for (account, _), batch in results.items():
                method = f"model: {account}" if ablation == "none" else f"{account}, {ABLATED[ablation]}"
                kind = "model" if ablation == "none" else "ablation"
                forecasts += [_model(q, k, batch, start, method, kind) for k, q in enumerate(questions)]
                if ablation == "none":
                    people += _people(case, batch, start, method)
        forecasts += _plain(case, questions, outcomes, day)
        people += _naive(case, case_as_of(case, day), start, days)
        if earlier is not None:
            forecasts += _recalibrated(questions, forecasts, earlier, pooled, start)
    return Backcast(
        questions=tuple(every),
        forecasts=tuple(forecasts),
        people=tuple(people),
        n=trajectories,
        seed=seed,
        frozen=estimates_digest(estimates),
    )


def _recalibrated(
    questions: Sequence[Question], forecasts: Sequence[Forecast], earlier: Rolling, account: str, start: date
) -> list[Forecast]:
    """Return the mixtures of the model, the base rate and one half, by weights from questions that were over."""
    model = f"model: {account}"
    share = learn_weights(list(earlier.forecasts), model, start)
    basis = "model {:.1f}, base rate {:.1f}, one half {:.1f}".format(*share)
    chances = {(f.question, f.method): f.p for f in forecasts}
    mixtures = []
    for q in questions:
        p = mixed(share, chances[q.id, model], chances[q.id, "base rate"])
        mixtures.append(_scored(q, f"{MIXTURE}: {account}", "mixture", p, 0, basis))
    return mixtures


def _scored(question: Question, method: str, kind: str, p: float, n: int, basis: str) -> Forecast:
    came = {"yes": True, "no": False}.get(question.resolved)
    return Forecast(
        question=question.id,
        cutoff=str(question.cutoff),
        method=method,
        kind=kind,
        p=p,
        n=n,
        basis=basis,
        brier=None if came is None else brier(p, came),
        log=None if came is None else logarithmic(p, came),
    )


def _model(question: Question, index: int, batch: Trajectories, start: date, method: str, kind: str) -> Forecast:
    deadline = question.deadline.end or start
    by = (deadline - start).days + 1
    first = batch.first[:, index]
    p = float(((first > 0) & (first <= by)).mean())
    return _scored(question, method, kind, p, int(first.size), "share of trajectories")


def _plain(case: Case, questions: Sequence[Question], outcomes: dict[str, Outcome], day: date) -> list[Forecast]:
    then = case_as_of(case, day)
    forecasts = []
    for q in questions:
        outcome = outcomes[q.id]
        rate, basis = base_rate(then, q, outcome, day)
        forecasts.append(_scored(q, "uniform", "baseline", 0.5, 0, "one half"))
        forecasts.append(_scored(q, "base rate", "baseline", rate, 0, basis))
        forecasts.append(_scored(q, "persistence", "baseline", no_change(then, outcome, day), 0, "no change"))
        for method, rounds in (("weighted votes", 0), ("bargaining", ROUNDS)):
            share = bargained_share(then, case.outcomes.get(q.outcome), rounds=rounds)
            if share is not None:
                note = f"vote share for its end of the issue, after {rounds} rounds of bargaining"
                forecasts.append(_scored(q, method, "baseline", share, 0, note))
        for voice, p in q.said.items():
            forecasts.append(_scored(q, f"said: {voice}", "voice", p, 0, ", ".join(q.claims) or "its own prediction"))
    return forecasts


def _people(case: Case, batch: Trajectories, start: date, method: str) -> list[PeopleScore]:
    """Score the newly displaced against observed totals of the region that count from the start of the run."""
    scores = []
    for o in totals(case, start):
        end = o.to.end or start
        at = (end - start).days
        if 0 <= at < batch.displaced.shape[1]:
            sample = batch.displaced[:, at].astype(np.float64)
            scores.append(_beside(o, end, method, sample, sample.size))
    return scores


def _naive(case: Case, then: Case, start: date, days: int) -> list[PeopleScore]:
    """Score the rates of earlier waves, as reported by the cut-off, on the same days."""
    scores = []
    for o in totals(case, start):
        end = o.to.end or start
        sample = earlier_waves(then, start, end)
        if sample.size and 0 <= (end - start).days < days:
            scores.append(_beside(o, end, WAVES, sample, 0))
    return scores


def _beside(o: Observation, end: date, method: str, sample: Floats, n: int) -> PeopleScore:
    low, median, high = (float(q) for q in np.quantile(sample, (0.1, 0.5, 0.9)))
    return PeopleScore(
        observed=o.id,
        date=end.isoformat(),
        value=o.value,
        method=method,
        median=median,
        low=low,
        high=high,
        inside=low <= o.value <= high,
        crps=crps(sample, o.value),
        n=n,
    )
