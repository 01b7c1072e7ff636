"""Which events each signal of a plan counts, in a recorded log and among the events the world can produce."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.terms import Pattern
from standoff.commitments.arrays import Mask, Plan
from standoff.commitments.pattern import Emitted, Log, Matcher, Names, log_of_emissions


@dataclass(frozen=True, slots=True)
class Source:
    """The events one signal counts: those of ``pattern`` but not of ``excluded``, at ``key`` when the slot has one.

    Only events that match every pattern of ``sure`` beyond doubt are counted.
    """

    pattern: Pattern
    excluded: tuple[Pattern, ...]
    answers: Mapping[str, Names]
    key_kind: str = ""
    key: str = ""
    sure: tuple[Pattern, ...] = ()

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Every pattern that is looked at."""
        return (self.pattern, *self.excluded, *self.sure)


def matched_pairs(plan: Plan, matcher: Matcher, log: Log) -> tuple[NDArray[np.int32], NDArray[np.int32], Mask]:
    """Return (event, signal, certain) for every pair in which an event of the log possibly counts for a signal.

    Keyed signals share one look at their pattern, and are then told apart by where (or by whom) the event is.
    """
    groups: dict[Any, list[int]] = {}
    for index, source in enumerate(plan.matchers):
        groups.setdefault((source.pattern, source.excluded, source.sure, tuple(source.answers.items())), []).append(
            index
        )
    events, signals, sure = [], [], []
    for indices in groups.values():
        certain, possible = _source_matches(matcher, plan.matchers[indices[0]], log)
        found = np.flatnonzero(possible).astype(np.int32)
        plain = [i for i in indices if not plan.matchers[i].key]
        for index in plain:
            events.append(found)
            signals.append(np.full(len(found), index, np.int32))
            sure.append(certain[found])
        if keyed := [i for i in indices if plan.matchers[i].key]:
            rows, which = _keyed(plan, matcher, log, found, keyed)
            events.append(rows)
            signals.append(which)
            sure.append(certain[rows])
    if not events:
        none = np.zeros(0, np.int32)
        return none, none, np.zeros(0, np.bool_)
    return np.concatenate(events), np.concatenate(signals), np.concatenate(sure)


def _keyed(
    plan: Plan, matcher: Matcher, log: Log, found: NDArray[np.int32], indices: list[int]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    sources = {i: plan.matchers[i] for i in indices}
    by_actor = plan.matchers[indices[0]].key_kind == "actor"
    codes = (log.actor if by_actor else log.where)[found]
    used, place = np.unique(codes, return_inverse=True)
    by_key: dict[str, list[int]] = {}
    in_sector: dict[str, list[int]] = {}
    for index, source in sources.items():
        by_key.setdefault(source.key, []).append(index)
        in_sector.setdefault(matcher.geography.sector_of(source.key), []).append(index)
    lists: list[list[int]] = []
    for code in used:
        names = log.actors[code] if by_actor else log.wheres[code][0]
        hit = [i for name in names for i in by_key.get(name, ())]
        if not by_actor and not names:
            hit = [i for sector in log.wheres[code][1] if sector for i in in_sector.get(sector, ())]
        lists.append(hit)
    lengths = np.array([len(hit) for hit in lists], np.intp)
    flat = np.array([i for hit in lists for i in hit], np.int32)
    starts = np.cumsum(lengths) - lengths
    many = lengths[place]
    rows = np.repeat(found, many)
    offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    return rows, flat[np.repeat(starts[place], many) + offset]


def _source_matches(matcher: Matcher, source: Source, log: Log) -> tuple[Mask, Mask]:
    certain, possible = matcher.match(source.pattern, log, source.answers)
    for pattern in source.excluded:
        left_certain, left_possible = matcher.match(pattern, log, source.answers)
        certain, possible = certain & ~left_possible, possible & ~left_certain
    for pattern in source.sure:
        known, _ = matcher.match(pattern, log, source.answers)
        certain, possible = certain & known, possible & known
    return certain, possible


def emissions(plan: Plan, matcher: Matcher, emitted: Iterable[Emitted]) -> Mask:
    """Return bool [emissions, signals]: which signals an event that the world can produce would count for."""
    log = log_of_emissions(emitted)
    out = np.zeros((log.size, len(plan.signals)), np.bool_)
    event, signal, _ = matched_pairs(plan, matcher, log)
    out[event, signal] = True
    return out
