"""The rolling backcast: on the first of every month, the same questions about every outcome, made and answered by rule.

Questions chosen by people who know the outcome are a biased sample. Here each outcome of the case is asked about for
the next 30 and 90 days at the first of every month, and answered where record and coverage allow (resolve.py). What the
model is told is what was known on the day before. What a case assumes (options, stakes, costs) was written later.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, refuse_errors
from standoff.errors import StandoffError
from standoff.oneline import OneLine
from standoff.runs.ensemble import Plan, Trajectories, fear_in_waves, make_plan, run_plan
from standoff.runs.opening import pooled_of
from standoff.runs.questions import (
    by_then,
    crisis_rate,
    days_on_record,
    decayed_rate,
    no_change,
    recorded_episodes,
    resolve_outcome,
)
from standoff.runs.spec import default_accounts, make_spec
from standoff.scoring.scores import brier, logarithmic, mixed, weights
from standoff.values import as_day

Floats = NDArray[np.float64]
Tell = Callable[[str], None]
HORIZONS = (30, 90)
RECORD = 365  # days of record before the first origin
MIXTURE = "recalibrated"
DECAYED = "base rate by outcome and horizon, decayed"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MonthlyQuestion(OneLine):
    """One question made by rule: does the outcome come about within ``days`` from ``origin`` on, that day included?"""

    origin: date
    outcome: str
    days: int
    came: bool | None
    why: str

    @property
    def deadline(self) -> date:
        """The last day that counts."""
        return self.origin + timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RollingForecast(OneLine):
    """One method's probability for one answered question and its scores; ``n`` trajectories, 0 without a model."""

    origin: str
    outcome: str
    days: int
    method: str
    kind: str  # model, ablation, baseline, mixture
    p: float
    n: int
    came: bool
    brier: float
    log: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Rolling:
    """The questions, the forecasts, and what each origin rested on.

    ``answers`` counts the disputes that each account can answer from documents published by an origin; ``frozen`` is
    the SHA-256 of everything estimated, taken before any answer was looked up; ``shares`` are the weights of the
    mixture by origin.
    """

    questions: tuple[MonthlyQuestion, ...]
    forecasts: tuple[RollingForecast, ...]
    answers: Mapping[date, Mapping[str, int]]
    shares: Mapping[date, tuple[float, ...]]
    frozen: str
    n: int
    seed: int

    def __repr__(self) -> str:
        return f"<Rolling: {len(self.questions)} questions, {len(self.forecasts)} forecasts, n = {self.n:,}>"

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "n": self.n,
            "seed": self.seed,
            "frozen": self.frozen,
            "shares": {day.isoformat(): share for day, share in self.shares.items()},
            "asked": [{**asdict(question), "origin": question.origin.isoformat()} for question in self.questions],
            "forecasts": [asdict(forecast) for forecast in self.forecasts],
        }

    def methods(self) -> list[tuple[str, str]]:
        """Return (method, kind) in the order of first appearance."""
        return list(dict.fromkeys((f.method, f.kind) for f in self.forecasts))

    def of(self, method: str) -> list[RollingForecast]:
        """Return the forecasts of a method, in the order of the questions."""
        return [f for f in self.forecasts if f.method == method]


def origins(case: Case, until: date | None = None) -> list[date]:
    """Return the first of every month that has a year of record before it and the shorter horizon after it."""
    begin, end = case.about.period.start, until or case.about.period.end
    if begin is None or end is None:
        raise StandoffError.of("the case has no period", file="case.yaml", expected="period: FIRST/LAST")
    days, day = [], begin.replace(day=1)
    while day + timedelta(days=min(HORIZONS) - 1) <= end:
        if (day - begin).days >= RECORD:
            days.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return days


def monthly_questions(case: Case, until: date | None = None) -> list[MonthlyQuestion]:
    """Return every question with its answer by rule; windows that go beyond the record are not asked."""
    end = until or case.about.period.end or date.max
    questions = []
    for origin in origins(case, until):
        for name, outcome in case.outcomes.items():
            for days in HORIZONS:
                last = origin + timedelta(days=days - 1)
                if last <= end:
                    came = resolve_outcome(case, outcome, origin, last)
                    question = MonthlyQuestion(origin=origin, outcome=name, days=days, came=came.came, why=came.why)
                    questions.append(question)
    return questions


