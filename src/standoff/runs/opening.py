"""From an account of the evidence to the first morning: drawn answers, the recorded ledger, beliefs, fighting.

Trajectories of one account may live under different answers to what the account leaves open. The record is stepped
once for each distinct version of it, and every trajectory starts from its version. Commitments that read nothing of
each other are stepped apart: a column holds the k-th version that each group of them can tell apart, and the versions
of the whole are put together afterwards. A thousand versions then take a few dozen columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import partial
from itertools import compress
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from standoff.case.claims import RECORD
from standoff.case.model import Case
from standoff.case.vocabulary import is_a
from standoff.commitments.engine.arrays import Schedule, State, closure, initial, reads
from standoff.commitments.engine.arrays import State as Ledger
from standoff.commitments.engine.rules import REMEMBERS, parts
from standoff.commitments.engine.run import run_counts
from standoff.commitments.monitor import first_day
from standoff.commitments.patterns.compiler import compile_schedule, follow, matched_pairs
from standoff.commitments.patterns.pattern import Matcher, log_of
from standoff.evidence.accounts import (
    Telling,
    answers_by_effect,
    hold,
    sample_answers,
    sample_doubts,
    tellings,
)
from standoff.oneline import OneLine
from standoff.runs.margins import Margin
from standoff.runs.spec import Spec
from standoff.world.hostilities import by_sector, intensity_of_choices, intensity_table
from standoff.world.parameters import usual
from standoff.world.random_streams import stream
from standoff.world.setting import Setting
from standoff.world.state import on_record

if TYPE_CHECKING:
    from standoff.case.model import Event

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MIXED = "~mixed"  # answers drawn dispute by dispute
OTHER = "~other:"  # and a dispute: the same, with another answer to this one
COUNTED = ("achieve", "maintain", "quantity")  # kinds whose instances make a track record
WEEKS = 4
AT_ONCE = 256  # versions of the record that are worked out together: their arrays stay near the processor
FEW = 64  # the same where all days of a version are at hand
FLOOR = 0.02  # expected events of a type that an option does not emit: the record is not the model


def course(setting: Setting, events: Iterable[Event], start: date) -> NDArray[np.int64]:
    """Return the option each actor pursues on the first morning [A].

    Counts of recorded events in the four weeks before, by type of emission, are taken as Poisson with each option's
    daily chances; what an option emits only on the day it is taken up does not count. Ties, and actors of whom nothing
    was recorded, go to the default option; so does an option that another actor's course shuts.
    """
    some = list(events)
    recent = [some[i] for i in recent_events(some, start)]
    courses = np.array(setting.default)
    lasting = ~setting.first & (setting.chance > 0)
    for a, actor in enumerate(setting.actors):
        own = np.flatnonzero(setting.maker == a)
        mine = [e for e in recent if actor in e.actor]
        emissions = np.flatnonzero(np.isin(setting.option, own) & lasting)
        kinds = sorted({setting.emitted[e].type for e in emissions})
        counts = {kind: sum(is_a(event.type, kind) for event in mine) for kind in kinds}
        if not any(counts.values()):
            continue
        scores = [_likelihood(setting, int(o), counts) + (1e-9 if o == setting.default[a] else 0.0) for o in own]
        courses[a] = own[int(np.argmax(scores))]
    pursued = np.zeros(len(setting.options), dtype=np.bool_)
    pursued[courses] = True
    for a, o in enumerate(courses):
        shut = (setting.needy[o] and not (setting.needs[o] & pursued).any()) or (setting.bars[o] & pursued).any()
        if shut or setting.lasts[o] > 0:
            courses[a] = setting.default[a]
    return courses


def recent_events(events: Sequence[Event], start: date) -> list[int]:
    """Return which of some events, by position, ended in the four weeks before ``start``."""
    first = start - timedelta(weeks=WEEKS)
    return [i for i, e in enumerate(events) if e.date.end is not None and first <= e.date.end < start]


def _likelihood(setting: Setting, option: int, counts: dict[str, int]) -> float:
    total = 0.0
    for kind, count in counts.items():
        rate = sum(
            float(setting.chance[e])
            for e in range(len(setting.emitted))
            if setting.option[e] == option and not setting.first[e] and is_a(setting.emitted[e].type, kind)
        )
        expected = max(rate * 7 * WEEKS, FLOOR)
        total += count * log(expected) - expected
    return total


@dataclass(frozen=True, slots=True, repr=False)
class RecordedDays(OneLine):
    """The recorded days of a plan: which event serves which signal on which day, for any choice of events."""

    plan: Schedule
    hits: Bools  # [signals, events]
    day: Ints  # [events], -1 outside
    days: int
    event: Ints  # [pairs] the event of each pair of event and signal served, in the order of
    served: Ints  # [pairs] day * signals + signal

    def alike(self, choices: Bools, signals: Bools | None = None) -> Ints:
        """Return a number for each of ``choices`` [choices, events]: the same where `counts` are the same.

        ``signals`` [signals] are those that count (default: all).
        """
        pairs = np.arange(self.event.size)
        if signals is not None:
            pairs = np.flatnonzero(signals[self.served % max(signals.size, 1)])
        served = self.served[pairs]  # ascending: what serves one signal on one day stands together
        begin = np.flatnonzero(np.diff(served, prepend=-1) != 0)
        used = choices[:, self.event[pairs]]
        if not begin.size:
            return np.zeros(len(choices), np.int64)
        many = np.add.reduceat(used, begin, axis=1, dtype=np.int32)
        return same_rows(many)

    @property
    def busy(self) -> Ints:
        """The days on which an event serves a signal, in order."""
        return np.unique(self.served // max(self.hits.shape[0], 1))

    def happened(self, choice: Bools) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the busy day (by its number) and the signal of each event that holds, once for each that it serves."""
        signals = max(self.hits.shape[0], 1)
        served = self.served[choice[self.event]]
        day, signal = np.searchsorted(self.busy, served // signals), served % signals
        return day.astype(np.int32), signal.astype(np.int32)  # of thousands of choices, held together


def recorded_days(case: Case, plan: Schedule, until: date, matcher: Matcher) -> RecordedDays:
    """Return which recorded events of a case serve which signals of a plan before ``until``."""
    log = log_of(case.events.values(), typed=True)
    hits = np.zeros((len(plan.signals), log.size), np.bool_)
    event, signal, _ = matched_pairs(plan, matcher, log)
    hits[signal, event] = True
    days = plan.day(until)
    day = log.last.astype(np.int64) - plan.first.toordinal()
    day = np.where((day >= 0) & (day < days), day, -1)
    signals, events = np.nonzero(hits & (day >= 0))
    served = day[events] * hits.shape[0] + signals
    order = np.argsort(served, kind="stable")
    return RecordedDays(plan, hits, day, days, events[order], served[order])


def groups_of(plan: Schedule) -> list[list[int]]:
    """Return the slots in groups that neither read nor replace one another."""
    linked: dict[int, set[int]] = {}
    for slot, other in (*((s, o) for s, read in reads(plan).items() for o in read), *plan.succeeds):
        linked.setdefault(slot, set()).add(other)
        linked.setdefault(other, set()).add(slot)
    groups: list[list[int]] = []
    done: set[int] = set()
    for slot in range(len(plan.slots)):
        if slot not in done:
            groups.append(sorted(closure(linked, [slot])))
            done.update(groups[-1])
    return groups


def same_rows(rows: NDArray[Any]) -> Ints:
    """Return a number for each of ``rows`` [n, K]: equal rows have the same, counted as they first come."""
    varied = (rows != rows[:1]).any(axis=0)
    if not varied.any():
        return np.zeros(len(rows), np.int64)
    whole = np.ascontiguousarray(rows[:, varied])
    keys = whole.view(np.dtype((np.void, whole.dtype.itemsize * whole.shape[1]))).ravel().tolist()
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)


