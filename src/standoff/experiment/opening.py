"""From an account of the evidence to the first morning: drawn answers, the recorded ledger, beliefs, fighting.

Trajectories of one account may live under different answers to what the account leaves open. The record is stepped
once for each distinct version of it, and every trajectory starts from its version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from standoff.case.disputes import RECORD
from standoff.case.model import Case
from standoff.commitments.arrays import State as Ledger
from standoff.commitments.pattern import Matcher
from standoff.commitments.plan import compile_plan
from standoff.commitments.record import first_day
from standoff.evidence.telling import hold, sample_answers, sample_doubts, tellings
from standoff.experiment.margins import Margin
from standoff.experiment.spec import Spec
from standoff.experiment.versions import record_until, stepped
from standoff.world.course import course
from standoff.world.defaults import usual
from standoff.world.hostilities import by_sector, gains, recorded
from standoff.world.setting import Setting
from standoff.world.state import on_record
from standoff.world.streams import stream

Floats = NDArray[np.float64]
COUNTED = ("achieve", "maintain", "quantity")  # kinds whose instances make a track record


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Where the trajectories of one account start; plain arrays, so that it can be sent to another process.

    ``answers`` [N, D] are drawn answer indices and ``doubted`` [N, doubts] what is contested outside disputes, true
    where it happened; ``parameters`` what each distinct telling sets, ``telling`` [N] the one a trajectory has;
    ``version`` [tellings] is its column of the recorded ``ledger``, of the recorded cases ``kept`` and ``broken``
    [versions, C], of ``intensity`` [versions, S] and of ``pursued`` [versions, A]. ``margins`` are what each trajectory
    draws its parameters from; empty where they are fixed.
    """

    account: str
    answers: NDArray[np.int16]
    doubted: NDArray[np.bool_]
    parameters: tuple[Mapping[str, float], ...]
    telling: NDArray[np.int64]
    version: NDArray[np.int64]
    ledger: Ledger
    kept: Floats
    broken: Floats
    intensity: Floats
    pursued: NDArray[np.int64]
    margins: tuple[Margin, ...] = ()


MIXED = "~mixed"


def draw_answers(case: Case, account: str, spec: Spec) -> NDArray[np.int16]:
    """Return the drawn answers of all trajectories [N, D], batch by batch from their own streams.

    ``MIXED`` takes the answers of the pooled account and shuffles each dispute by itself: answers that a voice holds
    together come apart, so that what one dispute moves can be told from what the others move.
    """
    if account == MIXED:
        drawn = draw_answers(case, pooled_of(case), spec)
        for k in range(drawn.shape[1]):
            drawn[:, k] = stream(spec.seed, k, 1, "answers").permutation(drawn[:, k])
        return drawn
    parts = [
        sample_answers(case, account, stream(spec.seed, batch, 0, "answers"), size)
        for batch, size in enumerate(spec.sizes)
    ]
    return np.concatenate(parts)


def draw_doubts(case: Case, spec: Spec) -> NDArray[np.bool_]:
    """Return whether each doubt of the record happened in each trajectory [N, doubts], batch by batch.

    Accounts share the draws, so that they differ by their answers alone.
    """
    parts = [sample_doubts(case, stream(spec.seed, batch, 2, "answers"), n) for batch, n in enumerate(spec.sizes)]
    return np.concatenate(parts)


def pooled_of(case: Case) -> str:
    """Return the account that draws from others, else the record."""
    return next((a.id for a in case.accounts.values() if a.is_pool), RECORD.id)


def open_accounts(case: Case, setting: Setting, spec: Spec, margins: tuple[Margin, ...] = ()) -> dict[str, Opening]:
    """Return where the trajectories of each account start; ``case`` holds only what was known on ``spec.as_of``.

    ``margins`` are what trajectories draw their parameters from.
    """
    before = min(spec.as_of, spec.start - timedelta(days=1))
    accounts = (*spec.accounts, MIXED) if spec.mixed else spec.accounts
    answers = {account: draw_answers(case, account, spec) for account in accounts}
    named = {account: pooled_of(case) if account == MIXED else account for account in accounts}
    doubted = draw_doubts(case, spec)
    grouped = {account: tellings(case, named[account], answers[account], doubted) for account in accounts}
    told = [one for account in accounts for one in grouped[account][0]]
    held, row = np.unique(hold(case, told, as_of=before), axis=0, return_inverse=True)
    row = np.asarray(row, dtype=np.int64).reshape(-1)
    matcher = Matcher(case)
    ledger, column = stepped(record_until(case, setting.plan, spec.start, matcher), told, held, row)
    full = compile_plan(case, first=min(first_day(case), spec.start))
    whole, whole_column = stepped(record_until(case, full, spec.start, matcher), told, held, row)
    holders = np.array([[name in slot.debtor for name in setting.actors] for slot in full.slots], dtype=np.bool_)
    holders = holders.reshape(len(full.slots), len(setting.actors))
    kept, broken = on_record(
        setting,
        [i for i, slot in enumerate(full.slots) if slot.kind in COUNTED],
        (whole.kept * whole.told).astype(np.float64),
        (whole.broken * whole.told).astype(np.float64),
        holders,
        np.array([slot.adverse for slot in full.slots], dtype=np.bool_),
    )
    level, courses = _morning(case, setting, spec, held)
    made, first = {}, 0
    for account in accounts:
        distinct, telling = grouped[account]
        mine = slice(first, first + len(distinct))
        first += len(distinct)
        used, version = np.unique(np.stack([column[mine], whole_column[mine], row[mine]]), axis=1, return_inverse=True)
        made[account] = Opening(
            account=account,
            answers=answers[account],
            doubted=doubted,
            parameters=tuple(dict(one.parameters) for one in distinct),
            telling=np.asarray(telling, dtype=np.int64),
            version=version.reshape(-1).astype(np.int64),
            ledger=ledger.take(used[0].astype(np.intp)),
            kept=kept[used[1]],
            broken=broken[used[1]],
            intensity=level[used[2]],
            pursued=courses[used[2]],
            margins=margins,
        )
    return made


def _morning(case: Case, setting: Setting, spec: Spec, held: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.int64]]:
    """Return the intensity of sectors and everybody's course for each choice of events, ``held`` [choices, events]."""
    numbers = {name: i for i, name in enumerate(setting.sectors)}
    sector = np.array([numbers.get(p.sector, -1) for p in case.places.values()], dtype=np.int64)
    decay, around = (
        setting.parameters[n] if n in setting.parameters else usual(n)
        for n in ("hostilities.decay", "hostilities.around")
    )
    table = gains(case)
    chosen = [list(compress(case.events.values(), one)) for one in held]
    level = np.stack([recorded(case, some, spec.start, 1, decay, table, around)[0] for some in chosen])
    courses = np.stack([course(setting, some, spec.start) for some in chosen])
    return by_sector(level, sector, len(setting.sectors)), courses
