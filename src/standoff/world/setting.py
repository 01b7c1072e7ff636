"""A case as the world reads it: actors, issues, options, what options emit, the commitments that emissions can touch.

Compiled once for a start day (`compile_setting`, by concern: actors, commitments, space); everything in it is the same
for all trajectories. Parameters that accounts may set differently come in per batch (dials.py). The world never sees a
document: claims stay behind in the case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.geography import Place, Route
from standoff.case.model import Case, Kind
from standoff.case.strategy import Emission, Issue, Option, Outcome
from standoff.case.talks import Signal, SignalCost
from standoff.case.terms import Pattern
from standoff.case.vocabulary import is_a
from standoff.commitments.engine.arrays import Schedule
from standoff.commitments.engine.rules import Absent, parts
from standoff.commitments.monitor import first_day
from standoff.commitments.patterns.compiler import compile_schedule
from standoff.commitments.patterns.compiler import emissions as signals_of
from standoff.commitments.patterns.pattern import Emitted, Matcher
from standoff.commitments.patterns.wording import text_and_readings
from standoff.errors import Problem, StandoffError, nearest
from standoff.levels.truces import TRUCE
from standoff.oneline import OneLine
from standoff.people.network import Network, Settings, journeys
from standoff.values import Tie
from standoff.world.actors import logit
from standoff.world.choice_rules import ChoiceRule
from standoff.world.newcomers import journey_shares
from standoff.world.pace import Pace, pace_of
from standoff.world.parameters import SIGNALS
from standoff.world.played import names_an_event

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


# Why the world plays no part of a commitment that is live.
NOTHING_SEEN = "its text says nothing that an event could show"
NO_OPTION = "no option of the model can meet, keep or break it"
COSTLY, WORDS = SIGNALS
COSTS = {SignalCost.LOW: WORDS, SignalCost.SOME: COSTLY, SignalCost.HIGH: COSTLY}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
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
    span: Floats  # [A] by which saliences were divided
    draws: tuple[tuple[int, int], ...]  # actor and issue of the saliences that each trajectory draws
    muted: frozenset[str]  # arenas that nobody cares about: what is left out to see what it does
    plan: Schedule
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
    truces: Bools  # [E] a truce is made
    shows: tuple[str, ...]  # [E] costly, words or empty: what an emission is as a signal
    backs: Bools  # [E, C] commitments that an emission, as a signal, makes more credible
    sent: tuple[SentSignal, ...]  # signals on record before the start
    delays: Ints  # [E] days by which it moves what it delays; 0 for none
    delayed: Bools  # [E, C]
    pace: Pace
    parameters: Mapping[str, float]
    left_out: tuple[tuple[str, str], ...]  # commitment, why the world cannot touch it
    rule: ChoiceRule = logit

    def __repr__(self) -> str:
        """Return one line."""
        what = f"{len(self.actors)} actors, {len(self.options)} options, {len(self.emitted)} emissions"
        return f"<Setting from {self.start}: {what}, {self.slots} commitment slots, {self.network.places} places>"

    @property
    def slots(self) -> int:
        """Number of commitment slots C."""
        return len(self.plan.slots)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SentSignal(OneLine):
    """A signal on record before the start: what it costs (``costly`` or ``words``) and the slots it stands for."""

    id: str
    cost: str
    slots: tuple[int, ...]


def compile_setting(
    case: Case,
    start: date,
    *,
    first: date | None = None,
    moving: Settings | None = None,
    draw: Mapping[str, float] | None = None,
    later: Collection[str] = (),
) -> Setting:
    """Compile a case for runs that start on ``start``; ``first`` is day 0 of the ledger (default: the earliest record).

    ``moving`` and ``draw`` are the displacement settings and the pull of single places; ``later`` names commitments
    that may begin after the start. Raises StandoffError with every option, stake or emission that cannot be compiled.
    """
    actors = [name for name in case.actors if any(o.actor == name for o in case.options.values())]
    problems = problems_of_actors(case, actors)
    if problems:
        raise StandoffError(problems)
    options = list(case.options.values())
    emissions = [(i, e) for i, o in enumerate(options) for e in o.emits]
    sectors = sorted({p.sector for p in case.places.values() if p.sector} | {s for _, e in emissions for s in e.sector})
    emitted = tuple(
        Emitted(type=e.type, actor=e.actor or (options[i].actor,), target=e.target, sector=e.sector)
        for i, e in emissions
    )
    began = first or min(first_day(case), start)
    rho = case.parameters["rho"].value if "rho" in case.parameters else 1.0
    position, salience, span = stakes_of(case, actors, rho)
    issues = list(case.issues)
    drawn = [
        (actors.index(s.actor), issues.index(s.issue))
        for s in case.stakes.values()
        if s.range is not None and s.actor in actors
    ]
    pledged = _commitment_arrays(case, start, began, actors, emitted, later)
    hits = [[o.event is not None and fits(o.event, e) for e in emitted] for o in case.outcomes.values()]
    return Setting(
        start=start,
        actors=tuple(actors),
        issues=tuple(case.issues),
        sectors=tuple(sectors),
        start_issues=np.array([start_of(issue, start) for issue in case.issues.values()]),
        position=position,
        salience=salience,
        span=span,
        draws=tuple(drawn),
        muted=frozenset(),
        outcomes=tuple(case.outcomes.values()),
        hits=np.array(hits, dtype=np.bool_).reshape(len(case.outcomes), len(emitted)),
        truces=np.array([is_a(e.type, TRUCE) for e in emitted], dtype=np.bool_),
        pace=pace_of(case, start, case.about.period.start or began, actors, options, emissions),
        parameters={name: p.value for name, p in case.parameters.items()},
        **_option_arrays(case, actors, options),
        emitted=emitted,
        **_emission_arrays(emissions, sectors),
        **pledged,
        **_signal_arrays(case, start, actors, emissions, emitted, pledged),
        **_space_arrays(case, start, sectors, moving, draw),
    )


def _option_arrays(case: Case, actors: list[str], options: list[Option]) -> dict[str, Any]:
    """Return what an option does to issues and actors, how long it lasts, and which others open and shut it."""
    index = {o.id: i for i, o in enumerate(options)}
    needs, bars = (np.zeros((len(options), len(options)), dtype=np.bool_) for _ in range(2))
    for i, o in enumerate(options):
        needs[i, [index[name] for name in o.needs]] = True
        bars[i, [index[name] for name in o.bars]] = True
    return {
        "options": tuple(options),
        "maker": np.array([actors.index(o.actor) for o in options]),
        "default": np.array([next(i for i, o in enumerate(options) if o.actor == a and o.default) for a in actors]),
        "moves": np.array([[o.moves.get(k, 0.0) for k in case.issues] for o in options]),
        "cost": np.array([o.cost for o in options]),
        "harms": np.array([[o.harms.get(a, 0.0) for a in actors] for o in options]),
        "lasts": np.array([o.lasts.days if o.lasts else 0 for o in options]),
        "goes_on": np.array([o.duration is not None for o in options], dtype=np.bool_),
        "opens": np.array([o.sets_border == "open" for o in options]),
        "needs": needs,
        "bars": bars,
        "needy": np.array([bool(o.needs) for o in options]),
    }


def _emission_arrays(emissions: list[tuple[int, Emission]], sectors: list[str]) -> dict[str, Any]:
    """Return the option of each emission, its chance, and the intensity it adds to which sectors."""
    reach = [[float(s in e.sector) for s in sectors] for _, e in emissions]
    return {
        "option": np.array([i for i, _ in emissions], dtype=np.int64),
        "chance": np.array([e.chance for _, e in emissions]),
        "first": np.array([e.first for _, e in emissions], dtype=np.bool_),
        "strength": np.array([e.intensity for _, e in emissions]),
        "reach": np.array(reach).reshape(len(emissions), len(sectors)),
    }


def _commitment_arrays(
    case: Case, start: date, began: date, actors: list[str], emitted: tuple[Emitted, ...], later: Collection[str]
) -> dict[str, Any]:
    """Return the commitments that emissions can touch, who holds them, and what each emission is to them."""
    chosen, rest = touchable(case, start, emitted, later)
    plan = compile_schedule(case, first=began, commitments=chosen)
    signals = signals_of(plan, Matcher(case, simulated_on=start), emitted)
    above = standing_for(case, actors, start)
    holder = np.zeros((len(plan.slots), len(actors)), dtype=np.bool_)
    for c, slot in enumerate(plan.slots):
        for name in {a for debtor in slot.debtor for a in above.get(debtor, ())}:
            holder[c, actors.index(name)] = True
    absent = np.zeros(len(plan.slots), dtype=np.bool_)
    for slot_index, rule in plan.rules["when"]:
        absent[slot_index] = any(isinstance(part, Absent) for part in parts(rule))
    return {
        "day": plan.day(start),
        "plan": plan,
        "signals": signals,
        "meets": serves(plan, signals, "when"),
        "keeps": serves(plan, signals, "then"),
        "breaks": serves(plan, signals, "bad"),
        "absent": absent,
        "holder": holder,
        "adverse": np.array([s.adverse for s in plan.slots], dtype=np.bool_),
        "left_out": tuple(rest),
    }


def _signal_arrays(
    case: Case,
    start: date,
    actors: list[str],
    emissions: list[tuple[int, Emission]],
    emitted: tuple[Emitted, ...],
    pledged: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the signals on record before the start, those that options send, and what emissions delay.

    A signal that nobody is told to see, or whose cost is not told, is none. What an option shows is towards its target:
    it stands for the threats of the actors who send it.
    """
    plan, holder, adverse = pledged["plan"], pledged["holder"], pledged["adverse"]
    by_name: dict[str, list[int]] = {}
    for c, slot in enumerate(plan.slots):
        by_name.setdefault(slot.commitment, []).append(c)
    sent = []
    for signal in case.signals.values():
        day = sent_on(case, signal)
        slots = tuple(c for name in signal.commitments for c in by_name.get(name, ()))
        cost = COSTS.get(signal.cost)
        if signal.seen_by and cost and slots and day is not None and day < start:
            sent.append(SentSignal(id=signal.id, cost=cost, slots=slots))
    backs = np.zeros((len(emissions), len(plan.slots)), dtype=np.bool_)
    delayed = np.zeros_like(backs)
    for e, (_, emission) in enumerate(emissions):
        if emission.signal and emission.target:
            senders = [actors.index(a) for a in emitted[e].actor if a in actors]
            backs[e] = adverse & holder[:, senders].any(axis=1)
        for name in emission.delays:
            delayed[e, by_name.get(name, [])] = True
    return {
        "shows": tuple(emission.signal for _, emission in emissions),
        "backs": backs,
        "sent": tuple(sent),
        "delays": np.array([e.delay.days if e.delay and e.delays else 0 for _, e in emissions], dtype=np.int64),
        "delayed": delayed,
    }


