"""A made-up case with one document to review. Red, Blue, the town and all that is said of them are invented."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from standoff.case.read import load, start
from standoff.reading.accession import accession, add_documents
from standoff.reading.documents import open_document

DOCUMENT = "observer-2024-03-01"
LINES = (
    "At least 12 soldiers of Blue were killed in shelling of the town on 26 February, a spokesman of Blue said.",
    "Red denied that its guns had shelled the market on 26 February.",
    "The mayor said that 1,500 people had fled since Monday.",
    "The governor said that 40 houses were burnt and 9 people were wounded in the fire.",
)


def write_case(folder: Path, lines: tuple[str, ...] = LINES) -> Path:
    """Start the example in a folder and take one document in."""
    start(folder)
    case = load(folder)
    copy = open_document(("\n".join(lines) + "\n").encode(), "words.txt")
    said = {"published": "2024-03-01", "publisher": "observer", "title": "The town"}
    add_documents(case, [accession(case, copy, captured=datetime(2024, 3, 2, tzinfo=UTC), overrides=said)])
    return folder


def edit_text(folder: Path, old: str, new: str) -> None:
    """Change the text of the document as somebody who mends it does."""
    path = folder / "library" / f"{DOCUMENT}.txt"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
