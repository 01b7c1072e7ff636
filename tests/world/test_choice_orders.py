"""Who answers whom when several reconsider on one day, and on which course each actor starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from world_case import START, template

from standoff.case.model import Event, Parameter
from standoff.errors import StandoffError
from standoff.runs.ensemble import begin, dials_of, make_plan, run_plan
from standoff.runs.opening import course
from standoff.runs.spec import make_spec
from standoff.values import When
from standoff.world import choice
from standoff.world.actor_view import legal, option_chances, standing
from standoff.world.choice import choose

RATE, N = 0.6, 60


def test_what_does_not_settle_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    case = template()
    made = make_plan(
        case, make_spec(case, accounts=("blue-tells",), trajectories=4, batch=4, days=2, mode="equilibrium")
    )
    monkeypatch.setattr(choice, "fixed_point", lambda answer, start, **_: (start, 0.2))
    with pytest.raises(StandoffError, match="do not settle"):
        run_plan(made)


def test_those_who_settle_on_one_day_answer_each_others_chances_and_draw_from_them() -> None:
    numbers = {"rho": 2.0, "rationality.red": 6.0, "rationality.blue": 6.0}
    parameters = {
        k: Parameter(id=k, title=k, value=v, range=(v, v), unit="", assumed="made up") for k, v in numbers.items()
    }
    case = replace(template(), parameters=parameters)
    made = make_plan(case, make_spec(case, accounts=("blue-tells",), trajectories=N, batch=N, days=2, seed=4))
    setting, stretch = made.setting, made.stretches["baseline"][0]
    asleep, values = begin(setting, made.openings["blue-tells"], made.spec, 0, stretch)
    world, _ = begin(setting, made.openings["blue-tells"], made.spec, 0, stretch)
    dials = dials_of(setting, values, made.spec)
    dials = replace(dials, revise=np.full_like(dials.revise, RATE), alert=np.full_like(dials.alert, RATE))
    choose(setting, dials, world, np.random.default_rng(1), np.random.default_rng(2), mode="equilibrium")
    awake = np.random.default_rng(1).random((N, 2)) < RATE
    uniform = np.random.default_rng(2).random((N, 2))
    everyone, view, open_ = np.arange(N), standing(setting, asleep, dials.period), legal(setting, asleep.pursued)
    pace = np.broadcast_to(dials.pace, (N, dials.pace.shape[1]))
    assert awake.all(axis=1).sum() > 10
    assert (~awake).all(axis=1).sum() > 2
    apart = []
    for a, other in ((0, 1), (1, 0)):
        own, theirs = dials.minds[a].own, dials.minds[other].own
        as_before = (theirs == asleep.pursued[:, other][:, None]).astype(float)
        expected = np.where(awake[:, other][:, None], world.chances[:, theirs], as_before)
        around = (expected @ setting.moves[theirs]) * pace
        _, chance = option_chances(setting, dials, asleep, view, a, everyone, around.T, open_)
        assert world.chances[awake[:, a]][:, own] == pytest.approx(chance[awake[:, a]], abs=1e-5)
        _, alone = option_chances(
            setting, dials, asleep, view, a, everyone, (as_before @ setting.moves[theirs] * pace).T, open_
        )
        apart.append(np.abs(alone - chance)[awake.all(axis=1)].max())
        drawn = own[(np.cumsum(chance, axis=1) < uniform[:, [a]]).sum(axis=1)]
        assert world.pursued[:, a].tolist() == np.where(awake[:, a], drawn, asleep.pursued[:, a]).tolist()
    assert max(apart) > 0.01  # what the other expects to do matters in this game


def shots(many: int, day: int = -3) -> list[Event]:
    when = When.parse(START + timedelta(days=day))
    return [Event(id=f"s{n}", date=when, type="shelling", actor=("red",), target=("blue",)) for n in range(many)]


@pytest.mark.parametrize(
    ("events", "option"),
    [
        ([], "red-hold"),  # nothing recorded
        (shots(14), "red-shell"),  # 28 days at a chance of 0.5
        (shots(1), "red-hold"),  # one shot is likelier from the floor of 0.02 than from 14 expected ones
        (shots(14, -28), "red-shell"),  # the first day of the four weeks
        (shots(14, -29), "red-hold"),  # the day before them
        (shots(14, 0), "red-hold"),  # the first morning is not yet recorded
    ],
)
def test_an_actor_starts_on_the_course_that_makes_its_record_most_likely(events: list[Event], option: str) -> None:
    made = make_plan(template(), make_spec(template(), accounts=("blue-tells",), trajectories=2, batch=2, days=2))
    chosen = course(made.setting, events, START)
    assert [made.setting.options[o].id for o in chosen] == [option, "blue-hold"]


def test_what_is_emitted_only_on_the_day_of_taking_up_tells_nothing_of_a_course() -> None:
    case = template()
    shell = case.options["red-shell"]
    once = replace(shell, emits=tuple(replace(e, first=True) for e in shell.emits))
    case = replace(case, options={**case.options, "red-shell": once})
    made = make_plan(case, make_spec(case, accounts=("blue-tells",), trajectories=2, batch=2, days=2))
    assert made.setting.options[course(made.setting, shots(14), START)[0]].id == "red-hold"


def test_an_option_is_judged_by_what_it_goes_on_emitting() -> None:
    case = template()
    shell = case.options["red-shell"]
    emits = (replace(shell.emits[0], chance=1.0, first=True), replace(shell.emits[0], chance=0.01))
    case = replace(case, options={**case.options, "red-shell": replace(shell, emits=emits)})
    made = make_plan(case, make_spec(case, accounts=("blue-tells",), trajectories=2, batch=2, days=2))
    # one shot: of 0.28 expected, likelier than of 0.02, and than of 28.28 were the first day's emission counted too
    assert made.setting.options[course(made.setting, shots(1), START)[0]].id == "red-shell"
