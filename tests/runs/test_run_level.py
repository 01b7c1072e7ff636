"""The baseline with actors playing is the level forecast; what is played moves it, and never adds to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from format_runs import idlib
from run_case import invented

from standoff.levels.counts import count_case
from standoff.levels.forecast import expect
from standoff.runs.ensemble import Plan, Trajectories, make_plan, run_plan
from standoff.runs.folder import load_run, write_run
from standoff.runs.incidents import EVERYWHERE, incidents_by_area, level_draws
from standoff.runs.spec import make_spec
from standoff.runs.summary import summarise
from standoff.world.incident_level import BaseLevel, LevelTally, brought_by, draw_levels, level_of, open_tally
from standoff.world.random_streams import stream

N = 100


@pytest.fixture(scope="module")
def plan() -> Plan:
    case = idlib()
    spec = make_spec(
        case,
        accounts=("pooled",),
        trajectories=N,
        batch=50,
        days=84,
        parameters="fixed",
    )
    return make_plan(case, spec, level=True)


@pytest.fixture(scope="module")
def results(plan: Plan) -> dict[tuple[str, str], Trajectories]:
    return run_plan(plan)


def _level(plan: Plan) -> BaseLevel:
    assert plan.level is not None, plan.no_level
    return plan.level


def test_the_baseline_with_actors_playing_is_the_level(
    plan: Plan, results: dict[tuple[str, str], Trajectories]
) -> None:
    case = idlib()
    counts, _ = count_case(case)
    levels = expect(counts, (28, 84))
    mine = incidents_by_area(plan, results)["pooled", "baseline"]
    assert _level(plan).ends == (28, 84)
    for w, horizon in enumerate((28, 84)):
        forecast = {one.area: one for one in levels.of(horizon)}
        for a, area in enumerate(_level(plan).areas):
            mean = mine[:, a, w].mean()
            assert mean == pytest.approx(forecast[area].mean, rel=0.1, abs=0.1), (area, horizon)
            if forecast[area].mean >= 5:  # of smaller counts a range is one or two incidents wide
                # in whole counts, as the level has its range
                low = np.quantile(mine[:, a, w], 0.1, method="lower")
                high = np.quantile(mine[:, a, w], 0.9, method="higher")
                assert high - low >= 0.93 * (forecast[area].high - forecast[area].low), (area, horizon)
    actors_play = results["pooled", "baseline"].pushes
    assert actors_play.std(axis=0).max() > 0  # and it is moved by what they do


def test_a_scenario_is_a_ratio_to_the_baseline(plan: Plan, results: dict[tuple[str, str], Trajectories]) -> None:
    base = incidents_by_area(plan, results)["pooled", "baseline"]
    twice = replace(results["pooled", "baseline"], pushes=results["pooled", "baseline"].pushes * np.float32(2.0))
    doubled = incidents_by_area(plan, {**results, ("pooled", "posts-withdrawn"): twice})["pooled", "posts-withdrawn"]
    share = level_draws(plan).share
    still = np.flatnonzero(share == 0.0)
    assert 30 < still.size < 70  # half of the trajectories hold that options move nothing
    assert np.array_equal(doubled[still], base[still])
    assert doubled.sum() > base.sum()


def test_incidents_stand_in_the_run_folder(plan: Plan, results: dict[tuple[str, str], Trajectories], tmp_path) -> None:  # type: ignore[no-untyped-def]
    run = summarise(idlib(), plan, results)
    again = load_run(write_run(run, tmp_path / "run"))
    assert len(again.incidents) == len(run.incidents) == 2 * (len(_level(plan).areas) + 1)
    whole = next(r for r in again.incidents if r.area == EVERYWHERE and r.days == 84)
    assert whole.mean == pytest.approx(whole.level, rel=0.03)
    assert again.meta["level"]["until"] == "2019-11-30"
    assert not again.meta["level"]["selection"]
    assert sum(run.outcomes["incidents-84"][:N]) == pytest.approx(whole.mean * N, rel=1e-4)


def test_a_truce_made_in_a_run_draws_no_effect_or_the_reference_class(plan: Plan) -> None:
    level, n = _level(plan), 4000
    lull = draw_levels(level, stream(1, 0, 0, "level"), n).lull
    none = (lull == 1.0).all(axis=1)
    assert none.mean() == pytest.approx(0.5, abs=0.03)
    assert np.median(lull[~none, 0]) < 1.0  # the month after written ceasefires elsewhere was below what was expected
    assert (lull[:, -1] == 1.0).all()  # and after the last month that the class tells nothing is left of it
    brings = np.ones((2, len(plan.setting.sectors)))
    half = np.append(np.full((2, 6), 0.5), np.ones((2, 1)), axis=1)
    with_truce, without = (open_tally(level, half, brings) for _ in range(2))
    for day in range(10):
        with_truce.note(day, brings, np.array([0]) if day == 4 else np.array([], dtype=np.int64))
        without.note(day, brings, np.array([], dtype=np.int64))
    assert with_truce.lulls[0, 0] == pytest.approx(4 + 6 * 0.5)
    assert with_truce.lulls[1, 0] == without.lulls[0, 0] == 10
    assert with_truce.pushes[0, 0, 0] == pytest.approx(without.pushes[0, 0, 0] * 0.7)
    assert with_truce.means()[1][0, 0] == pytest.approx(7 / 28)


def test_what_is_brought_fades_with_the_half_life_of_the_counts() -> None:
    tally = LevelTally(
        ends=(30,), keep=0.5**0.5, brought=np.ones((1, 1)), truce=np.array([-1]), lull=np.ones((1, 7)),
        pushes=np.zeros((1, 1, 1)), lulls=np.zeros((1, 1)),
    )  # fmt: skip
    for day in range(2):
        tally.note(day, np.zeros((1, 1)), np.array([], dtype=np.int64))
    assert tally.brought[0, 0] == pytest.approx(0.5)
    table = np.array([[[1.0], [0.0], [2.0]]])
    assert brought_by(table, np.array([[0, 2], [1, 2]])).tolist() == [[3.0], [2.0]]
    assert brought_by(np.repeat(table, 2, axis=0), np.array([[0, 2], [1, 2]])).tolist() == [[3.0], [2.0]]


def test_without_counts_the_record_is_the_level_and_says_so() -> None:
    case = idlib()
    level, _ = level_of(case, ("maarat", "south", "saraqib"), date(2020, 3, 1), 28, date(2020, 2, 29))
    assert level is not None
    assert level.selection
    assert "2019" in level.why
    assert set(level.areas) >= {"maarat", "south"}
    own = invented()
    spec = make_spec(own, trajectories=20, days=10)
    made = make_plan(own, spec, level=True)
    if made.level is None:
        assert made.no_level
        run = summarise(own, made, run_plan(made))
        assert run.incidents == ()
        assert run.meta["level"]["missing"] == made.no_level
    else:
        assert made.level.selection
