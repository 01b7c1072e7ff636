"""Patterns against every way in which a report may be settled: certain is what fits in all, possible what in some."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
from drawn_records import SECTORS, WHO, Draw
from ledger_case import case, records
from settlings import ways
from single_events import fits
from thorough import THOROUGH

from standoff.case.model import Event
from standoff.case.terms import Commitment, Pattern
from standoff.case.vocabulary import EVENT_TYPES
from standoff.commitments.patterns.pattern import Matcher, changing_ties, log_of
from standoff.values import When

KINDS = ("assault", "shelling", "airstrike", "withdrawal", "patrol", "statement")
TYPES = tuple(kind for kind in KINDS if kind in EVENT_TYPES)
MADE = case()
SETTLED = {
    mark: replace(MADE, actors={**MADE.actors, "wing": replace(MADE.actors["wing"], listed={"the-list": mark})})
    for mark in ("yes", "no")
}


def events(rng: Random, number: int) -> list[Event]:
    rows = []
    for n in range(number):
        row = {"id": f"e{n}", "date": "2020-01-05", "type": rng.choice(TYPES), "actor": rng.choice(WHO),
               "target": rng.choice(WHO)}  # fmt: skip
        if rng.random() < 0.3:
            row["zone"] = f"not {rng.choice(SECTORS)}"
        else:
            row["sector"] = rng.choice(SECTORS)
        rows.append(row)
    return list(records(Event, rows).values())


def by_ways(pattern: Pattern, settled: list[Event]) -> tuple[bool, bool]:
    each = [fits(one, pattern, way, {}) for one in SETTLED.values() for way in settled]
    return all(each), any(each)


def pattern_of(draw: Draw, n: int) -> Pattern:
    one = draw.pattern(1, TYPES)
    if n % 4 == 1:
        one = {"type": one["type"], "event": ["e1", "e3"]} if "type" in one else one
    elif n % 4 == 2:
        one = {"all": [one, draw.pattern(0, TYPES)]}
    elif n % 4 == 3:
        one = {"listed": "the-list", "type": [TYPES[n % len(TYPES)]]}
    term = {"id": "c", "title": "T", "kind": "achieve", "debtor": "red", "from": "2020-01-01", "then": one}
    found = records(Commitment, [term])["c"].then
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(12 if THOROUGH else 2))
def test_what_is_certain_fits_in_every_way_and_what_fits_in_some_is_possible(seed: int) -> None:
    rng, draw, matcher = Random(seed), Draw(500 + seed, date(2020, 1, 1)), Matcher(MADE)
    log = events(rng, 25)
    settled = [ways(event, TYPES) for event in log]
    seen = np.zeros(3, np.int64)
    for n in range(48):
        pattern = pattern_of(draw, n)
        certain, possible = matcher.match(pattern, log_of(log))
        for k, event in enumerate(log):
            every, some = by_ways(pattern, settled[k])
            assert every or not certain[k], (pattern, event)
            assert possible[k] or not some, (pattern, event)
            if not (pattern.all or pattern.any or pattern.not_):
                assert (certain[k], possible[k]) == (every, some), (pattern, event)
            if possible[k] and not certain[k] and seen[1] < 10:
                assert matcher.doubts(pattern, log_of([event])) <= {"type", "place", "list", "exception"}
            seen += (certain[k], possible[k] and not certain[k], not possible[k])
    assert seen.min() > 10


TIED = """
- {id: red, name: Red, kind: state}
- {id: band, name: The band, kind: armed-group, member_of: {actor: red, from: 2020-01-05, until: 2020-01-10},
   listed: {the-list: [{mark: "yes", from: 2020-01-07}]}}
"""


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (4, 5, ["from 2020-01-05"]),
        (4, 11, ["from 2020-01-05 until 2020-01-10", "from 2020-01-07"]),
        (5, 6, []),  # what holds on the first day does not change after it
        (5, 7, ["from 2020-01-07"]),
        (5, 10, ["from 2020-01-07"]),  # the last day still holds it
        (7, 11, ["until 2020-01-10"]),
        (10, 12, ["until 2020-01-10"]),
        (11, 12, []),
        (1, 4, []),
    ],
)
def test_a_tie_that_changes_inside_a_span_is_told(first: int, last: int, words: list[str]) -> None:
    found = changing_ties(case(actors=TIED), date(2020, 1, first), date(2020, 1, last))
    assert [line for line, days in zip(found, words, strict=True) if not line.endswith(days)] == []


def test_an_alliance_that_changes_is_told_with_the_promise_it_is_of() -> None:
    term = {"id": "c", "title": "T", "kind": "maintain", "debtor": "red", "from": "2020-01-01",
            "forbid": {"type": "shelling"},
            "answers_for": {"red": [{"actor": "band", "from": "2020-01-06", "until": "2020-01-15"}]}}  # fmt: skip
    made = case([term])
    (line,) = changing_ties(made, date(2020, 1, 1), date(2020, 1, 31))
    assert (line.startswith("c: band"), line.endswith("from 2020-01-06 until 2020-01-15")) == (True, True)
    assert changing_ties(made, date(2020, 1, 6), date(2020, 1, 15)) == []


@pytest.mark.parametrize(
    ("when", "certain", "possible"),
    [("2020-01-06", False, False), ("2020-01-07", True, True), ("2020-01-05/2020-01-08", False, True)],
)
def test_a_target_is_on_a_list_from_the_day_on_which_it_is(when: str, certain: bool, possible: bool) -> None:
    made = case("", f"- {{id: e, date: {when}, type: shelling, actor: red, target: band}}", actors=TIED)
    both = Matcher(made).match(Pattern(listed="the-list"), log_of(made.events.values()))
    assert (both[0].tolist(), both[1].tolist()) == ([certain], [possible])


@pytest.mark.parametrize(
    ("actor", "target", "answers", "doubts"),
    [
        (("red",), (), {}, {"target"}),
        (("band",), (), {"red": ("band",)}, {"target"}),  # red answers for it
        (("band",), (), {}, set()),  # nobody answers for it: it does not match
        (("band",), ("blue",), {"red": ("band",)}, set()),
        ((), ("blue",), {}, {"actor"}),
        ((), (), {}, {"actor", "target"}),
    ],
)
def test_what_is_in_doubt_of_who_did_it_to_whom(
    actor: tuple[str, ...], target: tuple[str, ...], answers: dict[str, tuple[str, ...]], doubts: set[str]
) -> None:
    event = Event(id="e", date=When.parse("2020-01-05"), type="shelling", actor=actor, target=target)
    pattern = Pattern(type=("shelling",), actor=("red",), target=("blue",))
    assert Matcher(MADE).doubts(pattern, log_of([event]), answers) == doubts
