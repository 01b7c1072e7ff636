"""The parameters of one batch as arrays: what accounts and scenarios set differently, trajectory by trajectory.

An array that no account sets has length 1 on its first axis and broadcasts; one that differs has the batch's length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from standoff.world.actors import Horizon, Mind, horizon_of, option_effects, option_gains
from standoff.world.hostilities import nearest_kind
from standoff.world.parameters import durations
from standoff.world.parameters import usual as fallback
from standoff.world.setting import COSTLY, WORDS, Setting

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST_RATIO = 1e-6  # of a likelihood


class Values:
    """Parameters by name: the case's value or each trajectory's own, unless its telling or a scenario sets it."""

    def __init__(
        self,
        base: Mapping[str, float],
        tellings: Sequence[Mapping[str, float]] = (),
        row: Ints | None = None,
        own: Mapping[str, Floats] | None = None,
    ) -> None:
        self.base = base
        self.own = own or {}  # name -> [n]
        self.tellings = tellings
        self.row = np.zeros(1, dtype=np.int64) if row is None else row
        self.set_names = {name for telling in tellings for name in telling}

    def has(self, name: str) -> bool:
        """Whether the case or an account gives this parameter."""
        return name in self.base or name in self.set_names or name in self.own

    def get(self, name: str, default: float | None = None) -> Floats:
        """Return the parameter as [1], or [n] where trajectories differ.

        Where the case gives none it is ``default``, and without that what `defaults` lists.
        """
        usual = self.base[name] if name in self.base else fallback(name) if default is None else default
        if name in self.own:
            if name not in self.set_names:
                return self.own[name]
            numbers = np.array([telling.get(name, np.nan) for telling in self.tellings], dtype=np.float64)[self.row]
            return np.where(np.isnan(numbers), self.own[name], numbers)
        if name not in self.set_names:
            return np.array([usual])
        each = np.array([telling.get(name, usual) for telling in self.tellings], dtype=np.float64)
        return each[:1] if (each == each[0]).all() else each[self.row]

    def one(self, name: str) -> float:
        """Return a parameter that has to be the same for all trajectories (its mean where tellings differ)."""
        return float(self.get(name).mean())


def _stack(columns: Sequence[Floats]) -> Floats:
    return np.stack(np.broadcast_arrays(*columns), axis=1) if columns else np.zeros((1, 0))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Dials:
    """What a batch needs besides the setting; [n or 1, ...]."""

    minds: tuple[Mind, ...]
    scopes: tuple[Horizon, ...]  # what each mind looks at: its chances of meeting, keeping and breaking stand there
    triggers: Floats  # [n or 1, O, C]
    deterrence: Floats  # [C]
    revise: Floats  # [n or 1, A] chance a day
    alert: Floats  # [n or 1, A] the same while events touch the actor
    ends: Floats  # [n or 1, O] chance a day that an operation ends; 0 for other options
    halting: Floats  # [n or 1] chance that what comes to bar an operation halts it
    echo: Floats  # weight of the record of earlier crises
    response: Floats
    inertia: Floats
    chance: Floats  # [n or 1, E]
    strength: Floats  # [n or 1, E]
    decay: Floats
    lasting: Floats  # [n or 1, E] intensity that an emission of a pursued option comes to over time
    brings: Floats  # [n or 1, O, S] intensity that a day of an option brings to each sector, once it is under way
    pace: Floats  # [n or 1, K]
    drift: Floats  # [K, O] how an option moves the issues in a day, before the pace
    reference: Floats  # [n or 1, K] people; inf where an issue does not follow displacement
    kappa: Floats  # [n or 1, A]
    swing: Floats  # [n or 1]
    phi: Floats
    nu: Floats
    prior: Floats  # [n or 1, C]
    weight: Floats
    spill: Floats
    keep: Floats
    discount: float
    lookahead: int
    period: float
    evidence: Mapping[str, Floats]  # kind of signal -> [n or 1] the logarithm of its likelihood ratio

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Dials: {len(self.minds)} actors, {self.chance.shape[1]} emissions, lookahead {self.lookahead}>"


def _chances(setting: Setting, values: Values) -> Floats:
    columns = []
    for e, event in enumerate(setting.emitted):
        option = setting.options[setting.option[e]].id
        usual = float(setting.chance[e])
        for name in (f"chance.{option}.{event.type}", f"chance.{event.type}"):
            if values.has(name) and not setting.first[e]:
                columns.append(values.get(name, usual))
                break
        else:
            columns.append(np.array([usual]))
        if values.has(f"scale.{event.type}"):
            columns[-1] = columns[-1] * values.get(f"scale.{event.type}", 1.0)
    return np.clip(_stack(columns), 0.0, 1.0)


def _end_chances(setting: Setting, values: Values) -> Floats:
    """Return the daily chance that each option ends [n or 1, O]: 1 over its mean duration, 0 without one.

    A mean below a day counts as one day.
    """
    columns = []
    for option in setting.options:
        if option.duration is None:
            columns.append(np.zeros(1))
            continue
        own = [values.get(name) for name in durations(option) if values.has(name)]
        columns.append(1.0 / np.maximum(own[0] if own else np.array([float(option.duration.days)]), 1.0))
    return _stack(columns)


def within_period(
    setting: Setting, chance: Floats, matches: NDArray[np.bool_], period: float, options: Sequence[int] | None = None
) -> Floats:
    """Return [n or 1, O, C]: the chance that an option's emissions match within a period (or as long as it lasts).

    With ``options`` of those alone: all of them for a batch are many megabytes.
    """
    numbers = range(len(setting.options)) if options is None else options
    length = np.where(setting.lasts > 0, np.minimum(setting.lasts, period), period)[setting.option]
    days = np.where(setting.first, 1.0, length)
    with np.errstate(divide="ignore"):
        quiet = np.maximum(np.log1p(-chance), -50.0) * days
    out = np.zeros((chance.shape[0], len(numbers), matches.shape[1]))
    for row, o in enumerate(numbers):
        mine = np.flatnonzero(setting.option == o)
        some = np.flatnonzero(matches[mine].any(axis=0))  # few
        if some.size:
            out[:, row, some] = -np.expm1(quiet[:, mine] @ matches[mine][:, some].astype(np.float64))
    return out


def _brings(setting: Setting, chance: Floats, strength: Floats) -> Floats:
    """Return [n or 1, O, S]: the intensity that a day of each option brings to each sector, but for its first day."""
    each = chance * strength * ~setting.first
    out = np.zeros((each.shape[0], len(setting.options), len(setting.sectors)))
    for e, option in enumerate(setting.option):
        if each[:, e].any():
            out[:, option] += each[:, e, None] * setting.reach[e]
    return out


def _harm(setting: Setting, values: Values, actor: int) -> Floats:
    """Return what each option costs an actor [n or 1, O]: its cost, harm to it, and its share of others' harm."""
    columns = []
    name = setting.actors[actor]
    ties = {b: values.get(f"tie.{name}.{b}") for b in setting.actors if values.has(f"tie.{name}.{b}")}
    for o, option in enumerate(setting.options):
        harm = np.array([setting.harms[o, actor]])
        for other, tie in ties.items():
            harm = harm + tie * setting.harms[o, setting.actors.index(other)]
        if setting.maker[o] == actor:
            harm = harm + values.get(f"cost.{option.id}", float(setting.cost[o]))
        columns.append(harm)
    return _stack(columns)


