"""What parameters may be: bounds for each that the model reads, and a run at their ends that does not warn or fail."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest
from thorough import some

from standoff.case.read import TEMPLATE, load, read
from standoff.runs.ensemble import make_plan, run_plan
from standoff.runs.spec import make_spec
from standoff.runs.summary import summarise
from standoff.world.parameters import LIMITS, check_limits, limits_of, parameter_names


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATE, tmp_path / "case"))


def parameter(folder: Path, name: str, value: float, low: float, high: float) -> None:
    (folder / "parameters.yaml").write_text(
        f"- {{id: {name}, title: made up, value: {value!r}, range: [{low!r}, {high!r}], unit: '', assumed: made up}}\n"
    )


def test_every_parameter_that_the_model_reads_has_bounds(folder: Path) -> None:
    assert [
        name for name in parameter_names(load(folder)) | parameter_names(load("idlib")) if limits_of(name) is None
    ] == []


@pytest.mark.parametrize(
    ("name", "high"),
    [("displacement.draw.town", 1e6), ("displacement.move.camp", 1), ("rationality.red", 1000), ("rho", 10)],
)
def test_the_longest_name_counts(name: str, high: float) -> None:
    limits = limits_of(name)
    assert limits is not None
    assert limits.high == high


def test_the_shipped_case_keeps_to_them() -> None:
    assert list(check_limits(load("idlib"))) == []


@pytest.mark.parametrize("name", ["inertia", "hostilities.decay", "displacement.speed_km", "rationality.red"])
def test_a_value_or_an_end_of_a_range_beyond_them_is_told(folder: Path, name: str) -> None:
    limits = limits_of(name)
    assert limits is not None
    beyond = limits.high * 2 + 1
    for value, low, high, said in (
        (beyond, limits.low, beyond, f"parameters.yaml:1: value of {name} is"),
        (limits.low, limits.low - 1, limits.high, f"parameters.yaml:1: range of {name} is"),
        (limits.low, limits.low, beyond, f"parameters.yaml:1: range of {name} is"),
    ):
        parameter(folder, name, value, low, high)
        errors = [str(p) for p in read(folder)[1] if p.severity == "error"]
        assert any(error.startswith(said) for error in errors), errors
    parameter(folder, name, limits.low, limits.low, limits.high)
    assert not [p for p in read(folder)[1] if p.severity == "error"]


ENDS = {
    "rationality.": "rationality.red", "revisions.": "revisions.red", "pace.": "pace.calm", "feedback.": "feedback.red",
    "chance.": "chance.shelling", "scale.": "scale.shelling", "cost.": "cost.red-shell", "tie.": "tie.red.blue",
    "resolve.": "resolve.red", "signal.": "signal.words", "intensity.": "intensity.shelling",
    "displaced.": "displaced.calm",
    "displacement.move.": "displacement.move.town", "displacement.drift.": "displacement.drift.town",
    "displacement.draw.": "displacement.draw.town",
}  # fmt: skip


def played(folder: Path) -> None:
    """Run a case that passes check, with answers of both readings; a warning is an error."""
    case, problems = read(folder)
    assert [str(p) for p in problems if p.severity == "error"] == []
    assert case is not None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = make_plan(case, make_spec(case, accounts=("pooled",), trajectories=5, days=5))
        found = summarise(case, made, run_plan(made))
    numbers = [getattr(a, k) for a in found.arrivals for k in ("mean", "q05", "q50", "q95")]
    assert np.isfinite(numbers).all()
    assert min(numbers) >= 0


KEYS = [key for key in LIMITS if key != "duration."]  # the template has no operation


@pytest.mark.parametrize("key", some(KEYS))
def test_a_run_at_the_ends_neither_warns_nor_fails(folder: Path, key: str) -> None:
    limits = LIMITS[key]
    for value in (limits.low, limits.high):
        parameter(folder, ENDS.get(key, key), value, limits.low, limits.high)
        played(folder)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("places.csv", ",20000,0,", ",1000000000,999000000,"),
        ("places.csv", ",20000,0,", ",0,0,"),
        ("places.csv", "12000,1,", "1,20040,"),
        ("routes.csv", "market,30", "market,20040"),
        ("options.yaml", "intensity: 0.3", "intensity: 100"),
        ("options.yaml", "cost: 0.1", "cost: 100"),
        ("options.yaml", "chance: 0.5", "chance: 1"),
        ("options.yaml", "{town-control: 0.1, calm: -0.5}", "{town-control: 1, calm: -1}"),
        ("outcomes.yaml", "threshold: 10000", "threshold: 1000000000"),
    ],
)
def test_a_record_at_the_end_of_its_bounds_can_be_run(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    played(folder)
