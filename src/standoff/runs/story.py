"""The story of one simulated trajectory, day by day: choices with their alternatives, events, commitments, people.

A run folder keeps no traces: the batch of the trajectory is played again from the same spec, which gives the same days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, refuse_errors
from standoff.case.terms import CommitmentKind
from standoff.commitments.engine.states import CONDITIONAL, DETACHED, NOT_YET, STATES
from standoff.errors import StandoffError, nearest
from standoff.oneline import OneLine
from standoff.runs.ensemble import Plan, make_plan, play_batch
from standoff.runs.results import Run
from standoff.runs.spec import Spec
from standoff.world.choice_rules import LOGIT
from standoff.world.setting import Setting
from standoff.world.state import World

QUIET = 0.005  # of the people in the model: smaller moves of a day are not told
TELLING = ("choices", "events", "commitments", "outcomes")
Days = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, repr=False)
class TrajectoryStory:
    """One simulated trajectory of a run, as a list of the days on which something happened (`story_days`)."""

    account: str
    scenario: str
    trajectory: int
    days: Days

    def __repr__(self) -> str:
        return f"<TrajectoryStory {self.trajectory}, {self.account}, {self.scenario}: {len(self.days)} days>"

    def as_json(self) -> Days:
        """Return the days as plain values."""
        return self.days


@dataclass(slots=True, repr=False)
class ChoiceLog(OneLine):
    """Takes down the choices of one trajectory since it was last emptied."""

    setting: Setting
    row: int
    choices: list[dict[str, Any]] = field(default_factory=list)

    def chose(
        self,
        day: int,
        actor: int,
        pick: NDArray[np.int64],
        value: NDArray[np.float64],
        chance: NDArray[np.float64],
        option: NDArray[np.int64],
    ) -> None:
        """Take note when the trajectory is among those that choose."""
        at = np.flatnonzero(pick == self.row)
        if not at.size:
            return
        i, setting = int(at[0]), self.setting
        own = [o for o in range(len(setting.options)) if setting.maker[o] == actor]
        options: list[dict[str, Any]] = [
            {"option": setting.options[o].id, "value": float(value[i, j]), "chance": float(chance[i, j])}
            for j, o in enumerate(own)
            if chance[i, j] > 0.0
        ]
        options.sort(key=lambda entry: -float(entry["chance"]))
        self.choices.append(
            {"actor": setting.actors[actor], "option": setting.options[int(option[i])].id, "options": options}
        )


def story_of(
    case: Case, run: Run, *, account: str | None = None, scenario: str | None = None, trajectory: int = 0
) -> TrajectoryStory:
    """Return the story of one trajectory of a run, day by day, with what is behind each step.

    Parameters
    ----------
    case : Case
        The case of the run.
    run : Run
        As `simulate` or `load_run` returns it.
    account, scenario : str, optional
        Which of the run's. Default: the first.
    trajectory : int
        Its number, from 0.

    Returns
    -------
    TrajectoryStory
        The days on which something happened.

    Raises
    ------
    StandoffError
        For an account, a scenario or a trajectory that the run does not have, and where the case has changed since.

    Examples
    --------
    >>> import standoff as so
    >>> case = so.load("idlib")
    >>> run = so.simulate(case, accounts="pooled", trajectories=4, days=5)
    >>> so.story(case, run, trajectory=2).trajectory
    2
    """
    refuse_errors(case)
    for option, name, names in (("--account", account, run.accounts), ("--scenario", scenario, run.scenarios)):
        if name is not None and name not in names:
            what = f"the run has no {name!r}"
            raise StandoffError.of(what, file=option, expected=", ".join(names), hint=nearest(name, names))
    who, where = account or run.accounts[0], scenario or run.scenarios[0]
    return TrajectoryStory(who, where, trajectory, story_days(case, plan_of(case, run, who), who, where, trajectory))


def story_days(case: Case, plan: Plan, account: str, scenario: str, trajectory: int) -> Days:
    """Return the days of one trajectory on which something happened, each with what is behind it.

    The first entry is the morning before: ``day`` 0 and ``courses``, what each actor pursues. The others have ``day``
    (from 1), ``date``, ``choices`` (actor, option, options with value and chance, claims), ``events``, ``commitments``
    (state before and after, title, claims), ``outcomes`` that first came about, ``left`` (people who left home),
    ``from`` and ``to`` (the places with most of those who left and came, and how many) and ``displaced``.
    Raises StandoffError when there is no such trajectory.
    """
    spec, setting = plan.spec, plan.setting
    if not 0 <= trajectory < spec.trajectories:
        what = f"there is no trajectory {trajectory}"
        raise StandoffError.of(what, file="--trajectory", expected=f"from 0 to {spec.trajectories - 1}")
    number, row = divmod(trajectory, spec.batch)
    log = ChoiceLog(setting, row)
    days: Days = []
    pursued = states = np.zeros(0, dtype=np.int64)
    at = plan.openings.batch(account, number)
    for world, did in play_batch(setting, at, spec, plan.stretches[scenario], number, witness=log):
        if did is None:
            options = [setting.options[int(o)] for o in world.pursued[row]]
            courses = [
                {"actor": a, "option": o.id, "title": o.title} for a, o in zip(setting.actors, options, strict=True)
            ]
            days.append({"day": 0, "date": spec.start.isoformat(), "courses": courses})
        else:
            left = int(did.moves.departed[row].sum())
            entry = {
                "day": world.day,
                "date": (spec.start + timedelta(days=world.day - 1)).isoformat(),
                "choices": _choices(case, setting, log.choices, pursued, world, row),
                "events": _events(setting, did.happened[row]),
                "commitments": _changes(plan.case, setting, states, world, row),
                "outcomes": [o.id for o, on in zip(setting.outcomes, world.first[row], strict=True) if on == world.day],
                "left": left,
                "from": _largest(setting, did.moves.departed[row]),
                "to": _largest(setting, did.moves.arrived[row]),
                "displaced": int(world.displaced[row]),
            }
            if any(entry[k] for k in TELLING) or left > QUIET * setting.residents.sum():
                days.append(entry)
        log.choices = []
        pursued = world.pursued[row].copy()
        states = world.ledger.state[row].astype(np.int64)
    return days


def _largest(setting: Setting, people: NDArray[np.int64], most: int = 3) -> list[tuple[str, int]]:
    order = np.argsort(-people, kind="stable")[:most]
    return [(setting.network.ids[p], int(people[p])) for p in order if people[p] > 0]


def _choices(
    case: Case, setting: Setting, choices: list[dict[str, Any]], before: NDArray[np.int64], world: World, row: int
) -> list[dict[str, Any]]:
    rows = []
    for choice in choices:
        actor = setting.actors.index(choice["actor"])
        was = setting.options[int(before[actor])].id
        if was == choice["option"]:
            continue
        option = case.options[choice["option"]]
        why = {"claims": list(option.claims), "citation": option.citation, "assumed": option.assumed}
        rows.append({**choice, "title": option.title, "was": was, **why})
    noted = {choice["actor"] for choice in rows}
    for actor, name in enumerate(setting.actors):
        now = int(world.pursued[row, actor])
        if now != before[actor] and name not in noted:
            option = setting.options[now]
            was = setting.options[int(before[actor])].id
            rows.append({"actor": name, "option": option.id, "title": option.title, "was": was, "options": []})
    return rows


def _events(setting: Setting, happened: NDArray[np.bool_]) -> list[dict[str, Any]]:
    return [
        {
            "type": setting.emitted[e].type,
            "actor": list(setting.emitted[e].actor),
            "target": list(setting.emitted[e].target),
            "sector": list(setting.emitted[e].sector),
            "option": setting.options[setting.option[e]].id,
        }
        for e in np.flatnonzero(happened)
    ]


def _changes(case: Case, setting: Setting, states: NDArray[np.int64], world: World, row: int) -> list[dict[str, Any]]:
    rows = []
    for c in np.flatnonzero((world.ledger.state[row] != states) & world.ledger.own_reading[row]):
        slot = setting.plan.slots[c]
        old, new = int(states[c]), int(world.ledger.state[row, c])
        if slot.kind == CommitmentKind.PERMISSION or (old == NOT_YET and new in (CONDITIONAL, DETACHED)):
            continue
        commitment = case.commitments[slot.commitment]
        rows.append(
            {
                "commitment": slot.commitment,
                "title": commitment.title,
                "reading": slot.reading,
                "adverse": slot.adverse,
                "was": STATES[old],
                "is": STATES[new],
                "claims": list(commitment.claims),
                "citation": commitment.citation,
            }
        )
    return rows


def plan_of(case: Case, run: Run, account: str) -> Plan:
    """Return the plan that a run folder was made from, for one account.

    Raises StandoffError when the case has changed since: the days would not be those of the run.
    """
    record = run.meta["spec"]
    if case.digest != run.meta["case"]["digest"]:
        what = "the case has changed since this run was made"
        raise StandoffError.of(what, file=str(run.root or "RUN"), expected="the case it was made from, or a new run")
    spec = Spec(
        start=date.fromisoformat(record["start"]),
        days=int(record["days"]),
        accounts=(account,),
        scenarios=tuple(record["scenarios"]),
        trajectories=int(record["trajectories"]),
        seed=int(record["seed"]),
        batch=int(record["batch"]),
        as_of=date.fromisoformat(record["as_of"]),
        mode=str(record["mode"]),
        ablation=str(record["ablation"]),
        beliefs=str(record["beliefs"]),
        parameters=str(record.get("parameters", "fixed")),
        choice_rule=str(record.get("choice_rule", LOGIT)),
    )
    return make_plan(case, spec)