def sent_on(case: Case, signal: Signal) -> date | None:
    """Return the last day on which a signal may have been sent, by its events where they are known; None if untold."""
    if signal.date is not None:
        return signal.date.end or signal.date.start
    days = [case.events[name].date for name in signal.events if name in case.events]
    if not days and not signal.events:
        days = [c.published for c in (case.claims.get(name) for name in signal.claims) if c and c.published]
        documents = [case.documents.get(case.claims[name].document) for name in signal.claims if name in case.claims]
        days += [d.published for d in documents if d is not None and d.published is not None]
    ends = [day.end or day.start for day in days]
    return min((one for one in ends if one is not None), default=None)


def start_of(issue: Issue, start: date) -> float:
    """Return where an issue stands on the first day of a run: its start, and the shocks on record before that day."""
    past = [shock.by for shock in issue.shocks if (day := shock.date.end or shock.date.start) and day < start]
    return float(np.clip(issue.start + sum(past), 0.0, 1.0))


def _space_arrays(
    case: Case, start: date, sectors: list[str], moving: Settings | None, draw: Mapping[str, float] | None
) -> dict[str, Any]:
    """Return the network of places, who is where on the first day, and which closures are in force."""
    home = home_of(case)
    network = network_of_case(case.places.values(), case.routes, home=home, settings=moving, draw=draw)
    there = [case.places[name] for name in network.ids]
    shut, foreign = closures_of(case, start, home)
    ends = set(network.ids) | set(network.country)
    return {
        "network": network,
        "sector_of": np.array([sectors.index(p.sector) if p.sector else -1 for p in there], dtype=np.int64),
        "residents": np.array([p.residents for p in there], dtype=np.int64),
        "displaced": np.array([p.displaced for p in there], dtype=np.int64),
        "shut": tuple(item for item in shut if item[1] in ends),
        "foreign_shut": tuple(item for item in foreign if item[1] in ends),
        "camps": np.array([p.kind in ("camp_area", "camp", "site") for p in there], dtype=np.bool_),
    }


