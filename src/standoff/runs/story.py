"""The story of one simulated trajectory, day by day: choices with their alternatives, events, commitments, people.

A run folder keeps no traces: the batch of the trajectory is played again from the same spec, which gives the same days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.commitments.engine.states import CONDITIONAL, DETACHED, NOT_YET, STATES
from standoff.errors import StandoffError
from standoff.runs.ensemble import Plan, plan, play
from standoff.runs.results import Run
from standoff.runs.spec import Spec
from standoff.world.setting import Setting
from standoff.world.state import World

QUIET = 0.005  # of the people in the model: smaller moves of a day are not told
TOLD = ("choices", "events", "commitments", "outcomes")
Story = list[dict[str, Any]]


@dataclass(slots=True)
class Watching:
    """Takes down the choices of one trajectory."""

    setting: Setting
    row: int
    seen: list[dict[str, Any]] = field(default_factory=list)

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
        self.seen.append(
            {"actor": setting.actors[actor], "option": setting.options[int(option[i])].id, "options": options}
        )


def explain(case: Case, made: Plan, account: str, scenario: str, trajectory: int) -> Story:
    """Return the days of one trajectory on which something happened, each with what is behind it.

    The first entry is the morning before: ``day`` 0 and ``courses``, what each actor pursues. The others have ``day``
    (from 1), ``date``, ``choices`` (actor, option, options with value and chance, claims), ``events``, ``commitments``
    (state before and after, title, claims), ``outcomes`` that first came about, ``left`` (people who left home),
    ``from`` and ``to`` (the places with most of those who left and came, and how many) and ``displaced``.
    Raises StandoffError when there is no such trajectory.
    """
    spec, setting = made.spec, made.setting
    if not 0 <= trajectory < spec.trajectories:
        what = f"there is no trajectory {trajectory}"
        raise StandoffError.of(what, file="--trajectory", expected=f"from 0 to {spec.trajectories - 1}")
    number, row = divmod(trajectory, spec.batch)
    watching = Watching(setting, row)
    story: Story = []
    pursued = states = np.zeros(0, dtype=np.int64)
    at = made.openings[account]
    for world, did in play(setting, at, spec, made.stretches[scenario], number, witness=watching):
        if did is None:
            courses = [setting.options[int(o)] for o in world.pursued[row]]
            told = [
                {"actor": a, "option": o.id, "title": o.title} for a, o in zip(setting.actors, courses, strict=True)
            ]
            story.append({"day": 0, "date": spec.start.isoformat(), "courses": told})
        else:
            left = int(did.moves.departed[row].sum())
            entry = {
                "day": world.day,
                "date": (spec.start + timedelta(days=world.day - 1)).isoformat(),
                "choices": _choices(case, setting, watching.seen, pursued, world, row),
                "events": _events(setting, did.happened[row]),
                "commitments": _changes(case, setting, states, world, row),
                "outcomes": [o.id for o, on in zip(setting.outcomes, world.first[row], strict=True) if on == world.day],
                "left": left,
                "from": _largest(setting, did.moves.departed[row]),
                "to": _largest(setting, did.moves.arrived[row]),
                "displaced": int(world.displaced[row]),
            }
            if any(entry[k] for k in TOLD) or left > QUIET * setting.residents.sum():
                story.append(entry)
        watching.seen = []
        pursued = world.pursued[row].copy()
        states = world.ledger.state[row].astype(np.int64)
    return story


def _largest(setting: Setting, people: NDArray[np.int64], most: int = 3) -> list[tuple[str, int]]:
    order = np.argsort(-people, kind="stable")[:most]
    return [(setting.network.ids[p], int(people[p])) for p in order if people[p] > 0]


def _choices(
    case: Case, setting: Setting, seen: list[dict[str, Any]], before: NDArray[np.int64], world: World, row: int
) -> list[dict[str, Any]]:
    made = []
    for choice in seen:
        actor = setting.actors.index(choice["actor"])
        was = setting.options[int(before[actor])].id
        if was == choice["option"]:
            continue
        option = case.options[choice["option"]]
        why = {"claims": list(option.claims), "citation": option.citation, "assumed": option.assumed}
        made.append({**choice, "title": option.title, "was": was, **why})
    told = {choice["actor"] for choice in made}
    for actor, name in enumerate(setting.actors):
        now = int(world.pursued[row, actor])
        if now != before[actor] and name not in told:
            option = setting.options[now]
            was = setting.options[int(before[actor])].id
            made.append({"actor": name, "option": option.id, "title": option.title, "was": was, "options": []})
    return made


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
    made = []
    for c in np.flatnonzero((world.ledger.state[row] != states) & world.ledger.own_reading[row]):
        slot = setting.plan.slots[c]
        old, new = int(states[c]), int(world.ledger.state[row, c])
        if slot.kind == "permission" or (old == NOT_YET and new in (CONDITIONAL, DETACHED)):
            continue
        commitment = case.commitments[slot.commitment]
        made.append(
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
    return made


def plan_of(case: Case, run: Run, account: str) -> Plan:
    """Return the plan that a run folder was made from, for one account.

    Raises StandoffError when the case has changed since: the days would not be those of the run.
    """
    told = run.meta["spec"]
    if case.digest != run.meta["case"]["digest"]:
        what = "the case has changed since this run was made"
        raise StandoffError.of(what, file=str(run.root or "RUN"), expected="the case it was made from, or a new run")
    spec = Spec(
        start=date.fromisoformat(told["start"]),
        days=int(told["days"]),
        accounts=(account,),
        scenarios=tuple(told["scenarios"]),
        trajectories=int(told["trajectories"]),
        seed=int(told["seed"]),
        batch=int(told["batch"]),
        as_of=date.fromisoformat(told["as_of"]),
        mode=str(told["mode"]),
        ablation=str(told["ablation"]),
        beliefs=str(told["beliefs"]),
        parameters=str(told.get("parameters", "fixed")),
    )
    return plan(case, spec)