def _answers(setting: Setting, chance: Floats, period: float) -> Floats:
    """Return [O, C]: weights of the options by which a commitment's holder would keep it; columns sum to 1 or 0."""
    rows = [within_period(setting, chance, setting.keeps, period, [o])[:, 0] for o in range(len(setting.options))]
    kept = np.stack([row.mean(axis=0) for row in rows]) if rows else np.zeros((0, setting.slots))
    kept = kept * setting.holder[:, setting.maker].T
    return np.asarray(np.divide(kept, kept.sum(axis=0), out=np.zeros_like(kept), where=kept.sum(axis=0) > 0))


def chain_of(answer: Floats, meets: Floats) -> Floats:
    """Return B [n or 1, C, C]: the chance that keeping one commitment meets the condition of another; most are 0."""
    by, kept = np.flatnonzero(answer.any(axis=1)), np.flatnonzero(answer.any(axis=0))
    met = np.flatnonzero(meets.any(axis=(0, 1)))
    out = np.zeros((meets.shape[0], answer.shape[1], answer.shape[1]))
    out[:, kept[:, None], met] = np.einsum("oc,nod->ncd", answer[np.ix_(by, kept)], meets[:, by][:, :, met])
    return out


def _prior(setting: Setting, values: Values) -> Floats:
    columns = []
    for c in range(setting.slots):
        if not setting.adverse[c]:
            columns.append(values.get("prior.promise"))
            continue
        holders = [setting.actors[a] for a in np.flatnonzero(setting.holder[c])]
        names = [f"resolve.{a}" for a in holders if values.has(f"resolve.{a}")]
        columns.append(values.get(names[0] if names else "prior.threat"))
    return _stack(columns)


def _salience(setting: Setting, values: Values, actor: int) -> Floats:
    """Return how much an actor cares about each issue: [K], or [n, K] where trajectories draw some of it."""
    usual = setting.salience[actor]
    columns = {k: usual[k : k + 1] for k in range(len(setting.issues))}
    for a, k in setting.draws:
        name = f"salience.{setting.actors[a]}.{setting.issues[k]}"
        if a == actor and values.has(name):
            columns[k] = values.get(name, float(usual[k] * setting.span[a])) / setting.span[a]
    for k, issue in enumerate(setting.issues):
        if issue in setting.muted:
            columns[k] = np.zeros(1)
    table = _stack([columns[k] for k in range(len(setting.issues))])
    return np.asarray(table[0] if table.shape[0] == 1 else table)


