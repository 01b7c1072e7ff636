"""Posterior predictive counts: the record before the start beside runs of the same days, event type by event type.

The days before the start are cut into spells of equal length. Each spell is run from its first day with what was known
on it, and its events are counted in every trajectory; the recorded events of the same actors are counted the same way.
Which commitment broke first is compared too. The sizes assumed in a case were set by people who know that record (the
page on the world says which), so that what agrees is no test of foresight; what misses is a fault of the model.

Gelman, Meng and Stern (1996) for the method. Intervals are central ones over trajectories and, with drawn parameters,
over what the case declares not to know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, Event
from standoff.commitments.patterns.pattern import Matcher
from standoff.errors import StandoffError
from standoff.evidence.accounts import Telling, accepted, sample_answers, sample_doubts, tellings
from standoff.oneline import OneLine
from standoff.runs.as_of import case_as_of
from standoff.runs.ensemble import Plan, fear_in_waves, make_plan, play_batch
from standoff.runs.opening import recorded_days, step_record
from standoff.runs.spec import make_spec
from standoff.world.hostilities import nearest_kind
from standoff.world.random_streams import stream

Ints = NDArray[np.int64]
CENTRAL = 0.9
SPELL = 180  # days


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Count(OneLine):
    """Events of one type over all spells: on record, and the predictive median and interval.

    ``recorded_low`` to ``recorded`` is the span over the answers that the account leaves open. ``p`` is the share of
    runs with at most as many as recorded, ties counted half: near 0 the model gives too many, near 1 too few.
    """

    type: str
    recorded_low: int
    recorded: int
    low: float
    median: float
    high: float
    p: float

    @property
    def misses(self) -> bool:
        """Whether the record lies outside the predictive interval, however the open questions are answered."""
        return self.recorded < self.low or self.recorded_low > self.high


def most_frequent(counts: Mapping[str, int]) -> tuple[str, int]:
    """Return the name that was counted most often, and how often; of a tie the first by name, of nothing ("", 0)."""
    return min(counts.items(), key=lambda item: (-item[1], item[0]), default=("", 0))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FirstBreach(OneLine):
    """Which commitment broke first in one spell: on record (None: none broke), and how likely that was in the model.

    ``none`` is the share of runs in which none broke, ``likeliest`` the commitment that most often broke first.
    """

    start: date
    recorded: tuple[str, ...]
    p: float
    none: float
    likeliest: str
    p_likeliest: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Predictive(OneLine):
    """What the check found: ``n`` trajectories in each of the spells that begin on ``starts`` and last ``days``."""

    account: str
    n: int
    days: int
    starts: tuple[date, ...]
    counts: tuple[Count, ...]
    breaches: tuple[FirstBreach, ...]

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "account": self.account,
            "n": self.n,
            "days": self.days,
            "starts": [day.isoformat() for day in self.starts],
            "counts": [{**asdict(c), "misses": c.misses} for c in self.counts],
            "first_breach": [{**asdict(b), "start": b.start.isoformat()} for b in self.breaches],
        }


def spells(case: Case, start: date, days: int = SPELL) -> list[date]:
    """Return the first days of whole spells that fit between the beginning of the case's period and ``start``."""
    if days < 1:
        raise StandoffError.of(f"a spell of {days} days", file="--spell", expected="at least 1 day")
    first = case.about.period.start or start
    number = (start - first).days // days
    starts = [start - timedelta(days=days * k) for k in range(number, 0, -1)]
    if not starts:
        what = f"there is no spell of {days} days between {first} and {start}"
        raise StandoffError.of(what, file="--spell", expected="fewer days")
    return starts


def _recorded(events: Sequence[Event], plan: Plan, first: date, last: date) -> Counter[str]:
    """Count recorded events that the model has an emission for: same actor, type or a kind of it, last day inside."""
    types: dict[str, set[str]] = {}
    for emission in plan.setting.emitted:
        for actor in emission.actor:
            types.setdefault(actor, set()).add(emission.type)
    counts: Counter[str] = Counter()
    for event in events:
        if event.date.end is None or not first <= event.date.end < last:
            continue
        kinds = [nearest_kind(event.type, types[a]) for a in event.actor if a in types]
        counts.update({kind for kind in kinds if kind})
    return counts


