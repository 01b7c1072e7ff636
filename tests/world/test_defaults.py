"""What a case leaves to the model is listed, and a parameter that nothing reads is refused."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

import standoff as so
from standoff.case.model import Case
from standoff.case.read import read
from standoff.people.network import Settings
from standoff.world.dials import Values
from standoff.world.parameters import check_parameters, model_defaults, usual


@pytest.fixture(scope="module")
def idlib() -> Case:
    return so.load("idlib")


def test_a_case_without_parameters_is_told_all_of_them() -> None:
    told = {one.name: one for one in model_defaults((), ("red", "blue"), ("ground",))}
    assert {
        "rationality.red",
        "rationality.blue",
        "pace.ground",
        "displacement.phi",
        "hostilities.around",
    } <= told.keys()
    assert all(one.why for one in told.values())
    for name, one in told.items():
        if not name.startswith("displacement."):
            assert usual(name) == one.value
            assert Values({}).one(name) == one.value
        else:
            assert getattr(Settings(), name.removeprefix("displacement.")) == one.value


def test_what_a_case_gives_is_not_told() -> None:
    given = [one.name for one in model_defaults((), ("red",), ())]
    assert model_defaults(given, ("red",), ()) == ()
    assert Values({"rho": 2.0}).one("rho") == 2.0


def test_there_is_no_number_for_an_unknown_name() -> None:
    with pytest.raises(KeyError):
        usual("rationalty.red")


def test_every_setting_of_displacement_has_a_name(idlib: Case) -> None:
    case = idlib
    for f in fields(Settings):
        if not isinstance(getattr(Settings(), f.name), dict):
            name = f"displacement.{f.name}"
            one = next(iter(case.parameters.values()))
            more = replace(
                case,
                parameters={name: replace(one, id=name)},
                written={("parameters", name): case.written["parameters", one.id]},
            )
            assert not [p for p in check_parameters(more) if "nothing in the model reads" in p.what]


def test_the_shipped_case_names_only_what_is_read() -> None:
    case, problems = read("idlib")
    assert case is not None
    assert not problems


def test_a_misspelt_parameter_is_refused_with_the_nearest_name(idlib: Case) -> None:
    case = idlib
    one = case.parameters["displacement.phi"]
    where = case.written["parameters", one.id]
    more = replace(
        case,
        parameters={"displacement.fi": replace(one, id="displacement.fi")},
        written={("parameters", "displacement.fi"): where},
    )
    (problem,) = check_parameters(more)
    assert problem.file.endswith("displacement.yaml")
    assert problem.line > 0
    assert "displacement.fi" in problem.what
    assert "displacement.phi" in problem.hint
