"""What the model takes where a case gives no parameter: every such number with its unit and reason, so that it is told.

A silent default would be a number without a reference. `model_defaults` names those that a case leaves to the model.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standoff.case.checks import register
from standoff.case.model import Kind
from standoff.errors import Problem, nearest
from standoff.oneline import OneLine
from standoff.values import MOST_PEOPLE, Bounds

if TYPE_CHECKING:
    from standoff.case.model import Case
    from standoff.case.strategy import Option


# What each parameter of the model may be: a number outside these bounds is a slip of the pen, and would overflow.
_CHANCE = Bounds(0, 1, "a number")
_WEIGHT = Bounds(0, 100, "a number")
# name of a parameter, or the beginning of one that ends in a dot: the longest that fits counts
LIMITS: dict[str, Bounds] = {
    "rationality.": Bounds(0, 1000, "a number"),
    "revisions.": Bounds(0, 70, "times a week"),
    "pace.": _WEIGHT,
    "feedback.": _WEIGHT,
    "audience-cost": _WEIGHT,
    "reputation": _CHANCE,
    "spill-over": _CHANCE,
    "forgetting": _CHANCE,
    "response": _WEIGHT,
    "crisis.revisions": Bounds(0, 1000, "times"),
    "crisis.record": _WEIGHT,
    "halting": _CHANCE,
    "inertia": _WEIGHT,
    "prior.promise": _CHANCE,
    "prior.threat": _CHANCE,
    "prior.weight": Bounds(0.001, 1e6, "cases"),
    "discount": _CHANCE,
    "lookahead": Bounds(0, 20, "steps"),
    "period": Bounds(1, 366, "days"),
    "rho": Bounds(0.1, 10, "a power"),
    "hostilities.decay": Bounds(0, 0.9999, "a share a day"),
    "hostilities.around": _WEIGHT,
    "chance.": _CHANCE,
    "scale.": Bounds(0, 1000, "a factor"),
    "cost.": Bounds(0, 100, "a loss"),
    "duration.": Bounds(0.1, 36_600, "days"),
    "tie.": Bounds(-10, 10, "a factor"),
    "resolve.": _CHANCE,
    "signal.": Bounds(0.01, 100, "a likelihood ratio"),
    "intensity.": Bounds(0, 100, "an intensity"),
    "displaced.": Bounds(1, MOST_PEOPLE, "people"),
    "displacement.phi": _WEIGHT,
    "displacement.nu": _WEIGHT,
    "displacement.dispersion": Bounds(0, 0.9999, "a correlation"),
    "displacement.return_chance": _CHANCE,
    "displacement.quiet": _WEIGHT,
    "displacement.avoid": _WEIGHT,
    "displacement.speed_km": Bounds(5, 2000, "kilometres a day"),
    "displacement.softening_km": Bounds(0, 2000, "kilometres"),
    "displacement.distance_power": Bounds(0, 10, "a power"),
    "displacement.buffer": Bounds(0, 0.9999, "a share"),
    "displacement.hops": Bounds(1, 50, "links a day"),
    "displacement.journeys": Bounds(0, 1000, "destinations"),
    "displacement.front": _WEIGHT,
    "displacement.exact": _CHANCE,
    "displacement.batches": Bounds(1, 100, "parts of a day"),
    "displacement.move.": _CHANCE,
    "displacement.drift.": _CHANCE,
    "displacement.draw.": Bounds(0, 1e6, "a pull"),
}


def limits_of(name: str) -> Bounds | None:
    """Return what a parameter may be, None for a name that nothing in the model reads."""
    fitting = [key for key in LIMITS if name == key or (key.endswith(".") and name.startswith(key))]
    return LIMITS[max(fitting, key=len)] if fitting else None


def check_limits(case: Case) -> Iterator[Problem]:
    """Parameters, and what answers and scenarios set them to, are numbers that the model can work with."""
    for key, parameter in case.parameters.items():
        numbers = [("value", parameter.value), *(("range", end) for end in parameter.range)]
        yield from _beyond(case, Kind.PARAMETERS, key, key, numbers)
    for key, dispute in case.disputes.items():
        for number, answer in enumerate(dispute.answers):
            for name, value in answer.sets.parameters.items():
                path: tuple[str | int, ...] = ("answers", number, "sets", "parameters", name)
                yield from _beyond(case, Kind.DISPUTES, key, name, [(name, value)], path)
    for key, scenario in case.scenarios.items():
        for number, change in enumerate(scenario.changes):
            if change.parameter and change.value is not None:
                path = ("changes", number, "value")
                yield from _beyond(case, Kind.SCENARIOS, key, change.parameter, [("value", change.value)], path)


def _beyond(
    case: Case, kind: Kind, key: str, name: str, numbers: list[tuple[str, float]], path: tuple[str | int, ...] = ()
) -> Iterator[Problem]:
    limits = limits_of(name)
    for what, number in numbers:
        if limits is None or limits.low <= number <= limits.high:
            continue
        where = case.written.get((kind, key))
        file, line = (where.file, where.at(*(path or (what,)))) if where else (f"{kind}.yaml", 0)
        text = f"{what} is {number:g}" if what == name else f"{what} of {name} is {number:g}"
        yield Problem(file, line, text, limits.expected)


@dataclass(frozen=True, slots=True, repr=False)
class ModelDefault(OneLine):
    """A parameter that a case leaves to the model."""

    name: str
    value: float
    unit: str
    why: str


SIGNALS = ("costly", "words")  # kinds of signals: something spent or risked, or said
# name: (value, unit, why); a name that ends in a dot is one parameter for each actor or issue
_USUAL: dict[str, tuple[float, str, str]] = {
    "rationality.": (
        1.0,
        "",
        "a moderate slope of choice: a gain of the whole range of the core issue makes e times as likely",
    ),
    "revisions.": (1.0, "a week", "an actor reconsiders about weekly"),
    "pace.": (1.0, "", "options move an issue as fast as their records say"),
    "feedback.": (0.0, "", "people displaced do not change what an actor wants"),
    "feedback.salience": (0.0, "", "people displaced do not change what an actor attends to"),
    "audience-cost": (0.0, "", "breaking one's word costs nothing in itself"),
    "reputation": (0.0, "", "the school for which reputation does not travel (Press; Mercer)"),
    "spill-over": (0.0, "", "a case of one commitment teaches nothing about another"),
    "forgetting": (1.0, "", "old cases count as much as new ones"),
    "response": (0.0, "a day", "falling due does not hasten an actor's next choice"),
    "crisis.revisions": (1.0, "times", "violence that touches an actor does not hasten its next choice"),
    "crisis.record": (0.0, "", "what was done in earlier crises gives no weight to an option"),
    "halting": (1.0, "", "what comes to bar an operation halts it"),
    "inertia": (0.0, "", "going on as before is not preferred"),
    "signal.": (1.0, "times the odds", "what is shown or said for others to see tells nothing of what will be done"),
    "prior.promise": (0.5, "", "as often kept as broken before any case is seen"),
    "prior.threat": (0.4, "", "somewhat less often carried out than not before any case is seen"),
    "prior.weight": (2.0, "cases", "two cases outweigh the prior"),
    "discount": (0.9, "", "answers to answers count somewhat less"),
    "lookahead": (1.0, "steps", "actors see the answer to their act and nothing beyond"),
    "period": (14.0, "days", "actors weigh what may happen within two weeks"),
    "rho": (1.0, "", "losses grow in proportion to the distance from the position"),
    "hostilities.decay": (0.9, "a day", "a tenth of the intensity fades in a day"),
    "hostilities.around": (0.5, "", "an event reported for a sector counts half at each place of it"),
}

_PEOPLE: dict[str, tuple[str, str]] = {  # fields of displacement.Settings: (unit, why); no why: no claim about people
    "phi": ("a day", "one resident in twenty leaves on a day of intensity 1"),
    "nu": ("", "feared fighting weighs as much as fighting"),
    "dispersion": ("", "people of one place leave together with correlation 0.02"),
    "return_chance": ("a day", "two in a thousand of the displaced go home on a quiet day"),
    "quiet": ("", "the intensity up to which people go home"),
    "avoid": ("", "pull of a place falls to a fifth at intensity 1"),
    "speed_km": ("km a day", "a day on the road with stops"),
    "softening_km": ("km", "as in Flee's default rules"),
    "distance_power": ("", "as in Flee's default rules"),
    "buffer": ("", "a place turns people away from 85 % of its capacity"),
    "hops": ("links a day", "a walk passes at most three places in a day"),
    "journeys": ("", ""),
    "front": ("", "nobody makes for a place with one strike that day"),
    "exact": ("", ""),
    "batches": ("", ""),
}


OF_RECORDS = {
    "chance.OPTION.TYPE, chance.TYPE": "daily chance of such an event while it is pursued; else the option's own",
    "scale.TYPE": "a factor on those chances",
    "cost.OPTION": "what an option costs its actor; else the option's own",
    "duration.OPTION, duration.TYPE": "mean days of an operation, by option or by what it begins with; else its own",
    "tie.ACTOR.OTHER": "how much of a harm to OTHER an actor feels; else nothing",
    "resolve.ACTOR": "prior chance that an actor carries out a threat; else `prior.threat`",
    "intensity.TYPE": "intensity of fighting that an event of that type adds; the nearest kind above it counts",
    "displaced.ISSUE": "people displaced that move an issue most of the way; else it does not follow displacement",
    "displacement.move.KIND": "chance that somebody who came today goes on from a place of that kind",
    "displacement.drift.KIND": "daily chance that somebody settled at a place of that kind leaves",
    "displacement.draw.KIND, displacement.draw.PLACE": "pull as a destination; 0 is never chosen",
    "displacement.journeys": "above 0: people choose among that many destinations instead of neighbours",
}  # fmt: skip


def usual(name: str) -> float:
    """Return the number the model takes for a parameter; for a family (``rationality.ACTOR``) that of the family.

    Raises KeyError for a name that has none.
    """
    entry = _USUAL.get(name) or _USUAL[name.partition(".")[0] + "."]
    return entry[0]


def model_defaults(own: Collection[str], actors: Iterable[str], issues: Iterable[str]) -> tuple[ModelDefault, ...]:
    """Return the parameters that a case leaves to the model.

    ``own`` holds the names of the case's parameters, ``actors`` those who have options, ``issues`` those of the case.
    What depends on a record of the case (the chance of an event, the cost of an option) is written in that record.
    """
    members = {
        "rationality.": list(actors),
        "revisions.": list(actors),
        "feedback.": list(actors),
        "pace.": list(issues),
        "signal.": list(SIGNALS),
    }
    defaults = []
    for name, (value, unit, why) in _USUAL.items():
        names = [name + member for member in members[name]] if name in members else [name]
        defaults += [ModelDefault(n, value, unit, why) for n in names if n not in own]
    # numpy comes with it, and a check of a case needs none of that
    from standoff.people.network import Settings

    people = Settings()
    for field, (unit, why) in _PEOPLE.items():
        name = f"displacement.{field}"
        if why and name not in own:
            defaults.append(ModelDefault(name, float(getattr(people, field)), unit, why))
    return tuple(defaults)


def durations(option: Option) -> tuple[str, ...]:
    """Return the parameters that may give the mean duration of an option, the nearest first; none if it has none."""
    if option.duration is None:
        return ()
    opening = dict.fromkeys(e.type for e in option.emits if e.first)
    return (f"duration.{option.id}", *(f"duration.{kind}" for kind in opening))


def parameter_names(case: Case) -> set[str]:
    """Return every parameter name that the model reads in this case."""
    actors = sorted({o.actor for o in case.options.values()} | {s.actor for s in case.stakes.values()})
    members = {"rationality.": actors, "revisions.": actors, "feedback.": actors, "pace.": case.issues}
    members["signal."] = SIGNALS
    names = {name + m for name in _USUAL for m in members.get(name, ("",))}
    for option in case.options.values():
        names |= {f"cost.{option.id}", *durations(option)}
        for event in option.emits:
            names |= {f"chance.{option.id}.{event.type}", f"chance.{event.type}", f"scale.{event.type}"}
    names |= {f"tie.{a}.{b}" for a in actors for b in actors if a != b} | {f"resolve.{a}" for a in actors}
    names |= {f"displaced.{issue}" for issue in case.issues}
    names |= {f"displacement.{field}" for field in _PEOPLE}
    kinds = {p.kind for p in case.places.values()}
    names |= {f"displacement.{what}.{kind}" for what in ("move", "drift", "draw") for kind in kinds}
    return names | {f"displacement.draw.{place}" for place in case.places}


@register("world")
def check_parameters(case: Case) -> list[Problem]:
    """Find parameters that nothing reads, whose value would change nothing, and numbers that the model cannot take."""
    names = parameter_names(case)
    problems = []
    for key in case.parameters:
        if key in names or key.startswith("intensity."):  # the intensity of any event type may be given
            continue
        where = case.written[Kind.PARAMETERS, key]
        what = f"nothing in the model reads the parameter {key!r}"
        expected = "a name from the reference of parameters, with actors, options, issues and places of this case"
        problems.append(Problem(where.file, where.at("id"), what, expected, nearest(key, sorted(names))))
    return [*problems, *check_limits(case)]
