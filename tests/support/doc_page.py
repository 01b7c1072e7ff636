"""Run the ``$ standoff ...`` lines of a page of the documentation, in order, in one empty folder.

They run in this process, with one worker, few trajectories and (but in ``make check``) few days: whether a command
works and fits the terminal depends on none of these, and tests/cli starts the program as users do.
"""

from __future__ import annotations

import re
import shlex
import warnings
from pathlib import Path

import click
import pytest
from thorough import THOROUGH

from standoff.cli import cli, main

ROOT = Path(__file__).parent.parent.parent
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
SERVERS = {"serve"}  # these do not end
ONE_LINE_A_PROBLEM = {"check"}  # file:line: ... as compilers print them, whatever the width
WIDTH = 80
TRAJECTORIES = 10 if THOROUGH else 4
DAYS = 21


def commands_of(page: Path) -> list[list[str]]:
    """The words of every command of a page that ends by itself."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ standoff ")]
    commands = [shlex.split(line.split("  #")[0])[1:] for line in lines]
    return [words for words in commands if words[0] not in SERVERS]


def pages() -> list[Path]:
    """Every page that has such a command."""
    return [p for p in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if commands_of(p)]


def smaller(words: list[str]) -> list[str]:
    """The command with one worker, and at most so many trajectories and days, where it takes them."""
    command = cli.get_command(click.Context(cli), words[0])
    assert command is not None, f"there is no command {words[0]}"
    words = list(words)
    if "-n" in words:
        words[words.index("-n") + 1] = str(min(int(words[words.index("-n") + 1]), TRAJECTORIES))
    if words[0] == "run" and not THOROUGH:
        if "--days" not in words:
            words += ["--days", str(DAYS)]
        words[words.index("--days") + 1] = str(min(int(words[words.index("--days") + 1]), DAYS))
    takes_workers = any("--workers" in option.opts for option in command.params)
    return [*words, "--workers", "1"] if takes_workers and "--workers" not in words else words


def run_commands(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Run a page, named by its path in the repository; assert that each command succeeds and fits the terminal."""
    commands = commands_of(ROOT / page)
    assert commands, f"{page} has no command: this test has nothing to do"
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    for words in commands:
        with warnings.catch_warnings():
            try:
                main(smaller(words))
                code = 0
            except SystemExit as stop:
                code = int(stop.code or 0)
        said = capsys.readouterr()
        line = shlex.join(["standoff", *words])
        assert code == 0, f"{line}\n{said.out[-2000:]}\n{said.err[-2000:]}"
        wide = [row for row in said.out.splitlines() if len(row) > WIDTH]
        free = "--json" in words or words[0] in ONE_LINE_A_PROBLEM
        assert not wide or free, f"{line}: wider than {WIDTH} columns: {wide[:3]}"
