"""Daily facts: all at once they are those of each report alone, and where an event may have been."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from ledger_case import case
from test_completions import LAST, build, imprecise, pinned
from test_oracle import Record
from thorough import examples

from standoff.case.geography import Zone
from standoff.case.model import Event
from standoff.case.terms import Pattern
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.patterns.compiler import matched_pairs
from standoff.commitments.patterns.facts import Matches
from standoff.commitments.patterns.pattern import Emitted, Matcher, log_of, log_of_emissions
from standoff.values import When


def counted_one_by_one(run: Evaluation) -> dict[tuple[int, int, int], tuple[float, float]]:
    """Certain and possible events by day, signal and account: report by report, pattern by pattern, day by day."""
    out: dict[tuple[int, int, int], np.ndarray] = {}
    schedule = run.schedule
    for account, name in enumerate(run.accounts):
        for report in run.reports[name]:
            alone = log_of([report.event])
            first, last = (int(edge[0]) - schedule.first.toordinal() for edge in (alone.first, alone.last))
            _, signals, sure = matched_pairs(schedule, run.matcher, alone)
            for signal, certain in zip(signals.tolist(), sure.tolist(), strict=True):
                slot, role = schedule.signals[signal]
                opens = 0 if role in ("suspend", "resume") else int(schedule.opens[slot])
                closes = int(schedule.closes[slot])
                if last < opens or not report.asserted:
                    continue
                whole = first == last or (first >= opens and last <= closes)
                if certain and whole and not report.denied:
                    out.setdefault((last, signal, account), np.zeros(2))[0] += 1
                once = role in ("when", "bad", "while", "resume", "cancel", "reopen")
                for day in range(max(first, opens), max(first, opens, min(last, closes)) + 1):
                    out.setdefault((day, signal, account), np.zeros(2))[1] += 1
                    if once:
                        break
    return {key: (both[0], both[1]) for key, both in out.items()}


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.reuse, Phase.generate),
)
@given(imprecise())
def test_daily_facts_are_those_of_each_report_alone(given_: tuple[list[Record], list[Record], int]) -> None:
    terms, log, disputed = given_
    run = evaluate(pinned(build(terms, log, disputed)), on=LAST)
    facts = run.facts
    out: dict[tuple[int, int, int], np.ndarray] = {}
    for day, signal, low, high in zip(facts.day.tolist(), facts.signal.tolist(), facts.low, facts.high, strict=True):
        for account in range(len(run.accounts)):
            out[day, signal, account] = out.get((day, signal, account), 0) + np.array([low[account], high[account]])
    assert {key: (both[0], both[1]) for key, both in out.items() if both.any()} == counted_one_by_one(run)


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


def test_the_limits_of_an_amount_are_those_written_and_one_where_none_is() -> None:
    made = case("", """
- {id: a, date: 2020-01-05, type: weapons-withdrawn, low: 3, high: 7}
- {id: b, date: 2020-01-06, type: shelling, actor: red}
- {id: c, date: 2020-01-07, type: weapons-withdrawn, actor: red, high: 4}
- {id: d, date: 2020-01-08, type: weapons-withdrawn, actor: red, low: 2}""")  # fmt: skip
    log = log_of(made.events.values())
    assert log.low is not None
    assert log.high is not None
    assert (log.low.tolist(), log.high.tolist()) == ([3, 1, 4, 2], [7, 1, 4, 2])


OWED = """
- {id: guns, title: T, kind: quantity, debtor: red, from: 2020-01-04, until: 2020-01-20,
   amount: {value: 10, unit: guns}, then: {type: weapons-withdrawn}}
