"""The stories in the case's own tests/ folder, played by the code of ``standoff test``."""

from __future__ import annotations

import pytest
from format_runs import idlib

from standoff.commitments.stories import Story, play, stories

IDLIB = idlib()
TOLD = stories(IDLIB)


@pytest.mark.parametrize("story", TOLD, ids=lambda story: story.name)
def test_story(story: Story) -> None:
    found = play(IDLIB, story)
    wrong = [(f.expected.row, f.account, str(f.expected.day), f.expected.verdict, f.got) for f in found if not f.passed]
    assert not wrong


def test_there_are_stories() -> None:
    assert len(TOLD) >= 35
