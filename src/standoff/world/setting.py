"""A case as the world reads it: actors, issues, options, what options emit, the commitments that emissions can touch.

Compiled once for a start day; everything in it is the same for all trajectories. Parameters that accounts may set
differently come in per batch (dials.py). The world never sees a document: claims stay behind in the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.case.strategy import Emission, Option, Outcome
from standoff.commitments.arrays import Plan
from standoff.commitments.pattern import Emitted, Matcher
from standoff.commitments.plan import compile_plan
from standoff.commitments.record import first_day
from standoff.commitments.rules import Absent, parts
from standoff.commitments.sources import emissions
from standoff.errors import StandoffError
from standoff.world.displacement.network import Network, network_of_case
from standoff.world.displacement.network import Settings as MoveSettings
from standoff.world.from_case import (
    closures_of,
    fits,
    home_of,
    problems_of_actors,
    serves,
    stakes_of,
    standing_for,
    touched,
)
from standoff.world.pace import Pace, pace_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The case as arrays: A actors, K issues, O options, E emissions, S sectors, C commitment slots, P places.

    ``maker`` [O] is the actor of an option and ``option`` [E] the option of an emission. ``needs`` and ``bars`` [O, O]
    name options by others that open and shut one. ``signals`` [E, signals] feeds the ledger; ``meets``, ``keeps`` and
    ``breaks`` [E, C] say which commitments' condition, consequent or breach an emission can be. ``holder`` [C, A].
    """

    start: date
    day: int  # number of the start day in the plan
    actors: tuple[str, ...]
    issues: tuple[str, ...]
    options: tuple[Option, ...]
    emitted: tuple[Emitted, ...]
    sectors: tuple[str, ...]
    maker: Ints
    default: Ints  # [A] option
    moves: Floats
    cost: Floats
    harms: Floats  # [O, A]
    lasts: Ints  # days; 0 = until the next revision
    goes_on: Bools  # [O] an operation, which ends by chance
    opens: Bools  # [O] a border is open while it is pursued
    needs: Bools
    bars: Bools
    needy: Bools  # [O]
    option: Ints
    chance: Floats
    first: Bools
    strength: Floats
    reach: Floats  # [E, S]
    start_issues: Floats
    position: Floats  # [A, K]
    salience: Floats  # [A, K], scaled so that the range on the core issue is 1
    plan: Plan
    signals: Bools
    meets: Bools
    keeps: Bools
    breaks: Bools
    absent: Bools  # [C] the condition is that something is not done by a date
    holder: Bools
    adverse: Bools
    network: Network
    sector_of: Ints  # [P of the network]; -1 outside
    residents: Ints
    displaced: Ints
    shut: tuple[tuple[str, str, str], ...]
    foreign_shut: tuple[tuple[str, str, str], ...]  # closures that an opened border lifts
    camps: Bools  # [P]
    outcomes: tuple[Outcome, ...]
    hits: Bools  # [outcomes, E]
    pace: Pace
    parameters: Mapping[str, float]
    left_out: tuple[tuple[str, str], ...]  # commitment, why the world cannot touch it

    @property
    def slots(self) -> int:
        """Number of commitment slots C."""
        return len(self.plan.slots)


