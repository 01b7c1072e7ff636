"""The commands of docs/how-to/bring-a-file.md, on the download that the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from doc_page import ROOT, run_commands

PAGE = "docs/how-to/bring-a-file.md"


def test_the_commands_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = re.search(r"```text\n(.*?)```", (ROOT / PAGE).read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    (tmp_path / "download.csv").write_text(shown[1], encoding="utf-8")
    run_commands("docs/how-to/bring-a-file.md", tmp_path, monkeypatch, capsys)
    assert (tmp_path / "mine" / "logs" / "acled.csv").read_text(encoding="utf-8").count("\n") == 3
    assert "Red Veterans Brigade" in (tmp_path / "mine" / "mapping.yaml").read_text(encoding="utf-8")
