"""A draft agreement in this model: which of its clauses options can meet, keep or break, and what changes with it.

The runs with the draft and without it have the same luck: the draft only adds commitments that actors weigh, and draws
no random number. Nothing here says that the parties would sign it: each clause is taken to be in force from its own
day, which may lie after the first of the run (an agreement that is signed later).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from standoff.case.model import Case
from standoff.case.strategy import Scenario
from standoff.case.terms import Commitment
from standoff.errors import StandoffError
from standoff.oneline import OneLine
from standoff.runs.ensemble import Plan, Trajectories, make_plan, run_plan
from standoff.runs.incidents import incidents_by_area
from standoff.runs.results import Run
from standoff.runs.scenario import BASELINE
from standoff.runs.spec import Spec, make_spec
from standoff.runs.summary import option_days, summarise
from standoff.world.setting import Setting

DRAFT = "draft"
LESS = "draft-less-"  # and the clause that is left out


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClauseInModel(OneLine):
    """A clause of a draft as the model sees it.

    ``meets``, ``keeps`` and ``breaks`` are titles of options whose events meet its condition, are what is owed, or are
    what is forbidden. ``why`` says why the model cannot play it; empty where it can.
    """

    id: str
    title: str
    debtor: tuple[str, ...]
    meets: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    why: str = ""

    @property
    def plays(self) -> bool:
        """Whether an option can meet, keep or break it."""
        return not self.why


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Compliance(OneLine):
    """How a clause fared under an account: shares of ``n`` runs in which it was in force or due, and was broken."""

    clause: str
    account: str
    n: int
    tested: float
    broken: float


@dataclass(frozen=True, slots=True, repr=False)
class DraftPlay(OneLine):
    """What a draft does in this model. ``runs`` compares the draft with nothing, and each clause left out with it."""

    clauses: tuple[ClauseInModel, ...]
    compliance: tuple[Compliance, ...]
    run: Run
    without: Run | None
    case: Case  # with the draft, for titles

    def as_json(self) -> dict[str, Any]:
        """Return everything but the trajectories as plain values."""
        return {
            "spec": self.run.meta["spec"],
            "clauses": [
                {
                    "id": c.id,
                    "title": c.title,
                    "debtor": list(c.debtor),
                    "meets": list(c.meets),
                    "keeps": list(c.keeps),
                    "breaks": list(c.breaks),
                    "cannot_play": c.why or None,
                }
                for c in self.clauses
            ],
            "compliance": [
                {"clause": c.clause, "account": c.account, "n": c.n, "tested": c.tested, "broken": c.broken}
                for c in self.compliance
            ],
        }


def with_draft(case: Case, clauses: Sequence[Commitment]) -> Case:
    """Return a case with the commitments of a draft. Raises StandoffError for an id that the case has already."""
    for clause in clauses:
        if clause.id in case.commitments:
            what = f"the case has a commitment {clause.id!r} already"
            raise StandoffError.of(what, file="clauses", expected="another id for the clause of the draft")
    return replace(case, commitments={**case.commitments, **{c.id: c for c in clauses}})


def first_day_of(clauses: Sequence[Commitment], case: Case, start: date | None) -> date:
    """Return the day a run of a draft starts: the one asked for, else the latest on which a clause begins."""
    if start is not None:
        return start
    begins = [c.from_.start for c in clauses if c.from_.start is not None]
    usual = case.about.start.start
    return max([*begins, *([usual] if usual else [])], default=date.min)


def plan_with(case: Case, clauses: Sequence[Commitment], spec: Spec, base: Plan) -> Plan:
    """Return the plan of a run with a draft: clauses that begin after its first day come in on their own days.

    Raises StandoffError for an id that the case has, and for a clause that begins after the last day.
    """
    last = spec.start + timedelta(days=spec.days)
    never = {c.id: c.from_.start for c in clauses if c.from_.start is not None and c.from_.start >= last}
    if never:
        what = f"{', '.join(never)} begins on {min(never.values())}, after the last day of the run"
        days = (max(never.values()) - spec.start).days + 1
        raise StandoffError.of(what, file="--days", expected=f"{days} days or more, or a later --start")
    late = tuple(c for c in clauses if c.from_.start is not None and c.from_.start > spec.start)
    with_draft(case, clauses)  # refuses an id that the case has
    whole = with_draft(case, [c for c in clauses if c not in late])
    if late:
        scenario = Scenario(id=DRAFT, title="The draft", lever="mediation", clauses=late)
        whole = replace(whole, scenarios={**whole.scenarios, DRAFT: scenario})
        spec = replace(spec, scenarios=(DRAFT,))
    return replace(make_plan(whole, spec), level=base.level, no_level=base.no_level)


def clauses_in(setting: Setting, clauses: Sequence[Commitment]) -> tuple[ClauseInModel, ...]:
    """Return what each clause is to the options of a setting that was compiled with it."""
    whys = dict(setting.left_out)
    out = []
    for clause in clauses:
        slots = [i for i, slot in enumerate(setting.plan.slots) if slot.commitment == clause.id]
        why = whys.get(clause.id, "") if not slots else ""
        names = {}
        for role in ("meets", "keeps", "breaks"):
            table: Any = getattr(setting, role)
            emissions = np.flatnonzero(table[:, slots].any(axis=1))
            options = dict.fromkeys(int(setting.option[e]) for e in emissions)
            names[role] = tuple(setting.options[o].title for o in options)
        out.append(ClauseInModel(id=clause.id, title=clause.title, debtor=clause.debtor, why=why, **names))
    return tuple(out)


def compliance_of(
    plan: Plan, results: Mapping[tuple[str, str], Trajectories], names: Sequence[str]
) -> list[Compliance]:
    """Return how each clause fared under each account."""
    rows = []
    for name in names:
        slots = [i for i, slot in enumerate(plan.setting.plan.slots) if slot.commitment == name]
        if not slots:
            continue
        for (account, _), batch in results.items():
            tested, broken = batch.tested[:, slots].any(axis=1), (batch.broke[:, slots] > 0).any(axis=1)
            n = batch.first.shape[0]
            rows.append(
                Compliance(
                    clause=name,
                    account=account,
                    n=n,
                    tested=float((tested | broken).mean()),
                    broken=float(broken.mean()),
                )
            )
    return rows


def play_draft(
    case: Case,
    clauses: Sequence[Commitment],
    *,
    title: str = "The draft",
    accounts: tuple[str, ...] = (),
    start: date | None = None,
    days: int | None = None,
    trajectories: int = 500,
    seed: int = 1,
    each: bool = False,
    executor: Executor | None = None,
) -> DraftPlay:
    """Play a case with a draft agreement in force and without it.

    Parameters
    ----------
    case : Case
        A case with options.
    clauses : sequence of Commitment
        The clauses of the draft.
    title : str
        How the draft is called.
    accounts, start, days, trajectories, seed
        As of a run; the start is by default the latest day on which a clause begins, or that of the case. A clause
        that begins after it is played from its own day.
    each : bool
        Also play the draft without each clause that the model can play.
    executor : Executor, optional
        What plays batches; the result does not depend on it.

    Returns
    -------
    DraftPlay
        What each clause is to the options, compliance, and the differences.

    Raises
    ------
    StandoffError
        For a clause whose id the case has, or that begins after the last day, and as a run does.
    """
    whole = with_draft(case, clauses)
    begin = first_day_of(clauses, case, start)
    spec = make_spec(case, accounts=accounts, start=begin, days=days, trajectories=trajectories, seed=seed)
    base = make_plan(case, spec, level=True)
    plan = plan_with(case, clauses, spec, base)
    seen = clauses_in(plan.setting, clauses)
    without = run_plan(base, executor=executor)
    with_it = run_plan(plan, executor=executor)
    titles = {DRAFT: title}
    run = side_by_side(case, base, without, {DRAFT: with_it}, BASELINE.id)
    less: dict[str, Mapping[tuple[str, str], Trajectories]] = {}
    if each:
        for clause in seen:
            if clause.plays:
                rest = [c for c in clauses if c.id != clause.id]
                less[LESS + clause.id] = run_plan(plan_with(case, rest, spec, base), executor=executor)
                titles[LESS + clause.id] = f"Without the clause “{clause.title}”"
    scenarios = {name: Scenario(id=name, title=words, lever="mediation") for name, words in titles.items()}
    return DraftPlay(
        clauses=seen,
        compliance=tuple(compliance_of(plan, with_it, [c.id for c in clauses])),
        run=run,
        without=side_by_side(whole, plan, with_it, less, DRAFT) if less else None,
        case=replace(whole, scenarios={**whole.scenarios, **scenarios}),
    )


def side_by_side(
    case: Case,
    base: Plan,
    first: Mapping[tuple[str, str], Trajectories],
    others: Mapping[str, Mapping[tuple[str, str], Trajectories]],
    name: str,
) -> Run:
    """Return one run of several plans that differ in their commitments alone; the scenario ``name`` comes first."""
    spec: Spec = replace(base.spec, scenarios=(name, *others))
    plan = replace(base, spec=spec)
    every = {(account, name): batch for (account, _), batch in first.items()}
    for other, batches in others.items():
        every |= {(account, other): batch for (account, _), batch in batches.items()}
    counts = incidents_by_area(plan, every)
    alone = summarise(case, replace(base, level=None), first)
    columns: dict[str, list[Any]] = {key: [] for key in alone.outcomes if key != "first-break"}
    ends = plan.level.ends if plan.level else ()
    columns |= {f"incidents-{days}": [] for days in ends}
    for (account, scenario), batch in every.items():
        n = batch.first.shape[0]
        columns["account"] += [account] * n
        columns["scenario"] += [scenario] * n
        columns["trajectory"] += list(range(n))
        for k, outcome in enumerate(plan.setting.outcomes):
            columns[outcome.id] += [int(day) or None for day in batch.first[:, k]]
        columns["newly-displaced"] += batch.displaced[:, -1].tolist()
        columns["in-sites"] += batch.in_sites[:, -1].tolist()
        for w, days in enumerate(ends):
            columns[f"incidents-{days}"] += counts[account, scenario][:, :, w].sum(axis=1).tolist()
    columns = {key: values for key, values in columns.items() if len(values) == len(columns["account"])}
    meta = {**alone.meta, "spec": spec.as_json(), "until": str(spec.start + timedelta(days=spec.days))}
    return replace(alone, meta=meta, outcomes=columns, options=tuple(option_days(plan, every)), answers=())
