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


def test_there_is_such_a_page() -> None:
    assert [page.stem for page in PAGES] == ["what-agreements-say"]
