"""The vectorised day against the slow reference, draw by draw, and what holds on every day of every trajectory."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest
from slow_world import Slow
from world_case import START, operation, template

from standoff.case.model import Case, Parameter
from standoff.case.read import read
from standoff.runs.ensemble import Plan, begin, dials_of, make_plan
from standoff.runs.spec import make_spec
from standoff.world.dials import chain_of
from standoff.world.random_streams import stream
from standoff.world.step import daily_constants, play_day


def _plan(case: Case, account: str, n: int, days: int, **fields: object) -> Plan:
    return make_plan(case, make_spec(case, accounts=(account,), trajectories=n, batch=n, days=days, seed=11, **fields))  # type: ignore[arg-type]


@cache
def _idlib() -> Case:
    """Return the shipped case with nothing fitted: what is fitted costs runs of its own, and test_margins holds it."""
    case, problems = read("idlib")
    assert case is not None, problems
    return replace(case, parameters={k: replace(p, fitted=()) for k, p in case.parameters.items()})


@cache
def _idlib_plan(account: str) -> Plan:
    """Return six trajectories of an account over 24 days, compiled once for the tests that only play it."""
    return _plan(_idlib(), account, 6, 24)


@pytest.mark.parametrize(
    ("name", "account", "days"),
    [
        ("template", "blue-tells", 60),
        ("operation", "blue-tells", 60),
        pytest.param("idlib", "pooled", 24, marks=pytest.mark.thorough),
    ],
)
def test_the_fast_world_does_what_the_slow_one_does(name: str, account: str, days: int) -> None:
    if name == "idlib":
        ready = _idlib_plan(account)
    else:
        ready = _plan({"template": template, "operation": operation}[name](), account, 6, days)
    setting, spec = ready.setting, ready.spec
    stretch = ready.stretches["baseline"][0]
    world, values = begin(setting, ready.openings[account], spec, 0, stretch)
    dials = dials_of(setting, values, spec)
    daily = daily_constants(setting, stretch.shut)
    slow = [Slow(setting, dials, values, world, row) for row in range(world.size)]
    choices = 0
    for today in range(days):
        uniforms = [
            stream(spec.seed, 0, today, phase).random((world.size, width))
            for phase, width in (
                ("revise", len(setting.actors)),
                ("choose", len(setting.actors)),
                ("events", len(setting.emitted)),
            )
        ]
        did = play_day(setting, dials, daily, world, partial(stream, spec.seed, 0))
        for row, one in enumerate(slow):
            happened = one.play(*(u[row] for u in uniforms), people=int(world.displaced[row]))
            assert one.pursued == world.pursued[row].tolist(), (today, row)
            assert happened == np.flatnonzero(did.happened[row]).tolist(), (today, row)
            assert np.allclose(one.x, world.issues[row]), (today, row)
            assert np.allclose(one.alpha, world.alpha[row])
            assert np.allclose(one.beta, world.beta[row])
            assert one.ledger.state[0].tolist() == world.ledger.state[row].tolist()
        choices += int(did.new.sum())
    assert choices > 0


def test_people_are_conserved_on_every_day_of_every_trajectory() -> None:
    ready = _idlib_plan("daher")
    stretch = ready.stretches["baseline"][0]
    world, values = begin(ready.setting, ready.openings["daher"], ready.spec, 0, stretch)
    dials, daily = dials_of(ready.setting, values, ready.spec), daily_constants(ready.setting, stretch.shut)
    everybody = world.people.total()
    assert everybody[0] > 1_000_000
    for _ in range(ready.spec.days):
        play_day(ready.setting, dials, daily, world, partial(stream, 11, 0))
        assert (world.people.total() == everybody).all()
        assert (world.people.residents >= 0).all()
        assert (world.people.displaced >= 0).all()
    assert np.quantile(world.displaced, 0.5) > 0  # a trajectory that draws a low phi displaces hardly anybody


def test_relabelling_actors_changes_nothing() -> None:
    case = template()
    red, blue = case.actors["red"], case.actors["blue"]
    reverse = replace(
        case, actors={"blue": blue, "red": red, **{k: a for k, a in case.actors.items() if k not in ("red", "blue")}}
    )
    shares = []
    for one in (case, reverse):
        ready = _plan(one, "blue-tells", 400, 30)
        world, values = begin(
            ready.setting, ready.openings["blue-tells"], ready.spec, 0, ready.stretches["baseline"][0]
        )
        dials, daily = dials_of(ready.setting, values, ready.spec), daily_constants(ready.setting)
        play_day(ready.setting, dials, daily, world, partial(stream, 3, 0))
        order = [ready.setting.options[o].id for o in range(len(ready.setting.options))]
        shares.append(dict(zip(order, world.chances.mean(axis=0), strict=True)))
    assert shares[0] == pytest.approx(shares[1])


@pytest.mark.parametrize(
    ("mode", "days"),
    [("simultaneous", 20), ("sequential", 20), pytest.param("equilibrium", 8, marks=pytest.mark.thorough)],
)
def test_every_order_of_moves_runs_and_keeps_to_what_is_legal(mode: str, days: int) -> None:
    ready = _idlib_plan("magnier")
    world, values = begin(ready.setting, ready.openings["magnier"], ready.spec, 0, ready.stretches["baseline"][0])
    dials, daily = dials_of(ready.setting, values, ready.spec), daily_constants(ready.setting)
    for _ in range(days):
        play_day(ready.setting, dials, daily, world, partial(stream, 5, 0), mode=mode)  # type: ignore[arg-type]
        assert (ready.setting.maker[world.pursued] == np.arange(len(ready.setting.actors))).all()
        assert ((world.issues >= 0.0) & (world.issues <= 1.0)).all()
        assert np.isfinite(world.intensity).all()
        sums = [world.chances[:, mind.own].sum(axis=1) for mind in dials.minds]
        assert np.allclose(sums, 1.0)


def _deterrence(rationality: float, resolve: float) -> Case:
    """Red may attack; Blue has said that it answers, and then chooses to do so or not: the game of the textbook.

    Attack is worth 1 to Red unanswered and -1 answered; answering is worth ``resolve`` to Blue.
    """
    case = template()
    attack = replace(
        case.options["red-shell"],
        moves={},
        cost=-1.0,
        emits=(replace(case.options["red-shell"].emits[0], chance=1.0, first=True),),
    )
    answer = replace(
        case.options["blue-shell"],
        moves={},
        cost=-resolve,
        harms={"red": 2.0},
        emits=(replace(case.options["blue-shell"].emits[0], chance=1.0, first=True),),
    )
    options = {**case.options, "red-shell": attack, "blue-shell": answer}
    numbers = {"lookahead": 1.0, "rationality.red": rationality, "rationality.blue": rationality, "period": 7.0}
    parameters = {
        k: Parameter(id=k, title=k, value=v, range=(v, v), unit="", assumed="made up") for k, v in numbers.items()
    }
    return replace(case, options=options, parameters=parameters)


@pytest.mark.parametrize(("lam", "resolve"), [(1.0, 0.5), (3.0, 0.5), (3.0, -0.5), (8.0, -0.2)])
def test_the_world_with_consistent_beliefs_is_the_agent_equilibrium(lam: float, resolve: float) -> None:
    ready = _plan(_deterrence(lam, resolve), "red-tells", 4, 2, beliefs="consistent")
    world, values = begin(ready.setting, ready.openings["red-tells"], ready.spec, 0, ready.stretches["baseline"][0])
    dials, daily = dials_of(ready.setting, values, ready.spec), daily_constants(ready.setting)
    play_day(ready.setting, dials, daily, world, partial(stream, 5, 0), beliefs="consistent")
    q = 1.0 / (1.0 + np.exp(-lam * resolve))
    expected = 1.0 / (1.0 + np.exp(-lam * ((1.0 - q) * 1.0 + q * -1.0)))
    red = [o.id for o in ready.setting.options].index("red-shell")
    assert world.chances[:, red] == pytest.approx(expected, abs=1e-9)


def test_without_actors_the_first_event_comes_after_a_geometric_time() -> None:
    """One actor with one course that emits with a fixed chance: first passage is geometric."""
    case = template()
    options = {k: o for k, o in case.options.items() if k in ("red-hold", "blue-hold")}
    emits = replace(case.options["red-shell"].emits[0], chance=0.1)
    options["red-hold"] = replace(options["red-hold"], emits=(emits,))
    ready = _plan(replace(case, options=options), "blue-tells", 4000, 40)
    world, values = begin(ready.setting, ready.openings["blue-tells"], ready.spec, 0, ready.stretches["baseline"][0])
    dials, daily = dials_of(ready.setting, values, ready.spec), daily_constants(ready.setting)
    first = np.zeros(4000, dtype=int)
    for today in range(40):
        did = play_day(ready.setting, dials, daily, world, partial(stream, 2, 0))
        first[(first == 0) & did.happened.any(axis=1)] = today + 1
    for t in (1, 5, 10, 20):
        expected = 1.0 - 0.9**t
        share = float(((first > 0) & (first <= t)).mean())
        assert abs(share - expected) < 4.0 * np.sqrt(expected * (1 - expected) / 4000)


def test_the_start_is_the_cases_own() -> None:
    ready = _plan(template(), "pooled", 2, 3)
    assert ready.setting.start == START


@pytest.mark.parametrize("parameters", ["drawn", "fixed"])
def test_chances_of_an_option_and_of_a_kept_commitment_are_those_of_plain_sums(parameters: str) -> None:
    ready = _idlib_plan("pooled") if parameters == "drawn" else _plan(_idlib(), "pooled", 4, 2, parameters="fixed")
    setting, stretch = ready.setting, ready.stretches["baseline"][0]
    dials = dials_of(setting, begin(setting, ready.openings["pooled"], ready.spec, 0, stretch)[1], ready.spec)
    answer = np.zeros((len(setting.options), setting.slots))
    for mind in dials.minds:
        answer[mind.own] = mind.answer[: mind.own.size]
    pairs, chain = 0, chain_of(answer, dials.triggers)
    for row in range(min(dials.triggers.shape[0], 2)):
        for option in range(len(setting.options)):
            lasts = setting.lasts[option]
            days = min(lasts, dials.period) if lasts > 0 else dials.period
            for c in range(setting.slots):
                never = 1.0
                for e in np.flatnonzero((setting.option == option) & setting.meets[:, c]):
                    never *= (1.0 - dials.chance[row, e]) ** (1.0 if setting.first[e] else days)
                meets = never if setting.absent[c] else 1.0 - never
                assert dials.triggers[row, option, c] == pytest.approx(meets, abs=1e-12)
        for c in range(setting.slots):
            answers = np.flatnonzero(answer[:, c])
            for d in range(setting.slots):
                plain = sum(answer[o, c] * dials.triggers[row, o, d] for o in answers)
                assert chain[row, c, d] == pytest.approx(plain, abs=1e-12)
                pairs += plain > 0
    assert pairs > 10
