"""From an account of the evidence to the first morning: drawn answers, the recorded ledger, beliefs, fighting.

Trajectories of one account may live under different answers to what the account leaves open. The record is stepped
once for each distinct version of it, and every trajectory starts from its version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, Event
from standoff.commitments.arrays import Plan, initial
from standoff.commitments.arrays import State as Ledger
from standoff.commitments.automaton import step
from standoff.commitments.pattern import Matcher, log_of
from standoff.commitments.plan import compile_plan, follow
from standoff.commitments.record import first_day
from standoff.commitments.sources import matched_pairs
from standoff.evidence.telling import Telling, accepted, sample_answers, tellings
from standoff.experiment.margins import Margin, margins_of
from standoff.experiment.spec import Spec
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

    ``answers`` [N, D] are drawn answer indices; ``parameters`` what each distinct telling sets, ``telling`` [N] the one
    a trajectory has; ``version`` [tellings] is its column of the recorded ``ledger``, of the recorded cases
    ``kept`` and ``broken`` [versions, C], of ``intensity`` [versions, S] and of ``pursued`` [versions, A]. ``margins``
    are what each trajectory draws its parameters from; empty where they are fixed.
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


def pooled_of(case: Case) -> str:
    """Return the pooled account of a case, or its first account when there is none."""
    return next((a.id for a in case.accounts.values() if a.kind == "pooled"), next(iter(case.accounts)))


@dataclass(frozen=True, slots=True)
class _Record:
    """The recorded days of a plan: which event serves which signal on which day, for any choice of events."""

    plan: Plan
    hits: NDArray[np.bool_]  # [signals, events]
    day: NDArray[np.int64]  # [events], -1 outside
    days: int
    event: NDArray[np.int64]  # [pairs] the event of each pair of event and signal served, in the order of
    served: NDArray[np.int64]  # [pairs] day * signals + signal

    def key(self, accepted_events: NDArray[np.bool_]) -> bytes:
        """Return the days and signals served, in order and as often as served: equal where `counts` are equal."""
        return bytes(self.served[accepted_events[self.event]].tobytes())

    def counts(self, accepted_events: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return the counts [days, signals] of the events that hold."""
        out = np.zeros((self.days, self.hits.shape[0]), np.float32)
        held = np.flatnonzero(accepted_events & (self.day >= 0))
        np.add.at(out, self.day[held], self.hits[:, held].T.astype(np.float32))
        return out


def record_until(case: Case, plan: Plan, until: date, matcher: Matcher) -> _Record:
    """Return which recorded events of a case serve which signals of a plan before ``until``."""
    log = log_of(case.events.values())
    hits = np.zeros((len(plan.signals), log.size), np.bool_)
    event, signal, _ = matched_pairs(plan, matcher, log)
    hits[signal, event] = True
    days = plan.day(until)
    day = log.last.astype(np.int64) - plan.first.toordinal()
    day = np.where((day >= 0) & (day < days), day, -1)
    signals, events = np.nonzero(hits & (day >= 0))
    served = day[events] * hits.shape[0] + signals
    order = np.argsort(served, kind="stable")
    return _Record(plan, hits, day, days, events[order], served[order])


def stepped(record: _Record, told: Sequence[Telling], held: NDArray[np.bool_]) -> tuple[Ledger, NDArray[np.int64]]:
    """Step the record once for each version that differs for this plan; return the ledger and each one's column.

    ``held`` [tellings, events] are the events that each telling has.
    """
    active, own = follow(record.plan, told)
    seen: dict[bytes, int] = {}
    column = np.empty(len(held), dtype=np.int64)
    firsts, counts = [], []  # of each version: thousands of tellings share some, and a version's days take 0.5 MB
    for i, row in enumerate(held):
        key = record.key(row) + active[i].tobytes()
        if key not in seen:
            seen[key] = len(seen)
            firsts.append(i)
            counts.append(record.counts(row))
        column[i] = seen[key]
    state = initial(record.plan, len(firsts), active=active[firsts], told=own[firsts])
    days = np.stack(counts, axis=1)
    for day in range(record.days):
        step(record.plan, state, day, days[day])
    return state, column


def open_accounts(case: Case, setting: Setting, spec: Spec) -> dict[str, Opening]:
    """Return where the trajectories of each account start; ``case`` holds only what was known on ``spec.as_of``."""
    before = min(spec.as_of, spec.start - timedelta(days=1))
    accounts = (*spec.accounts, MIXED) if spec.mixed else spec.accounts
    answers = {account: draw_answers(case, account, spec) for account in accounts}
    named = {account: pooled_of(case) if account == MIXED else account for account in accounts}
    grouped = {account: tellings(case, named[account], answers[account]) for account in accounts}
    told = [one for account in accounts for one in grouped[account][0]]
    events = list(case.events.values())
    place = {event.id: i for i, event in enumerate(events)}
    held = np.zeros((len(told), len(events)), dtype=np.bool_)
    for i, one in enumerate(told):
        held[i, [place[event.id] for event in accepted(case, one, as_of=before)]] = True
    matcher = Matcher(case)
    ledger, column = stepped(record_until(case, setting.plan, spec.start, matcher), told, held)
    full = compile_plan(case, first=min(first_day(case), spec.start))
    whole, whole_column = stepped(record_until(case, full, spec.start, matcher), told, held)
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
    level, courses, level_column = _morning(case, setting, spec, held, events)
    margins = margins_of(case, setting.network) if spec.parameters == "drawn" else ()
    made, first = {}, 0
    for account in accounts:
        distinct, telling = grouped[account]
        mine = slice(first, first + len(distinct))
        first += len(distinct)
        used, version = np.unique(
            np.stack([column[mine], whole_column[mine], level_column[mine]]), axis=1, return_inverse=True
        )
        made[account] = Opening(
            account=account,
            answers=answers[account],
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


def _morning(
    case: Case, setting: Setting, spec: Spec, held: NDArray[np.bool_], events: Sequence[Event]
) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Return the intensity of sectors and everybody's course for each distinct choice of events, and each one's row."""
    rows, row = np.unique(held, axis=0, return_inverse=True)
    numbers = {name: i for i, name in enumerate(setting.sectors)}
    sector = np.array([numbers.get(p.sector, -1) for p in case.places.values()], dtype=np.int64)
    decay, around = (
        setting.parameters[n] if n in setting.parameters else usual(n)
        for n in ("hostilities.decay", "hostilities.around")
    )
    table = gains(case)
    chosen = [[e for e, h in zip(events, one, strict=True) if h] for one in rows]
    level = np.stack([recorded(case, some, spec.start, 1, decay, table, around)[0] for some in chosen])
    courses = np.stack([course(setting, some, spec.start) for some in chosen])
    column = np.asarray(row, dtype=np.int64).reshape(-1)
    return by_sector(level, sector, len(setting.sectors)), courses, column
