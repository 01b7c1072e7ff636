"""The records of a how-to page fit the case that ``standoff new`` starts, and its stories hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from standoff.case.read import load, read, start
from standoff.commitments.stories import play, stories

ROOT = Path(__file__).parent.parent.parent
BLOCK = re.compile(r"```yaml\n# (\S+\.yaml)\n(.*?)```", re.DOTALL)
PAGES = [page for page in sorted((ROOT / "docs").rglob("*.md")) if BLOCK.search(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_records_of_a_page_pass_check_and_their_stories_hold(page: Path, tmp_path: Path) -> None:
    folder = start(tmp_path / "river")
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    for file, text in blocks:
        with (folder / file).open("a", encoding="utf-8") as stream:
            stream.write(text)
    _, problems = read(folder)
    assert [str(problem) for problem in problems] == []
    case = load(folder)
    for story in stories(case):
        for found in play(case, story):
            assert found.passed, f"{story.name}: {found.expected}: {found.got}"


def test_there_are_such_pages() -> None:
    assert [page.stem for page in PAGES] == ["ledger", "what-agreements-say"]


def test_every_rule_of_duties_has_a_story_or_says_where_it_is_played() -> None:
    text = (ROOT / "docs" / "explanation" / "ledger.md").read_text(encoding="utf-8")
    rules = set(re.findall(r"^\| (R\d+) \|", text, re.MULTILINE))
    stories_of = set(re.findall(r"name: (R\d+) ", text))
    elsewhere = {"R18", "R21", "R22"}  # tests/commitments/test_rules.py and test_logs.py
    assert rules == {f"R{n}" for n in range(1, 27)}
    assert rules - stories_of == elsewhere
