"""Other disputes between the same actors (arenas), left out one by one: what each changes in this model.

An arena is one or more issues of a case (`standoff.case.strategy.Issue`). Left out, nobody cares about it any more:
saliences of its issues are 0, the others stay as they are. All runs have the same luck and the same draws, so that
differences are those of the arena alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date

from standoff.case.model import Case, refuse_errors
from standoff.case.strategy import Scenario
from standoff.errors import Problem, StandoffError, nearest
from standoff.oneline import OneLine
from standoff.runs.ensemble import make_plan, run_plan
from standoff.runs.proposal import side_by_side
from standoff.runs.results import Run
from standoff.runs.scenario import BASELINE
from standoff.runs.spec import make_spec
from standoff.values import as_day
from standoff.world.setting import start_of

WITHOUT = "without-"  # and the number of the arena


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ArenaInModel(OneLine):
    """An arena as the model sees it: its issues, where they stand at the start, who cares, and which options move it.

    ``shocks`` are those on record before the start, ``saliences`` actor, issue, value and range, ``options`` titles.
    """

    title: str
    issues: tuple[str, ...]
    stands: tuple[float, ...]
    shocks: tuple[str, ...]
    saliences: tuple[tuple[str, str, float, float, float], ...]
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LinkagePlay(OneLine):
    """The arenas of a case, and one run of the baseline beside the same without each of them."""

    arenas: tuple[ArenaInModel, ...]
    run: Run
    case: Case  # with a scenario for each arena, for titles


def arenas_of(case: Case) -> dict[str, tuple[str, ...]]:
    """Return arena -> its issues, in the order of the case."""
    out: dict[str, tuple[str, ...]] = {}
    for name, issue in case.issues.items():
        if issue.arena:
            out[issue.arena] = (*out.get(issue.arena, ()), name)
    return out


def arena_in_model(case: Case, title: str, issues: tuple[str, ...], start: date) -> ArenaInModel:
    """Return an arena as a run from ``start`` has it."""
    return ArenaInModel(
        title=title,
        issues=issues,
        stands=tuple(start_of(case.issues[name], start) for name in issues),
        shocks=tuple(
            f"{shock.title} ({shock.date}): {shock.by:+g}"
            for name in issues
            for shock in case.issues[name].shocks
            if (day := shock.date.end or shock.date.start) and day < start
        ),
        saliences=tuple(
            (s.actor, s.issue, s.salience, *(s.range or (s.salience, s.salience)))
            for s in case.stakes.values()
            if s.issue in issues
        ),
        options=tuple(o.title for o in case.options.values() if any(o.moves.get(name) for name in issues)),
    )


def play_linkage(
    case: Case,
    arenas: Iterable[str] = (),
    *,
    accounts: str | Sequence[str] = (),
    start: date | str | None = None,
    days: int | None = None,
    trajectories: int = 500,
    seed: int = 1,
    executor: Executor | None = None,
) -> LinkagePlay:
    """Play a case as it is, and without each of the other disputes that its actors have.

    Parameters
    ----------
    case : Case
        A case with options and with issues of arenas.
    arenas : iterable of str
        Those to leave out, by title; all of the case where none is named.
    accounts, start, days, trajectories, seed
        As of `simulate`.
    executor : Executor, optional
        What plays batches; the result does not depend on it.

    Returns
    -------
    LinkagePlay
        The arenas, and a run whose scenarios are the baseline and the same without each arena.

    Raises
    ------
    StandoffError
        Where the case has no arena, or none of a name, and as a run does.

    Examples
    --------
    >>> import standoff as so
    >>> play = so.linkage(so.load("idlib"), ["Libya"], accounts="pooled", trajectories=4, days=5)
    >>> [arena.title for arena in play.arenas]
    ['Libya']
    """
    refuse_errors(case)
    accounts = (accounts,) if isinstance(accounts, str) else tuple(accounts)
    start = as_day(start, "start")
    there = arenas_of(case)
    if not there:
        what = "no issue of the case belongs to an arena"
        raise StandoffError.of(what, file="issues.yaml", expected="`arena:` on the issues of other disputes")
    names = list(dict.fromkeys(arenas)) or list(there)
    wrong = [
        Problem("--arena", 0, f"there is no arena {n!r}", "; ".join(there), nearest(n, there))
        for n in names
        if n not in there
    ]
    if wrong:
        raise StandoffError(wrong)
    spec = make_spec(case, accounts=accounts, start=start, days=days, trajectories=trajectories, seed=seed)
    base = make_plan(case, spec, level=True)
    every = {}
    scenarios = {}
    for name in names:
        key = f"{WITHOUT}{list(there).index(name) + 1}"
        muted = replace(base, setting=replace(base.setting, muted=frozenset(there[name])))
        every[key] = run_plan(muted, executor=executor)
        scenarios[key] = Scenario(id=key, title=f"Nobody cares about: {name}", lever="none")
    run = side_by_side(case, base, run_plan(base, executor=executor), every, BASELINE.id)
    return LinkagePlay(
        arenas=tuple(arena_in_model(case, name, there[name], spec.start) for name in names),
        run=run,
        case=replace(case, scenarios={**case.scenarios, **scenarios}),
    )
