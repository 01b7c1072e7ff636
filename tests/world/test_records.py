"""What is believed of a commitment at the start: the prior, and its holder's record with commitments of its kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from world_case import template

from standoff.runs.ensemble import Plan, begin, make_plan
from standoff.runs.spec import make_spec
from standoff.world.actor_view import standing
from standoff.world.state import on_record, same_record

RED, BLUE, BOTH = [True, False], [False, True], [True, True]


def made() -> Plan:
    return make_plan(template(), make_spec(template(), accounts=("blue-tells",), trajectories=3, batch=3, days=2))


def test_commitments_have_one_record_where_a_holder_and_the_kind_are_the_same() -> None:
    setting = replace(made().setting, holder=np.array([RED, BLUE, BOTH]), adverse=np.array([False, False, False]))
    assert same_record(setting).tolist() == [[0, 0, 1], [0, 0, 1], [1, 1, 0]]
    apart = replace(setting, adverse=np.array([False, True, True]))
    assert same_record(apart).tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0]]


def test_cases_on_record_count_for_all_commitments_of_their_holder_and_kind() -> None:
    setting = replace(made().setting, holder=np.array([RED, BLUE, BLUE]), adverse=np.array([False, False, True]))
    holders, adverse = np.array([BOTH, RED, BLUE, BLUE]), np.array([False, False, False, True])
    kept, broken = np.array([[1.0, 2.0, 4.0, 8.0]]), np.array([[10.0, 20.0, 40.0, 80.0]])
    found = on_record(setting, [0, 1, 2, 3], kept, broken, holders, adverse)
    assert [part.tolist() for part in found] == [[[3.0, 5.0, 8.0]], [[30.0, 50.0, 80.0]]]
    some = on_record(setting, [0, 3], kept, broken, holders, adverse)
    assert [part.tolist() for part in some] == [[[1.0, 1.0, 8.0]], [[10.0, 10.0, 80.0]]]


def test_the_first_morning_holds_the_prior_and_what_is_on_record() -> None:
    run = made()
    at = run.openings["blue-tells"]
    world, _ = begin(run.setting, at, run.spec, 0, run.stretches["baseline"][0])
    threat = [slot.adverse for slot in run.setting.plan.slots]
    version = at.version[at.telling[:3]]
    prior = np.where(threat, 0.4, 0.5)  # of a weight of two cases
    assert np.allclose(world.alpha, 2.0 * prior + at.kept[version])
    assert np.allclose(world.beta, 2.0 * (1.0 - prior) + at.broken[version])
    assert at.broken[version].any()
    assert any(threat)
    assert not all(threat)
    assert (world.onset < -1000).all()  # nobody took anything up of late
    shells = [o.id for o in run.setting.options].index("red-shell")
    course = np.array(at.pursued)
    course[:, 0] = shells
    under_fire, _ = begin(run.setting, replace(at, pursued=course), run.spec, 0, run.stretches["baseline"][0])
    assert under_fire.pursued[:, 0].tolist() == [shells] * 3


def test_an_actor_sees_how_soon_what_it_owes_falls_due_and_what_it_keeps() -> None:
    run = made()
    world, _ = begin(run.setting, run.openings["blue-tells"], run.spec, 0, run.stretches["baseline"][0])
    ledger, plan = world.ledger, run.setting.plan
    answer, truce = plan.of("blue-answers")[0], plan.of("blue-holds-fire")[0]  # within seven days; and to refrain
    world.day = 5
    today = run.setting.day + world.day
    for array, value in (
        (ledger.live, True),
        (ledger.own_reading, True),
        (ledger.suspended, False),
        (ledger.soiled, False),
    ):
        array[:, [answer, truce]] = value
    ledger.waiting[:, [answer, truce]] = 1
    ledger.since[:, answer] = [today - 3, today - 6, today - 1]  # four days left, one, and six
    view = standing(run.setting, world, 2.0)
    assert view.due[:, answer].tolist() == [0.5, 1.0, 2.0 / 6.0]
    assert view.due[:, truce].tolist() == [0.0, 0.0, 0.0]
    assert view.kept[:, truce].tolist() == [1.0, 1.0, 1.0]
    ledger.soiled[0, truce] = True  # broken already
    ledger.waiting[1, [answer, truce]] = 0  # not owed
    ledger.suspended[2, [answer, truce]] = True  # suspended
    later = standing(run.setting, world, 2.0)
    assert later.kept[:, truce].tolist() == [0.0, 0.0, 0.0]
    assert later.due[:, answer].tolist() == [0.5, 0.0, 0.0]