def roll(
    case: Case,
    *,
    trajectories: int = 100,
    seed: int = 1,
    until: date | str | None = None,
    accounts: str | Sequence[str] = (),
    parameters: str = "drawn",
    executor: Executor | None = None,
    tell: Tell | None = None,
) -> Rolling:
    """Ask the questions that a rule makes, forecast and score, at the first of every month of the record.

    Parameters
    ----------
    case : Case
        A case with outcomes.
    trajectories, seed : int
        Of each run; the same seed gives the same numbers.
    until : date or str, optional
        The last origin. Default: the last that the record can answer.
    accounts : str or sequence of str
        Default: those of a run; the model without commitments is played under the pooled one.
    parameters : str
        ``drawn`` or ``fixed``.
    executor, tell
        As of `standoff.runs.ensemble.run`.

    Returns
    -------
    Rolling
        Questions, answers and scores of every method.

    Raises
    ------
    StandoffError
        Where nothing can be answered.

    Examples
    --------
    >>> import standoff as so
    >>> so.rolling(so.load("hodeidah"))  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    standoff.errors.StandoffError: ...
    """
    refuse_errors(case)
    until = as_day(until, "until")
    accounts = (accounts,) if isinstance(accounts, str) else tuple(accounts)
    questions = monthly_questions(case, until)
    days = sorted({a.origin for a in questions if a.came is not None})
    if not days:
        what = "no question can be answered by rule from the record"
        raise StandoffError.of(what, file="coverage.csv", expected="who would have reported the outcomes, and when")
    names = accounts or default_accounts(case)
    batches: dict[tuple[date, str], Trajectories] = {}
    plans: dict[date, Plan] = {}
    fear = fear_in_waves(case, every=True) if parameters == "drawn" else {}
    for day in days:  # every estimate and every trajectory before the first answer is used
        if tell:
            tell(f"{day}: {len(names)} accounts")
        cut = day - timedelta(days=1)
        spec = make_spec(
            case,
            accounts=names,
            start=day,
            days=max(HORIZONS),
            trajectories=trajectories,
            seed=seed,
            as_of=cut,
            parameters=parameters,
        )
        plan = make_plan(case, spec, fear)
        pooled = names[-1] if pooled_of(case) not in names else pooled_of(case)
        bare = replace(plan, spec=replace(spec, ablation="off", accounts=(pooled,)))
        for (account, _), batch in run_plan(plan, executor=executor).items():
            batches[day, f"model: {account}"] = batch
        batches[day, f"{pooled}, commitments off"] = run_plan(bare, executor=executor)[pooled, spec.scenarios[0]]
        plans[day] = plan
    frozen = estimates_digest(plans)
    forecasts: list[RollingForecast] = []
    shares: dict[date, tuple[float, ...]] = {}
    for day in days:
        forecasts += _at(plans[day].case, [a for a in questions if a.origin == day and a.came is not None], batches)
    forecasts += _recalibrated(forecasts, days, names[-1], shares)
    return Rolling(
        questions=tuple(questions),
        forecasts=tuple(forecasts),
        answers={day: _answered(plans[day].case, names) for day in days},
        shares=shares,
        frozen=frozen,
        n=trajectories,
        seed=seed,
    )


def estimates_digest(plans: Mapping[date, Plan]) -> str:
    """Return the SHA-256 of what was estimated at each origin: the pace of crises and the spread of parameters."""
    estimates = []
    for day, plan in plans.items():
        estimates.append(
            [day.isoformat(), plan.setting.pace.tilt.round(9).tolist(), [m.estimate for m in plan.openings.margins]]
        )
    return hashlib.sha256(json.dumps(estimates).encode()).hexdigest()


def _answered(case: Case, accounts: tuple[str, ...]) -> dict[str, int]:
    return {name: len(case.accounts[name].answers) for name in accounts if not case.accounts[name].is_pool}


def _forecast(question: MonthlyQuestion, method: str, kind: str, p: float, n: int = 0) -> RollingForecast:
    came = bool(question.came)
    return RollingForecast(
        origin=question.origin.isoformat(),
        outcome=question.outcome,
        days=question.days,
        method=method,
        kind=kind,
        p=p,
        n=n,
        came=came,
        brier=brier(p, came),
        log=logarithmic(p, came),
    )


def _at(
    then: Case, questions: list[MonthlyQuestion], batches: Mapping[tuple[date, str], Trajectories]
) -> list[RollingForecast]:
    """Return the forecasts of one origin; ``then`` is the case as known on the day before."""
    forecasts = []
    names = list(then.outcomes)
    for question in questions:
        outcome, cut = then.outcomes[question.outcome], question.origin - timedelta(days=1)
        for (day, method), batch in batches.items():
            if day == question.origin:
                first = batch.first[:, names.index(question.outcome)]
                kind = "model" if method.startswith("model: ") else "ablation"
                p = float(((first > 0) & (first <= question.days)).mean())
                forecasts.append(_forecast(question, method, kind, p, first.size))
        episodes = len(recorded_episodes(then, outcome, cut))
        plain = {
            "uniform": 0.5,
            "base rate": by_then(episodes, days_on_record(then, cut), question.days),
            DECAYED: decayed_rate(then, outcome, cut, question.days),
            "base rate by crisis": crisis_rate(then, outcome, cut, question.days),
            "persistence": no_change(then, outcome, cut),
        }
        forecasts += [_forecast(question, method, "baseline", p) for method, p in plain.items()]
    return forecasts


def learn_weights(forecasts: list[RollingForecast], model: str, before: date) -> Floats:
    """Return the weights (model, base rate, one half) learned from questions whose deadline was over before a day."""
    rows: dict[tuple[str, str, int], dict[str, RollingForecast]] = {}
    for f in forecasts:
        if date.fromisoformat(f.origin) + timedelta(days=f.days - 1) < before:
            rows.setdefault((f.origin, f.outcome, f.days), {})[f.method] = f
    both = [r for r in rows.values() if model in r and "base rate" in r]
    return weights(
        np.array([r[model].p for r in both]),
        np.array([r["base rate"].p for r in both]),
        np.array([float(r[model].came) for r in both]),
    )


def _recalibrated(
    forecasts: list[RollingForecast], days: list[date], account: str, shares: dict[date, tuple[float, ...]]
) -> list[RollingForecast]:
    """Return the mixtures of model, base rate and one half, with weights from earlier questions alone."""
    model, mixtures = f"model: {account}", []
    plain = {(f.origin, f.outcome, f.days): f.p for f in forecasts if f.method == "base rate"}
    for day in days:
        share = learn_weights(forecasts, model, day)
        shares[day] = tuple(float(s) for s in share)
        for f in forecasts:
            if f.method == model and f.origin == day.isoformat():
                p = mixed(share, f.p, plain[f.origin, f.outcome, f.days])
                name = f"{MIXTURE}: {account}"
                score, log = brier(p, f.came), logarithmic(p, f.came)
                mixtures.append(replace(f, method=name, kind="mixture", p=p, brier=score, log=log))
    return mixtures
