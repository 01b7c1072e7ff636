"""The commands of docs/how-to/review-an-article.md, on the page and with the keys that it shows."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from doc_page import ROOT, run_commands

from standoff.case.read import load

PAGE = "docs/how-to/review-an-article.md"


def test_five_claims_an_event_and_a_commitment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    html, keys = (re.search(rf"```{kind}\n(.*?)```", page, re.DOTALL) for kind in ("html", "text"))
    assert html is not None and keys is not None
    (tmp_path / "page.html").write_text(html[1], encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO(keys[1]))
    run_commands("docs/how-to/review-an-article.md", tmp_path, monkeypatch, capsys)
    case = load(tmp_path / "mine")
    claims = [c for c in case.claims.values() if c.document == "observer-2024-03-01"]
    assert len(claims) == 5
    assert {c.says.__class__.__name__ for c in claims} == {"EventSaid", "CommitmentSaid", "QuantitySaid"}
    assert case.events["shelling-town-2024-02-26"].claims == ("observer-2024-03-01-1", "observer-2024-03-01-3")
    assert case.commitments["blue-threat-shelling"].debtor == ("blue",)
    assert not any(c.text in html[1] for c in claims)
