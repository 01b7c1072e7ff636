"""Fragments become one entry of the changelog, and are gone."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "docs" / "release_notes.py"
spec = importlib.util.spec_from_file_location("release_notes", SCRIPT)
assert spec is not None and spec.loader is not None
notes = importlib.util.module_from_spec(spec)
spec.loader.exec_module(notes)

WRITTEN = """# Changelog

Intro.

## 0.5.0 (2027-02-03)

- **One.** Done.
- **Two.** Done.

### Impacted results

Rain: 3 before, 4 now.

## 0.4.1 (2026-11-29)

- Old.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "changelog.d").mkdir()
    (tmp_path / "changelog.d" / "README.md").write_text("not a fragment")
    (tmp_path / "changelog.d" / "2-two.md").write_text("- **Two.** Done.\n")
    text = "- **One.** Done.\n\n### Impacted results\n\nRain: 3 before, 4 now.\n"
    (tmp_path / "changelog.d" / "1-one.md").write_text(text)
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\nIntro.\n\n## 0.4.1 (2026-11-29)\n\n- Old.\n")
    return tmp_path


def test_fragments_become_one_entry_and_are_gone(root: Path) -> None:
    notes.release(root, "0.5.0", date(2027, 2, 3))
    assert (root / "CHANGELOG.md").read_text() == WRITTEN
    assert [path.name for path in (root / "changelog.d").iterdir()] == ["README.md"]


def test_a_version_is_released_once(root: Path) -> None:
    before = (root / "CHANGELOG.md").read_text()
    with pytest.raises(SystemExit, match=r"has 0\.4\.1 already"):
        notes.release(root, "0.4.1", date(2027, 2, 3))
    assert (root / "CHANGELOG.md").read_text() == before
    assert len(list((root / "changelog.d").iterdir())) == 3
