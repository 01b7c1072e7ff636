"""Text of many words: folded at blanks, but never between a number and what it counts; lists; names of accounts."""

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


def listing(items: list[str] | tuple[str, ...], last: str = "and") -> str:
    """Join words as a person does: ``a, b and c``."""
    words = list(items)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def label(account: str, kind: str) -> str:
    """Return how an account is named beside a verdict: the record, a party by its id, a reading as one."""
    if kind == "record":
        return "the record"
    return account if kind == "statement" else f"{account} (reading)"
