"""What each parameter of the model may be: a number outside these bounds is a slip of the pen, and would overflow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from standoff.case.values import MOST_PEOPLE, Bounds
from standoff.errors import Problem

if TYPE_CHECKING:
    from standoff.case.model import Case

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
        yield from _beyond(case, "parameters", key, key, numbers)
    for key, dispute in case.disputes.items():
        for number, answer in enumerate(dispute.answers):
            for name, value in answer.sets.parameters.items():
                path: tuple[str | int, ...] = ("answers", number, "sets", "parameters", name)
                yield from _beyond(case, "disputes", key, name, [(name, value)], path)
    for key, scenario in case.scenarios.items():
        for number, change in enumerate(scenario.changes):
            if change.parameter and change.value is not None:
                path = ("changes", number, "value")
                yield from _beyond(case, "scenarios", key, change.parameter, [("value", change.value)], path)


def _beyond(
    case: Case, kind: str, key: str, name: str, numbers: list[tuple[str, float]], path: tuple[str | int, ...] = ()
) -> Iterator[Problem]:
    limits = limits_of(name)
    for what, number in numbers:
        if limits is None or limits.low <= number <= limits.high:
            continue
        where = case.written.get((kind, key))
        file, line = (where.file, where.at(*(path or (what,)))) if where else (f"{kind}.yaml", 0)
        said = f"{what} is {number:g}" if what == name else f"{what} of {name} is {number:g}"
        yield Problem(file, line, said, limits.expected)
