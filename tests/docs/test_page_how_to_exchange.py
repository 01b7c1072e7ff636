"""The commands of docs/how-to/exchange.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from doc_page import run_commands


@pytest.mark.thorough
def test_the_commands_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_commands("docs/how-to/exchange.md", tmp_path, monkeypatch, capsys)
