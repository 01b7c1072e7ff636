"""The commands of docs/how-to/expect-incidents.md, on a file made up for them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from doc_page import run_commands


def test_the_commands_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["event_date,district,actor1,sub_event_type"]
    for n in range(230):
        rows.append(f"{date(2001, 1, 1) + timedelta(days=n)},{'East' if n % 3 else 'West'},Red Army,Armed clash")
    (tmp_path / "incidents.csv").write_text("\n".join(rows), encoding="utf-8")
    run_commands("docs/how-to/expect-incidents.md", tmp_path, monkeypatch, capsys)
