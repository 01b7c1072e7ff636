"""The record stepped once for what differs, against every telling stepped by itself."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest
from format_runs import idlib
from record_state import recorded_state

from standoff.case.model import Case
from standoff.commitments.engine.arrays import State, reads
from standoff.commitments.monitor import first_day
from standoff.commitments.patterns.compiler import compile_schedule, follow
from standoff.commitments.patterns.pattern import Matcher
from standoff.commitments.patterns.wording import TEXT
from standoff.evidence.accounts import Telling, hold, tell, tellings
from standoff.runs.opening import MIXED, draw_answers, groups_of, pooled_of, recorded_days, step_record
from standoff.runs.spec import Spec, make_spec


@pytest.fixture(scope="module")
def case() -> Case:
    return idlib()


@pytest.fixture(scope="module")
def told(case: Case) -> list[Telling]:
    """Tellings with drawn answers, those of every account, and two that hold readings and drop commitments."""
    spec = make_spec(case, trajectories=12, mixed=True)
    made = tellings(case, pooled_of(case), draw_answers(case, MIXED, spec))[0]
    made += [tell(case, account) for account in case.accounts]
    kept = [c for c in case.commitments.values() if c.readings]
    held = {c.id: next(iter(c.readings)) for c in kept}
    return [*made, replace(made[0], readings=held), replace(made[0], off=frozenset(list(case.commitments)[::3]))]


def _same(one: State, other: State, columns: np.ndarray) -> None:
    for f in fields(State):
        a, b = getattr(one, f.name), getattr(other, f.name)
        if isinstance(a, np.ndarray):
            np.testing.assert_array_equal(a[columns], b, err_msg=f.name)
    assert one.memory.keys() == other.memory.keys()
    for node, kept in other.memory.items():
        np.testing.assert_array_equal(one.memory[node][columns], kept)


@pytest.mark.thorough
def test_versions_are_those_of_every_telling_stepped_by_itself(case: Case, told: list[Telling]) -> None:
    spec: Spec = make_spec(case)
    before = spec.start - timedelta(days=1)
    plan = compile_schedule(case, first=first_day(case))
    held, row = np.unique(hold(case, told, as_of=before), axis=0, return_inverse=True)
    state, column = step_record(recorded_days(case, plan, spec.start, Matcher(case)), told, held, row.reshape(-1))
    assert state.columns == column.max() + 1 < len(told)
    _same(state, recorded_state(case, plan, told, spec.start), column)
    assert len(np.unique(state.state, axis=0)) > 3, "the versions differ"


def test_groups_are_all_slots_once_and_read_nothing_of_each_other(case: Case) -> None:
    plan = compile_schedule(case, first=first_day(case))
    groups = groups_of(plan)
    assert sorted(slot for group in groups for slot in group) == list(range(len(plan.slots)))
    group = {slot: k for k, some in enumerate(groups) for slot in some}
    links = [(slot, other) for slot, read in reads(plan).items() for other in read]
    assert links
    assert plan.succeeds
    assert all(group[a] == group[b] for a, b in (*links, *plan.succeeds))


def test_followed_slots_are_those_of_the_reading_held(case: Case, told: list[Telling]) -> None:
    plan = compile_schedule(case, first=first_day(case), spans=True)
    for every in (False, True):
        active, own = follow(plan, told, every_reading=every)
        for column, telling in enumerate(told):
            for index, slot in enumerate(plan.slots):
                held = telling.readings.get(slot.commitment, TEXT) == (slot.reading or TEXT)
                on = slot.commitment not in telling.off
                assert own[column, index] == (on and held and not slot.span)
                assert active[column, index] == (on and (held or every))
