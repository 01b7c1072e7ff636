"""What trajectories draw: the declared range is the central 90 %, and what is told, fixed or known later stays out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from format_runs import idlib
from hypothesis import given
from hypothesis import strategies as st
from run_case import invented

from standoff.case.model import Case, Parameter
from standoff.case.strategy import Change, Scenario
from standoff.errors import StandoffError
from standoff.runs.as_of import case_as_of
from standoff.runs.ensemble import Plan, begin, fear_in_waves, make_plan, run_plan, values_of
from standoff.runs.margins import draw_parameters, hypercube, margin_of, margins_of, normal_or_student
from standoff.runs.sensitivity import parameter_draws
from standoff.runs.spec import make_spec
from standoff.runs.story import plan_of
from standoff.runs.summary import summarise
from standoff.runs.waves import WEIGHTS, reported_waves
from standoff.world.setting import network_of_case


def _parameter(name: str, value: float, low: float, high: float) -> Parameter:
    return Parameter(id=name, title=name, value=value, range=(low, high), unit="", assumed="invented")


def _case(**values: tuple[float, float, float]) -> Case:
    made = {k.replace("_", "-").replace("--", "."): v for k, v in values.items()}
    case = invented()
    return replace(case, parameters={**case.parameters, **{k: _parameter(k, *v) for k, v in made.items()}})


def _plan(case: Case, **given: object) -> Plan:
    usual: dict[str, object] = {"trajectories": 40, "batch": 25, "days": 10, "seed": 3, "accounts": ("blue-tells",)}
    return make_plan(case, make_spec(case, **{**usual, **given}))  # type: ignore[arg-type]


@given(
    st.sampled_from(["rationality.red", "resolve.red", "cost.red-shell", "response"]),
    st.floats(0.01, 0.9),
    st.floats(0.0, 1.0),
    st.floats(0.01, 1.0),
)
def test_nine_in_ten_draws_lie_in_the_range_and_half_on_each_side(
    name: str, low: float, at: float, width: float
) -> None:
    high = min(low + width, 0.99)
    value = min(max(low + at * (high - low), low), high)
    margin = margin_of(_parameter(name, value, low, high))
    z = np.array([-1.6448536269514722, 0.0, 1.6448536269514722])
    assert margin.at(z) == pytest.approx([low, value, high], rel=1e-6)
    wide = margin.at(np.linspace(-8, 8, 101))
    assert (np.diff(wide) >= 0).all()
    assert wide.min() >= 0.0
    assert wide.max() <= 1.0 or not name.startswith(("resolve", "response"))


def test_a_range_that_reaches_a_limit_is_cut_there() -> None:
    margin = margin_of(_parameter("chance.shelling", 0.001, 0.0, 0.01))
    assert margin.at(np.array([-4.0, 4.0])).tolist() == [0.0, pytest.approx(0.001 + 4.0 * 0.009 / 1.6448536, rel=1e-6)]
    at_the_edge = margin_of(_parameter("forgetting", 1.0, 0.98, 1.0))
    assert (at_the_edge.at(np.linspace(0.0, 3.0, 5)) == 1.0).all()


def test_students_quantiles_are_those_of_the_tables() -> None:
    # two-sided 80 and 90 % points
    tables = ((0, 1.2816, 1.6449), (1, 3.0777, 6.3138), (2, 1.8856, 2.9200), (3, 1.6377, 2.3534), (6, 1.4398, 1.9432))
    for freedom, at90, at95 in tables:  # 0: the normal distribution
        points = normal_or_student(np.array([0.05, 0.1, 0.5, 0.9, 0.95]), freedom)
        assert points == pytest.approx([-at95, -at90, 0.0, at90, at95], abs=1e-4)
    assert normal_or_student(np.array([0.999]), 3) == pytest.approx([10.2145], abs=1e-4)  # far out, where series fail


def test_a_hypercube_has_one_point_in_every_row() -> None:
    points = hypercube(20, 3, np.random.default_rng(1))
    for k in range(3):
        assert sorted(np.floor(points[:, k] * 20).astype(int)) == list(range(20))
    assert abs(np.corrcoef(points.T)[0, 1]) < 0.6


def test_accounts_share_their_draws_and_batches_do_not() -> None:
    case = _case(inertia=(0.1, 0.0, 0.2), rationality__red=(10.0, 5.0, 20.0))
    made = _plan(case, accounts=("blue-tells", "red-tells"))
    stretch = made.stretches["baseline"][0]
    one, other = (
        values_of(made.setting, made.openings[a], made.spec, 0, stretch).get("inertia")
        for a in ("blue-tells", "red-tells")
    )
    assert np.array_equal(one, other)
    assert one.shape == (25,)
    assert np.unique(one).size > 20
    later = values_of(made.setting, made.openings["blue-tells"], made.spec, 1, stretch).get("inertia")
    assert later.shape == (15,)
    assert not np.array_equal(one[:15], later)


def test_what_an_account_tells_is_not_drawn_and_a_scenario_moves_the_draws() -> None:
    name = "audience-cost"
    case = _case(audience_cost=(0.1, 0.0, 0.3))
    doubled = Scenario(id="more", title="More", lever="monitoring", changes=(Change(parameter=name, value=0.2),))
    case = replace(case, scenarios={**case.scenarios, "more": doubled})
    made = _plan(case, scenarios=("baseline", "more"))
    at = made.openings["blue-tells"]
    plain, more = (
        values_of(made.setting, at, made.spec, 0, made.stretches[s][0]).get(name) for s in ("baseline", "more")
    )
    assert more == pytest.approx(2.0 * plain)
    told = replace(at, settings=tuple(tuple({**one, name: 0.25} for one in answers) for answers in at.settings))
    assert (values_of(made.setting, told, made.spec, 0, made.stretches["baseline"][0]).get(name) == 0.25).all()
    assert (values_of(made.setting, told, made.spec, 0, made.stretches["more"][0]).get(name) == 0.2).all()


def test_fixed_parameters_are_the_values_of_the_case() -> None:
    case = _case(inertia=(0.1, 0.0, 0.2))
    made = _plan(case, parameters="fixed")
    assert made.openings["blue-tells"].margins == ()
    _, values = begin(made.setting, made.openings["blue-tells"], made.spec, 0, made.stretches["baseline"][0])
    assert values.get("inertia").tolist() == [0.1]
    with pytest.raises(StandoffError, match="drawnn"):
        make_spec(case, parameters="drawnn")


def test_a_run_tells_what_it_drew_and_is_played_again_with_it() -> None:
    case = _case(inertia=(0.1, 0.0, 0.2))
    for parameters in ("drawn", "fixed"):
        made = _plan(case, parameters=parameters)
        results = run_plan(made)
        told = summarise(case, made, results)
        row = next(p for p in told.meta["parameters"] if p["id"] == "inertia")
        if parameters == "drawn":
            assert (row["drawn"]["q05"], row["drawn"]["q50"], row["drawn"]["q95"]) == (0.0, 0.1, 0.2)
        else:
            assert row["drawn"] is None
        again = run_plan(plan_of(case, told, "blue-tells"))["blue-tells", "baseline"]
        assert np.array_equal(again.displaced, results["blue-tells", "baseline"].displaced)
        assert np.array_equal(again.first, results["blue-tells", "baseline"].first)


def test_parameters_are_ranked_from_what_was_drawn() -> None:
    made = _plan(_case(inertia=(0.1, 0.0, 0.2)))
    names, points = parameter_draws(made, "blue-tells")
    k = names.index("inertia")
    assert points.shape[0] == 40
    first = draw_parameters(made.openings["blue-tells"].margins, made.spec.seed, 0, 25)["inertia"]
    assert np.array_equal(points[:25, k], first)


@pytest.mark.thorough
def test_phi_rests_on_the_waves_reported_by_the_day() -> None:
    case = idlib()
    fitted = case.parameters["displacement.phi"].fitted
    expected = {
        date(2018, 9, 7): (["d017"], 2),
        date(2019, 4, 1): (["d017", "d052"], 2),
        date(2019, 12, 1): (["d017", "d052", "d107"], 2),
        date(2020, 2, 27): (["d017", "d052", "d108"], 2),
    }
    network = network_of_case(case.places.values(), case.routes, home="SY")
    feared = fear_in_waves(case, every=True)
    assert set(feared) == set(fitted)
    for day, (waves, freedom) in expected.items():
        seen = case_as_of(case, day)
        assert reported_waves(seen, fitted) == waves
        for name in waves:
            assert seen.observed[name].to.end < day + timedelta(days=1)
        margin = next(m for m in margins_of(seen, network, feared) if m.name == "displacement.phi")
        assert margin.freedom == freedom
        assert margin.basis == f"fitted on {', '.join(waves)}"
        assert margin.hangs_on == "displacement.nu"


@pytest.mark.thorough
def test_each_trajectory_draws_the_phi_that_goes_with_its_weight_of_fear() -> None:
    case = idlib()
    start = date(2019, 12, 1)
    made = make_plan(case, make_spec(case, accounts=("pooled",), start=start, trajectories=60, days=1, seed=3))
    at, stretch = made.openings["pooled"], made.stretches["baseline"][0]
    values = values_of(made.setting, at, made.spec, 0, stretch)
    nu, phi = values.get("displacement.nu"), values.get("displacement.phi")
    assert set(nu.tolist()) == {0.4, 1.0}
    margin = next(m for m in at.margins if m.name == "displacement.phi")
    z = np.log(draw_parameters(at.margins, 3, 0, 60)["displacement.phi"] / np.exp(margin.centre)) / margin.above
    for weight in (0.4, 1.0):
        centre, width = (np.interp(np.log1p(weight), np.log1p(WEIGHTS), x) for x in (margin.centres, margin.widths))
        mine = nu == weight
        assert phi[mine] == pytest.approx(np.exp(centre + width * z[mine]), rel=1e-9)
    louder = replace(stretch, parameters={"displacement.nu": 2.0})  # a changed world, not another reading of the waves
    changed = values_of(made.setting, at, made.spec, 0, louder)
    assert (changed.get("displacement.nu") == 2.0).all()
    assert (changed.get("displacement.phi") == phi).all()
