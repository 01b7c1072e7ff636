"""The ranking of parameters in words: nothing it cannot tell is printed as a number."""

from __future__ import annotations

import json
from datetime import date
from math import nan

import pytest

from standoff.runs.sensitivity import Influence, ParameterRanking
from standoff.runs.spec import Spec
from standoff.views.lines.matters import influence_lines


def ranking(chance: float, *influences: Influence) -> ParameterRanking:
    spec = Spec.__new__(Spec)
    for name, value in {"days": 20, "start": date(2020, 1, 1), "trajectories": 40}.items():
        object.__setattr__(spec, name, value)
    return ParameterRanking(
        outcome="o", title="A siege", account="record", chance=chance, influences=influences, spec=spec
    )


def influence(first_order: float, error: float) -> Influence:
    return Influence(name="pace", title="Pace", low=0.0, high=2.0, first_order=first_order, error=error)


@pytest.mark.parametrize(("chance", "often"), [(0.0, "none"), (1.0, "every one")])
def test_an_outcome_that_no_run_or_every_run_reaches_hangs_on_no_parameter(chance: float, often: str) -> None:
    lines = list(influence_lines(ranking(chance), 80))
    assert " ".join(lines).endswith(f"It comes about in {often} of the runs: it hangs on no parameter that was drawn.")
    assert not [line for line in lines if "nan" in line or ("parameter " in line and "drawn over" in line)]


@pytest.mark.parametrize(
    ("one", "cell", "json_error"),
    [
        (influence(0.25, 0.031), "25 % +- 3", 0.031),
        (influence(0.004, nan), "under 1 % error not known", None),
        (influence(nan, nan), "not known", None),
    ],
)
def test_an_estimate_says_what_is_not_known(one: Influence, cell: str, json_error: float | None) -> None:
    report = ranking(0.025, one)
    lines = list(influence_lines(report, 80))
    assert [line for line in lines if cell in line and "0 to 2" in line]
    assert not [line for line in lines if "nan" in line]
    rare = "It comes about in 3 % of the runs: too few of either kind to tell the errors; the order may be noise."
    assert (rare in " ".join(lines)) is (json_error is None)
    (row,) = json.loads(json.dumps(report.as_json(), allow_nan=False))
    assert row["error"] == json_error
