"""What commands print is as wide as the terminal; only what is to be copied as it stands is never broken."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from standoff.case.read import start
from standoff.cli import main

# every command that prints what a case holds; those that write files are tried in the docs and elsewhere
LISTS = (
    ("claims",), ("disputes",), ("contradictions",), ("corroboration",), ("sources",), ("ledger",),
    ("ledger", "--agreements"),
    ("ledger", "--why", "red-holds-fire"), ("daily", "--on", "2024-03-01"), ("audit",), ("brief", "--on", "2024-03-01"),
    ("incidents",), ("talks",), ("signals",), ("harm",), ("relations",), ("track",), ("test",),
)  # fmt: skip


@pytest.fixture(scope="module")
def river(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return start(tmp_path_factory.mktemp("case") / "r")


@pytest.mark.parametrize("width", [40, 120])
@pytest.mark.parametrize("args", LISTS, ids=" ".join)
def test_lines_fit_the_terminal(
    args: tuple[str, ...], width: int, river: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(river.parent)
    monkeypatch.setenv("COLUMNS", str(width))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main([args[0], "r", *args[1:]])
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert [line for line in lines if len(line) > width and not line.startswith("next: ")] == []


def test_a_failing_story_fits_too(
    river: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (story,) = [p for p in (river / "tests").glob("*.yaml") if "violated" in p.read_text()][:1]
    text = story.read_text()
    story.write_text(text.replace("violated", "satisfied"))
    monkeypatch.setenv("COLUMNS", "50")
    with pytest.raises(SystemExit) as stopped:
        main(["test", str(river)])
    story.write_text(text)
    lines = capsys.readouterr().out.splitlines()
    assert stopped.value.code == 1
    assert any(line.startswith("FAIL  ") for line in lines)
    assert [line for line in lines if len(line) > 50 and str(river) not in line] == []
