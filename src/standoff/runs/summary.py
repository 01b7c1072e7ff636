"""From trajectories to the tables of the run folder: shares with their Monte-Carlo error, quantiles, first breaks."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, refuse_errors
from standoff.case.terms import CommitmentKind
from standoff.commitments.engine.arrays import Slot
from standoff.commitments.ledger import history
from standoff.commitments.patterns.wording import text_and_readings
from standoff.evidence.accounts import answers_by_effect
from standoff.people.headcount import MEASURES, ROAD, days_shown, joined
from standoff.runs.compare import Z90, paired
from standoff.runs.ensemble import Plan, Trajectories, make_plan, run_plan
from standoff.runs.incidents import incident_rows, incidents_by_area, level_draws
from standoff.runs.margins import Margin, normal_or_student
from standoff.runs.opening import MIXED, OTHER, is_inner
from standoff.runs.results import (
    AnswerEffect,
    Arrivals,
    Break,
    CameFrom,
    Fan,
    LedgerSpan,
    Matters,
    OptionDays,
    Outlook,
    Present,
    Run,
)
from standoff.runs.scenario import scenario_names
from standoff.runs.sensitivity import rank_disputes
from standoff.runs.spec import make_spec
from standoff.scoring.scores import wilson
from standoff.values import as_day
from standoff.version import VERSION
from standoff.world.choice_rules import LOGIT, ChoiceRule, rule_of
from standoff.world.played import AGAIN, made_in_runs
from standoff.world.random_streams import stream

NEVER = np.iinfo(np.int16).max  # later than any run
FEWEST = 10  # trajectories that hold an answer, or do not, from which it is told what it changes
STOCK = "idps-stock"  # measure of observed.csv: displaced people who are there
_NUMBERS = ("mean", "q05", "q10", "q25", "q50", "q75", "q90", "q95")
QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
SERIES = {"displaced-people": "displaced", "in-sites": "in_sites", "intensity": "intensity"}


def summarise(case: Case, plan: Plan, results: Mapping[tuple[str, str], Trajectories]) -> Run:
    """Return the tables of a run. ``case`` is the whole case, for titles; the plan holds what was known."""
    setting, spec = plan.setting, plan.spec
    last = spec.start + timedelta(days=spec.days)
    outlook, fans, arrivals, breaks = [], [], [], []
    present: list[Present] = []
    origins: list[CameFrom] = []
    # numbers as machine words: an int of Python takes four times as much
    columns: dict[str, Any] = {"account": [], "scenario": [], "trajectory": array("q")}
    ids = [o.id for o in setting.outcomes]
    columns |= {name: [] for name in ids}
    columns |= {"newly-displaced": array("q"), "in-sites": array("q"), "first-break": []}
    every = incidents_by_area(plan, results)
    incidents = []
    windows = plan.level.ends if plan.level else ()
    columns |= {f"incidents-{days}": array("q") for days in windows}
    for (account, scenario), batch in results.items():
        if is_inner(account):
            continue
        if every:
            incidents += incident_rows(plan, every, account, scenario)
            for w, days in enumerate(windows):
                columns[f"incidents-{days}"].extend(every[account, scenario][:, :, w].sum(axis=1).tolist())
        n = batch.first.shape[0]
        for k, outcome in enumerate(setting.outcomes):
            came = int((batch.first[:, k] > 0).sum())
            low, high = wilson(came, n)
            outlook.append(
                Outlook(
                    account=account,
                    scenario=scenario,
                    outcome=outcome.id,
                    title=outcome.title,
                    n=n,
                    p=came / n,
                    low=low,
                    high=high,
                    by=last.isoformat(),
                )
            )
        fans += list(_fans(account, scenario, batch, plan))
        batch.put_aside()
        arrivals += list(_arrivals(account, scenario, batch, plan))
        present += list(_present(case, account, scenario, batch, plan))
        origins += list(_origins(account, scenario, batch, plan))
        batch.put_aside()
        breaks += list(_breaks(case, account, scenario, batch, plan))
        batch.put_aside()
        names = first_breaks(plan, batch)
        columns["account"] += [account] * n
        columns["scenario"] += [scenario] * n
        columns["trajectory"].extend(range(n))
        for k, name in enumerate(ids):
            columns[name] += [day or None for day in batch.first[:, k].tolist()]
        columns["newly-displaced"].extend(batch.displaced[:, -1].tolist())
        columns["in-sites"].extend(batch.in_sites[:, -1].tolist())
        columns["first-break"] += names
        batch.put_aside()
    return Run(
        meta=_meta(case, plan, results),
        outlook=tuple(outlook),
        quantiles=tuple(fans),
        arrivals=tuple(arrivals),
        breaks=tuple(breaks),
        ledger=tuple(_ledger(plan)),
        matters=tuple(what_matters(case, plan, results)),
        present=tuple(present),
        origins=tuple(origins),
        incidents=tuple(incidents),
        options=tuple(option_days(plan, results)),
        answers=tuple(answer_effects(plan, results)),
        outcomes=columns,
    )


def what_matters(
    case: Case, plan: Plan, results: Mapping[tuple[str, str], Trajectories], *, effects: bool = False
) -> Iterator[Matters]:
    """Rank the disputes for every outcome, from mixed answers (else the last account's), in the first scenario."""
    spec = plan.spec
    account = MIXED if spec.mixed else spec.accounts[-1]
    batch = results[account, spec.scenarios[0]]
    names = list(plan.case.disputes)
    for k, outcome in enumerate(plan.setting.outcomes):
        y = (batch.first[:, k] > 0).astype(np.float64)
        rng = stream(spec.seed, k, 0, "answers")
        ranking = rank_disputes(y, answers_by_effect(plan.case, batch.answers), names, rng=rng, effects=effects)
        for row in ranking.ranked:
            yield Matters(
                outcome=outcome.id,
                dispute=row.name,
                question=case.disputes[row.name].question,
                n=ranking.n,
                share_chance=ranking.share_chance,
                share_disputed=ranking.share_disputed,
                first_order=row.first_order,
                low=row.first_low,
                high=row.first_high,
                p_top=row.p_top,
                brier=row.brier,
                total=row.total if effects else None,
                shapley=row.shapley if effects else None,
                account=account.removeprefix("~"),
            )


def option_days(plan: Plan, results: Mapping[tuple[str, str], Trajectories]) -> Iterator[OptionDays]:
    """Yield on how many days each option is pursued, beside the first scenario of the same account."""
    base = plan.spec.scenarios[0]
    for (account, scenario), batch in results.items():
        batch.put_aside()
        if is_inner(account) or (account, base) not in results:
            continue
        first = results[account, base]
        for o, option in enumerate(plan.setting.options):
            mean, low, high = (0.0, 0.0, 0.0)
            if scenario != base and not np.array_equal(batch.pursued[:, o], first.pursued[:, o]):
                one, other = (b.pursued[:, o].astype(np.float64) for b in (batch, first))
                mean, low, high = paired(one, other)
            days = float(batch.pursued[:, o].mean())
            yield OptionDays(
                account=account,
                scenario=scenario,
                option=option.id,
                title=option.title,
                actor=option.actor,
                n=batch.pursued.shape[0],
                days=days,
                difference=mean,
                low=low,
                high=high,
            )


def answer_effects(plan: Plan, results: Mapping[tuple[str, str], Trajectories]) -> Iterator[AnswerEffect]:
    """Yield what each answer changes in each outcome, from mixed answers (else the last account's).

    Where the mixed trajectories were played with another answer, too, the differences are paired: all else is the same.
    """
    spec = plan.spec
    first = spec.scenarios[0]
    batch = results[MIXED if spec.mixed else spec.accounts[-1], first]
    for d, (name, dispute) in enumerate(plan.case.disputes.items()):
        other = results.get((OTHER + name, first))
        if other is not None:
            yield from _paired_effects(plan, d, name, batch, other)
        if spec.answers:
            continue
        for k, answer in enumerate(dispute.answers):
            holds = batch.answers[:, d] == k
            some, rest = int(holds.sum()), int((~holds).sum())
            if some < FEWEST or rest < FEWEST:
                continue
            came = (batch.first > 0).astype(np.float64)
            p, others = came[holds].mean(axis=0), came[~holds].mean(axis=0)
            error = Z90 * np.sqrt(p * (1.0 - p) / some + others * (1.0 - others) / rest) + 0.5 / some + 0.5 / rest
            for o, outcome in enumerate(plan.setting.outcomes):
                gap = float(p[o] - others[o])
                yield AnswerEffect(
                    dispute=name,
                    answer=answer.id,
                    outcome=outcome.id,
                    n=some,
                    p=float(p[o]),
                    others=rest,
                    p_others=float(others[o]),
                    difference=gap,
                    low=gap - float(error[o]),
                    high=gap + float(error[o]),
                )


def _paired_effects(plan: Plan, d: int, name: str, batch: Trajectories, other: Trajectories) -> Iterator[AnswerEffect]:
    """Yield what each answer to a dispute changes: trajectories with it beside the same ones with another answer."""
    before, after = (answers_by_effect(plan.case, one.answers)[:, d] for one in (batch, other))
    came, then = ((one.first > 0).astype(np.float64) for one in (batch, other))
    sets: set[int] = set()
    for k, answer in enumerate(plan.case.disputes[name].answers):
        probe = batch.answers[:1].copy()
        probe[0, d] = k
        number = int(answers_by_effect(plan.case, probe)[0, d])
        here, there = before == number, after == number
        n = int((here | there).sum())
        if number in sets or n < FEWEST:  # one that sets the same was told already
            continue
        sets.add(number)
        pick = here | there
        mine, rest = np.where(here[:, None], came, then)[pick], np.where(here[:, None], then, came)[pick]
        for o, outcome in enumerate(plan.setting.outcomes):
            mean, low, high = paired(mine[:, o], rest[:, o])
            yield AnswerEffect(
                dispute=name,
                answer=answer.id,
                outcome=outcome.id,
                n=n,
                p=float(mine[:, o].mean()),
                others=n,
                p_others=float(rest[:, o].mean()),
                difference=mean,
                low=low,
                high=high,
                paired=True,
            )


def _fans(account: str, scenario: str, batch: Trajectories, plan: Plan) -> Iterator[Fan]:
    for series, name in SERIES.items():
        values = getattr(batch, name)
        for day in range(values.shape[1]):
            on = plan.spec.start + timedelta(days=day + 1)
            column = np.ascontiguousarray(values[:, day])
            row = [round(float(q), 4) for q in np.quantile(column, QUANTILES)]
            mean = round(float(column.mean(dtype=np.float64)), 4)
            yield Fan(account, scenario, series, "", on.isoformat(), mean, *row)


def _arrivals(account: str, scenario: str, batch: Trajectories, plan: Plan) -> Iterator[Arrivals]:
    on = (plan.spec.start + timedelta(days=plan.spec.days)).isoformat()
    mean = batch.arrived.mean(axis=0, dtype=np.float64)
    for p, place in enumerate(plan.setting.network.ids):
        if mean[p] >= 0.5:
            levels = np.quantile(np.ascontiguousarray(batch.arrived[:, p]), (0.05, 0.5, 0.95))
            yield Arrivals(account, scenario, place, on, round(float(mean[p]), 1), *map(float, levels))


def _present(case: Case, account: str, scenario: str, batch: Trajectories, plan: Plan) -> Iterator[Present]:
    if plan.areas is None or batch.present.ndim < 3:
        return
    table = joined(batch.present, plan.spec.sizes)
    setting = plan.setting
    displaced = plan.areas.sums(setting.displaced.astype(np.float64))
    everybody = displaced + plan.areas.sums(setting.residents.astype(np.float64))
    start = {"present": everybody, "displaced": displaced, "newcomers": np.zeros(plan.areas.many)}
    stocks = reported_stocks(plan.case)
    for k, measure in enumerate(MEASURES):
        for a, (code, name) in enumerate([*zip(plan.areas.codes, plan.areas.names, strict=True), ("", ROAD)]):
            if name == ROAD and measure != "present":
                continue
            stock, on = stocks.get(code, (None, "")) if code and measure == "displaced" else (None, "")
            begun = float(start[measure][a]) if name != ROAD else 0.0
            if not begun and not table[k, 0, :, a].any():
                continue
            for i, day in enumerate(days_shown(plan.spec.days)):
                numbers = dict(zip(_NUMBERS, (round(float(v), 1) for v in table[k, :, i, a]), strict=True))
                date_ = (plan.spec.start + timedelta(days=day + 1)).isoformat()
                yield Present(
                    account, scenario, code, name, date_, measure, begun, **numbers, reported=stock, reported_on=on
                )


def reported_stocks(case: Case) -> dict[str, tuple[float, str]]:
    """Return the last reported stock of displaced people of each area of a case, by P-code, with its day.

    A stock that a source gives for a part of an area's communities is what it is; the row says so.
    """
    out: dict[str, tuple[float, str]] = {}
    for figure in case.observed.values():
        on = figure.to.end or figure.to.start
        if figure.measure != STOCK or not figure.pcode or on is None or figure.restricted:
            continue
        if figure.pcode not in out or out[figure.pcode][1] <= on.isoformat():
            out[figure.pcode] = (figure.value, on.isoformat())
    return out


def _origins(account: str, scenario: str, batch: Trajectories, plan: Plan) -> Iterator[CameFrom]:
    if plan.areas is None or batch.origins.ndim < 3:
        return
    table = joined(batch.origins, plan.spec.sizes)
    on = (plan.spec.start + timedelta(days=plan.spec.days)).isoformat()
    areas = list(zip(plan.areas.codes, plan.areas.names, strict=True))
    for a, (code, name) in enumerate(areas):
        for b, (from_code, from_name) in enumerate([*areas, ("", "")]):
            if table[a, b] >= 0.5:
                yield CameFrom(account, scenario, code, name, on, from_code, from_name, round(float(table[a, b]), 1))


def _days(plan: Plan, batch: Trajectories, adverse: bool) -> NDArray[np.int16]:
    """Return the day each promise (or threat) was first broken [n, C]; a day beyond any run where it was not.

    What runs make anew is told apart (`agreements_of`). What is owed as an effort is left out: no run can tell whether
    the effort was made.
    """
    kind = [
        slot.adverse == adverse and AGAIN not in slot.commitment and not _is_effort(plan.case, slot)
        for slot in plan.setting.plan.slots
    ]
    return np.where((batch.broke > 0) & np.array(kind, dtype=np.bool_), batch.broke, NEVER).astype(np.int16)


def _is_effort(case: Case, slot: Slot) -> bool:
    return text_and_readings(case.commitments[slot.commitment])[slot.reading].duty == "effort"


def first_breaks(plan: Plan, batch: Trajectories) -> list[str]:
    """Return the promise broken first in each trajectory, empty where none was; of a day the first listed."""
    days = _days(plan, batch, adverse=False)
    if not days.shape[1]:  # nothing was known to be promised
        return [""] * len(days)
    first = days.argmin(axis=1)
    slots = plan.setting.plan.slots
    return [slots[i].commitment if days[row, i] < NEVER else "" for row, i in enumerate(first)]


def _breaks(case: Case, account: str, scenario: str, batch: Trajectories, plan: Plan) -> Iterator[Break]:
    slots = plan.setting.plan.slots
    by_kind = {adverse: _days(plan, batch, adverse) for adverse in (False, True)}
    unbroken = {adverse: np.where(batch.sound, days, NEVER) for adverse, days in by_kind.items()}
    for name in dict.fromkeys(slot.commitment for slot in slots):
        rows = [i for i, slot in enumerate(slots) if slot.commitment == name]
        if slots[rows[0]].kind == CommitmentKind.PERMISSION or _is_effort(plan.case, slots[rows[0]]):
            continue
        commitment = plan.case.commitments[name]
        sound, tested = batch.sound[:, rows].any(axis=1), batch.tested[:, rows].any(axis=1)
        every = by_kind[commitment.adverse]
        days = every[:, rows].min(axis=1)
        broken = days < NEVER
        if not (sound.any() or broken.any()):
            continue
        n = batch.first.shape[0]
        fresh = unbroken[commitment.adverse]
        anew = fresh[:, rows].min(axis=1)
        yield Break(
            account=account,
            scenario=scenario,
            commitment=name,
            title=commitment.title,
            debtor=", ".join(commitment.debtor),
            adverse=commitment.adverse,
            n=n,
            detached=float(tested.mean()),
            broken=float(broken.mean()),
            first=float((broken & (days == every.min(axis=1))).mean()),
            median_day=float(np.median(days[broken])) if broken.any() else None,
            sound=float(sound.mean()),
            fresh=float(((anew < NEVER) & (anew == fresh.min(axis=1))).mean()),
        )


def _ledger(plan: Plan) -> Iterator[LedgerSpan]:
    # a case as of a day that lies before the start knows no later day
    on = min(plan.spec.start, plan.spec.as_of)
    for row in history(plan.snapshot or plan.case, list(plan.spec.accounts), as_of=plan.spec.as_of, on=on):
        yield LedgerSpan(
            commitment=row.commitment,
            key=row.key,
            account=row.account,
            reading=row.reading,
            from_=row.from_.isoformat(),
            to=row.to.isoformat() if row.to else "",
            state=row.state,
            verdict=row.verdict,
            breaches=row.breaches,
        )


def _points(margin: Margin) -> dict[str, Any]:
    """Return what run.json says of a drawn parameter: its 5, 50 and 95 % points and what they rest on."""
    points = normal_or_student(np.array([0.05, 0.5, 0.95]), margin.freedom)
    low, middle, high = (float(f"{v:.4g}") for v in margin.at(points))
    return {"q05": low, "q50": middle, "q95": high, "scale": margin.scale, "basis": margin.basis}


def _meta(case: Case, plan: Plan, results: Mapping[tuple[str, str], Trajectories]) -> dict[str, Any]:
    spec, setting = plan.spec, plan.setting
    set_by: dict[str, dict[str, list[float]]] = {}
    for account, drawn in plan.openings.draws.items():
        if is_inner(account):
            continue
        for name, values in drawn.values_set().items():
            set_by.setdefault(name, {})[account] = values
    margins = {m.name: m for m in plan.openings.margins}
    parameters = [
        {
            "id": p.id,
            "title": p.title,
            "value": p.value,
            "range": list(p.range),
            "unit": p.unit,
            "claims": list(p.claims),
            "citation": p.citation,
            "assumed": p.assumed,
            "set_by": set_by.get(p.id, {}),
            "drawn": _points(margins[p.id]) if p.id in margins else None,
        }
        for p in case.parameters.values()
    ]
    warnings = [str(problem) for problem in case.warnings]
    if spec.choice_rule != LOGIT:
        warnings.append(
            f"actors choose by the rule {spec.choice_rule}, not by the logit: no score on record is one of this rule"
        )
    return {
        "standoff": VERSION,
        "case": {
            "id": case.about.id,
            "title": case.about.title,
            "edition": case.about.edition,
            "issued": str(case.about.issued or ""),
            "digest": case.digest,
        },
        "spec": spec.as_json(),
        "outcomes": [
            {
                "id": o.id,
                "title": o.title,
                "kind": "people" if o.people else "border" if o.border else "event",
                "question": o.question or o.title,
                "threshold": o.threshold,
            }
            for o in setting.outcomes
        ],
        "scenarios": [{"id": s, "title": title} for s, title in scenario_names(case, spec.scenarios).items()],
        "parameters": parameters,
        "level": _level(plan),
        "agreements": agreements_of(plan, results),
        "truces": truce_draws(plan, results),
        "modelled": len({slot.commitment for slot in setting.plan.slots}),
        "unmodelled": [{"commitment": name, "why": why} for name, why in setting.left_out],
        "files": {"case": case.digest},
        **({"warnings": warnings} if warnings else {}),
    }


def agreements_of(plan: Plan, results: Mapping[tuple[str, str], Trajectories]) -> list[dict[str, Any]]:
    """Return how each commitment that options make anew fared: shares of runs in which it was made, and then broken."""
    slots = plan.setting.plan.slots
    rows = []
    for name, (_, first) in made_in_runs(plan.case).items():
        mine = [i for i, slot in enumerate(slots) if slot.commitment == name]
        for (account, scenario), batch in results.items() if mine else ():
            if is_inner(account):
                continue
            made, broken = batch.tested[:, mine].any(axis=1), (batch.broke[:, mine] > 0).any(axis=1)
            rows.append(
                {
                    "account": account,
                    "scenario": scenario,
                    "commitment": first,
                    "title": plan.case.commitments[first].title,
                    "n": int(made.size),
                    "made": float(made.mean()),
                    "broken": float((made & broken).mean()),
                }
            )
    return rows


def truce_draws(plan: Plan, results: Mapping[tuple[str, str], Trajectories]) -> dict[str, Any]:
    """Return what a truce made in a run was drawn to leave of incidents, and in which share of runs one was made.

    ``none`` is the share of draws without an effect; ``months`` the quantiles 0.1, 0.5 and 0.9 of the others, month by
    month from the truce on.
    """
    if plan.level is None or not plan.setting.truces.any():
        return {}
    lull = level_draws(plan).lull[:, :-1]
    works = lull[:, 0] != 1.0
    options = sorted({int(o) for o in plan.setting.option[plan.setting.truces]})
    made = {
        f"{account}/{scenario}": float((batch.pursued[:, options] > 0).any(axis=1).mean())
        for (account, scenario), batch in results.items()
        if not is_inner(account)
    }
    months = np.quantile(lull[works], (0.1, 0.5, 0.9), axis=0).T.tolist() if works.any() else []
    return {"n": int(works.size), "none": float(1.0 - works.mean()), "months": months, "made": made}


def _level(plan: Plan) -> dict[str, Any]:
    """Return what run.json says of the level of incidents: what was counted, and what of it had to be supposed."""
    level = plan.level
    if level is None:
        return {"counted": "", "missing": plan.no_level}
    return {
        "counted": level.source,
        "until": level.until.isoformat(),
        "selection": level.selection,
        "why": level.why,
        "half_life": level.half_life,
        "windows": list(level.ends),
    }


def simulate(
    case: Case,
    *,
    accounts: str | Sequence[str] = (),
    scenarios: str | Sequence[str] = (),
    start: date | str | None = None,
    days: int | None = None,
    trajectories: int = 1000,
    seed: int = 1,
    parameters: str = "drawn",
    choice_rule: str | ChoiceRule = LOGIT,
    executor: Executor | None = None,
) -> Run:
    """Play ``trajectories`` futures for each account and scenario and summarise them.

    Parameters
    ----------
    case
        A case without errors.
    accounts, scenarios
        One or several. Without accounts: the voices and the pooled account. Without scenarios: the baseline.
    start, days
        The first day and how many. Default: those of the case.
    trajectories, seed
        How many futures of each account and scenario, and the seed of their random numbers.
    parameters
        ``drawn`` for each trajectory from their ranges, or ``fixed`` at their values.
    choice_rule
        What turns values into chances: ``logit``, the name of a plug-in, or a function of values, rationality and
        which options are open (`standoff.world.choice_rules`).
    executor
        Any `concurrent.futures.Executor`; the result does not depend on it.

    Returns
    -------
    Run
        ``run.compare("crossing-shut").frame()``, ``run.plot()``.

    Raises
    ------
    StandoffError
        With everything out of bounds or unknown.

    Examples
    --------
    >>> import standoff as so
    >>> so.simulate(so.load("idlib"), accounts="record", trajectories=4, days=10)
    <Run idlib: 1 account x 1 scenario, n = 4, 10 days from 2019-12-01>
    """
    refuse_errors(case)
    accounts = (accounts,) if isinstance(accounts, str) else tuple(accounts)
    scenarios = (scenarios,) if isinstance(scenarios, str) else tuple(scenarios)
    start = as_day(start, "start")
    spec = make_spec(
        case,
        accounts=accounts,
        scenarios=scenarios,
        start=start,
        days=days,
        trajectories=trajectories,
        seed=seed,
        parameters=parameters,
        choice_rule=choice_rule,
    )
    ensemble = make_plan(case, spec, level=True, present=True, choice_rule=rule_of(choice_rule))
    return replace(summarise(case, ensemble, run_plan(ensemble, executor=executor)), case=case)
