"""Every scenario is tried by check, and a run stops at the first number that is none."""

from __future__ import annotations

import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from standoff.case.model import Case
from standoff.case.read import TEMPLATE, load
from standoff.cli import cli
from standoff.errors import StandoffError
from standoff.runs.ensemble import make_plan, play_batch, run_batch
from standoff.runs.spec import make_spec
from standoff.runs.trial import try_scenarios


@pytest.fixture(scope="module")
def case() -> Case:
    return load(TEMPLATE)


def test_the_scenarios_of_the_template_can_be_played(case: Case) -> None:
    assert try_scenarios(case) == []


def test_a_case_without_options_has_nothing_to_try(case: Case) -> None:
    assert try_scenarios(replace(case, options={})) == []


def test_check_tells_what_a_run_would_stop_at(tmp_path: Path) -> None:
    folder = shutil.copytree(TEMPLATE, tmp_path / "case")
    path = folder / "options.yaml"
    path.write_text(path.read_text().replace("default: true, ", "", 1))
    result = CliRunner().invoke(cli, ["check", str(folder)])
    assert result.exit_code == 1
    assert "red has 0 default options; expected exactly one option with default: true" in result.output


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("intensity", "the intensity of fighting in the sector 'front' is not a finite number"),
        ("alpha", "the belief that is kept of the commitment 'blue-answers' is not a finite number"),
        ("loss", "is not a finite number"),
        ("arrived", "the number of people come to the place 'town' is not a finite number"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_run_stops_on_the_day_something_is_no_number(case: Case, field: str, said: str, value: float) -> None:
    spec = make_spec(case, trajectories=3, days=5, scenarios=("camp-enlarged",), accounts=("blue-tells",))
    plan = make_plan(case, spec)
    days = play_batch(plan.setting, plan.openings["blue-tells"], spec, plan.stretches["camp-enlarged"], 0)
    with pytest.raises(StandoffError) as caught:
        for world, _ in days:
            if world.day == 2:
                values = getattr(world, field).copy()
                values[1, 0] = value
                setattr(world, field, values)
    text = str(caught.value)
    assert text.startswith("run: scenario 'camp-enlarged', day 3 (2024-03-03): ")
    assert said in text
    assert str(pickle.loads(pickle.dumps(caught.value))) == text  # noqa: S301 - as a worker sends it


def test_a_number_that_is_none_from_the_start_is_told_by_check(case: Case) -> None:
    issues = {key: replace(issue, start=float("nan")) for key, issue in case.issues.items()}
    (problem, *_) = try_scenarios(replace(case, issues=issues))
    assert "scenario 'baseline', day 1" in problem.what
    assert "is not a finite number" in problem.what


def test_a_whole_batch_does_not_warn(case: Case) -> None:
    spec = make_spec(case, trajectories=3, days=3, accounts=("blue-tells",))
    plan = make_plan(case, spec)
    batch = run_batch(plan.setting, plan.openings["blue-tells"], spec, plan.stretches["baseline"], 0)
    assert batch.displaced.shape == (3, 3)
