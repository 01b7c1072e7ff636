"""``standoff test`` plays the stories of any case, and says file, line, expected and got where one fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from standoff.case.read import load, start
from standoff.cli import cli
from standoff.commitments.stories import stories
from standoff.errors import StandoffError


@pytest.fixture
def river(tmp_path: Path) -> Path:
    return start(tmp_path / "river")


def edit(river: Path, old: str, new: str) -> None:
    path = river / "tests/river.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_new_case_starts_with_stories_that_pass(river: Path) -> None:
    made = CliRunner().invoke(cli, ["test", str(river)])
    assert made.exit_code == 0, made.output
    assert "0 failed" in made.output


def test_a_failure_says_where_what_was_expected_and_what_came(river: Path) -> None:
    edit(river, "2024-02-25: violated}", "2024-02-25: satisfied}")
    made = CliRunner().invoke(cli, ["test", str(river)])
    assert made.exit_code == 1
    said = " ".join(made.output.split())
    assert "tests/river.yaml:7: red-holds-fire on 2024-02-25: expected kept (satisfied), got broken (violated)" in said
    assert max(map(len, made.output.splitlines())) <= 80
    plain = json.loads(CliRunner().invoke(cli, ["test", str(river), "--json"]).stdout)
    assert [(e["expected"], e["got"]) for s in plain for e in s["expected"] if not e["passed"]] == [
        ("satisfied", "violated")
    ]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("red-holds-fire: {", "red-hold-fire: {", "did you mean 'red-holds-fire'?"),
        ("2024-02-25: violated}", "2024-02-25: violatd}", "did you mean 'violated'?"),
        ("type: shelling", "type: sheling", "did you mean 'shelling'?"),
        ("place: town", "place: twon", "did you mean 'town'?"),
        ("{date: 2024-02-25", "{date: 2024-02-31", "does not"),
        ("expect:", "expects:", "this is not a story"),
    ],
)
def test_bad_stories_are_refused_with_file_and_line(river: Path, old: str, new: str, what: str) -> None:
    edit(river, old, new)
    with pytest.raises(StandoffError) as error:
        stories(load(river))
    assert what in str(error.value)
    assert all(p.file == "tests/river.yaml" and p.line for p in error.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("2024-02-25: violated}", "2024-02-25: violatd}", "did you mean 'violated'?"),
        ("{date: 2024-02-25", "{date: 2024-02-25T00:01 Europe/Moskow", "the ledger is by day"),
        (
            "{2024-02-24: detached, 2024-02-25: v",
            "{2024-02-24T10:00:00: detached, 2024-02-25: v",
            "the ledger is by day",
        ),
        ("red-holds-fire: {", "5: {", "there is no commitment '5'"),
        ("commitments: [red-holds-fire, blue-answers]", "account: 5", "there is no account '5'"),
        ("  commitments: [", "  7: [", "the key '7' is unknown"),
    ],
)
def test_check_reports_malformed_stories(river: Path, old: str, new: str, what: str) -> None:
    assert CliRunner().invoke(cli, ["check", str(river)]).exit_code == 0
    edit(river, old, new)
    made = CliRunner().invoke(cli, ["check", str(river)])
    assert made.exit_code == 1
    assert what in made.output
    assert "error: tests/river.yaml:" in made.output


def test_only_a_name_that_is_there(river: Path) -> None:
    assert CliRunner().invoke(cli, ["test", str(river), "--only", "shells"]).exit_code == 0
    assert isinstance(CliRunner().invoke(cli, ["test", str(river), "--only", "zzz"]).exception, StandoffError)