- {id: share, title: T, kind: quantity, debtor: red, from: 2020-01-04, until: 2020-01-20,
   amount: {value: 1, unit: share}, then: {type: weapons-withdrawn}}"""


@pytest.mark.parametrize(
    ("rows", "least", "most"),
    [
        (["date: 2020-01-05, low: 3, high: 7"], {5: 3}, {5: 7}),
        (["date: 2020-01-05, low: 3, high: 7", "date: 2020-01-05, low: 2, high: 2"], {5: 5}, {5: 9}),
        (["date: 2020-01-05/2020-01-07, low: 3, high: 7"], {7: 3}, {5: 7}),
        (["date: 2020-01-02/2020-01-06, low: 3, high: 7"], {6: 0}, {4: 7}),  # perhaps before the first day
        (["date: 2020-01-02, low: 3, high: 7"], {}, {}),
        (["date: 2020-01-05, low: 3, high: 7, counted: mortars"], {5: 1}, {5: 1}),
        (["date: 2020-01-05, low: 3, high: 7, counted: guns"], {5: 3}, {5: 7}),
        (["date: 2020-01-05, low: 3, high: 7, variant_of: v", "date: 2020-01-06, low: 2, high: 9, variant_of: v"],
         {6: 2}, {5: 9}),  # of these one is true
        (["date: 2020-01-02, low: 3, high: 7, variant_of: v", "date: 2020-01-06, low: 2, high: 9, variant_of: v"],
         {6: 0}, {6: 9}),
        (["date: 2020-01-05, low: 3, high: 7, variant_of: v", "date: 2020-01-06, low: 2, high: 9, variant_of: v",
          "date: 2020-01-06, low: 1, high: 1"], {6: 3}, {5: 9, 6: 1}),
    ],
)  # fmt: skip
def test_how_much_an_event_adds_at_least_and_at_most(
    rows: list[str], least: dict[int, float], most: dict[int, float]
) -> None:
    text = "\n".join(f"- {{id: e{n}, type: weapons-withdrawn, actor: red, {row}}}" for n, row in enumerate(rows))
    early = "\n- {id: e99, date: 2020-01-01, type: protest, actor: green}"
    run = evaluate(case(OWED, text + early), on=LAST)
    (guns,) = (n for n, (slot, _) in enumerate(run.schedule.signals) if run.schedule.slots[slot].commitment == "guns")
    zero = run.schedule.first.day - 1
    found: tuple[dict[int, float], dict[int, float]] = ({}, {})
    for day, signals in run.facts.amounts.items():
        if guns in signals:
            for side in (0, 1):
                assert len(set(signals[guns][side].tolist())) == 1  # every account has the same
                found[side][day + 1 + zero] = float(signals[guns][side][0])
    assert {k: v for k, v in found[0].items() if v} == {k: v for k, v in least.items() if v}
    assert {k: v for k, v in found[1].items() if v} == most


def zone(name: str, first: str, last: str, north: float) -> Zone:
    ring = [[36.2, 35.1], [36.9, 35.1], [36.9, north], [36.2, north], [36.2, 35.1]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return Zone(id=name, title=name, geometry=shape, from_=When.parse(first), until=When.parse(last))


TOGETHER = """
- {id: quiet, title: Q, kind: maintain, debtor: red, from: 2020-01-01, forbid: {type: shelling, within: z}}
- {id: named, title: N, kind: maintain, debtor: red, from: 2020-01-01, forbid: {event: [e3, e7]}}
- {id: keyed, title: K, kind: maintain, debtor: red, key: place, from: 2020-01-01, forbid: {type: assault}}
- {id: beyond, title: B, kind: maintain, debtor: red, from: 2020-01-01, forbid: {type: assault, beyond: z}}
"""


@pytest.mark.parametrize("seed", range(3))
def test_an_event_counts_in_company_as_it_counts_alone(seed: int) -> None:
    rng = random.Random(seed)
    whens = ("2020-01-02", "2020-01-07", "2020-01-20", "2020-01-02/2020-01-07", "2020-01-07/2020-01-20",
             "2020-01-02/2020-01-20")  # fmt: skip
    log = [
        {"id": f"e{n}", "date": rng.choice(whens), "type": rng.choice(("shelling", "airstrike")),
         "actor": rng.choice(("red", "blue", "red-militia")), "target": rng.choice(("blue", "green")),
         rng.choice(("place", "place", "sector")): rng.choice(("northtown", "southtown", "post-1"))}
        for n in range(40)
    ]  # fmt: skip
    for row in log:
        if "sector" in row:
            row["sector"] = rng.choice(("north", "south"))
    zones = (zone("z", "2020-01-05", "2020-01-10", 35.6), zone("other", "2020-01-08", "2020-01-15", 36.1))
    made = case(TOGETHER, log, zones=zones)
    events = list(made.events.values())
    run = evaluate(made, ["red-tells"], on=date(2020, 2, 1))

    def pairs(some: list[Event]) -> set[tuple[str, int, bool]]:
        log, every = log_of(some), np.ones(len(run.schedule.signals), np.bool_)
        by_kind = Matches(run.schedule, Matcher(made), log).of_signals(every)
        both = []
        for rows, signals, sure in (matched_pairs(run.schedule, Matcher(made), log), by_kind):
            found = zip(rows.tolist(), signals.tolist(), sure.tolist(), strict=True)
            both.append({(some[row].id, signal, certain) for row, signal, certain in found})
        assert both[0] == both[1]
        return both[0]

    alone = [pairs([event]) for event in events]
    assert pairs(events) == set().union(*alone)
    assert len({certain for one in alone for _, _, certain in one}) == 2
