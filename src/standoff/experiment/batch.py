"""One batch of trajectories of one account under one scenario: the unit of work that a worker does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from standoff.commitments.arrays import State as Ledger
from standoff.experiment.margins import draw_parameters, fitting, shifted
from standoff.experiment.opening import Opening
from standoff.experiment.scenario import Stretch, with_capacity
from standoff.experiment.spec import Spec
from standoff.world.choice import Beliefs, Mode, Witness
from standoff.world.dials import Dials, Values, compile_dials
from standoff.world.setting import Setting
from standoff.world.state import World, opening
from standoff.world.step import Day, day, prepare
from standoff.world.streams import stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is kept of n trajectories over T days.

    ``first`` [n, outcomes] and ``broke`` [n, C]: day counted from 1, 0 for never. ``displaced``, ``in_sites`` [n, T]:
    people. ``intensity`` [n, T]: mean over sectors. ``arrived`` [n, P]: people. ``answers`` [n, D].
    """

    first: NDArray[np.int16]
    broke: NDArray[np.int16]
    tested: NDArray[np.bool_]
    sound: NDArray[np.bool_]
    displaced: NDArray[np.int64]
    in_sites: NDArray[np.int64]
    intensity: NDArray[np.float32]
    arrived: NDArray[np.int64]
    answers: NDArray[np.int16]

    def save(self, path: Path) -> None:
        """Write the arrays to one file, which is there in full or not at all."""
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez(file, **{f.name: getattr(self, f.name) for f in fields(self)})
        part.replace(path)


def load_batch(path: Path) -> Batch | None:
    """Read a batch again; None when there is none that can be read."""
    try:
        with np.load(path, allow_pickle=False) as held:
            return Batch(**{f.name: held[f.name] for f in fields(Batch)})
    except (OSError, ValueError, KeyError, BadZipFile):
        return None


def join(batches: Sequence[Batch]) -> Batch:
    """Put batches one after the other."""
    return Batch(**{f.name: np.concatenate([getattr(b, f.name) for b in batches]) for f in fields(Batch)})


def begin(setting: Setting, at: Opening, spec: Spec, number: int, stretch: Stretch) -> tuple[World, Values]:
    """Return the world of a batch on its first morning, and the values of its parameters."""
    world, values, _ = begun(setting, at, spec, number, stretch)
    return world, values


def begun(setting: Setting, at: Opening, spec: Spec, number: int, stretch: Stretch) -> tuple[World, Values, Dials]:
    """Return the same and the parameters compiled."""
    first = sum(spec.sizes[:number])
    pick = np.arange(first, first + spec.sizes[number])
    telling = at.telling[pick]
    version = at.version[telling]
    values = values_of(setting, at, spec, number, stretch)
    dials = dials_of(setting, values, spec)
    record = at.kept[version], at.broken[version]
    ledger: Ledger = at.ledger.take(np.asarray(version, dtype=np.intp))
    return opening(setting, dials, ledger, record, at.intensity[version], at.pursued[version]), values, dials


def values_of(setting: Setting, at: Opening, spec: Spec, number: int, stretch: Stretch) -> Values:
    """Return the values of a batch's parameters on the days of a stretch: the case's, a telling's, or drawn ones.

    What a scenario changes is set where it is fixed or a telling sets it; draws are moved by the same factor.
    """
    first = sum(spec.sizes[:number])
    changed = stretch.parameters
    telling = at.telling[first : first + spec.sizes[number]]
    drawn = draw_parameters(at.margins, spec.seed, number, spec.sizes[number])
    usual = Values(setting.parameters, at.parameters, telling, drawn)
    drawn = fitting(drawn, at.margins, usual.get)
    own = shifted(drawn, at.margins, setting.parameters, changed)
    told = [{**one, **{k: v for k, v in changed.items() if k in one or k not in own}} for one in at.parameters]
    return Values(setting.parameters, told, telling, own)


def dials_of(setting: Setting, values: Values, spec: Spec) -> Dials:
    """Compile the parameters, with commitments left out or shuffled where the spec says so."""
    if spec.ablation == "shuffled":
        order = np.random.Generator(np.random.Philox(key=spec.seed)).permutation(setting.slots)
        setting = replace(setting, meets=setting.meets[:, order], keeps=setting.keeps[:, order])
    return compile_dials(setting, values, commitments=spec.ablation != "off")


def play(
    setting: Setting,
    at: Opening,
    spec: Spec,
    stretches: Sequence[Stretch],
    number: int,
    *,
    witness: Witness | None = None,
) -> Iterator[tuple[World, Day | None]]:
    """Play a batch day by day: yield the world on its first morning, and then after each day with what the day did."""
    world, _, first = begun(setting, at, spec, number, stretches[0])
    mode: Mode = spec.mode  # type: ignore[assignment]
    beliefs: Beliefs = spec.beliefs  # type: ignore[assignment]
    yield world, None
    for i, stretch in enumerate(stretches):
        now = replace(setting, network=with_capacity(setting.network, stretch.capacity))
        dials = dials_of(now, values_of(setting, at, spec, number, stretch), spec) if i else first
        daily = prepare(now, stretch.shut)
        for name in stretch.withdrawn:
            withdraw(world.ledger, [i for i, s in enumerate(now.plan.slots) if s.commitment == name])
        for _ in range(stretch.start, stretch.end):
            draw = partial(stream, spec.seed, number)
            did = day(now, dials, daily, world, draw, mode=mode, witness=witness, beliefs=beliefs)
            yield world, did


def run_batch(setting: Setting, at: Opening, spec: Spec, stretches: Sequence[Stretch], number: int) -> Batch:
    """Play all days of one batch. The same arguments give the same arrays, wherever they are run."""
    kept: dict[str, list[Any]] = {"displaced": [], "in_sites": [], "intensity": []}
    for world, did in play(setting, at, spec, stretches, number):
        if did is not None:
            kept["displaced"].append(world.displaced.copy())
            kept["in_sites"].append(world.people.displaced.T[setting.camps].sum(axis=0))
            kept["intensity"].append(world.intensity.mean(axis=1))
    first = sum(spec.sizes[:number])
    return Batch(
        first=world.first,
        broke=world.broke,
        tested=world.tested,
        sound=world.sound,
        displaced=np.stack(kept["displaced"], axis=1).astype(np.int64),
        in_sites=np.stack(kept["in_sites"], axis=1).astype(np.int64),
        intensity=np.stack(kept["intensity"], axis=1).astype(np.float32),
        arrived=world.arrived.astype(np.int64),
        answers=at.answers[first : first + spec.sizes[number]],
    )


def withdraw(ledger: Ledger, slots: Sequence[int]) -> None:
    """Take commitments back: they are in force no longer, and what they made due is not owed."""
    for slot in slots:
        ledger.live[:, slot] = False
        ledger.told[:, slot] = False
        ledger.waiting[:, slot] = 0
        ledger.pending[:, slot] = 0
