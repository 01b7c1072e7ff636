"""The commands show and search, and help by door."""

from __future__ import annotations

import json
import re

import click
import pytest
from click.testing import CliRunner
from page_case import write_case

from standoff.cli import DOORS, cli
from standoff.cli.options import shipped_names
from standoff.errors import StandoffError


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_case(tmp_path_factory.mktemp("records") / "case"))


def run(*args: str, width: int = 80) -> str:
    result = CliRunner().invoke(cli, args, env={"COLUMNS": str(width)}, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_show_lists_kinds_records_and_one(case: str) -> None:
    assert re.search(r"places +5", run("show", case))
    assert "Mudville" in run("show", case, "places")
    assert "Gate" in run("show", case, "crossings")
    assert "written: places.csv:2" in run("show", case, "place", "mudville")
    assert json.loads(run("show", case, "actors", "--json"))["records"][0]["title"] == "Elbonia"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lists_fit_the_terminal(case: str, width: int) -> None:
    for args in (("show", case, "places"), ("show", case, "claims"), ("search", case, "mud")):
        assert max(map(len, run(*args, width=width).replace(case, "CASE").splitlines())) <= width


def test_search_finds_and_says_the_way_on(case: str) -> None:
    found = run("search", case, "shells", "Mudville", "--kind", "event")
    assert "1 record: 1 event" in found
    assert found.rstrip().endswith("events e1")
    assert "standoff search" in run("search", case, "mudvile")
    assert json.loads(run("search", case, "gate", "--json"))["facets"]["kind"]["commitments"] == 1


def test_an_unknown_kind_is_refused(case: str) -> None:
    with pytest.raises(StandoffError, match="did you mean 'places'"):
        CliRunner().invoke(cli, ["show", case, "placess"], catch_exceptions=False)


def test_help_is_by_door_and_names_the_cases_that_are_inside() -> None:
    text = run("--help")
    assert all(door in text for door in DOORS)
    assert len(DOORS) == 5
    assert {"idlib", "hodeidah"} <= set(shipped_names())
    assert ", ".join(shipped_names()) in " ".join(text.split())
    assert text.index("  brief ") < text.index("  run ")
    assert len(text.splitlines()) <= len(cli.list_commands(click.Context(cli))) + 20  # a line for each command
