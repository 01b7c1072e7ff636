"""Which accounts a run takes when none is named."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from standoff.case.read import TEMPLATE, load
from standoff.cli import main
from standoff.runs.spec import default_accounts


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
