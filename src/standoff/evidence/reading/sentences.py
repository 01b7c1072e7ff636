"""Paragraphs, sentences and quotations of a text as spans of code points; the text itself is never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from standoff.evidence.anchors import view

SHORT = (
    "mr", "mrs", "ms", "dr", "gen", "col", "lt", "maj", "sgt", "capt", "sen", "rep", "gov", "pres", "prof", "st", "jr",
    "sr", "no", "vs", "etc", "inc", "co", "corp", "ltd", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept",
    "oct", "nov", "dec", "rev", "del", "adm", "cmdr", "supt", "atty", "hon", "u.s", "u.n", "u.k", "e.g", "i.e", "a.m",
    "p.m",
)  # fmt: skip
_STOP = re.compile(r"[.!?]+[\"')\]]*(?=\s+[\"'(\[]*[A-Z0-9])|[.!?]+[\"')\]]*\s*$")
_PARAGRAPH = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Span:
    """Code points ``start`` to ``end`` (exclusive) of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words of the span."""
        return text[self.start : self.end]


def trimmed(text: str, start: int, end: int, drop: str = " \t,;:") -> Span:
    """Return a span without blanks and loose marks at its ends."""
    while start < end and text[start] in drop:
        start += 1
    while start < end and text[end - 1] in drop:
        end -= 1
    return Span(start, end)


def plain_view(text: str) -> str:
    """Return ``anchors.view`` of a text; the two apostrophes some wires print for a mark are a mark and a blank."""
    return view(text).replace("''", '" ')


def paragraphs(text: str) -> list[Span]:
    """Return the lines that are not empty; one line is one paragraph."""
    return [span for m in _PARAGRAPH.finditer(text) if (span := trimmed(text, *m.span())).start < span.end]


def _ends(plain: str, start: int, end: int) -> Iterator[int]:
    for stop in _STOP.finditer(plain, start, end):
        word = re.split(r"[\s\"'(]", plain[start : stop.start()])[-1].lower()
        initial = len(word) == 1 and word.isalpha()
        if stop.end() < end and plain[stop.start()] == "." and (initial or word in SHORT):
            continue
        yield stop.end()


def sentences(text: str, paragraph: Span) -> list[Span]:
    """Split a paragraph into sentences; abbreviations and initials do not end one."""
    plain = plain_view(paragraph.of(text))
    found, start = [], paragraph.start
    for stop in [*_ends(plain, 0, len(plain)), len(plain)]:
        end = paragraph.start + stop
        span = trimmed(text, start, end, " \t")
        if span.start < span.end:
            found.append(span)
        start = end
    return found


def quotations(text: str) -> list[Span]:
    """Return what stands in double quotation marks, without the marks.

    A quotation left open at the end of a paragraph runs to that end; if the next paragraph starts with a mark, it is a
    quotation of its own (as news prose prints long ones).
    """
    plain = plain_view(text)
    found = []
    for paragraph in paragraphs(text):
        open_ = -1
        for at in range(paragraph.start, paragraph.end):
            if plain[at] != '"':
                continue
            if open_ < 0:
                open_ = at + 1
            else:
                found.append(trimmed(text, open_, at))
                open_ = -1
        if open_ >= 0:
            found.append(trimmed(text, open_, paragraph.end))
    return [span for span in found if span.start < span.end]