def compile_setting(
    case: Case,
    start: date,
    *,
    first: date | None = None,
    moving: MoveSettings | None = None,
    draw: Mapping[str, float] | None = None,
) -> Setting:
    """Compile a case for runs that start on ``start``; ``first`` is day 0 of the ledger (default: the earliest record).

    ``moving`` and ``draw`` are the displacement settings and the pull of single places. Raises StandoffError with every
    option, stake or emission that cannot be compiled.
    """
    actors = [name for name in case.actors if any(o.actor == name for o in case.options.values())]
    problems = problems_of_actors(case, actors)
    if problems:
        raise StandoffError(problems)
    issues, options = list(case.issues), list(case.options.values())
    sectors = sorted(
        {p.sector for p in case.places.values() if p.sector} | {s for o in options for e in o.emits for s in e.sector}
    )
    made: list[tuple[int, Emission]] = [(i, e) for i, o in enumerate(options) for e in o.emits]
    emitted = tuple(
        Emitted(type=e.type, actor=e.actor or (options[i].actor,), target=e.target, sector=e.sector) for i, e in made
    )
    began = first or min(first_day(case), start)
    chosen, left = touched(case, start, emitted)
    plan = compile_plan(case, first=began, commitments=chosen)
    signals = emissions(plan, Matcher(case), emitted)
    above = standing_for(case, actors)
    holder = np.zeros((len(plan.slots), len(actors)), dtype=np.bool_)
    for c, slot in enumerate(plan.slots):
        for name in {a for debtor in slot.debtor for a in above.get(debtor, ())}:
            holder[c, actors.index(name)] = True
    absent = np.zeros(len(plan.slots), dtype=np.bool_)
    for slot_index, rule in plan.rules["when"]:
        absent[slot_index] = any(isinstance(part, Absent) for part in parts(rule))
    rho = case.parameters["rho"].value if "rho" in case.parameters else 1.0
    position, salience = stakes_of(case, actors, rho)
    home = home_of(case)
    network = network_of_case(case.places.values(), case.routes, home=home, settings=moving, draw=draw)
    there = [case.places[name] for name in network.ids]
    shut, foreign = closures_of(case, start, home)
    known = set(network.ids) | set(network.country)
    index = {o.id: i for i, o in enumerate(options)}

    def named(key: str) -> Bools:
        table = np.zeros((len(options), len(options)), dtype=np.bool_)
        for i, o in enumerate(options):
            table[i, [index[name] for name in getattr(o, key)]] = True
        return table

    return Setting(
        start=start,
        day=plan.day(start),
        actors=tuple(actors),
        issues=tuple(issues),
        options=tuple(options),
        emitted=emitted,
        sectors=tuple(sectors),
        maker=np.array([actors.index(o.actor) for o in options]),
        default=np.array([next(i for i, o in enumerate(options) if o.actor == a and o.default) for a in actors]),
        moves=np.array([[o.moves.get(k, 0.0) for k in issues] for o in options]),
        cost=np.array([o.cost for o in options]),
        harms=np.array([[o.harms.get(a, 0.0) for a in actors] for o in options]),
        lasts=np.array([o.lasts.days if o.lasts else 0 for o in options]),
        goes_on=np.array([o.duration is not None for o in options], dtype=np.bool_),
        opens=np.array([o.sets_border == "open" for o in options]),
        needs=named("needs"),
        bars=named("bars"),
        needy=np.array([bool(o.needs) for o in options]),
        option=np.array([i for i, _ in made], dtype=np.int64),
        chance=np.array([e.chance for _, e in made]),
        first=np.array([e.first for _, e in made], dtype=np.bool_),
        strength=np.array([e.intensity for _, e in made]),
        reach=np.array([[float(s in e.sector) for s in sectors] for _, e in made]).reshape(len(made), len(sectors)),
        start_issues=np.array([case.issues[k].start for k in issues]),
        position=position,
        salience=salience,
        plan=plan,
        signals=signals,
        meets=serves(plan, signals, "when"),
        keeps=serves(plan, signals, "then"),
        breaks=serves(plan, signals, "bad"),
        absent=absent,
        holder=holder,
        adverse=np.array([s.adverse for s in plan.slots], dtype=np.bool_),
        network=network,
        sector_of=np.array([sectors.index(p.sector) if p.sector else -1 for p in there], dtype=np.int64),
        residents=np.array([p.residents for p in there], dtype=np.int64),
        displaced=np.array([p.displaced for p in there], dtype=np.int64),
        shut=tuple(item for item in shut if item[1] in known),
        foreign_shut=tuple(item for item in foreign if item[1] in known),
        camps=np.array([p.kind in ("camp_area", "camp", "site") for p in there], dtype=np.bool_),
        outcomes=tuple(case.outcomes.values()),
        hits=np.array(
            [[o.event is not None and fits(o.event, e) for e in emitted] for o in case.outcomes.values()],
            dtype=np.bool_,
        ).reshape(len(case.outcomes), len(emitted)),
        pace=pace_of(case, start, case.about.period.start or began, actors, options, made),
        parameters={name: p.value for name, p in case.parameters.items()},
        left_out=tuple(left),
    )
