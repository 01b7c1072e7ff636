"""The commands of docs/tutorials/what-if.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from doc_page import run_commands


@pytest.mark.thorough
def test_the_commands_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_commands("docs/tutorials/what-if.md", tmp_path, monkeypatch, capsys)