class _DailyCounts(Mapping[int, NDArray[np.float32]]):
    """The events of each signal [K, S] on the days that have some, put together when a day is asked for.

    All days of a thousand versions at once would fill a hundred megabytes.
    """

    def __init__(self, busy: Ints, counted: Ints, columns: int, signals: int) -> None:
        order = np.argsort(counted[0], kind="stable")
        _, self._column, self._signal = counted[:, order]
        edges = np.searchsorted(counted[0][order], np.arange(busy.size + 1)).tolist()
        self._edges = {day: slice(*edges[k : k + 2]) for k, day in enumerate(busy.tolist())}
        self._shape = columns, signals

    def __getitem__(self, day: int) -> NDArray[np.float32]:
        """Return the events of a day. Raises KeyError for a day without any."""
        some = self._edges[day]
        counts = np.zeros(self._shape, np.float32)
        np.add.at(counts, (self._column[some], self._signal[some]), 1)
        return counts

    def __iter__(self) -> Iterator[int]:
        """Iterate over the days."""
        return iter(self._edges)

    def __len__(self) -> int:
        """How many days there are."""
        return len(self._edges)


def step_record(record: RecordedDays, tellings: Sequence[Telling], choices: Bools, row: Ints) -> tuple[State, Ints]:
    """Step the record once for each version that differs for this plan; return the ledger and each telling's column.

    ``choices`` [choices, events] say which events hold, and ``row`` [tellings] the one that each telling has.
    """
    states, part, column = step_versions(record, tellings, choices, row)
    return _assembled(record.plan, _joined(states), part), column


