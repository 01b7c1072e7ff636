"""Which events each signal of a plan counts, in a recorded log and among the events the world can produce."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.parties import bare, is_unknown, two_sided
from standoff.case.terms import Pattern
from standoff.commitments.arrays import Mask, Plan
from standoff.commitments.geography import is_spot
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
        alike = (source.pattern, source.excluded, source.sure, tuple(source.answers.items()), source.key_kind)
        groups.setdefault(alike, []).append(index)
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
            rows, which, known = _keyed(plan, matcher, log, found, keyed)
            events.append(rows)
            signals.append(which)
            sure.append(certain[rows] & known)
    if not events:
        none = np.zeros(0, np.int32)
        return none, none, np.zeros(0, np.bool_)
    return np.concatenate(events), np.concatenate(signals), np.concatenate(sure)


def _keyed(
    plan: Plan, matcher: Matcher, log: Log, found: NDArray[np.int32], indices: list[int]
) -> tuple[NDArray[np.int32], NDArray[np.int32], Mask]:
    """Return (event, signal, known) for events at, or by, the key of a signal; ``known`` is false where it may be."""
    by_key: dict[str, list[int]] = {}
    for index in indices:
        by_key.setdefault(plan.matchers[index].key, []).append(index)
    by_actor = plan.matchers[indices[0]].key_kind == "actor"
    codes = log.where[found].astype(np.int64)
    if by_actor:
        codes = log.actor[found].astype(np.int64) * max(len(log.targets), 1) + log.target[found]
    used, place = np.unique(codes, return_inverse=True)
    lists: list[list[tuple[int, bool]]] = []
    for code in used.tolist():
        if by_actor:
            doer, target = divmod(code, max(len(log.targets), 1))
            keys = _doers(log.actors[doer], log.targets[target], by_key, log.simulated)
        else:
            keys = _places(matcher, log.wheres[code], by_key, log.simulated)
        lists.append([(index, sure) for key, sure in keys.items() for index in by_key[key]])
    lengths = np.array([len(hit) for hit in lists], np.intp)
    flat = np.array([index for hit in lists for index, _ in hit], np.int32)
    known = np.array([sure for hit in lists for _, sure in hit], np.bool_)
    starts = np.cumsum(lengths) - lengths
    many = lengths[place]
    rows = np.repeat(found, many)
    offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    at = np.repeat(starts[place], many) + offset
    return rows, flat[at], known[at]


def _doers(doers: Names, targets: Names, keys: Iterable[str], simulated: bool) -> dict[str, bool]:
    """Return which keys may have done it, and which have; in a two-sided event either side may, and nobody surely."""
    if two_sided(doers, targets):
        return dict.fromkeys((k for k in keys if _may_be(k, (*doers, *targets))), False)
    if simulated:
        return dict.fromkeys((k for k in keys if k in doers), True)
    return {k: k in doers for k in keys if not doers or _may_be(k, doers)}


def _may_be(key: str, names: Names) -> bool:
    return any(is_unknown(name) or bare(name) == key for name in names)


def _places(
    matcher: Matcher, where: tuple[Names, Names, Names], keys: Iterable[str], simulated: bool
) -> dict[str, bool]:
    """Return at which keys it may have been, and at which it was: in a sector, it may be at each of its places."""
    places, sectors, _ = where
    geography = matcher.geography
    if places:
        spots = [p for p in places if is_spot(p)]
        return {k: k in places for k in keys if k in places or any(geography.reaches(s, k) for s in spots)}
    inside = {s for s in sectors if s}
    return dict.fromkeys((k for k in keys if geography.sector_of(k) in inside), simulated)


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
