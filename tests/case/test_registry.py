"""The registry of checks: what is in it, in which order, who may add, and that a kind of record is no string."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from standoff.case import checks
from standoff.case.model import Case, Kind
from standoff.case.read import TEMPLATE, read, read_records
from standoff.errors import Problem, StandoffError
from standoff.plugins import CHECKS, plugin_points


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The registry, given back as it was."""
    checks.checks()
    monkeypatch.setattr(checks, "_REGISTRY", dict(checks._REGISTRY))
    yield
    checks._import_plugins.cache_clear()
    plugin_points.cache_clear()


def test_every_function_that_is_named_as_a_check_of_a_case_is_registered() -> None:
    rules = {check.rule for check in checks.checks()}
    inside = sys.modules["standoff.evidence.checks"].ACCUSATION_CHECKS  # run by one that is registered
    grouped = {*inside, sys.modules["standoff.world.parameters"].check_limits}
    for module in ("standoff.case.checks", *(name for names in checks.ROOMS.values() for name in names)):
        for name, value in vars(sys.modules[module]).items():
            if name.startswith("check_") and list(getattr(value, "__annotations__", ())) == ["case", "return"]:
                assert value in rules | grouped, f"{module}.{name} is run by nobody"


def test_checks_of_records_come_first_and_rooms_in_their_order() -> None:
    rooms = list(dict.fromkeys(check.room for check in checks.checks()))
    assert rooms == ["case", *checks.ROOMS]
    assert len({(c.room, c.name) for c in checks.checks()}) == len(checks.checks())


@pytest.mark.thorough
def test_the_order_does_not_hang_on_what_was_imported_first() -> None:
    program = "from standoff.case import checks; print([(c.room, c.name) for c in checks.checks()])"
    orders = {
        subprocess.run([sys.executable, "-c", f"{first}; {program}"], capture_output=True, text=True, check=True).stdout
        for first in ("pass", "import standoff.runs.questions", "import standoff.commitments.stories")
    }
    assert len(orders) == 1


def test_two_checks_of_one_name_are_refused(registry: None) -> None:
    with pytest.raises(ValueError, match="two checks of case are called dates"):

        @checks.register("case", "dates")
        def another(case: Case) -> list[Problem]:
            return []


def test_a_plug_in_adds_its_checks(registry: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "house_style.py").write_text(
        "from standoff.case.checks import register\nfrom standoff.errors import Problem\n\n"
        "@register('house-style')\ndef check_titles(case):\n"
        "    yield Problem('case.yaml', 3, 'the title is too short', 'a longer one')\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    point = metadata.EntryPoint("style", "house_style", CHECKS)
    monkeypatch.setattr(metadata, "entry_points", lambda group: [point] if group == CHECKS else [])
    checks._import_plugins.cache_clear()
    plugin_points.cache_clear()
    case, _ = read_records(TEMPLATE)
    assert case is not None
    assert [(str(p), p.check) for p in checks.check(case)] == [
        ("case.yaml:3: the title is too short; expected a longer one", "titles")
    ]
    assert checks.checks()[-1].room == "house-style"


def test_a_plug_in_that_cannot_be_imported_is_named(registry: None, monkeypatch: pytest.MonkeyPatch) -> None:
    point = metadata.EntryPoint("gone", "no_such_module", CHECKS)
    monkeypatch.setattr(metadata, "entry_points", lambda group: [point])
    checks._import_plugins.cache_clear()
    plugin_points.cache_clear()
    with pytest.raises(StandoffError, match=r"standoff.checks:gone: it cannot be imported: ModuleNotFound"):
        checks.checks()


def test_a_folder_is_checked_again_when_a_file_beside_the_records_changes(folder: Path) -> None:
    assert read(folder)[1] == []
    story = folder / "tests" / "river.yaml"
    story.write_text(story.read_text(encoding="utf-8") + "- {name: of nothing}\n", encoding="utf-8")
    (problem,) = read(folder)[1]
    assert problem.file == "tests/river.yaml"


def test_kinds_are_the_records_of_a_case() -> None:
    case, _ = read_records(TEMPLATE)
    assert case is not None
    others = {"root", "about", "written", "digest", "problems"}
    assert {kind.value for kind in Kind} - {"case"} == {f.name for f in dataclasses.fields(case)} - others
    for kind in Kind:
        records = case.records(kind)
        assert all(isinstance(key, str) for key in records)
        assert len(records) == (1 if kind is Kind.CASE else len(getattr(case, kind.value)))