def step_versions(
    record: RecordedDays, tellings: Sequence[Telling], choices: Bools, row: Ints
) -> tuple[list[State], NDArray[np.intp], Ints]:
    """Step what differs, and return it with where each version has it: column ``part[version, slot]``.

    The columns are those of the states one after another. The third is the version of each telling. Versions of the
    whole are many more than what is stepped.
    """
    plan = record.plan
    active, own = follow(plan, tellings)
    column = same_rows(np.column_stack([record.alike(choices)[row], np.packbits(active, axis=1)]))
    first = np.unique(column, return_index=True)[1]
    part = np.empty((first.size, len(plan.slots)), np.intp)  # the column of each version and slot among what is stepped
    owner = np.array([slot for slot, _ in plan.signals], np.intp)
    stepped: list[tuple[list[int], Bools, Ints]] = []
    for slots in groups_of(plan):
        signals = np.isin(owner, slots)
        served = record.alike(choices, signals)[row[first]]
        mine = active[first][:, slots]
        number = same_rows(np.column_stack([served, np.packbits(mine, axis=1)]))
        part[:, slots] = number[:, None]
        stepped.append((slots, signals, first[np.unique(number, return_index=True)[1]]))
    many = max((one.size for _, _, one in stepped), default=0)
    follows, holds = np.zeros((2, many, len(plan.slots)), np.bool_)
    for slots, _, pick in stepped:
        follows[: pick.size, slots], holds[: pick.size, slots] = active[pick][:, slots], own[pick][:, slots]
    happened = [record.happened(one) for one in choices]
    states = []
    for low in range(0, many, AT_ONCE):  # versions do not touch each other
        some = slice(low, low + AT_ONCE)
        state = initial(plan, len(follows[some]), active=follows[some], own_reading=holds[some])
        parts = [np.zeros((3, 0), np.int64)]
        for _, signals, pick in stepped:
            for k, telling in enumerate(pick[some]):
                day, signal = happened[row[telling]]
                mine = signals[signal]
                parts.append(np.stack([day[mine], np.full(int(mine.sum()), k), signal[mine]]))
        counted = np.concatenate(parts, axis=1)
        run_counts(plan, state, _DailyCounts(record.busy, counted, state.columns, len(plan.signals)), record.days)
        states.append(state)
    return states or [initial(plan, 0)], part, column


def _joined(states: Sequence[State]) -> State:
    """Return one state with the columns of several, one after another."""
    arrays: dict[str, Any] = {f.name: getattr(states[0], f.name) for f in fields(states[0])}
    for name, value in arrays.items():
        if isinstance(value, np.ndarray):
            arrays[name] = np.concatenate([getattr(state, name) for state in states])
    arrays["memory"] = {node: np.concatenate([state.memory[node] for state in states]) for node in states[0].memory}
    return State(**{**arrays, "views": {}})


