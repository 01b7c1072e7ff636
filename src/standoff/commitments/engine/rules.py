"""Day rules: what must have happened, or must hold, for a commitment to be triggered, kept or broken on a day.

A rule is a small tree over *signals* (how many events of a pattern happen on the day, an array [columns]) and over the
states of other commitments, read strictly before the day. Rules are evaluated with a *leaning*. In a harsh column (the
pessimistic completion, worst for the debtor) what harms counts as soon as it is possible and what helps only when it is
certain; in a lenient column it is the other way round; ``not`` turns the leaning over. A simulated column is complete:
there certain and possible are the same. A state is certain when it holds in both completions of an account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[Any]  # [columns], integers; zero is false


@dataclass(frozen=True, slots=True)
class PatternCount:
    """How many events of one pattern happen today: column ``index`` of the day's signals."""

    index: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """Fires when ``at_least`` of ``of`` fall within ``per`` days (0: ever), and then counts afresh."""

    of: Rule
    at_least: int
    per: int
    node: int


@dataclass(frozen=True, slots=True)
class Holds:
    """Whether one of ``slots`` (as the account reads that commitment) is in one of ``codes`` before today.

    ``late``: or was missed, once, and has been made up for since.
    """

    slots: tuple[int, ...]
    codes: tuple[int, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """Fires once, on the day after ``by``, if ``of`` has not happened from day ``since`` to day ``by``."""

    of: Rule
    since: int
    by: int
    node: int


@dataclass(frozen=True, slots=True)
class Entered:
    """Fires on the day ``of`` becomes true (or is true when day ``since`` comes), and anew with every breach it reads.

    Not while it merely stays true. What events of yesterday made true counts from yesterday: memory [columns, 1].
    """

    of: Rule
    since: int
    node: int


@dataclass(frozen=True, slots=True)
class Several:
    """Remembers for each part the day after the one on which it last happened; true on a day on which one does.

    How many of them an instance needs, and since when, is the automaton's.
    """

    parts: tuple[Rule, ...]
    node: int


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the parts is true today."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part is true today."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class SumOf:
    """As often as all parts together, which never count the same event: so that each breach of a day is counted."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is not true today."""

    of: Rule


@dataclass(frozen=True, slots=True)
class OpensToday:
    """Whether an event of today calls in a permission before what it permits to ``slot``.

    So it is where hours tell that it came first; where they do not, in the completion that helps whoever is permitted.
    ``ready``: the permission can be called in, as it stood before today; ``since`` and ``until``: days on which it can.
    """

    of: Rule
    ready: Holds
    since: int
    until: int
    slot: int


Rule = PatternCount | Threshold | Holds | Absent | Entered | Several | AnyOf | AllOf | SumOf | Not | OpensToday
REMEMBERS = (Threshold, Absent, Entered, Several)  # rules that have a memory, by their ``node``


def parts(rule: Rule) -> Iterator[Rule]:
    """Yield the rule and everything below it."""
    yield rule
    if isinstance(rule, AnyOf | AllOf | SumOf | Several):
        for part in rule.parts:
            yield from parts(part)
    elif isinstance(rule, Threshold | Absent | Entered | Not | OpensToday):
        yield from parts(rule.of)


def needs_event(rule: Rule) -> bool:
    """Whether the rule can only be true on a day on which one of its signals counts an event."""
    if isinstance(rule, PatternCount | Threshold):
        return True
    if isinstance(rule, AllOf):
        return any(needs_event(part) for part in rule.parts)
    return isinstance(rule, AnyOf | SumOf | Several) and all(needs_event(part) for part in rule.parts)


def reads_states(rule: Rule) -> bool:
    """Whether a rule is about states of commitments alone, with no memory of its own: it can be read twice a day."""
    return all(isinstance(part, Holds | AnyOf | AllOf | SumOf | Not) for part in parts(rule))


def states_read(rule: Rule, positive: bool = True) -> Iterator[Holds]:
    """Yield what a rule reads of states that must hold; what stands under ``not`` must not."""
    if isinstance(rule, Holds) and positive:
        yield rule
    elif isinstance(rule, AnyOf | AllOf | SumOf):
        for part in rule.parts:
            yield from states_read(part, positive)
    elif isinstance(rule, Not):
        yield from states_read(rule.of, not positive)


def signals_of(rule: Rule) -> tuple[int, ...]:
    """Return the indices of the signals a rule reads."""
    return tuple(sorted({part.index for part in parts(rule) if isinstance(part, PatternCount)}))


@dataclass(slots=True)
class Today:
    """What rules read on one day: signals by leaning, states before the day, and the memory of past days.

    ``harm`` and ``help`` are [columns, signals]; ``unseen`` [signals] says that nobody is known to have watched for the
    signal today; ``holds(rule, harmful)`` gives [columns]; ``memory`` maps a node to its array, first axis columns.
    ``yesterday`` is ``holds`` at the end of yesterday; ``struck(rule, harmful)`` says where what is read was broken (or
    kept) once more: by events of yesterday, and by a deadline that ended with it. Both are None where no rule asks.
    ``permits`` [slots]: 1 where hours tell that what permits came before what is forbidden, -1 that it came after.
    """

    day: int
    harm: Counts
    help: Counts
    unseen: NDArray[np.bool_] | None
    harsh: NDArray[np.bool_] | None
    holds: Callable[[Holds, bool], NDArray[np.bool_]]
    memory: dict[int, NDArray[Any]]
    yesterday: Callable[[Holds, bool], NDArray[np.bool_]] | None = None
    struck: Callable[[Holds, bool], tuple[NDArray[np.bool_], NDArray[np.bool_]]] | None = None
    permits: NDArray[np.int8] | None = None

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return int(self.harm.shape[0])

    def remember(self, node: int, width: int, kind: type) -> NDArray[Any]:
        """Return the memory of a node, made of zeros the first time: [columns, width]."""
        if node not in self.memory:
            self.memory[node] = np.zeros((self.columns, width), kind)
        return self.memory[node]


def count_true(rule: Rule, today: Today, harmful: bool) -> Counts:
    """Return how often the rule is true today, per column; call once a day, since some rules remember."""
    if isinstance(rule, PatternCount):
        return np.asarray((today.harm if harmful else today.help)[:, rule.index])
    if isinstance(rule, Holds):
        return today.holds(rule, harmful).astype(np.int32)
    if isinstance(rule, Not):
        return np.asarray(count_true(rule.of, today, not harmful) == 0, np.int32)
    if isinstance(rule, AnyOf):
        return np.asarray(np.maximum.reduce([count_true(part, today, harmful) for part in rule.parts]))
    if isinstance(rule, SumOf):
        return np.asarray(np.add.reduce([count_true(part, today, harmful) for part in rule.parts]))
    if isinstance(rule, AllOf):
        each = np.stack([np.asarray(count_true(part, today, harmful)) for part in rule.parts])
        return np.where((each > 0).all(0), each.max(0), 0)
    if isinstance(rule, Threshold):
        return _threshold(rule, today, harmful)
    if isinstance(rule, Entered):
        return _entered(rule, today, harmful)
    if isinstance(rule, Several):
        return _several(rule, today, harmful)
    if isinstance(rule, OpensToday):
        return _opens_today(rule, today, harmful)
    return _absent(rule, today, harmful)


def _entered(rule: Entered, today: Today, harmful: bool) -> Counts:
    memory = today.remember(rule.node, 2, np.bool_)  # whether it was true; whether today's call is of yesterday
    before = memory[:, 0].copy()
    now = (count_true(rule.of, today, harmful) > 0) & (today.day >= rule.since)
    fired = now & ~before
    memory[:, 0], memory[:, 1] = now, False
    if today.struck is None or today.yesterday is None or today.day < rule.since or not reads_states(rule.of):
        return np.asarray(fired, np.int32)
    struck, before_today = today.struck, today.yesterday
    pairs = [struck(part, harmful) for part in states_read(rule.of)]
    by_events = np.logical_or.reduce([p[0] for p in pairs]) if pairs else np.zeros_like(now)
    anew = by_events | np.logical_or.reduce([p[1] for p in pairs]) if pairs else by_events
    if anew.any():

        def loud(part: Holds, leaning: bool) -> NDArray[np.bool_]:
            new = struck(part, leaning)
            return np.asarray(today.holds(part, leaning) | new[0] | new[1])

        anew &= count_true(rule.of, replace(today, holds=loud), harmful) > 0
        fired |= anew
    if today.day > rule.since and fired.any():
        was = count_true(rule.of, replace(today, holds=before_today), harmful) > 0
        memory[:, 1] = fired & ((was & ~before) | (anew & by_events))
    return np.asarray(fired, np.int32)


def _opens_today(rule: OpensToday, today: Today, harmful: bool) -> Counts:
    first = 0 if today.permits is None else int(today.permits[rule.slot])
    if first < 0 or not rule.since <= today.day <= rule.until or (first == 0 and today.harsh is None):
        return np.zeros(today.columns, np.int32)
    called = (count_true(rule.of, today, harmful) > 0) & today.holds(rule.ready, harmful)
    if first == 0 and today.harsh is not None:
        called &= ~today.harsh
    return np.asarray(called, np.int32)


def _several(rule: Several, today: Today, harmful: bool) -> Counts:
    last = today.remember(rule.node, len(rule.parts), np.int16)
    fired = np.zeros(today.columns, np.bool_)
    for number, part in enumerate(rule.parts):
        now = count_true(part, today, harmful) > 0
        last[now, number] = today.day + 1
        fired |= now
    return np.asarray(fired, np.int32)


def _threshold(rule: Threshold, today: Today, harmful: bool) -> Counts:
    count = count_true(rule.of, today, harmful)
    width = max(rule.per, 1)
    ring = today.remember(rule.node, width + 1, np.int32)  # counts by day, and the last day that was looked at
    if rule.per:
        skipped = min(today.day - int(ring[0, width]), rule.per)
        ring[:, [(today.day - back) % rule.per for back in range(skipped)]] = 0
        ring[:, today.day % rule.per] = count
        ring[:, width] = today.day
    else:
        ring[:, 0] += count
    fired = (ring[:, :width].sum(1) >= rule.at_least) & (count > 0)
    ring[fired, :width] = 0
    return np.asarray(fired, np.int32)


def _absent(rule: Absent, today: Today, harmful: bool) -> Counts:
    happened = today.remember(rule.node, 1, np.bool_)
    if rule.since <= today.day <= rule.by:
        now = count_true(rule.of, today, not harmful) > 0
        if today.unseen is not None and today.harsh is not None and today.unseen[list(signals_of(rule.of))].any():
            # nobody watched: it may have happened, for the completion in which its having happened is taken as possible
            now = now | (today.harsh != harmful)
        happened[:, 0] |= now
    return np.asarray((today.day == rule.by + 1) & ~happened[:, 0], np.int32)
