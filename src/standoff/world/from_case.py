"""What of a case the world needs: whose stakes, who answers for whom, which commitments its emissions can touch.

The parts of `standoff.world.setting.compile_setting`; nothing here depends on a trajectory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.case.terms import Pattern
from standoff.case.vocabulary import is_a
from standoff.commitments.arrays import Plan
from standoff.commitments.pattern import Emitted, Matcher
from standoff.commitments.plan import compile_plan
from standoff.commitments.sources import emissions
from standoff.errors import Problem, nearest
from standoff.world.displacement.network import Settings
from standoff.world.operations import problems_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def problems_of_actors(case: Case, actors: list[str]) -> list[Problem]:
    """Return what is wrong with options and stakes: unknown names, chances, defaults, actors without a stake."""
    found: list[Problem] = []

    def at(kind: str, key: str) -> tuple[str, int]:
        where = case.written.get((kind, key))
        return (where.file, where.line) if where else (f"{kind}.yaml", 0)

    for option in case.options.values():
        file, line = at("options", option.id)
        for key in ("needs", "bars"):
            for name in getattr(option, key):
                if name not in case.options:
                    hint = nearest(name, case.options)
                    found.append(Problem(file, line, f"{key} names the unknown option {name!r}", "an option", hint))
        for issue in option.moves:
            if issue not in case.issues:
                hint = nearest(issue, case.issues)
                found.append(Problem(file, line, f"moves the unknown issue {issue!r}", "an issue", hint))
        found += problems_of(option, file, line)
        for emission in option.emits:
            if not 0.0 <= emission.chance <= 1.0:
                found.append(Problem(file, line, f"the chance {emission.chance} of {emission.type}", "from 0 to 1"))
    for name in actors:
        defaults = [o.id for o in case.options.values() if o.actor == name and o.default]
        if len(defaults) != 1:
            what = f"{name} has {len(defaults)} default options"
            found.append(Problem("options.yaml", 0, what, "exactly one option with default: true"))
        elif case.options[defaults[0]].needs or case.options[defaults[0]].bars:
            file, line = at("options", defaults[0])
            found.append(Problem(file, line, "a default option has needs or bars", "an option that is always open"))
        saliences = [s.salience for s in case.stakes.values() if s.actor == name]
        if not saliences:
            found.append(Problem("stakes.yaml", 0, f"{name} has options but no stake", "a stake for each such actor"))
    if not case.places:
        found.append(Problem("places.csv", 0, "there are no places", "where people are, at least one place"))
    if not case.options:
        found.append(Problem("options.yaml", 0, "there are no options", "what each strategic actor may do"))
    return found


def stakes_of(case: Case, actors: list[str], rho: float) -> tuple[Floats, Floats]:
    """Return positions and saliences [A, K]; an actor's core issue is worth 1 from worst to best."""
    issues = list(case.issues)
    position = np.zeros((len(actors), len(issues)))
    salience = np.zeros_like(position)
    for stake in case.stakes.values():
        if stake.actor in actors:
            at = actors.index(stake.actor), issues.index(stake.issue)
            position[at], salience[at] = stake.position, stake.salience
    farthest = np.maximum(position, 1.0 - position) ** rho
    core = salience.argmax(axis=1)
    span = (salience * farthest)[np.arange(len(actors)), core]
    return position, salience / span[:, None]


def standing_for(case: Case, actors: list[str]) -> dict[str, set[str]]:
    """Return name -> the strategic actors that hold commitments made in that name: itself, and its members."""
    above: dict[str, set[str]] = {}
    for actor in actors:
        queue, seen = [actor], set()
        while queue:
            name = queue.pop()
            if name in seen:
                continue
            seen.add(name)
            above.setdefault(name, set()).add(actor)
            queue += case.actors[name].member_of if name in case.actors else ()
    return above


def fits(pattern: Pattern, event: Emitted) -> bool:
    """Whether an emission is what an outcome watches for: its type, actor and target."""
    kind = not pattern.type or any(is_a(event.type, wanted) for wanted in pattern.type)
    actor = not pattern.actor or bool(set(pattern.actor) & set(event.actor))
    return kind and actor and (not pattern.target or bool(set(pattern.target) & set(event.target)))


def serves(plan: Plan, signals: Bools, role: str) -> Bools:
    """Return [E, C]: the emissions that some signal of a slot's role counts."""
    out = np.zeros((signals.shape[0], len(plan.slots)), dtype=np.bool_)
    for index, (slot, served) in enumerate(plan.signals):
        if served == role:
            out[:, slot] |= signals[:, index]
    return out


def touched(case: Case, start: date, emitted: tuple[Emitted, ...]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the commitments that emissions can touch after the start, and why the others are left out."""
    plan = compile_plan(case, first=start)
    signals = emissions(plan, Matcher(case), emitted)
    served = np.stack([serves(plan, signals, role) for role in ("when", "then", "bad")])
    any_role: Bools = np.asarray(served.any(axis=(0, 1)), dtype=np.bool_)
    over = np.asarray(np.minimum(plan.closes, plan.due) < 0, dtype=np.bool_)
    chosen: list[str] = []
    left: list[tuple[str, str]] = []
    for name, commitment in case.commitments.items():
        slots = list(plan.of(name))
        if commitment.from_.start is not None and commitment.from_.start > start:
            left.append((name, "made after the start"))
        elif all(over[i] for i in slots):
            left.append((name, "its time is over at the start"))
        elif not any_role[slots].any():
            left.append((name, "no option of the model can meet, keep or break it"))
        else:
            chosen.append(name)
    return chosen, left


def home_of(case: Case) -> str:
    """Return the country that most of a case's places are in: who leaves it is a refugee."""
    return Counter(p.country for p in case.places.values()).most_common(1)[0][0]


def closures_of(case: Case, start: date, home: str) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """Return the closures (kind, a, b) in force on a day, and which of them are borders between other countries."""
    shut, foreign = [], []
    for closure in case.closures:
        if not closure.from_.possibly_within(None, start):
            continue
        if closure.until is not None and closure.until.start is not None and closure.until.start <= start:
            continue
        item = (closure.kind, closure.a, closure.b)
        shut.append(item)
        if closure.kind == "border" and home not in item[1:]:
            foreign.append(item)
    return shut, foreign


def moving(case: Case) -> dict[str, Any]:
    """Return the displacement settings of a case: what its parameters ``displacement.NAME`` say of ``Settings``.

    ``displacement.move.KIND``, ``displacement.drift.KIND`` and ``displacement.draw.KIND`` set a chance or pull by kind
    of place, ``displacement.draw.PLACE`` that of one place.
    """
    given = {
        name.removeprefix("displacement."): p.value
        for name, p in case.parameters.items()
        if name.startswith("displacement.")
    }
    usual = Settings()
    numbers: dict[str, Any] = {}
    for field in fields(Settings):
        now = getattr(usual, field.name)
        if field.name in given:
            numbers[field.name] = type(now)(given[field.name])
        elif isinstance(now, Mapping):
            prefix = f"{field.name}."
            found = {k.removeprefix(prefix): v for k, v in given.items() if k.startswith(prefix)}
            numbers[field.name] = {**now, **{k: v for k, v in found.items() if k in now}}
    draw = {k.removeprefix("draw."): v for k, v in given.items() if k.startswith("draw.")}
    return {"moving": Settings(**numbers), "draw": {k: v for k, v in draw.items() if k in case.places}}
