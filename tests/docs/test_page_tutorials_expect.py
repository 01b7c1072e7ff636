"""The commands of docs/tutorials/expect.md, on the tables that the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from doc_page import ROOT, run_commands


def test_the_commands_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs/tutorials/expect.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    for name, block in zip(("camps.csv",), blocks, strict=True):
        (tmp_path / name).write_text(block, encoding="utf-8")
    run_commands("docs/tutorials/expect.md", tmp_path, monkeypatch, capsys)
