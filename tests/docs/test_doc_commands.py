"""Every ``$ standoff ...`` line of the README and the docs is run, page by page, in an empty folder."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
SERVERS = {"serve"}
ONE_LINE_A_PROBLEM = {"check"}  # file:line: ... as compilers print them, whatever the width


def lines_of(page: Path) -> list[str]:
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ standoff ")]
    return [line.split("  #")[0].strip() for line in lines]


PAGES = [p for p in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if lines_of(p)]


@pytest.mark.parametrize("page", PAGES, ids=[p.relative_to(ROOT).as_posix() for p in PAGES])
def test_commands_of_a_page_succeed(page: Path, tmp_path: Path) -> None:
    for line in lines_of(page):
        words = shlex.split(line)[1:]
        if words[0] in SERVERS:
            continue
        done = subprocess.run(
            [sys.executable, "-m", "standoff", *words],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        wide = [row for row in done.stdout.splitlines() if len(row) > 80]
        free = "--json" in words or words[0] in ONE_LINE_A_PROBLEM
        assert not wide or free, f"{line}: wider than 80 columns: {wide[:3]}"
