"""The commands of docs/how-to/forecast-your-sites.md, on tables made up for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from doc_page import run_commands


def test_the_commands_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["date,camp,people"]
    months = [f"{2022 + n // 12}-{n % 12 + 1:02d}-28" for n in range(22)]
    for k in range(3):
        rows += [f"{day},Camp {k},{3000 * (k + 1) + 90 * n + 37 * (n % 3)}" for n, day in enumerate(months)]
    (tmp_path / "camps.csv").write_text("\n".join(rows), encoding="utf-8")
    wide = [["Camp", *months[:8]], *([f"Camp {k}", *(str(500 * k + 9 * n * n) for n in range(8))] for k in (1, 2))]
    (tmp_path / "wide.csv").write_text("\n".join(map(",".join, wide)), encoding="utf-8")
    run_commands("docs/how-to/forecast-your-sites.md", tmp_path, monkeypatch, capsys)