def problems_of_actors(case: Case, actors: list[str]) -> list[Problem]:
    """Return what is wrong with options and stakes: unknown names, chances, defaults, actors without a stake."""
    problems: list[Problem] = []

    def at(kind: Kind, key: str) -> tuple[str, int]:
        where = case.written.get((kind, key))
        return (where.file, where.line) if where else (f"{kind}.yaml", 0)

    for option in case.options.values():
        file, line = at(Kind.OPTIONS, option.id)
        for key in ("needs", "bars"):
            for name in getattr(option, key):
                if name not in case.options:
                    hint = nearest(name, case.options)
                    problems.append(Problem(file, line, f"{key} names the unknown option {name!r}", "an option", hint))
        for issue in option.moves:
            if issue not in case.issues:
                hint = nearest(issue, case.issues)
                problems.append(Problem(file, line, f"moves the unknown issue {issue!r}", "an issue", hint))
        problems += _duration_problems(option, file, line)
        for emission in option.emits:
            if not 0.0 <= emission.chance <= 1.0:
                problems.append(Problem(file, line, f"the chance {emission.chance} of {emission.type}", "from 0 to 1"))
    for name in actors:
        defaults = [o.id for o in case.options.values() if o.actor == name and o.default]
        if len(defaults) != 1:
            what = f"{name} has {len(defaults)} default options"
            problems.append(Problem("options.yaml", 0, what, "exactly one option with default: true"))
        elif case.options[defaults[0]].needs or case.options[defaults[0]].bars:
            file, line = at(Kind.OPTIONS, defaults[0])
            problems.append(Problem(file, line, "a default option has needs or bars", "an option that is always open"))
        saliences = [s.salience for s in case.stakes.values() if s.actor == name]
        if not saliences:
            problems.append(
                Problem("stakes.yaml", 0, f"{name} has options but no stake", "a stake for each such actor")
            )
    if not case.places:
        problems.append(Problem("places.csv", 0, "there are no places", "where people are, at least one place"))
    if not case.options:
        problems.append(Problem("options.yaml", 0, "there are no options", "what each strategic actor may do"))
    return problems


