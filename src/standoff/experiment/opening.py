"""From an account of the evidence to the first morning: drawn answers, the recorded ledger, beliefs, fighting.

Trajectories of one account may live under different answers to what the account leaves open. The record is stepped
once for each distinct version of it, and every trajectory starts from its version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.commitments.arrays import State as Ledger
from standoff.commitments.pattern import Matcher
from standoff.commitments.plan import compile_plan
from standoff.commitments.record import first_day, recorded_state
from standoff.evidence.telling import Telling, accepted, sample_answers, tellings
from standoff.experiment.spec import Spec
from standoff.world.hostilities import by_sector, gains, recorded
from standoff.world.setting import Setting
from standoff.world.state import on_record
from standoff.world.streams import stream

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Where the trajectories of one account start; plain arrays, so that it can be sent to another process.

    ``answers`` [N, D] are drawn answer indices; ``parameters`` what each distinct telling sets, ``telling`` [N] the one
    a trajectory has; ``version`` [tellings] is its column of the recorded ``ledger``, of the recorded cases
    ``kept`` and ``broken`` [versions, C], and of ``intensity`` [versions, S].
    """

    account: str
    answers: NDArray[np.int16]
    parameters: tuple[Mapping[str, float], ...]
    telling: NDArray[np.int64]
    version: NDArray[np.int64]
    ledger: Ledger
    kept: Floats
    broken: Floats
    intensity: Floats


def draw_answers(case: Case, account: str, spec: Spec) -> NDArray[np.int16]:
    """Return the drawn answers of all trajectories [N, D], batch by batch from their own streams."""
    parts = [
        sample_answers(case, account, stream(spec.seed, batch, 0, "answers"), size)
        for batch, size in enumerate(spec.sizes)
    ]
    return np.concatenate(parts)


def open_account(case: Case, setting: Setting, account: str, spec: Spec) -> Opening:
    """Return where the trajectories of an account start. ``case`` must hold only what was known on ``spec.as_of``."""
    answers = draw_answers(case, account, spec)
    distinct, telling = tellings(case, account, answers)
    before = min(spec.as_of, spec.start - timedelta(days=1))
    events = [accepted(case, one, as_of=before) for one in distinct]
    seen: dict[object, int] = {}
    keys = [_key(one, happened) for one, happened in zip(distinct, events, strict=True)]
    version = np.array([seen.setdefault(key, len(seen)) for key in keys])
    firsts = [int(np.flatnonzero(version == v)[0]) for v in range(len(seen))]
    told = [distinct[i] for i in firsts]
    matcher = Matcher(case)
    ledger = recorded_state(case, setting.plan, told, spec.start, as_of=before, matcher=matcher)
    full = compile_plan(case, first=first_day(case))
    whole = recorded_state(case, full, told, spec.start, as_of=before, matcher=matcher)
    holders = np.array([[name in slot.debtor for name in setting.actors] for slot in full.slots], dtype=np.bool_)
    adverse = np.array([slot.adverse for slot in full.slots], dtype=np.bool_)
    kept, broken = on_record(
        setting,
        range(len(full.slots)),
        (whole.kept * whole.told).astype(np.float64),
        (whole.broken * whole.told).astype(np.float64),
        holders,
        adverse,
    )
    numbers = {name: i for i, name in enumerate(setting.sectors)}
    sector = np.array([numbers.get(p.sector, -1) for p in case.places.values()], dtype=np.int64)
    decay, around = setting.parameters.get("hostilities.decay", 0.9), setting.parameters.get("hostilities.around", 0.5)
    level = np.stack([recorded(case, events[i], spec.start, 1, decay, gains(case), around)[0] for i in firsts])
    return Opening(
        account=account,
        answers=answers,
        parameters=tuple(dict(one.parameters) for one in distinct),
        telling=np.asarray(telling, dtype=np.int64),
        version=version,
        ledger=ledger,
        kept=kept,
        broken=broken,
        intensity=by_sector(level, sector, len(setting.sectors)),
    )


def _key(telling: Telling, events: tuple[object, ...]) -> object:
    ids = tuple(getattr(e, "id", "") for e in events)
    return ids, tuple(sorted(telling.readings.items())), telling.off
