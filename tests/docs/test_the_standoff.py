"""The tours: each command runs, each figure is there, and each system counts records and says what is not known."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from standoff.cli import cli

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES = ("explanation/the-standoff.md", "explanation/the-standoff-hodeidah.md")


def systems(page: str) -> list[str]:
    return re.split(r"^## ", (DOCS / page).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("page", PAGES)
def test_each_system_has_records_a_command_a_figure_and_what_is_not_known(page: str) -> None:
    for system in systems(page):
        title = system.split("\n", 1)[0]
        assert re.search(r"^- .*\d", system, re.MULTILINE), title
        assert re.search(r"^`standoff [^`]+`$", system, re.MULTILINE), title
        assert "**Not known.** " in system, title
        picture = re.search(r"^!\[[^\]]+\]\(\.\./([^)]+)\)$", system, re.MULTILINE)
        assert picture, title
        assert (DOCS / picture[1]).read_text(encoding="utf-8").startswith("<svg"), title


def test_the_idlib_tour_has_the_thirteen_systems() -> None:
    titles = [system.split("\n", 1)[0].partition(". ")[2] for system in systems(PAGES[0])]
    assert titles == [
        "Actors and relations", "Astana", "Sochi", "Moscow", "Threats and red lines", "Bargaining", "Signals",
        "Displacement", "The border lever", "Contradicting accounts", "The chemical question",
        "Linkage with other arenas", "Harm to civilians",
    ]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_tour_runs(page: str) -> None:
    commands = {line for system in systems(page) for line in re.findall(r"^`standoff ([^`]+)`$", system, re.MULTILINE)}
    for words in sorted(commands):
        if "--agreement" in words and "sochi-2018" not in words and "hodeidah-2018" not in words:
            continue  # one of each case stands for the ledgers of all its agreements
        result = CliRunner().invoke(cli, shlex.split(words))
        assert result.exit_code == 0, (words, result.output[-300:])
        assert len(result.output.splitlines()) > 3, words
