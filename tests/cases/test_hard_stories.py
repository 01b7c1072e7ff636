"""Stories whose right verdict was decided before they were played, beside the case of docs/explanation/ledger.md."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from standoff.case.model import Case
from standoff.case.read import TEMPLATE, load
from standoff.commitments.stories import Story, play, stories

HERE = Path(__file__).parent / "hard"
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "ledger.md"
NAMES = [s["name"] for s in yaml.safe_load((HERE / "stories.yaml").read_text(encoding="utf-8"))]


@cache
def made() -> Case:
    """The case of the page with the commitments and stories of this folder."""
    blocks = re.findall(r"```yaml\n# (\w+\.yaml)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    with TemporaryDirectory() as folder:
        root = Path(shutil.copytree(TEMPLATE, Path(folder) / "case"))
        shutil.rmtree(root / "tests")
        for name, text in [*blocks, *((p.name, p.read_text(encoding="utf-8")) for p in HERE.glob("*.yaml"))]:
            to = root / "tests" / name if name == "stories.yaml" else root / name
            to.parent.mkdir(exist_ok=True)
            before = to.read_text(encoding="utf-8") if to.exists() else ""
            to.write_text(f"{before}\n{text}", encoding="utf-8")
        case = load(root)
        _stories.update({story.name: story for story in stories(case)})
        return case


_stories: dict[str, Story] = {}


@pytest.mark.parametrize("name", NAMES)
def test_story(name: str) -> None:
    case = made()
    results = play(case, _stories[name])
    assert results
    assert {(r.expected.row, r.expected.day): r.got for r in results} == {
        (r.expected.row, r.expected.day): r.expected.verdict for r in results
    }
