"""Text of many words on a terminal: folded at blanks, but never between a number and what it counts."""

from __future__ import annotations

import re
import textwrap

WIDTH = 80
_HELD = re.compile(r"(?<=\d) (?=%|of \d|days?\b|people\b|km\b)|(?<=\bn) (?==)|(?<=\bn =) (?=\d)")
_GLUE = "\u00a0"  # a blank that textwrap does not break at


def fold(text: str, width: int = WIDTH, *, indent: str = "", hang: str = "") -> list[str]:
    """Return the lines of a paragraph: ``indent`` before the first, ``hang`` before the others; [""] of no text."""
    held = _HELD.sub(_GLUE, text)
    rows = textwrap.wrap(held, width, initial_indent=indent, subsequent_indent=hang, break_on_hyphens=False)
    return [row.replace(_GLUE, " ") for row in rows] or [""]
