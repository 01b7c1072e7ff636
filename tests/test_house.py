"""The house rules that a machine can hold: layers, module sizes, generated pages, nothing of others' texts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "standoff"
CEILING = 1000  # files follow their subject; beyond this there is a seam
RUN = 8


def test_imports_only_run_downward() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_stay_readable() -> None:
    sizes = {p.relative_to(ROOT).as_posix(): len(p.read_text().splitlines()) for p in PACKAGE.rglob("*.py")}
    assert {name: n for name, n in sizes.items() if n > CEILING} == {}
    assert not [name for name in sizes if name.endswith(("utils.py", "helpers.py"))]


def test_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert broken == []


def test_no_run_of_words_from_an_article() -> None:
    articles = sorted((ROOT.parent / "shared" / "articles").glob("*.txt"))
    if not articles:
        pytest.skip("the articles are not at ../shared/articles; only their owner can run this check")

    def runs(text: str) -> set[tuple[str, ...]]:
        words = [w for w in (re.sub(r"[\W_]", "", token) for token in text.lower().split()) if w]
        return {tuple(words[i : i + RUN + 1]) for i in range(len(words) - RUN)}

    theirs: set[tuple[str, ...]] = set()
    for article in articles:
        theirs |= runs(article.read_text(encoding="utf-8"))
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    copied = []
    for name in listed:
        path = ROOT / name
        if path.name == "documents.yaml":
            continue  # bibliographic records hold the titles
        if path.suffix in {".py", ".yaml", ".csv", ".md", ".html", ".json", ".geojson", ".txt"} and path.is_file():
            shared = runs(path.read_text(encoding="utf-8", errors="ignore")) & theirs
            copied += [f"{name}: {' '.join(words)}" for words in sorted(shared)[:3]]
    assert copied == []
