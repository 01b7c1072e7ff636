"""Options that go on once begun: how long, what halts them, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from world_case import operation, template

from standoff.case.model import Case, Parameter
from standoff.errors import StandoffError
from standoff.runs.ensemble import Plan, begin, dials_of, make_plan
from standoff.runs.spec import make_spec
from standoff.values import Duration
from standoff.world.choice import ending
from standoff.world.parameters import durations, parameter_names
from standoff.world.random_streams import stream
from standoff.world.step import daily_constants, play_day

RED, BLUE = 0, 1


def _plan(case: Case, n: int) -> Plan:
    return make_plan(case, make_spec(case, accounts=("blue-tells",), trajectories=n, batch=n, days=60, seed=5))


def _option(ready: Plan, name: str) -> int:
    return [o.id for o in ready.setting.options].index(name)


def _pursued(ready: Plan, days: int, red: str = "", blue: str = "") -> np.ndarray:
    """Return what Red pursues at the end of each day [n, days], from given courses; Blue keeps to the one given."""
    world, values = begin(ready.setting, ready.openings["blue-tells"], ready.spec, 0, ready.stretches["baseline"][0])
    dials, daily = dials_of(ready.setting, values, ready.spec), daily_constants(ready.setting)
    if red:
        world.pursued[:, RED] = _option(ready, red)
    seen = []
    for _ in range(days):
        if blue:
            world.pursued[:, BLUE] = _option(ready, blue)
        play_day(ready.setting, dials, daily, world, partial(stream, 5, 0))
        seen.append(world.pursued[:, RED].copy())
    return np.stack(seen, axis=1)


def test_its_length_is_geometric_with_the_mean_given() -> None:
    n = 4000
    made = _plan(operation("10d"), n)
    seen = _pursued(made, 30, red="red-shell", blue="blue-hold")
    over = (seen != _option(made, "red-shell")).cumsum(axis=1) > 0
    for t in (1, 5, 15, 30):
        expected = 1.0 - 0.9**t
        assert abs(over[:, t - 1].mean() - expected) < 4.0 * np.sqrt(expected * (1.0 - expected) / n)


def test_it_goes_on_without_what_it_needed_to_begin() -> None:
    case = operation("9999d")
    made = _plan(case, 50)
    assert (_pursued(made, 10, red="red-shell", blue="blue-shell") == _option(made, "red-shell")).mean() > 0.98
    plain = replace(case, options={**case.options, "red-shell": replace(case.options["red-shell"], duration=None)})
    made = _plan(plain, 50)
    assert (_pursued(made, 10, red="red-shell", blue="blue-shell") == _option(made, "red-hold")).all()


def test_what_bars_it_halts_it_at_once() -> None:
    made = _plan(operation("9999d"), 50)
    assert (_pursued(made, 1, red="red-shell", blue="blue-talk") == _option(made, "red-hold")).all()


def test_what_comes_to_bar_it_halts_it_with_the_chance_given_and_is_asked_once() -> None:
    n = 4000
    halting = Parameter(id="halting", title="", value=0.3, range=(0.3, 0.3), unit="", assumed="made up")
    made = _plan(replace(operation("9999d"), parameters={"halting": halting}), n)
    seen = _pursued(made, 15, red="red-shell", blue="blue-talk") == _option(made, "red-shell")
    assert abs(seen[:, 0].mean() - 0.7) < 4.0 * np.sqrt(0.21 / n)
    assert seen[:, -1][seen[:, 0]].mean() > 0.99  # the same talks do not ask again
    assert not seen[:, 1:][~seen[:, 0]].any()  # and it is not begun anew while they go on


def test_an_operation_that_was_spared_is_asked_again_by_the_next_bar() -> None:
    case = operation("9999d")
    halting = Parameter(id="halting", title="", value=0.5, range=(0.5, 0.5), unit="", assumed="made up")
    made = _plan(replace(case, parameters={"halting": halting}), 4000)
    world, values = begin(made.setting, made.openings["blue-tells"], made.spec, 0, made.stretches["baseline"][0])
    dials, daily = dials_of(made.setting, values, made.spec), daily_constants(made.setting)
    world.pursued[:, RED] = shell = _option(made, "red-shell")
    left = []
    for course in ("blue-talk", "blue-hold", "blue-talk"):
        world.pursued[:, BLUE] = _option(made, course)
        play_day(made.setting, dials, daily, world, partial(stream, 5, 0))
        left.append((world.pursued[:, RED] == shell) & (left[-1] if left else True))
        world.pursued[~left[-1], RED] = _option(made, "red-hold")
    rest = [float(one.mean()) for one in left]
    assert rest == pytest.approx([0.5, 0.5, 0.25], abs=0.035)


def test_its_actor_halts_it_where_a_commitment_of_its_own_falls_due() -> None:
    """Blue's fire costs so much that it halts it when asked; only those who owe an answer are asked."""
    case = template()
    fire = replace(case.options["blue-shell"], cost=9.0, duration=Duration.parse("9999d"))
    one = Parameter(id="response", title="", value=1.0, range=(1.0, 1.0), unit="", assumed="made up")
    made = _plan(replace(case, options={**case.options, "blue-shell": fire}, parameters={"response": one}), 40)
    world, values = begin(made.setting, made.openings["blue-tells"], made.spec, 0, made.stretches["baseline"][0])
    dials, daily = dials_of(made.setting, values, made.spec), daily_constants(made.setting)
    world.pursued[:, BLUE] = _option(made, "blue-shell")
    block, ledger = made.setting.plan.blocks["achieve"], world.ledger
    owed = [c for c in range(block.start, block.stop) if made.setting.holder[c, BLUE]]
    assert owed, "Blue has said that it answers"
    asked = np.arange(40) % 2 == 0
    for c in owed:
        ledger.waiting[:, c] = asked
        ledger.since[asked, c] = made.setting.day
    play_day(made.setting, dials, daily, world, partial(stream, 5, 0))
    assert (world.pursued[asked, BLUE] == _option(made, "blue-hold")).all()
    assert (world.pursued[~asked, BLUE] == _option(made, "blue-shell")).all()


