"""What is shipped of others is in NOTICE, and the lock holds every library that is declared, with hashes."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "standoff"
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")
LOCK = ROOT / "requirements" / "dev.txt"
OURS = {".py", ".yaml", ".csv", ".j2", ".js", ".css", ".md", ".typ", ".svg", ".typed", ""}


def shipped() -> list[str]:
    """Return the files of the wheel: those of the package that are kept."""
    listed = subprocess.run(
        ["git", "ls-files", "src/standoff"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    if listed == [""]:
        pytest.skip("this is not a clone")
    return [name.removeprefix("src/standoff/") for name in listed if name]


def named_in_notice() -> list[str]:
    """Return the files and folders of the package that NOTICE names."""
    return [name.rstrip("/.") for name in re.findall(r"(?:src/standoff/|(?=cases/))([\w./-]+)", NOTICE)]


def test_every_file_of_others_in_the_wheel_is_in_notice() -> None:
    named = named_in_notice()
    own_data = {"runs/scored.json", "people/series/learned.json"}
    others = [name for name in shipped() if Path(name).suffix not in OURS and name not in own_data]
    assert [name for name in others if not any(name == one or name.startswith(f"{one}/") for one in named)] == []
    assert {Path(name).suffix for name in others} >= {".ttf", ".json", ".geojson"}


def test_what_notice_names_is_in_the_wheel() -> None:
    files = shipped()
    assert [one for one in named_in_notice() if not any(f == one or f.startswith(f"{one}/") for f in files)] == []


def test_every_licence_beside_a_file_is_in_the_licence_expression() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for words, licence in (("CC BY 4.0", "CC-BY-4.0"), ("CC BY 3.0 IGO", "CC-BY-3.0-IGO"), ("ISC", "ISC"),
                           ("CC BY-SA 4.0", "CC-BY-SA-4.0"), ("Open Font License 1.1", "OFL-1.1"),
                           ("Unicode License v3", "Unicode-3.0")):  # fmt: skip
        assert words in " ".join(NOTICE.split())
        assert licence in project["license"].split(" AND ")


def test_the_lock_has_every_library_with_hashes_and_no_host() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.findall(
        r"^([A-Za-z0-9_.-]+)==\S+.*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.MULTILINE
    )
    assert len(entries) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE)) > 50
    locked = {name.lower().replace("_", "-").replace(".", "-") for name, _ in entries}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = [
        *project["dependencies"],
        *(one for name in ("dev", "analysis", "documents", "print", "tables") for one in extras[name]),
    ]
    names = {re.split(r"[<>=\[ ]", one)[0].lower().replace("_", "-").replace(".", "-") for one in declared} - {
        "standoff"
    }
    assert names - locked == set()
