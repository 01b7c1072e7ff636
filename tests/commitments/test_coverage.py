"""Who watched for what, of whom and where: silence is a no only where all of it was watched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from ledger_case import case

from standoff.case.geography import Zone
from standoff.case.model import Coverage
from standoff.commitments.ledger import rows
from standoff.commitments.monitor import evaluate
from standoff.values import When


def box(name: str, west: float, south: float, east: float, north: float) -> Zone:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return Zone(id=name, title=name, geometry={"type": "Polygon", "coordinates": [ring]})


# post 1 and southtown lie in the south, post 2 and northtown in the north, all four in the province
ZONES = (
    box("province", 36.0, 35.0, 37.0, 36.2),
    box("lower", 36.2, 35.1, 36.9, 35.6),
    box("upper", 36.2, 35.7, 36.9, 36.1),
)


def watch(within: str = "", *, types: tuple[str, ...] = (), actor: tuple[str, ...] = ()) -> Coverage:
    ends = When.parse("2019-12-01"), When.parse("2020-03-01")
    return Coverage(source="monitor", types=types, actor=actor, from_=ends[0], to=ends[1], within=within)


def verdict(forbid: str, *watched: Coverage) -> str:
    terms = (
        f"- {{id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-03, until: 2020-01-12, forbid: {forbid}}}"
    )
    made = case(terms, zones=ZONES, coverage=watched)
    return rows(evaluate(made, ["red-tells"], on=date(2020, 1, 20)))[0].verdict


BOTH = "{any: [{type: shelling, within: lower}, {type: shelling, within: upper}]}"
POSTS = "{type: shelling, at: [post-1, post-2]}"
WHO = "{any: [{type: shelling, actor: red}, {type: shelling, actor: green}]}"


@pytest.mark.parametrize(
    ("forbid", "watched", "expected"),
    [
        ("{type: shelling, within: lower}", (watch("lower"),), "satisfied"),
        ("{type: shelling, within: lower}", (watch("province"),), "satisfied"),  # it holds the lower zone
        ("{type: shelling, within: lower}", (watch("upper"),), "unknown"),
        ("{type: shelling, within: province}", (watch("lower"),), "unknown"),  # a part is not the whole
        ("{type: shelling}", (watch("province"),), "unknown"),
        (POSTS, (watch("province"),), "satisfied"),
        (POSTS, (watch("lower"),), "unknown"),  # one of the posts
        (BOTH, (watch("lower"),), "unknown"),  # one of the zones
        (BOTH, (watch("lower"), watch("upper")), "satisfied"),
        (BOTH, (watch("province"),), "satisfied"),
        ("{any: [{type: shelling, within: lower}, {type: airstrike}]}", (watch("lower"),), "unknown"),
        (WHO, (watch(actor=("red",)),), "unknown"),
        (WHO, (watch(actor=("red", "green")),), "satisfied"),
        ("{any: [{type: shelling, actor: red}, {type: airstrike}]}", (watch(actor=("red",)),), "unknown"),
        ("{any: [{type: shelling}, {type: airstrike}]}", (watch(types=("shelling",)),), "unknown"),
        ("{any: [{type: shelling}, {type: airstrike}]}", (watch(types=("assault",)),), "satisfied"),
        ("{any: [{type: shelling}, {actor: red}]}", (watch(types=("shelling",)),), "unknown"),  # any act of red
        ("{any: [{type: shelling}, {actor: red}]}", (watch(),), "satisfied"),
        ("{all: [{type: shelling}, {within: lower}]}", (watch("lower", types=("shelling",)),), "satisfied"),
    ],
)
def test_silence_is_a_no_only_where_all_that_is_asked_for_was_watched(
    forbid: str, watched: tuple[Coverage, ...], expected: str
) -> None:
    assert verdict(forbid, *watched) == expected


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (("2020-01-05", "2020-01-06"), "satisfied"),  # the second watch begins on the day after the first
        (("2020-01-05", "2020-01-07"), "unknown"),
        (("2020-01-05", "2020-01-10"), "unknown"),
        (("2020-01-02", "2020-01-03"), "satisfied"),
        (("2020-01-02", "2020-01-04"), "unknown"),
        (("2020-01-12", "2020-01-20"), "satisfied"),
        (("2020-01-11", "2020-01-20"), "unknown"),
    ],
)
def test_a_day_without_a_watch_is_a_day_of_silence_wherever_it_lies(gap: tuple[str, str], expected: str) -> None:
    first = replace(watch(), to=When.parse(gap[0]))
    second = replace(watch(), from_=When.parse(gap[1]))
    assert verdict("{type: shelling}", first, second) == expected