def _simulated(plan: Plan, account: str) -> tuple[dict[str, Ints], NDArray[np.int16]]:
    """Return type -> events in each trajectory [n], and the day each commitment slot first broke [n, C]."""
    counts: list[Ints] = []
    broke = []
    for number, size in enumerate(plan.spec.sizes):
        total = np.zeros((size, len(plan.setting.emitted)), dtype=np.int64)
        at, days = plan.openings.batch(account, number), plan.stretches["baseline"]
        for world, did in play_batch(plan.setting, at, plan.spec, days, number):
            last = world
            if did is not None:
                total += did.happened
        counts.append(total)
        broke.append(np.where(last.sound, last.broke, 0))
    whole = np.concatenate(counts)
    types: dict[str, Ints] = {}
    for e, emission in enumerate(plan.setting.emitted):
        types[emission.type] = types.get(emission.type, np.zeros(whole.shape[0], dtype=np.int64)) + whole[:, e]
    return types, np.concatenate(broke).astype(np.int16)


def _breach(
    plan: Plan, account: str, then: Case, telling: Telling, broke: NDArray[np.int16], first: date, last: date
) -> FirstBreach:
    """Compare who broke first; the record is stepped on to the end of the spell, as the telling has it."""
    setting, at = plan.setting, plan.openings.draws[account]
    names = [slot.commitment for slot in setting.plan.slots]
    distinct, index = tellings(plan.case, account, at.answers, at.doubted)
    usual = distinct[int(np.bincount(index).argmax())]
    events = {event.id for event in accepted(then, telling, as_of=last)}
    holds = np.array([[event in events for event in then.events]])
    ledger, _ = step_record(
        recorded_days(then, setting.plan, last, Matcher(then)), [usual], holds, np.zeros(1, np.int64)
    )
    since = ledger.first_broken[0].astype(np.int64) - setting.day + 1
    day = np.where(ledger.own_reading[0] & (since > 0), since, 0)
    here = day[day > 0].min(initial=np.iinfo(np.int64).max)
    recorded = tuple(dict.fromkeys(names[c] for c in np.flatnonzero(day == here)))
    firsts: Counter[str] = Counter()
    same = none = 0
    for row in broke.astype(np.int64):
        if not row.any():
            none += 1
            continue
        mine = {names[c] for c in np.flatnonzero(row == row[row > 0].min())}
        firsts.update(mine)
        same += bool(mine & set(recorded))
    n = broke.shape[0]
    name, times = most_frequent(firsts)
    return FirstBreach(
        start=first,
        recorded=recorded,
        p=(same if recorded else none) / n,
        none=none / n,
        likeliest=name,
        p_likeliest=times / n,
    )


def predictive(
    case: Case,
    *,
    account: str,
    start: date,
    days: int = SPELL,
    trajectories: int = 100,
    seed: int = 1,
    parameters: str = "drawn",
    tell: Callable[[str], None] | None = None,
) -> Predictive:
    """Run every spell before ``start`` and compare; events are those that the account tells by ``start``.

    Where the account leaves questions open, the record is counted under up to 50 draws of the answers.
    """
    starts = spells(case, start, days)
    then = case_as_of(case, start)
    answers = sample_answers(then, account, stream(seed, 0, 0, "answers"), 50)
    distinct, index = tellings(then, account, answers, sample_doubts(then, stream(seed, 0, 2, "answers"), 50))
    usual = distinct[int(np.bincount(index).argmax())]
    simulated: dict[str, Ints] = {}
    recorded = [Counter[str]() for _ in distinct]
    breaches = []
    fear = fear_in_waves(then, every=True) if parameters == "drawn" else {}
    for k, first in enumerate(starts):
        if tell:
            tell(f"spell {k + 1} of {len(starts)}: {days} days from {first}")
        spec = make_spec(
            case,
            accounts=(account,),
            start=first,
            days=days,
            trajectories=trajectories,
            seed=seed + k,
            parameters=parameters,
        )
        ensemble = make_plan(case, spec, fear)
        types, broke = _simulated(ensemble, account)
        for name, total in types.items():
            simulated[name] = simulated.get(name, np.zeros(trajectories, dtype=np.int64)) + total
        last = first + timedelta(days=days)
        for counter, one in zip(recorded, distinct, strict=True):
            counter.update(_recorded(accepted(then, one, as_of=start), ensemble, first, last))
        breaches.append(_breach(ensemble, account, then, usual, broke, first, last))
    counts = tuple(_count(name, total, [c[name] for c in recorded]) for name, total in sorted(simulated.items()))
    return Predictive(
        account=account, n=trajectories, days=days, starts=tuple(starts), counts=counts, breaches=tuple(breaches)
    )


def _count(name: str, simulated: Ints, recorded: Sequence[int]) -> Count:
    low, median, high = (
        float(x) for x in np.quantile(simulated, (0.5 - CENTRAL / 2, 0.5, 0.5 + CENTRAL / 2), method="inverted_cdf")
    )
    most = max(recorded)
    p = float((simulated < most).mean() + 0.5 * (simulated == most).mean())
    return Count(type=name, recorded_low=min(recorded), recorded=most, low=low, median=median, high=high, p=p)
