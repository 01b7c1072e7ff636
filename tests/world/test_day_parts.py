"""The parts of a day, by hand: alarm, issues that follow people, what is feared, and the day an outcome came about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from world_case import template

from standoff.case.strategy import Outcome
from standoff.runs.ensemble import begin, dials_of, make_plan
from standoff.runs.spec import make_spec
from standoff.world.dials import Dials
from standoff.world.setting import Setting
from standoff.world.state import World
from standoff.world.step import drift_issues, expected_intensity, note_alarm, note_outcomes

N = 3
NO = np.zeros((0, 2), dtype=np.bool_)  # nothing happened: the invented case has an emission a side
NOBODY = np.zeros(0, dtype=np.int64)


def start(**changed: Any) -> tuple[Setting, Dials, World]:
    """The first morning of the invented case, with fields of its setting changed."""
    case = template()
    made = make_plan(
        case, make_spec(case, accounts=("blue-tells",), trajectories=N, batch=N, days=9, parameters="fixed")
    )
    setting = replace(made.setting, **changed)
    world, values = begin(setting, made.openings["blue-tells"], made.spec, 0, made.stretches["baseline"][0])
    return setting, dials_of(setting, values, made.spec), world


def test_an_alarm_and_a_touch_are_taken_down_where_they_happened() -> None:
    setting, _, world = start()
    pace = replace(setting.pace, alarms=np.array([True, False]), touches=np.array([[False, True], [True, False]]))
    setting = replace(setting, pace=pace)
    world.day, world.alarm[:], world.touched[:] = 7, -50, -60
    note_alarm(setting, world, np.array([0, 2]), np.array([[True, False], [False, True]]))
    assert world.alarm.tolist() == [7, -50, -50]
    assert world.touched.tolist() == [[-60, 7], [-60, -60], [7, -60]]


def test_an_issue_follows_people_and_the_loss_of_a_host_grows_with_their_logarithm() -> None:
    setting, dials, world = start()
    dials = replace(
        dials, reference=np.array([[np.inf, 1000.0]]), kappa=np.array([[0.5, 0.0]]), pace=np.ones_like(dials.pace)
    )
    world.displaced[:] = [0, 1000, 3000]
    drift_issues(setting, dials, world)
    assert world.issues[:, 1] == pytest.approx([0.0, 1.0 - np.exp(-1.0), 1.0 - np.exp(-3.0)])
    assert world.loss[:, 0] == pytest.approx([0.0, 0.5, 1.0])  # 0.5 at the reference, and again at the next doubling
    assert world.loss[:, 1].tolist() == [0.0] * N


def test_an_option_moves_an_issue_over_its_period_and_stops_at_the_end_of_the_scale() -> None:
    setting, dials, world = start()
    shell = [o.id for o in setting.options].index("red-shell")
    hold = [o.id for o in setting.options].index("blue-hold")
    town, calm = setting.issues.index("town-control"), setting.issues.index("calm")
    world.pursued[:] = [shell, hold]
    world.issues[:, calm] = [1.0, 0.5, 0.01]
    world.issues[:, town] = 0.0
    dials = replace(dials, pace=np.full_like(dials.pace, 0.5))
    drift_issues(setting, dials, world)
    step = 0.5 * 0.5 / dials.period
    assert world.issues[:, calm] == pytest.approx([1.0 - step, 0.5 - step, max(0.01 - step, 0.0)])
    assert world.issues[:, town] == pytest.approx(0.5 * 0.1 / dials.period)


def test_people_fear_what_may_be_taken_up_and_not_what_goes_on() -> None:
    setting, dials, world = start()
    order = [o.id for o in setting.options]
    pursued = {"red-hold": 0.7, "red-shell": 0.3, "blue-hold": 0.6, "blue-shell": 0.4}
    world.chances[:] = [pursued[name] for name in order]
    world.pursued[:] = [order.index("red-hold"), order.index("blue-hold")]
    world.pursued[1, 0] = order.index("red-shell")  # in one trajectory Red shells already
    emits = [order[o] for o in setting.option]
    lasting = np.array([[{"red-shell": 10.0, "blue-shell": 2.0}[name] for name in emits]])
    front = setting.sectors.index("front")
    expected = np.zeros((N, len(setting.sectors)))
    expected[:, front] = 0.3 * 10.0 + 0.4 * 2.0
    expected[1, front] = 0.4 * 2.0
    assert expected_intensity(setting, replace(dials, lasting=lasting), world) == pytest.approx(expected)
    drawn = replace(dials, lasting=lasting * np.array([[1.0], [1.0], [3.0]]))
    expected[2] *= 3.0
    assert expected_intensity(setting, drawn, world) == pytest.approx(expected)


OUTCOMES = (
    Outcome(id="ten", title="Ten people", people="newly-displaced", threshold=10.0),
    Outcome(id="open", title="Open", border="open"),
)


def test_an_outcome_comes_about_on_its_first_day_counted_from_one() -> None:
    setting, _, world = start(outcomes=OUTCOMES, hits=np.zeros((2, 2), dtype=np.bool_))
    nothing = np.zeros((N, setting.slots), dtype=np.bool_)
    opens = np.zeros(len(setting.options), dtype=np.bool_)
    world.day = 4
    world.displaced[:] = [9, 10, 11]
    note_outcomes(replace(setting, opens=opens), world, NOBODY, NO, nothing)
    assert world.first.tolist() == [[0, 0], [5, 0], [5, 0]]
    world.day = 5
    world.displaced[:] = 12
    opens[world.pursued[2, 1]] = True
    broke = nothing.copy()
    broke[1, 0] = True
    note_outcomes(replace(setting, opens=opens), world, NOBODY, NO, broke)
    assert world.first.tolist() == [[6, 6], [5, 6], [5, 6]]
    world.day = 6
    note_outcomes(replace(setting, opens=opens), world, NOBODY, NO, broke)
    assert world.first.tolist() == [[6, 6], [5, 6], [5, 6]]
    assert world.broke[1, 0] == 6
    assert world.broke.sum() == 6


def test_an_outcome_of_events_comes_about_where_one_that_hits_it_happened() -> None:
    setting, _, world = start()
    hits = np.zeros_like(setting.hits)
    hits[0, 1] = True
    some, events = np.array([0, 2]), np.array([[True, False], [True, True]])
    note_outcomes(replace(setting, hits=hits), world, some, events, np.zeros((N, setting.slots), dtype=np.bool_))
    assert world.first[:, 0].tolist() == [0, 0, 1]
