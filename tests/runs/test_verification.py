"""Checks of the machinery, checked themselves: on models and records whose answer is known on paper."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from standoff.case.model import Case, Parameter
from standoff.case.read import SHIPPED, read
from standoff.case.strategy import Outcome
from standoff.case.terms import Pattern
from standoff.cli import main
from standoff.errors import StandoffError
from standoff.people.kernel import departures
from standoff.runs import reductions as calibration
from standoff.runs import reductions as textbook
from standoff.runs.ensemble import make_plan
from standoff.runs.predictive import most_frequent, predictive, spells
from standoff.runs.prior_sensitivity import belief_overlaps, beta_overlap, ends, movable, tornado
from standoff.runs.spec import make_spec
from standoff.values import When

TEMPLATE = SHIPPED.parent / "case" / "template"
START = date(2024, 3, 1)


def _template() -> Case:
    case, problems = read(TEMPLATE)
    assert case is not None, problems
    return case


def test_every_reduction_holds_and_an_error_in_choice_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(r.holds for r in textbook.reductions())
    right = textbook.logit
    monkeypatch.setattr(textbook, "logit", lambda value, lam, legal=None: right(value * 1.000001, lam, legal))
    broken = {r.name for r in textbook.reductions() if not r.holds}
    assert broken == {"agent quantal response equilibrium", "multinomial logit"}


@pytest.mark.thorough
def test_parameters_are_found_again_and_a_wrong_likelihood_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    made = calibration.recoveries()
    assert [r.name for r in made if not r.holds] == []
    assert all(0.0 < r.shrinks < 0.6 for r in made)  # the data taught something
    right = calibration.leave_chance
    monkeypatch.setattr(calibration, "leave_chance", lambda i, fear, phi, nu: right(i, fear, 1.2 * phi, nu))
    assert all(r.holds for r in calibration.recoveries())  # data and likelihood are wrong alike: nothing to notice
    monkeypatch.setattr(calibration, "departures", lambda rng, home, p, d: departures(rng, home, 0.85 * p, d))
    assert [r.name for r in calibration.recoveries() if not r.holds] == ["departures (displacement.phi)"]


def test_what_no_choice_can_tell_apart() -> None:
    scale, cost = calibration.indistinguishable()
    assert scale.deviation < 1e-12
    assert cost.deviation < 1e-12
    # they are not alike because nothing matters: other costs give other chances
    assert np.abs(calibration._breaker(0.2, 0.0) - calibration._breaker(0.0, 0.5)).max() > 0.01


def _steady(chance: float) -> Case:
    """Red has one course, which shells with a fixed chance a day; Blue has one that does nothing."""
    case = _template()
    options = {k: o for k, o in case.options.items() if k in ("red-hold", "blue-hold")}
    emits = replace(case.options["red-shell"].emits[0], chance=chance, first=False)
    options["red-hold"] = replace(options["red-hold"], emits=(emits,))
    options["blue-hold"] = replace(options["blue-hold"], emits=())
    return replace(case, options=options, parameters={}, commitments={})


def test_predictive_counts_of_a_model_that_is_binomial_are_binomial() -> None:
    made = predictive(_steady(0.2), account="blue-tells", start=START, days=20, trajectories=600)
    assert [s.isoformat() for s in made.starts] == ["2024-01-01", "2024-01-21", "2024-02-10"]
    (count,) = made.counts
    # 60 days at 0.2: mean 12, sd 3.1; the 5, 50 and 95 % points are 7, 12 and 17
    assert (count.low, count.median, count.high) == pytest.approx((7, 12, 17), abs=1)
    assert (count.type, count.recorded_low, count.recorded) == ("shelling", 1, 1)
    assert count.misses
    assert count.p < 0.001


def test_what_the_record_holds_and_the_model_gives_as_often_is_no_miss() -> None:
    made = predictive(_steady(1 / 60), account="blue-tells", start=START, days=20, trajectories=300)
    assert not made.counts[0].misses
    assert 0.3 < made.counts[0].p < 0.8


def test_an_account_that_denies_the_shelling_counts_none() -> None:
    made = predictive(_steady(0.2), account="red-tells", start=START, days=20, trajectories=5)
    assert (made.counts[0].recorded_low, made.counts[0].recorded) == (0, 0)


def test_the_first_breach_of_a_spell_is_that_of_the_record() -> None:
    case = _template()
    early = {k: replace(d, published=When.parse("2024-02-21")) for k, d in case.documents.items()}
    case = replace(case, documents=early)  # so that the ceasefire is known when the last spell begins
    made = predictive(case, account="blue-tells", start=START, days=8, trajectories=40)
    assert [(b.start.isoformat(), b.recorded) for b in made.breaches if b.recorded] == [
        ("2024-02-22", ("red-holds-fire",))
    ]
    last = made.breaches[-1]
    assert last.p + last.none <= 1.0
    assert last.p_likeliest >= last.p
    denied = predictive(case, account="red-tells", start=START, days=8, trajectories=5)
    assert not any(b.recorded for b in denied.breaches)


def test_spells_are_whole_and_end_at_the_start() -> None:
    made = spells(_template(), START, 25)
    assert made == [date(2024, 1, 11), date(2024, 2, 5)]
    with pytest.raises(StandoffError, match="no spell of 90 days"):
        spells(_template(), START, 90)
    with pytest.raises(StandoffError, match="at least 1 day"):
        spells(_template(), START, 0)


def test_densities_overlap_as_on_paper() -> None:
    assert beta_overlap((2.0, 3.0), (2.0, 3.0)) == pytest.approx(1.0)
    assert beta_overlap((1.0, 1.0), (2.0, 1.0)) == pytest.approx(0.75, abs=1e-4)  # of 1 and 2x on the unit interval
    assert beta_overlap((200.0, 1.0), (1.0, 200.0)) < 1e-6


def test_beliefs_without_a_case_overlap_in_full() -> None:
    case = replace(_template(), events={}, disputes={}, agreements={})
    made = make_plan(case, make_spec(case, accounts=("blue-tells",), trajectories=5, days=3, parameters="fixed"))
    found = belief_overlaps(made, "blue-tells")
    assert found
    assert all(o.overlap == pytest.approx(1.0) for o in found if o.cases == 0.0)


def test_a_bar_of_the_tornado_is_the_difference_of_two_runs_on_the_same_random_numbers() -> None:
    def assumed(name: str, value: float, low: float, high: float) -> Parameter:
        return Parameter(id=name, title=name, value=value, range=(low, high), unit="", assumed="made up")

    case = _template()
    kept = {k: p for k, p in case.parameters.items() if not k.startswith(("scale.", "tie."))}
    extra = {
        "scale.shelling": assumed("scale.shelling", 1.0, 0.0, 2.0),
        "tie.red.blue": assumed("tie.red.blue", 0.0, 0.0, 0.0),
        "lookahead": assumed("lookahead", 1.0, 0.2, 2.4),
    }
    case = replace(case, parameters={**kept, **extra})
    assert "tie.red.blue" not in movable(case)  # no range
    assert ends(case, "lookahead") == (0.0, 2.0)
    wanted = Outcome(id="shells", title="Red shells", event=Pattern(type=("shelling",), actor=("red",)))
    case = replace(case, outcomes={"shells": wanted})
    made = make_plan(case, make_spec(case, accounts=("blue-tells",), trajectories=60, days=30, parameters="fixed"))
    (bar,) = tornado(made, "blue-tells", names=["scale.shelling"])
    (low,), (high,), (error,) = bar.at_low, bar.at_high, bar.error
    assert low == 0.0 < high
    assert bar.swing == (high,)
    assert error == pytest.approx(np.sqrt(high * (1.0 - high) / 60))
    again = tornado(made, "blue-tells", names=["scale.shelling"])
    assert again[0] == bar


@pytest.mark.thorough
def test_the_command_fits_the_page_and_tells_n_and_seed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "case"
    shutil.copytree(TEMPLATE, root)
    arguments = ["verify", str(root), "-n", "8", "--days", "5", "--spell", "30", "--workers", "1", "--seed", "7"]
    main(arguments)
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert "n = 8" in out
    assert "seed 7" in out
    assert "in this model" in out
    assert "lies outside" in out
    first, missed, moved = out.splitlines()[:3]
    held = len(textbook.reductions())
    assert first.startswith(f"{held} of {held} reductions hold, ")
    table = [line for line in out.splitlines() if line.endswith("  misses")]
    assert missed.startswith(f"counts of {len(table)} of ")
    assert moved.partition(" of ")[0] in next(line for line in out.splitlines() if "beyond two errors" in line)
    assert "DOES NOT HOLD" not in out
    main([*arguments, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["n"], told["seed"]) == (8, 7)
    assert {r["name"] for r in told["reductions"]} == {r.name for r in textbook.reductions()}


def test_an_account_that_is_not_there_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["verify", str(TEMPLATE), "--account", "blue-tels"])
    assert "blue-tells" in capsys.readouterr().err


@pytest.mark.parametrize("counts", [{"b": 3, "a": 3, "c": 1}, {"c": 1, "a": 3, "b": 3}])
def test_a_tie_goes_to_the_first_name_in_every_call(counts: dict[str, int]) -> None:
    assert most_frequent(counts) == ("a", 3)
    assert most_frequent({}) == ("", 0)