def test_a_duration_changes_nothing_before_the_operation_begins() -> None:
    case = operation("5d")
    shell = case.options["red-shell"]
    without = _plan(replace(case, options={**case.options, "red-shell": replace(shell, duration=None)}), 200)
    with_it = _plan(case, 200)
    a, b = _pursued(without, 40), _pursued(with_it, 40)
    begun = (a == _option(without, "red-shell")).cumsum(axis=1)
    before = np.hstack([np.zeros((200, 1), dtype=int), begun[:, :-1]]) == 0  # the day it begins on is still the same
    assert (a == b)[before].all()
    assert not (a == b).all()


def test_a_parameter_gives_the_mean_by_option_or_by_what_it_begins_with() -> None:
    case = operation("8d")
    assert durations(case.options["red-shell"]) == ("duration.red-shell", "duration.shelling")
    assert durations(case.options["red-hold"]) == ()
    assert {"duration.red-shell", "duration.shelling"} <= parameter_names(case)
    assert not {n for n in parameter_names(template()) if n.startswith("duration.")}

    def chance(**given: float) -> float:
        told = {
            name: Parameter(id=name, title="", value=v, range=(v, v), unit="days", assumed="made up")
            for name, v in given.items()
        }
        made = _plan(replace(case, parameters=told), 3)
        _, values = begin(made.setting, made.openings["blue-tells"], made.spec, 0, made.stretches["baseline"][0])
        ends = dials_of(made.setting, values, made.spec).ends
        return float(ends[0, _option(made, "red-shell")])

    assert chance() == 1 / 8
    assert chance(**{"duration.shelling": 20.0}) == 1 / 20
    assert chance(**{"duration.shelling": 20.0, "duration.red-shell": 40.0}) == 1 / 40
    assert chance(**{"duration.shelling": 0.2}) == 1.0


def test_trajectories_may_differ_in_how_long_it_lasts() -> None:
    ends = np.array([[0.0, 0.1], [0.0, 0.2]])
    for given, pursued, expected in ((ends, [[1], [1]], [[0.1], [0.2]]), (ends[:1], [[1], [0]], [[0.1], [0.0]])):
        found = ending(given, np.array(pursued))
        assert found is not None
        assert found.tolist() == expected
    assert ending(np.zeros((1, 2)), np.array([[1]])) is None


def test_what_is_wrong_with_a_duration_is_told_all_at_once() -> None:
    case = operation("0d", lasts=Duration.parse("3d"))
    hold = replace(case.options["blue-hold"], duration=Duration.parse("5d"))
    with pytest.raises(StandoffError) as caught:
        _plan(replace(case, options={**case.options, "blue-hold": hold}), 2)
    told = str(caught.value)
    for part in ("red-shell has a duration below a day", "both lasts and duration", "the default option blue-hold"):
        assert part in told
