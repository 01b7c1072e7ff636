"""A text as it is read: lines that only a margin broke are one paragraph, and Markdown's marks are blank.

Every offset stays what it is in the text itself, so that an anchor still names the physical line.
"""

from __future__ import annotations

import re
from itertools import pairwise

_NARROW, _WIDE = 30, 120  # letters a line of a text with a margin may have
_OUTSIDE = 0.05  # share of lines that may be longer than any margin
_BROKEN = 0.7  # share of line ends inside blocks and sentences at which the next word did not fit
_STOPPED = re.compile(r"[.!?:;][\"'”’)\]]*$")
_SLACK = 2  # letters by which programs differ in where they break
_LEAST = 3  # such line ends
_EMPHASIS = re.compile(r"(?<![\w*_])[*_]{1,3}(?=[^\s*_])|(?<=[^\s*_])[*_]{1,3}(?![\w*_])")
_LINK = re.compile(r"!?\[(?P<words>[^\[\]\n]*)\](?P<target>\((?:https?:|mailto:|/|#)[^()\s]*\))")
_ITEM = re.compile(r"^[ \t]*(?:>[ \t]*)+|^[ \t]*[-*+•][ \t]+", re.MULTILINE)


# Where and through whom a report came: ``RIVERTOWN (Wire) - ``, ``Rivertown, May 4. /WIRE/. ``
_DATELINE = re.compile(
    r"^[A-Z][\w.,'’ -]{1,50}(?:\([^()\n]{2,60}\)\s*[-–—:]+\s*|/[A-Z]{2,}[\w ]*/\.?\s+)|"
    r"^[A-Z][A-Z.'’-]+(?: [A-Z.'’-]+){0,2}(?:,(?: [\w., ]{1,40}?)?)?(?:(?:\s*\([^()\n]{2,60}\))?(?:\s*[-–—]+|"
    r", [A-Z]{3,}\.)|\s*\([^()\n]*[/\d][^()\n]*\))\s+(?=[A-Z\"“])",
    re.MULTILINE,
)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _linked(found: re.Match[str]) -> str:
    """The words of a link, with blanks for its brackets and target."""
    words, target = found["words"], found["target"]
    return f"{words:>{len(found[0]) - len(target) - 1}} {' ' * len(target)}"


def _plain_marks(text: str) -> str:
    """Blank the marks of emphasis, links, quoted blocks and lists."""
    return _EMPHASIS.sub(_blank, _ITEM.sub(_blank, _LINK.sub(_linked, text)))


def _breaks(text: str) -> list[tuple[int, str, str]]:
    """The line ends inside blocks: the offset of each, with the line before and the one after it."""
    lines = text.split("\n")
    found, at = [], 0
    for line, following in pairwise(lines):
        at += len(line)
        if line.strip() and following.strip():
            found.append((at, line.rstrip(), following.strip()))
        at += 1
    return found


def unwrapped(text: str) -> str:
    """Return a text of the same length in which line ends that only a margin made are blanks.

    A line end is one where the next word would not have fitted into the longest line. A text has a margin when most
    line ends inside its sentences are such and hardly a line is longer than 120 letters; other texts are returned as
    they are.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or sum(len(line) > _WIDE for line in lines) > _OUTSIDE * len(lines):
        return text
    inside = [found for found in _breaks(text) if len(found[1]) <= _WIDE]
    width = max((len(line) for _, line, _ in inside), default=0)
    full = [(at, line) for at, line, next_ in inside if len(line) + len(next_.split()[0]) >= width - _SLACK]
    open_ends = [line for _, line, _ in inside if not _STOPPED.search(line)]
    broken = sum(not _STOPPED.search(line) for _, line in full)
    if width < _NARROW or broken < _LEAST or broken < _BROKEN * len(open_ends):
        return text
    letters = list(text)
    for at, _ in full:
        letters[at] = " "
    return "".join(letters)


def as_read(text: str) -> str:
    """Return a text of the same length, unwrapped and without datelines and Markdown's marks."""
    return _DATELINE.sub(_blank, _plain_marks(unwrapped(text)))
