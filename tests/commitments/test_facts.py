"""Daily facts: the database and the plain loop count alike, and where an event may have been."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from ledger_case import case
from test_completions import LAST, build, imprecise, pinned
from test_oracle import Record

from standoff.case.geography import Zone
from standoff.case.terms import Pattern
from standoff.commitments.monitor import evaluate
from standoff.commitments.patterns import facts
from standoff.commitments.patterns.pattern import Emitted, Matcher, log_of, log_of_emissions


def table(found: facts.Facts) -> dict[tuple[int, int], tuple[list[float], list[float]]]:
    """Counts by day and signal, certain and possible, without the rows that count nothing."""
    out: dict[tuple[int, int], np.ndarray] = {}
    for day, signal, low, high in zip(found.day, found.signal, found.low, found.high, strict=True):
        key = (int(day), int(signal))
        out[key] = out.get(key, 0) + np.stack([low, high])
    return {k: (v[0].tolist(), v[1].tolist()) for k, v in out.items() if v.any()}


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate))
@given(imprecise())
def test_a_large_log_is_counted_by_the_database_as_a_small_one_by_the_loop(
    given_: tuple[list[Record], list[Record], int],
) -> None:
    terms, log, disputed = given_
    run = evaluate(pinned(build(terms, log, disputed)), on=LAST)
    few = facts.MANY
    try:
        facts.MANY = 0
        large = facts.gather(run.schedule, run.matcher, run.report_arrays)
    finally:
        facts.MANY = few
    opens = {s: int(run.schedule.opens[slot]) for s, (slot, _) in enumerate(run.schedule.signals)}
    either = ("suspend", "resume")  # what is said of these counts before the commitment opens
    kept = {k: v for k, v in table(large).items() if k[0] >= opens[k[1]] or run.schedule.signals[k[1]][1] in either}
    assert kept == table(run.facts)


def box(west: float) -> dict[str, Any]:
    """A square of 0.3 degrees, from 35.4 degrees north."""
    corners = [(0.0, 0.0), (0.3, 0.0), (0.3, 0.3), (0.0, 0.3), (0.0, 0.0)]
    return {"type": "Polygon", "coordinates": [[[west + x, 35.4 + y] for x, y in corners]]}


@pytest.mark.parametrize(
    ("where", "certain", "possible"),
    [
        ("place: post-1", True, True),
        ("place: post-2", False, False),
        ("sector: south", False, True),  # somewhere in the sector of post 1
        ("sector: north", False, False),
        ("zone: belt", False, True),  # post 1 lies in it
        ("zone: west", False, False),
        ("title: nowhere", False, True),  # nobody says where
    ],
)
def test_a_report_without_a_place_may_have_been_at_a_place_of_its_sector_or_zone(
    where: str, certain: bool, possible: bool
) -> None:
    zones = [Zone(id="belt", title="B", geometry=box(36.4)), Zone(id="west", title="W", geometry=box(36.0))]
    made = case("", f"- {{id: e, date: 2020-01-05, type: shelling, {where}}}", zones=zones)
    found = Matcher(made).match(Pattern(at=("post-1",)), log_of(made.events.values()))
    assert (found[0].tolist(), found[1].tolist()) == ([certain], [possible])


def test_a_simulated_event_in_a_sector_is_at_every_place_of_it() -> None:
    made = case()
    log = log_of_emissions([Emitted("shelling", ("red",), sector=("south",)), Emitted("shelling", ("red",))])
    found = Matcher(made).match(Pattern(at=("post-1",)), log)
    assert found[0].tolist()[0] is True
    assert found[1].tolist()[0] is True


def test_the_limits_of_a_log_that_is_joined_to_another_are_those_of_each_event() -> None:
    from standoff.commitments.patterns.pattern import join_logs

    made = case("", """
- {id: a, date: 2020-01-05, type: weapons-withdrawn, low: 3, high: 7}
- {id: b, date: 2020-01-06, type: shelling, actor: red}
- {id: c, date: 2020-01-07, type: weapons-withdrawn, actor: red, high: 4}""")  # fmt: skip
    events = list(made.events.values())
    apart, whole = join_logs(log_of(events[:1]), log_of(events[1:])), log_of(events)
    assert apart.low is not None
    assert apart.high is not None
    assert (apart.low.tolist(), apart.high.tolist()) == ([3, 1, 4], [7, 1, 4])
    for name in ("type", "actor", "id", "first", "last", "low", "high"):
        assert (getattr(apart, name) == getattr(whole, name)).all(), name
    assert replace(apart, low=None, high=None).types == whole.types
