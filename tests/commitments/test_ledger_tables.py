"""The ledger for a room: rows chosen and grouped, provisions against versions, workbooks that hold no formula."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from standoff.case.read import start
from standoff.cli import cli
from standoff.errors import StandoffError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return start(tmp_path / "mine")


def run(*words: str) -> str:
    result = CliRunner().invoke(cli, ["ledger", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_rows_are_chosen_by_agreement_party_and_state(folder: Path) -> None:
    every = json.loads(run(str(folder), "--json"))
    some = json.loads(run(str(folder), "--agreement", "river-ceasefire", "--json"))
    assert {row["agreement"] for row in some} == {"river-ceasefire"}
    assert 0 < len(some) < len(every)
    blue = json.loads(run(str(folder), "--party", "blue", "--json"))
    assert all("blue" in (*row["debtor"], *row["creditor"]) for row in blue)
    state = next(row["verdict"] for row in every if row["account_kind"] == "record")
    chosen = {row["commitment"] for row in json.loads(run(str(folder), "--state", state, "--json"))}
    assert chosen == {r["commitment"] for r in every if r["account_kind"] != "statement" and r["verdict"] == state}


@pytest.mark.parametrize(
    ("option", "value", "hint"), [("--agreement", "river-ceasefir", "river-ceasefire"), ("--party", "rad", "red")]
)
def test_a_name_that_is_not_there_gets_the_nearest(folder: Path, option: str, value: str, hint: str) -> None:
    result = CliRunner().invoke(cli, ["ledger", str(folder), option, value])
    assert isinstance(result.exception, StandoffError)
    assert hint in str(result.exception)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_provisions_stand_against_versions_within_the_width(
    folder: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    page = run(str(folder), "--agreement", "river-ceasefire", "--table")
    assert "red-holds-fire" in page
    assert "the record" in " ".join(page.split())
    assert max(len(line) for line in page.splitlines() if not line.startswith("next:")) <= width
    matrix = json.loads(run(str(folder), "--agreement", "river-ceasefire", "--table", "--json"))
    assert [p["commitment"] for p in matrix["provisions"]] == ["red-holds-fire", "blue-holds-fire"]
    assert all(p["words"]["record"] for p in matrix["provisions"])


@pytest.mark.parametrize(
    ("by", "heads"), [("agreement", ["no agreement: 1 commitment"]), ("party", ["Blue (invented): 2 commitments"])]
)
def test_groups_have_a_line_each(folder: Path, by: str, heads: list[str]) -> None:
    lines = run(str(folder), "--by", by).splitlines()
    assert [head for head in heads if head in lines] == heads


def test_a_workbook_holds_numbers_days_and_no_formula(folder: Path, tmp_path: Path) -> None:
    calamine = pytest.importorskip("python_calamine")
    text = (folder / "commitments.yaml").read_text()
    (folder / "commitments.yaml").write_text(text.replace("Red does not fire on the town", '"=1+1 Red does not fire"'))
    target = tmp_path / "ledger.xlsx"
    run(str(folder), "--xlsx", str(target))
    book = calamine.CalamineWorkbook.from_path(str(target))
    assert book.sheet_names == ["provisions", "rows", "observance", "about"]
    provisions = book.get_sheet_by_name("provisions").to_python()
    assert any("=1+1 Red does not fire" in row for row in provisions)
    since = book.get_sheet_by_name("observance").to_python()
    assert since[0][2:4] == ["from", "to"]
    assert str(since[1][2]) == "2024-02-20"
    assert not list(tmp_path.glob(".ledger*"))


def test_a_folder_that_is_not_there_is_an_error_and_no_traceback(folder: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["incidents", str(folder), "--xlsx", str(tmp_path / "none" / "i.xlsx")])
    assert isinstance(result.exception, StandoffError)
    assert "cannot be written" in str(result.exception)


def test_why_and_the_ledger_show_how_a_prohibition_is_observed(folder: Path) -> None:
    assert "recorded since 20 Feb 2024" in " ".join(run(str(folder)).split())
    assert "By party" in run(str(folder), "--why", "red-holds-fire")
    rows = json.loads(run(str(folder), "--json"))
    kept = {r["commitment"]: r["observance"] for r in rows if r["account_kind"] == "record"}
    assert kept["red-holds-fire"]["since"]["first"] == "2024-02-20"
    assert kept["blue-answers"] is None


def test_the_daily_report_says_how_prohibitions_are_observed(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "day.html"
    for words in ([], ["--html", str(page)]):
        result = CliRunner().invoke(cli, ["daily", str(folder), "--on", "2024-03-10", *words])
        assert result.exit_code == 0, result.output
        text = page.read_text() if words else result.output
        assert "recorded since 20 Feb 2024" in " ".join(text.split()).replace("\N{NO-BREAK SPACE}", " ")
