"""The pace of a crisis: counted on the record as known, shrunk, and taken up by the world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from world_case import template

from standoff.case.model import Case, Parameter
from standoff.case.read import read
from standoff.runs.as_of import case_as_of
from standoff.runs.ensemble import begin, dials_of, make_plan
from standoff.runs.spec import make_spec
from standoff.values import When
from standoff.world.pace import BOUT, WINDOW, bouts_of, crisis_days, ratio
from standoff.world.random_streams import stream
from standoff.world.setting import compile_setting
from standoff.world.step import daily_constants, play_day


def _with(case: Case, *told: tuple[str, str, str, str]) -> Case:
    """Add events (day, type, actor, target) in the sector of the template's shelling."""
    like = case.events["e2-red"]
    made = {
        f"x{i}": replace(
            like,
            id=f"x{i}",
            date=When.parse(d),
            known=None,
            type=t,
            actor=(a,),
            target=(b,),
            variant_of="",
            contested="",
        )
        for i, (d, t, a, b) in enumerate(told)
    }
    return replace(case, events={**case.events, **made})


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 2000), st.integers(1, 2000))
def test_rates_are_shrunk_and_never_cross_what_was_counted(quiet: int, crisis: int, days0: int, days1: int) -> None:
    bouts, days = np.array([float(quiet), float(crisis)]), np.array([float(days0), float(days1)])
    found = ratio(bouts, days)
    if quiet + crisis == 0:
        assert found.tolist() == [1.0, 1.0]
        return
    rate = (quiet + crisis) / (days0 + days1)
    for s, (k, t) in enumerate(((quiet, days0), (crisis, days1))):
        plain = k / t / rate
        assert min(plain, 1.0) - 1e-9 <= found[s] <= max(plain, 1.0) + 1e-9
        assert found[s] == pytest.approx((k + 1.0) / (t + 1.0 / rate) / rate)


def test_a_crisis_is_four_weeks_after_its_last_event() -> None:
    case = _with(
        template(), ("2024-01-10", "territorial-change", "red", "blue"), ("2024-01-20", "request", "red", "blue")
    )
    state = crisis_days(case, {"blue"}, date(2024, 1, 1), date(2024, 3, 1))
    first = [date(2024, 1, 1) + timedelta(days=int(i)) for i in np.flatnonzero(state)]
    assert first[0] == date(2024, 1, 11)
    assert first[-1] == date(2024, 1, 10) + timedelta(days=WINDOW)
    assert len(first) == WINDOW
    assert not crisis_days(case, {"green"}, date(2024, 1, 1), date(2024, 3, 1)).any()


def test_events_of_one_bout_count_once() -> None:
    case = template()
    option = case.options["red-shell"]
    days = ["2023-05-01", "2023-05-09", "2023-05-20", "2023-07-01"]
    busy = _with(case, *((d, "shelling", "red", "blue") for d in days))
    begun = [d for d in bouts_of(busy, "red", option.emits) if d.year == 2023]
    assert begun == [date(2023, 5, 1), date(2023, 7, 1)]
    assert (date(2023, 5, 20) - date(2023, 5, 9)).days <= BOUT


def test_nothing_later_than_the_cut_off_enters() -> None:
    case, problems = read("idlib")
    assert case is not None, problems
    cut = date(2019, 12, 1)
    later = {
        k: replace(e, type="request", actor=("russia",), target=("turkey",)) if (e.known or e.date).end > cut else e
        for k, e in case.events.items()
    }
    one, other = (compile_setting(case_as_of(c, cut), cut).pace for c in (case, replace(case, events=later)))
    assert np.array_equal(one.tilt, other.tilt)
    assert np.array_equal(one.touched, other.touched)
    assert one.bouts.sum() > 0
    names = [o.id for o in compile_setting(case_as_of(case, cut), cut).options]
    assert one.tilt[1, names.index("turkey-retaliate")] > 0.0 > one.tilt[0, names.index("turkey-retaliate")]
    after = compile_setting(case_as_of(case, date(2020, 2, 27)), date(2020, 2, 27)).pace
    assert after.alarm > -WINDOW
    assert one.alarm < -WINDOW


def _shares(case: Case, tilt: float, factor: float, alarm: int) -> tuple[float, int]:
    """Return Red's chance of shelling on the first day, and how often somebody reconsiders in ten days."""
    numbers = {"crisis.record": tilt, "crisis.revisions": factor}
    extra = {k: Parameter(id=k, title=k, value=v, range=(v, v), unit="", assumed="made up") for k, v in numbers.items()}
    case = replace(case, parameters={**case.parameters, **extra})
    made = make_plan(case, make_spec(case, accounts=("blue-tells",), trajectories=300, batch=300, days=10, seed=4))
    setting = made.setting
    red = [o.id for o in setting.options].index("red-shell")
    odds = np.zeros_like(setting.pace.tilt)
    odds[1, red] = np.log(3.0)
    pace = replace(setting.pace, tilt=odds, alarm=alarm, touched=np.full_like(setting.pace.touched, alarm))
    setting = replace(setting, pace=pace)
    world, values = begin(setting, made.openings["blue-tells"], made.spec, 0, made.stretches["baseline"][0])
    dials, daily = dials_of(setting, values, made.spec), daily_constants(setting)

    class Count:
        choices = 0

        def chose(self, day: int, actor: int, pick: np.ndarray, value: object, chance: object, option: object) -> None:
            self.choices += pick.size

    count = Count()
    first = 0.0
    for today in range(10):
        play_day(setting, dials, daily, world, partial(stream, 4, 0), witness=count)
        if today == 0:
            first = float(world.chances[0, red])
    return first, count.choices


def test_the_record_multiplies_the_odds_in_a_crisis_and_only_then() -> None:
    case = template()
    plain, _ = _shares(case, 0.0, 1.0, -1)
    in_crisis, _ = _shares(case, 1.0, 1.0, -1)
    in_quiet, _ = _shares(case, 1.0, 1.0, -WINDOW - 1)
    on_the_last_day, _ = _shares(case, 1.0, 1.0, -WINDOW)
    half, _ = _shares(case, 0.5, 1.0, -1)
    others = (1.0 - in_crisis) / (1.0 - plain)
    assert in_crisis / plain / others == pytest.approx(3.0)
    assert half / plain / ((1.0 - half) / (1.0 - plain)) == pytest.approx(np.sqrt(3.0))
    assert in_quiet == pytest.approx(plain)
    assert on_the_last_day == pytest.approx(in_crisis)


def test_actors_reconsider_more_often_where_events_touch_them() -> None:
    case = template()
    often, usual, away = (_shares(case, 0.0, f, alarm)[1] for f, alarm in ((4.0, -1), (1.0, -1), (4.0, -1000)))
    assert often > 1.5 * usual
    assert away < often
