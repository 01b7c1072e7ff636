"""The commands of docs/how-to/people-present.md, as on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from doc_page import run_commands


@pytest.mark.thorough
def test_how_many_people_are_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_commands("docs/how-to/people-present.md", tmp_path, monkeypatch, capsys)
    assert (tmp_path / "people.pdf").read_bytes().startswith(b"%PDF")
    assert "#" in (tmp_path / "people.csv").read_text(encoding="utf-8").splitlines()[1]
