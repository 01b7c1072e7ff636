"""Open a text for reading: a plain English text in UTF-8, or an error that says what is wrong with the file."""

from __future__ import annotations

import re
from pathlib import Path

from standoff.errors import StandoffError
from standoff.evidence.anchors import normal
from standoff.evidence.library import MAX_TEXT_BYTES

LONGEST_LINE = 200_000  # code points; one line is one paragraph
_EXPECTED = "a plain English text in UTF-8, one paragraph a line"
_WORDS = "the of and to in that was said with were by from has have is are for at on it as be not"
_COMMON = frozenset(_WORDS.split())
_FEW = 30  # words below which the language is not judged
_SHARE = 0.12  # of the words of English prose at least this many are common; about 0.3 is usual


def open_text(path: Path) -> str:
    """Return the text of a file, ``anchors.normal``.

    Raises StandoffError when the file is absent, too large, no text, not UTF-8, empty, not English, or one long line.
    """

    def refused(what: str) -> StandoffError:
        return StandoffError.of(what, file=str(path), expected=_EXPECTED)

    if path.is_dir():
        raise refused("this is a folder")
    if not path.is_file():
        raise refused("there is no such file")
    try:
        if path.stat().st_size > MAX_TEXT_BYTES:
            raise refused("the text is too large: at most 16 MB are read")
        raw = path.read_bytes()
    except OSError as error:
        raise refused(f"the file cannot be read: {error.strerror}") from None
    if b"\0" in raw[:4096]:
        raise refused(
            "this is no plain text: it holds zero bytes (a PDF, a picture, a word processor's file or UTF-16?)"
        )
    try:
        text = normal(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refused(f"line {line}: byte {error.start} is not UTF-8; save the text as UTF-8") from None
    if not text.strip():
        raise refused("the text is empty")
    if why := _not_english(text):
        raise refused(why)
    longest, number = max((len(line), -k) for k, line in enumerate(text.split("\n"), 1))
    if longest > LONGEST_LINE:
        raise refused(f"line {-number} has {longest:,} letters: put each paragraph on a line of its own")
    return text


def _not_english(text: str) -> str:
    """Why a text is not read as English, or an empty string: by its letters, then by its most common words."""
    letters = [c for c in text[:20_000] if c.isalpha()]
    other = sum(c > "\u024f" for c in letters)
    if letters and other > 0.5 * len(letters):
        return f"only English is read: {other / len(letters):.0%} of the letters are of another script"
    words = re.findall(r"[^\W\d_]+", text[:20_000].lower())
    share = sum(word in _COMMON for word in words) / max(1, len(words))
    if len(words) >= _FEW and share < _SHARE:
        return "only English is read: hardly any of its common words are in the text"
    return ""