def _assembled(plan: Schedule, state: State, part: NDArray[np.intp]) -> State:
    """Return the state whose column v has, for each slot c, column ``part[v, c]``."""
    every = np.arange(part.shape[1])
    arrays: dict[str, Any] = {f.name: getattr(state, f.name) for f in fields(state)}
    for name, value in arrays.items():
        if isinstance(value, np.ndarray):
            arrays[name] = value[part, every]
    owner = {
        one.node: slot
        for rules in plan.rules.values()
        for slot, rule in rules
        for one in parts(rule)
        if isinstance(one, REMEMBERS)
    }
    arrays["memory"] = {node: kept[part[:, owner[node]]] for node, kept in state.memory.items()}
    return State(**{**arrays, "views": {}})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Draws(OneLine):
    """What is drawn for the trajectories of one account before anything is stepped; small, and held for all of them.

    ``answers`` [N, D] are drawn answer indices and ``doubted`` [N, doubts] what is contested outside disputes, true
    where it happened; ``settings`` are the parameters that each answer of each dispute sets. ``margins`` are what each
    trajectory draws its parameters from; empty where they are fixed. ``first`` is the number of the trajectory that
    the arrays begin with.
    """

    account: str
    answers: NDArray[np.int16]
    doubted: NDArray[np.bool_]
    settings: tuple[tuple[Mapping[str, float], ...], ...]
    margins: tuple[Margin, ...] = ()
    first: int = 0

    def rows(self, spec: Spec, number: int) -> slice:
        """Return where the trajectories of a batch stand in the arrays."""
        begin = sum(spec.sizes[:number]) - self.first
        return slice(begin, begin + spec.sizes[number])

    def parameters(self, some: slice) -> tuple[tuple[Mapping[str, float], ...], Ints]:
        """Return the distinct sets of parameters that the answers of some trajectories set, and the one each has."""
        able = [k for k, answers in enumerate(self.settings) if any(answers)]
        rows = self.answers[some]
        if not able:
            return ({},), np.zeros(len(rows), np.int64)
        distinct, row = np.unique(rows[:, able], axis=0, return_inverse=True)
        every: list[Mapping[str, float]] = []
        for numbers in distinct.tolist():
            one: dict[str, float] = {}
            for k, number in zip(able, numbers, strict=True):
                if number >= 0:
                    one |= self.settings[k][number]
            every.append(one)
        return tuple(every), np.asarray(row, dtype=np.int64).reshape(-1)

    def values_set(self) -> dict[str, list[float]]:
        """Return the values that the drawn answers set, by parameter: a later dispute sets over an earlier one."""
        out: dict[str, set[float]] = {}
        for one in self.parameters(slice(None))[0]:
            for name, value in one.items():
                out.setdefault(name, set()).add(float(value))
        return {name: sorted(values) for name, values in sorted(out.items())}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Opening(Draws):
    """Where trajectories of one account start, all or a batch; plain arrays, so that it can be sent to another process.

    ``telling`` [n] is the distinct telling a trajectory has; ``version`` [tellings] is its column of the recorded
    ``ledger``, of the recorded cases ``kept`` and ``broken`` [versions, C], of ``intensity`` [versions, S] and of
    ``pursued`` [versions, A].
    """

    telling: NDArray[np.int64]
    version: NDArray[np.int64]
    ledger: Ledger
    kept: Floats
    broken: Floats
    intensity: Floats
    pursued: NDArray[np.int64]


def draw_answers(case: Case, account: str, spec: Spec) -> NDArray[np.int16]:
    """Return the drawn answers of all trajectories [N, D], batch by batch from their own streams.

    ``MIXED`` takes the answers of the pooled account and shuffles each dispute by itself: answers that a voice holds
    together come apart, so that what one dispute moves can be told from what the others move. ``OTHER`` and a dispute
    are the same but for this dispute: each trajectory has another answer to it, one that sets something else.
    """
    if account == MIXED:
        draws = draw_answers(case, pooled_of(case), spec)
        for k in range(draws.shape[1]):
            draws[:, k] = stream(spec.seed, k, 1, "answers").permutation(draws[:, k])
        return draws
    if account.startswith(OTHER):
        draws = draw_answers(case, MIXED, spec)
        k = list(case.disputes).index(account.removeprefix(OTHER))
        draws[:, k] = _others(case, k, draws, stream(spec.seed, k, 3, "answers"))
        return draws
    parts = [
        sample_answers(case, account, stream(spec.seed, batch, 0, "answers"), size)
        for batch, size in enumerate(spec.sizes)
    ]
    return np.concatenate(parts)


