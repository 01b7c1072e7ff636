"""Scenarios that nobody wrote: a crossing shut, a camp full, by name, in every command that plays."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from standoff.case.model import Case
from standoff.case.read import TEMPLATE, load
from standoff.cli import main
from standoff.errors import StandoffError
from standoff.runs.ensemble import make_plan, run_plan
from standoff.runs.scenario import scenario_named, scenario_of_ways, stretches
from standoff.runs.spec import make_spec
from standoff.world.setting import compile_setting, movement_settings


def test_the_id_spells_the_scenario_out(idlib: Case) -> None:
    made = scenario_of_ways(idlib, ["Bab al-Hawa@2020-01-15"], ["border:SY:TR@2020-02-01"], ["atma"])
    assert made is not None
    assert made.id == "close=bab-al-hawa@2020-01-15+open=border:SY:TR@2020-02-01+full=atma"
    assert made.title == (
        "Bab al-Hawa / Cilvegözü crossing is shut from 15 Jan 2020, the border SY-TR is open from 1 Feb 2020 "
        "and Atma is full"
    )
    assert scenario_named(idlib, made.id) == made
    assert scenario_of_ways(idlib) is None


def test_stretches_shut_from_the_day(idlib: Case) -> None:
    setting = compile_setting(idlib, date(2019, 12, 1), **movement_settings(idlib))
    made = scenario_named(idlib, "close=atma@2019-12-03+full=qah@2019-12-05+open=qah@2019-12-08")
    cut = stretches(made, setting, 10)
    assert [(s.start, ("place", "atma", "") in s.shut, ("into", "qah", "") in s.shut) for s in cut] == [
        (0, False, False), (2, True, False), (4, True, True), (7, True, False)
    ]  # fmt: skip


def test_every_wrong_name_and_day_at_once(idlib: Case) -> None:
    with pytest.raises(StandoffError) as refused:
        scenario_of_ways(idlib, ["nowhere@13/1", "atma@2020-13"], (), ["qaah"])
    told = [str(p) for p in refused.value.problems]
    assert len(told) == 4
    assert any("did you mean 'qah'" in line for line in told)
    with pytest.raises(StandoffError, match="after the run, which is of 5 days"):
        make_spec(idlib, scenarios=("close=atma@2021-01-01",), days=5)


def test_nobody_comes_to_a_place_that_is_shut_or_full() -> None:
    case = load(TEMPLATE)
    names = ("baseline", "close=camp", "full=camp")
    spec = make_spec(case, scenarios=names, trajectories=20, days=20, parameters="fixed")
    plan = make_plan(case, spec)
    results = run_plan(plan)
    at = plan.setting.network.index["camp"]
    for account in spec.accounts:
        came = [results[account, name].arrived[:, at] for name in names]
        assert came[0].sum() > 0
        assert came[1].sum() == came[2].sum() == 0
        moved = [results[account, name].displaced for name in names]
        assert np.array_equal(moved[0], moved[2])  # the same people leave home


def test_run_takes_names_and_keeps_the_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    main(
        [
            "run",
            str(TEMPLATE),
            "-n",
            "4",
            "--days",
            "5",
            "--workers",
            "1",
            "--close",
            "camp@2024-03-03",
            "--out",
            str(out),
        ]
    )
    said = capsys.readouterr()
    assert "scenario close=camp@2024-03-03: " in said.err
    meta = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert meta["spec"]["scenarios"] == ["baseline", "close=camp@2024-03-03"]
    assert meta["scenarios"][1]["title"].endswith("is shut from 3 Mar 2024")
    main(["explain", str(out), "--case", str(TEMPLATE), "--scenario", "close=camp@2024-03-03"])
    assert capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["run", str(TEMPLATE), "--full", "kamp"])
    assert (
        "--full: there is no place 'kamp'; expected a place by id or name (did you mean 'camp'?)"
        in capsys.readouterr().err
    )
