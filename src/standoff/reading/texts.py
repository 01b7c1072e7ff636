"""Open a text for reading: a plain English text in UTF-8, or an error that says what is wrong with the file."""

from __future__ import annotations

import re
from pathlib import Path

from standoff.errors import StandoffError
from standoff.evidence.anchors import normal
from standoff.evidence.library import MAX_TEXT_BYTES
from standoff.files.opener import read_bytes

LONGEST_LINE = 200_000  # code points; one line is one paragraph
_EXPECTED = "a plain English text in UTF-8, one paragraph a line"
_WORDS = "the of and to in that was said with were by from has have is are for at on it as be not"
_COMMON = frozenset(_WORDS.split())
# Form feeds stay: programs that take the text out of a PDF put one between pages.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_STARTS = (
    (b"%PDF-", "a PDF"), (b"PK\x03\x04", "a word processor's file or an archive"), (b"{\\rtf", "rich text (RTF)"),
    (b"\xd0\xcf\x11\xe0", "a word processor's file"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"),
    (b"<!DOCTYPE", "a web page"), (b"<!doctype", "a web page"), (b"<html", "a web page"), (b"<?xml", "XML"),
)  # fmt: skip
# A mail as it was sent: header lines, one of which says how its words are encoded; they are decoded first.
_MAIL = re.compile(
    rb"(?i)(?=(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:content-transfer-encoding|mime-version):)[\w-]+: "
)
_JSON = re.compile(rb"[{\[]\s*(?:[{\[]\s*)?\"[^\"\n]{1,80}\"\s*[:,]")
_TAGS = re.compile(rb"</(?:p|div|span|li|a|td|body|html)>", re.IGNORECASE)
_MANY_TAGS = 5
_FEW = 30  # words below which the language is not judged
_SHARE = 0.12  # of the words of English prose at least this many are common; about 0.3 is usual


def open_text(path: Path, *, any_language: bool = False) -> str:
    """Return the text of a file, ``anchors.normal``; in ``any_language`` where a model reads it too.

    Raises StandoffError when the file is absent, too large, of another kind (PDF, web page, ...), not UTF-8, empty, not
    English, or one long line.
    """

    def refused(what: str) -> StandoffError:
        return StandoffError.of(what, file=str(path), expected=_EXPECTED)

    raw = read_bytes(path, str(path), MAX_TEXT_BYTES)
    if _MAIL.match(raw):
        from standoff.reading.documents import open_document

        raw = open_document(raw, path.with_suffix(".eml").name).text.encode()
    if kind := _other_kind(raw):
        raise refused(f"this is {kind}, not plain text: save its words as a text")
    if b"\0" in raw[:4096]:
        raise refused("this is not a plain text: it holds zero bytes (a picture, a word processor's file or UTF-16?)")
    try:
        text = normal(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refused(f"line {line}: byte {error.start} is not UTF-8; save the text as UTF-8") from None
    if not text.strip():
        raise refused("the text is empty")
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise refused(f"line {line} holds the control character U+{ord(control[0]):04X}: this is not a plain text")
    if not any_language and (why := _not_english(text)):
        raise refused(why)
    longest, number = max((len(line), -k) for k, line in enumerate(text.split("\n"), 1))
    if longest > LONGEST_LINE:
        raise refused(f"line {-number} has {longest:,} letters: put each paragraph on a line of its own")
    return text


def _other_kind(raw: bytes) -> str:
    """What a file is that is known by its first bytes, or an empty string."""
    head = raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if foreign := next((kind for start, kind in _STARTS if head.startswith(start)), ""):
        return foreign
    if head[:1] in b"{[" and _JSON.match(head):
        return "JSON"
    return "a web page or other markup" if len(_TAGS.findall(raw[:200_000])) >= _MANY_TAGS else ""


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