def _others(case: Case, k: int, draws: NDArray[np.int16], rng: Generator) -> NDArray[np.int16]:
    """Return for each trajectory an answer to dispute number ``k`` that sets something else than its own, evenly."""
    every = np.arange(len(list(case.disputes.values())[k].answers))
    own = answers_by_effect(case, draws)[:, k]
    sets = np.array([int(answers_by_effect(case, _all(draws, k, int(a)))[0, k]) for a in every])
    able = sets[None, :] != own[:, None]
    pick = np.floor(rng.random(len(draws)) * able.sum(axis=1)).astype(np.int64)
    return np.asarray((np.cumsum(able, axis=1) > pick[:, None]).argmax(axis=1), dtype=np.int16)


def _all(draws: NDArray[np.int16], k: int, answer: int) -> NDArray[np.int16]:
    one = draws[:1].copy()
    one[0, k] = answer
    return one


def disputes_that_set(case: Case) -> list[str]:
    """Return the disputes of which two answers set different things in the model, in the order of the case."""
    return [name for name, one in case.disputes.items() if any(a.sets != one.answers[0].sets for a in one.answers)]


def is_inner(account: str) -> bool:
    """Whether an account is one that a run makes for itself (`MIXED`, `OTHER`), and no table shows as such."""
    return account.startswith("~")


def inner_accounts(case: Case, spec: Spec) -> list[str]:
    """Return the accounts that a run adds to those named: mixed answers, and those with one answer changed."""
    changed = [OTHER + name for name in disputes_that_set(case)] if spec.answers else []
    return [MIXED, *changed] if spec.mixed else changed


def draw_doubts(case: Case, spec: Spec) -> NDArray[np.bool_]:
    """Return whether each doubt of the record happened in each trajectory [N, doubts], batch by batch.

    Accounts share the draws, so that they differ by their answers alone.
    """
    parts = [sample_doubts(case, stream(spec.seed, batch, 2, "answers"), n) for batch, n in enumerate(spec.sizes)]
    return np.concatenate(parts)


def pooled_of(case: Case) -> str:
    """Return the account that draws from others, else the record."""
    return next((a.id for a in case.accounts.values() if a.is_pool), RECORD.id)


