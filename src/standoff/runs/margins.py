"""What a case declares not to know of its parameters, as distributions that each trajectory draws from.

A declared range is taken as the central 90 % and the value as the median: a normal distribution on each side of it (the
two-piece normal; Fechner 1897, Wallis 2014), on the log scale for positive parameters whose range does not reach 0 and
on the logit scale for chances whose range reaches neither 0 nor 1. Draws beyond what a parameter can be are set to that
limit. A parameter that was fitted on waves of displacement follows the spread of the waves reported by the as-of day:
Student's t on the log scale.

Parameters are drawn independently of each other. Each batch draws a Latin hypercube (McKay, Beckman and Conover 1979)
from its own stream, so that accounts and scenarios share the draws, trajectory by trajectory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.case.model import Case, Parameter
from standoff.oneline import OneLine
from standoff.people.network import Network
from standoff.runs.waves import WEIGHTS, fit_waves, reported_waves
from standoff.world.random_streams import stream

Floats = NDArray[np.float64]
CENTRAL = 0.9  # share of the draws inside a declared range
SAME_FOR_ALL = ("lookahead", "discount", "rho", "period")  # one value for all trajectories
FEAR = "displacement.nu"
MOVING = ("displacement.phi", FEAR)  # the others are compiled into the network, one value for all
CHANCES = (
    "resolve.",
    "prior.promise",
    "prior.threat",
    "chance.",
    "response",
    "spill-over",
    "forgetting",
    "hostilities.",
    "halting",
    "salience.",
)
FEW = 3  # waves; fewer say too little of how waves differ
SPREAD, FREEDOM = 1.0, 2  # what is then assumed of phi: a factor of e either way, as loose as three waves


@dataclass(frozen=True, slots=True, repr=False)
class Margin(OneLine):
    """The distribution of one parameter.

    ``scale`` is ``linear``, ``log`` or ``logit``; on it, ``centre`` is the median and ``below`` and ``above`` the
    standard deviations of the two sides. ``freedom`` above 0 is Student's t with so many degrees of freedom. Draws are
    kept between ``least`` and ``most``. ``basis`` says what the spread rests on.

    Departures are fitted for each weight of fear, so that phi hangs on nu: ``hangs_on`` then names the other parameter,
    and ``centres`` and ``widths`` [G] are those at the values `WEIGHTS` of it; ``centre`` and the two sides are those
    at the value that the case declares.
    """

    name: str
    scale: str
    centre: float
    below: float
    above: float
    least: float
    most: float
    freedom: int = 0
    basis: str = "range"
    hangs_on: str = ""
    centres: tuple[float, ...] = ()
    widths: tuple[float, ...] = ()

    @property
    def estimate(self) -> str:
        """Every number as one text, which the digest of what was estimated is taken of: it outlives new names."""
        return repr(self).replace("hangs_on=", "given=")

    def at(self, z: Floats) -> Floats:
        """Return the parameter where the distribution stands ``z`` standard deviations from its median."""
        x = self.centre + np.where(z < 0.0, self.below, self.above) * z
        if self.scale == "log":
            x = np.exp(np.minimum(x, 600.0))
        elif self.scale == "logit":
            x = 1.0 / (1.0 + np.exp(-x))
        return np.asarray(np.clip(x, self.least, self.most))


def _scale(parameter: Parameter, chance: bool) -> str:
    low, high = parameter.range
    if chance:
        return "logit" if low > 0.0 and high < 1.0 else "linear"
    return "log" if low > 0.0 else "linear"


def _on(scale: str, x: float) -> float:
    if scale == "log":
        return float(np.log(x))
    return float(np.log(x / (1.0 - x))) if scale == "logit" else x


def margin_of(parameter: Parameter) -> Margin:
    """Return the distribution that a declared value and range stand for."""
    chance = parameter.id.startswith(CHANCES)
    scale = _scale(parameter, chance)
    low, centre, high = (_on(scale, x) for x in (parameter.range[0], parameter.value, parameter.range[1]))
    z = NormalDist().inv_cdf((1.0 + CENTRAL) / 2.0)
    return Margin(
        name=parameter.id,
        scale=scale,
        centre=centre,
        below=(centre - low) / z,
        above=(high - centre) / z,
        least=0.0 if parameter.range[0] >= 0.0 else -np.inf,
        most=1.0 if chance else np.inf,
    )


def _fitted(case: Case, network: Network, parameter: Parameter, fear: Mapping[str, Floats]) -> Margin:
    """Return the distribution of phi for a wave not seen yet, from the waves reported in what is known of the case."""
    waves = reported_waves(case, parameter.fitted)
    if not waves:
        return margin_of(parameter)
    twice = waves if len(waves) > 1 else waves * 2  # one wave gives its value, and nothing of the spread
    fit = fit_waves(case, network, twice, fear).waves[: len(waves)]
    basis = f"fitted on {', '.join(waves)}"
    nu = case.parameters[FEAR].value if FEAR in case.parameters else network.settings.nu
    middle = next_one(parameter.id, [float(np.log(wave.at(nu))) for wave in fit], basis)
    each = [next_one(parameter.id, np.log(phi).tolist(), basis) for phi in zip(*(w.phi for w in fit), strict=True)]
    return replace(middle, hangs_on=FEAR, centres=tuple(m.centre for m in each), widths=tuple(m.above for m in each))


def next_one(name: str, logs: Sequence[float], basis: str) -> Margin:
    """Return the distribution of the next of a few values that are alike on the log scale.

    Student's t about their mean with ``sqrt(1 + 1/k)`` times their standard deviation; of fewer than ``FEW`` values the
    spread is assumed.
    """
    k = len(logs)
    spread, freedom = (float(np.std(logs, ddof=1)), k - 1) if k >= FEW else (SPREAD, FREEDOM)
    width = spread * float(np.sqrt(1.0 + 1.0 / k))
    return Margin(name, "log", float(np.mean(logs)), width, width, 0.0, np.inf, freedom, basis)


def margins_of(case: Case, network: Network, fear: Mapping[str, Floats]) -> tuple[Margin, ...]:
    """Return the distribution of every parameter that trajectories can have apart, in the order of the case.

    ``case`` holds what was known, and ``feared`` what was feared in the waves that it fits on
    (`standoff.runs.ensemble`). Left out are parameters without a range, and those with one value for all
    trajectories (``SAME_FOR_ALL``, and displacement other than ``MOVING``).
    """
    margins = []
    for name, parameter in case.parameters.items():
        moving = name.startswith("displacement.")
        if name in SAME_FOR_ALL or (moving and name not in MOVING) or parameter.range[0] >= parameter.range[1]:
            continue
        margins.append(_fitted(case, network, parameter, fear) if parameter.fitted else margin_of(parameter))
    return tuple(margins)


def hypercube(n: int, width: int, rng: Generator) -> Floats:
    """Return n points [n, width] in the unit cube: along each axis one in each n-th of it."""
    steps = np.stack([rng.permutation(n) for _ in range(width)], axis=1) if width else np.zeros((n, 0))
    return np.asarray((steps + rng.random((n, width))) / n)


def draw_parameters(margins: Sequence[Margin], seed: int, batch: int, size: int) -> dict[str, Floats]:
    """Return name -> values [size] for the trajectories of a batch; the same arguments give the same values."""
    unit = hypercube(size, len(margins), stream(seed, batch, 0, "parameters"))
    unit = np.clip(unit, 1e-12, 1.0 - 1e-12)
    return {m.name: m.at(normal_or_student(unit[:, k], m.freedom)) for k, m in enumerate(margins)}


def with_dependent_draws(
    draws: Mapping[str, Floats], margins: Sequence[Margin], get: Callable[[str], Floats]
) -> dict[str, Floats]:
    """Return the draws, with those that hang on another parameter moved to the values of that one.

    ``get`` looks these up, [n] or [1]. Each draw stays as many standard deviations from its median.
    """
    out = dict(draws)
    for m in margins:
        if m.hangs_on:
            z = (np.log(np.maximum(draws[m.name], 1e-300)) - m.centre) / m.above
            other = np.log1p(np.maximum(get(m.hangs_on), 0.0))
            centre, width = (np.interp(other, np.log1p(WEIGHTS), x) for x in (m.centres, m.widths))
            out[m.name] = np.clip(np.exp(np.minimum(centre + width * z, 600.0)), m.least, m.most)
    return out


def normal_or_student(unit: Floats, freedom: int) -> Floats:
    """Return quantiles at ``unit`` of the normal distribution, or of Student's t where ``freedom`` is above 0."""
    from scipy.special import ndtri, stdtrit  # when first needed: it takes a quarter of a second

    return np.asarray(stdtrit(freedom, unit) if freedom else ndtri(unit))


def shift_draws(
    draws: Mapping[str, Floats], margins: Sequence[Margin], usual: Mapping[str, float], changes: Mapping[str, float]
) -> dict[str, Floats]:
    """Return the draws under a scenario: a change from the usual value moves every draw by the same factor.

    Where the usual value is 0 the changed value holds for all.
    """
    out = dict(draws)
    for margin in margins:
        if margin.name in changes:
            value, before = changes[margin.name], usual[margin.name]
            moved = draws[margin.name] * (value / before) if before else np.full_like(draws[margin.name], value)
            out[margin.name] = np.clip(moved, margin.least, margin.most)
    return out
