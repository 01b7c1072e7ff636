"""The commands of docs/how-to/your-feed.md, on the tables that the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from doc_page import ROOT, run_commands


def test_the_commands_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs/how-to/your-feed.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    for name, block in zip(("feed.csv", "mine.csv"), blocks, strict=True):
        (tmp_path / name).write_text(block, encoding="utf-8")
    run_commands("docs/how-to/your-feed.md", tmp_path, monkeypatch, capsys)