class Openings(Mapping[str, Opening]):
    """Where the trajectories of each account start: of all of them when asked by account, or of one batch.

    The record is stepped when somebody asks. A run asks batch by batch, so that its memory does not grow with their
    number; the accounts of a batch are stepped together, since they share most versions of the record.
    """

    def __init__(self, case: Case, setting: Setting, spec: Spec, margins: tuple[Margin, ...]) -> None:
        self._case, self._setting, self._spec, self.margins = case, setting, spec, margins
        full = compile_schedule(case, first=min(first_day(case), spec.start))
        matcher = Matcher(case)
        self._record = recorded_days(case, setting.plan, spec.start, matcher)
        self._whole = recorded_days(case, full, spec.start, matcher)
        self._opened: tuple[slice, dict[str, Callable[[], Opening]]] | None = None
        accounts = (*spec.accounts, *inner_accounts(case, spec))
        doubted = draw_doubts(case, spec)
        settings = tuple(tuple(answer.sets.parameters for answer in one.answers) for one in case.disputes.values())
        self.draws: dict[str, Draws] = {}
        for account in accounts:
            answers = draw_answers(case, account, spec)
            self.draws[account] = Draws(
                account=account, answers=answers, doubted=doubted, settings=settings, margins=margins
            )

    def __getitem__(self, account: str) -> Opening:
        """Return where all trajectories of an account start. Raises KeyError where the run does not have it."""
        if account not in self.draws:
            raise KeyError(account)
        return self._open(slice(0, self._spec.trajectories))[account]()

    def __iter__(self) -> Iterator[str]:
        """Iterate over the accounts, those that a run adds last."""
        return iter(self.draws)

    def __len__(self) -> int:
        """How many accounts there are."""
        return len(self.draws)

    def batch(self, account: str, number: int) -> Opening:
        """Return where the trajectories of one batch of an account start."""
        return self._open(self.draws[account].rows(self._spec, number))[account]()

    def _open(self, some: slice) -> dict[str, Callable[[], Opening]]:
        if self._opened is None or self._opened[0] != some:
            self._opened = None  # the last one is let go of before the next is made
            self._opened = some, self._stepped(some)
        return self._opened[1]

    def _stepped(self, some: slice) -> dict[str, Callable[[], Opening]]:
        case, setting, spec, full = self._case, self._setting, self._spec, self._whole.plan
        before = min(spec.as_of, spec.start - timedelta(days=1))
        grouped = {
            account: tellings(
                case, pooled_of(case) if is_inner(account) else account, one.answers[some], one.doubted[some]
            )
            for account, one in self.draws.items()
        }
        every = [one for distinct, _ in grouped.values() for one in distinct]
        choices, row = np.unique(hold(case, every, as_of=before), axis=0, return_inverse=True)
        row = np.asarray(row, dtype=np.int64).reshape(-1)
        states, part, whole_column = step_versions(self._whole, every, choices, row)
        slots = np.arange(part.shape[1])
        was_kept, was_broken = (
            np.concatenate(counts)[part, slots].astype(np.float64)
            for counts in (
                [one.kept * one.own_reading for one in states],
                [one.broken * one.own_reading for one in states],
            )
        )
        del states, part
        ledger, column = step_record(self._record, every, choices, row)
        holders = np.array([[name in slot.debtor for name in setting.actors] for slot in full.slots], dtype=np.bool_)
        holders = holders.reshape(len(full.slots), len(setting.actors))
        kept, broken = on_record(
            setting,
            [i for i, slot in enumerate(full.slots) if slot.kind in COUNTED],
            was_kept,
            was_broken,
            holders,
            np.array([slot.adverse for slot in full.slots], dtype=np.bool_),
        )
        sizes = {account: (len(distinct), telling) for account, (distinct, telling) in grouped.items()}
        del grouped, every
        level, courses = _morning(case, setting, spec, choices)
        morning = ledger, kept, broken, level, courses
        openings: dict[str, Callable[[], Opening]] = {}
        first = 0
        for account, (many, telling) in sizes.items():
            mine = slice(first, first + many)
            first += many
            columns = np.stack([column[mine], whole_column[mine], row[mine]])
            openings[account] = partial(self._opening, self.draws[account], some, telling, columns, morning)
        return openings

    @staticmethod
    def _opening(
        draws: Draws, some: slice, telling: Ints, columns: Ints, morning: tuple[Ledger, Floats, Floats, Floats, Ints]
    ) -> Opening:
        """Return the opening of one account: the accounts of a batch share a morning, of which each takes its columns.

        Together they would be twice the memory.
        """
        ledger, kept, broken, level, courses = morning
        used, version = np.unique(columns, axis=1, return_inverse=True)
        return Opening(
            account=draws.account,
            answers=draws.answers[some],
            doubted=draws.doubted[some],
            settings=draws.settings,
            margins=draws.margins,
            first=some.start,
            telling=np.asarray(telling, dtype=np.int64),
            version=version.reshape(-1).astype(np.int64),
            ledger=ledger.take(used[0].astype(np.intp)),
            kept=kept[used[1]],
            broken=broken[used[1]],
            intensity=level[used[2]],
            pursued=courses[used[2]],
        )


def open_accounts(case: Case, setting: Setting, spec: Spec, margins: tuple[Margin, ...] = ()) -> Openings:
    """Return where the trajectories of each account start; ``case`` holds only what was known on ``spec.as_of``.

    ``margins`` are what trajectories draw their parameters from.
    """
    return Openings(case, setting, spec, margins)


def _morning(case: Case, setting: Setting, spec: Spec, choices: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.int64]]:
    """Return the intensity of sectors and everybody's course for each of ``choices`` [choices, events]."""
    numbers = {name: i for i, name in enumerate(setting.sectors)}
    sector = np.array([numbers.get(p.sector, -1) for p in case.places.values()], dtype=np.int64)
    decay, around = (
        setting.parameters[n] if n in setting.parameters else usual(n)
        for n in ("hostilities.decay", "hostilities.around")
    )
    table = intensity_table(case)
    recorded = list(case.events.values())
    level = np.concatenate(  # some at a time: all days of a choice are a hundred kilobytes
        [
            intensity_of_choices(case, recorded, choices[low : low + FEW], spec.start, 1, decay, table, around)[:, 0]
            for low in range(0, max(len(choices), 1), FEW)
        ]
    )
    recent = recent_events(recorded, spec.start)
    seen, version = np.unique(choices[:, recent], axis=0, return_inverse=True)
    courses = np.stack([course(setting, [recorded[i] for i in compress(recent, one)], spec.start) for one in seen])
    return by_sector(level, sector, len(setting.sectors)), courses[version.reshape(-1)]
