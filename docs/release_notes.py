"""Join the fragments of changelog.d under one heading of CHANGELOG.md, and remove them.

``python docs/release_notes.py VERSION`` does it; without a version the joined notes are printed and nothing changes.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
IMPACTED = "### Impacted results"


def fragments(folder: Path) -> list[Path]:
    """Return the fragments in the order of their names, which begin with the number of an issue."""
    return sorted(path for path in folder.glob("*.md") if path.name != "README.md")


def joined(texts: list[str]) -> str:
    """Return one text of several fragments: what changed, then all impacted results."""
    changed, figures = [], []
    for text in texts:
        entries, _, impacted = text.partition(IMPACTED)
        changed.append(entries.strip())
        figures.append(impacted.strip())
    parts = ["\n".join(filter(None, changed))]
    if any(figures):
        parts += [IMPACTED, "\n\n".join(filter(None, figures))]
    return "\n\n".join(parts) + "\n"


def release(root: Path, version: str, day: date) -> None:
    """Write the joined notes above the newest version of the changelog, and remove the fragments."""
    paths = fragments(root / "changelog.d")
    if not paths:
        sys.exit("changelog.d holds no fragment")
    log = root / "CHANGELOG.md"
    head, mark, older = log.read_text(encoding="utf-8").partition("\n## ")
    if older.startswith(f"{version} "):
        sys.exit(f"CHANGELOG.md has {version} already")
    notes = joined([path.read_text(encoding="utf-8") for path in paths])
    log.write_text(f"{head}\n## {version} ({day.isoformat()})\n\n{notes}{mark}{older}", encoding="utf-8")
    for path in paths:
        path.unlink()


def main() -> None:
    """Release a version, or print what it would say."""
    if len(sys.argv) > 1:
        release(ROOT, sys.argv[1], date.today())
    else:
        print(joined([path.read_text(encoding="utf-8") for path in fragments(ROOT / "changelog.d")]), end="")


if __name__ == "__main__":
    main()
