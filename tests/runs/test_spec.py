"""Which accounts a run takes when none is named."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from standoff.case.read import TEMPLATE, load
from standoff.case.terms import Pattern
from standoff.cli import main
from standoff.commitments.patterns.pattern import Emitted, Matcher, log_of_emissions
from standoff.errors import StandoffError
from standoff.runs.spec import default_accounts, make_spec
from standoff.values import Tie
from standoff.world.setting import standing_for


def test_voices_first_and_all_where_no_account_is_a_voice() -> None:
    case = load(TEMPLATE)
    assert default_accounts(case) == ("blue-tells", "red-tells", "pooled")
    blue = replace(case.accounts["blue-tells"], kind="party")
    one_voice = replace(case, accounts=dict(case.accounts) | {"blue-tells": blue})
    assert default_accounts(one_voice) == ("red-tells", "pooled")
    parties = {k: replace(a, kind="party") for k, a in case.accounts.items() if a.kind == "reading" and not a.is_pool}
    assert default_accounts(replace(case, accounts=parties)) == ("record", "blue-tells", "red-tells")


def test_a_case_whose_accounts_are_all_of_parties_runs(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TEMPLATE, tmp_path / "case"))
    path = folder / "accounts.yaml"
    text = path.read_text(encoding="utf-8").partition("- id: pooled")[0].replace("kind: reading", "kind: party")
    path.write_text(text, encoding="utf-8")
    main(
        ["run", str(folder), "-n", "5", "--days", "5", "--workers", "1", "--no-report", "--out", str(tmp_path / "run")]
    )
    rows = (tmp_path / "run" / "outlook.csv").read_text(encoding="utf-8").splitlines()
    assert {row.split(",")[0] for row in rows[1:]} == {"record", "blue-tells", "red-tells"}


def test_a_run_takes_ties_as_they_stand_and_refuses_days_on_which_they_change() -> None:
    case = load(TEMPLATE)
    start = case.about.start.start
    assert start is not None
    one, whole = list(case.actors)[:2]
    ends = start + timedelta(days=30)
    member = replace(case.actors[one], member_of=(Tie(whole, None, ends),))
    dated = replace(case, actors=dict(case.actors) | {one: member})
    make_spec(dated, start=start, days=20)
    make_spec(dated, start=ends + timedelta(days=1), days=20)
    with pytest.raises(StandoffError, match=f"it changes while the run lasts: {one}: {whole} until {ends}"):
        make_spec(dated, start=start, days=60)
    act = log_of_emissions([Emitted(type="shelling", actor=(one,))])

    def counts(on: date) -> bool:
        return bool(Matcher(dated, simulated_on=on).match(Pattern(actor=(whole,)), act)[0][0])

    after = ends + timedelta(days=1)
    assert [counts(start), counts(after)] == [True, False]
    assert [one in standing_for(dated, [one], day).get(whole, set()) for day in (start, after)] == [True, False]
