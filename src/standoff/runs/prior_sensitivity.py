"""What the answers owe to what was assumed: a tornado of parameters, and how far the record has moved beliefs.

A tornado moves one parameter at a time from one end of its declared range to the other, all others at their values, on
common random numbers, and tells how far each outcome's chance moves. It sees no interplay (``standoff rank
--parameters`` draws all of them together).

Overlap is the area that two densities share, from 0 to 1: near 1 the record taught nothing, and the assumption decides
(the "prior-posterior overlap" of Garrett and Zeger 2000, who take more than 0.35 to mean weakly identified).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.oneline import OneLine
from standoff.runs.ensemble import Plan, fear_in_waves, run_batch
from standoff.runs.margins import MOVING, Margin, margin_of, margins_of, normal_or_student
from standoff.world.dials import Values, compile_dials

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TornadoBar(OneLine):
    """One parameter: the share of ``n`` runs with the outcome at the low and the high end of its range.

    ``error`` is the standard error of the paired difference ``at_high - at_low``.
    """

    name: str
    title: str
    basis: str
    low: float
    high: float
    at_low: tuple[float, ...]
    at_high: tuple[float, ...]
    error: tuple[float, ...]

    @property
    def swing(self) -> tuple[float, ...]:
        """The difference for each outcome."""
        return tuple(b - a for a, b in zip(self.at_low, self.at_high, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Overlap(OneLine):
    """What was assumed beside what the record made of it: means, cases behind, and the area both densities share."""

    name: str
    prior: float
    posterior: float
    cases: float
    overlap: float


def movable(case: Case) -> list[str]:
    """Return the parameters of a tornado: those with a range, less those compiled into the network of places."""
    return [
        name
        for name, p in case.parameters.items()
        if p.range[0] < p.range[1] and (not name.startswith("displacement.") or name in MOVING)
    ]


def ends(case: Case, name: str) -> tuple[float, float]:
    """Return the ends of a declared range; whole numbers where the model takes only those."""
    low, high = case.parameters[name].range
    return (float(round(low)), float(round(high))) if name == "lookahead" else (low, high)


def tornado(
    plan: Plan,
    account: str,
    *,
    names: Sequence[str] | None = None,
    executor: Executor | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> tuple[TornadoBar, ...]:
    """Return a bar for each movable parameter (or ``names``), those that move any outcome most first.

    The plan must have fixed parameters. What an answer of the account sets for a trajectory is overridden too.
    """
    at, spec = plan.openings[account], plan.spec
    parameters = movable(plan.case) if names is None else list(names)
    stretches = plan.stretches[spec.scenarios[0]]
    jobs = [(name, value) for name in parameters for value in ends(plan.case, name)]

    def arguments(name: str, value: float, number: int) -> tuple[object, ...]:
        changed = tuple(replace(s, parameters={**s.parameters, name: value}) for s in stretches)
        return plan.setting, at, spec, changed, number

    came: dict[tuple[str, float], NDArray[np.bool_]] = {}
    numbers = range(len(spec.sizes))
    if executor is None:
        for k, (name, value) in enumerate(jobs):
            runs = [run_batch(*arguments(name, value, b)).first > 0 for b in numbers]  # type: ignore[arg-type]
            came[name, value] = np.concatenate(runs)
            if tell:
                tell(k + 1, len(jobs))
    else:
        waiting = {job: [executor.submit(run_batch, *arguments(*job, b)) for b in numbers] for job in jobs}  # type: ignore[arg-type]
        for k, (job, futures) in enumerate(waiting.items()):
            came[job] = np.concatenate([f.result().first > 0 for f in futures])
            if tell:
                tell(k + 1, len(jobs))
    bars = []
    for name in parameters:
        low, high = ends(plan.case, name)
        a, b = came[name, low].astype(np.float64), came[name, high].astype(np.float64)
        parameter = plan.case.parameters[name]
        basis = "fitted" if parameter.fitted else "assumed" if parameter.assumed else "cited"
        bars.append(
            TornadoBar(
                name=name,
                title=parameter.title,
                basis=basis,
                low=low,
                high=high,
                at_low=tuple(a.mean(axis=0).tolist()),
                at_high=tuple(b.mean(axis=0).tolist()),
                error=tuple(((b - a).std(axis=0) / np.sqrt(len(a))).tolist()),
            )
        )
    return tuple(sorted(bars, key=lambda bar: (-max(map(abs, bar.swing), default=0.0), bar.name)))


def area(first: Floats, second: Floats, step: float) -> float:
    """Return the area that two densities on one even grid share, each scaled to area 1 on it."""
    a, b = first / (first.sum() * step), second / (second.sum() * step)
    return float(np.minimum(a, b).sum() * step)


def beta_overlap(prior: tuple[float, float], posterior: tuple[float, float]) -> float:
    """Return the area two Beta densities share, on the log-odds scale, where both are finite."""
    odds = np.linspace(-40.0, 40.0, 8001)
    kept, broken = -np.logaddexp(0.0, -odds), -np.logaddexp(0.0, odds)

    def density(counts: tuple[float, float]) -> Floats:
        log = counts[0] * kept + counts[1] * broken  # with the Jacobian p (1 - p)
        return np.asarray(np.exp(log - log.max()))

    return area(density(prior), density(posterior), float(odds[1] - odds[0]))


def belief_overlaps(plan: Plan, account: str) -> tuple[Overlap, ...]:
    """Return prior and posterior of the belief in each holder's threats and promises, at the start, least moved first.

    Recorded cases are those of the account's most frequent version of the record.
    """
    at, setting = plan.openings[account], plan.setting
    telling = int(np.bincount(at.telling).argmax())
    version = int(at.version[telling])
    row = int(np.flatnonzero(at.telling == telling)[0])
    one = at.parameters(slice(row, row + 1))[0][0]
    dials = compile_dials(setting, Values(setting.parameters, [one], np.zeros(1, dtype=np.int64)))
    overlaps: dict[str, Overlap] = {}
    for c in range(setting.slots):
        holders = " and ".join(setting.actors[a] for a in np.flatnonzero(setting.holder[c]))
        if not holders:
            continue
        name = f"{holders}: {'threats' if setting.adverse[c] else 'promises'}"
        weight, prior = float(dials.weight[0]), float(dials.prior[0, c])
        a, b = prior * weight, (1.0 - prior) * weight
        kept, broken = float(at.kept[version, c]), float(at.broken[version, c])
        overlaps[name] = Overlap(
            name=name,
            prior=prior,
            posterior=(a + kept) / (weight + kept + broken),
            cases=kept + broken,
            overlap=beta_overlap((a, b), (a + kept, b + broken)),
        )
    return tuple(sorted(overlaps.values(), key=lambda o: (-o.overlap, o.name)))


def _density(margin: Margin, log: Floats) -> Floats:
    """Return the density of a margin on the log scale, from steps of its quantiles."""
    rank = (np.arange(200_000) + 0.5) / 200_000
    values = np.log(np.maximum(margin.at(normal_or_student(rank, margin.freedom)), 1e-300))
    counts, _ = np.histogram(values, bins=np.append(log, 2 * log[-1] - log[-2]))
    return counts.astype(np.float64)


def fitted_overlaps(plan: Plan) -> tuple[Overlap, ...]:
    """Return the declared range beside the fitted spread of every parameter that was fitted on observations."""
    case = plan.case
    overlaps = []
    for margin in margins_of(case, plan.setting.network, fear_in_waves(case)):
        parameter = case.parameters[margin.name]
        if not parameter.fitted or margin.basis == "range" or parameter.range[0] <= 0.0:
            continue
        declared = margin_of(parameter)
        grid = np.linspace(min(declared.centre, margin.centre) - 6.0, max(declared.centre, margin.centre) + 6.0, 240)
        shared = area(_density(declared, grid), _density(margin, grid), float(grid[1] - grid[0]))
        waves = margin.basis.count(",") + 1
        overlaps.append(
            Overlap(
                name=margin.name,
                prior=float(np.exp(declared.centre)),
                posterior=float(np.exp(margin.centre)),
                cases=waves,
                overlap=shared,
            )
        )
    return tuple(overlaps)
