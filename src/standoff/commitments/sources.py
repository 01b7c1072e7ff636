"""Which events each signal of a plan counts, in a recorded log and among the events the world can produce."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from standoff.case.terms import Pattern
from standoff.commitments.arrays import Mask, Plan
from standoff.commitments.pattern import Emitted, Log, Matcher, Names, log_of_emissions


@dataclass(frozen=True, slots=True)
class Source:
    """The events one signal counts: those of ``pattern`` but not of ``excluded``, at ``key`` when the slot has one."""

    pattern: Pattern
    excluded: tuple[Pattern, ...]
    answers: Mapping[str, Names]
    key_kind: str = ""
    key: str = ""


def matches(plan: Plan, matcher: Matcher, log: Log) -> Iterable[tuple[int, Mask, Mask]]:
    """Yield (signal, certain, possible) for every signal; the masks are [events of the log]."""
    cache: dict[Any, tuple[Mask, Mask]] = {}
    for index, source in enumerate(plan.matchers):
        kept = (source.pattern, source.excluded, tuple(source.answers.items()))
        if kept not in cache:
            cache[kept] = _source_matches(matcher, source, log)
        certain, possible = cache[kept]
        if source.key:
            at = _at_key(matcher, source, log)
            certain, possible = certain & at, possible & at
        yield index, certain, possible


def _source_matches(matcher: Matcher, source: Source, log: Log) -> tuple[Mask, Mask]:
    certain, possible = matcher.match(source.pattern, log, source.answers)
    for pattern in source.excluded:
        left_certain, left_possible = matcher.match(pattern, log, source.answers)
        certain, possible = certain & ~left_possible, possible & ~left_certain
    return certain, possible


def _at_key(matcher: Matcher, source: Source, log: Log) -> Mask:
    if source.key_kind == "actor":
        table = np.array([source.key in names for names in log.actors], np.bool_)
        return np.asarray(table[log.actor])
    sector = matcher.geography.sector_of(source.key)
    table = np.array(
        [source.key in places or (not places and bool(sector) and sector in sectors) for places, sectors in log.wheres],
        np.bool_,
    )
    return np.asarray(table[log.where])


def emissions(plan: Plan, matcher: Matcher, emitted: Iterable[Emitted]) -> Mask:
    """Return bool [emissions, signals]: which signals an event that the world can produce would count for."""
    log = log_of_emissions(emitted)
    out = np.zeros((log.size, len(plan.signals)), np.bool_)
    for index, _, possible in matches(plan, matcher, log):
        out[:, index] = possible
    return out
