"""The model card, under the headings of OCHA's Peer Review Framework for Predictive Analytics, written once.

The same text stands in the report, in the workbench and in docs/explanation/model-card.md; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "templates" / "model-card.md"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the card with its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@cache
def card() -> tuple[Section, ...]:
    """Return the sections of the card, in order, as plain text."""
    sections = []
    for block in FILE.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, _, text = block.partition("\n")
        paragraphs = tuple(" ".join(p.replace("`", "").split()) for p in text.split("\n\n") if p.strip())
        sections.append(Section(heading.strip(), paragraphs))
    return tuple(sections)