def _duration_problems(option: Option, file: str, line: int) -> list[Problem]:
    """Find what is wrong with the duration of an option."""
    problems = []
    if option.duration is not None:
        if option.duration.days < 1:
            problems.append(Problem(file, line, f"{option.id} has a duration below a day", "a mean of 1d or more"))
        if option.lasts is not None:
            what = f"{option.id} has both lasts and duration"
            problems.append(Problem(file, line, what, "lasts (an exact number of days) or duration (a mean)"))
        if option.default:
            what = f"the default option {option.id} has a duration"
            problems.append(Problem(file, line, what, "a default option, which goes on until another is taken up"))
    return problems


def stakes_of(case: Case, actors: list[str], rho: float) -> tuple[Floats, Floats, Floats]:
    """Return positions and saliences [A, K], and what saliences were divided by [A].

    An actor's core issue, which lies in no arena, is worth 1 from worst to best.
    """
    issues = list(case.issues)
    position = np.zeros((len(actors), len(issues)))
    salience = np.zeros_like(position)
    for stake in case.stakes.values():
        if stake.actor in actors:
            at = actors.index(stake.actor), issues.index(stake.issue)
            position[at], salience[at] = stake.position, stake.salience
    farthest = np.maximum(position, 1.0 - position) ** rho
    core = (salience * [not case.issues[k].arena for k in issues]).argmax(axis=1)
    span = (salience * farthest)[np.arange(len(actors)), core]
    return position, salience / span[:, None], span


def standing_for(case: Case, actors: list[str], on: date) -> dict[str, set[str]]:
    """Return name -> the strategic actors that hold commitments made in that name: itself, and its members on a day."""
    day = on.toordinal()
    above: dict[str, set[str]] = {}
    for actor in actors:
        queue, chain = [actor], set()
        while queue:
            name = queue.pop()
            if name in chain:
                continue
            chain.add(name)
            above.setdefault(name, set()).add(actor)
            ties = case.actors[name].member_of if name in case.actors else ()
            queue += [tie for tie in ties if not isinstance(tie, Tie) or tie.holds(day, day)[0]]
    return above