def without_chances(mind: Mind) -> Mind:
    """Return a mind without the chances that its horizon holds already: those of every commitment are most of a batch.

    ``triggers``, ``fulfils`` and ``breaches`` are [1, 0, 0].
    """
    none = np.zeros((1, 0, 0))
    return replace(mind, triggers=none, fulfils=none, breaches=none)


def compile_dials(setting: Setting, values: Values, *, commitments: bool = True) -> Dials:
    """Compile the parameters of a batch; ``commitments=False`` takes every commitment out of the choices (ablation)."""
    period = values.one("period")
    chance = _chances(setting, values)
    meets = within_period(setting, chance, setting.meets, period)
    meets[:, :, setting.absent] = 1.0 - meets[:, :, setting.absent]
    answer = _answers(setting, chance, period)
    if not commitments:
        meets, answer = meets * 0.0, answer * 0.0
    chain = chain_of(answer, meets)
    pace = _stack([values.get(f"pace.{k}") for k in setting.issues])
    table = [n.removeprefix("intensity.") for n in setting.parameters if n.startswith("intensity.")]
    around = values.get("hostilities.around")
    strength = []
    for e, event in enumerate(setting.emitted):
        if setting.strength[e] > 0:
            strength.append(np.array([setting.strength[e]]))
            continue
        kind = nearest_kind(event.type, table)
        strength.append(around * values.get(f"intensity.{kind}") if kind else np.zeros(1))
    lookahead = round(values.one("lookahead"))
    minds, scopes, worth = [], [], np.zeros((len(setting.actors), setting.slots))
    for a, name in enumerate(setting.actors):
        own = np.flatnonzero(setting.maker == a)
        others = np.flatnonzero((answer.sum(axis=1) > 0) & (setting.maker != a))
        which = np.concatenate([own, others])
        mine = setting.holder[:, a]
        signed = setting.moves[which]
        mind = Mind(
            own=own,
            moves=signed * pace.mean(axis=0),
            position=setting.position[a],
            salience=_salience(setting, values, a),
            harm=_harm(setting, values, a)[:, which],
            triggers=meets[:, own] * ~mine,
            fulfils=within_period(setting, chance, setting.keeps, period, own.tolist()) * (mine & commitments),
            breaches=within_period(setting, chance, setting.breaks, period, own.tolist()) * (mine & commitments),
            answer=answer[which],
            owns=mine if commitments else np.zeros_like(mine),
            rationality=values.get(f"rationality.{name}"),
            audience=values.get("audience-cost"),
            reputation=values.get("reputation"),
            spill=values.get("spill-over"),
            rho=values.one("rho"),
        )
        scopes.append(horizon_of(mind, chain, lookahead))
        minds.append(without_chances(mind))
        some = option_effects(mind, np.arange(which.size))
        gain = option_gains(
            mind, some, setting.start_issues[None, :], slice(None), np.atleast_2d(mind.salience).mean(0)
        )
        worth[a] = np.where(mine, 0.0, np.abs(mind.answer.T @ gain).mean(axis=1))
    decay, strengths = values.get("hostilities.decay"), _stack(strength)
    length = np.where(setting.lasts > 0, setting.lasts, period)
    per_week = _stack([values.get(f"revisions.{a}") for a in setting.actors])
    people = [
        values.get(f"displaced.{k}", np.inf) if values.has(f"displaced.{k}") else np.array([np.inf])
        for k in setting.issues
    ]
    return Dials(
        minds=tuple(minds),
        scopes=tuple(scopes),
        triggers=meets,
        deterrence=worth.max(axis=0, initial=0.0),
        revise=-np.expm1(-per_week / 7.0),
        alert=-np.expm1(-per_week * values.get("crisis.revisions")[:, None] / 7.0),
        ends=_end_chances(setting, values),
        halting=values.get("halting"),
        echo=values.get("crisis.record"),
        response=values.get("response"),
        inertia=values.get("inertia"),
        chance=chance,
        strength=strengths,
        decay=decay,
        lasting=np.where(setting.first, 1.0, chance / np.maximum(1.0 - decay[:, None], 1e-9)) * strengths,
        brings=_brings(setting, chance, strengths),
        pace=pace,
        drift=np.ascontiguousarray((setting.moves / length[:, None]).T),
        reference=_stack(people),
        kappa=_stack([values.get(f"feedback.{a}") for a in setting.actors]),
        swing=values.get("feedback.salience"),
        phi=values.get("displacement.phi", setting.network.settings.phi),
        nu=values.get("displacement.nu", setting.network.settings.nu),
        prior=_prior(setting, values),
        weight=values.get("prior.weight"),
        spill=values.get("spill-over"),
        keep=values.get("forgetting"),
        discount=values.one("discount"),
        lookahead=lookahead,
        period=period,
        evidence={kind: np.log(np.maximum(values.get(f"signal.{kind}"), LEAST_RATIO)) for kind in (COSTLY, WORDS)},
    )
