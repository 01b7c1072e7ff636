"""What people read keeps the rules of docs/reference/english.md."""

from __future__ import annotations

import pytest
from prose import LONGEST, ROOT, RULES, faults, page_text, pages, program_texts, sentences


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_keeps_the_rules(path: object) -> None:
    text = page_text(path)  # type: ignore[arg-type]
    assert faults(text) == []
    assert [s for s in sentences(text) if len(s.split()) > LONGEST] == []


def test_what_the_program_says_keeps_the_rules() -> None:
    texts = list(program_texts())
    assert len(texts) > 3000
    assert [f"{where}: {fault}" for where, text in texts for fault in faults(text)] == []


def test_every_rule_is_explained_and_finds_what_it_is_about() -> None:
    page = (ROOT / "docs" / "reference" / "english.md").read_text(encoding="utf-8")
    assert f"at most {LONGEST} words" in page
    rows = {
        line.split("|")[1].strip().strip("`"): line.split("|")[2:4]
        for line in page.splitlines()
        if line.startswith("| `")
    }
    assert sorted(rows) == sorted(rule.name for rule in RULES)
    for rule in RULES:
        wrong, right = rows[rule.name]
        assert rule.hits(wrong), rule.name
        assert not rule.hits(right), rule.name
