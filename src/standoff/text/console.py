"""Output that any code page can write: what it lacks becomes its plain equivalent; a closed pipe ends in silence."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata

HANDLER = "standoff-plain"
_ASCII = "standoff-ascii"  # ASCII by another name: click takes the name itself as a sign that nobody meant it
_PLAIN = {
    "\N{MINUS SIGN}": "-",
    "\N{HYPHEN}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{BOX DRAWINGS LIGHT HORIZONTAL}": "-",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{NO-BREAK SPACE}": " ",
    "\N{REPLACEMENT CHARACTER}": "?",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{MULTIPLICATION SIGN}": "x",
}


def plain_text(text: str) -> str:
    """Return text in ASCII: signs by their plain equivalent, letters without their accents, others as escapes."""
    return "".join(map(_plain, text))


def _plain(letter: str) -> str:
    if letter in _PLAIN:
        return _PLAIN[letter]
    base = "".join(c for c in unicodedata.normalize("NFKD", letter) if c.isascii())
    return base or letter.encode("ascii", "backslashreplace").decode("ascii")


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain_text(error.object[error.start : error.end]), error.end


def _codec(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != _ASCII:
        return None
    base = codecs.lookup("ascii")
    return codecs.CodecInfo(
        base.encode,
        base.decode,
        base.streamreader,
        base.streamwriter,
        base.incrementalencoder,
        base.incrementaldecoder,
        name=_ASCII,
    )


codecs.register_error(HANDLER, _replace)
codecs.register(_codec)


def accept_any_text() -> None:
    """Let standard output and standard error write whatever a case holds, in the code page they have."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            is_ascii = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding=_ASCII if is_ascii else None, errors=HANDLER)


def writes_unicode() -> bool:
    """Whether standard output can write every letter; where it cannot, JSON and YAML keep to escapes."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "").startswith("utf")


def close_quietly() -> bool:
    """Write what is left to standard output; whether its reader was still there. Nothing is said where it was not."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True