def touchable(
    case: Case, start: date, emitted: tuple[Emitted, ...], later: Collection[str] = ()
) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the commitments that emissions can touch after the start, and why the others are left out.

    Those named in ``later`` may begin after the start.
    """
    plan = compile_schedule(case, first=start)
    signals = signals_of(plan, Matcher(case, simulated_on=start), emitted)
    served = np.stack([serves(plan, signals, role) for role in ("when", "then", "bad")])
    any_role: Bools = np.asarray(served.any(axis=(0, 1)), dtype=np.bool_)
    over = np.asarray(np.minimum(plan.closes, plan.due) < 0, dtype=np.bool_)
    chosen: list[str] = []
    rest: list[tuple[str, str]] = []
    for name, commitment in case.commitments.items():
        slots = list(plan.of(name))
        past = commitment.by.end or commitment.by.start if commitment.by else None
        if commitment.from_.start is not None and commitment.from_.start > start and name not in later:
            rest.append((name, "made after the start"))
        elif all(over[i] for i in slots) or (past is not None and past < start and not names_an_event(commitment)):
            rest.append((name, "its time is over at the start"))
        elif not any_role[slots].any():
            terms = text_and_readings(commitment).values()
            shows = any(one.when or one.then or one.forbid for one in terms)
            rest.append((name, NO_OPTION if shows else NOTHING_SEEN))
        else:
            chosen.append(name)
    return chosen, rest


def serves(plan: Schedule, signals: Bools, role: str) -> Bools:
    """Return [E, C]: the emissions that some signal of a slot's role counts."""
    out = np.zeros((signals.shape[0], len(plan.slots)), dtype=np.bool_)
    for index, (slot, served) in enumerate(plan.signals):
        if served == role:
            out[:, slot] |= signals[:, index]
    return out


def fits(pattern: Pattern, event: Emitted) -> bool:
    """Whether an emission is what an outcome watches for: its type, actor and target."""
    kind = not pattern.type or any(is_a(event.type, word) for word in pattern.type)
    actor = not pattern.actor or bool(set(pattern.actor) & set(event.actor))
    return kind and actor and (not pattern.target or bool(set(pattern.target) & set(event.target)))


def network_of_case(
    places: Iterable[Place],
    routes: Iterable[Route],
    *,
    home: str,
    settings: Settings | None = None,
    draw: Mapping[str, float] | None = None,
) -> Network:
    """Compile the places and routes of a case; places that no route touches are left out.

    ``draw`` sets the pull of single places by id; the other places have that of their kind. With journeys people go
    where those of `standoff.world.newcomers` go, if the case knows of people at its places; else by kind of place.
    """
    pull = draw or {}
    places = list(places)
    given = settings or Settings()
    roads = Network.from_tables(
        [
            {"id": p.id, "kind": p.kind, "country": p.country, "capacity": p.capacity, "draw": pull.get(p.id)}
            for p in places
        ],
        [{"a": r.a, "b": r.b, "km": r.km} for r in routes],
        home=home,
        settings=replace(given, journeys=0),
    )
    if not given.journeys:
        return roads
    by_id = {p.id: p for p in places}
    shares = journey_shares([by_id[name] for name in roads.ids], roads, pull)
    return journeys(replace(roads, settings=given), given.journeys, shares)


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


def movement_settings(case: Case) -> dict[str, Any]:
    """Return the displacement settings of a case: what its parameters ``displacement.NAME`` say of ``Settings``.

    ``displacement.move.KIND``, ``displacement.drift.KIND`` and ``displacement.draw.KIND`` set a chance or pull by kind
    of place, ``displacement.draw.PLACE`` that of one place.
    """
    own = {
        name.removeprefix("displacement."): p.value
        for name, p in case.parameters.items()
        if name.startswith("displacement.")
    }
    usual = Settings()
    numbers: dict[str, Any] = {}
    for field in fields(Settings):
        now = getattr(usual, field.name)
        if field.name in own:
            numbers[field.name] = type(now)(own[field.name])
        elif isinstance(now, Mapping):
            prefix = f"{field.name}."
            chances = {k.removeprefix(prefix): v for k, v in own.items() if k.startswith(prefix)}
            numbers[field.name] = {**now, **{k: v for k, v in chances.items() if k in now}}
    draw = {k.removeprefix("draw."): v for k, v in own.items() if k.startswith("draw.")}
    return {"moving": Settings(**numbers), "draw": {k: v for k, v in draw.items() if k in case.places}}
